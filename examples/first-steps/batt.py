"""Four candidate solvers in one file, common calls shared, each scored by one differ."""

from dsl import *
from constants import *
from safe_dsl import _get_safe_default


def batt(task_id, S, I, C, log_path):
    s = []
    o = []
    # 0: turn the grid over, left to right
    try:
        t1 = vmirror_t(I)
    except (TypeError, AttributeError, ValueError, IndexError, KeyError):
        t1 = _get_safe_default(vmirror_t)
    o.append((0, True, 'mirror', t1))
    # 1: cut out the largest object
    try:
        t2 = o_g(I, R5)
    except (TypeError, AttributeError, ValueError, IndexError, KeyError):
        t2 = _get_safe_default(o_g)
    try:
        t3 = get_arg_rank_f(t2, size, F0)
    except (TypeError, AttributeError, ValueError, IndexError, KeyError):
        t3 = _get_safe_default(get_arg_rank_f)
    try:
        t4 = subgrid(t3, I)
    except (TypeError, AttributeError, ValueError, IndexError, KeyError):
        t4 = _get_safe_default(subgrid)
    o.append((1, True, 'largest', t4))
    # 2: paint the smallest object red
    try:
        t5 = get_arg_rank_f(t2, size, L1)
    except (TypeError, AttributeError, ValueError, IndexError, KeyError):
        t5 = _get_safe_default(get_arg_rank_f)
    try:
        t6 = fill(I, RED, t5)
    except (TypeError, AttributeError, ValueError, IndexError, KeyError):
        t6 = _get_safe_default(fill)
    o.append((2, True, 'smallest', t6))
    # 3: move the largest object down by one
    try:
        t7 = move(I, t3, DOWN)
    except (TypeError, AttributeError, ValueError, IndexError, KeyError):
        t7 = _get_safe_default(move)
    o.append((3, True, 'gravity', t7))
    # how far candidate 3 is off: a colour that C has and the candidate's grid has not
    try:
        t8 = p_g(C)
    except (TypeError, AttributeError, ValueError, IndexError, KeyError):
        t8 = _get_safe_default(p_g)
    try:
        t9 = p_g(t7)
    except (TypeError, AttributeError, ValueError, IndexError, KeyError):
        t9 = _get_safe_default(p_g)
    try:
        t10 = difference_tuple(t8, t9)
    except (TypeError, AttributeError, ValueError, IndexError, KeyError):
        t10 = _get_safe_default(difference_tuple)
    try:
        t11 = size(t10)
    except (TypeError, AttributeError, ValueError, IndexError, KeyError):
        t11 = _get_safe_default(size)
    s.append((3, 'None', 'differ_missing_colors', t11))
    return o, s
