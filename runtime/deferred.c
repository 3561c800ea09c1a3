/* deferred.c - see deferred.h. */
#include "deferred.h"

#include "kernels/grid.h"
#include "kernels/location_set.h"
#include "kernels/nested.h"
#include "kernels/unmade.h"
#include "key.h"
#include "lanes.h"

/* ---- bits ---- */

/* Clang's clones are known in their own file only. */
WIDE static FN uint32_t count_rows(const uint32_t *rows) {
  uint64_t by_byte = 0; /* at most 8 from each of half as many words */
  for (uint32_t i = 0; i < PAIR_SIDE / 2; i++) {
    uint64_t x = rows[i] | (uint64_t)rows[i + PAIR_SIDE / 2] << 32;
    x -= x >> 1 & 0x5555555555555555u;
    x = (x & 0x3333333333333333u) + (x >> 2 & 0x3333333333333333u);
    by_byte += (x + (x >> 4)) & 0x0f0f0f0f0f0f0f0fu;
  }
  uint64_t by_half = (by_byte & 0x00ff00ff00ff00ffu) + (by_byte >> 8 & 0x00ff00ff00ff00ffu);
  return (uint32_t)(by_half * 0x0001000100010001u >> 48);
}

FN uint32_t rows_count(const uint32_t *rows) { return count_rows(rows); }

/* Bits of the rows and columns that are not those of cells. */
enum { BEYOND_CELLS = (int)0x80000001u };

FN bool rows_are_shared(const Vm *vm, const uint32_t *rows, KeyForm form) {
  if (form != KEYS_CELLS) return form == KEYS_PAIRS || vm->nested;
  uint32_t all = 0;
  for (uint32_t i = 0; i < PAIR_SIDE; i++) all |= rows[i];
  return !(all & (uint32_t)BEYOND_CELLS) && !rows[0] && !rows[PAIR_SIDE - 1];
}

/* Rows moved to the right or, with left, to the left, by less than their length; the bits that fall out. */
WIDE static FN uint32_t move_along(const uint32_t *rows, uint32_t by, bool left, uint32_t *to) {
  uint32_t all = 0;
  for (uint32_t i = 0; i < PAIR_SIDE; i++) all |= rows[i];
  if (left)
    for (uint32_t i = 0; i < PAIR_SIDE; i++) to[i] = rows[i] >> by;
  else
    for (uint32_t i = 0; i < PAIR_SIDE; i++) to[i] = rows[i] << by;
  return left ? all & (((uint32_t)1 << by) - 1) : (uint32_t)(((uint64_t)all << by) >> PAIR_SIDE);
}

FN bool rows_moved(const Vm *vm, const uint32_t *rows, int64_t di, int64_t dj, KeyForm form, uint32_t *to) {
  if (di <= -PAIR_SIDE || di >= PAIR_SIDE || dj <= -PAIR_SIDE || dj >= PAIR_SIDE) return false;
  uint32_t along[PAIR_SIDE], down = (uint32_t)(di < 0 ? -di : di), outside = 0;
  uint32_t *moved = di ? along : to;
  if (move_along(rows, (uint32_t)(dj < 0 ? -dj : dj), dj < 0, moved)) return false;
  for (uint32_t i = 0; i < down; i++) outside |= moved[di < 0 ? i : PAIR_SIDE - down + i];
  if (outside) return false;
  if (di) __builtin_memset(to, 0, PAIR_SIDE * sizeof *to);
  if (di) __builtin_memcpy(to + (di < 0 ? 0 : down), moved + (di < 0 ? down : 0), (PAIR_SIDE - down) * sizeof *to);
  return rows_are_shared(vm, to, form);
}

/* ---- keys, span by span ---- */

/* Where the word number s->at lies. */
FN_INLINE void spans_place(Spans *s, const Wide *w) {
  s->row = w ? (int64_t)w->top + s->at / w->words : (int64_t)s->at + PAIR_MIN;
  s->left = w ? (int64_t)w->left + s->at % w->words * WIDE_WORD : (int64_t)PAIR_MIN;
}

static FN DEVICE_NOINLINE Spans wide_spans(Spans s) {
  const Wide *w = deferred_bits(s.vm, s.d);
  s.bits = w->bits[0];
  spans_place(&s, w);
  return s;
}

