/* ---- ops of the program, compiled ----
 *
 * v are the values of its variables, k its constants. `if (!exec_try(x, 7, &v[12], CALL(f, a, b)))
 * exec_except(x, 7, &v[12], CALL(g))` is
 *     try: v[12] = f(a, b)
 *     except ...: v[12] = g()
 * where op 7 of the table says what is caught. */
#include "program.h"

#define BEGIN_OPS                                                                                  \
  Value *const v = x->values;                                                                      \
  const Value *const k = x->program->consts;                                                       \
  (void)k
#ifdef __cplusplus
extern "C++" {
template <typename... V> char (&count_of(const V &...))[sizeof...(V)];
template <size_t n> struct ValueRow {
  Value items[n];
};
}
#define COUNT(...) (uint32_t)sizeof(count_of(__VA_ARGS__))
#define VALUES(...) ValueRow<COUNT(__VA_ARGS__)>{{__VA_ARGS__}}.items
#else
#define VALUES(...) (const Value[]){__VA_ARGS__}
#define COUNT(...) (uint32_t)(sizeof((const Value[]){__VA_ARGS__}) / sizeof(Value))
#endif
#define CALL(...) VALUES(__VA_ARGS__), COUNT(__VA_ARGS__) - 1, NULL, 0
/* The last n arguments are named by NAMES. */
#define CALL_NAMED(names, ...) VALUES(__VA_ARGS__), COUNT(__VA_ARGS__) - 1, names
#define NAMES(...) VALUES(__VA_ARGS__), COUNT(__VA_ARGS__)
