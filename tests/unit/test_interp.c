/* test_interp.c - the interpreter on functions assembled by hand. Expected values are CPython 3.11's. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "interp.h"
#include "object.h"
#include "ops.h"

enum { MAX_FUNCTIONS = 64, MAX_GLOBALS = 16, NREGS = 16 };

static Vm *vm;
static Image image;
static Function functions[MAX_FUNCTIONS];
static Value names[8];
static Value *globals;

/* ---- assembling ---- */

#define K(n) (~(n)) /* constant operand */
#define I(op, a, b, c, d, e) {OP_##op, (int16_t)(a), (int16_t)(b), (int16_t)(c), (d), (e), 0}
/* Code and constants of a new function; line n + 1 is instruction n. */
#define CODE(...) (Instr[]){__VA_ARGS__}, sizeof((Instr[]){__VA_ARGS__}) / sizeof(Instr)
#define CONSTS(...) (Value[]){__VA_ARGS__}, sizeof((Value[]){__VA_ARGS__}) / sizeof(Value)
#define NO_CONSTS NULL, 0

static void *copy(const void *from, size_t bytes) {
  void *to = malloc(bytes ? bytes : 1);
  if (bytes) memcpy(to, from, bytes);
  return to;
}

static Function *define(uint32_t nparams, uint32_t flags, const Instr *code, size_t ncode, const Value *consts,
                        size_t nconsts) {
  ck_assert(image.nfunctions < MAX_FUNCTIONS);
  Function *f = &functions[image.nfunctions];
  memset(f, 0, sizeof *f);
  f->fid = image.nfunctions++;
  f->name = "f";
  f->nparams = (uint16_t)nparams;
  f->flags = (uint16_t)flags;
  f->nregs = NREGS;
  f->free_base = NREGS - 2;
  f->code = (Instr *)copy(code, ncode * sizeof *code);
  for (size_t i = 0; i < ncode; i++) f->code[i].line = (uint32_t)i + 1;
  f->ncode = (uint32_t)ncode;
  f->consts = (Value *)copy(consts, nconsts * sizeof *consts);
  f->safe_default = image.empty_tuple;
  return f;
}

static void handlers(Function *f, const Handler *h, uint16_t n) {
  f->handlers = (Handler *)copy(h, n * sizeof *h);
  f->nhandlers = n;
}

static Value func(const Function *f) { return op_make_func(vm, NULL, f->fid, NULL, 0); }

static Value func_defaults(const Function *f, const Value *defaults, uint32_t n) {
  return op_make_func(vm, NULL, f->fid, defaults, n);
}

static Value guard(const Function *f) {
  uint32_t at = arena_alloc(vm, sizeof(Guard));
  Guard *g = (Guard *)arena_at(vm, at);
  g->func = func(f);
  g->name = names[0];
  return HEAP(KIND_GUARD, at);
}

static Value call0(Value f) { return vm_call(vm, f, NULL, 0); }
static Value call1(Value f, Value a) { return vm_call(vm, f, &a, 1); }
static Value call2(Value f, Value a, Value b) {
  Value args[2] = {a, b};
  return vm_call(vm, f, args, 2);
}
static Value ints(int n, int a, int b, int c) {
  Value items[3] = {v_int(a), v_int(b), v_int(c)};
  return tuple_of(vm, items, (uint32_t)n);
}

#define ASSERT_INT(value, i) ck_assert_int_eq(int_of(value), i)
#define ASSERT_RAISES(value, cls)                                                                  \
  do {                                                                                             \
    ck_assert_uint_eq((value), 0);                                                                 \
    ck_assert_str_eq(error_name(vm->error), error_name(cls));                                      \
  } while (0)
/* Nothing is left over by a call. */
#define ASSERT_CLEAN()                                                                             \
  do {                                                                                             \
    ck_assert_uint_eq(vm->nframes, 0);                                                             \
    ck_assert_uint_eq(vm->stack_top, 0);                                                           \
  } while (0)

static void setup(void) {
  vm = vm_new((size_t)64 << 20);
  ck_assert_ptr_nonnull(vm);
  memset(&image, 0, sizeof image);
  vm->image = &image;
  ck_assert(vm_init_values(vm, &image));
  image.functions = functions;
  image.globals = arena_alloc(vm, MAX_GLOBALS * sizeof(Value));
  globals = (Value *)arena_at(vm, image.globals);
  memset(globals, 0, MAX_GLOBALS * sizeof(Value));
  static const char *const texts[] = {"a", "b", "c", "count", "append", "nothing"};
  for (int i = 0; i < 6; i++) names[i] = new_str(vm, texts[i], strlen(texts[i]));
  image.names = names;
  image.nnames = 6;
  image.guard_fallback = image.empty_tuple;
  vm->base_depth = 1;
  define(0, 0, CODE(I(RETURN, K(0), 0, 0, 0, 0)), CONSTS(V_NONE)); /* id 0: no prelude function */
}

static void teardown(void) {
  for (uint32_t i = 0; i < image.nfunctions; i++) {
    free(functions[i].code);
    free(functions[i].consts);
    free(functions[i].handlers);
    free(functions[i].captures);
    free(functions[i].masks);
    free(functions[i].param_names);
  }
  vm_free(vm);
}

/* ---- arithmetic, branches, loops ---- */

START_TEST(arithmetic) {
  Function *f = define(2, 0, CODE(I(ADD, 2, 0, 1, 0, 0), I(MUL, 2, 2, K(0), 0, 0), I(FLOORDIV, 3, 0, 1, 0, 0),
                                  I(SUB, 2, 2, 3, 0, 0), I(NEG, 2, 2, 0, 0, 0), I(RETURN, 2, 0, 0, 0, 0)),
                       CONSTS(v_int(2)));
  ASSERT_INT(call2(func(f), v_int(7), v_int(2)), -15);
  ASSERT_INT(call2(func(f), v_int(-7), v_int(2)), 6);
  ASSERT_INT(call2(func(f), V_TRUE, v_int(1)), -3);
  ASSERT_RAISES(call2(func(f), v_int(1), v_int(0)), ERR_ZeroDivisionError);
  ck_assert_uint_eq(vm->error_line, 3);
  ck_assert_ptr_eq(vm->error_fn, f);
  ASSERT_RAISES(call2(func(f), V_NONE, v_int(0)), ERR_TypeError);
  ASSERT_RAISES(call2(func(f), v_int(INT_MAX_61), v_int(1)), ERR_LIMIT + LIMIT_INTEGER);
  ASSERT_CLEAN();
}
END_TEST

