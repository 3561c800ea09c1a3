/* parse_literal.c - numbers, strings with their escapes, f-strings. */
#include "parse.h"

#include <stdlib.h>

enum { MAX_INT_DIGITS = 4300, MAX_FORMAT_NESTING = 2 }; /* CPython's */

/* ---- numbers ---- */

/* The token without underscores, and whether they stand only between digits. */
static char *digits_of(Parser *p, uint32_t i, size_t *len, bool *good) {
  const char *s = p->text + p->cst[i].start;
  size_t n = p->cst[i].end - p->cst[i].start;
  char *digits = pool_alloc(p->src->pool, n + 1);
  *len = 0;
  *good = true;
  for (size_t k = 0; k < n; k++) {
    if (s[k] != '_') digits[(*len)++] = s[k];
    else if (k + 1 == n || s[k + 1] == '_' || s[k + 1] == '.') *good = false;
  }
  return digits;
}

static int radix_of(const char *digits) {
  if (digits[0] != '0') return 10;
  switch (digits[1] | 0x20) {
  case 'x': return 16;
  case 'o': return 8;
  case 'b': return 2;
  default: return 10;
  }
}

static int digit_value(char c) { return c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10; }

/* False past 64 bits. */
static bool int_value(const char *digits, int radix, int64_t *value) {
  *value = 0;
  for (const char *s = digits + (radix == 10 ? 0 : 2); *s; s++)
    if (__builtin_mul_overflow(*value, (int64_t)radix, value) ||
        __builtin_add_overflow(*value, (int64_t)digit_value(*s), value))
      return false;
  return true;
}

Node *convert_int(Parser *p, uint32_t i) {
  size_t len;
  bool good;
  char *digits = digits_of(p, i, &len, &good);
  char last = (char)(digits[len - 1] | 0x20);
  int radix = radix_of(digits);
  if (radix == 10 && last == 'j') return unsupported(p, i, "complex number");
  Node *n = new_node(p, N_INT, i);
  if (!good || last == 'l') {
    syntax_error(p, i, "invalid integer literal '%.*s'", CST_TEXT(p, i));
  } else if (radix == 10 && digits[0] == '0' && strspn(digits, "0") != len) {
    syntax_error(p, i, "leading zeros in decimal integer literals are not permitted; "
                       "use an 0o prefix for octal integers");
  } else if (radix == 10 && len > MAX_INT_DIGITS) {
    syntax_error(p, i, "integer literal of %zu digits: more than %d", len, MAX_INT_DIGITS);
  } else if (!int_value(digits, radix, &n->ival)) {
    n->ival = 0;
    n->flags |= NODE_BIG;
    n->name = digits;
  }
  return n;
}

Node *convert_float(Parser *p, uint32_t i) {
  size_t len;
  bool good;
  char *digits = digits_of(p, i, &len, &good);
  if (!good) syntax_error(p, i, "invalid decimal literal '%.*s'", CST_TEXT(p, i));
  if ((digits[len - 1] | 0x20) == 'j') return unsupported(p, i, "complex number");
  Node *n = new_node(p, N_FLOAT, i);
  n->fval = strtod(digits, NULL);
  return n;
}

/* ---- the parts of a string token ---- */

typedef struct {
  bool raw, bytes, formatted;
  char quote;
  uint32_t quotes;      /* 1 or 3 */
  uint32_t from, to;    /* bytes of the text between the quotes */
} StringForm;

static StringForm string_form(const Parser *p, uint32_t i) {
  const Cst *c = &p->cst[i];
  StringForm f = {.quotes = 1};
  uint32_t at = c->start;
  for (; p->text[at] != '"' && p->text[at] != '\''; at++) {
    char prefix = (char)(p->text[at] | 0x20);
    f.raw |= prefix == 'r';
    f.bytes |= prefix == 'b';
    f.formatted |= prefix == 'f';
  }
  f.quote = p->text[at];
  if (c->end - at >= 6 && p->text[at + 1] == f.quote && p->text[at + 2] == f.quote) f.quotes = 3;
  f.from = at + f.quotes;
  f.to = c->end - f.quotes;
  return f;
}

