/* unit_key.c - what the functions of a unit mean, as 64 bits: names their compiled library, and a .bto
 * carries it.
 *
 * The key does not depend on addresses, arena offsets, interned numbers or lines: names are hashed by
 * their text, objects by their structure and by which of them are the same object (they are numbered
 * as they are met). Sets are hashed table by table: their order is part of their meaning. */
#include "ir.h"

#include <stdlib.h>
#include <string.h>

typedef struct {
  const Unit *unit;
  const Vm *vm;
  uint64_t hash;
  uint32_t *number; /* by arena offset: 1 + how many objects were met before it */
  Value *met;
  uint32_t nmet, cap;
} Key;

static void mix(Key *k, uint64_t word) {
  uint64_t h = (k->hash ^ word) * 0x9e3779b97f4a7c15u;
  k->hash = h ^ h >> 29;
}

static void mix_bytes(Key *k, const char *bytes, size_t len) {
  mix(k, len);
  for (size_t i = 0; i < len; i += 8) {
    uint64_t word = 0;
    memcpy(&word, bytes + i, len - i < 8 ? len - i : 8);
    mix(k, word);
  }
}

static void mix_text(Key *k, const char *text) { mix_bytes(k, text, strlen(text)); }

static void mix_name(Key *k, Value name) { mix_bytes(k, as_str(k->vm, name)->bytes, as_str(k->vm, name)->len); }

static void mix_value(void *ctx, Value v) {
  Key *k = ctx;
  if (!is_heap(v)) {
    mix(k, v);
    return;
  }
  uint32_t at = payload_of(v);
  if (!k->number[at]) {
    if (k->nmet == k->cap) {
      k->cap = k->cap ? k->cap * 2 : 1024;
      k->met = realloc(k->met, k->cap * sizeof *k->met);
      if (!k->met) exit(EXIT_INTERNAL);
    }
    k->met[k->nmet++] = v;
    k->number[at] = k->nmet;
  }
  mix(k, HEAP(kind_of(v), k->number[at]));
}

/* Which slots are free, deleted or taken; the keys follow as children. */
static void mix_table(Key *k, const Set *s) {
  const SetEntry *table = set_table(k->vm, s);
  mix(k, s->mask);
  mix(k, s->unordered);
  for (uint64_t i = 0; i <= s->mask; i++) mix(k, table[i].key == V_UNBOUND ? 0 : table[i].key == SET_DUMMY ? 1 : 2);
}

/* What an object holds beside other values. */
static void mix_own(Key *k, Value v) {
  const Vm *vm = k->vm;
  uint64_t bits;
  switch (kind_of(v)) {
  case KIND_FLOAT:
    memcpy(&bits, &as_float(vm, v)->value, sizeof bits);
    mix(k, bits);
    break;
  case KIND_STR: mix_name(k, v); break;
  case KIND_TUPLE: mix(k, as_tuple(vm, v)->len); break;
  case KIND_LIST: mix(k, as_list(vm, v)->len); break;
  case KIND_SET: case KIND_FROZENSET: mix_table(k, as_set(vm, v)); break;
  case KIND_DICT: mix(k, as_dict(vm, v)->used), mix(k, as_dict(vm, v)->is_counter); break;
  case KIND_RANGE:
    mix(k, (uint64_t)as_range(vm, v)->start), mix(k, (uint64_t)as_range(vm, v)->stop), mix(k, (uint64_t)as_range(vm, v)->step);
    break;
  case KIND_FUNC: mix(k, as_func(vm, v)->fid), mix(k, as_func(vm, v)->ncells), mix(k, as_func(vm, v)->ndefaults); break;
  case KIND_METHOD: mix(k, as_method(vm, v)->method); break;
  case KIND_ITER: mix(k, as_iter(vm, v)->kind), mix(k, as_iter(vm, v)->count), mix(k, (uint64_t)as_iter(vm, v)->index); break;
  case KIND_GEN: mix(k, as_gen(vm, v)->fid), mix(k, as_gen(vm, v)->state), mix(k, as_gen(vm, v)->pc); break;
  case KIND_ERROR: mix(k, as_error(vm, v)->cls); break;
  default: break;
  }
}

static void mix_operand(Key *k, const Function *f, const Instr *in, uint32_t which) {
  const Image *image = &k->unit->image;
  int32_t x = instr_operand(in, which);
  switch (opcode_pattern(in->op)[which]) {
  case '-': break;
  case 'N': mix_name(k, image->names[x]); break;
  case 'G':
    mix_name(k, image->global_names[x]);
    mix_value(k, ((const Value *)arena_at(k->vm, image->globals))[x]);
    break;
  case 'E': mix(k, f->masks[x]); break;
  default: mix(k, (uint32_t)x); break;
  }
}

static void mix_function(Key *k, const Function *f) {
  mix_text(k, f->name);
  mix_text(k, f->module);
  mix(k, (uint64_t)f->nparams << 48 | (uint64_t)f->nkwonly << 32 | (uint64_t)f->ndefaults << 16 | f->nregs);
  mix(k, (uint64_t)f->free_base << 48 | (uint64_t)f->nfree << 32 | (uint64_t)f->flags << 16 | f->nhandlers);
  for (uint32_t i = 0; i < f->ncode; i++) {
    mix(k, f->code[i].op);
    for (uint32_t which = 0; which < 5; which++) mix_operand(k, f, &f->code[i], which);
  }
  for (uint32_t i = 0; i < f->nconsts; i++) mix_value(k, f->consts[i]);
  for (uint32_t i = 0; i < f->nhandlers; i++) {
    const Handler *h = &f->handlers[i];
    mix(k, (uint64_t)h->start << 32 | h->end);
    mix(k, (uint64_t)h->target << 32 | (uint32_t)h->reg << 16 | (uint32_t)h->kind << 8 | h->gen_depth);
  }
  for (uint32_t i = 0; i < f->nfree; i++) mix(k, (uint16_t)f->captures[i]);
  for (uint32_t i = 0; i < named_params(f); i++) mix_name(k, f->param_names[i]);
  mix_value(k, f->safe_default);
}

uint64_t unit_key(const Unit *unit) {
  const Image *image = &unit->image;
  Key k = {.unit = unit, .vm = unit->vm};
  k.number = ir_alloc(unit->image_top, sizeof *k.number);
  for (uint32_t i = 0; i < image->nfunctions; i++) mix_function(&k, &image->functions[i]);
  for (uint32_t i = 0; i < sizeof image->prelude / sizeof *image->prelude; i++) mix(&k, image->prelude[i]);
  mix(&k, image->safe_callable);
  mix_value(&k, image->guard_fallback);
  for (uint32_t i = 0; i < k.nmet; i++) {
    Value v = k.met[i];
    mix_own(&k, v);
    value_children(k.vm, v, mix_value, &k);
  }
  free(k.number);
  free(k.met);
  return k.hash;
}
