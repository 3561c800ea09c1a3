#!/usr/bin/env python3
"""CPython beside battc on one batt file: python3 bench/bench.py [--tasks N] [--file FILE.py -I DIR] [--json OUT]

Without --file the program is the one that bench/generate.py makes for a seed: 32 candidates over the DSL that battc
carries. The tasks are taken evenly from ../shared/arc where that is, else from the examples. CPython runs alone, then
battc, with one thread and with all; each figure is the median of the runs. CPython without memoised type hints is
measured on a few of the tasks and said to be so.
"""

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time

from profile_batt import load_tasks

BENCH = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(BENCH)
DSL = os.path.join(ROOT, 'dsl')
DATA = os.path.join(os.path.dirname(ROOT), 'shared', 'arc', 'arc-agi-2')


def first_line(*command):
    """The first line that a command prints, '' without one."""
    try:
        return subprocess.run(command, capture_output=True, text=True, check=False).stdout.split('\n')[0].strip()
    except OSError:
        return ''


def machine(options):
    """What the figures were measured on."""
    with open('/proc/cpuinfo', encoding='utf-8') as lines:
        names = [line.split(':', 1)[1].strip() for line in lines if line.startswith('model name')]
    return {'cpu': names[0] if names else platform.processor(), 'cores': len(os.sched_getaffinity(0)),
            'load': os.getloadavg()[0], 'system': platform.platform(), 'python': platform.python_version(),
            'cc': first_line('gcc', '--version'), 'battc': first_line(options.battc, '--version'),
            'commit': first_line('git', '-C', ROOT, 'rev-parse', '--short', 'HEAD')}


def generate(seed, path):
    """The generated program."""
    subprocess.run([sys.executable, os.path.join(BENCH, 'generate.py'), '--dsl', DSL, '--seed', str(seed), '-o', path],
                   check=True)


