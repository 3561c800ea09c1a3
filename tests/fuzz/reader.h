/* reader.h - what the fuzz targets of battc's readers share: the input as a file, since readers take paths. */
#ifndef BATTC_FUZZ_READER_H
#define BATTC_FUZZ_READER_H

#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Writes bytes to a file of this process and gives its path, which lives until the next call with this name. */
static inline const char *reader_file(const char *name, const void *bytes, size_t size) {
  static char paths[4][100];
  static unsigned next;
  char *path = paths[next++ % 4];
  snprintf(path, sizeof paths[0], "/tmp/battc-fuzz-%d-%s", (int)getpid(), name);
  int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (fd < 0 || write(fd, bytes, size) != (ssize_t)size) abort();
  close(fd);
  return path;
}

#endif
