/* data_read.c - tasks and grids from the text of data files. */
#include <stdlib.h>
#include <string.h>

#include "data_internal.h"
#include "file.h"

enum { MAX_SIDE = 1000 };

/* ---- grids ---- */

static bool is_colour(const Json *j, const char *p) {
  if (*p < '0' || *p > '9') return false;
  if (p + 1 == j->end) return true;
  char next = p[1];
  return !((next >= '0' && next <= '9') || next == '.' || next == 'e' || next == 'E');
}

static bool read_row(Json *j, Buffer *cells, uint32_t *w) {
  if (!json_expect(j, '[')) return false;
  for (*w = 0;; j->p++) {
    if (json_peek(j) == ']' && *w == 0) return json_fail(j, j->p, "an empty row");
    if (j->p == j->end) return json_fail(j, j->p, "the file ends too early");
    if (!is_colour(j, j->p)) return json_fail(j, j->p, "a colour must be an integer from 0 to 9");
    if (++*w > MAX_SIDE) return json_fail(j, j->p, "a row of more than 1000 cells");
    buffer_char(cells, (char)(*j->p++ - '0'));
    if (json_peek(j) != ',') break;
  }
  return json_expect(j, ']');
}

static bool read_grid(Loader *l, Json *j, Grid *grid) {
  uint32_t h = 0, w = 0, first = 0;
  l->cells.len = 0;
  json_peek(j);
  const char *at = j->p;
  if (!json_expect(j, '[')) return false;
  while (json_next_element(j, &h)) {
    json_peek(j);
    const char *row = j->p;
    if (h > MAX_SIDE) return json_fail(j, row, "a grid of more than 1000 rows");
    if (!read_row(j, &l->cells, &w)) return false;
    if (h == 1) first = w;
    if (w != first) return json_fail(j, row, "this row is longer or shorter than the first one");
  }
  if (j->error) return false;
  if (h == 0) return json_fail(j, at, "an empty grid");
  grid->h = (uint16_t)h;
  grid->w = (uint16_t)first;
  grid->cells = (const uint8_t *)data_keep(l->set, l->cells.data, l->cells.len);
  return true;
}

static bool read_optional_grid(Loader *l, Json *j, Grid *grid) {
  memset(grid, 0, sizeof *grid);
  return json_peek(j) == 'n' ? json_skip(j) : read_grid(l, j, grid);
}

/* ---- tasks ---- */

static bool read_sample(Loader *l, Json *j, Sample *s, bool demo) {
  uint32_t n = 0;
  memset(s, 0, sizeof *s);
  json_peek(j);
  const char *at = j->p;
  if (!json_expect(j, '{')) return false;
  while (json_next_member(j, &n, &l->inner_key)) {
    bool ok = strcmp(l->inner_key.data, "input") == 0    ? read_optional_grid(l, j, &s->input)
              : strcmp(l->inner_key.data, "output") == 0 ? read_optional_grid(l, j, &s->output)
                                                         : json_skip(j);
    if (!ok) return false;
  }
  if (j->error) return false;
  if (!s->input.h) return json_fail(j, at, "a sample without \"input\"");
  if (demo && !s->output.h) return json_fail(j, at, "a \"train\" sample without \"output\"");
  return true;
}

static bool read_samples(Loader *l, Json *j, SampleList *list, bool demo) {
  uint32_t n = 0;
  list->n = 0; /* a name that comes twice: the last one counts */
  if (!json_expect(j, '[')) return false;
  while (json_next_element(j, &n)) {
    list->items = (Sample *)host_grow(list->items, list->n, &list->cap, sizeof *list->items);
    if (!read_sample(l, j, &list->items[list->n++], demo)) return false;
  }
  return !j->error;
}

static void add_task(Loader *l, const char *id, Split split) {
  DataSet *set = l->set;
  Task task = {.id = id, .split = split, .ndemo = l->demo.n, .ntest = l->test.n};
  Buffer all = {0};
  buffer_bytes(&all, (const char *)l->demo.items, l->demo.n * sizeof(Sample));
  buffer_bytes(&all, (const char *)l->test.items, l->test.n * sizeof(Sample));
  task.samples = (Sample *)data_keep(set, all.data, all.len);
  buffer_free(&all);
  set->tasks = (Task *)host_grow(set->tasks, set->ntasks, &set->cap, sizeof *set->tasks);
  set->tasks[set->ntasks++] = task;
  set->nsamples += l->demo.n + l->test.n;
}

