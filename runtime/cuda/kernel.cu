/* kernel.cu - the bytecode tier on a device: every warp runs the programs of batch.h as they are. */
#include "batch.h"
#include "fused.h"

__device__ int fused_function(Vm *, uint32_t, Value *, uint32_t) { return 0; }
__device__ void fused_ops(Execution *, Binding) {}

extern "C" __global__ void battc_batch(const Shared *shared, Batch *batch, uint8_t *slabs, uint32_t warps) {
  uint32_t number = (blockIdx.x * blockDim.x + threadIdx.x) / WARP_LANES, lane = threadIdx.x % WARP_LANES;
  if (number >= warps) return;
  uint8_t *slab = slabs + number * shared->layout.size;
  batch_warp(slab, shared, batch, number, lane);
}
