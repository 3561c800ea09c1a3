/* interp.c - the loop that runs instructions, and vm_call.
 *
 * One C activation runs any number of Python frames: calls push a frame and go on in it. It is left
 * when an exception has to be unwound, when compiled code has to run, and when vm_call's frame has
 * ended.
 *
 * compiler/known_run.c includes this file for a loop of its own, which looks at each instruction first. */
#include "cuda/fused.h"
#include "interp.h"
#include "object.h"
#include "ops.h"

/* Threaded code where the compiler has labels as values. */
#if defined(__GNUC__) && !defined(__cplusplus)
#define THREADED 1
#else
#define THREADED 0
#endif

/* What is done before instruction i of frame f; `goto raised` where it must not run. */
#ifndef BEFORE_INSTRUCTION
#define BEFORE_INSTRUCTION() ((void)0)
#endif

#if THREADED
#define GO() goto *labels[i->op]
#define CASE(name) L_##name:
#else
#define GO() goto dispatch
#define CASE(name) case OP_##name:
#endif
#define DISPATCH()                                                                                 \
  do {                                                                                             \
    BEFORE_INSTRUCTION();                                                                          \
    GO();                                                                                          \
  } while (0)

/* The registers of the loop: r and k of the frame, i the instruction. */
#define R(x) ((x) >= 0 ? r[x] : k[~(x)])
#define NEXT()                                                                                     \
  do {                                                                                             \
    i++;                                                                                           \
    DISPATCH();                                                                                    \
  } while (0)
#define SET(value)                                                                                 \
  do {                                                                                             \
    Value set_ = (value);                                                                          \
    if (UNLIKELY(!set_)) goto raised;                                                              \
    r[i->a] = set_;                                                                                \
    NEXT();                                                                                        \
  } while (0)
#define SET_BOOL(test)                                                                             \
  do {                                                                                             \
    int test_ = (test);                                                                            \
    if (UNLIKELY(test_ < 0)) goto raised;                                                          \
    r[i->a] = v_bool(test_ != 0);                                                                  \
    NEXT();                                                                                        \
  } while (0)
#define DO(ok)                                                                                     \
  do {                                                                                             \
    if (UNLIKELY(!(ok))) goto raised;                                                              \
    NEXT();                                                                                        \
  } while (0)
#define JUMP_TO_LABEL()                                                                            \
  do {                                                                                             \
    const Instr *to_ = code + i->d;                                                                \
    if (to_ <= i && UNLIKELY(!count_steps(vm, (uint32_t)(i - to_) + 1))) goto raised;              \
    i = to_;                                                                                       \
    DISPATCH();                                                                                    \
  } while (0)
/* An instruction that may push a frame: the pc must be known then. */
#define STEP(call)                                                                                 \
  do {                                                                                             \
    f->pc = (uint32_t)(i - code);                                                                  \
    status = (call);                                                                               \
    if (status == RUN_DONE) NEXT();                                                                \
    if (status == RUN_PUSHED) goto enter;                                                          \
    return RUN_RAISED;                                                                             \
  } while (0)
#define ARITH(name) CASE(name) SET(value_arith(vm, OP_##name, R(i->b), R(i->c)));
#define INPLACE(name) CASE(name) SET(value_arith_inplace(vm, OP_##name, R(i->b), R(i->c)));
#define COMPARE(name) CASE(name) SET_BOOL(op_compare(vm, OP_##name, R(i->b), R(i->c)));
#define BRANCH(wanted)                                                                             \
  do {                                                                                             \
    int truth_ = op_truth(vm, R(i->a));                                                            \
    if (UNLIKELY(truth_ < 0)) goto raised;                                                         \
    if (truth_ != (wanted)) NEXT();                                                                \
    JUMP_TO_LABEL();                                                                               \
  } while (0)

/* Constants of names: index in the image. */
static FN Value name_of(const Vm *vm, int32_t id) { return vm->image->names[id]; }

