/* objects.c - connected components with the order of CPython's sets.
 *
 * The source goes over the locations in the order of asindices(grid). From each that is not yet used
 * it searches in waves: the next wave is the union of the neighbours of all members that belong to
 * the component, less what is used. A component lists its cells as the waves do, and a wave is a set, so
 * its order follows from how those sets came about: they are run here on numbers of locations.
 *
 * What leaves no trace is left out. Used locations matter as members and by their number only, so
 * they are bits. Of a wave only the members that belong matter, in order: those are `order`. If
 * the next wave has none of them the component ends; if it has one there is no order to find, and
 * nothing later depends on the sets. */
#include "nested.h"
#include "unmade.h"

#include "../deferred.h"
#include "../key.h"
#include "location_set.h"
#include "objects.h"
#include "rows.h"

/* Marks of locations that belong to no component; neighbours with one and the same of all other marks belong together. */
enum { MARK_OUTSIDE = 0xff };

/* What a component is: a frozenset or a tuple of cells (i, j, colour), or a frozenset of (colour, (i, j)). */
typedef enum { FORM_SET, FORM_LISTED, FORM_NESTED } CellForm;

/* Where the table of what a wave reaches is rebuilt: before its at-th member, for so many keys. */
typedef struct {
  uint32_t at, keys;
} Rebuild;

enum { REBUILDS_MAX = 10 }; /* each at least doubles the table */

typedef struct {
  Vm *vm;
  Workspace *w;
  SearchSpace *s;
  GridView g;
  bool diagonal;
  bool odd; /* cells hold any values */
  CellForm form;
  uint32_t ncells, used, nfound, seed;
  uint32_t nreached, nrebuilds;
  Rebuild rebuilds[REBUILDS_MAX];
} Search;

/* ---- the grid ---- */

typedef struct {
  const Vm *vm;
  SearchSpace *s;
  const Value *rows;
  uint32_t h, w;
  Value background;
  uint64_t univalued;
} MarkWork;

/* Colours, and marks: a component is of one colour if univalued, else of any but the background. */
LANE_TEXT void mark_grid_lanes(const Lanes *l, MarkWork *w) {
  SearchSpace *s = w->s;
  for (uint32_t at = l->lane; at < PAIR_SIDE; at += l->n) {
    uint32_t n = at * PAIR_SIDE, i = at - 1;
    __builtin_memset(s->mark + n, MARK_OUTSIDE, PAIR_SIDE);
    if (i >= w->h) continue;
    const Value *row = as_tuple(w->vm, w->rows[i])->items;
    n = location_of(i, 0);
    for (uint32_t j = 0; j < w->w; j++, n++) {
      s->colour[n] = (uint8_t)(int_of(row[j]) - COLOUR_MIN);
      s->mark[n] = row[j] == w->background ? MARK_OUTSIDE : w->univalued ? s->colour[n] : 0;
    }
  }
}
LANE_WORK(mark_grid, MarkWork)

/* Its rows and columns, as bits of locations. */
FN_INLINE uint32_t rows_of(const GridView *g) { return (uint32_t)(((uint64_t)1 << g->h) - 1) << 1; }
FN_INLINE uint32_t columns_of(const GridView *g) { return (uint32_t)(((uint64_t)1 << g->w) - 1) << 1; }

FN_INLINE uint32_t edges_of(const Search *x, uint32_t location) {
  uint32_t bottom = location_row(location) == x->g.h - 1, right = location_column(location) == x->g.w - 1;
  return bottom * EDGE_BOTTOM + right * EDGE_RIGHT;
}

/* How many neighbours lie in the grid. */
FN_INLINE uint32_t count_near(const Search *x, uint32_t location, uint32_t edges) {
  uint32_t i = location_row(location), j = location_column(location);
  uint32_t rows = 3u - (i == 0) - (edges / EDGE_BOTTOM), columns = 3u - (j == 0) - (edges % EDGE_BOTTOM);
  return x->diagonal ? rows * columns - 1 : rows + columns - 2;
}

FN_INLINE bool is_in(const uint32_t *rows, uint32_t location) { return rows[location / PAIR_SIDE] >> location % PAIR_SIDE & 1; }

