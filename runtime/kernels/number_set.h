/* number_set.h - CPython's set tables over small numbers.
 *
 * A kernel that must know in which order a set iterates numbers what it would put in, and runs the
 * set's operations on the numbers: a slot is two bytes, and keys are compared by number. Hashes come
 * from an array. The tables are those of runtime/set.c, slot for slot (Objects/setobject.c at v3.11);
 * there is no removal, so no slot is ever deleted. */
#ifndef BATTC_KERNELS_NUMBER_SET_H
#define BATTC_KERNELS_NUMBER_SET_H

#include "../vm.h"

enum {
  NUMBERS_MAX = 900,   /* members at most */
  NUMBER_SLOTS = 4096, /* four times that, and the next power of two */
  NUMBER_SLOTS_MIN = 8
};

typedef struct {
  const int64_t *hashes; /* by number */
  uint32_t mask, used;
  uint16_t slots[NUMBER_SLOTS]; /* of mask + 1: number + 1, or 0 */
} NumberSet;

/* An empty set. */
FN void numbers_clear(NumberSet *s, const int64_t *hashes);
/* An empty set with a table of `slots`: of copies and merges, which know their size. */
FN void numbers_clear_sized(NumberSet *s, const int64_t *hashes, uint32_t slots);
/* Slots of the table that has room for more than `keys` keys. */
FN uint32_t numbers_slots_above(uint32_t keys);
/* Slots of a copy of a set with so many keys. */
FN_INLINE uint32_t numbers_slots_copied(uint32_t used) {
  return used * 5 < (NUMBER_SLOTS_MIN - 1) * 3 ? (uint32_t)NUMBER_SLOTS_MIN : numbers_slots_above(used * 2);
}

/* All of these: the number is not in the set yet. add grows the table as set.add does; put leaves it
 * as it is; numbers_make_room grows it as a merge of `more` keys does. */
FN void numbers_add(NumberSet *s, uint32_t number);
FN void numbers_put(NumberSet *s, uint32_t number);
FN void numbers_make_room(NumberSet *s, uint32_t more);
/* list[0..used): the numbers in the order of iteration; it has room for NUMBERS_MAX + 4. */
FN uint32_t numbers_list(const NumberSet *s, uint16_t *list);

/* The frozenset with keys[number]: of the very same table, or, if copied, what frozenset(s) gives.
 * 0: no memory. */
FN Value numbers_frozen(Vm *vm, const NumberSet *s, const Value *keys, bool copied);
/* frozenset({key}). */
FN Value frozenset_of_one(Vm *vm, Value key, int64_t hash);
/* A frozenset with `slots` empty slots, to be filled with `used` keys. NULL: no memory. */
FN SetEntry *frozenset_table(Vm *vm, uint32_t slots, uint32_t used, Value *set);

#endif
