/* cut.c - kernels that cut grids, and put other colours into all of them. */
#include "nested.h"
#include "rows.h"
#include "unmade.h"

enum { SIDE_MAX = 1000 };

/* row[from:to] of a tuple. */
static FN Value part_of(Vm *vm, Value row, uint64_t from, uint64_t to) {
  const Tuple *t = as_tuple(vm, row);
  if (to > t->len) to = t->len;
  if (from >= to) return vm->image->empty_tuple;
  return from == 0 && to == t->len ? row : tuple_of(vm, t->items + from, (uint32_t)(to - from));
}


/* The sides of a grid as its first row tells; false: it has no row that is a tuple. */
static FN bool first_sides(const Vm *vm, Value grid, GridView *g) {
  if (large_view(vm, grid, g)) return true;
  if (!is_tuple(grid) || !tuple_head(vm, grid)->len) return false;
  const Tuple *t = as_tuple(vm, grid);
  if (!is_tuple(t->items[0])) return false;
  g->h = t->len;
  g->w = tuple_head(vm, t->items[0])->len;
  return true;
}

FN Value block_of(Vm *vm, Value grid, int64_t i, int64_t j, int64_t h, int64_t w, bool *inside) {
  GridView g;
  Value made = 0;
  *inside = false;
  if (!first_sides(vm, grid, &g)) return 0;
  if (i < 0 || j < 0 || h < 0 || w < 0 || i >= g.h || j >= g.w || i + h > g.h || j + w > g.w) return 0;
  KernelStatus status = plane_block(vm, grid, (uint32_t)i, (uint32_t)j, (uint32_t)h, (uint32_t)w, &made);
  *inside = status != KERNEL_PASS;
  if (*inside) return made;
  const Tuple *t = as_tuple(vm, grid);
  for (int64_t k = i; k < i + h; k++)
    if (!is_tuple(t->items[k])) return 0;
  *inside = true;
  made = new_rows(vm, (uint32_t)h);
  for (int64_t k = 0; k < h && made; k++) {
    Value row = part_of(vm, t->items[i + k], (uint64_t)j, (uint64_t)(j + w));
    if (!row) return 0;
    as_tuple(vm, made)->items[k] = row;
  }
  return made;
}

/* A pair of ints of 32 bits, so that sums of a few are exact. */
static FN bool is_place(const Vm *vm, Value v, int64_t *at) {
  if (!is_tuple(v) || tuple_head(vm, v)->len != 2) return false;
  for (uint32_t k = 0; k < 2; k++) {
    Value part = as_tuple(vm, v)->items[k];
    at[k] = int_of(part);
    if (!is_int(part) || at[k] != (int32_t)at[k]) return false;
  }
  return true;
}

FN KernelStatus kernel_crop(Vm *vm, const Value *args, Value *result) {
  int64_t at[2], size[2];
  bool inside;
  if (!is_place(vm, args[1], at) || !is_place(vm, args[2], size)) return KERNEL_PASS;
  Value block = block_of(vm, args[0], at[0], at[1], size[0], size[1], &inside);
  return inside ? done_if(block, result) : KERNEL_PASS;
}

/* What lies outside gives (). A function may be guarded or not, so what raises is left to the source. */
FN KernelStatus kernel_crop__odd(Vm *vm, const Value *args, Value *result) {
  GridView g;
  int64_t at[2], size[2];
  KernelStatus status = kernel_crop(vm, args, result);
  if (status != KERNEL_PASS) return status;
  if (!first_sides(vm, args[0], &g) || !is_place(vm, args[1], at) || !is_place(vm, args[2], size)) return KERNEL_PASS;
  bool outside = at[0] < 0 || at[1] < 0 || at[0] >= g.h || at[1] >= g.w || at[0] + size[0] > g.h || at[1] + size[1] > g.w;
  return outside ? done_if(vm->image->empty_tuple, result) : KERNEL_PASS;
}

FN KernelStatus kernel_subgrid(Vm *vm, const Value *args, Value *result) {
  Box b;
  bool inside;
  if (!patch_box(vm, args[0], 0, &b)) return KERNEL_PASS;
  Value block = block_of(vm, args[1], b.top, b.left, b.bottom - b.top + 1, b.right - b.left + 1, &inside);
  return inside ? done_if(block, result) : KERNEL_PASS;
}

/* ---- lines of one colour left out ---- */

static FN bool is_one_colour(const Vm *vm, const GridView *g, uint32_t line, bool column) {
  Value colour = column ? grid_row(vm, g, 0)[line] : grid_row(vm, g, line)[0];
  for (uint32_t k = 1; k < (column ? g->h : g->w); k++)
    if ((column ? grid_row(vm, g, k)[line] : grid_row(vm, g, line)[k]) != colour) return false;
  return true;
}

/* The lines that are not of one colour; how many. */
static FN uint32_t mixed_lines(const Vm *vm, const GridView *g, bool column, uint32_t *lines) {
  uint32_t n = 0;
  for (uint32_t k = 0; k < (column ? g->w : g->h); k++)
    if (!is_one_colour(vm, g, k, column)) lines[n++] = k;
  return n;
}

FN KernelStatus kernel_compress(Vm *vm, const Value *args, Value *result) {
  GridView g;
  uint32_t rows[SIDE_MAX], columns[SIDE_MAX];
  if (!grid_view(vm, args[0], &g) || g.h > SIDE_MAX || g.w > SIDE_MAX) return KERNEL_PASS;
  uint32_t h = mixed_lines(vm, &g, false, rows), w = mixed_lines(vm, &g, true, columns);
  Value made = new_rows(vm, h);
  for (uint32_t i = 0; i < h && made; i++) {
    Value row = new_tuple(vm, w);
    if (!row) return KERNEL_FAIL;
    for (uint32_t j = 0; j < w; j++) as_tuple(vm, row)->items[j] = grid_row(vm, &g, rows[i])[columns[j]];
    as_tuple(vm, made)->items[i] = row;
  }
  return done_if(made, result);
}

