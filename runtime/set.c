/* set.c - sets and frozensets whose slots are CPython's, operation for operation.
 *
 * The order in which a set is iterated is the order of its slots, which depends on the hashes, on
 * the order of insertions and deletions, and on when the table was rebuilt. Every operation here
 * touches its table in the sequence in which Objects/setobject.c does at tag v3.11.
 *
 * An empty slot is { 0, 0 }, a deleted one { SET_DUMMY, -1 }: hash.c counts on it. Keys have hashes
 * other than -1. Tables are never shared between sets. */
#include "deferred.h"
#include "key.h"
#include "lanes.h"
#include "probe.h"

enum {
  MIN_SLOTS = 8,
  BIG = 50000 /* keys from which on a full table doubles only */
};

/* ---- probing ---- */

/* The slot that holds key, or the empty slot that ends the search; NULL: exception pending.
 * *deleted becomes the last deleted slot on the way, if there was one. */
FN_INLINE SetEntry *find_slot(Vm *vm, const Set *s, Value key, int64_t hash, SetEntry **deleted) {
  SetEntry *table = set_table(vm, s);
  Probe p = probe_start(s->mask, hash);
  /* most searches end here */
  if (!table[p.slot].key || table[p.slot].key == key) return table + p.slot;
  for (;; probe_jump(&p)) {
    SetEntry *e = table + p.slot, *end = e + probe_width(&p);
    for (; e < end; e++) {
      if (!e->key) return e;
      if (e->hash == hash) {
        int same = key_eq(vm, e->key, key);
        if (same) return same > 0 ? e : NULL;
      } else if (e->hash == -1) {
        *deleted = e;
      }
    }
  }
}

/* The empty slot for a key known to be absent from a table without deleted slots. */
FN_INLINE SetEntry *empty_slot(SetEntry *table, uint64_t mask, int64_t hash) {
  for (Probe p = probe_start(mask, hash);; probe_jump(&p)) {
    SetEntry *e = table + p.slot, *end = e + probe_width(&p);
    for (; e < end; e++)
      if (!e->key) return e;
  }
}

FN_INLINE void put_new(SetEntry *table, const Set *s, Value key, int64_t hash) {
  SetEntry *e = empty_slot(table, s->mask, hash);
  e->key = key;
  e->hash = hash;
}

FN_INLINE bool is_key(Value key) { return key != 0 && key != SET_DUMMY; }

/* ---- tables ---- */

/* The power of two, at least MIN_SLOTS, that is above `keys`. */
static FN uint64_t slots_above(uint64_t keys) {
  uint64_t slots = MIN_SLOTS;
  while (slots <= keys) slots <<= 1;
  return slots;
}

FN_INLINE uint64_t growth(const Set *s) { return (uint64_t)s->used * (s->used > BIG ? 2 : 4); }

enum {
  FEW_KEYS = 12,          /* put by one lane before others would have come */
  NO_EMPTY_SLOT = 1 << 30 /* and the lane's number */
};

typedef struct {
  SetEntry *table;
  const SetEntry *old;
  uint64_t mask, slots;
  uint64_t used;
} RefillWork;

/* As put_large of kernels/number_set.c does it: what a lane finds is right while none before it has found the same. */
LANE_TEXT void refill_lanes(const Lanes *l, RefillWork *w) {
  uint32_t left = (uint32_t)w->used;
  for (uint64_t first = 0; left; first += l->n) {
    const SetEntry *old = w->old + first + l->lane;
    bool open = (l->n == 1 || first + l->lane < w->slots) && is_key(old->key);
    left -= lanes_count(l, open);
    while (lanes_ballot(l, open)) {
      SetEntry *e = open ? empty_slot(w->table, w->mask, old->hash) : NULL;
      bool placed = l->lane < lanes_unlike(l, open ? (uint32_t)(e - w->table) : NO_EMPTY_SLOT + l->lane);
      if (open && placed) *e = *old, open = false;
      lanes_sync(l);
    }
  }
}
LANE_WORK(refill, RefillWork)

