/* wide.h - sets of locations of any extent: a box, and a bit for each location in it. */
#ifndef BATTC_WIDE_H
#define BATTC_WIDE_H

#include "vm.h"

/* The bounding box of a set of locations or cells; nothing is in one whose bottom is above its top. */
typedef struct {
  int64_t top, left, bottom, right;
} Box;

FN_INLINE Box box_empty(void) {
  Box b = {INT64_MAX, INT64_MAX, INT64_MIN, INT64_MIN};
  return b;
}
FN_INLINE void box_add(Box *b, int64_t row, int64_t from, int64_t last) {
  if (row < b->top) b->top = row;
  if (row > b->bottom) b->bottom = row;
  if (from < b->left) b->left = from;
  if (last > b->right) b->right = last;
}

enum { WIDE_WORD = 64 };

/* Lies in the arena. Location (i, j): bit (j - left) % 64 of word (j - left) / 64 of row i - top. Once it is cut the box is the
 * bounding box of the locations, so equal sets are equal words. */
typedef struct {
  int32_t top, left;
  uint32_t h, w;
  uint32_t words; /* of a row */
  uint32_t spare;
  uint64_t bits[OPEN_END]; /* h * words */
} Wide;

/* Locations from .. to - 1 of a row. */
typedef struct {
  int64_t row, from, to;
} Span;

/* Cuts it to what lies in rows 0 .. h - 1 and columns 0 .. w - 1; false: nothing does. */
FN_INLINE bool span_clip(Span *s, uint32_t h, uint32_t w) {
  if (s->from < 0) s->from = 0;
  if (s->to > w) s->to = w;
  return s->row >= 0 && s->row < h && s->from < s->to;
}

/* An empty one for locations of the box. NULL: nothing is in the box, it is too large, or there is no memory; nothing is
 * raised. */
FN Wide *wide_new(Vm *vm, const Box *box);
/* Moves all; false: too far. */
FN bool wide_move(Wide *w, int64_t di, int64_t dj);
/* Cuts the box to what is there; false: nothing is. */
FN bool wide_cut(Wide *w);
FN uint32_t wide_count(const Wide *w);
FN bool wide_same(const Wide *a, const Wide *b);
FN uint64_t wide_mix(const Wide *w, uint64_t h);
FN_INLINE Box wide_box(const Wide *w) {
  Box b = {w->top, w->left, (int64_t)w->top + w->h - 1, (int64_t)w->left + w->w - 1};
  return b;
}
/* A location, or several, that lie in the box. */
FN_INLINE void wide_put(Wide *w, int64_t i, int64_t j) {
  uint64_t column = (uint64_t)(j - w->left);
  w->bits[(uint64_t)(i - w->top) * w->words + column / WIDE_WORD] |= (uint64_t)1 << column % WIDE_WORD;
}
FN bool wide_put_span(Wide *w, const Span *span); /* Is one of them new? */
/* Locations of a row: bit k of `bits` is that of column + k. Is one of them new? */
FN_INLINE bool wide_put_word(Wide *w, int64_t row, int64_t column, uint64_t bits) {
  int64_t at = column - w->left;
  if (!bits) return false;
  uint64_t turn = at < 0 ? 0 : (uint64_t)at % WIDE_WORD, *word = w->bits + (uint64_t)(row - w->top) * w->words + (at < 0 ? 0 : (uint64_t)at / WIDE_WORD);
  if (at < 0) bits >>= -at;
  uint64_t added = bits << turn & ~*word;
  *word |= added;
  if (!turn || !(bits >> (WIDE_WORD - turn))) return added;
  uint64_t next = bits >> (WIDE_WORD - turn) & ~word[1];
  word[1] |= next;
  return added | next;
}
/* Takes out what there is of a span. */
FN void wide_take_span(Wide *w, const Span *span);
FN_INLINE bool wide_has(const Wide *w, int64_t i, int64_t j) {
  uint64_t row = (uint64_t)(i - w->top), column = (uint64_t)(j - w->left);
  if (row >= w->h || column >= w->w) return false;
  return w->bits[row * w->words + column / WIDE_WORD] >> column % WIDE_WORD & 1;
}

#endif
