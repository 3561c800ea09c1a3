/* trace.c - see trace.h. The format is the JSON of Chrome's trace viewer: complete events ("X") in
 * microseconds, one row per thread. */
#include "trace.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "file.h"

enum { MOST_SAMPLES = 200000 }; /* of one thread */

void trace_add(Trace *t, TraceEvent event) {
  if (!t) return;
  if (event.sample >= 0 && t->n >= MOST_SAMPLES) {
    t->dropped++;
    return;
  }
  t->events = (TraceEvent *)host_grow(t->events, t->n, &t->cap, sizeof *t->events);
  t->events[t->n++] = event;
}

void trace_free(Trace *t) { free(t->events); }

static void write_name(Buffer *b, const char *name) {
  buffer_text(b, ",\n{\"name\":");
  buffer_json_string(b, name, strlen(name));
}

static void write_event(Buffer *b, const char *name, const char *category, uint32_t row, double start, double from,
                        double to) {
  write_name(b, name);
  buffer_format(b, ",\"cat\":\"%s\",\"ph\":\"X\",\"pid\":1,\"tid\":%u,\"ts\":%.3f,\"dur\":%.3f}", category, row,
                (from - start) * 1e6, (to - from) * 1e6);
}

static void write_row_name(Buffer *b, uint32_t row, const char *name) {
  buffer_format(b, ",\n{\"name\":\"thread_name\",\"ph\":\"M\",\"pid\":1,\"tid\":%u,\"args\":{\"name\":\"%s\"}}", row, name);
}

static void write_thread_event(Buffer *b, const TraceEvent *e, uint32_t row, double start) {
  Buffer name = {0};
  if (e->sample < 0) {
    if (e->task) buffer_text(&name, e->task->id);
    if (e->task && e->name) buffer_char(&name, ' ');
    if (e->name) buffer_text(&name, e->name);
  } else {
    bool demo = (uint32_t)e->sample < e->task->ndemo;
    buffer_format(&name, "%s %u %s", demo ? "demo" : "test", (uint32_t)e->sample - (demo ? 0 : e->task->ndemo),
                  e->second ? "second" : "first");
  }
  buffer_char(&name, 0);
  write_event(b, name.data, e->sample < 0 ? "task" : "call", row, start, e->from, e->to);
  buffer_free(&name);
}

bool trace_write(const char *path, const TracePhase *phases, uint32_t nphases, const Trace *const *traces,
                 uint32_t ntraces) {
  Buffer b = {0};
  uint64_t dropped = 0;
  double start = nphases ? phases[0].from : 0;
  buffer_text(&b, "{\"traceEvents\":[\n{\"name\":\"process_name\",\"ph\":\"M\",\"pid\":1,\"args\":{\"name\":\"battc run\"}}");
  write_row_name(&b, 0, "phases");
  for (uint32_t i = 0; i < nphases; i++) write_event(&b, phases[i].name, "phase", 0, start, phases[i].from, phases[i].to);
  for (uint32_t t = 0; t < ntraces; t++) {
    char name[32];
    snprintf(name, sizeof name, "thread %u", t + 1);
    write_row_name(&b, t + 1, name);
    for (uint32_t i = 0; i < traces[t]->n; i++) write_thread_event(&b, &traces[t]->events[i], t + 1, start);
    dropped += traces[t]->dropped;
  }
  buffer_format(&b, "\n],\n\"displayTimeUnit\":\"ms\",\"otherData\":{\"samplesLeftOut\":\"%llu\"}}\n", (unsigned long long)dropped);
  bool ok = file_write(path, &b);
  buffer_free(&b);
  return ok;
}
