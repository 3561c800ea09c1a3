"""Objects of grids that hold other values than colours, small ones and beyond 30 x 30."""

from dsl import *
from constants import *
from safe_dsl import _get_safe_default


def batt(task_id, S, I, C, log_path):
    s = []
    o = []
    try:
        t1 = asindices(I)
    except (TypeError, AttributeError, ValueError, IndexError, KeyError):
        t1 = _get_safe_default(asindices)
    try:
        t2 = canvas(ZERO, astuple(FIVE, FOUR))
    except (TypeError, AttributeError, ValueError, IndexError, KeyError):
        t2 = _get_safe_default(canvas)
    try:
        t3 = canvas(ZERO, (34, 37))
    except (TypeError, AttributeError, ValueError, IndexError, KeyError):
        t3 = _get_safe_default(canvas)
    try:
        t4 = sfilter_f(t1, compose(even, first))
    except (TypeError, AttributeError, ValueError, IndexError, KeyError):
        t4 = _get_safe_default(sfilter_f)
    try:
        t5 = fill(t2, T, t4)
    except (TypeError, AttributeError, ValueError, IndexError, KeyError):
        t5 = _get_safe_default(fill)
    try:
        t6 = fill(t5, UNITY, shift(t4, UNITY))
    except (TypeError, AttributeError, ValueError, IndexError, KeyError):
        t6 = _get_safe_default(fill)
    try:
        t7 = fill(t6, DOWN, shift(t4, (TWO, ONE)))
    except (TypeError, AttributeError, ValueError, IndexError, KeyError):
        t7 = _get_safe_default(fill)
    try:
        t8 = o_g(t7, R0)
    except (TypeError, AttributeError, ValueError, IndexError, KeyError):
        t8 = _get_safe_default(o_g)
    try:
        t9 = totuple(t8)
    except (TypeError, AttributeError, ValueError, IndexError, KeyError):
        t9 = _get_safe_default(totuple)
    try:
        t10 = merge_f(t8)
    except (TypeError, AttributeError, ValueError, IndexError, KeyError):
        t10 = _get_safe_default(merge_f)
    try:
        t11 = apply(totuple, t8)
    except (TypeError, AttributeError, ValueError, IndexError, KeyError):
        t11 = _get_safe_default(apply)
    try:
        t12 = o_g(t7, R1)
    except (TypeError, AttributeError, ValueError, IndexError, KeyError):
        t12 = _get_safe_default(o_g)
    try:
        t13 = totuple(t12)
    except (TypeError, AttributeError, ValueError, IndexError, KeyError):
        t13 = _get_safe_default(totuple)
    try:
        t14 = merge_f(t12)
    except (TypeError, AttributeError, ValueError, IndexError, KeyError):
        t14 = _get_safe_default(merge_f)
    try:
        t15 = apply(totuple, t12)
    except (TypeError, AttributeError, ValueError, IndexError, KeyError):
        t15 = _get_safe_default(apply)
    try:
        t16 = o_g(t7, R2)
    except (TypeError, AttributeError, ValueError, IndexError, KeyError):
        t16 = _get_safe_default(o_g)
    try:
        t17 = totuple(t16)
    except (TypeError, AttributeError, ValueError, IndexError, KeyError):
        t17 = _get_safe_default(totuple)
    try:
        t18 = merge_f(t16)
    except (TypeError, AttributeError, ValueError, IndexError, KeyError):
        t18 = _get_safe_default(merge_f)
    try:
        t19 = apply(totuple, t16)
    except (TypeError, AttributeError, ValueError, IndexError, KeyError):
        t19 = _get_safe_default(apply)
    try:
        t20 = o_g(t7, R3)
    except (TypeError, AttributeError, ValueError, IndexError, KeyError):
        t20 = _get_safe_default(o_g)
    try:
        t21 = totuple(t20)
    except (TypeError, AttributeError, ValueError, IndexError, KeyError):
        t21 = _get_safe_default(totuple)
    try:
        t22 = merge_f(t20)
    except (TypeError, AttributeError, ValueError, IndexError, KeyError):
        t22 = _get_safe_default(merge_f)
    try:
        t23 = apply(totuple, t20)
    except (TypeError, AttributeError, ValueError, IndexError, KeyError):
        t23 = _get_safe_default(apply)
    try:
        t24 = o_g(t7, R4)
    except (TypeError, AttributeError, ValueError, IndexError, KeyError):
        t24 = _get_safe_default(o_g)
    try:
        t25 = totuple(t24)
    except (TypeError, AttributeError, ValueError, IndexError, KeyError):
        t25 = _get_safe_default(totuple)
    try:
        t26 = merge_f(t24)
    except (TypeError, AttributeError, ValueError, IndexError, KeyError):
        t26 = _get_safe_default(merge_f)
    try:
        t27 = apply(totuple, t24)
    except (TypeError, AttributeError, ValueError, IndexError, KeyError):
        t27 = _get_safe_default(apply)
    try:
        t28 = o_g(t7, R5)
    except (TypeError, AttributeError, ValueError, IndexError, KeyError):
        t28 = _get_safe_default(o_g)
    try:
        t29 = totuple(t28)
    except (TypeError, AttributeError, ValueError, IndexError, KeyError):
        t29 = _get_safe_default(totuple)
    try:
        t30 = merge_f(t28)
    except (TypeError, AttributeError, ValueError, IndexError, KeyError):
        t30 = _get_safe_default(merge_f)
    try:
        t31 = apply(totuple, t28)
    except (TypeError, AttributeError, ValueError, IndexError, KeyError):
        t31 = _get_safe_default(apply)
    try:
        t32 = o_g(t7, R6)
    except (TypeError, AttributeError, ValueError, IndexError, KeyError):
        t32 = _get_safe_default(o_g)
    try:
        t33 = totuple(t32)
    except (TypeError, AttributeError, ValueError, IndexError, KeyError):
        t33 = _get_safe_default(totuple)
    try:
        t34 = merge_f(t32)
    except (TypeError, AttributeError, ValueError, IndexError, KeyError):
        t34 = _get_safe_default(merge_f)
    try:
        t35 = apply(totuple, t32)
    except (TypeError, AttributeError, ValueError, IndexError, KeyError):
        t35 = _get_safe_default(apply)
    try:
        t36 = o_g(t7, R7)
    except (TypeError, AttributeError, ValueError, IndexError, KeyError):
        t36 = _get_safe_default(o_g)
    try:
        t37 = totuple(t36)
    except (TypeError, AttributeError, ValueError, IndexError, KeyError):
        t37 = _get_safe_default(totuple)
    try:
        t38 = merge_f(t36)
    except (TypeError, AttributeError, ValueError, IndexError, KeyError):
        t38 = _get_safe_default(merge_f)
    try:
        t39 = apply(totuple, t36)
    except (TypeError, AttributeError, ValueError, IndexError, KeyError):
        t39 = _get_safe_default(apply)
    try:
        t40 = objects_t(t7, T, T, F)
    except (TypeError, AttributeError, ValueError, IndexError, KeyError):
        t40 = _get_safe_default(objects_t)
    try:
        t41 = fill(t3, T, t4)
    except (TypeError, AttributeError, ValueError, IndexError, KeyError):
        t41 = _get_safe_default(fill)
    try:
        t42 = fill(t41, UNITY, shift(t4, UNITY))
    except (TypeError, AttributeError, ValueError, IndexError, KeyError):
        t42 = _get_safe_default(fill)
    try:
        t43 = fill(t42, DOWN, shift(t4, (TWO, ONE)))
    except (TypeError, AttributeError, ValueError, IndexError, KeyError):
        t43 = _get_safe_default(fill)
    try:
        t44 = o_g(t43, R0)
    except (TypeError, AttributeError, ValueError, IndexError, KeyError):
        t44 = _get_safe_default(o_g)
    try:
        t45 = totuple(t44)
    except (TypeError, AttributeError, ValueError, IndexError, KeyError):
        t45 = _get_safe_default(totuple)
    try:
        t46 = merge_f(t44)
    except (TypeError, AttributeError, ValueError, IndexError, KeyError):
        t46 = _get_safe_default(merge_f)
    try:
        t47 = apply(totuple, t44)
    except (TypeError, AttributeError, ValueError, IndexError, KeyError):
        t47 = _get_safe_default(apply)
    try:
        t48 = o_g(t43, R1)
    except (TypeError, AttributeError, ValueError, IndexError, KeyError):
        t48 = _get_safe_default(o_g)
    try:
        t49 = totuple(t48)
    except (TypeError, AttributeError, ValueError, IndexError, KeyError):
        t49 = _get_safe_default(totuple)
    try:
        t50 = merge_f(t48)
    except (TypeError, AttributeError, ValueError, IndexError, KeyError):
        t50 = _get_safe_default(merge_f)
    try:
        t51 = apply(totuple, t48)
    except (TypeError, AttributeError, ValueError, IndexError, KeyError):
        t51 = _get_safe_default(apply)
    try:
        t52 = o_g(t43, R2)
    except (TypeError, AttributeError, ValueError, IndexError, KeyError):
        t52 = _get_safe_default(o_g)
    try:
        t53 = totuple(t52)
    except (TypeError, AttributeError, ValueError, IndexError, KeyError):
        t53 = _get_safe_default(totuple)
    try:
        t54 = merge_f(t52)
    except (TypeError, AttributeError, ValueError, IndexError, KeyError):
        t54 = _get_safe_default(merge_f)
    try:
        t55 = apply(totuple, t52)
    except (TypeError, AttributeError, ValueError, IndexError, KeyError):
        t55 = _get_safe_default(apply)
    try:
        t56 = o_g(t43, R3)
    except (TypeError, AttributeError, ValueError, IndexError, KeyError):
        t56 = _get_safe_default(o_g)
    try:
        t57 = totuple(t56)
    except (TypeError, AttributeError, ValueError, IndexError, KeyError):
        t57 = _get_safe_default(totuple)
    try:
        t58 = merge_f(t56)
    except (TypeError, AttributeError, ValueError, IndexError, KeyError):
        t58 = _get_safe_default(merge_f)
    try:
        t59 = apply(totuple, t56)
    except (TypeError, AttributeError, ValueError, IndexError, KeyError):
        t59 = _get_safe_default(apply)
    try:
        t60 = o_g(t43, R4)
    except (TypeError, AttributeError, ValueError, IndexError, KeyError):
        t60 = _get_safe_default(o_g)
    try:
        t61 = totuple(t60)
    except (TypeError, AttributeError, ValueError, IndexError, KeyError):
        t61 = _get_safe_default(totuple)
    try:
        t62 = merge_f(t60)
    except (TypeError, AttributeError, ValueError, IndexError, KeyError):
        t62 = _get_safe_default(merge_f)
    try:
        t63 = apply(totuple, t60)
    except (TypeError, AttributeError, ValueError, IndexError, KeyError):
        t63 = _get_safe_default(apply)
    try:
        t64 = o_g(t43, R5)
    except (TypeError, AttributeError, ValueError, IndexError, KeyError):
        t64 = _get_safe_default(o_g)
    try:
        t65 = totuple(t64)
    except (TypeError, AttributeError, ValueError, IndexError, KeyError):
        t65 = _get_safe_default(totuple)
    try:
        t66 = merge_f(t64)
    except (TypeError, AttributeError, ValueError, IndexError, KeyError):
        t66 = _get_safe_default(merge_f)
    try:
        t67 = apply(totuple, t64)
    except (TypeError, AttributeError, ValueError, IndexError, KeyError):
        t67 = _get_safe_default(apply)
    try:
        t68 = o_g(t43, R6)
    except (TypeError, AttributeError, ValueError, IndexError, KeyError):
        t68 = _get_safe_default(o_g)
    try:
        t69 = totuple(t68)
    except (TypeError, AttributeError, ValueError, IndexError, KeyError):
        t69 = _get_safe_default(totuple)
    try:
        t70 = merge_f(t68)
    except (TypeError, AttributeError, ValueError, IndexError, KeyError):
        t70 = _get_safe_default(merge_f)
    try:
        t71 = apply(totuple, t68)
    except (TypeError, AttributeError, ValueError, IndexError, KeyError):
        t71 = _get_safe_default(apply)
    try:
        t72 = o_g(t43, R7)
    except (TypeError, AttributeError, ValueError, IndexError, KeyError):
        t72 = _get_safe_default(o_g)
    try:
        t73 = totuple(t72)
    except (TypeError, AttributeError, ValueError, IndexError, KeyError):
        t73 = _get_safe_default(totuple)
    try:
        t74 = merge_f(t72)
    except (TypeError, AttributeError, ValueError, IndexError, KeyError):
        t74 = _get_safe_default(merge_f)
    try:
        t75 = apply(totuple, t72)
    except (TypeError, AttributeError, ValueError, IndexError, KeyError):
        t75 = _get_safe_default(apply)
    try:
        t76 = objects_t(t43, T, T, F)
    except (TypeError, AttributeError, ValueError, IndexError, KeyError):
        t76 = _get_safe_default(objects_t)
    o.append((1, False, 'odd', t76))
    return o, s
