/* worker.h - one thread of a run: its machine, its counts, its share of the units. */
#ifndef BATTC_WORKER_H
#define BATTC_WORKER_H

#include "../program.h"
#include "device_set.h"
#include "laps.h"
#include "options.h"
#include "profile.h"
#include "queue.h"
#include "stats.h"
#include "trace.h"

/* What all threads share, constant while they run but for the queue. */
typedef struct {
  const RunnerOptions *options;
  const Program *programs;
  uint32_t nprograms;
  const Image *image;
  const Vm *proto;
  uint32_t image_top;
  const struct DataSet *data; /* whose tasks the units are */
  RunUnit *units;
  uint32_t nunits;
  bool lines;             /* result lines are wanted */
  volatile int *interrupt;
  DeviceSet devices;
  Queue queue;
  pthread_mutex_t counts; /* to RunUnit.counts */
} RunPlan;

typedef struct {
  RunPlan *plan;
  pthread_t thread;
  bool started;
  Vm *vm;
  Execution *first;       /* of program 0: the machine's lowest level */
  RunStats stats;
  Laps laps;              /* of the unit that runs */
  Board board;
  Profile *profile;       /* NULL: not wanted; owned by who started the thread, as is trace */
  Trace *trace;
  struct DeviceShare *share; /* NULL: none; see device_worker.h */
  uint32_t part;          /* of the unit, the first that it took */
  bool failed;            /* no memory even for the program's constants; a message was given */
} Worker;

/* What a worker does without a device, one unit at a time; and its parts. */
void *worker_main(void *worker); /* thread function */
void worker_setup(Worker *w);
void worker_loop(Worker *w);
void worker_end(Worker *w);
/* Runs a unit that was taken, from w->part on; with w->share, what the device has done is taken from there. */
void worker_finish(Worker *w, uint32_t unit);
/* How many threads can be at work on it. */
uint32_t unit_parts(const RunPlan *plan, const RunUnit *u);

bool program_has_second_call(const Program *p);
bool program_runs_once(const Program *p);
bool program_wants(const Program *p, const Task *task, bool all_pairs);

#endif
