/* memo.c - see memo.h. */
#include "memo.h"

#include "cells.h"
#include "deferred.h"
#include "interp.h"
#include "kernels/unmade.h"
#include "memo_worth.h"
#include "object.h"

#include <stdlib.h>
#include <string.h>

/* Open addressing with linear probing, at most half full, and no larger than that asks for, so that it stays in the
 * cache. A slot is 0, or the upper half of a hash above what was put in, which is not 0 and not put in twice. The
 * log holds what is in the slots by order of insertion, so that the newest can be taken out. */
typedef struct {
  uint64_t *slots, *log;
  uint32_t mask; /* of the slots in use; those beyond it are 0 */
  uint32_t most; /* of those that there are */
  uint32_t n;
  bool fixed;    /* in memory of the caller's: it does not grow beyond `most` */
} Table;

/* One line of the cache. */
typedef struct {
  Value callee, result; /* result 0: not known, the call is running or it failed */
  uint32_t worth;       /* number of Memo.worth */
  uint16_t need, nargs;
  Value args[MEMO_MAX_ARGS];
} Call;

struct Memo {
  Table values; /* of arena offsets */
  Table calls;  /* of numbers of `call`, from 1 */
  Call *call;
  uint32_t cap_calls;
  uint32_t nfunctions;
  Worth *worth; /* two by function: called by ops, called by functions */
  WorthCosts *costs;
  uint64_t tick_overhead;
  uint64_t interned;
};

enum {
  LEAST_SLOTS = 1024,
  MOST_NESTED = 100, /* values nested deeper are not shared */
  MANY_KEYS = 500,
  MANY_CALLS = 1 << 16, /* that an op has made: more are not worth their memory */
  TRIM_FACTOR = 8    /* memory for so many times the slots in use is too much */
};

/* ---- tables ---- */

FN_INLINE uint32_t slot_hash(uint64_t slot) { return (uint32_t)(slot >> 32); }

static FN void table_put(Table *t, uint32_t at, uint64_t slot) {
  t->log[t->n++] = slot;
  t->slots[at] = slot;
}

static FN bool table_reserve(Table *t, uint32_t most) {
#ifdef __CUDA_ARCH__
  return most <= t->most;
#else
  if (t->fixed) return false;
  uint64_t *slots = (uint64_t *)realloc(t->slots, ((size_t)most + 1) * sizeof *slots);
  if (slots) t->slots = slots;
  uint64_t *log = (uint64_t *)realloc(t->log, ((size_t)most + 1) / 2 * sizeof *log);
  if (log) t->log = log;
  if (!slots || !log) return false;
  memset(slots + t->most + 1, 0, ((size_t)most - t->most) * sizeof *slots);
  t->most = most;
  return true;
#endif
}

/* The same entries in mask + 1 slots, of which there are enough. */
static FN void table_resize(Table *t, uint32_t mask) {
  __builtin_memset(t->slots, 0, ((size_t)t->mask + 1) * sizeof *t->slots);
  t->mask = mask;
  for (uint32_t i = 0; i < t->n; i++) {
    uint32_t at = slot_hash(t->log[i]) & mask;
    while (t->slots[at]) at = (at + 1) & mask;
    t->slots[at] = t->log[i];
  }
}

static bool table_init(Table *t) {
  if (!table_reserve(t, LEAST_SLOTS - 1)) return false;
  t->slots[0] = 0;
  t->mask = t->most;
  return true;
}

static FN bool table_grow(Table *t) {
  uint32_t mask = t->mask * 2 + 1;
  if (mask > t->most && !table_reserve(t, mask)) return false;
  table_resize(t, mask);
  return true;
}

FN_INLINE bool table_has_room(Table *t) { return LIKELY(t->n < (t->mask + 1) / 2) || table_grow(t); }

/* The mask for n entries: much smaller where the table has far more slots than they need. */
static FN uint32_t mask_for(const Table *t, uint32_t n) {
  uint32_t mask = t->mask;
  while (mask >= LEAST_SLOTS && n < mask / 8) mask /= 2;
  return mask;
}

