/* pass_dead.c - ops that nothing depends on are not run.
 *
 * An op is needed where an output has its value, where an op that is needed reads it, and where an
 * exception could leave it and end the call: its callee is no guard and no handler for Exception goes on
 * to something that cannot fail. An op that is not run cannot give a limit either, so a runaway op
 * without a reader no longer does. Where a function may change a container that it did not make, ops that could
 * come to call it are needed too: what they change may be read.
 *
 * Needs: nothing. Breaks: the values of dead slots; left out where every value is looked at
 * (CompileOptions.every_op). */
#include "passes.h"

#include "builtin.h"
#include "ir.h"
#include "lower.h"
#include "object.h"

#include <stdlib.h>
#include <string.h>

static bool cannot_fail(const Program *p, const ProgramCall *call) {
  if (call->callee >= 0 || call->callee == OPERAND_COPY) return false;
  Value callee = p->consts[~call->callee];
  return is_kind(callee, KIND_GUARD) || callee == SPECIAL(KIND_BUILTIN, BUILTIN_get_safe_default);
}

static bool may_end_call(const Program *p, const ProgramOp *op) {
  ErrorMask all = error_mask(ERR_Exception);
  if (op->known) return false;
  return !cannot_fail(p, &op->call) && !((op->mask & all) == all && cannot_fail(p, &op->fallback));
}

/* SystemExit and the like pass guards, where some function names them. */
static bool names_base_exceptions(const Image *image) {
  ErrorMask taken = error_mask(ERR_Exception);
  for (uint32_t i = 0; i < image->nfunctions; i++)
    for (uint32_t k = 0; k < image->functions[i].nconsts; k++) {
      Value v = image->functions[i].consts[k];
      if (!is_kind(v, KIND_TYPE) || payload_of(v) < TYPE_ERROR_BASE) continue;
      if (!(taken >> (payload_of(v) - TYPE_ERROR_BASE) & 1)) return true;
    }
  return false;
}

/* ---- functions that may change what they are given ---- */

typedef struct {
  const Unit *unit;
  uint8_t *changes; /* by function: it, or one that it reaches */
  bool any;
} Changers;

/* Can the value come to call such a function? */
static bool reaches_changer(const Changers *x, Value v) {
  const Vm *vm = x->unit->vm;
  ValueWalk w = {.vm = vm, .limit = vm->top};
  bool found = false;
  if (is_kind(v, KIND_GUARD)) v = as_guard(vm, v)->func;
  if (!x->any || !is_heap(v) || is_kind(v, KIND_STR) || is_kind(v, KIND_FLOAT)) return false;
  if (is_kind(v, KIND_FUNC) && !as_func(vm, v)->ncells && !as_func(vm, v)->ndefaults) return x->changes[as_func(vm, v)->fid];
  walk_add(&w, v);
  while (!found && walk_next(&w, &v)) found = is_kind(v, KIND_FUNC) && x->changes[as_func(vm, v)->fid];
  walk_free(&w);
  return found;
}

static bool code_reaches_changer(const Changers *x, const Function *f) {
  const Vm *vm = x->unit->vm;
  const Value *globals = (const Value *)arena_at(vm, vm->image->globals);
  for (uint32_t i = 0; i < f->nconsts; i++)
    if (reaches_changer(x, f->consts[i])) return true;
  for (uint32_t i = 0; i < f->ncode; i++) {
    const Instr *in = &f->code[i];
    if (in->op == OP_LOAD_GLOBAL && reaches_changer(x, globals[in->d])) return true;
    if ((in->op == OP_MAKE_FUNC || in->op == OP_GENEXPR) && x->changes[in->e]) return true;
  }
  return false;
}

/* What has a kernel is known to change nothing. */
static void find_changers(Changers *x) {
  const Image *image = &x->unit->image;
  for (uint32_t i = 0; i < image->nfunctions; i++) {
    const Function *f = &image->functions[i];
    x->changes[i] = !f->kernel && strcmp(f->module, "prelude") && function_changes_others(x->unit->vm, f);
    x->any |= x->changes[i];
  }
  for (bool more = x->any; more;) {
    more = false;
    for (uint32_t i = 0; i < image->nfunctions; i++)
      if (!x->changes[i] && !image->functions[i].kernel && code_reaches_changer(x, &image->functions[i])) x->changes[i] = more = true;
  }
}

static bool operand_may_change(const Changers *x, const Program *p, const uint8_t *tainted, Operand o) {
  return o >= 0 ? tainted[o] : reaches_changer(x, p->consts[~o]);
}

static bool call_may_change(const Changers *x, const Program *p, const uint8_t *tainted, const ProgramCall *call) {
  bool may = call->callee != OPERAND_COPY && operand_may_change(x, p, tainted, call->callee);
  for (uint32_t i = 0; i < call->nargs && !may; i++) may = operand_may_change(x, p, tainted, p->operands[call->args + i]);
  return may;
}

/* By slot: the op that binds it, or one whose value it has, may come to call such a function. */
static uint8_t *find_tainted(const Changers *x, const Program *p) {
  uint8_t *tainted = ir_alloc(p->nslots, 1);
  for (uint32_t i = 0; i < p->nops && x->any; i++) {
    const ProgramOp *op = &p->ops[i];
    if (op->known == KNOWN_ALWAYS) continue;
    bool may = call_may_change(x, p, tainted, &op->call) || (op->mask && call_may_change(x, p, tainted, &op->fallback));
    for (uint32_t k = 0; k < op->ndst; k++) tainted[op->dst + k] = may;
  }
  return tainted;
}

/* ---- what is needed ---- */

static void need(uint8_t *needed, Operand o) {
  if (o >= 0) needed[o] = 1;
}

static void need_call(const Program *p, uint8_t *needed, const ProgramCall *call) {
  if (call->callee != OPERAND_COPY) need(needed, call->callee);
  for (uint32_t i = 0; i < call->nargs; i++) need(needed, p->operands[call->args + i]);
}

static bool is_needed(const ProgramOp *op, const uint8_t *needed) {
  for (uint32_t k = 0; k < op->ndst; k++)
    if (needed[op->dst + k]) return true;
  return false;
}

static uint32_t mark_dead(const Changers *x, Program *p) {
  uint8_t *needed = ir_alloc(p->nslots, 1), *tainted = find_tainted(x, p);
  uint32_t n = 0;
  for (uint32_t i = 0; i < p->noutputs; i++)
    for (uint32_t k = 0; k < p->outputs[i].nitems; k++) need(needed, p->operands[p->outputs[i].items + k]);
  for (uint32_t i = p->nops; i-- > 0;) {
    ProgramOp *op = &p->ops[i];
    if (op->known == KNOWN_ALWAYS) continue;
    op->dead = !op->unpacks && !is_needed(op, needed) && !may_end_call(p, op) && !tainted[op->dst];
    n += op->dead;
    if (op->dead) continue;
    need_call(p, needed, &op->call);
    if (op->mask) need_call(p, needed, &op->fallback);
  }
  free(tainted);
  free(needed);
  return n;
}

bool run_dead(Unit *unit, const PassRun *run) {
  uint32_t n = 0, nops = 0;
  if (unit->image.impure || names_base_exceptions(&unit->image)) return true;
  Changers x = {unit, ir_alloc(unit->image.nfunctions, 1), false};
  find_changers(&x);
  for (uint32_t i = 0; i < unit->nprograms; i++) {
    n += mark_dead(&x, &unit->programs[i]);
    nops += unit->programs[i].nops;
  }
  free(x.changes);
  pass_report(run, n, nops, "ops are not run");
  return true;
}
