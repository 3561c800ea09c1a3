/* memo.c - see memo.h. */
#include "memo.h"

#include "deferred.h"
#include "object.h"

#include <stdlib.h>
#include <string.h>

/* One table: `slots` holds entry numbers + 1, by hash, linear probing, at most half full. Entries are
 * numbered in order of insertion, so that the newest can be taken out. */
typedef struct {
  uint32_t *slots;
  uint32_t mask;
  uint32_t n, cap;
  uint64_t *hashes; /* by entry */
} Table;

typedef struct {
  Value callee, result; /* result 0: not known, the call is running or it failed */
  uint32_t fid, need;
  uint32_t nargs, key;  /* arguments: Memo.keys[key..] */
} Call;

struct Memo {
  Table values, calls;
  Value *canonical; /* by entry of values */
  Call *call;       /* by entry of calls */
  Value *keys;
  uint32_t nkeys, cap_keys;
  MemoStat *stats;
  uint32_t floor;   /* arena offsets below belong to lower levels */
  MemoCounts counts;
};

enum {
  DECIDE_AFTER = 64, /* calls between two looks at whether it pays */
  PAUSE = 16384,      /* calls that go unremembered where it does not */
  COST_OF_LOOKUP = 60, /* steps that a look-up is worth, measured */
  HEADROOM = 20       /* frames below the recursion limit where depth may show in values */
};

/* ---- tables ---- */

static bool table_grow(Table *t) {
  uint32_t mask = t->mask ? t->mask * 2 + 1 : 4095;
  uint32_t *slots = (uint32_t *)calloc((size_t)mask + 1, sizeof *slots);
  uint64_t *hashes = (uint64_t *)realloc(t->hashes, ((size_t)mask + 1) / 2 * sizeof *hashes);
  if (hashes) t->hashes = hashes;
  if (!slots || !hashes) {
    free(slots);
    return false;
  }
  free(t->slots);
  t->slots = slots;
  t->mask = mask;
  t->cap = (mask + 1) / 2;
  for (uint32_t i = 0; i < t->n; i++) {
    uint32_t at = (uint32_t)t->hashes[i] & mask;
    while (slots[at]) at = (at + 1) & mask;
    slots[at] = i + 1;
  }
  return true;
}

static void table_pop(Table *t, uint32_t to) {
  while (t->n > to) {
    uint32_t at = (uint32_t)t->hashes[--t->n] & t->mask;
    while (t->slots[at] != t->n + 1) at = (at + 1) & t->mask;
    t->slots[at] = 0;
  }
}

static uint64_t mix(uint64_t h, uint64_t word) {
  h = (h ^ word) * 0x9E3779B97F4A7C15u;
  return h ^ (h >> 29);
}

/* ---- life ---- */

Memo *memo_new(uint32_t nfunctions) {
  Memo *m = (Memo *)calloc(1, sizeof *m);
  if (!m) return NULL;
  m->stats = (MemoStat *)calloc(nfunctions + 1, sizeof *m->stats);
  bool ok = m->stats && table_grow(&m->values) && table_grow(&m->calls);
  m->canonical = ok ? (Value *)malloc(m->values.cap * sizeof *m->canonical) : NULL;
  m->call = ok ? (Call *)malloc(m->calls.cap * sizeof *m->call) : NULL;
  if (m->canonical && m->call) return m;
  memo_free(m);
  return NULL;
}

void memo_free(Memo *m) {
  if (!m) return;
  free(m->values.slots);
  free(m->values.hashes);
  free(m->calls.slots);
  free(m->calls.hashes);
  free(m->canonical);
  free(m->call);
  free(m->keys);
  free(m->stats);
  free(m);
}

MemoMark memo_mark(const Memo *m) {
  MemoMark mark = {m->values.n, m->calls.n, m->nkeys};
  return mark;
}

void memo_reset(Memo *m, MemoMark mark) {
  table_pop(&m->values, mark.values);
  table_pop(&m->calls, mark.calls);
  if (mark.keys < m->nkeys) m->nkeys = mark.keys;
}

void memo_set_floor(Memo *m, uint32_t arena_mark) { m->floor = arena_mark; }
MemoCounts memo_counts(const Memo *m) { return m->counts; }

/* ---- canonical values ---- */

static bool same_words(const Value *a, const Value *b, uint32_t n) {
  for (uint32_t i = 0; i < n; i++)
    if (a[i] != b[i]) return false;
  return true;
}

