/* location_set.h - locations of grids of at most 30 x 30 as numbers, and what is known of their sets.
 *
 * A location is the number of its shared pair (cells.h): 32 (i + 1) + j + 1. So a grid has a margin
 * of one all around, and neighbours are at constant distances.
 *
 * The workspace of a machine holds what kernels would otherwise make again and again. It depends on
 * nothing but the rules of Python, and is filled as it is needed. */
#ifndef BATTC_KERNELS_LOCATION_SET_H
#define BATTC_KERNELS_LOCATION_SET_H

#include "../cells.h"
#include "number_set.h"

enum {
  LOCATIONS = PAIR_SIDE * PAIR_SIDE,
  GRID_SIDE = 30,
  GRID_CELLS = GRID_SIDE * GRID_SIDE,
  SHAPE_CELLS = 465 * 465 /* of all grids h x w with h, w <= 30 */
};

FN_INLINE uint32_t location_of(uint32_t i, uint32_t j) { return (i + 1) * PAIR_SIDE + j + 1; }
FN_INLINE uint32_t location_row(uint32_t location) { return location / PAIR_SIDE - 1; }
FN_INLINE uint32_t location_column(uint32_t location) { return location % PAIR_SIDE - 1; }

/* By place in a set's order: a location, 0 where it is not known yet, and its slot; and of the location with this number when they
 * are counted row by row, which place it has. */
typedef struct {
  uint32_t location : 10, slot : 12, rank : 10;
} Place;

/* What a search for components works on: objects.c. */
typedef struct {
  uint8_t mark[LOCATIONS];
  uint8_t colour[LOCATIONS];
  uint16_t stamp[LOCATIONS], stamps; /* of the latest */
  uint32_t belongs[PAIR_SIDE];    /* by row, cells of the component that have not been found */
  uint32_t open[PAIR_SIDE];       /* cells of the grid that are not of any that have */
  uint32_t reach[PAIR_SIDE];      /* what a wave reaches; 0 between two */
  uint16_t order[GRID_CELLS + 1]; /* locations of the component, as they were found */
  uint16_t list[GRID_CELLS + 1];
  uint64_t crossed[NUMBER_SLOTS / 64 + 1]; /* bit by slot */
  NumberSet reached, wave;        /* of locations; at the end of a component, of its cells */
  Value cells[LOCATIONS];         /* of the component */
  int64_t cell_hashes[LOCATIONS];
  Value found[GRID_CELLS];        /* components */
  int64_t found_hashes[GRID_CELLS];
} SearchSpace;

/* Flood fill on row masks: flood.c. Bit j + 1 of row i + 1 is for location (i, j), as in Deferred.rows. */
typedef struct {
  uint32_t rows[PAIR_SIDE];
  uint64_t mixed; /* of the hashes of its cells */
  uint32_t ncells;
  uint32_t of;    /* its colours: bit by colour */
  uint32_t rank;  /* the least of its cells */
  uint32_t spare;
} FloodPart;

enum { COLOUR_BITS = 4, RANK_WORDS = 16 };
typedef struct {
  uint32_t bits[COLOUR_BITS][PAIR_SIDE];     /* of the colours of cells */
  uint32_t colours[CELL_COLOURS][PAIR_SIDE]; /* cells by colour */
  uint32_t inside[PAIR_SIDE];                /* cells of any object */
  uint32_t alone[PAIR_SIDE];                 /* those that are objects of one cell */
  uint32_t left[PAIR_SIDE];                  /* of which no object has been found yet */
  FloodPart parts[GRID_CELLS / 2];           /* objects of several cells */
  uint64_t ranks[RANK_WORDS];                /* bit by the rank of an object; 128 bytes */
  Value by_rank[GRID_CELLS];                 /* and the set that it is */
} FloodSpace;

/* Labelling of connected cells: components.c. */
typedef struct {
  uint32_t row, from, to; /* columns from .. to - 1 */
  uint32_t key;
  uint32_t parent, part;
  uint32_t next; /* of the same part, from the top left on; NO_RUN: none */
} Run;
enum { NO_RUN = -1 };

typedef struct {
  uint64_t mixed;   /* of the hashes of its cells */
  uint32_t ncells;
  uint32_t rank;    /* least of its cells, see large_ranks */
  uint64_t colours; /* bit by colour from COLOUR_MIN on */
  uint32_t first_run, last_run;
} Part;

/* For so many cells; by_rank and taken for ranks. */
typedef struct {
  const uint8_t *colours; /* the plane of the grid */
  uint8_t *keys;          /* by cell, row by row */
  Run *runs;
  Part *parts;
  uint32_t *by_rank, *order;
  uint64_t *taken; /* bit by rank */
} PartSpace;

enum {
  LARGE_SHAPES = 1024, /* kept at a time, a power of two */
  LARGE_RANKS = 1 << 21,
  LARGE_CELLS = 16384, /* up to so many a grid has its working memory in the workspace */
  KEYS_TAIL = 48,      /* bytes behind keys that are looked at with them, whatever they are */
  LARGE_SLOTS = 32768  /* of the table of so many locations */
};

typedef struct {
  uint8_t keys[LARGE_CELLS + KEYS_TAIL];
  Run runs[LARGE_CELLS];
  Part parts[LARGE_CELLS];
  uint32_t by_rank[LARGE_SLOTS], order[LARGE_CELLS];
  uint64_t taken[LARGE_SLOTS / 64];
} KeptPartSpace;

