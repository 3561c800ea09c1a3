/* test_bto.c - units written and read back, and what must not be read. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "battc.h"
#include "object.h"

#include "../../runtime/host/file.h"
#include "../../runtime/host/result.h"

static const char program_text[] =
    "WORDS = ['a', 'b\\n']\n"
    "TABLE = {1: 'one', (2, 3): frozenset({5, 6, 7})}\n"
    "SPAN = range(3, 20, 4)\n"
    "def adder(n, *rest, step=2):\n"
    "    def add(x):\n"
    "        return x + n + step\n"
    "    return add\n"
    "FIVE = adder(3)\n"
    "def pairs(n):\n"
    "    i = 0\n"
    "    while i < n:\n"
    "        yield i, n\n"
    "        i += 1\n"
    "def tries(items):\n"
    "    out = []\n"
    "    for v in items:\n"
    "        try:\n"
    "            out.append(10 // v)\n"
    "        except ZeroDivisionError as e:\n"
    "            out.append('zero')\n"
    "        except TypeError:\n"
    "            out.append(None)\n"
    "    return tuple(out)\n"
    "def many(x):\n"
    "    k = 2\n"
    "    fs = [lambda: (x, k, i) for i in range(2)]\n"
    "    a, *b = pairs(3)\n"
    "    return fs[0](), a, b, {v for v in x if any(w > v for w in x)}, max(w for w in x), WORDS, TABLE, SPAN, FIVE(1)\n"
    "def batt(task_id, S, I, C, log_path):\n"
    "    s = []\n"
    "    o = []\n"
    "    try:\n"
    "        t1 = tries((1, 0, 'x', 3))\n"
    "    except Exception:\n"
    "        t1 = ()\n"
    "    try:\n"
    "        t2 = many(t1[0:1] + (7,))\n"
    "    except (TypeError, IndexError):\n"
    "        t2 = t1\n"
    "    t5 = len(t2)\n"
    "    t3, t4 = divmod(17, k) if False else (3, I)\n"
    "    o.append((1, t1, t2))\n"
    "    o.append((2, sorted({3: 1, 2: 2}, key=lambda q: -q), t3, C))\n"
    "    s.append((3, frozenset((i, j) for i in range(4) for j in range(3)), t4))\n"
    "    return o, s\n";

static char folder[] = "/tmp/battc-bto-XXXXXX";

static const char *in_folder(const char *name) {
  static char path[4][200];
  static int next;
  char *p = path[next++ % 4];
  snprintf(p, sizeof path[0], "%s/%s", folder, name);
  return p;
}

static void put_file(const char *path, const char *bytes, size_t len) {
  FILE *f = fopen(path, "wb");
  ck_assert_ptr_nonnull(f);
  ck_assert_uint_eq(fwrite(bytes, 1, len, f), len);
  fclose(f);
}

static Unit *compile_text(const char *text) {
  const char *path = in_folder("batt.py");
  put_file(path, text, strlen(text));
  CompileOptions options = {.file = path, .bundled_dsl = "dsl"};
  Unit *unit = compile_file(&options);
  ck_assert_ptr_nonnull(unit);
  return unit;
}

static Unit *compile_sample(void) { return compile_text(program_text); }

/* Messages of what is refused on purpose. */
static int quiet(void) {
  fflush(stderr);
  int kept = dup(STDERR_FILENO);
  ck_assert_ptr_nonnull(freopen("/dev/null", "w", stderr));
  return kept;
}

static void loud(int kept) {
  fflush(stderr);
  dup2(kept, STDERR_FILENO);
  close(kept);
}

static bool refused(const char *path) {
  int kept = quiet();
  Unit *unit = bto_read(path);
  loud(kept);
  if (unit) unit_free(unit);
  return unit == NULL;
}

static bool broken(const Unit *unit) {
  int kept = quiet();
  bool ok = ir_check(unit);
  loud(kept);
  return !ok;
}

static char *ir_text(const Unit *unit) {
  char *text = NULL;
  size_t len = 0;
  FILE *f = open_memstream(&text, &len);
  ir_print(f, unit);
  fclose(f);
  return text;
}

