/* value.h - a Python value as one 64-bit word, and the layout of what it may refer to.
 *
 * Low three bits are the tag. Immediates: None, bools, ints of 61 bits, types, builtins, limits.
 * Everything else is a heap object: kind in bits 3..10, offset in the arena (units of 8 bytes) in
 * bits 32..63. The zero word is "unbound": it is never a Python value, so functions that return a
 * Value return 0 for "an exception is pending in vm->error", and fresh memory is unbound.
 *
 * Compiles as C11 and as CUDA C++. */
#ifndef BATTC_VALUE_H
#define BATTC_VALUE_H

#include "target.h"

typedef uint64_t Value;

enum { TAG_SPECIAL = 0, TAG_INT = 1, TAG_HEAP = 2, TAG_MASK = 7 };

/* X(kind, Python's name of the type). Order: specials first, then heap kinds. */
#define KIND_LIST(X)                                                                               \
  X(UNBOUND, "unbound")                                                                            \
  X(NONE, "NoneType")                                                                              \
  X(BOOL, "bool")                                                                                  \
  X(TYPE, "type")                       /* payload: Kind of its instances, or 0x100 + ErrorClass */ \
  X(BUILTIN, "builtin_function_or_method") /* payload: BuiltinId */                                 \
  X(CODE, "code")                       /* f.__code__; payload: function id */                      \
  X(LIMIT, "limit")                     /* payload: LimitKind; only as the value of a program op */ \
  X(POISON, "unsupported")              /* payload: LimitKind; a global that its statement could not bind */ \
  X(MODULE, "module")                   /* payload: module id */                                    \
  X(INT, "int")                         /* never in the kind bits: ints have their own tag */       \
  X(FLOAT, "float")                                                                                \
  X(STR, "str")                                                                                    \
  X(TUPLE, "tuple")                                                                                \
  X(LIST, "list")                                                                                  \
  X(SET, "set")                                                                                    \
  X(FROZENSET, "frozenset")                                                                        \
  X(DICT, "dict")                                                                                  \
  X(RANGE, "range")                                                                                \
  X(SLICE, "slice")                                                                                \
  X(FUNC, "function")                                                                              \
  X(GUARD, "function")                  /* a DSL function behind make_all_dsl_safe */               \
  X(METHOD, "builtin_function_or_method") /* bound method of a builtin type */                      \
  X(CELL, "cell")                                                                                  \
  X(ITER, "iterator")                   /* native iterators; struct Iter */                         \
  X(GEN, "generator")                                                                              \
  X(ERROR, "exception")                 /* exception instance */                                    \
  X(OPAQUE, "object")                   /* loggers and the like: methods do nothing */

typedef enum {
#define X(kind, name) KIND_##kind,
  KIND_LIST(X)
#undef X
      KIND_COUNT
} Kind;

typedef enum { LIMIT_STEPS, LIMIT_MEMORY, LIMIT_TIME, LIMIT_INTEGER, LIMIT_UNSUPPORTED } LimitKind;

#define SPECIAL(kind, payload) ((Value)(((uint64_t)(payload) << 32) | ((uint64_t)(kind) << 3)))
#define HEAP(kind, offset) ((Value)(((uint64_t)(offset) << 32) | ((uint64_t)(kind) << 3) | TAG_HEAP))

#define V_UNBOUND ((Value)0)
#define V_NONE SPECIAL(KIND_NONE, 0)
#define V_FALSE SPECIAL(KIND_BOOL, 0)
#define V_TRUE SPECIAL(KIND_BOOL, 1)

#define INT_MAX_61 (((int64_t)1 << 60) - 1)
#define INT_MIN_61 (-((int64_t)1 << 60))
FN_INLINE bool fits_int(int64_t i) { return i >= INT_MIN_61 && i <= INT_MAX_61; }

FN_INLINE Value v_bool(bool b) { return SPECIAL(KIND_BOOL, b ? 1 : 0); }
FN_INLINE Value v_int(int64_t i) { return ((uint64_t)i << 3) | TAG_INT; } /* caller: i fits 61 bits */
FN_INLINE bool is_int(Value v) { return (v & TAG_MASK) == TAG_INT; }
FN_INLINE int64_t int_of(Value v) { return (int64_t)v >> 3; }
FN_INLINE bool is_heap(Value v) { return (v & TAG_MASK) == TAG_HEAP; }
FN_INLINE uint32_t payload_of(Value v) { return (uint32_t)(v >> 32); }
FN_INLINE Kind kind_of(Value v) { return is_int(v) ? KIND_INT : (Kind)((v >> 3) & 0xff); }
/* The lower half of a value that is no int tells its kind and nothing else. */
FN_INLINE uint32_t kind_word(Kind k) { return (uint32_t)k << 3 | (k > KIND_INT ? (uint32_t)TAG_HEAP : (uint32_t)TAG_SPECIAL); }
FN_INLINE bool is_kind(Value v, Kind k) { return (uint32_t)v == kind_word(k); }
FN_INLINE bool is_bool(Value v) { return is_kind(v, KIND_BOOL); }
FN_INLINE bool is_true(Value v) { return v == V_TRUE; }
FN_INLINE bool is_tuple(Value v) { return is_kind(v, KIND_TUPLE); }
FN_INLINE bool is_anyset(Value v) { return is_kind(v, KIND_SET) || is_kind(v, KIND_FROZENSET); }
/* int or bool: where Python treats True as 1. */
FN_INLINE bool is_intlike(Value v) { return is_int(v) || is_bool(v); }
FN_INLINE int64_t intlike_of(Value v) { return is_int(v) ? int_of(v) : (int64_t)payload_of(v); }
FN_INLINE Value v_type(uint32_t kind) { return SPECIAL(KIND_TYPE, kind); }
FN_INLINE Value v_limit(LimitKind k) { return SPECIAL(KIND_LIMIT, k); }
FN_INLINE Value v_poison(LimitKind k) { return SPECIAL(KIND_POISON, k); }
FN_INLINE bool is_poison(Value v) { return is_kind(v, KIND_POISON); }
#define TYPE_ERROR_BASE 0x100 /* v_type(TYPE_ERROR_BASE + ErrorClass): an exception class */

