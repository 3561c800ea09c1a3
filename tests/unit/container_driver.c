/* container_driver.c - the far side of tests/fuzz/containers.py: one operation a line on stdin, one line
 * of outcome each on stdout. Values live in numbered variables. `end` ends a sequence and drops all.
 *
 * A sequence that starts with `share` is carried out as programs are: with run-time sharing, so that equal values become
 * one object and kernels make sets whose tables are deferred; and where it mattered whether two values are one, all
 * of it again without. After `quiet` the outcome shows no more than is known without a table.
 *
 * Literals: iN int, b0 b1 bool, fBITS float, n None, v7 variable, tN / lN tuple / list of the N
 * literals that follow, r range of the three that follow. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "builtin.h"
#include "kernel.h"
#include "kernels/location_set.h"
#include "memo.h"
#include "object.h"
#include "ops.h"

enum { VARS = 256, SHOWN = 40 };

static Vm *vm;
static Image image;
static Value vars[VARS];
static FILE *out; /* the outcomes of this sequence */
static bool quiet;

static void die(const char *what) {
  fprintf(stderr, "container_driver: %s\n", what);
  exit(2);
}

/* ---- reading ---- */

static char *word(void) {
  char *w = strtok(NULL, " \n");
  if (!w) die("line too short");
  return w;
}

static long number(void) {
  char *end;
  long n = strtol(word(), &end, 10);
  if (*end) die("not a number");
  return n;
}

static Value *var(void) {
  long i = number();
  if (i < 0 || i >= VARS) die("variable out of range");
  return &vars[i];
}

static Value literal(void);

static Value sequence(uint32_t n, bool tuple) {
  Value list = new_list(vm, n);
  for (uint32_t i = 0; i < n; i++)
    if (!list || !list_append(vm, list, literal())) die("out of memory");
  return tuple ? list_to_tuple(vm, list) : list;
}

static Value range_literal(void) {
  Value start = literal(), stop = literal(), step = literal();
  return new_range(vm, start, stop, step);
}

static Value float_literal(const char *digits) {
  uint64_t bits = strtoull(digits, NULL, 16);
  double d;
  memcpy(&d, &bits, sizeof d);
  return new_float(vm, d);
}

static Value literal(void) {
  const char *w = word();
  switch (w[0]) {
    case 'i': return v_int(strtoll(w + 1, NULL, 10));
    case 'b': return v_bool(w[1] == '1');
    case 'f': return float_literal(w + 1);
    case 'n': return V_NONE;
    case 'v': return vars[strtol(w + 1, NULL, 10) % VARS];
    case 't': return sequence((uint32_t)strtoul(w + 1, NULL, 10), true);
    case 'l': return sequence((uint32_t)strtoul(w + 1, NULL, 10), false);
    case 'r': return range_literal();
  }
  die("unknown literal");
  return 0;
}

static uint32_t values(Value *out, uint32_t max) {
  uint32_t n = (uint32_t)number();
  if (n > max) die("too many values");
  for (uint32_t i = 0; i < n; i++) out[i] = *var();
  return n;
}

static Opcode operator_named(const char *w, bool inplace) {
  switch (w[0]) {
    case '|': return inplace ? OP_IOR : OP_BITOR;
    case '&': return inplace ? OP_IAND : OP_BITAND;
    case '-': return inplace ? OP_ISUB : OP_SUB;
    case '^': return inplace ? OP_IXOR : OP_BITXOR;
  }
  die("unknown operator");
  return OP_COUNT;
}

static Opcode comparison_named(const char *w) {
  static const struct {
    const char *name;
    Opcode op;
  } names[] = {{"<", OP_LT}, {"<=", OP_LE}, {">", OP_GT}, {">=", OP_GE}, {"==", OP_EQ}, {"!=", OP_NE}};
  for (size_t i = 0; i < sizeof names / sizeof *names; i++)
    if (!strcmp(w, names[i].name)) return names[i].op;
  die("unknown comparison");
  return OP_COUNT;
}

/* ---- showing ---- */

static void show(Value v);

