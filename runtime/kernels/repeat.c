/* repeat.c - kernels about patterns that repeat: periods, occurrences, blocks of cells. */
#include "objects.h"
#include "rows.h"

enum { SIDE_MAX = 64 };

/* Whether the cell moved up or left by so much is in the object: 1, 0, -1. */
static FN int repeats_before(Vm *vm, Value object, const Value *at, int64_t up, int64_t left) {
  Value cell = cell_of(vm, int_of(at[0]) - up, int_of(at[1]) - left, int_of(at[2]));
  return cell ? set_contains(vm, object, cell) : -1;
}

/* Whether the object, moved by so much and cut where it began, lies on itself: 1, 0, -1. */
static FN int is_period(Vm *vm, Value object, const Box *b, int64_t up, int64_t left) {
  uint32_t pos = 0;
  Value item;
  while (set_next(vm, object, &pos, &item)) {
    const Value *at = as_tuple(vm, item)->items;
    if (int_of(at[0]) - up < b->top || int_of(at[1]) - left < b->left) continue;
    int in = repeats_before(vm, object, at, up, left);
    if (in < 1) return in;
  }
  return 1;
}

static FN KernelStatus period(Vm *vm, Value object, bool down, Value *result) {
  Box b;
  if (!patch_box(vm, object, 3, &b)) return KERNEL_PASS;
  int64_t size = down ? b.bottom - b.top + 1 : b.right - b.left + 1;
  if (size > SIDE_MAX) return KERNEL_PASS;
  for (int64_t p = 1; p < size; p++) {
    int is = is_period(vm, object, &b, down ? p : 0, down ? 0 : p);
    if (is < 0) return KERNEL_FAIL;
    if (is) return done_if(v_int(p), result);
  }
  return done_if(v_int(size), result);
}

FN KernelStatus kernel_hperiod(Vm *vm, const Value *args, Value *result) { return period(vm, args[0], false, result); }
FN KernelStatus kernel_vperiod(Vm *vm, const Value *args, Value *result) { return period(vm, args[0], true, result); }

/* ---- occurrences ---- */

/* Where in a grid of at most 64 columns each colour is: a word a row. */
typedef struct {
  const GridView *g;
  uint64_t *rows[COLOURS]; /* in the arena; NULL: not asked for yet */
} ColourRows;

static FN const uint64_t *rows_of_colour(Vm *vm, ColourRows *c, uint8_t colour) {
  const GridView *g = c->g;
  if (c->rows[colour]) return c->rows[colour];
  uint32_t offset = arena_alloc(vm, g->h * sizeof(uint64_t));
  uint64_t *rows = offset ? (uint64_t *)arena_at(vm, offset) : NULL;
  for (uint32_t i = 0; i < g->h && rows; i++) {
    const uint8_t *row = g->plane + (size_t)i * g->w;
    rows[i] = 0;
    for (uint32_t j = 0; j < g->w; j += 16) rows[i] |= (uint64_t)plane_row_equal(row + j, g->w - j < 16 ? g->w - j : 16, colour) << j;
  }
  return c->rows[colour] = rows;
}

/* Bits from which on `len` are set, of which none is beyond the word. */
FN_INLINE uint64_t runs_of(uint64_t bits, uint32_t len) {
  for (uint32_t done = 1, more; done < len; done += more) {
    more = len - done < done ? len - done : done;
    bits &= bits >> more;
  }
  return bits;
}

/* At which of the places from (i, j) on `len` cells have the colour: takes out of `left` those where not. false: no memory. */
static FN bool keep_shown(Vm *vm, ColourRows *c, Value colour, int64_t i, int64_t j, uint32_t len, uint64_t *left, uint32_t n) {
  const uint64_t *rows = is_colour(colour) ? rows_of_colour(vm, c, plane_colour(colour)) : NULL;
  if (!rows && is_colour(colour)) return false;
  for (uint32_t k = 0; k < n; k++)
    if (left[k]) left[k] = rows ? left[k] & runs_of(rows[i + k] >> j, len) : 0;
  return true;
}