#define HASH_UNKNOWN ((int64_t)-1) /* Python never gives -1 as a hash */

/* Bits of Tuple.canon and, of frozensets, Set.canon: what is known of the value; and of a tuple that behind its items there
 * is a word for the arena offset of its plane, 0 while it has none. */
enum { CANON_INTERNED = 1, CANON_GRID = 2, CANON_PAIRS = 4, CANON_CELLS = 8, CANON_PLANE = 16,
       CANON_NESTED = 32, CANON_SHARED = 64 /* nothing in it can change, so it may be shared */ };

typedef struct {
  int64_t hash;
  uint32_t len;
  uint32_t canon;
  Value items[OPEN_END];
} Tuple;
enum { TUPLE_UNMADE = 64 }; /* bit of canon: items are not there yet, see kernels/unmade.h */

typedef struct {
  uint32_t len, cap;
  uint32_t items; /* arena offset of cap Values */
  uint32_t spare;
} List;

/* set and frozenset: CPython 3.11's open addressing table (Objects/setobject.c). Invariant:
 * used <= fill <= mask; a slot is empty (key == 0), a dummy (key == SET_DUMMY) or active.
 * The iteration order is the slot order. */
typedef struct {
  Value key;
  int64_t hash;
} SetEntry;
#define SET_DUMMY SPECIAL(KIND_UNBOUND, 1)

typedef struct {
  int64_t hash; /* of a frozenset; HASH_UNKNOWN until asked */
  uint32_t used, fill, mask;
  uint32_t table; /* arena offset of (mask + 1) SetEntry; 0: not made yet, see deferred.h */
  uint32_t canon;
  uint32_t unordered; /* 1: some key's hash depends on addresses in CPython, so the order does too */
  uint32_t deferred;  /* arena offset of the Deferred it was made as, or 0 */
  uint32_t spare;
} Set;

typedef struct {
  Value key; /* 0: deleted */
  int64_t hash;
  Value value;
} DictEntry;

/* Entries in insertion order; `index` holds entry numbers + 1 by hash, linear probing, 0 empty. */
typedef struct {
  uint32_t used;    /* live entries */
  uint32_t nentries, cap;
  uint32_t entries; /* arena offset of cap DictEntry */
  uint32_t index_mask;
  uint32_t index; /* arena offset of (index_mask + 1) uint32_t */
  uint32_t is_counter; /* collections.Counter */
  uint32_t spare;
} Dict;

typedef struct {
  int64_t start, stop, step, len;
} Range;

typedef struct {
  Value start, stop, step; /* None where absent */
} Slice;

typedef struct {
  double value; /* identity is the object: nan == nan only if the same */
} Float;

typedef struct {
  int64_t hash;
  uint32_t len;
  uint32_t spare;
  char bytes[OPEN_END]; /* UTF-8, NUL after the end */
} Str;

typedef struct {
  uint32_t fid;
  uint16_t ncells, ndefaults;
  uint32_t sharing; /* run-time sharing: 0 not known yet, may calls be shared? */
  uint32_t spare;
  Value slots[OPEN_END]; /* ncells KIND_CELL values, then the defaults of the last ndefaults parameters */
} Func;

enum { FUNC_SHARED = 1, FUNC_UNSHARED = 2 }; /* Func.sharing */

/* A guarded DSL function: any Exception inside gives the default of safe_dsl.py. */
typedef struct {
  Value func; /* KIND_FUNC */
  Value name; /* KIND_STR: the module attribute it stands at */
} Guard;

typedef struct {
  Value self;
  uint32_t method; /* MethodId */
  uint32_t spare;
} Method;

typedef struct {
  Value value; /* 0: unbound */
} Cell;

typedef enum {
  ITER_TUPLE, ITER_LIST, ITER_SET, ITER_RANGE, ITER_DICT, ITER_STR, ITER_REVERSED, ITER_ZIP,
  ITER_ENUMERATE, ITER_PRODUCT, ITER_DICT_ITEMS, ITER_DICT_VALUES, ITER_EMPTY
} IterKind;

/* A native iterator: no user code runs in a step. Exhausted: kind becomes ITER_EMPTY. */
typedef struct {
  uint32_t kind; /* IterKind */
  uint32_t count; /* ITER_ZIP, ITER_PRODUCT: number of parts */
  int64_t index; /* position; ITER_ENUMERATE: the next number */
  int64_t size;  /* ITER_SET, ITER_DICT: size at the start; "changed size during iteration" */
  Value source;
  Value parts[OPEN_END]; /* ITER_ZIP: iterators; ITER_PRODUCT: tuples, then int positions */
} Iter;

typedef enum { GEN_FRESH, GEN_SUSPENDED, GEN_RUNNING, GEN_DONE } GenState;

typedef struct {
  uint32_t fid;
  uint32_t state; /* GenState */
  uint32_t pc;
  uint32_t nregs;
  Value regs[OPEN_END];
} Gen;

typedef struct {
  uint32_t cls;  /* ErrorClass */
  uint32_t line; /* where it was raised */
  Value value;   /* StopIteration's value, or None */
} ErrorObject;

#endif
