/* lanes.h - work that the lanes of a warp do together.
 *
 * A machine on a device is run by lane 0 of a warp; the other 31 lanes wait (cuda/warp.c). What goes over rows, cells or
 * slots is written as *lane work*: a function that every lane calls with its number, and that shares out by it: rows i = lane,
 * lane + n, … . The same text is the scalar code of the CPU, where there is one lane: n is 1, a constant after inlining,
 * and all that lanes say to each other is gone. So there are three forms of what follows:
 *
 *   on a device      shuffles, ballots, atomics
 *   one lane alone   nothing
 *   emulated         each lane is a fibre (host/fibres.c), and goes on when all have come
 *
 * Rules for lane work: every lane comes to the same meeting points (lanes_…) as often as the others; what one lane wrote others
 * read after a meeting only, and atom_… is what several lanes may do to one word between two of them. It neither raises nor
 * allocates, and asks for no table of a deferred set. What it points to lies in arena, workspace or tables: the stack of lane 0 is its
 * own. */
#ifndef BATTC_LANES_H
#define BATTC_LANES_H

#include "vm.h"

enum { WARP_LANES = 32, WORK_WORDS = 12 };

/* All that there is: WORK_… , and work_…, which does it; defined by LANE_WORK in the file that has it. */
#define ALL_LANE_WORK(X)                                                                           \
  X(copy) X(clear)                                                                                 \
  X(put_numbers) X(add_numbers) X(list_numbers) X(rebuild_numbers) X(write_numbers)                \
  X(refill) X(hash_table) X(hash_rows) X(check_cells) X(box_keys)                                  \
  X(list_rows) X(list_mapped) X(part_keys) X(put_places)                                           \
  X(pack_rows) X(fill_rows) X(count_colour) X(next_colour) X(check_colours)                        \
  X(flood) X(mark_grid) X(cellwise) X(reverse_rows) X(take_columns) X(find_changed) X(paint_rows)

#define LANE_WORK_NUMBER(name) WORK_##name,
typedef enum { WORK_END, ALL_LANE_WORK(LANE_WORK_NUMBER) WORK_COUNT } WorkNumber;

/* What the lanes of a warp share. */
typedef struct Warp {
  uint64_t given[WORK_WORDS];  /* what the work of all lanes is done on, and what it gives back */
  uint32_t work;               /* WorkNumber */
  uint32_t met;                /* of the emulator, as is what follows: meetings there were */
  void (*sync)(struct Warp *);
  uint64_t told[2][WARP_LANES]; /* by lane what it tells the others, in turns */
} Warp;

typedef struct {
  Warp *warp; /* NULL: one lane alone */
  uint32_t lane, n;
} Lanes;

#ifdef __CUDACC__
#define LANE_TEXT static __forceinline__ FN
#else
#define LANE_TEXT static inline __attribute__((always_inline))
#endif

/* All lanes have come here, and see what the others wrote before. */
FN_INLINE void warp_sync(Warp *warp) {
#ifdef __CUDA_ARCH__
  (void)warp;
  __syncwarp();
#else
  warp->sync(warp);
#endif
}

FN_INLINE void lanes_sync(const Lanes *l) {
  if (l->n > 1) warp_sync(l->warp);
}

#ifndef __CUDA_ARCH__
/* By lane what each says. */
FN_INLINE const uint64_t *lanes_told(const Lanes *l, uint64_t mine) {
  uint64_t *told = l->warp->told[l->warp->met % 2];
  told[l->lane] = mine;
  warp_sync(l->warp);
  return told;
}
#endif

/* Bit by lane: where `yes`. */
FN_INLINE uint32_t lanes_ballot(const Lanes *l, bool yes) {
  if (l->n == 1) return yes;
#ifdef __CUDA_ARCH__
  return __ballot_sync(0xffffffffu, yes);
#else
  const uint64_t *told = lanes_told(l, yes);
  uint32_t bits = 0;
  for (uint32_t k = 0; k < WARP_LANES; k++) bits |= (uint32_t)told[k] << k;
  return bits;
#endif
}

