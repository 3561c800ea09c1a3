/* file.h - reading a whole file; writing one that appears complete or not at all. */
#ifndef BATTC_FILE_H
#define BATTC_FILE_H

#include "buffer.h"

/* The file's bytes, NUL-terminated after *len of them; the caller frees. NULL after a message. */
char *file_read(const char *path, size_t *len);

/* The folder of the running program, "" if that is not known; for what is installed beside it. */
const char *program_folder(void);

/* Output under way. Regular files are written beside their name and renamed at the end; "-" is
 * standard output; devices and pipes are written directly. */
typedef struct {
  int fd;
  char *path;   /* for messages, and the final name */
  char *temp;   /* NULL: written directly */
  bool failed;  /* a message was given */
} OutFile;

bool out_open(OutFile *out, const char *path);               /* false after a message */
bool out_write(OutFile *out, const char *bytes, size_t len); /* false after a message */
/* What was written becomes the file, safe on disk. False after a message. */
bool out_commit(OutFile *out);
void out_abandon(OutFile *out); /* as if never opened */

bool file_write(const char *path, const Buffer *text); /* all of it at once; false after a message */

#endif
