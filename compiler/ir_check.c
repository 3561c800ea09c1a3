/* ir_check.c - the invariants of the IR: run between passes in debug builds, and on what a .bto holds.
 *
 * Order: bounds of everything that is an index, then the constant image (ir_image.c), then what needs
 * constants, the flow of registers (ir_flow.c), the programs. A later part relies on the earlier ones.
 * A unit that passes cannot make the runtime read or write outside its memory. */
#include "ir.h"

#include "builtin.h"
#include "kernel.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

enum {
  MOST_ARGS = 64, /* execute.c */
  MOST_GEN_LEVELS = 255
};

bool ir_fail(const char *fmt, ...) {
  va_list ap;
  va_start(ap, fmt);
  fputs("ir_check: ", stderr);
  vfprintf(stderr, fmt, ap);
  fputc('\n', stderr);
  va_end(ap);
  return false;
}

static void escaped(FILE *out, const char *s) {
  for (int i = 0; s && s[i] && i < 200; i++) {
    unsigned char c = (unsigned char)s[i];
    if (c < 0x20 || c >= 0x7f) fprintf(out, "\\x%02x", c);
    else fputc(c, out);
  }
}

bool ir_fail_in(const Function *f, int64_t pc, const char *fmt, ...) {
  va_list ap;
  va_start(ap, fmt);
  fputs("ir_check: function ", stderr);
  escaped(stderr, f->name);
  fprintf(stderr, "#%u: ", f->fid);
  if (pc >= 0) {
    uint32_t op = f->code[pc].op;
    fprintf(stderr, "instruction %lld: %s: ", (long long)pc, op < OP_COUNT ? opcode_name(op) : "?");
  }
  vfprintf(stderr, fmt, ap);
  fputc('\n', stderr);
  va_end(ap);
  return false;
}

/* ---- bounds ---- */

static bool is_const(const Function *f, int32_t x) { return x < 0 && (uint32_t)~x < f->nconsts; }
static bool below(int32_t x, uint32_t n) { return x >= 0 && (uint32_t)x < n; }

/* CALL_KW names its constant by index or as an operand. */
static uint32_t const_index(int32_t x) { return x < 0 ? (uint32_t)~x : (uint32_t)x; }

static uint32_t arg_count(const Instr *in) { return in->op == OP_BUILD_SLICE ? 3 : (uint32_t)in->c; }

static bool operand_ok(const Image *image, const Function *f, const Instr *in, uint32_t which) {
  int32_t x = instr_operand(in, which);
  switch (opcode_pattern(in->op)[which]) {
  case 'D': case 'r': return below(x, f->nregs) || in->op == OP_UNPACK; /* of UNPACK: see instr_bounds */
  case 'R': return below(x, f->nregs) || is_const(f, x);
  case 'A': return x >= 0 && (uint64_t)x + arg_count(in) <= f->nregs;
  case 'L': return below(x, f->ncode);
  case 'F': return below(x, image->nfunctions);
  case 'G': return below(x, image->nglobals);
  case 'N': return below(x, image->nnames);
  case 'K': return const_index(x) < f->nconsts;
  case 'E': return below(x, f->nmasks);
  case 'n': return x >= 0;
  default: return true;
  }
}

static bool captures_fit(const Function *f, const Function *inner) {
  for (uint32_t i = 0; i < inner->nfree; i++)
    if (!below(inner->captures[i], f->nregs)) return false;
  return true;
}

