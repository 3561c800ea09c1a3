/* run.c - `battc run`: compile (or read a .bto), then the runner. */
#include "options.h"

#include "../runtime/host/buffer.h"
#include "../runtime/host/runner.h"

#include <stdio.h>
#include <string.h>

int run_command(int argc, char **argv);

static bool is_bytecode(const char *path) {
  size_t n = strlen(path);
  return n > 4 && !strcmp(path + n - 4, ".bto");
}

static int run_unit(RunnerOptions *o, Unit *unit, double compiled_at) {
  o->compile_seconds = host_clock() - compiled_at;
  return runner_main(o, unit->programs, unit->nprograms, &unit->image, unit->vm, unit->image_top);
}

static int run_file(RunnerOptions *o, CompileOptions *compile) {
  if (!o->file) {
    diag_plain(DIAG_ERROR, "run: a program is expected: battc run FILE.py --data PATH");
    return EXIT_USAGE;
  }
  compile->file = o->file;
  double start = host_clock();
  Unit *unit = is_bytecode(o->file) ? bto_read(o->file) : compile_file(compile);
  if (!unit || diag_errors()) {
    if (unit) unit_free(unit);
    return EXIT_INPUT;
  }
  int code = run_unit(o, unit, start);
  unit_free(unit);
  return code;
}

int run_command(int argc, char **argv) {
  CompileOptions compile = {0};
  RunnerOptions o;
  double started = host_clock();
  argc = options_take_compile(argc, argv, &compile);
  runner_options_init(&o);
  int code = EXIT_USAGE;
  if (argc > 0 && runner_parse_options(argc, argv, &o)) {
    o.started = started;
    code = o.help ? EXIT_OK : run_file(&o, &compile);
  }
  runner_options_free(&o);
  return code;
}
