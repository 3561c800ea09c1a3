/* error.c - raising exceptions, and the table of their classes. */
#include "object.h"

FN Value raise_error(Vm *vm, uint32_t cls) {
  vm->error = cls;
  vm->error_line = 0;
  vm->error_fn = NULL;
  vm->error_value = 0;
  return 0;
}

FN bool raise_false(Vm *vm, uint32_t cls) {
  raise_error(vm, cls);
  return false;
}

FN int raise_int(Vm *vm, uint32_t cls) {
  raise_error(vm, cls);
  return -1;
}

FN Value raise_limit(Vm *vm, LimitKind kind) { return raise_error(vm, ERR_LIMIT + (uint32_t)kind); }

static FN ErrorClass error_parent(ErrorClass cls) {
  switch (cls) {
#define X(name, parent)                                                                            \
  case ERR_##name:                                                                                 \
    return ERR_##parent;
    ERROR_LIST(X)
#undef X
    default:
      return ERR_BaseException;
  }
}

/* Parents come before their children, so one pass sees every subclass. */
FN ErrorMask error_mask(ErrorClass cls) {
  ErrorMask mask = (ErrorMask)1 << cls;
  for (int c = (int)cls + 1; c < (int)ERR_COUNT; c++)
    if (mask >> error_parent((ErrorClass)c) & 1) mask |= (ErrorMask)1 << c;
  return mask;
}

static const char *limit_name(uint32_t limit) {
  switch (limit) {
    case LIMIT_STEPS: return "limit steps";
    case LIMIT_MEMORY: return "limit memory";
    case LIMIT_TIME: return "limit time";
    case LIMIT_INTEGER: return "limit integer";
    case LIMIT_UNSUPPORTED: return "limit unsupported";
    default: return "limit";
  }
}

const char *error_name(uint32_t cls) {
  if (is_limit_error(cls)) return limit_name(cls - ERR_LIMIT);
  switch (cls) {
#define X(name, parent)                                                                            \
  case ERR_##name:                                                                                 \
    return #name;
    ERROR_LIST(X)
#undef X
    default:
      return "unknown error";
  }
}

static bool same_text(const char *a, const char *b) {
  while (*a && *a == *b) a++, b++;
  return *a == *b;
}

int error_by_name(const char *name) {
  for (uint32_t cls = 0; cls < ERR_COUNT; cls++)
    if (same_text(error_name(cls), name)) return (int)cls;
  /* Python 3's other names of OSError */
  if (same_text(name, "IOError") || same_text(name, "EnvironmentError")) return ERR_OSError;
  return -1;
}
