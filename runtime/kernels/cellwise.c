/* cellwise.c - kernels that go over all cells of a grid. */
#include "location_set.h"
#include "nested.h"
#include "unmade.h"

enum { FEW_CELLS = 32 }; /* seen to by one lane before others would have come */

/* Beyond shared locations. */
static FN Value large_indices(Vm *vm, const GridView *g) {
  Box b = {0, 0, (int64_t)g->h - 1, (int64_t)g->w - 1};
  Value deferred = deferred_locations_in(vm, &b);
  if (deferred) return deferred;
  Value set = new_set(vm, KIND_FROZENSET);
  for (uint32_t i = 0; i < g->h && set; i++)
    for (uint32_t j = 0; j < g->w; j++)
      if (!add_tuple(vm, set, pair_of(vm, i, j))) return 0;
  return set;
}

typedef struct {
  const Workspace *w;
  const Place *places;
  SetEntry *table;
  uint64_t n;
} PlacesWork;

LANE_TEXT void put_places_lanes(const Lanes *l, PlacesWork *p) {
  for (uint32_t k = l->lane; k < p->n; k += l->n) {
    SetEntry *e = p->table + p->places[k].slot;
    e->key = p->w->values[p->places[k].location];
    e->hash = p->w->hashes[p->places[k].location];
  }
}
LANE_WORK(put_places, PlacesWork)

/* An empty table for so many; what is moved or united follows the recipe, if there is one. */
static FN SetEntry *indices_table(Vm *vm, const GridView *g, Value *set) {
  Box b = {0, 0, (int64_t)g->h - 1, (int64_t)g->w - 1};
  uint32_t n = g->h * g->w, slots = location_indices_slots(n);
  *set = n > DEFER_KEYS ? deferred_locations_in(vm, &b) : 0;
  if (!*set) return frozenset_table(vm, slots, n, set);
  Set *s = as_set(vm, *set);
  s->table = deferred_of(vm, *set)->room;
  clear_bytes(vm->warp, set_table(vm, s), slots * sizeof(SetEntry));
  return set_table(vm, s);
}

static FN Value shared_indices(Vm *vm, Workspace *w, const GridView *g) {
  Value set = 0;
  uint32_t n = g->h * g->w;
  const Place *places = location_indices(w, g->h, g->w);
  PlacesWork work = {w, places, indices_table(vm, g, &set), n};
  if (work.table) put_places_by(n < FEW_CELLS ? NULL : vm->warp, &work);
  return set;
}

FN_INLINE bool is_shared_size(const GridView *g) { return g->h <= GRID_SIDE && g->w <= GRID_SIDE; }

/* Only the number of rows and the length of the first matter, not what stands in them. */
static FN bool shape_of(const Vm *vm, Value v, GridView *g) {
  if (is_unmade(vm, v)) return plane_view(vm, v, g) && g->h < 10000 && g->w < 10000;
  if (!is_tuple(v) || !tuple_head(vm, v)->len || !is_tuple(as_tuple(vm, v)->items[0])) return false;
  g->plane = NULL;
  g->h = tuple_head(vm, v)->len;
  g->rows = as_tuple(vm, v)->items;
  g->w = tuple_head(vm, g->rows[0])->len;
  return g->w > 0 && g->h < 10000 && g->w < 10000;
}

FN KernelStatus kernel_asindices(Vm *vm, const Value *args, Value *result) {
  GridView g;
  if (!shape_of(vm, args[0], &g)) return KERNEL_PASS;
  Workspace *w = workspace_of(vm);
  if (!w || !is_shared_size(&g)) return done_if(large_indices(vm, &g), result);
  return done_if(shared_indices(vm, w, &g), result);
}

static FN Value large_ofcolour(Vm *vm, const GridView *g, Value colour) {
  Value set = new_set(vm, KIND_FROZENSET);
  for (uint32_t i = 0; i < g->h && set; i++) {
    const Value *row = grid_row(vm, g, i);
    for (uint32_t j = 0; j < g->w; j++)
      if (row[j] == colour && !add_tuple(vm, set, pair_of(vm, i, j))) return 0;
  }
  return set;
}

static FN Value shared_ofcolour(Vm *vm, Workspace *w, const GridView *g, Value colour) {
  uint16_t *list = w->list;
  uint32_t n = 0;
  for (uint32_t i = 0; i < g->h; i++) {
    const Value *row = grid_row(vm, g, i);
    uint32_t location = location_of(i, 0);
    for (uint32_t j = 0; j < g->w; j++) {
      list[n] = (uint16_t)(location + j);
      n += row[j] == colour;
    }
  }
  numbers_clear(&w->set, w->hashes);
  numbers_add(&w->set, list, n);
  return numbers_frozen(vm, &w->set, w->values, false);
}

/* The locations of a colour, as frozenset() is filled row by row. 0: no memory. */
static FN Value locations_of_colour(Vm *vm, const GridView *g, Value colour) {
  Workspace *w = workspace_of(vm);
  return w && is_shared_size(g) ? shared_ofcolour(vm, w, g, colour) : large_ofcolour(vm, g, colour);
}

