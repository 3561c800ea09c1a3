/* program.c - the batt function to the program level (runtime/program.h), every op bound at each call.
 *
 * A statement becomes ops where it has the form of DESIGN's batt files: `tN = callee(args)`, alone or
 * in a try with one handler that assigns the same names, appends to the returned lists, the return.
 * Any other expression becomes a thunk called with the variables it mentions. A function with a
 * statement of another form is called as a whole.
 *
 * Needs every module executed; functions that are reached are lowered in their final form here. */
#include "lower.h"

#include "builtin.h"
#include "object.h"

#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
  const char *name;
  Operand slot;    /* of the value now; SLOT_NONE: unbound */
  bool is_list;    /* an output list */
  uint8_t list_no;
} Variable;

enum { SLOT_NONE = -1000000000, MAX_TARGETS = 60 };

typedef struct {
  Compiler *c;
  Module *m;
  Program *p;
  Variable *vars;
  uint32_t nvars, cap_vars;
  uint32_t *index; /* hash of names */
  uint32_t mask;
  uint32_t cap_ops, cap_operands, cap_consts, cap_outputs, cap_slots;
  uint32_t nlists;
  bool impure;
  bool failed;     /* not of the straight form */
} Build;

#define PUSH(array, n, cap, value)                                                                 \
  do {                                                                                             \
    if ((n) == (cap)) {                                                                            \
      (cap) = (cap) ? (cap) * 2 : 64;                                                              \
      (array) = realloc((array), (cap) * sizeof *(array));                                         \
      if (!(array)) exit(EXIT_INTERNAL);                                                           \
    }                                                                                              \
    (array)[(n)++] = (value);                                                                      \
  } while (0)

/* ---- variables ---- */

static void index_variable(Build *b, uint32_t i) {
  uint32_t at = hash_text(b->vars[i].name) & b->mask;
  while (b->index[at]) at = (at + 1) & b->mask;
  b->index[at] = i + 1;
}

static Variable *find_variable(const Build *b, const char *name) {
  if (!b->mask) return NULL;
  for (uint32_t at = hash_text(name) & b->mask; b->index[at]; at = (at + 1) & b->mask)
    if (!strcmp(b->vars[b->index[at] - 1].name, name)) return &b->vars[b->index[at] - 1];
  return NULL;
}

static Variable *variable(Build *b, const char *name) {
  Variable *v = find_variable(b, name);
  if (v) return v;
  Variable fresh = {name, SLOT_NONE, false, 0};
  PUSH(b->vars, b->nvars, b->cap_vars, fresh);
  if (b->nvars * 2 > b->mask) {
    b->mask = b->mask ? b->mask * 2 + 1 : 255;
    free(b->index);
    b->index = calloc(b->mask + 1, sizeof *b->index);
    if (!b->index) exit(EXIT_INTERNAL);
    for (uint32_t i = 0; i < b->nvars; i++) index_variable(b, i);
  } else {
    index_variable(b, b->nvars - 1);
  }
  return &b->vars[b->nvars - 1];
}

static void bind_variable(void *ctx, const char *name, const Node *value) {
  (void)value;
  variable(ctx, name);
}

static uint32_t new_slot(Build *b, const char *name) {
  Value v = name ? intern_name(b->c, name) : 0;
  PUSH(b->p->slot_names, b->p->nslots, b->cap_slots, v);
  return b->p->nslots - 1;
}

/* ---- operands ---- */

static Operand const_operand(Build *b, Value v) {
  Program *p = b->p;
  uint32_t from = p->nconsts > 256 ? p->nconsts - 256 : 0;
  for (uint32_t i = from; i < p->nconsts; i++)
    if (p->consts[i] == v) return ~(Operand)i;
  PUSH(p->consts, p->nconsts, b->cap_consts, v);
  return ~(Operand)(p->nconsts - 1);
}

static void lower_reached(Build *b, Value v);

