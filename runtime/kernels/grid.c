/* grid.c - see grid.h. */
#include "grid.h"

#include "unmade.h"

enum {
  FEW_CELLS = 32, /* seen to by one lane before others would have come */
  FEW_SLOTS = 32
};

/* ---- planes ---- */

FN_INLINE size_t plane_bytes(uint32_t h, uint32_t w) { return (size_t)h * w + PLANE_TAIL; }

#ifdef BATTC_SSE2
/* Two words less the least, their bits in *any; shifted to the colour. */
FN_INLINE __m128i pack_two(const Value *row, __m128i *any) {
  __m128i v = _mm_sub_epi64(_mm_loadu_si128((const __m128i *)row), _mm_set1_epi64x((long long)v_int(COLOUR_MIN)));
  *any = _mm_or_si128(*any, v);
  return _mm_srli_epi64(v, 3);
}

/* Four words to four 32-bit words. */
FN_INLINE __m128i pack_four(const Value *row, __m128i *any) {
  __m128 low = _mm_castsi128_ps(pack_two(row, any)), high = _mm_castsi128_ps(pack_two(row + 2, any));
  return _mm_castps_si128(_mm_shuffle_ps(low, high, _MM_SHUFFLE(2, 0, 2, 0)));
}

FN_INLINE void pack_eight(const Value *row, uint8_t *to, __m128i *any) {
  __m128i words = _mm_packs_epi32(pack_four(row, any), pack_four(row + 4, any));
  _mm_storel_epi64((__m128i *)to, _mm_packus_epi16(words, words));
}

#endif

/* Bits of a word less the least that say that it is no colour. */
FN_INLINE Value not_colour(Value less) { return less & ~(Value)((COLOURS - 1) << 3); }

/* The colours of a row; the bits that say that something is none. */
FN_INLINE Value pack_row(const Value *row, uint32_t w, uint8_t *to) {
  Value others = 0;
  for (uint32_t j = 0; j < w; j++) {
    Value v = row[j] - v_int(COLOUR_MIN);
    others |= v;
    to[j] = (uint8_t)(v >> 3);
  }
  return not_colour(others);
}

typedef struct {
  const Vm *vm;
  const Tuple *t;
  uint8_t *to;
  uint64_t w;
  uint64_t packed; /* the rows are those of a grid */
} PackWork;

#ifdef BATTC_SSE2
/* Rows by eights, the last of which may overlap. */
FN_INLINE void pack_alone(PackWork *p) {
  __m128i any = _mm_setzero_si128();
  uint32_t w = (uint32_t)p->w;
  uint8_t *to = p->to;
  for (uint32_t i = 0; i < p->t->len; i++, to += w) {
    if (!is_tuple(p->t->items[i])) return;
    const Tuple *row = as_tuple(p->vm, p->t->items[i]);
    if (row->len != w) return;
    uint32_t j = 0;
    for (; j + 8 <= w; j += 8) pack_eight(row->items + j, to + j, &any);
    if (j < w) pack_eight(row->items + w - 8, to + w - 8, &any);
  }
  p->packed = !not_colour((Value)_mm_cvtsi128_si64(_mm_or_si128(any, _mm_unpackhi_epi64(any, any))));
}
#endif

LANE_TEXT void pack_rows_lanes(const Lanes *l, PackWork *p) {
#ifdef BATTC_SSE2
  if (l->n == 1 && p->w >= 8) {
    pack_alone(p);
    return;
  }
#endif
  uint32_t w = (uint32_t)p->w, i = l->lane;
  for (; i < p->t->len; i += l->n) {
    if (!is_tuple(p->t->items[i])) break;
    const Tuple *row = as_tuple(p->vm, p->t->items[i]);
    if (row->len != w || pack_row(row->items, w, p->to + (size_t)i * w)) break;
  }
  bool all = lanes_all(l, i >= p->t->len);
  if (!l->lane) p->packed = all;
}
LANE_WORK(pack_rows, PackWork)

