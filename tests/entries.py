#!/usr/bin/env python3
"""--entry and --all-pairs: which functions run on which samples, with what CPython gives; what --stats says of it."""

import importlib.util
import json

from support import EXIT_LIMIT, Folder, Report, battc, encode, read, read_lines, short, task

PROGRAM = '''
def solve_aaaaaaaa(I):
    return tuple(row[::-1] for row in I)

def solve_bbbbbbbb(S, I):
    return S[0][1] if I == S[0][0] else I[0][len(S)]

def solve_cccccccc(S, I, C):
    return (I, C) if C is None or C == I else len(C) // len(S[1:])

def solve_dddddddd(I):
    while len(I) > 1:
        pass
    return I

def solve_plain():
    return frozenset({3, 1, 2}),

def ignored(I):
    return I
'''

TASKS = {
    'aaaaaaaa': task([([[1, 2]], [[2, 1]]), ([[3]], [[3]])], [([[4, 5, 6]], [[6, 5, 4]])]),
    'bbbbbbbb': task([([[7, 8]], [[9]])], [([[7]], [[1]])]),
    'cccccccc': task([([[1]], [[1]])]),
    'dddddddd': task([([[5, 5]], [[5, 5]])]),
}
NAMES = ['solve_aaaaaaaa', 'solve_bbbbbbbb', 'solve_cccccccc', 'solve_dddddddd']
TAKES_C = {'solve_cccccccc'}


def tuples(grid):
    return tuple(map(tuple, grid))


def samples(content):
    """Set, index, input and output of each sample."""
    for side, name in (('train', 'demo'), ('test', 'test')):
        for index, one in enumerate(content[side]):
            yield name, index, tuples(one['input']), tuples(one['output'])


def outcome(function, *arguments):
    """What a result line says of a call, made here."""
    try:
        return {'value': encode(function(*arguments))}
    except Exception as error:
        place = error.__traceback__
        while place.tb_next:
            place = place.tb_next
        return {'error': type(error).__name__, 'line': place.tb_lineno}


def expected(module, wanted):
    """Lines in battc's order: of what takes nothing, then task after task, entry after entry."""
    lines = [{'entry': 'solve_plain', 'task': None, 'set': None, 'index': None, 'call': 'first', **outcome(module.solve_plain)}]
    for name, content in TASKS.items():
        demos = tuple((i, o) for kind, _, i, o in samples(content) if kind == 'demo')
        for entry in NAMES:
            if not wanted(entry, name):
                continue
            function = getattr(module, entry)
            for kind, index, i, o in samples(content):
                for call, c in (('first', None), ('second', o))[:2 if entry in TAKES_C else 1]:
                    values = {'S': demos, 'I': i, 'C': c}
                    arguments = [values[p] for p in function.__code__.co_varnames[:function.__code__.co_argcount]]
                    lines.append({'entry': entry, 'task': name, 'set': kind, 'index': index, 'call': call,
                                  **outcome(function, *arguments)})
    return lines


def check(report, title, folder, module, wanted, *options):
    """Compare all lines; give the statistics."""
    out, stats = folder.at('out.jsonl'), folder.at('stats.json')
    done = battc('run', folder.at('prog.py'), '--entry', 'solve_*', '--data', folder.at('tasks'), '--out', out, '--stats', stats, *options)
    report.equal(f'{title}: exit code', (done.returncode, done.stderr), (0, ''))
    got = [{key: value for key, value in line.items() if key != 'split'} for line in read_lines(out)]
    want = expected(module, wanted)
    report.equal(f'{title}: number of lines', len(got), len(want))
    for one, other in zip(got, want):
        report.equal(f"{title}: {other['entry']} on {other['task']} {other['set']} {other['index']} {other['call']}", one, other)
    return json.loads(read(stats))


def check_stats(report, stats, calls):
    report.equal('stats: calls', stats['calls'], calls)
    report.equal('stats: what passed', (stats['run_once'], stats['passed']), (1, 1))
    phases = stats['phase']
    report.equal('stats: phases', sorted(phases), sorted(['parse', 'compile', 'load', 'run', 'write', 'total']))
    report.check('stats: parsing takes time', 0 < phases['parse'] < phases['total'], short(phases))
    parts = sum(seconds for name, seconds in phases.items() if name != 'total')
    report.check('stats: parts of the total', parts <= phases['total'] + 1e-3, short(phases))


def check_runaway(report, folder):
    """One call that goes on for ever is a limit; the others of its task and entry go on."""
    content = {**TASKS, 'eeeeeeee': task([([[1], [2]], [[1], [2]]), ([[3]], [[3]])])}
    out = folder.at('runaway.jsonl')
    done = battc('run', folder.at('prog.py'), '--entry', 'solve_*', '--data', folder.write_tasks(content, 'more'), '--all-pairs',
                 '--out', out, '--steps', '20000')
    report.equal('runaway: exit code', done.returncode, EXIT_LIMIT)
    lines = [line for line in read_lines(out) if line['entry'] == 'solve_dddddddd']
    limits = [(line['task'], line['index']) for line in lines if 'limit' in str(line.get('value', '')) + line.get('error', '')]
    report.equal('runaway: limits', limits, [('eeeeeeee', 0)])
    report.equal('runaway: the others', len(lines), 9)


def main():
    report = Report()
    with Folder() as folder:
        path = folder.write('prog.py', PROGRAM)
        folder.write_tasks(TASKS)
        spec = importlib.util.spec_from_file_location('prog', path)
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        own = lambda entry, name: entry == 'solve_' + name
        every = lambda entry, name: True
        check(report, 'own tasks', folder, module, own)
        check_stats(report, check(report, 'all pairs', folder, module, every, '--all-pairs', '-j1'), 1 + 7 * 5)
        check(report, 'all pairs, threads', folder, module, every, '--all-pairs', '-j3')
        check_runaway(report, folder)
    report.finish()


if __name__ == '__main__':
    main()
