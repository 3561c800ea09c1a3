/* A deferred set has the table, hash and order that the same operations give at once; tests/kernels.py compares with
 * CPython. */
#include "deferred.h"
#include "kernels/location_set.h"
#include "kernels/objects.h"
#include "memo.h"
#include "values.h"

enum { ROUNDS = 500 };

static Memo *memo;
static uint32_t state;

static uint32_t below(uint32_t n) {
  state = state * 1664525u + 1013904223u;
  return (state >> 8) % n;
}

static void sharing(bool on) {
  vm->memo = on ? memo : NULL;
  vm->deferring = on;
}

static void start(uint32_t seed) {
  memo = memo_new(vm);
  ck_assert_ptr_nonnull(memo);
  workspace_of(vm);
  state = seed;
}

/* The machine frees it. */
static void end(void) { sharing(true); }

static Value random_grid(uint32_t h, uint32_t w, uint32_t colours) {
  Value grid = new_tuple(vm, h);
  for (uint32_t i = 0; i < h; i++) {
    Value row = new_tuple(vm, w);
    for (uint32_t j = 0; j < w; j++) as_tuple(vm, row)->items[j] = v_int(below(3) ? 0 : below(colours));
    as_tuple(vm, grid)->items[i] = row;
  }
  return grid;
}

static Value kernel(KernelId id, const Value *args) {
  Value result = 0;
  ck_assert_int_eq(kernel_call(vm, id, args, &result), KERNEL_DONE);
  return result;
}

/* The same with values not shared, so that no set is deferred. */
static Value at_once(KernelId id, const Value *args) {
  sharing(false);
  Value result = kernel(id, args);
  sharing(true);
  return result;
}

static void same_table(Value a, Value b) {
  const Set *s = as_set(vm, a), *t = as_set(vm, b);
  ck_assert_uint_eq(s->used, t->used);
  ck_assert_uint_eq(s->mask, t->mask);
  ck_assert_uint_eq(s->fill, t->fill);
  for (uint32_t i = 0; i <= s->mask; i++) {
    ck_assert_int_eq(set_table(vm, s)[i].hash, set_table(vm, t)[i].hash);
    if (s->used && set_table(vm, s)[i].key) ck_assert_int_eq(value_eq(vm, set_table(vm, s)[i].key, set_table(vm, t)[i].key), 1);
  }
}

/* Hash and equality first: they must not need the table. */
static void same_set(Value deferred, Value made) {
  ck_assert_int_eq(hash_as_frozenset(vm, deferred), hash_as_frozenset(vm, made));
  ck_assert_int_eq(set_equal(vm, deferred, made), 1);
  same_table(deferred, made);
}

START_TEST(locations_of_a_colour) {
  start(1);
  for (int k = 0; k < ROUNDS; k++) {
    Value args[] = {random_grid(1 + below(40), 1 + below(40), 3), v_int(below(3))};
    sharing(true);
    Value deferred = kernel(KERNEL_f_ofcolor, args);
    if (as_set(vm, deferred)->used) ck_assert_uint_eq(as_set(vm, deferred)->table, 0);
    same_set(deferred, at_once(KERNEL_f_ofcolor, args));
  }
  end();
}
END_TEST

/* Each object of one frozenset has its equal in the other, with the same table, and they come in the same order. */
static void same_objects(Value deferred, Value made) {
  uint32_t p = 0, q = 0;
  Value a, b;
  ck_assert_uint_eq(as_set(vm, deferred)->used, as_set(vm, made)->used);
  while (set_next(vm, deferred, &p, &a)) {
    ck_assert(set_next(vm, made, &q, &b));
    same_set(a, b);
  }
}

START_TEST(objects_of_grids) {
  start(2);
  for (int k = 0; k < ROUNDS; k++) {
    Value args[] = {random_grid(1 + below(36), 1 + below(36), 4), v_bool(below(2)), v_bool(below(2)), v_bool(below(2))};
    sharing(true);
    Value deferred = kernel(KERNEL_objects, args);
    same_objects(deferred, at_once(KERNEL_objects, args));
  }
  end();
}
END_TEST

