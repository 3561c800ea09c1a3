/* literal.h - tests in Python's own notation: values are read from literals, results are compared as
 * repr() text (for exceptions "!TypeError", for limits "!limit integer"). The tables in the tests were
 * filled in by CPython 3.11.
 *
 * literal(vm, &text) reads: ints, floats, nan, inf, strings in '', None, True, False, (), [], {}, {k: v},
 * set(), frozenset(..), range(..), slice(..), iter(..), Counter(..), and the names of types and builtins. */
#ifndef BATTC_TEST_LITERAL_H
#define BATTC_TEST_LITERAL_H

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "builtin.h"
#include "native.h"
#include "object.h"

static Vm *vm;
static Image image;

static inline void literal_setup(void) {
  vm = vm_new((size_t)64 << 20);
  if (!vm || !vm_init_values(vm, &image)) {
    fputs("no machine for tests\n", stderr);
    exit(2);
  }
  vm->image = &image;
}

static inline Value text_value(const char *s) { return new_str(vm, s, strlen(s)); }

static inline const char *error_text(void) {
  static char text[80];
  snprintf(text, sizeof text, "!%s", error_name(vm->error));
  return text;
}

static inline void skip_space(const char **s) {
  while (**s == ' ' || **s == ',') (*s)++;
}

static inline Value literal(const char **s);

/* Items up to `close`, into a list; ':' separates like a comma. */
static inline Value literal_items(const char **s, char close, bool *pairs) {
  Value list = new_list(vm, 0);
  *pairs = false;
  for (;;) {
    skip_space(s);
    if (**s == ':') {
      *pairs = true;
      (*s)++;
      continue;
    }
    if (**s == close) break;
    ck_assert_msg(**s, "literal ends early");
    list_append(vm, list, literal(s));
  }
  (*s)++;
  return list;
}

static inline Value call_value(Value f, Value args) {
  CallArgs call = {as_tuple(vm, args)->items, as_tuple(vm, args)->len, 0, NULL};
  PreludeCall plan;
  Value v = 0;
  CallStatus status = builtin_call(vm, f, &call, &v, &plan);
  return status == CALL_DONE ? v : 0;
}

static inline Value literal_dict(Value items) {
  Value dict = new_dict(vm);
  const List *l = as_list(vm, items);
  for (uint32_t i = 0; i + 1 < l->len; i += 2) dict_set(vm, dict, list_items(vm, l)[i], list_items(vm, l)[i + 1]);
  return dict;
}

