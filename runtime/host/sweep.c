/* sweep.c - see sweep.h. Marks what can be reached from the slots that are still needed, then drops the pages without a mark. */
#include "sweep.h"

#include <stdlib.h>
#include <sys/mman.h>

#include "../deferred.h"
#include "../kernel.h"
#include "../kernels/grid.h"
#include "../kernels/objects.h"
#include "../kernels/unmade.h"

#ifndef SWEEP_PAGE
#define SWEEP_PAGE (2 << 20) /* bytes that are dropped together; a build that sweeps a lot to be tested takes less */
#endif
enum { PAGE_UNITS = SWEEP_PAGE / 8, BITS = 64 };

typedef struct {
  uint32_t start, end;
  bool needed;
} SweptRoom;

typedef struct {
  const Execution *x;
  const Vm *vm;
  uint32_t from, to;  /* of the arena: older values stay, whatever they are */
  uint64_t *seen;     /* bit by unit from `from` on */
  uint8_t *pages;     /* by page from that of `from` on */
  uint32_t npages;
  SweptRoom *rooms;   /* by start, those that go with the sample */
  uint32_t nrooms;
  uint8_t *unmade;    /* by op: its slots have values of another sample or call */
  Value *waiting;     /* seen, and still to be gone through */
  size_t nwaiting, cap;
  bool given_up;      /* no memory, or a value of which it is not known what it reaches */
} Sweep;

/* ---- marks ---- */

static void need_units(Sweep *s, uint32_t offset, size_t units) {
  if (offset < s->from) return;
  uint32_t base = s->from / PAGE_UNITS;
  for (size_t page = offset / PAGE_UNITS; page <= (offset + units - 1) / PAGE_UNITS; page++)
    if (page - base < s->npages) s->pages[page - base] = 1;
}

static void need_bytes(Sweep *s, uint32_t offset, size_t bytes) {
  if (bytes) need_units(s, offset, (bytes + 7) / 8);
}

/* Of what lies in [from, to): was it not seen before? */
static bool is_new(Sweep *s, uint32_t offset) {
  if (offset < s->from || offset >= s->to) return false;
  uint64_t *word = &s->seen[(offset - s->from) / BITS], bit = (uint64_t)1 << (offset - s->from) % BITS;
  if (*word & bit) return false;
  *word |= bit;
  return true;
}

/* The room that has this offset; NULL: it is older than the sample. */
static SweptRoom *room_at(const Sweep *s, uint32_t offset) {
  uint32_t low = 0, high = s->nrooms;
  while (low < high) {
    uint32_t middle = (low + high) / 2;
    if (s->rooms[middle].end <= offset) low = middle + 1;
    else high = middle;
  }
  return low < s->nrooms && s->rooms[low].start <= offset ? &s->rooms[low] : NULL;
}

static void need_room(Sweep *s, uint32_t offset) {
  SweptRoom *room = room_at(s, offset);
  if (room) room->needed = true;
}

static bool push(Sweep *s, Value v) {
  if (s->nwaiting == s->cap) {
    size_t cap = s->cap ? s->cap * 2 : 1024;
    Value *more = (Value *)realloc(s->waiting, cap * sizeof *more);
    if (!more) return false;
    s->waiting = more;
    s->cap = cap;
  }
  s->waiting[s->nwaiting++] = v;
  return true;
}

static void need(Sweep *s, Value v) {
  if (!is_heap(v)) return;
  if (payload_of(v) >= s->vm->limit) need_room(s, payload_of(v)); /* keys, which reach nothing outside of it */
  else if (is_new(s, payload_of(v)) && !push(s, v)) s->given_up = true;
}

static void need_all(Sweep *s, const Value *values, size_t n) {
  for (size_t i = 0; i < n; i++) need(s, values[i]);
}

/* ---- what values reach ---- */

static void go_through_tuple(Sweep *s, Value v) {
  const Tuple *t = tuple_head(s->vm, v);
  bool has_word = t->canon & CANON_PLANE, unmade = is_unmade(s->vm, v);
  need_bytes(s, payload_of(v), sizeof *t + ((size_t)t->len + has_word) * sizeof(Value));
  if (t->canon & TUPLE_UNMADE && !unmade) need_bytes(s, (uint32_t)(int_of(t->items[0]) / 8), t->len + sizeof(Value));
  else if (!unmade) need_all(s, t->items, t->len);
  if (!has_word || !t->items[t->len]) return;
  size_t w = unmade ? unmade_width(t) : tuple_head(s->vm, t->items[0])->len;
  need_bytes(s, (uint32_t)t->items[t->len], t->len * w + PLANE_TAIL);
}

static void go_through_parts(Sweep *s, uint32_t offset) {
  if (!is_new(s, offset)) return;
  const Parts *parts = (const Parts *)arena_at(s->vm, offset);
  need_bytes(s, offset, sizeof *parts + parts->n * sizeof(Value));
  need_all(s, parts->parts, parts->n);
  need(s, parts->grid);
  if (parts->seeds) need_bytes(s, parts->seeds, parts->n * sizeof(PartSeed));
  if (!parts->room) return;
  need_bytes(s, parts->runs, (size_t)parts->nruns * sizeof(Run));
  need_room(s, ((const Room *)arena_at(s->vm, parts->room))->start);
}

