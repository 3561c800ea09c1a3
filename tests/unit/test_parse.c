/* test_parse.c - text to syntax trees: shapes of expressions and statements, places, limits, chunks. */
#include "ast.h"
#include "diag.h"
#include "opcode.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

static Source *source;

static const char *const kinds[] = {
#define X(kind, fields) #kind,
    NODE_LIST(X)
#undef X
};

static const char *const ops[] = {
#define X(op, pattern, meaning) #op,
    OPCODE_LIST(X)
#undef X
};

static void drop_source(void) {
  source_free(source);
  source = NULL;
}

static Node *parse_bytes(const char *text, size_t len) {
  drop_source();
  source = source_from_text("test.py", text, len);
  return source && parse_source(source) ? source->module_node : NULL;
}

static Node *parse(const char *text) { return parse_bytes(text, strlen(text)); }

/* ---- a tree as text: (KIND fields children), names and ints bare ---- */

static void show(FILE *out, const Node *n);

static void show_list(FILE *out, const char *before, const NodeList *list) {
  if (list->len) fputs(before, out);
  for (uint32_t k = 0; k < list->len; k++) {
    fputc(' ', out);
    show(out, list->items[k]);
  }
}

static void show_fields(FILE *out, const Node *n) {
  if (n->kind == N_UNARY || n->kind == N_BINARY || n->kind == N_AUGASSIGN) fprintf(out, " %s", ops[n->op]);
  for (uint32_t k = 0; n->kind == N_COMPARE && k + 1 < n->list.len; k++) fprintf(out, " %s", ops[n->ops[k]]);
  if (n->kind == N_PARAM) fputs((const char *const[]){"", " *", " kw", " **"}[n->ival], out);
  if (n->kind == N_FROM) fprintf(out, " %d", (int)n->ival);
  if (n->name) fprintf(out, " %s", n->name);
  if (n->name2) fprintf(out, " as %s", n->name2);
}

static void show(FILE *out, const Node *n) {
  if (!n) {
    fputs("-", out);
  } else if (n->kind == N_NAME) {
    fputs(n->name, out);
  } else if (n->kind == N_INT && !(n->flags & NODE_BIG)) {
    fprintf(out, "%lld", (long long)n->ival);
  } else {
    fprintf(out, "(%s", kinds[n->kind]);
    show_fields(out, n);
    const Node *parts[] = {n->a, n->b, n->c};
    for (int k = 0; k < 3; k++) {
      if (!parts[k] && n->kind != N_SLICE) continue;
      fputc(' ', out);
      show(out, parts[k]);
    }
    show_list(out, "", &n->list);
    show_list(out, " |", &n->list2);
    show_list(out, " |3", &n->list3);
    show_list(out, " |4", &n->list4);
    fputc(')', out);
  }
}

static void expect(const char *text, const char *shape) {
  char *got = NULL;
  size_t len;
  FILE *out = open_memstream(&got, &len);
  Node *module = parse(text);
  ck_assert_msg(module != NULL, "not accepted: %s", text);
  for (uint32_t k = 0; k < module->list.len; k++) {
    const Node *n = module->list.items[k];
    if (k) fputc(' ', out);
    show(out, n->kind == N_EXPR ? n->a : n);
  }
  fclose(out);
  ck_assert_str_eq(got, shape);
  free(got);
}

static void refuse(const char *text) {
  uint32_t before = diag_errors();
  ck_assert_msg(parse(text) == NULL, "accepted: %s", text);
  ck_assert_uint_gt(diag_errors(), before);
}

/* ---- expressions ---- */

