/* verify_python.c - a CPython process that runs templates/verify.py, and the thread that talks to it.
 *
 * Requests and answers alternate, so neither side ever waits to write while the other does. */
#include "verify.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

extern const char verify_text[];
extern char **environ;

static const uint32_t MAX_ANSWER = (uint32_t)1 << 31;

/* ---- bytes ---- */

static bool write_all(int fd, const char *bytes, size_t n) {
  while (n) {
    ssize_t done = write(fd, bytes, n);
    if (done < 0 && errno == EINTR) continue;
    if (done <= 0) return false;
    bytes += done;
    n -= (size_t)done;
  }
  return true;
}

static bool read_all(int fd, char *bytes, size_t n) {
  while (n) {
    ssize_t done = read(fd, bytes, n);
    if (done < 0 && errno == EINTR) continue;
    if (done <= 0) return false;
    bytes += done;
    n -= (size_t)done;
  }
  return true;
}

static bool send_line(Python *p, Buffer *line) {
  buffer_char(line, '\n');
  return write_all(p->to, line->data, line->len);
}

/* Owned bytes with a NUL behind them; NULL: the process is gone, or no driver speaks. */
static char *read_answer(Python *p, uint32_t *len) {
  if (!read_all(p->from, (char *)len, sizeof *len) || *len > MAX_ANSWER) return NULL;
  char *bytes = (char *)host_alloc((size_t)*len + 1);
  bytes[*len] = 0;
  if (read_all(p->from, bytes, *len)) return bytes;
  free(bytes);
  return NULL;
}

/* ---- requests ---- */

static void add_string(Buffer *b, const char *text) { buffer_json_string(b, text, strlen(text)); }

static void add_grid(Buffer *b, const Grid *g) {
  if (!g->h) {
    buffer_text(b, "null");
    return;
  }
  buffer_char(b, '[');
  for (uint32_t i = 0; i < g->h; i++) {
    buffer_text(b, i ? ",[" : "[");
    for (uint32_t k = 0; k < g->w; k++) {
      if (k) buffer_char(b, ',');
      buffer_int(b, g->cells[(size_t)i * g->w + k]);
    }
    buffer_char(b, ']');
  }
  buffer_char(b, ']');
}

static void add_samples(Buffer *b, const Sample *samples, uint32_t n) {
  buffer_char(b, '[');
  for (uint32_t i = 0; i < n; i++) {
    buffer_text(b, i ? ",[" : "[");
    add_grid(b, &samples[i].input);
    buffer_char(b, ',');
    add_grid(b, &samples[i].output);
    buffer_char(b, ']');
  }
  buffer_char(b, ']');
}

static bool send_task(Python *p, const Task *task) {
  if (!task || p->task == task) return true;
  Buffer b = {0};
  buffer_text(&b, "T {\"id\":");
  add_string(&b, task->id);
  buffer_text(&b, ",\"demo\":");
  add_samples(&b, task->samples, task->ndemo);
  buffer_text(&b, ",\"test\":");
  add_samples(&b, task->samples + task->ndemo, task->ntest);
  buffer_char(&b, '}');
  bool ok = send_line(p, &b);
  buffer_free(&b);
  p->task = task;
  return ok;
}

static bool send_call(Python *p, const VerifyCall *call, const char *what) {
  Buffer b = {0};
  buffer_format(&b, "%c %u %d %d", what ? 'X' : 'C', call->program, call->task ? (int)call->sample : -1, call->second);
  if (what) buffer_format(&b, " %s", what);
  bool ok = send_task(p, call->task) && send_line(p, &b);
  buffer_free(&b);
  return ok;
}

static bool send_setup(Python *p) {
  const VerifyPlan *plan = p->plan;
  Buffer b = {0};
  buffer_format(&b, "{\"timeout\":%.3f,\"entries\":[", plan->timeout);
  for (uint32_t i = 0; i < plan->unit->nprograms; i++) {
    const Program *program = &plan->unit->programs[i];
    buffer_text(&b, i ? ",{\"name\":" : "{\"name\":");
    add_string(&b, program->entry);
    buffer_text(&b, program->whole ? ",\"names\":null}" : ",\"names\":[");
    for (uint32_t k = plan->first_name[i]; k < plan->first_name[i + 1]; k++) {
      if (k > plan->first_name[i]) buffer_char(&b, ',');
      add_string(&b, plan->names[k]);
    }
    if (!program->whole) buffer_text(&b, "]}");
  }
  buffer_text(&b, "]}");
  bool ok = send_line(p, &b);
  buffer_free(&b);
  return ok;
}

/* ---- answers ---- */

