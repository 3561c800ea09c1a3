/* deferred.c - see deferred.h. */
#include "deferred.h"

#include "kernels/grid.h"
#include "kernels/location_set.h"
#include "kernels/objects.h"
#include "key.h"

/* ---- bits ---- */

WIDE FN uint32_t rows_count(const uint32_t *rows) {
  uint32_t n = 0;
  for (uint32_t i = 0; i < PAIR_SIDE; i++) n += count_bits(rows[i]);
  return n;
}

/* Bits of the rows and columns that are not those of cells. */
enum { BEYOND_CELLS = (int)0x80000001u };

FN bool rows_are_cells(const uint32_t *rows) {
  uint32_t all = 0;
  for (uint32_t i = 0; i < PAIR_SIDE; i++) all |= rows[i];
  return !(all & (uint32_t)BEYOND_CELLS) && !rows[0] && !rows[PAIR_SIDE - 1];
}

FN bool rows_moved(const uint32_t *rows, int64_t di, int64_t dj, bool locations, uint32_t *to) {
  if (di <= -PAIR_SIDE || di >= PAIR_SIDE || dj <= -PAIR_SIDE || dj >= PAIR_SIDE) return false;
  uint32_t outside = 0;
  for (int64_t i = 0; i < PAIR_SIDE; i++) {
    uint64_t row = i - di >= 0 && i - di < PAIR_SIDE ? rows[i - di] : 0;
    uint64_t moved = dj >= 0 ? row << dj : (row << PAIR_SIDE) >> -dj;
    to[i] = (uint32_t)(dj >= 0 ? moved : moved >> PAIR_SIDE);
    outside |= (uint32_t)(dj >= 0 ? moved >> PAIR_SIDE : moved);
    if (i + di < 0 || i + di >= PAIR_SIDE) outside |= rows[i];
  }
  return !outside && (locations || rows_are_cells(to));
}

/* ---- making ---- */

FN bool deferred_allowed(const Vm *vm) { return vm->memo && vm->workspace; }

/* With so many bytes behind it. */
static FN Deferred *new_in(Vm *vm, DeferKind kind, uint32_t used, uint32_t slots, size_t behind, Value *set) {
  uint32_t offset = arena_alloc(vm, sizeof(Set) + sizeof(Deferred) + behind);
  if (!offset) return NULL;
  Set *s = (Set *)arena_at(vm, offset);
  s->hash = HASH_UNKNOWN;
  s->used = s->fill = used;
  s->mask = slots - 1;
  s->table = 0;
  s->canon = 0;
  s->unordered = 0;
  s->deferred = offset + sizeof(Set) / 8;
  Deferred *d = (Deferred *)arena_at(vm, s->deferred);
  d->kind = kind;
  d->room = s->deferred + sizeof(Deferred) / 8;
  d->source = d->other = d->grid = 0;
  d->plane = 0;
  d->di = d->dj = d->gi = d->gj = 0;
  *set = HEAP(KIND_FROZENSET, offset);
  return d;
}

FN Deferred *deferred_new(Vm *vm, DeferKind kind, uint32_t used, uint32_t slots, Value *set) {
  return new_in(vm, kind, used, slots, slots * sizeof(SetEntry), set);
}

FN Deferred *deferred_large(Vm *vm, DeferKind kind, uint32_t used, uint32_t slots, Value *set) {
  return new_in(vm, kind, used, slots, 0, set);
}

FN void deferred_recipe(Deferred *d, DeferKind kind, Value colour) {
  __builtin_memset(d, 0, sizeof *d);
  d->kind = kind;
  d->colour = colour;
}

FN Value deferred_like(Vm *vm, const Deferred *from, uint32_t slots, size_t room) {
  Value set = 0;
  Deferred *d = new_in(vm, (DeferKind)from->kind, rows_count(from->rows), slots, room, &set);
  if (!d) return 0;
  uint32_t offset = d->room;
  *d = *from;
  d->room = offset;
  as_set(vm, set)->canon = deferred_is_locations(from) ? CANON_PAIRS : CANON_CELLS;
  return set;
}

FN Value deferred_added(Vm *vm, const Deferred *from) {
  uint32_t used = rows_count(from->rows);
  if (!used) return new_set(vm, KIND_FROZENSET);
  uint32_t slots = location_indices_slots(used);
  return deferred_like(vm, from, slots, slots * sizeof(SetEntry));
}

