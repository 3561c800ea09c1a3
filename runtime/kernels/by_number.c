/* by_number.c - kernels of functions that choose another one by a number. Their keys say that objects(), those that give corners, and those
 * that give sides are guarded; where another does not simply give its value the source runs, which knows whose guard takes what is raised. */
#include "grid.h"

#define KERNEL(name) FN KernelStatus kernel_##name(Vm *vm, const Value *args, Value *result)

static FN KernelStatus done_or_pass(KernelStatus status) { return status == KERNEL_DONE ? KERNEL_DONE : KERNEL_PASS; }

/* What a guard makes of the outcome. */
static FN KernelStatus guarded(Vm *vm, KernelStatus status, Value otherwise, Value *result) {
  if (status != KERNEL_FAIL || is_limit_error(vm->error)) return status;
  clear_error(vm);
  return done_if(otherwise, result);
}

enum { OBJECT_TYPES = 8, UNIVALUED = 4, DIAGONAL = 2, WITHOUT_BACKGROUND = 1 };

KERNEL(o_g) {
  if (!is_int(args[1]) || (uint64_t)int_of(args[1]) >= OBJECT_TYPES) return KERNEL_PASS;
  uint64_t type = (uint64_t)int_of(args[1]);
  Value given[] = {args[0], v_bool((type & UNIVALUED) != 0), v_bool((type & DIAGONAL) != 0), v_bool((type & WITHOUT_BACKGROUND) != 0)};
  return guarded(vm, kernel_objects__lenient(vm, given, result), vm->image->empty_frozenset, result);
}

KERNEL(mir_rot_t) {
  switch (is_int(args[1]) ? int_of(args[1]) : -1) {
  case 0: return done_or_pass(kernel_hmirror_t(vm, args, result));
  case 1: return done_or_pass(kernel_dmirror_t(vm, args, result));
  case 2: return done_or_pass(kernel_vmirror_t(vm, args, result));
  case 3: return done_or_pass(kernel_cmirror_t(vm, args, result));
  case 4: return done_or_pass(kernel_rot90(vm, args, result));
  case 5: return done_or_pass(kernel_rot180(vm, args, result));
  case 6: return done_or_pass(kernel_rot270(vm, args, result));
  default: return KERNEL_PASS;
  }
}

KERNEL(corner) {
  Value none = vm->image->empty_tuple;
  switch (is_int(args[1]) ? int_of(args[1]) : -1) {
  case 0: return guarded(vm, kernel_ulcorner__odd(vm, args, result), none, result);
  case 1: return guarded(vm, kernel_urcorner__odd(vm, args, result), none, result);
  case 2: return guarded(vm, kernel_llcorner__odd(vm, args, result), none, result);
  case 3: return guarded(vm, kernel_lrcorner__odd(vm, args, result), none, result);
  default: return KERNEL_PASS;
  }
}

KERNEL(col_row) {
  switch (is_int(args[1]) ? int_of(args[1]) : -1) {
  case 0: return guarded(vm, kernel_lowermost__odd(vm, args, result), v_int(0), result);
  case 1: return guarded(vm, kernel_uppermost__odd(vm, args, result), v_int(0), result);
  case 2: return guarded(vm, kernel_leftmost__odd(vm, args, result), v_int(0), result);
  case 3: return guarded(vm, kernel_rightmost__odd(vm, args, result), v_int(0), result);
  default: return KERNEL_PASS;
  }
}
