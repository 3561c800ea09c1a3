/* objects.h - the two directions between values of the runtime and Python's objects, and the functions of a module.
 * Everything here is called with Python's lock held, unless it says otherwise; NULL, 0 and false mean that a Python exception is pending. */
#ifndef BATTC_OBJECTS_H
#define BATTC_OBJECTS_H

#include "../program.h"
#include "python.h"

/* ---- value_map.c: values that have an object already ---- */

typedef struct {
  PyObject *object;
  uint32_t offset;
} MapEntry;

typedef struct {
  uint32_t offset, number; /* 1 + that of the entry; 0: empty */
} MapSlot;

/* By the offset of a heap value, with a reference each. The newest can be taken out again. All zero is an empty one. */
typedef struct {
  MapSlot *slots;
  MapEntry *entries; /* in the order in which they came */
  uint32_t nslots, shift, n;
} ValueMap;

PyObject *map_find(const ValueMap *m, Value v); /* borrowed; NULL without an exception: not there */
bool map_add(ValueMap *m, Value v, PyObject *object);
void map_cut(ValueMap *m, uint32_t n);          /* down to n */
void map_free(ValueMap *m);

/* ---- module.c: what this module has of Python ---- */

typedef struct {
  PyObject *dict;              /* of the module; borrowed by all that follows */
  PyObject *builtins, *nan, *inf;
  PyObject *frozenset_type, *set_type;
  PyObject *range, *zip, *enumerate, *reversed, *product, *iterators; /* types; a set of those that iterators have */
  PyObject *limits[LIMIT_UNSUPPORTED + 1];
  PyObject *function_type, *own_function, *generator_type, *limit_error;
  Py_ssize_t empty_set_size;   /* of __sizeof__ */
} PythonNames;

extern PythonNames names;

/* What the emitted file holds. */
typedef struct {
  const char *name;          /* of the module */
  const Program *programs;
  uint32_t nprograms, image_top;
  const Image *image;
  uint64_t key;              /* of this compilation: functions that were pickled are taken back by the same only */
  Vm *(*start)(void);        /* the machine whose [0, image_top) others copy; NULL: no memory */
} CompiledModule;

extern const CompiledModule compiled __attribute__((visibility("hidden")));

/* For the emitted file: what one of its programs is as a function of Python, the module's PyInit and Py_mod_exec. */
PyObject *module_call(uint32_t number, PyObject *args, PyObject *keywords);
PyObject *module_init(PyModuleDef *definition, const char *symbol);
int module_start(PyObject *module);

/* ---- to_python.c ---- */

/* What is known of a machine's values. An object that nothing can change is made once for as long as the value
 * stays: in `image`, by offset, for ever and for all machines, in `kept` as long as the sample. The rest is made anew for each call. */
typedef struct {
  Vm *vm;
  PyObject **image;
  ValueMap kept, fresh;
  uint32_t apart; /* arena offset of a Room where tables are made that are looked at here alone; 0: there is none */
  uint32_t depth;
  bool too_deep;
  bool iterators; /* some were made: Python will see how far they are */
  bool own_pairs; /* rows of two numbers were given: those are to come back */
} Objects;

/* A new reference. A value nested too deep becomes the limit value `unsupported`. */
PyObject *object_of(Objects *objects, Value v);
/* The same of a part of what is being converted. */
PyObject *object_within(Objects *objects, Value v);
PyObject *limit_object(uint32_t kind);
/* A tuple of n new objects, each made by `convert`. NULL: an exception. */
PyObject *tuple_object(Objects *objects, const Value *values, uint32_t n, PyObject *convert(Objects *, Value));
/* What a function has captured, or a generator has in its registers, as a tuple: convert_slots takes it back. */
PyObject *slots_object(Objects *objects, const Value *slots, uint32_t n);

/* ---- iterator.c: see there ---- */

PyObject *iterator_object(Objects *objects, Value iter);
PyObject *generator_object(Objects *objects, Value generator);

/* ---- set_object.c ---- */

/* Without layout.sets: a frozenset or set whose table is that of the runtime's, if calls can give it. `keys` are the objects
 * of the keys in slot order. */
PyObject *set_object(const Vm *vm, Value set, PyObject **keys);
bool twins_start(void); /* once, before the first set */

/* ---- from_python.c ---- */

/* Is v a function or guard that a global of the image names? Words from elsewhere are not believed. */
bool is_function_word(const Vm *vm, Value v);
/* The value in the machine's arena. *fixed becomes false where the object can change. 0 without an exception:
 * vm->error says which limit. */
Value value_of(Vm *vm, PyObject *object, bool *fixed);
/* Of an object of names.generator_type, as it was when the module gave it. */
Value generator_of(Vm *vm, PyObject *generator);
/* Do both give the same value, nothing in them able to change? */
bool same_objects(PyObject *a, PyObject *b);
/* Is v, made of tuples, lists, ints and None, still what value_of(object) gives? False of anything else. */
bool is_value_of(const Vm *vm, Value v, PyObject *object);

/* ---- machine.c ---- */

/* A call of a program. `slots` are its arguments by slot, those that it has no parameter for NULL. depth: Python's frames
 * below its own. A token marks calls that machine_stop(token) ends with the limit `time`. */
PyObject *machine_call(uint32_t number, PyObject *const slots[SLOT_FIRST_OP], uint32_t depth, const void *token);
/* A call of an object of names.function_type. */
PyObject *machine_call_function(PyObject *function, PyObject *args, PyObject *keywords, uint32_t depth);
/* The first items of an object of names.generator_type, no more than `count`, and the exception that came after them or None:
 * a tuple of two. */
PyObject *machine_take(PyObject *generator, uint32_t count, uint32_t depth);
void machine_stop(const void *token);
/* For calls from now on; 0 leaves as it is, timeout < 0 too. */
void machine_limits(uint64_t steps, uint32_t memory_mb, double timeout);

#endif
