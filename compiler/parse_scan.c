/* parse_scan.c - what Python's tokenizer refuses and a grammar does not say well: indentation, brackets
 * and strings that do not match, characters that no token starts with. One pass over the bytes. */
#include "parse.h"

#include <stdlib.h>

/* CPython's own limits (Parser/tokenizer.c): MAXLEVEL and MAXINDENT. MAX_PENDING is of operators whose right operand
 * is still to come (not not .., a = b = .., lambda: lambda: ..): the parser's stack holds them all. */
enum { MAX_BRACKETS = 200, MAX_INDENTS = 100, TAB = 8, MAX_PENDING = 15000 };

typedef struct {
  char open;
  uint32_t line, col;
  uint32_t pending; /* operators before it */
} Bracket;

/* An indentation's width with tabs to multiples of eight, and with tabs of one: both must order alike. */
typedef struct {
  uint32_t width, narrow;
} Indent;

typedef struct {
  Parser *p;
  const char *at, *line_start;
  uint32_t line;
  Bracket brackets[MAX_BRACKETS];
  uint32_t nbrackets;
  Indent indents[MAX_INDENTS];
  uint32_t nindents;       /* the first is the margin */
  uint32_t header_line;    /* of the last logical line if it ends in ':', else 0 */
  const char *header;      /* its first token */
  const char *last;        /* last character of the logical line outside comments and blanks */
  uint32_t pending;
  uint32_t unclosed_line;
  bool stop;
} Scanner;

static uint32_t column(const Scanner *s, const char *at) { return (uint32_t)(at - s->line_start) + 1; }

static void new_line(Scanner *s) {
  s->at++;
  s->line++;
  s->line_start = s->at;
}

static bool is_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || (c >= '0' && c <= '9') || (c & 0x80);
}

void swap_disguises(Parser *p) {
  for (uint32_t k = 0; k < p->ndisguises; k++) {
    Disguise *d = &p->disguises[k];
    char byte = p->src->text[d->at];
    p->src->text[d->at] = d->byte;
    d->byte = byte;
  }
}

void disguise(Parser *p, const char *at, char byte) {
  if (p->ndisguises == p->cap_disguises) {
    p->cap_disguises = p->cap_disguises * 2 + 64;
    p->disguises = parse_memory(realloc(p->disguises, p->cap_disguises * sizeof *p->disguises));
  }
  p->disguises[p->ndisguises++] = (Disguise){(uint32_t)(at - p->text), byte};
}

/* ---- indentation ---- */

static Indent measure(Scanner *s) {
  Indent n = {0, 0};
  for (;; s->at++) {
    if (*s->at == ' ') {
      n.width++;
      n.narrow++;
    } else if (*s->at == '\t') {
      n.width = (n.width / TAB + 1) * TAB;
      n.narrow++;
    } else if (*s->at == '\f') {
      n.width = n.narrow = 0;
    } else {
      return n;
    }
  }
}

static int word_length(const char *s) {
  int n = 0;
  while (n < 30 && is_word(s[n])) n++;
  return n;
}

static void deeper(Scanner *s, Indent n) {
  bool reported = !s->header_line && s->p->nlines && !check_line(s->p, s->p->nlines - 1); /* a ':' is missing, say */
  if (!s->header_line && !reported) {
    syntax_error_at(s->p, s->line, column(s, s->at), "unexpected indent");
    return;
  }
  if (s->nindents == MAX_INDENTS) {
    syntax_error_at(s->p, s->line, column(s, s->at), "too many levels of indentation");
    s->stop = true;
    return;
  }
  s->indents[s->nindents++] = n;
}

/* Compares a logical line's indentation with those it is inside of. */
static void indent(Scanner *s, Indent n) {
  const Indent *top = &s->indents[s->nindents - 1];
  bool mixed = n.width == top->width ? n.narrow != top->narrow : n.width > top->width && n.narrow <= top->narrow;
  if (n.width > top->width) {
    if (!mixed) {
      deeper(s, n);
      return;
    }
  } else if (s->header_line) {
    syntax_error_at(s->p, s->line, column(s, s->at), "expected an indented block after '%.*s' on line %u",
                    word_length(s->header), s->header, s->header_line);
  }
  while (n.width < s->indents[s->nindents - 1].width) s->nindents--;
  top = &s->indents[s->nindents - 1];
  if (!mixed && n.width != top->width)
    syntax_error_at(s->p, s->line, column(s, s->at), "unindent does not match any outer indentation level");
  else if (mixed || n.narrow != top->narrow)
    syntax_error_at(s->p, s->line, column(s, s->at), "inconsistent use of tabs and spaces in indentation");
}

/* ---- brackets, strings, other characters ---- */

