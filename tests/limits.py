#!/usr/bin/env python3
"""--steps, --memory and --timeout: one op that runs away leaves the other candidates untouched."""

from support import EXIT_LIMIT, Folder, Report, battc, read_lines, short, task

# Six candidates: t3, t5 and t7 run away on grids of two rows, t8 depends on one of them.
PROGRAM = '''from dsl import *
from constants import *
from safe_dsl import _get_safe_default


def count_to(grid):
    n = 0
    while n >= 0 and len(grid) == 2:
        n += 1
    return n


def pile_up(grid):
    t = (grid,)
    while len(grid) == 2:
        t = (*t, *t)
    return t


def multiply_up(grid):
    n = 3
    while len(grid) == 2 and n > 0:
        n = n * n
    return n


def batt(task_id, S, I, C, log_path):
    s = []
    o = []
    try:
        t1 = vmirror_t(I)
    except (TypeError, AttributeError, ValueError, IndexError, KeyError):
        t1 = _get_safe_default(vmirror_t)
    o.append((0, True, 'a', t1))
    try:
        t3 = count_to(I)
    except (TypeError, AttributeError, ValueError, IndexError, KeyError):
        t3 = ()
    o.append((1, True, 'b', t3))
    try:
        t5 = pile_up(I)
    except Exception:
        t5 = ()
    o.append((2, True, 'c', t5))
    try:
        t7 = multiply_up(I)
    except:
        t7 = ()
    o.append((3, True, 'd', t7))
    try:
        t8 = astuple(t3, ONE)
    except (TypeError, AttributeError, ValueError, IndexError, KeyError):
        t8 = _get_safe_default(astuple)
    o.append((4, True, 'e', t8))
    try:
        t9 = hmirror_t(t1)
    except (TypeError, AttributeError, ValueError, IndexError, KeyError):
        t9 = _get_safe_default(hmirror_t)
    o.append((5, True, 'f', t9))
    s.append((0, 'None', 'differ', t9))
    return o, s
'''

TASKS = {
    'aaaaaaa1': task([([[1, 2], [3, 4]], [[2, 1], [4, 3]])], [([[5, 6], [7, 8]], [[6, 5], [8, 7]])]),
    'aaaaaaa2': task([([[1, 2, 3]], [[3, 2, 1]])], [([[4, 5]], [[5, 4]])]),
}


def values(line):
    """The last element of every item of `o`."""
    return [item[-1] for item in line.get('o', ())]


def check(report, name, options, kinds):
    """Run with some limits; `kinds` are the limits that the three runaways may meet."""
    with Folder() as folder:
        out = folder.at('out.jsonl')
        program = folder.write('batt.py', PROGRAM)
        done = battc('run', program, '--data', folder.write_tasks(TASKS), '--out', out, *options)
        lines = read_lines(out)
    report.check(f'{name}: exit code', done.returncode == EXIT_LIMIT, f'{done.returncode} {short(done.stderr)}')
    report.equal(f'{name}: lines', len(lines), 8)
    grids = {'aaaaaaa1': ([[2, 1], [4, 3]], [[4, 3], [2, 1]]), 'aaaaaaa2': ([[3, 2, 1]], [[3, 2, 1]])}
    for line in lines:
        got = values(line)
        where = f"{name}: {line['task']} {line['set']} {line['call']}"
        if line['set'] == 'demo':
            report.equal(f'{where}: others', (got[0], got[5]), grids[line['task']])
        if line['task'] == 'aaaaaaa1':
            limits = [value.get('limit') if isinstance(value, dict) else value for value in got[1:5]]
            report.check(f'{where}: runaways', all(limit in kinds for limit in limits), limits)
            report.equal(f'{where}: what depends on one', got[4], got[1])
            report.equal(f'{where}: an integer too large', got[3], {'limit': 'integer'})
        else:
            report.equal(f'{where}: no limit', got[1:5], [0, [line_input(line)], 3, [0, 1]])


def line_input(line):
    """The input grid of a line."""
    one = TASKS[line['task']]
    return one['train' if line['set'] == 'demo' else 'test'][line['index']]['input']


def timeout_isolates_calls(report):
    """--timeout is for a call: it may cost the call's other ops, never another task's."""
    with Folder() as folder:
        out = folder.at('out.jsonl')
        program = folder.write('batt.py', PROGRAM)
        done = battc('run', program, '--data', folder.write_tasks(TASKS), '--out', out, '--timeout', '0.3')
        lines = read_lines(out)
    report.equal('timeout: exit code', done.returncode, EXIT_LIMIT)
    for line in lines:
        got = values(line)
        if line['task'] == 'aaaaaaa1':
            report.equal(f"timeout: {line['set']} {line['call']}", got[1], {'limit': 'time'})
            report.check('timeout: what came before', isinstance(got[0], list), short(got))
        else:
            report.equal(f"timeout: the other task {line['set']} {line['call']}", got[1], 0)


def main():
    report = Report()
    check(report, 'steps', ('--steps', '100000', '--memory', '512'), ('steps', 'memory', 'integer'))
    check(report, 'memory', ('--steps', '3000000', '--memory', '64'), ('steps', 'memory', 'integer'))
    timeout_isolates_calls(report)
    report.finish()


if __name__ == '__main__':
    main()
