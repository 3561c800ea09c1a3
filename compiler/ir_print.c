/* ir_print.c - --emit=ir: the program level, then each function that it reaches.
 *
 * Values are shown as Python literals of bounded length; `name` is a guarded function, `name#7` the
 * bare function 7. Everything that comes from the input is escaped. */
#include "ir.h"

#include "builtin.h"
#include "object.h"

#include "../runtime/host/buffer.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
  LITERAL_MOST = 60, /* bytes of one constant */
  LITERAL_DEPTH = 6,
  PLACE_COLUMN = 60
};

typedef struct {
  const Unit *unit;
  const Vm *vm;
  Buffer line;
  uint8_t *again; /* by slot of the program: a slot before has its name */
} Printer;

static const char *base_name(const char *path) {
  const char *slash = strrchr(path, '/');
  return slash ? slash + 1 : path;
}

/* ---- text ---- */

/* Printable ASCII as it is, the rest as \xNN. */
static void put_escaped(Buffer *b, const char *s, size_t len, char quote) {
  for (size_t i = 0; i < len; i++) {
    unsigned char c = (unsigned char)s[i];
    if (c == '\\' || (quote && c == (unsigned char)quote)) buffer_format(b, "\\%c", c);
    else if (c == '\n') buffer_text(b, "\\n");
    else if (c < 0x20 || c >= 0x7f) buffer_format(b, "\\x%02x", c);
    else buffer_char(b, (char)c);
  }
}

static void put_name(Buffer *b, const char *name) { put_escaped(b, name, strlen(name), 0); }

static void put_str(Printer *p, Value s) {
  const Str *str = as_str(p->vm, s);
  put_escaped(&p->line, str->bytes, str->len, 0);
}

/* Writes the line, and where it comes from in a column of its own. */
static void end_line(Printer *p, FILE *out, const char *file, uint32_t line) {
  Buffer *b = &p->line;
  if (file) {
    do buffer_char(b, ' ');
    while (b->len < PLACE_COLUMN);
    buffer_text(b, "; ");
    put_name(b, base_name(file));
    buffer_format(b, ":%u", line);
  }
  buffer_char(b, '\n');
  fwrite(b->data, 1, b->len, out);
  b->len = 0;
}

/* ---- constants ---- */

static void put_value(Printer *p, Value v, int depth);

static void put_function_name(Printer *p, uint32_t fid) {
  put_name(&p->line, p->unit->image.functions[fid].name);
  buffer_format(&p->line, "#%u", fid);
}

static void put_type(Printer *p, uint32_t type) {
  static const char *const names[] = {
#define X(kind, name) name,
      KIND_LIST(X)
#undef X
  };
  buffer_text(&p->line, type >= TYPE_ERROR_BASE ? error_name(type - TYPE_ERROR_BASE) : names[type]);
}

static const char *builtin_text(uint32_t id) {
  static const char *const names[] = {
#define X(id, name) name,
      BUILTIN_LIST(X)
#undef X
  };
  return names[id];
}

static const char *method_text(uint32_t id) {
  static const char *const names[] = {
#define X(id, kind, name) name,
      METHOD_LIST(X)
#undef X
  };
  return names[id];
}

static const char *module_text(uint32_t id) {
  static const char *const names[] = {"?", "math", "itertools", "collections", "sys", "logging"};
  return names[id < sizeof names / sizeof *names ? id : 0];
}

static void put_float(Printer *p, double d) {
  if (isnan(d)) buffer_text(&p->line, "nan");
  else if (isinf(d)) buffer_text(&p->line, d < 0 ? "-inf" : "inf");
  else buffer_float_repr(&p->line, d);
}

static void put_text_literal(Printer *p, Value v) {
  const Str *s = as_str(p->vm, v);
  size_t shown = s->len < LITERAL_MOST ? s->len : LITERAL_MOST - 3;
  buffer_char(&p->line, '\'');
  put_escaped(&p->line, s->bytes, shown, '\'');
  buffer_text(&p->line, shown < s->len ? "...'" : "'");
}

typedef struct {
  Printer *p;
  size_t end;    /* of what may be printed */
  int depth;
  uint32_t n;
  bool pairs, cut;
} Items;

static void put_item(void *ctx, Value v) {
  Items *x = ctx;
  Buffer *b = &x->p->line;
  if (x->cut) return;
  if (x->n) buffer_text(b, x->pairs && x->n % 2 ? ": " : ", ");
  x->n++;
  x->cut = b->len >= x->end;
  if (x->cut) buffer_text(b, "...");
  else put_value(x->p, v, x->depth + 1);
}

