/* emit_image.c - the image as C data: the constant part of the arena, and the functions' code, which
 * compiled functions keep for lines, handlers and what they read from their instructions. */
#include "emit.h"

#include <stdlib.h>

/* How far the values go that every image starts with. */
static uint32_t first_own(const Unit *unit) {
  Image image = {0};
  Vm *vm = vm_new((size_t)unit->image_top * 8);
  if (!vm || !vm_init_values(vm, &image)) exit(EXIT_INTERNAL);
  uint32_t top = vm->top;
  vm_free(vm);
  return top;
}

static void put_words(Buffer *b, const uint64_t *words, uint32_t n) {
  static const char digits[] = "0123456789abcdef";
  for (uint32_t i = 0; i < n; i++) {
    char text[20] = "0x", *to = text + 2;
    int shift = 60;
    while (shift && !(words[i] >> shift)) shift -= 4;
    for (; shift >= 0; shift -= 4) *to++ = digits[words[i] >> shift & 15];
    *to++ = ',';
    if (i % 8 == 0) buffer_text(b, "\n ");
    buffer_char(b, ' ');
    buffer_bytes(b, text, (size_t)(to - text));
  }
}

/* Nothing where n is 0: C has no empty arrays. */
static void put_values(Buffer *b, const char *name, uint32_t fid, const Value *values, uint32_t n) {
  if (!n) return;
  buffer_format(b, "static Value %s_%u[] = {", name, fid);
  put_words(b, values, n);
  buffer_text(b, "};\n");
}

static void put_arena(Buffer *b, const Unit *unit) {
  uint32_t first = first_own(unit);
  buffer_format(b, "\nenum { IMAGE_FIRST = %u, IMAGE_TOP = %u, PROGRAMS = %u };\n\n", first, unit->image_top, unit->nprograms);
  buffer_text(b, "/* Objects that constants refer to, as they lie in memory. */\nstatic const uint64_t constants[] = {");
  put_words(b, (const uint64_t *)unit->vm->base + first, unit->image_top - first);
  buffer_text(b, " 0};\n");
}

/* ---- functions ---- */

static void put_code(Buffer *b, const Function *f) {
  buffer_format(b, "static Instr code_%u[] = {\n", f->fid);
  for (uint32_t i = 0; i < f->ncode; i++) {
    const Instr *in = &f->code[i];
    buffer_text(b, "  {OP_");
    buffer_text(b, opcode_name(in->op));
    for (uint32_t which = 0; which < 5; which++) {
      buffer_text(b, ", ");
      buffer_int(b, instr_operand(in, which));
    }
    buffer_text(b, ", ");
    buffer_int(b, in->line);
    buffer_text(b, "},\n");
  }
  buffer_text(b, "};\n");
}

static void put_handlers(Buffer *b, const Function *f) {
  if (!f->nhandlers) return;
  buffer_format(b, "static Handler handlers_%u[] = {\n", f->fid);
  for (uint32_t i = 0; i < f->nhandlers; i++) {
    const Handler *h = &f->handlers[i];
    buffer_format(b, "  {%u, %u, %u, %u, %u, %u},\n", h->start, h->end, h->target, h->reg, h->kind, h->gen_depth);
  }
  buffer_text(b, "};\n");
}

static void put_captures(Buffer *b, const Function *f) {
  if (!f->nfree) return;
  buffer_format(b, "static int16_t captures_%u[] = {", f->fid);
  for (uint32_t i = 0; i < f->nfree; i++) buffer_format(b, "%s%d", i ? ", " : "", f->captures[i]);
  buffer_text(b, "};\n");
}

static void put_masks(Buffer *b, const Function *f) {
  if (!f->nmasks) return;
  buffer_format(b, "static ErrorMask masks_%u[] = {", f->fid);
  for (uint32_t i = 0; i < f->nmasks; i++) buffer_format(b, "%s0x%llx", i ? ", " : "", (unsigned long long)f->masks[i]);
  buffer_text(b, "};\n");
}

static void put_field(Buffer *b, const char *field, const char *table, uint32_t fid, uint32_t n) {
  if (n) buffer_format(b, ", .%s = %s_%u", field, table, fid);
}

