/* The numbers are what CPython 3.11 prints. */
#include "values.h"

START_TEST(ints) {
  ck_assert_int_eq(hash_of(v_int(0)), 0);
  ck_assert_int_eq(hash_of(v_int(-1)), -2);
  ck_assert_int_eq(hash_of(v_int(INT_MAX_61)), 1152921504606846975);
  ck_assert_int_eq(hash_of(v_int(INT_MIN_61)), -1152921504606846976);
  ck_assert_int_eq(hash_int(((int64_t)1 << 61) - 1), 0);
  ck_assert_int_eq(hash_int(INT64_MAX), 3);
  ck_assert_int_eq(hash_int(INT64_MIN), -4);
  ck_assert_int_eq(hash_of(V_TRUE), 1);
}
END_TEST

START_TEST(floats) {
  ck_assert_int_eq(hash_double(0.0), 0);
  ck_assert_int_eq(hash_double(-0.0), 0);
  ck_assert_int_eq(hash_double(-1.0), -2);
  ck_assert_int_eq(hash_double(2.5), 1152921504606846978);
  ck_assert_int_eq(hash_double(1e300), 1224995262755759164);
  ck_assert_int_eq(hash_double(5e-324), 16777216);
  ck_assert_int_eq(hash_double(2305843009213693952.0), 1);
  ck_assert_int_eq(hash_of(image.inf), 314159);
}
END_TEST

START_TEST(tuples) {
  ck_assert_int_eq(hash_of(tuple_of_ints(0)), 5740354900026072187);
  ck_assert_int_eq(hash_of(tuple_of_ints(1, -1)), 8078679518589016365);
  ck_assert_int_eq(hash_of(tuple_of_ints(2, 0, 0)), -8458139203682520985);
  Value t = tuple_of_ints(2, 1, 2);
  ck_assert_int_eq(hash_of(t), -3550055125485641917);
  ck_assert_int_eq(as_tuple(vm, t)->hash, -3550055125485641917);
  ck_assert_int_eq(hash_of(t), -3550055125485641917);
}
END_TEST

START_TEST(frozensets) {
  ck_assert_int_eq(hash_of(image.empty_frozenset), 133146708735736);
  Value s = set_from(vm, KIND_FROZENSET, tuple_of_ints(3, 3, 1, 2));
  ck_assert_int_eq(hash_of(s), -272375401224217160);
  ck_assert_int_eq(hash_of(set_from(vm, KIND_FROZENSET, pair(tuple_of_ints(2, 0, 1), tuple_of_ints(2, 0, 0)))),
                   -8857130910408107931);
}
END_TEST

START_TEST(deleted_slots_do_not_show) {
  Value s = set_from(vm, KIND_SET, tuple_of_ints(5, 1, 2, 3, 4, 9));
  ck_assert_int_eq(set_discard(vm, s, v_int(9)), 1);
  ck_assert_int_eq(set_discard(vm, s, v_int(4)), 1);
  ck_assert_int_eq(hash_as_frozenset(vm, s), -272375401224217160);
}
END_TEST

START_TEST(unhashable) {
  int64_t hash;
  Value bad[] = {new_list(vm, 0), new_set(vm, KIND_SET), new_dict(vm)};
  for (int i = 0; i < 3; i++) {
    vm->error = ERR_COUNT;
    ck_assert(!value_hash(vm, bad[i], &hash));
    ck_assert_uint_eq(vm->error, ERR_TypeError);
    ck_assert(!value_hash(vm, pair(v_int(1), bad[i]), &hash));
  }
}
END_TEST

/* What hashes by address raises the flag each time, through tuples too; look-ups never do. */
START_TEST(addresses_are_flagged) {
  Value t = pair(v_int(1), V_NONE), set = new_set(vm, KIND_SET);
  for (int i = 0; i < 2; i++) {
    vm->unordered = false;
    hash_of(t);
    ck_assert(vm->unordered);
  }
  vm->unordered = false;
  ck_assert_int_eq(set_contains(vm, set, t), 0);
  Value dict = new_dict(vm);
  ck_assert(dict_set(vm, dict, t, t));
  ck_assert(set_add(vm, set, v_int(3)));
  ck_assert(!vm->unordered);
  ck_assert(set_add(vm, set, t));
  ck_assert(vm->unordered);
  vm->unordered = false;
  set_copy(vm, set, KIND_FROZENSET);
  ck_assert(vm->unordered);
  hash_of(image.nan);
  ck_assert(vm->unordered);
}
END_TEST

START_TEST(nesting_is_bounded) {
  Value t = tuple_of_ints(1, 0);
  for (int i = 0; i < 9000; i++) t = tuple_of(vm, &t, 1);
  hash_of(t);
  for (int i = 0; i < 20000; i++) t = tuple_of(vm, &t, 1);
  int64_t hash;
  ck_assert(!value_hash(vm, t, &hash));
  ck_assert_uint_eq(vm->error, ERR_RecursionError);
}
END_TEST

int main(void) {
  const TTest *tests[] = {ints, floats, tuples, frozensets, deleted_slots_do_not_show, unhashable,
                          addresses_are_flagged, nesting_is_bounded};
  return RUN("hash", tests);
}
