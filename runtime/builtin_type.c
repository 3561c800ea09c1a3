/* builtin_type.c - types called: int(x), tuple(x), type(x), ValueError(x). */
#include "native.h"

/* ---- from iterables ---- */

/* tuple(iterable) of a native iterable; a tuple is itself. */
FN Value tuple_from(Vm *vm, Value iterable) {
  if (is_tuple(iterable)) return iterable;
  if (is_kind(iterable, KIND_LIST)) return list_to_tuple(vm, iterable);
  if (!is_anyset(iterable)) {
    Value list = list_from(vm, iterable);
    return list ? list_to_tuple(vm, list) : 0;
  }
  Value tuple = new_tuple(vm, as_set(vm, iterable)->used);
  uint32_t pos = 0, n = 0;
  Value key;
  while (tuple && set_next(vm, iterable, &pos, &key)) as_tuple(vm, tuple)->items[n++] = key;
  return tuple;
}

/* One element of a sequence of pairs: ValueError unless it has two items. */
static FN bool add_pair(Vm *vm, Value dict, Value pair) {
  Value t = tuple_from(vm, pair);
  if (!t) return false;
  if (tuple_head(vm, t)->len != 2) return raise_false(vm, ERR_ValueError);
  return dict_set(vm, dict, as_tuple(vm, t)->items[0], as_tuple(vm, t)->items[1]);
}

FN bool dict_update_pairs(Vm *vm, Value dict, Value pairs) {
  Iter local;
  Iter *it = iter_begin(vm, pairs, &local);
  Value pair;
  int more = -1;
  while (it && (more = iter_step(vm, it, &pair)) > 0)
    if (!add_pair(vm, dict, pair)) return false;
  return more == 0;
}

/* Whether some element of a tuple or list is itself lazy. Other iterables cannot be looked at twice:
 * of those iter_begin's limit reports the case. */
FN bool has_lazy_pair(const Vm *vm, Value pairs) {
  if (is_tuple(pairs)) return any_lazy(vm, as_tuple(vm, pairs)->items, tuple_head(vm, pairs)->len);
  if (is_kind(pairs, KIND_LIST)) return any_lazy(vm, list_items(vm, as_list(vm, pairs)), as_list(vm, pairs)->len);
  return false;
}

static FN CallStatus dict_call(Vm *vm, const CallArgs *call, Value *result, PreludeCall *plan) {
  if (call->nargs > 1) return call_fail(vm, ERR_TypeError);
  Value dict = new_dict(vm), source = call->nargs ? call->args[0] : V_MISSING;
  bool ok = dict != 0;
  bool frames = is_lazy(vm, source) || has_lazy_pair(vm, source);
  if (ok && is_kind(source, KIND_DICT)) ok = dict_update(vm, dict, source);
  else if (ok && source != V_MISSING && !frames) ok = dict_update_pairs(vm, dict, source);
  for (uint32_t k = 0; ok && k < call->nkw; k++)
    ok = dict_set(vm, dict, call->kwnames[k], call->args[call->nargs + k]);
  if (!ok) return CALL_ERROR;
  return frames ? call_plan(plan, PRELUDE_dict, source, dict, 0) : call_done(result, dict);
}

static FN CallStatus container_call(Vm *vm, uint32_t kind, const CallArgs *call, Value *result, PreludeCall *plan) {
  if (!args_plain(vm, call, 0, 1)) return CALL_ERROR;
  Value x = call->nargs ? call->args[0] : vm->image->empty_tuple;
  bool lazy = is_lazy(vm, x);
  switch (kind) {
  case KIND_TUPLE:
    return lazy ? call_plan(plan, PRELUDE_tuple, x, 0, 0) : call_done(result, tuple_from(vm, x));
  case KIND_LIST: return lazy ? call_plan(plan, PRELUDE_list, x, 0, 0) : call_done(result, list_from(vm, x));
  case KIND_SET: return lazy ? call_plan(plan, PRELUDE_set, x, 0, 0) : call_done(result, set_from(vm, KIND_SET, x));
  default:
    return lazy ? call_plan(plan, PRELUDE_frozenset, x, 0, 0) : call_done(result, set_from(vm, KIND_FROZENSET, x));
  }
}

/* ---- scalars ---- */

static FN Value int_call(Vm *vm, const CallArgs *call) {
  const char *const names[] = {"", "base"};
  Value arg[2];
  if (!args_bind(vm, call, names, 2, 2, 0, arg)) return 0;
  if (arg[1] == V_MISSING) return arg[0] == V_MISSING ? v_int(0) : value_int(vm, arg[0]);
  int64_t base;
  if (arg[0] == V_MISSING || !index_arg(vm, arg[1], &base)) return raise_error(vm, ERR_TypeError);
  if (base && (base < 2 || base > 36)) return raise_error(vm, ERR_ValueError);
  if (!is_kind(arg[0], KIND_STR)) return raise_error(vm, ERR_TypeError);
  return base == 10 ? value_int(vm, arg[0]) : raise_limit(vm, LIMIT_UNSUPPORTED);
}

static FN Value bool_call(Vm *vm, const CallArgs *call) {
  if (!args_plain(vm, call, 0, 1)) return 0;
  int truth = call->nargs ? value_truth(vm, call->args[0]) : 0;
  return truth < 0 ? 0 : v_bool(truth);
}

