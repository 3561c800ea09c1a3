/* pass_known.c - results that are known before anything runs: constant calls, and what is the same
 * whatever the task and the sample are.
 *
 * Ops are computed here with S, I and task_id unknown (known_run.c), twice: with C unknown too, and with
 * C = None, as in every first call. A third of a first call's ops fail on None or work on what such ops
 * left, so that their value is a constant; the first call then does not run them. An op whose value is
 * known in either case is a constant: later ops have it as their operand, closures as their callee.
 *
 * Needs: functions in their final form. Keeps: every op, for those who look at its value or exception, and
 * with CompileOptions.every_op what it reads.
 * Known are only immutable values of at most MOST_BYTES; nothing where functions may change what
 * outlives a call. */
#include "passes.h"

#include "ir.h"
#include "object.h"

#include <stdlib.h>
#include <string.h>

enum { MOST_BYTES = 8192, RECENT = 64 };

typedef struct {
  Unit *unit;
  Vm *vm;
  Program *p;
  Value *values;  /* by slot, as far as known in the case at hand */
  Value *always, *first;
  uint32_t nalways, nfirst;
} KnownPass;

/* ---- one call ---- */

static Value operand(const KnownPass *x, Operand o) { return o >= 0 ? x->values[o] : x->p->consts[~o]; }

/* Special constants stand for failures; execute.c knows which. */
static bool usable(Value v) { return !is_kind(v, KIND_UNBOUND) && !is_poison(v); }

/* As known_call. */
static Value call_value(KnownPass *x, const ProgramCall *call) {
  Value args[64], names[64];
  const Operand *operands = x->p->operands;
  for (uint32_t i = 0; i < call->nargs; i++) {
    args[i] = operand(x, operands[call->args + i]);
    if (args[i] != V_UNKNOWN && !usable(args[i])) return V_UNKNOWN;
  }
  if (call->callee == OPERAND_COPY) return args[0];
  Value callee = operand(x, call->callee);
  if (!usable(callee)) return V_UNKNOWN;
  for (uint32_t i = 0; i < call->nkw; i++) names[i] = operand(x, operands[call->kwnames + i]);
  return known_call(x->vm, callee, args, call->nargs, names, call->nkw);
}

static Value op_value(KnownPass *x, const ProgramOp *op, uint32_t *error) {
  Value v = op->unpacks ? V_UNKNOWN : call_value(x, &op->call);
  *error = ERR_COUNT;
  if (v) return v;
  *error = x->vm->error;
  v = op->mask >> *error & 1 ? call_value(x, &op->fallback) : V_UNKNOWN;
  return v ? v : V_UNKNOWN;
}

/* ---- what is kept ---- */

/* Values that hold nothing that can change or is not known. */
static bool is_constant(const Vm *vm, Value v) {
  ValueWalk w = {.vm = vm, .limit = vm->top};
  bool ok = usable(v);
  walk_add(&w, v);
  while (ok && walk_next(&w, &v))
    switch (kind_of(v)) {
    case KIND_FLOAT: case KIND_STR: case KIND_TUPLE: case KIND_FROZENSET: case KIND_RANGE: case KIND_FUNC: case KIND_GUARD: break;
    default: ok = false;
    }
  walk_free(&w);
  return ok;
}

static void note_unknown(void *ctx, Value v) { *(bool *)ctx |= v == V_UNKNOWN; }

/* A closure over something unknown is no constant: the walk does not see immediates. */
static bool holds_unknown(const Vm *vm, Value v) {
  bool found = false;
  ValueWalk w = {.vm = vm, .limit = vm->top};
  walk_add(&w, v);
  while (!found && walk_next(&w, &v)) value_children(vm, v, note_unknown, &found);
  walk_free(&w);
  return found;
}

/* What op i gives; its garbage goes, or the value with it where there is too much. */
static Value evaluate(KnownPass *x, const ProgramOp *op, uint32_t *error) {
  uint32_t mark = vm_mark(x->vm);
  Value v = op_value(x, op, error);
  bool fresh = is_heap(v) && payload_of(v) >= mark;
  if (fresh && ((size_t)(x->vm->top - mark) * 8 > MOST_BYTES || !is_constant(x->vm, v) || holds_unknown(x->vm, v))) v = V_UNKNOWN;
  if (!fresh || v == V_UNKNOWN) vm_reset(x->vm, mark);
  return v != V_UNKNOWN && !fresh && !is_constant(x->vm, v) ? V_UNKNOWN : v;
}

