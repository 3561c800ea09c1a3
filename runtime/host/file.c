/* file.c - whole files in, atomic files out. */
#include "file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { READ_STEP = 1 << 16 };

static bool read_all(int fd, Buffer *b, size_t expected) {
  buffer_reserve(b, expected + 1);
  for (;;) {
    if (b->cap - b->len < 2) buffer_reserve(b, READ_STEP);
    ssize_t n = read(fd, b->data + b->len, b->cap - b->len - 1);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return false;
    if (n == 0) break;
    b->len += (size_t)n;
  }
  b->data[b->len] = '\0';
  return true;
}

char *file_read(const char *path, size_t *len) {
  Buffer b = {0};
  struct stat st;
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  bool ok = fd >= 0 && fstat(fd, &st) == 0;
  if (ok && S_ISDIR(st.st_mode)) errno = EISDIR;
  else if (ok && read_all(fd, &b, S_ISREG(st.st_mode) && st.st_size > 0 ? (size_t)st.st_size + 1 : READ_STEP)) {
    close(fd);
    *len = b.len;
    return b.data;
  }
  host_error("%s: %s", path, strerror(errno));
  if (fd >= 0) close(fd);
  buffer_free(&b);
  return NULL;
}

const char *program_folder(void) {
  static char path[PATH_MAX];
  ssize_t n = readlink("/proc/self/exe", path, sizeof path - 1);
  path[n > 0 ? n : 0] = 0;
  char *slash = strrchr(path, '/');
  if (slash) *slash = 0;
  return path;
}

static bool out_fail(OutFile *out) {
  if (!out->failed) host_error("cannot write %s: %s", out->path, strerror(errno));
  out->failed = true;
  return false;
}

static char *copy_text(const char *text) {
  size_t n = strlen(text) + 1;
  return (char *)memcpy(host_alloc(n), text, n);
}

/* A name beside `path`, opened with the permissions that a plain open would give. */
static bool open_beside(OutFile *out) {
  Buffer name = {0};
  buffer_text(&name, out->path);
  buffer_bytes(&name, ".XXXXXX", sizeof ".XXXXXX");
  out->temp = name.data;
  out->fd = mkostemp(out->temp, O_CLOEXEC);
  if (out->fd < 0) {
    free(out->temp);
    out->temp = NULL;
    return false;
  }
  mode_t mask = umask(0);
  umask(mask);
  return fchmod(out->fd, 0666 & ~mask) == 0;
}

static bool out_start(OutFile *out, const char *path) {
  struct stat st;
  if (strcmp(path, "-") == 0) {
    out->path = copy_text("standard output");
    out->fd = STDOUT_FILENO;
    return true;
  }
  bool exists = stat(path, &st) == 0;
  char *real = exists ? realpath(path, NULL) : NULL; /* a link stays a link */
  out->path = real ? real : copy_text(path);
  if (exists && !S_ISREG(st.st_mode)) {
    out->fd = open(path, O_WRONLY | O_CLOEXEC);
    return out->fd >= 0 || out_fail(out);
  }
  if (exists && access(path, W_OK) != 0) return out_fail(out);
  return open_beside(out) || out_fail(out);
}

static void out_close(OutFile *out) {
  if (out->fd > STDERR_FILENO) close(out->fd);
  free(out->path);
  free(out->temp);
  out->path = out->temp = NULL;
  out->fd = -1;
}

void out_abandon(OutFile *out) {
  if (out->temp) unlink(out->temp);
  out_close(out);
}

bool out_open(OutFile *out, const char *path) {
  memset(out, 0, sizeof *out);
  out->fd = -1;
  if (out_start(out, path)) return true;
  out_abandon(out);
  return false;
}

bool out_write(OutFile *out, const char *bytes, size_t len) {
  while (len && !out->failed) {
    ssize_t n = write(out->fd, bytes, len);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return out_fail(out);
    bytes += n;
    len -= (size_t)n;
  }
  return !out->failed;
}

bool out_commit(OutFile *out) {
  if (out->temp && !out->failed) {
    if (fsync(out->fd) != 0 || rename(out->temp, out->path) != 0) out_fail(out);
  }
  bool ok = !out->failed;
  if (!ok && out->temp) unlink(out->temp);
  out_close(out);
  return ok;
}

bool file_write(const char *path, const Buffer *text) {
  OutFile out;
  if (!out_open(&out, path)) return false;
  out_write(&out, text->data, text->len);
  return out_commit(&out);
}
