/* verify_value.c - values as texts that are equal exactly when templates/verify.py would say so. */
#include "verify.h"

#include "../runtime/host/result.h"
#include "builtin.h"
#include "object.h"

#include <math.h>
#include <string.h>

/* CPython's repr() ends at 1,000 levels, its own frames included. */
enum { MAX_LEVELS = 900, MOST_LEFT = 1000 /* items of an iterator that are looked at */ };
static const size_t MAX_TEXT = (size_t)256 << 20;

typedef struct {
  Buffer *b;
  Vm *vm;
  size_t start;
  uint32_t level;
  bool stopped;
} Writer;

static void write_value(Writer *w, Value v);

/* ---- strings ---- */

/* The code point at *p, which moves behind it. Bytes that are not UTF-8 stand for themselves; the
 * surrogates that Python's strings may hold are let through. */
static uint32_t code_point(const unsigned char **p, const unsigned char *end) {
  uint32_t c = *(*p)++;
  uint32_t more = c >= 0xf0 ? 3 : c >= 0xe0 ? 2 : c >= 0xc0 ? 1 : 0;
  if (c < 0x80 || !more || (size_t)(end - *p) < more) return c;
  c &= 0x3fu >> more;
  while (more--) c = c << 6 | (*(*p)++ & 0x3f);
  return c;
}

static void write_code_point(Buffer *b, uint32_t c, char quote) {
  if (c == '\\' || c == (uint32_t)quote) {
    buffer_char(b, '\\');
    buffer_char(b, (char)c);
  } else if (c == '\n' || c == '\r' || c == '\t') {
    buffer_text(b, c == '\n' ? "\\n" : c == '\r' ? "\\r" : "\\t");
  } else if (c >= 0x20 && c < 0x7f) {
    buffer_char(b, (char)c);
  } else if (c < 0x100) {
    buffer_format(b, "\\x%02x", c);
  } else {
    buffer_format(b, c < 0x10000 ? "\\u%04x" : "\\U%08x", c);
  }
}

static void write_str(Buffer *b, const Str *s) {
  const unsigned char *p = (const unsigned char *)s->bytes, *end = p + s->len;
  char quote = memchr(s->bytes, '\'', s->len) && !memchr(s->bytes, '"', s->len) ? '"' : '\'';
  buffer_char(b, quote);
  while (p < end) write_code_point(b, code_point(&p, end), quote);
  buffer_char(b, quote);
}

/* ---- containers ---- */

static void write_items(Writer *w, const Value *items, uint32_t n) {
  for (uint32_t i = 0; i < n && !w->stopped; i++) {
    if (i) buffer_text(w->b, ", ");
    write_value(w, items[i]);
  }
}

static void write_tuple(Writer *w, const Tuple *t) {
  buffer_char(w->b, '(');
  write_items(w, t->items, t->len);
  buffer_text(w->b, t->len == 1 ? ",)" : ")");
}

static void write_list(Writer *w, const List *l) {
  buffer_char(w->b, '[');
  write_items(w, list_items(w->vm, l), l->len);
  buffer_char(w->b, ']');
}

static void write_set(Writer *w, Value v) {
  bool frozen = is_kind(v, KIND_FROZENSET);
  uint32_t pos = 0, n = 0;
  Value key;
  if (!as_set(w->vm, v)->used) {
    buffer_text(w->b, frozen ? "frozenset()" : "set()");
    return;
  }
  buffer_text(w->b, frozen ? "frozenset({" : "{");
  while (!w->stopped && set_next(w->vm, v, &pos, &key)) {
    if (n++) buffer_text(w->b, ", ");
    write_value(w, key);
  }
  buffer_text(w->b, frozen ? "})" : "}");
}

static void write_dict(Writer *w, Value v) {
  uint32_t pos = 0, n = 0;
  Value key, value;
  buffer_text(w->b, as_dict(w->vm, v)->is_counter ? "Counter{" : "{");
  while (!w->stopped && dict_next(w->vm, v, &pos, &key, &value)) {
    if (n++) buffer_text(w->b, ", ");
    write_value(w, key);
    buffer_text(w->b, ": ");
    write_value(w, value);
  }
  buffer_char(w->b, '}');
}

