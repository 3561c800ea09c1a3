/* number.c - operators on numbers, and on everything else that has them.
 *
 * Ints have 61 bits here; a result that needs more is LIMIT_INTEGER, never wrapped. Floats are new
 * objects for each operation, as their identity shows with nan. The rules for floor division, modulo
 * and powers of floats are those of CPython 3.11's Objects/floatobject.c. */
#include <math.h>

#include "native.h"

FN Value new_float(Vm *vm, double d) {
  uint32_t at = arena_alloc(vm, sizeof(Float));
  if (!at) return 0;
  ((Float *)arena_at(vm, at))->value = d;
  return HEAP(KIND_FLOAT, at);
}

FN Value minus_infinity(Vm *vm) { return vm->memo ? vm->image->minus_inf : new_float(vm, -INFINITY); }

/* ---- ints ---- */

static FN Value int_product(Vm *vm, int64_t a, int64_t b) {
  __int128 p = (__int128)a * b;
  return p < INT_MIN_61 || p > INT_MAX_61 ? raise_limit(vm, LIMIT_INTEGER) : v_int((int64_t)p);
}

static FN int64_t floor_div(int64_t a, int64_t b) {
  int64_t q = a / b;
  return q - (a % b != 0 && (a < 0) != (b < 0));
}

static FN int64_t floor_mod(int64_t a, int64_t b) {
  int64_t r = a % b;
  return r && (r < 0) != (b < 0) ? r + b : r;
}

/* A square is taken only where a later factor needs it, so overflow means the result overflows. */
static FN Value int_power(Vm *vm, int64_t base, int64_t exponent) {
  Value result = v_int(1), square = v_int(base);
  for (;;) {
    if (exponent & 1) {
      result = int_product(vm, int_of(result), int_of(square));
      if (!result) return 0;
    }
    exponent >>= 1;
    if (!exponent) return result;
    square = int_product(vm, int_of(square), int_of(square));
    if (!square) return 0;
  }
}

static FN Value int_shift_left(Vm *vm, int64_t a, int64_t count) {
  if (count < 0) return raise_error(vm, ERR_ValueError);
  if (!a) return v_int(0);
  if (count > 60) return raise_limit(vm, LIMIT_INTEGER);
  return int_product(vm, a, (int64_t)1 << count);
}

static FN Value int_shift_right(Vm *vm, int64_t a, int64_t count) {
  if (count < 0) return raise_error(vm, ERR_ValueError);
  return v_int(a >> (count > 62 ? 62 : count));
}

static FN int bit_length(uint64_t u) {
  int n = 0;
  for (; u; u >>= 1) n++;
  return n;
}

/* a / b rounded once: beyond 53 bits the quotient is made with spare bits and a sticky one. */
static FN Value int_true_divide(Vm *vm, int64_t a, int64_t b) {
  const int64_t exact = (int64_t)1 << 53;
  if (a >= -exact && a <= exact && b >= -exact && b <= exact) return new_float(vm, (double)a / (double)b);
  uint64_t ua = (uint64_t)(a < 0 ? -a : a), ub = (uint64_t)(b < 0 ? -b : b);
  int shift = 56 + bit_length(ub) - bit_length(ua);
  if (shift < 0) shift = 0;
  unsigned __int128 dividend = (unsigned __int128)ua << shift;
  uint64_t quotient = (uint64_t)(dividend / ub);
  if (dividend % ub) quotient |= 1;
  double d = ldexp((double)quotient, -shift);
  return new_float(vm, (a < 0) != (b < 0) ? -d : d);
}

static FN Value float_power(Vm *vm, double base, double exponent);

static FN DEVICE_NOINLINE Value int_arith(Vm *vm, Opcode op, int64_t a, int64_t b) {
  if ((op == OP_FLOORDIV || op == OP_MOD || op == OP_TRUEDIV) && b == 0)
    return raise_error(vm, ERR_ZeroDivisionError);
  switch (op) {
  case OP_ADD: return int_value(vm, a + b);
  case OP_SUB: return int_value(vm, a - b);
  case OP_MUL: return int_product(vm, a, b);
  case OP_FLOORDIV: return int_value(vm, floor_div(a, b));
  case OP_MOD: return v_int(floor_mod(a, b));
  case OP_TRUEDIV: return int_true_divide(vm, a, b);
  case OP_POW: return b < 0 ? float_power(vm, (double)a, (double)b) : int_power(vm, a, b);
  case OP_BITAND: return v_int(a & b);
  case OP_BITOR: return v_int(a | b);
  case OP_BITXOR: return v_int(a ^ b);
  case OP_LSHIFT: return int_shift_left(vm, a, b);
  case OP_RSHIFT: return int_shift_right(vm, a, b);
  default: return raise_error(vm, ERR_TypeError);
  }
}

