/* lower.c - functions and their statements to instructions.
 *
 * Needs scopes. A local lives in one register; a captured one that may change lives in a cell held
 * by its register; temporaries are a stack above. */
#include "lower_fn.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void *more(void *p, uint32_t n, uint32_t *cap, size_t size) {
  if (n < *cap) return p;
  *cap = *cap ? *cap * 2 : 16;
  p = realloc(p, *cap * size);
  if (!p) exit(EXIT_INTERNAL);
  return p;
}

/* ---- emitting ---- */

uint32_t emit(Fn *f, Opcode op, int a, int b, int c, int d, int e) {
  f->code = more(f->code, f->ncode, &f->cap_code, sizeof *f->code);
  Instr *in = &f->code[f->ncode];
  in->op = (uint16_t)op;
  in->a = (int16_t)a;
  in->b = (int16_t)b;
  in->c = (int16_t)c;
  in->d = d;
  in->e = e;
  in->line = f->line;
  return f->ncode++;
}

uint32_t emit_jump(Fn *f, Opcode op, int a) { return emit(f, op, a, 0, 0, -1, 0); }
void patch(Fn *f, uint32_t at) { f->code[at].d = (int32_t)f->ncode; }

int temps(Fn *f, int n) {
  int first = f->next;
  f->next += n;
  if (f->next > f->max) f->max = f->next;
  return first;
}
int temp(Fn *f) { return temps(f, 1); }

Opnd constant(Fn *f, Value v) {
  for (uint32_t i = 0; i < f->nconsts; i++)
    if (f->consts[i] == v) return ~(int)i;
  f->consts = more(f->consts, f->nconsts, &f->cap_consts, sizeof *f->consts);
  f->consts[f->nconsts] = v;
  return ~(int)f->nconsts++;
}

void emit_unsupported(Fn *f, const Node *n, const char *what) {
  if (f->c->final)
    diag_warning(f->m->source, n->line, n->col, "%s is outside the subset; the op that reaches it has no value", what);
  f->flags |= FN_UNSUPPORTED;
  emit(f, OP_UNSUPPORTED, 0, 0, 0, 0, 0);
}

void add_handler(Fn *f, uint32_t start, uint32_t end, uint32_t target, int reg, int kind) {
  if (start == end) return;
  f->handlers = more(f->handlers, f->nhandlers, &f->cap_handlers, sizeof *f->handlers);
  Handler *h = &f->handlers[f->nhandlers++];
  h->start = start;
  h->end = end;
  h->target = target;
  h->reg = (uint16_t)reg;
  h->kind = (uint8_t)kind;
  h->gen_depth = (uint8_t)f->gen_depth;
}

/* ---- which registers are bound for sure ---- */

static void assigned_grow(Assigned *a, uint32_t words) {
  if (words <= a->words) return;
  a->bits = realloc(a->bits, words * sizeof *a->bits);
  if (!a->bits) exit(EXIT_INTERNAL);
  memset(a->bits + a->words, 0, (words - a->words) * sizeof *a->bits);
  a->words = words;
}

Assigned assigned_save(Fn *f) {
  Assigned copy = {NULL, 0, f->assigned.dead};
  assigned_grow(&copy, f->assigned.words);
  if (copy.words) memcpy(copy.bits, f->assigned.bits, copy.words * sizeof *copy.bits);
  return copy;
}

void assigned_drop(Assigned *saved) {
  free(saved->bits);
  saved->bits = NULL;
}

void assigned_restore(Fn *f, Assigned *saved) {
  free(f->assigned.bits);
  f->assigned = *saved;
  saved->bits = NULL;
}

void assigned_merge(Fn *f, Assigned *other) {
  if (f->assigned.dead) {
    assigned_restore(f, other);
    return;
  }
  if (!other->dead)
    for (uint32_t i = 0; i < f->assigned.words; i++)
      f->assigned.bits[i] &= i < other->words ? other->bits[i] : 0;
  assigned_drop(other);
}

void mark_assigned(Fn *f, int reg) {
  assigned_grow(&f->assigned, (uint32_t)reg / 64 + 1);
  f->assigned.bits[reg / 64] |= (uint64_t)1 << (reg % 64);
}

static void mark_unassigned(Fn *f, int reg) {
  if ((uint32_t)reg / 64 < f->assigned.words) f->assigned.bits[reg / 64] &= ~((uint64_t)1 << (reg % 64));
}

static bool is_assigned(const Fn *f, int reg) {
  return f->assigned.dead ||
         ((uint32_t)reg / 64 < f->assigned.words && (f->assigned.bits[reg / 64] >> (reg % 64) & 1));
}

void set_dead(Fn *f) { f->assigned.dead = true; }

/* ---- names ---- */

