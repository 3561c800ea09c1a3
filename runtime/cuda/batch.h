/* batch.h - many samples at once: what the host hands to a device and what comes back.
 *
 * A warp takes an item (program, task, sample) from the queue, runs the first call and the second, and copies the values that
 * are wanted out of its arena. Everything here is the same text on the device and in the emulator; all pointers are the
 * device's. Three parts of memory:
 *
 *   Shared    for a run: image, programs, their tables, the state that every warp starts with
 *   Batch     for a launch: tasks, items, results
 *   slabs     one a warp: WarpState, then what WarpLayout lists
 *
 * A call that meets a limit is not the device's to decide, which has other limits: its item is left to the CPU. */
#ifndef BATTC_BATCH_H
#define BATTC_BATCH_H

#include "../inputs.h"
#include "../program.h"
#include "warp.h"

/* Offsets in bytes from the start of a slab. The first `copied` bytes, and `arena_copied` of the arena, are copied from
 * the first state; from `values` to `frames` there are zeros, and memory behind is anything. */
typedef struct {
  uint64_t memo, workspace, values, copied;
  uint64_t op_ticks; /* 0: time of ops is not wanted */
  uint64_t unshared, known, wanted, errors, uncaught, lines, given;
  uint64_t frames, stack, arena, arena_copied, size;
  uint32_t max_frames, stack_size, ranks;
  uint32_t arena_limit, arena_end; /* in units of 8 bytes */
} WarpLayout;

/* A program with what exec_prepare made of it. */
typedef struct {
  Program program;
  uint32_t *order, *op_of_slot;
  uint32_t first[6];
  uint32_t *wanted; /* slots whose values go out; nwanted */
  uint32_t nwanted;
  bool second;      /* it has a second call */
  uint32_t first_op; /* of Shared.ticks */
} BatchProgram;

typedef struct {
  Image image;
  BatchProgram *programs;
  uint32_t nprograms;
  uint32_t image_top;   /* values below are the same on the host */
  uint32_t import_base; /* offset that a value copied out first has on the host */
  uint64_t max_steps;
  MemoMark image_memo;
  bool both_calls;
  uint64_t *ticks; /* NULL; or time by op, of all programs one after the other, then that of whole items */
  uint64_t nticks;
  uint8_t *first_state; /* a slab's beginning: `copied` bytes, then the arena's */
  WarpLayout layout;
} Shared;

typedef struct {
  uint32_t program, task, sample;
} BatchItem;

typedef struct {
  uint32_t error, line, nops; /* as in CallOutcome */
  uint32_t spare;
  uint64_t at, units;         /* in Batch.room: nwanted values (whole programs: one), then objects */
} BatchCall;

enum { ITEM_OPEN, ITEM_DONE, ITEM_LEFT };
/* Why: a limit, a value too large to copy, no room, no arena, most warps had nothing to do any more. */
enum { LEFT_LIMIT, LEFT_OBJECT, LEFT_ROOM, LEFT_INPUT, LEFT_LAST, LEFT_REASONS };

typedef struct {
  uint32_t state; /* ITEM_... */
  uint32_t why;   /* LEFT_... */
  uint32_t ncalls;
  uint32_t failed_op; /* the first op that raised, handled or not, + 1; 0 none */
  uint32_t failed_error;
  uint32_t warp;
  uint64_t ticks;
  BatchCall calls[2];
} ItemResult;

typedef struct {
  Task *tasks;
  BatchItem *items;
  uint32_t *queue; /* their numbers, longest first */
  uint64_t nitems;
  ItemResult *results;
  uint64_t *room; /* what was copied out */
  uint64_t room_units;
  uint64_t last_at;   /* counter that makes the warps still at work leave their items; 0: none does */
  int last;           /* nonzero: they do */
  uint64_t taken;     /* counters: items, then warps that got none */
  uint64_t room_used; /* units; may be more than there are */
} Batch;

/* First in a slab. */
typedef struct {
  Warp warp;
  Vm vm;
  Execution x;
  const Shared *shared;
  uint32_t program; /* + 1; 0: none is loaded */
  uint32_t number;  /* of the warp */
  uint64_t taken;   /* place in the queue; nitems or more: no more */
} WarpState;

/* export.c: values copied out of an arena, as objects that lie one after the other at `to`. */
typedef struct {
  Vm *vm;
  uint64_t *to;
  uint64_t used, room;  /* units */
  uint32_t keep, base;  /* offsets below `keep` stay; others become `base` + where the copy lies in `to` */
  Value *work;          /* copies whose references are the old ones yet; grows downwards from `to` + room */
  uint32_t nwork;
  struct { uint32_t from, to; } seen[4096]; /* copies by old offset: a cache */
} Export;
FN void export_start(Export *e, uint64_t *to, uint64_t room);
/* False: no room. */
FN bool export_values(Export *e, const Value *values, uint32_t n);

/* What lane 0 does: one item. The others: see warp.h. */
FN void batch_item(WarpState *w, Batch *b);
/* A warp, from its first state to the end of the queue; every lane calls it. */
FN void batch_warp(uint8_t *slab, const Shared *shared, Batch *b, uint32_t number, uint32_t lane);

#endif
