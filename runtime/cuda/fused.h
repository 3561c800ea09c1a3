/* fused.h - what a program brings to the device beside its bytecode: its ops and functions, compiled.
 *
 * An emitted .cu file defines these; kernel.cu, which runs any program, has none. A function that is compiled has
 * Function.native set on the device, a program Program.native_ops: not to an address, but to say so. */
#ifndef BATTC_FUSED_H
#define BATTC_FUSED_H

#include "../program.h"

#ifdef __CUDACC__
extern __device__ int fused_function(Vm *vm, uint32_t fid, Value *r, uint32_t pc);
extern __device__ void fused_ops(Execution *x, Binding binding);
#endif

/* The frame of a compiled function runs on, from pc. */
FN_INLINE int run_native(Vm *vm, const Function *fn, Value *r, uint32_t pc) {
#ifdef __CUDA_ARCH__
  return fused_function(vm, fn->fid, r, pc);
#else
  return fn->native(vm, r, pc);
#endif
}

FN_INLINE void run_native_ops(Execution *x, Binding binding) {
#ifdef __CUDA_ARCH__
  fused_ops(x, binding);
#else
  x->program->native_ops(x, binding);
#endif
}

#endif
