/* closure.c - calls of closures, and of functions that call them, without frames.
 *
 * compose(f, g) and its like give closures that do nothing but call; apply(f, x) and its like call one for each item.
 * Calls of C take the place of their frames, nested to a fixed depth. Each call is looked up and remembered as others are.
 * What is called and has no kernel, or whose kernel passes, runs in frames of its own, at least as deep as Python's would lie: where that comes
 * near the recursion limit, or where a function might leave traces, all is left to the source, frame by frame.
 *
 * Inside, PASS says that a kernel is not for these arguments, so that what was called runs as source instead; FAIL that an exception is
 * pending, which a guard around it may take. */
#include "closure.h"

#include "../cells.h"
#include "../deferred.h"
#include "../held.h"
#include "../interp.h"
#include "../memo.h"
#include "../memo_worth.h"
#include "../ops.h"
#include "../profile.h"
#include "grid.h"

/* Frames that one closure or function over items may stand for at most, with those of the kernel at the end: room for them
 * is asked for beforehand. */
enum { NESTED_MOST = 48, NESTED_DEPTH = 6, ALL_DEPTH = NESTED_MOST * NESTED_DEPTH + KERNEL_DEPTH, CALL_ARGS = 4 };
enum { MANY_ITEMS = 64 };
enum { RECENT_BITS = 6, RECENT_ARGS = 3, RECENT_MISSES = 24 };
enum { STEPS_NESTED = 3 * STEPS_PER_CALL }; /* its own call and two that need not be closures */

#ifdef __CUDA_ARCH__
FN KernelStatus closure_call(Vm *vm, uint32_t kernel, Value func, const Value *args, Value *result) {
  (void)vm, (void)kernel, (void)func, (void)args, (void)result;
  return KERNEL_PASS;
}
#else

/* A call that was made, while items are gone over. */
typedef struct {
  Value callee, value; /* 0: none was */
  Value args[RECENT_ARGS];
  uint32_t nargs, nested;
} Recent;

typedef struct {
  Vm *vm;
  Held *held;      /* by what is being called, NULL: by no more than that */
  Recent *recent;  /* of many items; NULL: none are gone over */
  uint32_t nested; /* closures and functions over items that are being called */
  bool many;       /* they are called for many different items: looking for earlier calls of theirs gains nothing */
  bool left;       /* all is left to the source: PASS goes through to the top */
  bool sweeps;     /* an op calls: no frame holds anything */
  Recent calls[1 << RECENT_BITS]; /* what `recent` is */
  uint8_t missed[1 << RECENT_BITS]; /* by callee: how often in a row the call was none of these */
} Closures;

/* ---- what is held ---- */

/* A value that a closure or a function over items needs to go on. */
FN_INLINE void hold(Closures *c, Value v) { c->held->values[c->held->n++] = v; }

/* The same in place of all that was held. */
FN_INLINE Value hold_only(Closures *c, Value v) {
  c->held->n = 0;
  hold(c, v);
  return v;
}

/* Before it goes over items, for what it makes of them: all calls that are under way have been begun. */
static void begin_items(Closures *c, Value makes) {
  c->held->numbered = c->vm->memo ? memo_mark(c->vm->memo).calls : 0;
  hold_only(c, makes);
}

static void forget_recent(Closures *c) {
  for (uint32_t i = 0; i < 1 << RECENT_BITS; i++) c->calls[i].callee = 0;
}

/* What recent calls gave is not held. */
static NOINLINE void sweep_items(Closures *c) {
  if (!c->sweeps) return;
  if (c->recent) forget_recent(c);
  exec_sweep_within(c->vm, c->held);
}

/* After one. */
FN_INLINE void end_item(Closures *c) {
  if (UNLIKELY(c->vm->top >= c->vm->sweep_at)) sweep_items(c);
}

/* ---- what can be called ---- */

FN_INLINE bool is_made(uint32_t kernel) { return kernel >= KERNEL_compose__made && kernel <= KERNEL_lbind__made3; }

FN_INLINE Func *function_of(const Vm *vm, Value callee) {
  Value func = is_kind(callee, KIND_GUARD) ? as_guard(vm, callee)->func : callee;
  return is_kind(func, KIND_FUNC) ? as_func(vm, func) : NULL;
}

/* ---- closures made ---- */

/* How many arguments the maker takes a function for; 0: the source knows. Those of a guard only where the function behind it is asked for
 * (its _original_argcount). */
