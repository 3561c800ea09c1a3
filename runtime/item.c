/* item.c - subscripts: v[i], v[a:b:c], v[i] = x, del v[i]. */
#include "kernels/unmade.h"
#include "native.h"

/* An index into len items, from the end where negative. false: TypeError or IndexError. */
static FN bool position(Vm *vm, Value index, int64_t len, int64_t *at) {
  if (!index_arg(vm, index, at)) return false;
  if (*at < 0) *at += len;
  if (*at < 0 || *at >= len) return raise_false(vm, ERR_IndexError);
  return true;
}

static FN Value list_slice(Vm *vm, Value list, Value slice) {
  int64_t start, step, count;
  if (!slice_indices(vm, slice, as_list(vm, list)->len, &start, &step, &count)) return 0;
  Value out = new_list(vm, (uint32_t)count);
  for (int64_t k = 0; out && k < count; k++)
    if (!list_append(vm, out, list_items(vm, as_list(vm, list))[start + k * step])) return 0;
  return out;
}

static FN Value slice_of(Vm *vm, Value v, Value slice) {
  switch (kind_of(v)) {
  case KIND_TUPLE: return tuple_slice(vm, v, slice);
  case KIND_LIST: return list_slice(vm, v, slice);
  case KIND_STR: return str_slice(vm, v, slice);
  case KIND_RANGE: return range_slice(vm, v, slice);
  default: return raise_error(vm, ERR_TypeError);
  }
}

static FN Value dict_item(Vm *vm, Value dict, Value key) {
  Value value;
  int found = dict_get(vm, dict, key, &value);
  if (found < 0) return 0;
  if (found) return value;
  return as_dict(vm, dict)->is_counter ? v_int(0) : raise_error(vm, ERR_KeyError);
}

/* tuple[int], dict[str, int]: an alias for annotations, which has no value here. */
static FN Value type_item(Vm *vm, Value type) {
  switch (payload_of(type)) {
  case KIND_TUPLE: case KIND_LIST: case KIND_SET: case KIND_FROZENSET: case KIND_DICT: case KIND_TYPE:
    return raise_limit(vm, LIMIT_UNSUPPORTED);
  default: return raise_error(vm, ERR_TypeError);
  }
}

FN Value value_getitem(Vm *vm, Value v, Value index) {
  int64_t at;
  if (is_kind(index, KIND_SLICE) && !is_kind(v, KIND_DICT) && !is_kind(v, KIND_TYPE)) return slice_of(vm, v, index);
  switch (kind_of(v)) {
  case KIND_TUPLE:
    if (!position(vm, index, tuple_head(vm, v)->len, &at)) return 0;
    return is_unmade(vm, v) ? as_tuple(vm, v)->items[at] : row_item(vm, v, (uint64_t)at);
  case KIND_LIST:
    return position(vm, index, as_list(vm, v)->len, &at) ? list_items(vm, as_list(vm, v))[at] : 0;
  case KIND_RANGE: return index_arg(vm, index, &at) ? range_item(vm, v, at) : 0;
  case KIND_STR: return position(vm, index, str_len(vm, v), &at) ? str_item(vm, v, at) : 0;
  case KIND_DICT: return dict_item(vm, v, index);
  case KIND_TYPE: return type_item(vm, v);
  default: return raise_error(vm, ERR_TypeError);
  }
}

FN bool value_setitem(Vm *vm, Value v, Value index, Value item) {
  if (!is_kind(v, KIND_DICT) && !is_kind(v, KIND_LIST)) return raise_false(vm, ERR_TypeError);
  note_change(vm, v);
  if (is_kind(v, KIND_DICT)) return dict_set(vm, v, index, item);
  if (is_kind(index, KIND_SLICE)) {
    raise_limit(vm, LIMIT_UNSUPPORTED);
    return false;
  }
  int64_t at;
  if (!position(vm, index, as_list(vm, v)->len, &at)) return false;
  list_items(vm, as_list(vm, v))[at] = item;
  return true;
}

FN bool value_delitem(Vm *vm, Value v, Value index) {
  if (!is_kind(v, KIND_DICT) && !is_kind(v, KIND_LIST)) return raise_false(vm, ERR_TypeError);
  note_change(vm, v);
  if (is_kind(v, KIND_DICT)) {
    int found = dict_delete(vm, v, index);
    if (!found && !as_dict(vm, v)->is_counter) return raise_false(vm, ERR_KeyError);
    return found >= 0;
  }
  if (is_kind(index, KIND_SLICE)) {
    raise_limit(vm, LIMIT_UNSUPPORTED);
    return false;
  }
  List *l = as_list(vm, v);
  int64_t at;
  if (!position(vm, index, l->len, &at)) return false;
  Value *items = list_items(vm, l) + at;
  move_words(items, items + 1, l->len - (size_t)at - 1);
  l->len--;
  return true;
}