/* Puts the keys of old[0..slots), `used` in number, in slot order into the cleared table of s. */
static FN void refill(Vm *vm, const Set *s, const SetEntry *old, uint64_t slots, uint32_t used) {
  RefillWork w = {set_table(vm, s), old, s->mask, slots, used};
  refill_by(used < FEW_KEYS ? NULL : vm->warp, &w);
}

/* A table of the least size is rebuilt in the first slots of the old one. Only few keys remain. */
static FN void rebuild_small(Vm *vm, Set *s) {
  SetEntry keys[MIN_SLOTS] = {{0, 0}};
  uint32_t n = 0;
  SetEntry *table = set_table(vm, s);
  for (const SetEntry *e = table; n < s->used; e++)
    if (is_key(e->key)) keys[n++] = *e;
  __builtin_memset(table, 0, sizeof keys);
  s->mask = MIN_SLOTS - 1;
  s->fill = n;
  refill(vm, s, keys, MIN_SLOTS, n);
}

/* Rebuilds the table with more slots than `keys`, without deleted slots. */
static FN DEVICE_NOINLINE bool resize(Vm *vm, Set *s, uint64_t keys) {
  uint64_t slots = slots_above(keys);
  if (slots == MIN_SLOTS) {
    if (s->mask != MIN_SLOTS - 1 || s->fill != s->used) rebuild_small(vm, s);
    return true;
  }
  uint32_t offset = arena_alloc(vm, slots * sizeof(SetEntry));
  if (!offset) return false;
  const SetEntry *old = set_table(vm, s);
  uint64_t old_slots = (uint64_t)s->mask + 1;
  clear_bytes(vm->warp, arena_at(vm, offset), slots * sizeof(SetEntry));
  s->table = offset;
  s->mask = (uint32_t)(slots - 1);
  s->fill = s->used;
  refill(vm, s, old, old_slots, s->used);
  return true;
}

FN_INLINE bool is_full(const Set *s) { return (uint64_t)s->fill * 5 >= (uint64_t)s->mask * 3; }

/* Makes room for `more` keys at once, as merges do. */
FN_INLINE bool make_room(Vm *vm, Set *s, uint32_t more) {
  if (((uint64_t)s->fill + more) * 5 < (uint64_t)s->mask * 3) return true;
  return resize(vm, s, ((uint64_t)s->used + more) * 2);
}

/* A set with a table of `slots` slots whose contents are not set. NULL: out of memory. */
static FN Set *alloc_set(Vm *vm, uint64_t slots, Kind kind, Value *set) {
  uint32_t offset = arena_alloc(vm, sizeof(Set) + slots * sizeof(SetEntry));
  if (!offset) return NULL;
  Set *s = (Set *)arena_at(vm, offset);
  s->hash = HASH_UNKNOWN;
  s->used = s->fill = 0;
  s->mask = (uint32_t)(slots - 1);
  s->table = offset + sizeof(Set) / 8;
  s->canon = 0;
  s->unordered = 0;
  s->deferred = 0;
  *set = HEAP(kind, offset);
  return s;
}

FN Value new_set(Vm *vm, Kind kind) {
  Value set = 0;
  Set *s = alloc_set(vm, MIN_SLOTS, kind, &set);
  if (s) __builtin_memset(set_table(vm, s), 0, MIN_SLOTS * sizeof(SetEntry));
  return set;
}

/* What an operation on `from` makes has an order as fixed as that of `from`. */
FN_INLINE void inherit_order(Vm *vm, Set *s, const Set *from) {
  if (LIKELY(!from->unordered)) return;
  s->unordered = 1;
  vm->unordered = true;
}

/* A new set with the keys of a set: the table that merging it into an empty one gives. It is
 * allocated at its final size, and copied verbatim where CPython does so. */
