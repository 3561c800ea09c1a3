
/* ---- the program: options and summary of `battc run`, on the device with this kernel ---- */
extern "C" {
#include "host/program_main.h"
}

/* The kernel as the driver knows it, once a context is there. */
extern "C" void *battc_own_kernel(void) {
  cudaFunction_t found = NULL;
  return cudaGetFuncBySymbol(&found, (const void *)OWN_KERNEL) == cudaSuccess ? (void *)found : NULL;
}

/* Is function fid compiled for the device? */
extern "C" bool battc_own_function(uint32_t fid) { return compiled[fid] != 0; }

int main(int argc, char **argv) {
  const ProgramImage p = {programs, PROGRAMS, &image, constants, IMAGE_FIRST, IMAGE_TOP};
  return program_main(argc, argv, &p);
}
