/* profile.h - what a run of programs costs, and where: `battc run --profile`.
 *
 * Counts are exact: each thread keeps its own, and they are added up at the end. Times are estimates:
 * about every two milliseconds the main thread looks at each machine, and the processor time that the thread
 * used since the last look goes to what the machine is doing now: a phase, an op, a function with those
 * that called it. So the times of phases add up to the processor time of the threads. */
#ifndef BATTC_HOST_PROFILE_H
#define BATTC_HOST_PROFILE_H

#include <pthread.h>
#include <stdio.h>

#include "../profile.h"
#include "../program.h"
#include "buffer.h"

/* What a thread is at. X(phase, text) */
#define PROFILE_PHASE_LIST(X)                                                                      \
  X(SETUP, "machine and constants") X(INPUTS, "grids made") X(TASK, "ops, once a task")             \
  X(SAMPLE, "ops, once a sample") X(FIRST, "first calls") X(SECOND, "second calls")                 \
  X(SCORES, "scores") X(LINES, "result lines") X(OTHER, "between tasks")

typedef enum {
#define X(phase, text) PHASE_##phase,
  PROFILE_PHASE_LIST(X)
#undef X
      PHASE_COUNT
} ProfilePhase;
/* Seconds between two looks. Waking up and looking takes up to 70 microseconds on virtual machines. */
#define PROFILE_INTERVAL 0.005

const char *profile_phase_text(ProfilePhase phase);

enum { PROFILE_ERRORS = ERR_COUNT + 1 }; /* the classes, and limit values */

typedef struct {
  uint64_t calls; /* known when the threads' profiles are added up */
  uint64_t ns;
  uint32_t errors[PROFILE_ERRORS]; /* calls that raised a class, handled or not; [ERR_COUNT]: limit values */
} OpProfile;

typedef struct {
  FunctionCounts counts;
  uint64_t self_ns, total_ns; /* by itself; with what it called */
  uint32_t look;              /* the last look that total_ns was added to */
} FunctionProfile;

/* Of one thread, then of all. */
typedef struct {
  VmProfile machine;  /* vm->profile */
  const Program *programs;
  uint32_t nprograms;
  const Image *image;
  const Vm *vm;
  uint32_t *first_op; /* nprograms + 1: of `ops` */
  uint64_t (*rounds)[BIND_CALL + 1]; /* per program and binding: how often its ops were run */
  OpProfile *ops;
  FunctionProfile *functions;
  uint64_t phase_ns[PHASE_COUNT];
  uint64_t sharing_ns, outside_ns; /* of calls: looking up and noting what is shared; in no function */
  uint64_t total_ns;  /* processor time of the thread, up to the last look */
  uint64_t end_ns;    /* when profile_end was called, 0 before */
  uint32_t nlooks;
  clockid_t clock;
  volatile uint32_t phase, program;
  bool device;        /* of devices: `ops` and total_ns alone, and calls are not counted */
} Profile;

/* All zero but for what the arguments say. The caller owns it. */
Profile *profile_new(const Program *programs, uint32_t nprograms, const Image *image);
void profile_free(Profile *p); /* NULL is fine */
void profile_merge(Profile *into, const Profile *from);

/* Of a device: `ticks` of each op, then of all that it did, are added. The ticks become time when `seconds` of all of them are known. */
void profile_add_ticks(Profile *p, const uint64_t *ticks);
void profile_settle_ticks(Profile *p, double seconds);

void profile_watch(Profile *p, Vm *vm); /* before the thread starts; then its clock may be set */

/* ---- in the thread itself; p NULL: nothing happens ---- */
void profile_phase(Profile *p, ProfilePhase phase);
void profile_program(Profile *p, uint32_t number);
/* The ops of this binding have just run, once. */
void profile_ops(Profile *p, const Execution *x, Binding binding);
/* After exec_call, when some op has a limit value. */
void profile_limits(Profile *p, const Execution *x);
void profile_end(Profile *p); /* the last thing; profile_merge gives the rest of its time to the phase */

/* ---- in another thread, from when the clock is set until the thread is joined ---- */
void profile_look(Profile *p);

#endif