FN Value set_copy(Vm *vm, Value set, Kind kind) {
  const Set *from = as_set(vm, set);
  uint64_t slots = MIN_SLOTS;
  if ((uint64_t)from->used * 5 >= (MIN_SLOTS - 1) * 3) slots = slots_above((uint64_t)from->used * 2);
  Value copy = 0;
  Set *s = alloc_set(vm, slots, kind, &copy);
  if (!s) return 0;
  SetEntry *table = set_table(vm, s);
  s->fill = s->used = from->used;
  inherit_order(vm, s, from);
  if (from->mask == s->mask && from->fill == from->used) {
    copy_bytes(vm->warp, table, set_table(vm, from), slots * sizeof(SetEntry));
    return copy;
  }
  clear_bytes(vm->warp, table, slots * sizeof(SetEntry));
  refill(vm, s, set_table(vm, from), (uint64_t)from->mask + 1, from->used);
  return copy;
}

/* ---- an order that is given ---- */

/* A slot of the first windows where a hash may be, the least that is after `last`; -1: there is none. */
static FN int64_t slot_after(const Set *s, int64_t hash, int64_t last) {
  int64_t best = -1;
  Probe p = probe_start(s->mask, hash);
  for (int window = 0; window < 3; window++, probe_jump(&p))
    for (uint64_t i = p.slot; i < p.slot + probe_width(&p); i++)
      if ((int64_t)i > last && (best < 0 || (int64_t)i < best)) best = (int64_t)i;
  return best;
}

/* What is passed on the way to `slot` cannot be empty. */
static FN void close_way(const Set *s, SetEntry *table, int64_t hash, uint64_t slot, uint32_t *closed) {
  for (Probe p = probe_start(s->mask, hash);; probe_jump(&p))
    for (uint64_t i = p.slot; i < p.slot + probe_width(&p); i++) {
      if (i == slot) return;
      if (table[i].key) continue;
      table[i].key = SET_DUMMY;
      table[i].hash = -1;
      ++*closed;
    }
}

/* Each key in a slot behind the one before, as if others that are gone had been in its way. */
static FN bool place_in_order(Vm *vm, Set *s, const SetEntry *keys, uint32_t n) {
  SetEntry *table = set_table(vm, s);
  int64_t last = -1;
  __builtin_memset(table, 0, ((size_t)s->mask + 1) * sizeof *table);
  for (uint32_t i = 0; i < n; i++) {
    last = slot_after(s, keys[i].hash, last);
    if (last < 0) return false;
    table[last] = keys[i];
  }
  s->used = s->fill = n;
  for (int64_t i = 0; i <= s->mask; i++)
    if (is_key(table[i].key)) close_way(s, table, table[i].hash, (uint64_t)i, &s->fill);
  return (uint64_t)s->fill * 5 < (uint64_t)s->mask * 3;
}

static FN bool has_order(const Vm *vm, const Set *s, const SetEntry *keys) {
  uint32_t n = 0;
  const SetEntry *table = set_table(vm, s);
  for (uint32_t i = 0; i <= s->mask; i++)
    if (table[i].key && table[i].key != keys[n++].key) return false;
  return true;
}

FN Value set_in_order(Vm *vm, Kind kind, const SetEntry *keys, uint32_t n, uint64_t slots) {
  if (slots < MIN_SLOTS || slots > UINT32_MAX || slots & (slots - 1) || (uint64_t)n * 5 >= (slots - 1) * 3)
    slots = slots_above((uint64_t)n * 2);
  Value set = 0;
  Set *s = alloc_set(vm, slots, kind, &set);
  if (!s) return 0;
  for (int attempt = 0; attempt < 2; attempt++) {
    __builtin_memset(set_table(vm, s), 0, slots * sizeof(SetEntry));
    s->used = s->fill = n;
    for (uint32_t i = 0; i < n; i++) put_new(set_table(vm, s), s, keys[i].key, keys[i].hash);
    if (attempt || has_order(vm, s, keys) || place_in_order(vm, s, keys, n)) break;
  }
  return set;
}

/* ---- single keys ---- */