/* Do n items take exactly these marks? */
static bool items_ok(const Mark *marks, size_t nmarks, uint64_t n) {
  for (; n; n--) {
    if (!nmarks || item_marks(*marks) > nmarks) return false;
    nmarks -= item_marks(*marks);
    marks += item_marks(*marks);
  }
  return !nmarks;
}

/* Splits an answer into its parts. False: it is not one of ours. */
static bool parse_answer(char *bytes, uint32_t len, uint32_t nnames, PythonAnswer *a) {
  uint32_t head[4];
  if (len < sizeof head || (len - sizeof head) / sizeof(Mark) < nnames) return false;
  memcpy(head, bytes, sizeof head);
  size_t rest = len - sizeof head - nnames * sizeof(Mark);
  memset(a, 0, sizeof *a);
  a->bytes = bytes;
  a->kind = head[0];
  a->line = head[1];
  a->names = (const Mark *)(bytes + sizeof head);
  a->items = a->names + nnames;
  a->error = (const char *)a->items;
  if (a->kind == PY_OTHER) a->value = head[2] | (Mark)head[3] << 32;
  if (a->kind == PY_LISTS) memcpy(a->n, head + 2, sizeof a->n);
  if (a->kind != PY_LISTS) return a->kind <= PY_LATE;
  return rest % sizeof(Mark) == 0 && items_ok(a->items, rest / sizeof(Mark), (uint64_t)head[2] + head[3]);
}

static void say_lost(Python *p, const VerifyCall *call) {
  pthread_mutex_lock(&p->lock);
  bool stopped = p->stopped;
  pthread_mutex_unlock(&p->lock);
  if (stopped) return;
  if (call->task) host_error("%s ended, or answered what makes no sense, in task %s, sample %u, %s call", p->command,
                             call->task->id, call->sample, call->second ? "second" : "first");
  else host_error("%s ended in %s", p->command, p->plan->unit->programs[call->program].entry);
}

static bool ask(Python *p, const VerifyCall *call, PythonAnswer *a) {
  uint32_t len;
  pthread_mutex_lock(&p->pipe);
  char *bytes = send_call(p, call, NULL) ? read_answer(p, &len) : NULL;
  pthread_mutex_unlock(&p->pipe);
  if (bytes && parse_answer(bytes, len, plan_names(p->plan, call->program), a)) return true;
  free(bytes);
  say_lost(p, call);
  return false;
}

bool python_text(Python *p, const VerifyCall *call, const char *what, Buffer *text) {
  uint32_t len;
  pthread_mutex_lock(&p->pipe);
  char *bytes = send_call(p, call, what) ? read_answer(p, &len) : NULL;
  pthread_mutex_unlock(&p->pipe);
  if (!bytes) return false;
  buffer_bytes(text, bytes, len);
  free(bytes);
  return true;
}

/* ---- the thread ---- */

static bool wait_for_room(Python *p) {
  pthread_mutex_lock(&p->lock);
  while (!p->stopped && p->done - p->taken == PYTHON_AHEAD) pthread_cond_wait(&p->changed, &p->lock);
  bool go = !p->stopped;
  pthread_mutex_unlock(&p->lock);
  return go;
}

static void *talk(void *arg) {
  Python *p = (Python *)arg;
  for (uint32_t i = 0; i < p->plan->ncalls && wait_for_room(p); i++) {
    PythonAnswer a;
    bool ok = ask(p, &p->plan->calls[i], &a);
    pthread_mutex_lock(&p->lock);
    p->failed = !ok;
    if (ok) p->answers[p->done++ % PYTHON_AHEAD] = a;
    pthread_cond_broadcast(&p->changed);
    pthread_mutex_unlock(&p->lock);
    if (!ok) break;
  }
  return NULL;
}

bool python_begin(Python *p) {
  p->started = pthread_create(&p->thread, NULL, talk, p) == 0;
  if (!p->started) host_error("no thread for %s", p->command);
  return p->started;
}

bool python_take(Python *p, PythonAnswer *answer) {
  pthread_mutex_lock(&p->lock);
  while (!p->failed && !p->stopped && p->done == p->taken) pthread_cond_wait(&p->changed, &p->lock);
  bool ok = p->done > p->taken && !p->stopped;
  if (ok) *answer = p->answers[p->taken++ % PYTHON_AHEAD];
  pthread_cond_broadcast(&p->changed);
  pthread_mutex_unlock(&p->lock);
  return ok;
}

/* ---- the process ---- */

