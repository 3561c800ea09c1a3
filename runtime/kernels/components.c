/* components.c - the objects of a grid without the order of their cells.
 *
 * Runs of cells that belong together are joined from row to row with union-find (two passes; Rosenfeld and
 * Pfaltz 1966). The order of the objects follows from their hashes and from which of them the source finds first:
 * the one with the first cell in the order of asindices. The order within an object is made only when it is looked
 * at, by parts_make. */
#include "../deferred.h"
#include "../key.h"
#include "location_set.h"
#include "objects.h"

enum { NO_PART = 0xff };

typedef struct {
  Vm *vm;
  Workspace *w;
  PartSpace *s;
  GridView g;
  const ObjectsWanted *wanted;
  const uint16_t *ranks;
  uint32_t nruns, nparts;
} Labelling;

/* Colours, and keys: neighbours of one key belong together. false: there are colours beyond 9. */
static FN bool read_colours(Labelling *l) {
  uint64_t all = 0;
  for (uint32_t i = 0; i < l->g.h; i++) {
    const Value *row = grid_row(l->vm, &l->g, i);
    uint8_t *colours = l->s->colours[i], *keys = l->s->keys[i];
    for (uint32_t j = 0; j < l->g.w; j++) {
      uint64_t colour = (row[j] - v_int(0)) >> 3;
      all |= colour > 9;
      colours[j] = (uint8_t)colour;
      keys[j] = row[j] == l->wanted->background ? NO_PART : l->wanted->univalued ? (uint8_t)colour : 0;
    }
    keys[l->g.w] = NO_PART;
  }
  return !all;
}

FN_INLINE uint32_t root_of(PartSpace *s, uint32_t run) {
  while (s->runs[run].parent != run) run = s->runs[run].parent = s->runs[s->runs[run].parent].parent;
  return run;
}

FN_INLINE void join(PartSpace *s, uint32_t a, uint32_t b) {
  a = root_of(s, a);
  b = root_of(s, b);
  if (a < b) s->runs[b].parent = (uint16_t)a;
  else s->runs[a].parent = (uint16_t)b;
}

/* Runs of row i, from number `begin` on. */
static FN void find_runs(Labelling *l, uint32_t i) {
  PartSpace *s = l->s;
  const uint8_t *keys = s->keys[i];
  for (uint32_t j = 0, from; j < l->g.w; j = from) {
    for (from = j + 1; from < l->g.w && keys[from] == keys[j];) from++;
    if (keys[j] == NO_PART) continue;
    Run r = {(uint8_t)i, (uint8_t)j, (uint8_t)from, keys[j], (uint16_t)l->nruns, 0};
    s->runs[l->nruns++] = r;
  }
}

FN_INLINE void join_touching(Labelling *l, uint32_t above, uint32_t below) {
  const Run *a = &l->s->runs[above], *b = &l->s->runs[below];
  uint32_t reach = l->wanted->diagonal ? 1 : 0;
  if (a->key == b->key && a->from < b->to + reach && b->from < a->to + reach) join(l->s, above, below);
}

