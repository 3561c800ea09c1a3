/* main.c - the table of contents of battc: options, then the passes in order, then an output. */
#include "build_cubin.h"
#include "library.h"
#include "options.h"

#include "../runtime/host/cuda_api.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif

int run_command(int argc, char **argv);    /* run.c */
int verify_command(int argc, char **argv); /* verify.c */
int why_command(int argc, char **argv);    /* why.c */

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static const char *suffix_of(const char *path) {
  const char *slash = strrchr(path, '/');
  const char *dot = strrchr(slash ? slash : path, '.');
  return dot ? dot : "";
}

static int parse_only(const Options *o) {
  Source *source = source_load(o->compile.file);
  bool ok = source && parse_source(source);
  if (ok && o->emit == EMIT_AST) ast_print(stdout, source);
  if (source) source_free(source);
  return ok ? EXIT_OK : EXIT_INPUT;
}

/* FILE.py in the current folder as FILE.c. */
static const char *default_output(const char *file) {
  static char path[4096];
  const char *slash = strrchr(file, '/');
  const char *base = slash ? slash + 1 : file;
  snprintf(path, sizeof path, "%.*s.c", (int)(strlen(base) - strlen(suffix_of(base))), base);
  return path;
}

static const char *output_of(const Options *o) { return o->output ? o->output : default_output(o->compile.file); }

/* For the GPU of this machine where none was named. */
static int write_cubin(const char *path, const Options *o, const Unit *unit) {
  char why[300];
  uint32_t arch = o->arch ? o->arch : cuda_architecture(0, why, sizeof why);
  return build_cubin(path, unit, arch ? arch : LEAST_ARCH, o->jobs);
}

static int write_output(const Options *o, Unit *unit) {
  const char *path = output_of(o);
  const char *suffix = suffix_of(path);
  if (!strcmp(suffix, ".bto")) return bto_write(path, unit) ? EXIT_OK : EXIT_OUTPUT;
  if (!strcmp(suffix, ".cu")) return emit_cuda_file(path, unit) ? EXIT_OK : EXIT_OUTPUT;
  if (!strcmp(suffix, ".cubin")) return write_cubin(path, o, unit);
  if (!strcmp(suffix, ".c")) return emit_c_file(path, unit) ? EXIT_OK : EXIT_OUTPUT;
  BuildOptions build = {o->compile.optimize, o->jobs, o->debug_info, o->save_temps};
  if (!strcmp(suffix, ".so")) return build_module(path, unit, &build);
  if (!strcmp(suffix, "")) return build_executable(path, unit, &build);
  diag_plain(DIAG_ERROR, "output '%s': unknown suffix '%s' (.c, .cu, .cubin, .so, .bto, or none for an executable)", path, suffix);
  return EXIT_USAGE;
}

static int library_command(const Options *o, const Unit *unit) {
  char *path = NULL;
  int code = library_build(unit, o->jobs, o->compile.verbose, &path);
  if (path) printf("%s\n", path);
  free(path);
  return code;
}

static int compile_command(const Options *o) {
  if (o->syntax_only || o->emit == EMIT_AST) return parse_only(o);
  double start = now();
  Unit *unit = compile_file(&o->compile);
  if (!unit || diag_errors()) {
    if (unit) unit_free(unit);
    return EXIT_INPUT;
  }
  double compiled = now();
  int code = EXIT_OK;
  if (!ir_check(unit)) code = EXIT_INTERNAL;
  else if (o->emit == EMIT_IR) ir_print(stdout, unit);
  else if (o->emit == EMIT_C) code = emit_c(stdout, unit) ? EXIT_OK : EXIT_OUTPUT;
  else if (o->emit == EMIT_CUDA) code = emit_cuda(stdout, unit) ? EXIT_OK : EXIT_OUTPUT;
  else if (o->emit == EMIT_PTX) code = emit_ptx(stdout, unit, o->compile.verbose);
  else if (o->build_library) code = library_command(o, unit);
  else code = write_output(o, unit);
  if (code == EXIT_OK && o->depend) code = write_dependencies(o->depend_file, output_of(o), unit) ? EXIT_OK : EXIT_OUTPUT;
  if (o->time_report)
    fprintf(stderr, "compile %8.3f ms\noutput  %8.3f ms\n", (compiled - start) * 1e3, (now() - compiled) * 1e3);
  unit_free(unit);
  return code;
}

typedef struct {
  int argc;
  char **argv;
  int code;
} Arguments;

static void *run_battc(void *p) {
  Arguments *a = p;
  int argc = a->argc;
  char **argv = a->argv;
  if (argc > 1 && !strcmp(argv[1], "run")) {
    a->code = run_command(argc - 1, argv + 1);
  } else if (argc > 1 && !strcmp(argv[1], "verify")) {
    a->code = verify_command(argc - 1, argv + 1);
  } else if (argc > 1 && !strcmp(argv[1], "why")) {
    a->code = why_command(argc - 1, argv + 1);
  } else {
    Options o;
    options_parse(argc, argv, &o);
    a->code = o.exit_code >= 0 ? o.exit_code : compile_command(&o);
    free((void *)o.compile.include);
  }
  return NULL;
}

/* Passes recurse as deep as the program nests (a chain of elifs nests too): with a stack for it. */
static void run_on_large_stack(Arguments *a) {
  static const size_t stack_bytes = (size_t)1 << 30; /* address space; pages come as they are used */
  pthread_t thread;
  pthread_attr_t attr;
  bool made = !pthread_attr_init(&attr) && !pthread_attr_setstacksize(&attr, stack_bytes) &&
              !pthread_create(&thread, &attr, run_battc, a);
  if (made) pthread_join(thread, NULL);
  else run_battc(a);
}

/* Large blocks go back to the system when they are freed, whatever was freed before. */
static void plan_memory(void) {
#ifdef __GLIBC__
  enum { LARGE_BLOCK = 1 << 20, SPARE = 4 << 20 };
  (void)mallopt(M_MMAP_THRESHOLD, LARGE_BLOCK);
  (void)mallopt(M_TRIM_THRESHOLD, SPARE);
#endif
}

int main(int argc, char **argv) {
  plan_memory();
  Arguments a = {argc, argv, EXIT_INTERNAL};
  run_on_large_stack(&a);
  if ((fflush(stdout) || ferror(stdout)) && a.code == EXIT_OK) {
    diag_plain(DIAG_ERROR, "cannot write standard output");
    a.code = EXIT_OUTPUT;
  }
  diag_finish();
  return a.code;
}
