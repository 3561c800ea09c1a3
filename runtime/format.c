/* format.c - format(): the mini-language of format specifiers, for strings, ints and floats, as CPython's Python/formatter_unicode.c
 * defines it: [[fill]align][sign][z][#][0][width][,_][.precision][type]. */
#include <math.h>
#ifndef __CUDA_ARCH__
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#endif

#include "native.h"

enum { NO_NUMBER = -1, MOST_CHARS = 1 << 24 /* of a text, else it is a limit */ };

typedef struct {
  const char *fill; /* a character */
  char align, sign, separator, type; /* 0: none */
  bool aligned, no_negative_zero, alternate;
  int64_t width, precision; /* NO_NUMBER */
} Format;

/* ---- reading a specifier ---- */

static FN bool is_align(char c) { return c == '<' || c == '>' || c == '=' || c == '^'; }

/* Digits at *s; NO_NUMBER: none. false: too many. */
static FN bool read_number(Vm *vm, const char **s, const char *end, int64_t *number) {
  if (*s == end || **s < '0' || **s > '9') return true;
  *number = 0;
  for (; *s < end && **s >= '0' && **s <= '9'; (*s)++) {
    if (*number > (INT64_MAX - (**s - '0')) / 10) return raise_false(vm, ERR_ValueError);
    *number = *number * 10 + (**s - '0');
  }
  return true;
}

static FN bool take_char(const char **s, const char *end, char c) {
  bool here = *s < end && **s == c;
  *s += here;
  return here;
}

static FN const char *read_alignment(Format *f, const char *s, const char *end) {
  uint32_t n = s < end ? char_size(s) : 0;
  if (n && s + n < end && is_align(s[n])) {
    f->fill = s;
    s += n;
  } else if (!n || !is_align(*s)) {
    return s;
  }
  f->align = *s;
  f->aligned = true;
  return s + 1;
}

static FN bool allows_separator(const Format *f) {
  switch (f->type) {
  case 'd': case 'e': case 'f': case 'g': case 'E': case 'G': case '%': case 'F': case 0: return true;
  case 'b': case 'o': case 'x': case 'X': return f->separator == '_';
  default: return false;
  }
}

static FN bool read_separator(Vm *vm, Format *f, const char **s, const char *end) {
  if (take_char(s, end, ',')) f->separator = ',';
  if (!take_char(s, end, '_')) return true;
  if (f->separator) return raise_false(vm, ERR_ValueError);
  f->separator = '_';
  return *s == end || **s != ',' || raise_false(vm, ERR_ValueError);
}

/* align and type are those that it has without a word of them. */
static FN bool read_format(Vm *vm, Value text, char align, char type, Format *f) {
  const Str *str = as_str(vm, text);
  const char *end = str->bytes + str->len;
  *f = (Format){NULL, align, 0, 0, type, false, false, false, NO_NUMBER, NO_NUMBER};
  const char *s = read_alignment(f, str->bytes, end);
  if (s < end && (*s == '+' || *s == '-' || *s == ' ')) f->sign = *s++;
  f->no_negative_zero = take_char(&s, end, 'z');
  f->alternate = take_char(&s, end, '#');
  if (!f->fill && take_char(&s, end, '0')) {
    f->fill = "0";
    if (!f->aligned && align == '>') f->align = '=';
  }
  if (!f->fill) f->fill = " ";
  if (!read_number(vm, &s, end, &f->width) || !read_separator(vm, f, &s, end)) return false;
  if (take_char(&s, end, '.') && (!read_number(vm, &s, end, &f->precision) || f->precision == NO_NUMBER)) return raise_false(vm, ERR_ValueError);
  if (s < end && s + char_size(s) < end) return raise_false(vm, ERR_ValueError);
  if (s < end) f->type = (uint8_t)*s < 0x80 ? *s : '?';
  return !f->separator || allows_separator(f) || raise_false(vm, ERR_ValueError);
}

/* ---- filling up ---- */

static FN bool add_fill(Vm *vm, Text *t, const Format *f, int64_t n) {
  if (n > MOST_CHARS) {
    raise_limit(vm, LIMIT_MEMORY);
    return false;
  }
  for (; n > 0; n--)
    if (!text_add(vm, t, f->fill, char_size(f->fill))) return false;
  return true;
}

/* Of a filling of n characters, what comes before the text. */
static FN int64_t filling_before(const Format *f, int64_t n) { return f->align == '>' ? n : f->align == '^' ? n / 2 : 0; }

