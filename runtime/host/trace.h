/* trace.h - what each thread did when, as a file for chrome://tracing and Perfetto: `battc run --trace`. */
#ifndef BATTC_TRACE_H
#define BATTC_TRACE_H

#include "buffer.h"
#include "data.h"

typedef struct {
  double from, to;     /* host_clock() */
  const char *name;    /* of a function of --entry; NULL: see task */
  const Task *task;
  int64_t sample;      /* -1: the task, or the function, as a whole */
  bool second;
} TraceEvent;

/* Of one thread. All zero is an empty one. */
typedef struct {
  TraceEvent *events;
  uint32_t n, cap;
  uint64_t dropped;    /* samples beyond what a viewer can show */
} Trace;

void trace_add(Trace *t, TraceEvent event); /* t NULL: nothing happens */
void trace_free(Trace *t);

typedef struct {
  const char *name;
  double from, to;
} TracePhase;

/* traces[i] is that of thread i. False after a message. */
bool trace_write(const char *path, const TracePhase *phases, uint32_t nphases, const Trace *const *traces,
                 uint32_t ntraces);

#endif