/* Of two values of one kind whose parts are canonical. */
static bool same_structure(const Vm *vm, Value a, Value b) {
  if (is_tuple(a)) {
    const Tuple *s = as_tuple(vm, a), *t = as_tuple(vm, b);
    return s->len == t->len && same_words(s->items, t->items, s->len);
  }
  const Set *s = as_set(vm, a), *t = as_set(vm, b);
  if (s->deferred || t->deferred) return s->deferred && t->deferred && deferred_same(vm, a, b);
  if (s->mask != t->mask || s->used != t->used || s->fill != t->fill) return false;
  const SetEntry *x = set_table(vm, s), *y = set_table(vm, t);
  for (uint32_t i = 0; i <= s->mask; i++)
    if (x[i].key != y[i].key) return false;
  return true;
}

static bool grow_values(Memo *m) {
  if (m->values.n < m->values.cap) return true;
  if (!table_grow(&m->values)) return false;
  Value *canonical = (Value *)realloc(m->canonical, m->values.cap * sizeof *canonical);
  if (canonical) m->canonical = canonical;
  return canonical != NULL;
}

static void set_canon(Vm *vm, Value v) {
  if (is_tuple(v)) as_tuple(vm, v)->canon |= 1;
  else if (is_kind(v, KIND_FROZENSET)) as_set(vm, v)->canon |= 1;
}

static Value intern(Vm *vm, Value v, uint64_t hash) {
  Memo *m = vm->memo;
  Table *t = &m->values;
  hash = mix(hash, kind_of(v));
  if (!grow_values(m)) return 0;
  uint32_t at = (uint32_t)hash & t->mask;
  for (; t->slots[at]; at = (at + 1) & t->mask) {
    uint32_t i = t->slots[at] - 1;
    if (t->hashes[i] != hash || kind_of(m->canonical[i]) != kind_of(v)) continue;
    if (same_structure(vm, m->canonical[i], v)) return m->canonical[i];
  }
  m->canonical[t->n] = v;
  t->hashes[t->n] = hash;
  t->slots[at] = ++t->n;
  m->counts.interned++;
  set_canon(vm, v);
  return v;
}

/* The canonical form of a part of `whole`, put in its place; 0: none. Functions are the same only if
 * they are one object, so a container of them would be a new one each time it is made. */
static Value canonical_part(Vm *vm, Value whole, Value *part) {
  if (is_kind(*part, KIND_FUNC)) return 0;
  Value v = memo_canonical(vm, *part);
  if (!v || v == *part) return v;
  uint32_t floor = vm->memo->floor;
  if (payload_of(whole) < floor && is_heap(v) && payload_of(v) >= floor) return 0;
  return *part = v;
}

static Value canonical_tuple(Vm *vm, Value v) {
  Tuple *t = as_tuple(vm, v);
  uint64_t h = t->len;
  for (uint32_t i = 0; i < t->len; i++) {
    Value part = is_int(t->items[i]) ? t->items[i] : canonical_part(vm, v, &t->items[i]);
    if (!part) return 0;
    h = mix(h, part);
  }
  return intern(vm, v, h);
}

static Value canonical_deferred(Vm *vm, Value v) {
  Deferred *d = (Deferred *)arena_at(vm, as_set(vm, v)->deferred);
  if (d->source) canonical_part(vm, v, &d->source);
  if (d->grid) canonical_part(vm, v, &d->grid);
  return intern(vm, v, deferred_mix(vm, v));
}

static Value canonical_set(Vm *vm, Value v) {
  Set *s = as_set(vm, v);
  if (s->deferred) return canonical_deferred(vm, v);
  SetEntry *e = set_table(vm, s);
  uint64_t h = ((uint64_t)s->mask << 32) | s->used;
  for (uint32_t i = 0; i <= s->mask; i++) {
    if (!e[i].key) continue;
    bool known = is_tuple(e[i].key) && as_tuple(vm, e[i].key)->canon & 1; /* what sets of cells hold */
    Value part = known || e[i].key == SET_DUMMY ? e[i].key : canonical_part(vm, v, &e[i].key);
    if (!part) return 0;
    h = mix(h + i, part);
  }
  return intern(vm, v, h);
}

/* A function is itself, and may be shared, if nothing that it captured can change: no cells, nothing
 * mutable. */
static Value canonical_func(Vm *vm, Value v) {
  Func *f = as_func(vm, v);
  if (!f->sharing) {
    f->sharing = 1;
    for (uint32_t i = 0; i < (uint32_t)f->ncells + f->ndefaults; i++)
      if (!memo_canonical(vm, f->slots[i])) f->sharing = 2;
  }
  return f->sharing == 1 ? v : 0;
}