START_TEST(operators_bind_as_in_python) {
  expect("a + b * c - d", "(BINARY SUB (BINARY ADD a (BINARY MUL b c)) d)");
  expect("-a ** -b", "(UNARY NEG (BINARY POW a (UNARY NEG b)))");
  expect("a & b ^ c", "(BINARY BITXOR (BINARY BITAND a b) c)");
  expect("a ^ b & c ^ d", "(BINARY BITXOR (BINARY BITXOR a (BINARY BITAND b c)) d)");
  expect("a & b ^ c & d | e", "(BINARY BITOR (BINARY BITXOR (BINARY BITAND a b) (BINARY BITAND c d)) e)");
  expect("a & (b ^ c)", "(BINARY BITAND a (BINARY BITXOR b c))");
  expect("not a == b", "(NOT (COMPARE EQ a b))");
  expect("a and b and c or d", "(OR (AND a b c) d)");
  expect("(a and b) and c", "(AND (AND a b) c)");
  expect("a if b else c if d else e", "(IFEXP b a (IFEXP d c e))");
  expect("lambda: a if b else c", "(LAMBDA (PARAMS) (IFEXP b a c))");
  expect("a @ b", "(UNSUPPORTED operator @ a b)");
}
END_TEST

START_TEST(comparisons_chain) {
  expect("a < b <= c != d", "(COMPARE LT LE NE a b c d)");
  expect("a in b not in c is d is not e", "(COMPARE IN NOT_IN IS IS_NOT a b c d e)");
}
END_TEST

START_TEST(calls_and_subscripts) {
  expect("f(a, *b, c=1, **d)", "(CALL f a (STAR b) (KEYWORD c 1) (DOUBLESTAR d))");
  expect("f(x for x in y)", "(CALL f (GENEXP x (COMPFOR x y)))");
  expect("f(*a + b)", "(CALL f (STAR (BINARY ADD a b)))");
  expect("a.b(c)[d].e", "(ATTRIBUTE e (SUBSCRIPT (CALL (ATTRIBUTE b a) c) d))");
  expect("a[1:]", "(SUBSCRIPT a (SLICE 1 - -))");
  expect("a[:, ::2]", "(SUBSCRIPT a (TUPLE (SLICE - - -) (SLICE - - 2)))");
  expect("a[b,]", "(SUBSCRIPT a (TUPLE b))");
  expect("print(a)", "(CALL print a)");
}
END_TEST

START_TEST(displays_and_comprehensions) {
  expect("(); (a,); (a); [a, *b]; {a}; {}", "(TUPLE) (TUPLE a) a (LIST a (STAR b)) (SET a) (DICT)");
  expect("{a: b, **c}", "(DICT a b - c)");
  expect("[a for b, c in d if e if f for g in h]", "(LISTCOMP a (COMPFOR (TUPLE b c) d e f) (COMPFOR g h))");
  expect("{a: b for a in c}", "(DICTCOMP a b (COMPFOR a c))");
  expect("a, *b", "(TUPLE a (STAR b))");
  expect("(a := b)", "(NAMEDEXPR a b)");
}
END_TEST

START_TEST(parentheses_leave_a_flag) {
  Node *module = parse("(a)\na\n(a, b)\n");
  ck_assert(module->list.items[0]->a->flags & NODE_PAREN);
  ck_assert(!(module->list.items[1]->a->flags & NODE_PAREN));
  ck_assert(module->list.items[2]->a->flags & NODE_PAREN);
}
END_TEST

/* ---- literals ---- */

START_TEST(numbers) {
  expect("0; 00; 1_000; 0xFf; 0o17; 0b101", "0 0 1000 255 15 5");
  expect("9223372036854775807", "9223372036854775807");
  expect("9223372036854775808", "(INT 9223372036854775808)");
  expect("0x1_0000000000000000", "(INT 0x10000000000000000)");
  expect("1j", "(UNSUPPORTED complex number)");
  ck_assert_double_eq(parse("1_0.5e-1")->list.items[0]->a->fval, 1.05);
  ck_assert_double_eq(parse("1e400")->list.items[0]->a->fval, 1.0 / 0.0);
  refuse("0777\n");
  refuse("1__0\n");
  refuse("1_\n");
  refuse("10L\n");
}
END_TEST

