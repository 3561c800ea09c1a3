/* lower.h - the compiler's working state: modules, global slots, functions, scopes.
 *
 * Functions are lowered twice at most: plainly, when module level calls them at compile time; and
 * finally, once every module has been executed and globals that no function stores are constants. */
#ifndef BATTC_LOWER_H
#define BATTC_LOWER_H

#include "battc.h"

typedef struct Scope Scope;

typedef struct Var {
  const char *name;
  struct Var *next;
  int reg;             /* of the value or cell while its scope is open; -1 not yet */
  uint16_t binds;      /* binding occurrences, a parameter's own included */
  const char *module;  /* what the first `import` that binds it names, else NULL */
  bool is_param;
  bool captured;       /* an inner function uses it */
  bool deleted;        /* by a del or at the end of a handler: never known to be bound */
  bool declared_global, declared_nonlocal;
} Var;

typedef enum { SCOPE_MODULE, SCOPE_FUNCTION, SCOPE_INLINE } ScopeKind;

typedef struct FreeVar {
  const char *name;
  Var *var;            /* the owner's */
  struct FreeVar *next;
} FreeVar;

/* A name space: module, function, or a comprehension that runs inside its function's code. */
struct Scope {
  ScopeKind kind;
  Node *node;
  Scope *parent;
  Var *vars;
  Var **index; /* hash of many variables, or NULL */
  uint32_t nvars, index_mask;
  FreeVar *free, *free_last; /* of a function: variables of enclosing functions, in order of first use */
  uint32_t nfree;
  bool has_yield;
};

/* A captured variable that nobody rebinds is captured as its value, else in a cell. */
static inline bool var_in_cell(const Var *v) { return v->captured && !(v->is_param && v->binds == 1); }

typedef struct Module {
  const char *name;
  Source *source;
  Scope *scope;
  bool loading;        /* its statements are being executed */
  bool is_standin;
  bool is_safe_dsl;    /* defines _get_safe_default */
  const char **bound;  /* names that its statements bind, sorted */
  uint32_t nbound;
  Value *constant_sets; /* its frozenset constants, one for all equal ones */
  uint32_t nconstant_sets;
} Module;


typedef struct {
  Module *module;
  const char *name;
  bool bound;          /* by the module; else a builtin's value, or nothing */
  bool stored;         /* a function stores it: never a constant */
  const Node *value_node;  /* the expression last assigned at module level, for annotations */
  Module *value_module;    /* where that expression stands */
  const char *origin;      /* "typing.Tuple" for what typing gives, else NULL */
} GlobalSlot;

typedef enum { LOWERED_NOT, LOWERED_PLAIN, LOWERED_FINAL } LoweredState;

typedef struct {
  Node *node;          /* DEF, LAMBDA, GENEXP; or a statement or expression (thunk) */
  Module *module;
  Scope *scope;        /* NULL: analysed when the function is lowered */
  LoweredState state;
  Node *annotated;     /* the DEF with its annotations, for the safe default */
  uint16_t kernel;     /* of a closure: that which its maker's key tells, 0 none */
} FunctionSource;

typedef struct Compiler {
  const CompileOptions *options;
  Vm *vm;
  Unit *unit;
  Image *image;
  struct Pool *pool;
  Module **modules;
  uint32_t nmodules;
  GlobalSlot *slots;
  uint32_t nslots, cap_slots;
  uint32_t *slot_index; /* hash of (module, name) */
  uint32_t slot_mask;
  uint32_t *name_index; /* hash of names */
  uint32_t name_mask, cap_names;
  FunctionSource *sources; /* beside image->functions */
  uint32_t cap_functions;
  bool final;          /* globals are constants now */
  bool changes_others, passes_globals; /* some function reached does: see effects.c */
  const char *main_dir;
  struct SafeProtocol *protocol; /* NULL: no safe_dsl module */
  Value logger;        /* the OPAQUE object */
  bool error;
} Compiler;