static uint32_t put_items(Printer *p, Value v, int depth, bool pairs) {
  Items x = {p, p->line.len + LITERAL_MOST / (size_t)(depth + 1), depth, 0, pairs, false};
  if (depth >= LITERAL_DEPTH) buffer_text(&p->line, "...");
  else value_children(p->vm, v, put_item, &x);
  return x.n;
}

static void put_container(Printer *p, Value v, int depth) {
  Buffer *b = &p->line;
  switch (kind_of(v)) {
  case KIND_TUPLE:
    buffer_char(b, '(');
    buffer_text(b, put_items(p, v, depth, false) == 1 && as_tuple(p->vm, v)->len == 1 ? ",)" : ")");
    break;
  case KIND_LIST:
    buffer_char(b, '[');
    put_items(p, v, depth, false);
    buffer_char(b, ']');
    break;
  case KIND_DICT:
    buffer_text(b, as_dict(p->vm, v)->is_counter ? "Counter({" : "{");
    put_items(p, v, depth, true);
    buffer_text(b, as_dict(p->vm, v)->is_counter ? "})" : "}");
    break;
  default: {
    bool frozen = is_kind(v, KIND_FROZENSET), empty = !as_set(p->vm, v)->used;
    buffer_text(b, frozen ? "frozenset(" : empty ? "set(" : "");
    if (!empty) buffer_char(b, '{');
    if (!empty) put_items(p, v, depth, false);
    if (!empty) buffer_char(b, '}');
    buffer_text(b, frozen || empty ? ")" : "");
  }
  }
}

static void put_row(Printer *p, const char *name, Value v, int depth) {
  buffer_format(&p->line, "%s(", name);
  put_items(p, v, depth, false);
  buffer_char(&p->line, ')');
}

static void put_special(Printer *p, Value v) {
  Buffer *b = &p->line;
  switch (kind_of(v)) {
  case KIND_NONE: buffer_text(b, "None"); break;
  case KIND_BOOL: buffer_text(b, is_true(v) ? "True" : "False"); break;
  case KIND_TYPE: put_type(p, payload_of(v)); break;
  case KIND_BUILTIN: buffer_text(b, builtin_text(payload_of(v))); break;
  case KIND_CODE: buffer_format(b, "<code #%u>", payload_of(v)); break;
  case KIND_MODULE: buffer_format(b, "<module %s>", module_text(payload_of(v))); break;
  case KIND_POISON: buffer_format(b, "<%s>", error_name(ERR_LIMIT + payload_of(v))); break;
  default: buffer_text(b, v == OPERAND_NAME_ERROR ? "<no such name>" : "<unbound>"); break;
  }
}

static void put_value(Printer *p, Value v, int depth) {
  const Vm *vm = p->vm;
  Buffer *b = &p->line;
  switch (kind_of(v)) {
  case KIND_INT: buffer_int(b, int_of(v)); break;
  case KIND_FLOAT: put_float(p, as_float(vm, v)->value); break;
  case KIND_STR: put_text_literal(p, v); break;
  case KIND_TUPLE: case KIND_LIST: case KIND_DICT: case KIND_SET: case KIND_FROZENSET: put_container(p, v, depth); break;
  case KIND_RANGE:
    buffer_format(b, "range(%lld, %lld, %lld)", (long long)as_range(vm, v)->start, (long long)as_range(vm, v)->stop,
                  (long long)as_range(vm, v)->step);
    break;
  case KIND_SLICE: put_row(p, "slice", v, depth); break;
  case KIND_FUNC: put_function_name(p, as_func(vm, v)->fid); break;
  case KIND_GUARD: put_str(p, as_guard(vm, v)->name); break;
  case KIND_METHOD:
    put_value(p, as_method(vm, v)->self, depth + 1);
    buffer_format(b, ".%s", method_text(as_method(vm, v)->method));
    break;
  case KIND_ITER: buffer_text(b, "<iterator>"); break;
  case KIND_GEN: buffer_text(b, "<generator>"); break;
  case KIND_CELL: put_row(p, "<cell>", v, depth); break;
  case KIND_ERROR: buffer_format(b, "%s()", error_name(as_error(vm, v)->cls)); break;
  case KIND_OPAQUE: buffer_text(b, "<object>"); break;
  default: put_special(p, v); break;
  }
}

