/* parse_error.c - what is wrong where the grammar refuses: each logical line is looked at by itself, then
 * how lines follow each other; what is left is reported as the grammar's error nodes say it. */
#include "parse.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { MAX_LEVELS = 128, ENOUGH = 100 };

/* Line of byte `at`, from 0. */
static uint32_t row_of(const Parser *p, uint32_t at) {
  uint32_t low = 0, high = p->src->nlines;
  while (high - low > 1) {
    uint32_t middle = low + (high - low) / 2;
    if (p->src->line_starts[middle] <= at) low = middle;
    else high = middle;
  }
  return low;
}

void error_at_byte(Parser *p, uint32_t at, const char *fmt, ...) {
  char message[400];
  va_list args;
  va_start(args, fmt);
  vsnprintf(message, sizeof message, fmt, args);
  va_end(args);
  uint32_t row = row_of(p, at);
  syntax_error_at(p, row + 1, at - p->src->line_starts[row] + 1, "%s", message);
}

/* ---- lines that the grammar joined ---- */

static bool starts_line(uint8_t symbol) { return symbol >= CST_EXPRESSION_STATEMENT && symbol <= CST_DECORATOR; }

static void unexpected_end(Parser *p, uint32_t k) {
  uint32_t at = k ? p->lines[k - 1].end : 0;
  if (!k || check_line(p, k - 1)) error_at_byte(p, at, "unexpected end of line");
}

static bool starts_with(const Parser *p, uint32_t k, const char *keyword) {
  size_t len = strlen(keyword);
  const char *s = p->text + p->lines[k].start;
  if (strncmp(s, keyword, len)) return false;
  char after = s[len];
  bool in_word = ((after | 0x20) >= 'a' && (after | 0x20) <= 'z') || after == '_' || (after >= '0' && after <= '9');
  return !in_word && !(after & 0x80);
}

/* May a suite stand behind a colon of it? */
static bool may_have_suite(const Parser *p, uint32_t k) {
  static const char *const words[] = {"if", "elif", "else", "for", "while", "with", "try", "except", "finally", "def", "class", "async", "match", "case"};
  const LogicalLine *line = &p->lines[k];
  if (!memchr(p->text + line->start, ':', line->end - line->start)) return false;
  for (size_t i = 0; i < sizeof words / sizeof *words; i++)
    if (starts_with(p, k, words[i])) return true;
  return false;
}

/* `x = a, (b)` newline `[c] = d` is one assignment of three to the grammar: a semicolon in place of what is behind the first. Not
 * where the second would become part of the suite of the first. */
static void separate(Parser *p, uint32_t k) {
  if (!k) return;
  const LogicalLine *a = &p->lines[k - 1], *b = &p->lines[k];
  const char *text = p->text + a->start, *end = p->text + a->end;
  if (*text == '@' || end[-1] == ':' || end[-1] == ';') return;
  bool next = *end == '\n' && b->start - b->indent == a->end + 1 && a->indent == b->indent;
  if (*end == ' ' || (next && !may_have_suite(p, k - 1))) disguise(p, end, ';');
}

/* The grammar lets a statement run on over line ends where no end of line is expected (`x =` newline `1`). */
static void each_joined(Parser *p, void (*joined)(Parser *, uint32_t)) {
  uint32_t k = 0;
  for (uint32_t i = 1; i < p->ncst && k < p->nlines;) {
    const Cst *c = &p->cst[i];
    if (c->start > p->lines[k].start) {
      joined(p, k++);
      continue;
    }
    if (c->start == p->lines[k].start && starts_line(c->symbol)) k++;
    i++;
  }
  while (k < p->nlines) joined(p, k++);
}

void check_logical_lines(Parser *p) { each_joined(p, unexpected_end); }

bool separate_lines(Parser *p) {
  uint32_t before = p->ndisguises;
  each_joined(p, separate);
  return p->ndisguises > before;
}

/* ---- clauses that follow each other ---- */

typedef enum { AFTER_OTHER, AFTER_IF, AFTER_LOOP, AFTER_TRY, AFTER_EXCEPT, AFTER_TRY_ELSE } Opened;

typedef struct {
  uint32_t column; /* indentation in bytes */
  Opened opened;   /* by the last statement at this indentation */
  uint32_t at;
} Level;

