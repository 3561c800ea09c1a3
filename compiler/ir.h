/* ir.h - what the printer, the checker and the .bto files share. Internal to ir_*.c, unit_key.c, bto.c. */
#ifndef BATTC_IR_H
#define BATTC_IR_H

#include "battc.h"

/* ---- ir_walk.c: instructions and values by table ---- */

const char *opcode_name(uint32_t op);
const char *opcode_pattern(uint32_t op); /* five letters, see OPCODE_LIST */
/* Operand 0..4 of an instruction: a, b, c, d, e. */
int32_t instr_operand(const Instr *in, uint32_t which);
bool instr_falls_through(const Instr *in); /* control can go on with the next instruction */
/* Registers that a call fills, *args and **kw included; and how many of them have names. */
uint32_t param_registers(const Function *f);
uint32_t named_params(const Function *f);

/* The values that heap object v holds, in order; unbound registers of generators are left out. The
 * object must be well-formed. */
typedef void (*ValueVisit)(void *ctx, Value v);
void value_children(const Vm *vm, Value v, ValueVisit visit, void *ctx);

/* Objects found, each once; to be taken in any order. All zero but vm and limit to start with. */
typedef struct {
  const Vm *vm;
  uint32_t limit;   /* arena offsets below it are visited */
  uint8_t *seen;
  Value *todo;
  uint32_t n, cap;
} ValueWalk;
void walk_add(ValueWalk *w, Value v);     /* immediates are ignored */
bool walk_next(ValueWalk *w, Value *v);   /* takes one object; its children are added */
void walk_free(ValueWalk *w);

/* calloc that ends the process with EXIT_INTERNAL when memory is out. */
void *ir_alloc(size_t n, size_t size);

/* ---- ir_check.c and its parts ---- */

/* Says `ir_check: text` on stderr, returns false. */
bool ir_fail(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
/* The same about one function, and an instruction of it (-1: none). Names are escaped. */
bool ir_fail_in(const Function *f, int64_t pc, const char *fmt, ...) __attribute__((format(printf, 3, 4)));

/* What the registers that hold a closure's variables contain, as the function's code uses them. */
typedef enum { CAPTURE_UNUSED, CAPTURE_VALUE, CAPTURE_CELL } CaptureKind;
typedef struct {
  uint8_t *kinds;   /* CaptureKind of every free register of every function */
  uint32_t *first;  /* by function: where its nfree start */
} Captures;

/* ir_image.c: every object that the image's constants reach lies inside [0, image_top), overlaps no
 * other, and keeps the invariants of value.h. Needs functions whose bounds were checked. */
bool ir_check_image(const Unit *unit, const Captures *captures);

/* ir_flow.c: registers hold what their instructions count on: a cell, an iterator, a list under
 * construction, a caught exception; and no unbound register is read. */
bool ir_captures(const Image *image, Captures *captures);
void ir_captures_free(Captures *captures);
bool ir_check_flow(const Image *image, const Function *f, const Captures *captures);

#endif
