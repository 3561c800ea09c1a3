/* verify_iter.c - what an iterator over containers has left, told by a copy of it, so that it stays where it is.
 *
 * zip, enumerate and reversed over such and product are among these (KIND_ITER); generators are not: to ask them would be to run the
 * program. templates/verify.py does the same with CPython's. */
#include "verify.h"

#include "object.h"

#include <string.h>

enum { MOST_COPIES = 64 }; /* an iterator and those that it takes its items from */

typedef struct {
  Vm *vm;
  Value from[MOST_COPIES], made[MOST_COPIES];
  uint32_t n;
} Copies;

static Value copy_iterator(Copies *c, Value iter);

/* Those that it steps. */
static bool copy_sources(Copies *c, Iter *it) {
  bool zip = it->kind == ITER_ZIP;
  for (uint32_t i = 0; zip && i < it->count; i++)
    if (!(it->parts[i] = copy_iterator(c, it->parts[i]))) return false;
  return it->kind != ITER_ENUMERATE || (it->source = copy_iterator(c, it->source));
}

/* The same copy of one that is met again. 0: too many, or no memory. */
static Value copy_iterator(Copies *c, Value iter) {
  for (uint32_t i = 0; i < c->n; i++)
    if (c->from[i] == iter) return c->made[i];
  const Iter *from = as_iter(c->vm, iter);
  uint32_t parts = from->kind == ITER_ZIP ? from->count : from->kind == ITER_PRODUCT ? 2 * from->count : 0;
  size_t bytes = sizeof(Iter) + (size_t)parts * sizeof(Value);
  uint32_t offset = c->n < MOST_COPIES ? arena_alloc(c->vm, bytes) : 0;
  if (!offset) return 0;
  Iter *to = (Iter *)arena_at(c->vm, offset);
  memcpy(to, as_iter(c->vm, iter), bytes);
  c->from[c->n] = iter;
  c->made[c->n++] = HEAP(KIND_ITER, offset);
  return copy_sources(c, to) ? HEAP(KIND_ITER, offset) : 0;
}

Value verify_copy_iterator(Vm *vm, Value iter) {
  Copies c = {.vm = vm};
  return copy_iterator(&c, iter);
}