/* What a line that starts with a clause's keyword must follow; reports where it does not. */
static Opened clause(Parser *p, uint32_t k, Opened before, bool *is_clause) {
  uint32_t at = p->lines[k].start;
  *is_clause = true;
  if (starts_with(p, k, "elif")) {
    if (before != AFTER_IF) error_at_byte(p, at, "'elif' without an 'if' before it");
    return AFTER_IF;
  }
  if (starts_with(p, k, "else")) {
    if (before == AFTER_OTHER || before == AFTER_TRY || before == AFTER_TRY_ELSE)
      error_at_byte(p, at, "'else' without an 'if', a loop or an 'except' before it");
    return before == AFTER_EXCEPT ? AFTER_TRY_ELSE : AFTER_OTHER;
  }
  if (starts_with(p, k, "except")) {
    if (before != AFTER_TRY && before != AFTER_EXCEPT) error_at_byte(p, at, "'except' without a 'try' before it");
    return AFTER_EXCEPT;
  }
  if (starts_with(p, k, "finally")) {
    if (before < AFTER_TRY) error_at_byte(p, at, "'finally' without a 'try' before it");
    return AFTER_OTHER;
  }
  *is_clause = false;
  if (starts_with(p, k, "if")) return AFTER_IF;
  if (starts_with(p, k, "for") || starts_with(p, k, "while") || starts_with(p, k, "async")) return AFTER_LOOP;
  return starts_with(p, k, "try") ? AFTER_TRY : AFTER_OTHER;
}

static void lonely_try(Parser *p, const Level *level, uint32_t at) {
  if (level->opened == AFTER_TRY)
    error_at_byte(p, at, "expected 'except' or 'finally' after the 'try' block of line %u", row_of(p, level->at) + 1);
}

static void check_clauses(Parser *p, uint32_t last_row) {
  Level levels[MAX_LEVELS];
  uint32_t n = 0;
  for (uint32_t k = 0; k < p->nlines; k++) {
    uint32_t at = p->lines[k].start, row = row_of(p, at), column = at - p->src->line_starts[row];
    if (row >= last_row) return;
    while (n && levels[n - 1].column > column) lonely_try(p, &levels[--n], at);
    if (!n || levels[n - 1].column < column) {
      if (n == MAX_LEVELS) return;
      levels[n++] = (Level){column, AFTER_OTHER, at};
    }
    bool is_clause;
    Level *level = &levels[n - 1];
    Opened opened = clause(p, k, level->opened, &is_clause);
    if (!is_clause) lonely_try(p, level, at);
    *level = (Level){column, opened, at};
  }
  while (n) lonely_try(p, &levels[--n], (uint32_t)p->src->len);
}

/* ---- all ---- */

static bool error_within(const Parser *p, uint32_t first, uint32_t last) {
  for (uint32_t e = 0; e < p->nerrors; e++)
    if (p->errors[e].line >= first && p->errors[e].line <= last) return true;
  return false;
}

/* An error node that nothing else explains. */
static void report_node(Parser *p, uint32_t i) {
  const Cst *c = &p->cst[i];
  uint32_t last = row_of(p, c->end) + 1;
  if (error_within(p, c->row + 1, last)) return;
  int len = (int)strcspn(p->text + c->start, "\n");
  if (c->flags & CST_MISSING) syntax_error(p, i, "expected '%s'", cst_symbol_name(c));
  else if (p->nerrors == 0) syntax_error(p, i, "invalid syntax at '%.*s'", len > 40 ? 40 : len, p->text + c->start);
}

void report_grammar_errors(Parser *p, uint32_t unclosed_line) {
  uint32_t last_row = unclosed_line ? unclosed_line - 1 : UINT32_MAX;
  for (uint32_t k = 0; k < p->nlines && row_of(p, p->lines[k].start) < last_row; k++) check_line(p, k);
  check_clauses(p, last_row);
  for (uint32_t i = 0; i < p->ncst && p->nerrors < ENOUGH; i++) {
    const Cst *c = &p->cst[i];
    if (c->row < last_row && ((c->flags & CST_MISSING) || c->symbol == CST_ERROR)) report_node(p, i);
  }
  if (!p->nerrors) syntax_error(p, 0, "invalid syntax");
}
