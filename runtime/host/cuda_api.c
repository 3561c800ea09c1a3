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

static const struct {
  const char *symbol;
  size_t at;
} symbols[] = {
#define X(name, symbol, parameters) {symbol, offsetof(CudaApi, name)},
    CUDA_API(X)
#undef X
};

static bool find_symbols(void *library) {
  for (size_t i = 0; i < sizeof symbols / sizeof *symbols; i++) {
    void *found = dlsym(library, symbols[i].symbol);
    memcpy((char *)&api + symbols[i].at, &found, sizeof found);
    if (found) continue;
    snprintf(missing, sizeof missing, "libcuda.so.1 has no %s: the driver is too old", symbols[i].symbol);
    return false;
  }
  return true;
}

static void find(void) {
  void *library = dlopen("libcuda.so.1", RTLD_NOW | RTLD_LOCAL);
  if (!library) {
    snprintf(missing, sizeof missing, "no CUDA driver (libcuda.so.1) on this machine");
    return;
  }
  if (!find_symbols(library)) return;
  int error = api.init(0);
  const char *name = NULL;
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

bool cuda_likely(void) { return access("/dev/nvidiactl", F_OK) == 0 || access("/dev/dxg", F_OK) == 0; }
