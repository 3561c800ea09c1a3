/* attr.c - attributes, and types as values. */
#include "attr_names.h"
#include "native.h"

/* The code object of every guard: a function of *args and **kwargs. */
#define GUARD_CODE 0xffffffffu

/* ---- types ---- */

FN bool is_type_like(Value v) {
  if (is_kind(v, KIND_TYPE)) return true;
  if (!is_kind(v, KIND_BUILTIN)) return false;
  switch (payload_of(v)) {
  case BUILTIN_zip: case BUILTIN_enumerate: case BUILTIN_map: case BUILTIN_filter: case BUILTIN_reversed:
  case BUILTIN_product: case BUILTIN_Counter: return true;
  default: return false;
  }
}

/* A builtin that is a Python function where programs get it from. */
static FN bool is_python_function(Value v) {
  return v == v_builtin(BUILTIN_get_safe_default) || v == v_builtin(BUILTIN_batch_process);
}

FN Value type_of(Vm *vm, Value v) {
  switch (kind_of(v)) {
  case KIND_GUARD: return v_type(KIND_FUNC);
  case KIND_METHOD: return v_type(KIND_BUILTIN);
  case KIND_BUILTIN:
    if (is_python_function(v)) return v_type(KIND_FUNC);
    return v_type(is_type_like(v) ? KIND_TYPE : KIND_BUILTIN);
  case KIND_ERROR: return v_type(TYPE_ERROR_BASE + as_error(vm, v)->cls);
  case KIND_DICT: return as_dict(vm, v)->is_counter ? v_builtin(BUILTIN_Counter) : v_type(KIND_DICT);
  default: return v_type(kind_of(v));
  }
}

static FN bool is_error_type(Value type) { return is_kind(type, KIND_TYPE) && payload_of(type) >= TYPE_ERROR_BASE; }

/* Both are types, none of them a builtin but Counter. */
static FN bool is_subtype(Value sub, Value cls) {
  if (sub == cls || cls == v_type(KIND_OPAQUE)) return true;
  if (is_error_type(sub) && is_error_type(cls)) {
    ErrorMask mask = error_mask((ErrorClass)(payload_of(cls) - TYPE_ERROR_BASE));
    return mask >> (payload_of(sub) - TYPE_ERROR_BASE) & 1;
  }
  if (sub == v_type(KIND_BOOL)) return cls == v_type(KIND_INT);
  return sub == v_builtin(BUILTIN_Counter) && cls == v_type(KIND_DICT);
}

/* 1, 0, -1. Iterators do not keep which of zip, map, .. made them: such a question is unsupported. */
static FN int matches(Vm *vm, Value type, bool is_iterator, Value cls, uint32_t level) {
  if (level > vm->depth_limit) return raise_int(vm, ERR_RecursionError);
  if (is_tuple(cls)) {
    const Tuple *t = as_tuple(vm, cls);
    for (uint32_t i = 0; i < t->len; i++) {
      int is = matches(vm, type, is_iterator, t->items[i], level + 1);
      if (is) return is;
    }
    return 0;
  }
  if (!is_type_like(cls)) return raise_int(vm, ERR_TypeError);
  if (is_iterator && cls != v_builtin(BUILTIN_Counter) && is_kind(cls, KIND_BUILTIN)) {
    raise_limit(vm, LIMIT_UNSUPPORTED);
    return -1;
  }
  return is_subtype(type, cls);
}

FN int value_isinstance(Vm *vm, Value v, Value cls) {
  bool is_iterator = is_kind(v, KIND_ITER) || is_kind(v, KIND_GEN);
  return matches(vm, type_of(vm, v), is_iterator, cls, 0);
}

FN Value type_issubclass(Vm *vm, Value sub, Value cls) {
  if (!is_type_like(sub)) return raise_error(vm, ERR_TypeError);
  int is = matches(vm, sub, false, cls, 0);
  return is < 0 ? 0 : v_bool(is);
}

/* ---- names ---- */

static FN bool has_word(const Vm *vm, Value name, const char *words) {
  const Str *s = as_str(vm, name);
  while (*words) {
    uint32_t n = 0;
    while (words[n] && words[n] != ' ') n++;
    if (n == s->len && same_bytes(words, s->bytes, n)) return true;
    words += n + (words[n] == ' ');
  }
  return false;
}