/* ---- floats ---- */

static FN double float_mod(double a, double b) {
  double mod = fmod(a, b);
  if (mod == 0) return copysign(0.0, b);
  return (b < 0) != (mod < 0) ? mod + b : mod;
}

static FN double float_floor_div(double a, double b) {
  double mod = fmod(a, b);
  double quotient = (a - mod) / b;
  if (mod != 0 && (b < 0) != (mod < 0)) quotient -= 1.0;
  if (quotient == 0) return copysign(0.0, a / b);
  double whole = floor(quotient);
  return quotient - whole > 0.5 ? whole + 1.0 : whole;
}

static FN bool is_odd(double d) { return fmod(fabs(d), 2.0) == 1.0; }

/* Infinite base or exponent, and nan: what C's pow leaves to the platform. */
static FN Value special_power(Vm *vm, double base, double exponent) {
  if (isnan(base)) return new_float(vm, base);
  if (isnan(exponent)) return new_float(vm, base == 1.0 ? 1.0 : exponent);
  if (isinf(exponent)) {
    double size = fabs(base);
    if (size == 1.0) return new_float(vm, 1.0);
    return new_float(vm, (exponent > 0) == (size > 1.0) ? fabs(exponent) : 0.0);
  }
  bool odd = is_odd(exponent);
  if (exponent > 0) return new_float(vm, odd ? base : fabs(base));
  return new_float(vm, odd ? copysign(0.0, base) : 0.0);
}

static FN DEVICE_NOINLINE Value float_power(Vm *vm, double base, double exponent) {
  if (exponent == 0) return new_float(vm, 1.0);
  if (!isfinite(base) || !isfinite(exponent)) return special_power(vm, base, exponent);
  bool odd = is_odd(exponent);
  if (base == 0) {
    if (exponent < 0) return raise_error(vm, ERR_ZeroDivisionError);
    return new_float(vm, odd ? base : 0.0);
  }
  bool negate = false;
  if (base < 0) {
    if (exponent != floor(exponent)) return raise_limit(vm, LIMIT_UNSUPPORTED); /* a complex number */
    base = -base;
    negate = odd;
  }
  if (base == 1.0) return new_float(vm, negate ? -1.0 : 1.0);
  double power = pow(base, exponent);
  if (isinf(power)) return raise_error(vm, ERR_OverflowError);
  return new_float(vm, negate ? -power : power);
}

static FN Value float_arith(Vm *vm, Opcode op, double a, double b) {
  if ((op == OP_FLOORDIV || op == OP_MOD || op == OP_TRUEDIV) && b == 0)
    return raise_error(vm, ERR_ZeroDivisionError);
  switch (op) {
  case OP_ADD: return new_float(vm, a + b);
  case OP_SUB: return new_float(vm, a - b);
  case OP_MUL: return new_float(vm, a * b);
  case OP_TRUEDIV: return new_float(vm, a / b);
  case OP_FLOORDIV: return new_float(vm, float_floor_div(a, b));
  case OP_MOD: return new_float(vm, float_mod(a, b));
  case OP_POW: return float_power(vm, a, b);
  default: return raise_error(vm, ERR_TypeError);
  }
}

/* ---- sequences, sets, dicts ---- */

static FN bool fits_length(Vm *vm, uint64_t len) {
  if (len <= UINT32_MAX) return true;
  raise_limit(vm, LIMIT_MEMORY);
  return false;
}

static FN Value list_concat(Vm *vm, Value a, Value b) {
  uint64_t len = (uint64_t)as_list(vm, a)->len + as_list(vm, b)->len;
  if (!fits_length(vm, len)) return 0;
  Value sum = new_list(vm, (uint32_t)len);
  if (!sum || !list_extend(vm, sum, a) || !list_extend(vm, sum, b)) return 0;
  return sum;
}

