/* scalar.c - kernels on single numbers and pairs: what closures over objects mostly run. */
#include "unmade.h"

/* An int, or a pair of ints: n numbers (1 or 2). Small enough for a product of two. */
typedef struct {
  uint32_t n;
  int64_t at[2];
} Numerical;

static FN bool numerical(const Vm *vm, Value v, Numerical *x) {
  x->n = 2;
  if (is_tuple(v)) return small_ints(vm, v, 2, x->at);
  x->n = 1;
  x->at[0] = x->at[1] = is_int(v) ? int_of(v) : 0;
  return is_int(v) && x->at[0] < 1000000 && x->at[0] > -1000000;
}

FN_INLINE int64_t combine(Opcode op, int64_t a, int64_t b) { return op == OP_ADD ? a + b : op == OP_SUB ? a - b : a * b; }

FN_INLINE bool is_half(Value v) { return is_int(v) && (uint64_t)(int_of(v) + ((int64_t)1 << 29)) < (uint64_t)1 << 30; }

/* A tuple that begins with a tuple, as grids do. */
FN_INLINE bool is_rows(const Vm *vm, Value v) { return is_unmade(vm, v) || (is_tuple(v) && tuple_head(vm, v)->len && is_tuple(tuple_head(vm, v)->items[0])); }

/* An int; the empty tuple stands for one in some versions, and raises in the others. */
FN_INLINE bool is_number(const Vm *vm, Value v) { return is_int(v) || is_empty_tuple(vm, v); }

/* Does every version of these functions raise? Of None; of a grid, except where tuples are added, or repeated by an int. */
static NOINLINE FN bool raises(const Vm *vm, Opcode op, Value a, Value b) {
  if (a == V_NONE || b == V_NONE) return true;
  bool rows = is_rows(vm, a), others = is_rows(vm, b);
  if (op == OP_MUL) return rows && others;
  return (rows && is_number(vm, b)) || (others && is_number(vm, a)) || (op == OP_SUB && rows && others);
}

FN_INLINE KernelStatus broadcast(Vm *vm, Opcode op, const Value *args, Value *result) {
  Numerical a, b;
  if (LIKELY(is_half(args[0]) && is_half(args[1]))) return done_if(v_int(combine(op, int_of(args[0]), int_of(args[1]))), result);
  if (raises(vm, op, args[0], args[1])) return fail(vm, ERR_TypeError);
  if (!numerical(vm, args[0], &a) || !numerical(vm, args[1], &b)) return KERNEL_PASS;
  int64_t first = combine(op, a.at[0], b.at[0]);
  if (a.n == 1 && b.n == 1) return done_if(v_int(first), result);
  return done_if(pair_of(vm, first, combine(op, a.at[1], b.at[1])), result);
}

FN KernelStatus kernel_add(Vm *vm, const Value *args, Value *result) { return broadcast(vm, OP_ADD, args, result); }
FN KernelStatus kernel_subtract(Vm *vm, const Value *args, Value *result) { return broadcast(vm, OP_SUB, args, result); }
FN KernelStatus kernel_multiply(Vm *vm, const Value *args, Value *result) { return broadcast(vm, OP_MUL, args, result); }

/* The same where () stands for 0. */
static NOINLINE FN KernelStatus broadcast_empty(Vm *vm, Opcode op, const Value *args, Value *result) {
  Value given[] = {args[0], args[1]};
  bool empty = false;
  for (uint32_t k = 0; k < 2; k++)
    if (is_empty_tuple(vm, given[k])) given[k] = v_int(0), empty = true;
  return empty ? broadcast(vm, op, given, result) : KERNEL_PASS;
}

FN KernelStatus kernel_add__empty(Vm *vm, const Value *args, Value *result) {
  KernelStatus status = broadcast(vm, OP_ADD, args, result);
  return status == KERNEL_PASS ? broadcast_empty(vm, OP_ADD, args, result) : status;
}
FN KernelStatus kernel_subtract__empty(Vm *vm, const Value *args, Value *result) {
  KernelStatus status = broadcast(vm, OP_SUB, args, result);
  return status == KERNEL_PASS ? broadcast_empty(vm, OP_SUB, args, result) : status;
}

FN KernelStatus kernel_size(Vm *vm, const Value *args, Value *result) {
  int64_t len;
  if (!is_tuple(args[0]) && !is_kind(args[0], KIND_FROZENSET)) return KERNEL_PASS;
  return done_if(value_len(vm, args[0], &len) ? v_int(len) : 0, result);
}

FN KernelStatus kernel_astuple(Vm *vm, const Value *args, Value *result) {
  Value shared = shared_pair(vm, args[0], args[1]);
  return done_if(shared ? shared : tuple_of(vm, args, 2), result);
}

FN KernelStatus kernel_height_t(Vm *vm, const Value *args, Value *result) {
  return is_tuple(args[0]) ? done_if(v_int(tuple_head(vm, args[0])->len), result) : KERNEL_PASS;
}

/* Of the first row; 0 without one. */
FN KernelStatus kernel_width_t(Vm *vm, const Value *args, Value *result) {
  if (!is_tuple(args[0])) return KERNEL_PASS;
  const Tuple *grid = tuple_head(vm, args[0]);
  if (is_unmade(vm, args[0])) return done_if(v_int(unmade_width(grid)), result);
  if (!grid->len) return done_if(v_int(0), result);
  return is_tuple(grid->items[0]) ? done_if(v_int(tuple_head(vm, grid->items[0])->len), result) : KERNEL_PASS;
}
