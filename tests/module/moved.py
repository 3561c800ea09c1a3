"""Iterators that ops move on which nothing reads, so that they would not be run."""

from safe_dsl import _get_safe_default
from dsl import *


def waiting(x):
    return iter(x)


def move(it):
    return next(it)


def batt(task_id, S, I, C, log_path):
    s = []
    o = []
    try:
        t1 = waiting((1, 2, 3))
    except (TypeError, AttributeError, ValueError, IndexError, KeyError, Exception):
        t1 = _get_safe_default(waiting)
    try:
        t2 = move(t1)
    except (TypeError, AttributeError, ValueError, IndexError, KeyError, Exception):
        t2 = _get_safe_default(move)
    try:
        t3 = identity(I)
    except (TypeError, AttributeError, ValueError, IndexError, KeyError, Exception):
        t3 = _get_safe_default(identity)
    o.append((1, C is None, 'moved', t1))
    o.append((2, C is None, 'grid', t3))
    return o, s