FN_INLINE void take(Search *x, uint32_t location) {
  uint32_t bit = (uint32_t)1 << location % PAIR_SIDE;
  x->s->belongs[location / PAIR_SIDE] &= ~bit;
  x->s->open[location / PAIR_SIDE] &= ~bit;
  x->s->order[x->ncells++] = (uint16_t)location;
  x->used++;
}

/* ---- waves ---- */

enum { NONE = 0, SEVERAL = LOCATIONS }; /* in place of a location */

/* What belongs to the component next to a location: three bits for each of three rows. */
FN_INLINE uint32_t window_at(const Search *x, uint32_t location) {
  const uint32_t *rows = x->s->belongs + location / PAIR_SIDE;
  uint32_t left = location % PAIR_SIDE - 1, above = rows[-1] >> left & 7, beside = rows[0] >> left & 7, below = rows[1] >> left & 7;
  return (above | beside << 3 | below << 6) & (x->diagonal ? 0x1efu : 0xaau);
}

/* The only location next to order[begin..ncells) that belongs to the component. */
static FN uint32_t only_next(const Search *x, uint32_t begin) {
  uint32_t only = NONE;
  for (uint32_t k = begin; k < x->ncells; k++) {
    uint32_t location = x->s->order[k], window = window_at(x, location);
    if (!window) continue;
    uint32_t at = lowest_bit(window), row = at / 3, to = location + row * PAIR_SIDE + (at - row * 3) - PAIR_SIDE - 1;
    if (window & (window - 1) || (only && only != to)) return SEVERAL;
    only = to;
  }
  return only;
}

/* ---- the next wave by the slots of its keys ---- */

/* What order[begin..ncells) reaches, as bits of s->reach; and which rows these are. */
FN_INLINE uint32_t reach_rows(const Search *x, uint32_t begin) {
  uint32_t rows = 0, across = x->diagonal ? 7 : 2, *reach = x->s->reach;
  for (uint32_t k = begin; k < x->ncells; k++) {
    uint32_t i = x->s->order[k] / PAIR_SIDE, left = x->s->order[k] % PAIR_SIDE - 1;
    reach[i - 1] |= across << left;
    reach[i] |= (uint32_t)5 << left;
    reach[i + 1] |= across << left;
    rows |= (uint32_t)7 << (i - 1);
  }
  return rows;
}

/* How many are reached: less those that are used. */
FN_INLINE uint32_t count_reached(const Search *x, uint32_t rows) {
  uint32_t n = 0;
  for (; rows; rows &= rows - 1) n += count_bits(x->s->reach[lowest_bit(rows)] & x->s->open[lowest_bit(rows)]);
  return n;
}

/* Is reached - used made as a copy of what is reached, from which what is used is deleted? A member reaches eight at most, and by
 * edges alone no more than four. */
static FN bool is_copied(const Search *x, uint32_t rows, uint32_t members) {
  uint32_t n = 0, columns = columns_of(&x->g);
  if (!x->diagonal || x->used >= 2 * members) return false;
  for (rows &= rows_of(&x->g); rows; rows &= rows - 1) n += count_bits(x->s->reach[lowest_bit(rows)] & columns);
  return n / 4 > x->used;
}

FN_INLINE void forget_reached(const Search *x, uint32_t rows) {
  for (; rows; rows &= rows - 1) x->s->reach[lowest_bit(rows)] = 0;
}

/* Why the order of a wave is mostly known without that in which its keys were added. Its table is filled one by one, nothing is ever
 * deleted, and a rebuild puts keys as an addition does. So its size follows from their number, and what came before decides
 * nothing but in which order keys were put into it. A search looks at SLOTS_LOOKED_AT slots from its home on, near the end of the
 * table at its home alone, then goes on elsewhere. As long as none does that, every order takes the same slots, and as many keys
 * go past each, which is to cross it: those that went past the slot before and those at home in it, less one that stays.
 * Hence, in whatever order:
 * - a slot that is taken and not crossed, behind one that is not crossed, has the one key at home there;
 * - crossed slots in a row, and the one behind them, have the keys at home in the crossed ones. How these lie does not matter where
 *   at most one of them belongs to the component;
 * - no search leaves such a row if it is no longer than a search, and as much as a search looks at lies behind the home of each. For
 *   while keys are put, no more is crossed than in the end.
 * Searches here put keys row by row and note what they cross. */

