#!/usr/bin/env python3
"""The profiler: its counts are CPython's, its times add up, its page and its trace can be read."""

import ast
import collections
import glob
import html.parser
import importlib.util
import json
import os
import subprocess
import sys

from support import EXIT_OUTPUT, ROOT, Folder, Report, battc, read, short

EXAMPLES = os.path.join(ROOT, 'examples')
DSL = os.path.join(ROOT, 'dsl')
NOTHING_HIDDEN = ('-fno-kernels', '-fno-sharing')
HOSTILE = '''from dsl import *
def batt(task_id, S, I, C, log_path):  # </td><script>alert("1 & 2")</script>
    s = []
    o = []
    t1 = "<b onclick='x'>\\t&amp;"
    try:
        t2 = o_g(C, R5)
    except (TypeError, AttributeError, ValueError, IndexError, KeyError):
        t2 = ()
    o.append((1, True, t1, t2))
    return o, s
'''


def as_tuples(grid):
    """A grid as programs get it."""
    return None if grid is None else tuple(map(tuple, grid))


def tasks_in(folder):
    """(id, samples as (input, output), number of demo samples) of the tasks in a folder."""
    for path in sorted(glob.glob(os.path.join(folder, '*.json'))):
        task = json.loads(read(path))
        samples = [(as_tuples(s['input']), as_tuples(s.get('output'))) for part in ('train', 'test') for s in task[part]]
        yield os.path.basename(path)[:-5], samples, len(task['train'])


def load(path, tree=None, **names):
    """A program as a module; names are put into it."""
    sys.path[:0] = [os.path.dirname(path), DSL]
    spec = importlib.util.spec_from_file_location('program_' + str(len(sys.modules)), path)
    module = importlib.util.module_from_spec(spec)
    vars(module).update(names)
    exec(compile(tree or read(path), path, 'exec'), vars(module))  # pylint: disable=exec-used
    return module


class NoteHandlers(ast.NodeTransformer):
    """Every handler of a try calls caught_(line of the try's statement) first."""

    def visit_Try(self, node):
        note = ast.parse(f'caught_({node.body[0].lineno})').body[0]
        for handler in node.handlers:
            handler.body.insert(0, note)
        return node


def python_errors(program, folder):
    """What each line's call raised: {line: {(task, sample, second): class}}, by CPython."""
    place, errors = [None], collections.defaultdict(dict)

    def caught(line):
        errors[line][place[0]] = type(sys.exc_info()[1]).__name__

    tree = ast.fix_missing_locations(NoteHandlers().visit(ast.parse(read(program))))
    module = load(program, tree, caught_=caught)
    for name, samples, ndemo in tasks_in(folder):
        for index, (grid, output) in enumerate(samples):
            for C in (None, output)[:1 + (output is not None)]:
                place[0] = (name, index, C is not None)
                module.batt(name, tuple(samples[:ndemo]), grid, C, None)
    return errors


def profiled(report, folder, name, program, data, *options):
    """Run with everything that the profiler writes: the summary, the profile, the page, the trace."""
    out = {key: folder.at(f'{name}.{key}') for key in ('stats', 'page', 'trace')}
    done = battc('run', program, '--data', data, '--profile', '--stats', out['stats'], '--profile-html', out['page'],
                 '--trace', out['trace'], *options)
    report.equal(f'{name}: exit code', (done.returncode, done.stderr), (0, ''))
    return done.stdout, json.loads(read(out['stats'])), read(out['page']).decode(), json.loads(read(out['trace']))


# ---- counts ----

def check_errors(report, name, profile, program, folder):
    """Calls and exceptions of every op against CPython. An op that does not depend on C is computed once."""
    wanted = python_errors(program, folder)
    samples = [(task, i, output) for task, samples, _ in tasks_in(folder) for i, (_, output) in enumerate(samples)]
    calls = len(samples) + sum(output is not None for *_, output in samples)
    tasks = len({task for task, *_ in samples})
    wrong = []
    for op in profile['ops']:
        raised = wanted.get(op['line'], {})
        if op['calls'] == calls:
            counted = list(raised.values())
        elif op['calls'] == len(samples):
            counted = [error for (_, _, second), error in raised.items() if not second]
        elif op['calls'] == tasks:
            counted = [error for (_, i, second), error in raised.items() if i == 0 and not second]
        else:
            continue  # once in each thread
        if dict(collections.Counter(counted)) != op['errors']:
            wrong.append((op['line'], op['errors'], collections.Counter(counted)))
    report.check(f'{name}: exceptions of {len(profile["ops"])} ops', profile['ops'] and not wrong, short(wrong))


