"""Cells without a colour, whose hash hangs on an address, are found again in the objects that hold them."""

from dsl import *
from constants import *
from safe_dsl import _get_safe_default


def batt(task_id, S, I, C, log_path):
    s = []
    o = []
    try:
        t1 = canvas(ZERO, (5, 4))
    except (TypeError, AttributeError, ValueError, IndexError, KeyError):
        t1 = _get_safe_default(canvas)
    try:
        t2 = canvas(ZERO, (34, 37))
    except (TypeError, AttributeError, ValueError, IndexError, KeyError):
        t2 = _get_safe_default(canvas)
    try:
        t3 = fill(t1, None, frozenset({(0, 1), (1, 0), (1, 1), (3, 3)}))
    except (TypeError, AttributeError, ValueError, IndexError, KeyError):
        t3 = _get_safe_default(fill)
    try:
        t4 = o_g(t3, R1)
    except (TypeError, AttributeError, ValueError, IndexError, KeyError):
        t4 = _get_safe_default(o_g)
    try:
        t5 = apply(size, t4)
    except (TypeError, AttributeError, ValueError, IndexError, KeyError):
        t5 = _get_safe_default(apply)
    try:
        t6 = merge_f(t4)
    except (TypeError, AttributeError, ValueError, IndexError, KeyError):
        t6 = _get_safe_default(merge_f)
    try:
        t7 = contained((1, 1, None), t6)
    except (TypeError, AttributeError, ValueError, IndexError, KeyError):
        t7 = _get_safe_default(contained)
    try:
        t8 = contained((1, 1, ZERO), t6)
    except (TypeError, AttributeError, ValueError, IndexError, KeyError):
        t8 = _get_safe_default(contained)
    try:
        t9 = contained((3, 3, None), t6)
    except (TypeError, AttributeError, ValueError, IndexError, KeyError):
        t9 = _get_safe_default(contained)
    try:
        t10 = size(mfilter_f(t4, lbind(contained, (3, 3, None))))
    except (TypeError, AttributeError, ValueError, IndexError, KeyError):
        t10 = _get_safe_default(mfilter_f)
    try:
        t11 = o_g(t3, R5)
    except (TypeError, AttributeError, ValueError, IndexError, KeyError):
        t11 = _get_safe_default(o_g)
    try:
        t12 = apply(size, t11)
    except (TypeError, AttributeError, ValueError, IndexError, KeyError):
        t12 = _get_safe_default(apply)
    try:
        t13 = merge_f(t11)
    except (TypeError, AttributeError, ValueError, IndexError, KeyError):
        t13 = _get_safe_default(merge_f)
    try:
        t14 = contained((1, 1, None), t13)
    except (TypeError, AttributeError, ValueError, IndexError, KeyError):
        t14 = _get_safe_default(contained)
    try:
        t15 = contained((1, 1, ZERO), t13)
    except (TypeError, AttributeError, ValueError, IndexError, KeyError):
        t15 = _get_safe_default(contained)
    try:
        t16 = contained((3, 3, None), t13)
    except (TypeError, AttributeError, ValueError, IndexError, KeyError):
        t16 = _get_safe_default(contained)
    try:
        t17 = size(mfilter_f(t11, lbind(contained, (3, 3, None))))
    except (TypeError, AttributeError, ValueError, IndexError, KeyError):
        t17 = _get_safe_default(mfilter_f)
    try:
        t18 = o_g(t3, R7)
    except (TypeError, AttributeError, ValueError, IndexError, KeyError):
        t18 = _get_safe_default(o_g)
    try:
        t19 = apply(size, t18)
    except (TypeError, AttributeError, ValueError, IndexError, KeyError):
        t19 = _get_safe_default(apply)
    try:
        t20 = merge_f(t18)
    except (TypeError, AttributeError, ValueError, IndexError, KeyError):
        t20 = _get_safe_default(merge_f)
    try:
        t21 = contained((1, 1, None), t20)
    except (TypeError, AttributeError, ValueError, IndexError, KeyError):
        t21 = _get_safe_default(contained)
    try:
        t22 = contained((1, 1, ZERO), t20)
    except (TypeError, AttributeError, ValueError, IndexError, KeyError):
        t22 = _get_safe_default(contained)
    try:
        t23 = contained((3, 3, None), t20)
    except (TypeError, AttributeError, ValueError, IndexError, KeyError):
        t23 = _get_safe_default(contained)
    try:
        t24 = size(mfilter_f(t18, lbind(contained, (3, 3, None))))
    except (TypeError, AttributeError, ValueError, IndexError, KeyError):
        t24 = _get_safe_default(mfilter_f)
    try:
        t25 = fill(t2, None, frozenset({(0, 1), (1, 0), (1, 1), (3, 3)}))
    except (TypeError, AttributeError, ValueError, IndexError, KeyError):
        t25 = _get_safe_default(fill)
    try:
        t26 = o_g(t25, R1)
    except (TypeError, AttributeError, ValueError, IndexError, KeyError):
        t26 = _get_safe_default(o_g)
    try:
        t27 = apply(size, t26)
    except (TypeError, AttributeError, ValueError, IndexError, KeyError):
        t27 = _get_safe_default(apply)
    try:
        t28 = merge_f(t26)
    except (TypeError, AttributeError, ValueError, IndexError, KeyError):
        t28 = _get_safe_default(merge_f)
    try:
        t29 = contained((1, 1, None), t28)
    except (TypeError, AttributeError, ValueError, IndexError, KeyError):
        t29 = _get_safe_default(contained)
    try:
        t30 = contained((1, 1, ZERO), t28)
    except (TypeError, AttributeError, ValueError, IndexError, KeyError):
        t30 = _get_safe_default(contained)
    try:
        t31 = contained((3, 3, None), t28)
    except (TypeError, AttributeError, ValueError, IndexError, KeyError):
        t31 = _get_safe_default(contained)
    try:
        t32 = size(mfilter_f(t26, lbind(contained, (3, 3, None))))
    except (TypeError, AttributeError, ValueError, IndexError, KeyError):
        t32 = _get_safe_default(mfilter_f)
    try:
        t33 = o_g(t25, R5)
    except (TypeError, AttributeError, ValueError, IndexError, KeyError):
        t33 = _get_safe_default(o_g)
    try:
        t34 = apply(size, t33)
    except (TypeError, AttributeError, ValueError, IndexError, KeyError):
        t34 = _get_safe_default(apply)
    try:
        t35 = merge_f(t33)
    except (TypeError, AttributeError, ValueError, IndexError, KeyError):
        t35 = _get_safe_default(merge_f)
    try:
        t36 = contained((1, 1, None), t35)
    except (TypeError, AttributeError, ValueError, IndexError, KeyError):
        t36 = _get_safe_default(contained)
    try:
        t37 = contained((1, 1, ZERO), t35)
    except (TypeError, AttributeError, ValueError, IndexError, KeyError):
        t37 = _get_safe_default(contained)
    try:
        t38 = contained((3, 3, None), t35)
    except (TypeError, AttributeError, ValueError, IndexError, KeyError):
        t38 = _get_safe_default(contained)
    try:
        t39 = size(mfilter_f(t33, lbind(contained, (3, 3, None))))
    except (TypeError, AttributeError, ValueError, IndexError, KeyError):
        t39 = _get_safe_default(mfilter_f)
    try:
        t40 = o_g(t25, R7)
    except (TypeError, AttributeError, ValueError, IndexError, KeyError):
        t40 = _get_safe_default(o_g)
    try:
        t41 = apply(size, t40)
    except (TypeError, AttributeError, ValueError, IndexError, KeyError):
        t41 = _get_safe_default(apply)
    try:
        t42 = merge_f(t40)
    except (TypeError, AttributeError, ValueError, IndexError, KeyError):
        t42 = _get_safe_default(merge_f)
    try:
        t43 = contained((1, 1, None), t42)
    except (TypeError, AttributeError, ValueError, IndexError, KeyError):
        t43 = _get_safe_default(contained)
    try:
        t44 = contained((1, 1, ZERO), t42)
    except (TypeError, AttributeError, ValueError, IndexError, KeyError):
        t44 = _get_safe_default(contained)
    try:
        t45 = contained((3, 3, None), t42)
    except (TypeError, AttributeError, ValueError, IndexError, KeyError):
        t45 = _get_safe_default(contained)
    try:
        t46 = size(mfilter_f(t40, lbind(contained, (3, 3, None))))
    except (TypeError, AttributeError, ValueError, IndexError, KeyError):
        t46 = _get_safe_default(mfilter_f)
    o.append((1, True, 'none', t1))
    o.append((1, True, 'none', t2))
    o.append((1, True, 'none', t3))
    o.append((1, True, 'none', t4))
    o.append((1, True, 'none', t5))
    o.append((1, True, 'none', t6))
    o.append((1, True, 'none', t7))
    o.append((1, True, 'none', t8))
    o.append((1, True, 'none', t9))
    o.append((1, True, 'none', t10))
    o.append((1, True, 'none', t11))
    o.append((1, True, 'none', t12))
    o.append((1, True, 'none', t13))
    o.append((1, True, 'none', t14))
    o.append((1, True, 'none', t15))
    o.append((1, True, 'none', t16))
    o.append((1, True, 'none', t17))
    o.append((1, True, 'none', t18))
    o.append((1, True, 'none', t19))
    o.append((1, True, 'none', t20))
    o.append((1, True, 'none', t21))
    o.append((1, True, 'none', t22))
    o.append((1, True, 'none', t23))
    o.append((1, True, 'none', t24))
    o.append((1, True, 'none', t25))
    o.append((1, True, 'none', t26))
    o.append((1, True, 'none', t27))
    o.append((1, True, 'none', t28))
    o.append((1, True, 'none', t29))
    o.append((1, True, 'none', t30))
    o.append((1, True, 'none', t31))
    o.append((1, True, 'none', t32))
    o.append((1, True, 'none', t33))
    o.append((1, True, 'none', t34))
    o.append((1, True, 'none', t35))
    o.append((1, True, 'none', t36))
    o.append((1, True, 'none', t37))
    o.append((1, True, 'none', t38))
    o.append((1, True, 'none', t39))
    o.append((1, True, 'none', t40))
    o.append((1, True, 'none', t41))
    o.append((1, True, 'none', t42))
    o.append((1, True, 'none', t43))
    o.append((1, True, 'none', t44))
    o.append((1, True, 'none', t45))
    o.append((1, True, 'none', t46))
    return o, s
