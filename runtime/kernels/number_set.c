/* number_set.c - see number_set.h. */
#include "number_set.h"

enum { NEIGHBOURS = 9, PERTURB_SHIFT = 5 }; /* as in set.c */

FN uint32_t numbers_slots_above(uint32_t keys) {
  uint32_t slots = NUMBER_SLOTS_MIN;
  while (slots <= keys) slots <<= 1;
  return slots;
}

FN void numbers_clear_sized(NumberSet *s, const int64_t *hashes, uint32_t slots) {
  s->hashes = hashes;
  s->mask = slots - 1;
  s->used = 0;
  __builtin_memset(s->slots, 0, slots * sizeof s->slots[0]);
}

FN void numbers_clear(NumberSet *s, const int64_t *hashes) { numbers_clear_sized(s, hashes, NUMBER_SLOTS_MIN); }

/* The next window of consecutive slots: one alone where the others would cross the end. */
FN_INLINE uint64_t window_end(uint64_t slot, uint64_t mask) { return slot + NEIGHBOURS <= mask ? slot + NEIGHBOURS : slot; }

FN_INLINE uint64_t free_slot(const uint16_t *slots, uint64_t mask, int64_t hash) {
  uint64_t perturb = (uint64_t)hash, slot = perturb & mask;
  for (;;) {
    for (uint64_t end = window_end(slot, mask), at = slot; at <= end; at++)
      if (LIKELY(!slots[at])) return at;
    perturb >>= PERTURB_SHIFT;
    slot = (slot * 5 + 1 + perturb) & mask;
  }
}

FN void numbers_put(NumberSet *s, uint32_t number) {
  s->slots[free_slot(s->slots, s->mask, s->hashes[number])] = (uint16_t)(number + 1);
  s->used++;
}

FN uint32_t numbers_list(const NumberSet *s, uint16_t *list) {
  uint32_t n = 0;
  for (const uint16_t *at = s->slots; n < s->used; at += 4) {
    uint64_t four;
    __builtin_memcpy(&four, at, sizeof four);
    if (!four) continue;
    for (int k = 0; k < 4; k++) {
      list[n] = (uint16_t)(at[k] - 1);
      n += at[k] != 0;
    }
  }
  return n;
}

static NOINLINE FN void rebuild(NumberSet *s, uint32_t keys) {
  uint16_t list[NUMBERS_MAX + 4];
  uint32_t n = numbers_list(s, list);
  numbers_clear_sized(s, s->hashes, numbers_slots_above(keys));
  for (uint32_t i = 0; i < n; i++) numbers_put(s, list[i]);
}

FN void numbers_add(NumberSet *s, uint32_t number) {
  numbers_put(s, number);
  if (UNLIKELY(s->used * 5 >= s->mask * 3)) rebuild(s, s->used * 4);
}

FN void numbers_make_room(NumberSet *s, uint32_t more) {
  if (UNLIKELY((s->used + more) * 5 >= s->mask * 3)) rebuild(s, (s->used + more) * 2);
}

/* ---- as frozensets ---- */

FN SetEntry *frozenset_table(Vm *vm, uint32_t slots, uint32_t used, Value *set) {
  uint32_t offset = arena_alloc(vm, sizeof(Set) + slots * sizeof(SetEntry));
  if (!offset) return NULL;
  Set *s = (Set *)arena_at(vm, offset);
  s->hash = HASH_UNKNOWN;
  s->used = s->fill = used;
  s->mask = slots - 1;
  s->table = offset + sizeof(Set) / 8;
  s->canon = 0;
  s->unordered = 0;
  *set = HEAP(KIND_FROZENSET, offset);
  SetEntry *table = set_table(vm, s);
  __builtin_memset(table, 0, slots * sizeof(SetEntry));
  return table;
}

FN Value frozenset_of_one(Vm *vm, Value key, int64_t hash) {
  Value set = 0;
  SetEntry *table = frozenset_table(vm, NUMBER_SLOTS_MIN, 1, &set);
  if (!table) return 0;
  SetEntry *e = table + (hash & (NUMBER_SLOTS_MIN - 1));
  e->key = key;
  e->hash = hash;
  return set;
}

/* Into a table with no room for doubt: the key is not there. */
FN_INLINE void put_entry(SetEntry *table, uint64_t mask, Value key, int64_t hash) {
  uint64_t perturb = (uint64_t)hash, slot = perturb & mask;
  for (;;) {
    for (uint64_t end = window_end(slot, mask), at = slot; at <= end; at++) {
      if (table[at].key) continue;
      table[at].key = key;
      table[at].hash = hash;
      return;
    }
    perturb >>= PERTURB_SHIFT;
    slot = (slot * 5 + 1 + perturb) & mask;
  }
}

FN Value numbers_frozen(Vm *vm, const NumberSet *s, const Value *keys, bool copied) {
  uint32_t slots = copied ? numbers_slots_copied(s->used) : s->mask + 1;
  Value set = 0;
  SetEntry *table = frozenset_table(vm, slots, s->used, &set);
  if (!table) return 0;
  bool same = slots == s->mask + 1;
  uint32_t left = s->used;
  for (uint32_t at = 0; left; at++) {
    if (!s->slots[at]) continue;
    uint32_t number = s->slots[at] - 1u;
    left--;
    if (!same) {
      put_entry(table, slots - 1, keys[number], s->hashes[number]);
    } else {
      table[at].key = keys[number];
      table[at].hash = s->hashes[number];
    }
  }
  return set;
}
