/* odd_patch.c - what the kernels for patches leave, where it comes often: a location, a row or a grid taken for a patch, nothing at all,
 * and cells with marks in place of colours.
 *
 * Each tries the kernel for arguments as expected first. Their keys say that functions are guarded, so that what raises inside
 * is a number, an empty tuple or an empty set. */
#include "objects.h"
#include "rows.h"
#include "unmade.h"

typedef enum {
  PIECE_OTHER, /* left to the source */
  PIECE_EMPTY,
  PIECE_WRONG, /* taking its first item, or each of its items, for a location or cell raises */
  PIECE_ROWS   /* a tuple of them */
} PieceForm;

/* The first item of a container that has one. */
static FN PieceForm first_item(const Vm *vm, Value v, Value *first) {
  uint32_t pos = 0;
  if (is_tuple(v) && !is_unmade(vm, v)) {
    const Tuple *t = as_tuple(vm, v);
    if (t->len) *first = t->items[0];
    return t->len ? PIECE_ROWS : PIECE_EMPTY;
  }
  if (!is_kind(v, KIND_FROZENSET) || as_set(vm, v)->unordered) return PIECE_OTHER;
  if (!as_set(vm, v)->used) return PIECE_EMPTY;
  return !as_set(vm, v)->deferred && set_next(vm, v, &pos, first) && has_no_len(*first) ? PIECE_ROWS : PIECE_OTHER;
}

/* The box of rows that begin with two small ints. */
static FN bool box_of_rows(const Vm *vm, const RowsView *r, Box *b) {
  int64_t at[2];
  for (uint32_t k = 0; k < r->h; k++) {
    const Tuple *row = row_of(vm, r, k);
    if (!are_small_ints(row->items, 2, at)) return false;
    if (!k || at[0] < b->top) b->top = at[0];
    if (!k || at[0] > b->bottom) b->bottom = at[0];
    if (!k || at[1] < b->left) b->left = at[1];
    if (!k || at[1] > b->right) b->right = at[1];
  }
  return true;
}

/* n: the length of items, 0: 3 if the first has that, else 2. */
static FN PieceForm piece_form(const Vm *vm, Value v, uint32_t n, Box *b) {
  RowsView r;
  Value first = 0;
  PieceForm form = first_item(vm, v, &first);
  if (form != PIECE_ROWS) return form;
  if (has_no_len(first)) return PIECE_WRONG;
  if (!rows_view(vm, v, &r)) return PIECE_OTHER;
  uint32_t wanted = n ? n : row_of(vm, &r, 0)->len == 3 ? 3 : 2;
  if (r.shortest != wanted || r.longest != wanted) return PIECE_WRONG;
  return box_of_rows(vm, &r, b) ? PIECE_ROWS : PIECE_OTHER;
}

/* ---- what follows from the bounding box ---- */

static FN int64_t count_of_piece(const Vm *vm, Value v) { return is_tuple(v) ? tuple_head(vm, v)->len : as_set(vm, v)->used; }

/* The lengths of the box: of what is empty 0, and of what raises 0 - 0 + 1. false: the source knows. */
static FN bool odd_lengths(const Vm *vm, Value piece, uint32_t n, int64_t *h, int64_t *w) {
  Box b;
  PieceForm form = piece_form(vm, piece, n, &b);
  if (form == PIECE_OTHER) return false;
  *h = form == PIECE_EMPTY ? 0 : form == PIECE_WRONG ? 1 : b.bottom - b.top + 1;
  *w = form == PIECE_EMPTY ? 0 : form == PIECE_WRONG ? 1 : b.right - b.left + 1;
  return true;
}

/* empty: what there is without locations, or 0: that raises. */
#define SIDE_KERNEL(name, n, side, empty)                                                          \
  FN KernelStatus kernel_##name##__odd(Vm *vm, const Value *args, Value *result) {                 \
    Box b;                                                                                         \
    KernelStatus status = kernel_##name(vm, args, result);                                         \
    if (status != KERNEL_PASS) return status;                                                      \
    PieceForm form = piece_form(vm, args[0], n, &b);                                               \
    if (form == PIECE_OTHER) return KERNEL_PASS;                                                   \
    *result = form == PIECE_ROWS ? v_int(b.side) : form == PIECE_EMPTY ? (empty) : 0;              \
    return *result ? KERNEL_DONE : fail(vm, ERR_TypeError);                                        \
  }