typedef struct {
  enum { NAME_LOCAL, NAME_LOCAL_CELL, NAME_FREE, NAME_FREE_CELL, NAME_GLOBAL } where;
  int reg;
  bool deleted;
  bool outside; /* of a comprehension, which is a function of its own to Python */
  const Var *var; /* NULL: a global */
} Place;

static Place find_name(const Fn *f, const char *name) {
  Var *v = NULL;
  Scope *s = f->scope;
  for (;; s = s->parent) {
    if (!s || s->kind == SCOPE_MODULE) return (Place){.where = NAME_GLOBAL};
    v = scope_var(s, name);
    if (v && v->declared_global) return (Place){.where = NAME_GLOBAL};
    if (v && !v->declared_nonlocal) break;
    if (s == f->fscope) break;
  }
  if (v && !v->declared_nonlocal)
    return (Place){var_in_cell(v) ? NAME_LOCAL_CELL : NAME_LOCAL, v->reg, v->deleted, s != f->scope, v};
  int i = 0;
  for (FreeVar *p = f->fscope->free; p; p = p->next, i++)
    if (!strcmp(p->name, name))
      return (Place){var_in_cell(p->var) ? NAME_FREE_CELL : NAME_FREE, f->free_base + i, false, true, p->var};
  return (Place){.where = NAME_GLOBAL};
}

bool surely_bound(Fn *f, const Node *n) {
  Place p = find_name(f, n->name);
  if (p.where == NAME_LOCAL) return !p.deleted && is_assigned(f, p.reg);
  if (p.where != NAME_GLOBAL) return p.where == NAME_FREE;
  uint32_t slot = global_slot(f->c, f->m, n->name);
  return f->c->final && !f->c->slots[slot].stored && *slot_value(f->c, slot) != V_UNBOUND;
}

Opnd load_slot(Fn *f, uint32_t slot) {
  Compiler *c = f->c;
  Value v = *slot_value(c, slot);
  bool fixed = c->final && !c->slots[slot].stored;
  if (fixed && v != V_UNBOUND && !is_poison(v)) return constant(f, v);
  if (fixed && is_poison(v)) f->flags |= FN_UNSUPPORTED;
  int t = temp(f);
  emit(f, OP_LOAD_GLOBAL, t, 0, 0, (int)slot, (int)name_id(c, c->slots[slot].name));
  return t;
}

static Opnd load_global(Fn *f, const Node *n) {
  uint32_t slot = global_slot(f->c, f->m, n->name);
  if (f->c->final && !f->c->slots[slot].bound && is_poison(*slot_value(f->c, slot)))
    diag_warning(f->m->source, n->line, n->col, "builtin '%s' is outside the subset; the op that reaches it has no value", n->name);
  return load_slot(f, slot);
}

Opnd load_name(Fn *f, const Node *n) {
  Place p = find_name(f, n->name);
  Opcode check = p.outside ? OP_CHECK_FREE : OP_CHECK_LOCAL;
  int t;
  switch (p.where) {
  case NAME_LOCAL:
    if (p.deleted || !is_assigned(f, p.reg)) emit(f, check, p.reg, 0, 0, (int)name_id(f->c, n->name), 0);
    return p.reg;
  case NAME_FREE: return p.reg;
  case NAME_LOCAL_CELL: case NAME_FREE_CELL:
    t = temp(f);
    emit(f, OP_LOAD_CELL, t, p.reg, 0, 0, 0);
    emit(f, check, t, 0, 0, (int)name_id(f->c, n->name), 0);
    return t;
  default: return load_global(f, n);
  }
}

void store_name(Fn *f, const Node *n, const char *name, Opnd v) {
  Place p = find_name(f, name);
  (void)n;
  switch (p.where) {
  case NAME_LOCAL: case NAME_FREE:
    if (p.reg != v) emit(f, OP_MOVE, p.reg, v, 0, 0, 0);
    mark_assigned(f, p.reg);
    return;
  case NAME_LOCAL_CELL: case NAME_FREE_CELL: emit(f, OP_STORE_CELL, p.reg, v, 0, 0, 0); return;
  default: {
    uint32_t slot = global_slot(f->c, f->m, name);
    if (f->fscope->kind == SCOPE_FUNCTION) f->c->slots[slot].stored = true, f->flags |= FN_IMPURE;
    else f->c->slots[slot].bound = true;
    emit(f, OP_STORE_GLOBAL, v, 0, 0, (int)slot, 0);
  }
  }
}

const Var *local_of(const Fn *f, const char *name) { return find_name(f, name).var; }

