/* builtin_seq.c - the builtins over iterables: zip, map, sorted, max, sum, ...
 *
 * A lazy iterable, or a key that is a Python function, makes a plan: the function of prelude.py with
 * the same name does the same work in frames. map and filter are always such generators, as they call
 * their function when they are stepped. */
#include "native.h"

FN bool runs_frames(Value callable) {
  return is_kind(callable, KIND_FUNC) || is_kind(callable, KIND_GUARD);
}

/* callable(arg) of a native callable; CALL_PRELUDE: this one wants frames after all. */
static FN CallStatus call_one(Vm *vm, Value callable, Value arg, Value *result) {
  CallArgs call = {&arg, 1, 0, NULL};
  PreludeCall plan;
  if (is_kind(callable, KIND_BUILTIN) || is_kind(callable, KIND_TYPE))
    return builtin_call(vm, callable, &call, result, &plan);
  if (!is_kind(callable, KIND_METHOD)) return call_fail(vm, ERR_TypeError);
  const Method *m = as_method(vm, callable);
  return method_call(vm, m->method, m->self, &call, result, &plan);
}

/* A tuple of the iterators of iterables, lazy ones as they are. */
static FN Value iterators_of(Vm *vm, const Value *iterables, uint32_t n) {
  Value list = new_list(vm, n);
  for (uint32_t i = 0; list && i < n; i++) {
    Value it = get_iter(vm, iterables[i]);
    if (!it || !list_append(vm, list, it)) return 0;
  }
  return list ? list_to_tuple(vm, list) : 0;
}

/* ---- zip, enumerate, reversed, product, map, filter ---- */

static FN CallStatus zip_call(Vm *vm, const CallArgs *call, Value *result, PreludeCall *plan) {
  if (call->nkw > 1 || (call->nkw && !str_is(vm, call->kwnames[0], "strict"))) return call_fail(vm, ERR_TypeError);
  if (call->nkw) {
    int strict = value_truth(vm, call->args[call->nargs]);
    if (strict) return strict < 0 ? CALL_ERROR : call_limit(vm, LIMIT_UNSUPPORTED);
  }
  if (!any_lazy(vm, call->args, call->nargs)) return call_done(result, new_zip(vm, call->args, call->nargs));
  Value parts = iterators_of(vm, call->args, call->nargs);
  return parts ? call_plan(plan, PRELUDE_zip, parts, 0, 0) : CALL_ERROR;
}

static FN CallStatus enumerate_call(Vm *vm, const CallArgs *call, Value *result, PreludeCall *plan) {
  const char *const names[] = {"iterable", "start"};
  Value arg[2];
  if (!args_bind(vm, call, names, 2, 2, 1, arg)) return CALL_ERROR;
  int64_t start = 0;
  if (arg[1] != V_MISSING && !index_arg(vm, arg[1], &start)) return CALL_ERROR;
  if (is_lazy(vm, arg[0])) return call_plan(plan, PRELUDE_enumerate, arg[0], v_int(start), 0);
  return call_done(result, new_enumerate(vm, arg[0], start));
}

static FN CallStatus product_call(Vm *vm, const CallArgs *call, Value *result, PreludeCall *plan) {
  if (call->nkw > 1 || (call->nkw && !str_is(vm, call->kwnames[0], "repeat"))) return call_fail(vm, ERR_TypeError);
  int64_t repeat = 1;
  if (call->nkw && !index_arg(vm, call->args[call->nargs], &repeat)) return CALL_ERROR;
  if (repeat < 0) return call_fail(vm, ERR_ValueError);
  uint32_t n = repeat ? call->nargs : 0; /* repeat=0 looks at no argument */
  if (!any_lazy(vm, call->args, n)) return call_done(result, new_product(vm, call->args, n, repeat));
  Value parts = tuple_of(vm, call->args, call->nargs);
  return parts ? call_plan(plan, PRELUDE_product, parts, v_int(repeat), 0) : CALL_ERROR;
}

