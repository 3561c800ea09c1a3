/* machine.c - making and dropping machines: where their memory comes from on the host. */
#include <stdlib.h>
#include <sys/mman.h>

#include "../kernels/location_set.h"
#include "../memo.h"
#include "../vm.h"

enum {
  /* Counted frames end at depth_limit; between any two of them are a few that Python does not
   * count (prelude functions, thunks). */
  MAX_FRAMES = 20000,
  STACK_VALUES = 4 << 20,
  DEPTH_LIMIT = 1000
};

static const uint64_t MAX_UNITS = UINT32_MAX; /* what a 32-bit offset can say */

/* Address space only: pages come when they are touched, zeroed. NULL where there is none. */
static void *reserve(size_t bytes) {
  void *p = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  return p == MAP_FAILED ? NULL : p;
}

/* What a machine works in all the time: large pages, where the system has them, are fewer faults and misses. */
enum { BUSY_BYTES = 64 << 20 };
static void want_large_pages(void *p, size_t bytes) {
#ifdef MADV_HUGEPAGE
  if (p) (void)madvise(p, bytes < BUSY_BYTES ? bytes : BUSY_BYTES, MADV_HUGEPAGE);
#else
  (void)p, (void)bytes;
#endif
}

static void release(void *p, size_t bytes) {
  if (p) munmap(p, bytes);
}

static size_t arena_bytes(uint32_t units) { return (size_t)units * 8; }

/* Rooms are address space more than memory: three times the arena, less where there is not that much. */
static void reserve_arena(Vm *vm) {
  uint64_t units = (uint64_t)vm->limit * 4;
  vm->rooms_end = (uint32_t)(units > MAX_UNITS ? MAX_UNITS : units);
  vm->base = (uint8_t *)reserve(arena_bytes(vm->rooms_end));
  if (!vm->base) {
    vm->rooms_end = vm->limit;
    vm->base = (uint8_t *)reserve(arena_bytes(vm->limit));
  }
  vm->rooms_top = vm->rooms_end;
}

Vm *vm_new(size_t memory_bytes) {
  uint64_t units = memory_bytes / 8;
  if (units < 4096) units = 4096;
  if (units > MAX_UNITS) units = MAX_UNITS;
  Vm *vm = (Vm *)calloc(1, sizeof(Vm));
  if (!vm) return NULL;
  vm->limit = (uint32_t)units;
  vm->top = 1; /* offset 0 means "none" */
  vm->max_frames = MAX_FRAMES;
  vm->stack_size = STACK_VALUES;
  vm->depth_limit = DEPTH_LIMIT;
  vm->max_steps = UINT64_MAX;
  reserve_arena(vm);
  vm->frames = (Frame *)reserve(MAX_FRAMES * sizeof(Frame));
  vm->stack = (Value *)reserve(STACK_VALUES * sizeof(Value));
  vm->workspace = (Workspace *)reserve(sizeof(Workspace));
  if (!vm->base || !vm->frames || !vm->stack || !vm->workspace) {
    vm_free(vm);
    return NULL;
  }
  want_large_pages(vm->base, arena_bytes(vm->limit));
  want_large_pages(vm->workspace, sizeof(Workspace));
  return vm;
}

void vm_free(Vm *vm) {
  if (!vm) return;
  memo_free(vm->memo);
  release(vm->base, arena_bytes(vm->rooms_end));
  release(vm->frames, vm->max_frames * sizeof(Frame));
  release(vm->stack, vm->stack_size * sizeof(Value));
  release(vm->workspace, sizeof(Workspace));
  free(vm);
}
