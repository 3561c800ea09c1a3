/* merged.c - unions of sets of locations or cells as bits, and the order in which they were filled. */
#include "../deferred.h"
#include "grid.h"
#include "location_set.h"

/* Keys so far: locations, or cells by colour. */
typedef struct {
  Vm *vm;
  KeyForm form; /* KEYS_NONE: there are no keys yet */
  uint32_t colours; /* bit by colour: those that have a layer */
  uint32_t rows[PAIR_SIDE];                  /* of pairs */
  uint32_t layers[CELL_COLOURS][PAIR_SIDE]; /* of cells */
} Union;

FN_INLINE uint32_t *layer_of(Union *u, uint32_t colour) {
  if (!(u->colours >> colour & 1)) {
    u->colours |= (uint32_t)1 << colour;
    __builtin_memset(u->layers[colour], 0, sizeof u->layers[colour]);
  }
  return u->layers[colour];
}

static FN void put_deferred(Union *u, const Deferred *d) {
  uint32_t *to = u->form == KEYS_PAIRS ? u->rows : d->colour ? layer_of(u, (uint32_t)int_of(d->colour)) : NULL;
  for (uint32_t i = 0; i < PAIR_SIDE && to; i++) to[i] |= d->rows[i];
  for (uint32_t i = 0; i < PAIR_SIDE && !to; i++) {
    if (!d->rows[i]) continue;
    ColourRow r = deferred_colours(u->vm, d, (int64_t)i + PAIR_MIN);
    for (uint32_t bits = d->rows[i]; bits; bits &= bits - 1)
      layer_of(u, (uint32_t)int_of(colour_in_row(&r, (int64_t)lowest_bit(bits) + PAIR_MIN)))[i] |= bits & (0 - bits);
  }
}

/* false: a key is no shared one. */
static FN bool put_made(Union *u, Value set) {
  uint32_t pos = 0;
  for (Value key; set_next(u->vm, set, &pos, &key);) {
    const Value *items = as_tuple(u->vm, key)->items, *at = key_location(u->vm, key);
    Value shared = u->form == KEYS_CELLS ? shared_cell(u->vm, items[0], items[1], items[2]) : shared_two(u->vm, items[0], items[1]);
    if (!shared) return false;
    uint32_t row = (uint32_t)(int_of(at[0]) - PAIR_MIN), *to = u->form == KEYS_PAIRS ? u->rows : layer_of(u, (uint32_t)int_of(key_colour(u->vm, key)));
    to[row] |= (uint32_t)1 << (int_of(at[1]) - PAIR_MIN);
  }
  return true;
}

static FN DEVICE_NOINLINE bool put_set(Union *u, Value set) {
  KeyForm form;
  if (!key_form(u->vm, set, &form)) return false;
  if (form == KEYS_NONE) return true;
  if (u->form != KEYS_NONE && u->form != form) return false;
  u->form = form;
  const Deferred *d = deferred_of(u->vm, set);
  if (!d) return put_made(u, set);
  if (!deferred_is_narrow(d)) return false;
  put_deferred(u, d);
  return true;
}

FN bool merged_next(const Vm *vm, Value source, uint32_t *pos, Value *item) {
  if (!is_tuple(source)) return set_next(vm, source, pos, item);
  if (*pos >= tuple_head(vm, source)->len) return false;
  *item = as_tuple(vm, source)->items[(*pos)++];
  return true;
}

static FN void start_union(Vm *vm, Union *u) {
  u->vm = vm;
  u->form = KEYS_NONE;
  u->colours = 0;
  __builtin_memset(u->rows, 0, sizeof u->rows);
}

/* Where the cells have several colours: those by location. */
static FN bool keep_plane(const Union *u, Deferred *d) {
  d->plane = deferred_plane(u->vm, LOCATIONS);
  if (!d->plane) return false;
  uint8_t *plane = (uint8_t *)arena_at(u->vm, d->plane);
  for (uint32_t colours = u->colours; colours; colours &= colours - 1) {
    uint32_t colour = lowest_bit(colours);
    for (uint32_t i = 0; i < PAIR_SIDE; i++)
      for (uint32_t bits = u->layers[colour][i]; bits; bits &= bits - 1) plane[i * PAIR_SIDE + lowest_bit(bits)] = (uint8_t)colour;
  }
  return true;
}