static bool write_container(Writer *w, Value v) {
  switch (kind_of(v)) {
    case KIND_TUPLE: write_tuple(w, as_tuple(w->vm, v)); return true;
    case KIND_LIST: write_list(w, as_list(w->vm, v)); return true;
    case KIND_SET:
    case KIND_FROZENSET: write_set(w, v); return true;
    case KIND_DICT: write_dict(w, v); return true;
    default: return false;
  }
}

/* ---- the rest ---- */

static void write_float(Buffer *b, double d) {
  if (isnan(d)) buffer_text(b, "nan");
  else if (isinf(d)) buffer_text(b, d < 0 ? "-inf" : "inf");
  else buffer_float_repr(b, d);
}

static void write_range(Buffer *b, const Range *r) {
  buffer_format(b, "range(%lld, %lld", (long long)r->start, (long long)r->stop);
  if (r->step != 1) buffer_format(b, ", %lld", (long long)r->step);
  buffer_char(b, ')');
}

static void write_slice(Writer *w, const Slice *s) {
  Value parts[] = {s->start, s->stop, s->step};
  buffer_text(w->b, "slice(");
  write_items(w, parts, 3);
  buffer_char(w->b, ')');
}

/* What stands between < and >. */
static const char *other_text(const Vm *vm, Value v) {
  const char *name = result_callable_name(vm, v);
  if (name) return name;
  switch (kind_of(v)) {
    case KIND_GEN: return "iterator";
    case KIND_ERROR: return error_name(as_error(vm, v)->cls);
    default: return result_type_name(kind_of(v));
  }
}

static void write_view(Writer *w, Value v) {
  const Iter *it = as_iter(w->vm, v);
  uint32_t pos = 0, n = 0;
  Value item[2];
  if (it->kind == ITER_DICT) buffer_text(w->b, "dict_keys([");
  else buffer_text(w->b, it->kind == ITER_DICT_VALUES ? "dict_values([" : "dict_items([");
  while (!w->stopped && dict_next(w->vm, it->source, &pos, &item[0], &item[1])) {
    if (n++) buffer_text(w->b, ", ");
    if (it->kind == ITER_DICT_ITEMS) buffer_char(w->b, '(');
    write_items(w, &item[it->kind == ITER_DICT_VALUES], it->kind == ITER_DICT_ITEMS ? 2 : 1);
    if (it->kind == ITER_DICT_ITEMS) buffer_char(w->b, ')');
  }
  buffer_text(w->b, "])");
}

/* What `it` gives from now on: how it ends, as iter_next() says, or 1: there is more. */
static int write_left(Writer *w, Value it) {
  Value item;
  for (uint32_t n = 0; !w->stopped; n++) {
    int more = iter_next(w->vm, it, &item);
    if (more <= 0) return more;
    if (n) buffer_text(w->b, ", ");
    if (n == MOST_LEFT) break;
    write_value(w, item);
  }
  buffer_text(w->b, "...");
  return 1;
}

/* An exception that waits in one is all that is told of it. */
static void write_iterator(Writer *w, Value v) {
  Vm *vm = w->vm;
  uint32_t mark = vm_mark(vm), error = vm->error;
  buffer_text(w->b, "iterator(");
  size_t begin = w->b->len;
  Value copy = verify_copy_iterator(vm, v);
  if (!copy) w->stopped = true;
  if (copy && write_left(w, copy) < 0) {
    if (is_limit_error(vm->error)) w->stopped = true;
    w->b->len = begin;
    buffer_text(w->b, error_name(vm->error));
  }
  buffer_char(w->b, ')');
  vm->error = error;
  vm_reset(vm, mark);
}

static void write_atom(Writer *w, Value v) {
  switch (kind_of(v)) {
    case KIND_NONE: buffer_text(w->b, "None"); return;
    case KIND_BOOL: buffer_text(w->b, is_true(v) ? "True" : "False"); return;
    case KIND_FLOAT: write_float(w->b, as_float(w->vm, v)->value); return;
    case KIND_STR: write_str(w->b, as_str(w->vm, v)); return;
    case KIND_RANGE: write_range(w->b, as_range(w->vm, v)); return;
    case KIND_SLICE: write_slice(w, as_slice(w->vm, v)); return;
    default: break;
  }
  if (is_kind(v, KIND_ITER)) {
    if (is_dict_view(w->vm, v)) write_view(w, v);
    else write_iterator(w, v);
    return;
  }
  buffer_char(w->b, '<');
  buffer_text(w->b, other_text(w->vm, v));
  buffer_char(w->b, '>');
}

