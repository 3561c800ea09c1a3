/* device_worker.c - see device_worker.h. */
#include "device_worker.h"

#include <stdlib.h>

#include "buffer.h"

enum {
  MOST_UNITS = 512,
  ITEMS_PER_WARP = 8,      /* of a batch: so that warps end together */
  DEVICE_STEPS = 1 << 24   /* of one op: who needs more is faster on the CPU */
};

/* Tasks and items of a batch, in the order in which they are finished. */
typedef struct {
  uint32_t units[MOST_UNITS];
  uint32_t nunits;
  const Task **tasks;
  BatchItem *items;
  uint32_t nitems, cap;
} Work;

static int by_number(const void *a, const void *b) {
  uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
  return x < y ? -1 : x > y;
}

static void add_items(Work *work, uint32_t program, uint32_t task, uint32_t nsamples) {
  for (uint32_t i = 0; i < nsamples; i++) {
    work->items = (BatchItem *)host_grow(work->items, work->nitems, &work->cap, sizeof *work->items);
    work->items[work->nitems++] = (BatchItem){program, task, i};
  }
}

static void list_work(const RunPlan *plan, Work *work) {
  qsort(work->units, work->nunits, sizeof *work->units, by_number);
  work->nitems = 0;
  for (uint32_t k = 0; k < work->nunits; k++) {
    const Task *task = plan->units[work->units[k]].task;
    work->tasks[k] = task;
    for (uint32_t i = 0; task && i < plan->nprograms; i++)
      if (program_wants(&plan->programs[i], task, plan->options->all_pairs)) add_items(work, i, k, task_samples(task));
  }
}

static void lose(Worker *w) {
  const Device *d = w->share->run.device;
  if (!w->share->lost) host_warning("%s: %s; the CPU finishes the run", d->name, d->error);
  w->share->lost = true;
}

static uint32_t batch_units(const Worker *w) {
  uint32_t units = w->share->run.warps * ITEMS_PER_WARP / 4;
  return units < 1 ? 1 : units < MOST_UNITS ? units : MOST_UNITS;
}

static void run_batch(Worker *w, Work *work) {
  DeviceShare *s = w->share;
  list_work(w->plan, work);
  bool ok = !work->nitems || device_run_batch(&s->run, work->tasks, work->nunits, work->items, work->nitems, &s->out);
  if (!ok) lose(w), batch_output_free(&s->run, &s->out);
  s->next = 0;
  for (uint32_t i = 0; i < work->nunits; i++) worker_finish(w, work->units[i]);
  batch_output_free(&s->run, &s->out);
}

void *device_worker_main(void *arg) {
  Worker *w = (Worker *)arg;
  const RunPlan *plan = w->plan;
  Work work = {.tasks = (const Task **)host_alloc(MOST_UNITS * sizeof *work.tasks)};
  worker_setup(w);
  uint64_t steps = plan->options->steps < DEVICE_STEPS ? plan->options->steps : DEVICE_STEPS;
  Device *d = w->share->run.device;
  if (!w->failed && !device_run_start(&w->share->run, d, plan->programs, plan->nprograms, plan->image, plan->proto,
                                      plan->image_top, steps, plan->options->both_calls, plan->lines))
    lose(w);
  while (!w->failed && !*plan->interrupt && !w->share->lost) {
    work.nunits = queue_take_many(&w->plan->queue, work.units, batch_units(w));
    if (!work.nunits) break;
    run_batch(w, &work);
  }
  worker_loop(w);
  worker_end(w);
  free(work.tasks);
  free(work.items);
  return NULL;
}
