/* test_range.c - range objects. */
#include "literal.h"

static const CallRow calls[] = {
  {"range", "(5,)", "{}", "range(0, 5)"}, {"range", "(2, 9)", "{}", "range(2, 9)"},
  {"range", "(2, 9, 3)", "{}", "range(2, 9, 3)"}, {"range", "(9, 2, -3)", "{}", "range(9, 2, -3)"},
  {"range", "(9, 2)", "{}", "range(9, 2)"}, {"range", "(0,)", "{}", "range(0, 0)"},
  {"range", "(-3,)", "{}", "range(0, -3)"}, {"range", "(True,)", "{}", "range(0, 1)"},
  {"range", "(1.0,)", "{}", "!TypeError"}, {"range", "(1, 2, 0)", "{}", "!ValueError"},
  {"range", "()", "{}", "!TypeError"}, {"range", "(1, 2, 3, 4)", "{}", "!TypeError"},
  {"range", "(None,)", "{}", "!TypeError"}, {"len", "(range(0, 10, 3),)", "{}", "4"},
  {"len", "(range(10, 0, -3),)", "{}", "4"}, {"len", "(range(10, 0),)", "{}", "0"},
  {"len", "(range(-5, 5),)", "{}", "10"},
  {"len", "(range(0, 1152921504606846975, 1152921504606846974),)", "{}", "2"},
  {"tuple", "(range(0, 10, 3),)", "{}", "(0, 3, 6, 9)"},
  {"tuple", "(range(10, 0, -3),)", "{}", "(10, 7, 4, 1)"}, {"tuple", "(range(10, 0),)", "{}", "()"},
  {"tuple", "(reversed(range(0, 10, 3)),)", "{}", "(9, 6, 3, 0)"},
  {"tuple", "(reversed(range(10, 0, -3)),)", "{}", "(1, 4, 7, 10)"},
  {"tuple", "(reversed(range(10, 0)),)", "{}", "()"},
  {"tuple", "(reversed(range(7)),)", "{}", "(6, 5, 4, 3, 2, 1, 0)"}, {"sum", "(range(101),)", "{}", "5050"},
  {"max", "(range(2, 9, 3),)", "{}", "8"},
};

static const OperatorRow items[] = {
  {"range(2, 20, 3)", "[]", "0", "2"}, {"range(2, 20, 3)", "[]", "5", "17"},
  {"range(2, 20, 3)", "[]", "6", "!IndexError"}, {"range(2, 20, 3)", "[]", "-1", "17"},
  {"range(2, 20, 3)", "[]", "-6", "2"}, {"range(2, 20, 3)", "[]", "-7", "!IndexError"},
  {"range(2, 20, 3)", "[]", "True", "5"}, {"range(2, 20, 3)", "[]", "1.0", "!TypeError"},
  {"range(2, 20, 3)", "[]", "None", "!TypeError"}, {"range(2, 20, 3)", "[]", "'a'", "!TypeError"},
};

/* Slices are ranges again; their items are compared, as an empty one may start elsewhere. */
START_TEST(test_slices) {
  static const struct { const char *range, *slice, *items; } rows[] = {
    {"range(10)", "slice(2, 8, 2)", "[2, 4, 6]"}, {"range(10)", "slice(None, None, -3)", "[9, 6, 3, 0]"},
    {"range(10, 0, -3)", "slice(1, None, None)", "[7, 4, 1]"}, {"range(10, 0, -3)", "slice(None, None, -1)", "[1, 4, 7, 10]"},
    {"range(5)", "slice(3, 1, None)", "[]"}, {"range(5)", "slice(-2, 99, None)", "[3, 4]"},
    {"range(5)", "slice(None, None, 1152921504606846975)", "[0]"}};
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    Value v = value_getitem(vm, literal_of(rows[i].range), literal_of(rows[i].slice));
    ck_assert(is_kind(v, KIND_RANGE));
    ck_assert_str_eq(result_text(list_from(vm, v)), rows[i].items);
  }
  ck_assert_str_eq(operator_text("range(0, 9, 1073741824)", "[]", "slice(0, 9, 1073741824)"), "!limit integer");
  ck_assert_str_eq(operator_text("range(5)", "[]", "slice(0, 1, 0)"), "!ValueError");
  ck_assert_str_eq(operator_text("range(5)", "[]", "slice('a', 1, 1)"), "!TypeError");
}
END_TEST

START_TEST(test_calls) { CHECK_CALLS(calls); }
END_TEST

START_TEST(test_items) { CHECK_OPERATORS(items); }
END_TEST

int main(void) {
  literal_setup();
  Suite *s = suite_create("range");
  TCase *t = tcase_create("range");
  tcase_add_test(t, test_calls);
  tcase_add_test(t, test_items);
  tcase_add_test(t, test_slices);
  suite_add_tcase(s, t);
  return run_suite(s);
}
