/* options.c - see options.h. */
#include "options.h"
#include "passes.h"

#include "../runtime/host/file.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char usage[] =
    "usage: battc [options] FILE.py           compile\n"
    "       battc run FILE --data PATH ...    run over ARC data (battc run --help)\n"
    "       battc verify FILE.py --data PATH  compare with CPython (battc verify --help)\n"
    "       battc why FILE.py --data PATH --task ID --op tN   explain a value (battc why --help)\n"
    "\n"
    "  -o OUT            output, kind by suffix: .c, .cu, .cubin (a GPU's code), .so (a Python module), .bto, none: an executable\n"
    "  -arch=sm_NN       of a .cubin (default: the GPU here, or sm_75)\n"
    "  -I DIR            where to look for imported modules\n"
    "  --entry NAME|GLOB functions to compile instead of batt\n"
    "  --emit=ast|ir|c|cuda|ptx   print to standard output\n"
    "  -O0 .. -O3        optimisation of emitted C (default -O1; a .so is bytecode below -O2)\n"
    "  -g                debug information in what is built from emitted C\n"
    "  -j N              jobs for building\n"
    "  --build-library   compile the imported modules to C, for `battc run --library=auto|build|off` (auto: when there)\n"
    "  -fsyntax-only     only parse\n"
    "  -ftime-report     time by pass\n"
    "  -MD, -MF FILE     write a make rule with the modules read\n"
    "  -fno-kernels, -fno-sharing   run the DSL's source only; remember no calls\n"
    "  -fopt-report      what each pass did\n"
    "  -Rmissed          which DSL functions have no kernel although others of their name do\n"
#define X(name, option, what) "  -fno-" option "\t    without: " what "\n"
    PASS_LIST(X)
#undef X
    "  -fdiagnostics-format=text|json   -Werror   -v   --save-temps   --version   --help\n";

static bool readable_dir(const char *path) {
  char probe[PATH_MAX];
  snprintf(probe, sizeof probe, "%.4000s/dsl.py", path);
  return access(probe, R_OK) == 0;
}

const char *options_bundled_dsl(void) {
  static char path[PATH_MAX];
  static const char *const places[] = {"/../dsl", "/../share/battc/dsl", "/dsl"};
  const char *set = getenv("BATTC_DSL");
  if (set) return set;
  for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
    snprintf(path, sizeof path, "%.3000s%s", program_folder(), places[i]);
    if (readable_dir(path)) return path;
  }
  return "dsl";
}

/* ---- one option ---- */

typedef struct {
  int argc, at;
  char **argv;
} Args;

static const char *value_of(Args *a, const char *name, size_t name_len) {
  const char *arg = a->argv[a->at];
  if (strncmp(arg, name, name_len)) return NULL;
  if (arg[name_len] == '=' && name[1] == '-') return arg + name_len + 1;
  if (arg[name_len] && name[1] != '-') return arg + name_len; /* -Idir */
  if (arg[name_len]) return NULL;
  if (a->at + 1 < a->argc) return a->argv[++a->at];
  diag_plain(DIAG_ERROR, "option %s needs a value", name);
  return NULL;
}

static bool add_include(CompileOptions *o, const char *dir) {
  o->include = realloc(o->include, (o->ninclude + 1) * sizeof *o->include);
  if (!o->include) exit(EXIT_INTERNAL);
  o->include[o->ninclude++] = dir;
  return true;
}

/* 1: taken, 0: not one of these, -1: bad. */
static int compile_option(Args *a, CompileOptions *o) {
  const char *arg = a->argv[a->at], *v;
  if (!strncmp(arg, "-I", 2)) return (v = value_of(a, "-I", 2)) ? add_include(o, v) : -1;
  if (!strncmp(arg, "--entry", 7) && (arg[7] == 0 || arg[7] == '=')) return (o->entry = value_of(a, "--entry", 7)) ? 1 : -1;
  if (!strncmp(arg, "-O", 2)) {
    if (arg[2] < '0' || arg[2] > '3' || arg[3]) return 0;
    o->optimize = arg[2] - '0';
    return 1;
  }
  if (!strcmp(arg, "-fno-kernels")) return o->no_kernels = true;
  if (!strcmp(arg, "-fno-sharing")) return o->no_sharing = true;
  if (!strcmp(arg, "-fopt-report")) return o->opt_report = true;
  if (!strcmp(arg, "-Rmissed")) return o->tell_missed = true;
  if (!strncmp(arg, "-fno-", 5) && pass_option(arg + 5)) return o->passes_off |= pass_option(arg + 5), 1;
  if (!strcmp(arg, "-v")) return o->verbose = true;
  if (!strcmp(arg, "-Werror")) return diag_set_werror(true), 1;
  if (!strcmp(arg, "-fdiagnostics-format=json")) return diag_set_json(true), 1;
  if (!strcmp(arg, "-fdiagnostics-format=text")) return 1;
  return 0;
}

