/* deferred_make.c - the tables of deferred sets, made by their recipes. */
#include "deferred.h"

#include "kernels/grid.h"
#include "kernels/location_set.h"
#include "kernels/objects.h"
#include "key.h"
#include "lanes.h"

enum { FEW = 12 }; /* keys or slots looked at by one lane before others would have come */

/* ---- tables ---- */

typedef struct {
  const Vm *vm;
  const Deferred *d;
  MakingSpace *m;
  const uint16_t *list;
  uint64_t n;
  const LocationSums *sums; /* by colour, of the hashes of cells */
} KeysWork;

FN_INLINE void put_key(const KeysWork *w, const CellPlaces *places, uint32_t location, uint32_t colour) {
  const uint64_t *sums = w->sums[colour] + location;
  w->m->keys[location] = cell_at_place(places, location, colour);
  w->m->hashes[location] = (int64_t)unshuffle_bits(sums[0] ^ sums[1]);
}

/* Cells, and their hashes by the sums on both sides of them, which lie closer together than cells. */
LANE_TEXT void part_keys_lanes(const Lanes *l, KeysWork *w) {
  CellPlaces places = cell_places(w->vm, w->d->nested);
  Value colour = w->d->colour;
  if (colour)
    for (uint32_t k = l->lane; k < w->n; k += l->n) put_key(w, &places, w->list[k], (uint32_t)int_of(colour));
  else
    for (uint32_t k = l->lane; k < w->n; k += l->n) put_key(w, &places, w->list[k], (uint32_t)int_of(deferred_colour_at(w->vm, w->d, w->list[k])));
}
LANE_WORK(part_keys, KeysWork)

/* In m->set: the table with these keys, added in this order to an empty set; where that would be of another size, the
 * copy of it that frozenset() makes. Returns the keys by location. */
static FN const Value *fill_slots(Vm *vm, const Set *s, const uint16_t *list, uint32_t n) {
  const Deferred *d = (const Deferred *)arena_at(vm, s->deferred);
  Workspace *w = workspace_of(vm);
  MakingSpace *m = &w->making;
  const int64_t *hashes = w->hashes;
  if (!deferred_is_locations(d)) {
    KeysWork keys_work = {vm, d, m, list, n, colour_sums(vm, d->nested)};
    part_keys_by(n < FEW ? NULL : vm->warp, &keys_work);
    hashes = m->hashes;
  }
  numbers_clear(&m->set, hashes);
  numbers_add(&m->set, list, n);
  if (m->set.mask != s->mask) numbers_rebuild(&m->set, s->mask);
  return deferred_is_locations(d) ? w->values : m->keys;
}

FN void deferred_fill(Vm *vm, Set *s, const uint16_t *list, uint32_t n) {
  const Value *keys = fill_slots(vm, s, list, n);
  s->table = ((const Deferred *)arena_at(vm, s->deferred))->room;
  numbers_write(&workspace_of(vm)->making.set, keys, set_table(vm, s));
}

typedef struct {
  const Vm *vm;
  const Deferred *d;
  const SetEntry *source; /* its table, `mask` + 1 slots */
  uint64_t mask;
  uint32_t *left; /* rows that are to come */
  uint16_t *list; /* n locations */
  uint64_t n;
} ListWork;

LANE_TEXT void list_rows_lanes(const Lanes *l, ListWork *w) {
  uint32_t n = 0;
  for (uint32_t first = 0; first < PAIR_SIDE; first += l->n) {
    uint32_t i = first + l->lane, bits = w->d->rows[i], sum;
    uint32_t at = n + lanes_sum_below(l, l->n == 1 ? 0 : count_bits(bits), &sum);
    for (; bits; bits &= bits - 1) w->list[at++] = (uint16_t)(i * PAIR_SIDE + lowest_bit(bits));
    n = l->n == 1 ? at : n + sum;
  }
  if (!l->lane) w->n = n;
}
LANE_WORK(list_rows, ListWork)

static FN uint32_t list_rows(const Vm *vm, const Deferred *d, uint16_t *list) {
  ListWork w = {vm, d, NULL, 0, NULL, list, 0};
  list_rows_by(vm->warp, &w);
  return (uint32_t)w.n;
}

