/* ops.h - the work of single instructions: what the interpreter's cases and emitted C have in common.
 *
 * Conventions of object.h: a Value 0, an int -1, a bool false mean that an exception is pending.
 * Fast paths stand here, everything else is a call into object.h. */
#ifndef BATTC_OPS_H
#define BATTC_OPS_H

#include "cells.h"
#include "interp.h"
#include "object.h"

enum { STEPS_PER_CALL = 8 }; /* a call counts as so many instructions */

/* Register or constant of a frame. */
FN_INLINE Value operand(const Frame *f, int32_t x) { return x >= 0 ? f->regs[x] : f->fn->consts[~x]; }

/* May a Python frame number `depth` exist? Keeps the high-water mark. False: RecursionError. */
FN_INLINE bool enter_depth(Vm *vm, uint32_t depth) {
  if (UNLIKELY(depth > vm->depth_limit)) return raise_false(vm, ERR_RecursionError);
  if (depth > vm->high) vm->high = depth;
  return true;
}

/* ---- arithmetic ---- */

FN_INLINE bool both_ints(Value b, Value c) { return (b & c & TAG_INT) != 0; }
/* So small that a product of two fits. */
FN_INLINE bool is_half_int(int64_t i) { return (uint64_t)(i + ((int64_t)1 << 29)) < (uint64_t)1 << 30; }

FN_INLINE Value op_add(Vm *vm, Value b, Value c) {
  if (LIKELY(both_ints(b, c))) {
    int64_t s = int_of(b) + int_of(c);
    if (LIKELY(fits_int(s))) return v_int(s);
  }
  return value_arith(vm, OP_ADD, b, c);
}
FN_INLINE Value op_sub(Vm *vm, Value b, Value c) {
  if (LIKELY(both_ints(b, c))) {
    int64_t s = int_of(b) - int_of(c);
    if (LIKELY(fits_int(s))) return v_int(s);
  }
  return value_arith(vm, OP_SUB, b, c);
}
FN_INLINE Value op_mul(Vm *vm, Value b, Value c) {
  if (LIKELY(both_ints(b, c)) && is_half_int(int_of(b)) && is_half_int(int_of(c))) return v_int(int_of(b) * int_of(c));
  return value_arith(vm, OP_MUL, b, c);
}
FN_INLINE Value op_floordiv(Vm *vm, Value b, Value c) {
  if (both_ints(b, c) && int_of(b) >= 0 && int_of(c) > 0) return v_int(int_of(b) / int_of(c));
  return value_arith(vm, OP_FLOORDIV, b, c);
}
FN_INLINE Value op_mod(Vm *vm, Value b, Value c) {
  if (both_ints(b, c) && int_of(b) >= 0 && int_of(c) > 0) return v_int(int_of(b) % int_of(c));
  return value_arith(vm, OP_MOD, b, c);
}
FN_INLINE Value op_iadd(Vm *vm, Value b, Value c) {
  return both_ints(b, c) ? op_add(vm, b, c) : value_arith_inplace(vm, OP_IADD, b, c);
}
FN_INLINE Value op_isub(Vm *vm, Value b, Value c) {
  return both_ints(b, c) ? op_sub(vm, b, c) : value_arith_inplace(vm, OP_ISUB, b, c);
}
FN_INLINE Value op_neg(Vm *vm, Value b) {
  if (LIKELY(is_int(b)) && int_of(b) != INT_MIN_61) return v_int(-int_of(b));
  return value_unary(vm, OP_NEG, b);
}

/* ---- comparison and truth: 1, 0, -1 ---- */

FN_INLINE int op_truth(Vm *vm, Value v) {
  if (LIKELY(v == V_TRUE)) return 1;
  if (LIKELY(v == V_FALSE)) return 0;
  return value_truth(vm, v);
}
/* Run-time sharing makes equal tuples and frozensets one object, and -math.inf: then only a difference is certain. */
FN_INLINE bool op_is(Vm *vm, Value b, Value c) {
  if (b != c) return false;
  bool shared = is_tuple(b) ? tuple_head(vm, b)->len > 0 : is_kind(b, KIND_FROZENSET) || b == vm->image->minus_inf;
  if (shared && vm->memo) vm->identity_doubt = true;
  return true;
}
/* Ints compare as their words do: the tags are the same. */
FN_INLINE int op_compare(Vm *vm, Opcode op, Value b, Value c) {
  if (UNLIKELY(!both_ints(b, c))) return value_compare(vm, op, b, c);
  switch (op) {
    case OP_EQ: return b == c;
    case OP_NE: return b != c;
    case OP_LT: return (int64_t)b < (int64_t)c;
    case OP_LE: return (int64_t)b <= (int64_t)c;
    case OP_GT: return (int64_t)b > (int64_t)c;
    default: return (int64_t)b >= (int64_t)c;
  }
}
FN_INLINE int op_contains(Vm *vm, Value container, Value item) {
  return is_anyset(container) ? set_contains(vm, container, item) : value_contains(vm, container, item);
}

/* ---- items ---- */

FN_INLINE Value op_getitem(Vm *vm, Value v, Value index) {
  if (LIKELY(is_tuple(v) && is_int(index))) {
    const Tuple *t = tuple_head(vm, v);
    int64_t i = int_of(index);
    if (i < 0) i += t->len;
    if (UNLIKELY((uint64_t)i >= t->len)) return raise_error(vm, ERR_IndexError);
    if (LIKELY(!(t->canon & TUPLE_UNMADE))) return t->items[i];
  }
  return value_getitem(vm, v, index);
}
FN_INLINE bool op_list_append(Vm *vm, Value list, Value item) {
  List *l = as_list(vm, list);
  if (UNLIKELY(l->len >= l->cap)) return list_append(vm, list, item);
  list_items(vm, l)[l->len++] = item;
  return true;
}