static void show_span(char open, const Value *items, uint32_t n, char close) {
  putc(open, out);
  for (uint32_t i = 0; i < n; i++) {
    show(items[i]);
    putc(' ', out);
  }
  putc(close, out);
}

static void show_keys(Value set) {
  fputs(is_kind(set, KIND_SET) ? "S{" : "F{", out);
  uint32_t pos = 0;
  Value key;
  while (as_set(vm, set)->used <= SHOWN && set_next(vm, set, &pos, &key)) {
    show(key);
    putc(' ', out);
  }
  putc('}', out);
}

static void show_dict(Value dict) {
  fputs("D{", out);
  uint32_t pos = 0;
  Value key, value;
  while (dict_next(vm, dict, &pos, &key, &value)) {
    show(key);
    putc(':', out);
    show(value);
    putc(' ', out);
  }
  putc('}', out);
}

static void show_float(double d) {
  uint64_t bits;
  memcpy(&bits, &d, sizeof bits);
  fprintf(out, "f%016" PRIx64, bits);
}

static void show(Value v) {
  switch (kind_of(v)) {
    case KIND_INT: fprintf(out, "%" PRId64, int_of(v)); break;
    case KIND_BOOL: fputs(is_true(v) ? "T" : "F", out); break;
    case KIND_NONE: putc('N', out); break;
    case KIND_FLOAT: show_float(as_float(vm, v)->value); break;
    case KIND_TUPLE: show_span('(', as_tuple(vm, v)->items, as_tuple(vm, v)->len, ')'); break;
    case KIND_LIST: show_span('[', list_items(vm, as_list(vm, v)), as_list(vm, v)->len, ']'); break;
    case KIND_SET:
    case KIND_FROZENSET: show_keys(v); break;
    case KIND_DICT: show_dict(v); break;
    default: fputs("?", out);
  }
}

static uint32_t crc32_of(const SetEntry *table, uint64_t slots) {
  static uint32_t by_byte[256];
  if (!by_byte[1])
    for (uint32_t i = 0; i < 256; i++) {
      uint32_t c = i;
      for (int bit = 0; bit < 8; bit++) c = c & 1 ? c >> 1 ^ 0xedb88320u : c >> 1;
      by_byte[i] = c;
    }
  uint32_t crc = 0xffffffffu;
  for (uint64_t i = 0; i < slots; i++)
    for (int byte = 0; byte < 8; byte++)
      crc = crc >> 8 ^ by_byte[(crc ^ (uint32_t)((uint64_t)table[i].hash >> 8 * byte)) & 255];
  return ~crc;
}

/* Counts, and the column of hashes in the table (empty slots 0, deleted ones -1) as a checksum. */
static void show_table(const Set *s) {
  fprintf(out, " %u %u %u %" PRIu32, s->used, s->fill, s->mask, crc32_of(set_table(vm, s), (uint64_t)s->mask + 1));
}

static void show_whole(Value v) {
  show(v);
  if (is_anyset(v)) show_table(as_set(vm, v));
  putc('\n', out);
}

/* What is known of a set before its table is made; little of others. */
static void show_outcome(Value v) {
  const Set *s = is_anyset(v) ? as_set(vm, v) : NULL;
  if (quiet && s) fprintf(out, "%u %u %u\n", s->used, s->fill, s->mask);
  else if (quiet && (is_tuple(v) || is_kind(v, KIND_LIST))) fputs("?\n", out);
  else show_whole(v);
}

/* ---- operations ---- */

static void failed(void) { fprintf(out, "%s\n", error_name(vm->error)); }

static void store(Value *to, Value v) {
  if (!v) {
    failed();
    return;
  }
  Value shared = vm->memo ? memo_canonical(vm, v) : 0;
  *to = shared ? shared : v;
  show_outcome(*to);
}

static void answer(int i) {
  if (i < 0) failed();
  else fprintf(out, "%d\n", i);
}

static void done(bool ok, Value v) {
  if (ok) show_outcome(v);
  else failed();
}

static Kind kind_named(const char *w) { return w[0] == 'f' ? KIND_FROZENSET : KIND_SET; }