static FN void follow(Deferred *d, Value set, const Deferred *from, Value colour) {
  deferred_recipe(d, DEFER_MAPPED, colour);
  d->source = set;
  d->grid = colour ? 0 : from->grid;
  d->plane = from->plane;
  d->gi = from->gi;
  d->gj = from->gj;
}

FN Value deferred_mapped(Vm *vm, Value set, const Deferred *from, Value colour) {
  Deferred d;
  follow(&d, set, from, colour);
  __builtin_memcpy(d.rows, from->rows, sizeof d.rows);
  return deferred_added(vm, &d);
}

FN Value deferred_moved(Vm *vm, Value set, const Deferred *from, int64_t di, int64_t dj) {
  Deferred d;
  follow(&d, set, from, from->colour);
  if (!rows_moved(from->rows, di, dj, deferred_is_locations(from), d.rows)) return 0;
  d.di = (int32_t)di;
  d.dj = (int32_t)dj;
  d.gi += (int32_t)di;
  d.gj += (int32_t)dj;
  return deferred_added(vm, &d);
}

/* ---- keys ---- */

FN Value deferred_colour(const Vm *vm, const Deferred *d, uint32_t i, uint32_t j) {
  if (d->colour) return d->colour;
  int32_t row = (int32_t)i - d->gi, column = (int32_t)j - d->gj;
  if (!d->grid) return v_int(((const uint8_t *)arena_at(vm, d->plane))[location_of((uint32_t)row, (uint32_t)column)]);
  return as_tuple(vm, as_tuple(vm, d->grid)->items[row])->items[column];
}

FN_INLINE Value colour_at(const Vm *vm, const Deferred *d, uint32_t location) {
  return deferred_colour(vm, d, location_row(location), location_column(location));
}

FN Value deferred_key(const Vm *vm, const Deferred *d, uint32_t location) {
  if (deferred_is_locations(d)) return vm->workspace->values[location];
  uint32_t place = location_row(location) * CELL_SIDE + location_column(location);
  return HEAP(KIND_TUPLE, vm->image->cells + (place * CELL_COLOURS + (uint32_t)int_of(colour_at(vm, d, location))) * CELL_UNITS);
}

FN int64_t deferred_hash(Vm *vm, const Set *s) {
  const Deferred *d = (const Deferred *)arena_at(vm, s->deferred);
  const Workspace *w = workspace_of(vm);
  uint64_t x = 0;
  const uint64_t *mixed = deferred_is_locations(d) ? w->pair_mix : d->colour ? w->cell_mix[int_of(d->colour)] : NULL;
  for (uint32_t i = 0; i < PAIR_SIDE; i++)
    for (uint32_t bits = d->rows[i]; bits; bits &= bits - 1) {
      uint32_t location = i * PAIR_SIDE + lowest_bit(bits);
      x ^= mixed ? mixed[location] : w->cell_mix[int_of(colour_at(vm, d, location))][location];
    }
  return set_hash_end(x, s->used);
}

/* ---- equality ---- */

static FN bool same_colours(const Vm *vm, const Deferred *x, const Deferred *y) {
  if (x->colour && y->colour) return x->colour == y->colour;
  for (uint32_t i = 0; i < PAIR_SIDE; i++)
    for (uint32_t bits = x->rows[i]; bits; bits &= bits - 1) {
      uint32_t location = i * PAIR_SIDE + lowest_bit(bits);
      if (colour_at(vm, x, location) != colour_at(vm, y, location)) return false;
    }
  return true;
}

static FN bool same_bits(const Vm *vm, const Deferred *x, const Deferred *y) {
  if (deferred_is_locations(x) != deferred_is_locations(y)) return false;
  uint32_t differ = 0;
  for (uint32_t i = 0; i < PAIR_SIDE; i++) differ |= x->rows[i] ^ y->rows[i];
  return !differ && (deferred_is_locations(x) || same_colours(vm, x, y));
}

static FN bool same_run(const Vm *vm, const Deferred *x, const Run *a, const Deferred *y, const Run *b) {
  if (a->row != b->row || a->from != b->from || a->to != b->to) return false;
  for (uint32_t j = a->from; j < a->to; j++)
    if (deferred_colour(vm, x, a->row, j) != deferred_colour(vm, y, a->row, j)) return false;
  return true;
}

