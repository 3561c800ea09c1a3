/* layout.h - CPython's tuples and sets written in memory, where they lie there as they do in 3.8 to 3.13.
 *
 * The stable ABI has a call for each item of a tuple and none for the table of a set. So the layout is looked at once,
 * when a module starts (layout.c): where it is another one, everything goes through the calls, slower, and sets by
 * way of set_object.c. Small ints are kept at hand in any case. */
#ifndef BATTC_LAYOUT_H
#define BATTC_LAYOUT_H

#include "python.h"

#include <stdbool.h>

enum {
  SMALL_INT_MIN = -5, SMALL_INTS = 262, /* of which CPython has one object each */
  SMALL_SLOTS = 8                       /* of a table that lies in the set itself */
};

typedef struct {
  PyObject *key;
  Py_hash_t hash;
} PySetEntry;

typedef struct {
  bool tuples, sets;             /* is it the known one? */
  PyObject *dummy;               /* the key of a slot whose key is gone */
  PyObject *ints[SMALL_INTS];
} Layout;

extern Layout layout;

/* Looks. false: an exception is pending. */
bool layout_start(void);
/* For tests: write in memory where that is possible, or never. */
void layout_use(bool direct);

/* For a set's table, all empty: `few`, or memory of its own. NULL: an exception. */
PySetEntry *table_room(Py_ssize_t mask, PySetEntry few[SMALL_SLOTS]);
/* With the references to its keys. */
void drop_table(PySetEntry *table, Py_ssize_t mask);
/* A set or frozenset of such a table, which it takes over. Needs layout.sets. */
PyObject *set_of_table(bool frozen, PySetEntry *table, Py_ssize_t mask, Py_ssize_t fill, Py_ssize_t used);

/* An object that is there for good (3.12) keeps its count. */
static inline PyObject *new_reference(PyObject *object) {
  Py_ssize_t count = object->ob_refcnt + 1;
  if ((uint32_t)count) object->ob_refcnt = count;
  return object;
}

static inline PyObject *int_object(long long i) {
  uint64_t at = (uint64_t)(i - SMALL_INT_MIN);
  return at < SMALL_INTS ? new_reference(layout.ints[at]) : PyLong_FromLongLong(i);
}

typedef struct {
  PyObject base;
  Py_ssize_t size;
  PyObject *items[];
} PyTuple;

/* Into a new tuple: takes the reference over. */
static inline void tuple_put(PyObject *tuple, Py_ssize_t i, PyObject *item) {
  if (layout.tuples) ((PyTuple *)(void *)tuple)->items[i] = item;
  else PyTuple_SetItem(tuple, i, item);
}

#endif
