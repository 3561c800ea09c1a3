/* unmade.c - see unmade.h. */
#include "unmade.h"

#include "../deferred.h"

static const uint64_t CELLS_MOST = (uint64_t)1 << 31;

FN Value new_unmade(Vm *vm, uint32_t h, uint32_t w, uint8_t **plane) {
  uint64_t units = (uint64_t)h * (sizeof(Tuple) / 8 + w);
  Value made = rows_on_plane(vm, h, w, plane);
  uint32_t rows = made ? arena_alloc(vm, units * 8) : 0;
  if (!rows) return 0;
  Tuple *t = tuple_head(vm, made);
  t->canon |= TUPLE_UNMADE;
  t->items[0] = v_int(rows);
  t->items[h] |= (Value)w << 32;
  vm->untouched += (int64_t)units;
  return made;
}

/* A row's bytes, by their number in the arena. */
static FN void make_rows(const Vm *vm, Tuple *t) {
  uint32_t w = unmade_width(t), first = (uint32_t)int_of(t->items[0]), units = (uint32_t)(sizeof(Tuple) / 8) + w;
  int64_t plane = (int64_t)(uint32_t)t->items[t->len] * 8;
  for (uint32_t i = 0; i < t->len; i++) {
    Tuple *row = (Tuple *)arena_at(vm, first + i * units);
    row->hash = HASH_UNKNOWN;
    row->len = w;
    row->canon = TUPLE_UNMADE;
    row->items[0] = v_int(plane + (int64_t)i * w);
    t->items[i] = HEAP(KIND_TUPLE, first + i * units);
  }
  t->items[t->len] = (uint32_t)t->items[t->len];
}

FN NOINLINE void unmade_make(Vm *vm, Tuple *t) {
  t->canon &= ~(uint32_t)TUPLE_UNMADE;
  if (t->canon & CANON_GRID) {
    make_rows(vm, t);
    return;
  }
  vm->untouched -= t->len;
  plane_values(vm->base + int_of(t->items[0]), t->len, t->items);
}

FN bool plane_view(const Vm *vm, Value v, GridView *g) {
  if (!is_unmade(vm, v)) return grid_view(vm, v, g);
  const Tuple *t = tuple_head(vm, v);
  g->h = t->len;
  g->w = unmade_width(t);
  g->rows = NULL;
  g->grid = v;
  g->plane = (const uint8_t *)arena_at(vm, (uint32_t)t->items[t->len]);
  return true;
}

enum { ROWS_DEPTH = 3 }; /* levels that comparing rows takes */

FN bool large_view(const Vm *vm, Value v, GridView *g) {
  if (is_unmade(vm, v)) return plane_view(vm, v, g);
  if (!is_tuple(v) || (tuple_head(vm, v)->canon & (CANON_GRID | CANON_PLANE)) != (CANON_GRID | CANON_PLANE)) return false;
  return grid_view(vm, v, g) && g->plane && may_wait(vm, g->h, g->w);
}

FN int unmade_equal(const Vm *vm, Value a, Value b) {
  GridView x, y;
  const Tuple *s = tuple_head(vm, a), *t = tuple_head(vm, b);
  if (s->len != t->len) return 0;
  if (is_unmade_row(s) && is_unmade_row(t)) return same_bytes((const char *)row_bytes(vm, s), (const char *)row_bytes(vm, t), s->len);
  if (vm->depth + ROWS_DEPTH > vm->depth_limit || !plane_view(vm, a, &x) || !plane_view(vm, b, &y) || !x.plane || !y.plane) return -1;
  if (x.w != y.w) return 0;
  return planes_same(x.plane, y.plane, (size_t)x.h * x.w);
}

/* ---- what is made of planes ---- */

/* A grid of colours with its plane. PASS: it is none. */
static FN KernelStatus with_plane(Vm *vm, Value v, GridView *g) {
  if (!plane_view(vm, v, g)) return KERNEL_PASS;
  return grid_plane(vm, g) ? KERNEL_DONE : KERNEL_FAIL;
}

