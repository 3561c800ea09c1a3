/* laps.c - see laps.h. */
#include "laps.h"

#include <string.h>
#include <time.h>

static double thread_clock(void) {
  struct timespec t;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
  return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

void laps_start(Laps *laps) {
  memset(laps, 0, sizeof *laps);
  laps->started = thread_clock();
  laps->since = tick_count();
}

void laps_end(Laps *laps) {
  lap(laps, LAP_OTHER);
  double seconds = thread_clock() - laps->started, all = 0;
  for (int i = 0; i < LAP_COUNT; i++) all += (double)laps->ticks[i];
  for (int i = 0; i < LAP_COUNT && all > 0; i++) laps->seconds[i] = seconds * (double)laps->ticks[i] / all;
}