static void expect_string(const char *text, const char *bytes, size_t len) {
  Node *module = parse(text);
  ck_assert_ptr_nonnull(module);
  Node *n = module->list.items[0]->a;
  ck_assert_int_eq(n->kind, N_STR);
  ck_assert_uint_eq((size_t)n->ival, len);
  ck_assert_mem_eq(n->name, bytes, len);
}

START_TEST(strings) {
  expect_string("'a' \"b\"\n", "ab", 2);
  expect_string("'\\n\\t\\\\\\'\\0\\101\\x41\\q'\n", "\n\t\\'\0AA\\q", 9);
  expect_string("'\\u00e9\\U0001F600\\xff'\n", "\xc3\xa9\xf0\x9f\x98\x80\xc3\xbf", 8);
  expect_string("'a\\\nb'\n", "ab", 2);
  expect_string("r'\\n' R'\\''\n", "\\n\\'", 4);
  expect_string("'''a\r\nb'''\n", "a\nb", 3);
  expect_string("f'{{a}}' 'b'\n", "{a}b", 4);
  expect("b'a'", "(UNSUPPORTED bytes literal)");
  refuse("'\\x4'\n");
  refuse("b'a' 'b'\n");
}
END_TEST

START_TEST(formatted_strings) {
  expect("f'{a!r:>{b}} {c + d = } {e, f}' 'x' f\"{g['h']}\"",
         "(FSTRING (FORMATTED a (FSTRING (STR >) b)) (STR  ) (STR c + d = ) (FORMATTED (BINARY ADD c d)) (STR  ) (TUPLE e f) (STR x) (SUBSCRIPT g (STR h)))");
  expect("f'{{{a}b' 'c'", "(FSTRING (STR {) a (STR b) (STR c))");
  expect("f'{x:=5}'", "(FSTRING (FORMATTED x (FSTRING (STR =5))))");
  refuse("f'{}'\n");
  refuse("f'}'\n");
  refuse("f'{a\n");
}
END_TEST

/* ---- statements ---- */

START_TEST(assignments) {
  expect("a = b = c", "(ASSIGN c a b)");
  expect("a, (b, *c), [d] = e", "(ASSIGN e (TUPLE a (TUPLE b (STAR c)) (LIST d)))");
  expect("(a) = b", "(ASSIGN b a)");
  expect("a.b += c", "(AUGASSIGN IADD (ATTRIBUTE b a) c)");
  expect("a //= b; a |= c; a >>= d", "(AUGASSIGN FLOORDIV a b) (AUGASSIGN IOR a c) (AUGASSIGN RSHIFT a d)");
  expect("a: b = c", "(ANNASSIGN a c b)");
  expect("a: b[c, ...]", "(ANNASSIGN a (SUBSCRIPT b (TUPLE c (ELLIPSIS))))");
  expect("a: b[c] | d | None", "(ANNASSIGN a (BINARY BITOR (BINARY BITOR (SUBSCRIPT b c) d) (NONE)))");
  expect("type(a).b = c", "(ASSIGN c (ATTRIBUTE b (CALL type a)))");
  expect("print = type = exec", "(ASSIGN exec print type)");
}
END_TEST

START_TEST(compound_statements) {
  expect("if a: b\nelif c: d\nelse: e\n", "(IF a (EXPR b) | (IF c (EXPR d) | (EXPR e)))");
  expect("for a, in b:\n  break\nelse: c\n", "(FOR (TUPLE a) b (BREAK) | (EXPR c))");
  expect("while a:\n  continue\n", "(WHILE a (CONTINUE))");
  expect("try: a\nexcept (B, C) as d: e\nexcept: f\nelse: g\nfinally: h\n",
         "(TRY (EXPR a) | (HANDLER d (TUPLE B C) (EXPR e)) (HANDLER (EXPR f)) |3 (EXPR g) |4 (EXPR h))");
  expect("with a as b, c:\n  d\n", "(UNSUPPORTED with (ASSIGN a b) (EXPR c) (EXPR d))");
  expect("match a:\n  case [b, 1]: c\n", "(UNSUPPORTED match (EXPR a) (ASSIGN (NONE) b) (EXPR c))");
}
END_TEST

