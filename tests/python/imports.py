"""Imports: stars, names, aliases, cycles."""
import math as m
from grids import rot90 as turn, GRID
from cycle_one import *


def test_alias():
    return turn(GRID), m.inf


def test_cycle():
    return one(3), two(3)
