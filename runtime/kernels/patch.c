/* patch.c - kernels over sets of locations or cells, and painting them. */
#include "nested.h"
#include "unmade.h"

static FN Value without_colour(Vm *vm, Value cell) {
  const Value *p = as_tuple(vm, cell)->items;
  Value shared = shared_pair(vm, p[0], p[1]);
  return shared ? shared : tuple_of(vm, p, 2);
}

FN KernelStatus kernel_toindices(Vm *vm, const Value *args, Value *result) {
  uint32_t n, pos = 0;
  Value item;
  if (!is_kind(args[0], KIND_FROZENSET) || !is_cells(vm, args[0], &n)) return KERNEL_PASS;
  if (n == 2) return done_if(args[0], result);
  Value stripped = deferred_pays(vm, args[0]) ? deferred_mapped(vm, args[0], V_NONE, false) : 0;
  if (stripped) return done_if(stripped, result);
  Value set = new_set(vm, KIND_FROZENSET);
  while (set && set_next(vm, args[0], &pos, &item))
    if (!add_tuple(vm, set, without_colour(vm, item))) return KERNEL_FAIL;
  return done_if(set, result);
}

enum { MOVED_AT_ONCE = 24 }; /* keys of a set with a table */

FN KernelStatus kernel_shift(Vm *vm, const Value *args, Value *result) {
  uint32_t n, pos = 0;
  int64_t d[2] = {0, 0};
  Value item;
  if (!is_kind(args[0], KIND_FROZENSET) || !is_cells(vm, args[0], &n)) return KERNEL_PASS;
  if (n && !small_ints(vm, args[1], 2, d)) return KERNEL_PASS;
  bool few = !deferred_of(vm, args[0]) && as_set(vm, args[0])->used <= MOVED_AT_ONCE;
  Value moved = !few && deferred_pays(vm, args[0]) ? deferred_moved(vm, args[0], d[0], d[1]) : 0;
  if (moved) return done_if(moved, result);
  Adding cells;
  adding_start(vm, &cells);
  while (set_next(vm, args[0], &pos, &item)) {
    const Value *p = as_tuple(vm, item)->items;
    int64_t i = int_of(p[0]) + d[0], j = int_of(p[1]) + d[1];
    if (!adding_tuple(&cells, n == 2 ? pair_of(vm, i, j) : cell_of(vm, i, j, int_of(p[2])))) return KERNEL_FAIL;
  }
  return done_if(adding_end(&cells), result);
}

/* ---- painting ---- */

/* A grid that is painted on: rows are those of the grid below until they change. Where values are not shared
 * they are copied at once, for each row is a new object. The plane is kept up as long as only colours are put. */
typedef struct {
  Vm *vm;
  const GridView *below;
  Value grid;
  Value *rows;
  uint8_t *plane;
} Canvas;

static FN Value *own_row(Canvas *c, uint32_t i) {
  if (c->rows[i] == c->below->rows[i]) {
    Value row = tuple_of(c->vm, grid_row(c->vm, c->below, i), c->below->w);
    if (!row) return NULL;
    c->rows[i] = row;
  }
  return as_tuple(c->vm, c->rows[i])->items;
}

static FN bool start_canvas(Vm *vm, GridView *g, Canvas *c) {
  const uint8_t *plane = grid_plane(vm, g);
  c->vm = vm;
  c->below = g;
  c->grid = plane ? rows_on_plane(vm, g->h, g->w, &c->plane) : 0;
  if (!c->grid) return false;
  copy_bytes(vm->warp, c->plane, plane, ((size_t)g->h * g->w + 7) / 8 * 8);
  c->rows = as_tuple(vm, c->grid)->items;
  for (uint32_t i = 0; i < g->h; i++) c->rows[i] = g->rows[i];
  for (uint32_t i = 0; i < g->h && !vm->memo; i++)
    if (!own_row(c, i)) return false;
  return true;
}

static FN bool put_cell(Canvas *c, uint32_t i, uint32_t j, Value colour) {
  if (as_tuple(c->vm, c->rows[i])->items[j] == colour) return true;
  Value *row = own_row(c, i);
  if (!row) return false;
  row[j] = colour;
  if (is_colour(colour)) c->plane[(size_t)i * c->below->w + j] = plane_colour(colour);
  else plane_forget(c->vm, c->grid);
  return true;
}

