/* worker.c - one thread of a run. */
#include "worker.h"

#include <string.h>
#include <time.h>

#include "../inputs.h"
#include "../object.h"
#include "device_worker.h"
#include "sweep.h"

#ifndef SWEEP_BYTES
#define SWEEP_BYTES (16 << 20) /* a build that sweeps a lot to be tested takes less */
#endif

bool program_runs_once(const Program *p) { return p->is_entry && p->whole && p->nwhole_params == 0; }

bool program_wants(const Program *p, const Task *task, bool all_pairs) {
  if (program_runs_once(p)) return false;
  return !p->is_entry || all_pairs || !p->entry_task[0] || strcmp(p->entry_task, task->id) == 0;
}

/* An entry that does not take C would only repeat its first call. */
bool program_has_second_call(const Program *p) {
  if (!p->is_entry) return true;
  for (uint32_t i = 0; i < p->nwhole_params; i++)
    if (p->whole_params[i] == SLOT_C) return true;
  return !p->whole;
}

/* A task that one program wants has its samples for parts. */
uint32_t unit_parts(const RunPlan *plan, const RunUnit *u) {
  uint32_t wanting = 0;
  for (uint32_t i = 0; u->task && i < plan->nprograms && wanting < 2; i++) wanting += program_wants(&plan->programs[i], u->task, plan->options->all_pairs);
  return wanting == 1 && task_samples(u->task) ? task_samples(u->task) : 1;
}

static bool interrupted(const Worker *w) { return *w->plan->interrupt != 0; }

/* --timeout starts anew: for a call with what is computed for it. */
static void set_deadline(Worker *w) {
  double seconds = w->plan->options->timeout;
  w->vm->deadline_ns = seconds > 0 ? (uint64_t)((host_clock() + seconds) * 1e9) : 0;
}

/* ---- one call ---- */

static void count_limit(LimitCounts *counts, uint32_t kind) {
  counts->by_kind[kind <= LIMIT_UNSUPPORTED ? kind : LIMIT_UNSUPPORTED]++;
}

static void count_call(Worker *w, const Execution *x, const CallOutcome *outcome) {
  RunStats *s = &w->stats;
  s->calls++;
  s->ops += outcome->nops;
  if (outcome->limited || is_limit_error(outcome->error)) s->limited++;
  if (is_limit_error(outcome->error)) count_limit(&s->limits, outcome->error - ERR_LIMIT);
  else if (outcome->error < ERR_COUNT) s->ended[outcome->error]++;
  if (!outcome->limited) return;
  for (uint32_t i = 0; i < x->program->nslots; i++)
    if (is_kind(x->values[i], KIND_LIMIT)) count_limit(&s->limits, payload_of(x->values[i]));
}

/* Lines count limit values only where the line itself makes one: those of ops are counted already. */
static void write_line(Worker *w, const Execution *x, const CallPlace *place, const CallOutcome *outcome,
                       Buffer *text) {
  if (!w->plan->lines) return;
  LimitCounts seen = {{0}};
  Lap before = lap(&w->laps, LAP_LINES);
  profile_phase(w->profile, PHASE_LINES);
  result_line(text, x, place, outcome, &seen);
  lap(&w->laps, before);
  if (outcome->limited) return;
  for (int i = 0; i <= LIMIT_UNSUPPORTED; i++) w->stats.limits.by_kind[i] += seen.by_kind[i];
}

/* argument 0: there was no memory for what the call needs. */
static CallOutcome make_call(Worker *w, Execution *x, const CallPlace *place, Value argument, Buffer *text) {
  CallOutcome outcome = {.error = ERR_LIMIT + LIMIT_MEMORY};
  double from = w->trace ? host_clock() : 0;
  profile_phase(w->profile, place->second ? PHASE_SECOND : PHASE_FIRST);
  if (argument) outcome = exec_call(x, argument);
  if (interrupted(w)) return outcome;
  profile_ops(w->profile, x, BIND_CALL);
  if (outcome.limited) profile_limits(w->profile, x);
  if (w->trace && place->task) trace_add(w->trace, (TraceEvent){from, host_clock(), NULL, place->task, place->sample, place->second});
  count_call(w, x, &outcome);
  write_line(w, x, place, &outcome, text);
  return outcome;
}

/* ---- one task ---- */

static bool has_results(const Worker *w) { return w->share && w->share->out.results; }

/* Is each sample done for itself, as other threads may do some of the unit? */
static bool gives_samples(const Worker *w, uint32_t unit) { return w->plan->queue.units[unit].parts > 1 && !has_results(w); }

