/* json.c - reading JSON text of known shape in place. */
#include "json.h"

#include <cjson/cJSON.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_NESTING = 500 }; /* below cJSON's own bound */

void json_init(Json *j, const char *path, const char *text, size_t len) {
  memset(j, 0, sizeof *j);
  j->path = path;
  j->start = j->p = text;
  j->end = text + len;
  if (len >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0) j->p += 3; /* byte order mark */
}

bool json_fail(Json *j, const char *at, const char *error) {
  if (!j->error) {
    j->error = error;
    j->error_at = at;
  }
  j->p = j->end; /* nothing is read after a failure */
  return false;
}

void json_report(const Json *j, const char *task) {
  uint32_t line = 1;
  const char *line_start = j->start;
  for (const char *s = j->start; s < j->error_at; s++)
    if (*s == '\n') {
      line++;
      line_start = s + 1;
    }
  Buffer place = {0};
  buffer_format(&place, "%s:%u:%u: ", j->path, line, (unsigned)(j->error_at - line_start) + 1);
  if (task) buffer_format(&place, "task %.80s: ", task);
  host_error("%.*s%s", (int)place.len, place.data, j->error);
  buffer_free(&place);
}

char json_peek(Json *j) {
  while (j->p < j->end && (*j->p == ' ' || *j->p == '\n' || *j->p == '\t' || *j->p == '\r')) j->p++;
  return j->p < j->end ? *j->p : '\0';
}

bool json_expect(Json *j, char c) {
  if (json_peek(j) == c && j->p < j->end) {
    j->p++;
    return true;
  }
  const char *what = c == '{'   ? "expected an object"
                     : c == '[' ? "expected an array"
                     : c == ':' ? "expected ':' after a name"
                                : "broken JSON";
  return json_fail(j, j->p, j->p == j->end ? "the file ends too early" : what);
}

bool json_end(Json *j) {
  json_peek(j);
  return j->error ? false : j->p == j->end || json_fail(j, j->p, "something follows the end of the JSON text");
}

/* The byte after a string's closing quote, NULL if it is not closed. */
static const char *string_end(const Json *j, const char *p) {
  for (p++; p < j->end; p++) {
    if (*p == '"') return p + 1;
    if (*p == '\\') p++;
  }
  return NULL;
}

static bool unescape(Json *j, const char *from, size_t len, Buffer *text) {
  cJSON *node = cJSON_ParseWithLength(from, len);
  if (cJSON_IsString(node)) buffer_text(text, node->valuestring);
  bool ok = cJSON_IsString(node);
  cJSON_Delete(node);
  return ok || json_fail(j, from, "broken string");
}

static bool json_string(Json *j, Buffer *text) {
  text->len = 0;
  if (json_peek(j) != '"') return json_fail(j, j->p, "expected a name in double quotes");
  const char *from = j->p, *end = string_end(j, from);
  if (!end) return json_fail(j, from, "this string does not end");
  size_t len = (size_t)(end - from);
  if (!memchr(from, '\\', len)) buffer_bytes(text, from + 1, len - 2);
  else if (!unescape(j, from, len, text)) return false;
  buffer_char(text, '\0');
  j->p = end;
  return true;
}

/* True: one more follows, after its comma if it is not the first. */
static bool next_of(Json *j, uint32_t *n, char closing) {
  char c = json_peek(j);
  if (j->error) return false;
  if (c == closing && j->p < j->end) {
    j->p++;
    return false;
  }
  if ((*n)++ == 0) return j->p < j->end || json_fail(j, j->p, "the file ends too early");
  if (c != ',')
    return json_fail(j, j->p, j->p == j->end     ? "the file ends too early"
                              : closing == ']' ? "expected ',' or ']'"
                                               : "expected ',' or '}'");
  j->p++;
  if (json_peek(j) == closing) return json_fail(j, j->p, "a comma before the closing bracket");
  return true;
}

bool json_next_member(Json *j, uint32_t *n, Buffer *key) {
  return next_of(j, n, '}') && json_string(j, key) && json_expect(j, ':');
}

bool json_next_element(Json *j, uint32_t *n) { return next_of(j, n, ']'); }

bool json_skip(Json *j) {
  const char *from, *end = NULL;
  size_t len;
  json_peek(j);
  const char *before = j->p;
  if (!json_pass(j, &from, &len)) return false;
  cJSON *node = cJSON_ParseWithLengthOpts(before, len, &end, 0);
  bool ok = node != NULL && end == before + len;
  cJSON_Delete(node);
  return ok || json_fail(j, end ? end : before, "broken JSON");
}

/* Scalars end where a separator stands; what they are is not looked at. */
static const char *scalar_end(const Json *j, const char *p) {
  while (p < j->end && !strchr(",:]}[{\" \t\r\n", *p)) p++;
  return p;
}

bool json_pass(Json *j, const char **from, size_t *len) {
  char open[MAX_NESTING];
  uint32_t depth = 0;
  json_peek(j);
  const char *p = *from = j->p;
  do {
    if (p == j->end) return json_fail(j, p, "the file ends too early");
    char c = *p;
    if (c == '"') {
      const char *end = string_end(j, p);
      if (!end) return json_fail(j, p, "this string does not end");
      p = end;
    } else if (c == '[' || c == '{') {
      if (depth == MAX_NESTING) return json_fail(j, p, "nested too deeply");
      open[depth++] = c == '[' ? ']' : '}';
      p++;
    } else if (c == ']' || c == '}') {
      if (!depth || open[--depth] != c) return json_fail(j, p, "a closing bracket that nothing opened");
      p++;
    } else if (depth) {
      p++;
    } else {
      const char *end = scalar_end(j, p);
      if (end == p) return json_fail(j, p, "expected a value");
      p = end;
    }
  } while (depth);
  *len = (size_t)(p - *from);
  j->p = p;
  return true;
}
