/* iterator.c - iterators and generators, both ways.
 *
 * A native iterator becomes Python's own, as far on as it is. A generator becomes an object of module.py's class Generator that holds
 * a copy of its registers: machine.c runs that copy when items are asked for. What a function or a generator has captured comes back
 * from Python, iterators too, by what their __reduce__ tells. */
#include "conversion.h"
#include "layout.h"

#include "../builtin.h"
#include "../native.h"
#include "../object.h"
#include "../opcode.h"
#include "../host/result.h"

/* ---- iterators to Python ---- */

/* A type called with a tuple of arguments, which is taken over. */
static PyObject *made_by(PyObject *type, PyObject *args) {
  PyObject *made = args ? PyObject_CallFunction(type, "O", args) : NULL;
  if (args) Py_DecRef(args);
  return made;
}

static PyObject *parts_tuple(Objects *o, const Value *parts, uint32_t n) { return tuple_object(o, parts, n, object_within); }

/* Takes both over. */
static PyObject *placed(PyObject *iterator, PyObject *state) {
  PyObject *done = iterator && state ? PyObject_CallMethod(iterator, "__setstate__", "(O)", state) : NULL;
  if (state) Py_DecRef(state);
  if (done) Py_DecRef(done);
  else if (iterator) Py_DecRef(iterator);
  return done ? iterator : NULL;
}

/* After `n` items; takes `over` over. */
static PyObject *advanced(PyObject *over, uint32_t n) {
  PyObject *iterator = over ? PyObject_GetIter(over) : NULL, *item;
  if (over) Py_DecRef(over);
  while (iterator && n-- && (item = PyIter_Next(iterator))) Py_DecRef(item);
  if (iterator && PyErr_Occurred()) {
    Py_DecRef(iterator);
    return NULL;
  }
  return iterator;
}

static PyObject *sequence_iterator(Objects *o, const Iter *it) {
  PyObject *source = object_within(o, it->source), *iterator = NULL;
  int64_t index = it->index;
  if (it->kind == ITER_STR) {
    const char *s = as_str(o->vm, it->source)->bytes;
    index = 0;
    for (int64_t at = 0; at < it->index; at += char_size(s + at)) index++;
  }
  if (source) iterator = it->kind == ITER_REVERSED ? PyObject_CallFunction(names.reversed, "(O)", source) : PyObject_GetIter(source);
  if (source) Py_DecRef(source);
  return placed(iterator, PyLong_FromLongLong(index));
}

static PyObject *set_iterator(Objects *o, const Iter *it) {
  uint32_t n = 0, pos = 0;
  for (Value key; set_next(o->vm, it->source, &pos, &key) && pos <= (uint64_t)it->index;) n++;
  return it->size == as_set(o->vm, it->source)->used ? advanced(object_within(o, it->source), n) : limit_object(LIMIT_UNSUPPORTED);
}

static PyObject *dict_view(Objects *o, const Iter *it) {
  PyObject *dict = object_within(o, it->source);
  const char *name = it->kind == ITER_DICT ? "keys" : it->kind == ITER_DICT_VALUES ? "values" : "items";
  PyObject *view = dict ? PyObject_CallMethod(dict, name, NULL) : NULL;
  if (dict) Py_DecRef(dict);
  return view;
}

static PyObject *dict_iterator(Objects *o, const Iter *it) {
  bool changed = it->size != as_dict(o->vm, it->source)->used;
  return changed ? limit_object(LIMIT_UNSUPPORTED) : advanced(dict_view(o, it), (uint32_t)it->size - it->count);
}

static PyObject *enumerate_iterator(Objects *o, const Iter *it) {
  const Value parts[2] = {it->source, v_int(it->index)};
  return made_by(names.enumerate, parts_tuple(o, parts, 2));
}

static PyObject *product_iterator(Objects *o, const Iter *it) {
  PyObject *made = made_by(names.product, parts_tuple(o, it->parts, it->count));
  return it->index ? placed(made, parts_tuple(o, it->parts + it->count, it->count)) : made;
}

PyObject *iterator_object(Objects *o, Value v) {
  const Iter *it = as_iter(o->vm, v);
  if (is_dict_view(o->vm, v)) return dict_view(o, it);
  switch ((IterKind)it->kind) {
  case ITER_EMPTY: return advanced(PyTuple_New(0), 0);
  case ITER_TUPLE: case ITER_LIST: case ITER_RANGE: case ITER_STR: case ITER_REVERSED: return sequence_iterator(o, it);
  case ITER_SET: return set_iterator(o, it);
  case ITER_DICT: case ITER_DICT_ITEMS: case ITER_DICT_VALUES: return dict_iterator(o, it);
  case ITER_ZIP: return made_by(names.zip, parts_tuple(o, it->parts, it->count));
  case ITER_ENUMERATE: return enumerate_iterator(o, it);
  case ITER_PRODUCT: return product_iterator(o, it);
  }
  return limit_object(LIMIT_UNSUPPORTED);
}

/* ---- iterators from Python ---- */

bool is_iterator_object(PyObject *object) {
  PyObject *found = PyObject_CallMethod(names.iterators, "__contains__", "(O)", object->ob_type);
  bool is = found && PyLong_AsLongLongAndOverflow(found, &(int){0}) != 0;
  if (found) Py_DecRef(found);
  return is;
}

/* A number of a state; 0: none is there. */
static int64_t number_of(PyObject *state) {
  if (!state || state->ob_type != &PyLong_Type) return 0;
  return PyLong_AsLongLongAndOverflow(state, &(int){0});
}