static void run_first(Worker *w, Execution *x, uint32_t number, const CallPlace *place, const SampleValues *v,
                      bool ready, Buffer *text) {
  lap(&w->laps, LAP_FIRST);
  set_deadline(w);
  profile_phase(w->profile, PHASE_SAMPLE);
  if (ready) exec_begin_sample(x, v->input);
  profile_ops(w->profile, x, BIND_SAMPLE);
  CallOutcome outcome = make_call(w, x, place, ready ? V_NONE : 0, text);
  lap(&w->laps, LAP_OTHER);
  profile_phase(w->profile, PHASE_SCORES);
  if (ready && v->output && !interrupted(w)) board_call(&w->board, x, &outcome, v->output, number);
}

static void run_sample(Worker *w, Execution *x, uint32_t number, const Task *task, Value samples, uint32_t i,
                       Buffer *text) {
  CallPlace place = {.task = task, .sample = i};
  SampleValues v = {0, 0};
  profile_phase(w->profile, PHASE_INPUTS);
  if (samples) exec_reset_to_task(x); /* else there was no memory for the task */
  bool ready = samples && sample_values(w->vm, task, samples, i, &v);
  x->kept = v.output;
  w->stats.samples++;
  run_first(w, x, number, &place, &v, ready, text);
  bool again = w->plan->options->both_calls && program_has_second_call(x->program) && task->samples[i].output.h;
  if (!again || interrupted(w)) return;
  lap(&w->laps, LAP_SECOND);
  place.second = true;
  set_deadline(w);
  make_call(w, x, &place, ready ? v.output : 0, text);
  lap(&w->laps, LAP_OTHER);
}

/* S; 0: no memory. */
static Value begin_task(Worker *w, Execution *x, const Task *task) {
  profile_phase(w->profile, PHASE_INPUTS);
  exec_reset_to_program(x);
  Value id = new_str(w->vm, task->id, strlen(task->id));
  Value samples = id ? samples_value(w->vm, task) : 0;
  lap(&w->laps, LAP_FIRST);
  set_deadline(w);
  profile_phase(w->profile, PHASE_TASK);
  if (samples) exec_begin_task(x, id, samples);
  profile_ops(w->profile, x, BIND_TASK);
  lap(&w->laps, LAP_OTHER);
  return samples;
}

static void run_task(Worker *w, Execution *x, uint32_t number, uint32_t unit, Buffer *text) {
  const Task *task = w->plan->units[unit].task;
  Queue *q = &w->plan->queue;
  uint32_t i = w->part;
  Value samples = begin_task(w, x, task);
  if (!gives_samples(w, unit)) {
    for (i = 0; i < task_samples(task) && !interrupted(w); i++) run_sample(w, x, number, task, samples, i, text);
    return;
  }
  do {
    run_sample(w, x, number, task, samples, i, text);
    if (!interrupted(w)) queue_give_part(q, unit, i, text);
  } while (!interrupted(w) && queue_take_part(q, unit, &i));
}

/* NULL after a message. The limits of the machine hold for what depends on nothing, too. */
static Execution *new_execution(Worker *w, uint32_t number) {
  set_deadline(w);
  profile_phase(w->profile, PHASE_SETUP);
  Execution *x = exec_new(&w->plan->programs[number], w->vm);
  if (x) profile_ops(w->profile, x, BIND_PROGRAM);
  if (x) sweep_start(x, SWEEP_BYTES);
  if (x) return x;
  if (!w->failed) host_error("no memory for the constants of %s", w->plan->programs[number].entry);
  w->failed = true;
  return NULL;
}

/* ---- what a device has done ---- */

static void take_call(Worker *w, uint32_t number, const ItemResult *r, const CallPlace *place, Buffer *text) {
  DeviceRun *run = &w->share->run;
  lap(&w->laps, place->second ? LAP_SECOND : LAP_FIRST);
  CallOutcome outcome = device_run_take(run, number, &w->share->out, &r->calls[place->second]);
  Execution *x = run->x[number];
  count_call(w, x, &outcome);
  write_line(w, x, place, &outcome, text);
  const Grid *output = &place->task->samples[place->sample].output;
  Value expected = !place->second && output->h ? grid_value(run->vm, output) : 0;
  if (expected) board_call(&w->board, x, &outcome, expected, number);
  lap(&w->laps, LAP_OTHER);
}

static void take_task(Worker *w, uint32_t number, const Task *task, Buffer *text) {
  for (uint32_t i = 0; i < task_samples(task) && !interrupted(w); i++) {
    const ItemResult *r = &w->share->out.results[w->share->next++];
    w->stats.samples++;
    for (uint32_t k = 0; k < r->ncalls; k++)
      take_call(w, number, r, &(CallPlace){.task = task, .sample = i, .second = k > 0}, text);
  }
}

