/* source_lines.c - see source_lines.h. */
#include "source_lines.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "file.h"

static void add_line(SourceLines *s, uint32_t *cap, const char *from, const char *end) {
  uint32_t same_cap = *cap;
  s->lines = (const char **)host_grow((void *)s->lines, s->n, cap, sizeof *s->lines);
  s->lengths = (uint32_t *)host_grow(s->lengths, s->n, &same_cap, sizeof *s->lengths);
  s->lines[s->n] = from;
  s->lengths[s->n++] = (uint32_t)(end - from - (end > from && end[-1] == '\r'));
}

SourceLines source_lines(const char *path) {
  SourceLines s = {0};
  size_t len = 0;
  uint32_t cap = 0;
  if (access(path, R_OK) == 0) s.text = file_read(path, &len);
  for (const char *p = s.text, *end = p + len; p && p < end;) {
    const char *stop = (const char *)memchr(p, '\n', (size_t)(end - p));
    add_line(&s, &cap, p, stop ? stop : end);
    p = stop ? stop + 1 : end;
  }
  return s;
}

void source_lines_free(SourceLines *s) {
  free(s->text);
  free((void *)s->lines);
  free(s->lengths);
}

void source_line_text(Buffer *b, const SourceLines *s, uint32_t line, uint32_t most) {
  if (!line || line > s->n) return;
  const char *text = s->lines[line - 1];
  uint32_t len = s->lengths[line - 1];
  while (len && (*text == ' ' || *text == '\t')) text++, len--;
  buffer_printable(b, text, len < most ? len : most);
  if (len > most) buffer_text(b, "...");
}
