/* cells.h - locations (i, j) and cells (i, j, colour) or (colour, (i, j)) as tuples made once and shared.
 *
 * Tuples of small ints are what programs on grids mostly make. Those of a grid of at most 30 x 30 and
 * a margin of one are in the image, with their hashes, at offsets that follow from their items. The nested
 * cells (colour, (i, j)) at the same locations are made by machines that share values and have kernels for
 * them; only locations that are shared are in one that is. */
#ifndef BATTC_CELLS_H
#define BATTC_CELLS_H

#include "vm.h"

enum {
  PAIR_MIN = -1, PAIR_SIDE = 32, /* pairs of -1 .. 30 */
  PAIR_UNITS = (HEAD_SIZE(Tuple, items) + 2 * sizeof(Value)) / 8,
  CELL_SIDE = 30, CELL_COLOURS = 10,
  CELL_UNITS = (HEAD_SIZE(Tuple, items) + 3 * sizeof(Value)) / 8,
  NESTED_UNITS = PAIR_UNITS, NESTED_CELLS = PAIR_SIDE * PAIR_SIDE * CELL_COLOURS
};

/* Both ints are words of small ints: (word - word of the least) is the index times 8. */
FN_INLINE Value shared_pair(const Vm *vm, Value i, Value j) {
  uint64_t a = (i - v_int(PAIR_MIN)) >> 3, b = (j - v_int(PAIR_MIN)) >> 3;
  if (a >= PAIR_SIDE || b >= PAIR_SIDE || !(i & j & TAG_INT)) return 0;
  return HEAP(KIND_TUPLE, vm->image->pairs + (a * PAIR_SIDE + b) * PAIR_UNITS);
}

FN_INLINE Value shared_cell(const Vm *vm, Value i, Value j, Value c) {
  uint64_t a = (i - v_int(0)) >> 3, b = (j - v_int(0)) >> 3, k = (c - v_int(0)) >> 3;
  if (a >= CELL_SIDE || b >= CELL_SIDE || k >= CELL_COLOURS || !(i & j & c & TAG_INT)) return 0;
  return HEAP(KIND_TUPLE, vm->image->cells + ((a * CELL_SIDE + b) * CELL_COLOURS + k) * CELL_UNITS);
}

/* 2 of a shared pair, 3 of a shared cell, 0 of any other value. */
FN_INLINE uint32_t shared_len(const Vm *vm, Value v) {
  uint32_t pairs = vm->image->pairs, cells = vm->image->cells, at = payload_of(v);
  if (!is_tuple(v)) return 0;
  if (at - pairs < PAIR_SIDE * PAIR_SIDE * PAIR_UNITS) return 2;
  return at - cells < CELL_SIDE * CELL_SIDE * CELL_COLOURS * CELL_UNITS ? 3 : 0;
}

/* By the number of its location, PAIR_SIDE (i - PAIR_MIN) + j - PAIR_MIN, where the machine has them. */
FN_INLINE Value nested_at_number(const Vm *vm, uint32_t location, uint32_t colour) {
  return HEAP(KIND_TUPLE, vm->nested + (location * CELL_COLOURS + colour) * NESTED_UNITS);
}

/* Shared cells of one kind by location and colour: those that are not nested have no margin. */
typedef struct {
  uint32_t first, units; /* arena offset of what would be at location 0; units of a cell */
  uint32_t margin;       /* of a row */
} CellPlaces;
FN_INLINE CellPlaces cell_places(const Vm *vm, bool nested) {
  CellPlaces at_all = {vm->nested, NESTED_UNITS, 0}, inside = {vm->image->cells - (CELL_SIDE + 1) * CELL_COLOURS * CELL_UNITS, CELL_UNITS, PAIR_SIDE - CELL_SIDE};
  return nested ? at_all : inside;
}
FN_INLINE Value cell_at_place(const CellPlaces *p, uint32_t location, uint32_t colour) {
  uint32_t place = location - location / PAIR_SIDE * p->margin;
  return HEAP(KIND_TUPLE, p->first + (place * CELL_COLOURS + colour) * p->units);
}

FN_INLINE Value shared_nested(const Vm *vm, Value c, Value location) {
  uint64_t k = (c - v_int(0)) >> 3, at = (uint64_t)payload_of(location) - vm->image->pairs;
  if (!vm->nested || k >= CELL_COLOURS || at >= PAIR_SIDE * PAIR_SIDE * PAIR_UNITS || !is_int(c) || !is_tuple(location)) return 0;
  return nested_at_number(vm, (uint32_t)at / PAIR_UNITS, (uint32_t)k);
}

/* Of a tuple of two: a location, or a nested cell. */
FN_INLINE Value shared_two(const Vm *vm, Value a, Value b) {
  Value pair = shared_pair(vm, a, b);
  return pair ? pair : shared_nested(vm, a, b);
}

/* Of a location or a cell of either kind: i and j; of a cell its colour. */
FN_INLINE const Value *key_location(const Vm *vm, Value key) {
  const Value *items = tuple_head(vm, key)->items;
  return is_int(items[1]) ? items : tuple_head(vm, items[1])->items;
}
FN_INLINE Value key_colour(const Vm *vm, Value key) {
  const Value *items = tuple_head(vm, key)->items;
  return is_int(items[1]) ? items[2] : items[0];
}

FN_INLINE bool is_cell_colour(Value v) { return is_int(v) && (uint64_t)int_of(v) < CELL_COLOURS; }

/* cells.c: fills the two tables; false: no memory. Makes vm->nested if it is small beside what memory there is. */
bool cells_init(Vm *vm, Image *image);
void nested_init(Vm *vm);
/* (i, j), (i, j, c), (c, (i, j)): shared where there is one, else made. 0: no memory. i and j small. */
FN Value pair_of(Vm *vm, int64_t i, int64_t j);
FN Value cell_of(Vm *vm, int64_t i, int64_t j, int64_t c);
FN Value nested_cell(Vm *vm, Value c, int64_t i, int64_t j);

#endif