/* Appends the first `len` items of `from` to `to`, `times` times; `from` may be `to`. */
static FN bool append_repeated(Vm *vm, Value to, Value from, uint32_t len, int64_t times) {
  if (times > 0 && len && (uint64_t)times > UINT32_MAX / len) {
    raise_limit(vm, LIMIT_MEMORY);
    return false;
  }
  for (; times > 0; times--)
    for (uint32_t i = 0; i < len; i++)
      if (!list_append(vm, to, list_items(vm, as_list(vm, from))[i])) return false;
  return true;
}

static FN Value list_repeat(Vm *vm, Value list, int64_t n) {
  uint32_t len = as_list(vm, list)->len;
  if (!len) n = 0;
  Value out = new_list(vm, 0);
  return out && append_repeated(vm, out, list, len, n) ? out : 0;
}

static FN Value list_repeat_inplace(Vm *vm, Value list, int64_t n) {
  uint32_t len = as_list(vm, list)->len;
  if (n <= 0) as_list(vm, list)->len = 0;
  else if (len && !append_repeated(vm, list, list, len, n - 1)) return 0;
  return list;
}

static FN bool is_sequence(Value v) {
  return is_tuple(v) || is_kind(v, KIND_LIST) || is_kind(v, KIND_STR);
}

static FN Value sequence_concat(Vm *vm, Value a, Value b) {
  if (!is_sequence(a) || kind_of(a) != kind_of(b)) return raise_error(vm, ERR_TypeError);
  if (is_tuple(a)) return tuple_concat(vm, a, b);
  return is_kind(a, KIND_LIST) ? list_concat(vm, a, b) : str_concat(vm, a, b);
}

static FN Value sequence_repeat(Vm *vm, Value a, Value b) {
  Value seq = is_sequence(a) ? a : b, count = is_sequence(a) ? b : a;
  if (!is_sequence(seq) || !is_intlike(count)) return raise_error(vm, ERR_TypeError);
  int64_t n = intlike_of(count);
  if (is_tuple(seq)) return tuple_repeat(vm, seq, n);
  return is_kind(seq, KIND_LIST) ? list_repeat(vm, seq, n) : str_repeat(vm, seq, n);
}

static FN bool is_counter(const Vm *vm, Value v) { return is_kind(v, KIND_DICT) && as_dict(vm, v)->is_counter; }

static FN Value dict_merge(Vm *vm, Value a, Value b) {
  Value out = new_dict(vm);
  return out && dict_update(vm, out, a) && dict_update(vm, out, b) ? out : 0;
}

/* Operators that exist in Python for operands that this runtime has no operator for. */
static FN bool is_unsupported(const Vm *vm, Opcode op, Value a, Value b) {
  if (is_counter(vm, a) && is_counter(vm, b))
    return op == OP_ADD || op == OP_SUB || op == OP_BITAND || op == OP_BITOR;
  if (is_dict_view(vm, a) || is_dict_view(vm, b))
    return op == OP_SUB || op == OP_BITAND || op == OP_BITOR || op == OP_BITXOR;
  if (op == OP_BITOR && (is_type_like(a) || is_type_like(b))) /* int | None */
    return (is_type_like(a) || a == V_NONE) && (is_type_like(b) || b == V_NONE);
  return op == OP_MOD && is_kind(a, KIND_STR);
}

static FN Value other_arith(Vm *vm, Opcode op, Value a, Value b) {
  if (is_unsupported(vm, op, a, b)) return raise_limit(vm, LIMIT_UNSUPPORTED);
  switch (op) {
  case OP_ADD: return sequence_concat(vm, a, b);
  case OP_MUL: return sequence_repeat(vm, a, b);
  case OP_BITOR:
    if (is_kind(a, KIND_DICT) && is_kind(b, KIND_DICT)) return dict_merge(vm, a, b);
    /* fall through */
  case OP_SUB:
  case OP_BITAND:
  case OP_BITXOR:
    if (is_anyset(a) && is_anyset(b)) return set_binary(vm, op, a, b);
    /* fall through */
  default: return raise_error(vm, ERR_TypeError);
  }
}

/* ---- any operands ---- */

static FN bool is_number(Value v) { return is_intlike(v) || is_kind(v, KIND_FLOAT); }
static FN double double_of(const Vm *vm, Value v) {
  return is_intlike(v) ? (double)intlike_of(v) : as_float(vm, v)->value;
}

