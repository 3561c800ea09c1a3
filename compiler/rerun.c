/* rerun.c - see rerun.h. */
#include "rerun.h"

#include "../runtime/host/buffer.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

static const struct timespec LOOK = {0, 10000000}, SETTLE = {0, 30000000};

struct WatchedFile {
  const char *path;
  struct stat seen;
};

static bool look(const char *path, struct stat *st) {
  memset(st, 0, sizeof *st);
  return stat(path, st) == 0 && st->st_size > 0;
}

static bool same(const struct stat *a, const struct stat *b) {
  return a->st_ino == b->st_ino && a->st_size == b->st_size && a->st_mtim.tv_sec == b->st_mtim.tv_sec &&
         a->st_mtim.tv_nsec == b->st_mtim.tv_nsec;
}

WatchedFile *watch_start(const char *path) {
  WatchedFile *w = host_alloc(sizeof *w);
  w->path = path;
  look(path, &w->seen);
  return w;
}

void watch_wait(WatchedFile *w) {
  struct stat now, later;
  for (;;) {
    if (look(w->path, &now) && !same(&now, &w->seen)) {
      nanosleep(&SETTLE, NULL);
      if (look(w->path, &later) && same(&now, &later)) break;
    }
    nanosleep(&LOOK, NULL);
  }
  w->seen = now;
}

void watch_free(WatchedFile *w) { free(w); }
