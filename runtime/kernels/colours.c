/* colours.c - kernels about the colours of a grid, and its cells by colour. */
#include "location_set.h"
#include "nested.h"
#include "rows.h"

/* Hashes of the ints from COLOUR_MIN on. */
TABLE int64_t colour_hashes[COLOURS] = {
    -16, -15, -14, -13, -12, -11, -10, -9, -8, -7, -6, -5, -4, -3, -2, -2,
    0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15,
    16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31,
    32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43, 44, 45, 46, 47
};

FN void census_order(Workspace *w, Census *c) {
  for (uint32_t k = 0; k < c->n; k++) w->list[k] = c->colours[k];
  numbers_clear(&w->set, colour_hashes);
  numbers_add(&w->set, w->list, c->n);
  numbers_list(&w->set, w->list);
  for (uint32_t k = 0; k < c->n; k++) c->colours[k] = w->list[k];
}

/* Colours of a grid in a set of the given kind, filled cell by cell: adding again what is there changes nothing.
 * 0: no memory. */
static FN Value colours_of(Vm *vm, GridView *g, Kind kind) {
  const uint8_t *plane = grid_plane(vm, g);
  Value set = plane ? new_set(vm, kind) : 0;
  uint64_t seen = 0; /* bit by colour */
  size_t n = (size_t)g->h * g->w, k = 0;
  while (set && (k = plane_next(vm->warp, plane, n, k, seen)) < n) {
    seen |= (uint64_t)1 << plane[k];
    if (!set_add(vm, set, plane_value(plane[k]))) return 0;
  }
  return set;
}

FN KernelStatus kernel_p_g(Vm *vm, const Value *args, Value *result) {
  GridView g;
  Census c;
  Workspace *w = workspace_of(vm);
  if (!w || !plane_view(vm, args[0], &g)) return KERNEL_PASS;
  const uint8_t *plane = grid_plane(vm, &g);
  if (!plane) return KERNEL_FAIL;
  plane_census(vm->warp, plane, (size_t)g.h * g.w, &c);
  census_order(w, &c);
  Value tuple = new_tuple(vm, c.n);
  for (uint32_t k = 0; tuple && k < c.n; k++) as_tuple(vm, tuple)->items[k] = v_int(c.colours[k] + COLOUR_MIN);
  return done_if(tuple, result);
}

FN KernelStatus kernel_palette_t(Vm *vm, const Value *args, Value *result) {
  GridView g;
  if (!plane_view(vm, args[0], &g)) return KERNEL_PASS;
  return done_if(colours_of(vm, &g, KIND_FROZENSET), result);
}

/* ---- keys of a grid ---- */

/* Are they shared ones? */
static FN bool are_narrow(const Vm *vm, const GridView *g, Value colour, bool nested) {
  if (g->h > GRID_SIDE || g->w > GRID_SIDE || (nested && !vm->nested)) return false;
  return colour == V_NONE || (colour ? is_cell_colour(colour) : plane_has_cell_colours(vm, g));
}

/* Which of n <= 32 cells are wanted: bit by cell. */
FN_INLINE uint32_t wanted_cells(const uint8_t *row, uint32_t n, Value wanted) {
  return wanted ? plane_row_equal(row, n, plane_colour(wanted)) : (uint32_t)(((uint64_t)1 << n) - 1);
}

static FN void put_wanted(const uint8_t *plane, Value wanted, Wide *to) {
  for (uint32_t i = 0; i < to->h; i++, plane += to->w)
    for (uint32_t j = 0; j < to->w; j += 32) {
      uint32_t n = to->w - j < 32 ? to->w - j : 32;
      to->bits[(uint64_t)i * to->words + j / WIDE_WORD] |= (uint64_t)wanted_cells(plane + j, n, wanted) << j % WIDE_WORD;
    }
}

FN Value deferred_keys_of(Vm *vm, GridView *g, Value wanted, Value colour, bool nested) {
  Deferred d;
  Box b = {0, 0, (int64_t)g->h - 1, (int64_t)g->w - 1};
  const uint8_t *plane = deferred_allowed(vm) ? grid_plane(vm, g) : NULL;
  if (!plane) return 0;
  deferred_recipe(&d, DEFER_ROWS, colour);
  d.nested = nested;
  if (!colour) d.grid = g->grid;
  if (are_narrow(vm, g, colour, nested)) {
    for (uint32_t i = 0; i < g->h; i++) d.rows[(int32_t)i - PAIR_MIN] = wanted_cells(plane + (size_t)i * g->w, g->w, wanted) << 1;
    return deferred_added(vm, &d);
  }
  Wide *bits = wide_new(vm, &b);
  if (!bits) return 0;
  put_wanted(plane, wanted, bits);
  return deferred_added_wide(vm, &d, bits);
}