/* The locations of all cells; how many cells there are. */
static FN uint32_t join_layers(Union *u) {
  uint32_t keys = 0;
  for (uint32_t colours = u->colours; colours; colours &= colours - 1) {
    const uint32_t *layer = u->layers[lowest_bit(colours)];
    keys += rows_count(layer);
    for (uint32_t i = 0; i < PAIR_SIDE; i++) u->rows[i] |= layer[i];
  }
  return keys;
}

/* What the keys are, in a recipe of this kind. *twins: how many, if some differ only in colour, else 0. false: there is no key,
 * or no memory. */
static FN bool recipe_of(Union *u, DeferKind kind, Deferred *d, uint32_t *twins) {
  if (u->form == KEYS_NONE) return false;
  bool cells = u->form != KEYS_PAIRS, several = cells && u->colours & (u->colours - 1);
  *twins = several ? join_layers(u) : 0;
  const uint32_t *rows = cells && !several ? u->layers[lowest_bit(u->colours)] : u->rows;
  if (*twins == (several ? rows_count(u->rows) : 0)) *twins = 0;
  deferred_recipe(d, *twins ? DEFER_TWINS : kind, !cells ? V_NONE : several ? 0 : v_int(lowest_bit(u->colours)));
  d->nested = u->form == KEYS_NESTED;
  __builtin_memcpy(d->rows, rows, sizeof d->rows);
  return !several || *twins || keep_plane(u, d);
}

/* ---- wide sets ---- */

/* Keys beyond those of narrow sets. */
typedef struct {
  Vm *vm;
  KeyForm form; /* as above */
  uint64_t keys;
  Value colour;  /* of all cells that are known to be of one; 0: they have several */
  Box box;
  Wide *bits;
  int8_t *plane; /* colours by place in the box, NULL: not needed */
} WideUnion;

enum { FEW_WORDS = 1024, COLOUR_BYTE_MIN = -128, COLOUR_BYTE_MAX = 127 };

/* What all keys of an item are besides their locations; 0: several, or not known. */
static FN Value colour_of_all(const Vm *vm, Value set, KeyForm form) {
  const Deferred *d = deferred_of(vm, set);
  uint32_t pos = 0;
  Value key, colour = 0;
  if (form == KEYS_PAIRS || d) return form == KEYS_PAIRS ? V_NONE : d->colour;
  while (set_next(vm, set, &pos, &key)) {
    Value other = key_colour(vm, key);
    if (colour && other != colour) return 0;
    colour = other;
  }
  return colour;
}

static FN bool measure_set(WideUnion *u, Value set) {
  KeyForm form;
  if (!key_form(u->vm, set, &form)) return false;
  if (form == KEYS_NONE) return true;
  Value colour = colour_of_all(u->vm, set, form);
  if (u->form != KEYS_NONE && u->form != form) return false;
  u->colour = u->form == KEYS_NONE || u->colour == colour ? colour : 0;
  u->form = form;
  u->keys += as_set(u->vm, set)->used;
  Box b = keys_box(u->vm, set);
  box_add(&u->box, b.top, b.left, b.right);
  box_add(&u->box, b.bottom, b.left, b.right);
  return true;
}

static FN bool start_wide(WideUnion *u) {
  if (u->form == KEYS_NONE) return false;
  uint64_t words = (uint64_t)(u->box.bottom - u->box.top + 1) * ((uint64_t)(u->box.right - u->box.left) / WIDE_WORD + 1);
  u->bits = words <= FEW_WORDS + u->keys ? wide_new(u->vm, &u->box) : NULL;
  if (!u->bits || u->colour) return u->bits != NULL;
  uint32_t plane = deferred_plane(u->vm, (size_t)u->bits->h * u->bits->w);
  u->plane = plane ? (int8_t *)arena_at(u->vm, plane) : NULL;
  return plane != 0;
}

