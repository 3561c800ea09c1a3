/* emit_program.c - the ops of a program as C.
 *
 * An op is one line. Ops of one Binding stand together, in program order, in functions of CHUNK ops: one
 * function with thousands of them takes compilers minutes. The table of ops keeps what is not in their
 * code: places of the values, what is caught, lines. */
#include "emit.h"

#include <stdlib.h>
#include <string.h>

enum { CHUNK = 64 };

static const char *const binding_names[] = {"program", "task", "sample", "call"};
static const char *const binding_ids[] = {"BIND_PROGRAM", "BIND_TASK", "BIND_SAMPLE", "BIND_CALL"};

static void put_name(Buffer *b, const Program *p, uint32_t number) {
  emit_identifier(b, p->entry);
  buffer_format(b, "_%u", number);
}

/* ---- one op ---- */

static void put_operand(Buffer *b, Operand o) {
  buffer_text(b, o >= 0 ? "v[" : "k[");
  buffer_int(b, o >= 0 ? o : ~o);
  buffer_char(b, ']');
}

static void put_call(Buffer *b, const Program *p, const ProgramCall *call) {
  buffer_text(b, call->nkw ? "CALL_NAMED(NAMES(" : "CALL(");
  for (uint32_t i = 0; i < call->nkw; i++) {
    if (i) buffer_text(b, ", ");
    put_operand(b, p->operands[call->kwnames + i]);
  }
  if (call->nkw) buffer_text(b, "), ");
  if (call->callee == OPERAND_COPY) buffer_text(b, "CALLEE_COPY");
  else put_operand(b, call->callee);
  for (uint32_t i = 0; i < call->nargs; i++) {
    buffer_text(b, ", ");
    put_operand(b, p->operands[call->args + i]);
  }
  buffer_char(b, ')');
}

static void put_slot_name(Buffer *b, const Unit *unit, const Program *p, uint32_t slot) {
  const Str *name = p->slot_names[slot] ? as_str(unit->vm, p->slot_names[slot]) : NULL;
  if (name) emit_comment(b, name->bytes, name->len);
  else buffer_format(b, "v%u", slot);
}

static void put_operand_name(Buffer *b, const Unit *unit, const Program *p, Operand o) {
  if (o >= 0) put_slot_name(b, unit, p, (uint32_t)o);
  else emit_constant(b, unit, p->consts[~o]);
}

/* As it stands in the Python file, with constants for what their names mean. */
static void put_python(Buffer *b, const Unit *unit, const Program *p, const ProgramOp *op) {
  const ProgramCall *call = &op->call;
  for (uint32_t i = 0; i < op->ndst; i++) {
    if (i) buffer_text(b, ", ");
    put_slot_name(b, unit, p, op->dst + i);
  }
  buffer_text(b, " = ");
  if (call->callee != OPERAND_COPY) put_operand_name(b, unit, p, call->callee);
  buffer_char(b, '(');
  for (uint32_t i = 0; i < call->nargs; i++) {
    if (i) buffer_text(b, ", ");
    put_operand_name(b, unit, p, p->operands[call->args + i]);
  }
  buffer_char(b, ')');
}

static void put_op(Buffer *b, const Unit *unit, const Program *p, uint32_t i) {
  const ProgramOp *op = &p->ops[i];
  bool first = op->known == KNOWN_FIRST; /* what it gives without C is there already */
  buffer_text(b, first || op->mask ? "  if (" : "  ");
  if (first) buffer_text(b, op->mask ? "!x->none && " : "!x->none) ");
  buffer_format(b, op->mask ? "!exec_try(x, %u, &v[%u], " : "exec_try(x, %u, &v[%u], ", i, op->dst);
  put_call(b, p, &op->call);
  if (op->mask) {
    buffer_format(b, ")) exec_except(x, %u, &v[%u], ", i, op->dst);
    put_call(b, p, &op->fallback);
  }
  buffer_format(b, "); /* line %u: ", op->line);
  put_python(b, unit, p, op);
  buffer_text(b, " */\n");
}

/* ---- chunks ---- */

typedef struct {
  const Program *p;
  uint32_t number; /* of the program */
  uint32_t binding, chunk;
  uint32_t at;     /* ops before it are done */
} Chunk;

static bool is_run(const ProgramOp *op, uint32_t binding) {
  return op->binding == binding && op->known != KNOWN_ALWAYS && !op->dead;
}

