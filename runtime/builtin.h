/* builtin.h - builtin functions, methods and types as callables. */
#ifndef BATTC_BUILTIN_H
#define BATTC_BUILTIN_H

#include "vm.h"

/* X(id, Python name): values of KIND_BUILTIN. Types (int, tuple, ...) are KIND_TYPE values and are
 * called through the same door, builtin_call. */
#define BUILTIN_LIST(X)                                                                            \
  X(len, "len") X(zip, "zip") X(enumerate, "enumerate") X(map, "map") X(filter, "filter")          \
  X(sorted, "sorted") X(reversed, "reversed") X(max, "max") X(min, "min") X(sum, "sum")            \
  X(abs, "abs") X(all, "all") X(any, "any") X(next, "next") X(iter, "iter")                        \
  X(isinstance, "isinstance") X(issubclass, "issubclass") X(hasattr, "hasattr")                    \
  X(getattr, "getattr") X(callable, "callable") X(print, "print") X(round, "round")                \
  X(divmod, "divmod") X(pow, "pow") X(hash, "hash") X(id, "id") X(repr, "repr")                       \
  X(product, "product")   /* itertools.product */                                                  \
  X(Counter, "Counter")   /* collections.Counter */                                                \
  X(get_safe_default, "_get_safe_default")                                                         \
  X(batch_process, "batch_process_samples_gpu")                                                    \
  X(ignore, "ignore")     /* accepts anything, gives None: methods of loggers */                   \
  /* for the prelude only */                                                                       \
  X(p_sort, "__sort__")          /* __sort__(keys, values, reverse): lists, in place */            \
  X(p_set_freeze, "__freeze__")  /* a set just filled becomes the frozenset, same table */         \
  X(p_list_tuple, "__list_tuple__")                                                                \
  X(p_raise_stop, "__stop__")    /* raise StopIteration */                                         \
  X(p_lazy, "__lazy__")          /* is stepping it running frames? */                              \
  X(p_missing, "__missing__")    /* is the argument the absent-argument marker? */                \
  /* for all again */                                                                              \
  X(ascii, "ascii") X(format, "format")

typedef enum {
#define X(id, name) BUILTIN_##id,
  BUILTIN_LIST(X)
#undef X
      BUILTIN_COUNT
} BuiltinId;

/* Functions of prelude.py that carry out a builtin call which must run frames (a lazy iterable or a
 * key function): X(id, name in prelude.py). An absent optional argument is passed as MISSING. */
#define PRELUDE_LIST(X)                                                                            \
  X(tuple) X(list) X(set) X(frozenset) X(dict) X(sum) X(all) X(any) X(max) X(min) X(sorted)        \
  X(zip) X(enumerate) X(map) X(filter) X(next) X(list_extend) X(set_update) X(contains)            \
  X(product) X(Counter) X(safe_callable) X(batch_process) X(union) X(unpack)       \
  X(extend) X(update_all) X(intersection) X(difference) X(issubset) X(issuperset) X(isdisjoint)    \
  X(list_sort) X(dict_update) X(take)

typedef enum {
  PRELUDE_none, /* ids start at 1 */
#define X(id) PRELUDE_##id,
  PRELUDE_LIST(X)
#undef X
      PRELUDE_COUNT
} PreludeId;

#define V_MISSING SPECIAL(KIND_UNBOUND, 2)

/* Payloads of KIND_MODULE: modules that have no Python source here, then, from MODULE_USER, the program's own: a
 * number that only the compiler can tell more about. */
enum { MODULE_NONE, MODULE_MATH, MODULE_ITERTOOLS, MODULE_COLLECTIONS, MODULE_SYS, MODULE_LOGGING, MODULE_USER = 64 };

