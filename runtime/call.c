/* call.c - calls: the kinds of callees, arguments bound to parameters, frames pushed. */
#include "interp.h"
#include "kernel.h"
#include "kernels/closure.h"
#include "memo.h"
#include "memo_worth.h"
#include "native.h"
#include "object.h"
#include "ops.h"
#include "profile.h"

/* ---- how many levels calls in C take (measured on CPython 3.11.7) ----
 *
 * CPython counts some calls of builtins like frames: those that go through tp_call, METH_O and
 * METH_VARARGS, and rich comparisons; METH_FASTCALL builtins are not counted once their instruction
 * is specialised, nor are types with a vectorcall. It shows in two places: at the limit such a call is
 * itself a RecursionError, and callbacks run that much deeper. */

enum { MOST_NATIVE_LEVELS = 7 };

static FN uint32_t builtin_levels(uint32_t id) {
  switch (id) {
    case BUILTIN_Counter: return 7;
    case BUILTIN_max: case BUILTIN_min: return 2;
    case BUILTIN_zip: case BUILTIN_sorted: case BUILTIN_abs: case BUILTIN_all: case BUILTIN_any:
    case BUILTIN_callable: case BUILTIN_round: case BUILTIN_hash: case BUILTIN_id: case BUILTIN_product:
    case BUILTIN_repr: case BUILTIN_ascii: case BUILTIN_get_safe_default: return 1;
    default: return 0;
  }
}

static FN uint32_t type_levels(uint32_t type) {
  return type >= TYPE_ERROR_BASE || type == KIND_INT || type == KIND_RANGE ? 1 : 0;
}

static FN uint32_t method_levels(uint32_t method) {
  switch (method) {
    case METHOD_tuple_index: case METHOD_list_index: case METHOD_list_append: case METHOD_list_pop:
    case METHOD_list_insert: case METHOD_dict_get: case METHOD_dict_setdefault: case METHOD_dict_pop: return 0;
    case METHOD_tuple_count: case METHOD_list_count: case METHOD_list_remove: return 2;
    case METHOD_counter_most_common: return 4;
    default: return 1;
  }
}

/* Levels below the callbacks of a builtin that runs frames. */
static FN uint32_t prelude_levels(uint32_t id) {
  switch (id) {
    case PRELUDE_Counter: return 4; /* type call, __init__, update, _count_elements */
    case PRELUDE_all: case PRELUDE_any: case PRELUDE_max: case PRELUDE_min: case PRELUDE_sorted:
    case PRELUDE_product: case PRELUDE_union: case PRELUDE_extend: case PRELUDE_update_all:
    case PRELUDE_intersection: case PRELUDE_difference: case PRELUDE_issubset: case PRELUDE_issuperset:
    case PRELUDE_isdisjoint: case PRELUDE_list_sort: case PRELUDE_dict_update:
    case PRELUDE_batch_process: return 1;
    default: return 0;
  }
}

/* What the prelude calls for its own ends is no call in CPython. */
static FN bool too_deep(Vm *vm, uint32_t levels) {
  if (vm->depth + levels <= vm->depth_limit) return false;
  if (vm->nframes && vm_frame(vm)->fn->flags & FN_UNCOUNTED) return false;
  raise_error(vm, ERR_RecursionError);
  return true;
}

/* ---- binding ---- */

static FN int find_parameter(const Vm *vm, const Function *fn, Value name) {
  for (uint32_t i = 0; i < (uint32_t)fn->nparams + fn->nkwonly; i++)
    if (fn->param_names[i] == name || str_equal(vm, fn->param_names[i], name)) return (int)i;
  return -1;
}

static FN bool bind_keywords(Vm *vm, const Function *fn, const CallArgs *call, Value *regs, Value varkw) {
  for (uint32_t k = 0; k < call->nkw; k++) {
    Value name = call->kwnames[k], v = call->args[call->nargs + k];
    int at = find_parameter(vm, fn, name);
    if (at >= 0) {
      if (regs[at]) return raise_false(vm, ERR_TypeError);
      regs[at] = v;
    } else if (!varkw) {
      return raise_false(vm, ERR_TypeError);
    } else if (!dict_set(vm, varkw, name, v)) {
      return false;
    }
  }
  return true;
}