/* The places where the object, moved to them with its upper left corner, lies on cells like its own. false: no memory. */
static FN bool find_places(Vm *vm, const GridView *g, Value object, const Box *b, uint64_t *left, uint32_t n) {
  ColourRows c = {g, {NULL}};
  const Deferred *d = deferred_of(vm, object);
  Spans spans = patch_spans(vm, object);
  for (Span span; spans_next(&spans, &span);) {
    ColourRow r = {0, NULL, NULL, 0, 0};
    if (d) r = deferred_colours(vm, d, span.row);
    else r.one = key_colour(vm, spans.key);
    for (int64_t j = span.from, to; j < span.to; j = to) {
      Value colour = colour_in_row(&r, j);
      for (to = r.one ? span.to : j + 1; to < span.to && colour_in_row(&r, to) == colour;) to++;
      if (!keep_shown(vm, &c, colour, span.row - b->top, j - b->left, (uint32_t)(to - j), left, n)) return false;
    }
  }
  return true;
}

/* frozenset() of a set to which the places were added row by row. */
static FN Value places_set(Vm *vm, const GridView *g, const uint64_t *left, uint32_t n) {
  Deferred d;
  if (deferred_allowed(vm) && g->h <= GRID_SIDE && g->w <= GRID_SIDE) {
    deferred_recipe(&d, DEFER_ROWS, V_NONE);
    for (uint32_t i = 0; i < n; i++) d.rows[i + 1] = (uint32_t)left[i] << 1;
    return deferred_frozen(vm, &d);
  }
  Value found = new_set(vm, KIND_SET);
  for (uint32_t i = 0; i < n && found; i++)
    for (uint64_t bits = left[i]; bits; bits &= bits - 1)
      if (!add_tuple(vm, found, pair_of(vm, i, lowest_bit(bits)))) return 0;
  return found ? set_from(vm, KIND_FROZENSET, found) : 0;
}

enum { PLACES_SIDE = 64 };

FN KernelStatus occurrences_of(Vm *vm, Value grid, Value object, const Box *b, Value *result) {
  GridView g;
  uint64_t left[PLACES_SIDE];
  if (!grid_view(vm, grid, &g) || g.h > PLACES_SIDE || g.w > PLACES_SIDE) return KERNEL_PASS;
  int64_t rows = (int64_t)g.h - (b->bottom - b->top), columns = (int64_t)g.w - (b->right - b->left);
  if (!grid_plane(vm, &g)) return KERNEL_FAIL;
  if (rows < 1 || columns < 1) return done_if(new_set(vm, KIND_FROZENSET), result);
  for (int64_t i = 0; i < rows; i++) left[i] = ~(uint64_t)0 >> (PLACES_SIDE - columns);
  if (!find_places(vm, &g, object, b, left, (uint32_t)rows)) return KERNEL_FAIL;
  return done_if(places_set(vm, &g, left, (uint32_t)rows), result);
}

FN KernelStatus kernel_occurrences(Vm *vm, const Value *args, Value *result) {
  Box b;
  return patch_box(vm, args[1], 3, &b) ? occurrences_of(vm, args[0], args[1], &b, result) : KERNEL_PASS;
}

/* ---- cells grown to blocks ---- */

static FN bool add_block(Vm *vm, Value set, const Value *at, int64_t n) {
  for (int64_t i = 0; i < n; i++)
    for (int64_t j = 0; j < n; j++)
      if (!add_tuple(vm, set, cell_of(vm, int_of(at[0]) * n + i, int_of(at[1]) * n + j, int_of(at[2])))) return false;
  return true;
}

/* Moved to the origin, grown in a set that is frozen, and moved back. */
FN KernelStatus kernel_upscale_f(Vm *vm, const Value *args, Value *result) {
  Box b;
  uint32_t pos = 0;
  Value item, normal;
  if (!is_int(args[1]) || int_of(args[1]) > SIDE_MAX || !patch_box(vm, args[0], 3, &b)) return KERNEL_PASS;
  if (b.bottom - b.top > SIDE_MAX || b.right - b.left > SIDE_MAX) return KERNEL_PASS;
  KernelStatus status = kernel_normalize(vm, args, &normal);
  if (status != KERNEL_DONE) return status;
  Value set = new_set(vm, KIND_SET);
  while (set && set_next(vm, normal, &pos, &item))
    if (!add_block(vm, set, as_tuple(vm, item)->items, int_of(args[1]))) return KERNEL_FAIL;
  Value given[] = {set ? set_from(vm, KIND_FROZENSET, set) : 0, set ? pair_of(vm, b.top, b.left) : 0};
  return given[0] && given[1] ? kernel_shift(vm, given, result) : KERNEL_FAIL;
}
