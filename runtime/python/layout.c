/* layout.c - see layout.h. */
#include "layout.h"

#include "locations.h"
#include "objects.h"

#include <string.h>
#include <sys/mman.h>

typedef struct {
  PyObject base;
  Py_ssize_t fill, used, mask;
  PySetEntry *table; /* `small`, or memory of PyMem_Malloc */
  Py_hash_t hash;    /* -1: not known */
  Py_ssize_t finger;
  PySetEntry small[SMALL_SLOTS];
  PyObject *weakrefs;
} PySet;

Layout layout;
static Layout found;

/* ---- writing ---- */

/* New memory of a large table, all of which is written soon, at once: a fault for each page costs more. */
static void bring_pages(uint8_t *from, size_t bytes) {
#ifdef MADV_POPULATE_WRITE
  enum { PAGE = 4096, LARGE = 128 << 10 };
  uint8_t *first = from + -(uintptr_t)from % PAGE;
  if (bytes >= LARGE) (void)madvise(first, (size_t)(from + bytes - first) / PAGE * PAGE, MADV_POPULATE_WRITE);
#else
  (void)from, (void)bytes;
#endif
}

PySetEntry *table_room(Py_ssize_t mask, PySetEntry few[SMALL_SLOTS]) {
  if (mask < SMALL_SLOTS) return memset(few, 0, SMALL_SLOTS * sizeof *few);
  PySetEntry *table = PyMem_Calloc((size_t)mask + 1, sizeof *table);
  if (table) bring_pages((uint8_t *)table, ((size_t)mask + 1) * sizeof *table);
  else PyErr_NoMemory();
  return table;
}

void drop_table(PySetEntry *table, Py_ssize_t mask) {
  for (Py_ssize_t i = 0; i <= mask; i++)
    if (table[i].key) Py_DecRef(table[i].key);
  if (mask >= SMALL_SLOTS) PyMem_Free(table);
}

PyObject *set_of_table(bool frozen, PySetEntry *table, Py_ssize_t mask, Py_ssize_t fill, Py_ssize_t used) {
  PyObject *made = frozen ? PyFrozenSet_New(NULL) : PySet_New(NULL);
  if (!made) {
    drop_table(table, mask);
    return NULL;
  }
  PySet *s = (PySet *)(void *)made;
  if (mask < SMALL_SLOTS) memcpy(s->small, table, sizeof s->small);
  else s->table = table;
  s->mask = mask;
  s->fill = fill;
  s->used = used;
  return made;
}

/* ---- what is there ---- */

/* An attribute that is a number; -1: there is none. */
static long long number_of(PyObject *object, const char *attribute) {
  int overflow;
  PyObject *number = PyObject_GetAttrString(object, attribute);
  long long value = number ? PyLong_AsLongLongAndOverflow(number, &overflow) : -1;
  if (number) Py_DecRef(number);
  PyErr_Clear();
  return value;
}

static bool is_known_version(void) {
  int overflow;
  PyObject *version = PySys_GetObject("hexversion");
  return version && PyLong_AsLongLongAndOverflow(version, &overflow) < 0x030e0000;
}

static bool find_ints(void) {
  for (int i = 0; i < SMALL_INTS; i++)
    if (!layout.ints[i] && !(layout.ints[i] = PyLong_FromLongLong(i + SMALL_INT_MIN))) return false;
  return true;
}

static bool tuples_are_known(void) {
  if (number_of((PyObject *)&PyTuple_Type, "__basicsize__") != sizeof(PyTuple) ||
      number_of((PyObject *)&PyTuple_Type, "__itemsize__") != sizeof(PyObject *)) return false;
  PyObject *tuple = PyTuple_New(2);
  if (!tuple) return false;
  PyTuple_SetItem(tuple, 0, int_object(0));
  PyTuple_SetItem(tuple, 1, int_object(1));
  const PyTuple *t = (const PyTuple *)(const void *)tuple;
  PyObject *getsizeof = PySys_GetObject("getsizeof"), *size = getsizeof ? PyObject_CallFunction(getsizeof, "(O)", tuple) : NULL;
  bool known = size && PyLong_AsLongLongAndOverflow(size, &(int){0}) == LOCATION_BYTES && t->size == 2 && t->items[0] == layout.ints[0 - SMALL_INT_MIN] && t->items[1] == layout.ints[1 - SMALL_INT_MIN];
  if (size) Py_DecRef(size);
  Py_DecRef(tuple);
  return known;
}

