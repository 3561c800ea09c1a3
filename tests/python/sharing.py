"""Calls that are made again with equal values: what is remembered must not show."""


def depth_of(nested):
    depth = 0
    while nested:
        nested = nested[0]
        depth += 1
    return depth


def nest(levels):
    value = ()
    for _ in range(levels):
        value = (value,)
    return value


def order(cells):
    return tuple(cells)


def kinds(row):
    return tuple(type(v).__name__ for v in row)


def kinds_within(grid):
    return tuple(kinds(row) for row in grid)


def mirrored(grid):
    return grid[::-1]


def test_nested_too_deep_to_share():
    return [depth_of(nest(n)) for n in (1, 99, 100, 101, 5000, 100000, 5000)]


def test_equal_of_other_types():
    rows = ((1, 0, 2, 1), (True, 0, 2, 1), (1, False, 2, 1), (1, 0, 2, True), (1, 0, 2, 1))
    return [kinds(row) for row in rows], [kinds_within((row, row)) for row in rows], [kinds((v,)) for v in (1, True, 1.0, 1)]


def test_equal_keys_of_other_types():
    return [order(frozenset({(i, flag), (2, 3)})) for i in (1, True, 40, 1) for flag in (0, False, 50)]


def test_sets_with_other_histories():
    full = frozenset((i, j) for i in range(5) for j in range(5))
    some = frozenset(cell for cell in full if cell[0] == 2)
    thinned = full - frozenset(cell for cell in full if cell[0] != 2)
    backwards = frozenset(reversed(tuple(some)))
    return [order(s) for s in (some, thinned, backwards, some, thinned, backwards)], some == thinned == backwards


def test_far_cells():
    sets = [frozenset((i + away, j - away) for i in range(4) for j in range(3)) for away in (0, 28, 40, -40, 0, 40, 28)]
    return [order(s) for s in sets], [order(frozenset(sets)) == order(frozenset(sets[:4]))]


def test_far_cells_with_colours():
    sets = [frozenset((colour, (i * 20, i * 15)) for i in range(4)) for colour in (1, 11, -1, 1, 11, True)]
    return [order(s) for s in sets], [order(s | {(3, (99, 99))}) for s in sets]


def test_sets_of_sets():
    parts = [frozenset((k * 9 + i, i) for i in range(3)) for k in range(6)]
    return [order(frozenset(parts[a:b])) for a in range(3) for b in range(3, 7)]


def test_rows_in_other_grids():
    row = (1, 2, 3, 4)
    grids = [(row, row), ((1, 2, 3, 4), row), (row,), ((1, 2, 3, 4), (1, 2, 3, 5)), ((1, 2, 3, 4), (1, 2, 3, 4))]
    return [mirrored(grid) for grid in grids * 3], [mirrored(grid[0]) for grid in grids]


def test_many_values():
    total = 0
    for i in range(6000):
        total += len(order(frozenset({(i, i + 1, i % 7), (i % 100, i % 90)}))) + mirrored((i, i % 3, i % 5, 7))[0]
    return total
