/* seen.c - objects by address; see conversion.h. */
#include "conversion.h"

#include <stdlib.h>

enum { FEWEST = 64 };

static Seen *slot_of(Seen *seen, uint32_t room, const PyObject *object) {
  uint32_t i = (uint32_t)(((uintptr_t)object >> 4) * 0x9e3779b97f4a7c15u >> 32) & (room - 1);
  while (seen[i].object && seen[i].object != object) i = (i + 1) & (room - 1);
  return &seen[i];
}

Value find_seen(const Conversion *c, PyObject *object) { return c->nseen ? slot_of(c->seen, c->room, object)->value : 0; }

static bool grow(Conversion *c) {
  uint32_t room = c->room ? c->room * 2 : FEWEST;
  Seen *seen = calloc(room, sizeof *seen);
  if (!seen) {
    PyErr_NoMemory();
    return false;
  }
  for (uint32_t i = 0; i < c->room; i++)
    if (c->seen[i].object) *slot_of(seen, room, c->seen[i].object) = c->seen[i];
  free(c->seen);
  c->seen = seen;
  c->room = room;
  return true;
}

bool note_seen(Conversion *c, PyObject *object, Value v) {
  if (!c->captured) return true;
  if (c->nseen >= c->room / 2 && !grow(c)) return false;
  Py_IncRef(object);
  *slot_of(c->seen, c->room, object) = (Seen){object, v};
  c->nseen++;
  return true;
}

void forget_seen(Conversion *c) {
  for (uint32_t i = 0; i < c->room; i++)
    if (c->seen[i].object) Py_DecRef(c->seen[i].object);
  free(c->seen);
  c->seen = NULL;
  c->nseen = c->room = 0;
}
