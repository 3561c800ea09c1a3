"""One function per task, the task's id in its name."""

from dsl import *
from constants import *


def solve_0a11ce01(I):
    x1 = asobject(I)
    x2 = vmirror_f(x1)
    x3 = shift(x2, toivec(height_t(I)))
    x4 = canvas(BLACK, astuple(double(height_t(I)), width_t(I)))
    x5 = paint(x4, x1)
    O = paint(x5, x3)
    return O


def solve_0b0b0b02(I):
    x1 = o_g(I, R5)
    x2 = apply(color, x1)
    x3 = order(x2, identity)
    O = apply(lambda c: repeat(c, size(x3)), x3)
    return O


def solve_0ca57e03(I):
    x1 = f_ofcolor(I, BLACK)
    x2 = sfilter(x1, lambda ij: ij[0] == ij[1])
    x3 = fill(I, RED, x2)
    O = x3 if positive(size(x2)) else I
    return O
