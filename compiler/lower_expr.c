/* lower_expr.c - expressions to instructions, in Python's order of evaluation. */
#include "lower_fn.h"

#include <stdlib.h>
#include <string.h>

/* ---- constants ---- */

static Value constant_tuple(Compiler *c, Module *m, const Scope *s, const Node *n) {
  Value items[64];
  if (n->list.len > 64) return 0;
  for (uint32_t i = 0; i < n->list.len; i++)
    if (!(items[i] = constant_of(c, m, s, n->list.items[i]))) return 0;
  return tuple_of(c->vm, items, n->list.len);
}

static Value constant_int(Compiler *c, const Node *n, bool negative) {
  (void)c;
  if (n->flags & NODE_BIG) return 0;
  int64_t i = negative ? -n->ival : n->ival;
  return i > INT_MAX_61 || i < INT_MIN_61 ? 0 : v_int(i);
}

Value constant_of(Compiler *c, Module *m, const Scope *s, const Node *n) {
  switch (n->kind) {
  case N_INT: return constant_int(c, n, false);
  case N_UNARY: return n->op == OP_NEG && n->a->kind == N_INT ? constant_int(c, n->a, true) : 0;
  case N_FLOAT: return new_float(c->vm, n->fval);
  case N_STR: return memchr(n->name, 0, (size_t)n->ival) ? new_str(c->vm, n->name, (size_t)n->ival)
                                                         : intern_name(c, n->name);
  case N_NONE: return V_NONE;
  case N_TRUE: return V_TRUE;
  case N_FALSE: return V_FALSE;
  case N_TUPLE: return constant_tuple(c, m, s, n);
  default: return 0;
  }
}


/* Equal as constants: the same types inside too. */
static bool same_constant(Vm *vm, Value a, Value b) {
  if (kind_of(a) != kind_of(b) || value_eq(vm, a, b) != 1) return false;
  if (!is_tuple(a)) return true;
  for (uint32_t i = 0; i < as_tuple(vm, a)->len; i++)
    if (!same_constant(vm, as_tuple(vm, a)->items[i], as_tuple(vm, b)->items[i])) return false;
  return true;
}

static bool same_constant_set(Vm *vm, Value a, Value b) {
  if (set_equal(vm, a, b) != 1) return false;
  Value x, y;
  for (uint32_t i = 0; set_next(vm, a, &i, &x);) {
    bool same = false;
    for (uint32_t k = 0; !same && set_next(vm, b, &k, &y);) same = same_constant(vm, x, y);
    if (!same) return false;
  }
  return true;
}

/* CPython's compiler makes a frozenset twice: from the items in the text, then from those of the first
 * in its order, which is not always the same order again. */
static Value made_again(Vm *vm, Value set) {
  Value again = new_set(vm, KIND_FROZENSET), item;
  for (uint32_t pos = 0; again && set_next(vm, set, &pos, &item);)
    if (!set_add(vm, again, item)) return 0;
  return again;
}

/* The frozenset of a display of constants, 0: not all are. CPython keeps one for all equal ones of a
 * module, the first of them in the text, so the order of the others does not count. */
static Value constant_frozenset(Compiler *c, Module *m, const NodeList *list) {
  Vm *vm = c->vm;
  Value set = list->len ? new_set(vm, KIND_FROZENSET) : 0; /* filled as from a tuple */
  for (uint32_t i = 0; set && i < list->len; i++) {
    Value v = list->items[i] ? constant_of(c, m, m->scope, list->items[i]) : 0;
    if (!v || !set_add(vm, set, v)) return 0;
  }
  if (!set) return 0;
  for (uint32_t i = 0; i < m->nconstant_sets; i++)
    if (same_constant_set(vm, m->constant_sets[i], set)) return m->constant_sets[i];
  m->constant_sets = realloc(m->constant_sets, (m->nconstant_sets + 1) * sizeof *m->constant_sets);
  if (!m->constant_sets) exit(EXIT_INTERNAL);
  return m->constant_sets[m->nconstant_sets++] = made_again(vm, set);
}

