#include "values.h"

static Value slice_of(Value start, Value stop, Value step) {
  uint32_t offset = arena_alloc(vm, sizeof(Slice));
  Slice *s = (Slice *)arena_at(vm, offset);
  s->start = start;
  s->stop = stop;
  s->step = step;
  return HEAP(KIND_SLICE, offset);
}

START_TEST(operands_come_back_as_they_are) {
  Value t = tuple_of_ints(2, 1, 2), none = image.empty_tuple;
  ck_assert_uint_eq(tuple_concat(vm, t, none), t);
  ck_assert_uint_eq(tuple_concat(vm, none, t), t);
  ck_assert_uint_eq(tuple_repeat(vm, t, 1), t);
  ck_assert_uint_eq(tuple_repeat(vm, t, 0), none);
  ck_assert_uint_eq(tuple_repeat(vm, t, -5), none);
  ck_assert_uint_eq(tuple_repeat(vm, none, 7), none);
  ck_assert_uint_eq(tuple_slice(vm, t, slice_of(V_NONE, V_NONE, V_NONE)), t);
  ck_assert_uint_eq(tuple_slice(vm, t, slice_of(v_int(-9), v_int(9), V_TRUE)), t);
  ck_assert_uint_eq(tuple_slice(vm, t, slice_of(v_int(2), V_NONE, V_NONE)), none);
}
END_TEST

START_TEST(joining) {
  Value t = tuple_of_ints(2, 1, 2);
  expect_ints(tuple_concat(vm, t, tuple_of_ints(1, 7)), 3, 1, 2, 7);
  expect_ints(tuple_repeat(vm, t, 3), 6, 1, 2, 1, 2, 1, 2);
  ck_assert_uint_eq(tuple_concat(vm, t, list_from(vm, t)), 0);
  ck_assert_uint_eq(vm->error, ERR_TypeError);
}
END_TEST

START_TEST(too_long) {
  Value t = tuple_of_ints(8, 1, 2, 3, 4, 5, 6, 7, 8);
  ck_assert_uint_eq(tuple_repeat(vm, t, INT_MAX_61), 0);
  ck_assert_uint_eq(vm->error, ERR_MemoryError);
  ck_assert_uint_eq(tuple_repeat(vm, t, (int64_t)1 << 40), 0);
  ck_assert_uint_eq(vm->error, ERR_LIMIT + LIMIT_MEMORY);
}
END_TEST

START_TEST(slices) {
  Value t = tuple_of_ints(5, 0, 1, 2, 3, 4);
  expect_ints(tuple_slice(vm, t, slice_of(v_int(1), v_int(-1), V_NONE)), 3, 1, 2, 3);
  expect_ints(tuple_slice(vm, t, slice_of(V_NONE, V_NONE, v_int(-2))), 3, 4, 2, 0);
  expect_ints(tuple_slice(vm, t, slice_of(v_int(99), v_int(1), v_int(-1))), 3, 4, 3, 2);
  expect_ints(tuple_slice(vm, t, slice_of(V_NONE, v_int(-99), v_int(-3))), 2, 4, 1);
  expect_ints(tuple_slice(vm, t, slice_of(v_int(3), v_int(3), v_int(-1))), 0);
  expect_ints(tuple_slice(vm, t, slice_of(v_int(0), V_NONE, v_int(INT_MAX_61))), 1, 0);
  expect_ints(tuple_slice(vm, t, slice_of(V_NONE, V_NONE, v_int(INT_MIN_61))), 1, 4);
}
END_TEST

START_TEST(bad_slices) {
  Value t = tuple_of_ints(1, 0);
  ck_assert_uint_eq(tuple_slice(vm, t, slice_of(V_NONE, t, v_int(0))), 0);
  ck_assert_uint_eq(vm->error, ERR_ValueError);
  ck_assert_uint_eq(tuple_slice(vm, t, slice_of(V_NONE, t, V_NONE)), 0);
  ck_assert_uint_eq(vm->error, ERR_TypeError);
  ck_assert_uint_eq(tuple_slice(vm, t, slice_of(image.inf, V_NONE, V_NONE)), 0);
  ck_assert_uint_eq(vm->error, ERR_TypeError);
}
END_TEST

START_TEST(strings) {
  Value a = new_str(vm, "grid", 4), b = new_str(vm, "grid", 4), c = new_str(vm, "grids", 5);
  ck_assert(str_equal(vm, a, b));
  ck_assert(!str_equal(vm, a, c));
  ck_assert(str_is(vm, a, "grid"));
  ck_assert(!str_is(vm, a, "gri"));
  ck_assert(!str_is(vm, a, "grids"));
  ck_assert(!str_is(vm, v_int(1), "1"));
  ck_assert_int_eq(hash_of(a), hash_of(b));
}
END_TEST

int main(void) {
  const TTest *tests[] = {operands_come_back_as_they_are, joining, too_long, slices, bad_slices, strings};
  return RUN("tuple", tests);
}