/* Takes all but the first `to` out. */
static FN void table_pop(Table *t, uint32_t to) {
  if (to >= t->n) return;
  uint32_t mask = mask_for(t, to);
  if (mask < t->mask) {
    t->n = to;
    table_resize(t, mask);
  }
  while (t->n > to) {
    uint64_t slot = t->log[--t->n];
    uint32_t at = slot_hash(slot) & t->mask;
    while (t->slots[at] != slot) at = (at + 1) & t->mask;
    t->slots[at] = 0;
  }
}

/* ---- hashes ---- */

FN_INLINE uint64_t fold(uint64_t a, uint64_t b) {
  unsigned __int128 product = (unsigned __int128)a * b;
  return (uint64_t)product ^ (uint64_t)(product >> 64);
}

/* Pairs of words are independent of each other, so that several are under way at a time. *tags has the bits that
 * any of them has. */
FN_INLINE uint64_t hash_tagged(const Value *words, uint32_t n, Value *tags) {
  uint64_t key = 0x9E3779B97F4A7C15u, h = n, i = 0;
  Value any = 0;
  for (; i + 1 < n; i += 2, key += 0xD6E8FEB86659FD92u) {
    h += fold(words[i] ^ key, words[i + 1] ^ 0xA0761D6478BD642Fu);
    any |= words[i] | words[i + 1];
  }
  if (i < n) h += fold(words[i] ^ key, 0xE7037ED1A0B428DBu), any |= words[i];
  *tags = any;
  return fold(h, 0x8EBC6AF09C88C6E3u);
}

FN_INLINE uint64_t hash_words(const Value *words, uint32_t n) {
  Value tags;
  return hash_tagged(words, n, &tags);
}

static FN bool same_words(const Value *a, const Value *b, uint64_t n) {
  uint64_t i = 0;
  for (; i + 4 <= n; i += 4)
    if ((a[i] ^ b[i]) | (a[i + 1] ^ b[i + 1]) | (a[i + 2] ^ b[i + 2]) | (a[i + 3] ^ b[i + 3])) return false;
  for (; i < n; i++)
    if (a[i] != b[i]) return false;
  return true;
}

/* ---- life ---- */

static uint64_t clock_overhead(void) {
  uint64_t least = UINT64_MAX;
  for (int i = 0; i < 32; i++) {
    uint64_t from = tick_count(), ticks = tick_count() - from;
    if (ticks < least) least = ticks;
  }
  return least;
}

/* As many as the table of calls has room for. */
static FN bool fit_calls(Memo *m) {
#ifdef __CUDA_ARCH__
  return m->calls.n < m->cap_calls;
#else
  uint32_t cap = (m->calls.most + 1) / 2;
  if (m->calls.fixed) return false;
  Call *call = (Call *)aligned_alloc(sizeof(Call), (size_t)cap * sizeof *call);
  if (!call) return false;
  if (m->call) memcpy(call, m->call, (size_t)m->calls.n * sizeof *call);
  free(m->call);
  m->call = call;
  m->cap_calls = cap;
  return true;
#endif
}

static void mark_tuples(Vm *vm, uint32_t from, uint32_t units, uint32_t n) {
  for (uint32_t i = 0; i < n; i++) ((Tuple *)arena_at(vm, from + i * units))->canon |= CANON_INTERNED;
}

Memo *memo_new(Vm *vm) {
  Memo *m = (Memo *)calloc(1, sizeof *m);
  if (!m) return NULL;
  uint32_t nfunctions = vm->image->nfunctions;
  mark_tuples(vm, vm->image->pairs, PAIR_UNITS, PAIR_SIDE * PAIR_SIDE);
  mark_tuples(vm, vm->image->cells, CELL_UNITS, CELL_SIDE * CELL_SIDE * CELL_COLOURS);
  if (vm->nested) mark_tuples(vm, vm->nested, NESTED_UNITS, NESTED_CELLS);
  m->worth = (Worth *)calloc(nfunctions + 1, 2 * sizeof *m->worth);
  m->costs = (WorthCosts *)calloc(nfunctions + 1, 2 * sizeof *m->costs);
  m->nfunctions = nfunctions;
  vm->sample = 1;
  vm->worth = m->worth;
  m->tick_overhead = clock_overhead();
  if (m->worth && m->costs && table_init(&m->values) && table_init(&m->calls) && fit_calls(m)) return m;
  memo_free(m);
  return NULL;
}