static uint32_t arity_of(const Vm *vm, uint32_t maker, Value function) {
  bool original = maker == KERNEL_rbind__original || maker == KERNEL_lbind__original;
  if (original && is_kind(function, KIND_GUARD)) function = as_guard(vm, function)->func;
  if (!is_kind(function, KIND_FUNC)) return 0;
  return vm->image->functions[as_func(vm, function)->fid].nparams;
}

static uint32_t made_by(const Vm *vm, uint32_t maker, Value function) {
  static const uint16_t right[] = {KERNEL_rbind__made, KERNEL_rbind__made2, KERNEL_rbind__made3};
  static const uint16_t left[] = {KERNEL_lbind__made, KERNEL_lbind__made2, KERNEL_lbind__made3};
  if (maker < KERNEL_rbind) return maker - KERNEL_compose + KERNEL_compose__made;
  uint32_t n = arity_of(vm, maker, function), params = n == 2 || n == 3 ? n - 1 : 3;
  if (!n) return KERNEL_none;
  return maker == KERNEL_rbind || maker == KERNEL_rbind__original ? right[params - 1] : left[params - 1];
}

/* The closure that the maker makes of its arguments, which are all that it captures. */
static KernelStatus make_closure(Vm *vm, const Function *maker, const Value *args, Value *result) {
  uint32_t made = made_by(vm, maker->kernel, args[0]);
  for (uint32_t i = 0; i < maker->ncode && made; i++) {
    if (maker->code[i].op != OP_MAKE_FUNC) continue;
    uint32_t fid = (uint32_t)maker->code[i].e;
    const Function *fn = &vm->image->functions[fid];
    if (fn->kernel != made) continue;
    for (uint32_t k = 0; k < fn->nfree; k++)
      if ((uint32_t)fn->captures[k] >= maker->nparams) return KERNEL_PASS;
    return done_if(op_make_func(vm, args, fid, NULL, 0), result);
  }
  return KERNEL_PASS;
}

/* ---- calls ---- */

static KernelStatus run_nested(Closures *c, uint32_t kernel, const Func *f, const Value *args, Value *value);

static NOINLINE KernelStatus call_failed(Vm *vm, Value callee, Value *value) {
  *value = is_kind(callee, KIND_GUARD) ? guard_absorb(vm, callee, vm->depth + NESTED_DEPTH) : 0;
  return *value ? KERNEL_DONE : KERNEL_FAIL;
}

/* May what is called leave a trace? All may have to be made again as source. */
static bool leaves_traces(const Vm *vm, Value callee, const Value *args, uint32_t nargs) {
  bool shared = !vm->image->impure && memo_may_share(vm, callee);
  for (uint32_t i = 0; i < nargs && shared; i++) shared = memo_may_share(vm, args[i]);
  return !shared;
}

/* In frames. */
static NOINLINE KernelStatus call_source(Closures *c, Value callee, const Value *args, uint32_t nargs, Value *value) {
  c->left = c->left || leaves_traces(c->vm, callee, args, nargs);
  if (c->left) return KERNEL_PASS;
  *value = vm_call_at(c->vm, callee, args, nargs, c->vm->depth + c->nested * NESTED_DEPTH);
  return *value ? KERNEL_DONE : KERNEL_FAIL;
}

/* Of a function with a kernel, and as many arguments as that wants. */
FN_ALWAYS KernelStatus call_now(Closures *c, Value callee, const Func *f, const Function *fn, const Value *args, Value *value) {
  Vm *vm = c->vm;
  KernelStatus status;
  profile_call(vm, fn->fid, true);
  if (UNLIKELY(fn->flags & FN_MAKER)) return make_closure(vm, fn, args, value);
  if (kernel_is_closure(fn->kernel)) {
    status = run_nested(c, fn->kernel, f, args, value);
  } else {
    profile_native(vm, fn->fid + 1);
    status = kernel_call(vm, fn->kernel, args, value);
    profile_native(vm, 0);
  }
  return LIKELY(status != KERNEL_FAIL) ? status : call_failed(vm, callee, value);
}

/* A call that may have been made before. */
static NOINLINE KernelStatus call_remembered(Closures *c, Value callee, const Function *fn, const Value *args, Value *value) {
  Vm *vm = c->vm;
  Value canonical[MEMO_MAX_ARGS];
  MemoRun memo = {0, 0};
  uint32_t high = vm->high;
  MemoStatus found = memo_find(vm, callee, fn->fid, args, fn->nparams, canonical, value, &memo);
  if (found == MEMO_HIT) {
    profile_shared(vm, fn->fid);
    return KERNEL_DONE;
  }
  if (memo.entry) vm->high = vm->depth + ALL_DEPTH;
  Held held = {c->held, NULL, args, fn->kernel, 0, 0, {0}};
  c->held = &held;
  KernelStatus status = call_now(c, callee, function_of(vm, callee), fn, found == MEMO_MISS ? canonical : args, value);
  c->held = held.below;
  if (!memo.entry) return status;
  *value = leave_memo(vm, memo, status == KERNEL_DONE ? *value : 0, vm->depth, high);
  return status;
}

