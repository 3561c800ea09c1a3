#!/usr/bin/env python3
"""Syntax, one small file a subject: python3 tests/run_syntax.py [BATTC [FILE.py ...]]

A file of tests/syntax says in its first lines what battc has to report, in order:
    # error: LINE:COL: text
    # note: text
A file that says nothing is good Python and must be accepted without a word.
"""

import glob
import os
import re
import sys

import support
from support import EXIT_INPUT, TESTS, Report, battc, short


def expected(path):
    """What the file's first lines say."""
    with open(path, encoding='utf-8-sig') as file:
        lines = file.read().split('\n')
    matches = [re.match(r'# (error|note): (.*)', line) for line in lines]
    return [f'{m[1]}: {m[2]}' for m in matches if m]


def reported(path, text):
    """The diagnostics of battc's standard error in the same form."""
    place = re.escape(path) + r':(?:(\d+:\d+):)? (error|warning|note): (.*)'
    matches = [re.fullmatch(place, line) for line in text.split('\n')]
    return [f'{m[2]}: ' + (f'{m[1]}: ' if m[1] else '') + m[3] for m in matches if m]


def main():
    if len(sys.argv) > 1:
        support.BATTC = os.path.abspath(sys.argv[1])
    report = Report()
    for path in sys.argv[2:] or sorted(glob.glob(os.path.join(TESTS, 'syntax', '*.py'))):
        name = os.path.basename(path)
        want = expected(path)
        done = battc('-fsyntax-only', path)
        report.equal(f'{name}: diagnostics', reported(path, done.stderr), want)
        report.check(f'{name}: exit code', done.returncode == (EXIT_INPUT if want else 0), f'{done.returncode} {short(done.stderr)}')
    report.finish()


if __name__ == '__main__':
    main()