static void lower_reached_items(Build *b, Value v) {
  Vm *vm = b->c->vm;
  uint32_t pos = 0;
  Value key, value;
  switch (kind_of(v)) {
  case KIND_TUPLE:
    for (uint32_t i = 0; i < as_tuple(vm, v)->len; i++) lower_reached(b, as_tuple(vm, v)->items[i]);
    break;
  case KIND_LIST:
    for (uint32_t i = 0; i < as_list(vm, v)->len; i++) lower_reached(b, list_items(vm, as_list(vm, v))[i]);
    break;
  case KIND_SET: case KIND_FROZENSET:
    while (set_next(vm, v, &pos, &key)) lower_reached(b, key);
    break;
  case KIND_DICT:
    while (dict_next(vm, v, &pos, &key, &value)) lower_reached(b, key), lower_reached(b, value);
    break;
  case KIND_CELL: lower_reached(b, as_cell(vm, v)->value); break;
  case KIND_METHOD: lower_reached(b, as_method(vm, v)->self); break;
  default: break;
  }
}

/* A container that the module holds, or a default, must not be changed where calls are shared: neither by the function
 * that holds it nor by one that it may be handed to. */
static void note_effects(Build *b, const Function *g) {
  Compiler *c = b->c;
  if (g->flags & FN_IMPURE) b->impure = true;
  if (!strcmp(g->module, "prelude")) return; /* it changes what it is called for, and the call says so */
  bool changes = function_changes_others(c->vm, g);
  c->changes_others |= changes;
  c->passes_globals |= function_passes_globals(c->vm, g);
  b->impure |= (changes && function_holds_globals(g)) || (c->changes_others && c->passes_globals);
}

/* What the code of a function reaches: its constants, globals that stay variable, functions made in it. */
static void lower_reached_code(Build *b, uint32_t fid) {
  Compiler *c = b->c;
  if (!lower_function(c, fid)) c->error = true;
  kernel_select(c, fid);
  Function g = c->image->functions[fid]; /* the table moves as functions are made */
  note_effects(b, &g);
  for (uint32_t i = 0; i < g.nconsts; i++) lower_reached(b, g.consts[i]);
  for (uint32_t i = 0; i < g.ncode; i++) {
    if (g.code[i].op == OP_LOAD_GLOBAL) lower_reached(b, *slot_value(c, (uint32_t)g.code[i].d));
    if (g.code[i].op == OP_MAKE_FUNC || g.code[i].op == OP_GENEXPR) lower_reached_code(b, (uint32_t)g.code[i].e);
  }
}

/* Functions that a value reaches get their final form. */
static void lower_reached(Build *b, Value v) {
  Compiler *c = b->c;
  if (is_kind(v, KIND_GUARD)) v = as_guard(c->vm, v)->func;
  if (!is_kind(v, KIND_FUNC)) {
    lower_reached_items(b, v);
    return;
  }
  const Func *func = as_func(c->vm, v);
  if (c->sources[func->fid].state == LOWERED_FINAL) return;
  lower_reached_code(b, func->fid);
  for (uint32_t i = 0; i < (uint32_t)func->ncells + func->ndefaults; i++) {
    Value held = is_kind(func->slots[i], KIND_CELL) ? as_cell(b->c->vm, func->slots[i])->value : func->slots[i];
    if (is_kind(held, KIND_LIST) || is_kind(held, KIND_SET) || is_kind(held, KIND_DICT))
      b->impure |= function_changes_others(b->c->vm, &b->c->image->functions[func->fid]);
    lower_reached(b, func->slots[i]);
  }
}

static Operand value_operand(Build *b, Value v) {
  lower_reached(b, v);
  if (is_kind(v, KIND_LIST) || is_kind(v, KIND_SET) || is_kind(v, KIND_DICT)) b->c->passes_globals = true;
  return const_operand(b, v);
}

static bool simple_operand(Build *b, const Node *n, Operand *out) {
  if (n->kind == N_NAME) {
    Variable *v = find_variable(b, n->name);
    if (v && v->is_list) return false;
    if (v) {
      *out = v->slot == SLOT_NONE ? const_operand(b, V_UNBOUND) : v->slot;
      return true;
    }
    uint32_t slot = global_slot(b->c, b->m, n->name);
    Value g = *slot_value(b->c, slot);
    *out = g == V_UNBOUND ? const_operand(b, OPERAND_NAME_ERROR) : value_operand(b, g);
    return true;
  }
  Value k = constant_of(b->c, b->m, b->m->scope, n);
  if (!k) return false;
  *out = const_operand(b, k);
  return true;
}