/* Runs from the top frame until frame number `entry` has ended (RUN_RETURNED), an exception is
 * pending in the top frame (RUN_RAISED), or the top frame is compiled code (RUN_PUSHED). */
static FN DEVICE_NOINLINE int interpret(Vm *vm, uint32_t entry) {
#if THREADED
#define X(name, pattern, meaning) &&L_##name,
  static const void *const labels[] = {OPCODE_LIST(X)};
#undef X
#endif
  Value *const globals = (Value *)arena_at(vm, vm->image->globals);
  Frame *f;
  Value *r, v;
  const Value *k;
  const Instr *code, *i;
  int status;

enter:
  f = vm_frame(vm);
  if (UNLIKELY(f->fn->native != NULL)) return RUN_PUSHED;
  r = f->regs;
  k = f->fn->consts;
  code = f->fn->code;
  i = code + f->pc;
  DISPATCH();

ended:
  if (UNLIKELY(status == RUN_RAISED)) return RUN_RAISED;
  if (UNLIKELY(vm->nframes == entry)) return RUN_RETURNED;
  goto enter;

raised:
  f->pc = (uint32_t)(i - code);
  return RUN_RAISED;

#if !THREADED
dispatch:
  switch ((Opcode)i->op) {
#endif

  CASE(MOVE) r[i->a] = R(i->b);
  NEXT();
  CASE(CHECK_LOCAL) if (LIKELY(R(i->a) != 0)) NEXT();
  raise_error(vm, ERR_UnboundLocalError);
  goto raised;
  CASE(CHECK_FREE) if (LIKELY(R(i->a) != 0)) NEXT();
  raise_error(vm, ERR_NameError);
  goto raised;
  CASE(DELETE) r[i->a] = V_UNBOUND;
  NEXT();
  CASE(LOAD_GLOBAL) v = globals[i->d];
  SET(LIKELY(v != V_UNBOUND && !is_poison(v)) ? v : op_bad_global(vm, v));
  CASE(STORE_GLOBAL) globals[i->d] = R(i->a);
  NEXT();
  CASE(MAKE_CELL) SET(op_make_cell(vm, r[i->a]));
  CASE(LOAD_CELL) r[i->a] = as_cell(vm, R(i->b))->value;
  NEXT();
  CASE(STORE_CELL) op_store_cell(vm, r[i->a], R(i->b));
  NEXT();

  CASE(ADD) SET(op_add(vm, R(i->b), R(i->c)));
  CASE(SUB) SET(op_sub(vm, R(i->b), R(i->c)));
  CASE(MUL) SET(op_mul(vm, R(i->b), R(i->c)));
  ARITH(TRUEDIV)
  CASE(FLOORDIV) SET(op_floordiv(vm, R(i->b), R(i->c)));
  CASE(MOD) SET(op_mod(vm, R(i->b), R(i->c)));
  ARITH(POW)
  ARITH(BITAND)
  ARITH(BITOR)
  ARITH(BITXOR)
  ARITH(LSHIFT)
  ARITH(RSHIFT)
  CASE(IADD) if (LIKELY(both_ints(R(i->b), R(i->c)))) SET(op_add(vm, R(i->b), R(i->c)));
  STEP(op_iadd_any(vm, (uint32_t)i->a, R(i->b), R(i->c)));
  CASE(ISUB) SET(op_isub(vm, R(i->b), R(i->c)));
  INPLACE(IMUL)
  INPLACE(IAND)
  INPLACE(IOR)
  INPLACE(IXOR)
  CASE(NEG) SET(op_neg(vm, R(i->b)));
  CASE(POS) SET(value_unary(vm, OP_POS, R(i->b)));
  CASE(BITNOT) SET(value_unary(vm, OP_BITNOT, R(i->b)));
  CASE(NOT) status = op_truth(vm, R(i->b));
  SET_BOOL(status < 0 ? -1 : !status);

  COMPARE(EQ)
  COMPARE(NE)
  COMPARE(LT)
  COMPARE(LE)
  COMPARE(GT)
  COMPARE(GE)
  CASE(IN) STEP(op_in(vm, (uint32_t)i->a, R(i->b), R(i->c), false));
  CASE(NOT_IN) STEP(op_in(vm, (uint32_t)i->a, R(i->b), R(i->c), true));
  CASE(IS) SET_BOOL(op_is(vm, R(i->b), R(i->c)));
  CASE(IS_NOT) SET_BOOL(!op_is(vm, R(i->b), R(i->c)));

  CASE(JUMP) JUMP_TO_LABEL();
  CASE(JUMP_IF) BRANCH(1);
  CASE(JUMP_IFNOT) BRANCH(0);

  CASE(BUILD_TUPLE) SET(op_build_tuple(vm, r + i->d, (uint32_t)i->c));
  CASE(BUILD_LIST) SET(op_build_list(vm, r + i->d, (uint32_t)i->c));
  CASE(BUILD_SET) SET(op_build_set(vm, r + i->d, (uint32_t)i->c));
  CASE(BUILD_DICT) SET(op_build_dict(vm, r + i->d, (uint32_t)i->c));
  CASE(BUILD_SLICE) SET(op_build_slice(vm, r + i->d));
  CASE(BUILD_STR) SET(op_build_str(vm, r + i->d, (uint32_t)i->c, (StrUse)i->b));
  CASE(LIST_APPEND) DO(op_list_append(vm, r[i->a], R(i->b)));
  CASE(SET_ADD) DO(set_add(vm, r[i->a], R(i->b)));
  CASE(DICT_SET) DO(dict_set(vm, r[i->a], R(i->b), R(i->c)));
  CASE(LIST_EXTEND) STEP(op_list_extend(vm, r[i->a], R(i->b)));
  CASE(SET_UPDATE) STEP(op_set_update(vm, r[i->a], R(i->b)));
  CASE(DICT_UPDATE) DO(op_dict_update(vm, r[i->a], R(i->b), i->c != 0));
  CASE(LIST_TO_TUPLE) SET(list_to_tuple(vm, R(i->b)));

  CASE(GET_ITER) SET(op_get_iter(vm, R(i->b)));
  CASE(FOR_ITER) f->pc = (uint32_t)(i - code);
  status = op_for_iter(vm, r[i->b], r, (uint32_t)i->a);
  if (LIKELY(status == 1)) NEXT();
  if (status == 2) goto enter;
  if (UNLIKELY(status < 0)) return RUN_RAISED;
  JUMP_TO_LABEL();
  CASE(UNPACK) if (LIKELY(is_tuple(R(i->b)))) DO(op_unpack(vm, r + i->a, R(i->b), (uint32_t)i->c));
  STEP(op_unpack_any(vm, (uint32_t)i->a, R(i->b), (uint32_t)i->c));
  CASE(UNPACK_STAR) STEP(op_unpack_star_any(vm, (uint32_t)i->a, R(i->b), (uint32_t)i->c, (uint32_t)i->d));
  CASE(GETITEM) SET(op_getitem(vm, R(i->b), R(i->c)));
  CASE(SETITEM) DO(value_setitem(vm, R(i->a), R(i->b), R(i->c)));
  CASE(DELITEM) DO(value_delitem(vm, R(i->a), R(i->b)));
  CASE(GETATTR) SET(value_getattr(vm, R(i->b), name_of(vm, i->d)));
  CASE(CHECK_ATTR) DO(op_check_attr(vm, R(i->a), name_of(vm, i->d)));
  CASE(SETATTR) DO(op_setattr(vm, R(i->a), name_of(vm, i->d), R(i->b)));

  CASE(CALL) STEP(call_positional(vm, (uint32_t)i->a, R(i->b), r + i->d, (uint32_t)i->c));
  CASE(CALL_KW) STEP(call_keywords(vm, (uint32_t)i->a, R(i->b), r + i->d, (uint32_t)i->c,
                              k[i->e < 0 ? ~i->e : i->e])); /* a constant, however it is written */
  CASE(CALL_EX) STEP(call_spread(vm, (uint32_t)i->a, R(i->b), R(i->c), R(i->d)));
  CASE(CALL_METHOD)
  STEP(call_method(vm, (uint32_t)i->a, R(i->b), name_of(vm, i->e), r + i->d, (uint32_t)i->c));
  CASE(MAKE_FUNC) SET(op_make_func(vm, r, (uint32_t)i->e, r + i->d, (uint32_t)i->c));
  CASE(GENEXPR) SET(new_genexpr(vm, r, (uint32_t)i->e, R(i->b)));
  CASE(RETURN) status = finish_frame(vm, R(i->a));
  goto ended;
  CASE(YIELD) f->pc = (uint32_t)(i - code);
  status = yield_frame(vm, R(i->a));
  goto ended;

  CASE(RAISE) op_raise(vm, R(i->a));
  goto raised;
  CASE(RERAISE) op_raise(vm, R(i->a));
  goto raised;
  CASE(MATCH_ERROR) SET_BOOL(op_match_error(vm, R(i->b), f->fn->masks[i->d]));
  CASE(MATCH_CLASS) SET_BOOL(op_match_class(vm, R(i->b), R(i->c)));
  CASE(ENTER_GEN) DO(enter_genexpr(vm, 1 + (uint32_t)i->d));
  CASE(LEAVE_GEN) leave_genexpr(vm, 1 + (uint32_t)i->d);
  NEXT();
  CASE(UNSUPPORTED) raise_limit(vm, LIMIT_UNSUPPORTED);
  goto raised;

#if !THREADED
  default: raise_limit(vm, LIMIT_UNSUPPORTED);
    goto raised;
  }
#endif
}

