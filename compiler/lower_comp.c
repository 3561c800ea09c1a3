/* lower_comp.c - comprehensions and generator expressions.
 *
 * List, set and dict comprehensions always run in the code of their function; a generator expression
 * does where its consumer is known (NODE_INLINE). Both count as a Python frame of their own
 * (ENTER_GEN .. LEAVE_GEN), and StopIteration out of a generator expression is a RuntimeError. */
#include "lower_fn.h"

#include <stdlib.h>

typedef struct {
  const Node *n;
  Consumer into;
  int acc;        /* what is being built */
  Jumps *early;   /* jumps taken when the result is known before the end */
  uint32_t line;  /* where the items are taken: the consumer's, or that of the comprehension */
} Comp;

/* A comprehension takes its items at its own line, or at that of its last condition; a builtin at the call's. */
static void taking_line(Fn *f, const Comp *x) {
  if (x->n->kind == N_GENEXP) f->line = x->line;
}

static void take_item(Fn *f, Comp *x) {
  int mark = f->next;
  const Node *e = x->n->a;
  Opnd v, value;
  int t;
  switch (x->into) {
  case INTO_LIST: emit(f, OP_LIST_APPEND, x->acc, expr(f, e), 0, 0, 0); break;
  case INTO_SET:
    v = expr(f, e);
    taking_line(f, x);
    emit(f, OP_SET_ADD, x->acc, v, 0, 0, 0);
    break;
  case INTO_DICT:
    v = expr(f, e);
    value = expr(f, x->n->b);
    emit(f, OP_DICT_SET, x->acc, v, value, 0, 0);
    break;
  case INTO_PAIRS: /* dict() of the items: as many updates with one each */
    t = temp(f);
    expr_to(f, e, t);
    taking_line(f, x);
    emit(f, OP_BUILD_TUPLE, t, 0, 1, t, 0);
    emit(f, OP_CALL_METHOD, t, x->acc, 1, t, (int)name_id(f->c, "update"));
    break;
  case INTO_YIELD: emit(f, OP_YIELD, expr(f, e), 0, 0, 0, 0); break;
  case INTO_SUM:
    v = expr(f, e);
    taking_line(f, x);
    emit(f, OP_ADD, x->acc, x->acc, v, 0, 0);
    break;
  case INTO_ANY: case INTO_ALL:
    jump_if(f, e, x->into == INTO_ANY, x->early);
    break;
  case INTO_NEXT:
    expr_to(f, e, x->acc);
    x->early->at = realloc(x->early->at, (x->early->n + 1) * sizeof *x->early->at);
    if (!x->early->at) exit(EXIT_INTERNAL);
    x->early->at[x->early->n++] = emit_jump(f, OP_JUMP, 0);
    break;
  case INTO_MAX: case INTO_MIN: {
    /* acc + 1 tells whether there was an item yet */
    t = temp(f);
    expr_to(f, e, t);
    uint32_t first = emit_jump(f, OP_JUMP_IFNOT, x->acc + 1);
    int better = temp(f);
    taking_line(f, x);
    emit(f, x->into == INTO_MAX ? OP_GT : OP_LT, better, t, x->acc, 0, 0);
    uint32_t keep = emit_jump(f, OP_JUMP_IFNOT, better);
    patch(f, first);
    emit(f, OP_MOVE, x->acc, t, 0, 0, 0);
    emit(f, OP_MOVE, x->acc + 1, constant(f, V_TRUE), 0, 0, 0);
    patch(f, keep);
    break;
  }
  }
  f->next = mark;
}

static void clauses(Fn *f, Comp *x, uint32_t i, int iter);

static void next_clause(Fn *f, Comp *x, uint32_t i) {
  if (i == x->n->list.len) {
    take_item(f, x);
    return;
  }
  int iter = temp(f);
  emit(f, OP_GET_ITER, iter, iterable(f, x->n->list.items[i]->b), 0, 0, 0);
  clauses(f, x, i, iter);
}

static void clauses(Fn *f, Comp *x, uint32_t i, int iter) {
  const Node *clause = x->n->list.items[i];
  int mark = f->next;
  int item = temp(f);
  uint32_t top = f->ncode;
  f->line = x->n->line;
  Assigned before = assigned_save(f);
  uint32_t step = emit_jump(f, OP_FOR_ITER, item);
  f->code[step].b = (int16_t)iter;
  if (clause->a->kind == N_TUPLE || clause->a->kind == N_LIST || clause->a->kind == N_NAME)
    assign_target(f, clause->a, item);
  else emit_unsupported(f, clause, "this comprehension target");
  f->line = x->n->line;
  Jumps skip = {0};
  for (uint32_t k = 0; k < clause->list.len; k++) jump_if(f, clause->list.items[k], false, &skip);
  next_clause(f, x, i + 1);
  patch_all(f, &skip);
  emit(f, OP_JUMP, 0, 0, 0, (int)top, 0);
  patch(f, step);
  assigned_restore(f, &before);
  f->next = mark;
}

