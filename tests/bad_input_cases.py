#!/usr/bin/env python3
"""Input that is missing, broken or hostile: a clear message, the right exit code, never a crash."""

import builtins
import json
import keyword
import os
import signal
import subprocess

from support import (BATTC, EXIT_INPUT, EXIT_INTERRUPTED, EXIT_LIMIT, EXIT_OUTPUT, TESTS, Folder, Report, battc, read,
                     read_lines, short, task)

DATA = os.path.join(TESTS, 'data', 'tasks')
FILES = os.path.join(TESTS, 'bad_input')
GOOD = os.path.join(FILES, 'good.py')
BATT = 'def batt(task_id, S, I, C, log_path):\n'
EXIT_USAGE = 2

# file of tests/bad_input: exit code, what standard error has to say
PROGRAMS = {
    'syntax_errors.py': (EXIT_INPUT, ('syntax_errors.py:4:10: error: expected an expression', 'syntax_errors.py:5:')),
    'bad_indent.py': (EXIT_INPUT, ('bad_indent.py:3:7: error: unexpected indent',)),
    'unclosed.py': (EXIT_INPUT, ("'[' was never closed", 'unterminated string')),
    'return_outside.py': (EXIT_INPUT, ("'return' outside function",)),
    'broken_module.py': (EXIT_INPUT, ('module_with_error.py:1:6: error:',)),
    'other_default.py': (EXIT_INPUT, ('other_defaults.py:3:16: error: _get_safe_default: expected a function of (*args, **kwargs)',)),
    'missing_import.py': (EXIT_INPUT, ("no module named 'no_such_module'",)),
    'missing_member.py': (EXIT_INPUT, ("cannot import name 'no_such_function' from 'dsl'",)),
    'no_batt.py': (EXIT_INPUT, ('no function batt',)),
    'two_parameters.py': (EXIT_INPUT, ('wrong number of parameters',)),
    'six_parameters.py': (EXIT_INPUT, ("parameter 'more'",)),
}


def expect(report, name, done, code, words=()):
    """One run: exit code, and words on standard error; a crash is neither."""
    report.check(f'{name}: exit code', done.returncode == code, f'{done.returncode}, not {code}: {short(done.stderr)}')
    for word in words:
        report.check(f'{name}: says {word!r}', word in done.stderr, short(done.stderr))
    if code in (EXIT_INPUT, EXIT_OUTPUT):
        report.check(f'{name}: says what is wrong', 'error' in done.stderr, short(done.stderr))


def programs_on_disk(report):
    for name, (code, words) in PROGRAMS.items():
        path = os.path.join(FILES, name)
        expect(report, name, battc('run', path, '--data', DATA), code, words)
        expect(report, f'{name} compiled', battc(path, '--emit=ir'), code, words)


def unreadable(report, folder):
    expect(report, 'missing file', battc('run', '/no/such.py', '--data', DATA), EXIT_INPUT, ('/no/such.py', 'No such file'))
    expect(report, 'a folder as program', battc('run', folder.path, '--data', DATA), EXIT_INPUT, ('Is a directory',))
    expect(report, 'missing data', battc('run', GOOD, '--data', '/no/such'), EXIT_INPUT, ('/no/such', 'No such file'))
    expect(report, 'empty data folder', battc('run', GOOD, '--data', folder.path), EXIT_INPUT)
    expect(report, 'no data', battc('run', GOOD), EXIT_USAGE, ('--data',))
    expect(report, 'no program', battc('run', '--data', DATA), EXIT_USAGE)
    expect(report, 'nothing at all', battc(), EXIT_USAGE)
    expect(report, 'unknown option', battc('--no-such-option', GOOD), EXIT_USAGE, ('--no-such-option',))
    expect(report, 'unknown option of run', battc('run', '--no-such-option', GOOD), EXIT_USAGE, ('--no-such-option',))
    expect(report, 'bad number', battc('run', GOOD, '--data', DATA, '--limit', 'x'), EXIT_USAGE, ('integer',))
    expect(report, 'unknown task', battc('run', GOOD, '--data', DATA, '--task', 'ffffffff'), EXIT_INPUT, ('ffffffff',))
    expect(report, 'no such entry', battc('run', GOOD, '--data', DATA, '--entry', 'solve_*'), EXIT_INPUT, ('solve_*',))
    expect(report, 'cuda', battc('run', GOOD, '--data', DATA, '--device', 'cuda'), 6, ('cuda',))
    broken = folder.write('broken.bto', b'BTO\0' + bytes(range(256)) * 8)
    expect(report, 'broken bytecode', battc('run', broken, '--data', DATA), EXIT_INPUT)


