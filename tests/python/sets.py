"""Order of sets and frozensets: contents, history and table size show in it."""

CELLS = frozenset((i, j) for i in range(7) for j in range(5))
COLORS = {0, 3, 8}


def walk(s):
    return tuple(s)


def test_ints():
    return walk({9, 1, 17, 8, 25, 0}), walk(set(range(100, 0, -7))), walk({-1, -2, -3, 2 ** 40, 2 ** 50 + 1})


def test_tuples():
    return walk(CELLS), walk(frozenset((j, i) for i, j in CELLS)), walk({(c, (i, i)) for i in range(9) for c in (1, 2)})


def test_insertion_history():
    a = {8, 0}
    b = {0, 8}
    c = set()
    for x in (16, 8, 0):
        c.add(x)
    return walk(a), walk(b), walk(c), a == b


def test_display_of_constants():
    return walk({16, 8, 0}), walk({32, 0, 64, 96}), walk({0, 8}), walk({8, 0}), 8 in {24, 8, 1}


def test_display_of_colliding_constants():
    return walk({(0, 2), (1, 1), (3, 6)}), walk({(5, 5), (5, 6), (3, 4)}), walk(frozenset({(6, 5), (4, 8), (8, 1)}))


def test_growth():
    out = []
    s = set()
    for i in range(0, 400, 3):
        s.add((i * 37) % 256)
        if i % 60 == 0:
            out.append(walk(s))
    return out


def test_difference():
    return walk(CELLS - {(0, 0), (3, 3)}), walk({1, 2, 3} - set(range(100))), walk(set(range(100)) - {5, 50}), walk(CELLS - CELLS)


def test_difference_leaves_gaps():
    s = set(range(20)) - {3, 4}
    s.add(1000)
    s.add(35)
    return walk(s), walk(s | {4}), walk(frozenset(s))


def test_intersection():
    a, b = frozenset(range(0, 60, 2)), frozenset(range(0, 60, 3))
    return walk(a & b), walk(b & a), walk(a & frozenset((30, 12, 18)))


def test_union():
    a, b = frozenset((40, 8, 16)), frozenset((0, 24, 8))
    return walk(a | b), walk(b | a), walk(a.union(b, (32,))), walk({*a, *b})


def test_symmetric():
    return walk({1, 2, 3, 40} ^ {3, 40, 8, 16})


def test_copies():
    s = set(range(0, 64, 8))
    f = frozenset(s)
    return walk(s), walk(f), frozenset(f) is f, walk(set(f)), walk(frozenset(list(s)))


def test_update_in_place():
    s = {3}
    for i in range(6):
        s |= {i * 8, i * 8 + 1}
    return walk(s)


def test_frozensets_in_sets():
    inner = [frozenset(((i, j), (i + 1, j))) for i in range(3) for j in range(3)]
    return [walk(x) for x in {*inner}], walk(frozenset(frozenset({k}) for k in range(12)))


def test_equal_but_ordered_otherwise():
    a, b = frozenset((0, 8)), frozenset((8, 0))
    return a == b, walk(a), walk(b), walk({a, b}), len({a, b})


def test_mixed_types():
    return walk({1, True, 1.0, 2.0, 2}), walk({0.5, 1.5, 3, (1,), 'a' == 'a'}), walk({(1, 0), (True, False), (1.0, 0)})


def test_min_max_ties():
    f = frozenset((i, j) for i in range(4) for j in range(4))
    return max(f, key=lambda c: c[0]), min(f, key=lambda c: c[1]), sorted(f, key=lambda c: c[0] + c[1]), next(iter(f))


def test_most_frequent():
    values = [v for v in (5, 3, 9, 3, 5, 1)]
    return max(set(values), key=values.count), min(set(values), key=values.count), sorted(set(values), key=values.count)


def test_colors():
    return walk(COLORS), walk({c for row in ((8, 3, 0), (3, 3, 8)) for c in row}), walk(frozenset((8, 3, 0)))


def test_hashes():
    return [hash_order(x) for x in ((-1, -2), (-2, -1), (0, 0), (1, 0, 5))]


def hash_order(t):
    return walk({t, (t,), (t, t), (0, t)})
