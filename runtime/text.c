/* text.c - strings as sequences of characters, and str() and repr() of values.
 *
 * Strings are UTF-8 and indexed by character, as in Python. The text of objects whose text holds an address in CPython (functions, iterators)
 * is only an approximation; vm->unordered is set for it. That of exceptions is not known. */
#include <math.h>
#ifndef __CUDA_ARCH__
#include <stdio.h>
#include <stdlib.h>
#endif

#include "native.h"

/* ---- characters ---- */

FN uint32_t char_size(const char *s) {
  uint8_t c = (uint8_t)*s;
  return c < 0x80 ? 1 : c < 0xe0 ? 2 : c < 0xf0 ? 3 : 4;
}

FN uint32_t char_at(const char *s) {
  uint32_t n = char_size(s), c = n == 1 ? (uint8_t)*s : (uint8_t)*s & (0x7fu >> n);
  for (uint32_t i = 1; i < n; i++) c = c << 6 | ((uint8_t)s[i] & 0x3f);
  return c;
}

FN int64_t str_len(const Vm *vm, Value s) {
  const Str *str = as_str(vm, s);
  int64_t n = 0;
  for (uint32_t i = 0; i < str->len; i++) n += ((uint8_t)str->bytes[i] & 0xc0) != 0x80;
  return n;
}

/* A string of len bytes to be filled in at *bytes. */
static FN Value str_alloc(Vm *vm, uint64_t len, char **bytes) {
  if (len > UINT32_MAX - 64) return raise_limit(vm, LIMIT_MEMORY);
  uint32_t at = arena_alloc(vm, sizeof(Str) + (size_t)len + 1);
  if (!at) return 0;
  Str *s = (Str *)arena_at(vm, at);
  s->hash = HASH_UNKNOWN;
  s->len = (uint32_t)len;
  s->spare = 0;
  s->bytes[len] = 0;
  *bytes = s->bytes;
  return HEAP(KIND_STR, at);
}

FN Value str_concat(Vm *vm, Value a, Value b) {
  const Str *left = as_str(vm, a), *right = as_str(vm, b);
  char *to;
  Value s = str_alloc(vm, (uint64_t)left->len + right->len, &to);
  if (!s) return 0;
  __builtin_memcpy(to, left->bytes, left->len);
  __builtin_memcpy(to + left->len, right->bytes, right->len);
  return s;
}

FN Value str_repeat(Vm *vm, Value s, int64_t n) {
  const Str *from = as_str(vm, s);
  if (n <= 0 || !from->len) return new_str(vm, "", 0);
  if ((uint64_t)n > UINT32_MAX / from->len) return raise_limit(vm, LIMIT_MEMORY);
  char *to;
  Value out = str_alloc(vm, (uint64_t)n * from->len, &to);
  if (!out) return 0;
  for (int64_t i = 0; i < n; i++) __builtin_memcpy(to + i * from->len, from->bytes, from->len);
  return out;
}

static FN uint32_t byte_position(const Str *s, int64_t chars) {
  uint32_t at = 0;
  while (chars-- > 0) at += char_size(s->bytes + at);
  return at;
}

FN Value str_item(Vm *vm, Value s, int64_t i) {
  const Str *str = as_str(vm, s);
  uint32_t at = byte_position(str, i);
  return new_str(vm, str->bytes + at, char_size(str->bytes + at));
}

FN Value str_slice(Vm *vm, Value s, Value slice) {
  const Str *from = as_str(vm, s);
  int64_t len = str_len(vm, s), start, step, count;
  if (!slice_indices(vm, slice, len, &start, &step, &count)) return 0;
  bool ascii = len == (int64_t)from->len;
  uint64_t size = 0;
  for (int64_t k = 0; k < count; k++) {
    int64_t i = start + k * step;
    size += ascii ? 1 : char_size(from->bytes + byte_position(from, i));
  }
  char *to;
  Value out = str_alloc(vm, size, &to);
  if (!out) return 0;
  for (int64_t k = 0; k < count; k++) {
    int64_t i = start + k * step;
    const char *c = from->bytes + (ascii ? (uint32_t)i : byte_position(from, i));
    uint32_t n = ascii ? 1 : char_size(c);
    __builtin_memcpy(to, c, n);
    to += n;
  }
  return out;
}

/* ---- text being built ---- */