/* A required keyword-only parameter behind one with a default has an unbound default. */
static FN bool bind_defaults(Vm *vm, const Function *fn, const Func *func, Value *regs) {
  uint32_t n = (uint32_t)fn->nparams + fn->nkwonly, ndefaults = func ? func->ndefaults : 0;
  for (uint32_t i = 0; i < n; i++) {
    if (regs[i]) continue;
    if (i + ndefaults >= n) regs[i] = func->slots[func->ncells + (i + ndefaults - n)];
    if (!regs[i]) return raise_false(vm, ERR_TypeError);
  }
  return true;
}

/* Parameters, keyword-only ones, the tuple of *args, the dict of **kw: the first registers. */
static FN bool bind_general(Vm *vm, const Function *fn, const Func *func, const CallArgs *call, Value *regs,
                            uint32_t nbound) {
  uint32_t npos = call->nargs < fn->nparams ? call->nargs : fn->nparams;
  uint32_t at = (uint32_t)fn->nparams + fn->nkwonly;
  for (uint32_t i = 0; i < nbound; i++) regs[i] = i < npos ? call->args[i] : V_UNBOUND;
  if (fn->flags & FN_VARARGS) {
    regs[at] = tuple_of(vm, call->args + npos, call->nargs - npos);
    if (!regs[at++]) return false;
  } else if (call->nargs > npos) {
    return raise_false(vm, ERR_TypeError);
  }
  Value varkw = 0;
  if (fn->flags & FN_VARKW) {
    varkw = regs[at] = new_dict(vm);
    if (!varkw) return false;
  }
  return bind_keywords(vm, fn, call, regs, varkw) && bind_defaults(vm, fn, func, regs);
}

/* Fills all registers of a new activation; those without a value are unbound. */
static FN DEVICE_NOINLINE bool bind_arguments(Vm *vm, const Function *fn, const Func *func, const CallArgs *call, Value *regs) {
  uint32_t nbound = fn->nparams;
  if (LIKELY(!fn->nkwonly && !(fn->flags & (FN_VARARGS | FN_VARKW)) && !call->nkw && call->nargs == fn->nparams)) {
    for (uint32_t i = 0; i < nbound; i++) regs[i] = call->args[i];
  } else {
    nbound += fn->nkwonly + (fn->flags & FN_VARARGS ? 1u : 0u) + (fn->flags & FN_VARKW ? 1u : 0u);
    if (!bind_general(vm, fn, func, call, regs, nbound)) return false;
  }
  for (uint32_t i = nbound; i < fn->nregs; i++) regs[i] = V_UNBOUND;
  for (uint32_t i = 0; i < fn->nfree && func; i++) regs[fn->free_base + i] = func->slots[i];
  return true;
}

/* ---- activations ---- */

static FN Gen *new_generator(Vm *vm, const Function *fn, Value *v) {
  uint32_t offset = arena_alloc(vm, sizeof(Gen) + fn->nregs * sizeof(Value));
  if (!offset) return NULL;
  Gen *g = (Gen *)arena_at(vm, offset);
  g->fid = fn->fid;
  g->state = GEN_FRESH;
  g->pc = 0;
  g->nregs = fn->nregs;
  *v = HEAP(KIND_GEN, offset);
  return g;
}

FN Value new_genexpr(Vm *vm, const Value *r, uint32_t fid, Value iter) {
  const Function *fn = &vm->image->functions[fid];
  Value v = 0;
  Gen *g = new_generator(vm, fn, &v);
  if (!g) return 0;
  g->regs[0] = iter;
  for (uint32_t i = 1; i < fn->nregs; i++) g->regs[i] = V_UNBOUND;
  for (uint32_t i = 0; i < fn->nfree; i++) g->regs[fn->free_base + i] = r[fn->captures[i]];
  return v;
}

FN_INLINE bool have_room(Vm *vm, const Function *fn) {
  /* One register more: where the value of an entry frame is left. */
  if (LIKELY(vm->nframes < vm->max_frames && fn->nregs < vm->stack_size - vm->stack_top)) return true;
  raise_limit(vm, LIMIT_MEMORY);
  return false;
}

