/* execute.c - running a program: each op once per program, task, sample or call.
 *
 * That an op ran once for several calls, or before others, could be seen where it makes a list, say, and another op
 * changes that: then this call and all later ones run every op anew, in order (run_in_order).
 *
 * Invariant: values[slot] is 0 exactly when the op that binds it has not run or its call raised and
 * nothing caught it; errors[op] then tells the class. A limit value makes every dependent op the same
 * limit value; the others go on. */
#include "program.h"

#include "cells.h"
#include "cuda/fused.h"
#include "interp.h"
#include "kernel.h"
#include "native.h"
#include "object.h"

#include <stdlib.h>
#include <string.h>

enum { MAX_ARGS = 64 };

static FN Value operand(const Execution *x, Operand o) {
  return o >= 0 ? x->values[o] : x->program->consts[~o];
}

/* The callee and its arguments; the names of keywords. */
static FN void gather(const Execution *x, const ProgramCall *call, Value *values, Value *names) {
  const Operand *operands = x->program->operands;
  values[0] = call->callee == OPERAND_COPY ? CALLEE_COPY : operand(x, call->callee);
  for (uint32_t i = 0; i < call->nargs; i++) values[i + 1] = operand(x, operands[call->args + i]);
  for (uint32_t i = 0; i < call->nkw; i++) names[i] = operand(x, operands[call->kwnames + i]);
}

/* A limit among n values, or 0; an unbound name's error. */
static FN Value find_limit(const Value *values, uint32_t n, uint32_t *error) {
  Value limit = 0;
  *error = ERR_COUNT;
  for (uint32_t i = 0; i < n; i++) {
    Value v = values[i];
    if (v == V_UNBOUND && *error == ERR_COUNT) *error = ERR_UnboundLocalError;
    else if (v == OPERAND_NAME_ERROR && *error == ERR_COUNT) *error = ERR_NameError;
    else if (is_poison(v)) limit = v_limit((LimitKind)payload_of(v));
    else if (is_kind(v, KIND_LIMIT)) limit = v;
  }
  return limit;
}

/* Nothing that find_limit looks for: most values, told at once. */
FN_INLINE bool is_usual(Value v) {
  enum { USUAL = 1 << KIND_NONE | 1 << KIND_BOOL | 1 << KIND_TYPE | 1 << KIND_BUILTIN };
  return (v & TAG_MASK) != TAG_SPECIAL || (USUAL >> ((v >> 3) & 31) & 1);
}

static FN bool all_usual(const Value *values, uint32_t n) {
  bool usual = true;
  for (uint32_t i = 0; i < n; i++) usual &= is_usual(values[i]);
  return usual;
}

static FN Value limit_of(Execution *x, Value limit) {
  x->odd = true;
  return limit;
}

static FN Value pending(Execution *x, uint32_t *error) {
  Vm *vm = x->vm;
  if (is_limit_error(vm->error)) return limit_of(x, v_limit((LimitKind)(vm->error - ERR_LIMIT)));
  *error = vm->error;
  return 0;
}

/* 0: an exception, its class in *error. */
static FN Value do_call(Execution *x, const Value *values, uint32_t nargs, const Value *kwnames, uint32_t nkw, uint32_t *error) {
  Vm *vm = x->vm;
  *error = ERR_COUNT;
  Value limit = all_usual(values, nargs + 1) ? 0 : find_limit(values, nargs + 1, error);
  if (limit) return limit_of(x, limit);
  vm->op_line = 0;
  if (*error != ERR_COUNT) return 0;
  if (values[0] == CALLEE_COPY) return values[1];
  vm->steps = 0;
  Value v = vm_call_kw(vm, values[0], values + 1, nargs, kwnames, nkw);
  return v ? v : pending(x, error);
}

static FN bool unpack_into(Vm *vm, const ProgramOp *op, Value *to, Value v, uint32_t *error) {
  if (is_kind(v, KIND_LIMIT)) {
    for (uint32_t i = 0; i < op->ndst; i++) to[i] = v;
    return true;
  }
  Value iter = is_lazy(vm, v) ? raise_error(vm, ERR_TypeError) : get_iter(vm, v);
  Value items[MAX_ARGS];
  uint32_t n = 0;
  int more = iter ? 1 : -1;
  while (more > 0 && n <= op->ndst && n < MAX_ARGS) {
    more = iter_next(vm, iter, &items[n]);
    if (more > 0) n++;
  }
  if (more < 0 || n != op->ndst) {
    *error = more < 0 ? vm->error : (uint32_t)ERR_ValueError;
    return false;
  }
  for (uint32_t i = 0; i < n; i++) to[i] = items[i];
  return true;
}

