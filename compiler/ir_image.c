/* ir_image.c - the constant image holds what value.h says.
 *
 * Nothing is believed: the bytes may come from a damaged or hostile .bto. Every object that can be
 * reached is claimed in a map of the arena, so no two overlap and each is looked at once; the walk
 * keeps its own list, so nesting costs no C stack. What is checked is what the runtime relies on
 * for memory safety and for loops that end; a wrong cached hash gives wrong answers only. */
#include "ir.h"

#include "builtin.h"
#include "cells.h"

#include <stdlib.h>

enum {
  CLAIMED = 0xff,   /* in the map: inside an object or array; 1 + kind: an object begins; 0: free */
  MOST_NESTED = 1000, /* immutable objects in one another: the runtime follows them natively */
  OPEN = 0xffff     /* as height: being measured */
};

typedef struct {
  const Unit *unit;
  const Vm *vm;
  const Captures *captures;
  uint8_t *map;  /* by arena unit */
  Value *objects; /* claimed, in the order they were met; those behind the one looked at wait */
  uint32_t n, cap;
} Check;

/* ---- claiming memory ---- */

static bool fail_at(uint32_t at, const char *what) { return ir_fail("constant image: at unit %u: %s", at, what); }

/* [at, at + bytes) lies in the image and belongs to nobody yet. */
static bool claim(Check *c, uint32_t at, uint64_t bytes, uint8_t first) {
  uint64_t units = (bytes + 7) / 8;
  if (!units) return true;
  if (!at || units > c->unit->image_top || at > c->unit->image_top - units)
    return fail_at(at, "an object outside the image");
  for (uint64_t i = 0; i < units; i++) {
    if (c->map[at + i]) return fail_at(at, "an object that overlaps another");
    c->map[at + i] = CLAIMED;
  }
  c->map[at] = first;
  return true;
}

static bool claim_array(Check *c, uint32_t at, uint64_t bytes) { return claim(c, at, bytes, CLAIMED); }

/* Where the fixed part of an object may be read. */
static bool readable(const Check *c, uint32_t at, uint64_t bytes) {
  uint64_t units = (bytes + 7) / 8;
  return (at && units <= c->unit->image_top && at <= c->unit->image_top - units) ||
         fail_at(at, "an object outside the image");
}

/* ---- sizes ---- */

static uint64_t iter_parts(const Iter *it) {
  return it->kind == ITER_ZIP ? it->count : it->kind == ITER_PRODUCT ? 2 * (uint64_t)it->count : 0;
}

static uint64_t fixed_size(Kind kind) {
  switch (kind) {
  case KIND_FLOAT: return sizeof(Float);
  case KIND_STR: return sizeof(Str);
  case KIND_TUPLE: return sizeof(Tuple);
  case KIND_LIST: return sizeof(List);
  case KIND_SET: case KIND_FROZENSET: return sizeof(Set);
  case KIND_DICT: return sizeof(Dict);
  case KIND_RANGE: return sizeof(Range);
  case KIND_SLICE: return sizeof(Slice);
  case KIND_FUNC: return sizeof(Func);
  case KIND_GUARD: return sizeof(Guard);
  case KIND_METHOD: return sizeof(Method);
  case KIND_CELL: return sizeof(Cell);
  case KIND_ITER: return sizeof(Iter);
  case KIND_GEN: return sizeof(Gen);
  case KIND_ERROR: return sizeof(ErrorObject);
  case KIND_OPAQUE: return sizeof(Value);
  default: return 0;
  }
}

/* Of an object whose fixed part is readable. */
static uint64_t full_size(const Vm *vm, Value v) {
  uint64_t fixed = fixed_size(kind_of(v));
  switch (kind_of(v)) {
  case KIND_STR: return fixed + (uint64_t)as_str(vm, v)->len + 1;
  case KIND_TUPLE: return fixed + (uint64_t)tuple_head(vm, v)->len * sizeof(Value);
  case KIND_FUNC: return fixed + ((uint64_t)as_func(vm, v)->ncells + as_func(vm, v)->ndefaults) * sizeof(Value);
  case KIND_ITER: return fixed + iter_parts(as_iter(vm, v)) * sizeof(Value);
  case KIND_GEN: return fixed + (uint64_t)as_gen(vm, v)->nregs * sizeof(Value);
  default: return fixed;
  }
}

/* ---- values ---- */

