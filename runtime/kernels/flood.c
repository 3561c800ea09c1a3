/* flood.c - the objects of a grid of at most 30 x 30 without the order of their cells: flood fill on row masks.
 *
 * A row of cells that may belong together is a word, bit j + 1 for column j as in Deferred.rows, so that a whole row
 * is filled at a time. Objects of one cell, which most are, show in the masks and are found first; others from the top on. The
 * source finds an object by the first of its cells in the order of asindices: their least rank. The order within an
 * object is made only when it is looked at, by parts_make. */
#include "../deferred.h"
#include "../key.h"
#include "location_set.h"
#include "objects.h"

enum { ROWS = PAIR_SIDE }; /* with a margin of one all around */

typedef struct {
  FloodSpace *s;
  const LocationSums *sums; /* by colour, of the hashes of cells */
  const Place *places;      /* ranks of all locations */
  const uint8_t *plane;
  uint32_t height, width;
  uint32_t diagonal, univalued;
  uint32_t background; /* a colour that belongs to no object; CELL_COLOURS: none does not */
  uint32_t n;          /* objects of several cells that were found: s->parts */
} Flood;

/* ---- masks ---- */

/* The colour of the cell at bit k of row i. */
FN_INLINE uint32_t colour_of(const Flood *f, uint32_t i, uint32_t k) { return (uint32_t)(f->plane[(i - 1) * f->width + k - 1] + COLOUR_MIN); }

/* By bit, the ranks of a row. */
FN_INLINE const Place *ranks_of(const Flood *f, uint32_t i) { return f->places + (i - 1) * f->width - 1; }

FN_INLINE uint32_t spread(uint32_t row, bool diagonal) { return diagonal ? row | row << 1 | row >> 1 : row; }

#ifdef BATTC_SSE2
enum { BLOCK = 4 }; /* rows in a vector */

FN_INLINE __m128i load_rows(const uint32_t *rows) { return _mm_loadu_si128((const __m128i *)rows); }
FN_INLINE void store_rows(uint32_t *rows, __m128i v) { _mm_storeu_si128((__m128i *)rows, v); }

/* Blocks that have all rows and the margin. */
FN_INLINE uint32_t rows_end(const Flood *f) { return (f->height + 2 + BLOCK - 1) / BLOCK * BLOCK; }

/* The last bit of all bytes of a row, from bit 1 on. */
FN_INLINE uint32_t last_bits(__m128i low, __m128i high) { return (uint32_t)_mm_movemask_epi8(low) << 1 | (uint32_t)_mm_movemask_epi8(high) << 17; }

/* Colours less COLOUR_MIN are colours and a bit above those. What is behind a row does not matter. */
FN_INLINE void read_bits(const Flood *f) {
  FloodSpace *s = f->s;
  const uint8_t *p = f->plane;
  for (uint32_t i = 1; i <= f->height; i++, p += f->width) {
    __m128i low = _mm_slli_epi16(_mm_loadu_si128((const __m128i *)p), 4), high = _mm_slli_epi16(_mm_loadu_si128((const __m128i *)(p + 16)), 4);
    s->bits[3][i] = last_bits(low, high);
    s->bits[2][i] = last_bits(low = _mm_add_epi8(low, low), high = _mm_add_epi8(high, high));
    s->bits[1][i] = last_bits(low = _mm_add_epi8(low, low), high = _mm_add_epi8(high, high));
    s->bits[0][i] = last_bits(_mm_add_epi8(low, low), _mm_add_epi8(high, high));
  }
}