/* All of a span that lies in the grid. */
static FN bool put_span(Canvas *c, const Span *span, Value colour) {
  size_t at = (size_t)span->row * c->below->w + (size_t)span->from, n = (size_t)(span->to - span->from);
  uint8_t differ = 0;
  if (!is_colour(colour)) {
    for (int64_t j = span->from; j < span->to; j++)
      if (!put_cell(c, (uint32_t)span->row, (uint32_t)j, colour)) return false;
    return true;
  }
  for (size_t k = 0; k < n; k++) differ |= c->plane[at + k] ^ plane_colour(colour);
  Value *row = differ ? own_row(c, (uint32_t)span->row) : NULL;
  if (!row) return !differ;
  for (int64_t j = span->from; j < span->to; j++) row[j] = colour;
  __builtin_memset(c->plane + at, plane_colour(colour), n);
  return true;
}

/* ---- rows of bits on planes ---- */

/* What a narrow deferred patch changes. */
typedef struct {
  const Vm *vm;
  const Deferred *d;
  Value *rows;       /* of the canvas */
  const Value *from; /* of the grid below */
  uint8_t *plane;
  uint32_t *changed; /* by row: bit by column */
  Value colour;      /* of all cells, or 0: their own */
  Value under;       /* only where the grid shows it, or 0 */
  uint32_t h, w;
  uint64_t touched;  /* rows that change: bit by row */
} PaintWork;

FN_INLINE uint32_t changed_cells(const PaintWork *p, uint32_t i) {
  const uint8_t *plane = p->plane + (size_t)i * p->w;
  uint32_t bits = p->d->rows[i + 1] >> 1 & (uint32_t)(((uint64_t)1 << p->w) - 1), same = 0;
  if (p->under) bits &= plane_row_equal(plane, p->w, plane_colour(p->under));
  if (p->colour) return bits & ~plane_row_equal(plane, p->w, plane_colour(p->colour));
  for (uint32_t left = bits; left; left &= left - 1) {
    uint32_t j = lowest_bit(left);
    same |= (uint32_t)(plane[j] == plane_colour(deferred_colour(p->vm, p->d, i, j))) << j;
  }
  return bits & ~same;
}

LANE_TEXT void find_changed_lanes(const Lanes *l, PaintWork *p) {
  uint64_t touched = 0;
  for (uint32_t i = l->lane; i < p->h; i += l->n) {
    p->changed[i] = changed_cells(p, i);
    touched |= (uint64_t)(p->changed[i] != 0) << i;
  }
  touched = lanes_or(l, touched);
  if (!l->lane) p->touched = touched;
}
LANE_WORK(find_changed, PaintWork)

/* Into rows that are the canvas's own. */
LANE_TEXT void paint_rows_lanes(const Lanes *l, PaintWork *p) {
  for (uint32_t i = l->lane; i < p->h; i += l->n) {
    if (!(p->touched >> i & 1)) continue;
    const Value *from = as_tuple(p->vm, p->from[i])->items;
    Value *to = as_tuple(p->vm, p->rows[i])->items;
    for (uint32_t j = 0; j < p->w; j++) to[j] = from[j];
    for (uint32_t left = p->changed[i]; left; left &= left - 1) {
      uint32_t j = lowest_bit(left);
      to[j] = p->colour ? p->colour : deferred_colour(p->vm, p->d, i, j);
      p->plane[(size_t)i * p->w + j] = plane_colour(to[j]);
    }
  }
}
LANE_WORK(paint_rows, PaintWork)

/* Can rows of bits tell where the patch goes? */
FN_INLINE bool paints_rows(const Deferred *d, const GridView *g, Value colour) {
  return d && deferred_is_narrow(d) && g->h <= GRID_SIDE && g->w <= GRID_SIDE && (!colour || is_colour(colour));
}

static FN bool paint_rows_of(Canvas *c, const Deferred *d, Value colour, Value under) {
  const GridView *g = c->below;
  Vm *vm = c->vm;
  PaintWork p = {vm, d, c->rows, g->rows, c->plane, vm->workspace->changed, colour, under, g->h, g->w, 0};
  find_changed_by(vm->warp, &p);
  for (uint64_t rows = p.touched; rows; rows &= rows - 1) {
    uint32_t i = lowest_bit(rows);
    if (c->rows[i] == g->rows[i] && !(c->rows[i] = new_tuple(vm, g->w))) return false;
  }
  paint_rows_by(vm->warp, &p);
  return true;
}

/* ---- kernels ---- */

