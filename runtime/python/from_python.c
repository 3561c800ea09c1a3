/* from_python.c - Python's objects as values of the runtime; see objects.h. */
#include "conversion.h"

#include "../builtin.h"
#include "../object.h"

#include <stdlib.h>
#include <string.h>

enum { MOST_LEVELS = 1000 };

Value refuse_object(PyObject *object) {
  PyObject *name = PyObject_GetAttrString((PyObject *)object->ob_type, "__name__");
  if (name) PyErr_Format(PyExc_TypeError, "compiled code cannot take an object of type %U", name);
  if (name) Py_DecRef(name);
  return 0;
}

/* ---- atoms ---- */

static Value convert_int(Conversion *c, PyObject *object) {
  int overflow;
  long long i = PyLong_AsLongLongAndOverflow(object, &overflow);
  if (overflow || i > INT_MAX_61 || i < INT_MIN_61) return raise_limit(c->vm, LIMIT_INTEGER);
  return i == -1 && PyErr_Occurred() ? 0 : v_int(i);
}

static Value convert_float(Conversion *c, PyObject *object) {
  if (object == names.nan) return c->vm->image->nan;
  if (object == names.inf) return c->vm->image->inf;
  return new_float(c->vm, PyFloat_AsDouble(object));
}

static Value convert_str(Conversion *c, PyObject *object) {
  char *bytes;
  Py_ssize_t len;
  PyObject *encoded = PyUnicode_AsEncodedString(object, "utf-8", "surrogatepass");
  Value v = encoded && PyBytes_AsStringAndSize(encoded, &bytes, &len) == 0 ? new_str(c->vm, bytes, (size_t)len) : 0;
  if (encoded) Py_DecRef(encoded);
  return v;
}

/* ---- containers ---- */

static Value convert_tuple(Conversion *c, PyObject *object) {
  uint32_t n = (uint32_t)PyTuple_Size(object);
  Value tuple = new_tuple(c->vm, n);
  for (uint32_t i = 0; tuple && i < n; i++) {
    Value item = convert(c, PyTuple_GetItem(object, i));
    if (!item) return 0;
    as_tuple(c->vm, tuple)->items[i] = item;
  }
  return tuple;
}

/* A list may change while it is walked: conversions run no code of Python, but the lock may be handed on. */
static Value convert_list(Conversion *c, PyObject *object) {
  Value list = new_list(c->vm, (uint32_t)PyList_Size(object));
  if (!list || !note_seen(c, object, list)) return 0;
  for (Py_ssize_t i = 0; i < PyList_Size(object); i++) {
    Value item = convert(c, PyList_GetItem(object, i));
    if (!item || !list_append(c->vm, list, item)) return 0;
  }
  return list;
}

static Value convert_dict(Conversion *c, PyObject *object) {
  Py_ssize_t pos = 0;
  PyObject *key, *value;
  Value dict = new_dict(c->vm);
  if (!dict || !note_seen(c, object, dict)) return 0;
  while (PyDict_Next(object, &pos, &key, &value)) {
    Value k = convert(c, key), v = k ? convert(c, value) : 0;
    if (!v || !dict_set(c->vm, dict, k, v)) return 0;
  }
  return dict;
}

/* Slots of the table; 0: not known. */
static uint64_t slots_of(PyObject *set) {
  int overflow;
  PyObject *size = PyObject_CallMethod(set, "__sizeof__", NULL);
  long long bytes = size ? PyLong_AsLongLongAndOverflow(size, &overflow) : 0;
  if (size) Py_DecRef(size);
  else PyErr_Clear();
  if (bytes == names.empty_set_size) return 8;
  return bytes > names.empty_set_size ? (uint64_t)(bytes - names.empty_set_size) / (2 * sizeof(PyObject *)) : 0;
}

