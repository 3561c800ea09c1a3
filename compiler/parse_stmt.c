/* parse_stmt.c - statements. */
#include "parse.h"

static Node *statement(Parser *p, uint32_t i);

/* The statements of a block, pushed. */
static void push_block(Parser *p, uint32_t i) {
  if (!enter_nesting(p, i)) return;
  CST_CHILDREN(p, i, k) if (p->cst[k].symbol != CST_T_SEMICOLON) push_node(p, statement(p, k));
  leave_nesting(p);
}

static NodeList block(Parser *p, uint32_t i) {
  uint32_t from = p->top;
  push_block(p, i);
  if (p->top == from && !p->nerrors) syntax_error(p, i, "expected an indented block");
  return take_nodes(p, from);
}

/* The block among the children of a statement or clause. */
static NodeList body_of(Parser *p, uint32_t i) {
  uint32_t k = cst_child(p, i, CST_BLOCK);
  if (k) return block(p, k);
  if (!p->nerrors) syntax_error(p, i, "expected an indented block");
  return (NodeList){NULL, 0};
}

static NodeList loop_body(Parser *p, uint32_t i) {
  bool outer = p->in_loop;
  p->in_loop = true;
  NodeList list = body_of(p, i);
  p->in_loop = outer;
  return list;
}

static NodeList else_of(Parser *p, uint32_t i) {
  uint32_t k = cst_child(p, i, CST_ELSE);
  return k ? body_of(p, k) : (NodeList){NULL, 0};
}

static NodeList one_node(Parser *p, Node *n) {
  uint32_t from = p->top;
  push_node(p, n);
  return take_nodes(p, from);
}

/* `what` around the statement that it would be without `async`. */
static Node *asynchronous(Parser *p, uint32_t i, const char *what, Node *inner) {
  Node *n = unsupported(p, i, what);
  n->list = one_node(p, inner);
  return n;
}

/* ---- simple statements ---- */

static int augmented_op(uint8_t symbol) {
  switch (symbol) {
  case CST_T_IADD: return OP_IADD;
  case CST_T_ISUB: return OP_ISUB;
  case CST_T_IMUL: return OP_IMUL;
  case CST_T_IAND: return OP_IAND;
  case CST_T_IOR: return OP_IOR;
  case CST_T_IXOR: return OP_IXOR;
  case CST_T_ITRUEDIV: return OP_TRUEDIV;
  case CST_T_IFLOORDIV: return OP_FLOORDIV;
  case CST_T_IMOD: return OP_MOD;
  case CST_T_IPOW: return OP_POW;
  case CST_T_ILSHIFT: return OP_LSHIFT;
  case CST_T_IRSHIFT: return OP_RSHIFT;
  default: return -1;
  }
}

static Node *augmented(Parser *p, uint32_t i) {
  uint32_t op = next_of(p, i + 1);
  int code = augmented_op(p->cst[op].symbol);
  Node *n = new_node(p, N_AUGASSIGN, i);
  n->a = convert_list_expr(p, i + 1, ALLOW_STAR);
  check_target(p, n->a, TARGET_AUGMENTED);
  n->b = convert_list_expr(p, next_of(p, op), ALLOW_YIELD);
  if (code >= 0) {
    n->op = (uint16_t)code;
    return n;
  }
  n->op = OP_IMUL; /* for the names in it only: the node around says what it is */
  return asynchronous(p, i, "operator @=", n);
}

static Node *annotated(Parser *p, uint32_t i) {
  uint32_t type = cst_child(p, i, CST_TYPE), value = type ? next_of(p, type) : 0;
  Node *n = new_node(p, N_ANNASSIGN, i);
  n->a = convert_list_expr(p, i + 1, ALLOW_STAR);
  check_target(p, n->a, TARGET_ANNOTATED);
  n->c = convert_type(p, type);
  if (value < next_of(p, i)) n->b = convert_list_expr(p, next_of(p, value), ALLOW_YIELD);
  return n;
}

