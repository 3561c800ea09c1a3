/* number_set.c - see number_set.h. */
#include "../object.h"
#include "location_set.h"

enum { PERTURB_SHIFT = 5 };

/* Of the slots from `slot` on, given as bits, those that a search looks at and finds free. */
FN_INLINE uint64_t free_of(uint64_t bits, uint64_t slot, uint64_t mask) {
  return ~bits & (slot + SLOTS_LOOKED_AT - 1 <= mask ? ((uint64_t)1 << SLOTS_LOOKED_AT) - 1 : 1);
}

FN_INLINE uint64_t next_slot(uint64_t slot, uint64_t *perturb, uint64_t mask) {
  *perturb >>= PERTURB_SHIFT;
  return (slot * 5 + 1 + *perturb) & mask;
}

/* The smallest table, in which no slot is followed by as many as are looked at. */
FN_INLINE void put_least(NumberSet *s, const uint16_t *list, uint32_t n) {
  uint32_t taken = (uint32_t)s->taken[0];
  for (uint32_t k = 0; k < n; k++) {
    uint64_t perturb = (uint64_t)s->hashes[list[k]], slot = perturb & (NUMBER_SLOTS_MIN - 1);
    while (taken >> slot & 1) slot = next_slot(slot, &perturb, NUMBER_SLOTS_MIN - 1);
    taken |= (uint32_t)1 << slot;
    s->numbers[slot] = list[k];
  }
  s->taken[0] = taken;
}

/* A table of one word, which stays in a register. */
FN_INLINE void put_small(NumberSet *s, const uint16_t *list, uint32_t n) {
  uint64_t taken = s->taken[0], mask = s->mask, left;
  const int64_t *hashes = s->hashes;
  for (const uint16_t *end = list + n; list < end; list++) {
    uint64_t perturb = (uint64_t)hashes[*list], slot = perturb & mask;
    while (UNLIKELY(!(left = free_of(taken >> slot, slot, mask)))) slot = next_slot(slot, &perturb, mask);
    slot += lowest_bit(left);
    taken |= (uint64_t)1 << slot;
    s->numbers[slot] = *list;
  }
  s->taken[0] = taken;
}

/* A table of two words, likewise. */
FN_INLINE void put_double(NumberSet *s, const uint16_t *list, uint32_t n) {
  unsigned __int128 taken = (unsigned __int128)s->taken[1] << 64 | s->taken[0];
  uint64_t mask = s->mask, left;
  for (uint32_t k = 0; k < n; k++) {
    uint64_t perturb = (uint64_t)s->hashes[list[k]], slot = perturb & mask;
    while (UNLIKELY(!(left = free_of((uint64_t)(taken >> slot), slot, mask)))) slot = next_slot(slot, &perturb, mask);
    left &= 0 - left;
    taken |= (unsigned __int128)left << slot;
    s->numbers[slot + lowest_bit(left)] = list[k];
  }
  s->taken[0] = (uint64_t)taken;
  s->taken[1] = (uint64_t)(taken >> 64);
}

/* The slot where a hash goes. */
FN_INLINE uint64_t free_slot(const uint64_t *taken, int64_t hash, uint64_t mask) {
  uint64_t perturb = (uint64_t)hash, slot = perturb & mask, left;
  while (UNLIKELY(!(left = free_of(slots_from(taken, slot), slot, mask)))) slot = next_slot(slot, &perturb, mask);
  return slot + lowest_bit(left);
}

/* The slot that a hash takes: in a table that is far from full mostly the first it looks at. */
FN_INLINE uint64_t take_slot(int64_t hash, uint64_t mask, uint64_t *taken) {
  uint64_t slot = (uint64_t)hash & mask;
  if (UNLIKELY(taken[slot / 64] >> slot % 64 & 1)) slot = free_slot(taken, hash, mask);
  taken[slot / 64] |= (uint64_t)1 << slot % 64;
  return slot;
}

/* A table of several words. */
FN_INLINE void put_words(NumberSet *s, const uint16_t *list, uint32_t n) {
  uint64_t mask = s->mask;
  for (uint32_t k = 0; k < n; k++) s->numbers[take_slot(s->hashes[list[k]], mask, s->taken)] = list[k];
}

/* ---- by lanes ---- */

enum {
  FEW = 12,          /* numbers that one lane has put before others would have come */
  NO_SLOT = 1 << 30  /* and the lane's number: of a lane without a number */
};

typedef struct {
  NumberSet *s;
  uint16_t *list;
  uint32_t n, slots;
} NumbersWork;

