/* device.h - a device that runs batches: CUDA's driver, found when it is needed, or the emulator.
 *
 * Addresses are the device's, 0 none. Copies and launches are put in queues of the device and return at once; those of one queue
 * are done in their order, those of different queues at the same time, but for what `after` says. So what a copy reads and
 * writes on the host must stay until its queue was waited for. A call that gives false or 0 has left its reason in `error`, and nothing but
 * device_close is of use then. */
#ifndef BATTC_DEVICE_H
#define BATTC_DEVICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct Device Device;

/* What the kernel takes of a device. */
typedef struct {
  double occupancy;     /* warps that run at a time, of those that a processor could have */
  uint32_t registers;   /* of a lane */
  uint32_t local_bytes; /* of a lane's stack that spills and arrays take */
} DeviceUse;

/* A program's own kernel, in place of the one that runs bytecode; its parts are borrowed. */
typedef struct DeviceCode {
  const void *cubin;
  const char *kernel;
  const bool *functions; /* by Function.fid: compiled */
} DeviceCode;

/* Launches, and a queue for the copies of each of two batches: while one batch runs, the next goes in or the last comes out. */
enum { DEVICE_BATCHES = 2 };
typedef enum { QUEUE_RUN, QUEUE_COPY, DEVICE_QUEUES = QUEUE_COPY + DEVICE_BATCHES } DeviceQueue;

/* What kinds of device do. */
typedef struct {
  uint64_t (*alloc)(Device *d, size_t bytes);
  void (*release)(Device *d, uint64_t address);
  bool (*write)(Device *d, DeviceQueue queue, uint64_t to, const void *from, size_t bytes);
  bool (*read)(Device *d, DeviceQueue queue, void *to, uint64_t from, size_t bytes);
  /* In QUEUE_RUN, the kernel of batch.h: `shared` and `batch` are addresses, `slabs` that of the first of `warps` slabs. */
  bool (*launch)(Device *d, uint64_t shared, uint64_t batch, uint64_t slabs, uint32_t warps);
  /* What is put in `later` from now on waits for what is in `earlier` now. */
  bool (*after)(Device *d, DeviceQueue later, DeviceQueue earlier);
  bool (*wait)(Device *d, DeviceQueue queue); /* until nothing is left in it */
  void *(*pinned)(Device *d, size_t bytes); /* host memory that copies go fast from and to; never NULL */
  void (*unpin)(Device *d, void *p);
  /* Another program's own kernel in place of the present one, or the one that runs bytecode if NULL; memory stays. NULL: none can be loaded. */
  bool (*load)(Device *d, const DeviceCode *code);
  void (*close)(Device *d);
} DeviceKind;

struct Device {
  const DeviceKind *kind;
  const DeviceCode *code; /* NULL: bytecode, or what the executable brings */
  char name[128];
  char error[256];
  uint64_t memory;       /* free bytes when it was opened */
  uint32_t warps;        /* that run at a time */
  uint32_t last_part;    /* when no more than one in so many is at work the CPU takes over what they do; 0: never */
  DeviceUse use;
  double tick_seconds;   /* of tick_count() there; 0: not known */
  double kernel_seconds; /* of the launches that were waited for */
  double copy_seconds;
  uint64_t data_at;      /* a block of tasks that stays from one run to the next, 0: none */
  const void *data_of;   /* whose they are: see device_run.c */
};

/* With what is left on it. */
void device_close(Device *d);

/* Number `number` of the CUDA devices, with a program's own kernel if `code` is not NULL. NULL: `why` says what is missing. */
Device *device_open_cuda(uint32_t number, const DeviceCode *code, char *why, size_t size);
/* The emulator: the device's code on this processor, its lanes and warps in a random order that the seed decides. */
Device *device_open_emulated(uint32_t warps, uint64_t seed);

#endif