void memo_free(Memo *m) {
  if (!m) return;
  free(m->values.slots);
  free(m->values.log);
  free(m->calls.slots);
  free(m->calls.log);
  free(m->call);
  free(m->worth);
  free(m->costs);
  free(m);
}

/* ---- in memory of the caller's ---- */

enum { FIXED_VALUES = 1 << 16, FIXED_CALLS = 1 << 15 }; /* slots */

FN_INLINE uint64_t *fixed_table(Table *t, uint64_t *at) {
  t->slots = at;
  t->log = at + t->most + 1;
  t->fixed = true;
  return t->log + (t->most + 1) / 2;
}

size_t memo_fixed_size(const Memo *m) {
  size_t words = (FIXED_VALUES + FIXED_CALLS) / 2 * 3;
  return (sizeof *m + 63) / 64 * 64 + words * 8 + FIXED_CALLS / 2 * sizeof(Call) +
         ((size_t)m->nfunctions + 1) * 2 * (sizeof(Worth) + sizeof(WorthCosts));
}

/* The parts of a memo by its sizes. */
static FN Memo *place_parts(void *memory) {
  Memo *m = (Memo *)memory;
  uint64_t *words = (uint64_t *)((uint8_t *)memory + (sizeof *m + 63) / 64 * 64);
  m->call = (Call *)words;
  words = fixed_table(&m->values, (uint64_t *)(m->call + m->cap_calls));
  words = fixed_table(&m->calls, words);
  m->costs = (WorthCosts *)words;
  m->worth = (Worth *)(m->costs + ((size_t)m->nfunctions + 1) * 2);
  return m;
}

FN void memo_at(Vm *vm, void *memory) {
  vm->memo = place_parts(memory);
  vm->worth = vm->memo->worth;
}

/* Slots are where they were: the table is as large, and what lies beyond is 0. */
static bool copy_table(Table *to, const Table *from) {
  if (from->mask > to->most) return false;
  memset(to->slots, 0, ((size_t)to->most + 1) * sizeof *to->slots);
  memcpy(to->slots, from->slots, ((size_t)from->mask + 1) * sizeof *to->slots);
  memcpy(to->log, from->log, (size_t)from->n * sizeof *to->log);
  to->mask = from->mask;
  to->n = from->n;
  return true;
}

bool memo_fixed(void *memory, const Memo *m) {
  Memo *to = (Memo *)memcpy(memory, m, sizeof *m);
  to->values.most = FIXED_VALUES - 1;
  to->calls.most = FIXED_CALLS - 1;
  to->cap_calls = FIXED_CALLS / 2;
  place_parts(to);
  if (!copy_table(&to->values, &m->values) || !copy_table(&to->calls, &m->calls)) return false;
  memcpy(to->call, m->call, (size_t)m->calls.n * sizeof *to->call);
  memcpy(to->worth, m->worth, ((size_t)m->nfunctions + 1) * 2 * sizeof *to->worth);
  memcpy(to->costs, m->costs, ((size_t)m->nfunctions + 1) * 2 * sizeof *to->costs);
  return true;
}

FN MemoMark memo_mark(const Memo *m) {
  MemoMark mark = {m->values.n, m->calls.n};
  return mark;
}

FN void memo_reset(Vm *vm, MemoMark mark) {
  Memo *m = vm->memo;
  table_pop(&m->values, mark.values);
  table_pop(&m->calls, mark.calls);
  vm->sample++;
}

static void keep_values(Table *t, uint32_t from, bool (*lives)(const void *of, Value v), const void *of) {
  uint32_t n = t->n;
  t->n = from;
  for (uint32_t i = from; i < n; i++)
    if (lives(of, HEAP(KIND_TUPLE, (uint32_t)t->log[i]))) t->log[t->n++] = t->log[i];
  table_resize(t, mask_for(t, t->n));
}

static bool call_lives(const Call *c, bool (*lives)(const void *of, Value v), const void *of) {
  bool all = lives(of, c->callee) && lives(of, c->result);
  for (uint32_t i = 0; i < c->nargs; i++) all &= lives(of, c->args[i]);
  return all;
}

