/* export.c - values copied out of a warp's arena.
 *
 * Objects are copied as they are, and their references put right after it, from a list of work, so depth costs nothing.
 * What the host has too (constants of the image) is not copied. A cache finds most of the objects that were copied before;
 * an object that it forgot is copied again, which nobody can tell. */
#include "batch.h"

#include "../object.h"

enum { SEEN = sizeof ((Export *)0)->seen / sizeof *((Export *)0)->seen };

FN void export_start(Export *e, uint64_t *to, uint64_t room) {
  e->to = to;
  e->room = room;
  e->used = 0;
  e->nwork = 0;
  e->work = (Value *)(to + room);
  for (uint32_t i = 0; i < SEEN; i++) e->seen[i].from = 0;
}

/* So many units more; NULL: no room. */
static FN uint64_t *take(Export *e, uint64_t units) {
  if (units > e->room - e->used - e->nwork) return NULL;
  e->used += units;
  return e->to + e->used - units;
}

FN_INLINE uint32_t place_of(const Export *e, const uint64_t *at) { return e->base + (uint32_t)(at - e->to); }
FN_INLINE uint64_t *copy_at(const Export *e, uint32_t offset) { return e->to + (offset - e->base); }

static FN uint64_t *copy_words(Export *e, const void *from, uint64_t units) {
  uint64_t *to = take(e, units);
  if (to) move_words(to, (const uint64_t *)from, units);
  return to;
}

/* A part that an object refers to by offset. */
static FN bool copy_part(Export *e, uint32_t *offset, uint64_t units) {
  const uint64_t *to = copy_words(e, arena_at(e->vm, *offset), units);
  if (to) *offset = place_of(e, to);
  return to != NULL;
}

/* What is known of it stays behind: the word for a plane, too. */
static FN uint64_t *copy_tuple(Export *e, Value v) {
  const Tuple *t = as_tuple(e->vm, v);
  Tuple *to = (Tuple *)copy_words(e, t, (sizeof *t + t->len * sizeof(Value)) / 8);
  if (to) to->canon = 0;
  return (uint64_t *)to;
}

static FN uint64_t *copy_set(Export *e, Value v) {
  const Set *s = as_set(e->vm, v);
  const SetEntry *table = set_table(e->vm, s);
  Set *to = (Set *)copy_words(e, s, sizeof *s / 8);
  if (!to) return NULL;
  to->deferred = to->canon = 0;
  to->table = offset_of(e->vm, table);
  return copy_part(e, &to->table, ((uint64_t)s->mask + 1) * (sizeof *table / 8)) ? (uint64_t *)to : NULL;
}

static FN uint64_t *copy_dict(Export *e, Value v) {
  const Dict *d = as_dict(e->vm, v);
  Dict *to = (Dict *)copy_words(e, d, sizeof *d / 8);
  if (!to) return NULL;
  to->cap = d->nentries;
  bool ok = copy_part(e, &to->entries, d->nentries * (sizeof(DictEntry) / 8)) &&
            copy_part(e, &to->index, (((uint64_t)d->index_mask + 1) * sizeof(uint32_t) + 7) / 8);
  return ok ? (uint64_t *)to : NULL;
}

static FN uint64_t *copy_list(Export *e, Value v) {
  List *to = (List *)copy_words(e, as_list(e->vm, v), sizeof(List) / 8);
  if (!to) return NULL;
  to->cap = to->len;
  return copy_part(e, &to->items, to->len) ? (uint64_t *)to : NULL;
}

/* Only what its name in a result needs. */
static FN uint64_t *copy_func(Export *e, Value v) {
  Func *to = (Func *)copy_words(e, as_func(e->vm, v), sizeof(Func) / 8);
  if (to) to->ncells = to->ndefaults = 0;
  return (uint64_t *)to;
}

static FN uint64_t *copy_method(Export *e, Value v) {
  Method *to = (Method *)copy_words(e, as_method(e->vm, v), sizeof(Method) / 8);
  if (to) to->self = V_NONE;
  return (uint64_t *)to;
}

