/* library.c - see library.h.
 *
 * The file is $XDG_CACHE_HOME/battc/dsl-KEY.so (~/.cache where that is not set). KEY is a hash of the text of
 * all imported modules and of this battc's own build, whose functions the library calls. It holds pairs of
 * a key, emit_function_key, and a compiled function. The C text of a function depends on nothing but what
 * its key hashes, so every function with that key may use it, whatever program it stands in. */
#include "library.h"

#include "cache.h"
#include "cc.h"
#include "emit.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { SIZE_OF_PART = 2500, MOST_PARTS = 64 }; /* instructions in one C file */

int library_take_option(int argc, char **argv, LibraryMode *mode) {
  static const char *const names[] = {"auto", "build", "off"};
  static const char option[] = "--library=";
  int kept = 1;
  for (int i = 1; i < argc; i++) {
    if (strncmp(argv[i], option, sizeof option - 1)) {
      argv[kept++] = argv[i];
      continue;
    }
    int m = LIBRARY_AUTO;
    while (m <= LIBRARY_OFF && strcmp(argv[i] + sizeof option - 1, names[m])) m++;
    if (m > LIBRARY_OFF) {
      diag_plain(DIAG_ERROR, "%s: auto, build or off is expected", argv[i]);
      return -1;
    }
    *mode = (LibraryMode)m;
  }
  argv[kept] = NULL;
  return kept;
}

/* ---- place ---- */

/* Owned; NULL where there is none. */
static char *library_path(const Unit *unit) { return unit->modules_key ? cache_path("dsl", unit->modules_key, "so") : NULL; }

/* ---- functions by key ---- */

typedef struct {
  const uint64_t *keys;
  uint32_t *slots; /* number of the key + 1 */
  uint32_t mask;
} Keys;

static Keys keys_new(const uint64_t *keys, uint32_t most) {
  Keys k = {keys, NULL, 63};
  while (k.mask < most * 2) k.mask = k.mask * 2 + 1;
  k.slots = ir_alloc((size_t)k.mask + 1, sizeof *k.slots);
  return k;
}

/* Where the key is, or where it would go. */
static uint32_t *find_key(const Keys *k, uint64_t key) {
  uint32_t at = (uint32_t)(key >> 32) & k->mask;
  while (k->slots[at] && k->keys[k->slots[at] - 1] != key) at = (at + 1) & k->mask;
  return &k->slots[at];
}

/* Functions of other files than the program's own, each key once. The caller frees. */
static uint8_t *choose_functions(const Unit *unit) {
  const Image *image = &unit->image;
  uint8_t *wanted = ir_alloc(image->nfunctions, 1);
  uint64_t *keys = ir_alloc(image->nfunctions, sizeof *keys);
  Keys met = keys_new(keys, image->nfunctions);
  for (uint32_t i = 0; i < image->nfunctions; i++) {
    const Function *f = &image->functions[i];
    if (!emit_wanted(f) || f->file == unit->main_source->path) continue;
    uint32_t *slot = find_key(&met, keys[i] = emit_function_key(f));
    wanted[i] = !*slot;
    *slot = i + 1;
  }
  free(met.slots);
  free(keys);
  return wanted;
}

/* ---- building ---- */

typedef struct {
  const Unit *unit;
  uint8_t *wanted;
  char *folder;
  uint32_t parts;
  int jobs;
  bool show;
} Build;

static bool write_parts(const Build *b) {
  bool ok = true;
  uint64_t build = cache_build();
  for (uint32_t i = 0; i < b->parts && ok; i++) {
    Buffer text = {0};
    char *path = text_format("%s/part%u.c", b->folder, i);
    emit_library_part(&text, b->unit, b->wanted, build, i, b->parts);
    ok = cc_write(path, text.data, text.len);
    buffer_free(&text);
    free(path);
  }
  return ok;
}

static int compile_parts(const Build *b) {
  Command *commands = ir_alloc(b->parts, sizeof *commands);
  for (uint32_t i = 0; i < b->parts; i++) {
    cc_start(&commands[i]);
    command_add(&commands[i], "-std=gnu11");
    command_add(&commands[i], "-O2");
    command_add(&commands[i], "-fPIC");
    command_add_format(&commands[i], "-I%s", cc_include_dir());
    command_add(&commands[i], "-c");
    command_add_format(&commands[i], "%s/part%u.c", b->folder, i);
    command_add(&commands[i], "-o");
    command_add_format(&commands[i], "%s/part%u.o", b->folder, i);
  }
  int code = cc_run(commands, b->parts, b->jobs, b->show);
  for (uint32_t i = 0; i < b->parts; i++) command_free(&commands[i]);
  free(commands);
  return code;
}

