"""What the test scripts share: where battc is, running it, counting, values as they stand in result lines."""

import json
import math
import os
import shutil
import subprocess
import sys
import tempfile

TESTS = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(TESTS)
BATTC = os.path.abspath(os.environ.get('BATTC') or os.path.join(ROOT, 'build', 'battc'))
QUICK = bool(os.environ.get('BATTC_QUICK'))
os.environ.setdefault('BATTC_DSL', os.path.join(ROOT, 'dsl'))
SHARED = os.path.join(os.path.dirname(ROOT), 'shared')

EXIT_INPUT, EXIT_LIMIT, EXIT_OUTPUT, EXIT_INTERRUPTED = 3, 4, 5, 130


class Report:
    """Counts of passed, failed and skipped checks; failures are printed as they come."""

    def __init__(self):
        self.passed = self.failed = self.skipped = 0

    def check(self, name, passed, note=''):
        """Count one check; returns whether it passed."""
        if passed:
            self.passed += 1
        else:
            self.failed += 1
            print(f'FAIL {name}' + (f'\n     {note}' if note else ''))
        return bool(passed)

    def equal(self, name, got, want):
        """Count one comparison."""
        return self.check(name, got == want, f'got  {short(got)}\n     want {short(want)}')

    def skip(self, name, reason):
        """Count one check that this machine cannot make."""
        self.skipped += 1
        print(f'skipped {name}: {reason}')

    def finish(self):
        """The line that sums up, and the script's exit."""
        tail = f', {self.skipped} skipped' if self.skipped else ''
        print(f'{self.passed} passed, {self.failed} failed{tail}')
        sys.exit(1 if self.failed else 0)


def short(value, width=600):
    """A value's text, cut."""
    text = value if isinstance(value, str) else repr(value)
    return text if len(text) <= width else text[:width] + '...'


def use_files_of_battc():
    """Headers where battc is built elsewhere. What links with a sanitized runtime library has to be sanitized too: is it?"""
    os.environ.setdefault('BATTC_INCLUDE', os.path.join(ROOT, 'runtime'))
    sanitized = b'__asan_init' in read(os.path.join(os.path.dirname(BATTC), 'libbattc-runtime.a'))
    if sanitized:
        os.environ['CC'] = os.environ.get('CC', 'cc') + ' -fsanitize=address,undefined'
    return sanitized


def battc(*arguments, timeout=300, **options):
    """Run battc; output as text, whatever the bytes."""
    options.setdefault('stdout', subprocess.PIPE)
    return subprocess.run([BATTC, *map(str, arguments)], stderr=subprocess.PIPE, timeout=timeout,
                          encoding='utf-8', errors='replace', **options)


class Folder:
    """A folder that is gone at the end of a with statement; `write` makes files in it."""

    def __enter__(self):
        self.path = tempfile.mkdtemp(prefix='battc-test-')
        return self

    def __exit__(self, *_):
        shutil.rmtree(self.path, ignore_errors=True)

    def at(self, name):
        """The path of a file in the folder."""
        return os.path.join(self.path, name)

    def write(self, name, content):
        """Write text or bytes; returns the path."""
        path = self.at(name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, 'wb') as file:
            file.write(content if isinstance(content, bytes) else content.encode())
        return path

    def write_tasks(self, tasks, name='tasks'):
        """A folder with one file per task."""
        for task, content in tasks.items():
            self.write(os.path.join(name, task + '.json'), json.dumps(content))
        return self.at(name)


def task(pairs, tests=()):
    """A task as in ARC's files, from pairs of grids."""
    sides = lambda both: [{'input': a, 'output': b} for a, b in both]
    return {'train': sides(pairs), 'test': sides(tests)}


def read(path):
    """A file's bytes, b'' without one."""
    try:
        with open(path, 'rb') as file:
            return file.read()
    except FileNotFoundError:
        return b''


def read_lines(path):
    """The values of a file of JSON lines."""
    return [json.loads(line) for line in read(path).decode().splitlines()]


def encode(value):
    """A value as result lines give it."""
    kind = type(value)
    if value is None or kind in (bool, int, str):
        return value
    if kind is tuple:
        return [encode(item) for item in value]
    if kind in (set, frozenset, list):
        return {kind.__name__: [encode(item) for item in value]}
    if kind is dict:
        return {'dict': [[encode(key), encode(item)] for key, item in value.items()]}
    if kind is float:
        named = math.isnan(value) or math.isinf(value)
        return {'float': repr(value) if named else value}
    if callable(value):
        return {'callable': value.__name__}
    return {'object': kind.__name__}
