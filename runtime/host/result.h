/* result.h - JSON lines: one for each call. */
#ifndef BATTC_RESULT_H
#define BATTC_RESULT_H

#include "../program.h"
#include "buffer.h"
#include "data.h"

/* Which call a line is about. */
typedef struct {
  const Task *task; /* NULL: an entry without parameters, run once */
  uint32_t sample;
  bool second;      /* C is the output */
} CallPlace;

/* Counts of limit values by LimitKind. */
typedef struct {
  uint64_t by_kind[5];
} LimitCounts;

/* One value as JSON:
 *   int, bool, None, str   as in JSON           tuple      [...]
 *   frozenset, set         {"frozenset":[...]}  in iteration order
 *   list                   {"list":[...]}       dict       {"dict":[[key,value],...]}
 *   float                  {"float":1.5}, {"float":"nan"}, {"float":"inf"}, {"float":"-inf"}
 *   what can be called     {"callable":"name"}  other      {"object":"type name"}
 *   limit value            {"limit":"steps"}
 * A value too deep (1,000 levels) or too long (64 MiB) for a line is {"limit":"unsupported"} or
 * {"limit":"memory"} as a whole, and counted in *limits. */
void result_value(Buffer *b, const Vm *vm, Value v, LimitCounts *limits);

/* What Python calls the type with this payload of KIND_TYPE (a Kind, too). */
const char *result_type_name(uint32_t type);
/* __name__ of what can be called, else NULL. */
const char *result_callable_name(const Vm *vm, Value v);

/* The line of a call just made, with its end of line. x->values must still be those of the call. */
void result_line(Buffer *b, const Execution *x, const CallPlace *place, const CallOutcome *outcome,
                 LimitCounts *limits);

/* A function called as a whole whose result is the pair of lists that a batt function returns. */
bool result_is_lists(const Vm *vm, Value result, Value *first, Value *second);

#endif
