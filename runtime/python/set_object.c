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
 *      Where adding key after key leads to the same size, and those that are there when the table grows for the last time
 *      all stand where they belong, it needs no dict.
 *   3. What took the place of gone keys is taken out again: of a frozenset by its difference with a list, which
 *      copies the table as it is. */
#include "objects.h"

#include "../probe.h"

#include <stdlib.h>
#include <string.h>

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

static bool add_twin(PyObject *dict, int64_t hash, const bool *equal) {
  PyObject *twin = PyType_GenericAlloc(twin_type, 0);
  if (!twin) return false;
  ((Twin *)twin)->hash = hash;
  ((Twin *)twin)->equal = equal;
  bool ok = add_to_dict(dict, twin);
  Py_DecRef(twin);
  return ok;
}

/* ---- order ---- */

typedef struct {
  const SetEntry *table;
  uint32_t mask, fill;
  uint32_t *order; /* slots in the order of insertion */
  uint8_t *placed; /* by slot */
  uint32_t *rank;  /* by slot: number of its key */
  uint32_t n, used, gone, home; /* so many slots are in order; keys; the first `gone` are without a key, then `home` at home */
} Filling;

static void place(Filling *f, uint32_t slot) {
  f->order[f->n++] = slot;
  f->placed[slot] = 1;
}

static bool is_gone(const Filling *f, uint32_t slot) { return f->table[slot].key == SET_DUMMY; }

/* Is everything filled that comes first on the way to the slot? */
static bool way_is_filled(const Filling *f, uint32_t slot) {
  for (Probe p = probe_start(f->mask, f->table[slot].hash);; probe_jump(&p))
    for (uint64_t i = p.slot; i < p.slot + probe_width(&p); i++) {
      if (i == slot) return true;
      if (!f->placed[i]) return false;
    }
}

/* The keys that stand elsewhere, in several rounds: `slots` are those of all of them. Where slots of gone keys have been
 * used again there may be no order: then it is as near as it gets. */
static void place_rest(Filling *f, uint32_t *slots, uint32_t n) {
  bool force = false;
  while (n) {
    uint32_t left = 0;
    for (uint32_t i = 0; i < n; i++) {
      if (!force && !way_is_filled(f, slots[i])) slots[left++] = slots[i];
      else {
        place(f, slots[i]);
        force = false;
      }
    }
    force = left == n;
    n = left;
  }
}

/* Slots of gone keys, then keys where they belong, then the rest. `slots` has room for all. */
static void fill_order(Filling *f, uint32_t *slots) {
  uint32_t rest = 0;
  for (uint32_t i = 0; f->fill > f->used && i <= f->mask; i++)
    if (is_gone(f, i)) place(f, i);
  f->gone = f->n;
  for (uint32_t i = 0, n = 0; n < f->used; i++) {
    const SetEntry *e = &f->table[i];
    if (!e->key || is_gone(f, i)) continue;
    f->rank[i] = n++;
    if (((uint64_t)e->hash & f->mask) == i) place(f, i);
    else slots[rest++] = i;
  }
  f->home = f->n - f->gone;
  place_rest(f, slots, rest);
}

/* Does adding the keys in order lead to the table? Those there when it grows are refilled in another order. */
static bool is_grown(const Filling *f) {
  uint64_t mask = 7, grown_at = 0;
  for (uint64_t full; (full = (mask * 3 + 4) / 5) <= f->used; grown_at = full) {
    uint64_t wanted = full * (full > 50000 ? 2 : 4);
    while (mask < wanted) mask = mask * 2 + 1;
  }
  return !f->gone && mask == f->mask && grown_at <= f->home;
}

/* ---- building ---- */

/* Numbers from here on belong in the slots from 0 on, and no key is equal to one of them. */
static int64_t stand_ins_from(const Filling *f) {
  int64_t slots = (int64_t)f->mask + 1, from = slots;
  for (bool met = true; met; from += met ? slots : 0) {
    met = false;
    for (int64_t i = 0; i < slots; i++) met |= f->table[i].key && f->table[i].hash >= from && f->table[i].hash < from + slots;
  }
  return from;
}

static uint32_t least(uint32_t a, uint32_t b) { return a < b ? a : b; }

static PyObject *new_set_object(bool frozen, PyObject *from) { return frozen ? PyFrozenSet_New(from) : PySet_New(from); }

