/* device_emulated.c - the device's code on this processor.
 *
 * Every lane of every warp is a fibre. One runs at a time, until it comes to a point where the lanes of its warp meet; which
 * one is next is drawn from all that can go on. So lanes and warps come to every meeting in an order of their own, which the seed
 * decides, and what relies on another order goes wrong. */
#include "device.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <ucontext.h>

#include "../cuda/batch.h"
#include "buffer.h"
#include "emulated_queues.h"

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
  ucontext_t context;
  void *stack, *fake;
  struct Emulator *emulator;
  uint32_t warp, lane;
} Fibre;

typedef struct {
  uint32_t arrived, ended;
} WarpPlace;

typedef struct Emulator {
  Device device;
  uint64_t state; /* of the random numbers */
  Fibre *fibres;
  WarpPlace *places;
  uint32_t *ready; /* fibres that can go on */
  uint32_t nready;
  ucontext_t scheduler;
  void *scheduler_fake;
  const void *scheduler_bottom;
  size_t scheduler_size;
  Fibre *running;
  const Shared *shared;
  Batch *batch;
  uint8_t *slabs;
  EmulatedQueues queues;
} Emulator;

static __thread Emulator *current; /* what runs on this thread */

static uint32_t draw(Emulator *e, uint32_t n) {
  e->state ^= e->state << 13;
  e->state ^= e->state >> 7;
  e->state ^= e->state << 17;
  return (uint32_t)((e->state >> 32) * n >> 32);
}

/* ---- fibres ---- */

static void to_scheduler(Fibre *f, bool ends) {
  Emulator *e = f->emulator;
#ifdef FIBRES_CHECKED
  __sanitizer_start_switch_fiber(ends ? NULL : &f->fake, e->scheduler_bottom, e->scheduler_size);
#endif
  if (ends) setcontext(&e->scheduler);
  else swapcontext(&f->context, &e->scheduler);
#ifdef FIBRES_CHECKED
  __sanitizer_finish_switch_fiber(f->fake, NULL, NULL);
#endif
}

static void to_fibre(Emulator *e, Fibre *f) {
  e->running = f;
#ifdef FIBRES_CHECKED
  __sanitizer_start_switch_fiber(&e->scheduler_fake, f->stack, LANE_STACK);
#endif
  swapcontext(&e->scheduler, &f->context);
#ifdef FIBRES_CHECKED
  __sanitizer_finish_switch_fiber(e->scheduler_fake, NULL, NULL);
#endif
}

static void release(Emulator *e, uint32_t warp) {
  e->places[warp].arrived = 0;
  for (uint32_t lane = 0; lane < WARP_LANES; lane++) e->ready[e->nready++] = warp * WARP_LANES + lane;
}

/* Warp.sync: the last lane that comes lets all go on. */
static void meet(Warp *warp) {
  Emulator *e = current;
  Fibre *f = e->running;
  (void)warp;
  if (++e->places[f->warp].arrived == WARP_LANES) release(e, f->warp);
  to_scheduler(f, false);
}

static void lane_main(void) {
  Emulator *e = current;
  Fibre *f = e->running;
#ifdef FIBRES_CHECKED
  __sanitizer_finish_switch_fiber(NULL, &e->scheduler_bottom, &e->scheduler_size);
#endif
  batch_warp(e->slabs + f->warp * e->shared->layout.size, e->shared, e->batch, f->warp, f->lane);
  to_scheduler(f, true);
}

