/* run.c - `battc run`: compile (or read a .bto), then the runner. */
#include "build_cubin.h"
#include "emit.h"
#include "library.h"
#include "options.h"
#include "rerun.h"

#include "../runtime/host/buffer.h"
#include "../runtime/host/cuda_api.h"
#include "../runtime/host/data.h"
#include "../runtime/host/device.h"
#include "../runtime/host/device_set.h"
#include "../runtime/host/preload.h"
#include "../runtime/host/runner.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int run_command(int argc, char **argv);

/* What `battc run` takes beside the runner's options. */
static const char own_usage[] =
    "  --library=MODE      the DSL's functions as compiled C: auto (when they are there, the default), build, off\n"
    "  --entry NAME|GLOB   functions to run instead of batt\n"
    "  --fused             --device cuda: the program compiled for the GPU first, by NVRTC, or as it was kept from the last time\n"
    "  --watch             again each time that FILE changes, until it is interrupted; data and devices stay as they are\n"
    "  -I DIR              where to look for imported modules\n"
    "  -fno-kernels, -fno-sharing   run the DSL's source only; remember no calls\n";

static bool is_bytecode(const char *path) {
  size_t n = strlen(path);
  return n > 4 && !strcmp(path + n - 4, ".bto");
}

static int job_count(const RunnerOptions *o) { return (int)(o->jobs ? o->jobs : sysconf(_SC_NPROCESSORS_ONLN)); }

/* Compiled code for the unit's DSL functions, where there is a library. An exit code: one was to be built and could not. */
static int use_library(const RunnerOptions *o, Unit *unit, LibraryMode mode) {
  if (mode == LIBRARY_OFF || library_attach(unit) || mode == LIBRARY_AUTO) return EXIT_OK;
  int code = library_build(unit, job_count(o), false, NULL);
  if (!code) library_attach(unit);
  return code;
}

static int run_unit(RunnerOptions *o, Unit *unit, double compiled_at) {
  o->parse_seconds = unit->parse_seconds;
  o->compile_seconds = host_clock() - compiled_at - unit->parse_seconds;
  return runner_main(o, unit->programs, unit->nprograms, &unit->image, unit->vm, unit->image_top);
}

/* With device code of the program, for the first GPU that was asked for. */
static int run_fused(RunnerOptions *o, Unit *unit, double compiled_at) {
  char why[300], *cubin = NULL;
  uint32_t arch = cuda_architecture(o->nnumbers ? o->numbers[0] : 0, why, sizeof why);
  if (!arch) {
    diag_plain(DIAG_ERROR, "--device cuda: %s", why);
    return EXIT_NO_CUDA;
  }
  int code = load_cubin(&cubin, unit, arch, job_count(o));
  Buffer kernel = {0};
  emit_kernel_name(&kernel, unit);
  buffer_char(&kernel, '\0');
  bool *functions = ir_alloc(unit->image.nfunctions, sizeof *functions);
  for (uint32_t i = 0; i < unit->image.nfunctions; i++) functions[i] = emit_wanted(&unit->image.functions[i]);
  DeviceCode device = {cubin, kernel.data, functions};
  o->code = &device;
  if (!code) code = run_unit(o, unit, compiled_at);
  o->code = NULL;
  free(functions);
  buffer_free(&kernel);
  free(cubin);
  return code;
}

static int run_file(RunnerOptions *o, CompileOptions *compile, LibraryMode library, bool fused) {
  if (!o->file) {
    diag_plain(DIAG_ERROR, "run: a program is expected: battc run FILE.py --data PATH");
    return EXIT_USAGE;
  }
  if (fused && o->device != DEVICE_CUDA) {
    diag_plain(DIAG_ERROR, "--fused compiles for a GPU: --device cuda is expected beside it");
    return EXIT_USAGE;
  }
  compile->file = o->file;
  double start = host_clock();
  Unit *unit = is_bytecode(o->file) ? bto_read(o->file) : compile_file(compile);
  if (!unit || diag_errors()) {
    if (unit) unit_free(unit);
    return EXIT_INPUT;
  }
  if (compile->no_sharing) unit->image.unshared = true;
  int code = use_library(o, unit, library);
  if (!code) code = fused ? run_fused(o, unit, start) : run_unit(o, unit, start);
  unit_free(unit);
  return code;
}

/* Every version of the file as it appears, until the process is interrupted: then, or after a bad option, an exit code. */
static int watch_file(RunnerOptions *o, CompileOptions *compile, LibraryMode library, bool fused) {
  DataSet data = {0};
  DeviceSet devices = {0};
  o->kept = &data;
  o->kept_devices = &devices;
  WatchedFile *file = watch_start(o->file ? o->file : "");
  int code = run_file(o, compile, library, fused);
  while (code != EXIT_USAGE && code != EXIT_NO_CUDA && code != EXIT_INTERRUPTED) {
    fflush(NULL);
    watch_wait(file);
    diag_forget();
    o->started = host_clock();
    code = run_file(o, compile, library, fused);
  }
  watch_free(file);
  devices_close(&devices);
  data_free(&data);
  return code;
}

int run_command(int argc, char **argv) {
  CompileOptions compile = {0};
  RunnerOptions o;
  double started = host_clock();
  LibraryMode library = LIBRARY_AUTO;
  bool watch = false, fused = false;
  argc = options_take_compile(argc, argv, &compile);
  if (argc > 0) argc = library_take_option(argc, argv, &library);
  if (argc > 0) argc = options_take_flag(argc, argv, "--watch", &watch);
  if (argc > 0) argc = options_take_flag(argc, argv, "--fused", &fused);
  compile.all_modules = library == LIBRARY_BUILD;
  runner_options_init(&o);
  int code = EXIT_USAGE;
  if (argc > 0 && runner_parse_options(argc, argv, &o)) {
    o.started = started;
    if (o.help) fputs(own_usage, stdout);
    o.preload = o.help ? NULL : preload_start(&o);
    code = o.help ? EXIT_OK : watch ? watch_file(&o, &compile, library, fused) : run_file(&o, &compile, library, fused);
    preload_end(o.preload);
  }
  runner_options_free(&o);
  free((void *)compile.include);
  return code;
}
