/* build.c - executables and Python modules: C text in a folder of its own, the machine's C compiler, the runtime library. */
#include "cc.h"
#include "emit.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { SIZE_OF_PART = 4000, MOST_PARTS = 64 }; /* instructions in one C file */

typedef struct {
  const Unit *unit;
  const char *path;
  EmitKind kind;
  int optimize, jobs;
  bool debug_info;
  char *folder;    /* intermediate files */
  char *kept;      /* --save-temps: the C file, which then is one */
  uint32_t parts;
} Build;

static char *c_path(const Build *b, uint32_t part) {
  return b->kept ? text_format("%s", b->kept) : text_format("%s/part%u.c", b->folder, part);
}

static bool write_parts(const Build *b) {
  bool ok = true;
  for (uint32_t i = 0; i < b->parts && ok; i++) {
    Buffer text = {0};
    char *path = c_path(b, i);
    emit_part(&text, b->unit, &b->kind, i, b->parts);
    ok = cc_write(path, text.data, text.len);
    buffer_free(&text);
    free(path);
  }
  return ok;
}

static void compile_words(const Build *b, Command *c, uint32_t part) {
  char *path = c_path(b, part);
  cc_start(c);
  command_add(c, "-std=gnu11");
  command_add_format(c, "-O%d", b->optimize);
  if (b->debug_info) command_add(c, "-g");
  if (b->kind.module) command_add(c, "-fPIC");
  command_add_format(c, "-I%s", cc_include_dir());
  command_add(c, "-c");
  command_add(c, path);
  command_add(c, "-o");
  command_add_format(c, "%s/part%u.o", b->folder, part);
  free(path);
}

static int compile_parts(const Build *b) {
  Command *commands = ir_alloc(b->parts, sizeof *commands);
  for (uint32_t i = 0; i < b->parts; i++) compile_words(b, &commands[i], i);
  int code = cc_run(commands, b->parts, b->jobs, false);
  for (uint32_t i = 0; i < b->parts; i++) command_free(&commands[i]);
  free(commands);
  return code;
}

/* A module leaves Python's functions to the Python that loads it; of its own it shows PyInit alone. */
static void link_words(const Build *b, Command *c) {
  if (b->kind.module) {
    command_add(c, "-shared");
    command_add(c, "-Wl,--exclude-libs,ALL,-Bsymbolic");
    command_add(c, cc_python_library());
  }
  command_add(c, cc_runtime_library());
  if (!b->kind.module) command_add(c, "-lcjson");
  command_add(c, "-lm");
  command_add(c, "-lpthread");
  if (b->kind.module) command_add(c, "-ldl");
}

static int link_parts(const Build *b, const char *to) {
  Command c = {0};
  cc_start(&c);
  if (b->debug_info) command_add(&c, "-g");
  command_add(&c, "-o");
  command_add(&c, to);
  for (uint32_t i = 0; i < b->parts; i++) command_add_format(&c, "%s/part%u.o", b->folder, i);
  link_words(b, &c);
  int code = cc_run(&c, 1, 1, false);
  command_free(&c);
  return code;
}

static int cannot_write(const char *path) {
  diag_plain(DIAG_ERROR, "cannot write %s: %s", path, strerror(errno));
  return EXIT_OUTPUT;
}

/* Linked beside its final name, so that the executable is there as a whole or not at all. */
static int link_and_rename(const Build *b) {
  char *temp = text_format("%s.XXXXXX", b->path);
  struct stat st;
  bool folder = stat(b->path, &st) == 0 && !S_ISREG(st.st_mode);
  if (folder) errno = EISDIR;
  int fd = folder ? -1 : mkstemp(temp), code = EXIT_OK;
  if (fd < 0) {
    code = cannot_write(b->path);
  } else {
    close(fd);
    mode_t mask = umask(0);
    umask(mask);
    code = link_parts(b, temp);
    if (!code && (chmod(temp, 0777 & ~mask) || rename(temp, b->path))) code = cannot_write(b->path);
    if (code) unlink(temp);
  }
  free(temp);
  return code;
}

static int build(Build *b) {
  if (!cc_include_dir() || !cc_runtime_library() || (b->kind.module && !cc_python_library())) return EXIT_INPUT;
  b->folder = cc_make_folder();
  if (!b->folder) return EXIT_OUTPUT;
  int code = write_parts(b) ? compile_parts(b) : EXIT_OUTPUT;
  if (!code) code = link_and_rename(b);
  cc_drop_folder(b->folder);
  return code;
}

static int build_kind(const char *path, const Unit *unit, EmitKind kind, const BuildOptions *o) {
  Build b = {.unit = unit, .path = path, .kind = kind, .optimize = o->optimize, .debug_info = o->debug_info, .jobs = o->jobs};
  b.parts = kind.native ? 1 + emit_size(unit) / SIZE_OF_PART : 1;
  if (b.parts > MOST_PARTS) b.parts = MOST_PARTS;
  if (o->save_temps) {
    b.parts = 1;
    b.kept = text_format("%s.c", path);
  }
  int code = build(&b);
  free(b.kept);
  return code;
}

int build_executable(const char *path, const Unit *unit, const BuildOptions *o) {
  return build_kind(path, unit, (EmitKind){.native = true}, o);
}

/* The name up to its first dot: what follows says for which Python, or .so. It becomes a part of C's names. */
static char *module_name(const char *path) {
  const char *slash = strrchr(path, '/'), *base = slash ? slash + 1 : path;
  size_t n = strcspn(base, "."), i = 0;
  while (i < n && (isalnum((unsigned char)base[i]) || base[i] == '_')) i++;
  if (i == n && n && !isdigit((unsigned char)base[0])) return text_format("%.*s", (int)n, base);
  diag_plain(DIAG_ERROR, "output '%s': a Python module is named by its file: letters, digits and _ are expected before the first dot", path);
  return NULL;
}

int build_module(const char *path, const Unit *unit, const BuildOptions *o) {
  char *name = module_name(path);
  if (!name) return EXIT_USAGE;
  BuildOptions fast = *o;
  bool native = o->optimize >= 2;
  if (!native) fast.optimize = 0; /* nothing but data */
  int code = build_kind(path, unit, (EmitKind){.module = name, .native = native}, &fast);
  free(name);
  return code;
}
