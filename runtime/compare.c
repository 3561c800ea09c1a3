/* compare.c - equality, order, truth and membership.
 *
 * Items of containers are compared by identity first, so a nan equals itself there. A comparison
 * inside a container takes one level of the recursion limit, which it shares with frames, as
 * Objects/object.c (PyObject_RichCompare) does. */
#include "kernels/unmade.h"
#include "key.h"

/* ---- recursion ---- */

static FN bool enter(Vm *vm) {
  if (UNLIKELY(vm->depth >= vm->depth_limit)) return raise_false(vm, ERR_RecursionError);
  vm->depth++;
  if (vm->depth > vm->high) vm->high = vm->depth;
  return true;
}

FN_INLINE void leave(Vm *vm) { vm->depth--; }

/* ---- numbers ---- */

FN_INLINE bool is_number(Value v) { return is_int(v) || is_bool(v) || is_kind(v, KIND_FLOAT); }

typedef enum { LESS = -1, EQUAL = 0, GREATER = 1, UNORDERED = 2 } Order;

FN_INLINE Order order_of_ints(int64_t a, int64_t b) { return a < b ? LESS : a > b ? GREATER : EQUAL; }

static FN Order order_of_floats(double a, double b) {
  return a < b ? LESS : a > b ? GREATER : a == b ? EQUAL : UNORDERED;
}

/* Exact: the int is never rounded. Ints have at most 61 bits. */
static FN Order order_of_int_float(int64_t i, double d) {
  if (d != d) return UNORDERED;
  if (d >= 2305843009213693952.0) return LESS;
  if (d <= -2305843009213693952.0) return GREATER;
  int64_t whole = (int64_t)d; /* towards 0 */
  if (i != whole) return i < whole ? LESS : GREATER;
  return order_of_floats((double)whole, d);
}

static FN Order order_of_numbers(const Vm *vm, Value a, Value b) {
  bool float_a = is_kind(a, KIND_FLOAT), float_b = is_kind(b, KIND_FLOAT);
  if (!float_a && !float_b) return order_of_ints(intlike_of(a), intlike_of(b));
  if (float_a && float_b) return order_of_floats(as_float(vm, a)->value, as_float(vm, b)->value);
  if (float_b) return order_of_int_float(intlike_of(a), as_float(vm, b)->value);
  Order o = order_of_int_float(intlike_of(b), as_float(vm, a)->value);
  return o == UNORDERED ? o : (Order)-o;
}

/* ---- sequences ---- */

typedef struct {
  const Value *items;
  uint32_t len;
} Span;

FN_INLINE Span span_of(const Vm *vm, Value seq) {
  Span s;
  if (is_tuple(seq)) {
    s.items = as_tuple(vm, seq)->items;
    s.len = tuple_head(vm, seq)->len;
  } else if (is_kind(seq, KIND_SLICE)) { /* in order as (start, stop, step) */
    s.items = &as_slice(vm, seq)->start;
    s.len = 3;
  } else {
    s.items = list_items(vm, as_list(vm, seq));
    s.len = as_list(vm, seq)->len;
  }
  return s;
}

/* Equality of two items of containers: one level deeper, unless they are the same. */
FN_INLINE int item_eq(Vm *vm, Value a, Value b) {
  if (a == b) return 1;
  if (UNLIKELY(vm->depth >= vm->depth_limit)) return raise_int(vm, ERR_RecursionError);
  return value_eq(vm, a, b);
}

/* The first place where the two differ, or the length of the shorter. -1: exception pending. */
static FN int64_t first_difference(Vm *vm, Span a, Span b) {
  uint32_t n = a.len < b.len ? a.len : b.len;
  for (uint32_t i = 0; i < n; i++) {
    int same = item_eq(vm, a.items[i], b.items[i]);
    if (same <= 0) return same < 0 ? -1 : (int64_t)i;
  }
  return n;
}

