#!/usr/bin/env python3
"""What must not change an answer: the number of threads, bytecode in place of source, which tasks run beside, who does which sample."""

import glob
import json
import os
import subprocess
import sys

from support import ROOT, SHARED, TESTS, QUICK, Folder, Report, battc, read, short

DATA = os.path.join(TESTS, 'data', 'tasks')
OF_THE_RUN = ('threads', 'phase', 'cpu_run', 'peak_memory_kb')  # of --stats, not of what came out
REAL_DATA = os.path.join(SHARED, 'arc', 'arc-agi-1', 'training')


def run(report, name, folder, *arguments):
    """The bytes of a run's lines."""
    out = folder.at('out.jsonl')
    done = battc('run', *arguments, '--out', out)
    report.check(f'{name}: exit code', done.returncode == 0, f'{done.returncode} {short(done.stderr)}')
    return read(out)


def programs():
    """Batt files of the examples, with the data that belongs to each."""
    for path in sorted(glob.glob(os.path.join(ROOT, 'examples', '*', '*.py'))):
        tasks = os.path.join(os.path.dirname(path), 'tasks')
        if os.path.isdir(tasks):
            yield path, tasks, () if b'def batt(' in read(path) else ('--entry', 'solve_*')


def compare(report, path, data, options):
    """One program in all the ways that have to agree."""
    name = os.path.relpath(path, ROOT)
    with Folder() as folder:
        one = run(report, f'{name}, one thread', folder, path, *options, '--data', data, '--jobs', 1)
        report.check(f'{name}: some lines', one.count(b'\n') > 1)
        for jobs in (2, 7):
            report.check(f'{name}: {jobs} threads', run(report, f'{name}, {jobs} threads', folder, path, *options, '--data', data,
                                                        '--jobs', jobs) == one)
        bytecode = folder.at('program.bto')
        done = battc(path, *options, '-o', bytecode)
        report.check(f'{name}: bytecode written', done.returncode == 0, f'{done.returncode} {short(done.stderr)}')
        report.check(f'{name}: bytecode', run(report, f'{name}, bytecode', folder, bytecode, '--data', data) == one)
        again = folder.at('again.bto')
        battc(path, *options, '-o', again)
        report.check(f'{name}: the same bytecode again', read(bytecode) == read(again) != b'')
        task = json.loads(one.splitlines()[-1])['task']
        alone = run(report, f'{name}, one task', folder, path, *options, '--data', data, '--task', task)
        beside = [line for line in one.splitlines() if json.loads(line)['task'] == task]
        report.check(f'{name}: {task} alone', alone.splitlines() == beside)
        shared, counts = folder.at('shared.jsonl'), []
        for jobs in (1, 5):
            done = battc('run', path, *options, '--data', data, '--task', task, '--jobs', jobs, '--out', shared, '--stats', folder.at('stats.json'))
            report.check(f'{name}: {task}, its samples on {jobs} threads', done.returncode == 0 and read(shared) == alone, short(done.stderr))
            counts.append({key: value for key, value in json.loads(read(folder.at('stats.json'))).items() if key not in OF_THE_RUN})
        report.equal(f'{name}: {task}, what is counted on several threads', counts[1], counts[0])
        first = run(report, f'{name}, first calls', folder, path, *options, '--data', data, '--calls', 'first')
        beside = [line for line in one.splitlines() if json.loads(line)['call'] == 'first']
        report.check(f'{name}: first calls alone', first.splitlines() == beside)


def generated(report):
    """A program like the users' over some real tasks."""
    generator = os.path.join(ROOT, 'bench', 'generate.py')
    if not os.path.exists(generator):
        report.skip('a generated program', 'no generator')
    elif not os.path.isdir(REAL_DATA):
        report.skip('a generated program', f'no data at {REAL_DATA}')
    else:
        with Folder() as folder:
            path = folder.at('generated.py')
            subprocess.run([sys.executable, generator, '--dsl', os.path.join(ROOT, 'dsl'), '--seed', '1', '-o', path], check=True)
            tasks = sorted(os.listdir(REAL_DATA), key=lambda name: os.path.getsize(os.path.join(REAL_DATA, name)))
            tasks = tasks[:8 if QUICK else 40]  # the smallest: some candidates blow grids up
            compare(report, path, folder.write_tasks({name[:-5]: json.loads(read(os.path.join(REAL_DATA, name)))
                                                      for name in tasks}), ())


def main():
    report = Report()
    for path, data, options in programs():
        compare(report, path, data, options)
    compare(report, os.path.join(TESTS, 'bad_input', 'good.py'), DATA, ())
    generated(report)
    report.finish()


if __name__ == '__main__':
    main()
