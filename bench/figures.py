#!/usr/bin/env python3
"""Single figures of battc: python3 bench/figures.py [objects] [ops] [large] [profiler] [threads] [--tasks N] [--repeat N] ...

objects    microseconds of objects() on a real grid: its outer order only, and with the order inside every object
ops        nanoseconds of an op that passes a value on, and of one that fails
large      seconds to compile a file of some 64,000 lines, and calls of it beside CPython on tasks where those take long
profiler   what --profile costs
threads    two and more threads beside one, and how long threads wait for the last

All run on real tasks. Each is the median of --repeat runs, with the least and the greatest; what is compared takes turns.
Times of calls are processor seconds, so they hold on a busy machine; seconds of threads and of compiling do not.
"""

import argparse
import collections
import json
import os
import statistics
import sys
import tempfile

from bench import EXAMPLE_DATA, SHARED_DATA, generate, spread_evenly
from engines import ROOT, Battc, Program, Python
from profile_batt import load_tasks

HEAD = 'from dsl import *\nfrom constants import *\nfrom safe_dsl import _get_safe_default\n\n'
BATT = 'def batt(task_id, S, I, C, log_path):\n    s = []\n    o = []\n'
END = "    o.append((0, True, 'last', {last}))\n    return o, s\n"
TRY = ('    try:\n        {target} = {call}\n    except (TypeError, AttributeError, ValueError, IndexError, KeyError):\n'
       '        {target} = _get_safe_default({callee})\n')


class Bench:
    """What the figures share: tasks, files, and runs of battc."""

    def __init__(self, options, folder):
        self.options, self.folder = options, folder
        self.ids = spread_evenly([task for task, _, _ in load_tasks(options.data)], options.tasks)
        self.files = 0

    def write(self, text):
        """A file for the text."""
        self.files += 1
        path = os.path.join(self.folder, f'figure_{self.files}.py')
        with open(path, 'w', encoding='utf-8') as file:
            file.write(text)
        return path

    def program(self, path, ids=None):
        """A file with its tasks."""
        return Program(os.path.basename(path), path, self.options.include, self.options.data, ids or self.ids)

    def battc(self, *words, threads=1):
        """battc with more options."""
        return Battc('battc', self.options.battc, self.folder, threads, options=words)

    def turns(self, runs):
        """The runs of each of {name: (engine, program)}, which take turns: {name: [figures, …]}."""
        found = {name: [] for name in runs}
        for turn in range(self.options.repeat):
            for name in list(runs) if turn % 2 == 0 else reversed(list(runs)):
                engine, program = runs[name]
                found[name].append(engine.run(program))
        return found


def show(what, values, digits=2):
    """A line for a figure: its median and where its repeats lie."""
    print(f'{what:58} {statistics.median(values):10.{digits}f}   ({min(values):.{digits}f} to {max(values):.{digits}f})')


# ---- objects ----

INNER = {'grids only': 'r = size(grid)', 'outer order': 'r = objects(grid, {flags})',
         'all inner orders': 'for x in objects(grid, {flags}):\n            for c in x:\n                break'}


def grid_count(bench):
    """How many grids the loop of figure_objects makes of all samples: one for each row."""
    wanted = set(bench.ids)
    return sum(len(grid) for task, _, pairs in load_tasks(bench.options.data) if task in wanted for grid, _ in pairs)


def figure_objects(bench):
    """A loop around the call, less the loop without it. Rows are moved up one by one, so that no two grids are the same and
    nothing is shared; looking for shared results is part of the figure."""
    calls = grid_count(bench)
    for flags in ('True, False, True', 'True, True, True', 'False, True, True'):
        runs = {}
        for name, body in INNER.items():
            text = f'def loop(rows):\n    for k in range(len(rows)):\n        grid = rows[k:] + rows[:k]\n        {body.format(flags=flags)}\n    return 0\n\n'
            path = bench.write(HEAD + text + BATT + '    t1 = loop(I)\n' + END.format(last='t1'))
            runs[name] = bench.battc('--calls', 'first'), bench.program(path)
        found = bench.turns(runs)
        for name in list(INNER)[1:]:
            spent = [(b['first'] - a['first']) / calls * 1e6 for a, b in zip(found['grids only'], found[name])]
            show(f'objects(I, {flags}), {name}, us', spent)


# ---- ops ----

FEW, MANY = 5000, 15000
CALLS = {'an op that passes a value on': ('identity(t{before})', 'identity'), 'an op that fails: what it calls is a grid': ('t1(t{before})', 't1'),
         'an op that fails inside a guarded function': ('subtract(t1, t{before})', 'subtract')}


def chain(call, callee, n):
    """A program of n such ops, each with the value of the one before it."""
    ops = [TRY.format(target=f't{k}', call=call.format(before=k - 1), callee=callee) for k in range(2, n + 2)]
    return HEAD + BATT + '    t1 = vmirror_t(I)\n' + ''.join(ops) + END.format(last=f't{n + 1}')


def figure_ops(bench):
    """Programs with so many and with more ops: the difference is the ops'."""
    for name, (call, callee) in CALLS.items():
        runs = {n: (bench.battc('--calls', 'first'), bench.program(bench.write(chain(call, callee, n)))) for n in (FEW, MANY)}
        found = bench.turns(runs)
        spent = [(b['first'] - a['first']) / a['samples'] / (MANY - FEW) * 1e9 for a, b in zip(found[FEW], found[MANY])]
        show(f'{name}, ns', spent, 1)