/* Sets of constants as what `in` looks into and loops go over are one constant; others from three items on. */
static void find_constant_sets(Compiler *c, Module *m, const Node *n, bool whole) {
  if (!n || n->kind == N_STR) return;
  if (n->kind == N_SET && (whole || n->list.len >= 3)) constant_frozenset(c, m, &n->list);
  bool loop = n->kind == N_FOR || n->kind == N_COMPFOR;
  find_constant_sets(c, m, n->a, false);
  find_constant_sets(c, m, n->b, loop);
  find_constant_sets(c, m, n->c, false);
  const NodeList *lists[] = {&n->list, &n->list2, &n->list3, &n->list4};
  for (int k = 0; k < 4; k++)
    for (uint32_t i = 0; i < lists[k]->len; i++)
      find_constant_sets(c, m, lists[k]->items[i],
                         n->kind == N_COMPARE && !k && i && (n->ops[i - 1] == OP_IN || n->ops[i - 1] == OP_NOT_IN));
}

void collect_constant_sets(Compiler *c, Module *m) { find_constant_sets(c, m, m->source->module_node, false); }

Opnd iterable(Fn *f, const Node *n) {
  Value all = n->kind == N_SET ? constant_frozenset(f->c, f->m, &n->list) : 0;
  return all ? constant(f, all) : expr(f, n);
}

/* ---- displays ---- */

static bool has_star(const NodeList *list) {
  for (uint32_t i = 0; i < list->len; i++)
    if (!list->items[i] || list->items[i]->kind == N_STAR) return true;
  return false;
}

int args_in_row(Fn *f, const NodeList *list) {
  int first = temps(f, (int)list->len);
  for (uint32_t i = 0; i < list->len; i++) expr_to(f, list->items[i], first + (int)i);
  return first;
}

void build_list_with_stars(Fn *f, const NodeList *list, int dst) {
  emit(f, OP_BUILD_LIST, dst, 0, 0, 0, 0);
  for (uint32_t i = 0; i < list->len; i++) {
    int mark = f->next;
    Node *item = list->items[i];
    if (item->kind != N_STAR) {
      emit(f, OP_LIST_APPEND, dst, expr(f, item), 0, 0, 0);
    } else if (item->a->kind == N_GENEXP) {
      int part = temp(f);
      comprehension(f, item->a, INTO_LIST, NULL, part);
      emit(f, OP_LIST_EXTEND, dst, part, 0, 0, 0);
    } else {
      emit(f, OP_LIST_EXTEND, dst, expr(f, item->a), 0, 0, 0);
    }
    f->next = mark;
  }
}

/* Values that CPython puts on its stack for one display. */
enum { MOST_AT_ONCE = 30 };

static void add_to_set(Fn *f, const Node *item, int set) {
  int mark = f->next;
  bool star = item->kind == N_STAR;
  if (star && item->a->kind == N_GENEXP) {
    int part = temp(f);
    comprehension(f, item->a, INTO_SET, NULL, part);
    emit(f, OP_SET_UPDATE, set, part, 0, 0, 0);
  } else {
    emit(f, star ? OP_SET_UPDATE : OP_SET_ADD, set, expr(f, star ? item->a : item), 0, 0, 0);
  }
  f->next = mark;
}

static void set_display(Fn *f, const Node *n, int dst) {
  const NodeList *list = &n->list;
  Value all = !has_star(list) && list->len >= 3 ? constant_frozenset(f->c, f->m, list) : 0;
  int set = temp(f);
  if (all) {
    emit(f, OP_BUILD_SET, set, 0, 0, set, 0);
    emit(f, OP_SET_UPDATE, set, constant(f, all), 0, 0, 0);
  } else {
    /* CPython makes the set at the first star, at once where the items are many. */
    uint32_t before = 0;
    while (before < list->len && list->items[before]->kind != N_STAR) before++;
    if (list->len > MOST_AT_ONCE) before = 0;
    NodeList head = {list->items, before};
    emit(f, OP_BUILD_SET, set, 0, (int)before, before ? args_in_row(f, &head) : set, 0);
    for (uint32_t i = before; i < list->len; i++) add_to_set(f, list->items[i], set);
  }
  emit(f, OP_MOVE, dst, set, 0, 0, 0);
}

