/* runner.c - a run from its data to its summary. */
#include "runner.h"

#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "device_worker.h"
#include "preload.h"
#include "profile_report.h"

/* ---- interrupts ---- */

static volatile int interrupt_flag; /* machines look at it */

static void on_interrupt(int number) {
  (void)number;
  interrupt_flag = 1;
}

enum { NSIGNALS = 4, DEVICE_WINDOW = 8192 };
static const int SIGNALS[NSIGNALS] = {SIGINT, SIGTERM, SIGHUP, SIGPIPE};

/* The second interrupt ends the process. Whoever ignores a signal goes on to do so. */
static void catch_signals(struct sigaction old[NSIGNALS]) {
  interrupt_flag = 0;
  for (int i = 0; i < NSIGNALS; i++) {
    struct sigaction act;
    memset(&act, 0, sizeof act);
    sigemptyset(&act.sa_mask);
    act.sa_handler = SIGNALS[i] == SIGPIPE ? SIG_IGN : on_interrupt;
    act.sa_flags = SA_RESTART | (int)(SIGNALS[i] == SIGPIPE ? 0 : SA_RESETHAND);
    sigaction(SIGNALS[i], NULL, &old[i]);
    if (old[i].sa_handler != SIG_IGN) sigaction(SIGNALS[i], &act, NULL);
  }
}

static void release_signals(const struct sigaction old[NSIGNALS]) {
  for (int i = 0; i < NSIGNALS; i++) sigaction(SIGNALS[i], &old[i], NULL);
}

/* ---- units ---- */

static bool needs_data(const RunPlan *plan) {
  for (uint32_t i = 0; i < plan->nprograms; i++)
    if (!program_runs_once(&plan->programs[i])) return true;
  return false;
}

static void add_unit(RunPlan *plan, uint32_t *cap, const Task *task, uint32_t program) {
  plan->units = (RunUnit *)host_grow(plan->units, plan->nunits, cap, sizeof *plan->units);
  plan->units[plan->nunits++] = (RunUnit){.task = task, .program = program};
}

/* What runs once, then the tasks that some program wants. */
static void make_units(RunPlan *plan, const DataSet *data) {
  uint32_t cap = 0;
  for (uint32_t i = 0; i < plan->nprograms; i++)
    if (program_runs_once(&plan->programs[i])) add_unit(plan, &cap, NULL, i);
  for (uint32_t t = 0; t < data->ntasks; t++) {
    uint32_t i = 0;
    while (i < plan->nprograms && !program_wants(&plan->programs[i], &data->tasks[t], plan->options->all_pairs)) i++;
    if (i < plan->nprograms) add_unit(plan, &cap, &data->tasks[t], 0);
  }
}

/* Counts are left where the run was interrupted. */
static void free_units(RunPlan *plan) {
  for (uint32_t i = 0; i < plan->nunits; i++) {
    if (plan->units[i].counts) board_free(&plan->units[i].counts->board);
    free(plan->units[i].counts);
  }
  free(plan->units);
}

/* Cells are what most of the time goes by. */
static uint64_t unit_weight(const RunUnit *u) {
  uint64_t cells = 0;
  for (uint32_t i = 0; u->task && i < task_samples(u->task); i++) {
    const Sample *s = &u->task->samples[i];
    cells += (uint64_t)s->input.h * s->input.w + (uint64_t)s->output.h * s->output.w;
  }
  return cells;
}

/* Of all the data: where only some tasks were asked for, the rest is left out on purpose. */
static void warn_unmatched(const RunPlan *plan, const DataSet *data) {
  const RunnerOptions *o = plan->options;
  uint32_t unmatched = 0;
  if (o->limit || o->ntasks || !o->training || !o->evaluation) return;
  for (uint32_t i = 0; i < plan->nprograms; i++) {
    const Program *p = &plan->programs[i];
    if (program_runs_once(p)) continue;
    uint32_t t = 0;
    while (t < data->ntasks && !program_wants(p, &data->tasks[t], plan->options->all_pairs)) t++;
    unmatched += t == data->ntasks;
  }
  if (unmatched) host_warning("%u function%s for tasks that are not in the data", unmatched, unmatched == 1 ? "" : "s");
}

/* ---- threads ---- */

