"""Tests of `battc verify`: python3 verify.py BATTC

Small programs with exotic values on which battc and CPython agree, programs made to differ by a
Python that changes what it is given, and what goes wrong around them.
"""
import json
import os
import re
import signal
import stat
import subprocess
import sys
import tempfile
import time
import unittest

BATTC = None
TASKS = {
    'aaaaaaaa': {'train': [{'input': [[0, 1], [2, 3]], 'output': [[1, 0], [3, 2]]},
                           {'input': [[5]], 'output': [[6]]}],
                 'test': [{'input': [[7, 8]], 'output': [[8, 7]]}]},
    'bbbbbbbb': {'train': [{'input': [[1, 1, 2]], 'output': [[2]]}], 'test': [{'input': [[4]]}]},
}
SAMPLES, CALLS = 5, 9  # the last sample has no output

VALUES = '''
from math import nan, inf
from collections import Counter
def spread(n):
    return frozenset((i * 37 % 101, i) for i in range(n))
def mixed():
    return {1, 2.5, (3, frozenset({4}))}
def numbers():
    return nan, inf, -inf, 1e16, 0.1, -0.0, 1e-07, True, 1, 0, False, -5
def texts():
    return 'plain', "it's", 'both \\' and "', 'tab\\t', '\\\\', '\\x00\\x7f', '\\xe9', '\\u20ac', '\\U0001f600', '<', ''
def adder(n):
    return lambda x: x + n
def nested(depth):
    x = ()
    for i in range(depth):
        x = (x,)
    return x
def generated(xs):
    return (x for x in xs)
def first(xs):
    return next(iter(xs))
def batt(task_id, S, I, C, log_path):
    """Values of all kinds."""
    s = []
    o = []
    t1 = spread(40)
    t2 = mixed()
    t3 = numbers()
    t4 = texts()
    t5 = adder(3)
    try:
        t6 = t5(C)
    except (TypeError, ValueError):
        t6 = ()
    t7 = Counter((1, 2, 2, 3, 3, 3))
    t8 = {'a': [1, {2}, set(), frozenset(), {}], 'b': range(3), 'c': (1,)}
    t9 = generated(I)
    t10 = [max, int, t5, spread, len, (1,).count, None]
    t11 = t8.keys()
    try:
        t12 = first(())
    except Exception:
        t12 = 'empty'
    t13, t14 = S[0]
    t15 = nested(2000)
    t16 = t1 - frozenset(((0, 0), (37, 1)))
    t1 = 'bound again'
    s.append((1, 'None', t3))
    o.append((2, True, t16, t1))
    o.append(t15)
    return o, s
'''

ITERATORS = '''
from itertools import product
def made(function, *xs):
    return function(*xs)
def some(it, n):
    out = []
    for x in it:
        out.append(x)
        if len(out) >= n:
            break
    return out
def pairs(xs):
    it = iter(xs)
    return zip(it, it)
def changed(container):
    it = iter(container)
    container.update({7: 8} if isinstance(container, dict) else {99})
    return it
def appended():
    x = [1, 2, 3]
    it = iter(x)
    x.append(9)
    return it, it, x
def doubled(xs):
    return (x + x for x in xs)
def deep(n):
    it = iter((1, 2, 3))
    for i in range(n):
        it = enumerate(it)
    return it
def batt(task_id, S, I, C, log_path):
    s = []
    o = []
    t1 = made(iter, I)
    t2 = made(iter, frozenset((i * 37 % 101, i) for i in range(20)))
    t3 = some(t2, 7)
    t4 = made(zip, t1, (1, 2, 3))
    t5 = pairs(range(9))
    t6 = some(t5, 2)
    t7 = made(enumerate, 'abc', 3)
    t8 = some(t7, 1)
    t9 = made(reversed, I)
    t10 = made(reversed, [1, 2, 3])
    t11 = some(t10, 1)
    t12 = made(product, range(3), 'ab')
    t13 = some(t12, 4)
    t14 = made(product, range(50), range(50))
    t15 = changed({1, 2, 3})
    t16 = changed({1: 2, 3: 4})
    t17 = appended()
    t18 = doubled(I)
    t19 = made(map, len, I)
    t20 = made(zip, t18, I)
    t21 = made(iter, {1: 2, 3: 4}.items())
    t22 = some(t21, 1)
    t23 = made(iter, ())
    t24 = some(t23, 3)
    t25 = made(zip, changed({1, 2}), ())
    t26 = made(zip, (), changed({1, 2}))
    t27 = made(reversed, {1: 2, 3: 4})
    t28 = made(enumerate, zip(range(3), frozenset((5, 8, 13))))
    t29 = some(t28, 1)
    t30 = deep(30)
    t31 = made(product, (), I)
    t32 = made(iter, range(10 ** 9))
    t33 = made(iter, ((1, [t7]), {2}, t9))
    t34 = made(enumerate, t19)
    t35 = made(zip)
    t36 = made(iter, S)
    t37 = some(t36, 1)
    s.append((1, 'None', t5))
    o.append((2, True, t12, t1))
    o.append(t33)
    return o, s
'''


