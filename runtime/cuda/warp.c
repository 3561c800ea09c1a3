/* warp.c - see warp.h. */
#include "warp.h"

/* A lane's part of what is posted. Never inlined, so that all lanes come to the same instructions. */
static FN NOINLINE void do_work(Warp *warp, uint32_t lane) {
  Lanes l = {warp, lane, WARP_LANES};
  switch (warp->work) {
#define DO_WORK(name)                                                                              \
  case WORK_##name:                                                                                \
    work_##name(&l, warp->given);                                                                  \
    break;
    ALL_LANE_WORK(DO_WORK)
  }
}

FN NOINLINE void warp_post(Warp *warp, WorkNumber work, uint64_t *given, uint32_t n) {
  for (uint32_t i = 0; i < n; i++) warp->given[i] = given[i];
  warp->work = work;
  warp_sync(warp);
  do_work(warp, 0);
  warp_sync(warp);
  for (uint32_t i = 0; i < n; i++) given[i] = warp->given[i];
}

FN void warp_serve(Warp *warp, uint32_t lane) {
  for (;;) {
    warp_sync(warp);
    if (warp->work == WORK_END) return;
    do_work(warp, lane);
    warp_sync(warp);
  }
}
