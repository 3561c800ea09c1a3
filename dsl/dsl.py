"""A language of grid transformations.

A grid is a tuple of rows, a cell `(i, j, color)`, an object a frozenset of cells, indices a
frozenset of `(i, j)`, and a patch either of the two. Suffixes tell the container: `_t` tuple
or grid, `_f` frozenset or patch, `_i` indices, `_o` object. Every public function is guarded
when the module has loaded: a failing call gives the default of its return type, and many
functions count on that, their own and that of the functions they call.
"""

import math
from collections import Counter

from arc_types import *


# Private helpers: these are not guarded, so their exceptions reach the calling function.

def _pick(items, rank, fallback):
    """Element `rank` of a sequence, `fallback` out of range."""
    return items[rank] if -len(items) <= rank < len(items) else fallback


def _ranked(container, compfunc, rank, fallback):
    """Element `rank` in descending order of `compfunc`."""
    return _pick(sorted(container, key=compfunc, reverse=True), rank, fallback)


def _value_ranked(container, compfunc, rank):
    """Value of `compfunc` at element `rank` in ascending order."""
    return compfunc(_pick(sorted(container, key=compfunc), rank, 0))


def _common_ranked(container, rank, fallback):
    """Distinct element `rank` in ascending order of occurrences."""
    return _pick(sorted(set(container), key=container.count), rank, fallback)


def _max_value(container, compfunc):
    """Greatest value of `compfunc`, that of 0 for an empty container."""
    return compfunc(max(container, key=compfunc, default=0))


def _min_value(container, compfunc):
    """Smallest value of `compfunc`, that of 0 for an empty container."""
    return compfunc(min(container, key=compfunc, default=0))


def _distinct_by_count(values):
    """Distinct elements of a list in ascending order of occurrences."""
    distinct = set(values)
    if len(distinct) == len(values):
        return list(distinct)
    return sorted(distinct, key=values.count)


def _most_counted(values, fallback):
    """Commonest element of a list."""
    distinct = set(values)
    if len(distinct) == len(values):
        return next(iter(distinct), fallback)
    return max(distinct, key=values.count)


def _least_counted(values, fallback):
    """Rarest element of a list."""
    distinct = set(values)
    if len(distinct) == len(values):
        return next(iter(distinct), fallback)
    return min(distinct, key=values.count)


def _by_frequency(values):
    """Distinct values, commonest first, ties in order of appearance."""
    return [value for value, count in Counter(values).most_common()]


def _grid_values(grid):
    """Colours of all the cells of a grid, row by row."""
    return [value for row in grid for value in row]


def _object_values(obj):
    """Colours of all the cells of an object."""
    return [c for i, j, c in obj]


def _broadcast(a, b):
    """Components of two operands, flat; an int stands for a pair of itself."""
    left = (a, a) if isinstance(a, int) and isinstance(b, tuple) else (a[0], a[1])
    right = (b[0], b[1]) if isinstance(b, tuple) else (b, b)
    return (left[0], left[1], right[0], right[1])


def _sign(n):
    """-1, 0 or 1."""
    return 0 if n == 0 else 1 if n > 0 else -1


def _merged(containers):
    """Elements of the inner containers in the type of the outer one."""
    return type(containers)(item for inner in containers for item in inner)


def _arity(function):
    """Number of positional parameters, defaults included."""
    if hasattr(function, '_original_argcount'):
        return function._original_argcount
    return function.__code__.co_argcount


def _is_object(patch):
    """Whether the first element of a non-empty patch is a cell."""
    return len(next(iter(patch))) == 3


def _outline(i0, j0, i1, j1):
    """Sides of the rectangle between two corners."""
    left = {(i, j0) for i in range(i0, i1 + 1)}
    right = {(i, j1) for i in range(i0, i1 + 1)}
    top = {(i0, j) for j in range(j0, j1 + 1)}
    bottom = {(i1, j) for j in range(j0, j1 + 1)}
    return frozenset((left | right) | (top | bottom))


def _is_uniform(line):
    """Whether a row or column has exactly one colour."""
    return len(set(line)) == 1


def _written(grid, cells, only):
    """Grid with the cells inside it written, just over colour `only` unless that is None."""
    height, width = len(grid), len(grid[0])
    rows = [list(row) for row in grid]
    for i, j, c in cells:
        if 0 <= i < height and 0 <= j < width and (only is None or rows[i][j] == only):
            rows[i][j] = c
    return tuple(tuple(row) for row in rows)


def _components(grid, univalued, diagonal, without_bg):
    """Connected components as lists of cells: in seed order, each in breadth-first waves."""
    background = mostcolor_t(grid) if without_bg else None
    around = neighbors if diagonal else dneighbors
    height, width = len(grid), len(grid[0])
    used = set()
    components = []
    for seed in asindices(grid):
        color = grid[seed[0]][seed[1]]
        if seed in used or color == background:
            continue
        cells = []
        wave = {seed}
        while len(wave) > 0:
            reached = set()
            for loc in wave:
                value = grid[loc[0]][loc[1]]
                if (value == color) if univalued else (value != background):
                    cells.append((loc[0], loc[1], value))
                    used.add(loc)
                    reached |= {(i, j) for i, j in around(loc)
                                if 0 <= i < height and 0 <= j < width}
            wave = reached - used
        components.append(cells)
    return components


def _color_partition(grid, colors):
    """One object for each of the colours."""
    return frozenset(
        frozenset((i, j, value) for i, row in enumerate(grid)
                  for j, value in enumerate(row) if value == color)
        for color in colors)


def _side_values(S, side, function):
    """Distinct values that `function` lists over one side of the samples."""
    return dedupe(mapply_t(function, tuple(sample[side] for sample in S)))


# Selection and ranking

def identity(x: 'Any') -> 'Any':
    """The argument itself."""
    return x


def first(container: 'Container') -> 'Any':
    """First element, None if there is none."""
    return next(iter(container), None)


def first_t(container: 'Tuple') -> 'Any':
    """First element of a tuple."""
    return container[0] if container else ()


def first_f(container: 'FrozenSet') -> 'Any':
    """First element of a frozenset."""
    return next(iter(container), frozenset())


def second(container: 'Container') -> 'Any':
    """Second element, None if there is just one."""
    elements = iter(container)
    next(elements)
    return next(elements, None)


def last(container: 'Container') -> 'Any':
    """Last element in iteration order."""
    return tuple(container)[-1] if container else ()


def last_t(container: 'Tuple') -> 'Any':
    """Last element of a tuple."""
    return container[-1] if container else ()


def last_f(container: 'FrozenSet') -> 'Any':
    """Last element of a frozenset in iteration order."""
    return tuple(container)[-1] if container else frozenset()


def other(container: 'Container', value: 'Any') -> 'Any':
    """First element different from `value`, None if there is none."""
    return first(remove(value, container))


def other_t(container: 'Tuple', value: 'Any') -> 'Any':
    """First element of a tuple different from `value`."""
    return first_t(remove_t(value, container))


def other_f(container: 'FrozenSet', value: 'Any') -> 'Any':
    """First element of a frozenset different from `value`."""
    return first_f(remove_f(value, container))


def extract(container: 'Container', condition: 'Callable') -> 'Any':
    """First element that satisfies `condition`."""
    for item in container:
        if condition(item):
            return item
    return frozenset()


def get_nth_t(container: 'Tuple', rank: 'FL') -> 'Any':
    """Element `rank` of a tuple, nan out of range."""
    if type(container) is not tuple:
        return math.nan
    return _pick(container, rank, math.nan)


def get_nth_f(container: 'FrozenSet', rank: 'FL') -> 'Any':
    """Element `rank` in iteration order."""
    return _pick(tuple(container), rank, frozenset())


def get_nth_by_key_t(container: 'Tuple', rank: 'FL', key=identity) -> 'Any':
    """Element `rank` in ascending order of `key`, None if there are no elements."""
    elements = sorted(container, key=key)
    return elements[rank] if elements else None