/* The keys with their hashes, in the order of the set. The caller frees; NULL: see value_of. */
static SetEntry *convert_keys(Conversion *c, PyObject *set, uint32_t *n) {
  Py_ssize_t size = PySet_Size(set);
  SetEntry *keys = malloc(((size_t)size + 1) * sizeof *keys);
  PyObject *iter = keys ? PyObject_GetIter(set) : PyErr_NoMemory(), *item;
  bool ok = iter;
  for (*n = 0; ok && *n < size && (item = PyIter_Next(iter)); ++*n) {
    SetEntry *e = &keys[*n];
    ok = (e->key = convert(c, item)) && value_hash(c->vm, e->key, &e->hash);
    Py_DecRef(item);
  }
  if (iter) Py_DecRef(iter);
  if (ok && !PyErr_Occurred()) return keys;
  free(keys);
  return NULL;
}

static Value convert_set(Conversion *c, PyObject *object, Kind kind) {
  uint32_t n;
  bool unordered = c->vm->unordered;
  c->vm->unordered = false;
  SetEntry *keys = convert_keys(c, object, &n);
  Value set = keys ? set_in_order(c->vm, kind, keys, n, slots_of(object)) : 0;
  free(keys);
  if (set) as_set(c->vm, set)->unordered = c->vm->unordered;
  c->vm->unordered |= unordered;
  return set;
}

/* An attribute as a value. */
static Value convert_attribute(Conversion *c, PyObject *object, const char *name) {
  PyObject *attribute = PyObject_GetAttrString(object, name);
  Value v = attribute ? convert(c, attribute) : 0;
  if (attribute) Py_DecRef(attribute);
  return v;
}

static Value convert_range(Conversion *c, PyObject *object) {
  Value start = convert_attribute(c, object, "start"), stop = start ? convert_attribute(c, object, "stop") : 0;
  Value step = stop ? convert_attribute(c, object, "step") : 0;
  return step ? new_range(c->vm, start, stop, step) : 0;
}

/* ---- what can be called ---- */

static char *text_of(PyObject *object, const char *attribute, char *text, size_t size) {
  char *bytes = NULL;
  PyObject *name = PyObject_GetAttrString(object, attribute);
  PyObject *encoded = name && has_flag(name, Py_TPFLAGS_UNICODE_SUBCLASS) ? PyUnicode_AsEncodedString(name, "utf-8", "strict") : NULL;
  bool ok = encoded && PyBytes_AsStringAndSize(encoded, &bytes, NULL) == 0 && strlen(bytes) < size;
  if (ok) strcpy(text, bytes);
  if (encoded) Py_DecRef(encoded);
  if (name) Py_DecRef(name);
  PyErr_Clear();
  return ok ? text : NULL;
}

/* A type, or a function of a type or of Python, by its name. */
static Value convert_named(Conversion *c, PyObject *object) {
  char name[64];
  Value v;
  if (!text_of(object, "__name__", name, sizeof name)) return refuse_object(object);
  PyObject *same = PyObject_GetAttrString(names.builtins, name);
  if (same) Py_DecRef(same);
  else PyErr_Clear();
  if (same == object && type_by_name(name, &v)) return v;
  if (same == object && builtin_by_name(name) >= 0) return SPECIAL(KIND_BUILTIN, builtin_by_name(name));
  PyObject *self = PyObject_GetAttrString(object, "__self__");
  if (self && self != names.builtins) {
    Value owner = convert(c, self), text = owner ? new_str(c->vm, name, strlen(name)) : 0;
    Py_DecRef(self);
    if (text && find_method(c->vm, owner, text) >= 0) return value_getattr(c->vm, owner, text);
    return PyErr_Occurred() ? 0 : refuse_object(object);
  }
  if (self) Py_DecRef(self);
  PyErr_Clear();
  return refuse_object(object);
}

