"""Type names that the DSL and its programs use in their annotations."""

from typing import Any, Callable, Container, FrozenSet, Iterable, List, Tuple, Union

# Integers by role: list positions, colours, selectors, coordinates.
L_ = int
FL = int
R_ = int
C_ = int
A_ = int
I_ = int
J_ = int

# A function from samples to a colour or a position.
F_ = Callable

Boolean = bool
Integer = int
IJ = Tuple[int, int]
Numerical = Union[int, IJ]
IntegerSet = FrozenSet[int]

Grid = Tuple[Tuple[int]]
Samples = Tuple[Grid, Grid]

Cell = Tuple[int, int, int]
Object = FrozenSet[Cell]
Objects = FrozenSet[Object]
Indices = FrozenSet[IJ]
IndicesSet = FrozenSet[Indices]
Patch = Union[Object, Indices]

TupleTuple = Tuple[Tuple]
TTT_iii = Tuple[Tuple[Tuple[int, int, int], ...], ...]
ContainerContainer = Container[Container]
