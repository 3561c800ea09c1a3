/* verify_report.c - a difference with all that is needed to reproduce it, and the totals. */
#include "verify.h"

#include <stdio.h>
#include <string.h>

enum { SHOWN = 400, BEFORE = 120 };

/* ---- texts ---- */

/* The cells of a grid's text, "((0, 1), (2, 3))", one digit a cell, rows ended by newlines. False: no grid. */
static bool grid_rows(const char *text, size_t len, Buffer *rows) {
  const char *p = text, *end = text + len;
  size_t width = 0;
  if (len < 6 || *p++ != '(' || *p != '(' || end[-1] != ')') return false;
  while (p + 3 < end && *p == '(') {
    size_t cells = 0;
    for (p++; p + 1 < end && *p >= '0' && *p <= '9'; cells++) {
      buffer_char(rows, *p++);
      if (p[0] == ',' && p + 1 < end && p[1] == ' ') p += 2;
      else if (p[0] == ',' && !cells) p++; /* (0,) */
      else if (p[0] != ')') return false;
    }
    if (p >= end || *p++ != ')' || !cells || (width && cells != width)) return false;
    width = cells;
    buffer_char(rows, '\n');
    if (p + 1 < end && p[0] == ',' && p[1] == ' ') p += 2;
    else if (p < end && *p == ',') p++;
  }
  return p == end - 1;
}

static void print_indented(const char *rows, size_t len, const char *indent) {
  const char *end = rows + len;
  while (rows < end) {
    const char *stop = (const char *)memchr(rows, '\n', (size_t)(end - rows));
    if (!stop) stop = end;
    printf("%s%.*s\n", indent, (int)(stop - rows), rows);
    rows = stop + 1;
  }
}

/* label = text; grids as rows, long texts from shortly before `from` on. */
static void print_text(const char *label, const char *text, size_t len, size_t from) {
  Buffer rows = {0};
  if (grid_rows(text, len, &rows)) {
    printf("%s\n", label);
    print_indented(rows.data, rows.len, "        ");
  } else if (len <= SHOWN) {
    printf("%s %.*s\n", label, (int)len, text);
  } else {
    size_t start = from > BEFORE ? from - BEFORE : 0;
    size_t n = len - start > SHOWN ? SHOWN : len - start;
    printf("%s %s%.*s%s (%zu characters)\n", label, start ? "..." : "", (int)n, text + start,
           start + n < len ? "..." : "", len);
  }
  buffer_free(&rows);
}

static size_t first_difference(const Buffer *a, const char *b, size_t len) {
  size_t i = 0;
  while (i < a->len && i < len && a->data[i] == b[i]) i++;
  return i;
}

static void print_both(Verify *v, const char *what, const char *mine, size_t len) {
  Buffer theirs = {0};
  if (!python_text(&v->python[0], v->call, what, &theirs)) buffer_text(&theirs, "(no answer)");
  size_t from = first_difference(&theirs, mine, len);
  print_text("    CPython:", theirs.data, theirs.len, from);
  if (mine[0] || len) print_text("    battc:  ", mine, len, from);
  if (theirs.len > SHOWN || len > SHOWN) printf("    the texts differ from character %zu on\n", from + 1);
  buffer_free(&theirs);
}

/* ---- places ---- */

static void print_source_line(const Verify *v, uint32_t line) {
  const Source *s = v->plan->unit->main_source;
  if (!line || line > s->nlines) return;
  const char *text = s->text + s->line_starts[line - 1];
  text += strspn(text, " \t");
  int len = (int)strcspn(text, "\r\n");
  printf("  %s:%u: %.*s\n", s->path, line, len > 200 ? 200 : len, text);
}

static void print_call(const Verify *v) {
  const VerifyCall *c = v->call;
  if (!c->task) {
    printf("mismatch in %s()\n", v->x->program->entry);
    return;
  }
  bool demo = c->sample < c->task->ndemo;
  printf("mismatch in %s: task %s, %s sample %u, %s call (C %s)\n", v->x->program->entry, c->task->id,
         demo ? "demo" : "test", demo ? c->sample : c->sample - c->task->ndemo, c->second ? "second" : "first",
         c->second ? "= output" : "= None");
}

/* ---- ops ---- */