/* ---- escapes ---- */

typedef struct {
  Parser *p;
  char *out;    /* room for as many bytes as the source text has */
  size_t len;
  uint32_t node; /* for messages */
  bool unsupported;
} Decoder;

static void put_code_point(Decoder *d, uint32_t c) {
  if (c < 0x80) {
    d->out[d->len++] = (char)c;
    return;
  }
  int more = c < 0x800 ? 1 : c < 0x10000 ? 2 : 3;
  d->out[d->len++] = (char)(0xff00 >> (more + 1) | c >> 6 * more);
  while (more--) d->out[d->len++] = (char)(0x80 | (c >> 6 * more & 0x3f));
}

static bool is_hex(char c) {
  return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'f');
}

/* `digits` hexadecimal digits at s; returns the bytes taken. */
static uint32_t hex_escape(Decoder *d, const char *s, uint32_t digits, uint32_t left) {
  uint32_t value = 0, n = 0;
  for (; n < digits && n < left && is_hex(s[n]); n++) value = value * 16 + (uint32_t)digit_value(s[n]);
  if (n < digits) syntax_error(d->p, d->node, "truncated \\%c escape in string", s[-1]);
  else if (value > 0x10ffff) syntax_error(d->p, d->node, "illegal Unicode character in \\U escape");
  else put_code_point(d, value);
  return n;
}

/* At the character after a backslash; returns the bytes taken. Unknown escapes stay as they are. */
static uint32_t escape(Decoder *d, const char *s, uint32_t left) {
  static const char from[] = "\\'\"abfnrtv", to[] = "\\'\"\a\b\f\n\r\t\v";
  const char *simple = s[0] ? strchr(from, s[0]) : NULL;
  if (simple) {
    d->out[d->len++] = to[simple - from];
    return 1;
  }
  if (s[0] >= '0' && s[0] <= '7') {
    uint32_t value = 0, n = 0;
    for (; n < 3 && n < left && s[n] >= '0' && s[n] <= '7'; n++) value = value * 8 + (uint32_t)(s[n] - '0');
    put_code_point(d, value);
    return n;
  }
  switch (s[0]) {
  case '\n': return 1;
  case 'x': return 1 + hex_escape(d, s + 1, 2, left - 1);
  case 'u': return 1 + hex_escape(d, s + 1, 4, left - 1);
  case 'U': return 1 + hex_escape(d, s + 1, 8, left - 1);
  case 'N': d->unsupported = true; return 1; /* would need the table of character names */
  default: d->out[d->len++] = '\\'; return 0;
  }
}

static void decode(Decoder *d, const StringForm *f) {
  const char *text = d->p->text;
  for (uint32_t i = f->from; i < f->to;) {
    char c = text[i++];
    if (c == '\\' && !f->raw && i < f->to) {
      i += escape(d, text + i, f->to - i);
    } else {
      d->out[d->len++] = c;
      if (f->formatted && (c == '{' || c == '}') && i < f->to && text[i] == c) i++; /* doubled */
    }
  }
}

/* ---- f-strings ---- */

/* Literal text of an f-string: a '}' must be doubled. */
static void check_formatted_text(Parser *p, uint32_t node, const StringForm *f, uint32_t from, uint32_t to) {
  for (uint32_t i = from; i < to; i++) {
    char c = p->text[i];
    if (c == '\\' && !f->raw && i + 2 < to && p->text[i + 1] == 'N' && p->text[i + 2] == '{') {
      while (i < to && p->text[i] != '}') i++;
    } else if (c == '{' || c == '}') {
      if (i + 1 < to && p->text[i + 1] == c) i++;
      else syntax_error(p, node, "f-string: single '%c' is not allowed", c);
    }
  }
}

