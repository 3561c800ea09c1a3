/* Result lines: every kind of value, floats as Python writes them, strings that are no UTF-8, calls that
 * ended; and the score of candidates. Expectations are CPython's repr() and json.dumps(). */
#include <math.h>
#include <string.h>

#include "builtin.h"
#include "host/result.h"
#include "host/score.h"
#include "host/options.h"
#include "values.h"

static LimitCounts limits;

static void expect_json(Value v, const char *json) {
  Buffer b = {0};
  memset(&limits, 0, sizeof limits);
  result_value(&b, vm, v, &limits);
  buffer_char(&b, '\0');
  ck_assert_str_eq(b.data, json);
  buffer_free(&b);
}

static Value text(const char *s) { return new_str(vm, s, strlen(s)); }

START_TEST(atoms) {
  expect_json(v_int(0), "0");
  expect_json(v_int(-10), "-10");
  expect_json(v_int(INT_MAX_61), "1152921504606846975");
  expect_json(v_int(INT_MIN_61), "-1152921504606846976");
  expect_json(V_TRUE, "true");
  expect_json(V_FALSE, "false");
  expect_json(V_NONE, "null");
  expect_json(v_limit(LIMIT_STEPS), "{\"limit\":\"steps\"}");
  ck_assert_uint_eq(limits.by_kind[LIMIT_STEPS], 1);
  expect_json(v_limit(LIMIT_UNSUPPORTED), "{\"limit\":\"unsupported\"}");
}
END_TEST

START_TEST(strings) {
  expect_json(text("None"), "\"None\"");
  expect_json(text("a\"b\\c\n\t\x01\x7f/"), "\"a\\\"b\\\\c\\n\\t\\u0001\\u007f/\"");
  expect_json(text("h\xc3\xa9 \xf0\x9f\x98\x80"), "\"h\xc3\xa9 \xf0\x9f\x98\x80\"");
  expect_json(text("\xed\xa0\x80"), "\"\\ud800\"");
  expect_json(text("a\xff\xc3"), "\"a\\ufffd\\ufffd\"");
  expect_json(text("\xc0\x80\xf5"), "\"\\ufffd\\ufffd\\ufffd\"");
  expect_json(new_str(vm, "\0x", 2), "\"\\u0000x\"");
}
END_TEST

START_TEST(floats) {
  static const struct {
    double value;
    const char *repr;
  } table[] = {{0.0, "0.0"}, {-0.0, "-0.0"}, {1.0, "1.0"}, {0.1, "0.1"}, {-2.5, "-2.5"},
               {1.0 / 3, "0.3333333333333333"},
               {100.0, "100.0"}, {1e15, "1000000000000000.0"}, {1e16, "1e+16"},
               {123456789012345680.0, "1.2345678901234568e+17"},
               {0.0001, "0.0001"}, {0.00001, "1e-05"}, {1.5e-7, "1.5e-07"}, {5e-324, "5e-324"},
               {0x1p-44, "5.684341886080802e-14"}, {0x1p-1017, "7.120236347223045e-307"},
               {1.7976931348623157e308, "1.7976931348623157e+308"},
               {2.2250738585072014e-308, "2.2250738585072014e-308"},
               {1e22, "1e+22"}, {1e23, "1e+23"},
               {9007199254740993.0, "9007199254740992.0"}, {1234.5, "1234.5"}};
  for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
    char json[64];
    snprintf(json, sizeof json, "{\"float\":%s}", table[i].repr);
    expect_json(new_float(vm, table[i].value), json);
  }
  expect_json(new_float(vm, NAN), "{\"float\":\"nan\"}");
  expect_json(new_float(vm, -INFINITY), "{\"float\":\"-inf\"}");
  expect_json(new_float(vm, INFINITY), "{\"float\":\"inf\"}");
}
END_TEST

START_TEST(containers) {
  expect_json(image.empty_tuple, "[]");
  expect_json(pair(tuple_of_ints(2, 1, 2), image.empty_tuple), "[[1,2],[]]");
  expect_json(list_from(vm, tuple_of_ints(2, 1, 2)), "{\"list\":[1,2]}");
  expect_json(set_from(vm, KIND_FROZENSET, tuple_of_ints(3, 8, 1, 16)), "{\"frozenset\":[8,1,16]}"); /* table order */
  expect_json(new_set(vm, KIND_SET), "{\"set\":[]}");
  Value d = new_dict(vm);
  dict_set(vm, d, text("k"), tuple_of_ints(1, 3));
  dict_set(vm, d, v_int(2), V_NONE);
  expect_json(d, "{\"dict\":[[\"k\",[3]],[2,null]]}");
}
END_TEST