FN_INLINE bool lanes_all(const Lanes *l, bool yes) { return l->n == 1 ? yes : !lanes_ballot(l, !yes); }
FN_INLINE uint32_t lanes_count(const Lanes *l, bool yes) { return l->n == 1 ? yes : count_bits(lanes_ballot(l, yes)); }
/* Lanes below this one that are in `bits`. */
FN_INLINE uint32_t lanes_below(const Lanes *l, uint32_t bits) { return count_bits(bits & (((uint32_t)1 << l->lane) - 1)); }

/* What the lanes have, made one: `join` puts an `other` into `mine`. */
#ifdef __CUDA_ARCH__
#define LANES_REDUCE(type, join)                                                                   \
  for (int k = WARP_LANES / 2; k && l->n > 1; k /= 2) {                                            \
    type other = __shfl_xor_sync(0xffffffffu, mine, k);                                            \
    join;                                                                                          \
  }                                                                                                \
  return mine
#else
#define LANES_REDUCE(type, join)                                                                   \
  if (l->n == 1) return mine;                                                                      \
  const uint64_t *told = lanes_told(l, (uint64_t)mine);                                            \
  for (uint32_t k = 0; k < WARP_LANES; k++) {                                                      \
    type other = (type)told[k];                                                                    \
    if (k != l->lane) join;                                                                        \
  }                                                                                                \
  return mine
#endif
typedef unsigned long long LaneWord; /* as CUDA has it */
FN_INLINE LaneWord lanes_xor(const Lanes *l, LaneWord mine) { LANES_REDUCE(LaneWord, mine ^= other); }
FN_INLINE LaneWord lanes_or(const Lanes *l, LaneWord mine) { LANES_REDUCE(LaneWord, mine |= other); }
FN_INLINE uint32_t lanes_sum(const Lanes *l, uint32_t mine) { LANES_REDUCE(uint32_t, mine += other); }
FN_INLINE int lanes_least(const Lanes *l, int mine) { LANES_REDUCE(int, mine = other < mine ? other : mine); }
FN_INLINE int lanes_most(const Lanes *l, int mine) { LANES_REDUCE(int, mine = other > mine ? other : mine); }

/* What the lanes below have, added up; all lanes: *sum. */
FN_INLINE uint32_t lanes_sum_below(const Lanes *l, uint32_t mine, uint32_t *sum) {
  uint32_t below = 0;
  *sum = mine;
  if (l->n == 1) return 0;
#ifdef __CUDA_ARCH__
  uint32_t upto = mine;
  for (uint32_t k = 1; k < WARP_LANES; k *= 2) {
    uint32_t other = __shfl_up_sync(0xffffffffu, upto, k);
    if (l->lane >= k) upto += other;
  }
  *sum = __shfl_sync(0xffffffffu, upto, WARP_LANES - 1);
  below = upto - mine;
#else
  const uint64_t *told = lanes_told(l, mine);
  *sum = 0;
  for (uint32_t k = 0; k < WARP_LANES; k++) {
    if (k < l->lane) below += (uint32_t)told[k];
    *sum += (uint32_t)told[k];
  }
#endif
  return below;
}

/* What the lanes before and behind have, bits of both; the first and the last have 0 beside them. */
FN_INLINE uint32_t lanes_beside(const Lanes *l, uint32_t mine) {
#ifdef __CUDA_ARCH__
  uint32_t before = __shfl_up_sync(0xffffffffu, mine, 1), behind = __shfl_down_sync(0xffffffffu, mine, 1);
#else
  const uint64_t *told = lanes_told(l, mine);
  uint32_t before = (uint32_t)told[(l->lane + WARP_LANES - 1) % WARP_LANES], behind = (uint32_t)told[(l->lane + 1) % WARP_LANES];
#endif
  return (l->lane ? before : 0) | (l->lane < WARP_LANES - 1 ? behind : 0);
}