/* Every output of a call, as JSON. */
static void run_text(const Unit *unit, Buffer *b) {
  const Program *p = &unit->programs[0];
  Vm *vm = unit->vm;
  Execution *x = exec_new(p, vm);
  ck_assert_ptr_nonnull(x);
  exec_reset_to_program(x);
  exec_begin_task(x, new_str(vm, "id", 2), new_tuple(vm, 0));
  exec_reset_to_task(x);
  exec_begin_sample(x, new_tuple(vm, 0));
  CallOutcome outcome = exec_call(x, V_NONE);
  ck_assert_uint_eq(outcome.error, ERR_COUNT);
  LimitCounts limits = {{0}};
  for (uint32_t i = 0; i < p->noutputs; i++)
    for (uint32_t k = 0; k < p->outputs[i].nitems; k++) {
      Operand o = p->operands[p->outputs[i].items + k];
      result_value(b, vm, o >= 0 ? x->values[o] : p->consts[~o], &limits);
      buffer_char(b, '\n');
    }
  exec_free(x);
}

START_TEST(a_unit_comes_back) {
  Unit *unit = compile_sample();
  ck_assert(ir_check(unit));
  ck_assert(bto_write(in_folder("a.bto"), unit));
  Unit *again = bto_read(in_folder("a.bto"));
  ck_assert_ptr_nonnull(again);
  char *a = ir_text(unit), *b = ir_text(again);
  ck_assert_str_eq(a, b);
  ck_assert_uint_eq(unit_key(unit), unit_key(again));
  Buffer x = {0}, y = {0};
  run_text(unit, &x);
  run_text(again, &y);
  buffer_char(&x, 0);
  buffer_char(&y, 0);
  ck_assert_str_eq(x.data, y.data);
  ck_assert_ptr_nonnull(strstr(x.data, "[10,\"zero\",null,3]"));
  free(a);
  free(b);
  buffer_free(&x);
  buffer_free(&y);
  unit_free(unit);
  unit_free(again);
}
END_TEST

static uint64_t key_of(const char *text) {
  Unit *unit = compile_text(text);
  uint64_t key = unit_key(unit);
  unit_free(unit);
  return key;
}

#define BATT "def batt(task_id, S, I, C, log_path):\n    o = []\n    s = []\n    t1 = f(I)\n    return o, s\n"

START_TEST(the_key_is_the_meaning) {
  uint64_t key = key_of("def f(x):\n    return (x, 1, 'a')\n" BATT);
  ck_assert_uint_eq(key, key_of("# a comment\n\ndef f(x):\n    # more\n    return (x, 1, 'a')\n" BATT));
  ck_assert_uint_ne(key, key_of("def f(x):\n    return (x, 2, 'a')\n" BATT));
  ck_assert_uint_ne(key, key_of("def f(x):\n    return (x, True, 'a')\n" BATT));
  ck_assert_uint_ne(key, key_of("def f(x):\n    return (x, 1, 'b')\n" BATT));
  ck_assert_uint_ne(key, key_of("def f(x, y=1):\n    return (x, 1, 'a')\n" BATT));
  uint64_t with_set = key_of("A = {1, 9}\ndef f(x):\n    return A\n" BATT);
  ck_assert_uint_ne(with_set, key_of("A = {9, 1}\ndef f(x):\n    return A\n" BATT)); /* another order */
}
END_TEST

START_TEST(damage_is_noticed) {
  Unit *unit = compile_sample();
  const char *path = in_folder("b.bto"), *bad = in_folder("c.bto");
  ck_assert(bto_write(path, unit));
  unit_free(unit);
  size_t len;
  char *bytes = file_read(path, &len);
  for (size_t cut = 0; cut < len; cut = cut * 2 + 1) {
    put_file(bad, bytes, cut);
    ck_assert(refused(bad));
  }
  for (size_t at = 0; at < len; at = at < 200 ? at + 1 : at + len / 50) {
    bytes[at] ^= 4;
    put_file(bad, bytes, len);
    ck_assert_msg(refused(bad), "byte %zu", at);
    bytes[at] ^= 4;
  }
  put_file(bad, bytes, len);
  ck_assert(!refused(bad));
  ck_assert(refused(in_folder("no such file")));
  ck_assert(refused(folder));
  free(bytes);
}
END_TEST

static Instr *find(const Unit *unit, Opcode op) {
  for (uint32_t i = 0; i < unit->image.nfunctions; i++)
    for (uint32_t k = 0; k < unit->image.functions[i].ncode; k++)
      if (unit->image.functions[i].code[k].op == op) return &unit->image.functions[i].code[k];
  ck_abort_msg("no instruction %d", op);
  return NULL;
}

