/* ir_flow.c - what registers hold, found by following control.
 *
 * The interpreter tests the kinds of Python's values, but takes it from the code that a cell, an
 * iterator, a container under construction or a caught exception is where its instructions say, and
 * that no unbound register is read. This pass proves it: forward data flow over basic blocks, one
 * set of possible contents (a byte of the bits below) per register, in bands of registers so that
 * memory stays bounded. */
#include "ir.h"

#include <stdlib.h>
#include <string.h>

enum {
  HAS_UNBOUND = 1,
  HAS_VALUE = 2, /* any value but those below */
  HAS_CELL = 4,
  HAS_ITER = 8,
  HAS_LIST = 16,
  HAS_SET = 32,
  HAS_DICT = 64,
  HAS_ERROR = 128,
  NOT_READABLE = HAS_UNBOUND | HAS_CELL,
  BAND = 256,          /* registers at a time */
  DEEPEST_GEN = 255,   /* Handler.gen_depth is a byte */
  NO_HANDLER = UINT16_MAX
};

static const uint64_t MAX_VISITS = 400000000; /* instructions, all bands and rounds of one function */

/* ---- captured variables ---- */

typedef struct {
  const Image *image;
  Captures *out;
  bool changed;
} CaptureScan;

static void note_capture(CaptureScan *s, const Function *f, int64_t reg, CaptureKind kind) {
  if (reg < f->free_base || reg >= (int64_t)f->free_base + f->nfree) return;
  uint8_t *k = &s->out->kinds[s->out->first[f->fid] + (uint32_t)(reg - f->free_base)];
  if (*k != CAPTURE_UNUSED) return;
  *k = (uint8_t)kind;
  s->changed = true;
}

static void note_inner(CaptureScan *s, const Function *f, const Function *inner) {
  const uint8_t *kinds = s->out->kinds + s->out->first[inner->fid];
  for (uint32_t i = 0; i < inner->nfree; i++)
    if (kinds[i] != CAPTURE_UNUSED) note_capture(s, f, inner->captures[i], (CaptureKind)kinds[i]);
}

static void scan_instr(CaptureScan *s, const Function *f, const Instr *in) {
  const char *pattern = opcode_pattern(in->op);
  if (in->op == OP_MAKE_FUNC || in->op == OP_GENEXPR) note_inner(s, f, &s->image->functions[in->e]);
  for (uint32_t i = 0; i < 4; i++) {
    int32_t x = instr_operand(in, i);
    bool cell = (in->op == OP_LOAD_CELL && i == 1) || (in->op == OP_STORE_CELL && i == 0);
    if (pattern[i] == 'R' || pattern[i] == 'r') note_capture(s, f, x, cell ? CAPTURE_CELL : CAPTURE_VALUE);
    if (pattern[i] != 'A') continue;
    uint32_t n = in->op == OP_BUILD_SLICE ? 3 : (uint32_t)in->c;
    for (uint32_t k = 0; k < n; k++) note_capture(s, f, (int64_t)x + k, CAPTURE_VALUE);
  }
}

/* Inner functions have the higher numbers, so one round from the last to the first is enough but for
 * odd files; those are given up. */
bool ir_captures(const Image *image, Captures *captures) {
  enum { MOST_ROUNDS = 64 };
  captures->first = ir_alloc(image->nfunctions + 1, sizeof *captures->first);
  uint32_t total = 0;
  for (uint32_t i = 0; i < image->nfunctions; i++) {
    captures->first[i] = total;
    total += image->functions[i].nfree;
  }
  captures->kinds = ir_alloc(total, 1);
  CaptureScan s = {image, captures, true};
  for (int round = 0; s.changed; round++) {
    if (round == MOST_ROUNDS) return ir_fail("closures are nested too deeply");
    s.changed = false;
    for (uint32_t i = image->nfunctions; i-- > 0;)
      for (uint32_t k = 0; k < image->functions[i].ncode; k++) scan_instr(&s, &image->functions[i], &image->functions[i].code[k]);
  }
  return true;
}

void ir_captures_free(Captures *captures) {
  free(captures->kinds);
  free(captures->first);
}

/* ---- blocks ---- */

