/* parse_expr.c - expressions.
 *
 * Left-recursive forms (a + b + c, a.b().c, ..) nest as deep as they are long. Their operands lie at
 * i, i + 1, i + 2, .. of the flat tree, so a chain is converted in a loop from the innermost out. */
#include "parse.h"

enum { MAX_CHAIN = 3000 }; /* CPython's compiler gives up near this length */

static bool is_chain(uint8_t symbol) { return symbol >= CST_BINARY && symbol <= CST_CONDITIONAL; }


/* ---- operators ---- */

/* Lambdas and conditional expressions stand in few places without parentheses. */
static Node *simple(Parser *p, Node *n, const char *where) {
  if ((n->kind == N_LAMBDA || n->kind == N_IFEXP) && !(n->flags & NODE_PAREN))
    node_error(p, n, "%s needs parentheses %s", n->kind == N_LAMBDA ? "a lambda" : "a conditional expression", where);
  return n;
}

/* What `*` and `**` unpack inside a display: nothing that binds looser than `|`. */
static void check_unpacked(Parser *p, const Node *n) {
  bool loose = n->kind == N_LAMBDA || n->kind == N_IFEXP || n->kind == N_AND || n->kind == N_OR || n->kind == N_NOT ||
               n->kind == N_COMPARE;
  if (loose && !(n->flags & NODE_PAREN)) node_error(p, n, "expected parentheses around what is unpacked");
}

static int binary_op(uint8_t symbol) {
  switch (symbol) {
  case CST_T_ADD: return OP_ADD;
  case CST_T_SUB: return OP_SUB;
  case CST_T_MUL: return OP_MUL;
  case CST_T_TRUEDIV: return OP_TRUEDIV;
  case CST_T_FLOORDIV: return OP_FLOORDIV;
  case CST_T_MOD: return OP_MOD;
  case CST_T_POW: return OP_POW;
  case CST_T_BITAND: return OP_BITAND;
  case CST_T_BITOR: return OP_BITOR;
  case CST_T_BITXOR: return OP_BITXOR;
  case CST_T_LSHIFT: return OP_LSHIFT;
  case CST_T_RSHIFT: return OP_RSHIFT;
  default: return -1;
  }
}

static int compare_op(uint8_t symbol) {
  switch (symbol) {
  case CST_T_LT: return OP_LT;
  case CST_T_LE: return OP_LE;
  case CST_T_EQ: return OP_EQ;
  case CST_T_NE: return OP_NE;
  case CST_T_GE: return OP_GE;
  case CST_T_GT: return OP_GT;
  case CST_T_IN: return OP_IN;
  case CST_T_NOT_IN: return OP_NOT_IN;
  case CST_T_IS: return OP_IS;
  case CST_T_IS_NOT: return OP_IS_NOT;
  default: return -1;
  }
}

static bool is_open_xor(const Node *n) {
  return n->kind == N_BINARY && n->op == OP_BITXOR && !(n->flags & NODE_PAREN);
}

/* The grammar lets ^ bind tighter than &; Python, the other way round. `and` is the & of `left` and `right`, which
 * may be open chains of ^: its operands become the last of the one and the first of the other. */
static Node *regroup_and(Node *and, Node *left, Node *right) {
  Node *first = NULL;
  for (Node *n = right; is_open_xor(n); n = n->a) {
    n->line = left->line;
    n->col = left->col;
    first = n;
  }
  and->a = left;
  and->b = first ? first->a : right;
  Node *inner = and;
  if (is_open_xor(left)) {
    and->a = left->b;
    and->line = left->b->line;
    and->col = left->b->col;
    left->b = and;
    inner = left;
  }
  if (!first) return inner;
  first->a = inner;
  return right;
}

