/* data.c - finding the files of a data set, and owning what was read. */
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "data_internal.h"
#include "file.h"

/* ---- memory of a set ---- */

enum { CHUNK_BYTES = 1 << 18 };

typedef struct DataChunk {
  struct DataChunk *next;
  size_t used, size;
  uint64_t bytes[];
} DataChunk;

void *data_keep(DataSet *set, const void *bytes, size_t n) {
  size_t room = (n + 7) & ~(size_t)7;
  DataChunk *c = set->chunks;
  if (!c || room > c->size - c->used) {
    size_t size = room > CHUNK_BYTES ? room : CHUNK_BYTES;
    c = (DataChunk *)host_alloc(sizeof *c + size);
    c->next = set->chunks;
    c->used = 0;
    c->size = size;
    set->chunks = c;
  }
  char *p = (char *)c->bytes + c->used;
  c->used += room;
  if (n) memcpy(p, bytes, n);
  return p;
}

void data_free(DataSet *set) {
  while (set->chunks) {
    DataChunk *next = set->chunks->next;
    free(set->chunks);
    set->chunks = next;
  }
  free(set->tasks);
  memset(set, 0, sizeof *set);
}

/* ---- what is wanted ---- */

bool load_full(const Loader *l) { return l->query->limit && l->set->ntasks >= l->query->limit; }

bool load_wants(Loader *l, const char *id) {
  if (!*id || load_full(l)) return false;
  bool wanted = l->query->nids == 0;
  for (uint32_t i = 0; i < l->query->nids; i++)
    if (strcmp(l->query->ids[i], id) == 0) wanted = l->found[i] = true;
  return wanted;
}

static bool wants_split(const Loader *l, Split split) {
  return split == SPLIT_TRAINING     ? l->query->training
         : split == SPLIT_EVALUATION ? l->query->evaluation
                                     : l->query->training && l->query->evaluation;
}

/* ---- names ---- */

static bool ends_with(const char *text, const char *end) {
  size_t n = strlen(text), m = strlen(end);
  return n >= m && strcmp(text + n - m, end) == 0;
}

/* The folder that the path names or lies in, by the path's own text: its last or last but one part. */
static Split split_of_folder(const char *path, uint32_t parts_after) {
  const char *end = path + strlen(path);
  for (;;) {
    while (end > path && end[-1] == '/') end--;
    const char *start = end;
    while (start > path && start[-1] != '/') start--;
    if (parts_after == 0) {
      size_t n = (size_t)(end - start);
      if (n == 8 && memcmp(start, "training", n) == 0) return SPLIT_TRAINING;
      return n == 10 && memcmp(start, "evaluation", n) == 0 ? SPLIT_EVALUATION : SPLIT_NONE;
    }
    parts_after--;
    end = start;
  }
}

static const char *base_name(const char *path) {
  const char *slash = strrchr(path, '/');
  return slash ? slash + 1 : path;
}

static Split split_of_file(const char *path) {
  const char *name = base_name(path);
  return strstr(name, "training")     ? SPLIT_TRAINING
         : strstr(name, "evaluation") ? SPLIT_EVALUATION
                                      : split_of_folder(path, 1);
}

static char *joined(const char *folder, const char *name) {
  Buffer b = {0};
  buffer_text(&b, folder);
  if (!ends_with(folder, "/")) buffer_char(&b, '/');
  buffer_bytes(&b, name, strlen(name) + 1);
  return b.data;
}

