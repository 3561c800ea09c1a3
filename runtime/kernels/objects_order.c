/* objects_order.c - objects of grids beyond 30 x 30 in CPython's order: the tables of deferred ones, and all at once.
 *
 * The search of objects.c, which see, on the numbers i * w + j of all locations of the grid. Two neighbours belong together when
 * they have the same owner. Of deferred objects it is known which each location belongs to; they are searched at the end of the room that
 * was taken with them, and tables and cells come from its start. At once, the owner of a location is the kind of its value, and the search
 * has a room for itself. */
#include "../key.h"
#include "objects.h"
#include "rows.h"
#include "unmade.h"

enum {
  NOBODY = 0,             /* owner of a location that no object has; else the number of the object, or of the kind, and one more, */
  USED = (int)UINT32_MAX, /* or this when its object is found */
  REBUILDS_MAX = 32       /* each at least doubles the table */
};

typedef struct {
  uint32_t at, keys; /* before its at-th member, for so many keys */
} Rebuild;

typedef struct {
  Vm *vm;
  Parts *parts;      /* or at once: NULL, */
  const Value *rows; /* and the grid's */
  uint32_t h, w, cells;
  bool diagonal, nested;
  uint32_t *owner, *stamps, *order, *list, *moving, *seeds; /* by location; of locations */
  int64_t *hashes, *cell_hashes;
  LargeSet reached, wave; /* as in SearchSpace */
  uint32_t stamp, belongs, ncells, used, nreached, nrebuilds;
  Rebuild rebuilds[REBUILDS_MAX];
} Search;

/* ---- where it works ---- */

typedef struct {
  uint8_t *base; /* NULL: what is taken is only counted */
  size_t taken;
} WorkRoom;

static FN void *take_bytes(WorkRoom *r, size_t bytes) {
  size_t at = r->taken;
  r->taken += (bytes + 7) / 8 * 8;
  return r->base ? r->base + at : NULL;
}

static FN void take_set(WorkRoom *r, LargeSet *s, uint32_t slots, uint32_t *moving) {
  s->taken = (uint64_t *)take_bytes(r, ((size_t)slots / 64 + 3) * sizeof(uint64_t));
  s->numbers = (uint32_t *)take_bytes(r, (size_t)slots * sizeof(uint32_t));
  s->moving = moving;
}

static FN void take_work(WorkRoom *r, Search *x, uint32_t cells) {
  size_t words = (size_t)cells * sizeof(uint32_t);
  x->owner = (uint32_t *)take_bytes(r, words);
  x->stamps = (uint32_t *)take_bytes(r, words);
  x->order = (uint32_t *)take_bytes(r, words);
  x->list = (uint32_t *)take_bytes(r, words);
  x->moving = (uint32_t *)take_bytes(r, words);
  x->seeds = (uint32_t *)take_bytes(r, words);
  x->hashes = (int64_t *)take_bytes(r, 2 * words);
  x->cell_hashes = (int64_t *)take_bytes(r, 2 * words);
  uint32_t united = numbers_slots_above((cells + AROUND_MAX) * 2), added = location_indices_slots(cells);
  take_set(r, &x->reached, united, x->moving);
  take_set(r, &x->wave, united > added ? united : added, x->moving);
}

static FN size_t work_bytes(uint32_t cells) {
  Search x;
  WorkRoom r = {NULL, 0};
  take_work(&r, &x, cells);
  return r.taken;
}

/* An object of two cells or more has at most four slots for each. */
FN size_t large_parts_room(uint32_t h, uint32_t w, bool nested) {
  size_t units = nested ? NESTED_UNITS + PAIR_UNITS : CELL_UNITS;
  return work_bytes(h * w) + (size_t)h * w * (4 * sizeof(SetEntry) + units * 8);
}

/* ---- the grid ---- */

static FN void note_part(Search *x, Value part, uint32_t owner) {
  Spans spans = patch_spans(x->vm, part);
  for (Span span; spans_next(&spans, &span);)
    for (int64_t j = span.from; j < span.to; j++) x->owner[(size_t)span.row * x->w + (size_t)j] = owner;
}