/* Its number stays, and no call is this one. */
static void forget_call(Call *c) {
  c->callee = 0;
  c->nargs = 0;
}

/* A call's number is its place in the log. */
void memo_keep(Memo *m, MemoMark mark, uint32_t numbered, bool (*lives)(const void *of, Value v), const void *of) {
  Table *t = &m->calls;
  uint32_t n = t->n, kept = numbered && n - numbered > MANY_CALLS ? numbered : n;
  keep_values(&m->values, mark.values, lives, of);
  t->n = mark.calls;
  for (uint32_t i = mark.calls; i < n; i++) {
    bool stays = i < kept && call_lives(&m->call[i], lives, of);
    if (!stays && i >= numbered) continue;
    uint64_t hash = t->log[i] >> 32 << 32;
    m->call[t->n] = m->call[i];
    if (!stays) forget_call(&m->call[t->n]);
    t->log[t->n] = hash | (t->n + 1);
    t->n++;
  }
  table_resize(t, mask_for(t, t->n));
  memo_trim(m);
}

static void trim_table(Table *t) {
  uint32_t most = t->mask < LEAST_SLOTS ? LEAST_SLOTS - 1u : t->mask;
  if (t->fixed || t->most / TRIM_FACTOR < most) return;
  uint64_t *slots = (uint64_t *)realloc(t->slots, ((size_t)most + 1) * sizeof *slots);
  if (slots) t->slots = slots, t->most = most;
  uint64_t *log = (uint64_t *)realloc(t->log, ((size_t)most + 1) / 2 * sizeof *log);
  if (log) t->log = log;
}

void memo_trim(Memo *m) {
  uint32_t most = m->calls.most;
  trim_table(&m->values);
  trim_table(&m->calls);
  if (m->calls.most < most) (void)fit_calls(m);
}

MemoCounts memo_counts_of(const Memo *m, uint32_t fid) {
  MemoCounts sum = {0, 0, 0};
  for (uint32_t k = fid * 2; k < fid * 2 + 2; k++) {
    WorthCosts c = m->costs[k];
    worth_counts(&m->worth[k], &c);
    sum.hits += c.hits;
    sum.misses += c.misses;
    sum.skipped += c.skipped;
  }
  return sum;
}

MemoCounts memo_counts(const Memo *m) {
  MemoCounts sum = {0, 0, 0};
  for (uint32_t i = 0; i < m->nfunctions; i++) {
    MemoCounts c = memo_counts_of(m, i);
    sum.hits += c.hits;
    sum.misses += c.misses;
    sum.skipped += c.skipped;
  }
  return sum;
}

uint64_t memo_interned(const Memo *m) { return m->interned; }

/* ---- canonical values ---- */

/* Of parts of values that may be the same: canonical ones, and tuples of immediate values. */
static FN bool same_parts(const Vm *vm, Value a, Value b) {
  if (a == b) return true;
  if (!is_tuple(a) || !is_tuple(b)) return false;
  const Tuple *s = tuple_head(vm, a), *t = tuple_head(vm, b);
  return s->len == t->len && !((s->canon | t->canon) & TUPLE_UNMADE) && same_words(s->items, t->items, s->len);
}

static FN bool same_tuples(const Vm *vm, Value a, Value b) {
  const Tuple *s = tuple_head(vm, a), *t = tuple_head(vm, b);
  GridView g, h;
  if (s->len != t->len) return false;
  if (s->canon & t->canon & CANON_GRID && plane_view(vm, a, &g) && plane_view(vm, b, &h) && g.plane && h.plane)
    return g.w == h.w && planes_same(g.plane, h.plane, (size_t)g.h * g.w);
  if ((s->canon | t->canon) & TUPLE_UNMADE) return false;
  for (uint32_t i = 0; i < s->len; i++)
    if (!same_parts(vm, s->items[i], t->items[i])) return false;
  return true;
}

static FN bool same_sets(const Vm *vm, const Set *s, const Set *t) {
  if (s->hash != t->hash || s->mask != t->mask || s->used != t->used || s->fill != t->fill) return false;
  const SetEntry *a = set_table(vm, s), *b = set_table(vm, t);
  for (uint64_t i = 0; i <= s->mask; i++)
    if (a[i].hash != b[i].hash || !same_parts(vm, a[i].key, b[i].key)) return false;
  return true;
}

