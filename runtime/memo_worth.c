/* memo_worth.c - see memo_worth.h. */
#include "memo_worth.h"

enum {
  LOOK_EVERY = 256, /* calls within a sample between two looks */
  TRIAL_CALLS = 24, /* at least, before anything is decided */
  TIMES_TRIAL = 8,  /* a state lasts for so many times the calls of its trial, */
  MOST_TIMES = 5    /* doubled up to so often */
};

/* The runs saved against the look-ups made and the results kept. Half of what keeping costs would come
 * up anyway, in looking up the calls that take the result. */
static FN bool pays(const Worth *w, const WorthCosts *c) {
  if (!c->run || !c->found) return true; /* nothing but hits */
  uint64_t misses = w->calls - w->hits;
  uint64_t saved = c->run_ticks * w->hits / c->run;
  return saved > c->find_ticks * w->calls / c->found + c->keep_ticks * misses / c->run / 2;
}

static FN void enter(Worth *w, WorthCosts *c, WorthState state) {
  worth_counts(w, c);
  w->sample = (w->sample & ~3u) | (uint32_t)state;
  w->calls = w->hits = 0;
}

static FN void begin_trial(Worth *w, WorthCosts *c) {
  enter(w, c, WORTH_TRIAL);
  c->found = c->run = 0;
  c->find_ticks = c->run_ticks = c->keep_ticks = 0;
}

static FN void decide(Worth *w, WorthCosts *c) {
  WorthState outcome = pays(w, c) ? WORTH_KEPT : WORTH_PAUSED;
  if (outcome != c->outcome) c->times = 0;
  uint64_t lasts = ((uint64_t)w->calls * TIMES_TRIAL) << c->times;
  c->lasts = lasts < UINT32_MAX ? (uint32_t)lasts : UINT32_MAX;
  c->outcome = outcome;
  c->times += c->times < MOST_TIMES;
  enter(w, c, outcome);
}

FN void worth_look(Worth *w, WorthCosts *c, uint32_t sample) {
  WorthState state = worth_state(w);
  bool fresh = w->sample >> 2 != sample;
  w->sample = sample << 2 | (uint32_t)state;
  w->until = LOOK_EVERY;
  if (state == WORTH_TRIAL) {
    if (w->calls >= TRIAL_CALLS && (fresh || !pays(w, c))) decide(w, c);
  } else if (fresh && w->calls >= c->lasts) {
    begin_trial(w, c);
  } else if (state == WORTH_KEPT && w->calls >= TRIAL_CALLS && !pays(w, c)) {
    decide(w, c);
  }
}
