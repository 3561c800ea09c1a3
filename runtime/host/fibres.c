/* fibres.c - see fibres.h. */
#include "fibres.h"

#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <ucontext.h>

#include "buffer.h"

#if defined(__SANITIZE_ADDRESS__)
#define FIBRES_CHECKED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define FIBRES_CHECKED 1
#endif
#endif
#ifdef FIBRES_CHECKED
#include <sanitizer/common_interface_defs.h>
#endif

enum { LANE_STACK = 8 << 20 }; /* address space */

typedef struct {
  ucontext_t context; /* where it begins; checked: where it goes on */
  jmp_buf place;      /* where it goes on */
  bool begun;
  void *stack, *fake;
  uint32_t warp, lane;
} Fibre;

struct Fibres {
  uint64_t state; /* of the random numbers */
  Fibre *all;
  uint32_t *arrived; /* by warp: lanes at the meeting point */
  uint32_t *ready;   /* fibres that can go on */
  uint32_t nready, warps;
  ucontext_t scheduler;
  jmp_buf scheduler_place;
  void *scheduler_fake;
  const void *scheduler_bottom;
  size_t scheduler_size;
  Fibre *running;
  LaneMain lane_main;
  void *arg;
};

static __thread Fibres *current; /* what runs on this thread */

static uint32_t draw(Fibres *f, uint32_t n) {
  f->state ^= f->state << 13;
  f->state ^= f->state >> 7;
  f->state ^= f->state << 17;
  return (uint32_t)((f->state >> 32) * n >> 32);
}

/* ---- from one to another ---- */

#ifdef FIBRES_CHECKED
/* By calls that AddressSanitizer is told of. */
static void to_scheduler(Fibres *f, Fibre *from, bool ends) {
  __sanitizer_start_switch_fiber(ends ? NULL : &from->fake, f->scheduler_bottom, f->scheduler_size);
  if (ends) setcontext(&f->scheduler);
  else swapcontext(&from->context, &f->scheduler);
  __sanitizer_finish_switch_fiber(from->fake, NULL, NULL);
}

static void to_fibre(Fibres *f, Fibre *to) {
  __sanitizer_start_switch_fiber(&f->scheduler_fake, to->stack, LANE_STACK);
  swapcontext(&f->scheduler, &to->context);
  __sanitizer_finish_switch_fiber(f->scheduler_fake, NULL, NULL);
}

static void note_begun(Fibres *f) { __sanitizer_finish_switch_fiber(NULL, &f->scheduler_bottom, &f->scheduler_size); }
#else
/* By jumps, which unlike swapcontext do not ask the system for signal masks. */
static void to_scheduler(Fibres *f, Fibre *from, bool ends) {
  if (ends || !_setjmp(from->place)) _longjmp(f->scheduler_place, 1);
}

static void to_fibre(Fibres *f, Fibre *to) {
  if (_setjmp(f->scheduler_place)) return;
  if (to->begun) _longjmp(to->place, 1);
  to->begun = true;
  setcontext(&to->context);
}

static void note_begun(Fibres *f) { (void)f; }
#endif

/* ---- meetings ---- */

static void release(Fibres *f, uint32_t warp) {
  f->arrived[warp] = 0;
  for (uint32_t lane = 0; lane < WARP_LANES; lane++) f->ready[f->nready++] = warp * WARP_LANES + lane;
}

/* Nothing that lane 0 gives to the others may lie on its stack. */
static void check_given(const Warp *warp, const Fibre *f) {
  for (uint32_t i = 0; i < WORK_WORDS; i++) {
    if (warp->given[i] - (uint64_t)(uintptr_t)f->stack >= LANE_STACK) continue;
    fprintf(stderr, "battc: internal error: lane work %u is given a part of a stack\n", warp->work);
    abort();
  }
}

/* Warp.sync: the last lane that comes lets all go on. */
static void meet(Warp *warp) {
  Fibres *f = current;
  Fibre *self = f->running;
  if (!self->lane) check_given(warp, self);
  if (++f->arrived[self->warp] == WARP_LANES) {
    warp->met++;
    release(f, self->warp);
  }
  to_scheduler(f, self, false);
}

static void begin(void) {
  Fibres *f = current;
  note_begun(f);
  Fibre *self = f->running;
  f->lane_main(f->arg, self->warp, self->lane);
  to_scheduler(f, self, true);
}

static bool make_fibre(Fibres *f, uint32_t number) {
  Fibre *self = &f->all[number];
  self->warp = number / WARP_LANES;
  self->lane = number % WARP_LANES;
  self->begun = false;
  if (!self->stack) {
    void *p = mmap(NULL, LANE_STACK, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (p == MAP_FAILED) return false;
    self->stack = p;
  }
  getcontext(&self->context);
  self->context.uc_stack.ss_sp = self->stack;
  self->context.uc_stack.ss_size = LANE_STACK;
  self->context.uc_link = NULL;
  makecontext(&self->context, begin, 0);
  return true;
}

static void run_all(Fibres *f) {
  while (f->nready) {
    uint32_t at = draw(f, f->nready), number = f->ready[at];
    f->ready[at] = f->ready[--f->nready];
    f->running = &f->all[number];
    to_fibre(f, f->running);
  }
}

bool fibres_run(Fibres *f, uint32_t warps, WarpAt warp_at, LaneMain lane_main, void *arg) {
  f->nready = 0;
  f->lane_main = lane_main;
  f->arg = arg;
  for (uint32_t i = 0; i < warps; i++) {
    Warp *warp = warp_at(arg, i);
    memset(warp, 0, sizeof *warp);
    warp->sync = meet;
    release(f, i);
  }
  for (uint32_t i = 0; i < warps * WARP_LANES; i++)
    if (!make_fibre(f, i)) return false;
  current = f;
  run_all(f);
  current = NULL;
  return true;
}

Fibres *fibres_new(uint32_t warps, uint64_t seed) {
  Fibres *f = (Fibres *)memset(host_alloc(sizeof *f), 0, sizeof *f);
  size_t lanes = (size_t)warps * WARP_LANES;
  f->warps = warps;
  f->state = seed * 0x9E3779B97F4A7C15u + 0x2545F4914F6CDD1Du;
  f->all = (Fibre *)memset(host_alloc(lanes * sizeof *f->all), 0, lanes * sizeof *f->all);
  f->ready = (uint32_t *)host_alloc(lanes * sizeof *f->ready);
  f->arrived = (uint32_t *)host_alloc(warps * sizeof *f->arrived);
  return f;
}

void fibres_free(Fibres *f) {
  if (!f) return;
  for (uint32_t i = 0; i < f->warps * WARP_LANES; i++)
    if (f->all[i].stack) munmap(f->all[i].stack, LANE_STACK);
  free(f->all);
  free(f->ready);
  free(f->arrived);
  free(f);
}
