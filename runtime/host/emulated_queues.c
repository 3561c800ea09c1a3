/* emulated_queues.c - see emulated_queues.h. */
#include "emulated_queues.h"

#include <stdlib.h>
#include <string.h>

#include "buffer.h"

void queues_free(EmulatedQueues *q) {
  for (int i = 0; i < DEVICE_QUEUES; i++) free(q->queues[i].work);
  memset(q, 0, sizeof *q);
}

void queues_put(EmulatedQueues *q, DeviceQueue queue, QueuedWork work) {
  EmulatedQueue *to = &q->queues[queue];
  if (to->first == to->end) to->first = to->end = 0;
  to->work = (QueuedWork *)host_grow(to->work, to->end, &to->cap, sizeof *to->work);
  to->work[to->end++] = work;
  to->put++;
}

void queues_after(EmulatedQueues *q, DeviceQueue later, DeviceQueue earlier) {
  QueuedWork work = {.kind = QUEUED_AFTER, .earlier = earlier, .count = q->queues[earlier].put};
  queues_put(q, later, work);
}

static bool is_ready(const EmulatedQueues *q, const EmulatedQueue *queue) {
  if (queue->first == queue->end) return false;
  const QueuedWork *work = &queue->work[queue->first];
  return work->kind != QUEUED_AFTER || q->queues[work->earlier].done >= work->count;
}

static uint32_t draw(EmulatedQueues *q, uint32_t n) {
  q->state ^= q->state << 13;
  q->state ^= q->state >> 7;
  q->state ^= q->state << 17;
  return (uint32_t)((q->state >> 32) * n >> 32);
}

/* The next of a queue that can go on; one always can: queues wait only for what was put before. */
static bool do_one(EmulatedQueues *q, bool (*launch)(Device *d, const QueuedWork *work), Device *d) {
  uint32_t ready[DEVICE_QUEUES], n = 0;
  for (uint32_t i = 0; i < DEVICE_QUEUES; i++)
    if (is_ready(q, &q->queues[i])) ready[n++] = i;
  EmulatedQueue *queue = &q->queues[ready[draw(q, n)]];
  QueuedWork work = queue->work[queue->first++];
  bool ok = true;
  if (work.kind == QUEUED_COPY) memcpy(work.to, work.from, work.bytes);
  if (work.kind == QUEUED_LAUNCH) ok = launch(d, &work);
  queue->done++;
  return ok;
}

bool queues_wait(EmulatedQueues *q, DeviceQueue queue, bool (*launch)(Device *d, const QueuedWork *work), Device *d) {
  while (q->queues[queue].first < q->queues[queue].end)
    if (!do_one(q, launch, d)) return false;
  return true;
}
