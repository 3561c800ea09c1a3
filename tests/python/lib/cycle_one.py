"""Imports cycle_two, which imports this one."""
from cycle_two import two

BASE = 100


def one(n):
    return BASE if n == 0 else two(n - 1)