/* Each lane finds the slot of a number. Where it is the first that finds this slot it is the right one, for what those before it
 * take is another; of the lanes up to the first that is not, the numbers are put. */
LANE_TEXT void put_by_lanes(const Lanes *l, NumberSet *s, const uint16_t *list, uint32_t n) {
  uint64_t mask = s->mask;
  for (uint32_t first = 0, placed; first < n; first += placed) {
    uint32_t k = first + l->lane;
    uint64_t slot = k < n ? free_slot(s->taken, s->hashes[list[k]], mask) : NO_SLOT + l->lane;
    placed = lanes_unlike(l, (uint32_t)slot);
    if (k < n && l->lane < placed) {
      atom_or64(&s->taken[slot / 64], (uint64_t)1 << slot % 64);
      s->numbers[slot] = list[k];
    }
    lanes_sync(l);
  }
}

LANE_TEXT void put_all(const Lanes *l, NumberSet *s, const uint16_t *list, uint32_t n) {
  if (l->n > 1) put_by_lanes(l, s, list, n);
  else if (s->mask < NUMBER_SLOTS_MIN) put_least(s, list, n);
  else if (s->mask < 64) put_small(s, list, n);
  else if (s->mask < 128) put_double(s, list, n);
  else put_words(s, list, n);
}

LANE_TEXT void put_numbers_lanes(const Lanes *l, NumbersWork *w) { put_all(l, w->s, w->list, w->n); }
LANE_WORK(put_numbers, NumbersWork)

LANE_TEXT uint32_t list_all(const Lanes *l, const NumberSet *s, uint16_t *list) {
  uint32_t n = 0, end = s->mask / 64;
  for (uint32_t first = 0; n < s->used; first += l->n) {
    uint32_t k = first + l->lane, sum;
    uint64_t bits = l->n == 1 || k <= end ? s->taken[k] : 0;
    uint32_t at = n + lanes_sum_below(l, l->n == 1 ? 0 : count_bits64(bits), &sum);
    for (; bits; bits &= bits - 1) list[at++] = s->numbers[k * 64 + lowest_bit(bits)];
    n = l->n == 1 ? at : n + sum;
  }
  return n;
}

LANE_TEXT void list_numbers_lanes(const Lanes *l, NumbersWork *w) { list_all(l, w->s, w->list); }
LANE_WORK(list_numbers, NumbersWork)

LANE_TEXT void start_table(const Lanes *l, NumberSet *s, uint32_t slots, uint32_t used) {
  lanes_sync(l);
  if (l->n == 1) s->taken[0] = s->taken[1] = 0;
  for (uint32_t k = l->n == 1 ? 2 : l->lane; k <= slots / 64; k += l->n) s->taken[k] = 0;
  if (!l->lane) s->mask = slots - 1, s->used = used;
  lanes_sync(l);
}

LANE_TEXT void rebuild(const Lanes *l, NumberSet *s, uint32_t slots) {
  uint32_t n = list_all(l, s, s->moving);
  start_table(l, s, slots, n);
  put_all(l, s, s->moving, n);
}

LANE_TEXT void rebuild_numbers_lanes(const Lanes *l, NumbersWork *w) { rebuild(l, w->s, w->slots); }
LANE_WORK(rebuild_numbers, NumbersWork)

LANE_TEXT void note_used(const Lanes *l, NumberSet *s, uint32_t used) {
  if (!l->lane) s->used = used;
  lanes_sync(l);
}

/* Has each of those that fill the smallest table a slot of its own in the next? Then these are what they get there, in whatever
 * order they come. */
FN_INLINE bool first_apart(const NumberSet *s, const uint16_t *list) {
  uint32_t seen = 0, twice = 0;
  for (uint32_t k = 0; k < LEAST_FULL; k++) {
    uint32_t bit = (uint32_t)1 << (s->hashes[list[k]] & (WORD_SLOTS - 1));
    twice |= seen & bit;
    seen |= bit;
  }
  return !twice;
}

LANE_TEXT void add_numbers_lanes(const Lanes *l, NumbersWork *w) {
  NumberSet *s = w->s;
  uint32_t used = s->used, n = w->n;
  const uint16_t *list = w->list;
  if (l->n == 1 && !used && n >= LEAST_FULL && s->mask < NUMBER_SLOTS_MIN && first_apart(s, list)) s->mask = WORD_SLOTS - 1;
  for (uint32_t room;; list += room, n -= room) {
    room = numbers_full(s->mask) - used;
    if (n < room) break;
    put_all(l, s, list, room);
    note_used(l, s, used += room);
    rebuild(l, s, numbers_slots_above(used * 4));
  }
  put_all(l, s, list, n);
  note_used(l, s, used + n);
}
LANE_WORK(add_numbers, NumbersWork)

