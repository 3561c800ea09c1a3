#!/usr/bin/env python3
"""The Python subset, CPython beside battc: python3 tests/python_cases.py [FILE.py ...]

Every `test_*` function of the files under tests/python is called by this Python and compiled by battc; the results
have to agree in value, in type and in order, or in the class and line of the exception.
"""

import glob
import json
import os
import subprocess
import sys

from support import TESTS, Folder, Report, battc, read_lines, short

ALONE = ('state.py',)  # what one function changes alters how others run: each is compiled by itself
LIB = os.path.join(TESTS, 'python', 'lib')

# Runs as a program of its own: calls come from its top level, as deep in the stack as battc takes them to be.
PYTHON_SIDE = '''
import importlib, json, os, sys
sys.path[:0] = [os.path.dirname(sys.argv[1]), sys.argv[2], sys.argv[3]]
from support import encode
out = os.fdopen(os.dup(1), 'w')
os.dup2(2, 1)
module = importlib.import_module(os.path.basename(sys.argv[1])[:-3])
functions = [f for name, f in vars(module).items() if name.startswith('test_') and f.__module__ == module.__name__]
for function in functions:
    try:
        result = function()
    except Exception as error:
        place = error.__traceback__
        while place.tb_next:
            place = place.tb_next
        ended = {'error': type(error).__name__, 'line': place.tb_lineno}
    else:
        ended = {'value': encode(result)}
    print(json.dumps({'entry': function.__name__, **ended}), file=out)
'''


def python_results(path):
    """What CPython makes of each function, by name."""
    done = subprocess.run([sys.executable, '-B', '-W', 'ignore', '-c', PYTHON_SIDE, path, LIB, TESTS], stdout=subprocess.PIPE, text=True)
    return {line['entry']: line for line in map(json.loads, done.stdout.splitlines())}


def battc_results(path, folder, entry='test_*'):
    """What battc makes of each function, by name, and what it says."""
    out = folder.at('results.jsonl')
    done = battc('run', path, '-I', LIB, '--entry', entry, '--out', out)
    lines = {line['entry']: {key: line[key] for key in ('entry', 'value', 'error', 'line') if key in line}
             for line in read_lines(out)}
    return lines, done


def check_file(path, report):
    """Compare the functions of one file."""
    name = os.path.basename(path)
    wanted = python_results(path)
    with Folder() as folder:
        found, done = battc_results(path, folder)
        for entry in wanted if name in ALONE else ():
            report.equal(f'{name}: {entry} alone', battc_results(path, folder, entry)[0].get(entry), wanted[entry])
    report.check(f'{name}: some functions', wanted)
    report.check(f'{name}: exit code', done.returncode == 0, f'{done.returncode} {short(done.stderr)}')
    for entry, want in wanted.items():
        report.equal(f'{name}: {entry}', found.get(entry), want)


def main():
    report = Report()
    for path in sys.argv[1:] or sorted(glob.glob(os.path.join(TESTS, 'python', '*.py'))):
        check_file(os.path.abspath(path), report)
    report.finish()


if __name__ == '__main__':
    main()
