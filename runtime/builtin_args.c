/* builtin_args.c - checking and binding the arguments of native callables. Texts of errors are not kept:
 * the class is what a program can see. */
#include "native.h"

FN bool args_plain(Vm *vm, const CallArgs *call, uint32_t min, uint32_t max) {
  if (call->nkw || call->nargs < min || call->nargs > max) return raise_false(vm, ERR_TypeError);
  return true;
}

static FN int find_keyword(const Vm *vm, Value name, const char *const *names, uint32_t n) {
  for (uint32_t i = 0; i < n; i++)
    if (names[i][0] && str_is(vm, name, names[i])) return (int)i;
  return -1;
}

FN bool args_bind(Vm *vm, const CallArgs *call, const char *const *names, uint32_t npos, uint32_t n,
                  uint32_t required, Value *out) {
  if (call->nargs > npos) return raise_false(vm, ERR_TypeError);
  for (uint32_t i = 0; i < n; i++) out[i] = i < call->nargs ? call->args[i] : V_MISSING;
  for (uint32_t k = 0; k < call->nkw; k++) {
    int at = find_keyword(vm, call->kwnames[k], names, n);
    if (at < 0 || out[at] != V_MISSING) return raise_false(vm, ERR_TypeError);
    out[at] = call->args[call->nargs + k];
  }
  for (uint32_t i = 0; i < required; i++)
    if (out[i] == V_MISSING) return raise_false(vm, ERR_TypeError);
  return true;
}

FN bool any_lazy(const Vm *vm, const Value *v, uint32_t n) {
  for (uint32_t i = 0; i < n; i++)
    if (is_lazy(vm, v[i])) return true;
  return false;
}

FN bool index_arg(Vm *vm, Value v, int64_t *i) {
  if (!is_intlike(v)) return raise_false(vm, ERR_TypeError);
  *i = intlike_of(v);
  return true;
}