/* Puts the patch on the plane of a grid; false: not all of it are colours. */
static FN bool put_on_plane(Vm *vm, const GridView *g, Value patch, Value one, Value under, uint8_t *plane) {
  const Deferred *d = deferred_of(vm, patch);
  Spans spans = one ? place_spans(vm, patch) : patch_spans(vm, patch);
  for (Span span; spans_next(&spans, &span);) {
    if (!span_clip(&span, g->h, g->w)) continue;
    for (int64_t j = span.from; j < span.to; j++) {
      uint8_t *at = plane + (size_t)span.row * g->w + (size_t)j;
      if (under && plane_value(*at) != under) continue;
      Value v = one ? one : d ? deferred_colour(vm, d, span.row, j) : key_colour(vm, spans.key);
      if (!is_colour(v)) return false;
      *at = plane_colour(v);
    }
  }
  return true;
}

/* The same for a large grid, of which the plane is enough. PASS: it is not. */
static FN DEVICE_NOINLINE KernelStatus put_patch_plane(Vm *vm, GridView *g, Value patch, Value colour, Value under, Value *result) {
  uint8_t *plane;
  const Deferred *d = deferred_of(vm, patch);
  uint32_t top = vm->top;
  int64_t untouched = vm->untouched;
  const uint8_t *below = grid_plane(vm, g);
  *result = below ? new_grid(vm, g->h, g->w, &plane) : 0;
  if (!*result) return KERNEL_FAIL;
  __builtin_memcpy(plane, below, (size_t)g->h * g->w);
  if (!put_on_plane(vm, g, patch, colour ? colour : d ? d->colour : 0, under, plane)) {
    vm->top = top;
    vm->untouched = untouched;
    return grid_view(vm, g->grid, g) ? KERNEL_PASS : KERNEL_FAIL;
  }
  grid_fill(vm, *result);
  return KERNEL_DONE;
}

/* A patch on the grid, in one colour, or, colour 0, in its own; if `under` is one, only where the grid, painted so far,
 * shows that. */
static FN DEVICE_NOINLINE KernelStatus put_patch(Vm *vm, GridView *g, Value patch, Value colour, Value under, Value *result) {
  Canvas c;
  if (may_wait(vm, g->h, g->w)) {
    KernelStatus status = put_patch_plane(vm, g, patch, colour, under, result);
    if (status != KERNEL_PASS) return status;
  }
  if (!start_canvas(vm, g, &c)) return KERNEL_FAIL;
  const Deferred *d = deferred_of(vm, patch);
  const Deferred *places = colour ? deferred_places_of(vm, patch) : d; /* of twins, too, in one colour */
  Value one = colour ? colour : d ? d->colour : 0;
  if (paints_rows(places, g, one)) return paint_rows_of(&c, places, one, under) ? done_if(c.grid, result) : KERNEL_FAIL;
  Spans spans = one ? place_spans(vm, patch) : patch_spans(vm, patch);
  for (Span span; spans_next(&spans, &span);) {
    if (!span_clip(&span, g->h, g->w)) continue;
    if (one && !under) {
      if (!put_span(&c, &span, one)) return KERNEL_FAIL;
      continue;
    }
    for (int64_t j = span.from; j < span.to; j++) {
      if (under && as_tuple(vm, c.rows[span.row])->items[j] != under) continue;
      Value v = one ? one : d ? deferred_colour(vm, d, span.row, j) : key_colour(vm, spans.key);
      if (!put_cell(&c, (uint32_t)span.row, (uint32_t)j, v)) return KERNEL_FAIL;
    }
  }
  return done_if(c.grid, result);
}

FN KernelStatus kernel_fill(Vm *vm, const Value *args, Value *result) {
  GridView g;
  uint32_t n;
  if (!plane_view(vm, args[0], &g) || !is_kind(args[2], KIND_FROZENSET) || !is_cells(vm, args[2], &n)) return KERNEL_PASS;
  return put_patch(vm, &g, args[2], args[1], 0, result);
}

FN KernelStatus kernel_paint(Vm *vm, const Value *args, Value *result) {
  GridView g;
  uint32_t n;
  if (!plane_view(vm, args[0], &g) || !is_kind(args[1], KIND_FROZENSET) || !is_cells(vm, args[1], &n) || n == 2)
    return KERNEL_PASS;
  return put_patch(vm, &g, args[1], 0, 0, result);
}

