/* nested.c - see nested.h: patches of cells (colour, (i, j)) or of locations, where they lie, and how they move. */
#include "nested.h"

#include "rows.h"

enum { FACTOR_MAX = 64, SIDE_MAX = 64 };

/* ---- cells ---- */

static FN bool is_nested_cell(const Vm *vm, Value v) {
  int64_t at[2];
  return is_tuple(v) && tuple_head(vm, v)->len == 2 && is_int(nested_colour(vm, v)) && small_ints(vm, nested_location(vm, v), 2, at);
}

FN bool is_nested(const Vm *vm, Value v) {
  if (!is_kind(v, KIND_FROZENSET)) return false;
  Set *s = as_set(vm, v);
  if (s->canon & CANON_NESTED) return true;
  uint32_t pos = 0;
  Value item;
  if (s->deferred || !s->used) return false;
  while (set_next(vm, v, &pos, &item))
    if (!is_nested_cell(vm, item)) return false;
  s->canon |= CANON_NESTED;
  return true;
}

/* (colour, location), the location as it is. */
static FN bool add_coloured(Adding *set, Value colour, Value location) {
  Value items[] = {colour, location}, shared = shared_nested(set->vm, colour, location);
  return adding_tuple(set, shared ? shared : tuple_of(set->vm, items, 2));
}

FN Value nested_cells_of(Vm *vm, GridView *g, Value colour) {
  Value deferred = deferred_keys_of(vm, g, colour, colour, true);
  if (deferred) return deferred;
  Value set = new_set(vm, KIND_FROZENSET);
  for (uint32_t i = 0; i < g->h && set; i++) {
    const Value *row = grid_row(vm, g, i);
    for (uint32_t j = 0; j < g->w; j++)
      if ((!colour || row[j] == colour) && !add_tuple(vm, set, nested_cell(vm, row[j], i, j))) return 0;
  }
  return set;
}

FN KernelStatus kernel_asobject__nested(Vm *vm, const Value *args, Value *result) {
  GridView g;
  return grid_view(vm, args[0], &g) ? done_if(nested_cells_of(vm, &g, 0), result) : KERNEL_PASS;
}

FN KernelStatus kernel_color__nested(Vm *vm, const Value *args, Value *result) {
  uint32_t pos = 0;
  Value first = 0;
  if (!is_nested(vm, args[0])) return KERNEL_PASS;
  const Deferred *d = deferred_of(vm, args[0]);
  if (d && d->colour) return done_if(d->colour, result);
  set_next(vm, args[0], &pos, &first);
  return done_if(nested_colour(vm, first), result);
}

/* Objects whose first cell has the colour. */
FN KernelStatus kernel_colorfilter__nested(Vm *vm, const Value *args, Value *result) {
  if (!is_kind(args[0], KIND_FROZENSET) || !is_int(args[1])) return KERNEL_PASS;
  Adding kept;
  Value object, colour;
  int64_t hash;
  adding_start(vm, &kept);
  for (uint32_t pos = 0; set_next_hashed(vm, args[0], &pos, &object, &hash);) {
    if (kernel_color__nested(vm, &object, &colour) != KERNEL_DONE) return KERNEL_PASS;
    if (colour == args[1] && !adding_put(&kept, object, hash)) return KERNEL_FAIL;
  }
  return done_if(adding_end(&kept), result);
}

/* ---- locations ---- */

/* A frozenset of locations, or the empty one. */
static FN bool is_locations(const Vm *vm, Value v) {
  uint32_t n;
  return is_kind(v, KIND_FROZENSET) && is_cells(vm, v, &n) && n != 3;
}

FN KernelStatus kernel_toindices__nested(Vm *vm, const Value *args, Value *result) {
  if (is_locations(vm, args[0])) return kernel_toindices(vm, args, result);
  if (!is_nested(vm, args[0])) return KERNEL_PASS;
  Value stripped = deferred_pays(vm, args[0]) ? deferred_mapped(vm, args[0], V_NONE, false) : 0;
  if (stripped) return done_if(stripped, result);
  Value set = new_set(vm, KIND_FROZENSET), cell;
  for (uint32_t pos = 0; set && set_next(vm, args[0], &pos, &cell);)
    if (!add_tuple(vm, set, nested_location(vm, cell))) return KERNEL_FAIL;
  return done_if(set, result);
}

