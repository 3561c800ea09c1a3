/* pass_hoist.c - binding times: an op is computed once per program, task, sample or call, by what it
 * depends on.
 *
 * Needs: nothing. Keeps: the order of ops of one time. Does nothing where a function may change what
 * outlives a call. */
#include "passes.h"

#include "ir.h"

#include <stdlib.h>

typedef struct {
  const Program *p;
  uint8_t *binding; /* by slot */
} Hoist;

static uint8_t later(uint8_t a, uint8_t b) { return a > b ? a : b; }

static uint8_t operand_binding(const Hoist *h, Operand o) { return o < 0 ? BIND_PROGRAM : h->binding[o]; }

static uint8_t call_binding(const Hoist *h, const ProgramCall *call) {
  uint8_t binding = call->callee == OPERAND_COPY ? BIND_PROGRAM : operand_binding(h, call->callee);
  for (uint32_t i = 0; i < call->nargs; i++) binding = later(binding, operand_binding(h, h->p->operands[call->args + i]));
  return binding;
}

static uint8_t op_binding(const Hoist *h, const ProgramOp *op) {
  if (op->known == KNOWN_ALWAYS) return BIND_PROGRAM;
  uint8_t binding = call_binding(h, &op->call);
  return op->mask ? later(binding, call_binding(h, &op->fallback)) : binding;
}

static void hoist_program(Program *p, uint32_t *count) {
  static const uint8_t params[SLOT_FIRST_OP] = {BIND_TASK, BIND_TASK, BIND_SAMPLE, BIND_CALL, BIND_PROGRAM};
  Hoist h = {p, ir_alloc(p->nslots, 1)};
  for (uint32_t i = 0; i < SLOT_FIRST_OP; i++) h.binding[i] = params[i];
  for (uint32_t i = 0; i < p->nops; i++) {
    ProgramOp *op = &p->ops[i];
    op->binding = op_binding(&h, op);
    for (uint32_t k = 0; k < op->ndst; k++) h.binding[op->dst + k] = op->binding;
    count[op->binding] += op->known != KNOWN_ALWAYS;
  }
  free(h.binding);
}

bool run_hoist(Unit *unit, const PassRun *run) {
  uint32_t count[BIND_CALL + 1] = {0}, all = 0;
  if (unit->image.impure) return true;
  for (uint32_t i = 0; i < unit->nprograms; i++) hoist_program(&unit->programs[i], count);
  for (int i = 0; i <= BIND_CALL; i++) all += count[i];
  pass_report(run, count[BIND_PROGRAM], all, "ops once per program");
  pass_report(run, count[BIND_TASK], all, "ops once per task");
  pass_report(run, count[BIND_SAMPLE], all, "ops once per sample");
  return true;
}