static FN uint64_t *copy_error(Export *e, Value v) {
  ErrorObject *to = (ErrorObject *)copy_words(e, as_error(e->vm, v), sizeof(ErrorObject) / 8);
  if (to) to->value = V_NONE;
  return (uint64_t *)to;
}

static FN uint64_t *copy_object(Export *e, Value v) {
  const Vm *vm = e->vm;
  switch (kind_of(v)) {
  case KIND_TUPLE: return copy_tuple(e, v);
  case KIND_LIST: return copy_list(e, v);
  case KIND_SET: case KIND_FROZENSET: return copy_set(e, v);
  case KIND_DICT: return copy_dict(e, v);
  case KIND_RANGE: return copy_words(e, as_range(vm, v), sizeof(Range) / 8);
  case KIND_FLOAT: return copy_words(e, as_float(vm, v), sizeof(Float) / 8);
  case KIND_STR: return copy_words(e, as_str(vm, v), (sizeof(Str) + as_str(vm, v)->len + 1 + 7) / 8);
  case KIND_FUNC: return copy_func(e, v);
  case KIND_GUARD: return copy_words(e, as_guard(vm, v), sizeof(Guard) / 8);
  case KIND_METHOD: return copy_method(e, v);
  case KIND_ERROR: return copy_error(e, v);
  default: return take(e, 1); /* results name its type only */
  }
}

static FN bool holds_references(Kind kind) {
  return kind == KIND_TUPLE || kind == KIND_LIST || kind == KIND_SET || kind == KIND_FROZENSET || kind == KIND_DICT ||
         kind == KIND_GUARD;
}

/* The value as the host will see it. */
static FN bool put_value(Export *e, Value *v) {
  if (!is_heap(*v) || payload_of(*v) < e->keep) return true;
  uint32_t from = payload_of(*v), slot = (from * 0x9E3779B1u) >> 20;
  Kind kind = kind_of(*v);
  if (e->seen[slot].from != from) {
    const uint64_t *copy = copy_object(e, *v);
    if (!copy) return false;
    e->seen[slot].from = from;
    e->seen[slot].to = place_of(e, copy);
    if (holds_references(kind)) {
      if (e->used + e->nwork >= e->room) return false;
      *(e->work - ++e->nwork) = HEAP(kind, e->seen[slot].to);
    }
  }
  *v = HEAP(kind, e->seen[slot].to);
  return true;
}

static FN DEVICE_NOINLINE bool put_values(Export *e, Value *items, uint64_t n, uint32_t step) {
  for (uint64_t i = 0; i < n; i++)
    if (!put_value(e, items + i * step)) return false;
  return true;
}

/* The references of a copy. */
static FN bool mend(Export *e, Value copy) {
  uint64_t *at = copy_at(e, payload_of(copy));
  switch (kind_of(copy)) {
  case KIND_TUPLE: return put_values(e, ((Tuple *)at)->items, ((Tuple *)at)->len, 1);
  case KIND_LIST: return put_values(e, copy_at(e, ((List *)at)->items), ((List *)at)->len, 1);
  case KIND_GUARD: return put_values(e, (Value *)at, 2, 1);
  case KIND_DICT: {
    DictEntry *entries = (DictEntry *)copy_at(e, ((Dict *)at)->entries);
    uint32_t n = ((Dict *)at)->nentries;
    return put_values(e, &entries->key, n, sizeof *entries / 8) && put_values(e, &entries->value, n, sizeof *entries / 8);
  }
  default: {
    SetEntry *table = (SetEntry *)copy_at(e, ((Set *)at)->table);
    return put_values(e, &table->key, (uint64_t)((Set *)at)->mask + 1, sizeof *table / 8);
  }
  }
}

FN bool export_values(Export *e, const Value *values, uint32_t n) {
  Value *to = copy_words(e, values, n);
  if (!to || !put_values(e, to, n, 1)) return false;
  while (e->nwork)
    if (!mend(e, *(e->work - e->nwork--))) return false;
  return true;
}
