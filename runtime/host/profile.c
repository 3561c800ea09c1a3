/* profile.c - counting and looking; see profile.h. */
#include "profile.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

static const char *const PHASES[] = {
#define X(phase, text) text,
    PROFILE_PHASE_LIST(X)
#undef X
};

const char *profile_phase_text(ProfilePhase phase) { return PHASES[phase]; }

/* ---- life ---- */

static void *zeroed(size_t n, size_t size) {
  void *p = host_alloc((n + 1) * size);
  return memset(p, 0, (n + 1) * size);
}

Profile *profile_new(const Program *programs, uint32_t nprograms, const Image *image) {
  Profile *p = (Profile *)zeroed(1, sizeof *p);
  p->programs = programs;
  p->nprograms = nprograms;
  p->image = image;
  p->first_op = (uint32_t *)zeroed(nprograms, sizeof *p->first_op);
  for (uint32_t i = 0; i < nprograms; i++) p->first_op[i + 1] = p->first_op[i] + programs[i].nops;
  p->rounds = (uint64_t(*)[BIND_CALL + 1])zeroed(nprograms, sizeof *p->rounds);
  p->ops = (OpProfile *)zeroed(p->first_op[nprograms], sizeof *p->ops);
  p->functions = (FunctionProfile *)zeroed(image->nfunctions, sizeof *p->functions);
  p->machine.functions = (FunctionCounts *)zeroed(image->nfunctions, sizeof *p->machine.functions);
  return p;
}

void profile_free(Profile *p) {
  if (!p) return;
  free(p->first_op);
  free(p->rounds);
  free(p->ops);
  free(p->functions);
  free(p->machine.functions);
  free(p);
}

static void merge_ops(Profile *into, const Profile *from, uint32_t program) {
  const Program *p = &from->programs[program];
  OpProfile *to = into->ops + into->first_op[program];
  const OpProfile *op = from->ops + from->first_op[program];
  for (uint32_t i = 0; i < p->nops; i++) {
    bool computed = !p->ops[i].dead && p->ops[i].known != KNOWN_ALWAYS;
    if (computed) to[i].calls += from->rounds[program][p->ops[i].binding];
    to[i].ns += op[i].ns;
    for (int e = 0; e < PROFILE_ERRORS; e++) to[i].errors[e] += op[i].errors[e];
  }
}

static void merge_function(FunctionProfile *into, const FunctionProfile *from, const FunctionCounts *counts) {
  into->counts.calls += counts->calls;
  into->counts.kernel += counts->kernel;
  into->counts.shared += counts->shared;
  into->self_ns += from->self_ns;
  into->total_ns += from->total_ns;
}

void profile_merge(Profile *into, const Profile *from) {
  for (uint32_t i = 0; i < from->nprograms; i++) merge_ops(into, from, i);
  for (uint32_t i = 0; i < from->image->nfunctions; i++)
    merge_function(&into->functions[i], &from->functions[i], &from->machine.functions[i]);
  for (int i = 0; i < PHASE_COUNT; i++) into->phase_ns[i] += from->phase_ns[i];
  into->sharing_ns += from->sharing_ns;
  into->outside_ns += from->outside_ns;
  uint64_t rest = from->end_ns > from->total_ns ? from->end_ns - from->total_ns : 0;
  into->phase_ns[from->phase] += rest;
  into->total_ns += from->total_ns + rest;
  into->nlooks += from->nlooks;
}

/* ---- in the thread ---- */