/* How far a key goes whose slot is taken, by what is taken from there on; 0: its search goes on elsewhere. */
FN_INLINE uint32_t slots_crossed(uint64_t taken, uint32_t slot, uint32_t mask) {
  uint64_t left = ~taken & (((uint64_t)1 << SLOTS_LOOKED_AT) - 1);
  return left && slot + SLOTS_LOOKED_AT - 1 <= mask ? lowest_bit(left) : 0;
}

/* A row of crossed slots begins at one with so many behind it, of which some are wanted, by keys that belong to the component: does it
 * not matter how keys lie in it? */
FN_INLINE bool may_be_crossed(uint64_t crossed, uint64_t wanted, uint32_t behind) {
  uint32_t n = lowest_bit(~crossed | (uint64_t)1 << SLOTS_LOOKED_AT) + 1; /* with the one behind them */
  wanted &= ((uint64_t)1 << n) - 1;
  return n <= SLOTS_LOOKED_AT && n - 2 + SLOTS_LOOKED_AT - 1 <= behind && !(wanted & (wanted - 1));
}

/* A table of WORD_SLOTS. */
typedef struct {
  uint32_t taken;
  uint32_t wanted; /* by keys that belong to the component */
  uint32_t crossed;
} Slots;

/* What is reached - used. */
FN_INLINE Slots put_in_word(Search *x, uint32_t rows) {
  SearchSpace *s = x->s;
  Slots t = {0, 0, 0};
  for (; rows; rows &= rows - 1) {
    uint32_t i = lowest_bit(rows), reached = s->reach[i] & s->open[i], belongs = s->belongs[i];
    const uint8_t *slots = x->w->slots + i * PAIR_SIDE;
    s->reach[i] = 0;
    for (; reached; reached &= reached - 1) {
      uint32_t j = lowest_bit(reached), slot = slots[j];
      if (t.taken >> slot & 1) {
        uint32_t n = slots_crossed(t.taken >> slot, slot, WORD_SLOTS - 1);
        t.crossed |= n ? (((uint32_t)1 << n) - 1) << slot : (uint32_t)1 << (WORD_SLOTS - 1);
        slot += n;
      }
      t.taken |= (uint32_t)1 << slot;
      t.wanted |= (belongs >> j & 1) << slot;
      s->wave.numbers[slot] = (uint16_t)(i * PAIR_SIDE + j);
    }
  }
  return t;
}

FN_INLINE bool word_tells(const Slots *t) {
  uint32_t crossed = t->crossed;
  for (uint32_t at; crossed; crossed &= crossed + ((uint32_t)1 << at)) {
    at = lowest_bit(crossed);
    if (!may_be_crossed(crossed >> at, t->wanted >> at, WORD_SLOTS - 1 - at)) return false;
  }
  return true;
}

/* The same keys in the smallest table. false: two searches begin at one slot. */
static FN bool put_in_least(const Search *x, Slots *t) {
  uint32_t taken = 0, wanted = 0, least = NUMBER_SLOTS_MIN - 1, all = ((uint32_t)1 << NUMBER_SLOTS_MIN) - 1;
  for (uint32_t bits = t->taken; bits; bits >>= NUMBER_SLOTS_MIN) {
    if (taken & bits & all) return false;
    taken |= bits & all;
  }
  for (uint32_t bits = t->wanted; bits; bits &= bits - 1) {
    uint32_t slot = lowest_bit(bits);
    wanted |= (uint32_t)1 << (slot & least);
    x->s->wave.numbers[slot & least] = x->s->wave.numbers[slot];
  }
  t->wanted = wanted;
  return !t->crossed;
}

FN_INLINE void cross_slots(uint64_t *crossed, uint32_t slot, uint64_t n) {
  uint64_t bits = ((uint64_t)1 << n) - 1, turn = slot % 64;
  crossed[slot / 64] |= bits << turn;
  crossed[slot / 64 + 1] |= bits >> 1 >> (63 - turn);
}

