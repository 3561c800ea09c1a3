/* effects.c - which functions may change a container that they did not make.
 *
 * Per function and without its flow: a register is its own where every instruction that writes it makes a new
 * container or something that cannot be changed; changing what another register holds may be seen outside. Parameters,
 * variables of enclosing functions, globals, items of containers and results of calls are not a function's own.
 * Needs final code. */
#include "ir.h"

#include "builtin.h"
#include "lower.h"
#include "object.h"

#include <stdlib.h>
#include <string.h>

static bool is_container(Value v) {
  Kind k = kind_of(v);
  return k == KIND_LIST || k == KIND_SET || k == KIND_DICT;
}

/* Types that give a container of their own, and builtins whose results are new or not to be changed. */
static bool makes_new(Value callee) {
  if (!callee) return false;
  if (is_kind(callee, KIND_TYPE)) return true;
  if (!is_kind(callee, KIND_BUILTIN)) return false;
  switch (payload_of(callee)) {
  case BUILTIN_sorted: case BUILTIN_len: case BUILTIN_sum: case BUILTIN_abs: case BUILTIN_any: case BUILTIN_all: return true;
  default: return false;
  }
}

typedef struct {
  const Function *f;
  uint8_t *own; /* by register */
} Effects;

static Value constant_at(const Effects *x, int32_t operand) {
  return operand < 0 && (uint32_t)~operand < x->f->nconsts ? x->f->consts[~operand] : 0;
}

static bool is_container_at(const Effects *x, int32_t operand) {
  Value k = constant_at(x, operand);
  return k && is_container(k);
}

static bool is_own(const Effects *x, int32_t operand) {
  if (operand >= 0) return x->own[operand];
  return !is_container_at(x, operand);
}

/* Is what the instruction writes to its first operand the function's own? */
static bool writes_own(const Effects *x, const Instr *in) {
  switch (in->op) {
  case OP_MOVE: return is_own(x, in->b);
  case OP_IADD: case OP_ISUB: case OP_IMUL: case OP_IAND: case OP_IOR: case OP_IXOR: return is_own(x, in->b);
  case OP_CALL: case OP_CALL_KW: return makes_new(constant_at(x, in->b));
  case OP_FOR_ITER: case OP_UNPACK: case OP_UNPACK_STAR: case OP_GETITEM: case OP_GETATTR: case OP_CALL_EX:
  case OP_CALL_METHOD: case OP_LOAD_GLOBAL: case OP_LOAD_CELL: return false;
  default: return true;
  }
}

static uint32_t registers_written(const Instr *in) {
  if (opcode_pattern(in->op)[0] != 'D') return 0;
  return in->op == OP_UNPACK ? (uint32_t)in->c : in->op == OP_UNPACK_STAR ? (uint32_t)in->c + 1 : 1;
}

static bool lose_registers(Effects *x) {
  bool changed = false;
  for (uint32_t i = 0; i < x->f->ncode; i++) {
    const Instr *in = &x->f->code[i];
    uint32_t n = registers_written(in);
    if (!n || writes_own(x, in)) continue;
    for (uint32_t k = 0; k < n; k++) {
      changed |= x->own[in->a + (int32_t)k];
      x->own[in->a + (int32_t)k] = 0;
    }
  }
  return changed;
}

static bool changing_method(const Vm *vm, Value name) {
  static const char *const names[] = {"append", "add", "update", "extend", "pop", "insert", "remove", "sort",
                                      "reverse", "discard", "setdefault", "clear", "popitem", "intersection_update",
                                      "difference_update", "symmetric_difference_update"};
  for (size_t k = 0; k < sizeof names / sizeof *names; k++)
    if (str_is(vm, name, names[k])) return true;
  return false;
}

/* `n += 1` changes nothing: a container would refuse. */
static bool harmless_operand(const Effects *x, int32_t operand) {
  Value k = constant_at(x, operand);
  return k && is_intlike(k);
}

static bool may_change(const Effects *x, const Vm *vm, const Instr *in) {
  switch (in->op) {
  case OP_SETITEM: case OP_DELITEM: return !is_own(x, in->a);
  case OP_IADD: case OP_ISUB: case OP_IAND: case OP_IOR: case OP_IXOR: case OP_IMUL:
    return !is_own(x, in->b) && !harmless_operand(x, in->c);
  case OP_CALL_METHOD: return changing_method(vm, vm->image->names[in->e]) && !is_own(x, in->b);
  case OP_GETATTR: return changing_method(vm, vm->image->names[in->d]);
  case OP_STORE_CELL: return in->a >= x->f->free_base && in->a < x->f->free_base + x->f->nfree;
  default: return false;
  }
}

/* The call that takes register r as an argument, the next to do so. */
static const Instr *call_of(const Function *f, uint32_t from, int32_t r) {
  for (uint32_t i = from; i < f->ncode; i++) {
    const Instr *in = &f->code[i];
    bool call = in->op == OP_CALL || in->op == OP_CALL_KW;
    if (call && r >= in->d && r < in->d + in->c) return in;
    if (opcode_pattern(in->op)[3] == 'A' || in->op == OP_JUMP) return NULL;
  }
  return NULL;
}

/* Could the container at operand `which` of instruction i get to other code, or be kept? */
static bool passes_operand(const Effects *x, const Vm *vm, uint32_t i, uint32_t which) {
  const Instr *in = &x->f->code[i];
  const Instr *call;
  switch (in->op) {
  case OP_MOVE:
    call = call_of(x->f, i + 1, in->a);
    return !call || !makes_new(constant_at(x, call->b));
  case OP_CALL_METHOD: return changing_method(vm, vm->image->names[in->e]);
  case OP_GETITEM: case OP_GET_ITER: case OP_UNPACK: case OP_UNPACK_STAR: case OP_NOT: case OP_JUMP_IF: case OP_JUMP_IFNOT:
  case OP_CHECK_ATTR: return false;
  case OP_LIST_EXTEND: case OP_SET_UPDATE: case OP_DICT_UPDATE: return which == 0;
  default: return !((in->op >= OP_ADD && in->op <= OP_RSHIFT) || (in->op >= OP_EQ && in->op <= OP_IS_NOT));
  }
}

bool function_passes_globals(const Vm *vm, const Function *f) {
  Effects x = {f, NULL};
  for (uint32_t i = 0; i < f->ncode; i++) {
    const char *pattern = opcode_pattern(f->code[i].op);
    for (uint32_t which = 0; which < 3; which++)
      if (pattern[which] == 'R' && is_container_at(&x, instr_operand(&f->code[i], which)) && passes_operand(&x, vm, i, which))
        return true;
  }
  return false;
}

bool function_holds_globals(const Function *f) {
  for (uint32_t i = 0; i < f->nconsts; i++)
    if (is_container(f->consts[i])) return true;
  return false;
}

bool function_changes_others(const Vm *vm, const Function *f) {
  Effects x = {f, ir_alloc(f->nregs + 1u, 1)};
  uint32_t outside = (uint32_t)f->free_base + f->nfree;
  memset(x.own, 1, f->nregs);
  memset(x.own, 0, outside < f->nregs ? outside : f->nregs);
  while (lose_registers(&x)) continue;
  bool changes = false;
  for (uint32_t i = 0; i < f->ncode && !changes; i++) changes = may_change(&x, vm, &f->code[i]);
  free(x.own);
  return changes;
}
