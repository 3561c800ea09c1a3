"""How a compiled module behaves in Python. Run by tests/module.py in a folder with program.so, plain.py of the same text
and entries.so, with any Python from 3.8 on; prints a line for each check. A name chooses one."""

import copy
import importlib
import inspect
import math
import multiprocessing
import os
import pickle
import signal
import subprocess
import sys
import threading
import time

sys.path.insert(0, '.')
sys.modules['cupy'] = None
import program  # noqa: E402

GRID = ((1, 0, 2), (0, 3, 0))
SAMPLES = ((GRID, GRID[::-1]), (GRID[::-1], GRID))


def call(how=None):
    return program.batt('task', SAMPLES, GRID, how, None)


def raised(function, *arguments, **keywords):
    try:
        function(*arguments, **keywords)
    except BaseException as error:
        return error
    return None


def check_file():
    assert program.__file__.endswith('program.so'), program.__file__
    assert str(inspect.signature(program.batt)) == '(task_id, S, I, C, log_path)'
    assert program.batt.__name__ == 'batt' and program.batt.__module__ == 'program'


def check_kinds():
    o, s = call()
    assert type(o) is list and type(s) is list and type(o[0]) is tuple
    kinds, lists, atoms = o[0][3], o[1][3], o[2][3]
    assert kinds[0] is kinds[1] and type(kinds[0]) is frozenset
    assert kinds[2] is GRID and kinds[4] is GRID, 'the object that was given'
    assert lists[1][1] is GRID and type(lists[2]) is dict and type(lists[3]) is set
    assert atoms[0] is math.nan and atoms[4] is True and atoms[6] is len and atoms[7] is int and atoms[8] == range(3)
    assert call()[0][1][3] is not lists, 'what can change is made anew'


def check_given():
    """Objects that were given come back, those of this call, whether or not it could use what an equal one computed."""
    def copied():
        return pickle.loads(pickle.dumps((SAMPLES, GRID[::-1] * 2)))
    first, second = copied(), copied()
    for samples, grid in (first, second, (second[0], first[1]), (first[0], second[1]), first, first):
        for how in (None, copied()[1] * 2):
            o, s = program.batt('task', samples, grid, how, None)
            assert o[0][3][2] is grid and o[1][3][1][1] is grid and s[2][3] is how


def check_plain():
    import plain
    for how in (None, 'a text', 5, GRID, frozenset(GRID), [1, [2]], 2.5, {1: (2, 3)}, {4, 5}):
        o, s = call(how)
        wanted_o, wanted_s = plain.batt('task', SAMPLES, GRID, how, None)
        assert repr(o[:3]) == repr(wanted_o[:3]), how
        assert s[2] == wanted_s[2] and type(s[2][3]) is type(wanted_s[2][3]), how


def check_depth():
    import plain
    deeper = 'def f(batt, n):\n    return f(batt, n - 1) if n else batt("task", S, G, None, None)[1][0]'
    names = {'S': SAMPLES, 'G': GRID}
    exec(deeper, names)
    if sys.version_info[:2] != (3, 11):
        return
    for n in (0, 10, 100):
        assert names['f'](program.batt, n) == names['f'](plain.batt, n), n


def check_exceptions():
    import plain
    for how in ('KeyError', 'IndexError', 'ZeroDivisionError', 'AttributeError', 'TypeError', 'ValueError', 'UnboundLocalError',
                'RecursionError', 'AssertionError', 'StopIteration', 'OverflowError', 'MemoryError', 'KeyboardInterrupt'):
        error = raised(call, how)
        assert type(error).__name__ == how and type(error) is type(raised(plain.batt, 'task', SAMPLES, GRID, how, None)), how
        assert 'program.py, line' in str(error), error


