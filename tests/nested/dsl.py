"""Functions on grids and on patches whose cells are (colour, (i, j)), for tests/kernels.py: all that kernels named
__nested, __none and __both stand for, written anew. Nothing is guarded; what does not fit raises."""


def is_grid(piece):
    return isinstance(piece, tuple)


def is_object(patch):
    return isinstance(next(iter(patch))[1], tuple)


def is_inside(grid, i, j):
    return 0 <= i < len(grid) and 0 <= j < len(grid[0])


def colours_of(piece):
    return [v for row in piece for v in row] if is_grid(piece) else [v for v, loc in piece]


# ---- members, tests, numbers ----

def identity(x):
    return x


def first(container):
    return next(iter(container))


def last(container):
    return max(enumerate(container))[1]


def totuple(container):
    return tuple(container)


def equality(a, b):
    return a == b


def greater(a, b):
    return a > b


def contained(value, container):
    return value in container


def flip(b):
    return not b


def both(a, b):
    return a and b


def either(a, b):
    return a or b


def branch(condition, a, b):
    return a if condition else b


def even(n):
    return n % 2 == 0


def positive(x):
    return x > 0


def each(function, n):
    return function(n) if isinstance(n, int) else (function(n[0]), function(n[1]))


def invert(n):
    return each(lambda i: -i, n)


def double(n):
    return each(lambda i: i * 2, n)


