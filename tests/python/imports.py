"""Imports: stars, names, aliases, cycles."""
import math as m
from grids import rot90 as turn, GRID
from cycle_one import *


def test_alias():
    return turn(GRID), m.inf


def test_cycle():
    return one(3), two(3)


def test_import_in_function():
    from lazy_one import twice, LAZY
    return twice(4), LAZY


def test_import_cycle_in_function():
    from lazy_two import through
    return through(5)


def test_import_missing_name():
    from lazy_one import nothing_there
    return nothing_there


def test_import_missing_module():
    import there_is_no_such_module
    return there_is_no_such_module


def test_import_missing_caught():
    try:
        import cupy as array
    except ImportError:
        array = 'none'
    try:
        from lazy_one import nothing_there
    except ModuleNotFoundError:
        nothing_there = 'module'
    except ImportError:
        nothing_there = 'name'
    return array, nothing_there


def helper(n):
    from lazy_two import later
    return later + n


def test_import_default_of_callee():
    return [helper(n) for n in range(3)]