typedef struct {
  uint32_t start, end; /* instructions */
  uint32_t taken;      /* block jumped to, or NONE */
  uint16_t handler;    /* that takes exceptions of it, or NO_HANDLER */
  bool next;           /* control can reach the block behind it */
  bool reached, dirty;
} Block;

enum { NONE = UINT32_MAX };

typedef struct {
  const Image *image;
  const Function *f;
  const Captures *captures;
  Block *blocks;
  uint32_t nblocks;
  uint32_t *block_at;  /* by instruction: its block */
  uint16_t *handler_at;/* by instruction */
  uint8_t *in;         /* contents at the start of each block: nblocks x width */
  uint8_t *now;        /* width */
  uint8_t *thrown;     /* what the handler of the block sees */
  uint32_t first, width; /* the band */
  uint64_t visits;
  uint32_t pc;
  bool ok;
} Flow;

static bool has_label(const Instr *in) { return opcode_pattern(in->op)[3] == 'L'; }

/* The first handler in the list that covers an instruction takes its exceptions. Each instruction is
 * painted once: `next` leads over those that are done. */
static void find_handlers(Flow *w) {
  const Function *f = w->f;
  w->handler_at = ir_alloc(f->ncode, sizeof *w->handler_at);
  memset(w->handler_at, 0xff, f->ncode * sizeof *w->handler_at);
  uint32_t *next = ir_alloc((size_t)f->ncode + 1, sizeof *next);
  for (uint32_t i = 0; i <= f->ncode; i++) next[i] = i;
  for (uint32_t h = 0; h < f->nhandlers; h++) {
    if (f->handlers[h].kind != HANDLER_EXCEPT) continue;
    for (uint32_t i = f->handlers[h].start;;) {
      while (next[i] != i) i = next[i] = next[next[i]];
      if (i >= f->handlers[h].end) break;
      w->handler_at[i] = (uint16_t)h;
      next[i] = i + 1;
    }
  }
  free(next);
}

static void find_blocks(Flow *w) {
  const Function *f = w->f;
  uint8_t *leads = ir_alloc((size_t)f->ncode + 1, 1);
  w->block_at = ir_alloc(f->ncode, sizeof *w->block_at);
  leads[0] = 1;
  for (uint32_t i = 0; i < f->ncode; i++) {
    bool jumps = has_label(&f->code[i]);
    if (jumps) leads[f->code[i].d] = 1;
    if (jumps || !instr_falls_through(&f->code[i])) leads[i + 1] = 1;
    if (i && w->handler_at[i] != w->handler_at[i - 1]) leads[i] = 1;
  }
  for (uint32_t i = 0; i < f->nhandlers; i++)
    if (f->handlers[i].kind == HANDLER_EXCEPT) leads[f->handlers[i].target] = 1;
  for (uint32_t i = 0; i < f->ncode; i++) w->nblocks += leads[i];
  w->blocks = ir_alloc(w->nblocks, sizeof *w->blocks);
  uint32_t b = 0;
  for (uint32_t i = 0; i < f->ncode; i++) {
    if (leads[i] && i) b++;
    if (leads[i]) w->blocks[b].start = i;
    w->blocks[b].end = i + 1;
    w->block_at[i] = b;
  }
  for (b = 0; b < w->nblocks; b++) {
    const Instr *last = &f->code[w->blocks[b].end - 1];
    w->blocks[b].next = instr_falls_through(last);
    w->blocks[b].taken = has_label(last) ? w->block_at[last->d] : NONE;
    w->blocks[b].handler = w->handler_at[w->blocks[b].start];
  }
  free(leads);
}

/* ---- generator expressions in place: how many are open at each block ---- */

typedef struct {
  int16_t *depth; /* by block; -1: not reached yet */
  uint32_t *todo;
  uint32_t n;
} Gens;

static bool gen_enter(Flow *w, Gens *g, uint32_t b, int32_t d) {
  if (g->depth[b] >= 0)
    return g->depth[b] == d ||
           ir_fail_in(w->f, w->blocks[b].start, "%d or %d generator expressions are open", g->depth[b], d);
  g->depth[b] = (int16_t)d;
  w->blocks[b].reached = true;
  g->todo[g->n++] = b;
  return true;
}

