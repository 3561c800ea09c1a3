/* inputs.h - what a call is given: grids as Python values. */
#ifndef BATTC_INPUTS_H
#define BATTC_INPUTS_H

#include "task.h"
#include "vm.h"

/* A tuple of rows, each a tuple of ints. 0: LIMIT_MEMORY pending. */
FN Value grid_value(Vm *vm, const Grid *grid);
/* S: a tuple of (input, output) of the task's demo samples. 0: LIMIT_MEMORY pending. */
FN Value samples_value(Vm *vm, const Task *task);

typedef struct {
  Value input;
  Value output; /* 0: the sample has none */
} SampleValues;

/* Of sample i of the task; those of a demo sample are the objects that S holds, as in Python where
 * both come from one list. False: LIMIT_MEMORY pending. */
FN bool sample_values(Vm *vm, const Task *task, Value samples, uint32_t i, SampleValues *out);

#endif