static void write_value(Writer *w, Value v) {
  if (is_int(v)) {
    buffer_int(w->b, int_of(v));
    return;
  }
  if (w->level == MAX_LEVELS || w->b->len - w->start > MAX_TEXT) w->stopped = true;
  if (w->stopped) return;
  w->level++;
  if (!write_container(w, v)) write_atom(w, v);
  w->level--;
}

bool verify_value_text(Buffer *b, Vm *vm, Value v) {
  Writer w = {.b = b, .vm = vm, .start = b->len};
  write_value(&w, v);
  if (w.stopped) b->len = w.start;
  return !w.stopped;
}

/* ---- marks ---- */

/* The CRC of zlib and PNG, eight bytes a step. */
static uint32_t crc_table[8][256];
static pthread_once_t crc_once = PTHREAD_ONCE_INIT;

static void fill_crc_table(void) {
  for (uint32_t i = 0; i < 256; i++) {
    uint32_t c = i;
    for (int k = 0; k < 8; k++) c = c & 1 ? 0xedb88320u ^ c >> 1 : c >> 1;
    crc_table[0][i] = c;
  }
  for (uint32_t i = 0; i < 256; i++)
    for (int k = 1; k < 8; k++) crc_table[k][i] = crc_table[0][crc_table[k - 1][i] & 0xff] ^ crc_table[k - 1][i] >> 8;
}

static uint32_t little_endian(const unsigned char *p) {
  return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

static uint32_t crc32_of(const unsigned char *p, size_t n) {
  uint32_t c = 0xffffffff;
  pthread_once(&crc_once, fill_crc_table);
  for (; n >= 8; n -= 8, p += 8) {
    uint32_t a = c ^ little_endian(p), b = little_endian(p + 4);
    c = crc_table[7][a & 0xff] ^ crc_table[6][a >> 8 & 0xff] ^ crc_table[5][a >> 16 & 0xff] ^ crc_table[4][a >> 24] ^
        crc_table[3][b & 0xff] ^ crc_table[2][b >> 8 & 0xff] ^ crc_table[1][b >> 16 & 0xff] ^ crc_table[0][b >> 24];
  }
  for (; n; n--, p++) c = crc_table[0][(c ^ *p) & 0xff] ^ c >> 8;
  return ~c;
}

Mark verify_mark(const char *text, size_t len) {
  return crc32_of((const unsigned char *)text, len) | (Mark)len << 32;
}

/* ---- order by addresses ---- */

static bool items_unordered(const Vm *vm, const Value *items, uint32_t n, uint32_t level);
static bool unordered_at(const Vm *vm, Value v, uint32_t level);

static bool iterator_unordered(const Vm *vm, const Iter *it, uint32_t level) {
  bool several = it->kind == ITER_ZIP || it->kind == ITER_PRODUCT;
  return several ? items_unordered(vm, it->parts, it->count, level) : unordered_at(vm, it->source, level);
}

static bool unordered_at(const Vm *vm, Value v, uint32_t level) {
  uint32_t pos = 0;
  Value key, value;
  if (level == MAX_LEVELS) return false;
  switch (kind_of(v)) {
    case KIND_TUPLE: return items_unordered(vm, as_tuple(vm, v)->items, as_tuple(vm, v)->len, level + 1);
    case KIND_LIST: return items_unordered(vm, list_items(vm, as_list(vm, v)), as_list(vm, v)->len, level + 1);
    case KIND_SET:
    case KIND_FROZENSET:
      if (as_set(vm, v)->unordered) return true;
      while (set_next(vm, v, &pos, &key))
        if (unordered_at(vm, key, level + 1)) return true;
      return false;
    case KIND_DICT:
      while (dict_next(vm, v, &pos, &key, &value))
        if (unordered_at(vm, key, level + 1) || unordered_at(vm, value, level + 1)) return true;
      return false;
    case KIND_ITER: return iterator_unordered(vm, as_iter(vm, v), level + 1);
    default: return false;
  }
}

static bool items_unordered(const Vm *vm, const Value *items, uint32_t n, uint32_t level) {
  for (uint32_t i = 0; i < n; i++)
    if (unordered_at(vm, items[i], level)) return true;
  return false;
}

bool value_unordered(const Vm *vm, Value v) { return unordered_at(vm, v, 0); }
