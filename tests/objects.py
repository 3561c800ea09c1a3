#!/usr/bin/env python3
"""The order of objects, and of the cells in each, beside CPython's: python3 tests/objects.py [BATTC] [--seed N] [--grids N] [--seconds N] [--data PATH]

`objects` of random grids (fuzz/grids.py), or of those of tasks, with all flags, whole and part by part, of cells (i, j, colour) and of
nested ones, by `battc verify`.
"""

import argparse
import itertools
import os
import random
import re
import time

import support
from fuzz import grids
from support import ROOT, TESTS, Folder, Report, short

GRIDS_PER_TASK, GRIDS_PER_FILE = 20, 400
HEAD = 'from dsl import *\n\n\ndef batt(task_id, S, I, C, log_path):\n    s = []\n    o = []\n'
DSLS = (os.path.join(ROOT, 'dsl'), os.path.join(TESTS, 'nested'))


def program(rng):
    """All objects for each flags; of some an object is looked at first while the others have no order yet."""
    lines = []
    for flags in itertools.product((True, False), repeat=3):
        alone, objects = rng.choice([(), ('last',), ('first', 'last')]), len(lines) + 1
        lines.append(f"objects(I, {', '.join(map(str, flags))})")
        for which in alone:
            lines += [f'{which}(t{objects})', f'totuple(t{len(lines) + 1})']
    ops = [f'    try:\n        t{k + 1} = {line}\n    except Exception:\n        t{k + 1} = ()\n' for k, line in enumerate(lines)]
    return f"{HEAD}{''.join(ops)}    o.append((0, True, 'all', t1))\n    return o, s\n"


def random_tasks(rng, n):
    """Tasks with so many grids."""
    sides = [{'input': grids.grid(rng), 'output': [[0]]} for _ in range(n)]
    return {f'{k:08x}': {'train': sides[k:k + GRIDS_PER_TASK], 'test': [{'input': [[0]]}]} for k in range(0, n, GRIDS_PER_TASK)}


def check(name, text, dsl, data, report):
    """Every value of every grid counts as one check."""
    with Folder() as folder:
        done = support.battc('verify', folder.write('batt.py', text), '-I', dsl, '--data', data, '--calls', 'first', '--samples', '1000000', timeout=3600)
    said = re.search(r'0 mismatches: ([\d,]+) values.* 0 values not repeatable by CPython, 0 limit values', done.stdout)
    if report.check(name, done.returncode == 0 and said, short(done.stdout + done.stderr)):
        report.passed += int(said[1].replace(',', '')) - 1


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('battc', nargs='?', default=support.BATTC)
    parser.add_argument('--seed', type=int, default=1)
    parser.add_argument('--grids', type=int, default=60 if support.QUICK else 400, help='random grids, at least')
    parser.add_argument('--seconds', type=float, default=float('inf'), help='stop after this time even if there were fewer')
    parser.add_argument('--data', help='grids of these tasks, each once, in place of random ones')
    options = parser.parse_args()
    support.BATTC = os.path.abspath(options.battc)
    report, start = Report(), time.monotonic()
    for dsl in DSLS if options.data else ():
        check(options.data, program(random.Random(options.seed)), dsl, os.path.abspath(options.data), report)
    for number, first in enumerate(range(0, 0 if options.data else options.grids, GRIDS_PER_FILE)):
        if time.monotonic() - start > options.seconds:
            break
        rng = random.Random(f'{options.seed} {number}')
        with Folder() as folder:
            data = folder.write_tasks(random_tasks(rng, min(GRIDS_PER_FILE, options.grids)))
            check(f'file {number}', program(rng), DSLS[number % 3 == 2], data, report)
    report.finish()


if __name__ == '__main__':
    main()
