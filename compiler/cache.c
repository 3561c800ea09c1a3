/* cache.c - see cache.h. */
#include "cache.h"

#include "cc.h"

#include "../runtime/target.h"

#include <elf.h>
#include <errno.h>
#include <link.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- this battc ---- */

uint64_t cache_mix_bytes(uint64_t h, const void *bytes, size_t n) {
  for (size_t i = 0; i < n; i++) h = hash_mix(h, ((const uint8_t *)bytes)[i]);
  return h;
}

/* The linker's build id, in the notes of the first object, which is the program itself. */
static int find_build_id(struct dl_phdr_info *info, size_t size, void *ctx) {
  uint64_t *id = ctx;
  (void)size;
  for (int i = 0; i < info->dlpi_phnum; i++) {
    const ElfW(Phdr) *h = &info->dlpi_phdr[i];
    const char *at = (const char *)(info->dlpi_addr + h->p_vaddr), *end = at + h->p_memsz;
    while (h->p_type == PT_NOTE && at + sizeof(ElfW(Nhdr)) <= end) {
      const ElfW(Nhdr) *note = (const ElfW(Nhdr) *)at;
      const char *owner = at + sizeof *note, *text = owner + (note->n_namesz + 3) / 4 * 4;
      if (note->n_type == NT_GNU_BUILD_ID && note->n_namesz == 4 && !memcmp(owner, "GNU", 4))
        *id = cache_mix_bytes(1, text, note->n_descsz);
      at = text + (note->n_descsz + 3) / 4 * 4;
    }
  }
  return 1;
}

/* Where the linker makes no build id, size and time of the binary take its place. */
uint64_t cache_build(void) {
  uint64_t id = 0;
  struct stat st;
  dl_iterate_phdr(find_build_id, &id);
  if (id || stat("/proc/self/exe", &st)) return id;
  return hash_mix(hash_mix(hash_mix(2, (uint64_t)st.st_size), (uint64_t)st.st_mtim.tv_sec), (uint64_t)st.st_mtim.tv_nsec);
}

/* ---- place ---- */

/* Owned; NULL where there is no home. */
static char *cache_folder(void) {
  const char *cache = getenv("XDG_CACHE_HOME"), *home = getenv("HOME");
  if (cache && *cache == '/') return text_format("%s/battc", cache);
  return home && *home == '/' ? text_format("%s/.cache/battc", home) : NULL;
}

char *cache_path(const char *kind, uint64_t key, const char *suffix) {
  char *folder = cache_folder();
  char *path = folder ? text_format("%s/%s-%016llx.%s", folder, kind, (unsigned long long)hash_mix(key, cache_build()), suffix) : NULL;
  free(folder);
  return path;
}

/* ---- files ---- */

bool cache_make_folders(char *path) {
  for (char *slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
    *slash = 0;
    bool ok = mkdir(path, 0700) == 0 || errno == EEXIST;
    *slash = '/';
    if (!ok) return false;
  }
  return true;
}

bool cache_is_own(const char *path) {
  struct stat st;
  return stat(path, &st) == 0 && S_ISREG(st.st_mode) && (st.st_uid == geteuid() || st.st_uid == 0) &&
         !(st.st_mode & (S_IWGRP | S_IWOTH));
}
