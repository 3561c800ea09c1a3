/* deferred.h - frozensets of locations or cells whose table is made when it is first looked at.
 *
 * Most sets that programs on grids make are never iterated in an order that shows: they are counted,
 * filled, united, compared. A deferred set knows its keys as bits, and how CPython would have filled
 * its table; `set_table` follows that recipe. All else about the set (used, fill, mask, hash) is known from the
 * start, and the room for the table is taken when the set is made, untouched, so that making it
 * cannot fail.
 *
 * Invariant of a deferred set: its keys are distinct locations (i, j) of shared pairs (cells.h), or shared
 * cells (i, j, colour) at distinct locations. Those of large grids are the exception: they have no bits.
 * Only made while values are shared (vm->memo): two deferred sets of equal keys may be two objects. */
#ifndef BATTC_DEFERRED_H
#define BATTC_DEFERRED_H

#include "cells.h"

typedef enum {
  DEFER_ROWS,   /* keys were added to an empty set row by row, from left to right */
  DEFER_PART,   /* one of the objects of a grid */
  DEFER_MAPPED, /* keys were added in the order of `source`: each moved by (di, dj), given a colour or relieved
                   of it, and dropped where `rows` lacks it */
  DEFER_MERGED, /* the keys of each item of `source`, a tuple or frozenset of such sets, were added one by one */
  DEFER_UNION,  /* source | other, which are such sets: `source` was copied and `other` merged into it */
  DEFER_LARGE_PART, /* one of the objects of a grid beyond 30 x 30 */
  DEFER_LARGE   /* as DEFER_ROWS: the locations of `colour` in a grid beyond shared pairs */
} DeferKind;

typedef struct {
  uint32_t kind;
  uint32_t room;           /* arena offset of the table to be; DEFER_LARGE: of the Room for it and its keys */
  uint32_t parts;          /* objects: arena offset of their Parts (kernels/objects.h) */
  uint32_t first_run;      /* DEFER_LARGE_PART: the first of its runs in those of the parts */
  Value source;            /* DEFER_MAPPED: a frozenset of such keys; deferred or not */
  Value other;             /* DEFER_UNION: the second operand */
  Value colour;            /* of all cells; V_NONE: keys are locations; 0: cells are coloured as in `grid` or `plane` */
  Value grid;              /* cell (i, j) is of colour grid[i - gi][j - gj] */
  uint32_t plane;          /* or, where there is no grid, of that of the location in these: arena offset of bytes */
  uint32_t spare;
  int32_t di, dj, gi, gj;
  uint32_t rows[PAIR_SIDE]; /* location (i, j): bit j + 1 of rows[i + 1] */
} Deferred;

/* The recipe of a frozenset that was made as a deferred one with bits, NULL of any other value. */
FN_INLINE const Deferred *deferred_of(const Vm *vm, Value v) {
  if (!is_kind(v, KIND_FROZENSET) || !as_set(vm, v)->deferred) return NULL;
  const Deferred *d = (const Deferred *)arena_at(vm, as_set(vm, v)->deferred);
  return d->kind >= DEFER_LARGE_PART ? NULL : d;
}
FN_INLINE bool deferred_is_locations(const Deferred *d) { return d->colour == V_NONE; }

/* May sets be deferred now? */
FN bool deferred_allowed(const Vm *vm);
/* A set of `used` keys in a table of `slots`, the recipe to be filled in: kind, what that needs, colour, rows.
 * NULL: no memory. */
FN Deferred *deferred_new(Vm *vm, DeferKind kind, uint32_t used, uint32_t slots, Value *set);
/* A set by a whole recipe, with `room` bytes in which its table is made. 0: no memory. */
FN Value deferred_like(Vm *vm, const Deferred *from, uint32_t slots, size_t room);
/* The same of a large grid: without room for the table. */
FN Deferred *deferred_large(Vm *vm, DeferKind kind, uint32_t used, uint32_t slots, Value *set);
/* merged.c: frozenset(key for item in source for key in item) for a tuple or frozenset of sets of locations, or of cells,
 * of which no two differ only in colour. 0: not of that form, nothing has happened; or no memory. */
FN Value deferred_merged(Vm *vm, Value source);
/* merged.c: a | b for two of such frozensets. 0 as above. */
FN Value deferred_union(Vm *vm, Value a, Value b);
/* DEFER_MERGED: an item whose table is not made, or 0; and the keys as they were added: how many. */
FN Value merged_unmade(const Vm *vm, Value source);
FN uint32_t merged_list(const Vm *vm, Value source, uint16_t *list);

/* A recipe without keys, to be filled in. */
FN void deferred_recipe(Deferred *d, DeferKind kind, Value colour);
/* The set of the keys of `rows` added one by one in an order that `kind` and `from` tell: kind, source, colour, grid,
 * moves and rows of `from` count. The empty frozenset where there is no key. 0: no memory. */
FN Value deferred_added(Vm *vm, const Deferred *from);

/* `set`, which is deferred, with each cell given a colour (V_NONE: none), or moved; 0: no memory, or, of moves, not a
 * set of such keys: nothing has happened then. */
FN Value deferred_mapped(Vm *vm, Value set, const Deferred *d, Value colour);
FN Value deferred_moved(Vm *vm, Value set, const Deferred *d, int64_t di, int64_t dj);
/* The colour of a cell that the set has. */
FN Value deferred_colour(const Vm *vm, const Deferred *d, uint32_t i, uint32_t j);
/* The key at a location that the set has. */
FN Value deferred_key(const Vm *vm, const Deferred *d, uint32_t location);
/* Makes the table of s: its n keys, as locations, in the order in which they were added. */
FN void deferred_fill(Vm *vm, Set *s, const uint16_t *list, uint32_t n);

FN_INLINE bool deferred_hashable(const Vm *vm, const Set *s) {
  return !s->table && ((const Deferred *)arena_at(vm, s->deferred))->kind < DEFER_LARGE_PART;
}
/* Are the keys of two deferred frozensets the same? 1, 0; -1: not known without their tables. */
FN int deferred_equal(const Vm *vm, const Set *a, const Set *b);
FN int64_t deferred_hash(Vm *vm, const Set *s);

/* Run-time sharing: two deferred sets are the same when these agree. */
FN uint64_t deferred_mix(const Vm *vm, Value set);
FN bool deferred_same(const Vm *vm, Value a, Value b);

/* ---- bits ---- */

FN_INLINE bool rows_have(const uint32_t *rows, int64_t i, int64_t j) {
  uint64_t a = (uint64_t)(i - PAIR_MIN), b = (uint64_t)(j - PAIR_MIN);
  return a < PAIR_SIDE && b < PAIR_SIDE && (rows[a] >> b & 1);
}
FN uint32_t rows_count(const uint32_t *rows);
/* Are all locations those of shared cells? */
FN bool rows_are_cells(const uint32_t *rows);
/* rows moved by (di, dj); false: a key would leave the range of locations, or of cells. */
FN bool rows_moved(const uint32_t *rows, int64_t di, int64_t dj, bool locations, uint32_t *to);

#endif
