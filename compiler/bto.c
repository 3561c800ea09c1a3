/* bto.c - units as .bto files: what is compiled once and run often.
 *
 * A file is a header, then sections that each start at a multiple of 8 bytes, little-endian, laid out
 * as the structures here and those of vm.h and program.h lie in memory. A unit that was read uses the
 * code, constants and texts of its functions where they stand in the file's bytes.
 *
 *   BtoHeader, BtoImage
 *   arena[image_top], names[nnames], global_names[nglobals]
 *   BtoFunction[nfunctions], BtoProgram[nprograms]
 *   of each function: code, consts, handlers, captures, param_names, masks
 *   of each program: ops, operands, consts, slot_names, outputs
 *   texts: NUL-terminated, found by their offset
 *
 * A file is believed only after its checksum and ir_check: bytes of any origin are safe to read. */
#include "ir.h"

#include "builtin.h"
#include "kernel.h"

#include "../runtime/host/file.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#if __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "structures are written as they lie in memory, which must be little-endian"
#endif

enum { BTO_FORMAT = 4, COMPILE_MEMORY = 1 << 30 };

/* The first byte and the line ends show what damaged a file on its way. */
static const char bto_magic[8] = {'\x89', 'B', 'T', 'O', '\r', '\n', '\x1a', '\n'};

typedef struct {
  char magic[8];
  uint32_t format, reserved;
  char version[24];  /* of battc */
  uint64_t numbers;  /* what the numbers in the file mean: see numbers_key */
  uint64_t key;      /* unit_key */
  uint64_t size;     /* of the file */
  uint64_t checksum; /* of what follows */
} BtoHeader;

typedef struct {
  uint32_t image_top, nfunctions, nnames, nglobals, globals, nprograms, safe_callable, texts_len;
  uint32_t pairs, cells, impure, reserved;
  uint32_t prelude[64];
  Value nan, inf, minus_inf, empty_tuple, empty_frozenset, guard_fallback;
  uint64_t modules_key; /* of the unit */
} BtoImage;

typedef struct {
  uint32_t name, module, file; /* texts */
  uint32_t line;
  uint16_t nparams, nkwonly, ndefaults, nregs, free_base, nfree, flags, nhandlers;
  uint32_t ncode, nconsts, nmasks;
  uint16_t kernel, reserved;
  Value safe_default;
} BtoFunction;

typedef struct {
  uint32_t file, entry; /* texts */
  uint32_t nops, noperands, nconsts, nslots, noutputs, nwhole_params;
  Value whole;
  uint8_t whole_params[8];
  uint32_t is_entry, reserved;
  char entry_task[64];
} BtoProgram;

_Static_assert(sizeof(BtoHeader) == 72 && sizeof(BtoImage) == 360, "the layout is the format");
_Static_assert(sizeof(BtoFunction) == 56 && sizeof(BtoProgram) == 120, "the layout is the format");
_Static_assert(sizeof(Instr) == 20 && sizeof(Handler) == 16, "the layout is the format");
_Static_assert(sizeof(ProgramOp) == 72 && sizeof(ProgramOutput) == 16, "the layout is the format");

/* Each word changes the state in a way that no later word can undo alone. */
static uint64_t checksum(const char *bytes, size_t len) {
  uint64_t h = 0x243f6a8885a308d3u ^ len;
  for (size_t i = 0; i < len; i += 8) {
    uint64_t word = 0;
    memcpy(&word, bytes + i, len - i < 8 ? len - i : 8);
    h = (h ^ word) * 0x9e3779b97f4a7c15u;
    h ^= h >> 32;
  }
  return h;
}

/* Opcodes, kinds, builtins, methods, exceptions and kernels are numbers in the file, those of this
 * battc: two builds of one version may differ in them. */
static uint64_t numbers_key(void) {
  static const char names[] =
#define X(name, ...) #name ":" #__VA_ARGS__ ","
      OPCODE_LIST(X) KIND_LIST(X) BUILTIN_LIST(X) METHOD_LIST(X) ERROR_LIST(X) KERNEL_LIST(X)
#undef X
#define X(name) #name ","
      PRELUDE_LIST(X);
#undef X
  return checksum(names, sizeof names);
}

/* ---- writing ---- */

typedef struct {
  Buffer out, texts;
  const char *last[3];    /* texts that come again: names of modules and files */
  uint32_t last_at[3];
} Writer;

static void put(Writer *w, const void *p, size_t n, size_t size) {
  if (n) buffer_bytes(&w->out, p, n * size);
  while (w->out.len % 8) buffer_char(&w->out, 0);
}

static uint32_t put_text(Writer *w, int slot, const char *text) {
  if (w->last[slot] && !strcmp(w->last[slot], text)) return w->last_at[slot];
  uint32_t at = (uint32_t)w->texts.len;
  buffer_bytes(&w->texts, text, strlen(text) + 1);
  w->last[slot] = text;
  w->last_at[slot] = at;
  return at;
}