/* Rows of w bytes into a plane whose rows have to_w. */
static FN void copy_block(const uint8_t *from, uint32_t from_w, uint32_t h, uint32_t w, uint8_t *to, uint32_t to_w) {
  if (w == from_w && w == to_w) {
    __builtin_memcpy(to, from, (size_t)h * w);
    return;
  }
  for (size_t i = 0; i < h; i++) __builtin_memcpy(to + i * to_w, from + i * from_w, w);
}

FN KernelStatus planes_beside(Vm *vm, Value a, Value b, Value *result) {
  GridView x, y;
  uint8_t *to;
  if (!large_view(vm, a, &x) && !large_view(vm, b, &y)) return KERNEL_PASS;
  KernelStatus status = with_plane(vm, a, &x);
  if (status == KERNEL_DONE) status = with_plane(vm, b, &y);
  if (status != KERNEL_DONE) return status;
  uint32_t h = x.h < y.h ? x.h : y.h;
  if ((uint64_t)h * ((uint64_t)x.w + y.w) > CELLS_MOST) return KERNEL_PASS;
  *result = new_grid(vm, h, x.w + y.w, &to);
  if (!*result) return KERNEL_FAIL;
  copy_block(x.plane, x.w, h, x.w, to, x.w + y.w);
  copy_block(y.plane, y.w, h, y.w, to + x.w, x.w + y.w);
  grid_fill(vm, *result);
  return KERNEL_DONE;
}

static FN bool any_large(const Vm *vm, const Value *grids, uint32_t n) {
  GridView g;
  uint32_t k = 0;
  while (k < n && !large_view(vm, grids[k], &g)) k++;
  return k < n;
}

/* The height of them all, which are grids as wide as the first. PASS: they are not. */
static FN KernelStatus height_of_all(Vm *vm, const Value *grids, uint32_t n, uint32_t w, uint64_t *h) {
  GridView g;
  *h = 0;
  for (uint32_t k = 0; k < n; k++) {
    KernelStatus status = with_plane(vm, grids[k], &g);
    if (status != KERNEL_DONE) return status;
    if (g.w != w) return KERNEL_PASS;
    *h += g.h;
  }
  return *h * w > CELLS_MOST ? KERNEL_PASS : KERNEL_DONE;
}

FN KernelStatus planes_below(Vm *vm, const Value *grids, uint32_t n, Value *result) {
  uint64_t h;
  uint8_t *to;
  GridView g;
  if (!any_large(vm, grids, n) || !plane_view(vm, grids[0], &g)) return KERNEL_PASS;
  uint32_t w = g.w;
  KernelStatus status = height_of_all(vm, grids, n, w, &h);
  if (status != KERNEL_DONE) return status;
  *result = new_grid(vm, (uint32_t)h, w, &to);
  if (!*result) return KERNEL_FAIL;
  for (uint32_t k = 0; k < n; k++) {
    if ((status = with_plane(vm, grids[k], &g)) != KERNEL_DONE) return status;
    copy_block(g.plane, w, g.h, w, to, w);
    to += (size_t)g.h * w;
  }
  grid_fill(vm, *result);
  return KERNEL_DONE;
}

FN KernelStatus plane_block(Vm *vm, Value grid, uint32_t i, uint32_t j, uint32_t h, uint32_t w, Value *result) {
  GridView g;
  uint8_t *to;
  if (!h || !w || !large_view(vm, grid, &g)) return KERNEL_PASS;
  *result = new_grid(vm, h, w, &to);
  if (!*result) return KERNEL_FAIL;
  copy_block(g.plane + (size_t)i * g.w + j, g.w, h, w, to, w);
  grid_fill(vm, *result);
  return KERNEL_DONE;
}

/* A pair of sides of a large grid. */
static FN bool large_size(const Vm *vm, Value v, uint64_t *h, uint64_t *w) {
  const Tuple *t = is_tuple(v) ? tuple_head(vm, v) : NULL;
  if (!t || t->len != 2 || t->canon & TUPLE_UNMADE || !is_int(t->items[0]) || !is_int(t->items[1])) return false;
  if (int_of(t->items[0]) <= 0 || int_of(t->items[1]) <= 0) return false;
  *h = (uint64_t)int_of(t->items[0]);
  *w = (uint64_t)int_of(t->items[1]);
  return *h <= CELLS_MOST / *w && may_wait(vm, *h, *w);
}