static inline Value literal_word(const char **s) {
  char word[40];
  size_t n = strspn(*s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_");
  ck_assert(n && n < sizeof word);
  memcpy(word, *s, n);
  word[n] = 0;
  *s += n;
  if (!strcmp(word, "None")) return V_NONE;
  if (!strcmp(word, "True")) return V_TRUE;
  if (!strcmp(word, "False")) return V_FALSE;
  if (!strcmp(word, "nan")) return image.nan;
  if (!strcmp(word, "inf")) return image.inf;
  Value callee;
  if (!type_by_name(word, &callee)) {
    int id = builtin_by_name(word);
    ck_assert_msg(id >= 0, "unknown word %s", word);
    callee = SPECIAL(KIND_BUILTIN, id);
  }
  if (**s != '(') return callee;
  (*s)++;
  bool pairs;
  return call_value(callee, list_to_tuple(vm, literal_items(s, ')', &pairs)));
}

static inline Value literal_string(const char **s) {
  char text[200];
  size_t n = 0;
  for ((*s)++; **s != '\''; (*s)++) {
    if (**s == '\\') {
      (*s)++;
      text[n++] = **s == 'n' ? '\n' : **s == 't' ? '\t' : **s;
    } else {
      text[n++] = **s;
    }
    ck_assert(n < sizeof text && **s);
  }
  (*s)++;
  return new_str(vm, text, n);
}

static inline Value literal_number(const char **s) {
  char *end, *fend;
  long long i = strtoll(*s, &end, 10);
  double d = strtod(*s, &fend);
  ck_assert_msg(end != *s || fend != *s, "not a literal: %s", *s);
  bool is_float = fend > end;
  *s = is_float ? fend : end;
  return is_float ? new_float(vm, d) : v_int(i);
}

static inline Value literal(const char **s) {
  bool pairs;
  skip_space(s);
  char c = **s;
  if (c == '(' || c == '[' || c == '{') {
    (*s)++;
    Value items = literal_items(s, c == '(' ? ')' : c == '[' ? ']' : '}', &pairs);
    if (c == '[') return items;
    if (c == '(') return list_to_tuple(vm, items);
    return pairs || !as_list(vm, items)->len ? literal_dict(items) : set_from(vm, KIND_SET, items);
  }
  if (c == '\'') return literal_string(s);
  if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_') return literal_word(s);
  if (c == '-' && !strncmp(*s, "-inf", 4)) {
    *s += 4;
    return value_unary(vm, OP_NEG, image.inf);
  }
  return literal_number(s);
}

static inline Value literal_of(const char *s) { return literal(&s); }

/* repr() of a value, iterators as the list of what they give; 0 is the pending exception. */
static inline const char *result_text(Value v) {
  if (v && is_kind(v, KIND_ITER)) v = list_from(vm, v);
  Value s = v ? value_repr(vm, v, 0) : 0;
  return s ? as_str(vm, s)->bytes : error_text();
}

/* callee(*args, **kwargs) where callee is "name" of a builtin or type, or ".name" of a method of args[0]. */
static inline const char *call_text(const char *callee, const char *args, const char *kwargs) {
  Value items[16], names[8];
  Value a = literal_of(args), k = literal_of(kwargs);
  uint32_t n = as_tuple(vm, a)->len, nkw = 0, pos = 0, skip = callee[0] == '.';
  ck_assert(n + 4 < 16);
  memcpy(items, as_tuple(vm, a)->items, n * sizeof *items);
  while (dict_next(vm, k, &pos, &names[nkw], &items[n + nkw])) nkw++;
  CallArgs call = {items + skip, n - skip, nkw, names};
  PreludeCall plan;
  Value result = 0, f = 0;
  CallStatus status;
  if (skip) {
    f = value_getattr(vm, items[0], text_value(callee + 1));
    if (!f) return error_text();
    status = method_call(vm, as_method(vm, f)->method, as_method(vm, f)->self, &call, &result, &plan);
  } else {
    status = builtin_call(vm, literal_of(callee), &call, &result, &plan);
  }
  if (status == CALL_PRELUDE) return "!prelude";
  if (status == CALL_DONE && skip && result == V_NONE) result = items[0]; /* what became of the object */
  return result_text(status == CALL_DONE ? result : 0);
}

typedef struct {
  const char *callee, *args, *kwargs, *expected;
} CallRow;

static inline void check_calls(const CallRow *rows, size_t n) {
  for (size_t i = 0; i < n; i++) {
    uint32_t mark = vm_mark(vm);
    const char *got = call_text(rows[i].callee, rows[i].args, rows[i].kwargs);
    ck_assert_msg(!strcmp(got, rows[i].expected), "%s%s %s: %s, expected %s", rows[i].callee, rows[i].args,
                  rows[i].kwargs, got, rows[i].expected);
    vm_reset(vm, mark);
  }
}

/* An operator by its Python sign; "u-" and the like are unary on a. Items: "[]" is a[b]. */
static inline Value operate(const char *sign, Value a, Value b) {
  static const struct { const char *sign; Opcode op; } table[] = {
    {"+", OP_ADD}, {"-", OP_SUB}, {"*", OP_MUL}, {"/", OP_TRUEDIV}, {"//", OP_FLOORDIV}, {"%", OP_MOD},
    {"**", OP_POW}, {"&", OP_BITAND}, {"|", OP_BITOR}, {"^", OP_BITXOR}, {"<<", OP_LSHIFT}, {">>", OP_RSHIFT},
    {"+=", OP_IADD}, {"-=", OP_ISUB}, {"*=", OP_IMUL}, {"&=", OP_IAND}, {"|=", OP_IOR}, {"^=", OP_IXOR},
    {"u-", OP_NEG}, {"u+", OP_POS}, {"u~", OP_BITNOT}};
  if (!strcmp(sign, "[]")) return value_getitem(vm, a, b);
  for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
    if (strcmp(table[i].sign, sign)) continue;
    if (sign[0] == 'u') return value_unary(vm, table[i].op, a);
    return table[i].op >= OP_IADD && table[i].op <= OP_IXOR ? value_arith_inplace(vm, table[i].op, a, b)
                                                            : value_arith(vm, table[i].op, a, b);
  }
  ck_abort_msg("no operator %s", sign);
}

typedef struct {
  const char *a, *sign, *b, *expected;
} OperatorRow;

static inline const char *operator_text(const char *a, const char *sign, const char *b) {
  Value x = literal_of(a);
  return result_text(operate(sign, x, literal_of(b)));
}

static inline void check_operators(const OperatorRow *rows, size_t n) {
  for (size_t i = 0; i < n; i++) {
    uint32_t mark = vm_mark(vm);
    const char *got = operator_text(rows[i].a, rows[i].sign, rows[i].b);
    ck_assert_msg(!strcmp(got, rows[i].expected), "%s %s %s: %s, expected %s", rows[i].a, rows[i].sign, rows[i].b,
                  got, rows[i].expected);
    vm_reset(vm, mark);
  }
}

#define CHECK_CALLS(rows) check_calls(rows, sizeof(rows) / sizeof *(rows))
#define CHECK_OPERATORS(rows) check_operators(rows, sizeof(rows) / sizeof *(rows))

static inline int run_suite(Suite *s) {
  SRunner *r = srunner_create(s);
  srunner_set_fork_status(r, CK_NOFORK);
  srunner_run_all(r, CK_NORMAL);
  int failed = srunner_ntests_failed(r);
  srunner_free(r);
  return failed != 0;
}

#endif