static void put_function_record(Writer *w, const Function *f) {
  BtoFunction r = {0};
  r.name = put_text(w, 0, f->name);
  r.module = put_text(w, 1, f->module);
  r.file = put_text(w, 2, f->file);
  r.line = f->line;
  r.nparams = f->nparams, r.nkwonly = f->nkwonly, r.ndefaults = f->ndefaults, r.nregs = f->nregs;
  r.free_base = f->free_base, r.nfree = f->nfree, r.flags = f->flags, r.nhandlers = f->nhandlers;
  r.ncode = f->ncode, r.nconsts = f->nconsts, r.nmasks = f->nmasks, r.kernel = f->kernel;
  r.safe_default = f->safe_default;
  put(w, &r, 1, sizeof r);
}

static void put_function(Writer *w, const Function *f) {
  put(w, f->code, f->ncode, sizeof *f->code);
  put(w, f->consts, f->nconsts, sizeof *f->consts);
  put(w, f->handlers, f->nhandlers, sizeof *f->handlers);
  put(w, f->captures, f->nfree, sizeof *f->captures);
  put(w, f->param_names, named_params(f), sizeof *f->param_names);
  put(w, f->masks, f->nmasks, sizeof *f->masks);
}

static void put_program_record(Writer *w, const Program *p) {
  BtoProgram r = {0};
  r.file = put_text(w, 2, p->file);
  r.entry = put_text(w, 0, p->entry);
  r.nops = p->nops, r.noperands = p->noperands, r.nconsts = p->nconsts;
  r.nslots = p->nslots, r.noutputs = p->noutputs, r.nwhole_params = p->nwhole_params;
  r.whole = p->whole;
  memcpy(r.whole_params, p->whole_params, sizeof r.whole_params);
  r.is_entry = p->is_entry;
  memcpy(r.entry_task, p->entry_task, strnlen(p->entry_task, sizeof r.entry_task - 1));
  put(w, &r, 1, sizeof r);
}

/* Field by field: what lies between them must not get into the file. */
static void put_op(Writer *w, const ProgramOp *op) {
  ProgramOp r;
  memset(&r, 0, sizeof r);
  r.call = op->call;
  r.fallback = op->fallback;
  r.mask = op->mask;
  r.dst = op->dst;
  r.ndst = op->ndst;
  r.binding = op->binding;
  r.unpacks = op->unpacks;
  r.line = op->line;
  r.known_value = op->known_value, r.known = op->known, r.known_error = op->known_error, r.dead = op->dead;
  r.fallback_line = op->fallback_line;
  r.target_line = op->target_line;
  put(w, &r, 1, sizeof r);
}

static void put_program(Writer *w, const Program *p) {
  for (uint32_t i = 0; i < p->nops; i++) put_op(w, &p->ops[i]);
  put(w, p->operands, p->noperands, sizeof *p->operands);
  put(w, p->consts, p->nconsts, sizeof *p->consts);
  put(w, p->slot_names, p->nslots, sizeof *p->slot_names);
  put(w, p->outputs, p->noutputs, sizeof *p->outputs);
}

static void put_image(Writer *w, const Unit *unit) {
  const Image *image = &unit->image;
  BtoImage r = {.image_top = unit->image_top, .nfunctions = image->nfunctions, .nnames = image->nnames,
                .nglobals = image->nglobals, .globals = image->globals, .nprograms = unit->nprograms,
                .safe_callable = image->safe_callable, .pairs = image->pairs, .cells = image->cells,
                .impure = image->impure};
  memcpy(r.prelude, image->prelude, sizeof r.prelude);
  r.nan = image->nan, r.inf = image->inf, r.minus_inf = image->minus_inf;
  r.empty_tuple = image->empty_tuple, r.empty_frozenset = image->empty_frozenset;
  r.guard_fallback = image->guard_fallback;
  r.modules_key = unit->modules_key;
  put(w, &r, 1, sizeof r);
  put(w, unit->vm->base, unit->image_top, 8);
  put(w, image->names, image->nnames, sizeof *image->names);
  put(w, image->global_names, image->nglobals, sizeof *image->global_names);
}

static void put_unit(Writer *w, const Unit *unit) {
  const Image *image = &unit->image;
  put_image(w, unit);
  for (uint32_t i = 0; i < image->nfunctions; i++) put_function_record(w, &image->functions[i]);
  for (uint32_t i = 0; i < unit->nprograms; i++) put_program_record(w, &unit->programs[i]);
  for (uint32_t i = 0; i < image->nfunctions; i++) put_function(w, &image->functions[i]);
  for (uint32_t i = 0; i < unit->nprograms; i++) put_program(w, &unit->programs[i]);
  uint32_t texts_len = (uint32_t)w->texts.len;
  memcpy(w->out.data + sizeof(BtoHeader) + offsetof(BtoImage, texts_len), &texts_len, sizeof texts_len);
  put(w, w->texts.data, w->texts.len, 1);
}