def python_calls(program, folder):
    """How often CPython calls each function of the DSL for the solve_ functions of a program."""
    counts = collections.Counter()

    def count(frame, event, _):
        code = frame.f_code
        if event == 'call' and code.co_filename.endswith(os.sep + 'dsl.py') and not code.co_name.startswith('<'):
            counts[code.co_name, code.co_firstlineno] += 1

    module = load(program)
    for name, samples, _ in tasks_in(folder):
        solve = getattr(module, 'solve_' + name, None)
        for grid, _ in samples if solve else ():
            sys.setprofile(count)
            solve(grid)
            sys.setprofile(None)
    return dict(counts)


def check_calls(report, folder):
    """Calls by function, where each one is made as the source says."""
    program, data = os.path.join(EXAMPLES, 'entries', 'solvers.py'), os.path.join(EXAMPLES, 'entries', 'tasks')
    _, stats, _, _ = profiled(report, folder, 'entries', program, data, '--entry', 'solve_*', *NOTHING_HIDDEN)
    got = {(f['name'], f['line']): f['calls'] for f in stats['profile']['functions']
           if f['module'] == 'dsl' and not f['name'].startswith('<') and f['calls']}
    report.equal('calls by function', got, python_calls(program, data))
    _, stats, _, _ = profiled(report, folder, 'kernels', program, data, '--entry', 'solve_*')
    functions = stats['profile']['functions']
    report.check('kernels are counted', any(f['kernel'] for f in functions), short(functions))
    report.check('kernels are called', all(f['kernel'] <= f['calls'] and (f['native'] or not f['kernel']) for f in functions))


def check_places(report, name, profile):
    """A function of the DSL begins where it says."""
    lines = read(os.path.join(DSL, 'dsl.py')).decode().splitlines()
    wrong = [f for f in profile['functions'] if f['module'] == 'dsl' and not f['name'].startswith('<')
             and f'def {f["name"]}(' not in lines[f['line'] - 1]]
    report.check(f'{name}: places of functions', not wrong, short(wrong))


# ---- times ----

def close(a, b):
    return abs(a - b) < 1e-6


def check_times(report, name, stats):
    """Phases add up to the whole; functions and ops to what the calls took."""
    profile = stats['profile']
    phases = profile['phases']
    calls = sum(phases[key] for key in ('machine and constants', 'ops, once a task', 'ops, once a sample', 'first calls',
                                        'second calls'))
    inside = profile['sharing'] + profile['outside'] + sum(f['self'] for f in profile['functions'])
    report.check(f'{name}: phases', close(sum(phases.values()), profile['seconds']), short(phases))
    report.check(f'{name}: functions', inside <= calls + 1e-6, f'{inside} {calls}')
    report.check(f'{name}: ops', sum(op['seconds'] for op in profile['ops']) <= inside + 1e-6)
    report.check(f'{name}: totals', all(f['self'] <= f['total'] + 1e-6 <= inside + 2e-6 for f in profile['functions']))
    report.check(f'{name}: processor time', profile['seconds'] >= sum(stats['cpu_run'].values()) * 0.9,
                 f'{profile["seconds"]} {stats["cpu_run"]}')


# ---- files ----

