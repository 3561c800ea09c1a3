#!/usr/bin/env python3
"""The device's code on the CPU: programs through `--device emulated`, beside the CPU path, byte for byte.

A fibre for each lane, warps in an order that a seed decides; see runtime/host/device_emulated.c."""

import glob
import json
import os
import re
import subprocess
import sys

from support import ROOT, SHARED, TESTS, QUICK, Folder, Report, battc, read, short

REAL_DATA = os.path.join(SHARED, 'arc', 'arc-agi-1', 'training')
EXIT_NO_CUDA = 6


def lines(report, name, folder, *arguments):
    """The lines of a run and its statistics."""
    out, stats = folder.at('out.jsonl'), folder.at('stats.json')
    done = battc('run', *arguments, '--out', out, '--stats', stats)
    report.check(f'{name}: exit code', done.returncode in (0, 4), f'{done.returncode} {short(done.stderr)}')
    report.check(f'{name}: the device stays', 'the CPU finishes the run' not in done.stderr, short(done.stderr))
    return read(out), json.loads(read(stats) or b'{}'), done.returncode


def compare(report, name, path, data, options=(), warps=('6,1', '3,2'), most_left=0.2, some=True):
    """One program on the CPU and on the emulated device; most_left: share of samples that may go back to the CPU;
    some: the device must have run some."""
    with Folder() as folder:
        want, cpu, code = lines(report, f'{name}, CPU', folder, path, *options, '--data', data, '--device', 'cpu')
        report.check(f'{name}: some lines', want.count(b'\n') > 1)
        for order in warps:
            title = f'{name}, emulated {order}'
            got, device, device_code = lines(report, title, folder, path, *options, '--data', data, '--device', f'emulated:{order}')
            report.check(f'{title}: the same lines', got == want)
            report.check(f'{title}: the same exit code', code == device_code)
            report.check(f'{title}: the same solved', cpu.get('solved') == device.get('solved'))
            if 'device_samples' not in device:
                report.check(f'{title}: a device', False, short(json.dumps(device)))
                continue
            report.check(f'{title}: warps', device['device_warps'] == int(order.split(',')[0]) and device['occupancy'] == 1, short(json.dumps(device)))
            left = sum(device['device_left'])
            report.check(f'{title}: samples', device['device_samples'] > 0 or not some)
            report.check(f'{title}: few left to the CPU', left <= most_left * device['device_samples'], f'{left}')


def examples(report):
    """The examples with their tasks."""
    for path in sorted(glob.glob(os.path.join(ROOT, 'examples', '*', '*.py'))):
        tasks = os.path.join(os.path.dirname(path), 'tasks')
        if os.path.isdir(tasks):
            options = () if b'def batt(' in read(path) else ('--entry', 'solve_*')
            compare(report, os.path.relpath(path, ROOT), path, tasks, options)


def generated(report):
    """A program like the users' over some real tasks; then scores alone, and entries that share a device."""
    generator = os.path.join(ROOT, 'bench', 'generate.py')
    if not os.path.isdir(REAL_DATA):
        report.skip('a generated program', f'no data at {REAL_DATA}')
        return
    with Folder() as folder:
        path = folder.at('generated.py')
        subprocess.run([sys.executable, generator, '--dsl', os.path.join(ROOT, 'dsl'), '--seed', '3', '-o', path], check=True)
        names = sorted(os.listdir(REAL_DATA), key=lambda name: os.path.getsize(os.path.join(REAL_DATA, name)))
        tasks = names[:4] if QUICK else names[:24] + names[100:400:30]
        data = folder.write_tasks({name[:-5]: json.loads(read(os.path.join(REAL_DATA, name))) for name in tasks})
        compare(report, 'a generated program', path, data, warps=('5,7', '1,11', '7,12'))
        compare(report, 'a generated program of which the last warps leave what they do', path, data, warps=('8,5,2',), most_left=1)
        compare(report, 'a generated program beside CPU threads', path, data, ('--jobs', '2'), warps=('4,2',), some=False)
        compare(report, 'a generated program without sharing', path, data, ('-fno-sharing', '--limit', '4'), warps=('2,3',))