static void push_operand(Build *b, Operand o) { PUSH(b->p->operands, b->p->noperands, b->cap_operands, o); }

/* ---- calls ---- */

/* Would an argument fail on a line of its own? */
static bool fails_below(const Build *b, const Node *n, const Node *arg, Operand o) {
  if (o >= 0 || arg->line == n->line) return false;
  Value v = b->p->consts[~o];
  return v == V_UNBOUND || v == OPERAND_NAME_ERROR;
}

static bool plain_call(Build *b, const Node *n, ProgramCall *call) {
  Operand args[64], names[64];
  uint32_t nkw = 0;
  if (n->kind != N_CALL || n->list.len > 64 || !simple_operand(b, n->a, &call->callee)) return false;
  for (uint32_t i = 0; i < n->list.len; i++) {
    const Node *arg = n->list.items[i];
    if (arg->kind == N_KEYWORD) {
      if (!simple_operand(b, arg->a, &args[i]) || fails_below(b, n, arg->a, args[i])) return false;
      names[nkw++] = const_operand(b, intern_name(b->c, arg->name));
    } else if (nkw || arg->kind == N_STAR || !simple_operand(b, arg, &args[i]) || fails_below(b, n, arg, args[i])) {
      return false;
    }
  }
  call->args = b->p->noperands;
  call->nargs = (uint16_t)n->list.len;
  call->nkw = (uint16_t)nkw;
  for (uint32_t i = 0; i < n->list.len; i++) push_operand(b, args[i]);
  call->kwnames = b->p->noperands;
  for (uint32_t i = 0; i < nkw; i++) push_operand(b, names[i]);
  return true;
}

typedef struct {
  Build *b;
  const char *names[64];
  uint32_t n;
  bool bad;
} Mentions;

static void mention(Mentions *x, const Node *n) {
  if (!n) return;
  if (n->kind == N_NAMEDEXPR || n->kind == N_YIELD) x->bad = true;
  Variable *v = n->kind == N_NAME ? find_variable(x->b, n->name) : NULL;
  if (v && v->is_list) x->bad = true;
  if (v) {
    uint32_t i = 0;
    while (i < x->n && strcmp(x->names[i], n->name)) i++;
    if (i == 64) x->bad = true;
    else if (i == x->n) x->names[x->n++] = n->name;
  }
  mention(x, n->a);
  mention(x, n->b);
  mention(x, n->c);
  for (uint32_t i = 0; i < n->list.len; i++) mention(x, n->list.items[i]);
}

static bool thunk_call(Build *b, Node *n, ProgramCall *call) {
  Mentions x = {.b = b};
  mention(&x, n);
  if (x.bad) return false;
  for (uint32_t i = 0; i < x.n; i++) /* an unbound variable inside: let the general form raise it in place */
    if (find_variable(b, x.names[i])->slot == SLOT_NONE) return false;
  uint32_t fid = new_program_thunk(b->c, b->m, n, x.names, x.n);
  Value f = new_func_value(b->c, fid);
  if (!f) return false;
  memset(call, 0, sizeof *call);
  call->callee = value_operand(b, f);
  call->args = b->p->noperands;
  call->nargs = (uint16_t)x.n;
  for (uint32_t i = 0; i < x.n; i++) push_operand(b, find_variable(b, x.names[i])->slot);
  return true;
}

static bool any_call(Build *b, Node *n, ProgramCall *call) {
  Operand o;
  memset(call, 0, sizeof *call);
  if (plain_call(b, n, call)) return true;
  memset(call, 0, sizeof *call);
  if (simple_operand(b, n, &o)) {
    call->callee = OPERAND_COPY;
    call->nargs = 1;
    call->args = b->p->noperands;
    push_operand(b, o);
    return true;
  }
  return thunk_call(b, n, call);
}