static bool instr_bounds(const Image *image, const Function *f, uint32_t pc) {
  const Instr *in = &f->code[pc];
  if (in->op >= OP_COUNT) return ir_fail_in(f, pc, "no such instruction");
  for (uint32_t i = 0; i < 5; i++)
    if (!operand_ok(image, f, in, i)) return ir_fail_in(f, pc, "operand %c is out of range: %d", "abcde"[i], instr_operand(in, i));
  switch (in->op) {
  case OP_UNPACK: return (in->a >= 0 && in->a + in->c <= f->nregs) || ir_fail_in(f, pc, "more targets than registers");
  case OP_UNPACK_STAR:
    return (in->a + in->c < f->nregs && in->d <= in->c) || ir_fail_in(f, pc, "more targets than registers");
  case OP_BUILD_DICT: return in->c % 2 == 0 || ir_fail_in(f, pc, "a key without a value");
  case OP_ENTER_GEN: case OP_LEAVE_GEN: return in->d <= MOST_GEN_LEVELS || ir_fail_in(f, pc, "too many levels");
  case OP_MAKE_FUNC: {
    const Function *g = &image->functions[in->e];
    if (g->flags & FN_GENEXPR) return ir_fail_in(f, pc, "a generator expression as a function");
    return (in->c == g->ndefaults && captures_fit(f, g)) || ir_fail_in(f, pc, "the closure does not fit its function");
  }
  case OP_GENEXPR: {
    const Function *g = &image->functions[in->e];
    return ((g->flags & FN_GENEXPR) && captures_fit(f, g)) || ir_fail_in(f, pc, "the closure does not fit its function");
  }
  case OP_YIELD: return (f->flags & FN_GENERATOR) || ir_fail_in(f, pc, "in a function that is no generator");
  default: return true;
  }
}

static bool handler_ok(const Function *f, const Handler *h) {
  if (h->start >= h->end || h->end > f->ncode) return false;
  if (h->kind == HANDLER_GENEXPR) return true;
  return h->kind == HANDLER_EXCEPT && h->target < f->ncode && h->reg < f->nregs;
}

static bool has_yield(const Function *f) {
  for (uint32_t i = 0; i < f->ncode; i++)
    if (f->code[i].op == OP_YIELD) return true;
  return false;
}

static bool shape_ok(const Function *f) {
  if (f->nregs > INT16_MAX + 1) return ir_fail_in(f, -1, "%u registers", f->nregs);
  if (param_registers(f) > f->nregs) return ir_fail_in(f, -1, "more parameters than registers");
  if (f->free_base + (uint32_t)f->nfree > f->nregs || (f->nfree && f->free_base < param_registers(f)))
    return ir_fail_in(f, -1, "its captured variables have no registers");
  if (f->ndefaults > f->nparams + (uint32_t)f->nkwonly) return ir_fail_in(f, -1, "more defaults than parameters");
  if (f->kernel >= KERNEL_COUNT || (f->kernel && (kernel_nargs(f->kernel) != f->nparams || param_registers(f) != f->nparams)))
    return ir_fail_in(f, -1, "a kernel that does not fit");
  if ((f->flags & FN_GENEXPR) && (!(f->flags & FN_GENERATOR) || f->nparams != 1 || param_registers(f) != 1))
    return ir_fail_in(f, -1, "a generator expression of another shape");
  if ((f->flags & FN_GENERATOR) && !(f->flags & (FN_GENEXPR | FN_UNSUPPORTED)) && !has_yield(f))
    return ir_fail_in(f, -1, "a generator that yields nothing");
  if (!f->ncode || instr_falls_through(&f->code[f->ncode - 1])) return ir_fail_in(f, -1, "control runs over its end");
  return true;
}

static bool function_bounds(const Image *image, uint32_t fid) {
  const Function *f = &image->functions[fid];
  if (f->fid != fid) return ir_fail_in(f, -1, "its number is %u", fid);
  for (uint32_t i = 0; i < f->ncode; i++)
    if (!instr_bounds(image, f, i)) return false;
  for (uint32_t i = 0; i < f->nhandlers; i++)
    if (!handler_ok(f, &f->handlers[i])) return ir_fail_in(f, -1, "handler %u is out of range", i);
  return shape_ok(f);
}

/* ---- what needs constants ---- */