/* All of `inside` by colour. */
FN_INLINE void split_colours(const Flood *f) {
  FloodSpace *s = f->s;
  for (uint32_t i = 0; i < rows_end(f); i += BLOCK) {
    __m128i any = load_rows(s->inside + i), b0 = load_rows(s->bits[0] + i), b1 = load_rows(s->bits[1] + i);
    __m128i b2 = load_rows(s->bits[2] + i), b3 = load_rows(s->bits[3] + i);
    __m128i eights = _mm_and_si128(any, b3), others = _mm_andnot_si128(b3, any);
    __m128i ones = _mm_andnot_si128(b1, b0), twos = _mm_andnot_si128(b0, b1), threes = _mm_and_si128(b0, b1), some = _mm_or_si128(b0, b1);
    __m128i below = _mm_andnot_si128(b2, others), fours = _mm_and_si128(b2, others);
    store_rows(s->colours[0] + i, _mm_andnot_si128(some, below));
    store_rows(s->colours[1] + i, _mm_and_si128(ones, below));
    store_rows(s->colours[2] + i, _mm_and_si128(twos, below));
    store_rows(s->colours[3] + i, _mm_and_si128(threes, below));
    store_rows(s->colours[4] + i, _mm_andnot_si128(some, fours));
    store_rows(s->colours[5] + i, _mm_and_si128(ones, fours));
    store_rows(s->colours[6] + i, _mm_and_si128(twos, fours));
    store_rows(s->colours[7] + i, _mm_and_si128(threes, fours));
    store_rows(s->colours[8] + i, _mm_andnot_si128(b0, eights));
    store_rows(s->colours[9] + i, _mm_and_si128(b0, eights));
  }
}

FN_INLINE bool has_rows(const Flood *f, const uint32_t *rows) {
  __m128i any = _mm_setzero_si128();
  for (uint32_t i = 0; i < rows_end(f); i += BLOCK) any = _mm_or_si128(any, load_rows(rows + i));
  return _mm_movemask_epi8(_mm_cmpeq_epi8(any, _mm_setzero_si128())) != 0xffff;
}

/* Those of a mask without neighbours in it. What lies before and behind it counts only in the margins, which are empty. */
FN_INLINE void add_alone(const Flood *f, const uint32_t *mask, bool diagonal) {
  for (uint32_t i = 0; i < rows_end(f); i += BLOCK) {
    __m128i m = load_rows(mask + i), across = _mm_or_si128(load_rows(mask + i - 1), load_rows(mask + i + 1));
    if (diagonal) across = _mm_or_si128(across, _mm_or_si128(_mm_slli_epi32(across, 1), _mm_srli_epi32(across, 1)));
    __m128i near = _mm_or_si128(across, _mm_or_si128(_mm_slli_epi32(m, 1), _mm_srli_epi32(m, 1)));
    store_rows(f->s->alone + i, _mm_or_si128(load_rows(f->s->alone + i), _mm_andnot_si128(near, m)));
  }
}

FN_INLINE void find_alone(const Flood *f, const uint32_t *mask) {
  if (f->diagonal) add_alone(f, mask, true);
  else add_alone(f, mask, false);
}

/* a and not b */
FN_INLINE void subtract_rows(const Flood *f, const uint32_t *a, const uint32_t *b, uint32_t *to) {
  for (uint32_t i = 0; i < rows_end(f); i += BLOCK) store_rows(to + i, _mm_andnot_si128(load_rows(b + i), load_rows(a + i)));
}

FN_INLINE void find_by_colour(const Flood *f) {
  FloodSpace *s = f->s;
  read_bits(f);
  split_colours(f);
  for (uint32_t c = 0; c < CELL_COLOURS; c++)
    if (c != f->background && has_rows(f, s->colours[c])) find_alone(f, s->colours[c]);
  if (f->background < CELL_COLOURS) subtract_rows(f, s->inside, s->colours[f->background], s->inside);
}

FN_INLINE void find_in_all(const Flood *f) {
  uint8_t background = (uint8_t)(f->background - (uint32_t)COLOUR_MIN);
  const uint8_t *p = f->plane;
  for (uint32_t i = 1; i <= f->height && f->background < CELL_COLOURS; i++, p += f->width)
    f->s->inside[i] &= ~((plane_equal(p, background) | plane_equal(p + 16, background) << 16) << 1);
  find_alone(f, f->s->inside);
}

FN_INLINE void read_alone(const Flood *f) {
  FloodSpace *s = f->s;
  uint32_t columns = (uint32_t)(((uint64_t)1 << f->width) - 1) << 1;
  clear_128(s->inside);
  clear_128(s->alone);
  for (uint32_t i = 1; i <= f->height; i++) s->inside[i] = columns;
  if (f->univalued) find_by_colour(f);
  else find_in_all(f);
  subtract_rows(f, s->inside, s->alone, s->left);
}
#endif

