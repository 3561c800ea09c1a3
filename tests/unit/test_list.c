#include "values.h"

START_TEST(grows_in_place_and_elsewhere) {
  Value a = new_list(vm, 0), b = new_list(vm, 0); /* b is in the way of a */
  for (int i = 0; i < 1000; i++) {
    ck_assert(list_append(vm, a, v_int(i)));
    ck_assert(list_append(vm, b, v_int(-i)));
  }
  ck_assert_uint_eq(as_list(vm, a)->len, 1000);
  for (int i = 0; i < 1000; i++) {
    ck_assert_int_eq(int_of(list_items(vm, as_list(vm, a))[i]), i);
    ck_assert_int_eq(int_of(list_items(vm, as_list(vm, b))[i]), -i);
  }
}
END_TEST

START_TEST(extends_by_iterables) {
  Value l = list_from(vm, tuple_of_ints(2, 1, 2));
  ck_assert(list_extend(vm, l, l));
  ck_assert(list_extend(vm, l, new_range(vm, v_int(5), v_int(0), v_int(-2))));
  ck_assert(list_extend(vm, l, set_from(vm, KIND_SET, tuple_of_ints(2, 9, 8))));
  ck_assert(list_extend(vm, l, image.empty_tuple));
  expect_ints(l, 9, 1, 2, 1, 2, 5, 3, 1, 8, 9);
  Value d = new_dict(vm);
  dict_set(vm, d, v_int(4), V_NONE);
  expect_ints(list_from(vm, d), 1, 4);
}
END_TEST

START_TEST(extends_by_itself_when_it_moves) {
  Value l = list_from(vm, tuple_of_ints(3, 1, 2, 3));
  new_list(vm, 1);
  ck_assert(list_extend(vm, l, l));
  expect_ints(l, 6, 1, 2, 3, 1, 2, 3);
}
END_TEST

START_TEST(what_is_no_iterable) {
  ck_assert_uint_eq(list_from(vm, v_int(3)), 0);
  ck_assert_uint_eq(vm->error, ERR_TypeError);
  ck_assert_uint_eq(list_from(vm, new_range(vm, v_int(0), v_int(INT_MAX_61), v_int(1))), 0);
  ck_assert_uint_eq(vm->error, ERR_LIMIT + LIMIT_MEMORY);
}
END_TEST

START_TEST(becomes_a_tuple) {
  expect_ints(list_to_tuple(vm, list_from(vm, tuple_of_ints(2, 4, 5))), 2, 4, 5);
  ck_assert_uint_eq(list_to_tuple(vm, new_list(vm, 9)), image.empty_tuple);
}
END_TEST

int main(void) {
  const TTest *tests[] = {grows_in_place_and_elsewhere, extends_by_iterables, extends_by_itself_when_it_moves,
                          what_is_no_iterable, becomes_a_tuple};
  return RUN("list", tests);
}