/* The keywords' names, and at least as many arguments. */
static bool keywords_ok(const Vm *vm, const Function *f, uint32_t pc) {
  const Instr *in = &f->code[pc];
  Value names = f->consts[const_index(in->e)];
  if (!is_tuple(names) || tuple_head(vm, names)->len > (uint32_t)in->c) return ir_fail_in(f, pc, "no tuple of keywords");
  for (uint32_t i = 0; i < tuple_head(vm, names)->len; i++)
    if (!is_kind(tuple_head(vm, names)->items[i], KIND_STR)) return ir_fail_in(f, pc, "no tuple of keywords");
  return true;
}

static bool function_ok(const Unit *unit, const Function *f, const Captures *captures) {
  for (uint32_t i = 0; i < f->ncode; i++)
    if (f->code[i].op == OP_CALL_KW && !keywords_ok(unit->vm, f, i)) return false;
  return ir_check_flow(&unit->image, f, captures);
}

/* ---- functions that the runtime calls by number ---- */

/* The runtime counts on it that these run in a frame of their own. */
static bool must_run(uint32_t id) {
  return id == PRELUDE_contains || id == PRELUDE_list_extend || id == PRELUDE_set_update || id == PRELUDE_unpack ||
         id == PRELUDE_tuple;
}

static bool prelude_ok(const Image *image) {
  _Static_assert(PRELUDE_COUNT <= sizeof image->prelude / sizeof *image->prelude, "room for the prelude");
  for (uint32_t i = 1; i < sizeof image->prelude / sizeof *image->prelude; i++) {
    uint32_t fid = image->prelude[i];
    if (fid >= image->nfunctions && fid) return ir_fail("the prelude has no function %u", fid);
    const Function *f = &image->functions[fid];
    if (!fid) continue;
    if (f->nfree || (f->flags & FN_GENEXPR) || (must_run(i) && (f->flags & FN_GENERATOR)))
      return ir_fail_in(f, -1, "not fit for the prelude");
  }
  uint32_t fid = image->safe_callable;
  if (fid >= image->nfunctions && fid) return ir_fail("the safe default has no function %u", fid);
  return !fid || (!image->functions[fid].nfree && !(image->functions[fid].flags & FN_GENEXPR)) ||
         ir_fail_in(&image->functions[fid], -1, "not fit for a safe default");
}

/* ---- programs ---- */

typedef struct {
  const Unit *unit;
  const Program *p;
  uint8_t *binding; /* by slot: 1 + Binding, 0: not bound yet */
} ProgramCheck;

static bool program_fail(const ProgramCheck *c, uint32_t op, const char *what) {
  return ir_fail("program %u: op %u (line %u): %s", (unsigned)(c->p - c->unit->programs), op, c->p->ops[op].line, what);
}

static bool operand_bound(const ProgramCheck *c, Operand o, uint8_t binding) {
  if (o < 0) return (uint32_t)~o < c->p->nconsts;
  return (uint32_t)o < c->p->nslots && c->binding[o] && c->binding[o] - 1 <= binding;
}

static bool call_ok(const ProgramCheck *c, uint32_t op, const ProgramCall *call) {
  const Program *p = c->p;
  uint8_t binding = p->ops[op].known == KNOWN_ALWAYS ? BIND_CALL : p->ops[op].binding; /* a constant is not computed */
  if (call->nargs > MOST_ARGS || call->nkw > call->nargs || (uint64_t)call->args + call->nargs > p->noperands ||
      (uint64_t)call->kwnames + call->nkw > p->noperands)
    return program_fail(c, op, "its arguments are out of range");
  if (call->callee == OPERAND_COPY ? call->nargs != 1 || call->nkw : !operand_bound(c, call->callee, binding))
    return program_fail(c, op, "its callee is not bound there");
  for (uint32_t i = 0; i < call->nargs; i++)
    if (!operand_bound(c, p->operands[call->args + i], binding)) return program_fail(c, op, "an argument is not bound there");
  for (uint32_t i = 0; i < call->nkw; i++) {
    Operand name = p->operands[call->kwnames + i];
    if (name >= 0 || (uint32_t)~name >= p->nconsts || !is_kind(p->consts[~name], KIND_STR))
      return program_fail(c, op, "a keyword without a name");
  }
  return true;
}