/* The next op of the binding, from c->at on; nops: none. */
static uint32_t next_op(const Chunk *c) {
  uint32_t i = c->at;
  while (i < c->p->nops && !is_run(&c->p->ops[i], c->binding)) i++;
  return i;
}

static void put_chunk_name(Buffer *b, const Chunk *c) {
  put_name(b, c->p, c->number);
  buffer_format(b, "_%s_%u", binding_names[c->binding], c->chunk);
}

/* Goes over the ops of a chunk; they are written if `unit` is given. False: there is no such chunk. */
static bool walk_chunk(Chunk *c, Buffer *b, const Unit *unit, const char *linkage) {
  uint32_t op = next_op(c);
  if (op == c->p->nops) return false;
  if (unit) {
    buffer_format(b, "\n%sNOINLINE void ", linkage);
    put_chunk_name(b, c);
    buffer_text(b, "(Execution *x) {\n  BEGIN_OPS;\n");
  }
  for (uint32_t n = 0; n < CHUNK && (op = next_op(c)) < c->p->nops; n++, c->at = op + 1)
    if (unit) put_op(b, unit, c->p, op);
  if (unit) buffer_text(b, "}\n");
  return true;
}

void emit_chunks(Buffer *b, const Unit *unit, uint32_t number, const char *linkage, uint32_t part, uint32_t parts) {
  Chunk c = {.p = &unit->programs[number], .number = number};
  uint32_t all = 0;
  for (; c.binding <= BIND_CALL; c.binding++)
    for (c.chunk = c.at = 0; walk_chunk(&c, b, all % parts == part ? unit : NULL, linkage); c.chunk++) all++;
}

void emit_chunk_declarations(Buffer *b, const Unit *unit, uint32_t number, const char *linkage) {
  Chunk c = {.p = &unit->programs[number], .number = number};
  for (; c.binding <= BIND_CALL; c.binding++)
    for (c.chunk = c.at = 0; walk_chunk(&c, b, NULL, NULL); c.chunk++) {
      buffer_format(b, "%svoid ", linkage);
      put_chunk_name(b, &c);
      buffer_text(b, "(Execution *x);\n");
    }
}

void emit_ops_name(Buffer *b, const Unit *unit, uint32_t number) {
  put_name(b, &unit->programs[number], number);
  buffer_text(b, "_ops");
}

void emit_ops_dispatch(Buffer *b, const Unit *unit, uint32_t number, const char *linkage) {
  const Program *p = &unit->programs[number];
  Chunk c = {.p = p, .number = number};
  buffer_format(b, "\n%svoid ", linkage);
  put_name(b, p, number);
  buffer_text(b, "_ops(Execution *x, Binding binding) {\n  switch (binding) {\n");
  for (; c.binding <= BIND_CALL; c.binding++) {
    buffer_format(b, "    case %s:\n", binding_ids[c.binding]);
    for (c.chunk = c.at = 0; walk_chunk(&c, b, NULL, NULL); c.chunk++) {
      buffer_text(b, c.binding == BIND_CALL ? "      if (exec_stopped(x)) break;\n      " : "      ");
      put_chunk_name(b, &c);
      buffer_text(b, "(x);\n");
    }
    buffer_text(b, "      break;\n");
  }
  buffer_text(b, "  }\n}\n");
}

/* ---- tables ---- */

static void start_table(Buffer *b, const char *type, const Program *p, uint32_t number, const char *what) {
  buffer_format(b, "\nstatic %s ", type);
  put_name(b, p, number);
  buffer_format(b, "_%s[] = {\n", what);
}

static void put_call_entry(Buffer *b, const char *field, const ProgramCall *call) {
  buffer_format(b, ".%s = {%d, %u, %u, %u, %u}, ", field, call->callee, call->args, call->nargs, call->nkw, call->kwnames);
}

/* Calls are there beside the code of the ops: an op is made by them where sharing would show (execute.c). */
static void put_ops(Buffer *b, const Program *p, uint32_t number) {
  if (!p->nops) return;
  start_table(b, "ProgramOp", p, number, "table");
  for (uint32_t i = 0; i < p->nops; i++) {
    const ProgramOp *op = &p->ops[i];
    buffer_text(b, "  {");
    put_call_entry(b, "call", &op->call);
    put_call_entry(b, "fallback", &op->fallback);
    buffer_format(b, ".mask = 0x%llx, .dst = %u, .ndst = %u, .binding = %s, .unpacks = %u, .line = %u, "
                  ".fallback_line = %u, .target_line = %u",
                  (unsigned long long)op->mask, op->dst, op->ndst, binding_ids[op->binding], op->unpacks, op->line,
                  op->fallback_line, op->target_line);
    buffer_format(b, ", .known_value = %u, .known = %u, .known_error = %u, .dead = %u},\n", op->known_value, op->known, op->known_error,
                  op->dead);
  }
  buffer_text(b, "};\n");
}

