/* odd.c - what the other kernels leave, where it comes often: candidates of one task run on the grids of
 * another, so that rows are taken for patches, and grids are empty, ragged or hold marks.
 *
 * Each tries the kernel for arguments as expected first. Names end in what the source does: it goes
 * row by row as they come (rows), or as far as the first row says (width); to what is no container
 * it gives an empty set (lenient) or raises (strict). */
#include "objects.h"
#include "rows.h"
#include "unmade.h"

/* ---- over all cells of rows of any lengths ---- */

/* Where locations go. */
typedef struct {
  Vm *vm;
  Wide *bits; /* or, NULL: */
  Value set;
} Locations;

static FN bool put_location(Locations *to, uint32_t i, uint32_t j) {
  if (!to->bits) return add_tuple(to->vm, to->set, pair_of(to->vm, i, j));
  wide_put(to->bits, i, j);
  return true;
}

/* Those of what equals `colour`; false: an exception. */
static FN bool put_equal(Locations *to, const RowsView *r, Value colour) {
  for (uint32_t i = 0; i < r->h; i++) {
    const Tuple *row = row_of(to->vm, r, i);
    for (uint32_t j = 0; j < row->len; j++) {
      int same = equal_values(to->vm, row->items[j], colour);
      if (same < 0 || (same && !put_location(to, i, j))) return false;
    }
  }
  return true;
}

static FN KernelStatus locations_of(Vm *vm, const RowsView *r, Value colour, Value *result) {
  Box b = {0, 0, (int64_t)r->h - 1, (int64_t)r->longest - 1};
  Locations to = {vm, deferred_allowed(vm) && r->longest ? wide_new(vm, &b) : NULL, 0};
  if (to.bits) {
    Deferred d;
    if (!put_equal(&to, r, colour)) return KERNEL_FAIL;
    deferred_recipe(&d, DEFER_ROWS, V_NONE);
    Value set = deferred_added_wide(vm, &d, to.bits);
    if (set) return done_if(set, result);
    to.bits = NULL;
  }
  to.set = new_set(vm, KIND_FROZENSET);
  return done_if(to.set && put_equal(&to, r, colour) ? to.set : 0, result);
}

FN KernelStatus kernel_f_ofcolor__rows(Vm *vm, const Value *args, Value *result) {
  RowsView r;
  KernelStatus status = kernel_f_ofcolor(vm, args, result);
  return status == KERNEL_PASS && rows_view(vm, args[0], &r) ? locations_of(vm, &r, args[1], result) : status;
}

/* Adding again what is there changes nothing: values that were added last are passed over. */
enum { LATEST = 8 };
typedef struct {
  Value values[LATEST];
  uint32_t n;
} Latest;

FN_INLINE bool is_latest(Latest *l, Value v) {
  for (uint32_t k = 0; k < LATEST; k++)
    if (l->values[k] == v) return true;
  l->values[l->n++ % LATEST] = v;
  return false;
}

/* tuple({value for row in grid for value in row}) */
FN KernelStatus kernel_p_g__rows(Vm *vm, const Value *args, Value *result) {
  RowsView r;
  KernelStatus status = kernel_p_g(vm, args, result);
  if (status != KERNEL_PASS || !rows_view(vm, args[0], &r)) return status;
  Value set = new_set(vm, KIND_SET), list = set ? new_list(vm, 16) : 0;
  Latest added = {{0}, 0};
  for (uint32_t i = 0; i < r.h && list; i++) {
    const Tuple *row = row_of(vm, &r, i);
    for (uint32_t j = 0; j < row->len; j++)
      if (!is_latest(&added, row->items[j]) && !set_add(vm, set, row->items[j])) return KERNEL_FAIL;
  }
  return done_if(list && list_extend(vm, list, set) ? list_to_tuple(vm, list) : 0, result);
}

