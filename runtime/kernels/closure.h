/* closure.h - kernels that call functions which are values: see closure.c. */
#ifndef BATTC_KERNELS_CLOSURE_H
#define BATTC_KERNELS_CLOSURE_H

#include "../kernel.h"

/* A call of a closure (func) whose function has such a kernel, or of one that makes closures; with func 0 of a function over
 * items. */
FN KernelStatus closure_call(Vm *vm, uint32_t kernel, Value func, const Value *args, Value *result);

#endif
