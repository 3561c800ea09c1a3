/* locations.h - locations as Python's tuples, most of what there is in sets: an object for each, made once for ever. */
#ifndef BATTC_LOCATIONS_H
#define BATTC_LOCATIONS_H

#include "python.h"

#include <stdbool.h>
#include <stdint.h>

enum {
  LOCATION_LEAST = -32, LOCATION_SIDE = 544, /* coordinates, and how many from there on */
  LOCATION_BYTES = 56                        /* of an object, with what the collector of cycles keeps before it */
};

extern PyObject **location_objects; /* by place, NULL: not made yet; NULL: there are none */

/* Once, where the layout of tuples is known: they are written in memory. */
void locations_start(void);

/* Where the object of (i, j) stands; NULL: it is none of these. */
static inline PyObject **location_place(int64_t i, int64_t j) {
  uint64_t row = (uint64_t)(i - LOCATION_LEAST), column = (uint64_t)(j - LOCATION_LEAST);
  return location_objects && row < LOCATION_SIDE && column < LOCATION_SIDE ? location_objects + row * LOCATION_SIDE + column : NULL;
}

/* Makes it. A new reference; NULL: an exception. */
PyObject *location_make(PyObject **place);

#endif