/* All values, row by row, in a list. 0: no memory. */
static FN Value list_values(Vm *vm, const RowsView *r) {
  Value list = new_list(vm, r->h * r->longest);
  for (uint32_t i = 0; i < r->h && list; i++)
    if (!list_extend(vm, list, r->rows[i])) return 0;
  return list;
}

/* list.count(v); -1: an exception. */
static FN int64_t count_of(Vm *vm, Value list, Value v) {
  const List *l = as_list(vm, list);
  int64_t n = 0;
  for (uint32_t k = 0; k < l->len; k++) {
    int same = value_same_or_eq(vm, list_items(vm, l)[k], v);
    if (same < 0) return -1;
    n += same;
  }
  return n;
}

/* max(set(values), key=values.count), or nan */
FN KernelStatus kernel_mostcolor_t__rows(Vm *vm, const Value *args, Value *result) {
  RowsView r;
  KernelStatus status = kernel_mostcolor_t(vm, args, result);
  if (status != KERNEL_PASS || !rows_view(vm, args[0], &r)) return status;
  Value list = list_values(vm, &r), set = list ? set_from(vm, KIND_SET, list) : 0, best = vm->image->nan, v;
  int64_t most = 0;
  for (uint32_t pos = 0; set && set_next(vm, set, &pos, &v);) {
    int64_t n = count_of(vm, list, v);
    if (n < 0) return KERNEL_FAIL;
    if (n > most) most = n, best = v;
  }
  return set ? done_if(best, result) : KERNEL_FAIL;
}

/* ---- cellwise ---- */

/* index(b, (i, j)), guarded with default 0: of a tuple of tuples, or where it always fails. */
typedef struct {
  RowsView rows;
  bool is_grid;
  int64_t w; /* as the first row says */
  Value outside;
} Beside;

static FN bool beside(Vm *vm, Value b, Beside *x) {
  x->is_grid = rows_view(vm, b, &x->rows) && x->rows.h;
  x->w = x->is_grid ? row_of(vm, &x->rows, 0)->len : 0;
  x->outside = minus_infinity(vm);
  bool fails = has_no_len(b) || is_empty_tuple(vm, b) || (is_tuple(b) && has_no_len(as_tuple(vm, b)->items[0]));
  return x->outside && (x->is_grid || fails);
}

static FN Value value_beside(const Vm *vm, const Beside *x, uint32_t i, uint32_t j) {
  if (!x->is_grid) return v_int(0);
  if (i >= x->rows.h || j >= x->w) return x->outside;
  const Tuple *row = row_of(vm, &x->rows, i);
  return j < row->len ? row->items[j] : v_int(0);
}

static FN KernelStatus compare_cells(Vm *vm, const RowsView *a, const Beside *b, Value fallback, bool first_width, Value *result) {
  Value grid = new_rows(vm, a->h);
  for (uint32_t i = 0; i < a->h && grid; i++) {
    const Tuple *from = row_of(vm, a, i);
    uint32_t w = first_width ? row_of(vm, a, 0)->len : from->len;
    Value row = new_tuple(vm, w);
    if (!row) return KERNEL_FAIL;
    as_tuple(vm, grid)->items[i] = row;
    for (uint32_t j = 0; j < w; j++) {
      int same = equal_values(vm, from->items[j], value_beside(vm, b, i, j));
      if (same < 0) return KERNEL_FAIL;
      as_tuple(vm, row)->items[j] = same ? from->items[j] : fallback;
    }
  }
  return done_if(grid, result);
}

FN KernelStatus kernel_cellwise__rows(Vm *vm, const Value *args, Value *result) {
  RowsView a;
  Beside b;
  KernelStatus status = kernel_cellwise(vm, args, result);
  if (status != KERNEL_PASS || !rows_view(vm, args[0], &a) || !beside(vm, args[1], &b)) return status;
  return compare_cells(vm, &a, &b, args[2], false, result);
}