/* Until frame number `entry` has ended: its value, or 0. */
static FN Value run(Vm *vm, uint32_t entry) {
  for (;;) {
    const Frame *f = vm_frame(vm);
    int status = f->fn->native ? run_native(vm, f->fn, f->regs, f->pc) : interpret(vm, entry);
    if (status == RUN_RAISED && unwind(vm) == RUN_RAISED) return 0;
    if (vm->nframes == entry) return vm->stack[vm->stack_top];
  }
}

/* Of `known`, or, where that is NULL, any callee; the caller's frame is number `depth`. */
FN_ALWAYS Value call_and_run(Vm *vm, const Target *known, Value callee, const CallArgs *call, uint32_t depth) {
  uint32_t entry = vm->nframes, before = vm->depth;
  Value value = 0;
  vm->depth = depth;
  int status = known ? push_known(vm, known, call, 0, FRAME_ENTRY, &value) : push_call(vm, callee, call, 0, FRAME_ENTRY, &value);
  if (status == RUN_RAISED) value = 0;
  else if (status == RUN_PUSHED) value = run(vm, entry);
  vm->depth = before;
  return value;
}

FN_INLINE uint32_t depth_now(const Vm *vm) { return vm->nframes ? vm->depth : vm->base_depth; }

FN Value vm_call_kw(Vm *vm, Value callee, const Value *args, uint32_t nargs, const Value *kwnames, uint32_t nkw) {
  CallArgs call = {args, nargs - nkw, nkw, kwnames};
  return call_and_run(vm, NULL, callee, &call, depth_now(vm));
}

FN Value vm_call(Vm *vm, Value callee, const Value *args, uint32_t nargs) {
  return vm_call_at(vm, callee, args, nargs, depth_now(vm));
}

FN Value vm_call_at(Vm *vm, Value callee, const Value *args, uint32_t nargs, uint32_t depth) {
  CallArgs call = {args, nargs, 0, NULL};
  return call_and_run(vm, NULL, callee, &call, depth);
}

FN Value vm_call_target(Vm *vm, const Target *t, const Value *args, uint32_t nargs) {
  CallArgs call = {args, nargs, 0, NULL};
  return call_and_run(vm, t, 0, &call, depth_now(vm));
}
