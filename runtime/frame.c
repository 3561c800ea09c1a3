/* frame.c - how frames end: values delivered to callers, exceptions unwound through handlers and
 * guards, generators suspended and resumed.
 *
 * Depth. CPython 3.11 raises RecursionError when a frame would be number depth_limit + 1. vm->depth is
 * the number of Python frames now; it equals frame_depth() of the top frame. */
#include "interp.h"
#include "memo.h"
#include "object.h"
#include "ops.h"
#include "profile.h"
#include "watch.h"

/* What CPython 3.11.7 needs, in frames above a guard's own, to handle an exception there (measured with
 * the users' safe_dsl.py, its "_logged" attribute set): hasattr() in the except clause takes one, else
 * that itself is a RecursionError, which passes on; the look-up of the type hints needs seven, else its
 * own except clause answers with the fallback. (Nested generic aliases need up to fifteen. The first
 * failure of a guard in a process also logs, which takes a few more.) */
enum { GUARD_HANDLER_HEADROOM = 1, GUARD_LOOKUP_HEADROOM = 7 };

FN void clear_error(Vm *vm) {
  vm->error = ERR_COUNT;
  vm->error_line = 0;
  vm->error_fn = NULL;
  vm->error_value = 0;
}

FN bool check_limits(Vm *vm) {
  if (vm->steps > vm->max_steps) {
    raise_limit(vm, LIMIT_STEPS);
    return false;
  }
  bool late = vm->interrupt && *vm->interrupt;
#ifndef __CUDA_ARCH__
  late = late || (vm->deadline_ns && clock_ns() > vm->deadline_ns);
#endif
  if (late) raise_limit(vm, LIMIT_TIME);
  return !late;
}

/* ---- delivery ---- */

/* The frame that was on top; it can be read until another is pushed. */
FN_INLINE const Frame *pop_frame(Vm *vm) {
  const Frame *gone = &vm->frames[--vm->nframes];
  vm->stack_top = gone->stack_top;
  if (LIKELY(!(gone->flags & FRAME_ENTRY))) vm->depth = frame_depth(gone - 1);
  return gone;
}

/* The caller's instruction goes on with a value that a prelude function made for it. */
static FN int continue_with(Vm *vm, const Frame *gone, Value v) {
  Frame *caller = vm_frame(vm);
  const Instr *i = &caller->fn->code[caller->pc];
  Value *r = caller->regs;
  if (gone->flags & FRAME_CALL_EX) {
    int status = call_spread(vm, gone->dst, operand(caller, i->b), v, operand(caller, i->d));
    if (status == RUN_DONE) caller->pc++;
    return status == RUN_DONE ? RUN_RETURNED : status;
  }
  if (gone->flags & FRAME_UNPACK) {
    bool ok = i->op == OP_UNPACK ? op_unpack(vm, r + i->a, v, (uint32_t)i->c)
                                 : op_unpack_star(vm, r + i->a, v, (uint32_t)i->c, (uint32_t)i->d);
    if (!ok) return RUN_RAISED;
  } else if (gone->flags & FRAME_NEGATE) {
    int truth = value_truth(vm, v);
    if (truth < 0) return RUN_RAISED;
    r[gone->dst] = v_bool(!truth);
  }
  caller->pc++;
  return RUN_RETURNED;
}

/* To the caller of the frame that is gone. */
FN_INLINE int deliver(Vm *vm, const Frame *gone, Value v) {
  if (UNLIKELY(gone->flags & FRAME_DELIVERY & ~FRAME_FOR_ITER)) {
    if (!(gone->flags & FRAME_ENTRY)) return continue_with(vm, gone, v);
    vm->stack[vm->stack_top] = v;
    return RUN_RETURNED;
  }
  Frame *caller = vm_frame(vm);
  caller->regs[gone->dst] = v;
  caller->pc++;
  return RUN_RETURNED;
}

static FN int exhausted(Vm *vm) {
  Frame *caller = vm_frame(vm);
  caller->pc = (uint32_t)caller->fn->code[caller->pc].d;
  return RUN_RETURNED;
}

/* ---- run-time sharing ---- */