/* Joins the runs from `begin` on with those of the row above, which start at `above`. */
static FN void join_rows(Labelling *l, uint32_t above, uint32_t begin) {
  const Run *runs = l->s->runs;
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

static FN void measure_run(const Labelling *l, const Run *r, Part *p) {
  const uint8_t *colours = l->s->colours[r->row];
  const uint16_t *ranks = l->ranks + r->row * l->g.w;
  uint32_t location = location_of(r->row, 0);
  for (uint32_t j = r->from; j < r->to; j++) {
    p->mixed ^= l->w->cell_mix[colours[j]][location + j];
    if (ranks[j] < p->rank) p->rank = ranks[j];
    p->colours |= (uint16_t)(1u << colours[j]);
  }
  p->ncells += r->to - r->from;
}

static FN void measure(Labelling *l) {
  PartSpace *s = l->s;
  l->nparts = 0;
  for (uint32_t k = 0; k < l->nruns; k++) {
    uint32_t root = root_of(s, k); /* of the lowest number: met first */
    if (root == k) {
      Part fresh = {0, 0, UINT16_MAX, 0};
      s->runs[k].part = (uint16_t)l->nparts;
      s->parts[l->nparts++] = fresh;
    }
    s->runs[k].part = s->runs[root].part;
    measure_run(l, &s->runs[k], &s->parts[s->runs[k].part]);
  }
}

/* Lists the parts in the order in which they are found. */
static FN void sort_by_rank(Labelling *l) {
  PartSpace *s = l->s;
  uint64_t taken[GRID_CELLS / 64 + 1] = {0};
  uint32_t n = 0;
  for (uint32_t k = 0; k < l->nparts; k++) {
    taken[s->parts[k].rank / 64] |= (uint64_t)1 << s->parts[k].rank % 64;
    s->by_rank[s->parts[k].rank] = (uint16_t)k;
  }
  for (uint32_t i = 0; i <= GRID_CELLS / 64; i++)
    for (uint64_t bits = taken[i]; bits; bits &= bits - 1) s->order[n++] = s->by_rank[i * 64 + lowest_bit(bits)];
}

/* ---- sets ---- */

static FN Value deferred_part(Labelling *l, const Part *p, uint32_t parts, Value grid, uint32_t **rows) {
  Value set = 0;
  Deferred *d = deferred_new(l->vm, DEFER_PART, p->ncells, numbers_slots_copied(p->ncells), &set);
  if (!d) return 0;
  Set *s = as_set(l->vm, set);
  s->canon = CANON_INTERNED | CANON_CELLS;
  s->hash = set_hash_end(p->mixed, p->ncells);
  d->parts = parts;
  d->grid = grid;
  d->colour = p->colours & (p->colours - 1) ? 0 : v_int(lowest_bit(p->colours));
  __builtin_memset(d->rows, 0, sizeof d->rows);
  *rows = d->rows;
  return set;
}

static FN Value single_part(Labelling *l, const Part *p) {
  const Place *place = location_indices(l->w, l->g.h, l->g.w) + (p->rank - 1);
  uint32_t i = location_row(place->location), j = location_column(place->location);
  Value cell = shared_cell(l->vm, v_int(i), v_int(j), v_int(l->s->colours[i][j]));
  return frozenset_of_one(l->vm, cell, as_tuple(l->vm, cell)->hash);
}

static FN Parts *make_parts(Labelling *l, Value grid) {
  uint32_t offset = arena_alloc(l->vm, sizeof(Parts) + l->nparts * sizeof(Value));
  if (!offset) return NULL;
  Parts *parts = (Parts *)arena_at(l->vm, offset);
  parts->grid = grid;
  parts->wanted = *l->wanted;
  parts->n = l->nparts;
  for (uint32_t k = 0; k < l->nparts; k++) {
    const Part *p = &l->s->parts[l->s->order[k]];
    uint32_t **rows = &l->s->rows[l->s->order[k]];
    *rows = NULL;
    Value set = p->ncells == 1 ? single_part(l, p) : deferred_part(l, p, offset, grid, rows);
    if (!set) return NULL;
    parts->parts[k] = set;
  }
  return parts;
}

static FN void mark_rows(const Labelling *l) {
  for (uint32_t k = 0; k < l->nruns; k++) {
    const Run *r = &l->s->runs[k];
    uint32_t *rows = l->s->rows[r->part];
    if (rows) rows[r->row + 1] |= (((uint32_t)1 << (r->to - r->from)) - 1) << (r->from + 1);
  }
}

FN KernelStatus find_parts(Vm *vm, Value grid, const GridView *g, const ObjectsWanted *wanted, Value *result) {
  Labelling l;
  l.vm = vm;
  l.w = workspace_of(vm);
  l.s = &l.w->part_space;
  l.g = *g;
  l.wanted = wanted;
  l.ranks = location_ranks(l.w, g->h, g->w);
  if (!read_colours(&l)) return KERNEL_PASS;
  label(&l);
  measure(&l);
  sort_by_rank(&l);
  const Parts *parts = make_parts(&l, grid);
  if (!parts) return KERNEL_FAIL;
  mark_rows(&l);
  for (uint32_t k = 0; k < parts->n; k++) {
    l.w->search.found[k] = parts->parts[k];
    l.w->search.found_hashes[k] = hash_as_frozenset(vm, parts->parts[k]);
  }
  return done_if(found_set(vm, parts->n), result);
}