/* `left op right`; matrix multiplication has no instruction. */
static Node *binary(Parser *p, uint32_t i, Node *left) {
  uint32_t op = next_of(p, i + 1), right = next_of(p, op);
  int code = binary_op(p->cst[op].symbol);
  Node *n = new_node(p, code < 0 ? N_UNSUPPORTED : N_BINARY, i);
  Node *other = convert_expr(p, right, 0);
  if (code >= 0) {
    n->op = (uint16_t)code;
    if (code == OP_BITAND) return regroup_and(n, left, other);
    n->a = left;
    n->b = other;
    return n;
  }
  uint32_t from = p->top;
  n->name = "operator @";
  push_node(p, left);
  push_node(p, other);
  n->list = take_nodes(p, from);
  return n;
}

static Node *comparison(Parser *p, uint32_t i, Node *left) {
  Node *n = new_node(p, N_COMPARE, i);
  uint32_t from = p->top, nops = 0;
  push_node(p, left);
  CST_CHILDREN(p, i, k) nops++;
  n->ops = pool_alloc(p->src->pool, nops * sizeof *n->ops);
  nops = 0;
  for (uint32_t op = next_of(p, i + 1); op < next_of(p, i);) {
    uint32_t right = next_of(p, op);
    int code = compare_op(p->cst[op].symbol);
    if (code < 0) syntax_error(p, op, "expected '!=', saw '%.*s'", CST_TEXT(p, op));
    n->ops[nops++] = (uint16_t)(code < 0 ? OP_NE : code);
    push_node(p, convert_expr(p, right, 0));
    op = next_of(p, right);
  }
  n->list = take_nodes(p, from);
  return n;
}

static bool is_and(const Parser *p, uint32_t i) { return p->cst[next_of(p, i + 1)].symbol == CST_T_AND; }


/* A run of `and`s, or of `or`s, that ends at *i and goes out to `outermost`: one node. */
static Node *boolean(Parser *p, uint32_t *i, uint32_t outermost, Node *left) {
  bool and = is_and(p, *i);
  const char *operand = and ? "beside 'and'" : "beside 'or'";
  uint32_t from = p->top;
  push_node(p, simple(p, left, operand));
  push_node(p, simple(p, convert_expr(p, right_operand(p, *i), 0), operand));
  while (*i > outermost && p->cst[*i - 1].symbol == CST_BOOLEAN && is_and(p, *i - 1) == and)
    push_node(p, simple(p, convert_expr(p, right_operand(p, --*i), 0), operand));
  Node *n = new_node(p, and ? N_AND : N_OR, *i);
  n->list = take_nodes(p, from);
  return n;
}

static Node *conditional(Parser *p, uint32_t i, Node *then) {
  Node *n = new_node(p, N_IFEXP, i);
  uint32_t condition = right_operand(p, i);
  n->b = simple(p, then, "before 'if'");
  n->a = simple(p, convert_expr(p, condition, 0), "as a condition");
  n->c = convert_expr(p, two_after(p, condition), 0);
  return n;
}

static Node *unary(Parser *p, uint32_t i) {
  Node *n = new_node(p, N_UNARY, i);
  uint8_t op = p->cst[i + 1].symbol;
  n->op = op == CST_T_SUB ? OP_NEG : op == CST_T_ADD ? OP_POS : OP_BITNOT;
  n->a = convert_expr(p, i + 2, 0);
  return n;
}

/* ---- trailers ---- */

static Node *attribute(Parser *p, uint32_t i, Node *value) {
  Node *n = new_node(p, N_ATTRIBUTE, i);
  n->a = value;
  uint32_t name = right_operand(p, i);
  n->name = cst_name(p, name);
  n->line = p->cst[name].row + 1; /* where CPython says that it is missing */
  return n;
}

static Node *slice(Parser *p, uint32_t i) {
  Node *n = new_node(p, N_SLICE, i);
  Node **part = &n->a;
  CST_CHILDREN(p, i, k) {
    if (p->cst[k].symbol == CST_T_COLON) part = part == &n->a ? &n->b : &n->c;
    else *part = convert_expr(p, k, 0);
  }
  return n;
}