/* Pairs [from, to) of a display as a new dict: all keys and values first, unless they are many. */
static void dict_of_pairs(Fn *f, const Node *n, uint32_t from, uint32_t to, int dst) {
  Node *const *items = n->list.items;
  int mark = f->next, count = (int)(to - from) * 2;
  int first = count > MOST_AT_ONCE ? dst : temps(f, count);
  for (int i = 0; first != dst && i < count; i++) expr_to(f, items[from * 2 + (uint32_t)i], first + i);
  emit(f, OP_BUILD_DICT, dst, 0, first != dst ? count : 0, first, 0);
  for (uint32_t i = from; first == dst && i < to; i++) {
    Opnd key = expr(f, items[i * 2]);
    emit(f, OP_DICT_SET, dst, key, expr(f, items[i * 2 + 1]), 0, 0);
    f->next = mark;
  }
  f->next = mark;
}

static void add_pairs(Fn *f, const Node *n, uint32_t from, uint32_t to, int dict, bool *built) {
  if (from == to) return;
  int mark = f->next, part = *built ? temp(f) : dict;
  dict_of_pairs(f, n, from, to, part);
  if (*built) emit(f, OP_DICT_UPDATE, dict, part, 0, 0, 0);
  *built = true;
  f->next = mark;
}

static void dict_display(Fn *f, const Node *n, int dst) {
  int dict = temp(f);
  bool built = false;
  uint32_t from = 0, npairs = n->list.len / 2;
  for (uint32_t i = 0; i < npairs; i++) {
    bool spread = !n->list.items[i * 2];
    if (!spread && (i - from) * 2 <= MOST_AT_ONCE) continue;
    add_pairs(f, n, from, spread ? i : i + 1, dict, &built);
    from = i + 1;
    if (!spread) continue;
    int mark = f->next;
    if (!built) emit(f, OP_BUILD_DICT, dict, 0, 0, dict, 0);
    built = true;
    emit(f, OP_DICT_UPDATE, dict, expr(f, n->list.items[i * 2 + 1]), 0, 0, 0);
    f->next = mark;
  }
  add_pairs(f, n, from, npairs, dict, &built);
  if (!built) emit(f, OP_BUILD_DICT, dict, 0, 0, dict, 0);
  emit(f, OP_MOVE, dst, dict, 0, 0, 0);
}

static void sequence_display(Fn *f, const Node *n, int dst) {
  if (has_star(&n->list)) {
    int list = temp(f);
    build_list_with_stars(f, &n->list, list);
    emit(f, n->kind == N_TUPLE ? OP_LIST_TO_TUPLE : OP_MOVE, dst, list, 0, 0, 0);
    return;
  }
  int first = args_in_row(f, &n->list);
  emit(f, n->kind == N_TUPLE ? OP_BUILD_TUPLE : OP_BUILD_LIST, dst, 0, (int)n->list.len, first, 0);
}

/* ---- conditions ---- */

static void add_jump(Jumps *jumps, uint32_t at) {
  if (jumps->n == jumps->cap) {
    jumps->cap = jumps->cap ? jumps->cap * 2 : 4;
    jumps->at = realloc(jumps->at, jumps->cap * sizeof *jumps->at);
    if (!jumps->at) exit(EXIT_INTERNAL);
  }
  jumps->at[jumps->n++] = at;
}

void patch_all(Fn *f, Jumps *jumps) {
  for (uint32_t i = 0; i < jumps->n; i++) patch(f, jumps->at[i]);
  free(jumps->at);
  *jumps = (Jumps){0};
}

/* and/or as control flow. Each operand but the last either decides at once or falls to the next. */
static void jump_logic(Fn *f, const Node *n, bool when, Jumps *jumps) {
  bool decides = n->kind == N_OR; /* the truth of an operand that ends the evaluation */
  Jumps decided = {0};
  uint32_t last = n->list.len - 1;
  jump_if(f, n->list.items[0], decides, decides == when ? jumps : &decided);
  Assigned after_first = assigned_save(f); /* the others may not be evaluated */
  for (uint32_t i = 1; i < last; i++) jump_if(f, n->list.items[i], decides, decides == when ? jumps : &decided);
  jump_if(f, n->list.items[last], when, jumps);
  assigned_restore(f, &after_first);
  patch_all(f, &decided);
}