def odd_programs(report):
    """What devices must leave to the CPU, or do as it does: limits, exceptions that end calls, changing globals."""
    cases = {
        'exceptions': 'def batt(task_id, S, I, C, log_path):\n    s = []\n    o = []\n    t1 = I[5][5]\n    o.append((0, 1, "x", t1))\n    return o, s\n',
        'globals': 'count = 0\n\n\ndef bump(x):\n    global count\n    count += 1\n    return (count, x)\n\n\n'
                   'def batt(task_id, S, I, C, log_path):\n    s = []\n    o = []\n    try:\n        t1 = bump(I)\n    except Exception:\n'
                   '        t1 = None\n    o.append((0, 1, "x", t1))\n    return o, s\n',
        'values': 'def batt(task_id, S, I, C, log_path):\n    s = []\n    o = []\n    try:\n        t1 = {1: [1, {2, 3}, "\\u00e9"], 2: range(3)}\n'
                  '    except Exception:\n        t1 = None\n    try:\n        t2 = lambda x: (x, t1)\n    except Exception:\n        t2 = None\n'
                  '    try:\n        t3 = [frozenset({(i, j, 1.5) for i in range(40) for j in range(3)}), len, t2, iter(I), ValueError(3)]\n'
                  '    except Exception:\n        t3 = None\n    try:\n        t4 = {1: 2}.get\n    except Exception:\n        t4 = None\n'
                  '    s.append((3, "a", t4))\n    o.append((0, 1, "x", t1))\n    o.append((1, 1, "y", t2))\n    s.append((2, "z", t3))\n'
                  '    return o, s\n',
        'limits': 'def forever(x):\n    n = 0\n    while True:\n        n += 1\n\n\ndef batt(task_id, S, I, C, log_path):\n    s = []\n    o = []\n    try:\n'
                  '        t1 = forever(I)\n    except Exception:\n        t1 = None\n    try:\n        t2 = len(I)\n    except Exception:\n        t2 = None\n'
                  '    o.append((0, 1, "x", t1))\n    o.append((1, 1, "y", t2))\n    return o, s\n',
    }
    data = os.path.join(ROOT, 'examples', 'first-steps', 'tasks')
    with Folder() as folder:
        for name, text in cases.items():
            path = folder.at(f'{name}.py')
            with open(path, 'w', encoding='utf-8') as f:
                f.write(text)
            compare(report, name, path, data, ('--steps', '100000') if name == 'limits' else (), most_left=1 if name == 'limits' else 0)


def options(report):
    """What --device takes, and what it says where there is no GPU."""
    example = os.path.join(ROOT, 'examples', 'first-steps')
    base = ('run', os.path.join(example, 'batt.py'), '--data', os.path.join(example, 'tasks'))
    for wrong in ('gpu', 'cuda:x', 'cpu:1', 'cuda:0;1', 'cuda:'):
        done = battc(*base, '--device', wrong)
        report.check(f'--device {wrong}', done.returncode == 2 and '--device' in done.stderr, f'{done.returncode} {short(done.stderr)}')
    if not os.path.exists('/dev/nvidiactl'):
        done = battc(*base, '--device', 'cuda')
        report.check('--device cuda without a GPU', done.returncode == EXIT_NO_CUDA and 'CUDA' in done.stderr,
                     f'{done.returncode} {short(done.stderr)}')
        done = battc(*base, '--device', 'auto')
        report.check('--device auto without a GPU', done.returncode == 0 and ', cpu)' in done.stdout, short(done.stdout))


def profile(report):
    """Time by op as the device measures it: every op of the program, none of it more than the kernels took; the same lines."""
    example = os.path.join(ROOT, 'examples', 'first-steps')
    with Folder() as folder:
        base = (os.path.join(example, 'batt.py'), '--data', os.path.join(example, 'tasks'), '--device', 'emulated')
        got, stats, _ = lines(report, 'with --profile', folder, *base, '--profile')
        report.check('--profile: the same lines', got == read(os.path.join(example, 'results.jsonl')))
        ops = stats.get('device_ops', [])
        report.equal('--profile: ops', [op['op'] for op in ops], [f't{i}' for i in range(1, 12)])
        total = sum(op['seconds'] for op in ops)
        report.check('--profile: time of ops', 0 < total <= stats['kernel_seconds'] * 1.001, f"{total} of {stats['kernel_seconds']}")
        _, stats, _ = lines(report, 'without --profile', folder, *base)
        report.check('no --profile: no time of ops', 'device_ops' not in stats)


def not_loaded(report):
    """A run on the CPU loads nothing of CUDA, nor does `auto` where the work is short or there is no GPU."""
    example = os.path.join(ROOT, 'examples', 'first-steps')
    for device in ('cpu', 'auto'):
        done = battc('run', os.path.join(example, 'batt.py'), '--data', os.path.join(example, 'tasks'), '--device', device,
                     env={**os.environ, 'LD_DEBUG': 'files'})
        report.check(f'--device {device}: libraries are listed', 'libc.so' in done.stderr)
        report.check(f'--device {device}: no library of CUDA', not re.search(r'lib(cuda|cudart|nvrtc|nvJitLink)\b', done.stderr))


def main():
    report = Report()
    examples(report)
    odd_programs(report)
    options(report)
    profile(report)
    not_loaded(report)
    generated(report)
    report.finish()


if __name__ == '__main__':
    main()