static Node *index_item(Parser *p, uint32_t i) {
  return p->cst[i].symbol == CST_SLICE ? slice(p, i) : convert_expr(p, i, ALLOW_WALRUS | ALLOW_STAR);
}

static Node *subscript(Parser *p, uint32_t i, Node *value) {
  Node *n = new_node(p, N_SUBSCRIPT, i);
  uint32_t first = right_operand(p, i), from = p->top; /* after '[' */
  bool comma = false;
  n->a = value;
  for (uint32_t k = first; k < next_of(p, i); k = next_of(p, k)) {
    if (p->cst[k].symbol == CST_T_COMMA) comma = true;
    else if (p->cst[k].symbol != CST_T_CLOSE_SQUARE) push_node(p, index_item(p, k));
  }
  if (comma || p->stack[from]->kind == N_STAR) {
    n->b = new_node(p, N_TUPLE, first);
    n->b->list = take_nodes(p, from);
  } else {
    n->b = p->stack[from];
    p->top = from;
  }
  return n;
}

static Node *starred(Parser *p, uint32_t i, NodeKind kind) {
  Node *n = new_node(p, kind, i);
  n->a = convert_expr(p, i + 2, 0);
  return n;
}

static Node *keyword_argument(Parser *p, uint32_t i) {
  Node *n = new_node(p, N_KEYWORD, i);
  n->name = cst_name(p, i + 1);
  n->a = convert_expr(p, right_operand(p, i), 0);
  return n;
}

/* The grammar takes `f(,)` and `{,}`. */
static void check_lone_comma(Parser *p, uint32_t i) {
  if (p->cst[i + 2].symbol == CST_T_COMMA) syntax_error(p, i + 2, "expected an expression, saw ','");
}

void convert_arguments(Parser *p, uint32_t i) {
  check_lone_comma(p, i);
  CST_CHILDREN(p, i, k) {
    switch (p->cst[k].symbol) {
    case CST_T_OPEN:
    case CST_T_CLOSE:
    case CST_T_COMMA: break;
    case CST_KEYWORD_ARGUMENT: push_node(p, keyword_argument(p, k)); break;
    case CST_DICT_SPLAT: push_node(p, starred(p, k, N_DOUBLESTAR)); break;
    default: push_node(p, convert_expr(p, k, ALLOW_WALRUS | ALLOW_STAR));
    }
  }
}

static Node *call(Parser *p, uint32_t i, Node *callee) {
  Node *n = new_node(p, N_CALL, i);
  uint32_t args = next_of(p, i + 1), from = p->top;
  n->a = callee;
  if (p->cst[args].symbol == CST_ARGUMENTS) convert_arguments(p, args);
  else push_node(p, convert_expr(p, args, 0));
  n->list = take_nodes(p, from);
  check_call(p, &n->list);
  return n;
}

/* ---- displays and comprehensions ---- */

static void elements(Parser *p, uint32_t i) {
  CST_CHILDREN(p, i, k) {
    uint8_t s = p->cst[k].symbol;
    if (s >= CST_T_COMMA && s <= CST_T_CLOSE_BRACE) continue;
    Node *n = convert_expr(p, k, ALLOW_WALRUS | ALLOW_STAR);
    if (n->kind == N_STAR) check_unpacked(p, n->a);
    push_node(p, n);
  }
}

static Node *display(Parser *p, uint32_t i, NodeKind kind) {
  uint32_t from = p->top;
  Node *n = new_node(p, kind, i);
  elements(p, i);
  n->list = take_nodes(p, from);
  return n;
}

