/* objects.h - the objects of a grid: connected components of its cells. */
#ifndef BATTC_KERNELS_OBJECTS_H
#define BATTC_KERNELS_OBJECTS_H

#include "../deferred.h"
#include "grid.h"
#include "location_set.h"

/* What objects() looks for. */
typedef struct {
  bool univalued, diagonal;
  bool nested;      /* cells are (colour, (i, j)) */
  Value background; /* a colour that belongs to no object, or V_NONE */
} ObjectsWanted;

/* Of an object of a grid that is not large: the location at which the source finds it, and how many cells it has. */
typedef struct {
  uint16_t location, ncells;
} PartSeed;

/* The objects of a grid. Lies in the arena. */
typedef struct {
  Value grid;
  ObjectsWanted wanted;
  uint32_t n;
  uint32_t seeds;          /* arena offset of n PartSeeds; 0 of a large grid */
  uint32_t runs;           /* of a large grid: arena offset of its runs, see location_set.h */
  uint32_t asked;          /* how often one of the tables was asked for */
  uint32_t made;           /* of a large grid: units of the room that are taken by tables */
  uint32_t room;           /* of a large grid: arena offset of the Room in which the tables are made */
  uint32_t nruns;
  Value parts[OPEN_END]; /* frozensets, deferred where they have several cells */
} Parts;

/* The frozenset of all objects, their tables deferred. flood.c: of a grid of at most 30 x 30; KERNEL_PASS where it has other colours
 * than 0..9. components.c: of a larger one; KERNEL_PASS where there is no memory. */
FN KernelStatus find_small_parts(Vm *vm, GridView *g, const ObjectsWanted *wanted, Value *result);
FN KernelStatus find_parts(Vm *vm, Value grid, const GridView *g, const ObjectsWanted *wanted, Value *result);
/* objects.c, and of a large grid objects_order.c: makes the table of a part, or, where several are asked for, of all; and the
 * room that this takes at most. */
enum { ASKED_ALONE = 2 };
FN void parts_make(Vm *vm, uint32_t parts, const Set *part);
FN void large_parts_make(Vm *vm, uint32_t parts, const Set *part);
FN size_t large_parts_room(uint32_t h, uint32_t w, bool nested);
/* Objects or, listed, objects_t at once, of a grid of any values that equal themselves; KERNEL_PASS: it has too many, or there is no room.
 * objects.c: of any size. objects_order.c: beyond 30 x 30. */
FN KernelStatus find_odd_objects(Vm *vm, const GridView *g, const ObjectsWanted *wanted, bool listed, Value *result);
FN KernelStatus find_large_objects(Vm *vm, const GridView *g, const ObjectsWanted *wanted, bool listed, Value *result);
/* A run of an object of a large grid by its number; NULL: NO_RUN. */
FN_INLINE const Run *part_run(const Vm *vm, const Deferred *d, uint32_t run) {
  const Parts *parts = (const Parts *)arena_at(vm, d->parts);
  return run == (uint32_t)NO_RUN ? NULL : (const Run *)arena_at(vm, parts->runs) + run;
}
/* An object of one cell, of which the hash of the object is known. 0: no memory, or no cell. */
FN Value object_of_one(Vm *vm, Value cell, int64_t hash, bool nested);
/* frozenset({…}) of n objects with their hashes, found in this order; both in w->search. 0: no memory. */
FN Value found_set(Vm *vm, uint32_t n);

/* choose.c: the colours of an object, of nested cells or others, in its order; an empty census is filled. A deferred object of one
 * colour counts as a cell. false: no frozenset of such cells in colours. */
FN bool object_census(Vm *vm, Value v, bool nested, Census *c);
/* box.c: frozenset((i, j) for i … for j …) of a box, deferred; 0: that may not be. */
FN Value deferred_locations_in(Vm *vm, const Box *b);
/* colours.c: the keys of a grid where it is of the colour `wanted` (0: all), added row by row: locations (colour V_NONE), or cells
 * of that colour, or with colour 0 of the grid's, nested ones or others, deferred. 0: that may not be, or no memory. */
FN Value deferred_keys_of(Vm *vm, GridView *g, Value wanted, Value colour, bool nested);
/* repeat.c: the places of an object of cells, nested ones or others, in a grid: see kernel_occurrences. */
FN KernelStatus occurrences_of(Vm *vm, Value grid, Value object, const Box *b, Value *result);
/* The cells of a grid at the locations of a deferred set. 0: not that way. */
FN Value deferred_toobject(Vm *vm, const GridView *g, Value locations, bool nested);

#endif
