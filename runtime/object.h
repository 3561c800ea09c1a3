/* object.h - operations on values, one section per source file.
 *
 * Convention: a Value result of 0, a bool result of false where so stated, an int result of -1 mean
 * that an exception is pending in vm->error. Nothing here runs user code: iterables are native ones
 * (see is_lazy), callbacks never happen. Native recursion follows the nesting of values only and is
 * bounded: beyond depth_limit levels RecursionError. */
#ifndef BATTC_OBJECT_H
#define BATTC_OBJECT_H

#include "vm.h"

/* ---- compare.c: equality, order, identity, truth ---- */
FN int value_eq(Vm *vm, Value a, Value b);  /* 1, 0, -1; `a == b` with CPython's identity rules inside containers */
FN int value_same_or_eq(Vm *vm, Value a, Value b); /* identity first: what `in` and containers use */
FN int value_compare(Vm *vm, Opcode op, Value a, Value b); /* OP_EQ..OP_GE: 1, 0, -1 (TypeError) */
FN int value_truth(Vm *vm, Value v);        /* 1, 0, -1 */
FN int value_contains(Vm *vm, Value container, Value item); /* `item in container`; lazy: not allowed */

/* ---- hash.c: CPython 3.11's hashes ---- */
FN int64_t hash_int(int64_t i);             /* modulo 2^61 - 1; -1 becomes -2 */
FN int64_t hash_double(double d);           /* not for nan */
FN bool value_hash(Vm *vm, Value v, int64_t *hash); /* false: TypeError (unhashable) */
FN int64_t hash_as_frozenset(Vm *vm, Value set); /* of a set or frozenset; never fails */

/* ---- number.c: int, bool, float arithmetic ---- */
FN Value new_float(Vm *vm, double d);
/* -math.inf, of which DSL functions give a new one at each call. With run-time sharing it is one object, so that what holds it can
 * be shared; `is` then raises vm->identity_doubt. */
FN Value minus_infinity(Vm *vm);
FN Value value_arith(Vm *vm, Opcode op, Value a, Value b); /* OP_ADD..OP_RSHIFT for any types (sequences, sets too) */
FN Value value_arith_inplace(Vm *vm, Opcode op, Value a, Value b); /* OP_IADD..OP_IXOR */
FN Value value_unary(Vm *vm, Opcode op, Value a);          /* OP_NEG, OP_POS, OP_BITNOT */
FN Value value_abs(Vm *vm, Value a);
FN Value value_int(Vm *vm, Value a);        /* int(a); strings too */

/* ---- str.c ---- */
FN Value new_str(Vm *vm, const char *bytes, size_t len);
FN bool same_bytes(const char *a, const char *b, uint32_t n);
FN bool str_equal(const Vm *vm, Value a, Value b);
FN bool str_is(const Vm *vm, Value s, const char *text);

/* ---- tuple.c ---- */
FN Value new_tuple(Vm *vm, uint32_t len);   /* items unset; len 0 gives the singleton */
FN Value tuple_of(Vm *vm, const Value *items, uint32_t len);
FN Value tuple_concat(Vm *vm, Value a, Value b);
FN Value tuple_repeat(Vm *vm, Value a, int64_t n);
FN Value tuple_slice(Vm *vm, Value a, Value slice);
FN bool slice_ends(Vm *vm, Value slice, int64_t len, int64_t *start, int64_t *stop, int64_t *step);
FN bool slice_indices(Vm *vm, Value slice, int64_t len, int64_t *start, int64_t *step, int64_t *count);

/* ---- list.c ---- */
FN Value new_list(Vm *vm, uint32_t cap);    /* empty */
FN bool list_append(Vm *vm, Value list, Value item);
FN bool list_extend(Vm *vm, Value list, Value iterable); /* native iterable */
FN Value list_from(Vm *vm, Value iterable);
FN Value list_to_tuple(Vm *vm, Value list);