/* What Python 3.11 does not allow between the braces, though later versions do. */
static void check_formatted_expr(Parser *p, uint32_t i, const StringForm *f) {
  const char *from = p->text + p->cst[i].start, *to = p->text + p->cst[i].end;
  for (const char *s = from; s < to; s++) {
    if (*s == '\\') {
      syntax_error(p, i, "f-string expression part cannot include a backslash");
      return;
    }
    if (*s == f->quote && (f->quotes == 1 || (s + 2 < to && s[1] == *s && s[2] == *s))) {
      syntax_error(p, i, "f-string: expected '}' before the closing quote");
      return;
    }
  }
}

/* A part of an f-string without fields, as a node unless it is empty. */
static void push_text(Parser *p, uint32_t i, Decoder *d, const StringForm *f, uint32_t from, uint32_t to) {
  StringForm part = *f;
  size_t start = d->len;
  part.from = from;
  part.to = to;
  decode(d, &part);
  if (d->len == start) return;
  Node *n = new_node(p, N_STR, i);
  n->name = d->out + start;
  n->ival = (int64_t)(d->len - start);
  d->out[d->len++] = 0; /* there is room: a brace of a field, or the quote */
  push_node(p, n);
}

static Node *format_specifier(Parser *p, uint32_t i, Decoder *d, const StringForm *f, uint32_t from, int nesting);

/* The symbol's child of i, 0: none. */
static uint32_t child_with(const Parser *p, uint32_t i, uint16_t symbol) {
  CST_CHILDREN(p, i, k)
  if (p->cst[k].symbol == symbol) return k;
  return 0;
}

static Node *formatted_node(Parser *p, uint32_t i, Node *value, int conversion, Node *format) {
  Node *n = new_node(p, N_FORMATTED, i);
  n->a = value;
  n->b = format;
  n->ival = conversion;
  return n;
}

/* `{x:=5}`, which the grammar takes for an assignment, is x in the format `=5`. */
static Node *misread_field(Parser *p, uint32_t i, uint32_t named, Decoder *d, const StringForm *f, int nesting) {
  uint32_t sign = p->cst[named + 1].end;
  while (p->text[sign] != '=') sign++;
  if (memchr(p->text + sign, '{', p->cst[named].end - sign)) return unsupported(p, i, "a field within a format that begins with `=`");
  Node *value = convert_expr(p, named + 1, 0);
  return formatted_node(p, i, value, 0, format_specifier(p, named, d, f, sign, nesting + 1));
}

/* `{x=}` begins with its own text. */
static uint32_t push_own_text(Parser *p, uint32_t i, Decoder *d) {
  uint32_t sign = child_with(p, i, CST_T_ASSIGN);
  if (!sign) return 0;
  uint32_t end = p->cst[sign].end;
  while (end < p->cst[i].end && strchr(" \t\f\n", p->text[end])) end++;
  StringForm text = {.raw = true};
  push_text(p, i, d, &text, p->cst[i].start + 1, end);
  return sign;
}

/* Pushes what one replacement field is: an expression, or more where it has a conversion or a format. */
static void interpolation(Parser *p, uint32_t i, Decoder *d, const StringForm *f, int nesting) {
  if (nesting == MAX_FORMAT_NESTING) {
    syntax_error(p, i, "f-string: expressions nested too deeply");
    return;
  }
  uint32_t first = i + 2; /* after '{' */
  if (p->cst[first].symbol == CST_NAMED_EXPRESSION) {
    push_node(p, misread_field(p, i, first, d, f, nesting));
    return;
  }
  check_formatted_expr(p, first, f);
  uint32_t own = push_own_text(p, i, d), spec = child_with(p, i, CST_FORMAT_SPECIFIER), type = child_with(p, i, CST_TYPE_CONVERSION);
  Node *n = convert_list_expr(p, first, ALLOW_YIELD | ALLOW_STAR);
  if (n->kind == N_LAMBDA && !(n->flags & NODE_PAREN)) syntax_error(p, first, "f-string: a lambda needs parentheses");
  int conversion = type ? p->text[p->cst[type].start + 1] : own && !spec ? 'r' : 0;
  if (type && !memchr("rsa", conversion, 3)) syntax_error(p, type, "f-string: invalid conversion character: expected 's', 'r', or 'a'");
  Node *format = spec ? format_specifier(p, spec, d, f, p->cst[spec].start + 1, nesting + 1) : NULL;
  push_node(p, conversion || format ? formatted_node(p, i, n, conversion, format) : n);
}

