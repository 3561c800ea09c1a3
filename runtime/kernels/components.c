/* components.c - the objects of a grid beyond 30 x 30 without the order of their cells.
 *
 * Runs of cells that belong together are joined from row to row with union-find (two passes; Rosenfeld and
 * Pfaltz 1966). The order of the objects follows from their hashes and from which of them the source finds first:
 * the one with the first cell in the order of asindices. The order within an object is made only when it is looked
 * at, by large_parts_make. */
#include "../deferred.h"
#include "../key.h"
#include "location_set.h"
#include "objects.h"

enum { NO_PART = 0xff };

typedef struct {
  Vm *vm;
  Workspace *w;
  PartSpace s;
  GridView g;
  const ObjectsWanted *wanted;
  const uint32_t *ranks; /* by cell */
  uint32_t nranks;       /* all are below */
  uint32_t nruns, nparts;
} Labelling;

/* ---- where to work ---- */

static FN void *take(uint8_t *base, size_t *taken, size_t bytes) {
  size_t at = *taken;
  *taken += (bytes + 63) / 64 * 64;
  return base + at;
}

/* From `base` on; how many bytes that are. */
static FN size_t large_space(uint8_t *base, size_t cells, size_t ranks, PartSpace *s) {
  size_t taken = 0;
  s->keys = (uint8_t *)take(base, &taken, cells + KEYS_TAIL);
  s->runs = (Run *)take(base, &taken, cells * sizeof(Run));
  s->parts = (Part *)take(base, &taken, cells * sizeof(Part));
  s->by_rank = (uint32_t *)take(base, &taken, ranks * sizeof(uint32_t));
  s->order = (uint32_t *)take(base, &taken, cells * sizeof(uint32_t));
  s->taken = (uint64_t *)take(base, &taken, (ranks / 64 + 1) * sizeof(uint64_t));
  return taken;
}

static FN void kept_space(KeptPartSpace *from, PartSpace *s) {
  s->keys = from->keys;
  s->runs = from->runs;
  s->parts = from->parts;
  s->by_rank = from->by_rank;
  s->order = from->order;
  s->taken = from->taken;
}

/* Beyond LARGE_CELLS it works where rooms may be, from the side that they come to last: the pages are those of the grid before. */
static FN size_t scratch_space(const Vm *vm, size_t cells, uint32_t ranks, PartSpace *s) {
  return cells > LARGE_CELLS ? large_space((uint8_t *)arena_at(vm, vm->limit), cells, ranks, s) : 0;
}

static FN void start_labelling(Labelling *l) {
  size_t cells = (size_t)l->g.h * l->g.w;
  l->nranks = location_indices_slots((uint32_t)cells);
  if (!scratch_space(l->vm, cells, l->nranks, &l->s)) kept_space(&l->w->part_space, &l->s);
}

/* ---- runs ---- */

/* Keys: neighbours of one key belong together. Of up to 16 cells; with vectors of all 16. */
FN_INLINE void keys_of(const uint8_t *colours, size_t n, uint8_t background, uint8_t kept, uint8_t *keys) {
#ifdef BATTC_SSE2
  (void)n;
  __m128i c = _mm_loadu_si128((const __m128i *)colours), none = _mm_cmpeq_epi8(c, _mm_set1_epi8((char)background));
  _mm_storeu_si128((__m128i *)keys, _mm_or_si128(_mm_and_si128(c, _mm_set1_epi8((char)kept)), none));
#else
  for (size_t k = 0; k < n && k < 16; k++) keys[k] = colours[k] == background ? (uint8_t)NO_PART : colours[k] & kept;
#endif
}

/* false: no memory. */
static FN bool read_colours(Labelling *l) {
  size_t cells = (size_t)l->g.h * l->g.w;
  uint8_t background = is_colour(l->wanted->background) ? plane_colour(l->wanted->background) : (uint8_t)NO_PART;
  uint8_t kept = l->wanted->univalued ? 0xff : 0; /* of a colour in its key */
  l->s.colours = grid_plane(l->vm, &l->g);
  for (size_t k = 0; k < cells && l->s.colours; k += 16) keys_of(l->s.colours + k, cells - k, background, kept, l->s.keys + k);
  return l->s.colours != NULL;
}

