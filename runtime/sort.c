/* sort.c - CPython 3.11's list sort (timsort with powersort's merge order), comparison for
 * comparison: where `<` is only a partial order (sets) or inconsistent (nan) the outcome depends on
 * which items are compared. Algorithm: Objects/listobject.c and listsort.txt at v3.11.
 *
 * Sorts in place within the value arrays; merges need room for the shorter run, from the arena. No
 * recursion. When a comparison fails the arrays hold a permutation of what they held. */
#include "object.h"

enum {
  MAX_RUNS = 85, /* more than 2^32 items would need */
  MIN_GALLOP = 7,
  SHORTEST = 64 /* below this many items: insertion sort alone */
};

/* Keys and, where they are not the same array, the values that move along. */
typedef struct {
  Value *keys, *values;
} Lane;

typedef struct {
  uint32_t start, len;
  int power; /* of the boundary to the next run */
} Run;

typedef struct {
  Vm *vm;
  Lane all, spare; /* spare: room for half of the items, once a merge needs it */
  uint32_t n;
  int64_t min_gallop;
  Run runs[MAX_RUNS];
  int nruns;
} Sort;

/* ---- moving ---- */

FN_INLINE Lane lane_at(Lane l, int64_t i) {
  l.keys += i;
  if (l.values) l.values += i;
  return l;
}

FN_INLINE void put(Lane to, int64_t i, Lane from, int64_t j) {
  to.keys[i] = from.keys[j];
  if (to.values) to.values[i] = from.values[j];
}

static FN void move(Lane to, int64_t i, Lane from, int64_t j, int64_t n) {
  move_words(to.keys + i, from.keys + j, (size_t)n);
  if (to.values) move_words(to.values + i, from.values + j, (size_t)n);
}

static FN void reverse_values(Value *v, uint32_t n) {
  for (uint32_t i = 0, j = n; i + 1 < j; i++) {
    Value t = v[i];
    v[i] = v[--j];
    v[j] = t;
  }
}

static FN void reverse_lane(Lane l, uint32_t n) {
  reverse_values(l.keys, n);
  if (l.values) reverse_values(l.values, n);
}

/* ---- comparing ---- */

/* a < b: 1, 0, -1. The words of ints are ordered like the ints; of tuples mostly such words decide. */
FN_INLINE int less(Sort *s, Value a, Value b) {
  if (LIKELY(is_int(a) && is_int(b))) return (int64_t)a < (int64_t)b;
  if (is_tuple(a) && is_tuple(b)) {
    const Tuple *x = as_tuple(s->vm, a), *y = as_tuple(s->vm, b);
    uint32_t n = x->len < y->len ? x->len : y->len, i = 0;
    while (i < n && x->items[i] == y->items[i]) i++;
    if (i < n && is_int(x->items[i]) && is_int(y->items[i])) return (int64_t)x->items[i] < (int64_t)y->items[i];
  }
  return value_compare(s->vm, OP_LT, a, b);
}

/* ---- runs ---- */

/* Length of the run at the start of keys[0..n): strictly falling, or not falling. 0: error. */
static FN uint32_t count_run(Sort *s, const Value *keys, uint32_t n, bool *falling) {
  *falling = false;
  if (n < 2) return n;
  int first = less(s, keys[1], keys[0]);
  if (first < 0) return 0;
  *falling = first;
  uint32_t len = 2;
  for (; len < n; len++) {
    int next = less(s, keys[len], keys[len - 1]);
    if (next < 0) return 0;
    if (next != first) break;
  }
  return len;
}

/* Sorts the lane of n items of which the first `sorted` are in order: binary insertion. */
static FN bool insert_rest(Sort *s, Lane l, uint32_t n, uint32_t sorted) {
  for (uint32_t i = sorted; i < n; i++) {
    Value key = l.keys[i], value = l.values ? l.values[i] : 0;
    uint32_t low = 0, high = i;
    while (low < high) {
      uint32_t mid = low + (high - low) / 2;
      int before = less(s, key, l.keys[mid]);
      if (before < 0) return false;
      if (before) high = mid;
      else low = mid + 1;
    }
    move(l, low + 1, l, low, i - low);
    l.keys[low] = key;
    if (l.values) l.values[low] = value;
  }
  return true;
}

/* Runs shorter than this are extended: n over a power of two, rounded up, in 32..64. */
static FN uint32_t shortest_run(uint32_t n) {
  uint32_t cut_off = 0;
  for (; n >= SHORTEST; n >>= 1) cut_off |= n & 1;
  return n + cut_off;
}