FN bool text_add(Vm *vm, Text *t, const char *s, uint32_t n) {
  if (!t->at || (uint64_t)t->len + n > t->cap) {
    uint64_t cap = ((uint64_t)t->len + n) * 2 + 64;
    if (cap > UINT32_MAX) {
      raise_limit(vm, LIMIT_MEMORY);
      return false;
    }
    uint32_t at = arena_alloc(vm, (size_t)cap);
    if (!at) return false;
    if (t->len) __builtin_memcpy(arena_at(vm, at), arena_at(vm, t->at), t->len);
    t->at = at;
    t->cap = (uint32_t)cap;
  }
  __builtin_memcpy((char *)arena_at(vm, t->at) + t->len, s, n);
  t->len += n;
  return true;
}

FN bool text_add_z(Vm *vm, Text *t, const char *s) { return text_add(vm, t, s, (uint32_t)text_len(s)); }

FN Value text_str(Vm *vm, const Text *t) { return new_str(vm, t->at ? (const char *)arena_at(vm, t->at) : "", t->len); }

static FN bool add_uint(Vm *vm, Text *t, uint64_t u, uint32_t min_digits) {
  char digits[20];
  uint32_t n = 0;
  do {
    digits[19 - n++] = (char)('0' + u % 10);
    u /= 10;
  } while (u || n < min_digits);
  return text_add(vm, t, digits + 20 - n, n);
}

static FN bool add_int(Vm *vm, Text *t, int64_t i) {
  if (i < 0 && !text_add(vm, t, "-", 1)) return false;
  return add_uint(vm, t, i < 0 ? (uint64_t)-i : (uint64_t)i, 1);
}

#ifdef __CUDA_ARCH__
static FN bool add_digits(Vm *vm, Text *t, double d) {
  (void)t, (void)d;
  raise_limit(vm, LIMIT_UNSUPPORTED); /* the CPU makes the call again */
  return false;
}
#else
/* As repr() writes n digits, the first of which counts 10^exponent. */
static bool place_digits(Vm *vm, Text *t, const char *digits, int n, int exponent) {
  char out[48];
  int at = 0;
  if (exponent < -4 || exponent >= 16) {
    at = snprintf(out, sizeof out, n > 1 ? "%c.%.*s" : "%c", digits[0], n - 1, digits + 1);
    at += snprintf(out + at, sizeof out - (size_t)at, "e%c%02d", exponent < 0 ? '-' : '+', abs(exponent));
    return text_add(vm, t, out, (uint32_t)at);
  }
  for (int k = exponent < 0 ? exponent : 0; k < n || k <= exponent + 1; k++) {
    out[at++] = k >= 0 && k < n ? digits[k] : '0';
    if (k == exponent) out[at++] = '.';
  }
  return text_add(vm, t, out, (uint32_t)at);
}

/* The fewest digits that are read as d again, which is positive. Whatever stands for a point in this locale is not one of them. */
static bool add_digits(Vm *vm, Text *t, double d) {
  char text[40], digits[20];
  int n = 0, precision = 0;
  do snprintf(text, sizeof text, "%.*e", precision, d);
  while (strtod(text, NULL) != d && precision++ < 17);
  const char *s = text;
  for (; *s != 'e'; s++)
    if (*s >= '0' && *s <= '9') digits[n++] = *s;
  return place_digits(vm, t, digits, n, atoi(s + 1));
}
#endif

/* The shortest digits of values with up to 15 of them: d * 10^k is a whole number below 2^53 that
 * divides back to d. */
static FN bool add_float(Vm *vm, Text *t, double d) {
  if (isnan(d)) return text_add_z(vm, t, "nan");
  if (signbit(d) && !text_add(vm, t, "-", 1)) return false;
  d = fabs(d);
  if (isinf(d)) return text_add_z(vm, t, "inf");
  double scale = 1;
  for (uint32_t places = 0; places <= 15 && (d == 0 || d >= 1e-4); places++, scale *= 10) {
    double whole = nearbyint(d * scale);
    if (whole >= 9007199254740992.0) break;
    if (whole / scale != d) continue;
    uint64_t w = (uint64_t)whole, unit = (uint64_t)scale;
    return add_uint(vm, t, w / unit, 1) && text_add(vm, t, ".", 1) && add_uint(vm, t, w % unit, places ? places : 1);
  }
  return add_digits(vm, t, d);
}

static FN bool add_escape(Vm *vm, Text *t, char letter, uint32_t c, uint32_t digits) {
  char code[10] = {'\\', letter};
  for (uint32_t i = 0; i < digits; i++) code[2 + i] = "0123456789abcdef"[c >> 4 * (digits - 1 - i) & 15];
  return text_add(vm, t, code, 2 + digits);
}