/* python -c TEXT FILE -I... DSL STANDINS */
static char **arguments(const CompileOptions *o, const char *command, Buffer *standins) {
  char **argv = (char **)host_alloc((o->ninclude + 7) * sizeof *argv);
  uint32_t n = 0;
  buffer_format(standins, "%s/standins", o->bundled_dsl);
  buffer_char(standins, 0);
  argv[n++] = (char *)command;
  argv[n++] = (char *)"-c";
  argv[n++] = (char *)verify_text;
  argv[n++] = (char *)o->file;
  for (uint32_t i = 0; i < o->ninclude; i++) argv[n++] = (char *)o->include[i];
  argv[n++] = (char *)o->bundled_dsl;
  argv[n++] = standins->data;
  argv[n] = NULL;
  return argv;
}

/* The environment with another seed for the hashes of strings. The caller frees it and *seed. */
static char **environment(unsigned hash_seed, Buffer *seed) {
  static const char name[] = "PYTHONHASHSEED=";
  size_t n = 0, kept = 0;
  while (environ[n]) n++;
  char **env = (char **)host_alloc((n + 2) * sizeof *env);
  for (size_t i = 0; i < n; i++)
    if (strncmp(environ[i], name, sizeof name - 1)) env[kept++] = environ[i];
  buffer_format(seed, "%s%u", name, hash_seed);
  buffer_char(seed, 0);
  env[kept++] = seed->data;
  env[kept] = NULL;
  return env;
}

/* Interrupts from the keyboard are battc's: it ends its processes itself. */
static int spawn(Python *p, const CompileOptions *o, unsigned number, int input, int output) {
  Buffer standins = {0}, seed = {0};
  posix_spawn_file_actions_t files;
  char **argv = arguments(o, p->command, &standins), **env = environment(number, &seed);
  posix_spawn_file_actions_init(&files);
  posix_spawn_file_actions_adddup2(&files, input, 0);
  posix_spawn_file_actions_adddup2(&files, output, 1);
  if (number > 1) posix_spawn_file_actions_addopen(&files, 2, "/dev/null", O_WRONLY, 0);
  struct sigaction ignore, old;
  memset(&ignore, 0, sizeof ignore);
  ignore.sa_handler = SIG_IGN;
  sigaction(SIGINT, &ignore, &old);
  int error = posix_spawnp(&p->pid, p->command, &files, NULL, argv, env);
  sigaction(SIGINT, &old, NULL);
  posix_spawn_file_actions_destroy(&files);
  free(argv);
  free(env);
  buffer_free(&standins);
  buffer_free(&seed);
  return error;
}

bool python_start(Python *p, const VerifyPlan *plan, const CompileOptions *compile, const char *command,
                  unsigned number) {
  int in[2], out[2];
  memset(p, 0, sizeof *p);
  p->plan = plan;
  p->command = command;
  p->to = p->from = -1;
  pthread_mutex_init(&p->pipe, NULL);
  pthread_mutex_init(&p->lock, NULL);
  pthread_cond_init(&p->changed, NULL);
  if (pipe2(in, O_CLOEXEC)) {
    host_error("no pipe to %s: %s", command, strerror(errno));
    return false;
  }
  if (pipe2(out, O_CLOEXEC)) {
    host_error("no pipe to %s: %s", command, strerror(errno));
    close(in[0]);
    close(in[1]);
    return false;
  }
  int error = spawn(p, compile, number, in[0], out[1]);
  close(in[0]);
  close(out[1]);
  p->to = in[1];
  p->from = out[0];
  if (!error) return true;
  p->pid = 0;
  host_error("cannot start %s: %s; see --python", command, strerror(error));
  return false;
}

bool python_ready(Python *p) {
  uint32_t len;
  char *answer = send_setup(p) ? read_answer(p, &len) : NULL;
  bool ok = answer && !strncmp(answer, "ok ", 3);
  bool told = answer && !strncmp(answer, "error ", 6);
  if (ok) p->version = strcpy((char *)host_alloc(len), answer + 3);
  else if (told) host_error("%s cannot import the program: %s", p->command, answer + 6);
  else if (!p->stopped) host_error("%s did not start as a Python 3.8 or newer does", p->command);
  free(answer);
  return ok;
}

void python_kill(Python *p) {
  p->stopped = true;
  if (p->pid > 0) kill(p->pid, SIGKILL);
}

void python_end(Python *p) {
  pthread_mutex_lock(&p->lock);
  python_kill(p);
  pthread_cond_broadcast(&p->changed);
  pthread_mutex_unlock(&p->lock);
  if (p->started) pthread_join(p->thread, NULL);
  while (p->pid > 0 && waitpid(p->pid, NULL, 0) < 0 && errno == EINTR) {}
  if (p->to >= 0) close(p->to);
  if (p->from >= 0) close(p->from);
  for (; p->taken != p->done; p->taken++) free(p->answers[p->taken % PYTHON_AHEAD].bytes);
  free(p->version);
  pthread_cond_destroy(&p->changed);
  pthread_mutex_destroy(&p->lock);
  pthread_mutex_destroy(&p->pipe);
}
