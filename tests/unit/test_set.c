/* The orders are what CPython 3.11 prints; tests/fuzz/containers.py compares many more. */
#include "values.h"

static Value set_of(Value iterable) { return set_from(vm, KIND_SET, iterable); }
static Value frozen(Value iterable) { return set_from(vm, KIND_FROZENSET, iterable); }
static Value range_to(int n) { return new_range(vm, v_int(0), v_int(n), v_int(1)); }

START_TEST(order_of_colliding_ints) {
  expect_ints(frozen(tuple_of_ints(5, 8, 0, 16, 1, 24)), 5, 0, 1, 8, 16, 24);
}
END_TEST

START_TEST(deleted_slots_are_used_again) {
  Value s = set_of(tuple_of_ints(3, 0, 8, 16));
  ck_assert_int_eq(set_discard(vm, s, v_int(0)), 1);
  ck_assert_int_eq(set_discard(vm, s, v_int(0)), 0);
  ck_assert_uint_eq(as_set(vm, s)->fill, 3);
  ck_assert(set_add(vm, s, v_int(24)));
  expect_ints(s, 3, 24, 8, 16);
  ck_assert_uint_eq(as_set(vm, s)->fill, 3);
}
END_TEST

START_TEST(growth) {
  Value s = new_set(vm, KIND_SET);
  for (int i = 0; i < 4; i++) set_add(vm, s, v_int(i));
  ck_assert_uint_eq(as_set(vm, s)->mask, 7);
  set_add(vm, s, v_int(4));
  ck_assert_uint_eq(as_set(vm, s)->mask, 31);
  for (int i = 0; i < 60000; i++) set_add(vm, s, v_int(i));
  ck_assert_uint_eq(as_set(vm, s)->used, 60000);
  for (int i = 0; i < 60000; i++) ck_assert_int_eq(set_contains(vm, s, v_int(i)), 1);
  ck_assert_int_eq(set_contains(vm, s, v_int(60000)), 0);
}
END_TEST

START_TEST(copies_get_tables_of_their_own_size) {
  Value s = set_of(range_to(30));
  for (int i = 5; i < 30; i++) set_discard(vm, s, v_int(i));
  ck_assert_uint_eq(as_set(vm, s)->mask, 127);
  Value copy = set_copy(vm, s, KIND_FROZENSET);
  ck_assert_uint_eq(as_set(vm, copy)->mask, 15);
  ck_assert_uint_eq(as_set(vm, copy)->fill, 5);
  ck_assert_uint_eq(as_set(vm, set_copy(vm, set_of(range_to(4)), KIND_SET))->mask, 7);
}
END_TEST

START_TEST(frozenset_of_a_frozenset_is_itself) {
  Value f = frozen(tuple_of_ints(1, 3));
  ck_assert_uint_eq(frozen(f), f);
  ck_assert_uint_ne(set_of(f), f);
  ck_assert_uint_ne(set_copy(vm, f, KIND_FROZENSET), f);
}
END_TEST

START_TEST(operators) {
  Value a = frozen(range_to(10)), b = frozen(new_range(vm, v_int(5), v_int(30), v_int(1)));
  Value five = set_of(tuple_of_ints(5, 0, 8, 16, 24, 32));
  expect_ints(set_binary(vm, OP_BITOR, five, set_of(tuple_of_ints(2, 3, 11))), 7, 0, 32, 16, 3, 8, 24, 11);
  expect_ints(set_binary(vm, OP_BITAND, a, b), 5, 5, 6, 7, 8, 9);
  expect_ints(set_binary(vm, OP_SUB, a, b), 5, 0, 1, 2, 3, 4);
  Value x = set_binary(vm, OP_BITXOR, a, b);
  ck_assert_uint_eq(as_set(vm, x)->used, 25);
  ck_assert_int_eq(kind_of(x), KIND_FROZENSET);
  ck_assert_int_eq(kind_of(set_binary(vm, OP_BITOR, five, a)), KIND_SET);
  ck_assert_uint_eq(set_binary(vm, OP_BITOR, a, tuple_of_ints(1, 1)), 0);
  ck_assert_uint_eq(vm->error, ERR_TypeError);
}
END_TEST

