/* build_cuda.c - --emit=ptx: a program's CUDA text through nvcc, or NVRTC where that is not, and what its kernels take of a device. */
#include "build_cubin.h"
#include "cc.h"
#include "emit.h"

#include "../runtime/host/file.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* NULL: there is none. */
static const char *nvcc_path(void) {
  static const char usual[] = "/usr/local/cuda/bin/nvcc";
  static char path[PATH_MAX];
  const char *set = getenv("NVCC"), *at = getenv("PATH");
  if (set && *set) return strcmp(set, "none") ? set : NULL;
  if (access(usual, X_OK) == 0) return usual;
  for (size_t n; at && *at; at += n + (at[n] == ':')) {
    n = strcspn(at, ":");
    snprintf(path, sizeof path, "%.*s/nvcc", (int)n, at);
    if (n && access(path, X_OK) == 0) return path;
  }
  return NULL;
}

static void nvcc_words(Command *c, const char *folder) {
  command_add(c, nvcc_path());
  command_add(c, "-std=c++20");
  command_add(c, "-rdc=true");
  command_add_format(c, "-I%s", cc_include_dir());
  command_add_format(c, "%s/program.cu", folder);
  command_add(c, "-o");
}

static bool print_file(FILE *out, const char *path) {
  Buffer text = {0};
  text.data = file_read(path, &text.len);
  return text.data && emit_to(out, &text);
}

/* Registers, stack, shared memory and spills of each function, on stderr. */
static int report_resources(const char *folder) {
  Command c = {0};
  nvcc_words(&c, folder);
  command_add_format(&c, "%s/program.cubin", folder);
  command_add(&c, "-cubin");
  command_add(&c, "-arch=sm_75");
  command_add(&c, "-Xptxas");
  command_add(&c, "-v");
  int code = cc_run(&c, 1, 1, false);
  command_free(&c);
  return code;
}

static int make_ptx(FILE *out, const char *folder, bool report) {
  Command c = {0};
  char *path = text_format("%s/program.ptx", folder);
  nvcc_words(&c, folder);
  command_add(&c, path);
  command_add(&c, "-ptx");
  command_add(&c, "-arch=compute_75");
  int code = cc_run(&c, 1, 1, false);
  command_free(&c);
  if (!code && !print_file(out, path)) code = EXIT_OUTPUT;
  free(path);
  return code || !report ? code : report_resources(folder);
}

static int emit_ptx_by_library(FILE *out, const Unit *unit, bool report) {
  Buffer ptx = {0};
  int code = build_ptx(&ptx, unit, LEAST_ARCH);
  if (!code && report) diag_plain(DIAG_NOTE, "registers and spills are reported where nvcc is");
  while (ptx.len && !ptx.data[ptx.len - 1]) ptx.len--;
  if (!code && !emit_to(out, &ptx)) code = EXIT_OUTPUT;
  buffer_free(&ptx);
  return code;
}

int emit_ptx(FILE *out, const Unit *unit, bool report) {
  if (!nvcc_path()) return emit_ptx_by_library(out, unit, report);
  if (!cc_include_dir()) return EXIT_INPUT;
  char *folder = cc_make_folder();
  if (!folder) return EXIT_OUTPUT;
  Buffer text = {0};
  emit_cuda_text(&text, unit);
  char *path = text_format("%s/program.cu", folder);
  int code = cc_write(path, text.data, text.len) ? make_ptx(out, folder, report) : EXIT_OUTPUT;
  buffer_free(&text);
  free(path);
  cc_drop_folder(folder);
  return code;
}
