/* target.h - the few differences between host and device, in one place. */
#ifndef BATTC_TARGET_H
#define BATTC_TARGET_H

#ifdef __CUDACC__
#define FN __host__ __device__
#define FN_INLINE static inline __host__ __device__
#else
#define FN
#define FN_INLINE static inline
#endif

#ifdef __cplusplus
#include <cstddef>
#include <cstdint>
#else
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#endif

#define LIKELY(x) __builtin_expect(!!(x), 1)
#define UNLIKELY(x) __builtin_expect(!!(x), 0)

#endif