/* `keys` in the order of insertion. The table is as large as the dict of the first keys wants it. */
static PyObject *set_of_dict(const Filling *f, PyObject **keys, const int64_t *hashes, bool frozen) {
  uint32_t mask = f->mask, first = mask == 7 ? f->fill : least(f->fill, (mask - 1) / 2);
  uint32_t smallest = mask == 7 ? 0 : mask < 31 ? 5 : (mask + 1) / 4;
  PyObject *dict = PyDict_New(), *set = NULL;
  bool ok = dict, equal = false;
  for (uint32_t i = 0; ok && i < first; i++) ok = add_to_dict(dict, keys[i]);
  for (uint32_t i = first; ok && i < smallest; i++) ok = add_twin(dict, hashes[i % first], &equal);
  equal = true;
  if (ok) set = new_set_object(frozen, dict);
  for (uint32_t i = first; set && ok && i < f->fill; i++) ok = PySet_Add(set, keys[i]) == 0;
  if (dict) Py_DecRef(dict);
  if (set && ok) return set;
  if (set) Py_DecRef(set);
  return NULL;
}

static PyObject *set_of_list(const Filling *f, PyObject **keys, bool frozen) {
  PyObject *tuple = PyTuple_New(f->fill);
  for (uint32_t i = 0; tuple && i < f->fill; i++) {
    Py_IncRef(keys[i]);
    PyTuple_SetItem(tuple, i, keys[i]);
  }
  PyObject *set = tuple ? new_set_object(frozen, tuple) : NULL;
  if (tuple) Py_DecRef(tuple);
  return set;
}

/* Takes the first keys out again. */
static PyObject *without_stand_ins(PyObject *set, const Filling *f, PyObject **keys, bool frozen) {
  PyObject *list = PyList_New(0), *result = NULL;
  bool ok = list;
  for (uint32_t i = 0; ok && i < f->gone; i++)
    ok = frozen ? PyList_Append(list, keys[i]) == 0 : PySet_Discard(set, keys[i]) >= 0;
  if (ok && frozen) {
    result = PyObject_CallMethod(set, "difference", "(O)", list);
  } else if (ok) {
    result = set;
    Py_IncRef(set);
  }
  if (list) Py_DecRef(list);
  return result;
}

static PyObject *set_with_stand_ins(const Filling *f, PyObject **keys, const int64_t *hashes, bool frozen) {
  PyObject *set = set_of_dict(f, keys, hashes, frozen);
  PyObject *result = set ? without_stand_ins(set, f, keys, frozen) : NULL;
  if (set) Py_DecRef(set);
  return result;
}

/* `ordered` and `hashes` have room for all. */
static PyObject *build(const Filling *f, PyObject **keys, PyObject **ordered, int64_t *hashes, bool frozen) {
  int64_t from = f->gone ? stand_ins_from(f) : 0;
  uint32_t made = 0;
  PyObject *set = NULL;
  for (; made < f->gone && (ordered[made] = PyLong_FromLongLong(hashes[made] = from + f->order[made])); made++) continue;
  for (uint32_t i = f->gone; i < f->fill; i++) {
    ordered[i] = keys[f->rank[f->order[i]]];
    hashes[i] = f->table[f->order[i]].hash;
  }
  if (f->gone) set = made == f->gone ? set_with_stand_ins(f, ordered, hashes, frozen) : NULL;
  else set = is_grown(f) ? set_of_list(f, ordered, frozen) : set_of_dict(f, ordered, hashes, frozen);
  while (made-- > 0) Py_DecRef(ordered[made]);
  return set;
}

/* The order of keys hashed by address, or by a secret, is not ours to keep. */
static PyObject *any_order(PyObject **keys, uint32_t n, bool frozen) {
  PyObject *set = new_set_object(frozen, NULL);
  for (uint32_t i = 0; set && i < n; i++)
    if (PySet_Add(set, keys[i])) {
      Py_DecRef(set);
      return NULL;
    }
  return set;
}

PyObject *set_object(const Vm *vm, Value set, PyObject **keys) {
  const Set *s = as_set(vm, set);
  bool frozen = is_kind(set, KIND_FROZENSET);
  if (!s->fill || s->unordered) return any_order(keys, s->used, frozen);
  size_t fill = s->fill, slots = (size_t)s->mask + 1;
  uint64_t *memory = malloc(2 * fill * sizeof(uint64_t) + (2 * fill + slots) * sizeof(uint32_t) + slots);
  if (!memory) return PyErr_NoMemory();
  PyObject **ordered = (PyObject **)memory;
  int64_t *hashes = (int64_t *)memory + fill;
  uint32_t *numbers = (uint32_t *)(memory + 2 * fill);
  Filling f = {.table = set_table(vm, s), .mask = s->mask, .fill = s->fill, .used = s->used, .order = numbers,
               .rank = numbers + 2 * fill, .placed = (uint8_t *)(numbers + 2 * fill + slots)};
  memset(f.placed, 0, slots);
  fill_order(&f, numbers + fill);
  PyObject *made = build(&f, keys, ordered, hashes, frozen);
  free(memory);
  return made;
}
