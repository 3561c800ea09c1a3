/* buffer.h - growing text: numbers, JSON strings, Python's floats; and messages on stderr. */
#ifndef BATTC_BUFFER_H
#define BATTC_BUFFER_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Owned text, not NUL-terminated. All zero is an empty buffer. */
typedef struct {
  char *data;
  size_t len, cap;
} Buffer;

void buffer_free(Buffer *b);
/* Room for n more bytes. The process ends with EXIT_INTERNAL when memory is out. */
void buffer_reserve(Buffer *b, size_t n);
void buffer_bytes(Buffer *b, const char *bytes, size_t n);
void buffer_text(Buffer *b, const char *text);
void buffer_int(Buffer *b, int64_t i);
void buffer_format(Buffer *b, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* A JSON string with its quotes. Surrogates that Python strings may hold become \uXXXX, other
 * bytes that are not UTF-8 become \ufffd. */
void buffer_json_string(Buffer *b, const char *bytes, size_t n);
/* Bytes that a terminal could obey are escaped. */
void buffer_printable(Buffer *b, const char *bytes, size_t n);
/* repr(d) of a finite float: the shortest digits that read back as d. */
void buffer_float_repr(Buffer *b, double d);

static inline void buffer_char(Buffer *b, char c) {
  if (b->len == b->cap) buffer_reserve(b, 1);
  b->data[b->len++] = c;
}

/* malloc and realloc that end the process with EXIT_INTERNAL when memory is out. */
void *host_alloc(size_t bytes);
void *host_realloc(void *p, size_t bytes);
/* Array growth: room for one element more than *cap says is enough. */
void *host_grow(void *p, uint32_t used, uint32_t *cap, size_t element);

/* `battc: error: text` on stderr; bytes that a terminal could obey are escaped. */
extern _Thread_local bool host_errors_off; /* nothing is said by this thread */
void host_error(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
void host_warning(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* Seconds of a clock that only goes forward. */
double host_clock(void);

#endif
