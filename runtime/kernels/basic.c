/* basic.c - kernels for what closures are mostly made of: tests, numbers, members of containers. */
#include "nested.h"
#include "rows.h"

#define KERNEL(name) FN KernelStatus kernel_##name(Vm *vm, const Value *args, Value *result)

static FN bool is_container(Value v) { return is_tuple(v) || is_kind(v, KIND_FROZENSET); }

/* Of a test: 1, 0, -1. */
static FN KernelStatus done_test(int test, Value *result) { return done_if(test < 0 ? 0 : v_bool(test != 0), result); }

KERNEL(identity) {
  (void)vm;
  return done_if(args[0], result);
}

/* ---- tests ---- */

KERNEL(equality) { return done_test(value_eq(vm, args[0], args[1]), result); }
KERNEL(greater) { return done_test(value_compare(vm, OP_GT, args[0], args[1]), result); }
KERNEL(contained) { return is_container(args[1]) ? done_test(value_contains(vm, args[1], args[0]), result) : KERNEL_PASS; }

KERNEL(flip) {
  int truth = value_truth(vm, args[0]);
  return done_test(truth < 0 ? truth : !truth, result);
}

KERNEL(both) {
  int truth = value_truth(vm, args[0]);
  return done_if(truth < 0 ? 0 : args[truth], result);
}

KERNEL(either) {
  int truth = value_truth(vm, args[0]);
  return done_if(truth < 0 ? 0 : args[!truth], result);
}

KERNEL(branch) {
  int truth = value_truth(vm, args[0]);
  return done_if(truth < 0 ? 0 : args[truth ? 1 : 2], result);
}

/* What cannot be counted with. */
static FN KernelStatus no_number(Vm *vm, Value v) { return is_container(v) || v == V_NONE ? fail(vm, ERR_TypeError) : KERNEL_PASS; }

KERNEL(even) { return is_int(args[0]) ? done_test(!(int_of(args[0]) & 1), result) : no_number(vm, args[0]); }
KERNEL(positive) { return is_int(args[0]) ? done_test(int_of(args[0]) > 0, result) : no_number(vm, args[0]); }

/* ---- an int or a pair of ints ---- */

/* v[0], of what is no int. */
static NOINLINE FN KernelStatus no_pair(Vm *vm, Value v) {
  if (is_empty_tuple(vm, v)) return fail(vm, ERR_IndexError);
  return v == V_NONE || is_kind(v, KIND_FROZENSET) || is_kind(v, KIND_FLOAT) ? fail(vm, ERR_TypeError) : KERNEL_PASS;
}

FN_INLINE int64_t sign_of(int64_t i) { return (i > 0) - (i < 0); }
FN_INLINE int64_t half_of(int64_t i) { return i >> 1; } /* towards the lower */

#define OF_EACH(name, made)                                                                        \
  FN KernelStatus kernel_##name(Vm *vm, const Value *args, Value *result) {                        \
    int64_t at[2], i;                                                                              \
    if (is_int(args[0])) {                                                                         \
      i = int_of(args[0]);                                                                         \
      return i > NUMBER_MAX || i < -NUMBER_MAX ? KERNEL_PASS : done_if(v_int(made), result);       \
    }                                                                                              \
    if (!small_ints(vm, args[0], 2, at)) return no_pair(vm, args[0]);                              \
    i = at[0], at[0] = made;                                                                       \
    i = at[1], at[1] = made;                                                                       \
    return done_if(pair_of(vm, at[0], at[1]), result);                                             \
  }

enum { NUMBER_MAX = 1000000000 };

OF_EACH(invert, -i)
OF_EACH(double, 2 * i)
OF_EACH(halve, half_of(i))
OF_EACH(increment, i + 1)
OF_EACH(decrement, i - 1)
OF_EACH(crement, i + sign_of(i))
OF_EACH(sign, sign_of(i))

static FN Value two(Vm *vm, Value a, Value b) {
  Value items[] = {a, b}, shared = shared_two(vm, a, b);
  return shared ? shared : tuple_of(vm, items, 2);
}