static bool op_ok(ProgramCheck *c, uint32_t i) {
  const ProgramOp *op = &c->p->ops[i];
  if (op->binding > BIND_CALL || op->unpacks > 1) return program_fail(c, i, "it is bound at no time");
  if (!call_ok(c, i, &op->call) || (op->mask && !call_ok(c, i, &op->fallback))) return false;
  if (op->known > KNOWN_ALWAYS || op->known_error > ERR_COUNT || op->dead > 1 ||
      (op->known && (op->unpacks || op->known_value >= c->p->nconsts)))
    return program_fail(c, i, "its known value is out of range");
  if (op->ndst != 1 && !op->unpacks) return program_fail(c, i, "several values of one call");
  if ((op->ndst && op->dst < SLOT_FIRST_OP) || (uint64_t)op->dst + op->ndst > c->p->nslots || op->dst >= c->p->nslots)
    return program_fail(c, i, "its slot is out of range");
  for (uint32_t k = 0; k < op->ndst; k++) {
    if (c->binding[op->dst + k]) return program_fail(c, i, "its slot is bound already");
    c->binding[op->dst + k] = (uint8_t)(1 + op->binding);
  }
  return true;
}

static bool output_ok(const ProgramCheck *c, uint32_t i) {
  const ProgramOutput *out = &c->p->outputs[i];
  bool ok = out->list <= 1 && out->bare <= 1 && (!out->bare || out->nitems == 1) && out->after_op <= c->p->nops &&
            (uint64_t)out->items + out->nitems <= c->p->noperands;
  for (uint32_t k = 0; ok && k < out->nitems; k++) ok = operand_bound(c, c->p->operands[out->items + k], BIND_CALL);
  return ok || ir_fail("program %u: output %u (line %u) is out of range", (unsigned)(c->p - c->unit->programs), i, out->line);
}

static bool program_shape(const ProgramCheck *c) {
  const Program *p = c->p;
  uint32_t number = (uint32_t)(p - c->unit->programs);
  if (p->nslots < SLOT_FIRST_OP) return ir_fail("program %u: it has no slots for its parameters", number);
  if (p->nwhole_params > sizeof p->whole_params) return ir_fail("program %u: %u parameters", number, p->nwhole_params);
  for (uint32_t i = 0; i < p->nwhole_params; i++)
    if (p->whole_params[i] >= SLOT_FIRST_OP) return ir_fail("program %u: a parameter of no slot", number);
  return true;
}

static bool program_ok(const Unit *unit, const Program *p) {
  static const uint8_t params[SLOT_FIRST_OP] = {1 + BIND_TASK, 1 + BIND_TASK, 1 + BIND_SAMPLE, 1 + BIND_CALL, 1 + BIND_PROGRAM};
  ProgramCheck c = {unit, p, NULL};
  if (!program_shape(&c)) return false;
  c.binding = ir_alloc(p->nslots, 1);
  for (uint32_t i = 0; i < SLOT_FIRST_OP; i++) c.binding[i] = params[i];
  bool ok = true;
  for (uint32_t i = 0; ok && i < p->nops; i++) ok = op_ok(&c, i);
  for (uint32_t i = 0; ok && i < p->noutputs; i++) ok = output_ok(&c, i);
  free(c.binding);
  return ok;
}

bool ir_check(const Unit *unit) {
  const Image *image = &unit->image;
  Captures captures = {NULL, NULL};
  if (unit->image_top > unit->vm->top) return ir_fail("the image ends behind the arena");
  if (!prelude_ok(image)) return false;
  for (uint32_t i = 0; i < image->nfunctions; i++)
    if (!function_bounds(image, i)) return false;
  bool ok = ir_captures(image, &captures) && ir_check_image(unit, &captures);
  for (uint32_t i = 0; ok && i < image->nfunctions; i++) ok = function_ok(unit, &image->functions[i], &captures);
  for (uint32_t i = 0; ok && i < unit->nprograms; i++) ok = program_ok(unit, &unit->programs[i]);
  ir_captures_free(&captures);
  return ok;
}