/* Locations of one colour; false: another colour is there, or one that is no byte. */
static FN bool put_coloured(WideUnion *u, const Span *span, int64_t colour) {
  uint64_t row = (uint64_t)(span->row - u->bits->top), at = (uint64_t)(span->from - u->bits->left), to = (uint64_t)(span->to - u->bits->left);
  uint64_t *words = u->bits->bits + row * u->bits->words;
  int8_t *plane = u->plane + row * u->bits->w;
  if (colour < COLOUR_BYTE_MIN || colour > COLOUR_BYTE_MAX) return false;
  for (; at < to; at++) {
    uint64_t *word = &words[at / WIDE_WORD], bit = (uint64_t)1 << at % WIDE_WORD;
    if (*word & bit && plane[at] != colour) return false;
    plane[at] = (int8_t)colour;
    *word |= bit;
  }
  return true;
}

static FN bool put_coloured_set(WideUnion *u, Value set) {
  const Deferred *d = deferred_of(u->vm, set);
  Spans spans = patch_spans(u->vm, set);
  for (Span span; spans_next(&spans, &span);) {
    if (!d || d->colour) {
      Value colour = d ? d->colour : key_colour(u->vm, spans.key);
      if (!put_coloured(u, &span, int_of(colour))) return false;
      continue;
    }
    ColourRow r = deferred_colours(u->vm, d, span.row);
    for (Span one = span; one.from < span.to; one.from = one.to) {
      Value colour = colour_in_row(&r, one.from);
      for (one.to = one.from + 1; one.to < span.to && colour_in_row(&r, one.to) == colour;) one.to++;
      if (!put_coloured(u, &one, int_of(colour))) return false;
    }
  }
  return true;
}

static FN bool put_wide(WideUnion *u, Value set) {
  if (!as_set(u->vm, set)->used) return true;
  if (u->plane) return put_coloured_set(u, set);
  patch_put(u->vm, set, u->bits);
  return true;
}

/* What the keys of the items are, in a recipe of this kind; false: they are not such sets. */
static FN DEVICE_NOINLINE bool unite_wide(Vm *vm, WideUnion *u, const Value *items, uint32_t n, DeferKind kind, Deferred *d) {
  WideUnion fresh = {vm, KEYS_NONE, 0, 0, box_empty(), NULL, NULL};
  *u = fresh;
  for (uint32_t k = 0; k < n; k++)
    if (!measure_set(u, items[k])) return false;
  if (!start_wide(u)) return false;
  for (uint32_t k = 0; k < n; k++)
    if (!put_wide(u, items[k])) return false;
  deferred_recipe(d, kind, u->colour);
  d->nested = u->form == KEYS_NESTED;
  if (!u->plane) return true;
  d->plane = offset_of(vm, u->plane);
  d->plane_w = u->bits->w;
  d->gi = u->bits->top;
  d->gj = u->bits->left;
  return true;
}

FN Wide *merged_bits(Vm *vm, Value set, Deferred *d) {
  WideUnion u;
  if (!unite_wide(vm, &u, &set, 1, DEFER_MAPPED, d)) return NULL;
  d->source = set;
  return u.bits;
}

/* The items of a tuple or frozenset one after the other; NULL: no memory. */
static FN const Value *list_items_of(Vm *vm, Value source, uint32_t *n) {
  if (is_tuple(source)) {
    *n = tuple_head(vm, source)->len;
    return as_tuple(vm, source)->items;
  }
  uint32_t offset = arena_alloc(vm, as_set(vm, source)->used * sizeof(Value)), pos = 0;
  Value *items = offset ? (Value *)arena_at(vm, offset) : NULL;
  for (*n = 0; items && set_next(vm, source, &pos, &items[*n]);) ++*n;
  return items;
}

static FN Value merged_wide(Vm *vm, Value source) {
  WideUnion u;
  Deferred d;
  uint32_t n = 0;
  const Value *items = list_items_of(vm, source, &n);
  if (!items || !unite_wide(vm, &u, items, n, DEFER_MERGED, &d)) return 0;
  d.source = source;
  return deferred_added_wide(vm, &d, u.bits);
}

/* ---- both ---- */

