"""A small DSL, so that programs that a fuzzer makes compile fast."""

from arc_types import *
from constants import *
from safe_dsl import make_all_dsl_safe
import sys


def identity(x: 'Any') -> 'Any':
    return x


def first(container: 'Container') -> 'Any':
    return next(iter(container))


def compose(outer: 'Callable', inner: 'Callable') -> 'Callable':
    return lambda x: outer(inner(x))


def o_g(grid: 'Grid', type: 'R_') -> 'Objects':
    found = set()
    for i, row in enumerate(grid):
        for j, value in enumerate(row):
            if value > type:
                found.add(frozenset({(i, j, value)}))
    return frozenset(found)


def size(container: 'Container') -> 'Integer':
    return len(container)


make_all_dsl_safe(sys.modules[__name__])