static FN bool deliver(Vm *vm, const ProgramOp *op, Value *to, Value v, uint32_t *error) {
  if (op->unpacks) return unpack_into(vm, op, to, v, error);
  *to = v;
  return true;
}

static NOINLINE FN void settle(Execution *x, uint32_t i);

/* What is made from here on is the op's own. */
static FN void start_op(Execution *x, uint32_t i) {
  x->vm->op = i + 1;
  x->vm->op_mark = x->snapshot || x->in_order ? 0 : vm_mark(x->vm);
}

/* The call raised it, or, where there is a value, the unpacking. */
static FN void not_caught(Execution *x, uint32_t i, uint32_t call_line, Value v, uint32_t error) {
  x->odd = true;
  x->uncaught[i] = (uint8_t)(error + 1);
  x->lines[i] = v ? x->program->ops[i].target_line : x->vm->op_line ? x->vm->op_line : call_line;
}

/* An op's call gave v, or, where that is 0, raised `error`. */
static FN bool take_value(Execution *x, uint32_t i, Value *to, Value v, uint32_t error) {
  const ProgramOp *op = &x->program->ops[i];
  bool ok = v && deliver(x->vm, op, to, v, &error);
  x->errors[i] = ok ? (uint32_t)ERR_COUNT : error;
  x->uncaught[i] = 0;
  if (UNLIKELY(x->vm->identity_doubt && x->vm->memo)) {
    settle(x, i);
    return true;
  }
  if (ok) return true;
  if (op->mask >> error & 1) return false;
  not_caught(x, i, op->line, v, error);
  return true;
}

static FN bool try_op(Execution *x, uint32_t i, Value *to, const Value *values, uint32_t nargs, const Value *kwnames, uint32_t nkw) {
  uint32_t error, n = x->program->ops[i].ndst;
  start_op(x, i);
  x->vm->identity_doubt = false;
  for (uint32_t k = 0; k < n; k++) to[k] = V_UNBOUND;
  Value v = do_call(x, values, nargs, kwnames, nkw, &error);
  return take_value(x, i, to, v, error);
}

FN bool exec_try(Execution *x, uint32_t i, Value *to, const Value *values, uint32_t nargs, const Value *kwnames, uint32_t nkw) {
  if (LIKELY(!x->op_ticks)) return try_op(x, i, to, values, nargs, kwnames, nkw);
  uint64_t from = tick_count();
  bool ok = try_op(x, i, to, values, nargs, kwnames, nkw);
  x->op_ticks[i] += tick_count() - from;
  return ok;
}

FN void exec_except(Execution *x, uint32_t i, Value *to, const Value *values, uint32_t nargs, const Value *kwnames, uint32_t nkw) {
  const ProgramOp *op = &x->program->ops[i];
  uint32_t error;
  start_op(x, i);
  Value v = do_call(x, values, nargs, kwnames, nkw, &error);
  if (!v || !deliver(x->vm, op, to, v, &error)) not_caught(x, i, op->fallback_line, v, error);
  if (UNLIKELY(x->vm->identity_doubt && x->vm->memo)) settle(x, i);
}

static FN bool is_known(const Execution *x, const ProgramOp *op) {
  return op->known == KNOWN_ALWAYS || (op->known == KNOWN_FIRST && x->none);
}

/* What nearly all handlers do, `t = _get_safe_default(f)`, without a call. 0: it is something else. */
static FN Value usual_fallback(Execution *x, const ProgramOp *op) {
  const ProgramCall *call = &op->fallback;
  Vm *vm = x->vm;
  bool one = call->nargs == 1 && !call->nkw && op->ndst == 1 && !op->unpacks && call->callee != OPERAND_COPY;
  if (x->odd || !one || vm->base_depth >= vm->depth_limit) return 0;
  if (operand(x, call->callee) != v_builtin(BUILTIN_get_safe_default)) return 0;
  Value f = operand(x, x->program->operands[call->args]);
  return is_usual(f) ? safe_default_of(vm, f) : 0;
}

