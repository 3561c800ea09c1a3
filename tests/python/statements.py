"""Statements: assignment in all its forms, loops, conditions, assert, global."""

COUNTER = 0
FIRST, (SECOND, *REST) = 1, (2, 3, 4)
ALIAS = OTHER = (FIRST, SECOND)


def test_targets():
    a, (b, *c), d = 1, (2, 3, 4), [5]
    [e, f] = 'xy'
    *g, h = range(4)
    x = y = d
    x.append(6)
    return a, b, c, d, e, f, g, h, y is d


def test_subscript_targets():
    row = [0, 1, 2, 3, 4]
    row[1], row[-1] = row[-1], row[1]
    grid = [[0] * 3 for _ in range(2)]
    grid[1][2] = 7
    table = {}
    table['a'] = table[1, 2] = row[0]
    return row, grid, table


def test_augmented():
    n, t, s, x = 7, (1,), {1}, [1]
    same = s
    n += 3
    n *= 2
    n -= 1
    n //= 3
    n **= 2
    n %= 10
    t += (2, 3)
    s |= {5, 9}
    x += (4,)
    x[0] += 10
    return n, t, s, same is s, x


def test_loop_else():
    out = []
    for i in range(10):
        if i % 2:
            continue
        if i > 6:
            break
        out.append(i)
    else:
        out.append('never')
    for i in ():
        pass
    else:
        out.append(i)
    while len(out) < 8:
        out.append(len(out))
    else:
        out.append('done')
    return out


def test_nested_loops():
    found = None
    for i in range(5):
        for j in range(5):
            if i * j == 6:
                found = i, j
                break
        else:
            continue
        break
    return found, i, j


def test_if_chain():
    out = []
    for x in (0, '', 'a', (), (0,), None, True, {1}, {}, 0.0, -1):
        if x is None:
            out.append('none')
        elif not x:
            out.append('empty')
        elif x == 1:
            out.append('one')
        else:
            out.append('full')
    return out


def test_global():
    global COUNTER
    COUNTER += 1
    COUNTER = COUNTER * 10
    return COUNTER, FIRST, SECOND, REST, ALIAS is OTHER


def test_assert():
    assert True, 'unused'
    assert 1 + 1 == 3, f'{1 + 1}'


def test_docstring_and_pass():
    """A docstring."""
    pass
    'an expression'
    return


def test_annotated() -> 'Tuple[int, ...]':
    a: int = 4
    b: 'no such name'
    return a


def test_unbound_local():
    if COUNTER < 0:
        value = 1
    return value


def test_unbound_after_loop():
    for item in ():
        pass
    return item


def test_missing_name():
    return no_such_name


def test_unpack_too_many():
    a, b = 1, 2, 3
    return a


def test_unpack_too_few():
    a, b, *c = (1,)
    return a


def test_unpack_no_iterable():
    a, b = 5
    return a