static FN const char *names_of(uint32_t kind) {
  switch (kind) {
  case KIND_NONE: return "__bool__";
  case KIND_BOOL: case KIND_INT: return INT_NAMES;
  case KIND_FLOAT: return FLOAT_NAMES;
  case KIND_STR: return STR_NAMES;
  case KIND_TUPLE: return TUPLE_NAMES;
  case KIND_LIST: return LIST_NAMES;
  case KIND_SET: return SET_NAMES;
  case KIND_FROZENSET: return FROZENSET_NAMES;
  case KIND_DICT: return DICT_NAMES;
  case KIND_RANGE: return RANGE_NAMES;
  case KIND_SLICE: return SLICE_NAMES;
  case KIND_FUNC: case KIND_GUARD: return FUNC_NAMES;
  case KIND_BUILTIN: case KIND_METHOD: return BUILTIN_NAMES;
  case KIND_TYPE: return TYPE_NAMES;
  case KIND_GEN: return GEN_NAMES;
  case KIND_CODE: return CODE_NAMES;
  case KIND_ERROR: return ERROR_NAMES;
  default: return "";
  }
}

static FN const char *iterator_names(const Vm *vm, Value v) {
  if (is_dict_view(vm, v)) return VIEW_NAMES;
  switch ((IterKind)as_iter(vm, v)->kind) {
  case ITER_ENUMERATE: return "__class_getitem__ __iter__ __next__";
  case ITER_ZIP: case ITER_PRODUCT: return "__iter__ __next__ __setstate__";
  case ITER_SET: case ITER_DICT: case ITER_DICT_ITEMS: case ITER_DICT_VALUES: return "__iter__ __length_hint__ __next__";
  default: return "__iter__ __length_hint__ __next__ __setstate__";
  }
}

/* The names of a type: those of its instances and those of types themselves. */
static FN bool type_has(const Vm *vm, Value type, Value name) {
  if (has_word(vm, name, TYPE_NAMES)) return true;
  uint32_t kind = payload_of(type);
  if (is_kind(type, KIND_BUILTIN))
    return has_word(vm, name, kind == BUILTIN_Counter ? DICT_NAMES " " COUNTER_NAMES : "__iter__ __next__");
  return has_word(vm, name, kind >= TYPE_ERROR_BASE ? ERROR_NAMES : names_of(kind));
}

/* 1, 0; -1: not known here. */
static FN DEVICE_NOINLINE int has_name(Vm *vm, Value v, Value name) {
  if (!is_kind(name, KIND_STR)) return raise_int(vm, ERR_TypeError);
  if (is_kind(v, KIND_OPAQUE) || has_word(vm, name, OBJECT_NAMES)) return 1;
  if (is_type_like(v)) return type_has(vm, v, name);
  switch (kind_of(v)) {
  case KIND_MODULE:
    if (payload_of(v) == MODULE_MATH && has_word(vm, name, "nan inf pi e")) return 1;
    raise_limit(vm, LIMIT_UNSUPPORTED);
    return -1;
  case KIND_ITER: return has_word(vm, name, iterator_names(vm, v));
  case KIND_BUILTIN: return has_word(vm, name, is_python_function(v) ? FUNC_NAMES : BUILTIN_NAMES);
  case KIND_DICT:
    if (as_dict(vm, v)->is_counter && has_word(vm, name, COUNTER_NAMES)) return 1;
    break;
  case KIND_GUARD:
    if (has_word(vm, name, "__wrapped__ _original_argcount")) return 1;
    break;
  case KIND_ERROR:
    if (as_error(vm, v)->cls == ERR_StopIteration && str_is(vm, name, "value")) return 1;
    break;
  default: break;
  }
  return has_word(vm, name, names_of(kind_of(v)));
}

FN int value_hasattr(Vm *vm, Value v, Value name) { return has_name(vm, v, name); }

/* ---- values of attributes: 0 without an error where there is none here ---- */

static FN Value text(Vm *vm, const char *s) { return new_str(vm, s, text_len(s)); }

static FN Value function_attr(Vm *vm, Value v, Value name) {
  bool guard = is_kind(v, KIND_GUARD);
  Value func = guard ? as_guard(vm, v)->func : v;
  const Function *fn = &vm->image->functions[as_func(vm, func)->fid];
  if (str_is(vm, name, "__code__")) return SPECIAL(KIND_CODE, guard ? GUARD_CODE : fn->fid);
  if (str_is(vm, name, "__name__")) return text(vm, fn->name);
  if (str_is(vm, name, "__module__")) return text(vm, fn->module);
  if (guard && str_is(vm, name, "__wrapped__")) return func;
  if (guard && str_is(vm, name, "_original_argcount")) return v_int(fn->nparams);
  return 0;
}

static FN Value code_attr(Vm *vm, Value v, Value name) {
  bool guard = payload_of(v) == GUARD_CODE;
  const Function *fn = guard ? NULL : &vm->image->functions[payload_of(v)];
  if (str_is(vm, name, "co_argcount")) return v_int(guard ? 0 : fn->nparams);
  if (str_is(vm, name, "co_kwonlyargcount")) return v_int(guard ? 0 : fn->nkwonly);
  if (str_is(vm, name, "co_name")) return text(vm, guard ? "wrapper" : fn->name);
  return 0;
}