static uint32_t thread_count(const RunPlan *plan) {
  cpu_set_t cores;
  uint32_t n = plan->options->jobs;
  if (!n) n = sched_getaffinity(0, sizeof cores, &cores) == 0 ? (uint32_t)CPU_COUNT(&cores) : 1;
  uint64_t parts = plan->nunits;
  for (uint32_t i = 0; i < plan->nunits && parts < n; i++) parts += unit_parts(plan, &plan->units[i]) - 1;
  if (n > parts) n = (uint32_t)parts;
  return n ? n : 1;
}

/* What a thread is asked to note about itself. */
static void prepare_notes(Worker *w) {
  const RunnerOptions *o = w->plan->options;
  if (o->profile || o->profile_html) {
    w->profile = profile_new(w->plan->programs, w->plan->nprograms, w->plan->image);
    profile_watch(w->profile, w->vm);
  }
  if (o->trace) w->trace = (Trace *)memset(host_alloc(sizeof(Trace)), 0, sizeof(Trace));
}

static DeviceShare *new_share(Device *device) {
  DeviceShare *share = (DeviceShare *)memset(host_alloc(sizeof *share), 0, sizeof *share);
  share->run.device = device;
  return share;
}

/* Starts up to *n threads; fewer where memory or the system does not allow them. The last of them work with devices. */
static void start_workers(RunPlan *plan, Worker *workers, uint32_t *n) {
  uint32_t threads = *n - plan->devices.n;
  size_t bytes = (size_t)plan->options->memory_mb << 20;
  uint32_t i;
  for (i = 0; i < *n; i++) {
    Worker *w = &workers[i];
    w->plan = plan;
    w->vm = vm_new(bytes);
    if (i >= threads) w->share = new_share(plan->devices.devices[i - threads]);
    if (!w->vm || plan->image_top >= w->vm->limit) break;
    prepare_notes(w);
    queue_enter(&plan->queue);
    if (pthread_create(&w->thread, NULL, w->share ? device_worker_main : worker_main, w) != 0) {
      queue_leave(&plan->queue);
      break;
    }
    w->started = true;
    if (w->profile) pthread_getcpuclockid(w->thread, &w->profile->clock);
  }
  for (uint32_t k = i > threads ? i - threads : 0; k < plan->devices.n; k++) queue_device_ends(&plan->queue);
  *n = i;
}

static void show_progress(uint32_t done, uint32_t n, double seconds, bool last) {
  if (last) fputs("\r\033[K", stderr);
  else fprintf(stderr, "\r\033[K%u/%u tasks  %.1f s", done, n, seconds);
  fflush(stderr);
}

static void watch(RunPlan *plan, Worker *workers, uint32_t n) {
  bool terminal = isatty(STDERR_FILENO) != 0;
  double from = host_clock(), shown = from;
  uint32_t done;
  while (!queue_wait(&plan->queue, workers[0].profile ? PROFILE_INTERVAL : 0.2, &done)) {
    if (*plan->interrupt) queue_stop(&plan->queue);
    for (uint32_t i = 0; i < n && workers[i].profile; i++) profile_look(workers[i].profile);
    if (!terminal || host_clock() - shown < 0.15) continue;
    shown = host_clock();
    show_progress(done, plan->nunits, shown - from, false);
  }
  if (terminal) show_progress(done, plan->nunits, 0, true);
}

static void end_share(DeviceShare *share, DeviceCounts *counts, Profile *profile, DeviceSet *set) {
  if (profile && !share->lost && device_run_ticks(&share->run)) profile_add_ticks(profile, share->run.ticks);
  counts->items += share->run.items;
  for (int i = 0; i < LEFT_REASONS; i++) counts->left[i] += share->run.left_why[i];
  counts->kernel_seconds += share->run.device->kernel_seconds;
  counts->item_seconds += share->run.item_seconds;
  if (share->run.longest_item > counts->longest_item) counts->longest_item = share->run.longest_item;
  counts->warps += share->run.warps;
  counts->use = share->run.device->use;
  counts->data_sent += share->run.sent_data;
  set->lost |= share->lost;
  device_run_free(&share->run);
}