/* The task's samples go to l->demo and l->test. */
static bool read_task(Loader *l, Json *j) {
  uint32_t n = 0;
  bool trained = false;
  l->demo.n = l->test.n = 0;
  json_peek(j);
  const char *at = j->p;
  if (!json_expect(j, '{')) return false;
  while (json_next_member(j, &n, &l->inner_key)) {
    bool train = strcmp(l->inner_key.data, "train") == 0;
    bool test = strcmp(l->inner_key.data, "test") == 0;
    if (!(train || test ? read_samples(l, j, train ? &l->demo : &l->test, train) : json_skip(j))) return false;
    trained |= train;
  }
  return !j->error && (trained || json_fail(j, at, "a task without \"train\""));
}

bool read_task_text(Loader *l, const char *path, const char *text, size_t len, const char *id, Split split) {
  if (!load_wants(l, id)) return true;
  Json j;
  json_init(&j, path, text, len);
  if (!read_task(l, &j) || !json_end(&j)) {
    json_report(&j, id);
    return false;
  }
  add_task(l, (const char *)data_keep(l->set, id, strlen(id) + 1), split);
  return true;
}

/* ---- solutions ---- */

/* Stable by position in the text for equal ids. */
static int compare_solutions(const void *a, const void *b) {
  const Solution *x = (const Solution *)a, *y = (const Solution *)b;
  int by_id = strcmp(x->id, y->id);
  return by_id ? by_id : x->from < y->from ? -1 : x->from > y->from;
}

bool read_solutions(Loader *l, const char *path, Solutions *s) {
  uint32_t n = 0;
  size_t len;
  memset(s, 0, sizeof *s);
  if (!(s->text = file_read(path, &len))) return false;
  Json *j = &s->json;
  json_init(j, path, s->text, len);
  json_expect(j, '{');
  while (!j->error && json_next_member(j, &n, &l->key)) {
    Solution one = {.id = NULL};
    if (!json_pass(j, &one.from, &one.len)) break;
    one.id = (const char *)data_keep(l->set, l->key.data, l->key.len);
    s->items = (Solution *)host_grow(s->items, s->n, &s->cap, sizeof *s->items);
    s->items[s->n++] = one;
  }
  if (!json_end(j)) {
    json_report(j, NULL);
    return false;
  }
  if (s->n) qsort(s->items, s->n, sizeof *s->items, compare_solutions);
  return true;
}

void solutions_free(Solutions *s) {
  free(s->text);
  free(s->items);
  memset(s, 0, sizeof *s);
}

/* The last of the entries for id, NULL if there is none. */
static const Solution *find_solution(const Solutions *s, const char *id) {
  uint32_t low = 0, high = s->n;
  while (low < high) {
    uint32_t middle = low + (high - low) / 2;
    if (strcmp(s->items[middle].id, id) <= 0) low = middle + 1;
    else high = middle;
  }
  return low && strcmp(s->items[low - 1].id, id) == 0 ? &s->items[low - 1] : NULL;
}

/* Outputs of l->test from the solutions file; further ones are ignored. False after a message. */
static bool read_outputs(Loader *l, const Solutions *s, const char *id) {
  const Solution *found = s ? find_solution(s, id) : NULL;
  if (!found) return true;
  uint32_t n = 0;
  Json j = s->json;
  j.p = found->from;
  j.end = found->from + found->len;
  json_expect(&j, '[');
  while (!j.error && json_next_element(&j, &n)) {
    Grid grid;
    if (read_optional_grid(l, &j, &grid) && n <= l->test.n && grid.h) l->test.items[n - 1].output = grid;
  }
  if (j.error) json_report(&j, id);
  return !j.error;
}

/* ---- files ---- */

bool read_tasks_text(Loader *l, const char *path, const char *text, size_t len, Split split, const Solutions *s) {
  uint32_t n = 0;
  Json j;
  const char *id = NULL;
  json_init(&j, path, text, len);
  json_expect(&j, '{');
  while (!j.error && json_next_member(&j, &n, &l->key)) {
    const char *from;
    size_t passed;
    if (!load_wants(l, l->key.data)) {
      json_pass(&j, &from, &passed);
      continue;
    }
    id = (const char *)data_keep(l->set, l->key.data, l->key.len);
    if (!read_task(l, &j)) break;
    if (!read_outputs(l, s, id)) return false;
    add_task(l, id, split);
    id = NULL;
    if (load_full(l)) return true; /* the rest is not looked at */
  }
  if (json_end(&j)) return true;
  json_report(&j, id);
  return false;
}

bool is_one_task(Loader *l, const char *path, const char *text, size_t len) {
  uint32_t n = 0;
  Json j;
  json_init(&j, path, text, len);
  json_expect(&j, '{');
  while (!j.error && json_next_member(&j, &n, &l->key)) {
    const char *from;
    size_t passed;
    bool samples = strcmp(l->key.data, "train") == 0 || strcmp(l->key.data, "test") == 0;
    if (samples && json_peek(&j) == '[') return true;
    json_pass(&j, &from, &passed);
  }
  return false;
}