static bool special_ok(const Check *c, Value v) {
  uint32_t payload = payload_of(v);
  if (v != SPECIAL(kind_of(v), payload)) return false;
  switch (kind_of(v)) {
  case KIND_NONE: return payload == 0;
  case KIND_BOOL: return payload <= 1;
  case KIND_TYPE:
    return payload < KIND_COUNT || (payload >= TYPE_ERROR_BASE && payload < TYPE_ERROR_BASE + (uint32_t)ERR_COUNT);
  case KIND_BUILTIN: return payload < BUILTIN_COUNT;
  case KIND_CODE: return payload < c->unit->image.nfunctions || payload == UINT32_MAX;
  case KIND_MODULE: return payload <= MODULE_LOGGING || payload >= MODULE_USER;
  default: return false;
  }
}

/* A value that programs may hold, or a cell. Objects are claimed and looked at later. */
static bool reference(Check *c, Value v) {
  if (is_int(v)) return true;
  if (!is_heap(v)) return special_ok(c, v) || ir_fail("constant image: %#llx is no value", (unsigned long long)v);
  Kind kind = kind_of(v);
  uint32_t at = payload_of(v);
  if (v != HEAP(kind, at) || !fixed_size(kind))
    return ir_fail("constant image: %#llx is no value", (unsigned long long)v);
  if (!readable(c, at, fixed_size(kind))) return false;
  uint8_t mark = (uint8_t)(1 + kind);
  if (c->map[at] == mark) return true;
  if (!claim(c, at, full_size(c->vm, v), mark)) return false;
  if (c->n == c->cap) {
    c->cap = c->cap ? c->cap * 2 : 256;
    c->objects = realloc(c->objects, c->cap * sizeof *c->objects);
    if (!c->objects) exit(EXIT_INTERNAL);
  }
  c->objects[c->n++] = v;
  return true;
}

static bool value_ok(Check *c, Value v) {
  if (is_kind(v, KIND_CELL)) return ir_fail("constant image: a cell as a value");
  return reference(c, v);
}

static bool of_kind(Check *c, Value v, Kind kind, const char *what) {
  if (!is_kind(v, kind)) return ir_fail("constant image: %s is no %s", what, kind == KIND_STR ? "string" : "function");
  return reference(c, v);
}

static bool values_ok(Check *c, const Value *values, uint64_t n) {
  for (uint64_t i = 0; i < n; i++)
    if (!value_ok(c, values[i])) return false;
  return true;
}

/* ---- objects, one kind each: their fixed part and inline items are claimed ---- */

/* Characters do not run over the end: enough for stepping through the text. */
static bool str_ok(const Str *s, uint32_t at) {
  if (s->bytes[s->len]) return fail_at(at, "a string without its end");
  for (uint32_t i = 0; i < s->len;) {
    uint8_t lead = (uint8_t)s->bytes[i];
    uint32_t size = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
    if (lead >= 0x80 && lead < 0xc0) return fail_at(at, "a string that is not UTF-8");
    for (uint32_t k = 1; k < size; k++)
      if (((uint8_t)s->bytes[i + k] & 0xc0) != 0x80) return fail_at(at, "a string that is not UTF-8");
    i += size;
  }
  return true;
}

static bool list_ok(Check *c, const List *l, uint32_t at) {
  if (l->len > l->cap) return fail_at(at, "a list longer than its room");
  return claim_array(c, l->items, (uint64_t)l->cap * sizeof(Value)) && values_ok(c, list_items(c->vm, l), l->len);
}

/* Run-time sharing marks objects of a run, never those of the image. */
static bool shared_ok(uint32_t canon, uint32_t at) { return !canon || fail_at(at, "an object marked as shared"); }

static bool is_mask(uint32_t mask) { return (mask & (mask + 1)) == 0; }

static bool set_ok(Check *c, const Set *s, uint32_t at) {
  if (!shared_ok(s->canon, at)) return false;
  if (!s->table || s->deferred) return fail_at(at, "a set without a table");
  if (!is_mask(s->mask) || s->mask < 7 || s->mask == UINT32_MAX) return fail_at(at, "a set with an odd table");
  if (!claim_array(c, s->table, ((uint64_t)s->mask + 1) * sizeof(SetEntry))) return false;
  const SetEntry *table = set_table(c->vm, s);
  uint64_t active = 0, deleted = 0;
  for (uint32_t i = 0; i <= s->mask; i++) {
    if (table[i].key == V_UNBOUND && table[i].hash == 0) continue;
    if (table[i].key == SET_DUMMY && table[i].hash == -1) deleted++;
    else if (table[i].hash == -1 || !value_ok(c, table[i].key)) return fail_at(at, "a set with a broken entry");
    else active++;
  }
  if (active != s->used || active + deleted != s->fill) return fail_at(at, "a set with wrong counts");
  return s->fill <= s->mask || fail_at(at, "a set without a free slot");
}