/* The list that cell_object made. */
static Value convert_cell(Conversion *c, PyObject *list) {
  Value cell = find_seen(c, list);
  if (cell) return cell;
  uint32_t offset = has_flag(list, Py_TPFLAGS_LIST_SUBCLASS) ? arena_alloc(c->vm, sizeof(Cell)) : 0;
  if (!offset) return refuse_object(list);
  Cell *made = arena_at(c->vm, offset);
  made->value = V_UNBOUND;
  cell = HEAP(KIND_CELL, offset);
  if (!note_seen(c, list, cell)) return 0;
  if (PyList_Size(list) && !(made->value = convert(c, PyList_GetItem(list, 0)))) return 0;
  return cell;
}

bool convert_slots(Conversion *c, PyObject *slots, Value *to, uint32_t n) {
  if (!has_flag(slots, Py_TPFLAGS_TUPLE_SUBCLASS) || PyTuple_Size(slots) != (Py_ssize_t)n) return refuse_object(slots);
  c->captured++;
  for (uint32_t i = 0; i < n; i++) {
    PyObject *slot = PyTuple_GetItem(slots, i);
    Py_ssize_t size = has_flag(slot, Py_TPFLAGS_TUPLE_SUBCLASS) ? PyTuple_Size(slot) : 3;
    if (size > 2) return refuse_object(slot);
    if (size == 0) to[i] = V_UNBOUND;
    else if (!(to[i] = size == 2 ? convert_cell(c, PyTuple_GetItem(slot, 1)) : convert(c, PyTuple_GetItem(slot, 0)))) return false;
  }
  c->captured--;
  return true;
}

static Value convert_closure(Conversion *c, PyObject *object, uint32_t fid, PyObject *captured) {
  const Function *f = &c->vm->image->functions[fid];
  uint32_t n = (uint32_t)f->nfree + f->ndefaults;
  uint32_t offset = arena_alloc(c->vm, sizeof(Func) + n * sizeof(Value));
  if (!offset) return 0;
  Func *func = arena_at(c->vm, offset);
  *func = (Func){.fid = fid, .ncells = f->nfree, .ndefaults = f->ndefaults};
  memset(func->slots, 0, n * sizeof(Value));
  c->captured++;
  bool ok = note_seen(c, object, HEAP(KIND_FUNC, offset)) && convert_slots(c, captured, func->slots, n);
  c->captured--;
  return ok ? HEAP(KIND_FUNC, offset) : 0;
}

bool is_function_word(const Vm *vm, Value v) {
  for (uint32_t i = 0; i < vm->image->nglobals; i++)
    if (((Value *)arena_at(vm, vm->image->globals))[i] == v) return is_kind(v, KIND_FUNC) || is_kind(v, KIND_GUARD);
  return false;
}

static Value convert_function(Conversion *c, PyObject *object) {
  int overflow;
  PyObject *code = PyObject_GetAttrString(object, "_code"), *own = code ? PyObject_GetAttrString(object, "_own") : NULL;
  PyObject *captured = own ? PyObject_GetAttrString(object, "_captured") : NULL;
  Value v = code ? (Value)PyLong_AsLongLongAndOverflow(code, &overflow) : 0;
  bool in_image = own && PyLong_AsLongLongAndOverflow(own, &overflow);
  if (!captured) v = 0;
  else if (in_image) v = is_function_word(c->vm, v) ? v : refuse_object(object);
  else v = v < c->vm->image->nfunctions ? convert_closure(c, object, (uint32_t)v, captured) : refuse_object(object);
  if (code) Py_DecRef(code);
  if (own) Py_DecRef(own);
  if (captured) Py_DecRef(captured);
  return v;
}

/* ---- any object ---- */

