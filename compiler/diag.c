/* diag.c - diagnostics: text with the source line and a caret, or an array of objects as gcc's JSON. */
#include "diag.h"
#include "ast.h"

#include <cjson/cJSON.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SHOWN_COLUMNS = 100, MESSAGE_MOST = 2000, ESCAPED = 4, MOST_CONTINUED = 3 };

static struct {
  pthread_mutex_t lock;
  uint32_t errors;
  bool json, werror;
  cJSON *objects;
} diag = {PTHREAD_MUTEX_INITIALIZER, 0, false, false, NULL};

static const char *const level_names[] = {"note", "warning", "error"};

/* Bytes of the printable UTF-8 character at s[0..len), 0 if it must be escaped. */
static size_t printable(const unsigned char *s, size_t len) {
  if (s[0] < 0x80) return s[0] >= 0x20 && s[0] != 0x7f;
  size_t n = s[0] >= 0xf0 ? 4 : s[0] >= 0xe0 ? 3 : 2;
  if (s[0] < 0xc2 || s[0] > 0xf4 || n > len) return 0;
  for (size_t i = 1; i < n; i++)
    if ((s[i] & 0xc0) != 0x80) return 0;
  if (s[0] == 0xc2 && s[1] < 0xa0) return 0; /* C1 controls */
  if (s[0] == 0xe2 && (s[1] == 0x80 || s[1] == 0x81) && s[2] >= 0x8b) /* marks that turn text around */
    return s[1] == 0x80 && s[2] >= 0x90 && s[2] <= 0xa7 ? n : 0;
  return n;
}

/* Copies s[0..len) to `to`, which has room for ESCAPED * len + 1 bytes: controls as \xNN, tabs as blanks.
 * Returns the columns that it takes on a terminal, wide characters aside. */
static uint32_t escape(char *to, const char *s, size_t len) {
  uint32_t columns = 0;
  for (size_t i = 0; i < len;) {
    const unsigned char *c = (const unsigned char *)s + i;
    size_t n = printable(c, len - i);
    if (n) {
      memcpy(to, c, n);
      to += n;
      columns++;
    } else if (*c == '\t') {
      *to++ = ' ';
      columns++;
    } else {
      to += sprintf(to, "\\x%02x", *c);
      columns += ESCAPED;
    }
    i += n ? n : 1;
  }
  *to = 0;
  return columns;
}

static bool continues(char c) { return ((unsigned char)c & 0xc0) == 0x80; }

/* The source line, cut to SHOWN_COLUMNS bytes around the caret, and the caret below it. */
static void print_line(const Source *src, uint32_t line, uint32_t col) {
  if (!src || !line || line > src->nlines) return;
  size_t start = src->line_starts[line - 1];
  size_t end = line < src->nlines ? src->line_starts[line] - 1 : src->len;
  size_t at = start + (col ? col - 1 : 0);
  if (at > end) at = end;
  size_t from = start, to = end;
  if (at - start > SHOWN_COLUMNS * 2 / 3 && end - start > SHOWN_COLUMNS) from = at - SHOWN_COLUMNS / 2;
  for (int i = 0; i < MOST_CONTINUED && from > start && continues(src->text[from]); i++) from--;
  if (to - from > SHOWN_COLUMNS) to = from + SHOWN_COLUMNS;
  for (int i = 0; i < MOST_CONTINUED && to < end && continues(src->text[to]); i++) to++;
  char buffer[(SHOWN_COLUMNS + 8) * ESCAPED + 1];
  const char *before = from > start ? "..." : "", *after = to < end ? "..." : "";
  uint32_t caret = escape(buffer, src->text + from, at - from) + (uint32_t)strlen(before);
  escape(buffer, src->text + from, to - from);
  fprintf(stderr, "%6u | %s%s%s\n       | ", line, before, buffer, after);
  if (col) fprintf(stderr, "%*s^", (int)caret, "");
  fputc('\n', stderr);
}