/* The same in s->wave, a table of several words; slots of keys that belong to the component are bits of s->reached. */
static FN void put_in_words(Search *x, uint32_t rows) {
  SearchSpace *s = x->s;
  uint64_t *taken = s->wave.taken, *wanted = s->reached.taken;
  uint32_t mask = s->wave.mask;
  for (; rows; rows &= rows - 1) {
    uint32_t i = lowest_bit(rows), reached = s->reach[i] & s->open[i], belongs = s->belongs[i];
    s->reach[i] = 0;
    for (; reached; reached &= reached - 1) {
      uint32_t j = lowest_bit(reached), location = i * PAIR_SIDE + j, slot = (uint32_t)x->w->hashes[location] & mask;
      if (taken[slot / 64] >> slot % 64 & 1) {
        uint32_t n = slots_crossed(slots_from(taken, slot), slot, mask);
        cross_slots(s->crossed, n ? slot : mask, n ? n : 1);
        slot += n;
      }
      taken[slot / 64] |= (uint64_t)1 << slot % 64;
      wanted[slot / 64] |= (uint64_t)(belongs >> j & 1) << slot % 64;
      s->wave.numbers[slot] = (uint16_t)location;
    }
  }
}

/* Crossed slots that go on in another word are looked at there once more. */
static FN bool words_tell(const SearchSpace *s) {
  for (uint32_t k = 0; k <= s->wave.mask / 64; k++)
    for (uint64_t crossed = s->crossed[k], at; crossed; crossed &= crossed + ((uint64_t)1 << at)) {
      uint32_t slot = k * 64 + (uint32_t)(at = lowest_bit(crossed));
      if (!may_be_crossed(slots_from(s->crossed, slot), slots_from(s->reached.taken, slot), s->wave.mask - slot)) return false;
    }
  return true;
}

static FN DEVICE_NOINLINE bool take_by_words(Search *x, uint32_t rows, uint32_t n) {
  SearchSpace *s = x->s;
  uint32_t slots = location_indices_slots(n);
  numbers_clear_sized(&s->wave, x->w->hashes, slots);
  numbers_clear_sized(&s->reached, x->w->hashes, slots);
  for (uint32_t k = 0; k <= slots / 64; k++) s->crossed[k] = 0;
  put_in_words(x, rows);
  if (!words_tell(s)) return false;
  for (uint32_t k = 0; k < slots / 64; k++)
    for (uint64_t wanted = s->reached.taken[k]; wanted; wanted &= wanted - 1) take(x, s->wave.numbers[k * 64 + lowest_bit(wanted)]);
  return true;
}

/* Takes the wave after order[begin..ncells) where its order does not hang on that in which its keys were added. false: it may, or the wave
 * is subtracted from a copy. */
enum { COUNTED_FROM = 6 }; /* members of a wave: less hardly ever reach more than a table of a word has room for */
static FN bool take_by_slots(Search *x, uint32_t begin) {
  uint32_t members = x->ncells - begin, rows = reach_rows(x, begin), n = members < COUNTED_FROM ? 0 : count_reached(x, rows);
  if (is_copied(x, rows, members)) {
    forget_reached(x, rows);
    return false;
  }
  if (n >= WORD_FULL) return take_by_words(x, rows, n);
  Slots t = put_in_word(x, rows);
  n = count_bits(t.taken);
  if (n >= WORD_FULL) {
    rows = reach_rows(x, begin);
    return take_by_words(x, rows, count_reached(x, rows));
  }
  if (!(n < LEAST_FULL ? put_in_least(x, &t) : word_tells(&t))) return false;
  for (; t.wanted; t.wanted &= t.wanted - 1) take(x, x->s->wave.numbers[lowest_bit(t.wanted)]);
  return true;
}

/* ---- the next wave by all of its tables ---- */

/* Of the first of a wave. */
typedef struct {
  uint64_t near;
  uint32_t n;
} Near;