static FN void note_parts(Search *x) {
  __builtin_memset(x->owner, 0, (size_t)x->cells * sizeof *x->owner);
  for (uint32_t k = 0; k < x->parts->n; k++) note_part(x, x->parts->parts[k], k + 1);
}

static FN KernelStatus note_values(Search *x, const ObjectsWanted *wanted) {
  Kinds kinds = {wanted->univalued, wanted->background, 0, {0}, {0}};
  for (uint32_t i = 0, n = 0; i < x->h; i++)
    for (uint32_t j = 0; j < x->w; j++, n++) {
      int kind = kind_in(x->vm, &kinds, as_tuple(x->vm, x->rows[i])->items[j]);
      if (kind < 0) return kind == KINDS_MANY ? KERNEL_PASS : KERNEL_FAIL;
      x->owner[n] = kind == KIND_OUTSIDE ? (uint32_t)NOBODY : (uint32_t)kind + 1;
    }
  return KERNEL_DONE;
}

static FN void note_locations(Search *x) {
  __builtin_memset(x->stamps, 0, (size_t)x->cells * sizeof *x->stamps);
  for (uint32_t i = 0, n = 0; i < x->h; i++)
    for (uint32_t j = 0; j < x->w; j++, n++) {
      x->hashes[n] = location_hash(i, j);
      x->list[n] = n;
    }
  large_clear(&x->wave, x->hashes, NUMBER_SLOTS_MIN);
  large_add(&x->wave, x->list, x->cells);
  large_list(&x->wave, x->seeds); /* asindices(grid) */
}

/* Below two bits each, one more: what a direction adds to row and column. */
FN_INLINE int32_t row_step(uint32_t direction) { return (int32_t)(0xa058u >> direction * 2 & 3) - 1; }
FN_INLINE int32_t column_step(uint32_t direction) { return (int32_t)(0x8885u >> direction * 2 & 3) - 1; }

FN_INLINE uint32_t neighbour(const Search *x, uint32_t location, uint32_t direction) {
  return location + (uint32_t)(row_step(direction) * (int32_t)x->w + column_step(direction));
}

/* As location_near, and how many there are. */
static FN uint64_t near_of(const Search *x, uint32_t location, uint32_t *count) {
  int64_t hashes[AROUND_MAX];
  uint32_t inside = 0, i = location / x->w, j = location % x->w;
  for (uint32_t d = 0; d < AROUND_MAX; d++) {
    uint32_t row = i + (uint32_t)row_step(d), column = j + (uint32_t)column_step(d);
    bool here = row < x->h && column < x->w;
    hashes[d] = here ? x->hashes[row * x->w + column] : location_hash((int32_t)row, (int32_t)column);
    inside |= (uint32_t)here << d;
  }
  *count = count_bits(x->diagonal ? inside : inside & 0xf);
  return near_make(&workspace_of(x->vm)->set, hashes, x->diagonal, inside);
}

/* ---- waves ---- */

FN_INLINE void take(Search *x, uint32_t location) {
  x->owner[location] = (uint32_t)USED;
  x->order[x->ncells++] = location;
  x->used++;
}

/* Before so many more are added to the union of n. */
static FN uint32_t grow_union(Search *x, uint32_t n, uint32_t count, uint32_t mask) {
  if (n + count < numbers_full(mask)) return mask;
  Rebuild r = {n, (n + count) * 2};
  x->rebuilds[x->nrebuilds++] = r;
  return numbers_slots_above(r.keys) - 1;
}

typedef struct {
  uint64_t first; /* what is near the first of the wave: so many */
  uint32_t nfirst;
  uint32_t members, last; /* how many of what is reached belong to the component, and the last of them */
} Gathered;

