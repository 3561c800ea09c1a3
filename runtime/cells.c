/* cells.c - see cells.h. */
#include "cells.h"

#include "object.h"

enum { MEMORY_SHARE = 16 }; /* nested cells take no more of what is left than that part */

/* Fills a tuple that lies at a given offset, and hashes it. */
static bool put_tuple(Vm *vm, uint32_t offset, const Value *items, uint32_t len) {
  Tuple *t = (Tuple *)arena_at(vm, offset);
  int64_t hash;
  t->hash = HASH_UNKNOWN;
  t->len = len;
  t->canon = 0;
  for (uint32_t i = 0; i < len; i++) t->items[i] = items[i];
  return value_hash(vm, HEAP(KIND_TUPLE, offset), &hash);
}

static bool put_cells(Vm *vm, const Image *image, int64_t i, int64_t j) {
  uint32_t offset = image->cells + (uint32_t)((i * CELL_SIDE + j) * CELL_COLOURS) * CELL_UNITS;
  for (int64_t c = 0; c < CELL_COLOURS; c++, offset += CELL_UNITS) {
    Value items[] = {v_int(i), v_int(j), v_int(c)};
    if (!put_tuple(vm, offset, items, 3)) return false;
  }
  return true;
}

bool cells_init(Vm *vm, Image *image) {
  image->pairs = arena_alloc(vm, (size_t)PAIR_SIDE * PAIR_SIDE * PAIR_UNITS * 8);
  image->cells = arena_alloc(vm, (size_t)CELL_SIDE * CELL_SIDE * CELL_COLOURS * CELL_UNITS * 8);
  if (!image->pairs || !image->cells) return false;
  uint32_t offset = image->pairs;
  for (int64_t i = PAIR_MIN; i < PAIR_MIN + PAIR_SIDE; i++)
    for (int64_t j = PAIR_MIN; j < PAIR_MIN + PAIR_SIDE; j++, offset += PAIR_UNITS) {
      Value items[] = {v_int(i), v_int(j)};
      if (!put_tuple(vm, offset, items, 2)) return false;
    }
  for (int64_t i = 0; i < CELL_SIDE; i++)
    for (int64_t j = 0; j < CELL_SIDE; j++)
      if (!put_cells(vm, image, i, j)) return false;
  return true;
}

static void put_nested(Vm *vm, uint32_t location) {
  for (uint32_t c = 0; c < CELL_COLOURS; c++) {
    Value items[] = {v_int(c), HEAP(KIND_TUPLE, vm->image->pairs + location * PAIR_UNITS)};
    put_tuple(vm, payload_of(nested_at_number(vm, location, c)), items, 2);
  }
}

void nested_init(Vm *vm) {
  uint32_t units = (uint32_t)NESTED_CELLS * NESTED_UNITS;
  if ((vm->limit - vm->top) / MEMORY_SHARE < units) return;
  vm->nested = arena_alloc(vm, (size_t)units * 8);
  for (uint32_t location = 0; location < PAIR_SIDE * PAIR_SIDE; location++) put_nested(vm, location);
}

FN Value pair_of(Vm *vm, int64_t i, int64_t j) {
  Value items[] = {v_int(i), v_int(j)};
  Value shared = shared_pair(vm, items[0], items[1]);
  return shared ? shared : tuple_of(vm, items, 2);
}

FN Value cell_of(Vm *vm, int64_t i, int64_t j, int64_t c) {
  Value items[] = {v_int(i), v_int(j), v_int(c)};
  Value shared = shared_cell(vm, items[0], items[1], items[2]);
  return shared ? shared : tuple_of(vm, items, 3);
}

FN Value nested_cell(Vm *vm, Value c, int64_t i, int64_t j) {
  Value items[] = {c, pair_of(vm, i, j)};
  Value shared = items[1] ? shared_nested(vm, c, items[1]) : 0;
  if (shared || !items[1]) return shared;
  return tuple_of(vm, items, 2);
}