/* Notes in `list` what is near order[begin..ncells), each location once, and where the union would be rebuilt. */
static FN Near gather(Search *x, uint32_t begin) {
  SearchSpace *s = x->s;
  Near first = {0, 0};
  uint32_t n = 0, mask = 0;
  if (!++s->stamps) {
    __builtin_memset(s->stamp, 0, sizeof s->stamp);
    s->stamps = 1;
  }
  uint16_t stamp = s->stamps;
  const int32_t *steps = x->w->steps;
  x->nrebuilds = 0;
  for (uint32_t k = begin; k < x->ncells; k++) {
    uint32_t location = s->order[k], edges = edges_of(x, location), count = count_near(x, location, edges);
    uint64_t near = location_near(x->w, x->diagonal, edges, location);
    if (k == begin) {
      first.near = near;
      first.n = count;
      mask = numbers_slots_copied(count) - 1;
    } else if (n + count >= numbers_full(mask)) {
      Rebuild r = {n, (n + count) * 2};
      x->rebuilds[x->nrebuilds++] = r;
      mask = numbers_slots_above(r.keys) - 1;
    }
    for (; count; count--, near >>= 8) {
      uint32_t to = (uint32_t)((int32_t)location + steps[near & 7]);
      s->list[n] = (uint16_t)to;
      n += s->stamp[to] != stamp;
      s->stamp[to] = stamp;
    }
  }
  x->nreached = n;
  return first;
}

/* What is near one location is a copy of its set, of the same table where the sizes agree. So it is listed as it was, and where it
 * is rebuilt at once for what is near the others this table leaves no trace. */
static FN void reach_first(Search *x, const Near *first, uint32_t *rebuilt) {
  NumberSet *r = &x->s->reached;
  uint32_t n = first->n, slots = numbers_slots_copied(n);
  uint64_t near = first->near;
  bool same = slots == location_near_mask(n) + 1;
  *rebuilt = same && x->nrebuilds && x->rebuilds[0].at == n;
  numbers_clear_sized(r, x->w->hashes, *rebuilt ? numbers_slots_above(x->rebuilds[0].keys) : slots);
  if (same && !*rebuilt)
    for (uint32_t k = 0; k < n; k++, near >>= 8) numbers_put_at(r, near >> 3 & 31, x->s->list[k]);
}

/* Lists the union that was gathered: what is near the first of the wave, then all others merged into it. Returns the size of its
 * table. */
static FN uint32_t reach(Search *x, const Near *first) {
  NumberSet *r = &x->s->reached;
  uint32_t k, slots = location_near_mask(first->n) + 1;
  if (x->nreached == first->n && !x->nrebuilds && numbers_slots_copied(first->n) == slots) return slots;
  for (reach_first(x, first, &k); k < x->nrebuilds; k++) {
    numbers_put(r, x->s->list + r->used, x->rebuilds[k].at - r->used);
    numbers_rebuild(r, x->rebuilds[k].keys);
  }
  numbers_put(r, x->s->list + r->used, x->nreached - r->used);
  numbers_list(r, x->s->list);
  return r->mask + 1;
}

static FN uint32_t drop_used(const Search *x, uint16_t *list, uint32_t n) {
  uint32_t left = 0;
  for (uint32_t k = 0; k < n; k++) {
    uint16_t location = list[k];
    list[left] = location;
    left += is_in(x->s->open, location);
  }
  return left;
}

/* reached - used where over four times as much is reached: what is used is deleted from a copy. Too
 * few slots are deleted then for the copy to be rebuilt. */
static FN uint32_t subtract_from_copy(Search *x, uint16_t *list, uint32_t n, uint32_t slots) {
  NumberSet *wave = &x->s->wave;
  uint32_t copied = numbers_slots_copied(n);
  if (copied != slots) {
    numbers_clear_sized(wave, x->w->hashes, copied);
    numbers_put(wave, list, n);
    numbers_list(wave, list);
  }
  return drop_used(x, list, n);
}

