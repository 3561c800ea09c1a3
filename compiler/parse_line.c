/* parse_line.c - one logical line against what every Python statement keeps to: operands and operators take
 * turns, headers end in ':', targets are targets. Run only where the grammar refused something, to say what. */
#include "parse.h"

#include <stdio.h>

enum { MAX_OPEN = 256 };

typedef enum { END, NAME, KEYWORD, NUMBER, STRING, OPERATOR } TokenKind;

typedef struct {
  TokenKind kind;
  uint32_t at, len;
} Token;

typedef enum {
  OPERAND,        /* one must come */
  OPERAND_OR_END, /* one may come: after `return`, `[`, a comma, .. */
  AFTER           /* one came */
} Expect;

typedef struct {
  char open;        /* '(' '[' '{', or 0 outside brackets */
  bool call;        /* of a call or a def: `name=` is allowed */
  bool loop;        /* a `for` whose `in` is still to come */
  uint32_t lambdas; /* whose ':' is still to come */
} Bracket;

typedef struct {
  Parser *p;
  uint32_t at, end;
  Token token, before, before2;
  Bracket open[MAX_OPEN];
  uint32_t depth;
  Expect expect;
  Token header;      /* keyword of a compound statement whose ':' is to come; len 0: none */
  Token statement;   /* first token */
  bool in_seen;      /* the `in` of a for statement */
  bool annotated;    /* a ':' came that is no header's */
  bool operators;    /* outside brackets since the statement or the last '=' began */
  bool called;       /* the bracket closed last was a call's */
  bool restart;      /* another statement follows on this line, or nothing */
  bool failed, skip;
} Line;

/* ---- tokens ---- */

static bool is_digit(char c) { return c >= '0' && c <= '9'; }
static bool is_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || is_digit(c) || (c & 0x80);
}

static void skip_blanks(Line *l) {
  const char *text = l->p->text;
  for (; l->at < l->end; l->at++) {
    char c = text[l->at];
    if (c == '#') {
      while (l->at < l->end && text[l->at] != '\n') l->at++;
    } else if (c != ' ' && c != '\t' && c != '\f' && c != '\n' && c != '\\') {
      return;
    }
  }
}

static uint32_t string_length(const Line *l, uint32_t at) {
  const char *text = l->p->text;
  char quote = text[at];
  bool triple = text[at + 1] == quote && text[at + 2] == quote;
  uint32_t from = at;
  for (at += triple ? 3 : 1; at < l->end; at++) {
    if (text[at] == '\\') at++;
    else if (text[at] == quote && !triple) return at + 1 - from;
    else if (text[at] == quote && text[at + 1] == quote && text[at + 2] == quote) return at + 3 - from;
  }
  return l->end - from;
}

static uint32_t operator_length(const char *s, uint32_t left) {
  static const char *const longer[] = {"**=", "//=", ">>=", "<<=", "...", "**", "//", ">>", "<<", "<=", ">=", "==", "!=",
                                       "->", "+=", "-=", "*=", "/=", "%=", "&=", "|=", "^=", "@=", ":=", "<>"};
  for (size_t k = 0; k < sizeof longer / sizeof *longer; k++) {
    uint32_t len = (uint32_t)strlen(longer[k]);
    if (len <= left && !memcmp(longer[k], s, len)) return len;
  }
  return 1;
}

static uint32_t number_length(const Line *l) {
  const char *s = l->p->text;
  uint32_t at = l->at;
  bool decimal = s[at] != '0' || ((s[at + 1] | 0x20) != 'x');
  while (at < l->end && (is_word(s[at]) || s[at] == '.' ||
                         (decimal && (s[at] == '+' || s[at] == '-') && (s[at - 1] | 0x20) == 'e')))
    at++;
  return at - l->at;
}

static Token next_token(Line *l) {
  const char *text = l->p->text;
  skip_blanks(l);
  Token t = {END, l->at, 0};
  if (l->at >= l->end) return t;
  char c = text[l->at];
  if (is_digit(c) || (c == '.' && is_digit(text[l->at + 1]))) {
    t.kind = NUMBER;
    t.len = number_length(l);
  } else if (is_word(c)) {
    while (l->at + t.len < l->end && is_word(text[l->at + t.len])) t.len++;
    t.kind = is_keyword(text + l->at, t.len) ? KEYWORD : NAME;
    char after = text[l->at + t.len];
    if (t.len <= 2 && (after == '"' || after == '\'')) {
      t.kind = STRING;
      t.len += string_length(l, l->at + t.len);
    }
  } else if (c == '"' || c == '\'') {
    t.kind = STRING;
    t.len = string_length(l, l->at);
  } else {
    t.kind = OPERATOR;
    t.len = operator_length(text + l->at, l->end - l->at);
  }
  l->at += t.len;
  return t;
}

