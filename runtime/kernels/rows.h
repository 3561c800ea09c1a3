/* rows.h - grids whatever they hold: tuples of tuples, of any lengths and of any values. */
#ifndef BATTC_KERNELS_ROWS_H
#define BATTC_KERNELS_ROWS_H

#include "grid.h"
#include "unmade.h"

typedef struct {
  uint32_t h, shortest, longest; /* lengths of rows; 0 without rows */
  const Value *rows;
} RowsView;

/* False: something else than a tuple of tuples. */
FN bool rows_view(const Vm *vm, Value v, RowsView *r);
FN_INLINE const Tuple *row_of(const Vm *vm, const RowsView *r, uint32_t i) { return as_tuple(vm, r->rows[i]); }

/* Is it no container at all? */
FN_INLINE bool has_no_len(Value v) {
  return v == V_NONE || is_intlike(v) || is_kind(v, KIND_FLOAT) || is_kind(v, KIND_FUNC) || is_kind(v, KIND_GUARD);
}

/* What taking the first item of v, if it has one, as n values raises; 0: nothing, or that is not known. */
FN_INLINE uint32_t unpacking_raises(const Vm *vm, Value v, uint32_t n) {
  uint32_t pos = 0;
  Value first = 0;
  if (has_no_len(v)) return ERR_TypeError;
  if (is_tuple(v) ? is_unmade(vm, v) : !is_kind(v, KIND_FROZENSET) || as_set(vm, v)->unordered) return 0;
  if (is_tuple(v)) first = tuple_head(vm, v)->len ? as_tuple(vm, v)->items[0] : 0;
  else set_next(vm, v, &pos, &first);
  if (!first) return 0;
  if (has_no_len(first)) return ERR_TypeError;
  return is_tuple(first) && tuple_head(vm, first)->len != n ? ERR_ValueError : 0;
}

/* Is it a tuple or frozenset without items? */
FN_INLINE bool has_no_items(const Vm *vm, Value v) { return is_empty_tuple(vm, v) || (is_kind(v, KIND_FROZENSET) && !as_set(vm, v)->used); }

/* Is it equal to no int? */
FN_INLINE bool never_int(Value v) { return is_tuple(v) || is_kind(v, KIND_FROZENSET) || v == V_NONE; }
enum { EXACT = 1 << 30 }; /* ints below it are exact as floats */
/* a == b: 1, 0, -1 where an exception is pending. */
FN_INLINE int equal_values(Vm *vm, Value a, Value b) {
  if (is_int(a) ? is_int(b) || never_int(b) : is_int(b) && never_int(a)) return a == b;
  if (is_int(a) && is_kind(b, KIND_FLOAT) && int_of(a) < EXACT && int_of(a) > -EXACT) return (double)int_of(a) == as_float(vm, b)->value;
  return value_eq(vm, a, b);
}

/* The different values of a grid: cells belong together where their values are of one kind. */
enum { KINDS_MOST = 100, KIND_OUTSIDE = KINDS_MOST, KINDS_MANY = -1, KINDS_RAISED = -2 };
typedef struct {
  bool apart;       /* values that are not equal are of different kinds */
  Value background; /* what equals it is KIND_OUTSIDE */
  uint32_t n;
  Value values[KINDS_MOST];
  uint8_t kinds[KINDS_MOST];
} Kinds;
/* The kind of a value that equals itself. KINDS_MANY: there is no room; KINDS_RAISED: an exception is pending. */
FN int kind_in(Vm *vm, Kinds *k, Value v);

/* What crop() cuts out where the block lies in the grid, as the first row tells; 0 without an error: it
 * does not, or rows are no tuples. */
FN Value block_of(Vm *vm, Value grid, int64_t i, int64_t j, int64_t h, int64_t w, bool *inside);

#endif