bool bto_write(const char *path, const Unit *unit) {
  Writer w = {0};
  BtoHeader h = {.format = BTO_FORMAT, .version = BATTC_VERSION, .numbers = numbers_key()};
  memcpy(h.magic, bto_magic, sizeof h.magic);
  put(&w, &h, 1, sizeof h);
  put_unit(&w, unit);
  h.key = unit_key(unit);
  h.size = w.out.len;
  h.checksum = checksum(w.out.data + sizeof h, w.out.len - sizeof h);
  memcpy(w.out.data, &h, sizeof h);
  OutFile file;
  bool ok = out_open(&file, path) && out_write(&file, w.out.data, w.out.len);
  if (ok) ok = out_commit(&file);
  else if (file.path) out_abandon(&file);
  buffer_free(&w.out);
  buffer_free(&w.texts);
  return ok;
}

/* ---- reading ---- */

typedef struct {
  const char *path;
  char *data;
  size_t len, at;
  const char *texts;
  uint32_t texts_len;
  bool ok;
} Reader;

static bool refuse(Reader *r, const char *what) {
  if (r->ok) diag_plain(DIAG_ERROR, "%s: %s", r->path, what);
  r->ok = false;
  return false;
}

/* The next n elements where they stand; NULL when the file ends before. */
static void *take(Reader *r, uint64_t n, size_t size) {
  uint64_t left = r->len - r->at;
  if (!r->ok || n > left / size || (n * size + 7) / 8 * 8 > left) {
    refuse(r, "damaged: it ends too early");
    return NULL;
  }
  void *p = r->data + r->at;
  r->at += (n * size + 7) / 8 * 8;
  return p;
}

/* The same, copied: what unit_free frees one by one. */
static void *take_copy(Reader *r, uint64_t n, size_t size) {
  const void *p = take(r, n, size);
  void *copy = p ? ir_alloc(n, size) : NULL;
  if (copy && n) memcpy(copy, p, n * size);
  return copy;
}

/* Texts end with a NUL, the last one at the latest. */
static const char *text_at(Reader *r, uint32_t at) {
  if (at < r->texts_len) return r->texts + at;
  refuse(r, "damaged: a name is missing");
  return "";
}

static bool refuse_version(Reader *r, const BtoHeader *h) {
  char version[sizeof h->version + 1] = {0};
  memcpy(version, h->version, sizeof h->version);
  diag_plain(DIAG_ERROR, "%s: made by another battc (%s, format %u; this is %s, format %d): compile its program again",
             r->path, version, h->format, BATTC_VERSION, BTO_FORMAT);
  return r->ok = false;
}

static bool header_ok(Reader *r) {
  const BtoHeader *h = (const BtoHeader *)r->data;
  if (r->len < sizeof *h || memcmp(h->magic, bto_magic, sizeof h->magic)) return refuse(r, "no .bto file");
  if (h->format != BTO_FORMAT || memcmp(h->version, (const char[24]){BATTC_VERSION}, sizeof h->version) ||
      h->numbers != numbers_key())
    return refuse_version(r, h);
  if (h->reserved || h->size != r->len) return refuse(r, "damaged: it has not the length that it says");
  if (h->checksum != checksum(r->data + sizeof *h, r->len - sizeof *h)) return refuse(r, "damaged: wrong checksum");
  r->at = sizeof *h;
  return true;
}

static void read_function(Reader *r, const BtoFunction *from, Function *f) {
  f->name = text_at(r, from->name);
  f->module = text_at(r, from->module);
  f->file = text_at(r, from->file);
  f->line = from->line;
  f->nparams = from->nparams, f->nkwonly = from->nkwonly, f->ndefaults = from->ndefaults, f->nregs = from->nregs;
  f->free_base = from->free_base, f->nfree = from->nfree, f->flags = from->flags, f->nhandlers = from->nhandlers;
  f->ncode = from->ncode, f->nconsts = from->nconsts, f->nmasks = from->nmasks, f->kernel = from->kernel;
  f->safe_default = from->safe_default;
  f->code = take(r, f->ncode, sizeof *f->code);
  f->consts = take(r, f->nconsts, sizeof *f->consts);
  f->handlers = take(r, f->nhandlers, sizeof *f->handlers);
  f->captures = take(r, f->nfree, sizeof *f->captures);
  f->param_names = take(r, named_params(f), sizeof *f->param_names);
  f->masks = take(r, f->nmasks, sizeof *f->masks);
}