static bool is(const Line *l, Token t, const char *s) {
  return t.len == strlen(s) && t.kind != STRING && !memcmp(l->p->text + t.at, s, t.len);
}

/* Whether t is one of the blank-separated words. */
static bool is_among(const Line *l, Token t, const char *words) {
  if (!t.len || t.kind == STRING) return false;
  for (const char *w = words; *w;) {
    size_t len = strcspn(w, " ");
    if (len == t.len && !memcmp(w, l->p->text + t.at, len)) return true;
    w += len + (w[len] == ' ');
  }
  return false;
}

/* ---- messages ---- */

#define TOKEN(l, t) (int)((t).len > 40 ? 40 : (t).len), (l)->p->text + (t).at

static void fail(Line *l, const char *expected) {
  if (l->failed || l->skip) return;
  l->failed = true;
  bool at_end = l->token.kind == END;
  uint32_t at = at_end ? l->end : l->token.at;
  char saw[64] = "end of line";
  if (!at_end) snprintf(saw, sizeof saw, "'%.*s'", TOKEN(l, l->token));
  if (l->before.len) error_at_byte(l->p, at, "expected %s after '%.*s', saw %s", expected, TOKEN(l, l->before), saw);
  else error_at_byte(l->p, at, "expected %s, saw %s", expected, saw);
}

static void fail_at(Line *l, uint32_t at, const char *message) {
  if (l->failed || l->skip) return;
  l->failed = true;
  error_at_byte(l->p, at, "%s", message);
}

/* ---- statements ---- */

static Bracket *inner(Line *l) { return &l->open[l->depth]; }

static void advance(Line *l) {
  l->before2 = l->before;
  l->before = l->token;
  l->token = next_token(l);
}

/* The keyword and the name of a def or class. */
static void named_header(Line *l) {
  bool def = is(l, l->token, "def");
  advance(l);
  if (l->token.kind != NAME) {
    fail(l, def ? "a function's name" : "a class's name");
    return;
  }
  advance(l);
  if (def && !is(l, l->token, "(")) fail(l, "'('");
  l->expect = AFTER;
}

/* The dotted names, commas and so on of an import, global or nonlocal statement. */
static void name_list(Line *l) {
  bool name = true; /* one must come */
  for (advance(l); l->token.kind != END && !is(l, l->token, ";"); advance(l)) {
    if (l->token.kind == NAME && name) name = false;
    else if (is(l, l->token, "*") && name) name = false;
    else if (is_among(l, l->token, ", as import") || is(l, l->token, ".") || is(l, l->token, "...")) name = true;
    else if (is(l, l->token, ")")) name = false;
    else if (!is(l, l->token, "(") || !name) break;
  }
  l->skip = l->token.kind == END || is(l, l->token, ";");
  if (!l->skip || name) {
    l->skip = false;
    fail(l, name ? "a name" : "',' or the end of the statement");
  }
}

static void begin_keyword(Line *l) {
  if (is_among(l, l->token, "if elif while with for except def class try else finally")) {
    l->header = l->token;
    if (is_among(l, l->token, "def class")) {
      named_header(l);
      return;
    }
    if (is_among(l, l->token, "try else finally")) {
      l->expect = AFTER;
      advance(l);
      if (!is(l, l->token, ":")) fail(l, "':'");
      return;
    }
    l->expect = is(l, l->token, "except") ? OPERAND_OR_END : OPERAND;
  } else if (is_among(l, l->token, "pass break continue")) {
    l->expect = AFTER;
    advance(l);
    if (l->token.kind != END && !is(l, l->token, ";")) fail(l, "the end of the statement");
    return;
  } else if (is_among(l, l->token, "return raise")) {
    l->expect = OPERAND_OR_END;
  } else if (is_among(l, l->token, "del assert")) {
    l->expect = OPERAND;
  } else if (is_among(l, l->token, "import from global nonlocal")) {
    name_list(l);
    return;
  } else {
    return; /* an expression starts here */
  }
  advance(l);
}

/* Words that Python 2 had statements for, and the soft keywords. */
static void begin_name(Line *l) {
  bool old = is_among(l, l->token, "print exec");
  Line ahead = *l;
  Token next = next_token(&ahead);
  bool operand = next.kind == NAME || next.kind == NUMBER || next.kind == STRING;
  if (old && operand)
    fail_at(l, l->token.at, is(l, l->token, "print") ? "missing parentheses in call to 'print': did you mean print(...)?"
                                                     : "missing parentheses in call to 'exec': did you mean exec(...)?");
  if (is_among(l, l->token, "match case")) l->skip = l->p->text[l->end - 1] == ':';
}

