/* emulated_queues.h - the queues of the emulated device.
 *
 * What is put in a queue is done when somebody waits, as late as may be, and between queues in an order that the seed decides: what
 * relies on another order than that of one queue, or of `after`, goes wrong. */
#ifndef BATTC_EMULATED_QUEUES_H
#define BATTC_EMULATED_QUEUES_H

#include "device.h"

typedef struct {
  enum { QUEUED_COPY, QUEUED_LAUNCH, QUEUED_AFTER } kind;
  void *to; /* QUEUED_COPY */
  const void *from;
  size_t bytes;
  uint64_t shared, batch, slabs; /* QUEUED_LAUNCH */
  uint32_t warps;
  uint32_t earlier; /* QUEUED_AFTER: until so many of that queue are done */
  uint64_t count;
} QueuedWork;

typedef struct {
  QueuedWork *work; /* what is not done yet: [first, end) */
  uint32_t first, end, cap;
  uint64_t put, done;
} EmulatedQueue;

/* Owns the lists. All zero but for the state of the random numbers, which is not 0, is empty. */
typedef struct {
  EmulatedQueue queues[DEVICE_QUEUES];
  uint64_t state;
} EmulatedQueues;

void queues_free(EmulatedQueues *q);
void queues_put(EmulatedQueues *q, DeviceQueue queue, QueuedWork work);
void queues_after(EmulatedQueues *q, DeviceQueue later, DeviceQueue earlier);
/* Does work of all queues until nothing is left in this one. False: `launch`, which does a QUEUED_LAUNCH, failed. */
bool queues_wait(EmulatedQueues *q, DeviceQueue queue, bool (*launch)(Device *d, const QueuedWork *work), Device *d);

#endif
