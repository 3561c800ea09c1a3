
/* ---- the start ---- */
#include "vm.h"

/* The machine that threads copy their constants from: the values that every image starts with, then
 * those of this one. */
static Vm *start(void) {
  Vm *vm = vm_new((size_t)IMAGE_TOP * 8);
  if (!vm || !vm_init_values(vm, &image) || vm->top != IMAGE_FIRST || IMAGE_TOP > vm->limit) return NULL;
  for (uint32_t i = 0; i < IMAGE_TOP - IMAGE_FIRST; i++) ((uint64_t *)vm->base)[IMAGE_FIRST + i] = constants[i];
  vm->top = IMAGE_TOP;
  vm->image = &image;
  return vm;
}