/* ---- names.c: interned names, strings, global slots ---- */
uint32_t hash_text(const char *s);
Value intern_name(Compiler *c, const char *name);      /* KIND_STR */
uint32_t name_id(Compiler *c, const char *name);       /* index in image->names */
uint32_t global_slot(Compiler *c, Module *m, const char *name); /* made when new */
int find_slot(const Compiler *c, const Module *m, const char *name); /* -1: none */
Value *slot_value(Compiler *c, uint32_t slot);
void bind_slot(Compiler *c, uint32_t slot, Value v);

/* ---- scope.c: who binds which name ---- */
/* Scopes of a function or thunk node, below `parent` (a module's scope for module-level code). */
Scope *scope_analyse(Compiler *c, Module *m, Node *node, Scope *parent);
Var *scope_var(const Scope *s, const char *name);
bool is_plain_builtin(Compiler *c, Module *m, const Scope *s, const Node *name_node, const char *name);
void collect_bound(const NodeList *body, void (*bind)(void *ctx, const char *name, const Node *value), void *ctx);

/* ---- lower.c ---- */
/* scope NULL: a DEF of module level. */
uint32_t new_function(Compiler *c, Module *m, Node *node, Scope *scope, const char *name);
bool lower_function(Compiler *c, uint32_t fid); /* per c->final; false after a diagnostic */
void function_stub(Compiler *c, Function *g);    /* code that is the limit `unsupported` */
Value new_func_value(Compiler *c, uint32_t fid); /* no cells, no defaults */
/* A function without parameters that runs one module-level statement, or gives an expression's value. */
uint32_t new_thunk(Compiler *c, Module *m, Node *node);
/* The same for an expression of the batt function: parameters are its variables, in order. */
uint32_t new_program_thunk(Compiler *c, Module *m, Node *expr, const char **params, uint32_t nparams);
/* Constant of a literal expression (numbers, strings, tuples of such, ..), or 0. */
Value constant_of(Compiler *c, Module *m, const Scope *s, const Node *node);
/* Notes a module's frozenset constants in the order of its text. */
void collect_constant_sets(Compiler *c, Module *m);
bool exception_mask(Compiler *c, Module *m, const Node *type, ErrorMask *mask);

/* ---- compile.c ---- */
bool parse_timed(Unit *unit, Source *source); /* parse_source, its time counted */

/* ---- module.c: imports and module level ---- */
Module *load_main_module(Compiler *c, Source *source);
bool load_prelude(Compiler *c);
typedef enum { MODULE_FOUND, MODULE_MISSING, MODULE_FOREIGN } ModuleSearch; /* foreign: Python has it, battc does not */
/* What an import statement finds that runs after module level: the module is loaded where it is not yet. */
ModuleSearch module_at_run_time(Compiler *c, const char *name, Module **found);
Value module_value(const Compiler *c, const Module *m); /* KIND_MODULE */
/* Slot of a name that the module binds; where it does not, that of battc's stand-in for it, else -1. */
int module_member(Compiler *c, const Module *m, const char *name);

/* ---- protocol.c: safe_dsl.py ---- */
/* Reads _get_safe_default where the module defines it; false after a diagnostic. */
bool protocol_read(Compiler *c, Module *m);
/* Sets functions[fid].safe_default from the annotations of its def. */
void protocol_default(Compiler *c, uint32_t fid);
/* make_all_dsl_safe(this module), called at node `at`. */
bool protocol_guard_module(Compiler *c, Module *m, const Node *at);
bool protocol_guard_name(Compiler *c, Module *m, const char *name);

/* ---- kernel_key.c ---- */
uint64_t kernel_key(Compiler *c, uint32_t fid);
/* Puts a native kernel in front of the function if one is known for its key. */
void kernel_select(Compiler *c, uint32_t fid);

/* ---- effects.c ---- */
/* May it change a list, set or dict that it did not make, or a variable of an enclosing function? */
bool function_changes_others(const Vm *vm, const Function *f);
/* Does it name a list, set or dict of its module? May such a one get to code that is not seen here? */
bool function_holds_globals(const Function *f);
bool function_passes_globals(const Vm *vm, const Function *f);

/* ---- program.c ---- */
bool lower_programs(Compiler *c, Module *m);

#endif
