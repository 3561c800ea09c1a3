/* device_set.h - which devices a run uses: as --device says, or by what is likely to pay. */
#ifndef BATTC_DEVICE_SET_H
#define BATTC_DEVICE_SET_H

#include "device.h"
#include "options.h"

typedef struct {
  Device *devices[MOST_DEVICES]; /* open; passed to who uses them */
  uint32_t n;
  bool alone; /* no CPU threads beside them */
  char names[256];
} DeviceSet;

/* An exit code, after a message. `calls` of `ops` ops each are to be made on `threads` threads: what auto decides by. */
int devices_open(DeviceSet *set, const RunnerOptions *o, double calls, double ops, uint32_t threads);

#endif