static FN CallStatus map_call(Vm *vm, const CallArgs *call, PreludeCall *plan) {
  if (!args_plain(vm, call, 1, UINT32_MAX)) return CALL_ERROR;
  if (call->nargs < 2) return call_fail(vm, ERR_TypeError);
  Value parts = iterators_of(vm, call->args + 1, call->nargs - 1);
  if (!parts) return CALL_ERROR;
  if (call->nargs == 2) return call_plan(plan, PRELUDE_map, call->args[0], as_tuple(vm, parts)->items[0], V_MISSING);
  return call_plan(plan, PRELUDE_map, call->args[0], V_MISSING, parts);
}

static FN CallStatus filter_call(Vm *vm, const CallArgs *call, PreludeCall *plan) {
  if (!args_plain(vm, call, 2, 2)) return CALL_ERROR;
  Value it = get_iter(vm, call->args[1]);
  return it ? call_plan(plan, PRELUDE_filter, call->args[0], it, 0) : CALL_ERROR;
}

/* ---- sorted ---- */

static FN Value keys_of(Vm *vm, Value list, Value key, bool *wants_frames) {
  uint32_t n = as_list(vm, list)->len;
  Value keys = new_list(vm, n);
  for (uint32_t i = 0; keys && i < n; i++) {
    Value k;
    CallStatus s = call_one(vm, key, list_items(vm, as_list(vm, list))[i], &k);
    *wants_frames = s == CALL_PRELUDE;
    if (s != CALL_DONE || !list_append(vm, keys, k)) return 0;
  }
  return keys;
}

/* Sorts a list in place; CALL_DONE has no result. A key that wants frames: CALL_PRELUDE, nothing done. */
FN CallStatus sort_values_by(Vm *vm, Value list, Value key, Value reverse, PreludeCall *plan) {
  int64_t backwards = 0;
  if (reverse != V_MISSING && !index_arg(vm, reverse, &backwards)) return CALL_ERROR;
  bool by_key = key != V_MISSING && key != V_NONE, wants_frames = by_key && runs_frames(key);
  Value keys = !by_key ? list : wants_frames ? 0 : keys_of(vm, list, key, &wants_frames);
  if (wants_frames) return call_plan(plan, PRELUDE_list_sort, list, key, v_bool(backwards != 0));
  if (!keys) return CALL_ERROR;
  Value *values = list_items(vm, as_list(vm, list));
  Value *by = list_items(vm, as_list(vm, keys));
  return sort_values(vm, by, values, as_list(vm, list)->len, backwards != 0) ? CALL_DONE : CALL_ERROR;
}

static FN CallStatus sorted_call(Vm *vm, const CallArgs *call, Value *result, PreludeCall *plan) {
  const char *const names[] = {"", "key", "reverse"};
  Value arg[3];
  if (!args_bind(vm, call, names, 1, 3, 1, arg)) return CALL_ERROR;
  if (arg[1] == V_NONE) arg[1] = V_MISSING;
  if (is_lazy(vm, arg[0])) {
    if (arg[2] == V_MISSING) arg[2] = V_FALSE;
    return call_plan(plan, PRELUDE_sorted, arg[0], arg[1], arg[2]);
  }
  Value list = list_from(vm, arg[0]);
  if (!list) return CALL_ERROR;
  CallStatus s = sort_values_by(vm, list, arg[1], arg[2], plan);
  if (s == CALL_PRELUDE) plan->prelude = PRELUDE_sorted;
  return s == CALL_DONE ? call_done(result, list) : s;
}

/* ---- max, min ---- */

static FN CallStatus best_of(Vm *vm, Opcode better, Value iterable, Value key, Value absent, Value *result) {
  Iter local;
  Iter *it = iter_begin(vm, iterable, &local);
  Value best = 0, best_key = 0, item, k;
  int more = -1;
  while (it && (more = iter_step(vm, it, &item)) > 0) {
    k = item;
    if (key != V_MISSING) {
      CallStatus s = call_one(vm, key, item, &k);
      if (s != CALL_DONE) return s;
    }
    int replaces = best ? value_compare(vm, better, k, best_key) : 1;
    if (replaces < 0) return CALL_ERROR;
    if (!replaces) continue;
    best = item;
    best_key = k;
  }
  if (more < 0) return CALL_ERROR;
  if (!best && absent == V_MISSING) return call_fail(vm, ERR_ValueError);
  return call_done(result, best ? best : absent);
}

