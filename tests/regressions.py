#!/usr/bin/env python3
"""Batt files that once gave other values than CPython: python3 tests/regressions.py

Each folder under tests/regressions has a `batt.py`, made small, and the task that showed it; `battc verify` has to agree.
"""

import glob
import os

from support import ROOT, TESTS, Report, battc, short


def main():
    report = Report()
    for program in sorted(glob.glob(os.path.join(TESTS, 'regressions', '*', 'batt.py'))):
        folder = os.path.dirname(program)
        done = battc('verify', program, '-I', os.path.join(ROOT, 'dsl'), '--data', *sorted(glob.glob(os.path.join(folder, '*.json'))))
        report.check(os.path.basename(folder), done.returncode == 0, short(done.stdout + done.stderr))
    report.finish()


if __name__ == '__main__':
    main()
