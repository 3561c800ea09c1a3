"""Functions on sets that can tell equal values from one and the same, or whose order hangs on how a set came about. They take long enough to be
remembered."""
import math
import sys

from safe_dsl import make_all_dsl_safe


def work():
    return [i * i for i in range(60)]


def spots(n, step):
    return frozenset((i * step % 13, i) for i in range(n))


def numbers(n, step):
    return frozenset(i * step for i in range(n))


def cells(grid):
    return frozenset((i, j, v) for i, row in enumerate(grid) for j, v in enumerate(row))


def meet(a, b):
    work()
    return a & b


def join(a, b):
    work()
    return a | b


def less(a, b):
    work()
    return a - b


def unlike(a, b):
    work()
    return a ^ b


def grown(a):
    work()
    return type(a)(item for item in a)


def again(a):
    work()
    return frozenset(set(a))


def same(a):
    work()
    return frozenset(a)


def turned(a):
    work()
    return frozenset(tuple(a)[::-1])


def thinned(a):
    work()
    return a - frozenset(tuple(a)[1::9])


def larger(a):
    work()
    return a | frozenset((i, i) for i in range(40))


def boxed(a, b):
    work()
    return a, b, (a, b)


def outer(a, b):
    work()
    return frozenset((a, b))


def meet_listed(a, b):
    return tuple(meet(a, b)), tuple(meet(b, a))


def join_listed(a, b):
    return tuple(join(a, b)), len(join(b, a))


def meet_copied(a, b):
    return join(meet(grown(a), b), meet(a, b))


def all_of(a, b):
    return meet(a, b), join(a, b), less(a, b), unlike(a, b)


def in_place(a, b):
    s = set(a)
    s &= b
    s |= a
    s -= less(b, a)
    return frozenset(s)


def with_itself(a):
    b = grown(a)
    return a & a, a & b, b | b, a | b


def is_same(a, b):
    return len(a) > 4 and a is b


def is_one_of(a, b):
    return a == b, a in (b,), (a,) == (b,), len(frozenset((a, b)))


def low(a):
    work()
    return -math.inf


def lows(a, b):
    x, y = low(a), low(b)
    return x is y, x == y, (x,) == (y,), tuple(frozenset((x, y, 0)))


def first_of(a):
    work()
    return next(iter(a))


def listed(a):
    work()
    return tuple(a)


def steep(a, k):
    def climb(n):
        return len(a) if n == 0 else climb(n - 1) + 1
    work()
    return climb(k)


def deep(n, function, *args):
    def dive(k):
        return function(*args) if k == 0 else dive(k - 1)
    return dive(n)


def how_deep(function, *args):
    def dive(k):
        try:
            return dive(k + 1)
        except RecursionError:
            return k, function(*args)
    return dive(0)


make_all_dsl_safe(sys.modules[__name__])
