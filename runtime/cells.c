/* cells.c - see cells.h. */
#include "cells.h"

#include "object.h"

/* Fills a tuple that lies at a given offset, and hashes it. */
static bool put_tuple(Vm *vm, uint32_t offset, const int64_t *items, uint32_t len) {
  Tuple *t = (Tuple *)arena_at(vm, offset);
  int64_t hash;
  t->hash = HASH_UNKNOWN;
  t->len = len;
  t->canon = 0;
  for (uint32_t i = 0; i < len; i++) t->items[i] = v_int(items[i]);
  return value_hash(vm, HEAP(KIND_TUPLE, offset), &hash);
}

static bool put_cells(Vm *vm, const Image *image, int64_t i, int64_t j) {
  uint32_t offset = image->cells + (uint32_t)((i * CELL_SIDE + j) * CELL_COLOURS) * CELL_UNITS;
  for (int64_t c = 0; c < CELL_COLOURS; c++, offset += CELL_UNITS) {
    int64_t items[] = {i, j, c};
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
      int64_t items[] = {i, j};
      if (!put_tuple(vm, offset, items, 2)) return false;
    }
  for (int64_t i = 0; i < CELL_SIDE; i++)
    for (int64_t j = 0; j < CELL_SIDE; j++)
      if (!put_cells(vm, image, i, j)) return false;
  return true;
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