/* Lists reached - used in order, by a list of what is reached, in a table of so many slots. */
static FN uint32_t list_wave(Search *x, uint16_t *list, uint32_t slots) {
  NumberSet *wave = &x->s->wave;
  uint32_t n = x->nreached;
  if (n / 4 > x->used) return subtract_from_copy(x, list, n, slots);
  n = drop_used(x, list, n);
  numbers_clear(wave, x->w->hashes);
  numbers_add(wave, list, n);
  return numbers_list(wave, list);
}

/* Fills `order` from a seed on. */
static FN void follow(Search *x, uint32_t seed) {
  SearchSpace *s = x->s;
  x->ncells = 0;
  take(x, seed);
  for (uint32_t begin = 0, end; ; begin = end) {
    end = x->ncells;
    uint32_t next = only_next(x, begin);
    if (next == NONE) return;
    if (next != SEVERAL) {
      take(x, next);
      continue;
    }
    if (take_by_slots(x, begin)) continue;
    Near first = gather(x, begin);
    uint32_t n = list_wave(x, s->list, reach(x, &first));
    for (uint32_t k = 0; k < n; k++)
      if (is_in(s->belongs, s->list[k])) take(x, s->list[k]);
  }
}

/* ---- results ---- */

static FN Value odd_cell(const Search *x, uint32_t i, uint32_t j) {
  Value items[] = {v_int(i), v_int(j), as_tuple(x->vm, x->g.rows[i])->items[j]};
  return tuple_of(x->vm, items, 3);
}

/* A nested cell, or one of something else than the colours 0..9. 0: no memory. */
static FN Value unusual_cell(const Search *x, uint32_t location, int64_t colour, int64_t *hash) {
  uint32_t i = location_row(location), j = location_column(location);
  Value cell = x->odd ? odd_cell(x, i, j) : x->form == FORM_NESTED ? nested_cell(x->vm, v_int(colour), i, j) : cell_of(x->vm, i, j, colour);
  return cell && value_hash(x->vm, cell, hash) ? cell : 0;
}

FN_INLINE Value cell_at(const Search *x, uint32_t location, int64_t *hash) {
  int64_t colour = x->s->colour[location] + COLOUR_MIN;
  if (UNLIKELY((uint64_t)colour >= CELL_COLOURS) || x->form == FORM_NESTED || x->odd) return unusual_cell(x, location, colour, hash);
  uint32_t offset = (location_row(location) * CELL_SIDE + location_column(location)) * CELL_COLOURS + (uint32_t)colour;
  Value cell = HEAP(KIND_TUPLE, x->vm->image->cells + offset * CELL_UNITS);
  *hash = tuple_head(x->vm, cell)->hash;
  return cell;
}

/* frozenset(set(cells)) */
static FN Value component_set(Search *x) {
  SearchSpace *s = x->s;
  Vm *vm = x->vm;
  if (x->ncells == 1) {
    int64_t hash;
    Value cell = cell_at(x, s->order[0], &hash);
    return cell ? frozenset_of_one(vm, cell, hash) : 0;
  }
  for (uint32_t k = 0; k < x->ncells; k++) {
    uint32_t location = s->order[k];
    s->cells[location] = cell_at(x, location, &s->cell_hashes[location]);
    if (!s->cells[location]) return 0;
  }
  numbers_clear(&s->wave, s->cell_hashes);
  numbers_add(&s->wave, s->order, x->ncells);
  return numbers_frozen(vm, &s->wave, s->cells, true);
}

/* The same of other values. */
static FN Value odd_component_set(Search *x) {
  bool unordered = x->vm->unordered;
  x->vm->unordered = false;
  return note_unordered(x->vm, component_set(x), unordered);
}

static FN Value component_tuple(Search *x) {
  Value tuple = new_tuple(x->vm, x->ncells);
  for (uint32_t k = 0; k < x->ncells && tuple; k++) {
    int64_t hash;
    Value cell = cell_at(x, x->s->order[k], &hash);
    if (!cell) return 0;
    as_tuple(x->vm, tuple)->items[k] = cell;
  }
  return tuple;
}

/* Which of the 32 marks from `mark` on are like that of a location. */
FN_INLINE uint32_t marks_like(const uint8_t *mark, uint8_t like) { return plane_equal(mark, like) | plane_equal(mark + 16, like) << 16; }

