/* lanes.c - see lanes.h. */
#include "lanes.h"

enum { FEW_BYTES = 512 }; /* done by one lane before the others would have come */

LANE_WORK(copy, MemoryWork)
LANE_WORK(clear, MemoryWork)

FN void clear_bytes(Warp *warp, void *to, size_t bytes) {
  MemoryWork w = {(uint64_t *)to, NULL, bytes / 8};
  clear_by(bytes > FEW_BYTES ? warp : NULL, &w);
}

FN void copy_bytes(Warp *warp, void *to, const void *from, size_t bytes) {
  MemoryWork w = {(uint64_t *)to, (const uint64_t *)from, bytes / 8};
  copy_by(bytes > FEW_BYTES ? warp : NULL, &w);
}