static FN int spans_eq(Vm *vm, Span a, Span b) {
  if (a.len != b.len) return 0;
  int64_t i = first_difference(vm, a, b);
  return i < 0 ? -1 : i == a.len;
}

/* ---- equality ---- */

static FN int dict_eq(Vm *vm, Value a, Value b) {
  if (as_dict(vm, a)->used != as_dict(vm, b)->used) return 0;
  uint32_t pos = 0;
  for (Value key, x, y = 0; dict_next(vm, a, &pos, &key, &x);) {
    int same = dict_get(vm, b, key, &y);
    if (same > 0) same = item_eq(vm, x, y);
    if (same <= 0) return same;
  }
  return 1;
}

/* A count that is absent is 0. */
static FN int count_of(Vm *vm, Value counter, Value key, Value *count) {
  *count = v_int(0);
  return dict_get(vm, counter, key, count);
}

/* op holds between the counts of each key of `keys` in a and in b. */
static FN int counts_hold(Vm *vm, Opcode op, Value keys, Value a, Value b) {
  uint32_t pos = 0;
  for (Value key, x, y; dict_next(vm, keys, &pos, &key, &x);) {
    if (count_of(vm, a, key, &x) < 0 || count_of(vm, b, key, &y) < 0) return -1;
    int ok = value_compare(vm, op, x, y);
    if (ok <= 0) return ok;
  }
  return 1;
}

static FN int counters_hold(Vm *vm, Opcode op, Value a, Value b) {
  int ok = counts_hold(vm, op, a, a, b);
  return ok > 0 ? counts_hold(vm, op, b, a, b) : ok;
}

static FN bool both_counters(const Vm *vm, Value a, Value b) {
  return is_kind(a, KIND_DICT) && is_kind(b, KIND_DICT) && as_dict(vm, a)->is_counter && as_dict(vm, b)->is_counter;
}

/* Ranges are equal as the sequences they stand for. */
static FN int range_eq(const Range *a, const Range *b) {
  if (a->len != b->len) return 0;
  return a->len == 0 || (a->start == b->start && (a->len == 1 || a->step == b->step));
}

static FN int slice_eq(Vm *vm, const Slice *a, const Slice *b) {
  int same = item_eq(vm, a->start, b->start);
  if (same > 0) same = item_eq(vm, a->stop, b->stop);
  return same > 0 ? item_eq(vm, a->step, b->step) : same;
}

static FN int method_eq(const Method *a, const Method *b) {
  return a->self == b->self && a->method == b->method;
}

/* Both are of the same type, and no numbers; sets and frozensets are one type here. */
static FN int container_eq(Vm *vm, Kind kind, Value a, Value b) {
  switch (kind) {
    case KIND_TUPLE:
      if (UNLIKELY((tuple_head(vm, a)->canon | tuple_head(vm, b)->canon) & TUPLE_UNMADE)) {
        int same = unmade_equal(vm, a, b);
        if (same >= 0) return same;
      }
      /* fall through */
    case KIND_LIST:
      return spans_eq(vm, span_of(vm, a), span_of(vm, b));
    case KIND_SET:
    case KIND_FROZENSET:
      return set_equal(vm, a, b);
    case KIND_DICT:
      return both_counters(vm, a, b) ? counters_hold(vm, OP_EQ, a, b) : dict_eq(vm, a, b);
    default:
      return slice_eq(vm, as_slice(vm, a), as_slice(vm, b));
  }
}

static NOINLINE FN int deeper_eq(Vm *vm, Kind kind, Value a, Value b) {
  if (!enter(vm)) return -1;
  int same = container_eq(vm, kind, a, b);
  leave(vm);
  return same;
}