def run_text(report, folder, name, text, code, words=()):
    """Run a program that is made here."""
    path = folder.write('made.py', text)
    expect(report, name, battc('run', path, '--data', DATA), code, words)


def odd_bytes(report, folder):
    run_text(report, folder, 'empty file', '', EXIT_INPUT, ('no function batt',))
    run_text(report, folder, 'only a comment', '# nothing', EXIT_INPUT, ('no function batt',))
    run_text(report, folder, 'a line of continuation bytes', b'x = \'' + b'\x80' * 5000, EXIT_INPUT, ('UTF-8',))
    run_text(report, folder, 'not UTF-8', BATT.encode() + b"    x = '\xff\xfe'\n    return [], []\n", EXIT_INPUT, ('UTF-8',))
    run_text(report, folder, 'NUL bytes', BATT.encode() + b'    x = 1\0\n    return [], []\n', EXIT_INPUT, ('NUL byte',))
    run_text(report, folder, 'binary', bytes(range(256)) * 64, EXIT_INPUT)
    run_text(report, folder, 'BOM and CRLF', b'\xef\xbb\xbf' + BATT.replace('\n', '\r\n').encode() + b'    return [], []\r\n', 0)
    run_text(report, folder, 'no newline at the end', BATT + '    return [], []', 0)


def too_much(report, folder):
    deep = 10000
    brackets = BATT + '    t1 = ' + '(' * deep + ')' * deep + '\n    return [], []\n'
    run_text(report, folder, 'brackets 10,000 deep', brackets, EXIT_INPUT, ('too many nested parentheses',))
    minuses = BATT + '    t1 = ' + '-' * deep + '1\n    return [], []\n'
    run_text(report, folder, 'minus 10,000 times', minuses, EXIT_INPUT)
    blocks = BATT + ''.join(' ' * k + 'if I:\n' for k in range(1, 1001)) + ' ' * 1001 + 'x = 1\n return [], []\n'
    run_text(report, folder, 'blocks 1,000 deep', blocks, EXIT_INPUT)
    calls = BATT + '    t1 = ' + 'len(' * deep + 'I' + ')' * deep + '\n    return [], []\n'
    run_text(report, folder, 'calls 10,000 deep', calls, EXIT_INPUT)
    attributes = BATT + '    t1 = I' + '.x' * 100000 + '\n    return [], []\n'
    done = battc('run', folder.write('made.py', attributes), '--data', DATA)
    report.check('attributes 100,000 long', done.returncode in (0, EXIT_INPUT), f'{done.returncode} {short(done.stderr)}')
    sums = BATT + '    t1 = 1' + ' + 1' * 100000 + '\n    return [], []\n'
    done = battc('run', folder.write('made.py', sums), '--data', DATA)
    report.check('sums 100,000 long', done.returncode in (0, EXIT_INPUT), f'{done.returncode} {short(done.stderr)}')
    line = BATT + "    t1 = '" + 'x' * (1 << 20) + "'\n    return [(0, True, 'a', 1)], []\n"
    run_text(report, folder, 'a line of 1 MB', line, 0)
    row = BATT + '    t1 = (' + '1, ' * 300000 + ')\n    o = [(0, True, "a", len(t1))]\n    return o, []\n'
    done = battc('run', folder.write('made.py', row), '--data', DATA)
    report.check('a tuple of 300,000', done.returncode in (0, EXIT_INPUT), f'{done.returncode} {short(done.stderr)}')
    wrong = BATT + '    x = = ' + 'y' * (1 << 20) + '\n    return [], []\n'
    done = battc('run', folder.write('made.py', wrong), '--data', DATA)
    expect(report, 'an error in a line of 1 MB', done, EXIT_INPUT)
    report.check('its message is short', len(done.stderr) < 5000, f'{len(done.stderr)} characters')
    mistakes = BATT + '    x = = 1\n' * 1000 + '    return [], []\n'
    expect(report, '1,000 errors', battc('run', folder.write('made.py', mistakes), '--data', DATA), EXIT_INPUT)


