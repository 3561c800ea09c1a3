/* flat.c - see flat.h. */
#include "flat.h"

#include <stdlib.h>
#include <string.h>

#include "buffer.h"

void flat_free(Flat *f) {
  free(f->bytes);
  free(f->pointers);
  memset(f, 0, sizeof *f);
}

size_t flat_put(Flat *f, const void *bytes, size_t n) {
  size_t at = (f->len + 15) / 16 * 16;
  if (at + n > f->cap) {
    f->cap = (at + n) * 2;
    f->bytes = (uint8_t *)host_realloc(f->bytes, f->cap);
  }
  memset(f->bytes + f->len, 0, at - f->len);
  if (bytes && n) memcpy(f->bytes + at, bytes, n);
  else memset(f->bytes + at, 0, n);
  f->len = at + n;
  return at;
}

void flat_point(Flat *f, size_t at, size_t target) {
  f->pointers = (FlatPointer *)host_grow(f->pointers, f->npointers, &f->pointers_cap, sizeof *f->pointers);
  f->pointers[f->npointers++] = (FlatPointer){at, target};
}

size_t flat_part(Flat *f, size_t at, const void *bytes, size_t n) {
  memset(f->bytes + at, 0, sizeof(uint64_t));
  if (!n) return 0;
  size_t target = flat_put(f, bytes, n);
  flat_point(f, at, target);
  return target;
}

void flat_settle(Flat *f, uint64_t base) {
  for (uint32_t i = 0; i < f->npointers; i++) {
    uint64_t pointer = base + f->pointers[i].target;
    memcpy(f->bytes + f->pointers[i].at, &pointer, sizeof pointer);
  }
}
