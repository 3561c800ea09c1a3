/* warp.h - 32 lanes that go together: on a device, in the emulator, and alone on the host.
 *
 * Lane 0 runs the program. The others wait in warp_serve until it has a job for all of them, or ends. A warp of one lane
 * is what the host has where nothing is emulated: warp_sync does nothing then, and a job is a plain call. */
#ifndef BATTC_WARP_H
#define BATTC_WARP_H

#include "../target.h"

enum { WARP_LANES = 32 };

struct WarpJob;

/* What the lanes of a warp share. */
typedef struct Warp {
  uint32_t lanes;            /* 32, or 1 */
  uint32_t job;              /* WarpJobKind that waits for the other lanes */
  void *argument;
  uint64_t said[WARP_LANES]; /* one word of each lane: warp_total */
  void (*sync)(struct Warp *warp); /* the emulator's; not called on a device */
} Warp;

/* All lanes have come here, and see what the others wrote before. */
FN_INLINE void warp_sync(Warp *warp) {
#ifdef __CUDA_ARCH__
  (void)warp;
  __syncwarp();
#else
  if (warp->lanes > 1) warp->sync(warp);
#endif
}

/* The least value that a lane calls it with, in all lanes. All of them must call. */
FN_INLINE uint64_t warp_least(Warp *warp, uint32_t lane, uint64_t value) {
  warp->said[lane] = value;
  warp_sync(warp);
  uint64_t least = value;
  for (uint32_t i = 0; i < warp->lanes; i++)
    if (warp->said[i] < least) least = warp->said[i];
  warp_sync(warp);
  return least;
}

/* Adds n to a counter that many warps use; what it was. */
FN_INLINE uint64_t counter_add(uint64_t *counter, uint64_t n) {
#ifdef __CUDA_ARCH__
  return (uint64_t)atomicAdd((unsigned long long *)counter, (unsigned long long)n);
#else
  return __atomic_fetch_add(counter, n, __ATOMIC_RELAXED);
#endif
}

#endif