static void delete_name(Fn *f, const Node *n) {
  Place p = find_name(f, n->name);
  load_name(f, n);
  if (p.where == NAME_LOCAL) {
    emit(f, OP_DELETE, p.reg, 0, 0, 0, 0);
    mark_unassigned(f, p.reg);
  } else if (p.where == NAME_LOCAL_CELL) {
    int t = temp(f);
    emit(f, OP_DELETE, t, 0, 0, 0, 0);
    emit(f, OP_STORE_CELL, p.reg, t, 0, 0, 0);
  } else {
    emit_unsupported(f, n, "deleting a global or free variable");
  }
}

static bool binds(const Node *target, const char *name) {
  if (target->kind == N_NAME) return !strcmp(target->name, name);
  if (target->kind == N_STAR) return binds(target->a, name);
  for (uint32_t i = 0; i < target->list.len; i++)
    if (binds(target->list.items[i], name)) return true;
  return false;
}

/* Registers of temporaries hold what was left there. What the first clause binds is never read before. */
void open_inline_scope(Fn *f, Scope *s) {
  const Node *first = s->node->list.items[0]->a;
  for (Var *v = s->vars; v; v = v->next) {
    v->reg = temp(f);
    mark_unassigned(f, v->reg);
    if (var_in_cell(v) || !binds(first, v->name)) emit(f, OP_DELETE, v->reg, 0, 0, 0, 0);
    if (var_in_cell(v)) emit(f, OP_MAKE_CELL, v->reg, 0, 0, 0, 0);
  }
  f->scope = s;
}

void close_inline_scope(Fn *f, Scope *s) { f->scope = s->parent; }

/* ---- assignment ---- */

static void assign_sequence(Fn *f, const Node *target, Opnd v) {
  uint32_t n = target->list.len;
  int star = -1;
  for (uint32_t i = 0; i < n; i++)
    if (target->list.items[i]->kind == N_STAR) star = (int)i;
  int mark = f->next;
  int first = temps(f, (int)n);
  if (star < 0) emit(f, OP_UNPACK, first, v, (int)n, 0, 0);
  else emit(f, OP_UNPACK_STAR, first, v, (int)n - 1, star, 0);
  for (uint32_t i = 0; i < n; i++) {
    const Node *t = target->list.items[i];
    assign_target(f, t->kind == N_STAR ? t->a : t, first + (int)i);
  }
  f->next = mark;
}

void assign_target(Fn *f, const Node *target, Opnd v) {
  int mark = f->next;
  f->line = target->line;
  switch (target->kind) {
  case N_NAME: store_name(f, target, target->name, v); break;
  case N_TUPLE: case N_LIST: assign_sequence(f, target, v); break;
  case N_SUBSCRIPT: {
    Opnd object = expr(f, target->a);
    Opnd index = expr(f, target->b);
    emit(f, OP_SETITEM, object, index, v, 0, 0);
    break;
  }
  case N_ATTRIBUTE: {
    Opnd object = expr(f, target->a);
    emit(f, OP_SETATTR, object, v, 0, (int)name_id(f->c, target->name), 0);
    break;
  }
  default: emit_unsupported(f, target, "this assignment target");
  }
  f->next = mark;
}

/* Only the last instruction of these writes the destination, after everything was read. */
static bool writes_last(const Node *n) {
  switch (n->kind) {
  case N_BINARY: case N_SUBSCRIPT: case N_ATTRIBUTE: case N_UNARY: case N_LAMBDA: return true;
  case N_COMPARE: return n->list.len == 2;
  case N_CALL: return !(n->list.len && n->list.items[0]->kind == N_GENEXP);
  default: return false;
  }
}

/* a, b = x, y without the tuple between: as many names as values. */
static bool assign_pairwise(Fn *f, const Node *target, const Node *value) {
  if (target->kind != N_TUPLE || value->kind != N_TUPLE || target->list.len != value->list.len) return false;
  uint32_t n = value->list.len;
  for (uint32_t i = 0; i < n; i++)
    if (target->list.items[i]->kind == N_STAR || value->list.items[i]->kind == N_STAR) return false;
  int first = args_in_row(f, &value->list);
  for (uint32_t i = 0; i < n; i++) assign_target(f, target->list.items[i], first + (int)i);
  return true;
}

static void assign(Fn *f, const Node *n) {
  if (n->list.len == 1 && assign_pairwise(f, n->list.items[0], n->b)) return;
  const Node *only = n->list.len == 1 && n->list.items[0]->kind == N_NAME ? n->list.items[0] : NULL;
  if (only && writes_last(n->b)) {
    Place p = find_name(f, only->name);
    if (p.where == NAME_LOCAL) {
      expr_to(f, n->b, p.reg);
      mark_assigned(f, p.reg);
      return;
    }
  }
  Opnd v = expr(f, n->b);
  for (uint32_t i = 0; i < n->list.len; i++) assign_target(f, n->list.items[i], v);
}

