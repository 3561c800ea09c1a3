/* tuple.c - tuples, and the arithmetic of slices (Objects/sliceobject.c at v3.11).
 *
 * Where CPython gives back the operand itself or the one empty tuple, so do these: `is` shows it. */
#include "kernels/grid.h"
#include "object.h"

/* More than this no process can address: CPython, too, surely runs out of memory. */
static const int64_t MOST_ITEMS = (int64_t)1 << 44;

/* items[0..len) are not set. */
static FN Tuple *alloc_tuple(Vm *vm, uint64_t len, Value *tuple) {
  if (len >= UINT32_MAX) {
    raise_limit(vm, LIMIT_MEMORY);
    return NULL;
  }
  uint32_t offset = arena_alloc(vm, sizeof(Tuple) + len * sizeof(Value));
  if (!offset) return NULL;
  Tuple *t = (Tuple *)arena_at(vm, offset);
  t->hash = HASH_UNKNOWN;
  t->len = (uint32_t)len;
  t->canon = 0;
  *tuple = HEAP(KIND_TUPLE, offset);
  return t;
}

FN Value new_tuple(Vm *vm, uint32_t len) {
  if (len == 0) return vm->image->empty_tuple;
  Value tuple = 0;
  alloc_tuple(vm, len, &tuple);
  return tuple;
}

FN_INLINE void copy_values(Value *to, const Value *from, uint32_t n) {
  for (uint32_t i = 0; i < n; i++) to[i] = from[i];
}

FN Value tuple_of(Vm *vm, const Value *items, uint32_t len) {
  Value tuple = new_tuple(vm, len);
  if (tuple) copy_values(tuple_head(vm, tuple)->items, items, len);
  return tuple;
}

/* Does it begin as a grid does? Then so does what it is the beginning of, and while a program runs that has room for its plane. */
FN_INLINE bool begins_as_grid(const Vm *vm, const Tuple *t) {
  return vm->deferring && is_tuple(t->items[0]) && as_tuple(vm, t->items[0])->len && is_colour(as_tuple(vm, t->items[0])->items[0]);
}

/* a + b for a tuple a. */
FN Value tuple_concat(Vm *vm, Value a, Value b) {
  if (!is_tuple(b)) return raise_error(vm, ERR_TypeError);
  const Tuple *x = as_tuple(vm, a), *y = as_tuple(vm, b);
  if (x->len == 0) return b;
  if (y->len == 0) return a;
  Value tuple = 0;
  uint64_t len = (uint64_t)x->len + y->len;
  Tuple *t = alloc_tuple(vm, begins_as_grid(vm, x) ? len + 1 : len, &tuple);
  if (!t) return 0;
  if (t->len > len) rows_become(t);
  copy_values(t->items, x->items, x->len);
  copy_values(t->items + x->len, y->items, y->len);
  return tuple;
}

/* a * n for a tuple a. */
FN Value tuple_repeat(Vm *vm, Value a, int64_t n) {
  const Tuple *x = as_tuple(vm, a);
  if (x->len == 0 || n == 1) return a;
  if (n <= 0) return vm->image->empty_tuple;
  if (n > MOST_ITEMS / x->len) return raise_error(vm, ERR_MemoryError);
  Value tuple = 0;
  Tuple *t = alloc_tuple(vm, (uint64_t)n * x->len, &tuple);
  if (!t) return 0;
  for (int64_t i = 0; i < n; i++) copy_values(t->items + i * x->len, x->items, x->len);
  return tuple;
}

/* a[slice] for a tuple a. */
FN Value tuple_slice(Vm *vm, Value a, Value slice) {
  const Tuple *x = as_tuple(vm, a);
  int64_t start, step, count;
  if (!slice_indices(vm, slice, x->len, &start, &step, &count)) return 0;
  if (start == 0 && step == 1 && count == x->len) return a;
  Value tuple = new_tuple(vm, (uint32_t)count);
  if (!tuple) return 0;
  Value *items = as_tuple(vm, tuple)->items;
  for (int64_t i = 0; i < count; i++) items[i] = x->items[start + i * step];
  return tuple;
}

/* ---- slices ---- */

static FN bool slice_part(Vm *vm, Value part, int64_t absent, int64_t *i) {
  if (part == V_NONE) {
    *i = absent;
    return true;
  }
  if (!is_intlike(part)) return raise_false(vm, ERR_TypeError);
  *i = intlike_of(part);
  return true;
}

/* An end of a slice as a position: from the back if negative, cut to low..high. */
static FN int64_t slice_end(int64_t i, int64_t len, int64_t low, int64_t high) {
  if (i < 0) i += len;
  return i < low ? low : i > high ? high : i;
}

/* Where slice starts, ends and how it steps in a sequence of len items. False: TypeError, or ValueError for step 0. */
FN bool slice_ends(Vm *vm, Value slice, int64_t len, int64_t *start, int64_t *stop, int64_t *step) {
  const Slice *s = as_slice(vm, slice);
  if (!slice_part(vm, s->step, 1, step)) return false;
  if (*step == 0) return raise_false(vm, ERR_ValueError);
  bool back = *step < 0;
  int64_t low = back ? -1 : 0, high = back ? len - 1 : len;
  if (!slice_part(vm, s->start, back ? INT64_MAX : 0, start)) return false;
  if (!slice_part(vm, s->stop, back ? INT64_MIN : INT64_MAX, stop)) return false;
  *start = slice_end(*start, len, low, high);
  *stop = slice_end(*stop, len, low, high);
  return true;
}

/* The items that it takes: *start + k * *step for k < *count. */
FN bool slice_indices(Vm *vm, Value slice, int64_t len, int64_t *start, int64_t *step, int64_t *count) {
  int64_t stop;
  if (!slice_ends(vm, slice, len, start, &stop, step)) return false;
  int64_t distance = *step < 0 ? *start - stop : stop - *start;
  *count = distance > 0 ? (distance - 1) / (*step < 0 ? -*step : *step) + 1 : 0;
  return true;
}