FN_INLINE bool activate(Vm *vm, const Target *t, MemoRun memo, const CallArgs *call, uint32_t dst, uint32_t flags) {
  if (!have_room(vm, t->fn)) return false;
  Frame *f = &vm->frames[vm->nframes];
  f->regs = vm->stack + vm->stack_top;
  if (!bind_arguments(vm, t->fn, t->func ? as_func(vm, t->func) : NULL, call, f->regs)) return false;
  f->fn = t->fn;
  f->pc = 0;
  f->dst = dst;
  f->stack_top = vm->stack_top;
  f->gen = 0;
  f->func = t->func;
  f->guard = t->guard;
  vm->depth += t->levels;
  f->depth = vm->depth;
  f->memo = memo.entry;
  f->memo_started = memo.started;
  f->flags = flags;
  vm->stack_top += t->fn->nregs;
  vm->nframes++;
  return true;
}

static FN Value make_generator(Vm *vm, const Target *t, const CallArgs *call) {
  Value v = 0;
  Gen *g = new_generator(vm, t->fn, &v);
  if (!g || !bind_arguments(vm, t->fn, t->func ? as_func(vm, t->func) : NULL, call, g->regs)) return 0;
  return v;
}

/* The native kernel of a function, where there is room for what its source would call. Failures are
 * left to the source where no guard takes them: it knows the line. */
FN_INLINE KernelStatus run_kernel(Vm *vm, const Target *t, const CallArgs *call, Value *value) {
  if (call->nkw || call->nargs != t->fn->nparams || vm->depth + KERNEL_DEPTH > vm->depth_limit) return KERNEL_PASS;
  uint32_t deepest = vm->depth + KERNEL_DEPTH;
  profile_native(vm, t->fn->fid + 1);
  KernelStatus status = kernel_needs_function(t->fn->kernel) ? closure_call(vm, t->fn->kernel, t->func, call->args, value)
                                                               : kernel_call(vm, t->fn->kernel, call->args, value);
  profile_native(vm, 0);
  if (status == KERNEL_FAIL && !t->guard && !is_limit_error(vm->error)) return KERNEL_PASS;
  if (status != KERNEL_PASS && deepest > vm->high) vm->high = deepest;
  return status;
}

static NOINLINE FN int push_remembered(Vm *vm, const Target *t, const CallArgs *call, uint32_t dst, uint32_t flags, Value *value);

FN_INLINE bool passes_memo(const Vm *vm, const Function *fn) {
  return worth_passes(&vm->worth[fn->fid * 2 + (vm->nframes != 0)], vm->sample);
}

/* A kernel that costs less than a look-up leaves the call to the source, which costs more. */
FN_INLINE bool is_dear_now(const Vm *vm, const Target *t, const CallArgs *call) {
  return UNLIKELY(t->fn->flags & FN_CHEAP) && vm->memo && !t->looked_up && !call->nkw && !passes_memo(vm, t->fn);
}

/* Every call of a function or guard comes through here, and every frame of one is made here. memo: run-time sharing, what to
 * fill. */
FN_ALWAYS int push_target(Vm *vm, const Target *t, MemoRun memo, const CallArgs *call, uint32_t dst, uint32_t flags, Value *value) {
  uint32_t high = vm->high;
  if (memo.entry) vm->high = vm->depth;
  /* A guard at the limit cannot handle what goes wrong inside, so its RecursionError is the caller's:
   * the two frames need one test. */
  if (!enter_depth(vm, vm->depth + t->levels) || !count_steps(vm, STEPS_PER_CALL)) {
    if (high > vm->high) vm->high = high;
    return RUN_RAISED;
  }
  KernelStatus kernel = t->fn->kernel ? run_kernel(vm, t, call, value) : KERNEL_PASS;
  if (kernel == KERNEL_PASS && is_dear_now(vm, t, call)) {
    Target again = *t;
    again.looked_up = true;
    return push_remembered(vm, &again, call, dst, flags, value);
  }
  profile_call(vm, t->fn->fid, kernel != KERNEL_PASS);
  if (kernel == KERNEL_DONE) {
    if (memo.entry) *value = leave_memo(vm, memo, *value, vm->depth, high);
    return RUN_DONE;
  }
  if (kernel == KERNEL_FAIL) {
    *value = 0;
  } else if (UNLIKELY(t->fn->flags & FN_GENERATOR)) {
    *value = make_generator(vm, t, call);
    if (*value) return RUN_DONE;
  } else if (LIKELY(activate(vm, t, memo, call, dst, flags))) {
    vm_frame(vm)->saved_high = high;
    return RUN_PUSHED;
  }
  *value = t->guard ? guard_absorb(vm, t->guard, vm->depth + 1) : 0;
  if (memo.entry) *value = leave_memo(vm, memo, *value, vm->depth, high);
  return *value ? RUN_DONE : RUN_RAISED;
}