def limits_of_values(report, folder):
    """An integer too large is a limit, not a default and not a wrong number."""
    for name, value in (('a literal', '99999999999999999999999'), ('a product', '(10 ** 12) * (10 ** 12)')):
        text = ('def big():\n    return ' + value + '\n\n\n' + BATT + '    s = []\n    o = []\n    try:\n        t1 = big()\n'
                '    except Exception:\n        t1 = 0\n    o.append((0, True, "a", t1))\n'
                '    o.append((1, True, "b", I))\n    return o, s\n')
        out = folder.at('out.jsonl')
        done = battc('run', folder.write('made.py', text), '--data', DATA, '--out', out)
        expect(report, f'{name} too large', done, EXIT_LIMIT)
        items = [line['o'] for line in read_lines(out)]
        report.check(f'{name} too large: its value', items and all('limit' in o[0][3] for o in items), short(items))
        report.check(f'{name} too large: the others', items and all(isinstance(o[1][3], list) for o in items), short(items))


def names_at_run_time(report, folder):
    out = folder.at('out.jsonl')
    done = battc('run', os.path.join(FILES, 'unknown_names.py'), '--data', DATA, '--out', out)
    expect(report, 'unknown names', done, 0)
    ends = {(line.get('error'), line.get('line')) for line in read_lines(out)}
    report.equal('unknown names: how the calls end', ends, {('NameError', 9)})


def builtins_of_python(report, folder):
    """Each name that Python binds is known, or using it is a limit, of which the compiler warns: never a NameError."""
    names = sorted({*dir(builtins), '__file__', '__doc__', '__builtins__', '__annotations__', 'exit', 'quit', 'help'} - set(keyword.kwlist))
    text = ''.join(f'def test_{k}():\n    {name}\n    return 1\n\n\n' for k, name in enumerate(names))
    out = folder.at('out.jsonl')
    done = battc('run', folder.write('names.py', text), '--entry', 'test_*', '--out', out)
    got = {line['entry']: line.get('value', line.get('error')) for line in read_lines(out)}
    report.equal('builtins: all were run', len(got), len(names))
    report.equal('builtins: known or a limit', [name for k, name in enumerate(names) if got.get(f'test_{k}') not in (1, 'limit unsupported')], [])
    for k, name in enumerate(names):
        warned = f"builtin '{name}' is outside the subset" in done.stderr
        report.equal(f'builtins: {name} is warned of', warned, got.get(f'test_{k}') != 1)


def grids(report, folder):
    """Task files that are no tasks."""
    good = task([([[1]], [[2]])], [([[3]], [[4]])])

    def tampered(change):
        copy = json.loads(json.dumps(good))
        change(copy)
        return copy

    cases = {
        'not JSON': 'train',
        'JSON that breaks off': json.dumps(good)[:-5],
        'JSON with more behind': json.dumps(good) + ' {}',
        'empty JSON file': '',
        'a list': [1, 2],
        'no train': {'test': []},
        'ragged': tampered(lambda t: t['train'][0].update(input=[[1, 2], [3]])),
        'colour 10': tampered(lambda t: t['train'][0].update(input=[[10]])),
        'colour -1': tampered(lambda t: t['train'][0].update(input=[[-1]])),
        'colour 1.5': tampered(lambda t: t['train'][0].update(input=[[1.5]])),
        'colour as text': tampered(lambda t: t['train'][0].update(input=[['1']])),
        'a huge number': json.dumps(good).replace('[[1]]', '[[1e400]]'),
        'no rows': tampered(lambda t: t['train'][0].update(input=[])),
        'a row for a grid': tampered(lambda t: t['train'][0].update(input=[1, 2])),
        'no input': tampered(lambda t: t['train'][0].pop('input')),
        'deep': '{"train": ' + '[' * 100000 + ']' * 100000 + '}',
        'deep objects': '{"a":' * 100000 + '1' + '}' * 100000,
        'a grid of 1,000 columns': tampered(lambda t: t['train'][0].update(input=[[0] * 1000])),
        'not UTF-8': b'{"train": [], "\xff": 1}',
        'NUL bytes': json.dumps(good).encode() + b'\0',
    }
    for name, content in cases.items():
        text = content if isinstance(content, (str, bytes)) else json.dumps(content)
        path = folder.write('data/task.json', text)
        done = battc('run', GOOD, '--data', path)
        report.check(f'data, {name}: no crash', done.returncode in (0, EXIT_INPUT), f'{done.returncode} {short(done.stderr)}')
        if done.returncode:
            report.check(f'data, {name}: message names the file', 'task.json' in done.stderr and 'error' in done.stderr, short(done.stderr))
        expected = (0, EXIT_INPUT) if name in ('not UTF-8', 'a grid of 1,000 columns') else (EXIT_INPUT,)
        report.check(f'data, {name}: exit code', done.returncode in expected, f'{done.returncode} {short(done.stderr)}')
    huge = folder.write('data/task.json', json.dumps({'train': good['train'] * 20000, 'test': []}))
    expect(report, 'data, 20,000 samples', battc('run', GOOD, '--data', huge), 0)
    secret = tampered(lambda t: t['test'][0].pop('output'))
    folder.write('data/task.json', json.dumps(secret))
    out = folder.at('out.jsonl')
    expect(report, 'a test without output', battc('run', GOOD, '--data', folder.at('data/task.json'), '--out', out), 0)
    calls = [(line['set'], line['call']) for line in read_lines(out)]
    report.equal('calls of a test without output', calls, [('demo', 'first'), ('demo', 'second'), ('test', 'first')])