static void start_acc(Fn *f, Comp *x) {
  switch (x->into) {
  case INTO_LIST: emit(f, OP_BUILD_LIST, x->acc, 0, 0, x->acc, 0); break;
  case INTO_SET: emit(f, OP_BUILD_SET, x->acc, 0, 0, x->acc, 0); break;
  case INTO_DICT: case INTO_PAIRS: emit(f, OP_BUILD_DICT, x->acc, 0, 0, x->acc, 0); break;
  case INTO_SUM: emit(f, OP_MOVE, x->acc, constant(f, v_int(0)), 0, 0, 0); break;
  case INTO_ANY: emit(f, OP_MOVE, x->acc, constant(f, V_FALSE), 0, 0, 0); break;
  case INTO_ALL: emit(f, OP_MOVE, x->acc, constant(f, V_TRUE), 0, 0, 0); break;
  case INTO_MAX: case INTO_MIN:
    emit(f, OP_MOVE, x->acc, constant(f, V_NONE), 0, 0, 0);
    emit(f, OP_MOVE, x->acc + 1, constant(f, V_FALSE), 0, 0, 0);
    break;
  case INTO_NEXT: case INTO_YIELD: break;
  }
}

/* What the consumer does when the items ran out: a default value, or an exception. */
static void exhausted(Fn *f, Comp *x, Opnd fallback, bool has_fallback) {
  bool optional = x->into == INTO_MAX || x->into == INTO_MIN;
  if (!optional && x->into != INTO_NEXT) return;
  uint32_t some = optional ? emit_jump(f, OP_JUMP_IF, x->acc + 1) : 0;
  if (has_fallback) emit(f, OP_MOVE, x->acc, fallback, 0, 0, 0);
  else
    emit(f, OP_RAISE, constant(f, v_type(TYPE_ERROR_BASE + (optional ? ERR_ValueError : ERR_StopIteration))), 0, 0,
         0, 0);
  if (optional) patch(f, some);
}

void comprehension(Fn *f, const Node *n, Consumer into, const Node *fallback, int dst) {
  int mark = f->next;
  Jumps early = {0};
  int iter = temp(f);
  Comp x = {n, into, temps(f, 2), &early, f->line};
  f->line = n->line;
  emit(f, OP_GET_ITER, iter, iterable(f, n->list.items[0]->b), 0, 0, 0);
  Opnd alternative = fallback ? expr(f, fallback) : 0;
  start_acc(f, &x);
  open_inline_scope(f, n->scope);
  uint32_t start = f->ncode;
  /* CPython counts the call of these builtins as a level of its own. */
  int level = into == INTO_ANY || into == INTO_ALL || into == INTO_MAX || into == INTO_MIN;
  emit(f, OP_ENTER_GEN, 0, 0, 0, level, 0);
  f->gen_depth += 1 + level;
  clauses(f, &x, 0, iter);
  uint32_t end = f->ncode;
  f->gen_depth -= 1 + level;
  f->line = x.line;
  emit(f, OP_LEAVE_GEN, 0, 0, 0, level, 0);
  exhausted(f, &x, alternative, fallback != NULL);
  if (early.n) {
    uint32_t over = emit_jump(f, OP_JUMP, 0);
    patch_all(f, &early);
    emit(f, OP_LEAVE_GEN, 0, 0, 0, level, 0);
    if (into != INTO_NEXT) emit(f, OP_MOVE, x.acc, constant(f, v_bool(into == INTO_ANY)), 0, 0, 0);
    patch(f, over);
  }
  if (n->kind == N_GENEXP) add_handler(f, start, end, 0, 0, HANDLER_GENEXPR);
  close_inline_scope(f, n->scope);
  emit(f, OP_MOVE, dst, x.acc, 0, 0, 0);
  f->next = mark;
}

void genexpr_body(Fn *f, const Node *n) {
  Jumps early = {0};
  Comp x = {n, INTO_YIELD, 0, &early, n->line};
  clauses(f, &x, 0, 0);
}
