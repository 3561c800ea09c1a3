/* emit_text.c - names and texts of the input made safe for C. */
#include "emit.h"

#include "builtin.h"
#include "object.h"

#include "../runtime/host/file.h"

#include <string.h>

enum { NAME_MOST = 40, TEXT_MOST = 60, ITEMS_MOST = 4, DEPTH_MOST = 3 };

const char *emit_base_name(const char *path) {
  const char *slash = strrchr(path, '/');
  return slash ? slash + 1 : path;
}

static bool is_alphanumeric(unsigned char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

/* No end or start of a comment, no end of a line, no trigraph, nothing that a terminal obeys. */
void emit_comment(Buffer *b, const char *text, size_t len) {
  for (size_t i = 0; i < len; i++) {
    unsigned char c = (unsigned char)text[i];
    if (is_alphanumeric(c) || (c && strchr(" .,:;=+-<>()[]{}'\"#%&|~^!@$", c))) buffer_char(b, (char)c);
    else buffer_format(b, "\\x%02x", c);
  }
}

/* Octal escapes have three digits at most, so what follows cannot join them. */
void emit_literal(Buffer *b, const char *text) {
  if (!text) {
    buffer_text(b, "NULL");
    return;
  }
  buffer_char(b, '"');
  for (; *text; text++) {
    unsigned char c = (unsigned char)*text;
    if (is_alphanumeric(c) || strchr(" .,:;=+-<>()[]{}#&|~^!@$/", c)) buffer_char(b, (char)c);
    else buffer_format(b, "\\%03o", c);
  }
  buffer_char(b, '"');
}

void emit_identifier(Buffer *b, const char *name) {
  for (size_t i = 0; name[i] && i < NAME_MOST; i++)
    buffer_char(b, is_alphanumeric((unsigned char)name[i]) ? name[i] : '_');
}

/* ---- constants ---- */

static void put_constant(Buffer *b, const Unit *unit, Value v, int depth);

static void put_string(Buffer *b, const Unit *unit, Value v) {
  const Str *s = as_str(unit->vm, v);
  buffer_char(b, '\'');
  emit_comment(b, s->bytes, s->len < TEXT_MOST ? s->len : TEXT_MOST);
  buffer_text(b, s->len > TEXT_MOST ? "..'" : "'");
}

static void put_row(Buffer *b, const Unit *unit, Value v, int depth) {
  const Tuple *t = as_tuple(unit->vm, v);
  uint32_t n = depth < DEPTH_MOST && t->len <= ITEMS_MOST ? t->len : 0;
  buffer_char(b, '(');
  for (uint32_t i = 0; i < n; i++) {
    if (i) buffer_text(b, ", ");
    put_constant(b, unit, t->items[i], depth + 1);
  }
  buffer_text(b, n < t->len ? "..)" : n == 1 ? ",)" : ")");
}

static void put_special(Buffer *b, Value v) {
  static const char *const builtins[] = {
#define X(id, name) name,
      BUILTIN_LIST(X)
#undef X
  };
  static const char *const kinds[] = {
#define X(kind, name) name,
      KIND_LIST(X)
#undef X
  };
  if (v == V_NONE) buffer_text(b, "None");
  else if (is_bool(v)) buffer_text(b, is_true(v) ? "True" : "False");
  else if (v == OPERAND_NAME_ERROR) buffer_text(b, "no such name");
  else if (is_kind(v, KIND_BUILTIN)) buffer_text(b, builtins[payload_of(v)]);
  else if (!is_kind(v, KIND_TYPE)) buffer_text(b, kinds[kind_of(v)]);
  else if (payload_of(v) < TYPE_ERROR_BASE) buffer_text(b, kinds[payload_of(v)]);
  else buffer_text(b, error_name(payload_of(v) - TYPE_ERROR_BASE));
}

static void put_constant(Buffer *b, const Unit *unit, Value v, int depth) {
  const Vm *vm = unit->vm;
  const char *name;
  switch (kind_of(v)) {
  case KIND_INT: buffer_int(b, int_of(v)); break;
  case KIND_STR: put_string(b, unit, v); break;
  case KIND_TUPLE: put_row(b, unit, v, depth); break;
  case KIND_GUARD: emit_comment(b, as_str(vm, as_guard(vm, v)->name)->bytes, as_str(vm, as_guard(vm, v)->name)->len); break;
  case KIND_FUNC:
    name = unit->image.functions[as_func(vm, v)->fid].name;
    emit_comment(b, name, strlen(name));
    break;
  default: put_special(b, v); break;
  }
}

void emit_constant(Buffer *b, const Unit *unit, Value v) { put_constant(b, unit, v, 0); }

/* ---- out ---- */

bool emit_to(FILE *out, Buffer *text) {
  bool ok = fwrite(text->data, 1, text->len, out) == text->len && fflush(out) == 0;
  if (!ok) diag_plain(DIAG_ERROR, "cannot write what was emitted");
  buffer_free(text);
  return ok;
}

bool emit_to_file(const char *path, Buffer *text) {
  bool ok = file_write(path, text);
  buffer_free(text);
  return ok;
}
