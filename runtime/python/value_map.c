/* value_map.c - see objects.h. */
#include "objects.h"

#include <stdlib.h>
#include <string.h>

static uint32_t home(const ValueMap *m, Value v) { return (uint32_t)(v * 0x9e3779b97f4a7c15u >> 32) & m->mask; }

static uint32_t *find_slot(const ValueMap *m, Value v) {
  uint32_t at = home(m, v);
  while (m->slots[at] && m->values[m->slots[at] - 1] != v) at = (at + 1) & m->mask;
  return &m->slots[at];
}

PyObject *map_find(const ValueMap *m, Value v) {
  if (!m->n) return NULL;
  uint32_t found = *find_slot(m, v);
  return found ? m->objects[found - 1] : NULL;
}

static bool grow(ValueMap *m) {
  uint32_t cap = m->cap ? m->cap * 2 : 256;
  Value *values = realloc(m->values, cap * sizeof *values);
  if (values) m->values = values;
  PyObject **objects = realloc(m->objects, cap * sizeof *objects);
  if (objects) m->objects = objects;
  uint32_t *slots = calloc((size_t)cap * 2, sizeof *slots);
  if (!values || !objects || !slots) {
    free(slots);
    PyErr_NoMemory();
    return false;
  }
  free(m->slots);
  m->slots = slots;
  m->cap = cap;
  m->mask = cap * 2 - 1;
  for (uint32_t i = 0; i < m->n; i++) *find_slot(m, m->values[i]) = i + 1;
  return true;
}

bool map_add(ValueMap *m, Value v, PyObject *object) {
  if (m->n == m->cap && !grow(m)) return false;
  uint32_t *slot = find_slot(m, v);
  if (*slot) return true;
  m->values[m->n] = v;
  m->objects[m->n] = object;
  Py_IncRef(object);
  *slot = ++m->n;
  return true;
}

/* The last in is at the end of every chain that it is part of. */
void map_cut(ValueMap *m, uint32_t n) {
  while (m->n > n) {
    uint32_t *slot = find_slot(m, m->values[m->n - 1]);
    *slot = 0;
    Py_DecRef(m->objects[--m->n]);
  }
}

void map_free(ValueMap *m) {
  map_cut(m, 0);
  free(m->values);
  free(m->objects);
  free(m->slots);
  memset(m, 0, sizeof *m);
}