NOINLINE FN int value_eq(Vm *vm, Value a, Value b) {
  if (is_int(a) && is_int(b)) return a == b;
  if (is_number(a) && is_number(b)) return order_of_numbers(vm, a, b) == EQUAL;
  Kind kind = kind_of(a);
  if (kind != kind_of(b)) return is_anyset(a) && is_anyset(b) ? deeper_eq(vm, kind, a, b) : 0;
  switch (kind) {
    case KIND_STR:
      return str_equal(vm, a, b);
    case KIND_RANGE:
      return range_eq(as_range(vm, a), as_range(vm, b));
    case KIND_METHOD:
      return method_eq(as_method(vm, a), as_method(vm, b));
    case KIND_TUPLE:
    case KIND_LIST:
    case KIND_SET:
    case KIND_FROZENSET:
    case KIND_DICT:
    case KIND_SLICE:
      return deeper_eq(vm, kind, a, b);
    default:
      return a == b;
  }
}

FN int value_same_or_eq(Vm *vm, Value a, Value b) { return a == b ? 1 : value_eq(vm, a, b); }

/* ---- order ---- */

static FN int order_holds(Opcode op, Order o) {
  if (o == UNORDERED) return 0;
  switch (op) {
    case OP_LT: return o == LESS;
    case OP_LE: return o != GREATER;
    case OP_GT: return o == GREATER;
    default: return o != LESS;
  }
}

static FN Order order_of_strs(const Vm *vm, Value a, Value b) {
  const Str *x = as_str(vm, a), *y = as_str(vm, b);
  uint32_t n = x->len < y->len ? x->len : y->len;
  for (uint32_t i = 0; i < n; i++) /* UTF-8 keeps the order of code points */
    if (x->bytes[i] != y->bytes[i]) return (uint8_t)x->bytes[i] < (uint8_t)y->bytes[i] ? LESS : GREATER;
  return order_of_ints(x->len, y->len);
}

/* By the first items that differ, else by length. */
static FN int compare_spans(Vm *vm, Opcode op, Span a, Span b) {
  int64_t i = first_difference(vm, a, b);
  if (i < 0) return -1;
  if (i == a.len || i == b.len) return order_holds(op, order_of_ints(a.len, b.len));
  if (UNLIKELY(vm->depth >= vm->depth_limit)) return raise_int(vm, ERR_RecursionError);
  return value_compare(vm, op, a.items[i], b.items[i]);
}

/* By inclusion. */
static FN int compare_sets(Vm *vm, Opcode op, Value a, Value b) {
  uint32_t x = as_set(vm, a)->used, y = as_set(vm, b)->used;
  switch (op) {
    case OP_LT: return x < y ? set_is_subset(vm, a, b) : 0;
    case OP_LE: return set_is_subset(vm, a, b);
    case OP_GT: return x > y ? set_is_subset(vm, b, a) : 0;
    default: return set_is_subset(vm, b, a);
  }
}

/* Counters: `<=` of all counts; `<` is that and not equal. */
static FN int compare_counters(Vm *vm, Opcode op, Value a, Value b) {
  if (op == OP_LE || op == OP_GE) return counters_hold(vm, op, a, b);
  int ok = counters_hold(vm, op == OP_LT ? OP_LE : OP_GE, a, b);
  if (ok <= 0) return ok;
  int same = counters_hold(vm, OP_EQ, a, b);
  return same < 0 ? -1 : !same;
}

static FN int compare_containers(Vm *vm, Opcode op, Value a, Value b) {
  Kind kind = kind_of(a);
  if (is_anyset(a) && is_anyset(b)) return compare_sets(vm, op, a, b);
  if (kind == kind_of(b) && (kind == KIND_TUPLE || kind == KIND_LIST))
    return compare_spans(vm, op, span_of(vm, a), span_of(vm, b));
  if (both_counters(vm, a, b)) return compare_counters(vm, op, a, b);
  if (kind == KIND_SLICE && kind_of(b) == KIND_SLICE) return compare_spans(vm, op, span_of(vm, a), span_of(vm, b));
  return raise_int(vm, ERR_TypeError);
}