static NOINLINE FN bool add_entry(Vm *vm, Set *s, Value key, int64_t hash) {
  SetEntry *deleted = NULL;
  SetEntry *e = find_slot(vm, s, key, hash, &deleted);
  if (UNLIKELY(!e)) return false;
  if (e->key) return true;
  s->used++;
  if (deleted) {
    deleted->key = key;
    deleted->hash = hash;
    return true;
  }
  s->fill++;
  e->key = key;
  e->hash = hash;
  return !is_full(s) || resize(vm, s, growth(s));
}

FN bool set_add_hashed(Vm *vm, Value set, Value key, int64_t hash) {
  return add_entry(vm, as_set(vm, set), key, hash);
}

/* The hash of a key to be added to s: notes whether it depends on addresses. */
static FN bool insertion_hash(Vm *vm, Set *s, Value key, int64_t *hash) {
  bool unordered = vm->unordered;
  vm->unordered = false;
  bool ok = value_hash(vm, key, hash);
  if (vm->unordered && ok) s->unordered = 1;
  vm->unordered |= unordered;
  return ok;
}

static FN bool add_key(Vm *vm, Set *s, Value key) {
  int64_t hash;
  if (!hash_at_hand(vm, key, &hash) && !insertion_hash(vm, s, key, &hash)) return false;
  return add_entry(vm, s, key, hash);
}

FN bool set_add(Vm *vm, Value set, Value key) { return add_key(vm, as_set(vm, set), key); }

static NOINLINE FN int contains_entry(Vm *vm, const Set *s, Value key, int64_t hash) {
  SetEntry *deleted = NULL;
  int known = s->table ? -1 : deferred_contains(vm, s, key);
  if (known >= 0) return known;
  const SetEntry *e = find_slot(vm, s, key, hash, &deleted);
  return e ? e->key != 0 : -1;
}

FN int set_contains_hashed(Vm *vm, Value set, Value key, int64_t hash) {
  return contains_entry(vm, as_set(vm, set), key, hash);
}

/* A set, unhashable, is looked up as the frozenset with its keys. */
static FN bool member_hash(Vm *vm, Value key, int64_t *hash) {
  if (!is_kind(key, KIND_SET)) return lookup_hash(vm, key, hash);
  bool unordered = vm->unordered;
  *hash = hash_as_frozenset(vm, key);
  vm->unordered = unordered;
  return true;
}

FN int set_contains(Vm *vm, Value set, Value key) {
  int64_t hash;
  if (!member_hash(vm, key, &hash)) return -1;
  return contains_entry(vm, as_set(vm, set), key, hash);
}

static NOINLINE FN int discard_entry(Vm *vm, Set *s, Value key, int64_t hash) {
  SetEntry *deleted = NULL;
  SetEntry *e = find_slot(vm, s, key, hash, &deleted);
  if (!e) return -1;
  if (!e->key) return 0;
  e->key = SET_DUMMY;
  e->hash = -1;
  s->used--;
  return 1;
}

FN int set_discard(Vm *vm, Value set, Value key) {
  int64_t hash;
  if (!member_hash(vm, key, &hash)) return -1;
  return discard_entry(vm, as_set(vm, set), key, hash);
}

/* ---- iteration ---- */

FN_INLINE const SetEntry *next_entry(const Vm *vm, const Set *s, uint32_t *pos) {
  const SetEntry *table = set_table(vm, s);
  for (uint64_t i = *pos; i <= s->mask; i++) {
    if (!is_key(table[i].key)) continue;
    *pos = (uint32_t)(i + 1);
    return table + i;
  }
  *pos = s->mask + 1;
  return NULL;
}

/* ---- filling from others ---- */

static FN bool merge(Vm *vm, Set *s, const Set *from) {
  if (s == from || from->used == 0) return true;
  inherit_order(vm, s, from);
  if (!make_room(vm, s, from->used)) return false;
  if (s->fill > 0) {
    uint32_t pos = 0;
    for (const SetEntry *e; (e = next_entry(vm, from, &pos));)
      if (!add_entry(vm, s, e->key, e->hash)) return false;
    return true;
  }
  const SetEntry *old = set_table(vm, from);
  if (s->mask == from->mask && from->fill == from->used)
    copy_bytes(vm->warp, set_table(vm, s), old, ((size_t)s->mask + 1) * sizeof(SetEntry));
  else
    refill(vm, s, old, (uint64_t)from->mask + 1, from->used);
  s->fill = s->used = from->used;
  return true;
}

