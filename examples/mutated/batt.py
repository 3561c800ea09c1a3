"""What mutation makes of candidates: wrong types, wrong arities, calls of what is no function, and a few that work."""

from dsl import *
from constants import *
from safe_dsl import _get_safe_default


def batt(task_id, S, I, C, log_path):
    s = []
    o = []
    try:
        t1 = rbind(o_g, R5)
    except (TypeError, AttributeError, ValueError, IndexError, KeyError):
        t1 = _get_safe_default(rbind)
    try:
        t2 = t1(I)
    except (TypeError, AttributeError, ValueError, IndexError, KeyError):
        t2 = _get_safe_default(t1)
    # the arguments the wrong way round
    try:
        t3 = o_g(R5, I)
    except (TypeError, AttributeError, ValueError, IndexError, KeyError):
        t3 = _get_safe_default(o_g)
    # one argument is missing; the guard of the DSL takes the TypeError
    try:
        t4 = fill(I, BLUE)
    except (TypeError, AttributeError, ValueError, IndexError, KeyError):
        t4 = _get_safe_default(fill)
    # a number is called
    try:
        t5 = R5(t2)
    except (TypeError, AttributeError, ValueError, IndexError, KeyError):
        t5 = _get_safe_default(R5)
    # a set of cells is called
    try:
        t6 = t2(I)
    except (TypeError, AttributeError, ValueError, IndexError, KeyError):
        t6 = _get_safe_default(t2)
    try:
        t7 = merge_f(t2)
    except (TypeError, AttributeError, ValueError, IndexError, KeyError):
        t7 = _get_safe_default(merge_f)
    try:
        t8 = fill(I, YELLOW, t7)
    except (TypeError, AttributeError, ValueError, IndexError, KeyError):
        t8 = _get_safe_default(fill)
    o.append((0, True, 'yellow', t8))
    o.append((1, True, 'swapped', t3))
    o.append((2, False, 'missing', t4))
    o.append((3, False, 'called', t5))
    try:
        t9 = power(vmirror_t, TWO)
    except (TypeError, AttributeError, ValueError, IndexError, KeyError):
        t9 = _get_safe_default(power)
    try:
        t10 = t9(t8)
    except (TypeError, AttributeError, ValueError, IndexError, KeyError):
        t10 = _get_safe_default(t9)
    o.append((4, True, 'yellow', t10))
    try:
        t11 = apply(lbind(shift, t7), t2)
    except (TypeError, AttributeError, ValueError, IndexError, KeyError):
        t11 = _get_safe_default(apply)
    o.append((5, False, 'sets', t11))
    # differs
    try:
        t12 = cellwise(t8, C, NEG_ONE)
    except (TypeError, AttributeError, ValueError, IndexError, KeyError):
        t12 = _get_safe_default(cellwise)
    try:
        t13 = colorcount_t(t12, NEG_ONE)
    except (TypeError, AttributeError, ValueError, IndexError, KeyError):
        t13 = _get_safe_default(colorcount_t)
    s.append((0, 'None', 'differ_cellwise', t13))
    try:
        t14 = astuple(t13, t6)
    except (TypeError, AttributeError, ValueError, IndexError, KeyError):
        t14 = _get_safe_default(astuple)
    s.append((3, 'None', 'differ_pair', t14))
    try:
        t15 = subtract(t14, size)
    except (TypeError, AttributeError, ValueError, IndexError, KeyError):
        t15 = _get_safe_default(subtract)
    s.append((5, 'None', 'differ_number', t15))
    return o, s