FN Value value_arith(Vm *vm, Opcode op, Value a, Value b) {
  if (LIKELY(is_int(a) && is_int(b))) return int_arith(vm, op, int_of(a), int_of(b));
  if (is_intlike(a) && is_intlike(b)) {
    Value v = int_arith(vm, op, intlike_of(a), intlike_of(b));
    bool logical = op == OP_BITAND || op == OP_BITOR || op == OP_BITXOR;
    return v && logical && is_bool(a) && is_bool(b) ? v_bool(int_of(v) != 0) : v;
  }
  if (is_number(a) && is_number(b)) return float_arith(vm, op, double_of(vm, a), double_of(vm, b));
  return other_arith(vm, op, a, b);
}

static FN Value list_add_inplace(Vm *vm, Value list, Value more) {
  return list_extend(vm, list, more) ? list : 0;
}

static FN Value dict_or_inplace(Vm *vm, Value dict, Value other) {
  if (as_dict(vm, dict)->is_counter) return raise_limit(vm, LIMIT_UNSUPPORTED);
  if (is_lazy(vm, other)) return raise_limit(vm, LIMIT_UNSUPPORTED);
  bool ok = is_kind(other, KIND_DICT) ? dict_update(vm, dict, other) : dict_update_pairs(vm, dict, other);
  return ok ? dict : 0;
}

FN Value value_arith_inplace(Vm *vm, Opcode op, Value a, Value b) {
  bool list = is_kind(a, KIND_LIST), sets = is_anyset(a) && is_anyset(b);
  if (list || is_kind(a, KIND_SET) || is_kind(a, KIND_DICT)) note_change(vm, a);
  switch (op) {
  case OP_IADD: return list ? list_add_inplace(vm, a, b) : value_arith(vm, OP_ADD, a, b);
  case OP_IMUL:
    return list && is_intlike(b) ? list_repeat_inplace(vm, a, intlike_of(b)) : value_arith(vm, OP_MUL, a, b);
  case OP_ISUB: return sets ? set_inplace(vm, op, a, b) : value_arith(vm, OP_SUB, a, b);
  case OP_IAND: return sets ? set_inplace(vm, op, a, b) : value_arith(vm, OP_BITAND, a, b);
  case OP_IXOR: return sets ? set_inplace(vm, op, a, b) : value_arith(vm, OP_BITXOR, a, b);
  case OP_IOR:
    if (sets) return set_inplace(vm, op, a, b);
    return is_kind(a, KIND_DICT) ? dict_or_inplace(vm, a, b) : value_arith(vm, OP_BITOR, a, b);
  default: return raise_error(vm, ERR_TypeError);
  }
}

FN Value value_unary(Vm *vm, Opcode op, Value a) {
  if (is_intlike(a)) {
    int64_t i = intlike_of(a);
    return op == OP_NEG ? int_value(vm, -i) : v_int(op == OP_POS ? i : ~i);
  }
  if (is_kind(a, KIND_FLOAT) && op == OP_POS) return a;
  if (a == vm->image->inf && op == OP_NEG) return minus_infinity(vm);
  if (is_kind(a, KIND_FLOAT) && op == OP_NEG) return new_float(vm, -as_float(vm, a)->value);
  if (is_counter(vm, a) && op != OP_BITNOT) return raise_limit(vm, LIMIT_UNSUPPORTED);
  return raise_error(vm, ERR_TypeError);
}

FN Value value_abs(Vm *vm, Value a) {
  if (is_intlike(a)) return int_value(vm, intlike_of(a) < 0 ? -intlike_of(a) : intlike_of(a));
  if (is_kind(a, KIND_FLOAT)) return new_float(vm, fabs(as_float(vm, a)->value));
  return raise_error(vm, ERR_TypeError);
}

FN Value value_int(Vm *vm, Value a) {
  if (is_intlike(a)) return v_int(intlike_of(a));
  if (is_kind(a, KIND_FLOAT)) return int_from_double(vm, as_float(vm, a)->value);
  if (is_kind(a, KIND_STR)) return int_from_text(vm, as_str(vm, a)->bytes, as_str(vm, a)->len);
  return raise_error(vm, ERR_TypeError);
}