/* `a = b = value`: an assignment is the right side of another. */
static Node *assignment(Parser *p, uint32_t i) {
  if (cst_child(p, i, CST_TYPE)) return annotated(p, i);
  Node *n = new_node(p, N_ASSIGN, i);
  uint32_t from = p->top, value = i;
  while (p->cst[value].symbol == CST_ASSIGNMENT && !cst_child(p, value, CST_TYPE)) {
    Node *target = convert_list_expr(p, value + 1, ALLOW_STAR);
    check_target(p, target, TARGET_ASSIGN);
    push_node(p, target);
    value = right_operand(p, value);
  }
  n->list = take_nodes(p, from);
  if (p->cst[value].symbol == CST_ASSIGNMENT || p->cst[value].symbol == CST_AUGMENTED) {
    syntax_error(p, value, "expected an expression, saw another kind of assignment");
    return n;
  }
  n->b = convert_list_expr(p, value, ALLOW_YIELD);
  return n;
}

static Node *expression_statement(Parser *p, uint32_t i) {
  uint8_t symbol = p->cst[i + 1].symbol;
  if (symbol == CST_ASSIGNMENT) return assignment(p, i + 1);
  if (symbol == CST_AUGMENTED) return augmented(p, i + 1);
  Node *n = new_node(p, N_EXPR, i);
  if (next_of(p, i + 1) == next_of(p, i)) {
    n->a = convert_list_expr(p, i + 1, ALLOW_YIELD);
    return n;
  }
  uint32_t from = p->top; /* a tuple: its elements are the statement's own children */
  n->a = new_node(p, N_TUPLE, i);
  CST_CHILDREN(p, i, k) if (p->cst[k].symbol != CST_T_COMMA) push_node(p, convert_expr(p, k, ALLOW_STAR));
  n->a->list = take_nodes(p, from);
  return n;
}

static Node *return_statement(Parser *p, uint32_t i) {
  Node *n = new_node(p, N_RETURN, i);
  if (p->function != IN_DEF) syntax_error(p, i, "'return' outside function");
  if (i + 2 < next_of(p, i)) n->a = convert_list_expr(p, i + 2, 0);
  return n;
}

static Node *jump(Parser *p, uint32_t i, NodeKind kind) {
  if (!p->in_loop) syntax_error(p, i, kind == N_BREAK ? "'break' outside loop" : "'continue' not properly in loop");
  return new_node(p, kind, i);
}

static Node *delete_statement(Parser *p, uint32_t i) {
  Node *n = new_node(p, N_DELETE, i);
  Node *targets = convert_list_expr(p, i + 2, ALLOW_STAR);
  check_target(p, targets, TARGET_DELETE);
  bool several = targets->kind == N_TUPLE && !(targets->flags & NODE_PAREN);
  n->list = several ? targets->list : one_node(p, targets);
  return n;
}

static Node *assert_statement(Parser *p, uint32_t i) {
  Node *n = new_node(p, N_ASSERT, i);
  uint32_t comma = next_of(p, i + 2);
  n->a = convert_expr(p, i + 2, 0);
  if (comma >= next_of(p, i)) return n;
  n->b = convert_expr(p, comma + 1, 0);
  uint32_t rest = next_of(p, comma + 1);
  if (rest < next_of(p, i)) syntax_error(p, rest, "expected the end of the assert statement, saw ','");
  return n;
}

static Node *raise_statement(Parser *p, uint32_t i) {
  Node *n = new_node(p, N_RAISE, i);
  uint32_t from = cst_child(p, i, CST_T_FROM);
  if (i + 2 >= next_of(p, i)) return n;
  if (from == i + 2) {
    syntax_error(p, from, "expected an expression after 'raise', saw 'from'");
    return n;
  }
  n->a = convert_expr(p, i + 2, 0);
  if (p->cst[i + 2].symbol == CST_EXPRESSION_LIST) node_error(p, n->a, "expected one expression after 'raise'");
  if (from) n->b = convert_expr(p, from + 1, 0);
  return n;
}

static Node *scope_statement(Parser *p, uint32_t i, NodeKind kind) {
  Node *n = new_node(p, kind, i);
  uint32_t from = p->top;
  if (kind == N_NONLOCAL && p->function == IN_MODULE) syntax_error(p, i, "nonlocal declaration not allowed at module level");
  CST_CHILDREN(p, i, k) if (p->cst[k].symbol == CST_IDENTIFIER) push_node(p, convert_expr(p, k, 0));
  n->list = take_nodes(p, from);
  if (p->params) check_declared(p, &n->list, p->params, kind);
  return n;
}

/* ---- imports ---- */