static FN bool add_unprintable(Vm *vm, Text *t, uint32_t c) {
  return c < 0x100 ? add_escape(vm, t, 'x', c, 2) : c < 0x10000 ? add_escape(vm, t, 'u', c, 4) : add_escape(vm, t, 'U', c, 8);
}

/* Beyond ASCII: of these ranges all are printable, of others the table of characters would have to be asked. */
static FN bool is_printable(uint32_t c) {
  return (c > 0xa0 && c < 0x250 && c != 0xad) || (c >= 0x2010 && c < 0x2028) || (c >= 0x2190 && c < 0x2400) || (c >= 0x2500 && c < 0x2800) ||
         (c >= 0x1f300 && c < 0x1f650);
}

static FN bool add_wide(Vm *vm, Text *t, const char *s) {
  uint32_t c = char_at(s);
  if (t->ascii || (c >= 0x80 && c <= 0xa0)) return add_unprintable(vm, t, c);
  if (is_printable(c) || t->unread) return text_add(vm, t, s, char_size(s));
  raise_limit(vm, LIMIT_UNSUPPORTED);
  return false;
}

static FN bool add_quoted_char(Vm *vm, Text *t, const char *s, char quote) {
  switch (*s) {
  case '\n': return text_add(vm, t, "\\n", 2);
  case '\t': return text_add(vm, t, "\\t", 2);
  case '\r': return text_add(vm, t, "\\r", 2);
  default: break;
  }
  if ((uint8_t)*s >= 0x80) return add_wide(vm, t, s);
  if (*s < 32 || *s == 127) return add_unprintable(vm, t, (uint8_t)*s);
  return ((*s != quote && *s != '\\') || text_add(vm, t, "\\", 1)) && text_add(vm, t, s, 1);
}

static FN bool add_quoted(Vm *vm, Text *t, Value s) {
  const Str *str = as_str(vm, s);
  bool single = false, dbl = false;
  for (uint32_t i = 0; i < str->len; i++) {
    single |= str->bytes[i] == '\'';
    dbl |= str->bytes[i] == '"';
  }
  char quote = single && !dbl ? '"' : '\'';
  bool ok = text_add(vm, t, &quote, 1);
  for (uint32_t i = 0; ok && i < str->len; i += char_size(str->bytes + i)) ok = add_quoted_char(vm, t, str->bytes + i, quote);
  return ok && text_add(vm, t, &quote, 1);
}

/* ---- repr ---- */

/* `level`: of CPython's C calls below, each of which counts as a frame. */
static NOINLINE FN bool add_repr(Vm *vm, Text *t, Value v, uint32_t level);

static FN bool too_many_levels(Vm *vm, uint32_t level) { return vm->depth + level > vm->depth_limit && !raise_false(vm, ERR_RecursionError); }

static FN bool add_items(Vm *vm, Text *t, Value v, const char *open, const char *close, uint32_t level) {
  Iter local;
  Iter *it = iter_begin(vm, v, &local);
  Value item;
  int more;
  uint32_t n = 0;
  if (!it || !text_add_z(vm, t, open)) return false;
  for (; (more = iter_step(vm, it, &item)) > 0; n++) {
    if (n && !text_add(vm, t, ", ", 2)) return false;
    if (!add_repr(vm, t, item, level + 1)) return false;
  }
  if (more < 0 || (n == 1 && is_tuple(v) && !text_add(vm, t, ",", 1))) return false;
  return text_add_z(vm, t, close);
}

static FN bool add_dict(Vm *vm, Text *t, Value v, uint32_t level) {
  uint32_t pos = 0, n = 0;
  Value key, value;
  if (!text_add(vm, t, "{", 1)) return false;
  for (; dict_next(vm, v, &pos, &key, &value); n++) {
    if (n && !text_add(vm, t, ", ", 2)) return false;
    if (!add_repr(vm, t, key, level + 1) || !text_add(vm, t, ": ", 2) || !add_repr(vm, t, value, level + 1))
      return false;
  }
  return text_add(vm, t, "}", 1);
}

static FN bool add_range(Vm *vm, Text *t, Value v, uint32_t level) {
  const Range *r = as_range(vm, v);
  if (too_many_levels(vm, level + 1)) return false;
  bool ok = text_add_z(vm, t, "range(") && add_int(vm, t, r->start) && text_add_z(vm, t, ", ") &&
            add_int(vm, t, r->stop);
  if (ok && r->step != 1) ok = text_add_z(vm, t, ", ") && add_int(vm, t, r->step);
  return ok && text_add_z(vm, t, ")");
}

