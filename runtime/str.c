/* str.c - strings: made by the compiler, compared at run time. */
#include "object.h"

FN Value new_str(Vm *vm, const char *bytes, size_t len) {
  if (len >= UINT32_MAX) return raise_limit(vm, LIMIT_MEMORY);
  uint32_t offset = arena_alloc(vm, sizeof(Str) + len + 1);
  if (!offset) return 0;
  Str *s = (Str *)arena_at(vm, offset);
  s->hash = HASH_UNKNOWN;
  s->len = (uint32_t)len;
  s->spare = 0;
  if (len) __builtin_memcpy(s->bytes, bytes, len);
  s->bytes[len] = 0;
  return HEAP(KIND_STR, offset);
}

FN bool same_bytes(const char *a, const char *b, uint32_t n) {
  uint32_t i = 0;
  while (i < n && a[i] == b[i]) i++;
  return i == n;
}

FN bool str_equal(const Vm *vm, Value a, Value b) {
  if (a == b) return true;
  const Str *x = as_str(vm, a), *y = as_str(vm, b);
  return x->len == y->len && same_bytes(x->bytes, y->bytes, x->len);
}

/* s is a string with this text. */
FN bool str_is(const Vm *vm, Value s, const char *text) {
  if (!is_kind(s, KIND_STR)) return false;
  const Str *x = as_str(vm, s);
  for (uint32_t i = 0; i < x->len; i++)
    if (text[i] != x->bytes[i] || !text[i]) return false;
  return text[x->len] == 0;
}