/* An op whose exception its handler catches. */
static FN void run_fallback(Execution *x, uint32_t i) {
  const ProgramOp *op = &x->program->ops[i];
  Value v = usual_fallback(x, op);
  if (v) {
    x->values[op->dst] = v;
    return;
  }
  Value values[MAX_ARGS + 1], names[MAX_ARGS];
  gather(x, &op->fallback, values, names);
  exec_except(x, i, &x->values[op->dst], values, op->fallback.nargs, names, op->fallback.nkw);
}

static NOINLINE FN void run_op(Execution *x, uint32_t i) {
  const ProgramOp *op = &x->program->ops[i];
  Value values[MAX_ARGS + 1], names[MAX_ARGS];
  gather(x, &op->call, values, names);
  if (!exec_try(x, i, &x->values[op->dst], values, op->call.nargs, names, op->call.nkw)) run_fallback(x, i);
}

enum {
  COPY_LEVELS = 2,   /* frames that such a call takes, with its guard */
  DIRECT_LEVELS = 32 /* and that kernels and what guards do with their exceptions need at most */
};

FN_INLINE void step_gave(Execution *x, const Step *s, Value v, uint32_t error) {
  *s->to = v;
  x->errors[s->op] = error;
  x->uncaught[s->op] = 0;
}

/* It raised what the usual handler catches. false: nothing has happened, as it may be otherwise. */
FN_INLINE bool step_caught(Execution *x, const Step *s, uint32_t error) {
  const StepHandler *h = &x->handlers[s - x->steps];
  Vm *vm = x->vm;
  if (!h->of || !(h->mask >> error & 1) || vm->base_depth >= vm->depth_limit) return false;
  Value v = h->known ? h->known : is_usual(*h->of) ? safe_default_of(vm, *h->of) : 0;
  if (!v) return false;
  step_gave(x, s, v, error);
  return true;
}

FN_INLINE bool can_be_called(Value v) {
  enum { CALLED = 1 << KIND_BUILTIN | 1 << KIND_TYPE, HEAP_CALLED = 1 << KIND_GUARD | 1 << KIND_FUNC | 1 << KIND_METHOD };
  return !is_int(v) && (CALLED | HEAP_CALLED) >> kind_of(v) & 1;
}

/* What guard_absorb would give of an exception that is pending. */
FN_INLINE Value absorbed_by(Execution *x, const Step *s, uint32_t depth) {
  Vm *vm = x->vm;
  Value v = x->handlers[s - x->steps].absorbed;
  if (!v || vm->watch || is_limit_error(vm->error)) return guard_absorb(vm, s->target.guard, depth);
  vm->error = ERR_COUNT;
  return v;
}

/* The kernel of a direct step, if there is room for what its source would call; the same as vm_call_target. KERNEL_PASS: that has to do it. */
static FN KernelStatus call_direct(Execution *x, const Step *s, const Value *args, Value *v) {
  Vm *vm = x->vm;
  uint32_t depth = vm->depth;
  if (vm->profile || vm->base_depth + DIRECT_LEVELS > vm->depth_limit) return KERNEL_PASS;
  vm->depth = vm->base_depth;
  KernelStatus status = kernel_call(vm, s->target.fn->kernel, args, v);
  if (status == KERNEL_FAIL && !s->target.guard && !is_limit_error(vm->error)) status = KERNEL_PASS;
  else if (status == KERNEL_FAIL) *v = s->target.guard ? absorbed_by(x, s, vm->depth + 1) : 0;
  vm->depth = depth;
  return status;
}

