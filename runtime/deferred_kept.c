/* deferred_kept.c - what a deferred set has in common with another, or has alone, by bits. */
#include "deferred.h"

#include "kernels/grid.h"

/* Small ints at `at`? */
static FN bool are_ints(const Value *at, uint32_t n) {
  Value tags = at[0] & at[1] & at[n - 1];
  return (tags & TAG_MASK) == TAG_INT && is_int(at[0]) && is_int(at[1]) && is_int(at[n - 1]);
}

/* Is it a tuple as the keys of the form are, of ints and nothing else? */
static FN bool is_key_of(const Vm *vm, Value key, KeyForm form) {
  if (!is_tuple(key)) return false;
  const Tuple *t = as_tuple(vm, key);
  if (form != KEYS_NESTED) return t->len == (uint32_t)form && are_ints(t->items, t->len);
  if (t->len != 2 || !is_int(t->items[0]) || !is_tuple(t->items[1])) return false;
  const Tuple *location = as_tuple(vm, t->items[1]);
  return location->len == 2 && are_ints(location->items, 2);
}

/* Does it have the key there, of this colour if it has cells? */
static FN bool has_key(const Vm *vm, const Deferred *d, int64_t i, int64_t j, Value colour) {
  return deferred_has(vm, d, i, j) && (deferred_is_locations(d) || deferred_colour(vm, d, i, j) == colour);
}

FN int deferred_contains(const Vm *vm, const Set *s, Value key) {
  const Deferred *d = (const Deferred *)arena_at(vm, s->deferred);
  KeyForm form = deferred_form(d);
  if (d->kind == DEFER_LARGE_PART || d->kind == DEFER_TWINS || !is_key_of(vm, key, form)) return -1;
  const Value *at = key_location(vm, key);
  return has_key(vm, d, int_of(at[0]), int_of(at[1]), form == KEYS_PAIRS ? V_NONE : key_colour(vm, key));
}

/* Which keys of d a set with a table has as well. */
static FN void common_with_made(const Vm *vm, const Deferred *d, Value other, uint32_t *rows) {
  bool locations = deferred_is_locations(d);
  uint32_t pos = 0;
  for (Value key; set_next(vm, other, &pos, &key);) {
    const Value *at = key_location(vm, key);
    int64_t i = int_of(at[0]), j = int_of(at[1]);
    if (has_key(vm, d, i, j, locations ? V_NONE : key_colour(vm, key))) rows[i - PAIR_MIN] |= (uint32_t)1 << (j - PAIR_MIN);
  }
}

WIDE static FN void common_rows(const uint32_t *a, const uint32_t *b, uint32_t *to) {
  for (uint32_t i = 0; i < PAIR_SIDE; i++) to[i] = a[i] & b[i];
}
WIDE static FN void other_rows(const uint32_t *a, uint32_t *rows) {
  for (uint32_t i = 0; i < PAIR_SIDE; i++) rows[i] = a[i] & ~rows[i];
}

/* The same of a narrow one. */
static FN void common_with_narrow(const Vm *vm, const Deferred *d, const Deferred *o, uint32_t *rows) {
  common_rows(d->rows, o->rows, rows);
  if (deferred_is_locations(d) || (d->colour && d->colour == o->colour)) return;
  for (uint32_t i = 0; i < PAIR_SIDE; i++) {
    uint32_t both = rows[i];
    for (uint32_t bits = both; bits; bits &= bits - 1) {
      int64_t row = (int64_t)i + PAIR_MIN, column = (int64_t)lowest_bit(bits) + PAIR_MIN;
      if (deferred_colour(vm, d, row, column) != deferred_colour(vm, o, row, column)) both &= ~(bits & (0 - bits));
    }
    rows[i] = both;
  }
}

FN bool deferred_has_some(const Vm *vm, Value from) {
  const Deferred *d = deferred_of(vm, from);
  return d && deferred_is_narrow(d) && deferred_allowed(vm);
}

FN Value deferred_some(Vm *vm, Value from, const uint32_t *rows) {
  Deferred made = *deferred_of(vm, from);
  made.kind = DEFER_MAPPED;
  made.source = from;
  made.other = 0;
  made.di = made.dj = 0;
  __builtin_memcpy(made.rows, rows, sizeof made.rows);
  return deferred_added(vm, &made);
}

FN Value deferred_kept(Vm *vm, Value from, Value other, bool common) {
  const Deferred *d = deferred_of(vm, from), *o = deferred_of(vm, other);
  uint32_t rows[PAIR_SIDE] = {0};
  KeyForm form;
  if (!deferred_has_some(vm, from) || !key_form(vm, other, &form)) return 0;
  if ((form != KEYS_NONE && form != deferred_form(d)) || (o && !deferred_is_narrow(o))) return 0;
  if (o) common_with_narrow(vm, d, o, rows);
  else common_with_made(vm, d, other, rows);
  if (!common) other_rows(d->rows, rows);
  return deferred_some(vm, from, rows);
}