static void begin_statement(Line *l) {
  l->expect = OPERAND;
  l->operators = l->in_seen = l->annotated = false;
  l->header.len = 0;
  l->statement = l->token;
  if (is(l, l->token, "@")) advance(l);
  else if (is(l, l->token, "async")) advance(l);
  if (l->token.kind == KEYWORD) begin_keyword(l);
  else if (l->token.kind == NAME) begin_name(l);
}

/* ---- tokens by where they stand ---- */

static void open_bracket(Line *l) {
  if (l->depth + 1 == MAX_OPEN) {
    l->skip = true;
    return;
  }
  bool call = l->expect == AFTER && is(l, l->token, "(");
  l->open[++l->depth] = (Bracket){l->p->text[l->token.at], call, false, 0};
  l->expect = OPERAND_OR_END;
}

static void close_bracket(Line *l) {
  if (inner(l)->loop) fail(l, "'in'");
  l->called = inner(l)->call;
  if (l->depth) l->depth--;
  else l->skip = true; /* the scanner has said so */
  l->expect = AFTER;
}

static void colon(Line *l) {
  Bracket *b = inner(l);
  l->expect = OPERAND;
  if (b->lambdas) {
    b->lambdas--;
  } else if (b->open == '[') {
    l->expect = OPERAND_OR_END;
  } else if (!b->open && l->header.len) {
    if (is(l, l->header, "for") && !l->in_seen) fail(l, "'in'");
    l->restart = true;
  } else if (b->open == '(' && !is(l, l->statement, "def") && !is(l, l->statement, "async")) {
    fail(l, "')' or ','");
  } else if (!b->open) {
    l->annotated = true;
  }
}

static void assign(Line *l) {
  Bracket *b = inner(l);
  l->expect = OPERAND;
  if (b->lambdas || l->annotated || is_among(l, l->statement, "def async")) return;
  if (b->open == '(' && b->call) {
    if (l->before.kind != NAME || !(is(l, l->before2, "(") || is(l, l->before2, ",")))
      fail_at(l, l->token.at, "expression cannot contain assignment, perhaps you meant '=='?");
    return;
  }
  if (b->open || l->header.len) {
    fail_at(l, l->token.at, "unexpected '=', perhaps you meant '==' or ':='?");
    return;
  }
  if (is(l, l->before, ")") && l->called)
    fail_at(l, l->statement.at, "cannot assign to function call here, perhaps you meant '=='?");
  else if (l->operators) fail_at(l, l->statement.at, "cannot assign to expression here, perhaps you meant '=='?");
  else if (l->before.kind == NUMBER || l->before.kind == STRING) fail_at(l, l->before.at, "cannot assign to literal");
  else if (is_among(l, l->before, "True False None")) fail_at(l, l->before.at, "cannot assign to a constant's name");
  else if (is(l, l->before, "...")) fail_at(l, l->before.at, "cannot assign to ellipsis");
}

/* A keyword where an operand must come. */
static void operand_keyword(Line *l) {
  if (is_among(l, l->token, "True False None")) {
    l->expect = AFTER;
  } else if (is(l, l->token, "lambda")) {
    inner(l)->lambdas++;
    l->expect = OPERAND_OR_END;
  } else if (is(l, l->token, "yield")) {
    l->expect = OPERAND_OR_END;
  } else if (is(l, l->token, "in") && l->expect == OPERAND_OR_END && is(l, l->before, ",")) {
    l->in_seen = true; /* `for x, in` */
    inner(l)->loop = false;
    l->expect = OPERAND;
  } else if (is_among(l, l->token, "not await") || (is(l, l->token, "from") && is(l, l->before, "yield"))) {
    l->expect = OPERAND;
  } else {
    fail(l, "an expression");
  }
}

/* The braces of an f-string; what is between them is the grammar's. */
static void braces(Line *l) {
  const char *s = l->p->text + l->token.at, *end = s + l->token.len;
  while (s < end && *s != '"' && *s != '\'') {
    if ((*s++ | 0x20) != 'f') continue;
    uint32_t depth = 0;
    for (; s < end; s++) {
      bool doubled = !depth && s + 1 < end && s[0] == s[1];
      const char *quote = depth && (*s == '"' || *s == '\'') ? memchr(s + 1, *s, (size_t)(end - s - 1)) : NULL;
      if (quote) s = quote;
      else if ((*s == '{' || *s == '}') && doubled) s++;
      else if (*s == '{' && s + 1 < end && s[1] == '}') fail_at(l, l->token.at, "f-string: empty expression not allowed");
      else if (*s == '{') depth++;
      else if (*s == '}' && !depth) fail_at(l, l->token.at, "f-string: single '}' is not allowed");
      else if (*s == '}') depth--;
    }
    if (depth) fail_at(l, l->token.at, "f-string: expected '}'");
  }
}