/* Ranks of the locations of larger grids, by shape. When there is no more room all are dropped. Memory may end behind `room` ranks. */
typedef struct {
  uint32_t h, w; /* 0: none */
  uint32_t ranks; /* index of the first */
} LargeShape;
typedef struct {
  LargeShape shapes[LARGE_SHAPES]; /* open addressing; at most half of them */
  uint32_t nshapes, nranks;
  uint32_t room; /* at least LARGE_CELLS, at most LARGE_RANKS */
  uint32_t ranks[LARGE_RANKS];
} LargeShapes;

/* Where deferred.c makes tables: apart from what kernels use, as any look at a set may come to it. */
typedef struct {
  NumberSet set; /* of locations */
  Value keys[LOCATIONS];
  int64_t hashes[LOCATIONS];
  uint16_t list[LOCATIONS], item[LOCATIONS];
  uint32_t left[PAIR_SIDE]; /* rows of locations that are to come */
} MakingSpace;

/* What an Adding holds. */
typedef struct {
  NumberSet set;
  Value keys[NUMBERS_MAX];
  int64_t hashes[NUMBERS_MAX];
  uint16_t list[NUMBERS_MAX];
} AddingSpace;

/* By location: of all before it the shuffle_bits of their hashes, or of those of cells there, by exclusive or. */
typedef uint64_t LocationSums[LOCATIONS + 1];

typedef struct Workspace {
  uint32_t pairs;                       /* image->pairs that `values` are of */
  int64_t hashes[LOCATIONS];
  uint8_t slots[LOCATIONS];             /* where searches for them begin in a table of WORD_SLOTS */
  Value values[LOCATIONS];              /* the shared pairs */
  int32_t steps[8];                     /* location_step by direction */
  uint64_t near[2][4][LOCATIONS];       /* by diagonal, by edges; 0: not known yet */
  Place indices[SHAPE_CELLS];           /* of all locations of a grid, by shape */
  LocationSums pair_sums;
  LocationSums cell_sums[CELL_COLOURS];
  LocationSums nested_sums[CELL_COLOURS]; /* see colour_sums */
  uint32_t nested;                      /* vm->nested that these are of */
  NumberSet set;
  uint16_t list[GRID_CELLS + 1];        /* of what is to be put into it */
  uint32_t changed[PAIR_SIDE];          /* of what is painted, by row */
  SearchSpace search;
  MakingSpace making;
  AddingSpace adding;
  FloodSpace flood;
  KeptPartSpace part_space; /* what large grids alone need comes last, in pages of its own */
  LargeShapes large_shapes; /* last, as not all of its ranks may be there */
} Workspace;

/* Which far edges of the grid a location is at; those at 0 follow from its number. */
enum { EDGE_RIGHT = 1, EDGE_BOTTOM = 2 };

/* The set of a location's neighbours that lie in the grid, as the comprehension
 * {(i, j) for i, j in around(loc) if 0 <= i < h and 0 <= j < w} makes it. One byte for each, in the
 * order of iteration from the lowest: slot << 3 | direction, see location_step. By the hashes of all neighbours, and bit by
 * direction which of them lie in the grid; s is to work in. */
enum { AROUND_MAX = 8 };
FN uint64_t near_make(NumberSet *s, const int64_t *hashes, bool diagonal, uint32_t inside);
FN uint64_t location_near_make(Workspace *w, bool diagonal, uint32_t edges, uint32_t location);
FN_INLINE uint64_t location_near(Workspace *w, bool diagonal, uint32_t edges, uint32_t location) {
  uint64_t near = w->near[diagonal][edges][location];
  return LIKELY(near) ? near : location_near_make(w, diagonal, edges, location);
}
/* The mask of its table with n members. */
FN_INLINE uint32_t location_near_mask(uint32_t n) { return n <= 4 ? 7 : 31; }

/* What a direction adds to a location: up, down, left, right, then the corners from the upper left. */
FN_INLINE int32_t location_step(uint32_t direction) { return (int8_t)(0x211fe1df01ff20e0u >> (direction * 8) & 0xff); }

/* asindices(grid) of an h x w grid, h and w 1..30: h * w places in the order of iteration. */
FN const Place *location_indices(Workspace *w, uint32_t h, uint32_t width);
/* By row and column, numbers that are in the same order, below location_indices_slots, of grids beyond 30 x 30; valid until the next call.
 * NULL: no memory. */
FN const uint32_t *large_ranks(Vm *vm, uint32_t h, uint32_t width);
/* Slots of the table of so many locations added to an empty set. */
FN uint32_t location_indices_slots(uint32_t cells);

/* Bytes of a workspace that has room for so many ranks. */
FN_INLINE size_t workspace_size(uint32_t ranks) { return offsetof(Workspace, large_shapes.ranks) + ranks * sizeof(uint32_t); }
/* Gives the sets in it the machine's warp. */
FN void workspace_lanes(Vm *vm);
/* The machine's workspace, ready; NULL: it has none. */
FN Workspace *workspace_of(Vm *vm);
/* Of a machine with a workspace: the sums by colour of shared cells, nested ones or others. */
FN const LocationSums *colour_sums(Vm *vm, bool nested);

#endif