KERNEL(toivec) { return done_if(two(vm, args[0], v_int(0)), result); }
KERNEL(tojvec) { return done_if(two(vm, v_int(0), args[0]), result); }

/* ---- members ---- */

KERNEL(first) {
  uint32_t pos = 0;
  if (is_tuple(args[0]) && tuple_head(vm, args[0])->len) return done_if(as_tuple(vm, args[0])->items[0], result);
  return is_kind(args[0], KIND_FROZENSET) && set_next(vm, args[0], &pos, result) ? KERNEL_DONE : KERNEL_PASS;
}

/* A tuple's member or (), which an empty set gives as well. */
static FN KernelStatus member_or_empty(Vm *vm, Value tuple, bool last, Value *result) {
  if (is_kind(tuple, KIND_FROZENSET)) return as_set(vm, tuple)->used ? fail(vm, ERR_TypeError) : done_if(vm->image->empty_tuple, result);
  if (!is_tuple(tuple)) return KERNEL_PASS;
  const Tuple *t = as_tuple(vm, tuple);
  return done_if(t->len ? t->items[last ? t->len - 1 : 0] : tuple, result);
}

KERNEL(first_t) { return member_or_empty(vm, args[0], false, result); }
KERNEL(last_t) { return member_or_empty(vm, args[0], true, result); }

/* (cell[0], cell[1]) */
KERNEL(toij) {
  const Tuple *t = is_tuple(args[0]) ? as_tuple(vm, args[0]) : NULL;
  if (t && t->len > 1) return done_if(two(vm, t->items[0], t->items[1]), result);
  return t ? fail(vm, ERR_IndexError) : is_kind(args[0], KIND_FROZENSET) || has_no_len(args[0]) ? fail(vm, ERR_TypeError) : KERNEL_PASS;
}

/* max(enumerate(container))[1]: numbers are all different, so members are not compared. */
KERNEL(last) {
  if (is_tuple(args[0])) {
    const Tuple *t = as_tuple(vm, args[0]);
    return t->len ? done_if(t->items[t->len - 1], result) : KERNEL_PASS;
  }
  if (!is_kind(args[0], KIND_FROZENSET) || !as_set(vm, args[0])->used) return KERNEL_PASS;
  const Set *s = as_set(vm, args[0]);
  const SetEntry *e = set_table(vm, s) + s->mask;
  while (!e->key || e->key == SET_DUMMY) e--;
  return done_if(e->key, result);
}

KERNEL(totuple) {
  if (is_tuple(args[0])) return done_if(args[0], result);
  if (!is_kind(args[0], KIND_FROZENSET)) return KERNEL_PASS;
  Value tuple = new_tuple(vm, as_set(vm, args[0])->used), item;
  uint32_t n = 0;
  for (uint32_t pos = 0; tuple && set_next(vm, args[0], &pos, &item);) as_tuple(vm, tuple)->items[n++] = item;
  return done_if(tuple, result);
}

/* The greatest (or least) of ints, 0 where there is none. */
static FN KernelStatus extreme(Vm *vm, Value container, bool most, Value *result) {
  Iter local;
  Value item, best = 0;
  Iter *it = is_container(container) ? iter_begin(vm, container, &local) : NULL;
  if (!it) return KERNEL_PASS;
  while (iter_step(vm, it, &item) > 0) {
    if (!is_int(item)) return KERNEL_PASS;
    if (!best || (most ? int_of(item) > int_of(best) : int_of(item) < int_of(best))) best = item;
  }
  return done_if(best ? best : v_int(0), result);
}

KERNEL(maximum) { return extreme(vm, args[0], true, result); }
KERNEL(minimum) { return extreme(vm, args[0], false, result); }

/* ---- sets ---- */

