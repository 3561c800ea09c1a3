/* cellwise.c - kernels that go over all cells of a grid. */
#include "grid.h"

FN KernelStatus kernel_asindices(Vm *vm, const Value *args, Value *result) {
  GridView g;
  if (!grid_view(vm, args[0], &g)) return KERNEL_PASS;
  Value set = new_set(vm, KIND_FROZENSET);
  for (uint32_t i = 0; i < g.h && set; i++)
    for (uint32_t j = 0; j < g.w; j++)
      if (!add_tuple(vm, set, pair_of(vm, i, j))) return KERNEL_FAIL;
  return done_if(set, result);
}

FN KernelStatus kernel_f_ofcolor(Vm *vm, const Value *args, Value *result) {
  GridView g;
  if (!grid_view(vm, args[0], &g) || !is_int(args[1])) return KERNEL_PASS;
  Value set = new_set(vm, KIND_FROZENSET);
  for (uint32_t i = 0; i < g.h && set; i++) {
    const Value *row = grid_row(vm, &g, i);
    for (uint32_t j = 0; j < g.w; j++)
      if (row[j] == args[1] && !add_tuple(vm, set, pair_of(vm, i, j))) return KERNEL_FAIL;
  }
  return done_if(set, result);
}

/* The value of index(b, (i, j)) where it is known: a colour, or V_NONE for minus infinity. */
typedef struct {
  GridView grid;
  bool is_grid;
  Value always; /* where b is no grid: the guard's default */
} Other;

static FN bool other_grid(const Vm *vm, Value b, Other *o) {
  o->is_grid = grid_view(vm, b, &o->grid);
  o->always = v_int(0);
  return o->is_grid || b == V_NONE || is_intlike(b) || is_empty_tuple(vm, b);
}

static FN Value other_at(const Vm *vm, const Other *o, uint32_t i, uint32_t j) {
  if (!o->is_grid) return o->always;
  return i < o->grid.h && j < o->grid.w ? grid_row(vm, &o->grid, i)[j] : V_NONE;
}

/* Needs index() guarded with default 0: its key says so. */
FN KernelStatus kernel_cellwise(Vm *vm, const Value *args, Value *result) {
  GridView a;
  Other b;
  if (!grid_view(vm, args[0], &a) || !other_grid(vm, args[1], &b)) return KERNEL_PASS;
  Value grid = new_tuple(vm, a.h);
  if (!grid) return KERNEL_FAIL;
  for (uint32_t i = 0; i < a.h; i++) {
    Value row = new_tuple(vm, a.w);
    if (!row) return KERNEL_FAIL;
    const Value *from = grid_row(vm, &a, i);
    Value *to = as_tuple(vm, row)->items;
    for (uint32_t j = 0; j < a.w; j++) to[j] = from[j] == other_at(vm, &b, i, j) ? from[j] : args[2];
    as_tuple(vm, grid)->items[i] = row;
  }
  return done_if(grid, result);
}

/* max(set(values), key=values.count): the first of the most frequent in the order of a set that was
 * filled cell by cell. Colours 0..9 hash to themselves: a table of 8 grows to 32 at the fifth. */
FN KernelStatus kernel_mostcolor_t(Vm *vm, const Value *args, Value *result) {
  GridView g;
  if (!grid_view(vm, args[0], &g)) return KERNEL_PASS;
  uint32_t counts[10] = {0}, most = 0;
  Value set = new_set(vm, KIND_SET), item;
  for (uint32_t i = 0; i < g.h && set; i++) {
    const Value *row = grid_row(vm, &g, i);
    for (uint32_t j = 0; j < g.w; j++)
      if (!counts[int_of(row[j])]++ && !set_add(vm, set, row[j])) return KERNEL_FAIL;
  }
  if (!set) return KERNEL_FAIL;
  Value best = 0;
  for (uint32_t pos = 0; set_next(vm, set, &pos, &item);)
    if (counts[int_of(item)] > most) most = counts[int_of(item)], best = item;
  return done_if(best, result);
}