/* false: not a grid. */
static FN bool pack_rows(const Vm *vm, const Tuple *t, uint32_t w, uint8_t *to) {
  PackWork p = {vm, t, to, w, 0};
  pack_rows_by(t->len * w < FEW_CELLS ? NULL : vm->warp, &p);
  if (p.packed) __builtin_memset(to + (size_t)t->len * w, 0, PLANE_TAIL);
  return p.packed;
}

static FN bool check_rows(const Vm *vm, const Tuple *t, uint32_t w) {
  for (uint32_t i = 0; i < t->len; i++) {
    if (!is_tuple(t->items[i])) return false;
    const Tuple *row = as_tuple(vm, t->items[i]);
    if (row->len != w) return false;
    for (uint32_t j = 0; j < w; j++)
      if (!is_colour(row->items[j])) return false;
  }
  return true;
}

/* Packs at the top of the arena, which is taken only if it is a grid; 0: it is none, or there is no memory. */
static FN uint32_t pack_on_top(Vm *vm, const Tuple *t, uint32_t w) {
  size_t bytes = plane_bytes(t->len, w);
  if (bytes / 8 + 1 > vm->limit - vm->top || !pack_rows(vm, t, w, (uint8_t *)arena_at(vm, vm->top))) return 0;
  return arena_alloc(vm, bytes);
}

/* The word behind the items. */
FN_INLINE Value *plane_word(Tuple *t) { return &t->items[t->len]; }

static FN bool become_grid(Vm *vm, Tuple *t, uint32_t w) {
  if (!w || !is_tuple(t->items[0]) || !is_colour(as_tuple(vm, t->items[0])->items[0])) return false;
  if (!(t->canon & CANON_PLANE) || offset_of(vm, t) < vm->floor) return check_rows(vm, t, w);
  *plane_word(t) = pack_on_top(vm, t, w);
  return *plane_word(t) != 0;
}

FN bool grid_view(const Vm *vm, Value v, GridView *g) {
  if (!is_tuple(v)) return false;
  Tuple *t = as_tuple(vm, v);
  if (!t->len || !is_tuple(t->items[0])) return false;
  g->h = t->len;
  g->w = tuple_head(vm, t->items[0])->len;
  g->rows = t->items;
  g->grid = v;
  if (!(t->canon & CANON_GRID)) {
    if (!become_grid((Vm *)vm, t, g->w)) return false;
    t->canon |= CANON_GRID;
  }
  uint32_t plane = t->canon & CANON_PLANE ? (uint32_t)*plane_word(t) : 0;
  g->plane = plane ? (const uint8_t *)arena_at(vm, plane) : NULL;
  return true;
}

FN const uint8_t *grid_plane(Vm *vm, GridView *g) {
  if (g->plane) return g->plane;
  uint32_t plane = pack_on_top(vm, as_tuple(vm, g->grid), g->w);
  if (!plane) raise_limit(vm, LIMIT_MEMORY);
  else g->plane = (const uint8_t *)arena_at(vm, plane);
  return g->plane;
}

FN Value new_rows(Vm *vm, uint32_t n) {
  if (!n) return vm->image->empty_tuple;
  Value made = new_tuple(vm, n + 1);
  if (made) rows_become(as_tuple(vm, made));
  return made;
}

FN Value rows_on_plane(Vm *vm, uint32_t h, uint32_t w, uint8_t **plane) {
  Value made = new_rows(vm, h);
  uint32_t offset = made ? arena_alloc(vm, plane_bytes(h, w)) : 0;
  if (!offset) return 0;
  Tuple *t = as_tuple(vm, made);
  *plane_word(t) = offset;
  t->canon |= CANON_GRID;
  *plane = (uint8_t *)arena_at(vm, offset);
  __builtin_memset(*plane + (size_t)h * w, 0, PLANE_TAIL);
  return made;
}

FN void plane_forget(Vm *vm, Value rows) {
  Tuple *t = as_tuple(vm, rows);
  t->canon &= ~(uint32_t)CANON_GRID;
  *plane_word(t) = 0;
}

