# options: -fno-known -fno-hoist
"""Ops without a reader: guarded, with a handler for everything, and those whose exception ends the call."""

from dsl import *
from safe_dsl import _get_safe_default


def half(x):
    return 100 // x


def batt(task_id, S, I, C, log_path):
    s = []
    o = []
    try:
        t1 = width_t(I)
    except (TypeError, AttributeError, ValueError, IndexError, KeyError):
        t1 = _get_safe_default(width_t)
    try:
        t2 = double(t1)
    except (TypeError, AttributeError, ValueError, IndexError, KeyError):
        t2 = _get_safe_default(double)
    try:
        t3 = half(I)
    except Exception:
        t3 = _get_safe_default(half)
    try:
        t4 = half(I)
    except Exception:
        t4 = half(C)
    try:
        t5 = half(I)
    except (TypeError, AttributeError, ValueError, IndexError, KeyError):
        t5 = _get_safe_default(half)
    t6 = height_t(I)
    t7 = half(t6)
    t8, t9 = double(I)
    try:
        t10 = height_t(C)
    except (TypeError, AttributeError, ValueError, IndexError, KeyError):
        t10 = _get_safe_default(height_t)
    o.append((1, False, 'a', t10))
    return o, s


# ir: t1 = width_t(I) catch TypeError|ValueError|IndexError|KeyError|AttributeError else _get_safe_default(width_t)  dead @call
# ir: t2 = double(t1) catch TypeError|ValueError|IndexError|KeyError|AttributeError else _get_safe_default(double)  dead @call
# ir: t3 = half(I) catch Exception else _get_safe_default(half)  dead @call
# ir: t4 = half(I) catch Exception else half(C)  @call
# ir: t5 = half(I) catch TypeError|ValueError|IndexError|KeyError|AttributeError else _get_safe_default(half)  @call
# ir: t6 = height_t(I)  @call
# ir: t7 = half(t6)  @call
# ir: t8, t9 = double(I)  @call
# ir: t10 = height_t(C) catch TypeError|ValueError|IndexError|KeyError|AttributeError else _get_safe_default(height_t)  @call
# ir: after 9: o.append((1, False, 'a', t10))
# ir: return o, s