static void open_bracket(Scanner *s) {
  if (s->nbrackets == MAX_BRACKETS) {
    syntax_error_at(s->p, s->line, column(s, s->at), "too many nested parentheses");
    s->stop = true;
    return;
  }
  s->brackets[s->nbrackets++] = (Bracket){*s->at, s->line, column(s, s->at), s->pending};
}

static char closing(char open) { return open == '(' ? ')' : open == '[' ? ']' : '}'; }

static void close_bracket(Scanner *s) {
  char c = *s->at;
  if (!s->nbrackets) {
    syntax_error_at(s->p, s->line, column(s, s->at), "unmatched '%c'", c);
    return;
  }
  const Bracket *b = &s->brackets[--s->nbrackets];
  s->pending = b->pending;
  char wanted = closing(b->open);
  if (c == wanted) return;
  if (b->line == s->line)
    syntax_error_at(s->p, s->line, column(s, s->at), "expected '%c' to close '%c' at column %u, saw '%c'", wanted,
                    b->open, b->col, c);
  else
    syntax_error_at(s->p, s->line, column(s, s->at), "expected '%c' to close '%c' on line %u, saw '%c'", wanted,
                    b->open, b->line, c);
  if (s->nbrackets && closing(s->brackets[s->nbrackets - 1].open) == c) s->nbrackets--; /* that one was forgotten */
}

static void unclosed_from(Scanner *s, uint32_t line) {
  if (!s->unclosed_line || line < s->unclosed_line) s->unclosed_line = line;
}

/* At an opening quote; leaves after the closing one. */
static void string(Scanner *s) {
  char quote = *s->at;
  bool triple = s->at[1] == quote && s->at[2] == quote;
  uint32_t line = s->line, col = column(s, s->at);
  s->at += triple ? 3 : 1;
  for (const char *end = s->p->text + s->p->src->len; s->at < end;) {
    if (*s->at == '\\' && s->at + 1 < end) s->at++;
    else if (*s->at == quote && (!triple || (s->at[1] == quote && s->at[2] == quote))) {
      s->at += triple ? 3 : 1;
      return;
    } else if (*s->at == '\n' && !triple) break;
    if (*s->at == '\n') new_line(s);
    else s->at++;
  }
  syntax_error_at(s->p, line, col, "unterminated %sstring literal", triple ? "triple-quoted " : "");
  unclosed_from(s, line);
}

static void add_pending(Scanner *s) {
  if (s->pending++ < MAX_PENDING) return;
  syntax_error_at(s->p, s->line, column(s, s->at), "nested too deeply: more than %d operators in a row", MAX_PENDING);
  s->stop = true;
}

/* Decodes the character at s; the text is known to be UTF-8. */
static uint32_t code_point(const unsigned char *s, int *len) {
  *len = s[0] >= 0xf0 ? 4 : s[0] >= 0xe0 ? 3 : 2;
  uint32_t c = s[0] & (0x7f >> *len);
  for (int i = 1; i < *len; i++) c = c << 6 | (s[i] & 0x3f);
  return c;
}

/* Blanks and marks that the grammar takes for white space and Python does not. */
static void non_ascii(Scanner *s) {
  int len;
  uint32_t c = code_point((const unsigned char *)s->at, &len);
  if (c <= 0xa0 || c == 0x1680 || (c >= 0x2000 && c <= 0x200f) || (c >= 0x2028 && c <= 0x202f) ||
      (c >= 0x205f && c <= 0x2064) || c == 0x3000 || c == 0xfeff)
    syntax_error_at(s->p, s->line, column(s, s->at), "invalid non-printable character U+%04X", c);
  s->at += len;
  s->last = s->at - 1;
}

static void other(Scanner *s, const char *end) {
  char c = *s->at;
  if (c & 0x80) {
    non_ascii(s);
    return;
  }
  if (c == '\\') {
    if (s->at[1] == '\n' && s->at + 2 <= end) {
      disguise(s->p, s->at, ' ');
      disguise(s->p, ++s->at, ' ');
      new_line(s);
      if (s->at == end) syntax_error_at(s->p, s->line - 1, column(s, s->at), "unexpected end of file after line continuation");
      return;
    }
    syntax_error_at(s->p, s->line, column(s, s->at), "unexpected character after line continuation character");
  } else if (c == '$' || c == '?' || c == '`' || (c == '!' && s->at[1] != '=')) {
    syntax_error_at(s->p, s->line, column(s, s->at), "unexpected character '%c'", c);
  } else if ((unsigned char)c < 0x20 && c != '\t' && c != '\f') {
    syntax_error_at(s->p, s->line, column(s, s->at), "invalid non-printable character U+%04X", (unsigned)c);
  } else if (c == ',' || c == ';') {
    s->pending = s->nbrackets ? s->brackets[s->nbrackets - 1].pending : 0;
  } else if (c == '=') {
    bool compares = s->at[1] == '=' || (s->at > s->p->text && strchr("=!<>", s->at[-1]));
    if (!compares) add_pending(s);
  } else if (c == '~' || c == '-' || c == '+' || (c == '*' && s->at[1] == '*')) {
    bool binary = (c == '-' || c == '+') && (is_word(*s->last) || strchr(")]}'\"", *s->last));
    if (!binary) add_pending(s);
  }
  s->at++;
}