def check_arguments():
    names = {'task_id': 'task', 'S': SAMPLES, 'I': GRID, 'C': None, 'log_path': None}
    assert program.batt(**names)[1][1:] == call()[1][1:]
    import entries
    import plain
    import plain_entries
    pairs = [(program.batt, plain.batt), (entries.solve_reverse, plain_entries.solve_reverse),
             (entries.solve_samples, plain_entries.solve_samples), (entries.solve_none, plain_entries.solve_none)]
    given = ('S', SAMPLES), ('I', GRID), ('more', 1)
    for compiled, python in pairs:
        for n in range(8):
            for keywords in ({}, dict(given[:1]), dict(given[1:2]), dict(given[2:]), dict(given[:2])):
                wanted = raised(python, *(1,) * n, **keywords)
                if wanted and compiled.__name__ + '()' in str(wanted):
                    got = raised(compiled, *(1,) * n, **keywords)
                    assert type(got) is TypeError and str(got) == str(wanted), (n, keywords, got, wanted)
    assert type(raised(call, object())) is TypeError and type(raised(call, b'')) is TypeError
    lists = [list(map(list, GRID)), GRID]
    before = program.batt('task', [lists], lists[0], None, None)
    lists[0][0][0] = 9
    after = program.batt('task', [lists], lists[0], None, None)
    assert before[0][0][3][2][0][0] == 1 and after[0][0][3][2][0][0] == 9


def check_closures():
    adder, counter, shifted, identity = call()[0][3][3]
    assert adder(1) == 11 and adder(1, 5) == 13 and adder(x=2, y=0) == 10
    assert shifted(frozenset({(0, 0, 5)})) == frozenset({(1, 1, 5)})
    assert identity(GRID) == GRID and identity is call()[0][3][3][3]
    assert counter(5)[0] == 1 and counter.__name__ == 'counter' and 'adder' in repr(adder)
    assert type(raised(adder)) is TypeError and type(raised(adder, object())) is TypeError
    order = call()[0][0][3][0]
    assert list(identity(order)) == list(order)


def check_pickle():
    result = call()
    for protocol in range(2, pickle.HIGHEST_PROTOCOL + 1):
        again = pickle.loads(pickle.dumps(result, protocol))
        assert repr(again[0][0]) == repr(result[0][0]) and again[0][1] == result[0][1]
        assert again[0][3][3][0](1) == 11 and again[0][3][3][3] is result[0][3][3][3]
        assert again[1][1][3] is result[1][1][3]
    assert pickle.loads(pickle.dumps(program.batt)) is program.batt
    assert pickle.loads(pickle.dumps(program)) is program, 'as functions that use it are sent to workers'
    error = pickle.loads(pickle.dumps(program.LimitError('steps', 'here')))
    assert error.kind == 'steps' and str(error) == 'limit steps: here'
    assert copy.deepcopy(result)[0][3][3][0](1) == 11


def items(it):
    """The first items, and what comes then."""
    got = []
    try:
        while len(got) < 700:
            got.append(next(it))
        return got, 'more'
    except Exception as error:
        return got, type(error).__name__, next(it, 'over')


def check_iterators():
    import plain
    wanted, got = (module.batt('task', SAMPLES, GRID, 'iterators', None)[0][4][3] for module in (plain, program))
    assert [type(it) for it in wanted[0]] == [type(it) for it in got[0]]
    for part, first in enumerate(wanted[:2]):
        for number, it in enumerate(first):
            if not part or number < len(first) - 1 or sys.version_info[:2] == (3, 11):  # the last counts frames
                assert items(it) == items(got[part][number]), (part, number)
    assert repr(wanted[2]) == repr(got[2])
    assert [taking() for taking in wanted[3]] == [taking() for taking in got[3]]
    a, b = got[4:]
    assert a is b and iter(a) is a and 'squares' in repr(a) and next(a) == (1, 1, 1)
    for other in (pickle.loads(pickle.dumps(a)), copy.copy(a)):
        assert list(other) == [(0, 2, 2), (4, 3, 3)]
    a.close()
    assert list(a) == [] and list(pickle.loads(pickle.dumps(a))) == []
    assert items(call('iterators')[0][4][3][4])[0][0] == (1, 1, 1), 'another call has its own'
    assert type(raised(call, b)) is TypeError and call(range(3, 9, 2))[1][2][3] == range(3, 9, 2)