FN const char *builtin_name(uint32_t id) {
  switch (id) {
#define X(id, name)                                                                                \
  case BUILTIN_##id: return name;
    BUILTIN_LIST(X)
#undef X
  default: return "";
  }
}

static FN const char *method_name(uint32_t method) {
  switch (method) {
#define X(id, kind, name)                                                                          \
  case METHOD_##id: return name;
    METHOD_LIST(X)
#undef X
  default: return "";
  }
}

FN const char *type_name(uint32_t type) {
  switch (type) {
#define X(kind, name)                                                                              \
  case KIND_##kind: return name;
    KIND_LIST(X)
#undef X
#define X(cls, parent)                                                                             \
  case TYPE_ERROR_BASE + ERR_##cls: return #cls;
    ERROR_LIST(X)
#undef X
  default: return NULL;
  }
}

static FN Value callable_attr(Vm *vm, Value v, Value name) {
  if (!str_is(vm, name, "__name__")) return 0;
  if (is_kind(v, KIND_METHOD)) return text(vm, method_name(as_method(vm, v)->method));
  if (is_kind(v, KIND_BUILTIN)) return text(vm, builtin_name(payload_of(v)));
  const char *s = type_name(payload_of(v));
  return s && payload_of(v) != KIND_ITER ? text(vm, s) : 0;
}

static FN Value range_attr(Vm *vm, Value v, Value name) {
  const Range *r = as_range(vm, v);
  if (str_is(vm, name, "start")) return v_int(r->start);
  if (str_is(vm, name, "step")) return v_int(r->step);
  return str_is(vm, name, "stop") ? v_int(r->stop) : 0;
}

static FN Value slice_attr(Vm *vm, Value v, Value name) {
  const Slice *s = as_slice(vm, v);
  if (str_is(vm, name, "start")) return s->start;
  if (str_is(vm, name, "stop")) return s->stop;
  return str_is(vm, name, "step") ? s->step : 0;
}

static FN Value module_attr(Vm *vm, Value v, Value name) {
  switch (payload_of(v)) {
  case MODULE_MATH:
    if (str_is(vm, name, "nan")) return vm->image->nan;
    if (str_is(vm, name, "inf")) return vm->image->inf;
    if (str_is(vm, name, "pi")) return new_float(vm, 3.141592653589793);
    return str_is(vm, name, "e") ? new_float(vm, 2.718281828459045) : 0;
  case MODULE_ITERTOOLS: return str_is(vm, name, "product") ? v_builtin(BUILTIN_product) : 0;
  case MODULE_COLLECTIONS: return str_is(vm, name, "Counter") ? v_builtin(BUILTIN_Counter) : 0;
  default: return 0;
  }
}

static FN Value known_attr(Vm *vm, Value v, Value name) {
  if (str_is(vm, name, "__class__")) return type_of(vm, v);
  switch (kind_of(v)) {
  case KIND_OPAQUE: return v_builtin(BUILTIN_ignore);
  case KIND_FUNC: case KIND_GUARD: return function_attr(vm, v, name);
  case KIND_CODE: return code_attr(vm, v, name);
  case KIND_TYPE: case KIND_BUILTIN: case KIND_METHOD: return callable_attr(vm, v, name);
  case KIND_RANGE: return range_attr(vm, v, name);
  case KIND_SLICE: return slice_attr(vm, v, name);
  case KIND_MODULE: return module_attr(vm, v, name);
  case KIND_ERROR:
    return as_error(vm, v)->cls == ERR_StopIteration && str_is(vm, name, "value") ? as_error(vm, v)->value : 0;
  default: return 0;
  }
}

static FN Value bound_method(Vm *vm, Value self, uint32_t method) {
  uint32_t at = arena_alloc(vm, sizeof(Method));
  if (!at) return 0;
  Method *m = (Method *)arena_at(vm, at);
  m->self = self;
  m->method = method;
  m->spare = 0;
  return HEAP(KIND_METHOD, at);
}

FN Value value_getattr(Vm *vm, Value v, Value name) {
  int method = find_method(vm, v, name);
  if (method >= 0) return bound_method(vm, v, (uint32_t)method);
  vm->error = ERR_COUNT;
  Value attr = known_attr(vm, v, name);
  if (attr || vm->error != ERR_COUNT) return attr;
  int has = has_name(vm, v, name);
  if (has < 0) return 0;
  return has ? raise_limit(vm, LIMIT_UNSUPPORTED) : raise_error(vm, ERR_AttributeError);
}