static KernelStatus call_kernel(Closures *c, Value callee, const Func *f, const Function *fn, const Value *args, Value *value) {
  Vm *vm = c->vm;
  if (!fn->kernel) return KERNEL_PASS;
  if (c->many && is_made(fn->kernel)) return call_now(c, callee, f, fn, args, value);
  if (fn->flags & (FN_CHEAP | FN_MAKER) || !vm->memo || worth_passes(&vm->worth[fn->fid * 2 + 1], vm->sample))
    return call_now(c, callee, f, fn, args, value);
  return call_remembered(c, callee, fn, args, value);
}

/* ---- calls made for the items before ----
 *
 * What is called for many items is seldom worth looking up among all calls of the sample. Yet some of what a closure calls for each item
 * depends on little of it, or on nothing: such calls have the very arguments of the one for another item. Nothing that is called from here leaves
 * traces, so they give what they gave. */

FN_INLINE uint64_t recent_hash(uint64_t h, Value v) { return (h ^ v) * 0x9E3779B97F4A7C15u; }

static uint8_t *recent_missed(Closures *c, Value callee) { return &c->missed[recent_hash(0, callee) >> (64 - RECENT_BITS)]; }

static Recent *recent_place(Closures *c, Value callee, const Value *args, uint32_t nargs) {
  uint64_t h = callee;
  for (uint32_t i = 0; i < nargs; i++) h = recent_hash(h, args[i]);
  return &c->recent[h >> (64 - RECENT_BITS)];
}

/* Not below more closures than then: those would lie deeper. */
static bool is_recent(const Closures *c, const Recent *r, Value callee, const Value *args, uint32_t nargs) {
  if (r->callee != callee || r->nargs != nargs || r->nested < c->nested) return false;
  for (uint32_t i = 0; i < nargs; i++)
    if (r->args[i] != args[i]) return false;
  return true;
}

static void keep_recent(Closures *c, Recent *r, Value callee, const Value *args, uint32_t nargs, Value value) {
  if (is_kind(value, KIND_FUNC) || !memo_may_share(c->vm, value)) return;
  r->callee = callee;
  r->value = value;
  r->nargs = nargs;
  r->nested = c->nested;
  for (uint32_t i = 0; i < nargs; i++) r->args[i] = args[i];
}

static NOINLINE KernelStatus call_recent(Closures *c, Value callee, const Func *f, const Function *fn, const Value *args, Value *value) {
  uint32_t nargs = fn->nparams;
  Recent *r = recent_place(c, callee, args, nargs);
  uint8_t *missed = recent_missed(c, callee);
  if (is_recent(c, r, callee, args, nargs)) {
    *missed = 0;
    profile_shared(c->vm, fn->fid);
    *value = r->value;
    return KERNEL_DONE;
  }
  (*missed)++;
  Value given[RECENT_ARGS];
  for (uint32_t i = 0; i < nargs; i++) given[i] = args[i];
  KernelStatus status = call_kernel(c, callee, f, fn, args, value);
  if (status == KERNEL_PASS) status = call_source(c, callee, args, nargs, value);
  if (status == KERNEL_DONE) keep_recent(c, r, callee, given, nargs, *value);
  return status;
}

/* Is it worth looking for? */
static bool may_be_recent(Closures *c, Value callee, const Function *fn) {
  return fn->nparams <= RECENT_ARGS && !(fn->flags & FN_MAKER) && *recent_missed(c, callee) < RECENT_MISSES;
}

static NOINLINE KernelStatus call_any(Closures *c, Value callee, const Func *f, const Function *fn, const Value *args, Value *value) {
  if (UNLIKELY(c->recent != NULL) && may_be_recent(c, callee, fn)) return call_recent(c, callee, f, fn, args, value);
  return call_kernel(c, callee, f, fn, args, value);
}

/* Of what takes other arguments: most of these are the function that stands for a closure that could not be made, which gives (). */
static NOINLINE KernelStatus call_other(Closures *c, Value callee, const Func *f, const Value *args, uint32_t nargs, Value *value) {
  Vm *vm = c->vm;
  if (!f || f->fid != vm->image->safe_callable) return call_source(c, callee, args, nargs, value);
  profile_call(vm, f->fid, true);
  return done_if(vm->image->empty_tuple, value);
}

