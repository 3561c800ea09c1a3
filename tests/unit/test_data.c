/* Data sets: where their files are found, in which order tasks come, and what broken files are told.
 * Reads tests/data; the folder of the tests is the working folder's or BATTC_TESTS. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "host/data.h"
#include "inputs.h"
#include "values.h"

static char path_text[4][512];

static const char *test_path(int slot, const char *name) {
  const char *root = getenv("BATTC_TESTS");
  snprintf(path_text[slot], sizeof path_text[slot], "%s/%s", root ? root : "tests", name);
  return path_text[slot];
}

static DataQuery query_of(const char *const *paths, uint32_t n) {
  return (DataQuery){.paths = paths, .npaths = n, .training = true, .evaluation = true};
}

/* The ids of the set, as one text. */
static const char *ids_of(const DataSet *set) {
  static char text[512];
  text[0] = '\0';
  for (uint32_t i = 0; i < set->ntasks; i++) {
    if (i) strcat(text, " ");
    strcat(text, set->tasks[i].id);
  }
  return text;
}

static void expect_ids(const DataQuery *query, const char *ids, uint32_t nsamples) {
  DataSet set;
  ck_assert(data_load(query, &set));
  ck_assert_str_eq(ids_of(&set), ids);
  ck_assert_uint_eq(set.nsamples, nsamples);
  data_free(&set);
}

static void expect_grid(const Grid *grid, uint32_t h, uint32_t w, const char *colours) {
  ck_assert_uint_eq(grid->h, h);
  ck_assert_uint_eq(grid->w, w);
  for (uint32_t i = 0; i < h * w; i++) ck_assert_int_eq(grid->cells[i] + '0', colours[i]);
}

START_TEST(folders_of_tasks) {
  const char *paths[] = {test_path(0, "data/tasks")};
  DataQuery q = query_of(paths, 1);
  expect_ids(&q, "aa000001 bb000002 cc000003", 7);
  q.training = false;
  expect_ids(&q, "cc000003", 2);
  q.training = true;
  q.limit = 2;
  expect_ids(&q, "aa000001 bb000002", 5);
}
END_TEST

START_TEST(pairs_of_files) {
  const char *paths[] = {test_path(0, "data/pairs")};
  DataQuery q = query_of(paths, 1);
  expect_ids(&q, "dd000004 aa000005 ee000006", 7); /* no test challenges */
  const char *file[] = {test_path(1, "data/pairs/arc-agi_training_challenges.json")};
  q = query_of(file, 1);
  DataSet set;
  ck_assert(data_load(&q, &set));
  ck_assert_str_eq(ids_of(&set), "dd000004 aa000005");
  const Task *t = &set.tasks[0];
  ck_assert_int_eq(t->split, SPLIT_TRAINING);
  ck_assert_uint_eq(t->ndemo, 1);
  ck_assert_uint_eq(t->ntest, 2);
  expect_grid(&t->samples[0].input, 2, 2, "1234");
  expect_grid(&t->samples[0].output, 2, 2, "3412");
  expect_grid(&t->samples[1].output, 2, 1, "65");
  expect_grid(&t->samples[2].output, 1, 2, "99");
  data_free(&set);
}
END_TEST

START_TEST(single_files_and_several_paths) {
  const char *paths[] = {test_path(0, "data/tasks/evaluation/cc000003.json"),
                         test_path(1, "data/pairs/arc-agi_test_challenges.json"), test_path(2, "data/tasks/training")};
  DataQuery q = query_of(paths, 3);
  DataSet set;
  ck_assert(data_load(&q, &set));
  ck_assert_str_eq(ids_of(&set), "cc000003 ff000007 aa000001 bb000002");
  ck_assert_int_eq(set.tasks[0].split, SPLIT_EVALUATION);
  ck_assert_int_eq(set.tasks[1].split, SPLIT_NONE);
  ck_assert_int_eq(set.tasks[2].split, SPLIT_TRAINING);
  expect_grid(&set.tasks[0].samples[0].output, 2, 2, "0010"); /* demo samples come first */
  ck_assert_uint_eq(set.tasks[0].samples[1].output.h, 0);
  data_free(&set);
  q.evaluation = false; /* a task of no split is of neither */
  expect_ids(&q, "aa000001 bb000002", 5);
}
END_TEST

