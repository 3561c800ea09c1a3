/* emit_c.c - whole C files: a program in one file or in parts that are compiled at the same time, and
 * the parts of a DSL library. */
#include "emit.h"

#include <string.h>

/* Functions of one part are seen from the part with the tables. */
static const char *linkage_of(uint32_t parts) { return parts == 1 ? "static " : "__attribute__((visibility(\"hidden\"))) "; }

static void put_header(Buffer *b, const Unit *unit, const EmitKind *kind, uint32_t part, uint32_t parts) {
  const char *name = unit->nprograms ? emit_base_name(unit->programs[0].file) : "";
  buffer_text(b, "/* ");
  emit_comment(b, name, strlen(name));
  buffer_format(b, ", compiled by battc " BATTC_VERSION ". Key of its functions: %016llx.", (unsigned long long)unit_key(unit));
  if (parts > 1) buffer_format(b, " Part %u of %u. */\n", part + 1, parts);
  else if (kind->module) buffer_text(b, " A Python module. */\n");
  else
    buffer_text(b, "\n *\n * cc -O1 THIS.c -I PREFIX/include/battc -L PREFIX/lib/battc -lbattc-runtime -lcjson -lm -lpthread\n"
                   " *\n * What is computed stands in the ops and functions below; data and main() follow. */\n");
}

static void put_functions(Buffer *b, const Unit *unit, const uint8_t *wanted, uint32_t part, uint32_t parts) {
  buffer_text(b, template_functions);
  for (uint32_t i = 0, n = 0; i < unit->image.nfunctions; i++) {
    const Function *f = &unit->image.functions[i];
    if (wanted ? wanted[i] : emit_wanted(f))
      if (n++ % parts == part) emit_function(b, unit, f, linkage_of(parts));
  }
}

static void declare_functions(Buffer *b, const Unit *unit, const uint8_t *wanted, uint32_t parts) {
  for (uint32_t i = 0; i < unit->image.nfunctions; i++) {
    const Function *f = &unit->image.functions[i];
    if (!(wanted ? wanted[i] : emit_wanted(f))) continue;
    buffer_format(b, "%sint ", linkage_of(parts));
    emit_function_name(b, f);
    buffer_text(b, "(Vm *vm, Value *r, uint32_t pc);\n");
  }
}

static void put_data(Buffer *b, const Unit *unit, const EmitKind *kind) {
  for (uint32_t i = 0; i < unit->nprograms; i++) emit_program_tables(b, unit, i, kind->native);
  buffer_text(b, "\nstatic Program programs[] = {\n");
  for (uint32_t i = 0; i < unit->nprograms; i++) emit_program_entry(b, unit, i, kind->native);
  buffer_text(b, "};\n");
  emit_image(b, unit, kind->native);
  buffer_text(b, kind->module ? template_image : template_main);
  if (kind->module) emit_module(b, unit, kind->module);
}

void emit_part(Buffer *b, const Unit *unit, const EmitKind *kind, uint32_t part, uint32_t parts) {
  put_header(b, unit, kind, part, parts);
  if (!kind->native) {
    buffer_text(b, "#include \"program.h\"\n");
    put_data(b, unit, kind);
    return;
  }
  buffer_text(b, template_ops);
  for (uint32_t i = 0; i < unit->nprograms; i++) emit_chunks(b, unit, i, linkage_of(parts), part, parts);
  buffer_char(b, '\n');
  put_functions(b, unit, NULL, part, parts);
  if (part) return;
  if (parts > 1) {
    buffer_char(b, '\n');
    declare_functions(b, unit, NULL, parts);
    for (uint32_t i = 0; i < unit->nprograms; i++) emit_chunk_declarations(b, unit, i, linkage_of(parts));
  }
  put_data(b, unit, kind);
}

uint32_t emit_size(const Unit *unit) {
  uint32_t n = 0;
  for (uint32_t i = 0; i < unit->image.nfunctions; i++)
    if (emit_wanted(&unit->image.functions[i])) n += unit->image.functions[i].ncode;
  for (uint32_t i = 0; i < unit->nprograms; i++) n += unit->programs[i].nops;
  return n;
}

/* ---- DSL library ---- */

static void put_library_table(Buffer *b, const Unit *unit, const uint8_t *wanted, uint64_t build) {
  uint32_t n = 0;
  buffer_format(b, "\nconst uint64_t battc_library_build = 0x%llx;\n\nconst uint64_t battc_library_keys[] = {\n",
                (unsigned long long)build);
  for (uint32_t i = 0; i < unit->image.nfunctions; i++)
    if (wanted[i])
      buffer_format(b, "  0x%llx,\n", (unsigned long long)emit_function_key(&unit->image.functions[i])), n++;
  buffer_text(b, "  0};\n\nint (*const battc_library_functions[])(Vm *vm, Value *r, uint32_t pc) = {\n");
  for (uint32_t i = 0; i < unit->image.nfunctions; i++) {
    if (!wanted[i]) continue;
    buffer_text(b, "  ");
    emit_function_name(b, &unit->image.functions[i]);
    buffer_text(b, ",\n");
  }
  buffer_format(b, "  NULL};\n\nconst uint32_t battc_library_size = %u;\n", n);
}

void emit_library_part(Buffer *b, const Unit *unit, const uint8_t *wanted, uint64_t build, uint32_t part, uint32_t parts) {
  buffer_format(b, "/* Functions of a DSL, compiled by battc " BATTC_VERSION ". Part %u of %u. */\n", part + 1, parts);
  put_functions(b, unit, wanted, part, parts);
  if (part) return;
  buffer_char(b, '\n');
  if (parts > 1) declare_functions(b, unit, wanted, parts);
  put_library_table(b, unit, wanted, build);
}

/* ---- one file ---- */

static const EmitKind executable = {.native = true};

bool emit_c(FILE *out, const Unit *unit) {
  Buffer b = {0};
  emit_part(&b, unit, &executable, 0, 1);
  return emit_to(out, &b);
}

bool emit_c_file(const char *path, const Unit *unit) {
  Buffer b = {0};
  emit_part(&b, unit, &executable, 0, 1);
  return emit_to_file(path, &b);
}