FN_INLINE uint32_t root_of(const PartSpace *s, uint32_t run) {
  while (s->runs[run].parent != run) run = s->runs[run].parent = s->runs[s->runs[run].parent].parent;
  return run;
}

FN_INLINE void join(const PartSpace *s, uint32_t a, uint32_t b) {
  a = root_of(s, a);
  b = root_of(s, b);
  if (a < b) s->runs[b].parent = a;
  else s->runs[a].parent = b;
}

static FN void add_run(Labelling *l, uint32_t i, uint32_t from, uint32_t to, uint8_t key) {
  if (key == NO_PART) return;
  Run r = {i, from, to, key, l->nruns, 0, (uint32_t)NO_RUN};
  l->s.runs[l->nruns++] = r;
}

/* Cells of up to 32, all of the same row, whose neighbour to the right has another key: bit by cell. */
FN_INLINE uint32_t run_ends(const uint8_t *keys) {
#ifdef BATTC_SSE2
  uint32_t same[2];
  for (int k = 0; k < 2; k++)
    same[k] = (uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(_mm_loadu_si128((const __m128i *)(keys + 16 * k)), _mm_loadu_si128((const __m128i *)(keys + 16 * k + 1))));
  return ~(same[0] | same[1] << 16);
#else
  uint32_t ends = 0;
  for (uint32_t j = 0; j < 32; j++) ends |= (uint32_t)(keys[j] != keys[j + 1]) << j;
  return ends;
#endif
}

static FN void find_runs(Labelling *l, uint32_t i) {
  const uint8_t *keys = l->s.keys + (size_t)i * l->g.w;
  uint32_t from = 0;
  for (uint32_t j = 0; j < l->g.w; j += 32) {
    uint32_t left = l->g.w - j, ends = run_ends(keys + j);
    if (left <= 32) ends = (ends | (uint32_t)1 << (left - 1)) & (uint32_t)(((uint64_t)1 << left) - 1);
    for (; ends; ends &= ends - 1) {
      uint32_t to = j + lowest_bit(ends) + 1;
      add_run(l, i, from, to, keys[from]);
      from = to;
    }
  }
}

FN_INLINE void join_touching(Labelling *l, uint32_t above, uint32_t below) {
  const Run *a = &l->s.runs[above], *b = &l->s.runs[below];
  uint32_t reach = l->wanted->diagonal ? 1 : 0;
  if (a->key == b->key && a->from < b->to + reach && b->from < a->to + reach) join(&l->s, above, below);
}

/* Joins the runs from `begin` on with those of the row above, which start at `above`. */
static FN void join_rows(Labelling *l, uint32_t above, uint32_t begin) {
  const Run *runs = l->s.runs;
  uint32_t a = above, b = begin;
  while (a < begin && b < l->nruns) {
    join_touching(l, a, b);
    if (runs[a].to < runs[b].to) a++;
    else if (runs[a].to > runs[b].to) b++;
    else { /* both end here: their corners may touch what follows */
      if (a + 1 < begin) join_touching(l, a + 1, b);
      if (b + 1 < l->nruns) join_touching(l, a, b + 1);
      a++, b++;
    }
  }
}

static FN void label(Labelling *l) {
  uint32_t above = 0, begin = 0;
  l->nruns = 0;
  for (uint32_t i = 0; i < l->g.h; i++) {
    find_runs(l, i);
    if (i) join_rows(l, above, begin);
    above = begin;
    begin = l->nruns;
  }
}

/* ---- what is known of each part ---- */

/* What cells from .. to - 1, which are of one colour, add to the hash. */
FN_INLINE uint64_t cells_mixed(const Labelling *l, uint32_t i, uint32_t from, uint32_t to, uint32_t colour) {
  uint64_t x = 0;
  for (uint32_t j = from; j < to; j++) x ^= shuffle_bits((uint64_t)cell_hash(i, j, v_int((int64_t)colour + COLOUR_MIN), l->wanted->nested));
  return x;
}

