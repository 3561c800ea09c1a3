/* iter.c - native iterators: a step never runs a frame.
 *
 * Invariant: the parts of a native zip, enumerate or product are native too (over a generator the
 * prelude's generator functions stand in), so that only KIND_GEN is lazy. A view of a dict (keys(), values(),
 * items()) is an Iter with index VIEW: an iterable that makes iterators, never stepped itself. */
#include "native.h"

enum { VIEW = -1 };

FN bool is_dict_view(const Vm *vm, Value v) {
  return is_kind(v, KIND_ITER) && as_iter(vm, v)->index == VIEW && is_kind(as_iter(vm, v)->source, KIND_DICT);
}

FN bool is_lazy(const Vm *vm, Value v) {
  (void)vm;
  return is_kind(v, KIND_GEN);
}

FN bool is_iterable(const Vm *vm, Value v) {
  (void)vm;
  switch (kind_of(v)) {
  case KIND_STR: case KIND_TUPLE: case KIND_LIST: case KIND_SET: case KIND_FROZENSET: case KIND_DICT:
  case KIND_RANGE: case KIND_ITER: case KIND_GEN: return true;
  default: return false;
  }
}

/* ---- making ---- */

static FN void fill(Iter *it, IterKind kind, Value source, int64_t size) {
  it->kind = kind;
  it->count = 0;
  it->index = 0;
  it->size = size;
  it->source = source;
}

static FN Value alloc_iter(Vm *vm, IterKind kind, Value source, uint32_t nparts) {
  uint32_t at = arena_alloc(vm, sizeof(Iter) + (size_t)nparts * sizeof(Value));
  if (!at) return 0;
  fill((Iter *)arena_at(vm, at), kind, source, 0);
  return HEAP(KIND_ITER, at);
}

/* dict iterators: count is what is still to come, as CPython checks it beside the size */
static FN void fill_dict(const Vm *vm, Iter *it, IterKind kind, Value dict) {
  fill(it, kind, dict, as_dict(vm, dict)->used);
  it->count = as_dict(vm, dict)->used;
}

FN Iter *iter_begin(Vm *vm, Value v, Iter *local) {
  switch (kind_of(v)) {
  case KIND_TUPLE: fill(local, ITER_TUPLE, v, 0); return local;
  case KIND_LIST: fill(local, ITER_LIST, v, 0); return local;
  case KIND_SET:
  case KIND_FROZENSET: fill(local, ITER_SET, v, as_set(vm, v)->used); return local;
  case KIND_RANGE: fill(local, ITER_RANGE, v, 0); return local;
  case KIND_STR: fill(local, ITER_STR, v, 0); return local;
  case KIND_DICT: fill_dict(vm, local, ITER_DICT, v); return local;
  case KIND_ITER:
    if (!is_dict_view(vm, v)) {
      note_change(vm, v);
      return as_iter(vm, v);
    }
    fill_dict(vm, local, (IterKind)as_iter(vm, v)->kind, as_iter(vm, v)->source);
    return local;
  case KIND_GEN: raise_limit(vm, LIMIT_UNSUPPORTED); return NULL; /* callers ask is_lazy first */
  default: raise_error(vm, ERR_TypeError); return NULL;
  }
}

FN Value get_iter(Vm *vm, Value v) {
  if (is_lazy(vm, v) || (is_kind(v, KIND_ITER) && !is_dict_view(vm, v))) {
    note_change(vm, v);
    return v;
  }
  Iter local;
  if (!iter_begin(vm, v, &local)) return 0;
  Value iter = alloc_iter(vm, ITER_EMPTY, 0, 0);
  if (iter) __builtin_memcpy(as_iter(vm, iter), &local, sizeof local);
  return iter;
}

FN Value new_dict_view(Vm *vm, Value dict, IterKind kind) {
  Value view = alloc_iter(vm, kind, dict, 0);
  if (view) as_iter(vm, view)->index = VIEW;
  return view;
}

FN Value new_zip(Vm *vm, const Value *iterables, uint32_t n) {
  Value zip = alloc_iter(vm, ITER_ZIP, 0, n);
  if (!zip) return 0;
  as_iter(vm, zip)->count = n;
  for (uint32_t i = 0; i < n; i++) {
    Value part = get_iter(vm, iterables[i]);
    if (!part) return 0;
    as_iter(vm, zip)->parts[i] = part;
  }
  return zip;
}

FN Value new_enumerate(Vm *vm, Value iterable, int64_t start) {
  Value source = get_iter(vm, iterable);
  if (!source) return 0;
  Value it = alloc_iter(vm, ITER_ENUMERATE, source, 0);
  if (it) as_iter(vm, it)->index = start;
  return it;
}

