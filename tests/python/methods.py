"""Methods of tuples, lists, sets, dicts and strings."""


def test_tuple():
    t = (3, 1, 3, True)
    return t.count(3), t.index(3), t.count(1), t.index(1), ().count(0)


def test_tuple_index_missing():
    return (1, 2).index(5)


def test_list():
    x = [1]
    x.append(2)
    x.append([3])
    same = x.append(4)
    return x, same, x.index([3]), x.count(2)


def test_list_more():
    x = [5, 2, 9, 2]
    x.extend((1,))
    x.insert(1, 7)
    y = x.pop()
    x.sort()
    x.reverse()
    return x, y


def test_set():
    s = {1, 2}
    s.add(9)
    s.add(1)
    return s, s.union({3}, (4,)), s.issubset({1, 2, 9, 10}), {1, 2}.union(), {1}.issubset([1, 2])


def test_frozenset():
    f = frozenset({1, 2, 3})
    return f.union((4,)), f | {9}, {9} | f, f - {1}, f & {1, 7}, f ^ {1, 8}, f.issubset((1, 2, 3)), f.intersection({2}), f.difference((3,))


def test_set_operand_types():
    a, b = frozenset((1, 2)), {2, 3}
    return type(a | b) is frozenset, type(b | a) is set, type(a & b) is frozenset, type(b - a) is set


def test_set_with_tuple():
    return {1} | (2,)


def test_add_unhashable():
    s = set()
    s.add([])
    return s


def test_frozenset_add():
    return frozenset().add(1)


def test_dict():
    d = {'a': 1, 2: 'b'}
    d['c'] = (3,)
    return d.get('a'), d.get('z'), d.get('z', 0), list(d), list(d.items()), list(d.keys()), list(d.values()), len(d), 'c' in d


def test_dict_order():
    d = {}
    for k in (5, 3, 9, 3, 1):
        d[k] = d.get(k, 0) + 1
    return d, {**d, 0: 0}, d == {1: 1, 3: 2, 5: 1, 9: 1}


def test_dict_keys_equal():
    return {1: 'int', True: 'bool', 1.0: 'float'}


def test_bound_as_key():
    xs = (4, 2, 4, 7, 2, 2)
    return max(xs, key=xs.count), min(set(xs), key=xs.count), sorted(set(xs), key=xs.count), tuple(map({1: 'a', 2: 'b'}.get, (2, 1, 0)))


def test_no_such_method():
    return (1, 2).append(3)


def test_method_arity():
    return [].append()
