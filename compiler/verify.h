/* verify.h - `battc verify`: battc's answers beside those of two CPython processes.
 *
 *   verify.c          options, the list of calls, the run
 *   verify_python.c   a CPython process and the thread that talks to it
 *   verify_value.c    values as the texts that templates/verify.py makes too
 *   verify_iter.c     iterators copied, to tell what they have left
 *   verify_pickle.c   most of them as bytes instead, which are cheaper
 *   verify_compare.c  one call: every name, how it ended, the returned lists
 *   verify_report.c   a difference and the totals, for people
 *   verify_text.c     templates/verify.py in the binary */
#ifndef BATTC_VERIFY_H
#define BATTC_VERIFY_H

#include "battc.h"

#include "../runtime/host/buffer.h"
#include "../runtime/host/data.h"

#include <pthread.h>
#include <signal.h>
#include <sys/types.h>

/* CRC-32 and length of a value's text, or of its pickle: enough to compare. 0: nothing there, or a name not bound. */
typedef uint64_t Mark;
#define MARK_TOO_DEEP ((Mark)0x3fffffff << 32) /* no text: nested too deeply, or far too long */
#define MARK_TUPLE ((Mark)1 << 62)             /* + n: no mark, those of the tuple's n items follow */
#define MARK_PICKLED ((Mark)1 << 63)           /* set in marks of pickles */

#define NO_NAME UINT32_MAX

/* One call to compare. */
typedef struct {
  uint32_t program;
  const Task *task; /* NULL: a function without parameters */
  uint32_t sample;
  bool second;      /* C is the output */
} VerifyCall;

/* What both sides agree on before the first call. */
typedef struct {
  const Unit *unit;
  const char **names;       /* of all programs: program i has names[first_name[i]] .. */
  uint32_t *first_name;     /* nprograms + 1 */
  uint32_t **slot_name;     /* per program and slot: number of its name, NO_NAME for a temporary or parameter */
  VerifyCall *calls;
  uint32_t ncalls;
  uint32_t nsamples;
  double timeout;           /* seconds of one call, 0 none */
} VerifyPlan;

static inline uint32_t plan_names(const VerifyPlan *plan, uint32_t program) {
  return plan->first_name[program + 1] - plan->first_name[program];
}

/* ---- verify_value.c ---- */

/* Text of a value, as templates/verify.py writes it: repr() with ASCII only, functions by name, iterators by what they have
 * left. False, and nothing added: nested too deeply or too long. */
bool verify_value_text(Buffer *b, Vm *vm, Value v);
Mark verify_mark(const char *text, size_t len);
/* Does the order of v, or of a set in it, depend on addresses in CPython? */
bool value_unordered(const Vm *vm, Value v);

/* ---- verify_iter.c ---- */

/* A copy of a native iterator, which shares nothing that a step changes, in memory that vm_reset frees. 0: no memory. */
Value verify_copy_iterator(Vm *vm, Value iter);

/* ---- verify_pickle.c ---- */

typedef enum { PICKLE_DONE, PICKLE_NOT_PLAIN, PICKLE_TOO_DEEP /* or too long */ } PickleOutcome;

/* A plain value as templates/verify.py pickles it; adds nothing unless PICKLE_DONE. */
PickleOutcome verify_pickle(Buffer *b, const Vm *vm, Value v);

/* ---- verify_python.c ---- */

typedef enum { PY_LISTS, PY_OTHER, PY_RAISED, PY_LATE } PythonKind; /* as in templates/verify.py */

/* What a CPython process answered to one call. */
typedef struct {
  char *bytes;         /* owned; the rest points into it */
  uint32_t kind;       /* PythonKind */
  uint32_t line;       /* PY_RAISED: in the function's own code */
  uint32_t n[2];       /* PY_LISTS: items of each list */
  Mark value;          /* PY_OTHER */
  const Mark *names;   /* per name of the program */
  const Mark *items;   /* PY_LISTS: of n[0] + n[1] items */
  const char *error;   /* PY_RAISED: class, NUL-terminated */
} PythonAnswer;