static FN bool add_items(Vm *vm, Set *s, const Value *items, uint32_t n) {
  for (uint32_t i = 0; i < n; i++)
    if (!add_key(vm, s, items[i])) return false;
  return true;
}

static FN bool add_range(Vm *vm, Set *s, const Range *r) {
  for (int64_t i = 0; i < r->len; i++) {
    Value key = v_int(r->start + i * r->step);
    if (!add_entry(vm, s, key, hash_small_int(key))) return false;
  }
  return true;
}

/* A plain dict is merged like a set: room for all of it first. */
static FN bool add_dict_keys(Vm *vm, Set *s, Value dict) {
  if (!as_dict(vm, dict)->is_counter && !make_room(vm, s, as_dict(vm, dict)->used)) return false;
  uint32_t pos = 0;
  for (Value key, value; dict_next(vm, dict, &pos, &key, &value);)
    if (!add_key(vm, s, key)) return false;
  return true;
}

static FN bool add_iterated(Vm *vm, Set *s, Value iterable) {
  Value iter = get_iter(vm, iterable);
  if (!iter) return false;
  int more;
  for (Value key; (more = iter_next(vm, iter, &key)) > 0;)
    if (!add_key(vm, s, key)) return false;
  return more == 0;
}

static FN bool update(Vm *vm, Set *s, Value iterable) {
  switch (kind_of(iterable)) {
    case KIND_SET:
    case KIND_FROZENSET:
      return merge(vm, s, as_set(vm, iterable));
    case KIND_TUPLE:
      return add_items(vm, s, as_tuple(vm, iterable)->items, tuple_head(vm, iterable)->len);
    case KIND_LIST:
      return add_items(vm, s, list_items(vm, as_list(vm, iterable)), as_list(vm, iterable)->len);
    case KIND_RANGE:
      return add_range(vm, s, as_range(vm, iterable));
    case KIND_DICT:
      return add_dict_keys(vm, s, iterable);
    default:
      return add_iterated(vm, s, iterable);
  }
}

FN bool set_update(Vm *vm, Value set, Value iterable) {
  return update(vm, as_set(vm, set), iterable);
}

FN Value set_from(Vm *vm, Kind kind, Value iterable) {
  if (is_anyset(iterable)) {
    if (kind == KIND_FROZENSET && is_kind(iterable, KIND_FROZENSET)) return iterable;
    return set_copy(vm, iterable, kind);
  }
  Value set = new_set(vm, kind);
  return set && set_update(vm, set, iterable) ? set : 0;
}

/* ---- union ---- */

/* CPython passes a set that meets itself by; an equal one makes room first. Run-time sharing makes both
 * one object, so where that room is another table, the object's identity is in doubt. */
static FN void meet_itself(Vm *vm, const Set *s, uint32_t used) {
  if (vm->memo && used && ((uint64_t)s->fill + used) * 5 >= (uint64_t)s->mask * 3) vm->identity_doubt = true;
}

FN Value set_united(Vm *vm, Value a, Value b) {
  Value result = set_copy(vm, a, kind_of(a));
  return result && set_update(vm, result, b) ? result : 0;
}

FN Value set_union(Vm *vm, Value self, const Value *others, uint32_t n) {
  bool defer = n == 1 && others[0] != self && (deferred_pays(vm, self) || deferred_pays(vm, others[0]));
  Value united = defer ? deferred_union(vm, self, others[0]) : 0;
  if (united) return united;
  Value result = set_copy(vm, self, kind_of(self));
  for (uint32_t i = 0; result && i < n; i++) {
    if (others[i] == self) meet_itself(vm, as_set(vm, result), as_set(vm, self)->used);
    else if (!set_update(vm, result, others[i])) result = 0;
  }
  return result;
}

/* ---- intersection ---- */

