/* choose.c - kernels that choose members of containers, and colours by how often they come. */
#include "../memo.h"
#include "nested.h"
#include "rows.h"

/* ---- by place ---- */

static FN KernelStatus empty_set(Vm *vm, Value *result) { return done_if(no_keys(vm), result); }

/* Whether item `rank` exists, from the back if negative: its place. */
static FN bool place_of(int64_t rank, int64_t len, int64_t *place) {
  *place = rank < 0 ? rank + len : rank;
  return *place >= 0 && *place < len;
}

FN KernelStatus kernel_get_nth_t(Vm *vm, const Value *args, Value *result) {
  int64_t place;
  if (!is_tuple(args[0])) return done_if(vm->image->nan, result);
  if (!is_int(args[1])) return KERNEL_PASS;
  const Tuple *t = as_tuple(vm, args[0]);
  return done_if(place_of(int_of(args[1]), t->len, &place) ? t->items[place] : vm->image->nan, result);
}

FN KernelStatus kernel_get_nth_f(Vm *vm, const Value *args, Value *result) {
  int64_t place, len;
  uint32_t pos = 0;
  if (!is_int(args[1]) || (!is_tuple(args[0]) && !is_anyset(args[0])) || !value_len(vm, args[0], &len)) return KERNEL_PASS;
  if (!place_of(int_of(args[1]), len, &place)) return empty_set(vm, result);
  if (is_tuple(args[0])) return done_if(as_tuple(vm, args[0])->items[place], result);
  do set_next(vm, args[0], &pos, result);
  while (place--);
  return KERNEL_DONE;
}

/* The third item of the first member; minus infinity where that is no tuple, or there is none. */
FN KernelStatus kernel_color(Vm *vm, const Value *args, Value *result) {
  const Deferred *d = deferred_of(vm, args[0]);
  uint32_t pos = 0;
  Value first = 0;
  if (is_tuple(args[0])) first = tuple_head(vm, args[0])->len ? as_tuple(vm, args[0])->items[0] : 0;
  else if (!is_anyset(args[0])) return KERNEL_PASS;
  else if (d && is_int(d->colour)) return done_if(d->colour, result);
  else set_next(vm, args[0], &pos, &first);
  if (!first || !is_tuple(first)) return done_if(minus_infinity(vm), result);
  if (tuple_head(vm, first)->len < 3) return fail(vm, ERR_IndexError);
  return done_if(as_tuple(vm, first)->items[2], result);
}

/* ---- those of one that are not in another ---- */

static FN int is_member(Vm *vm, Value container, Value item, int64_t hash) {
  return is_anyset(container) ? set_has(vm, container, item, hash) : value_contains(vm, container, item);
}

/* Where hashes hang on addresses, the source notes which members are kept. */
static FN KernelStatus set_without(Vm *vm, Value a, Value b, Value *result) {
  if (as_set(vm, a)->unordered) return KERNEL_PASS;
  Value by_bits = deferred_kept(vm, a, b, false), item;
  if (by_bits) return done_if(by_bits, result);
  Adding kept;
  int64_t hash;
  adding_start(vm, &kept);
  for (uint32_t pos = 0; set_next_hashed(vm, a, &pos, &item, &hash);) {
    int in = is_member(vm, b, item, hash);
    if (in < 0 || (!in && !adding_put(&kept, item, hash))) return KERNEL_FAIL;
  }
  return done_if(adding_end(&kept), result);
}

static FN KernelStatus tuple_without(Vm *vm, Value a, Value b, Value *result) {
  Value list = new_list(vm, tuple_head(vm, a)->len);
  for (uint32_t i = 0; list && i < tuple_head(vm, a)->len; i++) {
    Value item = as_tuple(vm, a)->items[i];
    int in = value_contains(vm, b, item);
    if (in < 0 || (!in && !list_append(vm, list, item))) return KERNEL_FAIL;
  }
  return done_if(list ? list_to_tuple(vm, list) : 0, result);
}