START_TEST(comparisons) {
  Function *f = define(2, 0, CODE(I(LT, 2, 0, 1, 0, 0), I(GE, 3, 0, 1, 0, 0), I(EQ, 4, 0, 1, 0, 0),
                                  I(NOT, 5, 4, 0, 0, 0), I(BUILD_TUPLE, 2, 0, 4, 2, 0), I(RETURN, 2, 0, 0, 0, 0)),
                       NO_CONSTS);
  Value t = call2(func(f), v_int(-3), v_int(2));
  ck_assert(as_tuple(vm, t)->items[0] == V_TRUE && as_tuple(vm, t)->items[1] == V_FALSE);
  ck_assert(as_tuple(vm, t)->items[2] == V_FALSE && as_tuple(vm, t)->items[3] == V_TRUE);
  t = call2(func(f), ints(2, 1, 2, 0), ints(2, 1, 2, 0));
  ck_assert(as_tuple(vm, t)->items[2] == V_TRUE);
  ASSERT_RAISES(call2(func(f), V_NONE, v_int(2)), ERR_TypeError);
}
END_TEST

/* s = 0; for x in it: s += x; return s */
static Function *define_sum(void) {
  return define(1, 0, CODE(I(MOVE, 1, K(0), 0, 0, 0), I(GET_ITER, 2, 0, 0, 0, 0), I(FOR_ITER, 3, 2, 0, 5, 0),
                           I(IADD, 1, 1, 3, 0, 0), I(JUMP, 0, 0, 0, 2, 0), I(RETURN, 1, 0, 0, 0, 0)),
                CONSTS(v_int(0)));
}

START_TEST(loops) {
  Value sum = func(define_sum());
  ASSERT_INT(call1(sum, ints(3, 4, 5, 6)), 15);
  ASSERT_INT(call1(sum, image.empty_tuple), 0);
  ASSERT_INT(call1(sum, new_range(vm, v_int(10), v_int(0), v_int(-3))), 22);
  ASSERT_INT(call1(sum, list_from(vm, ints(3, 1, 2, 3))), 6);
  ASSERT_INT(call1(sum, set_from(vm, KIND_FROZENSET, ints(3, 1, 2, 2))), 3);
  ASSERT_INT(call1(sum, new_reversed(vm, ints(3, 1, 2, 3))), 6);
  ASSERT_RAISES(call1(sum, v_int(3)), ERR_TypeError);
  ASSERT_RAISES(call1(sum, tuple_of(vm, names, 1)), ERR_TypeError);
  Function *count = define(1, 0, CODE(I(GT, 1, 0, K(0), 0, 0), I(JUMP_IFNOT, 1, 0, 0, 4, 0), I(SUB, 0, 0, K(1), 0, 0),
                                      I(JUMP, 0, 0, 0, 0, 0), I(RETURN, 0, 0, 0, 0, 0)),
                           CONSTS(v_int(0), v_int(3)));
  ASSERT_INT(call1(func(count), v_int(100)), -2);
}
END_TEST

START_TEST(set_changed_in_loop) {
  /* for x in s: s.add(x + 10) */
  Function *f = define(1, 0, CODE(I(GET_ITER, 1, 0, 0, 0, 0), I(FOR_ITER, 2, 1, 0, 5, 0), I(ADD, 2, 2, K(0), 0, 0),
                                  I(SET_ADD, 0, 2, 0, 0, 0), I(JUMP, 0, 0, 0, 1, 0), I(RETURN, 0, 0, 0, 0, 0)),
                       CONSTS(v_int(10)));
  ASSERT_RAISES(call1(func(f), set_from(vm, KIND_SET, ints(2, 1, 2, 0))), ERR_RuntimeError);
}
END_TEST

START_TEST(items_and_methods) {
  Function *f = define(2, 0, CODE(I(GETITEM, 2, 0, 1, 0, 0), I(RETURN, 2, 0, 0, 0, 0)), NO_CONSTS);
  ASSERT_INT(call2(func(f), ints(3, 7, 8, 9), v_int(-1)), 9);
  ASSERT_RAISES(call2(func(f), ints(3, 7, 8, 9), v_int(3)), ERR_IndexError);
  ASSERT_RAISES(call2(func(f), v_int(1), v_int(3)), ERR_TypeError);
  Function *count = define(2, 0, CODE(I(CALL_METHOD, 2, 0, 1, 1, 3), I(RETURN, 2, 0, 0, 0, 0)), NO_CONSTS);
  ASSERT_INT(call2(func(count), ints(3, 7, 7, 9), v_int(7)), 2);
  Function *bound = define(2, 0, CODE(I(GETATTR, 2, 0, 0, 3, 0), I(CALL, 2, 2, 1, 1, 0), I(RETURN, 2, 0, 0, 0, 0)),
                           NO_CONSTS);
  ASSERT_INT(call2(func(bound), ints(3, 7, 7, 9), v_int(7)), 2);
  Function *none = define(1, 0, CODE(I(CALL_METHOD, 2, 0, 0, 1, 5), I(RETURN, 2, 0, 0, 0, 0)), NO_CONSTS);
  ASSERT_RAISES(call1(func(none), v_int(1)), ERR_AttributeError);
  ASSERT_RAISES(call1(v_int(3), v_int(1)), ERR_TypeError);
  ASSERT_INT(call1(SPECIAL(KIND_BUILTIN, BUILTIN_len), ints(3, 1, 2, 3)), 3);
}
END_TEST

START_TEST(unbound_names) {
  Function *f = define(0, 0, CODE(I(LOAD_GLOBAL, 0, 0, 0, 1, 0), I(RETURN, 0, 0, 0, 0, 0)), NO_CONSTS);
  ASSERT_RAISES(call0(func(f)), ERR_NameError);
  globals[1] = v_poison(LIMIT_UNSUPPORTED);
  ASSERT_RAISES(call0(func(f)), ERR_LIMIT + LIMIT_UNSUPPORTED);
  Function *store = define(1, 0, CODE(I(STORE_GLOBAL, 0, 0, 0, 1, 0), I(RETURN, 0, 0, 0, 0, 0)), NO_CONSTS);
  call1(func(store), v_int(5));
  ASSERT_INT(call0(func(f)), 5);
  Function *local = define(0, 0, CODE(I(CHECK_LOCAL, 3, 0, 0, 0, 0), I(RETURN, 3, 0, 0, 0, 0)), NO_CONSTS);
  ASSERT_RAISES(call0(func(local)), ERR_UnboundLocalError);
  Function *free_var = define(0, 0, CODE(I(CHECK_FREE, 3, 0, 0, 0, 0), I(RETURN, 3, 0, 0, 0, 0)), NO_CONSTS);
  ASSERT_RAISES(call0(func(free_var)), ERR_NameError);
  Function *outside = define(0, 0, CODE(I(UNSUPPORTED, 0, 0, 0, 0, 0)), NO_CONSTS);
  ASSERT_RAISES(call0(func(outside)), ERR_LIMIT + LIMIT_UNSUPPORTED);
}
END_TEST

