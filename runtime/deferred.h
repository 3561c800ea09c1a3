/* deferred.h - frozensets of locations or cells whose table is made when it is first looked at.
 *
 * Most sets that programs on grids make are never iterated in an order that shows: they are counted,
 * filled, united, compared. A deferred set knows its keys as bits, and how CPython would have filled
 * its table; `set_table` follows that recipe. All else about the set (used, fill, mask, hash) is known from the
 * start, and the room for the table is taken when the set is made, untouched, so that making it
 * cannot fail.
 *
 * Invariant of a deferred set: its keys are distinct locations (i, j), or cells at distinct locations, all (i, j, colour)
 * or all nested, (colour, (i, j)); DEFER_TWINS alone has several cells at some, and is to all but a few functions a set with a
 * table. It is narrow where all are shared ones (cells.h), and else wide; objects of large grids
 * have runs in place of bits. Two sets of which one is narrow and one wide are never equal.
 * Only made where values are shared (vm->deferring), so that a run without sharing tells what they must be. */
#ifndef BATTC_DEFERRED_H
#define BATTC_DEFERRED_H

#include "cells.h"
#include "wide.h"

typedef enum {
  DEFER_ROWS,   /* keys were added to an empty set row by row, from left to right */
  DEFER_PART,   /* one of the objects of a grid */
  DEFER_MAPPED, /* keys were added in the order of `source`: each moved by (di, dj), given a colour or relieved
                   of it, and dropped where `rows` lacks it */
  DEFER_MERGED, /* the keys of each item of `source`, a tuple or frozenset of such sets, were added one by one */
  DEFER_UNION,  /* source | other, which are such sets: `source` was copied and `other` merged into it */
  DEFER_MINUS,  /* source - other, likewise */
  DEFER_OUTLINE, /* the locations of a box's sides: see kernels/box.c */
  DEFER_TWINS,  /* as DEFER_MERGED, of cells of which some differ only in colour: `rows` are their locations */
  DEFER_LARGE_PART /* one of the objects of a grid beyond 30 x 30 */
} DeferKind;

typedef struct {
  uint32_t kind;
  uint32_t room;           /* arena offset of the table to be; deferred_has_room: of the Room for it and its keys */
  uint32_t parts;          /* objects: arena offset of their Parts (kernels/objects.h) */
  uint32_t first_run;      /* DEFER_LARGE_PART: the first of its runs in those of the parts; unions: see unmade_item */
  Value source;            /* DEFER_MAPPED: a frozenset of such keys; deferred or not */
  Value other;             /* DEFER_UNION, DEFER_MINUS: the second operand */
  Value colour;            /* of all cells; V_NONE: keys are locations; 0: cells are coloured as in `grid` or `plane` */
  Value grid;              /* cell (i, j) is of colour grid[i - gi][j - gj] */
  uint32_t plane;          /* or, where there is no grid, of that here: arena offset of signed bytes, */
  uint32_t plane_w;        /* so many to a row; 0: by location (kernels/location_set.h) */
  int32_t di, dj, gi, gj;
  uint32_t wide;           /* arena offset of its Wide, cut; 0: it is narrow, or of DEFER_LARGE_PART */
  uint16_t listed;         /* its keys were listed once without its table */
  uint16_t nested;         /* cells are (colour, (i, j)) */
  uint32_t rows[PAIR_SIDE]; /* narrow: location (i, j): bit j + 1 of rows[i + 1] */
} Deferred;

/* The recipe of a frozenset that was made as a deferred one, NULL of any other value. Of twins only the locations are known. */
FN_INLINE const Deferred *deferred_places_of(const Vm *vm, Value v) {
  if (!is_kind(v, KIND_FROZENSET) || !as_set(vm, v)->deferred) return NULL;
  return (const Deferred *)arena_at(vm, as_set(vm, v)->deferred);
}
/* The same, NULL of twins. */
FN_INLINE const Deferred *deferred_of(const Vm *vm, Value v) {
  const Deferred *d = deferred_places_of(vm, v);
  return d && d->kind != DEFER_TWINS ? d : NULL;
}
FN_INLINE bool deferred_is_narrow(const Deferred *d) { return !d->wide && d->kind != DEFER_LARGE_PART; }
FN_INLINE bool deferred_is_locations(const Deferred *d) { return d->colour == V_NONE; }
/* What the keys are, with all of which one look is enough: locations, cells, nested cells. */
typedef enum { KEYS_NONE = 0, KEYS_PAIRS = 2, KEYS_CELLS = 3, KEYS_NESTED = 4 } KeyForm;
FN_INLINE KeyForm deferred_form(const Deferred *d) { return deferred_is_locations(d) ? KEYS_PAIRS : d->nested ? KEYS_NESTED : KEYS_CELLS; }
/* Of any frozenset; KEYS_NONE: it is empty. false: it is none, or has other keys. */
FN bool key_form(const Vm *vm, Value v, KeyForm *form);
/* Memory for a plane of so many bytes, which a word before it tells. 0: there is none. */
FN_INLINE uint32_t deferred_plane(Vm *vm, size_t bytes) {
  uint32_t at = arena_alloc(vm, bytes + sizeof(uint64_t));
  if (at) *(uint64_t *)arena_at(vm, at) = bytes;
  return at ? at + 1 : 0;
}
FN_INLINE size_t deferred_plane_bytes(const Vm *vm, const Deferred *d) { return *(const uint64_t *)arena_at(vm, d->plane - 1); }
FN_INLINE const Wide *deferred_bits(const Vm *vm, const Deferred *d) { return (const Wide *)arena_at(vm, d->wide); }
/* Is its table made in a Room of its own? */
FN_INLINE bool deferred_has_room(const Deferred *d) {
  return d->wide || d->kind == DEFER_TWINS || d->kind == DEFER_UNION || d->kind == DEFER_MINUS || d->kind == DEFER_OUTLINE;
}