START_TEST(functions) {
  expect("@d\ndef f(a, /, b: t = 1, *c, e, **g) -> r: return a\n",
         "(DEF f (PARAMS (PARAM a) (PARAM b 1 t) (PARAM * c) (PARAM kw e) (PARAM ** g)) r (RETURN a) | d)");
  expect("def f(*, a): pass\n", "(DEF f (PARAMS (PARAM kw a)) (PASS))");
  expect("class A(B, c=d): pass\n", "(CLASS A (PASS) |3 B (KEYWORD c d))");
  expect("def f():\n  global a, b\n  yield\n", "(DEF f (PARAMS) (GLOBAL a b) (EXPR (YIELD)))");
}
END_TEST

START_TEST(imports) {
  expect("import a.b as c, d", "(IMPORT (ALIAS a.b as c) (ALIAS d))");
  expect("from . import a", "(FROM 1  (ALIAS a))");
  expect("from ..a . b import (c as d, e,)", "(FROM 2 a.b (ALIAS c as d) (ALIAS e))");
  expect("from a import *", "(FROM 0 a)");
}
END_TEST

START_TEST(places_are_lines_and_byte_columns) {
  Node *module = parse("\xef\xbb\xbfx = 1\r\n\n'\xc3\xa9' + yy\n");
  const Node *sum = module->list.items[1]->a;
  ck_assert_uint_eq(module->list.items[0]->line, 1);
  ck_assert_uint_eq(module->list.items[0]->col, 1);
  ck_assert_uint_eq(sum->b->line, 3);
  ck_assert_uint_eq(sum->b->col, 8);
}
END_TEST

START_TEST(lines_inside_brackets_may_be_indented_less) {
  expect("if a:\n    b = (c.\n  d)  # e\n", "(IF a (ASSIGN (ATTRIBUTE d c) b))");
  expect("a = 1 \\\n  + 2\n", "(ASSIGN (BINARY ADD 1 2) a)");
}
END_TEST

/* ---- limits ---- */

static char *repeat(const char *before, const char *part, uint32_t times, const char *after) {
  size_t len = strlen(part), at = strlen(before);
  char *text = malloc(at + len * times + strlen(after) + 1);
  memcpy(text, before, at);
  for (uint32_t k = 0; k < times; k++, at += len) memcpy(text + at, part, len);
  strcpy(text + at, after);
  return text;
}

static bool accepts(const char *before, const char *part, uint32_t times, const char *after) {
  char *text = repeat(before, part, times, after);
  bool good = parse(text) != NULL;
  free(text);
  return good;
}

START_TEST(long_chains_are_no_nesting) {
  ck_assert(accepts("a", "+a", 2900, "\n"));
  ck_assert(accepts("a", ".b", 2900, "\n"));
  ck_assert(accepts("a", " and a", 20000, "\n"));
  ck_assert(accepts("a", "<a", 5000, "\n"));
  ck_assert(accepts("", "a=", 5000, "1\n"));
  ck_assert(accepts("if a: pass\n", "elif a: pass\n", 1000, ""));
  ck_assert(accepts("x = [", "'a',", 100000, "]\n"));
}
END_TEST

START_TEST(deep_nesting_is_an_error) {
  static const char *const parts[] = {"(", "[", "{1:", "not ", "-", "lambda: ", "a if b else ", "a**", "f(", "a[", "await "};
  for (size_t k = 0; k < sizeof parts / sizeof *parts; k++) {
    ck_assert(!accepts("x = ", parts[k], 10000, "\n"));
    ck_assert(!accepts("x = ", parts[k], 100000, "\n"));
  }
  ck_assert(!accepts("x = ", "a+", 10000, "a\n"));
  ck_assert(!accepts("", "if x\n", 60000, ""));
  ck_assert(!accepts("x = [", "a if b, ", 70000, "]\n"));
}
END_TEST