class Page(html.parser.HTMLParser):
    """Tags, and the texts of the cells with code."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.cells, self.in_code, self.heads = collections.Counter(), [], False, 0
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.tags[tag] += 1
        if tag == 'table':
            self.in_code = dict(attributes).get('class') == 'code'
        elif tag == 'td' and self.in_code:
            self.cells.append('')

    def handle_endtag(self, tag):
        self.in_code &= tag != 'table'

    def handle_data(self, data):
        if self.in_code and self.cells:
            self.cells[-1] += data

    def rows(self):
        """line, ms, share, calls, raised, source"""
        return [[cell.rstrip('\n') for cell in self.cells[i:i + 6]] for i in range(0, len(self.cells), 6)]


def check_page(report, name, page, program, profile):
    """The page shows every line as it is, with the calls and exceptions of its op."""
    read_page = Page(page)
    lines = read(program).decode().splitlines()
    rows = read_page.rows()
    report.equal(f'{name}: lines of the page', [row[5] for row in rows], lines)
    report.check(f'{name}: no script in the page', not read_page.tags['script'] and not read_page.tags['b']
                 and 'http' not in page.replace(program, ''), short(dict(read_page.tags)))
    shown = {int(row[0]): (row[3], dict(part.rsplit(' ', 1) for part in row[4].split(', ') if part)) for row in rows}
    wrong = [op for op in profile['ops'] if op['line'] and shown[op['line']] != (
        str(op['calls'] or ''), {error: str(n) for error, n in op['errors'].items()})]
    report.check(f'{name}: ops in the page', not wrong, short(wrong[:3]))


def check_trace(report, name, trace, stats):
    """Phases follow each other; every call lies in its task, every task in the run, once for each thread that had a part in it."""
    events = [event for event in trace['traceEvents'] if event['ph'] == 'X']
    kinds = {cat: [event for event in events if event['cat'] == cat] for cat in ('phase', 'task', 'call')}
    tasks = [(event['name'], event['tid']) for event in kinds['task']]
    report.equal(f'{name}: calls of the trace', len(kinds['call']), stats['calls'])
    report.equal(f'{name}: tasks of the trace', (len({task for task, _ in tasks}), len(set(tasks))), (stats['tasks'], len(tasks)))
    ends = [(event['ts'], event['ts'] + event['dur']) for event in kinds['phase']]
    report.equal(f'{name}: phases of the trace', [event['name'] for event in kinds['phase']], ['compile', 'load', 'run', 'write'])
    report.check(f'{name}: phases follow each other', all(a[1] <= b[0] + 0.01 for a, b in zip(ends, ends[1:])), short(ends))
    inside = lambda event, around: (event['tid'] == around['tid'] and around['ts'] - 0.01 <= event['ts']
                                    and event['ts'] + event['dur'] <= around['ts'] + around['dur'] + 0.01)
    report.check(f'{name}: calls in tasks', all(any(inside(call, task) for task in kinds['task']) for call in kinds['call']))
    run = ends[2]
    report.check(f'{name}: tasks in the run', all(run[0] - 0.01 <= task['ts'] and task['ts'] + task['dur'] <= run[1] + 0.01
                                                  for task in kinds['task']))


# ---- the programs ----

def check_program(report, folder, name, program, data):
    text, stats, page, trace = profiled(report, folder, name, program, data)
    check_errors(report, name, stats['profile'], program, data)
    check_times(report, name, stats)
    check_places(report, name, stats['profile'])
    check_page(report, name, page, program, stats['profile'])
    check_trace(report, name, trace, stats)
    report.check(f'{name}: printed', 'by function' in text and 'by op' in text, short(text))


def check_heavy(report, folder):
    """Where the time goes is seen: one op of a program takes nearly all of it."""
    program = folder.write('heavy.py', 'from dsl import *\n'
                           'def work(I):\n    n = 0\n    for i in range(12000000):\n        n = i & 1023\n    return n\n'
                           'def batt(task_id, S, I, C, log_path):\n    s = []\n    o = []\n'
                           '    t1 = identity(I)\n    t2 = work(I)\n    t3 = identity(t2)\n'
                           '    o.append((1, True, "x", t3))\n    return o, s\n')
    data = os.path.join(EXAMPLES, 'first-steps', 'tasks')
    text, stats, _, _ = profiled(report, folder, 'heavy', program, data, '--limit', '1', '-j1', '--calls', 'first')
    profile = stats['profile']
    work = next(f for f in profile['functions'] if f['name'] == 'work')
    op = next(op for op in profile['ops'] if op['op'] == 't2')
    report.check('heavy: function', work['self'] > 0.8 * profile['seconds'] and work['calls'] == stats['samples'], short(work))
    report.check('heavy: op', op['seconds'] > 0.8 * profile['seconds'] and op['line'] == 11, short(op))
    report.check('heavy: printed', 't2 = work(I)' in text and 'heavy.work:2' in text, short(text))
    check_times(report, 'heavy', stats)


def check_sources(report, folder):
    """Texts that a page could obey, and a program whose text is gone."""
    data = os.path.join(EXAMPLES, 'first-steps', 'tasks')
    program = folder.write('hostile.py', HOSTILE)
    text, stats, page, _ = profiled(report, folder, 'hostile', program, data)
    check_page(report, 'hostile', page, program, stats['profile'])
    compiled = folder.at('gone.bto')
    battc(program, '-o', compiled)
    os.remove(program)
    text, stats, page, _ = profiled(report, folder, 'gone', compiled, data)
    report.equal('gone: ops of the page', [row[5] for row in Page(page).rows()], [op['op'] for op in stats['profile']['ops']])
    report.check('gone: printed', 't2' in text, short(text))


def check_unwritable(report):
    program, data = os.path.join(EXAMPLES, 'first-steps', 'batt.py'), os.path.join(EXAMPLES, 'first-steps', 'tasks')
    for option in ('--profile-html', '--trace'):
        done = battc('run', program, '--data', data, option, '/nowhere/x')
        report.check(f'{option} that cannot be written', done.returncode == EXIT_OUTPUT and '/nowhere/x' in done.stderr, done.stderr)


def main():
    report = Report()
    with Folder() as folder:
        for name in ('first-steps', 'mutated'):
            check_program(report, folder, name, os.path.join(EXAMPLES, name, 'batt.py'), os.path.join(EXAMPLES, name, 'tasks'))
        generated = folder.at('generated.py')
        subprocess.run([sys.executable, os.path.join(ROOT, 'bench', 'generate.py'), '--dsl', DSL, '--seed', '5', '-o', generated], check=True)
        check_program(report, folder, 'generated', generated, os.path.join(EXAMPLES, 'mutated', 'tasks'))
        check_calls(report, folder)
        check_heavy(report, folder)
        check_sources(report, folder)
        check_unwritable(report)
    report.finish()


if __name__ == '__main__':
    main()
