/* set_object.c - sets of CPython whose tables are those of the runtime.
 *
 * CPython keeps no order but that of a table's slots, so a set iterates as ours does if it has our table. Sets that have
 * been united, cut and grown have tables that set(items) does not give: larger ones, keys away from where they
 * would go, slots whose keys are gone. Such a table is built through the interface alone:
 *
 *   1. A key stands behind what fills the slots that come first on its way. So there is an order of insertion that
 *      leads to the table (fill_order), where a number that belongs exactly there takes the place of a key that is gone.
 *   2. A set made of a dict has, at once, the least table for the size of the dict, and gets its keys in the order of the
 *      dict. A larger table than for our keys comes from a larger dict: it holds twins, objects that the dict takes for
 *      different ones, and the set, a moment later, for keys that it has. A smaller table comes from a smaller dict,
 *      to which the other keys are added one by one.
 *   3. What took the place of gone keys is taken out again: of a frozenset by its difference with a list, which
 *      copies the table as it is. */
#include "objects.h"

#include "../probe.h"

#include <stdlib.h>

/* ---- twins ---- */

typedef struct {
  PyObject base;
  Py_hash_t hash;
  const bool *equal; /* is it equal to everything that has its hash? */
} Twin;

static PyTypeObject *twin_type;

static Py_hash_t twin_hash(PyObject *self) { return ((Twin *)self)->hash; }

static PyObject *twin_compare(PyObject *self, PyObject *other, int op) {
  (void)other;
  return PyBool_FromLong((op == Py_EQ) == *((Twin *)self)->equal);
}

bool twins_start(void) {
  static PyType_Slot slots[] = {{Py_tp_hash, (void *)twin_hash}, {Py_tp_richcompare, (void *)twin_compare}, {0, NULL}};
  static PyType_Spec spec = {"battc.twin", sizeof(Twin), 0, Py_TPFLAGS_DEFAULT, slots};
  if (!twin_type) twin_type = (PyTypeObject *)PyType_FromSpec(&spec);
  return twin_type;
}

static bool add_to_dict(PyObject *dict, PyObject *key) { return PyDict_SetItem(dict, key, Py_None) == 0; }

static bool add_twin(PyObject *dict, PyObject *key, const bool *equal) {
  PyObject *twin = PyType_GenericAlloc(twin_type, 0);
  if (!twin) return false;
  ((Twin *)twin)->hash = PyObject_Hash(key);
  ((Twin *)twin)->equal = equal;
  bool ok = ((Twin *)twin)->hash != -1 && add_to_dict(dict, twin);
  Py_DecRef(twin);
  return ok;
}

/* ---- order ---- */

typedef struct {
  const SetEntry *table;
  uint32_t mask, fill;
  uint32_t *order; /* slots in the order of insertion */
  uint8_t *placed; /* by slot */
  uint32_t n;
} Filling;

static void place(Filling *f, uint32_t slot) {
  f->order[f->n++] = slot;
  f->placed[slot] = 1;
}

/* Is everything filled that comes first on the way to the slot? */
static bool way_is_filled(const Filling *f, uint32_t slot) {
  for (Probe p = probe_start(f->mask, f->table[slot].hash);; probe_jump(&p))
    for (uint64_t i = p.slot; i < p.slot + probe_width(&p); i++) {
      if (i == slot) return true;
      if (!f->placed[i]) return false;
    }
}

/* Slots of gone keys first; then, in several rounds, those whose way is filled. Where gone keys' slots have been used
 * again there may be none: then the order is as near as it gets. */
static void fill_order(Filling *f) {
  bool force = false;
  for (uint32_t i = 0; i <= f->mask; i++)
    if (f->table[i].key == SET_DUMMY) place(f, i);
  while (f->n < f->fill) {
    uint32_t before = f->n;
    for (uint32_t i = 0; i <= f->mask; i++) {
      if (!f->table[i].key || f->placed[i] || !(force || way_is_filled(f, i))) continue;
      place(f, i);
      force = false;
    }
    force = f->n == before;
  }
}

/* ---- building ---- */

typedef struct {
  PyObject **keys; /* in the order of insertion */
  uint32_t n, gone; /* the first `gone` are stand-ins */
} Keys;

/* Numbers from here on belong in the slots from 0 on, and no key is equal to one of them. */
static int64_t stand_ins_from(const SetEntry *table, uint32_t mask) {
  int64_t slots = (int64_t)mask + 1, from = slots;
  for (bool met = true; met; from += met ? slots : 0) {
    met = false;
    for (int64_t i = 0; i < slots; i++) met |= table[i].key && table[i].hash >= from && table[i].hash < from + slots;
  }
  return from;
}

static uint32_t least(uint32_t a, uint32_t b) { return a < b ? a : b; }