static void operand_label(const Verify *v, Operand o, const char *role, Buffer *label) {
  const Program *p = v->x->program;
  Value name = o >= 0 ? p->slot_names[o] : 0;
  buffer_format(label, "    %s%s%s%s =", role, *role && name ? " " : "", name ? as_str(v->x->vm, name)->bytes : "",
                *role || name ? "" : "argument");
  buffer_char(label, 0);
}

static void print_operand(const Verify *v, Operand o, const char *role) {
  Value value = o >= 0 ? v->x->values[o] : v->x->program->consts[~o];
  Buffer label = {0}, text = {0};
  operand_label(v, o, role, &label);
  if (value == V_UNBOUND || value == OPERAND_NAME_ERROR) buffer_text(&text, "nothing: not bound");
  else if (!verify_value_text(&text, v->x->vm, value)) buffer_text(&text, "a value nested too deeply to print");
  print_text(label.data, text.data, text.len, 0);
  buffer_free(&label);
  buffer_free(&text);
}

static void print_inputs(const Verify *v, const ProgramOp *op) {
  if (op->call.callee != OPERAND_COPY) print_operand(v, op->call.callee, "callee");
  for (uint32_t i = 0; i < op->call.nargs; i++) print_operand(v, v->x->program->operands[op->call.args + i], "");
}

void report_op(Verify *v, uint32_t op, const char *name, const char *mine, size_t len) {
  const ProgramOp *o = &v->x->program->ops[op];
  uint32_t error = v->x->errors[op];
  Buffer what = {0};
  buffer_format(&what, "n %s", name);
  buffer_char(&what, 0);
  print_call(v);
  print_source_line(v, o->line);
  print_both(v, what.data, mine, len);
  if (error < ERR_COUNT) printf("    in battc the call raised %s\n", error_name(error));
  print_inputs(v, o);
  putchar('\n');
  fflush(stdout);
  buffer_free(&what);
}

void report_result(Verify *v, const char *title, uint32_t line, const char *what, const char *mine, size_t len) {
  print_call(v);
  print_source_line(v, line);
  printf("  %s\n", title);
  print_both(v, what, mine, len);
  putchar('\n');
  fflush(stdout);
}

/* ---- totals ---- */

/* 1234567 as 1,234,567; the buffer has room for any. */
static const char *grouped(uint64_t n, char *text) {
  char digits[32];
  int len = snprintf(digits, sizeof digits, "%llu", (unsigned long long)n), at = 0;
  for (int i = 0; i < len; i++) {
    if (i && (len - i) % 3 == 0) text[at++] = ',';
    text[at++] = digits[i];
  }
  text[at] = 0;
  return text;
}

/* Where limit values start, and of which kind. */
static void print_first_limit(const Verify *v) {
  const VerifyCounts *c = &v->counts;
  const Program *p = &v->plan->unit->programs[c->limit_program];
  const char *kind = error_name(ERR_LIMIT + payload_of(c->limit));
  if (c->limit_op < p->nops) printf("the first limit value (%s) is that of line %u:\n", kind, p->ops[c->limit_op].line);
  else printf("the first call that met a limit (%s) is one of %s\n", kind, p->entry);
  if (c->limit_op < p->nops) print_source_line(v, p->ops[c->limit_op].line);
}

static const char *plural(uint64_t n) { return n == 1 ? "" : "s"; }

void report_totals(const Verify *v) {
  const VerifyCounts *c = &v->counts;
  char n[6][48];
  if (c->limit) print_first_limit(v);
  printf("%s mismatch%s: %s value%s, %s sample%s, %s call%s; %s value%s not repeatable by CPython, %s limit value%s",
         grouped(c->mismatches, n[0]), c->mismatches == 1 ? "" : "es", grouped(c->values, n[1]), plural(c->values),
         grouped(v->plan->nsamples, n[2]), plural(v->plan->nsamples), grouped(c->calls, n[3]), plural(c->calls),
         grouped(c->repeatless, n[4]), plural(c->repeatless), grouped(c->limits, n[5]), plural(c->limits));
  if (c->deep) printf(", %s nested too deeply to compare", grouped(c->deep, n[0]));
  if (c->late) printf(", %s call%s longer than the time-out in CPython", grouped(c->late, n[0]), plural(c->late));
  putchar('\n');
}