/* Any call. DONE: *value is its value; FAIL: an exception or a limit is pending; PASS: all is left to the source. */
FN_INLINE KernelStatus call(Closures *c, Value callee, const Value *args, uint32_t nargs, Value *value) {
  Vm *vm = c->vm;
  const Func *f = function_of(vm, callee);
  const Function *fn = f ? &vm->image->functions[f->fid] : NULL;
  KernelStatus status = KERNEL_PASS;
  if (UNLIKELY(!fn || nargs != fn->nparams)) return call_other(c, callee, f, args, nargs, value);
  if (!(fn->flags & FN_CHEAP) || vm->profile) {
    status = call_any(c, callee, f, fn, args, value);
  } else {
    status = kernel_call(vm, fn->kernel, args, value);
    if (UNLIKELY(status == KERNEL_FAIL)) return call_failed(vm, callee, value);
  }
  return LIKELY(status != KERNEL_PASS) ? status : call_source(c, callee, args, nargs, value);
}

static KernelStatus of_one(Closures *c, Value callee, Value x, Value *value) { return call(c, callee, &x, 1, value); }

/* ---- closures ---- */

/* The last of n functions is called with x, then each before it with what came. */
static KernelStatus chained(Closures *c, const Value *functions, uint32_t n, Value x, Value *value) {
  KernelStatus status = KERNEL_DONE;
  while (n-- && status == KERNEL_DONE) {
    status = of_one(c, functions[n], x, value);
    x = *value;
  }
  return status;
}

static KernelStatus forked(Closures *c, const Value *functions, Value x, Value *value) {
  Value both[2];
  KernelStatus status = of_one(c, functions[1], x, &both[0]);
  if (status != KERNEL_DONE) return status;
  hold(c, both[0]);
  status = of_one(c, functions[2], x, &both[1]);
  return status == KERNEL_DONE ? call(c, functions[0], both, 2, value) : status;
}

static KernelStatus matched(Closures *c, Value function, Value target, Value x, Value *value) {
  KernelStatus status = of_one(c, function, x, value);
  if (status != KERNEL_DONE) return status;
  int same = value_eq(c->vm, *value, target);
  *value = v_bool(same > 0);
  return same < 0 ? KERNEL_FAIL : KERNEL_DONE;
}

/* A function of one argument more, which is the last or the first. */
static KernelStatus bound(Closures *c, const Value *slots, bool first, const Value *given, uint32_t n, Value *value) {
  Value args[CALL_ARGS];
  Value *to = args + first;
  to[0] = given[0];
  if (n > 1) to[1] = given[1];
  if (n > 2) to[2] = given[2];
  args[first ? 0 : n] = slots[1];
  return call(c, slots[0], args, n + 1, value);
}

/* ---- functions that go over items ---- */

/* Of a tuple, or of a frozenset whose order depends on no address. */
FN_INLINE bool next_item(const Vm *vm, Value container, uint32_t *pos, Value *item) {
  if (!is_tuple(container)) return set_next(vm, container, pos, item);
  if (*pos >= tuple_head(vm, container)->len) return false;
  *item = as_tuple(vm, container)->items[(*pos)++];
  return true;
}

static bool has_order(const Vm *vm, Value container) {
  return is_tuple(container) || (is_kind(container, KIND_FROZENSET) && !as_set(vm, container)->unordered);
}

static uint32_t count_items(const Vm *vm, Value container) {
  return is_tuple(container) ? tuple_head(vm, container)->len : as_set(vm, container)->used;
}

/* Calls, and adds what comes to a list or a set. */
static KernelStatus collect(Closures *c, Value callee, const Value *args, uint32_t nargs, Value got) {
  Value v;
  KernelStatus status = call(c, callee, args, nargs, &v);
  if (status != KERNEL_DONE) return status;
  return (is_kind(got, KIND_LIST) ? list_append(c->vm, got, v) : set_add(c->vm, got, v)) ? KERNEL_DONE : KERNEL_FAIL;
}

/* tuple(function(item) for item in container), or frozenset(…) */
static KernelStatus applied_as(Closures *c, bool listed, Value function, Value container, Value *value) {
  Vm *vm = c->vm;
  if (!has_order(vm, container)) return KERNEL_PASS;
  Value got = listed ? new_list(vm, count_items(vm, container)) : new_set(vm, KIND_FROZENSET), item;
  begin_items(c, got);
  for (uint32_t pos = 0; got && next_item(vm, container, &pos, &item); end_item(c)) {
    KernelStatus status = collect(c, function, &item, 1, got);
    if (status != KERNEL_DONE) return status;
  }
  return done_if(got && listed ? list_to_tuple(vm, got) : got, value);
}

