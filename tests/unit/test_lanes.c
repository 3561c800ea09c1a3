/* Lane work gives what the same text gives on one lane: random calls, first alone, then by the lanes of an emulated warp in
 * an order that a seed decides. The last test sees that no work was left out. */
#include "deferred.h"
#include "host/fibres.h"
#include "kernels/location_set.h"
#include "kernels/objects.h"
#include "memo.h"
#include "values.h"

enum { ROUNDS = 200 };

static uint32_t state;
static bool done[WORK_COUNT]; /* by all lanes, in some test */

static uint32_t below(uint32_t n) {
  state = state * 1664525u + 1013904223u;
  return (state >> 8) % n;
}

/* ---- by a warp ---- */

static Fibres *fibres;
static Warp shared_warp;
static void (*meeting)(Warp *);
static void (*job)(void);

static void start(uint32_t seed) {
  state = seed;
  fibres = fibres_new(1, seed);
  vm->memo = memo_new(vm);
  vm->deferring = true;
  workspace_of(vm);
}
static void end(void) { fibres_free(fibres); }

static void note_work(Warp *warp) {
  if (warp->work < WORK_COUNT) done[warp->work] = true;
  meeting(warp);
}

static Warp *warp_at(void *arg, uint32_t number) {
  (void)arg, (void)number;
  return &shared_warp;
}

static void lane_main(void *arg, uint32_t number, uint32_t lane) {
  (void)arg, (void)number;
  if (lane) {
    warp_serve(&shared_warp, lane);
    return;
  }
  meeting = shared_warp.sync;
  shared_warp.sync = note_work;
  job();
  warp_end(&shared_warp);
}

static void use_warp(Warp *warp) {
  vm->warp = warp;
  workspace_lanes(vm);
}

static void by_warp(void (*what)(void)) {
  job = what;
  use_warp(&shared_warp);
  ck_assert(fibres_run(fibres, 1, warp_at, lane_main, NULL));
  use_warp(NULL);
}

/* ---- values ---- */

static Value random_grid(uint32_t h, uint32_t w, uint32_t colours) {
  Value grid = new_rows(vm, h);
  for (uint32_t i = 0; i < h; i++) {
    Value row = new_tuple(vm, w);
    for (uint32_t j = 0; j < w; j++) as_tuple(vm, row)->items[j] = v_int(below(3) ? 0 : below(colours));
    as_tuple(vm, grid)->items[i] = row;
  }
  return grid;
}

/* The same, of objects of its own, of which nothing is known. */
static Value copy_of(Value v) {
  if (is_kind(v, KIND_FROZENSET) && !as_set(vm, v)->deferred) return set_copy(vm, v, KIND_FROZENSET);
  if (!is_tuple(v)) return v;
  Value copy = as_tuple(vm, v)->canon & CANON_PLANE ? new_rows(vm, as_tuple(vm, v)->len) : new_tuple(vm, as_tuple(vm, v)->len);
  for (uint32_t i = 0; i < as_tuple(vm, v)->len; i++) as_tuple(vm, copy)->items[i] = copy_of(as_tuple(vm, v)->items[i]);
  return copy;
}

static void same(Value a, Value b);

static void same_sets(const Set *s, const Set *t) {
  ck_assert_uint_eq(s->used, t->used);
  ck_assert_uint_eq(s->fill, t->fill);
  ck_assert_uint_eq(s->mask, t->mask);
  for (uint32_t i = 0; i <= s->mask; i++) {
    const SetEntry *a = set_table(vm, s) + i, *b = set_table(vm, t) + i;
    ck_assert_int_eq(a->hash, b->hash);
    if (a->key && a->key != SET_DUMMY) same(a->key, b->key);
    else ck_assert_uint_eq(a->key, b->key);
  }
}

/* In all that a program can see: tables of sets slot for slot. */
static void same(Value a, Value b) {
  ck_assert_int_eq(kind_of(a), kind_of(b));
  if (is_anyset(a)) {
    ck_assert_int_eq(hash_as_frozenset(vm, a), hash_as_frozenset(vm, b));
    same_sets(as_set(vm, a), as_set(vm, b));
  } else if (is_tuple(a)) {
    ck_assert_uint_eq(as_tuple(vm, a)->len, as_tuple(vm, b)->len);
    for (uint32_t i = 0; i < as_tuple(vm, a)->len; i++) same(as_tuple(vm, a)->items[i], as_tuple(vm, b)->items[i]);
  } else {
    ck_assert_uint_eq(a, b);
  }
}

