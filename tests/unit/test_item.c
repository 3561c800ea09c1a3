/* test_item.c - subscripts. */
#include "literal.h"

static const OperatorRow items[] = {
  {"(1, 2, 3, 4, 5)", "[]", "0", "1"}, {"(1, 2, 3, 4, 5)", "[]", "4", "5"},
  {"(1, 2, 3, 4, 5)", "[]", "-1", "5"}, {"(1, 2, 3, 4, 5)", "[]", "-5", "1"},
  {"(1, 2, 3, 4, 5)", "[]", "5", "!IndexError"}, {"(1, 2, 3, 4, 5)", "[]", "-6", "!IndexError"},
  {"(1, 2, 3, 4, 5)", "[]", "True", "2"}, {"(1, 2, 3, 4, 5)", "[]", "2.0", "!TypeError"},
  {"(1, 2, 3, 4, 5)", "[]", "None", "!TypeError"}, {"(1, 2, 3, 4, 5)", "[]", "()", "!TypeError"},
  {"(1, 2, 3, 4, 5)", "[]", "slice(None, None, None)", "(1, 2, 3, 4, 5)"},
  {"(1, 2, 3, 4, 5)", "[]", "slice(1, 3, None)", "(2, 3)"},
  {"(1, 2, 3, 4, 5)", "[]", "slice(None, None, -1)", "(5, 4, 3, 2, 1)"},
  {"(1, 2, 3, 4, 5)", "[]", "slice(-2, None, None)", "(4, 5)"},
  {"(1, 2, 3, 4, 5)", "[]", "slice(None, -2, None)", "(1, 2, 3)"},
  {"(1, 2, 3, 4, 5)", "[]", "slice(5, 1, -2)", "(5, 3)"},
  {"(1, 2, 3, 4, 5)", "[]", "slice(None, None, 2)", "(1, 3, 5)"},
  {"(1, 2, 3, 4, 5)", "[]", "slice(9, 99, None)", "()"},
  {"(1, 2, 3, 4, 5)", "[]", "slice(-99, 99, 1)", "(1, 2, 3, 4, 5)"},
  {"(1, 2, 3, 4, 5)", "[]", "slice(1, 3, 0)", "!ValueError"},
  {"(1, 2, 3, 4, 5)", "[]", "slice(1.5, None, None)", "!TypeError"},
  {"(1, 2, 3, 4, 5)", "[]", "slice(True, None, None)", "(2, 3, 4, 5)"},
  {"(1, 2, 3, 4, 5)", "[]", "slice(None, None, 1152921504606846975)", "(1,)"},
  {"[1, 2, 3, 4, 5]", "[]", "0", "1"}, {"[1, 2, 3, 4, 5]", "[]", "4", "5"},
  {"[1, 2, 3, 4, 5]", "[]", "-1", "5"}, {"[1, 2, 3, 4, 5]", "[]", "-5", "1"},
  {"[1, 2, 3, 4, 5]", "[]", "5", "!IndexError"}, {"[1, 2, 3, 4, 5]", "[]", "-6", "!IndexError"},
  {"[1, 2, 3, 4, 5]", "[]", "True", "2"}, {"[1, 2, 3, 4, 5]", "[]", "2.0", "!TypeError"},
  {"[1, 2, 3, 4, 5]", "[]", "None", "!TypeError"}, {"[1, 2, 3, 4, 5]", "[]", "()", "!TypeError"},
  {"[1, 2, 3, 4, 5]", "[]", "slice(None, None, None)", "[1, 2, 3, 4, 5]"},
  {"[1, 2, 3, 4, 5]", "[]", "slice(1, 3, None)", "[2, 3]"},
  {"[1, 2, 3, 4, 5]", "[]", "slice(None, None, -1)", "[5, 4, 3, 2, 1]"},
  {"[1, 2, 3, 4, 5]", "[]", "slice(-2, None, None)", "[4, 5]"},
  {"[1, 2, 3, 4, 5]", "[]", "slice(None, -2, None)", "[1, 2, 3]"},
  {"[1, 2, 3, 4, 5]", "[]", "slice(5, 1, -2)", "[5, 3]"},
  {"[1, 2, 3, 4, 5]", "[]", "slice(None, None, 2)", "[1, 3, 5]"},
  {"[1, 2, 3, 4, 5]", "[]", "slice(9, 99, None)", "[]"},
  {"[1, 2, 3, 4, 5]", "[]", "slice(-99, 99, 1)", "[1, 2, 3, 4, 5]"},
  {"[1, 2, 3, 4, 5]", "[]", "slice(1, 3, 0)", "!ValueError"},
  {"[1, 2, 3, 4, 5]", "[]", "slice(1.5, None, None)", "!TypeError"},
  {"[1, 2, 3, 4, 5]", "[]", "slice(True, None, None)", "[2, 3, 4, 5]"},
  {"[1, 2, 3, 4, 5]", "[]", "slice(None, None, 1152921504606846975)", "[1]"}, {"'hello'", "[]", "0", "'h'"},
  {"'hello'", "[]", "4", "'o'"}, {"'hello'", "[]", "-1", "'o'"}, {"'hello'", "[]", "-5", "'h'"},
  {"'hello'", "[]", "5", "!IndexError"}, {"'hello'", "[]", "-6", "!IndexError"},
  {"'hello'", "[]", "True", "'e'"}, {"'hello'", "[]", "2.0", "!TypeError"},
  {"'hello'", "[]", "None", "!TypeError"}, {"'hello'", "[]", "()", "!TypeError"},
  {"'hello'", "[]", "slice(None, None, None)", "'hello'"}, {"'hello'", "[]", "slice(1, 3, None)", "'el'"},
  {"'hello'", "[]", "slice(None, None, -1)", "'olleh'"}, {"'hello'", "[]", "slice(-2, None, None)", "'lo'"},
  {"'hello'", "[]", "slice(None, -2, None)", "'hel'"}, {"'hello'", "[]", "slice(5, 1, -2)", "'ol'"},
  {"'hello'", "[]", "slice(None, None, 2)", "'hlo'"}, {"'hello'", "[]", "slice(9, 99, None)", "''"},
  {"'hello'", "[]", "slice(-99, 99, 1)", "'hello'"}, {"'hello'", "[]", "slice(1, 3, 0)", "!ValueError"},
  {"'hello'", "[]", "slice(1.5, None, None)", "!TypeError"},
  {"'hello'", "[]", "slice(True, None, None)", "'ello'"},
  {"'hello'", "[]", "slice(None, None, 1152921504606846975)", "'h'"}, {"range(1, 6)", "[]", "0", "1"},
  {"range(1, 6)", "[]", "4", "5"}, {"range(1, 6)", "[]", "-1", "5"}, {"range(1, 6)", "[]", "-5", "1"},
  {"range(1, 6)", "[]", "5", "!IndexError"}, {"range(1, 6)", "[]", "-6", "!IndexError"},
  {"range(1, 6)", "[]", "True", "2"}, {"range(1, 6)", "[]", "2.0", "!TypeError"},
  {"range(1, 6)", "[]", "None", "!TypeError"}, {"range(1, 6)", "[]", "()", "!TypeError"},
  {"{1: 2, True: 3, 2.0: 4}", "[]", "1", "3"}, {"{1: 2}", "[]", "1.0", "2"},
  {"{1: 2}", "[]", "3", "!KeyError"}, {"{1: 2}", "[]", "[]", "!TypeError"},
  {"{(1, 2): 3}", "[]", "(1, 2)", "3"}, {"set([1])", "[]", "0", "!TypeError"},
  {"frozenset([1])", "[]", "0", "!TypeError"}, {"5", "[]", "0", "!TypeError"},
  {"None", "[]", "0", "!TypeError"}, {"iter((1, 2))", "[]", "0", "!TypeError"},
  {"Counter((1, 1, 2))", "[]", "1", "2"}, {"Counter((1, 1, 2))", "[]", "9", "0"},
  {"int", "[]", "0", "!TypeError"}, {"len", "[]", "0", "!TypeError"}, {"'héllo'", "[]", "1", "'é'"},
  {"'héllo'", "[]", "slice(None, None, -1)", "'olléh'"},
};

