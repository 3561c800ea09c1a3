/* closure.c - calls of closures, and of functions that call them, without frames.
 *
 * compose(f, g) and its like give closures that do nothing but call; apply(f, x) and its like call one for each item.
 * Where all that is called in the end has kernels, a stack of nodes takes the place of frames: a node is a call that
 * waits for the value of another. Each call is looked up and remembered as others are. Whatever is unusual (a function
 * without a kernel, a kernel that passes, an exception that no guard takes) leaves all to the source. */
#include "closure.h"

#include "../interp.h"
#include "../memo.h"
#include "../memo_worth.h"
#include "../ops.h"
#include "../profile.h"
#include "grid.h"

/* Frames that one node may stand for at most, with those of the kernel at the end: room for them is asked for beforehand. */
enum { NODES_MOST = 48, NODE_DEPTH = 4, ALL_DEPTH = NODES_MOST * NODE_DEPTH + KERNEL_DEPTH, NODE_ARGS = 4, CHECK_DEPTH = 24 };

typedef struct {
  uint32_t kind; /* its kernel */
  uint32_t step, pos;
  const Value *slots; /* of a closure: what it captured */
  Value args[NODE_ARGS];
  uint32_t nargs;
  Value item, got; /* of those that go over items; what there is so far: a list, a set, the best item */
  Value key;       /* of the best */
  MemoRun memo;
  uint32_t high;
} Node;

typedef struct {
  Vm *vm;
  uint32_t n;
  Node nodes[NODES_MOST];
} Closures;

typedef enum {
  NEXT_VALUE, /* of the call that was to be made */
  NEXT_CALL,  /* it has a node, which is on top now */
  NEXT_DONE,  /* of the node itself */
  NEXT_PASS,
  NEXT_FAIL   /* a limit */
} Next;

#ifdef __CUDA_ARCH__
FN KernelStatus closure_call(Vm *vm, uint32_t kernel, Value func, const Value *args, uint32_t nargs, Value *result) {
  (void)vm, (void)kernel, (void)func, (void)args, (void)nargs, (void)result;
  return KERNEL_PASS;
}
#else

/* ---- what can be called ---- */

enum { DIRECT_UNKNOWN, DIRECT_YES, DIRECT_NO };

FN_INLINE Func *function_of(const Vm *vm, Value callee) {
  Value func = is_kind(callee, KIND_GUARD) ? as_guard(vm, callee)->func : callee;
  return is_kind(func, KIND_FUNC) ? as_func(vm, func) : NULL;
}

/* Do all functions that it captured have kernels, as far as one can see? */
static NOINLINE bool find_direct(const Vm *vm, Func *f, uint32_t depth) {
  bool all = vm->image->functions[f->fid].kernel != KERNEL_none && depth < CHECK_DEPTH;
  for (uint32_t i = 0; i < f->ncells && all; i++) {
    Func *inner = function_of(vm, f->slots[i]);
    if (inner && inner->direct == DIRECT_UNKNOWN) find_direct(vm, inner, depth + 1);
    all = !inner || inner->direct == DIRECT_YES;
  }
  f->direct = all ? DIRECT_YES : DIRECT_NO;
  return all;
}

FN_INLINE bool is_direct(const Vm *vm, Func *f) {
  return LIKELY(f->direct == DIRECT_YES) || (f->direct == DIRECT_UNKNOWN && find_direct(vm, f, 0));
}

/* ---- calls ---- */

static Next push(Closures *c, uint32_t kernel, const Value *slots, const Value *args, uint32_t nargs, MemoRun memo, uint32_t high) {
  if (c->n == NODES_MOST || nargs > NODE_ARGS) return NEXT_PASS;
  Node *n = &c->nodes[c->n++];
  n->kind = kernel;
  n->step = n->pos = 0;
  n->slots = slots;
  for (uint32_t i = 0; i < nargs; i++) n->args[i] = args[i];
  n->nargs = nargs;
  n->got = 0;
  n->memo = memo;
  n->high = high;
  return NEXT_CALL;
}

