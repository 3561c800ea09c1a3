/* ir_walk.c - instructions by table, and walks over constant values. */
#include "ir.h"

#include <stdlib.h>

static const struct {
  const char *name, *pattern;
} opcodes[] = {
#define X(op, pattern, meaning) {#op, pattern},
    OPCODE_LIST(X)
#undef X
};

const char *opcode_name(uint32_t op) { return opcodes[op].name; }
const char *opcode_pattern(uint32_t op) { return opcodes[op].pattern; }

int32_t instr_operand(const Instr *in, uint32_t which) {
  switch (which) {
  case 0: return in->a;
  case 1: return in->b;
  case 2: return in->c;
  case 3: return in->d;
  default: return in->e;
  }
}

bool instr_falls_through(const Instr *in) {
  switch (in->op) {
  case OP_JUMP: case OP_RETURN: case OP_RAISE: case OP_RERAISE: case OP_UNSUPPORTED: return false;
  default: return true;
  }
}

uint32_t param_registers(const Function *f) {
  return (uint32_t)f->nparams + f->nkwonly + (f->flags & FN_VARARGS ? 1u : 0u) + (f->flags & FN_VARKW ? 1u : 0u);
}

/* The iterator that a generator expression runs over is nobody's argument. */
uint32_t named_params(const Function *f) { return f->flags & FN_GENEXPR ? 0 : (uint32_t)f->nparams + f->nkwonly; }

void *ir_alloc(size_t n, size_t size) {
  void *p = calloc(n ? n : 1, size);
  if (!p) {
    diag_plain(DIAG_ERROR, "out of memory");
    exit(EXIT_INTERNAL);
  }
  return p;
}

/* ---- values ---- */

static void visit_all(const Value *items, uint32_t n, ValueVisit visit, void *ctx) {
  for (uint32_t i = 0; i < n; i++)
    if (items[i] != V_UNBOUND) visit(ctx, items[i]);
}

static void visit_set(const Vm *vm, const Set *s, ValueVisit visit, void *ctx) {
  const SetEntry *table = set_table(vm, s);
  for (uint64_t i = 0; i <= s->mask; i++)
    if (table[i].key != V_UNBOUND && table[i].key != SET_DUMMY) visit(ctx, table[i].key);
}

static void visit_dict(const Vm *vm, const Dict *d, ValueVisit visit, void *ctx) {
  const DictEntry *entries = dict_entries(vm, d);
  for (uint32_t i = 0; i < d->nentries; i++) {
    if (!entries[i].key) continue;
    visit(ctx, entries[i].key);
    visit(ctx, entries[i].value);
  }
}

static void visit_iter(const Iter *it, ValueVisit visit, void *ctx) {
  if (it->kind == ITER_EMPTY) return;
  visit_all(&it->source, 1, visit, ctx);
  uint32_t nparts = it->kind == ITER_ZIP ? it->count : it->kind == ITER_PRODUCT ? 2 * it->count : 0;
  visit_all(it->parts, nparts, visit, ctx);
}

void value_children(const Vm *vm, Value v, ValueVisit visit, void *ctx) {
  switch (kind_of(v)) {
  case KIND_TUPLE: visit_all(as_tuple(vm, v)->items, as_tuple(vm, v)->len, visit, ctx); break;
  case KIND_LIST: visit_all(list_items(vm, as_list(vm, v)), as_list(vm, v)->len, visit, ctx); break;
  case KIND_SET: case KIND_FROZENSET: visit_set(vm, as_set(vm, v), visit, ctx); break;
  case KIND_DICT: visit_dict(vm, as_dict(vm, v), visit, ctx); break;
  case KIND_SLICE: visit_all(&as_slice(vm, v)->start, 3, visit, ctx); break;
  case KIND_FUNC:
    visit_all(as_func(vm, v)->slots, (uint32_t)as_func(vm, v)->ncells + as_func(vm, v)->ndefaults, visit, ctx);
    break;
  case KIND_GUARD: visit_all(&as_guard(vm, v)->func, 2, visit, ctx); break;
  case KIND_METHOD: visit_all(&as_method(vm, v)->self, 1, visit, ctx); break;
  case KIND_CELL: visit_all(&as_cell(vm, v)->value, 1, visit, ctx); break;
  case KIND_ITER: visit_iter(as_iter(vm, v), visit, ctx); break;
  case KIND_GEN:
    if (as_gen(vm, v)->state != GEN_DONE) visit_all(as_gen(vm, v)->regs, as_gen(vm, v)->nregs, visit, ctx);
    break;
  case KIND_ERROR: visit_all(&as_error(vm, v)->value, 1, visit, ctx); break;
  default: break;
  }
}

void walk_add(ValueWalk *w, Value v) {
  if (!is_heap(v) || payload_of(v) >= w->limit) return;
  if (!w->seen) w->seen = ir_alloc((size_t)w->limit / 8 + 1, 1);
  uint32_t at = payload_of(v);
  if (w->seen[at / 8] >> (at % 8) & 1) return;
  w->seen[at / 8] |= (uint8_t)(1 << (at % 8));
  if (w->n == w->cap) {
    w->cap = w->cap ? w->cap * 2 : 64;
    w->todo = realloc(w->todo, w->cap * sizeof *w->todo);
    if (!w->todo) exit(EXIT_INTERNAL);
  }
  w->todo[w->n++] = v;
}

static void add_child(void *ctx, Value v) { walk_add(ctx, v); }

bool walk_next(ValueWalk *w, Value *v) {
  if (!w->n) return false;
  *v = w->todo[--w->n];
  value_children(w->vm, *v, add_child, w);
  return true;
}

void walk_free(ValueWalk *w) {
  free(w->seen);
  free(w->todo);
}