/* Imports from __future__ come first, and only of what there is. */
static void check_future(Parser *p, const Node *n) {
  static const char *const features[] = {"nested_scopes", "generators", "division", "absolute_import",
      "with_statement", "print_function", "unicode_literals", "generator_stop", "annotations", "barry_as_FLUFL"};
  if (p->after_future) node_error(p, n, "from __future__ imports must occur at the beginning of the file");
  for (uint32_t k = 0; k < n->list.len; k++) {
    size_t f = 0, count = sizeof features / sizeof *features;
    while (f < count && strcmp(features[f], n->list.items[k]->name)) f++;
    if (f == count) node_error(p, n->list.items[k], "future feature %s is not defined", n->list.items[k]->name);
  }
}

/* `a.b.c`, whatever blanks are in it. */
static const char *dotted_name(Parser *p, uint32_t i) {
  size_t len = 0;
  char *name = pool_alloc(p->src->pool, p->cst[i].end - p->cst[i].start + 1);
  CST_CHILDREN(p, i, k) {
    if (p->cst[k].symbol != CST_IDENTIFIER) continue;
    const char *part = cst_name(p, k);
    size_t n = strlen(part);
    if (len) name[len++] = '.';
    memcpy(name + len, part, n);
    len += n;
  }
  return name;
}

static Node *alias(Parser *p, uint32_t i) {
  Node *n = new_node(p, N_ALIAS, i);
  bool renamed = p->cst[i].symbol == CST_ALIASED_IMPORT;
  uint32_t name = renamed ? i + 1 : i;
  n->name = dotted_name(p, name);
  if (renamed) n->name2 = cst_name(p, two_after(p, name));
  return n;
}

/* The names among the children from k on. */
static NodeList aliases(Parser *p, uint32_t i, uint32_t k) {
  uint32_t from = p->top;
  for (; k < next_of(p, i); k = next_of(p, k))
    if (p->cst[k].symbol == CST_DOTTED_NAME || p->cst[k].symbol == CST_ALIASED_IMPORT) push_node(p, alias(p, k));
  return take_nodes(p, from);
}

/* `import a,` is none, `from m import (a,)` is one. */
static void check_comma(Parser *p, uint32_t i) {
  uint32_t last = i;
  CST_CHILDREN(p, i, k) last = k;
  if (p->cst[last].symbol == CST_T_COMMA)
    syntax_error(p, last, "trailing comma not allowed without surrounding parentheses");
}

static void relative(Parser *p, uint32_t i, Node *n) {
  n->name = "";
  CST_CHILDREN(p, i, k) {
    if (p->cst[k].symbol == CST_DOTTED_NAME) n->name = dotted_name(p, k);
    if (p->cst[k].symbol != CST_IMPORT_PREFIX) continue;
    for (uint32_t at = p->cst[k].start; at < p->cst[k].end; at++) n->ival += p->text[at] == '.';
  }
}

static Node *from_import(Parser *p, uint32_t i) {
  Node *n = new_node(p, N_FROM, i);
  uint32_t module = i + 2;
  if (p->cst[i].symbol == CST_FUTURE) n->name = "__future__";
  else if (p->cst[module].symbol == CST_RELATIVE_IMPORT) relative(p, module, n);
  else n->name = dotted_name(p, module);
  n->list = aliases(p, i, next_of(p, module));
  if (cst_child(p, i, CST_WILDCARD) && p->function != IN_MODULE)
    syntax_error(p, i, "import * only allowed at module level");
  for (uint32_t k = 0; k < n->list.len; k++)
    if (strchr(n->list.items[k]->name, '.')) node_error(p, n->list.items[k], "expected a name without '.' to import");
  check_comma(p, i);
  if (!n->ival && !strcmp(n->name, "__future__")) check_future(p, n);
  return n;
}

static Node *import_statement(Parser *p, uint32_t i) {
  Node *n = new_node(p, N_IMPORT, i);
  n->list = aliases(p, i, i + 2);
  check_comma(p, i);
  return n;
}

/* ---- if, loops, try ---- */

/* Each elif is an IF, alone in the else of the one before. */
static Node *if_statement(Parser *p, uint32_t i) {
  Node *first = new_node(p, N_IF, i), *last = first;
  first->a = convert_expr(p, i + 2, ALLOW_WALRUS);
  first->list = body_of(p, i);
  CST_CHILDREN(p, i, k) {
    if (p->cst[k].symbol == CST_ELSE) {
      last->list2 = body_of(p, k);
    } else if (p->cst[k].symbol == CST_ELIF) {
      Node *n = new_node(p, N_IF, k);
      n->a = convert_expr(p, k + 2, ALLOW_WALRUS);
      n->list = body_of(p, k);
      last->list2 = one_node(p, n);
      last = n;
    }
  }
  return first;
}

