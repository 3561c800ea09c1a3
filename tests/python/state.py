"""What a function leaves behind for its next call: equal calls are not the same call then."""
SEEN = []
NAMES = {}
NESTED = ([], {1: [5]})
MARKS = {1, 2}
BOXES = {'a': []}
GIVEN = [0]
TABLE = {'x': 1, 'y': 2}


def append_to(xs, x):
    xs.append(x)
    return len(xs)


def note(x):
    return append_to(SEEN, x)


def test_handed_to_another():
    return note(1), note(1), note(1)


def name_of(table, key):
    table[key] = len(table)
    return table[key]


def number(key):
    return name_of(NAMES, key)


def test_dict_handed_to_another():
    return number('a'), number('a'), number('b')


def nested(x):
    NESTED[0].append(x)
    NESTED[1][1].append(x)
    return len(NESTED[0]), NESTED[1]


def test_nested():
    return nested(3), nested(3)


def by_alias(x):
    marks = MARKS
    marks |= {x}
    return len(marks)


def test_alias():
    return by_alias(3), by_alias(4), by_alias(4), len(MARKS)


def by_method(x):
    put = BOXES['a'].append
    put(x)
    return len(BOXES['a'])


def test_method_as_value():
    return by_method(1), by_method(1)


def collect(x, seen=[]):
    seen.append(x)
    return tuple(seen)


def test_default():
    return collect(1), collect(1), collect(2)


def given():
    return GIVEN


def more(x):
    xs = given()
    xs.append(x)
    return len(xs)


def test_given_out():
    return more(1), more(1)


def counter():
    made = []

    def count(x):
        made.append(x)
        return len(made)
    return count


COUNT = counter()


def test_closure():
    return COUNT(1), COUNT(1)


def look(key):
    return TABLE[key] + len(TABLE) + sum(TABLE.values())


def test_only_looked_at():
    return look('x'), look('x'), sorted(TABLE), [key for key in TABLE]


def own(xs):
    done = []
    for x in xs:
        done.append(x)
    done += [0]
    return done


def test_own():
    return own((1, 2)), own((1, 2))
