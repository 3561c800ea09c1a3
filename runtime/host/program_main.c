/* program_main.c - see program_main.h. */
#include "program_main.h"

#include <string.h>

#include "buffer.h"
#include "exit.h"
#include "runner.h"

/* The machine that threads copy their constants from. NULL: no memory, or another version of the runtime. */
static Vm *start(const ProgramImage *p) {
  Vm *vm = vm_new((size_t)p->top * 8);
  if (!vm || !vm_init_values(vm, p->image) || vm->top != p->first || p->top > vm->limit) return NULL;
  memcpy(vm->base + (size_t)p->first * 8, p->constants, (size_t)(p->top - p->first) * 8);
  vm->top = p->top;
  vm->image = p->image;
  return vm;
}

static int run(const RunnerOptions *o, const ProgramImage *p) {
  if (o->file) {
    host_error("%s: the program is in this file already: --data PATH is expected", o->file);
    return EXIT_USAGE;
  }
  Vm *vm = start(p);
  if (!vm) {
    host_error("no memory, or built with another version of the runtime library");
    return EXIT_INTERNAL;
  }
  int code = runner_main(o, p->programs, p->nprograms, p->image, vm, p->top);
  vm_free(vm);
  return code;
}

int program_main(int argc, char **argv, const ProgramImage *p) {
  RunnerOptions o;
  double started = host_clock();
  runner_options_init(&o);
  if (!runner_parse_options(argc, argv, &o)) return EXIT_USAGE;
  o.started = started;
  int code = o.help ? EXIT_OK : run(&o, p);
  runner_options_free(&o);
  return code;
}