/* ---- set.c: Objects/setobject.c of 3.11, table layout for table layout ---- */
FN Value new_set(Vm *vm, Kind kind);        /* KIND_SET or KIND_FROZENSET, empty */
FN bool set_add(Vm *vm, Value set, Value key);
FN bool set_add_hashed(Vm *vm, Value set, Value key, int64_t hash);
FN int set_contains(Vm *vm, Value set, Value key);       /* 1, 0, -1; a set as key is looked up as a frozenset */
FN int set_contains_hashed(Vm *vm, Value set, Value key, int64_t hash);
/* The same; most searches end at the first slot. */
FN_INLINE int set_has(Vm *vm, Value set, Value key, int64_t hash) {
  const Set *s = as_set(vm, set);
  if (LIKELY(s->table != 0)) {
    Value first = ((const SetEntry *)arena_at(vm, s->table))[(uint64_t)hash & s->mask].key;
    if (!first || first == key) return first != 0;
  }
  return set_contains_hashed(vm, set, key, hash);
}
FN int set_discard(Vm *vm, Value set, Value key);        /* 1 was there, 0, -1; leaves a dummy */
FN bool set_update(Vm *vm, Value set, Value iterable);   /* set_update_internal: sets merge, dicts, others add */
FN Value set_from(Vm *vm, Kind kind, Value iterable);    /* set(x), frozenset(x): frozenset(frozenset) is the same object */
FN Value set_copy(Vm *vm, Value set, Kind kind);
/* A set of n different keys that iterates in their order, in a table of `slots` slots: its history is not known. */
FN Value set_in_order(Vm *vm, Kind kind, const SetEntry *keys, uint32_t n, uint64_t slots);
FN Value set_binary(Vm *vm, Opcode op, Value a, Value b); /* OP_BITOR, BITAND, SUB, BITXOR; result has a's kind */
FN Value set_inplace(Vm *vm, Opcode op, Value a, Value b); /* OP_IOR, IAND, ISUB, IXOR; frozensets give new ones */
FN Value set_united(Vm *vm, Value a, Value b);           /* a | b for two different sets, at once */
FN Value set_union(Vm *vm, Value self, const Value *others, uint32_t n); /* method union; others any native iterable */
FN Value set_intersection(Vm *vm, Value self, const Value *others, uint32_t n);
FN Value set_difference(Vm *vm, Value self, const Value *others, uint32_t n);
FN int set_is_subset(Vm *vm, Value a, Value b);          /* a <= b, both sets */
FN int set_is_disjoint(Vm *vm, Value a, Value b);
FN int set_equal(Vm *vm, Value a, Value b);
/* The active slots in order, *pos starts at 0; false: no more. */
FN_INLINE bool set_next_hashed(const Vm *vm, Value set, uint32_t *pos, Value *key, int64_t *hash) {
  const Set *s = as_set(vm, set);
  const SetEntry *table = set_table(vm, s);
  for (uint32_t i = *pos; i <= s->mask; i++) {
    if (!table[i].key || table[i].key == SET_DUMMY) continue;
    *key = table[i].key;
    *hash = table[i].hash;
    *pos = i + 1;
    return true;
  }
  *pos = s->mask + 1;
  return false;
}
FN_INLINE bool set_next(const Vm *vm, Value set, uint32_t *pos, Value *key) {
  int64_t hash;
  return set_next_hashed(vm, set, pos, key, &hash);
}

/* ---- dict.c ---- */
FN Value new_dict(Vm *vm);
FN bool dict_set(Vm *vm, Value dict, Value key, Value value);
FN int dict_get(Vm *vm, Value dict, Value key, Value *value); /* 1, 0, -1 */
FN int dict_delete(Vm *vm, Value dict, Value key);
FN bool dict_update(Vm *vm, Value dict, Value other);     /* mapping */
FN bool dict_next(const Vm *vm, Value dict, uint32_t *pos, Value *key, Value *value);
FN Value counter_from(Vm *vm, Value iterable);            /* collections.Counter */
FN Value counter_most_common(Vm *vm, Value counter, Value n); /* n int or None */

/* ---- range.c ---- */
FN Value new_range(Vm *vm, Value start, Value stop, Value step); /* TypeError, ValueError (step 0) */
FN Value range_item(Vm *vm, Value range, int64_t i);      /* IndexError */

/* ---- iter.c: native iterators ---- */
FN bool is_iterable(const Vm *vm, Value v);
/* Stepping v (an iterable or iterator) may run frames: a generator, or a zip/enumerate over one. */
FN bool is_lazy(const Vm *vm, Value v);
FN Value get_iter(Vm *vm, Value v);         /* iterators and generators are themselves; TypeError */
FN int iter_next(Vm *vm, Value iter, Value *item); /* 1, 0 exhausted, -1; iter is KIND_ITER */
/* A loop over a native iterable without a heap object: iter_begin gives v's own iterator or fills
 * *local (NULL: TypeError), iter_step is as iter_next. */
FN Iter *iter_begin(Vm *vm, Value v, Iter *local);
FN int iter_step(Vm *vm, Iter *it, Value *item);
FN Value new_dict_view(Vm *vm, Value dict, IterKind kind); /* ITER_DICT, ITER_DICT_ITEMS, ITER_DICT_VALUES */
FN bool is_dict_view(const Vm *vm, Value v); /* an iterable, not an iterator: get_iter makes a fresh one */
FN Value new_zip(Vm *vm, const Value *iterables, uint32_t n);
FN Value new_enumerate(Vm *vm, Value iterable, int64_t start);
FN Value new_reversed(Vm *vm, Value seq);
FN Value new_product(Vm *vm, const Value *iterables, uint32_t n, int64_t repeat);
FN bool value_len(Vm *vm, Value v, int64_t *len); /* false: TypeError */

/* ---- item.c: subscripts ---- */
FN Value value_getitem(Vm *vm, Value v, Value index);
FN bool value_setitem(Vm *vm, Value v, Value index, Value item);
FN bool value_delitem(Vm *vm, Value v, Value index);

/* ---- sort.c: listsort of Objects/listobject.c, same sequence of comparisons ---- */
/* Sorts n values by keys (keys == values where there is no key), stable, in place. keys may be
 * values itself. reverse as CPython: reverse, sort stably, reverse. */
FN bool sort_values(Vm *vm, Value *keys, Value *values, uint32_t n, bool reverse);

#endif
