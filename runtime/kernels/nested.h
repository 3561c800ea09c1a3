/* nested.h - cells as the first DSL of this family has them: (colour, (i, j)), a location inside a tuple.
 *
 * Its functions take patches of such cells or of locations, and some take grids as well, and tell them apart as they
 * run; kernels for them end in __nested. Sets of such cells are deferred like others. */
#ifndef BATTC_KERNELS_NESTED_H
#define BATTC_KERNELS_NESTED_H

#include "objects.h"

/* A frozenset, not empty, of tuples of a small int and a tuple of two small ints. */
FN bool is_nested(const Vm *vm, Value v);
FN_INLINE Value nested_colour(const Vm *vm, Value cell) { return as_tuple(vm, cell)->items[0]; }
FN_INLINE Value nested_location(const Vm *vm, Value cell) { return as_tuple(vm, cell)->items[1]; }
FN_INLINE void nested_at(const Vm *vm, Value cell, int64_t *at) {
  const Value *items = as_tuple(vm, nested_location(vm, cell))->items;
  at[0] = int_of(items[0]);
  at[1] = int_of(items[1]);
}
/* The cells of a grid of one colour, or with colour 0 all, row by row. 0: no memory. */
FN Value nested_cells_of(Vm *vm, GridView *g, Value colour);
/* The bounding box of such cells or of locations; false: of anything else, and of an empty set. */
FN bool nested_box(Vm *vm, Value patch, Box *b);

#endif
