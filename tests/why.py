#!/usr/bin/env python3
"""`battc why`: values, places of exceptions and chains are CPython's; bad questions are refused."""

import glob
import importlib.util
import json
import os
import re
import subprocess
import sys

from support import EXIT_INPUT, EXIT_LIMIT, ROOT, Folder, Report, battc, read, short

EXIT_USAGE = 2
EXAMPLES = os.path.join(ROOT, 'examples')
DSL = os.path.join(ROOT, 'dsl')
PLACE = re.compile(r'^ {6,}(\S+\.py):(\d+)  .*   in (\S+)$')
ERROR = re.compile(r'^  (\w+)(?: (\d+) times)?, (?:which|for which) (.*)$')


# ---- CPython ----

class Watcher:
    """Makes a call of a program and notes per statement of batt what was raised in the DSL, and the variables."""

    def __init__(self, program):
        sys.path[:0] = [os.path.dirname(program), DSL]
        spec = importlib.util.spec_from_file_location(f'program_{len(sys.modules)}', program)
        self.module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(self.module)
        self.program, self.line, self.raised, self.names, self.seen = program, 0, {}, {}, {}

    def call(self, *arguments):
        """Values by name, and (class, line in the DSL) of everything raised there, by line of the program."""
        self.raised, self.seen = {}, {}
        sys.settrace(self.trace)
        try:
            self.module.batt(*arguments)
        finally:
            sys.settrace(None)
        return self.names, self.raised

    def trace(self, frame, event, argument):
        code = frame.f_code
        of_program = code.co_filename == self.program and code.co_name == 'batt'
        if of_program and event == 'line':
            self.line = frame.f_lineno
        elif of_program and event == 'return':
            self.names = dict(frame.f_locals)
        elif event == 'exception' and id(argument[1]) not in self.seen:
            self.note(frame, argument)
        return self.trace

    def note(self, frame, raised):
        """An exception is where it was first seen; one in a guard's own frame is that of a call that did not fit."""
        self.seen[id(raised[1])] = raised[1]  # kept, so that no other one is at its address
        where = frame
        while where.f_code.co_filename.endswith('safe_dsl.py') and where.f_code.co_name == 'wrapper':
            where = where.f_back
        name = os.path.basename(where.f_code.co_filename)
        if name == 'dsl.py' or where.f_code.co_filename == self.program:
            line = where.f_lineno if name == 'dsl.py' else None
            self.raised.setdefault(self.line, set()).add((raised[0].__name__, line))


def as_tuples(grid):
    return None if grid is None else tuple(map(tuple, grid))


def python_call(program, path, sample, second):
    task = json.loads(read(path))
    pairs = [(as_tuples(s['input']), as_tuples(s['output'])) for s in task['train']]
    name = os.path.basename(path)[:-5]
    return Watcher(program).call(name, tuple(pairs), pairs[sample][0], pairs[sample][1] if second else None, None)


# ---- battc ----

def sections(text):
    """Lines of the output under `inputs:`, `value:`, `exceptions`, and the single lines."""
    found, current = {}, 'head'
    for line in text.splitlines():
        if line and not line.startswith(' '):
            current, _, rest = line.partition(':')
            current = 'exceptions' if current.startswith('exceptions') else current
            found.setdefault(current, []).append(rest.strip())
        else:
            found.setdefault(current, []).append(line)
    return found


def exceptions(found):
    """(class, line in the DSL or None, how it ended) of what is listed."""
    listed = []
    for line in found.get('exceptions', ()):
        begins, place = ERROR.match(line), PLACE.match(line)
        if begins:
            listed.append([begins.group(1), None, begins.group(3)])
        elif place and listed and place.group(1) == 'dsl.py':
            listed[-1][1] = int(place.group(2))
    return listed


def picture(lines):
    """The grid that was drawn under `value:`."""
    rows = [line.strip() for line in lines if re.fullmatch(r' {6}[-0-9]+', line)]
    return tuple(tuple(-1 if cell == '-' else int(cell) for cell in row) for row in rows)


def is_grid(value):
    return (isinstance(value, tuple) and value and all(isinstance(row, tuple) and row and len(row) == len(value[0]) and all(
        type(cell) is int and -1 <= cell <= 9 for cell in row) for row in value))


# ---- checks ----

