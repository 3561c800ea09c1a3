#!/usr/bin/env python3
"""Device code without nvcc: NVRTC and nvJitLink, which are looked for at run time, and what battc says where they are not."""

import os
import re
import subprocess
import sys

from emit import FINE
from support import ROOT, QUICK, Folder, Report, battc, read, short

EXAMPLE = os.path.join(ROOT, 'examples', 'first-steps')
LIBRARY = os.path.join(os.environ.get('BATTC_BUILD', os.path.join(ROOT, 'build')), 'libbattc-cuda.a')
EXIT_NO_CUDA = 6
MOST_REGISTERS = 255
WITHOUT_NVCC = {**os.environ, 'NVCC': 'none'}


def options(report, folder):
    """What the options take, and what they say without a GPU."""
    program = folder.write('fine.py', FINE)
    for wrong in ('sm_', 'sm_7x', 'compute_75', '75'):
        done = battc(program, '-o', folder.at('x.cubin'), f'-arch={wrong}')
        report.check(f'-arch={wrong}', done.returncode == 2 and '-arch' in done.stderr, f'{done.returncode} {short(done.stderr)}')
    base = ('run', os.path.join(EXAMPLE, 'batt.py'), '--data', os.path.join(EXAMPLE, 'tasks'), '--fused')
    done = battc(*base)
    report.check('--fused on the CPU', done.returncode == 2 and '--device cuda' in done.stderr, f'{done.returncode} {short(done.stderr)}')
    if not os.path.exists('/dev/nvidiactl'):
        done = battc(*base, '--device', 'cuda')
        report.check('--fused without a GPU', done.returncode == EXIT_NO_CUDA and 'CUDA' in done.stderr, f'{done.returncode} {short(done.stderr)}')


def without(report, folder):
    """No NVRTC: a clear message, no file."""
    hidden = {**WITHOUT_NVCC, 'BATTC_CUDA_LIB': folder.at('none')}
    done = battc(folder.at('fine.py'), '--emit=ptx', env=hidden)
    if done.returncode == 0:
        return True
    report.check('no NVRTC: the message', done.returncode == 3 and 'libnvrtc' in done.stderr and not done.stdout, f'{done.returncode} {short(done.stderr)}')
    return False


def ptx(report, folder):
    """PTX of a whole program."""
    done = battc(folder.at('fine.py'), '--emit=ptx', env=WITHOUT_NVCC)
    report.check('PTX by NVRTC', done.returncode == 0 and re.search(r'^\.visible \.entry fine_py_batt\(', done.stdout, re.M), short(done.stderr))
    report.check('PTX by NVRTC: nothing behind its end', done.stdout.endswith('\n') and '\0' not in done.stdout)


def cubins(report, folder):
    """Linked code, of one part and of several: its kernel, its registers."""
    cases = [('fine', folder.at('fine.py'), 'sm_90')]
    if not QUICK:
        cases.append(('batt', os.path.join(EXAMPLE, 'batt.py'), 'sm_75'))
    for name, program, arch in cases:
        path = folder.at(f'{name}.cubin')
        done = battc(program, '-o', path, f'-arch={arch}', timeout=900)
        report.check(f'{name}, {arch}', done.returncode == 0, f'{done.returncode} {short(done.stderr)}')
        made = read(path) if os.path.exists(path) else b''
        report.check(f'{name}, {arch}: an ELF file with the kernel', made.startswith(b'\x7fELF') and f'\0{name}_py_batt\0'.encode() in made)
        table = subprocess.run([sys.executable, os.path.join(ROOT, 'tools', 'gpu-resources'), path, '--most', str(MOST_REGISTERS - 1)],
                               stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
        report.check(f'{name}, {arch}: no function is short of registers', table.returncode == 0 and f'{name}_py_batt' in table.stdout, short(table.stdout))


def bad_files(report, folder):
    """tools/gpu-resources reads anything."""
    for name, content in (('empty', b''), ('text', b'x' * 100), ('cut', b'\x7fELF\x02' + b'\xff' * 80)):
        path = folder.at(name)
        with open(path, 'wb') as f:
            f.write(content)
        done = subprocess.run([sys.executable, os.path.join(ROOT, 'tools', 'gpu-resources'), path], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                              text=True, check=False)
        report.check(f'gpu-resources, {name}', done.returncode == 2 and path in done.stderr and 'Traceback' not in done.stderr, short(done.stderr))


def main():
    report = Report()
    with Folder() as folder:
        options(report, folder)
        bad_files(report, folder)
        if not without(report, folder):
            report.skip('code by NVRTC', 'no libnvrtc')
        else:
            ptx(report, folder)
            if os.path.exists(LIBRARY):
                cubins(report, folder)
            else:
                report.skip('linked code', 'no libbattc-cuda.a: make gpu')
    report.finish()


if __name__ == '__main__':
    main()