static Node *while_statement(Parser *p, uint32_t i) {
  Node *n = new_node(p, N_WHILE, i);
  n->a = convert_expr(p, i + 2, ALLOW_WALRUS);
  n->list = loop_body(p, i);
  n->list2 = else_of(p, i);
  return n;
}

static Node *for_statement(Parser *p, uint32_t i) {
  Node *n = new_node(p, N_FOR, i);
  bool async = p->cst[i + 1].symbol == CST_T_ASYNC;
  uint32_t target = i + (async ? 3 : 2), iterable = two_after(p, target);
  n->a = convert_list_expr(p, target, ALLOW_STAR);
  check_target(p, n->a, TARGET_FOR);
  n->b = convert_list_expr(p, iterable, 0);
  n->list = loop_body(p, i);
  n->list2 = else_of(p, i);
  if (!async) return n;
  if (!p->in_async) syntax_error(p, i, "'async for' outside async function");
  return asynchronous(p, i, "async for", n);
}

/* The type and the name of an except clause. */
static void exception_type(Parser *p, uint32_t i, Node *n) {
  uint32_t type = i + 2, after = next_of(p, type), name = 0;
  if (p->cst[type].symbol == CST_AS_PATTERN) {
    name = right_operand(p, type);
    type++;
  } else if (p->cst[after].symbol == CST_T_COMMA) {
    syntax_error(p, type, "multiple exception types must be parenthesized");
    return;
  } else if (p->cst[after].symbol == CST_T_AS) {
    name = next_of(p, after);
  }
  n->a = convert_expr(p, type, ALLOW_STAR);
  if (!name) return;
  Node *target = convert_expr(p, name, 0);
  if (target->kind == N_NAME && !(target->flags & NODE_PAREN)) n->name = target->name;
  else node_error(p, target, "expected a name after 'as'");
}

/* `except *T` with a blank in it reads as a starred type. */
static Node *handler(Parser *p, uint32_t i, bool *group) {
  Node *n = new_node(p, N_HANDLER, i);
  *group = p->cst[i].symbol == CST_EXCEPT_GROUP;
  if (p->cst[i + 2].symbol != CST_T_COLON) exception_type(p, i, n);
  if (n->a && n->a->kind == N_STAR) {
    *group = true;
    n->a = n->a->a;
  }
  n->list = body_of(p, i);
  return n;
}

static Node *try_statement(Parser *p, uint32_t i) {
  Node *n = new_node(p, N_TRY, i);
  bool groups = false;
  n->list = body_of(p, i);
  uint32_t from = p->top;
  CST_CHILDREN(p, i, k) {
    if (p->cst[k].symbol != CST_EXCEPT && p->cst[k].symbol != CST_EXCEPT_GROUP) continue;
    bool group;
    push_node(p, handler(p, k, &group));
    if (p->top > from + 1 && group != groups) syntax_error(p, k, "cannot have both 'except' and 'except*' on the same 'try'");
    groups = group;
  }
  n->list2 = take_nodes(p, from);
  for (uint32_t k = 0; k + 1 < n->list2.len; k++)
    if (!n->list2.items[k]->a) node_error(p, n->list2.items[k], "default 'except:' must be last");
  n->list3 = else_of(p, i);
  uint32_t finally = cst_child(p, i, CST_FINALLY);
  if (finally) n->list4 = body_of(p, finally);
  return groups ? asynchronous(p, i, "except*", n) : n;
}

/* ---- def, class ---- */

/* A body whose loops and comprehensions are its own. */
static NodeList scope_body(Parser *p, uint32_t i, FunctionContext context, const Node *params, bool async) {
  FunctionContext function = p->function;
  const NodeList *outer_params = p->params;
  bool in_loop = p->in_loop, in_async = p->in_async, in_comprehension = p->in_comprehension;
  p->function = context;
  p->in_loop = p->in_comprehension = false;
  p->in_async = async;
  p->params = params ? &params->list : NULL;
  NodeList list = body_of(p, i);
  p->params = outer_params;
  p->function = function;
  p->in_loop = in_loop;
  p->in_async = in_async;
  p->in_comprehension = in_comprehension;
  return list;
}