/* type(container)(function(item) for item in container) */
static KernelStatus applied(Closures *c, Value function, Value container, Value *value) {
  return applied_as(c, is_tuple(container), function, container, value);
}

/* Is it true for the item? *wanted. */
FN_INLINE KernelStatus test_item(Closures *c, Value condition, Value item, bool *wanted) {
  Value v;
  KernelStatus status = of_one(c, condition, item, &v);
  int truth = status == KERNEL_DONE ? op_truth(c->vm, v) : 0;
  *wanted = truth > 0;
  return truth < 0 ? KERNEL_FAIL : status;
}

/* tuple(item for item in container if condition(item)) */
static KernelStatus filtered_tuple(Closures *c, Value container, Value condition, Value *value) {
  Vm *vm = c->vm;
  if (!has_order(vm, container)) return KERNEL_PASS;
  Value list = new_list(vm, 8), item;
  bool wanted;
  begin_items(c, list);
  for (uint32_t pos = 0; list && next_item(vm, container, &pos, &item); end_item(c)) {
    KernelStatus status = test_item(c, condition, item, &wanted);
    if (status != KERNEL_DONE) return status;
    if (wanted && !list_append(vm, list, item)) return KERNEL_FAIL;
  }
  return done_if(list ? list_to_tuple(vm, list) : 0, value);
}

/* Of a set of locations or cells as bits the items that are kept are bits as well. */
static KernelStatus filtered_bits(Closures *c, Value set, Value condition, Value *value) {
  Vm *vm = c->vm;
  uint32_t rows[PAIR_SIDE] = {0};
  Value item;
  bool wanted;
  begin_items(c, 0);
  for (uint32_t pos = 0; set_next(vm, set, &pos, &item); end_item(c)) {
    KernelStatus status = test_item(c, condition, item, &wanted);
    if (status != KERNEL_DONE) return status;
    const Value *at = key_location(vm, item);
    rows[int_of(at[0]) - PAIR_MIN] |= (uint32_t)wanted << (int_of(at[1]) - PAIR_MIN);
  }
  return done_if(deferred_some(vm, set, rows), value);
}

/* frozenset(item for item in container if condition(item)) */
static KernelStatus filtered_set(Closures *c, Value container, Value condition, Value *value) {
  Vm *vm = c->vm;
  if (!has_order(vm, container)) return KERNEL_PASS;
  bool listed = is_tuple(container), wanted;
  if (!listed && deferred_has_some(vm, container)) return filtered_bits(c, container, condition, value);
  Value got = new_set(vm, KIND_FROZENSET), item;
  int64_t hash = 0;
  begin_items(c, got);
  for (uint32_t pos = 0; got && (listed ? next_item(vm, container, &pos, &item) : set_next_hashed(vm, container, &pos, &item, &hash)); end_item(c)) {
    KernelStatus status = test_item(c, condition, item, &wanted);
    if (status != KERNEL_DONE) return status;
    if (wanted && !(listed ? set_add(vm, got, item) : set_add_hashed(vm, got, item, hash))) return KERNEL_FAIL;
  }
  return done_if(got, value);
}

/* type(container)(item for item in container if condition(item)) */
static KernelStatus filtered(Closures *c, Value container, Value condition, Value *value) {
  return is_tuple(container) ? filtered_tuple(c, container, condition, value) : filtered_set(c, container, condition, value);
}

/* tuple(function(i, j) for i, j in zip(a, b)) */
static KernelStatus applied_to_pairs(Closures *c, Value function, Value a, Value b, Value *value) {
  Vm *vm = c->vm;
  if (!is_tuple(a) || !is_tuple(b)) return KERNEL_PASS;
  uint32_t na = count_items(vm, a), nb = count_items(vm, b), n = na < nb ? na : nb;
  Value list = new_list(vm, n);
  begin_items(c, list);
  for (uint32_t i = 0; i < n && list; i++, end_item(c)) {
    Value both[] = {as_tuple(vm, a)->items[i], as_tuple(vm, b)->items[i]};
    KernelStatus status = collect(c, function, both, 2, list);
    if (status != KERNEL_DONE) return status;
  }
  return done_if(list ? list_to_tuple(vm, list) : 0, value);
}

