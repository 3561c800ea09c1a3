/* to_python.c - values of the runtime as Python objects; see objects.h. */
#include "layout.h"
#include "locations.h"
#include "objects.h"

#include "../builtin.h"
#include "../deferred.h"
#include "../memo.h"
#include "../object.h"
#include "../host/result.h"

#include <stdlib.h>

enum { MAX_DEPTH = 1000 }; /* as in result lines */

static PyObject *convert_new(Objects *o, Value v, bool *fixed);

/* *fixed stays as it is where nothing can change what is made. */
static inline PyObject *convert(Objects *o, Value v, bool *fixed) {
  if (is_int(v)) return int_object(int_of(v));
  PyObject *known = is_heap(v) && payload_of(v) < compiled.image_top ? o->image[payload_of(v)] : NULL;
  return known ? new_reference(known) : convert_new(o, v, fixed);
}

PyObject *object_within(Objects *o, Value v) {
  bool fixed = true;
  return convert(o, v, &fixed);
}

PyObject *limit_object(uint32_t kind) {
  return new_reference(names.limits[kind <= LIMIT_UNSUPPORTED ? kind : LIMIT_UNSUPPORTED]);
}

/* ---- parts ---- */

/* Objects of n values; NULL with none left over. The caller frees and drops them. */
static PyObject **convert_all(Objects *o, const Value *values, uint32_t n, bool *fixed) {
  PyObject **made = malloc((n + 1) * sizeof *made);
  uint32_t i = 0;
  while (made && i < n && (made[i] = convert(o, values[i], fixed))) i++;
  if (made && i == n) return made;
  if (!made) PyErr_NoMemory();
  while (made && i-- > 0) Py_DecRef(made[i]);
  free(made);
  return NULL;
}

static void drop_all(PyObject **made, uint32_t n) {
  for (uint32_t i = 0; i < n; i++) Py_DecRef(made[i]);
  free(made);
}

static PyObject *convert_tuple(Objects *o, const Value *items, uint32_t n, bool *fixed) {
  PyObject *tuple = PyTuple_New(n);
  for (uint32_t i = 0; tuple && i < n; i++) {
    PyObject *item = convert(o, items[i], fixed);
    if (!item) {
      Py_DecRef(tuple);
      return NULL;
    }
    tuple_put(tuple, i, item);
  }
  return tuple;
}

/* In the map before its items: it may hold itself. */
static PyObject *convert_list(Objects *o, Value v) {
  bool fixed = true;
  PyObject *list = PyList_New(0);
  bool ok = list && map_add(&o->fresh, v, list);
  for (uint32_t i = 0; ok && i < as_list(o->vm, v)->len; i++) {
    PyObject *item = convert(o, list_items(o->vm, as_list(o->vm, v))[i], &fixed);
    ok = item && PyList_Append(list, item) == 0;
    if (item) Py_DecRef(item);
  }
  if (ok) return list;
  if (list) Py_DecRef(list);
  return NULL;
}

static PyObject *new_dict_object(bool is_counter) {
  if (!is_counter) return PyDict_New();
  PyObject *collections = PyImport_ImportModule("collections");
  PyObject *counter = collections ? PyObject_CallMethod(collections, "Counter", NULL) : NULL;
  if (collections) Py_DecRef(collections);
  return counter;
}

static PyObject *convert_dict(Objects *o, Value v) {
  bool fixed = true, ok;
  uint32_t pos = 0;
  PyObject *dict = new_dict_object(as_dict(o->vm, v)->is_counter);
  ok = dict && map_add(&o->fresh, v, dict);
  for (Value key, value; ok && dict_next(o->vm, v, &pos, &key, &value);) {
    PyObject *k = convert(o, key, &fixed), *item = k ? convert(o, value, &fixed) : NULL;
    ok = item && PyDict_SetItem(dict, k, item) == 0;
    if (k) Py_DecRef(k);
    if (item) Py_DecRef(item);
  }
  if (ok) return dict;
  if (dict) Py_DecRef(dict);
  return NULL;
}