static void go_through_deferred(Sweep *s, const Set *set) {
  const Deferred *d = (const Deferred *)arena_at(s->vm, set->deferred);
  need_bytes(s, set->deferred, sizeof *d);
  need(s, d->source);
  need(s, d->other);
  need(s, d->grid);
  if (d->wide) need_bytes(s, d->wide, sizeof(Wide) + (size_t)deferred_bits(s->vm, d)->h * deferred_bits(s->vm, d)->words * 8);
  if (d->plane) need_bytes(s, d->plane - 1, deferred_plane_bytes(s->vm, d) + 8);
  if (d->kind == DEFER_PART || d->kind == DEFER_LARGE_PART) go_through_parts(s, d->parts);
  else if (deferred_has_room(d)) need_room(s, ((const Room *)arena_at(s->vm, d->room))->start);
}

static void go_through_set(Sweep *s, Value v) {
  const Set *set = as_set(s->vm, v);
  need_bytes(s, payload_of(v), sizeof *set);
  if (set->deferred) go_through_deferred(s, set);
  if (!set->table) return;
  const SetEntry *e = set_table(s->vm, set);
  if (set->table >= s->vm->limit) need_room(s, set->table);
  else need_bytes(s, set->table, ((size_t)set->mask + 1) * sizeof *e);
  for (size_t i = 0; i <= set->mask; i++) need(s, e[i].key);
}

static void go_through_list(Sweep *s, Value v) {
  const List *l = as_list(s->vm, v);
  need_bytes(s, payload_of(v), sizeof *l);
  if (!l->cap) return;
  need_bytes(s, l->items, (size_t)l->cap * sizeof(Value));
  need_all(s, list_items(s->vm, l), l->len);
}

static void go_through_func(Sweep *s, Value v) {
  const Func *f = as_func(s->vm, v);
  size_t n = (size_t)f->ncells + f->ndefaults;
  need_bytes(s, payload_of(v), sizeof *f + n * sizeof(Value));
  need_all(s, f->slots, n);
}

/* So many values, from its start on. */
static void go_through_values(Sweep *s, Value v, size_t n) {
  need_bytes(s, payload_of(v), n * sizeof(Value));
  need_all(s, (const Value *)heap_of(s->vm, v), n);
}

static void go_through(Sweep *s, Value v) {
  switch (kind_of(v)) {
  case KIND_TUPLE: go_through_tuple(s, v); break;
  case KIND_SET: case KIND_FROZENSET: go_through_set(s, v); break;
  case KIND_LIST: go_through_list(s, v); break;
  case KIND_FUNC: go_through_func(s, v); break;
  case KIND_GUARD: go_through_values(s, v, sizeof(Guard) / sizeof(Value)); break;
  case KIND_CELL: go_through_values(s, v, sizeof(Cell) / sizeof(Value)); break;
  case KIND_SLICE: go_through_values(s, v, sizeof(Slice) / sizeof(Value)); break;
  case KIND_OPAQUE: need_bytes(s, payload_of(v), sizeof(Value)); break;
  case KIND_FLOAT: need_bytes(s, payload_of(v), sizeof(Float)); break;
  case KIND_RANGE: need_bytes(s, payload_of(v), sizeof(Range)); break;
  case KIND_STR: need_bytes(s, payload_of(v), sizeof(Str) + as_str(s->vm, v)->len + 1); break;
  default: s->given_up = true; /* iterators, dicts and the like, which programs seldom keep */
  }
}

/* ---- what is still needed ---- */

static void note_unmade(Sweep *s, uint32_t from, uint32_t to) {
  for (uint32_t k = from; k < to; k++) s->unmade[s->x->order[k]] = 1;
}

static void need_operand(Sweep *s, Operand o, bool older) {
  uint32_t op = o < SLOT_FIRST_OP ? 0 : s->x->op_of_slot[o];
  if (op && !s->unmade[op - 1] && !(older && s->x->program->ops[op - 1].binding >= BIND_CALL)) need(s, s->x->values[o]);
}

static void need_operands(Sweep *s, const ProgramCall *call, bool older) {
  if (call->callee != OPERAND_COPY) need_operand(s, call->callee, older);
  for (uint32_t i = 0; i < call->nargs; i++) need_operand(s, s->x->program->operands[call->args + i], older);
}

/* Of ops order[from .. to); older: what was made for the sample. */
static void need_for_ops(Sweep *s, uint32_t from, uint32_t to, bool older) {
  for (uint32_t k = from; k < to; k++) {
    const ProgramOp *op = &s->x->program->ops[s->x->order[k]];
    need_operands(s, &op->call, older);
    need_operands(s, &op->fallback, older);
  }
}

static void need_returned(Sweep *s) {
  const Program *p = s->x->program;
  for (uint32_t i = 0; i < p->noutputs; i++)
    for (uint32_t k = 0; k < p->outputs[i].nitems; k++) need_operand(s, p->operands[p->outputs[i].items + k], false);
}