static Value convert_rest(Conversion *c, PyObject *object) {
  if (has_flag(object, Py_TPFLAGS_UNICODE_SUBCLASS)) return convert_str(c, object);
  if (object->ob_type == &PyFloat_Type) return convert_float(c, object);
  c->fixed = false;
  Value seen = find_seen(c, object);
  if (seen) return seen;
  if (has_flag(object, Py_TPFLAGS_LIST_SUBCLASS)) return convert_list(c, object);
  if (has_flag(object, Py_TPFLAGS_DICT_SUBCLASS)) return convert_dict(c, object);
  if (object->ob_type == (PyTypeObject *)names.frozenset_type) return convert_set(c, object, KIND_FROZENSET);
  if (object->ob_type == (PyTypeObject *)names.set_type) return convert_set(c, object, KIND_SET);
  if (object->ob_type == (PyTypeObject *)names.function_type) return convert_function(c, object);
  if (object->ob_type == (PyTypeObject *)names.range) return convert_range(c, object);
  if (c->captured && object->ob_type == (PyTypeObject *)names.generator_type) return convert_generator(c, object);
  if (c->captured && is_iterator_object(object)) return convert_iterator(c, object);
  return convert_named(c, object);
}

Value convert(Conversion *c, PyObject *object) {
  if (object->ob_type == &PyLong_Type) return convert_int(c, object);
  if (object == Py_None) return V_NONE;
  if (object->ob_type == &PyBool_Type) return v_bool(PyLong_AsLongLongAndOverflow(object, &(int){0}) != 0);
  if (c->depth == MOST_LEVELS) return raise_limit(c->vm, LIMIT_UNSUPPORTED);
  c->depth++;
  Value v = has_flag(object, Py_TPFLAGS_TUPLE_SUBCLASS) ? convert_tuple(c, object) : convert_rest(c, object);
  c->depth--;
  return v;
}

Value value_of(Vm *vm, PyObject *object, bool *fixed) {
  Conversion c = {.vm = vm, .fixed = true};
  Value v = convert(&c, object);
  *fixed &= c.fixed;
  forget_seen(&c);
  return v;
}

Value generator_of(Vm *vm, PyObject *generator) {
  Conversion c = {.vm = vm, .captured = 1};
  Value v = convert_generator(&c, generator);
  forget_seen(&c);
  return v;
}

bool same_objects(PyObject *a, PyObject *b) {
  if (a == b) return true;
  if (a->ob_type != b->ob_type) return false;
  if (a->ob_type == &PyLong_Type) {
    int over, under;
    return PyLong_AsLongLongAndOverflow(a, &over) == PyLong_AsLongLongAndOverflow(b, &under) && !over && !under;
  }
  if (has_flag(a, Py_TPFLAGS_UNICODE_SUBCLASS)) return PyUnicode_Compare(a, b) == 0;
  if (!has_flag(a, Py_TPFLAGS_TUPLE_SUBCLASS) || PyTuple_Size(a) != PyTuple_Size(b)) return false;
  for (Py_ssize_t i = 0; i < PyTuple_Size(a); i++)
    if (!same_objects(PyTuple_GetItem(a, i), PyTuple_GetItem(b, i))) return false;
  return true;
}

static bool same_items(const Vm *vm, const Value *items, uint32_t n, PyObject *object, bool list) {
  if ((list ? PyList_Size(object) : PyTuple_Size(object)) != (Py_ssize_t)n) return false;
  for (uint32_t i = 0; i < n; i++)
    if (!is_value_of(vm, items[i], list ? PyList_GetItem(object, i) : PyTuple_GetItem(object, i))) return false;
  return true;
}

bool is_value_of(const Vm *vm, Value v, PyObject *object) {
  if (is_int(v)) {
    int overflow;
    return object->ob_type == &PyLong_Type && PyLong_AsLongLongAndOverflow(object, &overflow) == int_of(v) && !overflow;
  }
  if (v == V_NONE) return object == Py_None;
  if (is_tuple(v)) {
    const Tuple *t = as_tuple(vm, v);
    return has_flag(object, Py_TPFLAGS_TUPLE_SUBCLASS) && same_items(vm, t->items, t->len, object, false);
  }
  if (!is_kind(v, KIND_LIST) || !has_flag(object, Py_TPFLAGS_LIST_SUBCLASS)) return false;
  return same_items(vm, list_items(vm, as_list(vm, v)), as_list(vm, v)->len, object, true);
}