/* Grids beyond those whose order of locations is kept: few objects, so that none of them hangs on another. */
START_TEST(objects_of_the_largest) {
  start(7);
  for (int k = 0; k < 12; k++) {
    uint32_t h = 120 + below(60), w = 140 + below(60), cells = 3 + below(60);
    Value grid = random_grid(h, w, 1), args[] = {grid, v_bool(below(2)), v_bool(below(2)), V_TRUE};
    for (uint32_t n = 0; n < cells; n++) {
      Value row = as_tuple(vm, grid)->items[below(h)];
      for (uint32_t j = below(w), end = j + 1 + below(9); j < end && j < w; j++) as_tuple(vm, row)->items[j] = v_int(1 + below(3));
    }
    sharing(true);
    Value deferred = kernel(KERNEL_objects, args);
    same_objects(deferred, at_once(KERNEL_objects, args));
  }
  end();
}
END_TEST

/* Made apart, its table is the same; it has none afterwards. */
static void same_apart(Value deferred, Value made) {
  Room *room = room_new(vm, 32 << 20);
  ck_assert(deferred_make_in(vm, as_set(vm, deferred), offset_of(vm, room)));
  same_table(deferred, made);
  as_set(vm, deferred)->table = 0;
  same_set(deferred, made);
}

/* Tables of any size, near the sizes at which they grow too: all locations of a colour, then cells, then moved. */
START_TEST(wide_tables) {
  start(9);
  for (int k = 0; k < 25; k++) {
    uint32_t mark = vm_mark(vm), w = k < 24 ? 35 + below(20) : 240, full = (64u << below(6)) * 3 / 5;
    uint32_t h = k == 24 ? 220 : k % 2 ? full / w + 1 : 1 + below(40);
    Value args[] = {random_grid(h, w, 1), v_int(0)}, colour[] = {v_int(3), 0}, by[] = {0, 0};
    Value shift[] = {v_int((int64_t)below(50) - 25), v_int((int64_t)below(50) - 25)};
    by[1] = tuple_of(vm, shift, 2);
    for (uint32_t n = 0; n < below(20) && k % 3; n++) as_tuple(vm, as_tuple(vm, args[0])->items[below(h)])->items[below(w)] = v_int(1);
    sharing(true);
    Value deferred = kernel(KERNEL_f_ofcolor, args), made = at_once(KERNEL_f_ofcolor, args);
    sharing(true);
    colour[1] = deferred;
    Value cells = kernel(KERNEL_recolor_i, colour);
    colour[1] = made;
    Value cells_made = at_once(KERNEL_recolor_i, colour);
    sharing(true);
    by[0] = cells;
    Value moved = kernel(KERNEL_shift, by);
    by[0] = cells_made;
    same_apart(moved, at_once(KERNEL_shift, by));
    same_apart(cells, cells_made);
    if (!as_set(vm, deferred)->table) same_apart(deferred, made);
    same_set(deferred, made);
    vm_reset(vm, mark);
  }
  end();
}
END_TEST

/* Some set of cells or locations that is deferred, and one made at once by the same steps. */
static void random_sets(Value *deferred, Value *made) {
  uint32_t most = below(3) ? 20 : 70;
  Value grid = random_grid(2 + below(most), 2 + below(most), below(5) ? 4 : 14), args[] = {grid, v_int(below(3))};
  KernelId id = below(2) ? KERNEL_f_ofcolor : KERNEL_asobject;
  sharing(true);
  *deferred = kernel(id, args);
  *made = at_once(id, args);
  for (uint32_t n = below(5); n; n--) {
    Value far = below(6) ? 0 : 40;
    Value by[] = {0, pair(v_int((int64_t)(below(5) + far) - 2), v_int((int64_t)below(5) - 2 - (int64_t)far))};
    static const KernelId steps[] = {KERNEL_shift, KERNEL_shift, KERNEL_toindices, KERNEL_normalize, KERNEL_backdrop, KERNEL_delta,
                                     KERNEL_box, KERNEL_inbox, KERNEL_outbox, KERNEL_toobject, KERNEL_recolor_i};
    id = steps[below(sizeof steps / sizeof *steps)];
    if (id == KERNEL_toobject) by[1] = grid;
    uint32_t at = id == KERNEL_recolor_i;
    if (at && (!as_set(vm, *made)->used || deferred_of(vm, *deferred) == NULL || !deferred_is_locations(deferred_of(vm, *deferred)))) continue;
    if (!as_set(vm, *made)->used && id != KERNEL_shift && id != KERNEL_toindices) continue;
    if (at) by[0] = v_int(below(5));
    by[at] = *deferred;
    *deferred = kernel(id, by);
    by[at] = *made;
    *made = at_once(id, by);
  }
}

