/* machine.c - a machine that stands where the threads of a run start. */
#include "battc.h"

#include "../runtime/host/buffer.h"

#include <string.h>

Vm *unit_machine(const Unit *unit, uint32_t memory_mb, uint64_t steps) {
  Vm *vm = vm_new((size_t)memory_mb << 20);
  if (!vm || unit->image_top >= vm->limit) {
    host_error("no memory for a machine of %u MB; see --memory", memory_mb);
    vm_free(vm);
    return NULL;
  }
  memcpy(vm->base, unit->vm->base, (size_t)unit->image_top * 8);
  vm->top = unit->image_top;
  vm->image = &unit->image;
  vm->max_steps = steps;
  return vm;
}
