/* flood.c - the objects of a grid of at most 30 x 30 without the order of their cells: flood fill on row masks.
 *
 * A row of cells that may belong together is a word, bit j + 1 for column j as in Deferred.rows, so that a whole row
 * is filled at a time. Seeds are taken in the order of asindices, in which the source finds the objects; the order within an
 * object is made only when it is looked at, by parts_make. Hashes are by exclusive or of prefix sums, where bits of a row begin
 * or end. */
#include "../deferred.h"
#include "../key.h"
#include "location_set.h"
#include "objects.h"

enum { ROWS = PAIR_SIDE }; /* with a margin of one all around */

typedef struct {
  FloodSpace *s;
  const LocationSums *sums; /* by colour, of the hashes of cells */
  const Place *places; /* all locations in the order of asindices */
  const uint8_t *plane;
  uint32_t height, width;
  uint32_t diagonal, univalued;
  uint32_t background; /* a colour that belongs to no object; CELL_COLOURS: none does not */
  uint32_t n;          /* objects that were found: s->parts */
} Flood;

/* ---- masks ---- */

FN_INLINE bool plane_shows(const uint8_t *plane, uint32_t n, uint8_t colour) {
  uint32_t k = 0;
  for (; k + 16 <= n; k += 16)
    if (plane_equal(plane + k, colour)) return true;
  return k < n && plane_equal(plane + k, colour) & (((uint32_t)1 << (n - k)) - 1);
}

/* The colours that may be those of cells of objects, bit by colour: of one lane those that there are, which saves it the others' masks. */
FN_INLINE uint32_t colours_of_objects(const Flood *f, bool look) {
  uint32_t colours = 0;
  for (uint32_t colour = 0; colour < CELL_COLOURS; colour++)
    if (colour != f->background && (!look || plane_shows(f->plane, f->height * f->width, (uint8_t)(colour - COLOUR_MIN)))) colours |= (uint32_t)1 << colour;
  return colours;
}

