#!/usr/bin/env python3
"""CPython beside battc on random programs: python3 fuzz.py --driver DRIVER [--seconds N] [--seed N] [--parts NAME,...]

Parts: `containers` (containers.py), `functions` (functions.py, in every form that battc has), `programs` (batt files of
bench/generate.py by `battc verify`), `kernels` (../kernels.py), `objects` (../objects.py), `sharing` (../sharing.py). The time is shared among them. What differs is made
small and written to tests/regressions or tests/python, where `make check` runs it from then on.
"""

import argparse
import ast
import glob
import json
import os
import random
import re
import subprocess
import sys
import time

import compare
import functions
import reduce
from support import ROOT, SHARED, TESTS, Folder, battc, short

PARTS = ('containers', 'functions', 'programs', 'kernels', 'objects', 'sharing')
SLOW_FORMS_EVERY = 4           # files until one more of the compiled forms is tried
REDUCE_SECONDS = 60
DATA = [os.path.join(SHARED, 'arc', 'arc-agi-1', 'training'), os.path.join(TESTS, 'data', 'tasks')]
VARIANTS = ('standard', 'three', 'exception', 'bare', 'vectorized', 'mixed', 'mixed')


class Count:
    """What was compared, over all parts."""

    def __init__(self):
        self.passed = self.failed = self.left_out = 0
        self.files = []

    def found(self, path, name, text):
        """Write what was found, once."""
        self.failed += 1
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, 'w', encoding='utf-8') as file:
            file.write(text)
        self.files.append(path)
        print(f'found {name}: {os.path.relpath(path, ROOT)}', flush=True)


# ---- other scripts ----

def run_script(command, count):
    """A script that ends with `N passed, N failed`."""
    done = subprocess.run([sys.executable, '-B', *command], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding='utf-8', errors='replace',
                          check=False)
    last = re.findall(r'^(\d+) passed, (\d+) failed', done.stdout, re.M)
    passed, failed = map(int, last[-1]) if last else (0, 1)
    if failed or done.returncode:
        print(done.stdout[-4000:])
    count.passed += passed
    count.failed += failed or (1 if done.returncode else 0)


def containers(options, seconds, count):
    script = os.path.join(compare.FUZZ, 'containers.py')
    run_script([script, options.driver, '--seed', str(options.seed), '--count', '10000000', '--seconds', str(seconds)], count)


def kernels(options, seconds, count):
    """The DSLs by turns: the one that battc carries, that of nested cells, and those that were given; then the first without its guards."""
    own = os.path.join(ROOT, 'dsl')
    folders = list(dict.fromkeys([own, os.path.join(TESTS, 'nested'), *map(os.path.abspath, options.dsl or [])]))
    for number, (folder, *guards) in enumerate([*((folder,) for folder in folders), (own, '--unguarded')]):
        run_script([os.path.join(TESTS, 'kernels.py'), compare.BATTC, '--seed', f'{options.seed}{number}', '--count', '100000000', '--dsl', folder,
                    '--seconds', str(seconds / (len(folders) + 1)), *guards], count)


def objects(options, seconds, count):
    run_script([os.path.join(TESTS, 'objects.py'), compare.BATTC, '--seed', str(options.seed), '--grids', '100000000', '--seconds', str(seconds)], count)


def sharing(options, seconds, count):
    run_script([os.path.join(TESTS, 'sharing.py'), '--seed', str(options.seed), '--count', '100000000', '--seconds', str(seconds)], count)


# ---- functions ----

def without_other_tests(text, entry):
    tree = ast.parse(text)
    tree.body = [node for node in tree.body if getattr(node, 'name', entry) == entry or not node.name.startswith('test_')]
    return ast.unparse(tree)


def differs(text, form, entry):
    with Folder() as folder:
        outcome = compare.compare(folder.write('cases.py', text), [form])
    return any(name == entry for _, name, _, _ in outcome.differences)


def save_function(text, form, entry, number, seconds, count):
    """Make a function that differs small and keep it, if it differs alone."""
    alone = without_other_tests(text, entry)
    if differs(alone, form, entry):
        alone = reduce.reduce(alone, lambda new: differs(new, form, entry), seconds)
    else:
        alone = text
    path = os.path.join(TESTS, 'python', f'found_{number}_{entry[5:]}.py')
    count.found(path, f'{form}, {entry}', f'"""Found by fuzzing ({form})."""\n{alone}\n')


