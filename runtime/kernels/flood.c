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
  Vm *vm;
  Workspace *w;
  const GridView *g;
  const ObjectsWanted *wanted;
  uint32_t colours[CELL_COLOURS][ROWS]; /* cells by colour */
  uint32_t present;                     /* bit by colour */
  uint32_t inside[ROWS];                /* cells of any object */
  uint32_t left[ROWS];                  /* of which no object has been found yet */
  uint32_t part[ROWS];                  /* the present object; 0 outside top .. bottom */
  uint32_t top, bottom, ncells;
  uint64_t mixed; /* of the hashes of its cells */
  uint32_t of;    /* its colours: bit by colour */
} Flood;

/* ---- masks ---- */

/* The rows of one colour; none: there are none. */
static FN bool read_colour(Flood *f, uint32_t colour) {
  const uint8_t *plane = f->g->plane;
  uint32_t *rows = f->colours[colour], all = 0;
  rows[0] = 0;
  for (uint32_t i = 1; i <= f->g->h; i++, plane += f->g->w) all |= rows[i] = plane_row_equal(plane, f->g->w, (uint8_t)(colour - COLOUR_MIN)) << 1;
  rows[f->g->h + 1] = 0;
  return all != 0;
}

static FN void read_masks(Flood *f) {
  f->present = 0;
  __builtin_memset(f->inside, 0, sizeof f->inside);
  for (uint32_t colour = 0; colour < CELL_COLOURS; colour++) {
    if (f->wanted->background == v_int(colour) || !read_colour(f, colour)) continue;
    f->present |= (uint32_t)1 << colour;
    for (uint32_t i = 1; i <= f->g->h; i++) f->inside[i] |= f->colours[colour][i];
  }
  __builtin_memcpy(f->left, f->inside, sizeof f->left);
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
FN_INLINE bool grow_row(Flood *f, const uint32_t *mask, uint32_t i, uint32_t from) {
  uint32_t more = spread(f->part[from], f->wanted->diagonal) & mask[i] & ~f->part[i];
  if (!more) return false;
  f->part[i] = fill_runs(mask[i], f->part[i] | more);
  return true;
}

static FN bool grow_down(Flood *f, const uint32_t *mask) {
  bool grown = false;
  for (uint32_t i = f->top + 1; i <= f->bottom + 1; i++)
    if (grow_row(f, mask, i, i - 1)) {
      grown = true;
      if (i > f->bottom) f->bottom = i;
    }
  return grown;
}

static FN bool grow_up(Flood *f, const uint32_t *mask) {
  bool grown = false;
  for (uint32_t i = f->bottom - 1; i + 1 >= f->top; i--)
    if (grow_row(f, mask, i, i + 1)) {
      grown = true;
      if (i < f->top) f->top = i;
    }
  return grown;
}

static FN void flood_from(Flood *f, const uint32_t *mask, uint32_t row, uint32_t bit) {
  f->top = f->bottom = row;
  f->part[row] = fill_runs(mask[row], bit);
  grow_down(f, mask);
  while (grow_up(f, mask) && grow_down(f, mask)) continue;
}

FN_INLINE bool is_alone(const Flood *f, const uint32_t *mask, uint32_t row, uint32_t bit) {
  uint32_t sides = bit << 1 | bit >> 1, across = f->wanted->diagonal ? sides | bit : bit;
  return !((mask[row] & sides) | ((mask[row - 1] | mask[row + 1]) & across));
}

/* What rows of one colour add to what is known of the object. */
static FN void measure_colour(Flood *f, uint32_t colour) {
  const uint32_t *rows = f->colours[colour];
  const uint64_t *sums = f->w->cell_sums[colour];
  uint32_t n = 0;
  for (uint32_t i = f->top; i <= f->bottom; i++) {
    uint32_t row = f->part[i] & rows[i];
    n += count_bits(row);
    for (uint64_t edges = (uint64_t)row ^ (uint64_t)row << 1; edges; edges &= edges - 1) f->mixed ^= sums[i * PAIR_SIDE + lowest_bit(edges)];
  }
  f->ncells += n;
  if (n) f->of |= (uint32_t)1 << colour;
}

static FN void measure(Flood *f, uint32_t colour) {
  f->mixed = f->ncells = f->of = 0;
  if (f->wanted->univalued) {
    measure_colour(f, colour);
    return;
  }
  for (uint32_t left = f->present; left; left &= left - 1) measure_colour(f, lowest_bit(left));
}

/* ---- sets ---- */

/* {cell}, with its hash. 0: no memory. */
static FN Value single_part(Flood *f, uint32_t location, uint32_t colour, int64_t *hash) {
  uint32_t place = location_row(location) * CELL_SIDE + location_column(location);
  Value cell = HEAP(KIND_TUPLE, f->vm->image->cells + (place * CELL_COLOURS + colour) * CELL_UNITS);
  Value set = frozenset_of_one(f->vm, cell, as_tuple(f->vm, cell)->hash);
  if (!set) return 0;
  const uint64_t *sums = f->w->cell_sums[colour] + location;
  as_set(f->vm, set)->hash = *hash = set_hash_end(sums[0] ^ sums[1], 1);
  as_set(f->vm, set)->canon = CANON_CELLS;
  return set;
}

static FN Value deferred_part(Flood *f, int64_t *hash) {
  Value set = 0;
  Deferred *d = deferred_new(f->vm, DEFER_PART, f->ncells, numbers_slots_copied(f->ncells), &set);
  if (!d) return 0;
  as_set(f->vm, set)->canon = CANON_INTERNED | CANON_CELLS;
  as_set(f->vm, set)->hash = *hash = set_hash_end(f->mixed, f->ncells);
  d->grid = f->g->grid;
  d->colour = f->of & (f->of - 1) ? 0 : v_int(lowest_bit(f->of));
  __builtin_memset(d->rows, 0, sizeof d->rows);
  for (uint32_t i = f->top; i <= f->bottom; i++) {
    d->rows[i] = f->part[i];
    f->left[i] &= ~f->part[i];
    f->part[i] = 0;
  }
  return set;
}

static FN Value part_at(Flood *f, uint32_t location, int64_t *hash) {
  uint32_t row = location / PAIR_SIDE, bit = (uint32_t)1 << location % PAIR_SIDE;
  uint32_t colour = (uint32_t)(f->g->plane[location_row(location) * f->g->w + location_column(location)] + COLOUR_MIN);
  const uint32_t *mask = f->wanted->univalued ? f->colours[colour] : f->inside;
  if (is_alone(f, mask, row, bit)) {
    f->left[row] &= ~bit;
    return single_part(f, location, colour, hash);
  }
  flood_from(f, mask, row, bit);
  measure(f, colour);
  return deferred_part(f, hash);
}

/* Into w->search, in the order in which they are found. false: no memory. */
static FN bool find_all(Flood *f, uint32_t *n) {
  SearchSpace *s = &f->w->search;
  const Place *places = location_indices(f->w, f->g->h, f->g->w);
  uint32_t left = 0;
  for (uint32_t i = 0; i < ROWS; i++) left += count_bits(f->left[i]);
  for (*n = 0; left; places++) {
    uint32_t location = places->location;
    if (!(f->left[location / PAIR_SIDE] >> location % PAIR_SIDE & 1)) continue;
    s->found[*n] = part_at(f, location, &s->found_hashes[*n]);
    if (!s->found[*n]) return false;
    left -= as_set(f->vm, s->found[*n])->used;
    ++*n;
  }
  return true;
}

static FN bool keep_parts(const Flood *f, uint32_t n) {
  Vm *vm = f->vm;
  uint32_t offset = arena_alloc(vm, sizeof(Parts) + n * sizeof(Value));
  if (!offset) return false;
  Parts *parts = (Parts *)arena_at(vm, offset);
  parts->grid = f->g->grid;
  parts->wanted = *f->wanted;
  parts->n = n;
  parts->ordered = true;
  parts->asked = parts->runs = parts->room = 0;
  for (uint32_t k = 0; k < n; k++) {
    Set *s = as_set(vm, parts->parts[k] = f->w->search.found[k]);
    if (s->deferred) ((Deferred *)arena_at(vm, s->deferred))->parts = offset;
  }
  return true;
}

FN KernelStatus find_small_parts(Vm *vm, GridView *g, const ObjectsWanted *wanted, Value *result) {
  Flood f;
  uint32_t n;
  f.vm = vm;
  f.w = workspace_of(vm);
  f.g = g;
  f.wanted = wanted;
  if (!grid_plane(vm, g)) return KERNEL_FAIL;
  if (!plane_has_cell_colours(vm, g)) return KERNEL_PASS;
  read_masks(&f);
  __builtin_memset(f.part, 0, sizeof f.part);
  if (!find_all(&f, &n) || !keep_parts(&f, n)) return KERNEL_FAIL;
  return done_if(found_set(vm, n), result);
}