/* The cells of one colour, or with colour 0 all, row by row. */
static FN Value cells_of(Vm *vm, GridView *g, Value colour) {
  Value deferred = deferred_keys_of(vm, g, colour, colour, false);
  if (deferred || !grid_view(vm, g->grid, g)) return deferred;
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

static FN Value partition_by(Vm *vm, GridView *g, Value colours, bool nested) {
  Value parts = new_set(vm, KIND_FROZENSET), colour;
  for (uint32_t pos = 0; parts && set_next(vm, colours, &pos, &colour);) {
    Value cells = nested ? nested_cells_of(vm, g, colour) : cells_of(vm, g, colour);
    if (!cells || !set_add(vm, parts, cells)) return 0;
  }
  return parts;
}

/* frozenset(colours), or with nested cells frozenset({colours}). */
static FN Value palette_of(Vm *vm, GridView *g, bool nested) {
  Value colours = colours_of(vm, g, nested ? KIND_SET : KIND_FROZENSET);
  return colours && nested ? set_from(vm, KIND_FROZENSET, colours) : colours;
}

static FN DEVICE_NOINLINE KernelStatus partition(Vm *vm, Value grid, bool nested, Value *result) {
  GridView g;
  if (!grid_view(vm, grid, &g)) return KERNEL_PASS;
  Value colours = palette_of(vm, &g, nested);
  return done_if(colours ? partition_by(vm, &g, colours, nested) : 0, result);
}

static FN DEVICE_NOINLINE KernelStatus fgpartition(Vm *vm, Value grid, bool nested, Value *result) {
  GridView g;
  Value most = 0;
  if (!grid_view(vm, grid, &g)) return KERNEL_PASS;
  KernelStatus status = kernel_mostcolor_t(vm, &grid, &most);
  if (status != KERNEL_DONE) return status;
  Value colours = palette_of(vm, &g, nested), one = new_set(vm, KIND_SET);
  if (!colours || !one || !set_add(vm, one, most)) return KERNEL_FAIL;
  colours = set_binary(vm, OP_SUB, colours, one);
  return done_if(colours ? partition_by(vm, &g, colours, nested) : 0, result);
}

FN KernelStatus kernel_partition(Vm *vm, const Value *args, Value *result) { return partition(vm, args[0], false, result); }
FN KernelStatus kernel_partition__nested(Vm *vm, const Value *args, Value *result) { return partition(vm, args[0], true, result); }
FN KernelStatus kernel_fgpartition(Vm *vm, const Value *args, Value *result) { return fgpartition(vm, args[0], false, result); }
FN KernelStatus kernel_fgpartition__nested(Vm *vm, const Value *args, Value *result) { return fgpartition(vm, args[0], true, result); }

FN KernelStatus kernel_palette__nested(Vm *vm, const Value *args, Value *result) {
  GridView g;
  uint32_t pos = 0;
  Value cell;
  if (grid_view(vm, args[0], &g)) return done_if(palette_of(vm, &g, true), result);
  if (!is_nested(vm, args[0])) return KERNEL_PASS;
  Value set = new_set(vm, KIND_SET);
  while (set && set_next(vm, args[0], &pos, &cell))
    if (!set_add(vm, set, nested_colour(vm, cell))) return KERNEL_FAIL;
  return done_if(set ? set_from(vm, KIND_FROZENSET, set) : 0, result);
}

/* Those of cells (i, j, colour), as they come. */
static FN bool cell_colours(Vm *vm, Value object, Value set) {
  uint32_t n, pos = 0;
  Value cell;
  if (!is_kind(object, KIND_FROZENSET) || !is_cells(vm, object, &n) || n != 3) return false;
  const Deferred *d = deferred_of(vm, object);
  if (d && d->colour) return set_add(vm, set, d->colour);
  while (set_next(vm, object, &pos, &cell))
    if (!set_add(vm, set, key_colour(vm, cell))) return false;
  return true;
}

/* frozenset(colour for i, j, colour in object) */
FN KernelStatus kernel_palette_f(Vm *vm, const Value *args, Value *result) {
  if (has_no_items(vm, args[0])) return done_if(no_keys(vm), result);
  uint32_t raised = unpacking_raises(vm, args[0], 3);
  if (raised) return fail(vm, raised);
  Value set = new_set(vm, KIND_FROZENSET);
  return set && cell_colours(vm, args[0], set) ? done_if(set, result) : KERNEL_PASS;
}

FN KernelStatus kernel_numcolors_f(Vm *vm, const Value *args, Value *result) {
  Value set = new_set(vm, KIND_SET);
  return set && cell_colours(vm, args[0], set) ? done_if(v_int(as_set(vm, set)->used), result) : KERNEL_PASS;
}

FN KernelStatus kernel_asobject(Vm *vm, const Value *args, Value *result) {
  GridView g;
  return plane_view(vm, args[0], &g) ? done_if(cells_of(vm, &g, 0), result) : KERNEL_PASS;
}