static bool is_folder(const char *path) {
  struct stat st;
  return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

static bool is_file(const char *path) {
  struct stat st;
  return stat(path, &st) == 0 && !S_ISDIR(st.st_mode);
}

/* ---- one file ---- */

static const char CHALLENGES[] = "_challenges.json", SOLUTIONS[] = "_solutions.json";

/* The solutions beside a challenges file, if there are any. */
static bool load_solutions(Loader *l, const char *challenges, Solutions *s) {
  memset(s, 0, sizeof *s);
  if (!ends_with(challenges, CHALLENGES)) return true;
  Buffer name = {0};
  buffer_bytes(&name, challenges, strlen(challenges) - (sizeof CHALLENGES - 1));
  buffer_bytes(&name, SOLUTIONS, sizeof SOLUTIONS);
  bool ok = !is_file(name.data) || read_solutions(l, name.data, s);
  if (s->text) s->json.path = (const char *)data_keep(l->set, name.data, name.len);
  buffer_free(&name);
  return ok;
}

static bool load_tasks(Loader *l, const char *path, const char *text, size_t len) {
  Split split = split_of_file(path);
  if (!wants_split(l, split)) return true;
  Solutions s;
  bool ok = load_solutions(l, path, &s) && read_tasks_text(l, path, text, len, split, s.text ? &s : NULL);
  solutions_free(&s);
  return ok;
}

static bool load_task(Loader *l, const char *path, const char *text, size_t len) {
  Split split = split_of_folder(path, 1);
  if (!wants_split(l, split)) return true;
  Buffer id = {0};
  const char *name = base_name(path);
  size_t n = strlen(name);
  buffer_bytes(&id, name, ends_with(name, ".json") && n > 5 ? n - 5 : n);
  buffer_char(&id, '\0');
  bool ok = read_task_text(l, path, text, len, id.data, split);
  buffer_free(&id);
  return ok;
}

static bool load_file(Loader *l, const char *path) {
  if (ends_with(path, SOLUTIONS)) {
    host_error("%s: these are the solutions; name the %s file", path, CHALLENGES + 1);
    return false;
  }
  size_t len;
  char *text = file_read(path, &len);
  if (!text) return false;
  bool one = !ends_with(path, CHALLENGES) && is_one_task(l, path, text, len);
  bool ok = one ? load_task(l, path, text, len) : load_tasks(l, path, text, len);
  free(text);
  return ok;
}

/* ---- folders ---- */

typedef struct {
  char **items;
  uint32_t n, cap;
} Names;

static int compare_names(const void *a, const void *b) {
  return strcmp(*(char *const *)a, *(char *const *)b);
}

static void names_free(Names *names) {
  for (uint32_t i = 0; i < names->n; i++) free(names->items[i]);
  free(names->items);
}

/* Its *.json files, sorted by name. */
static bool list_folder(const char *path, Names *names) {
  memset(names, 0, sizeof *names);
  DIR *dir = opendir(path);
  if (!dir) {
    host_error("%s: %s", path, strerror(errno));
    return false;
  }
  for (struct dirent *e; (e = readdir(dir));) {
    if (e->d_name[0] == '.' || !ends_with(e->d_name, ".json")) continue;
    names->items = (char **)host_grow(names->items, names->n, &names->cap, sizeof *names->items);
    names->items[names->n++] = joined(path, e->d_name);
  }
  closedir(dir);
  if (names->n) qsort(names->items, names->n, sizeof *names->items, compare_names);
  return true;
}

/* One file per task: a task that is not wanted is not even read. */
static bool load_named_task(Loader *l, const char *path) {
  Buffer id = {0};
  const char *name = base_name(path);
  buffer_bytes(&id, name, strlen(name) - 5);
  buffer_char(&id, '\0');
  bool wanted = load_wants(l, id.data);
  buffer_free(&id);
  return !wanted || load_file(l, path);
}

/* Challenges of a split, in a folder of pairs: what Kaggle hands out. Test challenges have no
 * solutions and come only where there is nothing else. */
static bool load_pairs(Loader *l, const Names *names, bool *any) {
  *any = false;
  for (int split = SPLIT_TRAINING; split <= SPLIT_EVALUATION + 1; split++)
    for (uint32_t i = 0; i < names->n; i++) {
      if (!ends_with(names->items[i], CHALLENGES)) continue;
      Split of = split_of_file(names->items[i]);
      if (split <= SPLIT_EVALUATION ? (int)of != split : *any || of != SPLIT_NONE) continue;
      if (!load_file(l, names->items[i])) return false;
      if (split <= SPLIT_EVALUATION) *any = true;
    }
  for (uint32_t i = 0; i < names->n && !*any; i++) *any = ends_with(names->items[i], CHALLENGES);
  return true;
}

static bool load_folder(Loader *l, const char *path) {
  static const char *const parts[] = {"training", "evaluation"};
  bool any = false, ok = true;
  for (int i = 0; i < 2; i++) {
    char *part = joined(path, parts[i]);
    if (is_folder(part)) {
      any = true;
      if (ok && wants_split(l, split_of_folder(part, 0))) ok = load_folder(l, part);
    }
    free(part);
  }
  Names names;
  if (any || !ok) return ok;
  if (!list_folder(path, &names)) return false;
  ok = load_pairs(l, &names, &any);
  for (uint32_t i = 0; i < names.n && ok && !any && !load_full(l); i++) ok = load_named_task(l, names.items[i]);
  if (ok && !names.n) {
    host_error("%s: no .json files in this folder", path);
    ok = false;
  }
  names_free(&names);
  return ok;
}

/* ---- the whole set ---- */

/* Asking for a task that is not there is a mistake, as is a query that nothing answers. */
static bool check_loaded(const Loader *l) {
  const DataQuery *q = l->query;
  bool ok = true;
  for (uint32_t i = 0; i < q->nids && !load_full(l); i++)
    if (!l->found[i]) {
      host_error("task %s is not in the data", q->ids[i]);
      ok = false;
    }
  if (ok && !l->set->ntasks) {
    host_error("%s: no tasks%s", q->npaths ? q->paths[0] : "--data",
               q->training && q->evaluation ? "" : " of this split");
    ok = false;
  }
  return ok;
}

bool data_load(const DataQuery *query, DataSet *set) {
  memset(set, 0, sizeof *set);
  Loader l = {.query = query, .set = set};
  l.found = (bool *)host_alloc(query->nids);
  memset(l.found, 0, query->nids);
  bool ok = true;
  for (uint32_t i = 0; i < query->npaths && ok && !load_full(&l); i++)
    ok = is_folder(query->paths[i]) ? load_folder(&l, query->paths[i]) : load_file(&l, query->paths[i]);
  if (ok) ok = check_loaded(&l);
  buffer_free(&l.key);
  buffer_free(&l.inner_key);
  buffer_free(&l.cells);
  free(l.demo.items);
  free(l.test.items);
  free(l.found);
  return ok;
}
