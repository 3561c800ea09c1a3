/* values.h - a machine for each test of a suite, and short ways to make and read values. */
#ifndef BATTC_TEST_VALUES_H
#define BATTC_TEST_VALUES_H

#include <check.h>
#include <stdarg.h>
#include <stdlib.h>

#include "object.h"

static Vm *vm;
static Image image;

static void make_vm(void) {
  vm = vm_new((size_t)256 << 20);
  ck_assert_ptr_nonnull(vm);
  ck_assert(vm_init_values(vm, &image));
  vm->image = &image;
}

static void drop_vm(void) { vm_free(vm); }

/* tuple_of_ints(n, ...): n ints */
static inline Value tuple_of_ints(uint32_t n, ...) {
  va_list args;
  va_start(args, n);
  Value t = new_tuple(vm, n);
  for (uint32_t i = 0; i < n; i++) as_tuple(vm, t)->items[i] = v_int(va_arg(args, int));
  va_end(args);
  return t;
}

static inline Value pair(Value a, Value b) {
  Value items[2] = {a, b};
  return tuple_of(vm, items, 2);
}

static inline int64_t hash_of(Value v) {
  int64_t hash = -1;
  ck_assert(value_hash(vm, v, &hash));
  return hash;
}

/* The keys of a set of ints, or the items of a list or tuple of ints, are these, in this order. */
static inline void expect_ints(Value v, uint32_t n, ...) {
  Value list = list_from(vm, v);
  ck_assert_uint_eq(as_list(vm, list)->len, n);
  va_list args;
  va_start(args, n);
  for (uint32_t i = 0; i < n; i++)
    ck_assert_int_eq(int_of(list_items(vm, as_list(vm, list))[i]), va_arg(args, int));
  va_end(args);
}

/* Runs the suite in this process; the number of failures is the exit status. */
static inline int run_suite(Suite *suite) {
  SRunner *runner = srunner_create(suite);
  srunner_set_fork_status(runner, CK_NOFORK);
  srunner_run_all(runner, CK_NORMAL);
  int failed = srunner_ntests_failed(runner);
  srunner_free(runner);
  return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}

/* A suite of one case over the given tests, each with its own machine. */
static inline Suite *suite_of(const char *name, const TTest *const *tests, size_t n) {
  Suite *suite = suite_create(name);
  TCase *tc = tcase_create(name);
  tcase_add_checked_fixture(tc, make_vm, drop_vm);
  for (size_t i = 0; i < n; i++) tcase_add_test(tc, tests[i]);
  suite_add_tcase(suite, tc);
  return suite;
}

#define RUN(name, tests) run_suite(suite_of(name, tests, sizeof(tests) / sizeof *(tests)))

#endif