/* The same for most ops, from one record. Before there is anything odd no value is one that find_limit looks for. */
static FN void run_step(Execution *x, const Step *s) {
  Vm *vm = x->vm;
  if (UNLIKELY(x->odd || s->nargs > STEP_ARGS)) {
    run_op(x, s->op);
    return;
  }
  if (s->copies && !vm->profile && vm->base_depth + COPY_LEVELS <= vm->depth_limit) {
    step_gave(x, s, *s->at[1], ERR_COUNT);
    return;
  }
  Value callee = *s->at[0], args[STEP_ARGS];
  if (!s->target.fn && !can_be_called(callee) && !vm->profile && step_caught(x, s, ERR_TypeError)) return;
  for (uint32_t k = 0; k < STEP_ARGS; k++) args[k] = *s->at[k + 1];
  start_op(x, s->op);
  vm->identity_doubt = false;
  vm->op_line = 0;
  vm->steps = 0;
  *s->to = V_UNBOUND;
  uint32_t error = ERR_COUNT;
  Value v = 0;
  if (!s->direct || call_direct(x, s, args, &v) == KERNEL_PASS)
    v = s->target.fn ? vm_call_target(vm, &s->target, args, s->nargs) : vm_call(vm, callee, args, s->nargs);
  if (LIKELY(v && !vm->identity_doubt)) {
    step_gave(x, s, v, ERR_COUNT);
    return;
  }
  if (!v && !vm->identity_doubt && !is_limit_error(vm->error) && step_caught(x, s, vm->error)) return;
  if (!v) v = pending(x, &error);
  if (!take_value(x, s->op, s->to, v, error)) run_fallback(x, s->op);
}

/* ---- where sharing shows ---- */

static FN void want_operand(Execution *x, Operand o) {
  if (o >= 0 && x->op_of_slot[o]) x->wanted[x->op_of_slot[o] - 1] = 1;
}

static FN void want_call(Execution *x, const ProgramCall *call) {
  if (call->callee != OPERAND_COPY) want_operand(x, call->callee);
  for (uint32_t k = 0; k < call->nargs; k++) want_operand(x, x->program->operands[call->args + k]);
}

/* It mattered whether two equal values are one object: op i again, on values made without sharing. */
static NOINLINE FN void settle(Execution *x, uint32_t i) {
  const Program *p = x->program;
  Memo *memo = x->vm->memo;
  Value *shared = x->values;
  x->settled = true;
  __builtin_memset(x->wanted, 0, i);
  x->wanted[i] = 1;
  for (uint32_t k = i + 1; k-- > 0;)
    if (x->wanted[k] && !x->known[k] && !is_known(x, &p->ops[k]))
      want_call(x, &p->ops[k].call), want_call(x, &p->ops[k].fallback);
  __builtin_memcpy(x->unshared, shared, SLOT_FIRST_OP * sizeof *shared);
  x->values = x->unshared;
  x->vm->memo = NULL;
  for (uint32_t k = 0; k <= i; k++)
    if (x->wanted[k] && !x->known[k]) {
      if (is_known(x, &p->ops[k])) x->values[p->ops[k].dst] = p->consts[p->ops[k].known_value];
      else run_op(x, k);
      x->known[k] = 1;
    }
  x->vm->memo = memo;
  x->values = shared;
  __builtin_memcpy(shared + p->ops[i].dst, x->unshared + p->ops[i].dst, p->ops[i].ndst * sizeof *shared);
}

/* Ops of this binding and later ones have other values from here on. */
static FN void forget_unshared(Execution *x, Binding binding) {
  for (uint32_t k = x->first[binding]; x->settled && k < x->first[BIND_CALL + 1]; k++) x->known[x->order[k]] = 0;
  if (binding == BIND_PROGRAM) x->settled = false;
}

static FN int64_t touched_units(const Execution *x) { return (int64_t)x->vm->top - x->vm->untouched; }

/* So many units from the arena's present top on. */
static FN void sweep_after(Execution *x, uint32_t units) {
  uint32_t left = UINT32_MAX - x->vm->top;
  x->vm->swept = x;
  x->vm->sweep_at = x->sweep && units < left ? x->vm->top + units : UINT32_MAX;
}

static FN void plan_sweep(Execution *x) {
  x->made_before = touched_units(x);
  sweep_after(x, x->sweep_every);
}

static NOINLINE FN void sweep_now(Execution *x, uint32_t part, uint32_t k, const Held *held) {
#ifndef __CUDA_ARCH__
  x->sweep(x, part, k, held);
#endif
  plan_sweep(x);
}