static Next call_kernel(Closures *c, const Function *fn, Value guard, const Value *args, Value *value) {
  Vm *vm = c->vm;
  profile_native(vm, fn->fid + 1);
  KernelStatus status = kernel_call(vm, fn->kernel, args, value);
  profile_native(vm, 0);
  if (status == KERNEL_DONE) return NEXT_VALUE;
  if (status == KERNEL_PASS) return NEXT_PASS;
  if (is_limit_error(vm->error)) return NEXT_FAIL;
  *value = guard ? guard_absorb(vm, guard, vm->depth + NODE_DEPTH) : 0;
  return *value ? NEXT_VALUE : NEXT_PASS;
}

/* Any call; with the value at once where it has no node. */
static Next call(Closures *c, Value callee, const Value *args, uint32_t nargs, Value *value) {
  Vm *vm = c->vm;
  Value canonical[MEMO_MAX_ARGS], guard = is_kind(callee, KIND_GUARD) ? callee : 0;
  Func *f = function_of(vm, callee);
  const Function *fn = f ? &vm->image->functions[f->fid] : NULL;
  MemoRun memo = {0, 0};
  uint32_t high = vm->high;
  if (!fn || !fn->kernel || nargs != fn->nparams || !is_direct(vm, f)) return NEXT_PASS;
  if (!count_steps(vm, STEPS_PER_CALL)) return NEXT_FAIL;
  if (vm->memo && !(fn->flags & FN_CHEAP) && !worth_passes(&vm->worth[fn->fid * 2 + 1], vm->sample)) {
    MemoStatus status = memo_find(vm, callee, fn->fid, args, nargs, canonical, value, &memo);
    if (status == MEMO_HIT) {
      profile_shared(vm, fn->fid);
      return NEXT_VALUE;
    }
    if (status == MEMO_MISS) args = canonical;
  }
  profile_call(vm, fn->fid, true);
  if (kernel_is_closure(fn->kernel)) return push(c, fn->kernel, f->slots, args, nargs, memo, high);
  if (memo.entry) vm->high = vm->depth + ALL_DEPTH;
  Next next = call_kernel(c, fn, guard, args, value);
  if (memo.entry) *value = leave_memo(vm, memo, next == NEXT_VALUE ? *value : 0, vm->depth, high);
  return next;
}

/* ---- closures ---- */

static Next of_one(Closures *c, Value callee, Value x, Value *value) { return call(c, callee, &x, 1, value); }

/* Slot number `last` is called with x, then each slot before it with what came; the first gives the value. */
static Next step_chain(Closures *c, Node *n, uint32_t last, Value in, Value *value) {
  uint32_t step = n->step++;
  if (step > last) return *value = in, NEXT_DONE;
  return of_one(c, n->slots[last - step], step ? in : n->args[0], value);
}

static Next step_fork(Closures *c, Node *n, Value in, Value *value) {
  switch (n->step++) {
  case 0: return of_one(c, n->slots[1], n->args[0], value);
  case 1: n->got = in; return of_one(c, n->slots[2], n->args[0], value);
  case 2: {
    Value both[] = {n->got, in};
    return call(c, n->slots[0], both, 2, value);
  }
  default: return *value = in, NEXT_DONE;
  }
}

static Next step_matcher(Closures *c, Node *n, Value in, Value *value) {
  if (!n->step++) return of_one(c, n->slots[0], n->args[0], value);
  int same = value_eq(c->vm, in, n->slots[1]);
  return *value = v_bool(same > 0), same < 0 ? NEXT_PASS : NEXT_DONE;
}

/* A function of one argument more, which is the last or the first. */
static Next step_bound(Closures *c, Node *n, bool first, Value in, Value *value) {
  Value args[NODE_ARGS];
  if (n->step++) return *value = in, NEXT_DONE;
  for (uint32_t i = 0; i < n->nargs; i++) args[i + first] = n->args[i];
  args[first ? 0 : n->nargs] = n->slots[1];
  return call(c, n->slots[0], args, n->nargs + 1, value);
}