/* Returns how many cells are of any object; *present: bit by colour. */
LANE_TEXT uint32_t read_masks(const Lanes *l, Flood *f, uint32_t *present) {
  FloodSpace *s = f->s;
  uint32_t count = 0, seen = 0, colours = colours_of_objects(f, l->n == 1);
  for (uint32_t i = l->lane; i < f->height + 2; i += l->n) {
    bool outside = i == 0 || i > f->height;
    uint32_t inside = 0;
    for (uint32_t left = colours; left; left &= left - 1) {
      uint32_t colour = lowest_bit(left);
      uint32_t row = outside ? 0 : plane_row_equal(f->plane + (i - 1) * f->width, f->width, (uint8_t)(colour - COLOUR_MIN)) << 1;
      s->colours[colour][i] = row;
      inside |= row;
      seen |= (uint32_t)(row != 0) << colour;
    }
    s->inside[i] = s->left[i] = inside;
    count += count_bits(inside);
  }
  *present = (uint32_t)lanes_or(l, seen);
  return lanes_sum(l, count);
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

FN_INLINE uint32_t spread(uint32_t row, bool diagonal) { return diagonal ? row | row << 1 | row >> 1 : row; }

/* Row i as its neighbour `from` reaches it; has it grown? */
FN_INLINE bool grow_row(const Flood *f, uint32_t *part, const uint32_t *mask, uint32_t i, uint32_t from) {
  uint32_t more = spread(part[from], f->diagonal) & mask[i] & ~part[i];
  if (!more) return false;
  part[i] = fill_runs(mask[i], part[i] | more);
  return true;
}

/* One lane alone: downwards and upwards in turns, from top to bottom of what there is. */
FN_INLINE bool grow_down(const Flood *f, uint32_t *part, const uint32_t *mask, uint32_t top, uint32_t *bottom) {
  bool grown = false;
  for (uint32_t i = top + 1; i <= *bottom + 1; i++)
    if (grow_row(f, part, mask, i, i - 1)) {
      grown = true;
      if (i > *bottom) *bottom = i;
    }
  return grown;
}

FN_INLINE bool grow_up(const Flood *f, uint32_t *part, const uint32_t *mask, uint32_t *top, uint32_t bottom) {
  bool grown = false;
  for (uint32_t i = bottom - 1; i + 1 >= *top; i--)
    if (grow_row(f, part, mask, i, i + 1)) {
      grown = true;
      if (i < *top) *top = i;
    }
  return grown;
}

FN_INLINE void flood_alone(const Flood *f, uint32_t *part, const uint32_t *mask, uint32_t bit, uint32_t *top, uint32_t *bottom) {
  __builtin_memset(part, 0, ROWS * sizeof *part);
  part[*top] = fill_runs(mask[*top], bit);
  grow_down(f, part, mask, *top, bottom);
  while (grow_up(f, part, mask, top, *bottom) && grow_down(f, part, mask, *top, bottom)) continue;
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

FN_INLINE bool is_alone(const Flood *f, const uint32_t *mask, uint32_t row, uint32_t bit) {
  uint32_t sides = bit << 1 | bit >> 1, across = f->diagonal ? sides | bit : bit;
  return !((mask[row] & sides) | ((mask[row - 1] | mask[row + 1]) & across));
}

/* What is known of a part, by its rows from top to bottom and its colours, which are among these. Takes it from what is left. */
LANE_TEXT uint32_t measure(const Lanes *l, const Flood *f, FloodPart *p, uint32_t colours, uint32_t top, uint32_t bottom) {
  uint64_t mixed = 0;
  uint32_t ncells = 0, of = 0;
  for (; colours; colours &= colours - 1) {
    uint32_t colour = lowest_bit(colours), n = 0;
    const uint32_t *rows = f->s->colours[colour];
    const uint64_t *sums = f->sums[colour];
    for (uint32_t i = top + l->lane; i <= bottom; i += l->n) {
      uint32_t row = p->rows[i] & rows[i];
      n += count_bits(row);
      for (uint64_t edges = (uint64_t)row ^ (uint64_t)row << 1; edges; edges &= edges - 1) mixed ^= sums[i * PAIR_SIDE + lowest_bit(edges)];
    }
    ncells += n;
    of |= (uint32_t)(n != 0) << colour;
  }
  for (uint32_t i = top + l->lane; i <= bottom; i += l->n) f->s->left[i] &= ~p->rows[i];
  mixed = lanes_xor(l, mixed);
  ncells = lanes_sum(l, ncells);
  of = (uint32_t)lanes_or(l, of);
  if (!l->lane) p->mixed = mixed, p->ncells = ncells, p->of = of;
  return ncells;
}

/* ---- all objects ---- */

/* The number of the first place, from `at` on, that is left. There is one. */
LANE_TEXT uint32_t next_seed(const Lanes *l, const Flood *f, uint32_t at) {
  for (;; at += l->n) {
    uint32_t k = at + l->lane, location = l->n == 1 || k < f->height * f->width ? f->places[k].location : 0;
    uint32_t found = lanes_ballot(l, f->s->left[location / PAIR_SIDE] >> location % PAIR_SIDE & 1);
    if (found) return l->n == 1 ? at : at + lowest_bit(found);
  }
}

/* The part at a location; how many cells it has. */
LANE_TEXT uint32_t find_part(const Lanes *l, const Flood *f, FloodPart *p, uint32_t location, uint32_t present) {
  uint32_t row = location / PAIR_SIDE, bit = (uint32_t)1 << location % PAIR_SIDE, top = row, bottom = row;
  uint32_t colour = (uint32_t)(f->plane[location_row(location) * f->width + location_column(location)] + COLOUR_MIN);
  const uint32_t *mask = f->univalued ? f->s->colours[colour] : f->s->inside;
  if (!l->lane) p->location = location, p->of = (uint32_t)1 << colour, p->ncells = 1;
  if (is_alone(f, mask, row, bit)) {
    if (!l->lane) f->s->left[row] &= ~bit;
    return 1;
  }
  if (l->n == 1) {
    flood_alone(f, p->rows, mask, bit, &top, &bottom);
  } else {
    flood_by_rows(l, f, p->rows, mask, row, bit);
    top = 0;
    bottom = f->height + 1;
  }
  return measure(l, f, p, f->univalued ? (uint32_t)1 << colour : present, top, bottom);
}

LANE_TEXT void flood_lanes(const Lanes *l, Flood *f) {
  uint32_t present, n = 0, at = 0, left = read_masks(l, f, &present);
  lanes_sync(l);
  for (; left; n++, at++) {
    at = next_seed(l, f, at);
    left -= find_part(l, f, &f->s->parts[n], f->places[at].location, present);
    lanes_sync(l);
  }
  if (!l->lane) f->n = n;
}
LANE_WORK(flood, Flood)

/* ---- sets ---- */

/* {cell}, with its hash. 0: no memory. */
static FN Value single_part(Vm *vm, const Flood *f, const FloodPart *p, bool nested, int64_t *hash) {
  uint32_t place = location_row(p->location) * CELL_SIDE + location_column(p->location), colour = lowest_bit(p->of);
  Value cell = nested ? nested_at_number(vm, p->location, colour) : HEAP(KIND_TUPLE, vm->image->cells + (place * CELL_COLOURS + colour) * CELL_UNITS);
  const uint64_t *sums = f->sums[colour] + p->location;
  return object_of_one(vm, cell, *hash = set_hash_end(sums[0] ^ sums[1], 1), nested);
}

static FN Value deferred_part(Vm *vm, const FloodPart *p, uint32_t parts, Value grid, bool nested, int64_t *hash) {
  Value set = 0;
  Deferred *d = deferred_new(vm, DEFER_PART, p->ncells, numbers_slots_copied(p->ncells), &set);
  if (!d) return 0;
  as_set(vm, set)->canon = CANON_INTERNED | (nested ? CANON_NESTED : CANON_CELLS);
  d->nested = nested;
  as_set(vm, set)->hash = *hash = set_hash_end(p->mixed, p->ncells);
  d->parts = parts;
  d->grid = grid;
  d->colour = p->of & (p->of - 1) ? 0 : v_int(lowest_bit(p->of));
  __builtin_memcpy(d->rows, p->rows, sizeof d->rows);
  return set;
}

/* The sets, in the order in which they were found, in w->search too. false: no memory. */
static FN bool make_parts(Vm *vm, const Flood *f, const ObjectsWanted *wanted, Value grid) {
  uint32_t offset = arena_alloc(vm, sizeof(Parts) + f->n * sizeof(Value));
  if (!offset) return false;
  SearchSpace *s = &vm->workspace->search;
  Parts *parts = (Parts *)arena_at(vm, offset);
  parts->grid = grid;
  parts->wanted = *wanted;
  parts->n = f->n;
  parts->asked = parts->runs = parts->room = 0;
  for (uint32_t k = 0; k < f->n; k++) {
    const FloodPart *p = &f->s->parts[k];
    Value set = p->ncells == 1 ? single_part(vm, f, p, wanted->nested, &s->found_hashes[k]) : deferred_part(vm, p, offset, grid, wanted->nested, &s->found_hashes[k]);
    if (!set) return false;
    parts->parts[k] = s->found[k] = set;
  }
  return true;
}

FN KernelStatus find_small_parts(Vm *vm, GridView *g, const ObjectsWanted *wanted, Value *result) {
  Workspace *w = workspace_of(vm);
  if (wanted->nested && !vm->nested) return KERNEL_PASS;
  if (!grid_plane(vm, g)) return KERNEL_FAIL;
  if (!plane_has_cell_colours(vm, g)) return KERNEL_PASS;
  Flood f = {&w->flood, colour_sums(vm, wanted->nested), location_indices(w, g->h, g->w), g->plane, g->h, g->w, wanted->diagonal, wanted->univalued,
             is_cell_colour(wanted->background) ? (uint32_t)int_of(wanted->background) : (uint32_t)CELL_COLOURS, 0};
  flood_by(vm->warp, &f);
  if (!make_parts(vm, &f, wanted, g->grid)) return KERNEL_FAIL;
  return done_if(found_set(vm, f.n), result);
}