/* frozenset(function(i, j) for j in b for i in a) */
static KernelStatus applied_to_product(Closures *c, Value function, Value a, Value b, Value *value) {
  Vm *vm = c->vm;
  if (!has_order(vm, a) || !has_order(vm, b)) return KERNEL_PASS;
  Value set = new_set(vm, KIND_FROZENSET), both[2];
  begin_items(c, set);
  for (uint32_t outer = 0; set && next_item(vm, b, &outer, &both[1]);)
    for (uint32_t inner = 0; next_item(vm, a, &inner, &both[0]); end_item(c)) {
      KernelStatus status = collect(c, function, both, 2, set);
      if (status != KERNEL_DONE) return status;
    }
  return done_if(set, value);
}

/* tuple(function(x) for function in functions) */
static KernelStatus applied_each(Closures *c, Value functions, Value x, Value *value) {
  Vm *vm = c->vm;
  if (!is_tuple(functions)) return KERNEL_PASS;
  uint32_t n = count_items(vm, functions);
  Value list = new_list(vm, n);
  begin_items(c, list);
  for (uint32_t i = 0; i < n && list; i++, end_item(c)) {
    KernelStatus status = collect(c, as_tuple(vm, functions)->items[i], &x, 1, list);
    if (status != KERNEL_DONE) return status;
  }
  return done_if(list ? list_to_tuple(vm, list) : 0, value);
}

/* merge(…) of what another function of the DSL gave: an exception in there is that one's, and its guard's. */
static KernelStatus merged(Closures *c, KernelStatus status, Value *value) {
  Value all = *value;
  if (status == KERNEL_DONE) return kernel_merge(c->vm, &all, value);
  if (status == KERNEL_PASS || is_limit_error(c->vm->error)) return status;
  clear_error(c->vm);
  return KERNEL_PASS;
}

/* Is `key` better than `best`? 1, 0, -1. */
FN_INLINE int is_better(Vm *vm, Opcode better, Value key, Value best) {
  if (is_int(key) && is_int(best)) return better == OP_GT ? int_of(key) > int_of(best) : int_of(key) < int_of(best);
  return value_compare(vm, better, key, best);
}

/* max(container, key=function) or min. */
static KernelStatus best_of(Closures *c, Value container, Value function, Opcode better, Value *value) {
  Vm *vm = c->vm;
  Value best = 0, best_key = 0, item, key;
  if (!has_order(vm, container) || function == V_NONE) return KERNEL_PASS;
  begin_items(c, 0);
  for (uint32_t pos = 0; next_item(vm, container, &pos, &item); end_item(c)) {
    KernelStatus status = of_one(c, function, item, &key);
    if (status != KERNEL_DONE) return status;
    int takes = best ? is_better(vm, better, key, best_key) : 1;
    if (takes < 0) return KERNEL_FAIL;
    if (takes) best = item, best_key = hold_only(c, key);
  }
  *value = best;
  return best ? KERNEL_DONE : KERNEL_PASS;
}

/* What the function gives for that. */
static KernelStatus best_value(Closures *c, Value container, Value function, Opcode better, Value *value) {
  Value best;
  KernelStatus status = best_of(c, container, function, better, &best);
  return status == KERNEL_DONE ? of_one(c, function, best, value) : status;
}

static Value *list_values(const Vm *vm, Value list) { return list_items(vm, as_list(vm, list)); }

/* The items and what the function gives for them, which sorts them. false: *status tells. */
static bool sorted_by(Closures *c, Value container, Value function, bool reverse, Value *items, KernelStatus *status) {
  Vm *vm = c->vm;
  uint32_t n = count_items(vm, container), pos = 0;
  Value keys = new_list(vm, n), item, key;
  *items = new_list(vm, n);
  begin_items(c, keys);
  hold(c, *items);
  *status = keys && *items ? KERNEL_DONE : KERNEL_FAIL;
  for (; *status == KERNEL_DONE && next_item(vm, container, &pos, &item); end_item(c)) {
    *status = of_one(c, function, item, &key);
    if (*status == KERNEL_DONE && !(list_append(vm, *items, item) && list_append(vm, keys, key))) *status = KERNEL_FAIL;
  }
  if (*status != KERNEL_DONE) return false;
  if (!sort_values(vm, list_values(vm, keys), list_values(vm, *items), n, reverse)) *status = KERNEL_FAIL;
  return *status == KERNEL_DONE;
}

/* tuple(sorted(container, key=function)) */
static KernelStatus ordered(Closures *c, Value container, Value function, Value *value) {
  Value items;
  KernelStatus status;
  if (!has_order(c->vm, container) || function == V_NONE) return KERNEL_PASS;
  return sorted_by(c, container, function, false, &items, &status) ? done_if(list_to_tuple(c->vm, items), value) : status;
}

