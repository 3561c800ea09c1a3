/* program.h - the program level: a straight line of guarded calls over a table of value slots.
 *
 *   tN = callee(args) catch MASK else fallback-callee(args)
 *
 * and the running of it: each op once per program, task, sample or call, by what it depends on. */
#ifndef BATTC_PROGRAM_H
#define BATTC_PROGRAM_H

#include "held.h"
#include "interp.h"
#include "memo.h"
#include "vm.h"

/* Slot of Program values where >= 0, else constant k[~x] of the program. */
typedef int32_t Operand;

/* As a callee: the value is the one argument. As a constant: a name that nothing binds. */
#define OPERAND_COPY INT32_MIN
#define OPERAND_NAME_ERROR SPECIAL(KIND_UNBOUND, 3)
#define CALLEE_COPY SPECIAL(KIND_UNBOUND, 4) /* the value of OPERAND_COPY as a callee */

enum { SLOT_TASK_ID, SLOT_S, SLOT_I, SLOT_C, SLOT_LOG_PATH, SLOT_FIRST_OP };

typedef struct {
  Operand callee;
  uint32_t args;  /* index of the first in Program.operands */
  uint16_t nargs; /* keywords included, last */
  uint16_t nkw;
  uint32_t kwnames; /* index of the first in Program.operands (constants, KIND_STR) */
} ProgramCall;

/* What the compiler knows of an op's value (compiler/pass_known.c). */
typedef enum {
  KNOWN_NOT,
  KNOWN_FIRST, /* with C = None it is the constant known_value */
  KNOWN_ALWAYS /* it is that constant: the op is not run */
} Known;

/* When an op's value is computed. */
typedef enum { BIND_PROGRAM, BIND_TASK, BIND_SAMPLE, BIND_CALL } Binding;

typedef struct {
  ProgramCall call;
  ProgramCall fallback; /* when an exception in mask was raised */
  ErrorMask mask;       /* 0: no handler, an exception ends the call */
  uint32_t dst;         /* slot of the value; of the first of ndst values */
  uint16_t ndst;        /* slots from dst on */
  uint8_t binding;      /* Binding */
  uint8_t unpacks;      /* the value is unpacked into the ndst slots */
  uint32_t line;          /* of the call */
  uint32_t fallback_line; /* of the handler's */
  uint32_t target_line;   /* of what the value goes to */
  uint32_t known_value; /* index of a constant */
  uint8_t known;        /* Known */
  uint8_t known_error;  /* ErrorClass that its call raises then; ERR_COUNT none */
  uint8_t dead;         /* nothing needs its value: it is not run (compiler/pass_dead.c) */
} ProgramOp;

/* One append to a returned list, or one returned value. */
typedef struct {
  uint32_t items; /* first of nitems in Program.operands */
  uint16_t nitems;
  uint8_t list;   /* 0: the first returned list (o), 1: the second (s) */
  uint8_t bare;   /* the item is operands[items] itself, not a tuple */
  uint32_t after_op; /* ops before it in program order: it happened unless one of those ended the call */
  uint32_t line;
} ProgramOutput;

struct Execution;

typedef struct {
  const char *file; /* the batt file, for messages */
  const char *entry; /* name of the function */
  ProgramOp *ops;
  uint32_t nops;
  Operand *operands;
  uint32_t noperands;
  Value *consts;
  uint32_t nconsts;
  uint32_t nslots;
  Value *slot_names;   /* KIND_STR per slot: "t7"; 0: a temporary */
  ProgramOutput *outputs;
  uint32_t noutputs;
  /* A function that is not of this form (and every --entry function): called as a whole. */
  Value whole;         /* KIND_FUNC, or 0 */
  uint8_t whole_params[8]; /* slot for each parameter */
  uint32_t nwhole_params;
  bool is_entry;       /* --entry: the value is the result */
  char entry_task[64]; /* the task id in the entry's name, or "" */
  /* Compiled ops of one Binding, by exec_try and exec_except; they take the place of call and fallback
   * in `ops`. NULL: those are followed. */
  void (*native_ops)(struct Execution *x, Binding binding);
} Program;

/* How a call ended. */
typedef struct {
  uint32_t error;  /* ErrorClass that ended it, ERR_COUNT none, ERR_LIMIT + kind */
  uint32_t line;   /* of the program's file */
  uint32_t nops;   /* ops that were executed or shared */
  bool limited;    /* some op has a limit value */
  Value result;    /* whole programs: the value, else 0 */
} CallOutcome;

typedef struct {
  uint32_t op, slot;
  Value value;
} KnownValue;

/* An op whose call has few arguments, none of them by name, as one record: most are such. */
enum { STEP_ARGS = 3 };
typedef struct {
  const Value *at[1 + STEP_ARGS]; /* callee, arguments: in Execution.values or the program's constants */
  Target target; /* the callee, if that is a constant */
  Value *to;
  uint32_t op;
  uint32_t nargs; /* above STEP_ARGS: it is not such an op */
  bool copies;    /* what it calls gives its one argument back */
  bool direct;    /* it calls a function whose kernel costs less than looking for the call would */
} Step;

