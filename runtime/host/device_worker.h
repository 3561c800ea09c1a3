/* device_worker.h - the thread that works with a device: takes units by the hundred, and finishes what comes back. */
#ifndef BATTC_DEVICE_WORKER_H
#define BATTC_DEVICE_WORKER_H

#include "device_run.h"
#include "worker.h"

/* A device's part in a worker. */
typedef struct DeviceShare {
  DeviceRun run;
  BatchOutput out; /* results not NULL: of the units that are being finished, in their order */
  uint32_t next;   /* the item that comes next */
  bool lost;       /* the device failed: the CPU goes on without */
} DeviceShare;

void *device_worker_main(void *worker); /* thread function; worker->share is there, its device open */

#endif