static cJSON *json_place(const char *file, uint32_t line, uint32_t col) {
  cJSON *caret = cJSON_CreateObject(), *place = cJSON_CreateObject();
  cJSON_AddStringToObject(caret, "file", file);
  cJSON_AddNumberToObject(caret, "line", line);
  cJSON_AddNumberToObject(caret, "display-column", col);
  cJSON_AddNumberToObject(caret, "byte-column", col);
  cJSON_AddNumberToObject(caret, "column", col);
  cJSON_AddItemToObject(place, "caret", caret);
  return place;
}

static void add_json(DiagLevel level, const char *file, uint32_t line, uint32_t col, const char *message) {
  if (!diag.objects) diag.objects = cJSON_CreateArray();
  cJSON *object = cJSON_CreateObject(), *places = cJSON_CreateArray();
  cJSON_AddStringToObject(object, "kind", level_names[level]);
  cJSON_AddStringToObject(object, "message", message);
  cJSON_AddItemToObject(object, "children", cJSON_CreateArray());
  cJSON_AddNumberToObject(object, "column-origin", 1);
  if (file && line) cJSON_AddItemToArray(places, json_place(file, line, col));
  cJSON_AddItemToObject(object, "locations", places);
  cJSON_AddBoolToObject(object, "escape-source", false);
  cJSON_AddItemToArray(diag.objects, object);
}

static void emit(DiagLevel level, const Source *src, uint32_t line, uint32_t col, const char *fmt, va_list args) {
  char raw[MESSAGE_MOST], message[MESSAGE_MOST * ESCAPED + 16];
  int n = vsnprintf(raw, sizeof raw, fmt, args);
  escape(message, raw, n < 0 ? 0 : (size_t)n < sizeof raw ? (size_t)n : sizeof raw - 1);
  char path[MESSAGE_MOST * ESCAPED + 1] = "battc";
  if (src) escape(path, src->path, strnlen(src->path, MESSAGE_MOST));
  pthread_mutex_lock(&diag.lock);
  bool promoted = diag.werror && level == DIAG_WARNING;
  if (promoted) level = DIAG_ERROR;
  diag.errors += level == DIAG_ERROR;
  const char *suffix = promoted ? " [-Werror]" : "";
  if (promoted && diag.json) strcat(message, suffix);
  if (diag.json) {
    add_json(level, src ? path : NULL, line, col, message);
  } else if (!src || !line) {
    fprintf(stderr, "%s: %s: %s%s\n", path, level_names[level], message, suffix);
  } else {
    fprintf(stderr, "%s:%u:%u: %s: %s%s\n", path, line, col, level_names[level], message, suffix);
    print_line(src, line, col);
  }
  pthread_mutex_unlock(&diag.lock);
}

void diag_at(DiagLevel level, const Source *src, uint32_t line, uint32_t col, const char *fmt, ...) {
  va_list args;
  va_start(args, fmt);
  emit(level, src, line, col, fmt, args);
  va_end(args);
}

void diag_plain(DiagLevel level, const char *fmt, ...) {
  va_list args;
  va_start(args, fmt);
  emit(level, NULL, 0, 0, fmt, args);
  va_end(args);
}

uint32_t diag_errors(void) {
  pthread_mutex_lock(&diag.lock);
  uint32_t n = diag.errors;
  pthread_mutex_unlock(&diag.lock);
  return n;
}

void diag_forget(void) {
  pthread_mutex_lock(&diag.lock);
  diag.errors = 0;
  pthread_mutex_unlock(&diag.lock);
}

void diag_set_json(bool on) { diag.json = on; }
void diag_set_werror(bool on) { diag.werror = on; }

void diag_finish(void) {
  if (!diag.json) return;
  char *text = diag.objects ? cJSON_PrintUnformatted(diag.objects) : NULL;
  fprintf(stderr, "%s\n", text ? text : "[]");
  cJSON_free(text);
  cJSON_Delete(diag.objects);
  diag.objects = NULL;
}