/* Of two values of one kind. */
static FN bool same_structure(const Vm *vm, Value a, Value b) {
  if (is_tuple(a)) return same_tuples(vm, a, b);
  const Set *s = as_set(vm, a), *t = as_set(vm, b);
  if (s->deferred || t->deferred) return s->deferred && t->deferred && deferred_same(vm, a, b);
  return same_sets(vm, s, t);
}

static FN void set_canon(Vm *vm, Value v) {
  if (is_tuple(v)) tuple_head(vm, v)->canon |= CANON_INTERNED;
  else as_set(vm, v)->canon |= CANON_INTERNED;
}

/* v or the one that was there before it. */
static FN DEVICE_NOINLINE Value intern(Vm *vm, Value v, uint64_t hash) {
  Memo *m = vm->memo;
  Table *t = &m->values;
  if (!table_has_room(t)) return 0;
  uint32_t kind_bit = is_tuple(v) ? 0 : 0x80000000u;
  uint32_t upper = ((uint32_t)(hash >> 32) & 0x7fffffffu) | kind_bit;
  uint32_t at = upper & t->mask;
  for (; t->slots[at]; at = (at + 1) & t->mask) {
    if (slot_hash(t->slots[at]) != upper) continue;
    Value known = HEAP(kind_of(v), (uint32_t)t->slots[at]);
    if (same_structure(vm, known, v)) return known;
  }
  table_put(t, at, (uint64_t)upper << 32 | payload_of(v));
  m->interned++;
  set_canon(vm, v);
  return v;
}

static DEVICE_NOINLINE FN Value intern_nested(Vm *vm, Value v, uint32_t nested);

/* Parts that are tuples of immediate values, as rows of grids and cells are, count by what they hold and stay as they
 * are: most are never looked at alone. Other parts become canonical themselves. */
static FN bool holds_immediates(const Tuple *t) {
  Value tags = 0;
  for (uint32_t i = 0; i < t->len; i++) tags |= t->items[i];
  return !(tags & TAG_HEAP);
}

/* The canonical form of a part of `whole`, put in its place; 0: none. Functions are the same only if
 * they are one object, so a container of them would be a new one each time it is made. */
FN_INLINE Value canonical_part(Vm *vm, Value whole, Value *part, uint32_t nested) {
  if (!is_heap(*part) || (is_tuple(*part) && tuple_head(vm, *part)->canon & CANON_INTERNED)) return *part;
  if (is_kind(*part, KIND_FUNC)) return 0;
  Value v = intern_nested(vm, *part, nested + 1);
  if (!v || v == *part) return v;
  if (payload_of(whole) < vm->floor && is_heap(v) && payload_of(v) >= vm->floor) return 0;
  return *part = v;
}

FN_INLINE Value shared_tuple(const Vm *vm, const Tuple *t) {
  if (t->len == 2) return shared_two(vm, t->items[0], t->items[1]);
  return t->len == 3 ? shared_cell(vm, t->items[0], t->items[1], t->items[2]) : 0;
}

/* What a part of the tuple v adds to its hash; false: it has no canonical form. */
FN_INLINE bool hash_part(Vm *vm, Value v, Value *part, uint32_t nested, uint64_t *hash) {
  if (is_tuple(*part) && !is_unmade(vm, *part)) {
    const Tuple *t = as_tuple(vm, *part);
    Value tags;
    *hash = hash_tagged(t->items, t->len, &tags);
    if (!(tags & TAG_HEAP)) return true;
  }
  *hash = canonical_part(vm, v, part, nested);
  return *hash != 0;
}

static FN bool hash_parts(Vm *vm, Value v, uint32_t nested, uint64_t *hash) {
  Tuple *t = as_tuple(vm, v);
  uint64_t key = 0x9E3779B97F4A7C15u, h = t->len, part;
  for (uint32_t i = 0; i < t->len; i++, key += 0xD6E8FEB86659FD92u) {
    if (!hash_part(vm, v, &t->items[i], nested, &part)) return false;
    h += fold(part ^ key, 0xA0761D6478BD642Fu);
  }
  *hash = fold(h, 0x8EBC6AF09C88C6E3u);
  return true;
}

