#!/usr/bin/env python3
"""Python modules that battc makes: python3 tests/module.py

Each is compiled once and loaded by every Python from 3.8 to 3.13 that is found here ($PATH, ~/.pyenv): the one file is for all.
tests/module/ holds what runs in those Pythons: same.py compares values with those of the Python file, behaviour.py looks at the
rest: exceptions, closures, threads, processes, signals, memory; workers.py and notebook.py do where joblib, or nbclient and ipykernel, are
installed (Debian: python3-joblib, python3-nbclient, python3-ipykernel). Needs a C compiler (CC, else cc).
"""

import glob
import json
import os
import re
import shutil
import subprocess
import sys

from support import EXIT_INPUT, QUICK, ROOT, SHARED, TESTS, Folder, Report, battc, read, short, use_files_of_battc

MINE = os.path.join(TESTS, 'module')
DATA = os.path.join(SHARED, 'arc', 'arc-agi-2', 'arc-agi_training_challenges.json')
DSL = ('dsl.py', 'constants.py', 'safe_dsl.py', 'arc_types.py')


def version_of(python):
    """(3, minor) of a Python that runs, else None."""
    try:
        done = subprocess.run([python, '-c', 'import sys; print(*sys.version_info[:2])'], capture_output=True, text=True, timeout=60)
        return tuple(map(int, done.stdout.split())) or None
    except (OSError, ValueError, subprocess.SubprocessError):
        return None


def find_pythons():
    """{version: path}, this one among them."""
    found = {sys.version_info[:2]: sys.executable}
    paths = [shutil.which(f'python3.{minor}') for minor in range(8, 14)]
    for path in filter(None, paths + glob.glob(os.path.expanduser('~/.pyenv/versions/3.*/bin/python3'))):
        version = version_of(path)
        if version and (3, 8) <= version <= (3, 13):
            found.setdefault(version, path)
    return dict(sorted(found.items()))


def environment(sanitized):
    """A Python that loads a sanitized module needs the sanitizer from its start."""
    env = dict(os.environ, EXPECT_GPU='0', PYTHONDONTWRITEBYTECODE='1')
    if sanitized:
        libraries = [subprocess.run(['cc', f'-print-file-name={name}'], capture_output=True, text=True, check=True).stdout.strip()
                     for name in ('libasan.so', 'libubsan.so')]
        env.update(LD_PRELOAD=' '.join(libraries), ASAN_OPTIONS='detect_leaks=0', BATTC_CALLS='200')
    return env


def run_python(python, folder, script, *arguments, env, **options):
    """A script of tests/module in the folder."""
    return subprocess.run([python, os.path.join(MINE, script), *arguments], cwd=folder.path, env=env, capture_output=True, text=True,
                          timeout=600, **options)


def build(folder, report, text, name, *options):
    """Compile a text to NAME.so; the same text as plain_NAME.py is what Python runs."""
    folder.write(f'plain_{name}.py', text)
    os.makedirs(folder.at('sources'), exist_ok=True)
    done = battc(folder.write(f'sources/{name}.py', text), *options, '-o', folder.at(f'{name}.so'))
    return report.check(f'{name}: compiles', done.returncode == 0, short(done.stderr))


def copy_dsl(folder):
    """The DSL that battc carries, for Python."""
    for name in DSL:
        shutil.copy(os.path.join(ROOT, 'dsl', name), folder.path)


def check_sets(report, pythons, env):
    """Tables of sets with a history, in every Python."""
    sys.path.insert(0, MINE)
    import set_program
    with Folder() as folder:
        if not build(folder, report, set_program.program(7, 40 if QUICK else 150), 'sets', '--entry', 'case_*'):
            return
        for version, python in pythons.items():
            done = run_python(python, folder, 'same.py', 'sets', 'plain_sets', 'sets', env=env)
            report.check('sets in Python %d.%d' % version, re.match(r'([1-9]\d+ sets, 0 with another order, 0 with another table\n){2}$', done.stdout),
                         short(done.stdout + done.stderr))