/* Adds to result, in the order of `walked`, the keys that are in `other` as well. */
static FN bool add_common(Vm *vm, Set *result, const Set *walked, const Set *other) {
  inherit_order(vm, result, walked);
  uint32_t pos = 0;
  for (const SetEntry *e; (e = next_entry(vm, walked, &pos));) {
    int in = contains_entry(vm, other, e->key, e->hash);
    if (in < 0 || (in && !add_entry(vm, result, e->key, e->hash))) return false;
  }
  return true;
}

/* The same for any iterable. Stops as soon as nothing more can be common. */
static FN bool add_common_iterated(Vm *vm, Set *result, const Set *s, Value iterable) {
  Value iter = get_iter(vm, iterable);
  if (!iter) return false;
  inherit_order(vm, result, s);
  int more;
  for (Value key; (more = iter_next(vm, iter, &key)) > 0;) {
    int64_t hash;
    if (!lookup_hash(vm, key, &hash)) return false;
    int in = contains_entry(vm, s, key, hash);
    if (in < 0 || (in && !add_entry(vm, result, key, hash))) return false;
    if (in && result->used >= s->used) return true;
  }
  return more == 0;
}

static FN bool same_table(const Vm *vm, Value a, Value b) {
  const Set *s = as_set(vm, a), *t = as_set(vm, b);
  if (s->mask != t->mask) return false;
  for (uint32_t i = 0; i <= s->mask; i++)
    if (set_table(vm, s)[i].key != set_table(vm, t)[i].key) return false;
  return true;
}

/* CPython copies a set that meets itself. Run-time sharing makes equal sets one object, so where the
 * copy is another table than the intersection proper, the object's identity is in doubt. */
static FN Value intersect_with_itself(Vm *vm, Value self) {
  Value copy = set_copy(vm, self, kind_of(self));
  if (!copy || !vm->memo || !as_set(vm, self)->used) return copy;
  Value proper = new_set(vm, kind_of(self));
  if (!proper || !add_common(vm, as_set(vm, proper), as_set(vm, self), as_set(vm, self))) return 0;
  if (!same_table(vm, copy, proper)) vm->identity_doubt = true;
  return copy;
}

/* The keys of the smaller of two frozensets that the other has, deferred; 0: not that way. */
static FN Value deferred_common(Vm *vm, Value a, Value b) {
  if (!is_kind(a, KIND_FROZENSET) || !is_kind(b, KIND_FROZENSET)) return 0;
  bool swap = as_set(vm, b)->used > as_set(vm, a)->used;
  return deferred_kept(vm, swap ? a : b, swap ? b : a, true);
}

static FN DEVICE_NOINLINE Value intersect(Vm *vm, Value self, Value other) {
  if (self == other) return intersect_with_itself(vm, self);
  Value common = deferred_common(vm, self, other);
  if (common) return common;
  Value result = new_set(vm, kind_of(self));
  if (!result) return 0;
  const Set *s = as_set(vm, self);
  bool ok;
  if (is_anyset(other)) {
    const Set *o = as_set(vm, other);
    bool swap = o->used > s->used;
    ok = add_common(vm, as_set(vm, result), swap ? s : o, swap ? o : s);
  } else {
    ok = add_common_iterated(vm, as_set(vm, result), s, other);
  }
  return ok ? result : 0;
}

FN Value set_intersection(Vm *vm, Value self, const Value *others, uint32_t n) {
  if (n == 0) return set_copy(vm, self, kind_of(self));
  Value result = self;
  for (uint32_t i = 0; result && i < n; i++) result = intersect(vm, result, others[i]);
  return result;
}

/* ---- difference ---- */

/* set.clear(): the table of the least size again. */
static FN void clear(Vm *vm, Set *s) {
  s->used = 0;
  rebuild_small(vm, s);
}

static FN bool discard_all(Vm *vm, Set *s, const Set *other) {
  uint32_t pos = 0;
  for (const SetEntry *e; (e = next_entry(vm, other, &pos));)
    if (discard_entry(vm, s, e->key, e->hash) < 0) return false;
  return true;
}

