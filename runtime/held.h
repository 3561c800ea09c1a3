/* held.h - values that calls of C hold while the closures among them call others: kernels/closure.c.
 *
 * An op may call a closure for thousands of items and need next to nothing of what each call made. So it is swept between two
 * items as a program is between two ops (host/sweep.h): what the calls hold on the stack of C is told by a record each. */
#ifndef BATTC_HELD_H
#define BATTC_HELD_H

#include "vm.h"

enum { HELD_MOST = 2 };
typedef struct Held {
  struct Held *below;
  const Func *func;   /* that is called, NULL: not needed */
  const Value *args;
  uint32_t kernel;    /* that takes them */
  uint32_t n;         /* of values, which it holds besides */
  uint32_t numbered;  /* remembered calls that may be under way are among so many */
  Value values[HELD_MOST];
} Held;

/* execute.c: where the arena's top is at vm->sweep_at. Nothing but what held and all below it tell is needed to go on with the op. */
void exec_sweep_within(Vm *vm, const Held *held);

#endif