START_TEST(test_items) { CHECK_OPERATORS(items); }
END_TEST

typedef struct {
  const char *container, *index, *item, *expected; /* item NULL: deletion */
} ChangeRow;

static const ChangeRow changes[] = {
  {"[1, 2, 3]", "0", "9", "[9, 2, 3]"}, {"[1, 2, 3]", "-1", "9", "[1, 2, 9]"}, {"[1, 2, 3]", "3", "9", "!IndexError"},
  {"[1, 2, 3]", "True", "9", "[1, 9, 3]"}, {"[1, 2, 3]", "1.0", "9", "!TypeError"},
  {"[1]", "slice(0, 1, None)", "(2,)", "!limit unsupported"}, {"(1, 2)", "0", "9", "!TypeError"}, {"'ab'", "0", "9", "!TypeError"},
  {"{1: 2}", "1", "9", "{1: 9}"}, {"{1: 2}", "True", "9", "{1: 9}"}, {"{1: 2}", "(1, 2)", "9", "{1: 2, (1, 2): 9}"},
  {"{}", "[]", "9", "!TypeError"}, {"set([1])", "0", "9", "!TypeError"}, {"None", "0", "9", "!TypeError"},
  {"[1, 2, 3]", "0", NULL, "[2, 3]"}, {"[1, 2, 3]", "-1", NULL, "[1, 2]"}, {"[1]", "1", NULL, "!IndexError"},
  {"[1]", "'a'", NULL, "!TypeError"}, {"{1: 2, 3: 4}", "1", NULL, "{3: 4}"}, {"{1: 2}", "2", NULL, "!KeyError"},
  {"{1: 2}", "[]", NULL, "!TypeError"}, {"(1,)", "0", NULL, "!TypeError"}, {"[1]", "slice(0, 1, None)", NULL, "!limit unsupported"},
};

START_TEST(test_changes) {
  for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
    const ChangeRow *r = &changes[i];
    Value v = literal_of(r->container), index = literal_of(r->index);
    bool ok = r->item ? value_setitem(vm, v, index, literal_of(r->item)) : value_delitem(vm, v, index);
    ck_assert_msg(!strcmp(result_text(ok ? v : 0), r->expected), "%s[%s]: %s", r->container, r->index, result_text(ok ? v : 0));
  }
}
END_TEST

/* A Counter gives 0 for what it does not hold and stays as it is; deleting that is no error. */
START_TEST(test_counter) {
  Value counter = literal_of("Counter('aab')");
  ck_assert(value_getitem(vm, counter, text_value("z")) == v_int(0));
  ck_assert(value_getitem(vm, counter, text_value("a")) == v_int(2));
  ck_assert_uint_eq(as_dict(vm, counter)->used, 2);
  ck_assert(value_delitem(vm, counter, text_value("z")));
}
END_TEST

int main(void) {
  literal_setup();
  Suite *s = suite_create("item");
  TCase *t = tcase_create("item");
  tcase_add_test(t, test_items);
  tcase_add_test(t, test_changes);
  tcase_add_test(t, test_counter);
  suite_add_tcase(s, t);
  return run_suite(s);
}
