
/* ---- the program: options and summary of `battc run` ---- */
#include "host/buffer.h"
#include "host/exit.h"
#include "host/runner.h"

static int run(const RunnerOptions *o) {
  if (o->file) {
    host_error("%s: the program is in this file already: --data PATH is expected", o->file);
    return EXIT_USAGE;
  }
  Vm *vm = start();
  if (!vm) {
    host_error("no memory, or built with another version of the runtime library");
    return EXIT_INTERNAL;
  }
  int code = runner_main(o, programs, PROGRAMS, &image, vm, IMAGE_TOP);
  vm_free(vm);
  return code;
}

int main(int argc, char **argv) {
  RunnerOptions o;
  double started = host_clock();
  runner_options_init(&o);
  if (!runner_parse_options(argc, argv, &o)) return EXIT_USAGE;
  o.started = started;
  int code = o.help ? EXIT_OK : run(&o);
  runner_options_free(&o);
  return code;
}