/* ---- functions that go over items ---- */

/* Of a tuple, or of a frozenset whose order depends on no address. */
static bool next_item(const Vm *vm, Node *n, Value container) {
  if (!is_tuple(container)) return set_next(vm, container, &n->pos, &n->item);
  if (n->pos >= as_tuple(vm, container)->len) return false;
  n->item = as_tuple(vm, container)->items[n->pos++];
  return true;
}

static bool has_order(const Vm *vm, Value container) {
  return is_tuple(container) || (is_kind(container, KIND_FROZENSET) && !as_set(vm, container)->unordered);
}

static bool keep(Vm *vm, Node *n, Value v) { return is_kind(n->got, KIND_LIST) ? list_append(vm, n->got, v) : set_add(vm, n->got, v); }

/* type(container)(…) of what is kept: the values, or the items for which they are true. merges: all of them merged. */
static Next step_each(Closures *c, Node *n, Value function, Value container, bool filters, bool merges, Value in, Value *value) {
  Vm *vm = c->vm;
  int wanted = 1;
  if (!n->step++) n->got = !has_order(vm, container) ? 0 : is_tuple(container) ? new_list(vm, 8) : new_set(vm, KIND_FROZENSET);
  else if (filters) wanted = value_truth(vm, in);
  if (!n->got || wanted < 0 || (n->step > 1 && wanted && !keep(vm, n, filters ? n->item : in))) return NEXT_PASS;
  if (next_item(vm, n, container)) return of_one(c, function, n->item, value);
  *value = is_tuple(container) ? list_to_tuple(vm, n->got) : n->got;
  if (!*value || !merges) return *value ? NEXT_DONE : NEXT_PASS;
  Value all = *value;
  return kernel_merge(vm, &all, value) == KERNEL_DONE ? NEXT_DONE : NEXT_PASS;
}

/* max(container, key=function) or min; or what the function gives for it. */
static Next step_best(Closures *c, Node *n, Opcode better, bool wants_key, Value in, Value *value) {
  enum { LAST = 1 << 30 };
  Value container = n->args[0], function = n->args[1];
  int takes = 1;
  if (n->step == LAST) return *value = in, NEXT_DONE;
  if (!n->step++) takes = has_order(c->vm, container) ? 0 : -1;
  else if (n->got) takes = is_int(in) && is_int(n->key) ? (better == OP_GT) == (int_of(in) > int_of(n->key)) && in != n->key : value_compare(c->vm, better, in, n->key);
  if (takes < 0) return NEXT_PASS;
  if (takes) n->got = n->item, n->key = in;
  if (next_item(c->vm, n, container)) return of_one(c, function, n->item, value);
  if (!n->got) return NEXT_PASS;
  if (!wants_key) return *value = n->got, NEXT_DONE;
  n->step = LAST;
  return of_one(c, function, n->got, value);
}

/* The first item for which the function is true. */
static Next step_extract(Closures *c, Node *n, Value in, Value *value) {
  int found = !n->step++ ? (has_order(c->vm, n->args[0]) ? 0 : -1) : value_truth(c->vm, in);
  if (found) return *value = n->item, found < 0 ? NEXT_PASS : NEXT_DONE;
  return next_item(c->vm, n, n->args[0]) ? of_one(c, n->args[1], n->item, value) : NEXT_PASS;
}

/* ---- the stack ---- */

