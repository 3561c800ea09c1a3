from dsl import *


def solve(I):
    return I
