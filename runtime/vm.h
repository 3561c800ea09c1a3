/* vm.h - a machine that runs functions: one per thread, with its own arena and stack. */
#ifndef BATTC_VM_H
#define BATTC_VM_H

#include "error.h"
#include "opcode.h"
#include "value.h"

typedef struct Vm Vm;

enum {
  FN_VARARGS = 1,      /* register nparams takes the tuple of further positional arguments */
  FN_VARKW = 2,        /* the register after that takes the dict of further keywords */
  FN_GENERATOR = 4,    /* a call makes a generator */
  FN_UNCOUNTED = 8,    /* not a Python frame: thunks, prelude */
  FN_STOP_PASSES = 16, /* StopIteration leaves this generator as it is (prelude's map) */
  FN_GENEXPR = 32,     /* r[0] is the outermost iterator */
  FN_IMPURE = 64,      /* it, or something it reaches, may change state that outlives a call */
  FN_UNSUPPORTED = 128, /* holds an UNSUPPORTED instruction */
  FN_CHEAP = 256,      /* its kernel costs less than looking a call up */
  FN_MAKER = 512       /* its kernel makes a closure, which is a new one each time */
};

enum {
  HANDLER_EXCEPT = 0,  /* the instance goes to r[reg], control to target */
  HANDLER_GENEXPR = 1  /* StopIteration becomes RuntimeError, which unwinds further */
};

/* Handlers of a function, innermost first. Covers instructions start <= pc < end. */
typedef struct {
  uint32_t start, end, target;
  uint16_t reg;
  uint8_t kind;
  uint8_t gen_depth; /* inlined generator expressions open at the target */
} Handler;

/* A compiled function, shared and constant while programs run. */
typedef struct Function {
  /* what a call looks at, in one line of the cache */
  uint32_t fid;
  uint16_t nparams;     /* positional (keyword-only ones follow them) */
  uint16_t nkwonly;
  uint16_t nregs;       /* parameters, *args, **kw, then free cells, locals, temporaries */
  uint16_t free_base, nfree; /* registers r[free_base..] hold the closure's cells */
  uint16_t flags;
  uint16_t kernel;      /* native kernel in front of it, 0 none */
  uint16_t ndefaults;   /* of the last parameters, keyword-only ones included */
  uint16_t nhandlers;
  Instr *code;
  Value *consts;        /* in the constant part of the arena: same words in every thread */
  /* Compiled code: runs the frame from frame->pc; see interp.h. NULL: interpreted. */
  int (*native)(Vm *vm, Value *r, uint32_t pc);
  Value safe_default;   /* what _get_safe_default gives; V_UNBOUND: the callable kind, made anew */
  /* the rest */
  Handler *handlers;
  int16_t *captures;    /* nfree registers of the ENCLOSING function that hold the cells */
  Value *param_names;   /* nparams + nkwonly KIND_STR; '/' ends the name of one that is given by its place alone */
  ErrorMask *masks;     /* of MATCH_ERROR */
  uint32_t ncode, nconsts, nmasks;
  uint32_t line;        /* of its def */
  const char *name;     /* Python's __name__ */
  const char *module;   /* module name */
  const char *file;     /* for messages */
} Function;

/* What all threads share: made by the compiler or loaded from a .bto, then constant. */
typedef struct {
  Function *functions;
  uint32_t nfunctions;
  Value *names;         /* KIND_STR, by N operand */
  uint32_t nnames;
  uint32_t globals;     /* arena offset of nglobals Values */
  uint32_t nglobals;
  Value *global_names;  /* KIND_STR by slot, for messages */
  uint32_t prelude[64]; /* function id by PreludeId, 0 none */
  Value nan, inf;       /* math.nan and math.inf, single objects */
  Value minus_inf;      /* see minus_infinity() */
  Value empty_tuple, empty_frozenset; /* CPython's singletons */
  uint32_t pairs, cells; /* arena offsets: see cells.h */
  Value guard_fallback; /* default of what has no usable annotation: () or None */
  bool impure;          /* some function may change what outlives a call: nothing is shared or hoisted */
  bool unshared;        /* no run-time sharing: for comparison */
  uint32_t safe_callable; /* function id of the default of the callable kind */
} Image;

