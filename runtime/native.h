/* native.h - helpers shared by builtin functions, types, methods and strings; private to them. */
#ifndef BATTC_NATIVE_H
#define BATTC_NATIVE_H

#include "builtin.h"
#include "object.h"

/* ---- how a call ends ---- */
FN_INLINE CallStatus call_done(Value *result, Value v) { /* v 0: an exception is pending */
  *result = v;
  return v ? CALL_DONE : CALL_ERROR;
}
FN_INLINE CallStatus call_fail(Vm *vm, ErrorClass cls) {
  raise_error(vm, cls);
  return CALL_ERROR;
}
FN_INLINE CallStatus call_limit(Vm *vm, LimitKind kind) {
  raise_limit(vm, kind);
  return CALL_ERROR;
}
FN_INLINE CallStatus call_truth(Value *result, int truth) { /* -1: an exception is pending */
  return truth < 0 ? CALL_ERROR : call_done(result, v_bool(truth > 0));
}
FN_INLINE CallStatus call_bool(Value *result, bool ok) { /* None, or false: an exception is pending */
  return ok ? call_done(result, V_NONE) : CALL_ERROR;
}
FN_INLINE CallStatus call_plan(PreludeCall *plan, PreludeId id, Value a, Value b, Value c) {
  plan->prelude = id;
  plan->args[0] = a;
  plan->args[1] = b;
  plan->args[2] = c;
  plan->nargs = !a ? 0 : !b ? 1 : !c ? 2 : 3;
  return CALL_PRELUDE;
}
FN_INLINE Value v_builtin(uint32_t id) { return SPECIAL(KIND_BUILTIN, id); }
FN_INLINE Value int_value(Vm *vm, int64_t i) { /* ints of 64 bits that may not fit */
  return fits_int(i) ? v_int(i) : raise_limit(vm, LIMIT_INTEGER);
}

/* ---- builtin_args.c: arguments ---- */
/* Positional arguments only, min..max of them; else TypeError. */
FN bool args_plain(Vm *vm, const CallArgs *call, uint32_t min, uint32_t max);
/* Binds up to n parameters to out[n] (V_MISSING where absent). names[i] "" means positional only;
 * the first npos may be positional, the rest are keyword-only; the first `required` must be there. */
FN bool args_bind(Vm *vm, const CallArgs *call, const char *const *names, uint32_t npos, uint32_t n,
                  uint32_t required, Value *out);
FN bool any_lazy(const Vm *vm, const Value *v, uint32_t n);
/* An int or bool that stands for an int of Python's index protocol; else TypeError. */
FN bool index_arg(Vm *vm, Value v, int64_t *i);

/* ---- builtin_seq.c ---- */
FN CallStatus builtin_seq_call(Vm *vm, BuiltinId id, const CallArgs *call, Value *result, PreludeCall *plan);
FN CallStatus sort_values_by(Vm *vm, Value list, Value key, Value reverse, PreludeCall *plan);
FN bool runs_frames(Value callable); /* calling it may run a frame */

/* ---- builtin.c ---- */
FN bool is_callable(Value v);

/* ---- builtin_num.c ---- */
FN CallStatus builtin_num_call(Vm *vm, BuiltinId id, const CallArgs *call, Value *result);
FN Value float_from(Vm *vm, Value v); /* float(v) */
FN Value int_from_text(Vm *vm, const char *s, uint32_t len); /* int(s), base 10: ValueError */
FN Value int_from_double(Vm *vm, double d); /* toward zero: ValueError, OverflowError */

/* ---- builtin_type.c ---- */
FN CallStatus type_call(Vm *vm, uint32_t type, const CallArgs *call, Value *result, PreludeCall *plan);
FN Value tuple_from(Vm *vm, Value iterable);
FN bool dict_update_pairs(Vm *vm, Value dict, Value pairs); /* a native iterable of native pairs */
FN bool has_lazy_pair(const Vm *vm, Value pairs);

/* ---- text.c: strings as sequences of characters, str() and repr() ---- */
FN int64_t str_len(const Vm *vm, Value s);                 /* characters */
FN uint32_t char_size(const char *s);                      /* bytes of the character at s */
FN Value str_concat(Vm *vm, Value a, Value b);
FN Value str_join(Vm *vm, const Value *parts, uint32_t n, bool unread); /* of their str(), or of anything where nobody looks at it */
FN Value str_repeat(Vm *vm, Value s, int64_t n);
FN Value str_item(Vm *vm, Value s, int64_t i);             /* 0 <= i < str_len */
FN Value str_slice(Vm *vm, Value s, Value slice);
/* `levels`: of C around them that count as frames. */
FN Value value_str(Vm *vm, Value v, uint32_t levels);
FN Value value_repr(Vm *vm, Value v, uint32_t levels);
FN Value value_ascii(Vm *vm, Value v, uint32_t levels);

/* Text being built: bytes in the arena, doubled when full. All 0: empty. */
typedef struct {
  uint32_t at, len, cap;
  bool ascii;  /* other characters as escapes */
  bool unread; /* nobody looks at it */
} Text;
FN bool text_add(Vm *vm, Text *t, const char *s, uint32_t n);
FN bool text_add_z(Vm *vm, Text *t, const char *s);
FN Value text_str(Vm *vm, const Text *t); /* as a string */
FN uint32_t char_at(const char *s); /* code point of the character at s */

/* ---- format.c ---- */
FN Value value_format(Vm *vm, Value v, Value format); /* format(v, format) */

/* ---- range.c ---- */
FN Value range_slice(Vm *vm, Value range, Value slice);
FN Value range_reversed(Vm *vm, Value range);

/* ---- attr.c ---- */
FN const char *builtin_name(uint32_t id);
FN const char *type_name(uint32_t type); /* NULL: Python's name of it is not kept */
FN bool is_type_like(Value v);        /* a type, or a builtin that is a type in Python (zip, map, ..) */
FN Value type_issubclass(Vm *vm, Value sub, Value cls); /* a bool value */

#endif