/* Type parameters came with Python 3.12. */
static void check_no_type_parameters(Parser *p, uint32_t i) {
  uint32_t k = cst_child(p, i, CST_TYPE_PARAMETER);
  if (k) syntax_error(p, k, "expected '(', saw '['");
}

static Node *def(Parser *p, uint32_t i, NodeList decorators) {
  bool async = p->cst[i + 1].symbol == CST_T_ASYNC;
  Node *n = new_node(p, N_DEF, i);
  uint32_t type = cst_child(p, i, CST_TYPE);
  check_no_type_parameters(p, i);
  n->name = cst_name(p, cst_child(p, i, CST_IDENTIFIER));
  n->a = convert_params(p, cst_child(p, i, CST_PARAMETERS), i);
  if (type) n->b = convert_type(p, type);
  n->list2 = decorators;
  n->list = scope_body(p, i, IN_DEF, n->a, async);
  return async ? asynchronous(p, i, "async def", n) : n;
}

static Node *class(Parser *p, uint32_t i, NodeList decorators) {
  Node *n = new_node(p, N_CLASS, i);
  uint32_t bases = cst_child(p, i, CST_ARGUMENTS), from = p->top;
  check_no_type_parameters(p, i);
  n->name = cst_name(p, cst_child(p, i, CST_IDENTIFIER));
  if (bases) convert_arguments(p, bases);
  n->list3 = take_nodes(p, from);
  check_call(p, &n->list3);
  n->list2 = decorators;
  n->list = scope_body(p, i, IN_CLASS, NULL, false);
  return n;
}

static Node *decorated(Parser *p, uint32_t i) {
  uint32_t from = p->top, last = i;
  CST_CHILDREN(p, i, k) {
    if (p->cst[k].symbol == CST_DECORATOR) push_node(p, convert_expr(p, k + 2, ALLOW_WALRUS));
    else last = k;
  }
  NodeList decorators = take_nodes(p, from);
  return p->cst[last].symbol == CST_CLASS ? class(p, last, decorators) : def(p, last, decorators);
}

/* ---- statements outside the subset: what they bind and contain is kept, for the scopes ---- */

static Node *assign_to(Parser *p, uint32_t i, Node *target, Node *value) {
  Node *n = new_node(p, N_ASSIGN, i);
  n->list = one_node(p, target);
  n->b = value;
  return n;
}

static void push_with_item(Parser *p, uint32_t i) {
  if (p->cst[i].symbol == CST_AS_PATTERN) {
    Node *value = convert_expr(p, i + 1, 0);
    Node *target = convert_list_expr(p, right_operand(p, i), 0);
    check_target(p, target, TARGET_WITH);
    push_node(p, assign_to(p, i, target, value));
    return;
  }
  Node *n = new_node(p, N_EXPR, i);
  n->a = convert_expr(p, i, 0);
  push_node(p, n);
}

/* `with (a as b, c as d):` reads as a tuple. */
static void push_with(Parser *p, uint32_t i) {
  CST_CHILDREN(p, i, k) {
    if (p->cst[k].symbol != CST_WITH_ITEM) continue;
    uint32_t value = k + 1;
    bool group = p->cst[value].symbol == CST_TUPLE || p->cst[value].symbol == CST_PARENTHESIZED;
    if (!group || !cst_child(p, value, CST_AS_PATTERN)) {
      push_with_item(p, value);
      continue;
    }
    CST_CHILDREN(p, value, item) {
      uint8_t s = p->cst[item].symbol;
      if (s < CST_T_COMMA || s > CST_T_CLOSE_BRACE) push_with_item(p, item);
    }
  }
}

static Node *with_statement(Parser *p, uint32_t i) {
  bool async = p->cst[i + 1].symbol == CST_T_ASYNC;
  Node *n = unsupported(p, i, async ? "async with" : "with");
  uint32_t from = p->top, body = cst_child(p, i, CST_BLOCK);
  if (async && !p->in_async) syntax_error(p, i, "'async with' outside async function");
  push_with(p, cst_child(p, i, CST_WITH_CLAUSE));
  uint32_t before = p->top;
  if (body) push_block(p, body);
  if (p->top == before && !p->nerrors) syntax_error(p, i, "expected an indented block");
  n->list = take_nodes(p, from);
  return n;
}

