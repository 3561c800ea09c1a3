/* device_set.h - which devices a run uses: as --device says, or by what is likely to pay. */
#ifndef BATTC_DEVICE_SET_H
#define BATTC_DEVICE_SET_H

#include "device.h"
#include "options.h"

typedef struct DeviceSet {
  Device *devices[MOST_DEVICES]; /* open */
  uint32_t n;
  uint32_t opened; /* of them, for this run */
  bool lost;       /* one has failed */
  bool alone; /* no CPU threads beside them */
  char names[256];
} DeviceSet;

/* An exit code, after a message. `calls` of `ops` ops each are to be made on `threads` threads: what auto decides by. With
 * o->kept_devices those are taken that a run before has opened. */
int devices_open(DeviceSet *set, const RunnerOptions *o, double calls, double ops, uint32_t threads);
/* Once nobody uses them: leaves them in o->kept_devices if that is there and none is lost, else closes them. */
void devices_leave(DeviceSet *set, const RunnerOptions *o);
void devices_close(DeviceSet *set);

#endif