/* `(a, b)`, also as a target; there `(a)` is one too. */
static Node *tuple(Parser *p, uint32_t i) {
  Node *n = display(p, i, N_TUPLE);
  n->flags |= NODE_PAREN;
  if (n->list.len != 1 || cst_child(p, i, CST_T_COMMA)) return n;
  Node *only = n->list.items[0];
  if (only->kind == N_STAR) syntax_error(p, i, "cannot use starred expression here");
  only->flags |= NODE_PAREN;
  return only;
}

static Node *parenthesized(Parser *p, uint32_t i) {
  Node *n = convert_expr(p, i + 2, ALLOW_WALRUS | ALLOW_YIELD);
  n->flags |= NODE_PAREN;
  return n;
}

static Node *dictionary(Parser *p, uint32_t i) {
  uint32_t from = p->top;
  Node *n = new_node(p, N_DICT, i);
  check_lone_comma(p, i);
  CST_CHILDREN(p, i, k) {
    if (p->cst[k].symbol == CST_PAIR) {
      push_node(p, convert_expr(p, k + 1, 0));
      push_node(p, convert_expr(p, right_operand(p, k), 0));
    } else if (p->cst[k].symbol == CST_DICT_SPLAT) {
      push_node(p, NULL);
      push_node(p, convert_expr(p, k + 2, 0));
      check_unpacked(p, p->stack[p->top - 1]);
    }
  }
  n->list = take_nodes(p, from);
  return n;
}

/* `for target in iterable`; *async when it is an asynchronous one. The first iterable belongs to the scope outside,
 * where the comprehension itself stands. */
static Node *for_in(Parser *p, uint32_t i, bool first, bool outside, bool *async) {
  Node *n = new_node(p, N_COMPFOR, i);
  uint32_t k = i + 1;
  if (p->cst[k].symbol == CST_T_ASYNC) {
    *async = true;
    k = next_of(p, k);
  }
  uint32_t target = next_of(p, k), iterable = two_after(p, target);
  n->a = convert_list_expr(p, target, ALLOW_STAR);
  check_target(p, n->a, TARGET_FOR);
  if (first) p->in_comprehension = outside;
  n->b = convert_expr(p, iterable, 0);
  p->in_comprehension = true;
  simple(p, n->b, "as a comprehension's iterable");
  if (next_of(p, iterable) < next_of(p, i))
    syntax_error(p, next_of(p, iterable), "expected parentheses around the tuple that a comprehension iterates over");
  return n;
}

/* The for and if clauses after the element, into `list`; true when asynchronous. */
static bool clauses(Parser *p, uint32_t i, NodeList *list) {
  uint32_t from = p->top, conditions = 0;
  Node *clause = NULL;
  bool async = false, outside = p->in_comprehension;
  p->in_comprehension = true;
  CST_CHILDREN(p, i, k) {
    if (p->cst[k].symbol == CST_IF_CLAUSE && clause) {
      push_node(p, convert_expr(p, k + 2, 0));
      simple(p, p->stack[p->top - 1], "in a comprehension's condition");
    } else if (p->cst[k].symbol == CST_FOR_IN) {
      if (clause) clause->list = take_nodes(p, conditions);
      clause = for_in(p, k, !clause, outside, &async);
      push_node(p, clause);
      conditions = p->top;
    }
  }
  if (clause) clause->list = take_nodes(p, conditions);
  *list = take_nodes(p, from);
  return async;
}

static Node *comprehension(Parser *p, uint32_t i, NodeKind kind) {
  Node *n = new_node(p, kind, i);
  bool outer = p->in_comprehension, async = clauses(p, i, &n->list);
  if (kind == N_DICTCOMP) {
    n->a = convert_expr(p, i + 3, 0);
    n->b = convert_expr(p, right_operand(p, i + 2), 0);
  } else {
    n->a = convert_expr(p, i + 2, ALLOW_WALRUS);
  }
  p->in_comprehension = outer;
  if (!async) return n;
  Node *whole = unsupported(p, i, "asynchronous comprehension");
  uint32_t from = p->top;
  push_node(p, n);
  whole->list = take_nodes(p, from);
  return whole;
}

