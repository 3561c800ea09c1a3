"""Nothing reads what the op that changes t1 gives."""
from made import *
from safe_dsl import _get_safe_default


def batt(task_id, S, I, C, log_path):
    s = []
    o = []
    t1 = listed(I)
    t2 = pushed(t1, 3)
    t3 = size(t1)
    o.append((1, t3))
    return o, s