/* Room for one more constant for each op was made before. */
static uint32_t constant_index(Program *p, Value v) {
  uint32_t from = p->nconsts > RECENT ? p->nconsts - RECENT : 0;
  for (uint32_t i = from; i < p->nconsts; i++)
    if (p->consts[i] == v) return i;
  p->consts[p->nconsts] = v;
  return p->nconsts++;
}

static void make_room(Program *p) {
  p->consts = realloc(p->consts, (size_t)(p->nconsts + p->nops + 1) * sizeof *p->consts);
  if (!p->consts) exit(EXIT_INTERNAL);
}

/* ---- a program ---- */

/* The value of an op in one case: C unknown, or None. */
static Value in_case(KnownPass *x, Value *values, const ProgramOp *op, uint32_t *error) {
  x->values = values;
  Value v = evaluate(x, op, error);
  for (uint32_t k = 0; k < op->ndst; k++) values[op->dst + k] = v;
  return v;
}

/* Known with C unknown: known in each case, and one object in both. */
static void know_op(KnownPass *x, ProgramOp *op) {
  uint32_t error;
  Value v = in_case(x, x->always, op, &error);
  op->known = v != V_UNKNOWN ? KNOWN_ALWAYS : KNOWN_NOT;
  if (op->known)
    for (uint32_t k = 0; k < op->ndst; k++) x->first[op->dst + k] = v;
  else if ((v = in_case(x, x->first, op, &error)) != V_UNKNOWN) op->known = KNOWN_FIRST;
  op->known_error = op->known ? (uint8_t)error : 0;
  if (!op->known) return;
  op->known_value = constant_index(x->p, v);
  if (op->known == KNOWN_ALWAYS) x->nalways++;
  else x->nfirst++;
}

static void resolve(const uint32_t *constant, Operand *o) {
  if (*o >= 0 && constant[*o]) *o = ~(Operand)(constant[*o] - 1);
}

static void resolve_call(Program *p, const uint32_t *constant, ProgramCall *call) {
  if (call->callee != OPERAND_COPY) resolve(constant, &call->callee);
  for (uint32_t i = 0; i < call->nargs; i++) resolve(constant, &p->operands[call->args + i]);
}

/* Constants take the place of slots that always hold them. */
static void resolve_operands(Program *p) {
  uint32_t *constant = ir_alloc(p->nslots, sizeof *constant);
  for (uint32_t i = 0; i < p->nops; i++) {
    ProgramOp *op = &p->ops[i];
    resolve_call(p, constant, &op->call);
    if (op->mask) resolve_call(p, constant, &op->fallback);
    if (op->known == KNOWN_ALWAYS) constant[op->dst] = op->known_value + 1;
  }
  free(constant);
}

static void know_program(KnownPass *x, Program *p, bool keep_operands) {
  x->p = p;
  x->always = ir_alloc(p->nslots, sizeof *x->always);
  x->first = ir_alloc(p->nslots, sizeof *x->first);
  for (uint32_t i = 0; i < p->nslots; i++) x->always[i] = x->first[i] = V_UNKNOWN;
  x->always[SLOT_LOG_PATH] = x->first[SLOT_LOG_PATH] = x->first[SLOT_C] = V_NONE;
  make_room(p);
  for (uint32_t i = 0; i < p->nops; i++) know_op(x, &p->ops[i]);
  if (!keep_operands) resolve_operands(p);
  free(x->always);
  free(x->first);
}

/* The same functions without kernels: those are not made for values that are not known. */
static Image source_only(const Image *image) {
  Image copy = *image;
  copy.functions = ir_alloc(image->nfunctions, sizeof *copy.functions);
  memcpy(copy.functions, image->functions, image->nfunctions * sizeof *copy.functions);
  for (uint32_t i = 0; i < copy.nfunctions; i++) copy.functions[i].kernel = 0;
  return copy;
}

bool run_known(Unit *unit, const PassRun *run) {
  if (unit->image.impure) return true;
  Image image = source_only(&unit->image);
  KnownPass x = {.unit = unit, .vm = unit->vm};
  uint32_t nops = 0, base_depth = x.vm->base_depth;
  x.vm->image = &image;
  x.vm->base_depth = BATT_DEPTH;
  for (uint32_t i = 0; i < unit->nprograms; i++) {
    know_program(&x, &unit->programs[i], run->options->every_op);
    nops += unit->programs[i].nops;
  }
  x.vm->image = &unit->image;
  x.vm->base_depth = base_depth;
  unit->image_top = vm_mark(x.vm); /* the constants made here are part of the image */
  free(image.functions);
  pass_report(run, x.nalways, nops, "ops are constants");
  pass_report(run, x.nfirst, nops, "more ops are known with C = None");
  return true;
}
