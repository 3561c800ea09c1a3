/* number_set.h - CPython's set tables over small numbers.
 *
 * A kernel that must know in which order a set iterates numbers what it would put in, and runs the
 * set's operations on the numbers. Hashes come from an array. The tables are those of runtime/set.c,
 * slot for slot (Objects/setobject.c at v3.11). There is no removal, so no slot is ever deleted, and
 * which slots are taken is one bit each: a search for a free one is a look at a word. */
#ifndef BATTC_KERNELS_NUMBER_SET_H
#define BATTC_KERNELS_NUMBER_SET_H

#include "../lanes.h"

enum {
  NUMBERS_MAX = 1024,  /* members at most */
  NUMBER_SLOTS = 4096, /* four times that, and the next power of two */
  NUMBER_SLOTS_MIN = 8,
  SLOTS_LOOKED_AT = 10 /* consecutive ones by a search; near the end of the table one alone */
};

typedef struct {
  Warp *warp;            /* of the machine, see lanes.h */
  const int64_t *hashes; /* by number */
  uint32_t mask, used;
  uint64_t taken[NUMBER_SLOTS / 64 + 1]; /* bit by slot; a word more for windows */
  uint16_t numbers[NUMBER_SLOTS];        /* in the slots that are taken */
  uint16_t moving[NUMBERS_MAX];          /* those of a table that is rebuilt */
} NumberSet;

/* Sets 128 bytes to 0: of a memset that is so small gcc makes an instruction which takes longer than the bytes do. */
FN_INLINE void clear_128(void *at) {
#ifdef BATTC_SSE2
  __m128i *to = (__m128i *)at, none = _mm_setzero_si128();
  _mm_storeu_si128(to, none), _mm_storeu_si128(to + 1, none), _mm_storeu_si128(to + 2, none), _mm_storeu_si128(to + 3, none);
  _mm_storeu_si128(to + 4, none), _mm_storeu_si128(to + 5, none), _mm_storeu_si128(to + 6, none), _mm_storeu_si128(to + 7, none);
#else
  __builtin_memset(at, 0, 128);
#endif
}

/* Of the bits of a table the 64 from a slot on. */
FN_INLINE uint64_t slots_from(const uint64_t *taken, uint64_t slot) {
  uint64_t turn = slot % 64;
  return taken[slot / 64] >> turn | taken[slot / 64 + 1] << 1 << (63 - turn);
}

/* Slots of the table that has room for more than `keys` keys. */
FN_INLINE uint32_t numbers_slots_above(uint32_t keys) {
  return keys < NUMBER_SLOTS_MIN ? (uint32_t)NUMBER_SLOTS_MIN : 2u << highest_bit(keys);
}

/* Slots of a table that was full with so many keys. */
enum { NUMBERS_GROW_LESS = 50000 }; /* above so many keys only half as fast */
FN_INLINE uint32_t numbers_slots_grown(uint32_t used) {
  return numbers_slots_above(used > NUMBERS_GROW_LESS ? used * 2 : used * 4);
}

/* Slots of a copy of a set with so many keys. */
FN_INLINE uint32_t numbers_slots_copied(uint32_t used) {
  return used * 5 < (NUMBER_SLOTS_MIN - 1) * 3 ? (uint32_t)NUMBER_SLOTS_MIN : numbers_slots_above(used * 2);
}

/* An empty set with a table of `slots`: as copies and merges make, which know their size. */
FN_INLINE void numbers_clear_sized(NumberSet *s, const int64_t *hashes, uint32_t slots) {
  s->hashes = hashes;
  s->mask = slots - 1;
  s->used = 0;
  s->taken[0] = s->taken[1] = 0; /* mostly all */
  for (uint32_t k = 2; k <= slots / 64; k++) s->taken[k] = 0;
}

/* An empty set. */
FN_INLINE void numbers_clear(NumberSet *s, const int64_t *hashes) { numbers_clear_sized(s, hashes, NUMBER_SLOTS_MIN); }

/* All of these, in memory that all lanes see: the numbers are different and not in the set. put leaves the table as it is: there is
 * room; add grows it as set.add does. */
FN void numbers_put(NumberSet *s, const uint16_t *list, uint32_t n);
FN void numbers_add(NumberSet *s, const uint16_t *list, uint32_t n);
/* Into a given free slot. */
FN_INLINE void numbers_put_at(NumberSet *s, uint32_t slot, uint32_t number) {
  s->taken[slot / 64] |= (uint64_t)1 << slot % 64;
  s->numbers[slot] = (uint16_t)number;
  s->used++;
}