/* Is the item a tuple, by its first mark; and how many marks it has. */
static inline bool is_item_tuple(Mark first) { return (first & (MARK_TUPLE | MARK_PICKLED)) == MARK_TUPLE; }
static inline size_t item_marks(Mark first) { return is_item_tuple(first) ? 1 + (size_t)(uint32_t)first : 1; }

enum { PYTHON_AHEAD = 32 }; /* answers that may wait for battc */

typedef struct {
  const VerifyPlan *plan;
  const char *command;  /* for messages */
  char *version;        /* "3.11.7"; owned */
  pid_t pid;
  int to, from;         /* pipes */
  pthread_t thread;
  bool started;         /* the thread */
  pthread_mutex_t pipe; /* held for one request and its answer */
  const Task *task;     /* that the process knows about */
  pthread_mutex_t lock; /* of what follows */
  pthread_cond_t changed;
  PythonAnswer answers[PYTHON_AHEAD];
  uint32_t done, taken; /* calls answered, answers taken */
  bool failed;
  volatile sig_atomic_t stopped;
} Python;

/* Starts process 1 or 2 on a program: the number is its seed for hashes of strings, and only the first may
 * write to stderr. False after a message. */
bool python_start(Python *p, const VerifyPlan *plan, const CompileOptions *compile, const char *command,
                  unsigned number);
/* Waits until the program is imported. False after a message that says why it is not. */
bool python_ready(Python *p);
/* A thread that asks for all calls in order; false after a message. */
bool python_begin(Python *p);
/* The answer to the next call; the caller frees its bytes. False: the process failed (after a message) or
 * was stopped. */
bool python_take(Python *p, PythonAnswer *answer);
/* Full text of one thing of a call, made anew: "n NAME", "r LIST ITEM", "w". False: no answer. */
bool python_text(Python *p, const VerifyCall *call, const char *what, Buffer *text);
void python_kill(Python *p); /* async-signal-safe; what waits for the process ends */
void python_end(Python *p);  /* ends process and thread, frees everything */

/* ---- verify_compare.c ---- */

typedef struct {
  uint64_t values;      /* compared */
  uint64_t repeatless;  /* left out: CPython itself does not repeat them */
  uint64_t limits;      /* limit values */
  uint32_t limit_program, limit_op; /* where the first one is */
  Value limit;          /* and which, 0 none */
  uint64_t deep;        /* left out: nested too deeply for a text */
  uint64_t mismatches;
  uint64_t late;        /* calls that one of the processes did not end in time */
  uint64_t calls;
} VerifyCounts;

typedef struct {
  const VerifyPlan *plan;
  Python *python;       /* two */
  Execution *x;         /* of the program of the call */
  CallOutcome outcome;
  VerifyCounts counts;
  uint32_t nreports;
  uint64_t *reported;   /* bit set of (program, op) that a report was made about */
  uint64_t *op_base;    /* per program: number of its op 0 in `reported` */
  /* of the current call */
  const VerifyCall *call;
  uint8_t *slot_state;  /* per slot: SlotState */
  uint32_t *name_slot;  /* per name: the slot that holds it last, 0 none; name_op: the op that binds it */
  uint32_t *name_op;
  Buffer text;
} Verify;

void verify_begin(Verify *v, const VerifyPlan *plan, Python *python);
void verify_end(Verify *v);
/* Compares one call just made by v->x with the answers of both processes. */
void verify_call(Verify *v, const VerifyCall *call, const PythonAnswer answers[2]);

/* ---- verify_report.c ---- */

/* what: as for python_text. Mine: battc's text. */
void report_op(Verify *v, uint32_t op, const char *name, const char *mine, size_t len);
void report_result(Verify *v, const char *title, uint32_t line, const char *what, const char *mine, size_t len);
void report_totals(const Verify *v);

#endif