FN Spans spans_of(const Vm *vm, const Deferred *d) {
  Spans s = {vm, d, 0, 0, d->first_run, 0, 0, 0, 0};
  if (d->kind == DEFER_LARGE_PART) return s;
  if (d->wide) return wide_spans(s);
  s.bits = d->rows[0];
  spans_place(&s, NULL);
  return s;
}

FN Spans patch_spans(const Vm *vm, Value patch) {
  const Deferred *d = deferred_of(vm, patch);
  if (d) return spans_of(vm, d);
  Spans s = {vm, NULL, patch, 0, 0, 0, 0, 0, 0};
  return s;
}

FN Spans place_spans(const Vm *vm, Value patch) {
  const Deferred *d = deferred_places_of(vm, patch);
  return d ? spans_of(vm, d) : patch_spans(vm, patch);
}

static FN bool next_key(Spans *s, Span *span) {
  if (!set_next(s->vm, s->patch, &s->at, &s->key)) return false;
  const Value *at = key_location(s->vm, s->key);
  span->row = int_of(at[0]);
  span->from = int_of(at[1]);
  span->to = span->from + 1;
  return true;
}

static FN bool next_run(Spans *s, Span *span) {
  const Run *r = part_run(s->vm, s->d, s->run);
  if (!r) return false;
  span->row = r->row;
  span->from = r->from;
  span->to = r->to;
  s->run = r->next;
  return true;
}

FN bool spans_beyond(Spans *s, Span *span) {
  if (!s->d) return next_key(s, span);
  if (s->d->kind == DEFER_LARGE_PART) return next_run(s, span);
  const Wide *w = s->d->wide ? deferred_bits(s->vm, s->d) : NULL;
  uint32_t end = w ? w->h * w->words : (uint32_t)PAIR_SIDE;
  while (!s->bits) {
    if (++s->at >= end) return false;
    s->bits = w ? w->bits[s->at] : s->d->rows[s->at];
  }
  spans_place(s, w);
  return spans_next(s, span);
}

static FN Box box_of_rows(const uint32_t *rows) {
  uint32_t all = 0, top = 0, bottom = PAIR_SIDE - 1;
  while (!rows[top]) top++;
  while (!rows[bottom]) bottom--;
  for (uint32_t i = top; i <= bottom; i++) all |= rows[i];
  Box b = {(int64_t)top + PAIR_MIN, (int64_t)lowest_bit(all) + PAIR_MIN, (int64_t)bottom + PAIR_MIN, (int64_t)highest_bit(all) + PAIR_MIN};
  return b;
}

FN Box deferred_box(const Vm *vm, const Deferred *d) {
  if (d->wide) return wide_box(deferred_bits(vm, d));
  if (d->kind != DEFER_LARGE_PART) return box_of_rows(d->rows);
  Box b = box_empty();
  for (const Run *r = part_run(vm, d, d->first_run); r; r = part_run(vm, d, r->next)) box_add(&b, r->row, r->from, (int64_t)r->to - 1);
  return b;
}

FN bool deferred_has(const Vm *vm, const Deferred *d, int64_t i, int64_t j) {
  return d->wide ? wide_has(deferred_bits(vm, d), i, j) : rows_have(d->rows, i, j);
}

enum { FEW_SLOTS = 32 }; /* looked at by one lane before others would have come */

typedef struct {
  const Vm *vm;
  const SetEntry *table;
  uint64_t mask;
  Box box;
} BoxWork;

/* Without going through spans: this is most of what there is of small sets. */
LANE_TEXT void box_keys_lanes(const Lanes *l, BoxWork *w) {
  int top = INT32_MAX, left = INT32_MAX, bottom = INT32_MIN, right = INT32_MIN;
  for (uint64_t k = l->lane; k <= w->mask; k += l->n) {
    Value key = w->table[k].key;
    if (!key || key == SET_DUMMY) continue;
    const Value *at = key_location(w->vm, key);
    int i = (int)int_of(at[0]), j = (int)int_of(at[1]);
    top = i < top ? i : top;
    bottom = i > bottom ? i : bottom;
    left = j < left ? j : left;
    right = j > right ? j : right;
  }
  Box b = {lanes_least(l, top), lanes_least(l, left), lanes_most(l, bottom), lanes_most(l, right)};
  if (!l->lane) w->box = b;
}
LANE_WORK(box_keys, BoxWork)

static FN Box box_of_keys(const Vm *vm, const Set *s) {
  BoxWork w = {vm, set_table(vm, s), s->mask, box_empty()};
  box_keys_by(s->mask < FEW_SLOTS ? NULL : vm->warp, &w);
  return w.box;
}