static FN DEVICE_NOINLINE CallStatus best_call(Vm *vm, bool max, const CallArgs *call, Value *result, PreludeCall *plan) {
  const char *const names[] = {"key", "default"};
  CallArgs named = {call->args + call->nargs, 0, call->nkw, call->kwnames};
  Value arg[2], iterable = 0;
  if (!call->nargs || !args_bind(vm, &named, names, 0, 2, 0, arg))
    return call->nargs ? CALL_ERROR : call_fail(vm, ERR_TypeError);
  if (call->nargs > 1 && arg[1] != V_MISSING) return call_fail(vm, ERR_TypeError);
  if (arg[0] == V_NONE) arg[0] = V_MISSING;
  PreludeId id = max ? PRELUDE_max : PRELUDE_min;
  iterable = call->nargs == 1 ? call->args[0] : tuple_of(vm, call->args, call->nargs);
  if (!iterable) return CALL_ERROR;
  if (!is_lazy(vm, iterable) && !runs_frames(arg[0])) {
    /* an iterator is gathered first, so that the prelude can start over */
    if (arg[0] != V_MISSING && is_kind(iterable, KIND_ITER) && !(iterable = tuple_from(vm, iterable)))
      return CALL_ERROR;
    CallStatus s = best_of(vm, max ? OP_GT : OP_LT, iterable, arg[0], arg[1], result);
    if (s != CALL_PRELUDE) return s;
  }
  if (!is_iterable(vm, iterable)) return call_fail(vm, ERR_TypeError);
  return call_plan(plan, id, iterable, arg[0], arg[1]);
}

/* ---- sum, all, any, next ---- */

/* Adds tuples up at once: every item of a tuple or list is a tuple, and so is the start. */
static FN Value sum_of_tuples(Vm *vm, const Value *items, uint32_t n, Value start) {
  uint64_t len = tuple_head(vm, start)->len;
  for (uint32_t i = 0; i < n; i++) len += tuple_head(vm, items[i])->len;
  if (len > UINT32_MAX) return raise_limit(vm, LIMIT_MEMORY);
  Value sum = new_tuple(vm, (uint32_t)len);
  if (!sum || !len) return sum;
  Value *to = as_tuple(vm, sum)->items;
  for (uint32_t i = 0; i <= n; i++) {
    const Tuple *t = as_tuple(vm, i ? items[i - 1] : start);
    __builtin_memcpy(to, t->items, (size_t)t->len * sizeof(Value));
    to += t->len;
  }
  return sum;
}

static FN bool all_tuples(const Value *items, uint32_t n) {
  for (uint32_t i = 0; i < n; i++)
    if (!is_tuple(items[i])) return false;
  return n > 1;
}

static FN Value sum_native(Vm *vm, Value iterable, Value start) {
  bool tuple = is_tuple(iterable), list = is_kind(iterable, KIND_LIST);
  if (is_tuple(start) && (tuple || list)) {
    const Value *items = tuple ? as_tuple(vm, iterable)->items : list_items(vm, as_list(vm, iterable));
    uint32_t n = tuple ? tuple_head(vm, iterable)->len : as_list(vm, iterable)->len;
    if (all_tuples(items, n)) return sum_of_tuples(vm, items, n, start);
  }
  Iter local;
  Iter *it = iter_begin(vm, iterable, &local);
  Value item;
  int more = -1;
  while (it && start && (more = iter_step(vm, it, &item)) > 0) start = value_arith(vm, OP_ADD, start, item);
  return more < 0 ? 0 : start;
}

static FN CallStatus sum_call(Vm *vm, const CallArgs *call, Value *result, PreludeCall *plan) {
  const char *const names[] = {"", "start"};
  Value arg[2];
  if (!args_bind(vm, call, names, 2, 2, 1, arg)) return CALL_ERROR;
  if (arg[1] == V_MISSING) arg[1] = v_int(0);
  if (!is_iterable(vm, arg[0]) || is_kind(arg[1], KIND_STR)) return call_fail(vm, ERR_TypeError);
  if (is_lazy(vm, arg[0])) return call_plan(plan, PRELUDE_sum, arg[0], arg[1], 0);
  return call_done(result, sum_native(vm, arg[0], arg[1]));
}