static PyObject *table_object(Objects *o, Value v, bool *fixed) {
  const Set *s = as_set(o->vm, v);
  const SetEntry *from = set_table(o->vm, s);
  PySetEntry few[SMALL_SLOTS], *table = table_room(s->mask, few);
  if (!table) return NULL;
  for (uint32_t i = 0; i <= s->mask; i++) {
    if (!from[i].key) continue;
    bool gone = from[i].key == SET_DUMMY;
    table[i].key = gone ? new_reference(layout.dummy) : convert(o, from[i].key, fixed);
    table[i].hash = gone ? -1 : from[i].hash;
    if (table[i].key) continue;
    drop_table(table, s->mask);
    return NULL;
  }
  return set_of_table(is_kind(v, KIND_FROZENSET), table, s->mask, s->fill, s->used);
}

/* The table as it is. One that is not made yet is made apart: memory that was in use just now is faster than new one. */
static PyObject *convert_table(Objects *o, Value v, bool *fixed) {
  Set *s = as_set(o->vm, v);
  bool apart = !s->table && o->apart && deferred_make_in(o->vm, s, o->apart);
  PyObject *made = table_object(o, v, fixed);
  if (apart) s->table = 0;
  return made;
}

static PyObject *convert_set(Objects *o, Value v, bool *fixed) {
  if (layout.sets && !as_set(o->vm, v)->unordered) return convert_table(o, v, fixed);
  uint32_t n = 0, pos = 0, used = as_set(o->vm, v)->used;
  Value *values = malloc((used + 1) * sizeof *values), key;
  if (!values) return PyErr_NoMemory();
  while (set_next(o->vm, v, &pos, &key)) values[n++] = key;
  PyObject **keys = convert_all(o, values, n, fixed);
  free(values);
  if (!keys) return NULL;
  PyObject *set = set_object(o->vm, v, keys);
  drop_all(keys, n);
  return set;
}

/* ---- functions ---- */

/* A list of what is in it: functions that share a cell share the list. */
static PyObject *cell_object(Objects *o, Value v) {
  PyObject *known = map_find(&o->fresh, v);
  if (known) return new_reference(known);
  Value contents = as_cell(o->vm, v)->value;
  PyObject *list = PyList_New(0);
  bool ok = list && map_add(&o->fresh, v, list);
  PyObject *item = ok && contents ? object_within(o, contents) : NULL;
  if (ok && contents) ok = item && PyList_Append(list, item) == 0;
  if (item) Py_DecRef(item);
  if (ok) return list;
  if (list) Py_DecRef(list);
  return NULL;
}

/* (value,), () of a register without one, (None, list) of a cell. */
static PyObject *slot_object(Objects *o, Value v) {
  uint32_t n = !v ? 0 : is_kind(v, KIND_CELL) ? 2 : 1;
  PyObject *tuple = PyTuple_New(n), *last = !n ? NULL : n == 2 ? cell_object(o, v) : object_within(o, v);
  if (tuple && n == 2) tuple_put(tuple, 0, new_reference(Py_None));
  if (tuple && last) tuple_put(tuple, n - 1, last);
  if (tuple && (last || !n)) return tuple;
  if (tuple) Py_DecRef(tuple);
  else if (last) Py_DecRef(last);
  return NULL;
}

PyObject *tuple_object(Objects *o, const Value *values, uint32_t n, PyObject *convert(Objects *, Value)) {
  PyObject *tuple = PyTuple_New(n);
  for (uint32_t i = 0; tuple && i < n; i++) {
    PyObject *item = convert(o, values[i]);
    if (!item) {
      Py_DecRef(tuple);
      return NULL;
    }
    tuple_put(tuple, i, item);
  }
  return tuple;
}

PyObject *slots_object(Objects *o, const Value *slots, uint32_t n) { return tuple_object(o, slots, n, slot_object); }

