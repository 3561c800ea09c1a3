/* passes.h - passes over the program level: passes.c runs them in the order of this list.
 *
 * A pass takes a unit whose functions are final and keeps every rule of docs/ir.md. It may change ops,
 * constants and operands of programs, never what a call gives: values, exceptions, their lines. Each
 * can be left out alone (-fno-NAME) and none needs another to have run; docs/passes.md tells more. */
#ifndef BATTC_PASSES_H
#define BATTC_PASSES_H

#include "battc.h"

/* X(name, option, what it does): run_NAME in compiler/pass_NAME.c. */
#define PASS_LIST(X)                                                                               \
  X(known, "known", "results that are known when compiling, or known with C = None")               \
  X(hoist, "hoist", "ops are computed once per program, task or sample where they can")            \
  X(dead, "dead", "ops that nothing depends on are not run")

typedef enum {
#define X(name, option, what) PASS_##name,
  PASS_LIST(X)
#undef X
      PASS_COUNT
} Pass;

typedef struct {
  const char *pass;
  const CompileOptions *options;
} PassRun;
/* What it did, for -fopt-report: one line for each kind of thing. */
void pass_report(const PassRun *run, uint32_t n, uint32_t of, const char *what);

#define X(name, option, what) bool run_##name(Unit *unit, const PassRun *run);
PASS_LIST(X) /* false: the unit cannot be compiled; a diagnostic was given */
#undef X

/* passes.c: those that options do not turn off, in order, with ir_check between them in debug builds. */
bool run_passes(Unit *unit, const CompileOptions *options);
/* Every op is run again, at the time that its operands have: what is known of values is forgotten. For units
 * read from a .bto, where someone looks at how a value came about. */
void passes_forget_known(Unit *unit);
/* -fno-NAME: its bit for CompileOptions.passes_off, or 0. */
uint32_t pass_option(const char *name);

/* ---- known_run.c: calls with arguments of which nothing is known ---- */

/* Stands for any value. Nothing but moving it, passing it on and capturing it is possible. */
#define V_UNKNOWN SPECIAL(KIND_UNBOUND, 5)

/* Runs a call by the compiled source of functions, no kernels, at most max_steps. The value; 0: the exception
 * vm->error is raised; V_UNKNOWN: it depends on what is not known, or takes too long. */
Value known_call(Vm *vm, Value callee, const Value *args, uint32_t nargs, const Value *kwnames, uint32_t nkw);

#endif