START_TEST(unpacking) {
  Function *f = define(1, 0, CODE(I(UNPACK, 1, 0, 2, 0, 0), I(SUB, 1, 1, 2, 0, 0), I(RETURN, 1, 0, 0, 0, 0)), NO_CONSTS);
  ASSERT_INT(call1(func(f), ints(2, 7, 3, 0)), 4);
  ASSERT_INT(call1(func(f), list_from(vm, ints(2, 7, 3, 0))), 4);
  ASSERT_INT(call1(func(f), new_range(vm, v_int(5), v_int(7), v_int(1))), -1);
  ASSERT_RAISES(call1(func(f), ints(1, 7, 3, 0)), ERR_ValueError);
  ASSERT_RAISES(call1(func(f), new_range(vm, v_int(5), v_int(8), v_int(1))), ERR_ValueError);
  ASSERT_RAISES(call1(func(f), V_NONE), ERR_TypeError);
  /* a, *b, c = x; return a, b, c */
  Function *star = define(1, 0, CODE(I(UNPACK_STAR, 1, 0, 2, 1, 0), I(BUILD_TUPLE, 0, 0, 3, 1, 0), I(RETURN, 0, 0, 0, 0, 0)),
                          NO_CONSTS);
  Value t = call1(func(star), ints(3, 7, 8, 9));
  ASSERT_INT(as_tuple(vm, t)->items[0], 7);
  ASSERT_INT(as_tuple(vm, t)->items[2], 9);
  ck_assert_uint_eq(as_list(vm, as_tuple(vm, t)->items[1])->len, 1);
  ASSERT_RAISES(call1(func(star), ints(1, 7, 0, 0)), ERR_ValueError);
}
END_TEST

/* ---- closures ---- */

static Function *with_cells(Function *f, int n, int reg0, int reg1) {
  int16_t regs[2] = {(int16_t)reg0, (int16_t)reg1};
  f->captures = (int16_t *)copy(regs, (size_t)n * sizeof *regs);
  f->nfree = (uint16_t)n;
  return f;
}

START_TEST(closures) {
  /* def make(n): def step(k=2): nonlocal n; n += k; return n */
  Function *step = with_cells(define(1, 0, CODE(I(LOAD_CELL, 1, NREGS - 2, 0, 0, 0), I(IADD, 1, 1, 0, 0, 0),
                                               I(STORE_CELL, NREGS - 2, 1, 0, 0, 0), I(RETURN, 1, 0, 0, 0, 0)),
                                     NO_CONSTS), 1, 0, 0);
  Function *make = define(1, 0, CODE(I(MAKE_CELL, 0, 0, 0, 0, 0), I(MOVE, 2, K(0), 0, 0, 0),
                                     I(MAKE_FUNC, 1, 0, 1, 2, (int32_t)step->fid), I(RETURN, 1, 0, 0, 0, 0)),
                          CONSTS(v_int(2)));
  Value a = call1(func(make), v_int(10)), b = call1(func(make), v_int(20));
  ASSERT_INT(call0(a), 12);
  ASSERT_INT(call1(a, v_int(5)), 17);
  ASSERT_INT(call0(b), 22);
  ASSERT_INT(call0(a), 19);
}
END_TEST

/* ---- keywords ---- */

static void name_params(Function *f, uint32_t n, uint32_t nkwonly) {
  f->param_names = (Value *)copy(names, n * sizeof *names);
  f->nkwonly = (uint16_t)nkwonly;
  f->nparams = (uint16_t)(n - nkwonly);
}

static Value call_kw(Value f, int npos, int nkw, const Value *kwnames) {
  Value args[4] = {v_int(1), v_int(2), v_int(3), v_int(4)};
  return vm_call_kw(vm, f, args, (uint32_t)(npos + nkw), kwnames, (uint32_t)nkw);
}

START_TEST(keywords) {
  /* def f(a, b=8, c=9): return a * 100 + b * 10 + c */
  Function *f = define(3, 0, CODE(I(MUL, 3, 0, K(0), 0, 0), I(MUL, 4, 1, K(1), 0, 0), I(ADD, 3, 3, 4, 0, 0),
                                  I(ADD, 3, 3, 2, 0, 0), I(RETURN, 3, 0, 0, 0, 0)),
                       CONSTS(v_int(100), v_int(10)));
  name_params(f, 3, 0);
  Value defaults[2] = {v_int(8), v_int(9)};
  Value v = func_defaults(f, defaults, 2);
  ASSERT_INT(call_kw(v, 1, 0, NULL), 189);
  ASSERT_INT(call_kw(v, 3, 0, NULL), 123);
  ASSERT_INT(call_kw(v, 1, 1, &names[2]), 182);
  ASSERT_INT(call_kw(v, 0, 3, names), 123);
  ASSERT_RAISES(call_kw(v, 4, 0, NULL), ERR_TypeError);
  ASSERT_RAISES(call_kw(v, 0, 0, NULL), ERR_TypeError);
  ASSERT_RAISES(call_kw(v, 1, 1, &names[0]), ERR_TypeError);
  ASSERT_RAISES(call_kw(v, 1, 1, &names[3]), ERR_TypeError);
  ASSERT_RAISES(call_kw(v, 0, 1, &names[1]), ERR_TypeError);
}
END_TEST

START_TEST(star_parameters) {
  /* def f(a, *args, b=8, **kw): return a, b, args, kw */
  Function *f = define(1, FN_VARARGS | FN_VARKW, CODE(I(BUILD_TUPLE, 5, 0, 4, 0, 0), I(RETURN, 5, 0, 0, 0, 0)), NO_CONSTS);
  name_params(f, 2, 1);
  Value eight = v_int(8), v = func_defaults(f, &eight, 1);
  const Tuple *t = as_tuple(vm, call_kw(v, 3, 0, NULL));
  ASSERT_INT(t->items[0], 1);
  ASSERT_INT(t->items[1], 8);
  ck_assert_uint_eq(as_tuple(vm, t->items[2])->len, 2);
  t = as_tuple(vm, call_kw(v, 1, 3, &names[1]));
  ASSERT_INT(t->items[1], 2);
  ck_assert_uint_eq(as_tuple(vm, t->items[2])->len, 0);
  ck_assert_uint_eq(as_dict(vm, t->items[3])->used, 2);
  ASSERT_RAISES(call_kw(func(f), 1, 0, NULL), ERR_TypeError);
  ASSERT_RAISES(call_kw(v, 1, 1, &names[0]), ERR_TypeError);
  Value none = V_UNBOUND;
  ASSERT_RAISES(call_kw(func_defaults(f, &none, 1), 1, 0, NULL), ERR_TypeError);
}
END_TEST

