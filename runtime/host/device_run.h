/* device_run.h - a program and its image on a device, and batches of tasks through it. */
#ifndef BATTC_DEVICE_RUN_H
#define BATTC_DEVICE_RUN_H

#include "../cuda/batch.h"
#include "device.h"

/* A batch under way. Its memory, here and on the device, stays for the next. */
typedef struct {
  uint64_t at, size, asked;       /* on the device: Batch, tasks, items; results; their room */
  uint64_t results_at, room_at, units;
  uint8_t *sent;                  /* pinned, as what follows: what goes out */
  Batch *got;                     /* what comes back: counters, then results */
  uint64_t *room;
  size_t sent_size, got_size, room_size;
  uint32_t nitems;
} DeviceBatch;

/* Owned by the thread that made it. */
typedef struct {
  Device *device;
  DeviceBatch batches[DEVICE_BATCHES];
  Vm *vm;              /* values that came back lie in its arena, from `shared.import_base` on */
  Execution **x;       /* by program: where values that came back are put */
  const Program *programs;
  const Task *tasks;
  bool sent_data;      /* the device did not have them */
  Shared shared;       /* with addresses of the host */
  uint64_t shared_at, slabs_at;
  uint32_t warps;
  uint64_t *ticks;      /* NULL; or as shared.ticks, when device_run_ticks has read it */
  uint64_t items, left; /* that were run, that are left to the CPU */
  uint64_t left_why[LEFT_REASONS]; /* by LEFT_... */
  double item_seconds, longest_item; /* of a warp: of all of them, of one */
} DeviceRun;

/* Puts programs, image and first state on the device. False after device->error is set; device_run_free in either
 * case, which leaves the device open. With `ticks` the time of ops is measured. */
bool device_run_start(DeviceRun *r, Device *device, const Program *programs, uint32_t nprograms, const Image *image,
                      const Vm *proto, uint32_t image_top, uint64_t max_steps, bool both_calls, bool lines, bool ticks);
bool device_run_ticks(DeviceRun *r); /* false: they were not measured, or device->error */
/* The tasks that items are of, by number. They are sent unless the device has them from a run before: so they must be the same
 * as long as they lie where they do and the device is open. False: device->error. */
bool device_run_data(DeviceRun *r, const Task *tasks, uint32_t ntasks);
void device_run_free(DeviceRun *r);

/* Results of a batch; borrowed from r->batches until the next batch goes out from there. */
typedef struct {
  const ItemResult *results; /* by item */
  const uint64_t *room;
} BatchOutput;

/* Starts batch number `number` of r->batches, which is not under way. The items are not read after
 * the call. False: device->error. */
bool device_run_submit(DeviceRun *r, uint32_t number, const BatchItem *items, uint32_t nitems);
/* Waits until it has ended. False: device->error. */
bool device_run_collect(DeviceRun *r, uint32_t number, BatchOutput *out);

/* Makes r->x[program] what it is on the CPU after the call, as far as outputs go. `place` takes values made beside it:
 * the arena is free from r->vm->top on. */
CallOutcome device_run_take(DeviceRun *r, uint32_t program, const BatchOutput *out, const BatchCall *call);

#endif