/* Where the top is there: if so much was touched. */
static NOINLINE FN void sweep_before(Execution *x, uint32_t part, uint32_t k, const Held *held) {
  int64_t made = touched_units(x) - x->made_before;
  if (made < (int64_t)x->sweep_every) sweep_after(x, x->sweep_every - (uint32_t)(made > 0 ? made : 0));
  else sweep_now(x, part, k, held);
}

/* Which ops are run with C = None is told by their own part. */
static FN uint32_t part_of(const Execution *x, Binding binding) { return binding == BIND_CALL && x->none ? BIND_CALL + 1 : binding; }

void exec_sweep_within(Vm *vm, const Held *held) {
  Execution *x = vm->swept;
  if (!x || !vm->op || !vm->memo || x->in_order) return;
  Binding binding = (Binding)x->program->ops[vm->op - 1].binding;
  uint32_t part = part_of(x, binding), k = x->first[part];
  while (x->order[k] != vm->op - 1) k++;
  if (binding >= BIND_SAMPLE) sweep_before(x, part, k, held);
}

static FN DEVICE_NOINLINE void run_ops(Execution *x, Binding binding) {
  if (x->in_order) return;
  uint32_t part = part_of(x, binding);
  if (x->program->native_ops) run_native_ops(x, binding);
  else if (!x->steps)
    for (uint32_t k = x->first[part]; k < x->first[part + 1] && (part < BIND_CALL || !exec_stopped(x)); k++) run_op(x, x->order[k]);
  else
    for (uint32_t k = x->first[part]; k < x->first[part + 1]; k++) {
      if (UNLIKELY(x->vm->top >= x->vm->sweep_at)) sweep_before(x, part, k, NULL);
      run_step(x, &x->steps[k]);
    }
  x->vm->op = x->vm->op_mark = 0;
}

/* ---- life ---- */

static void sort_ops(Execution *x) {
  const Program *p = x->program;
  uint32_t n = 0;
  for (int part = 0; part <= BIND_CALL + 1; part++) {
    x->first[part] = n;
    for (uint32_t i = 0; i < p->nops; i++) {
      const ProgramOp *op = &p->ops[i];
      bool here = part > BIND_CALL ? op->binding == BIND_CALL && op->known != KNOWN_FIRST : op->binding == part;
      if (here && op->known != KNOWN_ALWAYS && !op->dead) x->order[n++] = i;
    }
  }
  x->first[BIND_CALL + 2] = n;
  for (uint32_t i = 0; i < p->nops; i++)
    for (uint32_t k = 0; k < p->ops[i].ndst; k++) x->op_of_slot[p->ops[i].dst + k] = i + 1;
}

static const Value *place_of(const Execution *x, Operand o) { return o >= 0 ? &x->values[o] : &x->program->consts[~o]; }

static bool is_step(const Execution *x, const ProgramOp *op) {
  const ProgramCall *call = &op->call;
  bool usual = call->nargs <= STEP_ARGS && !call->nkw && call->callee != OPERAND_COPY && !op->unpacks && op->ndst == 1;
  for (uint32_t i = 0; i <= call->nargs && usual; i++) {
    Operand o = i ? x->program->operands[call->args + i - 1] : call->callee;
    usual = o >= 0 || is_usual(x->program->consts[~o]);
  }
  return usual;
}

/* def f(x): return x, perhaps behind a guard. */
static bool gives_back(const Vm *vm, Value callee) {
  if (is_kind(callee, KIND_GUARD)) callee = as_guard(vm, callee)->func;
  if (!is_kind(callee, KIND_FUNC)) return false;
  const Function *f = &vm->image->functions[as_func(vm, callee)->fid];
  bool plain = f->nparams == 1 && !f->nkwonly && !(f->flags & (FN_GENERATOR | FN_VARARGS | FN_VARKW | FN_UNCOUNTED));
  return plain && f->ncode && f->code[0].op == OP_RETURN && f->code[0].a == 0;
}

/* Does a kernel of its function give what looking for the call would give, and is it there for these arguments? */
static bool is_direct(const Step *s) {
  const Function *f = s->target.fn;
  return f && f->kernel && f->flags & FN_CHEAP && !(f->flags & (FN_GENERATOR | FN_UNCOUNTED)) && !kernel_needs_function(f->kernel) && s->nargs == f->nparams;
}

