/* lower_call.c - calls, and the builtins that consume a generator expression in place. */
#include "lower_fn.h"

#include <string.h>

typedef struct {
  uint32_t nplain, nkw;
  bool spread; /* *args or **kw */
} Shape;

static Shape shape_of(const Node *n) {
  Shape s = {0, 0, false};
  for (uint32_t i = 0; i < n->list.len; i++) {
    NodeKind k = (NodeKind)n->list.items[i]->kind;
    if (k == N_STAR || k == N_DOUBLESTAR) s.spread = true;
    else if (k == N_KEYWORD) s.nkw++;
    else s.nplain++;
  }
  return s;
}

static Opnd keyword_names(Fn *f, const Node *n, Shape s) {
  Value names = new_tuple(f->c->vm, s.nkw);
  uint32_t k = 0;
  for (uint32_t i = 0; i < n->list.len; i++)
    if (n->list.items[i]->kind == N_KEYWORD)
      as_tuple(f->c->vm, names)->items[k++] = intern_name(f->c, n->list.items[i]->name);
  return constant(f, names);
}

/* Arguments in a row, keywords last (Python evaluates them in text order, where they stand last too). */
static int arguments(Fn *f, const Node *n) {
  int first = temps(f, (int)n->list.len);
  for (uint32_t i = 0; i < n->list.len; i++) {
    const Node *arg = n->list.items[i];
    expr_to(f, arg->kind == N_KEYWORD ? arg->a : arg, first + (int)i);
  }
  return first;
}

/* Merges: a keyword that comes twice is a TypeError. Those between two **mappings come together. */
static void keyword_dict(Fn *f, const Node *n, int dict) {
  int part = temp(f);
  bool open = false;
  emit(f, OP_BUILD_DICT, dict, 0, 0, dict, 0);
  for (uint32_t i = 0; i < n->list.len; i++) {
    const Node *arg = n->list.items[i];
    int mark = f->next;
    if (arg->kind == N_KEYWORD) {
      if (!open) emit(f, OP_BUILD_DICT, part, 0, 0, part, 0);
      open = true;
      emit(f, OP_DICT_SET, part, constant(f, intern_name(f->c, arg->name)), expr(f, arg->a), 0, 0);
    } else if (arg->kind == N_DOUBLESTAR) {
      if (open) emit(f, OP_DICT_UPDATE, dict, part, 1, 0, 0);
      open = false;
      emit(f, OP_DICT_UPDATE, dict, expr(f, arg->a), 1, 0, 0);
    }
    f->next = mark;
  }
  if (open) emit(f, OP_DICT_UPDATE, dict, part, 1, 0, 0);
}

static void spread_call(Fn *f, const Node *n, int dst) {
  Opnd callee = expr(f, n->a);
  int list = temp(f), dict = temp(f);
  Node *plain[256];
  NodeList positional = {plain, 0};
  bool keywords = false;
  for (uint32_t i = 0; i < n->list.len; i++) {
    Node *arg = n->list.items[i];
    if (arg->kind == N_KEYWORD || arg->kind == N_DOUBLESTAR) keywords = true;
    else if (positional.len < 256) plain[positional.len++] = arg;
    else emit_unsupported(f, n, "a call with so many arguments");
  }
  build_list_with_stars(f, &positional, list);
  emit(f, OP_LIST_TO_TUPLE, list, list, 0, 0, 0);
  if (keywords) keyword_dict(f, n, dict);
  f->line = n->line;
  emit(f, OP_CALL_EX, dst, callee, list, keywords ? dict : constant(f, V_NONE), 0);
}

static bool is_module_name(Fn *f, const Node *n) {
  bool surely;
  if (n->kind != N_NAME) return false;
  if (local_of(f, n->name)) return module_of_name(f, n, &surely) != NULL;
  int slot = find_slot(f->c, f->m, n->name);
  return slot >= 0 && is_kind(*slot_value(f->c, (uint32_t)slot), KIND_MODULE);
}

/* Bound names and constants: looking at them changes nothing and raises nothing that comes first. */
static bool arguments_are_at_hand(Fn *f, const Node *n) {
  for (uint32_t i = 0; i < n->list.len; i++) {
    const Node *arg = n->list.items[i];
    NodeKind k = (NodeKind)arg->kind;
    bool constant = k == N_INT || k == N_STR || k == N_NONE || k == N_TRUE || k == N_FALSE;
    if (!constant && !(k == N_NAME && surely_bound(f, arg))) return false;
  }
  return true;
}