/* 0: the thread has ended. */
static uint64_t processor_time(clockid_t clock) {
  struct timespec t;
  return clock_gettime(clock, &t) == 0 ? (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec : 0;
}

void profile_add_ticks(Profile *p, const uint64_t *ticks) {
  uint32_t n = p->first_op[p->nprograms];
  p->device = true;
  for (uint32_t i = 0; i < n; i++) p->ops[i].ns += ticks[i];
  p->total_ns += ticks[n];
}

void profile_settle_ticks(Profile *p, double seconds) {
  double scale = p->total_ns ? seconds * 1e9 / (double)p->total_ns : 0;
  for (uint32_t i = 0; i < p->first_op[p->nprograms]; i++) p->ops[i].ns = (uint64_t)((double)p->ops[i].ns * scale);
  p->total_ns = (uint64_t)(seconds * 1e9);
}

void profile_watch(Profile *p, Vm *vm) {
  p->vm = vm;
  vm->profile = &p->machine;
}

void profile_phase(Profile *p, ProfilePhase phase) {
  if (p) p->phase = phase;
}

void profile_program(Profile *p, uint32_t number) {
  if (p) p->program = number;
}

void profile_ops(Profile *p, const Execution *x, Binding binding) {
  if (!p) return;
  OpProfile *ops = p->ops + p->first_op[p->program];
  p->rounds[p->program][binding]++;
  for (uint32_t k = x->first[binding]; k < x->first[binding + 1]; k++) {
    uint32_t error = x->errors[x->order[k]];
    if (error < ERR_COUNT) ops[x->order[k]].errors[error]++;
  }
}

void profile_limits(Profile *p, const Execution *x) {
  if (!p) return;
  OpProfile *ops = p->ops + p->first_op[p->program];
  for (uint32_t i = 0; i < x->program->nops; i++)
    ops[i].errors[ERR_COUNT] += is_kind(x->values[x->program->ops[i].dst], KIND_LIMIT);
}

void profile_end(Profile *p) {
  if (p) p->end_ns = processor_time(CLOCK_THREAD_CPUTIME_ID);
}

/* ---- from outside ---- */

/* The function of a frame that may be changing: NULL where it is none of the image's. */
static const Function *checked_function(const Profile *p, const Function *fn) {
  uintptr_t from = (uintptr_t)p->image->functions, at = (uintptr_t)fn;
  bool inside = at >= from && at < from + p->image->nfunctions * sizeof *fn;
  return inside && (at - from) % sizeof *fn == 0 ? fn : NULL;
}

static void add_total(Profile *p, uint32_t fid, uint64_t ns) {
  FunctionProfile *f = &p->functions[fid];
  if (f->look == p->nlooks) return; /* it is on the stack twice */
  f->look = p->nlooks;
  f->total_ns += ns;
}

/* The kernel or the top frame gets the time, all below it their share of the total. */
static void look_at_functions(Profile *p, uint64_t ns) {
  uint32_t native = p->machine.native, n = __atomic_load_n(&p->vm->nframes, __ATOMIC_RELAXED);
  uint32_t top = native != NATIVE_SHARING && native <= p->image->nfunctions ? native : 0; /* id + 1 */
  if (n > p->vm->max_frames) n = 0;
  if (top) add_total(p, top - 1, ns);
  for (uint32_t i = n; i-- > 0;) {
    const Function *fn = checked_function(p, __atomic_load_n(&p->vm->frames[i].fn, __ATOMIC_RELAXED));
    if (!fn) continue;
    if (!top) top = fn->fid + 1;
    add_total(p, fn->fid, ns);
  }
  if (native == NATIVE_SHARING) p->sharing_ns += ns;
  else if (top) p->functions[top - 1].self_ns += ns;
  else p->outside_ns += ns;
}

static bool phase_runs_ops(uint32_t phase) {
  return phase == PHASE_SETUP || phase == PHASE_TASK || phase == PHASE_SAMPLE || phase == PHASE_FIRST || phase == PHASE_SECOND;
}

void profile_look(Profile *p) {
  uint64_t now = processor_time(p->clock), ns = now > p->total_ns ? now - p->total_ns : 0;
  uint32_t phase = p->phase, program = p->program, op = __atomic_load_n(&p->vm->op, __ATOMIC_RELAXED);
  if (!ns) return;
  p->total_ns = now;
  p->nlooks++;
  p->phase_ns[phase] += ns;
  if (!phase_runs_ops(phase)) return;
  if (op && op <= p->programs[program].nops) p->ops[p->first_op[program] + op - 1].ns += ns;
  look_at_functions(p, ns);
}
