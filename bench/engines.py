"""The engines of the benchmark: each runs one program over tasks once and gives its figures.

An engine is made for a program and prepares what it needs once (`prepare`: compiling C takes seconds and counts apart).
`run` gives a flat dict of numbers: `first` and `second` are seconds of the calls with C = None and with C (battc's are processor
seconds), `calls` wall seconds of both on all threads, `total` wall seconds and `cpu` processor seconds of the whole process, the
phases of battc's --stats, and `memory_mb`, the peak.
"""

import collections
import json
import os
import resource
import shutil
import subprocess
import time

BENCH = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(BENCH)
DSL = os.path.join(ROOT, 'dsl')
STANDINS = os.path.join(DSL, 'standins')


class EngineError(Exception):
    """An engine could not run the program."""


class Program:
    """A batt file with its tasks."""

    def __init__(self, name, file, include, data, ids, entry=None):
        self.name, self.file, self.include, self.data, self.ids, self.entry = name, file, include, data, ids, entry


def run_process(command, extra=None):
    """Wall seconds, processor seconds and output of a command; battc's 4 is a program with limits."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, check=False, env={**os.environ, **(extra or {})})
    seconds, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode not in (0, 4):
        raise EngineError(f'{os.path.basename(command[0])} ended with {done.returncode}: {done.stderr.strip()[-400:]}')
    return seconds, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, done.stdout


class Python:
    """CPython or PyPy, in a process of its own for every run."""

    is_battc = False

    def __init__(self, label, python, python_path, hints='memoised', passes=1):
        self.label, self.python, self.python_path, self.hints, self.passes = label, python, python_path, hints, passes

    def prepare(self, program):
        """Nothing."""

    def run(self, program):
        """One process. Figures are those of its last pass."""
        command = [self.python, '-B', os.path.join(BENCH, 'cpython.py'), program.file, '--data', program.data,
                   '--task', ','.join(program.ids), '--hints', self.hints, '--passes', str(self.passes)]
        for folder in [*program.include, *self.python_path, DSL, STANDINS]:
            command += ['--path', os.path.abspath(folder)]
        if program.entry:
            command += ['--entry', program.entry]
        total, cpu, output = run_process(command, {'EXPECT_GPU': '0'})
        figures = json.loads(output.splitlines()[-1])
        passes = figures.pop('passes')
        last = passes[-1]
        figures.update(first=last['first'], second=last['second'], calls=last['first'] + last['second'], parse=figures.pop('import'), total=total, cpu=cpu)
        if self.passes > 1:
            figures['cold'] = passes[0]['first'] + passes[0]['second']
        return figures


def task_seconds(events):
    """{task: seconds} of a trace; a function's event is named by it and by its task."""
    seconds = collections.Counter()
    for event in events:
        if event.get('cat') == 'task':
            seconds[event['name'].split()[-1].rpartition('_')[2]] += event['dur'] / 1e6
    return seconds


class Battc:
    """battc as bytecode, with the DSL library, or the executable made of emitted C."""

    is_battc = True

    def __init__(self, label, battc, folder, threads, kind='bytecode', lines=False, options=()):
        self.label, self.battc, self.folder, self.threads, self.kind, self.lines = label, battc, folder, threads, kind, lines
        self.options = list(options)
        self.build_seconds = None

    def environment(self):
        """Libraries are made in the benchmark's own folder."""
        return {'BATTC_DSL': DSL, 'XDG_CACHE_HOME': os.path.join(self.folder, 'cache')}

    def source_options(self, program):
        """What compiling needs to know."""
        words = [word for folder in program.include for word in ('-I', folder)]
        return words + (['--entry', program.entry] if program.entry else [])

    def executable(self, program):
        """Where the emitted C of a program becomes an executable."""
        return os.path.join(self.folder, 'emitted_' + os.path.splitext(program.name)[0])

    def prepare(self, program):
        """Compile C, once for all runs."""
        if self.kind == 'library':
            command = ['--build-library', '-o', os.path.join(self.folder, 'with_library.bto')]
        elif self.kind == 'emitted':
            command = ['-o', self.executable(program)]
        else:
            return
        if not shutil.which(os.environ.get('CC', 'cc').split()[0]):
            raise EngineError('no C compiler')
        self.build_seconds, _, _ = run_process([self.battc, program.file, *self.source_options(program), *command], self.environment())

    def by_task(self, program):
        """Seconds of each task's calls, from the trace of a run."""
        trace = os.path.join(self.folder, 'trace.json')
        Battc(self.label, self.battc, self.folder, self.threads, options=[*self.options, '--trace', trace]).run(program)
        with open(trace, encoding='utf-8') as text:
            return task_seconds(json.load(text)['traceEvents'])

    def run(self, program):
        """One process."""
        stats, lines = os.path.join(self.folder, 'stats.json'), os.path.join(self.folder, 'lines.jsonl')
        if self.kind == 'emitted':
            command = [self.executable(program)]
        else:
            command = [self.battc, 'run', program.file, *self.source_options(program),
                       '--library=' + ('auto' if self.kind == 'library' else 'off')]
        command += ['--data', program.data, '--task', ','.join(program.ids), '--jobs', str(self.threads), '--stats', stats]
        command += self.options + (['--out', lines] if self.lines else [])
        total, cpu, _ = run_process(command, self.environment())
        with open(stats, encoding='utf-8') as text:
            figures = json.load(text)
        phase = figures['phase']
        return {'samples': figures['samples'], 'tasks': figures['tasks'], 'ops': figures['ops'], **figures['cpu_run'], 'calls': phase['run'],
                'parse': phase['parse'], 'compile': phase['compile'], 'load': phase['load'], 'write': phase['write'], 'total': total, 'cpu': cpu,
                'memory_mb': figures['peak_memory_kb'] / 1024}


ENGINES = ('cpython', 'plain', 'pypy', 'bytecode', 'all', 'library', 'emitted')


def make_engines(options, folder):
    """{name: engine} of those wanted, PyPy only where it is."""
    cores = len(os.sched_getaffinity(0))
    pypy = shutil.which(options.pypy)
    made = {'cpython': Python('CPython, memoised', options.python, options.python_path),
            'plain': Python('CPython, plain', options.python, options.python_path, 'plain'),
            'bytecode': Battc('battc, 1 thread', options.battc, folder, 1, lines=options.lines, options=options.battc_options),
            'all': Battc(f'battc, {cores} threads', options.battc, folder, cores, lines=options.lines, options=options.battc_options),
            'library': Battc('with DSL library', options.battc, folder, 1, 'library', options.lines, options.battc_options),
            'emitted': Battc('as emitted C', options.battc, folder, 1, 'emitted', options.lines, options.battc_options)}
    if pypy:
        made['pypy'] = Python('PyPy, second pass', pypy, options.python_path, passes=2)
    return {name: made[name] for name in ENGINES if name in made and name in options.engines}
