/* source_lines.h - the text of a Python file by lines, to be shown. */
#ifndef BATTC_SOURCE_LINES_H
#define BATTC_SOURCE_LINES_H

#include "buffer.h"

/* n 0: the file is not to be had. Lines are not NUL-terminated. */
typedef struct {
  char *text;
  const char **lines;
  uint32_t *lengths;
  uint32_t n;
} SourceLines;

SourceLines source_lines(const char *path);
void source_lines_free(SourceLines *s);
/* A line without the blanks before it, at most so many bytes, fit for a terminal; nothing where there is none. */
void source_line_text(Buffer *b, const SourceLines *s, uint32_t line, uint32_t most);

#endif
