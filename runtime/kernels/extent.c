/* extent.c - kernels about the bounding box of a set of locations or cells. */
#include "objects.h"

#define CORNER(name, n, i, j)                                                                      \
  FN KernelStatus kernel_##name(Vm *vm, const Value *args, Value *result) {                        \
    Box b;                                                                                      \
    return patch_box(vm, args[0], n, &b) ? done_if(pair_of(vm, i, j), result) : KERNEL_PASS;       \
  }
#define SIDE(name, n, side)                                                                        \
  FN KernelStatus kernel_##name(Vm *vm, const Value *args, Value *result) {                        \
    Box b;                                                                                      \
    return patch_box(vm, args[0], n, &b) ? done_if(v_int(side), result) : KERNEL_PASS;             \
  }

CORNER(ulcorner, 0, b.top, b.left)
CORNER(ulcorner_i, 2, b.top, b.left)
CORNER(ulcorner_o, 3, b.top, b.left)
CORNER(lrcorner, 0, b.bottom, b.right)
CORNER(lrcorner_i, 2, b.bottom, b.right)
CORNER(lrcorner_o, 3, b.bottom, b.right)
SIDE(uppermost, 0, b.top)
SIDE(uppermost_i, 2, b.top)
SIDE(uppermost_o, 3, b.top)
SIDE(lowermost, 0, b.bottom)
SIDE(lowermost_i, 2, b.bottom)
SIDE(lowermost_o, 3, b.bottom)
SIDE(leftmost, 0, b.left)
SIDE(leftmost_i, 2, b.left)
SIDE(leftmost_o, 3, b.left)
SIDE(rightmost, 0, b.right)
SIDE(rightmost_i, 2, b.right)
SIDE(rightmost_o, 3, b.right)
