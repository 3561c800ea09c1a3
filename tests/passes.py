#!/usr/bin/env python3
"""Passes over the program level: python3 tests/passes.py

Each tests/passes/*.py is a program with the options in its first line, and behind `# ir:` lines what --emit=ir has to say of its
ops (functions without their numbers). Then programs of every form give the same lines with every pass, with each alone, with each
left out, and with none.
"""

import glob
import json
import os
import re
import subprocess
import sys

from support import QUICK, ROOT, SHARED, TESTS, Folder, Report, battc, read, short

PASSES = ('known', 'hoist', 'dead')
VARIANTS = ('standard', 'three', 'exception', 'bare', 'vectorized', 'mixed')
GENERATOR = os.path.join(ROOT, 'bench', 'generate.py')
REAL_DATA = os.path.join(SHARED, 'arc', 'arc-agi-1', 'training')


def ops_of(text):
    """The program's lines, without places and numbers of functions."""
    program = text.split('\n\n')[0].splitlines()[1:]
    return [re.sub(r'#\d+', '', line.split(' ; ')[0]).strip() for line in program]


def golden(report, path):
    """One program beside what it expects."""
    lines = read(path).decode().splitlines()
    done = battc('--emit=ir', *lines[0].removeprefix('# options:').split(), path)
    want = [line.removeprefix('# ir: ') for line in lines if line.startswith('# ir: ')]
    report.equal(os.path.relpath(path, TESTS), ops_of(done.stdout) if not done.returncode else done.stderr, want)


def choices():
    """(name, options) of every way to run."""
    without = lambda names: [f'-fno-{name}' for name in names]
    yield 'no pass', without(PASSES)
    for name in PASSES:
        yield f'only {name}', without(other for other in PASSES if other != name)
        yield f'without {name}', without([name])


def lines_of(report, name, path, data, options):
    """The lines of a run."""
    with Folder() as folder:
        out = folder.at('out.jsonl')
        done = battc('run', path, '--data', data, '--out', out, *options)
        report.check(f'{name}: exit code', done.returncode in (0, 4), f'{done.returncode} {short(done.stderr)}')
        return read(out)


def same(report, path, data, *options):
    """One program in all choices."""
    name = os.path.basename(path)
    every = lines_of(report, name, path, data, options)
    report.check(f'{name}: some lines', every.count(b'\n') > 1)
    for choice, more in choices():
        report.check(f'{name}: {choice}', lines_of(report, f'{name}, {choice}', path, data, [*options, *more]) == every)
    unshared = lines_of(report, f'{name}, no sharing', path, data, [*options, '-fno-sharing'])
    report.check(f'{name}: no sharing', unshared == every)


def small_tasks(folder):
    """Some tasks of the data set that are small, or those of an example."""
    if not os.path.isdir(REAL_DATA):
        return os.path.join(ROOT, 'examples', 'mutated', 'tasks')
    names = sorted(os.listdir(REAL_DATA), key=lambda name: os.path.getsize(os.path.join(REAL_DATA, name)))
    return folder.write_tasks({name[:-5]: json.loads(read(os.path.join(REAL_DATA, name))) for name in names[:4 if QUICK else 10]})


def generated(report):
    """Programs of all variants of the users' generator."""
    with Folder() as folder:
        data = small_tasks(folder)
        for seed, variant in enumerate(VARIANTS, 1):
            path = folder.at(f'{variant}.py')
            command = [sys.executable, GENERATOR, '--dsl', os.path.join(ROOT, 'dsl'), '--seed', str(seed), '--variant', variant,
                       '--candidates', '6', '--mutation', '0.05', '-o', path]
            subprocess.run(command + (['--batch'] if seed % 2 else []), check=True)
            same(report, path, data)


def explained(report):
    """`battc why` makes an op that a .bto has as a constant: it reads what is bound later than a constant."""
    path = os.path.join(TESTS, 'passes', 'known.py')
    tasks = os.path.join(ROOT, 'examples', 'first-steps', 'tasks')
    with Folder() as folder:
        bytecode = folder.at('known.bto')
        report.equal('bytecode written', battc(path, '-o', bytecode).returncode, 0)
        for op in ('t3', 't7', 't16'):
            asked = [battc('why', program, '--data', tasks, '--task', 'largest', '--steps', '100000', '--op', op)
                     for program in (path, bytecode)]
            report.equal(f'why {op}: exit codes', [done.returncode for done in asked], [0, 0])
            report.check(f'why {op}: its value', f'\n  {op} = {"0" if op == "t7" else "()"}\n' in asked[1].stdout, asked[1].stdout)
            report.equal(f'why {op}: exceptions', *['exceptions while it ran' in done.stdout for done in asked])


def reports(report):
    """-fopt-report says what each pass did; what is unknown is refused."""
    path = os.path.join(ROOT, 'examples', 'first-steps', 'batt.py')
    done = battc('-fopt-report', '--emit=ir', path)
    for name in PASSES:
        report.check(f'-fopt-report: {name}', re.search(rf'^{name} +\d+ of +\d+ ', done.stderr, re.M), done.stderr)
        report.check(f'-fno-{name} leaves {name} out', f'\n{name}' not in battc('-fopt-report', f'-fno-{name}', '--emit=ir', path).stderr)
    report.equal('-fno-such: exit code', battc('-fno-such', path).returncode, 2)


def main():
    report = Report()
    for path in sorted(glob.glob(os.path.join(TESTS, 'passes', '*.py'))):
        golden(report, path)
    for path in sorted(glob.glob(os.path.join(ROOT, 'examples', '*', 'batt.py'))):
        same(report, path, os.path.join(os.path.dirname(path), 'tasks'))
    same(report, os.path.join(TESTS, 'passes', 'known.py'), os.path.join(TESTS, 'data', 'tasks'), '--steps', '100000')
    same(report, os.path.join(TESTS, 'passes', 'impure.py'), os.path.join(TESTS, 'data', 'tasks'))
    generated(report)
    explained(report)
    reports(report)
    report.finish()


if __name__ == '__main__':
    main()
