#!/usr/bin/env python3
"""Emitted C: python3 tests/emit.py

Programs as executables and with their modules as a DSL library give the same bytes as bytecode does. What stands in
the input, odd names of files, a missing or failing compiler and places that cannot be written are tried as well.
Needs a C compiler (CC, else cc).
"""

import glob
import os
import re
import shutil
import stat
import subprocess
import sys

from support import BATTC, EXIT_INPUT, EXIT_OUTPUT, QUICK, ROOT, TESTS, Folder, Report, battc, read, short, use_files_of_battc

EXIT_INTERNAL = 70
sanitized = False
LIB = os.path.join(TESTS, 'python', 'lib')
TASKS = os.path.join(TESTS, 'data', 'tasks')

ODD = '''"""A program with every kind of op, and names that are no C."""
from dsl import *


def größe_ζ(x, *, add=0, name='*/ } "\\\\\\n??/ %s'):
    return len(name) + add if x is None else len(x) + add


def pair(x):
    return x, '/* // */'


def fails(x):
    raise KeyError(x)


def batt(task_id, S, I, C, log_path):
    s = []
    o = []
    t1 = I
    t2 = größe_ζ(I, add=3)
    try:
        t3, t4 = pair(I)
    except (ValueError, TypeError):
        t3, t4 = pair(t1)
    try:
        t5 = fails(t2)
    except KeyError:
        t5 = größe_ζ(C)
    try:
        t6 = fails(t2)
    except KeyError:
        t6 = fails(t2)
    t7 = größe_ζ(S)
    t9 = pair(t1)
    t10 = t9 is pair(t1)
    s.append((0, 'is', t10))
    o.append((1, t2 > 0, '*/', t5))
    s.append((1, 'x', 'differ', t4))
    t8 = nothing_has_this_name(I)
    o.append((2, True, 'never', t8))
    return o, s
'''
FINE = ODD.replace('        t6 = fails(t2)\n    t7', '        t6 = pair(t2)\n    t7').replace('nothing_has_this_name', 'pair')


