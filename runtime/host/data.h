/* data.h - ARC data sets: tasks, their samples, their grids. */
#ifndef BATTC_DATA_H
#define BATTC_DATA_H

#include "../task.h"

struct DataChunk;

/* Owns everything in it; all zero is an empty set. */
typedef struct DataSet {
  Task *tasks;
  uint32_t ntasks, cap;
  uint32_t nsamples; /* of all tasks */
  struct DataChunk *chunks;
} DataSet;

/* Which tasks to load. Paths: a file of tasks (with its `…_solutions.json` beside it), a folder that
 * holds such pairs, a file of one task, a folder of those, or a folder with training/ and evaluation/.
 * Tasks come in the order of paths, training before evaluation, in the order of the file (folders: of
 * the names). */
typedef struct {
  const char *const *paths;
  uint32_t npaths;
  bool training, evaluation; /* splits wanted; tasks without one only if both are */
  const char *const *ids;    /* only these tasks; every one must be there */
  uint32_t nids;             /* 0: all */
  uint32_t limit;            /* the first so many tasks; 0: all */
} DataQuery;

/* False after a message that names the file, the place, and the task. An empty result is a failure
 * too. The set is to be freed in either case. */
bool data_load(const DataQuery *query, DataSet *set);
void data_free(DataSet *set);

#endif
