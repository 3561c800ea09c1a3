/* interp.h - running functions. */
#ifndef BATTC_INTERP_H
#define BATTC_INTERP_H

#include "builtin.h"
#include "vm.h"

/* Call any value with positional arguments and run until it has returned. 0: exception or limit
 * pending in vm->error (class, line, function). Not reentrant from within natives: natives ask for
 * frames by plans, never by calling this. */
FN Value vm_call(Vm *vm, Value callee, const Value *args, uint32_t nargs);
/* The same with keywords: the last nkw of nargs are named by kwnames (KIND_STR). */
FN Value vm_call_kw(Vm *vm, Value callee, const Value *args, uint32_t nargs, const Value *kwnames, uint32_t nkw);

/* How a run of one frame ended: what compiled code (Function.native) and the interpreter give back. */
typedef enum {
  RUN_PUSHED,   /* a new frame is on top: run that first */
  RUN_RETURNED, /* the frame is gone, its value delivered */
  RUN_RAISED,   /* exception pending; the frame still stands, its pc at the failing instruction */
  RUN_YIELDED
} RunStatus;

#endif
