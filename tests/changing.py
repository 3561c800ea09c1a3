#!/usr/bin/env python3
"""Ops that change what other ops made: python3 tests/changing.py [--seed N] [--count N]

Random batt files over tests/changing/made.py, and unread.py beside it. All results have to be those of Python, which runs every op in order, also
where battc would run an op once for several calls, before others, or not at all.
"""

import argparse
import contextlib
import json
import os
import random
import sys

from support import QUICK, ROOT, TESTS, Folder, Report, battc, encode, read_lines, short, task

DSL = os.path.join(TESTS, 'changing')
MAKERS = {'listed': 'list', 'boxed': 'box', 'colours': 'set', 'numbers': 'iterator', 'lazily': 'iterator', 'counter': 'function'}
CHANGERS = {'list': ('pushed', 'joined', 'first_set', 'first_gone'), 'box': ('deeper', 'deep_set'), 'set': ('coloured',),
            'iterator': ('taken', 'taken_all'), 'function': ('called', None)}
READERS = {'list': ('size', 'seen'), 'box': ('inside', 'size'), 'set': ('seen', 'size')}
OTHERS = ('I', 'C', 'S', '3', '(1, 2)')
OPS = 24
FRAMES_INSIDE = 2  # where a module calls a batt function: its own and the function's
GRIDS = (((1, 2), (3, 4)), ((0, 0, 5),), ((7,), (8,)))


class Writer:
    """One batt file."""

    def __init__(self, rng):
        self.rng, self.lines, self.made, self.seen, self.n = rng, [], [], [], 0

    def op(self, callee, *arguments):
        self.n += 1
        call = f't{self.n} = {callee}({", ".join(arguments)})'
        if self.rng.random() < 0.6:
            default = f'_get_safe_default({callee})' if not callee.startswith('t') or callee == 'taken' else '()'
            handler = self.rng.choice(('except (TypeError, AttributeError, ValueError, IndexError, KeyError):', 'except Exception:', 'except:'))
            self.lines += ['    try:', f'        {call}', f'    {handler}', f'        t{self.n} = {default}']
        else:
            self.lines.append(f'    {call}')
        return f't{self.n}'

    def other(self):
        return self.rng.choice(OTHERS + tuple(self.seen[-3:]))

    def make(self):
        callee = self.rng.choice(list(MAKERS))
        self.made.append((MAKERS[callee], self.op(callee, self.rng.choice(('I', 'I', 'C', '((1, 2),)')))))

    def change(self):
        kind, name = self.rng.choice(self.made)
        callee = self.rng.choice(CHANGERS[kind])
        if callee is None:
            self.seen.append(self.op(name, self.other()))
        elif callee == 'joined':
            self.seen.append(self.op(callee, name, self.rng.choice([other for known, other in self.made if known == 'list'])))
        else:
            self.seen.append(self.op(callee, name, self.other()))

    def read(self):
        kind, name = self.rng.choice(self.made)
        if kind in READERS:
            self.seen.append(self.op(self.rng.choice(READERS[kind]), name))

    def text(self):
        self.make()
        while self.n < OPS:
            self.rng.choice((self.make, self.change, self.change, self.read))()
        shown = [name for name in self.seen if self.rng.random() < 0.5] + [name for kind, name in self.made if kind in READERS][-2:]
        return '\n'.join(['from made import *', 'from safe_dsl import _get_safe_default', '', '', 'def batt(task_id, S, I, C, log_path):',
                          '    s = []', '    o = []', *self.lines, *[f'    o.append((1, {name}))' for name in shown], '    return o, s', ''])


def some_tasks(rng):
    return {f'{k:08x}': task([(rng.choice(GRIDS), rng.choice(GRIDS)) for _ in range(2)], [(rng.choice(GRIDS), rng.choice(GRIDS))]) for k in range(2)}


def python_results(text, tasks):
    """`o` of every call, in the order of battc's lines, as JSON."""
    names = {}
    exec(compile(text, 'batt.py', 'exec'), names)
    with depth_of_runner():
        for _ in range(2):  # Python counts less frames where code has run for a while
            results = call_results(names['batt'], tasks)
    return results


@contextlib.contextmanager
def depth_of_runner():
    """A batt function has as many frames left as where a module calls it."""
    frame, depth, limit = sys._getframe(), 0, sys.getrecursionlimit()
    while frame:
        frame, depth = frame.f_back, depth + 1
    sys.setrecursionlimit(limit + depth - FRAMES_INSIDE)
    try:
        yield
    finally:
        sys.setrecursionlimit(limit)


def call_results(batt, tasks):
    results = []
    for name, content in tasks.items():
        samples = tuple((sample['input'], sample['output']) for sample in content['train'])
        for sample in content['train'] + content['test']:
            for output in None, sample['output']:
                try:
                    listed = batt(name, samples, sample['input'], output, None)[0]
                    results.append(json.dumps([encode(item) for item in listed]))
                except Exception as error:
                    results.append(type(error).__name__)
    return results


def battc_results(folder, path, *options):
    out = folder.at('out.jsonl')
    done = battc('run', path, *options, '--data', folder.at('tasks'), '--jobs', 1, '--out', out)
    lines = read_lines(out)
    return [json.dumps(line['o']) if 'o' in line else line['error'] for line in lines], done


def compare(name, text, want, folder, forms, report):
    """Each form that the file is run in, (name, program, options), beside Python's results."""
    for form, program, options in forms:
        got, done = battc_results(folder, program, *options)
        if not report.check(f'{name}, {form}', got == want, f'{short(done.stderr)}\n{text}'):
            print(*[f'{short(a)}\n  {short(b)}' for a, b in zip(want, got) if a != b][:2], sep='\n')


def check(name, text, tasks, report):
    want = python_results(text, tasks)
    with Folder() as folder:
        path = folder.write('batt.py', text)
        folder.write_tasks(tasks)
        found = ['-I', DSL, '-I', os.path.join(ROOT, 'dsl')]
        bytecode = folder.at('batt.bto')
        battc(path, *found, '-o', bytecode)
        forms = ('run', path, found), ('no sharing', path, [*found, '-fno-sharing']), ('.bto', bytecode, ())
        compare(name, text, want, folder, forms, report)
        done = battc('verify', path, *found, '--data', folder.at('tasks'))
        report.check(f'{name}, verify', done.returncode == 0, short(done.stdout))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('--seed', type=int, default=1)
    parser.add_argument('--count', type=int, default=4 if QUICK else 12)
    options = parser.parse_args()
    sys.path[:0] = [DSL, os.path.join(ROOT, 'dsl')]
    sys.dont_write_bytecode = True
    report = Report()
    with open(os.path.join(DSL, 'unread.py'), encoding='utf-8') as file:
        check('unread.py', file.read(), some_tasks(random.Random(0)), report)
    for number in range(options.count):
        rng = random.Random(f'{options.seed} {number}')
        check(f'file {number}', Writer(rng).text(), some_tasks(rng), report)
    report.finish()


if __name__ == '__main__':
    main()
