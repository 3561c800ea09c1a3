/* cache.h - where battc keeps what it has built: $XDG_CACHE_HOME/battc, ~/.cache where that is not set. */
#ifndef BATTC_CACHE_H
#define BATTC_CACHE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* FOLDER/KIND-HASH.SUFFIX, where the hash is of the key and of this battc's own build; owned. NULL where there is no home. */
char *cache_path(const char *kind, uint64_t key, const char *suffix);
bool cache_make_folders(char *path);   /* those that the path needs; false: errno */
/* Code is run from it: it must be this user's, and nobody else's to write. */
bool cache_is_own(const char *path);
uint64_t cache_build(void);            /* of this battc: another one has another */
uint64_t cache_mix_bytes(uint64_t hash, const void *bytes, size_t n);

#endif