static void put_operands(Buffer *b, const Program *p, uint32_t number) {
  if (!p->noperands) return;
  start_table(b, "Operand", p, number, "operands");
  for (uint32_t i = 0; i < p->noperands; i++) buffer_format(b, "%s%d,", i % 16 ? " " : "\n  ", p->operands[i]);
  buffer_text(b, "};\n");
}

static void put_outputs(Buffer *b, const Program *p, uint32_t number) {
  if (!p->noutputs) return;
  start_table(b, "ProgramOutput", p, number, "outputs");
  for (uint32_t i = 0; i < p->noutputs; i++) {
    const ProgramOutput *out = &p->outputs[i];
    buffer_format(b, "  {.items = %u, .nitems = %u, .list = %u, .bare = %u, .after_op = %u, .line = %u},\n", out->items, out->nitems,
                  out->list, out->bare, out->after_op, out->line);
  }
  buffer_text(b, "};\n");
}

static void put_consts(Buffer *b, const Unit *unit, const Program *p, uint32_t number) {
  if (!p->nconsts) return;
  start_table(b, "Value", p, number, "consts");
  for (uint32_t i = 0; i < p->nconsts; i++) {
    buffer_format(b, "  0x%llx, /* ", (unsigned long long)p->consts[i]);
    emit_constant(b, unit, p->consts[i]);
    buffer_text(b, " */\n");
  }
  buffer_text(b, "};\n");
}

static void put_slot_names(Buffer *b, const Program *p, uint32_t number) {
  start_table(b, "Value", p, number, "slot_names");
  for (uint32_t i = 0; i < p->nslots; i++)
    buffer_format(b, "%s0x%llx,%s", i % 8 ? " " : "  ", (unsigned long long)p->slot_names[i],
                  i % 8 == 7 || i + 1 == p->nslots ? "\n" : "");
  buffer_text(b, "};\n");
}

void emit_program_tables(Buffer *b, const Unit *unit, uint32_t number, bool native) {
  const Program *p = &unit->programs[number];
  if (native && p->nops) emit_ops_dispatch(b, unit, number, "static ");
  put_ops(b, p, number);
  put_operands(b, p, number);
  put_outputs(b, p, number);
  put_consts(b, unit, p, number);
  put_slot_names(b, p, number);
}

static void put_field(Buffer *b, const Program *p, uint32_t number, const char *field, const char *what, bool there) {
  if (!there) return;
  buffer_format(b, ", .%s = ", field);
  put_name(b, p, number);
  buffer_format(b, "_%s", what);
}

void emit_program_entry(Buffer *b, const Unit *unit, uint32_t number, bool native) {
  const Program *p = &unit->programs[number];
  buffer_text(b, "  {.file = ");
  emit_literal(b, emit_base_name(p->file));
  buffer_text(b, ", .entry = ");
  emit_literal(b, p->entry);
  put_field(b, p, number, "ops", "table", p->nops);
  buffer_format(b, ", .nops = %u", p->nops);
  put_field(b, p, number, "operands", "operands", p->noperands);
  buffer_format(b, ", .noperands = %u", p->noperands);
  put_field(b, p, number, "consts", "consts", p->nconsts);
  buffer_format(b, ", .nconsts = %u, .nslots = %u", p->nconsts, p->nslots);
  put_field(b, p, number, "slot_names", "slot_names", true);
  put_field(b, p, number, "outputs", "outputs", p->noutputs);
  buffer_format(b, ", .noutputs = %u,\n   .whole = 0x%llx, .whole_params = {", p->noutputs, (unsigned long long)p->whole);
  for (int i = 0; i < 8; i++) buffer_format(b, "%s%u", i ? ", " : "", p->whole_params[i]);
  buffer_format(b, "}, .nwhole_params = %u", p->nwhole_params);
  if (p->whole) {
    buffer_format(b, ", .is_entry = %d, .entry_task = ", p->is_entry);
    emit_literal(b, p->entry_task);
  }
  put_field(b, p, number, "native_ops", "ops", native && p->nops);
  buffer_text(b, "},\n");
}
