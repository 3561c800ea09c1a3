/* interp.h - running functions: the loop, calls, frames, and what compiled functions must keep to.
 *
 * A frame's pc is the index of the next instruction when the frame is entered or resumed, and of the
 * instruction being executed while a callee runs above it or an exception is pending: handlers and
 * lines are found by it. A callee that ends writes its value to the caller's register `dst` and adds
 * one to the caller's pc; a generator that FOR_ITER finds exhausted sets it to the exit label.
 *
 * Compiled code (Function.native) takes the place of the interpreter for one frame:
 *   - native(vm, r, pc) starts at instruction pc (0: the beginning; else after a call that ended, the
 *     exit label of a FOR_ITER, the target of a handler, or after a YIELD). r stays where it is as
 *     long as the frame lives. No state but r may be kept across a call.
 *   - Before a helper that may push a frame or fail it sets vm_frame(vm)->pc = n, the index of the
 *     instruction. The helpers below give
 *       RUN_DONE    the result is in its register: go on with n + 1 (op_for_iter: see there)
 *       RUN_PUSHED  return RUN_PUSHED at once: control comes back through native(vm, r, ..)
 *       RUN_RAISED  return RUN_RAISED, or go to the handler itself if it is in the same function and
 *                   enter_handler says so.
 *     A value helper of ops.h that gives 0 (or -1, or false) is RUN_RAISED.
 *   - RETURN is `return finish_frame(vm, v)`, YIELD at n is `pc = n; return yield_frame(vm, v)`.
 *   - A backward jump over k instructions asks count_steps(vm, k): false is RUN_RAISED.
 *   - The function keeps its code (lines, exit labels, targets of UNPACK), handlers and masks. */
#ifndef BATTC_INTERP_H
#define BATTC_INTERP_H

#include "builtin.h"
#include "memo.h"
#include "vm.h"

/* A function that is called, perhaps behind a guard. */
typedef struct {
  const Function *fn;
  Value func;  /* KIND_FUNC; 0 for prelude functions, which have neither cells nor defaults */
  Value guard; /* KIND_GUARD or 0 */
  uint32_t levels; /* Python frames and counted C calls above the caller, the function's own included */
  bool looked_up;  /* whether it is to be remembered is settled */
} Target;
FN Target known_target(const Vm *vm, Value callee); /* call.c; fn NULL: it is none */

/* Call any value with positional arguments and run until it has returned. 0: exception or limit
 * pending in vm->error (class, line, function). Natives ask for frames by plans, never by calling this;
 * kernels/closure.c alone calls from within, and says how deep. */
FN Value vm_call(Vm *vm, Value callee, const Value *args, uint32_t nargs);
/* The same from a frame number `depth`. */
FN Value vm_call_at(Vm *vm, Value callee, const Value *args, uint32_t nargs, uint32_t depth);
/* The same of what is known. */
FN Value vm_call_target(Vm *vm, const Target *t, const Value *args, uint32_t nargs);
/* With keywords: the last nkw of nargs are named by kwnames (KIND_STR). */
FN Value vm_call_kw(Vm *vm, Value callee, const Value *args, uint32_t nargs, const Value *kwnames, uint32_t nkw);

/* How a run of one frame, or one step in it, ended. */
typedef enum {
  RUN_DONE,     /* no frame was needed, the result is there */
  RUN_PUSHED,   /* a new frame is on top: run that first */
  RUN_RETURNED, /* the frame is gone, its value delivered */
  RUN_RAISED,   /* exception pending; the frame still stands, its pc at the failing instruction */
  RUN_YIELDED   /* as RUN_RETURNED; the generator can be resumed */
} RunStatus;

/* Frame.flags: the low half says what becomes of the value (beside FRAME_ENTRY and FRAME_FOR_ITER of
 * vm.h), the high half counts Python frames of generator expressions that run inside this frame. */