/* The first n bytes, `chars` characters. */
static FN Value padded(Vm *vm, const Format *f, const char *s, uint32_t n, int64_t chars) {
  Text t = {0, 0, 0, false, false};
  int64_t filling = f->width > chars ? f->width - chars : 0, before = filling_before(f, filling);
  bool ok = add_fill(vm, &t, f, before) && text_add(vm, &t, s, n) && add_fill(vm, &t, f, filling - before);
  return ok ? text_str(vm, &t) : 0;
}

static FN Value format_text(Vm *vm, Value v, const Format *f) {
  if (f->type != 's' || f->sign || f->no_negative_zero || f->alternate || f->align == '=') return raise_error(vm, ERR_ValueError);
  const Str *str = as_str(vm, v);
  int64_t chars = str_len(vm, v);
  uint32_t n = str->len;
  if (f->precision != NO_NUMBER && f->precision < chars)
    for (chars = 0, n = 0; chars < f->precision; chars++) n += char_size(str->bytes + n);
  return padded(vm, f, str->bytes, n, chars);
}

/* ---- numbers ---- */

/* A number without its sign: what stands before its digits, these, and what is behind them. */
typedef struct {
  char sign; /* 0: none is shown */
  const char *prefix, *digits, *rest;
  uint32_t nprefix, ndigits, nrest;
} Number;

static FN uint32_t group_size(const Format *f) { return f->type == 'b' || f->type == 'o' || f->type == 'x' || f->type == 'X' ? 4 : 3; }

/* Digits with zeros before them up to `least` characters, separators among both counted. */
static FN uint32_t grouped_size(const Format *f, uint32_t ndigits, int64_t least) {
  uint32_t digits = ndigits, group = group_size(f);
  if (!f->separator) return least > ndigits ? (uint32_t)least : ndigits;
  while ((int64_t)digits + (digits - 1) / group < least) digits++;
  return digits + (digits - 1) / group;
}

static FN bool add_grouped(Vm *vm, Text *t, const Format *f, const Number *n, uint32_t size) {
  uint32_t group = group_size(f), digits = f->separator ? size - size / (group + 1) : size;
  for (uint32_t left = digits; left; left--) {
    bool zero = left > n->ndigits;
    if (!text_add(vm, t, zero ? "0" : n->digits + n->ndigits - left, 1)) return false;
    if (f->separator && left > 1 && (left - 1) % group == 0 && !text_add(vm, t, &f->separator, 1)) return false;
  }
  return true;
}

static FN char sign_shown(const Format *f, bool negative) { return negative ? '-' : f->sign == '-' ? 0 : f->sign; }

static FN Value number_text(Vm *vm, const Format *f, const Number *n) {
  Text t = {0, 0, 0, false, false};
  int64_t others = (n->sign != 0) + (int64_t)n->nprefix + n->nrest;
  bool zeros = f->fill[0] == '0' && f->align == '=';
  if (f->width > MOST_CHARS) return raise_limit(vm, LIMIT_MEMORY);
  uint32_t size = n->ndigits ? grouped_size(f, n->ndigits, zeros ? f->width - others : 0) : 0;
  int64_t filling = f->width > others + size ? f->width - others - size : 0, before = filling_before(f, filling);
  int64_t within = f->align == '=' ? filling : 0;
  bool ok = add_fill(vm, &t, f, before) && (!n->sign || text_add(vm, &t, &n->sign, 1)) && text_add(vm, &t, n->prefix, n->nprefix) &&
            add_fill(vm, &t, f, within) && (!size || add_grouped(vm, &t, f, n, size)) && text_add(vm, &t, n->rest, n->nrest) &&
            add_fill(vm, &t, f, filling - before - within);
  return ok ? text_str(vm, &t) : 0;
}

static FN uint32_t put_code_point(char *to, uint32_t c) {
  if (c < 0x80) {
    to[0] = (char)c;
    return 1;
  }
  uint32_t more = c < 0x800 ? 1 : c < 0x10000 ? 2 : 3;
  to[0] = (char)(0xff00 >> (more + 1) | c >> 6 * more);
  for (uint32_t i = 1; i <= more; i++) to[i] = (char)(0x80 | (c >> 6 * (more - i) & 0x3f));
  return 1 + more;
}

