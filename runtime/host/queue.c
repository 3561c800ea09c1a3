/* queue.c - work units for threads, their output in order. */
#include "queue.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

enum UnitState { UNIT_OPEN, UNIT_TAKEN, UNIT_FINISHED };

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
  if (n) memset(q->units, 0, n * sizeof *q->units);
  q->n = n;
  q->out = out;
  q->window = out ? UNITS_PER_THREAD * nthreads : PLAIN_WINDOW;
}

void queue_free(Queue *q) {
  for (uint32_t i = 0; i < q->n; i++) buffer_free(&q->units[i].text);
  free(q->units);
  pthread_mutex_destroy(&q->lock);
  pthread_cond_destroy(&q->changed);
  pthread_cond_destroy(&q->idle);
}

/* The unit to give out now, or n. */
static uint32_t choose(Queue *q) {
  while (q->first < q->n && q->units[q->first].state != UNIT_OPEN) q->first++;
  if (q->waiting > MAX_WAITING) return q->first == q->next_write ? q->first : q->n;
  uint32_t start = q->out ? q->next_write : q->first, best = q->n;
  uint32_t end = q->n - start > q->window ? start + q->window : q->n;
  for (uint32_t i = q->first; i < end; i++)
    if (q->units[i].state == UNIT_OPEN && (best == q->n || q->units[i].weight > q->units[best].weight)) best = i;
  return best;
}

bool queue_take(Queue *q, uint32_t *unit) {
  pthread_mutex_lock(&q->lock);
  uint32_t chosen = q->n;
  while (!q->stopped && (chosen = choose(q)) == q->n && q->first < q->n) pthread_cond_wait(&q->changed, &q->lock);
  bool taken = !q->stopped && chosen < q->n;
  if (taken) q->units[chosen].state = UNIT_TAKEN;
  pthread_mutex_unlock(&q->lock);
  *unit = chosen;
  return taken;
}

uint32_t queue_take_many(Queue *q, uint32_t *units, uint32_t most, bool wait) {
  if (wait && !queue_take(q, &units[0])) return 0;
  pthread_mutex_lock(&q->lock);
  uint32_t n = wait;
  for (; n < most && !q->stopped && (units[n] = choose(q)) != q->n; n++) q->units[units[n]].state = UNIT_TAKEN;
  pthread_mutex_unlock(&q->lock);
  return n;
}

/* Lock held, given up while writing. */
static void write_ready(Queue *q) {
  q->writing = true;
  double from = host_clock();
  while (q->next_write < q->n && q->units[q->next_write].state == UNIT_FINISHED) {
    Buffer text = q->units[q->next_write].text;
    memset(&q->units[q->next_write].text, 0, sizeof text);
    pthread_mutex_unlock(&q->lock);
    bool ok = !q->out || out_write(q->out, text.data, text.len);
    size_t len = text.len;
    buffer_free(&text);
    pthread_mutex_lock(&q->lock);
    q->waiting -= len;
    q->next_write++;
    if (!ok) q->stopped = true;
    pthread_cond_broadcast(&q->changed);
  }
  q->write_seconds += host_clock() - from;
  q->writing = false;
}

void queue_finish(Queue *q, uint32_t unit, Buffer *text) {
  pthread_mutex_lock(&q->lock);
  QueueUnit *u = &q->units[unit];
  u->state = UNIT_FINISHED;
  u->text = *text;
  memset(text, 0, sizeof *text);
  q->waiting += u->text.len;
  q->done++;
  if (!q->writing) write_ready(q);
  pthread_mutex_unlock(&q->lock);
}

void queue_counts(Queue *q, uint32_t *open, uint32_t *done) {
  pthread_mutex_lock(&q->lock);
  *done = q->done;
  *open = 0;
  for (uint32_t i = q->first; i < q->n; i++) *open += q->units[i].state == UNIT_OPEN;
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