def check_op(report, name, program, data, task, sample, second, op, names, raised):
    """One op: its value, and the exceptions inside, as CPython had them."""
    done = battc('why', program, '--data', data, '--task', task, '--sample', f'demo:{sample}', '--op', op,
                 '--call', 'second' if second else 'first')
    label = f'{name} {task} {sample} {second} {op}'
    if not report.equal(f'{label}: exit code', (done.returncode, done.stderr), (0, '')):
        return
    found = sections(done.stdout)
    shown, value = found['value'][1], names[op]
    if is_grid(value) and len(value) <= 60 and len(value[0]) <= 60:
        report.equal(f'{label}: grid', picture(found['value']), value)
    elif isinstance(value, (int, tuple)) and len(repr(value)) <= 100:
        report.equal(f'{label}: value', shown, f'  {op} = {value!r}')
    elif isinstance(value, frozenset) and len(repr(value)) > 100:
        report.check(f'{label}: count', f'of {len(value)} ' in shown, shown)
    line = int(re.search(r':(\d+)  ', done.stdout).group(1))
    want = raised.get(line, set())
    got = {(cls, place) for cls, place, _ in exceptions(found)}
    if len(got) < 12:
        before = ' before anything was entered' in done.stdout
        got |= {(re.search(r'raised (\w+) before', done.stdout).group(1), None)} if before else set()
        report.equal(f'{label}: exceptions', got, want)