FN KernelStatus kernel_cellwise__width(Vm *vm, const Value *args, Value *result) {
  RowsView a;
  Beside b;
  KernelStatus status = kernel_cellwise(vm, args, result);
  if (status != KERNEL_PASS || !rows_view(vm, args[0], &a)) return status;
  if (!a.h || a.shortest < row_of(vm, &a, 0)->len) return fail(vm, ERR_IndexError);
  return beside(vm, args[1], &b) ? compare_cells(vm, &a, &b, args[2], true, result) : KERNEL_PASS;
}

/* ---- objects ---- */

FN int kind_in(Vm *vm, Kinds *k, Value v) {
  for (uint32_t i = 0; i < k->n; i++)
    if (k->values[i] == v) return k->kinds[i];
  for (uint32_t i = 0; i < k->n; i++) {
    int same = equal_values(vm, k->values[i], v);
    if (same) return same < 0 ? (int)KINDS_RAISED : k->kinds[i];
  }
  if (k->n == KINDS_MOST) return KINDS_MANY;
  int outside = equal_values(vm, v, k->background);
  if (outside < 0) return KINDS_RAISED;
  k->values[k->n] = v;
  k->kinds[k->n] = outside ? (uint8_t)KIND_OUTSIDE : k->apart ? (uint8_t)k->n : 0;
  return k->kinds[k->n++];
}

/* Whether grid[i][j] fails for some location of asindices(grid): each is looked at. */
static FN bool lacks_cells(const Vm *vm, Value grid) {
  RowsView r;
  if (has_no_len(grid)) return true;
  if (!is_tuple(grid) || !tuple_head(vm, grid)->len) return false;
  Value first = as_tuple(vm, grid)->items[0];
  if (has_no_len(first)) return true;
  return rows_view(vm, grid, &r) && r.shortest < row_of(vm, &r, 0)->len;
}

static FN bool has_no_cells(const Vm *vm, Value grid) {
  RowsView r;
  return rows_view(vm, grid, &r) && r.h && !r.longest;
}

enum { MARK_DEPTH = 8 };

/* Does it equal itself, and never fail to compare? */
static FN bool is_mark(const Vm *vm, Value v, uint32_t depth) {
  if (is_int(v) || v == V_NONE || is_bool(v) || is_kind(v, KIND_FROZENSET)) return true;
  if (is_kind(v, KIND_FLOAT)) return depth < MARK_DEPTH || as_float(vm, v)->value == as_float(vm, v)->value;
  if (!is_tuple(v) || !depth) return false;
  for (uint32_t i = 0; i < as_tuple(vm, v)->len; i++)
    if (!is_mark(vm, as_tuple(vm, v)->items[i], depth - 1)) return false;
  return true;
}

static FN bool holds_marks(const Vm *vm, const RowsView *r) {
  Value last = V_NONE;
  for (uint32_t i = 0; i < r->h; i++)
    for (uint32_t j = 0; j < row_of(vm, r, i)->len; j++) {
      Value v = row_of(vm, r, i)->items[j];
      if (v != last && !is_mark(vm, v, MARK_DEPTH)) return false;
      last = v;
    }
  return true;
}

static FN KernelStatus marked_objects(Vm *vm, const Value *args, bool listed, Value *result) {
  RowsView r;
  GridView g;
  for (int i = 1; i < 4; i++)
    if (!is_bool(args[i])) return KERNEL_PASS;
  if (!rows_view(vm, args[0], &r) || !r.shortest || !holds_marks(vm, &r)) return KERNEL_PASS;
  g.h = r.h;
  g.w = row_of(vm, &r, 0)->len;
  g.rows = r.rows;
  g.plane = NULL;
  ObjectsWanted wanted = {is_true(args[1]), is_true(args[2]), false, V_NONE};
  if (is_true(args[3]) && kernel_mostcolor_t__rows(vm, args, &wanted.background) != KERNEL_DONE) return KERNEL_FAIL;
  return find_odd_objects(vm, &g, &wanted, listed, result);
}