/* The locations of a set of locations or cells, span by span: of a deferred set row by row. */
typedef struct {
  const Vm *vm;
  const Deferred *d; /* NULL: */
  Value patch, key;  /* a set with a table, and the key of the latest span */
  uint32_t run;      /* DEFER_LARGE_PART: of the next span */
  uint32_t at;       /* narrow: the row of `bits`; wide: their word; else the place in the table */
  uint64_t bits;     /* not told yet, of this row, from this column on */
  int64_t row, left;
} Spans;
FN Spans spans_of(const Vm *vm, const Deferred *d);
FN Spans patch_spans(const Vm *vm, Value patch); /* with `key` of a set that is not deferred, twins among them */
FN Spans place_spans(const Vm *vm, Value patch); /* locations alone, of twins each once */
FN bool spans_beyond(Spans *s, Span *span); /* the next of another word, of a run, or of a table */
FN_INLINE bool spans_next(Spans *s, Span *span) {
  if (!s->bits) return spans_beyond(s, span);
  uint32_t from = lowest_bit(s->bits);
  uint64_t others = ~(s->bits >> from), to = others ? from + lowest_bit(others) : (uint64_t)WIDE_WORD;
  if (to > WIDE_WORD) to = WIDE_WORD;
  s->bits = to < WIDE_WORD ? s->bits & ~(uint64_t)0 << to : 0;
  span->row = s->row;
  span->from = s->left + from;
  span->to = s->left + (int64_t)to;
  return true;
}
FN Box deferred_box(const Vm *vm, const Deferred *d);
FN bool deferred_has(const Vm *vm, const Deferred *d, int64_t i, int64_t j); /* not of DEFER_LARGE_PART */
/* Does a set whose table is not made contain the key? 1, 0; -1: that is for its table to tell. */
FN int deferred_contains(const Vm *vm, const Set *s, Value key);

/* The bounding box of a frozenset of locations or cells (i, j, colour), n items each (n 0: any), deferred or not; false: of
 * anything else, and of an empty set. keys_box: of one of any form, which is not empty. */
FN bool patch_box(Vm *vm, Value patch, uint32_t n, Box *b);
FN Box keys_box(const Vm *vm, Value patch);
/* Puts the locations of such a set into bits whose box has them all. Is one of them new? */
FN bool patch_put(Vm *vm, Value patch, Wide *to);

/* May sets be deferred now? */
FN_INLINE bool deferred_allowed(const Vm *vm) { return vm->deferring && vm->workspace; }
/* A set of `used` keys in a table of `slots`, the recipe to be filled in: kind, what that needs, colour, bits. Behind it
 * lies the room for its table, or, for DEFER_LARGE_PART, none. NULL: no memory. */
FN Deferred *deferred_new(Vm *vm, DeferKind kind, uint32_t used, uint32_t slots, Value *set);
/* A recipe without keys, to be filled in. */
FN void deferred_recipe(Deferred *d, DeferKind kind, Value colour);

/* Sets by a recipe: kind, source, other, colour, grid or plane, moves count, and the keys are those of its rows, or the
 * locations of the bits, which are cut and kept. The set is narrow where it can be. The empty frozenset where
 * there is no key. 0: no memory; nothing is raised where the eager way may still do.
 * added: its keys were added one by one to an empty set, in the order that the recipe tells.
 * made: the table has `slots`, `fill` of them taken if there are more than keys, else 0; making it takes `room` bytes. */
FN Value deferred_added(Vm *vm, const Deferred *from);
FN Value deferred_added_wide(Vm *vm, const Deferred *from, Wide *bits);
FN Value deferred_frozen(Vm *vm, const Deferred *from); /* and that was a set, of which frozenset() made this one */
FN Value deferred_made(Vm *vm, const Deferred *from, Wide *bits, uint32_t slots, uint32_t fill, size_t room);
/* Twins, so many, at the locations of the rows or, unless NULL, of the bits, which are cut and kept. */
FN Value deferred_twins(Vm *vm, const Deferred *from, Wide *bits, uint32_t used);

/* merged.c: frozenset(key for item in source for key in item) for a tuple or frozenset of sets of locations, or of cells,
 * of which no two differ only in colour. 0: not of that form, nothing has happened; or no memory. */
