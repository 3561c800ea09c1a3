/* warp.h - the lanes of a warp: one that runs the program, and those that wait for work (lanes.h). */
#ifndef BATTC_WARP_H
#define BATTC_WARP_H

#include "../lanes.h"

/* Lanes 1 to 31: what lane 0 posts, until it calls warp_end. */
FN void warp_serve(Warp *warp, uint32_t lane);
FN_INLINE void warp_end(Warp *warp) {
  warp->work = WORK_END;
  warp_sync(warp);
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
