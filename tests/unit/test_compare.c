#include "values.h"

static Value nested(int levels) {
  Value t = image.empty_tuple;
  for (int i = 0; i < levels; i++) t = pair(t, v_int(1));
  return t;
}

START_TEST(numbers_across_types) {
  Value one = new_float(vm, 1.0), half = new_float(vm, 0.5);
  ck_assert_int_eq(value_eq(vm, v_int(1), V_TRUE), 1);
  ck_assert_int_eq(value_eq(vm, one, V_TRUE), 1);
  ck_assert_int_eq(value_eq(vm, v_int(1), half), 0);
  ck_assert_int_eq(value_compare(vm, OP_LT, half, v_int(1)), 1);
  ck_assert_int_eq(value_compare(vm, OP_GE, v_int(0), half), 0);
  ck_assert_int_eq(value_compare(vm, OP_LT, v_int(-1), new_float(vm, -0.5)), 1);
}
END_TEST

START_TEST(ints_are_not_rounded) {
  int64_t big = ((int64_t)1 << 53) + 1;
  Value f = new_float(vm, 9007199254740992.0);
  ck_assert_int_eq(value_eq(vm, v_int(big), f), 0);
  ck_assert_int_eq(value_compare(vm, OP_GT, v_int(big), f), 1);
  ck_assert_int_eq(value_compare(vm, OP_LT, v_int(INT_MAX_61), image.inf), 1);
  ck_assert_int_eq(value_compare(vm, OP_GT, v_int(INT_MIN_61), new_float(vm, -1e300)), 1);
}
END_TEST

START_TEST(nan_and_identity) {
  Value nan = image.nan, other = new_float(vm, as_float(vm, nan)->value);
  ck_assert_int_eq(value_eq(vm, nan, nan), 0);
  ck_assert_int_eq(value_compare(vm, OP_NE, nan, nan), 1);
  ck_assert_int_eq(value_compare(vm, OP_LE, nan, v_int(0)), 0);
  ck_assert_int_eq(value_same_or_eq(vm, nan, nan), 1);
  ck_assert_int_eq(value_eq(vm, pair(nan, nan), pair(nan, nan)), 1);
  ck_assert_int_eq(value_eq(vm, pair(nan, nan), pair(nan, other)), 0);
  ck_assert_int_eq(value_contains(vm, pair(nan, nan), other), 0);
  ck_assert_int_eq(value_compare(vm, OP_LT, pair(nan, v_int(1)), pair(nan, v_int(2))), 1);
}
END_TEST

START_TEST(types_that_differ) {
  Value t = tuple_of_ints(1, 1), l = list_from(vm, t);
  Value s = set_from(vm, KIND_SET, t), f = set_from(vm, KIND_FROZENSET, t);
  ck_assert_int_eq(value_eq(vm, t, l), 0);
  ck_assert_int_eq(value_eq(vm, s, f), 1);
  ck_assert_int_eq(value_eq(vm, s, t), 0);
  ck_assert_int_eq(value_eq(vm, V_NONE, v_int(0)), 0);
  ck_assert_int_eq(value_eq(vm, v_type(KIND_INT), v_type(KIND_INT)), 1);
  ck_assert_int_eq(value_eq(vm, v_type(KIND_INT), v_type(KIND_BOOL)), 0);
}
END_TEST

START_TEST(order_of_sequences) {
  Value a = tuple_of_ints(2, 1, 2), b = tuple_of_ints(3, 1, 2, 0), c = tuple_of_ints(2, 1, 3);
  ck_assert_int_eq(value_compare(vm, OP_LT, a, b), 1);
  ck_assert_int_eq(value_compare(vm, OP_GT, c, b), 1);
  ck_assert_int_eq(value_compare(vm, OP_LE, a, a), 1);
  ck_assert_int_eq(value_compare(vm, OP_LT, a, a), 0);
  /* only the first items that differ are ordered */
  ck_assert_int_eq(value_compare(vm, OP_LT, pair(V_NONE, v_int(1)), pair(V_NONE, v_int(2))), 1);
  ck_assert_int_eq(value_compare(vm, OP_LT, new_str(vm, "ab", 2), new_str(vm, "abc", 3)), 1);
}
END_TEST

START_TEST(order_of_sets_is_inclusion) {
  Value a = set_from(vm, KIND_SET, tuple_of_ints(2, 1, 2)), b = set_from(vm, KIND_FROZENSET, tuple_of_ints(3, 3, 2, 1));
  Value c = set_from(vm, KIND_SET, tuple_of_ints(2, 1, 9));
  ck_assert_int_eq(value_compare(vm, OP_LT, a, b), 1);
  ck_assert_int_eq(value_compare(vm, OP_GE, b, a), 1);
  ck_assert_int_eq(value_compare(vm, OP_LT, a, a), 0);
  ck_assert_int_eq(value_compare(vm, OP_LE, a, c), 0);
  ck_assert_int_eq(value_compare(vm, OP_GT, a, c), 0);
}
END_TEST