static void augmented(Fn *f, const Node *n) {
  const Node *t = n->a;
  int result = temp(f);
  if (t->kind == N_NAME) {
    Opnd old = load_name(f, t);
    Opnd by = expr(f, n->b);
    emit(f, (Opcode)n->op, result, old, by, 0, 0);
    store_name(f, t, t->name, result);
  } else if (t->kind == N_SUBSCRIPT) {
    Opnd object = expr(f, t->a), index = expr(f, t->b);
    int old = temp(f);
    emit(f, OP_GETITEM, old, object, index, 0, 0);
    Opnd by = expr(f, n->b);
    emit(f, (Opcode)n->op, result, old, by, 0, 0);
    emit(f, OP_SETITEM, object, index, result, 0, 0);
  } else {
    emit_unsupported(f, n, "this augmented assignment");
  }
}

/* ---- statements ---- */

static void body(Fn *f, const NodeList *list);

static void if_statement(Fn *f, const Node *n) {
  Jumps to_else = {0};
  jump_if(f, n->a, false, &to_else);
  Assigned before = assigned_save(f);
  body(f, &n->list);
  if (!n->list2.len) {
    patch_all(f, &to_else);
    assigned_merge(f, &before);
    return;
  }
  uint32_t skip = emit_jump(f, OP_JUMP, 0);
  Assigned after_then = assigned_save(f);
  assigned_restore(f, &before);
  patch_all(f, &to_else);
  body(f, &n->list2);
  patch(f, skip);
  assigned_merge(f, &after_then);
}

static void loop_end(Fn *f, Loop *loop) {
  for (uint32_t i = 0; i < loop->nbreaks; i++) patch(f, loop->breaks[i]);
  free(loop->breaks);
  f->loop = loop->outer;
}

/* What a break leaves bound is what was bound before the loop. */
static void loop_else(Fn *f, const Node *n, const Loop *loop) {
  Assigned at_break = assigned_save(f);
  body(f, &n->list2);
  if (loop->nbreaks) assigned_merge(f, &at_break);
  else assigned_drop(&at_break);
}

static void for_statement(Fn *f, const Node *n) {
  int iter = temp(f), item = temp(f);
  emit(f, OP_GET_ITER, iter, iterable(f, n->b), 0, 0, 0);
  Loop loop = {f->loop, NULL, 0, 0, f->ncode, false};
  Assigned before = assigned_save(f);
  f->line = n->line;
  uint32_t step = emit(f, OP_FOR_ITER, item, iter, 0, -1, 0);
  f->loop = &loop;
  assign_target(f, n->a, item);
  body(f, &n->list);
  emit(f, OP_JUMP, 0, 0, 0, (int)loop.top, 0);
  patch(f, step);
  assigned_restore(f, &before);
  f->loop = loop.outer;
  loop_else(f, n, &loop);
  loop_end(f, &loop);
}

static void while_statement(Fn *f, const Node *n) {
  Loop loop = {f->loop, NULL, 0, 0, f->ncode, false};
  bool forever = n->a->kind == N_TRUE || (n->a->kind == N_INT && n->a->ival);
  Jumps to_end = {0};
  Assigned before = assigned_save(f);
  if (!forever) jump_if(f, n->a, false, &to_end);
  f->loop = &loop;
  body(f, &n->list);
  f->line = n->line;
  emit(f, OP_JUMP, 0, 0, 0, (int)loop.top, 0);
  patch_all(f, &to_end);
  assigned_restore(f, &before);
  f->loop = loop.outer;
  loop_else(f, n, &loop);
  if (forever && !loop.nbreaks) set_dead(f);
  loop_end(f, &loop);
}

static void break_or_continue(Fn *f, const Node *n) {
  if (!f->loop || f->loop->in_finally) {
    emit_unsupported(f, n, "break or continue out of a try with finally");
    return;
  }
  if (n->kind == N_CONTINUE) {
    emit(f, OP_JUMP, 0, 0, 0, (int)f->loop->top, 0);
  } else {
    Loop *loop = f->loop;
    loop->breaks = more(loop->breaks, loop->nbreaks, &loop->cap_breaks, sizeof *loop->breaks);
    loop->breaks[loop->nbreaks++] = emit_jump(f, OP_JUMP, 0);
  }
  set_dead(f);
}

static void match_handler(Fn *f, const Node *h, int exc, int matched) {
  ErrorMask mask;
  if (exception_mask(f->c, f->m, h->a, &mask)) {
    f->masks = realloc(f->masks, (f->nmasks + 1) * sizeof *f->masks);
    if (!f->masks) exit(EXIT_INTERNAL);
    f->masks[f->nmasks] = mask;
    emit(f, OP_MATCH_ERROR, matched, exc, 0, (int)f->nmasks++, 0);
  } else {
    emit(f, OP_MATCH_CLASS, matched, exc, expr(f, h->a), 0, 0);
  }
}