class Verify(unittest.TestCase):
    """Each test has a folder of its own with the data in it."""

    def setUp(self):
        self.temp = tempfile.TemporaryDirectory()
        self.folder = self.temp.name
        self.write('data.json', json.dumps(TASKS))

    def tearDown(self):
        self.temp.cleanup()

    def write(self, name, text):
        path = os.path.join(self.folder, name)
        with open(path, 'w', encoding='utf-8') as file:
            file.write(text)
        return path

    def verify(self, program, *options, name='prog.py', code=0):
        """Output of a run, once its exit code is the expected one."""
        path = self.write(name, program)
        command = [BATTC, 'verify', path, '--data', os.path.join(self.folder, 'data.json'), *options]
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=120)
        self.assertEqual(done.returncode, code, done.stdout)
        return done.stdout

    def python(self, changes, second_only=False):
        """A Python that runs the program with texts replaced."""
        return self.script('''
import os, sys, tempfile
changes, second_only = %r, %r
args = sys.argv[1:]
if not second_only or os.environ['PYTHONHASHSEED'] == '2':
    text = open(args[2]).read()
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    changed = os.path.join(tempfile.mkdtemp(dir=os.path.dirname(args[2])), 'prog.py')
    open(changed, 'w').write(text)
    args.insert(3, os.path.dirname(args[2]))
    args[2] = changed
os.execv(sys.executable, [sys.executable] + args)
''' % (changes, second_only))

    def script(self, text):
        path = self.write('other-python', '#!%s\n%s' % (sys.executable, text))
        os.chmod(path, stat.S_IRWXU)
        return path

    def counts(self, output):
        """Numbers of the last line by the word after them, the first where there are several."""
        line = output.strip().splitlines()[-1]
        numbers = {}
        for n, word in re.findall(r'(\d[\d,]*) (\w+)', line):
            numbers.setdefault(word.rstrip('es'), int(n.replace(',', '')))
        return numbers

    # ---- agreement ----

    def test_values_of_all_kinds(self):
        output = self.verify(VALUES)
        counts = self.counts(output)
        self.assertEqual(counts['mismatch'], 0)
        self.assertEqual((counts['sampl'], counts['call']), (SAMPLES, CALLS))
        self.assertEqual(counts['valu'], 15 * CALLS)
        self.assertIn('%d nested too deeply' % CALLS, output)

    def test_values_that_are_pickled(self):
        """Batches, frames, lengths and widths at their edges; frozensets that are one object many times."""
        self.write('values.py', '''
nan = float('nan')
def lists(n):
    return list(range(n)), [list(range(n))] * 3
def sets(n):
    return set(range(n)), frozenset(range(-n, 0)), {frozenset((i, -i)) for i in range(n)}
def dicts(n):
    return {i: (i, str(i)) for i in range(n)}
def ints():
    return [s * (2 ** k + d) for k in range(1, 59) for s in (1, -1) for d in (-1, 0, 1)], [True, 1, False, 0, None]
def texts(n):
    return ('a' * n, ['\xe9' * n], 'G' * n)
def floats():
    return ((nan, -nan, 0.0, -0.0, 1.5, (nan,)), (1, nan), [nan] * 40)
def same(n):
    part = frozenset((n, n + 1))
    return (part,) * n, [(part, part)] * n
def grids(n):
    return tuple(tuple(i * j % 10 for i in range(30)) for j in range(n))
''')
        calls = ['lists(%d)' % n for n in (0, 1, 2, 999, 1000, 1001, 2000, 3001)]
        calls += ['sets(%d)' % n for n in (0, 1, 999, 1000, 1001, 2000)] + ['dicts(%d)' % n for n in (0, 1, 999, 1000, 1001, 3000)]
        calls += ['ints()', 'floats()'] + ['texts(%d)' % n for n in (0, 1, 127, 128, 255, 256, 70000)]
        calls += ['same(%d)' % n for n in (1, 49, 50, 51, 200)] + ['grids(%d)' % n for n in (1, 70, 71, 1090, 1092, 3000)]
        lines = ['from values import *', 'def batt(task_id, S, I, C, log_path):', '    s = []', '    o = []']
        for number, call in enumerate(calls):
            lines += ['    t%d = %s' % (number, call), '    o.append((%d, t%d))' % (number, number)]
        output = self.verify('\n'.join(lines + ['    return o, s', '']), '--samples', '1', '--calls', 'first')
        counts = self.counts(output)
        self.assertEqual((counts['mismatch'], counts['valu']), (0, len(calls) - 1), output)
        self.assertIn('1 nested too deeply', output)

    def test_many_frozensets_in_a_list(self):
        output = self.verify('''
def batt(task_id, S, I, C, log_path):
    s = []
    o = []
    t1 = [frozenset((k, 5)) for k in range(120)]
    t2 = {frozenset((k, 5)): [t1] for k in range(60)}
    o.append((1, t1))
    return o, s
''')
        self.assertEqual(self.counts(output)['mismatch'], 0)

    def test_calls_that_end(self):
        output = self.verify('''
def add(a, b):
    return a + b
def batt(task_id, S, I, C, log_path):
    s = []
    o = []
    t1 = len(I)
    t2 = add(C, ())

    t3 = add(t2, undefined)
    t4 = len(t3)
    o.append((1, t4))
    return o, s
''')
        self.assertEqual(self.counts(output)['mismatch'], 0)

    def test_recursion_limit(self):
        output = self.verify('''
def down(n):
    return 0 if n == 0 else 1 + down(n - 1)
def deepest(n):
    try:
        return 1 + deepest(n)
    except RecursionError:
        return 1
def batt(task_id, S, I, C, log_path):
    s = []
    o = []
    t1 = deepest(0)
    try:
        t2 = down(998)
    except RecursionError:
        t2 = 'too deep'
    try:
        t3 = down(997)
    except RecursionError:
        t3 = 'too deep'
    try:
        t4 = down(996)
    except RecursionError:
        t4 = 'too deep'
    o.append((1, t1, t2, t3, t4))
    return o, s
''')
        self.assertEqual(self.counts(output)['mismatch'], 0)

    def test_bundled_dsl(self):
        output = self.verify('''
from dsl import *
from constants import *
from safe_dsl import _get_safe_default
from batt_gpu import batch_process_samples_gpu

def batt(task_id, S, I, C, log_path):
    s = []
    o = []
    t1, t2, t3, t4 = batch_process_samples_gpu(S)
    try:
        t5 = identity(p_g)
    except (TypeError, AttributeError, ValueError, IndexError, KeyError):
        t5 = _get_safe_default(identity)
    try:
        t6 = t5(C)
    except (TypeError, AttributeError, ValueError, IndexError, KeyError):
        t6 = _get_safe_default(t5)
    try:
        t7 = power(identity, 2000)
    except (TypeError, AttributeError, ValueError, IndexError, KeyError):
        t7 = _get_safe_default(power)
    try:
        t8 = t7(I)
    except (TypeError, AttributeError, ValueError, IndexError, KeyError):
        t8 = _get_safe_default(t7)
    s.append((6, 'None', 'differ', t6))
    o.append((8, False, 'aaaaaaaa', t8))
    return o, s
''')
        self.assertEqual(self.counts(output)['mismatch'], 0)
        self.assertIn('stand-in', output)

    def test_packages_that_are_missing(self):
        self.write('helper.py', '''
import sys
from tqdm import tqdm
import joblib
try:
    import cupy
    GPU = True
except ImportError:
    GPU = False
print('noise on standard output')
print('noise on standard error', file=sys.stderr)
def gpu():
    return GPU
''')
        self.verify('''
from helper import *
def batt(task_id, S, I, C, log_path):
    s = []
    o = []
    t1 = gpu()
    o.append(t1)
    return o, s
''')

    def test_other_shapes(self):
        output = self.verify('''
def batt(task_id, S, I, C, log_path):
    s = []
    o = []
    for n, row in enumerate(I):
        o.append((n, frozenset(row)))
    if C is None:
        return o, s
    s.append(C)
    return s, o
''')
        self.assertEqual(self.counts(output)['mismatch'], 0)

    def test_entries(self):
        program = '''
def solve_aaaaaaaa(I):
    return tuple(row[::-1] for row in I)
def solve_bbbbbbbb(S, I, C):
    return 1 // (len(I[0]) - 1), C
def test_all():
    assert solve_aaaaaaaa(((1, 2),)) == ((2, 1),)
'''
        counts = self.counts(self.verify(program, '--entry', 'solve_*'))
        self.assertEqual((counts['mismatch'], counts['sampl'], counts['call']), (0, 5, 6))
        counts = self.counts(self.verify(program, '--entry', 'solve_aaaaaaaa', '--all-pairs'))
        self.assertEqual((counts['mismatch'], counts['call']), (0, 5))
        counts = self.counts(self.verify(program, '--entry', 'test_*'))
        self.assertEqual((counts['mismatch'], counts['call']), (0, 1))

    def test_samples(self):
        for n in (1, 2, 3, 5, 50):
            counts = self.counts(self.verify(VALUES, '--samples', str(n), '--calls', 'first'))
            self.assertEqual(counts['sampl'], min(n, SAMPLES))
            self.assertEqual(counts['call'], min(n, SAMPLES))

    # ---- differences ----

    DIFFERENT = '''
def grid(I):
    return ((1, 2), (3, 4))
def size(x):
    return len(x)
def batt(task_id, S, I, C, log_path):
    s = []
    o = []
    t1 = len(I)
    t2 = grid(I)
    t3 = size(t2)
    o.append((1, 'name', t3))
    o.append((1, 'name', t1))
    return o, s
'''

    def test_one_value(self):
        python = self.python([('(3, 4))', '(3, 5))')])
        output = self.verify(self.DIFFERENT, '--python', python, code=1)
        counts = self.counts(output)
        self.assertEqual((counts['mismatch'], counts['valu']), (CALLS, 3 * CALLS))
        self.assertEqual(output.count('mismatch in'), 1)
        self.assertIn('task aaaaaaaa, demo sample 0, first call', output)
        self.assertIn('prog.py:10: t2 = grid(I)', output)
        self.assertIn('    CPython:\n        12\n        35\n', output)
        self.assertIn('    battc:  \n        12\n        34\n', output)
        self.assertIn('callee = <grid>', output)
        self.assertIn('    I =\n        01\n        23\n', output)

    def test_dependent_values_are_counted_only(self):
        python = self.python([('((1, 2), (3, 4))', '((1, 2),)')])
        output = self.verify(self.DIFFERENT, '--python', python, '--samples', '1', '--calls', 'first', code=1)
        self.assertEqual(self.counts(output)['mismatch'], 2)
        self.assertEqual(output.count('mismatch in'), 1)

    def test_returned_lists(self):
        python = self.python([("'name', t3", "'other', t3")])
        output = self.verify(self.DIFFERENT, '--python', python, '--samples', '1', '--calls', 'first', code=1)
        self.assertIn('item 0 of returned list 1', output)
        self.assertIn("(1, 'other', 2)", output)
        python = self.python([("o.append((1, 'name', t1))", '')])
        output = self.verify(self.DIFFERENT, '--python', python, '--samples', '1', '--calls', 'first', code=1)
        self.assertIn('returned list 1 has 1 items in CPython, 2 in battc', output)

    def test_how_calls_end(self):
        python = self.python([('len(I)', 'I[99]')])
        output = self.verify(self.DIFFERENT, '--python', python, '--samples', '1', code=1)
        self.assertIn('CPython: IndexError in line 9', output)
        self.assertIn('a result', output)

    def test_iteration_order(self):
        program = '''
def one(I):
    return frozenset((8, 0))
def batt(task_id, S, I, C, log_path):
    s = []
    o = []
    t1 = one(I)
    return o, s
'''
        python = self.python([('(8, 0)', '(0, 8)')])
        output = self.verify(program, '--python', python, '--samples', '1', code=1)
        self.assertIn('frozenset({0, 8})', output)
        self.assertIn('frozenset({8, 0})', output)

    def test_unlike_types(self):
        python = self.python([('len(I)', 'True')])
        self.verify(self.DIFFERENT, '--python', python, '--task', 'bbbbbbbb', '--samples', '1', code=1)

    def test_iterators(self):
        counts = self.counts(self.verify(ITERATORS))
        self.assertEqual((counts['mismatch'], counts['valu']), (0, 37 * CALLS))

    def test_what_iterators_have_left(self):
        for change in [('some(t2, 7)', 'some(t2, 7) and []; next(t2)'), ('range(9)', 'range(11)'), ('range(50), range(50)', 'range(50), range(49)')]:
            self.verify(ITERATORS, '--python', self.python([change]), '--samples', '1', code=1)
        output = self.verify(ITERATORS, '--python', self.python([('some(t5, 2)', 'some(t5, 1)')]), '--samples', '1', code=1)
        self.assertIn('iterator((4, 5), (6, 7))', output)
        self.assertIn('iterator((2, 3), (4, 5), (6, 7))', output)

    # ---- what CPython does not repeat ----

    def test_not_repeatable(self):
        python = self.python([('(3, 4))', '(3, 5))')], second_only=True)
        counts = self.counts(self.verify(self.DIFFERENT, '--python', python))
        self.assertEqual((counts['mismatch'], counts['valu']), (0, 2 * CALLS))
        self.assertIn('%d values not repeatable' % CALLS, self.verify(self.DIFFERENT, '--python', python))

    def test_order_from_addresses(self):
        output = self.verify('''
def addresses():
    return frozenset((None, 1, 2, 3, len, max, 'a', 'b', 'c'))
def one(xs):
    return next(iter(xs))
def batt(task_id, S, I, C, log_path):
    s = []
    o = []
    t1 = addresses()
    t2 = one(t1)
    t3 = len(t1)
    return o, s
''')
        self.assertEqual(self.counts(output)['mismatch'], 0)

    def test_calls_that_do_not_end(self):
        output = self.verify('''
def wait(I):
    while True:
        try:
            for n in range(10 ** 9):
                pass
        except:
            return len(I)
def batt(task_id, S, I, C, log_path):
    s = []
    o = []
    t1 = len(I)
    t2 = wait(I)
    o.append((1, t2))
    return o, s
''', '--timeout', '0.2', '--steps', '10000', '--samples', '2', '--calls', 'first')
        counts = self.counts(output)
        self.assertEqual((counts['mismatch'], counts['valu'], counts['call']), (0, 0, 2))
        self.assertIn('2 calls longer than the time-out in CPython', output)

    # ---- lines ----

    def test_lines(self):
        """A call that an exception ends: on which of an op's lines."""
        for op in ('t1 = len(\n        missing)', 't1 = \\\n        len(5)', 't1 = (I,\n        I[\n        99])',
                   't1 = (I\n        .index(\n        99))', 't1, t2 = \\\n        len(\n        I[99])',
                   't1, t2 = \\\n        len(\n        I)', 't1 = failing(\n        I)',
                   'try:\n        t1 = len(5)\n    except TypeError:\n        t1 = len(\n            missing)'):
            self.lines_agree(op)

    def lines_agree(self, op):
        program = '''
def failing(x):
    return x[
        99]
def batt(task_id, S, I, C, log_path):
    s = []
    o = []
    %s
    o.append((1, t1))
    return o, s
''' % op
        output = self.verify(program)
        self.assertEqual(self.counts(output)['mismatch'], 0, op)

    # ---- limits ----

    def test_limit_values(self):
        output = self.verify('''
def big(n):
    return 10 ** n
def batt(task_id, S, I, C, log_path):
    s = []
    o = []
    t1 = big(100)
    t2 = big(2)
    o.append((1, t2))
    return o, s
''', code=4)
        self.assertIn('%d limit values' % CALLS, output)
        self.assertIn('prog.py:7: t1 = big(100)', output)

    # ---- errors ----

    def test_bad_options(self):
        self.verify(VALUES, '--samples', 'x', code=2)
        self.verify(VALUES, '--samples', '0', code=2)
        self.verify(VALUES, '--stats', 'x.json', code=2)
        self.verify(VALUES, '--nonsense', code=2)
        done = subprocess.run([BATTC, 'verify', '--data', self.folder], capture_output=True, text=True)
        self.assertEqual(done.returncode, 2)
        done = subprocess.run([BATTC, 'verify', '--help'], capture_output=True, text=True)
        self.assertEqual((done.returncode, done.stdout.startswith('usage: battc verify')), (0, True))

    def test_no_such_python(self):
        self.assertIn('cannot start no-such-python', self.verify(VALUES, '--python', 'no-such-python', code=3))

    def test_no_python_at_all(self):
        self.assertIn('did not start', self.verify(VALUES, '--python', 'true', code=3))
        talker = self.script('print("hello, world" * 99)')
        self.assertIn('did not start', self.verify(VALUES, '--python', talker, code=3))

    def test_import_fails(self):
        self.write('helper.py', 'VALUE = 1\n')
        python = self.python([('VALUE', 'MISSING')])
        output = self.verify('from helper import VALUE\n' + self.DIFFERENT, '--python', python, code=3)
        self.assertIn("cannot import name 'MISSING'", output)
        self.assertIn('prog.py:1', output)

    def test_crash(self):
        python = self.python([('len(I)', '__import__("os")._exit(3)')])
        output = self.verify(self.DIFFERENT, '--python', python, code=3)
        self.assertIn('task aaaaaaaa, sample 0, first call', output)

    def test_program_that_does_not_compile(self):
        self.verify('def batt(', code=3)
        self.verify('x = 1\n', code=3)

    def test_data_missing(self):
        path = self.write('prog.py', VALUES)
        self.assertEqual(subprocess.run([BATTC, 'verify', path], stderr=subprocess.DEVNULL).returncode, 2)
        self.verify(VALUES, '--task', 'cccccccc', code=3)

    def test_interrupt(self):
        python = self.python([('len(I)', '[len(I), __import__("time").sleep(60)][0]')])
        path = self.write('prog.py', self.DIFFERENT)
        command = [BATTC, 'verify', path, '--data', os.path.join(self.folder, 'data.json'), '--python', python]
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(1.5)
        start = time.time()
        process.send_signal(signal.SIGINT)
        self.assertEqual(process.wait(20), 130)
        self.assertLess(time.time() - start, 10)


if __name__ == '__main__':
    BATTC = os.path.abspath(sys.argv.pop(1))
    unittest.main()