FN Value new_grid(Vm *vm, uint32_t h, uint32_t w, uint8_t **plane) {
  if (UNLIKELY(may_wait(vm, h, w))) return new_unmade(vm, h, w, plane);
  uint32_t units = (uint32_t)(sizeof(Tuple) / 8) + w;
  Value made = rows_on_plane(vm, h, w, plane);
  uint32_t rows = made ? arena_alloc(vm, (size_t)h * units * 8) : 0;
  if (!rows) return 0;
  for (uint32_t i = 0; i < h; i++) {
    Tuple *row = (Tuple *)arena_at(vm, rows + i * units);
    row->hash = HASH_UNKNOWN;
    row->len = w;
    row->canon = 0;
    as_tuple(vm, made)->items[i] = HEAP(KIND_TUPLE, rows + i * units);
  }
  return made;
}

#ifdef BATTC_SSE2
/* Two words from the colours in the low 32-bit halves of two 64-bit ones. */
FN_INLINE void store_two(Value *to, __m128i colours) {
  __m128i least = _mm_set1_epi64x((long long)v_int(COLOUR_MIN));
  _mm_storeu_si128((__m128i *)to, _mm_add_epi64(_mm_slli_epi64(colours, 3), least));
}

FN_INLINE void fill_eight(Value *to, const uint8_t *plane) {
  const __m128i zero = _mm_setzero_si128();
  __m128i shorts = _mm_unpacklo_epi8(_mm_loadl_epi64((const __m128i *)plane), zero);
  __m128i low = _mm_unpacklo_epi16(shorts, zero), high = _mm_unpackhi_epi16(shorts, zero);
  store_two(to, _mm_unpacklo_epi32(low, zero));
  store_two(to + 2, _mm_unpackhi_epi32(low, zero));
  store_two(to + 4, _mm_unpacklo_epi32(high, zero));
  store_two(to + 6, _mm_unpackhi_epi32(high, zero));
}

/* As pack_eights. */
FN_INLINE uint32_t fill_eights(Value *to, const uint8_t *plane, uint32_t w) {
  uint32_t j = 0;
  if (w < 8) return 0;
  for (; j + 8 <= w; j += 8) fill_eight(to + j, plane + j);
  if (j < w) fill_eight(to + w - 8, plane + w - 8);
  return w;
}
#else
FN_INLINE uint32_t fill_eights(Value *to, const uint8_t *plane, uint32_t w) {
  (void)to, (void)plane, (void)w;
  return 0;
}
#endif

typedef struct {
  const Vm *vm;
  const Tuple *t;
  const uint8_t *plane;
} FillWork;

FN void plane_values(const uint8_t *plane, uint32_t n, Value *to) {
  for (uint32_t j = fill_eights(to, plane, n); j < n; j++) to[j] = plane_value(plane[j]);
}

LANE_TEXT void fill_rows_lanes(const Lanes *l, FillWork *w) {
  for (uint32_t i = l->lane; i < w->t->len; i += l->n) {
    Tuple *row = tuple_head(w->vm, w->t->items[i]);
    plane_values(w->plane + (size_t)i * row->len, row->len, row->items);
  }
}
LANE_WORK(fill_rows, FillWork)

FN void grid_fill(Vm *vm, Value grid) {
  const Tuple *t = tuple_head(vm, grid);
  if (t->canon & TUPLE_UNMADE) return;
  FillWork w = {vm, t, (const uint8_t *)arena_at(vm, (uint32_t)t->items[t->len])};
  fill_rows_by(t->len < 3 ? NULL : vm->warp, &w);
}

typedef struct {
  const uint8_t *plane;
  uint64_t n;
  uint64_t usual; /* all are colours of cells */
} UsualWork;

