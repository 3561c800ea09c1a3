/* test_iter.c - native iterators: what they give, and what becomes of them when their source changes. */
#include "literal.h"

static const CallRow calls[] = {
  {"zip", "()", "{}", "[]"}, {"zip", "((1, 2, 3),)", "{}", "[(1,), (2,), (3,)]"},
  {"zip", "((1, 2, 3), 'ab')", "{}", "[(1, 'a'), (2, 'b')]"},
  {"zip", "((1, 2), [3, 4], range(9))", "{}", "[(1, 3, 0), (2, 4, 1)]"},
  {"zip", "((1, 2), 5)", "{}", "!TypeError"}, {"zip", "((), (1,))", "{}", "[]"},
  {"zip", "((1,), (2,))", "{'strict': False}", "[(1, 2)]"}, {"zip", "((1,),)", "{'foo': 1}", "!TypeError"},
  {"zip", "(zip((1, 2), (3, 4)), enumerate((5, 6)))", "{}", "[((1, 3), (0, 5)), ((2, 4), (1, 6))]"},
  {"enumerate", "('ab',)", "{}", "[(0, 'a'), (1, 'b')]"},
  {"enumerate", "('ab', 5)", "{}", "[(5, 'a'), (6, 'b')]"},
  {"enumerate", "('ab',)", "{'start': -1}", "[(-1, 'a'), (0, 'b')]"},
  {"enumerate", "((1,), 1.5)", "{}", "!TypeError"}, {"enumerate", "(5,)", "{}", "!TypeError"},
  {"enumerate", "()", "{}", "!TypeError"}, {"enumerate", "((1, 2), True)", "{}", "[(1, 1), (2, 2)]"},
  {"enumerate", "(enumerate((7, 8)),)", "{}", "[(0, (0, 7)), (1, (1, 8))]"},
  {"enumerate", "()", "{'iterable': (1, 2)}", "[(0, 1), (1, 2)]"},
  {"reversed", "((1, 2, 3),)", "{}", "[3, 2, 1]"}, {"reversed", "([1, 2],)", "{}", "[2, 1]"},
  {"reversed", "('abc',)", "{}", "['c', 'b', 'a']"}, {"reversed", "({1: 2, 3: 4},)", "{}", "[3, 1]"},
  {"reversed", "(range(3),)", "{}", "[2, 1, 0]"}, {"reversed", "((),)", "{}", "[]"},
  {"reversed", "(set([1]),)", "{}", "!TypeError"}, {"reversed", "(iter((1,)),)", "{}", "!TypeError"},
  {"reversed", "(5,)", "{}", "!TypeError"}, {"product", "()", "{}", "[()]"},
  {"product", "((1, 2), (3, 4))", "{}", "[(1, 3), (1, 4), (2, 3), (2, 4)]"},
  {"product", "((1, 2), ())", "{}", "[]"},
  {"product", "('ab',)", "{'repeat': 2}", "[('a', 'a'), ('a', 'b'), ('b', 'a'), ('b', 'b')]"},
  {"product", "((1, 2),)", "{'repeat': 0}", "[()]"},
  {"product", "((1, 2),)", "{'repeat': -1}", "!ValueError"}, {"product", "((1, 2), 5)", "{}", "!TypeError"},
  {"product", "((1, 2), (3,), [4, 5])", "{}", "[(1, 3, 4), (1, 3, 5), (2, 3, 4), (2, 3, 5)]"},
  {"product", "(range(2),)", "{'repeat': 3}", "[(0, 0, 0), (0, 0, 1), (0, 1, 0), (0, 1, 1), (1, 0, 0), (1, 0, 1), (1, 1, 0), (1, 1, 1)]"},
  {"product", "((),)", "{'repeat': 1}", "[]"}, {"next", "(iter((1, 2)),)", "{}", "1"},
  {"next", "(iter(()),)", "{}", "!StopIteration"}, {"next", "(iter(()), 9)", "{}", "9"},
  {"next", "((1, 2),)", "{}", "!TypeError"}, {"next", "([], 1)", "{}", "!TypeError"},
  {"next", "(zip((1,), (2,)),)", "{}", "(1, 2)"}, {"next", "()", "{}", "!TypeError"},
  {"next", "(5, 1)", "{}", "!TypeError"}, {"iter", "((1, 2),)", "{}", "[1, 2]"},
  {"iter", "({1: 2},)", "{}", "[1]"}, {"iter", "(5,)", "{}", "!TypeError"},
  {"iter", "(None,)", "{}", "!TypeError"}, {"iter", "((1,), 2)", "{}", "!TypeError"},
  {"len", "((1, 2),)", "{}", "2"}, {"len", "([1],)", "{}", "1"}, {"len", "('hé',)", "{}", "2"},
  {"len", "({1: 2},)", "{}", "1"}, {"len", "(set([1, 1, 2]),)", "{}", "2"},
  {"len", "(frozenset(),)", "{}", "0"}, {"len", "(range(4),)", "{}", "4"},
  {"len", "(iter((1,)),)", "{}", "!TypeError"}, {"len", "(5,)", "{}", "!TypeError"},
  {"len", "(None,)", "{}", "!TypeError"}, {"len", "(zip(),)", "{}", "!TypeError"},
  {"len", "()", "{}", "!TypeError"}, {"len", "((), ())", "{}", "!TypeError"},
  {"list", "(set([3, 1, 2]),)", "{}", "[1, 2, 3]"}, {"list", "({'a': 1, 'b': 2},)", "{}", "['a', 'b']"},
  {"list", "(5,)", "{}", "!TypeError"}, {"list", "(zip((1, 2), (3, 4)),)", "{}", "[(1, 3), (2, 4)]"},
  {"list", "()", "{}", "[]"}, {"list", "('ab',)", "{}", "['a', 'b']"},
  {"list", "((), ())", "{}", "!TypeError"},
};

