/* profile.h - what a machine tells a profiler: counts of calls, and what runs now.
 *
 * With vm->profile NULL every function here is one test. The host's sampler (host/profile.h) looks at
 * the machine from another thread at any time: vm->op, VmProfile.native and the frames are words that
 * it may read half way through a change, and checks before it follows them. */
#ifndef BATTC_PROFILE_H
#define BATTC_PROFILE_H

#include "vm.h"

typedef struct {
  uint64_t calls;   /* that were made: by a kernel or from the source */
  uint64_t kernel;  /* of these, by the native kernel */
  uint64_t shared;  /* not made: run-time sharing had the value */
} FunctionCounts;

#define NATIVE_SHARING UINT32_MAX

typedef struct VmProfile {
  FunctionCounts *functions; /* by function id */
  volatile uint32_t native;  /* function id + 1 of the kernel that runs, NATIVE_SHARING, 0: neither */
} VmProfile;

FN_INLINE void profile_native(const Vm *vm, uint32_t what) {
  if (UNLIKELY(vm->profile != NULL)) vm->profile->native = what;
}
FN_INLINE void profile_call(const Vm *vm, uint32_t fid, bool kernel) {
  if (LIKELY(vm->profile == NULL)) return;
  vm->profile->functions[fid].calls++;
  vm->profile->functions[fid].kernel += kernel;
}
FN_INLINE void profile_shared(const Vm *vm, uint32_t fid) {
  if (UNLIKELY(vm->profile != NULL)) vm->profile->functions[fid].shared++;
}

#endif