static FN bool add_set(Vm *vm, Text *t, Value v, uint32_t level) {
  bool frozen = is_kind(v, KIND_FROZENSET);
  if (!as_set(vm, v)->used) return text_add_z(vm, t, frozen ? "frozenset()" : "set()");
  return add_items(vm, t, v, frozen ? "frozenset({" : "{", frozen ? "})" : "}", level + 1); /* by a list */
}

static FN bool add_slice(Vm *vm, Text *t, Value v, uint32_t level) {
  const Slice *s = as_slice(vm, v);
  return text_add_z(vm, t, "slice(") && add_repr(vm, t, s->start, level + 1) && text_add(vm, t, ", ", 2) && add_repr(vm, t, s->stop, level + 1) &&
         text_add(vm, t, ", ", 2) && add_repr(vm, t, s->step, level + 1) && text_add(vm, t, ")", 1);
}

/* Of a type, or of a builtin. */
static FN bool add_known(Vm *vm, Text *t, Value v) {
  const char *name = is_kind(v, KIND_TYPE) ? type_name(payload_of(v)) : builtin_name(payload_of(v));
  bool inside = v == v_type(KIND_ITER) || v == v_type(KIND_GEN) || v == v_builtin(BUILTIN_product) || v == v_builtin(BUILTIN_Counter); /* of modules, or several */
  if (!name || inside) {
    raise_limit(vm, LIMIT_UNSUPPORTED);
    return false;
  }
  return is_type_like(v) ? text_add_z(vm, t, "<class '") && text_add_z(vm, t, name) && text_add(vm, t, "'>", 2)
                         : text_add_z(vm, t, "<built-in function ") && text_add_z(vm, t, name) && text_add(vm, t, ">", 1);
}

static FN const char *kind_name(Kind kind) {
  switch (kind) {
#define X(kind, name)                                                                              \
  case KIND_##kind: return name;
    KIND_LIST(X)
#undef X
  default: return "object";
  }
}

static NOINLINE FN bool add_repr(Vm *vm, Text *t, Value v, uint32_t level) {
  if (too_many_levels(vm, level)) return false;
  switch (kind_of(v)) {
  case KIND_NONE: return text_add_z(vm, t, "None");
  case KIND_BOOL: return text_add_z(vm, t, is_true(v) ? "True" : "False");
  case KIND_INT: return add_int(vm, t, int_of(v));
  case KIND_FLOAT: return add_float(vm, t, as_float(vm, v)->value);
  case KIND_STR: return add_quoted(vm, t, v);
  case KIND_TUPLE: return add_items(vm, t, v, "(", ")", level);
  case KIND_LIST: return add_items(vm, t, v, "[", "]", level);
  case KIND_SET:
  case KIND_FROZENSET: return add_set(vm, t, v, level);
  case KIND_DICT:
    if (!as_dict(vm, v)->is_counter) return add_dict(vm, t, v, level);
    raise_limit(vm, LIMIT_UNSUPPORTED);
    return false;
  case KIND_RANGE: return add_range(vm, t, v, level);
  case KIND_SLICE: return add_slice(vm, t, v, level);
  case KIND_TYPE:
  case KIND_BUILTIN: return add_known(vm, t, v);
  case KIND_ERROR:
    if (t->unread) break;
    raise_limit(vm, LIMIT_UNSUPPORTED);
    return false;
  default: break;
  }
  vm->unordered = true;
  return text_add(vm, t, "<", 1) && text_add_z(vm, t, kind_name(kind_of(v))) && text_add(vm, t, ">", 1);
}

FN Value value_repr(Vm *vm, Value v, uint32_t levels) {
  Text t = {0, 0, 0, false, false};
  return add_repr(vm, &t, v, levels + 1) ? text_str(vm, &t) : 0;
}

FN Value value_ascii(Vm *vm, Value v, uint32_t levels) {
  Text t = {0, 0, 0, true, false};
  return add_repr(vm, &t, v, levels + 1) ? text_str(vm, &t) : 0;
}

FN Value str_join(Vm *vm, const Value *parts, uint32_t n, bool unread) {
  Text t = {0, 0, 0, false, unread};
  for (uint32_t i = 0; i < n; i++) {
    const Str *s = is_kind(parts[i], KIND_STR) ? as_str(vm, parts[i]) : NULL;
    uint32_t level = is_int(parts[i]) ? 1 : 2; /* others have a method, __format__ */
    if (!(s ? text_add(vm, &t, s->bytes, s->len) : add_repr(vm, &t, parts[i], level))) return 0;
  }
  return text_str(vm, &t);
}

FN Value value_str(Vm *vm, Value v, uint32_t levels) { return is_kind(v, KIND_STR) ? v : value_repr(vm, v, levels); }
