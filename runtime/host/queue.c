/* queue.c - work units for threads, their output in order. */
#include "queue.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

enum UnitState { UNIT_OPEN, UNIT_RETURNED, UNIT_TAKEN, UNIT_FINISHED };

enum { PLAIN_WINDOW = 4096, UNITS_PER_THREAD = 16 };
static const size_t MAX_WAITING = (size_t)64 << 20;

void queue_init(Queue *q, uint32_t n, uint32_t nthreads, OutFile *out) {
  memset(q, 0, sizeof *q);
  pthread_condattr_t attr;
  pthread_condattr_init(&attr);
  pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
  pthread_mutex_init(&q->lock, NULL);
  pthread_cond_init(&q->changed, NULL);
  pthread_cond_init(&q->idle, &attr);
  pthread_condattr_destroy(&attr);
  q->units = (QueueUnit *)host_alloc(n * sizeof *q->units);
  for (uint32_t i = 0; i < n; i++) q->units[i] = (QueueUnit){.parts = 1};
  q->n = q->nopen = n;
  q->out = out;
  q->window = out ? UNITS_PER_THREAD * nthreads : PLAIN_WINDOW;
}

static void free_texts(QueueUnit *u) {
  for (uint32_t k = 0; u->texts && k < u->parts; k++) buffer_free(&u->texts[k]);
  free(u->texts);
  u->texts = NULL;
}

void queue_free(Queue *q) {
  for (uint32_t i = 0; i < q->n; i++) free_texts(&q->units[i]);
  free(q->units);
  pthread_mutex_destroy(&q->lock);
  pthread_cond_destroy(&q->changed);
  pthread_cond_destroy(&q->idle);
}

void queue_devices(Queue *q, uint32_t n, bool alone) {
  q->devices = n;
  q->alone = alone;
}

void queue_device_ends(Queue *q) {
  pthread_mutex_lock(&q->lock);
  q->devices--;
  pthread_cond_broadcast(&q->changed);
  pthread_mutex_unlock(&q->lock);
}

static bool may_take(const Queue *q, uint32_t unit, bool device) {
  uint8_t state = q->units[unit].state;
  if (device || state != UNIT_OPEN) return state == (device ? UNIT_OPEN : UNIT_RETURNED);
  return !q->alone || !q->devices;
}

/* The unit to give out now, or n. */
static uint32_t choose(Queue *q, bool device) {
  while (q->first < q->n && q->units[q->first].state > UNIT_RETURNED) q->first++;
  if (q->waiting > MAX_WAITING) return q->first == q->next_write && q->first < q->n && may_take(q, q->first, device) ? q->first : q->n;
  uint32_t start = q->out ? q->next_write : q->first, best = q->n;
  uint32_t end = q->n - start > q->window ? start + q->window : q->n;
  for (uint32_t i = q->first; i < end; i++)
    if (may_take(q, i, device) && (best == q->n || q->units[i].weight > q->units[best].weight)) best = i;
  return best;
}

/* The unit at work in which a thread can join, or n. */
static uint32_t choose_other(const Queue *q) {
  uint32_t end = q->waiting > MAX_WAITING ? q->next_write + 1 : q->n, best = q->n;
  for (uint32_t i = q->next_write; i < end && i < q->n; i++) {
    const QueueUnit *u = &q->units[i];
    if (u->state == UNIT_TAKEN && u->next < u->parts && (best == q->n || u->weight > q->units[best].weight)) best = i;
  }
  return best;
}

/* Lock held. */
static void take(Queue *q, uint32_t unit) {
  QueueUnit *u = &q->units[unit];
  u->holders++;
  if (u->state == UNIT_TAKEN) return;
  if (u->state == UNIT_OPEN) q->nopen--;
  else q->nreturned--;
  u->state = UNIT_TAKEN;
  u->next = 0;
  u->undone = u->parts;
  if (!u->texts) u->texts = (Buffer *)memset(host_alloc(u->parts * sizeof *u->texts), 0, u->parts * sizeof *u->texts);
  if (u->parts > 1) pthread_cond_broadcast(&q->changed);
}

/* Lock held, given up while waiting. n: nothing is left. */
static uint32_t wait_for_unit(Queue *q, bool device) {
  uint32_t unit = q->n;
  while (!q->stopped && (unit = choose(q, device)) == q->n && (device || (unit = choose_other(q)) == q->n) &&
         (q->nopen || (!device && (q->nreturned || q->devices))))
    pthread_cond_wait(&q->changed, &q->lock);
  return q->stopped ? q->n : unit;
}

bool queue_take(Queue *q, uint32_t *unit, uint32_t *part) {
  pthread_mutex_lock(&q->lock);
  *unit = wait_for_unit(q, false);
  bool taken = *unit < q->n;
  if (taken) {
    take(q, *unit);
    *part = q->units[*unit].next++;
  }
  pthread_mutex_unlock(&q->lock);
  return taken;
}

