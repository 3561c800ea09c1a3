/* arena.c - heap objects come from one region that only grows until a mark is restored. */
#include "cells.h"
#include "object.h"

FN uint32_t arena_alloc(Vm *vm, size_t bytes) {
  uint64_t units = ((uint64_t)bytes + 7) / 8;
  if (UNLIKELY(units > (uint64_t)(vm->limit - vm->top))) {
    raise_limit(vm, LIMIT_MEMORY);
    return 0;
  }
  uint32_t offset = vm->top;
  vm->top += (uint32_t)units;
  return offset;
}

static Value init_float(Vm *vm, double d) {
  uint32_t offset = arena_alloc(vm, sizeof(Float));
  if (!offset) return 0;
  ((Float *)arena_at(vm, offset))->value = d;
  return HEAP(KIND_FLOAT, offset);
}

static Value init_empty_tuple(Vm *vm) {
  uint32_t offset = arena_alloc(vm, sizeof(Tuple));
  if (!offset) return 0;
  Tuple *t = (Tuple *)arena_at(vm, offset);
  t->hash = HASH_UNKNOWN;
  t->len = 0;
  t->canon = 0;
  return HEAP(KIND_TUPLE, offset);
}

/* Makes the single objects that every image refers to. False: out of memory. */
bool vm_init_values(Vm *vm, Image *image) {
  image->nan = init_float(vm, __builtin_nan(""));
  image->inf = init_float(vm, __builtin_inf());
  image->minus_inf = init_float(vm, -__builtin_inf());
  image->empty_tuple = init_empty_tuple(vm);
  image->empty_frozenset = new_set(vm, KIND_FROZENSET);
  return image->nan && image->inf && image->minus_inf && image->empty_tuple && image->empty_frozenset && cells_init(vm, image);
}

FN Room *room_new(Vm *vm, size_t bytes) {
  uint32_t offset = arena_alloc(vm, sizeof(Room));
  if (!offset) return NULL;
  if (!room_for(vm, bytes)) {
    raise_limit(vm, LIMIT_MEMORY);
    return NULL;
  }
  Room *room = (Room *)arena_at(vm, offset);
  room->previous = vm->latest_room;
  room->end = vm->rooms_top;
  room->start = vm->rooms_top = vm->rooms_top - (uint32_t)((bytes + 7) / 8);
  vm->latest_room = offset;
  return room;
}

FN void rooms_drop(Vm *vm, uint32_t mark) {
  while (vm->latest_room && vm->latest_room >= mark) {
    const Room *room = (const Room *)arena_at(vm, vm->latest_room);
    vm->rooms_top = room->end;
    vm->latest_room = room->previous;
  }
}
