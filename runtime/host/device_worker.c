/* device_worker.c - see device_worker.h. */
#include "device_worker.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "buffer.h"

enum {
  MOST_UNITS = 8192,
  MOST_ITEMS = 1 << 17,
  SAMPLES_PER_TASK = 4,    /* about */
  ITEMS_PER_WARP = 8,      /* of a batch beside CPU threads: so that warps end together */
  PROBE_PART = 4,          /* of the warps, in the first of those */
  DEVICE_STEPS = 1 << 24   /* of one op: who needs more is faster on the CPU */
};

/* Units and items of a batch, in the order in which they are finished. */
typedef struct {
  uint32_t units[MOST_UNITS];
  uint32_t first[MOST_UNITS + 1]; /* item of each unit, and behind the last of them */
  uint32_t nunits;
  BatchItem *items;
  uint32_t nitems, cap;
  uint32_t number; /* of the device's batches */
  bool sent;       /* under way there */
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
    work->first[k] = work->nitems;
    for (uint32_t i = 0; task && i < plan->nprograms; i++)
      if (program_wants(&plan->programs[i], task, plan->options->all_pairs))
        add_items(work, i, (uint32_t)(task - plan->data->tasks), task_samples(task));
  }
  work->first[work->nunits] = work->nitems;
}

static void lose(Worker *w) {
  const Device *d = w->share->run.device;
  if (!w->share->lost) host_warning("%s: %s; the CPU finishes the run", d->name, d->error);
  w->share->lost = true;
}

/* Beside CPU threads: what the device and they have done, in units. */
typedef struct {
  double started, busy; /* host_clock() at the start; seconds in which the device had work */
  double since;         /* host_clock(): busy is counted up to it */
  uint32_t units;       /* of the device */
} Rates;

/* As many units as the device does before the CPU would have done all the rest; 0: it is no help any more. */
static uint32_t worthwhile(Worker *w, const Rates *r, uint32_t units) {
  uint32_t open, done;
  if (!r->units) return units;
  queue_counts(&w->plan->queue, &open, &done);
  double elapsed = host_clock() - r->started, on_device = r->busy / r->units;
  double on_cpu = done > r->units ? elapsed / (done - r->units) : elapsed; /* with all threads */
  double most = open * on_cpu / (on_device + on_cpu);
  if (most < 1 && open)
    fprintf(stderr, "device: %s ends here, a task takes it %.2f ms and the CPU %.2f ms\n", w->share->run.device->name, on_device * 1e3,
            on_cpu * 1e3);
  return most < units ? (uint32_t)most : units;
}

/* A batch takes as long as its longest item, which is many times as long as others: so a device alone has all that there is in one, if it
 * can be. */
static uint32_t most_units(const RunPlan *plan) {
  uint32_t most = MOST_ITEMS / SAMPLES_PER_TASK / plan->nprograms;
  return most < 1 ? 1 : most < MOST_UNITS ? most : MOST_UNITS;
}

/* The first batch beside CPU threads is small, to see how long it takes. No later one is more than half of the rest, so that one can come out
 * while another runs. */
static uint32_t batch_units(Worker *w, const Rates *r) {
  if (w->plan->devices.alone) return most_units(w->plan);
  uint32_t least = w->share->run.warps / SAMPLES_PER_TASK, units = r->units ? least * ITEMS_PER_WARP : least / PROBE_PART, open, done;
  queue_counts(&w->plan->queue, &open, &done);
  if (units > (open + 1) / 2) units = (open + 1) / 2 > least ? (open + 1) / 2 : least;
  return worthwhile(w, r, units < 1 ? 1 : units < most_units(w->plan) ? units : most_units(w->plan));
}

/* To the device, if it wants any and is still there. */
static void send_work(Worker *w, Work *work) {
  DeviceShare *s = w->share;
  list_work(w->plan, work);
  work->sent = work->nitems && !s->lost;
  if (work->sent && !device_run_submit(&s->run, work->number, work->items, work->nitems)) {
    lose(w);
    work->sent = false;
  }
}

/* Has the device done all items from .. to - 1 of a unit? One that has none is for the CPU. */
static bool is_done(const DeviceShare *s, uint32_t from, uint32_t to) {
  for (uint32_t i = from; i < to; i++)
    if (s->out.results[i].state != ITEM_DONE) return false;
  return to > from;
}

/* What comes back is finished here, and what does not is for the CPU. */
static void finish_work(Worker *w, Work *work, Rates *rates) {
  DeviceShare *s = w->share;
  if (work->sent && !s->lost && !device_run_collect(&s->run, work->number, &s->out)) {
    lose(w);
    memset(&s->out, 0, sizeof s->out);
  }
  double now = host_clock();
  rates->busy += now - rates->since;
  rates->since = now;
  for (uint32_t i = 0; i < work->nunits; i++) {
    bool done = s->out.results && is_done(s, work->first[i], work->first[i + 1]);
    s->next = work->first[i];
    rates->units += done;
    if (done) worker_finish(w, work->units[i]);
    else queue_return(&w->plan->queue, work->units[i]);
  }
  memset(&s->out, 0, sizeof s->out);
}

/* The next batch goes out before the last one is finished, so that the device has always one to run. */
static void work_with_device(Worker *w, Work works[DEVICE_BATCHES]) {
  Rates rates = {.started = host_clock()};
  Work *last = NULL;
  for (uint32_t number = 0;;) {
    Work *next = &works[number];
    bool more = !w->failed && !*w->plan->interrupt && !w->share->lost;
    uint32_t most = more ? batch_units(w, &rates) : 0;
    next->nunits = most ? queue_take_many(&w->plan->queue, next->units, most, !last) : 0;
    if (!last) rates.since = host_clock();
    if (next->nunits) send_work(w, next);
    if (last) finish_work(w, last, &rates);
    else if (!next->nunits) return;
    last = next->nunits ? next : NULL;
    if (last) number = (number + 1) % DEVICE_BATCHES;
  }
}

void *device_worker_main(void *arg) {
  Worker *w = (Worker *)arg;
  const RunPlan *plan = w->plan;
  Work works[DEVICE_BATCHES];
  memset(works, 0, sizeof works);
  for (uint32_t i = 0; i < DEVICE_BATCHES; i++) works[i].number = i;
  worker_setup(w);
  uint64_t steps = plan->options->steps < DEVICE_STEPS ? plan->options->steps : DEVICE_STEPS;
  Device *d = w->share->run.device;
  if (!w->failed && !(device_run_start(&w->share->run, d, plan->programs, plan->nprograms, plan->image, plan->proto,
                                       plan->image_top, steps, plan->options->both_calls, plan->lines, plan->options->profile) &&
                      device_run_data(&w->share->run, plan->data->tasks, plan->data->ntasks)))
    lose(w);
  work_with_device(w, works);
  queue_device_ends(&w->plan->queue);
  worker_loop(w);
  worker_end(w);
  for (uint32_t i = 0; i < DEVICE_BATCHES; i++) free(works[i].items);
  return NULL;
}