START_TEST(call_instructions) {
  Function *pair = define(2, 0, CODE(I(SUB, 2, 0, 1, 0, 0), I(RETURN, 2, 0, 0, 0, 0)), NO_CONSTS);
  name_params(pair, 2, 0);
  Value callee = func(pair), kw = tuple_of(vm, names, 1), dict = new_dict(vm);
  dict_set(vm, dict, names[1], v_int(3));
  /* pair(b, a=a) */
  Function *by_name = define(2, 0, CODE(I(BUILD_TUPLE, 4, 0, 0, 0, 0), I(CALL_KW, 2, K(0), 1, 0, 1), I(RETURN, 2, 0, 0, 0, 0)),
                             CONSTS(callee, kw));
  ASSERT_RAISES(call2(func(by_name), v_int(9), v_int(4)), ERR_TypeError);
  by_name->code[1].c = 2;
  ASSERT_RAISES(call2(func(by_name), v_int(9), v_int(4)), ERR_TypeError);
  by_name->consts[1] = tuple_of(vm, names + 1, 1);
  ASSERT_INT(call2(func(by_name), v_int(9), v_int(4)), 5);
  Function *spread = define(1, 0, CODE(I(CALL_EX, 2, K(0), 0, K(1), 0), I(RETURN, 2, 0, 0, 0, 0)), CONSTS(callee, V_NONE));
  spread->code[0].d = K(1);
  ASSERT_INT(call1(func(spread), ints(2, 9, 4, 0)), 5);
  ASSERT_INT(call1(func(spread), list_from(vm, ints(2, 9, 4, 0))), 5);
  ASSERT_RAISES(call1(func(spread), v_int(1)), ERR_TypeError);
  spread->consts[1] = dict;
  ASSERT_INT(call1(func(spread), ints(1, 9, 4, 0)), 6);
  ASSERT_RAISES(call1(func(spread), ints(2, 9, 4, 0)), ERR_TypeError);
  ASSERT_CLEAN();
}
END_TEST

/* ---- exceptions ---- */

/* try: return 1 // a  except E: return -1, for E in mask */
static Function *define_try(ErrorMask mask) {
  Function *f = define(1, 0, CODE(I(FLOORDIV, 1, K(0), 0, 0, 0), I(RETURN, 1, 0, 0, 0, 0), I(MATCH_ERROR, 3, 2, 0, 0, 0),
                                  I(JUMP_IFNOT, 3, 0, 0, 5, 0), I(RETURN, K(1), 0, 0, 0, 0), I(RERAISE, 2, 0, 0, 0, 0)),
                       CONSTS(v_int(1), v_int(-1)));
  f->masks = (ErrorMask *)copy(&mask, sizeof mask);
  handlers(f, (Handler[]){{0, 2, 2, 2, HANDLER_EXCEPT, 0}}, 1);
  return f;
}

START_TEST(except_clauses) {
  Value f = func(define_try(error_mask(ERR_ArithmeticError)));
  ASSERT_INT(call1(f, v_int(1)), 1);
  ASSERT_INT(call1(f, v_int(0)), -1);
  ASSERT_RAISES(call1(f, V_NONE), ERR_TypeError);
  ck_assert_uint_eq(vm->error_line, 1); /* the line of the first raise */
  ck_assert_ptr_eq(vm->error_fn, &functions[as_func(vm, f)->fid]);
  ASSERT_INT(call1(f, v_int(0)), -1);
  ASSERT_CLEAN();
}
END_TEST

START_TEST(except_across_calls) {
  Function *inner = define(1, 0, CODE(I(FLOORDIV, 1, K(0), 0, 0, 0), I(RETURN, 1, 0, 0, 0, 0)), CONSTS(v_int(1)));
  Function *middle = define(1, 0, CODE(I(CALL, 1, K(0), 1, 0, 0), I(RETURN, 1, 0, 0, 0, 0)), CONSTS(func(inner)));
  Function *outer = define(1, 0, CODE(I(CALL, 1, K(0), 1, 0, 0), I(RETURN, 1, 0, 0, 0, 0), I(CALL, 1, K(0), 1, 4, 0),
                                      I(RETURN, 1, 0, 0, 0, 0)),
                           CONSTS(func(middle)));
  handlers(outer, (Handler[]){{0, 1, 2, 4, HANDLER_EXCEPT, 0}}, 1);
  ASSERT_INT(call1(func(outer), v_int(1)), 1);
  ASSERT_RAISES(call1(func(outer), v_int(0)), ERR_TypeError); /* 1 // instance */
  ck_assert_ptr_eq(vm->error_fn, inner);
  ck_assert_uint_eq(vm->error_line, 1);
}
END_TEST

START_TEST(raise_and_match) {
  Value value_error = v_type(TYPE_ERROR_BASE + ERR_ValueError), lookup = v_type(TYPE_ERROR_BASE + ERR_LookupError);
  Function *raise = define(1, 0, CODE(I(RAISE, 0, 0, 0, 0, 0)), NO_CONSTS);
  ASSERT_RAISES(call1(func(raise), value_error), ERR_ValueError);
  ASSERT_RAISES(call1(func(raise), v_int(1)), ERR_TypeError);
  ASSERT_RAISES(call1(func(raise), v_type(KIND_INT)), ERR_TypeError);
  /* try: raise a  except b: return 1 */
  Function *f = define(2, 0, CODE(I(RAISE, 0, 0, 0, 0, 0), I(MATCH_CLASS, 3, 2, 1, 0, 0), I(JUMP_IFNOT, 3, 0, 0, 4, 0),
                                  I(RETURN, K(0), 0, 0, 0, 0), I(RERAISE, 2, 0, 0, 0, 0)),
                       CONSTS(v_int(1)));
  handlers(f, (Handler[]){{0, 1, 1, 2, HANDLER_EXCEPT, 0}}, 1);
  Value both[2] = {lookup, value_error};
  ASSERT_INT(call2(func(f), value_error, value_error), 1);
  ASSERT_INT(call2(func(f), v_type(TYPE_ERROR_BASE + ERR_KeyError), lookup), 1);
  ASSERT_INT(call2(func(f), value_error, tuple_of(vm, both, 2)), 1);
  ASSERT_RAISES(call2(func(f), value_error, lookup), ERR_ValueError);
  ASSERT_RAISES(call2(func(f), value_error, v_int(1)), ERR_TypeError);
}
END_TEST