static Value display(Kind kind, const Value *keys, uint32_t n) {
  Value set = new_set(vm, kind);
  for (uint32_t i = 0; set && i < n; i++)
    if (!set_add(vm, set, keys[i])) return 0;
  return set;
}

static Value sorted(Value iterable, bool reverse) {
  Value list = list_from(vm, iterable);
  if (!list) return 0;
  Value *items = list_items(vm, as_list(vm, list));
  return sort_values(vm, items, items, as_list(vm, list)->len, reverse) ? list : 0;
}

/* Sorts the second list by the first, in place; lists of equal length. */
static bool sort_by(Value keys, Value list, bool reverse) {
  Value copy = list_from(vm, keys);
  if (!copy) return false;
  const List *k = as_list(vm, copy), *l = as_list(vm, list);
  if (k->len != l->len) die("lists of different lengths");
  return sort_values(vm, list_items(vm, k), list_items(vm, l), l->len, reverse);
}

static Value extreme(BuiltinId id, Value iterable) {
  Value result = 0;
  PreludeCall plan;
  CallArgs call = {.args = &iterable, .nargs = 1};
  CallStatus status = builtin_call(vm, SPECIAL(KIND_BUILTIN, id), &call, &result, &plan);
  if (status == CALL_PRELUDE) die("max or min would run a frame");
  return status == CALL_DONE ? result : 0;
}

static Value new_slice(void) {
  uint32_t offset = arena_alloc(vm, sizeof(Slice));
  if (!offset) die("out of memory");
  Slice *s = (Slice *)arena_at(vm, offset);
  s->start = literal();
  s->stop = literal();
  s->step = literal();
  return HEAP(KIND_SLICE, offset);
}

static void hash_line(Value v) {
  int64_t hash;
  if (value_hash(vm, v, &hash)) fprintf(out, "%" PRId64 "\n", hash);
  else failed();
}

static void get_line(Value dict, Value key) {
  Value value = 0;
  int found = dict_get(vm, dict, key, &value);
  if (found > 0) show_whole(value);
  else if (found == 0) fprintf(out, "%s\n", "none");
  else failed();
}

/* Adds the items of a list one by one; where the table got another size is part of the outcome. */
static void grow_line(Value set, Value list) {
  const List *l = as_list(vm, list);
  uint32_t mask = as_set(vm, set)->mask;
  for (uint32_t i = 0; i < l->len; i++) {
    if (!set_add(vm, set, list_items(vm, l)[i])) die("not added");
    if (as_set(vm, set)->mask == mask) continue;
    mask = as_set(vm, set)->mask;
    fprintf(out, "%u:%u ", i, mask);
  }
  show_whole(set);
}

static bool set_line(const char *op) {
  Value others[8];
  if (!strcmp(op, "from")) {
    Value *to = var();
    Kind kind = kind_named(word());
    store(to, set_from(vm, kind, *var()));
  } else if (!strcmp(op, "display")) {
    Value *to = var(), keys[64];
    Kind kind = kind_named(word());
    uint32_t n = values(keys, 64);
    store(to, display(kind, keys, n));
  } else if (!strcmp(op, "copy")) {
    Value *to = var(), from = *var();
    store(to, set_copy(vm, from, kind_of(from)));
  } else if (!strcmp(op, "bin") || !strcmp(op, "inp")) {
    Value *to = var();
    Opcode code = operator_named(word(), op[1] == 'n');
    Value a = *var(), b = *var();
    store(to, op[1] == 'n' ? set_inplace(vm, code, a, b) : set_binary(vm, code, a, b));
  } else if (!strcmp(op, "add")) {
    Value set = *var(), key = literal();
    done(set_add(vm, set, key), set);
  } else if (!strcmp(op, "discard")) {
    Value set = *var(), key = literal();
    done(set_discard(vm, set, key) >= 0, set);
  } else if (!strcmp(op, "update")) {
    Value set = *var(), from = *var();
    done(set_update(vm, set, from), set);
  } else if (!strcmp(op, "union") || !strcmp(op, "inter") || !strcmp(op, "diff")) {
    Value *to = var(), self = *var();
    uint32_t n = values(others, 8);
    store(to, op[0] == 'u'   ? set_union(vm, self, others, n)
              : op[0] == 'i' ? set_intersection(vm, self, others, n)
                             : set_difference(vm, self, others, n));
  } else if (!strcmp(op, "disjoint")) {
    Value a = *var(), b = *var();
    answer(set_is_disjoint(vm, a, b));
  } else if (!strcmp(op, "grow")) {
    Value set = *var();
    grow_line(set, *var());
  } else {
    return false;
  }
  return true;
}