def check_limits():
    value = call()[1][1][3]
    assert type(value) is program.Limit and value.kind == 'integer' and repr(value) == '<limit: integer>'
    assert value is program.Limit('integer') and value != 0
    program.limits(steps=100000)
    value = call('forever')[1][2][3]
    program.limits(steps=2000000000)
    assert value is program.Limit('steps'), value
    program.limits(timeout=0.05)
    value = call('forever')[1][2][3]
    program.limits(timeout=0)
    assert value is program.Limit('time'), value
    program.limits(memory=64)
    value = call('large')[1][2][3]
    program.limits(memory=1024)
    assert value is program.Limit('memory') and call('large')[1][2][3] == 20000000, value
    import entries
    entries.limits(steps=100000)
    error = raised(entries.solve_forever)
    assert type(error) is entries.LimitError and isinstance(error, RuntimeError) and error.kind == 'steps', error
    assert 'entries.py' in str(error), error
    assert raised(call, 1 << 70).kind == 'integer'
    assert len(call()[0]) == 5


def check_threads():
    wanted, got = repr(call()[0][:3]), []
    def work(n):
        for i in range(20):
            got.append(repr(program.batt('task', SAMPLES, GRID, None, None)[0][:3]) == wanted)
    threads = [threading.Thread(target=work, args=(n,)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert got == [True] * 120
    program.limits(steps=20000000)
    flag, ticks = [], 0
    def forever():
        flag.append(call('forever')[1][2][3].kind)
    thread = threading.Thread(target=forever)
    thread.start()
    while not flag:
        ticks += 1
        time.sleep(0.001)
    thread.join()
    program.limits(steps=2000000000)
    assert ticks > 3, 'the lock was not free'


def check_batch():
    calls = [('task', SAMPLES, grid, c, None) for grid in (GRID, GRID[::-1], GRID * 3) for c in (None, GRID, 'KeyError')] * 5
    wanted = [raised(program.batt, *arguments) or program.batt(*arguments) for arguments in calls]
    for jobs in (0, 1, 4):
        results = program.batt_batch(calls, jobs)
        assert [repr(r[0][:3]) if type(r) is tuple else repr(r) for r in results] == \
            [repr(r[0][:3]) if type(r) is tuple else repr(r) for r in wanted]
    assert type(results[2]) is KeyError
    assert results[0][1][0] == program.batt(*calls[0])[1][0], 'what depends on the depth of the stack'
    assert program.batt_batch([]) == []


def check_fork():
    call()
    pid = os.fork()
    if not pid:
        os._exit(0 if call()[1][1:] == program.batt_batch([('task', SAMPLES, GRID, None, None)])[0][1][1:] else 1)
    assert os.waitpid(pid, 0)[1] == 0


def in_worker(how):
    return repr(program.batt('task', SAMPLES, GRID, how, None)[0][:3])


def check_workers():
    wanted = [in_worker(None)] * 3
    for method in ('fork', 'spawn'):
        with multiprocessing.get_context(method).Pool(2) as pool:
            assert pool.map(in_worker, [None] * 3) == wanted, method
            results = pool.starmap(program.batt, [('task', SAMPLES, GRID, None, None)] * 3)
            assert results[2][0][3][3][0](1) == 11, method


def check_unchanged_reload():
    before = call()
    assert importlib.reload(program) is program and repr(call()[0][:3]) == repr(before[0][:3])
    assert pickle.loads(pickle.dumps(before[0][3][3][0]))(1) == 11


def last_check_reload():
    before, file = program.batt, program.__file__
    closure, own = call()[0][3][3][0], call()[0][3][3][3]
    os.rename('program.so', 'program.old')
    os.rename('changed.so', 'program.so')
    try:
        importlib.reload(program)
        assert program.batt is not before and call()[1][2][2] == 'changed', call()[1][2]
        assert program.__file__ == file
        assert closure(1) == 11 and own(GRID) == GRID, 'closures of the module as it was'
        assert type(raised(pickle.loads, pickle.dumps(closure))) is ValueError
        assert type(raised(program.batt, 'task', SAMPLES, GRID, closure, None)) is TypeError
        del sys.modules['program']
        again = importlib.import_module('program')
        assert again.batt('task', SAMPLES, GRID, None, None)[1][2][2] == 'changed'
    finally:
        sys.modules['program'] = program
        os.rename('program.so', 'changed.so')
        os.rename('program.old', 'program.so')


def check_interrupt():
    def press(after):
        timer = threading.Timer(after, os.kill, (os.getpid(), signal.SIGINT))
        timer.start()
        return timer
    for function in (lambda: call('forever'), lambda: program.batt_batch([('task', SAMPLES, GRID, 'forever', None)] * 3, 2)):
        timer, start = press(0.2), time.time()
        error = raised(function)
        timer.join()
        assert type(error) is KeyboardInterrupt and time.time() - start < 20, error
    seen = []
    old = signal.signal(signal.SIGINT, lambda *arguments: seen.append(1))
    program.limits(steps=300000000)
    timer = press(0.1)
    value = call('forever')[1][2][3]
    timer.join()
    program.limits(steps=2000000000)
    signal.signal(signal.SIGINT, old)
    assert value.kind == 'steps' and seen == [1], 'a handler that goes on'
    assert len(call()[0]) == 5


def check_subinterpreters():
    try:
        import _interpreters as interpreters
    except ImportError:
        try:
            import _xxsubinterpreters as interpreters
        except ImportError:
            return
    text = 'import sys\nsys.path.insert(0, ".")\ntry:\n    import program\nexcept ImportError as error:\n    open("said", "w").write(str(error))\n'
    made = interpreters.create()
    interpreters.run_string(made, text)
    interpreters.destroy(made)
    with open('said') as file:
        said = file.read()
    os.remove('said')
    assert 'program' in said and 'nterpreter' in said, said


def check_entries():
    import entries
    assert entries.solve_reverse(GRID) == GRID[::-1] and entries.solve_reverse(I=GRID) == GRID[::-1]
    assert entries.solve_samples(SAMPLES, GRID) == (2, GRID)
    assert list(entries.solve_none()) == list(frozenset((3, 1, 2)))
    assert not hasattr(entries, 'batt_batch')
    assert entries.call_batch('solve_reverse', [(GRID,), (GRID[::-1],)]) == [GRID[::-1], GRID]


def resident():
    with open('/proc/self/statm') as file:
        return int(file.read().split()[1]) * os.sysconf('SC_PAGE_SIZE')


def check_memory():
    def some(n):
        for i in range(n):
            grid = ((i % 7, i % 11), (i % 13, 0))
            program.batt('task', SAMPLES, grid, None if i % 3 else grid, None)
            if i % 5 == 0:
                program.batt('task%d' % (i % 3), SAMPLES, grid, 'KeyError' if i % 2 else (i,), None) if i % 2 == 0 else raised(call, 'KeyError')
            if i % 50 == 0:
                call()[0][3][3][0](i)
    count = int(os.environ.get('BATTC_CALLS', '4000'))
    some(count // 2)
    before = resident()
    some(count)
    grown = resident() - before
    assert grown < 3 << 20, '%d bytes more after %d calls' % (grown, count)


def check_import():
    text = 'import time\nt = time.process_time()\nimport program\nprint(time.process_time() - t)'
    times = [float(subprocess.check_output([sys.executable, '-c', text])) for _ in range(5)]
    assert min(times) < 0.05, times


def check_import_by_hand():
    """By its file, and never put into sys.modules."""
    text = """
import importlib.util, sys
spec = importlib.util.spec_from_file_location('program', sys.argv[1])
program = importlib.util.module_from_spec(spec)
spec.loader.exec_module(program)
assert 'program' not in sys.modules and callable(program.batt) and not hasattr(program, '_module')
"""
    subprocess.check_call([sys.executable, '-c', text, program.__file__])


def main():
    for name, check in sorted(globals().items()):
        if 'check_' not in name or sys.argv[1:] and name.partition('check_')[2] not in sys.argv[1:]:
            continue
        try:
            check()
            print('ok', name.partition('check_')[2], flush=True)
        except BaseException as error:
            import traceback
            line = traceback.extract_tb(error.__traceback__)[1].lineno
            print('FAIL %s: line %d: %s: %s' % (name.partition('check_')[2], line, type(error).__name__, str(error)[:300]), flush=True)


if __name__ == '__main__':
    main()