/* ---- the rest ---- */

static Node *wrapping(Parser *p, uint32_t i, const char *what, Node *inner) {
  uint32_t from = p->top;
  Node *n = unsupported(p, i, what);
  push_node(p, inner);
  n->list = take_nodes(p, from);
  return n;
}

static Node *lambda(Parser *p, uint32_t i) {
  Node *n = new_node(p, N_LAMBDA, i);
  uint32_t params = cst_child(p, i, CST_LAMBDA_PARAMETERS), body = i + 1;
  CST_CHILDREN(p, i, k) body = k;
  n->a = convert_params(p, params, i);
  FunctionContext function = p->function;
  bool in_comprehension = p->in_comprehension;
  p->function = IN_LAMBDA;
  p->in_comprehension = false;
  n->b = convert_expr(p, body, 0);
  p->function = function;
  p->in_comprehension = in_comprehension;
  return n;
}

static Node *yield(Parser *p, uint32_t i) {
  Node *n = new_node(p, N_YIELD, i);
  uint32_t value = i + 2;
  if (p->function != IN_DEF && p->function != IN_LAMBDA) syntax_error(p, i, "'yield' outside function");
  else if (p->in_comprehension) syntax_error(p, i, "'yield' inside a comprehension");
  if (value >= next_of(p, i)) return n;
  bool from = p->cst[value].symbol == CST_T_FROM;
  n->a = from ? convert_expr(p, value + 1, 0) : convert_list_expr(p, value, 0);
  return from ? wrapping(p, i, "yield from", n) : n;
}

static Node *named(Parser *p, uint32_t i) {
  Node *n = new_node(p, N_NAMEDEXPR, i);
  n->a = convert_expr(p, i + 1, 0);
  n->b = convert_expr(p, right_operand(p, i), 0);
  return n;
}

static Node *leaf(Parser *p, uint32_t i) {
  switch (p->cst[i].symbol) {
  case CST_IDENTIFIER: {
    Node *n = new_node(p, N_NAME, i);
    n->name = cst_name(p, i);
    return n;
  }
  case CST_INTEGER: return convert_int(p, i);
  case CST_FLOAT: return convert_float(p, i);
  case CST_TRUE: return new_node(p, N_TRUE, i);
  case CST_FALSE: return new_node(p, N_FALSE, i);
  case CST_NONE: return new_node(p, N_NONE, i);
  case CST_ELLIPSIS: return new_node(p, N_ELLIPSIS, i);
  case CST_STRING:
  case CST_CONCATENATED: return convert_string(p, i);
  default: return NULL;
  }
}

static Node *compound(Parser *p, uint32_t i) {
  switch (p->cst[i].symbol) {
  case CST_UNARY: return unary(p, i);
  case CST_NOT_OPERATOR: {
    Node *n = new_node(p, N_NOT, i);
    n->a = simple(p, convert_expr(p, i + 2, 0), "after 'not'");
    return n;
  }
  case CST_AWAIT:
    if (!p->in_async && !p->in_comprehension) syntax_error(p, i, "'await' outside async function");
    return wrapping(p, i, "await", convert_expr(p, i + 2, 0));
  case CST_LAMBDA: return lambda(p, i);
  case CST_NAMED_EXPRESSION: return named(p, i);
  case CST_YIELD: return yield(p, i);
  case CST_PARENTHESIZED: return parenthesized(p, i);
  case CST_TUPLE:
  case CST_TUPLE_PATTERN: return tuple(p, i);
  case CST_LIST:
  case CST_LIST_PATTERN: return display(p, i, N_LIST);
  case CST_SET: return display(p, i, N_SET);
  case CST_PATTERN_LIST:
  case CST_EXPRESSION_LIST: return display(p, i, N_TUPLE);
  case CST_DICTIONARY: return dictionary(p, i);
  case CST_LIST_COMPREHENSION: return comprehension(p, i, N_LISTCOMP);
  case CST_SET_COMPREHENSION: return comprehension(p, i, N_SETCOMP);
  case CST_DICT_COMPREHENSION: return comprehension(p, i, N_DICTCOMP);
  case CST_GENERATOR: return comprehension(p, i, N_GENEXP);
  case CST_LIST_SPLAT:
  case CST_LIST_SPLAT_PATTERN: return starred(p, i, N_STAR);
  case CST_TYPE: return convert_type(p, i);
  case CST_AS_TARGET: return convert_expr(p, i + 1, 0);
  default:
    syntax_error(p, i, "expected an expression, saw '%.*s'", CST_TEXT(p, i));
    return new_node(p, N_NONE, i);
  }
}

