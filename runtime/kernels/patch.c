/* patch.c - kernels over sets of locations or cells, and painting them. */
#include "grid.h"

static FN Value without_colour(Vm *vm, Value cell) {
  const Value *p = as_tuple(vm, cell)->items;
  Value shared = shared_pair(vm, p[0], p[1]);
  return shared ? shared : tuple_of(vm, p, 2);
}

FN KernelStatus kernel_toindices(Vm *vm, const Value *args, Value *result) {
  uint32_t n, pos = 0;
  Value item;
  if (!is_kind(args[0], KIND_FROZENSET) || !is_cells(vm, args[0], &n)) return KERNEL_PASS;
  if (n == 2) return done_if(args[0], result);
  Value set = new_set(vm, KIND_FROZENSET);
  while (set && set_next(vm, args[0], &pos, &item))
    if (!add_tuple(vm, set, without_colour(vm, item))) return KERNEL_FAIL;
  return done_if(set, result);
}

FN KernelStatus kernel_shift(Vm *vm, const Value *args, Value *result) {
  uint32_t n, pos = 0;
  int64_t d[2] = {0, 0};
  Value item;
  if (!is_kind(args[0], KIND_FROZENSET) || !is_cells(vm, args[0], &n)) return KERNEL_PASS;
  if (n && !small_ints(vm, args[1], 2, d)) return KERNEL_PASS;
  Value set = new_set(vm, KIND_FROZENSET);
  while (set && set_next(vm, args[0], &pos, &item)) {
    const Value *p = as_tuple(vm, item)->items;
    int64_t i = int_of(p[0]) + d[0], j = int_of(p[1]) + d[1];
    if (!add_tuple(vm, set, n == 2 ? pair_of(vm, i, j) : cell_of(vm, i, j, int_of(p[2])))) return KERNEL_FAIL;
  }
  return done_if(set, result);
}

/* A copy of the grid whose rows may be written to. */
static FN Value copy_grid(Vm *vm, const GridView *g) {
  Value grid = new_tuple(vm, g->h);
  for (uint32_t i = 0; i < g->h && grid; i++) {
    Value row = tuple_of(vm, grid_row(vm, g, i), g->w);
    if (!row) return 0;
    as_tuple(vm, grid)->items[i] = row;
  }
  return grid;
}

static FN void put_cell(const Vm *vm, const GridView *g, Value grid, const Value *at, Value colour) {
  uint64_t i = (uint64_t)int_of(at[0]), j = (uint64_t)int_of(at[1]);
  if (i < g->h && j < g->w) as_tuple(vm, as_tuple(vm, grid)->items[i])->items[j] = colour;
}

static FN KernelStatus put_patch(Vm *vm, const GridView *g, Value patch, Value colour, Value *result) {
  uint32_t pos = 0;
  Value item, grid = copy_grid(vm, g);
  while (grid && set_next(vm, patch, &pos, &item)) {
    const Value *at = as_tuple(vm, item)->items;
    put_cell(vm, g, grid, at, colour ? colour : at[2]);
  }
  return done_if(grid, result);
}

FN KernelStatus kernel_fill(Vm *vm, const Value *args, Value *result) {
  GridView g;
  uint32_t n;
  if (!grid_view(vm, args[0], &g) || !is_kind(args[2], KIND_FROZENSET) || !is_cells(vm, args[2], &n)) return KERNEL_PASS;
  return put_patch(vm, &g, args[2], args[1], result);
}

FN KernelStatus kernel_paint(Vm *vm, const Value *args, Value *result) {
  GridView g;
  uint32_t n;
  if (!grid_view(vm, args[0], &g) || !is_kind(args[1], KIND_FROZENSET) || !is_cells(vm, args[1], &n) || n == 2)
    return KERNEL_PASS;
  return put_patch(vm, &g, args[1], 0, result);
}

/* The patch in one colour, where the grid shows its commonest. */
FN KernelStatus kernel_underfill(Vm *vm, const Value *args, Value *result) {
  GridView g;
  uint32_t n, pos = 0;
  Value item, background = 0;
  if (!grid_view(vm, args[0], &g) || !is_kind(args[2], KIND_FROZENSET) || !is_cells(vm, args[2], &n)) return KERNEL_PASS;
  if (!is_int(args[1])) return KERNEL_PASS;
  KernelStatus status = kernel_mostcolor_t(vm, args, &background);
  if (status != KERNEL_DONE) return status;
  Value grid = copy_grid(vm, &g);
  while (grid && set_next(vm, args[2], &pos, &item)) {
    const Value *at = as_tuple(vm, item)->items;
    uint64_t i = (uint64_t)int_of(at[0]), j = (uint64_t)int_of(at[1]);
    if (i < g.h && j < g.w && grid_row(vm, &g, (uint32_t)i)[j] == background) put_cell(vm, &g, grid, at, args[1]);
  }
  return done_if(grid, result);
}