void jump_if(Fn *f, const Node *n, bool when, Jumps *jumps) {
  int mark = f->next;
  if (n->kind == N_NOT) {
    jump_if(f, n->a, !when, jumps);
  } else if (n->kind == N_AND || n->kind == N_OR) {
    jump_logic(f, n, when, jumps);
  } else if (n->kind == N_COMPARE && n->list.len > 2) {
    int t = temp(f);
    expr_to(f, n, t);
    f->line = n->line;
    add_jump(jumps, emit_jump(f, when ? OP_JUMP_IF : OP_JUMP_IFNOT, t));
  } else {
    Opnd v = expr(f, n);
    if (n->kind == N_COMPARE) f->line = n->line; /* and it stays the line of what follows, as in CPython */
    add_jump(jumps, emit_jump(f, when ? OP_JUMP_IF : OP_JUMP_IFNOT, v));
  }
  f->next = mark;
}

static void bool_value(Fn *f, const Node *n, int dst) {
  int t = temp(f);
  Jumps end = {0};
  for (uint32_t i = 0; i < n->list.len; i++) {
    Assigned before = i ? assigned_save(f) : (Assigned){0};
    expr_to(f, n->list.items[i], t);
    if (i) assigned_restore(f, &before);
    if (i + 1 < n->list.len) add_jump(&end, emit_jump(f, n->kind == N_AND ? OP_JUMP_IFNOT : OP_JUMP_IF, t));
  }
  patch_all(f, &end);
  emit(f, OP_MOVE, dst, t, 0, 0, 0);
}

static void conditional(Fn *f, const Node *n, int dst) {
  Jumps to_else = {0};
  int t = temp(f);
  jump_if(f, n->a, false, &to_else);
  Assigned before = assigned_save(f);
  expr_to(f, n->b, t);
  uint32_t skip = emit_jump(f, OP_JUMP, 0);
  assigned_restore(f, &before);
  patch_all(f, &to_else);
  Assigned again = assigned_save(f);
  expr_to(f, n->c, t);
  assigned_restore(f, &again);
  patch(f, skip);
  emit(f, OP_MOVE, dst, t, 0, 0, 0);
}

static bool mentions_walrus(const Node *n) {
  if (!n) return false;
  if (n->kind == N_NAMEDEXPR) return true;
  if (n->kind == N_LAMBDA) return false;
  if (mentions_walrus(n->a) || mentions_walrus(n->b) || mentions_walrus(n->c)) return true;
  for (uint32_t i = 0; i < n->list.len; i++)
    if (mentions_walrus(n->list.items[i])) return true;
  return false;
}

/* An operand that the evaluation of `next` cannot change under it. */
static Opnd stable(Fn *f, Opnd v, const Node *next) {
  if (v < 0 || !mentions_walrus(next)) return v;
  int t = temp(f);
  emit(f, OP_MOVE, t, v, 0, 0, 0);
  return t;
}

/* `x in {1, 2, 3}`: the display is one constant frozenset. */
static Opnd membership_operand(Fn *f, const Node *n, uint16_t op) {
  if ((op == OP_IN || op == OP_NOT_IN) && (n->kind == N_SET || n->kind == N_LIST) && !has_star(&n->list)) {
    Value all = 0;
    if (n->kind == N_SET) all = constant_frozenset(f->c, f->m, &n->list);
    else if (n->list.len) all = constant_tuple(f->c, f->m, f->scope, n);
    if (all) return constant(f, all);
  }
  return expr(f, n);
}