/* all: stops at a false item; any: at a true one. */
static FN CallStatus quantifier_call(Vm *vm, bool all, const CallArgs *call, Value *result, PreludeCall *plan) {
  if (!args_plain(vm, call, 1, 1)) return CALL_ERROR;
  if (is_lazy(vm, call->args[0])) return call_plan(plan, all ? PRELUDE_all : PRELUDE_any, call->args[0], 0, 0);
  Iter local;
  Iter *it = iter_begin(vm, call->args[0], &local);
  Value item;
  int more = -1;
  while (it && (more = iter_step(vm, it, &item)) > 0) {
    int truth = value_truth(vm, item);
    if (truth < 0) return CALL_ERROR;
    if (truth != all) return call_done(result, v_bool(!all));
  }
  return more < 0 ? CALL_ERROR : call_done(result, v_bool(all));
}

static FN CallStatus next_call(Vm *vm, const CallArgs *call, Value *result, PreludeCall *plan) {
  if (!args_plain(vm, call, 1, 2)) return CALL_ERROR;
  Value it = call->args[0], fallback = call->nargs == 2 ? call->args[1] : V_MISSING;
  if (is_lazy(vm, it)) {
    note_change(vm, it);
    return call_plan(plan, PRELUDE_next, it, fallback, 0);
  }
  if (!is_kind(it, KIND_ITER) || is_dict_view(vm, it)) return call_fail(vm, ERR_TypeError);
  Value item;
  note_change(vm, it);
  int more = iter_next(vm, it, &item);
  if (more < 0) return CALL_ERROR;
  if (more) return call_done(result, item);
  return fallback == V_MISSING ? call_fail(vm, ERR_StopIteration) : call_done(result, fallback);
}

static FN CallStatus iter_call(Vm *vm, const CallArgs *call, Value *result) {
  if (!args_plain(vm, call, 1, 2)) return CALL_ERROR;
  if (call->nargs == 2) /* iter(callable, sentinel) */
    return is_callable(call->args[0]) ? call_limit(vm, LIMIT_UNSUPPORTED) : call_fail(vm, ERR_TypeError);
  return call_done(result, get_iter(vm, call->args[0]));
}

static FN CallStatus counter_call(Vm *vm, const CallArgs *call, Value *result, PreludeCall *plan) {
  if (call->nargs > 1) return call_fail(vm, ERR_TypeError);
  if (call->nkw) return call_limit(vm, LIMIT_UNSUPPORTED);
  Value x = call->nargs ? call->args[0] : V_NONE;
  return is_lazy(vm, x) ? call_plan(plan, PRELUDE_Counter, x, 0, 0) : call_done(result, counter_from(vm, x));
}

FN CallStatus builtin_seq_call(Vm *vm, BuiltinId id, const CallArgs *call, Value *result, PreludeCall *plan) {
  switch (id) {
  case BUILTIN_zip: return zip_call(vm, call, result, plan);
  case BUILTIN_enumerate: return enumerate_call(vm, call, result, plan);
  case BUILTIN_map: return map_call(vm, call, plan);
  case BUILTIN_filter: return filter_call(vm, call, plan);
  case BUILTIN_sorted: return sorted_call(vm, call, result, plan);
  case BUILTIN_reversed:
    return args_plain(vm, call, 1, 1) ? call_done(result, new_reversed(vm, call->args[0])) : CALL_ERROR;
  case BUILTIN_max: return best_call(vm, true, call, result, plan);
  case BUILTIN_min: return best_call(vm, false, call, result, plan);
  case BUILTIN_sum: return sum_call(vm, call, result, plan);
  case BUILTIN_all: return quantifier_call(vm, true, call, result, plan);
  case BUILTIN_any: return quantifier_call(vm, false, call, result, plan);
  case BUILTIN_next: return next_call(vm, call, result, plan);
  case BUILTIN_iter: return iter_call(vm, call, result);
  case BUILTIN_product: return product_call(vm, call, result, plan);
  default: return counter_call(vm, call, result, plan);
  }
}
