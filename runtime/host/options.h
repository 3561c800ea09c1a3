/* options.h - options of `battc run`, and of every program that battc makes. */
#ifndef BATTC_RUNNER_OPTIONS_H
#define BATTC_RUNNER_OPTIONS_H

#include <getopt.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

typedef enum { DEVICE_AUTO, DEVICE_CPU, DEVICE_CUDA, DEVICE_EMULATED } DeviceChoice;

enum { MOST_DEVICES = 16 };

/* Strings are borrowed from argv; the arrays and `text` are owned. */
typedef struct {
  const char *file;         /* the argument that is no option: program or .bto; NULL */
  const char **data;
  uint32_t ndata, data_cap;
  bool training, evaluation;
  const char **tasks;
  uint32_t ntasks, tasks_cap;
  char **text;              /* copies that `tasks` points into */
  uint32_t ntext, text_cap;
  uint32_t limit;           /* tasks, 0 all */
  uint32_t jobs;            /* 0: one for each core */
  DeviceChoice device;
  uint32_t numbers[MOST_DEVICES]; /* cuda: of the devices; emulated: number of warps, seed */
  uint32_t nnumbers;
  bool both_calls;
  bool all_pairs;           /* --entry functions on every task, not only on their own */
  bool scores;              /* matched outputs of each candidate in the summary */
  const char *out, *stats;  /* NULL: none */
  bool profile;             /* print it */
  const char *profile_html, *trace; /* NULL: none */
  uint64_t steps;           /* of one op */
  uint32_t memory_mb;       /* of one thread's values: address space */
  double timeout;           /* seconds of one call, 0 none */
  bool in_data;             /* parsing: arguments that follow are further --data paths */
  bool help;
  struct Preload *preload; /* NULL; or reads the data since before (preload.h) */
  const struct DeviceCode *code; /* NULL; or the program compiled for the devices */
  struct DataSet *kept; /* NULL; or where data is kept from one run to the next: loaded if it is empty */
  struct DeviceSet *kept_devices; /* NULL; or where devices are kept open from one run to the next, if there are any */
  /* Filled in by the caller, for the statistics. */
  double started;           /* host_clock() at the start of the process, 0 unknown */
  double parse_seconds, compile_seconds;
} RunnerOptions;

enum {
  RUNNER_OPT_DATA = 1000, RUNNER_OPT_SPLIT, RUNNER_OPT_TASK, RUNNER_OPT_LIMIT, RUNNER_OPT_JOBS, RUNNER_OPT_DEVICE,
  RUNNER_OPT_CALLS, RUNNER_OPT_OUT, RUNNER_OPT_STATS, RUNNER_OPT_STEPS, RUNNER_OPT_MEMORY, RUNNER_OPT_TIMEOUT,
  RUNNER_OPT_ALL_PAIRS, RUNNER_OPT_SCORES, RUNNER_OPT_PROFILE, RUNNER_OPT_PROFILE_HTML, RUNNER_OPT_TRACE
};

/* Entries of a getopt_long table: a command with further options puts its own beside them. Such a
 * command starts its short options with '-', so that arguments come as code 1, in their order. */
#define RUNNER_LONG_OPTIONS                                                                        \
  {"data", required_argument, NULL, RUNNER_OPT_DATA}, {"split", required_argument, NULL, RUNNER_OPT_SPLIT},           \
  {"task", required_argument, NULL, RUNNER_OPT_TASK}, {"limit", required_argument, NULL, RUNNER_OPT_LIMIT},           \
  {"jobs", required_argument, NULL, RUNNER_OPT_JOBS}, {"device", required_argument, NULL, RUNNER_OPT_DEVICE},         \
  {"calls", required_argument, NULL, RUNNER_OPT_CALLS}, {"out", required_argument, NULL, RUNNER_OPT_OUT},             \
  {"stats", required_argument, NULL, RUNNER_OPT_STATS}, {"steps", required_argument, NULL, RUNNER_OPT_STEPS},         \
  {"memory", required_argument, NULL, RUNNER_OPT_MEMORY}, {"timeout", required_argument, NULL, RUNNER_OPT_TIMEOUT},   \
  {"all-pairs", no_argument, NULL, RUNNER_OPT_ALL_PAIRS}, {"scores", no_argument, NULL, RUNNER_OPT_SCORES},           \
  {"profile", no_argument, NULL, RUNNER_OPT_PROFILE},                                                \
  {"profile-html", required_argument, NULL, RUNNER_OPT_PROFILE_HTML}, {"trace", required_argument, NULL, RUNNER_OPT_TRACE}

void runner_options_init(RunnerOptions *o); /* the defaults */
void runner_options_free(RunnerOptions *o);
/* One option, or an argument (code 1). False after a message; options that are not the runner's
 * must not come here. */
bool runner_option(RunnerOptions *o, int code, const char *arg);
/* All of argv for a command that has no other options. --help prints the usage and sets o->help.
 * False after a message and the usage: *o is freed then. */
bool runner_parse_options(int argc, char **argv, RunnerOptions *o);
void runner_usage(FILE *to); /* the options, a line each */

#endif