/* sorted(container, key=function)[rank]; what else there is where it has no such. */
static KernelStatus ranked(Closures *c, const Value *args, bool reverse, Value otherwise, Value *value) {
  Value items;
  KernelStatus status;
  if (!has_order(c->vm, args[0]) || args[1] == V_NONE || !is_int(args[2])) return KERNEL_PASS;
  if (!sorted_by(c, args[0], args[1], reverse, &items, &status)) return status;
  int64_t n = count_items(c->vm, args[0]), rank = int_of(args[2]);
  bool there = -n <= rank && rank < n;
  return done_if(there ? list_values(c->vm, items)[rank < 0 ? rank + n : rank] : otherwise, value);
}

static KernelStatus ranked_value(Closures *c, const Value *args, Value *value) {
  Value item;
  KernelStatus status = ranked(c, args, false, v_int(0), &item);
  return status == KERNEL_DONE ? of_one(c, args[1], item, value) : status;
}

/* The first item for which the function is true. */
static KernelStatus extracted(Closures *c, Value container, Value condition, Value *value) {
  bool found = false;
  if (!has_order(c->vm, container)) return KERNEL_PASS;
  begin_items(c, 0);
  for (uint32_t pos = 0; next_item(c->vm, container, &pos, value); end_item(c)) {
    KernelStatus status = test_item(c, condition, *value, &found);
    if (status != KERNEL_DONE || found) return status;
  }
  return KERNEL_PASS;
}

/* ---- by kernel ---- */

static KernelStatus run_kernel(Closures *c, uint32_t kernel, const Value *slots, const Value *args, Value *value) {
  const Image *empty = c->vm->image;
  switch (kernel) {
  case KERNEL_compose__made: return chained(c, slots, 2, args[0], value);
  case KERNEL_chain__made: return chained(c, slots, 3, args[0], value);
  case KERNEL_fork__made: return forked(c, slots, args[0], value);
  case KERNEL_matcher__made: return matched(c, slots[0], slots[1], args[0], value);
  case KERNEL_rbind__made: case KERNEL_rbind__made2: case KERNEL_rbind__made3:
    return bound(c, slots, false, args, kernel - KERNEL_rbind__made + 1, value);
  case KERNEL_lbind__made: case KERNEL_lbind__made2: case KERNEL_lbind__made3:
    return bound(c, slots, true, args, kernel - KERNEL_lbind__made + 1, value);
  case KERNEL_apply: return applied(c, args[0], args[1], value);
  case KERNEL_mapply: return merged(c, applied(c, args[0], args[1], value), value);
  case KERNEL_apply_t: return applied_as(c, true, args[0], args[1], value);
  case KERNEL_mapply_t: return merged(c, applied_as(c, true, args[0], args[1], value), value);
  case KERNEL_sfilter: return filtered(c, args[0], args[1], value);
  case KERNEL_sfilter_t: return filtered_tuple(c, args[0], args[1], value);
  case KERNEL_sfilter_f: return filtered_set(c, args[0], args[1], value);
  case KERNEL_order: return ordered(c, args[0], args[1], value);
  case KERNEL_get_arg_rank: return ranked(c, args, true, is_tuple(args[0]) ? empty->empty_tuple : empty->empty_frozenset, value);
  case KERNEL_get_arg_rank_t: return ranked(c, args, true, empty->empty_tuple, value);
  case KERNEL_get_arg_rank_f: return ranked(c, args, true, empty->empty_frozenset, value);
  case KERNEL_get_val_rank: return ranked_value(c, args, value);
  case KERNEL_mfilter: return merged(c, filtered(c, args[0], args[1], value), value);
  case KERNEL_argmax: return best_of(c, args[0], args[1], OP_GT, value);
  case KERNEL_argmin: return best_of(c, args[0], args[1], OP_LT, value);
  case KERNEL_valmax: return best_value(c, args[0], args[1], OP_GT, value);
  case KERNEL_valmin: return best_value(c, args[0], args[1], OP_LT, value);
  case KERNEL_extract: return extracted(c, args[0], args[1], value);
  case KERNEL_papply: return applied_to_pairs(c, args[0], args[1], args[2], value);
  case KERNEL_mpapply: return merged(c, applied_to_pairs(c, args[0], args[1], args[2], value), value);
  case KERNEL_prapply: return applied_to_product(c, args[0], args[1], args[2], value);
  case KERNEL_rapply: return applied_each(c, args[0], args[1], value);
  default: return KERNEL_PASS;
  }
}

/* Does a function over items get many? */
static bool goes_over_many(const Vm *vm, uint32_t kernel, const Value *args) {
  if (is_made(kernel)) return false;
  for (uint32_t i = 0; i < kernel_nargs(kernel); i++) {
    bool items = is_tuple(args[i]) || is_kind(args[i], KIND_FROZENSET);
    if (items && count_items(vm, args[i]) > MANY_ITEMS) return true;
  }
  return false;
}