/* ---- tables of numbers ---- */

static NumberSet *set;
static uint16_t *numbers, *listed; /* in memory that lanes see: heap */
static uint32_t count;

static void put_numbers(void) {
  numbers_clear(set, vm->workspace->hashes);
  numbers_add(set, numbers, count / 2);
  numbers_rebuild(set, count * 2);
  numbers_put(set, numbers + count / 2, count - count / 2);
  numbers_list(set, listed);
}

START_TEST(tables_of_numbers) {
  start(1);
  set = &vm->workspace->set;
  numbers = (uint16_t *)calloc(2 * NUMBERS_MAX, sizeof *numbers);
  listed = numbers + NUMBERS_MAX;
  uint16_t wanted[NUMBERS_MAX];
  for (int round = 0; round < ROUNDS; round++) {
    count = 1 + below(below(2) ? 900 : 40);
    for (uint32_t k = 0; k < LOCATIONS; k++) numbers[k] = (uint16_t)k;
    for (uint32_t k = 0; k < count; k++) {
      uint32_t at = k + below(LOCATIONS - k), number = numbers[at];
      numbers[at] = numbers[k];
      numbers[k] = (uint16_t)number;
    }
    put_numbers();
    NumberSet alone = *set;
    for (uint32_t k = 0; k < count; k++) wanted[k] = listed[k];
    by_warp(put_numbers);
    ck_assert_uint_eq(set->used, alone.used);
    ck_assert_uint_eq(set->mask, alone.mask);
    ck_assert_mem_eq(set->taken, alone.taken, (alone.mask / 64 + 1) * sizeof *alone.taken);
    ck_assert_mem_eq(listed, wanted, count * sizeof *wanted);
  }
  free(numbers);
  end();
}
END_TEST

/* ---- sets ---- */

static Value items, made;

static void fill_sets(void) {
  Value a = set_from(vm, KIND_SET, items), b = set_copy(vm, a, KIND_FROZENSET), c = set_from(vm, KIND_FROZENSET, a);
  for (uint32_t k = 0; k < as_tuple(vm, items)->len; k += 3) set_discard(vm, a, as_tuple(vm, items)->items[k]);
  Value d = set_copy(vm, a, KIND_FROZENSET), e = set_binary(vm, OP_BITOR, a, b);
  Value all[] = {a, b, c, d, e, v_int(hash_of(b))};
  made = tuple_of(vm, all, 6);
}

START_TEST(sets_that_grow) {
  start(2);
  for (int round = 0; round < ROUNDS; round++) {
    items = new_tuple(vm, 1 + below(below(2) ? 400 : 30));
    for (uint32_t k = 0; k < as_tuple(vm, items)->len; k++)
      as_tuple(vm, items)->items[k] = below(2) ? v_int(below(2000)) : pair(v_int(below(60)), v_int((int64_t)below(60) - 20));
    fill_sets();
    Value alone = made;
    by_warp(fill_sets);
    same(made, alone);
  }
  end();
}
END_TEST

/* ---- kernels ---- */

static KernelId kernel;
static Value args[4];
static KernelStatus status;

/* With the tables of what came out, and with the hash. */
static void call_kernel(void) {
  made = 0;
  status = kernel_call(vm, kernel, args, &made);
  if (status != KERNEL_DONE || !is_anyset(made)) return;
  hash_as_frozenset(vm, made);
  Value item;
  for (uint32_t pos = 0; set_next(vm, made, &pos, &item);)
    if (is_anyset(item)) set_table(vm, as_set(vm, item));
}

/* Alone, then by the warp, with arguments made anew. */
static Value both_ways(KernelId id) {
  Value given[4];
  for (int k = 0; k < 4; k++) given[k] = copy_of(args[k]);
  kernel = id;
  call_kernel();
  KernelStatus wanted = status;
  Value alone = made;
  for (int k = 0; k < 4; k++) args[k] = given[k];
  by_warp(call_kernel);
  ck_assert_int_eq(status, wanted);
  if (status == KERNEL_DONE) same(made, alone);
  return status == KERNEL_DONE ? made : 0;
}

