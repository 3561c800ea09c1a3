/* wide.c - see wide.h. */
#include "wide.h"

enum {
  WIDE_REACH = 1 << 24, /* of coordinates */
  WIDE_WORDS = 1 << 20  /* of all rows, at most */
};

static FN bool in_reach(const Box *b) {
  return b->top >= -WIDE_REACH && b->left >= -WIDE_REACH && b->bottom <= WIDE_REACH && b->right <= WIDE_REACH;
}

FN Wide *wide_new(Vm *vm, const Box *b) {
  if (b->bottom < b->top || !in_reach(b)) return NULL;
  uint64_t h = (uint64_t)(b->bottom - b->top + 1), w = (uint64_t)(b->right - b->left + 1), words = (w + WIDE_WORD - 1) / WIDE_WORD;
  size_t bytes = sizeof(Wide) + h * words * sizeof(uint64_t);
  if (h * words > WIDE_WORDS || bytes / 8 > vm->limit - vm->top) return NULL;
  Wide *made = (Wide *)arena_at(vm, arena_alloc(vm, bytes));
  made->top = (int32_t)b->top;
  made->left = (int32_t)b->left;
  made->h = (uint32_t)h;
  made->w = (uint32_t)w;
  made->words = (uint32_t)words;
  __builtin_memset(made->bits, 0, h * words * sizeof(uint64_t));
  return made;
}

FN bool wide_move(Wide *w, int64_t di, int64_t dj) {
  Box b = wide_box(w);
  b.top += di, b.bottom += di, b.left += dj, b.right += dj;
  if (!in_reach(&b)) return false;
  w->top = (int32_t)b.top;
  w->left = (int32_t)b.left;
  return true;
}

/* Bits from .. to - 1 of a word. */
FN_INLINE uint64_t bits_between(uint64_t from, uint64_t to) {
  return (~(uint64_t)0 >> (WIDE_WORD - (to - from))) << from;
}

/* The bits of from .. to - 1 that lie in the word of `from`, and where the next word begins. */
FN_INLINE uint64_t bits_in_word(uint64_t *from, uint64_t to) {
  uint64_t first = *from % WIDE_WORD, n = to - *from < WIDE_WORD - first ? to - *from : WIDE_WORD - first;
  *from += n;
  return bits_between(first, first + n);
}

FN bool wide_put_span(Wide *w, const Span *span) {
  uint64_t *row = w->bits + (uint64_t)(span->row - w->top) * w->words;
  uint64_t at = (uint64_t)(span->from - w->left), to = (uint64_t)(span->to - w->left), added = 0;
  while (at < to) {
    uint64_t word = at / WIDE_WORD, bits = bits_in_word(&at, to);
    added |= bits & ~row[word];
    row[word] |= bits;
  }
  return added != 0;
}

FN void wide_take_span(Wide *w, const Span *span) {
  int64_t row = span->row - w->top, from = span->from - w->left, to = span->to - w->left;
  if (row < 0 || row >= w->h || to <= 0 || from >= w->w) return;
  uint64_t at = from < 0 ? 0 : (uint64_t)from, end = to > w->w ? w->w : (uint64_t)to, word;
  while (at < end) {
    word = at / WIDE_WORD;
    w->bits[(uint64_t)row * w->words + word] &= ~bits_in_word(&at, end);
  }
}

FN uint32_t wide_count(const Wide *w) {
  uint32_t n = 0;
  for (uint64_t k = 0; k < (uint64_t)w->h * w->words; k++) n += count_bits64(w->bits[k]);
  return n;
}

static FN bool row_is_empty(const Wide *w, uint64_t row) {
  for (uint32_t k = 0; k < w->words; k++)
    if (w->bits[row * w->words + k]) return false;
  return true;
}

/* All rows in one word each. */
static FN uint64_t column_word(const Wide *w, uint32_t k) {
  uint64_t all = 0;
  for (uint64_t i = 0; i < w->h; i++) all |= w->bits[i * w->words + k];
  return all;
}

/* Moves rows to begin at `row` and `column`; what is written lies before what is still to be read. */
static FN void wide_pack(Wide *w, uint32_t row, uint32_t column, uint32_t words) {
  uint32_t skip = column / WIDE_WORD, turn = column % WIDE_WORD;
  for (uint64_t i = 0; i < w->h; i++) {
    const uint64_t *from = w->bits + (i + row) * w->words;
    for (uint64_t k = 0; k < words; k++) {
      uint64_t low = from[k + skip], high = k + skip + 1 < w->words ? from[k + skip + 1] : 0;
      w->bits[i * words + k] = turn ? low >> turn | high << (WIDE_WORD - turn) : low;
    }
  }
}

FN_INLINE uint32_t highest_of(uint64_t x) { return x >> 32 ? 32 + highest_bit((uint32_t)(x >> 32)) : highest_bit((uint32_t)x); }

FN bool wide_cut(Wide *w) {
  uint32_t top = 0, left = 0, last = w->words - 1;
  uint64_t word;
  while (top < w->h && row_is_empty(w, top)) top++;
  if (top == w->h) return false;
  while (row_is_empty(w, w->h - 1)) w->h--;
  while (!(word = column_word(w, left))) left++;
  left = left * WIDE_WORD + lowest_bit(word);
  while (!(word = column_word(w, last))) last--;
  last = last * WIDE_WORD + highest_of(word);
  uint32_t words = (last - left) / WIDE_WORD + 1;
  w->h -= top;
  w->w = last - left + 1;
  if (top || left || words != w->words) wide_pack(w, top, left, words);
  w->top += (int32_t)top;
  w->left += (int32_t)left;
  w->words = words;
  return true;
}

FN bool wide_same(const Wide *a, const Wide *b) {
  if (a->top != b->top || a->left != b->left || a->h != b->h || a->w != b->w) return false;
  uint64_t differ = 0;
  for (uint64_t k = 0; k < (uint64_t)a->h * a->words; k++) differ |= a->bits[k] ^ b->bits[k];
  return !differ;
}

FN uint64_t wide_mix(const Wide *w, uint64_t h) {
  h = hash_mix(hash_mix(h, (uint64_t)(uint32_t)w->top << 32 | (uint32_t)w->left), (uint64_t)w->h << 32 | w->w);
  for (uint64_t k = 0; k < (uint64_t)w->h * w->words; k++) h = hash_mix(h, w->bits[k]);
  return h;
}
