#!/usr/bin/env python3
"""The CPython side of the benchmark: run a batt file over tasks as the users' runner does, and print times as JSON.

    python3 bench/cpython.py FILE.py --data PATH --task ID,... [--hints memoised|plain] [--path DIR ...]

The file is imported by its name, its DSL from the folders given; every sample is called twice, first with C = None,
then with C = the expected output. `memoised` keeps the look-up of a function's type hints, which a guard makes at every
exception; `plain` makes it anew each time, as the users' own modules do.
"""

import argparse
import collections
import functools
import importlib
import json
import os
import resource
import sys
import time
import typing

from profile_batt import load_tasks


class Forgetful(dict):
    """A cache that never has anything."""

    def __contains__(self, _):
        return False


def import_batt(path, folders, hints):
    """The function batt of a file."""
    sys.path[:0] = [os.path.dirname(os.path.abspath(path)), *folders]
    if hints == 'memoised':
        typing.get_type_hints = functools.lru_cache(None)(typing.get_type_hints)
    batt = importlib.import_module(os.path.splitext(os.path.basename(path))[0]).batt
    safe_dsl = sys.modules.get('safe_dsl')
    if hints == 'plain' and hasattr(safe_dsl, '_hints_of'):
        safe_dsl._hints_of = Forgetful()
    return batt


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('file')
    parser.add_argument('--data', required=True)
    parser.add_argument('--task', required=True)
    parser.add_argument('--hints', choices=('memoised', 'plain'), default='memoised')
    parser.add_argument('--path', action='append', default=[])
    options = parser.parse_args()
    sys.setrecursionlimit(1000)
    start = time.perf_counter()
    batt = import_batt(options.file, options.path, options.hints)
    imported = time.perf_counter()
    wanted = set(options.task.split(','))
    tasks = [task for task in load_tasks(options.data) if task[0] in wanted]
    loaded = time.perf_counter()
    seconds = collections.Counter()
    ended = collections.Counter()
    samples = 0
    for task_id, demos, pairs in tasks:
        for I, O in pairs:
            samples += 1
            for call, C in (('first', None), ('second', O))[:1 if O is None else 2]:
                begin = time.perf_counter()
                try:
                    batt(task_id, demos, I, C, None)
                except Exception as error:
                    ended[type(error).__name__] += 1
                seconds[call] += time.perf_counter() - begin
    print(json.dumps({'samples': samples, 'tasks': len(tasks), 'import': imported - start, 'load': loaded - imported,
                      'first': seconds['first'], 'second': seconds['second'], 'ended': dict(ended),
                      'peak_memory_kb': resource.getrusage(resource.RUSAGE_SELF).ru_maxrss}))


if __name__ == '__main__':
    main()