/* Grids are hashed as planes, whether they have them or not. */
static FN bool hash_grid(Vm *vm, Value v, uint64_t *hash) {
  GridView g;
  if (!plane_view(vm, v, &g)) return false;
  uint32_t top = vm->top;
  bool made = grid_plane(vm, &g) != NULL;
  if (made) *hash = plane_mix(&g);
  vm->top = top;
  return made;
}

static FN Value canonical_tuple(Vm *vm, Value v, uint32_t nested) {
  uint64_t hash = 0;
  const Tuple *t = tuple_head(vm, v);
  if (is_unmade(vm, v)) return hash_grid(vm, v, &hash) ? intern(vm, v, hash) : 0;
  if (t->canon & TUPLE_UNMADE) return 0; /* a row: calls with it are not worth making it */
  Value shared = shared_tuple(vm, t), tags;
  if (shared) return shared;
  hash = hash_tagged(t->items, t->len, &tags);
  if (tags & TAG_HEAP && !hash_grid(vm, v, &hash) && !hash_parts(vm, v, nested, &hash)) return 0;
  return intern(vm, v, hash);
}

/* Are all keys immediate, or what lies in so many units from there on? One pass without a branch for each. */
static FN bool keys_within(const SetEntry *table, uint32_t mask, uint32_t from, uint32_t units) {
  uint64_t others = 0;
  for (uint64_t i = 0; i <= mask; i++) others |= table[i].key & (payload_of(table[i].key) - from < units ? 0 : TAG_HEAP);
  return !others;
}

/* Are they immediate, or locations and cells that are shared? */
static FN bool plain_keys(const Vm *vm, const Set *s, const SetEntry *table) {
  if (s->canon & CANON_NESTED) return vm->nested && keys_within(table, s->mask, vm->nested, NESTED_CELLS * NESTED_UNITS);
  uint32_t from = vm->image->pairs;
  return keys_within(table, s->mask, from, vm->image->cells + CELL_SIDE * CELL_SIDE * CELL_COLOURS * CELL_UNITS - from);
}

/* Is the first key no frozenset? */
FN_INLINE bool starts_plain(const SetEntry *e, uint32_t used) {
  while (used && (!e->key || e->key == SET_DUMMY)) e++;
  return !used || !is_kind(e->key, KIND_FROZENSET);
}

FN_INLINE bool canonical_key(Vm *vm, Value set, Value *key, uint32_t nested) {
  if (!is_heap(*key)) return true;
  if (is_kind(*key, KIND_FROZENSET) && as_set(vm, *key)->canon & CANON_INTERNED) return true;
  if (is_tuple(*key) && !is_unmade(vm, *key) && holds_immediates(as_tuple(vm, *key))) return true;
  return canonical_part(vm, set, key, nested) != 0;
}

static FN Value canonical_deferred(Vm *vm, Value v, uint32_t nested) {
  Deferred *d = (Deferred *)arena_at(vm, as_set(vm, v)->deferred);
  if (d->source) canonical_part(vm, v, &d->source, nested);
  if (d->other) canonical_part(vm, v, &d->other, nested);
  if (d->grid) canonical_part(vm, v, &d->grid, nested);
  return intern(vm, v, fold(deferred_mix(vm, v), 0xE7037ED1A0B428DBu));
}

static FN bool may_share_nested(const Vm *vm, Value v, uint32_t nested);

static FN bool may_share_all(const Vm *vm, const Value *items, uint32_t n, uint32_t nested) {
  if (nested == MOST_NESTED) return false;
  for (uint32_t i = 0; i < n; i++)
    if (!may_share_nested(vm, items[i], nested + 1)) return false;
  return true;
}

static FN bool may_share_keys(const Vm *vm, Value set, uint32_t nested) {
  Value key;
  for (uint32_t pos = 0; set_next(vm, set, &pos, &key);)
    if (!may_share_all(vm, &key, 1, nested)) return false;
  return true;
}

