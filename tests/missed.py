#!/usr/bin/env python3
"""-Rmissed: which functions of a changed DSL have no kernel any more, and where they stand."""

import json
import os
import re
import shutil

from support import ROOT, Folder, Report, battc, read

PROGRAM = '''
from dsl import *

def batt(task_id, S, I, C, log_path):
    s = []
    o = []
    t1 = objects(I, True, False, True)
    t2 = shift(neighbors((1, 1)), (1, 0))
    t3 = own(I)
    o.append((0, True, 'a', t1))
    o.append((1, True, 'b', t2))
    o.append((2, True, 'c', t3))
    return o, s

def own(grid):
    return len(grid)
'''
NOTE = re.compile(r"^(.*):(\d+):1: note: '(\w+)' runs as compiled source: it is none of the \d+ versions? with a kernel \(key 0x[0-9a-f]{16}\) \[-Rmissed\]$", re.M)
FORWARDS = '(i - 1, j), (i + 1, j), (i, j - 1), (i, j + 1)'
BACKWARDS = '(i, j + 1), (i, j - 1), (i + 1, j), (i - 1, j)'


def line_of(text, name):
    """Where a function of a module begins."""
    return text[:text.index(f'\ndef {name}(') + 1].count('\n') + 1


def notes(folder, *options):
    """(module, line, function) of each note, sorted."""
    done = battc(folder.at('batt.py'), '-o', folder.at('batt.bto'), *options)
    if done.returncode:
        raise SystemExit(done.stderr)
    return sorted((os.path.basename(path), int(line), name) for path, line, name in NOTE.findall(done.stderr))


def as_json(report, folder):
    """The same as an object of a compiler's diagnostics."""
    done = battc(folder.at('batt.py'), '-o', folder.at('batt.bto'), '-Rmissed', '-fdiagnostics-format=json')
    found = json.loads(done.stderr)
    report.check('JSON', found and all(one['kind'] == 'note' and one['locations'] for one in found), done.stderr)


def main():
    report = Report()
    with Folder() as folder:
        folder.write('batt.py', PROGRAM)
        report.equal('the DSL that battc carries', notes(folder, '-Rmissed'), [])
        for name in ('dsl.py', 'constants.py', 'safe_dsl.py', 'arc_types.py'):
            shutil.copy(os.path.join(ROOT, 'dsl', name), folder.at(name))
        text = read(folder.at('dsl.py')).decode()
        folder.write('dsl.py', text.replace(FORWARDS, f'  # north first\n        {FORWARDS}').replace('share an edge.', 'touch.'))
        report.equal('comments and docstrings', notes(folder, '-Rmissed'), [])
        changed = text.replace(FORWARDS, BACKWARDS)
        report.check('the text to change is there', changed != text)
        folder.write('dsl.py', changed)
        want = sorted(('dsl.py', line_of(text, name), name) for name in ('dneighbors', 'neighbors', 'objects'))
        report.equal('a function and those that call it', notes(folder, '-Rmissed'), want)
        report.equal('no option, no notes', notes(folder), [])
        report.equal('no kernels at all', notes(folder, '-Rmissed', '-fno-kernels'), [])
        as_json(report, folder)
    report.finish()


if __name__ == '__main__':
    main()
