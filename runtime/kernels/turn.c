/* turn.c - kernels that mirror, turn, stretch and join grids, of whatever values. */
#include "rows.h"
#include "unmade.h"

enum {
  FACTOR_MAX = 64,
  CELLS_MAX = 1000000,
  FEW_ROWS = 3 /* seen to by one lane before others would have come */
};

FN bool rows_view(const Vm *vm, Value v, RowsView *r) {
  if (!is_tuple(v)) return false;
  const Tuple *t = as_tuple(vm, v);
  r->h = t->len;
  r->rows = t->items;
  r->shortest = t->len ? UINT32_MAX : 0;
  r->longest = 0;
  for (uint32_t i = 0; i < t->len; i++) {
    if (!is_tuple(t->items[i])) return false;
    uint32_t len = tuple_head(vm, t->items[i])->len;
    if (len < r->shortest) r->shortest = len;
    if (len > r->longest) r->longest = len;
  }
  return true;
}

/* ---- mirrors and turns ---- */

/* What is made of a whole grid in the same way as of a row takes room for a plane in any case. */
static FN Value reversed_tuple(Vm *vm, Value v) {
  uint32_t n = tuple_head(vm, v)->len;
  Value made = new_rows(vm, n);
  if (!made) return 0;
  const Value *from = as_tuple(vm, v)->items;
  Value *to = as_tuple(vm, made)->items;
  for (uint32_t k = 0; k < n; k++) to[k] = from[n - 1 - k];
  return made;
}

/* Tuples that are made of those of a grid. */
typedef struct {
  const Vm *vm;
  const Value *rows;
  const Value *lines; /* `n` of them, their items to be filled in */
  uint32_t h, n;
  uint64_t columns;   /* Columns */
  uint64_t backwards; /* rows from the last to the first */
} TurnWork;

LANE_TEXT void reverse_rows_lanes(const Lanes *l, TurnWork *t) {
  for (uint32_t i = l->lane; i < t->h; i += l->n) {
    const Tuple *from = as_tuple(t->vm, t->rows[t->backwards ? t->h - 1 - i : i]);
    Value *to = as_tuple(t->vm, t->lines[i])->items;
    for (uint32_t k = 0; k < from->len; k++) to[k] = from->items[from->len - 1 - k];
  }
}
LANE_WORK(reverse_rows, TurnWork)

/* Every row reversed, and the order of rows if upside_down. */
static FN Value reversed_rows(Vm *vm, const RowsView *r, bool upside_down) {
  Value made = new_rows(vm, r->h);
  for (uint32_t i = 0; i < r->h && made; i++) {
    Value row = new_rows(vm, row_of(vm, r, upside_down ? r->h - 1 - i : i)->len);
    if (!row) return 0;
    as_tuple(vm, made)->items[i] = row;
  }
  if (!made) return 0;
  TurnWork t = {vm, r->rows, as_tuple(vm, made)->items, r->h, r->h, 0, upside_down};
  reverse_rows_by(r->h < FEW_ROWS ? NULL : vm->warp, &t);
  return made;
}

/* Which columns become rows: the first ones from the front, the same from the back, or from each row's own end. */
typedef enum { COLUMNS, COLUMNS_BACK, COLUMNS_FROM_END } Columns;

/* Lane = column, so that lanes read side by side. */
LANE_TEXT void take_columns_lanes(const Lanes *l, TurnWork *t) {
  for (uint32_t j = l->lane; j < t->n; j += l->n) {
    Value *to = as_tuple(t->vm, t->lines[j])->items;
    for (uint32_t i = 0; i < t->h; i++) {
      const Tuple *row = tuple_head(t->vm, t->rows[t->backwards ? t->h - 1 - i : i]);
      to[i] = row->items[t->columns == COLUMNS ? j : (t->columns == COLUMNS_BACK ? t->n : row->len) - 1 - j];
    }
  }
}
LANE_WORK(take_columns, TurnWork)