static void read_program(Reader *r, const BtoProgram *from, Program *p) {
  p->file = text_at(r, from->file);
  p->entry = text_at(r, from->entry);
  p->ops = take_copy(r, from->nops, sizeof *p->ops);
  p->operands = take_copy(r, from->noperands, sizeof *p->operands);
  p->consts = take_copy(r, from->nconsts, sizeof *p->consts);
  p->slot_names = take_copy(r, from->nslots, sizeof *p->slot_names);
  p->outputs = take_copy(r, from->noutputs, sizeof *p->outputs);
  if (!r->ok) return;
  p->nops = from->nops, p->noperands = from->noperands, p->nconsts = from->nconsts;
  p->nslots = from->nslots, p->noutputs = from->noutputs, p->nwhole_params = from->nwhole_params;
  p->whole = from->whole;
  memcpy(p->whole_params, from->whole_params, sizeof p->whole_params);
  p->is_entry = from->is_entry != 0;
  memcpy(p->entry_task, from->entry_task, sizeof p->entry_task - 1);
}

static void read_image(Reader *r, const BtoImage *from, Unit *unit) {
  Image *image = &unit->image;
  const char *arena = take(r, from->image_top, 8);
  image->names = take_copy(r, from->nnames, sizeof *image->names);
  image->global_names = take_copy(r, from->nglobals, sizeof *image->global_names);
  if (!r->ok) return;
  image->nnames = from->nnames, image->nglobals = from->nglobals, image->globals = from->globals;
  image->safe_callable = from->safe_callable;
  image->pairs = from->pairs, image->cells = from->cells, image->impure = from->impure != 0;
  memcpy(image->prelude, from->prelude, sizeof image->prelude);
  image->nan = from->nan, image->inf = from->inf, image->minus_inf = from->minus_inf;
  image->empty_tuple = from->empty_tuple, image->empty_frozenset = from->empty_frozenset;
  image->guard_fallback = from->guard_fallback;
  unit->modules_key = from->modules_key;
  unit->vm = vm_new(COMPILE_MEMORY);
  if (!unit->vm || from->image_top > unit->vm->limit) {
    refuse(r, "no memory for its constants");
    return;
  }
  memcpy(unit->vm->base, arena, (size_t)from->image_top * 8);
  unit->vm->top = unit->image_top = from->image_top;
  unit->vm->image = image;
}

static void read_functions(Reader *r, const BtoFunction *from, uint32_t n, Unit *unit) {
  if (!r->ok) return;
  unit->image.functions = ir_alloc(n, sizeof *unit->image.functions);
  unit->image.nfunctions = n;
  for (uint32_t i = 0; i < n && r->ok; i++) {
    unit->image.functions[i].fid = i;
    read_function(r, &from[i], &unit->image.functions[i]);
  }
}

static void read_programs(Reader *r, const BtoProgram *from, uint32_t n, Unit *unit) {
  if (!r->ok) return;
  unit->programs = ir_alloc(n, sizeof *unit->programs);
  unit->nprograms = n;
  for (uint32_t i = 0; i < n && r->ok; i++) read_program(r, &from[i], &unit->programs[i]);
}

/* Texts come last, but the names of functions are wanted before. */
static void find_texts(Reader *r, const BtoImage *image) {
  uint64_t room = ((uint64_t)image->texts_len + 7) / 8 * 8;
  if (!image->texts_len || room > r->len - r->at || r->data[r->len - room + image->texts_len - 1]) {
    refuse(r, "damaged: its names are missing");
    return;
  }
  r->texts = r->data + r->len - room;
  r->texts_len = image->texts_len;
  r->len -= room;
}

static bool read_unit(Reader *r, Unit *unit) {
  const BtoImage *image = header_ok(r) ? take(r, 1, sizeof *image) : NULL;
  if (!image) return false;
  find_texts(r, image);
  read_image(r, image, unit);
  const BtoFunction *functions = r->ok ? take(r, image->nfunctions, sizeof *functions) : NULL;
  const BtoProgram *programs = r->ok ? take(r, image->nprograms, sizeof *programs) : NULL;
  read_functions(r, functions, image->nfunctions, unit);
  read_programs(r, programs, image->nprograms, unit);
  if (r->ok && r->at != r->len) refuse(r, "damaged: it goes on behind its end");
  if (r->ok && !ir_check(unit)) refuse(r, "damaged: it breaks the rules of its format");
  if (r->ok && unit_key(unit) != ((const BtoHeader *)r->data)->key) refuse(r, "damaged: its functions have another key");
  return r->ok;
}

Unit *bto_read(const char *path) {
  Reader r = {.path = path, .ok = true};
  r.data = file_read(path, &r.len);
  if (!r.data) return NULL;
  Unit *unit = ir_alloc(1, sizeof *unit);
  unit->storage = r.data;
  if (read_unit(&r, unit)) return unit;
  unit_free(unit);
  return NULL;
}
