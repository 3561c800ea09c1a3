"""The default of a function that gives functions: which name it has is for safe_dsl.py to say."""
from dsl import *
from safe_dsl import _get_safe_default


def name_of(function):
    return function.__name__


def batt(task_id, S, I, C, log_path):
    s = []
    o = []
    t1 = rbind(1, 2)
    t2 = _get_safe_default(compose)
    t3 = name_of(t1)
    t4 = t1(t2, I)
    o.append((1, True, 'default', t1))
    s.append((1, 'None', 'differ', t3))
    return o, s