START_TEST(genexpr_handler) {
  /* An inlined generator expression raises StopIteration: a RuntimeError outside, one frame less. */
  Function *f = define(0, 0, CODE(I(ENTER_GEN, 0, 0, 0, 0, 0), I(RAISE, K(0), 0, 0, 0, 0), I(LEAVE_GEN, 0, 0, 0, 0, 0),
                                  I(MATCH_ERROR, 1, 0, 0, 0, 0), I(RETURN, 1, 0, 0, 0, 0)),
                       CONSTS(v_type(TYPE_ERROR_BASE + ERR_StopIteration)));
  ErrorMask mask = error_mask(ERR_RuntimeError);
  f->masks = (ErrorMask *)copy(&mask, sizeof mask);
  handlers(f, (Handler[]){{0, 2, 0, 0, HANDLER_GENEXPR, 0}, {0, 3, 3, 0, HANDLER_EXCEPT, 0}}, 2);
  ck_assert(call0(func(f)) == V_TRUE);
  vm->base_depth = 998;
  ck_assert(call0(func(f)) == V_TRUE);
  ck_assert_uint_eq(vm->high, 1000);
  vm->base_depth = 999; /* ENTER_GEN raises RecursionError, also a RuntimeError */
  ck_assert(call0(func(f)) == V_TRUE);
  vm->base_depth = 1000;
  ASSERT_RAISES(call0(func(f)), ERR_RecursionError);
}
END_TEST

START_TEST(genexpr_depth) {
  Function *f = define(0, 0, CODE(I(ENTER_GEN, 0, 0, 0, 1, 0), I(LEAVE_GEN, 0, 0, 0, 1, 0), I(ENTER_GEN, 0, 0, 0, 0, 0),
                                  I(LEAVE_GEN, 0, 0, 0, 0, 0), I(RETURN, K(0), 0, 0, 0, 0)),
                       CONSTS(V_NONE));
  vm->base_depth = 997; /* any(...): one for the generator, one for the call in C */
  ck_assert(call0(func(f)) == V_NONE);
  vm->base_depth = 998;
  ASSERT_RAISES(call0(func(f)), ERR_RecursionError);
  ck_assert_uint_eq(vm->error_line, 1);
}
END_TEST

/* ---- generators ---- */

/* def g(n): i = 0; while i < n: yield i; i += 1 */
static Function *define_counter(void) {
  return define(1, FN_GENERATOR, CODE(I(MOVE, 1, K(0), 0, 0, 0), I(LT, 2, 1, 0, 0, 0), I(JUMP_IFNOT, 2, 0, 0, 6, 0),
                                      I(YIELD, 1, 0, 0, 0, 0), I(ADD, 1, 1, K(1), 0, 0), I(JUMP, 0, 0, 0, 1, 0),
                                      I(RETURN, K(2), 0, 0, 0, 0)),
                CONSTS(v_int(0), v_int(1), V_NONE));
}

START_TEST(generators) {
  Value sum = func(define_sum()), g = func(define_counter());
  Value gen = call1(g, v_int(5));
  ck_assert(is_kind(gen, KIND_GEN));
  ASSERT_INT(call1(sum, gen), 10);
  ASSERT_INT(call1(sum, gen), 0); /* exhausted */
  ASSERT_INT(call1(sum, call1(g, v_int(0))), 0);
  ASSERT_RAISES(call1(sum, call1(g, V_NONE)), ERR_TypeError);
  ck_assert_uint_eq(vm->error_line, 2);
  vm->base_depth = 998;
  ASSERT_INT(call1(sum, call1(g, v_int(5))), 10);
  gen = call1(g, v_int(5));
  vm->base_depth = 999;
  ASSERT_RAISES(call1(sum, gen), ERR_RecursionError);
  ASSERT_CLEAN();
}
END_TEST

START_TEST(generator_expression) {
  /* sum(x * k for x in it) with k a captured value */
  Function *body = with_cells(define(1, FN_GENERATOR | FN_GENEXPR,
                                     CODE(I(FOR_ITER, 1, 0, 0, 4, 0), I(MUL, 1, 1, NREGS - 2, 0, 0), I(YIELD, 1, 0, 0, 0, 0),
                                          I(JUMP, 0, 0, 0, 0, 0), I(RETURN, K(0), 0, 0, 0, 0)),
                                     CONSTS(V_NONE)), 1, 1, 0);
  Function *f = define(2, 0, CODE(I(GET_ITER, 2, 0, 0, 0, 0), I(GENEXPR, 2, 2, 0, 0, (int32_t)body->fid),
                                  I(CALL, 3, K(0), 1, 2, 0), I(RETURN, 3, 0, 0, 0, 0)),
                       CONSTS(func(define_sum())));
  ASSERT_INT(call2(func(f), ints(3, 1, 2, 3), v_int(7)), 42);
  ASSERT_INT(call2(func(f), call1(func(define_counter()), v_int(4)), v_int(2)), 12);
}
END_TEST

START_TEST(generator_runs_itself) {
  /* def g(): for x in G: yield x, with G itself */
  Function *g = define(0, FN_GENERATOR, CODE(I(LOAD_GLOBAL, 0, 0, 0, 0, 0), I(GET_ITER, 1, 0, 0, 0, 0),
                                             I(FOR_ITER, 2, 1, 0, 5, 0), I(YIELD, 2, 0, 0, 0, 0),
                                             I(JUMP, 0, 0, 0, 2, 0), I(RETURN, 0, 0, 0, 0, 0)),
                       NO_CONSTS);
  globals[0] = call0(func(g));
  ASSERT_RAISES(call1(func(define_sum()), globals[0]), ERR_ValueError);
  ck_assert_uint_eq(as_gen(vm, globals[0])->state, GEN_DONE);
}
END_TEST

START_TEST(stop_iteration_in_generators) {
  Function *g = define(0, FN_GENERATOR, CODE(I(YIELD, K(0), 0, 0, 0, 0), I(RAISE, K(1), 0, 0, 0, 0)),
                       CONSTS(v_int(4), v_type(TYPE_ERROR_BASE + ERR_StopIteration)));
  Value sum = func(define_sum());
  ASSERT_RAISES(call1(sum, call0(func(g))), ERR_RuntimeError);
  g->flags |= FN_STOP_PASSES; /* as map(): the iteration just ends */
  ASSERT_INT(call1(sum, call0(func(g))), 4);
}
END_TEST

