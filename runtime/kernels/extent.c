/* extent.c - kernels about the bounding box of a set of locations or cells. */
#include "objects.h"

typedef struct {
  int64_t top, bottom, left, right;
} Extent;

static FN void extent_of_rows(const uint32_t *rows, Extent *e) {
  uint32_t all = 0, i = 0;
  while (!rows[i]) i++;
  e->top = (int64_t)i + PAIR_MIN;
  for (; i < PAIR_SIDE; i++) {
    all |= rows[i];
    if (rows[i]) e->bottom = (int64_t)i + PAIR_MIN;
  }
  e->left = (int64_t)lowest_bit(all) + PAIR_MIN;
  e->right = (int64_t)highest_bit(all) + PAIR_MIN;
}

static FN void extent_of_runs(const Vm *vm, const Deferred *d, Extent *e) {
  const Run *r = part_run(vm, d, d->first_run);
  e->top = r->row;
  for (; r; r = part_run(vm, d, r->next)) {
    e->bottom = r->row;
    if (r->from < e->left) e->left = r->from;
    if (r->to - 1 > e->right) e->right = r->to - 1;
  }
}

/* Of a frozenset of cells with n items each (n 0: 2 or 3), not empty; else false. */
static FN bool extent_of(Vm *vm, Value patch, uint32_t n, Extent *e) {
  uint32_t found, pos = 0;
  Value item;
  if (!is_kind(patch, KIND_FROZENSET) || !is_cells(vm, patch, &found) || !found || (n && n != found)) return false;
  const Deferred *d = deferred_of(vm, patch);
  if (d) {
    extent_of_rows(d->rows, e);
    return true;
  }
  e->top = e->left = INT64_MAX;
  e->bottom = e->right = INT64_MIN;
  const Deferred *large = large_part(vm, patch);
  if (large) {
    extent_of_runs(vm, large, e);
    return true;
  }
  while (set_next(vm, patch, &pos, &item)) {
    int64_t i = int_of(as_tuple(vm, item)->items[0]), j = int_of(as_tuple(vm, item)->items[1]);
    if (i < e->top) e->top = i;
    if (i > e->bottom) e->bottom = i;
    if (j < e->left) e->left = j;
    if (j > e->right) e->right = j;
  }
  return true;
}

#define CORNER(name, n, i, j)                                                                      \
  FN KernelStatus kernel_##name(Vm *vm, const Value *args, Value *result) {                        \
    Extent e;                                                                                      \
    return extent_of(vm, args[0], n, &e) ? done_if(pair_of(vm, i, j), result) : KERNEL_PASS;       \
  }
#define SIDE(name, n, side)                                                                        \
  FN KernelStatus kernel_##name(Vm *vm, const Value *args, Value *result) {                        \
    Extent e;                                                                                      \
    return extent_of(vm, args[0], n, &e) ? done_if(v_int(side), result) : KERNEL_PASS;             \
  }

CORNER(ulcorner, 0, e.top, e.left)
CORNER(ulcorner_i, 2, e.top, e.left)
CORNER(ulcorner_o, 3, e.top, e.left)
CORNER(lrcorner, 0, e.bottom, e.right)
CORNER(lrcorner_i, 2, e.bottom, e.right)
CORNER(lrcorner_o, 3, e.bottom, e.right)
SIDE(uppermost, 0, e.top)
SIDE(uppermost_i, 2, e.top)
SIDE(uppermost_o, 3, e.top)
SIDE(lowermost, 0, e.bottom)
SIDE(lowermost_i, 2, e.bottom)
SIDE(lowermost_o, 3, e.bottom)
SIDE(leftmost, 0, e.left)
SIDE(leftmost_i, 2, e.left)
SIDE(leftmost_o, 3, e.left)
SIDE(rightmost, 0, e.right)
SIDE(rightmost_i, 2, e.right)
SIDE(rightmost_o, 3, e.right)