FN Value leave_memo(Vm *vm, MemoRun memo, Value v, uint32_t caller_depth, uint32_t high) {
  profile_native(vm, NATIVE_SHARING);
  if (v) v = memo_fill(vm, memo, v, vm->high - caller_depth);
  profile_native(vm, 0);
  if (high > vm->high) vm->high = high;
  return v;
}

/* The same for a frame; v 0: it ended by an exception. */
static FN Value leave_frame_memo(Vm *vm, const Frame *gone, Value v) {
  uint32_t levels = (gone->fn->flags & FN_UNCOUNTED ? 0u : 1u) + (gone->guard ? 1u : 0u);
  MemoRun memo = {gone->memo, gone->memo_started};
  return leave_memo(vm, memo, v, gone->depth - levels, gone->saved_high);
}

/* Every frame that ends with a value of its own comes through here. */
FN int finish_frame(Vm *vm, Value v) {
  const Frame *gone = pop_frame(vm);
  if (gone->memo) v = leave_frame_memo(vm, gone, v);
  if (UNLIKELY(gone->gen != 0)) {
    as_gen(vm, gone->gen)->state = GEN_DONE;
    return exhausted(vm);
  }
  return deliver(vm, gone, v);
}

/* ---- generators ---- */

FN int yield_frame(Vm *vm, Value v) {
  const Frame *gone = pop_frame(vm);
  Gen *g = as_gen(vm, gone->gen);
  g->state = GEN_SUSPENDED;
  g->pc = gone->pc + 1;
  deliver(vm, gone, v);
  return RUN_YIELDED;
}

FN int resume_generator(Vm *vm, Value gen, uint32_t dst) {
  Gen *g = as_gen(vm, gen);
  if (g->state == GEN_DONE) return RUN_DONE;
  if (g->state == GEN_RUNNING) {
    raise_error(vm, ERR_ValueError);
    return RUN_RAISED;
  }
  const Function *fn = &vm->image->functions[g->fid];
  uint32_t depth = vm->depth + (fn->flags & FN_UNCOUNTED ? 0 : 1);
  if (!enter_depth(vm, depth) || !count_steps(vm, STEPS_PER_CALL)) return RUN_RAISED;
  if (vm->nframes >= vm->max_frames) {
    raise_limit(vm, LIMIT_MEMORY);
    return RUN_RAISED;
  }
  Frame *f = &vm->frames[vm->nframes++];
  f->fn = fn;
  f->regs = g->regs;
  f->pc = g->pc;
  f->dst = dst;
  f->stack_top = vm->stack_top;
  f->gen = gen;
  f->func = f->guard = 0;
  f->depth = vm->depth = depth;
  f->memo = f->saved_high = 0;
  f->flags = FRAME_FOR_ITER;
  g->state = GEN_RUNNING;
  return RUN_PUSHED;
}

FN bool enter_genexpr(Vm *vm, uint32_t levels) {
  if (!enter_depth(vm, vm->depth + levels)) return false;
  vm->depth += levels;
  vm_frame(vm)->flags += levels << FRAME_OPEN_SHIFT;
  return true;
}

FN void leave_genexpr(Vm *vm, uint32_t levels) {
  vm->depth -= levels;
  vm_frame(vm)->flags -= levels << FRAME_OPEN_SHIFT;
}

/* ---- exceptions ---- */

static FN bool is_prelude(const Vm *vm, const Function *fn) {
  for (uint32_t id = 1; id < PRELUDE_COUNT; id++)
    if (vm->image->prelude[id] == fn->fid) return true;
  return false;
}

/* The line of an exception is that of the innermost counted frame; a thunk that nothing is below
 * (a statement of the program) counts too. One that is raised again keeps its line, and the function
 * is the one that raised it again. */
static FN void note_place(Vm *vm, const Frame *f) {
  if (vm->error_fn) return;
  bool counted = !(f->fn->flags & FN_UNCOUNTED);
  if (!counted && (!(f->flags & FRAME_ENTRY) || is_prelude(vm, f->fn))) return;
  if (!vm->error_line) vm->error_line = f->fn->code[f->pc].line;
  vm->error_fn = f->fn;
}

/* An exception leaves the code of an op of the program: where it was in the program's own text. */
static FN void note_op_line(Vm *vm, const Frame *f) {
  if (f->fn->flags & FN_UNCOUNTED && !is_prelude(vm, f->fn)) vm->op_line = f->fn->code[f->pc].line;
}

