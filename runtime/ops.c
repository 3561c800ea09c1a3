/* ops.c - the larger instructions: building, unpacking, raising, and those that step lazy iterables. */
#include "ops.h"

#include "native.h"

/* ---- building ---- */

FN Value op_build_list(Vm *vm, const Value *args, uint32_t n) {
  Value v = new_list(vm, n);
  for (uint32_t i = 0; i < n && v; i++)
    if (!op_list_append(vm, v, args[i])) return 0;
  return v;
}

FN Value op_build_set(Vm *vm, const Value *args, uint32_t n) {
  Value v = new_set(vm, KIND_SET);
  for (uint32_t i = 0; i < n && v; i++)
    if (!set_add(vm, v, args[i])) return 0;
  return v;
}

FN Value op_build_dict(Vm *vm, const Value *args, uint32_t n) {
  Value v = new_dict(vm);
  for (uint32_t i = 0; i + 1 < n && v; i += 2)
    if (!dict_set(vm, v, args[i], args[i + 1])) return 0;
  return v;
}

FN bool op_dict_update(Vm *vm, Value dict, Value other, bool merge) {
  uint32_t pos = 0;
  Value key, value, old;
  while (merge && is_kind(other, KIND_DICT) && dict_next(vm, other, &pos, &key, &value)) {
    int found = dict_get(vm, dict, key, &old);
    if (found) return found < 0 ? false : raise_false(vm, ERR_TypeError);
  }
  return dict_update(vm, dict, other);
}

FN Value op_build_slice(Vm *vm, const Value *args) {
  uint32_t offset = arena_alloc(vm, sizeof(Slice));
  if (!offset) return 0;
  Slice *s = (Slice *)arena_at(vm, offset);
  s->start = args[0];
  s->stop = args[1];
  s->step = args[2];
  return HEAP(KIND_SLICE, offset);
}

FN Value op_build_str(Vm *vm, const Value *parts, uint32_t n, StrUse use) {
  switch (use) {
  case STR_OF_STR: return value_str(vm, parts[0], 0);
  case STR_OF_REPR: return value_repr(vm, parts[0], 0);
  case STR_OF_ASCII: return value_ascii(vm, parts[0], 0);
  case STR_UNKNOWN: return raise_limit(vm, LIMIT_UNSUPPORTED);
  default: return str_join(vm, parts, n, use == STR_UNREAD);
  }
}

FN Value op_make_cell(Vm *vm, Value v) {
  uint32_t offset = arena_alloc(vm, sizeof(Cell));
  if (!offset) return 0;
  ((Cell *)arena_at(vm, offset))->value = v;
  return HEAP(KIND_CELL, offset);
}

FN Value op_make_func(Vm *vm, const Value *r, uint32_t fid, const Value *defaults, uint32_t ndefaults) {
  const Function *fn = &vm->image->functions[fid];
  uint32_t offset = arena_alloc(vm, sizeof(Func) + (fn->nfree + (size_t)ndefaults) * sizeof(Value));
  if (!offset) return 0;
  Func *f = (Func *)arena_at(vm, offset);
  f->fid = fid;
  f->ncells = fn->nfree;
  f->sharing = f->spare = 0;
  f->ndefaults = (uint16_t)ndefaults;
  for (uint32_t i = 0; i < fn->nfree; i++) f->slots[i] = r[fn->captures[i]];
  for (uint32_t i = 0; i < ndefaults; i++) f->slots[fn->nfree + i] = defaults[i];
  return HEAP(KIND_FUNC, offset);
}

/* ---- unpacking ---- */

static FN bool unpack_row(Vm *vm, Value *r, const Value *items, uint32_t len, uint32_t n) {
  if (len != n) return raise_false(vm, ERR_ValueError);
  for (uint32_t i = 0; i < n; i++) r[i] = items[i];
  return true;
}

/* Steps the iterable as CPython does: one item more than wanted at most. */
static FN bool unpack_steps(Vm *vm, Value *r, Value v, uint32_t n) {
  Iter local, *it = iter_begin(vm, v, &local);
  if (!it) return false;
  Value item;
  int more;
  for (uint32_t i = 0; i < n; i++) {
    more = iter_step(vm, it, &item);
    if (more <= 0) return more ? false : raise_false(vm, ERR_ValueError);
    r[i] = item;
  }
  more = iter_step(vm, it, &item);
  return more ? more < 0 ? false : raise_false(vm, ERR_ValueError) : true;
}

FN bool op_unpack(Vm *vm, Value *r, Value v, uint32_t n) {
  if (LIKELY(is_tuple(v)))
    return tuple_head(vm, v)->len == n ? unpack_row(vm, r, as_tuple(vm, v)->items, n, n) : raise_false(vm, ERR_ValueError);
  if (is_kind(v, KIND_LIST)) {
    const List *l = as_list(vm, v);
    return unpack_row(vm, r, list_items(vm, l), l->len, n);
  }
  return unpack_steps(vm, r, v, n);
}

FN bool op_unpack_star(Vm *vm, Value *r, Value v, uint32_t n, uint32_t star) {
  Value list = list_from(vm, v);
  if (!list) return false;
  List *l = as_list(vm, list);
  if (l->len < n) return raise_false(vm, ERR_ValueError);
  const Value *items = list_items(vm, l);
  uint32_t rest = l->len - n;
  Value taken = op_build_list(vm, items + star, rest);
  if (!taken) return false;
  for (uint32_t i = 0; i < star; i++) r[i] = items[i];
  for (uint32_t i = star; i < n; i++) r[i + 1] = items[i + rest];
  r[star] = taken;
  return true;
}