static bool dict_index_ok(const Check *c, const Dict *d, uint32_t at) {
  const uint32_t *index = (const uint32_t *)arena_at(c->vm, d->index);
  uint64_t indexed = 0;
  for (uint64_t i = 0; i <= d->index_mask; i++) {
    if (index[i] > d->nentries) return fail_at(at, "a dict that finds no entry");
    indexed += index[i] != 0;
  }
  return indexed == d->nentries || fail_at(at, "a dict with wrong counts");
}

static bool dict_ok(Check *c, const Dict *d, uint32_t at) {
  if (d->is_counter > 1) return fail_at(at, "a dict of no kind");
  if (!d->cap) return (!d->nentries && !d->used) || fail_at(at, "a dict with wrong counts");
  if (d->nentries > d->cap || !is_mask(d->index_mask) || d->index_mask == UINT32_MAX || d->index_mask < d->cap)
    return fail_at(at, "a dict with an odd table");
  if (!claim_array(c, d->entries, (uint64_t)d->cap * sizeof(DictEntry))) return false;
  if (!claim_array(c, d->index, ((uint64_t)d->index_mask + 1) * sizeof(uint32_t))) return false;
  const DictEntry *entries = dict_entries(c->vm, d);
  uint32_t live = 0;
  for (uint32_t i = 0; i < d->nentries; i++) {
    if (!entries[i].key) continue;
    live++;
    if (!value_ok(c, entries[i].key) || !value_ok(c, entries[i].value)) return false;
  }
  if (live != d->used) return fail_at(at, "a dict with wrong counts");
  return dict_index_ok(c, d, at);
}

static bool range_ok(const Range *r, uint32_t at) {
  __int128 start = r->start, stop = r->stop, step = r->step, len = 0;
  if (r->start > INT_MAX_61 || r->start < INT_MIN_61 || r->stop > INT_MAX_61 || r->stop < INT_MIN_61 ||
      r->step > INT_MAX_61 || r->step < INT_MIN_61 || !r->step)
    return fail_at(at, "a range over numbers too large");
  if (step > 0 && stop > start) len = (stop - start + step - 1) / step;
  if (step < 0 && stop < start) len = (start - stop - step - 1) / -step;
  return len == r->len || fail_at(at, "a range of a wrong length");
}

/* Slots hold cells or values, as the function's code uses them. */
static bool captured_ok(Check *c, uint32_t fid, const Value *slots) {
  const Function *f = &c->unit->image.functions[fid];
  const uint8_t *kinds = c->captures->kinds + c->captures->first[fid];
  for (uint32_t i = 0; i < f->nfree; i++) {
    bool cell = is_kind(slots[i], KIND_CELL);
    if (kinds[i] != CAPTURE_UNUSED && cell != (kinds[i] == CAPTURE_CELL))
      return ir_fail_in(f, -1, "a closure of it holds the wrong things");
    if (!reference(c, slots[i])) return false;
  }
  return true;
}

static bool func_ok(Check *c, const Func *f, uint32_t at) {
  const Image *image = &c->unit->image;
  if (f->fid >= image->nfunctions) return fail_at(at, "a function without a number");
  const Function *g = &image->functions[f->fid];
  if (f->ncells != g->nfree || f->ndefaults > (uint32_t)g->nparams + g->nkwonly || (g->flags & FN_GENEXPR))
    return ir_fail_in(g, -1, "a closure of it has the wrong shape");
  return captured_ok(c, f->fid, f->slots) && values_ok(c, f->slots + f->ncells, f->ndefaults);
}

static bool method_ok(Check *c, const Method *m, uint32_t at) {
  static const uint8_t kinds[] = {
#define X(id, kind, name) KIND_##kind,
      METHOD_LIST(X)
#undef X
  };
  if (m->method >= METHOD_COUNT) return fail_at(at, "a method without a number");
  if (!is_kind(m->self, (Kind)kinds[m->method])) return fail_at(at, "a method of another type");
  return value_ok(c, m->self);
}