# ---- a large program ----

def long_tasks(bench, path, seconds):
    """Some tasks on which a call of CPython takes longer, with their first samples alone where time is short."""
    python = Python('CPython', sys.executable, [])
    return [task for task in spread_evenly(bench.ids, 12)
            if (run := python.run(bench.program(path, [task])))['calls'] / (2 * run['samples']) > seconds]


def figure_large(bench):
    """A file of all solvers' size, or the one that was named."""
    path = bench.options.file
    if not path:
        path = os.path.join(bench.folder, 'large.py')
        generate(path, '--seed', '1', '--ops', '15500')
    with open(path, encoding='utf-8') as text:
        print(f'{os.path.basename(path)}: {sum(1 for _ in text)} lines')
    found = bench.turns({'battc': (bench.battc(), bench.program(path, bench.ids[:1]))})['battc']
    show('parse and compile, s', [run['parse'] + run['compile'] for run in found], 3)
    long = long_tasks(bench, path, 0.1)
    print(f'{len(long)} of 12 tasks where a call of CPython takes over 100 ms')
    if long:
        both = bench.turns({'python': (Python('CPython', sys.executable, []), bench.program(path, long)), 'battc': (bench.battc(), bench.program(path, long))})
        show('times as fast as CPython there, both calls, one thread', [a['calls'] / b['calls'] for a, b in zip(both['python'], both['battc'])], 1)
        show('peak memory, MB', [run['memory_mb'] for run in both['battc']], 0)


# ---- profiler and threads ----

def generated(bench):
    """The file that was named, or a generated one."""
    path = bench.options.file or os.path.join(bench.folder, 'generated_1.py')
    if not bench.options.file:
        generate(path, '--seed', '1')
    return bench.program(path)


def figure_profiler(bench):
    """The same run with and without; `cpu` is of the whole process, looks included."""
    program = generated(bench)
    found = bench.turns({'off': (bench.battc(), program), 'on': (bench.battc('--profile'), program)})
    show('--profile, percent of the run', [(b['cpu'] / a['cpu'] - 1) * 100 for a, b in zip(found['off'], found['on'])], 1)


def waiting(path):
    """Seconds that the first thread to end waits for the last, and the longest task."""
    with open(path, encoding='utf-8') as text:
        events = [event for event in json.load(text)['traceEvents'] if event.get('ph') == 'X' and event['cat'] == 'task']
    ends = collections.defaultdict(float)
    for event in events:
        ends[event['tid']] = max(ends[event['tid']], event['ts'] + event['dur'])
    return (max(ends.values()) - min(ends.values())) / 1e6, max(event['dur'] for event in events) / 1e6


def figure_threads(bench):
    """Wall clock says what a user sees, processor time what the threads cost each other, the trace who waits."""
    program, cores = generated(bench), len(os.sched_getaffinity(0))
    trace = os.path.join(bench.folder, 'trace.json')
    one, every = bench.battc(), bench.battc('--trace', trace, threads=cores)
    waits = []
    class Traced:
        """A run on all cores that keeps what its trace says."""
        @staticmethod
        def run(what):
            figures = every.run(what)
            waits.append(waiting(trace))
            return figures
    found = bench.turns({'one': (one, program), 'every': (Traced, program)})
    pairs = list(zip(found['one'], found['every']))
    show(f'{cores} threads, percent of linear, wall clock', [a['calls'] / b['calls'] / cores * 100 for a, b in pairs], 1)
    show('processor time on one thread, percent of that on all', [(a['first'] + a['second']) / (b['first'] + b['second']) * 100 for a, b in pairs], 1)
    show('a thread waits for the last, ms', [wait * 1e3 for wait, _ in waits], 2)
    show('the longest task, ms', [longest * 1e3 for _, longest in waits], 1)
    show('the run, ms', [b['calls'] * 1e3 for _, b in pairs], 1)


FIGURES = {name[7:]: function for name, function in list(globals().items()) if name.startswith('figure_')}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('figures', nargs='*', metavar='FIGURE', help=', '.join(FIGURES) + '; default: all')
    parser.add_argument('--battc', default=os.path.join(ROOT, 'build', 'battc'))
    parser.add_argument('--file', help='for large, profiler and threads: a batt file; default: generated ones')
    parser.add_argument('-I', dest='include', action='append', default=[])
    parser.add_argument('--data', default=SHARED_DATA if os.path.isdir(SHARED_DATA) else EXAMPLE_DATA)
    parser.add_argument('--tasks', type=int, default=400, help='how many, evenly spread; 0 for all')
    parser.add_argument('--repeat', type=int, default=7)
    options = parser.parse_args()
    unknown = [name for name in options.figures if name not in FIGURES]
    if unknown:
        parser.error('unknown: ' + ', '.join(unknown))
    with tempfile.TemporaryDirectory(prefix='battc-figures-') as folder:
        bench = Bench(options, folder)
        for name in options.figures or FIGURES:
            print(f'-- {name}: {len(bench.ids)} tasks, median of {options.repeat} (least to greatest)', flush=True)
            FIGURES[name](bench)


if __name__ == '__main__':
    main()
