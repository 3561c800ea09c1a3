/* score.h - which candidate solved which task.
 *
 * A candidate is an item of the o list, by its position; with --entry, a function. It solves a task when
 * its value equals the expected output on every sample that has one; the first call (C = None) counts,
 * because a candidate that looks at C could copy it. */
#ifndef BATTC_SCORE_H
#define BATTC_SCORE_H

#include "../program.h"
#include "data.h"

typedef struct {
  char *name;        /* third element of the item, or the function; owned; may be NULL */
  uint64_t matched;  /* outputs */
  uint32_t solved;   /* tasks; entries without parameters: 1 when no exception came */
} Candidate;

typedef struct {
  uint32_t unit;     /* in data order */
  uint32_t candidate;
} Solve;

/* All zero is an empty board. */
typedef struct {
  Candidate *candidates;
  uint32_t ncandidates, candidates_cap;
  Solve *solves;
  uint32_t nsolves, solves_cap;
  uint32_t *hits;    /* per candidate: outputs of the current task that it matched */
  uint32_t hits_cap;
} Board;

void board_free(Board *b);
void board_begin_task(Board *b);
/* After the first call on a sample whose output is `expected`. number: of the program. */
void board_call(Board *b, const Execution *x, const CallOutcome *outcome, Value expected, uint32_t number);
/* An entry without parameters ended without an exception. */
void board_pass(Board *b, const Program *program, uint32_t number, uint32_t unit);
void board_end_task(Board *b, const Task *task, uint32_t unit);
void board_add_hits(Board *into, const Board *from); /* of the current task, of which both did some samples */
void board_merge(Board *into, const Board *from);
void board_sort(Board *b); /* solves by unit, then candidate */

#endif