def get_nth_by_key_f(container: 'FrozenSet', rank: 'F_', key=identity) -> 'Any':
    """Element `rank` in ascending order of `key`, None past the end."""
    elements = sorted(container, key=key)
    place = max(rank, 0)
    return elements[place] if place < len(elements) else None


def get_rank(container: 'IntegerSet', rank: 'FL') -> 'Integer':
    """Value `rank` in descending order."""
    return _pick(sorted(container, reverse=True), rank, 0)


def get_arg_rank(container: 'Container', compfunc: 'Callable', rank: 'FL') -> 'Any':
    """Element `rank` in descending order of `compfunc`."""
    return _ranked(container, compfunc, rank, type(container)())


def get_arg_rank_t(container: 'Tuple', compfunc: 'Callable', rank: 'FL') -> 'Any':
    """Element `rank` of a tuple in descending order of `compfunc`."""
    return _ranked(container, compfunc, rank, ())


def get_arg_rank_f(container: 'FrozenSet', compfunc: 'Callable', rank: 'FL') -> 'Any':
    """Element `rank` of a frozenset in descending order of `compfunc`."""
    return _ranked(container, compfunc, rank, frozenset())


def get_val_rank(container: 'Container', compfunc: 'Callable', rank: 'FL') -> 'Any':
    """Value `rank` of `compfunc` in ascending order."""
    return _value_ranked(container, compfunc, rank)


def get_val_rank_t(container: 'Tuple', compfunc: 'Callable', rank: 'FL') -> 'Any':
    """Value `rank` of `compfunc` over a tuple in ascending order."""
    return _value_ranked(container, compfunc, rank)


def get_val_rank_f(container: 'FrozenSet', compfunc: 'Callable', rank: 'FL') -> 'Any':
    """Value `rank` of `compfunc` over a frozenset in ascending order."""
    return _value_ranked(container, compfunc, rank)


def get_common_rank(container: 'Container', rank: 'FL') -> 'Any':
    """Element `rank` of a tuple by ascending number of occurrences."""
    return _common_ranked(container, rank, ())


def get_common_rank_t(container: 'Tuple', rank: 'FL') -> 'Any':
    """Element `rank` of a tuple by ascending number of occurrences."""
    return _common_ranked(container, rank, ())


def get_common_rank_f(container: 'FrozenSet', rank: 'FL') -> 'Any':
    """Element `rank` of a frozenset, where all are equally common."""
    return _pick(_distinct_by_count(list(container)), rank, frozenset())


def mostcommon(container: 'Container') -> 'Any':
    """Element of a tuple with the most occurrences."""
    return max(set(container), key=container.count)


def mostcommon_t(container: 'Tuple') -> 'Any':
    """Element of a tuple with the most occurrences."""
    return max(set(container), key=container.count)


def mostcommon_f(container: 'FrozenSet') -> 'Any':
    """An element of a frozenset, where all are equally common."""
    return _most_counted(list(container), ())


def leastcommon(container: 'Container') -> 'Any':
    """Element of a tuple with the fewest occurrences."""
    return min(set(container), key=container.count)


def leastcommon_t(container: 'Tuple') -> 'Any':
    """Element of a tuple with the fewest occurrences."""
    return min(set(container), key=container.count)


def leastcommon_f(container: 'FrozenSet') -> 'Any':
    """An element of a frozenset, where all are equally common."""
    return _least_counted(list(container), ())


def maximum(container: 'IntegerSet') -> 'Integer':
    """Largest value."""
    return max(container, default=0)


def minimum(container: 'IntegerSet') -> 'Integer':
    """Smallest value."""
    return min(container, default=0)


def valmax(container: 'Container', compfunc: 'Callable') -> 'Integer':
    """Greatest value of `compfunc`."""
    return _max_value(container, compfunc)


def valmax_t(container: 'Tuple', compfunc: 'Callable') -> 'Integer':
    """Greatest value of `compfunc` over a tuple."""
    return _max_value(container, compfunc)


def valmax_f(container: 'FrozenSet', compfunc: 'Callable') -> 'Integer':
    """Greatest value of `compfunc` over a frozenset."""
    return _max_value(container, compfunc)


def valmin(container: 'Container', compfunc: 'Callable') -> 'Integer':
    """Smallest value of `compfunc`."""
    return _min_value(container, compfunc)


def valmin_t(container: 'Tuple', compfunc: 'Callable') -> 'Integer':
    """Smallest value of `compfunc` over a tuple."""
    return _min_value(container, compfunc)


def valmin_f(container: 'FrozenSet', compfunc: 'Callable') -> 'Integer':
    """Smallest value of `compfunc` over a frozenset."""
    return _min_value(container, compfunc)


def argmax(container: 'Container', compfunc: 'Callable') -> 'Any':
    """Element with the greatest value of `compfunc`."""
    return max(container, key=compfunc)


def argmax_t(container: 'Tuple', compfunc: 'Callable') -> 'Any':
    """Element of a tuple with the greatest value of `compfunc`."""
    return max(container, key=compfunc)


def argmax_f(container: 'FrozenSet', compfunc: 'Callable') -> 'Any':
    """Element of a frozenset with the greatest value of `compfunc`."""
    return max(container, key=compfunc)


def argmin(container: 'Container', compfunc: 'Callable') -> 'Any':
    """Element with the smallest value of `compfunc`."""
    return min(container, key=compfunc)


def argmin_t(container: 'Tuple', compfunc: 'Callable') -> 'Any':
    """Element of a tuple with the smallest value of `compfunc`."""
    return min(container, key=compfunc)


def argmin_f(container: 'FrozenSet', compfunc: 'Callable') -> 'Any':
    """Element of a frozenset with the smallest value of `compfunc`."""
    return min(container, key=compfunc)


def order(container: 'Container', compfunc: 'Callable') -> 'Tuple':
    """Elements in ascending order of `compfunc`."""
    return tuple(sorted(container, key=compfunc))


def get_color_rank_t(grid: 'Grid', rank: 'FL') -> 'C_':
    """Colour `rank` of a grid, commonest first."""
    return _pick(_by_frequency(_grid_values(grid)), rank, ())


def get_color_rank_f(obj: 'Object', rank: 'FL') -> 'C_':
    """Colour `rank` of an object, commonest first."""
    return _pick(_by_frequency(_object_values(obj)), rank, frozenset())


def mostcolor_t(grid: 'Grid') -> 'Integer':
    """Commonest colour of a grid."""
    return _most_counted(_grid_values(grid), math.nan)


def mostcolor_f(obj: 'Object') -> 'Integer':
    """Commonest colour of an object."""
    return _most_counted(_object_values(obj), math.nan)


def leastcolor_t(grid: 'Grid') -> 'Integer':
    """Rarest colour of a grid."""
    return _least_counted(_grid_values(grid), math.nan)


def leastcolor_f(obj: 'Object') -> 'Integer':
    """Rarest colour of an object."""
    return _least_counted(_object_values(obj), math.nan)


def color(obj: 'Object') -> 'Integer':
    """Colour of the first cell of an object."""
    cell = next(iter(obj), None)
    return cell[2] if isinstance(cell, tuple) else -math.inf


# Arithmetic

def add(a: 'Numerical', b: 'Numerical') -> 'Numerical':
    """Sum."""
    a = 0 if a == () else a
    b = 0 if b == () else b
    if isinstance(a, int) and isinstance(b, int):
        return a + b
    a0, a1, b0, b1 = _broadcast(a, b)
    return (a0 + b0, a1 + b1)


def subtract(a: 'Numerical', b: 'Numerical') -> 'Numerical':
    """Difference."""
    a = 0 if a == () else a
    b = 0 if b == () else b
    if isinstance(a, int) and isinstance(b, int):
        return a - b
    a0, a1, b0, b1 = _broadcast(a, b)
    return (a0 - b0, a1 - b1)