START_TEST(test_calls) { CHECK_CALLS(calls); }
END_TEST

static int step(Value iter) {
  Value item;
  return iter_next(vm, iter, &item);
}

START_TEST(test_iterator_is_itself) {
  Value it = get_iter(vm, literal_of("(1, 2)")), zip = new_zip(vm, &it, 1);
  ck_assert(get_iter(vm, it) == it);
  ck_assert(as_iter(vm, zip)->parts[0] == it);
}
END_TEST

START_TEST(test_list_grows) {
  Value list = literal_of("[1]"), it = get_iter(vm, list);
  ck_assert_int_eq(step(it), 1);
  list_append(vm, list, v_int(2));
  ck_assert_int_eq(step(it), 1);
  ck_assert_int_eq(step(it), 0);
  list_append(vm, list, v_int(3));
  ck_assert_int_eq(step(it), 0); /* exhausted for good */
}
END_TEST

START_TEST(test_set_changes) {
  Value set = literal_of("set([1, 2, 3])"), it = get_iter(vm, set);
  ck_assert_int_eq(step(it), 1);
  set_add(vm, set, v_int(9));
  ck_assert_int_eq(step(it), -1);
  ck_assert_uint_eq(vm->error, ERR_RuntimeError);
  set_discard(vm, set, v_int(9));
  ck_assert_int_eq(step(it), -1); /* the error stays although the size is the old one again */
}
END_TEST

START_TEST(test_dict_changes) {
  Value dict = literal_of("{1: 2, 3: 4}"), it = get_iter(vm, dict);
  ck_assert_int_eq(step(it), 1);
  dict_set(vm, dict, v_int(1), v_int(9)); /* same keys */
  ck_assert_int_eq(step(it), 1);
  ck_assert_int_eq(step(it), 0);
  it = get_iter(vm, dict);
  dict_set(vm, dict, v_int(5), v_int(9));
  ck_assert_int_eq(step(it), -1);
  ck_assert_uint_eq(vm->error, ERR_RuntimeError);
}
END_TEST

START_TEST(test_reversed_list_shrinks) {
  Value list = literal_of("[1, 2, 3]"), it = new_reversed(vm, list);
  as_list(vm, list)->len = 1;
  ck_assert_int_eq(step(it), 0);
}
END_TEST

/* zip takes from the parts before the exhausted one each time. */
START_TEST(test_zip_consumes) {
  Value parts[2] = {get_iter(vm, literal_of("(1, 2, 3)")), get_iter(vm, literal_of("(1,)"))};
  Value zip = new_zip(vm, parts, 2), item;
  ck_assert_int_eq(step(zip), 1);
  ck_assert_int_eq(step(zip), 0);
  ck_assert_int_eq(iter_next(vm, parts[0], &item), 1);
  ck_assert(item == v_int(3));
}
END_TEST

/* Views are iterables that see later changes, no iterators. */
START_TEST(test_views) {
  Value dict = literal_of("{1: 2}"), view = new_dict_view(vm, dict, ITER_DICT_ITEMS);
  int64_t len;
  dict_set(vm, dict, v_int(3), v_int(4));
  ck_assert(is_dict_view(vm, view) && value_len(vm, view, &len) && len == 2);
  ck_assert_str_eq(result_text(list_from(vm, view)), "[(1, 2), (3, 4)]");
  ck_assert_str_eq(result_text(list_from(vm, view)), "[(1, 2), (3, 4)]");
  ck_assert_str_eq(result_text(new_reversed(vm, view)), "[(3, 4), (1, 2)]");
  ck_assert(!is_dict_view(vm, get_iter(vm, view)));
}
END_TEST

/* Iterators around iterators: stepping is recursive, so their depth is limited. */
START_TEST(test_nesting) {
  Value it = literal_of("(1, 2)");
  for (int i = 0; i < 5000; i++) it = new_enumerate(vm, it, 0);
  ck_assert_int_eq(step(it), -1);
  ck_assert_uint_eq(vm->error, ERR_RecursionError);
}
END_TEST

START_TEST(test_product_is_bounded) {
  Value pool = literal_of("(1, 2)");
  ck_assert(!new_product(vm, &pool, 1, INT_MAX_61));
  ck_assert_uint_eq(vm->error, ERR_LIMIT + LIMIT_MEMORY);
}
END_TEST

START_TEST(test_local_iterator) {
  Iter local;
  Value item, list = literal_of("[5]");
  Iter *it = iter_begin(vm, list, &local);
  ck_assert(it == &local && iter_step(vm, it, &item) == 1 && item == v_int(5) && iter_step(vm, it, &item) == 0);
  ck_assert(!iter_begin(vm, V_NONE, &local));
  ck_assert_uint_eq(vm->error, ERR_TypeError);
}
END_TEST

int main(void) {
  literal_setup();
  Suite *s = suite_create("iter");
  TCase *t = tcase_create("iter");
  tcase_add_test(t, test_calls);
  tcase_add_test(t, test_iterator_is_itself);
  tcase_add_test(t, test_list_grows);
  tcase_add_test(t, test_set_changes);
  tcase_add_test(t, test_dict_changes);
  tcase_add_test(t, test_reversed_list_shrinks);
  tcase_add_test(t, test_zip_consumes);
  tcase_add_test(t, test_views);
  tcase_add_test(t, test_nesting);
  tcase_add_test(t, test_product_is_bounded);
  tcase_add_test(t, test_local_iterator);
  suite_add_tcase(s, t);
  return run_suite(s);
}
