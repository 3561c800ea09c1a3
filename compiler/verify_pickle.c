/* verify_pickle.c - plain values as the bytes that Python's pickle makes of them (protocol 4, without its memo):
 * CPython writes those five times as fast as texts.
 *
 * Plain are ints, bools, None, floats, strings and containers of such. CPython's side decides, value by value. */
#include "verify.h"

#include "builtin.h"
#include "object.h"

#include <math.h>
#include <string.h>

enum { MAX_LEVELS = 900, BATCH = 1000 };
enum { FRAME_TARGET = 65536, FRAME_LEAST = 4, FRAME_HEADER = 9 };
static const size_t MAX_BYTES = (size_t)64 << 20;

/* Opcodes of the protocol. */
enum {
  PROTO = 0x80, FRAME = 0x95, MARK_OP = '(', STOP = '.', NONE = 'N', FALSE_OP = 0x89, TRUE_OP = 0x88, BININT = 'J',
  BININT1 = 'K', BININT2 = 'M', LONG1 = 0x8a, BINFLOAT = 'G', BINUNICODE = 'X', SHORT_BINUNICODE = 0x8c,
  EMPTY_TUPLE = ')', TUPLE1 = 0x85, TUPLE = 't', EMPTY_LIST = ']', APPEND = 'a', APPENDS = 'e', EMPTY_DICT = '}',
  SETITEM = 's', SETITEMS = 'u', EMPTY_SET = 0x8f, ADDITEMS = 0x90, FROZENSET = 0x91
};

typedef struct {
  Buffer *b;
  const Vm *vm;
  size_t start, frame; /* of this value, of the frame's content */
  uint32_t level;
  bool too_deep;
} Writer;

static bool put(Writer *w, Value v);

static void op(Writer *w, int code) { buffer_char(w->b, (char)code); }

static void little_endian(Writer *w, uint64_t n, uint32_t bytes) {
  for (uint32_t i = 0; i < bytes; i++) op(w, (int)(n >> 8 * i & 0xff));
}

/* As few bytes of two's complement as hold it. */
static void put_long(Writer *w, int64_t i) {
  uint32_t bytes = 5;
  while (bytes < 8 && (i < -((int64_t)1 << (8 * bytes - 1)) || i >= (int64_t)1 << (8 * bytes - 1))) bytes++;
  op(w, LONG1);
  op(w, (int)bytes);
  little_endian(w, (uint64_t)i, bytes);
}

static void put_int(Writer *w, int64_t i) {
  if (i < INT32_MIN || i > INT32_MAX) {
    put_long(w, i);
    return;
  }
  uint32_t bytes = i >= 0 && i < 0x100 ? 1 : i >= 0 && i < 0x10000 ? 2 : 4;
  op(w, bytes == 1 ? BININT1 : bytes == 2 ? BININT2 : BININT);
  little_endian(w, (uint64_t)i, bytes);
}

/* One nan for all: their bits are not compared. */
static void put_float(Writer *w, double d) {
  uint64_t bits;
  if (isnan(d)) d = (double)NAN;
  memcpy(&bits, &d, sizeof bits);
  op(w, BINFLOAT);
  for (int i = 56; i >= 0; i -= 8) op(w, (int)(bits >> i & 0xff));
}

/* CPython writes those that fill a frame past it. */
static bool put_str(Writer *w, const Str *s) {
  w->too_deep = s->len >= FRAME_TARGET;
  if (w->too_deep) return false;
  op(w, s->len < 0x100 ? SHORT_BINUNICODE : BINUNICODE);
  little_endian(w, s->len, s->len < 0x100 ? 1 : 4);
  buffer_bytes(w->b, s->bytes, s->len);
  return true;
}

static bool put_items(Writer *w, const Value *items, uint32_t n) {
  for (uint32_t i = 0; i < n; i++)
    if (!put(w, items[i])) return false;
  return true;
}

static bool put_tuple(Writer *w, const Value *items, uint32_t n) {
  if (n > 3) op(w, MARK_OP);
  if (!put_items(w, items, n)) return false;
  op(w, n > 3 ? TUPLE : n ? TUPLE1 + (int)n - 1 : EMPTY_TUPLE);
  return true;
}