/* The part of the prelude that instructions use. */
static void define_prelude(void) {
  Function *extend = define(2, FN_UNCOUNTED, CODE(I(FOR_ITER, 2, 1, 0, 3, 0), I(LIST_APPEND, 0, 2, 0, 0, 0),
                                                  I(JUMP, 0, 0, 0, 0, 0), I(RETURN, K(0), 0, 0, 0, 0)),
                            CONSTS(V_NONE));
  Function *update = define(2, FN_UNCOUNTED, CODE(I(FOR_ITER, 2, 1, 0, 3, 0), I(SET_ADD, 0, 2, 0, 0, 0),
                                                  I(JUMP, 0, 0, 0, 0, 0), I(RETURN, K(0), 0, 0, 0, 0)),
                            CONSTS(V_NONE));
  Function *contains = define(2, FN_UNCOUNTED, CODE(I(FOR_ITER, 2, 0, 0, 4, 0), I(EQ, 3, 2, 1, 0, 0),
                                                    I(JUMP_IFNOT, 3, 0, 0, 0, 0), I(RETURN, K(0), 0, 0, 0, 0),
                                                    I(RETURN, K(1), 0, 0, 0, 0)),
                              CONSTS(V_TRUE, V_FALSE));
  /* at most n + 1 items */
  Function *unpack = define(2, FN_UNCOUNTED, CODE(I(BUILD_LIST, 2, 0, 0, 0, 0), I(FOR_ITER, 3, 0, 0, 6, 0),
                                                  I(LIST_APPEND, 2, 3, 0, 0, 0), I(SUB, 1, 1, K(0), 0, 0),
                                                  I(GE, 3, 1, K(1), 0, 0), I(JUMP_IF, 3, 0, 0, 1, 0),
                                                  I(LIST_TO_TUPLE, 2, 2, 0, 0, 0), I(RETURN, 2, 0, 0, 0, 0)),
                            CONSTS(v_int(1), v_int(0)));
  Function *tuple = define(1, FN_UNCOUNTED, CODE(I(BUILD_LIST, 2, 0, 0, 0, 0), I(LIST_EXTEND, 2, 0, 0, 0, 0),
                                                 I(LIST_TO_TUPLE, 2, 2, 0, 0, 0), I(RETURN, 2, 0, 0, 0, 0)),
                           NO_CONSTS);
  image.prelude[PRELUDE_list_extend] = extend->fid;
  image.prelude[PRELUDE_set_update] = update->fid;
  image.prelude[PRELUDE_contains] = contains->fid;
  image.prelude[PRELUDE_unpack] = unpack->fid;
  image.prelude[PRELUDE_tuple] = tuple->fid;
}

START_TEST(lazy_operands) {
  define_prelude();
  Value g = func(define_counter());
#define GEN(n) call1(g, v_int(n))
  Function *list = define(1, 0, CODE(I(BUILD_LIST, 1, 0, 0, 0, 0), I(LIST_EXTEND, 1, 0, 0, 0, 0), I(IADD, 1, 1, K(0), 0, 0),
                                     I(LIST_TO_TUPLE, 1, 1, 0, 0, 0), I(RETURN, 1, 0, 0, 0, 0)),
                          CONSTS(GEN(2)));
  ck_assert_uint_eq(as_tuple(vm, call1(func(list), GEN(3)))->len, 5);
  Function *set = define(1, 0, CODE(I(BUILD_SET, 1, 0, 0, 0, 0), I(SET_UPDATE, 1, 0, 0, 0, 0), I(RETURN, 1, 0, 0, 0, 0)), NO_CONSTS);
  ck_assert_uint_eq(as_set(vm, call1(func(set), GEN(3)))->used, 3);
  Function *in = define(2, 0, CODE(I(IN, 2, 1, 0, 0, 0), I(RETURN, 2, 0, 0, 0, 0)), NO_CONSTS);
  ck_assert(call2(func(in), GEN(3), v_int(2)) == V_TRUE);
  ck_assert(call2(func(in), GEN(3), v_int(3)) == V_FALSE);
  Function *not_in = define(2, 0, CODE(I(NOT_IN, 2, 1, 0, 0, 0), I(RETURN, 2, 0, 0, 0, 0)), NO_CONSTS);
  ck_assert(call2(func(not_in), GEN(3), v_int(2)) == V_FALSE);
  ck_assert(call2(func(not_in), ints(1, 3, 0, 0), v_int(2)) == V_TRUE);
  Function *unpack = define(1, 0, CODE(I(UNPACK, 1, 0, 2, 0, 0), I(SUB, 1, 1, 2, 0, 0), I(RETURN, 1, 0, 0, 0, 0)), NO_CONSTS);
  ASSERT_INT(call1(func(unpack), GEN(2)), -1);
  ASSERT_RAISES(call1(func(unpack), GEN(1)), ERR_ValueError);
  ASSERT_RAISES(call1(func(unpack), GEN(9)), ERR_ValueError);
  Function *star = define(1, 0, CODE(I(UNPACK_STAR, 1, 0, 1, 1, 0), I(RETURN, 2, 0, 0, 0, 0)), NO_CONSTS);
  ck_assert_uint_eq(as_list(vm, call1(func(star), GEN(4)))->len, 3);
  ASSERT_RAISES(call1(func(star), GEN(0)), ERR_ValueError);
  Function *pair = define(2, 0, CODE(I(SUB, 2, 0, 1, 0, 0), I(RETURN, 2, 0, 0, 0, 0)), NO_CONSTS);
  Function *spread = define(1, 0, CODE(I(CALL_EX, 2, K(0), 0, 0, 0), I(RETURN, 2, 0, 0, 0, 0)), CONSTS(func(pair), V_NONE));
  spread->code[0].d = K(1);
  ASSERT_INT(call1(func(spread), GEN(2)), -1);
  ASSERT_RAISES(call1(func(spread), GEN(3)), ERR_TypeError);
  ck_assert_ptr_eq(vm->error_fn, spread);
  /* an error in the generator has the generator's place, not the prelude's */
  ASSERT_RAISES(call1(func(unpack), call1(g, V_NONE)), ERR_TypeError);
  ck_assert_uint_eq(vm->error_line, 2);
  ASSERT_CLEAN();
#undef GEN
}
END_TEST

/* ---- guards ---- */

