/* cc.h - running the C compiler of this machine, and where battc's own files for it lie. */
#ifndef BATTC_CC_H
#define BATTC_CC_H

#include <stdbool.h>
#include <stdint.h>

/* A command: words, NULL at the end. All zero is an empty one. Words are copied. */
typedef struct {
  char **words;
  uint32_t n, cap;
} Command;

void command_add(Command *c, const char *word);
void command_add_format(Command *c, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void command_free(Command *c);

/* $CC, which may have options after spaces, or cc. */
void cc_start(Command *c);
/* The folder with the runtime's headers, or NULL after a diagnostic; the same for the runtime library and those of Python modules
 * and of devices.
 * They lie beside the binary, or under its prefix, or where $BATTC_INCLUDE and $BATTC_LIB say. */
const char *cc_include_dir(void);
const char *cc_runtime_library(void);
const char *cc_python_library(void);
const char *cc_device_library(void);
/* Runs n commands, `jobs` at a time, without a shell. EXIT_OK; EXIT_INPUT: there is no C compiler;
 * EXIT_INTERRUPTED; EXIT_INTERNAL: it failed and said why itself. A diagnostic was given. Shows the
 * commands on stderr if asked to. */
int cc_run(const Command *commands, uint32_t n, int jobs, bool show);

/* A new folder for intermediate files; NULL after a diagnostic. To be given to cc_drop_folder. */
char *cc_make_folder(void);
void cc_drop_folder(char *folder); /* with the files in it */
/* Writes folder/name; false after a diagnostic. */
bool cc_write(const char *path, const char *bytes, uint64_t len);
char *text_format(const char *fmt, ...) __attribute__((format(printf, 1, 2))); /* owned */

#endif