static bool iter_source_ok(const Iter *it) {
  switch ((IterKind)it->kind) {
  case ITER_TUPLE: return is_tuple(it->source);
  case ITER_LIST: return is_kind(it->source, KIND_LIST);
  case ITER_SET: return is_anyset(it->source);
  case ITER_RANGE: return is_kind(it->source, KIND_RANGE);
  case ITER_DICT: case ITER_DICT_ITEMS: case ITER_DICT_VALUES: return is_kind(it->source, KIND_DICT);
  case ITER_STR: return is_kind(it->source, KIND_STR);
  case ITER_REVERSED: return is_tuple(it->source) || is_kind(it->source, KIND_LIST);
  case ITER_ENUMERATE: return is_kind(it->source, KIND_ITER);
  case ITER_ZIP: case ITER_PRODUCT: return it->source == 0;
  default: return false;
  }
}

static bool product_ok(const Check *c, const Iter *it) {
  for (uint32_t i = 0; i < it->count; i++) {
    Value pool = it->parts[i], place = it->parts[it->count + i];
    if (!is_tuple(pool) || !is_int(place) || int_of(place) < 0) return false;
    if (!readable(c, payload_of(pool), sizeof(Tuple))) return false;
    if (it->index && int_of(place) >= (int64_t)tuple_head(c->vm, pool)->len) return false;
  }
  return it->index == 0 || it->index == 1;
}

static bool iter_ok(Check *c, const Iter *it, uint32_t at) {
  if (it->kind == ITER_EMPTY) return true;
  bool view = it->index == -1 && (it->kind == ITER_DICT || it->kind == ITER_DICT_ITEMS || it->kind == ITER_DICT_VALUES);
  bool moves = it->kind == ITER_REVERSED || it->kind == ITER_ENUMERATE || view;
  if (it->kind > ITER_EMPTY || !iter_source_ok(it)) return fail_at(at, "an iterator over something else");
  if (!moves && (it->index < 0 || it->index > UINT32_MAX)) return fail_at(at, "an iterator out of its place");
  if (it->kind == ITER_STR && it->index) return fail_at(at, "an iterator in the middle of a string");
  if (it->kind == ITER_ENUMERATE && (it->index > INT_MAX_61 || it->index < INT_MIN_61))
    return fail_at(at, "an iterator out of its place");
  if (it->kind == ITER_PRODUCT && !product_ok(c, it)) return fail_at(at, "a product of something else");
  for (uint32_t i = 0; it->kind == ITER_ZIP && i < it->count; i++)
    if (!is_kind(it->parts[i], KIND_ITER)) return fail_at(at, "a zip of something else");
  return (it->source == 0 || value_ok(c, it->source)) && values_ok(c, it->parts, iter_parts(it));
}

/* A generator may not have run: where it stands in its code would have to fit the final code. */
static bool gen_ok(Check *c, const Gen *g, uint32_t at) {
  if (g->state == GEN_DONE) return true;
  if (g->fid >= c->unit->image.nfunctions) return fail_at(at, "a generator of no function");
  const Function *f = &c->unit->image.functions[g->fid];
  if (g->state != GEN_FRESH || g->pc || g->nregs != f->nregs || !(f->flags & FN_GENERATOR))
    return ir_fail_in(f, -1, "a generator of it stands in the constant image");
  uint32_t nparams = param_registers(f);
  for (uint32_t i = 0; i < g->nregs; i++) {
    if (i >= f->free_base && i < (uint32_t)f->free_base + f->nfree) continue;
    if (i >= nparams ? g->regs[i] != V_UNBOUND : !value_ok(c, g->regs[i]))
      return ir_fail_in(f, -1, "a generator of it has the wrong shape");
  }
  if ((f->flags & FN_GENEXPR) && !is_kind(g->regs[0], KIND_ITER) && !is_kind(g->regs[0], KIND_GEN))
    return ir_fail_in(f, -1, "a generator of it has no iterator");
  return captured_ok(c, g->fid, g->regs + f->free_base);
}

