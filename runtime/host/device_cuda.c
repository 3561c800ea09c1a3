/* device_cuda.c - a CUDA device by its driver: nothing of CUDA is linked. */
#include "device.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../cuda/warp.h"
#include "buffer.h"
#include "cuda_api.h"
#include "file.h"

enum {
  WARPS_PER_BLOCK = 4,
  LAST_PART = 8,           /* of the warps */
  STACK_BYTES = 32 << 10 /* of a lane: nested values go deep */
};

/* Events around a launch. */
typedef struct {
  CudaEvent from, to;
  bool open; /* it is not counted yet */
} Timing;

typedef struct {
  Device device;
  const CudaApi *api;
  int number; /* of the driver */
  CudaContext context;
  CudaModule module; /* NULL: the kernel came with the program */
  CudaFunction kernel;
  CudaStream streams[DEVICE_QUEUES];
  CudaEvent reached; /* for `after` */
  Timing timings[DEVICE_BATCHES];
  uint32_t launches;
  int major, minor;
} Cuda;

/* Programs made by nvcc bring their kernel: a CudaFunction of the current context. */
extern void *battc_own_kernel(void) __attribute__((weak));

static bool check(Cuda *c, int error, const char *what) {
  if (!error) return true;
  const char *name = NULL;
  if (c->api->error_name(error, &name) || !name) name = "unknown error";
  snprintf(c->device.error, sizeof c->device.error, "%s: %s", what, name);
  return false;
}

/* Contexts belong to threads. */
static bool use(Cuda *c) { return check(c, c->api->context_use(c->context), "context"); }

static uint64_t cuda_alloc(Device *d, size_t bytes) {
  Cuda *c = (Cuda *)d;
  uint64_t address = 0;
  return use(c) && check(c, c->api->alloc(&address, bytes), "memory") ? address : 0;
}

static void cuda_release(Device *d, uint64_t address) {
  Cuda *c = (Cuda *)d;
  if (address && use(c)) c->api->release(address);
}

static bool cuda_write(Device *d, DeviceQueue queue, uint64_t to, const void *from, size_t bytes) {
  Cuda *c = (Cuda *)d;
  return use(c) && check(c, c->api->write(to, from, bytes, c->streams[queue]), "copy to the device");
}

static bool cuda_read(Device *d, DeviceQueue queue, void *to, uint64_t from, size_t bytes) {
  Cuda *c = (Cuda *)d;
  if (!bytes) return true;
  return use(c) && check(c, c->api->read(to, from, bytes, c->streams[queue]), "copy from the device");
}

static bool cuda_after(Device *d, DeviceQueue later, DeviceQueue earlier) {
  Cuda *c = (Cuda *)d;
  return use(c) && check(c, c->api->event_record(c->reached, c->streams[earlier]), "event") &&
         check(c, c->api->stream_after(c->streams[later], c->reached, 0), "event");
}

/* Adds the time of a launch, if it has ended. */
static void count_time(Cuda *c, Timing *t) {
  float milliseconds = 0;
  if (!t->open || c->api->event_elapsed(&milliseconds, t->from, t->to)) return;
  c->device.kernel_seconds += milliseconds * 1e-3;
  t->open = false;
}

static bool cuda_wait(Device *d, DeviceQueue queue) {
  Cuda *c = (Cuda *)d;
  if (!use(c) || !check(c, c->api->stream_wait(c->streams[queue]), "kernel")) return false;
  for (int i = 0; i < DEVICE_BATCHES; i++) count_time(c, &c->timings[i]);
  return true;
}

static bool cuda_launch(Device *d, uint64_t shared, uint64_t batch, uint64_t slabs, uint32_t warps) {
  Cuda *c = (Cuda *)d;
  void *parameters[] = {&shared, &batch, &slabs, &warps};
  Timing *t = &c->timings[c->launches++ % DEVICE_BATCHES];
  CudaStream stream = c->streams[QUEUE_RUN];
  if (!use(c) || !check(c, c->api->event_record(t->from, stream), "event")) return false;
  int error = c->api->launch(c->kernel, (warps + WARPS_PER_BLOCK - 1) / WARPS_PER_BLOCK, 1, 1, WARPS_PER_BLOCK * WARP_LANES, 1, 1,
                             0, stream, parameters, NULL);
  t->open = !error && !c->api->event_record(t->to, stream);
  return check(c, error, "launch");
}