static Node *innermost(Parser *p, uint32_t i) {
  Node *n = leaf(p, i);
  if (n) return n;
  if (!enter_nesting(p, i)) return new_node(p, N_NONE, i);
  n = compound(p, i);
  leave_nesting(p);
  return n;
}

/* Node i of a chain, whose first operand is converted. */
static Node *link(Parser *p, uint32_t *i, uint32_t outermost, Node *n) {
  switch (p->cst[*i].symbol) {
  case CST_BINARY: return binary(p, *i, n);
  case CST_BOOLEAN: return boolean(p, i, outermost, n);
  case CST_COMPARISON: return comparison(p, *i, n);
  case CST_ATTRIBUTE: return attribute(p, *i, n);
  case CST_SUBSCRIPT: return subscript(p, *i, n);
  case CST_CALL: return call(p, *i, n);
  default: return conditional(p, *i, n);
  }
}

static Node *chain(Parser *p, uint32_t i) {
  uint32_t inner = i;
  while (is_chain(p->cst[inner].symbol)) inner++;
  Node *n = innermost(p, inner);
  if (inner == i || !enter_nesting(p, i)) return n;
  uint32_t length = 0;
  while (inner > i) {
    inner--;
    if (length++ == MAX_CHAIN) {
      syntax_error(p, inner, "expression too long: more than %d operators in a row", MAX_CHAIN);
      break;
    }
    /* The grammar reads `*a + b` as `(*a) + b`. */
    Node *star = n->kind == N_STAR && !(n->flags & NODE_PAREN) ? n : NULL;
    const Node *operand = star ? star->a : n;
    n = link(p, &inner, i, star ? star->a : n);
    if (star) {
      n->line = operand->line;
      n->col = operand->col;
      star->a = n;
      n = star;
    }
  }
  leave_nesting(p);
  return n;
}

Node *convert_expr(Parser *p, uint32_t i, int allow) {
  Node *n = chain(p, i);
  if (n->kind == N_NAMEDEXPR && !(allow & ALLOW_WALRUS) && !(n->flags & NODE_PAREN))
    node_error(p, n, "an assignment expression needs parentheses here");
  if (n->kind == N_STAR && !(allow & ALLOW_STAR)) node_error(p, n, "cannot use starred expression here");
  if (p->cst[i].symbol == CST_YIELD && !(allow & ALLOW_YIELD)) node_error(p, n, "'yield' needs parentheses here");
  return n;
}

/* A tuple without parentheses is the only place for stars here, and has none for `:=`. */
Node *convert_list_expr(Parser *p, uint32_t i, int allow) {
  uint8_t symbol = p->cst[i].symbol;
  Node *n = convert_expr(p, i, allow);
  if (symbol != CST_EXPRESSION_LIST && symbol != CST_PATTERN_LIST) return n;
  for (uint32_t k = 0; k < n->list.len; k++) {
    const Node *e = n->list.items[k];
    if (e->kind == N_NAMEDEXPR && !(e->flags & NODE_PAREN))
      node_error(p, e, "an assignment expression needs parentheses here");
  }
  return n;
}