/* The int that equals v, v itself if none can. */
static FN Value equal_int(const Vm *vm, Value v) {
  if (is_bool(v)) return v_int(is_true(v));
  if (!is_kind(v, KIND_FLOAT)) return v;
  double d = as_float(vm, v)->value;
  return d >= COLOUR_MIN && d < COLOUR_MIN + COLOURS && d == (int)d ? v_int((int)d) : V_NONE;
}

FN KernelStatus kernel_f_ofcolor(Vm *vm, const Value *args, Value *result) {
  GridView g;
  if (!plane_view(vm, args[0], &g)) return KERNEL_PASS;
  Value colour = equal_int(vm, args[1]);
  if (!is_colour(colour)) return done_if(no_keys(vm), result);
  Value deferred = deferred_keys_of(vm, &g, colour, V_NONE, false);
  if (deferred) return done_if(deferred, result);
  return done_if(grid_view(vm, args[0], &g) ? locations_of_colour(vm, &g, colour) : 0, result);
}

/* The value of index(b, (i, j)) where it is known: a colour, or V_NONE for minus infinity. */
typedef struct {
  GridView grid;
  bool is_grid;
  Value always; /* where b is no grid: the guard's default */
} Other;

/* A list of lists as tuples: no more than items and lengths are looked at. 0: no memory; anything else stays as it is. */
static FN Value lists_as_tuples(Vm *vm, Value v) {
  if (!is_kind(v, KIND_LIST) || !as_list(vm, v)->len) return v;
  const Value *rows = list_items(vm, as_list(vm, v));
  for (uint32_t i = 0; i < as_list(vm, v)->len; i++)
    if (!is_kind(rows[i], KIND_LIST)) return v;
  Value grid = new_rows(vm, as_list(vm, v)->len);
  for (uint32_t i = 0; grid && i < as_list(vm, v)->len; i++)
    if (!(as_tuple(vm, grid)->items[i] = list_to_tuple(vm, rows[i]))) return 0;
  return grid;
}

static FN bool other_grid(const Vm *vm, Value b, Other *o) {
  o->is_grid = plane_view(vm, b, &o->grid);
  o->always = v_int(0);
  return o->is_grid || b == V_NONE || is_intlike(b) || is_empty_tuple(vm, b);
}

/* to[j] = from[j] where that is the other's value, else fallback. */
static FN void other_row(const Vm *vm, const Other *o, uint32_t i, uint32_t w, const Value *from, Value fallback, Value *to) {
  bool both = o->is_grid && i < o->grid.h;
  const Value *other = both ? grid_row(vm, &o->grid, i) : NULL;
  uint32_t common = !both ? 0 : o->grid.w < w ? o->grid.w : w;
  for (uint32_t j = 0; j < common; j++) to[j] = from[j] == other[j] ? from[j] : fallback;
  Value outside = o->is_grid ? V_NONE : o->always;
  for (uint32_t j = common; j < w; j++) to[j] = from[j] == outside ? from[j] : fallback;
}

/* to[j] = from[j] where that is other[j], else fallback, of w bytes. Alone: what is behind, up to
 * PLANE_TAIL / 2 bytes, may be read and written as well. */
FN_INLINE void same_bytes_or(bool alone, const uint8_t *from, const uint8_t *other, uint32_t w, uint8_t fallback, uint8_t *to) {
  (void)alone;
#ifdef BATTC_SSE2
  __m128i instead = _mm_set1_epi8((char)fallback);
  for (uint32_t j = 0; alone && j < w; j += 16) {
    __m128i a = _mm_loadu_si128((const __m128i *)(from + j)), same = _mm_cmpeq_epi8(a, _mm_loadu_si128((const __m128i *)(other + j)));
    _mm_storeu_si128((__m128i *)(to + j), _mm_or_si128(_mm_and_si128(same, a), _mm_andnot_si128(same, instead)));
  }
  if (alone) return;
#endif
  for (uint32_t j = 0; j < w; j++) to[j] = from[j] == other[j] ? from[j] : fallback;
}

/* The same of columns from .. w - 1, where the only colour that stays, if any, is `keep`. */
FN_INLINE void kept_bytes_or(bool alone, const uint8_t *row, uint32_t from, uint32_t w, uint8_t keep, uint8_t fallback, uint8_t *to) {
  (void)alone;
#ifdef BATTC_SSE2
  __m128i kept = _mm_set1_epi8((char)keep), instead = _mm_set1_epi8((char)fallback);
  for (uint32_t j = from; alone && j < w; j += 16) {
    __m128i a = _mm_loadu_si128((const __m128i *)(row + j)), same = _mm_cmpeq_epi8(a, kept);
    _mm_storeu_si128((__m128i *)(to + j), _mm_or_si128(_mm_and_si128(same, a), _mm_andnot_si128(same, instead)));
  }
  if (alone) return;
#endif
  for (uint32_t j = from; j < w; j++) to[j] = row[j] == keep ? row[j] : fallback;
}