/* The names that a pattern captures. */
static void push_captures(Parser *p, uint32_t pattern) {
  for (uint32_t k = pattern + 1; k < next_of(p, pattern); k++) {
    uint8_t parent = p->cst[k - 1].symbol;
    if (p->cst[k].symbol != CST_IDENTIFIER || next_of(p, k) != k + 1) continue;
    if (parent == CST_KEYWORD_PATTERN) continue;
    if (parent == CST_DOTTED_NAME && (next_of(p, k - 1) != k + 1 || p->cst[k - 2].symbol == CST_CLASS_PATTERN)) continue;
    Node *name = new_node(p, N_NAME, k);
    name->name = cst_name(p, k);
    push_node(p, assign_to(p, k, name, new_node(p, N_NONE, k)));
  }
}

static void push_case(Parser *p, uint32_t i) {
  CST_CHILDREN(p, i, k) {
    switch (p->cst[k].symbol) {
    case CST_CASE_PATTERN: push_captures(p, k); break;
    case CST_IF_CLAUSE: {
      Node *n = new_node(p, N_EXPR, k);
      n->a = convert_expr(p, k + 2, ALLOW_WALRUS);
      push_node(p, n);
      break;
    }
    case CST_BLOCK: push_block(p, k); break;
    default: break;
    }
  }
}

static Node *match_statement(Parser *p, uint32_t i) {
  Node *n = unsupported(p, i, "match");
  uint32_t from = p->top, body = cst_child(p, i, CST_BLOCK);
  for (uint32_t k = i + 2; k < next_of(p, i) && p->cst[k].symbol != CST_T_COLON; k = next_of(p, k)) {
    if (p->cst[k].symbol == CST_T_COMMA) continue;
    Node *subject = new_node(p, N_EXPR, k);
    subject->a = convert_expr(p, k, ALLOW_WALRUS | ALLOW_STAR);
    push_node(p, subject);
  }
  if (body) CST_CHILDREN(p, body, k) if (p->cst[k].symbol == CST_CASE) push_case(p, k);
  n->list = take_nodes(p, from);
  return n;
}

static Node *compound(Parser *p, uint32_t i) {
  const NodeList none = {NULL, 0};
  switch (p->cst[i].symbol) {
  case CST_IF: return if_statement(p, i);
  case CST_FOR: return for_statement(p, i);
  case CST_WHILE: return while_statement(p, i);
  case CST_TRY: return try_statement(p, i);
  case CST_WITH: return with_statement(p, i);
  case CST_MATCH: return match_statement(p, i);
  case CST_DEF: return def(p, i, none);
  case CST_CLASS: return class(p, i, none);
  case CST_DECORATED: return decorated(p, i);
  default: syntax_error(p, i, "expected a statement, saw '%.*s'", CST_TEXT(p, i)); return new_node(p, N_PASS, i);
  }
}

static Node *statement(Parser *p, uint32_t i) {
  switch (p->cst[i].symbol) {
  case CST_EXPRESSION_STATEMENT: return expression_statement(p, i);
  case CST_RETURN: return return_statement(p, i);
  case CST_PASS: return new_node(p, N_PASS, i);
  case CST_BREAK: return jump(p, i, N_BREAK);
  case CST_CONTINUE: return jump(p, i, N_CONTINUE);
  case CST_DELETE: return delete_statement(p, i);
  case CST_ASSERT: return assert_statement(p, i);
  case CST_RAISE: return raise_statement(p, i);
  case CST_GLOBAL: return scope_statement(p, i, N_GLOBAL);
  case CST_NONLOCAL: return scope_statement(p, i, N_NONLOCAL);
  case CST_IMPORT: return import_statement(p, i);
  case CST_FROM:
  case CST_FUTURE: return from_import(p, i);
  default: return compound(p, i);
  }
}

static bool is_docstring(const Node *n) { return n->kind == N_EXPR && n->a->kind == N_STR; }

static bool is_future(const Node *n) { return n->kind == N_FROM && !n->ival && !strcmp(n->name, "__future__"); }

Node *convert_module(Parser *p) {
  Node *n = new_node(p, N_MODULE, 0);
  n->line = n->col = 1;
  CST_CHILDREN(p, 0, k) {
    if (p->cst[k].symbol == CST_T_SEMICOLON) continue;
    Node *s = statement(p, k);
    p->after_future |= !is_future(s) && (p->top || !is_docstring(s));
    push_node(p, s);
  }
  n->list = take_nodes(p, 0);
  return n;
}