static FN void measure_run(const Labelling *l, const Run *r, Part *p) {
  const uint8_t *colours = l->s.colours + (size_t)r->row * l->g.w;
  for (uint32_t from = r->from, to; from < r->to; from = to) {
    for (to = l->wanted->univalued ? r->to : from + 1; to < r->to && colours[to] == colours[from];) to++;
    p->mixed ^= cells_mixed(l, r->row, from, to, colours[from]);
    p->colours |= (uint64_t)1 << colours[from];
  }
  p->ncells += r->to - r->from;
}

static FN void measure(Labelling *l) {
  PartSpace *s = &l->s;
  l->nparts = 0;
  for (uint32_t k = 0; k < l->nruns; k++) {
    uint32_t root = root_of(s, k); /* of the lowest number: met first */
    if (root == k) {
      Part fresh = {0, 0, UINT32_MAX, 0, k, k};
      s->runs[k].part = l->nparts;
      s->parts[l->nparts++] = fresh;
    }
    s->runs[k].part = s->runs[root].part;
    Part *p = &s->parts[s->runs[k].part];
    if (root != k) s->runs[p->last_run].next = k;
    p->last_run = k;
    measure_run(l, &s->runs[k], p);
  }
}

/* ---- their order ---- */

static FN void rank_runs(Labelling *l) {
  for (uint32_t k = 0; k < l->nruns; k++) {
    const Run *r = &l->s.runs[k];
    const uint32_t *ranks = l->ranks + (size_t)r->row * l->g.w;
    Part *p = &l->s.parts[r->part];
    uint32_t rank = p->rank;
    for (uint32_t j = r->from; j < r->to; j++) rank = ranks[j] < rank ? ranks[j] : rank;
    p->rank = rank;
  }
}

/* Lists the parts in the order in which they are found. */
static FN void sort_by_rank(Labelling *l) {
  PartSpace *s = &l->s;
  uint32_t n = 0, words = (l->nranks + 63) / 64;
  __builtin_memset(s->taken, 0, words * sizeof *s->taken);
  for (uint32_t k = 0; k < l->nparts; k++) {
    s->taken[s->parts[k].rank / 64] |= (uint64_t)1 << s->parts[k].rank % 64;
    s->by_rank[s->parts[k].rank] = k;
  }
  for (uint32_t i = 0; i < words; i++)
    for (uint64_t bits = s->taken[i]; bits; bits &= bits - 1) s->order[n++] = s->by_rank[i * 64 + lowest_bit(bits)];
}

FN_INLINE int64_t part_hash(const Part *p) { return set_hash_end(p->mixed, p->ncells); }

/* Has each part a slot of its own where a search for one begins, so that the set of them does not hang on their order? */
static FN bool have_own_slots(const Labelling *l) {
  uint32_t slots = numbers_slots_copied(l->nparts);
  if (slots > l->nranks) return false;
  __builtin_memset(l->s.taken, 0, (slots / 64 + 1) * sizeof *l->s.taken);
  for (uint32_t k = 0; k < l->nparts; k++) {
    uint64_t slot = (uint64_t)part_hash(&l->s.parts[k]) & (slots - 1), bit = (uint64_t)1 << slot % 64;
    if (l->s.taken[slot / 64] & bit) return false;
    l->s.taken[slot / 64] |= bit;
  }
  return true;
}

/* Of the largest grids, whose ranks are not kept, the order is made only where it matters. false: no memory. */
static FN bool order_parts(Labelling *l) {
  bool kept = (size_t)l->g.h * l->g.w <= LARGE_CELLS;
  if (!kept && have_own_slots(l)) {
    for (uint32_t k = 0; k < l->nparts; k++) l->s.order[k] = k;
    return true;
  }
  l->ranks = large_ranks(l->vm, l->g.h, l->g.w);
  if (!l->ranks) return false;
  rank_runs(l);
  sort_by_rank(l);
  return true;
}

/* ---- sets ---- */

static FN Value deferred_part(const Labelling *l, const Part *p, uint32_t parts, Value grid) {
  Value set = 0;
  uint32_t slots = numbers_slots_copied(p->ncells);
  Deferred *d = deferred_new(l->vm, DEFER_LARGE_PART, p->ncells, slots, &set);
  if (!d) return 0;
  Set *s = as_set(l->vm, set);
  s->canon = CANON_INTERNED | (l->wanted->nested ? CANON_NESTED : CANON_CELLS);
  d->nested = l->wanted->nested;
  s->hash = part_hash(p);
  d->parts = parts;
  d->first_run = p->first_run;
  d->grid = grid;
  d->colour = p->colours & (p->colours - 1) ? 0 : v_int((int64_t)lowest_bit(p->colours) + COLOUR_MIN);
  return set;
}

