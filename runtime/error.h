/* error.h - exception classes, their hierarchy, and catch masks. */
#ifndef BATTC_ERROR_H
#define BATTC_ERROR_H

#include "value.h"

/* X(class, parent). A parent comes before its children. */
#define ERROR_LIST(X)                                                                              \
  X(BaseException, BaseException)                                                                  \
  X(Exception, BaseException)                                                                      \
  X(ArithmeticError, Exception)                                                                    \
  X(LookupError, Exception)                                                                        \
  X(RuntimeError, Exception)                                                                       \
  X(TypeError, Exception)                                                                          \
  X(ValueError, Exception)                                                                         \
  X(IndexError, LookupError)                                                                       \
  X(KeyError, LookupError)                                                                         \
  X(AttributeError, Exception)                                                                     \
  X(NameError, Exception)                                                                          \
  X(UnboundLocalError, NameError)                                                                  \
  X(ZeroDivisionError, ArithmeticError)                                                            \
  X(OverflowError, ArithmeticError)                                                                \
  X(FloatingPointError, ArithmeticError)                                                           \
  X(RecursionError, RuntimeError)                                                                  \
  X(NotImplementedError, RuntimeError)                                                             \
  X(StopIteration, Exception)                                                                      \
  X(AssertionError, Exception)                                                                     \
  X(ImportError, Exception)                                                                        \
  X(ModuleNotFoundError, ImportError)                                                              \
  X(MemoryError, Exception)                                                                        \
  X(OSError, Exception)                                                                            \
  X(FileNotFoundError, OSError)                                                                    \
  X(EOFError, Exception)                                                                           \
  X(KeyboardInterrupt, BaseException)                                                              \
  X(SystemExit, BaseException)                                                                     \
  X(GeneratorExit, BaseException)

typedef enum {
#define X(cls, parent) ERR_##cls,
  ERROR_LIST(X)
#undef X
      ERR_COUNT,
  /* Limits unwind like exceptions but no handler and no guard ever catches them. */
  ERR_LIMIT = 40 /* + LimitKind */
} ErrorClass;

/* Bit set of classes; catching a class catches its subclasses: see error_mask(). */
typedef uint64_t ErrorMask;
FN ErrorMask error_mask(ErrorClass cls); /* cls and all its subclasses */
const char *error_name(uint32_t cls);    /* "TypeError"; limits: "limit steps" */
int error_by_name(const char *name);     /* ErrorClass or -1 */

#endif
