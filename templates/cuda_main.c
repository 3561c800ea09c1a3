
/* ---- the program: options and summary of `battc run`, on the device with this kernel ---- */
extern "C" {
#include "host/program_main.h"
}

#ifdef __CUDACC__
/* The kernel as the driver knows it, once a context is there. */
extern "C" void *battc_own_kernel(void) {
  cudaFunction_t found = NULL;
  return cudaGetFuncBySymbol(&found, (const void *)OWN_KERNEL) == cudaSuccess ? (void *)found : NULL;
}
#endif

/* What Function.native and Program.native_ops are on the device. */
extern "C" void *battc_own_function(uint32_t fid) { return compiled_functions[fid]; }
extern "C" void *battc_own_ops(uint32_t program) { return compiled_ops[program]; }

int main(int argc, char **argv) {
  const ProgramImage p = {programs, PROGRAMS, &image, constants, IMAGE_FIRST, IMAGE_TOP};
  return program_main(argc, argv, &p);
}
