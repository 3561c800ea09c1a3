/* grid.h - what kernels ask of their arguments, and how they make values. */
#ifndef BATTC_KERNELS_GRID_H
#define BATTC_KERNELS_GRID_H

#include "../cells.h"
#include "../kernel.h"
#include "../lanes.h"
#include "../object.h"
#include "number_set.h"

/* What stands in cells: the colours 0..9, and what programs put there beside them (-1 as a mark). */
enum { COLOUR_MIN = -16, COLOURS = 64 };

/* A tuple of h > 0 rows, each a tuple of w > 0 ints from COLOUR_MIN on. */
typedef struct {
  uint32_t h, w;
  const Value *rows;
  Value grid;
  const uint8_t *plane; /* its colours less COLOUR_MIN, row by row, and PLANE_TAIL zeros; NULL: not there, see grid_plane */
} GridView;
enum { PLANE_TAIL = 32 };

FN bool grid_view(const Vm *vm, Value v, GridView *g);
/* The plane of a grid, made for the occasion where it has none. NULL: no memory. */
FN const uint8_t *grid_plane(Vm *vm, GridView *g);
/* A tuple of n items that are to be rows, with the word for a plane. 0: no memory. */
FN Value new_rows(Vm *vm, uint32_t n);
/* The same of a new tuple that has one item more. */
FN_INLINE void rows_become(Tuple *t) {
  t->canon = CANON_PLANE;
  t->items[--t->len] = 0;
}
/* A grid, h and w not 0, whose plane is to be filled in, and then its rows by grid_fill; a large one is unmade (unmade.h). 0: no memory. */
FN Value new_grid(Vm *vm, uint32_t h, uint32_t w, uint8_t **plane);
/* The same without rows, which are to be put in; and when it turns out to be no grid. */
FN Value rows_on_plane(Vm *vm, uint32_t h, uint32_t w, uint8_t **plane);
FN void plane_forget(Vm *vm, Value rows);
/* n values of colours in a row. */
FN void plane_values(const uint8_t *plane, uint32_t n, Value *to);
FN_INLINE Value plane_value(uint8_t colour) { return v_int(COLOUR_MIN) + ((Value)colour << 3); }
FN_INLINE uint8_t plane_colour(Value v) { return (uint8_t)((v - v_int(COLOUR_MIN)) >> 3); }
FN_INLINE bool is_colour(Value v) { return v - v_int(COLOUR_MIN) < v_int(COLOUR_MIN + COLOURS) - v_int(COLOUR_MIN) && is_int(v); }
/* Which of the 16 bytes from p on are `colour`: bit by byte. */
FN_INLINE uint32_t plane_equal(const uint8_t *p, uint8_t colour) {
#ifdef BATTC_SSE2
  return (uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(_mm_loadu_si128((const __m128i *)p), _mm_set1_epi8((char)colour)));
#else
  uint32_t bits = 0;
  for (uint32_t j = 0; j < 16; j++) bits |= (uint32_t)(p[j] == colour) << j;
  return bits;
#endif
}
/* The same of n <= 32 bytes; a plane may be read so far behind its end. */
FN_INLINE uint32_t plane_row_equal(const uint8_t *p, uint32_t n, uint8_t colour) {
  uint32_t bits = plane_equal(p, colour);
  if (n > 16) bits |= plane_equal(p + 16, colour) << 16;
  return bits & (uint32_t)(((uint64_t)1 << n) - 1);
}
/* Are all colours of the plane 0..9? */
FN bool plane_has_cell_colours(const Vm *vm, const GridView *g);
/* What colours there are, in order of their first cell, and how often each of these comes. */
typedef struct {
  uint32_t n;
  uint16_t colours[COLOURS];
  uint32_t counts[COLOURS]; /* by colour */
} Census;
FN void plane_census(Warp *warp, const uint8_t *plane, size_t n, Census *c);
/* The colour of more than half of the cells; false: there is none, and the census is made. */
FN bool plane_majority(Warp *warp, const uint8_t *plane, size_t n, Census *c, uint8_t *colour);
/* The first of the n cells from `at` on whose colour is not among `seen`, bit by colour; n: there is none. */
FN size_t plane_next(Warp *warp, const uint8_t *plane, size_t n, size_t at, uint64_t seen);
FN_INLINE void census_add(Census *c, uint8_t colour) { /* to one that was empty */
  if (!c->counts[colour]++) c->colours[c->n++] = colour;
}
/* Its colours in the order of a set to which they were added one by one. */
FN void census_order(struct Workspace *w, Census *c);
/* Fills the rows of a new grid from its plane, if it has any. */
FN void grid_fill(Vm *vm, Value grid);
/* Are n bytes of two planes the same, up to their ends? */
FN_INLINE bool planes_same(const uint8_t *a, const uint8_t *b, size_t n) {
  uint64_t x, y, differ = 0;
  for (size_t k = 0; k < n; k += sizeof x) {
    __builtin_memcpy(&x, a + k, sizeof x);
    __builtin_memcpy(&y, b + k, sizeof y);
    differ |= x ^ y;
  }
  return !differ;
}
/* A hash of the colours of a grid with a plane, which depends on nothing else. */
FN uint64_t plane_mix(const GridView *g);
FN_INLINE const Value *grid_row(const Vm *vm, const GridView *g, uint32_t i) { return as_tuple(vm, g->rows[i])->items; }
FN_INLINE bool is_empty_tuple(const Vm *vm, Value v) { return is_tuple(v) && tuple_head(vm, v)->len == 0; }
/* n small ints. */
FN bool are_small_ints(const Value *items, uint32_t n, int64_t *out);
/* A tuple of exactly that. */
FN bool small_ints(const Vm *vm, Value v, uint32_t n, int64_t *out);

/* A frozenset or set whose items all are tuples of n = 2 or all of n = 3 small ints; n = 0: it is empty. */
FN bool is_cells(const Vm *vm, Value v, uint32_t *n);

/* Adds a location or cell with the hash at hand. */
FN_INLINE bool add_tuple(Vm *vm, Value set, Value tuple) {
  int64_t hash = tuple ? tuple_head(vm, tuple)->hash : HASH_UNKNOWN;
  if (LIKELY(hash != HASH_UNKNOWN)) return set_add_hashed(vm, set, tuple, hash);
  return tuple && set_add(vm, set, tuple);
}
FN_INLINE bool adding_tuple(Adding *a, Value tuple) {
  int64_t hash = tuple ? tuple_head(a->vm, tuple)->hash : HASH_UNKNOWN;
  if (LIKELY(hash != HASH_UNKNOWN)) return adding_put(a, tuple, hash);
  return tuple && value_hash(a->vm, tuple, &hash) && adding_put(a, tuple, hash);
}
FN_INLINE KernelStatus done_if(Value v, Value *result) {
  *result = v;
  return v ? KERNEL_DONE : KERNEL_FAIL;
}
/* An empty frozenset; where values are shared it is one object. */
FN_INLINE Value no_keys(Vm *vm) { return vm->memo ? vm->image->empty_frozenset : new_set(vm, KIND_FROZENSET); }
FN_INLINE KernelStatus fail(Vm *vm, uint32_t cls) {
  raise_error(vm, cls);
  return KERNEL_FAIL;
}

#endif
