"""Objects of grids beyond 30 x 30, one at a time and all, in the order of their cells."""

from dsl import *
from constants import *
from safe_dsl import _get_safe_default

def batt(task_id, S, I, C, log_path):
    s = []
    o = []
    try:
        t1 = o_g(I, R0)
    except (TypeError, AttributeError, ValueError, IndexError, KeyError):
        t1 = _get_safe_default(o_g)
    try:
        t2 = get_nth_f(t1, F0)
    except (TypeError, AttributeError, ValueError, IndexError, KeyError):
        t2 = _get_safe_default(get_nth_f)
    try:
        t3 = get_nth_f(t2, F0)
    except (TypeError, AttributeError, ValueError, IndexError, KeyError):
        t3 = _get_safe_default(get_nth_f)
    try:
        t4 = get_nth_f(t1, L1)
    except (TypeError, AttributeError, ValueError, IndexError, KeyError):
        t4 = _get_safe_default(get_nth_f)
    try:
        t5 = totuple(t4)
    except (TypeError, AttributeError, ValueError, IndexError, KeyError):
        t5 = _get_safe_default(totuple)
    try:
        t6 = get_arg_rank_f(t1, size, F0)
    except (TypeError, AttributeError, ValueError, IndexError, KeyError):
        t6 = _get_safe_default(get_arg_rank_f)
    try:
        t7 = totuple(t6)
    except (TypeError, AttributeError, ValueError, IndexError, KeyError):
        t7 = _get_safe_default(totuple)
    try:
        t8 = merge_f(t1)
    except (TypeError, AttributeError, ValueError, IndexError, KeyError):
        t8 = _get_safe_default(merge_f)
    try:
        t9 = apply(totuple, t1)
    except (TypeError, AttributeError, ValueError, IndexError, KeyError):
        t9 = _get_safe_default(apply)
    try:
        t10 = o_g(I, R1)
    except (TypeError, AttributeError, ValueError, IndexError, KeyError):
        t10 = _get_safe_default(o_g)
    try:
        t11 = get_nth_f(t10, F0)
    except (TypeError, AttributeError, ValueError, IndexError, KeyError):
        t11 = _get_safe_default(get_nth_f)
    try:
        t12 = get_nth_f(t11, F0)
    except (TypeError, AttributeError, ValueError, IndexError, KeyError):
        t12 = _get_safe_default(get_nth_f)
    try:
        t13 = get_nth_f(t10, L1)
    except (TypeError, AttributeError, ValueError, IndexError, KeyError):
        t13 = _get_safe_default(get_nth_f)
    try:
        t14 = totuple(t13)
    except (TypeError, AttributeError, ValueError, IndexError, KeyError):
        t14 = _get_safe_default(totuple)
    try:
        t15 = get_arg_rank_f(t10, size, F0)
    except (TypeError, AttributeError, ValueError, IndexError, KeyError):
        t15 = _get_safe_default(get_arg_rank_f)
    try:
        t16 = totuple(t15)
    except (TypeError, AttributeError, ValueError, IndexError, KeyError):
        t16 = _get_safe_default(totuple)
    try:
        t17 = merge_f(t10)
    except (TypeError, AttributeError, ValueError, IndexError, KeyError):
        t17 = _get_safe_default(merge_f)
    try:
        t18 = apply(totuple, t10)
    except (TypeError, AttributeError, ValueError, IndexError, KeyError):
        t18 = _get_safe_default(apply)
    try:
        t19 = o_g(I, R2)
    except (TypeError, AttributeError, ValueError, IndexError, KeyError):
        t19 = _get_safe_default(o_g)
    try:
        t20 = get_nth_f(t19, F0)
    except (TypeError, AttributeError, ValueError, IndexError, KeyError):
        t20 = _get_safe_default(get_nth_f)
    try:
        t21 = get_nth_f(t20, F0)
    except (TypeError, AttributeError, ValueError, IndexError, KeyError):
        t21 = _get_safe_default(get_nth_f)
    try:
        t22 = get_nth_f(t19, L1)
    except (TypeError, AttributeError, ValueError, IndexError, KeyError):
        t22 = _get_safe_default(get_nth_f)
    try:
        t23 = totuple(t22)
    except (TypeError, AttributeError, ValueError, IndexError, KeyError):
        t23 = _get_safe_default(totuple)
    try:
        t24 = get_arg_rank_f(t19, size, F0)
    except (TypeError, AttributeError, ValueError, IndexError, KeyError):
        t24 = _get_safe_default(get_arg_rank_f)
    try:
        t25 = totuple(t24)
    except (TypeError, AttributeError, ValueError, IndexError, KeyError):
        t25 = _get_safe_default(totuple)
    try:
        t26 = merge_f(t19)
    except (TypeError, AttributeError, ValueError, IndexError, KeyError):
        t26 = _get_safe_default(merge_f)
    try:
        t27 = apply(totuple, t19)
    except (TypeError, AttributeError, ValueError, IndexError, KeyError):
        t27 = _get_safe_default(apply)
    try:
        t28 = o_g(I, R3)
    except (TypeError, AttributeError, ValueError, IndexError, KeyError):
        t28 = _get_safe_default(o_g)
    try:
        t29 = get_nth_f(t28, F0)
    except (TypeError, AttributeError, ValueError, IndexError, KeyError):
        t29 = _get_safe_default(get_nth_f)
    try:
        t30 = get_nth_f(t29, F0)
    except (TypeError, AttributeError, ValueError, IndexError, KeyError):
        t30 = _get_safe_default(get_nth_f)
    try:
        t31 = get_nth_f(t28, L1)
    except (TypeError, AttributeError, ValueError, IndexError, KeyError):
        t31 = _get_safe_default(get_nth_f)
    try:
        t32 = totuple(t31)
    except (TypeError, AttributeError, ValueError, IndexError, KeyError):
        t32 = _get_safe_default(totuple)
    try:
        t33 = get_arg_rank_f(t28, size, F0)
    except (TypeError, AttributeError, ValueError, IndexError, KeyError):
        t33 = _get_safe_default(get_arg_rank_f)
    try:
        t34 = totuple(t33)
    except (TypeError, AttributeError, ValueError, IndexError, KeyError):
        t34 = _get_safe_default(totuple)
    try:
        t35 = merge_f(t28)
    except (TypeError, AttributeError, ValueError, IndexError, KeyError):
        t35 = _get_safe_default(merge_f)
    try:
        t36 = apply(totuple, t28)
    except (TypeError, AttributeError, ValueError, IndexError, KeyError):
        t36 = _get_safe_default(apply)
    try:
        t37 = o_g(I, R4)
    except (TypeError, AttributeError, ValueError, IndexError, KeyError):
        t37 = _get_safe_default(o_g)
    try:
        t38 = get_nth_f(t37, F0)
    except (TypeError, AttributeError, ValueError, IndexError, KeyError):
        t38 = _get_safe_default(get_nth_f)
    try:
        t39 = get_nth_f(t38, F0)
    except (TypeError, AttributeError, ValueError, IndexError, KeyError):
        t39 = _get_safe_default(get_nth_f)
    try:
        t40 = get_nth_f(t37, L1)
    except (TypeError, AttributeError, ValueError, IndexError, KeyError):
        t40 = _get_safe_default(get_nth_f)
    try:
        t41 = totuple(t40)
    except (TypeError, AttributeError, ValueError, IndexError, KeyError):
        t41 = _get_safe_default(totuple)
    try:
        t42 = get_arg_rank_f(t37, size, F0)
    except (TypeError, AttributeError, ValueError, IndexError, KeyError):
        t42 = _get_safe_default(get_arg_rank_f)
    try:
        t43 = totuple(t42)
    except (TypeError, AttributeError, ValueError, IndexError, KeyError):
        t43 = _get_safe_default(totuple)
    try:
        t44 = merge_f(t37)
    except (TypeError, AttributeError, ValueError, IndexError, KeyError):
        t44 = _get_safe_default(merge_f)
    try:
        t45 = apply(totuple, t37)
    except (TypeError, AttributeError, ValueError, IndexError, KeyError):
        t45 = _get_safe_default(apply)
    try:
        t46 = o_g(I, R5)
    except (TypeError, AttributeError, ValueError, IndexError, KeyError):
        t46 = _get_safe_default(o_g)
    try:
        t47 = get_nth_f(t46, F0)
    except (TypeError, AttributeError, ValueError, IndexError, KeyError):
        t47 = _get_safe_default(get_nth_f)
    try:
        t48 = get_nth_f(t47, F0)
    except (TypeError, AttributeError, ValueError, IndexError, KeyError):
        t48 = _get_safe_default(get_nth_f)
    try:
        t49 = get_nth_f(t46, L1)
    except (TypeError, AttributeError, ValueError, IndexError, KeyError):
        t49 = _get_safe_default(get_nth_f)
    try:
        t50 = totuple(t49)
    except (TypeError, AttributeError, ValueError, IndexError, KeyError):
        t50 = _get_safe_default(totuple)
    try:
        t51 = get_arg_rank_f(t46, size, F0)
    except (TypeError, AttributeError, ValueError, IndexError, KeyError):
        t51 = _get_safe_default(get_arg_rank_f)
    try:
        t52 = totuple(t51)
    except (TypeError, AttributeError, ValueError, IndexError, KeyError):
        t52 = _get_safe_default(totuple)
    try:
        t53 = merge_f(t46)
    except (TypeError, AttributeError, ValueError, IndexError, KeyError):
        t53 = _get_safe_default(merge_f)
    try:
        t54 = apply(totuple, t46)
    except (TypeError, AttributeError, ValueError, IndexError, KeyError):
        t54 = _get_safe_default(apply)
    try:
        t55 = o_g(I, R6)
    except (TypeError, AttributeError, ValueError, IndexError, KeyError):
        t55 = _get_safe_default(o_g)
    try:
        t56 = get_nth_f(t55, F0)
    except (TypeError, AttributeError, ValueError, IndexError, KeyError):
        t56 = _get_safe_default(get_nth_f)
    try:
        t57 = get_nth_f(t56, F0)
    except (TypeError, AttributeError, ValueError, IndexError, KeyError):
        t57 = _get_safe_default(get_nth_f)
    try:
        t58 = get_nth_f(t55, L1)
    except (TypeError, AttributeError, ValueError, IndexError, KeyError):
        t58 = _get_safe_default(get_nth_f)
    try:
        t59 = totuple(t58)
    except (TypeError, AttributeError, ValueError, IndexError, KeyError):
        t59 = _get_safe_default(totuple)
    try:
        t60 = get_arg_rank_f(t55, size, F0)
    except (TypeError, AttributeError, ValueError, IndexError, KeyError):
        t60 = _get_safe_default(get_arg_rank_f)
    try:
        t61 = totuple(t60)
    except (TypeError, AttributeError, ValueError, IndexError, KeyError):
        t61 = _get_safe_default(totuple)
    try:
        t62 = merge_f(t55)
    except (TypeError, AttributeError, ValueError, IndexError, KeyError):
        t62 = _get_safe_default(merge_f)
    try:
        t63 = apply(totuple, t55)
    except (TypeError, AttributeError, ValueError, IndexError, KeyError):
        t63 = _get_safe_default(apply)
    try:
        t64 = o_g(I, R7)
    except (TypeError, AttributeError, ValueError, IndexError, KeyError):
        t64 = _get_safe_default(o_g)
    try:
        t65 = get_nth_f(t64, F0)
    except (TypeError, AttributeError, ValueError, IndexError, KeyError):
        t65 = _get_safe_default(get_nth_f)
    try:
        t66 = get_nth_f(t65, F0)
    except (TypeError, AttributeError, ValueError, IndexError, KeyError):
        t66 = _get_safe_default(get_nth_f)
    try:
        t67 = get_nth_f(t64, L1)
    except (TypeError, AttributeError, ValueError, IndexError, KeyError):
        t67 = _get_safe_default(get_nth_f)
    try:
        t68 = totuple(t67)
    except (TypeError, AttributeError, ValueError, IndexError, KeyError):
        t68 = _get_safe_default(totuple)
    try:
        t69 = get_arg_rank_f(t64, size, F0)
    except (TypeError, AttributeError, ValueError, IndexError, KeyError):
        t69 = _get_safe_default(get_arg_rank_f)
    try:
        t70 = totuple(t69)
    except (TypeError, AttributeError, ValueError, IndexError, KeyError):
        t70 = _get_safe_default(totuple)
    try:
        t71 = merge_f(t64)
    except (TypeError, AttributeError, ValueError, IndexError, KeyError):
        t71 = _get_safe_default(merge_f)
    try:
        t72 = apply(totuple, t64)
    except (TypeError, AttributeError, ValueError, IndexError, KeyError):
        t72 = _get_safe_default(apply)
    try:
        t73 = o_g(C, R5)
    except (TypeError, AttributeError, ValueError, IndexError, KeyError):
        t73 = _get_safe_default(o_g)
    try:
        t74 = apply(center, t73)
    except (TypeError, AttributeError, ValueError, IndexError, KeyError):
        t74 = _get_safe_default(apply)
    o.append((1, True, 'x', t2))
    return o, s
