/* range.c - range objects. len is computed once; every item lies between start and stop, so it fits. */
#include "native.h"

static FN Value range_make(Vm *vm, int64_t start, int64_t stop, int64_t step, int64_t len) {
  uint32_t at = arena_alloc(vm, sizeof(Range));
  if (!at) return 0;
  Range *r = (Range *)arena_at(vm, at);
  r->start = start;
  r->stop = stop;
  r->step = step;
  r->len = len;
  return HEAP(KIND_RANGE, at);
}

static FN int64_t range_count(int64_t start, int64_t stop, int64_t step) {
  if (step > 0) return start < stop ? (stop - start - 1) / step + 1 : 0;
  return start > stop ? (start - stop - 1) / -step + 1 : 0;
}

FN Value new_range(Vm *vm, Value start, Value stop, Value step) {
  int64_t from, to, by;
  if (!index_arg(vm, start, &from) || !index_arg(vm, stop, &to) || !index_arg(vm, step, &by)) return 0;
  if (!by) return raise_error(vm, ERR_ValueError);
  return range_make(vm, from, to, by, range_count(from, to, by));
}

FN Value range_item(Vm *vm, Value range, int64_t i) {
  const Range *r = as_range(vm, range);
  if (i < 0) i += r->len;
  if (i < 0 || i >= r->len) return raise_error(vm, ERR_IndexError);
  return v_int(r->start + i * r->step);
}

/* Its ends are those that the slice names, on items or past them, as in Python. */
FN Value range_slice(Vm *vm, Value range, Value slice) {
  const Range *r = as_range(vm, range);
  int64_t start, stop, step;
  if (!slice_ends(vm, slice, r->len, &start, &stop, &step)) return 0;
  __int128 by = (__int128)r->step * step;
  int64_t from = r->start + start * r->step, to = r->start + stop * r->step;
  bool fits = by >= INT_MIN_61 && by <= INT_MAX_61 && fits_int(from) && fits_int(to);
  return fits ? range_make(vm, from, to, (int64_t)by, range_count(from, to, (int64_t)by)) : raise_limit(vm, LIMIT_INTEGER);
}

FN Value range_reversed(Vm *vm, Value range) {
  const Range *r = as_range(vm, range);
  int64_t last = r->start + (r->len - 1) * r->step;
  if (!r->len) return range_make(vm, r->start, r->start, 1, 0);
  if (r->step == INT_MIN_61) return raise_limit(vm, LIMIT_INTEGER);
  return range_make(vm, last, r->start - r->step, -r->step, r->len);
}