SIDE_KERNEL(uppermost, 0, top, vm->image->nan)
SIDE_KERNEL(uppermost_i, 2, top, vm->image->nan)
SIDE_KERNEL(uppermost_o, 3, top, vm->image->nan)
SIDE_KERNEL(lowermost, 0, bottom, vm->image->nan)
SIDE_KERNEL(lowermost_i, 2, bottom, vm->image->nan)
SIDE_KERNEL(lowermost_o, 3, bottom, vm->image->nan)
SIDE_KERNEL(leftmost, 0, left, vm->image->nan)
SIDE_KERNEL(leftmost_i, 2, left, vm->image->nan)
SIDE_KERNEL(leftmost_o, 3, left, vm->image->nan)
SIDE_KERNEL(rightmost, 0, right, vm->image->nan)
SIDE_KERNEL(rightmost_i, 2, right, 0)
SIDE_KERNEL(rightmost_o, 3, right, 0)

/* made: of h and w. */
#define LENGTHS_KERNEL(name, n, made)                                                              \
  FN KernelStatus kernel_##name##__odd(Vm *vm, const Value *args, Value *result) {                 \
    int64_t h, w;                                                                                  \
    KernelStatus status = kernel_##name(vm, args, result);                                         \
    if (status != KERNEL_PASS || !odd_lengths(vm, args[0], n, &h, &w)) return status;              \
    return done_if(made, result);                                                                  \
  }

LENGTHS_KERNEL(height_f, 0, v_int(h))
LENGTHS_KERNEL(width_f, 0, v_int(w))
LENGTHS_KERNEL(height_i, 2, v_int(h))
LENGTHS_KERNEL(width_i, 2, v_int(w))
LENGTHS_KERNEL(height_o, 3, v_int(h))
LENGTHS_KERNEL(width_o, 3, v_int(w))
LENGTHS_KERNEL(shape_f, 0, pair_of(vm, h, w))
LENGTHS_KERNEL(hline_o, 3, v_bool(h == 1 && w == count_of_piece(vm, args[0])))
LENGTHS_KERNEL(vline_o, 3, v_bool(w == 1 && h == count_of_piece(vm, args[0])))

FN KernelStatus kernel_center__odd(Vm *vm, const Value *args, Value *result) {
  Box b;
  KernelStatus status = kernel_center(vm, args, result);
  if (status != KERNEL_PASS) return status;
  switch (piece_form(vm, args[0], 0, &b)) {
  case PIECE_EMPTY: return done_if(vm->image->empty_tuple, result);
  case PIECE_WRONG: return done_if(pair_of(vm, 0, 0), result);
  case PIECE_ROWS: return done_if(pair_of(vm, b.top + (b.bottom - b.top + 1) / 2, b.left + (b.right - b.left + 1) / 2), result);
  default: return KERNEL_PASS;
  }
}

/* A corner of what has none. */
#define CORNER_KERNEL(name)                                                                        \
  FN KernelStatus kernel_##name##__odd(Vm *vm, const Value *args, Value *result) {                 \
    KernelStatus status = kernel_##name(vm, args, result);                                         \
    Value first = 0;                                                                               \
    if (status != KERNEL_PASS) return status;                                                      \
    PieceForm form = first_item(vm, args[0], &first);                                              \
    return form == PIECE_EMPTY || (form == PIECE_ROWS && has_no_len(first)) ? fail(vm, ERR_TypeError) : KERNEL_PASS; \
  }

CORNER_KERNEL(ulcorner)
CORNER_KERNEL(ulcorner_o)
CORNER_KERNEL(urcorner)
CORNER_KERNEL(urcorner_o)
CORNER_KERNEL(llcorner)
CORNER_KERNEL(llcorner_o)
CORNER_KERNEL(lrcorner)
CORNER_KERNEL(lrcorner_o)

/* ---- moving ---- */