def choose(data, count):
    """Ids of tasks, evenly spread over the data; all of them for 0."""
    ids = [task for task, _, _ in load_tasks(data)]
    if not count or count >= len(ids):
        return ids
    return [ids[k * len(ids) // count] for k in range(count)]


def run_cpython(options, file, ids, hints):
    """Figures of bench/cpython.py in a process of its own."""
    folders = [*options.include, *options.python_path, DSL, os.path.join(DSL, 'standins')]
    command = [options.python, '-B', os.path.join(BENCH, 'cpython.py'), file, '--data', options.data, '--task', ','.join(ids),
               '--hints', hints]
    for folder in folders:
        command += ['--path', os.path.abspath(folder)]
    start = time.perf_counter()
    done = subprocess.run(command, stdout=subprocess.PIPE, check=True, env={**os.environ, 'EXPECT_GPU': '0'})
    figures = json.loads(done.stdout.decode().splitlines()[-1])
    figures['total'] = time.perf_counter() - start
    return figures


def run_battc(options, file, ids, threads, folder):
    """stats.json of one run, and its end-to-end seconds."""
    stats = os.path.join(folder, 'stats.json')
    lines = os.path.join(folder, 'lines.jsonl')
    command = [options.battc, 'run', file, '--data', options.data, '--task', ','.join(ids), '--jobs', str(threads),
               '--stats', stats, '--out', lines]
    for include in options.include:
        command[3:3] = ['-I', include]
    start = time.perf_counter()
    done = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, check=False,
                          env={**os.environ, 'BATTC_DSL': DSL})
    total = time.perf_counter() - start
    if done.returncode not in (0, 4):
        sys.exit(f'battc ended with {done.returncode}: {done.stderr}')
    with open(stats, encoding='utf-8') as text:
        figures = json.load(text)
    flat = {**figures['phase'], **{key: figures[key] for key in ('samples', 'tasks', 'calls', 'ops', 'threads', 'peak_memory_kb')},
            **figures['cpu_run'], 'limits': figures['limits'], 'total_outside': total, 'bytes': os.path.getsize(lines)}
    return flat


def middle(runs):
    """The median of every figure of some runs; what is no number is the first run's."""
    return {key: statistics.median(run[key] for run in runs) if isinstance(value, (int, float)) else value
            for key, value in runs[0].items()}


def ratio(slow, fast):
    """How many times as long."""
    return slow / fast if fast > 0 else float('inf')


def measure(options, file, folder):
    """All figures."""
    ids = choose(options.data, options.tasks)
    few = ids[::max(1, len(ids) // options.plain_tasks)][:options.plain_tasks] if options.plain_tasks else []
    print(f'CPython, hints memoised, {len(ids)} tasks', file=sys.stderr)
    result = {'machine': machine(options), 'file': os.path.basename(file), 'tasks': len(ids)}
    with open(file, encoding='utf-8') as text:
        result['lines'] = sum(1 for _ in text)
    result['cpython'] = run_cpython(options, file, ids, 'memoised')
    if few:
        print(f'CPython, hints looked up anew, {len(few)} tasks', file=sys.stderr)
        plain, memoised = run_cpython(options, file, few, 'plain'), run_cpython(options, file, few, 'memoised')
        result['cpython_plain'] = {**plain, 'slower_first': ratio(plain['first'], memoised['first']),
                                   'slower_second': ratio(plain['second'], memoised['second'])}
    cores = len(os.sched_getaffinity(0))
    for name, threads in (('one', 1), ('all', cores)):
        print(f'battc, {threads} thread{"s" * (threads > 1)}', file=sys.stderr)
        result['battc_' + name] = middle([run_battc(options, file, ids, threads, folder) for _ in range(options.repeat)])
    one, every, python = result['battc_one'], result['battc_all'], result['cpython']
    if one['samples'] != python['samples']:
        sys.exit(f"{one['samples']} samples here, {python['samples']} there")
    both = python['first'] + python['second']
    result['ratios'] = {
        'first': ratio(python['first'], one['first']), 'second': ratio(python['second'], one['second']),
        'both, one thread': ratio(both, one['run']), 'both, all threads': ratio(both, every['run']),
        'end to end, one thread': ratio(python['total'], one['total_outside']),
        'end to end, all threads': ratio(python['total'], every['total_outside'])}
    return result


def milliseconds(seconds, samples):
    return f'{seconds * 1e3 / samples:10.3f}' if samples else '         -'


def show(result):
    """The tables."""
    python, one, every = result['cpython'], result['battc_one'], result['battc_all']
    about, samples, ratios = result['machine'], python['samples'], result['ratios']
    print(f"\n{result['file']}: {result['lines']} lines, {result['tasks']} tasks, {samples} samples, {one['calls']:.0f} calls")
    print(f"{about['cpu']}, {about['cores']} cores (load {about['load']:.1f} at the start); Python {about['python']}; "
          f"{about['battc']} at {about['commit']}; {about['cc']}\n")
    print('milliseconds a sample     first     second       both')
    rows = [('CPython, memoised', python)]
    if 'cpython_plain' in result:
        plain = result['cpython_plain']
        rows.append((f"CPython, plain ({plain['samples']})", plain))
    for name, figures in rows:
        n = figures['samples']
        print(f"{name:20} {milliseconds(figures['first'], n)} {milliseconds(figures['second'], n)} "
              f"{milliseconds(figures['first'] + figures['second'], n)}")
    for name, figures in (('battc, 1 thread', one), (f"battc, {every['threads']:.0f} threads", every)):
        first, second = (milliseconds(figures[call], samples) for call in ('first', 'second'))
        if figures is every:
            first = second = '         -'
        print(f"{name:20} {first} {second} {milliseconds(figures['run'], samples)}")
    print('\nCPython (memoised) is slower by')
    for name, value in ratios.items():
        print(f'  {name:26} {value:8.1f}')
    if 'cpython_plain' in result:
        plain = result['cpython_plain']
        seconds = python['first'] * plain['slower_first'] + python['second'] * plain['slower_second']
        print(f"Without memoised hints CPython takes {plain['slower_first']:.1f} times as long for first calls and "
              f"{plain['slower_second']:.1f} for second ones,\nmeasured on {plain['tasks']} of the tasks; all of them would "
              f"take about {seconds:.0f} s (extrapolated).")
    print('\nseconds                 parse    compile       load        run      write      total   peak MB')
    for name, figures in (('battc, 1 thread', one), (f"battc, {every['threads']:.0f} threads", every)):
        phases = ' '.join(f'{figures[phase]:10.4f}' for phase in ('parse', 'compile', 'load', 'run', 'write', 'total_outside'))
        print(f"{name:18} {phases} {figures['peak_memory_kb'] / 1024:9.0f}")
    print(f"{'CPython':18} {'':10} {python['import']:10.4f} {python['load']:10.4f} {python['first'] + python['second']:10.4f} "
          f"{'':10} {python['total']:10.4f} {python['peak_memory_kb'] / 1024:9.0f}")
    if one['limits']:
        print(f"calls with limit values: {one['limits']}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('--battc', default=os.path.join(ROOT, 'build', 'battc'))
    parser.add_argument('--python', default=sys.executable)
    parser.add_argument('--file', help='a batt file; default: a generated one')
    parser.add_argument('--seed', type=int, default=1, help='of the generated file')
    parser.add_argument('-I', dest='include', action='append', default=[], help='folders of the modules that the file imports')
    parser.add_argument('--python-path', action='append', default=[], help='more folders for CPython alone')
    parser.add_argument('--data', default=DATA if os.path.isdir(DATA) else os.path.join(ROOT, 'examples', 'first-steps', 'tasks'))
    parser.add_argument('--tasks', type=int, default=400, help='how many, evenly spread; 0 for all')
    parser.add_argument('--plain-tasks', type=int, default=20, help='tasks for CPython without memoised hints')
    parser.add_argument('--repeat', type=int, default=3, help='runs of battc')
    parser.add_argument('--json', help='write all figures to this file')
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix='battc-bench-') as folder:
        file = options.file or os.path.join(folder, f'generated_{options.seed}.py')
        if not options.file:
            generate(options.seed, file)
        result = measure(options, file, folder)
    show(result)
    if options.json:
        with open(options.json, 'w', encoding='utf-8') as out:
            json.dump(result, out, indent=2)


if __name__ == '__main__':
    main()