START_TEST(indentation_has_a_limit) {
  for (int levels = 50; levels <= 10000; levels *= 200) {
    char *text = malloc((size_t)levels * (size_t)(levels + 8) + (size_t)levels + 8), *at = text;
    for (int k = 0; k < levels; k++) at += sprintf(at, "%*sif a:\n", k, "");
    sprintf(at, "%*sb\n", levels, "");
    ck_assert((parse(text) != NULL) == (levels < 100));
    free(text);
  }
}
END_TEST

START_TEST(chunks_join_to_one_tree) {
  char *body = repeat("@d\ndef f(a):\n", "    try:\n        x = g(a, (1, 2))\n    except E:\n        x = None\n", 4000,
                      "    return x\nclass A:\n");
  char *text = repeat(body, "    def m(self): return 1\n", 4000, "y = 1\n");
  Node *module = parse(text);
  free(body);
  free(text);
  ck_assert_ptr_nonnull(module);
  ck_assert_uint_eq(module->list.len, 3);
  ck_assert_uint_eq(module->list.items[0]->list.len, 4001);
  ck_assert_uint_eq(module->list.items[0]->list2.len, 1);
  ck_assert_uint_eq(module->list.items[0]->list.items[4000]->line, 16003);
  ck_assert_uint_eq(module->list.items[1]->list.len, 4000);
  ck_assert_int_eq(module->list.items[1]->list.items[3999]->kind, N_DEF);
  ck_assert_int_eq(module->list.items[2]->kind, N_ASSIGN);
}
END_TEST

/* ---- sources ---- */

START_TEST(bad_text_is_refused) {
  ck_assert_ptr_null(parse_bytes("a\0b", 3));
  ck_assert_ptr_null(parse("a = '\xff'\n"));
  ck_assert_ptr_null(parse("a = '\xed\xa0\x80'\n"));
  ck_assert_ptr_null(parse("a = '\xc0\x80'\n"));
  ck_assert_ptr_null(source_load("/no/such/file.py"));
  ck_assert_ptr_null(source_load("/"));
  ck_assert_ptr_nonnull(parse(""));
  ck_assert_ptr_nonnull(parse("\n# only a comment"));
}
END_TEST

START_TEST(syntax_errors_are_counted) {
  uint32_t before = diag_errors();
  ck_assert_ptr_null(parse("a = \nb = (1 2)\nif c\n    d\n"));
  ck_assert_uint_eq(diag_errors(), before + 3);
}
END_TEST

int main(void) {
  Suite *suite = suite_create("parse");
  TCase *tests = tcase_create("parse");
  tcase_add_checked_fixture(tests, NULL, drop_source);
  TTest const *const all[] = {
      operators_bind_as_in_python, comparisons_chain, calls_and_subscripts, displays_and_comprehensions,
      parentheses_leave_a_flag, numbers, strings, formatted_strings, assignments, compound_statements, functions, imports,
      places_are_lines_and_byte_columns, lines_inside_brackets_may_be_indented_less, long_chains_are_no_nesting,
      deep_nesting_is_an_error, indentation_has_a_limit, chunks_join_to_one_tree, bad_text_is_refused,
      syntax_errors_are_counted};
  for (size_t k = 0; k < sizeof all / sizeof *all; k++) tcase_add_test(tests, all[k]);
  suite_add_tcase(suite, tests);
  SRunner *runner = srunner_create(suite);
  srunner_set_fork_status(runner, CK_NOFORK);
  srunner_run_all(runner, CK_NORMAL);
  int failed = srunner_ntests_failed(runner);
  srunner_free(runner);
  return failed != 0;
}