/* A default that is the same each time; 0: none, or a function, which is made anew. */
static Value default_of(const Vm *vm, Value f) {
  if (is_kind(f, KIND_GUARD)) f = as_guard(vm, f)->func;
  return is_kind(f, KIND_FUNC) ? vm->image->functions[as_func(vm, f)->fid].safe_default : 0;
}

static void make_handler(const Execution *x, const ProgramOp *op, const Step *s, StepHandler *h) {
  const ProgramCall *call = &op->fallback;
  bool one = call->nargs == 1 && !call->nkw && call->callee != OPERAND_COPY && call->callee < 0;
  if (s->direct && s->target.guard) h->absorbed = default_of(x->vm, s->target.guard);
  if (!one || *place_of(x, call->callee) != v_builtin(BUILTIN_get_safe_default)) return;
  Operand f = x->program->operands[call->args];
  h->mask = op->mask;
  h->of = place_of(x, f);
  if (f < 0) h->known = default_of(x->vm, *h->of);
}

static void make_steps(Execution *x) {
  for (uint32_t k = 0; k < x->first[BIND_CALL + 2]; k++) {
    const ProgramOp *op = &x->program->ops[x->order[k]];
    Step *s = &x->steps[k];
    s->op = x->order[k];
    s->to = &x->values[op->dst];
    s->nargs = is_step(x, op) ? op->call.nargs : STEP_ARGS + 1u;
    if (s->nargs > STEP_ARGS) continue;
    s->at[0] = place_of(x, op->call.callee);
    if (op->call.callee < 0) s->target = known_target(x->vm, *s->at[0]);
    s->copies = s->nargs == 1 && op->call.callee < 0 && gives_back(x->vm, *s->at[0]);
    s->direct = is_direct(s);
    make_handler(x, op, s, &x->handlers[k]);
    for (uint32_t i = 0; i < STEP_ARGS; i++) s->at[i + 1] = i < s->nargs ? place_of(x, x->program->operands[op->call.args + i]) : s->at[0];
  }
}

/* Sharing starts with the constants, so that no younger value takes their place. */
static bool start_sharing(Vm *vm, const Program *p) {
  const Image *image = vm->image;
  if (image->impure || image->unshared || vm->memo) return true;
  for (uint32_t i = 0; i < image->nfunctions && !vm->nested; i++)
    if (kernel_is_nested(image->functions[i].kernel)) nested_init(vm);
  vm->memo = memo_new(vm);
  if (!vm->memo) return false;
  vm->deferring = true;
  for (uint32_t i = 0; i < image->nfunctions; i++) {
    const Function *f = &image->functions[i];
    for (uint32_t k = 0; k < f->nconsts; k++) memo_canonical(vm, f->consts[k]);
    if (f->safe_default) memo_canonical(vm, f->safe_default);
  }
  for (uint32_t i = 0; i < p->nconsts; i++) memo_canonical(vm, p->consts[i]);
  return true;
}

/* Values of a level are canonical before younger ones are made. */
static FN void share_values(Execution *x, Binding binding) {
  Vm *vm = x->vm;
  for (uint32_t k = x->first[binding]; vm->memo && !x->in_order && k < x->first[binding + 1]; k++) {
    const ProgramOp *op = &x->program->ops[x->order[k]];
    for (uint32_t i = 0; i < op->ndst; i++) {
      Value *v = &x->values[op->dst + i];
      Value canonical = *v ? memo_canonical(vm, *v) : 0;
      if (canonical) *v = canonical;
    }
  }
  vm->floor = vm_mark(vm);
}

static FN Value shared(Vm *vm, Value v) {
  Value canonical = vm->memo ? memo_canonical(vm, v) : 0;
  return canonical ? canonical : v;
}

static FN void give(Execution *x, uint32_t op, uint32_t slot, Value v) {
  x->values[slot] = v;
  x->errors[op] = x->program->ops[op].known_error;
  x->uncaught[op] = 0;
}

/* Values that are always known; those that are so with C = None are noted. */
static FN void give_constants(Execution *x) {
  const Program *p = x->program;
  for (uint32_t i = 0; i < p->nops; i++) {
    const ProgramOp *op = &p->ops[i];
    if (!op->known) continue;
    KnownValue k = {i, op->dst, shared(x->vm, p->consts[op->known_value])};
    if (op->known == KNOWN_ALWAYS) give(x, i, op->dst, k.value);
    else if (!op->dead) x->given[x->ngiven++] = k;
  }
}

