/* lower_fn.h - one function while it is being lowered: shared by lower*.c only. */
#ifndef BATTC_LOWER_FN_H
#define BATTC_LOWER_FN_H

#include "builtin.h"
#include "lower.h"
#include "object.h"

typedef struct Loop {
  struct Loop *outer;
  uint32_t *breaks; /* JUMPs to patch to the end */
  uint32_t nbreaks, cap_breaks;
  uint32_t top;     /* instruction that continue goes to */
  bool in_finally;  /* a finally lies between: unsupported */
} Loop;

/* Registers known to be bound here, one bit each. */
typedef struct {
  uint64_t *bits;
  uint32_t words;
  bool dead; /* control does not get here */
} Assigned;

typedef struct Fn {
  Compiler *c;
  Module *m;
  Scope *scope;   /* innermost open one */
  Scope *fscope;  /* the function's own */
  uint32_t fid;
  Instr *code;
  uint32_t ncode, cap_code;
  Value *consts;
  uint32_t nconsts, cap_consts;
  Handler *handlers;
  uint32_t nhandlers, cap_handlers;
  ErrorMask *masks;
  uint32_t nmasks;
  int next, max; /* registers: next free temporary, most ever used */
  int free_base;
  uint32_t line;
  Loop *loop;
  Assigned assigned;
  int gen_depth;
  int finally_depth;
  uint32_t flags;
  bool failed;
} Fn;

typedef int Opnd; /* a register, or ~constant */

/* lower.c */
uint32_t emit(Fn *f, Opcode op, int a, int b, int c, int d, int e);
uint32_t emit_jump(Fn *f, Opcode op, int a);  /* to be patched */
void patch(Fn *f, uint32_t at);               /* to here */
int temp(Fn *f);
int temps(Fn *f, int n);                      /* n registers in a row */
Opnd constant(Fn *f, Value v);
void emit_unsupported(Fn *f, const Node *n, const char *what);
void add_handler(Fn *f, uint32_t start, uint32_t end, uint32_t target, int reg, int kind);
Assigned assigned_save(Fn *f);
void assigned_restore(Fn *f, Assigned *saved); /* frees saved */
void assigned_merge(Fn *f, Assigned *other);   /* bound on both ways; frees other */
void assigned_drop(Assigned *saved);
void mark_assigned(Fn *f, int reg);
void set_dead(Fn *f);
Opnd load_name(Fn *f, const Node *n);
bool surely_bound(Fn *f, const Node *n); /* loading the name raises nothing */
const Var *local_of(const Fn *f, const char *name); /* of this function or one around it; NULL: a global */
Opnd load_slot(Fn *f, uint32_t slot);         /* a global */
void store_name(Fn *f, const Node *n, const char *name, Opnd v);
void assign_target(Fn *f, const Node *target, Opnd v);
void open_inline_scope(Fn *f, Scope *s);
void close_inline_scope(Fn *f, Scope *s);
void make_closure(Fn *f, Node *n, int dst); /* DEF or LAMBDA */

/* lower_expr.c */
Opnd expr(Fn *f, const Node *n);
Opnd iterable(Fn *f, const Node *n); /* what a loop goes over: a set of constants is one constant */
void expr_to(Fn *f, const Node *n, int dst);
/* Jumps, collected for patch_all. */
typedef struct {
  uint32_t *at;
  uint32_t n, cap;
} Jumps;
/* Jumps where n's truth is `when`, else falls through. */
void jump_if(Fn *f, const Node *n, bool when, Jumps *jumps);
void patch_all(Fn *f, Jumps *jumps);
int args_in_row(Fn *f, const NodeList *list); /* lowers plain expressions into registers in a row */
void build_list_with_stars(Fn *f, const NodeList *list, int dst);

/* lower_comp.c */
typedef enum { INTO_LIST, INTO_SET, INTO_DICT, INTO_PAIRS, INTO_SUM, INTO_ANY, INTO_ALL, INTO_MAX, INTO_MIN, INTO_NEXT, INTO_YIELD } Consumer;
/* Runs n in place and leaves what its consumer makes of it in dst. fallback: the default of next, max,
 * min, evaluated after the outermost iterable; NULL none. */
void comprehension(Fn *f, const Node *n, Consumer into, const Node *fallback, int dst);
void genexpr_object(Fn *f, Node *n, int dst);
void genexpr_body(Fn *f, const Node *n); /* the body of a generator expression's own function */

/* lower_import.c */
void import_statement(Fn *f, const Node *n);
/* May the name hold a module of the user's? *surely: if it is bound it does. */
Module *module_of_name(Fn *f, const Node *n, bool *surely);
/* name.attribute where the name may hold such a module. False, and no code: it does not. */
bool module_attribute(Fn *f, const Node *n, int dst);

/* lower_call.c */
void call(Fn *f, const Node *n, int dst);

#endif