def run_program(path, *arguments, **options):
    """Run what battc has made."""
    return subprocess.run([path, *map(str, arguments)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=300,
                          encoding='utf-8', errors='replace', **options)


def compare(name, program, compile_options, run_options, report):
    """Bytecode, executable and library on the same data."""
    with Folder() as folder:
        os.environ['XDG_CACHE_HOME'] = folder.path
        wanted, got = folder.at('bytecode.jsonl'), folder.at('got.jsonl')
        first = battc('run', program, *compile_options, *run_options, '--library=off', '--out', wanted)
        lines = read(wanted)
        report.check(f'{name}: lines', lines, short(first.stderr))
        executable = folder.at('an executable')
        done = battc(program, *compile_options, '-o', executable)
        if report.check(f'{name}: build', done.returncode == 0, short(done.stderr)):
            done = run_program(executable, *run_options, '--out', got)
            report.equal(f'{name}: exit code', done.returncode, first.returncode)
            report.check(f'{name}: executable', read(got) == lines, 'results differ from those of bytecode')
        done = battc('run', program, *compile_options, *run_options, '--library=build', '--out', got)
        report.check(f'{name}: library', read(got) == lines, short(done.stderr) or 'results differ from those of bytecode')


def check_subset(report):
    """The functions of the Python subset's tests."""
    files = sorted(glob.glob(os.path.join(TESTS, 'python', '*.py')))
    for path in files[::4] if QUICK or sanitized else files:
        compare(os.path.basename(path), path, ['-O0', '-I', LIB, '--entry', 'test_*'], [], report)


def check_programs(report):
    """Batt files, those of the examples among them."""
    for path in sorted(glob.glob(os.path.join(ROOT, 'examples', '*', 'batt.py'))):
        data = os.path.join(os.path.dirname(path), 'tasks')
        compare(os.path.relpath(path, ROOT), path, ['-O0'] if sanitized else [], ['--data', data, '--jobs', '2'], report)
    with Folder() as folder:
        for name, text in (('ends.py', ODD), ('fine.py', FINE)):
            compare(name, folder.write(name, text), ['-O0'], ['--data', TASKS], report)


def check_text(report):
    """What the C text says, and that nothing of the input gets into it as it is."""
    with Folder() as folder:
        name = 'a *" \\ ??/\n#define x */.py'
        program = folder.write(name, FINE)
        c = folder.at('out.c')
        done = battc(program, '-o', c)
        report.equal('odd file name: exit code', done.returncode, 0)
        text = read(c)
        report.check('ASCII only', text and not re.search(rb'[^\n\x20-\x7e]', text))
        report.check('no trigraphs', b'??' not in text.replace(b'{??}', b''))
        done = subprocess.run([*os.environ.get('CC', 'cc').split(), '-std=c11', '-Wall', '-Wextra', '-Werror', '-fsyntax-only',
                               '-I', os.path.join(ROOT, 'runtime'), c], stderr=subprocess.PIPE, text=True, check=False)
        report.check('no warnings', done.returncode == 0, short(done.stderr))
        again = battc(program, '--emit=c')
        report.check('--emit=c', again.stdout.encode() == text)
        report.check('the op and its line', re.search(rb'exec_try\(x, \d+, &v\[\d+\], CALL_NAMED\(.*/\* line 21: t2 = ', text))


def check_names(report):
    """Files and folders with odd names; what is kept, and dependencies."""
    with Folder() as folder:
        program = folder.write("o'dd $(name) ;\"/ba tt.py", FINE)
        executable = os.path.join(os.path.dirname(program), "x'; $(y)")
        rule = folder.at('rule.d')
        done = battc(program, '-o', executable, '--save-temps', '-g', '-O0', '-MD', '-MF', rule)
        report.equal('odd names: exit code', done.returncode, 0)
        report.check('--save-temps', os.path.exists(executable + '.c'))
        report.check('executable', os.access(executable, os.X_OK) and run_program(executable, '--help').returncode == 0)
        text = read(rule).decode()
        report.check('dependencies', text.startswith(executable.replace(' ', '\\ ').replace('$', '$$') + ': ') and 'dsl.py' in text, text)
        left = sorted(os.listdir(os.path.dirname(program)))
        report.equal('nothing else is left', left, sorted(['ba tt.py', os.path.basename(executable), os.path.basename(executable) + '.c']))
        report.equal('one program only', run_program(executable, 'other.py', '--data', TASKS).returncode, 2)


def check_failures(report):
    """No compiler, one that fails, places that cannot be written."""
    with Folder() as folder:
        program, executable = folder.write('batt.py', FINE), folder.at('x')
        def build(path, **changes):
            return battc(program, '-o', path, env={**os.environ, **changes})
        done = build(executable, CC='/no/such compiler')
        report.equal('no compiler: exit code', done.returncode, EXIT_INPUT)
        report.check('no compiler: message', 'no C compiler' in done.stderr, done.stderr)
        done = build(executable, CC='false')
        report.equal('failing compiler: exit code', done.returncode, EXIT_INTERNAL)
        report.equal('folder is missing', build(folder.at('missing/x')).returncode, EXIT_OUTPUT)
        os.mkdir(folder.at('folder'))
        report.equal('output is a folder', build(folder.at('folder')).returncode, EXIT_OUTPUT)
        report.equal('no place for intermediate files', build(executable, TMPDIR=folder.at('missing')).returncode, EXIT_OUTPUT)
        report.equal('nothing is left', sorted(os.listdir(folder.path)), ['batt.py', 'folder'])


def check_library_of_bytecode(folder, program, env, report):
    """A .bto of the program uses the library too: when that is damaged it says so; it does not build one."""
    bytecode = folder.at('batt.bto')
    report.equal('bytecode', battc(program, '-o', bytecode, env=env).returncode, 0)
    run = lambda *more: battc('run', bytecode, '--data', TASKS, '--limit', '1', *more, env=env)
    report.check('bytecode uses it', run().returncode == 0 and 'library' not in run().stderr, run().stderr)
    library = glob.glob(folder.at('cache/battc/*'))[0]
    os.rename(library, library + '.kept')
    with open(library, 'wb') as file:
        os.chmod(library, 0o700)
        file.write(b'no library')
    report.check('bytecode looked for it', '--build-library' in run().stderr, run().stderr)
    os.rename(library + '.kept', library)


def check_library(report):
    """The library's file: made by two at once, damaged, of other hands."""
    with Folder() as folder:
        program = folder.write('batt.py', FINE)
        env = {**os.environ, 'XDG_CACHE_HOME': folder.at('cache')}
        both = [subprocess.Popen([BATTC, '--build-library', program], env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
                for _ in range(2)]
        printed = [(process.communicate()[0].strip(), process.returncode) for process in both]
        report.equal('two at once', [code for _, code in printed], [0, 0])
        library = printed[0][0]
        report.equal('one file', glob.glob(folder.at('cache/battc/*')), [library])
        report.equal('only its owner may write it', stat.S_IMODE(os.stat(library).st_mode) & 0o077, 0)
        def run():
            return battc('run', program, '--data', TASKS, '--limit', '1', env=env)
        report.check('it is used', 'library' not in run().stderr)
        check_library_of_bytecode(folder, program, env, report)
        other = folder.write('other.py', FINE.replace('def pair', 'def other_pair').replace('pair(', 'other_pair('))
        done = battc('run', other, '--data', TASKS, '--limit', '1', '--library=build', env=env)
        report.equal('another program uses it', (done.returncode, len(os.listdir(folder.at('cache/battc')))), (0, 1))
        with open(library, 'r+b') as file:
            file.write(b'\0' * 64)
        done = run()
        report.check('damaged', done.returncode == 0 and '--build-library' in done.stderr, done.stderr)
        os.chmod(library, 0o777)
        report.check('for all to write: not used', '--build-library' not in run().stderr)
        report.equal('bad mode', battc('run', program, '--library=maybe').returncode, 2)


def main():
    global sanitized
    report = Report()
    sanitized = use_files_of_battc()
    if not shutil.which(os.environ.get('CC', 'cc').split()[0]):
        report.skip('emitted C', 'no C compiler')
        report.finish()
    check_text(report)
    check_names(report)
    check_failures(report)
    check_library(report)
    check_programs(report)
    check_subset(report)
    report.finish()


if __name__ == '__main__':
    sys.exit(main())