/* One handler: falls out at its end with a JUMP to be patched; gives the jump taken when it does not match. */
static bool handler(Fn *f, const Node *h, int exc, uint32_t *no_match) {
  int matched = temp(f);
  f->line = h->line;
  if (h->a) {
    match_handler(f, h, exc, matched);
    *no_match = emit_jump(f, OP_JUMP_IFNOT, matched);
  }
  if (h->name) store_name(f, h, h->name, exc);
  body(f, &h->list);
  if (h->name && !f->assigned.dead) {
    Place p = find_name(f, h->name);
    if (p.where == NAME_LOCAL) {
      emit(f, OP_DELETE, p.reg, 0, 0, 0, 0);
      mark_unassigned(f, p.reg);
    }
  }
  return h->a != NULL;
}

static void try_except(Fn *f, const Node *n) {
  int exc = temp(f);
  Assigned before = assigned_save(f);
  uint32_t start = f->ncode;
  body(f, &n->list);
  uint32_t end = f->ncode;
  body(f, &n->list3);
  Jumps done = {0};
  done.at = malloc((n->list2.len + 2) * sizeof *done.at);
  if (!done.at) exit(EXIT_INTERNAL);
  done.at[done.n++] = emit_jump(f, OP_JUMP, 0);
  Assigned result = assigned_save(f);
  uint32_t target = f->ncode;
  bool open = true;
  for (uint32_t i = 0; i < n->list2.len && open; i++) {
    uint32_t no_match = 0;
    Assigned copy = {NULL, 0, before.dead};
    assigned_grow(&copy, before.words);
    if (before.words) memcpy(copy.bits, before.bits, before.words * sizeof *copy.bits);
    assigned_restore(f, &copy);
    open = handler(f, n->list2.items[i], exc, &no_match);
    done.at[done.n++] = emit_jump(f, OP_JUMP, 0);
    assigned_merge(f, &result);
    result = assigned_save(f);
    if (open) patch(f, no_match);
  }
  if (open) emit(f, OP_RERAISE, exc, 0, 0, 0, 0);
  add_handler(f, start, end, target, exc, HANDLER_EXCEPT);
  patch_all(f, &done);
  assigned_restore(f, &result);
  assigned_drop(&before);
}

/* finally: its body stands twice, after the normal end and before the exception goes on. */
static void try_finally(Fn *f, const Node *n) {
  int exc = temp(f);
  uint32_t start = f->ncode;
  Assigned before = assigned_save(f);
  f->finally_depth++;
  bool was = f->loop ? f->loop->in_finally : false;
  if (f->loop) f->loop->in_finally = true;
  if (n->list2.len) try_except(f, n);
  else body(f, &n->list);
  if (f->loop) f->loop->in_finally = was;
  f->finally_depth--;
  uint32_t end = f->ncode;
  body(f, &n->list4);
  uint32_t skip = emit_jump(f, OP_JUMP, 0);
  Assigned after = assigned_save(f);
  assigned_restore(f, &before);
  uint32_t target = f->ncode;
  body(f, &n->list4);
  emit(f, OP_RERAISE, exc, 0, 0, 0, 0);
  add_handler(f, start, end, target, exc, HANDLER_EXCEPT);
  patch(f, skip);
  assigned_restore(f, &after);
}

static void return_statement(Fn *f, const Node *n) {
  if (f->finally_depth) {
    emit_unsupported(f, n, "return out of a try with finally");
    return;
  }
  emit(f, OP_RETURN, n->a ? expr(f, n->a) : constant(f, V_NONE), 0, 0, 0, 0);
  set_dead(f);
}

static void raise_statement(Fn *f, const Node *n) {
  if (!n->a) {
    emit_unsupported(f, n, "raise without an exception");
    return;
  }
  emit(f, OP_RAISE, expr(f, n->a), 0, 0, 0, 0);
  set_dead(f);
}

static void assert_statement(Fn *f, const Node *n) {
  Jumps fails = {0};
  jump_if(f, n->a, true, &fails);
  if (n->b) expr(f, n->b);
  emit(f, OP_RAISE, constant(f, v_type(TYPE_ERROR_BASE + ERR_AssertionError)), 0, 0, 0, 0);
  patch_all(f, &fails);
}

static void delete_statement(Fn *f, const Node *n) {
  for (uint32_t i = 0; i < n->list.len; i++) {
    const Node *t = n->list.items[i];
    if (t->kind == N_NAME) delete_name(f, t);
    else if (t->kind == N_SUBSCRIPT) {
      Opnd object = expr(f, t->a);
      emit(f, OP_DELITEM, object, expr(f, t->b), 0, 0, 0);
    } else {
      emit_unsupported(f, t, "this del target");
    }
  }
}