static bool gen_block(Flow *w, Gens *g, uint32_t b) {
  const Block *x = &w->blocks[b];
  const Handler *h = x->handler == NO_HANDLER ? NULL : &w->f->handlers[x->handler];
  int32_t d = g->depth[b];
  for (uint32_t i = x->start; i < x->end; i++) {
    const Instr *in = &w->f->code[i];
    if (h && d < h->gen_depth) return ir_fail_in(w->f, i, "its handler expects more open generator expressions");
    if (in->op == OP_ENTER_GEN) d += 1 + in->d;
    if (in->op == OP_LEAVE_GEN) d -= 1 + in->d;
    if (d < 0 || d > DEEPEST_GEN) return ir_fail_in(w->f, i, "%d generator expressions are open", d);
    if (d && (in->op == OP_RETURN || in->op == OP_YIELD)) return ir_fail_in(w->f, i, "a generator expression is still open");
  }
  return (!h || gen_enter(w, g, w->block_at[h->target], h->gen_depth)) &&
         (x->taken == NONE || gen_enter(w, g, x->taken, d)) && (!x->next || gen_enter(w, g, b + 1, d));
}

/* Finds the blocks that control reaches, too. */
static bool check_gens(Flow *w) {
  Gens g = {ir_alloc(w->nblocks, sizeof *g.depth), ir_alloc(w->nblocks, sizeof *g.todo), 0};
  memset(g.depth, 0xff, w->nblocks * sizeof *g.depth);
  bool ok = gen_enter(w, &g, 0, 0);
  while (ok && g.n) ok = gen_block(w, &g, g.todo[--g.n]);
  free(g.depth);
  free(g.todo);
  return ok;
}

/* ---- registers ---- */

static bool in_band(const Flow *w, int64_t reg) { return reg >= w->first && reg < (int64_t)w->first + w->width; }

static uint8_t constant_contents(Value v) {
  switch (kind_of(v)) {
  case KIND_LIST: return HAS_LIST;
  case KIND_SET: return HAS_SET;
  case KIND_DICT: return HAS_DICT;
  case KIND_ERROR: return HAS_ERROR;
  case KIND_ITER: case KIND_GEN: return HAS_VALUE; /* an iterator only after GET_ITER: it may be a view */
  default: return HAS_VALUE;
  }
}

static const char *contents_name(uint8_t bits) {
  switch (bits) {
  case HAS_CELL: return "cell";
  case HAS_ITER: return "iterator";
  case HAS_LIST: return "list";
  case HAS_SET: return "set";
  case HAS_DICT: return "dict";
  default: return "caught exception";
  }
}

static void read_value(Flow *w, int64_t reg) {
  if (reg < 0 || !in_band(w, reg) || !w->ok) return;
  uint8_t bits = w->now[reg - w->first];
  if (!(bits & NOT_READABLE)) return;
  w->ok = ir_fail_in(w->f, w->pc, "register %lld %s", (long long)reg, bits & HAS_CELL ? "is a cell, not a value" : "may be unbound");
}

/* The operand is one of those, and nothing else. */
static void read_as(Flow *w, int64_t x, uint8_t bits) {
  if (!w->ok) return;
  if (x < 0) {
    if (constant_contents(w->f->consts[~x]) != bits) w->ok = ir_fail_in(w->f, w->pc, "the constant is no %s", contents_name(bits));
  } else if (in_band(w, x) && w->now[x - w->first] != bits) {
    w->ok = ir_fail_in(w->f, w->pc, "register %lld may hold something else than a %s", (long long)x, contents_name(bits));
  }
}

static void write_reg(Flow *w, int64_t reg, uint8_t bits) {
  if (!in_band(w, reg)) return;
  w->now[reg - w->first] = bits;
  w->thrown[reg - w->first] |= bits;
}

static uint8_t contents_of(const Flow *w, int64_t x) {
  if (x < 0) return constant_contents(w->f->consts[~x]);
  return in_band(w, x) ? w->now[x - w->first] : HAS_VALUE;
}

static void read_row(Flow *w, int64_t first, uint32_t n) {
  for (uint32_t i = 0; i < n; i++) read_value(w, first + i);
}