/* ---- building ---- */

FN_INLINE Value op_build_tuple(Vm *vm, const Value *args, uint32_t n) {
  Value shared = n == 2 ? shared_two(vm, args[0], args[1]) : n == 3 ? shared_cell(vm, args[0], args[1], args[2]) : 0;
  if (LIKELY(shared != 0)) return shared;
  Value v = new_tuple(vm, n);
  if (UNLIKELY(!v)) return 0;
  Tuple *t = as_tuple(vm, v);
  for (uint32_t i = 0; i < n; i++) t->items[i] = args[i];
  return v;
}
FN Value op_build_list(Vm *vm, const Value *args, uint32_t n);
FN Value op_build_set(Vm *vm, const Value *args, uint32_t n);
FN Value op_build_dict(Vm *vm, const Value *args, uint32_t n); /* n / 2 pairs */
FN bool op_dict_update(Vm *vm, Value dict, Value other, bool merge); /* merge: no key may be in both */
FN Value op_build_slice(Vm *vm, const Value *args);
FN Value op_build_str(Vm *vm, const Value *parts, uint32_t n, StrUse use);
FN Value op_make_cell(Vm *vm, Value v);
FN_INLINE void op_store_cell(Vm *vm, Value cell, Value v) {
  note_change(vm, cell);
  as_cell(vm, cell)->value = v;
}
/* The closure of function fid made in the frame with registers r; ndefaults at defaults. */
FN Value op_make_func(Vm *vm, const Value *r, uint32_t fid, const Value *defaults, uint32_t ndefaults);

/* ---- iteration ---- */

FN_INLINE Value op_get_iter(Vm *vm, Value v) {
  if (!is_kind(v, KIND_GEN)) return get_iter(vm, v);
  note_change(vm, v);
  return v;
}

FN_INLINE int op_set_next(Vm *vm, Value iter, Iter *it, Value *item) {
  const Set *s = as_set(vm, it->source);
  if (UNLIKELY(it->size != s->used)) return iter_next(vm, iter, item);
  const SetEntry *table = set_table(vm, s);
  for (uint32_t pos = (uint32_t)it->index; pos <= s->mask; pos++)
    if (table[pos].key && table[pos].key != SET_DUMMY) {
      *item = table[pos].key;
      it->index = (int64_t)pos + 1;
      return 1;
    }
  it->kind = ITER_EMPTY;
  return 0;
}

/* Next of a native iterator: 1, 0 exhausted, -1. */
FN_INLINE int op_iter_next(Vm *vm, Value iter, Value *item) {
  Iter *it = as_iter(vm, iter);
  if (LIKELY(it->kind == ITER_TUPLE)) {
    const Tuple *t = as_tuple(vm, it->source);
    if (UNLIKELY(it->index >= (int64_t)t->len)) return iter_next(vm, iter, item);
    *item = t->items[it->index++];
    return 1;
  }
  if (it->kind == ITER_SET) return op_set_next(vm, iter, it, item);
  if (it->kind == ITER_RANGE && it->index < as_range(vm, it->source)->len) {
    const Range *range = as_range(vm, it->source);
    *item = v_int(range->start + it->index++ * range->step);
    return 1;
  }
  return iter_next(vm, iter, item);
}
/* FOR_ITER of the top frame into register dst: 1 there is an item (go on), 0 exhausted (go to the
 * label), -1 exception, 2 a generator's frame was pushed. */
FN_INLINE int op_for_iter(Vm *vm, Value iter, Value *r, uint32_t dst) {
  if (LIKELY(!is_kind(iter, KIND_GEN))) return op_iter_next(vm, iter, r + dst);
  int status = resume_generator(vm, iter, dst);
  return status == RUN_PUSHED ? 2 : status == RUN_DONE ? 0 : -1;
}

/* ---- unpacking: native iterables ---- */
/* r[0..n) = the n items of v, else ValueError or TypeError. */
FN bool op_unpack(Vm *vm, Value *r, Value v, uint32_t n);
/* r[0..n] = n items and, at r[star], the list of the rest. */
FN bool op_unpack_star(Vm *vm, Value *r, Value v, uint32_t n, uint32_t star);

/* ---- instructions of the top frame that may run frames: a RunStatus ---- */
FN int op_in(Vm *vm, uint32_t dst, Value item, Value container, bool negate);
FN int op_list_extend(Vm *vm, Value list, Value iterable);
FN int op_set_update(Vm *vm, Value set, Value iterable);
FN int op_iadd_any(Vm *vm, uint32_t dst, Value b, Value c);
FN int op_unpack_any(Vm *vm, uint32_t dst, Value v, uint32_t n);
FN int op_unpack_star_any(Vm *vm, uint32_t dst, Value v, uint32_t n, uint32_t star);

/* ---- globals, attributes, exceptions ---- */
FN Value op_bad_global(Vm *vm, Value v); /* NameError or limit unsupported */
/* What a method call does before it looks at its arguments. */
FN bool op_check_attr(Vm *vm, Value v, Value name);
FN bool op_setattr(Vm *vm, Value v, Value name, Value item);
FN void op_raise(Vm *vm, Value v);       /* RAISE: leaves the exception pending */
FN int op_match_class(Vm *vm, Value e, Value cls);
FN_INLINE bool op_match_error(const Vm *vm, Value e, ErrorMask mask) { return mask >> as_error(vm, e)->cls & 1; }

#endif
