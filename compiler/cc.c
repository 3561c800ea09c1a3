/* cc.c - see cc.h. */
#include "cc.h"

#include "diag.h"

#include "../runtime/host/buffer.h"
#include "../runtime/host/file.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

/* ---- words ---- */

static char *format_list(const char *fmt, va_list args) {
  char *text = NULL;
  if (vasprintf(&text, fmt, args) < 0) exit(EXIT_INTERNAL);
  return text;
}

char *text_format(const char *fmt, ...) {
  va_list args;
  va_start(args, fmt);
  char *text = format_list(fmt, args);
  va_end(args);
  return text;
}

static void add_owned(Command *c, char *word) {
  c->words = host_grow(c->words, c->n + 1, &c->cap, sizeof *c->words);
  c->words[c->n++] = word;
  c->words[c->n] = NULL;
}

void command_add(Command *c, const char *word) { add_owned(c, text_format("%s", word)); }

void command_add_format(Command *c, const char *fmt, ...) {
  va_list args;
  va_start(args, fmt);
  add_owned(c, format_list(fmt, args));
  va_end(args);
}

void command_free(Command *c) {
  for (uint32_t i = 0; i < c->n; i++) free(c->words[i]);
  free(c->words);
  *c = (Command){0};
}

void cc_start(Command *c) {
  const char *cc = getenv("CC");
  size_t n;
  for (cc = cc ? cc : ""; *(cc += strspn(cc, " \t\n")); cc += n) {
    n = strcspn(cc, " \t\n");
    command_add_format(c, "%.*s", (int)n, cc);
  }
  if (!c->n) command_add(c, "cc");
}

/* ---- battc's files ---- */

/* The first of the places below the binary's folder where `probe` is, as an owned path. */
static char *find_place(const char *set, const char *const *places, size_t n, const char *probe) {
  for (size_t i = 0; i <= n; i++) {
    if (!i && !set) continue;
    char *dir = i ? text_format("%s%s", program_folder(), places[i - 1]) : text_format("%s", set);
    char *file = text_format("%s/%s", dir, probe);
    bool found = access(file, R_OK) == 0;
    free(file);
    if (found) return dir;
    free(dir);
  }
  diag_plain(DIAG_ERROR, "%s of battc is not installed beside it", probe);
  return NULL;
}

const char *cc_include_dir(void) {
  static const char *const places[] = {"/../include/battc", "/../runtime", "/include/battc"};
  static char *dir;
  if (!dir) dir = find_place(getenv("BATTC_INCLUDE"), places, sizeof places / sizeof *places, "interp.h");
  return dir;
}

static char *find_library(const char *name) {
  static const char *const places[] = {"", "/../lib/battc"};
  char *dir = find_place(getenv("BATTC_LIB"), places, sizeof places / sizeof *places, name);
  char *path = dir ? text_format("%s/%s", dir, name) : NULL;
  free(dir);
  return path;
}

const char *cc_runtime_library(void) {
  static char *path;
  if (!path) path = find_library("libbattc-runtime.a");
  return path;
}

const char *cc_python_library(void) {
  static char *path;
  if (!path) path = find_library("libbattc-python.a");
  return path;
}

const char *cc_device_library(void) {
  static char *path;
  if (!path) path = find_library("libbattc-cuda.a");
  return path;
}

/* ---- running ---- */

static void show_command(const Command *c) {
  for (uint32_t i = 0; i < c->n; i++) fprintf(stderr, "%s%s", i ? " " : "", c->words[i]);
  fputc('\n', stderr);
}

/* Children die by an interrupt even where battc itself waits for them. 0, or an errno. */
static int start_command(const Command *c, pid_t *pid) {
  posix_spawnattr_t attr;
  sigset_t interrupts;
  sigemptyset(&interrupts);
  sigaddset(&interrupts, SIGINT);
  sigaddset(&interrupts, SIGQUIT);
  if (posix_spawnattr_init(&attr)) exit(EXIT_INTERNAL);
  posix_spawnattr_setsigdefault(&attr, &interrupts);
  posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETSIGDEF);
  int failed = posix_spawnp(pid, c->words[0], NULL, &attr, c->words, environ);
  posix_spawnattr_destroy(&attr);
  return failed;
}

