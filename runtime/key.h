/* key.h - hash and equality of keys of sets and dicts: the inline part of the hottest path.
 *
 * Small ints and tuples of them are what keys nearly always are; the rest goes to hash.c and
 * compare.c. */
#ifndef BATTC_KEY_H
#define BATTC_KEY_H

#include "object.h"

/* xxHash over the hashes of the items of a tuple. */
#define XX_PRIME_1 11400714785074694791u
#define XX_PRIME_2 14029467366897019727u
#define XX_PRIME_5 2870177450012600261u

FN_INLINE uint64_t xx_mix(uint64_t acc, int64_t lane) {
  acc += (uint64_t)lane * XX_PRIME_2;
  return (acc << 31 | acc >> 33) * XX_PRIME_1;
}

FN_INLINE int64_t xx_end(uint64_t acc, uint64_t len) {
  acc += len ^ (XX_PRIME_5 ^ 3527539u);
  return acc == (uint64_t)-1 ? 1546275796 : (int64_t)acc;
}

/* What a key's hash adds, by exclusive or, to the hash of a frozenset of `used` keys. */
FN_INLINE uint64_t shuffle_bits(uint64_t h) { return ((h ^ 89869747u) ^ (h << 16)) * 3644798167u; }
/* And back, for hashes that lie closer together when they are shuffled: 1 / 3644798167 modulo 2^64. */
FN_INLINE uint64_t unshuffle_bits(uint64_t x) {
  x = (x * 7905530827793432295u) ^ 89869747u;
  x ^= x << 16;
  return x ^ x << 32;
}
FN_INLINE int64_t set_hash_end(uint64_t x, uint32_t used) {
  x ^= ((uint64_t)used + 1) * 1927868237u;
  x ^= x >> 11 ^ x >> 25;
  x = x * 69069u + 907133923u;
  return x == (uint64_t)-1 ? 590923713 : (int64_t)x;
}

/* An int of 61 bits is its own remainder modulo 2^61 - 1. */
FN_INLINE int64_t hash_small_int(Value v) {
  int64_t i = int_of(v);
  return i == -1 ? -2 : i;
}

/* The hash of a tuple from those of its n items. */
FN_INLINE int64_t hash_of_ints(const int64_t *items, uint32_t n) {
  uint64_t acc = XX_PRIME_5;
  for (uint32_t i = 0; i < n; i++) acc = xx_mix(acc, items[i]);
  return xx_end(acc, n);
}

/* The hash of a location, a cell (i, j, c), or a nested one, from its small ints. */
FN_INLINE int64_t location_hash(int64_t i, int64_t j) {
  int64_t at[] = {hash_small_int(v_int(i)), hash_small_int(v_int(j))};
  return hash_of_ints(at, 2);
}
FN_INLINE int64_t cell_hash(int64_t i, int64_t j, Value c, bool nested) {
  int64_t flat[] = {hash_small_int(v_int(i)), hash_small_int(v_int(j)), hash_small_int(c)};
  if (!nested) return hash_of_ints(flat, 3);
  int64_t deep[] = {flat[2], location_hash(i, j)};
  return hash_of_ints(deep, 2);
}

/* The hash of v where it costs nothing: ints, and tuples whose hash is known. */
FN_INLINE bool hash_at_hand(const Vm *vm, Value v, int64_t *hash) {
  if (is_int(v)) {
    *hash = hash_small_int(v);
    return true;
  }
  if (!is_tuple(v)) return false;
  *hash = tuple_head(vm, v)->hash;
  return *hash != HASH_UNKNOWN;
}

/* value_hash for a mere look-up, whose outcome never depends on addresses. */
FN_INLINE bool lookup_hash(Vm *vm, Value v, int64_t *hash) {
  if (hash_at_hand(vm, v, hash)) return true;
  bool unordered = vm->unordered;
  bool ok = value_hash(vm, v, hash);
  vm->unordered = unordered;
  return ok;
}

/* As adding keys does: takes note in a set, all of whose keys were hashed since vm->unordered was false, of hashes that hang on addresses. `before`:
 * what the flag was then. The set, or 0. */
FN_INLINE Value note_unordered(Vm *vm, Value set, bool before) {
  if (set && vm->unordered) as_set(vm, set)->unordered = 1;
  vm->unordered |= before;
  return set;
}

/* value_same_or_eq for two keys with the same hash: 1, 0, -1. */
FN_INLINE int key_eq(Vm *vm, Value a, Value b) {
  if (a == b) return 1;
  if (is_int(a) && is_int(b)) return 0;
  if (is_tuple(a) && is_tuple(b) && vm->depth < vm->depth_limit) {
    const Tuple *x = tuple_head(vm, a), *y = tuple_head(vm, b);
    if (x->len != y->len) return 0;
    if (UNLIKELY((x->canon | y->canon) & TUPLE_UNMADE)) return value_eq(vm, a, b);
    uint32_t i = 0;
    while (i < x->len && x->items[i] == y->items[i]) i++;
    if (i == x->len) return 1;
  }
  return value_eq(vm, a, b);
}

#endif
