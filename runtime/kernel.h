/* kernel.h - native kernels in front of hot DSL functions.
 *
 * A kernel does what the body of one DSL function does on arguments of the expected form, to the last
 * bit: values, types, order of sets with their tables. It is attached to a function by its key
 * (compiler/kernel_key.c: a hash of its tree and of all that it references, guards and defaults
 * included; kernel_keys.h lists the keys of known versions). Anything unexpected it leaves to the
 * compiled source, which is the reference that kernels are fuzzed against. */
#ifndef BATTC_KERNEL_H
#define BATTC_KERNEL_H

#include "vm.h"

/* X(kernel, number of arguments). Its name is the function's, after __ what tells it from another; __made: it is that of the
 * closures which the function returns. */
#define KERNEL_LIST(X)                                                                             \
  X(index, 2) X(cellwise, 3) X(dneighbors, 1) X(ineighbors, 1) X(neighbors, 1) X(asindices, 1)     \
  X(f_ofcolor, 2) X(toindices, 1) X(mostcolor_t, 1) X(shift, 2) X(objects, 4) X(objects_t, 4)      \
  X(fill, 3) X(paint, 2) X(p_g, 1) X(palette_t, 1) X(partition, 1) X(fgpartition, 1) X(asobject, 1) \
  X(ulcorner, 1) X(ulcorner_i, 1) X(ulcorner_o, 1) X(lrcorner, 1) X(lrcorner_i, 1) X(lrcorner_o, 1) \
  X(uppermost, 1) X(uppermost_i, 1) X(uppermost_o, 1) X(lowermost, 1) X(lowermost_i, 1)            \
  X(lowermost_o, 1) X(leftmost, 1) X(leftmost_i, 1) X(leftmost_o, 1) X(rightmost, 1)               \
  X(rightmost_i, 1) X(rightmost_o, 1) X(merge, 1) X(sizefilter, 2) X(vfrontier, 1)                 \
  X(hfrontier, 1) X(recolor_i, 2) X(recolor_o, 2) X(toindices_o, 1) X(colorfilter, 2)  \
  X(add, 2) X(subtract, 2) X(add__empty, 2) X(subtract__empty, 2) X(multiply, 2) X(size, 1)        \
  X(astuple, 2) X(underfill, 3) X(underpaint, 2) X(mostcolor_f, 1)                                 \
  X(hmirror_t, 1) X(vmirror_t, 1) X(dmirror_t, 1) X(cmirror_t, 1) X(rot90, 1) X(rot180, 1)         \
  X(rot270, 1) X(hupscale, 2) X(vupscale, 2) X(upscale_t, 2) X(downscale, 2) X(hconcat, 2)         \
  X(vconcat, 2) X(crop, 3) X(subgrid, 2) X(compress, 1) X(frontiers, 1) X(replace, 3)              \
  X(switch, 3) X(canvas, 2) X(urcorner, 1) X(urcorner_i, 1) X(urcorner_o, 1) X(llcorner, 1)        \
  X(llcorner_i, 1) X(llcorner_o, 1) X(height_f, 1) X(width_f, 1) X(shape_f, 1) X(center, 1)        \
  X(normalize, 1) X(backdrop, 1) X(delta, 1) X(box, 1) X(inbox, 1) X(outbox, 1) X(connect, 2)      \
  X(toobject, 2) X(get_nth_t, 2) X(get_nth_f, 2) X(color, 1) X(difference, 2)                      \
  X(difference_tuple, 2) X(product, 2) X(get_color_rank_t, 2) X(get_color_rank_f, 2)               \
  X(leastcolor_t, 1) X(leastcolor_f, 1) X(hperiod, 1) X(vperiod, 1) X(occurrences, 2)              \
  X(upscale_f, 2) X(f_ofcolor__rows, 2) X(p_g__rows, 1) X(cellwise__rows, 3) X(cellwise__width, 3) \
  X(objects__strict, 4) X(objects__lenient, 4) X(objects_t__strict, 4) X(toindices__strict, 1)     \
  X(toindices__lenient, 1) X(recolor_i__any, 2) X(paint__any, 2) X(underpaint__any, 2)   \
  X(mostcolor_t__rows, 1) X(fill__strict, 3) X(fill__lenient, 3) X(combine, 2) \
  X(uppermost__odd, 1) X(uppermost_i__odd, 1) X(uppermost_o__odd, 1) X(lowermost__odd, 1)          \
  X(lowermost_i__odd, 1) X(lowermost_o__odd, 1) X(leftmost__odd, 1) X(leftmost_i__odd, 1)          \
  X(leftmost_o__odd, 1) X(rightmost__odd, 1) X(rightmost_i__odd, 1) X(rightmost_o__odd, 1)         \
  X(height_f__odd, 1) X(width_f__odd, 1) X(height_i__odd, 1) X(width_i__odd, 1)                    \
  X(height_o__odd, 1) X(width_o__odd, 1) X(shape_f__odd, 1) X(hline_o__odd, 1)                     \
  X(vline_o__odd, 1) X(center__odd, 1) X(ulcorner__odd, 1) X(ulcorner_o__odd, 1)                   \
  X(urcorner__odd, 1) X(urcorner_o__odd, 1) X(llcorner__odd, 1) X(llcorner_o__odd, 1)              \
  X(lrcorner__odd, 1) X(lrcorner_o__odd, 1) X(normalize__odd, 1) X(shift__odd, 2)                  \
  X(connect__odd, 2) X(partition__rows, 1) X(fgpartition__rows, 1) X(toindices_o__any, 1)          \
  X(recolor_o__any, 2) X(crop__odd, 3) X(hmirror_f, 1) X(hmirror_i, 1) X(hmirror_o, 1)             \
  X(vmirror_f, 1) X(vmirror_i, 1) X(vmirror_o, 1) X(dmirror_f, 1) X(dmirror_i, 1) X(dmirror_o, 1)  \
  X(toindices__nested, 1) X(normalize__nested, 1) X(ulcorner__nested, 1) X(urcorner__nested, 1)    \
  X(llcorner__nested, 1) X(lrcorner__nested, 1) X(uppermost__nested, 1) X(lowermost__nested, 1)    \
  X(leftmost__nested, 1) X(rightmost__nested, 1) X(center__nested, 1) X(height__nested, 1)         \
  X(width__nested, 1) X(shape__nested, 1) X(backdrop__nested, 1) X(delta__nested, 1)               \
  X(box__nested, 1) X(inbox__nested, 1) X(outbox__nested, 1) X(mostcolor__nested, 1)               \
  X(leastcolor__nested, 1) X(palette__nested, 1) X(partition__nested, 1)                           \
  X(fgpartition__nested, 1) X(asobject__nested, 1) X(color__nested, 1) X(hmirror__nested, 1)       \
  X(vmirror__nested, 1) X(dmirror__nested, 1) X(cmirror__nested, 1) X(hperiod__nested, 1)          \
  X(vperiod__nested, 1) X(frontiers__nested, 1) X(recolor__nested, 2) X(shift__nested, 2)          \
  X(paint__nested, 2) X(underpaint__nested, 2) X(occurrences__nested, 2) X(toobject__nested, 2)    \
  X(colorfilter__nested, 2) X(subgrid__nested, 2) X(upscale__nested, 2) X(fill__nested, 3)         \
  X(underfill__nested, 3) X(objects__nested, 4) X(index__none, 2) X(cellwise__both, 3)         \
  X(identity, 1) X(equality, 2) X(greater, 2) X(contained, 2) X(flip, 1) X(both, 2) X(either, 2)   \
  X(branch, 3) X(even, 1) X(positive, 1) X(invert, 1) X(double, 1) X(halve, 1) X(increment, 1)     \
  X(decrement, 1) X(crement, 1) X(sign, 1) X(toivec, 1) X(tojvec, 1) X(first, 1) X(height_t, 1) X(width_t, 1) X(first_t, 1) X(last_t, 1) \
  X(toij, 1) X(last, 1)                                                                            \
  X(totuple, 1) X(maximum, 1) X(minimum, 1) X(initset, 1) X(insert, 2) X(intersection, 2)          \
  X(remove, 2) X(colorcount__nested, 2) X(manhattan, 2) X(manhattan__nested, 2) X(hline__nested, 1)              \
  X(vline__nested, 1) X(bordering__nested, 2) X(adjacent__nested, 2) X(hmatching__nested, 2)       \
  X(vmatching__nested, 2) X(height_i, 1) X(width_i, 1) X(hline_i, 1) X(vline_i, 1)                \
  X(height_o, 1) X(width_o, 1) X(hline_o, 1) X(vline_o, 1) X(colorcount_f, 2)                      \
  X(combine_f, 2) X(o_g, 2) X(mir_rot_t, 2) X(corner, 2) X(col_row, 2) X(palette_f, 1)             \
  X(numcolors_f, 1) X(bordering, 2) X(adjacent, 2) X(hmatching, 2) X(vmatching, 2)           \
  X(shoot, 2) X(pair, 2) X(compose, 2)                                                             \
  X(chain, 3) X(fork, 3) X(matcher, 2) X(rbind, 2) X(lbind, 2) X(rbind__original, 2)               \
  X(lbind__original, 2)                                                                            \
  X(compose__made, 1) X(chain__made, 1) X(fork__made, 1) X(matcher__made, 1) X(rbind__made, 1) X(rbind__made2, 2)      \
  X(rbind__made3, 3) X(lbind__made, 1) X(lbind__made2, 2) X(lbind__made3, 3) X(apply, 2)           \
  X(mapply, 2) X(apply_t, 2) X(mapply_t, 2) X(sfilter, 2) X(sfilter_t, 2) X(sfilter_f, 2) X(order, 2) \
  X(get_arg_rank, 3) X(get_arg_rank_t, 3) X(get_arg_rank_f, 3) X(get_val_rank, 3) X(mfilter, 2) X(argmax, 2) X(argmin, 2) X(valmax, 2) X(valmin, 2)     \
  X(extract, 2) X(papply, 3) X(mpapply, 3) X(prapply, 3) X(rapply, 2)