static void write_row(Flow *w, int64_t first, uint32_t n) {
  for (uint32_t i = 0; i < n; i++) write_reg(w, first + i, HAS_VALUE);
}

/* The registers that the inner function's closure takes. */
static void read_captures(Flow *w, const Function *inner) {
  const uint8_t *kinds = w->captures->kinds + w->captures->first[inner->fid];
  for (uint32_t i = 0; i < inner->nfree; i++) {
    if (kinds[i] == CAPTURE_CELL) read_as(w, inner->captures[i], HAS_CELL);
    if (kinds[i] == CAPTURE_VALUE) read_value(w, inner->captures[i]);
  }
}

/* Operands in the pattern's way: values are read, the destination gets `bits`. */
static void plain(Flow *w, const Instr *in, uint8_t bits) {
  const char *pattern = opcode_pattern(in->op);
  for (uint32_t i = 0; i < 4; i++) {
    if (pattern[i] == 'R') read_value(w, instr_operand(in, i));
    if (pattern[i] == 'A') read_row(w, in->d, in->op == OP_BUILD_SLICE ? 3 : (uint32_t)in->c);
  }
  if (pattern[0] == 'D') write_reg(w, in->a, bits);
}

static void step(Flow *w, const Instr *in) {
  switch (in->op) {
  case OP_MOVE: write_reg(w, in->a, contents_of(w, in->b)); break;
  case OP_CHECK_LOCAL: case OP_CHECK_FREE:
    if (in->a < 0 || !in_band(w, in->a)) break;
    w->now[in->a - w->first] &= (uint8_t)~HAS_UNBOUND;
    if (!w->now[in->a - w->first]) w->now[in->a - w->first] = HAS_VALUE; /* it always raises */
    read_value(w, in->a);
    break;
  case OP_DELETE: write_reg(w, in->a, HAS_UNBOUND); break;
  case OP_MAKE_CELL:
    if (contents_of(w, in->a) & HAS_CELL) w->ok = ir_fail_in(w->f, w->pc, "a cell in a cell");
    write_reg(w, in->a, HAS_CELL);
    break;
  case OP_LOAD_CELL:
    read_as(w, in->b, HAS_CELL);
    write_reg(w, in->a, HAS_VALUE | HAS_UNBOUND);
    break;
  case OP_STORE_CELL:
    read_as(w, in->a, HAS_CELL);
    if (contents_of(w, in->b) & HAS_CELL) w->ok = ir_fail_in(w->f, w->pc, "a cell in a cell");
    break;
  case OP_LIST_APPEND: case OP_LIST_EXTEND: read_as(w, in->a, HAS_LIST), plain(w, in, 0); break;
  case OP_SET_ADD: case OP_SET_UPDATE: read_as(w, in->a, HAS_SET), plain(w, in, 0); break;
  case OP_DICT_SET: case OP_DICT_UPDATE: read_as(w, in->a, HAS_DICT), plain(w, in, 0); break;
  case OP_LIST_TO_TUPLE: read_as(w, in->b, HAS_LIST), plain(w, in, HAS_VALUE); break;
  case OP_BUILD_LIST: plain(w, in, HAS_LIST); break;
  case OP_BUILD_SET: plain(w, in, HAS_SET); break;
  case OP_BUILD_DICT: plain(w, in, HAS_DICT); break;
  case OP_GET_ITER: plain(w, in, HAS_ITER); break;
  case OP_FOR_ITER: read_as(w, in->b, HAS_ITER); break; /* what it binds: see leave_block */
  case OP_GENEXPR:
    read_as(w, in->b, HAS_ITER);
    read_captures(w, &w->image->functions[in->e]);
    write_reg(w, in->a, HAS_VALUE);
    break;
  case OP_MAKE_FUNC:
    read_captures(w, &w->image->functions[in->e]);
    plain(w, in, HAS_VALUE);
    break;
  case OP_UNPACK: read_value(w, in->b), write_row(w, in->a, (uint32_t)in->c); break;
  case OP_UNPACK_STAR: read_value(w, in->b), write_row(w, in->a, (uint32_t)in->c + 1); break;
  case OP_MATCH_ERROR: case OP_MATCH_CLASS: read_as(w, in->b, HAS_ERROR), plain(w, in, HAS_VALUE); break;
  default: plain(w, in, HAS_VALUE); break;
  }
}

