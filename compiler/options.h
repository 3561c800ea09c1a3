/* options.h - battc's own options, in compiler style. */
#ifndef BATTC_OPTIONS_H
#define BATTC_OPTIONS_H

#include "battc.h"

typedef enum { EMIT_NOTHING, EMIT_AST, EMIT_IR, EMIT_C, EMIT_CUDA, EMIT_PTX } Emit;

typedef struct {
  CompileOptions compile;
  const char *output;    /* -o; NULL none */
  Emit emit;             /* --emit=, to stdout */
  bool syntax_only, time_report, depend, save_temps, debug_info;
  bool build_library;    /* --build-library */
  const char *depend_file; /* -MF */
  uint32_t arch;         /* -arch=sm_75: 75; 0: that of the GPU here */
  int jobs;
  int exit_code;         /* >= 0: stop with it at once (--version, --help, a bad option) */
} Options;

/* `battc [options] FILE.py`. Reports a bad option and sets exit_code. */
void options_parse(int argc, char **argv, Options *o);
/* Takes the options that `run` and `verify` share with compiling (-I, --entry, -O, -v, -Werror,
 * -fdiagnostics-format) out of argv; the rest moves down. Returns the new argc, -1 on a bad one. */
int options_take_compile(int argc, char **argv, CompileOptions *o);
/* Takes a flag out of argv, wherever it stands: *given is set then. The new argc. */
int options_take_flag(int argc, char **argv, const char *flag, bool *given);
/* The folder with the DSL that battc carries: $BATTC_DSL, or beside the binary, or under its prefix. */
const char *options_bundled_dsl(void);

#endif