/* Each key its canonical one; of many, which cost more than their sharing gains, only that they can be shared. */
static FN bool canonical_keys(Vm *vm, Value v, uint32_t nested) {
  const Set *s = as_set(vm, v);
  if (s->used > MANY_KEYS) return s->canon & CANON_SHARED || may_share_keys(vm, v, nested);
  SetEntry *e = set_table(vm, s);
  for (uint64_t i = 0; i <= s->mask; i++)
    if (!canonical_key(vm, v, &e[i].key, nested)) return false;
  return true;
}

static FN Value canonical_set(Vm *vm, Value v, uint32_t nested) {
  Set *s = as_set(vm, v);
  if (s->deferred) return canonical_deferred(vm, v, nested);
  const SetEntry *e = set_table(vm, s);
  bool plain = s->canon & (CANON_PAIRS | CANON_CELLS);
  if (!plain && !(starts_plain(e, s->used) && plain_keys(vm, s, e)) && !canonical_keys(vm, v, nested)) return 0;
  bool unordered = vm->unordered;
  uint64_t hash = (uint64_t)hash_as_frozenset(vm, v) + ((uint64_t)s->mask << 32 | s->fill);
  vm->unordered = unordered;
  return intern(vm, v, fold(hash, 0xE7037ED1A0B428DBu));
}

/* A function may be shared if nothing that it captured can change: no cells, nothing mutable. */
static FN bool may_share_function(const Vm *vm, Func *f, uint32_t nested) {
  if (!f->sharing) {
    f->sharing = FUNC_SHARED;
    if (!may_share_all(vm, f->slots, (uint32_t)f->ncells + f->ndefaults, nested)) f->sharing = FUNC_UNSHARED;
  }
  return f->sharing == FUNC_SHARED;
}

static DEVICE_NOINLINE FN bool may_share_nested(const Vm *vm, Value v, uint32_t nested) {
  if (!is_heap(v)) return true;
  switch (kind_of(v)) {
  case KIND_TUPLE: {
    const Tuple *t = as_tuple(vm, v);
    return t->canon & (CANON_INTERNED | CANON_GRID) || may_share_all(vm, t->items, t->len, nested);
  }
  case KIND_FROZENSET: return as_set(vm, v)->canon || as_set(vm, v)->deferred || may_share_keys(vm, v, nested);
  case KIND_FUNC: return may_share_function(vm, as_func(vm, v), nested);
  case KIND_FLOAT: case KIND_STR: case KIND_GUARD: case KIND_OPAQUE: return true;
  default: return false;
  }
}

FN bool memo_may_share(const Vm *vm, Value v) { return may_share_nested(vm, v, 0); }

static DEVICE_NOINLINE FN Value intern_nested(Vm *vm, Value v, uint32_t nested) {
  if (!is_heap(v)) return v;
  switch (kind_of(v)) {
  case KIND_TUPLE:
    if (tuple_head(vm, v)->canon & CANON_INTERNED) return v;
    return nested < MOST_NESTED ? canonical_tuple(vm, v, nested) : 0;
  case KIND_FROZENSET:
    if (as_set(vm, v)->canon & CANON_INTERNED) return v;
    return nested < MOST_NESTED ? canonical_set(vm, v, nested) : 0;
  case KIND_FUNC: return may_share_function(vm, as_func(vm, v), nested) ? v : 0;
  case KIND_FLOAT: case KIND_STR: case KIND_GUARD: case KIND_OPAQUE: return v;
  default: return 0;
  }
}

FN Value memo_intern(Vm *vm, Value v) { return intern_nested(vm, v, 0); }

/* ---- calls ---- */

/* A known call: how deep it went counts as if it had been made. */
static FN MemoStatus reuse(Vm *vm, const Call *c, Value *value) {
  if (!c->result || vm->depth + c->need + MEMO_HEADROOM > vm->depth_limit) return MEMO_SKIP;
  if (vm->depth + c->need > vm->high) vm->high = vm->depth + c->need;
  *value = c->result;
  return MEMO_HIT;
}

static FN bool calls_have_room(Memo *m) {
  return table_has_room(&m->calls) && (LIKELY(m->calls.n < m->cap_calls) || fit_calls(m));
}