/* How many lanes, from lane 0 on, have a `mine` that none before them has. */
FN_INLINE uint32_t lanes_unlike(const Lanes *l, uint32_t mine) {
  if (l->n == 1) return 1;
  uint32_t same = 0;
#ifdef __CUDA_ARCH__
  same = __match_any_sync(0xffffffffu, mine);
#else
  const uint64_t *told = lanes_told(l, mine);
  for (uint32_t k = 0; k < WARP_LANES; k++) same |= (uint32_t)(told[k] == mine) << k;
#endif
  uint32_t like = lanes_ballot(l, lanes_below(l, same) != 0);
  return like ? lowest_bit(like) : (uint32_t)WARP_LANES;
}

/* ---- one word, several lanes ---- */

#ifdef __CUDA_ARCH__
FN_INLINE void atom_or64(uint64_t *p, uint64_t x) { atomicOr((unsigned long long *)p, (unsigned long long)x); }
FN_INLINE void atom_and32(uint32_t *p, uint32_t x) { atomicAnd(p, x); }
#else
FN_INLINE void atom_or64(uint64_t *p, uint64_t x) { *p |= x; }
FN_INLINE void atom_and32(uint32_t *p, uint32_t x) { *p &= x; }
/* What it was. */
#endif

/* ---- giving work ---- */

#define DECLARE_LANE_WORK(name) FN void work_##name(const Lanes *l, void *given);
ALL_LANE_WORK(DECLARE_LANE_WORK)

/* cuda/warp.c. Lane 0: all lanes do it. `given`, n words, becomes what they made of it. */
FN NOINLINE void warp_post(Warp *warp, WorkNumber work, uint64_t *given, uint32_t n);

/* Behind a function NAME_lanes(const Lanes *, Type *), which is LANE_TEXT: its form for warps, and NAME_by(warp, Type *), which does
 * it here and now, with warp NULL by this lane alone. */
#define LANE_WORK(name, Type)                                                                      \
  typedef char name##_fits[sizeof(Type) <= WORK_WORDS * sizeof(uint64_t) && sizeof(Type) % sizeof(uint64_t) == 0 ? 1 : -1]; \
  FN NOINLINE void work_##name(const Lanes *l, void *given) { name##_lanes(l, (Type *)given); }    \
  FN_INLINE void name##_by(Warp *warp, Type *given) {                                              \
    if (warp) {                                                                                    \
      warp_post(warp, WORK_##name, (uint64_t *)given, sizeof(Type) / sizeof(uint64_t));            \
    } else {                                                                                       \
      Lanes alone = {NULL, 0, 1};                                                                  \
      name##_lanes(&alone, given);                                                                 \
    }                                                                                              \
  }

/* ---- memory, in multiples of 8 bytes; lanes.c ---- */

typedef struct {
  uint64_t *to;
  const uint64_t *from;
  uint64_t n; /* words */
} MemoryWork;

/* Every 32nd word, so that memory is touched in rows. */
LANE_TEXT void copy_lanes(const Lanes *l, MemoryWork *w) {
#ifndef __CUDA_ARCH__
  if (l->n == 1) {
    __builtin_memcpy(w->to, w->from, w->n * sizeof *w->to);
    return;
  }
#endif
  for (uint64_t i = l->lane; i < w->n; i += l->n) w->to[i] = w->from[i];
}

LANE_TEXT void clear_lanes(const Lanes *l, MemoryWork *w) {
#ifndef __CUDA_ARCH__
  if (l->n == 1) {
    __builtin_memset(w->to, 0, w->n * sizeof *w->to);
    return;
  }
#endif
  for (uint64_t i = l->lane; i < w->n; i += l->n) w->to[i] = 0;
}

FN void clear_bytes(Warp *warp, void *to, size_t bytes);
FN void copy_bytes(Warp *warp, void *to, const void *from, size_t bytes);

#endif
