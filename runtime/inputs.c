/* inputs.c - grids as Python values. */
#include "inputs.h"

#include "kernels/grid.h"

FN Value grid_value(Vm *vm, const Grid *grid) {
  uint8_t *plane;
  Value made = new_grid(vm, grid->h, grid->w, &plane);
  if (!made) return 0;
  for (size_t k = 0; k < (size_t)grid->h * grid->w; k++) plane[k] = plane_colour(v_int(grid->cells[k]));
  grid_fill(vm, made);
  return made;
}

FN Value samples_value(Vm *vm, const Task *task) {
  Value pairs = new_tuple(vm, task->ndemo);
  for (uint32_t i = 0; pairs && i < task->ndemo; i++) {
    Value pair[2] = {grid_value(vm, &task->samples[i].input), 0};
    if (pair[0]) pair[1] = grid_value(vm, &task->samples[i].output);
    Value made = pair[1] ? tuple_of(vm, pair, 2) : 0;
    if (!made) return 0;
    as_tuple(vm, pairs)->items[i] = made;
  }
  return pairs;
}

FN bool sample_values(Vm *vm, const Task *task, Value samples, uint32_t i, SampleValues *out) {
  if (i < task->ndemo) {
    const Tuple *pair = as_tuple(vm, as_tuple(vm, samples)->items[i]);
    out->input = pair->items[0];
    out->output = pair->items[1];
    return true;
  }
  const Sample *s = &task->samples[i];
  out->output = 0;
  if (!(out->input = grid_value(vm, &s->input))) return false;
  return !s->output.h || (out->output = grid_value(vm, &s->output)) != 0;
}