FN void numbers_put(NumberSet *s, const uint16_t *list, uint32_t n) {
  NumbersWork w = {s, (uint16_t *)list, n, 0};
  put_numbers_by(n < FEW ? NULL : s->warp, &w);
  s->used += n;
}

FN uint32_t numbers_list(const NumberSet *s, uint16_t *list) {
  NumbersWork w = {(NumberSet *)s, list, 0, 0};
  list_numbers_by(s->used < FEW ? NULL : s->warp, &w);
  return s->used;
}

FN void numbers_rebuild(NumberSet *s, uint32_t keys) {
  NumbersWork w = {s, NULL, 0, numbers_slots_above(keys)};
  rebuild_numbers_by(s->used < FEW ? NULL : s->warp, &w);
}

FN void numbers_add(NumberSet *s, const uint16_t *list, uint32_t n) {
  NumbersWork w = {s, (uint16_t *)list, n, 0};
  add_numbers_by(n < FEW ? NULL : s->warp, &w);
}

/* ---- sets of any size ---- */

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

FN void large_clear(LargeSet *s, const int64_t *hashes, uint32_t slots) {
  s->hashes = hashes;
  s->mask = slots - 1;
  s->used = 0;
  clear_taken(s->mask, s->taken);
}

FN void large_put(LargeSet *s, const uint32_t *list, uint32_t n) {
  for (uint32_t k = 0; k < n; k++) s->numbers[take_slot(s->hashes[list[k]], s->mask, s->taken)] = list[k];
  s->used += n;
}

FN uint32_t large_list(const LargeSet *s, uint32_t *list) { return list_numbers(s->mask, s->numbers, s->taken, list); }

FN void large_rebuild(LargeSet *s, uint32_t keys) {
  uint32_t n = large_list(s, s->moving);
  large_clear(s, s->hashes, numbers_slots_above(keys));
  large_put(s, s->moving, n);
}

FN void large_add(LargeSet *s, const uint32_t *list, uint32_t n) {
  for (uint32_t room; room = numbers_full(s->mask) - s->used, n >= room; list += room, n -= room) {
    large_put(s, list, room);
    large_rebuild(s, numbers_slots_grown(s->used) - 1);
  }
  large_put(s, list, n);
}

/* ---- as frozensets ---- */

/* Its slots are to be written. */
static FN SetEntry *frozenset_room(Vm *vm, uint32_t slots, uint32_t used, Value *set) {
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
  return set_table(vm, s);
}

FN SetEntry *frozenset_table(Vm *vm, uint32_t slots, uint32_t used, Value *set) {
  SetEntry *table = frozenset_room(vm, slots, used, set);
  if (table) clear_bytes(vm->warp, table, slots * sizeof(SetEntry));
  return table;
}

FN Value frozenset_of_one(Vm *vm, Value key, int64_t hash) {
  uint32_t offset = arena_alloc(vm, ONE_UNITS * 8);
  return offset ? frozenset_put_one(vm, offset, key, hash) : 0;
}

typedef struct {
  const NumberSet *s;
  const Value *keys;
  SetEntry *table;
} WriteWork;

LANE_TEXT void write_numbers_lanes(const Lanes *l, WriteWork *w) {
  const NumberSet *s = w->s;
  MemoryWork clearing = {(uint64_t *)w->table, NULL, ((uint64_t)s->mask + 1) * (sizeof(SetEntry) / 8)};
  clear_lanes(l, &clearing);
  lanes_sync(l);
  for (uint32_t k = l->lane; k <= s->mask / 64; k += l->n)
    for (uint64_t bits = s->taken[k]; bits; bits &= bits - 1) {
      uint32_t at = k * 64 + lowest_bit(bits);
      w->table[at].key = w->keys[s->numbers[at]];
      w->table[at].hash = s->hashes[s->numbers[at]];
    }
}
LANE_WORK(write_numbers, WriteWork)

FN void numbers_write(const NumberSet *s, const Value *keys, SetEntry *table) {
  WriteWork w = {s, keys, table};
  write_numbers_by(s->used < FEW ? NULL : s->warp, &w);
}

FN Value numbers_frozen(Vm *vm, NumberSet *s, const Value *keys, bool copied) {
  uint32_t slots = copied ? numbers_slots_copied(s->used) : s->mask + 1;
  if (slots != s->mask + 1) numbers_rebuild(s, slots - 1);
  Value set = 0;
  SetEntry *table = frozenset_room(vm, slots, s->used, &set);
  if (table) numbers_write(s, keys, table);
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