typedef struct {
  const Function *fn;
  Value *regs;
  uint32_t pc;
  uint32_t dst;       /* register of the caller's frame that takes the result */
  uint32_t stack_top; /* of the register stack when this frame goes */
  Value gen;          /* the generator whose frame this is, or 0 */
  Value func;         /* its KIND_FUNC */
  Value guard;        /* its KIND_GUARD if called through one, or 0 */
  uint32_t depth;     /* Python frames below and including this one (a guard is one) */
  uint32_t memo;      /* run-time sharing: entry to fill + 1, or 0 */
  uint32_t flags;     /* FRAME_... */
  uint32_t saved_high; /* run-time sharing: depth high-water mark outside */
  uint64_t memo_started; /* run-time sharing: ticks, if it is measured */
} Frame;

enum {
  FRAME_ENTRY = 1,    /* vm_call waits for this one */
  FRAME_FOR_ITER = 2  /* a generator stepped by FOR_ITER of the caller */
};

struct Vm {
  /* arena: offsets are units of 8 bytes from base; [0, top) is in use. See arena.h */
  uint8_t *base;
  uint32_t top, limit;
  uint32_t rooms_top, rooms_end; /* [limit, rooms_end) is for rooms; those from rooms_top on are taken */
  uint32_t latest_room; /* arena offset of a Room, 0 none */
  int64_t untouched;    /* units that were taken and that nothing has touched yet, for rows of unmade grids; goes on when the top is reset */
  uint32_t sweep_at;    /* arena offset at which `swept` is to be looked at, UINT32_MAX: never */
  struct Execution *swept; /* whose ops run, see host/sweep.h; NULL: nobody's */
  uint32_t floor;       /* what lies below may outlive what is made now, so it must not be made to refer to that */
  const Image *image;
  /* pending exception; valid when a function returned its error value */
  uint32_t error;      /* ErrorClass, or ERR_LIMIT + LimitKind */
  uint32_t op_line;    /* of the last exception that left an op's own code (a thunk); 0: none since it was cleared */
  uint32_t error_line; /* where raised, 0: not yet known (the interpreter fills it in) */
  const Function *error_fn; /* in which function, NULL: not yet known */
  Value error_value;   /* instance being re-raised, or 0 */
  /* frames */
  Frame *frames;       /* frames[0..nframes) */
  uint32_t nframes, max_frames;
  Value *stack;        /* registers of frames, stack_size Values */
  uint32_t stack_top, stack_size;
  uint32_t depth;      /* Python frames now */
  uint32_t base_depth; /* frames below the outermost one of battc (the caller's stack) */
  uint32_t depth_limit;/* 1000 */
  uint32_t high;       /* largest depth since the mark: run-time sharing */
  bool identity_doubt; /* with run-time sharing: it mattered whether two equal values are one object */
  bool lost;           /* a value could not be made where nothing can fail: no value of the call counts */
  bool unordered;      /* a value computed since the mark depends on addresses (flag only) */
  bool changed_older;  /* an op changed a container or iterator that an earlier op made */
  uint32_t op_mark;    /* arena offset below which that is what was made before the op that runs; 0: nobody asks */
  /* limits */
  uint64_t steps, max_steps;
  volatile int *interrupt; /* nonzero: stop with LIMIT_TIME; set by another thread or a signal */
  uint64_t deadline_ns;    /* CLOCK_MONOTONIC, 0 none */
  struct Memo *memo;   /* run-time sharing, NULL off */
  struct Worth *worth; /* of memo: two by function, called by ops and by functions */
  uint32_t sample;     /* counts them, from 1 */
  uint32_t nested;     /* arena offset of shared cells (colour, (i, j)), see cells.h; 0: there are none */
  bool deferring;      /* tables of sets may be made later: see deferred.h */
  struct VmWatch *watch;     /* see watch.h; NULL: nobody watches */
  struct VmProfile *profile; /* see profile.h; NULL: nobody looks */
  uint32_t op;         /* number of the program's op that runs + 1, 0 none: for the profiler */
  struct Workspace *workspace; /* of kernels, zeroed at first; NULL: those that need it are not taken */
  struct Warp *warp;   /* that works for it: see lanes.h; NULL: none does */
};

/* error.c: record an exception and return the error value of the function's kind. */
FN Value raise_error(Vm *vm, uint32_t cls);     /* returns 0 */
FN void clear_error(Vm *vm);                    /* nothing is pending */
FN bool raise_false(Vm *vm, uint32_t cls);      /* returns false */
FN int raise_int(Vm *vm, uint32_t cls);         /* returns -1 */
FN Value raise_limit(Vm *vm, LimitKind kind);   /* returns 0 */
FN_INLINE bool is_limit_error(uint32_t cls) { return cls >= ERR_LIMIT; }

