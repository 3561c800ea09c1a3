"""Comprehensions, generators and laziness."""


def test_lists():
    return [x * x for x in range(5)], [x for x in range(20) if x % 3 if x % 2], [(i, j) for i in range(3) for j in range(i)]


def test_nested():
    grid = ((1, 2, 3), (4, 5, 6))
    return [[v + 1 for v in row] for row in grid], tuple(tuple(row[::-1]) for row in zip(*grid))


def test_targets():
    return [a + b for a, b in ((1, 2), (3, 4))], [(x, rest) for x, *rest in ((1, 2, 3), (4,))], [j for _, (i, j) in [(0, (1, 2))]]


def test_sets_and_dicts():
    return {x % 4 for x in range(40, 30, -1)}, {k: v for k, v in enumerate('abc')}, {v: k for k, v in enumerate('aba')}


def test_scope():
    x = 'outer'
    inner = [x for x in range(3)]
    return x, inner


def test_outer_names():
    n = 10
    return [n * x for x in (1, 2)], [[n + i + j for j in range(2)] for i in range(2)]


def test_frozenset_of_generator():
    return frozenset((i, j) for i in range(4) for j in range(4) if i != j)


def test_lazy():
    seen = []

    def see(x):
        seen.append(x)
        return x > 2
    found = next(x for x in range(100) if see(x))
    return found, seen


def test_first_iterable_is_eager():
    seen = []

    def source():
        seen.append('source')
        return (1, 2)
    g = (seen.append(x) or x for x in source())
    seen.append('made')
    return list(g), seen


def test_first_iterable_fails_at_once():
    g = (x for x in 5)
    return 'never'


def test_second_iterable_is_late():
    g = (y for x in (1,) for y in 5)
    return 'made'


def test_late_value():
    n = 1
    g = (x + n for x in (1, 2))
    n = 100
    return tuple(g)


def test_generator_once():
    g = (x for x in range(3))
    return tuple(g), tuple(g), next(g, 'end')


def test_any_all():
    seen = []
    return (any(seen.append(x) or x > 1 for x in range(5)), all(seen.append(x) or x < 1 for x in range(5)), seen,
            any(()), all(()))


def test_stop_iteration_inside():
    return tuple(next(iter(())) for _ in range(2))


def test_stop_iteration_plain():
    return next(iter(()))


def test_error_inside():
    return [1 // x for x in (1, 0)]


def test_generator_in_call():
    return sum(x for x in range(5)), sorted((x % 3 for x in range(6)), reverse=True), max((x for x in (3, 8, 1)), key=lambda v: -v)


def test_set_changed_in_loop():
    s = {1, 2, 3}
    for x in s:
        s.add(x + 10)
    return s


def test_list_grows_in_loop():
    xs = [1, 2, 3]
    for x in xs:
        if len(xs) < 6:
            xs.append(x * 10)
    return xs


def test_unpacked_generators():
    return (*(x for x in (1, 2)), *[3 for _ in range(2)]), max(*(x for x in (4, 9)))


def test_shadowing_in_generator():
    x = (1, 2)
    return tuple(x for x in x for x in (x, x * 2))


def remade(x, items):
    return type(x)(item for item in items)


def test_dict_by_type():
    return remade({}, [(1, 2), [3, 4], 'ab']), remade({1: 2}, ()), list(remade({}, ((k, k * k) for k in (3, 1, 3))))


def test_dict_by_type_short():
    return remade({}, [(1, 2), (3,)])


def test_dict_by_type_no_pair():
    return remade({}, [(1, 2), 5])


def test_dict_by_type_unhashable():
    return remade({}, [(1, 2), ([], 2)])


def test_dict_by_type_order():
    seen = []
    try:
        remade({}, (seen.append(x) or x for x in ((1, 2), 5, (3, 4))))
    except TypeError:
        seen.append('TypeError')
    return seen


def test_dict_by_type_generators():
    return remade({}, [(n for n in (1, 2)), (n for n in (3, 4))])


def test_range_by_type():
    return remade(range(3), (1, 2))