def outputs(report, folder):
    run = ('run', GOOD, '--data', DATA)
    expect(report, 'unwritable folder', battc(*run, '--out', '/no/such/folder/out.jsonl'), EXIT_OUTPUT, ('/no/such/folder',))
    expect(report, 'a folder as output', battc(*run, '--out', folder.path), EXIT_OUTPUT)
    expect(report, 'disk full', battc(*run, '--out', '/dev/full'), EXIT_OUTPUT, ('/dev/full',))
    expect(report, 'disk full, statistics', battc(*run, '--stats', '/dev/full'), EXIT_OUTPUT, ('/dev/full',))
    with open('/dev/full', 'w', encoding='utf-8') as full:
        expect(report, 'disk full, standard output', battc(*run, '--out', '-', stdout=full), EXIT_OUTPUT)
        expect(report, 'disk full, summary', battc(*run, stdout=full), EXIT_OUTPUT)
        expect(report, 'disk full, IR', battc(GOOD, '--emit=ir', stdout=full), EXIT_OUTPUT)
    expect(report, 'unwritable bytecode', battc(GOOD, '-o', '/no/such/folder/a.bto'), EXIT_OUTPUT)
    expect(report, 'unknown suffix', battc(GOOD, '-o', folder.at('a.xyz')), EXIT_USAGE, ('.xyz',))


SLOW = BATT + '''    n = 0
    for k in range(20000):
        n += k % 7
    return [(0, True, 'a', n)], []
'''


def whole_lines(text):
    """Whether text ends with a line's end and every line is JSON."""
    if text and not text.endswith('\n'):
        return False
    try:
        return all(isinstance(json.loads(line), dict) for line in text.splitlines())
    except ValueError:
        return False


def interrupted(report, folder):
    """SIGINT in the middle: what is written is whole lines, in their order."""
    one = task([([[1]], [[2]])] * 3)
    data = folder.write_tasks({f'{k:08x}': one for k in range(3000)})
    program = folder.write('slow.py', SLOW)
    run = subprocess.Popen([BATTC, 'run', program, '--data', data, '--out', '-', '--jobs', '2'], stdout=subprocess.PIPE,
                           stderr=subprocess.PIPE, text=True)
    first = run.stdout.readline()
    run.send_signal(signal.SIGINT)
    rest, said = run.communicate(timeout=60)
    report.equal('SIGINT: exit code', run.returncode, EXIT_INTERRUPTED)
    report.check('SIGINT: whole lines', whole_lines(first + rest), short((first + rest)[-300:]))
    ids = [json.loads(line)['task'] for line in (first + rest).splitlines()]
    report.check('SIGINT: in their order, not all', ids == sorted(ids) and len(ids) < 3000 * 6, f'{len(ids)} lines')
    report.check('SIGINT: the summary says so', 'interrupted' in said, short(said))
    out = folder.at('killed.jsonl')
    run = subprocess.Popen([BATTC, 'run', program, '--data', data, '--out', out], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    try:
        run.wait(1)
    except subprocess.TimeoutExpired:
        run.send_signal(signal.SIGINT)
    run.communicate(timeout=60)
    report.equal('SIGINT, a file: exit code', run.returncode, EXIT_INTERRUPTED)
    report.check('SIGINT, a file: whole lines', whole_lines(read(out).decode()))


def main():
    report = Report()
    programs_on_disk(report)
    with Folder() as folder:
        for part in (unreadable, odd_bytes, too_much, limits_of_values, names_at_run_time, builtins_of_python, grids, outputs, interrupted):
            part(report, folder)
    report.finish()


if __name__ == '__main__':
    main()
