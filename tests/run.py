#!/usr/bin/env python3
"""All tests, and what they add up to: python3 tests/run.py [--build DIR] [--quick] [NAME ...]

Names are those of the suites as they are printed; a part of a name is enough. Every suite is a program that ends with
`N passed, N failed[, N skipped]`, with Check's `100%: Checks: N, Failures: N, Errors: N` or as Python's unittest does. The
output of a suite is shown where something failed.
"""

import argparse
import concurrent.futures
import os
import re
import subprocess
import sys
import time

TESTS = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(TESTS)
PATIENCE = 1200
NO_SUITES = ('run.py', 'support.py')
LONGEST_FIRST = ('emit.py', 'module.py', 'test_generator.py', 'kernels.py', 'verify.py', 'dsl_compiled.py', os.path.join('fuzz', 'containers.py'))
WITHOUT_BATTC = ('dsl_cases.py', 'test_generator.py', 'portable.py')  # a sanitizer sees nothing of them
LONG = ('test_generator.py',)
LONG_SANITIZED = ('emit.py', 'cuda.py')  # mostly gcc at work on sanitized C
SUMMARY = re.compile(r'^(\d+) passed, (\d+) failed(?:, (\d+) skipped)?$', re.M)
CHECKS = re.compile(r'^\d+%: Checks: (\d+), Failures: (\d+), Errors: (\d+)$', re.M)
UNITTEST = re.compile(r'^Ran (\d+) tests? in .*\n\n(?:OK|FAILED)(?: \((.*)\))?$', re.M)


def is_sanitized(build):
    """Whether a build has AddressSanitizer in it."""
    with open(os.path.join(build, 'libbattc-runtime.a'), 'rb') as library:
        return b'__asan_init' in library.read()


def suites(build, quick):
    """(name, command) of every suite, the long ones first."""
    sanitized = is_sanitized(build)
    arguments = {'verify.py': [os.path.join(build, 'battc')],
                 os.path.join('fuzz', 'containers.py'): [os.path.join(build, 'unit', 'container_driver'), '--count', '1000' if quick else '4000']}
    left_out = NO_SUITES + (WITHOUT_BATTC if sanitized else ())
    if quick:
        left_out += LONG + (LONG_SANITIZED if sanitized else ())
    names = [name for name in os.listdir(TESTS) if name.endswith('.py') and name not in left_out]
    names.append(os.path.join('fuzz', 'containers.py'))
    names.sort(key=lambda name: (LONGEST_FIRST.index(name) if name in LONGEST_FIRST else len(LONGEST_FIRST), name))
    listed = [(name, [sys.executable, '-B', os.path.join(TESTS, name), *arguments.get(name, ())]) for name in names]
    folder = os.path.join(build, 'unit')
    for name in sorted(os.listdir(folder)):
        if name.startswith('test_') and os.access(os.path.join(folder, name), os.X_OK):
            listed.append((name, [os.path.join(folder, name)]))
    return listed


def counts(output, code):
    """(passed, failed, skipped) of a suite's output; a suite that broke off has failed."""
    passed = failed = skipped = 0
    for n, failures, errors in CHECKS.findall(output):
        passed += int(n) - int(failures) - int(errors)
        failed += int(failures) + int(errors)
    for n, ends in UNITTEST.findall(output):
        failed += sum(map(int, re.findall(r'(?:failures|errors)=(\d+)', ends)))
        skipped += sum(map(int, re.findall(r'skipped=(\d+)', ends)))
        passed += int(n) - failed - skipped
    found = SUMMARY.findall(output)
    if found:
        n, failures, left = found[-1]
        passed, failed, skipped = int(n), int(failures), int(left or 0)
    if not failed and (code or not passed + skipped):
        failed = 1
    return passed, failed, skipped


def run_suite(suite):
    """Run one; (name, counts, seconds, output)."""
    name, command = suite
    start = time.monotonic()
    try:
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL,
                              timeout=PATIENCE, cwd=ROOT)
        output, code = done.stdout, done.returncode
    except subprocess.TimeoutExpired as late:
        output, code = (late.stdout or b'') + b'\ntoo slow\n', 1
    text = output.decode('utf-8', 'replace')
    return name, counts(text, code), time.monotonic() - start, text


def show(name, found, seconds, output):
    """A line for a suite; its output where something failed, or was left out."""
    passed, failed, skipped = found
    mark = 'FAIL' if failed else 'ok'
    tail = f', {skipped} skipped' if skipped else ''
    print(f'{mark:4} {name}: {passed} passed, {failed} failed{tail} ({seconds:.1f} s)', flush=True)
    checks = CHECKS.search(output)
    if checks and not failed:
        print('     ' + checks.group())
    lines = output.splitlines()
    if failed:
        print('\n'.join('     ' + line for line in lines[-60:]))
    elif skipped:
        print('\n'.join('     ' + line for line in lines if line.startswith('skipped')))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('--build', default=os.path.join(ROOT, 'build'), help='where battc and the unit tests are')
    parser.add_argument('--quick', action='store_true', help='the long suites in a short form')
    parser.add_argument('--jobs', type=int, default=min(4, os.cpu_count() or 1))
    parser.add_argument('names', nargs='*')
    options = parser.parse_args()
    build = os.path.abspath(options.build)
    os.environ['BATTC'] = os.path.join(build, 'battc')
    os.environ['BATTC_BUILD'] = build
    os.environ['BATTC_LIB'] = build
    os.environ['BATTC_DSL'] = os.path.join(ROOT, 'dsl')
    os.environ['BATTC_INCLUDE'] = os.path.join(ROOT, 'runtime')
    os.environ['PYTHONDONTWRITEBYTECODE'] = '1'
    if options.quick:
        os.environ['BATTC_QUICK'] = '1'
    chosen = [suite for suite in suites(build, options.quick)
              if not options.names or any(part in suite[0] for part in options.names)]
    total = [0, 0, 0]
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        for result in pool.map(run_suite, chosen):
            show(*result)
            total = [a + b for a, b in zip(total, result[1])]
    print('{} passed, {} failed'.format(*total) + (f', {total[2]} skipped' if total[2] else ''))
    return 1 if total[1] or not chosen else 0


if __name__ == '__main__':
    sys.exit(main())
