/* emit_cuda.c - a program as one CUDA file: what C files have, with ops and functions for the device.
 *
 * The host's part is data alone, and bytecode there: samples that the device leaves run so. */
#include "emit.h"

#include <string.h>

static const char DEVICE[] = "static __device__ ";
/* Each is called in one place, the switch below, and would become a part of it: one function of all the DSL takes ptxas minutes. */
static const char FUNCTION[] = "static __device__ NOINLINE ";

void emit_kernel_name(Buffer *b, const Unit *unit) {
  const char *file = emit_base_name(unit->programs[0].file);
  emit_identifier(b, file);
  buffer_char(b, '_');
  emit_identifier(b, unit->programs[0].entry);
}

static void put_header(Buffer *b, const Unit *unit) {
  const char *name = emit_base_name(unit->programs[0].file);
  buffer_text(b, "/* ");
  emit_comment(b, name, strlen(name));
  buffer_format(b, " for CUDA, compiled by battc " BATTC_VERSION ". Key of its functions: %016llx.", (unsigned long long)unit_key(unit));
  buffer_text(b, "\n *\n * nvcc -std=c++20 -rdc=true -arch=native -Xptxas -v THIS.cu -I PREFIX/include/battc -L PREFIX/lib/battc \\\n"
                 " *   -lbattc-cuda -lbattc-runtime -lcjson -lm -lpthread -ldl\n"
                 " *\n * What is computed stands in the ops and functions below; the kernel, data and main() follow. */\n");
}

/* Part i of n gets every n-th. */
static void put_functions(Buffer *b, const Unit *unit, const char *linkage, uint32_t part, uint32_t parts) {
  const Image *image = &unit->image;
  buffer_text(b, template_functions);
  for (uint32_t i = 0, n = 0; i < image->nfunctions; i++)
    if (emit_wanted(&image->functions[i]) && n++ % parts == part) emit_function(b, unit, &image->functions[i], linkage);
}

/* Numbers to functions by a switch: devices are slow with pointers to them. */
static void put_function_switch(Buffer *b, const Unit *unit) {
  const Image *image = &unit->image;
  buffer_text(b, "\n__device__ int fused_function(Vm *vm, uint32_t fid, Value *r, uint32_t pc) {\n  switch (fid) {\n");
  for (uint32_t i = 0; i < image->nfunctions; i++) {
    if (!emit_wanted(&image->functions[i])) continue;
    buffer_format(b, "    case %u: return ", i);
    emit_function_name(b, &image->functions[i]);
    buffer_text(b, "(vm, r, pc);\n");
  }
  buffer_text(b, "    default: raise_limit(vm, LIMIT_UNSUPPORTED); return RUN_RAISED;\n  }\n}\n");
}

static void put_function_table(Buffer *b, const Unit *unit) {
  const Image *image = &unit->image;
  buffer_text(b, "\nstatic void *const compiled_functions[] = {\n");
  for (uint32_t i = 0; i < image->nfunctions; i++) {
    buffer_text(b, emit_wanted(&image->functions[i]) ? "  COMPILED(1, " : "  NULL");
    if (emit_wanted(&image->functions[i])) {
      emit_function_name(b, &image->functions[i]);
      buffer_char(b, ')');
    }
    buffer_text(b, ",\n");
  }
  buffer_text(b, "};\n");
}

/* Program.native_ops is the program's number + 1 here. */
static void put_ops_switch(Buffer *b, const Unit *unit) {
  buffer_text(b, "\n__device__ void fused_ops(Execution *x, Binding binding) {\n  switch ((size_t)x->program->native_ops) {\n");
  for (uint32_t i = 0; i < unit->nprograms; i++) {
    if (!unit->programs[i].nops) continue;
    buffer_format(b, "    case %u: ", i + 1);
    emit_ops_name(b, unit, i);
    buffer_text(b, "(x, binding); break;\n");
  }
  buffer_text(b, "    default: break;\n  }\n}\n");
}

static void put_ops_table(Buffer *b, const Unit *unit) {
  buffer_text(b, "\nstatic void *const compiled_ops[] = {\n");
  for (uint32_t i = 0; i < unit->nprograms; i++) {
    buffer_format(b, unit->programs[i].nops ? "  COMPILED(%u, " : "  NULL", i + 1);
    if (unit->programs[i].nops) {
      emit_ops_name(b, unit, i);
      buffer_char(b, ')');
    }
    buffer_text(b, ",\n");
  }
  buffer_text(b, "};\n");
}

static void put_data(Buffer *b, const Unit *unit) {
  for (uint32_t i = 0; i < unit->nprograms; i++) emit_program_tables(b, unit, i, false);
  buffer_text(b, "\nstatic Program programs[] = {\n");
  for (uint32_t i = 0; i < unit->nprograms; i++) emit_program_entry(b, unit, i, false);
  buffer_text(b, "};\n");
  emit_image(b, unit, false);
}

/* What the kernel is made of, and itself. */
static void put_kernel(Buffer *b, const Unit *unit) {
  buffer_text(b, template_cuda);
  put_function_switch(b, unit);
  put_ops_switch(b, unit);
  buffer_text(b, "\nDEVICE_KERNEL(");
  emit_kernel_name(b, unit);
  buffer_text(b, ")\n");
}

void emit_cuda_text(Buffer *b, const Unit *unit) {
  put_header(b, unit);
  buffer_text(b, template_ops);
  for (uint32_t i = 0; i < unit->nprograms; i++) {
    emit_chunks(b, unit, i, DEVICE, 0, 1);
    if (unit->programs[i].nops) emit_ops_dispatch(b, unit, i, DEVICE);
  }
  buffer_char(b, '\n');
  put_functions(b, unit, FUNCTION, 0, 1);
  put_kernel(b, unit);
  put_function_table(b, unit);
  put_ops_table(b, unit);
  buffer_text(b, "\n#define OWN_KERNEL ");
  emit_kernel_name(b, unit);
  buffer_text(b, "\n");
  put_data(b, unit);
  buffer_text(b, template_cuda_main);
}

/* ---- the device's half alone, in parts ---- */

static const char SHARED[] = "__device__ ", SHARED_FUNCTION[] = "__device__ NOINLINE ";

static void declare_functions(Buffer *b, const Unit *unit) {
  buffer_char(b, '\n');
  for (uint32_t i = 0; i < unit->image.nfunctions; i++) {
    const Function *f = &unit->image.functions[i];
    if (!emit_wanted(f)) continue;
    buffer_text(b, "__device__ int ");
    emit_function_name(b, f);
    buffer_text(b, "(Vm *vm, Value *r, uint32_t pc);\n");
  }
}

void emit_cuda_part(Buffer *b, const Unit *unit, uint32_t part, uint32_t parts) {
  buffer_text(b, template_ops);
  for (uint32_t i = 0; i < unit->nprograms; i++) emit_chunks(b, unit, i, SHARED, part, parts);
  put_functions(b, unit, SHARED_FUNCTION, part, parts);
  if (part) return;
  declare_functions(b, unit);
  for (uint32_t i = 0; i < unit->nprograms; i++) {
    emit_chunk_declarations(b, unit, i, SHARED);
    if (unit->programs[i].nops) emit_ops_dispatch(b, unit, i, SHARED);
  }
  put_kernel(b, unit);
}

bool emit_cuda(FILE *out, const Unit *unit) {
  Buffer b = {0};
  emit_cuda_text(&b, unit);
  return emit_to(out, &b);
}

bool emit_cuda_file(const char *path, const Unit *unit) {
  Buffer b = {0};
  emit_cuda_text(&b, unit);
  return emit_to_file(path, &b);
}
