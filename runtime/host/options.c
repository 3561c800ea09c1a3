/* options.c - options of `battc run`, and of every program that battc makes. */
#include "options.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "buffer.h"

enum { MAX_JOBS = 1024, MAX_MEMORY_MB = 32767, DEFAULT_MEMORY_MB = 4096 };

void runner_options_init(RunnerOptions *o) {
  memset(o, 0, sizeof *o);
  o->training = o->evaluation = o->both_calls = true;
  o->steps = 2000000000;
  o->memory_mb = DEFAULT_MEMORY_MB;
}

void runner_options_free(RunnerOptions *o) {
  for (uint32_t i = 0; i < o->ntext; i++) free(o->text[i]);
  free(o->text);
  free((void *)o->data);
  free((void *)o->tasks);
  memset(o, 0, sizeof *o);
}

static bool bad_value(const char *option, const char *arg, const char *wanted) {
  host_error("--%s %s: expected %s", option, arg, wanted);
  return false;
}

static bool number_option(const char *option, const char *arg, uint64_t least, uint64_t most, uint64_t *value) {
  char *end;
  errno = 0;
  *value = strtoull(arg, &end, 10);
  if (*arg >= '0' && *arg <= '9' && !*end && !errno && *value >= least && *value <= most) return true;
  host_error("--%s %s: expected an integer from %llu to %llu", option, arg, (unsigned long long)least,
             (unsigned long long)most);
  return false;
}

static bool small_option(const char *option, const char *arg, uint32_t least, uint32_t most, uint32_t *value) {
  uint64_t n;
  if (!number_option(option, arg, least, most, &n)) return false;
  *value = (uint32_t)n;
  return true;
}

static bool seconds_option(const char *option, const char *arg, double *value) {
  char *end;
  *value = strtod(arg, &end);
  if (end != arg && !*end && isfinite(*value) && *value >= 0 && *value <= 1e9) return true;
  return bad_value(option, arg, "seconds");
}

/* Index of arg among the names, -1 after a message. */
static int choice(const char *option, const char *arg, const char *const *names, int n, const char *wanted) {
  for (int i = 0; i < n; i++)
    if (strcmp(arg, names[i]) == 0) return i;
  bad_value(option, arg, wanted);
  return -1;
}

static void add_data(RunnerOptions *o, const char *path) {
  o->data = (const char **)host_grow((void *)o->data, o->ndata, &o->data_cap, sizeof *o->data);
  o->data[o->ndata++] = path;
}

/* ID,ID,… with empty parts left out. */
static void add_tasks(RunnerOptions *o, const char *arg) {
  size_t size = strlen(arg) + 1;
  char *copy = (char *)memcpy(host_alloc(size), arg, size), *rest = NULL;
  o->text = (char **)host_grow(o->text, o->ntext, &o->text_cap, sizeof *o->text);
  o->text[o->ntext++] = copy;
  for (char *id = strtok_r(copy, ",", &rest); id; id = strtok_r(NULL, ",", &rest)) {
    o->tasks = (const char **)host_grow((void *)o->tasks, o->ntasks, &o->tasks_cap, sizeof *o->tasks);
    o->tasks[o->ntasks++] = id;
  }
}

static bool is_program_name(const char *arg) {
  size_t n = strlen(arg);
  return (n > 3 && strcmp(arg + n - 3, ".py") == 0) || (n > 4 && strcmp(arg + n - 4, ".bto") == 0);
}

static bool argument(RunnerOptions *o, const char *arg) {
  if (o->in_data && !is_program_name(arg)) {
    add_data(o, arg);
    return true;
  }
  if (o->file) {
    host_error("%s: one program at a time (%s)", arg, o->file);
    return false;
  }
  o->file = arg;
  return true;
}

/* N,N,… behind a colon. */
static bool device_numbers(RunnerOptions *o, const char *arg, const char *list) {
  while (*list) {
    char *end;
    unsigned long n = strtoul(list + 1, &end, 10);
    if (end == list + 1 || list[1] < '0' || list[1] > '9' || n > 9999 || o->nnumbers == MOST_DEVICES || (*end && *end != ','))
      return bad_value("device", arg, "numbers behind the colon");
    o->numbers[o->nnumbers++] = (uint32_t)n;
    list = end;
  }
  return true;
}

static bool device_option(RunnerOptions *o, const char *arg) {
  static const char *const devices[] = {"auto", "cpu", "cuda", "emulated"};
  size_t name = strcspn(arg, ":");
  o->nnumbers = 0;
  for (int i = 0; i < 4; i++) {
    if (strncmp(arg, devices[i], name) || devices[i][name]) continue;
    o->device = (DeviceChoice)i;
    if (arg[name] && i < DEVICE_CUDA) break;
    return device_numbers(o, arg, arg + name);
  }
  return bad_value("device", arg, "auto, cpu, cuda, cuda:N,… or emulated");
}