/* ---- statements ---- */

static bool is_name(const Node *n, const char *name) { return n->kind == N_NAME && !strcmp(n->name, name); }

static bool same_target(const Node *a, const Node *b) {
  if (a->kind != b->kind) return false;
  if (a->kind == N_NAME) return !strcmp(a->name, b->name);
  if (a->kind != N_TUPLE || a->list.len != b->list.len) return false;
  for (uint32_t i = 0; i < a->list.len; i++)
    if (a->list.items[i]->kind != N_NAME || !is_name(b->list.items[i], a->list.items[i]->name)) return false;
  return true;
}

static bool plain_target(const Node *t) { return same_target(t, t); }

static void bind_target(Build *b, const Node *t, ProgramOp *op) {
  const Node *const *names = t->kind == N_NAME ? (const Node *const *)&t : (const Node *const *)t->list.items;
  op->ndst = (uint16_t)(t->kind == N_NAME ? 1 : t->list.len);
  op->unpacks = t->kind != N_NAME;
  for (uint32_t i = 0; i < op->ndst; i++) {
    uint32_t slot = new_slot(b, names[i]->name);
    if (!i) op->dst = slot;
    variable(b, names[i]->name)->slot = (Operand)slot;
  }
}

/* `x = a call` alone, or with the fallback of its handler. */
static bool add_op(Build *b, const Node *assign, const Node *fallback, ErrorMask mask) {
  ProgramOp op;
  memset(&op, 0, sizeof op);
  op.line = assign->b->line;
  op.target_line = assign->line;
  op.mask = mask;
  if (assign->list.len != 1 || !plain_target(assign->list.items[0])) return false;
  if (assign->list.items[0]->kind == N_TUPLE && assign->list.items[0]->list.len > MAX_TARGETS) return false;
  if (!any_call(b, assign->b, &op.call)) return false;
  if (fallback) {
    if (!any_call(b, fallback->b, &op.fallback)) return false;
    op.fallback_line = fallback->b->line;
  }
  op.binding = BIND_CALL;
  bind_target(b, assign->list.items[0], &op);
  PUSH(b->p->ops, b->p->nops, b->cap_ops, op);
  return true;
}

static bool try_op(Build *b, const Node *n) {
  if (n->list.len != 1 || n->list2.len != 1 || n->list3.len || n->list4.len) return false;
  const Node *assign = n->list.items[0], *handler = n->list2.items[0];
  if (assign->kind != N_ASSIGN || handler->list.len != 1 || handler->name) return false;
  const Node *fallback = handler->list.items[0];
  if (fallback->kind != N_ASSIGN || fallback->list.len != 1 || assign->list.len != 1 ||
      !same_target(assign->list.items[0], fallback->list.items[0]))
    return false;
  ErrorMask mask = error_mask(ERR_BaseException);
  if (handler->a && !exception_mask(b->c, b->m, handler->a, &mask)) return false;
  return add_op(b, assign, fallback, mask);
}

static bool output_append(Build *b, const Node *call) {
  const Node *f = call->a;
  if (f->kind != N_ATTRIBUTE || strcmp(f->name, "append") || f->a->kind != N_NAME || call->list.len != 1) return false;
  Variable *list = find_variable(b, f->a->name);
  if (!list || !list->is_list) return false;
  const Node *item = call->list.items[0];
  Operand operands[64];
  ProgramOutput out = {.list = list->list_no, .after_op = b->p->nops, .line = call->line};
  uint32_t n = item->kind == N_TUPLE ? item->list.len : 1;
  out.bare = item->kind != N_TUPLE;
  if (n > 64) return false;
  for (uint32_t i = 0; i < n; i++) {
    Node *part = out.bare ? (Node *)item : item->list.items[i];
    if (simple_operand(b, part, &operands[i])) continue;
    ProgramOp op;
    memset(&op, 0, sizeof op);
    if (!any_call(b, part, &op.call)) return false;
    op.line = part->line;
    op.ndst = 1;
    op.binding = BIND_CALL;
    op.dst = new_slot(b, NULL);
    PUSH(b->p->ops, b->p->nops, b->cap_ops, op);
    operands[i] = (Operand)op.dst;
    out.after_op = b->p->nops;
  }
  out.items = b->p->noperands;
  out.nitems = (uint16_t)n;
  for (uint32_t i = 0; i < n; i++) push_operand(b, operands[i]);
  PUSH(b->p->outputs, b->p->noutputs, b->cap_outputs, out);
  return true;
}

