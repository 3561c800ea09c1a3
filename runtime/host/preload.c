/* preload.c - see preload.h. */
#include "preload.h"

#include "buffer.h"

#include <pthread.h>
#include <stdlib.h>

struct Preload {
  DataQuery query;
  DataSet data;
  pthread_t thread;
  bool running, loaded;
};

DataQuery preload_query(const RunnerOptions *o) {
  DataQuery query = {.paths = o->data, .npaths = o->ndata, .training = o->training, .evaluation = o->evaluation,
                     .ids = o->tasks, .nids = o->ntasks, .limit = o->limit};
  return query;
}

/* What is wrong with the data is said when its turn comes. */
static void *load(void *of) {
  Preload *p = of;
  host_errors_off = true;
  p->loaded = data_load(&p->query, &p->data);
  return NULL;
}

Preload *preload_start(const RunnerOptions *o) {
  Preload *p = o->ndata ? calloc(1, sizeof *p) : NULL;
  if (!p) return NULL;
  p->query = preload_query(o);
  p->running = !pthread_create(&p->thread, NULL, load, p);
  if (p->running) return p;
  free(p);
  return NULL;
}

static void finish(Preload *p) {
  if (p->running) pthread_join(p->thread, NULL);
  p->running = false;
}

bool preload_take(Preload *p, DataSet *to) {
  DataSet none = {0};
  if (!p) return false;
  finish(p);
  if (!p->loaded) return false;
  *to = p->data;
  p->data = none;
  p->loaded = false;
  return true;
}

void preload_end(Preload *p) {
  if (!p) return;
  finish(p);
  data_free(&p->data);
  free(p);
}