FN_INLINE MemoRun not_remembered(void) {
  MemoRun none = {0, 0};
  return none;
}

/* A call that may have been made before with the same arguments. */
static NOINLINE FN int push_remembered(Vm *vm, const Target *t, const CallArgs *call, uint32_t dst, uint32_t flags, Value *value) {
  Value args[MEMO_MAX_ARGS];
  Value callee = t->guard ? t->guard : t->func;
  MemoRun memo = not_remembered();
  profile_native(vm, NATIVE_SHARING);
  MemoStatus status = memo_find(vm, callee, t->fn->fid, call->args, call->nargs, args, value, &memo);
  profile_native(vm, 0);
  if (status == MEMO_HIT) {
    profile_shared(vm, t->fn->fid);
    return RUN_DONE;
  }
  CallArgs canonical = {args, call->nargs, 0, NULL};
  return push_target(vm, t, memo, status == MEMO_SKIP ? call : &canonical, dst, flags, value);
}

FN_INLINE Target target_of(const Vm *vm, Value func, Value guard) {
  const Function *fn = &vm->image->functions[as_func(vm, func)->fid];
  Target t = {fn, func, guard, (fn->flags & FN_UNCOUNTED ? 0u : 1u) + (guard ? 1u : 0u), false};
  return t;
}

FN_ALWAYS int push_function(Vm *vm, const Target *t, const CallArgs *call, uint32_t dst, uint32_t flags, Value *value) {
  bool shares = vm->memo && !call->nkw && !(t->fn->flags & (FN_GENERATOR | FN_UNCOUNTED | FN_CHEAP | FN_MAKER));
  if (!shares || passes_memo(vm, t->fn))
    return push_target(vm, t, not_remembered(), call, dst, flags, value);
  Target remembered = *t;
  remembered.looked_up = true;
  return push_remembered(vm, &remembered, call, dst, flags, value);
}

FN int push_known(Vm *vm, const Target *t, const CallArgs *call, uint32_t dst, uint32_t flags, Value *value) {
  return push_function(vm, t, call, dst, flags, value);
}

FN Target known_target(const Vm *vm, Value callee) {
  Target none = {NULL, 0, 0, 0, false};
  if (is_kind(callee, KIND_GUARD)) return target_of(vm, as_guard(vm, callee)->func, callee);
  return is_kind(callee, KIND_FUNC) ? target_of(vm, callee, 0) : none;
}

FN int push_prelude(Vm *vm, uint32_t id, const Value *args, uint32_t nargs, uint32_t dst, uint32_t flags,
                    Value *value) {
  uint32_t fid = vm->image->prelude[id];
  if (!fid) {
    raise_limit(vm, LIMIT_UNSUPPORTED);
    return RUN_RAISED;
  }
  Target t = {&vm->image->functions[fid], 0, 0, prelude_levels(id), true};
  CallArgs call = {args, nargs, 0, NULL};
  return push_target(vm, &t, not_remembered(), &call, dst, flags, value);
}

/* ---- natives ---- */

static FN int after_native(Vm *vm, CallStatus status, const PreludeCall *plan, uint32_t dst, uint32_t flags,
                           Value *value) {
  if (LIKELY(status == CALL_DONE)) return RUN_DONE;
  if (status == CALL_ERROR) return RUN_RAISED;
  return push_prelude(vm, plan->prelude, plan->args, plan->nargs, dst, flags, value);
}