/* tuple(zip(*rows)) and its like; with bottom_first the last row comes first. */
static FN Value columns_of(Vm *vm, const RowsView *r, bool bottom_first, Columns columns) {
  Value made = new_rows(vm, r->shortest);
  for (uint32_t j = 0; j < r->shortest && made; j++) {
    Value line = new_tuple(vm, r->h);
    if (!line) return 0;
    as_tuple(vm, made)->items[j] = line;
  }
  if (!made) return 0;
  for (uint32_t i = 0; i < r->h; i++) (void)row_of(vm, r, i); /* so that it is made */
  TurnWork t = {vm, r->rows, as_tuple(vm, made)->items, r->h, r->shortest, (uint64_t)columns, bottom_first};
  take_columns_by(r->shortest < FEW_ROWS ? NULL : vm->warp, &t);
  return made;
}

/* turned, from_bottom, from_right: see Turn. */
#define TURN(name, made, ...)                                                                      \
  FN KernelStatus kernel_##name(Vm *vm, const Value *args, Value *result) {                        \
    RowsView r;                                                                                    \
    Turn turn = {__VA_ARGS__};                                                                     \
    KernelStatus status = plane_turned(vm, args[0], turn, result);                                 \
    if (status != KERNEL_PASS) return status;                                                      \
    return rows_view(vm, args[0], &r) ? done_if(made, result) : KERNEL_PASS;                       \
  }

TURN(vmirror_t, reversed_rows(vm, &r, false), false, false, true)
TURN(rot180, reversed_rows(vm, &r, true), false, true, true)
TURN(dmirror_t, columns_of(vm, &r, false, COLUMNS), true, false, false)
TURN(rot90, columns_of(vm, &r, true, COLUMNS), true, false, true)
TURN(rot270, columns_of(vm, &r, false, COLUMNS_BACK), true, true, false)
TURN(cmirror_t, columns_of(vm, &r, true, COLUMNS_FROM_END), true, true, true)

FN KernelStatus kernel_hmirror_t(Vm *vm, const Value *args, Value *result) {
  Turn upside_down = {false, true, false};
  KernelStatus status = plane_turned(vm, args[0], upside_down, result);
  if (status != KERNEL_PASS) return status;
  return is_tuple(args[0]) ? done_if(reversed_tuple(vm, args[0]), result) : KERNEL_PASS;
}

/* ---- other sizes ---- */

/* Each item n times in a row. */
static FN Value stretched(Vm *vm, Value v, uint32_t n) {
  uint32_t len = tuple_head(vm, v)->len;
  Value made = new_rows(vm, len * n);
  if (!made) return 0;
  const Value *from = as_tuple(vm, v)->items;
  Value *to = as_tuple(vm, made)->items;
  for (uint32_t k = 0; k < len; k++)
    for (uint32_t i = 0; i < n; i++) *to++ = from[k];
  return made;
}

static FN Value stretched_rows(Vm *vm, const RowsView *r, uint32_t n) {
  Value made = new_rows(vm, r->h);
  for (uint32_t i = 0; i < r->h && made; i++) {
    Value row = stretched(vm, r->rows[i], n);
    if (!row) return 0;
    as_tuple(vm, made)->items[i] = row;
  }
  return made;
}

/* How often: range(factor). False: no small int. */
static FN bool factor_of(Value v, uint32_t *n) {
  if (!is_int(v) || int_of(v) > FACTOR_MAX) return false;
  *n = int_of(v) < 0 ? 0 : (uint32_t)int_of(v);
  return true;
}

static FN bool may_stretch(const Vm *vm, const Value *args, RowsView *r, uint32_t *n) {
  return rows_view(vm, args[0], r) && factor_of(args[1], n) && (uint64_t)r->h * r->longest * *n * *n <= CELLS_MAX;
}