/* The corners of the box, the colour, a grid painted with it: what is known without the table. */
START_TEST(looked_at_without_order) {
  start(6);
  for (int k = 0; k < ROUNDS; k++) {
    Value deferred, made, grid = random_grid(1 + below(50), 1 + below(50), 4);
    random_sets(&deferred, &made);
    if (!as_set(vm, made)->used) continue;
    static const KernelId looks[] = {KERNEL_ulcorner, KERNEL_lrcorner, KERNEL_height_f, KERNEL_width_f};
    for (uint32_t i = 0; i < sizeof looks / sizeof *looks; i++)
      ck_assert_int_eq(value_eq(vm, kernel(looks[i], &deferred), at_once(looks[i], &made)), 1);
    bool cells = !deferred_of(vm, deferred) || !deferred_is_locations(deferred_of(vm, deferred));
    Value a[] = {grid, cells ? deferred : v_int(3), deferred}, b[] = {grid, cells ? made : v_int(3), made};
    if (cells && !deferred_of(vm, deferred)) continue;
    KernelId id = cells ? KERNEL_paint : below(2) ? KERNEL_fill : KERNEL_underfill;
    ck_assert_int_eq(value_eq(vm, kernel(id, a), at_once(id, b)), 1);
    if (cells) ck_assert_int_eq(value_eq(vm, kernel(KERNEL_color, &deferred), at_once(KERNEL_color, &made)), 1);
    same_set(deferred, made);
  }
  end();
}
END_TEST

START_TEST(moved_and_stripped) {
  start(3);
  for (int k = 0; k < ROUNDS; k++) {
    Value deferred, made;
    random_sets(&deferred, &made);
    same_set(deferred, made);
  }
  end();
}
END_TEST

START_TEST(unions) {
  start(4);
  for (int k = 0; k < ROUNDS; k++) {
    Value a[2], b[2];
    random_sets(&a[0], &b[0]);
    random_sets(&a[1], &b[1]);
    sharing(true);
    Value united = set_union(vm, a[0], &a[1], 1), merged_of = set_from(vm, KIND_FROZENSET, pair(a[0], a[1]));
    Value merged = kernel(KERNEL_merge, &merged_of);
    sharing(false);
    same_table(united, set_union(vm, b[0], &b[1], 1));
    Value made_of = set_from(vm, KIND_FROZENSET, pair(b[0], b[1]));
    same_table(merged, at_once(KERNEL_merge, &made_of));
  }
  end();
}
END_TEST

/* Sets of cells of a random grid's locations, each in a colour: deferred, and made at once. Of many, most add nothing; moved, they are wide. */
enum { MOST_LAYERS = 40 };
static void random_layers(bool moved, Value *deferred, Value *made) {
  uint32_t n = 2 + below(below(2) ? 3 : MOST_LAYERS - 1), side = moved ? 8 : 14;
  Value grid = random_grid(1 + below(side), 1 + below(side), 3), layers[2][MOST_LAYERS], by[2];
  for (uint32_t k = 0; k < n; k++) {
    Value full = random_grid(1 + below(side), 1 + below(side), 1), of[] = {below(3) ? full : grid, v_int(below(3) ? 0 : 1)};
    Value colour = v_int(below(6) ? 0 : below(3)), to = pair(v_int((int64_t)below(9) - 4), v_int((int64_t)below(4) - 3));
    by[0] = kernel(KERNEL_f_ofcolor, of);
    Value given[] = {colour, by[0]}, given_made[] = {colour, at_once(KERNEL_f_ofcolor, of)};
    layers[0][k] = kernel(KERNEL_recolor_i, given);
    layers[1][k] = at_once(KERNEL_recolor_i, given_made);
    if (!moved) continue;
    Value shift[] = {layers[0][k], to}, shift_made[] = {layers[1][k], to};
    layers[0][k] = kernel(KERNEL_shift, shift);
    layers[1][k] = at_once(KERNEL_shift, shift_made);
  }
  *deferred = set_from(vm, KIND_FROZENSET, tuple_of(vm, layers[0], n));
  sharing(false);
  *made = set_from(vm, KIND_FROZENSET, tuple_of(vm, layers[1], n));
  sharing(true);
}

