/* names.c - interned names, and the slots of module globals. */
#include "lower.h"

#include "builtin.h"
#include "object.h"

#include <stdlib.h>
#include <string.h>

uint32_t hash_text(const char *s) {
  uint32_t h = 2166136261u;
  for (; *s; s++) h = (h ^ (unsigned char)*s) * 16777619u;
  return h;
}

static const char *name_text(const Compiler *c, uint32_t id) {
  return as_str(c->vm, c->image->names[id])->bytes;
}

static void *grow(void *p, size_t bytes) {
  void *q = realloc(p, bytes);
  if (!q) {
    diag_plain(DIAG_ERROR, "out of memory");
    exit(EXIT_INTERNAL);
  }
  return q;
}

/* Doubles an open-addressing index of entry numbers + 1. */
static uint32_t *grow_index(uint32_t *index, uint32_t *mask) {
  free(index);
  *mask = *mask ? *mask * 2 + 1 : 1023;
  uint32_t *fresh = grow(NULL, (*mask + 1) * sizeof *fresh);
  memset(fresh, 0, (*mask + 1) * sizeof *fresh);
  return fresh;
}

static void name_index_add(Compiler *c, uint32_t id) {
  uint32_t i = hash_text(name_text(c, id)) & c->name_mask;
  while (c->name_index[i]) i = (i + 1) & c->name_mask;
  c->name_index[i] = id + 1;
}

uint32_t name_id(Compiler *c, const char *name) {
  Image *image = c->image;
  if (image->nnames * 2 >= c->name_mask) {
    c->name_index = grow_index(c->name_index, &c->name_mask);
    for (uint32_t i = 0; i < image->nnames; i++) name_index_add(c, i);
  }
  for (uint32_t i = hash_text(name) & c->name_mask; c->name_index[i]; i = (i + 1) & c->name_mask)
    if (!strcmp(name_text(c, c->name_index[i] - 1), name)) return c->name_index[i] - 1;
  if (image->nnames == c->cap_names) {
    c->cap_names = c->cap_names ? c->cap_names * 2 : 1024;
    image->names = grow(image->names, c->cap_names * sizeof *image->names);
  }
  image->names[image->nnames] = new_str(c->vm, name, strlen(name));
  name_index_add(c, image->nnames);
  return image->nnames++;
}

Value intern_name(Compiler *c, const char *name) {
  uint32_t id = name_id(c, name);
  return c->image->names[id];
}

static uint32_t slot_hash(const Module *m, const char *name) {
  return hash_text(name) ^ (uint32_t)((uintptr_t)m >> 4) * 2654435761u;
}

static void slot_index_add(Compiler *c, uint32_t slot) {
  uint32_t i = slot_hash(c->slots[slot].module, c->slots[slot].name) & c->slot_mask;
  while (c->slot_index[i]) i = (i + 1) & c->slot_mask;
  c->slot_index[i] = slot + 1;
}

int find_slot(const Compiler *c, const Module *m, const char *name) {
  if (!c->nslots) return -1;
  for (uint32_t i = slot_hash(m, name) & c->slot_mask; c->slot_index[i]; i = (i + 1) & c->slot_mask) {
    const GlobalSlot *s = &c->slots[c->slot_index[i] - 1];
    if (s->module == m && !strcmp(s->name, name)) return (int)(c->slot_index[i] - 1);
  }
  return -1;
}

Value *slot_value(Compiler *c, uint32_t slot) {
  return (Value *)arena_at(c->vm, c->image->globals) + slot;
}

/* What else CPython 3.11 binds, in its builtins and in each module. */
static bool is_other_builtin(const char *name) {
  static const char names[] =
    " BaseExceptionGroup BlockingIOError BrokenPipeError BufferError BytesWarning ChildProcessError ConnectionAbortedError ConnectionError"
    " ConnectionRefusedError ConnectionResetError DeprecationWarning Ellipsis EncodingWarning EnvironmentError ExceptionGroup FileExistsError"
    " FutureWarning IOError ImportWarning IndentationError InterruptedError IsADirectoryError NotADirectoryError NotImplemented"
    " PendingDeprecationWarning PermissionError ProcessLookupError ReferenceError ResourceWarning RuntimeWarning StopAsyncIteration SyntaxError"
    " SyntaxWarning SystemError TabError TimeoutError UnicodeDecodeError UnicodeEncodeError UnicodeError UnicodeTranslateError UnicodeWarning"
    " UserWarning Warning __annotations__ __build_class__ __builtins__ __cached__ __debug__ __doc__ __file__ __import__ __loader__ __package__"
    " __spec__ aiter anext bin breakpoint bytearray bytes chr classmethod compile complex copyright credits delattr dir eval exec exit"
    " globals help hex input license locals memoryview oct open ord property quit setattr staticmethod super vars ";
  size_t len = strlen(name);
  for (const char *at = names; (at = strstr(at, name)); at += len)
    if (at[-1] == ' ' && at[len] == ' ') return true;
  return false;
}

/* What a name means where no module binds it. */
static Value builtin_value(const Module *m, const char *name) {
  Value type;
  if (is_other_builtin(name)) return v_poison(LIMIT_UNSUPPORTED);
  if (name[0] == '_' && strcmp(m->name, "prelude")) return V_UNBOUND;
  if (type_by_name(name, &type)) return type;
  int id = builtin_by_name(name);
  if (id >= 0 && id != BUILTIN_product && id != BUILTIN_Counter && id != BUILTIN_get_safe_default &&
      id != BUILTIN_batch_process && id != BUILTIN_ignore)
    return SPECIAL(KIND_BUILTIN, id);
  return V_UNBOUND;
}

static void grow_slots(Compiler *c) {
  uint32_t cap = c->cap_slots ? c->cap_slots * 2 : 2048;
  c->slots = grow(c->slots, cap * sizeof *c->slots);
  uint32_t fresh = arena_alloc(c->vm, (size_t)cap * sizeof(Value));
  if (!fresh) {
    diag_plain(DIAG_ERROR, "out of memory for globals");
    exit(EXIT_INTERNAL);
  }
  if (c->nslots)
    memcpy(arena_at(c->vm, fresh), arena_at(c->vm, c->image->globals), c->nslots * sizeof(Value));
  c->image->globals = fresh;
  c->cap_slots = cap;
}

uint32_t global_slot(Compiler *c, Module *m, const char *name) {
  int found = find_slot(c, m, name);
  if (found >= 0) return (uint32_t)found;
  if (c->nslots == c->cap_slots) grow_slots(c);
  uint32_t slot = c->nslots++;
  c->image->nglobals = c->nslots;
  memset(&c->slots[slot], 0, sizeof c->slots[slot]);
  c->slots[slot].module = m;
  c->slots[slot].name = pool_strdup(c->pool, name, strlen(name));
  *slot_value(c, slot) = builtin_value(m, name);
  if (c->nslots * 2 >= c->slot_mask) {
    c->slot_index = grow_index(c->slot_index, &c->slot_mask);
    for (uint32_t i = 0; i < c->nslots; i++) slot_index_add(c, i);
  } else {
    slot_index_add(c, slot);
  }
  return slot;
}

void bind_slot(Compiler *c, uint32_t slot, Value v) {
  *slot_value(c, slot) = v;
  c->slots[slot].bound = true;
}
