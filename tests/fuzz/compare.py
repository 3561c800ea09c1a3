"""One program in several ways: CPython twice, and battc's forms of it."""

import json
import os
import shutil
import subprocess
import sys

FUZZ = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.dirname(FUZZ))
from support import BATTC, ROOT, Folder, battc, read, read_lines  # noqa: E402

LIMITS = ['--steps', '20000000', '--memory', '1000', '--timeout', '20']
PATIENCE = 300
INTERPRETED = {'bytecode': [], 'no kernels': ['-fno-kernels'], 'no sharing': ['-fno-sharing']}
COMPILED = {'gcc -O0': ('gcc', '-O0'), 'gcc -O2': ('gcc', '-O2'), 'clang -O0': ('clang', '-O0'), 'clang -O2': ('clang', '-O2')}
COMPILERS = [name for name, (compiler, _) in COMPILED.items() if shutil.which(compiler)]
FORMS = [*INTERPRETED, '.bto', 'library', *COMPILERS]


def python_results(path, folders=(), seed=1):
    """What CPython makes of each function; None where that hangs on addresses."""
    command = [sys.executable, '-B', '-W', 'ignore', os.path.join(FUZZ, 'python_side.py'), path, *folders]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL,
                          timeout=PATIENCE, env={**os.environ, 'PYTHONHASHSEED': str(seed)})
    lines = map(json.loads, done.stdout.decode().splitlines())
    return {line['entry']: None if hangs_on_addresses(line.get('value')) else line for line in lines}


def hangs_on_addresses(value, in_set=False):
    """Whether a set holds None, text, nan or a function. The low bits of addresses are alike in all processes, so two of
    them may agree on an order that hangs on them."""
    if isinstance(value, dict):
        if in_set and ('callable' in value or 'object' in value or value.get('float') == 'nan'):
            return True
        return any(hangs_on_addresses(item, in_set or name in ('set', 'frozenset')) for name, item in value.items() if isinstance(item, list))
    if isinstance(value, list):
        return any(hangs_on_addresses(item, in_set) for item in value)
    return in_set and (value is None or isinstance(value, str))


def run_form(form, path, out, arguments):
    """Run one form; what happened, for people."""
    os.environ.setdefault('BATTC_INCLUDE', os.path.join(ROOT, 'runtime'))
    entry = ['--entry', 'test_*', *arguments]
    program, options = path, []
    if form in COMPILED:
        compiler, level = COMPILED[form]
        program = os.path.join(os.path.dirname(out), 'program')
        done = battc(path, *entry, level, '-o', program, env={**os.environ, 'CC': compiler}, timeout=PATIENCE)
        if done.returncode == 0:
            done = subprocess.run([program, *LIMITS, '--out', out], stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=PATIENCE,
                                  encoding='utf-8', errors='replace')
        return f'exit code {done.returncode} {done.stderr[-2000:]}'
    if form == '.bto':
        program, entry_of_run = os.path.join(os.path.dirname(out), 'program.bto'), []
        done = battc(path, *entry, '-o', program, timeout=PATIENCE)
        if done.returncode:
            return f'exit code {done.returncode} {done.stderr[-2000:]}'
    else:
        entry_of_run = entry
    if form == 'library':
        options = ['--library=build']
        os.environ['XDG_CACHE_HOME'] = os.path.dirname(out)
    else:
        options = ['--library=off'] if form != '.bto' else []
    options += INTERPRETED.get(form, [])
    done = battc('run', program, *entry_of_run, *options, *LIMITS, '--out', out, timeout=PATIENCE)
    return f'exit code {done.returncode} {done.stderr[-2000:]}'


def battc_results(form, path, arguments=()):
    """(results by function, what happened) of one form."""
    with Folder() as folder:
        out = folder.at('out.jsonl')
        said = run_form(form, path, out, list(arguments))
        kept = ('entry', 'value', 'error', 'line')
        return {line['entry']: {key: line[key] for key in kept if key in line} for line in read_lines(out)}, said


def is_limited(line):
    """Whether a result is a limit, or holds one."""
    return '"limit"' in json.dumps(line) or str(line.get('error')).startswith('limit')


class Outcome:
    """Counts of one comparison, and the functions that differ: (form, function, wanted, got)."""

    def __init__(self):
        self.compared = self.limited = self.unrepeatable = 0
        self.differences = []

    def add(self, other):
        self.compared += other.compared
        self.limited += other.limited
        self.unrepeatable += other.unrepeatable


def same(got, want):
    """Equal in value, type and order. 1 == True in Python, but not as JSON text."""
    return json.dumps(got) == json.dumps(want)


def drop_unrepeatable(outcome, path, folders):
    """Leave out what a second CPython does not say again."""
    again = python_results(path, folders, 2)
    repeated = [difference for difference in outcome.differences if again.get(difference[1]) == difference[2]]
    outcome.unrepeatable += len(outcome.differences) - len(repeated)
    outcome.differences = repeated


def compare(path, forms, arguments=(), folders=()):
    """Compare one file's functions in some forms."""
    outcome = Outcome()
    wanted = python_results(path, folders)
    for form in forms:
        found, said = battc_results(form, path, arguments)
        for entry, want in wanted.items():
            got = found.get(entry)
            if want is None:
                outcome.unrepeatable += 1
            elif got is None:
                outcome.differences.append((form, entry, want, said))
            elif is_limited(got):
                outcome.limited += 1
            elif same(got, want):
                outcome.compared += 1
            else:
                outcome.differences.append((form, entry, want, got))
    if outcome.differences:
        drop_unrepeatable(outcome, path, folders)
    return outcome