def check_program(report, name, program, data, count):
    """Ops spread over the program, on samples of its tasks, those that raise first."""
    paths = sorted(glob.glob(os.path.join(data, '*.json')))
    for second in (False, True):
        path = paths[second % len(paths)]
        names, raised = python_call(program, path, 1, second)
        ops = [n for n in names if re.fullmatch(r't\d+', n)]
        lines = read(program).decode().splitlines()
        line_of = {m.group(1): i for i, text in enumerate(lines, 1) if (m := re.match(r' {8}(t\d+) = ', text)) and 'safe_default' not in text}
        ops = [op for op in ops if op in line_of]
        ops.sort(key=lambda op: (-len(raised.get(line_of[op], ())), int(op[1:])))
        chosen = ops[:count // 2] + ops[count // 2::max(1, (len(ops) - count // 2) // (count - count // 2))][:count - count // 2]
        for op in chosen:
            check_op(report, name, program, data, os.path.basename(path)[:-5], 1, second, op, names, raised)


def ask(*arguments):
    done = battc('why', *arguments)
    return done.returncode, done.stdout, done.stderr


def check_questions(report, folder):
    """What cannot be answered is said."""
    program, data = os.path.join(EXAMPLES, 'first-steps', 'batt.py'), os.path.join(EXAMPLES, 'first-steps', 'tasks')
    good = ['--data', data, '--task', 'largest']
    for text, code, arguments in (
            ('no such op', EXIT_USAGE, [program, *good, '--op', 't999']),
            ('no such op', EXIT_USAGE, [program, *good, '--op', '']),
            ('no such op', EXIT_USAGE, [program, *good, '--op', '99999999999999999999']),
            ('no such output', EXIT_USAGE, [program, *good, '--output', 'o:99']),
            ('no such output', EXIT_USAGE, [program, *good, '--output', 'x:0']),
            ('demo:N', EXIT_USAGE, [program, *good, '--op', 't2', '--sample', 'demo']),
            ('has 3 demo', EXIT_USAGE, [program, *good, '--op', 't2', '--sample', 'demo:77']),
            ('first or second', EXIT_USAGE, [program, *good, '--op', 't2', '--call', 'third']),
            ('--task is missing', EXIT_USAGE, [program, '--data', data, '--op', 't2']),
            ('--data is missing', EXIT_USAGE, [program, '--task', 'largest', '--op', 't2']),
            ('--op or --output', EXIT_USAGE, [program, *good]),
            ('not both', EXIT_USAGE, [program, *good, '--op', 't2', '--output', 'o:0']),
            ('expected', EXIT_USAGE, [program, *good, '--op', 't2', '--depth', 'x']),
            ('no such option', EXIT_USAGE, [program, *good, '--op', 't2', '--out', 'x']),
            ('a program is expected', EXIT_USAGE, good),
            ('nosuchtask', EXIT_INPUT, [program, '--data', data, '--task', 'nosuchtask', '--op', 't2']),
            ('nowhere', EXIT_INPUT, [program, '--data', '/nowhere', '--task', 'largest', '--op', 't2']),
            ('nowhere', EXIT_INPUT, ['/nowhere/x.py', *good, '--op', 't2'])):
        got, out, err = ask(*arguments)
        report.check(f'refused: {arguments[-2:]}', got == code and text in err and not out, f'{got} {short(err)} {short(out)}')
    got, out, _ = ask('--help')
    report.check('--help', got == 0 and '--output' in out)


def check_outputs(report):
    """Items of the lists, lines instead of names, colours."""
    program, data = os.path.join(EXAMPLES, 'first-steps', 'batt.py'), os.path.join(EXAMPLES, 'first-steps', 'tasks')
    good = ['--data', data, '--task', 'largest']
    by_name, by_line, by_item = (ask(program, *good, *how)[1] for how in (('--op', 't2'), ('--op', '19'), ('--output', 'o:1')))
    report.check('by line', by_name == by_line and 't2 = o_g(I, R5)' in by_name, short(by_line))
    report.check('by item', "o.append((1, True, 'largest', t4))" in by_item and "item = 'largest'" in by_item
                 and 't4, computed' in by_item and 'chain: I -> t4\n' in by_item, short(by_item))
    plain, painted = (ask(program, *good, '--op', 't2', f'--color={when}')[1] for when in ('never', 'always'))
    report.check('colours', '\033[' in painted and '\033[' not in plain and plain == by_name, short(painted))
    shallow, deep = (ask(program, *good, '--op', 't4', f'--depth={n}')[1] for n in (0, 9))
    report.check('depth', 't2 = o_g' not in shallow and 't2 = o_g' in deep, short(deep))


def check_cases(report, folder):
    """Limits, calls that end, functions as a whole, bytecode, except clauses that raise again."""
    data = os.path.join(EXAMPLES, 'first-steps', 'tasks')
    good = ['--data', data, '--task', 'largest']
    program = folder.write('cases.py', '''def endless(x):
    while True:
        x = x
def inner(x):
    return x[7]
def again(x):
    try:
        return inner(x)
    except KeyError:
        return 1
def swallows(x):
    n = 0
    for i in range(5):
        try:
            n += inner(x)
        except LookupError:
            n += 10
    return n
def batt(task_id, S, I, C, log_path):
    s = []
    o = []
    t1 = swallows((1, 2))
    try:
        t2 = again((1, 2))
    except (IndexError, TypeError):
        t2 = "\\033[31m"
    try:
        t3 = endless(I)
    except Exception:
        t3 = ()
    t4 = swallows(t3)
    t5 = {(-1, -2), (0, 1)}
    t6 = inner(C)
    t7 = inner(t6)
    o.append((1, True, "x", t4))
    return o, s
''')
    why = lambda op, *more: ask(program, *good, '--op', op, '--steps', '100000', *more)
    code, out, _ = why('t1')
    report.check('swallowed', code == 0 and '  t1 = 50\n' in out and 'IndexError 5 times, which an except clause of swallows took' in out
                 and re.search(r'cases.py:5  return x\[7\]   in inner', out), short(out))
    code, out, _ = why('t2')
    report.check('raised again', code == 0 and out.count('IndexError') == 2 and 'IndexError, which left the call' in out
                 and 'the call raised IndexError, and the value is what the handler' in out and '\033' not in out, short(out))
    code, out, _ = why('t3')
    report.check('limit', code == EXIT_LIMIT and 'limit steps, which left the call' in out and 'in endless' in out
                 and 'met a limit' in out, short(out))
    code, out, _ = why('t4')
    report.check('limit handed on', code == EXIT_LIMIT and 'an input is a limit value' in out, short(out))
    code, out, _ = why('t5')
    report.check('negative cells', code == 0 and 'row -1, column -2' in out and '\n      #...\n      ...#\n' in out, short(out))
    code, out, _ = why('t6')
    report.check('ended', code == 0 and 'TypeError, which no handler takes, ends the call here' in out, short(out))
    code, out, _ = why('t7', '--call', 'second')
    report.check('not reached', code == 0 and 'Python does not come here: the call ended by IndexError in line 33' in out, short(out))
    compiled = folder.at('cases.bto')
    battc(program, '-o', compiled)
    report.equal('bytecode', ask(compiled, *good, '--op', 't1')[:2], ask(program, *good, '--op', 't1')[:2])
    solvers, data = os.path.join(EXAMPLES, 'entries', 'solvers.py'), os.path.join(EXAMPLES, 'entries', 'tasks')
    task = sorted(os.listdir(data))[0][:-5]
    code, out, err = ask(solvers, '--entry', 'solve_*', '--data', data, '--task', task)
    report.check('function as a whole', code == 0 and 'value = grid' in out and f'solve_{task}' in out, short(out + err))
    code, out, err = ask(solvers, '--entry', 'solve_*', '--data', data, '--task', task, '--op', 't1')
    report.check('op of a function', code == EXIT_USAGE and 'has no ops' in err, short(err))


def main():
    report = Report()
    with Folder() as folder:
        for name in ('first-steps', 'mutated'):
            check_program(report, name, os.path.join(EXAMPLES, name, 'batt.py'), os.path.join(EXAMPLES, name, 'tasks'), 8)
        generated = folder.at('generated.py')
        subprocess.run([sys.executable, os.path.join(ROOT, 'bench', 'generate.py'), '--dsl', DSL, '--seed', '8', '-o', generated], check=True)
        check_program(report, 'generated', generated, os.path.join(EXAMPLES, 'mutated', 'tasks'), 12)
        check_questions(report, folder)
        check_outputs(report)
        check_cases(report, folder)
    report.finish()


if __name__ == '__main__':
    main()
