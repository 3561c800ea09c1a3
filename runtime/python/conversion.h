/* conversion.h - from_python.c and iterator.c: an object on its way into an arena. 0 and false as in objects.h. */
#ifndef BATTC_CONVERSION_H
#define BATTC_CONVERSION_H

#include "objects.h"

/* Objects that have a value already: what functions and generators have captured may hold one several times, or itself.
 * A reference each. */
typedef struct {
  PyObject *object;
  Value value;
} Seen;

typedef struct {
  Vm *vm;
  uint32_t depth;
  bool fixed;        /* nothing in it can change */
  uint32_t captured; /* levels of what functions and generators hold: identity counts there */
  Seen *seen;        /* open addressing by object, nseen of `room` used */
  uint32_t nseen, room;
} Conversion;

Value convert(Conversion *c, PyObject *object);
Value refuse_object(PyObject *object);
/* What slots_object made. */
bool convert_slots(Conversion *c, PyObject *slots, Value *to, uint32_t n);

static inline bool has_flag(PyObject *object, unsigned long flag) { return PyType_GetFlags(object->ob_type) & flag; }

/* ---- iterator.c ---- */

Value convert_generator(Conversion *c, PyObject *object);
bool is_iterator_object(PyObject *object);
Value convert_iterator(Conversion *c, PyObject *object);

/* ---- seen.c: does nothing where nothing is captured ---- */

Value find_seen(const Conversion *c, PyObject *object); /* 0 without an exception: not yet */
bool note_seen(Conversion *c, PyObject *object, Value v);
void forget_seen(Conversion *c);

#endif