/* By what makes it, and with which arguments. */
static Value iterator_by(Conversion *c, PyObject *maker, Value args, PyObject *state) {
  const Tuple *t = as_tuple(c->vm, args);
  if (maker == names.zip) return new_zip(c->vm, t->items, t->len);
  if (maker == names.product) return new_product(c->vm, t->items, t->len, 1);
  if (maker == names.enumerate && t->len == 2 && is_int(t->items[1])) return new_enumerate(c->vm, t->items[0], int_of(t->items[1]));
  if (t->len != 1) return raise_limit(c->vm, LIMIT_UNSUPPORTED);
  Value v = maker == names.reversed ? new_reversed(c->vm, t->items[0]) : get_iter(c->vm, t->items[0]);
  if (v && as_iter(c->vm, v)->kind != ITER_STR && state) as_iter(c->vm, v)->index = number_of(state);
  for (int64_t n = v && as_iter(c->vm, v)->kind == ITER_STR ? number_of(state) : 0; n > 0; n--) {
    Value item;
    if (iter_next(c->vm, v, &item) <= 0) return 0;
  }
  return v;
}

/* The indices that a product is at. */
static bool place_product(Conversion *c, Value v, PyObject *state) {
  Iter *it = as_iter(c->vm, v);
  Value indices = convert(c, state);
  if (!indices || !is_tuple(indices) || tuple_head(c->vm, indices)->len != it->count) return refuse_object(state);
  for (uint32_t i = 0; i < it->count; i++) it->parts[it->count + i] = as_tuple(c->vm, indices)->items[i];
  it->index = 1;
  return true;
}

/* From (maker, arguments[, state]). */
static Value iterator_value(Conversion *c, PyObject *object, PyObject *reduced) {
  Py_ssize_t n = PyTuple_Size(reduced);
  PyObject *maker = PyTuple_GetItem(reduced, 0), *state = n > 2 ? PyTuple_GetItem(reduced, 2) : NULL;
  Value args = convert(c, PyTuple_GetItem(reduced, 1));
  if (!args || !is_tuple(args)) return args ? refuse_object(object) : 0;
  if (state == Py_None) state = NULL;
  Value v = iterator_by(c, maker, args, state);
  return v && maker == names.product && state && !place_product(c, v, state) ? 0 : v;
}

Value convert_iterator(Conversion *c, PyObject *object) {
  PyObject *reduced = PyObject_CallMethod(object, "__reduce__", NULL);
  Value v = reduced ? iterator_value(c, object, reduced) : 0;
  if (reduced) Py_DecRef(reduced);
  if (!v && !PyErr_Occurred() && !is_limit_error(c->vm->error)) raise_limit(c->vm, LIMIT_UNSUPPORTED);
  return v && note_seen(c, object, v) ? v : 0;
}

/* ---- generators ---- */

PyObject *generator_object(Objects *o, Value v) {
  const Gen *g = as_gen(o->vm, v);
  if (g->state == GEN_DONE || g->state == GEN_RUNNING) return advanced(PyTuple_New(0), 0);
  PyObject *made = PyObject_CallFunction(names.generator_type, "IIs", g->fid, g->pc, o->vm->image->functions[g->fid].name);
  PyObject *slots = made && map_add(&o->fresh, v, made) ? slots_object(o, g->regs, g->nregs) : NULL;
  PyObject *done = slots ? PyObject_CallMethod(made, "__setstate__", "((OI))", slots, 0) : NULL;
  if (slots) Py_DecRef(slots);
  if (done) Py_DecRef(done);
  else if (made) Py_DecRef(made);
  return done ? made : NULL;
}

/* An attribute of a Generator that is a number; UINT32_MAX: it is none that fits. */
static uint32_t attribute(PyObject *object, const char *name) {
  PyObject *number = PyObject_GetAttrString(object, name);
  int overflow;
  long long value = number ? PyLong_AsLongLongAndOverflow(number, &overflow) : -1;
  if (number) Py_DecRef(number);
  return value >= 0 && value < UINT32_MAX ? (uint32_t)value : UINT32_MAX;
}

static bool can_stand_at(const Function *f, uint32_t pc) {
  return f->flags & FN_GENERATOR && pc < f->ncode && (!pc || f->code[pc - 1].op == OP_YIELD);
}

Value convert_generator(Conversion *c, PyObject *object) {
  uint32_t fid = attribute(object, "_code"), pc = attribute(object, "_place");
  if (PyErr_Occurred()) return 0;
  const Function *f = &c->vm->image->functions[fid];
  if (fid >= c->vm->image->nfunctions || !can_stand_at(f, pc)) return refuse_object(object);
  uint32_t offset = arena_alloc(c->vm, sizeof(Gen) + f->nregs * sizeof(Value));
  if (!offset) return 0;
  Gen *g = arena_at(c->vm, offset);
  *g = (Gen){.fid = fid, .state = pc ? GEN_SUSPENDED : GEN_FRESH, .pc = pc, .nregs = f->nregs};
  for (uint32_t i = 0; i < f->nregs; i++) g->regs[i] = V_UNBOUND;
  PyObject *slots = PyObject_GetAttrString(object, "_captured");
  bool ok = slots && note_seen(c, object, HEAP(KIND_GEN, offset)) && convert_slots(c, slots, g->regs, f->nregs);
  if (slots) Py_DecRef(slots);
  return ok ? HEAP(KIND_GEN, offset) : 0;
}
