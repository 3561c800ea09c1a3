"""Imports: stars, names, aliases, cycles."""
import math as m
import lazy_three as whole
from grids import rot90 as turn, GRID
from cycle_one import *


def test_alias():
    return turn(GRID), m.inf


def test_cycle():
    return one(3), two(3)


def test_import_in_function():
    from lazy_one import twice, LAZY
    return twice(4), LAZY


def test_import_cycle_in_function():
    from lazy_two import through
    return through(5)


def test_import_missing_name():
    from lazy_one import nothing_there
    return nothing_there


def test_import_missing_module():
    import there_is_no_such_module
    return there_is_no_such_module


def test_import_missing_caught():
    try:
        import cupy as array
    except ImportError:
        array = 'none'
    try:
        from lazy_one import nothing_there
    except ModuleNotFoundError:
        nothing_there = 'module'
    except ImportError:
        nothing_there = 'name'
    return array, nothing_there


def helper(n):
    from lazy_two import later
    return later + n


def test_import_default_of_callee():
    return [helper(n) for n in range(3)]


def test_module_attribute():
    import lazy_three
    return lazy_three.add(3), lazy_three.add(b=1, a=2), lazy_three.COUNT, lazy_three._HIDDEN, lazy_three.LAZY, lazy_three.later(2)


def test_module_alias():
    import lazy_three as other, lazy_one
    add = other.add
    return [add(n) for n in range(2)], [other.add(n, n) for n in range(3)], sorted(map(other.after, (2, 1))), lazy_one.twice(2)


def test_module_in_closure():
    import lazy_three

    def inner(n):
        return lazy_three.add(n), lazy_three.COUNT
    return inner(1), (lambda: lazy_three.pairs['a'])(), lazy_three is lazy_three


def test_module_lacks_name():
    import lazy_three
    return lazy_three.nothing_there


def test_module_lacks_function():
    import lazy_three
    try:
        return lazy_three.nothing_there(1 / 0)
    except AttributeError:
        return 'attribute'


def test_module_unbound():
    if len('a') > 1:
        import lazy_three
    return lazy_three.COUNT


def test_module_or_none():
    try:
        import lazy_three as found
    except ImportError:
        found = None
    try:
        import there_is_no_such_module as missing
    except ImportError:
        missing = None
    return found.add(1) if found else 'none', missing.add(1) if missing else 'none'


def test_module_or_other():
    results = []
    for n in range(2):
        if n:
            import lazy_three as thing
        else:
            thing = [1, 1]
        try:
            results.append(thing.count(1))
        except TypeError:
            results.append('arguments')
    return results


def test_module_missing_attribute_of_none():
    try:
        import there_is_no_such_module as missing
    except ImportError:
        missing = None
    return missing.add(1)


def test_import_from_package_of_modules():
    import math
    import lazy_three
    return math.inf, lazy_three.add(math.inf)


def test_module_at_module_level():
    return whole.add(1), whole.COUNT, whole.pairs, [whole.after(n) for n in (1, 2)]


def test_module_at_module_level_lacks():
    return whole.nothing_there


def test_module_state():
    import lazy_three
    before = lazy_three.called
    return before, lazy_three.count(), lazy_three.called
