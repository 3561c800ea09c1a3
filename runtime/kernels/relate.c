/* relate.c - kernels that tell how patches lie: in a line, at a border, beside one another. */
#include "nested.h"
#include "rows.h"

#define KERNEL(name) FN KernelStatus kernel_##name(Vm *vm, const Value *args, Value *result)

static FN KernelStatus done_test(bool test, Value *result) { return done_if(v_bool(test), result); }

/* ---- one patch ---- */

/* As wide as it has members, or as high, and one the other way. */
static FN KernelStatus is_line(const Vm *vm, Value patch, const Box *b, bool down, Value *result) {
  int64_t height = b->bottom - b->top + 1, width = b->right - b->left + 1;
  return done_test((down ? height : width) == (int64_t)as_set(vm, patch)->used && (down ? width : height) == 1, result);
}

static FN KernelStatus is_nested_line(Vm *vm, Value patch, bool down, Value *result) {
  Box b;
  return nested_box(vm, patch, &b) ? is_line(vm, patch, &b, down, result) : KERNEL_PASS;
}

KERNEL(hline__nested) { return is_nested_line(vm, args[0], false, result); }
KERNEL(vline__nested) { return is_nested_line(vm, args[0], true, result); }

/* Of tuples so long. */
static FN KernelStatus is_line_of(Vm *vm, Value patch, uint32_t len, bool down, Value *result) {
  Box b;
  return is_kind(patch, KIND_FROZENSET) && patch_box(vm, patch, len, &b) ? is_line(vm, patch, &b, down, result) : KERNEL_PASS;
}

KERNEL(hline_i) { return is_line_of(vm, args[0], 2, false, result); }
KERNEL(vline_i) { return is_line_of(vm, args[0], 2, true, result); }
KERNEL(hline_o) { return is_line_of(vm, args[0], 3, false, result); }
KERNEL(vline_o) { return is_line_of(vm, args[0], 3, true, result); }

static FN KernelStatus at_border(const Vm *vm, Value grid, const Box *b, Value *result) {
  GridView g;
  if (!plane_view(vm, grid, &g)) return KERNEL_PASS;
  return done_test(!b->top || !b->left || b->bottom == (int64_t)g.h - 1 || b->right == (int64_t)g.w - 1, result);
}

KERNEL(bordering) {
  Box b;
  return patch_box(vm, args[0], 0, &b) ? at_border(vm, args[1], &b, result) : KERNEL_PASS;
}

KERNEL(bordering__nested) {
  Box b;
  return nested_box(vm, args[0], &b) ? at_border(vm, args[1], &b, result) : KERNEL_PASS;
}

/* ---- two patches ---- */

static FN KernelStatus is_one(KernelStatus status, Value *result) { return status == KERNEL_DONE ? done_test(*result == v_int(1), result) : status; }

/* Where manhattan() raises its guard gives 0: its key says so. */
KERNEL(adjacent) {
  KernelStatus status = kernel_manhattan(vm, args, result);
  if (status != KERNEL_FAIL || is_limit_error(vm->error)) return is_one(status, result);
  clear_error(vm);
  return done_test(false, result);
}
KERNEL(adjacent__nested) { return is_one(kernel_manhattan__nested(vm, args, result), result); }

enum { LINES_FROM = -16, LINES = 64 };

/* Bits of the rows of a patch that is not empty, or of its columns; false: it is none, of other cells, or one is not among so many. */
static FN bool lines_of(Vm *vm, Value patch, KeyForm cells, bool columns, uint64_t *lines) {
  KeyForm form;
  if (!key_form(vm, patch, &form) || (form != KEYS_PAIRS && form != cells)) return false;
  *lines = 0;
  Spans spans = place_spans(vm, patch);
  for (Span span; spans_next(&spans, &span);) {
    uint64_t first = (uint64_t)((columns ? span.from : span.row) - LINES_FROM), n = columns ? (uint64_t)(span.to - span.from) : 1;
    if (first >= LINES || n > LINES - first) return false;
    *lines |= ~(uint64_t)0 >> (LINES - n) << first;
  }
  return true;
}

static FN KernelStatus have_common(Vm *vm, const Value *args, KeyForm cells, bool columns, Value *result) {
  uint64_t a, b;
  bool known = lines_of(vm, args[0], cells, columns, &a) && lines_of(vm, args[1], cells, columns, &b);
  return known ? done_test((a & b) != 0, result) : KERNEL_PASS;
}

/* The same, and nothing at all has nothing in common with a patch: their keys say that toindices() is guarded. */
static FN KernelStatus match(Vm *vm, const Value *args, bool columns, Value *result) {
  KernelStatus status = have_common(vm, args, KEYS_CELLS, columns, result);
  uint32_t n, nothing = 0, known = 0;
  for (int k = 0; k < 2 && status == KERNEL_PASS; k++) {
    bool none = has_no_items(vm, args[k]);
    nothing += none;
    known += none || (is_kind(args[k], KIND_FROZENSET) && is_cells(vm, args[k], &n));
  }
  return nothing && known == 2 ? done_test(false, result) : status;
}

KERNEL(hmatching) { return match(vm, args, false, result); }
KERNEL(vmatching) { return match(vm, args, true, result); }
KERNEL(hmatching__nested) { return have_common(vm, args, KEYS_NESTED, false, result); }
KERNEL(vmatching__nested) { return have_common(vm, args, KEYS_NESTED, true, result); }

/* ---- lines ---- */

enum { SHOT = 42 };

/* connect(start, start + 42 direction) */
KERNEL(shoot) {
  int64_t at[2], step[2];
  if (!small_ints(vm, args[0], 2, at) || !small_ints(vm, args[1], 2, step)) return KERNEL_PASS;
  Value ends[] = {args[0], pair_of(vm, at[0] + SHOT * step[0], at[1] + SHOT * step[1])};
  return ends[1] ? kernel_connect(vm, ends, result) : KERNEL_FAIL;
}