static void *cuda_pinned(Device *d, size_t bytes) {
  Cuda *c = (Cuda *)d;
  uint64_t *p = NULL;
  bool pinned = use(c) && c->api->host_alloc((void **)&p, bytes + 16, 0) == 0;
  if (!pinned) p = (uint64_t *)host_alloc(bytes + 16);
  p[0] = pinned;
  return p + 2;
}

static void cuda_unpin(Device *d, void *memory) {
  Cuda *c = (Cuda *)d;
  uint64_t *p = (uint64_t *)memory - 2;
  if (!p[0]) free(p);
  else if (use(c)) c->api->host_release(p);
}

static void cuda_close(Device *d) {
  Cuda *c = (Cuda *)d;
  if (c->context && use(c)) {
    for (int i = 0; i < DEVICE_BATCHES; i++) {
      if (c->timings[i].from) c->api->event_free(c->timings[i].from);
      if (c->timings[i].to) c->api->event_free(c->timings[i].to);
    }
    if (c->reached) c->api->event_free(c->reached);
    for (int i = 0; i < DEVICE_QUEUES; i++)
      if (c->streams[i]) c->api->stream_free(c->streams[i]);
    if (c->module) c->api->module_unload(c->module);
    c->api->context_release(c->number);
  }
  free(c);
}

/* ---- opening ---- */

static uint8_t *read_whole(const char *path) {
  FILE *f = fopen(path, "rb");
  if (!f) return NULL;
  uint8_t *bytes = NULL;
  long n = fseek(f, 0, SEEK_END) == 0 ? ftell(f) : -1;
  if (n > 0 && fseek(f, 0, SEEK_SET) == 0) {
    bytes = (uint8_t *)host_alloc((size_t)n);
    if (fread(bytes, 1, (size_t)n, f) != (size_t)n) free(bytes), bytes = NULL;
  }
  fclose(f);
  return bytes;
}

/* The kernels for all architectures lie beside the binary, or in its library folder. */
static uint8_t *read_kernels(void) {
  static const char *const places[] = {"/battc.fatbin", "/../lib/battc/battc.fatbin"};
  const char *set = getenv("BATTC_FATBIN");
  if (set) return read_whole(set);
  char path[PATH_MAX];
  for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
    snprintf(path, sizeof path, "%.3000s%s", program_folder(), places[i]);
    uint8_t *bytes = read_whole(path);
    if (bytes) return bytes;
  }
  return NULL;
}

static bool load_kernel(Cuda *c) {
  const DeviceCode *code = c->device.code;
  if (code)
    return check(c, c->api->module_load(&c->module, code->cubin), "loading the program") &&
           check(c, c->api->module_function(&c->kernel, c->module, code->kernel), code->kernel);
  if (battc_own_kernel && (c->kernel = (CudaFunction)battc_own_kernel())) return true;
  uint8_t *image = read_kernels();
  if (!image) {
    snprintf(c->device.error, sizeof c->device.error, "battc.fatbin is missing: `make gpu` builds it where nvcc is");
    return false;
  }
  int error = c->api->module_load(&c->module, image);
  free(image);
  if (error == CUDA_NO_BINARY) {
    snprintf(c->device.error, sizeof c->device.error, "battc.fatbin has no code for sm_%d%d: `make gpu GPU_ARCHS=%d%d`, or --fused", c->major,
             c->minor, c->major, c->minor);
    return false;
  }
  return check(c, error, "loading battc.fatbin") &&
         check(c, c->api->module_function(&c->kernel, c->module, "battc_batch"), "battc.fatbin");
}

