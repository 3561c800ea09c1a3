#!/usr/bin/env python3
"""CPython, PyPy and battc on the same batt files: python3 bench/bench.py [--file FILE.py -I DIR] [--seed N,...] [--json OUT] ...

Without --file the program is the one that bench/generate.py makes for a seed: 32 candidates over the DSL that battc
carries. The tasks are taken evenly from ../shared/arc where that is, else from the examples. The engines take turns, so that
what else the machine does meets them alike; a figure is the median of its repeats, its spread their least and greatest.
CPython without memoised type hints runs on a few of the tasks. --sizes adds programs of other sizes. The file of --json has every
single run; bench/compare.py tells what moved between two such files.
"""

import argparse
import hashlib
import json
import os
import platform
import subprocess
import sys
import tempfile

import tables
from engines import BENCH, DSL, ENGINES, ROOT, EngineError, Program, make_engines
from profile_batt import load_tasks

SHARED_DATA = os.path.join(os.path.dirname(ROOT), 'shared', 'arc', 'arc-agi-2')
EXAMPLE_DATA = os.path.join(ROOT, 'examples', 'first-steps', 'tasks')


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
            'pypy': first_line(options.pypy, '-c', 'import platform; print(platform.python_version())'),
            'cc': first_line('gcc', '--version'), 'battc': first_line(options.battc, '--version'),
            'commit': first_line('git', '-C', ROOT, 'rev-parse', '--short', 'HEAD')}


def generate(path, *words):
    """A generated program."""
    subprocess.run([sys.executable, os.path.join(BENCH, 'generate.py'), '--dsl', DSL, *words, '-o', path], check=True)