/* Some set of locations or cells of the grid. */
static Value random_patch(Value grid) {
  Value patch = 0, by[3] = {grid, v_int(below(3)), 0};
  ck_assert_int_eq(kernel_call(vm, below(2) ? KERNEL_f_ofcolor : KERNEL_asobject, by, &patch), KERNEL_DONE);
  if (below(3)) {
    by[0] = patch;
    by[1] = pair(v_int((int64_t)below(5) - 2), v_int((int64_t)below(5) - 2));
    ck_assert_int_eq(kernel_call(vm, KERNEL_shift, by, &patch), KERNEL_DONE);
  }
  return below(4) ? patch : set_copy(vm, patch, KIND_FROZENSET);
}

static Value grid_of_any_size(void) {
  uint32_t most = below(6) ? 30 : 45;
  return random_grid(1 + below(most), 1 + below(most), below(5) ? 4 : 14);
}

START_TEST(kernels_of_a_grid) {
  static const KernelId ids[] = {KERNEL_asindices, KERNEL_asobject, KERNEL_p_g, KERNEL_palette_t, KERNEL_mostcolor_t, KERNEL_rot90,
                                 KERNEL_rot180, KERNEL_rot270, KERNEL_dmirror_t, KERNEL_cmirror_t, KERNEL_vmirror_t, KERNEL_hmirror_t,
                                 KERNEL_partition, KERNEL_fgpartition};
  start(3);
  for (int round = 0; round < ROUNDS; round++) {
    args[0] = grid_of_any_size();
    args[1] = args[2] = args[3] = 0;
    both_ways(ids[below(sizeof ids / sizeof *ids)]);
  }
  end();
}
END_TEST

START_TEST(objects_of_grids) {
  start(4);
  for (int round = 0; round < ROUNDS; round++) {
    args[0] = grid_of_any_size();
    for (int k = 1; k < 4; k++) args[k] = v_bool(below(2));
    both_ways(below(3) ? KERNEL_objects : KERNEL_objects_t);
  }
  end();
}
END_TEST

START_TEST(two_grids) {
  start(5);
  for (int round = 0; round < ROUNDS; round++) {
    args[0] = grid_of_any_size();
    args[1] = below(5) ? grid_of_any_size() : V_NONE;
    args[2] = v_int(below(10));
    args[3] = 0;
    both_ways(KERNEL_cellwise);
  }
  end();
}
END_TEST

START_TEST(painting) {
  start(6);
  for (int round = 0; round < ROUNDS; round++) {
    Value grid = grid_of_any_size(), patch = random_patch(grid);
    KernelId id = below(3) == 0 ? KERNEL_paint : below(2) ? KERNEL_fill : KERNEL_underfill;
    args[0] = grid;
    args[1] = id == KERNEL_paint ? patch : below(9) ? v_int(below(10)) : V_NONE;
    args[2] = patch;
    args[3] = 0;
    both_ways(id);
  }
  end();
}
END_TEST

START_TEST(sets_of_cells) {
  static const KernelId ids[] = {KERNEL_toindices, KERNEL_normalize, KERNEL_shift, KERNEL_backdrop, KERNEL_delta, KERNEL_box, KERNEL_difference};
  start(7);
  for (int round = 0; round < ROUNDS; round++) {
    Value grid = grid_of_any_size();
    args[0] = random_patch(grid);
    KernelId id = ids[below(sizeof ids / sizeof *ids)];
    args[1] = id == KERNEL_difference ? random_patch(grid) : pair(v_int(below(4)), v_int(below(4)));
    args[2] = args[3] = 0;
    both_ways(id);
  }
  end();
}
END_TEST

START_TEST(all_work_was_done) {
#define NAME_OF_WORK(name) #name,
  static const char *const names[] = {"end", ALL_LANE_WORK(NAME_OF_WORK)};
  for (int k = 1; k < WORK_COUNT; k++) ck_assert_msg(done[k], "no test comes to %s", names[k]);
}
END_TEST

int main(void) {
  const TTest *tests[] = {tables_of_numbers, sets_that_grow, kernels_of_a_grid, objects_of_grids, two_grids, painting, sets_of_cells,
                          all_work_was_done};
  return RUN("lanes", tests);
}
