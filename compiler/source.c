/* source.c - a file's text: read, checked to be UTF-8, lines found; and the pools of its tree.
 *
 * Line ends are made '\n' and a byte order mark is dropped, so the passes after see one form. */
#include "ast.h"
#include "diag.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MAX_FILE = 256u << 20, POOL_FIRST = 16u << 10, POOL_MOST = 4u << 20 };

/* ---- pool ---- */

typedef struct Chunk {
  struct Chunk *next;
  size_t used, size; /* bytes after this header */
} Chunk;

struct Pool {
  Chunk *chunks; /* the one being filled first */
  size_t next_size;
};

static void *must(void *memory) {
  if (!memory) {
    fputs("battc: error: out of memory\n", stderr);
    exit(EXIT_INTERNAL);
  }
  return memory;
}

static struct Pool *pool_new(void) {
  struct Pool *pool = must(calloc(1, sizeof *pool));
  pool->next_size = POOL_FIRST;
  return pool;
}

static void pool_free(struct Pool *pool) {
  if (!pool) return;
  for (Chunk *c = pool->chunks; c;) {
    Chunk *next = c->next;
    free(c);
    c = next;
  }
  free(pool);
}

static Chunk *pool_grow(struct Pool *pool, size_t bytes) {
  size_t size = bytes > pool->next_size ? bytes : pool->next_size;
  Chunk *c = must(calloc(1, sizeof *c + size));
  c->size = size;
  if (pool->chunks && bytes > pool->next_size / 4) { /* a big one: keep filling the current chunk */
    c->used = size;
    c->next = pool->chunks->next;
    pool->chunks->next = c;
    return c;
  }
  if (pool->next_size < POOL_MOST) pool->next_size *= 2;
  c->next = pool->chunks;
  pool->chunks = c;
  return c;
}

void *pool_alloc(struct Pool *pool, size_t bytes) {
  if (bytes > SIZE_MAX / 2) must(NULL);
  bytes = (bytes + 7) & ~(size_t)7;
  Chunk *c = pool->chunks;
  if (!c || c->size - c->used < bytes) c = pool_grow(pool, bytes);
  if (c != pool->chunks) return c + 1;
  void *result = (char *)(c + 1) + c->used;
  c->used += bytes;
  return result;
}

char *pool_strdup(struct Pool *pool, const char *s, size_t len) {
  char *copy = pool_alloc(pool, len + 1);
  if (len) memcpy(copy, s, len);
  return copy;
}

/* ---- text ---- */

/* Bytes of the well-formed UTF-8 sequence at s[0..len), 0 if there is none. */
static size_t utf8_length(const unsigned char *s, size_t len) {
  unsigned char c = s[0];
  if (c < 0x80) return 1;
  size_t n = c >= 0xf0 ? 4 : c >= 0xe0 ? 3 : 2;
  if (c < 0xc2 || c > 0xf4 || n > len) return 0;
  for (size_t i = 1; i < n; i++)
    if ((s[i] & 0xc0) != 0x80) return 0;
  if (c == 0xe0 && s[1] < 0xa0) return 0;
  if (c == 0xed && s[1] > 0x9f) return 0;
  if (c == 0xf0 && s[1] < 0x90) return 0;
  if (c == 0xf4 && s[1] > 0x8f) return 0;
  return n;
}

static void normalise_line_ends(Source *s) {
  char *from = memchr(s->text, '\r', s->len);
  if (!from) return;
  char *to = from, *end = s->text + s->len;
  for (; from < end; from++) {
    if (*from != '\r') {
      *to++ = *from;
    } else if (from + 1 == end || from[1] != '\n') {
      *to++ = '\n';
    }
  }
  s->len = (size_t)(to - s->text);
  *to = 0;
}