static bool object_ok(Check *c, Value v) {
  const Vm *vm = c->vm;
  uint32_t at = payload_of(v);
  switch (kind_of(v)) {
  case KIND_STR: return str_ok(as_str(vm, v), at);
  case KIND_TUPLE: return shared_ok(tuple_head(vm, v)->canon, at) && values_ok(c, tuple_head(vm, v)->items, tuple_head(vm, v)->len);
  case KIND_LIST: return list_ok(c, as_list(vm, v), at);
  case KIND_SET: case KIND_FROZENSET: return set_ok(c, as_set(vm, v), at);
  case KIND_DICT: return dict_ok(c, as_dict(vm, v), at);
  case KIND_RANGE: return range_ok(as_range(vm, v), at);
  case KIND_SLICE: return values_ok(c, &as_slice(vm, v)->start, 3);
  case KIND_FUNC: return func_ok(c, as_func(vm, v), at);
  case KIND_GUARD:
    return of_kind(c, as_guard(vm, v)->func, KIND_FUNC, "what a guard guards") &&
           of_kind(c, as_guard(vm, v)->name, KIND_STR, "a guard's name");
  case KIND_METHOD: return method_ok(c, as_method(vm, v), at);
  case KIND_CELL: return as_cell(vm, v)->value == V_UNBOUND || value_ok(c, as_cell(vm, v)->value);
  case KIND_ITER: return iter_ok(c, as_iter(vm, v), at);
  case KIND_GEN: return gen_ok(c, as_gen(vm, v), at);
  case KIND_ERROR:
    if (as_error(vm, v)->cls >= ERR_COUNT) return fail_at(at, "an exception of no class");
    return value_ok(c, as_error(vm, v)->value);
  default: return true;
  }
}

/* ---- nesting ---- */

typedef struct {
  const Check *c;
  uint16_t *height; /* by arena unit: how many immutable objects stand in one another from here down */
  Value *todo;
  uint32_t n, cap;
  uint32_t tallest; /* of the children looked at */
  bool cyclic;
} Heights;

/* What can be changed may hold itself: only a walk through it ends. */
static bool is_immutable(Value v) {
  switch (kind_of(v)) {
  case KIND_TUPLE: case KIND_FROZENSET: case KIND_SLICE: case KIND_FUNC: case KIND_GUARD: case KIND_METHOD: return true;
  default: return false;
  }
}

static void height_push(Heights *h, Value v) {
  if (h->n == h->cap) {
    h->cap = h->cap ? h->cap * 2 : 256;
    h->todo = realloc(h->todo, h->cap * sizeof *h->todo);
    if (!h->todo) exit(EXIT_INTERNAL);
  }
  h->todo[h->n++] = v;
}

static void height_child(void *ctx, Value v) {
  Heights *h = ctx;
  if (!is_immutable(v)) return;
  uint16_t height = h->height[payload_of(v)];
  if (height == OPEN) h->cyclic = true;
  else if (!height) height_push(h, v);
  else if (height > h->tallest) h->tallest = height;
}

/* An object stays on the stack below its children and is measured when it is on top again. */
static bool nesting_ok(Heights *h, Value root) {
  const Vm *vm = h->c->vm;
  if (is_immutable(root)) height_push(h, root);
  while (h->n) {
    Value v = h->todo[h->n - 1];
    uint16_t *height = &h->height[payload_of(v)];
    uint32_t n = h->n;
    h->tallest = 0;
    if (*height && *height != OPEN) {
      h->n--;
      continue;
    }
    *height = OPEN;
    value_children(vm, v, height_child, h);
    if (h->cyclic) return fail_at(payload_of(v), "an immutable object that holds itself");
    if (h->n > n) continue;
    if (h->tallest >= MOST_NESTED) return fail_at(payload_of(v), "objects nested too deeply");
    *height = (uint16_t)(h->tallest + 1);
    h->n--;
  }
  return true;
}

/* ---- roots ---- */

static bool strings_ok(Check *c, const Value *names, uint32_t n, bool absent_ok, const char *what) {
  for (uint32_t i = 0; i < n; i++)
    if (!(absent_ok && names[i] == 0) && !of_kind(c, names[i], KIND_STR, what)) return false;
  return true;
}

static bool singles_ok(Check *c) {
  const Image *image = &c->unit->image;
  if (!is_kind(image->nan, KIND_FLOAT) || !is_kind(image->inf, KIND_FLOAT) || !is_kind(image->minus_inf, KIND_FLOAT) ||
      !is_tuple(image->empty_tuple) || !is_kind(image->empty_frozenset, KIND_FROZENSET))
    return ir_fail("constant image: its single objects are of other types");
  return value_ok(c, image->nan) && value_ok(c, image->inf) && value_ok(c, image->minus_inf) &&
         value_ok(c, image->empty_tuple) && value_ok(c, image->empty_frozenset) && value_ok(c, image->guard_fallback);
}

