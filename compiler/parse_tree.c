/* parse_tree.c - the only file that includes tree-sitter: text to the flat concrete tree.
 *
 * The text is parsed in chunks of whole statements, several at a time. A chunk that starts inside a function gets
 * the function's header before it, as an included range, so each is a module of its own with the places of the
 * whole file; their trees are then joined. Chunks also keep an error's reach short: the library's nodes have 16-bit
 * counts of children, and only nodes of errors can have so many. */
#include "parse.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <tree_sitter/api.h>
#include <unistd.h>

enum {
  MAX_SYMBOLS = 1024,
  CHUNK = 40u << 10,      /* bytes, about */
  SAFE_BYTES = 60000,     /* so few tokens that no count overflows */
  MAX_RECOVERIES = 2000,  /* of at most 16 nodes each, in larger chunks */
  MAX_THREADS = 16
};

extern const TSLanguage *tree_sitter_python(void);

/* ---- symbols ---- */

static uint8_t symbol_map[MAX_SYMBOLS];
static pthread_once_t symbols_once = PTHREAD_ONCE_INIT;

static void map_symbols(void) {
  static const struct {
    const char *name;
    uint8_t symbol, named;
  } table[] = {
#define X(symbol, name, named) {name, CST_##symbol, named},
      CST_SYMBOLS(X)
#undef X
  };
  const TSLanguage *language = tree_sitter_python();
  uint32_t count = ts_language_symbol_count(language);
  for (uint32_t s = 0; s < count && s < MAX_SYMBOLS; s++) {
    const char *name = ts_language_symbol_name(language, (TSSymbol)s);
    bool named = ts_language_symbol_type(language, (TSSymbol)s) == TSSymbolTypeRegular;
    for (size_t k = 0; name && k < sizeof table / sizeof *table; k++) {
      if (table[k].named == named && !strcmp(table[k].name, name)) {
        symbol_map[s] = table[k].symbol;
        break;
      }
    }
  }
}

const char *cst_symbol_name(const Cst *c) {
  const char *name = ts_language_symbol_name(tree_sitter_python(), c->ts_symbol);
  return name ? name : "";
}

/* ---- chunks ---- */

typedef struct {
  uint32_t first, last;   /* logical lines, the last one behind */
  uint32_t header;        /* logical line of the def or class that it starts inside of, or UINT32_MAX */
  uint32_t start, end;    /* bytes: whole lines */
  Cst *cst;
  uint32_t ncst, cap;
  uint32_t row;           /* of the node added last: their starts ascend */
  bool has_error;
} Chunk;

typedef struct {
  Parser *p;
  Chunk *chunks;
  uint32_t nchunks;
  atomic_uint next;
} Work;

static bool begins(const Parser *p, uint32_t k, const char *word) {
  return !strncmp(p->text + p->lines[k].start, word, strlen(word));
}

/* Whether the statement of line k is one of a module's, or of a top-level def's or class's. */
static bool may_start_chunk(const Parser *p, uint32_t k, uint32_t header) {
  if (p->lines[k].depth > 1 || (p->lines[k].depth == 1 && header == UINT32_MAX)) return false;
  if (begins(p, k, "el") || begins(p, k, "except") || begins(p, k, "finally") || begins(p, k, "case")) return false;
  return !k || !begins(p, k - 1, "@");
}

static uint32_t line_begin(const Parser *p, uint32_t k) { return p->lines[k].start - p->lines[k].indent; }

static void add_chunk(Work *w, uint32_t first, uint32_t header) {
  if (!(w->nchunks & (w->nchunks - 1)))
    w->chunks = parse_memory(realloc(w->chunks, (w->nchunks ? w->nchunks * 2 : 1) * sizeof *w->chunks));
  w->chunks[w->nchunks++] = (Chunk){.first = first, .header = header, .start = first ? line_begin(w->p, first) : 0};
}

/* Each chunk ends where the next starts. */
static void finish_chunks(Work *w) {
  for (uint32_t c = 0; c < w->nchunks; c++) {
    bool last = c + 1 == w->nchunks;
    w->chunks[c].last = last ? w->p->nlines : w->chunks[c + 1].first;
    w->chunks[c].end = last ? (uint32_t)w->p->src->len : w->chunks[c + 1].start;
  }
}

static void cut(Work *w) {
  const Parser *p = w->p;
  uint32_t header = UINT32_MAX;
  add_chunk(w, 0, header);
  for (uint32_t k = 0; k < p->nlines; k++) {
    if (!p->lines[k].depth && k) header = UINT32_MAX;
    uint32_t size = line_begin(p, k) - w->chunks[w->nchunks - 1].start;
    if (size >= CHUNK && may_start_chunk(p, k, header)) add_chunk(w, k, header);
    if (!p->lines[k].depth && (begins(p, k, "def ") || begins(p, k, "class "))) header = k;
  }
  finish_chunks(w);
}

