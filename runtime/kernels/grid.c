/* grid.c - see grid.h. */
#include "grid.h"

static FN bool is_colour(Value v) { return v - v_int(COLOUR_MIN) < v_int(COLOUR_MIN + COLOURS) - v_int(COLOUR_MIN) && is_int(v); }

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

FN bool grid_view(const Vm *vm, Value v, GridView *g) {
  if (!is_tuple(v)) return false;
  Tuple *t = as_tuple(vm, v);
  if (!t->len || !is_tuple(t->items[0])) return false;
  g->h = t->len;
  g->w = as_tuple(vm, t->items[0])->len;
  g->rows = t->items;
  g->grid = v;
  if (t->canon & CANON_GRID) return true;
  if (!g->w || !check_rows(vm, t, g->w)) return false;
  t->canon |= CANON_GRID;
  return true;
}

FN bool small_ints(const Vm *vm, Value v, uint32_t n, int64_t *out) {
  if (!is_tuple(v) || as_tuple(vm, v)->len != n) return false;
  const Value *items = as_tuple(vm, v)->items;
  for (uint32_t i = 0; i < n; i++) {
    if (!is_int(items[i])) return false;
    out[i] = int_of(items[i]);
    if (out[i] > 1000000 || out[i] < -1000000) return false;
  }
  return true;
}

FN bool is_cells(const Vm *vm, Value v, uint32_t *n) {
  if (!is_anyset(v)) return false;
  Set *s = as_set(vm, v);
  *n = s->canon & CANON_PAIRS ? 2 : s->canon & CANON_CELLS ? 3 : 0;
  if (*n) return true;
  uint32_t pos = 0;
  Value item;
  int64_t parts[3];
  *n = 0;
  while (set_next(vm, v, &pos, &item)) {
    if (!*n) *n = is_tuple(item) ? as_tuple(vm, item)->len : 0;
    if ((*n != 2 && *n != 3) || !small_ints(vm, item, *n, parts)) return false;
  }
  if (*n && is_kind(v, KIND_FROZENSET)) s->canon |= *n == 2 ? CANON_PAIRS : CANON_CELLS;
  return true;
}
