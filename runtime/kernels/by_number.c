/* by_number.c - kernels of functions that choose another one by a number. Where that one does not simply give its value the source
 * runs, which knows whose guard takes what is raised. */
#include "grid.h"

#define KERNEL(name) FN KernelStatus kernel_##name(Vm *vm, const Value *args, Value *result)

static FN KernelStatus done_or_pass(KernelStatus status) { return status == KERNEL_DONE ? KERNEL_DONE : KERNEL_PASS; }

enum { OBJECT_TYPES = 8, UNIVALUED = 4, DIAGONAL = 2, WITHOUT_BACKGROUND = 1 };

KERNEL(o_g) {
  if (!is_int(args[1]) || (uint64_t)int_of(args[1]) >= OBJECT_TYPES) return KERNEL_PASS;
  uint64_t type = (uint64_t)int_of(args[1]);
  Value given[] = {args[0], v_bool((type & UNIVALUED) != 0), v_bool((type & DIAGONAL) != 0), v_bool((type & WITHOUT_BACKGROUND) != 0)};
  return done_or_pass(kernel_objects(vm, given, result));
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
  switch (is_int(args[1]) ? int_of(args[1]) : -1) {
  case 0: return done_or_pass(kernel_ulcorner(vm, args, result));
  case 1: return done_or_pass(kernel_urcorner(vm, args, result));
  case 2: return done_or_pass(kernel_llcorner(vm, args, result));
  case 3: return done_or_pass(kernel_lrcorner(vm, args, result));
  default: return KERNEL_PASS;
  }
}

KERNEL(col_row) {
  switch (is_int(args[1]) ? int_of(args[1]) : -1) {
  case 0: return done_or_pass(kernel_lowermost(vm, args, result));
  case 1: return done_or_pass(kernel_uppermost(vm, args, result));
  case 2: return done_or_pass(kernel_leftmost(vm, args, result));
  case 3: return done_or_pass(kernel_rightmost(vm, args, result));
  default: return KERNEL_PASS;
  }
}