/* The grammar knows the print and exec statements of Python 2 and the type statement of 3.12. Here these are names. */
static void word(Scanner *s) {
  const char *from = s->at;
  while (is_word(*s->at) && !(*s->at & 0x80)) s->at++;
  size_t len = (size_t)(s->at - from);
  if ((len == 5 && !memcmp(from, "print", 5)) || (len == 4 && (!memcmp(from, "exec", 4) || !memcmp(from, "type", 4))))
    disguise(s->p, from, *from ^ 0x20);
  if ((len == 3 && !memcmp(from, "not", 3)) || (len == 6 && !memcmp(from, "lambda", 6)) ||
      (len == 2 && !memcmp(from, "if", 2)) || (len == 5 && (!memcmp(from, "await", 5) || !memcmp(from, "yield", 5))))
    add_pending(s);
}

/* At a newline inside brackets. After some tokens the grammar takes a line that is indented less for the end of the
 * block, so such lines are joined; `comment` is where a comment before the newline starts, or NULL. */
static void inner_newline(Scanner *s, const char *comment) {
  const char *newline = s->at;
  new_line(s);
  Indent n = measure(s);
  bool blank = *s->at == '\n' || *s->at == '#';
  if (!blank && n.width >= s->indents[s->nindents - 1].width) return;
  for (const char *at = comment ? comment : newline; at <= newline; at++) disguise(s->p, at, ' ');
}

/* To the end of a logical line, its newline included. */
static void logical_line(Scanner *s, const char *end) {
  const char *comment = NULL;
  while (s->at < end && !s->stop) {
    char c = *s->at;
    if (c == '\n') {
      if (!s->nbrackets) {
        new_line(s);
        return;
      }
      inner_newline(s, comment);
      comment = NULL;
      continue;
    }
    if (c == '#') {
      const char *eol = memchr(s->at, '\n', (size_t)(end - s->at));
      comment = s->at;
      s->at = eol ? eol : end;
      continue;
    }
    const char *here = s->at;
    if (is_word(c) && !(c & 0x80)) word(s), s->last = s->at - 1;
    else if (c == '(' || c == '[' || c == '{') open_bracket(s), s->at++;
    else if (c == ')' || c == ']' || c == '}') close_bracket(s), s->at++;
    else if (c == '"' || c == '\'') string(s), s->last = s->at - 1;
    else other(s, end);
    if (s->at == here + 1 && c != ' ' && c != '\t' && c != '\f') s->last = here;
  }
}

static void add_line(Scanner *s, const char *line_start, const char *first, uint32_t depth) {
  Parser *p = s->p;
  if (p->nlines == p->cap_lines) {
    p->cap_lines = p->cap_lines * 2 + 256;
    p->lines = parse_memory(realloc(p->lines, p->cap_lines * sizeof *p->lines));
  }
  p->lines[p->nlines++] = (LogicalLine){(uint32_t)(first - p->text), (uint32_t)(s->last + 1 - p->text),
                                        (uint32_t)(first - line_start), depth};
}

static void finish(Scanner *s) {
  if (s->stop) return;
  if (s->header_line && !s->nbrackets)
    syntax_error_at(s->p, s->header_line, 1, "expected an indented block after '%.*s'", word_length(s->header),
                    s->header);
  if (!s->nbrackets) return;
  const Bracket *b = &s->brackets[0];
  syntax_error_at(s->p, b->line, b->col, "'%c' was never closed", b->open);
  unclosed_from(s, b->line);
}

bool scan_tokens(Parser *p, uint32_t *unclosed_line) {
  Scanner s = {.p = p, .at = p->text, .line_start = p->text, .line = 1, .nindents = 1};
  const char *end = p->text + p->src->len;
  while (s.at < end && !s.stop) {
    Indent n = measure(&s);
    if (s.at == end) break;
    if (*s.at == '\n') {
      new_line(&s);
      continue;
    }
    if (*s.at == '#') {
      const char *eol = memchr(s.at, '\n', (size_t)(end - s.at));
      s.at = eol ? eol : end;
      continue;
    }
    indent(&s, n);
    uint32_t line = s.line;
    const char *first = s.at, *line_start = s.line_start;
    s.last = first;
    s.pending = 0;
    if (!s.stop) logical_line(&s, end);
    add_line(&s, line_start, first, s.nindents - 1);
    s.header_line = *s.last == ':' ? line : 0;
    s.header = first;
  }
  finish(&s);
  *unclosed_line = s.unclosed_line;
  return !s.stop;
}
