/* why.c - `battc why`: makes one call, from the DSL's source alone, and explains one of its ops. */
#include "why.h"
#include "options.h"
#include "passes.h"

#include "object.h"

#include "../runtime/inputs.h"
#include "../runtime/host/worker.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int why_command(int argc, char **argv);

typedef struct {
  RunnerOptions run; /* what why shares with run */
  const char *sample, *op, *output;
  bool second, color;
  uint32_t depth;
} WhyOptions;

/* ---- options ---- */

static const char usage[] =
    "usage: battc why FILE.py --data PATH... --task ID [--sample demo:0] --op tN\n"
    "\n"
    "Makes one call and explains a value: inputs, exceptions, what it depends on.\n"
    "\n"
    "  --data PATH...      folder or file of ARC tasks\n"
    "  --task ID           the task\n"
    "  --sample SET:N      demo:0, test:1, ... (default demo:0)\n"
    "  --call WHICH        first (C = None, the default) or second (C = the output)\n"
    "  --op NAME|LINE      the variable, or the line of its call\n"
    "  --output LIST:N     the item N of a returned list: o:3, s:0\n"
    "  --depth N           levels of ops that it depends on (default 2)\n"
    "  --color WHEN        auto, always or never (default auto: on a terminal)\n"
    "  --entry NAME|GLOB   a function to call instead of batt; without --op: its value\n"
    "  -I DIR              where to look for imported modules\n"
    "  --split WHICH, --steps N, --memory MB, --timeout SECONDS   as for run\n";

enum { OPT_SAMPLE = 3000, OPT_CALL, OPT_OP, OPT_OUTPUT, OPT_DEPTH, OPT_COLOR };

static bool is_shared_option(int code) {
  return code == 1 || code == RUNNER_OPT_DATA || code == RUNNER_OPT_SPLIT || code == RUNNER_OPT_TASK ||
         code == RUNNER_OPT_STEPS || code == RUNNER_OPT_MEMORY || code == RUNNER_OPT_TIMEOUT;
}

static bool bad_value(const char *option, const char *arg, const char *wanted) {
  host_error("--%s %s: expected %s", option, arg, wanted);
  return false;
}

static bool number_in(const char *arg, uint32_t *n) {
  char *end;
  unsigned long value = strtoul(arg, &end, 10);
  *n = (uint32_t)value;
  return *arg >= '0' && *arg <= '9' && !*end && value < UINT32_MAX;
}

static bool call_option(WhyOptions *o, const char *arg) {
  o->second = !strcmp(arg, "second");
  return o->second || !strcmp(arg, "first") || bad_value("call", arg, "first or second");
}

static bool color_option(WhyOptions *o, const char *arg) {
  o->color = !strcmp(arg, "always") || (!strcmp(arg, "auto") && isatty(STDOUT_FILENO) && !getenv("NO_COLOR"));
  return o->color || !strcmp(arg, "auto") || !strcmp(arg, "never") || bad_value("color", arg, "auto, always or never");
}

static bool one_option(WhyOptions *o, int code, const char *arg) {
  if (is_shared_option(code)) return runner_option(&o->run, code, arg);
  o->run.in_data = false;
  switch (code) {
    case OPT_SAMPLE: o->sample = arg; return true;
    case OPT_CALL: return call_option(o, arg);
    case OPT_OP: o->op = arg; return true;
    case OPT_OUTPUT: o->output = arg; return true;
    case OPT_DEPTH: return number_in(arg, &o->depth) || bad_value("depth", arg, "a number");
    case OPT_COLOR: return color_option(o, arg);
    case 'h': o->run.help = true; return true;
    default: host_error("battc why has no such option as %s of battc run", arg ? arg : "that"); return false;
  }
}

static bool complete(const WhyOptions *o) {
  if (!o->run.file) host_error("why: a program is expected: battc why FILE.py --data PATH --task ID --op tN");
  else if (o->op && o->output) host_error("--op or --output, not both");
  else if (o->run.ntasks > 1) host_error("--task: one task is expected");
  else return true;
  return false;
}

static bool parse_options(int argc, char **argv, WhyOptions *o) {
  static const struct option table[] = {RUNNER_LONG_OPTIONS,
                                        {"sample", required_argument, NULL, OPT_SAMPLE},
                                        {"call", required_argument, NULL, OPT_CALL},
                                        {"op", required_argument, NULL, OPT_OP},
                                        {"output", required_argument, NULL, OPT_OUTPUT},
                                        {"depth", required_argument, NULL, OPT_DEPTH},
                                        {"color", required_argument, NULL, OPT_COLOR},
                                        {"help", no_argument, NULL, 'h'},
                                        {NULL, 0, NULL, 0}};
  int code;
  color_option(o, "auto");
  optind = 0;
  while ((code = getopt_long(argc, argv, "-h", table, NULL)) != -1)
    if (code == '?' || !one_option(o, code, optarg)) return false;
  for (; optind < argc; optind++)
    if (!one_option(o, 1, argv[optind])) return false;
  return o->run.help || complete(o);
}

