/* queue.h - work units for threads, longest first; their output in order, within bounded memory.
 *
 * Units are numbered in output order. A unit is taken from a window that starts at the first one not
 * yet taken; what is finished early waits in memory, and while too much waits only the unit that
 * everything waits for is given out.
 *
 * A unit has parts. Who takes it does one after the other; threads for which there is no unit any more join in, and the one that leaves last
 * finishes it.
 *
 * Devices take units by the hundred and return what they left: those are for threads of the CPU, which wait for them while a device is at
 * work. */
#ifndef BATTC_QUEUE_H
#define BATTC_QUEUE_H

#include <pthread.h>

#include "buffer.h"
#include "file.h"

typedef struct {
  uint64_t weight;  /* how long it will take, in any unit */
  uint32_t parts;
  uint32_t next;    /* the first part that nobody has */
  uint32_t undone;  /* parts */
  uint32_t holders; /* threads at work on it */
  uint8_t state;    /* enum UnitState */
  Buffer *texts;    /* by part: its output while it waits to be written; NULL: nobody has taken the unit */
} QueueUnit;

typedef struct {
  pthread_mutex_t lock;
  pthread_cond_t changed; /* for threads that want a unit */
  pthread_cond_t idle;    /* for who waits until no thread is at work */
  QueueUnit *units;
  uint32_t n, window;
  uint32_t nopen, nreturned; /* units that nobody has, new ones and those of devices */
  uint32_t devices;    /* that are at work */
  bool alone;          /* while they are the CPU takes no new units */
  uint32_t first;      /* no unit before it is still to be taken */
  uint32_t next_write; /* no unit before it is still to be written */
  uint32_t done;       /* finished units */
  uint32_t active;     /* threads at work */
  size_t waiting;      /* bytes of finished output not yet written */
  OutFile *out;        /* NULL: units have no output */
  bool writing;        /* a thread writes; the lock is not held meanwhile */
  bool stopped;        /* nothing more is given out */
  double write_seconds;
} Queue;

/* Weights are 0 and parts 1; they may be set before the first thread starts. */
void queue_init(Queue *q, uint32_t n, uint32_t nthreads, OutFile *out);
void queue_devices(Queue *q, uint32_t n, bool alone); /* before the first thread starts: so many will work */
void queue_device_ends(Queue *q);
void queue_free(Queue *q);
/* For the CPU: a unit and its first part that nobody has. false: nothing is left for this thread. */
bool queue_take(Queue *q, uint32_t *unit, uint32_t *part);
/* One more part of the unit; false: there is none. */
bool queue_take_part(Queue *q, uint32_t unit, uint32_t *part);
/* A part is done: its output, whole lines, passes to the queue. */
void queue_give_part(Queue *q, uint32_t unit, uint32_t part, Buffer *text);
/* Who has taken a unit leaves it. true: the last to do so, and all parts are done; queue_finish is to follow. */
bool queue_leave_unit(Queue *q, uint32_t unit);
/* The thread that completes what comes next writes it, and whatever was waiting behind it. */
void queue_finish(Queue *q, uint32_t unit);
/* For a device: as many as there are for now, each as one part, up to `most`. 0: nothing is left; or for now, where it does not `wait`. */
uint32_t queue_take_many(Queue *q, uint32_t *units, uint32_t most, bool wait);
void queue_return(Queue *q, uint32_t unit); /* for the CPU, from its beginning */
/* Units that nobody has taken yet, and those that are finished. */
void queue_counts(Queue *q, uint32_t *open, uint32_t *done);
void queue_stop(Queue *q);  /* after an interrupt or a failure */
/* No thread is at work any more: after a stop, writes what waits behind units that will never be
 * finished, still in order. */
void queue_flush(Queue *q);
void queue_enter(Queue *q); /* a thread starts to work */
void queue_leave(Queue *q); /* and ends */
/* Waits until no thread is at work, at most so many seconds. True: done. */
bool queue_wait(Queue *q, double seconds, uint32_t *done);

#endif
