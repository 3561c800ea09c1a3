/* merged.c - unions of sets of locations or cells as bits, and the order in which they were filled. */
#include "../deferred.h"
#include "grid.h"
#include "location_set.h"

/* Keys so far. Locations, or cells with their colours in `plane`, by location. */
typedef struct {
  Vm *vm;
  uint32_t n; /* items of a key: 2 or 3; 0: there are no keys yet */
  uint32_t colours; /* bit by colour */
  uint32_t rows[PAIR_SIDE];
  uint8_t plane[LOCATIONS];
} Union;

/* false: another colour is there. */
FN_INLINE bool put_key(Union *u, uint32_t row, uint32_t column, uint32_t colour) {
  uint32_t bit = (uint32_t)1 << column, location = row * PAIR_SIDE + column;
  if (u->n == 3) {
    if (u->rows[row] & bit && u->plane[location] != colour) return false;
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
  return d ? put_deferred(u, d) : as_set(u->vm, set)->table && put_made(u, set);
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

FN Value deferred_merged(Vm *vm, Value source) {
  Union u;
  Deferred d;
  Value item;
  start_union(vm, &u);
  for (uint32_t pos = 0; next_item(vm, source, &pos, &item);)
    if (!put_set(&u, item)) return 0;
  if (!recipe_of(&u, DEFER_MERGED, &d)) return 0;
  d.source = source;
  return deferred_added(vm, &d);
}

/* Slots of a copy of a set of `a` keys into which one of `b` is merged, and of all tables on the way. */
static FN uint32_t union_slots(uint32_t a, uint32_t b, uint32_t *room) {
  uint32_t copied = numbers_slots_copied(a);
  *room = copied;
  if (!b || (a + b) * 5 < (copied - 1) * 3) return copied;
  uint32_t slots = numbers_slots_above((a + b) * 2);
  *room += slots;
  return slots;
}

FN Value deferred_union(Vm *vm, Value a, Value b) {
  Union u;
  Deferred d;
  start_union(vm, &u);
  if (!put_set(&u, a) || !put_set(&u, b) || !recipe_of(&u, DEFER_UNION, &d)) return 0;
  uint32_t room, slots = union_slots(as_set(vm, a)->used, as_set(vm, b)->used, &room);
  d.source = a;
  d.other = b;
  return deferred_like(vm, &d, slots, sizeof(Set) + room * sizeof(SetEntry));
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
