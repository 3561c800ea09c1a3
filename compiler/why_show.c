/* why_show.c - an op as a report: its line, its inputs, its value, how that came about, what it depends on. */
#include "why.h"

#include "object.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LINE_WIDTH = 160, MOST_ERRORS = 12, MOST_OPS = 60 };

static const char *const WHEN[] = {"once, it depends on nothing", "once a task", "once a sample", "in each call"};

static Vm *vm_of(const Why *w) { return w->x->vm; }

static void print(Buffer *b) {
  fwrite(b->data, 1, b->len, stdout);
  buffer_free(b);
}

static void print_safe(const char *text) {
  Buffer b = {0};
  buffer_printable(&b, text, strlen(text));
  print(&b);
}

/* ---- places in files ---- */

static const SourceLines *file_lines(Why *w, const char *file) {
  uint32_t i = 0;
  while (i < w->nsources && strcmp(w->source_names[i], file)) i++;
  if (i < w->nsources) return &w->sources[i];
  w->sources = (SourceLines *)host_grow(w->sources, w->nsources, &w->cap_sources, sizeof *w->sources);
  w->source_names = (const char **)host_grow((void *)w->source_names, w->nsources, &w->cap_names, sizeof *w->source_names);
  w->sources[i] = source_lines(file);
  w->source_names[i] = file;
  w->nsources++;
  return &w->sources[i];
}

/* "dsl.py:12" with the text of the line, cut. */
static void print_place(Why *w, const char *file, uint32_t line) {
  const char *slash = strrchr(file, '/');
  Buffer b = {0};
  print_safe(slash ? slash + 1 : file);
  buffer_format(&b, ":%u  ", line);
  source_line_text(&b, file_lines(w, file), line, LINE_WIDTH);
  print(&b);
}

/* ---- names and values ---- */

static void slot_name(Buffer *b, const Why *w, uint32_t slot) {
  static const char *const parameters[] = {"task_id", "S", "I", "C", "log_path"};
  Value name = w->program->slot_names[slot];
  if (name) buffer_printable(b, as_str(vm_of(w), name)->bytes, as_str(vm_of(w), name)->len);
  else if (slot < SLOT_FIRST_OP) buffer_text(b, parameters[slot]);
  else buffer_format(b, "%%%u", slot);
}

static void op_name(Buffer *b, const Why *w, uint32_t op) {
  const ProgramOp *o = &w->program->ops[op];
  for (uint32_t i = 0; i < o->ndst; i++) {
    if (i) buffer_text(b, ", ");
    slot_name(b, w, o->dst + i);
  }
}

static void print_value(const Why *w, const char *label, Value v) {
  Buffer b = {0};
  buffer_format(&b, "  %s = ", label);
  why_describe(&b, vm_of(w), v);
  buffer_char(&b, '\n');
  why_draw(&b, vm_of(w), v, "      ", w->color);
  print(&b);
}

static void print_slot(const Why *w, uint32_t slot) {
  Buffer name = {0};
  slot_name(&name, w, slot);
  buffer_char(&name, 0);
  print_value(w, name.data, w->x->values[slot]);
  buffer_free(&name);
}

static void print_operand(const Why *w, Operand o, uint32_t number) {
  char label[32];
  if (o >= 0) {
    print_slot(w, (uint32_t)o);
    return;
  }
  if (number) snprintf(label, sizeof label, "argument %u", number);
  else snprintf(label, sizeof label, "callee");
  print_value(w, label, w->program->consts[~o]);
}

static bool seen_before(const Why *w, const ProgramCall *call, uint32_t k) {
  const Operand *args = &w->program->operands[call->args];
  for (uint32_t i = 0; i < k; i++)
    if (args[i] == args[k] && args[k] >= 0) return true;
  return args[k] >= 0 && args[k] == call->callee;
}

static void print_inputs(const Why *w, const ProgramCall *call) {
  printf("inputs:\n");
  if (call->callee != OPERAND_COPY) print_operand(w, call->callee, 0);
  for (uint32_t k = 0; k < call->nargs; k++)
    if (!seen_before(w, call, k)) print_operand(w, w->program->operands[call->args + k], k + 1);
}

/* ---- exceptions ---- */

static void print_end(const WhyError *e) {
  const char *name = e->by ? e->by->name : "";
  if (e->end == END_LEFT) printf(", which left the call");
  else if (e->end == END_CAUGHT && !e->by) printf(", which a builtin took");
  else if (e->end == END_CAUGHT) printf(", which an except clause of %s took", name);
  else if (e->below) printf(", for which the guard of %s gave its default", name);
  else printf(", for which the guard of %s gave its default: the value of the call", name);
}

