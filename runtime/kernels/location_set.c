/* location_set.c - see location_set.h. */
#include "location_set.h"

#include "../key.h"

/* Where sums[n + 1] is what location n adds, the sums. */
static FN void sum_up(uint64_t *sums) {
  sums[0] = 0;
  for (uint32_t n = 0; n < LOCATIONS; n++) sums[n + 1] ^= sums[n];
}

static FN void sum_cells(Vm *vm, uint64_t *sums, uint32_t colour) {
  for (uint32_t n = 0; n <= LOCATIONS; n++) sums[n] = 0;
  for (uint32_t i = 0; i < CELL_SIDE; i++)
    for (uint32_t j = 0; j < CELL_SIDE; j++) {
      Value cell = shared_cell(vm, v_int(i), v_int(j), v_int(colour));
      sums[location_of(i, j) + 1] = shuffle_bits((uint64_t)tuple_head(vm, cell)->hash);
    }
  sum_up(sums);
}

FN void workspace_lanes(Vm *vm) {
  Workspace *w = vm->workspace;
  w->set.warp = w->search.reached.warp = w->search.wave.warp = w->making.set.warp = w->adding.set.warp = vm->warp;
}

static NOINLINE FN void note_pairs(Vm *vm, Workspace *w) {
  w->pairs = vm->image->pairs;
  workspace_lanes(vm);
  for (uint32_t n = 0; n < LOCATIONS; n++) {
    w->values[n] = HEAP(KIND_TUPLE, w->pairs + n * PAIR_UNITS);
    w->hashes[n] = tuple_head(vm, w->values[n])->hash;
    w->slots[n] = (uint8_t)(w->hashes[n] & (WORD_SLOTS - 1));
    w->pair_sums[n + 1] = shuffle_bits((uint64_t)w->hashes[n]);
  }
  for (uint32_t d = 0; d < AROUND_MAX; d++) w->steps[d] = location_step(d);
  sum_up(w->pair_sums);
  for (uint32_t c = 0; c < CELL_COLOURS; c++) sum_cells(vm, w->cell_sums[c], c);
}

FN Workspace *workspace_of(Vm *vm) {
  Workspace *w = vm->workspace;
  if (UNLIKELY(w && w->pairs != vm->image->pairs)) note_pairs(vm, w);
  return w;
}

static NOINLINE FN void note_nested(Vm *vm, Workspace *w) {
  w->nested = vm->nested;
  for (uint32_t c = 0; c < CELL_COLOURS; c++) {
    for (uint32_t n = 0; n < LOCATIONS; n++) w->nested_sums[c][n + 1] = shuffle_bits((uint64_t)tuple_head(vm, nested_at_number(vm, n, c))->hash);
    sum_up(w->nested_sums[c]);
  }
}

FN const LocationSums *colour_sums(Vm *vm, bool nested) {
  Workspace *w = workspace_of(vm);
  if (nested && UNLIKELY(w->nested != vm->nested)) note_nested(vm, w);
  return (const LocationSums *)(nested ? w->nested_sums : w->cell_sums);
}

/* ---- neighbours ---- */

/* Four neighbours, from a direction on, as frozenset((…, …, …, …)) lists them. */
static FN void list_four(NumberSet *s, const int64_t *hashes, uint32_t direction, uint16_t *list) {
  for (uint32_t k = 0; k < 4; k++) list[k] = (uint16_t)(direction + k);
  numbers_clear(s, hashes);
  numbers_put(s, list, 4);
  numbers_list(s, list);
}

/* dneighbors(loc), or dneighbors(loc) | ineighbors(loc): a copy with the latter merged in. */
static FN uint32_t list_around(NumberSet *s, const int64_t *hashes, bool diagonal, uint16_t *list) {
  uint16_t corners[4];
  list_four(s, hashes, 4, corners);
  list_four(s, hashes, 0, list);
  if (!diagonal) return 4;
  numbers_rebuild(s, (4 + 4) * 2);
  numbers_put(s, corners, 4);
  return numbers_list(s, list);
}

FN uint64_t near_make(NumberSet *s, const int64_t *hashes, bool diagonal, uint32_t inside) {
  uint16_t around[AROUND_MAX];
  uint32_t n = list_around(s, hashes, diagonal, around), found = 0;
  numbers_clear(s, hashes);
  for (uint32_t k = 0; k < n; k++)
    if (inside >> around[k] & 1) numbers_add(s, around + k, 1);
  uint64_t near = UINT64_MAX, bits = s->taken[0];
  for (; bits; bits &= bits - 1, found++) {
    uint32_t slot = lowest_bit(bits);
    near &= ~((uint64_t)0xff << found * 8);
    near |= (uint64_t)(slot << 3 | s->numbers[slot]) << found * 8;
  }
  return near;
}

static FN bool is_inside(uint32_t location, uint32_t edges, uint32_t neighbour) {
  int32_t i = (int32_t)location_row(neighbour), j = (int32_t)location_column(neighbour);
  if (i < 0 || j < 0) return false;
  if ((edges & EDGE_BOTTOM) && neighbour / PAIR_SIDE > location / PAIR_SIDE) return false;
  return !((edges & EDGE_RIGHT) && neighbour % PAIR_SIDE > location % PAIR_SIDE);
}