/* A set to which the ints from 0 on have been added; NULL: an exception. */
static PyObject *set_of_ints(int n) {
  PyObject *set = PySet_New(NULL);
  for (int i = 0; set && i < n; i++)
    if (PySet_Add(set, layout.ints[i - SMALL_INT_MIN])) {
      Py_DecRef(set);
      return NULL;
    }
  return set;
}

/* Are `n` ints in their slots, and nothing else in the table? */
static bool table_is(const PySet *s, Py_ssize_t mask, int n) {
  if (s->mask != mask || s->fill != n || s->used != n || s->hash != -1 || (s->table == s->small) != (mask < SMALL_SLOTS)) return false;
  for (int i = 0; i <= mask; i++)
    if (s->table[i].key != (i < n ? layout.ints[i - SMALL_INT_MIN] : NULL) || (i < n && s->table[i].hash != i)) return false;
  return true;
}

/* Keys are taken out of a set of ints: what stands in their slots then is the dummy. */
static bool find_dummy(PyObject *set, int n) {
  const PySet *s = (const PySet *)(const void *)set;
  if (PySet_Discard(set, layout.ints[1 - SMALL_INT_MIN]) != 1 || PySet_Discard(set, layout.ints[2 - SMALL_INT_MIN]) != 1) return false;
  layout.dummy = s->table[1].key;
  return layout.dummy && layout.dummy == s->table[2].key && s->table[1].hash == -1 && s->table[2].hash == -1 && s->fill == n &&
         s->used == n - 2 && s->table[0].key == layout.ints[0 - SMALL_INT_MIN];
}

/* The same set, written: equal and of the same size? */
static bool can_be_written(PyObject *set) {
  const PySet *s = (const PySet *)(const void *)set;
  PySetEntry few[SMALL_SLOTS], *table = table_room(s->mask, few);
  if (!table) return false;
  for (Py_ssize_t i = 0; i <= s->mask; i++) {
    table[i] = s->table[i];
    if (table[i].key) new_reference(table[i].key);
  }
  PyObject *made = set_of_table(true, table, s->mask, s->fill, s->used);
  bool same = made && PyObject_RichCompareBool(set, made, Py_EQ) == 1 && PySet_Size(made) == PySet_Size(set);
  if (made) Py_DecRef(made);
  return same;
}

/* A table in the object, and one of its own: 19 keys make one of 128 slots. */
static bool sets_are_known(void) {
  if (number_of(names.set_type, "__basicsize__") != sizeof(PySet) || number_of(names.frozenset_type, "__basicsize__") != sizeof(PySet))
    return false;
  bool known = true;
  for (int large = 0; large < 2; large++) {
    int n = large ? 19 : 4;
    PyObject *set = set_of_ints(n);
    known = known && set && table_is((const PySet *)(const void *)set, large ? 127 : 7, n) && can_be_written(set) &&
            find_dummy(set, n) && can_be_written(set);
    if (set) Py_DecRef(set);
  }
  return known;
}

bool layout_start(void) {
  if (!find_ints()) return false;
  if (is_known_version()) {
    layout.tuples = tuples_are_known();
    layout.sets = layout.tuples && sets_are_known();
  }
  if (layout.tuples) locations_start();
  found = layout;
  return !PyErr_Occurred();
}

void layout_use(bool direct) {
  layout.tuples = direct && found.tuples;
  layout.sets = direct && found.sets;
}