def halve(n):
    return each(lambda i: i // 2, n)


def increment(x):
    return each(lambda i: i + 1, x)


def decrement(x):
    return each(lambda i: i - 1, x)


def sign(x):
    return each(lambda i: 0 if i == 0 else (1 if i > 0 else -1), x)


def crement(x):
    return each(lambda i: i if i == 0 else (i + 1 if i > 0 else i - 1), x)


def toivec(i):
    return (i, 0)


def tojvec(j):
    return (0, j)


def maximum(container):
    return max(container, default=0)


def minimum(container):
    return min(container, default=0)


def initset(value):
    return frozenset({value})


def insert(value, container):
    return container.union(frozenset({value}))


def intersection(a, b):
    return a & b


def difference(a, b):
    return type(a)(e for e in a if e not in b)


def combine(a, b):
    return type(a)((*a, *b))


def merge(containers):
    return type(containers)(e for c in containers for e in c)


def remove(value, container):
    return type(container)(e for e in container if e != value)


# ---- closures ----

def compose(outer, inner):
    return lambda x: outer(inner(x))


def chain(h, g, f):
    return lambda x: h(g(f(x)))


def fork(outer, a, b):
    return lambda x: outer(a(x), b(x))


def matcher(function, target):
    return lambda x: function(x) == target


def rbind(function, fixed):
    n = function.__code__.co_argcount
    if n == 2:
        return lambda x: function(x, fixed)
    return (lambda x, y: function(x, y, fixed)) if n == 3 else (lambda x, y, z: function(x, y, z, fixed))


def lbind(function, fixed):
    n = function.__code__.co_argcount
    if n == 2:
        return lambda y: function(fixed, y)
    return (lambda y, z: function(fixed, y, z)) if n == 3 else (lambda y, z, a: function(fixed, y, z, a))


def apply(function, container):
    return type(container)(function(e) for e in container)


def mapply(function, container):
    return merge(apply(function, container))


def sfilter(container, condition):
    return type(container)(e for e in container if condition(e))


def mfilter(container, function):
    return merge(sfilter(container, function))


def argmax(container, compfunc):
    return max(container, key=compfunc)


def argmin(container, compfunc):
    return min(container, key=compfunc)


def valmax(container, compfunc):
    return compfunc(max(container, key=compfunc, default=0))


def valmin(container, compfunc):
    return compfunc(min(container, key=compfunc, default=0))


def extract(container, condition):
    return next(e for e in container if condition(e))


def connect(a, b):
    ai, aj = a
    bi, bj = b
    rows = range(min(ai, bi), max(ai, bi) + 1)
    columns = range(min(aj, bj), max(aj, bj) + 1)
    if ai == bi:
        return frozenset((ai, j) for j in columns)
    if aj == bj:
        return frozenset((i, aj) for i in rows)
    if abs(ai - bi) != abs(aj - bj):
        return frozenset()
    return frozenset(zip(rows, columns if bi - ai == bj - aj else reversed(columns)))


def shoot(start, direction):
    return connect(start, (start[0] + 42 * direction[0], start[1] + 42 * direction[1]))


def pair(a, b):
    return tuple(zip(a, b))


def papply(function, a, b):
    return tuple(function(x, y) for x, y in zip(a, b))


def mpapply(function, a, b):
    return merge(papply(function, a, b))


def prapply(function, a, b):
    return frozenset(function(x, y) for y in b for x in a)


def rapply(functions, value):
    return type(functions)(function(value) for function in functions)


# ---- colours ----

def mostcolor(piece):
    colours = colours_of(piece)
    return max(set(colours), key=colours.count)


def leastcolor(piece):
    colours = colours_of(piece)
    return min(set(colours), key=colours.count)


def palette(piece):
    return frozenset(set(colours_of(piece)))


def color(obj):
    return next(iter(obj))[0]


def colorfilter(objs, value):
    return frozenset(obj for obj in objs if color(obj) == value)


def colorcount(piece, value):
    return colours_of(piece).count(value)


# ---- patches ----

def toindices(patch):
    if len(patch) == 0:
        return frozenset()
    return frozenset(loc for v, loc in patch) if is_object(patch) else patch


def recolor(value, patch):
    return frozenset((value, loc) for loc in toindices(patch))


def toobject(patch, grid):
    return frozenset((grid[i][j], (i, j)) for i, j in toindices(patch) if is_inside(grid, i, j))


def asobject(grid):
    return frozenset((v, (i, j)) for i, row in enumerate(grid) for j, v in enumerate(row))


def shift(patch, by):
    if len(patch) == 0:
        return patch
    di, dj = by
    if is_object(patch):
        return frozenset((v, (i + di, j + dj)) for v, (i, j) in patch)
    return frozenset((i + di, j + dj) for i, j in patch)


def normalize(patch):
    return shift(patch, (-uppermost(patch), -leftmost(patch))) if len(patch) > 0 else patch


# ---- bounding boxes ----

def uppermost(patch):
    return min(i for i, j in toindices(patch))


def lowermost(patch):
    return max(i for i, j in toindices(patch))


def leftmost(patch):
    return min(j for i, j in toindices(patch))


def rightmost(patch):
    return max(j for i, j in toindices(patch))


def ulcorner(patch):
    return (uppermost(patch), leftmost(patch))


def urcorner(patch):
    return (uppermost(patch), rightmost(patch))


def llcorner(patch):
    return (lowermost(patch), leftmost(patch))


def lrcorner(patch):
    return (lowermost(patch), rightmost(patch))


def height(piece):
    if is_grid(piece) or len(piece) == 0:
        return len(piece)
    return lowermost(piece) - uppermost(piece) + 1


def width(piece):
    if len(piece) == 0:
        return 0
    return len(piece[0]) if is_grid(piece) else rightmost(piece) - leftmost(piece) + 1


def shape(piece):
    return (height(piece), width(piece))


def center(patch):
    return (uppermost(patch) + height(patch) // 2, leftmost(patch) + width(patch) // 2)


def backdrop(patch):
    if len(patch) == 0:
        return frozenset()
    return frozenset((i, j) for i in range(uppermost(patch), lowermost(patch) + 1)
                     for j in range(leftmost(patch), rightmost(patch) + 1))


def delta(patch):
    return backdrop(patch) - toindices(patch) if len(patch) > 0 else frozenset()


def outline(patch, by):
    rows = sorted([uppermost(patch) - by, lowermost(patch) + by])
    columns = sorted([leftmost(patch) - by, rightmost(patch) + by])
    left, right = [{(i, j) for i in range(rows[0], rows[1] + 1)} for j in columns]
    top, bottom = [{(i, j) for j in range(columns[0], columns[1] + 1)} for i in rows]
    return frozenset((left | right) | (top | bottom))


def box(patch):
    return outline(patch, 0) if len(patch) > 0 else patch


def inbox(patch):
    return outline(patch, -1)


def outbox(patch):
    return outline(patch, 1)


def manhattan(a, b):
    return min(abs(ai - bi) + abs(aj - bj) for ai, aj in toindices(a) for bi, bj in toindices(b))


def adjacent(a, b):
    return manhattan(a, b) == 1


def hmatching(a, b):
    return any(i == k for i, j in toindices(a) for k, m in toindices(b))


def vmatching(a, b):
    return any(j == m for i, j in toindices(a) for k, m in toindices(b))


def hline(patch):
    return width(patch) == len(patch) and height(patch) == 1


def vline(patch):
    return height(patch) == len(patch) and width(patch) == 1


def bordering(patch, grid):
    return (uppermost(patch) == 0 or leftmost(patch) == 0 or lowermost(patch) == len(grid) - 1
            or rightmost(patch) == len(grid[0]) - 1)


# ---- mirrors and blocks ----

def moved(patch, move):
    if is_object(patch):
        return frozenset((v, move(i, j)) for v, (i, j) in patch)
    return frozenset(move(i, j) for i, j in patch)


def hmirror(piece):
    if is_grid(piece):
        return piece[::-1]
    both = uppermost(piece) + lowermost(piece)
    return moved(piece, lambda i, j: (both - i, j))


def vmirror(piece):
    if is_grid(piece):
        return tuple(row[::-1] for row in piece)
    both = leftmost(piece) + rightmost(piece)
    return moved(piece, lambda i, j: (i, both - j))


def dmirror(piece):
    if is_grid(piece):
        return tuple(zip(*piece))
    top, left = ulcorner(piece)
    return moved(piece, lambda i, j: (j - left + top, i - top + left))


def cmirror(piece):
    if is_grid(piece):
        return tuple(zip(*[row[::-1] for row in piece[::-1]]))
    return vmirror(dmirror(vmirror(piece)))


def upscale(piece, factor):
    if is_grid(piece):
        wide = tuple(tuple(v for v in row for k in range(factor)) for row in piece)
        return tuple(row for row in wide for k in range(factor))
    if len(piece) == 0:
        return frozenset()
    top, left = ulcorner(piece)
    blocks = {(v, (i * factor + a, j * factor + b)) for v, (i, j) in shift(piece, (-top, -left))
              for a in range(factor) for b in range(factor)}
    return shift(frozenset(blocks), (top, left))


def hperiod(obj):
    normal = normalize(obj)
    size = width(normal)
    for p in range(1, size):
        if all((v, (i, j - p)) in normal for v, (i, j) in normal if j >= p):
            return p
    return size


def vperiod(obj):
    normal = normalize(obj)
    size = height(normal)
    for p in range(1, size):
        if all((v, (i - p, j)) in normal for v, (i, j) in normal if i >= p):
            return p
    return size


# ---- grids ----

def index(grid, loc):
    i, j = loc
    return grid[i][j] if is_inside(grid, i, j) else None


def cellwise(a, b, fallback):
    return tuple(tuple(a[i][j] if a[i][j] == b[i][j] else fallback for j in range(len(a[0]))) for i in range(len(a)))


def subgrid(patch, grid):
    (i, j), (h, w) = ulcorner(patch), shape(patch)
    return tuple(row[j:j + w] for row in grid[i:i + h])


def written(grid, cells, under):
    rows = [list(row) for row in grid]
    for v, (i, j) in cells:
        if is_inside(grid, i, j) and (under is None or rows[i][j] == under):
            rows[i][j] = v
    return tuple(tuple(row) for row in rows)


def fill(grid, value, patch):
    return written(grid, [(value, (i, j)) for i, j in toindices(patch)], None)


def paint(grid, obj):
    return written(grid, obj, None)


def underfill(grid, value, patch):
    return written(grid, [(value, (i, j)) for i, j in toindices(patch)], mostcolor(grid))


def underpaint(grid, obj):
    return written(grid, obj, mostcolor(grid))


def occurrences(grid, obj):
    found = set()
    normal = normalize(obj)
    for i in range(len(grid)):
        for j in range(len(grid[0])):
            if all(is_inside(grid, i + a, j + b) and grid[i + a][j + b] == v for v, (a, b) in normal):
                found.add((i, j))
    return frozenset(found)


# ---- objects of a grid ----

def asindices(grid):
    return frozenset((i, j) for i in range(len(grid)) for j in range(len(grid[0])))


def dneighbors(loc):
    i, j = loc
    return frozenset(((i - 1, j), (i + 1, j), (i, j - 1), (i, j + 1)))


def neighbors(loc):
    i, j = loc
    return dneighbors(loc) | frozenset(((i - 1, j - 1), (i - 1, j + 1), (i + 1, j - 1), (i + 1, j + 1)))


def component(grid, seed, belongs, around, used):
    cells, wave = {(grid[seed[0]][seed[1]], seed)}, {seed}
    while len(wave) > 0:
        reached = set()
        for loc in wave:
            v = grid[loc[0]][loc[1]]
            if belongs(v):
                cells.add((v, loc))
                used.add(loc)
                reached |= {(i, j) for i, j in around(loc) if is_inside(grid, i, j)}
        wave = reached - used
    return frozenset(cells)


def objects(grid, univalued, diagonal, without_bg):
    background = mostcolor(grid) if without_bg else None
    around = neighbors if diagonal else dneighbors
    found, used = set(), set()
    for seed in asindices(grid):
        colour = grid[seed[0]][seed[1]]
        if seed not in used and colour != background:
            belongs = (lambda v: v == colour) if univalued else (lambda v: v != background)
            found.add(component(grid, seed, belongs, around, used))
    return frozenset(found)


def of_colours(grid, colours):
    return frozenset(frozenset((v, (i, j)) for i, row in enumerate(grid) for j, v in enumerate(row) if v == colour)
                     for colour in colours)


def partition(grid):
    return of_colours(grid, palette(grid))


def fgpartition(grid):
    return of_colours(grid, palette(grid) - {mostcolor(grid)})


def frontiers(grid):
    rows = {frozenset({(v, (i, j)) for j, v in enumerate(row)}) for i, row in enumerate(grid) if len(set(row)) == 1}
    columns = {frozenset({(v, (i, j)) for i, v in enumerate(column)}) for j, column in enumerate(zip(*grid)) if len(set(column)) == 1}
    return frozenset(rows) | frozenset(columns)
