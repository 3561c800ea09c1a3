
/* ---- the kernel ----
 *
 * A warp runs the ops for one sample after another; cuda/batch.h tells how. */
#include "cuda/batch.h"
#include "cuda/fused.h"

/* Host code has no addresses of the device's functions, so their numbers go there. Compiled as C++ for the emulator it has. */
#ifdef __CUDACC__
#define COMPILED(number, name) (void *)(size_t)(number)
#else
#define COMPILED(number, name) (void *)(name)
#endif

#define DEVICE_KERNEL(name)                                                                        \
  extern "C" __global__ void name(const Shared *shared, Batch *batch, uint8_t *slabs, uint32_t warps) { \
    uint32_t number = (blockIdx.x * blockDim.x + threadIdx.x) / WARP_LANES, lane = threadIdx.x % WARP_LANES; \
    if (number >= warps) return;                                                                   \
    uint8_t *slab = slabs + number * shared->layout.size;                                          \
    batch_warp(slab, shared, batch, number, lane);                                                 \
  }
