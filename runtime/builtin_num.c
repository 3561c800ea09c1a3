/* builtin_num.c - int(), float(), abs, round, divmod, pow. */
#include <math.h>

#include "native.h"

/* ---- conversions ---- */

FN Value int_from_double(Vm *vm, double d) {
  if (isnan(d)) return raise_error(vm, ERR_ValueError);
  if (isinf(d)) return raise_error(vm, ERR_OverflowError);
  d = trunc(d);
  if (d < (double)INT_MIN_61 || d >= -(double)INT_MIN_61) return raise_limit(vm, LIMIT_INTEGER);
  return v_int((int64_t)d);
}

static FN bool is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }
static FN bool is_digit(char c) { return c >= '0' && c <= '9'; }

/* The text without white space around it and without its sign. */
static FN void strip_sign(const char **s, uint32_t *len, bool *negative) {
  while (*len && is_space(**s)) (*s)++, (*len)--;
  while (*len && is_space((*s)[*len - 1])) (*len)--;
  *negative = *len && **s == '-';
  if (*len && (**s == '-' || **s == '+')) (*s)++, (*len)--;
}

FN Value int_from_text(Vm *vm, const char *s, uint32_t len) {
  bool negative, big = false;
  strip_sign(&s, &len, &negative);
  if (!len) return raise_error(vm, ERR_ValueError);
  int64_t n = 0;
  for (uint32_t i = 0; i < len; i++) {
    if (s[i] == '_' && i && is_digit(s[i - 1]) && i + 1 < len && is_digit(s[i + 1])) continue;
    if ((uint8_t)s[i] >= 0x80) return raise_limit(vm, LIMIT_UNSUPPORTED); /* other scripts' digits */
    if (!is_digit(s[i])) return raise_error(vm, ERR_ValueError);
    if (n <= INT_MAX_61 / 8) n = n * 10 + (s[i] - '0');
    else big = true;
  }
  if (big) return raise_limit(vm, LIMIT_INTEGER);
  return int_value(vm, negative ? -n : n);
}

static FN bool text_is(const char *s, uint32_t len, const char *word) {
  for (uint32_t i = 0; i < len; i++)
    if (!word[i] || ((uint8_t)s[i] | 0x20) != (uint8_t)word[i]) return false;
  return !word[len];
}

static FN double power_of_ten(int n) {
  double p = 1;
  while (n-- > 0) p *= 10;
  return p;
}

/* Digits and a point, with an exponent perhaps. Exact where 15 digits and 10^22 are enough: the
 * quotient or product of two exact doubles is rounded once. */
static FN Value float_from_digits(Vm *vm, const char *s, uint32_t len, bool negative) {
  double digits = 0;
  int places = 0, ndigits = 0, seen = 0, exponent = 0;
  bool point = false;
  uint32_t i = 0;
  for (; i < len && (is_digit(s[i]) || (s[i] == '.' && !point)); i++) {
    if (s[i] == '.') {
      point = true;
      continue;
    }
    seen = 1;
    if (ndigits || s[i] != '0') ndigits++;
    if (ndigits > 15) return raise_limit(vm, LIMIT_UNSUPPORTED);
    digits = digits * 10 + (s[i] - '0');
    places += point && places < 1000;
  }
  if (!seen) return raise_error(vm, ERR_ValueError);
  if (i < len && (s[i] == 'e' || s[i] == 'E')) {
    bool minus = i + 1 < len && s[i + 1] == '-';
    i += 1 + (i + 1 < len && (s[i + 1] == '-' || s[i + 1] == '+'));
    if (i >= len) return raise_error(vm, ERR_ValueError);
    for (; i < len && is_digit(s[i]); i++) exponent = exponent > 999 ? exponent : exponent * 10 + (s[i] - '0');
    if (minus) exponent = -exponent;
  }
  if (i < len && s[i] == '_') return raise_limit(vm, LIMIT_UNSUPPORTED);
  if (i < len) return raise_error(vm, ERR_ValueError);
  exponent -= places;
  if (digits != 0 && (exponent < -22 || exponent > 22)) return raise_limit(vm, LIMIT_UNSUPPORTED);
  double d = digits == 0 ? 0 : exponent < 0 ? digits / power_of_ten(-exponent) : digits * power_of_ten(exponent);
  return new_float(vm, negative ? -d : d);
}

static FN Value float_from_text(Vm *vm, const char *s, uint32_t len) {
  bool negative;
  strip_sign(&s, &len, &negative);
  if (text_is(s, len, "inf") || text_is(s, len, "infinity")) return new_float(vm, negative ? -INFINITY : INFINITY);
  if (text_is(s, len, "nan")) return new_float(vm, negative ? -NAN : NAN);
  return float_from_digits(vm, s, len, negative);
}

FN Value float_from(Vm *vm, Value v) {
  if (is_intlike(v)) return new_float(vm, (double)intlike_of(v));
  if (is_kind(v, KIND_FLOAT)) return v;
  if (is_kind(v, KIND_STR)) return float_from_text(vm, as_str(vm, v)->bytes, as_str(vm, v)->len);
  return raise_error(vm, ERR_TypeError);
}

/* ---- round ---- */

static FN double half_even(double d) {
  double whole = floor(d), rest = d - whole;
  if (rest > 0.5 || (rest == 0.5 && fmod(whole, 2.0) != 0)) whole += 1;
  return whole;
}

static FN Value round_int(Vm *vm, int64_t i, int64_t places) {
  if (places >= 0) return v_int(i);
  if (places < -18) return v_int(0);
  int64_t unit = 1;
  for (; places < 0; places++) unit *= 10;
  int64_t rest = i % unit;
  if (rest < 0) rest += unit;
  int64_t low = i - rest;
  bool up = rest > unit - rest || (rest == unit - rest && (low / unit) % 2 != 0);
  return int_value(vm, up ? low + unit : low);
}