def spread_evenly(ids, count):
    """So many of the tasks; all of them for 0."""
    if not count or count >= len(ids):
        return ids
    return [ids[k * len(ids) // count] for k in range(count)]


def progress(text):
    """What is going on."""
    print(text, file=sys.stderr, flush=True)


def measure_engines(program, engines, repeats):
    """{name: entry} of all engines: every round runs each once that still has to run."""
    entries = {}
    for name, engine in list(engines.items()):
        try:
            engine.prepare(program)
            entries[name] = {'label': engine.label, 'runs': []}
            if getattr(engine, 'build_seconds', None):
                entries[name]['build'] = engine.build_seconds
        except EngineError as error:
            progress(f'{program.name}: {engine.label} is left out: {error}')
    for turn in range(max(repeats[name] for name in entries) if entries else 0):
        for name in list(entries):
            if turn >= repeats[name]:
                continue
            progress(f'{program.name}: {engines[name].label}, {turn + 1} of {repeats[name]}')
            try:
                entries[name]['runs'].append(engines[name].run(program))
            except EngineError as error:
                progress(f'{program.name}: {engines[name].label} is left out: {error}')
                del entries[name]
    return entries


def measure_plain(program, engines, few):
    """CPython without memoised hints, and with, on some of the tasks."""
    part = Program(program.name, program.file, program.include, program.data, few, program.entry)
    both = {name: engines[name] for name in ('cpython', 'plain')}
    entries = measure_engines(part, both, {'cpython': 1, 'plain': 1})
    return {name: entry['runs'][0] for name, entry in entries.items()} if len(entries) == 2 else None


def measure(options, program, engines):
    """All figures of one program."""
    repeats = {name: options.repeat if engine.is_battc else options.python_repeat for name, engine in engines.items()}
    timed = {name: engine for name, engine in engines.items() if name != 'plain'}
    with open(program.file, 'rb') as file:
        source = file.read()
    result = {'name': program.name, 'sha256': hashlib.sha256(source).hexdigest(), 'lines': source.count(b'\n'),
              'tasks': len(program.ids), 'engines': measure_engines(program, timed, repeats)}
    counts = {entry['runs'][0]['samples'] for entry in result['engines'].values()}
    if len(counts) != 1:
        sys.exit(f'{program.name}: engines ran different numbers of samples: {sorted(counts)}')
    result['samples'] = counts.pop()
    if program.entry and 'cpython' in result['engines'] and 'bytecode' in result['engines']:
        result['by_task'] = {'cpython': result['engines']['cpython']['runs'][0]['by_task'], 'bytecode': engines['bytecode'].by_task(program)}
    if 'plain' in engines and 'cpython' in engines and options.plain_tasks:
        result['plain'] = measure_plain(program, engines, spread_evenly(program.ids, options.plain_tasks))
    return result


def programs(options, folder, ids):
    """The programs that were asked for: files, else seeds; then the sizes."""
    def one(name, path, chosen, include):
        return Program(name, path, include, options.data, chosen, options.entry)

    chosen = spread_evenly(ids, options.tasks)
    for path in options.file:
        yield one(os.path.basename(path), path, chosen, options.include), False
    for seed in [] if options.file else options.seed.split(','):
        path = os.path.join(folder, f'generated_{seed}.py')
        generate(path, '--seed', seed)
        yield one(f'generated_{seed}.py', path, chosen, []), False
    for ops in filter(None, options.sizes.split(',')):
        path = os.path.join(folder, f'generated_{ops}_ops.py')
        generate(path, '--seed', '1', '--ops', ops)
        yield one(os.path.basename(path), path, spread_evenly(ids, options.size_tasks), []), True


def parse_options():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('--battc', default=os.path.join(ROOT, 'build', 'battc'))
    parser.add_argument('--python', default=sys.executable)
    parser.add_argument('--pypy', default='pypy3', help='left out where it is not')
    parser.add_argument('--file', action='append', default=[], help='a batt file, may be repeated; default: generated ones')
    parser.add_argument('--seed', default='1', help='of the generated files')
    parser.add_argument('--entry', help="functions to run instead of batt, as 'solve_*'")
    parser.add_argument('-I', dest='include', action='append', default=[], help='folders of the modules that the file imports')
    parser.add_argument('--python-path', action='append', default=[], help='more folders for CPython alone')
    parser.add_argument('--data', default=SHARED_DATA if os.path.isdir(SHARED_DATA) else EXAMPLE_DATA)
    parser.add_argument('--tasks', type=int, default=400, help='how many, evenly spread; 0 for all')
    parser.add_argument('--plain-tasks', type=int, default=20, help='tasks for CPython without memoised hints')
    parser.add_argument('--sizes', default='', help='more generated programs, as 80,350,1450,5000,15000 ops')
    parser.add_argument('--size-tasks', type=int, default=20, help='tasks for those')
    parser.add_argument('--repeat', type=int, default=7, help='runs of battc')
    parser.add_argument('--python-repeat', type=int, default=3, help='runs of CPython and PyPy')
    parser.add_argument('--engines', default=','.join(ENGINES), help='which, of ' + ', '.join(ENGINES))
    parser.add_argument('--lines', action='store_true', help='battc writes result lines, else scores only')
    parser.add_argument('--battc-options', default='', help='words for battc, as "-fno-sharing --memory 512"')
    parser.add_argument('--json', help='write every run to this file')
    options = parser.parse_args()
    options.engines = options.engines.split(',')
    options.battc_options = options.battc_options.split()
    unknown = [name for name in options.engines if name not in ENGINES]
    if unknown or min(options.repeat, options.python_repeat) < 1:
        parser.error(f"unknown engines: {', '.join(unknown)}" if unknown else 'at least one repeat')
    return options


def main():
    options = parse_options()
    ids = [task for task, _, _ in load_tasks(options.data)]
    result = {'machine': machine(options), 'options': sys.argv[1:], 'programs': []}
    with tempfile.TemporaryDirectory(prefix='battc-bench-') as folder:
        engines = make_engines(options, folder)
        few = {name: engine for name, engine in engines.items() if name in ('cpython', 'bytecode')}
        for program, sized in programs(options, folder, ids):
            result['programs'].append({**measure(options, program, few if sized else engines), 'sized': sized})
    tables.show(result)
    if options.json:
        with open(options.json, 'w', encoding='utf-8') as out:
            json.dump(result, out, indent=1)


if __name__ == '__main__':
    main()
