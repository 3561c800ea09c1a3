/* patch.c - kernels over sets of locations or cells, and painting them. */
#include "objects.h"

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
  const Deferred *d = deferred_of(vm, args[0]);
  if (d) return done_if(deferred_mapped(vm, args[0], d, V_NONE), result);
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
  const Deferred *from = deferred_of(vm, args[0]);
  Value moved = from ? deferred_moved(vm, args[0], from, d[0], d[1]) : 0;
  if (moved) return done_if(moved, result);
  Value set = new_set(vm, KIND_FROZENSET);
  while (set && set_next(vm, args[0], &pos, &item)) {
    const Value *p = as_tuple(vm, item)->items;
    int64_t i = int_of(p[0]) + d[0], j = int_of(p[1]) + d[1];
    if (!add_tuple(vm, set, n == 2 ? pair_of(vm, i, j) : cell_of(vm, i, j, int_of(p[2])))) return KERNEL_FAIL;
  }
  return done_if(set, result);
}

/* ---- painting ---- */

/* A grid that is painted on: rows are those of the grid below until they change. Where values are not shared
 * they are copied at once, for each row is a new object. */
typedef struct {
  Vm *vm;
  const GridView *below;
  Value grid;
  Value *rows;
} Canvas;

static FN Value *own_row(Canvas *c, uint32_t i) {
  if (c->rows[i] == c->below->rows[i]) {
    Value row = tuple_of(c->vm, grid_row(c->vm, c->below, i), c->below->w);
    if (!row) return NULL;
    c->rows[i] = row;
  }
  return as_tuple(c->vm, c->rows[i])->items;
}

static FN bool start_canvas(Vm *vm, const GridView *g, Canvas *c) {
  c->vm = vm;
  c->below = g;
  c->grid = tuple_of(vm, g->rows, g->h);
  if (!c->grid) return false;
  c->rows = as_tuple(vm, c->grid)->items;
  for (uint32_t i = 0; i < g->h && !vm->memo; i++)
    if (!own_row(c, i)) return false;
  return true;
}

static FN bool put_cell(Canvas *c, uint64_t i, uint64_t j, Value colour) {
  if (i >= c->below->h || j >= c->below->w || as_tuple(c->vm, c->rows[i])->items[j] == colour) return true;
  Value *row = own_row(c, (uint32_t)i);
  if (row) row[j] = colour;
  return row != NULL;
}

/* All keys of a deferred set; colour 0: in their own. */
static FN bool put_deferred(Canvas *c, const Deferred *d, Value colour) {
  for (uint32_t i = 0; i < c->below->h && i + 1 < PAIR_SIDE; i++)
    for (uint32_t bits = d->rows[i + 1] >> 1; bits; bits &= bits - 1) {
      uint32_t j = lowest_bit(bits);
      if (!put_cell(c, i, j, colour ? colour : deferred_colour(c->vm, d, i, j))) return false;
    }
  return true;
}

static FN bool put_large_part(Canvas *c, const Deferred *d, Value colour) {
  for (const Run *r = part_run(c->vm, d, d->first_run); r; r = part_run(c->vm, d, r->next))
    for (uint32_t j = r->from; j < r->to; j++)
      if (!put_cell(c, r->row, j, colour ? colour : deferred_colour(c->vm, d, r->row, j))) return false;
  return true;
}

static FN bool put_keys(Canvas *c, Value patch, Value colour) {
  uint32_t pos = 0;
  for (Value item; set_next(c->vm, patch, &pos, &item);) {
    const Value *at = as_tuple(c->vm, item)->items;
    if (!put_cell(c, (uint64_t)int_of(at[0]), (uint64_t)int_of(at[1]), colour ? colour : at[2])) return false;
  }
  return true;
}

static FN KernelStatus put_patch(Vm *vm, const GridView *g, Value patch, Value colour, Value *result) {
  Canvas c;
  if (!start_canvas(vm, g, &c)) return KERNEL_FAIL;
  const Deferred *d = deferred_of(vm, patch), *large = large_part(vm, patch);
  bool ok = d ? put_deferred(&c, d, colour) : large ? put_large_part(&c, large, colour) : put_keys(&c, patch, colour);
  return done_if(ok ? c.grid : 0, result);
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
  Canvas c;
  if (!start_canvas(vm, &g, &c)) return KERNEL_FAIL;
  while (set_next(vm, args[2], &pos, &item)) {
    const Value *at = as_tuple(vm, item)->items;
    uint64_t i = (uint64_t)int_of(at[0]), j = (uint64_t)int_of(at[1]);
    bool under = i < g.h && j < g.w && grid_row(vm, &g, (uint32_t)i)[j] == background;
    if (under && !put_cell(&c, i, j, args[1])) return KERNEL_FAIL;
  }
  return done_if(c.grid, result);
}