FN Value memo_canonical(Vm *vm, Value v) {
  if (!is_heap(v)) return v;
  switch (kind_of(v)) {
  case KIND_TUPLE: return as_tuple(vm, v)->canon & 1 ? v : canonical_tuple(vm, v);
  case KIND_FROZENSET: return as_set(vm, v)->canon & 1 ? v : canonical_set(vm, v);
  case KIND_FUNC: return canonical_func(vm, v);
  case KIND_FLOAT: case KIND_STR: case KIND_GUARD: case KIND_OPAQUE: return v;
  default: return 0;
  }
}

/* ---- calls ---- */

/* Remembering pays where the steps saved are worth more than the look-ups. */
static bool worth_it(Memo *m, MemoStat *s) {
  if (s->pause) {
    s->pause--;
    return false;
  }
  m->counts.calls++;
  if (++s->calls < DECIDE_AFTER) return true;
  uint64_t misses = s->calls - s->hits + 1;
  uint64_t saved = s->steps / misses * s->hits;
  if (saved < (uint64_t)s->calls * COST_OF_LOOKUP) s->pause = PAUSE;
  s->calls = s->hits = 0;
  s->steps = 0;
  return !s->pause;
}

static bool grow_calls(Memo *m, uint32_t nargs) {
  if (m->calls.n == m->calls.cap) {
    if (!table_grow(&m->calls)) return false;
    Call *call = (Call *)realloc(m->call, m->calls.cap * sizeof *call);
    if (!call) return false;
    m->call = call;
  }
  if (m->nkeys + nargs <= m->cap_keys) return true;
  uint32_t cap = m->cap_keys ? m->cap_keys * 2 : 16384;
  Value *keys = (Value *)realloc(m->keys, cap * sizeof *keys);
  if (!keys) return false;
  m->keys = keys;
  m->cap_keys = cap;
  return true;
}

static MemoStatus found(Vm *vm, uint32_t i, Value *value, uint32_t *entry) {
  Memo *m = vm->memo;
  const Call *c = &m->call[i];
  *entry = i;
  if (!c->result || vm->depth + c->need + HEADROOM > vm->depth_limit) return MEMO_SKIP;
  if (vm->depth + c->need > vm->high) vm->high = vm->depth + c->need;
  m->stats[c->fid].hits++;
  m->counts.hits++;
  *value = c->result;
  return MEMO_HIT;
}

FN MemoStatus memo_find(Vm *vm, Value callee, uint32_t fid, const Value *given, uint32_t nargs, Value *args,
                        Value *value, uint32_t *entry) {
  Memo *m = vm->memo;
  if (nargs > MEMO_MAX_ARGS || !worth_it(m, &m->stats[fid])) return MEMO_SKIP;
  callee = memo_canonical(vm, callee);
  if (!callee) return MEMO_SKIP;
  uint64_t hash = mix(nargs, callee);
  for (uint32_t i = 0; i < nargs; i++) {
    args[i] = memo_canonical(vm, given[i]);
    if (!args[i]) return MEMO_SKIP;
    hash = mix(hash, args[i]);
  }
  if (!grow_calls(m, nargs)) return MEMO_SKIP;
  Table *t = &m->calls;
  uint32_t at = (uint32_t)hash & t->mask;
  for (; t->slots[at]; at = (at + 1) & t->mask) {
    uint32_t i = t->slots[at] - 1;
    const Call *c = &m->call[i];
    if (t->hashes[i] == hash && c->callee == callee && c->nargs == nargs && same_words(m->keys + c->key, args, nargs))
      return found(vm, i, value, entry);
  }
  *entry = t->n;
  t->hashes[t->n] = hash;
  t->slots[at] = ++t->n;
  Call fresh = {callee, 0, fid, 0, nargs, m->nkeys};
  m->call[*entry] = fresh;
  for (uint32_t i = 0; i < nargs; i++) m->keys[m->nkeys++] = args[i];
  return MEMO_MISS;
}

FN Value memo_fill(Vm *vm, uint32_t entry, Value v, uint64_t steps, uint32_t need) {
  Memo *m = vm->memo;
  Call *c = &m->call[entry];
  m->stats[c->fid].steps += steps;
  Value canonical = is_kind(v, KIND_FUNC) ? 0 : memo_canonical(vm, v);
  if (!canonical) {
    m->stats[c->fid].pause = PAUSE;
    return v;
  }
  if (vm->identity_doubt) return v; /* the op is made again without sharing */
  if (vm->high + HEADROOM > vm->depth_limit) return canonical;
  c->result = canonical;
  c->need = need;
  return canonical;
}