FN Box keys_box(const Vm *vm, Value patch) {
  const Deferred *d = deferred_places_of(vm, patch);
  return d ? deferred_box(vm, d) : box_of_keys(vm, as_set(vm, patch));
}

FN bool patch_box(Vm *vm, Value patch, uint32_t n, Box *b) {
  uint32_t found;
  if (!is_kind(patch, KIND_FROZENSET) || !is_cells(vm, patch, &found) || !found || (n && n != found)) return false;
  *b = keys_box(vm, patch);
  return true;
}

FN bool key_form(const Vm *vm, Value v, KeyForm *form) {
  uint32_t n;
  if (!is_kind(v, KIND_FROZENSET)) return false;
  uint32_t known_by = as_set(vm, v)->canon & (CANON_PAIRS | CANON_CELLS);
  if (known_by) {
    *form = known_by & CANON_PAIRS ? KEYS_PAIRS : KEYS_CELLS;
    return true;
  }
  bool nested = is_nested(vm, v), known = nested || is_cells(vm, v, &n);
  if (known) *form = nested ? KEYS_NESTED : (KeyForm)n;
  return known;
}

/* Of a set with a table: most of what there is of small ones. */
static FN bool put_keys(const Vm *vm, const Set *s, Wide *to) {
  const SetEntry *table = set_table(vm, s);
  uint64_t added = 0;
  for (uint64_t k = 0; k <= s->mask; k++) {
    Value key = table[k].key;
    if (!key || key == SET_DUMMY) continue;
    const Value *at = key_location(vm, key);
    uint64_t column = (uint64_t)(int_of(at[1]) - to->left), bit = (uint64_t)1 << column % WIDE_WORD;
    uint64_t *word = to->bits + (uint64_t)(int_of(at[0]) - to->top) * to->words + column / WIDE_WORD;
    added |= bit & ~*word;
    *word |= bit;
  }
  return added != 0;
}

FN bool patch_put(Vm *vm, Value patch, Wide *to) {
  const Deferred *d = deferred_places_of(vm, patch);
  bool added = false;
  if (!d) return put_keys(vm, as_set(vm, patch), to);
  if (d->wide) {
    const Wide *w = deferred_bits(vm, d);
    for (uint64_t k = 0; k < (uint64_t)w->h * w->words; k++)
      added |= wide_put_word(to, w->top + (int64_t)(k / w->words), w->left + (int64_t)(k % w->words) * WIDE_WORD, w->bits[k]);
    return added;
  }
  for (int64_t i = 0; i < PAIR_SIDE && deferred_is_narrow(d); i++) added |= wide_put_word(to, i + PAIR_MIN, PAIR_MIN, d->rows[i]);
  if (deferred_is_narrow(d)) return added;
  Spans spans = spans_of(vm, d);
  for (Span span; spans_next(&spans, &span);) added |= wide_put_span(to, &span);
  return added;
}

/* ---- keys ---- */

/* Of a row in a grid; NULL: it is not made. */
FN_INLINE const Value *made_row(const Vm *vm, Value grid, int64_t row) {
  const Tuple *t = tuple_head(vm, grid);
  if (UNLIKELY(t->canon & TUPLE_UNMADE)) return NULL;
  t = tuple_head(vm, t->items[row]);
  return UNLIKELY(t->canon & TUPLE_UNMADE) ? NULL : t->items;
}

static NOINLINE FN ColourRow colours_of_plane(const Vm *vm, const Deferred *d, int64_t row) {
  GridView g;
  plane_view(vm, d->grid, &g);
  ColourRow r = {0, NULL, (const int8_t *)g.plane + (uint64_t)row * g.w, d->gj, COLOUR_MIN};
  return r;
}

FN_ALWAYS ColourRow colours_of_row(const Vm *vm, const Deferred *d, int64_t i) {
  ColourRow r = {d->colour, NULL, NULL, d->gj, 0};
  int64_t row = i - d->gi;
  if (r.one) return r;
  if (d->grid) {
    r.values = made_row(vm, d->grid, row);
    return r.values ? r : colours_of_plane(vm, d, row);
  }
  r.bytes = (const int8_t *)arena_at(vm, d->plane) + (d->plane_w ? (uint64_t)row * d->plane_w : location_of((uint32_t)row, 0));
  return r;
}

FN ColourRow deferred_colours(const Vm *vm, const Deferred *d, int64_t i) { return colours_of_row(vm, d, i); }