static void statement(Fn *f, Node *n) {
  int mark = f->next;
  f->line = n->line;
  switch (n->kind) {
  case N_EXPR:
    if (n->a->kind != N_STR && n->a->kind != N_ELLIPSIS) expr(f, n->a);
    break;
  case N_ASSIGN: assign(f, n); break;
  case N_AUGASSIGN: augmented(f, n); break;
  case N_ANNASSIGN:
    if (n->b) assign_target(f, n->a, expr(f, n->b));
    break;
  case N_FOR: for_statement(f, n); break;
  case N_WHILE: while_statement(f, n); break;
  case N_IF: if_statement(f, n); break;
  case N_RETURN: return_statement(f, n); break;
  case N_PASS: case N_GLOBAL: case N_NONLOCAL: break;
  case N_BREAK: case N_CONTINUE: break_or_continue(f, n); break;
  case N_DELETE: delete_statement(f, n); break;
  case N_ASSERT: assert_statement(f, n); break;
  case N_RAISE: raise_statement(f, n); break;
  case N_TRY:
    if (n->list4.len) try_finally(f, n);
    else try_except(f, n);
    break;
  case N_DEF: {
    int t = temp(f);
    if (n->list2.len) emit_unsupported(f, n, "a decorator");
    make_closure(f, n, t);
    store_name(f, n, n->name, t);
    break;
  }
  case N_IMPORT: case N_FROM: import_statement(f, n); break;
  default: emit_unsupported(f, n, n->name ? n->name : "this statement");
  }
  f->next = mark;
}

static void body(Fn *f, const NodeList *list) {
  for (uint32_t i = 0; i < list->len; i++) statement(f, list->items[i]);
}

/* ---- functions ---- */

static void capture_list(Fn *f, Scope *inner, uint32_t fid) {
  Function *g = &f->c->image->functions[fid];
  g->nfree = (uint16_t)inner->nfree;
  g->captures = pool_alloc(f->c->pool, (inner->nfree + 1) * sizeof *g->captures);
  int i = 0;
  for (FreeVar *p = inner->free; p; p = p->next) g->captures[i++] = (int16_t)find_name(f, p->name).reg;
}

/* The inner function gets its number at the first lowering and keeps it. */
static uint32_t inner_function(Fn *f, Node *n, const char *name) {
  Compiler *c = f->c;
  for (uint32_t i = c->image->nfunctions; i-- > 0;)
    if (c->sources[i].node == n && c->sources[i].scope == n->scope) return i;
  return new_function(c, f->m, n, n->scope, name);
}

void make_closure(Fn *f, Node *n, int dst) {
  const NodeList *params = &n->a->list;
  int mark = f->next;
  int count = 0, first = temps(f, (int)params->len);
  for (uint32_t i = 0; i < params->len; i++)
    if (params->items[i]->a) expr_to(f, params->items[i]->a, first + count++);
  uint32_t fid = inner_function(f, n, n->kind == N_DEF ? n->name : "<lambda>");
  capture_list(f, n->scope, fid);
  if (!lower_function(f->c, fid)) f->failed = true;
  f->flags |= f->c->image->functions[fid].flags & FN_IMPURE;
  f->line = n->line;
  emit(f, OP_MAKE_FUNC, dst, 0, count, first, (int)fid);
  f->next = mark;
}

void genexpr_object(Fn *f, Node *n, int dst) {
  int mark = f->next;
  int iter = temp(f);
  emit(f, OP_GET_ITER, iter, iterable(f, n->list.items[0]->b), 0, 0, 0);
  uint32_t fid = inner_function(f, n, "<genexpr>");
  capture_list(f, n->scope, fid);
  if (!lower_function(f->c, fid)) f->failed = true;
  emit(f, OP_GENEXPR, dst, iter, 0, 0, (int)fid);
  f->next = mark;
}

uint32_t new_function(Compiler *c, Module *m, Node *node, Scope *scope, const char *name) {
  Image *image = c->image;
  if (image->nfunctions == c->cap_functions) {
    c->cap_functions = c->cap_functions ? c->cap_functions * 2 : 512;
    image->functions = realloc(image->functions, c->cap_functions * sizeof *image->functions);
    c->sources = realloc(c->sources, c->cap_functions * sizeof *c->sources);
    if (!image->functions || !c->sources) exit(EXIT_INTERNAL);
  }
  uint32_t fid = image->nfunctions++;
  Function *g = &image->functions[fid];
  memset(g, 0, sizeof *g);
  g->name = name;
  g->module = m->name;
  g->file = m->source->path;
  g->line = node->line;
  g->fid = fid;
  g->safe_default = image->guard_fallback;
  c->sources[fid] = (FunctionSource){node, m, scope, LOWERED_NOT, node->kind == N_DEF ? node : NULL, 0};
  return fid;
}