/* type(a)(item for item in a if item not in b) */
FN KernelStatus kernel_difference(Vm *vm, const Value *args, Value *result) {
  bool known = is_tuple(args[1]) || is_anyset(args[1]) || is_kind(args[1], KIND_LIST) || is_intlike(args[1]) || args[1] == V_NONE;
  if (!known) return KERNEL_PASS;
  if (is_tuple(args[0])) return tuple_without(vm, args[0], args[1], result);
  return is_kind(args[0], KIND_FROZENSET) ? set_without(vm, args[0], args[1], result) : KERNEL_PASS;
}

FN KernelStatus kernel_difference_tuple(Vm *vm, const Value *args, Value *result) { return kernel_difference(vm, args, result); }

/* ---- those of both ---- */

static FN bool add_all(Vm *vm, Value set, Value from) {
  Value item;
  int64_t hash;
  for (uint32_t pos = 0; set_next_hashed(vm, from, &pos, &item, &hash);)
    if (!set_add_hashed(vm, set, item, hash)) return false;
  return true;
}

/* type(a)((*a, *b)) */
FN KernelStatus kernel_combine(Vm *vm, const Value *args, Value *result) {
  Value a = args[0], b = args[1];
  if (is_tuple(a) && is_tuple(b)) {
    Value list = list_from(vm, a);
    return done_if(list && list_extend(vm, list, b) ? list_to_tuple(vm, list) : 0, result);
  }
  if (!is_kind(a, KIND_FROZENSET) || !is_kind(b, KIND_FROZENSET)) return KERNEL_PASS;
  if (as_set(vm, a)->unordered || as_set(vm, b)->unordered) return KERNEL_PASS;
  Value both = deferred_pays(vm, a) || deferred_pays(vm, b) ? tuple_of(vm, args, 2) : 0;
  Value merged = both ? deferred_merged(vm, both) : 0;
  if (merged) return done_if(merged, result);
  Value set = new_set(vm, KIND_FROZENSET);
  return done_if(set && add_all(vm, set, a) && add_all(vm, set, b) ? set : 0, result);
}

/* a | b */
FN KernelStatus kernel_combine_f(Vm *vm, const Value *args, Value *result) {
  bool sets = is_kind(args[0], KIND_FROZENSET) && is_kind(args[1], KIND_FROZENSET);
  return sets ? done_if(value_arith(vm, OP_BITOR, args[0], args[1]), result) : KERNEL_PASS;
}

/* ---- pairs ---- */

static FN bool is_plain(Value v) { return is_tuple(v) || is_kind(v, KIND_FROZENSET); }

/* frozenset((x, y) for y in b for x in a) */
FN KernelStatus kernel_product(Vm *vm, const Value *args, Value *result) {
  Iter outer, inner;
  Value items[2];
  int more;
  if (!is_plain(args[0]) || !is_plain(args[1])) return KERNEL_PASS;
  Value set = new_set(vm, KIND_FROZENSET);
  Iter *b = set ? iter_begin(vm, args[1], &outer) : NULL;
  if (!b) return KERNEL_FAIL;
  while ((more = iter_step(vm, b, &items[1])) > 0) {
    Iter *a = iter_begin(vm, args[0], &inner);
    while (a && (more = iter_step(vm, a, &items[0])) > 0) {
      Value shared = shared_pair(vm, items[0], items[1]);
      if (!add_tuple(vm, set, shared ? shared : tuple_of(vm, items, 2))) return KERNEL_FAIL;
    }
    if (!a || more < 0) return KERNEL_FAIL;
  }
  if (vm->memo && memo_may_share(vm, args[0]) && memo_may_share(vm, args[1])) as_set(vm, set)->canon |= CANON_SHARED;
  return more < 0 ? KERNEL_FAIL : done_if(set, result);
}

/* ---- colours ---- */

static FN bool grid_census(Vm *vm, Value v, Census *c) {
  GridView g;
  if (!plane_view(vm, v, &g) || !grid_plane(vm, &g)) return false;
  plane_census(vm->warp, g.plane, (size_t)g.h * g.w, c);
  return true;
}