/* Notes in `list` what is near order[begin..ncells), each location once, and where the union would be rebuilt. */
static FN Gathered gather(Search *x, uint32_t begin) {
  Gathered found = {0, 0, 0, 0};
  uint32_t n = 0, mask = 0, count;
  x->stamp++;
  x->nrebuilds = 0;
  for (uint32_t k = begin; k < x->ncells; k++) {
    uint32_t location = x->order[k];
    uint64_t near = near_of(x, location, &count);
    if (k == begin) found.first = near, found.nfirst = count;
    mask = k == begin ? numbers_slots_copied(count) - 1 : grow_union(x, n, count, mask);
    for (; count; count--, near >>= 8) {
      uint32_t to = neighbour(x, location, near & 7);
      if (x->stamps[to] == x->stamp) continue;
      x->stamps[to] = x->stamp;
      x->list[n++] = to;
      if (x->owner[to] != x->belongs) continue;
      found.members++;
      found.last = to;
    }
  }
  x->nreached = n;
  return found;
}

/* The set of what is near one location: its table is copied where the sizes agree. */
static FN void reach_first(Search *x, uint64_t near, uint32_t n) {
  LargeSet *r = &x->reached;
  large_clear(r, x->hashes, numbers_slots_copied(n));
  if (r->mask == location_near_mask(n))
    for (uint32_t k = 0; k < n; k++, near >>= 8) large_put_at(r, near >> 3 & 31, x->list[k]);
  else
    large_put(r, x->list, n);
}

static FN void reach(Search *x, const Gathered *found) {
  LargeSet *r = &x->reached;
  reach_first(x, found->first, found->nfirst);
  for (uint32_t k = 0; k < x->nrebuilds; k++) {
    large_put(r, x->list + r->used, x->rebuilds[k].at - r->used);
    large_rebuild(r, x->rebuilds[k].keys);
  }
  large_put(r, x->list + r->used, x->nreached - r->used);
}

static FN uint32_t drop_used(const Search *x, uint32_t *list, uint32_t n) {
  uint32_t left = 0;
  for (uint32_t k = 0; k < n; k++)
    if (x->owner[list[k]] != (uint32_t)USED) list[left++] = list[k];
  return left;
}

/* Lists reached - used in order: of a copy, where over four times as much is reached. */
static FN uint32_t list_wave(Search *x) {
  uint32_t *list = x->list, n = large_list(&x->reached, list);
  if (n / 4 > x->used) {
    uint32_t slots = numbers_slots_copied(n);
    if (slots == x->reached.mask + 1) return drop_used(x, list, n);
    large_clear(&x->wave, x->hashes, slots);
    large_put(&x->wave, list, n);
    return drop_used(x, list, large_list(&x->wave, list));
  }
  n = drop_used(x, list, n);
  large_clear(&x->wave, x->hashes, NUMBER_SLOTS_MIN);
  large_add(&x->wave, list, n);
  return large_list(&x->wave, list);
}

/* Fills `order` from a seed on. */
static FN void follow(Search *x, uint32_t seed) {
  x->belongs = x->owner[seed];
  x->ncells = 0;
  take(x, seed);
  for (uint32_t begin = 0, end; begin < x->ncells; begin = end) {
    Gathered found = gather(x, begin);
    end = x->ncells;
    if (found.members == 1) take(x, found.last);
    if (found.members < 2) continue;
    reach(x, &found);
    uint32_t n = list_wave(x);
    for (uint32_t k = 0; k < n; k++)
      if (x->owner[x->list[k]] == x->belongs) take(x, x->list[k]);
  }
}

/* ---- tables ---- */

static FN Value value_at(const Search *x, const Deferred *d, uint32_t i, uint32_t j) {
  return d ? deferred_colour(x->vm, d, i, j) : as_tuple(x->vm, x->rows[i])->items[j];
}

