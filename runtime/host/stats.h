/* stats.h - what a run counted: merged over threads, printed, written as JSON. */
#ifndef BATTC_STATS_H
#define BATTC_STATS_H

#include <stdio.h>

#include "../cuda/batch.h"
#include "../error.h"
#include "device.h"
#include "options.h"
#include "profile.h"
#include "result.h"
#include "score.h"

/* Of one thread, then of all. */
typedef struct {
  uint64_t tasks, samples, calls, ops;
  uint64_t ended[ERR_COUNT]; /* calls that an exception ended, by class */
  uint64_t limited;          /* calls with limit values */
  uint64_t run_once;         /* entries without parameters that ran */
  LimitCounts limits;
  double first_seconds, second_seconds; /* of processor time in calls, with what is computed for them once; without lines */
  double line_seconds;       /* of processor time, making lines */
} RunStats;

void stats_merge(RunStats *into, const RunStats *from);
uint64_t stats_limits(const RunStats *s); /* limit values and limited calls: 0 if there are none */

/* What those threads counted that have left a task. */
typedef struct {
  RunStats stats;
  Board board; /* its hits alone */
} TaskCounts;

/* What a thread takes: a task's samples, or one entry without parameters. */
typedef struct {
  const Task *task;   /* NULL: run once */
  uint32_t program;   /* of what is run once */
  TaskCounts *counts; /* NULL: nobody has left the task, or it is finished */
} RunUnit;

/* What devices did: samples that they ran, and those that they left to the CPU, by LEFT_... of cuda/batch.h. */
typedef struct {
  uint64_t items, left[LEFT_REASONS];
  double kernel_seconds;
  double item_seconds, longest_item; /* of a warp: of all samples, of the longest; 0: not known */
  uint32_t warps; /* of all devices */
  DeviceUse use;  /* of the last */
  uint32_t opened, data_sent; /* devices that were opened, to which tasks were sent: not those that were kept */
} DeviceCounts;

typedef struct {
  const RunStats *stats;
  const RunnerOptions *options;
  const Board *board;
  const Profile *profile;        /* NULL: not wanted */
  const RunUnit *units;
  uint32_t nunits;
  bool entries;                  /* the programs are --entry functions */
  uint32_t threads;
  const char *device;            /* names */
  const DeviceCounts *devices;   /* NULL: the CPU alone */
  const Profile *device_profile; /* NULL: not wanted */
  bool interrupted;
  double load, run, write, total; /* seconds; run and write share the time that the threads were at work */
} RunReport;

void report_print(FILE *to, const RunReport *r);
bool report_write(const char *path, const RunReport *r); /* false after a message */

#endif
