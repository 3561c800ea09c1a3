/* flat.h - structures with pointers in one block of bytes, for memory whose address is not known yet. */
#ifndef BATTC_FLAT_H
#define BATTC_FLAT_H

#include <stddef.h>
#include <stdint.h>

typedef struct {
  size_t at, target;
} FlatPointer;

/* Owns its arrays; all zero is empty. */
typedef struct {
  uint8_t *bytes;
  size_t len, cap;
  FlatPointer *pointers;
  uint32_t npointers, pointers_cap;
} Flat;

void flat_free(Flat *f);
/* Where a copy of the bytes (NULL: zeros) lies, at a multiple of 16. */
size_t flat_put(Flat *f, const void *bytes, size_t n);
/* The pointer at `at` is to point to `target`. */
void flat_point(Flat *f, size_t at, size_t target);
/* A copy of the bytes, to which the pointer at `at` is to point; NULL where there are none. */
size_t flat_part(Flat *f, size_t at, const void *bytes, size_t n);
/* The block will lie at `base`: its pointers. */
void flat_settle(Flat *f, uint64_t base);

#endif