/* ---- one chunk ---- */

static bool is_formatted(const char *s) {
  for (; *s != '"' && *s != '\''; s++) {
    if (*s == 'f' || *s == 'F') return true;
    if (!*s) return false;
  }
  return false;
}

/* Adds a node; false when its children are of no interest. */
static bool add_cst(const Parser *p, Chunk *chunk, TSNode node) {
  if (chunk->ncst == chunk->cap) {
    chunk->cap += chunk->cap / 2;
    chunk->cst = parse_memory(realloc(chunk->cst, chunk->cap * sizeof *chunk->cst));
  }
  TSSymbol symbol = ts_node_symbol(node);
  Cst *c = &chunk->cst[chunk->ncst++];
  c->symbol = symbol == (TSSymbol)-1 ? CST_ERROR : symbol < MAX_SYMBOLS ? symbol_map[symbol] : CST_OTHER;
  c->flags = 0;
  c->ts_symbol = symbol;
  c->start = ts_node_start_byte(node);
  c->end = ts_node_end_byte(node);
  while (chunk->row + 1 < p->src->nlines && p->src->line_starts[chunk->row + 1] <= c->start) chunk->row++;
  c->row = chunk->row;
  c->next = chunk->ncst;
  if (c->symbol == CST_COMMENT || c->symbol == CST_LINE_CONTINUATION) {
    chunk->ncst--;
    return false;
  }
  if (!chunk->has_error) return c->symbol != CST_STRING || is_formatted(p->text + c->start);
  if (ts_node_is_missing(node)) c->flags = CST_MISSING;
  return true;
}

static void flatten(const Parser *p, Chunk *chunk, TSNode root) {
  chunk->has_error = ts_node_has_error(root);
  chunk->cap = (chunk->end - chunk->start) / 3 + 64;
  chunk->cst = parse_memory(malloc(chunk->cap * sizeof *chunk->cst));
  uint32_t *open = NULL, nopen = 0, cap = 0;
  TSTreeCursor cursor = ts_tree_cursor_new(root);
  for (bool more = true; more;) {
    uint32_t at = chunk->ncst;
    if (add_cst(p, chunk, ts_tree_cursor_current_node(&cursor)) && ts_tree_cursor_goto_first_child(&cursor)) {
      if (nopen == cap) open = parse_memory(realloc(open, (cap = cap * 2 + 64) * sizeof *open));
      open[nopen++] = at;
      continue;
    }
    while (!(more = ts_tree_cursor_goto_next_sibling(&cursor))) {
      if (!nopen || !ts_tree_cursor_goto_parent(&cursor)) break;
      chunk->cst[open[--nopen]].next = chunk->ncst;
    }
  }
  ts_tree_cursor_delete(&cursor);
  free(open);
}

static TSPoint point_of(const Parser *p, uint32_t at, uint32_t row) {
  while (row + 1 < p->src->nlines && p->src->line_starts[row + 1] <= at) row++;
  return (TSPoint){row, at - p->src->line_starts[row]};
}

static TSRange range_of(const Parser *p, uint32_t start, uint32_t end) {
  uint32_t low = 0, high = p->src->nlines;
  while (high - low > 1) {
    uint32_t middle = low + (high - low) / 2;
    if (p->src->line_starts[middle] <= start) low = middle;
    else high = middle;
  }
  return (TSRange){point_of(p, start, low), point_of(p, end, low), start, end};
}

static void set_ranges(TSParser *parser, const Parser *p, const Chunk *c) {
  TSRange ranges[2];
  uint32_t n = 0;
  if (c->header != UINT32_MAX)
    ranges[n++] = range_of(p, p->lines[c->header].start, line_begin(p, c->header + 1));
  ranges[n++] = range_of(p, c->start, c->end);
  ts_parser_set_included_ranges(parser, ranges, n);
}

typedef struct {
  size_t cancel;
  uint32_t recoveries;
} Watch;

static void watch(void *payload, TSLogType type, const char *message) {
  Watch *w = payload;
  if (type != TSLogTypeParse) return;
  if ((!strncmp(message, "skip", 4) || !strncmp(message, "recover", 7)) && ++w->recoveries > MAX_RECOVERIES) w->cancel = 1;
}

/* A chunk so large that an error's node could have too many children is given up on after that many errors. */
static TSTree *parse_watched(TSParser *parser, const Parser *p) {
  Watch w = {0, 0};
  ts_parser_set_logger(parser, (TSLogger){&w, watch});
  ts_parser_set_cancellation_flag(parser, &w.cancel);
  TSTree *tree = ts_parser_parse_string(parser, NULL, p->text, (uint32_t)p->src->len);
  ts_parser_set_logger(parser, (TSLogger){NULL, NULL});
  ts_parser_set_cancellation_flag(parser, NULL);
  if (!tree) ts_parser_reset(parser);
  return tree;
}