FN bool object_census(Vm *vm, Value v, bool nested, Census *c) {
  uint32_t n, pos = 0;
  Value cell;
  if (nested ? !is_nested(vm, v) : !is_kind(v, KIND_FROZENSET) || !is_cells(vm, v, &n) || n != 3) return false;
  const Deferred *d = deferred_of(vm, v);
  if (d && d->colour && is_colour(d->colour)) {
    census_add(c, plane_colour(d->colour));
    return true;
  }
  while (set_next(vm, v, &pos, &cell)) {
    Value colour = as_tuple(vm, cell)->items[nested ? 0 : 2];
    if (!is_colour(colour)) return false;
    census_add(c, plane_colour(colour));
  }
  return true;
}

/* The commonest first; of those that are as common, the first seen. */
static FN void rank_census(Census *c) {
  for (uint32_t k = 1; k < c->n; k++) {
    uint16_t colour = c->colours[k];
    uint32_t at = k;
    for (; at && c->counts[c->colours[at - 1]] < c->counts[colour]; at--) c->colours[at] = c->colours[at - 1];
    c->colours[at] = colour;
  }
}

/* Colour `rank` by how common it is, else V_UNBOUND. */
static FN Value ranked_colour(Census *c, Value rank) {
  int64_t place;
  if (!place_of(int_of(rank), c->n, &place)) return V_UNBOUND;
  rank_census(c);
  return plane_value((uint8_t)c->colours[place]);
}

FN KernelStatus kernel_get_color_rank_t(Vm *vm, const Value *args, Value *result) {
  Census c = {0, {0}, {0}};
  if (!is_int(args[1]) || !grid_census(vm, args[0], &c)) return KERNEL_PASS;
  Value colour = ranked_colour(&c, args[1]);
  return done_if(colour ? colour : vm->image->empty_tuple, result);
}

FN KernelStatus kernel_get_color_rank_f(Vm *vm, const Value *args, Value *result) {
  Census c = {0, {0}, {0}};
  uint32_t raised = unpacking_raises(vm, args[0], 3);
  if (raised) return fail(vm, raised);
  if (!is_int(args[1]) || !object_census(vm, args[0], false, &c)) return KERNEL_PASS;
  Value colour = ranked_colour(&c, args[1]);
  return colour ? done_if(colour, result) : empty_set(vm, result);
}

/* min(set(values), key=values.count): the first of the rarest in the order of a set that was filled
 * cell by cell. */
static FN KernelStatus rarest(Vm *vm, const Census *c, Value *result) {
  Value set = new_set(vm, KIND_SET), colour, best = 0;
  for (uint32_t k = 0; k < c->n; k++)
    if (!set || !set_add(vm, set, plane_value((uint8_t)c->colours[k]))) return KERNEL_FAIL;
  for (uint32_t pos = 0; set && set_next(vm, set, &pos, &colour);)
    if (!best || c->counts[plane_colour(colour)] < c->counts[plane_colour(best)]) best = colour;
  return done_if(best, result);
}

FN KernelStatus kernel_leastcolor_t(Vm *vm, const Value *args, Value *result) {
  Census c = {0, {0}, {0}};
  return grid_census(vm, args[0], &c) ? rarest(vm, &c, result) : KERNEL_PASS;
}

FN KernelStatus kernel_leastcolor_f(Vm *vm, const Value *args, Value *result) {
  Census c = {0, {0}, {0}};
  return object_census(vm, args[0], false, &c) ? rarest(vm, &c, result) : KERNEL_PASS;
}

/* Of a grid, or of cells (colour, (i, j)). */
FN KernelStatus kernel_leastcolor__nested(Vm *vm, const Value *args, Value *result) {
  Census c = {0, {0}, {0}};
  bool known = is_tuple(args[0]) ? grid_census(vm, args[0], &c) : object_census(vm, args[0], true, &c);
  return known ? rarest(vm, &c, result) : KERNEL_PASS;
}