/* A tuple of the tables of cells.h, with the items that its place says. */
static bool cell_ok(Check *c, uint64_t at, int64_t i, int64_t j, int64_t colour) {
  uint32_t len = colour < 0 ? 2 : 3;
  if (at >= c->unit->image_top || !reference(c, HEAP(KIND_TUPLE, at))) return fail_at((uint32_t)at, "a cell is missing");
  const Tuple *t = tuple_head(c->vm, HEAP(KIND_TUPLE, at));
  return (t->len == len && t->items[0] == v_int(i) && t->items[1] == v_int(j) && (len == 2 || t->items[2] == v_int(colour))) ||
         fail_at((uint32_t)at, "a cell is another");
}

static bool cells_ok(Check *c) {
  uint64_t at = c->unit->image.pairs;
  for (int64_t i = PAIR_MIN; i < PAIR_MIN + PAIR_SIDE; i++)
    for (int64_t j = PAIR_MIN; j < PAIR_MIN + PAIR_SIDE; j++, at += PAIR_UNITS)
      if (!cell_ok(c, at, i, j, -1)) return false;
  at = c->unit->image.cells;
  for (int64_t i = 0; i < CELL_SIDE; i++)
    for (int64_t j = 0; j < CELL_SIDE; j++)
      for (int64_t colour = 0; colour < CELL_COLOURS; colour++, at += CELL_UNITS)
        if (!cell_ok(c, at, i, j, colour)) return false;
  return true;
}

static bool poison_ok(Value v) { return is_poison(v) && payload_of(v) <= LIMIT_UNSUPPORTED; }

static bool globals_ok(Check *c) {
  const Image *image = &c->unit->image;
  if (!claim_array(c, image->globals, (uint64_t)image->nglobals * sizeof(Value))) return false;
  const Value *globals = (const Value *)arena_at(c->vm, image->globals);
  for (uint32_t i = 0; i < image->nglobals; i++)
    if (globals[i] != V_UNBOUND && !poison_ok(globals[i]) && !value_ok(c, globals[i])) return false;
  return strings_ok(c, image->names, image->nnames, false, "a name") &&
         strings_ok(c, image->global_names, image->nglobals, false, "the name of a global");
}

static bool functions_ok(Check *c) {
  const Image *image = &c->unit->image;
  for (uint32_t i = 0; i < image->nfunctions; i++) {
    const Function *f = &image->functions[i];
    if (!values_ok(c, f->consts, f->nconsts)) return ir_fail_in(f, -1, "a broken constant");
    if (f->safe_default != V_UNBOUND && !value_ok(c, f->safe_default)) return ir_fail_in(f, -1, "a broken default");
    if (!strings_ok(c, f->param_names, named_params(f), false, "a parameter's name")) return false;
  }
  return true;
}

static bool programs_ok(Check *c) {
  for (uint32_t i = 0; i < c->unit->nprograms; i++) {
    const Program *p = &c->unit->programs[i];
    for (uint32_t k = 0; k < p->nconsts; k++)
      if (p->consts[k] != V_UNBOUND && !poison_ok(p->consts[k]) && p->consts[k] != OPERAND_NAME_ERROR &&
          !value_ok(c, p->consts[k]))
        return false;
    if (!strings_ok(c, p->slot_names, p->nslots, true, "the name of a slot")) return false;
    if (p->whole && !is_kind(p->whole, KIND_GUARD) && !is_kind(p->whole, KIND_FUNC))
      return ir_fail("program %u: what is called is no function", i);
    if (p->whole && !value_ok(c, p->whole)) return false;
  }
  return true;
}

/* Every object is looked at, then how they nest. */
bool ir_check_image(const Unit *unit, const Captures *captures) {
  Check c = {.unit = unit, .vm = unit->vm, .captures = captures};
  c.map = ir_alloc(unit->image_top, 1);
  bool ok = singles_ok(&c) && cells_ok(&c) && globals_ok(&c) && functions_ok(&c) && programs_ok(&c);
  for (uint32_t i = 0; ok && i < c.n; i++) ok = object_ok(&c, c.objects[i]);
  Heights h = {.c = &c};
  h.height = ir_alloc(unit->image_top, sizeof *h.height);
  for (uint32_t i = 0; ok && i < c.n; i++) ok = nesting_ok(&h, c.objects[i]);
  free(h.height);
  free(h.todo);
  free(c.map);
  free(c.objects);
  return ok;
}
