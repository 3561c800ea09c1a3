/* builtin.c - the door to builtin functions and types; those that are about neither numbers nor iterables. */
#include "native.h"

int builtin_by_name(const char *name) {
#define X(id, text)                                                                                \
  if (!__builtin_strcmp(name, text)) return BUILTIN_##id;
  BUILTIN_LIST(X)
#undef X
  return -1;
}

bool type_by_name(const char *name, Value *type) {
  const char *const names[] = {"int",  "bool",  "float", "str",  "tuple", "list",  "set",
                               "frozenset", "dict", "range", "slice", "type", "object"};
  const Kind kinds[] = {KIND_INT,       KIND_BOOL, KIND_FLOAT, KIND_STR,   KIND_TUPLE, KIND_LIST,  KIND_SET,
                        KIND_FROZENSET, KIND_DICT, KIND_RANGE, KIND_SLICE, KIND_TYPE,  KIND_OPAQUE};
  for (uint32_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
    if (!__builtin_strcmp(name, names[i])) {
      *type = v_type(kinds[i]);
      return true;
    }
  int cls = error_by_name(name);
  if (cls < 0) return false;
  *type = v_type(TYPE_ERROR_BASE + (uint32_t)cls);
  return true;
}

/* ---- questions about one value ---- */

static FN CallStatus len_call(Vm *vm, const CallArgs *call, Value *result) {
  int64_t len;
  if (!args_plain(vm, call, 1, 1) || !value_len(vm, call->args[0], &len)) return CALL_ERROR;
  return call_done(result, int_value(vm, len));
}

static FN CallStatus isinstance_call(Vm *vm, const CallArgs *call, Value *result) {
  if (!args_plain(vm, call, 2, 2)) return CALL_ERROR;
  return call_truth(result, value_isinstance(vm, call->args[0], call->args[1]));
}

static FN CallStatus hasattr_call(Vm *vm, const CallArgs *call, Value *result) {
  if (!args_plain(vm, call, 2, 2)) return CALL_ERROR;
  if (!is_kind(call->args[1], KIND_STR)) return call_fail(vm, ERR_TypeError);
  return call_truth(result, value_hasattr(vm, call->args[0], call->args[1]));
}

static FN CallStatus getattr_call(Vm *vm, const CallArgs *call, Value *result) {
  if (!args_plain(vm, call, 2, 3)) return CALL_ERROR;
  if (!is_kind(call->args[1], KIND_STR)) return call_fail(vm, ERR_TypeError);
  Value v = value_getattr(vm, call->args[0], call->args[1]);
  if (!v && call->nargs == 3 && vm->error == ERR_AttributeError) v = call->args[2];
  return call_done(result, v);
}

FN bool is_callable(Value v) {
  switch (kind_of(v)) {
  case KIND_FUNC: case KIND_GUARD: case KIND_BUILTIN: case KIND_TYPE: case KIND_METHOD: return true;
  default: return false;
  }
}

static FN CallStatus callable_call(Vm *vm, const CallArgs *call, Value *result) {
  if (!args_plain(vm, call, 1, 1)) return CALL_ERROR;
  return call_done(result, v_bool(is_callable(call->args[0])));
}

static FN CallStatus hash_call(Vm *vm, const CallArgs *call, Value *result) {
  int64_t hash;
  if (!args_plain(vm, call, 1, 1) || !value_hash(vm, call->args[0], &hash)) return CALL_ERROR;
  return call_done(result, int_value(vm, hash));
}

/* Some number that tells objects apart; Python's own is an address. */
static FN CallStatus id_call(Vm *vm, const CallArgs *call, Value *result) {
  if (!args_plain(vm, call, 1, 1)) return CALL_ERROR;
  vm->unordered = true;
  return call_done(result, v_int((int64_t)call->args[0] >> 3));
}

static FN CallStatus print_call(Vm *vm, const CallArgs *call, Value *result) {
  const char *const names[] = {"sep", "end", "file", "flush"};
  CallArgs named = {call->args + call->nargs, 0, call->nkw, call->kwnames};
  Value arg[4];
  if (!args_bind(vm, &named, names, 0, 4, 0, arg)) return CALL_ERROR;
  for (uint32_t i = 0; i < 2; i++)
    if (arg[i] != V_MISSING && arg[i] != V_NONE && !is_kind(arg[i], KIND_STR)) return call_fail(vm, ERR_TypeError);
  return call_done(result, V_NONE);
}

/* ---- the safe-default protocol ---- */

/* What _get_safe_default gives for a callee: the callable kind is a new function each time. */
FN Value safe_default_of(Vm *vm, Value callee) {
  if (is_kind(callee, KIND_GUARD)) callee = as_guard(vm, callee)->func;
  if (!is_kind(callee, KIND_FUNC)) return vm->image->guard_fallback;
  Value v = vm->image->functions[as_func(vm, callee)->fid].safe_default;
  if (v != V_UNBOUND) return v;
  uint32_t at = arena_alloc(vm, sizeof(Func));
  if (!at) return 0;
  Func *f = (Func *)arena_at(vm, at);
  f->fid = vm->image->safe_callable;
  f->ncells = 0;
  f->sharing = 0;
  f->ndefaults = 0;
  return HEAP(KIND_FUNC, at);
}

static FN CallStatus safe_default_call(Vm *vm, const CallArgs *call, Value *result) {
  const char *const names[] = {"func"};
  Value func;
  if (!args_bind(vm, call, names, 1, 1, 1, &func)) return CALL_ERROR;
  return call_done(result, safe_default_of(vm, func));
}

static FN CallStatus batch_call(Vm *vm, const CallArgs *call, PreludeCall *plan) {
  if (!args_plain(vm, call, 1, 1)) return CALL_ERROR;
  return call_plan(plan, PRELUDE_batch_process, call->args[0], 0, 0);
}

/* ---- for the prelude ---- */

/* __sort__(keys, values, reverse): the key function may have changed the list that is being sorted. */
static FN CallStatus prelude_sort(Vm *vm, const CallArgs *call, Value *result) {
  int64_t reverse;
  if (!args_plain(vm, call, 3, 3) || !index_arg(vm, call->args[2], &reverse)) return CALL_ERROR;
  Value keys = call->args[0], values = call->args[1];
  if (!is_kind(keys, KIND_LIST) || !is_kind(values, KIND_LIST)) return call_fail(vm, ERR_TypeError);
  uint32_t n = as_list(vm, values)->len;
  if (as_list(vm, keys)->len != n) return call_fail(vm, ERR_ValueError);
  Value *k = list_items(vm, as_list(vm, keys)), *v = list_items(vm, as_list(vm, values));
  return call_bool(result, sort_values(vm, k, v, n, reverse != 0));
}

/* __freeze__(set): nobody else holds the set, so its table can serve the frozenset. */
static FN CallStatus prelude_freeze(Vm *vm, const CallArgs *call, Value *result) {
  if (!args_plain(vm, call, 1, 1)) return CALL_ERROR;
  if (!is_kind(call->args[0], KIND_SET)) return call_fail(vm, ERR_TypeError);
  return call_done(result, HEAP(KIND_FROZENSET, payload_of(call->args[0])));
}

static FN CallStatus prelude_call(Vm *vm, BuiltinId id, const CallArgs *call, Value *result) {
  if (id == BUILTIN_p_sort) return prelude_sort(vm, call, result);
  if (id == BUILTIN_p_set_freeze) return prelude_freeze(vm, call, result);
  if (id == BUILTIN_p_raise_stop) return call_fail(vm, ERR_StopIteration);
  if (!args_plain(vm, call, 1, 1)) return CALL_ERROR;
  Value x = call->args[0];
  if (id == BUILTIN_p_lazy) return call_done(result, v_bool(is_lazy(vm, x)));
  if (id == BUILTIN_p_missing) return call_done(result, v_bool(x == V_MISSING));
  return is_kind(x, KIND_LIST) ? call_done(result, list_to_tuple(vm, x)) : call_fail(vm, ERR_TypeError);
}

static FN CallStatus format_call(Vm *vm, const CallArgs *call, Value *result) {
  if (!args_plain(vm, call, 1, 2)) return CALL_ERROR;
  Value format = call->nargs > 1 ? call->args[1] : new_str(vm, "", 0);
  return call_done(result, format ? value_format(vm, call->args[0], format) : 0);
}

/* ---- dispatch ---- */

static FN CallStatus function_call(Vm *vm, BuiltinId id, const CallArgs *call, Value *result, PreludeCall *plan) {
  switch (id) {
  case BUILTIN_len: return len_call(vm, call, result);
  case BUILTIN_abs: case BUILTIN_round: case BUILTIN_divmod: case BUILTIN_pow:
    return builtin_num_call(vm, id, call, result);
  case BUILTIN_isinstance: return isinstance_call(vm, call, result);
  case BUILTIN_issubclass:
    if (!args_plain(vm, call, 2, 2)) return CALL_ERROR;
    return call_done(result, type_issubclass(vm, call->args[0], call->args[1]));
  case BUILTIN_hasattr: return hasattr_call(vm, call, result);
  case BUILTIN_getattr: return getattr_call(vm, call, result);
  case BUILTIN_callable: return callable_call(vm, call, result);
  case BUILTIN_hash: return hash_call(vm, call, result);
  case BUILTIN_id: return id_call(vm, call, result);
  case BUILTIN_repr:
    return args_plain(vm, call, 1, 1) ? call_done(result, value_repr(vm, call->args[0], 1)) : CALL_ERROR;
  case BUILTIN_ascii:
    return args_plain(vm, call, 1, 1) ? call_done(result, value_ascii(vm, call->args[0], 1)) : CALL_ERROR;
  case BUILTIN_format: return format_call(vm, call, result);
  case BUILTIN_print: return print_call(vm, call, result);
  case BUILTIN_get_safe_default: return safe_default_call(vm, call, result);
  case BUILTIN_batch_process: return batch_call(vm, call, plan);
  case BUILTIN_ignore: return call_done(result, V_NONE);
  case BUILTIN_p_sort: case BUILTIN_p_set_freeze: case BUILTIN_p_list_tuple: case BUILTIN_p_raise_stop:
  case BUILTIN_p_lazy: case BUILTIN_p_missing:
    return prelude_call(vm, id, call, result);
  default: return builtin_seq_call(vm, id, call, result, plan);
  }
}

FN CallStatus builtin_call(Vm *vm, Value callee, const CallArgs *call, Value *result, PreludeCall *plan) {
  if (is_kind(callee, KIND_TYPE)) return type_call(vm, payload_of(callee), call, result, plan);
  return function_call(vm, (BuiltinId)payload_of(callee), call, result, plan);
}