enum { NO_PLACE = 1 << 16 }; /* and the lane's number */

/* Where a key goes that is still to come; NO_PLACE: nowhere. */
FN_INLINE uint32_t mapped_location(const ListWork *w, Value key) {
  if (!key || key == SET_DUMMY) return NO_PLACE;
  const Value *at = key_location(w->vm, key);
  int64_t i = int_of(at[0]) + w->d->di, j = int_of(at[1]) + w->d->dj;
  return rows_have(w->left, i, j) ? (uint32_t)((i - PAIR_MIN) * PAIR_SIDE + (j - PAIR_MIN)) : (uint32_t)NO_PLACE;
}

/* A location of twins comes again, and counts the first time. */
LANE_TEXT void list_mapped_lanes(const Lanes *l, ListWork *w) {
  uint32_t n = 0;
  for (uint32_t i = l->lane; i < PAIR_SIDE; i += l->n) w->left[i] = w->d->rows[i];
  lanes_sync(l);
  for (uint64_t first = 0; first <= w->mask; first += l->n) {
    uint64_t k = first + l->lane;
    uint32_t location = l->n == 1 || k <= w->mask ? mapped_location(w, w->source[k].key) : (uint32_t)NO_PLACE, there;
    while ((there = lanes_ballot(l, location < NO_PLACE))) {
      uint32_t unlike = lanes_unlike(l, location < NO_PLACE ? location : NO_PLACE + l->lane);
      if (unlike < WARP_LANES) there &= ((uint32_t)1 << unlike) - 1;
      if (location < NO_PLACE && l->lane < unlike) {
        w->list[n + lanes_below(l, there)] = (uint16_t)location;
        atom_and32(&w->left[location / PAIR_SIDE], ~((uint32_t)1 << location % PAIR_SIDE));
      }
      n += l->n == 1 ? there : count_bits(there);
      lanes_sync(l);
      if (location < NO_PLACE && !(w->left[location / PAIR_SIDE] >> location % PAIR_SIDE & 1)) location = NO_PLACE;
    }
  }
  if (!l->lane) w->n = n;
}
LANE_WORK(list_mapped, ListWork)

static FN uint32_t list_mapped(const Vm *vm, const Deferred *d, uint16_t *list) {
  const Set *source = as_set(vm, d->source);
  ListWork w = {vm, d, set_table(vm, source), source->mask, vm->workspace->making.left, list, 0};
  list_mapped_by(source->mask < FEW ? NULL : vm->warp, &w);
  return (uint32_t)w.n;
}

/* The keys as they were added, of a narrow set that has no room of its own: how many. */
static FN uint32_t list_added(Vm *vm, const Deferred *d, uint16_t *list) {
  if (d->kind == DEFER_ROWS) return list_rows(vm, d, list);
  return d->kind == DEFER_MAPPED ? list_mapped(vm, d, list) : merged_list(vm, d->source, list);
}

/* ---- tables of wide sets ---- */

static FN Value wide_key(Vm *vm, const Deferred *d, int64_t i, int64_t j) {
  if (deferred_is_locations(d)) return pair_of(vm, i, j);
  Value colour = deferred_colour(vm, d, i, j);
  return d->nested ? nested_cell(vm, colour, i, j) : cell_of(vm, i, j, int_of(colour));
}

static FN void list_wide_rows(Vm *vm, const Deferred *d, Value *keys) {
  Spans spans = spans_of(vm, d);
  for (Span span; spans_next(&spans, &span);)
    for (int64_t j = span.from; j < span.to; j++) *keys++ = wide_key(vm, d, span.row, j);
}