static bool make_fibre(Emulator *e, uint32_t number) {
  Fibre *f = &e->fibres[number];
  f->emulator = e;
  f->warp = number / WARP_LANES;
  f->lane = number % WARP_LANES;
  if (!f->stack) {
    void *p = mmap(NULL, LANE_STACK, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (p == MAP_FAILED) return false;
    f->stack = p;
  }
  getcontext(&f->context);
  f->context.uc_stack.ss_sp = f->stack;
  f->context.uc_stack.ss_size = LANE_STACK;
  f->context.uc_link = NULL;
  makecontext(&f->context, lane_main, 0);
  return true;
}

/* ---- the device ---- */

static bool fail(Device *d, const char *why) {
  snprintf(d->error, sizeof d->error, "%s", why);
  return false;
}

/* Pages come as they are touched, zeroed, as those of slabs should. */
static uint64_t emulated_alloc(Device *d, size_t bytes) {
  size_t all = bytes + 4096;
  uint8_t *p = mmap(NULL, all, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (p == MAP_FAILED) return fail(d, "no memory");
  memcpy(p, &all, sizeof all);
  return (uint64_t)(uintptr_t)(p + 4096);
}

static void emulated_release(Device *d, uint64_t address) {
  (void)d;
  if (!address) return;
  uint8_t *p = (uint8_t *)(uintptr_t)address - 4096;
  size_t all;
  memcpy(&all, p, sizeof all);
  munmap(p, all);
}

static bool put_copy(Device *d, DeviceQueue queue, void *to, const void *from, size_t bytes) {
  queues_put(&((Emulator *)d)->queues, queue, (QueuedWork){.kind = QUEUED_COPY, .to = to, .from = from, .bytes = bytes});
  return true;
}

static bool emulated_write(Device *d, DeviceQueue queue, uint64_t to, const void *from, size_t bytes) {
  return put_copy(d, queue, (void *)(uintptr_t)to, from, bytes);
}

static bool emulated_read(Device *d, DeviceQueue queue, void *to, uint64_t from, size_t bytes) {
  return put_copy(d, queue, to, (const void *)(uintptr_t)from, bytes);
}

static bool emulated_launch(Device *d, uint64_t shared, uint64_t batch, uint64_t slabs, uint32_t warps) {
  QueuedWork launch = {.kind = QUEUED_LAUNCH, .shared = shared, .batch = batch, .slabs = slabs, .warps = warps};
  queues_put(&((Emulator *)d)->queues, QUEUE_RUN, launch);
  return true;
}

static bool run_kernel(Device *d, const QueuedWork *launch) {
  Emulator *e = (Emulator *)d;
  uint32_t warps = launch->warps;
  double from = host_clock();
  if (warps > d->warps) warps = d->warps;
  e->shared = (const Shared *)(uintptr_t)launch->shared;
  e->batch = (Batch *)(uintptr_t)launch->batch;
  e->slabs = (uint8_t *)(uintptr_t)launch->slabs;
  e->nready = 0;
  current = e;
  for (uint32_t i = 0; i < warps; i++) {
    Warp *warp = (Warp *)(e->slabs + i * e->shared->layout.size);
    memset(warp, 0, sizeof *warp);
    warp->lanes = WARP_LANES;
    warp->sync = meet;
    release(e, i);
  }
  for (uint32_t i = 0; i < warps * WARP_LANES; i++)
    if (!make_fibre(e, i)) return fail(d, "no memory for a lane");
  while (e->nready) {
    uint32_t at = draw(e, e->nready), number = e->ready[at];
    e->ready[at] = e->ready[--e->nready];
    to_fibre(e, &e->fibres[number]);
  }
  d->kernel_seconds += host_clock() - from;
  return true;
}

static bool emulated_after(Device *d, DeviceQueue later, DeviceQueue earlier) {
  queues_after(&((Emulator *)d)->queues, later, earlier);
  return true;
}

static bool emulated_wait(Device *d, DeviceQueue queue) { return queues_wait(&((Emulator *)d)->queues, queue, run_kernel, d); }

static void *emulated_pinned(Device *d, size_t bytes) {
  (void)d;
  return host_alloc(bytes);
}

static void emulated_unpin(Device *d, void *p) {
  (void)d;
  free(p);
}

static void emulated_close(Device *d) {
  Emulator *e = (Emulator *)d;
  for (uint32_t i = 0; i < d->warps * WARP_LANES; i++)
    if (e->fibres[i].stack) munmap(e->fibres[i].stack, LANE_STACK);
  queues_free(&e->queues);
  free(e->fibres);
  free(e->places);
  free(e->ready);
  free(e);
}

static const DeviceKind emulated = {.alloc = emulated_alloc, .release = emulated_release, .write = emulated_write,
                                    .read = emulated_read, .launch = emulated_launch, .after = emulated_after, .wait = emulated_wait,
                                    .pinned = emulated_pinned, .unpin = emulated_unpin, .close = emulated_close};

static void *zeroed(size_t n, size_t size) { return memset(host_alloc(n * size), 0, n * size); }

Device *device_open_emulated(uint32_t warps, uint64_t seed) {
  Emulator *e = (Emulator *)zeroed(1, sizeof *e);
  e->device.kind = &emulated;
  snprintf(e->device.name, sizeof e->device.name, "emulated, %u warps", warps);
  e->device.warps = warps;
  e->device.use.occupancy = 1; /* as many as were asked for */
  e->device.memory = (uint64_t)2 << 30;
  e->state = seed * 0x9E3779B97F4A7C15u + 0x2545F4914F6CDD1Du;
  e->queues.state = e->state + 1;
  e->fibres = (Fibre *)zeroed((size_t)warps * WARP_LANES, sizeof *e->fibres);
  e->places = (WarpPlace *)zeroed(warps, sizeof *e->places);
  e->ready = (uint32_t *)zeroed((size_t)warps * WARP_LANES, sizeof *e->ready);
  return &e->device;
}
