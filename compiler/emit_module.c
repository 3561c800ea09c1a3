/* emit_module.c - the part of a Python module's C text that depends on its programs: what they are called. The rest is
 * templates/module.c and the library in runtime/python. */
#include "emit.h"

#include <string.h>

static const char *const parameter_names[SLOT_FIRST_OP] = {"task_id", "S", "I", "C", "log_path"};

static void put_function(Buffer *b, uint32_t number) {
  buffer_format(b, "static PyObject *call_%u(PyObject *self, PyObject *args, PyObject *keywords) {\n  (void)self;\n"
                   "  return module_call(%u, args, keywords);\n}\n", number, number);
}

/* The text in front of the line -- is what inspect.signature reads. */
static void put_method(Buffer *b, const Program *p, uint32_t number) {
  Buffer doc = {0};
  buffer_format(&doc, "%s(", p->entry);
  for (uint32_t i = 0; i < p->nwhole_params; i++) buffer_format(&doc, "%s%s", i ? ", " : "", parameter_names[p->whole_params[i]]);
  buffer_format(&doc, ")\n--\n\n%s of %s, compiled.", p->entry, emit_base_name(p->file));
  buffer_char(&doc, 0);
  buffer_text(b, "  {");
  emit_literal(b, p->entry);
  buffer_format(b, ", (PyCFunction)(void (*)(void))call_%u, METH_VARARGS | METH_KEYWORDS, ", number);
  emit_literal(b, doc.data);
  buffer_text(b, "},\n");
  buffer_free(&doc);
}

/* Pickled functions know their code by number and word: all of the constants' words tell compilations apart. */
static uint64_t compilation_key(const Unit *unit) {
  uint64_t h = unit_key(unit);
  const uint64_t *words = (const uint64_t *)unit->vm->base;
  for (uint32_t i = 1; i < unit->image_top; i++) h = ((h ^ words[i]) * 0x9e3779b97f4a7c15u) ^ h >> 29;
  return h;
}

void emit_module(Buffer *b, const Unit *unit, const char *name) {
  buffer_text(b, "\n/* ---- functions of the module ---- */\n#include \"python/objects.h\"\n\n");
  for (uint32_t i = 0; i < unit->nprograms; i++) put_function(b, i);
  buffer_text(b, "\nstatic PyMethodDef module_methods[] = {\n");
  for (uint32_t i = 0; i < unit->nprograms; i++) put_method(b, &unit->programs[i], i);
  buffer_text(b, "  {NULL, NULL, 0, NULL}};\n");
  buffer_format(b, "\n#define MODULE_NAME \"%s\"\n#define MODULE_INIT PyInit_%s\n#define MODULE_SYMBOL \"PyInit_%s\"\n", name, name, name);
  buffer_format(b, "#define MODULE_KEY 0x%llx\n", (unsigned long long)compilation_key(unit));
  buffer_text(b, template_module);
}
