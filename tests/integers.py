#!/usr/bin/env python3
"""Integers near the edges of 61 bits: CPython's value, or the limit `integer` where that value does not fit.

A program of some thousand ops, each an operation on two or three of the VALUES, is run by `battc verify`: no value may differ,
and there have to be as many limit values as CPython has results that do not fit. Every op stands there twice: with operands that
are known when the program is compiled, and with others that depend on the sample. Literals stand in every place for one.
"""

import itertools
import re
import types

from support import EXIT_LIMIT, QUICK, Folder, Report, battc, short, task

LARGEST, SMALLEST = 2 ** 60 - 1, -2 ** 60
TABLE = '''(
    0, 1, -1, 2, -3, 7, 60, 100, 2 ** 30, 2 ** 31 - 1, -2 ** 31, 2 ** 32 + 1, 2 ** 53, 2 ** 53 + 1, -2 ** 53 - 1, 2 ** 59,
    -2 ** 59 - 1, 2 ** 59 - 1 + 2 ** 59, 2 ** 59 - 2 + 2 ** 59, -2 ** 59 - 2 ** 59, 1 - 2 ** 59 - 2 ** 59, True, False)'''

# The kinds of Python code that make numbers, without steps between that could be larger than the result. Exponents and shifts are
# kept small.
FUNCTIONS = '''
def add(a, b): return a + b
def sub(a, b): return a - b
def mul(a, b): return a * b
def floordiv(a, b): return a // b
def mod(a, b): return a % b
def truediv(a, b): return a / b
def both(a, b): return divmod(a, b)
def bits_and(a, b): return a & b
def bits_or(a, b): return a | b
def bits_xor(a, b): return a ^ b
def left(a, b): return a << b % 70
def right(a, b): return a >> b % 70
def power(a, b): return a ** (b % 64)
def inverse(a, b): return a ** -(b % 4)
def power_mod(a, b): return pow(a, b % 1000, 2 ** 59 + 12345)
def power_of_mod(a, b): return pow(3, a % 2 ** 40, b)
def add_to(a, b):
    a += b
    return a
def sub_from(a, b):
    a -= b
    return a
def mul_by(a, b):
    a *= b
    return a
def shift_by(a, b):
    a <<= b % 70
    return a
def three(a, b): return a - b if a < b else b - a if b < a else -a
def compared(a, b): return a < b, a <= b, a == b, a != b, a > b, a >= b, a is b if type(a) is bool else None
def with_float(a, b): return a < float(b), a == float(b), float(a) <= b, a + 0.5, b * 1.0, a / 3.0, int(float(b) / 2)
def float_ops(a, b): return float(a) // 7 if b else float(a) % 7.5, float(a) - b, a ** 0.5 if a > 0 else 0.0
def total(a, b): return sum((a, b))
def total_with_start(a, b): return sum([b], a)
def total_made(a, b): return sum(x for x in (a, b))
def total_loop(a, b):
    n = 0
    for x in (b, a):
        n += x
    return n
def extremes(a, b): return max(a, b), min((a, b, 0)), sorted((a, b, 2 ** 53), reverse=True), abs(b // 2)
def order(a, b): return tuple({a, b, 5}), tuple(frozenset((b, (a, b), 3, a))), hash(a), hash((a, b)), hash(float(a)), {a: 1, b: 2}
def found(a, b): return (1, a, 2 ** 40, b).index(b), [a, b, a].count(a), a in (b, 1.0), a in {b, float(a)}
def texts(a, b): return str(a), int(str(b)), f'{a} {b}', repr(-(b // 2)), int(f' {a} ') if type(a) is int else 0
def large_text(a, b): return int(str(abs(a)) + str(abs(b))) if type(a) is int and type(b) is int else 0
def wholes(a, b): return int(a), round(b), bool(a), +b, int(-(b // 2) * 1.0)
def rounded(a, b): return round(a, -2), round(b, -17)
def negative(a, b): return -a, ~b
def magnitude(a, b): return abs(a)
def from_float(a, b): return int(float(a))
def steps(a, b): return tuple(range(a, a + 5, 2))[:3]
def span(a, b): return len(range(0, a // 4, b % 1000 + 1)), a in range(-5, b), range(a, b, 7) == range(b, a, 7)
def backwards(a, b): return next(iter(range(b, b - 3, -1))), range(0, b, 3)[:5:2], tuple(reversed(range(b - 3, b)))
def numbered(a, b): return tuple(enumerate('ab', a))
def pieces(a, b): return (1, 2, 3, 4)[a:b], [5, 6, 7][::a or 1], 'abc'[b:], (1, 2)[a % 2], range(9)[a:b:2]
def item(a, b): return (1, 2, 3)[a]
def few(a, b): return (a,) * (b % 3), [b] * -abs(a % 5), 'x' * (a % 4)
def logic(a, b): return a and b, a or b, not a, a if b else -1, bool(a) + bool(b), a == b or a - b
def largest(a, b): return 1152921504606846975, -1152921504606846975, 0xfffffffffffffff, 0o77777777777777777777, a
def pair(a, b): return tuple(map(lambda x, y: x + y, (a, 1), (b, 2)))
'''
ALONE = ('add', 'sub', 'mul', 'floordiv', 'left', 'power', 'negative')  # also with all pairs of values