enum { NO_COLOUR = 0xff };

/* Planes: of the grid, of the other, of what is made. */
typedef struct {
  const uint8_t *from, *other;
  uint8_t *to;
  uint32_t h, w, other_h, other_w; /* 0 where there is no other grid */
  uint32_t keep, fallback;
} CellwiseWork;

LANE_TEXT void cellwise_lanes(const Lanes *l, CellwiseWork *c) {
  for (uint32_t i = l->lane; i < c->h; i += l->n) {
    const uint8_t *from = c->from + (size_t)i * c->w;
    uint8_t *to = c->to + (size_t)i * c->w;
    uint32_t common = i >= c->other_h ? 0 : c->other_w < c->w ? c->other_w : c->w;
    same_bytes_or(l->n == 1, from, common ? c->other + (size_t)i * c->other_w : from, common, (uint8_t)c->fallback, to);
    kept_bytes_or(l->n == 1, from, common, c->w, (uint8_t)c->keep, (uint8_t)c->fallback, to);
  }
}
LANE_WORK(cellwise, CellwiseWork)

static FN KernelStatus cellwise_planes(Vm *vm, GridView *a, Other *b, Value fallback, Value *result) {
  uint8_t *to;
  const uint8_t *from = grid_plane(vm, a), *other = b->is_grid ? grid_plane(vm, &b->grid) : from;
  Value grid = from && other ? new_grid(vm, a->h, a->w, &to) : 0;
  if (!grid) return KERNEL_FAIL;
  CellwiseWork c = {from, other, to, a->h, a->w, b->is_grid ? b->grid.h : 0, b->is_grid ? b->grid.w : 0,
                    b->is_grid ? (uint32_t)NO_COLOUR : plane_colour(b->always), plane_colour(fallback)};
  cellwise_by(a->h * a->w < FEW_CELLS ? NULL : vm->warp, &c);
  __builtin_memset(to + (size_t)a->h * a->w, 0, PLANE_TAIL);
  grid_fill(vm, grid);
  return done_if(grid, result);
}

/* Needs index() guarded with default 0: its key says so. */
FN KernelStatus kernel_cellwise(Vm *vm, const Value *args, Value *result) {
  GridView a;
  Other b;
  Value one = lists_as_tuples(vm, args[0]), other = lists_as_tuples(vm, args[1]);
  if (!one || !other) return KERNEL_FAIL;
  if (!plane_view(vm, one, &a) || !other_grid(vm, other, &b)) return KERNEL_PASS;
  if (is_colour(args[2])) return cellwise_planes(vm, &a, &b, args[2], result);
  Value grid = new_rows(vm, a.h);
  if (!grid || !grid_view(vm, one, &a) || (b.is_grid && !grid_view(vm, other, &b.grid))) return KERNEL_FAIL;
  for (uint32_t i = 0; i < a.h; i++) {
    Value row = new_tuple(vm, a.w);
    if (!row) return KERNEL_FAIL;
    const Value *from = grid_row(vm, &a, i);
    Value *to = as_tuple(vm, row)->items;
    other_row(vm, &b, i, a.w, from, args[2], to);
    as_tuple(vm, grid)->items[i] = row;
  }
  return done_if(grid, result);
}

/* max(set(values), key=values.count): the first of the most frequent in the order of a set that was
 * filled cell by cell. */
static FN Value most_counted(Workspace *w, Census *c) {
  uint32_t best = 0;
  census_order(w, c);
  for (uint32_t k = 1; k < c->n; k++)
    if (c->counts[c->colours[k]] > c->counts[c->colours[best]]) best = k;
  return v_int(c->colours[best] + COLOUR_MIN);
}

FN KernelStatus kernel_mostcolor_t(Vm *vm, const Value *args, Value *result) {
  GridView g;
  Workspace *w = workspace_of(vm);
  if (!w || !plane_view(vm, args[0], &g)) return KERNEL_PASS;
  const uint8_t *plane = grid_plane(vm, &g);
  if (!plane) return KERNEL_FAIL;
  Census c;
  uint8_t most;
  if (plane_majority(vm->warp, plane, (size_t)g.h * g.w, &c, &most)) return done_if(plane_value(most), result);
  return done_if(most_counted(w, &c), result);
}

/* The same of an object's cells, in its order. */
FN KernelStatus kernel_mostcolor_f(Vm *vm, const Value *args, Value *result) {
  Workspace *w = workspace_of(vm);
  Census c = {0, {0}, {0}};
  return w && object_census(vm, args[0], false, &c) ? done_if(most_counted(w, &c), result) : KERNEL_PASS;
}

/* The same of a grid, or of cells (colour, (i, j)). */
FN KernelStatus kernel_mostcolor__nested(Vm *vm, const Value *args, Value *result) {
  Workspace *w = workspace_of(vm);
  Census c = {0, {0}, {0}};
  if (is_tuple(args[0])) return kernel_mostcolor_t(vm, args, result);
  return w && object_census(vm, args[0], true, &c) ? done_if(most_counted(w, &c), result) : KERNEL_PASS;
}