/* By the word of what stands in the image, or by the number of its code; captured values follow, as they may hold it. */
static PyObject *convert_function(Objects *o, Value v) {
  const char *name = result_callable_name(o->vm, v);
  if (is_function_word(o->vm, v)) return PyObject_CallFunction(names.own_function, "Ks", (unsigned long long)v, name);
  if (is_kind(v, KIND_GUARD)) return limit_object(LIMIT_UNSUPPORTED);
  PyObject *function = PyObject_CallFunction(names.function_type, "Iis", as_func(o->vm, v)->fid, 0, name);
  if (!function) return NULL;
  const Func *f = as_func(o->vm, v);
  PyObject *captured = map_add(&o->fresh, v, function) ? slots_object(o, f->slots, (uint32_t)f->ncells + f->ndefaults) : NULL;
  PyObject *done = captured ? PyObject_CallMethod(function, "__setstate__", "(O)", captured) : NULL;
  if (captured) Py_DecRef(captured);
  if (done) Py_DecRef(done);
  else Py_DecRef(function);
  return done ? function : NULL;
}

static PyObject *named_builtin(const char *name) {
  static const char *const modules[] = {"builtins", "collections", "itertools"};
  for (size_t i = 0; i < sizeof modules / sizeof *modules; i++) {
    PyObject *module = PyImport_ImportModule(modules[i]);
    PyObject *found = module ? PyObject_GetAttrString(module, name) : NULL;
    if (module) Py_DecRef(module);
    if (found) return found;
    PyErr_Clear();
  }
  return limit_object(LIMIT_UNSUPPORTED);
}

static PyObject *convert_method(Objects *o, Value v) {
  bool fixed = true;
  PyObject *self = convert(o, as_method(o->vm, v)->self, &fixed);
  PyObject *method = self ? PyObject_GetAttrString(self, result_callable_name(o->vm, v)) : NULL;
  if (self) Py_DecRef(self);
  return method;
}

static PyObject *convert_error(const ErrorObject *e) {
  PyObject *type = PyObject_GetAttrString(names.builtins, error_name(e->cls));
  PyObject *made = type ? PyObject_CallFunction(type, NULL) : NULL;
  if (type) Py_DecRef(type);
  return made;
}

static PyObject *convert_range(const Range *r) {
  return PyObject_CallFunction(names.range, "LLL", (long long)r->start, (long long)r->stop, (long long)r->step);
}

static PyObject *convert_slice(Objects *o, const Slice *s) {
  const Value parts[3] = {s->start, s->stop, s->step};
  bool fixed = true;
  PyObject *type = PyObject_GetAttrString(names.builtins, "slice");
  PyObject *args = type ? convert_tuple(o, parts, 3, &fixed) : NULL;
  PyObject *made = args ? PyObject_CallFunction(type, "O", args) : NULL;
  if (type) Py_DecRef(type);
  if (args) Py_DecRef(args);
  return made;
}

/* ---- any value ---- */

/* Where its object stands if it is a location that has one for ever. */
static inline PyObject **place_of(const Objects *o, Value v) {
  if (o->own_pairs || !is_tuple(v) || tuple_head(o->vm, v)->len != 2) return NULL;
  const Value *at = as_tuple(o->vm, v)->items;
  return is_int(at[0]) && is_int(at[1]) ? location_place(int_of(at[0]), int_of(at[1])) : NULL;
}