FN Value deferred_colour(const Vm *vm, const Deferred *d, int64_t i, int64_t j) {
  ColourRow r = colours_of_row(vm, d, i);
  return colour_in_row(&r, j);
}

FN Value deferred_colour_at(const Vm *vm, const Deferred *d, uint32_t location) {
  return deferred_colour(vm, d, (int32_t)location_row(location), (int32_t)location_column(location));
}

FN Value deferred_key(const Vm *vm, const Deferred *d, uint32_t location) {
  if (deferred_is_locations(d)) return vm->workspace->values[location];
  CellPlaces places = cell_places(vm, d->nested);
  return cell_at_place(&places, location, (uint32_t)int_of(deferred_colour_at(vm, d, location)));
}

/* What lies between two sums, where a row of bits begins or ends to be set. */
FN_INLINE uint64_t edges_mixed(uint64_t bits, const uint64_t *sums) {
  uint64_t x = 0;
  for (uint64_t edges = bits ^ bits << 1; edges; edges &= edges - 1) x ^= sums[lowest_bit(edges)];
  return x;
}

FN uint64_t rows_mixed(const uint32_t *rows, const uint64_t *sums) {
  uint64_t x = 0;
  for (uint32_t i = 0; i < PAIR_SIDE; i++, sums += PAIR_SIDE) x ^= edges_mixed(rows[i], sums);
  return x;
}

typedef struct {
  const Vm *vm;
  const Workspace *w;
  const Deferred *d;
  const LocationSums *of_cells; /* by colour */
  uint64_t mixed;
} HashRowsWork;

/* What the keys of a row add, by the sums of those of one colour; NULL: they have several. */
FN_ALWAYS uint64_t row_mixed(const HashRowsWork *h, uint32_t i, const uint64_t *sums) {
  uint64_t x = 0;
  if (sums) return edges_mixed(h->d->rows[i], sums + i * PAIR_SIDE);
  if (!h->d->rows[i]) return 0;
  ColourRow r = colours_of_row(h->vm, h->d, (int64_t)i + PAIR_MIN);
  for (uint32_t bits = h->d->rows[i]; bits; bits &= bits - 1) {
    uint32_t at = lowest_bit(bits), k = i * PAIR_SIDE + at;
    const uint64_t *of_colour = h->of_cells[int_of(colour_in_row(&r, (int64_t)at + PAIR_MIN))];
    x ^= of_colour[k] ^ of_colour[k + 1];
  }
  return x;
}

LANE_TEXT void hash_rows_lanes(const Lanes *l, HashRowsWork *h) {
  const Deferred *d = h->d;
  const uint64_t *sums = deferred_is_locations(d) ? h->w->pair_sums : d->colour ? h->of_cells[int_of(d->colour)] : NULL;
  uint64_t x = 0;
  for (uint32_t i = l->lane; i < PAIR_SIDE; i += l->n) x ^= row_mixed(h, i, sums);
  x = lanes_xor(l, x);
  if (!l->lane) h->mixed = x;
}
LANE_WORK(hash_rows, HashRowsWork)

static FN uint64_t narrow_mixed(Vm *vm, const Deferred *d) {
  HashRowsWork h = {vm, workspace_of(vm), d, colour_sums(vm, d->nested), 0};
  hash_rows_by(vm->warp, &h);
  return h.mixed;
}

/* Of a key at a column, from what its row comes to. */
FN_INLINE int64_t hash_in_row(KeyForm form, uint64_t row, int64_t j, const ColourRow *colours) {
  uint64_t at = xx_mix(row, hash_small_int(v_int(j)));
  if (form == KEYS_PAIRS) return xx_end(at, 2);
  int64_t colour = hash_small_int(colour_in_row(colours, j));
  return form == KEYS_CELLS ? xx_end(xx_mix(at, colour), 3) : xx_end(xx_mix(xx_mix(XX_PRIME_5, colour), xx_end(at, 2)), 2);
}

