/* memo_worth.h - whether remembering the calls of a function pays, by what they cost.
 *
 * In a trial every call is remembered, and the clock tells what looking up, running and keeping the
 * result took. A trial lasts for a sample at least, since it is within one that calls repeat. After it
 * the function's calls are remembered or let pass for a number of calls in proportion to the
 * trial's, more each time the answer is the same. Only speed depends on any of this. */
#ifndef BATTC_MEMO_WORTH_H
#define BATTC_MEMO_WORTH_H

#include "vm.h"

typedef enum { WORTH_TRIAL, WORTH_KEPT, WORTH_PAUSED } WorthState;

/* What every call looks at: many functions share a line of the cache. */
typedef struct Worth {
  uint32_t sample;      /* number of the one in which the function was called last, above two bits of WorthState */
  uint32_t until;       /* calls to go to the next look within a sample */
  uint32_t calls, hits; /* since the state was entered */
} Worth;

typedef struct {
  uint32_t lasts;      /* calls that the state lasts for, if not a trial */
  uint32_t times;      /* how often in a row the trials had this outcome */
  WorthState outcome;  /* of the last trial */
  uint32_t found, run; /* measured in the trial: look-ups, calls that were run */
  uint64_t find_ticks, run_ticks, keep_ticks; /* of look-ups, of runs, of keeping results */
  uint64_t hits, misses, skipped; /* of earlier states, for a profile */
} WorthCosts;

FN_INLINE WorthState worth_state(const Worth *w) { return (WorthState)(w->sample & 3); }

/* The slow part of worth_remembering: a new sample, or `until` has run out. */
FN void worth_look(Worth *w, WorthCosts *c, uint32_t sample);

/* Is this call of the function to be remembered? Samples are numbered from 1. */
FN_INLINE bool worth_remembering(Worth *w, WorthCosts *c, uint32_t sample) {
  if (UNLIKELY(w->sample >> 2 != sample || !w->until)) worth_look(w, c, sample);
  w->calls++;
  if (worth_state(w) == WORTH_PAUSED) return false;
  w->until--;
  return true;
}

/* The same answer for most calls of which it is no. */
FN_INLINE bool worth_passes(Worth *w, uint32_t sample) {
  if (w->sample != (sample << 2 | WORTH_PAUSED)) return false;
  w->calls++;
  return true;
}

/* Are the costs of this call to be measured? */
FN_INLINE bool worth_measuring(const Worth *w, const WorthCosts *c) {
  return UNLIKELY(worth_state(w) == WORTH_TRIAL) && c->found < 256;
}

/* Adds to the costs' counts those of the present state. */
FN_INLINE void worth_counts(const Worth *w, WorthCosts *c) {
  bool paused = worth_state(w) == WORTH_PAUSED;
  c->skipped += paused ? w->calls : 0;
  c->hits += paused ? 0 : w->hits;
  c->misses += paused ? 0 : w->calls - w->hits;
}

/* Ticks from `from` to `to` as they count: without the clock's own time, and without interruptions. */
FN_INLINE uint64_t worth_ticks(uint64_t from, uint64_t to, uint64_t overhead) {
  uint64_t ticks = to - from, most = (uint64_t)1 << 19;
  return ticks <= overhead ? 0 : ticks - overhead < most ? ticks - overhead : most;
}

#endif
