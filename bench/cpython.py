#!/usr/bin/env python3
"""The Python side of the benchmark: run a batt file over tasks as the users' runner does, and print times as JSON.

    python3 bench/cpython.py FILE.py --data PATH --task ID,... [--hints memoised|plain] [--passes N] [--path DIR ...]

The file is imported by its name, its DSL from the folders given; every sample is called twice, first with C = None,
then with C = the expected output. `memoised` keeps the look-up of a function's type hints, which a guard makes at every
exception; `plain` makes it anew each time, as the users' own modules do. With --passes the same is done several times in
one process: what a compiler that warms up, as PyPy's, makes of it. With --entry 'solve_*' the functions of that name run
instead of batt, each on the task that its name ends with, with those of task_id, S, I and C that it takes; C is the
expected output then, and there is one call a sample where C is not taken.
"""

import argparse
import collections
import fnmatch
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


def import_file(path, folders, hints):
    """The file as a module."""
    sys.path[:0] = [os.path.dirname(os.path.abspath(path)), *folders]
    if hints == 'memoised':
        typing.get_type_hints = functools.lru_cache(None)(typing.get_type_hints)
    module = importlib.import_module(os.path.splitext(os.path.basename(path))[0])
    safe_dsl = sys.modules.get('safe_dsl')
    if hints == 'plain' and hasattr(safe_dsl, '_hints_of'):
        safe_dsl._hints_of = Forgetful()
    return module


def entries(module, pattern):
    """{task: (function, the names of its parameters)} of the functions that match."""
    found = {}
    for name, function in vars(module).items():
        if callable(function) and hasattr(function, '__code__') and fnmatch.fnmatchcase(name, pattern):
            found[name.rpartition('_')[2]] = function, function.__code__.co_varnames[:function.__code__.co_argcount]
    return found


def plan_calls(module, entry, tasks):
    """(function, arguments, first or second) of every call, in order."""
    calls = []
    if not entry:
        for task, demos, pairs in tasks:
            for I, O in pairs:
                calls += [(module.batt, (task, demos, I, C, None), call) for call, C in (('first', None), ('second', O))[:1 if O is None else 2]]
        return calls
    found = entries(module, entry)
    for task, demos, pairs in tasks:
        if task not in found:
            continue
        function, names = found[task]
        for I, O in pairs:
            for call, C in (('first', None), ('second', O))[:2 if 'C' in names and O is not None else 1]:
                values = {'task_id': task, 'S': demos, 'I': I, 'C': C, 'log_path': None}
                calls.append((function, tuple(values[name] for name in names), call))
    return calls


def run_calls(calls, spent):
    """Make them all: seconds of first and second calls, and how many ended how. `spent` gets the seconds of each call."""
    seconds, ended = collections.Counter(first=0.0, second=0.0), collections.Counter()
    for function, arguments, call in calls:
        begin = time.perf_counter()
        try:
            function(*arguments)
        except Exception as error:
            ended[type(error).__name__] += 1
        took = time.perf_counter() - begin
        seconds[call] += took
        spent.append(took)
    return seconds, ended


def per_task(calls, spent):
    """Seconds of each task's calls."""
    seconds = collections.Counter()
    for (function, _, _), took in zip(calls, spent):
        seconds[function.__name__.rpartition('_')[2]] += took
    return seconds


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('file')
    parser.add_argument('--data', required=True)
    parser.add_argument('--task', required=True)
    parser.add_argument('--hints', choices=('memoised', 'plain'), default='memoised')
    parser.add_argument('--passes', type=int, default=1)
    parser.add_argument('--entry')
    parser.add_argument('--path', action='append', default=[])
    options = parser.parse_args()
    sys.setrecursionlimit(1000)
    start = time.perf_counter()
    module = import_file(options.file, options.path, options.hints)
    imported = time.perf_counter()
    wanted = set(options.task.split(','))
    tasks = [task for task in load_tasks(options.data) if task[0] in wanted]
    loaded = time.perf_counter()
    calls = plan_calls(module, options.entry, tasks)
    figures = {'samples': sum(call == 'first' for _, _, call in calls), 'tasks': len(tasks), 'calls': len(calls),
               'import': imported - start, 'load': loaded - imported, 'passes': []}
    for _ in range(options.passes):
        spent = []
        seconds, ended = run_calls(calls, spent)
        figures['passes'].append({**seconds, 'ended': dict(ended)})
    if options.entry:
        figures['by_task'] = per_task(calls, spent)
    figures['memory_mb'] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps(figures))


if __name__ == '__main__':
    main()