static FN DEVICE_NOINLINE KernelStatus odd_objects(Vm *vm, const Value *args, KernelStatus status, bool lenient, bool listed, Value *result) {
  if (status != KERNEL_PASS) return status;
  if (lacks_cells(vm, args[0])) return fail(vm, ERR_IndexError);
  bool empty = is_empty_tuple(vm, args[0]);
  if (empty && !lenient) return fail(vm, ERR_IndexError);
  if (!empty && !has_no_cells(vm, args[0])) return marked_objects(vm, args, listed, result);
  return done_if(listed ? vm->image->empty_tuple : new_set(vm, KIND_FROZENSET), result);
}

FN KernelStatus kernel_objects__strict(Vm *vm, const Value *args, Value *result) {
  return odd_objects(vm, args, kernel_objects(vm, args, result), false, false, result);
}
FN KernelStatus kernel_objects__lenient(Vm *vm, const Value *args, Value *result) {
  return odd_objects(vm, args, kernel_objects(vm, args, result), true, false, result);
}
FN KernelStatus kernel_objects_t__strict(Vm *vm, const Value *args, Value *result) {
  return odd_objects(vm, args, kernel_objects_t(vm, args, result), false, true, result);
}

/* ---- patches ---- */

/* frozenset((i, j) for i, j, c in patch) of a tuple of tuples; other lengths raise. */
static FN KernelStatus without_third(Vm *vm, const RowsView *r, Value *result) {
  if (r->shortest != 3 || r->longest != 3) return fail(vm, ERR_ValueError);
  Value set = new_set(vm, KIND_FROZENSET);
  for (uint32_t k = 0; k < r->h && set; k++) {
    const Value *items = row_of(vm, r, k)->items;
    Value shared = shared_pair(vm, items[0], items[1]);
    if (!add_tuple(vm, set, shared ? shared : tuple_of(vm, items, 2))) return KERNEL_FAIL;
  }
  return done_if(set, result);
}

static FN KernelStatus odd_toindices(Vm *vm, Value patch, bool lenient, Value *result) {
  RowsView r;
  if (!is_tuple(patch)) {
    if (!has_no_len(patch)) return KERNEL_PASS;
    return lenient ? done_if(new_set(vm, KIND_FROZENSET), result) : fail(vm, ERR_TypeError);
  }
  const Tuple *t = as_tuple(vm, patch);
  if (!t->len || (lenient && has_no_len(t->items[0]))) return done_if(new_set(vm, KIND_FROZENSET), result);
  if (has_no_len(t->items[0])) return fail(vm, ERR_TypeError);
  if (!is_tuple(t->items[0])) return KERNEL_PASS;
  if (tuple_head(vm, t->items[0])->len != 3) return done_if(patch, result);
  return rows_view(vm, patch, &r) ? without_third(vm, &r, result) : KERNEL_PASS;
}

FN KernelStatus kernel_toindices__strict(Vm *vm, const Value *args, Value *result) {
  KernelStatus status = kernel_toindices(vm, args, result);
  return status == KERNEL_PASS ? odd_toindices(vm, args[0], false, result) : status;
}
FN KernelStatus kernel_toindices__lenient(Vm *vm, const Value *args, Value *result) {
  KernelStatus status = kernel_toindices(vm, args, result);
  return status == KERNEL_PASS ? odd_toindices(vm, args[0], true, result) : status;
}

