/* rtc_api.h - what battc uses of NVRTC (CUDA text to device code) and nvJitLink (device code to a whole), found in their
 * libraries at run time: they are part of every CUDA toolkit from 12 on, and of battc never. */
#ifndef BATTC_RTC_API_H
#define BATTC_RTC_API_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct RtcProgram *RtcProgram;
typedef struct LinkState *LinkState;

enum { LINK_CUBIN = 1, LINK_LIBRARY = 6 }; /* kinds of input */

/* X(name here, symbol, parameters). All give 0 or an error. */
#define RTC_API(X)                                                                                 \
  X(create, "nvrtcCreateProgram",                                                                  \
    (RtcProgram *program, const char *text, const char *name, int nheaders, const char *const *headers, const char *const *names)) \
  X(destroy, "nvrtcDestroyProgram", (RtcProgram *program))                                         \
  X(compile, "nvrtcCompileProgram", (RtcProgram program, int n, const char *const *options))       \
  X(log_size, "nvrtcGetProgramLogSize", (RtcProgram program, size_t *size))                        \
  X(log, "nvrtcGetProgramLog", (RtcProgram program, char *log))                                    \
  X(cubin_size, "nvrtcGetCUBINSize", (RtcProgram program, size_t *size))                           \
  X(cubin, "nvrtcGetCUBIN", (RtcProgram program, char *cubin))                                     \
  X(ptx_size, "nvrtcGetPTXSize", (RtcProgram program, size_t *size))                               \
  X(ptx, "nvrtcGetPTX", (RtcProgram program, char *ptx))
#define LINK_API(X)                                                                                \
  X(create, "nvJitLinkCreate", (LinkState *state, uint32_t n, const char **options))               \
  X(destroy, "nvJitLinkDestroy", (LinkState *state))                                               \
  X(add_data, "nvJitLinkAddData", (LinkState state, int kind, const void *data, size_t size, const char *name)) \
  X(add_file, "nvJitLinkAddFile", (LinkState state, int kind, const char *path))                   \
  X(complete, "nvJitLinkComplete", (LinkState state))                                              \
  X(log_size, "nvJitLinkGetErrorLogSize", (LinkState state, size_t *size))                         \
  X(log, "nvJitLinkGetErrorLog", (LinkState state, char *log))                                     \
  X(cubin_size, "nvJitLinkGetLinkedCubinSize", (LinkState state, size_t *size))                    \
  X(cubin, "nvJitLinkGetLinkedCubin", (LinkState state, void *cubin))

#define X(name, symbol, parameters) int(*name) parameters;
typedef struct {
  RTC_API(X)
} RtcApi;
typedef struct {
  LINK_API(X)
} LinkApi;
#undef X

/* The interfaces, or NULL after a diagnostic. They lie where the loader looks, in the usual folder of CUDA, or where
 * $BATTC_CUDA_LIB says. Looked for once; to be called by one thread. */
const RtcApi *rtc_api(void);
const LinkApi *link_api(void);

#endif
