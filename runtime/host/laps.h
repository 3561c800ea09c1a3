/* laps.h - what the processor time of a thread goes to. Asking for that takes as long as a small call, so it is asked for
 * once a unit, and divided by the ticks of a clock that is read fast. */
#ifndef BATTC_HOST_LAPS_H
#define BATTC_HOST_LAPS_H

#include "../target.h"

typedef enum { LAP_OTHER, LAP_FIRST, LAP_SECOND, LAP_LINES, LAP_COUNT } Lap;

typedef struct {
  Lap now;
  uint64_t since, ticks[LAP_COUNT];
  double started;            /* of the unit, by processor time */
  double seconds[LAP_COUNT]; /* of the unit, when it has ended */
} Laps;

void laps_start(Laps *laps);
void laps_end(Laps *laps);

/* From here on it goes to `next`: what it went to before. */
static inline Lap lap(Laps *laps, Lap next) {
  uint64_t ticks = tick_count();
  Lap before = laps->now;
  laps->ticks[before] += ticks - laps->since;
  laps->since = ticks;
  laps->now = next;
  return before;
}

#endif
