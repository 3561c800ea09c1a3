/* target.h - the few differences between host and device, in one place. */
#ifndef BATTC_TARGET_H
#define BATTC_TARGET_H

#ifdef __CUDACC__
#define FN __host__ __device__
#define FN_INLINE static inline __host__ __device__
#define FN_ALWAYS static __attribute__((noinline)) FN
#else
#define FN
#define FN_INLINE static inline
#define FN_ALWAYS static inline __attribute__((always_inline)) /* where every call pays for a prologue */
#endif

/* `Item items[OPEN_END];` ends a structure: more items follow it in memory. HEAD_SIZE: of the structure without them. */
#ifdef __CUDACC_RTC__
#define OPEN_END 1
#define HEAD_SIZE(type, items) (sizeof(type) - sizeof(((type *)0)->items))
#else
#define OPEN_END
#define HEAD_SIZE(type, items) sizeof(type)
#endif

/* A constant table that functions of both kinds read. */
#ifdef __CUDA_ARCH__
#define TABLE static __device__ const
#else
#define TABLE static const
#endif

#ifdef __CUDACC_RTC__
/* NVRTC has no headers and is strict about C++. Names of functions tell these types, so they are those of nvcc. */
typedef unsigned char uint8_t;
typedef short int16_t;
typedef unsigned short uint16_t;
typedef int int32_t;
typedef unsigned int uint32_t;
typedef long int64_t;
typedef unsigned long uint64_t;
typedef unsigned long uintptr_t;
#define INT64_MAX 0x7fffffffffffffffL
#define INT64_MIN (-INT64_MAX - 1)
#define UINT32_MAX 0xffffffffu
#elif defined(__cplusplus)
#include <cstddef>
#include <cstdint>
#include <ctime>
#else
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>
#endif

/* Vectors of 16 bytes by intrinsics. */
#if defined(__SSE2__) && defined(__x86_64__) && !defined(__CUDACC__)
#define BATTC_SSE2
#include <emmintrin.h>
#endif

/* Ends the unrolling of recursive functions by inlining, in which device compilers lose themselves. */
#define NOINLINE __attribute__((noinline))
#ifdef __CUDACC__
#define DEVICE_NOINLINE NOINLINE /* where the host gains by inlining */
#else
#define DEVICE_NOINLINE
#endif

/* A loop over words of memory that counts bits, or that the compiler makes vectors of: once for every processor and, on x86-64,
 * once for those with AVX2, chosen as the program starts. Calls are not inlined. Needs a C library that can choose (glibc). What it
 * brings: docs/benchmarks.md. */
#if defined(__x86_64__) && defined(__GLIBC__) && !defined(__CUDACC__)
#define WIDE_CLONES __attribute__((target_clones("default", "avx2")))
#else
#define WIDE_CLONES NOINLINE
#endif
#if defined(__GNUC__) && !defined(__clang__) && !defined(__CUDACC__)
#define WIDE WIDE_CLONES __attribute__((optimize("O3")))
#else
#define WIDE WIDE_CLONES
#endif
#define LIKELY(x) __builtin_expect(!!(x), 1)
#define UNLIKELY(x) __builtin_expect(!!(x), 0)

/* The number of the lowest bit set; x is not 0. */
FN_INLINE uint32_t lowest_bit(uint64_t x) {
#ifdef __CUDA_ARCH__
  return (uint32_t)__ffsll((long long)x) - 1;
#else
  return (uint32_t)__builtin_ctzll(x);
#endif
}

FN_INLINE uint32_t count_bits(uint32_t x) {
#ifdef __CUDA_ARCH__
  return (uint32_t)__popc(x);
#else
  x -= x >> 1 & 0x55555555u; /* without an instruction for it the compiler would call a function */
  x = (x & 0x33333333u) + (x >> 2 & 0x33333333u);
  return ((x + (x >> 4)) & 0x0f0f0f0fu) * 0x01010101u >> 24;
#endif
}

FN_INLINE uint32_t count_bits64(uint64_t x) { return count_bits((uint32_t)x) + count_bits((uint32_t)(x >> 32)); }

/* The number of the highest bit set; x is not 0. */
FN_INLINE uint32_t highest_bit(uint32_t x) {
#ifdef __CUDA_ARCH__
  return 31 - (uint32_t)__clz((int)x);
#else
  return 31 - (uint32_t)__builtin_clz(x);
#endif
}

/* One step of a hash of words that nobody sees. */
FN_INLINE uint64_t hash_mix(uint64_t h, uint64_t word) {
  h = (h ^ word) * 0x9E3779B97F4A7C15u;
  return h ^ (h >> 29);
}

/* A clock that is read fast, in units of its own; for measuring what is worth while, never for results. */
FN_INLINE uint64_t tick_count(void) {
#ifdef __CUDA_ARCH__
  return (uint64_t)clock64();
#elif defined(__x86_64__) || defined(__i386__)
  return __builtin_ia32_rdtsc();
#elif defined(__aarch64__)
  uint64_t ticks;
  __asm__ volatile("mrs %0, cntvct_el0" : "=r"(ticks));
  return ticks;
#else
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
#endif
}

/* strlen, which devices lack. */
FN_INLINE size_t text_len(const char *s) {
  size_t n = 0;
  while (s[n]) n++;
  return n;
}

/* memcmp of a few bytes, which devices lack. */
FN_INLINE bool equal_bytes(const char *a, const char *b, size_t n) {
#ifdef __CUDA_ARCH__
  size_t i = 0;
  while (i < n && a[i] == b[i]) i++;
  return i == n;
#else
  return !__builtin_memcmp(a, b, n);
#endif
}

/* memmove of 64-bit words, which devices lack. */
FN_INLINE void move_words(uint64_t *to, const uint64_t *from, size_t n) {
#ifdef __CUDA_ARCH__
  if (to <= from)
    for (size_t i = 0; i < n; i++) to[i] = from[i];
  else
    for (size_t i = n; i-- > 0;) to[i] = from[i];
#else
  __builtin_memmove(to, from, n * sizeof *to);
#endif
}

#endif
