/* ast_print.c - --emit=ast: one node a line, indented, `KIND line:col fields`. */
#include "ast.h"
#include "opcode.h"

#include <inttypes.h>
#include <stdlib.h>

static const char *const kind_names[] = {
#define X(kind, fields) #kind,
    NODE_LIST(X)
#undef X
};

static const char *const op_names[] = {
#define X(op, pattern, meaning) #op,
    OPCODE_LIST(X)
#undef X
};

static const char *const param_names[] = {"positional", "*", "keyword-only", "**"};

/* What is still to be printed: trees may be deeper than the native stack. */
typedef struct {
  const Node *node; /* NULL: a heading, or a child that is absent */
  const char *heading;
  uint32_t depth;
} Item;

typedef struct {
  FILE *out;
  Item *items;
  size_t len, cap;
} Printer;

static void push(Printer *p, const Node *node, const char *heading, uint32_t depth) {
  if (p->len == p->cap) {
    p->cap = p->cap * 2 + 64;
    Item *items = realloc(p->items, p->cap * sizeof *items);
    if (!items) {
      fputs("battc: error: out of memory\n", stderr);
      exit(70);
    }
    p->items = items;
  }
  p->items[p->len++] = (Item){node, heading, depth};
}

/* In reverse: the last pushed is printed first. */
static void push_list(Printer *p, const NodeList *list, const char *heading, uint32_t depth) {
  uint32_t inner = depth + (heading ? 1 : 0);
  for (uint32_t k = list->len; k-- > 0;) push(p, list->items[k], NULL, inner);
  if (heading && list->len) push(p, NULL, heading, depth);
}

static void print_string(FILE *out, const char *s, size_t len) {
  fputc('"', out);
  for (size_t i = 0; i < len; i++) {
    unsigned char c = (unsigned char)s[i];
    if (c == '"' || c == '\\') fprintf(out, "\\%c", c);
    else if (c < 0x20 || c == 0x7f) fprintf(out, "\\x%02x", c);
    else fputc(c, out);
  }
  fputc('"', out);
}

static void print_fields(FILE *out, const Node *n) {
  switch (n->kind) {
  case N_INT:
    if (n->flags & NODE_BIG) fprintf(out, " %s", n->name);
    else fprintf(out, " %" PRId64, n->ival);
    break;
  case N_FLOAT: fprintf(out, " %.17g", n->fval); break;
  case N_STR:
    fputc(' ', out);
    print_string(out, n->name, (size_t)n->ival);
    break;
  case N_UNARY:
  case N_BINARY:
  case N_AUGASSIGN: fprintf(out, " %s", op_names[n->op]); break;
  case N_COMPARE:
    for (uint32_t k = 0; k + 1 < n->list.len; k++) fprintf(out, " %s", op_names[n->ops[k]]);
    break;
  case N_FROM:
    fputc(' ', out);
    for (int64_t dot = 0; dot < n->ival; dot++) fputc('.', out);
    fputs(n->name, out);
    break;
  case N_PARAM: fprintf(out, " %s %s", n->name, param_names[n->ival]); break;
  default:
    if (n->name) fprintf(out, " %s", n->name);
    if (n->name2) fprintf(out, " as %s", n->name2);
  }
  if (n->flags & NODE_PAREN) fputs(" (parenthesised)", out);
  if (n->flags & NODE_POSONLY) fputs(" (positional-only)", out);
}

/* Headings keep apart what would read as one list; a slice's or dictionary's absent parts are shown as `-`. */
static void push_children(Printer *p, const Node *n, uint32_t depth) {
  bool headed = n->list2.len || n->list3.len || n->list4.len;
  bool slots = n->kind == N_SLICE;
  push_list(p, &n->list4, n->kind == N_TRY ? "finally" : "list4", depth);
  push_list(p, &n->list3, n->kind == N_TRY ? "else" : n->kind == N_CLASS ? "bases" : "list3", depth);
  const char *second = n->kind == N_TRY ? "handlers" : n->kind == N_DEF || n->kind == N_CLASS ? "decorators" : "else";
  push_list(p, &n->list2, second, depth);
  push_list(p, &n->list, headed ? "body" : NULL, depth);
  if (n->c || slots) push(p, n->c, NULL, depth);
  if (n->b || slots) push(p, n->b, NULL, depth);
  if (n->a || slots) push(p, n->a, NULL, depth);
}

void ast_print(FILE *out, const Source *s) {
  Printer p = {.out = out};
  if (s->module_node) push(&p, s->module_node, NULL, 0);
  while (p.len) {
    Item item = p.items[--p.len];
    fprintf(out, "%*s", (int)(item.depth * 2), "");
    if (!item.node) {
      fprintf(out, "%s\n", item.heading ? item.heading : "-");
      continue;
    }
    fprintf(out, "%s %u:%u", kind_names[item.node->kind], item.node->line, item.node->col);
    print_fields(out, item.node);
    fputc('\n', out);
    push_children(&p, item.node, item.depth + 1);
  }
  free(p.items);
}