/* The next component: its cells are in `order`. false: there is no more. */
static FN DEVICE_NOINLINE bool next_component(Search *x) {
  const Place *seeds = location_indices(x->w, x->g.h, x->g.w);
  SearchSpace *s = x->s;
  for (; x->seed < x->g.h * x->g.w; x->seed++) {
    uint32_t location = seeds[x->seed].location;
    if (s->mark[location] == MARK_OUTSIDE || !is_in(s->open, location)) continue;
    for (uint32_t i = 0; i < PAIR_SIDE; i++) s->belongs[i] = marks_like(s->mark + i * PAIR_SIDE, s->mark[location]) & s->open[i];
    follow(x, location);
    return true;
  }
  return false;
}

static FN bool search(Search *x) {
  SearchSpace *s = x->s;
  while (next_component(x)) {
    Value component = x->form == FORM_LISTED ? component_tuple(x) : x->odd ? odd_component_set(x) : component_set(x);
    if (!component) return false;
    s->found[x->nfound] = component;
    if (x->form != FORM_LISTED) s->found_hashes[x->nfound] = hash_as_frozenset(x->vm, component);
    x->nfound++;
  }
  return true;
}

FN Value object_of_one(Vm *vm, Value cell, int64_t hash, bool nested) {
  int64_t of_cell;
  bool known = cell && (hash_at_hand(vm, cell, &of_cell) || value_hash(vm, cell, &of_cell));
  Value set = known ? frozenset_of_one(vm, cell, of_cell) : 0;
  if (!set) return 0;
  as_set(vm, set)->hash = hash;
  as_set(vm, set)->canon = nested ? CANON_NESTED : CANON_CELLS;
  return set;
}

FN Value found_set(Vm *vm, uint32_t n) {
  SearchSpace *s = &workspace_of(vm)->search;
  for (uint32_t k = 0; k < n; k++) s->list[k] = (uint16_t)k;
  numbers_clear(&s->wave, s->found_hashes);
  numbers_add(&s->wave, s->list, n);
  return numbers_frozen(vm, &s->wave, s->found, true);
}

static FN void start_search(Search *x, Vm *vm, const GridView *g, bool diagonal) {
  x->vm = vm;
  x->w = workspace_of(vm);
  x->s = &x->w->search;
  x->g = *g;
  x->diagonal = diagonal;
  x->form = FORM_SET;
  x->odd = false;
  x->used = x->nfound = x->seed = 0;
  clear_128(x->s->open);
  for (uint32_t i = 1; i <= g->h; i++) x->s->open[i] = columns_of(g);
}

/* A component whose order is not asked for: all that shows later is which locations it used. */
static FN void pass_component(Search *x, Value part, const PartSeed *seed) {
  x->used += seed->ncells;
  if (seed->ncells == 1) {
    x->s->open[seed->location / PAIR_SIDE] &= ~((uint32_t)1 << seed->location % PAIR_SIDE);
    return;
  }
  uint32_t rows[PAIR_SIDE];
  __builtin_memcpy(rows, deferred_of(x->vm, part)->rows, sizeof rows);
  for (uint32_t i = 0; i < PAIR_SIDE; i++) x->s->open[i] &= ~rows[i];
}

FN void parts_make(Vm *vm, uint32_t offset, const Set *part) {
  Parts *parts = (Parts *)arena_at(vm, offset);
  const PartSeed *seeds = (const PartSeed *)arena_at(vm, parts->seeds);
  bool all = parts->asked++ >= ASKED_ALONE;
  Search x;
  GridView g;
  grid_view(vm, parts->grid, &g);
  start_search(&x, vm, &g, parts->wanted.diagonal);
  for (uint32_t k = 0; k < parts->n && !(part->table && !all); k++) {
    Set *s = as_set(vm, parts->parts[k]);
    if (seeds[k].ncells == 1 || s->table || !(all || s == part)) {
      pass_component(&x, parts->parts[k], &seeds[k]);
    } else {
      __builtin_memcpy(x.s->belongs, ((const Deferred *)arena_at(vm, s->deferred))->rows, sizeof x.s->belongs);
      follow(&x, seeds[k].location);
      deferred_fill(vm, s, x.s->order, x.ncells);
    }
  }
}

