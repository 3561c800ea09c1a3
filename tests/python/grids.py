"""Small functions in the manner of a grid DSL."""
from collections import Counter


def rot90(grid):
    return tuple(row for row in zip(*grid[::-1]))


def neighbours(cell):
    i, j = cell
    return frozenset({(i - 1, j), (i + 1, j), (i, j - 1), (i, j + 1)})


def objects(grid):
    bg = Counter(v for row in grid for v in row).most_common()[0][0]
    h, w = len(grid), len(grid[0])
    found, occupied = set(), set()
    for start in frozenset((i, j) for i in range(h) for j in range(w)):
        if start in occupied or grid[start[0]][start[1]] == bg:
            continue
        color, cells, fringe = grid[start[0]][start[1]], {start}, {start}
        while len(fringe) > 0:
            reached = set()
            for cell in fringe:
                occupied.add(cell)
                cells.add(cell)
                reached |= {(i, j) for i, j in neighbours(cell)
                            if 0 <= i < h and 0 <= j < w and grid[i][j] == color}
            fringe = reached - occupied
        found.add(frozenset((color, cell) for cell in cells))
    return frozenset(found)


GRID = ((0, 0, 0, 0, 2),
        (0, 3, 3, 0, 2),
        (0, 3, 0, 0, 0),
        (1, 0, 0, 8, 8))


def test_rotations():
    return rot90(GRID), rot90(rot90(GRID)), rot90(rot90(rot90(rot90(GRID)))) == GRID


def test_objects():
    return objects(GRID)


def test_first_object():
    return max(objects(GRID), key=len), min(objects(GRID), key=lambda o: min(c[1] for c in o))


def test_fill():
    h, w = len(GRID), len(GRID[0])
    rows = [list(row) for row in GRID]
    for i, j in {(0, 0), (3, 4), (9, 9)}:
        if 0 <= i < h and 0 <= j < w:
            rows[i][j] = 5
    return tuple(tuple(row) for row in rows)


def test_upscale():
    return tuple(tuple(v for v in row for _ in range(2)) for row in GRID[:2] for _ in range(2))


def test_columns():
    return tuple(map(lambda column: column.count(0), zip(*GRID))), [i for i, row in enumerate(GRID) if 8 in row]


def test_ragged():
    return tuple(zip(*((1, 2), (3,)))), max(((1, 2), (3,)), key=len)


def test_index_outside():
    return GRID[2][5]


def test_compress():
    rows = tuple(i for i, row in enumerate(GRID) if len(set(row)) == 1)
    return tuple(row for i, row in enumerate(GRID) if i not in rows), rows