int options_take_compile(int argc, char **argv, CompileOptions *o) {
  int kept = 1;
  Args a = {argc, 1, argv};
  o->optimize = 1;
  o->bundled_dsl = options_bundled_dsl();
  for (; a.at < argc; a.at++) {
    int taken = compile_option(&a, o);
    if (taken < 0) return -1;
    if (!taken) argv[kept++] = argv[a.at];
  }
  argv[kept] = NULL;
  return kept;
}

int options_take_flag(int argc, char **argv, const char *flag, bool *given) {
  int kept = 1;
  for (int i = 1; i < argc; i++)
    if (strcmp(argv[i], flag)) argv[kept++] = argv[i];
    else *given = true;
  argv[kept] = NULL;
  return kept;
}

static int emit_option(Options *o, const char *what) {
  static const struct { const char *name; Emit emit; } kinds[] = {{"ast", EMIT_AST}, {"ir", EMIT_IR}, {"c", EMIT_C}, {"cuda", EMIT_CUDA}, {"ptx", EMIT_PTX}};
  for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
    if (!strcmp(what, kinds[i].name)) return o->emit = kinds[i].emit, 1;
  return -1;
}

/* As nvcc has it. */
static bool arch_option(Options *o, const char *arch) {
  char *end;
  if (strncmp(arch, "sm_", 3)) return false;
  o->arch = (uint32_t)strtoul(arch + 3, &end, 10);
  return !*end && o->arch >= 50 && o->arch < 1000;
}

static int own_option(Args *a, Options *o) {
  const char *arg = a->argv[a->at], *v;
  if (!strcmp(arg, "-fsyntax-only")) return o->syntax_only = true;
  if (!strcmp(arg, "-ftime-report")) return o->time_report = true;
  if (!strcmp(arg, "-MD")) return o->depend = true;
  if (!strcmp(arg, "-g")) return o->debug_info = true;
  if (!strcmp(arg, "--save-temps")) return o->save_temps = true;
  if (!strcmp(arg, "--build-library")) return o->build_library = o->compile.all_modules = true;
  if (!strncmp(arg, "-MF", 3)) return (o->depend_file = value_of(a, "-MF", 3)) ? 1 : -1;
  if (!strncmp(arg, "-arch=", 6)) return arch_option(o, arg + 6) ? 1 : -1;
  if (!strncmp(arg, "--emit=", 7)) return emit_option(o, arg + 7);
  if (!strncmp(arg, "-o", 2)) return (o->output = value_of(a, "-o", 2)) ? 1 : -1;
  if (!strncmp(arg, "-j", 2)) {
    if (!(v = value_of(a, "-j", 2))) return -1;
    char *end;
    o->jobs = (int)strtol(v, &end, 10);
    return *end || o->jobs < 1 ? -1 : 1;
  }
  return compile_option(a, &o->compile);
}

void options_parse(int argc, char **argv, Options *o) {
  *o = (Options){.compile.optimize = 1, .exit_code = -1, .jobs = (int)sysconf(_SC_NPROCESSORS_ONLN)};
  o->compile.bundled_dsl = options_bundled_dsl();
  Args a = {argc, 1, argv};
  for (; a.at < argc && o->exit_code < 0; a.at++) {
    const char *arg = argv[a.at];
    if (!strcmp(arg, "--help")) {
      fputs(usage, stdout);
      o->exit_code = EXIT_OK;
    } else if (!strcmp(arg, "--version")) {
      printf("battc %s\n", BATTC_VERSION);
      o->exit_code = EXIT_OK;
    } else if (arg[0] == '-' && arg[1]) {
      int taken = own_option(&a, o);
      if (taken > 0) continue;
      if (!taken) diag_plain(DIAG_ERROR, "unknown option '%s'", arg);
      else diag_plain(DIAG_ERROR, "bad value for option '%s'", arg);
      fputs(usage, stderr);
      o->exit_code = EXIT_USAGE;
    } else if (o->compile.file) {
      diag_plain(DIAG_ERROR, "one input file is expected, saw '%s' and '%s'", o->compile.file, arg);
      o->exit_code = EXIT_USAGE;
    } else {
      o->compile.file = arg;
    }
  }
  if (o->exit_code >= 0 || o->compile.file) return;
  fputs(usage, stderr);
  o->exit_code = EXIT_USAGE;
}
