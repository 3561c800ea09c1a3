/* location.c - kernels about single locations: index, neighbours. */
#include "unmade.h"

/* Of an unmade grid. */
static FN Value cell_of_plane(Vm *vm, Value grid, const int64_t *at) {
  GridView g;
  plane_view(vm, grid, &g);
  if (at[0] < 0 || at[0] >= g.h || at[1] < 0 || at[1] >= g.w) return minus_infinity(vm);
  return plane_value(g.plane[at[0] * g.w + at[1]]);
}

/* grid[i][j], minus infinity outside; () as location too. */
FN KernelStatus kernel_index(Vm *vm, const Value *args, Value *result) {
  int64_t at[2];
  if (!small_ints(vm, args[1], 2, at)) return KERNEL_PASS;
  if (!is_tuple(args[0])) {
    /* len() of what has none, items of sets; other containers go to the source */
    bool none = args[0] == V_NONE || is_intlike(args[0]) || is_anyset(args[0]);
    return none ? fail(vm, ERR_TypeError) : KERNEL_PASS;
  }
  if (is_unmade(vm, args[0])) return done_if(cell_of_plane(vm, args[0], at), result);
  const Tuple *grid = as_tuple(vm, args[0]);
  if (!grid->len) return fail(vm, ERR_IndexError); /* grid[0] */
  if (!is_tuple(grid->items[0])) return KERNEL_PASS;
  int64_t h = grid->len, w = tuple_head(vm, grid->items[0])->len;
  if (at[0] < 0 || at[0] >= h || at[1] < 0 || at[1] >= w) return done_if(minus_infinity(vm), result);
  if (!is_tuple(grid->items[at[0]])) return KERNEL_PASS;
  Value row = grid->items[at[0]];
  if (at[1] >= tuple_head(vm, row)->len) return fail(vm, ERR_IndexError);
  return done_if(row_item(vm, row, (uint64_t)at[1]), result);
}

/* A frozenset of four locations added in the given order. */
static FN Value four(Vm *vm, const int64_t *at, const int8_t (*d)[2]) {
  Value set = new_set(vm, KIND_FROZENSET);
  for (int k = 0; k < 4 && set; k++)
    if (!add_tuple(vm, set, pair_of(vm, at[0] + d[k][0], at[1] + d[k][1]))) return 0;
  return set;
}

static FN Value straight(Vm *vm, const int64_t *at) {
  static const int8_t d[4][2] = {{-1, 0}, {1, 0}, {0, -1}, {0, 1}};
  return four(vm, at, d);
}

static FN Value diagonal(Vm *vm, const int64_t *at) {
  static const int8_t d[4][2] = {{-1, -1}, {-1, 1}, {1, -1}, {1, 1}};
  return four(vm, at, d);
}

FN KernelStatus kernel_dneighbors(Vm *vm, const Value *args, Value *result) {
  int64_t at[2];
  return small_ints(vm, args[0], 2, at) ? done_if(straight(vm, at), result) : KERNEL_PASS;
}

FN KernelStatus kernel_ineighbors(Vm *vm, const Value *args, Value *result) {
  int64_t at[2];
  bool more = is_tuple(args[0]) && !is_unmade(vm, args[0]) && tuple_head(vm, args[0])->len > 2; /* the source takes the first two */
  bool small = more ? are_small_ints(as_tuple(vm, args[0])->items, 2, at) : small_ints(vm, args[0], 2, at);
  return small ? done_if(diagonal(vm, at), result) : KERNEL_PASS;
}

FN KernelStatus kernel_neighbors(Vm *vm, const Value *args, Value *result) {
  int64_t at[2];
  if (!small_ints(vm, args[0], 2, at)) return KERNEL_PASS;
  Value a = straight(vm, at), b = a ? diagonal(vm, at) : 0;
  return done_if(b ? set_binary(vm, OP_BITOR, a, b) : 0, result);
}