/* The most general classes whose subclasses make up the mask. */
static void put_mask(Printer *p, ErrorMask mask) {
  ErrorMask left = mask;
  bool any = false;
  for (uint32_t cls = 0; cls < ERR_COUNT; cls++) {
    ErrorMask all = error_mask((ErrorClass)cls);
    if (!(left >> cls & 1)) continue;
    bool whole = !(all & ~mask);
    buffer_format(&p->line, "%s%s%s", any ? "|" : "", error_name(cls), whole ? "" : " alone");
    left &= whole ? ~all : ~((ErrorMask)1 << cls);
    any = true;
  }
  if (!any) buffer_text(&p->line, "nothing");
}

/* ---- programs ---- */

static void put_slot(Printer *p, const Program *program, uint32_t slot) {
  Value name = program->slot_names[slot];
  if (!name) {
    buffer_format(&p->line, "%%%u", slot);
    return;
  }
  put_str(p, name);
  if (p->again[slot]) buffer_format(&p->line, "%%%u", slot);
}

/* A variable that is bound again has a slot for each time. */
static void find_again(Printer *p, const Program *program) {
  uint8_t *seen = ir_alloc(p->unit->image_top, 1);
  p->again = ir_alloc(program->nslots, 1);
  for (uint32_t i = 0; i < program->nslots; i++) {
    uint32_t at = payload_of(program->slot_names[i]);
    p->again[i] = seen[at];
    seen[at] = 1;
  }
  free(seen);
}

static void put_operand(Printer *p, const Program *program, Operand o) {
  if (o >= 0) put_slot(p, program, (uint32_t)o);
  else put_value(p, program->consts[~o], 0);
}

static void put_call(Printer *p, const Program *program, const ProgramCall *call) {
  Buffer *b = &p->line;
  if (call->callee == OPERAND_COPY) {
    put_operand(p, program, program->operands[call->args]);
    return;
  }
  put_operand(p, program, call->callee);
  buffer_char(b, '(');
  for (uint32_t i = 0; i < call->nargs; i++) {
    if (i) buffer_text(b, ", ");
    uint32_t first_kw = (uint32_t)call->nargs - call->nkw;
    if (i >= first_kw) {
      put_str(p, program->consts[~program->operands[call->kwnames + i - first_kw]]);
      buffer_char(b, '=');
    }
    put_operand(p, program, program->operands[call->args + i]);
  }
  buffer_char(b, ')');
}

static void print_op(Printer *p, FILE *out, const Program *program, const ProgramOp *op) {
  static const char *const bindings[] = {"@program", "@task", "@sample", "@call"};
  Buffer *b = &p->line;
  buffer_text(b, "  ");
  if (op->unpacks && op->ndst < 2) buffer_char(b, '(');
  for (uint32_t i = 0; i < op->ndst; i++) {
    if (i) buffer_text(b, ", ");
    put_slot(p, program, op->dst + i);
  }
  if (op->unpacks && op->ndst < 2) buffer_text(b, op->ndst ? ",)" : ")");
  buffer_text(b, " = ");
  put_call(p, program, &op->call);
  if (op->mask) {
    buffer_text(b, " catch ");
    put_mask(p, op->mask);
    buffer_text(b, " else ");
    put_call(p, program, &op->fallback);
  }
  buffer_text(b, op->dead ? "  dead " : "  ");
  buffer_text(b, op->known == KNOWN_ALWAYS ? "@constant" : bindings[op->binding]);
  if (op->known) {
    buffer_text(b, op->known == KNOWN_FIRST ? ", without C: " : ": ");
    put_value(p, program->consts[op->known_value], 0);
    if (op->known_error < ERR_COUNT) buffer_text(b, " after "), buffer_text(b, error_name(op->known_error));
  }
  end_line(p, out, program->file, op->line);
}

static void print_output(Printer *p, FILE *out, const Program *program, const ProgramOutput *output) {
  Buffer *b = &p->line;
  buffer_format(b, "  after %u: %s.append(", output->after_op, output->list ? "s" : "o");
  if (!output->bare) buffer_char(b, '(');
  for (uint32_t i = 0; i < output->nitems; i++) {
    if (i) buffer_text(b, ", ");
    put_operand(p, program, program->operands[output->items + i]);
  }
  if (!output->bare) buffer_text(b, output->nitems == 1 ? ",)" : ")");
  buffer_char(b, ')');
  end_line(p, out, program->file, output->line);
}