/* The format of a field, from a byte on to the end of i: a string with fields of its own. */
static Node *format_specifier(Parser *p, uint32_t i, Decoder *d, const StringForm *f, uint32_t from, int nesting) {
  uint32_t kept = p->top, to = p->cst[i].end;
  CST_CHILDREN(p, i, k) {
    if (p->cst[k].symbol != CST_FORMAT_EXPRESSION && p->cst[k].symbol != CST_INTERPOLATION) continue;
    push_text(p, i, d, f, from, p->cst[k].start);
    interpolation(p, k, d, f, nesting);
    from = p->cst[k].end;
  }
  push_text(p, i, d, f, from, to);
  Node *n = new_node(p, N_FSTRING, i);
  n->list = take_nodes(p, kept);
  return n;
}

static void formatted(Parser *p, uint32_t i, Decoder *d, const StringForm *f) {
  uint32_t at = f->from;
  CST_CHILDREN(p, i, k) {
    if (p->cst[k].symbol != CST_INTERPOLATION) continue;
    check_formatted_text(p, i, f, at, p->cst[k].start);
    push_text(p, i, d, f, at, p->cst[k].start);
    interpolation(p, k, d, f, 0);
    at = p->cst[k].end;
  }
  check_formatted_text(p, i, f, at, f->to);
  push_text(p, i, d, f, at, f->to);
}

static bool has_fields(Parser *p, uint32_t i) {
  CST_CHILDREN(p, i, k)
  if (p->cst[k].symbol == CST_INTERPOLATION || (p->cst[k].symbol == CST_STRING && has_fields(p, k))) return true;
  return false;
}

/* ---- strings ---- */

static void check_bytes(Parser *p, uint32_t i, const StringForm *f) {
  for (uint32_t k = f->from; k < f->to; k++) {
    if (!(p->text[k] & 0x80)) continue;
    syntax_error(p, i, "bytes can only contain ASCII literal characters");
    return;
  }
}

Node *convert_string(Parser *p, uint32_t i) {
  bool joined = p->cst[i].symbol == CST_CONCATENATED;
  uint32_t first = joined ? i + 1 : i, from = p->top;
  Decoder d = {.p = p, .node = first};
  bool bytes = string_form(p, first).bytes, has_expressions = has_fields(p, i);
  d.out = pool_alloc(p->src->pool, p->cst[i].end - p->cst[i].start + 1);
  for (uint32_t k = first; k < p->cst[i].next; k = p->cst[k].next) {
    StringForm f = string_form(p, k);
    if (f.bytes != bytes) syntax_error(p, k, "cannot mix bytes and nonbytes literals");
    if (f.bytes) check_bytes(p, k, &f);
    d.node = k;
    if (has_expressions && f.formatted) {
      formatted(p, k, &d, &f);
    } else if (has_expressions) {
      push_text(p, k, &d, &f, f.from, f.to);
    } else {
      if (f.formatted) check_formatted_text(p, k, &f, f.from, f.to);
      decode(&d, &f);
    }
  }
  Node *n = new_node(p, has_expressions ? N_FSTRING : N_STR, i);
  n->list = take_nodes(p, from);
  if (bytes) return unsupported(p, i, "bytes literal");
  if (d.unsupported && !has_expressions) return unsupported(p, i, "\\N escape");
  n->ival = d.unsupported;
  if (has_expressions) return n;
  n->name = d.out;
  n->ival = (int64_t)d.len;
  return n;
}
