/* parse_error.c - what is wrong where the grammar refuses. */
#include "parse.h"

void report_grammar_errors(Parser *p, uint32_t unclosed_line) {
  for (uint32_t i = 0; i < p->ncst;) {
    const Cst *c = &p->cst[i];
    bool hidden = unclosed_line && c->row + 1 >= unclosed_line;
    if (!hidden && (c->flags & CST_MISSING)) syntax_error(p, i, "expected '%s'", cst_symbol_name(c));
    if (!hidden && c->symbol == CST_ERROR) syntax_error(p, i, "unexpected '%.*s'", CST_TEXT(p, i));
    i = c->symbol == CST_ERROR ? c->next : i + 1;
  }
}