LANE_TEXT void check_colours_lanes(const Lanes *l, UsualWork *w) {
  uint64_t n = w->n, k = l->lane;
  bool usual = true;
#ifdef BATTC_SSE2
  __m128i most = _mm_setzero_si128();
  for (; l->n == 1 && k + 16 <= n; k += 16) /* those below 0 become large */
    most = _mm_max_epu8(most, _mm_add_epi8(_mm_loadu_si128((const __m128i *)(w->plane + k)), _mm_set1_epi8(COLOUR_MIN)));
  usual = _mm_movemask_epi8(_mm_cmpeq_epi8(_mm_subs_epu8(most, _mm_set1_epi8(CELL_COLOURS - 1)), _mm_setzero_si128())) == 0xffff;
#endif
  for (; k < n; k += l->n) usual &= (uint8_t)(w->plane[k] + COLOUR_MIN) < CELL_COLOURS;
  usual = lanes_all(l, usual);
  if (!l->lane) w->usual = usual;
}
LANE_WORK(check_colours, UsualWork)

FN bool plane_has_cell_colours(const Vm *vm, const GridView *g) {
  UsualWork w = {g->plane, (uint64_t)g->h * g->w, 0};
  check_colours_by(w.n < FEW_CELLS ? NULL : vm->warp, &w);
  return w.usual;
}

typedef struct {
  const uint8_t *plane;
  uint64_t n;      /* bytes; those behind them, up to a multiple of 16, are 0 */
  uint64_t colour;
  uint64_t count;  /* of bytes that are `colour` */
} CountWork;

#ifdef BATTC_SSE2
FN_INLINE void count_alone(CountWork *w) {
  enum { MOST_ROUNDS = 255 * 16 }; /* a byte counts no further */
  uint64_t count = 0;
  __m128i wanted = _mm_set1_epi8((char)w->colour), zero = _mm_setzero_si128();
  for (size_t from = 0, to; from < w->n; from = to) {
    __m128i counts = zero;
    to = from + MOST_ROUNDS < w->n ? from + MOST_ROUNDS : w->n;
    for (size_t k = from; k < to; k += 16) counts = _mm_sub_epi8(counts, _mm_cmpeq_epi8(_mm_loadu_si128((const __m128i *)(w->plane + k)), wanted));
    counts = _mm_sad_epu8(counts, zero);
    count += (uint64_t)_mm_cvtsi128_si64(counts) + (uint64_t)_mm_cvtsi128_si64(_mm_unpackhi_epi64(counts, counts));
  }
  w->count = count - (w->colour ? 0 : -w->n % 16);
}
#endif

LANE_TEXT void count_colour_lanes(const Lanes *l, CountWork *w) {
#ifdef BATTC_SSE2
  if (l->n == 1) {
    count_alone(w);
    return;
  }
#endif
  uint32_t count = 0;
  for (uint64_t k = l->lane; k < w->n; k += l->n) count += w->plane[k] == w->colour;
  count = lanes_sum(l, count);
  if (!l->lane) w->count = count;
}
LANE_WORK(count_colour, CountWork)

typedef struct {
  const uint8_t *plane;
  uint64_t n, seen, at;
} NextColourWork;

LANE_TEXT void next_colour_lanes(const Lanes *l, NextColourWork *w) {
  uint64_t at = w->at;
  for (;; at += l->n) {
    uint64_t k = at + l->lane;
    uint32_t fresh = lanes_ballot(l, k >= w->n || !(w->seen >> w->plane[k] & 1));
    if (l->n == 1 && fresh) break;
    if (fresh) {
      at += lowest_bit(fresh);
      break;
    }
  }
  lanes_sync(l);
  if (!l->lane) w->at = at;
}
LANE_WORK(next_colour, NextColourWork)

FN size_t plane_next(Warp *warp, const uint8_t *plane, size_t n, size_t at, uint64_t seen) {
  NextColourWork w = {plane, n, seen, at};
  next_colour_by(at + FEW_CELLS > n ? NULL : warp, &w);
  return w.at < n ? w.at : n;
}