enum {
  FRAME_DISCARD = 4,    /* nobody wants the value */
  FRAME_NEGATE = 8,     /* `not` of the value: NOT_IN */
  FRAME_UNPACK = 16,    /* the value is a tuple for the caller's UNPACK or UNPACK_STAR */
  FRAME_CALL_EX = 32,   /* the value is the tuple of arguments of the caller's CALL_EX */
  FRAME_DELIVERY = 0xffff,
  FRAME_OPEN_SHIFT = 16
};

FN_INLINE Frame *vm_frame(const Vm *vm) { return &vm->frames[vm->nframes - 1]; }
FN_INLINE uint32_t frame_depth(const Frame *f) { return f->depth + (f->flags >> FRAME_OPEN_SHIFT); }

/* ---- frame.c: the end of frames, exceptions, generators, limits ---- */
/* Leaves the top frame with its value: RUN_RETURNED, or RUN_PUSHED / RUN_RAISED where the caller's
 * instruction went on with it. The value of an entry frame is at vm->stack[vm->stack_top]. */
FN int finish_frame(Vm *vm, Value v);
FN int yield_frame(Vm *vm, Value v);
/* Unwinds from the top frame: RUN_RETURNED when the top frame can be resumed (or vm_call's frame has
 * ended with a value), RUN_RAISED when the exception left vm_call's frame. */
FN int unwind(Vm *vm);
/* The handler of the frame that takes the pending exception at its pc: true, pc is the target now. */
FN bool enter_handler(Vm *vm, Frame *f);
/* One item of generator `gen` into the caller's register dst: RUN_PUSHED; RUN_DONE: it is exhausted. */
FN int resume_generator(Vm *vm, Value gen, uint32_t dst);
/* An exception pending inside a guard whose own Python frame is number `depth`: the guard's value, or
 * 0 with what passes on in vm->error. */
FN Value guard_absorb(Vm *vm, Value guard, uint32_t depth);
/* Run-time sharing: the end of a remembered call with its value (0: an exception), see memo_fill; high
 * is what vm->high was outside. */
FN Value leave_memo(Vm *vm, MemoRun memo, Value v, uint32_t caller_depth, uint32_t high);
FN bool enter_genexpr(Vm *vm, uint32_t levels);
FN void leave_genexpr(Vm *vm, uint32_t levels);
FN bool check_limits(Vm *vm); /* false: LIMIT_STEPS or LIMIT_TIME raised */
#ifdef __cplusplus
extern "C"
#endif
uint64_t clock_ns(void);      /* host/clock.c: CLOCK_MONOTONIC; C also for the host's half of libbattc-cuda.a */

/* About 64k steps lie between two looks at the clock. */
FN_INLINE bool count_steps(Vm *vm, uint32_t n) {
  uint64_t before = vm->steps;
  vm->steps = before + n;
  if (LIKELY(vm->steps <= vm->max_steps && !((before ^ vm->steps) >> 16))) return true;
  return check_limits(vm);
}

/* ---- call.c ---- */
/* Every call of any callee. RUN_DONE: *value is the result. RUN_PUSHED: the frame will deliver it to
 * register dst as the flags say. */
FN int push_call(Vm *vm, Value callee, const CallArgs *call, uint32_t dst, uint32_t flags, Value *value);
FN int push_known(Vm *vm, const Target *t, const CallArgs *call, uint32_t dst, uint32_t flags, Value *value);
FN int push_prelude(Vm *vm, uint32_t id, const Value *args, uint32_t nargs, uint32_t dst, uint32_t flags, Value *value);
/* The call instructions, for the top frame: results go to its registers. */
FN int call_positional(Vm *vm, uint32_t dst, Value callee, const Value *args, uint32_t nargs);
FN int call_keywords(Vm *vm, uint32_t dst, Value callee, const Value *args, uint32_t nargs, Value kwnames);
FN int call_spread(Vm *vm, uint32_t dst, Value callee, Value args, Value keywords);
FN int call_method(Vm *vm, uint32_t dst, Value self, Value name, const Value *args, uint32_t nargs);
/* The generator of function fid over an iterator. */
FN Value new_genexpr(Vm *vm, const Value *r, uint32_t fid, Value iter);

#endif