static bool expression(Build *b, Node *n) {
  if (n->a->kind == N_STR) return true;
  if (n->a->kind == N_CALL && output_append(b, n->a)) return true;
  if (n->a->kind == N_CALL && n->a->a->kind == N_ATTRIBUTE) return false;
  ProgramOp op;
  memset(&op, 0, sizeof op);
  if (!any_call(b, n->a, &op.call)) return false;
  op.line = n->line;
  op.ndst = 1;
  op.binding = BIND_CALL;
  op.dst = new_slot(b, NULL);
  PUSH(b->p->ops, b->p->nops, b->cap_ops, op);
  return true;
}

static bool empty_list(Build *b, const Node *n) {
  if (n->list.len != 1 || n->list.items[0]->kind != N_NAME || n->b->kind != N_LIST || n->b->list.len) return false;
  Variable *v = variable(b, n->list.items[0]->name);
  if (v->is_list || v->slot != SLOT_NONE || b->nlists == 2) return false;
  v->is_list = true;
  v->list_no = (uint8_t)b->nlists++;
  return true;
}

/* `return o, s`: the first list is number 0. */
static bool return_lists(Build *b, const Node *n) {
  if (!n->a || n->a->kind != N_TUPLE || n->a->list.len != 2) return false;
  const Variable *lists[2];
  for (int i = 0; i < 2; i++) {
    const Node *item = n->a->list.items[i];
    lists[i] = item->kind == N_NAME ? find_variable(b, item->name) : NULL;
    if (!lists[i] || !lists[i]->is_list) return false;
  }
  if (lists[0] == lists[1]) return false;
  if (lists[0]->list_no == 1)
    for (uint32_t i = 0; i < b->p->noutputs; i++) b->p->outputs[i].list ^= 1;
  return true;
}

static bool straight(Build *b, const NodeList *body) {
  bool returned = false;
  for (uint32_t i = 0; i < body->len && !b->c->error; i++) {
    Node *n = body->items[i];
    bool ok = false;
    if (returned) break; /* what follows is never run */
    switch (n->kind) {
    case N_ASSIGN: ok = empty_list(b, n) || add_op(b, n, NULL, 0); break;
    case N_TRY: ok = try_op(b, n); break;
    case N_EXPR: ok = expression(b, n); break;
    case N_PASS: ok = true; break;
    case N_RETURN: ok = returned = return_lists(b, n); break;
    default: break;
    }
    if (!ok) return false;
  }
  return returned;
}

/* ---- entries ---- */

static int parameter_slot(const char *name) {
  static const char *const names[] = {"task_id", "S", "I", "C", "log_path"};
  for (int i = 0; i < 5; i++)
    if (!strcmp(name, names[i])) return i;
  return -1;
}

static bool bind_parameters(Build *b, const Node *def) {
  for (uint32_t i = 0; i < def->a->list.len; i++) {
    const Node *p = def->a->list.items[i];
    int slot = p->name && p->ival == PARAM_POSITIONAL ? parameter_slot(p->name) : -1;
    if (slot < 0 && p->a) continue;
    if (slot < 0 || i >= 8) {
      diag_error(b->m->source, p->line, p->col, "parameter '%s' of %s: expected task_id, S, I, C or log_path",
                 p->name ? p->name : "*", def->name);
      return false;
    }
    b->p->whole_params[b->p->nwhole_params++] = (uint8_t)slot;
    variable(b, p->name)->slot = slot;
  }
  if (!b->p->is_entry && b->p->nwhole_params != 5) {
    diag_error(b->m->source, def->line, def->col,
               "wrong number of parameters: expected batt(task_id, S, I, C, log_path), saw %u", b->p->nwhole_params);
    return false;
  }
  return true;
}

