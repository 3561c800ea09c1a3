#!/usr/bin/env python3
"""Every attribute of values of each type, every builtin function and many of math's, called with arguments of all kinds, and every operator on all pairs
of types: Python's outcome, or a limit.

What battc does not know has to be a limit: an exception or another value, which a handler would take for Python's, must never come of it.
"""

import math
import random
import re

from fuzz.compare import hangs_on_addresses
from support import Folder, Report, battc, encode, read_lines, short

VALUES = ['(5)', 'True', '(2.5)', '"ab c"', '(1, 2, 1)', '[3, 1, 2]', '{1, 2}', 'frozenset({1, 5})', '{1: 2, 3: 4}', 'range(5)', 'slice(1, 5)',
          'None', 'len', 'int', '(lambda x: x)', 'iter((1, 2))', 'ValueError("a", 1)', 'enumerate((1,))', 'zip((1,))', 'map(len, ((1,),))']
SPECIAL = {f'__{name}__' for name in ('len', 'contains', 'getitem', 'class', 'name', 'doc', 'hash', 'eq', 'add', 'iter', 'bool', 'sub', 'and', 'or',
                                      'int', 'float', 'index', 'lt', 'call', 'repr', 'str', 'mul')}
TO_METHODS = ['', '1', '0, 1', '(1, 2)', '[1]', '{1}', '{1: 5}', 'frozenset({1, 5})', '"a"', 'None', '"a", "b"', 'key=len', 'reverse=True', '1, 2, 3',
              'default=2']
FUNCTIONS = ('len zip enumerate map filter sorted reversed max min sum abs all any next iter isinstance issubclass hasattr getattr callable round '
             'divmod pow hash repr ascii format int bool float str tuple list set frozenset dict range slice type').split()
TO_FUNCTIONS = ['', '5', '-2.5', '"12"', '"a"', '(3, 1, 2)', '[1, 2]', '{1}', 'None', '5, 2', '(1, 2), 3', '5, int', 'int, int', 'len, (1,)',
                'None, (1, 0)', '(1, 2), (3, 4)', '5, 2, 3', '(1, 2), "real"', '1, "real"', '1, "nope", 3', 'iter((1,)), 5', 'key=len',
                '(1, 2), key=None', '((1, 2), (3,)), key=len', '(1, 2), reverse=True', '(1, 2), start=5', '(1, 2), default=3', '(), default=3',
                '"12", base=3', 'number=2.5, ndigits=1', '2.567, ndigits=1', 'base=2, exp=5', '2, 5, mod=3', 'object=5',
                '(1, 2), (3,), strict=True', 'iterable=(1, 2)', 'a=1, b=2', '((1, 2), (3, 4))', '(1,), bogus=1', '*((1, 2),)', '**{}']
OF_MATH = ('floor ceil sqrt inf nan pi isnan isinf prod gcd fabs hypot copysign log exp pow trunc fsum dist comb factorial isqrt fmod modf tau e sin '
           'atan2 degrees').split()
TO_MATH = ['', '2', '2.5', '-1', '2, 3', '(1, 2)', '"a"']
OPERATORS = '+ - * / // % ** << >> & | ^ @ < <= > >= == != in'.split()
OPERANDS = [*VALUES, '[]', '()', '""', '(0)', '(-1)', '(0.0)', '{}', 'set()', '((1, 2), (3, 4))', 'float("inf")', 'range(0)', '[(1, 2)]', '{(1, 2)}', 'slice(1, 5, 2)']
FLOATS = ['0.1 + 0.2', '1e16', '1e15', '123456789012345680.0', '1e-4', '1e-5', '1.5e-7', '-2.5e300', '1 / 3', '2 / 3', '5e-324', '1e22', '1e23', '0.1', '100.0',
          '9007199254740993.0', '1.7976931348623157e308', '0.00012345678901234567', '12345.678901234567', '-1e-10', 'float("nan")', '-float("inf")', '-0.0']
OF_ONE = ['-{}', '+{}', '~{}', 'not {}', '[*{}]', '(*{}, 1)', '{{*{}}}', '{{**{}}}', '(lambda *x: x)(*{})', '(lambda **x: x)(**{})', '1 if {} else 2',
          '{}[0]', '{}[-1]', '{}[1:]', '{}[::-1]', '{}[None]', '{}["a"]', '{}[(1, 2)]', '[x for x in {}]', '{{x for x in {}}}', '(lambda a, b: a)(*{})',
          "f'{{{}}}'", "f'{{ {}!r}}'", "f'{{ {}!s:>30}}'", "f'{{ {}!a:}}'", "f'{{ {} = }}'", "f'{{ {}=!s}}'", "f'{{ ({})=:}}'", '{}.real', '{}()', '{} or 5', '{} and 5', '{} is None']