/* The patch in one colour, where the grid shows its commonest. */
FN KernelStatus kernel_underfill(Vm *vm, const Value *args, Value *result) {
  GridView g;
  uint32_t n;
  Value background = 0;
  if (!plane_view(vm, args[0], &g) || !is_kind(args[2], KIND_FROZENSET) || !is_cells(vm, args[2], &n)) return KERNEL_PASS;
  if (!is_int(args[1])) return KERNEL_PASS;
  KernelStatus status = kernel_mostcolor_t(vm, args, &background);
  return status != KERNEL_DONE ? status : put_patch(vm, &g, args[2], args[1], background, result);
}

/* Cells in their own colours, where the grid shows its commonest. */
FN KernelStatus kernel_underpaint(Vm *vm, const Value *args, Value *result) {
  GridView g;
  uint32_t n;
  Value background = 0;
  if (!plane_view(vm, args[0], &g) || !is_kind(args[1], KIND_FROZENSET) || !is_cells(vm, args[1], &n) || n == 2)
    return KERNEL_PASS;
  KernelStatus status = kernel_mostcolor_t(vm, args, &background);
  return status == KERNEL_DONE ? put_patch(vm, &g, args[1], 0, background, result) : status;
}

/* ---- nested cells ---- */

/* The location of an item, a nested cell or a location itself; NULL: it is neither, or not what the first one is. */
static FN const Value *listed_location(const Vm *vm, Value item, bool cell) {
  int64_t at[2];
  if (!is_tuple(item) || tuple_head(vm, item)->len != 2) return NULL;
  Value location = cell ? nested_location(vm, item) : item;
  return small_ints(vm, location, 2, at) && (!cell || is_int(nested_colour(vm, item))) ? as_tuple(vm, location)->items : NULL;
}

/* Nested cells or locations, of a tuple that is not empty, on the grid one after the other, in one colour or, colour 0, their own. */
static FN KernelStatus put_listed(Vm *vm, GridView *g, Value list, Value colour, Value *result) {
  Canvas c;
  const Tuple *t = as_tuple(vm, list);
  bool cells = !colour || (t->len && !listed_location(vm, t->items[0], false));
  for (uint32_t k = 0; k < t->len; k++)
    if (!listed_location(vm, t->items[k], cells)) return KERNEL_PASS;
  if (!t->len || !start_canvas(vm, g, &c)) return t->len ? KERNEL_FAIL : KERNEL_PASS;
  for (uint32_t k = 0; k < t->len; k++) {
    const Value *at = listed_location(vm, t->items[k], cells);
    uint64_t i = (uint64_t)int_of(at[0]), j = (uint64_t)int_of(at[1]);
    if (i < g->h && j < g->w && !put_cell(&c, (uint32_t)i, (uint32_t)j, colour ? colour : nested_colour(vm, t->items[k]))) return KERNEL_FAIL;
  }
  return done_if(c.grid, result);
}

FN KernelStatus kernel_fill__nested(Vm *vm, const Value *args, Value *result) {
  GridView g;
  uint32_t n;
  if (is_tuple(args[2])) return grid_view(vm, args[0], &g) ? put_listed(vm, &g, args[2], args[1], result) : KERNEL_PASS;
  if (!is_nested(vm, args[2])) return is_kind(args[2], KIND_FROZENSET) && is_cells(vm, args[2], &n) && n != 3 ? kernel_fill(vm, args, result) : KERNEL_PASS;
  return grid_view(vm, args[0], &g) ? put_patch(vm, &g, args[2], args[1], 0, result) : KERNEL_PASS;
}

/* Of such cells, or of none. */
static FN bool is_object(const Vm *vm, Value v) { return is_nested(vm, v) || (is_kind(v, KIND_FROZENSET) && !as_set(vm, v)->used); }

FN KernelStatus kernel_paint__nested(Vm *vm, const Value *args, Value *result) {
  GridView g;
  if (!grid_view(vm, args[0], &g)) return KERNEL_PASS;
  if (is_tuple(args[1])) return put_listed(vm, &g, args[1], 0, result);
  return is_object(vm, args[1]) ? put_patch(vm, &g, args[1], 0, 0, result) : KERNEL_PASS;
}

FN KernelStatus kernel_underpaint__nested(Vm *vm, const Value *args, Value *result) {
  GridView g;
  Value background = 0;
  if (!grid_view(vm, args[0], &g) || !is_object(vm, args[1])) return KERNEL_PASS;
  KernelStatus status = kernel_mostcolor_t(vm, args, &background);
  return status == KERNEL_DONE ? put_patch(vm, &g, args[1], 0, background, result) : status;
}
