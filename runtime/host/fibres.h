/* fibres.h - the lanes of warps on this processor: for the emulated device and for tests.
 *
 * Every lane of every warp is a fibre. One runs at a time, until it comes to a point where the lanes of its warp meet; which
 * one is next is drawn from all that can go on. So lanes and warps come to every meeting in an order of their own, which the seed
 * decides, and what relies on another order goes wrong. What lane 0 posts must not lie on its stack, which is its own on a
 * device: that ends the process with a message. */
#ifndef BATTC_FIBRES_H
#define BATTC_FIBRES_H

#include "../cuda/warp.h"

typedef struct Fibres Fibres;

/* What a lane does. */
typedef void (*LaneMain)(void *arg, uint32_t warp, uint32_t lane);
/* What the lanes of a warp share; it is made ready. */
typedef Warp *(*WarpAt)(void *arg, uint32_t warp);

/* For up to so many warps; one thread at a time. */
Fibres *fibres_new(uint32_t warps, uint64_t seed);
/* All lanes of so many warps, to their ends. False: no memory. */
bool fibres_run(Fibres *f, uint32_t warps, WarpAt warp_at, LaneMain lane_main, void *arg);
void fibres_free(Fibres *f);

#endif