TESTS_PER_FILE = 400
NOT_AGAIN = re.compile(r'hash\((None|"|len)|\(\(?lambda|__(hash|repr|str)__')  # these hang on addresses, or on the process
FORMATTED = ['0', '5', '-7', '97', '1234567', '-1234567890123', '2**59', 'True', '-1', '0.0', '-0.0', '1.5', '-2.675', '0.5', '1e16', '1e-5', '123456789.125', '5e-324',
             '1.7e308', '100.0', '99999.5', '1 / 3', 'float("inf")', '-float("inf")', 'float("nan")', '"abc"', '"é✅x"', '""', 'None', '(1, 2)', 'ValueError', '[1]']
FORMATS = 3000


def formats(rng):
    """Calls of format(), and f-strings that stand for them, of any values and specifiers, most of these right."""
    for _ in range(FORMATS):
        value, parts = rng.choice(FORMATTED), []
        for choice, share in ((('*<', '0>', '=', '^', '<', '>', 'é^', 'x=', ' ='), .5), ('+- ', .3), ('z', .1), ('#', .2), ('0', .2), (('5', '12', '1', '0', '30', '9'), .6),
                              (',_', .3), (('.0', '.1', '.3', '.12', '.', '.30'), .4), ('bcdeEfFgGnosxX%?é', .7), ('d', .02)):
            parts += rng.choice(choice) if rng.random() < share else ''
        spec = ''.join(parts)
        call = f'format({value}, {spec!r})'
        yield call if rng.random() < .5 or (value.isalpha() and spec.startswith('=')) else f"f'{{{value}:{spec}}}'"
    yield from (f"f'{{{value}:{{{width}}}.{{{precision}}}}}'" for value in FORMATTED for width in (0, 7) for precision in (1, 4))


def texts():
    """Strings of all characters below U+3000, and some beyond, with quotes in between."""
    for first in [*range(0, 0x3000, 7), 0xd7ff, 0xe000, 0xffff, *range(0x1f2f0, 0x1f700, 5)]:
        yield chr(first)
    yield from ("it's", '"', 'it\'s "so"', '\\\'"\n', 'é' * 3)


def expressions():
    """Python text of each, nothing that the compiler of Python refuses."""
    for value in VALUES:
        for name in dir(eval(value)):
            if name in SPECIAL or not name.startswith('__'):
                yield f'{value}.{name}'
                yield from (f'{value}.{name}({arguments})' for arguments in TO_METHODS)
    yield from (f'{name}({arguments})' for name in FUNCTIONS for arguments in TO_FUNCTIONS)
    yield from (f'{a} {operator} {b}' for a in OPERANDS for operator in OPERATORS for b in OPERANDS)
    yield from (form.format(value) for form in OF_ONE for value in OPERANDS)
    yield from (f'{function}({value})' for function in ('str', 'repr') for value in [*OPERANDS, *FLOATS, 'zip', 'print', 'ValueError'])
    yield from formats(random.Random(FORMATS))
    yield from (f'{function}({text!r})' for function in ('repr', 'ascii') for text in texts())
    for name in OF_MATH:
        yield f'math.{name}'
        yield from (f'math.{name}({arguments})' for arguments in TO_MATH)


def python_outcome(text):
    try:
        return encode(eval(text, {'math': math}))
    except Exception as error:
        return type(error).__name__


def battc_outcomes(texts, folder):
    """Value or class of the exception of each."""
    bodies = [f'def test_{k}():\n    return {text}\n' for k, text in enumerate(texts)]
    out = folder.at('out.jsonl')
    done = battc('run', folder.write('attributes.py', '\n\n'.join(['import math\n', *bodies])), '--entry', 'test_*', '--out', out)
    lines = {line['entry']: line.get('error', line.get('value')) for line in read_lines(out)}
    return [lines.get(f'test_{k}', short(done.stderr)) for k in range(len(texts))]


def is_limit(got):
    return isinstance(got, str) and got.startswith('limit ')


def same(got, want):
    """Iterators of all kinds are one to result lines."""
    kinds = {'object', 'callable'}
    if isinstance(want, dict) and isinstance(got, dict) and want.keys() & kinds and want.keys() == got.keys():
        return got == want or got[next(iter(got))] in ('iterator', 'generator')
    return got == want and repr(got) == repr(want)


def main():
    report, cases = Report(), list(expressions())
    known = 0
    for start in range(0, len(cases), TESTS_PER_FILE):
        part = cases[start:start + TESTS_PER_FILE]
        with Folder() as folder:
            outcomes = battc_outcomes(part, folder)
        for text, got in zip(part, outcomes):
            want = python_outcome(text)
            if is_limit(got) or hangs_on_addresses(want) or ' at 0x' in repr(want) or NOT_AGAIN.search(text):
                continue
            known += 1
            report.check(text, same(got, want), f'got {short(repr(got))}, want {short(repr(want))}')
    report.check('many are within the subset', known > len(cases) / 4, f'{known} of {len(cases)}')
    report.finish()


if __name__ == '__main__':
    main()
