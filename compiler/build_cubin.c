/* build_cubin.c - a program as device code for one architecture, without nvcc: parts of its CUDA text by NVRTC, at the same
 * time, then linked with the runtime for devices by nvJitLink. */
#include "build_cubin.h"

#include "cache.h"
#include "cc.h"
#include "emit.h"
#include "rtc_api.h"

#include "../runtime/host/file.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { FUNCTIONS_OF_PART = 40, MOST_PARTS = 64 };

typedef struct {
  char *text;  /* CUDA */
  Buffer code; /* what it became: a cubin, or PTX */
} Part;

typedef struct {
  const RtcApi *api;
  uint32_t arch;
  bool ptx;
  Part *parts;
  uint32_t nparts, next;
  bool failed;
  pthread_mutex_t lock; /* of next, failed and diagnostics */
} Work;

/* ---- parts ---- */

static uint32_t count_parts(const Unit *unit) {
  uint32_t n = 0;
  for (uint32_t i = 0; i < unit->image.nfunctions; i++) n += emit_wanted(&unit->image.functions[i]);
  n = (n + FUNCTIONS_OF_PART - 1) / FUNCTIONS_OF_PART;
  return n < 1 ? 1 : n < MOST_PARTS ? n : MOST_PARTS;
}

static void write_parts(Work *work, const Unit *unit) {
  work->parts = ir_alloc(work->nparts, sizeof *work->parts);
  for (uint32_t i = 0; i < work->nparts; i++) {
    Buffer text = {0};
    emit_cuda_part(&text, unit, i, work->nparts);
    buffer_char(&text, '\0');
    work->parts[i].text = text.data;
  }
}

static void free_parts(Work *work) {
  for (uint32_t i = 0; i < work->nparts; i++) {
    free(work->parts[i].text);
    buffer_free(&work->parts[i].code);
  }
  free(work->parts);
}

/* ---- NVRTC ---- */

/* Room for n bytes of a log or of code at the end. */
static char *grow(Buffer *b, size_t n) {
  buffer_reserve(b, n);
  b->len += n;
  return b->data + b->len - n;
}

static void report(Work *work, RtcProgram program) {
  size_t n = 0;
  Buffer log = {0};
  if (!work->api->log_size(program, &n) && n) work->api->log(program, grow(&log, n));
  pthread_mutex_lock(&work->lock);
  diag_plain(DIAG_ERROR, "NVRTC failed: %.4000s", log.data ? log.data : "no log");
  pthread_mutex_unlock(&work->lock);
  buffer_free(&log);
}

static bool take_code(const Work *work, RtcProgram program, Buffer *code) {
  size_t n = 0;
  if ((work->ptx ? work->api->ptx_size(program, &n) : work->api->cubin_size(program, &n)) || !n) return false;
  char *to = grow(code, n);
  return !(work->ptx ? work->api->ptx(program, to) : work->api->cubin(program, to));
}

static bool compile_part(Work *work, Part *part) {
  char *arch = text_format("--gpu-architecture=%s_%u", work->ptx ? "compute" : "sm", work->arch);
  char *include = text_format("-I%s", cc_include_dir());
  const char *options[] = {arch, include, "-std=c++20", "-rdc=true", "-default-device"};
  RtcProgram program = NULL;
  bool ok = !work->api->create(&program, part->text, "program.cu", 0, NULL, NULL);
  if (ok) {
    ok = !work->api->compile(program, sizeof options / sizeof *options, options) && take_code(work, program, &part->code);
    if (!ok) report(work, program);
    work->api->destroy(&program);
  }
  free(arch);
  free(include);
  return ok;
}

/* The next part that nobody has taken; NULL: none, or one failed. */
static Part *take_part(Work *work) {
  pthread_mutex_lock(&work->lock);
  Part *part = work->next < work->nparts && !work->failed ? &work->parts[work->next++] : NULL;
  pthread_mutex_unlock(&work->lock);
  return part;
}

static void *compile_some(void *arg) {
  Work *work = arg;
  for (Part *part; (part = take_part(work));) {
    if (compile_part(work, part)) continue;
    pthread_mutex_lock(&work->lock);
    work->failed = true;
    pthread_mutex_unlock(&work->lock);
  }
  return NULL;
}

static bool compile_parts(Work *work, int jobs) {
  uint32_t n = jobs > 1 ? (uint32_t)jobs : 1, started = 0;
  pthread_t threads[MOST_PARTS];
  if (n > work->nparts) n = work->nparts;
  while (started + 1 < n && !pthread_create(&threads[started], NULL, compile_some, work)) started++;
  compile_some(work);
  while (started) pthread_join(threads[--started], NULL);
  return !work->failed;
}

