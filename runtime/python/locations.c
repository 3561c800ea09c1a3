/* locations.c - see locations.h.
 *
 * They lie one behind the other in memory of their own, which comes in large pages: faults of usual ones took most of the time
 * of the first calls. */
#include "locations.h"

#include "layout.h"

#include <sys/mman.h>

enum { LOCATION_COUNT = LOCATION_SIDE * LOCATION_SIDE, LARGE_PAGE = 2 << 20 };

typedef struct {
  uintptr_t collector[2]; /* what the collector of cycles keeps before an object: it knows nothing of these, which are in no cycle */
  PyObject base;
  Py_ssize_t size;
  PyObject *items[2];
} Location;

_Static_assert(sizeof(Location) == LOCATION_BYTES, "as Python counts");

PyObject **location_objects;
static Location *next_location;
static PyObject *numbers[LOCATION_SIDE]; /* coordinates */

/* Address space: pages come when they are touched. */
void locations_start(void) {
  size_t objects = LOCATION_COUNT * sizeof *location_objects, bytes = objects + LOCATION_COUNT * sizeof(Location);
  if (location_objects) return;
  uint8_t *p = mmap(NULL, bytes + LARGE_PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (p == MAP_FAILED) return;
  p += -(uintptr_t)p % LARGE_PAGE;
#ifdef MADV_HUGEPAGE
  (void)madvise(p, bytes, MADV_HUGEPAGE);
#endif
  location_objects = (PyObject **)(void *)p;
  next_location = (Location *)(void *)(p + objects);
}

/* A new reference. */
static PyObject *number_object(size_t at) {
  if (!numbers[at]) numbers[at] = int_object((long long)at + LOCATION_LEAST);
  return numbers[at] ? new_reference(numbers[at]) : NULL;
}

PyObject *location_make(PyObject **place) {
  size_t at = (size_t)(place - location_objects);
  PyObject *row = number_object(at / LOCATION_SIDE), *column = row ? number_object(at % LOCATION_SIDE) : NULL;
  if (!column) return NULL;
  Location *l = next_location++;
  l->base.ob_refcnt = 1;
  l->base.ob_type = &PyTuple_Type;
  l->size = 2;
  l->items[0] = row;
  l->items[1] = column;
  return new_reference(*place = &l->base);
}
