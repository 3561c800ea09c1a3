/* passes.c - the passes over the program level, in order; see passes.h. */
#include "passes.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifdef BATTC_DEBUG
enum { CHECK_BETWEEN = 1 };
#else
enum { CHECK_BETWEEN = 0 };
#endif

static const struct {
  const char *option;
  bool (*run)(Unit *unit, const PassRun *run);
} passes[] = {
#define X(name, option, what) {option, run_##name},
    PASS_LIST(X)
#undef X
};

uint32_t pass_option(const char *name) {
  for (uint32_t i = 0; i < PASS_COUNT; i++)
    if (!strcmp(passes[i].option, name)) return 1u << i;
  return 0;
}

void pass_report(const PassRun *run, uint32_t n, uint32_t of, const char *what) {
  if (run->options->opt_report) fprintf(stderr, "%-6s %6u of %6u %s\n", run->pass, n, of, what);
}

bool run_passes(Unit *unit, const CompileOptions *options) {
  uint32_t off = options->passes_off;
  if (options->every_op) off |= 1u << PASS_dead;
  for (uint32_t i = 0; i < PASS_COUNT; i++) {
    PassRun run = {passes[i].option, options};
    if (off >> i & 1) continue;
    if (!passes[i].run(unit, &run)) return false;
    if (!CHECK_BETWEEN || ir_check(unit)) continue;
    fprintf(stderr, "battc: after pass %s\n", passes[i].option);
    exit(EXIT_INTERNAL);
  }
  return true;
}

void passes_forget_known(Unit *unit) {
  static const CompileOptions quiet;
  PassRun run = {"hoist", &quiet};
  for (uint32_t i = 0; i < unit->nprograms; i++)
    for (uint32_t k = 0; k < unit->programs[i].nops; k++) unit->programs[i].ops[k].known = unit->programs[i].ops[k].dead = 0;
  run_hoist(unit, &run);
}
