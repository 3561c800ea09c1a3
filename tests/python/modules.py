"""Module level: constants, guarded imports, aliases, conditions, names used before they are bound."""
import math
from typing import Callable, Tuple

try:
    import cupy as cp
    GPU_AVAILABLE = True
except ImportError:
    GPU_AVAILABLE = False

Grid = Tuple[Tuple[int]]
DIRECTIONS = tuple((i, j) for i in (-1, 0, 1) for j in (-1, 0, 1) if (i, j) != (0, 0))
TABLE = {name: number for number, name in enumerate(('up', 'down', 'left'))}
A = B = 7
A += 1
if A > 7:
    CHOSEN = 'yes'
else:
    CHOSEN = 'no'
for K in range(3):
    TABLE[K] = K * K


def late():
    return BOUND_LATER + 1


BOUND_LATER = 41


def twice(f: Callable) -> 'Callable':
    return lambda x: f(f(x))


quadruple = twice(lambda x: x * 2)
alias = late


def test_constants():
    return DIRECTIONS, TABLE, A, B, CHOSEN, GPU_AVAILABLE


def test_late():
    return late(), alias(), alias is late


def test_closure_of_module_level():
    return quadruple(5)


def test_same_object():
    return DIRECTIONS is DIRECTIONS, math.inf


def test_name_of_skipped():
    return cp.asarray
