/* ---- functions of the program, compiled ----
 *
 * r are the registers of the frame f, k the constants of its function. A function starts at pc: 0, or
 * where a call ended. The number in front is that of the instruction: an exception finds its handler
 * and its line by it. Numbers of names, globals and inner functions are read from the instruction. */
#include "interp.h"
#include "object.h"
#include "ops.h"

#define BEGIN                                                                                      \
  Frame *const f = vm_frame(vm);                                                                   \
  const Value *const k = f->fn->consts;                                                            \
  Value v;                                                                                         \
  int status;                                                                                      \
  (void)r, (void)k, (void)v, (void)status
#define END                                                                                        \
  raised:                                                                                          \
  __attribute__((unused));                                                                         \
  f->pc = pc;                                                                                      \
  return RUN_RAISED
#define FAIL(n) do { pc = (n); goto raised; } while (0)

#define CODE(n) f->fn->code[n]
#define NAME(i) vm->image->names[i]

/* A value, a truth value or success of an instruction that can fail. */
#define SET(n, to, value) do { v = (value); if (UNLIKELY(!v)) FAIL(n); (to) = v; } while (0)
#define SET_BOOL(n, to, test) do { status = (test); if (UNLIKELY(status < 0)) FAIL(n); (to) = v_bool(status != 0); } while (0)
#define DO(n, ok) do { if (UNLIKELY(!(ok))) FAIL(n); } while (0)
#define RAISE(n, raised_by) do { raised_by; FAIL(n); } while (0)
/* One that may run frames: the function is entered again behind it. */
#define STEP(n, call) do { f->pc = (n); status = (call); if (status != RUN_DONE) return status; } while (0)
#define YIELD(n, value) do { f->pc = (n); return yield_frame(vm, value); } while (0)
#define RETURN(value) return finish_frame(vm, value)

/* Followed by a jump. */
#define IF(n, value) status = op_truth(vm, value); if (UNLIKELY(status < 0)) FAIL(n); if (status)
#define IF_NOT(n, value) status = op_truth(vm, value); if (UNLIKELY(status < 0)) FAIL(n); if (!status)
#define NEXT_OR(n, to, iter)                                                                       \
  f->pc = (n);                                                                                     \
  status = op_for_iter(vm, iter, r, to);                                                           \
  if (status == 2) return RUN_PUSHED;                                                              \
  if (UNLIKELY(status < 0)) return RUN_RAISED;                                                     \
  if (!status)
/* Jumps backward count the instructions that they go over. */
#define BACK(n, steps, label) { if (UNLIKELY(!count_steps(vm, steps))) FAIL(n); goto label; }

#define UNPACK(n, to, value, count)                                                                \
  do {                                                                                             \
    if (LIKELY(is_tuple(value))) DO(n, op_unpack(vm, r + (to), value, count));                     \
    else STEP(n, op_unpack_any(vm, to, value, count));                                             \
  } while (0)
#define IADD(n, to, b, c)                                                                          \
  do {                                                                                             \
    if (LIKELY(both_ints(b, c))) SET(n, r[to], op_add(vm, b, c));                                  \
    else STEP(n, op_iadd_any(vm, to, b, c));                                                       \
  } while (0)

__attribute__((unused)) FN_INLINE Value *globals_of(const Vm *vm) { return (Value *)arena_at(vm, vm->image->globals); }

__attribute__((unused)) FN_INLINE Value load_global(Vm *vm, int32_t slot) {
  Value v = globals_of(vm)[slot];
  return LIKELY(v != V_UNBOUND && !is_poison(v)) ? v : op_bad_global(vm, v);
}

__attribute__((unused)) FN_INLINE int op_not(Vm *vm, Value v) {
  int truth = op_truth(vm, v);
  return truth < 0 ? -1 : !truth;
}
