/* rtc_api.c - see rtc_api.h. */
#include "rtc_api.h"

#include "cc.h"
#include "diag.h"

#include "../runtime/host/cuda_api.h"

#include <dlfcn.h>
#include <stdlib.h>

#define X(name, symbol, parameters) {symbol, offsetof(RtcApi, name)},
static const CudaSymbol rtc_symbols[] = {RTC_API(X)};
#undef X
#define X(name, symbol, parameters) {symbol, offsetof(LinkApi, name)},
static const CudaSymbol link_symbols[] = {LINK_API(X)};
#undef X

/* The newest version that a folder has. NULL: none has any. */
static void *open_library(const char *name) {
  static const char *const suffixes[] = {".so.13", ".so.12", ".so"};
  const char *set = getenv("BATTC_CUDA_LIB");
  const char *const folders[] = {set ? set : "", "", "/usr/local/cuda/lib64/", "/usr/local/cuda/lib/"};
  for (size_t i = set ? 0 : 1; i < sizeof folders / sizeof *folders; i++)
    for (size_t k = 0; k < sizeof suffixes / sizeof *suffixes; k++) {
      char *path = text_format("%s%s%s%s", folders[i], set && !i ? "/" : "", name, suffixes[k]);
      void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
      free(path);
      if (library) return library;
    }
  return NULL;
}

static bool find(const char *name, const CudaSymbol *symbols, size_t n, void *table) {
  void *library = open_library(name);
  const char *missing = library ? cuda_find_symbols(library, symbols, n, table) : NULL;
  if (library && !missing) return true;
  if (missing) diag_plain(DIAG_ERROR, "%s.so has no %s: it is older than CUDA 12", name, missing);
  else diag_plain(DIAG_ERROR, "%s.so of the CUDA toolkit is not on this machine, or BATTC_CUDA_LIB does not name its folder", name);
  return false;
}

const RtcApi *rtc_api(void) {
  static RtcApi api;
  if (api.create || find("libnvrtc", rtc_symbols, sizeof rtc_symbols / sizeof *rtc_symbols, &api)) return &api;
  api.create = NULL;
  return NULL;
}

const LinkApi *link_api(void) {
  static LinkApi api;
  if (api.create || find("libnvJitLink", link_symbols, sizeof link_symbols / sizeof *link_symbols, &api)) return &api;
  api.create = NULL;
  return NULL;
}
