#include "values.h"

START_TEST(order_of_insertion) {
  Value d = new_dict(vm), value = 0;
  for (int i = 50; i > 0; i--) ck_assert(dict_set(vm, d, v_int(i), v_int(-i)));
  ck_assert(dict_set(vm, d, v_int(50), v_int(7))); /* keeps its place */
  ck_assert_int_eq(dict_delete(vm, d, v_int(49)), 1);
  ck_assert_int_eq(dict_delete(vm, d, v_int(49)), 0);
  ck_assert(dict_set(vm, d, v_int(49), v_int(8))); /* comes last */
  uint32_t pos = 0, n = 0;
  Value key, first = 0, last = 0;
  for (; dict_next(vm, d, &pos, &key, &value); n++) {
    if (!n) first = key;
    last = key;
  }
  ck_assert_uint_eq(n, 50);
  ck_assert_int_eq(int_of(first), 50);
  ck_assert_int_eq(int_of(last), 49);
  ck_assert_int_eq(dict_get(vm, d, v_int(3), &value), 1);
  ck_assert_int_eq(int_of(value), -3);
}
END_TEST

START_TEST(equal_keys_of_other_types) {
  Value d = new_dict(vm), value = 0, key;
  dict_set(vm, d, V_TRUE, v_int(5));
  dict_set(vm, d, new_float(vm, 1.0), v_int(6));
  ck_assert_uint_eq(as_dict(vm, d)->used, 1);
  uint32_t pos = 0;
  ck_assert(dict_next(vm, d, &pos, &key, &value));
  ck_assert_uint_eq(key, V_TRUE);
  ck_assert_int_eq(int_of(value), 6);
}
END_TEST

START_TEST(errors) {
  Value d = new_dict(vm), value;
  ck_assert_int_eq(dict_get(vm, d, new_list(vm, 0), &value), -1);
  ck_assert(!dict_set(vm, d, new_dict(vm), v_int(1)));
  ck_assert(!dict_update(vm, d, image.empty_tuple));
  ck_assert_uint_eq(vm->error, ERR_TypeError);
  ck_assert_int_eq(dict_get(vm, d, v_int(1), NULL), 0);
}
END_TEST

/* Deleted entries are dropped when the arrays are rebuilt, so churning does not grow a dict. */
START_TEST(churn_stays_small) {
  Value d = new_dict(vm);
  for (int i = 0; i < 10000; i++) {
    ck_assert(dict_set(vm, d, v_int((int64_t)i << 32), v_int(i)));
    if (i >= 3) ck_assert_int_eq(dict_delete(vm, d, v_int((int64_t)(i - 3) << 32)), 1);
  }
  ck_assert_uint_eq(as_dict(vm, d)->used, 3);
  ck_assert_uint_le(as_dict(vm, d)->cap, 16);
}
END_TEST

START_TEST(updating) {
  Value a = new_dict(vm), b = new_dict(vm), value = 0;
  dict_set(vm, a, v_int(1), v_int(1));
  dict_set(vm, b, v_int(2), v_int(2));
  dict_set(vm, b, v_int(1), v_int(3));
  ck_assert(dict_update(vm, a, b));
  ck_assert(dict_update(vm, a, a));
  expect_ints(list_from(vm, a), 2, 1, 2);
  ck_assert_int_eq(dict_get(vm, a, v_int(1), &value), 1);
  ck_assert_int_eq(int_of(value), 3);
}
END_TEST

static void expect_counts(Value pairs, uint32_t n, const int expected[][2]) {
  ck_assert_uint_eq(as_list(vm, pairs)->len, n);
  for (uint32_t i = 0; i < n; i++)
    expect_ints(list_items(vm, as_list(vm, pairs))[i], 2, expected[i][0], expected[i][1]);
}

START_TEST(counting) {
  Value c = counter_from(vm, tuple_of_ints(7, 4, 2, 4, 9, 2, 7, 9));
  const int all[][2] = {{4, 2}, {2, 2}, {9, 2}, {7, 1}}; /* ties as inserted */
  expect_counts(counter_most_common(vm, c, V_NONE), 4, all);
  expect_counts(counter_most_common(vm, c, v_int(2)), 2, all);
  expect_counts(counter_most_common(vm, c, v_int(99)), 4, all);
  expect_counts(counter_most_common(vm, c, v_int(-1)), 0, all);
  ck_assert_uint_eq(counter_most_common(vm, c, image.inf), 0);
  ck_assert_uint_eq(vm->error, ERR_TypeError);
  ck_assert_uint_eq(as_dict(vm, counter_from(vm, V_NONE))->used, 0);
  ck_assert_uint_eq(counter_from(vm, v_int(3)), 0);
}
END_TEST

int main(void) {
  const TTest *tests[] = {order_of_insertion, equal_keys_of_other_types, errors, churn_stays_small, updating, counting};
  return RUN("dict", tests);
}