typedef enum {
  KERNEL_none,
#define X(name, nargs) KERNEL_##name,
  KERNEL_LIST(X)
#undef X
      KERNEL_COUNT
} KernelId;

typedef enum {
  KERNEL_DONE, /* *result is the function's value */
  KERNEL_PASS, /* not the expected form: run the source; nothing has happened */
  KERNEL_FAIL  /* the body raises an Exception: pending in vm->error */
} KernelStatus;

/* Is it of those for cells (colour, (i, j)), which lie together? */
FN_INLINE bool kernel_is_nested(uint32_t kernel) { return kernel >= KERNEL_toindices__nested && kernel <= KERNEL_objects__nested; }

/* Does it make closures? */
FN_INLINE bool kernel_is_maker(uint32_t kernel) { return kernel >= KERNEL_compose && kernel <= KERNEL_lbind__original; }

/* Of those on single numbers, tests, and members. */
FN_INLINE bool kernel_is_cheap(uint32_t kernel) {
  bool scalar = kernel >= KERNEL_add && kernel <= KERNEL_astuple;
  return scalar || kernel == KERNEL_identity || kernel == KERNEL_greater || (kernel >= KERNEL_flip && kernel <= KERNEL_last);
}

/* Is it of those that call functions which are values, or of the closures among these? See kernels/closure.c. */
FN_INLINE bool kernel_is_closure(uint32_t kernel) { return kernel >= KERNEL_compose__made && kernel <= KERNEL_rapply; }
/* Does it need the function that is called? */
FN_INLINE bool kernel_needs_function(uint32_t kernel) { return kernel >= KERNEL_compose && kernel <= KERNEL_lbind__made3; }

/* Kernels are not taken this near to the recursion limit: the source's own calls may not fit. */
enum { KERNEL_DEPTH = 16 };

FN uint32_t kernel_nargs(uint32_t kernel);
FN KernelStatus kernel_call(Vm *vm, uint32_t kernel, const Value *args, Value *result);

/* ---- kernels/ ---- */
#define X(name, nargs) FN KernelStatus kernel_##name(Vm *vm, const Value *args, Value *result);
KERNEL_LIST(X)
#undef X

#endif