/* frozenset({value}); what is hashed by its address goes to the source. */
static FN KernelStatus set_of(Vm *vm, Value value, Value *result) {
  bool unordered = vm->unordered;
  int64_t hash;
  vm->unordered = false;
  if (!value_hash(vm, value, &hash)) return KERNEL_FAIL;
  if (vm->unordered) return KERNEL_PASS;
  vm->unordered = unordered;
  return done_if(frozenset_of_one(vm, value, hash), result);
}

KERNEL(initset) { return set_of(vm, args[0], result); }

KERNEL(insert) {
  Value one = 0;
  if (!is_kind(args[1], KIND_FROZENSET)) return KERNEL_PASS;
  KernelStatus status = set_of(vm, args[0], &one);
  return status == KERNEL_DONE ? done_if(set_union(vm, args[1], &one, 1), result) : status;
}

KERNEL(intersection) {
  bool sets = is_kind(args[0], KIND_FROZENSET) && is_kind(args[1], KIND_FROZENSET);
  return sets ? done_if(set_binary(vm, OP_BITAND, args[0], args[1]), result) : KERNEL_PASS;
}

/* type(container)(item for item in container if item != value) */
KERNEL(remove) {
  Iter local;
  Value item, list = is_container(args[1]) ? new_list(vm, 8) : 0;
  if (!list) return is_container(args[1]) ? KERNEL_FAIL : KERNEL_PASS;
  if (is_kind(args[1], KIND_FROZENSET) && as_set(vm, args[1])->unordered) return KERNEL_PASS;
  Iter *it = iter_begin(vm, args[1], &local);
  while (it && iter_step(vm, it, &item) > 0) {
    int same = value_eq(vm, item, args[0]);
    if (same < 0 || (!same && !list_append(vm, list, item))) return KERNEL_FAIL;
  }
  if (!it) return KERNEL_FAIL;
  return done_if(is_tuple(args[1]) ? list_to_tuple(vm, list) : set_from(vm, KIND_FROZENSET, list), result);
}

/* ---- pairs ---- */

/* tuple(zip(a, b)) */
KERNEL(pair) {
  if (!is_tuple(args[0]) || !is_tuple(args[1])) return KERNEL_PASS;
  const Tuple *a = as_tuple(vm, args[0]), *b = as_tuple(vm, args[1]);
  uint32_t n = a->len < b->len ? a->len : b->len;
  Value pairs = new_tuple(vm, n);
  for (uint32_t i = 0; i < n && pairs; i++) {
    Value both[] = {a->items[i], b->items[i]}, shared = shared_pair(vm, both[0], both[1]);
    if (!shared && !(shared = tuple_of(vm, both, 2))) return KERNEL_FAIL;
    as_tuple(vm, pairs)->items[i] = shared;
  }
  return done_if(pairs, result);
}

/* ---- cells ---- */

/* Of nested cells. */
static FN uint32_t count_coloured(const Vm *vm, const Set *s, Value colour) {
  const SetEntry *table = set_table(vm, s);
  uint32_t n = 0;
  for (uint64_t k = 0; k <= s->mask; k++)
    if (table[k].key && table[k].key != SET_DUMMY) n += key_colour(vm, table[k].key) == colour;
  return n;
}

/* Of a frozenset of cells. */
static FN KernelStatus count_cells(Vm *vm, Value object, Value colour, Value *result) {
  uint32_t n = 0;
  const Deferred *d = deferred_of(vm, object);
  if (d && d->colour) return done_if(v_int(d->colour == colour ? as_set(vm, object)->used : 0), result);
  if (!d) return done_if(v_int(count_coloured(vm, as_set(vm, object), colour)), result);
  Spans spans = spans_of(vm, d);
  for (Span span; spans_next(&spans, &span);) {
    ColourRow r = deferred_colours(vm, d, span.row);
    for (int64_t j = span.from; j < span.to; j++) n += colour_in_row(&r, j) == colour;
  }
  return done_if(v_int(n), result);
}