LANE_TEXT void read_rows(const Lanes *l, const Flood *f) {
  FloodSpace *s = f->s;
  for (uint32_t i = l->lane; i < ROWS; i += l->n) {
    uint32_t inside = 0;
    for (uint32_t c = 0; c < CELL_COLOURS; c++) s->colours[c][i] = 0;
    for (uint32_t k = 1; k <= f->width && i && i <= f->height; k++) {
      uint32_t colour = colour_of(f, i, k);
      s->colours[colour][i] |= (uint32_t)1 << k;
      inside |= (uint32_t)(colour != f->background) << k;
    }
    s->inside[i] = inside;
  }
}

FN_INLINE uint32_t alone_in(const Flood *f, const uint32_t *mask, uint32_t i) {
  return mask[i] & ~(mask[i] << 1 | mask[i] >> 1 | spread(mask[i - 1] | mask[i + 1], f->diagonal));
}

/* The masks, of one lane or of many. */
LANE_TEXT void read_masks(const Lanes *l, const Flood *f) {
  FloodSpace *s = f->s;
#ifdef BATTC_SSE2
  if (l->n == 1) {
    read_alone(f);
    return;
  }
#endif
  read_rows(l, f);
  lanes_sync(l);
  for (uint32_t i = l->lane; i < ROWS; i += l->n) {
    uint32_t alone = 0, colours = f->univalued ? (uint32_t)CELL_COLOURS : 0;
    bool margin = i == 0 || i > f->height;
    if (!f->univalued && !margin) alone = alone_in(f, s->inside, i);
    for (uint32_t c = 0; c < colours && !margin; c++)
      if (c != f->background) alone |= alone_in(f, s->colours[c], i);
    s->alone[i] = alone;
    s->left[i] = s->inside[i] & ~alone;
  }
}

/* ---- one object ---- */

/* All runs of m that have a bit of s: towards the high bits by a carry, towards the low ones by doubling. */
FN_INLINE uint32_t fill_runs(uint32_t m, uint32_t s) {
  s |= m & ~(m + s);
  s |= m & s >> 1, m &= m >> 1;
  s |= m & s >> 2, m &= m >> 2;
  s |= m & s >> 4, m &= m >> 4;
  s |= m & s >> 8, m &= m >> 8;
  return s | (m & s >> 16);
}

/* Row i as its neighbour `from` reaches it; has it grown? */
FN_INLINE bool grow_row(const Flood *f, uint32_t *part, const uint32_t *mask, uint32_t i, uint32_t from) {
  uint32_t more = spread(part[from], f->diagonal) & mask[i] & ~part[i];
  if (!more) return false;
  part[i] = fill_runs(mask[i], part[i] | more);
  return true;
}

/* One lane alone: downwards and upwards in turns, between the first row, above which there is nothing, and the last so far. */
FN_INLINE bool grow_down(const Flood *f, uint32_t *part, const uint32_t *mask, uint32_t top, uint32_t *bottom) {
  bool grown = false;
  for (uint32_t i = top + 1; i <= *bottom + 1; i++)
    if (grow_row(f, part, mask, i, i - 1)) {
      grown = true;
      if (i > *bottom) *bottom = i;
    }
  return grown;
}

FN_INLINE bool grow_up(const Flood *f, uint32_t *part, const uint32_t *mask, uint32_t top, uint32_t bottom) {
  bool grown = false;
  for (uint32_t i = bottom; i-- > top;) grown |= grow_row(f, part, mask, i, i + 1);
  return grown;
}

/* From the top until nothing is reached. */
FN_INLINE uint32_t fall(const Flood *f, uint32_t *part, const uint32_t *mask, uint32_t i) {
  for (uint32_t reached; (reached = spread(part[i], f->diagonal) & mask[i + 1]) != 0; i++) part[i + 1] = fill_runs(mask[i + 1], reached);
  return i;
}

