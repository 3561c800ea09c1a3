/* merged.c - unions of sets of locations or cells as bits, and the order in which they were filled. */
#include "../deferred.h"
#include "grid.h"
#include "location_set.h"

/* Keys so far. Locations, or cells with their colours in `plane`, by location. */
typedef struct {
  Vm *vm;
  uint32_t n; /* items of a key: 2 or 3; 0: there are no keys yet */
  uint32_t colours; /* bit by colour */
  bool twins;       /* a location came with two colours, so that wider bits would not do either */
  uint32_t rows[PAIR_SIDE];
  uint8_t plane[LOCATIONS];
} Union;

/* false: another colour is there. */
FN_INLINE bool put_key(Union *u, uint32_t row, uint32_t column, uint32_t colour) {
  uint32_t bit = (uint32_t)1 << column, location = row * PAIR_SIDE + column;
  if (u->n == 3) {
    u->twins = u->rows[row] & bit && u->plane[location] != colour;
    if (u->twins) return false;
    u->plane[location] = (uint8_t)colour;
    u->colours |= 1u << colour;
  }
  u->rows[row] |= bit;
  return true;
}

static FN bool put_deferred(Union *u, const Deferred *d) {
  if (u->n == 2) {
    for (uint32_t i = 0; i < PAIR_SIDE; i++) u->rows[i] |= d->rows[i];
    return true;
  }
  for (uint32_t i = 0; i < PAIR_SIDE; i++)
    for (uint32_t bits = d->rows[i]; bits; bits &= bits - 1) {
      uint32_t j = lowest_bit(bits);
      Value colour = d->colour ? d->colour : deferred_colour(u->vm, d, i + (uint32_t)PAIR_MIN, j + (uint32_t)PAIR_MIN);
      if (!put_key(u, i, j, (uint32_t)int_of(colour))) return false;
    }
  return true;
}

static FN bool put_made(Union *u, Value set) {
  uint32_t pos = 0;
  for (Value key; set_next(u->vm, set, &pos, &key);) {
    const Value *at = as_tuple(u->vm, key)->items;
    bool shared = u->n == 2 ? shared_pair(u->vm, at[0], at[1]) != 0 : shared_cell(u->vm, at[0], at[1], at[2]) != 0;
    if (!shared) return false;
    uint32_t row = (uint32_t)(int_of(at[0]) - PAIR_MIN), column = (uint32_t)(int_of(at[1]) - PAIR_MIN);
    if (!put_key(u, row, column, u->n == 3 ? (uint32_t)int_of(at[2]) : 0)) return false;
  }
  return true;
}

static FN bool put_set(Union *u, Value set) {
  uint32_t n;
  if (!is_kind(set, KIND_FROZENSET) || !is_cells(u->vm, set, &n)) return false;
  if (!n) return true;
  if (u->n && u->n != n) return false;
  u->n = n;
  const Deferred *d = deferred_of(u->vm, set);
  return !d ? put_made(u, set) : deferred_is_narrow(d) && put_deferred(u, d);
}

/* The item of a tuple or frozenset from *pos on; false: no more. */
static FN bool next_item(const Vm *vm, Value source, uint32_t *pos, Value *item) {
  if (!is_tuple(source)) return set_next(vm, source, pos, item);
  if (*pos >= as_tuple(vm, source)->len) return false;
  *item = as_tuple(vm, source)->items[(*pos)++];
  return true;
}

/* Where the cells have several colours: those by location. */
static FN bool keep_plane(const Union *u, Deferred *d) {
  d->plane = arena_alloc(u->vm, LOCATIONS);
  if (d->plane) __builtin_memcpy(arena_at(u->vm, d->plane), u->plane, LOCATIONS);
  return d->plane != 0;
}

static FN void start_union(Vm *vm, Union *u) {
  u->vm = vm;
  u->n = u->colours = 0;
  u->twins = false;
  __builtin_memset(u->rows, 0, sizeof u->rows);
}

/* What the keys are, in a recipe of this kind. false: there is no key, or no memory. */
static FN bool recipe_of(const Union *u, DeferKind kind, Deferred *d) {
  if (!u->n) return false;
  bool several = u->n == 3 && u->colours & (u->colours - 1);
  deferred_recipe(d, kind, u->n == 2 ? V_NONE : several ? 0 : v_int(lowest_bit(u->colours)));
  __builtin_memcpy(d->rows, u->rows, sizeof d->rows);
  return !several || keep_plane(u, d);
}

/* ---- wide sets ---- */

/* Keys beyond those of narrow sets. */
typedef struct {
  Vm *vm;
  uint32_t n; /* as above */
  uint64_t keys;
  Value colour;  /* of all cells that are known to be of one; 0: they have several */
  Box box;
  Wide *bits;
  int8_t *plane; /* colours by place in the box, NULL: not needed */
} WideUnion;

enum { FEW_WORDS = 1024, COLOUR_BYTE_MIN = -128, COLOUR_BYTE_MAX = 127 };

