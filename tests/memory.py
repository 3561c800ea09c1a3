#!/usr/bin/env python3
"""A program whose ops make far more than any of them needs: what is dropped on the way shows in no value, and memory stays
small: python3 tests/memory.py

CPython runs the same program on the same sample.
"""

import json
import os
import sys

from support import ROOT, Folder, Report, battc, encode, read_lines, short, task, use_files_of_battc

FACTOR, LARGE = 600, 10
MOST_KB = 200 << 10  # of some 300 MB that are made
TASKS = {'aaaaaaa1': task([([[1, 2, 0], [0, 3, 1], [2, 2, 0]], [[1]])])}


def make_program():
    """Objects and closures that are looked at in the end, and between them large grids, each for the next op."""
    calls = ['upscale_t(I, 13)', 'o_g(t1, R5)', 'o_g(t1, R4)', 'rbind(shift, (1, 2))', 'apply(size, t2)', 'f_ofcolor(t1, TWO)']
    for k in range(LARGE):
        calls += [f'upscale_t(I, {FACTOR + k})', f'replace(t{len(calls) + 1}, ONE, FOUR)', f'colorcount_t(t{len(calls) + 2}, {k % 5})']
    calls += ['t4(t6)', 'order(t2, size)', 'get_nth_f(t3, F0)', 'fill(t1, FIVE, t6)', 'vmirror_t(I)']
    lines = ['from dsl import *', 'from constants import *', 'from safe_dsl import _get_safe_default', '', '',
             'def batt(task_id, S, I, C, log_path):', '    s = []', '    o = []']
    for number, call in enumerate(calls, 1):
        lines += ['    try:', f'        t{number} = {call}', '    except (TypeError, AttributeError, ValueError, IndexError, KeyError):',
                  f"        t{number} = _get_safe_default({call.split('(')[0]})"]
        if not call.startswith(('upscale_t', 'replace', 'rbind')):
            lines.append(f"    o.append(({number}, True, 'x', t{number}))")
    return '\n'.join(lines + ['    return o, s', ''])


def by_cpython(folder):
    """What CPython's calls return first, encoded as in result lines."""
    sys.path[:0] = [folder.path, os.path.join(ROOT, 'dsl')]
    from batt import batt
    pair = TASKS['aaaaaaa1']['train'][0]
    grid, output = (tuple(map(tuple, pair[key])) for key in ('input', 'output'))
    return [[encode(item) for item in batt('aaaaaaa1', ((grid, output),), grid, c, None)[0]] for c in (None, output)]


def main():
    report, sanitized = Report(), use_files_of_battc()
    with Folder() as folder:
        out, stats = folder.at('out.jsonl'), folder.at('stats.json')
        program = folder.write('batt.py', make_program())
        done = battc('run', program, '-I', os.path.join(ROOT, 'dsl'), '--data', folder.write_tasks(TASKS), '--jobs', '1', '--out', out, '--stats', stats)
        report.check('exit code', done.returncode == 0, short(done.stderr))
        lines = read_lines(out)
        for line, wanted in zip(lines, by_cpython(folder)):
            report.equal(f"{line['call']} call", line['o'], wanted)
        with open(stats) as file:
            peak = json.load(file)['peak_memory_kb']
        if sanitized:
            report.skip('peak memory', 'a sanitizer has memory of its own')
        else:
            report.check('peak memory', peak < MOST_KB, f'{peak} KB')
    report.finish()


if __name__ == '__main__':
    main()