static void parse_chunk(TSParser *parser, const Parser *p, Chunk *c) {
  set_ranges(parser, p, c);
  TSTree *tree = c->end - c->start > SAFE_BYTES ? parse_watched(parser, p)
                                                : ts_parser_parse_string(parser, NULL, p->text, (uint32_t)p->src->len);
  c->has_error = true;
  if (!tree) return;
  flatten(p, c, ts_tree_root_node(tree));
  ts_tree_delete(tree);
}

static void *worker(void *arg) {
  Work *w = arg;
  TSParser *parser = parse_memory(ts_parser_new());
  ts_parser_set_language(parser, tree_sitter_python());
  for (uint32_t k; (k = atomic_fetch_add(&w->next, 1)) < w->nchunks;) parse_chunk(parser, w->p, &w->chunks[k]);
  ts_parser_delete(parser);
  return NULL;
}

static void parse_chunks(Work *w) {
  pthread_t threads[MAX_THREADS];
  long processors = w->nchunks > 1 ? sysconf(_SC_NPROCESSORS_ONLN) : 1;
  uint32_t wanted = processors > MAX_THREADS ? MAX_THREADS : processors < 1 ? 1 : (uint32_t)processors, n = 0;
  if (wanted > w->nchunks) wanted = w->nchunks;
  while (n + 1 < wanted && !pthread_create(&threads[n], NULL, worker, w)) n++;
  worker(w);
  while (n) pthread_join(threads[--n], NULL);
}

/* ---- joining ---- */

/* Copies nodes [from, to) of a chunk. */
static void append(Parser *p, const Chunk *c, uint32_t from, uint32_t to) {
  uint32_t shift = p->ncst - from;
  for (uint32_t k = from; k < to; k++) {
    p->cst[p->ncst] = c->cst[k];
    p->cst[p->ncst++].next += shift;
  }
}

/* Adds a chunk that starts in the body of the def or class whose tree is the last so far; false when the trees are
 * not of that form, which only errors bring about. */
static bool continue_body(Parser *p, const Chunk *c) {
  uint32_t block = 2, last = 0, depth = 0, open[4];
  while (block < c->ncst && c->cst[block].symbol != CST_BLOCK) block = c->cst[block].next;
  if (block >= c->ncst || (c->cst[1].symbol != CST_DEF && c->cst[1].symbol != CST_CLASS)) return false;
  for (; depth < 4; depth++) { /* the module's last child, its last child, .. down to the block */
    uint32_t child = 0;
    for (uint32_t k = depth ? open[depth - 1] + 1 : p->last_statement; k && k < p->ncst; k = p->cst[k].next) child = k;
    if (!child) return false;
    open[depth] = last = child;
    if (p->cst[child].symbol == CST_BLOCK) break;
  }
  if (!last || depth == 4) return false;
  append(p, c, block + 1, c->cst[block].next);
  for (uint32_t k = 0; k <= depth; k++) p->cst[open[k]].next = p->ncst;
  return true;
}

static bool join(Parser *p, const Chunk *c) {
  uint32_t from = 1;
  if (c->header != UINT32_MAX) {
    if (!continue_body(p, c)) return false;
    from = c->cst[1].next;
  }
  uint32_t shift = p->ncst - from;
  append(p, c, from, c->ncst);
  for (uint32_t k = from; k < c->ncst; k = c->cst[k].next) p->last_statement = k + shift;
  return true;
}

/* One tree of all chunks; after an error only a list of nodes. */
static bool join_all(Parser *p, const Work *w) {
  uint32_t total = 1;
  bool good = true;
  for (uint32_t k = 0; k < w->nchunks; k++) {
    total += w->chunks[k].ncst;
    good &= !w->chunks[k].has_error;
  }
  p->cst = parse_memory(malloc(total * sizeof *p->cst));
  p->cst[p->ncst++] = (Cst){.symbol = CST_MODULE, .end = (uint32_t)p->src->len};
  for (uint32_t k = 0; k < w->nchunks; k++) {
    const Chunk *c = &w->chunks[k];
    if (good) good = join(p, c);
    else if (c->ncst) append(p, c, 0, c->ncst);
  }
  p->cst[0].next = p->ncst;
  return good;
}

bool parse_tree(Parser *p) {
  pthread_once(&symbols_once, map_symbols);
  Work w = {.p = p};
  cut(&w);
  swap_disguises(p);
  parse_chunks(&w);
  swap_disguises(p);
  bool good = join_all(p, &w);
  for (uint32_t k = 0; k < w.nchunks; k++) free(w.chunks[k].cst);
  free(w.chunks);
  return good;
}
