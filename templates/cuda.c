
/* ---- the kernel ----
 *
 * A warp runs the ops for one sample after another; cuda/batch.h tells how. */
#include "cuda/batch.h"
#include "cuda/fused.h"

#define DEVICE_KERNEL(name)                                                                        \
  extern "C" __global__ void name(const Shared *shared, Batch *batch, uint8_t *slabs, uint32_t warps) { \
    uint32_t number = (blockIdx.x * blockDim.x + threadIdx.x) / WARP_LANES, lane = threadIdx.x % WARP_LANES; \
    if (number >= warps) return;                                                                   \
    uint8_t *slab = slabs + number * shared->layout.size;                                          \
    if (!lane) ((Warp *)slab)->lanes = WARP_LANES;                                                 \
    __syncwarp();                                                                                  \
    batch_warp(slab, shared, batch, number, lane);                                                 \
  }
