/* task.h - an ARC task as data: what programs are called with. */
#ifndef BATTC_TASK_H
#define BATTC_TASK_H

#include "target.h"

/* h rows of w cells, colours 0..9, row after row. h 0: there is none. */
typedef struct {
  const uint8_t *cells;
  uint16_t h, w;
} Grid;

typedef struct {
  Grid input, output; /* a test sample may have no output */
} Sample;

typedef enum { SPLIT_NONE, SPLIT_TRAINING, SPLIT_EVALUATION } Split;

typedef struct {
  const char *id;   /* UTF-8 as in the file, not empty */
  Split split;      /* SPLIT_NONE where neither file nor folder name says */
  uint32_t ndemo, ntest;
  Sample *samples;  /* ndemo demo samples, each with an output, then ntest test samples */
} Task;

FN_INLINE uint32_t task_samples(const Task *t) { return t->ndemo + t->ntest; }

#endif