/* A location of twins comes again, and counts the first time: each is taken out as it comes, and all are put back. */
static FN void list_wide_mapped(Vm *vm, const Deferred *d, Value *keys) {
  Wide *bits = (Wide *)arena_at(vm, d->wide);
  const Value *first = keys;
  uint32_t pos = 0;
  for (Value key; set_next(vm, d->source, &pos, &key);) {
    const Value *at = key_location(vm, key);
    Span one = {int_of(at[0]) + d->di, int_of(at[1]) + d->dj, int_of(at[1]) + d->dj + 1};
    if (!wide_has(bits, one.row, one.from)) continue;
    *keys++ = wide_key(vm, d, one.row, one.from);
    wide_take_span(bits, &one);
  }
  while (keys-- > first) wide_put(bits, int_of(key_location(vm, *keys)[0]), int_of(key_location(vm, *keys)[1]));
}

/* The hashes of d's keys, which learn them. */
static FN void hash_keys(Vm *vm, const Deferred *d, const Value *keys, uint32_t n, int64_t *hashes) {
  for (uint32_t k = 0; k < n; k++) {
    Tuple *t = as_tuple(vm, keys[k]);
    const Value *at = key_location(vm, keys[k]);
    int64_t i = int_of(at[0]), j = int_of(at[1]);
    if (t->hash == HASH_UNKNOWN) t->hash = deferred_is_locations(d) ? location_hash(i, j) : cell_hash(i, j, key_colour(vm, keys[k]), d->nested);
    hashes[k] = t->hash;
  }
}

/* The table, then the keys in the order in which they were added one by one, then what it takes to find their slots: no more than adding
 * them would (adding_room of deferred.c). */
static FN uint32_t make_added(Vm *vm, const Set *s, const Deferred *d) {
  uint32_t n = s->used, nslots = s->mask + 1;
  uint32_t made = arena_alloc(vm, nslots * sizeof(SetEntry));
  SetEntry *table = (SetEntry *)arena_at(vm, made);
  Value *keys = (Value *)arena_at(vm, arena_alloc(vm, n * sizeof(Value)));
  if (d->kind == DEFER_ROWS) list_wide_rows(vm, d, keys);
  else list_wide_mapped(vm, d, keys);
  int64_t *hashes = (int64_t *)arena_at(vm, arena_alloc(vm, n * sizeof(int64_t)));
  uint32_t *slots = (uint32_t *)arena_at(vm, arena_alloc(vm, n * sizeof(uint32_t)));
  uint32_t *order = (uint32_t *)arena_at(vm, arena_alloc(vm, n * sizeof(uint32_t)));
  uint32_t *numbers = (uint32_t *)arena_at(vm, arena_alloc(vm, nslots / 2 * sizeof(uint32_t)));
  uint64_t *taken = (uint64_t *)arena_at(vm, arena_alloc(vm, (nslots / 64 + 2) * sizeof(uint64_t)));
  hash_keys(vm, d, keys, n, hashes);
  numbers_slots(hashes, n, slots, order, numbers, taken);
  __builtin_memset(table, 0, nslots * sizeof(SetEntry));
  for (uint32_t k = 0; k < n; k++) {
    table[slots[k]].key = keys[k];
    table[slots[k]].hash = hashes[k];
  }
  return made;
}

static FN Value make_merged_wide(Vm *vm, const Deferred *d) {
  Value set = new_set(vm, KIND_FROZENSET);
  merged_add(vm, d->source, set);
  return set;
}

/* In the room that was taken for it, which is large enough. */
static FN void make_in_room(Vm *vm, Set *s, const Deferred *d) {
  uint32_t top = vm->top, limit = vm->limit;
  const Room *room = (const Room *)arena_at(vm, d->room);
  vm->top = room->start;
  vm->limit = room->end;
  if (d->kind == DEFER_ROWS || d->kind == DEFER_MAPPED) {
    s->table = make_added(vm, s, d);
  } else {
    Value made = d->kind == DEFER_UNION     ? set_united(vm, d->source, d->other)
                 : d->kind == DEFER_MINUS   ? set_binary(vm, OP_SUB, d->source, d->other)
                 : d->kind == DEFER_OUTLINE ? outline_make(vm, d)
                                            : make_merged_wide(vm, d);
    s->table = as_set(vm, made)->table;
  }
  vm->top = top;
  vm->limit = limit;
}