/* ---- nvJitLink ---- */

static bool add_all(const LinkApi *api, LinkState state, const Work *work, const char *library) {
  for (uint32_t i = 0; i < work->nparts; i++)
    if (api->add_data(state, LINK_CUBIN, work->parts[i].code.data, work->parts[i].code.len, "program")) return false;
  return !api->add_file(state, LINK_LIBRARY, library);
}

static bool link_parts(const LinkApi *api, const Work *work, const char *library, Buffer *out) {
  char *arch = text_format("-arch=sm_%u", work->arch);
  const char *options[] = {arch};
  LinkState state = NULL;
  size_t n = 0;
  bool ok = !api->create(&state, 1, options);
  if (ok) {
    ok = add_all(api, state, work, library) && !api->complete(state) && !api->cubin_size(state, &n) && !api->cubin(state, grow(out, n));
    Buffer log = {0};
    if (!ok && !api->log_size(state, &n) && n) api->log(state, grow(&log, n));
    if (!ok) diag_plain(DIAG_ERROR, "nvJitLink failed for sm_%u: %.4000s", work->arch, log.data ? log.data : "no log");
    buffer_free(&log);
    api->destroy(&state);
  }
  free(arch);
  return ok;
}

/* ---- wholes ---- */

static int build(Buffer *out, const Unit *unit, Work *work, const LinkApi *link, int jobs) {
  pthread_mutex_init(&work->lock, NULL);
  if (!work->parts) write_parts(work, unit);
  bool ok = compile_parts(work, jobs);
  if (ok && link) ok = link_parts(link, work, cc_device_library(), out);
  else if (ok) buffer_bytes(out, work->parts[0].code.data, work->parts[0].code.len);
  pthread_mutex_destroy(&work->lock);
  return ok ? EXIT_OK : EXIT_INTERNAL;
}

int build_ptx(Buffer *out, const Unit *unit, uint32_t arch) {
  Work work = {.api = rtc_api(), .arch = arch, .ptx = true, .nparts = 1};
  if (!work.api || !cc_include_dir()) return EXIT_INPUT;
  int code = build(out, unit, &work, NULL, 1);
  free_parts(&work);
  return code;
}

static bool is_ready(const Work *work, const LinkApi *link) { return work->api && link && cc_include_dir() && cc_device_library(); }

int build_cubin(const char *path, const Unit *unit, uint32_t arch, int jobs) {
  Work work = {.api = rtc_api(), .arch = arch, .nparts = count_parts(unit)};
  const LinkApi *link = work.api ? link_api() : NULL;
  if (!is_ready(&work, link)) return EXIT_INPUT;
  Buffer cubin = {0};
  int code = build(&cubin, unit, &work, link, jobs);
  if (!code) code = emit_to_file(path, &cubin) ? EXIT_OK : EXIT_OUTPUT;
  buffer_free(&cubin);
  free_parts(&work);
  return code;
}

/* ---- kept ---- */

/* Of all that the code is made from. */
static uint64_t key_of(const Work *work) {
  struct stat st = {0};
  stat(cc_device_library(), &st);
  uint64_t key = cache_mix_bytes(work->arch, &st.st_size, sizeof st.st_size);
  key = cache_mix_bytes(key, &st.st_mtim, sizeof st.st_mtim);
  for (uint32_t i = 0; i < work->nparts; i++) key = cache_mix_bytes(key, work->parts[i].text, strlen(work->parts[i].text));
  return key;
}

static char *read_kept(const char *path) {
  size_t len;
  return path && cache_is_own(path) ? file_read(path, &len) : NULL;
}

/* A cache that cannot be written costs the next run the build. */
static void keep(char *path, const Buffer *cubin) {
  if (path && cache_make_folders(path) && file_write(path, cubin)) chmod(path, 0600);
}

int load_cubin(char **cubin, const Unit *unit, uint32_t arch, int jobs) {
  Work work = {.api = rtc_api(), .arch = arch, .nparts = count_parts(unit)};
  const LinkApi *link = work.api ? link_api() : NULL;
  if (!is_ready(&work, link)) return EXIT_INPUT;
  write_parts(&work, unit);
  char *path = cache_path("fused", key_of(&work), "cubin");
  int code = EXIT_OK;
  if (!(*cubin = read_kept(path))) {
    Buffer built = {0};
    code = build(&built, unit, &work, link, jobs);
    if (!code) keep(path, &built);
    *cubin = built.data;
  }
  free(path);
  free_parts(&work);
  return code;
}