def namespace():
    """The table and the functions as CPython has them."""
    module = {}
    exec(f'TABLE = {TABLE}\n{FUNCTIONS}', module)
    return module


def combinations(module):
    """(function, i, k): numbers of its operands in the table."""
    n = len(module['TABLE'])
    names = [name for name, value in module.items() if type(value) is types.FunctionType]
    for number, name in enumerate(names):
        every = name in ALONE and not QUICK
        for at, (i, k) in enumerate(itertools.product(range(n), repeat=2)):
            if every or at % 4 == number % 4:
                yield name, i, k


def fits(value):
    """Whether all ints in a value have 61 bits."""
    if isinstance(value, int):
        return SMALLEST <= value <= LARGEST
    if isinstance(value, dict):
        return fits(tuple(value.items()))
    if isinstance(value, range):
        return fits((value.start, value.stop, value.step))
    return all(map(fits, value)) if isinstance(value, (tuple, list, set, frozenset)) else True


def is_limit(function, a, b):
    """Whether CPython's value does not fit."""
    try:
        return not fits(function(a, b))
    except (ArithmeticError, ValueError, IndexError, TypeError):
        return False


def program(ops, known):
    """The ops as a program; known: with operands that the compiler knows."""
    used = sorted({k for _, *operands in ops for k in operands})
    lines = [f'TABLE = {TABLE}', FUNCTIONS, 'def known(k): return TABLE[k]', 'def depends(I, k): return TABLE[k + I[0][0] - I[0][0]]',
             'def batt(task_id, S, I, C, log_path):', '    s = []', '    o = []']
    lines += [f'    x{k} = known({k})' if known else f'    x{k} = depends(I, {k})' for k in used]
    for number, (name, i, k) in enumerate(ops):
        lines += ['    try:', f'        t{number} = {name}(x{i}, x{k})', '    except (ZeroDivisionError, OverflowError, ValueError, IndexError, TypeError):',
                  f'        t{number} = known(5)']
    return '\n'.join(lines + ['    o.append((0, t0))', '    return o, s', ''])


LITERALS = (5, 2 ** 59, 2 ** 60 - 1, 2 ** 60, 2 ** 61 - 1, 2 ** 61, 2 ** 63 - 1, 2 ** 63, 2 ** 64, 10 ** 25)


def literals():
    """(program with literals, number of ops whose value does not fit)"""
    above, ops = ['def same(x): return x'], []
    for k, value in enumerate(v for literal in LITERALS for v in (literal, -literal)):
        above += [f'NAMED{k} = {value}', f'NESTED{k} = ({k}, ({value},))', f'def default{k}(x={value}): return x',
                  f'def inside{k}(): return ({value},)', f'def unreached{k}(x): return {value} if x else x', f'def sign{k}(x): return x < {value}']
        ops += [(expression, value) for expression in
                (f'same({value})', f'{value}', f'same(NAMED{k})', f'NAMED{k}', f'same(NESTED{k})', f'default{k}()', f'inside{k}()',
                 f'sign{k}(1)', f'same({{{value}, 1, 2}})')]
        ops += [(f'unreached{k}(0)', 0), (f'same({hex(value)})', value), (f'same({value:_})', value)]
    lines = [*above, 'def batt(task_id, S, I, C, log_path):', '    s = []', '    o = []']
    for number, (expression, _) in enumerate(ops):
        lines += ['    try:', f'        t{number} = {expression}', '    except Exception:', f'        t{number} = 5']
    return '\n'.join(lines + ['    o.append((0, t0))', '    return o, s', '']), sum(not fits(value) for _, value in ops)


def verify(report, name, text, limits, samples=1):
    """Run `battc verify`; compare its counts."""
    tasks = {'aaaaaaa1': task([([[1, 2]], [[2, 1]])] * samples, [])}
    with Folder() as folder:
        done = battc('verify', folder.write('batt.py', text), '--data', folder.write_tasks(tasks), '--calls', 'first')
    last = done.stdout.strip().splitlines()[-1:] or ['']
    found = re.match(r'0 mismatches: .* ([\d,]+) limit values?', last[0])
    report.check(f'{name}: no mismatch', found, short(done.stdout + done.stderr, 3000))
    if found:
        report.equal(f'{name}: limit values', int(found[1].replace(',', '')), limits)
        report.equal(f'{name}: exit code', done.returncode, EXIT_LIMIT if limits else 0)


def main():
    report = Report()
    module = namespace()
    ops = list(combinations(module))
    table = module['TABLE']
    limits = sum(is_limit(module[name], table[i], table[k]) for name, i, k in ops)
    for known in (False, True):
        verify(report, f"{len(ops)} ops, operands {'known' if known else 'not known'}", program(ops, known), limits)
    verify(report, 'literals', *literals())
    report.finish()


if __name__ == '__main__':
    main()