START_TEST(guards) {
  Function *f = define(1, 0, CODE(I(FLOORDIV, 1, K(0), 0, 0, 0), I(RETURN, 1, 0, 0, 0, 0)), CONSTS(v_int(8)));
  f->safe_default = v_int(0);
  Value g = guard(f);
  ASSERT_INT(call1(g, v_int(2)), 4);
  ASSERT_INT(call1(g, v_int(0)), 0);
  ASSERT_INT(call1(g, V_NONE), 0);
  ASSERT_INT(call2(g, v_int(1), v_int(1)), 0); /* wrong arity */
  ASSERT_INT(call0(g), 0);
  Function *stop = define(0, 0, CODE(I(RAISE, K(0), 0, 0, 0, 0)), CONSTS(v_type(TYPE_ERROR_BASE + ERR_SystemExit)));
  ASSERT_RAISES(call0(guard(stop)), ERR_SystemExit);
  Function *limit = define(0, 0, CODE(I(UNSUPPORTED, 0, 0, 0, 0, 0)), NO_CONSTS);
  ASSERT_RAISES(call0(guard(limit)), ERR_LIMIT + LIMIT_UNSUPPORTED);
  /* inside a function, into a register; the frames below go on */
  Function *outer = define(1, 0, CODE(I(CALL, 1, K(0), 1, 0, 0), I(ADD, 1, 1, K(1), 0, 0), I(RETURN, 1, 0, 0, 0, 0)),
                           CONSTS(g, v_int(1)));
  ASSERT_INT(call1(func(outer), v_int(0)), 1);
  ASSERT_INT(call1(func(outer), v_int(4)), 3);
  ASSERT_CLEAN();
}
END_TEST

/* The headroom of a guard: measured on CPython 3.11.7 with the users' safe_dsl.py. */
START_TEST(guard_near_the_limit) {
  Function *f = define(0, 0, CODE(I(RAISE, K(0), 0, 0, 0, 0)), CONSTS(v_type(TYPE_ERROR_BASE + ERR_ValueError)));
  f->safe_default = v_int(0);
  Value g = guard(f);
  for (uint32_t headroom = 0; headroom < 12; headroom++) {
    vm->base_depth = 1000 - headroom - 1; /* of the caller; the guard is the next */
    Value v = call0(g);
    if (headroom < 1) ASSERT_RAISES(v, ERR_RecursionError);
    else if (headroom < 7) ck_assert(v == image.empty_tuple);
    else ASSERT_INT(v, 0);
  }
}
END_TEST

/* ---- recursion ---- */

START_TEST(recursion_limit) {
  /* def f(n): return 1 if n == 0 else 1 + f(n - 1) */
  Function *f = define(1, 0, CODE(I(EQ, 1, 0, K(0), 0, 0), I(JUMP_IFNOT, 1, 0, 0, 3, 0), I(RETURN, K(1), 0, 0, 0, 0),
                                  I(SUB, 1, 0, K(1), 0, 0), I(LOAD_GLOBAL, 2, 0, 0, 0, 0), I(CALL, 1, 2, 1, 1, 0),
                                  I(ADD, 1, 1, K(1), 0, 0), I(RETURN, 1, 0, 0, 0, 0)),
                       CONSTS(v_int(0), v_int(1)));
  globals[0] = func(f);
  ASSERT_INT(call1(globals[0], v_int(998)), 999); /* module, then 999 frames */
  ASSERT_RAISES(call1(globals[0], v_int(999)), ERR_RecursionError);
  vm->base_depth = 500;
  ASSERT_INT(call1(globals[0], v_int(499)), 500);
  ASSERT_RAISES(call1(globals[0], v_int(500)), ERR_RecursionError);
  ASSERT_CLEAN();
}
END_TEST

/* Nested pairs of power(identity, 2000), the users' guarded recursive function, called at a depth. */
static int compositions(Value power, uint32_t depth) {
  vm->base_depth = depth;
  Value v = call2(power, v_int(0), v_int(2000));
  int n = 0;
  for (; v && is_tuple(v) && as_tuple(vm, v)->len == 2; n++) v = as_tuple(vm, v)->items[1];
  return v == image.empty_tuple ? n : -1;
}

START_TEST(power_beyond_the_limit) {
  Function *compose = define(2, 0, CODE(I(BUILD_TUPLE, 2, 0, 2, 0, 0), I(RETURN, 2, 0, 0, 0, 0)), NO_CONSTS);
  /* def power(f, n): return f if n == 1 else compose(f, power(f, n - 1)) */
  Function *power = define(2, 0, CODE(I(EQ, 2, 1, K(0), 0, 0), I(JUMP_IFNOT, 2, 0, 0, 3, 0), I(RETURN, 0, 0, 0, 0, 0),
                                      I(LOAD_GLOBAL, 2, 0, 0, 0, 0), I(LOAD_GLOBAL, 5, 0, 0, 1, 0), I(MOVE, 3, 0, 0, 0, 0),
                                      I(MOVE, 6, 0, 0, 0, 0), I(SUB, 7, 1, K(0), 0, 0), I(CALL, 4, 5, 2, 6, 0),
                                      I(CALL, 2, 2, 2, 3, 0), I(RETURN, 2, 0, 0, 0, 0)),
                           CONSTS(v_int(1)));
  globals[0] = guard(compose);
  globals[1] = guard(power);
  power->safe_default = v_int(0); /* its default is something else, but the look-up fails */
  static const struct { uint32_t depth; int n; } cpython[] = {
      {1, 498}, {2, 498}, {3, 497}, {4, 497}, {5, 496}, {13, 492}, {23, 487}, {62, 468}, {63, 467}};
  for (size_t i = 0; i < sizeof cpython / sizeof *cpython; i++)
    ck_assert_int_eq(compositions(globals[1], cpython[i].depth), cpython[i].n);
}
END_TEST

/* Counted calls of builtins at the limit. */
START_TEST(builtins_at_the_limit) {
  Value xs = ints(2, 1, 2, 0);
  Function *f = define(2, 0, CODE(I(CALL, 2, 1, 1, 0, 0), I(RETURN, K(0), 0, 0, 0, 0)), CONSTS(V_NONE));
  vm->base_depth = 999;
  ck_assert(call2(func(f), xs, SPECIAL(KIND_BUILTIN, BUILTIN_len)) == V_NONE);
  ck_assert(call2(func(f), xs, v_type(KIND_FROZENSET)) == V_NONE);
  ASSERT_RAISES(call2(func(f), xs, SPECIAL(KIND_BUILTIN, BUILTIN_max)), ERR_RecursionError);
  ASSERT_RAISES(call2(func(f), xs, SPECIAL(KIND_BUILTIN, BUILTIN_sorted)), ERR_RecursionError);
  vm->base_depth = 998;
  ck_assert(call2(func(f), xs, SPECIAL(KIND_BUILTIN, BUILTIN_sorted)) == V_NONE);
  ASSERT_RAISES(call2(func(f), xs, SPECIAL(KIND_BUILTIN, BUILTIN_max)), ERR_RecursionError);
}
END_TEST