/* With a native key function, the deepest point is in that. */
static FN uint32_t native_call_levels(const Vm *vm, Value callee, const CallArgs *call) {
  uint32_t id = payload_of(callee);
  if (is_kind(callee, KIND_TYPE)) return id == KIND_STR && !call->nargs ? 1 : type_levels(id);
  uint32_t levels = builtin_levels(id);
  for (uint32_t k = 0; k < call->nkw; k++) {
    Value v = call->args[call->nargs + k];
    uint32_t below = is_kind(v, KIND_METHOD) ? 1 + method_levels(as_method(vm, v)->method) : 0;
    if (below > levels) levels = below;
  }
  return levels;
}

/* str(v), whose call has an instruction of its own. */
static FN int call_str(Vm *vm, Value v, Value *value) {
  *value = value_str(vm, v, 0);
  return *value ? RUN_DONE : RUN_RAISED;
}

static FN int push_builtin(Vm *vm, Value callee, const CallArgs *call, uint32_t dst, uint32_t flags, Value *value) {
  if (callee == v_type(KIND_STR) && call->nargs == 1 && !call->nkw) return call_str(vm, call->args[0], value);
  PreludeCall plan;
  bool near_limit = vm->depth + MOST_NATIVE_LEVELS > vm->depth_limit;
  if (UNLIKELY(near_limit) && too_deep(vm, native_call_levels(vm, callee, call))) return RUN_RAISED;
  return after_native(vm, builtin_call(vm, callee, call, value, &plan), &plan, dst, flags, value);
}

static FN int push_method(Vm *vm, uint32_t method, Value self, const CallArgs *call, uint32_t dst, uint32_t flags,
                          Value *value) {
  PreludeCall plan;
  bool near_limit = vm->depth + MOST_NATIVE_LEVELS > vm->depth_limit;
  if (UNLIKELY(near_limit) && too_deep(vm, method_levels(method))) return RUN_RAISED;
  return after_native(vm, method_call(vm, method, self, call, value, &plan), &plan, dst, flags, value);
}

FN int push_call(Vm *vm, Value callee, const CallArgs *call, uint32_t dst, uint32_t flags, Value *value) {
  bool guard = is_kind(callee, KIND_GUARD);
  if (LIKELY(guard || is_kind(callee, KIND_FUNC))) {
    Target t = target_of(vm, guard ? as_guard(vm, callee)->func : callee, guard ? callee : 0);
    return push_function(vm, &t, call, dst, flags, value);
  }
  switch (kind_of(callee)) {
    case KIND_BUILTIN:
    case KIND_TYPE: return push_builtin(vm, callee, call, dst, flags, value);
    case KIND_METHOD:
      return push_method(vm, as_method(vm, callee)->method, as_method(vm, callee)->self, call, dst, flags, value);
    default: raise_error(vm, ERR_TypeError); return RUN_RAISED;
  }
}

/* ---- instructions ---- */

static FN int store_result(Vm *vm, int status, uint32_t dst, Value value) {
  if (status == RUN_DONE) vm_frame(vm)->regs[dst] = value;
  return status;
}

FN int call_positional(Vm *vm, uint32_t dst, Value callee, const Value *args, uint32_t nargs) {
  CallArgs call = {args, nargs, 0, NULL};
  Value value = 0;
  int status = push_call(vm, callee, &call, dst, 0, &value);
  return store_result(vm, status, dst, value);
}

FN int call_keywords(Vm *vm, uint32_t dst, Value callee, const Value *args, uint32_t nargs, Value kwnames) {
  const Tuple *names = as_tuple(vm, kwnames);
  CallArgs call = {args, nargs - names->len, names->len, names->items};
  Value value = 0;
  int status = push_call(vm, callee, &call, dst, 0, &value);
  return store_result(vm, status, dst, value);
}

FN int call_method(Vm *vm, uint32_t dst, Value self, Value name, const Value *args, uint32_t nargs) {
  int method = find_method(vm, self, name);
  if (method < 0) {
    Value callee = value_getattr(vm, self, name);
    return callee ? call_positional(vm, dst, callee, args, nargs) : (int)RUN_RAISED;
  }
  CallArgs call = {args, nargs, 0, NULL};
  Value value = 0;
  int status = push_method(vm, (uint32_t)method, self, &call, dst, 0, &value);
  return store_result(vm, status, dst, value);
}