START_TEST(chosen_tasks) {
  const char *paths[] = {test_path(0, "data/pairs"), test_path(1, "data/tasks")};
  const char *ids[] = {"cc000003", "aa000005"};
  DataQuery q = query_of(paths, 2);
  q.ids = ids;
  q.nids = 2;
  expect_ids(&q, "aa000005 cc000003", 4);
}
END_TEST

/* ---- messages ---- */

/* What data_load says about the query; "" where it succeeds. */
static const char *complaint(const DataQuery *query) {
  static char text[1024];
  FILE *file = tmpfile();
  ck_assert_ptr_nonnull(file);
  int kept = dup(STDERR_FILENO);
  ck_assert(dup2(fileno(file), STDERR_FILENO) >= 0);
  DataSet set;
  bool ok = data_load(query, &set);
  dup2(kept, STDERR_FILENO);
  close(kept);
  data_free(&set);
  rewind(file);
  size_t n = fread(text, 1, sizeof text - 1, file);
  text[n] = '\0';
  fclose(file);
  ck_assert(ok == (n == 0));
  return text;
}

static void expect_complaint(const char *text, const char *part) {
  char path[] = "/tmp/battc-test-XXXXXX";
  int fd = mkstemp(path);
  ck_assert(fd >= 0);
  ck_assert_int_eq(write(fd, text, strlen(text)), (long)strlen(text));
  close(fd);
  const char *paths[] = {path};
  DataQuery q = query_of(paths, 1);
  const char *said = complaint(&q);
  unlink(path);
  bool right = part ? strstr(said, part) != NULL : !*said;
  ck_assert_msg(right, "%s: expected \"%s\", said \"%s\"", text, part ? part : "", said);
}

#define TASK(pair, tests) "{\"train\": [" pair "],\n \"test\": [" tests "]}"
#define PAIR(in, out) "{\"input\": " in ", \"output\": " out "}"
#define DEMO(in) TASK(PAIR(in, "[[1]]"), "")

START_TEST(odd_but_good) {
  expect_complaint("\xef\xbb\xbf" DEMO("[[1]]"), NULL);
  expect_complaint(DEMO("[ [ 1 , 2 ] ,\r\n\t[ 3,4 ] ]"), NULL);
  expect_complaint("{\"note\": {\"x\": [1.5, null, \"]}\\\"\"]}, \"train\": [], "
                   "\"test\": [{\"input\": [[1]], \"output\": null}]}", NULL);
  expect_complaint("{\"\\u0061b\": " DEMO("[[0]]") ", \"ab\": " DEMO("[[0]]") "}", NULL);
}
END_TEST

START_TEST(broken_json) {
  expect_complaint("", "the file ends too early");
  expect_complaint("{", "the file ends too early");
  expect_complaint("[1]", "expected an object");
  expect_complaint("{\"a\": {\"train\": [", "task a: the file ends too early");
  expect_complaint("{\"a\": {\"train\": []}", "the file ends too early");
  expect_complaint(DEMO("[[1]]") "x", ":2:13: ");
  expect_complaint(DEMO("[[1]],"), "expected a name");
  expect_complaint(DEMO("[[1] [2]]"), "expected ',' or ']'");
  expect_complaint(DEMO("[[1],]"), "a comma before the closing bracket");
  expect_complaint("{\"train\": [], \"x\": {\"a\" 1}}", "broken JSON");
  expect_complaint("{\"train\": [], \"x\": nul}", "broken JSON");
  expect_complaint("{\"train\": [], \"x\": [1, 2}}", "a closing bracket that nothing opened");
  expect_complaint("{\"train\": [], \"x", "does not end");
  expect_complaint("{\"train\": [], \"\\q\": 1}", "broken string");
}
END_TEST

