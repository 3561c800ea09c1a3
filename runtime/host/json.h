/* json.h - reading JSON text of known shape in place.
 *
 * ARC data is megabytes of grids inside a few names. The shape that is known is read directly, at
 * the speed of the bytes; what is not (strings with escapes, members nobody asked for) goes to cJSON.
 * After a failure every function gives false, and the first failure's place and text are kept. */
#ifndef BATTC_JSON_H
#define BATTC_JSON_H

#include "buffer.h"

typedef struct {
  const char *path;      /* for messages */
  const char *start, *p, *end;
  const char *error;     /* NULL: none so far */
  const char *error_at;
} Json;

void json_init(Json *j, const char *path, const char *text, size_t len);
bool json_fail(Json *j, const char *at, const char *error); /* error: a constant text; gives false */
/* `PATH:LINE:COL: error: TASK: text` on stderr; task may be NULL. */
void json_report(const Json *j, const char *task);

char json_peek(Json *j);                   /* the next byte that is not white space, 0 at the end */
bool json_expect(Json *j, char c);         /* that byte, or a failure */
bool json_end(Json *j);                    /* nothing but white space is left */
/* Members of an object, elements of an array: first opens it. `while (json_next_…)` after the
 * opening bracket was consumed; *n counts from 0 and is the caller's. False at the end or on failure. */
bool json_next_member(Json *j, uint32_t *n, Buffer *key); /* key: NUL-terminated, unescaped */
bool json_next_element(Json *j, uint32_t *n);
bool json_skip(Json *j);                   /* any value, fully checked */
bool json_pass(Json *j, const char **from, size_t *len); /* any value, only its brackets checked */

#endif
