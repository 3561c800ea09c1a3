/* build_cubin.h - a program as device code by the libraries of the CUDA toolkit, which needs no nvcc. */
#ifndef BATTC_BUILD_CUBIN_H
#define BATTC_BUILD_CUBIN_H

#include "battc.h"

#include "../runtime/host/buffer.h"

enum { LEAST_ARCH = 75 }; /* sm_75: what every CUDA 12 and 13 compiles for */

/* All give an exit code, after a message. `arch` is 75 for an sm_75. */
int build_cubin(const char *path, const Unit *unit, uint32_t arch, int jobs); /* a whole, to a file */
int build_ptx(Buffer *out, const Unit *unit, uint32_t arch);                  /* the program's part alone */
/* As build_cubin, but to memory that the caller frees, from the cache where it is there. */
int load_cubin(char **cubin, const Unit *unit, uint32_t arch, int jobs);

#endif