bool queue_take_part(Queue *q, uint32_t unit, uint32_t *part) {
  pthread_mutex_lock(&q->lock);
  QueueUnit *u = &q->units[unit];
  bool taken = !q->stopped && u->next < u->parts;
  if (taken) *part = u->next++;
  pthread_mutex_unlock(&q->lock);
  return taken;
}

void queue_give_part(Queue *q, uint32_t unit, uint32_t part, Buffer *text) {
  pthread_mutex_lock(&q->lock);
  QueueUnit *u = &q->units[unit];
  u->texts[part] = *text;
  u->undone--;
  q->waiting += text->len;
  memset(text, 0, sizeof *text);
  pthread_mutex_unlock(&q->lock);
}

bool queue_leave_unit(Queue *q, uint32_t unit) {
  pthread_mutex_lock(&q->lock);
  QueueUnit *u = &q->units[unit];
  bool last = --u->holders == 0 && u->undone == 0;
  pthread_mutex_unlock(&q->lock);
  return last;
}

uint32_t queue_take_many(Queue *q, uint32_t *units, uint32_t most, bool wait) {
  pthread_mutex_lock(&q->lock);
  uint32_t n = 0, unit = wait ? wait_for_unit(q, true) : choose(q, true);
  while (n < most && !q->stopped && unit < q->n) {
    take(q, unit);
    q->units[unit].next = q->units[unit].parts;
    q->units[unit].undone = 1;
    units[n++] = unit;
    unit = choose(q, true);
  }
  pthread_mutex_unlock(&q->lock);
  return n;
}

void queue_return(Queue *q, uint32_t unit) {
  pthread_mutex_lock(&q->lock);
  q->units[unit].state = UNIT_RETURNED;
  q->units[unit].holders = 0;
  q->nreturned++;
  if (unit < q->first) q->first = unit;
  pthread_cond_broadcast(&q->changed);
  pthread_mutex_unlock(&q->lock);
}

/* Its parts in order; how many bytes they were. false: not written. */
static bool write_unit(OutFile *out, QueueUnit *u, size_t *len) {
  bool ok = true;
  *len = 0;
  for (uint32_t k = 0; k < u->parts; k++) {
    *len += u->texts[k].len;
    if (ok && out) ok = out_write(out, u->texts[k].data, u->texts[k].len);
  }
  free_texts(u);
  return ok;
}

/* Lock held, given up while writing. */
static void write_ready(Queue *q) {
  q->writing = true;
  double from = host_clock();
  while (q->next_write < q->n && q->units[q->next_write].state == UNIT_FINISHED) {
    size_t len;
    pthread_mutex_unlock(&q->lock);
    bool ok = write_unit(q->out, &q->units[q->next_write], &len);
    pthread_mutex_lock(&q->lock);
    q->waiting -= len;
    q->next_write++;
    if (!ok) q->stopped = true;
    pthread_cond_broadcast(&q->changed);
  }
  q->write_seconds += host_clock() - from;
  q->writing = false;
}

void queue_finish(Queue *q, uint32_t unit) {
  pthread_mutex_lock(&q->lock);
  q->units[unit].state = UNIT_FINISHED;
  q->done++;
  if (!q->writing) write_ready(q);
  pthread_mutex_unlock(&q->lock);
}

void queue_counts(Queue *q, uint32_t *open, uint32_t *done) {
  pthread_mutex_lock(&q->lock);
  *done = q->done;
  *open = q->nopen;
  pthread_mutex_unlock(&q->lock);
}

void queue_stop(Queue *q) {
  pthread_mutex_lock(&q->lock);
  q->stopped = true;
  pthread_cond_broadcast(&q->changed);
  pthread_mutex_unlock(&q->lock);
}

void queue_flush(Queue *q) {
  pthread_mutex_lock(&q->lock);
  while (q->next_write < q->n) {
    if (q->units[q->next_write].state == UNIT_FINISHED) write_ready(q);
    else q->next_write++;
  }
  pthread_mutex_unlock(&q->lock);
}

void queue_enter(Queue *q) {
  pthread_mutex_lock(&q->lock);
  q->active++;
  pthread_mutex_unlock(&q->lock);
}

void queue_leave(Queue *q) {
  pthread_mutex_lock(&q->lock);
  if (--q->active == 0) pthread_cond_broadcast(&q->idle);
  pthread_mutex_unlock(&q->lock);
}

bool queue_wait(Queue *q, double seconds, uint32_t *done) {
  struct timespec until;
  clock_gettime(CLOCK_MONOTONIC, &until);
  until.tv_sec += (time_t)seconds;
  until.tv_nsec += (long)((seconds - (double)(time_t)seconds) * 1e9);
  if (until.tv_nsec >= 1000000000) {
    until.tv_sec++;
    until.tv_nsec -= 1000000000;
  }
  pthread_mutex_lock(&q->lock);
  int rc = 0;
  while (q->active && rc == 0) rc = pthread_cond_timedwait(&q->idle, &q->lock, &until);
  bool over = q->active == 0;
  *done = q->done;
  pthread_mutex_unlock(&q->lock);
  return over;
}
