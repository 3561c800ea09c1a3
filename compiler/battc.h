/* battc.h - the map of the compiler: main.c runs these passes in this order.
 *
 *   source.c     file -> text                  (ast.h)
 *   parse.c      text -> syntax tree           (ast.h)
 *   module.c     imports, module level         modules loaded and executed at compile time
 *   protocol.c   the safe-default protocol read from safe_dsl.py and annotations
 *   lower*.c     functions -> instructions     (opcode.h, vm.h)
 *   program.c    the batt function -> ops      (program.h)
 *   passes.c pass_*.c     passes over the ops      (passes.h, docs/passes.md)
 *   ir_print.c   --emit=ir;  ir_check.c        checker between passes
 *   bto.c        image and program <-> bytes   .bto files
 *   emit_*.c                   image and program -> C text (emit.h)
 *   build.c library.c          C text, cc -> an executable or Python module; the DSL library (cc.h, library.h)
 *   run.c verify.c why*.c                      commands */
#ifndef BATTC_BATTC_H
#define BATTC_BATTC_H

#define BATTC_VERSION "0.1.0"

#include "ast.h"
#include "diag.h"
#include "program.h"
#include "vm.h"

/* Everything compiled from one batt file: what a .bto holds and what the runner needs. */
typedef struct {
  Vm *vm;          /* its arena [0, image_top) is the constant part that every thread copies */
  Image image;
  uint32_t image_top;
  struct Source *main_source; /* holds names and code of functions; NULL when read from a .bto */
  struct Source **modules;    /* the other files, which hold more of them */
  uint32_t nmodules;
  void *storage;              /* the bytes of the .bto, which hold them then; else NULL */
  Program *programs; /* one, or one for each --entry match */
  uint32_t nprograms;
  double parse_seconds;       /* of all files, in compile_file */
  uint64_t modules_key;       /* hash of the text of the imported files; 0: none */
} Unit;

typedef struct {
  const char *file;
  const char **include; /* -I */
  uint32_t ninclude;
  const char *entry;    /* --entry NAME|GLOB; NULL: batt */
  const char *bundled_dsl; /* folder of the DSL that battc carries */
  bool no_kernels, no_sharing; /* -fno-kernels, -fno-sharing */
  uint32_t passes_off;  /* -fno-known and so on, one bit each: passes.h */
  bool every_op;        /* the value of every op is looked at, whether something needs it or not */
  bool opt_report;      /* -fopt-report */
  bool tell_missed;     /* -Rmissed */
  bool all_modules;     /* lower what imported modules define, whether the program reaches it or not */
  int optimize;         /* -O */
  bool verbose;
} CompileOptions;

/* compile.c: the passes in order. NULL after diagnostics. `ast` gets the batt file's tree if not NULL. */
Unit *compile_file(const CompileOptions *options);
void unit_free(Unit *unit);

/* machine.c: a machine with the unit's image, for vm_free; NULL after a message. */
Vm *unit_machine(const Unit *unit, uint32_t memory_mb, uint64_t steps);

/* ir_print.c, ir_check.c */
void ir_print(FILE *out, const Unit *unit);
bool ir_check(const Unit *unit); /* false: a broken invariant, said on stderr */

/* bto.c */
bool bto_write(const char *path, const Unit *unit);
Unit *bto_read(const char *path); /* NULL after a diagnostic; bytes of any origin are safe */

/* unit_key.c: what the functions mean, the program's ops left out; the same in every run. */
uint64_t unit_key(const Unit *unit);

/* emit_c.c */
bool emit_c(FILE *out, const Unit *unit);
bool emit_c_file(const char *path, const Unit *unit);

/* emit_cuda.c */
bool emit_cuda(FILE *out, const Unit *unit);
bool emit_cuda_file(const char *path, const Unit *unit);

/* build_cuda.c: an exit code, after a message; report: what the kernels take, on stderr. */
int emit_ptx(FILE *out, const Unit *unit, bool report);

/* build.c: C text, cc, and the runtime library: an executable, or a module for Python. They give an exit code. A module
 * is bytecode where -O is below 2. */
typedef struct {
  int optimize, jobs;
  bool debug_info, save_temps;
} BuildOptions;
int build_executable(const char *path, const Unit *unit, const BuildOptions *options);
int build_module(const char *path, const Unit *unit, const BuildOptions *options);

/* depend.c: a make rule with the files that were read. path NULL: OUT.d */
bool write_dependencies(const char *path, const char *output, const Unit *unit);

#endif