/* What becomes of its exceptions, in a record of its own, as most raise none. */
typedef struct {
  ErrorMask mask;  /* classes that its handler catches, which is t = _get_safe_default(f) where `of` is there */
  const Value *of; /* f, likewise; NULL: it is something else */
  Value known;     /* what that gives where f is a constant; 0: it is to be asked */
  Value absorbed;  /* what the guard of a direct step gives; 0: it has none, or it is to be asked */
} StepHandler;

typedef struct Execution {
  const Program *program;
  Vm *vm;
  Value *values;     /* nslots; after exec_call: every value; 0: never bound */
  uint32_t *errors;  /* per op: ERR_COUNT none, else the class that its call raised (handled or not) */
  uint8_t *uncaught; /* per op: 0, or 1 + the class that no handler of the program caught */
  uint32_t *order;   /* ops that are run, by binding, in program order within each */
  Step *steps;       /* the same; NULL: none were made */
  StepHandler *handlers; /* of the steps */
  uint32_t first[6]; /* where each Binding starts in order; then BIND_CALL's once more, without those that
                        are known with C = None; the last is the end */
  bool none;         /* C is None */
  bool settled; /* some of `known` may be set */
  bool odd; /* some value may be a limit, or something was raised that nothing caught; and as levels ended: */
  bool odd_program, odd_task;
  KnownValue *given; /* what is known with C = None */
  uint32_t ngiven;
  uint32_t *lines;   /* per op: where in the program's file that was raised */
  uint32_t program_mark, task_mark, sample_mark; /* arena marks */
  MemoMark program_memo, task_memo;
  /* Values without run-time sharing, of the ops for which it mattered whether two equal values are one
   * object, and of what those depend on. */
  Value *unshared;        /* by slot; as known[op] says */
  uint8_t *known, *wanted; /* per op */
  uint32_t *op_of_slot;   /* number of the op + 1, 0: a parameter */
  uint64_t *op_ticks;     /* NULL; or per op: time of its calls is added here (tick_count), of handlers not */
  uint8_t *snapshot; /* of the arena below program_mark where functions change globals, else NULL */
  /* host/sweep.c, before op order[next] of the part or, where `held` is there, within it, each time that so many units are made; NULL:
   * never. `kept`: a value that is needed though no slot has it, or 0. */
  void (*sweep)(struct Execution *x, uint32_t part, uint32_t next, const Held *held);
  uint32_t sweep_every;
  int64_t made_before; /* units that had been made and touched when it was planned */
  Value kept;
  bool in_order; /* an op changed what another one made: every call runs all ops, one after the other */
} Execution;

/* Python frames around an op: the module that calls batt, and batt. What vm->base_depth is where the caller has
 * not set it. */
enum { BATT_DEPTH = 2 };

/* execute.c. The limits of vm (max_steps for one op, deadline_ns) are the caller's to set. Values given must live in the vm's arena (allocated before for the task, after
 * exec_begin_task for the sample). exec_new also evaluates what depends on nothing. */
Execution *exec_new(const Program *program, Vm *vm);
/* Its two parts: the tables, and what depends on nothing. Between them the machine is as every start finds it, which is
 * how devices begin (batch.h). */
Execution *exec_prepare(const Program *program, Vm *vm);
FN void exec_start(Execution *x);
void exec_free(Execution *x);
FN void exec_begin_task(Execution *x, Value task_id, Value samples);  /* drops the last task's values */
FN void exec_begin_sample(Execution *x, Value input);                 /* after vm_reset to task_mark */
FN CallOutcome exec_call(Execution *x, Value output_or_none);         /* log_path is None */
/* On devices alone, which have no steps: the call ends early, for the CPU makes it again. */
FN_INLINE bool exec_stopped(const Execution *x) { return !x->steps && x->vm->interrupt && *x->vm->interrupt; }
/* A function called as a whole, its frame being that of batt. The last nkw arguments are named by kwnames. */
FN CallOutcome exec_function(Execution *x, Value callee, const Value *args, uint32_t nargs, const Value *kwnames, uint32_t nkw);
/* Where to build the arena values of a task and a sample: call these first; they reset the arena. */
FN void exec_reset_to_program(Execution *x);
FN void exec_reset_to_task(Execution *x);

/* For compiled ops. values[0] is the callee (CALLEE_COPY: the argument itself is the value), then nargs
 * arguments, the last nkw of them named by kwnames. The value goes to `to`, the first of the op's slots.
 * exec_try: false when the exception raised is one that the op's handler catches: exec_except then makes
 * the handler's call. */
FN bool exec_try(Execution *x, uint32_t op, Value *to, const Value *values, uint32_t nargs, const Value *kwnames, uint32_t nkw);
FN void exec_except(Execution *x, uint32_t op, Value *to, const Value *values, uint32_t nargs, const Value *kwnames, uint32_t nkw);

#endif