/* ---- which call ---- */

static bool choose_program(Why *w, const WhyOptions *o) {
  uint32_t found = 0;
  for (uint32_t i = 0; i < w->unit->nprograms; i++) {
    const Program *p = &w->unit->programs[i];
    bool fits = w->unit->nprograms == 1 || (o->run.ntasks && !strcmp(p->entry_task, o->run.tasks[0]));
    if (fits) w->program = p, found++;
  }
  if (found != 1) host_error("--entry: %u functions are for this task; one is expected", found);
  return found == 1;
}

static bool choose_sample(Why *w, const char *text) {
  const Task *t = w->task;
  uint32_t n = 0;
  bool demo = !strncmp(text, "demo:", 5), test = !strncmp(text, "test:", 5);
  if ((!demo && !test) || !number_in(text + 5, &n)) return bad_value("sample", text, "demo:N or test:N");
  if (n >= (demo ? t->ndemo : t->ntest)) {
    host_error("--sample %s: task %s has %u demo and %u test samples", text, t->id, t->ndemo, t->ntest);
    return false;
  }
  w->sample = demo ? n : t->ndemo + n;
  if (!w->second || t->samples[w->sample].output.h) return true;
  host_error("--call second: %s of task %s has no output", text, t->id);
  return false;
}

/* ---- which op ---- */

static bool op_binds(const Program *p, const Vm *vm, const ProgramOp *op, const char *name) {
  for (uint32_t i = 0; i < op->ndst; i++) {
    Value slot_name = p->slot_names[op->dst + i];
    if (slot_name && !strcmp(as_str(vm, slot_name)->bytes, name)) return true;
  }
  return false;
}

/* The last op that binds the name, or that is in the line; nops: none. */
static uint32_t find_op(const Why *w, const char *text) {
  const Program *p = w->program;
  uint32_t line = 0, i = p->nops;
  bool is_line = number_in(text, &line);
  while (i-- > 0)
    if (is_line ? p->ops[i].line == line : op_binds(p, w->unit->vm, &p->ops[i], text)) return i;
  return p->nops;
}

static const ProgramOutput *find_output(const Why *w, const char *text) {
  const Program *p = w->program;
  uint32_t n = 0, list = text[0] == 's';
  if ((text[0] != 'o' && text[0] != 's') || text[1] != ':' || !number_in(text + 2, &n)) return NULL;
  for (uint32_t i = 0; i < p->noutputs; i++)
    if (p->outputs[i].list == list && n-- == 0) return &p->outputs[i];
  return NULL;
}

/* What is asked for: an op (nops: none), an output, or a function as a whole. */
typedef struct {
  uint32_t op;
  const ProgramOutput *output;
} Subject;

static bool no_such(const Why *w, const char *option, const char *text) {
  if (w->program->whole) host_error("--%s %s: %s has no ops, it is called as a whole", option, text, w->program->entry);
  else host_error("--%s %s: %s has no such %s", option, text, w->program->entry, option);
  return false;
}

static bool choose_subject(const Why *w, const WhyOptions *o, Subject *s) {
  *s = (Subject){w->program->nops, NULL};
  if (o->op && (s->op = find_op(w, o->op)) == w->program->nops) return no_such(w, "op", o->op);
  if (o->output && !(s->output = find_output(w, o->output))) return no_such(w, "output", o->output);
  if (s->output && !s->output->bare) {
    Operand last = w->program->operands[s->output->items + s->output->nitems - 1u];
    for (uint32_t i = 0; i < w->program->nops && last >= SLOT_FIRST_OP; i++)
      if ((uint32_t)last - w->program->ops[i].dst < w->program->ops[i].ndst) s->op = i;
  }
  if (o->op || o->output || w->program->whole) return true;
  host_error("--op or --output is missing: which value?");
  return false;
}

/* ---- the call ---- */

static bool prepare(Why *w, Vm *vm, const WhyOptions *o, Value *output) {
  double seconds = o->run.timeout;
  vm->deadline_ns = seconds > 0 ? (uint64_t)((host_clock() + seconds) * 1e9) : 0;
  w->x = exec_new(w->program, vm);
  if (!w->x) return false;
  exec_reset_to_program(w->x);
  Value id = w->task ? new_str(vm, w->task->id, strlen(w->task->id)) : V_NONE;
  Value samples = w->task ? samples_value(vm, w->task) : vm->image->empty_tuple;
  SampleValues values = {V_NONE, 0};
  if (!id || !samples) return false;
  exec_begin_task(w->x, id, samples);
  exec_reset_to_task(w->x);
  if (w->task && !sample_values(vm, w->task, samples, w->sample, &values)) return false;
  exec_begin_sample(w->x, values.input);
  *output = values.output;
  return true;
}

