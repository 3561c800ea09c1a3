/* parse_check.c - what the grammar accepts and Python does not: keywords as names, targets, the order of
 * parameters and of arguments. */
#include "parse.h"

#include <stdlib.h>

/* ---- keywords ---- */

bool is_keyword(const char *s, size_t len) {
  static const char *const by_length[] = {
      "as if in is or ", "and def del for not try ", "None True elif else from pass with ",
      "False async await break class raise while yield ", "assert except global import lambda return ",
      "finally ", "continue nonlocal "};
  if (len < 2 || len > 8) return false;
  for (const char *word = by_length[len - 2]; *word; word += len + 1)
    if (!memcmp(word, s, len)) return true;
  return false;
}

/* ---- targets ---- */

static const char *describe(const Node *n) {
  switch (n->kind) {
  case N_INT:
  case N_FLOAT:
  case N_STR: return "literal";
  case N_FSTRING: return "f-string expression";
  case N_NONE: return "None";
  case N_TRUE: return "True";
  case N_FALSE: return "False";
  case N_ELLIPSIS: return "ellipsis";
  case N_DICT: return "dict literal";
  case N_SET: return "set display";
  case N_TUPLE: return "tuple";
  case N_LIST: return "list";
  case N_LISTCOMP: return "list comprehension";
  case N_SETCOMP: return "set comprehension";
  case N_DICTCOMP: return "dict comprehension";
  case N_GENEXP: return "generator expression";
  case N_LAMBDA: return "lambda";
  case N_IFEXP: return "conditional expression";
  case N_CALL: return "function call";
  case N_COMPARE: return "comparison";
  case N_NAMEDEXPR: return "named expression";
  case N_YIELD: return "yield expression";
  case N_STAR: return "starred";
  default: return "expression";
  }
}

static void bad_target(Parser *p, const Node *n, TargetUse use) {
  switch (use) {
  case TARGET_DELETE: node_error(p, n, "cannot delete %s", describe(n)); break;
  case TARGET_AUGMENTED: node_error(p, n, "'%s' is an illegal expression for augmented assignment", describe(n)); break;
  case TARGET_ANNOTATED: node_error(p, n, "only a name, attribute or subscript can be annotated, not a %s", describe(n)); break;
  default: node_error(p, n, "cannot assign to %s", describe(n));
  }
}

static void check_targets(Parser *p, const Node *list, TargetUse use) {
  bool starred = false;
  for (uint32_t k = 0; k < list->list.len; k++) {
    const Node *n = list->list.items[k];
    if (n->kind == N_STAR && use != TARGET_DELETE) {
      if (starred) node_error(p, n, "multiple starred expressions in assignment");
      starred = true;
      n = n->a;
    }
    check_target(p, n, use);
  }
}

void check_target(Parser *p, const Node *n, TargetUse use) {
  bool single = use == TARGET_AUGMENTED || use == TARGET_ANNOTATED;
  switch (n->kind) {
  case N_NAME:
    if (!strcmp(n->name, "__debug__")) node_error(p, n, "cannot assign to __debug__");
    return;
  case N_ATTRIBUTE:
  case N_SUBSCRIPT: return;
  case N_TUPLE:
  case N_LIST:
    if (single) bad_target(p, n, use);
    else check_targets(p, n, use);
    return;
  case N_STAR:
    if (use == TARGET_ASSIGN || use == TARGET_FOR) {
      node_error(p, n, "starred assignment target must be in a list or tuple");
      return;
    }
    break;
  default: break;
  }
  bad_target(p, n, use);
}

/* ---- names that must differ ---- */

static int by_name(const void *a, const void *b) {
  const Node *x = *(Node *const *)a, *y = *(Node *const *)b;
  int order = strcmp(x->name, y->name);
  if (order) return order;
  if (x->line != y->line) return x->line < y->line ? -1 : 1;
  return x->col < y->col ? -1 : x->col > y->col;
}

/* Reports names that stand twice among the nodes of one kind, in n log n. */
static void check_distinct(Parser *p, const NodeList *list, NodeKind kind, const char *before, const char *after) {
  if (list->len < 2) return;
  uint32_t n = 0;
  Node **sorted = parse_memory(malloc(list->len * sizeof *sorted));
  for (uint32_t k = 0; k < list->len; k++)
    if (list->items[k]->kind == kind) sorted[n++] = list->items[k];
  if (n > 1) qsort(sorted, n, sizeof *sorted, by_name);
  for (uint32_t k = 1; k < n; k++)
    if (!strcmp(sorted[k]->name, sorted[k - 1]->name)) node_error(p, sorted[k], "%s%s%s", before, sorted[k]->name, after);
  free(sorted);
}

void check_params(Parser *p, const NodeList *params) {
  bool default_seen = false, varkw_seen = false;
  for (uint32_t k = 0; k < params->len; k++) {
    const Node *n = params->items[k];
    if (varkw_seen) node_error(p, n, "arguments cannot follow var-keyword argument");
    if (n->ival == PARAM_POSITIONAL && default_seen && !n->a)
      node_error(p, n, "non-default argument follows default argument");
    default_seen |= n->ival == PARAM_POSITIONAL && n->a;
    varkw_seen = n->ival == PARAM_VARKW;
    if (n->a && (n->ival == PARAM_VARARGS || n->ival == PARAM_VARKW))
      node_error(p, n, "a '*' parameter cannot have a default value");
    if (!strcmp(n->name, "__debug__")) node_error(p, n, "cannot assign to __debug__");
  }
  check_distinct(p, params, N_PARAM, "duplicate argument '", "' in function definition");
}

void check_call(Parser *p, const NodeList *args) {
  bool keyword = false, unpacked = false;
  for (uint32_t k = 0; k < args->len; k++) {
    const Node *n = args->items[k];
    if (n->kind == N_STAR) {
      if (unpacked) node_error(p, n, "iterable argument unpacking follows keyword argument unpacking");
    } else if (n->kind != N_KEYWORD && n->kind != N_DOUBLESTAR) {
      if (unpacked) node_error(p, n, "positional argument follows keyword argument unpacking");
      else if (keyword) node_error(p, n, "positional argument follows keyword argument");
    }
    keyword |= n->kind == N_KEYWORD;
    unpacked |= n->kind == N_DOUBLESTAR;
  }
  if (keyword) check_distinct(p, args, N_KEYWORD, "keyword argument repeated: ", "");
}

void check_declared(Parser *p, const NodeList *names, const NodeList *params, NodeKind kind) {
  for (uint32_t k = 0; k < names->len; k++)
    for (uint32_t i = 0; i < params->len; i++)
      if (!strcmp(names->items[k]->name, params->items[i]->name))
        node_error(p, names->items[k], "name '%s' is parameter and %s", names->items[k]->name,
                   kind == N_GLOBAL ? "global" : "nonlocal");
}
