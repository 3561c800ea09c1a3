/* container.c - kernels over containers of sets, and sets made from scratch. */
#include "objects.h"
#include "unmade.h"

static FN bool is_sequence_or_set(Value v) { return is_tuple(v) || is_kind(v, KIND_FROZENSET); }

/* All items of containers in a list, in their order; 0: not a container of tuples and frozensets. */
static FN Value gather(Vm *vm, Value containers, bool *unexpected) {
  Value list = new_list(vm, 16), iter = list ? get_iter(vm, containers) : 0, inner;
  int more = iter ? 1 : -1;
  while (more > 0 && (more = iter_next(vm, iter, &inner)) > 0) {
    if (!is_sequence_or_set(inner)) {
      *unexpected = true;
      return 0;
    }
    if (!list_extend(vm, list, inner)) return 0;
  }
  return more < 0 ? 0 : list;
}

/* type(containers)(e for c in containers for e in c) */
FN KernelStatus kernel_merge(Vm *vm, const Value *args, Value *result) {
  bool unexpected = false;
  if (!is_sequence_or_set(args[0])) return KERNEL_PASS;
  Value merged = deferred_allowed(vm) && is_kind(args[0], KIND_FROZENSET) ? deferred_merged(vm, args[0]) : 0;
  if (merged) return done_if(merged, result);
  if (is_tuple(args[0])) {
    const Tuple *t = as_tuple(vm, args[0]);
    KernelStatus status = planes_below(vm, t->items, t->len, result);
    if (status != KERNEL_PASS) return status;
  }
  Value list = gather(vm, args[0], &unexpected);
  if (unexpected) return KERNEL_PASS;
  if (!list) return KERNEL_FAIL;
  if (is_tuple(args[0])) return done_if(list_to_tuple(vm, list), result);
  return done_if(set_from(vm, KIND_FROZENSET, list), result);
}

FN KernelStatus kernel_sizefilter(Vm *vm, const Value *args, Value *result) {
  if (!is_kind(args[0], KIND_FROZENSET) || !is_int(args[1])) return KERNEL_PASS;
  Adding kept;
  Value item;
  int64_t hash, len;
  adding_start(vm, &kept);
  for (uint32_t pos = 0; set_next_hashed(vm, args[0], &pos, &item, &hash);) {
    if (!is_sequence_or_set(item)) return KERNEL_PASS;
    if (!value_len(vm, item, &len)) return KERNEL_FAIL;
    if (len == int_of(args[1]) && !adding_put(&kept, item, hash)) return KERNEL_FAIL;
  }
  return done_if(adding_end(&kept), result);
}

enum { FRONTIER = 30 }; /* locations of one */

/* Its locations are added from the left or from the top on: in the order of rows both. */
static FN Value deferred_frontier(Vm *vm, uint32_t at, bool vertical) {
  Deferred d;
  deferred_recipe(&d, DEFER_ROWS, V_NONE);
  if (vertical)
    for (uint32_t k = 0; k < FRONTIER; k++) d.rows[(int32_t)k - PAIR_MIN] = (uint32_t)1 << at;
  else
    d.rows[at] = (((uint32_t)1 << FRONTIER) - 1) << -PAIR_MIN;
  return deferred_added(vm, &d);
}

static FN KernelStatus frontier(Vm *vm, Value location, bool vertical, Value *result) {
  int64_t at[2];
  if (!small_ints(vm, location, 2, at)) return KERNEL_PASS;
  if (deferred_allowed(vm) && at[vertical] >= PAIR_MIN && at[vertical] < PAIR_MIN + PAIR_SIDE)
    return done_if(deferred_frontier(vm, (uint32_t)(at[vertical] - PAIR_MIN), vertical), result);
  Value set = new_set(vm, KIND_FROZENSET);
  for (int64_t k = 0; k < FRONTIER && set; k++)
    if (!add_tuple(vm, set, vertical ? pair_of(vm, k, at[1]) : pair_of(vm, at[0], k))) return KERNEL_FAIL;
  return done_if(set, result);
}

FN KernelStatus kernel_vfrontier(Vm *vm, const Value *args, Value *result) { return frontier(vm, args[0], true, result); }
FN KernelStatus kernel_hfrontier(Vm *vm, const Value *args, Value *result) { return frontier(vm, args[0], false, result); }

/* (i, j, colour) for each location of a set of locations. */
FN KernelStatus kernel_recolor_i(Vm *vm, const Value *args, Value *result) {
  uint32_t n, pos = 0;
  Value item;
  bool small = is_int(args[0]) && int_of(args[0]) >= 0 && int_of(args[0]) < CELL_COLOURS;
  if (!small || !is_kind(args[1], KIND_FROZENSET) || !is_cells(vm, args[1], &n) || n == 3) return KERNEL_PASS;
  Value coloured = deferred_pays(vm, args[1]) ? deferred_mapped(vm, args[1], args[0], false) : 0;
  if (coloured) return done_if(coloured, result);
  Value set = new_set(vm, KIND_FROZENSET);
  while (set && set_next(vm, args[1], &pos, &item)) {
    const Value *at = as_tuple(vm, item)->items;
    if (!add_tuple(vm, set, cell_of(vm, int_of(at[0]), int_of(at[1]), int_of(args[0])))) return KERNEL_FAIL;
  }
  return done_if(set, result);
}

FN KernelStatus kernel_toindices_o(Vm *vm, const Value *args, Value *result) {
  uint32_t n;
  if (!is_kind(args[0], KIND_FROZENSET) || !is_cells(vm, args[0], &n) || n == 2) return KERNEL_PASS;
  return kernel_toindices(vm, args, result);
}

FN KernelStatus kernel_recolor_o(Vm *vm, const Value *args, Value *result) {
  Value locations = 0;
  KernelStatus status = kernel_toindices_o(vm, args + 1, &locations);
  if (status != KERNEL_DONE) return status;
  Value given[] = {args[0], locations};
  return kernel_recolor_i(vm, given, result);
}

/* Has a cell of a set without a table this colour? */
static FN bool some_cell_has(const Vm *vm, const Deferred *d, Value colour) {
  Spans spans = spans_of(vm, d);
  for (Span span; spans_next(&spans, &span);)
    for (int64_t j = span.from; j < span.to; j++)
      if (deferred_colour(vm, d, span.row, j) == colour) return true;
  return false;
}

/* Has the first cell of an object this colour? Which one comes first is asked only where it matters. */
static FN bool first_cell_has(const Vm *vm, Value object, Value colour) {
  const Deferred *d = deferred_of(vm, object);
  Value cell;
  uint32_t pos = 0;
  if (d && d->colour) return d->colour == colour;
  if (d && !as_set(vm, object)->table && !some_cell_has(vm, d, colour)) return false;
  return set_next(vm, object, &pos, &cell) && as_tuple(vm, cell)->items[2] == colour;
}

/* Objects whose first cell has the colour. */
FN KernelStatus kernel_colorfilter(Vm *vm, const Value *args, Value *result) {
  if (!is_kind(args[0], KIND_FROZENSET) || !is_int(args[1])) return KERNEL_PASS;
  Adding kept;
  Value object;
  int64_t hash;
  adding_start(vm, &kept);
  for (uint32_t pos = 0; set_next_hashed(vm, args[0], &pos, &object, &hash);) {
    uint32_t n;
    if (!is_kind(object, KIND_FROZENSET) || !is_cells(vm, object, &n) || n != 3) return KERNEL_PASS;
    if (first_cell_has(vm, object, args[1]) && !adding_put(&kept, object, hash)) return KERNEL_FAIL;
  }
  return done_if(adding_end(&kept), result);
}