/* frozenset((i, j, colour) for i, j in patch) of a tuple or frozenset of tuples, with any colour. */
FN KernelStatus kernel_recolor_i__any(Vm *vm, const Value *args, Value *result) {
  Iter local;
  Value item;
  KernelStatus status = kernel_recolor_i(vm, args, result);
  bool listed = is_tuple(args[1]) && !is_unmade(vm, args[1]);
  if (status != KERNEL_PASS || !(listed || (is_kind(args[1], KIND_FROZENSET) && !as_set(vm, args[1])->unordered))) return status;
  Value set = new_set(vm, KIND_FROZENSET);
  Iter *it = set ? iter_begin(vm, args[1], &local) : NULL;
  while (it && iter_step(vm, it, &item) > 0) {
    if (!is_tuple(item)) return has_no_len(item) ? fail(vm, ERR_TypeError) : KERNEL_PASS;
    if (tuple_head(vm, item)->len != 2) return fail(vm, ERR_ValueError);
    Value cell[] = {as_tuple(vm, item)->items[0], as_tuple(vm, item)->items[1], args[0]};
    Value shared = shared_cell(vm, cell[0], cell[1], cell[2]);
    if (!add_tuple(vm, set, shared ? shared : tuple_of(vm, cell, 3))) return KERNEL_FAIL;
  }
  return done_if(it ? set : 0, result);
}

/* ---- painting ---- */

/* Whether it is no container, or holds no cells from the first on, so that taking them as i, j, c raises. */
static FN bool has_no_cell_first(const Vm *vm, Value v) {
  uint32_t n;
  if (has_no_len(v)) return true;
  if (is_kind(v, KIND_FROZENSET)) return is_cells(vm, v, &n) && n == 2;
  if (!is_tuple(v) || !tuple_head(vm, v)->len) return false;
  Value first = as_tuple(vm, v)->items[0];
  return has_no_len(first) || (is_tuple(first) && tuple_head(vm, first)->len != 3);
}

/* Whether len(grid) or len(grid[0]) raises. */
static FN bool has_no_shape(const Vm *vm, Value grid) {
  if (!is_tuple(grid) || is_unmade(vm, grid)) return has_no_len(grid);
  return !tuple_head(vm, grid)->len || has_no_len(tuple_head(vm, grid)->items[0]);
}

FN KernelStatus kernel_underpaint__any(Vm *vm, const Value *args, Value *result) {
  KernelStatus status = kernel_underpaint(vm, args, result);
  if (status != KERNEL_PASS) return status;
  return has_no_shape(vm, args[0]) || has_no_cell_first(vm, args[1]) ? fail(vm, ERR_ValueError) : KERNEL_PASS;
}

static FN Value copy_rows(Vm *vm, const RowsView *r) {
  Value grid = new_rows(vm, r->h);
  for (uint32_t i = 0; i < r->h && grid; i++) {
    Value row = tuple_of(vm, row_of(vm, r, i)->items, row_of(vm, r, i)->len);
    if (!row) return 0;
    as_tuple(vm, grid)->items[i] = row;
  }
  return grid;
}

/* Does taking it as i, j, or where no colour is given as i, j, c, raise? */
FN_INLINE bool is_no_place(const Vm *vm, Value location, Value colour) {
  return has_no_len(location) || (is_tuple(location) && tuple_head(vm, location)->len != (colour ? 2 : 3));
}

/* Writes one location, or cell if no colour is given, of a copy; what does not begin with two small ints is
 * left to the source. */
static FN KernelStatus fill_at(Vm *vm, const RowsView *r, Value copy, Value location, Value colour) {
  if (is_no_place(vm, location, colour)) return fail(vm, ERR_TypeError);
  if (!is_tuple(location)) return KERNEL_PASS;
  const Value *items = as_tuple(vm, location)->items;
  if (!is_int(items[0]) || !is_int(items[1])) return KERNEL_PASS;
  int64_t at[2] = {int_of(items[0]), int_of(items[1])};
  if (at[0] < 0 || at[0] >= r->h || at[1] < 0 || at[1] >= row_of(vm, r, 0)->len) return KERNEL_DONE;
  Tuple *row = as_tuple(vm, as_tuple(vm, copy)->items[at[0]]);
  if (at[1] >= row->len) return fail(vm, ERR_IndexError);
  row->items[at[1]] = colour ? colour : items[2];
  return KERNEL_DONE;
}