/* Cells side by side are of one run, so equal parts have the same runs. */
static FN bool same_runs(const Vm *vm, const Deferred *x, const Deferred *y) {
  const Run *a = part_run(vm, x, x->first_run), *b = part_run(vm, y, y->first_run);
  for (; a && b; a = part_run(vm, x, a->next), b = part_run(vm, y, b->next))
    if (!same_run(vm, x, a, y, b)) return false;
  return !a && !b;
}

/* Of as many cells. */
static FN bool same_run_in_bits(const Vm *vm, const Deferred *x, const Run *r, const Deferred *y) {
  for (uint32_t j = r->from; j < r->to; j++) {
    if (!rows_have(y->rows, r->row, j)) return false;
    if (deferred_colour(vm, x, r->row, j) != deferred_colour(vm, y, r->row, j)) return false;
  }
  return true;
}

static FN bool runs_in_bits(const Vm *vm, const Deferred *x, const Deferred *y) {
  if (deferred_is_locations(y)) return false;
  for (const Run *r = part_run(vm, x, x->first_run); r; r = part_run(vm, x, r->next))
    if (!same_run_in_bits(vm, x, r, y)) return false;
  return true;
}

FN int deferred_equal(const Vm *vm, const Set *a, const Set *b) {
  const Deferred *x = (const Deferred *)arena_at(vm, a->deferred), *y = (const Deferred *)arena_at(vm, b->deferred);
  if (x->kind == DEFER_LARGE || y->kind == DEFER_LARGE) return -1;
  if (a->used != b->used) return 0;
  if (y->kind != DEFER_LARGE_PART) return x->kind == DEFER_LARGE_PART ? runs_in_bits(vm, x, y) : same_bits(vm, x, y);
  return x->kind == DEFER_LARGE_PART ? same_runs(vm, x, y) : runs_in_bits(vm, y, x);
}

/* ---- tables ---- */

/* The table with these keys, added in this order to an empty set; where that would be of another size, the
 * copy of it that frozenset() makes. */
FN void deferred_fill(Vm *vm, Set *s, const uint16_t *list, uint32_t n) {
  const Deferred *d = (const Deferred *)arena_at(vm, s->deferred);
  Workspace *w = workspace_of(vm);
  MakingSpace *m = &w->making;
  const int64_t *hashes = w->hashes;
  if (!deferred_is_locations(d)) {
    for (uint32_t k = 0; k < n; k++) {
      m->keys[list[k]] = deferred_key(vm, d, list[k]);
      m->hashes[list[k]] = as_tuple(vm, m->keys[list[k]])->hash;
    }
    hashes = m->hashes;
  }
  const Value *keys = deferred_is_locations(d) ? w->values : m->keys;
  numbers_clear(&m->set, hashes);
  numbers_add(&m->set, list, n);
  if (m->set.mask != s->mask) numbers_rebuild(&m->set, s->mask);
  s->table = d->room;
  numbers_write(&m->set, keys, set_table(vm, s));
}

static FN void make_rows(Vm *vm, Set *s, const Deferred *d) {
  uint16_t *list = workspace_of(vm)->making.list;
  uint32_t n = 0;
  for (uint32_t i = 0; i < PAIR_SIDE; i++)
    for (uint32_t bits = d->rows[i]; bits; bits &= bits - 1) list[n++] = (uint16_t)(i * PAIR_SIDE + lowest_bit(bits));
  deferred_fill(vm, s, list, n);
}

static FN void make_mapped(Vm *vm, Set *s, const Deferred *d) {
  uint16_t *list = workspace_of(vm)->making.list;
  uint32_t n = 0, pos = 0;
  for (Value key; set_next(vm, d->source, &pos, &key);) {
    const Value *at = as_tuple(vm, key)->items;
    int64_t i = int_of(at[0]) + d->di, j = int_of(at[1]) + d->dj;
    if (rows_have(d->rows, i, j)) list[n++] = (uint16_t)((i - PAIR_MIN) * PAIR_SIDE + (j - PAIR_MIN));
  }
  deferred_fill(vm, s, list, n);
}

/* The usual way, in the room that was taken. */
static FN void make_large(Vm *vm, Set *s, const Deferred *d) {
  uint32_t top = vm->top, limit = vm->limit;
  GridView g;
  const Room *room = (const Room *)arena_at(vm, d->room);
  vm->top = room->start;
  vm->limit = room->end;
  grid_view(vm, d->grid, &g);
  Value made = locations_of_colour(vm, &g, d->colour);
  s->table = as_set(vm, made)->table;
  vm->top = top;
  vm->limit = limit;
}