static void operand(Line *l) {
  if (l->token.kind == STRING) braces(l);
  char c = l->p->text[l->token.at];
  bool params = inner(l)->lambdas || is_among(l, l->statement, "def async");
  if (l->token.kind == NAME || l->token.kind == NUMBER || l->token.kind == STRING || is(l, l->token, "...")) {
    l->expect = AFTER;
  } else if (l->token.kind == KEYWORD) {
    operand_keyword(l);
  } else if (is_among(l, l->token, "( [ {")) {
    open_bracket(l);
  } else if (is_among(l, l->token, "+ - ~ * **")) {
    l->expect = params && c == '*' ? OPERAND_OR_END : OPERAND;
  } else if (params && c == '/') {
    l->expect = AFTER;
  } else if (is_among(l, l->token, ") ] }") && l->expect == OPERAND_OR_END) {
    close_bracket(l);
  } else if (is(l, l->token, ":") && (l->expect == OPERAND_OR_END || inner(l)->lambdas)) {
    colon(l);
  } else if (is(l, l->token, ",") && l->expect == OPERAND_OR_END && (params || is(l, l->before, ":"))) {
    l->expect = OPERAND_OR_END;
  } else if (is_among(l, l->token, "= ;") && l->expect == OPERAND_OR_END) {
    l->expect = OPERAND; /* `a, = b`, `return;` */
    l->restart = is(l, l->token, ";");
  } else {
    fail(l, "an expression");
  }
}

/* No operator where one must come. */
static void fail_after(Line *l) {
  bool loop = inner(l)->loop || (!l->depth && is(l, l->header, "for") && !l->in_seen);
  fail(l, loop            ? "'in'"
          : l->depth      ? "',' or an operator"
          : l->header.len ? "an operator or ':'"
                          : "an operator or the end of the statement");
}

static void after_keyword(Line *l) {
  bool in = is(l, l->token, "in");
  if (in && is(l, l->header, "for") && !l->depth) l->in_seen = true;
  if (in) inner(l)->loop = false;
  l->operators |= !l->depth;
  l->expect = OPERAND;
  if (is_among(l, l->token, "and or in is if else as from")) return;
  if (is(l, l->token, "not")) {
    Line ahead = *l;
    if (!is(l, next_token(&ahead), "in")) fail(l, "an operator");
    advance(l);
  } else if (is_among(l, l->token, "for async") && l->depth) {
    if (is(l, l->token, "async")) advance(l);
    inner(l)->loop = true;
  } else {
    fail_after(l);
  }
}

static void after_operator(Line *l) {
  if (is_among(l, l->token, ") ] }")) {
    close_bracket(l);
  } else if (is_among(l, l->token, "( [")) {
    open_bracket(l);
  } else if (is(l, l->token, ",")) {
    l->expect = OPERAND_OR_END;
  } else if (is(l, l->token, ":")) {
    colon(l);
  } else if (is(l, l->token, "=")) {
    assign(l);
  } else if (is(l, l->token, ";")) {
    l->restart = true;
  } else if (is_among(l, l->token, "~ ...") || is(l, l->token, "{")) {
    fail_after(l);
  } else {
    l->operators |= !l->depth && !is_among(l, l->token, ". ->");
    l->expect = OPERAND;
  }
}

static void after(Line *l) {
  if (l->token.kind == OPERATOR) {
    after_operator(l);
  } else if (l->token.kind == KEYWORD) {
    after_keyword(l);
  } else if (l->token.kind != STRING || l->before.kind != STRING) {
    fail_after(l);
  }
}

static void at_end(Line *l) {
  if (l->depth) return; /* the scanner has said so */
  if (l->expect == OPERAND) fail(l, "an expression");
  else if (l->header.len && is(l, l->header, "for") && !l->in_seen) fail(l, "'in'");
  else if (l->header.len) fail(l, "':'");
}

/* The statement after a header's ':' or a ';'. */
static void restart(Line *l) {
  l->restart = false;
  advance(l);
  if (l->token.kind == END) l->skip = true;
  else begin_statement(l);
}

bool check_line(Parser *p, uint32_t k) {
  Line l = {.p = p, .at = p->lines[k].start, .end = p->lines[k].end};
  l.token = next_token(&l);
  begin_statement(&l);
  while (!l.failed && !l.skip && l.token.kind != END) {
    if (l.expect == AFTER) after(&l);
    else operand(&l);
    if (l.restart) restart(&l);
    else if (!l.failed && !l.skip) advance(&l);
  }
  if (!l.failed && !l.skip) at_end(&l);
  return !l.failed;
}