static FN Value cell_with_hash(Search *x, const Deferred *d, uint32_t location) {
  uint32_t i = location / x->w, j = location % x->w;
  Value v = value_at(x, d, i, j), items[] = {v_int(i), v_int(j), v};
  Value cell = x->nested ? nested_cell(x->vm, v, i, j) : is_int(v) ? cell_of(x->vm, i, j, int_of(v)) : tuple_of(x->vm, items, 3);
  if (cell && !x->vm->unordered) tuple_head(x->vm, cell)->hash = x->cell_hashes[location];
  return cell;
}

/* Of what is in `order`. false: an exception is pending. */
static FN bool hash_cells(Search *x, const Deferred *d) {
  for (uint32_t k = 0; k < x->ncells; k++) {
    uint32_t location = x->order[k], i = location / x->w, j = location % x->w;
    Value v = value_at(x, d, i, j);
    int64_t parts[] = {hash_small_int(v_int(i)), hash_small_int(v_int(j)), 0};
    if (is_int(v)) x->cell_hashes[location] = cell_hash(i, j, v, x->nested);
    else if (!value_hash(x->vm, v, &parts[2])) return false;
    else x->cell_hashes[location] = hash_of_ints(parts, 3);
  }
  return true;
}

/* frozenset(set(cells)) of what is in `order`, into a table of mask + 1 slots. false: no memory. */
static FN bool write_table(Search *x, const Deferred *d, uint32_t mask, SetEntry *e) {
  LargeSet *cells = &x->wave;
  large_clear(cells, x->cell_hashes, NUMBER_SLOTS_MIN);
  large_add(cells, x->order, x->ncells);
  if (cells->mask != mask) large_rebuild(cells, mask);
  for (uint64_t at = 0; at <= mask; at++) {
    bool taken = cells->taken[at / 64] >> at % 64 & 1;
    e[at].key = taken ? cell_with_hash(x, d, cells->numbers[at]) : 0;
    e[at].hash = taken ? x->cell_hashes[cells->numbers[at]] : 0;
    if (taken && !e[at].key) return false;
  }
  return true;
}

static FN bool make_table(Search *x, Set *s) {
  const Deferred *d = (const Deferred *)arena_at(x->vm, s->deferred);
  uint32_t table = arena_alloc(x->vm, ((size_t)s->mask + 1) * sizeof(SetEntry));
  if (!table || x->ncells != s->used || !hash_cells(x, d)) return false;
  if (!write_table(x, d, s->mask, (SetEntry *)arena_at(x->vm, table))) return false;
  s->table = table;
  return true;
}

/* Of `part`, or of all. */
static FN bool make_tables(Search *x, const Set *part, bool all) {
  for (uint32_t k = 0; k < x->cells && !(part->table && !all); k++) {
    uint32_t owner = x->owner[x->seeds[k]];
    if (owner == NOBODY || owner == (uint32_t)USED) continue;
    Value found = x->parts->parts[owner - 1];
    Set *s = as_set(x->vm, found);
    if (!s->table && (all || s == part)) {
      follow(x, x->seeds[k]);
      if (!make_table(x, s)) return false;
    } else {
      note_part(x, found, (uint32_t)USED);
      x->used += s->used;
    }
  }
  return true;
}

/* It cannot happen: the room is larger than what is made in it. Then no answer is better than a wrong one: a table without
 * keys, and the call is a limit. */
static FN void lose_table(Vm *vm, Set *s, const Room *room) {
  vm->lost = true;
  s->table = room->start;
  __builtin_memset(arena_at(vm, room->start), 0, ((size_t)s->mask + 1) * sizeof(SetEntry));
}