FN KernelStatus plane_of_one(Vm *vm, Value colour, Value dimensions, Value *result) {
  uint64_t h, w;
  uint8_t *to;
  if (!is_colour(colour) || !large_size(vm, dimensions, &h, &w)) return KERNEL_PASS;
  *result = new_unmade(vm, (uint32_t)h, (uint32_t)w, &to);
  if (!*result) return KERNEL_FAIL;
  __builtin_memset(to, plane_colour(colour), h * w);
  return KERNEL_DONE;
}

/* So many rows and columns of each; false: no positive number, or too many. */
static FN bool stretched_size(const GridView *g, Value down, Value along, uint64_t *h, uint64_t *w) {
  if (!is_int(down) || !is_int(along) || int_of(down) <= 0 || int_of(along) <= 0) return false;
  *h = (uint64_t)int_of(down);
  *w = (uint64_t)int_of(along);
  if (*h > CELLS_MOST / g->h || *w > CELLS_MOST / g->w) return false;
  *h *= g->h;
  *w *= g->w;
  return *h <= CELLS_MOST / *w;
}

FN KernelStatus plane_stretched(Vm *vm, Value grid, Value down, Value along, Value *result) {
  GridView g;
  uint64_t h, w;
  uint8_t *to;
  if (!plane_view(vm, grid, &g) || !stretched_size(&g, down, along, &h, &w) || !may_wait(vm, h, w)) return KERNEL_PASS;
  const uint8_t *plane = grid_plane(vm, &g);
  *result = plane ? new_unmade(vm, (uint32_t)h, (uint32_t)w, &to) : 0;
  if (!*result) return KERNEL_FAIL;
  size_t each = (size_t)int_of(along), rows = (size_t)int_of(down);
  for (size_t i = 0; i < g.h; i++) {
    uint8_t *first = to + i * rows * w;
    for (size_t j = 0; j < g.w; j++) __builtin_memset(first + j * each, plane[i * g.w + j], each);
    for (size_t k = 1; k < rows; k++) __builtin_memcpy(first + k * w, first, w);
  }
  return KERNEL_DONE;
}

FN KernelStatus plane_recoloured(Vm *vm, Value grid, Value from, Value to, bool both, Value *result) {
  GridView g;
  uint8_t *made;
  if (!is_colour(from) || !is_colour(to) || !large_view(vm, grid, &g)) return KERNEL_PASS;
  *result = new_grid(vm, g.h, g.w, &made);
  if (!*result) return KERNEL_FAIL;
  uint8_t a = plane_colour(from), b = plane_colour(to), instead = both ? a : b;
  for (size_t k = 0; k < (size_t)g.h * g.w; k++) made[k] = g.plane[k] == a ? b : g.plane[k] == b ? instead : g.plane[k];
  grid_fill(vm, *result);
  return KERNEL_DONE;
}

static FN void turn_row(const GridView *g, Turn turn, size_t i, uint32_t w, uint8_t *to) {
  size_t row = turn.from_bottom ? (turn.turned ? g->w : g->h) - 1 - i : i;
  const uint8_t *from = g->plane + (turn.turned ? row : row * g->w);
  size_t step = turn.turned ? g->w : 1;
  for (size_t j = 0; j < w; j++) to[j] = from[(turn.from_right ? w - 1 - j : j) * step];
}

FN KernelStatus plane_turned(Vm *vm, Value grid, Turn turn, Value *result) {
  GridView g;
  uint8_t *to;
  if (!large_view(vm, grid, &g)) return KERNEL_PASS;
  uint32_t h = turn.turned ? g.w : g.h, w = turn.turned ? g.h : g.w;
  *result = new_grid(vm, h, w, &to);
  if (!*result) return KERNEL_FAIL;
  for (size_t i = 0; i < h; i++) turn_row(&g, turn, i, w, to + i * w);
  grid_fill(vm, *result);
  return KERNEL_DONE;
}
