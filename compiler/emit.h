/* emit.h - C text: what emit_*.c, build.c and library.c share. */
#ifndef BATTC_EMIT_H
#define BATTC_EMIT_H

#include "battc.h"
#include "ir.h"

#include "../runtime/host/buffer.h"

/* templates.c */
extern const char template_functions[], template_ops[], template_image[], template_main[], template_module[], template_cuda[],
    template_cuda_main[];

/* ---- emit_text.c: nothing from the input gets into a file but through these ---- */
void emit_comment(Buffer *b, const char *text, size_t len);  /* for the inside of a comment */
void emit_literal(Buffer *b, const char *text);              /* a C string literal, or NULL */
void emit_identifier(Buffer *b, const char *name);           /* a part of an identifier */
void emit_constant(Buffer *b, const Unit *unit, Value v);    /* a short text of it, for a comment */
const char *emit_base_name(const char *path);
/* Writes a whole text and frees it. false after a message. */
bool emit_to(FILE *out, Buffer *text);
bool emit_to_file(const char *path, Buffer *text);

/* ---- emit_function.c ---- */
/* Is it worth compiling: not the limit that stands for what nothing reaches, and not too large. */
bool emit_wanted(const Function *f);
void emit_function_name(Buffer *b, const Function *f);
/* `linkage int f_name_12(Vm *vm, Value *r, uint32_t pc) {...}`. It fits every function that has the
 * same emit_function_key, in whatever unit. */
void emit_function(Buffer *b, const Unit *unit, const Function *f, const char *linkage);
uint64_t emit_function_key(const Function *f);

/* ---- emit_program.c ---- */
/* Chunk functions of program number p, `linkage void NAME(Execution *x)`. Part i of n gets every n-th. */
void emit_chunks(Buffer *b, const Unit *unit, uint32_t p, const char *linkage, uint32_t part, uint32_t parts);
/* Their declarations, the function that calls them by binding, and the tables of the program; not `native`:
 * without chunks. */
void emit_chunk_declarations(Buffer *b, const Unit *unit, uint32_t p, const char *linkage);
/* `linkage void NAME_ops(Execution *x, Binding binding)`, which calls the chunks, and its name. */
void emit_ops_dispatch(Buffer *b, const Unit *unit, uint32_t p, const char *linkage);
void emit_ops_name(Buffer *b, const Unit *unit, uint32_t p);
void emit_program_tables(Buffer *b, const Unit *unit, uint32_t p, bool native);
void emit_program_entry(Buffer *b, const Unit *unit, uint32_t p, bool native); /* its initializer */

/* ---- emit_image.c: constants and functions as data; `native`: compiled functions are there ---- */
void emit_image(Buffer *b, const Unit *unit, bool native);

/* ---- emit_module.c: what stands in front of the fixed text of a Python module ---- */
void emit_module(Buffer *b, const Unit *unit, const char *name);

/* ---- emit_cuda.c ---- */
/* A program as a CUDA file: ops and functions for the device, all else as data of the host. */
void emit_cuda_text(Buffer *b, const Unit *unit);
/* Ops and functions alone, in files that are compiled each for itself and linked with the runtime for devices; part 0 has the
 * kernel. */
void emit_cuda_part(Buffer *b, const Unit *unit, uint32_t part, uint32_t parts);
void emit_kernel_name(Buffer *b, const Unit *unit); /* after file and function */

/* ---- emit_c.c ---- */
/* What is made: an executable, or the Python module of this name; not native: ops and functions stay bytecode. */
typedef struct {
  const char *module;
  bool native;
} EmitKind;

/* A program in `parts` files. Part 0 has data and main; of one part everything. */
void emit_part(Buffer *b, const Unit *unit, const EmitKind *kind, uint32_t part, uint32_t parts);
/* The functions that `wanted` marks (by function id), in `parts` files; part 0 has the table too. */
void emit_library_part(Buffer *b, const Unit *unit, const uint8_t *wanted, uint64_t build, uint32_t part, uint32_t parts);
/* Instructions to be compiled, to choose the number of parts by. */
uint32_t emit_size(const Unit *unit);

#endif