static bool put_list(Writer *w, const Value *items, uint32_t n) {
  op(w, EMPTY_LIST);
  for (uint32_t i = 0; i < n; i += BATCH) {
    uint32_t part = n - i < BATCH ? n - i : BATCH;
    if (n > 1) op(w, MARK_OP);
    if (!put_items(w, items + i, part)) return false;
    op(w, n > 1 ? APPENDS : APPEND);
  }
  return true;
}

/* A batch that is full is followed by another, if need be an empty one; this holds for dicts, too. */
static bool put_set(Writer *w, Value set) {
  bool frozen = is_kind(set, KIND_FROZENSET);
  uint32_t pos = 0, n = 0;
  Value key;
  if (!frozen) op(w, EMPTY_SET);
  if (!frozen && !as_set(w->vm, set)->used) return true;
  op(w, MARK_OP);
  while (set_next(w->vm, set, &pos, &key)) {
    if (!put(w, key)) return false;
    if (!frozen && ++n % BATCH == 0) op(w, ADDITEMS), op(w, MARK_OP);
  }
  op(w, frozen ? FROZENSET : ADDITEMS);
  return true;
}

static bool put_dict(Writer *w, Value dict) {
  uint32_t pos = 0, n = 0, len = as_dict(w->vm, dict)->used;
  Value key, value;
  op(w, EMPTY_DICT);
  if (len > 1) op(w, MARK_OP);
  while (dict_next(w->vm, dict, &pos, &key, &value)) {
    if (!put(w, key) || !put(w, value)) return false;
    if (++n % BATCH == 0) op(w, SETITEMS), op(w, MARK_OP);
  }
  if (len) op(w, len > 1 ? SETITEMS : SETITEM);
  return true;
}

static bool put_value(Writer *w, Value v) {
  switch (kind_of(v)) {
    case KIND_INT: put_int(w, int_of(v)); return true;
    case KIND_BOOL: op(w, is_true(v) ? TRUE_OP : FALSE_OP); return true;
    case KIND_NONE: op(w, NONE); return true;
    case KIND_FLOAT: put_float(w, as_float(w->vm, v)->value); return true;
    case KIND_STR: return put_str(w, as_str(w->vm, v));
    case KIND_TUPLE: return put_tuple(w, as_tuple(w->vm, v)->items, as_tuple(w->vm, v)->len);
    case KIND_LIST: return put_list(w, list_items(w->vm, as_list(w->vm, v)), as_list(w->vm, v)->len);
    case KIND_SET:
    case KIND_FROZENSET: return put_set(w, v);
    case KIND_DICT: return !as_dict(w->vm, v)->is_counter && put_dict(w, v);
    default: return false;
  }
}

/* ---- frames ---- */

static void open_frame(Writer *w) {
  op(w, FRAME);
  little_endian(w, 0, FRAME_HEADER - 1);
  w->frame = w->b->len;
}

/* Its length goes before it; a very short one has no header. */
static void close_frame(Writer *w) {
  char *content = w->b->data + w->frame;
  uint64_t n = w->b->len - w->frame;
  if (n < FRAME_LEAST) {
    memmove(content - FRAME_HEADER, content, n);
    w->b->len -= FRAME_HEADER;
    return;
  }
  for (int i = 0; i < FRAME_HEADER - 1; i++) content[i - FRAME_HEADER + 1] = (char)(n >> 8 * i & 0xff);
}

static bool put(Writer *w, Value v) {
  if (w->level == MAX_LEVELS || w->b->len - w->start > MAX_BYTES) {
    w->too_deep = true;
    return false;
  }
  if (w->b->len - w->frame >= FRAME_TARGET) {
    close_frame(w);
    open_frame(w);
  }
  w->level++;
  bool ok = put_value(w, v);
  w->level--;
  return ok;
}

PickleOutcome verify_pickle(Buffer *b, const Vm *vm, Value v) {
  Writer w = {.b = b, .vm = vm, .start = b->len};
  op(&w, PROTO);
  op(&w, 4);
  open_frame(&w);
  if (!put(&w, v)) {
    b->len = w.start;
    return w.too_deep ? PICKLE_TOO_DEEP : PICKLE_NOT_PLAIN;
  }
  op(&w, STOP);
  close_frame(&w);
  return PICKLE_DONE;
}