static FN Value float_call(Vm *vm, const CallArgs *call) {
  if (!args_plain(vm, call, 0, 1)) return 0;
  return call->nargs ? float_from(vm, call->args[0]) : new_float(vm, 0.0);
}

static FN Value str_call(Vm *vm, const CallArgs *call) {
  const char *const names[] = {"object", "encoding", "errors"};
  Value arg[3];
  if (!args_bind(vm, call, names, 3, 3, 0, arg)) return 0;
  if (arg[1] != V_MISSING || arg[2] != V_MISSING) return raise_error(vm, ERR_TypeError); /* of bytes only */
  return arg[0] == V_MISSING ? new_str(vm, "", 0) : value_str(vm, arg[0], 1);
}

static FN Value range_call(Vm *vm, const CallArgs *call) {
  if (!args_plain(vm, call, 1, 3)) return 0;
  const Value *a = call->args;
  if (call->nargs == 1) return new_range(vm, v_int(0), a[0], v_int(1));
  return new_range(vm, a[0], a[1], call->nargs == 3 ? a[2] : v_int(1));
}

static FN Value slice_call(Vm *vm, const CallArgs *call) {
  if (!args_plain(vm, call, 1, 3)) return 0;
  uint32_t at = arena_alloc(vm, sizeof(Slice));
  if (!at) return 0;
  Slice *s = (Slice *)arena_at(vm, at);
  s->start = call->nargs > 1 ? call->args[0] : V_NONE;
  s->stop = call->args[call->nargs > 1];
  s->step = call->nargs > 2 ? call->args[2] : V_NONE;
  return HEAP(KIND_SLICE, at);
}

static FN Value object_call(Vm *vm, const CallArgs *call) {
  if (!args_plain(vm, call, 0, 0)) return 0;
  uint32_t at = arena_alloc(vm, sizeof(Value));
  return at ? HEAP(KIND_OPAQUE, at) : 0;
}

static FN Value type_of_call(Vm *vm, const CallArgs *call) {
  if (call->nargs == 3) return raise_limit(vm, LIMIT_UNSUPPORTED); /* a class made at run time */
  return args_plain(vm, call, 1, 1) ? type_of(vm, call->args[0]) : 0;
}

static FN Value error_call(Vm *vm, uint32_t cls, const CallArgs *call) {
  if (call->nkw) {
    bool named = cls == ERR_ImportError || cls == ERR_ModuleNotFoundError || cls == ERR_AttributeError ||
                 cls == ERR_NameError || cls == ERR_UnboundLocalError;
    return named ? raise_limit(vm, LIMIT_UNSUPPORTED) : raise_error(vm, ERR_TypeError);
  }
  uint32_t at = arena_alloc(vm, sizeof(ErrorObject));
  if (!at) return 0;
  ErrorObject *e = (ErrorObject *)arena_at(vm, at);
  e->cls = cls;
  e->line = 0;
  e->value = call->nargs ? call->args[0] : V_NONE;
  return HEAP(KIND_ERROR, at);
}

FN CallStatus type_call(Vm *vm, uint32_t type, const CallArgs *call, Value *result, PreludeCall *plan) {
  if (type >= TYPE_ERROR_BASE) return call_done(result, error_call(vm, type - TYPE_ERROR_BASE, call));
  switch (type) {
  case KIND_TUPLE: case KIND_LIST: case KIND_SET: case KIND_FROZENSET:
    return container_call(vm, type, call, result, plan);
  case KIND_DICT: return dict_call(vm, call, result, plan);
  case KIND_INT: return call_done(result, int_call(vm, call));
  case KIND_BOOL: return call_done(result, bool_call(vm, call));
  case KIND_FLOAT: return call_done(result, float_call(vm, call));
  case KIND_STR: return call_done(result, str_call(vm, call));
  case KIND_RANGE: return call_done(result, range_call(vm, call));
  case KIND_SLICE: return call_done(result, slice_call(vm, call));
  case KIND_OPAQUE: return call_done(result, object_call(vm, call));
  case KIND_TYPE: return call_done(result, type_of_call(vm, call));
  case KIND_NONE: return args_plain(vm, call, 0, 0) ? call_done(result, V_NONE) : CALL_ERROR;
  case KIND_FUNC: case KIND_MODULE: { /* made from code and globals; from a name */
    Kind first = call->nargs ? kind_of(call->args[0]) : KIND_NONE;
    bool fits = call->nkw || first == (type == KIND_FUNC ? KIND_CODE : KIND_STR);
    return fits ? call_limit(vm, LIMIT_UNSUPPORTED) : call_fail(vm, ERR_TypeError);
  }
  case KIND_CODE: return call->nargs < 16 ? call_fail(vm, ERR_TypeError) : call_limit(vm, LIMIT_UNSUPPORTED);
  case KIND_CELL: return call_limit(vm, LIMIT_UNSUPPORTED);
  case KIND_ITER: return call_limit(vm, LIMIT_UNSUPPORTED); /* zip, enumerate, .. or one that has no instances: it is not known */
  case KIND_GEN: return call->nargs < 2 ? call_fail(vm, ERR_TypeError) : call_limit(vm, LIMIT_UNSUPPORTED); /* map, filter, or a generator */
  default: return call_fail(vm, ERR_TypeError); /* cannot create instances */
  }
}