/* print(f'..'): what it would show is not made. */
static void leave_unread(const Node *call) {
  for (uint32_t i = 0; i < call->list.len; i++) {
    Node *arg = call->list.items[i];
    if (arg->kind != N_FSTRING) continue;
    arg->flags |= NODE_UNREAD;
    for (uint32_t k = 0; k < arg->list.len; k++)
      if (arg->list.items[k]->kind == N_FORMATTED) arg->list.items[k]->flags |= NODE_UNREAD;
  }
}

static void plain_call(Fn *f, const Node *n, Shape s, int dst) {
  uint32_t line = n->a->kind == N_ATTRIBUTE ? n->a->line : n->line;
  if (n->a->kind == N_ATTRIBUTE && !s.nkw && !is_module_name(f, n->a->a)) {
    Opnd self = expr(f, n->a->a);
    f->line = line;
    if (!arguments_are_at_hand(f, n)) emit(f, OP_CHECK_ATTR, self, 0, 0, (int)name_id(f->c, n->a->name), 0);
    int first = arguments(f, n);
    f->line = line;
    emit(f, OP_CALL_METHOD, dst, self, (int)n->list.len, first, (int)name_id(f->c, n->a->name));
    return;
  }
  if (is_plain_builtin(f->c, f->m, f->scope, n->a, "print")) leave_unread(n);
  Opnd callee = expr(f, n->a);
  int first = arguments(f, n);
  f->line = line;
  if (s.nkw) emit(f, OP_CALL_KW, dst, callee, (int)n->list.len, first, ~keyword_names(f, n, s));
  else emit(f, OP_CALL, dst, callee, (int)n->list.len, first, 0);
}

/* ---- consumers of generator expressions ---- */

static Opnd builtin_constant(Fn *f, BuiltinId id) { return constant(f, SPECIAL(KIND_BUILTIN, id)); }

static void call_on(Fn *f, Opnd callee, int arg, int dst) { emit(f, OP_CALL, dst, callee, 1, arg, 0); }

static void consume_into(Fn *f, const Node *genexp, Kind kind, int dst) {
  int acc = temp(f);
  bool set = kind == KIND_SET || kind == KIND_FROZENSET;
  comprehension(f, genexp, set ? INTO_SET : kind == KIND_DICT ? INTO_PAIRS : INTO_LIST, NULL, acc);
  if (kind == KIND_TUPLE) emit(f, OP_LIST_TO_TUPLE, dst, acc, 0, 0, 0);
  else if (kind == KIND_FROZENSET) call_on(f, builtin_constant(f, BUILTIN_p_set_freeze), acc, dst);
  else emit(f, OP_MOVE, dst, acc, 0, 0, 0);
}

/* type(x)(generator expression): one copy of the code for each type that takes the items. */
static void consume_by_type(Fn *f, const Node *n, int dst) {
  enum { NKINDS = 5 };
  static const Kind kinds[NKINDS] = {KIND_TUPLE, KIND_FROZENSET, KIND_SET, KIND_LIST, KIND_DICT};
  const Node *genexp = n->list.items[0];
  int type = temp(f), is = temp(f);
  expr_to(f, n->a, type);
  uint32_t done[NKINDS];
  for (int i = 0; i < NKINDS; i++) {
    emit(f, OP_IS, is, type, constant(f, v_type(kinds[i])), 0, 0);
    uint32_t other = emit_jump(f, OP_JUMP_IFNOT, is);
    int mark = f->next;
    consume_into(f, genexp, kinds[i], dst);
    f->next = mark;
    done[i] = emit_jump(f, OP_JUMP, 0);
    patch(f, other);
  }
  /* No other type takes a generator: it is an object that is no sequence, once the outermost iterable has
   * shown to be one. */
  emit(f, OP_GET_ITER, is, expr(f, genexp->list.items[0]->b), 0, 0, 0);
  emit(f, OP_MOVE, is, constant(f, f->c->logger), 0, 0, 0);
  call_on(f, type, is, dst);
  for (int i = 0; i < NKINDS; i++) patch(f, done[i]);
}

/* tuple(map(f, x)) and the like without the iterator between. StopIteration out of f ends it, as it
 * would the iterator. */