/* Joins the threads and adds up what they counted. False if one failed. */
static bool gather(RunPlan *plan, Worker *workers, uint32_t n, RunStats *stats, Board *board, Profile *profile, DeviceCounts *devices,
                   Profile *device_profile) {
  bool ok = true;
  for (uint32_t i = 0; i < n; i++) {
    if (workers[i].started) pthread_join(workers[i].thread, NULL);
    stats_merge(stats, &workers[i].stats);
    board_merge(board, &workers[i].board);
    board_free(&workers[i].board);
    if (workers[i].started && profile) profile_merge(profile, workers[i].profile);
    profile_free(workers[i].profile);
    if (workers[i].share) end_share(workers[i].share, devices, device_profile, &plan->devices);
    free(workers[i].share);
    vm_free(workers[i].vm);
    ok &= !workers[i].failed;
  }
  board_sort(board);
  return ok;
}

/* ---- the run ---- */

static bool print_report(const RunReport *report, bool to_stderr) {
  report_print(to_stderr ? stderr : stdout, report);
  if (to_stderr || (fflush(stdout) == 0 && !ferror(stdout))) return true;
  host_error("cannot write standard output");
  return false;
}

/* The summary and the statistics. False: not written. */
static bool make_reports(const RunReport *report) {
  const RunnerOptions *o = report->options;
  bool ok = print_report(report, o->out && strcmp(o->out, "-") == 0);
  if (o->profile_html) ok &= profile_html_write(o->profile_html, report->profile);
  return o->stats ? report_write(o->stats, report) && ok : ok;
}

/* `ends`: when compiling, loading, running and writing ended; compiling began o->compile_seconds before. */
static bool write_trace(const RunnerOptions *o, Worker *workers, uint32_t n, const double ends[4]) {
  static const char *const names[] = {"compile", "load", "run", "write"};
  TracePhase phases[4];
  for (int i = 0; i < 4; i++)
    phases[i] = (TracePhase){names[i], i ? ends[i - 1] : ends[0] - o->compile_seconds - o->parse_seconds, ends[i]};
  const Trace **traces = (const Trace **)host_alloc(n * sizeof *traces);
  for (uint32_t i = 0; i < n; i++) traces[i] = workers[i].trace;
  bool ok = trace_write(o->trace, phases, 4, traces, n);
  free(traces);
  return ok;
}

static void free_workers(Worker *workers, uint32_t n) {
  for (uint32_t i = 0; i < n; i++)
    if (workers[i].trace) {
      trace_free(workers[i].trace);
      free(workers[i].trace);
    }
  free(workers);
}

/* Time of the threads that went into lines counts as writing. */
static void share_time(RunReport *report, const Queue *q, double from, double worked) {
  double lines = (report->stats->line_seconds + q->write_seconds) / (report->threads ? report->threads : 1);
  report->run = worked - from > lines ? worked - from - lines : 0;
  report->write = lines + host_clock() - worked;
}