static void compare(Fn *f, const Node *n, int dst) {
  Opnd left = expr(f, n->list.items[0]);
  uint32_t count = n->list.len - 1;
  Jumps end = {0};
  int result = count > 1 ? temp(f) : dst;
  Assigned first_two = {0}; /* further operands may not be evaluated */
  for (uint32_t i = 0; i < count; i++) {
    const Node *operand = n->list.items[i + 1];
    left = stable(f, left, operand);
    Opnd right = membership_operand(f, operand, n->ops[i]);
    if (i + 1 < count) right = stable(f, right, n->list.items[i + 2]);
    f->line = n->line;
    emit(f, (Opcode)n->ops[i], result, left, right, 0, 0);
    if (!i && count > 1) first_two = assigned_save(f);
    if (i + 1 < count) add_jump(&end, emit_jump(f, OP_JUMP_IFNOT, result));
    left = right;
  }
  if (count > 1) assigned_restore(f, &first_two);
  patch_all(f, &end);
  if (result != dst) emit(f, OP_MOVE, dst, result, 0, 0, 0);
}

/* ---- the rest ---- */

static void slice(Fn *f, const Node *n, int dst) {
  int first = temps(f, 3);
  const Node *parts[] = {n->a, n->b, n->c};
  for (int i = 0; i < 3; i++) {
    if (parts[i]) expr_to(f, parts[i], first + i);
    else emit(f, OP_MOVE, first + i, constant(f, V_NONE), 0, 0, 0);
  }
  emit(f, OP_BUILD_SLICE, dst, 0, 0, first, 0);
}

/* What a name of one of battc's modules stands for; 0: known only at run time. */
static Value fold_module_attribute(Fn *f, const Node *n) {
  if (n->a->kind != N_NAME || local_of(f, n->a->name)) return 0;
  int slot = find_slot(f->c, f->m, n->a->name);
  if (slot < 0 || f->c->slots[slot].stored) return 0;
  Value module = *slot_value(f->c, (uint32_t)slot);
  if (!is_kind(module, KIND_MODULE)) return 0;
  if (payload_of(module) == 2 && !strcmp(n->name, "product")) return SPECIAL(KIND_BUILTIN, BUILTIN_product);
  if (payload_of(module) == 3 && !strcmp(n->name, "Counter")) return SPECIAL(KIND_BUILTIN, BUILTIN_Counter);
  if (payload_of(module) != 1) return 0;
  if (!strcmp(n->name, "nan")) return f->c->image->nan;
  if (!strcmp(n->name, "inf")) return f->c->image->inf;
  return 0;
}

static void fstring(Fn *f, const Node *n, int dst) {
  int first = args_in_row(f, &n->list);
  emit(f, OP_BUILD_STR, dst, n->flags & NODE_UNREAD ? STR_UNREAD : n->ival ? STR_UNKNOWN : STR_READ, (int)n->list.len, first, 0);
}

/* As FORMAT_VALUE has it: the format is there before the conversion is made. */
static void formatted(Fn *f, const Node *n, int dst) {
  if (n->flags & NODE_UNREAD && !n->b) {
    expr_to(f, n->a, dst);
    return;
  }
  int row = temps(f, 2);
  expr_to(f, n->a, row);
  if (n->b) expr_to(f, n->b, row + 1);
  f->line = n->line;
  if (n->ival) emit(f, OP_BUILD_STR, row, n->ival == 's' ? STR_OF_STR : n->ival == 'r' ? STR_OF_REPR : STR_OF_ASCII, 1, row, 0);
  if (n->b) emit(f, OP_CALL, dst, constant(f, SPECIAL(KIND_BUILTIN, BUILTIN_format)), 2, row, 0);
  else emit(f, OP_MOVE, dst, row, 0, 0, 0);
}

static void binary(Fn *f, const Node *n, int dst) {
  /* left spines can be thousands deep: walk them without recursion */
  const Node *spine[512];
  int depth = 0;
  const Node *left = n;
  while (left->kind == N_BINARY && depth < 512) spine[depth++] = left, left = left->a;
  Opnd acc = expr(f, left);
  int t = depth > 1 ? temp(f) : dst;
  while (depth-- > 0) {
    const Node *b = spine[depth];
    int mark = f->next;
    acc = stable(f, acc, b->b);
    Opnd right = expr(f, b->b);
    f->line = b->line;
    emit(f, (Opcode)b->op, depth ? t : dst, acc, right, 0, 0);
    acc = t;
    f->next = mark;
  }
}

static void named_expr(Fn *f, const Node *n, int dst) {
  int t = temp(f);
  expr_to(f, n->b, t);
  assign_target(f, n->a, t);
  emit(f, OP_MOVE, dst, t, 0, 0, 0);
}