static void need_roots(Sweep *s, uint32_t part, uint32_t next) {
  const Execution *x = s->x;
  note_unmade(s, next, x->first[part + 1]);
  if (part == BIND_SAMPLE) note_unmade(s, x->first[BIND_CALL], x->first[BIND_CALL + 1]);
  need_all(s, x->values, part == BIND_SAMPLE ? SLOT_C : SLOT_FIRST_OP); /* there is no C yet */
  need(s, x->kept);
  need_for_ops(s, next, x->first[part + 1], false);
  need_for_ops(s, x->first[BIND_CALL], x->first[BIND_CALL + 1], true);
  need_returned(s);
  for (uint32_t i = 0; x->settled && i < x->program->nops; i++)
    if (x->known[i]) need_all(s, x->unshared + x->program->ops[i].dst, x->program->ops[i].ndst);
}

static void need_held(Sweep *s, const Held *h) {
  if (h->func) need(s, HEAP(KIND_FUNC, offset_of(s->vm, h->func)));
  need_all(s, h->args, kernel_nargs(h->kernel));
  need_all(s, h->values, h->n);
}

/* ---- sweeping ---- */

/* Headers of rooms form a list, so they stay. */
static void list_rooms(Sweep *s) {
  uint32_t cap = 0;
  for (uint32_t at = s->vm->latest_room; at >= s->from && at; at = ((const Room *)arena_at(s->vm, at))->previous) cap++;
  s->rooms = (SweptRoom *)calloc((size_t)cap + 1, sizeof *s->rooms);
  for (uint32_t at = s->vm->latest_room; s->rooms && s->nrooms < cap; s->nrooms++) {
    const Room *room = (const Room *)arena_at(s->vm, at);
    need_bytes(s, at, sizeof *room);
    s->rooms[s->nrooms] = (SweptRoom){room->start, room->end, false};
    at = room->previous;
  }
}

static bool start(Sweep *s, const Execution *x) {
  s->x = x;
  s->vm = x->vm;
  s->from = x->task_mark;
  s->to = x->vm->top;
  s->npages = s->to / PAGE_UNITS - s->from / PAGE_UNITS + 1;
  s->seen = (uint64_t *)calloc((size_t)(s->to - s->from) / BITS + 1, sizeof *s->seen);
  s->pages = (uint8_t *)calloc(s->npages, 1);
  s->unmade = (uint8_t *)calloc(x->program->nops + 1, 1);
  if (!s->seen || !s->pages || !s->unmade) return false;
  list_rooms(s);
  return s->rooms != NULL;
}

static bool lives(const void *sweep, Value v) {
  const Sweep *s = (const Sweep *)sweep;
  uint32_t at = payload_of(v);
  if (!is_heap(v) || at < s->from) return true;
  if (at >= s->vm->limit) return !room_at(s, at) || room_at(s, at)->needed;
  return s->seen[(at - s->from) / BITS] >> (at - s->from) % BITS & 1;
}

static void drop(const Vm *vm, uint64_t from, uint64_t to) {
  uint64_t first = (from + PAGE_UNITS - 1) / PAGE_UNITS * PAGE_UNITS, end = to / PAGE_UNITS * PAGE_UNITS;
  if (first < end) (void)madvise(vm->base + first * 8, (size_t)(end - first) * 8, MADV_DONTNEED);
}

static void drop_unmarked(const Sweep *s) {
  uint64_t base = s->from / PAGE_UNITS;
  for (uint32_t k = 1, end; k + 1 < s->npages; k = end + 1) {
    for (end = k; end + 1 < s->npages && !s->pages[end];) end++;
    drop(s->vm, (base + k) * PAGE_UNITS, (base + end) * PAGE_UNITS);
  }
  for (uint32_t k = 0; k < s->nrooms; k++)
    if (!s->rooms[k].needed) drop(s->vm, s->rooms[k].start, s->rooms[k].end);
}

static void finish(Sweep *s) {
  free(s->seen);
  free(s->pages);
  free(s->unmade);
  free(s->rooms);
  free(s->waiting);
}

/* Before op order[next] of the part or within it: what lies behind the arena's top, and from BIND_SAMPLE on pages below it. */
static void sweep(Execution *x, uint32_t part, uint32_t next, const Held *held) {
  Sweep s = {0};
  drop(x->vm, x->vm->top, x->vm->rooms_top);
  if (part < BIND_SAMPLE) memo_trim(x->vm->memo);
  if (part >= BIND_SAMPLE && start(&s, x)) {
    need_roots(&s, part, next);
    for (const Held *h = held; h; h = h->below) need_held(&s, h);
    while (s.nwaiting && !s.given_up) go_through(&s, s.waiting[--s.nwaiting]);
    if (!s.given_up) {
      memo_keep(x->vm->memo, x->task_memo, held ? held->numbered : 0, lives, &s);
      drop_unmarked(&s);
    }
  }
  finish(&s);
}

void sweep_start(Execution *x, size_t every) {
  if (!x->vm->memo || x->program->native_ops) return;
  x->sweep = sweep;
  x->sweep_every = (uint32_t)(every / 8);
}
