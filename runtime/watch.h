/* watch.h - exceptions seen as they come and go: what explains a value (compiler/why.c). */
#ifndef BATTC_WATCH_H
#define BATTC_WATCH_H

#include "vm.h"

typedef enum {
  WATCH_RAISED,   /* it is pending in the top frame: raised there, or come there from a callee */
  WATCH_CAUGHT,   /* a handler of the top frame takes it, perhaps to raise it again */
  WATCH_ABSORBED  /* a guard turns it into its default; the frames are those below the guard */
} WatchEvent;

/* vm->watch; NULL: nobody watches. The class is in vm->error. */
typedef struct VmWatch {
  void (*event)(struct VmWatch *watch, const Vm *vm, WatchEvent event, Value guard);
} VmWatch;

FN_INLINE void watch_event(const Vm *vm, WatchEvent event, Value guard) {
#ifndef __CUDA_ARCH__
  if (UNLIKELY(vm->watch != NULL)) vm->watch->event(vm->watch, vm, event, guard);
#else
  (void)vm, (void)event, (void)guard;
#endif
}

#endif