/* ---- instructions that may run frames ---- */

/* The prelude's function does it in a frame; prelude functions that are meant here never give their
 * value at once. */
static FN int step_lazily(Vm *vm, uint32_t id, Value a, Value b, uint32_t dst, uint32_t flags) {
  Value args[2], value;
  args[0] = a;
  args[1] = b;
  return push_prelude(vm, id, args, b ? 2 : 1, dst, flags, &value);
}

FN int op_in(Vm *vm, uint32_t dst, Value item, Value container, bool negate) {
  if (is_lazy(vm, container))
    return step_lazily(vm, PRELUDE_contains, container, item, dst, negate ? FRAME_NEGATE : 0);
  int found = op_contains(vm, container, item);
  if (found < 0) return RUN_RAISED;
  vm_frame(vm)->regs[dst] = v_bool((found != 0) != negate);
  return RUN_DONE;
}

FN int op_list_extend(Vm *vm, Value list, Value iterable) {
  if (is_lazy(vm, iterable))
    return step_lazily(vm, PRELUDE_list_extend, list, iterable, 0, FRAME_DISCARD);
  return list_extend(vm, list, iterable) ? RUN_DONE : RUN_RAISED;
}

FN int op_set_update(Vm *vm, Value set, Value iterable) {
  if (is_lazy(vm, iterable)) return step_lazily(vm, PRELUDE_set_update, set, iterable, 0, FRAME_DISCARD);
  return set_update(vm, set, iterable) ? RUN_DONE : RUN_RAISED;
}

FN int op_iadd_any(Vm *vm, uint32_t dst, Value b, Value c) {
  Value *r = vm_frame(vm)->regs;
  if (is_kind(b, KIND_LIST) && is_lazy(vm, c)) {
    r[dst] = b;
    return op_list_extend(vm, b, c);
  }
  Value v = op_iadd(vm, b, c);
  if (!v) return RUN_RAISED;
  r[dst] = v;
  return RUN_DONE;
}

FN int op_unpack_any(Vm *vm, uint32_t dst, Value v, uint32_t n) {
  if (is_lazy(vm, v)) return step_lazily(vm, PRELUDE_unpack, v, v_int(n), dst, FRAME_UNPACK);
  return op_unpack(vm, vm_frame(vm)->regs + dst, v, n) ? RUN_DONE : RUN_RAISED;
}

FN int op_unpack_star_any(Vm *vm, uint32_t dst, Value v, uint32_t n, uint32_t star) {
  if (is_lazy(vm, v)) return step_lazily(vm, PRELUDE_tuple, v, 0, dst, FRAME_UNPACK);
  return op_unpack_star(vm, vm_frame(vm)->regs + dst, v, n, star) ? RUN_DONE : RUN_RAISED;
}

/* ---- globals, attributes, exceptions ---- */

FN Value op_bad_global(Vm *vm, Value v) {
  return is_poison(v) ? raise_limit(vm, (LimitKind)payload_of(v)) : raise_error(vm, ERR_NameError);
}

/* Attributes of functions could be read back, but nothing here keeps them. */
FN bool op_check_attr(Vm *vm, Value v, Value name) { return find_method(vm, v, name) >= 0 || value_getattr(vm, v, name); }

FN bool op_setattr(Vm *vm, Value v, Value name, Value item) {
  (void)name;
  (void)item;
  switch (kind_of(v)) {
    case KIND_OPAQUE: return true;
    case KIND_FUNC:
    case KIND_GUARD:
    case KIND_MODULE: raise_limit(vm, LIMIT_UNSUPPORTED); return false;
    case KIND_TYPE: return raise_false(vm, ERR_TypeError);
    default: return raise_false(vm, ERR_AttributeError);
  }
}

FN void op_raise(Vm *vm, Value v) {
  if (is_kind(v, KIND_ERROR)) {
    raise_error(vm, as_error(vm, v)->cls);
    vm->error_value = v;
    vm->error_line = as_error(vm, v)->line; /* one raised again: the innermost place is the first one */
  } else if (is_kind(v, KIND_TYPE) && payload_of(v) >= TYPE_ERROR_BASE) {
    raise_error(vm, payload_of(v) - TYPE_ERROR_BASE);
  } else {
    raise_error(vm, ERR_TypeError);
  }
}

static FN bool class_mask(Vm *vm, Value cls, ErrorMask *mask) {
  if (!is_kind(cls, KIND_TYPE) || payload_of(cls) < TYPE_ERROR_BASE) return raise_false(vm, ERR_TypeError);
  *mask |= error_mask((ErrorClass)(payload_of(cls) - TYPE_ERROR_BASE));
  return true;
}

FN int op_match_class(Vm *vm, Value e, Value cls) {
  ErrorMask mask = 0;
  if (!is_tuple(cls)) return class_mask(vm, cls, &mask) ? op_match_error(vm, e, mask) : -1;
  const Tuple *t = as_tuple(vm, cls);
  for (uint32_t i = 0; i < t->len; i++)
    if (!class_mask(vm, t->items[i], &mask)) return -1;
  return op_match_error(vm, e, mask);
}
