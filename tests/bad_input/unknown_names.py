from dsl import *
from constants import *


def batt(task_id, S, I, C, log_path):
    s = []
    o = []
    try:
        t1 = no_such_function(I, R5)
    except (TypeError, AttributeError, ValueError, IndexError, KeyError):
        t1 = ()
    o.append((0, True, 'x', t1))
    return o, s
