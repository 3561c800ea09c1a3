#!/usr/bin/env python3
"""Equal values that ops make in several ways: python3 tests/sharing.py [--seed N] [--count N] [--seconds N]

Random batt files over tests/sharing/made.py. Equal sets become one object, and calls are remembered; all results have to be those of Python, where
they are not, in type and order. Some calls come again near the recursion limit, where what is remembered may not be given.
"""

import argparse
import os
import random
import sys
import time

from changing import compare, python_results, some_tasks
from support import QUICK, ROOT, TESTS, Folder, Report

DSL = os.path.join(TESTS, 'sharing')
OF_ONE = ('grown', 'again', 'same', 'turned', 'thinned', 'larger')                 # these give sets
OF_TWO = ('meet', 'meet', 'join', 'less', 'unlike', 'meet_copied', 'in_place')
SHOWN_OF_ONE = ('listed', 'first_of', 'with_itself')                               # and these other values
SHOWN_OF_TWO = ('meet_listed', 'join_listed', 'all_of', 'is_same', 'is_one_of', 'boxed', 'outer', 'lows')
OPS = 60


class Writer:
    """One batt file."""

    def __init__(self, rng):
        self.rng, self.lines, self.sets, self.shown, self.calls = rng, [], [], [], []

    def op(self, call, names):
        name = f't{len(self.calls) + 1}'
        self.calls.append((call, names))
        if self.rng.random() < 0.5:
            self.lines += ['    try:', f'        {name} = {call}', '    except Exception:', f'        {name} = _get_safe_default({call.split("(")[0]})']
        else:
            self.lines.append(f'    {name} = {call}')
        names.append(name)

    def start(self):
        r = self.rng
        n, step = r.choice([0, 1, 4, 5, 6, 12, 13, r.randint(1, 60)]), r.choice([1, 1, 3, 8])
        self.op(r.choice([f'spots({n}, {step})', f'spots({n}, {step})', f'numbers({n}, {step})', 'cells(I)', 'cells(I)', 'cells(C)', 'cells(S[0][0])']), self.sets)

    def far_down(self):
        r = self.rng
        a, b = r.choice(self.sets), r.choice(self.sets)
        call = r.choice([f'steep, {a}, 5', f'steep, {a}, 30', f'meet, {a}, {b}', f'with_itself, {a}', f'listed, {a}', f'meet_copied, {a}, {b}', f'len, {a}'])
        return r.choice([f'how_deep({call})', *[f'deep({n}, {call})' for n in (r.randint(0, 20), r.randint(930, 970), r.randint(960, 1000), r.randint(980, 1000))]])

    def step(self):
        """An op on earlier sets, mostly late ones; some call is made again."""
        r = self.rng
        p = r.random()
        if p < 0.1:
            return self.start()
        if p < 0.2:
            return self.op(*r.choice(self.calls))
        if p < 0.25:
            return self.op(self.far_down(), self.shown)
        a, b = (r.choice(self.sets[-r.choice([3, 8, 99]):]) for _ in range(2))
        names, functions = r.choice([(self.sets, OF_ONE), (self.sets, OF_TWO), (self.shown, SHOWN_OF_ONE), (self.shown, SHOWN_OF_TWO)])
        one = functions in (OF_ONE, SHOWN_OF_ONE)
        return self.op(f'{r.choice(functions)}({a})' if one else f'{r.choice(functions)}({a}, {b})', names)

    def text(self):
        self.start()
        while len(self.calls) < OPS:
            self.step()
        return '\n'.join(['from made import *', 'from safe_dsl import _get_safe_default', '', '', 'def batt(task_id, S, I, C, log_path):',
                          '    s = []', '    o = []', *self.lines, *[f'    o.append((1, {name}))' for name in self.shown + self.sets], '    return o, s', ''])


def check(name, text, tasks, report):
    want = python_results(text, tasks)
    with Folder() as folder:
        path = folder.write('batt.py', text)
        folder.write_tasks(tasks)
        found = ['-I', DSL, '-I', os.path.join(ROOT, 'dsl')]
        compare(name, text, want, folder, (('run', path, found), ('no sharing', path, [*found, '-fno-sharing'])), report)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('--seed', type=int, default=1)
    parser.add_argument('--count', type=int, default=10 if QUICK else 40)
    parser.add_argument('--seconds', type=float, default=float('inf'), help='stop after this time even if fewer files were made')
    options = parser.parse_args()
    sys.path[:0] = [DSL, os.path.join(ROOT, 'dsl')]
    sys.dont_write_bytecode = True
    report, start = Report(), time.monotonic()
    for number in range(options.count):
        if time.monotonic() - start > options.seconds:
            break
        rng = random.Random(f'{options.seed} {number}')
        check(f'file {number}', Writer(rng).text(), some_tasks(rng), report)
    report.finish()


if __name__ == '__main__':
    main()
