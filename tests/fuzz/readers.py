#!/usr/bin/env python3
"""Fuzz battc's readers: python3 readers.py --battc BATTC --targets DIR [--seconds N] [--seed N] [--only NAME]

Runs each libFuzzer target on a corpus that starts from the files of tests/ and examples/ and is kept beside the
targets. What breaks one lies in DIR/found afterwards.
"""

import argparse
import glob
import os
import resource
import shutil
import subprocess
import sys

FUZZ = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.dirname(FUZZ))
from support import ROOT, TESTS  # noqa: E402

LONGEST = {'read_python': 4096, 'read_data': 4096, 'read_bto': 1 << 20}
STACK = 1 << 30   # as battc gives its compiler: passes recurse as deep as programs nest
WORDS = ('def', 'return', 'lambda', 'for', 'in', 'if', 'else', 'elif', 'while', 'try:', 'except', 'finally:', 'yield', 'global', 'nonlocal',
         'not', 'and', 'or', 'is', 'import', 'from', 'as', 'pass', 'break', 'continue', 'assert', 'raise', 'del', 'None', 'True', '**', '//',
         ':=', 'f\\"{', 'rb\\"', '\\x0a    ', '\\x0a\\x09', '==', '<=', '|=', '(*', '[', '{', '...', 'def batt(task_id, S, I, C, log_path):',
         'o.append(', 'except (TypeError, ValueError):', '_get_safe_default(', '0x', '1e', '\\xe2\\x82\\xac')


def programs():
    """Texts of programs to start from."""
    patterns = ('tests/python/*.py', 'tests/python/lib/*.py', 'tests/syntax/*.py', 'tests/bad_input/*.py', 'examples/*/*.py', 'tests/fuzz/tiny/*.py')
    for pattern in patterns:
        for path in glob.glob(os.path.join(ROOT, pattern)):
            with open(path, 'rb') as file:
                yield path, file.read()


def pieces(text, most):
    """A program cut between its functions into pieces that are short enough."""
    piece = b''
    for part in text.split(b'\n\n\n'):
        if piece and len(piece) + len(part) > most:
            yield piece
            piece = b''
        piece += part + b'\n\n\n'
    yield piece


def seed_python(folder):
    for path, text in programs():
        for k, piece in enumerate(pieces(text, 3000)):
            for mark in b'', b'#\n':
                write(folder, f'{os.path.basename(path)}-{k}-{len(mark)}', mark + piece)


def seed_data(folder):
    for path in glob.glob(os.path.join(TESTS, 'data', '**', '*.json'), recursive=True):
        with open(path, 'rb') as file:
            text = file.read()
        write(folder, os.path.basename(path), text)
        solutions = path.replace('_challenges', '_solutions')
        if solutions != path and os.path.exists(solutions):
            with open(solutions, 'rb') as file:
                write(folder, os.path.basename(path) + '-both', text + b'\0' + file.read())


def seed_bto(folder, battc):
    for path, _ in programs():
        for entry in [], ['--entry', 'test_*']:
            out = os.path.join(folder, f'{os.path.basename(path)}{len(entry)}.bto')
            subprocess.run([battc, path, *entry, '-I', os.path.join(FUZZ, 'tiny'), '-I', os.path.join(TESTS, 'python', 'lib'), '-o', out],
                           stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)


def write(folder, name, data):
    with open(os.path.join(folder, name), 'wb') as file:
        file.write(data)


def large_stack():
    hard = resource.getrlimit(resource.RLIMIT_STACK)[1]
    resource.setrlimit(resource.RLIMIT_STACK, (STACK if hard == resource.RLIM_INFINITY else min(STACK, hard), hard))


def run(name, options):
    """One target for some seconds; whether it went well."""
    corpus, found = (os.path.join(os.path.abspath(options.targets), kind, name) for kind in ('corpus', 'found'))
    fresh = not os.path.isdir(corpus)
    for folder in corpus, found:
        os.makedirs(folder, exist_ok=True)
    if fresh:
        {'read_python': lambda: seed_python(corpus), 'read_data': lambda: seed_data(corpus),
         'read_bto': lambda: seed_bto(corpus, os.path.abspath(options.battc))}[name]()
    words = os.path.join(os.path.dirname(corpus), 'words')
    with open(words, 'w', encoding='ascii') as file:
        file.writelines(f'"{word}"\n' for word in WORDS)
    command = [os.path.join(os.path.abspath(options.targets), name), corpus, f'-max_total_time={options.seconds}', f'-seed={options.seed}',
               f'-max_len={LONGEST[name]}', f'-artifact_prefix={found}/', '-close_fd_mask=2', '-detect_leaks=0', '-timeout=60',
               '-rss_limit_mb=6000', '-print_final_stats=1', '-reload=0']
    if name == 'read_python':
        command.append(f'-dict={words}')
    done = subprocess.run(command, stderr=subprocess.PIPE, cwd=ROOT, preexec_fn=large_stack, check=False, encoding='utf-8', errors='replace')
    lines = done.stderr.splitlines()
    stats = [line for line in lines if line.startswith('stat::number_of_executed_units')]
    print(f'{name}: {stats[-1].split()[-1] if stats else "?"} executions, exit code {done.returncode}', flush=True)
    if done.returncode:
        print('\n'.join(lines[-60:]))
    shutil.rmtree(found, ignore_errors=True) if not os.listdir(found) else None
    return done.returncode == 0


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('--battc', required=True)
    parser.add_argument('--targets', required=True)
    parser.add_argument('--seconds', type=int, default=600, help='for all of them together')
    parser.add_argument('--seed', type=int, default=1)
    parser.add_argument('--only', choices=list(LONGEST))
    options = parser.parse_args()
    names = [options.only] if options.only else list(LONGEST)
    options.seconds = max(1, options.seconds // len(names))
    passed = sum([run(name, options) for name in names])
    print(f'{passed} passed, {len(names) - passed} failed')
    return 1 if passed < len(names) else 0


if __name__ == '__main__':
    sys.exit(main())