/* Of a set of locations, whose order shows nowhere. */
static FN KernelStatus fill_places(Vm *vm, const RowsView *r, Value locations, Value colour, Value *result) {
  Value copy = copy_rows(vm, r);
  uint32_t w = row_of(vm, r, 0)->len;
  Spans spans = patch_spans(vm, locations);
  for (Span span; copy && spans_next(&spans, &span);) {
    if (!span_clip(&span, r->h, w)) continue;
    Tuple *row = as_tuple(vm, as_tuple(vm, copy)->items[span.row]);
    if (span.to > row->len) return fail(vm, ERR_IndexError);
    for (int64_t j = span.from; j < span.to; j++) row->items[j] = colour;
  }
  return done_if(copy, result);
}

/* Of a container of locations, or of cells if no colour is given. */
static FN DEVICE_NOINLINE KernelStatus fill_rows(Vm *vm, Value grid, Value colour, Value locations, Value *result) {
  RowsView r;
  Iter local;
  Value location, copy = 0;
  if (has_no_shape(vm, grid)) return fail(vm, ERR_TypeError);
  GridView g;
  bool large = large_view(vm, grid, &g);
  if (!large && !rows_view(vm, grid, &r)) return KERNEL_PASS;
  KeyForm form;
  if (colour && key_form(vm, locations, &form) && form == KEYS_PAIRS) {
    if (large) rows_view(vm, grid, &r);
    return fill_places(vm, &r, locations, colour, result);
  }
  Iter *it = iter_begin(vm, locations, &local);
  int more = it ? iter_step(vm, it, &location) : -1;
  if (more > 0 && is_no_place(vm, location, colour)) return fail(vm, ERR_TypeError);
  if (!more && large) return done_if(grid, result);
  if (large) rows_view(vm, grid, &r);
  if (more >= 0 && !(copy = copy_rows(vm, &r))) return KERNEL_FAIL;
  for (; more > 0; more = iter_step(vm, it, &location)) {
    KernelStatus status = fill_at(vm, &r, copy, location, colour);
    if (status != KERNEL_DONE) return status;
  }
  return more < 0 ? KERNEL_FAIL : done_if(copy, result);
}

FN KernelStatus kernel_paint__any(Vm *vm, const Value *args, Value *result) {
  KernelStatus status = kernel_paint(vm, args, result);
  if (status != KERNEL_PASS) return status;
  if (has_no_shape(vm, args[0]) || has_no_cell_first(vm, args[1])) return fail(vm, ERR_ValueError);
  if (!is_tuple(args[1]) && !is_kind(args[1], KIND_FROZENSET)) return KERNEL_PASS;
  return fill_rows(vm, args[0], 0, args[1], result);
}

/* Needs toindices() guarded with default frozenset(): its key says so. */
static FN DEVICE_NOINLINE KernelStatus odd_fill(Vm *vm, const Value *args, bool lenient, Value *result) {
  Value locations = 0;
  KernelStatus status = kernel_fill(vm, args, result);
  if (status != KERNEL_PASS) return status;
  status = lenient ? kernel_toindices__lenient(vm, args + 2, &locations) : kernel_toindices__strict(vm, args + 2, &locations);
  if (status == KERNEL_FAIL && is_limit_error(vm->error)) return KERNEL_FAIL;
  if (status == KERNEL_FAIL) locations = new_set(vm, KIND_FROZENSET);
  if (status == KERNEL_PASS) return KERNEL_PASS;
  return locations ? fill_rows(vm, args[0], args[1], locations, result) : KERNEL_FAIL;
}

FN KernelStatus kernel_fill__strict(Vm *vm, const Value *args, Value *result) { return odd_fill(vm, args, false, result); }
FN KernelStatus kernel_fill__lenient(Vm *vm, const Value *args, Value *result) { return odd_fill(vm, args, true, result); }
