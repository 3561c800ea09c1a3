/* parse.c - text to syntax tree, step by step; the list of syntax errors; making nodes. */
#include "parse.h"
#include "diag.h"

#include <stdarg.h>
#include <stdlib.h>

enum { ERRORS_SHOWN = 20, ERRORS_KEPT = 5000 };

void *parse_memory(void *p) {
  if (!p) {
    diag_plain(DIAG_ERROR, "out of memory");
    exit(EXIT_INTERNAL);
  }
  return p;
}

/* ---- errors ---- */

static void add_error(Parser *p, uint32_t line, uint32_t col, const char *fmt, va_list args) {
  char message[512];
  if (p->nerrors == ERRORS_KEPT) return;
  int n = vsnprintf(message, sizeof message, fmt, args);
  if (n < 0) return;
  if (p->nerrors == p->cap_errors)
    p->errors = parse_memory(realloc(p->errors, (p->cap_errors = p->cap_errors * 2 + 16) * sizeof *p->errors));
  SyntaxError *e = &p->errors[p->nerrors];
  *e = (SyntaxError){line, col, p->nerrors++, pool_strdup(p->src->pool, message, strlen(message))};
}

void syntax_error_at(Parser *p, uint32_t line, uint32_t col, const char *fmt, ...) {
  va_list args;
  va_start(args, fmt);
  add_error(p, line, col, fmt, args);
  va_end(args);
}

static uint32_t column_of(const Parser *p, uint32_t i) {
  return p->cst[i].start - p->src->line_starts[p->cst[i].row] + 1;
}

void syntax_error(Parser *p, uint32_t i, const char *fmt, ...) {
  va_list args;
  va_start(args, fmt);
  add_error(p, p->cst[i].row + 1, column_of(p, i), fmt, args);
  va_end(args);
}

void node_error(Parser *p, const Node *n, const char *fmt, ...) {
  va_list args;
  va_start(args, fmt);
  add_error(p, n->line, n->col, fmt, args);
  va_end(args);
}

static int by_place(const void *a, const void *b) {
  const SyntaxError *x = a, *y = b;
  if (x->line != y->line) return x->line < y->line ? -1 : 1;
  if (x->col != y->col) return x->col < y->col ? -1 : 1;
  return x->order < y->order ? -1 : 1;
}

/* In file order, one a place, the first ERRORS_SHOWN. */
static void report_errors(Parser *p) {
  uint32_t shown = 0, more = 0;
  if (p->nerrors) qsort(p->errors, p->nerrors, sizeof *p->errors, by_place);
  for (uint32_t i = 0; i < p->nerrors; i++) {
    const SyntaxError *e = &p->errors[i];
    if (i && e->line == e[-1].line && e->col == e[-1].col) continue;
    if (shown == ERRORS_SHOWN) {
      more++;
      continue;
    }
    diag_error(p->src, e->line, e->col, "%s", e->message);
    shown++;
  }
  if (more) diag_at(DIAG_NOTE, p->src, 0, 0, "%u more syntax error%s not shown", more, more > 1 ? "s" : "");
}

/* ---- nodes ---- */

void push_node(Parser *p, Node *n) {
  if (p->top == p->cap_stack)
    p->stack = parse_memory(realloc(p->stack, (p->cap_stack = p->cap_stack * 2 + 256) * sizeof *p->stack));
  p->stack[p->top++] = n;
}

NodeList take_nodes(Parser *p, uint32_t from) {
  NodeList list = {NULL, p->top - from};
  if (list.len) {
    list.items = pool_alloc(p->src->tree, list.len * sizeof *list.items);
    memcpy(list.items, p->stack + from, list.len * sizeof *list.items);
  }
  p->top = from;
  return list;
}

Node *new_node(Parser *p, NodeKind kind, uint32_t i) {
  Node *n = pool_alloc(p->src->tree, sizeof *n);
  n->kind = (uint8_t)kind;
  n->line = p->cst[i].row + 1;
  n->col = column_of(p, i);
  return n;
}

Node *unsupported(Parser *p, uint32_t i, const char *what) {
  Node *n = new_node(p, N_UNSUPPORTED, i);
  n->name = what;
  return n;
}

const char *cst_name(Parser *p, uint32_t i) {
  const Cst *c = &p->cst[i];
  if (is_keyword(p->text + c->start, c->end - c->start))
    syntax_error(p, i, "expected a name, saw keyword '%.*s'", CST_TEXT(p, i));
  return pool_strdup(p->src->pool, p->text + c->start, c->end - c->start);
}

bool enter_nesting(Parser *p, uint32_t i) {
  if (p->depth < MAX_NESTING) {
    p->depth++;
    return true;
  }
  if (!p->too_deep) syntax_error(p, i, "nested too deeply: more than %d levels", MAX_NESTING);
  p->too_deep = true;
  return false;
}

static bool parse_again(Parser *p) {
  free(p->cst);
  p->cst = NULL;
  p->ncst = p->last_statement = 0;
  return parse_tree(p);
}

/* The tree, once more where the grammar took lines together that may stand apart. */
static bool parse_lines(Parser *p) {
  if (!parse_tree(p)) return false;
  uint32_t before = p->ndisguises;
  if (!separate_lines(p) || parse_again(p)) return true;
  p->ndisguises = before;
  return parse_again(p);
}

static Node *convert(Parser *p, uint32_t unclosed_line) {
  if (!parse_lines(p)) {
    report_grammar_errors(p, unclosed_line);
    return NULL;
  }
  check_logical_lines(p);
  return convert_module(p);
}

bool parse_source(Source *s) {
  Parser p = {.src = s, .text = s->text};
  uint32_t unclosed_line = 0;
  Node *module = scan_tokens(&p, &unclosed_line) ? convert(&p, unclosed_line) : NULL;
  bool good = !p.nerrors && module;
  report_errors(&p);
  if (good) s->module_node = module;
  free(p.cst);
  free(p.errors);
  free(p.disguises);
  free(p.lines);
  free(p.stack);
  return good;
}
