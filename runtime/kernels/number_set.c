/* number_set.c - see number_set.h. */
#include "../object.h"
#include "location_set.h"

enum {
  WINDOW = 10, /* consecutive slots that are looked at; near the end of the table one alone */
  PERTURB_SHIFT = 5
};

/* Of the slots from `slot` on, given as bits, those that a search looks at and finds free. */
FN_INLINE uint64_t free_of(uint64_t bits, uint64_t slot, uint64_t mask) {
  return ~bits & (slot + WINDOW - 1 <= mask ? ((uint64_t)1 << WINDOW) - 1 : 1);
}

FN_INLINE uint64_t next_slot(uint64_t slot, uint64_t *perturb, uint64_t mask) {
  *perturb >>= PERTURB_SHIFT;
  return (slot * 5 + 1 + *perturb) & mask;
}

/* A table of one word, which stays in a register. */
FN_INLINE void put_small(NumberSet *s, const uint16_t *list, uint32_t n) {
  uint64_t taken = s->taken[0], mask = s->mask, left;
  for (uint32_t k = 0; k < n; k++) {
    uint64_t perturb = (uint64_t)s->hashes[list[k]], slot = perturb & mask;
    while (UNLIKELY(!(left = free_of(taken >> slot, slot, mask)))) slot = next_slot(slot, &perturb, mask);
    left &= 0 - left;
    taken |= left << slot;
    s->numbers[slot + lowest_bit(left)] = list[k];
  }
  s->taken[0] = taken;
}

FN_INLINE uint64_t window_of(const uint64_t *taken, uint64_t slot) {
  uint64_t turn = slot % 64;
  return taken[slot / 64] >> turn | taken[slot / 64 + 1] << 1 << (63 - turn);
}

FN_INLINE void put_large(NumberSet *s, const uint16_t *list, uint32_t n) {
  uint64_t mask = s->mask, left;
  for (uint32_t k = 0; k < n; k++) {
    uint64_t perturb = (uint64_t)s->hashes[list[k]], slot = perturb & mask;
    while (UNLIKELY(!(left = free_of(window_of(s->taken, slot), slot, mask)))) slot = next_slot(slot, &perturb, mask);
    slot += lowest_bit(left);
    s->taken[slot / 64] |= (uint64_t)1 << slot % 64;
    s->numbers[slot] = list[k];
  }
}

FN void numbers_put(NumberSet *s, const uint16_t *list, uint32_t n) {
  if (s->mask < 64) put_small(s, list, n);
  else put_large(s, list, n);
  s->used += n;
}

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
  numbers_put(s, list, n);
}

FN void numbers_add(NumberSet *s, const uint16_t *list, uint32_t n) {
  for (uint32_t room;; list += room, n -= room) {
    room = numbers_full(s->mask) - s->used;
    if (n < room) break;
    numbers_put(s, list, room);
    numbers_rebuild(s, s->used * 4);
  }
  numbers_put(s, list, n);
}

/* ---- sets of any size ---- */

/* The slot that a hash takes. */
FN_INLINE uint64_t take_slot(int64_t hash, uint64_t mask, uint64_t *taken) {
  uint64_t perturb = (uint64_t)hash, slot = perturb & mask, left;
  while (UNLIKELY(!(left = free_of(window_of(taken, slot), slot, mask)))) slot = next_slot(slot, &perturb, mask);
  slot += lowest_bit(left);
  taken[slot / 64] |= (uint64_t)1 << slot % 64;
  return slot;
}

static FN uint32_t list_numbers(uint64_t mask, const uint32_t *numbers, const uint64_t *taken, uint32_t *order) {
  uint32_t n = 0;
  for (uint64_t k = 0; k <= mask / 64; k++)
    for (uint64_t bits = taken[k]; bits; bits &= bits - 1) order[n++] = numbers[k * 64 + lowest_bit(bits)];
  return n;
}

static FN void clear_taken(uint64_t mask, uint64_t *taken) {
  for (uint64_t k = 0; k <= mask / 64 + 1; k++) taken[k] = 0;
}

FN void numbers_slots(const int64_t *hashes, uint32_t n, uint32_t *slots, uint32_t *order, uint32_t *numbers, uint64_t *taken) {
  uint32_t mask = NUMBER_SLOTS_MIN - 1, used = 0;
  clear_taken(mask, taken);
  for (;;) {
    uint32_t full = numbers_full(mask), to = n < full ? n : full;
    for (; used < to; used++) slots[used] = (uint32_t)take_slot(hashes[used], mask, taken);
    if (used < full) return;
    for (uint32_t k = 0; k < used; k++) numbers[slots[k]] = k;
    list_numbers(mask, numbers, taken, order);
    mask = numbers_slots_grown(used) - 1;
    clear_taken(mask, taken);
    for (uint32_t k = 0; k < used; k++) slots[order[k]] = (uint32_t)take_slot(hashes[order[k]], mask, taken);
  }
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
  s->deferred = 0;
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

/* Into a table whose slots are empty. */
static FN void write_keys(const NumberSet *s, const Value *keys, SetEntry *table) {
  for (uint32_t k = 0; k <= s->mask / 64; k++)
    for (uint64_t bits = s->taken[k]; bits; bits &= bits - 1) {
      uint32_t at = k * 64 + lowest_bit(bits);
      table[at].key = keys[s->numbers[at]];
      table[at].hash = s->hashes[s->numbers[at]];
    }
}

FN void numbers_write(const NumberSet *s, const Value *keys, SetEntry *table) {
  __builtin_memset(table, 0, ((size_t)s->mask + 1) * sizeof(SetEntry));
  write_keys(s, keys, table);
}

FN Value numbers_frozen(Vm *vm, NumberSet *s, const Value *keys, bool copied) {
  uint32_t slots = copied ? numbers_slots_copied(s->used) : s->mask + 1;
  if (slots != s->mask + 1) numbers_rebuild(s, slots - 1);
  Value set = 0;
  SetEntry *table = frozenset_table(vm, slots, s->used, &set);
  if (table) write_keys(s, keys, table);
  return set;
}

/* ---- keys as they come ---- */

FN void adding_start(Vm *vm, Adding *a) {
  Workspace *w = workspace_of(vm);
  a->vm = vm;
  a->set = 0;
  a->n = w ? 0 : (uint32_t)NUMBERS_MAX;
  a->keys = w ? w->adding.keys : NULL;
  a->hashes = w ? w->adding.hashes : NULL;
}

FN bool adding_beyond(Adding *a, Value key, int64_t hash) {
  if (!a->set) {
    a->set = new_set(a->vm, KIND_FROZENSET);
    for (uint32_t k = 0; k < a->n && a->keys && a->set; k++)
      if (!set_add_hashed(a->vm, a->set, a->keys[k], a->hashes[k])) return false;
  }
  return key && a->set && set_add_hashed(a->vm, a->set, key, hash);
}

FN Value adding_end(Adding *a) {
  if (a->set) return a->set;
  if (!a->keys) return new_set(a->vm, KIND_FROZENSET);
  AddingSpace *space = &a->vm->workspace->adding;
  for (uint32_t k = 0; k < a->n; k++) space->list[k] = (uint16_t)k;
  numbers_clear(&space->set, a->hashes);
  numbers_add(&space->set, space->list, a->n);
  return numbers_frozen(a->vm, &space->set, a->keys, false);
}