/* The same set in a new table with more slots than `keys`. */
FN void numbers_rebuild(NumberSet *s, uint32_t keys);

/* With so many keys a table is full, and rebuilt: at three fifths. */
FN_INLINE uint32_t numbers_full(uint32_t mask) { return (mask * 3 + 4) / 5; }
/* Keys that fill the smallest table, the size of the next, and keys that fill it. */
enum { LEAST_FULL = 5, WORD_SLOTS = 32, WORD_FULL = 19 };

/* The numbers 0..n-1, added one by one to an empty set of any size: the slot of each. The rest is room to work in: order
 * for n, numbers for half of the table's slots, taken for a bit a slot and two words more. */
FN void numbers_slots(const int64_t *hashes, uint32_t n, uint32_t *slots, uint32_t *order, uint32_t *numbers, uint64_t *taken);

/* The same tables of any size, on one lane: taken for a bit a slot and two words more, numbers for each slot, of the largest
 * table that there will be; moving for all numbers. */
typedef struct {
  const int64_t *hashes;
  uint32_t mask, used;
  uint64_t *taken;
  uint32_t *numbers, *moving;
} LargeSet;
FN void large_clear(LargeSet *s, const int64_t *hashes, uint32_t slots);
FN_INLINE void large_put_at(LargeSet *s, uint32_t slot, uint32_t number) {
  s->taken[slot / 64] |= (uint64_t)1 << slot % 64;
  s->numbers[slot] = number;
  s->used++;
}
FN void large_put(LargeSet *s, const uint32_t *list, uint32_t n);
FN void large_add(LargeSet *s, const uint32_t *list, uint32_t n);
FN void large_rebuild(LargeSet *s, uint32_t keys);
FN uint32_t large_list(const LargeSet *s, uint32_t *list);

/* list[0..used), likewise: the numbers in the order of iteration. */
FN uint32_t numbers_list(const NumberSet *s, uint16_t *list);

/* The frozenset with keys[number]: of the very same table, or, if copied, what frozenset(s) gives (and s
 * becomes). 0: no memory. */
FN Value numbers_frozen(Vm *vm, NumberSet *s, const Value *keys, bool copied);
/* Its table with keys[number], in memory for mask + 1 slots. */
FN void numbers_write(const NumberSet *s, const Value *keys, SetEntry *table);
/* frozenset({key}); and in so many units of memory that are there. */
enum { ONE_UNITS = (sizeof(Set) + NUMBER_SLOTS_MIN * sizeof(SetEntry)) / 8 };
FN Value frozenset_of_one(Vm *vm, Value key, int64_t hash);
FN_INLINE Value frozenset_put_one(const Vm *vm, uint32_t offset, Value key, int64_t hash) {
  Set *s = (Set *)arena_at(vm, offset);
  SetEntry *table = (SetEntry *)(s + 1), *e = table + (hash & (NUMBER_SLOTS_MIN - 1));
  clear_128(table);
  e->key = key;
  e->hash = hash;
  s->hash = HASH_UNKNOWN;
  s->used = s->fill = 1;
  s->mask = NUMBER_SLOTS_MIN - 1;
  s->table = offset + sizeof(Set) / 8;
  s->canon = s->unordered = s->deferred = 0;
  return HEAP(KIND_FROZENSET, offset);
}

/* Keys, all different, that are added one by one to an empty frozenset: which slots they take is found when all are known.
 * More than there is room for are added as they come. */
typedef struct {
  Vm *vm;
  Value set; /* 0: all are here */
  uint32_t n;
  Value *keys;
  int64_t *hashes;
} Adding;
FN void adding_start(Vm *vm, Adding *a); /* one at a time */
FN bool adding_beyond(Adding *a, Value key, int64_t hash);
/* false: no memory, or it is the 0 that should have been a key. */
FN_INLINE bool adding_put(Adding *a, Value key, int64_t hash) {
  if (UNLIKELY(a->n == NUMBERS_MAX)) return adding_beyond(a, key, hash);
  a->keys[a->n] = key;
  a->hashes[a->n++] = hash;
  return key != 0;
}
FN Value adding_end(Adding *a); /* 0: no memory */

/* A frozenset with `slots` empty slots, to be filled with `used` keys. NULL: no memory. */
FN SetEntry *frozenset_table(Vm *vm, uint32_t slots, uint32_t used, Value *set);

#endif