START_TEST(bad_grids) {
  expect_complaint(DEMO("[[1, 2], [3]]"), ":1:31: ");
  expect_complaint(DEMO("[[1, 2], [3]]"), "longer or shorter");
  expect_complaint(DEMO("[[10]]"), "from 0 to 9");
  expect_complaint(DEMO("[[-1]]"), "from 0 to 9");
  expect_complaint(DEMO("[[1.0]]"), "from 0 to 9");
  expect_complaint(DEMO("[[1e0]]"), "from 0 to 9");
  expect_complaint(DEMO("[[true]]"), "from 0 to 9");
  expect_complaint(DEMO("[[\"1\"]]"), "from 0 to 9");
  expect_complaint(DEMO("[[[1]]]"), "from 0 to 9");
  expect_complaint(DEMO("[]"), "an empty grid");
  expect_complaint(DEMO("[[]]"), "an empty row");
  expect_complaint(DEMO("[1, 2]"), "expected an array");
  expect_complaint(DEMO("5"), "expected an array");
}
END_TEST

START_TEST(bad_tasks) {
  expect_complaint("{\"a\": {\"test\": []}}", "task a: a task without \"train\"");
  expect_complaint("{\"train\": [{\"output\": [[1]]}]}", "a sample without \"input\"");
  expect_complaint("{\"train\": [{\"input\": [[1]]}]}", "without \"output\"");
  expect_complaint("{\"train\": {}, \"test\": []}", "expected an array");
  expect_complaint("{}", "no tasks");
  expect_complaint("{\"a\": 5}", "expected an object");
}
END_TEST

START_TEST(deep_nesting) {
  enum { DEPTH = 200000 };
  char *text = malloc(DEPTH + 64);
  ck_assert_ptr_nonnull(text);
  strcpy(text, "{\"train\": [], \"x\": ");
  size_t n = strlen(text);
  memset(text + n, '[', DEPTH);
  text[n + DEPTH] = '\0';
  expect_complaint(text, "nested too deeply");
  memcpy(text, "{\"a\":    {\"train\": ", n); /* as grids too */
  expect_complaint(text, "expected an object");
  free(text);
}
END_TEST

START_TEST(what_is_not_there) {
  const char *paths[] = {test_path(0, "data/none")};
  DataQuery q = query_of(paths, 1);
  ck_assert_ptr_nonnull(strstr(complaint(&q), "No such file"));
  paths[0] = test_path(0, "data/pairs/arc-agi_training_solutions.json");
  ck_assert_ptr_nonnull(strstr(complaint(&q), "name the challenges.json file"));
  const char *ids[] = {"00000000"};
  paths[0] = test_path(0, "data/tasks");
  q.ids = ids;
  q.nids = 1;
  ck_assert_ptr_nonnull(strstr(complaint(&q), "task 00000000 is not in the data"));
}
END_TEST

START_TEST(values_of_a_task) {
  const char *paths[] = {test_path(0, "data/tasks")};
  DataQuery q = query_of(paths, 1);
  DataSet set;
  ck_assert(data_load(&q, &set));
  const Task *t = &set.tasks[0];
  Value samples = samples_value(vm, t);
  ck_assert_uint_eq(as_tuple(vm, samples)->len, 2);
  SampleValues demo, test;
  ck_assert(sample_values(vm, t, samples, 0, &demo));
  ck_assert(sample_values(vm, t, samples, 2, &test));
  Value first = as_tuple(vm, samples)->items[0];
  ck_assert_uint_eq(demo.input, as_tuple(vm, first)->items[0]); /* the same object, as in Python */
  ck_assert_uint_eq(demo.output, as_tuple(vm, first)->items[1]);
  ck_assert_int_eq(value_eq(vm, demo.input, pair(tuple_of_ints(2, 1, 2), tuple_of_ints(2, 3, 4))), 1);
  ck_assert_int_eq(value_eq(vm, test.output, pair(tuple_of_ints(1, 8), tuple_of_ints(1, 7))), 1);
  ck_assert(sample_values(vm, &set.tasks[2], samples_value(vm, &set.tasks[2]), 1, &test));
  ck_assert_uint_eq(test.output, 0);
  data_free(&set);
}
END_TEST

int main(void) {
  const TTest *tests[] = {folders_of_tasks, pairs_of_files, single_files_and_several_paths, chosen_tasks,
                          odd_but_good, broken_json, bad_grids, bad_tasks, deep_nesting, what_is_not_there,
                          values_of_a_task};
  return RUN("data", tests);
}