/* The instance of the pending exception; 0: no memory, which is pending then. */
static FN Value error_instance(Vm *vm) {
  if (vm->error_value) {
    as_error(vm, vm->error_value)->line = vm->error_line;
    return vm->error_value;
  }
  uint32_t offset = arena_alloc(vm, sizeof(ErrorObject));
  if (!offset) return 0;
  ErrorObject *e = (ErrorObject *)arena_at(vm, offset);
  e->cls = vm->error;
  e->line = vm->error_line;
  e->value = V_NONE;
  return HEAP(KIND_ERROR, offset);
}

/* PEP 479. The new exception is raised where the generator was stepped. */
static FN void stop_becomes_runtime_error(Vm *vm) { raise_error(vm, ERR_RuntimeError); }

static FN bool take_handler(Vm *vm, Frame *f, const Handler *h) {
  Value e = error_instance(vm);
  if (!e) return false;
  watch_event(vm, WATCH_CAUGHT, 0);
  f->regs[h->reg] = e;
  f->pc = h->target;
  f->flags = (f->flags & FRAME_DELIVERY) | (uint32_t)h->gen_depth << FRAME_OPEN_SHIFT;
  vm->depth = frame_depth(f);
  clear_error(vm);
  return true;
}

FN bool enter_handler(Vm *vm, Frame *f) {
  for (uint32_t n = 0; n < f->fn->nhandlers; n++) {
    const Handler *h = &f->fn->handlers[n];
    if (is_limit_error(vm->error)) return false;
    if (f->pc < h->start || f->pc >= h->end) continue;
    if (h->kind == HANDLER_EXCEPT) return take_handler(vm, f, h);
    if (vm->error != ERR_StopIteration) continue;
    stop_becomes_runtime_error(vm);
    note_place(vm, f);
  }
  return false;
}

/* Is it a subclass of Exception, what guards catch? */
static FN bool is_ordinary(uint32_t cls) {
  switch (cls) {
    case ERR_BaseException: case ERR_KeyboardInterrupt: case ERR_SystemExit: case ERR_GeneratorExit: return false;
    default: return !is_limit_error(cls);
  }
}

FN Value guard_absorb(Vm *vm, Value guard, uint32_t depth) {
  if (!is_ordinary(vm->error)) return 0;
  watch_event(vm, WATCH_ABSORBED, guard);
  if (depth + GUARD_HANDLER_HEADROOM > vm->depth_limit) return raise_error(vm, ERR_RecursionError);
  clear_error(vm);
  if (depth + GUARD_LOOKUP_HEADROOM > vm->depth_limit) return vm->image->guard_fallback;
  return safe_default_of(vm, guard);
}

/* An exception leaves a generator's frame. RUN_RETURNED: it only meant the end of the iteration. */
static FN int leave_generator(Vm *vm, const Frame *gone) {
  as_gen(vm, gone->gen)->state = GEN_DONE;
  if (vm->error != ERR_StopIteration) return RUN_RAISED;
  if (!(gone->fn->flags & FN_STOP_PASSES)) {
    stop_becomes_runtime_error(vm);
    return RUN_RAISED;
  }
  clear_error(vm);
  return exhausted(vm);
}

/* The top frame ends by the pending exception: RUN_RAISED, it goes on in the caller. */
static FN int abandon_frame(Vm *vm) {
  const Frame *gone = pop_frame(vm);
  if (gone->gen) return leave_generator(vm, gone);
  uint32_t own = gone->fn->flags & FN_UNCOUNTED ? 0 : 1;
  Value v = gone->guard ? guard_absorb(vm, gone->guard, gone->depth - own) : 0;
  if (gone->memo) v = leave_frame_memo(vm, gone, v);
  return v ? deliver(vm, gone, v) : (int)RUN_RAISED;
}

FN int unwind(Vm *vm) {
  for (;;) {
    Frame *f = vm_frame(vm);
    watch_event(vm, WATCH_RAISED, 0);
    note_place(vm, f);
    if (enter_handler(vm, f)) return RUN_RETURNED;
    bool entry = (f->flags & FRAME_ENTRY) != 0;
    if (entry) note_op_line(vm, f);
    int status = abandon_frame(vm);
    if (status != RUN_RAISED || entry) return status;
  }
}
