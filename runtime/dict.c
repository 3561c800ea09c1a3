/* dict.c - dicts in insertion order, and collections.Counter.
 *
 * `entries` are appended and never move within their array; a deleted one keeps its place with key
 * 0 until the array is full and rebuilt. `index` finds them: linear probing, at most half full,
 * never a slot freed, so a search ends at the first empty slot. The order of a dict does not depend
 * on hashes, so only equal keys having equal hashes matters here. */
#include "key.h"

enum { FIRST_CAP = 8 };

FN Value new_dict(Vm *vm) {
  uint32_t offset = arena_alloc(vm, sizeof(Dict));
  if (!offset) return 0;
  Dict *d = (Dict *)arena_at(vm, offset);
  __builtin_memset(d, 0, sizeof *d);
  return HEAP(KIND_DICT, offset);
}

FN_INLINE uint32_t *dict_index(const Vm *vm, const Dict *d) { return (uint32_t *)arena_at(vm, d->index); }

FN_INLINE uint32_t index_start(const Dict *d, int64_t hash) {
  return (uint32_t)((uint64_t)hash * 0x9e3779b97f4a7c15u >> 32) & d->index_mask;
}

/* 1: *entry is the one of key; 0: none; -1: exception pending. */
static FN int find_entry(Vm *vm, const Dict *d, Value key, int64_t hash, DictEntry **entry) {
  if (d->used == 0) return 0;
  DictEntry *entries = dict_entries(vm, d);
  const uint32_t *index = dict_index(vm, d);
  for (uint32_t i = index_start(d, hash); index[i]; i = (i + 1) & d->index_mask) {
    DictEntry *e = &entries[index[i] - 1];
    if (e->hash != hash || !e->key) continue;
    int same = key_eq(vm, e->key, key);
    if (same < 0) return -1;
    *entry = e;
    if (same) return 1;
  }
  return 0;
}

static FN void index_entry(const Vm *vm, const Dict *d, int64_t hash, uint32_t number) {
  uint32_t *index = dict_index(vm, d);
  uint32_t i = index_start(d, hash);
  while (index[i]) i = (i + 1) & d->index_mask;
  index[i] = number + 1;
}

/* New arrays with room for twice the live entries. */
static FN bool rebuild(Vm *vm, Dict *d) {
  uint64_t cap = FIRST_CAP;
  while (cap < (uint64_t)d->used * 2) cap *= 2;
  uint64_t index_size = cap * 2;
  if (index_size > (uint64_t)1 << 31) return raise_limit(vm, LIMIT_MEMORY), false;
  uint32_t entries = arena_alloc(vm, cap * sizeof(DictEntry));
  uint32_t index = entries ? arena_alloc(vm, index_size * sizeof(uint32_t)) : 0;
  if (!index) return false;
  const DictEntry *old = dict_entries(vm, d);
  uint32_t nold = d->nentries;
  __builtin_memset(arena_at(vm, index), 0, index_size * sizeof(uint32_t));
  d->entries = entries;
  d->cap = (uint32_t)cap;
  d->index = index;
  d->index_mask = (uint32_t)(index_size - 1);
  d->nentries = 0;
  DictEntry *to = dict_entries(vm, d);
  for (uint32_t i = 0; i < nold; i++) {
    if (!old[i].key) continue;
    index_entry(vm, d, old[i].hash, d->nentries);
    to[d->nentries++] = old[i];
  }
  return true;
}

static FN bool add_entry(Vm *vm, Dict *d, Value key, int64_t hash, Value value) {
  if (d->nentries == d->cap && !rebuild(vm, d)) return false;
  DictEntry *e = &dict_entries(vm, d)[d->nentries];
  e->key = key;
  e->hash = hash;
  e->value = value;
  index_entry(vm, d, hash, d->nentries++);
  d->used++;
  return true;
}

static FN DEVICE_NOINLINE bool set_hashed(Vm *vm, Dict *d, Value key, int64_t hash, Value value) {
  DictEntry *e = NULL;
  int found = find_entry(vm, d, key, hash, &e);
  if (found < 0) return false;
  if (!found) return add_entry(vm, d, key, hash, value);
  e->value = value;
  return true;
}

FN bool dict_set(Vm *vm, Value dict, Value key, Value value) {
  int64_t hash;
  return lookup_hash(vm, key, &hash) && set_hashed(vm, as_dict(vm, dict), key, hash, value);
}

/* value may be NULL. */
FN int dict_get(Vm *vm, Value dict, Value key, Value *value) {
  int64_t hash;
  if (!lookup_hash(vm, key, &hash)) return -1;
  DictEntry *e = NULL;
  int found = find_entry(vm, as_dict(vm, dict), key, hash, &e);
  if (found > 0 && value) *value = e->value;
  return found;
}