/* What only the first call raised is not the second one's. */
static bool make_call(Why *w, Vm *vm, const WhyOptions *o, const Subject *s) {
  Value output = 0;
  why_trace_begin(&w->trace, s->op < w->program->nops ? s->op + 1 : 0);
  vm->watch = &w->trace.watch;
  if (!prepare(w, vm, o, &output)) {
    host_error("no memory for the call; see --memory");
    return false;
  }
  w->outcome = exec_call(w->x, V_NONE);
  bool anew = s->op >= w->program->nops || w->program->ops[s->op].binding == BIND_CALL;
  if (w->second && anew) why_trace_clear(&w->trace);
  if (w->second) w->outcome = exec_call(w->x, output);
  why_trace_finish(&w->trace);
  return true;
}

static int show(Why *w, const Subject *s) {
  if (s->output) why_show_output(w, s->output);
  else if (s->op < w->program->nops) why_show_op(w, s->op);
  else why_show_whole(w);
  bool limit = s->op < w->program->nops ? is_kind(w->x->values[w->program->ops[s->op].dst], KIND_LIMIT)
                                        : is_limit_error(w->outcome.error) && w->program->whole;
  return limit ? EXIT_LIMIT : EXIT_OK;
}

static int explain(Why *w, const WhyOptions *o) {
  Subject subject;
  if (!choose_subject(w, o, &subject)) return EXIT_USAGE;
  Vm *vm = unit_machine(w->unit, o->run.memory_mb, o->run.steps);
  int code = EXIT_INTERNAL;
  if (vm && make_call(w, vm, o, &subject)) code = show(w, &subject);
  why_trace_clear(&w->trace);
  for (uint32_t i = 0; i < w->nsources; i++) source_lines_free(&w->sources[i]);
  free(w->sources);
  free((void *)w->source_names);
  exec_free(w->x);
  vm_free(vm);
  return code;
}

static int why_task(Why *w, const WhyOptions *o) {
  DataSet data = {0};
  int code = EXIT_USAGE;
  DataQuery query = {.paths = o->run.data, .npaths = o->run.ndata, .training = o->run.training, .evaluation = o->run.evaluation,
                     .ids = o->run.tasks, .nids = o->run.ntasks, .limit = o->run.limit};
  if (!o->run.ndata) host_error("--data is missing: which tasks?");
  else if (!o->run.ntasks) host_error("--task is missing: which one?");
  else if (!data_load(&query, &data)) code = EXIT_INPUT;
  else {
    w->task = &data.tasks[0];
    if (choose_sample(w, o->sample)) code = explain(w, o);
  }
  data_free(&data);
  return code;
}

/* The source alone runs: kernels, what is shared and what is known beforehand hide where exceptions come from. */
static void undo_shortcuts(Unit *unit) {
  unit->image.unshared = true;
  for (uint32_t i = 0; i < unit->image.nfunctions; i++) unit->image.functions[i].kernel = 0;
  passes_forget_known(unit);
}

static int why_file(const WhyOptions *o, CompileOptions *compile) {
  size_t n = strlen(o->run.file);
  compile->file = o->run.file;
  Unit *unit = n > 4 && !strcmp(o->run.file + n - 4, ".bto") ? bto_read(o->run.file) : compile_file(compile);
  int code = EXIT_INPUT;
  if (unit && !diag_errors()) {
    Why w = {.unit = unit, .second = o->second, .color = o->color, .depth = o->depth};
    undo_shortcuts(unit);
    if (!choose_program(&w, o)) code = EXIT_USAGE;
    else code = program_runs_once(w.program) ? explain(&w, o) : why_task(&w, o);
  }
  if (unit) unit_free(unit);
  return code;
}

int why_command(int argc, char **argv) {
  CompileOptions compile = {.every_op = true, .passes_off = pass_option("known")};
  WhyOptions o = {.sample = "demo:0", .depth = 2};
  int code = EXIT_USAGE;
  argc = options_take_compile(argc, argv, &compile);
  runner_options_init(&o.run);
  if (argc > 0 && parse_options(argc, argv, &o)) {
    if (o.run.help) fputs(usage, stdout);
    code = o.run.help ? EXIT_OK : why_file(&o, &compile);
  }
  runner_options_free(&o.run);
  free((void *)compile.include);
  return code;
}