Value new_func_value(Compiler *c, uint32_t fid) {
  uint32_t off = arena_alloc(c->vm, sizeof(Func));
  if (!off) return 0;
  Func *v = arena_at(c->vm, off);
  v->fid = fid;
  v->ncells = v->ndefaults = 0;
  v->sharing = v->spare = 0;
  return HEAP(KIND_FUNC, off);
}

/* The name that a parameter is given by. One that is given by its place alone has a '/' behind its own, so that no keyword is it. */
static Value keyword_of(Compiler *c, const Node *param) {
  if (!(param->flags & NODE_POSONLY)) return intern_name(c, param->name);
  size_t len = strlen(param->name);
  char *name = pool_alloc(c->pool, len + 2);
  memcpy(name, param->name, len);
  name[len] = '/';
  name[len + 1] = '\0';
  return intern_name(c, name);
}

/* Parameters take the first registers, then *args, **kw, free variables, other locals. */
static void lay_out_params(Fn *f, Function *g, const Node *params) {
  uint32_t npos = 0, nkw = 0;
  f->flags &= ~(uint32_t)(FN_VARARGS | FN_VARKW);
  const Node *varargs = NULL, *varkw = NULL;
  g->ndefaults = 0;
  g->param_names = pool_alloc(f->c->pool, (params->list.len + 1) * sizeof(Value));
  for (int pass = 0; pass < 2; pass++)
    for (uint32_t i = 0; i < params->list.len; i++) {
      const Node *p = params->list.items[i];
      if (p->ival == PARAM_VARARGS && p->name) varargs = p;
      if (p->ival == PARAM_VARKW) varkw = p;
      if (p->ival != (pass ? PARAM_KWONLY : PARAM_POSITIONAL)) continue;
      if (!p->name) continue;
      g->param_names[npos + nkw] = keyword_of(f->c, p);
      scope_var(f->fscope, p->name)->reg = (int)(npos + nkw);
      if (p->a) g->ndefaults++;
      if (pass) nkw++;
      else npos++;
    }
  g->nparams = (uint16_t)npos;
  g->nkwonly = (uint16_t)nkw;
  f->next = (int)(npos + nkw);
  if (varargs) f->flags |= FN_VARARGS, scope_var(f->fscope, varargs->name)->reg = f->next++;
  if (varkw) f->flags |= FN_VARKW, scope_var(f->fscope, varkw->name)->reg = f->next++;
}

static void lay_out_locals(Fn *f, uint32_t nparam_regs) {
  f->free_base = f->next;
  f->next += (int)f->fscope->nfree;
  for (uint32_t i = 0; i < nparam_regs; i++) mark_assigned(f, (int)i);
  for (Var *v = f->fscope->vars; v; v = v->next) {
    if (v->declared_global || v->declared_nonlocal) continue;
    if (!v->is_param) v->reg = f->next++;
    if (var_in_cell(v)) emit(f, OP_MAKE_CELL, v->reg, 0, 0, 0, 0);
  }
  f->max = f->next;
}

/* A default of a keyword-only parameter before a required one has no place in Func.slots. */
static bool kwonly_order_ok(const Node *params) {
  bool seen = false;
  for (uint32_t i = 0; i < params->list.len; i++) {
    const Node *p = params->list.items[i];
    if (p->ival == PARAM_VARARGS || p->ival == PARAM_VARKW) continue;
    if (seen && !p->a) return false;
    seen |= p->a != NULL;
  }
  return true;
}

static void lower_body(Fn *f, Function *g, Node *n) {
  bool own = f->fscope == n->scope; /* else n is what a thunk runs */
  if (own && (n->kind == N_DEF || n->kind == N_LAMBDA)) {
    lay_out_params(f, g, n->a);
    lay_out_locals(f, (uint32_t)f->next);
    if (!kwonly_order_ok(n->a)) emit_unsupported(f, n, "a required keyword-only parameter after one with a default");
    if (n->kind == N_LAMBDA) {
      f->line = n->b->line;
      emit(f, OP_RETURN, expr(f, n->b), 0, 0, 0, 0);
      return;
    }
    body(f, &n->list);
  } else if (own && n->kind == N_GENEXP) {
    g->nparams = 1;
    f->next = 1;
    lay_out_locals(f, 1);
    f->flags = FN_GENERATOR | FN_GENEXPR;
    genexpr_body(f, n);
  } else {
    f->flags = FN_UNCOUNTED;
    f->next = (int)g->nparams;
    lay_out_locals(f, g->nparams);
    if (n->kind >= N_EXPR && n->kind != N_YIELD && n->kind != N_PARAM) {
      statement(f, n);
    } else {
      f->line = n->line;
      emit(f, OP_RETURN, expr(f, n), 0, 0, 0, 0);
      return;
    }
  }
  emit(f, OP_RETURN, constant(f, V_NONE), 0, 0, 0, 0);
}