FN NOINLINE uint64_t location_near_make(Workspace *w, bool diagonal, uint32_t edges, uint32_t location) {
  int64_t hashes[AROUND_MAX];
  uint32_t inside = 0;
  for (uint32_t d = 0; d < AROUND_MAX; d++) {
    uint32_t to = (uint32_t)((int32_t)location + location_step(d));
    hashes[d] = w->hashes[to];
    inside |= (uint32_t)is_inside(location, edges, to) << d;
  }
  return w->near[diagonal][edges][location] = near_make(&w->set, hashes, diagonal, inside);
}

/* ---- all locations ---- */

static NOINLINE FN void make_indices(Workspace *w, uint32_t h, uint32_t width, Place *places) {
  uint16_t *list = w->list;
  uint32_t n = 0;
  for (uint32_t i = 0; i < h; i++)
    for (uint32_t j = 0; j < width; j++) list[n++] = (uint16_t)location_of(i, j);
  numbers_clear(&w->set, w->hashes);
  numbers_add(&w->set, list, n);
  n = 0;
  for (uint32_t k = 0; n < w->set.used; k++)
    for (uint64_t bits = w->set.taken[k]; bits; bits &= bits - 1) {
      uint32_t slot = k * 64 + lowest_bit(bits), location = w->set.numbers[slot];
      places[location_row(location) * width + location_column(location)].rank = n & (LOCATIONS - 1);
      places[n].location = location & (LOCATIONS - 1);
      places[n++].slot = slot & (NUMBER_SLOTS - 1);
    }
}

/* Cells of all smaller shapes. */
static FN uint32_t cells_before(uint32_t h, uint32_t width) {
  return GRID_SIDE * (GRID_SIDE + 1) / 2 * (h * (h - 1) / 2) + h * (width * (width - 1) / 2);
}

FN const Place *location_indices(Workspace *w, uint32_t h, uint32_t width) {
  Place *places = w->indices + cells_before(h, width);
  if (UNLIKELY(!places->location)) make_indices(w, h, width, places);
  return places;
}

FN uint32_t location_indices_slots(uint32_t cells) {
  uint32_t slots = NUMBER_SLOTS_MIN;
  while (numbers_full(slots - 1) <= cells) slots = numbers_slots_grown(numbers_full(slots - 1));
  return slots;
}

/* ---- larger grids ---- */

static FN int64_t *large_hashes(Vm *vm, uint32_t h, uint32_t width) {
  uint32_t offset = arena_alloc(vm, (size_t)h * width * sizeof(int64_t));
  if (!offset) return NULL;
  int64_t *hashes = (int64_t *)arena_at(vm, offset), at[2];
  for (at[0] = 0; at[0] < h; at[0]++)
    for (at[1] = 0; at[1] < width; at[1]++) hashes[at[0] * width + at[1]] = hash_of_ints(at, 2);
  return hashes;
}

/* What it needs beside the result is given back. */
static FN bool make_large_ranks(Vm *vm, uint32_t h, uint32_t width, uint32_t *ranks) {
  uint32_t mark = vm_mark(vm), n = h * width, slots = location_indices_slots(n);
  const int64_t *hashes = large_hashes(vm, h, width);
  uint32_t order = arena_alloc(vm, n * sizeof(uint32_t)), numbers = arena_alloc(vm, slots * sizeof(uint32_t));
  uint32_t taken = arena_alloc(vm, (slots / 64 + 2) * sizeof(uint64_t));
  bool room = hashes && order && numbers && taken;
  if (room)
    numbers_slots(hashes, n, ranks, (uint32_t *)arena_at(vm, order), (uint32_t *)arena_at(vm, numbers), (uint64_t *)arena_at(vm, taken));
  vm_reset(vm, mark);
  return room;
}

/* The shape's place, or a free one. */
static FN LargeShape *large_shape(LargeShapes *all, uint32_t h, uint32_t width) {
  uint32_t at = (h * 2654435761u ^ width * 40503u) >> 7 & (LARGE_SHAPES - 1);
  while (all->shapes[at].h && (all->shapes[at].h != h || all->shapes[at].w != width)) at = (at + 1) & (LARGE_SHAPES - 1);
  return &all->shapes[at];
}

FN const uint32_t *large_ranks(Vm *vm, uint32_t h, uint32_t width) {
  Workspace *w = workspace_of(vm);
  if (h * width > LARGE_CELLS) {
    uint32_t offset = arena_alloc(vm, (size_t)h * width * sizeof(uint32_t));
    uint32_t *ranks = offset ? (uint32_t *)arena_at(vm, offset) : NULL;
    return ranks && make_large_ranks(vm, h, width, ranks) ? ranks : NULL;
  }
  LargeShapes *all = &w->large_shapes;
  LargeShape *s = large_shape(all, h, width);
  if (s->h) return all->ranks + s->ranks;
  if (all->nshapes >= LARGE_SHAPES / 2 || h * width > all->room - all->nranks) {
    __builtin_memset(all->shapes, 0, sizeof all->shapes);
    all->nshapes = all->nranks = 0;
    s = large_shape(all, h, width);
  }
  uint32_t *ranks = all->ranks + all->nranks;
  if (!make_large_ranks(vm, h, width, ranks)) return NULL;
  s->h = h;
  s->w = width;
  s->ranks = all->nranks;
  all->nranks += h * width;
  all->nshapes++;
  return ranks;
}
