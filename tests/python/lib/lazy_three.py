"""Imported as a module only."""
from lazy_one import LAZY

COUNT = 7
_HIDDEN = (1, 2)
called = 0
pairs = {'a': 1}


def add(a, b=COUNT):
    return a + b


def count():
    global called
    called += 1
    return called


def later(n):
    return after(n)


def after(n):
    return n * 10
