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
  DEPTH_LIMIT = 1000,
  LARGE_PAGE = 2 << 20
};

static const uint64_t MAX_UNITS = UINT32_MAX; /* what a 32-bit offset can say */

static size_t in_pages(size_t bytes) { return (bytes + LARGE_PAGE - 1) / LARGE_PAGE * LARGE_PAGE; }

/* Address space only: pages come when they are touched, zeroed. It begins where a large page may. NULL where there is none. */
static void *reserve(size_t wanted) {
  size_t bytes = in_pages(wanted);
  uint8_t *p = (uint8_t *)mmap(NULL, bytes + LARGE_PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (p == MAP_FAILED) return NULL;
  size_t before = -(uintptr_t)p % LARGE_PAGE;
  if (before) munmap(p, before);
  munmap(p + before + bytes, LARGE_PAGE - before);
  return p + before;
}

/* Large pages, where the system has them, are fewer faults and misses. */
static void want_large_pages(void *p, size_t bytes) {
#ifdef MADV_HUGEPAGE
  if (p) (void)madvise(p, bytes, MADV_HUGEPAGE);
#else
  (void)p, (void)bytes;
#endif
}

static void release(void *p, size_t bytes) {
  if (p) munmap(p, in_pages(bytes));
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
  vm->sweep_at = UINT32_MAX;
  reserve_arena(vm);
  vm->frames = (Frame *)reserve(MAX_FRAMES * sizeof(Frame));
  vm->stack = (Value *)reserve(STACK_VALUES * sizeof(Value));
  vm->workspace = (Workspace *)reserve(sizeof(Workspace));
  if (!vm->base || !vm->frames || !vm->stack || !vm->workspace) {
    vm_free(vm);
    return NULL;
  }
  vm->workspace->large_shapes.room = LARGE_RANKS;
  want_large_pages(vm->base, in_pages(arena_bytes(vm->rooms_end)));
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
