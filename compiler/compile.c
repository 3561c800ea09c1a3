/* compile.c - the passes in order, from a batt file to a Unit. */
#include "lower.h"

#include "object.h"
#include "passes.h"

#include "../runtime/host/buffer.h"

#include <stdlib.h>
#include <string.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif

enum {
  COMPILE_MEMORY = 1 << 30,
  LARGE_TEXT = 1 << 20 /* bytes of a file whose tree is worth giving back to the system */
};

static bool known_error(const char *name, ErrorMask *mask) {
  int cls = error_by_name(name);
  if (cls >= 0) *mask |= error_mask((ErrorClass)cls);
  return cls >= 0;
}

bool exception_mask(Compiler *c, Module *m, const Node *type, ErrorMask *mask) {
  const Node *const *items = type->kind == N_TUPLE ? (const Node *const *)type->list.items : (const Node *const *)&type;
  uint32_t n = type->kind == N_TUPLE ? type->list.len : 1;
  *mask = 0;
  for (uint32_t i = 0; i < n; i++)
    if (items[i]->kind != N_NAME || !is_plain_builtin(c, m, NULL, items[i], items[i]->name) ||
        !known_error(items[i]->name, mask))
      return false;
  return true;
}

static bool start(Compiler *c) {
  c->vm = c->unit->vm = vm_new(COMPILE_MEMORY);
  c->image = &c->unit->image;
  if (!c->vm || !vm_init_values(c->vm, c->image)) return false;
  c->vm->image = c->image;
  c->vm->max_steps = 100000000; /* module level that runs longer is given up */
  c->image->unshared = c->options->no_sharing;
  c->image->guard_fallback = c->image->empty_tuple;
  uint32_t off = arena_alloc(c->vm, 8);
  c->logger = HEAP(KIND_OPAQUE, off);
  return off != 0;
}

static void finish(Compiler *c) {
  Image *image = c->image;
  image->global_names = malloc((c->nslots + 1) * sizeof *image->global_names);
  if (!image->global_names) exit(EXIT_INTERNAL);
  for (uint32_t i = 0; i < c->nslots; i++) image->global_names[i] = intern_name(c, c->slots[i].name);
  image->nglobals = c->nslots;
  c->unit->image_top = c->vm->top;
}

/* The prelude is no file. */
static void note_texts(Compiler *c) {
  for (uint32_t i = 0; i < c->nmodules; i++) {
    const Source *s = c->modules[i]->source;
    if (s == c->unit->main_source || s->path[0] == '<') continue;
    for (size_t k = 0; k <= s->len; k++)
      c->unit->modules_key = (c->unit->modules_key ^ (uint8_t)s->text[k]) * 0x100000001b3u;
  }
}

/* Texts live as long as the functions made from them. */
static void keep_modules(Compiler *c) {
  Unit *unit = c->unit;
  unit->modules = malloc((c->nmodules + 1) * sizeof *unit->modules);
  if (!unit->modules) exit(EXIT_INTERNAL);
  for (uint32_t i = 0; i < c->nmodules; i++)
    if (c->modules[i]->source != unit->main_source) unit->modules[unit->nmodules++] = c->modules[i]->source;
}

/* What no pass needs any more is half of the memory that a large program takes. */
static void drop_trees(const Unit *unit) {
  size_t text = unit->main_source->len;
  source_drop_tree(unit->main_source);
  for (uint32_t i = 0; i < unit->nmodules; i++) source_drop_tree(unit->modules[i]);
#ifdef __GLIBC__
  if (text > LARGE_TEXT) (void)malloc_trim(0);
#else
  (void)text;
#endif
}

static void free_compiler(Compiler *c) {
  free(c->slots);
  free(c->slot_index);
  free(c->name_index);
  free(c->sources);
  for (uint32_t i = 0; i < c->nmodules; i++) free(c->modules[i]->bound), free(c->modules[i]->constant_sets);
  free(c->modules);
}

bool parse_timed(Unit *unit, Source *source) {
  double from = host_clock();
  bool ok = parse_source(source);
  unit->parse_seconds += host_clock() - from;
  return ok;
}

Unit *compile_file(const CompileOptions *options) {
  Unit *unit = calloc(1, sizeof *unit);
  if (!unit) exit(EXIT_INTERNAL);
  Source *source = unit->main_source = source_load(options->file);
  if (!source || !parse_timed(unit, source)) {
    unit_free(unit);
    return NULL;
  }
  Compiler c = {.options = options, .unit = unit, .pool = source->pool};
  if (!start(&c)) {
    diag_plain(DIAG_ERROR, "out of memory");
    exit(EXIT_INTERNAL);
  }
  Module *m = load_prelude(&c) ? load_main_module(&c, source) : NULL;
  bool ok = m && !c.error && lower_programs(&c, m);
  if (ok) finish(&c);
  if (ok) ok = run_passes(unit, options);
  if (ok) note_texts(&c);
  keep_modules(&c);
  free_compiler(&c);
  drop_trees(unit);
  if (ok) return unit;
  unit_free(unit);
  return NULL;
}

void unit_free(Unit *unit) {
  for (uint32_t i = 0; i < unit->nprograms; i++) {
    Program *p = &unit->programs[i];
    free(p->ops);
    free(p->operands);
    free(p->consts);
    free(p->slot_names);
    free(p->outputs);
  }
  free(unit->programs);
  free(unit->image.functions);
  free(unit->image.names);
  free(unit->image.global_names);
  vm_free(unit->vm);
  for (uint32_t i = 0; i < unit->nmodules; i++) source_free(unit->modules[i]);
  free(unit->modules);
  if (unit->main_source) source_free(unit->main_source);
  free(unit->storage);
  free(unit);
}