static int run_units(RunPlan *plan, OutFile *out, double start, double load_seconds) {
  const RunnerOptions *o = plan->options;
  RunStats stats;
  Board board;
  memset(&stats, 0, sizeof stats);
  memset(&board, 0, sizeof board);
  DeviceCounts counts = {.opened = plan->devices.opened};
  uint32_t wanted = thread_count(plan) + plan->devices.n, n = wanted;
  Worker *workers = (Worker *)host_alloc(wanted * sizeof *workers);
  memset(workers, 0, wanted * sizeof *workers);
  queue_init(&plan->queue, plan->nunits, plan->devices.n ? DEVICE_WINDOW : n, out);
  for (uint32_t i = 0; i < plan->nunits; i++) {
    plan->queue.units[i].weight = unit_weight(&plan->units[i]);
    plan->queue.units[i].parts = unit_parts(plan, &plan->units[i]);
  }
  queue_devices(&plan->queue, plan->devices.n, plan->devices.alone);

  double from = host_clock();
  start_workers(plan, workers, &n);
  if (n) watch(plan, workers, n);
  Profile *profile = n && workers[0].profile ? profile_new(plan->programs, plan->nprograms, plan->image) : NULL;
  if (profile) profile->vm = plan->proto;
  Profile *device_profile = profile && plan->devices.n ? profile_new(plan->programs, plan->nprograms, plan->image) : NULL;
  if (device_profile) device_profile->vm = plan->proto;
  bool ok = gather(plan, workers, wanted, &stats, &board, profile, &counts, device_profile);
  if (device_profile) profile_settle_ticks(device_profile, counts.kernel_seconds);
  queue_flush(&plan->queue);
  bool interrupted = *plan->interrupt != 0;
  double worked = host_clock();
  bool written = !out || out_commit(out);
  RunReport report = {.stats = &stats, .options = o, .board = &board, .units = plan->units, .nunits = plan->nunits,
                      .entries = plan->programs[0].is_entry, .threads = n, .interrupted = interrupted,
                      .load = load_seconds, .profile = profile, .device = plan->devices.n ? plan->devices.names : "cpu",
                      .devices = plan->devices.n ? &counts : NULL,
                      .device_profile = device_profile};
  share_time(&report, &plan->queue, from, worked);
  report.total = host_clock() - (o->started > 0 ? o->started : start);
  if (n) written &= make_reports(&report);
  double ends[] = {start, start + load_seconds, worked, host_clock()};
  if (n && o->trace) written &= write_trace(o, workers, n, ends);
  if (!n) host_error("no memory for a machine of %u MB; see --memory", o->memory_mb);
  int code = n == 0                        ? EXIT_INTERNAL
             : !written                    ? EXIT_OUTPUT
             : interrupted                 ? EXIT_INTERRUPTED
             : !ok || stats_limits(&stats) ? EXIT_LIMIT
                                           : EXIT_OK;
  queue_free(&plan->queue);
  board_free(&board);
  profile_free(profile);
  profile_free(device_profile);
  free_workers(workers, wanted);
  return code;
}

static int run_data(RunPlan *plan, const DataSet *data, double start) {
  const RunnerOptions *o = plan->options;
  plan->data = data;
  double load_seconds = host_clock() - start;
  make_units(plan, data);
  if (!plan->nunits) {
    host_error("nothing to run: no task in the data is one of the %u function%s'", plan->nprograms,
               plan->nprograms == 1 ? "" : "s");
    return EXIT_INPUT;
  }
  if (data->ntasks) warn_unmatched(plan, data);
  OutFile out;
  if (o->out && !out_open(&out, o->out)) return EXIT_OUTPUT;
  plan->lines = o->out != NULL;
  struct sigaction old[NSIGNALS];
  catch_signals(old);
  plan->interrupt = &interrupt_flag;
  if (o->device != DEVICE_CUDA)
    devices_open(&plan->devices, o, (double)data->nsamples * (o->both_calls ? 2 : 1), plan->programs[0].nops, thread_count(plan));
  int code = run_units(plan, o->out ? &out : NULL, start, load_seconds);
  release_signals(old);
  if (o->kept && interrupt_flag) return EXIT_INTERRUPTED; /* after the last look at it, too: there is no further run */
  return code;
}

int runner_main(const RunnerOptions *options, const Program *programs, uint32_t nprograms, const Image *image,
                Vm *proto, uint32_t image_top) {
  double start = host_clock();
  RunPlan plan;
  memset(&plan, 0, sizeof plan);
  plan.options = options;
  plan.programs = programs;
  plan.nprograms = nprograms;
  plan.image = image;
  plan.proto = proto;
  plan.image_top = image_top;
  pthread_mutex_init(&plan.counts, NULL);
  if (options->device == DEVICE_CUDA) { /* nothing else is worth a message without it */
    int code = devices_open(&plan.devices, options, 0, 0, 0);
    if (code != EXIT_OK) return code;
  }
  DataSet own, *data = options->kept ? options->kept : &own;
  memset(&own, 0, sizeof own);
  int code = needs_data(&plan) && !options->ndata ? EXIT_USAGE : EXIT_OK;
  if (code != EXIT_OK) host_error("--data is missing: which tasks?");
  if (options->ndata && !data->ntasks && code == EXIT_OK) {
    DataQuery query = preload_query(options);
    if (!preload_take(options->preload, data) && !data_load(&query, data)) code = EXIT_INPUT;
  }
  if (code == EXIT_OK) code = run_data(&plan, data, start);
  devices_leave(&plan.devices, options);
  free_units(&plan);
  pthread_mutex_destroy(&plan.counts);
  data_free(&own);
  return code;
}