static void run_once(Worker *w, Execution *x, uint32_t number, uint32_t unit, Buffer *text) {
  CallPlace place = {.task = NULL};
  lap(&w->laps, LAP_FIRST);
  set_deadline(w);
  exec_reset_to_program(x);
  exec_begin_task(x, V_NONE, w->plan->image->empty_tuple);
  exec_reset_to_task(x);
  exec_begin_sample(x, V_NONE);
  profile_ops(w->profile, x, BIND_TASK);
  profile_ops(w->profile, x, BIND_SAMPLE);
  CallOutcome outcome = make_call(w, x, &place, V_NONE, text);
  lap(&w->laps, LAP_OTHER);
  w->stats.run_once++;
  if (outcome.error == ERR_COUNT) board_pass(&w->board, x->program, number, unit);
}

/* ---- the thread ---- */

/* The programs of --entry share the machine one after the other: each stands on the level of the first,
 * which stays. */
static void run_program(Worker *w, uint32_t number, uint32_t unit, Buffer *text) {
  const Task *task = w->plan->units[unit].task;
  Execution *x = w->first;
  double from = w->trace ? host_clock() : 0;
  if (task && has_results(w)) {
    take_task(w, number, task, text);
    return;
  }
  profile_program(w->profile, number);
  exec_reset_to_program(x);
  if (number) x = new_execution(w, number);
  if (!x) return;
  if (task) run_task(w, x, number, unit, text);
  else run_once(w, x, number, unit, text);
  if (number) exec_free(x);
  profile_phase(w->profile, PHASE_OTHER);
  const char *name = w->plan->programs[number].is_entry ? w->plan->programs[number].entry : NULL;
  if (w->trace) trace_add(w->trace, (TraceEvent){from, host_clock(), name, task, -1, false});
}

static void run_unit(Worker *w, uint32_t unit, Buffer *text) {
  const RunPlan *plan = w->plan;
  const RunUnit *u = &plan->units[unit];
  board_begin_task(&w->board);
  for (uint32_t i = 0; i < plan->nprograms && !interrupted(w) && !w->failed; i++)
    if (u->task ? program_wants(&plan->programs[i], u->task, plan->options->all_pairs) : i == u->program)
      run_program(w, i, unit, text);
}

void worker_setup(Worker *w) {
  const RunPlan *plan = w->plan;
  memcpy(w->vm->base, plan->proto->base, (size_t)plan->image_top * 8);
  w->vm->top = plan->image_top;
  w->vm->image = plan->image;
  w->vm->interrupt = plan->interrupt;
  w->vm->max_steps = plan->options->steps;
  w->first = new_execution(w, 0);
}

void worker_end(Worker *w) {
  if (w->failed) queue_stop(&w->plan->queue);
  exec_free(w->first);
  profile_end(w->profile);
  queue_leave(&w->plan->queue);
}

/* What this thread counted goes to the unit. */
static void give_counts(Worker *w, RunUnit *u) {
  pthread_mutex_lock(&w->plan->counts);
  if (!u->counts) u->counts = (TaskCounts *)memset(host_alloc(sizeof *u->counts), 0, sizeof *u->counts);
  stats_merge(&u->counts->stats, &w->stats);
  board_add_hits(&u->counts->board, &w->board);
  pthread_mutex_unlock(&w->plan->counts);
}

/* And what all have counted to the thread that is the last. */
static void end_unit(Worker *w, uint32_t unit) {
  RunUnit *u = &w->plan->units[unit];
  stats_merge(&w->stats, &u->counts->stats);
  board_begin_task(&w->board);
  board_add_hits(&w->board, &u->counts->board);
  board_free(&u->counts->board);
  free(u->counts);
  u->counts = NULL;
  if (u->task) {
    w->stats.tasks++;
    board_end_task(&w->board, u->task, unit);
  }
  queue_finish(&w->plan->queue, unit);
}

void worker_finish(Worker *w, uint32_t unit) {
  Buffer text = {0};
  RunStats before = w->stats;
  memset(&w->stats, 0, sizeof w->stats);
  laps_start(&w->laps);
  run_unit(w, unit, &text);
  laps_end(&w->laps);
  w->stats.first_seconds += w->laps.seconds[LAP_FIRST];
  w->stats.second_seconds += w->laps.seconds[LAP_SECOND];
  w->stats.line_seconds += w->laps.seconds[LAP_LINES];
  bool done = !interrupted(w) && !w->failed; /* half a task is none */
  if (done && !gives_samples(w, unit)) queue_give_part(&w->plan->queue, unit, 0, &text);
  if (done) give_counts(w, &w->plan->units[unit]);
  buffer_free(&text);
  w->stats = before;
  if (done && queue_leave_unit(&w->plan->queue, unit)) end_unit(w, unit);
}

void worker_loop(Worker *w) {
  uint32_t unit;
  while (!w->failed && !interrupted(w) && queue_take(&w->plan->queue, &unit, &w->part)) worker_finish(w, unit);
}

void *worker_main(void *arg) {
  Worker *w = (Worker *)arg;
  worker_setup(w);
  worker_loop(w);
  worker_end(w);
  return NULL;
}