/* Lane = row: every row grows from those beside it, until none does. */
FN_INLINE void flood_by_rows(const Lanes *l, const Flood *f, uint32_t *part, const uint32_t *mask, uint32_t seed, uint32_t bit) {
  uint32_t open = l->lane < f->height + 2 ? mask[l->lane] : 0, mine = l->lane == seed ? fill_runs(open, bit) : 0, more;
  do {
    more = spread(lanes_beside(l, mine), f->diagonal) & open & ~mine;
    if (more) mine = fill_runs(open, mine | more);
  } while (lanes_ballot(l, more != 0));
  part[l->lane] = mine;
}

/* What is known of some cells. */
typedef struct {
  uint64_t mixed;
  uint32_t ncells, of;
} Measured;

/* With the cells of a row, of which these are the sums of their colour: what they add lies between two of them, where bits begin
 * and end to be set. */
FN_INLINE void measure_row(Measured *m, uint32_t row, const uint64_t *sums) {
  for (uint64_t edges = (uint64_t)row ^ (uint64_t)row << 1; edges; edges &= edges - 1) {
    uint32_t from = lowest_bit(edges), to = lowest_bit(edges &= edges - 1);
    m->mixed ^= sums[from] ^ sums[to];
    m->ncells += to - from;
  }
}

/* Of several. */
FN_INLINE void measure_colours(const Flood *f, Measured *m, uint32_t i, uint32_t row) {
  for (; row; row &= row - 1, m->ncells++) {
    uint32_t k = lowest_bit(row), colour = colour_of(f, i, k);
    const uint64_t *sums = f->sums[colour] + i * PAIR_SIDE + k;
    m->mixed ^= sums[0] ^ sums[1];
    m->of |= (uint32_t)1 << colour;
  }
}

/* Takes a row of a part, which was found in a cell of this colour, from what is left. */
FN_INLINE void take_row(const Flood *f, Measured *m, uint32_t i, uint32_t row, uint32_t colour) {
  if (f->univalued) measure_row(m, row, f->sums[colour] + i * PAIR_SIDE);
  else measure_colours(f, m, i, row);
  f->s->left[i] &= ~row;
}

FN_INLINE Measured not_measured(const Flood *f, uint32_t colour) {
  Measured m = {0, 0, f->univalued ? (uint32_t)1 << colour : 0};
  return m;
}

/* One lane alone, from the bottom to the top; false: there is a row that reaches more of the one above it. */
FN_INLINE bool take_rows(const Flood *f, Measured *m, const uint32_t *part, const uint32_t *mask, uint32_t colour, uint32_t top, uint32_t bottom) {
  *m = not_measured(f, colour);
  for (uint32_t i = bottom;; i--) {
    take_row(f, m, i, part[i], colour);
    if (i == top) return true;
    if (UNLIKELY(spread(part[i], f->diagonal) & mask[i - 1] & ~part[i - 1])) return false;
  }
}

/* The part of a cell, which is in its first row; the last. */
FN_INLINE uint32_t flood_alone(const Flood *f, FloodPart *p, const uint32_t *mask, uint32_t k, uint32_t top, uint32_t colour) {
  Measured m;
  clear_128(p->rows);
  p->rows[top] = fill_runs(mask[top], (uint32_t)1 << k);
  uint32_t bottom = fall(f, p->rows, mask, top);
  while (!take_rows(f, &m, p->rows, mask, colour, top, bottom))
    while (grow_up(f, p->rows, mask, top, bottom) && grow_down(f, p->rows, mask, top, &bottom)) continue;
  p->mixed = m.mixed;
  p->ncells = m.ncells;
  p->of = m.of;
  return bottom;
}

LANE_TEXT void measure_by_rows(const Lanes *l, const Flood *f, FloodPart *p, uint32_t colour) {
  Measured m = not_measured(f, colour);
  take_row(f, &m, l->lane, p->rows[l->lane], colour);
  m.mixed = lanes_xor(l, m.mixed);
  m.ncells = lanes_sum(l, m.ncells);
  m.of = (uint32_t)lanes_or(l, m.of);
  if (!l->lane) p->mixed = m.mixed, p->ncells = m.ncells, p->of = m.of;
}

/* The least rank of its cells: of a large part the first of all places that it has. */
FN_INLINE uint32_t first_place(const Flood *f, const FloodPart *p) {
  for (uint32_t rank = 0;; rank++) {
    uint32_t location = f->places[rank].location;
    if (p->rows[location / PAIR_SIDE] >> location % PAIR_SIDE & 1) return rank;
  }
}