/* in: the value that the node on top waited for, 0 at first. */
static Next step(Closures *c, Node *n, Value in, Value *value) {
  switch (n->kind) {
  case KERNEL_compose__made: return step_chain(c, n, 1, in, value);
  case KERNEL_chain__made: return step_chain(c, n, 2, in, value);
  case KERNEL_fork__made: return step_fork(c, n, in, value);
  case KERNEL_matcher__made: return step_matcher(c, n, in, value);
  case KERNEL_rbind__made: case KERNEL_rbind__made2: case KERNEL_rbind__made3: return step_bound(c, n, false, in, value);
  case KERNEL_lbind__made: case KERNEL_lbind__made2: case KERNEL_lbind__made3: return step_bound(c, n, true, in, value);
  case KERNEL_apply: return step_each(c, n, n->args[0], n->args[1], false, false, in, value);
  case KERNEL_mapply: return step_each(c, n, n->args[0], n->args[1], false, true, in, value);
  case KERNEL_sfilter: return step_each(c, n, n->args[1], n->args[0], true, false, in, value);
  case KERNEL_mfilter: return step_each(c, n, n->args[1], n->args[0], true, true, in, value);
  case KERNEL_argmax: return step_best(c, n, OP_GT, false, in, value);
  case KERNEL_argmin: return step_best(c, n, OP_LT, false, in, value);
  case KERNEL_valmax: return step_best(c, n, OP_GT, true, in, value);
  case KERNEL_valmin: return step_best(c, n, OP_LT, true, in, value);
  case KERNEL_extract: return step_extract(c, n, in, value);
  default: return NEXT_PASS;
  }
}

/* The node on top has its value. */
static Value leave(Closures *c, Value value) {
  Vm *vm = c->vm;
  const Node *n = &c->nodes[--c->n];
  if (!n->memo.entry) return value;
  vm->high = vm->depth + ALL_DEPTH;
  return leave_memo(vm, n->memo, value, vm->depth, n->high);
}

static Next run(Closures *c, Value *value) {
  Value in = 0;
  for (;;) {
    Next next = step(c, &c->nodes[c->n - 1], in, value);
    in = next == NEXT_CALL ? 0 : *value;
    if (next == NEXT_DONE) in = leave(c, in);
    else if (next != NEXT_VALUE && next != NEXT_CALL) return next;
    if (c->n) continue;
    *value = in;
    return NEXT_DONE;
  }
}

FN KernelStatus closure_call(Vm *vm, uint32_t kernel, Value func, const Value *args, uint32_t nargs, Value *result) {
  Closures c;
  MemoRun none = {0, 0};
  Func *f = func ? as_func(vm, func) : NULL;
  if (vm->depth + ALL_DEPTH > vm->depth_limit || (f && !is_direct(vm, f))) return KERNEL_PASS;
  uint32_t high = vm->high, deepest = vm->depth + ALL_DEPTH;
  c.vm = vm;
  c.n = 0;
  Next next = push(&c, kernel, f ? f->slots : NULL, args, nargs, none, 0);
  if (next == NEXT_CALL) next = run(&c, result);
  vm->high = next != NEXT_PASS && deepest > high ? deepest : high;
  return next == NEXT_DONE ? KERNEL_DONE : next == NEXT_FAIL ? KERNEL_FAIL : KERNEL_PASS;
}
#endif

/* ---- kernels ---- */

#define OVER_ITEMS(name)                                                                           \
  FN KernelStatus kernel_##name(Vm *vm, const Value *args, Value *result) {                        \
    return closure_call(vm, KERNEL_##name, 0, args, 2, result);                                    \
  }

OVER_ITEMS(apply)
OVER_ITEMS(mapply)
OVER_ITEMS(sfilter)
OVER_ITEMS(mfilter)
OVER_ITEMS(argmax)
OVER_ITEMS(argmin)
OVER_ITEMS(valmax)
OVER_ITEMS(valmin)
OVER_ITEMS(extract)

/* Those of closures are reached with the closure, by closure_call. */
#define OF_CLOSURE(name)                                                                           \
  FN KernelStatus kernel_##name(Vm *vm, const Value *args, Value *result) {                        \
    (void)vm, (void)args, (void)result;                                                            \
    return KERNEL_PASS;                                                                            \
  }

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