static FN DEVICE_NOINLINE KernelStatus find_objects(Vm *vm, const Value *args, CellForm form, Value *result) {
  Search x;
  GridView g;
  if (!workspace_of(vm) || !plane_view(vm, args[0], &g)) return KERNEL_PASS;
  for (int i = 1; i < 4; i++)
    if (!is_bool(args[i])) return KERNEL_PASS;
  ObjectsWanted wanted = {is_true(args[1]), is_true(args[2]), form == FORM_NESTED, V_NONE};
  if (is_true(args[3])) kernel_mostcolor_t(vm, args, &wanted.background);
  bool large = g.h > GRID_SIDE || g.w > GRID_SIDE;
  if (form != FORM_LISTED && deferred_allowed(vm)) {
    KernelStatus status = large ? find_parts(vm, args[0], &g, &wanted, result) : find_small_parts(vm, &g, &wanted, result);
    if (status != KERNEL_PASS) return status;
  }
  if (!g.rows) grid_view(vm, args[0], &g);
  if (large) return find_large_objects(vm, &g, &wanted, form == FORM_LISTED, result);
  start_search(&x, vm, &g, wanted.diagonal);
  MarkWork marks = {vm, x.s, g.rows, g.h, g.w, wanted.background, wanted.univalued};
  mark_grid_by(vm->warp, &marks);
  x.form = form;
  if (!search(&x)) return KERNEL_FAIL;
  return done_if(form == FORM_LISTED ? tuple_of(vm, x.s->found, x.nfound) : found_set(vm, x.nfound), result);
}

FN KernelStatus kernel_objects(Vm *vm, const Value *args, Value *result) { return find_objects(vm, args, FORM_SET, result); }
FN KernelStatus kernel_objects_t(Vm *vm, const Value *args, Value *result) { return find_objects(vm, args, FORM_LISTED, result); }
FN KernelStatus kernel_objects__nested(Vm *vm, const Value *args, Value *result) { return find_objects(vm, args, FORM_NESTED, result); }

/* ---- grids of other values ---- */

static FN KernelStatus mark_values(Search *x, const ObjectsWanted *wanted) {
  Kinds kinds = {wanted->univalued, wanted->background, 0, {0}, {0}};
  __builtin_memset(x->s->mark, MARK_OUTSIDE, sizeof x->s->mark);
  for (uint32_t i = 0; i < x->g.h; i++)
    for (uint32_t j = 0; j < x->g.w; j++) {
      int kind = kind_in(x->vm, &kinds, as_tuple(x->vm, x->g.rows[i])->items[j]);
      if (kind < 0) return kind == KINDS_MANY ? KERNEL_PASS : KERNEL_FAIL;
      if (kind != KIND_OUTSIDE) x->s->mark[location_of(i, j)] = (uint8_t)kind;
    }
  return KERNEL_DONE;
}

static FN KernelStatus find_small_odd(Vm *vm, const GridView *g, const ObjectsWanted *wanted, bool listed, Value *result) {
  Search x;
  start_search(&x, vm, g, wanted->diagonal);
  x.form = listed ? FORM_LISTED : FORM_SET;
  x.odd = true;
  bool unordered = vm->unordered;
  KernelStatus status = mark_values(&x, wanted);
  if (status != KERNEL_DONE) return status;
  vm->unordered = false;
  if (!search(&x)) return KERNEL_FAIL;
  Value found = listed ? tuple_of(vm, x.s->found, x.nfound) : note_unordered(vm, found_set(vm, x.nfound), unordered);
  vm->unordered |= unordered;
  return done_if(found, result);
}

FN KernelStatus find_odd_objects(Vm *vm, const GridView *g, const ObjectsWanted *wanted, bool listed, Value *result) {
  if (!workspace_of(vm)) return KERNEL_PASS;
  bool large = g->h > GRID_SIDE || g->w > GRID_SIDE;
  return (large ? find_large_objects : find_small_odd)(vm, g, wanted, listed, result);
}
