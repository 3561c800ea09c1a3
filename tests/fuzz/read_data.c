/* read_data.c - any bytes as data: a file of one task or of several, alone or with solutions beside it. */
#include "reader.h"

#include "host/data.h"

#include <string.h>

static void look_at(const DataSet *set) {
  unsigned sum = 0;
  for (uint32_t i = 0; i < set->ntasks; i++)
    for (uint32_t k = 0; k < task_samples(&set->tasks[i]); k++) {
      const Sample *s = &set->tasks[i].samples[k];
      for (uint32_t cell = 0; cell < (uint32_t)s->input.h * s->input.w; cell++) sum += s->input.cells[cell];
      for (uint32_t cell = 0; cell < (uint32_t)s->output.h * s->output.w; cell++) sum += s->output.cells[cell];
    }
  if (sum == UINT32_MAX) abort(); /* no file has so many cells */
}

/* What follows the first zero byte is the file of solutions. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  const uint8_t *zero = size ? memchr(data, 0, size) : NULL;
  size_t first = zero ? (size_t)(zero - data) : size;
  const char *tasks = reader_file(zero ? "x_challenges.json" : "x.json", data, first);
  const char *solutions = zero ? reader_file("x_solutions.json", zero + 1, size - first - 1) : NULL;
  DataSet set;
  DataQuery query = {.paths = &tasks, .npaths = 1, .training = true, .evaluation = true};
  if (data_load(&query, &set)) look_at(&set);
  data_free(&set);
  unlink(tasks);
  if (solutions) unlink(solutions);
  return 0;
}