static FN void make_merged(Vm *vm, Set *s, const Deferred *d) {
  uint16_t *list = workspace_of(vm)->making.list;
  deferred_fill(vm, s, list, merged_list(vm, d->source, list));
}

static FN void make_union(Vm *vm, Set *s, const Deferred *d) {
  uint32_t top = vm->top, limit = vm->limit;
  vm->top = d->room;
  vm->limit = UINT32_MAX; /* the room is large enough */
  s->table = as_set(vm, set_united(vm, d->source, d->other))->table;
  vm->top = top;
  vm->limit = limit;
}

static FN Set *unmade_source(Vm *vm, const Set *s) {
  const Deferred *d = (const Deferred *)arena_at(vm, s->deferred);
  if (d->kind == DEFER_MERGED) {
    Value item = merged_unmade(vm, d->source);
    return item ? as_set(vm, item) : NULL;
  }
  if (d->kind != DEFER_MAPPED && d->kind != DEFER_UNION) return NULL;
  Set *source = as_set(vm, d->source), *other = d->other ? as_set(vm, d->other) : NULL;
  return !source->table ? source : other && !other->table ? other : NULL;
}

static FN void make_one(Vm *vm, Set *s) {
  const Deferred *d = (const Deferred *)arena_at(vm, s->deferred);
  switch ((DeferKind)d->kind) {
  case DEFER_ROWS: make_rows(vm, s, d); break;
  case DEFER_PART: parts_make(vm, d->parts); break;
  case DEFER_MAPPED: make_mapped(vm, s, d); break;
  case DEFER_MERGED: make_merged(vm, s, d); break;
  case DEFER_UNION: make_union(vm, s, d); break;
  case DEFER_LARGE_PART: large_parts_make(vm, d->parts); break;
  case DEFER_LARGE: make_large(vm, s, d); break;
  }
}

/* Sources before what follows them; without recursion, as chains are as long as programs make them. */
FN NOINLINE void deferred_make(Vm *vm, Set *s) {
  while (!s->table) {
    Set *next = s;
    for (Set *source; (source = unmade_source(vm, next));) next = source;
    make_one(vm, next);
  }
}

/* ---- run-time sharing ---- */

FN uint64_t deferred_mix(const Vm *vm, Value set) {
  const Set *s = as_set(vm, set);
  const Deferred *d = (const Deferred *)arena_at(vm, s->deferred);
  uint64_t h = d->kind;
  if (d->kind == DEFER_PART || d->kind == DEFER_LARGE_PART) return hash_mix(h, set);
  h = hash_mix(hash_mix(hash_mix(hash_mix(h, d->source), d->other), d->colour), d->grid);
  h = hash_mix(h, (uint64_t)(uint32_t)d->di << 32 | (uint32_t)d->dj);
  h = hash_mix(h, (uint64_t)(uint32_t)d->gi << 32 | (uint32_t)d->gj);
  if (d->kind == DEFER_LARGE) return h;
  uint64_t lanes[4] = {h, 1, 2, 3};
  for (uint32_t i = 0; i < PAIR_SIDE; i += 8)
    for (uint32_t k = 0; k < 4; k++) lanes[k] = hash_mix(lanes[k], (uint64_t)d->rows[i + k] << 32 | d->rows[i + 4 + k]);
  return hash_mix(hash_mix(lanes[0], lanes[1]), hash_mix(lanes[2], lanes[3]));
}

FN bool deferred_same(const Vm *vm, Value a, Value b) {
  const Deferred *x = (const Deferred *)arena_at(vm, as_set(vm, a)->deferred);
  const Deferred *y = (const Deferred *)arena_at(vm, as_set(vm, b)->deferred);
  if (x->kind != y->kind || x->kind == DEFER_PART || x->kind == DEFER_LARGE_PART) return a == b;
  bool same = x->source == y->source && x->other == y->other && x->colour == y->colour && x->grid == y->grid && x->di == y->di && x->dj == y->dj &&
              x->gi == y->gi && x->gj == y->gj;
  if (!same || x->kind == DEFER_LARGE) return same;
  uint32_t differ = 0;
  for (uint32_t i = 0; i < PAIR_SIDE; i++) differ |= x->rows[i] ^ y->rows[i];
  return !differ;
}
