/* verify.c - `battc verify`: the same calls made by battc and by two CPython processes. */
#include "options.h"
#include "verify.h"

#include "object.h"

#include "../runtime/inputs.h"
#include "../runtime/host/worker.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int verify_command(int argc, char **argv);

enum { PYTHONS = 2 };

typedef struct {
  RunnerOptions run; /* what verify shares with run */
  const char *python;
  uint64_t samples;  /* 0: all */
} VerifyOptions;

/* ---- options ---- */

static const char usage[] =
    "usage: battc verify FILE.py --data PATH... [options]\n"
    "\n"
    "Runs the program on CPython too, twice, and compares every value and exception.\n"
    "\n"
    "  --data PATH...      folder or file of ARC tasks\n"
    "  --python PYTHON     the Python to compare with (default python3)\n"
    "  --samples N         only N samples, spread evenly over the data\n"
    "  --split WHICH       training, evaluation or both (default both)\n"
    "  --task ID,...       only these tasks\n"
    "  --limit N           only the first N tasks\n"
    "  --calls WHICH       first (C = None) or both (also C = the output; default both)\n"
    "  --entry NAME|GLOB   functions to compare instead of batt\n"
    "  --all-pairs         --entry functions on every task, not only on their own\n"
    "  -I DIR              where to look for imported modules\n"
    "  --steps N, --memory MB, --timeout SECONDS   limits of battc, as for run; the time-out is CPython's, too\n";

enum { OPT_PYTHON = 2000, OPT_SAMPLES };

static bool is_shared_option(int code) {
  return code == 1 || code == RUNNER_OPT_DATA || code == RUNNER_OPT_SPLIT || code == RUNNER_OPT_TASK ||
         code == RUNNER_OPT_LIMIT || code == RUNNER_OPT_CALLS || code == RUNNER_OPT_STEPS ||
         code == RUNNER_OPT_MEMORY || code == RUNNER_OPT_TIMEOUT || code == RUNNER_OPT_ALL_PAIRS;
}

static bool samples_option(VerifyOptions *o, const char *arg) {
  char *end;
  o->samples = strtoull(arg, &end, 10);
  if (*arg >= '0' && *arg <= '9' && !*end && o->samples) return true;
  host_error("--samples %s: expected a positive number", arg);
  return false;
}

static bool one_option(VerifyOptions *o, int code, const char *arg) {
  if (code == OPT_SAMPLES) return samples_option(o, arg);
  if (code == OPT_PYTHON) o->python = arg;
  else if (code == 'h') o->run.help = true;
  else if (is_shared_option(code)) return runner_option(&o->run, code, arg);
  else {
    host_error("battc verify has no such option as %s of battc run", arg ? arg : "that");
    return false;
  }
  o->run.in_data = false;
  return true;
}

static bool parse_options(int argc, char **argv, VerifyOptions *o) {
  static const struct option table[] = {RUNNER_LONG_OPTIONS,
                                        {"python", required_argument, NULL, OPT_PYTHON},
                                        {"samples", required_argument, NULL, OPT_SAMPLES},
                                        {"help", no_argument, NULL, 'h'},
                                        {NULL, 0, NULL, 0}};
  int code;
  optind = 0;
  while ((code = getopt_long(argc, argv, "-h", table, NULL)) != -1)
    if (code == '?' || !one_option(o, code, optarg)) return false;
  for (; optind < argc; optind++)
    if (!one_option(o, 1, argv[optind])) return false;
  if (o->run.help) return true;
  if (!o->run.file) host_error("verify: a program is expected: battc verify FILE.py --data PATH");
  return o->run.file != NULL;
}

/* ---- the plan ---- */