static FN Value format_char(Vm *vm, int64_t c, const Format *f) {
  char text[4];
  if (f->sign || f->alternate) return raise_error(vm, ERR_ValueError);
  if (c < 0 || c > 0x10ffff) return raise_error(vm, ERR_OverflowError);
  if (c >= 0xd800 && c < 0xe000) return raise_limit(vm, LIMIT_UNSUPPORTED);
  Format as = *f;
  if (as.align == '=') as.align = '>'; /* there is neither sign nor digit */
  return padded(vm, &as, text, put_code_point(text, (uint32_t)c), 1);
}

static FN uint32_t base_of(char type) {
  switch (type) {
  case 'b': return 2;
  case 'o': return 8;
  case 'x': case 'X': return 16;
  case 'd': case 'n': return 10;
  default: return 0;
  }
}

static FN Value format_int(Vm *vm, int64_t i, const Format *f) {
  char digits[64], prefix[2] = {'0', f->type};
  uint32_t n = 0, base = base_of(f->type);
  if (f->precision != NO_NUMBER || f->no_negative_zero) return raise_error(vm, ERR_ValueError);
  if (f->type == 'c') return format_char(vm, i, f);
  uint64_t u = i < 0 ? 0 - (uint64_t)i : (uint64_t)i;
  do digits[63 - n++] = (f->type == 'X' ? "0123456789ABCDEF" : "0123456789abcdef")[u % base];
  while (u /= base);
  Number number = {sign_shown(f, i < 0), prefix, digits + 64 - n, "", f->alternate && base != 10 ? 2u : 0u, n, 0};
  return number_text(vm, f, &number);
}

#ifdef __CUDA_ARCH__
static FN Value format_float(Vm *vm, double d, const Format *f) {
  (void)d, (void)f;
  return raise_limit(vm, LIMIT_UNSUPPORTED); /* the CPU makes the call again */
}
#else
/* ---- floats ---- */

static bool is_digit(char c) { return c >= '0' && c <= '9'; }

/* Whatever stands for a point in this locale becomes one; the sign is left out. */
static uint32_t with_point(char *to, const char *from) {
  uint32_t n = 0;
  for (const char *s = from + (*from == '-'); *s; s++) {
    bool part = !is_digit(*s) && *s != 'e' && *s != '+' && *s != '-';
    if (!part) to[n++] = *s;
    else if (is_digit(s[-1])) to[n++] = '.';
  }
  to[n] = 0;
  return n;
}

/* d, which is finite and not negative, as %f or %e write it, in the arena; NULL: no memory. */
static char *printed(Vm *vm, char type, double d, int64_t precision) {
  const char *pattern = type == 'f' ? "%.*f" : "%.*e";
  if (precision > MOST_CHARS) {
    raise_limit(vm, LIMIT_MEMORY);
    return NULL;
  }
  size_t room = (size_t)precision + 400;
  uint32_t raw = arena_alloc(vm, room), at = raw ? arena_alloc(vm, room) : 0;
  if (!at) return NULL;
  snprintf((char *)arena_at(vm, raw), room, pattern, (int)precision, d);
  with_point((char *)arena_at(vm, at), (const char *)arena_at(vm, raw));
  return (char *)arena_at(vm, at);
}

/* What %e wrote, as %g has it: `precision` digits, of which zeros at the end are not shown unless `all` are. */
static char *general(Vm *vm, char *s, int64_t precision, bool all, bool add_dot_0) {
  char *e = strchr(s, 'e');
  int64_t exponent = atoi(e + 1), n = 0;
  uint32_t at = arena_alloc(vm, (size_t)precision + 32);
  if (!at) return NULL;
  char *to = (char *)arena_at(vm, at), *out = to;
  for (char *c = s; c < e; c++)
    if (is_digit(*c)) s[n++] = *c;
  while (!all && n > 1 && s[n - 1] == '0') n--;
  bool scientific = exponent < -4 || exponent + 1 > precision - add_dot_0;
  int64_t point = scientific ? 0 : exponent, k = point < 0 ? point : 0; /* the digit that the point stands behind */
  for (; k < n || k <= point; k++) {
    *out++ = k >= 0 && k < n ? s[k] : '0';
    if (k == point && (k + 1 < n || all)) *out++ = '.';
  }
  if (!scientific && add_dot_0 && k == point + 1 && !all) *out++ = '.', *out++ = '0';
  sprintf(out, scientific ? "e%c%02d" : "", exponent < 0 ? '-' : '+', abs((int)exponent));
  return to;
}

