#include "values.h"

static uint32_t next_random(uint32_t *state) {
  *state = *state * 1664525u + 1013904223u;
  return *state >> 8;
}

static Value *items_of(Value list) { return list_items(vm, as_list(vm, list)); }

static bool sort_list(Value list, bool reverse) {
  return sort_values(vm, items_of(list), items_of(list), as_list(vm, list)->len, reverse);
}

START_TEST(short_lists) {
  Value l = list_from(vm, tuple_of_ints(5, 3, -1, 2, 3, 0));
  ck_assert(sort_list(l, false));
  expect_ints(l, 5, -1, 0, 2, 3, 3);
  ck_assert(sort_list(l, true));
  expect_ints(l, 5, 3, 3, 2, 0, -1);
  ck_assert(sort_list(new_list(vm, 0), false));
}
END_TEST

/* Keys with many ties, values in ascending order: both arrays move together, ties stay in order. */
static void check_stable(uint32_t n, uint32_t ties, bool reverse) {
  Value keys = new_list(vm, n), values = new_list(vm, n);
  uint32_t state = n + ties, top = vm->top;
  for (uint32_t i = 0; i < n; i++) {
    list_append(vm, keys, v_int(next_random(&state) % ties + (i % 97 > 60 ? i : 0)));
    list_append(vm, values, v_int(i));
  }
  ck_assert_uint_eq(vm->top, top);
  ck_assert(sort_values(vm, items_of(keys), items_of(values), n, reverse));
  ck_assert_uint_eq(vm->top, top); /* room for merging is given back */
  for (uint32_t i = 1; i < n; i++) {
    int64_t a = int_of(items_of(keys)[i - 1]), b = int_of(items_of(keys)[i]);
    ck_assert(reverse ? a >= b : a <= b);
    if (a == b) ck_assert_int_lt(int_of(items_of(values)[i - 1]), int_of(items_of(values)[i]));
  }
}

START_TEST(long_lists_are_stable) {
  const uint32_t sizes[] = {2, 31, 32, 63, 64, 65, 127, 128, 1000, 20000};
  for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
    for (uint32_t ties = 2; ties < 100000; ties *= 50) {
      check_stable(sizes[i], ties, false);
      check_stable(sizes[i], ties, true);
    }
}
END_TEST

START_TEST(runs) {
  Value l = new_list(vm, 0);
  for (int run = 0; run < 40; run++)
    for (int i = 0; i < 100 + run; i++) list_append(vm, l, v_int(run % 3 ? i * 7 : -i * 5));
  ck_assert(sort_list(l, false));
  for (uint32_t i = 1; i < as_list(vm, l)->len; i++)
    ck_assert_int_le(int_of(items_of(l)[i - 1]), int_of(items_of(l)[i]));
}
END_TEST

START_TEST(what_cannot_be_compared) {
  Value l = new_list(vm, 0);
  for (int i = 0; i < 300; i++) list_append(vm, l, i == 250 ? V_NONE : v_int(i * 37 % 101));
  ck_assert(!sort_list(l, false));
  ck_assert_uint_eq(vm->error, ERR_TypeError);
  int64_t sum = 0, nones = 0; /* nothing was lost */
  for (int i = 0; i < 300; i++) {
    if (is_int(items_of(l)[i])) sum += int_of(items_of(l)[i]) + 1;
    else nones++;
  }
  int64_t expected = 0;
  for (int i = 0; i < 300; i++) expected += i == 250 ? 0 : i * 37 % 101 + 1;
  ck_assert_int_eq(nones, 1);
  ck_assert_int_eq(sum, expected);
}
END_TEST

START_TEST(no_room_for_merging) {
  Value l = new_list(vm, 0);
  for (int i = 0; i < 500; i++) list_append(vm, l, v_int(i * 37 % 101));
  arena_alloc(vm, (size_t)(vm->limit - vm->top) * 8);
  ck_assert(!sort_list(l, false));
  ck_assert_uint_eq(vm->error, ERR_LIMIT + LIMIT_MEMORY);
}
END_TEST

int main(void) {
  const TTest *tests[] = {short_lists, long_lists_are_stable, runs, what_cannot_be_compared, no_room_for_merging};
  return RUN("sort", tests);
}