START_TEST(in_place) {
  Value s = set_of(range_to(6)), f = frozen(range_to(3));
  ck_assert_uint_eq(set_inplace(vm, OP_ISUB, s, f), s);
  expect_ints(s, 3, 3, 4, 5);
  ck_assert_uint_eq(set_inplace(vm, OP_IOR, s, f), s);
  ck_assert_uint_eq(set_inplace(vm, OP_IAND, s, f), s);
  expect_ints(s, 3, 0, 1, 2);
  ck_assert_uint_eq(set_inplace(vm, OP_IXOR, s, s), s);
  ck_assert_uint_eq(as_set(vm, s)->used, 0);
  ck_assert_uint_eq(as_set(vm, s)->mask, 7);
  Value g = set_inplace(vm, OP_IOR, f, f);
  ck_assert_uint_ne(g, f);
  expect_ints(f, 3, 0, 1, 2);
}
END_TEST

START_TEST(methods_take_iterables) {
  Value s = set_of(range_to(4));
  Value others[] = {tuple_of_ints(2, 9, 1), list_from(vm, tuple_of_ints(1, 7)), range_to(2)};
  expect_ints(set_union(vm, s, others, 3), 6, 0, 1, 2, 3, 7, 9);
  expect_ints(set_intersection(vm, s, others, 1), 1, 1);
  expect_ints(set_difference(vm, s, others, 3), 2, 2, 3);
  ck_assert_uint_ne(set_union(vm, s, NULL, 0), s);
  ck_assert_int_eq(set_is_disjoint(vm, s, others[1]), 1);
  ck_assert_int_eq(set_is_disjoint(vm, s, others[2]), 0);
  Value five = v_int(5);
  ck_assert_uint_eq(set_union(vm, s, &five, 1), 0);
  ck_assert_uint_eq(vm->error, ERR_TypeError);
}
END_TEST

/* Once all of self is found, the rest of the iterable is not even hashed. */
START_TEST(intersection_stops_early) {
  Value s = set_of(tuple_of_ints(1, 1));
  Value items = pair(v_int(1), new_list(vm, 0)), swapped = pair(new_list(vm, 0), v_int(1));
  expect_ints(set_intersection(vm, s, &items, 1), 1, 1);
  ck_assert_uint_eq(set_intersection(vm, s, &swapped, 1), 0);
}
END_TEST

START_TEST(sets_as_keys) {
  Value f = frozen(tuple_of_ints(2, 1, 2)), outer = set_of(pair(f, v_int(3)));
  Value s = set_of(tuple_of_ints(2, 2, 1));
  ck_assert_int_eq(set_contains(vm, outer, s), 1);
  ck_assert(!set_add(vm, outer, s));
  ck_assert_uint_eq(vm->error, ERR_TypeError);
  ck_assert_int_eq(set_contains(vm, outer, new_list(vm, 0)), -1);
  ck_assert_int_eq(set_discard(vm, outer, s), 1);
  ck_assert_uint_eq(as_set(vm, outer)->used, 1);
}
END_TEST

START_TEST(the_first_of_equal_keys_stays) {
  Value s = set_of(pair(V_TRUE, v_int(1))), key;
  ck_assert(set_add(vm, s, new_float(vm, 1.0)));
  uint32_t pos = 0;
  ck_assert(set_next(vm, s, &pos, &key));
  ck_assert_uint_eq(key, V_TRUE);
  ck_assert(!set_next(vm, s, &pos, &key));
  ck_assert(!set_next(vm, s, &pos, &key));
}
END_TEST

START_TEST(relations) {
  Value a = set_of(range_to(3)), b = frozen(range_to(5));
  ck_assert_int_eq(set_is_subset(vm, a, b), 1);
  ck_assert_int_eq(set_is_subset(vm, b, a), 0);
  ck_assert_int_eq(set_equal(vm, a, frozen(tuple_of_ints(3, 2, 1, 0))), 1);
  ck_assert_int_eq(set_equal(vm, a, b), 0);
  ck_assert_int_eq(set_is_disjoint(vm, a, a), 0);
  ck_assert_int_eq(set_is_disjoint(vm, image.empty_frozenset, image.empty_frozenset), 1);
}
END_TEST

int main(void) {
  const TTest *tests[] = {order_of_colliding_ints, deleted_slots_are_used_again, growth,
                          copies_get_tables_of_their_own_size, frozenset_of_a_frozenset_is_itself, operators,
                          in_place, methods_take_iterables, intersection_stops_early, sets_as_keys,
                          the_first_of_equal_keys_stays, relations};
  return RUN("set", tests);
}
