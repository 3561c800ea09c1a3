/* pass_dead.c - ops that nothing depends on are not run.
 *
 * An op is needed where an output has its value, where an op that is needed reads it, and where an
 * exception could leave it and end the call: its callee is no guard and no handler for Exception goes on
 * to something that cannot fail. An op that is not run cannot give a limit either, so a runaway op
 * without a reader no longer does.
 *
 * Needs: nothing. Breaks: the values of dead slots; left out where every value is looked at
 * (CompileOptions.every_op). */
#include "passes.h"

#include "builtin.h"
#include "ir.h"

#include <stdlib.h>

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

static uint32_t mark_dead(Program *p) {
  uint8_t *needed = ir_alloc(p->nslots, 1);
  uint32_t n = 0;
  for (uint32_t i = 0; i < p->noutputs; i++)
    for (uint32_t k = 0; k < p->outputs[i].nitems; k++) need(needed, p->operands[p->outputs[i].items + k]);
  for (uint32_t i = p->nops; i-- > 0;) {
    ProgramOp *op = &p->ops[i];
    if (op->known == KNOWN_ALWAYS) continue;
    op->dead = !op->unpacks && !is_needed(op, needed) && !may_end_call(p, op);
    n += op->dead;
    if (op->dead) continue;
    need_call(p, needed, &op->call);
    if (op->mask) need_call(p, needed, &op->fallback);
  }
  free(needed);
  return n;
}

bool run_dead(Unit *unit, const PassRun *run) {
  uint32_t n = 0, nops = 0;
  if (unit->image.impure || names_base_exceptions(&unit->image)) return true;
  for (uint32_t i = 0; i < unit->nprograms; i++) {
    n += mark_dead(&unit->programs[i]);
    nops += unit->programs[i].nops;
  }
  pass_report(run, n, nops, "ops are not run");
  return true;
}