def multiply(a: 'Numerical', b: 'Numerical') -> 'Numerical':
    """Product."""
    a = 1 if a == () else a
    b = 1 if b == () else b
    if isinstance(a, int) and isinstance(b, int):
        return a * b
    a0, a1, b0, b1 = _broadcast(a, b)
    return (a0 * b0, a1 * b1)


def divide(a: 'Numerical', b: 'Numerical') -> 'Numerical':
    """Quotient, rounded down."""
    a = 1 if a == () else a
    b = 1 if b == () else b
    if isinstance(a, int) and isinstance(b, int):
        return a // b
    a0, a1, b0, b1 = _broadcast(a, b)
    return (a0 // b0, a1 // b1)


def invert(n: 'Numerical') -> 'Numerical':
    """Negation."""
    return -n if isinstance(n, int) else (-n[0], -n[1])


def double(n: 'Numerical') -> 'Numerical':
    """Twice the number."""
    return n * 2 if isinstance(n, int) else (n[0] * 2, n[1] * 2)


def halve(n: 'Numerical') -> 'Numerical':
    """Half the number, rounded down."""
    return n // 2 if isinstance(n, int) else (n[0] // 2, n[1] // 2)


def increment(x: 'Numerical') -> 'Numerical':
    """One more."""
    return x + 1 if isinstance(x, int) else (x[0] + 1, x[1] + 1)


def decrement(x: 'Numerical') -> 'Numerical':
    """One less."""
    return x - 1 if isinstance(x, int) else (x[0] - 1, x[1] - 1)


def crement(x: 'Numerical') -> 'Numerical':
    """One further away from zero; zero stays."""
    return x + _sign(x) if isinstance(x, int) else (x[0] + _sign(x[0]), x[1] + _sign(x[1]))


def sign(x: 'Numerical') -> 'Numerical':
    """-1, 0 or 1 by sign."""
    return _sign(x) if isinstance(x, int) else (_sign(x[0]), _sign(x[1]))


def even(n: 'Integer') -> 'Boolean':
    """Whether the number is divisible by two."""
    return n % 2 == 0


def positive(x: 'Integer') -> 'Boolean':
    """Whether the number is above zero."""
    return x > 0


def greater(a: 'Integer', b: 'Integer') -> 'Boolean':
    """Whether `a` is above `b`."""
    return a > b


def toivec(i: 'Integer') -> 'IJ':
    """Vertical vector."""
    return (i, 0)


def tojvec(j: 'Integer') -> 'IJ':
    """Horizontal vector."""
    return (0, j)


def interval(start: 'Integer', stop: 'Integer', step: 'Integer') -> 'Tuple':
    """Numbers from `start` up to, not including, `stop`."""
    return tuple(range(start, stop, step))


# Logic

def flip(b: 'Boolean') -> 'Boolean':
    """Negation."""
    return not b


def both(a: 'Boolean', b: 'Boolean') -> 'Boolean':
    """Conjunction."""
    return a and b


def either(a: 'Boolean', b: 'Boolean') -> 'Boolean':
    """Disjunction."""
    return a or b


def equality(a: 'Any', b: 'Any') -> 'Boolean':
    """Whether the two are equal."""
    return a == b


def contained(value: 'Any', container: 'Container') -> 'Boolean':
    """Whether `value` is an element of the container."""
    return value in container


def branch(condition: 'Boolean', a: 'Any', b: 'Any') -> 'Any':
    """`a` if the condition holds, else `b`."""
    return a if condition else b


def c_branch(condition: 'Boolean', a: 'C_', b: 'C_') -> 'Any':
    """Colour `a` if the condition holds, else `b`."""
    return a if condition else b


# Containers and sets

def size(container: 'Container') -> 'Integer':
    """Number of elements."""
    return len(container)


def size_t(container: 'Tuple') -> 'Integer':
    """Number of elements of a tuple."""
    return len(container)


def size_f(container: 'FrozenSet') -> 'Integer':
    """Number of elements of a frozenset."""
    return len(container)


def totuple(container: 'FrozenSet') -> 'Tuple':
    """Elements as a tuple."""
    return tuple(container)


def initset(value: 'Any') -> 'FrozenSet':
    """Frozenset of one element."""
    return frozenset((value,))


def insert(value: 'Any', container: 'FrozenSet') -> 'FrozenSet':
    """Frozenset with one more element."""
    return container.union(frozenset((value,)))


def remove(value: 'Any', container: 'Container') -> 'Container':
    """Container without the elements equal to `value`."""
    return type(container)(item for item in container if item != value)


def remove_t(value: 'Any', container: 'Tuple') -> 'Tuple':
    """Tuple without the elements equal to `value`."""
    return tuple(item for item in container if item != value)


def remove_f(value: 'Any', container: 'FrozenSet') -> 'FrozenSet':
    """Frozenset without `value`."""
    return type(container)(item for item in container if item != value)


def combine(a: 'Container', b: 'Container') -> 'Container':
    """Elements of both, in the type of the first."""
    return type(a)((*a, *b))


def combine_t(a: 'Tuple', b: 'Tuple') -> 'Tuple':
    """Concatenation of two tuples."""
    return a + b


def combine_f(a: 'FrozenSet', b: 'FrozenSet') -> 'FrozenSet':
    """Union."""
    return a | b


def intersection(a: 'FrozenSet', b: 'FrozenSet') -> 'FrozenSet':
    """Common elements."""
    return a & b


def difference(a: 'FrozenSet', b: 'FrozenSet') -> 'FrozenSet':
    """Elements of `a` that are not in `b`."""
    return type(a)(item for item in a if item not in b)


def difference_tuple(a: 'Tuple', b: 'Tuple') -> 'Tuple':
    """Elements of `a` that are not in `b`, in order."""
    return type(a)(item for item in a if item not in b)


difference_t = difference_tuple


def dedupe(tup: 'Tuple') -> 'Tuple':
    """Tuple without repeated elements."""
    return tuple(item for place, item in enumerate(tup) if tup.index(item) == place)


def repeat(item: 'Any', num: 'C_') -> 'Tuple':
    """Tuple of `num` times the item."""
    return tuple(item for _ in range(num))


def merge(containers: 'ContainerContainer') -> 'Container':
    """Elements of the inner containers in the type of the outer one."""
    return _merged(containers)


def merge_t(containers: 'ContainerContainer') -> 'Container':
    """Elements of the inner containers in the type of the outer one."""
    return _merged(containers)


def merge_f(containers: 'ContainerContainer') -> 'Container':
    """Elements of the inner containers in the type of the outer one."""
    return _merged(containers)


def product(a: 'Container', b: 'Container') -> 'FrozenSet':
    """All pairs of an element of `a` and one of `b`."""
    return frozenset((x, y) for y in b for x in a)


def pair(a: 'Tuple', b: 'Tuple') -> 'TupleTuple':
    """Pairs of corresponding elements."""
    return tuple(zip(a, b))


def celltuple(a: 'Tuple', b: 'Tuple') -> 'TupleTuple':
    """Cells of corresponding locations and values."""
    return tuple((i, j, value) for (i, j), value in zip(a, b))


def astuple(a: 'Any', b: 'Any') -> 'Tuple':
    """Pair of the two."""
    return (a, b)


def ascell(ij: 'IJ', c: 'C_') -> 'Tuple':
    """Cell of a location and a colour."""
    return (ij[0], ij[1], c)


def astriple(i: 'I_', j: 'J_', c: 'C_') -> 'Tuple':
    """Cell of a row, a column and a colour."""
    return (i, j, c)


def toij(c: 'Cell') -> 'IJ':
    """Location of a cell."""
    return (c[0], c[1])


def sizefilter(container: 'Container', n: 'Integer') -> 'Object':
    """Elements of length `n` as a frozenset."""
    return frozenset(item for item in container if len(item) == n)


def sizefilter_t(container: 'Tuple', n: 'Integer') -> 'Tuple':
    """Elements of length `n` as a tuple."""
    return tuple(item for item in container if len(item) == n)


def dedupe_pair_tuple(S: 'Samples') -> 'Samples':
    """Pairs of two different members."""
    return tuple((a, b) for a, b in S if a != b)


# Higher-order functions

def compose(outer: 'Callable', inner: 'Callable') -> 'Callable':
    """Function applying `inner`, then `outer`."""
    return lambda x: outer(inner(x))


def chain(h: 'Callable', g: 'Callable', f: 'Callable') -> 'Callable':
    """Function applying `f`, then `g`, then `h`."""
    return lambda x: h(g(f(x)))


def matcher(function: 'Callable', target: 'Any') -> 'Callable':
    """Test whether the function gives `target`."""
    return lambda x: function(x) == target


def fork(outer: 'Callable', a: 'Callable', b: 'Callable') -> 'Callable':
    """Function applying `outer` to the results of `a` and `b`."""
    return lambda x: outer(a(x), b(x))


def power(function: 'Callable', n: 'Integer') -> 'Callable':
    """Function composed with itself, `n` of it; without end (so failing) where `n` is below 1."""
    if n == 1:
        return function
    return compose(function, power(function, n - 1))


def rbind(function: 'Callable', fixed: 'Any') -> 'Callable':
    """Function with its last argument fixed."""
    arity = _arity(function)
    if arity == 2:
        return lambda x: function(x, fixed)
    if arity == 3:
        return lambda x, y: function(x, y, fixed)
    return lambda x, y, z: function(x, y, z, fixed)


def lbind(function: 'Callable', fixed: 'Any') -> 'Callable':
    """Function with its first argument fixed."""
    arity = _arity(function)
    if arity == 2:
        return lambda y: function(fixed, y)
    if arity == 3:
        return lambda y, z: function(fixed, y, z)
    return lambda y, z, w: function(fixed, y, z, w)


def apply(function: 'Callable', container: 'Container') -> 'Container':
    """Function over each element."""
    return type(container)(function(item) for item in container)


def apply_t(function: 'Callable', container: 'Tuple') -> 'Tuple':
    """Function over each element, as a tuple."""
    return tuple(function(item) for item in container)


def apply_f(function: 'Callable', container: 'FrozenSet') -> 'FrozenSet':
    """Function over each element of a frozenset."""
    return type(container)(function(item) for item in container)


def rapply(functions: 'Container', value: 'Any') -> 'Container':
    """Each function over the value."""
    return type(functions)(function(value) for function in functions)


def rapply_t(functions: 'Tuple', value: 'Any') -> 'Tuple':
    """Each function over the value, as a tuple."""
    return tuple(function(value) for function in functions)


def rapply_f(functions: 'FrozenSet', value: 'Any') -> 'FrozenSet':
    """Each function of a frozenset over the value."""
    return type(functions)(function(value) for function in functions)


def sfilter(container: 'Container', condition: 'Callable') -> 'Container':
    """Elements that satisfy the condition."""
    return type(container)(item for item in container if condition(item))


def sfilter_t(container: 'Tuple', condition: 'Callable') -> 'Tuple':
    """Elements that satisfy the condition, as a tuple."""
    return tuple(item for item in container if condition(item))


def sfilter_f(container: 'FrozenSet', condition: 'Callable') -> 'FrozenSet':
    """Elements that satisfy the condition, as a frozenset."""
    return frozenset(item for item in container if condition(item))


def mfilter(container: 'Container', function: 'Callable') -> 'FrozenSet':
    """Elements that satisfy the condition, merged."""
    return merge(sfilter(container, function))


def mfilter_f(container: 'FrozenSet', function: 'Callable') -> 'FrozenSet':
    """Elements that satisfy the condition, merged."""
    return merge(sfilter(container, function))


def mfilter_t(container: 'Tuple', function: 'Callable') -> 'FrozenSet':
    """Elements that satisfy the condition, as a frozenset, not merged."""
    return frozenset(item for item in container if function(item))


def mapply(function: 'Callable', container: 'ContainerContainer') -> 'FrozenSet':
    """Results of the function over each element, merged."""
    return merge(apply(function, container))


def mapply_t(function: 'Callable', container: 'Tuple') -> 'Tuple':
    """Results of the function over each element, merged to a tuple."""
    return merge_t(apply_t(function, container))


def mapply_f(function: 'Callable', container: 'FrozenSet') -> 'FrozenSet':
    """Results of the function over each element of a frozenset, merged."""
    return merge_f(apply_f(function, container))


def papply(function: 'Callable', a: 'Tuple', b: 'Tuple') -> 'Tuple':
    """Function over corresponding elements."""
    return tuple(function(x, y) for x, y in zip(a, b))


def mpapply(function: 'Callable', a: 'Tuple', b: 'Tuple') -> 'Tuple':
    """Results of the function over corresponding elements, merged."""
    return merge(papply(function, a, b))


def prapply(function, a: 'Container', b: 'Container') -> 'FrozenSet':
    """Function over all pairs of an element of `a` and one of `b`."""
    return frozenset(function(x, y) for y in b for x in a)


# Patch geometry

def toindices(patch: 'Patch') -> 'Indices':
    """Locations of a patch."""
    if len(patch) == 0:
        return frozenset()
    if _is_object(patch):
        return frozenset((i, j) for i, j, c in patch)
    return patch


def toindices_i(indices: 'Indices') -> 'Indices':
    """The indices themselves."""
    return indices


def toindices_o(obj: 'Object') -> 'Indices':
    """Locations of an object."""
    return frozenset((i, j) for i, j, c in obj)


def uppermost(patch: 'Patch') -> 'Integer':
    """First row, nan for an empty patch."""
    if not patch:
        return math.nan
    return uppermost_o(patch) if _is_object(patch) else uppermost_i(patch)


def lowermost(patch: 'Patch') -> 'Integer':
    """Last row, nan for an empty patch."""
    if not patch:
        return math.nan
    return lowermost_o(patch) if _is_object(patch) else lowermost_i(patch)


def leftmost(patch: 'Patch') -> 'Integer':
    """First column, nan for an empty patch."""
    if not patch:
        return math.nan
    return leftmost_o(patch) if _is_object(patch) else leftmost_i(patch)


def rightmost(patch: 'Patch') -> 'Integer':
    """Last column, nan for an empty patch."""
    if not patch:
        return math.nan
    return rightmost_o(patch) if _is_object(patch) else rightmost_i(patch)


def uppermost_i(indices: 'Indices') -> 'Integer':
    """First row of indices, nan if empty."""
    return min([i for i, j in indices]) if indices else math.nan


def lowermost_i(indices: 'Indices') -> 'Integer':
    """Last row of indices, nan if empty."""
    return max([i for i, j in indices]) if indices else math.nan


def leftmost_i(indices: 'Indices') -> 'Integer':
    """First column of indices, nan if empty."""
    return min([j for i, j in indices]) if indices else math.nan


def rightmost_i(indices: 'Indices') -> 'Integer':
    """Last column of indices, 0 if empty."""
    return max([j for i, j in indices])


def uppermost_o(obj: 'Object') -> 'Integer':
    """First row of an object, nan if empty."""
    return min([i for i, j, c in obj]) if obj else math.nan


def lowermost_o(obj: 'Object') -> 'Integer':
    """Last row of an object, nan if empty."""
    return max([i for i, j, c in obj]) if obj else math.nan


def leftmost_o(obj: 'Object') -> 'Integer':
    """First column of an object, nan if empty."""
    return min([j for i, j, c in obj]) if obj else math.nan


def rightmost_o(obj: 'Object') -> 'Integer':
    """Last column of an object, 0 if empty."""
    return max([j for i, j, c in obj])


def col_row(patch: 'Patch', type: 'R4') -> 'Integer':
    """Extreme row or column: 0 last row, 1 first row, 2 first column, 3 last column."""
    if type == 0:
        return lowermost(patch)
    if type == 1:
        return uppermost(patch)
    if type == 2:
        return leftmost(patch)
    if type == 3:
        return rightmost(patch)
    return None


def ulcorner(patch: 'Patch') -> 'IJ':
    """Upper left corner of the bounding box."""
    return ulcorner_o(patch) if _is_object(patch) else ulcorner_i(patch)


def urcorner(patch: 'Patch') -> 'IJ':
    """Upper right corner of the bounding box."""
    return urcorner_o(patch) if _is_object(patch) else urcorner_i(patch)


def llcorner(patch: 'Patch') -> 'IJ':
    """Lower left corner of the bounding box."""
    return llcorner_o(patch) if _is_object(patch) else llcorner_i(patch)


def lrcorner(patch: 'Patch') -> 'IJ':
    """Lower right corner of the bounding box."""
    return lrcorner_o(patch) if _is_object(patch) else lrcorner_i(patch)


def ulcorner_i(indices: 'Indices') -> 'IJ':
    """Upper left corner of indices: the minimum of every component."""
    return tuple(min(values) for values in zip(*indices))


def urcorner_i(indices: 'Indices') -> 'IJ':
    """Upper right corner of indices."""
    return tuple((min, max)[axis](values) for axis, values in enumerate(zip(*indices)))


def llcorner_i(indices: 'Indices') -> 'IJ':
    """Lower left corner of indices."""
    return tuple((max, min)[axis](values) for axis, values in enumerate(zip(*indices)))


def lrcorner_i(indices: 'Indices') -> 'IJ':
    """Lower right corner of indices: the maximum of every component."""
    return tuple(max(values) for values in zip(*indices))


def ulcorner_o(obj: 'Object') -> 'IJ':
    """Upper left corner of an object."""
    return (min([i for i, j, c in obj]), min([j for i, j, c in obj]))


def urcorner_o(obj: 'Object') -> 'IJ':
    """Upper right corner of an object."""
    return (min([i for i, j, c in obj]), max([j for i, j, c in obj]))


def llcorner_o(obj: 'Object') -> 'IJ':
    """Lower left corner of an object."""
    return (max([i for i, j, c in obj]), min([j for i, j, c in obj]))


def lrcorner_o(obj: 'Object') -> 'IJ':
    """Lower right corner of an object."""
    return (max([i for i, j, c in obj]), max([j for i, j, c in obj]))


def corner(patch: 'Patch', type: 'R4') -> 'IJ':
    """Corner of the bounding box: 0 upper left, 1 upper right, 2 lower left, 3 lower right."""
    if type == 1:
        return urcorner(patch)
    if type == 2:
        return llcorner(patch)
    if type == 3:
        return lrcorner(patch)
    return ulcorner(patch)


def corners(patch: 'Patch') -> 'Indices':
    """The four corners of the bounding box."""
    return frozenset((ulcorner(patch), urcorner(patch), llcorner(patch), lrcorner(patch)))


def height_f(piece: 'Indices') -> 'Integer':
    """Number of rows of the bounding box."""
    return lowermost(piece) - uppermost(piece) + 1 if len(piece) > 0 else 0


def width_f(piece: 'Indices') -> 'Integer':
    """Number of columns of the bounding box."""
    return rightmost(piece) - leftmost(piece) + 1 if len(piece) > 0 else 0


def height_i(piece: 'Indices') -> 'Integer':
    """Number of rows that indices span."""
    return lowermost_i(piece) - uppermost_i(piece) + 1 if len(piece) > 0 else 0


def width_i(piece: 'Indices') -> 'Integer':
    """Number of columns that indices span."""
    return rightmost_i(piece) - leftmost_i(piece) + 1 if len(piece) > 0 else 0


def height_o(piece: 'Object') -> 'Integer':
    """Number of rows that an object spans."""
    return lowermost_o(piece) - uppermost_o(piece) + 1 if len(piece) > 0 else 0


def width_o(piece: 'Object') -> 'Integer':
    """Number of columns that an object spans."""
    return rightmost_o(piece) - leftmost_o(piece) + 1 if len(piece) > 0 else 0


def shape_f(patch: 'Patch') -> 'IJ':
    """Height and width of the bounding box."""
    return (height_f(patch), width_f(patch))


def portrait_f(patch: 'Patch') -> 'Boolean':
    """Whether the bounding box is taller than wide."""
    return height_f(patch) > width_f(patch)


def square_f(patch: 'Patch') -> 'Boolean':
    """Whether the patch is a filled square."""
    height, width = height_f(patch), width_f(patch)
    return height == width and height * width == len(patch)


def vline_i(patch: 'Indices') -> 'Boolean':
    """Whether indices form a vertical line."""
    return width_i(patch) == 1 and height_i(patch) == len(patch)


def vline_o(patch: 'Object') -> 'Boolean':
    """Whether an object forms a vertical line."""
    return width_o(patch) == 1 and height_o(patch) == len(patch)


def hline_i(patch: 'Indices') -> 'Boolean':
    """Whether indices form a horizontal line."""
    return height_i(patch) == 1 and width_i(patch) == len(patch)


def hline_o(patch: 'Object') -> 'Boolean':
    """Whether an object forms a horizontal line."""
    return height_o(patch) == 1 and width_o(patch) == len(patch)


def center(patch: 'Patch') -> 'IJ':
    """Middle of the bounding box."""
    if len(patch) == 0:
        return ()
    return (uppermost(patch) + height_f(patch) // 2, leftmost(patch) + width_f(patch) // 2)


def centerofmass(patch: 'Patch') -> 'IJ':
    """Mean location, rounded down."""
    return tuple(sum(axis) // len(patch) for axis in zip(*toindices(patch)))


def position(a: 'Patch', b: 'Patch') -> 'IJ':
    """Direction from the centre of `a` to that of `b`."""
    ai, aj = center(a)
    bi, bj = center(b)
    down = 1 if ai < bi else -1
    right = 1 if aj < bj else -1
    if ai == bi:
        return (0, right)
    if aj == bj:
        return (down, 0)
    return (down, right)


def hmatching(a: 'Patch', b: 'Patch') -> 'Boolean':
    """Whether the patches share a row."""
    rows = {i for i, j in toindices(b)}
    return any(i in rows for i, j in toindices(a))


def vmatching(a: 'Patch', b: 'Patch') -> 'Boolean':
    """Whether the patches share a column."""
    columns = {j for i, j in toindices(b)}
    return any(j in columns for i, j in toindices(a))


def manhattan(a: 'Patch', b: 'Patch') -> 'Integer':
    """Smallest distance, in steps along rows and columns, between two cells."""
    others = toindices(b)
    return min((abs(ai - bi) + abs(aj - bj) for ai, aj in toindices(a) for bi, bj in others),
               default=math.inf)


def adjacent(a: 'Patch', b: 'Patch') -> 'Boolean':
    """Whether the patches touch along an edge."""
    return manhattan(a, b) == 1


def bordering(patch: 'Patch', grid: 'Grid') -> 'Boolean':
    """Whether the patch reaches a border of the grid."""
    return (uppermost(patch) == 0 or leftmost(patch) == 0
            or lowermost(patch) == len(grid) - 1 or rightmost(patch) == len(grid[0]) - 1)


def gravitate(source: 'Patch', destination: 'Patch') -> 'IJ':
    """Offset that moves `source` next to `destination`."""
    if len(destination) == 0:
        return source
    si, sj = center(source)
    di, dj = center(destination)
    if vmatching(source, destination):
        step = (1 if si < di else -1, 0)
    else:
        step = (0, 1 if sj < dj else -1)
    taken = 0
    while taken < 42 and not adjacent(source, destination):
        source = shift(source, step)
        taken += 1
    return (step[0] * taken, step[1] * taken)


def shift(patch: 'Patch', directions: 'IJ') -> 'Patch':
    """Patch moved by a vector."""
    if len(patch) == 0:
        return frozenset()
    if directions == ():
        return patch
    di, dj = directions
    if _is_object(patch):
        return frozenset((i + di, j + dj, c) for i, j, c in patch)
    return frozenset((i + di, j + dj) for i, j in patch)


def normalize(indices: 'Indices') -> 'Indices':
    """Patch moved to the origin."""
    if len(indices) == 0:
        return indices
    return shift(indices, (-uppermost(indices), -leftmost(indices)))


def normalize_i(indices: 'Indices') -> 'Indices':
    """Indices moved to the origin."""
    if len(indices) == 0:
        return indices
    return shift(indices, (-uppermost_i(indices), -leftmost_i(indices)))


def normalize_o(obj: 'Object') -> 'Object':
    """Object moved to the origin."""
    if len(obj) == 0:
        return obj
    return shift(obj, (-uppermost_o(obj), -leftmost_o(obj)))


def hmirror_f(patch: 'Patch') -> 'Patch':
    """Patch upside down within its bounding box."""
    return hmirror_o(patch) if _is_object(patch) else hmirror_i(patch)


def hmirror_i(indices: 'Indices') -> 'Indices':
    """Indices upside down within their bounding box."""
    total = ulcorner_i(indices)[0] + lrcorner_i(indices)[0]
    return frozenset((total - i, j) for i, j in indices)


def hmirror_o(obj: 'Object') -> 'Object':
    """Object upside down within its bounding box."""
    total = ulcorner_o(obj)[0] + lrcorner_o(obj)[0]
    return frozenset((total - i, j, c) for i, j, c in obj)


def vmirror_f(patch: 'Patch') -> 'Patch':
    """Patch with left and right exchanged within its bounding box."""
    return vmirror_o(patch) if _is_object(patch) else vmirror_i(patch)


def vmirror_i(indices: 'Indices') -> 'Indices':
    """Indices with left and right exchanged within their bounding box."""
    total = ulcorner_i(indices)[1] + lrcorner_i(indices)[1]
    return frozenset((i, total - j) for i, j in indices)


def vmirror_o(obj: 'Object') -> 'Object':
    """Object with left and right exchanged within its bounding box."""
    total = ulcorner_o(obj)[1] + lrcorner_o(obj)[1]
    return frozenset((i, total - j, c) for i, j, c in obj)


def dmirror_f(patch: 'Patch') -> 'Patch':
    """Patch with rows and columns exchanged about its upper left corner."""
    return dmirror_o(patch) if _is_object(patch) else dmirror_i(patch)


def dmirror_i(indices: 'Indices') -> 'Indices':
    """Indices with rows and columns exchanged about their upper left corner."""
    top, left = ulcorner_i(indices)
    return frozenset((top + j - left, left + i - top) for i, j in indices)


def dmirror_o(obj: 'Object') -> 'Object':
    """Object with rows and columns exchanged about its upper left corner."""
    top, left = ulcorner_o(obj)
    return frozenset((top + j - left, left + i - top, c) for i, j, c in obj)


def cmirror_f(patch: 'Patch') -> 'Patch':
    """Patch mirrored at the anti-diagonal, upper left corner kept."""
    return vmirror_f(dmirror_f(vmirror_f(patch)))


def cmirror_i(indices: 'Indices') -> 'Indices':
    """Indices mirrored at the anti-diagonal, upper left corner kept."""
    return vmirror_f(dmirror_f(vmirror_f(indices)))


def cmirror_o(obj: 'Object') -> 'Object':
    """Object mirrored at the anti-diagonal, upper left corner kept."""
    return vmirror_f(dmirror_f(vmirror_f(obj)))


def mir_rot_f(patch: 'Patch', type: 'A4') -> 'Patch':
    """Patch mirrored: 0 horizontal, 1 diagonal, 2 vertical, 3 anti-diagonal."""
    if type == 0:
        return hmirror_f(patch)
    if type == 1:
        return dmirror_f(patch)
    if type == 2:
        return vmirror_f(patch)
    if type == 3:
        return cmirror_f(patch)
    return patch


def upscale_f(obj: 'Object', factor: 'Integer') -> 'Object':
    """Object with every cell grown to a block, upper left corner kept."""
    top, left = ulcorner_o(obj)
    scaled = set()
    for i, j, c in shift(obj, (-top, -left)):
        for di in range(factor):
            for dj in range(factor):
                scaled.add((i * factor + di, j * factor + dj, c))
    return shift(frozenset(scaled), (top, left))


def recolor_i(color: 'C_', indices: 'Indices') -> 'Object':
    """Object of the indices in one colour."""
    return frozenset((i, j, color) for i, j in indices)


def recolor_o(color: 'C_', obj: 'Object') -> 'Object':
    """Object in another colour."""
    return frozenset((i, j, color) for i, j in toindices_o(obj))


def palette_f(element: 'FrozenSet') -> 'IntegerSet':
    """Colours of an object."""
    return frozenset(c for i, j, c in element)


def p_f(element: 'FrozenSet') -> 'IntegerSet':
    """Colours of an object."""
    return frozenset(c for i, j, c in element)


def p_o(obj: 'Object') -> 'IntegerSet':
    """Colours of an object, as a tuple."""
    return tuple({c for i, j, c in obj})


def numcolors_f(obj: 'Object') -> 'Integer':
    """Number of colours of an object."""
    return len({c for i, j, c in obj})


def colorcount_f(obj: 'Object', color: 'C_') -> 'Integer':
    """Number of cells of one colour in an object."""
    return sum(1 for i, j, c in obj if c == color)


def hperiod(obj: 'Object') -> 'Integer':
    """Smallest shift to the left that maps the object onto itself."""
    cells = normalize(obj)
    width = width_f(cells)
    for period in range(1, width):
        if all((i, j - period, c) in cells for i, j, c in cells if j >= period):
            return period
    return width


def vperiod(obj: 'Object') -> 'Integer':
    """Smallest shift upwards that maps the object onto itself."""
    cells = normalize(obj)
    height = height_f(cells)
    for period in range(1, height):
        if all((i - period, j, c) in cells for i, j, c in cells if i >= period):
            return period
    return height


# Grid measurements

def height_t(piece: 'Tuple') -> 'Integer':
    """Number of rows of a grid."""
    return len(piece)


def width_t(piece: 'Tuple') -> 'Integer':
    """Number of columns of a grid."""
    return len(piece[0]) if piece else 0


def shape_t(grid: 'Grid') -> 'IJ':
    """Height and width of a grid."""
    return (height_t(grid), width_t(grid))


def portrait_t(grid: 'Grid') -> 'Boolean':
    """Whether a grid is taller than wide."""
    return height_t(grid) > width_t(grid)


def square_t(grid: 'Grid') -> 'Boolean':
    """Whether a grid is as tall as wide."""
    return len(grid) == len(grid[0])


def palette_t(element: 'Tuple') -> 'IntegerSet':
    """Colours of a grid."""
    return frozenset(value for row in element for value in row)


def p_g(grid: 'Grid') -> 'IntegerSet':
    """Colours of a grid, as a tuple."""
    return tuple({value for row in grid for value in row})


def numcolors_t(grid: 'Grid') -> 'Integer':
    """Number of colours of a grid."""
    return len({value for row in grid for value in row})


def colorcount_t(grid: 'Grid', color: 'C_') -> 'Integer':
    """Number of cells of one colour in a grid."""
    return sum(row.count(color) for row in grid)


def index(grid: 'Grid', loc: 'IJ') -> 'Integer':
    """Colour at a location, minus infinity outside the grid."""
    if loc == ():
        return -math.inf
    i, j = loc
    height, width = len(grid), len(grid[0])
    return grid[i][j] if 0 <= i < height and 0 <= j < width else -math.inf


def is_no_grid(x):
    """Whether the argument is anything but a tuple of tuples of integers."""
    return not (isinstance(x, tuple) and all(
        isinstance(row, tuple) and all(isinstance(value, int) for value in row) for row in x))


# Grid transforms

def hmirror_t(grid: 'Grid') -> 'Grid':
    """Grid upside down."""
    return tuple(reversed(grid))


def vmirror_t(grid: 'Grid') -> 'Grid':
    """Grid with left and right exchanged."""
    return tuple(tuple(reversed(row)) for row in grid)


def dmirror_t(grid: 'Grid') -> 'Grid':
    """Grid with rows and columns exchanged."""
    return tuple(zip(*grid))


def cmirror_t(grid: 'Grid') -> 'Grid':
    """Grid mirrored at the anti-diagonal."""
    return dmirror_t(rot180(grid))


def rot90(grid: 'Grid') -> 'Grid':
    """Grid turned clockwise."""
    return dmirror_t(hmirror_t(grid))


def rot180(grid: 'Grid') -> 'Grid':
    """Grid turned by a half turn."""
    return hmirror_t(vmirror_t(grid))


def rot270(grid: 'Grid') -> 'Grid':
    """Grid turned counter-clockwise."""
    return hmirror_t(dmirror_t(grid))


def mir_rot_t(grid: 'Grid', type: 'A8') -> 'Grid':
    """Grid mirrored (0 to 3, as for patches) or turned (4 to 6 quarter turns)."""
    if type == 0:
        return hmirror_t(grid)
    if type == 1:
        return dmirror_t(grid)
    if type == 2:
        return vmirror_t(grid)
    if type == 3:
        return cmirror_t(grid)
    if type == 4:
        return rot90(grid)
    if type == 5:
        return rot180(grid)
    if type == 6:
        return rot270(grid)
    return grid


def normalize_t(piece: 'Tuple') -> 'Tuple':
    """The grid itself."""
    return piece


def upscale_t(grid: 'Grid', factor: 'Integer') -> 'Grid':
    """Grid with every cell grown to a block."""
    return vupscale(hupscale(grid, factor), factor)


def hupscale(grid: 'Grid', factor: 'Integer') -> 'Grid':
    """Grid stretched horizontally."""
    return tuple(tuple(value for value in row for _ in range(factor)) for row in grid)


def vupscale(grid: 'Grid', factor: 'Integer') -> 'Grid':
    """Grid stretched vertically."""
    return tuple(row for row in grid for _ in range(factor))


def downscale(grid: 'Grid', factor: 'Integer') -> 'Grid':
    """Every `factor`-th row and column of a grid."""
    return tuple(tuple(value for j, value in enumerate(row) if j % factor == 0)
                 for i, row in enumerate(grid) if i % factor == 0)


def hconcat(a: 'Grid', b: 'Grid') -> 'Grid':
    """Two grids side by side."""
    return tuple(left + right for left, right in zip(a, b))


def vconcat(a: 'Grid', b: 'Grid') -> 'Grid':
    """Two grids one above the other."""
    return a + b


def crop(grid: 'Grid', start: 'IJ', dims: 'IJ') -> 'Grid':
    """Block of a grid, empty if it does not fit."""
    i, j = start
    height, width = dims
    if not (0 <= i < len(grid) and i + height <= len(grid)):
        return ()
    if not (0 <= j < len(grid[0]) and j + width <= len(grid[0])):
        return ()
    return tuple(row[j:j + width] for row in grid[i:i + height])


def subgrid(patch: 'Patch', grid: 'Grid') -> 'Grid':
    """Part of a grid under the bounding box of a patch."""
    return crop(grid, ulcorner(patch), shape_f(patch))


def hsplit(grid: 'Grid', n: 'Integer') -> 'Tuple':
    """Grid cut into `n` pieces side by side."""
    height, width = len(grid), len(grid[0])
    size = width // n
    step = size if width % n == 0 else size + 1
    return tuple(crop(grid, (0, k * step), (height, size)) for k in range(n))


def vsplit(grid: 'Grid', n: 'Integer') -> 'Tuple':
    """Grid cut into `n` pieces one above the other."""
    height, width = len(grid), len(grid[0])
    size = height // n
    step = size if height % n == 0 else size + 1
    return tuple(crop(grid, (k * step, 0), (size, width)) for k in range(n))


def tophalf(grid: 'Grid') -> 'Grid':
    """Upper half of a grid, without a middle row."""
    return grid[:len(grid) // 2]


def bottomhalf(grid: 'Grid') -> 'Grid':
    """Lower half of a grid, without a middle row."""
    return grid[(len(grid) + 1) // 2:]


def lefthalf(grid: 'Grid') -> 'Grid':
    """Left half of a grid, without a middle column."""
    return dmirror_t(tophalf(dmirror_t(grid)))


def righthalf(grid: 'Grid') -> 'Grid':
    """Right half of a grid, without a middle column."""
    return dmirror_t(bottomhalf(dmirror_t(grid)))


def trim(grid: 'Grid') -> 'Grid':
    """Grid without its outer ring."""
    return tuple(row[1:-1] for row in grid[1:-1])


def compress(grid: 'Grid') -> 'Grid':
    """Grid without its rows and columns of a single colour."""
    kept = [j for j, column in enumerate(dmirror_t(grid)) if not _is_uniform(column)]
    return tuple(tuple(row[j] for j in kept) for row in grid if not _is_uniform(row))


def cellwise(a: 'Grid', b: 'Grid', fallback: 'Integer') -> 'Grid':
    """Values of `a` where `b` has the same, `fallback` elsewhere."""
    return tuple(tuple(value if index(b, (i, j)) == value else fallback
                       for j, value in enumerate(row)) for i, row in enumerate(a))


def replace(grid: 'Grid', replacee: 'C_', replacer: 'C_') -> 'Grid':
    """Grid with one colour replaced by another."""
    return tuple(tuple(replacer if value == replacee else value for value in row)
                 for row in grid)


def switch(grid: 'Grid', a: 'C_', b: 'C_') -> 'Grid':
    """Grid with two colours exchanged."""
    return tuple(tuple(b if value == a else a if value == b else value for value in row)
                 for row in grid)


def canvas(color: 'C_', dimensions: 'IJ') -> 'Grid':
    """Grid of a single colour."""
    return tuple(tuple(color for _ in range(dimensions[1])) for _ in range(dimensions[0]))


# Objects and partition

def asindices(grid: 'Grid') -> 'Indices':
    """All locations of a grid."""
    return frozenset((i, j) for i in range(len(grid)) for j in range(len(grid[0])))


def asobject(grid: 'Grid') -> 'Object':
    """All cells of a grid."""
    if is_no_grid(grid):
        return frozenset()
    return frozenset((i, j, value) for i, row in enumerate(grid) for j, value in enumerate(row))


def f_ofcolor(grid: 'Grid', color: 'C_') -> 'Indices':
    """Locations of one colour."""
    return frozenset((i, j) for i, row in enumerate(grid)
                     for j, value in enumerate(row) if value == color)


def toobject(patch: 'Patch', grid: 'Grid') -> 'Object':
    """Cells of a grid under a patch."""
    height, width = len(grid), len(grid[0])
    return frozenset((i, j, grid[i][j]) for i, j in toindices(patch)
                     if 0 <= i < height and 0 <= j < width)


def objects(grid: 'Grid', univalued: 'Boolean', diagonal: 'Boolean',
            without_bg: 'Boolean') -> 'Objects':
    """Connected components of a grid."""
    components = _components(grid, univalued, diagonal, without_bg)
    return frozenset({frozenset(set(cells)) for cells in components})


def objects_t(grid: 'Grid', univalued: 'Boolean', diagonal: 'Boolean',
              without_bg: 'Boolean') -> 'TTT_iii':
    """Connected components of a grid, as tuples."""
    components = _components(grid, univalued, diagonal, without_bg)
    return tuple(tuple(cells) for cells in components)


objects_g = objects_t


_OBJECT_TYPES = (0, 1, 2, 3, 4, 5, 6, 7)


def o_g(grid: 'Grid', type: 'R8') -> 'Objects':
    """Connected components: `type` adds up 4 univalued, 2 diagonal, 1 without background."""
    if type not in _OBJECT_TYPES:
        return None
    return objects(grid, type >= 4, type % 4 >= 2, type % 2 == 1)


def o_g_t(grid: 'Grid', type: 'R8') -> 'TTT_iii':
    """Connected components as tuples, `type` as in `o_g`."""
    if type not in _OBJECT_TYPES:
        return None
    return objects_t(grid, type >= 4, type % 4 >= 2, type % 2 == 1)


o_g_tuple = o_g_t


def partition(grid: 'Grid') -> 'Objects':
    """One object for each colour."""
    return _color_partition(grid, palette_t(grid))


def fgpartition(grid: 'Grid') -> 'Objects':
    """One object for each colour but the commonest."""
    return _color_partition(grid, palette_t(grid) - {mostcolor_t(grid)})


def colorfilter(objs: 'Objects', color: 'C_') -> 'Objects':
    """Objects of one colour."""
    return frozenset(obj for obj in objs if next(iter(obj))[2] == color)


def colorfilter_t(objs: 'TTT_iii', color: 'Integer') -> 'TTT_iii':
    """Objects of one colour, as tuples."""
    return tuple(obj for obj in objs if obj[0][2] == color)


def frontiers(grid: 'Grid') -> 'Objects':
    """Rows and columns of a single colour."""
    rows = {frozenset({(i, j, value) for j, value in enumerate(row)})
            for i, row in enumerate(grid) if _is_uniform(row)}
    columns = {frozenset({(i, j, value) for i, value in enumerate(column)})
               for j, column in enumerate(dmirror_t(grid)) if _is_uniform(column)}
    return frozenset(rows) | frozenset(columns)


def occurrences(grid: 'Grid', obj: 'Object') -> 'Indices':
    """Locations at which the grid shows the object."""
    rows = len(grid) - height_f(obj) + 1
    columns = len(grid[0]) - width_f(obj) + 1
    cells = normalize(obj) if len(obj) > 0 else ()
    found = set()
    for i in range(rows):
        for j in range(columns):
            if all(grid[i + di][j + dj] == c for di, dj, c in cells):
                found.add((i, j))
    return frozenset(found)


# Painting

def fill(grid: 'Grid', color: 'C_', patch: 'Patch') -> 'Grid':
    """Grid with a patch in one colour."""
    return _written(grid, [(i, j, color) for i, j in toindices(patch)], None)


def paint(grid: 'Grid', obj: 'Object') -> 'Grid':
    """Grid with an object."""
    return _written(grid, obj, None)


def underfill(grid: 'Grid', color: 'C_', patch: 'Patch') -> 'Grid':
    """Grid with a patch in one colour, over the background only."""
    return _written(grid, [(i, j, color) for i, j in toindices(patch)], mostcolor_t(grid))


def underpaint(grid: 'Grid', obj: 'Object') -> 'Grid':
    """Grid with an object, over the background only."""
    return _written(grid, obj, mostcolor_t(grid))


def cover(grid: 'Grid', patch: 'Patch') -> 'Grid':
    """Grid with a patch in the background colour."""
    return fill(grid, mostcolor_t(grid), patch)


def move(grid: 'Grid', obj: 'Object', offset: 'IJ') -> 'Grid':
    """Grid with an object moved."""
    return paint(cover(grid, obj), shift(obj, offset))


# Lines, boxes, neighbourhoods

def connect(a: 'IJ', b: 'IJ') -> 'Indices':
    """Straight line between two locations."""
    ai, aj = a
    bi, bj = b
    rows = range(min(ai, bi), max(ai, bi) + 1)
    columns = range(min(aj, bj), max(aj, bj) + 1)
    if ai == bi:
        return frozenset((ai, j) for j in columns)
    if aj == bj:
        return frozenset((i, aj) for i in rows)
    if bi - ai == bj - aj:
        return frozenset(zip(rows, columns))
    if bi - ai == aj - bj:
        return frozenset(zip(rows, reversed(columns)))
    return frozenset()


def shoot(start: 'IJ', direction: 'IJ') -> 'Indices':
    """Long straight line from a location."""
    return connect(start, (start[0] + 42 * direction[0], start[1] + 42 * direction[1]))


def vfrontier(location: 'IJ') -> 'Indices':
    """Vertical line through a location."""
    return frozenset((i, location[1]) for i in range(30))


def hfrontier(location: 'IJ') -> 'Indices':
    """Horizontal line through a location."""
    return frozenset((location[0], j) for j in range(30))


def backdrop(patch: 'Patch') -> 'Indices':
    """All locations of the bounding box."""
    i0, j0 = ulcorner(patch)
    i1, j1 = lrcorner(patch)
    return frozenset((i, j) for i in range(i0, i1 + 1) for j in range(j0, j1 + 1))


def delta(patch: 'Patch') -> 'Indices':
    """Locations of the bounding box that are not in the patch."""
    return backdrop(patch) - toindices(patch)


def box(patch: 'Patch') -> 'Indices':
    """Outline of the bounding box."""
    i0, j0 = ulcorner(patch)
    i1, j1 = lrcorner(patch)
    return _outline(i0, j0, i1, j1)


def inbox(patch: 'Patch') -> 'Indices':
    """Outline one step inside the bounding box."""
    i0, j0 = ulcorner(patch)
    i1, j1 = lrcorner(patch)
    return _outline(min(i0 + 1, i1 - 1), min(j0 + 1, j1 - 1),
                    max(i0 + 1, i1 - 1), max(j0 + 1, j1 - 1))


def outbox(patch: 'Patch') -> 'Indices':
    """Outline one step outside the bounding box."""
    i0, j0 = ulcorner(patch)
    i1, j1 = lrcorner(patch)
    return _outline(i0 - 1, j0 - 1, i1 + 1, j1 + 1)


def dneighbors(loc: 'IJ') -> 'Indices':
    """Locations that share an edge."""
    if type(loc) is not tuple:
        return frozenset()
    i, j = loc[0], loc[1]
    return frozenset(((i - 1, j), (i + 1, j), (i, j - 1), (i, j + 1)))


def ineighbors(loc: 'IJ') -> 'Indices':
    """Locations that share just a corner."""
    if type(loc) is not tuple:
        return frozenset()
    i, j = loc[0], loc[1]
    return frozenset(((i - 1, j - 1), (i - 1, j + 1), (i + 1, j - 1), (i + 1, j + 1)))


def neighbors(loc: 'IJ') -> 'Indices':
    """Locations that share an edge or a corner."""
    return dneighbors(loc) | ineighbors(loc)


# Differences between the sides of samples

def c_iz(S: 'Samples', function: 'Callable') -> 'Any':
    """Values listed for the inputs but not for the outputs."""
    return difference_tuple(_side_values(S, 0, function), _side_values(S, 1, function))


def c_zo(S: 'Samples', function: 'Callable') -> 'Any':
    """Values listed for the outputs but not for the inputs."""
    return difference_tuple(_side_values(S, 1, function), _side_values(S, 0, function))


def c_iz_n(S: 'Samples', function: 'Callable', pick: 'Callable') -> 'C_':
    """Value picked from those of the inputs only."""
    return pick(c_iz(S, function))


def c_zo_n(S: 'Samples', function: 'Callable', pick: 'Callable') -> 'C_':
    """Value picked from those of the outputs only."""
    return pick(c_zo(S, function))


def a_mr(S: 'Samples') -> 'A8':
    """Selector of the mirror or turn that makes every output, None if there is none."""
    for selector in range(8):
        if all(mir_rot_t(before, selector) == after for before, after in S):
            return selector
    return None


import sys

from safe_dsl import make_all_dsl_safe

make_all_dsl_safe(sys.modules[__name__])