static void print_whole(Printer *p, FILE *out, const Program *program) {
  buffer_text(&p->line, "  return ");
  put_value(p, program->whole, 0);
  buffer_char(&p->line, '(');
  for (uint32_t i = 0; i < program->nwhole_params; i++) {
    if (i) buffer_text(&p->line, ", ");
    put_slot(p, program, program->whole_params[i]);
  }
  buffer_char(&p->line, ')');
  end_line(p, out, NULL, 0);
}

static void print_program(Printer *p, FILE *out, const Program *program) {
  Buffer *b = &p->line;
  find_again(p, program);
  buffer_text(b, "program ");
  put_name(b, program->entry);
  buffer_text(b, " of ");
  put_name(b, base_name(program->file));
  buffer_format(b, ": %u slots, %u ops, %u outputs", program->nslots, program->nops, program->noutputs);
  if (program->entry_task[0]) buffer_text(b, ", task "), put_name(b, program->entry_task);
  end_line(p, out, NULL, 0);
  if (program->whole) {
    print_whole(p, out, program);
  } else {
    for (uint32_t i = 0; i < program->nops; i++) print_op(p, out, program, &program->ops[i]);
    for (uint32_t i = 0; i < program->noutputs; i++) print_output(p, out, program, &program->outputs[i]);
    buffer_text(b, "  return o, s");
    end_line(p, out, NULL, 0);
  }
  fputc('\n', out);
  free(p->again);
  p->again = NULL;
}

/* ---- functions ---- */

static void put_register(Printer *p, const Function *f, int32_t x) {
  if (x >= 0) buffer_format(&p->line, "r%d", x);
  else put_value(p, f->consts[~x], 0);
}

static void put_args(Printer *p, const Instr *in) {
  int n = in->op == OP_BUILD_SLICE ? 3 : in->c;
  if (!n) buffer_text(&p->line, "[]");
  else if (n == 1) buffer_format(&p->line, "[r%d]", in->d);
  else buffer_format(&p->line, "[r%d..r%d]", in->d, in->d + n - 1);
}

static void put_instr_operand(Printer *p, const Function *f, const Instr *in, uint32_t which) {
  const Image *image = &p->unit->image;
  Buffer *b = &p->line;
  int32_t x = instr_operand(in, which);
  switch (opcode_pattern(in->op)[which]) {
  case 'A': put_args(p, in); break;
  case 'L': buffer_format(b, "-> %d", x); break;
  case 'F': put_function_name(p, (uint32_t)x); break;
  case 'G': buffer_text(b, "global "), put_str(p, image->global_names[x]); break;
  case 'N': buffer_char(b, '.'), put_str(p, image->names[x]); break;
  case 'K': put_value(p, f->consts[x < 0 ? ~x : x], 0); break;
  case 'n': buffer_format(b, "%d", x); break;
  case 'E': put_mask(p, f->masks[x]); break;
  default: put_register(p, f, x); break;
  }
}

/* The number of argument registers goes without saying, as does a global's name. */
static bool is_shown(const Instr *in, uint32_t which) {
  const char *pattern = opcode_pattern(in->op);
  if (pattern[which] == '-' || (pattern[which] == 'n' && pattern[3] == 'A')) return false;
  return !(in->op == OP_LOAD_GLOBAL && pattern[which] == 'N');
}

static void print_instr(Printer *p, FILE *out, const Function *f, uint32_t pc) {
  const Instr *in = &f->code[pc];
  bool first = true;
  buffer_format(&p->line, "  %4u  %-13s", pc, opcode_name(in->op));
  for (uint32_t i = 0; i < 5; i++) {
    if (!is_shown(in, i)) continue;
    buffer_text(&p->line, first ? " " : ", ");
    put_instr_operand(p, f, in, i);
    first = false;
  }
  end_line(p, out, f->file, in->line);
}

static void put_flags(Printer *p, uint32_t flags) {
  static const char *const names[] = {"varargs", "varkw", "generator", "uncounted", "stop-passes", "genexpr", "impure", "unsupported"};
  for (uint32_t i = 0; i < sizeof names / sizeof *names; i++)
    if (flags >> i & 1) buffer_format(&p->line, " %s", names[i]);
}

static void put_params(Printer *p, const Function *f) {
  Buffer *b = &p->line;
  uint32_t n = named_params(f), extra = (uint32_t)f->nparams + f->nkwonly;
  buffer_char(b, '(');
  for (uint32_t i = 0; i < n; i++) {
    if (i) buffer_text(b, ", ");
    if (i == f->nparams && !(f->flags & FN_VARARGS)) buffer_text(b, "*, ");
    put_str(p, f->param_names[i]);
    if (i + f->ndefaults >= n) buffer_char(b, '=');
  }
  if (f->flags & FN_VARARGS) buffer_format(b, "%s*r%u", n ? ", " : "", extra++);
  if (f->flags & FN_VARKW) buffer_format(b, "%s**r%u", extra ? ", " : "", extra);
  buffer_char(b, ')');
}

