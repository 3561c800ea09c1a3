"""Random grids whose cells hang together in many ways: what a search for objects goes through."""

SIDES = (1, 2, 3, 30)


def side(rng):
    """At most 30, mostly neither small nor that."""
    return rng.choice([*SIDES, *(rng.randint(*span) for span in ((1, 10), (5, 20), (10, 30), (20, 30)))])


def noise(rng, h, w, colours):
    """One colour more or less often."""
    share = rng.random()
    return [[colours[0] if rng.random() < share else rng.choice(colours) for _ in range(w)] for _ in range(h)]


def one_colour(rng, h, w, colours):
    return [[rng.choice(colours)] * w] * h


def checkered(rng, h, w, colours):
    """Fields of some size."""
    a, b = rng.randint(1, 3), rng.randint(1, 3)
    return [[colours[(i // a + j // b) % len(colours)] for j in range(w)] for i in range(h)]


def slanted(rng, h, w, colours):
    """Lines in any direction."""
    a, b, width = rng.randint(-3, 3), rng.randint(-3, 3), rng.choice([1, 1, 2])
    return [[colours[(i * a + j * b) // width % len(colours)] for j in range(w)] for i in range(h)]


def rings(rng, h, w, colours):
    """Squares, diamonds or crosses inside one another."""
    row, column, width, distance = rng.randrange(h), rng.randrange(w), rng.randint(1, 4), rng.choice([max, min, lambda a, b: a + b])
    return [[colours[distance(abs(i - row), abs(j - column)) // width % len(colours)] for j in range(w)] for i in range(h)]


def blocks(rng, h, w, colours):
    """Noise, enlarged."""
    factor = rng.randint(2, 5)
    small = noise(rng, h, w, colours)
    return [[small[i // factor][j // factor] for j in range(w)] for i in range(h)]


def rectangles(rng, h, w, colours):
    """On one colour, over one another."""
    rows = [[colours[0]] * w for _ in range(h)]
    for _ in range(rng.randint(1, 9)):
        top, left, colour = rng.randrange(h), rng.randrange(w), rng.choice(colours)
        bottom, right = top + rng.randint(1, h), left + rng.randint(1, w)
        for row in rows[top:bottom]:
            row[left:right] = [colour] * len(row[left:right])
    return rows


def maze(rng, h, w, colours):
    """Ways one cell wide that meet."""
    rows = [[colours[-1]] * w for _ in range(h)]
    ends = [(rng.randrange(h), rng.randrange(w))]
    while ends:
        k = -1 if rng.random() < 0.9 else rng.randrange(len(ends))
        i, j = ends[k]
        free = [(di, dj) for di, dj in ((0, 1), (0, -1), (1, 0), (-1, 0))
                if 0 <= i + 2 * di < h and 0 <= j + 2 * dj < w and rows[i + 2 * di][j + 2 * dj] == colours[-1]]
        if not free:
            ends.pop(k)
            continue
        di, dj = rng.choice(free)
        rows[i][j] = rows[i + di][j + dj] = rows[i + 2 * di][j + 2 * dj] = colours[0]
        ends.append((i + 2 * di, j + 2 * dj))
    return rows


def walks(rng, h, w, colours):
    """Lines that wander about, by edges alone or by corners too."""
    rows = [[colours[0]] * w for _ in range(h)]
    for _ in range(rng.randint(1, 6)):
        i, j, colour, corners = rng.randrange(h), rng.randrange(w), rng.choice(colours), rng.random() < 0.5
        for _ in range(rng.randint(3, 150)):
            rows[i][j] = colour
            down = rng.random() < 0.5
            i = min(h - 1, max(0, i + (rng.randint(-1, 1) if down or corners else 0)))
            j = min(w - 1, max(0, j + (rng.randint(-1, 1) if not down or corners else 0)))
    return rows


KINDS = (noise, noise, one_colour, checkered, slanted, rings, blocks, rectangles, maze, walks)


def grid(rng):
    """A list of rows, some with a few cells changed."""
    h, w, colours = side(rng), side(rng), rng.sample(range(10), rng.choice([2, 2, 3, 4, 10]))
    rows = [list(row) for row in rng.choice(KINDS)(rng, h, w, colours)]
    for _ in range(rng.choice([0, 0, 1, 3, h * w // 8])):
        rows[rng.randrange(h)][rng.randrange(w)] = rng.choice(colours)
    return rows