/* "5" becomes "5.", "1e+20" "1.e+20"; there is room. */
static char *with_own_point(char *s) {
  uint32_t whole = (uint32_t)strspn(s, "0123456789");
  if (s[whole] == '.') return s;
  memmove(s + whole + 1, s + whole, strlen(s + whole) + 1);
  s[whole] = '.';
  return s;
}

/* The text of a finite d, which is not negative. */
static char *float_digits(Vm *vm, double d, const Format *f, char type, int64_t precision) {
  char *s = printed(vm, type == 'f' ? 'f' : 'e', d, type == 'g' ? precision - 1 : precision);
  if (!s || type == 'g') return s ? general(vm, s, precision, f->alternate, !f->type) : NULL;
  return f->alternate ? with_own_point(s) : s;
}

static Value float_number(Vm *vm, const Format *f, bool negative, char *s, bool percent) {
  uint32_t n = (uint32_t)strlen(s), whole = (uint32_t)strspn(s, "0123456789");
  if (f->type == 'E' || f->type == 'G' || f->type == 'F')
    for (uint32_t i = 0; i < n; i++)
      if (s[i] >= 'a' && s[i] <= 'z') s[i] = (char)(s[i] - 'a' + 'A');
  if (percent) s[n++] = '%';
  Number number = {sign_shown(f, negative), "", s, s + whole, 0, whole, n - whole};
  return number_text(vm, f, &number);
}

/* repr(d) of a finite d, for a format of neither type nor precision. */
static char *shortest(Vm *vm, double d, const Format *f) {
  Value v = new_float(vm, d), text = v ? value_repr(vm, v, 0) : 0;
  uint32_t at = text ? arena_alloc(vm, 64) : 0;
  if (!at) return NULL;
  char *to = (char *)arena_at(vm, at);
  snprintf(to, 64, "%.*s", (int)as_str(vm, text)->len, as_str(vm, text)->bytes);
  return f->alternate ? with_own_point(to) : to;
}

static Value format_float(Vm *vm, double d, const Format *f) {
  static const char *const types = "eEfFgGn%";
  char type = f->type, other[8];
  if (type && !strchr(types, type)) return raise_error(vm, ERR_ValueError);
  if (f->precision > INT32_MAX) return raise_error(vm, ERR_ValueError);
  int64_t precision = f->precision;
  bool percent = type == '%', negative = signbit(d) && !isnan(d);
  if (percent) d *= 100;
  if (!isfinite(d)) {
    snprintf(other, sizeof other, isnan(d) ? "nan" : "inf");
    return float_number(vm, f, negative, other, percent);
  }
  type = percent || type == 'F' ? 'f' : type == 'E' ? 'e' : type == 'e' || type == 'f' ? type : 'g';
  char *s;
  if (!f->type && precision == NO_NUMBER) {
    s = shortest(vm, fabs(d), f);
  } else {
    if (precision == NO_NUMBER) precision = 6;
    if (type == 'g' && !precision) precision = 1;
    s = float_digits(vm, fabs(d), f, type, precision);
  }
  if (!s) return 0;
  if (f->no_negative_zero && negative) negative = strspn(s, "0.") != strcspn(s, "e");
  return float_number(vm, f, negative, s, percent);
}
#endif

/* ---- by type ---- */

static FN Value format_number(Vm *vm, Value v, Value format) {
  Format f;
  bool whole = is_intlike(v);
  if (!read_format(vm, format, '>', whole ? 'd' : 0, &f)) return 0;
  if (whole && (base_of(f.type) || f.type == 'c')) return format_int(vm, intlike_of(v), &f);
  if (whole && (f.type == '?' || !f.type)) return raise_error(vm, ERR_ValueError);
  return format_float(vm, whole ? (double)intlike_of(v) : as_float(vm, v)->value, &f);
}

FN Value value_format(Vm *vm, Value v, Value format) {
  if (!is_kind(format, KIND_STR)) return raise_error(vm, ERR_TypeError);
  if (!as_str(vm, format)->len) return str_join(vm, &v, 1, false);
  if (vm->depth >= vm->depth_limit) return raise_error(vm, ERR_RecursionError); /* of __format__, which is a frame in C */
  if (is_intlike(v) || is_kind(v, KIND_FLOAT)) return format_number(vm, v, format);
  if (!is_kind(v, KIND_STR)) return raise_error(vm, ERR_TypeError);
  Format f;
  return read_format(vm, format, '<', 's', &f) ? format_text(vm, v, &f) : 0;
}