/* Strings, dicts and their views are reversed as a list of what they hold now. */
FN Value new_reversed(Vm *vm, Value seq) {
  if (is_kind(seq, KIND_RANGE)) {
    Value range = range_reversed(vm, seq);
    return range ? get_iter(vm, range) : 0;
  }
  if (is_kind(seq, KIND_STR) || is_kind(seq, KIND_DICT) || is_dict_view(vm, seq)) {
    seq = list_from(vm, seq);
    if (!seq) return 0;
  }
  if (!is_tuple(seq) && !is_kind(seq, KIND_LIST)) return raise_error(vm, ERR_TypeError);
  Value it = alloc_iter(vm, ITER_REVERSED, seq, 0);
  if (it) as_iter(vm, it)->index = (int64_t)(is_tuple(seq) ? tuple_head(vm, seq)->len : as_list(vm, seq)->len) - 1;
  return it;
}

/* parts: the pools, then a position in each. index 0: no row given yet. */
FN Value new_product(Vm *vm, const Value *iterables, uint32_t n, int64_t repeat) {
  if (repeat < 0) return raise_error(vm, ERR_ValueError);
  Value pools = new_list(vm, n);
  for (uint32_t i = 0; pools && i < n; i++) {
    Value pool = tuple_from(vm, iterables[i]);
    if (!pool || !list_append(vm, pools, pool)) return 0;
  }
  if (!pools) return 0;
  if (!n) repeat = 0;
  if (repeat && (uint64_t)repeat > UINT32_MAX / 2 / n) return raise_limit(vm, LIMIT_MEMORY);
  uint32_t count = n * (uint32_t)repeat;
  Value it = alloc_iter(vm, ITER_PRODUCT, 0, 2 * count);
  if (!it) return 0;
  as_iter(vm, it)->count = count;
  for (uint32_t i = 0; i < count; i++) {
    as_iter(vm, it)->parts[i] = list_items(vm, as_list(vm, pools))[i % n];
    as_iter(vm, it)->parts[count + i] = v_int(0);
  }
  return it;
}

/* ---- stepping ---- */

static FN int step_at(Vm *vm, Iter *it, Value *item, uint32_t level);

static FN int exhausted(Iter *it) {
  it->kind = ITER_EMPTY;
  return 0;
}

static FN int item_or_error(Value v, Value *item) {
  *item = v;
  return v ? 1 : -1;
}

static FN int set_step(Vm *vm, Iter *it, Value *item) {
  if (it->size != as_set(vm, it->source)->used) {
    it->size = -1; /* the error stays */
    return raise_int(vm, ERR_RuntimeError);
  }
  uint32_t pos = (uint32_t)it->index;
  bool more = set_next(vm, it->source, &pos, item);
  it->index = pos;
  return more ? 1 : exhausted(it);
}

static FN int dict_step(Vm *vm, Iter *it, Value *item) {
  if (it->size != as_dict(vm, it->source)->used) {
    it->size = -1;
    return raise_int(vm, ERR_RuntimeError);
  }
  uint32_t pos = (uint32_t)it->index;
  Value pair[2];
  if (!dict_next(vm, it->source, &pos, &pair[0], &pair[1])) return exhausted(it);
  if (!it->count) return raise_int(vm, ERR_RuntimeError); /* keys were exchanged */
  it->index = pos;
  it->count--;
  *item = it->kind == ITER_DICT ? pair[0] : pair[1];
  return it->kind == ITER_DICT_ITEMS ? item_or_error(tuple_of(vm, pair, 2), item) : 1;
}

static FN int str_step(Vm *vm, Iter *it, Value *item) {
  const Str *s = as_str(vm, it->source);
  if (it->index >= (int64_t)s->len) return exhausted(it);
  const char *c = s->bytes + it->index;
  it->index += char_size(c);
  return item_or_error(new_str(vm, c, char_size(c)), item);
}

static FN int reversed_step(Vm *vm, Iter *it, Value *item) {
  bool tuple = is_tuple(it->source);
  int64_t len = tuple ? tuple_head(vm, it->source)->len : as_list(vm, it->source)->len;
  if (it->index < 0 || it->index >= len) return exhausted(it);
  *item = (tuple ? as_tuple(vm, it->source)->items : list_items(vm, as_list(vm, it->source)))[it->index--];
  return 1;
}

