/* unmade.h - large grids, whose rows and cells are made when somebody first looks at them.
 *
 * A cell takes eight bytes in a row and one in the plane, and large grids mostly go from kernel to kernel that read planes
 * alone. Invariant: a tuple with TUPLE_UNMADE is a grid (CANON_GRID) with a plane, or else a row of one. Of the items of a grid
 * the first tells where its rows are to be, and the upper half of the word for the plane how long they are; of those of a row
 * the first tells where its bytes are. The room for rows is taken with the grid and not touched, so that making them cannot
 * fail. as_tuple makes the rows of a grid, which are unmade then, or the items of a row; who looks at the plane, or at the
 * length of a row, uses what is here. Only made where values are shared (vm->deferring), as sets are deferred. */
#ifndef BATTC_KERNELS_UNMADE_H
#define BATTC_KERNELS_UNMADE_H

#include "grid.h"

#ifndef UNMADE_CELLS
#define UNMADE_CELLS 4096 /* of the smallest; a build for tests takes less */
#endif

/* Of a grid. */
FN_INLINE bool is_unmade(const Vm *vm, Value v) {
  return is_tuple(v) && (tuple_head(vm, v)->canon & (TUPLE_UNMADE | CANON_GRID)) == (TUPLE_UNMADE | CANON_GRID);
}
FN_INLINE bool may_wait(const Vm *vm, uint64_t h, uint64_t w) { return h && w && vm->deferring && vm->memo && h * w >= UNMADE_CELLS; }
FN_INLINE uint32_t unmade_width(const Tuple *t) { return (uint32_t)(t->items[t->len] >> 32); }

FN_INLINE bool is_unmade_row(const Tuple *t) { return (t->canon & (TUPLE_UNMADE | CANON_GRID)) == TUPLE_UNMADE; }
FN_INLINE const uint8_t *row_bytes(const Vm *vm, const Tuple *unmade_row) { return vm->base + int_of(unmade_row->items[0]); }
/* An item of a row, unmade or not, or of any tuple but a grid. */
FN_INLINE Value row_item(const Vm *vm, Value row, uint64_t j) {
  const Tuple *t = tuple_head(vm, row);
  return UNLIKELY(t->canon & TUPLE_UNMADE) ? plane_value(row_bytes(vm, t)[j]) : t->items[j];
}

/* A grid without rows, its plane to be filled in. 0: no memory. */
FN Value new_unmade(Vm *vm, uint32_t h, uint32_t w, uint8_t **plane);
/* grid_view, without rows (NULL) where it is unmade. */
FN bool plane_view(const Vm *vm, Value v, GridView *g);
/* The same of a large grid with a plane, unmade or not; false: of anything else. */
FN bool large_view(const Vm *vm, Value v, GridView *g);
/* a == b of tuples of which one is unmade: 1, 0; -1: that is for their items to tell. */
FN int unmade_equal(const Vm *vm, Value a, Value b);

/* What kernels make of large grids by planes. KERNEL_PASS: no grid is, and nothing has happened. */
FN KernelStatus planes_beside(Vm *vm, Value a, Value b, Value *result); /* as high as the lower one */
FN KernelStatus planes_below(Vm *vm, const Value *grids, uint32_t n, Value *result);
FN KernelStatus plane_block(Vm *vm, Value grid, uint32_t i, uint32_t j, uint32_t h, uint32_t w, Value *result); /* lies in the grid */
FN KernelStatus plane_of_one(Vm *vm, Value colour, Value dimensions, Value *result);
FN KernelStatus plane_stretched(Vm *vm, Value grid, Value down, Value along, Value *result); /* each cell so often */
/* Each cell of colour `from` as `to`, and of `to`, where they change places, as `from`. */
FN KernelStatus plane_recoloured(Vm *vm, Value grid, Value from, Value to, bool both, Value *result);
/* Cell (i, j) is that at (i, j), or turned at (j, i), from the top or the bottom, the left or the right. */
typedef struct {
  bool turned, from_bottom, from_right;
} Turn;
FN KernelStatus plane_turned(Vm *vm, Value grid, Turn turn, Value *result);

#endif
