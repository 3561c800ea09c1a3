/* warp.h - 32 lanes that go together: on a device, in the emulator, and alone on the host.
 *
 * Lane 0 runs the program. The others wait in warp_serve until it has a job for all of them, or ends. A warp of one lane
 * is what the host has where nothing is emulated: warp_sync does nothing then, and a job is a plain call. */
#ifndef BATTC_WARP_H
#define BATTC_WARP_H

#include "../target.h"

enum { WARP_LANES = 32 };

typedef enum { JOB_END, JOB_COPY } WarpJob;

/* What the lanes of a warp share. */
typedef struct Warp {
  uint32_t lanes; /* 32, or 1 */
  uint32_t job;   /* WarpJob for all of them */
  uint64_t *to;   /* JOB_COPY: n words */
  const uint64_t *from;
  uint64_t n;
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

/* A lane's part of the job: every 32nd word, so that memory is touched in rows. */
FN_INLINE void warp_work(const Warp *warp, uint32_t lane) {
  for (uint64_t i = lane; i < warp->n; i += warp->lanes) warp->to[i] = warp->from[i];
}

/* Lanes 1 to 31, until lane 0 calls warp_end. */
FN_INLINE void warp_serve(Warp *warp, uint32_t lane) {
  for (;;) {
    warp_sync(warp);
    if (warp->job == JOB_END) return;
    warp_work(warp, lane);
    warp_sync(warp);
  }
}

FN_INLINE void warp_end(Warp *warp) {
  warp->job = JOB_END;
  warp_sync(warp);
}

/* Lane 0: words copied by all lanes. */
FN_INLINE void warp_copy(Warp *warp, uint64_t *to, const uint64_t *from, uint64_t n) {
  warp->job = JOB_COPY;
  warp->to = to;
  warp->from = from;
  warp->n = n;
  warp_sync(warp);
  warp_work(warp, 0);
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