static void consume_map(Fn *f, const Node *map, Kind kind, int dst) {
  int acc = temp(f), iter = temp(f), item = temp(f), exc = temp(f), stop = temp(f);
  bool set = kind == KIND_SET || kind == KIND_FROZENSET;
  Opnd function = expr(f, map->list.items[0]);
  emit(f, OP_GET_ITER, iter, expr(f, map->list.items[1]), 0, 0, 0);
  emit(f, set ? OP_BUILD_SET : OP_BUILD_LIST, acc, 0, 0, acc, 0);
  uint32_t top = f->ncode;
  uint32_t step = emit_jump(f, OP_FOR_ITER, item);
  f->code[step].b = (int16_t)iter;
  uint32_t at = emit(f, OP_CALL, item, function, 1, item, 0);
  emit(f, set ? OP_SET_ADD : OP_LIST_APPEND, acc, item, 0, 0, 0);
  emit(f, OP_JUMP, 0, 0, 0, (int)top, 0);
  uint32_t handler = f->ncode;
  emit(f, OP_MATCH_CLASS, stop, exc, constant(f, v_type(TYPE_ERROR_BASE + ERR_StopIteration)), 0, 0);
  uint32_t ended = emit_jump(f, OP_JUMP_IF, stop);
  emit(f, OP_RERAISE, exc, 0, 0, 0, 0);
  add_handler(f, at, at + 1, handler, exc, HANDLER_EXCEPT);
  patch(f, step);
  patch(f, ended);
  if (kind == KIND_TUPLE) emit(f, OP_LIST_TO_TUPLE, dst, acc, 0, 0, 0);
  else if (kind == KIND_FROZENSET) call_on(f, builtin_constant(f, BUILTIN_p_set_freeze), acc, dst);
  else emit(f, OP_MOVE, dst, acc, 0, 0, 0);
}

/* map(f, x) with the builtin, as the only argument. */
static const Node *only_map(Fn *f, const Node *n) {
  const Node *arg = n->list.len == 1 ? n->list.items[0] : NULL;
  if (!arg || arg->kind != N_CALL || arg->list.len != 2 || !is_plain_builtin(f->c, f->m, f->scope, arg->a, "map"))
    return NULL;
  for (int i = 0; i < 2; i++) {
    NodeKind k = (NodeKind)arg->list.items[i]->kind;
    if (k == N_STAR || k == N_KEYWORD || k == N_DOUBLESTAR || k == N_GENEXP) return NULL;
  }
  return arg;
}

static bool consumer_call(Fn *f, const Node *n, int dst) {
  static const struct { const char *name; Kind kind; } types[] = {
      {"tuple", KIND_TUPLE}, {"list", KIND_LIST}, {"set", KIND_SET}, {"frozenset", KIND_FROZENSET}};
  static const struct { const char *name; Consumer into; } folds[] = {
      {"sum", INTO_SUM}, {"any", INTO_ANY}, {"all", INTO_ALL}, {"max", INTO_MAX}, {"min", INTO_MIN}, {"next", INTO_NEXT}};
  const Node *map = n->a->kind == N_NAME ? only_map(f, n) : NULL;
  for (int i = 0; map && i < 4; i++)
    if (is_plain_builtin(f->c, f->m, f->scope, n->a, types[i].name)) {
      consume_map(f, map, types[i].kind, dst);
      return true;
    }
  if (!n->list.len || n->list.items[0]->kind != N_GENEXP || !(n->list.items[0]->flags & NODE_INLINE)) return false;
  const Node *genexp = n->list.items[0];
  if (n->a->kind != N_NAME) {
    consume_by_type(f, n, dst);
    return true;
  }
  for (int i = 0; i < 4; i++)
    if (!strcmp(n->a->name, types[i].name)) {
      consume_into(f, genexp, types[i].kind, dst);
      return true;
    }
  for (int i = 0; i < 6; i++)
    if (!strcmp(n->a->name, folds[i].name)) {
      const Node *second = n->list.len > 1 ? n->list.items[1] : NULL;
      comprehension(f, genexp, folds[i].into, second && second->kind == N_KEYWORD ? second->a : second, dst);
      return true;
    }
  return false;
}

void call(Fn *f, const Node *n, int dst) {
  Shape s = shape_of(n);
  if (consumer_call(f, n, dst)) return;
  if (s.spread) spread_call(f, n, dst);
  else plain_call(f, n, s, dst);
}