static void print_header(Printer *p, FILE *out, const Function *f) {
  Buffer *b = &p->line;
  buffer_text(b, "function ");
  put_function_name(p, f->fid);
  put_params(p, f);
  put_flags(p, f->flags);
  end_line(p, out, f->file, f->line);
  buffer_text(b, "  module ");
  put_name(b, f->module);
  buffer_format(b, ", %u registers, safe default ", f->nregs);
  if (f->safe_default == V_UNBOUND) buffer_text(b, "a function");
  else put_value(p, f->safe_default, 0);
  for (uint32_t i = 0; i < f->nfree; i++)
    buffer_format(b, "%s r%u = r%d outside", i ? "," : ", captures", f->free_base + i, f->captures[i]);
  end_line(p, out, NULL, 0);
}

static void print_handler(Printer *p, FILE *out, const Handler *h) {
  if (h->kind == HANDLER_GENEXPR)
    buffer_format(&p->line, "  handler %u..%u StopIteration becomes RuntimeError", h->start, h->end - 1);
  else
    buffer_format(&p->line, "  handler %u..%u -> %u, r%u = exception, %u generator expressions open", h->start, h->end - 1,
                  h->target, h->reg, h->gen_depth);
  end_line(p, out, NULL, 0);
}

static void print_function(Printer *p, FILE *out, const Function *f) {
  print_header(p, out, f);
  for (uint32_t i = 0; i < f->ncode; i++) print_instr(p, out, f, i);
  for (uint32_t i = 0; i < f->nhandlers; i++) print_handler(p, out, &f->handlers[i]);
  fputc('\n', out);
}

/* ---- which functions ---- */

typedef struct {
  const Unit *unit;
  ValueWalk walk;
  uint8_t *reached;  /* by function */
  uint32_t *todo;
  uint32_t n;
} Reach;

static void reach_function(Reach *r, uint32_t fid) {
  if (r->reached[fid]) return;
  r->reached[fid] = 1;
  r->todo[r->n++] = fid;
}

static void reach_values(Reach *r, const Value *values, uint32_t n) {
  Value v;
  for (uint32_t i = 0; i < n; i++) walk_add(&r->walk, values[i]);
  while (walk_next(&r->walk, &v)) {
    if (is_kind(v, KIND_FUNC)) reach_function(r, as_func(r->walk.vm, v)->fid);
    if (is_kind(v, KIND_GEN)) reach_function(r, as_gen(r->walk.vm, v)->fid);
  }
}

static void reach_from(Reach *r, const Function *f) {
  const Value *globals = (const Value *)arena_at(r->walk.vm, r->unit->image.globals);
  reach_values(r, f->consts, f->nconsts);
  for (uint32_t i = 0; i < f->ncode; i++) {
    const Instr *in = &f->code[i];
    if (in->op == OP_LOAD_GLOBAL) reach_values(r, &globals[in->d], 1);
    if (in->op == OP_MAKE_FUNC || in->op == OP_GENEXPR) reach_function(r, (uint32_t)in->e);
  }
}

static void reach_all(Reach *r) {
  for (uint32_t i = 0; i < r->unit->nprograms; i++) {
    const Program *p = &r->unit->programs[i];
    reach_values(r, p->consts, p->nconsts);
    reach_values(r, &p->whole, 1);
  }
  while (r->n) reach_from(r, &r->unit->image.functions[r->todo[--r->n]]);
}

void ir_print(FILE *out, const Unit *unit) {
  const Image *image = &unit->image;
  Printer p = {.unit = unit, .vm = unit->vm};
  Reach r = {.unit = unit, .walk = {.vm = unit->vm, .limit = unit->image_top}};
  r.reached = ir_alloc(image->nfunctions, 1);
  r.todo = ir_alloc(image->nfunctions, sizeof *r.todo);
  reach_all(&r);
  for (uint32_t i = 0; i < unit->nprograms; i++) print_program(&p, out, &unit->programs[i]);
  for (uint32_t i = 0; i < image->nfunctions; i++)
    if (r.reached[i]) print_function(&p, out, &image->functions[i]);
  walk_free(&r.walk);
  free(r.reached);
  free(r.todo);
  buffer_free(&p.line);
}
