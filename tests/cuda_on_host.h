// An emitted .cu file as C++ for the emulator: `g++ -x c++ -include tests/cuda_on_host.h`, what it defines with the names
// of C, as the runtime library has them.
#include <cstddef>
#include <cstdint>
#include <ctime>
#include <cmath>
#include <getopt.h>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#define __device__
#define __global__

struct Place {
  unsigned x;
};
static Place blockIdx, blockDim, threadIdx;
static inline void __syncwarp() {}
