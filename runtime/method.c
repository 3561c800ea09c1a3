/* method.c - methods of tuples, lists, sets and dicts.
 *
 * A method may also be called through its type (`set.union(a, b)`): then `self` is the type and the first
 * argument the object. */
#include "key.h"
#include "native.h"

FN int find_method(const Vm *vm, Value v, Value name) {
  Kind kind = kind_of(v);
  const Str *s = as_str(vm, name);
  if (kind == KIND_TYPE) kind = payload_of(v) < KIND_COUNT ? (Kind)payload_of(v) : KIND_UNBOUND;
  int method = -1;
#define X(id, type, text)                                                                          \
  if (kind == KIND_##type && s->len == sizeof text - 1 && equal_bytes(s->bytes, text, sizeof text - 1)) \
    method = METHOD_##id;
  METHOD_LIST(X)
#undef X
  if (method != METHOD_counter_most_common) return method;
  return is_kind(v, KIND_DICT) && as_dict(vm, v)->is_counter ? method : -1;
}

static FN Kind method_kind(uint32_t method) {
  switch (method) {
#define X(id, type, text)                                                                          \
  case METHOD_##id: return KIND_##type;
    METHOD_LIST(X)
#undef X
  default: return KIND_UNBOUND;
  }
}

/* ---- tuple and list ---- */

static FN CallStatus count_in(Vm *vm, const Value *items, uint32_t n, const CallArgs *call, Value *result) {
  if (!args_plain(vm, call, 1, 1)) return CALL_ERROR;
  int64_t count = 0;
  for (uint32_t i = 0; i < n; i++) {
    int same = value_same_or_eq(vm, items[i], call->args[0]);
    if (same < 0) return CALL_ERROR;
    count += same;
  }
  return call_done(result, v_int(count));
}

/* A bound of index(): clamped to 0..n, from the end where negative. */
static FN bool index_bound(Vm *vm, Value v, uint32_t n, int64_t *at) {
  if (!index_arg(vm, v, at)) return false;
  if (*at < 0) *at += n;
  if (*at < 0) *at = 0;
  if (*at > (int64_t)n) *at = n;
  return true;
}

static FN CallStatus index_in(Vm *vm, const Value *items, uint32_t n, const CallArgs *call, Value *result) {
  int64_t start = 0, stop = n;
  if (!args_plain(vm, call, 1, 3)) return CALL_ERROR;
  if (call->nargs > 1 && !index_bound(vm, call->args[1], n, &start)) return CALL_ERROR;
  if (call->nargs > 2 && !index_bound(vm, call->args[2], n, &stop)) return CALL_ERROR;
  for (; start < stop; start++) {
    int same = value_same_or_eq(vm, items[start], call->args[0]);
    if (same < 0) return CALL_ERROR;
    if (same) return call_done(result, v_int(start));
  }
  return call_fail(vm, ERR_ValueError);
}

static FN void remove_at(Vm *vm, Value list, int64_t at) {
  List *l = as_list(vm, list);
  Value *items = list_items(vm, l) + at;
  move_words(items, items + 1, l->len - (size_t)at - 1);
  l->len--;
}

static FN CallStatus list_pop(Vm *vm, Value self, const CallArgs *call, Value *result) {
  uint32_t n = as_list(vm, self)->len;
  int64_t at = -1;
  if (!args_plain(vm, call, 0, 1) || (call->nargs && !index_arg(vm, call->args[0], &at))) return CALL_ERROR;
  if (at < 0) at += n;
  if (at < 0 || at >= (int64_t)n) return call_fail(vm, ERR_IndexError);
  *result = list_items(vm, as_list(vm, self))[at];
  remove_at(vm, self, at);
  return CALL_DONE;
}

static FN CallStatus list_insert(Vm *vm, Value self, const CallArgs *call, Value *result) {
  uint32_t n = as_list(vm, self)->len;
  int64_t at;
  if (!args_plain(vm, call, 2, 2) || !index_bound(vm, call->args[0], n, &at)) return CALL_ERROR;
  if (!list_append(vm, self, call->args[1])) return CALL_ERROR;
  Value *items = list_items(vm, as_list(vm, self)) + at;
  move_words(items + 1, items, n - (size_t)at);
  *items = call->args[1];
  return call_done(result, V_NONE);
}

static FN CallStatus list_remove(Vm *vm, Value self, const CallArgs *call, Value *result) {
  CallArgs one = {call->args, 1, 0, NULL};
  if (!args_plain(vm, call, 1, 1)) return CALL_ERROR;
  const List *l = as_list(vm, self);
  CallStatus s = index_in(vm, list_items(vm, l), l->len, &one, result);
  if (s != CALL_DONE) return s;
  remove_at(vm, self, int_of(*result));
  return call_done(result, V_NONE);
}

static FN void reverse_items(Value *items, uint32_t n) {
  for (uint32_t i = 0; i < n / 2; i++) {
    Value v = items[i];
    items[i] = items[n - 1 - i];
    items[n - 1 - i] = v;
  }
}

static FN CallStatus list_sort(Vm *vm, Value self, const CallArgs *call, Value *result, PreludeCall *plan) {
  const char *const names[] = {"key", "reverse"};
  Value arg[2];
  if (!args_bind(vm, call, names, 0, 2, 0, arg)) return CALL_ERROR;
  CallStatus s = sort_values_by(vm, self, arg[0], arg[1], plan);
  return s == CALL_DONE ? call_done(result, V_NONE) : s;
}

static FN CallStatus list_method(Vm *vm, uint32_t method, Value self, const CallArgs *call, Value *result,
                                 PreludeCall *plan) {
  List *l = as_list(vm, self);
  switch (method) {
  case METHOD_list_count: return count_in(vm, list_items(vm, l), l->len, call, result);
  case METHOD_list_index: return index_in(vm, list_items(vm, l), l->len, call, result);
  case METHOD_list_pop: return list_pop(vm, self, call, result);
  case METHOD_list_sort: return list_sort(vm, self, call, result, plan);
  case METHOD_list_insert: return list_insert(vm, self, call, result);
  case METHOD_list_remove: return list_remove(vm, self, call, result);
  case METHOD_list_append:
    return args_plain(vm, call, 1, 1) ? call_bool(result, list_append(vm, self, call->args[0])) : CALL_ERROR;
  case METHOD_list_extend:
    if (!args_plain(vm, call, 1, 1)) return CALL_ERROR;
    if (is_lazy(vm, call->args[0])) return call_plan(plan, PRELUDE_extend, self, call->args[0], 0);
    return call_bool(result, list_extend(vm, self, call->args[0]));
  case METHOD_list_reverse:
    if (!args_plain(vm, call, 0, 0)) return CALL_ERROR;
    reverse_items(list_items(vm, l), l->len);
    return call_done(result, V_NONE);
  default: /* copy */
    return args_plain(vm, call, 0, 0) ? call_done(result, list_from(vm, self)) : CALL_ERROR;
  }
}

/* ---- sets ---- */

/* The relations take any iterable; only issuperset and isdisjoint stop at the first item that decides. */
static FN int is_superset(Vm *vm, Value self, Value other) {
  if (is_anyset(other)) return set_is_subset(vm, other, self);
  Iter local;
  Iter *it = iter_begin(vm, other, &local);
  Value item;
  int more = -1;
  while (it && (more = iter_step(vm, it, &item)) > 0) {
    int64_t hash;
    if (!lookup_hash(vm, item, &hash)) return -1;
    int in = set_contains_hashed(vm, self, item, hash);
    if (in <= 0) return in;
  }
  return more < 0 ? -1 : 1;
}

static FN int is_subset(Vm *vm, Value self, Value other) {
  if (!is_anyset(other) && !(other = set_from(vm, KIND_SET, other))) return -1;
  return set_is_subset(vm, self, other);
}

static FN CallStatus relation(Vm *vm, PreludeId id, Value self, const CallArgs *call, Value *result,
                              PreludeCall *plan) {
  if (!args_plain(vm, call, 1, 1)) return CALL_ERROR;
  Value other = call->args[0];
  if (is_lazy(vm, other)) return call_plan(plan, id, self, other, 0);
  if (id == PRELUDE_issubset) return call_truth(result, is_subset(vm, self, other));
  if (id == PRELUDE_issuperset) return call_truth(result, is_superset(vm, self, other));
  return call_truth(result, set_is_disjoint(vm, self, other));
}

/* union, intersection and difference with any number of iterables. */
static FN CallStatus combination(Vm *vm, PreludeId id, Value self, const CallArgs *call, Value *result,
                                 PreludeCall *plan) {
  if (!args_plain(vm, call, 0, UINT32_MAX)) return CALL_ERROR;
  if (any_lazy(vm, call->args, call->nargs)) {
    Value others = tuple_of(vm, call->args, call->nargs);
    return others ? call_plan(plan, id, self, others, 0) : CALL_ERROR;
  }
  switch (id) {
  case PRELUDE_union: return call_done(result, set_union(vm, self, call->args, call->nargs));
  case PRELUDE_intersection: return call_done(result, set_intersection(vm, self, call->args, call->nargs));
  default: return call_done(result, set_difference(vm, self, call->args, call->nargs));
  }
}

static FN CallStatus take_out(Vm *vm, bool must_exist, Value self, const CallArgs *call, Value *result) {
  if (!args_plain(vm, call, 1, 1)) return CALL_ERROR;
  int was = set_discard(vm, self, call->args[0]);
  if (was < 0) return CALL_ERROR;
  return was || !must_exist ? call_done(result, V_NONE) : call_fail(vm, ERR_KeyError);
}

static FN CallStatus set_update_all(Vm *vm, Value self, const CallArgs *call, Value *result, PreludeCall *plan) {
  if (!args_plain(vm, call, 0, UINT32_MAX)) return CALL_ERROR;
  if (any_lazy(vm, call->args, call->nargs)) {
    if (call->nargs == 1) return call_plan(plan, PRELUDE_set_update, self, call->args[0], 0);
    Value others = tuple_of(vm, call->args, call->nargs);
    return others ? call_plan(plan, PRELUDE_update_all, self, others, 0) : CALL_ERROR;
  }
  for (uint32_t i = 0; i < call->nargs; i++)
    if (!set_update(vm, self, call->args[i])) return CALL_ERROR;
  return call_done(result, V_NONE);
}

static FN CallStatus set_method(Vm *vm, uint32_t method, Value self, const CallArgs *call, Value *result,
                                PreludeCall *plan) {
  switch (method) {
  case METHOD_set_add:
    return args_plain(vm, call, 1, 1) ? call_bool(result, set_add(vm, self, call->args[0])) : CALL_ERROR;
  case METHOD_set_discard: return take_out(vm, false, self, call, result);
  case METHOD_set_remove: return take_out(vm, true, self, call, result);
  case METHOD_set_update: return set_update_all(vm, self, call, result, plan);
  case METHOD_set_union:
  case METHOD_frozenset_union: return combination(vm, PRELUDE_union, self, call, result, plan);
  case METHOD_set_intersection:
  case METHOD_frozenset_intersection: return combination(vm, PRELUDE_intersection, self, call, result, plan);
  case METHOD_set_difference:
  case METHOD_frozenset_difference: return combination(vm, PRELUDE_difference, self, call, result, plan);
  case METHOD_set_issubset:
  case METHOD_frozenset_issubset: return relation(vm, PRELUDE_issubset, self, call, result, plan);
  case METHOD_set_issuperset:
  case METHOD_frozenset_issuperset: return relation(vm, PRELUDE_issuperset, self, call, result, plan);
  case METHOD_set_isdisjoint:
  case METHOD_frozenset_isdisjoint: return relation(vm, PRELUDE_isdisjoint, self, call, result, plan);
  case METHOD_set_copy:
    return args_plain(vm, call, 0, 0) ? call_done(result, set_copy(vm, self, KIND_SET)) : CALL_ERROR;
  default: /* frozenset.copy */
    return args_plain(vm, call, 0, 0) ? call_done(result, self) : CALL_ERROR;
  }
}

/* ---- dicts ---- */

static FN CallStatus dict_get_or(Vm *vm, Value self, const CallArgs *call, Value *result) {
  Value v;
  if (!args_plain(vm, call, 1, 2)) return CALL_ERROR;
  int found = dict_get(vm, self, call->args[0], &v);
  if (found < 0) return CALL_ERROR;
  return call_done(result, found ? v : call->nargs == 2 ? call->args[1] : V_NONE);
}

static FN CallStatus dict_set_default(Vm *vm, Value self, const CallArgs *call, Value *result) {
  CallStatus s = dict_get_or(vm, self, call, result);
  if (s != CALL_DONE) return s;
  Value v;
  int found = dict_get(vm, self, call->args[0], &v);
  if (found < 0 || (!found && !dict_set(vm, self, call->args[0], *result))) return CALL_ERROR;
  return CALL_DONE;
}

/* An empty dict does not ask for the key's hash. */
static FN CallStatus dict_pop(Vm *vm, Value self, const CallArgs *call, Value *result) {
  Value v;
  if (!args_plain(vm, call, 1, 2)) return CALL_ERROR;
  int found = as_dict(vm, self)->used ? dict_get(vm, self, call->args[0], &v) : 0;
  if (found < 0) return CALL_ERROR;
  if (!found) return call->nargs == 2 ? call_done(result, call->args[1]) : call_fail(vm, ERR_KeyError);
  return dict_delete(vm, self, call->args[0]) < 0 ? CALL_ERROR : call_done(result, v);
}

static FN CallStatus dict_update_call(Vm *vm, Value self, const CallArgs *call, Value *result, PreludeCall *plan) {
  if (call->nargs > 1) return call_fail(vm, ERR_TypeError);
  if (as_dict(vm, self)->is_counter) return call_limit(vm, LIMIT_UNSUPPORTED); /* adds counts up */
  if (call->nargs) {
    Value other = call->args[0];
    bool frames = is_lazy(vm, other) || has_lazy_pair(vm, other);
    if (frames && call->nkw) return call_limit(vm, LIMIT_UNSUPPORTED);
    if (frames) return call_plan(plan, PRELUDE_dict_update, self, other, 0);
    if (!(is_kind(other, KIND_DICT) ? dict_update(vm, self, other) : dict_update_pairs(vm, self, other)))
      return CALL_ERROR;
  }
  for (uint32_t k = 0; k < call->nkw; k++)
    if (!dict_set(vm, self, call->kwnames[k], call->args[call->nargs + k])) return CALL_ERROR;
  return call_done(result, V_NONE);
}

static FN CallStatus most_common(Vm *vm, Value self, const CallArgs *call, Value *result) {
  const char *const names[] = {"n"};
  Value n;
  if (!args_bind(vm, call, names, 1, 1, 0, &n)) return CALL_ERROR;
  return call_done(result, counter_most_common(vm, self, n == V_MISSING ? V_NONE : n));
}

static FN CallStatus dict_method(Vm *vm, uint32_t method, Value self, const CallArgs *call, Value *result,
                                 PreludeCall *plan) {
  switch (method) {
  case METHOD_dict_get: return dict_get_or(vm, self, call, result);
  case METHOD_dict_update: return dict_update_call(vm, self, call, result, plan);
  case METHOD_dict_setdefault: return dict_set_default(vm, self, call, result);
  case METHOD_dict_pop: return dict_pop(vm, self, call, result);
  case METHOD_counter_most_common: return most_common(vm, self, call, result);
  default: break;
  }
  if (!args_plain(vm, call, 0, 0)) return CALL_ERROR;
  IterKind kind = method == METHOD_dict_keys ? ITER_DICT : method == METHOD_dict_items ? ITER_DICT_ITEMS : ITER_DICT_VALUES;
  return call_done(result, new_dict_view(vm, self, kind));
}

/* ---- dispatch ---- */

static FN bool changes_self(uint32_t method) {
  switch (method) {
  case METHOD_list_append: case METHOD_list_extend: case METHOD_list_pop: case METHOD_list_sort: case METHOD_list_insert:
  case METHOD_list_remove: case METHOD_list_reverse: case METHOD_set_add: case METHOD_set_discard: case METHOD_set_remove:
  case METHOD_set_update: case METHOD_dict_update: case METHOD_dict_setdefault: case METHOD_dict_pop: return true;
  default: return false;
  }
}

FN CallStatus method_call(Vm *vm, uint32_t method, Value self, const CallArgs *call, Value *result,
                          PreludeCall *plan) {
  Kind kind = method_kind(method);
  CallArgs rest;
  if (is_kind(self, KIND_TYPE)) {
    if (!call->nargs || !is_kind(call->args[0], kind)) return call_fail(vm, ERR_TypeError);
    self = call->args[0];
    rest.args = call->args + 1;
    rest.nargs = call->nargs - 1;
    rest.nkw = call->nkw;
    rest.kwnames = call->kwnames;
    call = &rest;
  }
  if (changes_self(method)) note_change(vm, self);
  switch (kind) {
  case KIND_TUPLE: {
    const Tuple *t = as_tuple(vm, self);
    bool count = method == METHOD_tuple_count;
    return count ? count_in(vm, t->items, t->len, call, result) : index_in(vm, t->items, t->len, call, result);
  }
  case KIND_LIST: return list_method(vm, method, self, call, result, plan);
  case KIND_DICT: return dict_method(vm, method, self, call, result, plan);
  default: return set_method(vm, method, self, call, result, plan);
  }
}
