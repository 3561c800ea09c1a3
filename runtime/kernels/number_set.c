/* number_set.c - see number_set.h. */
#include "number_set.h"

FN uint32_t numbers_list(const NumberSet *s, uint16_t *list) {
  uint32_t n = 0;
  for (uint32_t k = 0; n < s->used; k++)
    for (uint64_t bits = s->taken[k]; bits; bits &= bits - 1) list[n++] = s->numbers[k * 64 + lowest_bit(bits)];
  return n;
}

FN void numbers_rebuild(NumberSet *s, uint32_t keys) {
  uint16_t list[NUMBERS_MAX];
  uint32_t n = numbers_list(s, list);
  numbers_clear_sized(s, s->hashes, numbers_slots_above(keys));
  for (uint32_t i = 0; i < n; i++) numbers_put(s, list[i]);
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

FN Value numbers_frozen(Vm *vm, NumberSet *s, const Value *keys, bool copied) {
  uint32_t slots = copied ? numbers_slots_copied(s->used) : s->mask + 1;
  if (slots != s->mask + 1) numbers_rebuild(s, slots - 1);
  Value set = 0;
  SetEntry *table = frozenset_table(vm, slots, s->used, &set);
  if (!table) return 0;
  for (uint32_t k = 0; k <= s->mask / 64; k++)
    for (uint64_t bits = s->taken[k]; bits; bits &= bits - 1) {
      uint32_t at = k * 64 + lowest_bit(bits);
      table[at].key = keys[s->numbers[at]];
      table[at].hash = s->hashes[s->numbers[at]];
    }
  return set;
}