FN_ALWAYS uint64_t wide_row_mixed(const Vm *vm, const Deferred *d, const Wide *w, uint32_t i, KeyForm form) {
  const uint64_t *words = w->bits + (uint64_t)i * w->words;
  int64_t row = (int64_t)w->top + i;
  uint64_t begun = xx_mix(XX_PRIME_5, hash_small_int(v_int(row))), x = 0;
  ColourRow colours = {d->colour, NULL, NULL, 0, 0};
  bool looked = colours.one != 0;
  for (uint32_t k = 0; k < w->words; k++) {
    if (words[k] && !looked) colours = colours_of_row(vm, d, row), looked = true;
    for (uint64_t bits = words[k]; bits; bits &= bits - 1)
      x ^= shuffle_bits((uint64_t)hash_in_row(form, begun, (int64_t)w->left + k * WIDE_WORD + lowest_bit(bits), &colours));
  }
  return x;
}

static FN uint64_t wide_mixed(const Vm *vm, const Deferred *d) {
  const Wide *w = deferred_bits(vm, d);
  KeyForm form = deferred_form(d);
  uint64_t x = 0;
  for (uint32_t i = 0; i < w->h; i++) x ^= form == KEYS_PAIRS ? wide_row_mixed(vm, d, w, i, KEYS_PAIRS) : wide_row_mixed(vm, d, w, i, form);
  return x;
}

/* Of wide twins, whose hashes take all that their table does. */
static FN int64_t hash_wide_twins(Vm *vm, Value twins) {
  uint64_t x = 0;
  uint32_t pos = 0;
  int64_t hash;
  for (Value key; set_next_hashed(vm, twins, &pos, &key, &hash);) x ^= shuffle_bits((uint64_t)hash);
  return set_hash_end(x, as_set(vm, twins)->used);
}

FN int64_t deferred_hash(Vm *vm, const Set *s) {
  const Deferred *d = (const Deferred *)arena_at(vm, s->deferred);
  if (d->kind == DEFER_TWINS && d->wide) return hash_wide_twins(vm, HEAP(KIND_FROZENSET, offset_of(vm, s)));
  if (d->kind == DEFER_TWINS) return set_hash_end(twins_mixed(vm, d), s->used);
  return set_hash_end(d->wide ? wide_mixed(vm, d) : narrow_mixed(vm, d), s->used);
}

/* ---- making ---- */

FN void deferred_recipe(Deferred *d, DeferKind kind, Value colour) {
  __builtin_memset(d, 0, sizeof *d);
  d->kind = kind;
  d->colour = colour;
}

/* With so many bytes behind it. */
static FN Deferred *new_in(Vm *vm, DeferKind kind, uint32_t used, uint32_t slots, size_t behind, Value *set) {
  uint32_t offset = arena_alloc(vm, sizeof(Set) + sizeof(Deferred) + behind);
  if (!offset) return NULL;
  Set *s = (Set *)arena_at(vm, offset);
  s->hash = HASH_UNKNOWN;
  s->used = s->fill = used;
  s->mask = slots - 1;
  s->table = 0;
  s->canon = 0;
  s->unordered = 0;
  s->deferred = offset + sizeof(Set) / 8;
  Deferred *d = (Deferred *)arena_at(vm, s->deferred);
  d->kind = kind;
  d->room = s->deferred + sizeof(Deferred) / 8;
  d->source = d->other = d->grid = 0;
  d->plane = d->plane_w = d->wide = d->first_run = 0;
  d->listed = d->nested = 0;
  d->di = d->dj = d->gi = d->gj = 0;
  *set = HEAP(KIND_FROZENSET, offset);
  return d;
}

FN Deferred *deferred_new(Vm *vm, DeferKind kind, uint32_t used, uint32_t slots, Value *set) {
  return new_in(vm, kind, used, slots, kind == DEFER_LARGE_PART ? 0 : slots * sizeof(SetEntry), set);
}

static FN void set_keys_known(Vm *vm, Value set, const Deferred *d) {
  KeyForm form = deferred_form(d);
  as_set(vm, set)->canon = form == KEYS_PAIRS ? CANON_PAIRS : form == KEYS_CELLS ? CANON_CELLS : CANON_NESTED;
}

/* With so many keys, if there are any. */
static FN Value new_narrow(Vm *vm, const Deferred *from, uint32_t used, uint32_t slots) {
  Value set = 0;
  if (!used) return no_keys(vm);
  Deferred *d = deferred_new(vm, (DeferKind)from->kind, used, slots, &set);
  if (!d) return 0;
  uint32_t room = d->room;
  *d = *from;
  d->room = room;
  set_keys_known(vm, set, d);
  return set;
}

FN Value deferred_added(Vm *vm, const Deferred *from) {
  uint32_t used = rows_count(from->rows);
  return new_narrow(vm, from, used, location_indices_slots(used));
}