/* The known call, or a new entry. */
static FN MemoStatus find_call(Vm *vm, Value callee, const Value *args, uint32_t nargs, Value *value, MemoRun *run) {
  Memo *m = vm->memo;
  Table *t = &m->calls;
  uint32_t upper = (uint32_t)(fold(hash_words(args, nargs) + callee, 0xA0761D6478BD642Fu) >> 32);
  uint32_t at = upper & t->mask;
  for (; t->slots[at]; at = (at + 1) & t->mask) {
    if (slot_hash(t->slots[at]) != upper) continue;
    const Call *c = &m->call[(uint32_t)t->slots[at] - 1];
    if (c->callee == callee && c->nargs == nargs && same_words(c->args, args, nargs)) return reuse(vm, c, value);
  }
  run->entry = t->n + 1;
  table_put(t, at, (uint64_t)upper << 32 | run->entry);
  Call *fresh = &m->call[run->entry - 1];
  fresh->callee = callee;
  fresh->result = 0;
  fresh->nargs = (uint16_t)nargs;
  for (uint32_t i = 0; i < nargs; i++) fresh->args[i] = args[i];
  return MEMO_MISS;
}

static FN MemoStatus look_up(Vm *vm, Value callee, const Value *given, uint32_t nargs, Value *args, Value *value,
                             MemoRun *run) {
  if (!is_kind(callee, KIND_GUARD) && !(callee = memo_canonical(vm, callee))) return MEMO_SKIP;
  for (uint32_t i = 0; i < nargs; i++) {
    args[i] = memo_canonical(vm, given[i]);
    if (!args[i]) return MEMO_SKIP;
  }
  return calls_have_room(vm->memo) ? find_call(vm, callee, args, nargs, value, run) : MEMO_SKIP;
}

FN MemoStatus memo_find(Vm *vm, Value callee, uint32_t fid, const Value *given, uint32_t nargs, Value *args,
                        Value *value, MemoRun *run) {
  Memo *m = vm->memo;
  uint32_t number = fid * 2 + (vm->nframes != 0);
  Worth *w = &m->worth[number];
  WorthCosts *c = &m->costs[number];
  if (nargs > MEMO_MAX_ARGS || !worth_remembering(w, c, vm->sample)) return MEMO_SKIP;
  uint64_t from = worth_measuring(w, c) ? tick_count() : 0;
  MemoStatus status = look_up(vm, callee, given, nargs, args, value, run);
  if (status == MEMO_HIT) w->hits++;
  if (status == MEMO_MISS) m->call[run->entry - 1].worth = number;
  run->started = 0;
  if (UNLIKELY(from)) {
    run->started = tick_count();
    c->found++;
    c->find_ticks += worth_ticks(from, run->started, m->tick_overhead);
  }
  return status;
}

/* Grids and sets of cells, which are known to hold nothing mutable, stay as they are until they are an argument: many never
 * are one of a call that is looked up. */
static FN Value canonical_result(Vm *vm, Value v) {
  if (is_tuple(v) && tuple_head(vm, v)->canon & CANON_GRID) return v;
  if (is_kind(v, KIND_FROZENSET) && as_set(vm, v)->canon & (CANON_PAIRS | CANON_CELLS | CANON_NESTED)) return v;
  return is_kind(v, KIND_FUNC) ? 0 : memo_canonical(vm, v);
}

FN Value memo_fill(Vm *vm, MemoRun run, Value v, uint32_t need) {
  Memo *m = vm->memo;
  Call *c = &m->call[run.entry - 1];
  uint64_t ended = UNLIKELY(run.started) ? tick_count() : 0;
  Value canonical = canonical_result(vm, v);
  if (UNLIKELY(ended)) {
    WorthCosts *costs = &m->costs[c->worth];
    costs->run++;
    costs->run_ticks += worth_ticks(run.started, ended, m->tick_overhead);
    costs->keep_ticks += worth_ticks(ended, tick_count(), m->tick_overhead);
  }
  if (!canonical || vm->identity_doubt) return v; /* in doubt the op is made again without sharing */
  if (vm->high + MEMO_HEADROOM > vm->depth_limit || need > UINT16_MAX) return canonical;
  c->result = canonical;
  c->need = (uint16_t)need;
  return canonical;
}
