/* hash.c - the hashes of CPython 3.11 where a program can see them: in the order of its sets.
 *
 * Algorithms: Python/pyhash.c (numbers), Objects/tupleobject.c (tuples: xxHash),
 * Objects/setobject.c (frozensets), Objects/rangeobject.c, at tag v3.11.
 *
 * What CPython hashes by address, or differently in each process (None, nan, strings, functions),
 * gets a hash of our own here, and vm->unordered tells that it was asked for. A hash built on such a
 * one is not kept in its tuple, so that the flag is raised each time. */
#include "deferred.h"
#include "kernels/unmade.h"
#include "key.h"
#include "lanes.h"

#define HASH_BITS 61
#define HASH_MODULUS (((uint64_t)1 << HASH_BITS) - 1)
#define HASH_INF 314159
#define MAX_HASH_DEPTH 10000 /* nested tuples; CPython has no limit before its stack ends */

static FN int64_t never_minus_one(int64_t hash) { return hash == -1 ? -2 : hash; }

FN int64_t hash_int(int64_t i) {
  uint64_t magnitude = i < 0 ? 0 - (uint64_t)i : (uint64_t)i;
  int64_t rest = (int64_t)(magnitude % HASH_MODULUS);
  return never_minus_one(i < 0 ? -rest : rest);
}

/* A double is m * 2^e with an integer m of 53 bits; times 2^e modulo 2^61 - 1 is a rotation. */
FN int64_t hash_double(double d) {
  uint64_t bits;
  __builtin_memcpy(&bits, &d, sizeof bits);
  bool negative = bits >> 63;
  int exponent = (int)(bits >> 52 & 0x7ff);
  uint64_t m = bits & (((uint64_t)1 << 52) - 1);
  if (exponent == 0x7ff) return negative ? -HASH_INF : HASH_INF;
  if (exponent) m |= (uint64_t)1 << 52;
  else exponent = 1;
  int turn = (exponent - 1075) % HASH_BITS;
  if (turn < 0) turn += HASH_BITS;
  uint64_t x = (m << turn & HASH_MODULUS) | m >> (HASH_BITS - turn);
  return never_minus_one(negative ? -(int64_t)x : (int64_t)x);
}

static FN int64_t hash_address(Vm *vm, uint64_t word) {
  vm->unordered = true;
  uint64_t x = (word ^ word >> 32) * 0x9e3779b97f4a7c15u;
  return never_minus_one((int64_t)(x ^ x >> 29));
}

static FN int64_t hash_float(Vm *vm, Value v) {
  double d = as_float(vm, v)->value;
  return d != d ? hash_address(vm, v) : hash_double(d);
}

/* FNV-1a; made once per string. That of the empty one is 0 in CPython. */
static FN int64_t hash_str(Vm *vm, Value v) {
  Str *s = as_str(vm, v);
  if (!s->len) return 0;
  vm->unordered = true;
  if (s->hash == HASH_UNKNOWN) {
    uint64_t x = 0xcbf29ce484222325u;
    for (uint32_t i = 0; i < s->len; i++) x = (x ^ (uint8_t)s->bytes[i]) * 0x100000001b3u;
    s->hash = never_minus_one((int64_t)x);
  }
  return s->hash;
}

/* ---- tuples ---- */

static FN bool hash_nested(Vm *vm, Value v, int64_t *hash, int depth);

static FN bool hash_tuple(Vm *vm, Tuple *t, int64_t *hash, int depth) {
  if (depth > MAX_HASH_DEPTH) return raise_false(vm, ERR_RecursionError);
  bool unordered = vm->unordered;
  vm->unordered = false;
  uint64_t acc = XX_PRIME_5;
  for (uint32_t i = 0; i < t->len; i++) {
    int64_t lane;
    if (!hash_at_hand(vm, t->items[i], &lane) && !hash_nested(vm, t->items[i], &lane, depth + 1)) {
      vm->unordered |= unordered;
      return false;
    }
    acc = xx_mix(acc, lane);
  }
  *hash = xx_end(acc, t->len);
  if (!vm->unordered) t->hash = *hash;
  vm->unordered |= unordered;
  return true;
}

