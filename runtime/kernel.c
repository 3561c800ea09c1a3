/* kernel.c - kernels by number. */
#include "kernel.h"

FN uint32_t kernel_nargs(uint32_t kernel) {
  switch (kernel) {
#define X(name, nargs)                                                                             \
  case KERNEL_##name: return nargs;
    KERNEL_LIST(X)
#undef X
  default: return 0;
  }
}

FN KernelStatus kernel_call(Vm *vm, uint32_t kernel, const Value *args, Value *result) {
  switch (kernel) {
#define X(name, nargs)                                                                             \
  case KERNEL_##name: return kernel_##name(vm, args, result);
    KERNEL_LIST(X)
#undef X
  default: return KERNEL_PASS;
  }
}