FN Value deferred_frozen(Vm *vm, const Deferred *from) {
  uint32_t used = rows_count(from->rows);
  return new_narrow(vm, from, used, numbers_slots_copied(used));
}

/* With its table in a room of its own. */
static FN Value new_in_room(Vm *vm, const Deferred *from, uint32_t used, uint32_t slots, uint32_t fill, size_t bytes) {
  Value set = 0;
  const Room *room = room_for(vm, bytes) ? room_new(vm, bytes) : NULL;
  Deferred *d = room ? new_in(vm, (DeferKind)from->kind, used, slots, 0, &set) : NULL;
  if (!d) return 0;
  *d = *from;
  d->room = offset_of(vm, room);
  as_set(vm, set)->fill = fill;
  set_keys_known(vm, set, d);
  return set;
}

/* Are all its cells, which lie where shared ones do, of colours that these have? */
static FN bool has_cell_colours(const Vm *vm, const Deferred *d, const Wide *w) {
  if (d->colour) return is_cell_colour(d->colour);
  for (int64_t i = w->top; i < w->top + (int64_t)w->h; i++)
    for (int64_t j = w->left; j < w->left + (int64_t)w->w; j++)
      if (wide_has(w, i, j) && !is_cell_colour(deferred_colour(vm, d, i, j))) return false;
  return true;
}

/* The bits as rows, if all keys are shared ones. */
static FN bool narrowed(const Vm *vm, Deferred *d, const Wide *w) {
  KeyForm form = deferred_form(d);
  int64_t least = form == KEYS_CELLS ? 0 : PAIR_MIN, side = form == KEYS_CELLS ? CELL_SIDE : PAIR_SIDE;
  Box b = wide_box(w);
  if (b.top < least || b.left < least || b.bottom >= least + side || b.right >= least + side) return false;
  if (form != KEYS_PAIRS && !has_cell_colours(vm, d, w)) return false;
  if (form == KEYS_NESTED && !vm->nested) return false;
  __builtin_memset(d->rows, 0, sizeof d->rows);
  for (uint32_t i = 0; i < w->h; i++) d->rows[b.top + i - PAIR_MIN] = (uint32_t)(w->bits[i] << (b.left - PAIR_MIN));
  return true;
}

/* What it takes at most to add so many new keys one by one: the tables on the way, and the keys. (make_added takes 24 bytes a key and
 * little more than two a slot in place of the tables on the way; there are more than 5 / 3 slots a key.) */
static FN size_t adding_room(uint32_t used, uint64_t slots) {
  return sizeof(Set) + (slots * 2 + 64) * sizeof(SetEntry) + (size_t)used * (NESTED_UNITS + PAIR_UNITS + 1) * 8;
}

FN Value deferred_added_wide(Vm *vm, const Deferred *from, Wide *bits) {
  Deferred d = *from;
  if (!wide_cut(bits)) return no_keys(vm);
  if (narrowed(vm, &d, bits)) return deferred_added(vm, &d);
  uint32_t used = wide_count(bits), slots = location_indices_slots(used);
  d.wide = offset_of(vm, bits);
  return new_in_room(vm, &d, used, slots, used, adding_room(used, slots));
}

FN Value deferred_made(Vm *vm, const Deferred *from, Wide *bits, uint32_t slots, uint32_t fill, size_t room) {
  Deferred d = *from;
  if (bits && !wide_cut(bits)) return 0;
  if (bits && !narrowed(vm, &d, bits)) d.wide = offset_of(vm, bits);
  uint32_t used = d.wide ? wide_count(bits) : rows_count(d.rows);
  return used ? new_in_room(vm, &d, used, slots, fill ? fill : used, room) : 0;
}

/* ---- sets that follow others ---- */

/* The colours of `from` in a recipe that follows `set`. */
static FN void follow(Deferred *d, Value set, const Deferred *from) {
  deferred_recipe(d, DEFER_MAPPED, from->colour);
  d->nested = from->nested;
  d->source = set;
  d->grid = from->grid;
  d->plane = from->plane;
  d->plane_w = from->plane_w;
  d->gi = from->gi;
  d->gj = from->gj;
}

/* Bits of the keys of any set of locations or cells, or of those of its recipe, and a recipe that follows it; NULL: there is none, or no
 * memory. */