/* Ends with a colour of more than `enough` cells: true. */
static FN bool count_colours(Warp *warp, const uint8_t *plane, size_t n, size_t enough, Census *c) {
  uint64_t seen = 0;
  size_t left = n;
  c->n = 0;
  for (size_t at = 0; left; at++) {
    at = plane_next(warp, plane, n, at, seen);
    CountWork w = {plane, n, plane[at], 0};
    count_colour_by(n < FEW_CELLS ? NULL : warp, &w);
    seen |= (uint64_t)1 << plane[at];
    c->colours[c->n++] = plane[at];
    c->counts[plane[at]] = (uint32_t)w.count;
    if (w.count > enough) return true;
    left -= w.count;
  }
  return false;
}

FN void plane_census(Warp *warp, const uint8_t *plane, size_t n, Census *c) { count_colours(warp, plane, n, n, c); }

FN bool plane_majority(Warp *warp, const uint8_t *plane, size_t n, Census *c, uint8_t *colour) {
  if (!count_colours(warp, plane, n, n / 2, c)) return false;
  *colour = (uint8_t)c->colours[c->n - 1];
  return true;
}

FN uint64_t plane_mix(const GridView *g) {
  uint64_t lanes[2] = {(uint64_t)g->h << 32 | g->w, 0}, words[2];
  for (size_t k = 0; k < (size_t)g->h * g->w; k += sizeof words) {
    __builtin_memcpy(words, g->plane + k, sizeof words);
    lanes[0] = hash_mix(lanes[0], words[0]);
    lanes[1] = hash_mix(lanes[1], words[1]);
  }
  return hash_mix(lanes[0], lanes[1]);
}

/* ---- other arguments ---- */

FN bool are_small_ints(const Value *items, uint32_t n, int64_t *out) {
  for (uint32_t i = 0; i < n; i++) {
    if (!is_int(items[i])) return false;
    out[i] = int_of(items[i]);
    if (out[i] > 1000000 || out[i] < -1000000) return false;
  }
  return true;
}

FN bool small_ints(const Vm *vm, Value v, uint32_t n, int64_t *out) {
  return is_tuple(v) && tuple_head(vm, v)->len == n && are_small_ints(as_tuple(vm, v)->items, n, out);
}

typedef struct {
  const Vm *vm;
  const SetEntry *table;
  uint64_t mask;
  uint64_t lengths; /* of tuples in it: bit by length; 1: there is something else */
} CellsWork;

/* What a key is, as above. */
FN_INLINE uint32_t cell_length(const Vm *vm, Value key) {
  int64_t parts[3];
  uint32_t shared = shared_len(vm, key);
  if (shared) return 1u << shared;
  uint32_t len = is_tuple(key) ? tuple_head(vm, key)->len : 0;
  return (len == 2 || len == 3) && small_ints(vm, key, len, parts) ? 1u << len : 1;
}

LANE_TEXT void check_cells_lanes(const Lanes *l, CellsWork *w) {
  uint32_t lengths = 0;
  for (uint64_t i = l->lane; i <= w->mask && !(lengths & 1); i += l->n) {
    Value key = w->table[i].key;
    if (key && key != SET_DUMMY) lengths |= cell_length(w->vm, key);
  }
  lengths = (uint32_t)lanes_or(l, lengths);
  if (!l->lane) w->lengths = lengths;
}
LANE_WORK(check_cells, CellsWork)

FN bool is_cells(const Vm *vm, Value v, uint32_t *n) {
  if (!is_anyset(v)) return false;
  Set *s = as_set(vm, v);
  *n = s->canon & CANON_PAIRS ? 2 : s->canon & CANON_CELLS ? 3 : 0;
  if (*n) return true;
  if (s->canon & CANON_NESTED) return false;
  CellsWork w = {vm, set_table(vm, s), s->mask, 0};
  check_cells_by(s->mask < FEW_SLOTS ? NULL : vm->warp, &w);
  if (w.lengths & (w.lengths - 1) || w.lengths == 1) return false;
  *n = w.lengths ? lowest_bit(w.lengths) : 0;
  if (*n && is_kind(v, KIND_FROZENSET)) s->canon |= *n == 2 ? CANON_PAIRS : CANON_CELLS;
  return true;
}
