/* probe.h - where a key may be in a set's table: the sequence of slots of Objects/setobject.c. */
#ifndef BATTC_PROBE_H
#define BATTC_PROBE_H

#include "target.h"

enum {
  NEIGHBOURS = 9, /* slots looked at after the first before the next jump */
  PERTURB_SHIFT = 5
};

/* A walk over the slots where a hash may be: windows of consecutive slots, one jump after another. */
typedef struct {
  uint64_t slot, perturb, mask;
} Probe;

FN_INLINE Probe probe_start(uint32_t mask, int64_t hash) {
  Probe p;
  p.mask = mask;
  p.perturb = (uint64_t)hash;
  p.slot = p.perturb & p.mask;
  return p;
}

/* Slots in the window: one alone where the neighbours would cross the end of the table. */
FN_INLINE uint64_t probe_width(const Probe *p) {
  return p->slot + NEIGHBOURS <= p->mask ? NEIGHBOURS + 1 : 1;
}

FN_INLINE void probe_jump(Probe *p) {
  p->perturb >>= PERTURB_SHIFT;
  p->slot = (p->slot * 5 + 1 + p->perturb) & p->mask;
}

#endif
