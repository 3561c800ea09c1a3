/* cuda_api.c - see cuda_api.h. */
#include "cuda_api.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static CudaApi api;
static char missing[200];
static pthread_once_t once = PTHREAD_ONCE_INIT;

static const CudaSymbol symbols[] = {
#define X(name, symbol, parameters) {symbol, offsetof(CudaApi, name)},
    CUDA_API(X)
#undef X
};

const char *cuda_find_symbols(void *library, const CudaSymbol *wanted, size_t n, void *table) {
  for (size_t i = 0; i < n; i++) {
    void *found = dlsym(library, wanted[i].symbol);
    if (!found) return wanted[i].symbol;
    memcpy((char *)table + wanted[i].at, &found, sizeof found);
  }
  return NULL;
}

static void find(void) {
  void *library = dlopen("libcuda.so.1", RTLD_NOW | RTLD_LOCAL);
  if (!library) {
    snprintf(missing, sizeof missing, "no CUDA driver (libcuda.so.1) on this machine");
    return;
  }
  const char *name = cuda_find_symbols(library, symbols, sizeof symbols / sizeof *symbols, &api);
  if (name) {
    snprintf(missing, sizeof missing, "libcuda.so.1 has no %s: the driver is too old", name);
    return;
  }
  int error = api.init(0);
  if (error && (api.error_name(error, &name) || !name)) name = "unknown error";
  if (error) snprintf(missing, sizeof missing, "the CUDA driver does not start: %s", name);
}

const CudaApi *cuda_api(char *why, size_t size) {
  pthread_once(&once, find);
  if (!missing[0]) return &api;
  snprintf(why, size, "%s", missing);
  return NULL;
}

uint32_t cuda_devices(void) {
  char why[200];
  int n = 0;
  const CudaApi *found = cuda_api(why, sizeof why);
  return found && !found->device_count(&n) && n > 0 ? (uint32_t)n : 0;
}

uint32_t cuda_architecture(uint32_t number, char *why, size_t size) {
  const CudaApi *found = cuda_api(why, size);
  int device, major, minor;
  if (!found) return 0;
  if (!found->device_get(&device, (int)number) && !found->device_attribute(&major, CUDA_MAJOR, device) &&
      !found->device_attribute(&minor, CUDA_MINOR, device))
    return (uint32_t)(major * 10 + minor);
  snprintf(why, size, "no device cuda:%u", number);
  return 0;
}

bool cuda_likely(void) { return access("/dev/nvidiactl", F_OK) == 0 || access("/dev/dxg", F_OK) == 0; }
