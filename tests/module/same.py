"""Is what a compiled module gives what the Python file gives? Run by tests/module.py, with any Python from 3.8 on:
same.py sets PLAIN COMPILED, or same.py calls PLAIN COMPILED < JSON of [task id, samples, input, output or null]"""

import importlib
import json
import sys


def view(value):
    """Everything that can be seen of a value: types, items in order, text of numbers."""
    if isinstance(value, (set, frozenset, tuple, list)):
        return type(value).__name__, [view(item) for item in value]
    if isinstance(value, dict):
        return type(value).__name__, [(view(key), view(item)) for key, item in value.items()]
    if hasattr(value, '__next__'):
        return type(value).__name__, [view(item) for item in value]
    if callable(value) and not isinstance(value, type):
        return 'callable', value.__name__
    return type(value).__name__, repr(value)


def table(value):
    """What shows a set's table, beside its order: its size, and what comes of operations that walk it."""
    other = frozenset(list(value)[::3]) | frozenset(range(5))
    return value.__sizeof__(), [view(made) for made in (value - other, value | other, value ^ other, set(value), value.union([1, 2]))]


def compare_sets(plain, compiled):
    """Tables written in memory; and those that only the interface's functions made, as for a Python that is not known.
    (CPython 3.9 itself uses slots of keys that are gone in another way than the rest.)"""
    plainer = [name for name in compiled._programs if not name.endswith('every')]
    assert compiled._direct(True), 'an unknown layout'
    count_sets(plain, compiled, plainer if sys.version_info[:2] == (3, 9) else compiled._programs)
    assert not compiled._direct(False)
    count_sets(plain, compiled, plainer)


def count_sets(plain, compiled, names):
    orders = tables = count = 0
    for name in names:
        for wanted, got in zip(getattr(plain, name)(), getattr(compiled, name)()):
            count += 1
            if view(wanted) != view(got):
                orders += 1
            elif table(wanted) != table(got):
                tables += 1
    print('%d sets, %d with another order, %d with another table' % (count, orders, tables))


def frozen(grid):
    return None if grid is None else tuple(map(tuple, grid))


def outcome(batt, arguments):
    try:
        return view(batt(*arguments))
    except Exception as error:
        return type(error).__name__


def as_tuples(task, samples, given, output):
    return task, tuple((frozen(a), frozen(b)) for a, b in samples), frozen(given), frozen(output), None


def as_lists(task, samples, given, output):
    """As runners give what JSON holds: new lists each time."""
    samples, given, output = json.loads(json.dumps((samples, given, output)))
    return task, tuple((tuple(a), tuple(b)) for a, b in samples), given, output, None


def compare_calls(plain, compiled):
    differ = count = 0
    calls = json.load(sys.stdin)
    for form in (as_tuples, as_lists):
        batch = []
        for call in calls:
            wanted = outcome(plain.batt, form(*call))
            batch.append((form(*call), wanted))
            count += 1
            if outcome(compiled.batt, form(*call)) != wanted:
                differ += 1
                print('differs: %s, %s, C %s' % (call[0], form.__name__, 'None' if call[3] is None else 'given'))
        results = compiled.batt_batch([arguments for arguments, wanted in batch], 3)
        for result, (arguments, wanted) in zip(results, batch):
            got = type(result).__name__ if isinstance(result, Exception) else view(result)
            if got != wanted:
                differ += 1
                print('differs in a batch: %s, %s' % (arguments[0], form.__name__))
    print('%d calls, %d differ' % (count, differ))


if __name__ == '__main__':
    sys.modules['cupy'] = None
    sys.path.insert(0, '.')
    modules = [importlib.import_module(name) for name in sys.argv[2:4]]
    {'sets': compare_sets, 'calls': compare_calls}[sys.argv[1]](*modules)