/* The runtime's functions are those of battc itself, found when the library is loaded. */
static int link_parts(const Build *b, const char *to) {
  Command c = {0};
  cc_start(&c);
  command_add(&c, "-shared");
  command_add(&c, "-o");
  command_add(&c, to);
  for (uint32_t i = 0; i < b->parts; i++) command_add_format(&c, "%s/part%u.o", b->folder, i);
  int code = cc_run(&c, 1, 1, b->show);
  command_free(&c);
  return code;
}

/* Another battc may be about the same: each links a file of its own, the last one's stays. */
static int link_and_rename(const Build *b, char *path) {
  char *temp = text_format("%s.XXXXXX", path);
  int fd = cache_make_folders(path) ? mkostemp(temp, O_CLOEXEC) : -1, code = EXIT_OUTPUT;
  if (fd >= 0) {
    close(fd);
    code = link_parts(b, temp);
    if (!code && (chmod(temp, 0700) || rename(temp, path))) code = EXIT_OUTPUT;
    if (code) unlink(temp);
  }
  if (code == EXIT_OUTPUT) diag_plain(DIAG_ERROR, "cannot write %s: %s", path, strerror(errno));
  free(temp);
  return code;
}

static uint32_t count_parts(const Unit *unit, const uint8_t *wanted) {
  uint32_t n = 0;
  for (uint32_t i = 0; i < unit->image.nfunctions; i++)
    if (wanted[i]) n += unit->image.functions[i].ncode;
  n = 1 + n / SIZE_OF_PART;
  return n < MOST_PARTS ? n : MOST_PARTS;
}

static int build_at(Build *b, char *path) {
  if (!cc_include_dir()) return EXIT_INPUT;
  b->folder = cc_make_folder();
  if (!b->folder) return EXIT_OUTPUT;
  int code = write_parts(b) ? compile_parts(b) : EXIT_OUTPUT;
  if (!code) code = link_and_rename(b, path);
  cc_drop_folder(b->folder);
  return code;
}

int library_build(const Unit *unit, int jobs, bool show, char **path_out) {
  if (unit->storage) {
    diag_plain(DIAG_NOTE, "a .bto holds only what its program reaches: build the library from the .py");
    return EXIT_OK;
  }
  if (!unit->modules_key) {
    diag_plain(DIAG_NOTE, "no imported modules to compile");
    return EXIT_OK;
  }
  char *path = library_path(unit);
  if (!path) {
    diag_plain(DIAG_ERROR, "no place for the library: neither XDG_CACHE_HOME nor HOME is set");
    return EXIT_OUTPUT;
  }
  Build b = {.unit = unit, .jobs = jobs, .show = show, .wanted = choose_functions(unit)};
  b.parts = count_parts(unit, b.wanted);
  int code = build_at(&b, path);
  free(b.wanted);
  if (!code && path_out) *path_out = path;
  else free(path);
  return code;
}

/* ---- using ---- */

typedef int (*Compiled)(Vm *vm, Value *r, uint32_t pc);

static bool attach_functions(Unit *unit, void *library) {
  const uint64_t *build = dlsym(library, "battc_library_build");
  const uint32_t *size = dlsym(library, "battc_library_size");
  const uint64_t *keys = dlsym(library, "battc_library_keys");
  const Compiled *functions = dlsym(library, "battc_library_functions");
  if (!build || !size || !keys || !functions || *build != cache_build()) return false;
  Keys table = keys_new(keys, *size);
  for (uint32_t i = 0; i < *size; i++) *find_key(&table, keys[i]) = i + 1;
  for (uint32_t i = 0; i < unit->image.nfunctions; i++) {
    Function *f = &unit->image.functions[i];
    uint32_t found = emit_wanted(f) ? *find_key(&table, emit_function_key(f)) : 0;
    if (found) f->native = functions[found - 1];
  }
  free(table.slots);
  return true;
}

bool library_attach(Unit *unit) {
  char *path = library_path(unit);
  bool ok = false;
  if (path && cache_is_own(path)) {
    void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    ok = library && attach_functions(unit, library);
    if (!ok) diag_plain(DIAG_WARNING, "%s cannot be used (%s); `battc --build-library` makes it anew", path,
                        library ? "it is not of this battc" : dlerror());
    if (!ok && library) dlclose(library);
  }
  free(path);
  return ok;
}