static NOINLINE void begin_many(Closures *c) {
  c->many = true;
  c->recent = c->vm->memo ? c->calls : NULL;
  for (uint32_t i = 0; i < 1 << RECENT_BITS; i++) c->missed[i] = 0;
  forget_recent(c);
}

static KernelStatus run_nested(Closures *c, uint32_t kernel, const Func *f, const Value *args, Value *value) {
  Held held;
  if (c->nested == NESTED_MOST) return KERNEL_PASS;
  if (UNLIKELY(!count_steps(c->vm, STEPS_NESTED))) return KERNEL_FAIL;
  c->nested++;
  bool begins = !c->many && goes_over_many(c->vm, kernel, args);
  if (UNLIKELY(begins)) begin_many(c);
  held.below = c->held;
  held.func = f;
  held.args = args;
  held.kernel = kernel;
  held.n = 0;
  c->held = &held;
  KernelStatus status = run_kernel(c, kernel, f ? f->slots : NULL, args, value);
  c->held = held.below;
  if (UNLIKELY(begins)) c->many = false, c->recent = NULL;
  c->nested--;
  return status;
}

FN KernelStatus closure_call(Vm *vm, uint32_t kernel, Value func, const Value *args, Value *result) {
  Closures c;
  c.vm = vm;
  c.held = NULL;
  c.recent = NULL;
  c.nested = 0;
  c.many = c.left = false;
  c.sweeps = vm->nframes == 0;
  Func *f = func ? as_func(vm, func) : NULL;
  if (f && kernel_is_maker(kernel)) return make_closure(vm, &vm->image->functions[f->fid], args, result);
  if (vm->depth + ALL_DEPTH + MEMO_HEADROOM > vm->depth_limit || (f && !memo_may_share(vm, func))) return KERNEL_PASS;
  uint32_t high = vm->high;
  vm->high = vm->depth + ALL_DEPTH;
  KernelStatus status = run_nested(&c, kernel, f, args, result);
  if (vm->high + MEMO_HEADROOM > vm->depth_limit) {
    clear_error(vm);
    status = KERNEL_PASS;
  }
  if (status == KERNEL_PASS || high > vm->high) vm->high = high;
  return status;
}
#endif

/* ---- kernels ---- */

#define OVER_ITEMS(name)                                                                           \
  FN KernelStatus kernel_##name(Vm *vm, const Value *args, Value *result) {                        \
    return closure_call(vm, KERNEL_##name, 0, args, result);                                       \
  }

OVER_ITEMS(apply)
OVER_ITEMS(mapply)
OVER_ITEMS(apply_t)
OVER_ITEMS(mapply_t)
OVER_ITEMS(sfilter)
OVER_ITEMS(sfilter_t)
OVER_ITEMS(sfilter_f)
OVER_ITEMS(order)
OVER_ITEMS(get_arg_rank)
OVER_ITEMS(get_arg_rank_t)
OVER_ITEMS(get_arg_rank_f)
OVER_ITEMS(get_val_rank)
OVER_ITEMS(mfilter)
OVER_ITEMS(argmax)
OVER_ITEMS(argmin)
OVER_ITEMS(valmax)
OVER_ITEMS(valmin)
OVER_ITEMS(extract)
OVER_ITEMS(papply)
OVER_ITEMS(mpapply)
OVER_ITEMS(prapply)
OVER_ITEMS(rapply)

/* Those of closures, and of functions that make them, are reached with the function, by closure_call. */
#define OF_CLOSURE(name)                                                                           \
  FN KernelStatus kernel_##name(Vm *vm, const Value *args, Value *result) {                        \
    (void)vm, (void)args, (void)result;                                                            \
    return KERNEL_PASS;                                                                            \
  }

OF_CLOSURE(compose)
OF_CLOSURE(chain)
OF_CLOSURE(fork)
OF_CLOSURE(matcher)
OF_CLOSURE(rbind)
OF_CLOSURE(lbind)
OF_CLOSURE(rbind__original)
OF_CLOSURE(lbind__original)
OF_CLOSURE(compose__made)
OF_CLOSURE(chain__made)
OF_CLOSURE(fork__made)
OF_CLOSURE(matcher__made)
OF_CLOSURE(rbind__made)
OF_CLOSURE(rbind__made2)
OF_CLOSURE(rbind__made3)
OF_CLOSURE(lbind__made)
OF_CLOSURE(lbind__made2)
OF_CLOSURE(lbind__made3)