/* Positional arguments and the values of `keywords` in one row; their names. 0: no memory. */
static FN Value join_arguments(Vm *vm, const Tuple *args, Value keywords, Value *names) {
  uint32_t nkw = as_dict(vm, keywords)->used, pos = 0;
  Value all = new_tuple(vm, args->len + nkw);
  *names = new_tuple(vm, nkw);
  if (!all || !*names) return 0;
  Value *to = as_tuple(vm, all)->items, name, v;
  for (uint32_t i = 0; i < args->len; i++) to[i] = args->items[i];
  for (uint32_t k = 0; dict_next(vm, keywords, &pos, &name, &v); k++) {
    if (!is_kind(name, KIND_STR)) return raise_error(vm, ERR_TypeError);
    as_tuple(vm, *names)->items[k] = name;
    to[args->len + k] = v;
  }
  return all;
}

static FN Value arguments_tuple(Vm *vm, Value args) {
  if (is_tuple(args)) return args;
  Value list = list_from(vm, args);
  return list ? list_to_tuple(vm, list) : 0;
}

/* What f(*args) takes of levels more than f(a): no instruction is specialised for it. */
static FN uint32_t more_by_spread(const Vm *vm, Value callee) {
  uint32_t id = payload_of(callee);
  if (is_kind(callee, KIND_TYPE)) return id == KIND_STR || id == KIND_SLICE ? 1 : 0;
  if (is_kind(callee, KIND_METHOD)) return method_levels(as_method(vm, callee)->method) ? 0 : 1;
  switch (id) {
    case BUILTIN_print: return 3;
    case BUILTIN_sorted: return 2;
    case BUILTIN_max: case BUILTIN_min: case BUILTIN_round: case BUILTIN_len: case BUILTIN_sum: case BUILTIN_next: case BUILTIN_iter:
    case BUILTIN_isinstance: case BUILTIN_issubclass: case BUILTIN_hasattr: case BUILTIN_getattr: case BUILTIN_divmod: case BUILTIN_pow: case BUILTIN_format: return 1;
    default: return 0;
  }
}

static FN DEVICE_NOINLINE bool spread_too_deep(Vm *vm, Value callee) {
  CallArgs none = {NULL, 0, 0, NULL};
  if (is_kind(callee, KIND_METHOD)) return too_deep(vm, method_levels(as_method(vm, callee)->method) + more_by_spread(vm, callee));
  if (!is_kind(callee, KIND_BUILTIN) && !is_kind(callee, KIND_TYPE)) return false;
  return too_deep(vm, native_call_levels(vm, callee, &none) + more_by_spread(vm, callee));
}

/* Its levels count for what it calls in C, too. */
static FN uint32_t levels_around_text(const Vm *vm, Value callee) {
  bool text = callee == v_type(KIND_STR) || callee == SPECIAL(KIND_BUILTIN, BUILTIN_format);
  return text && vm->depth + MOST_NATIVE_LEVELS > vm->depth_limit ? more_by_spread(vm, callee) : 0;
}

FN int call_spread(Vm *vm, uint32_t dst, Value callee, Value args, Value keywords) {
  Value value = 0;
  if (UNLIKELY(vm->depth + MOST_NATIVE_LEVELS > vm->depth_limit) && spread_too_deep(vm, callee)) return RUN_RAISED;
  if (is_lazy(vm, args)) {
    int status = push_prelude(vm, PRELUDE_tuple, &args, 1, dst, FRAME_CALL_EX, &value);
    return status == RUN_DONE ? call_spread(vm, dst, callee, value, keywords) : status;
  }
  Value tuple = arguments_tuple(vm, args);
  if (!tuple) return RUN_RAISED;
  const Tuple *t = as_tuple(vm, tuple);
  if (keywords == V_NONE) {
    uint32_t levels = levels_around_text(vm, callee);
    vm->depth += levels;
    int status = call_positional(vm, dst, callee, t->items, t->len);
    vm->depth -= levels;
    return status;
  }
  if (!is_kind(keywords, KIND_DICT)) {
    raise_error(vm, ERR_TypeError);
    return RUN_RAISED;
  }
  Value names = 0, all = join_arguments(vm, t, keywords, &names);
  if (!all) return RUN_RAISED;
  return call_keywords(vm, dst, callee, as_tuple(vm, all)->items, tuple_head(vm, all)->len, names);
}