NOINLINE FN int value_compare(Vm *vm, Opcode op, Value a, Value b) {
  if (op == OP_EQ || op == OP_NE) {
    int same = value_eq(vm, a, b);
    return same < 0 ? -1 : same == (op == OP_EQ);
  }
  if (is_number(a) && is_number(b)) return order_holds(op, order_of_numbers(vm, a, b));
  if (is_kind(a, KIND_STR) && is_kind(b, KIND_STR)) return order_holds(op, order_of_strs(vm, a, b));
  if (!is_heap(a) || !is_heap(b)) return raise_int(vm, ERR_TypeError);
  if (!enter(vm)) return -1;
  int result = compare_containers(vm, op, a, b);
  leave(vm);
  return result;
}

/* ---- truth ---- */

FN int value_truth(Vm *vm, Value v) {
  switch (kind_of(v)) {
    case KIND_NONE: return 0;
    case KIND_BOOL: return is_true(v);
    case KIND_INT: return int_of(v) != 0;
    case KIND_FLOAT: return as_float(vm, v)->value != 0;
    case KIND_STR: return as_str(vm, v)->len != 0;
    case KIND_TUPLE: return tuple_head(vm, v)->len != 0;
    case KIND_LIST: return as_list(vm, v)->len != 0;
    case KIND_SET:
    case KIND_FROZENSET: return as_set(vm, v)->used != 0;
    case KIND_DICT: return as_dict(vm, v)->used != 0;
    case KIND_RANGE: return as_range(vm, v)->len != 0;
    default: return 1;
  }
}

/* ---- membership ---- */

static FN int span_contains(Vm *vm, Span s, Value item) {
  for (uint32_t i = 0; i < s.len; i++) {
    int same = item_eq(vm, s.items[i], item);
    if (same) return same;
  }
  return 0;
}

static FN int range_contains_int(const Range *r, int64_t i) {
  int64_t from_start = i - r->start; /* both of 61 bits */
  if (r->len <= 0 || from_start % r->step) return 0;
  int64_t place = from_start / r->step;
  return place >= 0 && place < r->len;
}

/* Other numbers are compared with each item: only a float that is an int can equal one. */
static FN int range_contains(const Vm *vm, const Range *r, Value item) {
  if (is_intlike(item)) return range_contains_int(r, intlike_of(item));
  if (!is_kind(item, KIND_FLOAT)) return 0;
  double d = as_float(vm, item)->value;
  if (!(d > -1152921504606846976.0 && d < 1152921504606846976.0)) return 0;
  return (double)(int64_t)d == d && range_contains_int(r, (int64_t)d);
}

static FN int str_contains(Vm *vm, const Str *s, Value part) {
  if (!is_kind(part, KIND_STR)) return raise_int(vm, ERR_TypeError);
  const Str *p = as_str(vm, part);
  for (uint64_t i = 0; i + p->len <= s->len; i++)
    if (same_bytes(s->bytes + i, p->bytes, p->len)) return 1;
  return 0;
}

static FN int iterated_contains(Vm *vm, Value iterable, Value item) {
  Value iter = get_iter(vm, iterable);
  if (!iter) return -1;
  int more;
  for (Value x; (more = iter_next(vm, iter, &x)) > 0;) {
    int same = item_eq(vm, x, item);
    if (same) return same;
  }
  return more;
}

FN int value_contains(Vm *vm, Value container, Value item) {
  switch (kind_of(container)) {
    case KIND_TUPLE:
    case KIND_LIST: return span_contains(vm, span_of(vm, container), item);
    case KIND_SET:
    case KIND_FROZENSET: return set_contains(vm, container, item);
    case KIND_DICT: return dict_get(vm, container, item, NULL);
    case KIND_RANGE: return range_contains(vm, as_range(vm, container), item);
    case KIND_STR: return str_contains(vm, as_str(vm, container), item);
    default: return iterated_contains(vm, container, item);
  }
}