/* The parts before the one that is exhausted have been stepped, and will be again, as in CPython. */
static FN int zip_step(Vm *vm, Iter *it, Value *item, uint32_t level) {
  if (!it->count) return exhausted(it);
  Value row = 0;
  for (uint32_t i = 0; i < it->count; i++) {
    Value part;
    int more = step_at(vm, as_iter(vm, it->parts[i]), &part, level + 1);
    if (more <= 0) return more;
    if (!row && !(row = new_tuple(vm, it->count))) return -1;
    as_tuple(vm, row)->items[i] = part;
  }
  *item = row;
  return 1;
}

static FN int enumerate_step(Vm *vm, Iter *it, Value *item, uint32_t level) {
  Value pair[2];
  int more = step_at(vm, as_iter(vm, it->source), &pair[1], level + 1);
  if (more <= 0) return more;
  pair[0] = int_value(vm, it->index);
  if (!pair[0]) return -1;
  it->index++;
  return item_or_error(tuple_of(vm, pair, 2), item);
}

/* Moves the last position that can move, and those after it to 0; false when none can. */
static FN bool advance_product(const Vm *vm, Iter *it) {
  for (uint32_t i = it->count; i-- > 0;) {
    int64_t at = int_of(it->parts[it->count + i]) + 1;
    bool wraps = at >= (int64_t)tuple_head(vm, it->parts[i])->len;
    it->parts[it->count + i] = v_int(wraps ? 0 : at);
    if (!wraps) return true;
  }
  return false;
}

static FN int product_step(Vm *vm, Iter *it, Value *item) {
  for (uint32_t i = 0; !it->index && i < it->count; i++)
    if (!tuple_head(vm, it->parts[i])->len) return exhausted(it);
  if (it->index && !advance_product(vm, it)) return exhausted(it);
  it->index = 1;
  Value row = new_tuple(vm, it->count);
  if (!row) return -1;
  for (uint32_t i = 0; i < it->count; i++)
    as_tuple(vm, row)->items[i] = as_tuple(vm, it->parts[i])->items[int_of(it->parts[it->count + i])];
  *item = row;
  return 1;
}

static FN DEVICE_NOINLINE int step_at(Vm *vm, Iter *it, Value *item, uint32_t level) {
  switch ((IterKind)it->kind) {
  case ITER_TUPLE: {
    const Tuple *t = as_tuple(vm, it->source);
    if (it->index >= (int64_t)t->len) return exhausted(it);
    *item = t->items[it->index++];
    return 1;
  }
  case ITER_LIST: {
    const List *l = as_list(vm, it->source);
    if (it->index >= (int64_t)l->len) return exhausted(it);
    *item = list_items(vm, l)[it->index++];
    return 1;
  }
  case ITER_RANGE: {
    const Range *r = as_range(vm, it->source);
    if (it->index >= r->len) return exhausted(it);
    *item = v_int(r->start + it->index++ * r->step);
    return 1;
  }
  case ITER_SET: return set_step(vm, it, item);
  case ITER_DICT:
  case ITER_DICT_ITEMS:
  case ITER_DICT_VALUES: return dict_step(vm, it, item);
  case ITER_STR: return str_step(vm, it, item);
  case ITER_REVERSED: return reversed_step(vm, it, item);
  case ITER_PRODUCT: return product_step(vm, it, item);
  case ITER_EMPTY: return 0;
  case ITER_ZIP:
  case ITER_ENUMERATE: break;
  }
  if (level > vm->depth_limit) return raise_int(vm, ERR_RecursionError);
  return it->kind == ITER_ZIP ? zip_step(vm, it, item, level) : enumerate_step(vm, it, item, level);
}

FN int iter_step(Vm *vm, Iter *it, Value *item) { return step_at(vm, it, item, 0); }

FN int iter_next(Vm *vm, Value iter, Value *item) { return step_at(vm, as_iter(vm, iter), item, 0); }

/* ---- len ---- */

FN bool value_len(Vm *vm, Value v, int64_t *len) {
  switch (kind_of(v)) {
  case KIND_TUPLE: *len = tuple_head(vm, v)->len; return true;
  case KIND_LIST: *len = as_list(vm, v)->len; return true;
  case KIND_SET:
  case KIND_FROZENSET: *len = as_set(vm, v)->used; return true;
  case KIND_DICT: *len = as_dict(vm, v)->used; return true;
  case KIND_RANGE: *len = as_range(vm, v)->len; return true;
  case KIND_STR: *len = str_len(vm, v); return true;
  default: break;
  }
  if (!is_dict_view(vm, v)) return raise_false(vm, ERR_TypeError);
  *len = as_dict(vm, as_iter(vm, v)->source)->used;
  return true;
}