/* ---- galloping ---- */

/* Does the sought place of key lie behind item? Left: before equal items (item < key). Right: after
 * them (not key < item). */
FN_INLINE int lies_behind(Sort *s, Value item, Value key, bool right) {
  if (!right) return less(s, item, key);
  int before = less(s, key, item);
  return before < 0 ? -1 : !before;
}

/* How many of keys[0..n) come before key, looking first at `hint` and then ever farther from it;
 * then bisects. -1: error. */
static FN DEVICE_NOINLINE int64_t gallop(Sort *s, Value key, const Value *keys, int64_t n, int64_t hint, bool right) {
  int behind = lies_behind(s, keys[hint], key, right);
  if (behind < 0) return -1;
  int64_t reach = behind ? n - hint : hint + 1, near = 0, far = 1;
  while (far < reach) {
    int again = lies_behind(s, keys[behind ? hint + far : hint - far], key, right);
    if (again < 0) return -1;
    if (again != behind) break;
    near = far;
    far = far * 2 + 1;
  }
  if (far > reach) far = reach;
  int64_t low = (behind ? hint + near : hint - far) + 1, high = behind ? hint + far : hint - near;
  while (low < high) {
    int64_t mid = low + (high - low) / 2;
    int up = lies_behind(s, keys[mid], key, right);
    if (up < 0) return -1;
    if (up) low = mid + 1;
    else high = mid;
  }
  return high;
}

/* ---- merging two neighbouring runs ---- */

/* What is left of a merge of runs a and b into `to`, whose free room is as long as the run that was
 * moved to spare. */
typedef struct {
  Lane a, b, to;
  int64_t na, nb;
} Merge;

typedef enum {
  MERGE_MORE,
  MERGE_DONE, /* one run is used up; the spared items that are left go to the gap */
  MERGE_LAST, /* one spared item is left, which belongs behind all of the other run */
  MERGE_ERROR
} MergeStep;

/* Upwards: a is spared, `to` and b move up. */

FN_INLINE MergeStep take_low_a(Merge *m) {
  put(m->to, 0, m->a, 0);
  m->to = lane_at(m->to, 1);
  m->a = lane_at(m->a, 1);
  return --m->na == 1 ? MERGE_LAST : MERGE_MORE;
}

FN_INLINE MergeStep take_low_b(Merge *m) {
  put(m->to, 0, m->b, 0);
  m->to = lane_at(m->to, 1);
  m->b = lane_at(m->b, 1);
  return --m->nb == 0 ? MERGE_DONE : MERGE_MORE;
}

/* One item at a time, until one run wins min_gallop times in a row. */
static FN MergeStep merge_low_singly(Sort *s, Merge *m) {
  int64_t wins_a = 0, wins_b = 0;
  for (;;) {
    int b_first = less(s, m->b.keys[0], m->a.keys[0]);
    if (b_first < 0) return MERGE_ERROR;
    MergeStep step = b_first ? take_low_b(m) : take_low_a(m);
    if (step != MERGE_MORE) return step;
    wins_a = b_first ? 0 : wins_a + 1;
    wins_b = b_first ? wins_b + 1 : 0;
    if ((b_first ? wins_b : wins_a) >= s->min_gallop) return MERGE_MORE;
  }
}

/* Blocks found by galloping, as long as these are long. */
static FN MergeStep merge_low_blocks(Sort *s, Merge *m) {
  for (;;) {
    s->min_gallop -= s->min_gallop > 1;
    int64_t from_a = gallop(s, m->b.keys[0], m->a.keys, m->na, 0, true);
    if (from_a < 0) return MERGE_ERROR;
    move(m->to, 0, m->a, 0, from_a);
    m->to = lane_at(m->to, from_a);
    m->a = lane_at(m->a, from_a);
    m->na -= from_a;
    if (from_a && m->na <= 1) return m->na ? MERGE_LAST : MERGE_DONE;
    if (take_low_b(m) == MERGE_DONE) return MERGE_DONE;

    int64_t from_b = gallop(s, m->a.keys[0], m->b.keys, m->nb, 0, false);
    if (from_b < 0) return MERGE_ERROR;
    move(m->to, 0, m->b, 0, from_b);
    m->to = lane_at(m->to, from_b);
    m->b = lane_at(m->b, from_b);
    m->nb -= from_b;
    if (m->nb == 0) return MERGE_DONE;
    if (take_low_a(m) == MERGE_LAST) return MERGE_LAST;
    if (from_a < MIN_GALLOP && from_b < MIN_GALLOP) return MERGE_MORE;
  }
}