static FN Wide *follow_wide(Vm *vm, Value set, const Deferred *from, Deferred *d) {
  if (!from) return merged_bits(vm, set, d);
  Box b = deferred_box(vm, from);
  Wide *bits = wide_new(vm, &b);
  if (!bits) return NULL;
  follow(d, set, from);
  patch_put(vm, set, bits);
  return bits;
}

static FN void give_colour(Deferred *d, Value colour, bool nested) {
  d->colour = colour;
  d->nested = nested;
  d->grid = 0;
  d->plane = d->plane_w = 0;
  d->gi = d->gj = 0;
}

static FN void move_recipe(Deferred *d, int64_t di, int64_t dj) {
  d->di = (int32_t)di;
  d->dj = (int32_t)dj;
  d->gi += (int32_t)di;
  d->gj += (int32_t)dj;
}

FN Value deferred_mapped(Vm *vm, Value set, Value colour, bool nested) {
  const Deferred *from = deferred_places_of(vm, set);
  Deferred d;
  if (from && deferred_is_narrow(from) &&
      (colour == V_NONE || (is_cell_colour(colour) && rows_are_shared(vm, from->rows, nested ? KEYS_NESTED : KEYS_CELLS)))) {
    follow(&d, set, from);
    give_colour(&d, colour, nested);
    __builtin_memcpy(d.rows, from->rows, sizeof d.rows);
    return deferred_added(vm, &d);
  }
  Wide *bits = follow_wide(vm, set, from, &d);
  if (!bits) return 0;
  give_colour(&d, colour, nested);
  return deferred_added_wide(vm, &d, bits);
}

FN Value deferred_moved(Vm *vm, Value set, int64_t di, int64_t dj) {
  const Deferred *from = deferred_of(vm, set);
  Deferred d;
  if (from && deferred_is_narrow(from)) {
    follow(&d, set, from);
    move_recipe(&d, di, dj);
    if (rows_moved(vm, from->rows, di, dj, deferred_form(from), d.rows)) return deferred_added(vm, &d);
  }
  Wide *bits = follow_wide(vm, set, from, &d);
  if (!bits || !wide_move(bits, di, dj)) return 0;
  move_recipe(&d, di, dj);
  return deferred_added_wide(vm, &d, bits);
}

FN Value deferred_twins(Vm *vm, const Deferred *from, Wide *bits, uint32_t used) {
  Deferred d = *from;
  uint32_t slots = location_indices_slots(used);
  if (bits && !wide_cut(bits)) return 0;
  if (bits) d.wide = offset_of(vm, bits);
  return new_in_room(vm, &d, used, slots, used, adding_room(0, slots));
}

/* What a - b makes: where b is small a copy of a without it, else a set of what is left (set_difference of
 * Objects/setobject.c). */
static FN Value make_minus(Vm *vm, const Deferred *recipe, Wide *bits) {
  const Set *a = as_set(vm, recipe->source), *b = as_set(vm, recipe->other);
  bool copied = a->used >> 2 > b->used;
  uint32_t used = wide_count(bits), slots = copied ? numbers_slots_copied(a->used) : location_indices_slots(used);
  if (!used) return new_set(vm, KIND_FROZENSET);
  return deferred_made(vm, recipe, bits, slots, copied ? a->used : 0, adding_room(0, slots));
}

FN Value deferred_minus(Vm *vm, Value a, Value b) {
  const Deferred *from = deferred_of(vm, a);
  uint32_t n;
  Deferred d;
  if (!from || !is_kind(b, KIND_FROZENSET) || !is_cells(vm, b, &n) || !deferred_is_locations(from) || n != 2) return 0;
  Box all = deferred_box(vm, from);
  Wide *bits = wide_new(vm, &all);
  if (!bits) return 0;
  patch_put(vm, a, bits);
  Spans spans = patch_spans(vm, b);
  for (Span span; spans_next(&spans, &span);) wide_take_span(bits, &span);
  deferred_recipe(&d, DEFER_MINUS, V_NONE);
  d.source = a;
  d.other = b;
  return make_minus(vm, &d, bits);
}

/* ---- equality ---- */

static FN bool same_colours(const Vm *vm, const Deferred *x, const Deferred *y) {
  if (x->colour && y->colour) return x->colour == y->colour;
  Spans spans = spans_of(vm, x);
  for (Span span; spans_next(&spans, &span);)
    for (int64_t j = span.from; j < span.to; j++)
      if (deferred_colour(vm, x, span.row, j) != deferred_colour(vm, y, span.row, j)) return false;
  return true;
}

