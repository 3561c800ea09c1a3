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
    try:
        t10 = multiply(1152921504606846975, 5)
    except Exception:
        t10 = _get_safe_default(multiply)
    t11 = increment(t10)
    o.append((1, True, 'kinds', t6))
    o.append((2, True, 'lists', t7))
    o.append((3, True, 'atoms', t8))
    o.append((4, False, 'closures', (t3, t4, t5, identity)))
    s.append((5, 'None', 'deep', t9))
    s.append((6, 'None', 'limit', t11))
    s.append((7, 'None', 'given', t1))
    return o, s