/* For the statistics alone. */
static void note_use(Cuda *c, uint32_t blocks) {
  int threads = 0, registers = 0, local = 0, clock = 0;
  if (!c->api->device_attribute(&clock, CUDA_CLOCK, c->number) && clock > 0) c->device.tick_seconds = 1e-3 / clock;
  if (c->api->device_attribute(&threads, CUDA_THREADS, c->number) || threads < 1 ||
      c->api->function_attribute(&registers, CUDA_FUNCTION_REGISTERS, c->kernel) ||
      c->api->function_attribute(&local, CUDA_FUNCTION_LOCAL, c->kernel))
    return;
  c->device.use = (DeviceUse){(double)blocks * WARPS_PER_BLOCK * WARP_LANES / threads, (uint32_t)registers, (uint32_t)local};
}

static bool count_warps(Cuda *c) {
  int processors = 0, blocks = 0;
  if (!check(c, c->api->device_attribute(&processors, CUDA_MULTIPROCESSORS, c->number), "device") ||
      !check(c, c->api->occupancy(&blocks, c->kernel, WARPS_PER_BLOCK * WARP_LANES, 0), "occupancy"))
    return false;
  note_use(c, (uint32_t)blocks);
  c->device.warps = (uint32_t)(processors * (blocks > 0 ? blocks : 1) * WARPS_PER_BLOCK);
  c->device.last_part = LAST_PART;
  return true;
}

static bool cuda_load(Device *d, const DeviceCode *code) {
  Cuda *c = (Cuda *)d;
  if (!use(c) || (c->module && !check(c, c->api->module_unload(c->module), "unloading a program"))) return false;
  c->module = NULL;
  d->code = code;
  return load_kernel(c) && count_warps(c);
}

static const DeviceKind cuda = {.alloc = cuda_alloc, .release = cuda_release, .write = cuda_write, .read = cuda_read,
                                .launch = cuda_launch, .after = cuda_after, .wait = cuda_wait, .pinned = cuda_pinned, .unpin = cuda_unpin,
                                .load = cuda_load, .close = cuda_close};

static bool measure(Cuda *c) {
  size_t available = 0, total = 0;
  if (!check(c, c->api->memory_info(&available, &total), "memory")) return false;
  c->device.memory = available;
  return true;
}

/* Streams that do not wait for the default one; events without time but for those around launches. */
static bool make_queues(Cuda *c) {
  bool ok = check(c, c->api->event_new(&c->reached, 2), "event");
  for (int i = 0; i < DEVICE_QUEUES && ok; i++) ok = check(c, c->api->stream_new(&c->streams[i], 1), "stream");
  for (int i = 0; i < DEVICE_BATCHES && ok; i++)
    ok = check(c, c->api->event_new(&c->timings[i].from, 0), "event") && check(c, c->api->event_new(&c->timings[i].to, 0), "event");
  return ok;
}

static bool open_device(Cuda *c, uint32_t number) {
  char name[80] = "";
  if (!check(c, c->api->device_get(&c->number, (int)number), "no such device") ||
      !check(c, c->api->device_name(name, sizeof name, c->number), "device") ||
      !check(c, c->api->device_attribute(&c->major, CUDA_MAJOR, c->number), "device") ||
      !check(c, c->api->device_attribute(&c->minor, CUDA_MINOR, c->number), "device"))
    return false;
  snprintf(c->device.name, sizeof c->device.name, "cuda:%u %s (sm_%d%d)", number, name, c->major, c->minor);
  return check(c, c->api->context_retain(&c->context, c->number), "context") && use(c) &&
         check(c, c->api->context_limit(CUDA_LIMIT_STACK, STACK_BYTES), "stack") && load_kernel(c) && count_warps(c) && measure(c) &&
         make_queues(c);
}

Device *device_open_cuda(uint32_t number, const DeviceCode *code, char *why, size_t size) {
  const CudaApi *api = cuda_api(why, size);
  if (!api) return NULL;
  Cuda *c = (Cuda *)memset(host_alloc(sizeof *c), 0, sizeof *c);
  c->device.kind = &cuda;
  c->device.code = code;
  c->api = api;
  snprintf(c->device.name, sizeof c->device.name, "cuda:%u", number);
  if (open_device(c, number)) return &c->device;
  snprintf(why, size, "%s: %s", c->device.name, c->device.error);
  cuda_close(&c->device);
  return NULL;
}
