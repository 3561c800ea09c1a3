/* known_run.c - the interpreter's loop once more, for calls of which some arguments are not known.
 *
 * V_UNKNOWN is a value that may lie in registers, cells and closures, and nowhere else: before each
 * instruction its operands are looked at, and one that would do anything with an unknown value but
 * move it, hand it to a function of Python's or give it back ends the run. What such a run computes
 * therefore holds for every value. Native code (builtins, methods, operators, kernels) never sees one. */
#define vm_call known_vm_call
#define vm_call_kw known_vm_call_kw
#define vm_call_at known_vm_call_at
#define vm_call_target known_vm_call_target
#define BEFORE_INSTRUCTION()                                                                       \
  do {                                                                                             \
    if (UNLIKELY(!may_run(vm, f, r, k, i))) {                                                      \
      raise_limit(vm, LIMIT_UNSUPPORTED);                                                          \
      goto raised;                                                                                 \
    }                                                                                              \
  } while (0)

#include "interp.h"
#include "ir.h"
#include "passes.h"

enum { MOST_STEPS = 4000 };

static Value at(const Value *r, const Value *k, int32_t x) { return x >= 0 ? r[x] : k[~x]; }

static bool any_unknown(const Value *args, uint32_t n) {
  for (uint32_t i = 0; i < n; i++)
    if (args[i] == V_UNKNOWN) return true;
  return false;
}

/* A function of Python's whose parameters are registers takes anything. */
static bool may_call(const Vm *vm, Value callee, const Value *args, uint32_t nargs) {
  if (callee == V_UNKNOWN) return false;
  if (!any_unknown(args, nargs)) return true;
  if (is_kind(callee, KIND_GUARD)) callee = as_guard(vm, callee)->func;
  if (!is_kind(callee, KIND_FUNC)) return false;
  return !(vm->image->functions[as_func(vm, callee)->fid].flags & (FN_VARARGS | FN_VARKW | FN_GENERATOR));
}

/* Whether an operand that the instruction reads is unknown. */
static bool reads_unknown(const Value *r, const Value *k, const Instr *in) {
  const char *pattern = opcode_pattern(in->op);
  for (uint32_t i = 0; i < 5; i++) {
    int32_t x = instr_operand(in, i);
    if ((pattern[i] == 'R' || pattern[i] == 'r') && at(r, k, x) == V_UNKNOWN) return true;
    if (pattern[i] == 'A' && any_unknown(r + x, in->op == OP_BUILD_SLICE ? 3 : (uint32_t)in->c)) return true;
  }
  return false;
}

static bool may_run(const Vm *vm, const Frame *f, const Value *r, const Value *k, const Instr *in) {
  switch (in->op) {
  case OP_MOVE: case OP_CHECK_LOCAL: case OP_CHECK_FREE: case OP_MAKE_CELL: case OP_LOAD_CELL: case OP_STORE_CELL: return true;
  case OP_STORE_GLOBAL: return false;
  case OP_CALL: case OP_CALL_KW: return may_call(vm, at(r, k, in->b), r + in->d, (uint32_t)in->c);
  case OP_RETURN: return !(f->flags & FRAME_DELIVERY & ~(uint32_t)FRAME_ENTRY) || at(r, k, in->a) != V_UNKNOWN;
  default: return !reads_unknown(r, k, in);
  }
}

#include "../runtime/interp.c"

Value known_call(Vm *vm, Value callee, const Value *args, uint32_t nargs, const Value *kwnames, uint32_t nkw) {
  if (!may_call(vm, callee, args, nargs)) return V_UNKNOWN;
  uint64_t max_steps = vm->max_steps;
  vm->steps = 0;
  vm->max_steps = MOST_STEPS;
  Value v = vm_call_kw(vm, callee, args, nargs, kwnames, nkw);
  vm->max_steps = max_steps;
  return v || !is_limit_error(vm->error) ? v : V_UNKNOWN;
}
