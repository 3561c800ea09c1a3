/* box.c - kernels about what follows from the bounding box of a patch. */
#include "objects.h"
#include "rows.h"

enum { AREA_MAX = 100000, REACH_MAX = 10000 };

#define BOX_KERNEL(name, n, made)                                                                  \
  FN KernelStatus kernel_##name(Vm *vm, const Value *args, Value *result) {                        \
    Box b;                                                                                         \
    return patch_box(vm, args[0], n, &b) ? done_if(made, result) : KERNEL_PASS;                    \
  }

/* Of any patch, of indices (_i) and of objects (_o). */
#define BOX_KERNELS(name, made)                                                                    \
  BOX_KERNEL(name, 0, made)                                                                        \
  BOX_KERNEL(name##_i, 2, made)                                                                    \
  BOX_KERNEL(name##_o, 3, made)

BOX_KERNELS(ulcorner, pair_of(vm, b.top, b.left))
BOX_KERNELS(urcorner, pair_of(vm, b.top, b.right))
BOX_KERNELS(llcorner, pair_of(vm, b.bottom, b.left))
BOX_KERNELS(lrcorner, pair_of(vm, b.bottom, b.right))
BOX_KERNELS(uppermost, v_int(b.top))
BOX_KERNELS(lowermost, v_int(b.bottom))
BOX_KERNELS(leftmost, v_int(b.left))
BOX_KERNELS(rightmost, v_int(b.right))
BOX_KERNEL(height_f, 0, v_int(b.bottom - b.top + 1))
BOX_KERNEL(height_i, 2, v_int(b.bottom - b.top + 1))
BOX_KERNEL(height_o, 3, v_int(b.bottom - b.top + 1))
BOX_KERNEL(width_f, 0, v_int(b.right - b.left + 1))
BOX_KERNEL(width_i, 2, v_int(b.right - b.left + 1))
BOX_KERNEL(width_o, 3, v_int(b.right - b.left + 1))
BOX_KERNEL(shape_f, 0, pair_of(vm, b.bottom - b.top + 1, b.right - b.left + 1))
BOX_KERNEL(center, 0, pair_of(vm, b.top + (b.bottom - b.top + 1) / 2, b.left + (b.right - b.left + 1) / 2))

FN KernelStatus kernel_normalize(Vm *vm, const Value *args, Value *result) {
  Box b;
  if (!patch_box(vm, args[0], 0, &b)) return KERNEL_PASS;
  Value offset = pair_of(vm, -b.top, -b.left);
  if (!offset) return KERNEL_FAIL;
  Value given[] = {args[0], offset};
  return kernel_shift(vm, given, result);
}

/* ---- sets of locations ---- */

FN Value deferred_locations_in(Vm *vm, const Box *b) {
  Deferred d;
  Wide *bits = deferred_allowed(vm) ? wide_new(vm, b) : NULL;
  if (!bits) return 0;
  Span span = {0, b->left, b->right + 1};
  for (span.row = b->top; span.row <= b->bottom; span.row++) wide_put_span(bits, &span);
  deferred_recipe(&d, DEFER_ROWS, V_NONE);
  return deferred_added_wide(vm, &d, bits);
}

/* All locations of the box, row by row. */
static FN Value locations_in(Vm *vm, const Box *b) {
  Value deferred = deferred_locations_in(vm, b);
  if (deferred) return deferred;
  Value set = new_set(vm, KIND_FROZENSET);
  for (int64_t i = b->top; i <= b->bottom && set; i++)
    for (int64_t j = b->left; j <= b->right; j++)
      if (!add_tuple(vm, set, pair_of(vm, i, j))) return 0;
  return set;
}

static FN bool is_large(const Box *b) { return (b->bottom - b->top + 1) * (b->right - b->left + 1) > AREA_MAX; }

FN KernelStatus kernel_backdrop(Vm *vm, const Value *args, Value *result) {
  Box b;
  if (!patch_box(vm, args[0], 0, &b) || is_large(&b)) return KERNEL_PASS;
  return done_if(locations_in(vm, &b), result);
}

FN KernelStatus kernel_delta(Vm *vm, const Value *args, Value *result) {
  Box b;
  Value locations;
  if (!patch_box(vm, args[0], 0, &b) || is_large(&b)) return KERNEL_PASS;
  Value all = locations_in(vm, &b);
  if (!all) return KERNEL_FAIL;
  KernelStatus status = kernel_toindices(vm, args, &locations);
  if (status != KERNEL_DONE) return status;
  Value deferred = deferred_allowed(vm) ? deferred_minus(vm, all, locations) : 0;
  return done_if(deferred ? deferred : set_binary(vm, OP_SUB, all, locations), result);
}

/* The set of a side: rows (or columns) from..to of a column (or row). */
static FN Value side_of(Vm *vm, int64_t from, int64_t to, int64_t at, bool column) {
  Value set = new_set(vm, KIND_SET);
  for (int64_t k = from; k <= to && set; k++)
    if (!add_tuple(vm, set, column ? pair_of(vm, k, at) : pair_of(vm, at, k))) return 0;
  return set;
}

/* frozenset((left | right) | (top | bottom)) */
static FN Value outline_of(Vm *vm, const Box *b) {
  Value left = side_of(vm, b->top, b->bottom, b->left, true), right = side_of(vm, b->top, b->bottom, b->right, true);
  Value top = side_of(vm, b->left, b->right, b->top, false), bottom = side_of(vm, b->left, b->right, b->bottom, false);
  if (!left || !right || !top || !bottom) return 0;
  Value columns = set_binary(vm, OP_BITOR, left, right), rows = set_binary(vm, OP_BITOR, top, bottom);
  Value all = columns && rows ? set_binary(vm, OP_BITOR, columns, rows) : 0;
  return all ? set_from(vm, KIND_FROZENSET, all) : 0;
}

FN Value outline_make(Vm *vm, const Deferred *d) {
  Box b = deferred_box(vm, d);
  return outline_of(vm, &b);
}

/* What outline_of takes at most: four sides, two pairs of them, all, and its copy, each with the tables on the way. */
static FN size_t outline_room(uint32_t used) { return ((size_t)used * 4 + 16) * (sizeof(Tuple) + 12 * 2 * sizeof(SetEntry)); }

static FN Value deferred_outline(Vm *vm, const Box *b) {
  Deferred d;
  Wide *bits = deferred_allowed(vm) ? wide_new(vm, b) : NULL;
  if (!bits) return 0;
  for (int64_t i = b->top; i <= b->bottom; i++) wide_put(bits, i, b->left), wide_put(bits, i, b->right);
  for (int64_t j = b->left; j <= b->right; j++) wide_put(bits, b->top, j), wide_put(bits, b->bottom, j);
  uint32_t used = wide_count(bits);
  deferred_recipe(&d, DEFER_OUTLINE, V_NONE);
  return deferred_made(vm, &d, bits, numbers_slots_copied(used), 0, outline_room(used));
}

/* The outline of the box grown by so many cells on each side; what turns inside out is turned back. */
static FN DEVICE_NOINLINE KernelStatus outline(Vm *vm, Value patch, int64_t by, Value *result) {
  Box b;
  if (!patch_box(vm, patch, 0, &b) || is_large(&b)) return KERNEL_PASS;
  int64_t i0 = b.top - by, i1 = b.bottom + by, j0 = b.left - by, j1 = b.right + by;
  Box grown = {i0 < i1 ? i0 : i1, j0 < j1 ? j0 : j1, i0 < i1 ? i1 : i0, j0 < j1 ? j1 : j0};
  Value deferred = deferred_outline(vm, &grown);
  return done_if(deferred ? deferred : outline_of(vm, &grown), result);
}

FN KernelStatus kernel_box(Vm *vm, const Value *args, Value *result) { return outline(vm, args[0], 0, result); }
FN KernelStatus kernel_inbox(Vm *vm, const Value *args, Value *result) { return outline(vm, args[0], -1, result); }
FN KernelStatus kernel_outbox(Vm *vm, const Value *args, Value *result) { return outline(vm, args[0], 1, result); }

static FN int64_t distance(int64_t a, int64_t b) { return a < b ? b - a : a - b; }

/* A straight line: n + 1 locations from (i, j) on, each di and dj (1, 0 or -1) from the one before it. They come row by row. */
typedef struct {
  int64_t i, j, di, dj, n;
} Line;

static FN Value deferred_line(Vm *vm, const Line *l) {
  Deferred d;
  int64_t last = l->j + l->dj * l->n;
  Box b = {l->i, l->dj < 0 ? last : l->j, l->i + l->di * l->n, l->dj < 0 ? l->j : last};
  Wide *bits = l->n >= DEFER_KEYS && deferred_allowed(vm) ? wide_new(vm, &b) : NULL;
  if (!bits) return 0;
  for (int64_t k = 0; k <= l->n; k++) wide_put(bits, l->i + l->di * k, l->j + l->dj * k);
  deferred_recipe(&d, DEFER_ROWS, V_NONE);
  return deferred_added_wide(vm, &d, bits);
}

static FN Value line_of(Vm *vm, const Line *l) {
  Value deferred = deferred_line(vm, l);
  Adding set;
  if (deferred) return deferred;
  adding_start(vm, &set);
  for (int64_t k = 0; k <= l->n; k++)
    if (!adding_tuple(&set, pair_of(vm, l->i + l->di * k, l->j + l->dj * k))) return 0;
  return adding_end(&set);
}

/* The straight line between two locations, from its upper end, a row's from the left. */
FN KernelStatus kernel_connect(Vm *vm, const Value *args, Value *result) {
  int64_t a[2], b[2];
  if (!small_ints(vm, args[0], 2, a) || !small_ints(vm, args[1], 2, b)) return KERNEL_PASS;
  int64_t h = distance(a[0], b[0]), w = distance(a[1], b[1]), n = h > w ? h : w;
  if (n > REACH_MAX) return KERNEL_PASS;
  bool falls = (a[0] < b[0]) != (a[1] < b[1]); /* to the left */
  int64_t i = a[0] < b[0] ? a[0] : b[0], j = (a[1] < b[1]) != (h && w && falls) ? a[1] : b[1];
  if (h && w && h != w) return done_if(no_keys(vm), result);
  Line line = {i, j, h ? 1 : 0, !w ? 0 : h && falls ? -1 : 1, n};
  return done_if(line_of(vm, &line), result);
}

FN Value deferred_toobject(Vm *vm, const GridView *g, Value locations, bool nested) {
  const Deferred *from = deferred_of(vm, locations);
  Deferred d;
  Box b = {0, 0, (int64_t)g->h - 1, (int64_t)g->w - 1};
  Wide *bits = from ? wide_new(vm, &b) : NULL;
  if (!bits) return 0;
  Spans spans = spans_of(vm, from);
  for (Span span; spans_next(&spans, &span);)
    if (span_clip(&span, g->h, g->w)) wide_put_span(bits, &span);
  deferred_recipe(&d, DEFER_MAPPED, 0);
  d.nested = nested;
  d.source = locations;
  d.grid = g->grid;
  return deferred_added_wide(vm, &d, bits);
}

/* What len(grid) or len(grid[0]) raises; 0: nothing, or that is not known. */
static FN uint32_t shape_raises(const Vm *vm, Value grid) {
  if (is_tuple(grid) && !tuple_head(vm, grid)->len) return ERR_IndexError;
  bool rows = is_tuple(grid) && !is_unmade(vm, grid) && !has_no_len(as_tuple(vm, grid)->items[0]);
  return rows || is_unmade(vm, grid) || !(is_tuple(grid) || is_kind(grid, KIND_FROZENSET) || has_no_len(grid)) ? 0 : (uint32_t)ERR_TypeError;
}

FN KernelStatus kernel_toobject(Vm *vm, const Value *args, Value *result) {
  GridView g;
  uint32_t pos = 0;
  Value locations, item;
  if (!grid_view(vm, args[1], &g)) {
    uint32_t raised = shape_raises(vm, args[1]);
    return raised ? fail(vm, raised) : KERNEL_PASS;
  }
  KernelStatus status = kernel_toindices(vm, args, &locations);
  if (status != KERNEL_DONE) return status;
  Value deferred = deferred_toobject(vm, &g, locations, false);
  if (deferred) return done_if(deferred, result);
  Value set = new_set(vm, KIND_FROZENSET);
  while (set && set_next(vm, locations, &pos, &item)) {
    const Value *at = as_tuple(vm, item)->items;
    uint64_t i = (uint64_t)int_of(at[0]), j = (uint64_t)int_of(at[1]);
    if (i >= g.h || j >= g.w) continue;
    Value colour = grid_row(vm, &g, (uint32_t)i)[j];
    if (!add_tuple(vm, set, cell_of(vm, (int64_t)i, (int64_t)j, int_of(colour)))) return KERNEL_FAIL;
  }
  return done_if(set, result);
}