START_TEST(callables_and_others) {
  expect_json(v_type(KIND_INT), "{\"callable\":\"int\"}");
  expect_json(v_type(KIND_FROZENSET), "{\"callable\":\"frozenset\"}");
  expect_json(v_type(TYPE_ERROR_BASE + ERR_KeyError), "{\"callable\":\"KeyError\"}");
  expect_json(SPECIAL(KIND_BUILTIN, BUILTIN_len), "{\"callable\":\"len\"}");
  expect_json(new_range(vm, v_int(0), v_int(3), v_int(1)), "{\"object\":\"range\"}");
}
END_TEST

START_TEST(values_too_deep_or_too_long) {
  Value v = image.empty_tuple, twice = tuple_of_ints(1, 5), deep = v_int(1);
  for (int i = 0; i < 999; i++) v = tuple_of(vm, &v, 1);
  Buffer b = {0};
  memset(&limits, 0, sizeof limits);
  result_value(&b, vm, v, &limits);
  ck_assert_uint_eq(b.len, 2000);
  buffer_free(&b);
  for (int i = 0; i < 100000; i++) deep = tuple_of(vm, &deep, 1);
  expect_json(deep, "{\"limit\":\"unsupported\"}");
  ck_assert_uint_eq(limits.by_kind[LIMIT_UNSUPPORTED], 1);
  for (int i = 0; i < 60; i++) twice = pair(twice, twice); /* 2^60 elements in 60 objects */
  expect_json(twice, "{\"limit\":\"memory\"}");
  Value list = new_list(vm, 0);
  list_append(vm, list, list);
  expect_json(list, "{\"limit\":\"unsupported\"}");
}
END_TEST

/* ---- lines ---- */

/* o = [(1, True, 'x', t5), (2, False, 'y', C)], s = [t5] */
static Value consts[5];
static Operand operands[9];
static ProgramOutput outputs[3];
static Program program;
static Value values[6];
static Execution execution;
static const uint8_t cells[] = {1, 2, 3};
static Sample samples[2];
static Task task;

static void make_program(void) {
  Value k[] = {v_int(1), V_TRUE, text("x"), v_int(2), text("y")};
  Operand o[] = {~0, ~1, ~2, 5, ~3, ~1, ~4, SLOT_C, 5};
  ProgramOutput out[] = {{.items = 0, .nitems = 4}, {.items = 4, .nitems = 4},
                         {.items = 8, .nitems = 1, .list = 1, .bare = 1}};
  memcpy(consts, k, sizeof k);
  memcpy(operands, o, sizeof o);
  memcpy(outputs, out, sizeof out);
  program = (Program){.file = "b.py", .entry = "batt", .operands = operands, .noperands = 9, .consts = consts,
                      .nconsts = 5, .nslots = 6, .outputs = outputs, .noutputs = 3};
  execution = (Execution){.program = &program, .vm = vm, .values = values};
  for (int i = 0; i < 2; i++) samples[i] = (Sample){.input = {cells, 1, 3}, .output = {cells, 1, 3}};
  task = (Task){.id = "00\"1", .split = SPLIT_EVALUATION, .ndemo = 1, .ntest = 1, .samples = samples};
}

static void expect_line(const CallPlace *place, const CallOutcome *outcome, const char *line) {
  Buffer b = {0};
  result_line(&b, &execution, place, outcome, &limits);
  buffer_char(&b, '\0');
  ck_assert_str_eq(b.data, line);
  buffer_free(&b);
}

START_TEST(lines_of_calls) {
  make_program();
  values[5] = tuple_of_ints(2, 4, 5);
  values[SLOT_C] = V_NONE;
  CallPlace place = {.task = &task, .sample = 0};
  CallOutcome outcome = {.error = ERR_COUNT};
  expect_line(&place, &outcome,
              "{\"task\":\"00\\\"1\",\"split\":\"evaluation\",\"set\":\"demo\",\"index\":0,\"call\":\"first\","
              "\"o\":[[1,true,\"x\",[4,5]],[2,true,\"y\",null]],\"s\":[[4,5]]}\n");
  place = (CallPlace){.task = &task, .sample = 1, .second = true};
  task.split = SPLIT_NONE;
  outcome = (CallOutcome){.error = ERR_ZeroDivisionError, .line = 12};
  expect_line(&place, &outcome,
              "{\"task\":\"00\\\"1\",\"split\":null,\"set\":\"test\",\"index\":0,\"call\":\"second\","
              "\"error\":\"ZeroDivisionError\",\"line\":12}\n");
}
END_TEST