static void differ_in_colour_only(bool moved) {
  uint32_t twins = 0, less = 0;
  for (int k = 0; k < ROUNDS; k++) {
    Value of[2];
    random_layers(moved, &of[0], &of[1]);
    Value merged = kernel(KERNEL_merge, &of[0]), made = at_once(KERNEL_merge, &of[1]);
    const Deferred *d = deferred_places_of(vm, merged);
    twins += d && d->kind == DEFER_TWINS && !d->wide == !moved;
    less += d && d->source != of[0];
    Value places = kernel(KERNEL_toindices, &merged), given[] = {v_int(below(10)), merged}, given_made[] = {given[0], made};
    if (below(2)) same_set(merged, made);
    same_set(places, at_once(KERNEL_toindices, &made));
    if (as_set(vm, made)->used) same_set(kernel(KERNEL_recolor_o, given), at_once(KERNEL_recolor_o, given_made));
    same_set(merged, made);
  }
  ck_assert_uint_gt(twins, ROUNDS / 10);
  ck_assert_uint_gt(less, ROUNDS / 20);
}

START_TEST(cells_that_differ_in_colour_only) {
  start(8);
  differ_in_colour_only(false);
  differ_in_colour_only(true);
  end();
}
END_TEST

START_TEST(equal_sets_of_other_recipes) {
  start(5);
  Value grid = random_grid(12, 12, 2), args[] = {grid, v_int(1)}, by[] = {0, pair(v_int(3), v_int(2))};
  sharing(true);
  Value a = kernel(KERNEL_f_ofcolor, args);
  by[0] = a;
  Value moved = kernel(KERNEL_shift, by);
  by[0] = moved;
  by[1] = pair(v_int(-3), v_int(-2));
  Value back = kernel(KERNEL_shift, by);
  ck_assert_int_eq(set_equal(vm, a, back), 1);
  ck_assert_int_eq(set_equal(vm, a, moved), 0);
  ck_assert_uint_eq(as_set(vm, a)->table, 0);
  ck_assert_uint_eq(as_set(vm, back)->table, 0);
  end();
}
END_TEST

START_TEST(rooms_are_dropped_with_what_they_belong_to) {
  uint32_t top = vm->rooms_top, mark = vm_mark(vm);
  ck_assert_ptr_nonnull(room_new(vm, 1000));
  uint32_t inner = vm_mark(vm);
  const Room *room = room_new(vm, 8000);
  ck_assert_uint_eq(room->end - room->start, 1000);
  ck_assert_uint_eq(vm->rooms_top, top - 125 - 1000);
  vm_reset(vm, inner);
  ck_assert_uint_eq(vm->rooms_top, top - 125);
  vm_reset(vm, mark);
  ck_assert_uint_eq(vm->rooms_top, top);
  ck_assert_ptr_null(room_new(vm, (size_t)1 << 40));
}
END_TEST

int main(void) {
  const TTest *tests[] = {locations_of_a_colour, objects_of_grids, objects_of_the_largest, wide_tables, moved_and_stripped, looked_at_without_order, unions, cells_that_differ_in_colour_only,
                          equal_sets_of_other_recipes, rooms_are_dropped_with_what_they_belong_to};
  return RUN("deferred", tests);
}
