#!/usr/bin/env python3
"""The benchmark: figures of real runs, and the comparison of two of them."""

import itertools
import json
import math
import os
import random
import statistics
import subprocess
import sys

from support import BATTC, ROOT, Folder, Report, read

BENCH = os.path.join(ROOT, 'bench')
sys.path.insert(0, BENCH)
import compare  # noqa: E402

DATA = os.path.join(ROOT, 'examples', 'first-steps', 'tasks')


def bench(folder, name, *words):
    """A run of the benchmark on a generated file: what it saved, and what it printed."""
    saved = folder.at(name + '.json')
    done = subprocess.run([sys.executable, os.path.join(BENCH, 'bench.py'), '--battc', BATTC, '--data', DATA, '--json', saved, *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    if done.returncode:
        raise SystemExit(done.stdout + done.stderr)
    return json.loads(read(saved)), done.stdout


def comparison(folder, *words):
    """What compare.py prints, and its exit code."""
    done = subprocess.run([sys.executable, os.path.join(BENCH, 'compare.py'), *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=folder.path)
    return done.stdout + done.stderr, done.returncode


# ---- statistics, beside their definitions ----

def by_definition(old, new):
    """Mann-Whitney's probability from all ways to choose which values are the old ones."""
    values = [*old, *new]

    def wins(chosen):
        rest = [values[k] for k in range(len(values)) if k not in chosen]
        return sum((values[k] > b) + (values[k] == b) / 2 for k in chosen for b in rest)

    middle = len(old) * len(new) / 2
    apart = abs(wins(range(len(old))) - middle)
    ways = list(itertools.combinations(range(len(values)), len(old)))
    return sum(abs(wins(way) - middle) >= apart for way in ways) / len(ways)


def statistics_hold(report, values):
    """On parts of measured values, with ties as milliseconds have them."""
    rng = random.Random(7)
    good, covered, tried = True, 0, 400
    for _ in range(40):
        digits = rng.choice([2, 3, 9])
        old, new = ([round(rng.choice(values) * 1e3, digits) or 0.01 for _ in range(rng.randint(2, 5))] for _ in range(2))
        good &= math.isclose(compare.mann_whitney(old, new), by_definition(old, new))
    report.check('the exact test is what its definition says', good)
    for _ in range(tried):
        old, new = ([rng.lognormvariate(shift, 0.1) for _ in range(6)] for shift in (0, math.log(1.3)))
        low, high = compare.interval(old, new)
        covered += low <= 1.3 <= high
    report.check('intervals hold the true quotient', covered >= 0.92 * tried, f'{covered} of {tried}')
    report.equal('too few for an interval', compare.interval([1.0, 2.0, 3.0], [2.0, 3.0, 4.0]), (0.0, math.inf))
    found = compare.discoveries([0.04, 0.001, 0.2, 0.03, 0.9])
    report.equal('false discoveries', found, [False, True, False, False, False])


# ---- runs ----

def figures_hold(report, run, text):
    """Every engine ran as often as asked for, over the same samples."""
    program = run['programs'][0]
    entries = program['engines']
    report.equal('repeats', {name: len(entry['runs']) for name, entry in entries.items()}, {'cpython': 2, 'bytecode': 6, 'all': 6})
    report.equal('samples', {one['samples'] for entry in entries.values() for one in entry['runs']}, {program['samples']})
    report.check('first and second calls', all(one['first'] > 0 and one['second'] > 0 for entry in entries.values() for one in entry['runs']))
    python, battc = (statistics.median(one['calls'] for one in entries[name]['runs']) for name in ('cpython', 'bytecode'))
    report.check('battc is faster', battc < python, f'{battc} and {python}')
    report.check('tables', all(word in text for word in ('CPython, memoised', 'battc, 1 thread', 'peak MB', 'by size')), text)
    sized = [one for one in run['programs'] if one['sized']]
    ops = [one['engines']['bytecode']['runs'][0]['ops'] / one['samples'] for one in sized]
    report.check('sizes grow', len(sized) == 2 and ops[0] < ops[1], str(ops))


def entries_hold(report, folder):
    """Functions by task: every task that has one is listed with both times."""
    example = os.path.join(ROOT, 'examples', 'entries')
    run, text = bench(folder, 'entries', '--file', os.path.join(example, 'solvers.py'), '--entry', 'solve_*', '--data', os.path.join(example, 'tasks'),
                      '--engines', 'cpython,bytecode', '--repeat', '1', '--python-repeat', '1')
    python, battc = (run['programs'][0]['by_task'][name] for name in ('cpython', 'bytecode'))
    report.check('tasks', python and set(python) == set(battc), f'{sorted(python)} and {sorted(battc)}')
    report.check('their table', all(task in text for task in battc), text)


def figures_are_made(report):
    """Single figures: a line for each, with a positive median."""
    done = subprocess.run([sys.executable, os.path.join(BENCH, 'figures.py'), 'ops', 'objects', 'threads', '--battc', BATTC, '--data', DATA, '--repeat', '1'],
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    lines = [line for line in done.stdout.splitlines() if not line.startswith('--')]
    report.check('single figures', done.returncode == 0 and len(lines) == 3 + 6 + 5, done.stdout)


def moves_are_seen(report, folder, run):
    """Without kernels and sharing everything takes longer, and that is said; a run has not moved from itself."""
    bench(folder, 'slow', '--engines', 'bytecode', '--repeat', '6', '--battc-options=-fno-kernels -fno-sharing')
    text, code = comparison(folder, 'fast.json', 'slow.json')
    report.check('slower', code == 0 and any(line.split()[-1] == 'slower' and ' first ' in line for line in text.splitlines()), text)
    text, code = comparison(folder, 'slow.json', 'fast.json')
    report.check('faster', code == 0 and any(line.split()[-1] == 'faster' and ' first ' in line for line in text.splitlines()), text)
    text, code = comparison(folder, 'fast.json', 'fast.json', '--all')
    report.check('no move', code == 0 and text.splitlines()[-1].startswith('0 of ') and ' first ' in text, text)
    run['machine']['cores'] = 99
    folder.write('elsewhere.json', json.dumps(run))
    report.check('another machine', 'cores differs' in comparison(folder, 'fast.json', 'elsewhere.json')[0])
    for name, content in (('empty.json', ''), ('other.json', '[]')):
        folder.write(name, content)
        report.equal(name, comparison(folder, 'fast.json', name)[1], 2)


def main():
    report = Report()
    with Folder() as folder:
        run, text = bench(folder, 'fast', '--engines', 'cpython,bytecode,all', '--repeat', '6', '--python-repeat', '2', '--sizes', '80,350', '--size-tasks', '2')
        figures_hold(report, run, text)
        statistics_hold(report, [one['first'] for one in run['programs'][0]['engines']['bytecode']['runs']])
        moves_are_seen(report, folder, run)
        entries_hold(report, folder)
    figures_are_made(report)
    report.finish()


if __name__ == '__main__':
    main()
