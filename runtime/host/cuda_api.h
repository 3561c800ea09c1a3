/* cuda_api.h - what battc uses of CUDA's driver interface, found in libcuda.so.1 at run time. */
#ifndef BATTC_CUDA_API_H
#define BATTC_CUDA_API_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct CudaContext *CudaContext;
typedef struct CudaModule *CudaModule;
typedef struct CudaFunction *CudaFunction;
typedef struct CudaStream *CudaStream;
typedef struct CudaEvent *CudaEvent;

enum {
  CUDA_CLOCK = 13, /* attributes of a device: kHz */
  CUDA_MULTIPROCESSORS = 16,
  CUDA_THREADS = 39, /* that one of them can have */
  CUDA_MAJOR = 75,
  CUDA_MINOR = 76,
  CUDA_NO_BINARY = 209, /* an error */
  CUDA_LIMIT_STACK = 0,
  CUDA_FUNCTION_LOCAL = 3, /* attributes of a function */
  CUDA_FUNCTION_REGISTERS = 4
};

/* X(name here, symbol, parameters). All give 0 or an error. */
#define CUDA_API(X)                                                                                \
  X(init, "cuInit", (unsigned flags))                                                              \
  X(device_count, "cuDeviceGetCount", (int *count))                                                \
  X(device_get, "cuDeviceGet", (int *device, int number))                                          \
  X(device_name, "cuDeviceGetName", (char *name, int size, int device))                            \
  X(device_attribute, "cuDeviceGetAttribute", (int *value, int attribute, int device))             \
  X(context_retain, "cuDevicePrimaryCtxRetain", (CudaContext *context, int device))                \
  X(context_release, "cuDevicePrimaryCtxRelease_v2", (int device))                                 \
  X(context_use, "cuCtxSetCurrent", (CudaContext context))                                         \
  X(context_limit, "cuCtxSetLimit", (int limit, size_t value))                                     \
  X(memory_info, "cuMemGetInfo_v2", (size_t *free, size_t *total))                                 \
  X(alloc, "cuMemAlloc_v2", (uint64_t *address, size_t bytes))                                     \
  X(release, "cuMemFree_v2", (uint64_t address))                                                   \
  X(host_alloc, "cuMemHostAlloc", (void **p, size_t bytes, unsigned flags))                        \
  X(host_release, "cuMemFreeHost", (void *p))                                                      \
  X(write, "cuMemcpyHtoDAsync_v2", (uint64_t to, const void *from, size_t bytes, CudaStream stream)) \
  X(read, "cuMemcpyDtoHAsync_v2", (void *to, uint64_t from, size_t bytes, CudaStream stream))      \
  X(stream_new, "cuStreamCreate", (CudaStream *stream, unsigned flags))                            \
  X(stream_free, "cuStreamDestroy_v2", (CudaStream stream))                                        \
  X(stream_wait, "cuStreamSynchronize", (CudaStream stream))                                       \
  X(event_new, "cuEventCreate", (CudaEvent *event, unsigned flags))                                \
  X(stream_after, "cuStreamWaitEvent", (CudaStream stream, CudaEvent event, unsigned flags))       \
  X(event_free, "cuEventDestroy_v2", (CudaEvent event))                                            \
  X(event_record, "cuEventRecord", (CudaEvent event, CudaStream stream))                           \
  X(event_elapsed, "cuEventElapsedTime", (float *milliseconds, CudaEvent from, CudaEvent to))      \
  X(module_load, "cuModuleLoadData", (CudaModule *module, const void *image))                      \
  X(module_unload, "cuModuleUnload", (CudaModule module))                                          \
  X(module_function, "cuModuleGetFunction", (CudaFunction *function, CudaModule module, const char *name)) \
  X(function_attribute, "cuFuncGetAttribute", (int *value, int attribute, CudaFunction function))  \
  X(occupancy, "cuOccupancyMaxActiveBlocksPerMultiprocessor",                                      \
    (int *blocks, CudaFunction function, int threads, size_t shared))                              \
  X(launch, "cuLaunchKernel",                                                                      \
    (CudaFunction function, unsigned x, unsigned y, unsigned z, unsigned tx, unsigned ty, unsigned tz,     \
     unsigned shared, CudaStream stream, void **parameters, void **extra))                         \
  X(error_name, "cuGetErrorName", (int error, const char **name))

typedef struct {
#define X(name, symbol, parameters) int(*name) parameters;
  CUDA_API(X)
#undef X
} CudaApi;

/* Where a library's function goes in a table of pointers. */
typedef struct {
  const char *symbol;
  size_t at;
} CudaSymbol;
/* Fills a table. The first symbol that the library lacks, or NULL. */
const char *cuda_find_symbols(void *library, const CudaSymbol *wanted, size_t n, void *table);

/* The interface, initialised, or NULL: `why` says what is missing. Looked for once. */
const CudaApi *cuda_api(char *why, size_t size);
/* The number of devices, 0 where there is no driver. */
uint32_t cuda_devices(void);
/* 75 of an sm_75; 0: `why` says what is missing. */
uint32_t cuda_architecture(uint32_t number, char *why, size_t size);
/* Is there a driver on this machine? Costs one look for a file. */
bool cuda_likely(void);

#endif