/* The checker sees it when the field gets the value. */
#define REFUSED_WITH(field, value)                                                                 \
  do {                                                                                             \
    __typeof__(field) *at_ = &(field), kept_ = *at_;                                               \
    *at_ = (__typeof__(field))(value);                                                             \
    ck_assert_msg(broken(unit), "%s = %s", #field, #value);                                        \
    *at_ = kept_;                                                                                  \
    ck_assert(ir_check(unit));                                                                     \
  } while (0)

START_TEST(broken_code_is_refused) {
  Unit *unit = compile_sample();
  REFUSED_WITH(find(unit, OP_ADD)->a, -1);
  REFUSED_WITH(find(unit, OP_ADD)->b, INT16_MAX);
  REFUSED_WITH(find(unit, OP_ADD)->c, INT16_MIN);
  REFUSED_WITH(find(unit, OP_JUMP)->d, 1 << 20);
  REFUSED_WITH(find(unit, OP_JUMP)->d, -1);
  REFUSED_WITH(find(unit, OP_CALL)->c, INT16_MAX);
  REFUSED_WITH(find(unit, OP_CALL)->d, INT32_MAX);
  REFUSED_WITH(find(unit, OP_MAKE_FUNC)->e, unit->image.nfunctions);
  REFUSED_WITH(find(unit, OP_GETATTR)->d, unit->image.nnames);
  REFUSED_WITH(find(unit, OP_MATCH_ERROR)->d, 1000);
  REFUSED_WITH(find(unit, OP_RETURN)->op, OP_COUNT);
  REFUSED_WITH(find(unit, OP_GET_ITER)->op, OP_MOVE);      /* FOR_ITER without an iterator */
  REFUSED_WITH(find(unit, OP_LIST_APPEND)->op, OP_SET_ADD); /* to a list */
  REFUSED_WITH(find(unit, OP_LEAVE_GEN)->op, OP_ENTER_GEN);
  REFUSED_WITH(find(unit, OP_MAKE_CELL)->op, OP_DELETE);   /* a cell is missing */
  REFUSED_WITH(find(unit, OP_YIELD)->op, OP_RAISE);
  unit_free(unit);
}
END_TEST

START_TEST(broken_functions_are_refused) {
  Unit *unit = compile_sample();
  Function *tries = NULL, *f = NULL;
  for (uint32_t i = 0; i < unit->image.nfunctions; i++) {
    f = &unit->image.functions[i];
    if (f->nhandlers && f->handlers[0].kind == HANDLER_EXCEPT && !strcmp(f->name, "tries")) tries = f;
  }
  ck_assert_ptr_nonnull(tries);
  REFUSED_WITH(tries->ncode, 0);
  REFUSED_WITH(tries->ncode, tries->ncode - 1 - 1);
  REFUSED_WITH(tries->nregs, 1);
  REFUSED_WITH(tries->flags, FN_GENERATOR);
  REFUSED_WITH(tries->nparams, 200);
  REFUSED_WITH(tries->free_base, 200);
  REFUSED_WITH(tries->handlers[0].target, tries->ncode);
  REFUSED_WITH(tries->handlers[0].reg, tries->nregs);
  REFUSED_WITH(tries->handlers[0].end, tries->ncode + 1);
  REFUSED_WITH(tries->handlers[0].gen_depth, 3);
  REFUSED_WITH(tries->consts[0], HEAP(KIND_TUPLE, unit->image_top));
  REFUSED_WITH(tries->consts[0], V_UNBOUND);
  REFUSED_WITH(tries->consts[0], SPECIAL(KIND_BUILTIN, 5000));
  REFUSED_WITH(unit->image.prelude[1], unit->image.nfunctions);
  REFUSED_WITH(unit->image.globals, unit->image_top - 1);
  unit_free(unit);
}
END_TEST

static Value find_const(const Unit *unit, Kind kind) {
  for (uint32_t i = 0; i < unit->image.nfunctions; i++) {
    const Function *f = &unit->image.functions[i];
    for (uint32_t k = 0; k < f->nconsts; k++)
      if (is_kind(f->consts[k], kind)) return f->consts[k];
  }
  ck_abort_msg("no constant of kind %d", kind);
  return 0;
}

START_TEST(broken_constants_are_refused) {
  Unit *unit = compile_sample();
  const Vm *vm = unit->vm;
  List *list = as_list(vm, find_const(unit, KIND_LIST));
  REFUSED_WITH(list->len, list->cap + 1);
  REFUSED_WITH(list->cap, UINT32_MAX);
  REFUSED_WITH(list->items, unit->image_top);
  REFUSED_WITH(list->items, unit->image.globals);
  REFUSED_WITH(list_items(vm, list)[0], SPECIAL(KIND_LIMIT, 0));
  Dict *dict = as_dict(vm, find_const(unit, KIND_DICT));
  REFUSED_WITH(dict->used, dict->used + 1);
  REFUSED_WITH(dict->index_mask, 6);
  REFUSED_WITH(dict->nentries, dict->cap + 1);
  REFUSED_WITH(dict_entries(vm, dict)[0].value, HEAP(KIND_CELL, 1));
  Set *set = as_set(vm, dict_entries(vm, dict)[1].value);
  REFUSED_WITH(set->mask, 5);
  REFUSED_WITH(set->mask, UINT32_MAX);
  REFUSED_WITH(set->fill, 8);
  REFUSED_WITH(set->used, 2);
  REFUSED_WITH(set->table, 3);
  REFUSED_WITH(set->table, 0);
  REFUSED_WITH(set->deferred, 1);
  REFUSED_WITH(as_range(vm, find_const(unit, KIND_RANGE))->step, 0);
  REFUSED_WITH(as_range(vm, find_const(unit, KIND_RANGE))->len, 6);
  Func *func = as_func(vm, find_const(unit, KIND_FUNC));
  REFUSED_WITH(func->fid, unit->image.nfunctions);
  REFUSED_WITH(func->ncells, func->ncells + 1);
  Str *str = as_str(vm, unit->image.names[0]);
  REFUSED_WITH(str->len, 1u << 30);
  REFUSED_WITH(str->bytes[0], 0xf5);
  Tuple *pair = as_tuple(vm, dict_entries(vm, dict)[1].key);
  REFUSED_WITH(pair->items[0], dict_entries(vm, dict)[1].key); /* a tuple in itself */
  REFUSED_WITH(pair->canon, TUPLE_UNMADE);                     /* items that would be made of a plane, or */
  REFUSED_WITH(pair->canon, TUPLE_UNMADE | CANON_GRID);        /* as rows of one */
  unit_free(unit);
}
END_TEST

START_TEST(broken_programs_are_refused) {
  Unit *unit = compile_sample();
  Program *p = &unit->programs[0];
  REFUSED_WITH(p->ops[0].dst, p->nslots);
  REFUSED_WITH(p->ops[0].dst, SLOT_I);
  REFUSED_WITH(p->ops[1].dst, p->ops[0].dst);
  REFUSED_WITH(p->ops[0].call.args, p->noperands);
  REFUSED_WITH(p->ops[0].call.callee, ~(Operand)p->nconsts);
  REFUSED_WITH(p->ops[0].call.callee, (Operand)p->ops[0].dst);
  REFUSED_WITH(p->ops[1].binding, BIND_CALL); /* used by what is computed earlier */
  REFUSED_WITH(p->ops[0].known_value, p->nconsts);
  REFUSED_WITH(p->ops[0].known, KNOWN_ALWAYS + 1);
  REFUSED_WITH(p->ops[0].known_error, ERR_COUNT + 1);
  REFUSED_WITH(p->ops[0].dead, 2);
  REFUSED_WITH(p->ops[0].call.nkw, 1000);
  REFUSED_WITH(p->outputs[0].items, p->noperands);
  REFUSED_WITH(p->outputs[0].after_op, p->nops + 1);
  REFUSED_WITH(p->outputs[0].list, 2);
  unit_free(unit);
}
END_TEST

/* Hostile files have the right checksum. */
START_TEST(broken_files_are_refused) {
  Unit *unit = compile_sample();
  const char *path = in_folder("d.bto");
  find(unit, OP_ADD)->a = INT16_MAX;
  ck_assert(bto_write(path, unit));
  ck_assert(refused(path));
  unit_free(unit);
  int kept = quiet();
  unit = compile_sample();
  ck_assert(!bto_write(in_folder("no/such/folder.bto"), unit));
  loud(kept);
  unit_free(unit);
}
END_TEST

static Suite *bto_suite(void) {
  Suite *s = suite_create("bto");
  TCase *t = tcase_create("bto");
  const TTest *const tests[] = {a_unit_comes_back,            the_key_is_the_meaning,
                                damage_is_noticed,            broken_code_is_refused,
                                broken_functions_are_refused, broken_constants_are_refused,
                                broken_programs_are_refused,  broken_files_are_refused};
  for (size_t i = 0; i < sizeof tests / sizeof *tests; i++) tcase_add_test(t, tests[i]);
  tcase_set_timeout(t, 60);
  suite_add_tcase(s, t);
  return s;
}

int main(void) {
  if (!mkdtemp(folder)) return EXIT_FAILURE;
  SRunner *runner = srunner_create(bto_suite());
  srunner_run_all(runner, CK_NORMAL);
  int failed = srunner_ntests_failed(runner);
  srunner_free(runner);
  static const char *const files[] = {"batt.py", "a.bto", "b.bto", "c.bto", "d.bto"};
  for (size_t i = 0; i < sizeof files / sizeof *files; i++) unlink(in_folder(files[i]));
  rmdir(folder);
  return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
