/* buffer.c - growing text, and messages. */
#include "buffer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "exit.h"

static void out_of_memory(void) {
  fputs("battc: error: out of memory\n", stderr);
  _Exit(EXIT_INTERNAL);
}

void *host_alloc(size_t bytes) { return host_realloc(NULL, bytes); }

void *host_realloc(void *p, size_t bytes) {
  void *q = realloc(p, bytes ? bytes : 1);
  if (!q) out_of_memory();
  return q;
}

void *host_grow(void *p, uint32_t used, uint32_t *cap, size_t element) {
  if (used < *cap) return p;
  if (*cap > UINT32_MAX / 2 - 8) out_of_memory();
  *cap = *cap ? *cap * 2 : 8;
  return host_realloc(p, *cap * element);
}

double host_clock(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

/* ---- text ---- */

void buffer_free(Buffer *b) {
  free(b->data);
  memset(b, 0, sizeof *b);
}

void buffer_reserve(Buffer *b, size_t n) {
  if (n <= b->cap - b->len) return;
  if (n > SIZE_MAX / 2 - b->len) out_of_memory();
  size_t cap = b->cap ? b->cap : 256;
  while (cap < b->len + n) cap *= 2;
  b->data = (char *)host_realloc(b->data, cap);
  b->cap = cap;
}

void buffer_bytes(Buffer *b, const char *bytes, size_t n) {
  if (!n) return;
  buffer_reserve(b, n);
  memcpy(b->data + b->len, bytes, n);
  b->len += n;
}

void buffer_text(Buffer *b, const char *text) { buffer_bytes(b, text, strlen(text)); }

void buffer_int(Buffer *b, int64_t i) {
  if (i >= 0 && i <= 9) { /* colours: nearly all of the numbers there are */
    buffer_char(b, (char)('0' + i));
    return;
  }
  char digits[24];
  char *p = digits + sizeof digits;
  uint64_t u = i < 0 ? 0 - (uint64_t)i : (uint64_t)i;
  do *--p = (char)('0' + u % 10);
  while (u /= 10);
  if (i < 0) *--p = '-';
  buffer_bytes(b, p, (size_t)(digits + sizeof digits - p));
}

__attribute__((format(printf, 2, 0), nonnull)) static void buffer_vformat(Buffer *b, const char *fmt, va_list ap) {
  va_list again;
  va_copy(again, ap);
  int n = vsnprintf(NULL, 0, fmt, ap);
  if (n > 0) {
    buffer_reserve(b, (size_t)n + 1);
    vsnprintf(b->data + b->len, (size_t)n + 1, fmt, again);
    b->len += (size_t)n;
  }
  va_end(again);
}

void buffer_format(Buffer *b, const char *fmt, ...) {
  va_list ap;
  va_start(ap, fmt);
  buffer_vformat(b, fmt, ap);
  va_end(ap);
}

/* Bytes of the well-formed UTF-8 sequence at s, 0 if it is none. Surrogates count as well-formed:
 * *code tells. */
static size_t utf8_sequence(const unsigned char *s, size_t n, uint32_t *code) {
  size_t len = s[0] < 0xc2 ? 0 : s[0] < 0xe0 ? 2 : s[0] < 0xf0 ? 3 : s[0] < 0xf5 ? 4 : 0;
  if (!len || len > n) return 0;
  *code = s[0] & (0x7fu >> len);
  for (size_t i = 1; i < len; i++) {
    if ((s[i] & 0xc0) != 0x80) return 0;
    *code = *code << 6 | (s[i] & 0x3fu);
  }
  static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
  return *code < least[len] || *code > 0x10ffff ? 0 : len;
}

static void json_control(Buffer *b, unsigned char c) {
  const char *named = "\bb\tt\nn\ff\rr";
  for (const char *p = named; *p; p += 2)
    if ((unsigned char)p[0] == c) {
      char text[2] = {'\\', p[1]};
      buffer_bytes(b, text, 2);
      return;
    }
  buffer_format(b, "\\u%04x", (unsigned)c);
}

void buffer_json_string(Buffer *b, const char *bytes, size_t n) {
  const unsigned char *s = (const unsigned char *)bytes;
  buffer_reserve(b, n + 2);
  buffer_char(b, '"');
  for (size_t i = 0; i < n;) {
    unsigned char c = s[i];
    uint32_t code;
    size_t len;
    if (c >= 0x80 && !(len = utf8_sequence(s + i, n - i, &code))) {
      buffer_text(b, "\\ufffd");
      i++;
    } else if (c >= 0x80 && code >= 0xd800 && code <= 0xdfff) {
      buffer_format(b, "\\u%04x", (unsigned)code);
      i += len;
    } else if (c >= 0x80) {
      buffer_bytes(b, bytes + i, len);
      i += len;
    } else {
      if (c < 0x20 || c == 0x7f) json_control(b, c);
      else {
        if (c == '"' || c == '\\') buffer_char(b, '\\');
        buffer_char(b, (char)c);
      }
      i++;
    }
  }
  buffer_char(b, '"');
}

/* One more in the last digit of d.ddde±xx, carried; 9.99 stays. */
static void next_digits(char *text) {
  char *p = strchr(text, 'e');
  while (--p > text && (*p == '9' || *p == '.'))
    if (*p == '9') *p = '0';
  if (*p >= '0' && *p < '9') ++*p;
}

/* The fewest significant digits that read back as d, as d.ddde±xx. The nearest number of so many digits
 * may fail where the one above it does not: below a power of two doubles lie closer than above. */
static void shortest_digits(double d, char *text, size_t size) {
  for (int precision = 0; precision < 17; precision++) {
    snprintf(text, size, "%.*e", precision, d);
    if (strtod(text, NULL) == d) return;
    next_digits(text);
    if (precision == 15 && strtod(text, NULL) == d) return;
  }
}

/* Python switches to an exponent below 1e-4 and from 1e16. */
void buffer_float_repr(Buffer *b, double d) {
  char text[40], digits[20];
  shortest_digits(d, text, sizeof text);
  const char *p = text;
  if (*p == '-') buffer_char(b, *p++);
  int n = 0;
  for (; *p && *p != 'e'; p++)
    if (*p != '.' && n < (int)sizeof digits) digits[n++] = *p;
  int exponent = *p ? atoi(p + 1) : 0;
  if (exponent < -4 || exponent >= 16) {
    buffer_char(b, digits[0]);
    if (n > 1) {
      buffer_char(b, '.');
      buffer_bytes(b, digits + 1, (size_t)n - 1);
    }
    buffer_format(b, "e%c%02d", exponent < 0 ? '-' : '+', abs(exponent));
    return;
  }
  if (exponent < 0) {
    buffer_text(b, "0.");
    for (int i = -1; i > exponent; i--) buffer_char(b, '0');
    buffer_bytes(b, digits, (size_t)n);
    return;
  }
  for (int i = 0; i < n || i <= exponent; i++) {
    if (i == exponent + 1) buffer_char(b, '.');
    buffer_char(b, i < n ? digits[i] : '0');
  }
  if (n <= exponent + 1) buffer_text(b, ".0");
}

void buffer_printable(Buffer *b, const char *bytes, size_t n) {
  for (size_t i = 0; i < n; i++) {
    unsigned char c = (unsigned char)bytes[i];
    if (c < 0x20 || c == 0x7f) buffer_format(b, "\\x%02x", (unsigned)c);
    else buffer_char(b, (char)c);
  }
}

/* ---- messages ---- */

__attribute__((format(printf, 2, 0))) static void message(const char *level, const char *fmt, va_list ap) {
  Buffer raw = {0}, line = {0};
  buffer_vformat(&raw, fmt, ap);
  buffer_format(&line, "battc: %s: ", level);
  buffer_printable(&line, raw.data, raw.len);
  buffer_char(&line, '\n');
  fwrite(line.data, 1, line.len, stderr);
  buffer_free(&raw);
  buffer_free(&line);
}

_Thread_local bool host_errors_off;

void host_error(const char *fmt, ...) {
  va_list ap;
  if (host_errors_off) return;
  va_start(ap, fmt);
  message("error", fmt, ap);
  va_end(ap);
}

void host_warning(const char *fmt, ...) {
  va_list ap;
  va_start(ap, fmt);
  message("warning", fmt, ap);
  va_end(ap);
}