/* The set, with as many slots as the dict of the first keys is large for. */
static PyObject *set_of_dict(const Keys *k, uint32_t mask, bool frozen) {
  uint32_t first = mask == 7 ? k->n : least(k->n, (mask - 1) / 2), smallest = mask == 7 ? 0 : mask < 31 ? 5 : (mask + 1) / 4;
  PyObject *dict = PyDict_New(), *set = NULL;
  bool ok = dict, equal = false;
  for (uint32_t i = 0; ok && i < first; i++) ok = add_to_dict(dict, k->keys[i]);
  for (uint32_t i = first; ok && i < smallest; i++) ok = add_twin(dict, k->keys[i % first], &equal);
  equal = true;
  if (ok) set = frozen ? PyFrozenSet_New(dict) : PySet_New(dict);
  for (uint32_t i = first; set && ok && i < k->n; i++) ok = PySet_Add(set, k->keys[i]) == 0;
  if (dict) Py_DecRef(dict);
  if (set && ok) return set;
  if (set) Py_DecRef(set);
  return NULL;
}

static PyObject *without_stand_ins(PyObject *set, const Keys *k, bool frozen) {
  PyObject *list = PyList_New(0), *result = NULL;
  bool ok = list;
  for (uint32_t i = 0; ok && i < k->gone; i++)
    ok = frozen ? PyList_Append(list, k->keys[i]) == 0 : PySet_Discard(set, k->keys[i]) >= 0;
  if (ok && frozen) {
    result = PyObject_CallMethod(set, "difference", "(O)", list);
  } else if (ok) {
    result = set;
    Py_IncRef(set);
  }
  if (list) Py_DecRef(list);
  return result;
}

static PyObject *set_of_keys(const Keys *k, uint32_t mask, bool frozen) {
  PyObject *set = set_of_dict(k, mask, frozen);
  if (!set || !k->gone) return set;
  PyObject *result = without_stand_ins(set, k, frozen);
  Py_DecRef(set);
  return result;
}

/* Objects for the slots in order: borrowed from `keys`, but for the stand-ins, which are dropped in the end. */
static PyObject *build(Filling *f, PyObject **keys, uint32_t *rank, bool frozen) {
  Keys k = {malloc((f->fill + 1) * sizeof(PyObject *)), 0, 0};
  PyObject *set = NULL;
  bool ok = k.keys || PyErr_NoMemory();
  int64_t from = stand_ins_from(f->table, f->mask);
  for (uint32_t i = 0; ok && i < f->fill; i++) {
    bool gone = f->table[f->order[i]].key == SET_DUMMY;
    k.keys[k.n] = gone ? PyLong_FromLongLong(from + f->order[i]) : keys[rank[f->order[i]]];
    ok = k.keys[k.n] != NULL;
    k.gone += ok && gone;
    k.n += ok;
  }
  if (ok) set = set_of_keys(&k, f->mask, frozen);
  for (uint32_t i = 0; i < k.gone; i++) Py_DecRef(k.keys[i]);
  free(k.keys);
  return set;
}

/* The order of keys hashed by address, or by a secret, is not ours to keep. */
static PyObject *any_order(PyObject **keys, uint32_t n, bool frozen) {
  PyObject *set = frozen ? PyFrozenSet_New(NULL) : PySet_New(NULL);
  for (uint32_t i = 0; set && i < n; i++)
    if (PySet_Add(set, keys[i])) {
      Py_DecRef(set);
      return NULL;
    }
  return set;
}

/* Python's hash is that of the runtime. */
static bool same_hashes(const SetEntry *table, uint32_t mask, PyObject **keys) {
  uint32_t n = 0;
  for (uint32_t i = 0; i <= mask; i++)
    if (table[i].key && table[i].key != SET_DUMMY && PyObject_Hash(keys[n++]) != table[i].hash) return false;
  return true;
}

PyObject *set_object(const Vm *vm, Value set, PyObject **keys) {
  const Set *s = as_set(vm, set);
  const SetEntry *table = set_table(vm, s);
  bool frozen = is_kind(set, KIND_FROZENSET);
  if (!s->fill || s->unordered || !same_hashes(table, s->mask, keys)) {
    PyErr_Clear();
    return any_order(keys, s->used, frozen);
  }
  uint32_t n = 0;
  Filling f = {table, s->mask, s->fill, malloc((s->fill + 1) * sizeof(uint32_t)), calloc((size_t)s->mask + 1, 1), 0};
  uint32_t *rank = malloc(((size_t)s->mask + 1) * sizeof *rank);
  PyObject *made = NULL;
  if (f.order && f.placed && rank) {
    for (uint32_t i = 0; i <= s->mask; i++)
      if (table[i].key && table[i].key != SET_DUMMY) rank[i] = n++;
    fill_order(&f);
    made = build(&f, keys, rank, frozen);
  } else {
    PyErr_NoMemory();
  }
  free(f.order);
  free(f.placed);
  free(rank);
  return made;
}
