/* odd_partition.c - partition() of what is no grid of colours: rows of any lengths and of any values, or cells taken for rows.
 *
 * Their keys say that palette_t() and mostcolor_t() are guarded. */
#include "objects.h"
#include "rows.h"
#include "unmade.h"

/* The items of a tuple or frozenset as a tuple; 0 without an error: it is neither, or its order depends on addresses. */
static FN Value listed_items(Vm *vm, Value v) {
  if (is_tuple(v)) return is_unmade(vm, v) ? 0 : v;
  if (!is_kind(v, KIND_FROZENSET) || as_set(vm, v)->unordered) return 0;
  Value list = list_from(vm, v);
  return list ? list_to_tuple(vm, list) : 0;
}

/* Rows that are tuples. PASS: the source knows. */
static FN KernelStatus listed_rows(Vm *vm, Value grid, Value *rows) {
  Value items = listed_items(vm, grid);
  if (!items) return is_limit_error(vm->error) ? KERNEL_FAIL : KERNEL_PASS;
  uint32_t n = as_tuple(vm, items)->len;
  *rows = new_tuple(vm, n);
  for (uint32_t i = 0; i < n && *rows; i++) {
    Value row = listed_items(vm, as_tuple(vm, items)->items[i]);
    if (!row) return is_limit_error(vm->error) ? KERNEL_FAIL : KERNEL_PASS;
    as_tuple(vm, *rows)->items[i] = row;
  }
  return *rows ? KERNEL_DONE : KERNEL_FAIL;
}

/* frozenset((i, j, value) for i, row in enumerate(rows) for j, value in enumerate(row) if value == colour) */
static FN Value cells_equal(Vm *vm, const RowsView *r, Value colour) {
  Value set = new_set(vm, KIND_FROZENSET);
  for (uint32_t i = 0; i < r->h && set; i++) {
    const Tuple *row = row_of(vm, r, i);
    for (uint32_t j = 0; j < row->len; j++) {
      int same = equal_values(vm, row->items[j], colour);
      if (!same) continue;
      Value cell[] = {v_int(i), v_int(j), row->items[j]};
      Value shared = shared_cell(vm, cell[0], cell[1], cell[2]);
      if (same < 0 || !add_tuple(vm, set, shared ? shared : tuple_of(vm, cell, 3))) return 0;
    }
  }
  return set;
}

/* frozenset(value for row in rows for value in row) */
static FN Value values_of(Vm *vm, const RowsView *r) {
  Value set = new_set(vm, KIND_FROZENSET), last = 0;
  for (uint32_t i = 0; i < r->h && set; i++) {
    const Tuple *row = row_of(vm, r, i);
    for (uint32_t j = 0; j < row->len; j++) {
      if (row->items[j] != last && !set_add(vm, set, row->items[j])) return 0;
      last = row->items[j];
    }
  }
  return set;
}

/* What a guard around a function whose value is `v`, 0 where it raised, gives. */
static FN Value guarded(Vm *vm, Value v, Value otherwise) {
  if (v || is_limit_error(vm->error)) return v;
  clear_error(vm);
  return otherwise;
}

static FN KernelStatus partition_rows(Vm *vm, Value grid, bool without_most, Value *result) {
  RowsView r;
  Value rows = 0, colour, most = 0;
  KernelStatus status = listed_rows(vm, grid, &rows);
  if (status != KERNEL_DONE) return status;
  if (!rows_view(vm, rows, &r)) return KERNEL_PASS;
  Value colours = guarded(vm, values_of(vm, &r), vm->image->empty_frozenset);
  if (colours && without_most) {
    status = kernel_mostcolor_t__rows(vm, &rows, &most);
    if (status == KERNEL_PASS) return status;
    most = guarded(vm, status == KERNEL_DONE ? most : 0, v_int(0));
    Value one = most ? new_set(vm, KIND_SET) : 0;
    colours = one && set_add(vm, one, most) ? set_binary(vm, OP_SUB, colours, one) : 0;
  }
  Value parts = colours ? new_set(vm, KIND_FROZENSET) : 0;
  for (uint32_t pos = 0; parts && set_next(vm, colours, &pos, &colour);) {
    Value cells = cells_equal(vm, &r, colour);
    if (!cells || !set_add(vm, parts, cells)) return KERNEL_FAIL;
  }
  return done_if(parts, result);
}

FN KernelStatus kernel_partition__rows(Vm *vm, const Value *args, Value *result) {
  KernelStatus status = kernel_partition(vm, args, result);
  return status == KERNEL_PASS ? partition_rows(vm, args[0], false, result) : status;
}

FN KernelStatus kernel_fgpartition__rows(Vm *vm, const Value *args, Value *result) {
  KernelStatus status = kernel_fgpartition(vm, args, result);
  return status == KERNEL_PASS ? partition_rows(vm, args[0], true, result) : status;
}
