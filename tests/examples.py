#!/usr/bin/env python3
"""The examples: their results.jsonl is what CPython computes, and battc writes the same bytes.

    python3 tests/examples.py [--write]     --write makes the results anew, by CPython alone
"""

import argparse
import glob
import importlib
import json
import os
import subprocess
import sys

from support import ROOT, TESTS, Folder, Report, battc, encode, read, short

EXAMPLES = os.path.join(ROOT, 'examples')


def as_tuples(grid):
    """A grid as programs get it."""
    return None if grid is None else tuple(map(tuple, grid))


def samples(task):
    """(set, index, input, output) in the order of the lines."""
    for name, part in (('demo', 'train'), ('test', 'test')):
        for index, sample in enumerate(task[part]):
            yield name, index, as_tuples(sample['input']), as_tuples(sample.get('output'))


def calls(module, task, demo):
    """What to call for a task: (start of the line, function of (call, input, output), whether C matters)."""
    entry = next((f for name, f in vars(module).items() if name == f'solve_{task}'), None)
    if entry is None:
        return {}, lambda I, C: module.batt(task, demo, I, C, None), True
    return {'entry': entry.__name__}, lambda I, C: entry(I), False


def python_lines(program):
    """The result lines of a program over the tasks beside it, by this Python."""
    folder = os.path.dirname(program)
    sys.path[:0] = [folder, os.path.join(ROOT, 'dsl')]
    module = importlib.import_module(os.path.basename(program)[:-3])
    for path in sorted(glob.glob(os.path.join(folder, 'tasks', '*.json'))):
        name = os.path.basename(path)[:-5]
        task = json.loads(read(path))
        demo = tuple((I, C) for kind, _, I, C in samples(task) if kind == 'demo')
        head, function, twice = calls(module, name, demo)
        for kind, index, I, C in samples(task):
            for call in ('first', 'second')[:2 if twice and C is not None else 1]:
                place = {'task': name, 'split': None, 'set': kind, 'index': index, 'call': call, **head}
                value = function(I, None if call == 'first' else C)
                ends = {'value': encode(value)} if head else {key: [[encode(part) for part in item] for item in list_]
                                                              for key, list_ in zip('os', value)}
                yield json.dumps({**place, **ends}, separators=(',', ':'))


def programs():
    """The examples' programs."""
    return sorted(path for path in glob.glob(os.path.join(EXAMPLES, '*', '*.py')))


def expected_file(program):
    return os.path.join(os.path.dirname(program), 'results.jsonl')


def check_program(program, report):
    """CPython and battc against the file."""
    name = os.path.relpath(program, ROOT)
    wanted = read(expected_file(program))
    done = subprocess.run([sys.executable, '-B', os.path.join(TESTS, 'examples.py'), '--lines', program],
                          stdout=subprocess.PIPE, check=False)
    report.check(f'{name}: CPython', done.stdout == wanted and wanted)
    entry = () if b'def batt(' in read(program) else ('--entry', 'solve_*')
    with Folder() as folder:
        out = folder.at('out.jsonl')
        run = battc('run', program, *entry, '--data', os.path.join(os.path.dirname(program), 'tasks'), '--out', out)
        report.check(f'{name}: exit code', run.returncode == 0, f'{run.returncode} {short(run.stderr)}')
        report.check(f'{name}: battc', read(out) == wanted, short(run.stderr))
    shown = subprocess.run([sys.executable, os.path.join(EXAMPLES, 'show.py'), expected_file(program), '--data',
                            os.path.join(os.path.dirname(program), 'tasks')], capture_output=True, text=True, check=False)
    report.check(f'{name}: shown', shown.returncode == 0 and 'solved by' in shown.stdout, short(shown.stderr))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('--write', action='store_true')
    parser.add_argument('--lines', metavar='PROGRAM', help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.lines:
        for line in python_lines(os.path.abspath(options.lines)):
            print(line)
        return
    if options.write:
        for program in programs():
            with open(expected_file(program), 'wb') as file:
                subprocess.run([sys.executable, '-B', __file__, '--lines', program], stdout=file, check=True)
        return
    report = Report()
    for program in programs():
        check_program(program, report)
    report.finish()


if __name__ == '__main__':
    main()