static bool dict_line(const char *op) {
  if (!strcmp(op, "dict")) {
    store(var(), new_dict(vm));
  } else if (!strcmp(op, "dset")) {
    Value dict = *var(), key = literal(), value = literal();
    done(dict_set(vm, dict, key, value), dict);
  } else if (!strcmp(op, "dget")) {
    Value dict = *var(), key = literal();
    get_line(dict, key);
  } else if (!strcmp(op, "ddel")) {
    Value dict = *var(), key = literal();
    answer(dict_delete(vm, dict, key));
  } else if (!strcmp(op, "dupdate")) {
    Value dict = *var(), other = *var();
    done(dict_update(vm, dict, other), dict);
  } else if (!strcmp(op, "counter")) {
    Value *to = var();
    store(to, counter_from(vm, *var()));
  } else if (!strcmp(op, "most")) {
    Value *to = var(), counter = *var();
    store(to, counter_most_common(vm, counter, literal()));
  } else {
    return false;
  }
  return true;
}

static bool sequence_line(const char *op) {
  if (!strcmp(op, "sort")) {
    Value *to = var(), from = *var();
    store(to, sorted(from, number() != 0));
  } else if (!strcmp(op, "sortby")) {
    Value keys = *var(), list = *var();
    done(sort_by(keys, list, number() != 0), list);
  } else if (!strcmp(op, "max") || !strcmp(op, "min")) {
    Value *to = var();
    store(to, extreme(op[1] == 'a' ? BUILTIN_max : BUILTIN_min, *var()));
  } else if (!strcmp(op, "extend")) {
    Value list = *var(), from = *var();
    done(list_extend(vm, list, from), list);
  } else if (!strcmp(op, "concat")) {
    Value *to = var(), a = *var();
    store(to, tuple_concat(vm, a, *var()));
  } else if (!strcmp(op, "repeat")) {
    Value *to = var(), a = *var();
    store(to, tuple_repeat(vm, a, number()));
  } else if (!strcmp(op, "slice")) {
    Value *to = var(), a = *var();
    store(to, tuple_slice(vm, a, new_slice()));
  } else {
    return false;
  }
  return true;
}

static void kernel_line(void) {
  static const char *const names[] = {"none",
#define X(name, nargs) #name,
                                      KERNEL_LIST(X)
#undef X
  };
  Value *to = var(), args[4], result = 0;
  const char *name = word();
  uint32_t kernel = 1;
  while (kernel < KERNEL_COUNT && strcmp(names[kernel], name)) kernel++;
  if (kernel == KERNEL_COUNT || values(args, 4) != kernel_nargs(kernel)) die("unknown kernel, or not its arguments");
  if (kernel_call(vm, kernel, args, &result) == KERNEL_PASS) fputs("not the form that it takes\n", out);
  else store(to, result);
}

static Value member(Value set, long n) {
  uint32_t pos = 0;
  Value key = 0;
  for (; n >= 0; n--)
    if (!set_next(vm, set, &pos, &key)) die("not so many members");
  return key;
}

static bool sharing_line(const char *op) {
  if (!strcmp(op, "kernel")) {
    kernel_line();
  } else if (!strcmp(op, "member")) {
    Value *to = var(), set = *var();
    store(to, member(set, number()));
  } else if (!strcmp(op, "show")) {
    show_whole(*var());
  } else {
    return false;
  }
  return true;
}

