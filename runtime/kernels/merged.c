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

/* Of one colour, or of none. Is one of them new? */
WIDE static FN bool put_rows(const uint32_t *rows, uint32_t *to) {
  uint32_t added = 0;
  for (uint32_t i = 0; i < PAIR_SIDE; i++) {
    added |= rows[i] & ~to[i];
    to[i] |= rows[i];
  }
  return added != 0;
}

FN_INLINE bool put_bit(uint32_t *row, uint32_t bit) {
  bool added = !(*row & bit);
  *row |= bit;
  return added;
}

static FN bool put_deferred(Union *u, const Deferred *d) {
  bool added = false;
  if (u->form == KEYS_PAIRS) return put_rows(d->rows, u->rows);
  if (d->colour) return put_rows(d->rows, layer_of(u, (uint32_t)int_of(d->colour)));
  for (uint32_t i = 0; i < PAIR_SIDE; i++) {
    if (!d->rows[i]) continue;
    ColourRow r = deferred_colours(u->vm, d, (int64_t)i + PAIR_MIN);
    for (uint32_t bits = d->rows[i]; bits; bits &= bits - 1)
      added |= put_bit(&layer_of(u, (uint32_t)int_of(colour_in_row(&r, (int64_t)lowest_bit(bits) + PAIR_MIN)))[i], bits & (0 - bits));
  }
  return added;
}

/* false: a key is no shared one. */
static FN bool put_made(Union *u, Value set, bool *added) {
  uint32_t pos = 0;
  for (Value key; set_next(u->vm, set, &pos, &key);) {
    const Value *items = as_tuple(u->vm, key)->items, *at = key_location(u->vm, key);
    Value shared = u->form == KEYS_CELLS ? shared_cell(u->vm, items[0], items[1], items[2]) : shared_two(u->vm, items[0], items[1]);
    if (!shared) return false;
    uint32_t row = (uint32_t)(int_of(at[0]) - PAIR_MIN), *to = u->form == KEYS_PAIRS ? u->rows : layer_of(u, (uint32_t)int_of(key_colour(u->vm, key)));
    *added |= put_bit(&to[row], (uint32_t)1 << (int_of(at[1]) - PAIR_MIN));
  }
  return true;
}

/* *added: is one of its keys new? */
static FN DEVICE_NOINLINE bool put_set(Union *u, Value set, bool *added) {
  KeyForm form;
  if (!key_form(u->vm, set, &form)) return false;
  *added = false;
  if (form == KEYS_NONE) return true;
  if (u->form != KEYS_NONE && u->form != form) return false;
  u->form = form;
  const Deferred *d = deferred_of(u->vm, set);
  if (!d) return put_made(u, set, added);
  if (!deferred_is_narrow(d)) return false;
  *added = put_deferred(u, d);
  return true;
}

FN bool merged_next(const Vm *vm, Value source, uint32_t *pos, Value *item) {
  if (!is_tuple(source)) return set_next(vm, source, pos, item);
  if (*pos >= tuple_head(vm, source)->len) return false;
  *item = as_tuple(vm, source)->items[(*pos)++];
  return true;
}

/* ---- items that add nothing ----
 *
 * Of many copies of a set, each moved, most add no key to those before them. A recipe that follows the others alone makes the same table,
 * and their order is nobody's. */

enum { SOURCE_LEAST = 8 }; /* of so few items all are kept */

typedef struct {
  Vm *vm;
  Value items; /* a tuple, the latest of n to be filled in; 0: all are kept */
  uint32_t n;
} Adders;

static FN uint32_t count_source(const Vm *vm, Value source) { return is_tuple(source) ? tuple_head(vm, source)->len : as_set(vm, source)->used; }

static FN Adders adders_of(Vm *vm, Value source) {
  Adders a = {vm, 0, 0};
  uint32_t n = count_source(vm, source);
  if (n > SOURCE_LEAST && n < (vm->limit - vm->top) / 2) a.items = new_tuple(vm, n);
  return a;
}