FN Value deferred_merged(Vm *vm, Value source);
/* merged.c: a | b for two of such frozensets. 0 as above. */
FN Value deferred_union(Vm *vm, Value a, Value b);
/* DEFER_TWINS: of the hashes of its keys, by exclusive or. */
FN uint64_t twins_mixed(Vm *vm, const Deferred *d);
/* DEFER_MERGED: the item of a tuple or frozenset from *pos on, false: no more; and the keys as they were added: how many. */
FN bool merged_next(const Vm *vm, Value source, uint32_t *pos, Value *item);
FN uint32_t merged_list(Vm *vm, Value source, uint16_t *list);
/* Bits of the keys of one such set, and the colours in a recipe that follows it. NULL as above. */
FN Wide *merged_bits(Vm *vm, Value set, Deferred *d);
FN void merged_add(Vm *vm, Value source, Value set); /* or adds them to a set, for which there is memory */
/* box.c: the set that a DEFER_OUTLINE stands for, in memory for it. */
FN Value outline_make(Vm *vm, const Deferred *d);
/* a - b for a deferred set and another frozenset of locations or cells alike. 0 as above. */
FN Value deferred_minus(Vm *vm, Value a, Value b);

/* deferred_kept.c: some keys of a frozenset in its order, those at the bits of rows; of which sets that can be made. 0: no memory. */
FN bool deferred_has_some(const Vm *vm, Value from);
FN Value deferred_some(Vm *vm, Value from, const uint32_t *rows);
/* The keys of a narrow deferred set, in its order, that another frozenset of such keys has as well
 * (common), or lacks. 0 as above. */
FN Value deferred_kept(Vm *vm, Value from, Value other, bool common);

/* A set of locations or cells, deferred or not, with each given a colour (V_NONE: none) as cells, nested ones or others, or
 * moved. 0: no memory, or too far. */
FN Value deferred_mapped(Vm *vm, Value set, Value colour, bool nested);
FN Value deferred_moved(Vm *vm, Value set, int64_t di, int64_t dj);
/* May a set that follows these be deferred, and does it pay? Small ones are made faster at once. */
enum { DEFER_KEYS = 8 };
FN_INLINE bool deferred_pays(const Vm *vm, Value set) {
  return is_kind(set, KIND_FROZENSET) && (as_set(vm, set)->deferred || as_set(vm, set)->used > DEFER_KEYS) && deferred_allowed(vm);
}
/* The colour of a cell that the set has. */
FN Value deferred_colour(const Vm *vm, const Deferred *d, int64_t i, int64_t j);
/* The same of many in a row. */
typedef struct {
  Value one;           /* all are of this colour, or: */
  const Value *values; /* NULL: */
  const int8_t *bytes; /* less the least of them */
  int64_t left;        /* column of the first of these */
  int32_t least;
} ColourRow;
FN ColourRow deferred_colours(const Vm *vm, const Deferred *d, int64_t i);
FN_INLINE Value colour_in_row(const ColourRow *r, int64_t j) {
  return r->one ? r->one : r->values ? r->values[j - r->left] : v_int(r->bytes[j - r->left] + r->least);
}
/* The same at a location, which is the number of its shared pair. */
FN Value deferred_colour_at(const Vm *vm, const Deferred *d, uint32_t location);
/* The key at a location that the set has. */
FN Value deferred_key(const Vm *vm, const Deferred *d, uint32_t location);
/* Makes the table of s, which is narrow: its n keys, as locations, in the order in which they were added. */
FN void deferred_fill(Vm *vm, Set *s, const uint16_t *list, uint32_t n);
/* The keys of a frozenset in its order, without making its table; false: it has one, or that is to be made, as it is
 * where keys are asked for again. */
FN bool deferred_list(Vm *vm, Value set, Value *keys);
/* The locations of one without a table, which its source has, in its order: how many; returns the keys by location. For items of a union. */
FN const Value *deferred_order(Vm *vm, Value set, uint16_t *list, uint32_t *n);

/* Are the keys of two deferred frozensets the same? */
FN bool deferred_equal(const Vm *vm, const Set *a, const Set *b);
/* Makes the table of one that has none, and its keys if they are no shared ones, in a Room (its arena offset) that is used again: for a
 * look at all of it, after which the table is to be set to 0. false: it is one of those that are made together, or too large. */
FN bool deferred_make_in(Vm *vm, Set *s, uint32_t room);
/* The hash of one whose table is not made. Objects have theirs from the start. */
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
/* What lies between two sums, where a row of bits begins or ends to be set, by exclusive or. */
FN uint64_t rows_mixed(const uint32_t *rows, const uint64_t *sums);
/* Are there shared keys of this form at all these locations? */
FN bool rows_are_shared(const Vm *vm, const uint32_t *rows, KeyForm form);
/* rows moved by (di, dj); false: a key would leave the range of shared ones. */
FN bool rows_moved(const Vm *vm, const uint32_t *rows, int64_t di, int64_t dj, KeyForm form, uint32_t *to);

#endif