/* Can its keys be told in order without its table, once that of its source is made? */
static FN bool is_orderly(const Deferred *d) { return !deferred_has_room(d) && (d->kind == DEFER_ROWS || d->kind == DEFER_MAPPED); }

/* What has to be made before the items of a union can be added: items, or the sources of those whose keys are told without a
 * table, which they are once. d->first_run is where the first of them may be. */
static FN Set *unmade_item(Vm *vm, Deferred *d) {
  Value item;
  for (uint32_t pos = d->first_run; d->first_run = pos, merged_next(vm, d->source, &pos, &item);) {
    Set *s = as_set(vm, item);
    if (s->table) continue;
    const Deferred *of = (const Deferred *)arena_at(vm, s->deferred);
    if (!is_orderly(of) || of->listed) return s;
    if (of->kind == DEFER_MAPPED && !as_set(vm, of->source)->table) return as_set(vm, of->source);
  }
  return NULL;
}

/* A set whose table has to be made before that of s. */
static FN Set *unmade_source(Vm *vm, const Set *s) {
  const Deferred *d = (const Deferred *)arena_at(vm, s->deferred);
  if (d->kind == DEFER_MERGED || d->kind == DEFER_TWINS) return unmade_item(vm, (Deferred *)arena_at(vm, s->deferred));
  Set *source = d->source ? as_set(vm, d->source) : NULL, *other = d->other ? as_set(vm, d->other) : NULL;
  return source && !source->table ? source : other && !other->table ? other : NULL;
}

static FN void make_one(Vm *vm, Set *s) {
  const Deferred *d = (const Deferred *)arena_at(vm, s->deferred);
  if (deferred_has_room(d)) make_in_room(vm, s, d);
  else if (d->kind == DEFER_LARGE_PART) large_parts_make(vm, d->parts, s);
  else if (d->kind == DEFER_PART) parts_make(vm, d->parts, s);
  else {
    uint16_t *list = workspace_of(vm)->making.list;
    deferred_fill(vm, s, list, list_added(vm, d, list));
  }
}

FN const Value *deferred_order(Vm *vm, Value set, uint16_t *list, uint32_t *n) {
  const Set *s = as_set(vm, set);
  Deferred *d = (Deferred *)arena_at(vm, s->deferred);
  const Value *keys = fill_slots(vm, s, list, list_added(vm, d, list));
  *n = numbers_list(&workspace_of(vm)->making.set, list);
  d->listed = 1;
  return keys;
}

FN bool deferred_list(Vm *vm, Value set, Value *keys) {
  const Set *s = as_set(vm, set);
  uint32_t n;
  if (s->table) return false;
  const Deferred *d = (const Deferred *)arena_at(vm, s->deferred);
  if (d->listed || !is_orderly(d)) return false;
  for (Set *source; (source = unmade_source(vm, s));) deferred_make(vm, source);
  uint16_t *list = workspace_of(vm)->making.list;
  const Value *of = deferred_order(vm, set, list, &n);
  for (uint32_t k = 0; k < n; k++) keys[k] = of[list[k]];
  return true;
}

FN bool deferred_make_in(Vm *vm, Set *s, uint32_t room) {
  Deferred *d = (Deferred *)arena_at(vm, s->deferred);
  const Room *own = (const Room *)arena_at(vm, d->room), *other = (const Room *)arena_at(vm, room);
  if (d->kind == DEFER_PART || d->kind == DEFER_LARGE_PART) return false;
  uint64_t units = deferred_has_room(d) ? own->end - own->start : ((uint64_t)s->mask + 1) * sizeof(SetEntry) / 8;
  if (units > other->end - other->start) return false;
  uint32_t room_of_own = d->room;
  d->room = deferred_has_room(d) ? room : other->start;
  deferred_make(vm, s);
  d->room = room_of_own;
  return true;
}

/* Sources before what follows them; without recursion, as chains are as long as programs make them. */
FN NOINLINE void deferred_make(Vm *vm, Set *s) {
  while (!s->table) {
    Set *next = s;
    for (Set *source; (source = unmade_source(vm, next));) next = source;
    make_one(vm, next);
  }
}
