/* parse.c - text to syntax tree: tree-sitter's tree made flat, then converted. The only file that
 * includes tree-sitter. */
#include "parse.h"
#include "diag.h"

#include <pthread.h>
#include <stdarg.h>
#include <stdlib.h>
#include <tree_sitter/api.h>

enum { ERRORS_SHOWN = 20, MAX_SYMBOLS = 1024 };

extern const TSLanguage *tree_sitter_python(void);

void *parse_memory(void *p) {
  if (!p) {
    diag_plain(DIAG_ERROR, "out of memory");
    exit(EXIT_INTERNAL);
  }
  return p;
}

/* ---- symbols ---- */

static uint8_t symbol_map[MAX_SYMBOLS];
static pthread_once_t symbols_once = PTHREAD_ONCE_INIT;

static void map_symbols(void) {
  static const struct {
    const char *name;
    uint8_t symbol, named;
  } table[] = {
#define X(symbol, name, named) {name, CST_##symbol, named},
      CST_SYMBOLS(X)
#undef X
  };
  const TSLanguage *language = tree_sitter_python();
  uint32_t count = ts_language_symbol_count(language);
  for (uint32_t s = 0; s < count && s < MAX_SYMBOLS; s++) {
    const char *name = ts_language_symbol_name(language, (TSSymbol)s);
    bool named = ts_language_symbol_type(language, (TSSymbol)s) == TSSymbolTypeRegular;
    for (size_t k = 0; name && k < sizeof table / sizeof *table; k++) {
      if (table[k].named == named && !strcmp(table[k].name, name)) {
        symbol_map[s] = table[k].symbol;
        break;
      }
    }
  }
}

const char *cst_symbol_name(const Cst *c) {
  const char *name = ts_language_symbol_name(tree_sitter_python(), c->ts_symbol);
  return name ? name : "";
}

/* ---- the flat tree ---- */

static bool is_formatted(const char *s) {
  for (; *s != '"' && *s != '\''; s++) {
    if (*s == 'f' || *s == 'F') return true;
    if (!*s) return false;
  }
  return false;
}

/* Adds a node; false when its children are of no interest. */
static bool add_cst(Parser *p, TSNode node) {
  if (p->ncst == p->cap_cst) {
    p->cap_cst += p->cap_cst / 2;
    p->cst = parse_memory(realloc(p->cst, p->cap_cst * sizeof *p->cst));
  }
  TSSymbol symbol = ts_node_symbol(node);
  Cst *c = &p->cst[p->ncst++];
  c->symbol = symbol == (TSSymbol)-1 ? CST_ERROR : symbol < MAX_SYMBOLS ? symbol_map[symbol] : CST_OTHER;
  c->flags = 0;
  c->ts_symbol = symbol;
  c->start = ts_node_start_byte(node);
  c->end = ts_node_end_byte(node);
  while (p->row + 1 < p->src->nlines && p->src->line_starts[p->row + 1] <= c->start) p->row++;
  c->row = p->row;
  c->next = p->ncst;
  if (c->symbol == CST_COMMENT || c->symbol == CST_LINE_CONTINUATION) {
    p->ncst--;
    return false;
  }
  if (!p->has_error) return c->symbol != CST_STRING || is_formatted(p->text + c->start);
  if (ts_node_is_missing(node)) c->flags = CST_MISSING;
  return true;
}

static void flatten(Parser *p, TSTree *tree) {
  TSNode root = ts_tree_root_node(tree);
  p->has_error = ts_node_has_error(root);
  p->cap_cst = (uint32_t)(p->src->len / 3) + 64;
  p->cst = parse_memory(malloc(p->cap_cst * sizeof *p->cst));
  uint32_t *open = NULL, nopen = 0, cap = 0;
  TSTreeCursor cursor = ts_tree_cursor_new(root);
  for (bool more = true; more;) {
    uint32_t at = p->ncst;
    if (add_cst(p, ts_tree_cursor_current_node(&cursor)) && ts_tree_cursor_goto_first_child(&cursor)) {
      if (nopen == cap) open = parse_memory(realloc(open, (cap = cap * 2 + 64) * sizeof *open));
      open[nopen++] = at;
      continue;
    }
    while (!(more = ts_tree_cursor_goto_next_sibling(&cursor))) {
      if (!nopen || !ts_tree_cursor_goto_parent(&cursor)) break;
      p->cst[open[--nopen]].next = p->ncst;
    }
  }
  ts_tree_cursor_delete(&cursor);
  free(open);
}

/* Puts the disguises on, or takes them off. */
static void swap_disguises(Parser *p) {
  for (uint32_t k = 0; k < p->ndisguises; k++) {
    Disguise *d = &p->disguises[k];
    char byte = p->src->text[d->at];
    p->src->text[d->at] = d->byte;
    d->byte = byte;
  }
}

static void parse_tree(Parser *p) {
  pthread_once(&symbols_once, map_symbols);
  TSParser *parser = parse_memory(ts_parser_new());
  ts_parser_set_language(parser, tree_sitter_python());
  swap_disguises(p);
  TSTree *tree = parse_memory(ts_parser_parse_string(parser, NULL, p->text, (uint32_t)p->src->len));
  swap_disguises(p);
  flatten(p, tree);
  ts_tree_delete(tree);
  ts_parser_delete(parser);
}

/* ---- errors ---- */

static void add_error(Parser *p, uint32_t line, uint32_t col, const char *fmt, va_list args) {
  char message[512];
  int n = vsnprintf(message, sizeof message, fmt, args);
  if (n < 0) return;
  if (p->nerrors == p->cap_errors)
    p->errors = parse_memory(realloc(p->errors, (p->cap_errors = p->cap_errors * 2 + 16) * sizeof *p->errors));
  SyntaxError *e = &p->errors[p->nerrors++];
  *e = (SyntaxError){line, col, pool_strdup(p->src->pool, message, strlen(message))};
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
  return strcmp(x->message, y->message);
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
    list.items = pool_alloc(p->src->pool, list.len * sizeof *list.items);
    memcpy(list.items, p->stack + from, list.len * sizeof *list.items);
  }
  p->top = from;
  return list;
}

Node *new_node(Parser *p, NodeKind kind, uint32_t i) {
  Node *n = pool_alloc(p->src->pool, sizeof *n);
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

bool parse_source(Source *s) {
  Parser p = {.src = s, .text = s->text};
  uint32_t unclosed_line = 0;
  Node *module = NULL;
  if (scan_tokens(&p, &unclosed_line)) {
    parse_tree(&p);
    if (p.has_error) {
      report_grammar_errors(&p, unclosed_line);
    } else {
      check_logical_lines(&p);
      module = convert_module(&p);
    }
  }
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
