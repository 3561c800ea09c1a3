/* grid.h - what kernels ask of their arguments, and how they make values. */
#ifndef BATTC_KERNELS_GRID_H
#define BATTC_KERNELS_GRID_H

#include "../cells.h"
#include "../kernel.h"
#include "../object.h"

/* What stands in cells: the colours 0..9, and what programs put there beside them (-1 as a mark). */
enum { COLOUR_MIN = -16, COLOURS = 64 };

/* A tuple of h > 0 rows, each a tuple of w > 0 ints from COLOUR_MIN on. */
typedef struct {
  uint32_t h, w;
  const Value *rows;
  Value grid;
} GridView;

/* Bits of Tuple.canon and, of frozensets, Set.canon: what is known of the value. */
enum { CANON_INTERNED = 1, CANON_GRID = 2, CANON_PAIRS = 4, CANON_CELLS = 8 };

FN bool grid_view(const Vm *vm, Value v, GridView *g);
FN_INLINE const Value *grid_row(const Vm *vm, const GridView *g, uint32_t i) { return as_tuple(vm, g->rows[i])->items; }
FN_INLINE bool is_empty_tuple(const Vm *vm, Value v) { return is_tuple(v) && as_tuple(vm, v)->len == 0; }
/* A tuple of exactly n small ints. */
FN bool small_ints(const Vm *vm, Value v, uint32_t n, int64_t *out);

/* A frozenset or set whose items all are tuples of n = 2 or all of n = 3 small ints; n = 0: it is empty. */
FN bool is_cells(const Vm *vm, Value v, uint32_t *n);

/* Adds a location or cell with the hash at hand. */
FN_INLINE bool add_tuple(Vm *vm, Value set, Value tuple) {
  int64_t hash = tuple ? as_tuple(vm, tuple)->hash : HASH_UNKNOWN;
  if (LIKELY(hash != HASH_UNKNOWN)) return set_add_hashed(vm, set, tuple, hash);
  return tuple && set_add(vm, set, tuple);
}
FN_INLINE KernelStatus done_if(Value v, Value *result) {
  *result = v;
  return v ? KERNEL_DONE : KERNEL_FAIL;
}
FN_INLINE KernelStatus fail(Vm *vm, uint32_t cls) {
  raise_error(vm, cls);
  return KERNEL_FAIL;
}

#endif