def fuzz_functions(options, seconds, count):
    until, number = time.monotonic() + seconds, 0
    slow = ['.bto', 'library', *compare.COMPILERS]
    while time.monotonic() < until:
        text = functions.module(random.Random(f'{options.seed}/{number}'))
        forms = ['bytecode', ('no kernels', 'no sharing', 'no sharing')[number % 3]]
        if number % SLOW_FORMS_EVERY == 0:
            forms.append(slow[number // SLOW_FORMS_EVERY % len(slow)])
        with Folder() as folder:
            outcome = compare.compare(folder.write('cases.py', text), forms)
        count.passed += outcome.compared
        count.left_out += outcome.limited + outcome.unrepeatable
        seen = set()
        for form, entry, want, got in outcome.differences:
            print(f'file {number}, {form}, {entry}\n  python {short(json.dumps(want))}\n  battc  {short(json.dumps(got))}', flush=True)
            if entry not in seen and len(count.files) < options.most:
                save_function(text, form, entry, f'{options.seed}_{number}', REDUCE_SECONDS, count)
            seen.add(entry)
        number += 1


# ---- programs ----

def some_tasks(rng, folder):
    """A folder with a few tasks, the smaller ones of the data."""
    source = next(path for path in DATA if os.path.isdir(path))
    names = sorted(glob.glob(os.path.join(source, '*.json')), key=lambda path: (os.path.getsize(path), path))
    for path in rng.sample(names[:150], min(4, len(names))):
        with open(path, encoding='utf-8') as file:
            folder.write(os.path.join('tasks', os.path.basename(path)), file.read())
    return folder.at('tasks')


def dsl_folders(options):
    return options.dsl or [os.path.join(ROOT, 'dsl')]


def verify(path, dsl, tasks):
    """(exit code, output) of `battc verify`; 1: answers differ."""
    try:
        done = battc('verify', path, '-I', dsl, '--data', tasks, '--steps', '20000000', timeout=900)
    except subprocess.TimeoutExpired:
        return 0, ''
    return done.returncode, done.stdout + done.stderr


def fuzz_programs(options, seconds, count):
    until, number = time.monotonic() + seconds, 0
    while time.monotonic() < until:
        rng = random.Random(f'{options.seed}/{number}')
        dsl = rng.choice(dsl_folders(options))
        with Folder() as folder:
            path = folder.at('batt.py')
            subprocess.run([sys.executable, os.path.join(ROOT, 'bench', 'generate.py'), '--dsl', dsl, '--seed', str(rng.getrandbits(30)),
                            '--candidates', str(rng.choice((2, 4, 8))), '--variant', rng.choice(VARIANTS), '--mutation',
                            str(rng.choice((0.01, 0.05, 0.2))), '--generic', str(rng.choice((0.03, 0.3, 1.0))), '-o', path], check=True)
            tasks = some_tasks(rng, folder)
            code, said = verify(path, dsl, tasks)
            compared = re.search(r'mismatch\w*: ([\d,]+) value', said)
            count.passed += int(compared[1].replace(',', '')) if compared else 1
            if code not in (0, 4):
                print(f'program {number}: exit code {code}\n{said[-1500:]}', flush=True)
                save_program(path, dsl, tasks, code, f'{options.seed}_{number}', count)
        number += 1


def save_program(path, dsl, tasks, code, number, count):
    """Make a batt file that differs small and keep it with one task that shows it."""
    def shows(text):
        with Folder() as folder:
            return 'def batt(' in text and verify(folder.write('batt.py', text), dsl, tasks)[0] == code
    with open(path, encoding='utf-8') as file:
        text = file.read()
    for task in sorted(os.listdir(tasks)):
        alone = os.path.join(tasks, task)
        if verify(path, dsl, alone)[0] == code:
            tasks = alone
            break
    small = reduce.reduce(text, shows, REDUCE_SECONDS * 2)
    folder = os.path.join(TESTS, 'regressions', f'found_{number}')
    os.makedirs(folder, exist_ok=True)
    if os.path.isfile(tasks):
        with open(tasks, encoding='utf-8') as source, open(os.path.join(folder, os.path.basename(tasks)), 'w', encoding='utf-8') as copy:
            copy.write(source.read())
    count.found(os.path.join(folder, 'batt.py'), 'program', small + '\n')


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('--driver', required=True)
    parser.add_argument('--seconds', type=float, default=600)
    parser.add_argument('--seed', type=int, default=1)
    parser.add_argument('--parts', default=','.join(PARTS))
    parser.add_argument('--dsl', action='append', help='folder of a DSL for programs (may come again; default: the one that battc carries)')
    parser.add_argument('--most', type=int, default=8, help='write so many test files at most')
    options = parser.parse_args()
    options.seed = options.seed or random.randrange(1 << 30)
    count = Count()
    parts = options.parts.split(',')
    run = {'containers': containers, 'functions': fuzz_functions, 'programs': fuzz_programs, 'kernels': kernels, 'objects': objects, 'sharing': sharing}
    for part in parts:
        before, start = (count.passed, count.failed, count.left_out), time.monotonic()
        run[part](options, options.seconds / len(parts), count)
        print(f'{part}: {count.passed - before[0]} agreed, {count.failed - before[1]} differed, {count.left_out - before[2]} left out '
              f'({time.monotonic() - start:.0f} s)', flush=True)
    print(f'{count.passed} passed, {count.failed} failed')
    return 1 if count.failed else 0


if __name__ == '__main__':
    sys.exit(main())