Execution *exec_prepare(const Program *program, Vm *vm) {
  Execution *x = (Execution *)calloc(1, sizeof *x);
  if (!x) return NULL;
  size_t n = program->nops + 1;
  x->program = program;
  x->vm = vm;
  vm->sweep_at = UINT32_MAX;
  x->values = (Value *)calloc(program->nslots + 1, sizeof(Value));
  x->unshared = (Value *)calloc(program->nslots + 1, sizeof(Value));
  x->known = (uint8_t *)calloc(n, 1);
  x->wanted = (uint8_t *)calloc(n, 1);
  x->op_of_slot = (uint32_t *)calloc(program->nslots + 1, sizeof *x->op_of_slot);
  x->errors = (uint32_t *)calloc(n, sizeof *x->errors);
  x->uncaught = (uint8_t *)calloc(n, 1);
  x->lines = (uint32_t *)calloc(n, sizeof *x->lines);
  x->order = (uint32_t *)calloc(2 * n, sizeof *x->order);
  x->steps = (Step *)calloc(2 * n, sizeof *x->steps);
  x->handlers = (StepHandler *)calloc(2 * n, sizeof *x->handlers);
  x->given = (KnownValue *)calloc(n, sizeof *x->given);
  bool memory = x->steps && x->handlers && x->lines && x->given && x->values && x->unshared && x->known && x->wanted && x->op_of_slot && x->errors &&
                x->uncaught && x->order;
  if (!memory) {
    exec_free(x);
    return NULL;
  }
  sort_ops(x);
  make_steps(x);
  if (!vm->base_depth) vm->base_depth = BATT_DEPTH;
  if (start_sharing(vm, program)) return x;
  exec_free(x);
  return NULL;
}

FN void exec_start(Execution *x) {
  Vm *vm = x->vm;
  x->values[SLOT_LOG_PATH] = V_NONE;
  x->ngiven = 0;
  give_constants(x);
  run_ops(x, BIND_PROGRAM);
  share_values(x, BIND_PROGRAM);
  if (vm->memo) x->program_memo = memo_mark(vm->memo);
  x->program_mark = x->task_mark = x->sample_mark = vm_mark(vm);
  x->odd_program = x->odd_task = x->odd;
}

Execution *exec_new(const Program *program, Vm *vm) {
  Execution *x = exec_prepare(program, vm);
  if (!x) return NULL;
  exec_start(x);
  if (!vm->image->impure) return x;
  x->snapshot = (uint8_t *)malloc((size_t)x->program_mark * 8);
  if (x->snapshot) {
    __builtin_memcpy(x->snapshot, vm->base, (size_t)x->program_mark * 8);
    return x;
  }
  exec_free(x);
  return NULL;
}

void exec_free(Execution *x) {
  if (!x) return;
  if (x->vm->swept == x) x->vm->swept = NULL;
  free(x->values);
  free(x->unshared);
  free(x->known);
  free(x->wanted);
  free(x->op_of_slot);
  free(x->errors);
  free(x->uncaught);
  free(x->lines);
  free(x->order);
  free(x->steps);
  free(x->handlers);
  free(x->snapshot);
  free(x->given);
  free(x);
}

/* A program that changes globals starts every sample with those of the image. */
static FN void restore_globals(Execution *x) {
  if (x->snapshot) __builtin_memcpy(x->vm->base, x->snapshot, (size_t)x->program_mark * 8);
}

static FN void reset_to(Execution *x, uint32_t mark, MemoMark memo, bool odd) {
  bool large = x->sweep && x->vm->top - mark > x->sweep_every;
  vm_reset(x->vm, mark);
  if (x->vm->memo) memo_reset(x->vm, memo);
  if (UNLIKELY(large)) sweep_now(x, BIND_PROGRAM, 0, NULL);
  x->vm->floor = mark;
  x->odd = odd;
  forget_unshared(x, BIND_PROGRAM);
  restore_globals(x);
  plan_sweep(x);
  x->kept = 0;
}