FN_INLINE void note_adder(Adders *a, Value item, bool added) {
  if (a->items && added) as_tuple(a->vm, a->items)->items[a->n++] = item;
}

/* Gives back what is not needed, if nothing was made since. */
static FN void cut_adders(const Adders *a, uint32_t n) {
  if (!a->items) return;
  Tuple *t = as_tuple(a->vm, a->items);
  bool latest = offset_of(a->vm, t->items + t->len) == a->vm->top;
  t->len = n;
  if (latest) a->vm->top = offset_of(a->vm, t->items + n);
}

/* Those that add keys, or, where these are nearly all, all. */
static FN Value adders_source(const Adders *a, Value source) {
  uint32_t n = a->items ? tuple_head(a->vm, a->items)->len : 0;
  bool few = a->n < n - n / 4;
  cut_adders(a, few ? a->n : 0);
  return few ? a->items : source;
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
  bool twins;    /* some differ only in colour: they are in layers, by colour */
  Wide *layers[COLOURS];
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

static FN bool put_layer(WideUnion *u, const Span *span, Value colour, bool *added) {
  if (!is_colour(colour)) return false;
  Wide **layer = &u->layers[plane_colour(colour)];
  if (!*layer) *layer = wide_new(u->vm, &u->box);
  if (*layer) *added |= wide_put_span(*layer, span);
  return *layer != NULL;
}

/* Locations of one colour; false: another colour is there, or one that is no byte. */
static FN bool put_coloured(WideUnion *u, const Span *span, Value of_all, bool *added) {
  int64_t colour = int_of(of_all);
  if (u->twins) return put_layer(u, span, of_all, added);
  uint64_t row = (uint64_t)(span->row - u->bits->top), at = (uint64_t)(span->from - u->bits->left), to = (uint64_t)(span->to - u->bits->left);
  uint64_t *words = u->bits->bits + row * u->bits->words;
  int8_t *plane = u->plane + row * u->bits->w;
  if (colour < COLOUR_BYTE_MIN || colour > COLOUR_BYTE_MAX) return false;
  for (; at < to; at++) {
    uint64_t *word = &words[at / WIDE_WORD], bit = (uint64_t)1 << at % WIDE_WORD;
    if (*word & bit && plane[at] != colour) return false;
    *added |= !(*word & bit);
    plane[at] = (int8_t)colour;
    *word |= bit;
  }
  return true;
}

static FN bool put_coloured_set(WideUnion *u, Value set, bool *added) {
  const Deferred *d = deferred_of(u->vm, set);
  Spans spans = patch_spans(u->vm, set);
  for (Span span; spans_next(&spans, &span);) {
    if (!d || d->colour) {
      Value colour = d ? d->colour : key_colour(u->vm, spans.key);
      if (!put_coloured(u, &span, colour, added)) return false;
      continue;
    }
    ColourRow r = deferred_colours(u->vm, d, span.row);
    for (Span one = span; one.from < span.to; one.from = one.to) {
      Value colour = colour_in_row(&r, one.from);
      for (one.to = one.from + 1; one.to < span.to && colour_in_row(&r, one.to) == colour;) one.to++;
      if (!put_coloured(u, &one, colour, added)) return false;
    }
  }
  return true;
}

static FN bool put_wide(WideUnion *u, Value set, bool *added) {
  *added = false;
  if (!as_set(u->vm, set)->used) return true;
  if (u->plane) return put_coloured_set(u, set, added);
  *added = patch_put(u->vm, set, u->bits);
  return true;
}

static FN bool put_all_wide(WideUnion *u, const Value *items, uint32_t n, Adders *a) {
  bool added;
  for (uint32_t k = a->n = 0; k < n; k++) {
    if (!put_wide(u, items[k], &added)) return false;
    note_adder(a, items[k], added);
  }
  return true;
}

/* The locations of all layers; how many cells these have. */
static FN uint32_t join_wide_layers(WideUnion *u) {
  uint32_t keys = 0;
  for (uint32_t c = 0; c < COLOURS; c++) {
    const Wide *layer = u->layers[c];
    for (uint64_t k = 0; layer && k < (uint64_t)layer->h * layer->words; k++) u->bits->bits[k] |= layer->bits[k];
    keys += layer ? wide_count(layer) : 0;
  }
  return keys;
}

/* What the keys of the items are, in a recipe of this kind; *twins: how many, if they are twins of a kind that may have such, else 0. false:
 * they are not such sets. */
static FN DEVICE_NOINLINE bool unite_wide(WideUnion *u, const Value *items, uint32_t n, DeferKind kind, Adders *a, Deferred *d, uint32_t *twins) {
  for (uint32_t k = 0; k < n; k++)
    if (!measure_set(u, items[k])) return false;
  if (!start_wide(u)) return false;
  bool united = put_all_wide(u, items, n, a);
  u->twins = !united && kind == DEFER_MERGED;
  if (!united && !(u->twins && put_all_wide(u, items, n, a))) return false;
  *twins = u->twins ? join_wide_layers(u) : 0;
  deferred_recipe(d, u->twins ? DEFER_TWINS : kind, u->colour);
  d->nested = u->form == KEYS_NESTED;
  if (!u->plane || u->twins) return true;
  d->plane = offset_of(u->vm, u->plane);
  d->plane_w = u->bits->w;
  d->gi = u->bits->top;
  d->gj = u->bits->left;
  return true;
}

static FN void start_wide_union(Vm *vm, WideUnion *u) {
  __builtin_memset(u, 0, sizeof *u);
  u->vm = vm;
  u->form = KEYS_NONE;
  u->box = box_empty();
}

FN Wide *merged_bits(Vm *vm, Value set, Deferred *d) {
  WideUnion u;
  Adders all = {vm, 0, 0};
  uint32_t twins;
  start_wide_union(vm, &u);
  if (!unite_wide(&u, &set, 1, DEFER_MAPPED, &all, d, &twins)) return NULL;
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
  uint32_t n = 0, twins;
  const Value *items = list_items_of(vm, source, &n);
  if (!items) return 0;
  Adders a = adders_of(vm, source);
  start_wide_union(vm, &u);
  if (!unite_wide(&u, items, n, DEFER_MERGED, &a, &d, &twins)) return 0;
  d.source = adders_source(&a, source);
  return twins ? deferred_twins(vm, &d, u.bits, twins) : deferred_added_wide(vm, &d, u.bits);
}

/* ---- both ---- */

static FN bool put_items(Vm *vm, Union *u, Value source, Adders *a) {
  Value item;
  bool added;
  start_union(vm, u);
  for (uint32_t pos = 0; merged_next(vm, source, &pos, &item); note_adder(a, item, added))
    if (!put_set(u, item, &added)) return false;
  return true;
}

FN Value deferred_merged(Vm *vm, Value source) {
  Union u;
  Deferred d;
  uint32_t twins;
  Adders a = adders_of(vm, source);
  if (!put_items(vm, &u, source, &a)) {
    cut_adders(&a, 0);
    return merged_wide(vm, source);
  }
  if (!recipe_of(&u, DEFER_MERGED, &d, &twins)) return 0;
  d.source = adders_source(&a, source);
  return twins ? deferred_twins(vm, &d, NULL, twins) : deferred_added(vm, &d);
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
  bool added;
  Value items[] = {a, b};
  Adders all = {vm, 0, 0};
  start_union(vm, &u);
  bool narrow = put_set(&u, a, &added) && put_set(&u, b, &added);
  if (!narrow) start_wide_union(vm, &wide);
  bool made = narrow ? recipe_of(&u, DEFER_UNION, &d, &twins) : unite_wide(&wide, items, 2, DEFER_UNION, &all, &d, &twins);
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
  Adders all = {vm, 0, 0};
  put_items(vm, &u, d->source, &all);
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
