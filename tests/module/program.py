"""A batt file for tests/module.py: values of all kinds, closures, exceptions and calls that do not end."""
from dsl import *
from constants import *
from safe_dsl import _get_safe_default
import math


def make_adder(n, *, twice=2):
    def adder(x, y=n):
        return (x + n) * twice + y
    return adder


def make_counter():
    seen = []
    def counter(x):
        seen.append(x)
        return len(seen), counter
    return counter


def mirrored(grid):
    return tuple(row[::-1] for row in grid)


def squares(xs, k):
    n = 0
    def seen():
        return n
    for x in xs:
        n += k
        yield x * x, n, seen()


def endless(n):
    while True:
        yield n
        n += 1


def fails(xs):
    for x in xs:
        yield 10 // x


def paired(xs):
    it = iter(xs)
    for a in it:
        yield a, next(it, None)


def nested(n):
    if n:
        for x in nested(n - 1):
            yield x
    yield n


def down():
    try:
        for x in down():
            yield x + 1
    except RecursionError:
        yield 1


def drop(it, n):
    for i in range(n):
        next(it)
    return it


def takes(it):
    def taking():
        return next(it), list(it)
    return taking


def iterators(how, row):
    """Of every kind, some of them begun, where they are wanted: views cannot be pickled."""
    if how != 'iterators':
        return None
    f, s, d, l = frozenset({7, 1, 30, 20}), {3, 1, 2}, {1: 2, 3: 4}, [1, 2, 3]
    every = (iter(l), drop(iter((1, 2, 3)), 1), drop(iter(f), 2), iter(s), iter(d), drop(iter(d.items()), 1), iter(d.values()),
             drop(iter(range(5, 50, 7)), 3), drop(iter('aéü¿b'), 2), drop(reversed((1, 2, 3, 4)), 1), drop(reversed([1, 2, 3, 4]), 4),
             drop(zip((1, 2, 3), 'abc'), 1), drop(enumerate('abc', 5), 2), drop(iter([1]), 1), zip(enumerate(l), f))
    made = ((x + 1 for x in l), map(len, ('a', 'bb')), map(lambda x: x * 2, l), filter(None, (0, 1, 2)), zip(squares(l, 1), l),
            squares(l, 2), drop(squares(f, 3), 2), endless(5), fails((1, 2, 0, 3)), drop(fails((5, 2, 0, 3)), 1), paired((1, 2, 3)),
            drop(paired([1, 2, 3, 4, 5]), 1), nested(5), drop(nested(5), 3), down())
    views = d.keys(), d.values(), d.items()
    begun = (drop(iter(f), 1), iter(l), iter({4, 5, 6}), drop(iter(d), 1), zip(l, f), drop(enumerate(l), 1), reversed(l), iter(range(5)),
             drop(iter('xyz'), 1), squares((1, 2), 1))
    twice = squares(row, 1)
    return every, made, views, tuple([takes(it) for it in begun]), twice, twice


def frames_left(n):
    try:
        return frames_left(n + 1)
    except RecursionError:
        return n


def ends(how):
    if how == 'KeyError':
        return {}[how]
    if how == 'IndexError':
        return ()[0]
    if how == 'ZeroDivisionError':
        return 1 // 0
    if how == 'AttributeError':
        return how.nothing
    if how == 'TypeError':
        return 1 + how
    if how == 'ValueError':
        a, b = (1, 2, 3)
    if how == 'UnboundLocalError':
        a = b
    if how == 'RecursionError':
        return ends(how)
    if how == 'AssertionError':
        assert not how
    if how == 'StopIteration':
        return next(iter(()))
    if how == 'OverflowError':
        return int(math.inf)
    if how == 'MemoryError':
        raise MemoryError
    if how == 'KeyboardInterrupt':
        raise KeyboardInterrupt
    if how == 'large':
        return len((0,) * 20000000)
    if how == 'forever':
        n = 0
        while True:
            n = n + 1
    return how


def batt(task_id, S, I, C, log_path):
    s = []
    o = []
    t1 = ends(C)
    t2 = asobject(I)
    t3 = make_adder(3)
    t4 = make_counter()
    t5 = rbind(shift, (1, 1))
    t6 = tuple([t2, t2, I, mirrored(I), mirrored(mirrored(I))])
    t7 = [1, [2, I], {3: t2}, set(t2), task_id]
    t8 = (math.nan, math.inf, 0.5, None, True, 'é\ud800', len, int, range(3), (1).__class__)
    t9 = frames_left(0)
    t12 = iterators(C, I[0])
    try:
        t10 = multiply(1152921504606846975, 5)
    except Exception:
        t10 = _get_safe_default(multiply)
    t11 = increment(t10)
    o.append((1, True, 'kinds', t6))
    o.append((2, True, 'lists', t7))
    o.append((3, True, 'atoms', t8))
    o.append((4, False, 'closures', (t3, t4, t5, identity)))
    o.append((5, False, 'iterators', t12))
    s.append((5, 'None', 'deep', t9))
    s.append((6, 'None', 'limit', t11))
    s.append((7, 'None', 'given', t1))
    return o, s
