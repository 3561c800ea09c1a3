/* why.h - `battc why`: one op of one call, explained.
 *
 *   why.c         options, the call, which op
 *   why_trace.c   the exceptions that came up while the op ran
 *   why_show.c    the op, its inputs, its value, what it depends on
 *   why_draw.c    values as grids, in colour or digits */
#ifndef BATTC_WHY_H
#define BATTC_WHY_H

#include "battc.h"
#include "watch.h"

#include "../runtime/host/buffer.h"
#include "../runtime/host/data.h"
#include "../runtime/host/source_lines.h"

/* ---- why_trace.c ---- */

/* A frame, and the line where it was. */
typedef struct {
  const Function *fn;
  uint32_t line;
} WhyPlace;

typedef enum {
  END_LEFT,    /* it left the op's call */
  END_GUARD,   /* a guard made it a default */
  END_CAUGHT   /* an except clause of `by` took it */
} WhyEnd;

/* An exception, and others with the same beginning and end. */
typedef struct {
  uint32_t cls;        /* ErrorClass, or ERR_LIMIT + kind */
  uint32_t end;        /* WhyEnd */
  const Function *by;  /* END_GUARD, END_CAUGHT */
  uint32_t below;      /* frames left when it ended: 0 and END_GUARD: the op's own callee had the default */
  uint64_t count;
  uint32_t nplaces;
  WhyPlace *places;    /* the op's callee first, where it was raised last; owned */
} WhyError;

enum { WHY_ERRORS = 200 };

typedef struct {
  VmWatch watch;       /* vm->watch; must be first */
  uint32_t op;         /* exceptions of this op are noted: its number + 1, 0: of the whole call */
  WhyError errors[WHY_ERRORS];
  uint32_t nerrors;
  uint64_t dropped;    /* exceptions without room */
  WhyError current;    /* on its way */
  bool open;
  uint32_t at;         /* frames when it was last seen */
  const Function *caught; /* the current one is in a handler of it, which may raise it again; else NULL */
} WhyTrace;

void why_trace_begin(WhyTrace *t, uint32_t op);
void why_trace_finish(WhyTrace *t); /* the op has run: what is still open has left it */
void why_trace_clear(WhyTrace *t);  /* forgets all, frees all */

/* ---- the question ---- */

typedef struct {
  const Unit *unit;
  const Program *program;
  const Task *task;    /* NULL: a function without parameters */
  uint32_t sample;
  bool second;
  Execution *x;
  CallOutcome outcome;
  WhyTrace trace;
  bool color;
  uint32_t depth;      /* levels of ops that are shown */
  SourceLines *sources; /* by number in source_names */
  const char **source_names;
  uint32_t nsources, cap_sources, cap_names;
} Why;

/* ---- why_show.c ---- */
void why_show_op(Why *w, uint32_t op);
void why_show_output(Why *w, const ProgramOutput *output);
void why_show_whole(Why *w);

/* ---- why_draw.c ---- */
/* One line: what the value is. */
void why_describe(Buffer *b, Vm *vm, Value v);
/* Lines of the value, each with the indent: a grid, cells, objects; its text where it is none of these. */
void why_draw(Buffer *b, Vm *vm, Value v, const char *indent, bool color);

#endif