static FN bool discard_iterated(Vm *vm, Set *s, Value iterable) {
  Value iter = get_iter(vm, iterable);
  if (!iter) return false;
  int more;
  for (Value key; (more = iter_next(vm, iter, &key)) > 0;) {
    int64_t hash;
    if (!lookup_hash(vm, key, &hash) || discard_entry(vm, s, key, hash) < 0) return false;
  }
  return more == 0;
}

/* s -= other, in place. Deleted slots stay unless they are over a quarter of the table. */
static FN DEVICE_NOINLINE bool subtract(Vm *vm, Value set, Value other) {
  Set *s = as_set(vm, set);
  if (set == other) {
    clear(vm, s);
    return true;
  }
  bool ok;
  if (!is_anyset(other))
    ok = discard_iterated(vm, s, other);
  else if (as_set(vm, other)->used / 8 > s->used) {
    Value common = intersect(vm, set, other); /* walks the smaller one */
    ok = common && discard_all(vm, s, as_set(vm, common));
  } else
    ok = discard_all(vm, s, as_set(vm, other));
  if (!ok) return false;
  return s->fill - s->used <= s->mask / 4 || resize(vm, s, growth(s));
}

static FN Value copy_and_subtract(Vm *vm, Value self, Value other) {
  Value result = set_copy(vm, self, kind_of(self));
  return result && subtract(vm, result, other) ? result : 0;
}

FN_INLINE int other_contains(Vm *vm, Value other, const SetEntry *e) {
  if (is_kind(other, KIND_DICT)) return dict_get(vm, other, e->key, NULL);
  return contains_entry(vm, as_set(vm, other), e->key, e->hash);
}

/* self - other: deletes from a copy where other is small or of unknown size, else adds what other
 * lacks to an empty set. */
static FN DEVICE_NOINLINE Value difference(Vm *vm, Value self, Value other) {
  bool is_dict = is_kind(other, KIND_DICT) && !as_dict(vm, other)->is_counter;
  if (!is_dict && !is_anyset(other)) return copy_and_subtract(vm, self, other);
  const Set *s = as_set(vm, self);
  uint32_t size = is_dict ? as_dict(vm, other)->used : as_set(vm, other)->used;
  if (s->used / 4 > size) return copy_and_subtract(vm, self, other);
  Value result = new_set(vm, kind_of(self));
  if (!result) return 0;
  inherit_order(vm, as_set(vm, result), s);
  uint32_t pos = 0;
  for (const SetEntry *e; (e = next_entry(vm, s, &pos));) {
    int in = other_contains(vm, other, e);
    if (in < 0 || (!in && !add_entry(vm, as_set(vm, result), e->key, e->hash))) return 0;
  }
  return result;
}

FN Value set_difference(Vm *vm, Value self, const Value *others, uint32_t n) {
  if (n == 0) return set_copy(vm, self, kind_of(self));
  Value result = difference(vm, self, others[0]);
  for (uint32_t i = 1; result && i < n; i++)
    if (!subtract(vm, result, others[i])) result = 0;
  return result;
}

/* ---- symmetric difference ---- */

/* s ^= other, in place: what is in both goes, what is only in other comes. */
static FN bool toggle_all(Vm *vm, Set *s, const Set *other) {
  inherit_order(vm, s, other);
  uint32_t pos = 0;
  for (const SetEntry *e; (e = next_entry(vm, other, &pos));) {
    int was = discard_entry(vm, s, e->key, e->hash);
    if (was < 0 || (!was && !add_entry(vm, s, e->key, e->hash))) return false;
  }
  return true;
}

/* self ^ other starts from the keys of other. */
static FN Value symmetric_difference(Vm *vm, Value self, Value other) {
  Value result = set_copy(vm, other, kind_of(self));
  return result && toggle_all(vm, as_set(vm, result), as_set(vm, self)) ? result : 0;
}

/* ---- operators ---- */

