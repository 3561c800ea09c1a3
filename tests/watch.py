#!/usr/bin/env python3
"""`battc run --watch`: every version of the file, bad ones too, with the lines that a run of its own gives."""

import os
import signal
import subprocess
import time

from support import ROOT, Folder, Report, battc, read

TASKS = os.path.join(ROOT, 'examples', 'first-steps', 'tasks')
TEXT = 'def batt(task_id, S, I, C, log_path):\n    s = []\n    o = []\n    t1 = {}\n    o.append((0, True, "x", t1))\n    return o, s\n'
PATIENCE = 20


def wait_for(condition):
    """Whether it came true in time."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.02)
    return False


def put(path, text):
    """A new version, at once."""
    with open(path + '.new', 'w', encoding='utf-8') as f:
        f.write(text)
    os.rename(path + '.new', path)


def main():
    report = Report()
    with Folder() as folder:
        program, out, said = folder.at('batt.py'), folder.at('out.jsonl'), folder.at('said')
        alone = folder.at('alone.jsonl')
        put(program, TEXT.format('I'))
        with open(said, 'wb') as log:
            watching = subprocess.Popen([os.environ['BATTC'], 'run', '--watch', program, '--data', TASKS, '--out', out], stdout=log, stderr=log)
        try:
            for number, value in enumerate(('I', 'len(I)', 'None + (', 'len(S)', '(I, 5)'), 1):
                if number > 1:
                    put(program, TEXT.format(value))
                bad = '(' == value[-1]
                if bad:
                    report.check('a bad version is told', wait_for(lambda: b'error:' in read(said)), read(said)[-300:])
                    continue
                battc('run', program, '--data', TASKS, '--out', alone)
                report.check(f'version {number}', wait_for(lambda: read(out) == read(alone)), read(said)[-300:])
            watching.send_signal(signal.SIGINT)
            report.check('an interrupt ends it', wait_for(lambda: watching.poll() is not None))
        finally:
            if watching.poll() is None:
                watching.kill()
            watching.wait()
    report.finish()


if __name__ == '__main__':
    main()