static void print_error(Why *w, const WhyError *e, uint32_t op) {
  printf("  %s", error_name(e->cls));
  if (e->count > 1) printf(" %llu times", (unsigned long long)e->count);
  print_end(e);
  printf("\n");
  if (op < w->program->nops) {
    printf("      ");
    print_place(w, w->program->file, w->program->ops[op].line);
    printf("\n");
  }
  for (uint32_t i = 0; i < e->nplaces; i++) {
    const WhyPlace *p = &e->places[i];
    printf("      %*s", (int)(2 * (i < 20 ? i + 1 : 20)), "");
    print_place(w, p->fn->file, p->line);
    printf("   in %s\n", p->fn->name);
  }
  bool reached = e->end == END_GUARD && (!e->nplaces || e->places[e->nplaces - 1].fn != e->by) && e->nplaces == e->below;
  if (reached) printf("      %*s%s was not entered: its arguments do not fit\n", (int)(2 * (e->below < 20 ? e->below + 1 : 20)), "",
                      e->by->name);
}

/* The one that gave the op's value first. */
static bool is_decisive(const WhyError *e) { return e->end == END_LEFT || (e->end == END_GUARD && !e->below); }

static void print_errors(Why *w, uint32_t op) {
  const WhyTrace *t = &w->trace;
  uint32_t shown = 0;
  if (!t->nerrors) return;
  printf("exceptions while it ran%s:\n", t->nerrors > 1 ? ", the decisive ones first" : "");
  for (int decisive = 1; decisive >= 0; decisive--)
    for (uint32_t i = 0; i < t->nerrors; i++)
      if (is_decisive(&t->errors[i]) == decisive && shown++ < MOST_ERRORS) print_error(w, &t->errors[i], op);
  if (shown > MOST_ERRORS || t->dropped) printf("  and other ones at %llu places or more\n", (unsigned long long)(shown - MOST_ERRORS));
}

/* ---- the value ---- */

static bool has_limit_input(const Why *w, const ProgramCall *call) {
  for (uint32_t k = 0; k < call->nargs; k++) {
    Operand o = w->program->operands[call->args + k];
    if (o >= 0 && is_kind(w->x->values[o], KIND_LIMIT)) return true;
  }
  return call->callee != OPERAND_COPY && call->callee >= 0 && is_kind(w->x->values[call->callee], KIND_LIMIT);
}

static bool default_by_guard(const WhyTrace *t) {
  for (uint32_t i = 0; i < t->nerrors; i++)
    if (t->errors[i].end == END_GUARD && !t->errors[i].below) return true;
  return false;
}

/* A number was called, an argument is not bound: nothing ran. */
static bool entered(const WhyTrace *t) {
  for (uint32_t i = 0; i < t->nerrors; i++)
    if (t->errors[i].end == END_LEFT) return true;
  return false;
}

static void print_reason(const Why *w, uint32_t op) {
  const ProgramOp *o = &w->program->ops[op];
  uint32_t error = w->x->errors[op];
  bool limit = is_kind(w->x->values[o->dst], KIND_LIMIT);
  printf("why: ");
  if (w->outcome.error < ERR_COUNT && op >= w->outcome.nops)
    printf("Python does not come here: the call ended by %s in line %u\n", error_name(w->outcome.error), w->outcome.line);
  else if (limit && has_limit_input(w, &o->call)) printf("an input is a limit value, so this is the same\n");
  else if (limit) printf("the call met a limit, which no guard and no handler takes\n");
  else if (w->x->uncaught[op]) printf("%s, which no handler takes, ends the call here\n", error_name(w->x->uncaught[op] - 1u));
  else if (error < ERR_COUNT)
    printf("the call raised %s%s, and the value is what the handler in the program gives\n", error_name(error),
           entered(&w->trace) ? "" : " before anything was entered");
  else if (default_by_guard(&w->trace)) printf("an exception inside; the value is the default of the callee's guard\n");
  else printf("the call returned it\n");
}

static void print_results(const Why *w, const ProgramOp *o) {
  printf("value:\n");
  for (uint32_t i = 0; i < o->ndst; i++) print_slot(w, o->dst + i);
}

/* ---- what it depends on ---- */

/* Distances from an op, by breadth: 0 not reached, else levels + 1; `next` is the op that led there. */
typedef struct {
  uint32_t *distance, *next, *queue;
  uint32_t n;
  uint32_t input; /* op that reads I and is nearest, UINT32_MAX none */
} Reach;

static void reach_operand(const Why *w, Reach *r, Operand o, uint32_t from) {
  if (o == SLOT_I && r->input == UINT32_MAX) r->input = from;
  if (o < SLOT_FIRST_OP || !w->x->op_of_slot[o]) return;
  uint32_t op = w->x->op_of_slot[o] - 1;
  if (r->distance[op]) return;
  r->distance[op] = r->distance[from] + 1;
  r->next[op] = from;
  r->queue[r->n++] = op;
}

static void reach_call(const Why *w, Reach *r, const ProgramCall *call, uint32_t from) {
  if (call->callee != OPERAND_COPY) reach_operand(w, r, call->callee, from);
  for (uint32_t k = 0; k < call->nargs; k++) reach_operand(w, r, w->program->operands[call->args + k], from);
}

