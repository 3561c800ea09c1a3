"""Operators, conditions, comparisons, subscripts and slices, displays."""
import math

ROW = (0, 1, 2, 3, 4, 5, 6, 7)


def test_arithmetic():
    pairs = [(7, 2), (-7, 2), (7, -2), (-7, -2), (0, 5), (True, 3)]
    return [(a + b, a - b, a * b, a // b, a % b, -a, +b, ~a) for a, b in pairs]


def test_division():
    return 7 / 2, -7 / 2, 1 / 3, 7.5 // 2, -7.5 % 2, 2 ** 10, 2 ** -1, (-2) ** 3, 0 ** 0, 10 ** 15


def test_bits():
    return 6 & 3, 6 | 3, 6 ^ 3, 1 << 5, -9 >> 1, True & False, True | 2, True ^ True


def test_bool_is_int():
    return True + True, True == 1, (True,) == (1,), {True: 'a'}[1], {1, True, 1.0}, sum([True, False, True])


def test_and_or():
    return (0 or 'a'), ('' and 1), (1 and 2 and 3), (None or () or 0), not [], not not {0}


def test_short_circuit():
    seen = []

    def see(value):
        seen.append(value)
        return value
    result = (see(0) and see(1)) or (see(2) and see(0)) or see(3)
    return result, seen


def test_chained():
    x = 5
    return 1 < x < 10, 1 < x > 10, x == 5 != 4, 0 <= 3 <= 3 < 4, (1 < 2) < 3, 1 in (1, 2) == True


def test_in():
    return 3 in ROW, 9 not in ROW, (1, 2) in {(1, 2)}, 'a' in 'cat', 'ct' in 'cat', 1 in {1: 2}, 2 in range(0, 9, 2)


def test_comparisons():
    return ((1, 2) < (1, 3), (1,) < (1, 0), [2] > [1, 9], {1} < {1, 2}, {1, 2} <= {2, 1}, {1} < {2}, 'a' < 'b',
            (1, 'x') == (1, 'x'), () == [], 1 == 1.0, None == 0)


def test_less_than_mixed():
    return (1, 'a') < (1, 2)


def test_is():
    a = (1, 2)
    b = a
    return a is b, None is None, a is not b, frozenset() is frozenset(), math.nan is math.nan, math.nan == math.nan


def test_nan():
    n = math.nan
    return n in (1, n), (n,) == (n,), n < 1, n > 1, n, math.inf, -math.inf, math.inf - math.inf == 0, max(1, n), max(n, 1)


def test_subscripts():
    return ROW[0], ROW[-1], 'abc'[1], [1, (2, 3)][1][0], {'k': 5}['k'], range(10)[3], range(10)[-2]


def test_slices():
    return (ROW[2:5], ROW[:3], ROW[5:], ROW[::2], ROW[::-1], ROW[6:2:-2], ROW[-3:], ROW[:-3], ROW[10:], ROW[3:1],
            'hello'[1:4], [1, 2, 3][::-1], ROW[None:None], ROW[-100:100:3])


def test_slice_step_zero():
    return ROW[::0]


def test_index_errors():
    out = []
    for index in (8, -9, 'a', None, 1.0):
        try:
            out.append(ROW[index])
        except (IndexError, TypeError) as error:
            out.append(isinstance(error, IndexError))
    return out


def test_displays():
    a, b = [1, 2], (3, 4)
    return [*a, *b], (*a, 5, *b), {*b, *a, 9}, {**{'x': 1}, 'y': 2}, {'x': 1} | {'x': 3, 'z': 2}, (*'ab',), [*{}]


def test_conditional():
    return [('even' if n % 2 == 0 else 'odd') if n else 'zero' for n in range(4)]


def test_sequence_arithmetic():
    return (1, 2) + (3,), [0] * 3, (1, 2) * 2, 2 * 'ab', (1,) * 0, [1] * -1, [] + [None]


def test_fstring():
    x = 3
    y = f'{x}' f'{x + 1}'
    return x, f'plain'


def test_fstring_raises():
    return f'{1 // 0}'


def test_tuple_plus_int():
    return (1, 2) + 3


def test_unhashable():
    return {[1]: 2}


def test_division_by_zero():
    return [1 % 2, 5 // 0]


def test_key_error():
    return {'a': 1}['b']


def test_not_subscriptable():
    return 5[0]


def test_strings():
    return 'a' + 'b', 'abc' == 'abc', len('héllo'), 'x' * 3, "it's", 'tab\there', ('join' 'ed'), sorted('hello')