static void *keep(Compiler *c, void *p, size_t bytes) {
  void *q = pool_alloc(c->pool, bytes ? bytes : 1);
  if (bytes) memcpy(q, p, bytes);
  free(p);
  return q;
}

static void finish(Fn *f, Function *g) {
  Compiler *c = f->c;
  g->nregs = (uint16_t)f->max;
  g->free_base = (uint16_t)f->free_base;
  g->nfree = (uint16_t)f->fscope->nfree;
  g->flags = (uint16_t)f->flags;
  g->ncode = f->ncode;
  g->code = keep(c, f->code, f->ncode * sizeof *f->code);
  g->nconsts = f->nconsts;
  g->consts = keep(c, f->consts, f->nconsts * sizeof *f->consts);
  g->nhandlers = (uint16_t)f->nhandlers;
  g->handlers = keep(c, f->handlers, f->nhandlers * sizeof *f->handlers);
  g->nmasks = f->nmasks;
  g->masks = keep(c, f->masks, f->nmasks * sizeof *f->masks);
  assigned_drop(&f->assigned);
}

void function_stub(Compiler *c, Function *g) {
  g->code = pool_alloc(c->pool, sizeof *g->code);
  g->code->op = OP_UNSUPPORTED;
  g->ncode = 1;
  g->flags = FN_VARARGS | FN_VARKW | FN_UNSUPPORTED;
  g->nregs = 2;
}

bool lower_function(Compiler *c, uint32_t fid) {
  FunctionSource *src = &c->sources[fid];
  LoweredState wanted = c->final ? LOWERED_FINAL : LOWERED_PLAIN;
  if (src->state >= wanted) return true;
  src->state = wanted;
  if (!src->scope) src->scope = scope_analyse(c, src->module, src->node, src->module->scope);
  src = &c->sources[fid];
  Fn f = {.c = c, .m = src->module, .scope = src->scope, .fscope = src->scope, .fid = fid, .line = src->node->line};
  Function work = c->image->functions[fid]; /* the table may move while inner functions are made */
  if (src->scope->has_yield) f.flags |= FN_GENERATOR;
  Node *node = src->node;
  if (!work.code) function_stub(c, &c->image->functions[fid]); /* until it is done: an import in it runs code */
  bool prelude = !strcmp(src->module->name, "prelude");
  lower_body(&f, &work, node);
  if (prelude) f.flags |= FN_UNCOUNTED | (f.flags & FN_GENERATOR ? FN_STOP_PASSES : 0);
  if (f.max > INT16_MAX || f.nconsts > INT16_MAX) {
    diag_error(src->module->source, node->line, node->col, "function too large: %d values at once, %u constants (at most %d)",
               f.max, f.nconsts, INT16_MAX);
    c->error = f.failed = true;
  }
  work.captures = c->image->functions[fid].captures;
  finish(&f, &work);
  c->image->functions[fid] = work;
  return !f.failed;
}

uint32_t new_thunk(Compiler *c, Module *m, Node *node) {
  Scope *s = pool_alloc(c->pool, sizeof *s);
  s->kind = SCOPE_MODULE;
  s->node = node;
  scope_analyse(c, m, node, s);
  return new_function(c, m, node, s, "<module>");
}

uint32_t new_program_thunk(Compiler *c, Module *m, Node *e, const char **params, uint32_t nparams) {
  Scope *module = pool_alloc(c->pool, sizeof *module);
  module->kind = SCOPE_MODULE;
  Scope *s = pool_alloc(c->pool, sizeof *s);
  s->kind = SCOPE_FUNCTION;
  s->node = e;
  s->parent = module;
  for (uint32_t i = 0; i < nparams; i++) {
    Var *v = pool_alloc(c->pool, sizeof *v);
    *v = (Var){.name = params[i], .next = s->vars, .reg = (int)i, .binds = 1, .is_param = true};
    s->vars = v;
  }
  scope_analyse(c, m, e, s);
  uint32_t fid = new_function(c, m, e, s, "<op>");
  Function *g = &c->image->functions[fid];
  g->nparams = (uint16_t)nparams;
  g->param_names = pool_alloc(c->pool, (nparams + 1) * sizeof(Value));
  for (uint32_t i = 0; i < nparams; i++) g->param_names[i] = intern_name(c, params[i]);
  return fid;
}
