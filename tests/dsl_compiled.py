#!/usr/bin/env python3
"""The DSL's cases, compiled: python3 tests/dsl_compiled.py [--every N] [CASES.jsonl]

The calls of tests/dsl_cases.py as functions without parameters of a program that battc compiles, over the DSL that it
carries. Results are compared in value, in type and in the order of their frozensets.
"""

import argparse
import json
import os
import sys

from dsl_cases import FILLS, decode, insertion_order
from support import QUICK, ROOT, SHARED, Folder, Report, battc, read_lines, short

CASES_PER_FILE = 1000
HEADER = 'import math\nfrom dsl import *\nfrom constants import *\n'


def source(data, names):
    """Python source of an encoded value; a frozenset's gives one that iterates in the listed order."""
    if isinstance(data, list):
        return '(' + ''.join(source(item, names) + ', ' for item in data) + ')'
    if not isinstance(data, dict):
        return repr(data)
    if 'float' in data:
        return 'math.nan' if data['float'] == 'nan' else data['float']
    if 'fn' in data:
        return f"({data['fn']})"
    parts = data['frozenset']
    fill, inserted = insertion_order([decode(part, names) for part in parts])
    elements = source([parts[k] for k in inserted], names)
    return f'frozenset({elements})' if fill is FILLS[0] else f'frozenset(set({elements}))'


def call_source(case, names):
    """The call of a case, and of its result where the case says so."""
    arguments = [case['a']] + ([case['then']] if 'then' in case else [])
    return case['f'] + ''.join('(' + ', '.join(source(item, names) for item in list_) + ')' for list_ in arguments)


def expected(data):
    """A case's result as battc writes it."""
    if isinstance(data, list):
        return [expected(item) for item in data]
    if not isinstance(data, dict):
        return data
    if 'fn' in data:
        return {'callable': data['fn']}
    if 'float' in data:
        return data if data['float'] in ('nan', 'inf', '-inf') else {'float': float(data['float'])}
    return {'frozenset': [expected(item) for item in data['frozenset']]}


def check_cases(cases, names, report):
    """Compile and compare some cases, one program."""
    calls = [call_source(case, names) for case in cases]
    text = HEADER + ''.join(f'\n\ndef test_{k}():\n    return {call}\n' for k, call in enumerate(calls))
    with Folder() as folder:
        out = folder.at('results.jsonl')
        done = battc('run', folder.write('cases.py', text), '--entry', 'test_*', '--out', out)
        found = {line['entry']: line for line in read_lines(out)}
    report.check('exit code', done.returncode == 0, f'{done.returncode} {short(done.stderr)}')
    for k, (case, call) in enumerate(zip(cases, calls)):
        line = found.get(f'test_{k}', {})
        got = json.dumps(line.get('value', line))
        want = json.dumps(expected(case['r']))
        report.check(short(call), got == want, f'got  {short(got)}\n     want {short(want)}')


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('--every', type=int, default=8 if QUICK else 1, help='only each Nth case')
    parser.add_argument('cases', nargs='?', default=os.path.join(SHARED, 'spec', 'dsl_cases.jsonl'))
    options = parser.parse_args()
    report = Report()
    if not os.path.exists(options.cases):
        report.skip('the cases', f'not at {options.cases}')
        report.finish()
    sys.path.insert(0, os.path.join(ROOT, 'dsl'))
    import constants
    import dsl
    names = {**vars(constants), **vars(dsl)}
    with open(options.cases, encoding='utf-8') as lines:
        cases = [json.loads(line) for line in lines if line.strip()][::options.every]
    for first in range(0, len(cases), CASES_PER_FILE):
        check_cases(cases[first:first + CASES_PER_FILE], names, report)
    report.finish()


if __name__ == '__main__':
    main()