/* frozenset((i + di, j + dj, c) for i, j, c in patch), or without c. */
static FN KernelStatus shifted_rows(Vm *vm, Value patch, int64_t di, int64_t dj, Value *result) {
  RowsView r;
  int64_t at[2];
  rows_view(vm, patch, &r);
  Value set = new_set(vm, KIND_FROZENSET);
  for (uint32_t k = 0; k < r.h && set; k++) {
    const Tuple *row = row_of(vm, &r, k);
    are_small_ints(row->items, 2, at);
    Value moved[] = {v_int(at[0] + di), v_int(at[1] + dj), row->len == 3 ? row->items[2] : 0};
    Value shared = row->len == 2 ? shared_two(vm, moved[0], moved[1]) : shared_cell(vm, moved[0], moved[1], moved[2]);
    if (!add_tuple(vm, set, shared ? shared : tuple_of(vm, moved, row->len))) return KERNEL_FAIL;
  }
  return done_if(set, result);
}

/* Taking it as di, dj raises. */
static FN bool is_no_pair(const Vm *vm, Value v) {
  if (is_tuple(v)) return tuple_head(vm, v)->len != 2;
  return has_no_len(v) || (is_kind(v, KIND_FROZENSET) && as_set(vm, v)->used != 2);
}

FN KernelStatus kernel_shift__odd(Vm *vm, const Value *args, Value *result) {
  Box b;
  int64_t by[2];
  KernelStatus status = kernel_shift(vm, args, result);
  if (status != KERNEL_PASS) return status;
  PieceForm form = piece_form(vm, args[0], 0, &b);
  if (form == PIECE_OTHER) return KERNEL_PASS;
  if (form == PIECE_EMPTY) return done_if(new_set(vm, KIND_FROZENSET), result);
  if (is_empty_tuple(vm, args[1])) return done_if(args[0], result);
  if (form == PIECE_WRONG || is_no_pair(vm, args[1])) return fail(vm, ERR_TypeError);
  return small_ints(vm, args[1], 2, by) ? shifted_rows(vm, args[0], by[0], by[1], result) : KERNEL_PASS;
}

FN KernelStatus kernel_normalize__odd(Vm *vm, const Value *args, Value *result) {
  Box b;
  KernelStatus status = kernel_normalize(vm, args, result);
  if (status != KERNEL_PASS) return status;
  switch (piece_form(vm, args[0], 0, &b)) {
  case PIECE_EMPTY: return done_if(args[0], result);
  case PIECE_WRONG: return fail(vm, ERR_TypeError);
  case PIECE_ROWS: return shifted_rows(vm, args[0], -b.top, -b.left, result);
  default: return KERNEL_PASS;
  }
}

FN KernelStatus kernel_connect__odd(Vm *vm, const Value *args, Value *result) {
  KernelStatus status = kernel_connect(vm, args, result);
  if (status != KERNEL_PASS) return status;
  return is_no_pair(vm, args[0]) || is_no_pair(vm, args[1]) ? fail(vm, ERR_TypeError) : KERNEL_PASS;
}

/* ---- cells with marks ---- */

/* frozenset((i, j) for i, j, c in obj), of a frozenset of tuples. */
FN KernelStatus kernel_toindices_o__any(Vm *vm, const Value *args, Value *result) {
  uint32_t pos = 0;
  Value item;
  KernelStatus status = kernel_toindices_o(vm, args, result);
  if (status != KERNEL_PASS || !is_kind(args[0], KIND_FROZENSET) || as_set(vm, args[0])->unordered) return status;
  Value set = new_set(vm, KIND_FROZENSET);
  while (set && set_next(vm, args[0], &pos, &item)) {
    if (!is_tuple(item)) return has_no_len(item) ? fail(vm, ERR_TypeError) : KERNEL_PASS;
    if (tuple_head(vm, item)->len != 3) return fail(vm, ERR_ValueError);
    const Value *at = as_tuple(vm, item)->items;
    Value shared = shared_two(vm, at[0], at[1]);
    if (!add_tuple(vm, set, shared ? shared : tuple_of(vm, at, 2))) return KERNEL_FAIL;
  }
  return done_if(set, result);
}

/* frozenset((i, j, colour) for i, j in toindices_o(obj)) */
FN KernelStatus kernel_recolor_o__any(Vm *vm, const Value *args, Value *result) {
  Value locations = 0;
  KernelStatus status = kernel_toindices_o__any(vm, args + 1, &locations);
  if (status == KERNEL_FAIL && is_limit_error(vm->error)) return KERNEL_FAIL;
  if (status == KERNEL_FAIL) clear_error(vm), status = done_if(new_set(vm, KIND_FROZENSET), &locations);
  if (status != KERNEL_DONE) return status;
  Value given[] = {args[0], locations};
  return kernel_recolor_i__any(vm, given, result);
}
