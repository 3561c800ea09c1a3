/* device_emulated.c - the device's code on this processor, lanes as fibres: see fibres.h. */
#include "device.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "../cuda/batch.h"
#include "buffer.h"
#include "emulated_queues.h"
#include "fibres.h"

enum {
  ANYTHING = 0xa5,        /* in every byte of new memory */
  WARP_MEMORY = 28 << 20 /* that there is by warp: little, as all of it is written */
};

typedef struct {
  Device device;
  Fibres *fibres;
  const Shared *shared;
  Batch *batch;
  uint8_t *slabs;
  EmulatedQueues queues;
} Emulator;

static uint8_t *slab_of(const Emulator *e, uint32_t warp) { return e->slabs + warp * e->shared->layout.size; }
static Warp *warp_of(void *emulator, uint32_t warp) { return (Warp *)slab_of((Emulator *)emulator, warp); }

static void lane_main(void *emulator, uint32_t warp, uint32_t lane) {
  Emulator *e = (Emulator *)emulator;
  batch_warp(slab_of(e, warp), e->shared, e->batch, warp, lane);
}

/* ---- the device ---- */

static bool fail(Device *d, const char *why) {
  snprintf(d->error, sizeof d->error, "%s", why);
  return false;
}

/* As on a device, what it holds is anything. */
static uint64_t emulated_alloc(Device *d, size_t bytes) {
  size_t all = bytes + 4096;
  uint8_t *p = mmap(NULL, all, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (p == MAP_FAILED) return fail(d, "no memory");
  memcpy(p, &all, sizeof all);
  memset(p + sizeof all, ANYTHING, all - sizeof all);
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
  e->shared = (const Shared *)(uintptr_t)launch->shared;
  e->batch = (Batch *)(uintptr_t)launch->batch;
  e->slabs = (uint8_t *)(uintptr_t)launch->slabs;
  if (!fibres_run(e->fibres, warps < d->warps ? warps : d->warps, warp_of, lane_main, e)) return fail(d, "no memory for a lane");
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
  queues_free(&e->queues);
  fibres_free(e->fibres);
  free(e);
}

static const DeviceKind emulated = {.alloc = emulated_alloc, .release = emulated_release, .write = emulated_write,
                                    .read = emulated_read, .launch = emulated_launch, .after = emulated_after, .wait = emulated_wait,
                                    .pinned = emulated_pinned, .unpin = emulated_unpin, .close = emulated_close};

Device *device_open_emulated(uint32_t warps, uint64_t seed) {
  Emulator *e = (Emulator *)memset(host_alloc(sizeof *e), 0, sizeof *e);
  e->device.kind = &emulated;
  snprintf(e->device.name, sizeof e->device.name, "emulated, %u warps", warps);
  e->device.warps = warps;
  e->device.use.occupancy = 1; /* as many as were asked for */
  e->device.memory = (uint64_t)warps * WARP_MEMORY;
  e->fibres = fibres_new(warps, seed);
  e->queues.state = seed * 0x9E3779B97F4A7C15u + 0x2545F4914F6CDD1Eu;
  return &e->device;
}
