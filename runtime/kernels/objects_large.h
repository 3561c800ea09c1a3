/* objects_large.h - objects of grids beyond 30 x 30. */
#ifndef BATTC_KERNELS_OBJECTS_LARGE_H
#define BATTC_KERNELS_OBJECTS_LARGE_H

#include "grid.h"

/* args as of the kernels objects and objects_t, g the view of the first, the others bools. */
FN KernelStatus find_large_objects(Vm *vm, const Value *args, const GridView *g, bool listed, Value *result);

#endif