LANE_TEXT uint32_t least_rank(const Lanes *l, const Flood *f, const FloodPart *p, uint32_t top, uint32_t bottom) {
  uint32_t least = GRID_CELLS;
  if (l->n == 1 && p->ncells * p->ncells > f->height * f->width) return first_place(f, p);
  for (uint32_t i = top + l->lane; i <= bottom; i += l->n)
    for (uint32_t row = p->rows[i]; row; row &= row - 1) {
      uint32_t rank = ranks_of(f, i)[lowest_bit(row)].rank;
      least = rank < least ? rank : least;
    }
  return (uint32_t)lanes_least(l, (int)least);
}

/* ---- all objects of several cells ---- */

/* The first row, from i on, of which something is left; behind all others: none. */
LANE_TEXT uint32_t next_row(const Lanes *l, const Flood *f, uint32_t i) {
  const uint32_t *left = f->s->left;
  if (l->n == 1) {
    while (i <= f->height && !left[i]) i++;
    return i;
  }
  uint32_t found = lanes_ballot(l, l->lane <= f->height && left[l->lane]);
  return found ? lowest_bit(found) : f->height + 1;
}

/* The part whose first row is i. */
LANE_TEXT void find_part(const Lanes *l, const Flood *f, FloodPart *p, uint32_t i) {
  uint32_t k = lowest_bit(f->s->left[i]), top = i, bottom = i, colour = colour_of(f, i, k);
  const uint32_t *mask = f->univalued ? f->s->colours[colour] : f->s->inside;
  if (l->n == 1) {
    bottom = flood_alone(f, p, mask, k, top, colour);
  } else {
    lanes_sync(l);
    flood_by_rows(l, f, p->rows, mask, i, (uint32_t)1 << k);
    measure_by_rows(l, f, p, colour);
    top = 0;
    bottom = f->height + 1;
  }
  uint32_t rank = least_rank(l, f, p, top, bottom);
  if (!l->lane) p->rank = rank;
}

LANE_TEXT void flood_lanes(const Lanes *l, Flood *f) {
  uint32_t n = 0;
  read_masks(l, f);
  lanes_sync(l);
  for (uint32_t i = 1; (i = next_row(l, f, i)) <= f->height; n++) {
    find_part(l, f, &f->s->parts[n], i);
    lanes_sync(l);
  }
  if (!l->lane) f->n = n;
}
LANE_WORK(flood, Flood)

/* ---- sets ---- */

typedef struct {
  Vm *vm;
  const Flood *f;
  FloodSpace *s;
  Parts *parts;
  uint32_t offset; /* of the parts */
  CellPlaces places;
} Making;

FN_INLINE void put_by_rank(const Making *m, uint32_t rank, Value set) {
  m->s->ranks[rank / 64] |= (uint64_t)1 << rank % 64;
  m->s->by_rank[rank] = set;
}

/* {cell} for the cell at bit k of row i, in so many units of memory. */
FN_INLINE Value single_part(const Making *m, uint32_t i, uint32_t k, uint32_t offset) {
  uint32_t location = i * PAIR_SIDE + k, colour = colour_of(m->f, i, k);
  Value cell = cell_at_place(&m->places, location, colour);
  uint64_t mixed = m->f->sums[colour][location] ^ m->f->sums[colour][location + 1];
  Value set = frozenset_put_one(m->vm, offset, cell, (int64_t)unshuffle_bits(mixed));
  as_set(m->vm, set)->hash = set_hash_end(mixed, 1);
  as_set(m->vm, set)->canon = m->parts->wanted.nested ? CANON_NESTED : CANON_CELLS;
  return set;
}

/* In memory for all of them. */
static FN void make_singles(const Making *m, uint32_t offset) {
  for (uint32_t i = 1; i <= m->f->height; i++) {
    const Place *ranks = ranks_of(m->f, i);
    for (uint32_t bits = m->s->alone[i]; bits; bits &= bits - 1, offset += ONE_UNITS) {
      uint32_t k = lowest_bit(bits);
      put_by_rank(m, ranks[k].rank, single_part(m, i, k, offset));
    }
  }
}