static void put_entry(Buffer *b, const Function *f, bool native) {
  buffer_format(b, "  {.fid = %u, .nparams = %u, .nkwonly = %u, .nregs = %u, .free_base = %u, .nfree = %u, .flags = 0x%x,\n", f->fid,
                f->nparams, f->nkwonly, f->nregs, f->free_base, f->nfree, f->flags);
  buffer_format(b, "   .kernel = %u, .ndefaults = %u, .nhandlers = %u, .code = code_%u", f->kernel, f->ndefaults, f->nhandlers, f->fid);
  put_field(b, "consts", "consts", f->fid, f->nconsts);
  if (native && emit_wanted(f)) {
    buffer_text(b, ", .native = ");
    emit_function_name(b, f);
  }
  buffer_format(b, ", .safe_default = 0x%llx", (unsigned long long)f->safe_default);
  put_field(b, "handlers", "handlers", f->fid, f->nhandlers);
  put_field(b, "captures", "captures", f->fid, f->nfree);
  put_field(b, "param_names", "params", f->fid, named_params(f));
  put_field(b, "masks", "masks", f->fid, f->nmasks);
  buffer_format(b, ",\n   .ncode = %u, .nconsts = %u, .nmasks = %u, .line = %u, .name = ", f->ncode, f->nconsts, f->nmasks, f->line);
  emit_literal(b, f->name);
  buffer_text(b, ", .module = ");
  emit_literal(b, f->module);
  buffer_text(b, ", .file = ");
  emit_literal(b, emit_base_name(f->file));
  buffer_text(b, "},\n");
}

static void put_functions(Buffer *b, const Image *image, bool native) {
  buffer_text(b, "\n/* ---- functions: code, constants, handlers ---- */\n");
  for (uint32_t i = 0; i < image->nfunctions; i++) {
    const Function *f = &image->functions[i];
    put_code(b, f);
    put_values(b, "consts", i, f->consts, f->nconsts);
    put_handlers(b, f);
    put_captures(b, f);
    put_values(b, "params", i, f->param_names, named_params(f));
    put_masks(b, f);
  }
  buffer_text(b, "\nstatic Function functions[] = {\n");
  for (uint32_t i = 0; i < image->nfunctions; i++) put_entry(b, &image->functions[i], native);
  buffer_text(b, "};\n");
}

/* ---- the image ---- */

static void put_value(Buffer *b, const char *name, Value v) { buffer_format(b, " .%s = 0x%llx,", name, (unsigned long long)v); }

static void put_image(Buffer *b, const Image *image) {
  static const struct {
    const char *name;
    size_t at;
  } values[] = {
#define VALUE(name) {#name, offsetof(Image, name)}
      VALUE(nan), VALUE(inf), VALUE(minus_inf), VALUE(empty_tuple), VALUE(empty_frozenset)};
#undef VALUE
  buffer_format(b, "\nstatic Image image = {\n  .functions = functions, .nfunctions = %u,", image->nfunctions);
  if (image->nnames) buffer_text(b, " .names = names_0,");
  buffer_format(b, " .nnames = %u, .globals = %u, .nglobals = %u,", image->nnames, image->globals, image->nglobals);
  if (image->nglobals) buffer_text(b, " .global_names = global_names_0,");
  buffer_text(b, "\n  .prelude = {");
  for (size_t i = 0; i < sizeof image->prelude / sizeof *image->prelude; i++)
    buffer_format(b, "%s%u", i ? ", " : "", image->prelude[i]);
  buffer_text(b, "},\n ");
  for (size_t i = 0; i < sizeof values / sizeof *values; i++)
    put_value(b, values[i].name, *(const Value *)((const char *)image + values[i].at));
  buffer_format(b, " .pairs = %u, .cells = %u,", image->pairs, image->cells);
  put_value(b, "guard_fallback", image->guard_fallback);
  buffer_format(b, "\n  .impure = %d, .unshared = %d, .safe_callable = %u};\n", image->impure, image->unshared, image->safe_callable);
}

void emit_image(Buffer *b, const Unit *unit, bool native) {
  put_arena(b, unit);
  put_functions(b, &unit->image, native);
  put_values(b, "names", 0, unit->image.names, unit->image.nnames);
  put_values(b, "global_names", 0, unit->image.global_names, unit->image.nglobals);
  put_image(b, &unit->image);
}