FN KernelStatus kernel_recolor__nested(Vm *vm, const Value *args, Value *result) {
  Value locations = 0, location;
  if (!is_int(args[0])) return KERNEL_PASS;
  KernelStatus status = kernel_toindices__nested(vm, args + 1, &locations);
  if (status != KERNEL_DONE) return status;
  Value coloured = deferred_pays(vm, locations) ? deferred_mapped(vm, locations, args[0], true) : 0;
  if (coloured) return done_if(coloured, result);
  Adding set;
  adding_start(vm, &set);
  for (uint32_t pos = 0; set_next(vm, locations, &pos, &location);)
    if (!add_coloured(&set, args[0], location)) return KERNEL_FAIL;
  return done_if(adding_end(&set), result);
}

FN KernelStatus kernel_toobject__nested(Vm *vm, const Value *args, Value *result) {
  GridView g;
  Value locations = 0, location;
  if (!grid_view(vm, args[1], &g)) return KERNEL_PASS;
  KernelStatus status = kernel_toindices__nested(vm, args, &locations);
  if (status != KERNEL_DONE) return status;
  Value deferred = deferred_toobject(vm, &g, locations, true);
  if (deferred) return done_if(deferred, result);
  Adding set;
  adding_start(vm, &set);
  for (uint32_t pos = 0; set_next(vm, locations, &pos, &location);) {
    const Value *at = as_tuple(vm, location)->items;
    uint64_t i = (uint64_t)int_of(at[0]), j = (uint64_t)int_of(at[1]);
    if (i < g.h && j < g.w && !add_coloured(&set, grid_row(vm, &g, (uint32_t)i)[j], location)) return KERNEL_FAIL;
  }
  return done_if(adding_end(&set), result);
}

/* ---- the bounding box ---- */

FN bool nested_box(Vm *vm, Value patch, Box *b) {
  if (!is_nested(vm, patch)) return patch_box(vm, patch, 2, b);
  *b = keys_box(vm, patch);
  return true;
}

static FN int64_t box_height(const Box *b) { return b->bottom - b->top + 1; }
static FN int64_t box_width(const Box *b) { return b->right - b->left + 1; }

#define OF_BOX(name, made)                                                                         \
  FN KernelStatus kernel_##name##__nested(Vm *vm, const Value *args, Value *result) {              \
    Box b;                                                                                         \
    return nested_box(vm, args[0], &b) ? done_if(made, result) : KERNEL_PASS;                      \
  }

OF_BOX(ulcorner, pair_of(vm, b.top, b.left))
OF_BOX(urcorner, pair_of(vm, b.top, b.right))
OF_BOX(llcorner, pair_of(vm, b.bottom, b.left))
OF_BOX(lrcorner, pair_of(vm, b.bottom, b.right))
OF_BOX(uppermost, v_int(b.top))
OF_BOX(lowermost, v_int(b.bottom))
OF_BOX(leftmost, v_int(b.left))
OF_BOX(rightmost, v_int(b.right))
OF_BOX(center, pair_of(vm, b.top + box_height(&b) / 2, b.left + box_width(&b) / 2))

/* Height and width of a grid, a patch, or an empty set; false: of anything else. */
static FN bool shape_of(Vm *vm, Value piece, int64_t *shape) {
  GridView g;
  Box b;
  bool grid = grid_view(vm, piece, &g), empty = is_kind(piece, KIND_FROZENSET) && !as_set(vm, piece)->used;
  if (!grid && !empty && !nested_box(vm, piece, &b)) return false;
  shape[0] = grid ? g.h : empty ? 0 : box_height(&b);
  shape[1] = grid ? g.w : empty ? 0 : box_width(&b);
  return true;
}

#define OF_SHAPE(name, made)                                                                       \
  FN KernelStatus kernel_##name##__nested(Vm *vm, const Value *args, Value *result) {              \
    int64_t shape[2];                                                                              \
    return shape_of(vm, args[0], shape) ? done_if(made, result) : KERNEL_PASS;                     \
  }

OF_SHAPE(height, v_int(shape[0]))
OF_SHAPE(width, v_int(shape[1]))
OF_SHAPE(shape, pair_of(vm, shape[0], shape[1]))

FN KernelStatus kernel_subgrid__nested(Vm *vm, const Value *args, Value *result) {
  Box b;
  bool inside;
  if (!nested_box(vm, args[0], &b)) return KERNEL_PASS;
  Value block = block_of(vm, args[1], b.top, b.left, box_height(&b), box_width(&b), &inside);
  return inside ? done_if(block, result) : KERNEL_PASS;
}

/* What needs nothing but the locations of a patch that is not empty. */
#define OF_LOCATIONS(name)                                                                         \
  FN KernelStatus kernel_##name##__nested(Vm *vm, const Value *args, Value *result) {              \
    Value locations = 0;                                                                           \
    KernelStatus status = kernel_toindices__nested(vm, args, &locations);                          \
    return status == KERNEL_DONE ? kernel_##name(vm, &locations, result) : status;                 \
  }