/* A list, set, dict, cell or iterator is about to change. */
FN_INLINE void note_change(Vm *vm, Value v) {
  if (UNLIKELY(payload_of(v) < vm->op_mark)) vm->changed_older = true;
}

/* arena.c: heap objects. Fresh memory is NOT zeroed. `bytes` is rounded up to 8. Past the limit:
 * LIMIT_MEMORY is raised and the result is 0 / NULL. Pointers stay valid: the region never moves. */
FN uint32_t arena_alloc(Vm *vm, size_t bytes); /* offset, 0 on error (offset 0 is never given out) */
FN_INLINE void *arena_at(const Vm *vm, uint32_t offset) { return vm->base + (uint64_t)offset * 8; }
FN_INLINE uint32_t offset_of(const Vm *vm, const void *p) { return (uint32_t)(((const uint8_t *)p - vm->base) / 8); }
FN_INLINE void *heap_of(const Vm *vm, Value v) { return arena_at(vm, payload_of(v)); }
#define DEFINE_ACCESSOR(type, name)                                                                \
  FN_INLINE type *name(const Vm *vm, Value v) { return (type *)heap_of(vm, v); }
/* tuple_head: items may be unmade. */
DEFINE_ACCESSOR(Tuple, tuple_head)
/* kernels/unmade.c: makes the rows of an unmade grid. It never fails: there is room for them. */
FN void unmade_make(Vm *vm, Tuple *t);
FN_INLINE Tuple *as_tuple(const Vm *vm, Value v) {
  Tuple *t = tuple_head(vm, v);
  if (UNLIKELY(t->canon & TUPLE_UNMADE)) unmade_make((Vm *)vm, t);
  return t;
}
DEFINE_ACCESSOR(List, as_list)
DEFINE_ACCESSOR(Set, as_set)
DEFINE_ACCESSOR(Dict, as_dict)
DEFINE_ACCESSOR(Range, as_range)
DEFINE_ACCESSOR(Slice, as_slice)
DEFINE_ACCESSOR(Float, as_float)
DEFINE_ACCESSOR(Str, as_str)
DEFINE_ACCESSOR(Func, as_func)
DEFINE_ACCESSOR(Guard, as_guard)
DEFINE_ACCESSOR(Method, as_method)
DEFINE_ACCESSOR(Cell, as_cell)
DEFINE_ACCESSOR(Iter, as_iter)
DEFINE_ACCESSOR(Gen, as_gen)
DEFINE_ACCESSOR(ErrorObject, as_error)
FN_INLINE Value *list_items(const Vm *vm, const List *l) { return (Value *)arena_at(vm, l->items); }
/* deferred.c: makes the table of a deferred set. It never fails: there is room for it. */
FN void deferred_make(Vm *vm, Set *s);
FN_INLINE SetEntry *set_table(const Vm *vm, const Set *s) {
  if (UNLIKELY(!s->table)) deferred_make((Vm *)vm, (Set *)s);
  return (SetEntry *)arena_at(vm, s->table);
}
FN_INLINE DictEntry *dict_entries(const Vm *vm, const Dict *d) { return (DictEntry *)arena_at(vm, d->entries); }

/* Large memory that is seldom touched, behind the arena's limit so that the rest stays together: [start, end), arena
 * offsets. Dropped by vm_reset like all that is younger than its mark. */
typedef struct {
  uint32_t start, end;
  uint32_t previous; /* arena offset of the room before, 0 none */
  uint32_t spare;
} Room;
FN Room *room_new(Vm *vm, size_t bytes); /* NULL: LIMIT_MEMORY is raised */
FN_INLINE bool room_for(const Vm *vm, size_t bytes) { return (bytes + 7) / 8 <= vm->rooms_top - vm->limit; }
FN void rooms_drop(Vm *vm, uint32_t mark);

/* Host only. A machine with room for `memory_bytes` of arena (address space is reserved, pages come
 * as they are touched) and the initial singletons; NULL when out of address space. vm_init_values
 * must run once on the machine that builds an image (it makes nan, inf, (), frozenset()). */
Vm *vm_new(size_t memory_bytes);
void vm_free(Vm *vm);
bool vm_init_values(Vm *vm, Image *image);
/* A mark to fall back to: everything allocated after it is dropped by vm_reset. */
FN_INLINE uint32_t vm_mark(const Vm *vm) { return vm->top; }
FN_INLINE void vm_reset(Vm *vm, uint32_t mark) {
  vm->top = mark;
  if (UNLIKELY(vm->latest_room >= mark)) rooms_drop(vm, mark);
}

#endif