/* What all keys of an item are besides their locations; 0: several, or not known. */
static FN Value colour_of_all(const Vm *vm, Value set, uint32_t n) {
  const Deferred *d = deferred_of(vm, set);
  uint32_t pos = 0;
  Value key, colour = 0;
  if (n == 2 || d) return n == 2 ? V_NONE : d->colour;
  while (set_next(vm, set, &pos, &key)) {
    Value other = as_tuple(vm, key)->items[2];
    if (colour && other != colour) return 0;
    colour = other;
  }
  return colour;
}

static FN bool measure_set(WideUnion *u, Value set) {
  uint32_t n;
  Box b;
  if (!is_kind(set, KIND_FROZENSET) || !is_cells(u->vm, set, &n)) return false;
  if (!n) return true;
  Value colour = colour_of_all(u->vm, set, n);
  if (u->n && u->n != n) return false;
  u->colour = !u->n || u->colour == colour ? colour : 0;
  u->n = n;
  u->keys += as_set(u->vm, set)->used;
  patch_box(u->vm, set, 0, &b);
  box_add(&u->box, b.top, b.left, b.right);
  box_add(&u->box, b.bottom, b.left, b.right);
  return true;
}

static FN bool start_wide(WideUnion *u) {
  if (!u->n) return false;
  uint64_t words = (uint64_t)(u->box.bottom - u->box.top + 1) * ((uint64_t)(u->box.right - u->box.left) / WIDE_WORD + 1);
  u->bits = words <= FEW_WORDS + u->keys ? wide_new(u->vm, &u->box) : NULL;
  if (!u->bits || u->colour) return u->bits != NULL;
  uint32_t plane = arena_alloc(u->vm, (size_t)u->bits->h * u->bits->w);
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
      Value colour = d ? d->colour : as_tuple(u->vm, spans.key)->items[2];
      if (!put_coloured(u, &span, int_of(colour))) return false;
      continue;
    }
    for (Span one = span; one.from < span.to; one.from++) {
      one.to = one.from + 1;
      if (!put_coloured(u, &one, int_of(deferred_colour(u->vm, d, one.row, one.from)))) return false;
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
static FN bool unite_wide(Vm *vm, WideUnion *u, const Value *items, uint32_t n, DeferKind kind, Deferred *d) {
  WideUnion fresh = {vm, 0, 0, 0, box_empty(), NULL, NULL};
  *u = fresh;
  for (uint32_t k = 0; k < n; k++)
    if (!measure_set(u, items[k])) return false;
  if (!start_wide(u)) return false;
  for (uint32_t k = 0; k < n; k++)
    if (!put_wide(u, items[k])) return false;
  deferred_recipe(d, kind, u->colour);
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
    *n = as_tuple(vm, source)->len;
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
  for (uint32_t pos = 0; next_item(vm, source, &pos, &item);)
    if (!put_set(u, item)) return false;
  return true;
}

FN Value deferred_merged(Vm *vm, Value source) {
  Union u;
  Deferred d;
  if (!put_items(vm, &u, source)) return u.twins ? 0 : merged_wide(vm, source);
  if (!recipe_of(&u, DEFER_MERGED, &d)) return 0;
  d.source = source;
  return deferred_added(vm, &d);
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
  Value items[] = {a, b};
  start_union(vm, &u);
  bool narrow = put_set(&u, a) && put_set(&u, b);
  if (u.twins || !(narrow ? recipe_of(&u, DEFER_UNION, &d) : unite_wide(vm, &wide, items, 2, DEFER_UNION, &d))) return 0;
  d.source = a;
  d.other = b;
  uint32_t slots = union_slots(as_set(vm, a)->used, as_set(vm, b)->used, &room);
  return deferred_made(vm, &d, narrow ? NULL : wide.bits, slots, 0, sizeof(Set) + room * sizeof(SetEntry));
}

FN Value merged_unmade(const Vm *vm, Value source) {
  Value item;
  for (uint32_t pos = 0; next_item(vm, source, &pos, &item);)
    if (!as_set(vm, item)->table) return item;
  return 0;
}

FN uint32_t merged_list(const Vm *vm, Value source, uint16_t *list) {
  uint32_t seen[PAIR_SIDE] = {0}, n = 0;
  Value item, key;
  for (uint32_t pos = 0; next_item(vm, source, &pos, &item);)
    for (uint32_t at = 0; set_next(vm, item, &at, &key);) {
      const Value *p = as_tuple(vm, key)->items;
      uint32_t row = (uint32_t)(int_of(p[0]) - PAIR_MIN), column = (uint32_t)(int_of(p[1]) - PAIR_MIN);
      if (seen[row] >> column & 1) continue;
      seen[row] |= (uint32_t)1 << column;
      list[n++] = (uint16_t)(row * PAIR_SIDE + column);
    }
  return n;
}

FN void merged_add(Vm *vm, Value source, Value set) {
  Value item, key;
  for (uint32_t pos = 0; next_item(vm, source, &pos, &item);)
    for (uint32_t at = 0; set_next(vm, item, &at, &key);) add_tuple(vm, set, key);
}