FN Value set_binary(Vm *vm, Opcode op, Value a, Value b) {
  if (!is_anyset(a) || !is_anyset(b)) return raise_error(vm, ERR_TypeError);
  switch (op) {
    case OP_BITOR:
      return set_union(vm, a, &b, 1);
    case OP_BITAND:
      return intersect(vm, a, b);
    case OP_SUB:
      return difference(vm, a, b);
    case OP_BITXOR:
      return symmetric_difference(vm, a, b);
    default:
      return raise_error(vm, ERR_TypeError);
  }
}

/* s &= other: the table of the new set replaces the old one. */
static FN bool retain(Vm *vm, Value set, Value other) {
  Value common = intersect(vm, set, other);
  if (!common) return false;
  Set *s = as_set(vm, set);
  const Set *c = as_set(vm, common);
  s->used = c->used;
  s->fill = c->fill;
  s->mask = c->mask;
  s->table = c->table;
  return true;
}

static FN bool toggle(Vm *vm, Value set, Value other) {
  if (set != other) return toggle_all(vm, as_set(vm, set), as_set(vm, other));
  clear(vm, as_set(vm, set));
  return true;
}

FN Value set_inplace(Vm *vm, Opcode op, Value a, Value b) {
  if (!is_anyset(a) || !is_anyset(b)) return raise_error(vm, ERR_TypeError);
  bool fresh = is_kind(a, KIND_FROZENSET);
  switch (op) {
    case OP_IOR:
      return fresh ? set_binary(vm, OP_BITOR, a, b) : set_update(vm, a, b) ? a : 0;
    case OP_IAND:
      return fresh ? intersect(vm, a, b) : retain(vm, a, b) ? a : 0;
    case OP_ISUB:
      return fresh ? difference(vm, a, b) : subtract(vm, a, b) ? a : 0;
    case OP_IXOR:
      return fresh ? symmetric_difference(vm, a, b) : toggle(vm, a, b) ? a : 0;
    default:
      return raise_error(vm, ERR_TypeError);
  }
}

/* ---- relations ---- */

FN int set_is_subset(Vm *vm, Value a, Value b) {
  const Set *s = as_set(vm, a), *other = as_set(vm, b);
  if (s->used > other->used) return 0;
  uint32_t pos = 0;
  for (const SetEntry *e; (e = next_entry(vm, s, &pos));) {
    int in = contains_entry(vm, other, e->key, e->hash);
    if (in <= 0) return in;
  }
  return 1;
}

FN int set_equal(Vm *vm, Value a, Value b) {
  const Set *x = as_set(vm, a), *y = as_set(vm, b);
  if (x->used != y->used) return 0;
  if (x->hash != HASH_UNKNOWN && y->hash != HASH_UNKNOWN && x->hash != y->hash) return 0;
  if (deferred_of(vm, a) && deferred_of(vm, b)) return deferred_equal(vm, x, y);
  return set_is_subset(vm, a, b);
}

static FN int disjoint_sets(Vm *vm, const Set *a, const Set *b) {
  bool swap = b->used > a->used;
  const Set *walked = swap ? a : b, *other = swap ? b : a;
  uint32_t pos = 0;
  for (const SetEntry *e; (e = next_entry(vm, walked, &pos));) {
    int in = contains_entry(vm, other, e->key, e->hash);
    if (in) return in < 0 ? -1 : 0;
  }
  return 1;
}

/* b may be any native iterable. */
FN int set_is_disjoint(Vm *vm, Value a, Value b) {
  if (a == b) return as_set(vm, a)->used == 0;
  if (is_anyset(b)) return disjoint_sets(vm, as_set(vm, a), as_set(vm, b));
  Value iter = get_iter(vm, b);
  if (!iter) return -1;
  int more;
  for (Value key; (more = iter_next(vm, iter, &key)) > 0;) {
    int64_t hash;
    if (!lookup_hash(vm, key, &hash)) return -1;
    int in = contains_entry(vm, as_set(vm, a), key, hash);
    if (in) return in < 0 ? -1 : 0;
  }
  return more < 0 ? -1 : 1;
}