static FN bool merge_low(Sort *s, Lane a, int64_t na, Lane b, int64_t nb) {
  move(s->spare, 0, a, 0, na);
  Merge m = {s->spare, b, a, na, nb};
  MergeStep step = take_low_b(&m);
  if (step == MERGE_MORE && m.na == 1) step = MERGE_LAST;
  while (step == MERGE_MORE) {
    step = merge_low_singly(s, &m);
    if (step != MERGE_MORE) break;
    s->min_gallop++;
    step = merge_low_blocks(s, &m);
    if (step == MERGE_MORE) s->min_gallop++; /* leaving is penalised */
  }
  if (step == MERGE_LAST) {
    move(m.to, 0, m.b, 0, m.nb);
    put(m.to, m.nb, m.a, 0);
  } else {
    move(m.to, 0, m.a, 0, m.na);
  }
  return step != MERGE_ERROR;
}

/* Downwards: b is spared; the last free place of `to` is at na + nb - 1 from the start of a. */

FN_INLINE MergeStep take_high_a(Merge *m) {
  put(m->to, m->na + m->nb - 1, m->a, m->na - 1);
  return --m->na == 0 ? MERGE_DONE : MERGE_MORE;
}

FN_INLINE MergeStep take_high_b(Merge *m) {
  put(m->to, m->na + m->nb - 1, m->b, m->nb - 1);
  return --m->nb == 1 ? MERGE_LAST : MERGE_MORE;
}

static FN MergeStep merge_high_singly(Sort *s, Merge *m) {
  int64_t wins_a = 0, wins_b = 0;
  for (;;) {
    int a_last = less(s, m->b.keys[m->nb - 1], m->a.keys[m->na - 1]);
    if (a_last < 0) return MERGE_ERROR;
    MergeStep step = a_last ? take_high_a(m) : take_high_b(m);
    if (step != MERGE_MORE) return step;
    wins_a = a_last ? wins_a + 1 : 0;
    wins_b = a_last ? 0 : wins_b + 1;
    if ((a_last ? wins_a : wins_b) >= s->min_gallop) return MERGE_MORE;
  }
}

static FN MergeStep merge_high_blocks(Sort *s, Merge *m) {
  for (;;) {
    s->min_gallop -= s->min_gallop > 1;
    int64_t keep = gallop(s, m->b.keys[m->nb - 1], m->a.keys, m->na, m->na - 1, true);
    if (keep < 0) return MERGE_ERROR;
    int64_t from_a = m->na - keep;
    move(m->to, m->nb + keep, m->a, keep, from_a);
    m->na = keep;
    if (m->na == 0) return MERGE_DONE;
    if (take_high_b(m) == MERGE_LAST) return MERGE_LAST;

    keep = gallop(s, m->a.keys[m->na - 1], m->b.keys, m->nb, m->nb - 1, false);
    if (keep < 0) return MERGE_ERROR;
    int64_t from_b = m->nb - keep;
    move(m->to, m->na + keep, m->b, keep, from_b);
    m->nb = keep;
    if (from_b && m->nb <= 1) return m->nb ? MERGE_LAST : MERGE_DONE;
    if (take_high_a(m) == MERGE_DONE) return MERGE_DONE;
    if (from_a < MIN_GALLOP && from_b < MIN_GALLOP) return MERGE_MORE;
  }
}

static FN bool merge_high(Sort *s, Lane a, int64_t na, Lane b, int64_t nb) {
  move(s->spare, 0, b, 0, nb);
  Merge m = {a, s->spare, a, na, nb};
  MergeStep step = take_high_a(&m);
  if (step == MERGE_MORE && m.nb == 1) step = MERGE_LAST;
  while (step == MERGE_MORE) {
    step = merge_high_singly(s, &m);
    if (step != MERGE_MORE) break;
    s->min_gallop++;
    step = merge_high_blocks(s, &m);
    if (step == MERGE_MORE) s->min_gallop++;
  }
  if (step == MERGE_LAST) {
    move(m.to, 1, m.a, 0, m.na);
    put(m.to, 0, m.b, 0);
  } else {
    move(m.to, m.na, m.b, 0, m.nb);
  }
  return step != MERGE_ERROR;
}

