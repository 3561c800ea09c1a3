/* data_internal.h - the loader's state: shared by data.c (files and folders) and data_read.c (their text). */
#ifndef BATTC_DATA_INTERNAL_H
#define BATTC_DATA_INTERNAL_H

#include "data.h"
#include "json.h"

typedef struct {
  Sample *items;
  uint32_t n, cap;
} SampleList;

typedef struct {
  const DataQuery *query;
  DataSet *set;
  bool *found;             /* per id of the query */
  Buffer key, inner_key;   /* names just read */
  Buffer cells;            /* of the grid being read */
  SampleList demo, test;   /* of the task being read */
} Loader;

/* Where the solutions of each task stand in the text of a `…_solutions.json`. */
typedef struct {
  const char *id;
  const char *from;
  size_t len;
} Solution;

typedef struct {
  char *text;
  Json json;
  Solution *items; /* sorted by id; of equal ids the last one counts, as in Python */
  uint32_t n, cap;
} Solutions;

void *data_keep(DataSet *set, const void *bytes, size_t n); /* a copy that lives as long as the set, 8-aligned */

bool load_wants(Loader *l, const char *id); /* and notes that it was there */
bool load_full(const Loader *l);            /* the limit is reached */

/* False after a message. */
bool read_solutions(Loader *l, const char *path, Solutions *s);
void solutions_free(Solutions *s);
bool read_task_text(Loader *l, const char *path, const char *text, size_t len, const char *id, Split split);
bool read_tasks_text(Loader *l, const char *path, const char *text, size_t len, Split split, const Solutions *s);
/* Is this the text of one task, rather than of tasks by id? */
bool is_one_task(Loader *l, const char *path, const char *text, size_t len);

#endif