FN void large_parts_make(Vm *vm, uint32_t offset, const Set *part) {
  Parts *parts = (Parts *)arena_at(vm, offset);
  const Room *room = (const Room *)arena_at(vm, parts->room);
  uint32_t top = vm->top, limit = vm->limit;
  GridView g;
  Search x;
  plane_view(vm, parts->grid, &g);
  __builtin_memset(&x, 0, sizeof x);
  x.vm = vm;
  x.parts = parts;
  x.h = g.h;
  x.w = g.w;
  x.cells = g.h * g.w;
  x.diagonal = parts->wanted.diagonal;
  x.nested = parts->wanted.nested;
  vm->top = room->start + parts->made;
  vm->limit = room->end - (uint32_t)(work_bytes(x.cells) / 8);
  WorkRoom work = {(uint8_t *)arena_at(vm, vm->limit), 0};
  take_work(&work, &x, x.cells);
  note_parts(&x);
  note_locations(&x);
  if (!make_tables(&x, part, parts->asked++ >= ASKED_ALONE)) lose_table(vm, (Set *)part, room);
  parts->made = vm->top - room->start;
  vm->top = top;
  vm->limit = limit;
}

/* ---- all at once ---- */

static FN Value set_of_cells(Search *x) {
  Value set = 0;
  if (!hash_cells(x, NULL)) return 0;
  if (x->ncells == 1) {
    Value cell = cell_with_hash(x, NULL, x->order[0]);
    return cell ? frozenset_of_one(x->vm, cell, x->cell_hashes[x->order[0]]) : 0;
  }
  uint32_t slots = numbers_slots_copied(x->ncells);
  SetEntry *table = frozenset_table(x->vm, slots, x->ncells, &set);
  return table && write_table(x, NULL, slots - 1, table) ? set : 0;
}

static FN Value found_set_of_cells(Search *x) {
  bool unordered = x->vm->unordered;
  x->vm->unordered = false;
  return note_unordered(x->vm, set_of_cells(x), unordered);
}

/* Nobody asked for the hashes of its cells, which are kept where they hang on no address. */
static FN Value found_tuple_of_cells(Search *x) {
  bool unordered = x->vm->unordered;
  x->vm->unordered = false;
  Value tuple = hash_cells(x, NULL) ? new_tuple(x->vm, x->ncells) : 0;
  for (uint32_t k = 0; k < x->ncells && tuple; k++) {
    Value cell = cell_with_hash(x, NULL, x->order[k]);
    if (!cell) tuple = 0;
    else as_tuple(x->vm, tuple)->items[k] = cell;
  }
  x->vm->unordered = unordered;
  return tuple;
}

/* In a list. 0: an exception is pending. */
static FN Value list_objects(Search *x, bool listed) {
  Value list = new_list(x->vm, 8);
  for (uint32_t k = 0; k < x->cells && list; k++) {
    uint32_t owner = x->owner[x->seeds[k]];
    if (owner == NOBODY || owner == (uint32_t)USED) continue;
    follow(x, x->seeds[k]);
    Value object = listed ? found_tuple_of_cells(x) : found_set_of_cells(x);
    if (!object || !list_append(x->vm, list, object)) return 0;
  }
  return list;
}

FN KernelStatus find_large_objects(Vm *vm, const GridView *g, const ObjectsWanted *wanted, bool listed, Value *result) {
  Search x;
  size_t bytes = work_bytes(g->h * g->w);
  const Room *room = room_for(vm, bytes) ? room_new(vm, bytes) : NULL;
  if (!room) return KERNEL_PASS;
  __builtin_memset(&x, 0, sizeof x);
  x.vm = vm;
  x.rows = g->rows;
  x.h = g->h;
  x.w = g->w;
  x.cells = g->h * g->w;
  x.diagonal = wanted->diagonal;
  x.nested = wanted->nested;
  WorkRoom work = {(uint8_t *)arena_at(vm, room->start), 0};
  take_work(&work, &x, x.cells);
  KernelStatus status = note_values(&x, wanted);
  Value found = 0;
  if (status == KERNEL_DONE) {
    note_locations(&x);
    found = list_objects(&x, listed);
  }
  rooms_drop(vm, vm->latest_room);
  if (status != KERNEL_DONE) return status;
  if (!found || listed) return done_if(found ? list_to_tuple(vm, found) : 0, result);
  Value set = set_from(vm, KIND_SET, found);
  return done_if(set ? set_from(vm, KIND_FROZENSET, set) : 0, result);
}