START_TEST(what_has_no_order) {
  Value t = tuple_of_ints(1, 1), s = set_from(vm, KIND_SET, t);
  Value pairs[][2] = {{v_int(1), t}, {V_NONE, V_NONE}, {t, list_from(vm, t)}, {s, t}, {new_dict(vm), new_dict(vm)},
                      {new_str(vm, "a", 1), v_int(1)}, {pair(t, t), pair(v_int(1), t)}};
  for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
    vm->error = ERR_COUNT;
    ck_assert_int_eq(value_compare(vm, OP_LT, pairs[i][0], pairs[i][1]), -1);
    ck_assert_uint_eq(vm->error, ERR_TypeError);
  }
}
END_TEST

START_TEST(dicts_and_counters) {
  Value a = new_dict(vm), b = new_dict(vm);
  dict_set(vm, a, v_int(1), image.nan);
  dict_set(vm, a, v_int(2), v_int(0));
  dict_set(vm, b, v_int(2), V_FALSE);
  ck_assert_int_eq(value_eq(vm, a, b), 0);
  dict_set(vm, b, V_TRUE, image.nan);
  ck_assert_int_eq(value_eq(vm, a, b), 1);
  Value x = counter_from(vm, tuple_of_ints(2, 5, 5)), y = counter_from(vm, x);
  dict_set(vm, y, v_int(7), v_int(0));
  ck_assert_int_eq(value_eq(vm, x, y), 1);
  ck_assert_int_eq(value_compare(vm, OP_LE, x, y), 1);
  ck_assert_int_eq(value_compare(vm, OP_LT, x, y), 0);
  dict_set(vm, y, v_int(7), v_int(1));
  ck_assert_int_eq(value_compare(vm, OP_LT, x, y), 1);
  ck_assert_int_eq(value_compare(vm, OP_GE, x, y), 0);
}
END_TEST

START_TEST(truth) {
  Value falsy[] = {V_NONE, V_FALSE, v_int(0), new_float(vm, -0.0), image.empty_tuple, image.empty_frozenset,
                   new_list(vm, 3), new_dict(vm), new_str(vm, "", 0)};
  for (size_t i = 0; i < sizeof falsy / sizeof *falsy; i++) ck_assert_int_eq(value_truth(vm, falsy[i]), 0);
  Value truthy[] = {V_TRUE, v_int(-1), image.nan, tuple_of_ints(1, 0), v_type(KIND_INT), new_str(vm, "0", 1)};
  for (size_t i = 0; i < sizeof truthy / sizeof *truthy; i++) ck_assert_int_eq(value_truth(vm, truthy[i]), 1);
}
END_TEST

START_TEST(membership) {
  Value r = new_range(vm, v_int(10), v_int(0), v_int(-3)); /* 10 7 4 1 */
  ck_assert_int_eq(value_contains(vm, r, v_int(1)), 1);
  ck_assert_int_eq(value_contains(vm, r, V_TRUE), 1);
  ck_assert_int_eq(value_contains(vm, r, new_float(vm, 7.0)), 1);
  ck_assert_int_eq(value_contains(vm, r, new_float(vm, 7.5)), 0);
  ck_assert_int_eq(value_contains(vm, r, v_int(13)), 0);
  ck_assert_int_eq(value_contains(vm, r, v_int(-2)), 0);
  ck_assert_int_eq(value_contains(vm, r, image.empty_tuple), 0);
  Value s = new_str(vm, "abcab", 5);
  ck_assert_int_eq(value_contains(vm, s, new_str(vm, "cab", 3)), 1);
  ck_assert_int_eq(value_contains(vm, s, new_str(vm, "", 0)), 1);
  ck_assert_int_eq(value_contains(vm, s, v_int(1)), -1);
  ck_assert_int_eq(value_contains(vm, v_int(1), v_int(1)), -1);
  ck_assert_uint_eq(vm->error, ERR_TypeError);
}
END_TEST

/* From a frame at depth d, limit - d levels can be compared. */
START_TEST(levels_count_as_frames) {
  vm->depth = 1;
  Value a = nested(999), b = nested(999);
  ck_assert_int_eq(value_eq(vm, a, b), 1);
  ck_assert_uint_eq(vm->depth, 1);
  ck_assert_uint_eq(vm->high, 1000);
  a = nested(1000), b = nested(1000);
  ck_assert_int_eq(value_eq(vm, a, b), -1);
  ck_assert_uint_eq(vm->error, ERR_RecursionError);
  ck_assert_uint_eq(vm->depth, 1);
  ck_assert_int_eq(value_compare(vm, OP_LT, a, b), -1);
  ck_assert_uint_eq(vm->depth, 1);
}
END_TEST

int main(void) {
  const TTest *tests[] = {numbers_across_types, ints_are_not_rounded, nan_and_identity, types_that_differ,
                          order_of_sequences, order_of_sets_is_inclusion, what_has_no_order, dicts_and_counters,
                          truth, membership, levels_count_as_frames};
  return RUN("compare", tests);
}
