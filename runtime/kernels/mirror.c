/* mirror.c - kernels that mirror patches, sets of locations or cells. Grids are mirrored in turn.c. */
#include "objects.h"

/* Where (i, j) goes: (i0 + ii * i + ij * j, j0 + ji * i + jj * j). */
typedef struct {
  int64_t i0, ii, ij, j0, ji, jj;
} Mirror;

static FN KernelStatus mirrored(Vm *vm, Value patch, const Mirror *m, Value *result) {
  uint32_t pos = 0;
  Value item;
  Adding set;
  adding_start(vm, &set);
  while (set_next(vm, patch, &pos, &item)) {
    const Tuple *t = as_tuple(vm, item);
    int64_t i = int_of(t->items[0]), j = int_of(t->items[1]);
    int64_t to_i = m->i0 + m->ii * i + m->ij * j, to_j = m->j0 + m->ji * i + m->jj * j;
    if (!adding_tuple(&set, t->len == 2 ? pair_of(vm, to_i, to_j) : cell_of(vm, to_i, to_j, int_of(t->items[2])))) return KERNEL_FAIL;
  }
  return done_if(adding_end(&set), result);
}

/* n: the length of items, 0: 2 or 3. Of what is no patch, and of an empty one, the source knows. */
#define MIRROR(name, n, ...)                                                                       \
  FN KernelStatus kernel_##name(Vm *vm, const Value *args, Value *result) {                        \
    Box b;                                                                                         \
    if (!is_kind(args[0], KIND_FROZENSET) || !patch_box(vm, args[0], n, &b)) return KERNEL_PASS;   \
    Mirror m = {__VA_ARGS__};                                                                      \
    return mirrored(vm, args[0], &m, result);                                                      \
  }

MIRROR(hmirror_f, 0, b.top + b.bottom, -1, 0, 0, 0, 1)
MIRROR(hmirror_i, 2, b.top + b.bottom, -1, 0, 0, 0, 1)
MIRROR(hmirror_o, 3, b.top + b.bottom, -1, 0, 0, 0, 1)
MIRROR(vmirror_f, 0, 0, 1, 0, b.left + b.right, 0, -1)
MIRROR(vmirror_i, 2, 0, 1, 0, b.left + b.right, 0, -1)
MIRROR(vmirror_o, 3, 0, 1, 0, b.left + b.right, 0, -1)
MIRROR(dmirror_f, 0, b.top - b.left, 0, 1, b.left - b.top, 1, 0)
MIRROR(dmirror_i, 2, b.top - b.left, 0, 1, b.left - b.top, 1, 0)
MIRROR(dmirror_o, 3, b.top - b.left, 0, 1, b.left - b.top, 1, 0)