/* The cell of a part that has one. */
static FN Value single_part(const Labelling *l, const Part *p) {
  const Run *r = &l->s.runs[p->first_run];
  int64_t colour = l->s.colours[(size_t)r->row * l->g.w + r->from] + COLOUR_MIN;
  Value cell = l->wanted->nested ? nested_cell(l->vm, v_int(colour), r->row, r->from) : cell_of(l->vm, r->row, r->from, colour);
  return object_of_one(l->vm, cell, part_hash(p), l->wanted->nested);
}

/* What the search that orders the cells of the grid may take at most. */
static FN size_t search_room(const GridView *g, const ObjectsWanted *wanted) { return large_parts_room(g->h, g->w, wanted->nested); }

static FN bool keep_runs(const Labelling *l, Parts *parts) {
  size_t bytes = l->nruns * sizeof(Run);
  parts->runs = arena_alloc(l->vm, bytes);
  parts->nruns = l->nruns;
  if (parts->runs) __builtin_memcpy(arena_at(l->vm, parts->runs), l->s.runs, bytes);
  return parts->runs != 0;
}

static FN Parts *make_parts(Labelling *l, Value grid, uint32_t *offset) {
  *offset = arena_alloc(l->vm, sizeof(Parts) + l->nparts * sizeof(Value));
  if (!*offset) return NULL;
  Parts *parts = (Parts *)arena_at(l->vm, *offset);
  parts->grid = grid;
  parts->wanted = *l->wanted;
  parts->n = l->nparts;
  parts->asked = parts->made = parts->seeds = 0;
  if (!keep_runs(l, parts)) return NULL;
  const Room *room = room_new(l->vm, search_room(&l->g, l->wanted));
  if (!room) return NULL;
  parts->room = offset_of(l->vm, room);
  for (uint32_t k = 0; k < l->nparts; k++) {
    Part *p = &l->s.parts[l->s.order[k]];
    Value set = p->ncells == 1 ? single_part(l, p) : deferred_part(l, p, *offset, grid);
    if (!set) return NULL;
    parts->parts[k] = set;
  }
  return parts;
}

static FN Value large_found(Vm *vm, const Parts *parts) {
  Value found = new_set(vm, KIND_SET);
  for (uint32_t k = 0; k < parts->n && found; k++)
    if (!set_add_hashed(vm, found, parts->parts[k], hash_as_frozenset(vm, parts->parts[k]))) return 0;
  return found ? set_from(vm, KIND_FROZENSET, found) : 0;
}

/* Is there memory for all that is taken before it is sure that the kernel can do it? */
static FN bool has_room(const Vm *vm, const GridView *g, const ObjectsWanted *wanted) {
  size_t cells = (size_t)g->h * g->w;
  size_t needed = cells * (sizeof(Run) + sizeof(Part) + sizeof(Set) + sizeof(Deferred) + 128);
  PartSpace s;
  size_t scratch = scratch_space(vm, cells, location_indices_slots((uint32_t)cells), &s);
  return needed / 8 < vm->limit - vm->top && room_for(vm, search_room(g, wanted) + scratch);
}

FN KernelStatus find_parts(Vm *vm, Value grid, const GridView *g, const ObjectsWanted *wanted, Value *result) {
  Labelling l;
  uint32_t offset;
  l.vm = vm;
  l.w = workspace_of(vm);
  l.g = *g;
  l.wanted = wanted;
  if (!has_room(vm, g, wanted) || (wanted->nested && !vm->nested)) return KERNEL_PASS;
  start_labelling(&l);
  if (!read_colours(&l)) return KERNEL_PASS;
  label(&l);
  measure(&l);
  if (!order_parts(&l)) return KERNEL_FAIL;
  const Parts *parts = make_parts(&l, grid, &offset);
  if (!parts) return KERNEL_FAIL;
  return done_if(large_found(vm, parts), result);
}
