"""Functions that change what they are given: what one op makes, others then change."""
import sys

from safe_dsl import make_all_dsl_safe


def listed(x):
    return [x]


def boxed(x):
    return (x, {'a': [x], 'b': {1, 2}})


def colours(x):
    return {cell for row in x for cell in row}


def numbers(x):
    return iter(range(5))


def lazily(x):
    return (row for row in x)


def counter(x):
    n = 0

    def more(y):
        nonlocal n
        n += 1
        return n, y
    return more


def pushed(xs, x):
    xs.append(x)
    return len(xs)


def joined(xs, ys):
    xs += ys
    return len(xs)


def first_set(xs, x):
    xs[0] = x


def first_gone(xs, x):
    del xs[0]
    return x


def deeper(box, x):
    box[1]['a'].append(x)
    box[1][len(box[1])] = x
    return len(box[1])


def deep_set(box, x):
    box[1]['b'] |= {3, len(box[1])}
    return x


def coloured(colours, n):
    colours.add(n + len(colours))
    return len(colours)


def taken(iterator, x):
    return next(iterator), x


def taken_all(iterator, x):
    return tuple(iterator)


def called(function, x):
    return function(x)


def size(xs):
    return len(xs)


def seen(xs):
    return tuple(xs) if isinstance(xs, (list, set, tuple)) else 0


def inside(box):
    return tuple(box[1]['a']), len(box[1]), tuple(box[1]['b'])


make_all_dsl_safe(sys.modules[__name__])