START_TEST(lines_of_entries) {
  make_program();
  program.is_entry = true;
  program.entry = "solve_x";
  program.whole = V_NONE;
  CallPlace place = {.task = &task, .sample = 0};
  CallOutcome outcome = {.error = ERR_COUNT, .result = tuple_of_ints(1, 7)};
  expect_line(&place, &outcome,
              "{\"task\":\"00\\\"1\",\"split\":\"evaluation\",\"set\":\"demo\",\"index\":0,\"call\":\"first\","
              "\"entry\":\"solve_x\",\"value\":[7]}\n");
  place.task = NULL;
  expect_line(&place, &outcome,
              "{\"task\":null,\"split\":null,\"set\":null,\"index\":null,\"call\":\"first\","
              "\"entry\":\"solve_x\",\"value\":[7]}\n");
}
END_TEST

START_TEST(lines_of_whole_programs) {
  make_program();
  program.whole = V_TRUE;
  Value o = list_from(vm, pair(tuple_of_ints(1, 7), v_int(1))), s = new_list(vm, 0);
  CallPlace place = {.task = &task, .sample = 0};
  CallOutcome outcome = {.error = ERR_COUNT, .result = pair(o, s)};
  expect_line(&place, &outcome,
              "{\"task\":\"00\\\"1\",\"split\":\"evaluation\",\"set\":\"demo\",\"index\":0,\"call\":\"first\","
              "\"o\":[[7],1],\"s\":[]}\n");
}
END_TEST

START_TEST(scores) {
  make_program();
  Board all = {0}, board = {0};
  CallOutcome outcome = {.error = ERR_COUNT}, ended = {.error = ERR_TypeError};
  Value expected = tuple_of_ints(2, 4, 5);
  values[5] = pair(v_int(4), v_int(5));
  values[SLOT_C] = v_limit(LIMIT_TIME);
  for (uint32_t unit = 0; unit < 3; unit++) { /* solved; one sample of two; ended */
    board_begin_task(&board);
    board_call(&board, &execution, &outcome, expected, 0);
    board_call(&board, &execution, unit == 2 ? &ended : &outcome, unit == 1 ? V_NONE : expected, 0);
    board_end_task(&board, &task, unit);
  }
  board_merge(&all, &board);
  board_sort(&all);
  ck_assert_uint_eq(all.nsolves, 1);
  ck_assert_uint_eq(all.solves[0].unit, 0);
  ck_assert_uint_eq(all.ncandidates, 2);
  ck_assert_str_eq(all.candidates[0].name, "x");
  ck_assert_uint_eq(all.candidates[0].matched, 4);
  ck_assert_uint_eq(all.candidates[0].solved, 1);
  ck_assert_uint_eq(all.candidates[1].matched, 0);
  board_free(&all);
  board_free(&board);
}
END_TEST

START_TEST(options_of_a_run) {
  char *argv[] = {"battc", "f.py", "--data", "a", "b", "--task", "x,y,", "--split", "evaluation", "-j3",
                  "--calls=first", "--data", "c", NULL};
  RunnerOptions o;
  runner_options_init(&o);
  ck_assert(runner_parse_options(13, argv, &o));
  ck_assert_str_eq(o.file, "f.py");
  ck_assert_uint_eq(o.ndata, 3);
  ck_assert_str_eq(o.data[2], "c");
  ck_assert_uint_eq(o.ntasks, 2);
  ck_assert_str_eq(o.tasks[1], "y");
  ck_assert(!o.training && o.evaluation && !o.both_calls);
  ck_assert_uint_eq(o.jobs, 3);
  runner_options_free(&o);
  char *late[] = {"battc", "--data", "a", "f.py", NULL};
  runner_options_init(&o);
  ck_assert(runner_parse_options(4, late, &o));
  ck_assert_str_eq(o.file, "f.py");
  runner_options_free(&o);
}
END_TEST

int main(void) {
  const TTest *tests[] = {atoms, strings, floats, containers, callables_and_others, values_too_deep_or_too_long,
                          lines_of_calls, lines_of_entries, lines_of_whole_programs, scores, options_of_a_run};
  return RUN("result", tests);
}