static FN bool same_bits(const Vm *vm, const Deferred *x, const Deferred *y) {
  if (x->wide || y->wide) return x->wide && y->wide && wide_same(deferred_bits(vm, x), deferred_bits(vm, y));
  uint32_t differ = 0;
  for (uint32_t i = 0; i < PAIR_SIDE; i++) differ |= x->rows[i] ^ y->rows[i];
  return !differ;
}

static FN bool same_run(const Vm *vm, const Deferred *x, const Run *a, const Deferred *y, const Run *b) {
  if (a->row != b->row || a->from != b->from || a->to != b->to) return false;
  for (uint32_t j = a->from; j < a->to; j++)
    if (deferred_colour(vm, x, a->row, j) != deferred_colour(vm, y, a->row, j)) return false;
  return true;
}

/* Cells side by side are of one run, so equal parts have the same runs. */
static FN bool same_runs(const Vm *vm, const Deferred *x, const Deferred *y) {
  const Run *a = part_run(vm, x, x->first_run), *b = part_run(vm, y, y->first_run);
  for (; a && b; a = part_run(vm, x, a->next), b = part_run(vm, y, b->next))
    if (!same_run(vm, x, a, y, b)) return false;
  return !a && !b;
}

/* Of as many cells: those of x, of which y, with bits, has all? */
static FN bool runs_in_bits(const Vm *vm, const Deferred *x, const Deferred *y) {
  for (const Run *r = part_run(vm, x, x->first_run); r; r = part_run(vm, x, r->next))
    for (uint32_t j = r->from; j < r->to; j++)
      if (!deferred_has(vm, y, r->row, j)) return false;
  return true;
}

FN bool deferred_equal(const Vm *vm, const Set *a, const Set *b) {
  const Deferred *x = (const Deferred *)arena_at(vm, a->deferred), *y = (const Deferred *)arena_at(vm, b->deferred);
  if (a->used != b->used || deferred_form(x) != deferred_form(y)) return false;
  bool x_runs = x->kind == DEFER_LARGE_PART, y_runs = y->kind == DEFER_LARGE_PART;
  if (x_runs && y_runs) return same_runs(vm, x, y);
  bool same = x_runs ? runs_in_bits(vm, x, y) : y_runs ? runs_in_bits(vm, y, x) : same_bits(vm, x, y);
  return same && (deferred_is_locations(x) || same_colours(vm, x, y));
}

/* ---- run-time sharing ---- */

static FN bool is_part(const Deferred *d) { return d->kind == DEFER_PART || d->kind == DEFER_LARGE_PART; }

FN uint64_t deferred_mix(const Vm *vm, Value set) {
  const Deferred *d = (const Deferred *)arena_at(vm, as_set(vm, set)->deferred);
  uint64_t h = d->kind | (uint64_t)d->nested << 8;
  if (is_part(d)) return hash_mix(h, set);
  h = hash_mix(hash_mix(hash_mix(hash_mix(h, d->source), d->other), d->colour), d->grid);
  h = hash_mix(h, (uint64_t)(uint32_t)d->di << 32 | (uint32_t)d->dj);
  h = hash_mix(h, (uint64_t)(uint32_t)d->gi << 32 | (uint32_t)d->gj);
  if (d->wide) return wide_mix(deferred_bits(vm, d), h);
  uint64_t lanes[4] = {h, 1, 2, 3};
  for (uint32_t i = 0; i < PAIR_SIDE; i += 8)
    for (uint32_t k = 0; k < 4; k++) lanes[k] = hash_mix(lanes[k], (uint64_t)d->rows[i + k] << 32 | d->rows[i + 4 + k]);
  return hash_mix(hash_mix(lanes[0], lanes[1]), hash_mix(lanes[2], lanes[3]));
}

/* Colours in a plane follow from the sources. */
FN bool deferred_same(const Vm *vm, Value a, Value b) {
  const Deferred *x = (const Deferred *)arena_at(vm, as_set(vm, a)->deferred);
  const Deferred *y = (const Deferred *)arena_at(vm, as_set(vm, b)->deferred);
  if (x->kind != y->kind || x->nested != y->nested || as_set(vm, a)->mask != as_set(vm, b)->mask || is_part(x)) return a == b;
  bool same = x->source == y->source && x->other == y->other && x->colour == y->colour && x->grid == y->grid && x->di == y->di && x->dj == y->dj &&
              x->gi == y->gi && x->gj == y->gj;
  return same && same_bits(vm, x, y);
}