static FN bool put_items(Vm *vm, Union *u, Value source) {
  Value item;
  start_union(vm, u);
  for (uint32_t pos = 0; merged_next(vm, source, &pos, &item);)
    if (!put_set(u, item)) return false;
  return true;
}

FN Value deferred_merged(Vm *vm, Value source) {
  Union u;
  Deferred d;
  uint32_t twins;
  if (!put_items(vm, &u, source)) return merged_wide(vm, source);
  if (!recipe_of(&u, DEFER_MERGED, &d, &twins)) return 0;
  d.source = source;
  return twins ? deferred_twins(vm, &d, twins) : deferred_added(vm, &d);
}

/* Slots of a copy of a set of `a` keys into which one of `b` is merged, and of all tables on the way. */
static FN uint32_t union_slots(uint32_t a, uint32_t b, size_t *room) {
  uint32_t copied = numbers_slots_copied(a);
  *room = copied;
  if (!b || (a + b) * 5 < (copied - 1) * 3) return copied;
  uint32_t slots = numbers_slots_above((a + b) * 2);
  *room += slots;
  return slots;
}

FN Value deferred_union(Vm *vm, Value a, Value b) {
  Union u;
  WideUnion wide;
  Deferred d;
  size_t room;
  uint32_t twins = 0;
  Value items[] = {a, b};
  start_union(vm, &u);
  bool narrow = put_set(&u, a) && put_set(&u, b);
  bool made = narrow ? recipe_of(&u, DEFER_UNION, &d, &twins) : unite_wide(vm, &wide, items, 2, DEFER_UNION, &d);
  if (!made || twins) return 0;
  d.source = a;
  d.other = b;
  uint32_t slots = union_slots(as_set(vm, a)->used, as_set(vm, b)->used, &room);
  return deferred_made(vm, &d, narrow ? NULL : wide.bits, slots, 0, sizeof(Set) + room * sizeof(SetEntry));
}

FN uint64_t twins_mixed(Vm *vm, const Deferred *d) {
  Union u;
  uint64_t x = 0;
  const LocationSums *sums = colour_sums(vm, d->nested);
  put_items(vm, &u, d->source);
  for (uint32_t colours = u.colours; colours; colours &= colours - 1) x ^= rows_mixed(u.layers[lowest_bit(colours)], sums[lowest_bit(colours)]);
  return x;
}

/* To keys so far: those that are new. */
FN_INLINE uint32_t list_new(uint32_t *seen, uint32_t location, uint16_t *list, uint32_t n) {
  uint32_t bit = (uint32_t)1 << location % PAIR_SIDE;
  if (seen[location / PAIR_SIDE] & bit) return n;
  seen[location / PAIR_SIDE] |= bit;
  list[n] = (uint16_t)location;
  return n + 1;
}

FN uint32_t merged_list(Vm *vm, Value source, uint16_t *list) {
  uint32_t seen[PAIR_SIDE] = {0}, n = 0, m;
  uint16_t *order = workspace_of(vm)->making.item;
  Value item, key;
  for (uint32_t pos = 0; merged_next(vm, source, &pos, &item);) {
    if (!as_set(vm, item)->table) {
      deferred_order(vm, item, order, &m);
      for (uint32_t k = 0; k < m; k++) n = list_new(seen, order[k], list, n);
      continue;
    }
    for (uint32_t at = 0; set_next(vm, item, &at, &key);) {
      const Value *p = key_location(vm, key);
      n = list_new(seen, (uint32_t)((int_of(p[0]) - PAIR_MIN) * PAIR_SIDE + int_of(p[1]) - PAIR_MIN), list, n);
    }
  }
  return n;
}

FN void merged_add(Vm *vm, Value source, Value set) {
  uint16_t *order = workspace_of(vm)->making.item;
  uint32_t m;
  Value item, key;
  for (uint32_t pos = 0; merged_next(vm, source, &pos, &item);) {
    if (!as_set(vm, item)->table) {
      const Value *keys = deferred_order(vm, item, order, &m);
      for (uint32_t k = 0; k < m; k++) add_tuple(vm, set, keys[order[k]]);
      continue;
    }
    for (uint32_t at = 0; set_next(vm, item, &at, &key);) add_tuple(vm, set, key);
  }
}
