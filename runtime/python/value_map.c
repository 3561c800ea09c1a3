/* value_map.c - see objects.h. */
#include "objects.h"

#include <stdlib.h>
#include <string.h>

enum { PAGE = 512 }; /* offsets: as much memory as the values there take */

PyObject *map_find(const ValueMap *m, Value v) {
  uint32_t offset = payload_of(v), page = offset / PAGE;
  return page < m->npages && m->pages[page] ? m->pages[page][offset % PAGE] : NULL;
}

/* The entry for an offset; NULL without an exception: no memory. */
static PyObject **entry(ValueMap *m, uint32_t offset) {
  uint32_t page = offset / PAGE;
  if (page >= m->npages) {
    uint32_t n = page + page / 2 + 16;
    PyObject ***pages = realloc(m->pages, n * sizeof *pages);
    if (!pages) return NULL;
    memset(pages + m->npages, 0, (n - m->npages) * sizeof *pages);
    m->pages = pages;
    m->npages = n;
  }
  if (!m->pages[page]) m->pages[page] = calloc(PAGE, sizeof **m->pages);
  return m->pages[page] ? &m->pages[page][offset % PAGE] : NULL;
}

static bool grow(ValueMap *m) {
  uint32_t cap = m->cap ? m->cap * 2 : 256;
  uint32_t *offsets = realloc(m->offsets, cap * sizeof *offsets);
  if (!offsets) return false;
  m->offsets = offsets;
  m->cap = cap;
  return true;
}

bool map_add(ValueMap *m, Value v, PyObject *object) {
  PyObject **e = m->n < m->cap || grow(m) ? entry(m, payload_of(v)) : NULL;
  if (!e) {
    PyErr_NoMemory();
    return false;
  }
  if (*e) return true;
  *e = object;
  Py_IncRef(object);
  m->offsets[m->n++] = payload_of(v);
  return true;
}

void map_cut(ValueMap *m, uint32_t n) {
  while (m->n > n) {
    PyObject **e = entry(m, m->offsets[--m->n]), *object = *e;
    *e = NULL;
    Py_DecRef(object);
  }
}

void map_free(ValueMap *m) {
  map_cut(m, 0);
  for (uint32_t i = 0; i < m->npages; i++) free(m->pages[i]);
  free(m->pages);
  free(m->offsets);
  memset(m, 0, sizeof *m);
}