static FN Value deferred_part(const Making *m, const FloodPart *p) {
  Value set = 0;
  bool nested = m->parts->wanted.nested;
  Deferred *d = deferred_new(m->vm, DEFER_PART, p->ncells, numbers_slots_copied(p->ncells), &set);
  if (!d) return 0;
  as_set(m->vm, set)->canon = CANON_INTERNED | (nested ? CANON_NESTED : CANON_CELLS);
  as_set(m->vm, set)->hash = set_hash_end(p->mixed, p->ncells);
  d->nested = nested;
  d->parts = m->offset;
  d->grid = m->parts->grid;
  d->colour = p->of & (p->of - 1) ? 0 : v_int(lowest_bit(p->of));
  __builtin_memcpy(d->rows, p->rows, sizeof d->rows);
  return set;
}

static FN bool make_others(const Making *m) {
  for (uint32_t k = 0; k < m->f->n; k++) {
    Value set = deferred_part(m, &m->s->parts[k]);
    if (!set) return false;
    put_by_rank(m, m->s->parts[k].rank, set);
  }
  return true;
}

/* In the order in which the source finds them, in w->search too. */
static FN void list_parts(const Making *m) {
  SearchSpace *s = &m->vm->workspace->search;
  PartSeed *seeds = (PartSeed *)arena_at(m->vm, m->parts->seeds);
  uint32_t n = 0;
  for (uint32_t i = 0; i * 64 < m->f->height * m->f->width; i++)
    for (uint64_t ranks = m->s->ranks[i]; ranks; ranks &= ranks - 1, n++) {
      uint32_t rank = i * 64 + lowest_bit(ranks);
      Value set = m->s->by_rank[rank];
      m->parts->parts[n] = s->found[n] = set;
      s->found_hashes[n] = as_set(m->vm, set)->hash;
      seeds[n].location = m->f->places[rank].location;
      seeds[n].ncells = (uint16_t)as_set(m->vm, set)->used;
    }
}

/* How many there are; false: no memory. */
static FN bool make_parts(Vm *vm, const Flood *f, const ObjectsWanted *wanted, Value grid, uint32_t *n) {
  uint32_t nsingles = rows_count(f->s->alone);
  *n = f->n + nsingles;
  size_t bytes = sizeof(Parts) + *n * sizeof(Value), seeds = (*n * sizeof(PartSeed) + 7) / 8 * 8;
  uint32_t offset = arena_alloc(vm, bytes + seeds + nsingles * ONE_UNITS * 8);
  if (!offset) return false;
  Making m = {vm, f, f->s, (Parts *)arena_at(vm, offset), offset, cell_places(vm, wanted->nested)};
  m.parts->grid = grid;
  m.parts->wanted = *wanted;
  m.parts->n = *n;
  m.parts->seeds = offset + (uint32_t)(bytes / 8);
  m.parts->asked = m.parts->runs = m.parts->room = 0;
  clear_128(m.s->ranks);
  make_singles(&m, m.parts->seeds + (uint32_t)(seeds / 8));
  if (!make_others(&m)) return false;
  list_parts(&m);
  return true;
}

FN KernelStatus find_small_parts(Vm *vm, GridView *g, const ObjectsWanted *wanted, Value *result) {
  Workspace *w = workspace_of(vm);
  uint32_t n;
  if (wanted->nested && !vm->nested) return KERNEL_PASS;
  if (!grid_plane(vm, g)) return KERNEL_FAIL;
  if (!plane_has_cell_colours(vm, g)) return KERNEL_PASS;
  Flood f = {&w->flood, colour_sums(vm, wanted->nested), location_indices(w, g->h, g->w), g->plane, g->h, g->w, wanted->diagonal, wanted->univalued,
             is_cell_colour(wanted->background) ? (uint32_t)int_of(wanted->background) : (uint32_t)CELL_COLOURS, 0};
  flood_by(vm->warp, &f);
  if (!make_parts(vm, &f, wanted, g->grid, &n)) return KERNEL_FAIL;
  return done_if(found_set(vm, n), result);
}