FN void exec_reset_to_program(Execution *x) { reset_to(x, x->program_mark, x->program_memo, x->odd_program); }
FN void exec_reset_to_task(Execution *x) { reset_to(x, x->task_mark, x->task_memo, x->odd_task); }

FN void exec_begin_task(Execution *x, Value task_id, Value samples) {
  x->values[SLOT_TASK_ID] = task_id;
  x->values[SLOT_S] = shared(x->vm, samples);
  run_ops(x, BIND_TASK);
  share_values(x, BIND_TASK);
  x->task_mark = vm_mark(x->vm);
  x->odd_task = x->odd;
  if (x->vm->memo) x->task_memo = memo_mark(x->vm->memo);
}

FN void exec_begin_sample(Execution *x, Value input) {
  x->values[SLOT_I] = shared(x->vm, input);
  run_ops(x, BIND_SAMPLE);
  x->sample_mark = vm_mark(x->vm);
}

/* ---- calls ---- */

static FN CallOutcome function_once(Execution *x, Value callee, const Value *args, uint32_t nargs, const Value *kwnames, uint32_t nkw) {
  Vm *vm = x->vm;
  CallOutcome out = {ERR_COUNT, 0, 1, false, 0};
  vm->steps = 0;
  vm->base_depth--; /* the function is a frame itself */
  out.result = vm_call_kw(vm, callee, args, nargs, kwnames, nkw);
  vm->base_depth++;
  if (out.result) return out;
  out.error = vm->error;
  out.line = vm->error_line;
  out.limited = is_limit_error(vm->error);
  return out;
}

FN CallOutcome exec_function(Execution *x, Value callee, const Value *args, uint32_t nargs, const Value *kwnames, uint32_t nkw) {
  x->vm->identity_doubt = false;
  CallOutcome out = function_once(x, callee, args, nargs, kwnames, nkw);
  Memo *memo = x->vm->memo;
  if (!x->vm->identity_doubt || !memo) return out;
  x->vm->memo = NULL;
  out = function_once(x, callee, args, nargs, kwnames, nkw);
  x->vm->memo = memo;
  return out;
}

static FN CallOutcome whole_call(Execution *x) {
  const Program *p = x->program;
  Value args[8];
  for (uint32_t i = 0; i < p->nwhole_params; i++) args[i] = x->values[p->whole_params[i]];
  return exec_function(x, p->whole, args, p->nwhole_params, NULL, 0);
}

/* As Python does, up to the op that ends the call. */
static FN void run_in_order(Execution *x) {
  const Program *p = x->program;
  Memo *memo = x->vm->memo;
  x->vm->memo = NULL;
  for (uint32_t i = 0; i < p->nops; i++) {
    if (is_known(x, &p->ops[i])) give(x, i, p->ops[i].dst, p->consts[p->ops[i].known_value]);
    else run_op(x, i);
    if (x->uncaught[i]) break;
  }
  x->vm->memo = memo;
  x->vm->op = 0;
}

FN CallOutcome exec_call(Execution *x, Value output_or_none) {
  const Program *p = x->program;
  forget_unshared(x, BIND_CALL);
  x->values[SLOT_C] = shared(x->vm, output_or_none);
  if (p->whole) return whole_call(x);
  x->none = output_or_none == V_NONE;
  for (uint32_t i = 0; x->none && i < x->ngiven; i++) give(x, x->given[i].op, x->given[i].slot, x->given[i].value);
  run_ops(x, BIND_CALL);
  x->in_order |= x->vm->changed_older;
  x->vm->changed_older = false;
  if (UNLIKELY(x->in_order)) run_in_order(x);
  CallOutcome out = {ERR_COUNT, 0, p->nops, false, 0};
  if (UNLIKELY(x->vm->lost)) {
    x->vm->lost = false;
    out.error = ERR_LIMIT + LIMIT_MEMORY;
    return out;
  }
  for (uint32_t i = x->odd ? 0 : p->nops; i < p->nops; i++) {
    if (is_kind(x->values[p->ops[i].dst], KIND_LIMIT)) out.limited = true;
    if (!x->uncaught[i]) continue;
    out.error = x->uncaught[i] - 1u;
    out.line = x->lines[i];
    out.nops = i + 1;
    break;
  }
  return out;
}