static bool choice_option(RunnerOptions *o, int code, const char *arg) {
  static const char *const splits[] = {"training", "evaluation", "both"};
  static const char *const calls[] = {"first", "both"};
  int i;
  if (code == RUNNER_OPT_SPLIT) {
    if ((i = choice("split", arg, splits, 3, "training, evaluation or both")) < 0) return false;
    o->training = i != 1;
    o->evaluation = i != 0;
  } else {
    if ((i = choice("calls", arg, calls, 2, "first or both")) < 0) return false;
    o->both_calls = i == 1;
  }
  return true;
}

bool runner_option(RunnerOptions *o, int code, const char *arg) {
  if (code == 1) return argument(o, arg);
  o->in_data = code == RUNNER_OPT_DATA;
  switch (code) {
    case RUNNER_OPT_DATA: add_data(o, arg); return true;
    case RUNNER_OPT_TASK: add_tasks(o, arg); return true;
    case RUNNER_OPT_LIMIT: return small_option("limit", arg, 1, UINT32_MAX, &o->limit);
    case 'j':
    case RUNNER_OPT_JOBS: return small_option("jobs", arg, 1, MAX_JOBS, &o->jobs);
    case RUNNER_OPT_STEPS: return number_option("steps", arg, 1, (uint64_t)1 << 62, &o->steps);
    case RUNNER_OPT_MEMORY: return small_option("memory", arg, 1, MAX_MEMORY_MB, &o->memory_mb);
    case RUNNER_OPT_TIMEOUT: return seconds_option("timeout", arg, &o->timeout);
    case RUNNER_OPT_OUT: o->out = arg; return true;
    case RUNNER_OPT_STATS: o->stats = arg; return true;
    case RUNNER_OPT_ALL_PAIRS: o->all_pairs = true; return true;
    case RUNNER_OPT_SCORES: o->scores = true; return true;
    case RUNNER_OPT_PROFILE: o->profile = true; return true;
    case RUNNER_OPT_PROFILE_HTML: o->profile_html = arg; return true;
    case RUNNER_OPT_DEVICE: return device_option(o, arg);
    case RUNNER_OPT_TRACE: o->trace = arg; return true;
    default: return choice_option(o, code, arg);
  }
}

static bool parse_all(int argc, char **argv, RunnerOptions *o) {
  static const struct option table[] = {RUNNER_LONG_OPTIONS, {"help", no_argument, NULL, 'h'}, {NULL, 0, NULL, 0}};
  int code;
  optind = 0; /* from the start, whatever was parsed before */
  while ((code = getopt_long(argc, argv, "-j:h", table, NULL)) != -1) {
    if (code == '?') return false; /* getopt_long has said why */
    if (code == 'h') o->help = true;
    else if (!runner_option(o, code, optarg)) return false;
  }
  o->in_data = false;
  for (; optind < argc; optind++)
    if (!argument(o, argv[optind])) return false;
  return true;
}

bool runner_parse_options(int argc, char **argv, RunnerOptions *o) {
  bool ok = parse_all(argc, argv, o);
  if (!ok || o->help) runner_usage(ok ? stdout : stderr);
  if (!ok) runner_options_free(o);
  return ok;
}

void runner_usage(FILE *to) {
  fputs(
      "  --data PATH…        folder or file of ARC tasks\n"
      "  --split WHICH       training, evaluation or both (default both)\n"
      "  --task ID,…         only these tasks\n"
      "  --limit N           only the first N tasks\n"
      "  --calls WHICH       first (C = None) or both (also C = the output; default both)\n"
      "  --all-pairs         run --entry functions on every task, not only on their own\n"
      "  --jobs N, -j N      threads (default: one for each core)\n"
      "  --device WHICH      auto (default), cpu, cuda, cuda:0,1 (these devices), emulated (the device's code on the CPU)\n"
      "  --out FILE          a JSON line for each call; - for standard output\n"
      "  --stats FILE        statistics of the run as JSON\n"
      "  --scores            matched outputs of each candidate in the summary\n"
      "  --profile           print what costs time: phases, ops, functions; also into the statistics\n"
      "  --profile-html FILE the program line by line with its cost and exceptions, as a page\n"
      "  --trace FILE        what each thread did when, for chrome://tracing or Perfetto\n"
      "  --steps N           limit of steps for one op (default 2000000000)\n"
      "  --memory MB         limit of memory for one thread's values (default 4096)\n"
      "  --timeout SECONDS   limit of time for one call (default none)\n",
      to);
}
