/* repeat.c - kernels about patterns that repeat: periods, occurrences, blocks of cells. */
#include "../deferred.h"
#include "rows.h"

enum { SIDE_MAX = 64 };

/* Whether the cell moved up or left by so much is in the object: 1, 0, -1. */
static FN int repeats_before(Vm *vm, Value object, const Value *at, int64_t up, int64_t left) {
  Value cell = cell_of(vm, int_of(at[0]) - up, int_of(at[1]) - left, int_of(at[2]));
  return cell ? set_contains(vm, object, cell) : -1;
}

/* Whether the object, moved by so much and cut where it began, lies on itself: 1, 0, -1. */
static FN int is_period(Vm *vm, Value object, const Box *b, int64_t up, int64_t left) {
  uint32_t pos = 0;
  Value item;
  while (set_next(vm, object, &pos, &item)) {
    const Value *at = as_tuple(vm, item)->items;
    if (int_of(at[0]) - up < b->top || int_of(at[1]) - left < b->left) continue;
    int in = repeats_before(vm, object, at, up, left);
    if (in < 1) return in;
  }
  return 1;
}

static FN KernelStatus period(Vm *vm, Value object, bool down, Value *result) {
  Box b;
  if (!patch_box(vm, object, 3, &b)) return KERNEL_PASS;
  int64_t size = down ? b.bottom - b.top + 1 : b.right - b.left + 1;
  if (size > SIDE_MAX) return KERNEL_PASS;
  for (int64_t p = 1; p < size; p++) {
    int is = is_period(vm, object, &b, down ? p : 0, down ? 0 : p);
    if (is < 0) return KERNEL_FAIL;
    if (is) return done_if(v_int(p), result);
  }
  return done_if(v_int(size), result);
}

FN KernelStatus kernel_hperiod(Vm *vm, const Value *args, Value *result) { return period(vm, args[0], false, result); }
FN KernelStatus kernel_vperiod(Vm *vm, const Value *args, Value *result) { return period(vm, args[0], true, result); }

/* ---- occurrences ---- */

static FN bool shows_at(const Vm *vm, const GridView *g, Value object, const Box *b, int64_t i, int64_t j) {
  uint32_t pos = 0;
  Value item;
  while (set_next(vm, object, &pos, &item)) {
    const Value *at = as_tuple(vm, item)->items;
    if (grid_row(vm, g, (uint32_t)(int_of(at[0]) - b->top + i))[int_of(at[1]) - b->left + j] != at[2]) return false;
  }
  return true;
}

FN KernelStatus kernel_occurrences(Vm *vm, const Value *args, Value *result) {
  GridView g;
  Box b;
  if (!grid_view(vm, args[0], &g) || !patch_box(vm, args[1], 3, &b)) return KERNEL_PASS;
  int64_t rows = (int64_t)g.h - (b.bottom - b.top), columns = (int64_t)g.w - (b.right - b.left);
  Value found = new_set(vm, KIND_SET);
  for (int64_t i = 0; i < rows && found; i++)
    for (int64_t j = 0; j < columns; j++)
      if (shows_at(vm, &g, args[1], &b, i, j) && !add_tuple(vm, found, pair_of(vm, i, j))) return KERNEL_FAIL;
  return done_if(found ? set_from(vm, KIND_FROZENSET, found) : 0, result);
}

/* ---- cells grown to blocks ---- */

static FN bool add_block(Vm *vm, Value set, const Value *at, int64_t n) {
  for (int64_t i = 0; i < n; i++)
    for (int64_t j = 0; j < n; j++)
      if (!add_tuple(vm, set, cell_of(vm, int_of(at[0]) * n + i, int_of(at[1]) * n + j, int_of(at[2])))) return false;
  return true;
}

/* Moved to the origin, grown in a set that is frozen, and moved back. */
FN KernelStatus kernel_upscale_f(Vm *vm, const Value *args, Value *result) {
  Box b;
  uint32_t pos = 0;
  Value item, normal;
  if (!is_int(args[1]) || int_of(args[1]) > SIDE_MAX || !patch_box(vm, args[0], 3, &b)) return KERNEL_PASS;
  if (b.bottom - b.top > SIDE_MAX || b.right - b.left > SIDE_MAX) return KERNEL_PASS;
  KernelStatus status = kernel_normalize(vm, args, &normal);
  if (status != KERNEL_DONE) return status;
  Value set = new_set(vm, KIND_SET);
  while (set && set_next(vm, normal, &pos, &item))
    if (!add_block(vm, set, as_tuple(vm, item)->items, int_of(args[1]))) return KERNEL_FAIL;
  Value given[] = {set ? set_from(vm, KIND_FROZENSET, set) : 0, set ? pair_of(vm, b.top, b.left) : 0};
  return given[0] && given[1] ? kernel_shift(vm, given, result) : KERNEL_FAIL;
}