/* The exact value m / 2^s scaled by 10^places in 128 bits, rounded half to even, divided once. */
static FN Value round_float(Vm *vm, double d, int64_t places) {
  if (!isfinite(d) || d == 0 || (places >= 0 && fabs(d) >= 4503599627370496.0)) return new_float(vm, d);
  if (places < 0 || places > 22) return raise_limit(vm, LIMIT_UNSUPPORTED);
  int exponent;
  uint64_t m = (uint64_t)ldexp(frexp(fabs(d), &exponent), 53);
  int shift = 53 - exponent; /* over 0: the value is below 2^52 */
  unsigned __int128 scaled = m;
  for (int64_t k = 0; k < places; k++) scaled *= 10;
  unsigned __int128 whole = shift < 128 ? scaled >> shift : 0;
  unsigned __int128 rest = shift < 128 ? scaled - (whole << shift) : scaled;
  unsigned __int128 half = shift <= 128 ? (unsigned __int128)1 << (shift - 1) : 0;
  if (half && (rest > half || (rest == half && (whole & 1)))) whole++;
  if (whole > ((uint64_t)1 << 53)) return raise_limit(vm, LIMIT_UNSUPPORTED);
  double rounded = (double)(uint64_t)whole / power_of_ten((int)places);
  return new_float(vm, copysign(rounded, d));
}

static FN Value round_value(Vm *vm, Value v, Value ndigits) {
  bool plain = ndigits == V_MISSING || ndigits == V_NONE;
  int64_t places = 0;
  if (!is_intlike(v) && !is_kind(v, KIND_FLOAT)) return raise_error(vm, ERR_TypeError);
  if (!plain && !index_arg(vm, ndigits, &places)) return 0;
  if (is_intlike(v)) return round_int(vm, intlike_of(v), plain ? 0 : places);
  double d = as_float(vm, v)->value;
  return plain ? int_from_double(vm, isfinite(d) ? half_even(d) : d) : round_float(vm, d, places);
}

/* ---- divmod, pow ---- */

static FN Value divmod_of(Vm *vm, Value a, Value b) {
  if (is_kind(a, KIND_STR)) return raise_error(vm, ERR_TypeError);
  Value pair[2];
  pair[0] = value_arith(vm, OP_FLOORDIV, a, b);
  if (!pair[0]) return 0;
  pair[1] = value_arith(vm, OP_MOD, a, b);
  return pair[1] ? tuple_of(vm, pair, 2) : 0;
}

static FN uint64_t mul_mod(uint64_t a, uint64_t b, uint64_t m) { return (uint64_t)((unsigned __int128)a * b % m); }

/* The inverse of a modulo m (extended Euclid), 0 where there is none. */
static FN int64_t inverse_mod(int64_t a, int64_t m) {
  int64_t r0 = m, r1 = a % m, t0 = 0, t1 = 1;
  while (r1) {
    int64_t q = r0 / r1, r = r0 - q * r1, t = t0 - q * t1;
    r0 = r1, r1 = r;
    t0 = t1, t1 = t;
  }
  return r0 != 1 ? 0 : t0 < 0 ? t0 + m : t0;
}

static FN Value pow_mod(Vm *vm, int64_t base, int64_t exponent, int64_t modulus) {
  if (!modulus) return raise_error(vm, ERR_ValueError);
  int64_t m = modulus < 0 ? -modulus : modulus;
  if (m == 1) return v_int(0);
  int64_t b = base % m;
  if (b < 0) b += m;
  if (exponent < 0) {
    b = inverse_mod(b, m);
    if (!b) return raise_error(vm, ERR_ValueError);
    exponent = -exponent;
  }
  uint64_t result = 1, square = (uint64_t)b;
  for (; exponent; exponent >>= 1) {
    if (exponent & 1) result = mul_mod(result, square, (uint64_t)m);
    square = mul_mod(square, square, (uint64_t)m);
  }
  return v_int((int64_t)result - (modulus < 0 && result ? m : 0));
}

static FN Value pow_of(Vm *vm, Value base, Value exponent, Value modulus) {
  if (modulus == V_MISSING || modulus == V_NONE) return value_arith(vm, OP_POW, base, exponent);
  if (!is_intlike(base) || !is_intlike(exponent) || !is_intlike(modulus)) return raise_error(vm, ERR_TypeError);
  return pow_mod(vm, intlike_of(base), intlike_of(exponent), intlike_of(modulus));
}

FN CallStatus builtin_num_call(Vm *vm, BuiltinId id, const CallArgs *call, Value *result) {
  Value arg[3];
  const char *const round_names[] = {"number", "ndigits"}, *const pow_names[] = {"base", "exp", "mod"};
  switch (id) {
  case BUILTIN_abs:
    return args_plain(vm, call, 1, 1) ? call_done(result, value_abs(vm, call->args[0])) : CALL_ERROR;
  case BUILTIN_divmod:
    if (!args_plain(vm, call, 2, 2)) return CALL_ERROR;
    return call_done(result, divmod_of(vm, call->args[0], call->args[1]));
  case BUILTIN_round:
    if (!args_bind(vm, call, round_names, 2, 2, 1, arg)) return CALL_ERROR;
    return call_done(result, round_value(vm, arg[0], arg[1]));
  default: /* pow */
    if (!args_bind(vm, call, pow_names, 3, 3, 2, arg)) return CALL_ERROR;
    return call_done(result, pow_of(vm, arg[0], arg[1], arg[2]));
  }
}
