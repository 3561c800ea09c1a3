#!/usr/bin/env python3
"""Emitted CUDA files: compiled as C++ and run on the emulated device beside bytecode; where nvcc is, compiled by it too."""

import glob
import os
import re
import shutil
import subprocess

from emit import FINE, ODD
from support import ROOT, QUICK, Folder, Report, battc, read, short

BUILD = os.environ.get('BATTC_BUILD', os.path.join(ROOT, 'build'))
TASKS = os.path.join(ROOT, 'tests', 'data', 'tasks')
CXX = os.environ.get('CXX', 'g++')
# Fields that are not named are zero, as in C.
HOST = ['-std=c++20', '-O0', '-Wall', '-Wextra', '-Werror', '-Wno-missing-field-initializers', '-Wno-unused-function', '-Wno-unused-variable',
        '-I', os.path.join(ROOT, 'runtime')]
LIBRARIES = [os.path.join(BUILD, 'libbattc-runtime.a'), '-lcjson', '-lm', '-lpthread', '-ldl']
NVCC = shutil.which('nvcc') or '/usr/local/cuda/bin/nvcc'
DEVICE = ['-std=c++20', '-rdc=true', '-fatbin', '-Werror', 'all-warnings', '-diag-suppress', '68', '-I', os.path.join(ROOT, 'runtime')]
DEVICE += ['-gencode', 'arch=compute_75,code=sm_75', '-gencode', 'arch=compute_90,code=sm_90']


def call(*command):
    """A finished process; its output is one text."""
    return subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors='replace', timeout=900, check=False)


def is_sanitized():
    """Whether the runtime library has AddressSanitizer in it."""
    return b'__asan_init' in read(LIBRARIES[0])


def on_host(report, name, folder, text, options, lines, code):
    """The file as C++: on the emulated device, and as bytecode on the CPU."""
    whole, program, out = folder.at('host.cpp'), folder.at('host'), folder.at('got.jsonl')
    with open(whole, 'w', encoding='utf-8') as f:
        f.write(f'#include "{ROOT}/tests/cuda_on_host.h"\nextern "C" {{\n#include "{text}"\n}}\n')
    sanitize = ['-fsanitize=address,undefined'] if is_sanitized() else []
    done = call(CXX, *HOST, *sanitize, '-o', program, whole, *LIBRARIES)
    if not report.check(f'{name}: compiles as C++', done.returncode == 0, short(done.stdout)):
        return
    for device in ('emulated:4,5', 'cpu'):
        done = call(program, *options, '--device', device, '--out', out)
        report.equal(f'{name}, {device}: exit code', done.returncode, code)
        report.check(f'{name}, {device}: the lines of bytecode', read(out) == lines, short(done.stdout))


def links(report, name, folder, text):
    """An executable for one architecture, on the CPU: its host half is whole."""
    program = folder.at('by_nvcc')
    done = call(NVCC, '-std=c++20', '-rdc=true', '-arch=sm_75', '-diag-suppress', '68', '-I', os.path.join(ROOT, 'runtime'), text, '-L', BUILD,
                '-lbattc-cuda', *LIBRARIES, '-o', program)
    if report.check(f'{name}: linked by nvcc', done.returncode == 0, short(done.stdout)):
        done = call(program, '--data', TASKS, '--device', 'cpu', '--out', folder.at('nvcc.jsonl'))
        report.equal(f'{name}, linked by nvcc: the lines of bytecode', read(folder.at('nvcc.jsonl')), read(folder.at('wanted.jsonl')))


def with_nvcc(report, name, path, folder, text):
    """The file by nvcc."""
    if not os.path.exists(NVCC):
        report.skip(f'{name} by nvcc', 'no nvcc')
        return
    done = call(NVCC, *DEVICE, '-o', folder.at('x.fatbin'), text)
    report.check(f'{name}: nvcc for sm_75 and sm_90', done.returncode == 0, short(done.stdout))
    if os.path.exists(os.path.join(BUILD, 'libbattc-cuda.a')):
        links(report, name, folder, text)
    else:
        report.skip(f'{name}: linked by nvcc', 'no libbattc-cuda.a: make gpu')
    done = battc(path, '--emit=ptx', '-v')
    report.check(f'{name}: --emit=ptx', done.returncode == 0 and '.visible .entry' in done.stdout, short(done.stderr))
    report.check(f'{name}: registers and spills', re.search(r'Used \d+ registers', done.stderr) and 'spill' in done.stderr, short(done.stderr))


def check_text(report, name, text, base):
    """What the file says of itself."""
    content = read(text)
    report.check(f'{name}: ASCII', content.isascii())
    kernel = re.search(rb'^DEVICE_KERNEL\((\w+)\)$', content, re.M)
    report.check(f'{name}: the kernel has the name of the file', kernel and kernel[1].startswith(base.encode()), short(kernel and kernel[1]))
    functions = re.findall(rb'^static __device__ (.*)int f_\w+\(Vm', content, re.M)
    report.check(f'{name}: functions are not inlined into one', functions and all(words == b'NOINLINE ' for words in functions), short(functions[:3]))
    report.check(f'{name}: ops with their line and names', re.search(rb'/\* line \d+: t\d+ = \w+\(', content))


def compare(report, name, path, data, nvcc):
    """One program in all forms."""
    with Folder() as folder:
        text, wanted = folder.at('program.cu'), folder.at('wanted.jsonl')
        first = battc('run', path, '--data', data, '--device', 'cpu', '--out', wanted)
        done = battc(path, '-o', text)
        if not report.check(f'{name}: written', done.returncode == 0, short(done.stderr)):
            return
        check_text(report, name, text, re.sub(r'\W', '_', os.path.basename(path)))
        printed = battc(path, '--emit=cuda')
        report.check(f'{name}: --emit=cuda', printed.stdout.encode() == read(text))
        if shutil.which(CXX):
            on_host(report, name, folder, text, ['--data', data], read(wanted), first.returncode)
        else:
            report.skip(f'{name} as C++', f'no {CXX}')
        if nvcc:
            with_nvcc(report, name, path, folder, text)


def main():
    report = Report()
    with Folder() as folder:
        for name, text in (('ends.py', ODD), ('fine.py', FINE)):
            compare(report, name, folder.write(name, text), TASKS, nvcc=name == 'fine.py')
    for path in sorted(glob.glob(os.path.join(ROOT, 'examples', '*', 'batt.py'))):
        if not QUICK:
            compare(report, os.path.relpath(path, ROOT), path, os.path.join(os.path.dirname(path), 'tasks'),
                    nvcc='BATTC_NVCC_ALL' in os.environ)
    report.finish()


if __name__ == '__main__':
    main()