/* ---- limits ---- */

START_TEST(step_limit) {
  Function *forever = define(0, 0, CODE(I(JUMP, 0, 0, 0, 0, 0), I(RETURN, K(0), 0, 0, 0, 0)), CONSTS(V_NONE));
  handlers(forever, (Handler[]){{0, 1, 1, 2, HANDLER_EXCEPT, 0}}, 1);
  vm->max_steps = 100000;
  ASSERT_RAISES(call0(guard(forever)), ERR_LIMIT + LIMIT_STEPS);
  ck_assert_uint_le(vm->steps, 100001);
  int stop = 1;
  vm->steps = 0;
  vm->max_steps = UINT64_MAX;
  vm->interrupt = &stop;
  ASSERT_RAISES(call0(func(forever)), ERR_LIMIT + LIMIT_TIME);
  vm->interrupt = NULL;
  vm->deadline_ns = clock_ns() + 1000000;
  ASSERT_RAISES(call0(func(forever)), ERR_LIMIT + LIMIT_TIME);
  ASSERT_CLEAN();
}
END_TEST

START_TEST(stack_limit) {
  Function *f = define(0, FN_UNCOUNTED, CODE(I(LOAD_GLOBAL, 0, 0, 0, 0, 0), I(CALL, 1, 0, 0, 0, 0), I(RETURN, 1, 0, 0, 0, 0)), NO_CONSTS);
  globals[0] = func(f);
  ASSERT_RAISES(call0(globals[0]), ERR_LIMIT + LIMIT_MEMORY);
  vm->stack_size = 100;
  ASSERT_RAISES(call0(globals[0]), ERR_LIMIT + LIMIT_MEMORY);
  ASSERT_CLEAN();
}
END_TEST

START_TEST(memory_limit) {
  /* t = (); for ever: t = (t,) */
  Function *f = define(0, 0, CODE(I(BUILD_TUPLE, 0, 0, 1, 0, 0), I(JUMP, 0, 0, 0, 0, 0), I(RETURN, 1, 0, 0, 0, 0)), NO_CONSTS);
  handlers(f, (Handler[]){{0, 2, 2, 1, HANDLER_EXCEPT, 0}}, 1);
  uint32_t mark = vm_mark(vm);
  ASSERT_RAISES(call0(guard(f)), ERR_LIMIT + LIMIT_MEMORY);
  vm_reset(vm, mark);
  ASSERT_CLEAN();
}
END_TEST

/* ---- compiled code ---- */

/* for x in it: s += double(x), as an emitter would write it. */
static int native_sum(Vm *m, Value *r, uint32_t pc) {
  int status;
  switch (pc) {
    case 0: r[1] = v_int(0); break;
    case 4: goto L4;
    case 6: goto L6;
    default: return RUN_RAISED;
  }
  vm_frame(m)->pc = 1;
  if (!(r[2] = op_get_iter(m, r[0]))) return RUN_RAISED;
L2:
  vm_frame(m)->pc = 2;
  status = op_for_iter(m, r[2], r, 3);
  if (status == 2) return RUN_PUSHED;
  if (status < 0) return RUN_RAISED;
  if (!status) goto L6;
  vm_frame(m)->pc = 3;
  status = call_positional(m, 3, globals[0], r + 3, 1);
  if (status != RUN_DONE) return status;
L4:
  vm_frame(m)->pc = 4;
  status = op_iadd_any(m, 1, r[1], r[3]);
  if (status != RUN_DONE) return status;
  if (!count_steps(m, 4)) return RUN_RAISED;
  goto L2;
L6:
  return finish_frame(m, r[1]);
}

START_TEST(compiled_code) {
  Function *twice = define(1, 0, CODE(I(MUL, 1, 0, K(0), 0, 0), I(RETURN, 1, 0, 0, 0, 0)), CONSTS(v_int(2)));
  globals[0] = func(twice);
  Function *f = define(1, 0, CODE(I(MOVE, 1, K(0), 0, 0, 0), I(GET_ITER, 2, 0, 0, 0, 0), I(FOR_ITER, 3, 2, 0, 6, 0),
                                  I(CALL, 3, 4, 1, 3, 0), I(IADD, 1, 1, 3, 0, 0), I(JUMP, 0, 0, 0, 2, 0),
                                  I(RETURN, 1, 0, 0, 0, 0)),
                       CONSTS(v_int(0)));
  f->native = native_sum;
  ASSERT_INT(call1(func(f), ints(3, 1, 2, 3)), 12);
  ASSERT_RAISES(call1(func(f), V_NONE), ERR_TypeError);
  ck_assert_uint_eq(vm->error_line, 2);
  ASSERT_RAISES(call1(func(f), tuple_of(vm, &names[0], 1)), ERR_TypeError); /* 0 + 'aa' */
  ck_assert_uint_eq(vm->error_line, 5);
  Function *outer = define(1, 0, CODE(I(CALL, 1, K(0), 1, 0, 0), I(ADD, 1, 1, 1, 0, 0), I(RETURN, 1, 0, 0, 0, 0)),
                           CONSTS(guard(f)));
  ASSERT_INT(call1(func(outer), ints(3, 1, 2, 3)), 24);
  ASSERT_CLEAN();
}
END_TEST

static Suite *interp_suite(void) {
  Suite *s = suite_create("interp");
  TCase *t = tcase_create("interp");
  tcase_add_checked_fixture(t, setup, teardown);
  const TTest *const tests[] = {
      arithmetic, comparisons, loops, set_changed_in_loop, items_and_methods, unbound_names, unpacking, closures,
      keywords, star_parameters, call_instructions, except_clauses, except_across_calls, raise_and_match,
      genexpr_handler, genexpr_depth, generators, generator_expression, generator_runs_itself, stop_iteration_in_generators,
      lazy_operands, guards, guard_near_the_limit, recursion_limit, power_beyond_the_limit, builtins_at_the_limit,
      step_limit, stack_limit, memory_limit, compiled_code};
  for (size_t i = 0; i < sizeof tests / sizeof *tests; i++) tcase_add_test(t, tests[i]);
  suite_add_tcase(s, t);
  return s;
}

int main(void) {
  SRunner *runner = srunner_create(interp_suite());
  srunner_run_all(runner, CK_NORMAL);
  int failed = srunner_ntests_failed(runner);
  srunner_free(runner);
  return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
