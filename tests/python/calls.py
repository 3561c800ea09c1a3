"""Builtin functions and types."""
import itertools
import math
from collections import Counter
from itertools import product


def test_conversions():
    return (int('12'), int(-3.9), int(True), tuple('ab'), list((1, 2)), set((2, 1, 2)), frozenset([3]), dict([(1, 2)]),
            bool(()), bool(7), int(), tuple(), list(), set(), frozenset(), dict(), float(2))


def test_aggregates():
    return len('abc'), sum((1, 2, 3)), sum([[1], [2]], []), sum((), 5), abs(-4), min(3, 1, 2), max([4, 9, 2]), abs(-2.5)


def test_min_max_options():
    words = ('pear', 'fig', 'apple', 'kiwi')
    return (max(words, key=len), min(words, key=len), max((), default=0), min([], default=None), max(words),
            max(2, 1, key=lambda v: -v), min((1, 'a'), key=str if False else lambda v: 0))


def test_max_of_nothing():
    return max(())


def test_max_of_mixed():
    return max(1, 'a')


def test_max_of_int():
    return max(5)


def test_sum_of_strings():
    return sum(['a'])


def test_sorted():
    pairs = [(2, 'b'), (1, 'z'), (2, 'a'), (1, 'y')]
    return (sorted(pairs), sorted(pairs, key=lambda p: p[0]), sorted(pairs, key=lambda p: p[0], reverse=True),
            sorted((3, 1, 2), reverse=True), sorted({5, 3, 9}), sorted([True, 0, 2]))


def test_sorted_sets():
    return sorted([frozenset((1, 2)), frozenset((3,)), frozenset((1,)), frozenset(), frozenset((2, 3))])


def test_sorted_fails():
    return sorted([1, 'a', 2])


def test_sort_many():
    xs = [(i * 7919) % 1000 for i in range(300)]
    return sorted(xs), sorted(xs, key=lambda v: v % 10), sorted(xs, key=lambda v: (v % 7, -v), reverse=True)


def test_range():
    return (list(range(4)), tuple(range(2, 5)), tuple(range(9, 0, -3)), len(range(0, 10, 3)), 3 in range(5),
            tuple(range(3))[::-1], range(3) == range(0, 3), tuple(reversed(range(4))))


def test_range_errors():
    return range(1, 2, 0)


def test_range_of_str():
    return range('3')


def test_zip_enumerate():
    return (tuple(zip((1, 2, 3), 'ab')), list(enumerate('xy')), list(enumerate('xy', 5)), tuple(zip()), tuple(zip((1,))),
            tuple(zip(*[(1, 2), (3, 4)])), dict(zip('ab', (1, 2))))


def test_map():
    return tuple(map(abs, (-1, 2))), tuple(map(lambda a, b: a + b, (1, 2), (10, 20, 30))), tuple(map(min, ((1, 2), (0, 5)))), list(map(len, ()))


def test_map_is_lazy():
    m = map(lambda x: 1 // x, (1, 0))
    return next(m)


def test_reversed():
    return tuple(reversed((1, 2, 3))), list(reversed([])), list(reversed('ab'))


def test_reversed_set():
    return reversed({1})


def test_next_iter():
    it = iter((1, 2))
    return next(it), next(it), next(it, 'end'), next(iter({7})), next(iter(()), None)


def test_isinstance():
    return (isinstance(True, int), isinstance(1, bool), isinstance((), tuple), isinstance({1}, (list, set)), isinstance(1.0, int),
            isinstance(frozenset(), set), isinstance(None, type(None)), callable(len), callable(3))


def test_type():
    return (type((1,))(x for x in (3, 4)), type({1})([2]), type(1) is int, type(True) == int, type(()) == tuple,
            type(frozenset((1,)))((2, 1)), type('')  is str)


def test_builtins_as_values():
    return {0: min, 1: max}[1]((3, 8)), [f((4, 2)) for f in (sum, len, sorted, tuple)], (len if True else sum)(()), len


def test_hasattr():
    return hasattr((), 'count'), hasattr(1, 'append'), hasattr(len, '__name__')


def test_counter():
    return Counter('abracadabra').most_common(), Counter((1, 2, 1)).most_common(1), Counter((3, 3, 1))[3], Counter(())[5]


def test_product():
    return tuple(product((1, 2), 'ab')), list(itertools.product(range(2), repeat=2)), tuple(product((), (1,)))


def test_math():
    return math.nan is math.nan, math.inf > 10 ** 15, -math.inf


def test_int_of_text():
    return int('a1')


def test_len_of_int():
    return len(5)


def test_print():
    return print('to nowhere', 1)


def test_tuple_of_int():
    return tuple(4)


def test_set_of_lists():
    return set([[1]])


def test_any_of_int():
    return any(3)


def test_abs_of_tuple():
    return abs((1,))


def test_wrong_count():
    return len((1,), (2,))


def test_dict_of_int():
    return dict(4)