static void find_lines(Source *s) {
  uint32_t n = 1;
  const char *end = s->text + s->len;
  for (const char *p = s->text; (p = memchr(p, '\n', (size_t)(end - p))); p++) n++;
  s->line_starts = pool_alloc(s->pool, n * sizeof *s->line_starts);
  s->nlines = 1;
  for (const char *p = s->text; (p = memchr(p, '\n', (size_t)(end - p)));)
    s->line_starts[s->nlines++] = (uint32_t)(++p - s->text);
}

/* Line and column of byte `at`, from 1. */
static void place_of(const Source *s, size_t at, uint32_t *line, uint32_t *col) {
  uint32_t low = 0, high = s->nlines;
  while (high - low > 1) {
    uint32_t middle = low + (high - low) / 2;
    if (s->line_starts[middle] <= at) low = middle;
    else high = middle;
  }
  *line = low + 1;
  *col = (uint32_t)(at - s->line_starts[low]) + 1;
}

static bool check_text(const Source *s) {
  const unsigned char *text = (const unsigned char *)s->text;
  uint32_t line, col;
  for (size_t i = 0; i < s->len;) {
    size_t n = text[i] ? utf8_length(text + i, s->len - i) : 0;
    if (n) {
      i += n;
      continue;
    }
    place_of(s, i, &line, &col);
    if (text[i]) diag_error(s, line, col, "not valid UTF-8: byte 0x%02x", text[i]);
    else diag_error(s, line, col, "source contains a NUL byte");
    return false;
  }
  return true;
}

/* Takes over `text`, which has a NUL after `len` bytes. */
static Source *source_finish(Source *s, char *text, size_t len) {
  s->text = text;
  s->len = len;
  if (len >= 3 && !memcmp(text, "\xef\xbb\xbf", 3)) {
    memmove(text, text + 3, len - 2);
    s->len -= 3;
  }
  normalise_line_ends(s);
  find_lines(s);
  if (check_text(s)) return s;
  source_free(s);
  return NULL;
}

static Source *source_new(const char *path) {
  struct Pool *pool = pool_new();
  Source *s = pool_alloc(pool, sizeof *s);
  s->pool = pool;
  s->tree = pool_new();
  s->path = pool_strdup(pool, path, strlen(path));
  return s;
}

/* NULL with errno set, EFBIG for a file above MAX_FILE. Reads to the end rather than to the size that
 * stat gives: pipes have none. */
static char *read_all(int fd, size_t size, size_t *len) {
  size_t cap = size + 1, used = 0;
  char *text = must(malloc(cap + 1));
  for (;;) {
    ssize_t n = read(fd, text + used, cap - used);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) break;
    if (!n) {
      text[used] = 0;
      *len = used;
      return text;
    }
    used += (size_t)n;
    if (used > MAX_FILE) {
      errno = EFBIG;
      break;
    }
    if (used == cap) text = must(realloc(text, (cap *= 2) + 1));
  }
  int saved = errno;
  free(text);
  errno = saved;
  return NULL;
}

Source *source_load(const char *path) {
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  struct stat st;
  char *text = NULL;
  size_t len = 0;
  if (fd >= 0 && !fstat(fd, &st)) {
    if (S_ISDIR(st.st_mode)) errno = EISDIR;
    else if (st.st_size > MAX_FILE) errno = EFBIG;
    else text = read_all(fd, (size_t)st.st_size, &len);
  }
  int saved = errno;
  if (fd >= 0) close(fd);
  if (!text) {
    diag_plain(DIAG_ERROR, "cannot read '%s': %s", path, strerror(saved));
    return NULL;
  }
  return source_finish(source_new(path), text, len);
}

Source *source_from_text(const char *path, const char *text, size_t len) {
  char *copy = must(malloc(len + 1));
  if (len) memcpy(copy, text, len);
  copy[len] = 0;
  return source_finish(source_new(path), copy, len);
}

void source_drop_tree(Source *s) {
  pool_free(s->tree);
  s->tree = NULL;
  s->module_node = NULL;
}

void source_free(Source *s) {
  if (!s) return;
  source_drop_tree(s);
  free(s->text);
  pool_free(s->pool);
}
