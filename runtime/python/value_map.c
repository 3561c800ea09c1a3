/* value_map.c - see objects.h.
 *
 * A hash table by offset with linear probing, where a slot has the number of its entry. An entry that is newer than
 * another stands in nobody's way to it, so the newest can be taken out without a trace. */
#include "objects.h"

#include <stdlib.h>
#include <string.h>

enum { FEWEST = 256, MOST_KEPT = 1 << 16 }; /* slots: at first; when empty */

static uint32_t first_slot(const ValueMap *m, uint32_t offset) { return (offset * 2654435769u) >> m->shift; }

/* The slot of an offset, or the empty one where it would be. */
static MapSlot *slot_of(const ValueMap *m, uint32_t offset) {
  uint32_t i = first_slot(m, offset);
  while (m->slots[i].number && m->slots[i].offset != offset) i = i + 1 < m->nslots ? i + 1 : 0;
  return &m->slots[i];
}

PyObject *map_find(const ValueMap *m, Value v) {
  if (!m->n) return NULL;
  const MapSlot *slot = slot_of(m, payload_of(v));
  return slot->number ? m->entries[slot->number - 1].object : NULL;
}

/* Twice as large. false without an exception: no memory. */
static bool grow(ValueMap *m) {
  uint32_t nslots = m->nslots ? m->nslots * 2 : FEWEST;
  MapSlot *slots = nslots > m->nslots ? calloc(nslots, sizeof *slots) : NULL;
  MapEntry *entries = slots ? realloc(m->entries, nslots / 2 * sizeof *entries) : NULL;
  if (!entries) {
    free(slots);
    return false;
  }
  free(m->slots);
  m->slots = slots;
  m->entries = entries;
  m->nslots = nslots;
  m->shift = (uint32_t)__builtin_clz(nslots) + 1;
  for (uint32_t i = 0; i < m->n; i++) *slot_of(m, entries[i].offset) = (MapSlot){entries[i].offset, i + 1};
  return true;
}

bool map_add(ValueMap *m, Value v, PyObject *object) {
  if (m->n >= m->nslots / 2 && !grow(m)) {
    PyErr_NoMemory();
    return false;
  }
  MapSlot *slot = slot_of(m, payload_of(v));
  if (slot->number) return true;
  Py_IncRef(object);
  m->entries[m->n++] = (MapEntry){object, payload_of(v)};
  *slot = (MapSlot){payload_of(v), m->n};
  return true;
}

void map_cut(ValueMap *m, uint32_t n) {
  while (m->n > n) {
    MapEntry newest = m->entries[--m->n];
    slot_of(m, newest.offset)->number = 0;
    Py_DecRef(newest.object);
  }
  if (!n && m->nslots > MOST_KEPT) map_free(m);
}

void map_free(ValueMap *m) {
  ValueMap was = *m;
  *m = (ValueMap){0};
  for (uint32_t i = was.n; i > 0; i--) Py_DecRef(was.entries[i - 1].object);
  free(was.slots);
  free(was.entries);
}