/* ---- the flow ---- */

static void merge(Flow *w, uint32_t b, const uint8_t *bits) {
  uint8_t *in = w->in + (size_t)b * w->width;
  uint8_t fresh = 0;
  for (uint32_t i = 0; i < w->width; i++) {
    fresh |= (uint8_t)(bits[i] & ~in[i]);
    in[i] |= bits[i];
  }
  if (fresh) w->blocks[b].dirty = true;
}

/* What reaches the handler: everything that was in a register at some instruction of the block. */
static void throw_to(Flow *w, const Handler *h) {
  if (in_band(w, h->reg)) w->thrown[h->reg - w->first] = HAS_ERROR;
  merge(w, w->block_at[h->target], w->thrown);
}

static void leave_block(Flow *w, uint32_t b) {
  const Block *x = &w->blocks[b];
  const Instr *last = &w->f->code[x->end - 1];
  if (x->taken != NONE) merge(w, x->taken, w->now);
  if (last->op == OP_FOR_ITER) write_reg(w, last->a, HAS_VALUE);
  if (x->next) merge(w, b + 1, w->now);
  if (x->handler != NO_HANDLER) throw_to(w, &w->f->handlers[x->handler]);
}

static void run_block(Flow *w, uint32_t b) {
  const Block *x = &w->blocks[b];
  memcpy(w->now, w->in + (size_t)b * w->width, w->width);
  memcpy(w->thrown, w->now, w->width);
  for (w->pc = x->start; w->ok && w->pc < x->end; w->pc++) step(w, &w->f->code[w->pc]);
  if (w->ok) leave_block(w, b);
  w->visits += x->end - x->start;
}

/* Registers when a frame starts. */
static void entry_contents(const Flow *w, uint8_t *bits) {
  static const uint8_t by_kind[] = {HAS_UNBOUND | HAS_VALUE | HAS_CELL, HAS_VALUE, HAS_CELL};
  const Function *f = w->f;
  uint32_t nparams = param_registers(f);
  const uint8_t *kinds = w->captures->kinds + w->captures->first[f->fid];
  for (uint32_t i = 0; i < w->width; i++) {
    uint32_t reg = w->first + i;
    bits[i] = reg < nparams ? HAS_VALUE : HAS_UNBOUND;
    if (!reg && (f->flags & FN_GENEXPR)) bits[i] = HAS_ITER;
    if (reg >= f->free_base && reg < (uint32_t)f->free_base + f->nfree) bits[i] = by_kind[kinds[reg - f->free_base]];
  }
}

static bool check_band(Flow *w, uint32_t first) {
  uint32_t nregs = w->f->nregs;
  w->first = first;
  w->width = nregs - first < BAND ? nregs - first : BAND;
  memset(w->in, 0, (size_t)w->nblocks * w->width);
  entry_contents(w, w->in);
  w->blocks[0].dirty = true;
  for (bool again = true; w->ok && again;) {
    again = false;
    for (uint32_t b = 0; w->ok && b < w->nblocks; b++) {
      if (!w->blocks[b].dirty || !w->blocks[b].reached) continue;
      w->blocks[b].dirty = false;
      again = true;
      run_block(w, b);
    }
    w->visits += w->nblocks;
    if (w->visits > MAX_VISITS) return ir_fail_in(w->f, -1, "too complicated to be checked");
  }
  return w->ok;
}

bool ir_check_flow(const Image *image, const Function *f, const Captures *captures) {
  Flow w = {.image = image, .f = f, .captures = captures, .ok = true};
  find_handlers(&w);
  find_blocks(&w);
  uint32_t widest = f->nregs < BAND ? f->nregs : BAND;
  w.in = ir_alloc((size_t)w.nblocks * widest, 1);
  w.now = ir_alloc((size_t)widest * 2, 1);
  w.thrown = w.now + widest;
  bool ok = check_gens(&w);
  for (uint32_t first = 0; ok && first < f->nregs; first += BAND) ok = check_band(&w, first);
  free(w.blocks);
  free(w.block_at);
  free(w.handler_at);
  free(w.in);
  free(w.now);
  return ok;
}