static int compare_names(const void *a, const void *b) {
  return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The names that a program binds, sorted, each once. */
static uint32_t program_names(const Unit *unit, const Program *p, const char **names) {
  uint32_t n = 0, kept = 0;
  for (uint32_t slot = SLOT_FIRST_OP; slot < p->nslots && !p->whole; slot++)
    if (p->slot_names[slot]) names[n++] = as_str(unit->vm, p->slot_names[slot])->bytes;
  qsort(names, n, sizeof *names, compare_names);
  for (uint32_t i = 0; i < n; i++)
    if (!kept || strcmp(names[kept - 1], names[i])) names[kept++] = names[i];
  return kept;
}

static uint32_t *number_slots(const Unit *unit, const Program *p, const char **names, uint32_t nnames) {
  uint32_t *numbers = (uint32_t *)host_alloc((p->nslots + 1) * sizeof *numbers);
  for (uint32_t slot = 0; slot < p->nslots; slot++) {
    numbers[slot] = NO_NAME;
    if (slot < SLOT_FIRST_OP || !p->slot_names[slot] || p->whole) continue;
    const char *name = as_str(unit->vm, p->slot_names[slot])->bytes;
    const char **at = (const char **)bsearch(&name, names, nnames, sizeof *names, compare_names);
    numbers[slot] = (uint32_t)(at - names);
  }
  return numbers;
}

static void plan_name_programs(VerifyPlan *plan, const Unit *unit) {
  uint32_t room = 0;
  for (uint32_t i = 0; i < unit->nprograms; i++) room += unit->programs[i].nslots;
  plan->unit = unit;
  plan->names = (const char **)host_alloc((room + 1) * sizeof *plan->names);
  plan->first_name = (uint32_t *)host_alloc((unit->nprograms + 1) * sizeof *plan->first_name);
  plan->slot_name = (uint32_t **)host_alloc((unit->nprograms + 1) * sizeof *plan->slot_name);
  plan->first_name[0] = 0;
  for (uint32_t i = 0; i < unit->nprograms; i++) {
    const char **names = plan->names + plan->first_name[i];
    uint32_t n = program_names(unit, &unit->programs[i], names);
    plan->first_name[i + 1] = plan->first_name[i] + n;
    plan->slot_name[i] = number_slots(unit, &unit->programs[i], names, n);
  }
}

typedef struct {
  VerifyPlan *plan;
  const VerifyOptions *options;
  uint32_t cap;
  uint64_t total, seen; /* samples in the data, samples gone by */
} CallList;

static void add_call(CallList *l, VerifyCall call) {
  VerifyPlan *plan = l->plan;
  plan->calls = (VerifyCall *)host_grow(plan->calls, plan->ncalls, &l->cap, sizeof *plan->calls);
  plan->calls[plan->ncalls++] = call;
}

static bool takes_output(const Program *p) {
  if (!p->is_entry) return true;
  for (uint32_t i = 0; i < p->nwhole_params; i++)
    if (p->whole_params[i] == SLOT_C) return true;
  return false;
}

/* --samples N: the one in every total/N that starts a new part. */
static bool sample_wanted(CallList *l) {
  uint64_t i = l->seen++, n = l->options->samples;
  return !n || n >= l->total || i * n / l->total != (i + 1) * n / l->total;
}

static void add_task(CallList *l, uint32_t program, const Task *task) {
  bool second = l->options->run.both_calls && takes_output(&l->plan->unit->programs[program]);
  for (uint32_t i = 0; i < task_samples(task); i++) {
    if (!sample_wanted(l)) continue;
    l->plan->nsamples++;
    add_call(l, (VerifyCall){program, task, i, false});
    if (second && task->samples[i].output.h) add_call(l, (VerifyCall){program, task, i, true});
  }
}

/* Program after program; the functions without parameters first. False after a message: there is nothing. */
static bool plan_calls(VerifyPlan *plan, const VerifyOptions *o, const DataSet *data) {
  CallList l = {.plan = plan, .options = o};
  const Unit *unit = plan->unit;
  for (int pass = 0; pass < 2; pass++)
    for (uint32_t i = 0; i < unit->nprograms; i++) {
      const Program *p = &unit->programs[i];
      if (pass == 0 && program_runs_once(p)) add_call(&l, (VerifyCall){i, NULL, 0, false});
      for (uint32_t t = 0; t < data->ntasks; t++) {
        if (!program_wants(p, &data->tasks[t], o->run.all_pairs)) continue;
        if (pass == 0) l.total += task_samples(&data->tasks[t]);
        else add_task(&l, i, &data->tasks[t]);
      }
    }
  if (!plan->ncalls) host_error("nothing to verify: no task in the data is one of the functions'");
  return plan->ncalls > 0;
}

static void plan_free(VerifyPlan *plan) {
  for (uint32_t i = 0; i < plan->unit->nprograms; i++) free(plan->slot_name[i]);
  free(plan->slot_name);
  free((void *)plan->names);
  free(plan->first_name);
  free(plan->calls);
}

/* ---- interrupts ---- */

static volatile int interrupted;
static Python pythons[PYTHONS];

static void on_interrupt(int number) {
  (void)number;
  interrupted = 1;
  for (int i = 0; i < PYTHONS; i++) python_kill(&pythons[i]);
}

static void catch_signals(void) {
  struct sigaction act;
  memset(&act, 0, sizeof act);
  act.sa_handler = on_interrupt;
  sigaction(SIGINT, &act, NULL);
  sigaction(SIGTERM, &act, NULL);
  act.sa_handler = SIG_IGN;
  sigaction(SIGPIPE, &act, NULL); /* a process that is gone is an error of write() */
}

/* ---- battc's calls ---- */

/* The machine, and where in the plan it is. */
typedef struct {
  Verify *v;
  const VerifyPlan *plan;
  const VerifyOptions *options;
  Vm *vm;
  Execution *first; /* of program 0: the level that all stand on */
  const VerifyCall *last;
  Value samples; /* S of the task */
  SampleValues values;
} Machine;

static void set_deadline(Machine *m) {
  double seconds = m->options->run.timeout;
  m->vm->deadline_ns = seconds > 0 ? (uint64_t)((host_clock() + seconds) * 1e9) : 0;
}

static Execution *new_execution(Machine *m, uint32_t program) {
  const Program *p = &m->plan->unit->programs[program];
  set_deadline(m);
  Execution *x = exec_new(p, m->vm);
  if (!x) host_error("no memory for the constants of %s", p->entry);
  return x;
}

static void end_program(Machine *m) {
  if (m->v->x != m->first) exec_free(m->v->x);
  m->v->x = m->first;
}

/* As threads of a run do: each program's constants lie on those of the first, which stay. */
static bool begin_program(Machine *m, uint32_t program) {
  end_program(m);
  if (!m->first && !(m->first = m->v->x = new_execution(m, 0))) return false;
  exec_reset_to_program(m->first);
  if (program) m->v->x = new_execution(m, program);
  return m->v->x != NULL;
}

static void begin_task(Machine *m, const Task *task) {
  Execution *x = m->v->x;
  exec_reset_to_program(x);
  Value id = task ? new_str(m->vm, task->id, strlen(task->id)) : V_NONE;
  m->samples = !task ? m->vm->image->empty_tuple : id ? samples_value(m->vm, task) : 0;
  if (m->samples) exec_begin_task(x, id, m->samples);
}

static void begin_sample(Machine *m, const VerifyCall *call) {
  Execution *x = m->v->x;
  if (m->samples) exec_reset_to_task(x);
  m->values.input = m->samples && !call->task ? V_NONE : 0;
  m->values.output = 0;
  if (m->samples && call->task && !sample_values(m->vm, call->task, m->samples, call->sample, &m->values))
    m->values.input = 0;
  if (m->values.input) exec_begin_sample(x, m->values.input);
}

static bool make_call(Machine *m, const VerifyCall *call) {
  bool program = !m->last || m->last->program != call->program;
  bool task = program || m->last->task != call->task;
  set_deadline(m);
  if (program && !begin_program(m, call->program)) return false;
  if (task) begin_task(m, call->task);
  if (task || m->last->sample != call->sample) begin_sample(m, call);
  m->last = call;
  Value argument = call->second ? m->values.output : V_NONE;
  m->v->outcome = (CallOutcome){.error = ERR_LIMIT + LIMIT_MEMORY};
  if (m->values.input && argument) m->v->outcome = exec_call(m->v->x, argument);
  return true;
}

/* ---- the run ---- */

static void show_progress(uint32_t done, uint32_t n, double *shown) {
  double now = host_clock();
  if (!isatty(STDERR_FILENO) || (done < n && now - *shown < 0.2)) return;
  *shown = now;
  if (done < n) fprintf(stderr, "\r\033[K%u/%u calls", done, n);
  else fputs("\r\033[K", stderr);
  fflush(stderr);
}

static bool verify_calls(Machine *m) {
  double shown = 0;
  for (uint32_t i = 0; i < m->plan->ncalls && !interrupted; i++) {
    PythonAnswer answers[PYTHONS] = {{0}, {0}};
    bool ok = make_call(m, &m->plan->calls[i]);
    for (int k = 0; k < PYTHONS && ok; k++) ok = python_take(&pythons[k], &answers[k]);
    if (ok && !interrupted) verify_call(m->v, &m->plan->calls[i], answers);
    for (int k = 0; k < PYTHONS; k++) free(answers[k].bytes);
    if (!ok) return false;
    show_progress(i + 1, m->plan->ncalls, &shown);
  }
  return true;
}

static bool make_vm(Machine *m) {
  m->vm = unit_machine(m->plan->unit, m->options->run.memory_mb, m->options->run.steps);
  if (m->vm) m->vm->interrupt = &interrupted;
  return m->vm != NULL;
}

static bool start_pythons(const VerifyPlan *plan, const VerifyOptions *o, const CompileOptions *compile) {
  bool ok = true;
  for (int i = 0; i < PYTHONS && ok; i++) ok = python_start(&pythons[i], plan, compile, o->python, (unsigned)i + 1);
  for (int i = 0; i < PYTHONS && ok; i++) ok = python_ready(&pythons[i]);
  if (!ok) return false;
  if (strncmp(pythons[0].version, "3.11.", 5))
    host_warning("%s is Python %s; battc's answers are those of 3.11", o->python, pythons[0].version);
  for (int i = 0; i < PYTHONS && ok; i++) ok = python_begin(&pythons[i]);
  return ok;
}

static int verify_plan(VerifyPlan *plan, const VerifyOptions *o, const CompileOptions *compile) {
  Verify v;
  Machine m = {.v = &v, .plan = plan, .options = o};
  verify_begin(&v, plan, pythons);
  catch_signals();
  bool ok = make_vm(&m) && start_pythons(plan, o, compile) && verify_calls(&m);
  for (int i = 0; i < PYTHONS; i++)
    if (pythons[i].plan) python_end(&pythons[i]);
  end_program(&m);
  exec_free(m.first);
  vm_free(m.vm);
  if (ok && !interrupted) report_totals(&v);
  int code = interrupted            ? EXIT_INTERRUPTED
             : !ok                  ? EXIT_INPUT
             : v.counts.mismatches  ? EXIT_DIFFER
             : v.counts.limits      ? EXIT_LIMIT
                                    : EXIT_OK;
  verify_end(&v);
  return code;
}

static bool needs_data(const Unit *unit) {
  for (uint32_t i = 0; i < unit->nprograms; i++)
    if (!program_runs_once(&unit->programs[i])) return true;
  return false;
}

static bool load_data(const Unit *unit, const RunnerOptions *o, DataSet *data) {
  if (!o->ndata && !needs_data(unit)) return true;
  DataQuery query = {.paths = o->data, .npaths = o->ndata, .training = o->training, .evaluation = o->evaluation,
                     .ids = o->tasks, .nids = o->ntasks, .limit = o->limit};
  return data_load(&query, data);
}

static int verify_unit(const Unit *unit, const VerifyOptions *o, const CompileOptions *compile) {
  DataSet data = {0};
  VerifyPlan plan = {0};
  int code = EXIT_INPUT;
  if (!o->run.ndata && needs_data(unit)) {
    host_error("--data is missing: which tasks?");
    return EXIT_USAGE;
  }
  plan_name_programs(&plan, unit);
  plan.timeout = o->run.timeout;
  if (load_data(unit, &o->run, &data) && plan_calls(&plan, o, &data)) code = verify_plan(&plan, o, compile);
  plan_free(&plan);
  data_free(&data);
  return code;
}

static int verify_file(const VerifyOptions *o, CompileOptions *compile) {
  compile->file = o->run.file;
  Unit *unit = compile_file(compile);
  int code = unit && !diag_errors() ? verify_unit(unit, o, compile) : EXIT_INPUT;
  if (unit) unit_free(unit);
  return code;
}

int verify_command(int argc, char **argv) {
  CompileOptions compile = {.every_op = true};
  VerifyOptions o = {.python = "python3"};
  int code = EXIT_USAGE;
  argc = options_take_compile(argc, argv, &compile);
  runner_options_init(&o.run);
  if (argc > 0 && parse_options(argc, argv, &o)) {
    if (o.run.help) fputs(usage, stdout);
    code = o.run.help ? EXIT_OK : verify_file(&o, &compile);
  }
  runner_options_free(&o.run);
  free((void *)compile.include);
  return code;
}