/* Of a row of colours that is not made. */
static FN int64_t hash_bytes(const Vm *vm, Tuple *row) {
  const uint8_t *bytes = row_bytes(vm, row);
  uint64_t acc = XX_PRIME_5;
  for (uint32_t i = 0; i < row->len; i++) acc = xx_mix(acc, hash_small_int(plane_value(bytes[i])));
  return row->hash = xx_end(acc, row->len);
}

/* As the tuple (len, start, step), with None for what cannot be seen. */
static FN int64_t hash_range(Vm *vm, const Range *r) {
  int64_t none = r->len > 1 ? 0 : hash_address(vm, V_NONE);
  uint64_t acc = xx_mix(XX_PRIME_5, hash_int(r->len));
  acc = xx_mix(acc, r->len > 0 ? hash_int(r->start) : none);
  acc = xx_mix(acc, r->len > 1 ? hash_int(r->step) : none);
  return xx_end(acc, 3);
}

/* ---- frozensets ---- */

enum { FEW_SLOTS = 32 }; /* mixed by one lane before others would have come */

typedef struct {
  const SetEntry *table;
  uint64_t mask, mixed;
} HashWork;

/* Independent of the order, so empty and deleted slots are mixed in like keys: no branch per slot. */
LANE_TEXT void hash_table_lanes(const Lanes *l, HashWork *w) {
  uint64_t x = 0;
  for (uint64_t i = l->lane; i <= w->mask; i += l->n) x ^= shuffle_bits((uint64_t)w->table[i].hash);
  x = lanes_xor(l, x);
  if (!l->lane) w->mixed = x;
}
LANE_WORK(hash_table, HashWork)

/* What empty and deleted slots have mixed in is taken out. The former have hash 0, the latter -1. */
static FN int64_t hash_set_table(const Vm *vm, const Set *s) {
  HashWork w = {set_table(vm, s), s->mask, 0};
  hash_table_by(s->mask < FEW_SLOTS ? NULL : vm->warp, &w);
  uint64_t x = w.mixed;
  if ((s->mask + 1 - s->fill) & 1) x ^= shuffle_bits(0);
  if ((s->fill - s->used) & 1) x ^= shuffle_bits((uint64_t)-1);
  return set_hash_end(x, s->used);
}

FN int64_t hash_as_frozenset(Vm *vm, Value set) {
  Set *s = as_set(vm, set);
  if (s->unordered) vm->unordered = true;
  if (is_kind(set, KIND_SET)) return hash_set_table(vm, s);
  if (s->hash == HASH_UNKNOWN) s->hash = !s->table ? deferred_hash(vm, s) : hash_set_table(vm, s);
  return s->hash;
}

/* A bound method of a builtin type: made anew by each look-up, equal when of the same object. */
static FN int64_t hash_method(Vm *vm, const Method *m) {
  return hash_address(vm, m->self ^ (uint64_t)m->method << 16);
}

static NOINLINE FN bool hash_nested(Vm *vm, Value v, int64_t *hash, int depth) {
  switch (kind_of(v)) {
    case KIND_INT:
      *hash = hash_small_int(v);
      return true;
    case KIND_BOOL:
      *hash = payload_of(v);
      return true;
    case KIND_TUPLE:
      if (hash_at_hand(vm, v, hash)) return true;
      if (LIKELY(!is_unmade_row(tuple_head(vm, v)))) return hash_tuple(vm, as_tuple(vm, v), hash, depth);
      *hash = hash_bytes(vm, tuple_head(vm, v));
      return true;
    case KIND_FROZENSET:
      *hash = hash_as_frozenset(vm, v);
      return true;
    case KIND_FLOAT:
      *hash = hash_float(vm, v);
      return true;
    case KIND_STR:
      *hash = hash_str(vm, v);
      return true;
    case KIND_RANGE:
      *hash = hash_range(vm, as_range(vm, v));
      return true;
    case KIND_METHOD:
      *hash = hash_method(vm, as_method(vm, v));
      return true;
    case KIND_LIST:
    case KIND_SET:
    case KIND_DICT:
    case KIND_SLICE:
      return raise_false(vm, ERR_TypeError);
    default:
      *hash = hash_address(vm, v);
      return true;
  }
}

FN bool value_hash(Vm *vm, Value v, int64_t *hash) { return hash_nested(vm, v, hash, 0); }