static Reach reach_from(const Why *w, uint32_t op) {
  size_t bytes = (w->program->nops + 1) * sizeof(uint32_t);
  Reach r = {(uint32_t *)memset(host_alloc(bytes), 0, bytes), (uint32_t *)host_alloc(bytes), (uint32_t *)host_alloc(bytes), 1, UINT32_MAX};
  r.distance[op] = 1;
  r.queue[0] = op;
  for (uint32_t i = 0; i < r.n; i++) {
    const ProgramOp *o = &w->program->ops[r.queue[i]];
    reach_call(w, &r, &o->call, r.queue[i]);
    if (w->x->errors[r.queue[i]] < ERR_COUNT) reach_call(w, &r, &o->fallback, r.queue[i]);
  }
  return r;
}

/* I -> t1 -> t2: the shortest chain from the input to the op. */
static void print_chain(const Why *w, const Reach *r, uint32_t op) {
  Buffer b = {0};
  if (r->input == UINT32_MAX) {
    printf("chain: it does not depend on I\n");
    return;
  }
  buffer_text(&b, "chain: I");
  for (uint32_t at = r->input;; at = r->next[at]) {
    buffer_text(&b, " -> ");
    op_name(&b, w, at);
    if (at == op) break;
  }
  buffer_char(&b, '\n');
  print(&b);
}

static void print_op_line(Why *w, uint32_t op, uint32_t distance) {
  const ProgramOp *o = &w->program->ops[op];
  Buffer b = {0};
  printf("  %u  ", distance);
  print_place(w, w->program->file, o->line);
  for (uint32_t i = 0; i < o->ndst; i++) {
    buffer_text(&b, "\n       ");
    slot_name(&b, w, o->dst + i);
    buffer_text(&b, " = ");
    why_describe(&b, vm_of(w), w->x->values[o->dst + i]);
  }
  if (w->x->errors[op] < ERR_COUNT) buffer_format(&b, "   (%s)", error_name(w->x->errors[op]));
  buffer_char(&b, '\n');
  print(&b);
}

static void print_dependencies(Why *w, uint32_t op) {
  Reach r = reach_from(w, op);
  uint32_t shown = 0, i = 1;
  print_chain(w, &r, op);
  if (r.n > 1 && w->depth) printf("it depends on, nearest first:\n");
  for (; i < r.n && r.distance[r.queue[i]] <= w->depth + 1 && shown < MOST_OPS; i++, shown++)
    print_op_line(w, r.queue[i], r.distance[r.queue[i]] - 1);
  if (i < r.n) printf("  and %u more ops; see --depth\n", r.n - i);
  free(r.distance);
  free(r.next);
  free(r.queue);
}

/* ---- reports ---- */

static void print_call(const Why *w) {
  if (!w->task) {
    printf("%s()\n", w->program->entry);
    return;
  }
  bool demo = w->sample < w->task->ndemo;
  print_safe(w->program->entry);
  printf(", task ");
  print_safe(w->task->id);
  printf(", %s:%u, %s call (C %s)\n", demo ? "demo" : "test", demo ? w->sample : w->sample - w->task->ndemo,
         w->second ? "second" : "first", w->second ? "= output" : "= None");
}

static void print_op(Why *w, uint32_t op) {
  const ProgramOp *o = &w->program->ops[op];
  Buffer name = {0};
  op_name(&name, w, op);
  printf("%.*s, computed %s\n  ", (int)name.len, name.data, WHEN[o->binding]);
  buffer_free(&name);
  print_place(w, w->program->file, o->line);
  printf("\n");
  print_inputs(w, &o->call);
  print_results(w, o);
  print_reason(w, op);
  print_errors(w, op);
  print_dependencies(w, op);
}

void why_show_op(Why *w, uint32_t op) {
  print_call(w);
  print_op(w, op);
}

void why_show_output(Why *w, const ProgramOutput *output) {
  print_call(w);
  printf("item of the list %c, appended in\n  ", output->list ? 's' : 'o');
  print_place(w, w->program->file, output->line);
  printf("\n");
  Operand last = w->program->operands[output->items + output->nitems - 1u];
  for (uint32_t i = 0; i + 1 < output->nitems; i++) {
    Operand o = w->program->operands[output->items + i];
    if (o < 0) print_value(w, "item", w->program->consts[~o]);
    else print_slot(w, (uint32_t)o);
  }
  if (last >= 0 && w->x->op_of_slot[last]) print_op(w, w->x->op_of_slot[last] - 1);
  else print_operand(w, last, output->nitems);
}

void why_show_whole(Why *w) {
  print_call(w);
  printf("inputs:\n");
  for (uint32_t i = 0; i < w->program->nwhole_params; i++) print_slot(w, w->program->whole_params[i]);
  if (w->outcome.result) print_value(w, "value", w->outcome.result);
  else printf("why: %s in line %u ended the call\n", error_name(w->outcome.error), w->outcome.line);
  print_errors(w, UINT32_MAX);
}
