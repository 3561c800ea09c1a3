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
MOST_KB = 150 << 10  # of some 1 GB that are made
TASKS = {'aaaaaaa1': task([([[1, 2, 0], [0, 3, 1], [2, 2, 0]], [[1]])])}


# What is done with large grids, of which there are planes alone until their rows are looked at.
LARGE_GRIDS = '''
canvas(THREE, (3, 4000))
hconcat(I, {0})
hconcat({1}, I)
vconcat({1}, {1})
vconcat({2}, {1})
crop({1}, (1, 2), (2, 3000))
crop({1}, (0, 3990), (3, 20))
crop({1}, (0, 1), (3, 5))
hsplit({1}, THREE)
merge_t({8})
vmirror_t({1})
hmirror_t({1})
dmirror_t({1})
cmirror_t({1})
rot90({1})
rot180({1})
rot270({1})
replace({1}, THREE, ONE)
replace({1}, TWO, True)
switch({1}, THREE, TWO)
cellwise({1}, {17}, ZERO)
cellwise({1}, {9}, TEN)
upscale_t(I, 40)
hupscale({1}, TWO)
vupscale({22}, TWO)
f_ofcolor({1}, TWO)
fill({1}, FIVE, {25})
underfill({1}, SIX, {25})
asobject(I)
paint({1}, {28})
paint({1}, {25})
toobject({25}, {1})
o_g({1}, R5)
order({32}, size)
apply(color, {33})
mostcolor_t({1})
palette_t({1})
index({1}, (1, 1))
index({1}, (1, 4002))
index({1}, (1, 4003))
width_t({1})
shape_t({12})
get_nth_t({1}, F0)
get_nth_t({42}, F1)
apply(size, {1})
dedupe({22})
equality({1}, {2})
equality({15}, {15})
astuple({42}, {42})
subtract({1}, ONE)
downscale({22}, 40)
compress({22})
partition({22})
occurrences({22}, {28})
sfilter_f({0}, size)
initset({1})
contained({1}, {55})
contained({17}, {55})
colorcount_t({1}, THREE)
numcolors_t({1})
upscale_t({1}, TWO)
get_nth_t({60}, F2)
'''.split('\n')[1:-1]


# Functions over 1,521 locations, called for each of which a closure makes 48 KB and more and gives a number or a pair of them.
MANY_ITEMS = '''
asindices(t1)
repeat(TWO, 6000)
lbind(combine, {1})
compose(size, {2})
fork(astuple, {3}, compose(size, compose({2}, {2})))
totuple({0})
rbind(greater, 6001)
compose({6}, {3})
apply({3}, {0})
apply({4}, {0})
sfilter_f({0}, {7})
sfilter({5}, {7})
order({0}, {3})
argmax({0}, {3})
extract({5}, {7})
papply(compose({3}, astuple), {5}, {5})
'''.split('\n')[1:-1]


def make_program():
    """Objects and closures that are looked at in the end, and between them large grids, each for the next op."""
    calls = ['upscale_t(I, 13)', 'o_g(t1, R5)', 'o_g(t1, R4)', 'rbind(shift, (1, 2))', 'apply(size, t2)', 'f_ofcolor(t1, TWO)']
    for k in range(LARGE):
        calls += [f'upscale_t(I, {FACTOR + k})', f'replace(t{len(calls) + 1}, ONE, FOUR)', f'colorcount_t(t{len(calls) + 2}, {k % 5})']
    first = len(calls) + 1
    calls += [call.format(*(f't{first + k}' for k in range(len(LARGE_GRIDS)))) for call in LARGE_GRIDS]
    first = len(calls) + 1
    calls += [call.format(*(f't{first + k}' for k in range(len(MANY_ITEMS)))) for call in MANY_ITEMS]
    calls += ['t4(t6)', 'order(t2, size)', 'get_nth_f(t3, F0)', 'fill(t1, FIVE, t6)', 'vmirror_t(I)']
    lines = ['from dsl import *', 'from constants import *', 'from safe_dsl import _get_safe_default', '', '',
             'def batt(task_id, S, I, C, log_path):', '    s = []', '    o = []']
    for number, call in enumerate(calls, 1):
        lines += ['    try:', f'        t{number} = {call}', '    except (TypeError, AttributeError, ValueError, IndexError, KeyError):',
                  f"        t{number} = _get_safe_default({call.split('(')[0]})"]
        if not (call.startswith(('upscale_t(I, 6', 'rbind')) or (call.startswith('replace') and call.endswith('FOUR)'))):
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