static void start_program(Build *b, const Node *def) {
  static const char *const params[] = {"task_id", "S", "I", "C", "log_path"};
  b->p->file = b->m->source->path;
  b->p->entry = def->name;
  for (int i = 0; i < 5; i++) new_slot(b, params[i]);
}

/* solve_9dfd6313 and the like: the task that an entry is about. */
static void entry_task(Program *p) {
  const char *last = strrchr(p->entry, '_');
  last = last ? last + 1 : p->entry;
  if (strlen(last) == 8 && strspn(last, "0123456789abcdef") == 8) strcpy(p->entry_task, last);
}

static bool whole_program(Build *b, const Node *def, uint32_t slot) {
  Value f = *slot_value(b->c, slot);
  if (!is_kind(f, KIND_FUNC) && !is_kind(f, KIND_GUARD)) {
    diag_error(b->m->source, def->line, def->col, "%s cannot be compiled: its definition is outside the subset", def->name);
    return false;
  }
  b->p->nops = b->p->noutputs = 0;
  b->p->whole = f;
  lower_reached(b, f);
  entry_task(b->p);
  return !b->c->error;
}

static bool lower_program(Compiler *c, Module *m, const Node *def, uint32_t slot, bool is_entry) {
  Unit *unit = c->unit;
  unit->programs = realloc(unit->programs, (unit->nprograms + 1) * sizeof *unit->programs);
  if (!unit->programs) exit(EXIT_INTERNAL);
  Program *p = &unit->programs[unit->nprograms++];
  memset(p, 0, sizeof *p);
  p->is_entry = is_entry;
  Build b = {.c = c, .m = m, .p = p};
  start_program(&b, def);
  bool ok = bind_parameters(&b, def);
  if (ok) {
    collect_bound(&def->list, bind_variable, &b);
    if (is_entry || !straight(&b, &def->list)) ok = whole_program(&b, def, slot);
    b.impure |= c->changes_others && c->passes_globals;
  }
  c->image->impure |= b.impure;
  free(b.vars);
  free(b.index);
  return ok && !c->error;
}

/* For a DSL library: what imported modules define, for programs that reach it. */
static void lower_modules(Compiler *c, const Module *main_module) {
  Build b = {.c = c};
  for (uint32_t i = 0; i < c->nslots; i++) {
    const Module *m = c->slots[i].module;
    if (m != main_module && c->slots[i].bound) lower_reached(&b, *slot_value(c, i));
  }
}

/* Nothing reaches them, as far as is known: should something, it is a limit and no crash. */
static void close_unreached(Compiler *c) {
  for (uint32_t i = 0; i < c->image->nfunctions; i++) {
    Function *g = &c->image->functions[i];
    if (!g->code) function_stub(c, g);
  }
}

bool lower_programs(Compiler *c, Module *m) {
  const char *pattern = c->options->entry ? c->options->entry : "batt";
  c->final = true;
  for (uint32_t i = 0; i < c->image->nfunctions; i++) protocol_default(c, i);
  for (uint32_t i = 1; i < PRELUDE_COUNT; i++) {
    Build b = {.c = c};
    if (c->image->prelude[i]) lower_reached(&b, new_func_value(c, c->image->prelude[i]));
  }
  const NodeList *body = &m->source->module_node->list;
  for (uint32_t i = 0; i < body->len; i++) {
    const Node *n = body->items[i];
    if (n->kind != N_DEF || fnmatch(pattern, n->name, 0)) continue;
    int slot = find_slot(c, m, n->name);
    if (slot < 0 || c->slots[slot].value_node != n) continue; /* defined again later */
    if (!lower_program(c, m, n, (uint32_t)slot, c->options->entry != NULL)) return false;
  }
  if (c->options->all_modules) lower_modules(c, m);
  close_unreached(c);
  if (c->unit->nprograms) return true;
  if (c->options->entry) diag_error(m->source, 0, 0, "no function matches '%s'", pattern);
  else diag_error(m->source, 0, 0, "no function batt(task_id, S, I, C, log_path)");
  return false;
}
