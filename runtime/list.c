/* list.c - lists: a header and an array in the arena, which moves when it grows. */
#include "deferred.h"
#include "object.h"

enum { FIRST_CAP = 4 };

FN Value new_list(Vm *vm, uint32_t cap) {
  uint32_t offset = arena_alloc(vm, sizeof(List) + (size_t)cap * sizeof(Value));
  if (!offset) return 0;
  List *l = (List *)arena_at(vm, offset);
  l->len = 0;
  l->cap = cap;
  l->items = offset + sizeof(List) / 8;
  l->spare = 0;
  return HEAP(KIND_LIST, offset);
}

/* Room for `more` further items. An array at the end of the arena grows where it is. */
static FN bool reserve_items(Vm *vm, List *l, uint64_t more) {
  uint64_t need = l->len + more;
  if (need <= l->cap) return true;
  uint64_t cap = (uint64_t)l->cap * 2;
  if (cap < need) cap = need;
  if (cap < FIRST_CAP) cap = FIRST_CAP;
  if (cap > UINT32_MAX) return raise_limit(vm, LIMIT_MEMORY), false;
  if (l->items + l->cap == vm->top) {
    if (!arena_alloc(vm, (cap - l->cap) * sizeof(Value))) return false;
  } else {
    uint32_t items = arena_alloc(vm, cap * sizeof(Value));
    if (!items) return false;
    __builtin_memcpy(arena_at(vm, items), list_items(vm, l), l->len * sizeof(Value));
    l->items = items;
  }
  l->cap = (uint32_t)cap;
  return true;
}

FN bool list_append(Vm *vm, Value list, Value item) {
  List *l = as_list(vm, list);
  if (UNLIKELY(l->len == l->cap) && !reserve_items(vm, l, 1)) return false;
  list_items(vm, l)[l->len++] = item;
  return true;
}

/* from may be the list's own array: an array that moves leaves its old items behind. */
static FN bool extend_by(Vm *vm, List *l, const Value *from, uint32_t n) {
  if (!reserve_items(vm, l, n)) return false;
  Value *to = list_items(vm, l) + l->len;
  for (uint32_t i = 0; i < n; i++) to[i] = from[i];
  l->len += n;
  return true;
}

static FN bool extend_by_set(Vm *vm, List *l, Value set) {
  if (!reserve_items(vm, l, as_set(vm, set)->used)) return false;
  uint32_t pos = 0;
  Value *items = list_items(vm, l);
  if (deferred_list(vm, set, items + l->len)) {
    l->len += as_set(vm, set)->used;
    return true;
  }
  while (set_next(vm, set, &pos, &items[l->len])) l->len++;
  return true;
}

static FN bool extend_by_range(Vm *vm, List *l, const Range *r) {
  if (r->len > UINT32_MAX) return raise_limit(vm, LIMIT_MEMORY), false;
  if (!reserve_items(vm, l, (uint64_t)r->len)) return false;
  Value *to = list_items(vm, l) + l->len;
  for (int64_t i = 0; i < r->len; i++) to[i] = v_int(r->start + i * r->step);
  l->len += (uint32_t)r->len;
  return true;
}

static FN bool extend_by_iterating(Vm *vm, Value list, Value iterable) {
  Value iter = get_iter(vm, iterable);
  if (!iter) return false;
  int more;
  for (Value item; (more = iter_next(vm, iter, &item)) > 0;)
    if (!list_append(vm, list, item)) return false;
  return more == 0;
}

FN bool list_extend(Vm *vm, Value list, Value iterable) {
  List *l = as_list(vm, list);
  switch (kind_of(iterable)) {
    case KIND_TUPLE:
      return extend_by(vm, l, as_tuple(vm, iterable)->items, tuple_head(vm, iterable)->len);
    case KIND_LIST:
      return extend_by(vm, l, list_items(vm, as_list(vm, iterable)), as_list(vm, iterable)->len);
    case KIND_SET:
    case KIND_FROZENSET:
      return extend_by_set(vm, l, iterable);
    case KIND_RANGE:
      return extend_by_range(vm, l, as_range(vm, iterable));
    default:
      return extend_by_iterating(vm, list, iterable);
  }
}

FN Value list_from(Vm *vm, Value iterable) {
  Value list = new_list(vm, 0);
  return list && list_extend(vm, list, iterable) ? list : 0;
}

FN Value list_to_tuple(Vm *vm, Value list) {
  const List *l = as_list(vm, list);
  return tuple_of(vm, list_items(vm, l), l->len);
}