static PyObject *convert_atom(Objects *o, Value v) {
  switch (kind_of(v)) {
  case KIND_UNBOUND: case KIND_NONE: return new_reference(Py_None);
  case KIND_BOOL: return PyBool_FromLong(is_true(v));
  case KIND_FLOAT: return PyFloat_FromDouble(as_float(o->vm, v)->value);
  case KIND_STR: return PyUnicode_DecodeUTF8(as_str(o->vm, v)->bytes, as_str(o->vm, v)->len, "surrogatepass");
  case KIND_TYPE: return named_builtin(result_type_name(payload_of(v)));
  case KIND_BUILTIN: return named_builtin(result_callable_name(o->vm, v));
  case KIND_RANGE: return convert_range(as_range(o->vm, v));
  case KIND_SLICE: return convert_slice(o, as_slice(o->vm, v));
  case KIND_ERROR: return convert_error(as_error(o->vm, v));
  case KIND_LIMIT: return limit_object(payload_of(v));
  default: return limit_object(LIMIT_UNSUPPORTED);
  }
}

static PyObject *convert_heap(Objects *o, Value v, bool *fixed) {
  switch (kind_of(v)) {
  case KIND_TUPLE: return convert_tuple(o, as_tuple(o->vm, v)->items, tuple_head(o->vm, v)->len, fixed);
  case KIND_FROZENSET: return convert_set(o, v, fixed);
  case KIND_FUNC: case KIND_GUARD:
    *fixed = payload_of(v) < compiled.image_top;
    return convert_function(o, v);
  default: *fixed = false; break;
  }
  switch (kind_of(v)) {
  case KIND_SET: return convert_set(o, v, fixed);
  case KIND_LIST: return convert_list(o, v);
  case KIND_DICT: return convert_dict(o, v);
  case KIND_ITER: case KIND_GEN:
    o->iterators = true;
    return is_kind(v, KIND_ITER) ? iterator_object(o, v) : generator_object(o, v);
  default: return convert_method(o, v);
  }
}

static bool note(Objects *o, Value v, PyObject *object, bool fixed) {
  if (!fixed) return map_add(&o->fresh, v, object);
  if (payload_of(v) >= compiled.image_top) return map_add(&o->kept, v, object);
  o->image[payload_of(v)] = new_reference(object);
  return true;
}

static bool has_parts(Value v) {
  switch (kind_of(v)) {
  case KIND_TUPLE: case KIND_FROZENSET: case KIND_FUNC: case KIND_GUARD: case KIND_SET: case KIND_LIST: case KIND_DICT:
  case KIND_METHOD: case KIND_ITER: case KIND_GEN: return true;
  default: return false;
  }
}

/* A key of a table that was made apart: another will lie there next. */
static bool is_apart(const Objects *o, Value v) {
  if (!o->apart) return false;
  const Room *room = arena_at(o->vm, o->apart);
  return payload_of(v) >= room->start && payload_of(v) < room->end;
}

static PyObject *convert_new(Objects *o, Value v, bool *fixed) {
  if (!is_heap(v)) return convert_atom(o, v);
  PyObject **place = place_of(o, v);
  if (place) return *place ? new_reference(*place) : location_make(place);
  if (is_apart(o, v)) return convert_heap(o, v, fixed);
  PyObject *made = map_find(&o->kept, v);
  if (made) return new_reference(made);
  if (o->fresh.n && (made = map_find(&o->fresh, v))) {
    *fixed = false;
    return new_reference(made);
  }
  if (o->depth == MAX_DEPTH) {
    o->too_deep = true;
    return new_reference(Py_None);
  }
  bool own = true;
  o->depth++;
  made = has_parts(v) ? convert_heap(o, v, &own) : convert_atom(o, v);
  o->depth--;
  *fixed &= own;
  if (!made || o->too_deep || note(o, v, made, own)) return made;
  Py_DecRef(made);
  return NULL;
}

/* Equal values are one object, whether or not a call that made one of them was remembered. */
PyObject *object_of(Objects *o, Value v) {
  bool fixed = true;
  Value canonical = o->vm->memo ? memo_canonical(o->vm, v) : 0;
  o->too_deep = false;
  PyObject *made = convert(o, canonical ? canonical : v, &fixed);
  if (!made || !o->too_deep) return made;
  Py_DecRef(made);
  map_cut(&o->fresh, 0);
  return limit_object(LIMIT_UNSUPPORTED);
}