OF_LOCATIONS(backdrop)
OF_LOCATIONS(delta)
OF_LOCATIONS(box)
OF_LOCATIONS(inbox)
OF_LOCATIONS(outbox)

FN KernelStatus kernel_underfill__nested(Vm *vm, const Value *args, Value *result) {
  Value given[] = {args[0], args[1], 0};
  KernelStatus status = kernel_toindices__nested(vm, args + 2, &given[2]);
  return status == KERNEL_DONE ? kernel_underfill(vm, given, result) : status;
}

/* ---- moved and turned ---- */

/* (i, j) goes to (i0 + ii i + ij j, j0 + ji i + jj j). */
typedef struct {
  int64_t i0, ii, ij, j0, ji, jj;
} Move;

/* The cells or locations of a patch that is not empty, moved in its order. 0: no memory. */
static FN Value moved(Vm *vm, Value patch, const Move *m) {
  bool nested = is_nested(vm, patch);
  Adding set;
  Value item;
  adding_start(vm, &set);
  for (uint32_t pos = 0; set_next(vm, patch, &pos, &item);) {
    const Value *at = as_tuple(vm, nested ? nested_location(vm, item) : item)->items;
    int64_t i = m->i0 + m->ii * int_of(at[0]) + m->ij * int_of(at[1]), j = m->j0 + m->ji * int_of(at[0]) + m->jj * int_of(at[1]);
    if (!adding_tuple(&set, nested ? nested_cell(vm, nested_colour(vm, item), i, j) : pair_of(vm, i, j))) return 0;
  }
  return adding_end(&set);
}

static FN DEVICE_NOINLINE Value shifted(Vm *vm, Value patch, int64_t di, int64_t dj) {
  Move m = {di, 1, 0, dj, 0, 1};
  return moved(vm, patch, &m);
}

FN KernelStatus kernel_shift__nested(Vm *vm, const Value *args, Value *result) {
  int64_t d[2];
  if (is_locations(vm, args[0])) return kernel_shift(vm, args, result);
  if (!is_nested(vm, args[0]) || !small_ints(vm, args[1], 2, d)) return KERNEL_PASS;
  Value deferred = deferred_pays(vm, args[0]) ? deferred_moved(vm, args[0], d[0], d[1]) : 0;
  return done_if(deferred ? deferred : shifted(vm, args[0], d[0], d[1]), result);
}

FN KernelStatus kernel_normalize__nested(Vm *vm, const Value *args, Value *result) {
  Box b;
  if (!nested_box(vm, args[0], &b)) return KERNEL_PASS;
  Value given[] = {args[0], pair_of(vm, -b.top, -b.left)};
  return given[1] ? kernel_shift__nested(vm, given, result) : KERNEL_FAIL;
}

static FN Value upside_down(Vm *vm, Value patch, const Box *b) {
  Move m = {b->top + b->bottom, -1, 0, 0, 0, 1};
  return moved(vm, patch, &m);
}

static FN DEVICE_NOINLINE Value left_to_right(Vm *vm, Value patch, const Box *b) {
  Move m = {0, 1, 0, b->left + b->right, 0, -1};
  return moved(vm, patch, &m);
}

/* Rows and columns exchanged. */
static FN DEVICE_NOINLINE Value across(Vm *vm, Value patch, const Box *b) {
  Move m = {b->top - b->left, 0, 1, b->left - b->top, 1, 0};
  return moved(vm, patch, &m);
}

static FN Value counter_across(Vm *vm, Value patch, const Box *b) {
  Box turned;
  Value mirrored = left_to_right(vm, patch, b), exchanged = mirrored ? across(vm, mirrored, b) : 0;
  return exchanged && nested_box(vm, exchanged, &turned) ? left_to_right(vm, exchanged, &turned) : 0;
}

#define MIRROR(name, of_patch)                                                                     \
  FN KernelStatus kernel_##name##__nested(Vm *vm, const Value *args, Value *result) {              \
    Box b;                                                                                         \
    if (is_tuple(args[0])) return kernel_##name##_t(vm, args, result);                             \
    return nested_box(vm, args[0], &b) ? done_if(of_patch(vm, args[0], &b), result) : KERNEL_PASS; \
  }

MIRROR(hmirror, upside_down)
MIRROR(vmirror, left_to_right)
MIRROR(dmirror, across)
MIRROR(cmirror, counter_across)

/* ---- blocks and periods ---- */