/* 1: it was there, 0, -1. */
FN int dict_delete(Vm *vm, Value dict, Value key) {
  int64_t hash;
  if (!lookup_hash(vm, key, &hash)) return -1;
  DictEntry *e = NULL;
  Dict *d = as_dict(vm, dict);
  int found = find_entry(vm, d, key, hash, &e);
  if (found <= 0) return found;
  e->key = 0;
  d->used--;
  return 1;
}

/* other must be a dict, else TypeError. */
FN bool dict_update(Vm *vm, Value dict, Value other) {
  if (!is_kind(other, KIND_DICT)) return raise_false(vm, ERR_TypeError);
  const Dict *from = as_dict(vm, other);
  if (dict == other) return true;
  for (uint32_t i = 0; i < from->nentries; i++) {
    DictEntry e = dict_entries(vm, from)[i];
    if (e.key && !set_hashed(vm, as_dict(vm, dict), e.key, e.hash, e.value)) return false;
  }
  return true;
}

/* Entries in insertion order. *pos starts at 0. */
FN bool dict_next(const Vm *vm, Value dict, uint32_t *pos, Value *key, Value *value) {
  const Dict *d = as_dict(vm, dict);
  const DictEntry *entries = dict_entries(vm, d);
  while (*pos < d->nentries) {
    const DictEntry *e = &entries[(*pos)++];
    if (!e->key) continue;
    *key = e->key;
    *value = e->value;
    return true;
  }
  return false;
}

/* ---- collections.Counter ---- */

static FN DEVICE_NOINLINE bool count_one(Vm *vm, Dict *d, Value key) {
  int64_t hash;
  if (!lookup_hash(vm, key, &hash)) return false;
  DictEntry *e = NULL;
  int found = find_entry(vm, d, key, hash, &e);
  if (found < 0) return false;
  if (!found) return add_entry(vm, d, key, hash, v_int(1));
  e->value = v_int(int_of(e->value) + 1);
  return true;
}

static FN bool count_items(Vm *vm, Dict *d, const Value *items, uint32_t n) {
  for (uint32_t i = 0; i < n; i++)
    if (!count_one(vm, d, items[i])) return false;
  return true;
}

static FN bool count_iterated(Vm *vm, Dict *d, Value iterable) {
  Value iter = get_iter(vm, iterable);
  if (!iter) return false;
  int more;
  for (Value key; (more = iter_next(vm, iter, &key)) > 0;)
    if (!count_one(vm, d, key)) return false;
  return more == 0;
}

/* Counter(x): counts the items, or takes over the counts of a dict; None: empty. */
FN Value counter_from(Vm *vm, Value iterable) {
  Value counter = new_dict(vm);
  if (!counter) return 0;
  Dict *d = as_dict(vm, counter);
  d->is_counter = 1;
  bool ok;
  switch (kind_of(iterable)) {
    case KIND_NONE:
      return counter;
    case KIND_DICT:
      ok = dict_update(vm, counter, iterable);
      break;
    case KIND_TUPLE:
      ok = count_items(vm, d, as_tuple(vm, iterable)->items, tuple_head(vm, iterable)->len);
      break;
    default:
      ok = count_iterated(vm, d, iterable);
  }
  return ok ? counter : 0;
}

static FN Value pair_of(Vm *vm, Value a, Value b) {
  Value items[2];
  items[0] = a;
  items[1] = b;
  return tuple_of(vm, items, 2);
}

/* The list of the first n (key, count) pairs, all for None, by falling count, ties as inserted. */
FN Value counter_most_common(Vm *vm, Value counter, Value n) {
  uint32_t used = as_dict(vm, counter)->used;
  if (n != V_NONE && !is_intlike(n)) return raise_error(vm, ERR_TypeError);
  Value counts = new_list(vm, used), pairs = counts ? new_list(vm, used) : 0;
  if (!pairs) return 0;
  uint32_t pos = 0;
  for (Value key, count; dict_next(vm, counter, &pos, &key, &count);) {
    Value pair = pair_of(vm, key, count);
    if (!pair || !list_append(vm, counts, count) || !list_append(vm, pairs, pair)) return 0;
  }
  List *p = as_list(vm, pairs);
  if (!sort_values(vm, list_items(vm, as_list(vm, counts)), list_items(vm, p), used, true)) return 0;
  if (n != V_NONE && intlike_of(n) < (int64_t)used)
    p->len = intlike_of(n) < 0 ? 0 : (uint32_t)intlike_of(n);
  return pairs;
}
