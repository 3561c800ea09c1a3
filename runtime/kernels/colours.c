/* colours.c - kernels about the colours of a grid, and its cells by colour. */
#include "objects.h"

/* Colours of a grid in a set of the given kind, filled cell by cell: adding again what is there changes nothing.
 * 0: no memory. */
static FN Value colours_of(Vm *vm, const GridView *g, Kind kind) {
  Value set = new_set(vm, kind);
  uint64_t seen = 0; /* bit by colour */
  for (uint32_t i = 0; i < g->h && set; i++) {
    const Value *row = grid_row(vm, g, i);
    uint64_t before = seen;
    for (uint32_t j = 0; j < g->w; j++) seen |= (uint64_t)1 << ((row[j] - v_int(COLOUR_MIN)) >> 3);
    for (uint32_t j = 0; j < g->w && before != seen; j++) {
      uint64_t bit = (uint64_t)1 << ((row[j] - v_int(COLOUR_MIN)) >> 3);
      if (before & bit) continue;
      before |= bit;
      if (!set_add(vm, set, row[j])) return 0;
    }
  }
  return set;
}

FN KernelStatus kernel_p_g(Vm *vm, const Value *args, Value *result) {
  GridView g;
  if (!grid_view(vm, args[0], &g)) return KERNEL_PASS;
  Value set = colours_of(vm, &g, KIND_SET), item;
  Value tuple = set ? new_tuple(vm, as_set(vm, set)->used) : 0;
  uint32_t n = 0;
  for (uint32_t pos = 0; tuple && set_next(vm, set, &pos, &item);) as_tuple(vm, tuple)->items[n++] = item;
  return done_if(tuple, result);
}

FN KernelStatus kernel_palette_t(Vm *vm, const Value *args, Value *result) {
  GridView g;
  if (!grid_view(vm, args[0], &g)) return KERNEL_PASS;
  return done_if(colours_of(vm, &g, KIND_FROZENSET), result);
}

FN void wide_put_colour(const Vm *vm, const GridView *g, Value colour, Wide *to) {
  for (uint32_t i = 0; i < g->h; i++) {
    const Value *row = grid_row(vm, g, i);
    for (uint32_t k = 0; k < to->words; k++) {
      uint32_t first = k * WIDE_WORD, n = g->w - first < WIDE_WORD ? g->w - first : WIDE_WORD;
      uint64_t bits = 0;
      for (uint32_t j = 0; j < n; j++) bits |= (uint64_t)(!colour || row[first + j] == colour) << j;
      to->bits[i * to->words + k] = bits;
    }
  }
}

static FN Value wide_cells_of(Vm *vm, const GridView *g, Value colour) {
  Deferred d;
  Box b = {0, 0, (int64_t)g->h - 1, (int64_t)g->w - 1};
  Wide *bits = wide_new(vm, &b);
  if (!bits) return 0;
  wide_put_colour(vm, g, colour, bits);
  deferred_recipe(&d, DEFER_ROWS, colour);
  if (!colour) d.grid = g->grid;
  return deferred_added_wide(vm, &d, bits);
}

/* The same with its table deferred; 0: that may not be, or no memory. */
static FN Value deferred_cells_of(Vm *vm, const GridView *g, Value colour) {
  Deferred d;
  if (!deferred_allowed(vm)) return 0;
  if (g->h > GRID_SIDE || g->w > GRID_SIDE) return wide_cells_of(vm, g, colour);
  deferred_recipe(&d, DEFER_ROWS, colour);
  uint64_t others = 0;
  for (uint32_t i = 0; i < g->h; i++) {
    const Value *row = grid_row(vm, g, i);
    uint32_t bits = 0;
    for (uint32_t j = 0; j < g->w; j++) {
      others |= (row[j] - v_int(0)) >> 3 > 9 && (!colour || row[j] == colour);
      bits |= (uint32_t)(!colour || row[j] == colour) << j;
    }
    d.rows[i - PAIR_MIN] = bits << 1;
  }
  if (!colour) d.grid = g->grid;
  return others ? wide_cells_of(vm, g, colour) : deferred_added(vm, &d);
}

/* The cells of one colour, or with colour 0 all, row by row. */
static FN Value cells_of(Vm *vm, const GridView *g, Value colour) {
  Value deferred = deferred_cells_of(vm, g, colour);
  if (deferred) return deferred;
  Value set = new_set(vm, KIND_FROZENSET);
  for (uint32_t i = 0; i < g->h && set; i++) {
    const Value *row = grid_row(vm, g, i);
    for (uint32_t j = 0; j < g->w; j++) {
      if (colour && row[j] != colour) continue;
      if (!add_tuple(vm, set, cell_of(vm, i, j, int_of(row[j])))) return 0;
    }
  }
  return set;
}

static FN Value partition_by(Vm *vm, const GridView *g, Value colours) {
  Value parts = new_set(vm, KIND_FROZENSET), colour;
  for (uint32_t pos = 0; parts && set_next(vm, colours, &pos, &colour);) {
    Value cells = cells_of(vm, g, colour);
    if (!cells || !set_add(vm, parts, cells)) return 0;
  }
  return parts;
}

FN KernelStatus kernel_partition(Vm *vm, const Value *args, Value *result) {
  GridView g;
  if (!grid_view(vm, args[0], &g)) return KERNEL_PASS;
  Value colours = colours_of(vm, &g, KIND_FROZENSET);
  return done_if(colours ? partition_by(vm, &g, colours) : 0, result);
}

FN KernelStatus kernel_fgpartition(Vm *vm, const Value *args, Value *result) {
  GridView g;
  Value most = 0;
  if (!grid_view(vm, args[0], &g)) return KERNEL_PASS;
  KernelStatus status = kernel_mostcolor_t(vm, args, &most);
  if (status != KERNEL_DONE) return status;
  Value colours = colours_of(vm, &g, KIND_FROZENSET), one = new_set(vm, KIND_SET);
  if (!colours || !one || !set_add(vm, one, most)) return KERNEL_FAIL;
  colours = set_binary(vm, OP_SUB, colours, one);
  return done_if(colours ? partition_by(vm, &g, colours) : 0, result);
}

FN KernelStatus kernel_asobject(Vm *vm, const Value *args, Value *result) {
  GridView g;
  return grid_view(vm, args[0], &g) ? done_if(cells_of(vm, &g, 0), result) : KERNEL_PASS;
}