static FN bool add_block(Vm *vm, Value set, Value cell, int64_t n) {
  int64_t at[2];
  nested_at(vm, cell, at);
  for (int64_t i = 0; i < n; i++)
    for (int64_t j = 0; j < n; j++)
      if (!add_tuple(vm, set, nested_cell(vm, nested_colour(vm, cell), at[0] * n + i, at[1] * n + j))) return false;
  return true;
}

/* Moved to the origin, grown in a set that is frozen, and moved back. */
static FN Value grown(Vm *vm, Value object, const Box *b, int64_t n) {
  Value normal = shifted(vm, object, -b->top, -b->left), set = normal ? new_set(vm, KIND_SET) : 0, cell;
  for (uint32_t pos = 0; set && set_next(vm, normal, &pos, &cell);)
    if (!add_block(vm, set, cell, n)) return 0;
  Value frozen = set ? set_from(vm, KIND_FROZENSET, set) : 0;
  return frozen ? shifted(vm, frozen, b->top, b->left) : 0;
}

FN KernelStatus kernel_upscale__nested(Vm *vm, const Value *args, Value *result) {
  Box b;
  if (is_tuple(args[0])) return kernel_upscale_t(vm, args, result);
  if (!is_nested(vm, args[0]) || !is_int(args[1]) || int_of(args[1]) < 1 || int_of(args[1]) > FACTOR_MAX) return KERNEL_PASS;
  bool small = nested_box(vm, args[0], &b) && box_height(&b) <= SIDE_MAX && box_width(&b) <= SIDE_MAX;
  return small ? done_if(grown(vm, args[0], &b, int_of(args[1])), result) : KERNEL_PASS;
}

/* Whether the object, moved up or left by so much and cut where it began, lies on itself: 1, 0, -1. */
static FN int lies_on_itself(Vm *vm, Value object, const Box *b, int64_t up, int64_t left) {
  uint32_t pos = 0;
  Value cell;
  int64_t at[2];
  while (set_next(vm, object, &pos, &cell)) {
    nested_at(vm, cell, at);
    if (at[0] - up < b->top || at[1] - left < b->left) continue;
    Value before = nested_cell(vm, nested_colour(vm, cell), at[0] - up, at[1] - left);
    int in = before ? set_contains(vm, object, before) : -1;
    if (in < 1) return in;
  }
  return 1;
}

static FN DEVICE_NOINLINE KernelStatus period(Vm *vm, Value object, bool down, Value *result) {
  Box b;
  if (!is_nested(vm, object) || !nested_box(vm, object, &b)) return KERNEL_PASS;
  int64_t size = down ? box_height(&b) : box_width(&b);
  if (size > SIDE_MAX) return KERNEL_PASS;
  for (int64_t p = 1; p < size; p++) {
    uint32_t mark = vm_mark(vm);
    int is = lies_on_itself(vm, object, &b, down ? p : 0, down ? 0 : p);
    if (is < 0) return KERNEL_FAIL;
    vm_reset(vm, mark);
    if (is) return done_if(v_int(p), result);
  }
  return done_if(v_int(size), result);
}

FN KernelStatus kernel_hperiod__nested(Vm *vm, const Value *args, Value *result) { return period(vm, args[0], false, result); }
FN KernelStatus kernel_vperiod__nested(Vm *vm, const Value *args, Value *result) { return period(vm, args[0], true, result); }

/* ---- occurrences ---- */

FN KernelStatus kernel_occurrences__nested(Vm *vm, const Value *args, Value *result) {
  Box b;
  bool object = is_nested(vm, args[1]) && nested_box(vm, args[1], &b);
  return object ? occurrences_of(vm, args[0], args[1], &b, result) : KERNEL_PASS;
}

/* ---- grids ---- */

/* grid[i][j], None outside. */
FN KernelStatus kernel_index__none(Vm *vm, const Value *args, Value *result) {
  GridView g;
  int64_t at[2];
  if (!grid_view(vm, args[0], &g) || !small_ints(vm, args[1], 2, at)) return KERNEL_PASS;
  bool inside = at[0] >= 0 && at[0] < g.h && at[1] >= 0 && at[1] < g.w;
  return done_if(inside ? grid_row(vm, &g, (uint32_t)at[0])[at[1]] : V_NONE, result);
}

/* Of two grids of which the second reaches as far: the source raises otherwise. */
FN KernelStatus kernel_cellwise__both(Vm *vm, const Value *args, Value *result) {
  GridView a, b;
  bool both = grid_view(vm, args[0], &a) && grid_view(vm, args[1], &b) && b.h >= a.h && b.w >= a.w;
  return both ? kernel_cellwise(vm, args, result) : KERNEL_PASS;
}
