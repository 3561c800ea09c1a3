/* objects_large.c - connected components of grids beyond 30 x 30 or with other values than colours, with
 * the order of CPython's sets.
 *
 * The algorithm is the source's: seeds in the order of asindices(grid), waves of candidates, each wave
 * the growing union of the neighbours of its members less what is occupied. The order of a component
 * follows from those sets, so the same set operations are run here on values. objects.c does the same
 * for usual grids on location numbers, objects_order.c for large ones of colours whose objects are deferred. */
#include "objects.h"
#include "rows.h"

typedef struct {
  Vm *vm;
  GridView g;
  bool univalued, diagonal;
  Value background; /* V_NONE: none */
  Value occupied;   /* set of locations */
  uint8_t *taken;   /* by cell: part of a component; in the arena */
  Value cells;      /* of the component: a set, or a list in order of discovery */
  bool listed, nested;
} Search;

static FN Value at(const Search *s, const Value *p) { return grid_row(s->vm, &s->g, (uint32_t)int_of(p[0]))[int_of(p[1])]; }

static FN Value cell_at(const Search *s, const Value *p, Value colour) {
  if (s->nested) return nested_cell(s->vm, colour, int_of(p[0]), int_of(p[1]));
  if (is_int(colour)) return cell_of(s->vm, int_of(p[0]), int_of(p[1]), int_of(colour));
  Value items[] = {p[0], p[1], colour};
  return tuple_of(s->vm, items, 3);
}

static FN bool take_cell(Search *s, Value loc, Value colour) {
  const Value *p = as_tuple(s->vm, loc)->items;
  Value cell = cell_at(s, p, colour);
  s->taken[int_of(p[0]) * s->g.w + int_of(p[1])] = 1;
  if (!cell || !add_tuple(s->vm, s->occupied, loc)) return false;
  return s->listed ? list_append(s->vm, s->cells, cell) : add_tuple(s->vm, s->cells, cell);
}

/* The set comprehension over the neighbours that lie in the grid, united into `reached`. */
static FN bool reach(Search *s, Value loc, Value reached) {
  Vm *vm = s->vm;
  Value around = 0, near = new_set(vm, KIND_SET), item;
  KernelStatus status = s->diagonal ? kernel_neighbors(vm, &loc, &around) : kernel_dneighbors(vm, &loc, &around);
  if (status != KERNEL_DONE || !near) return false;
  for (uint32_t pos = 0; set_next(vm, around, &pos, &item);) {
    const Value *p = as_tuple(vm, item)->items;
    bool inside = (uint64_t)int_of(p[0]) < s->g.h && (uint64_t)int_of(p[1]) < s->g.w;
    if (inside && !add_tuple(vm, near, item)) return false;
  }
  return set_update(vm, reached, near);
}

static FN bool component(Search *s, Value seed, Value colour) {
  Vm *vm = s->vm;
  Value wave = new_set(vm, KIND_SET), loc;
  if (!wave || !add_tuple(vm, wave, seed)) return false;
  while (as_set(vm, wave)->used) {
    Value reached = new_set(vm, KIND_SET);
    for (uint32_t pos = 0; reached && set_next(vm, wave, &pos, &loc);) {
      Value v = at(s, as_tuple(vm, loc)->items);
      int same = equal_values(vm, v, s->univalued ? colour : s->background);
      if (same < 0) return false;
      if (same != s->univalued) continue;
      if (!take_cell(s, loc, v) || !reach(s, loc, reached)) return false;
    }
    wave = reached ? set_binary(vm, OP_SUB, reached, s->occupied) : 0;
    if (!wave) return false;
  }
  return true;
}

static FN Value close_component(Search *s) {
  if (s->listed) return list_to_tuple(s->vm, s->cells);
  return set_from(s->vm, KIND_FROZENSET, s->cells);
}

static FN bool start_component(Search *s, const Value *p, Value colour) {
  s->cells = s->listed ? new_list(s->vm, 8) : new_set(s->vm, KIND_SET);
  if (!s->cells || s->listed) return s->cells != 0;
  Value cell = cell_at(s, p, colour);
  return add_tuple(s->vm, s->cells, cell);
}

/* Appends the components to `found`, a list. */
static FN bool search(Search *s, Value seeds, Value found) {
  Vm *vm = s->vm;
  Value loc;
  for (uint32_t pos = 0; set_next(vm, seeds, &pos, &loc);) {
    const Value *p = as_tuple(vm, loc)->items;
    Value colour = at(s, p);
    if (s->taken[int_of(p[0]) * s->g.w + int_of(p[1])]) continue;
    int same = equal_values(vm, colour, s->background);
    if (same < 0) return false;
    if (same) continue;
    if (!start_component(s, p, colour) || !component(s, loc, colour)) return false;
    Value closed = close_component(s);
    if (!closed || !list_append(vm, found, closed)) return false;
  }
  return true;
}

/* The components in a list. 0: no memory. */
static FN DEVICE_NOINLINE Value list_components(Vm *vm, Value grid, const GridView *g, const ObjectsWanted *wanted, bool listed) {
  Search s;
  Value seeds = 0, found = new_list(vm, 8);
  uint32_t cells = g->h * g->w, taken = arena_alloc(vm, cells);
  if (!taken || !found) return 0;
  s.vm = vm;
  s.g = *g;
  s.univalued = wanted->univalued;
  s.diagonal = wanted->diagonal;
  s.listed = listed;
  s.nested = wanted->nested;
  s.background = wanted->background;
  s.taken = (uint8_t *)arena_at(vm, taken);
  __builtin_memset(s.taken, 0, cells);
  if (kernel_asindices(vm, &grid, &seeds) != KERNEL_DONE) return 0;
  s.occupied = new_set(vm, KIND_SET);
  return s.occupied && search(&s, seeds, found) ? found : 0;
}

FN KernelStatus find_large_objects(Vm *vm, Value grid, const GridView *g, const ObjectsWanted *wanted, bool listed,
                                   Value *result) {
  Value found = list_components(vm, grid, g, wanted, listed);
  if (!found) return KERNEL_FAIL;
  if (listed) return done_if(list_to_tuple(vm, found), result);
  Value set = set_from(vm, KIND_SET, found);
  return done_if(set ? set_from(vm, KIND_FROZENSET, set) : 0, result);
}