/* ---- the stack of runs ---- */

/* Room for the shorter of two runs. */
static FN bool have_spare(Sort *s) {
  if (s->spare.keys) return true;
  size_t half = (size_t)s->n / 2 + 1;
  uint32_t offset = arena_alloc(s->vm, half * sizeof(Value) * (s->all.values ? 2 : 1));
  if (!offset) return false;
  s->spare.keys = (Value *)arena_at(s->vm, offset);
  s->spare.values = s->all.values ? s->spare.keys + half : NULL;
  return true;
}

/* Merges run i with the one after it. What is in place already at both ends is left alone. */
static FN DEVICE_NOINLINE bool merge_at(Sort *s, int i) {
  if (!have_spare(s)) return false;
  Run *r = &s->runs[i];
  Lane a = lane_at(s->all, r[0].start), b = lane_at(s->all, r[1].start);
  int64_t na = r[0].len, nb = r[1].len;
  r[0].len += r[1].len;
  if (i == s->nruns - 3) r[1] = r[2];
  s->nruns--;
  int64_t skip = gallop(s, b.keys[0], a.keys, na, 0, true);
  if (skip < 0) return false;
  a = lane_at(a, skip);
  na -= skip;
  if (na == 0) return true;
  nb = gallop(s, a.keys[na - 1], b.keys, nb, nb - 1, false);
  if (nb <= 0) return nb == 0;
  return na <= nb ? merge_low(s, a, na, b, nb) : merge_high(s, a, na, b, nb);
}

/* How deep the boundary between two neighbouring runs lies in the ideal merge tree: the first bit
 * in which the positions of their midpoints, as fractions of n, differ. */
static FN int boundary_power(uint64_t start, uint64_t len_a, uint64_t len_b, uint64_t n) {
  uint64_t a = 2 * start + len_a, b = a + len_a + len_b; /* twice the midpoints */
  for (int power = 1;; power++) {
    bool bit_a = a >= n, bit_b = b >= n;
    if (bit_a != bit_b) return power;
    a = (bit_a ? a - n : a) * 2;
    b = (bit_b ? b - n : b) * 2;
  }
}

/* Pushes the next run, merging first what lies deeper than its boundary. */
static FN bool push_run(Sort *s, uint32_t start, uint32_t len) {
  if (s->nruns > 0) {
    Run last = s->runs[s->nruns - 1];
    int power = boundary_power(last.start, last.len, len, s->n);
    while (s->nruns > 1 && s->runs[s->nruns - 2].power > power)
      if (!merge_at(s, s->nruns - 2)) return false;
    s->runs[s->nruns - 1].power = power;
  }
  Run *r = &s->runs[s->nruns++];
  r->start = start;
  r->len = len;
  r->power = 0;
  return true;
}

static FN bool merge_all(Sort *s) {
  while (s->nruns > 1) {
    int i = s->nruns - 2;
    if (i > 0 && s->runs[i - 1].len < s->runs[i + 1].len) i--;
    if (!merge_at(s, i)) return false;
  }
  return true;
}

static FN bool sort_lane(Sort *s) {
  uint32_t shortest = shortest_run(s->n);
  for (uint32_t start = 0; start < s->n;) {
    Lane l = lane_at(s->all, start);
    uint32_t rest = s->n - start;
    bool falling;
    uint32_t len = count_run(s, l.keys, rest, &falling);
    if (len == 0) return false;
    if (falling) reverse_lane(l, len);
    if (len < shortest && len < rest) {
      uint32_t longer = rest < shortest ? rest : shortest;
      if (!insert_rest(s, l, longer, len)) return false;
      len = longer;
    }
    if (!push_run(s, start, len)) return false;
    start += len;
  }
  return merge_all(s);
}

FN bool sort_values(Vm *vm, Value *keys, Value *values, uint32_t n, bool reverse) {
  if (n < 2) return true;
  Sort s;
  s.vm = vm;
  s.all.keys = keys;
  s.all.values = values == keys ? NULL : values;
  s.spare.keys = s.spare.values = NULL;
  s.n = n;
  s.min_gallop = MIN_GALLOP;
  s.nruns = 0;
  uint32_t mark = vm_mark(vm);
  if (reverse) reverse_lane(s.all, n);
  bool ok = sort_lane(&s);
  if (reverse) reverse_lane(s.all, n);
  vm_reset(vm, mark); /* comparisons allocate nothing, so only spare is above */
  return ok;
}