/* The set of cells of a line: frozenset({(i, j, grid[i][j]) for …}), or nested ones. 0: no memory. */
static FN Value line_cells(Vm *vm, const GridView *g, uint32_t line, bool column, bool nested) {
  Value set = new_set(vm, KIND_SET);
  for (uint32_t k = 0; k < (column ? g->h : g->w) && set; k++) {
    uint32_t i = column ? k : line, j = column ? line : k;
    Value colour = grid_row(vm, g, i)[j];
    if (!add_tuple(vm, set, nested ? nested_cell(vm, colour, i, j) : cell_of(vm, i, j, int_of(colour)))) return 0;
  }
  return set ? set_from(vm, KIND_FROZENSET, set) : 0;
}

/* frozenset({cells of a line for those of one colour}) */
static FN Value plain_lines(Vm *vm, const GridView *g, bool column, bool nested) {
  Value lines = new_set(vm, KIND_SET);
  for (uint32_t k = 0; k < (column ? g->w : g->h) && lines; k++) {
    if (!is_one_colour(vm, g, k, column)) continue;
    Value cells = line_cells(vm, g, k, column, nested);
    if (!cells || !set_add(vm, lines, cells)) return 0;
  }
  return lines ? set_from(vm, KIND_FROZENSET, lines) : 0;
}

static FN DEVICE_NOINLINE KernelStatus frontiers(Vm *vm, Value grid, bool nested, Value *result) {
  GridView g;
  if (!grid_view(vm, grid, &g)) return KERNEL_PASS;
  Value rows = plain_lines(vm, &g, false, nested), columns = rows ? plain_lines(vm, &g, true, nested) : 0;
  return done_if(columns ? set_binary(vm, OP_BITOR, rows, columns) : 0, result);
}

FN KernelStatus kernel_frontiers(Vm *vm, const Value *args, Value *result) { return frontiers(vm, args[0], false, result); }
FN KernelStatus kernel_frontiers__nested(Vm *vm, const Value *args, Value *result) { return frontiers(vm, args[0], true, result); }

/* ---- other colours ---- */

/* A grid with rows as long, not filled yet. 0: no memory. */
static FN Value same_shape(Vm *vm, const RowsView *r) {
  Value made = new_rows(vm, r->h);
  for (uint32_t i = 0; i < r->h && made; i++) {
    Value row = new_tuple(vm, row_of(vm, r, i)->len);
    if (!row) return 0;
    as_tuple(vm, made)->items[i] = row;
  }
  return made;
}

FN KernelStatus kernel_replace(Vm *vm, const Value *args, Value *result) {
  RowsView r;
  KernelStatus status = plane_recoloured(vm, args[0], args[1], args[2], false, result);
  if (status != KERNEL_PASS) return status;
  if (!rows_view(vm, args[0], &r)) return KERNEL_PASS;
  Value made = same_shape(vm, &r);
  for (uint32_t i = 0; i < r.h && made; i++) {
    const Tuple *row = row_of(vm, &r, i);
    for (uint32_t j = 0; j < row->len; j++) {
      int same = equal_values(vm, row->items[j], args[1]);
      if (same < 0) return KERNEL_FAIL;
      as_tuple(vm, as_tuple(vm, made)->items[i])->items[j] = same ? args[2] : row->items[j];
    }
  }
  return done_if(made, result);
}

/* Sources differ where ints meet what equals them. */
FN KernelStatus kernel_switch(Vm *vm, const Value *args, Value *result) {
  GridView g;
  Value a = args[1], b = args[2];
  KernelStatus status = plane_recoloured(vm, args[0], a, b, true, result);
  if (status != KERNEL_PASS) return status;
  if (!is_int(a) || !is_int(b) || !grid_view(vm, args[0], &g)) return KERNEL_PASS;
  Value made = new_rows(vm, g.h);
  for (uint32_t i = 0; i < g.h && made; i++) {
    const Value *from = grid_row(vm, &g, i);
    Value row = new_tuple(vm, g.w);
    if (!row) return KERNEL_FAIL;
    for (uint32_t j = 0; j < g.w; j++) as_tuple(vm, row)->items[j] = from[j] == a ? b : from[j] == b ? a : from[j];
    as_tuple(vm, made)->items[i] = row;
  }
  return done_if(made, result);
}

/* Rows are one and the same. Where h rows of their own would find no memory, there is none. */
FN KernelStatus kernel_canvas(Vm *vm, const Value *args, Value *result) {
  int64_t size[2];
  KernelStatus status = plane_of_one(vm, args[0], args[1], result);
  if (status != KERNEL_PASS) return status;
  if (!small_ints(vm, args[1], 2, size)) return KERNEL_PASS;
  uint32_t h = size[0] < 0 ? 0 : (uint32_t)size[0], w = size[1] < 0 ? 0 : (uint32_t)size[1];
  if ((uint64_t)h * w > vm->limit - vm->top) {
    raise_limit(vm, LIMIT_MEMORY);
    return KERNEL_FAIL;
  }
  Value made = new_rows(vm, h), row = h ? new_tuple(vm, w) : 0;
  if (!made || (h && !row)) return KERNEL_FAIL;
  for (uint32_t j = 0; j < w && h; j++) as_tuple(vm, row)->items[j] = args[0];
  for (uint32_t i = 0; i < h; i++) as_tuple(vm, made)->items[i] = row;
  *result = made;
  return KERNEL_DONE;
}