/* X(id, type kind, Python name) */
#define METHOD_LIST(X)                                                                             \
  X(tuple_count, TUPLE, "count") X(tuple_index, TUPLE, "index")                                    \
  X(list_count, LIST, "count") X(list_index, LIST, "index") X(list_append, LIST, "append")         \
  X(list_extend, LIST, "extend") X(list_pop, LIST, "pop") X(list_sort, LIST, "sort")               \
  X(list_insert, LIST, "insert") X(list_remove, LIST, "remove") X(list_reverse, LIST, "reverse")   \
  X(list_copy, LIST, "copy")                                                                       \
  X(set_add, SET, "add") X(set_discard, SET, "discard") X(set_remove, SET, "remove")               \
  X(set_update, SET, "update") X(set_union, SET, "union") X(set_issubset, SET, "issubset")         \
  X(set_issuperset, SET, "issuperset") X(set_intersection, SET, "intersection")                    \
  X(set_difference, SET, "difference") X(set_isdisjoint, SET, "isdisjoint") X(set_copy, SET, "copy") \
  X(frozenset_union, FROZENSET, "union") X(frozenset_issubset, FROZENSET, "issubset")              \
  X(frozenset_issuperset, FROZENSET, "issuperset")                                                 \
  X(frozenset_intersection, FROZENSET, "intersection")                                             \
  X(frozenset_difference, FROZENSET, "difference")                                                 \
  X(frozenset_isdisjoint, FROZENSET, "isdisjoint") X(frozenset_copy, FROZENSET, "copy")            \
  X(dict_get, DICT, "get") X(dict_keys, DICT, "keys") X(dict_values, DICT, "values")               \
  X(dict_items, DICT, "items") X(dict_update, DICT, "update")                                      \
  X(dict_setdefault, DICT, "setdefault") X(dict_pop, DICT, "pop")                                  \
  X(counter_most_common, DICT, "most_common")

typedef enum {
#define X(id, kind, name) METHOD_##id,
  METHOD_LIST(X)
#undef X
      METHOD_COUNT
} MethodId;

/* A call of a builtin, type or method. Positional arguments args[0..nargs), then nkw values whose
 * names are kwnames[0..nkw) (KIND_STR). */
typedef struct {
  const Value *args;
  uint32_t nargs;
  uint32_t nkw;
  const Value *kwnames;
} CallArgs;

/* What the caller has to do after builtin_call / method_call. */
typedef enum {
  CALL_DONE,    /* *result holds the value */
  CALL_ERROR,   /* exception pending */
  CALL_PRELUDE  /* call function vm->image->prelude[plan->prelude] with plan->args: the call's value is its value */
} CallStatus;

typedef struct {
  uint32_t prelude; /* PreludeId */
  uint32_t nargs;
  Value args[4];
} PreludeCall;

/* callee is KIND_BUILTIN or KIND_TYPE (exception classes make instances). Native where no frame has
 * to run, else a plan. */
FN CallStatus builtin_call(Vm *vm, Value callee, const CallArgs *call, Value *result, PreludeCall *plan);
FN CallStatus method_call(Vm *vm, uint32_t method, Value self, const CallArgs *call, Value *result, PreludeCall *plan);

/* Attributes: bound methods, f.__code__, f.__name__, code.co_argcount, guard._original_argcount,
 * math.nan of a KIND_MODULE value, type(x).__name__. 0: AttributeError pending. */
FN Value value_getattr(Vm *vm, Value v, Value name);
FN int value_hasattr(Vm *vm, Value v, Value name);
/* The method id of `name` on v, or -1 (not a builtin method of its type). No error is raised. */
FN int find_method(const Vm *vm, Value v, Value name);
FN Value type_of(Vm *vm, Value v);           /* type(v) */
FN int value_isinstance(Vm *vm, Value v, Value cls); /* cls a type or tuple of types; bool is an int */

int builtin_by_name(const char *name);       /* BuiltinId or -1 */
bool type_by_name(const char *name, Value *type); /* int, tuple, .., exception classes */
/* The safe default of a callee: of a function or guard its own, else the image's fallback. */
FN Value safe_default_of(Vm *vm, Value callee);

#endif
