/* parse_param.c - parameters and annotations. */
#include "parse.h"

/* ---- annotations ---- */

static Node *any_type(Parser *p, uint32_t i, int allow);

static Node *type_index(Parser *p, uint32_t i) {
  uint32_t from = p->top;
  bool comma = false;
  CST_CHILDREN(p, i, k) {
    comma |= p->cst[k].symbol == CST_T_COMMA;
    if (p->cst[k].symbol == CST_TYPE) push_node(p, any_type(p, k, ALLOW_STAR | ALLOW_SLICE));
  }
  Node *n = p->stack[from];
  if (comma || n->kind == N_STAR) {
    n = new_node(p, N_TUPLE, i + 2);
    n->list = take_nodes(p, from);
  }
  p->top = from;
  return n;
}

static bool is_open_union(const Node *n) {
  return n->kind == N_BINARY && n->op == OP_BITOR && !(n->flags & NODE_PAREN);
}

/* The grammar nests `a | b | c` to the right when a is no plain expression. `or` has its left operand. */
static Node *join_union(Node *or, Node *right) {
  Node *first = NULL;
  for (Node *n = right; is_open_union(n); n = n->a) {
    n->line = or->line;
    n->col = or->col;
    first = n;
  }
  or->b = first ? first->a : right;
  if (!first) return or;
  first->a = or;
  return right;
}

/* Forms of annotations that the grammar does not read as expressions. */
static Node *special_type(Parser *p, uint32_t i, int allow) {
  Node *n;
  switch (p->cst[i].symbol) {
  case CST_GENERIC_TYPE:
    n = new_node(p, N_SUBSCRIPT, i);
    n->a = convert_expr(p, i + 1, 0);
    n->b = type_index(p, next_of(p, i + 1));
    return n;
  case CST_UNION_TYPE:
    n = new_node(p, N_BINARY, i);
    n->op = OP_BITOR;
    n->a = convert_type(p, i + 1);
    return join_union(n, convert_type(p, right_operand(p, i)));
  case CST_MEMBER_TYPE:
    n = new_node(p, N_ATTRIBUTE, i);
    n->a = convert_type(p, i + 1);
    n->name = cst_name(p, right_operand(p, i));
    return n;
  case CST_CONSTRAINED_TYPE:
    if (!(allow & ALLOW_SLICE)) syntax_error(p, next_of(p, i + 1), "unexpected ':' in an annotation");
    n = new_node(p, N_SLICE, i);
    n->a = convert_type(p, i + 1);
    n->b = convert_type(p, right_operand(p, i));
    return n;
  case CST_SPLAT_TYPE:
    if (!(allow & ALLOW_STAR) || p->cst[i + 1].symbol != CST_T_MUL)
      syntax_error(p, i, "cannot use starred expression here");
    n = new_node(p, N_STAR, i);
    n->a = convert_expr(p, i + 2, 0);
    return n;
  default: return convert_expr(p, i, allow & ALLOW_STAR);
  }
}

static Node *any_type(Parser *p, uint32_t i, int allow) {
  if (!enter_nesting(p, i)) return new_node(p, N_NONE, i);
  Node *n = special_type(p, p->cst[i].symbol == CST_TYPE ? i + 1 : i, allow);
  leave_nesting(p);
  return n;
}

Node *convert_type(Parser *p, uint32_t i) { return any_type(p, i, 0); }

/* ---- parameters ---- */

typedef struct {
  bool after_star, after_slash;
  Node *bare_star; /* a `*` that still needs a name after it */
} ParamState;

static Node *named_param(Parser *p, uint32_t i, ParamKind kind) {
  Node *n = new_node(p, N_PARAM, i);
  if (p->cst[i].symbol == CST_IDENTIFIER) {
    n->name = cst_name(p, i);
  } else {
    syntax_error(p, i, "expected a parameter's name, saw '%.*s'", CST_TEXT(p, i));
    n->name = "";
  }
  n->ival = kind;
  return n;
}

static Node *param(Parser *p, uint32_t i, ParamKind plain) {
  uint8_t symbol = p->cst[i].symbol;
  Node *n;
  switch (symbol) {
  case CST_LIST_SPLAT_PATTERN: return named_param(p, i + 2, PARAM_VARARGS);
  case CST_DICT_SPLAT_PATTERN: return named_param(p, i + 2, PARAM_VARKW);
  case CST_DEFAULT_PARAMETER:
    n = named_param(p, i + 1, plain);
    n->a = convert_expr(p, right_operand(p, i), 0);
    return n;
  case CST_TYPED_PARAMETER:
  case CST_TYPED_DEFAULT_PARAMETER: {
    uint32_t type = right_operand(p, i);
    n = param(p, i + 1, plain);
    n->b = any_type(p, type, n->ival == PARAM_VARARGS ? ALLOW_STAR : 0);
    if (symbol == CST_TYPED_DEFAULT_PARAMETER) n->a = convert_expr(p, two_after(p, type), 0);
    return n;
  }
  default: return named_param(p, i, plain);
  }
}

/* `*` and `/`: they are no parameters, but say what the ones around them are. */
static void separator(Parser *p, uint32_t i, ParamState *state, uint32_t from) {
  bool star = p->cst[i].symbol == CST_KEYWORD_SEPARATOR;
  if (star) {
    if (state->after_star) syntax_error(p, i, "only one '*' is allowed in a parameter list");
    state->after_star = true;
    state->bare_star = new_node(p, N_NONE, i);
    return;
  }
  if (state->after_slash) syntax_error(p, i, "only one '/' is allowed in a parameter list");
  if (state->after_star) syntax_error(p, i, "'/' must be ahead of '*'");
  if (p->top == from) syntax_error(p, i, "at least one parameter must precede '/'");
  state->after_slash = true;
  for (uint32_t k = from; k < p->top; k++) p->stack[k]->flags |= NODE_POSONLY;
}

/* Parameters of a def or lambda; i 0: none. */
Node *convert_params(Parser *p, uint32_t i, uint32_t owner) {
  Node *n = new_node(p, N_PARAMS, i ? i : owner);
  uint32_t from = p->top;
  ParamState state = {false, false, NULL};
  if (!i) return n;
  CST_CHILDREN(p, i, k) {
    uint8_t s = p->cst[k].symbol;
    if (s >= CST_T_COMMA && s <= CST_T_CLOSE_BRACE) continue;
    if (s == CST_KEYWORD_SEPARATOR || s == CST_POSITIONAL_SEPARATOR) {
      separator(p, k, &state, from);
      continue;
    }
    Node *each = param(p, k, state.after_star ? PARAM_KWONLY : PARAM_POSITIONAL);
    if (each->ival == PARAM_VARARGS) {
      if (state.after_star) node_error(p, each, "only one '*' is allowed in a parameter list");
      state.after_star = true;
    }
    if (each->ival == PARAM_KWONLY) state.bare_star = NULL;
    push_node(p, each);
  }
  if (state.bare_star) node_error(p, state.bare_star, "named parameters must follow bare '*'");
  n->list = take_nodes(p, from);
  check_params(p, &n->list);
  return n;
}