FN KernelStatus kernel_hupscale(Vm *vm, const Value *args, Value *result) {
  RowsView r;
  uint32_t n;
  KernelStatus status = plane_stretched(vm, args[0], v_int(1), args[1], result);
  if (status != KERNEL_PASS) return status;
  return may_stretch(vm, args, &r, &n) ? done_if(stretched_rows(vm, &r, n), result) : KERNEL_PASS;
}

FN KernelStatus kernel_vupscale(Vm *vm, const Value *args, Value *result) {
  uint32_t n;
  KernelStatus status = plane_stretched(vm, args[0], args[1], v_int(1), result);
  if (status != KERNEL_PASS) return status;
  if (!is_tuple(args[0]) || !factor_of(args[1], &n) || tuple_head(vm, args[0])->len > CELLS_MAX / FACTOR_MAX) return KERNEL_PASS;
  return done_if(stretched(vm, args[0], n), result);
}

FN KernelStatus kernel_upscale_t(Vm *vm, const Value *args, Value *result) {
  RowsView r;
  uint32_t n;
  KernelStatus status = plane_stretched(vm, args[0], args[1], args[1], result);
  if (status != KERNEL_PASS) return status;
  if (!may_stretch(vm, args, &r, &n)) return KERNEL_PASS;
  Value wide = stretched_rows(vm, &r, n);
  return done_if(wide ? stretched(vm, wide, n) : 0, result);
}

/* Every n-th item. */
static FN Value thinned(Vm *vm, const Value *items, uint32_t len, uint32_t n) {
  Value made = new_rows(vm, (len + n - 1) / n);
  for (uint32_t k = 0; k < len && made; k += n) as_tuple(vm, made)->items[k / n] = items[k];
  return made;
}

FN KernelStatus kernel_downscale(Vm *vm, const Value *args, Value *result) {
  RowsView r;
  uint32_t n;
  if (!rows_view(vm, args[0], &r) || !r.shortest || r.shortest != r.longest || !factor_of(args[1], &n) || !n) return KERNEL_PASS;
  Value made = thinned(vm, r.rows, r.h, n);
  for (uint32_t i = 0; made && i < tuple_head(vm, made)->len; i++) {
    Value row = thinned(vm, row_of(vm, &r, i * n)->items, r.longest, n);
    if (!row) return KERNEL_FAIL;
    as_tuple(vm, made)->items[i] = row;
  }
  return done_if(made, result);
}

/* ---- two grids ---- */

FN KernelStatus kernel_hconcat(Vm *vm, const Value *args, Value *result) {
  RowsView a, b;
  KernelStatus status = planes_beside(vm, args[0], args[1], result);
  if (status != KERNEL_PASS) return status;
  if (!rows_view(vm, args[0], &a) || !rows_view(vm, args[1], &b)) return KERNEL_PASS;
  uint32_t h = a.h < b.h ? a.h : b.h;
  Value made = new_rows(vm, h);
  for (uint32_t i = 0; i < h && made; i++) {
    Value row = tuple_concat(vm, a.rows[i], b.rows[i]);
    if (!row) return KERNEL_FAIL;
    as_tuple(vm, made)->items[i] = row;
  }
  return done_if(made, result);
}

FN KernelStatus kernel_vconcat(Vm *vm, const Value *args, Value *result) {
  if (!is_tuple(args[0]) || !is_tuple(args[1])) return KERNEL_PASS;
  KernelStatus status = planes_below(vm, args, 2, result);
  if (status != KERNEL_PASS) return status;
  const Tuple *a = as_tuple(vm, args[0]), *b = as_tuple(vm, args[1]);
  if (!a->len || !b->len) return done_if(a->len ? args[0] : args[1], result);
  Value made = new_rows(vm, a->len + b->len);
  if (!made) return KERNEL_FAIL;
  Value *to = as_tuple(vm, made)->items;
  for (uint32_t i = 0; i < a->len; i++) *to++ = a->items[i];
  for (uint32_t i = 0; i < b->len; i++) *to++ = b->items[i];
  return done_if(made, result);
}