static int not_started(const Command *c, int failed) {
  if (failed == ENOENT || failed == EACCES)
    diag_plain(DIAG_ERROR, "no C compiler: '%s' cannot be run (%s); set CC, or use `battc run`, which needs none",
               c->words[0], strerror(failed));
  else diag_plain(DIAG_ERROR, "cannot run '%s': %s", c->words[0], strerror(failed));
  return failed == ENOENT || failed == EACCES ? EXIT_INPUT : EXIT_INTERNAL;
}

/* Of shells and of posix_spawn that cannot tell: 127 is "not found". */
static int ended(const Command *c, int status) {
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return EXIT_OK;
  if (WIFEXITED(status) && WEXITSTATUS(status) == 127) return not_started(c, ENOENT);
  if (WIFSIGNALED(status) && WTERMSIG(status) == SIGINT) return EXIT_INTERRUPTED;
  diag_plain(DIAG_ERROR, "'%s' failed", c->words[0]);
  return EXIT_INTERNAL;
}

typedef struct {
  const Command *commands;
  pid_t *pids;
  uint32_t n, next, running;
  int code;
} Jobs;

static void start_next(Jobs *j, bool show) {
  const Command *c = &j->commands[j->next];
  if (show) show_command(c);
  int failed = start_command(c, &j->pids[j->next++]);
  if (!failed) j->running++;
  else {
    j->pids[j->next - 1] = 0;
    j->code = not_started(c, failed);
  }
}

static void wait_for_one(Jobs *j) {
  int status;
  pid_t pid = waitpid(-1, &status, 0);
  for (uint32_t i = 0; pid > 0 && i < j->next; i++) {
    if (j->pids[i] != pid) continue;
    int code = ended(&j->commands[i], status);
    if (!j->code) j->code = code;
    j->running--;
  }
}

int cc_run(const Command *commands, uint32_t n, int jobs, bool show) {
  Jobs j = {.commands = commands, .n = n, .pids = host_alloc((n + 1) * sizeof(pid_t))};
  struct sigaction ignore = {.sa_handler = SIG_IGN}, old_int, old_quit;
  sigaction(SIGINT, &ignore, &old_int);
  sigaction(SIGQUIT, &ignore, &old_quit);
  while ((j.next < n && !j.code) || j.running) {
    if (j.next < n && !j.code && j.running < (uint32_t)(jobs > 0 ? jobs : 1)) start_next(&j, show);
    else wait_for_one(&j);
  }
  sigaction(SIGINT, &old_int, NULL);
  sigaction(SIGQUIT, &old_quit, NULL);
  free(j.pids);
  return j.code;
}

/* ---- files ---- */

char *cc_make_folder(void) {
  const char *tmp = getenv("TMPDIR");
  char *path = text_format("%s/battc-XXXXXX", tmp && *tmp ? tmp : "/tmp");
  if (mkdtemp(path)) return path;
  diag_plain(DIAG_ERROR, "cannot make a folder for intermediate files: %s: %s", path, strerror(errno));
  free(path);
  return NULL;
}

void cc_drop_folder(char *folder) {
  DIR *dir = folder ? opendir(folder) : NULL;
  struct dirent *e;
  while (dir && (e = readdir(dir)))
    if (strcmp(e->d_name, ".") && strcmp(e->d_name, "..")) unlinkat(dirfd(dir), e->d_name, 0);
  if (dir) closedir(dir);
  if (folder) rmdir(folder);
  free(folder);
}

bool cc_write(const char *path, const char *bytes, uint64_t len) {
  FILE *f = fopen(path, "we");
  bool ok = f && fwrite(bytes, 1, len, f) == len;
  if (f) ok &= fclose(f) == 0;
  if (!ok) diag_plain(DIAG_ERROR, "cannot write %s: %s", path, strerror(errno));
  return ok;
}