def real_calls(count):
    """Calls on samples of ARC: one of each of `count` tasks, with and without C."""
    with open(DATA) as file:
        tasks = json.load(file)
    for task in sorted(tasks)[::len(tasks) // count][:count]:
        pairs = [(pair['input'], pair['output']) for pair in tasks[task]['train']]
        yield task, pairs, pairs[0][0], None
        yield task, pairs, *pairs[0]


def example_calls(folder):
    """Calls on the samples of an example."""
    for path in sorted(glob.glob(os.path.join(folder, 'tasks', '*.json'))):
        with open(path) as file:
            pairs = [(pair['input'], pair['output']) for pair in json.load(file)['train']]
        for given, output in pairs:
            yield os.path.basename(path)[:-5], pairs, given, None
            yield os.path.basename(path)[:-5], pairs, given, output


def compare_calls(report, name, text, calls, env, *options):
    """Values of a batt file, one call after another and as a batch, beside the Python file's."""
    with Folder() as folder:
        copy_dsl(folder)
        if build(folder, report, text, 'compiled', *options):
            done = run_python(sys.executable, folder, 'same.py', 'calls', 'plain_compiled', 'compiled', env=env, input=json.dumps(list(calls)))
            report.check(f'{name}: calls', re.search(r'^[1-9]\d* calls, 0 differ\n$', done.stdout), short(done.stdout + done.stderr))


def check_calls(report, env, sanitized):
    """Batt files: the examples, one about iterators, and a generated one on real samples; as bytecode and as compiled C."""
    examples = sorted(glob.glob(os.path.join(ROOT, 'examples', '*', 'batt.py')))
    for path in (*examples, os.path.join(MINE, 'moved.py')):
        text = read(path).decode()
        name = os.path.relpath(path, ROOT)
        folder = os.path.dirname(path if path in examples else examples[0])
        compare_calls(report, name, text, example_calls(folder), env)
        if not sanitized:
            compare_calls(report, f'{name} -O2', text, example_calls(folder), env, '-O2')
    if not os.path.exists(DATA):
        report.skip('a generated program on real samples', 'no ARC data beside the repository')
        return
    done = subprocess.run([sys.executable, os.path.join(ROOT, 'bench', 'generate.py'), '--dsl', os.path.join(ROOT, 'dsl'), '--seed', '11',
                           '--candidates', '6'], capture_output=True, text=True, check=True)
    compare_calls(report, 'generated', done.stdout, real_calls(4 if QUICK or sanitized else 10), env)


def check_behaviour(report, pythons, env):
    """behaviour.py in every Python."""
    with Folder() as folder:
        copy_dsl(folder)
        text = read(os.path.join(MINE, 'program.py')).decode()
        folder.write('plain.py', text)
        made = build(folder, report, text.replace("'given', t1", "'changed', t1"), 'program')
        os.rename(folder.at('program.so'), folder.at('changed.so'))
        made = made and build(folder, report, text, 'program')
        if not made or not build(folder, report, read(os.path.join(MINE, 'entries.py')).decode(), 'entries', '--entry', 'solve_*'):
            return
        for version, python in pythons.items():
            done = run_python(python, folder, 'behaviour.py', env=env)
            lines = done.stdout.splitlines()
            report.check('behaviour in Python %d.%d: it ends' % version, done.returncode == 0 and lines, short(done.stdout + done.stderr))
            for line in lines:
                report.check('behaviour in Python %d.%d' % version, line.startswith('ok '), line + '\n' + short(done.stderr))


def python_with(pythons, *modules):
    """The first Python that has them all, else None."""
    for python in (*pythons.values(), '/usr/bin/python3'):
        have = [python, '-c', 'import ' + ', '.join(modules)]
        if os.path.exists(python) and (3, 8) <= (version_of(python) or (0, 0)) <= (3, 13) and subprocess.run(have, capture_output=True).returncode == 0:
            return python
    return None


def check_tools(report, env):
    """Worker processes and notebooks, as other tools run them."""
    pythons = find_pythons()
    for script, modules in (('workers.py', ('joblib',)), ('notebook.py', ('nbclient', 'nbformat', 'ipykernel'))):
        python = python_with(pythons, *modules)
        if not python:
            report.skip(script, 'no Python has ' + ' and '.join(modules))
            continue
        with Folder() as folder:
            text = read(os.path.join(MINE, 'program.py')).decode()
            copy_dsl(folder)
            made = build(folder, report, text.replace("'given', t1", "'changed', t1"), 'program')
            os.rename(folder.at('program.so'), folder.at('changed.so'))
            if made and build(folder, report, text, 'program'):
                done = run_python(python, folder, script, env=env)
                report.check(script, done.returncode == 0 and done.stdout.startswith('ok '), short(done.stdout + done.stderr, 3000))


def check_failures(report):
    """Names that no module can have, no compiler, places that cannot be written; nothing else is needed or left."""
    with Folder() as folder:
        program = folder.write('batt.py', read(os.path.join(MINE, 'entries.py')))
        options = (program, '--entry', 'solve_*', '-o')
        for name in ('a-b.so', '1a.so', 'größe.so', '.so', 'a b.so'):
            report.equal(f'{name}: exit code', battc(*options, folder.at(name)).returncode, 2)
        done = battc(*options, folder.at('x.abi3.so'))
        symbols = read(folder.at('x.abi3.so'))
        report.check('x.abi3.so is x', done.returncode == 0 and b'PyInit_x\0' in symbols, done.stderr)
        report.check('no library but C\'s own', b'cjson' not in symbols and b'libpython' not in symbols)
        done = battc(*options, folder.at('x.so'), env={**os.environ, 'CC': '/no/such compiler'})
        report.equal('no compiler: exit code', done.returncode, EXIT_INPUT)
        report.equal('folder is missing', battc(*options, folder.at('missing/x.so')).returncode, 5)
        report.equal('nothing is left', sorted(os.listdir(folder.path)), ['batt.py', 'x.abi3.so'])


def main():
    report = Report()
    sanitized = use_files_of_battc()
    if not shutil.which(os.environ.get('CC', 'cc').split()[0]):
        report.skip('Python modules', 'no C compiler')
        report.finish()
    pythons = {sys.version_info[:2]: sys.executable} if QUICK or sanitized else find_pythons()
    env = environment(sanitized)
    check_failures(report)
    check_sets(report, pythons, env)
    check_calls(report, env, sanitized)
    check_behaviour(report, pythons, env)
    if sanitized:
        report.skip('worker processes and notebooks', 'the sanitizer is not in them')
    else:
        check_tools(report, env)
    report.finish()


if __name__ == '__main__':
    main()
