#!/usr/bin/env python3
"""The runtime's sources stand alone: every header as C11 and as C++17, every file outside runtime/host and
runtime/python as C++17."""

import glob
import os
import re
import shutil
import subprocess

from support import QUICK, ROOT, Report, short

FLAGS = ['-Wall', '-Wextra', '-Werror', '-D_GNU_SOURCE', '-I.', '-Iruntime', '-fsyntax-only']
LANGUAGES = {'C11': (os.environ.get('CC', 'gcc').split()[0], ['-std=c11', '-x', 'c']),
             'C++17': (os.environ.get('CXX', 'g++'), ['-std=c++17', '-x', 'c++'])}


def compiles(compiler, flags, text):
    """'' or what the compiler says to a text."""
    done = subprocess.run([compiler, *FLAGS, *flags, '-'], input=text, capture_output=True, text=True, cwd=ROOT, check=False)
    return done.stderr if done.returncode else ''


def main():
    report = Report()
    headers = sorted(glob.glob('runtime/**/*.h', root_dir=ROOT, recursive=True))
    sources = sorted(glob.glob('runtime/*.c', root_dir=ROOT) + glob.glob('runtime/kernels/*.c', root_dir=ROOT) +
                     glob.glob('runtime/cuda/*.c', root_dir=ROOT))
    for language, (compiler, flags) in LANGUAGES.items():
        if not shutil.which(compiler):
            report.skip(f'sources as {language}', f'no {compiler}')
            continue
        of_host = [name for name in headers if language == 'C11' or not re.search('/(host|python)/', name)]
        for name in of_host:
            said = compiles(compiler, flags, f'#include "{name}"\n')
            report.check(f'{name} alone as {language}', not said, short(said))
        for name in sources if language == 'C++17' and not QUICK else ():
            said = compiles(compiler, flags, f'#include "{name}"\n')
            report.check(f'{name} as {language}', not said, short(said))
    report.finish()


if __name__ == '__main__':
    main()