static void value_line(const char *op) {
  if (!strcmp(op, "lit")) {
    Value *to = var();
    store(to, literal());
  } else if (!strcmp(op, "hash")) {
    hash_line(*var());
  } else if (!strcmp(op, "cmp")) {
    Opcode code = comparison_named(word());
    Value a = *var(), b = *var();
    answer(value_compare(vm, code, a, b));
  } else if (!strcmp(op, "in")) {
    Value container = *var(), item = literal();
    answer(value_contains(vm, container, item));
  } else if (!strcmp(op, "is")) {
    Value a = *var(), b = *var();
    answer(op_is(vm, a, b));
  } else if (!strcmp(op, "truth")) {
    answer(value_truth(vm, *var()));
  } else {
    die("unknown operation");
  }
}

/* ---- sequences ---- */

static void carry_out(char *line) {
  const char *op = strtok(line, " \n");
  quiet = op && !strcmp(op, "quiet");
  if (quiet) op = word();
  if (op && !set_line(op) && !dict_line(op) && !sequence_line(op) && !sharing_line(op)) value_line(op);
}

/* Whether it did not matter that equal values were one object. */
static bool run_lines(const char *lines, const char *end) {
  static char *copy;
  static size_t room;
  vm->identity_doubt = false;
  for (const char *next; lines < end && !vm->identity_doubt; lines = next) {
    next = strchr(lines, '\n') + 1;
    size_t len = (size_t)(next - lines);
    if (len >= room) copy = realloc(copy, room = len * 2);
    if (!copy) die("no memory");
    memcpy(copy, lines, len);
    copy[len] = 0;
    carry_out(copy);
  }
  return !vm->identity_doubt;
}

static void start_anew(uint32_t mark) {
  vm_reset(vm, mark);
  memset(vars, 0, sizeof vars);
}

/* With values shared, if their outcome did not hang on that. */
static bool run_shared(const char *lines, const char *end, Memo *memo, uint32_t mark) {
  MemoMark before = memo_mark(memo);
  char *text = NULL;
  size_t len = 0;
  if (!(out = open_memstream(&text, &len))) die("no memory");
  vm->memo = memo;
  vm->deferring = true;
  bool certain = run_lines(lines, end);
  fclose(out);
  if (certain) fwrite(text, 1, len, stdout);
  free(text);
  start_anew(mark);
  memo_reset(vm, before);
  vm->memo = NULL;
  vm->deferring = false;
  return certain;
}

static void run_sequence(const char *lines, const char *end, Memo *memo, uint32_t mark) {
  static const char share[] = "share\n";
  bool shared = (size_t)(end - lines) >= strlen(share) && !memcmp(lines, share, strlen(share));
  if (shared) lines += strlen(share);
  if (!shared || !run_shared(lines, end, memo, mark)) {
    out = stdout;
    run_lines(lines, end);
    start_anew(mark);
  }
  puts("end");
}

/* The next sequence, without its `end`; false: there is none. */
static bool read_sequence(char **lines, size_t *room, size_t *len) {
  static char *line;
  static size_t line_room;
  ssize_t n;
  for (*len = 0; (n = getline(&line, &line_room, stdin)) > 0; *len += (size_t)n) {
    if (!strcmp(line, "end\n")) return true;
    if (*len + (size_t)n + 1 > *room) *lines = realloc(*lines, *room = (*len + (size_t)n) * 2);
    if (!*lines) die("no memory");
    memcpy(*lines + *len, line, (size_t)n + 1);
  }
  free(line);
  return false;
}

int main(void) {
  vm = vm_new((size_t)4 << 30);
  if (!vm || !vm_init_values(vm, &image)) die("no memory");
  vm->image = &image;
  Memo *memo = memo_new(vm);
  if (!memo || !workspace_of(vm)) die("no memory");
  char *lines = NULL;
  size_t room = 0, len;
  uint32_t mark = vm_mark(vm);
  while (read_sequence(&lines, &room, &len)) run_sequence(lines ? lines : "", lines ? lines + len : "", memo, mark);
  free(lines);
  memo_free(memo);
  vm->memo = NULL;
  vm_free(vm);
  return 0;
}