KERNEL(colorcount_f) {
  uint32_t n;
  bool cells = is_kind(args[0], KIND_FROZENSET) && is_cells(vm, args[0], &n) && n == 3;
  if (cells && is_colour(args[1])) return count_cells(vm, args[0], args[1], result);
  if (has_no_items(vm, args[0]) || (cells && never_int(args[1]))) return done_if(v_int(0), result);
  uint32_t raised = unpacking_raises(vm, args[0], 3);
  return raised ? fail(vm, raised) : KERNEL_PASS;
}

/* How many cells of a grid or an object of nested ones have the colour. */
KERNEL(colorcount__nested) {
  GridView g;
  Census c;
  uint32_t n = 0;
  if (!is_colour(args[1])) return KERNEL_PASS;
  if (plane_view(vm, args[0], &g) && grid_plane(vm, &g)) {
    plane_census(vm->warp, g.plane, (size_t)g.h * g.w, &c);
    for (uint32_t k = 0; k < c.n; k++)
      if (c.colours[k] == plane_colour(args[1])) n = c.counts[c.colours[k]];
    return done_if(v_int(n), result);
  }
  return is_nested(vm, args[0]) ? count_cells(vm, args[0], args[1], result) : KERNEL_PASS;
}

enum { PAIRS_MOST = 1 << 20 };

FN_INLINE int64_t gap(int64_t a, int64_t b) { return a < b ? b - a : a - b; }
/* Between the nearest columns of two spans. */
FN_INLINE int64_t apart(const Span *x, const Span *y) { return x->to <= y->from ? y->from - x->to + 1 : y->to <= x->from ? x->from - y->to + 1 : 0; }

/* The least distance between a location of one patch and one of another, by rows and columns. */
static FN KernelStatus nearest(Vm *vm, const Value *patches, Value *result) {
  if ((uint64_t)as_set(vm, patches[0])->used * as_set(vm, patches[1])->used > PAIRS_MOST) return KERNEL_PASS;
  int64_t least = INT64_MAX;
  Spans rows = patch_spans(vm, patches[0]);
  for (Span x; spans_next(&rows, &x);) {
    Spans others = patch_spans(vm, patches[1]);
    for (Span y; spans_next(&others, &y);) {
      int64_t d = gap(x.row, y.row) + apart(&x, &y);
      least = d < least ? d : least;
    }
  }
  return done_if(v_int(least), result);
}

/* A frozenset of locations or cells that has some? */
static FN bool has_places(const Vm *vm, Value v) {
  uint32_t n;
  return is_kind(v, KIND_FROZENSET) && is_cells(vm, v, &n) && n;
}

/* Where not both patches have places: far from nothing at all, and what comes first of the second may be no location. */
static NOINLINE FN KernelStatus nowhere_near(Vm *vm, const Value *patches, Value *result) {
  uint32_t pos = 0;
  Value first;
  bool a = has_places(vm, patches[0]), none = has_no_items(vm, patches[1]);
  if (none ? a || has_no_items(vm, patches[0]) : is_container(patches[1]) && has_no_items(vm, patches[0])) return done_if(vm->image->inf, result);
  if (!a || !is_kind(patches[1], KIND_FROZENSET) || as_set(vm, patches[1])->unordered || !set_next(vm, patches[1], &pos, &first)) return KERNEL_PASS;
  bool longer = is_tuple(first) && tuple_head(vm, first)->len != 2 && tuple_head(vm, first)->len != 3;
  return longer ? fail(vm, ERR_ValueError) : KERNEL_PASS;
}

/* Their keys say that toindices() is guarded. */
KERNEL(manhattan) {
  for (int k = 0; k < 2; k++)
    if (!has_places(vm, args[k])) return nowhere_near(vm, args, result);
  return nearest(vm, args, result);
}

KERNEL(manhattan__nested) {
  KeyForm form;
  for (int k = 0; k < 2; k++)
    if (!key_form(vm, args[k], &form) || form == KEYS_NONE || form == KEYS_CELLS) return KERNEL_PASS;
  return nearest(vm, args, result);
}