/* Where the value of n already is: a constant or the register of a local. Else not done. */
static bool in_place(Fn *f, const Node *n, Opnd *v) {
  Value k = constant_of(f->c, f->m, f->scope, n);
  if (k) {
    *v = constant(f, k);
    return true;
  }
  if (n->kind == N_NAME) {
    *v = load_name(f, n);
    return true;
  }
  if (n->kind == N_ATTRIBUTE && (k = fold_module_attribute(f, n))) {
    *v = constant(f, k);
    return true;
  }
  return false;
}

Opnd expr(Fn *f, const Node *n) {
  Opnd v;
  if (in_place(f, n, &v)) return v;
  int t = temp(f);
  expr_to(f, n, t);
  return t;
}

/* A literal of more than 61 bits: a product that has as many, and with it the limit `integer`. */
static void too_large(Fn *f, const Node *n, int dst) {
  if (f->c->final) diag_warning(f->m->source, n->line, n->col, "an integer of more than 61 bits; the op that reaches it has no value");
  emit(f, OP_MUL, dst, constant(f, v_int(INT_MAX_61)), constant(f, v_int(2)), 0, 0);
}

static void expr_kind(Fn *f, const Node *n, int dst) {
  switch (n->kind) {
  case N_TUPLE: case N_LIST: sequence_display(f, n, dst); return;
  case N_SET: set_display(f, n, dst); return;
  case N_DICT: dict_display(f, n, dst); return;
  case N_LISTCOMP: comprehension(f, n, INTO_LIST, NULL, dst); return;
  case N_SETCOMP: comprehension(f, n, INTO_SET, NULL, dst); return;
  case N_DICTCOMP: comprehension(f, n, INTO_DICT, NULL, dst); return;
  case N_GENEXP: genexpr_object(f, (Node *)n, dst); return;
  case N_LAMBDA: make_closure(f, (Node *)n, dst); return;
  case N_IFEXP: conditional(f, n, dst); return;
  case N_AND: case N_OR: bool_value(f, n, dst); return;
  case N_NOT: emit(f, OP_NOT, dst, expr(f, n->a), 0, 0, 0); return;
  case N_UNARY: emit(f, (Opcode)n->op, dst, expr(f, n->a), 0, 0, 0); return;
  case N_BINARY: binary(f, n, dst); return;
  case N_COMPARE: compare(f, n, dst); return;
  case N_CALL: call(f, n, dst); return;
  case N_SLICE: slice(f, n, dst); return;
  case N_FSTRING: fstring(f, n, dst); return;
  case N_FORMATTED: formatted(f, n, dst); return;
  case N_NAMEDEXPR: named_expr(f, n, dst); return;
  case N_SUBSCRIPT: {
    Opnd object = stable(f, expr(f, n->a), n->b);
    Opnd index = expr(f, n->b);
    f->line = n->line;
    emit(f, OP_GETITEM, dst, object, index, 0, 0);
    return;
  }
  case N_ATTRIBUTE:
    if (!module_attribute(f, n, dst)) emit(f, OP_GETATTR, dst, expr(f, n->a), 0, (int)name_id(f->c, n->name), 0);
    return;
  case N_YIELD:
    emit(f, OP_YIELD, n->a ? expr(f, n->a) : constant(f, V_NONE), 0, 0, 0, 0);
    emit(f, OP_MOVE, dst, constant(f, V_NONE), 0, 0, 0);
    return;
  case N_INT: too_large(f, n, dst); return;
  default:
    emit_unsupported(f, n, n->name ? n->name : "this expression");
    emit(f, OP_MOVE, dst, constant(f, V_NONE), 0, 0, 0);
  }
}

void expr_to(Fn *f, const Node *n, int dst) {
  Opnd v;
  int mark = f->next;
  uint32_t line = f->line;
  f->line = n->line;
  if (in_place(f, n, &v)) {
    if (v != dst) emit(f, OP_MOVE, dst, v, 0, 0, 0);
  } else {
    expr_kind(f, n, dst);
  }
  f->line = line;
  f->next = mark;
}
