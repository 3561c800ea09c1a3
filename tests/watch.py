#!/usr/bin/env python3
"""`battc run --watch`: every version of the file, bad ones too, with the lines that a run of its own gives. A device stays open, and
keeps the tasks."""

import json
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


def counts(stats):
    """Devices that the latest run opened, and to which it sent tasks."""
    try:
        values = json.loads(read(stats))
    except (OSError, ValueError):
        return None
    return [values['device_opened'], values['device_data_sent']]


def put(path, text):
    """A new version, at once."""
    with open(path + '.new', 'w', encoding='utf-8') as f:
        f.write(text)
    os.rename(path + '.new', path)


def watch(report, device):
    """Some versions, on some device."""
    with Folder() as folder:
        program, out, said = folder.at('batt.py'), folder.at('out.jsonl'), folder.at('said')
        alone, stats = folder.at('alone.jsonl'), folder.at('stats.json')
        put(program, TEXT.format('I'))
        with open(said, 'wb') as log:
            watching = subprocess.Popen([os.environ['BATTC'], 'run', '--watch', program, '--data', TASKS, '--out', out, '--device', device,
                                         '--stats', stats], stdout=log, stderr=log)
        try:
            for number, value in enumerate(('I', 'len(I)', 'None + (', 'len(S)', '(I, 5)'), 1):
                if number > 1:
                    put(program, TEXT.format(value))
                bad = '(' == value[-1]
                if bad:
                    report.check(f'{device}: a bad version is told', wait_for(lambda: b'error:' in read(said)), read(said)[-300:])
                    continue
                battc('run', program, '--data', TASKS, '--out', alone)
                report.check(f'{device}: version {number}', wait_for(lambda: read(out) == read(alone)), read(said)[-300:])
                if device == 'emulated':
                    opened = 1 if number == 1 else 0
                    report.check(f'version {number}: devices opened and sent tasks', wait_for(lambda: counts(stats) == [opened, opened]), counts(stats))
            watching.send_signal(signal.SIGINT)
            report.check(f'{device}: an interrupt ends it', wait_for(lambda: watching.poll() is not None))
        finally:
            if watching.poll() is None:
                watching.kill()
            watching.wait()


def main():
    report = Report()
    for device in ('cpu', 'emulated'):
        watch(report, device)
    report.finish()


if __name__ == '__main__':
    main()
