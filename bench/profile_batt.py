#!/usr/bin/env python3
"""Measure a batt file under CPython and print the figures as JSON.

    python3 bench/profile_batt.py FILE.py --dsl DIR --data PATH [--tasks N]

Static figures come from the file's tree: ops, histogram of callees, share of closure calls (the
callee is an earlier value), ops that do not depend on C. Dynamic figures come from running the
file on every sample of the chosen tasks, twice as the users' runner does (C = None, then C = the
expected output), with the guard of every DSL function replaced by one that counts.
"""

import argparse
import ast
import collections
import functools
import hashlib
import importlib
import inspect
import itertools
import json
import os
import signal
import statistics
import sys
import time
import types

CALLS = ('first', 'second')


class TimedOut(BaseException):
    """Passes the guards, which catch Exception only."""


# --- data -----------------------------------------------------------------------------------------

def as_grid(rows):
    return tuple(tuple(row) for row in rows)


def read_json(path):
    with open(path) as file:
        return json.load(file)


def kaggle_tasks(path):
    """Tasks of one *_challenges.json, outputs of the tests filled in from *_solutions.json."""
    tasks = read_json(path)
    solutions_path = path.replace('_challenges', '_solutions')
    solutions = read_json(solutions_path) if os.path.exists(solutions_path) else {}
    for task_id, task in tasks.items():
        for pair, output in zip(task['test'], solutions.get(task_id, ())):
            pair['output'] = output
    return tasks


def file_tasks(path):
    loaded = read_json(path)
    if 'train' in loaded:
        return {os.path.splitext(os.path.basename(path))[0]: loaded}
    return loaded


def folder_tasks(path):
    names = sorted(os.listdir(path))
    challenges = [name for name in names if name.endswith('_challenges.json')]
    tasks = {}
    if challenges:
        for name in sorted(challenges, key=lambda name: 'training' not in name):
            tasks.update(kaggle_tasks(os.path.join(path, name)))
        return tasks
    for split in ('training', 'evaluation'):
        if os.path.isdir(os.path.join(path, split)):
            tasks.update(folder_tasks(os.path.join(path, split)))
    for name in names:
        if name.endswith('.json'):
            tasks.update(file_tasks(os.path.join(path, name)))
    return tasks


def load_tasks(path):
    """Yield (task id, S, samples); a sample is (input, output or None), demos first."""
    if os.path.isdir(path):
        tasks = folder_tasks(path)
    elif path.endswith('_challenges.json'):
        tasks = kaggle_tasks(path)
    else:
        tasks = file_tasks(path)
    for task_id, task in tasks.items():
        demos = tuple((as_grid(p['input']), as_grid(p['output'])) for p in task['train'])
        tests = [(as_grid(p['input']), as_grid(p['output']) if 'output' in p else None)
                 for p in task['test']]
        yield task_id, demos, [*demos, *tests]


# --- the file's tree ------------------------------------------------------------------------------

def find_batt(tree, entry='batt'):
    for node in tree.body:
        if isinstance(node, ast.FunctionDef) and node.name == entry:
            return node
    raise SystemExit(f'no function {entry} in the file')


def names_in(node):
    return {n.id for n in ast.walk(node) if isinstance(n, ast.Name)}


def op_statements(function):
    """The assignments of the straight-line code, without their handlers."""
    for statement in function.body:
        inner = statement.body[0] if isinstance(statement, ast.Try) else statement
        if isinstance(inner, ast.Assign) and not isinstance(inner.value, ast.List):
            yield inner


def appended(function):
    """How many tuples are appended to each of the result lists."""
    counts = collections.Counter()
    for node in ast.walk(function):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) \
                and node.func.attr == 'append' and isinstance(node.func.value, ast.Name):
            counts[node.func.value.id] += 1
    return counts


def static_figures(source, function):
    histogram, values, c_dependent, closures, independent = collections.Counter(), set(), {'C'}, 0, 0
    statements = list(op_statements(function))
    for statement in statements:
        names = names_in(statement.value)
        targets = {n.id for n in ast.walk(statement.targets[0]) if isinstance(n, ast.Name)}
        callee = statement.value.func if isinstance(statement.value, ast.Call) else None
        if not isinstance(callee, ast.Name):
            histogram['(other)'] += 1
        elif callee.id in values:
            closures += 1
            histogram['tN'] += 1
        else:
            histogram[callee.id] += 1
        if names & c_dependent:
            c_dependent |= targets
        else:
            independent += 1
        values |= targets
    lists = appended(function)
    returned = function.body[-1].value.elts if isinstance(function.body[-1], ast.Return) else ()
    first, second = ([e.id for e in returned] + ['o', 's'])[:2] if len(returned) == 2 else ('o', 's')
    if first == 's':
        first, second = second, first
    return {
        'lines': source.count('\n'),
        'ops': len(statements),
        'candidates': lists[first],
        'differs': lists[second],
        'mutations': source.count('\n    # - Arg change') + source.count('\n    # mutated'),
        'closure_ops': closures,
        'closure_share': round(closures / max(1, len(statements)), 4),
        'ops_without_C': independent,
        'ops_without_C_share': round(independent / max(1, len(statements)), 4),
        'op_histogram': dict(histogram.most_common(60)),
    }


# --- the DSL, counted -----------------------------------------------------------------------------

class Counts:
    def __init__(self, watched):
        self.kind = CALLS[0]
        self.watched = watched
        self.calls = {kind: collections.Counter() for kind in CALLS}
        self.failures = {kind: collections.Counter() for kind in CALLS}
        self.errors = {kind: collections.Counter() for kind in CALLS}
        self.handlers = {kind: collections.Counter() for kind in CALLS}
        self.seen = {name: set() for name in watched}
        self.watched_calls = collections.Counter()

    def watch(self, name, args):
        self.watched_calls[name] += 1
        try:
            self.seen[name].add(args)
        except TypeError:
            pass

    def sample_done(self, distinct):
        for name, seen in self.seen.items():
            distinct[name] += len(seen)
            seen.clear()


def counting_guard(counts, guarded, default):
    """The same guard as `guarded`, counting; a function without a guard stays without one."""
    plain = getattr(guarded, '__wrapped__', None)
    function, name = plain or guarded, guarded.__name__
    watched = name in counts.watched

    @functools.wraps(function)
    def guard(*args, **kwargs):
        kind = counts.kind
        counts.calls[kind][name] += 1
        if watched:
            counts.watch(name, args)
        try:
            return function(*args, **kwargs)
        except Exception as error:
            counts.failures[kind][name] += 1
            counts.errors[kind][type(error).__name__] += 1
            if plain is None:
                raise
        return default(function)

    if hasattr(guarded, '_original_argcount'):
        guard._original_argcount = guarded._original_argcount
    return guard


def stand_in(name, **members):
    """Give the batt file a module that its own imports lack."""
    try:
        module = importlib.import_module(name)
    except ImportError:
        module = types.ModuleType(name)
        sys.modules[name] = module
    for key, value in members.items():
        if not hasattr(module, key):
            setattr(module, key, value)


def memoise_hints(safe_dsl):
    """Look annotations up once per function: the values are the same, a failure is 45 us cheaper."""
    look_up = getattr(safe_dsl, '_get_type_hints_cached', None)
    if look_up is not None:
        safe_dsl._get_type_hints_cached = functools.lru_cache(None)(look_up)


def load_dsl(folder, counts):
    os.environ.setdefault('EXPECT_GPU', '0')
    sys.path.insert(0, os.path.abspath(folder))
    stand_in('numpy', ndarray=type('ndarray', (), {}), asarray=lambda value, *rest: value)
    dsl = importlib.import_module('dsl')
    constants = importlib.import_module('constants')
    safe_dsl = importlib.import_module('safe_dsl')
    memoise_hints(safe_dsl)
    for name, value in list(vars(dsl).items()):
        if inspect.isfunction(value) and value.__module__ == 'dsl' and not name.startswith('_'):
            setattr(dsl, name, counting_guard(counts, value, safe_dsl._get_safe_default))

    def batch(samples):
        a, b = dsl.apply(dsl.first, samples), dsl.apply(dsl.second, samples)
        return a, b, dsl.mapply(dsl.p_g, a), dsl.mapply(dsl.p_g, b)

    stand_in('pile', **{k: v for module in (constants, dsl) for k, v in vars(module).items()
                        if not k.startswith('_')})
    stand_in('gpu_env', GPUEnv=type('GPUEnv', (), {}))
    stand_in('batt_gpu', batch_process_samples_gpu=batch)


class NoteHandlers(ast.NodeTransformer):
    """Let every handler of the file note the exception that it catches."""

    def visit_ExceptHandler(self, node):
        note = ast.parse('__note_caught__()').body[0]
        ast.copy_location(note, node.body[0])
        ast.fix_missing_locations(note)
        note.lineno = note.end_lineno = node.body[0].lineno
        node.body.insert(0, note)
        return node


def load_batt(tree, path, counts):
    def note():
        counts.handlers[counts.kind][sys.exc_info()[0].__name__] += 1

    module = {'__name__': 'batt_under_profile', '__note_caught__': note}
    tree = ast.fix_missing_locations(NoteHandlers().visit(tree))
    exec(compile(tree, path, 'exec'), module)
    return module


# --- running --------------------------------------------------------------------------------------

def on_alarm(signum, frame):
    raise TimedOut


def one_call(batt, arguments, timeout):
    """Seconds of one call and how it ended."""
    signal.setitimer(signal.ITIMER_REAL, timeout)
    start = time.perf_counter()
    try:
        result = batt(*arguments)
        ended = 'ok'
    except TimedOut:
        result, ended = None, 'timed out'
    except Exception as error:
        result, ended = None, type(error).__name__
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
    return time.perf_counter() - start, ended, result


def run_samples(batt, tasks, counts, timeout):
    """Run everything; gather per-sample totals."""
    seconds, endings = {kind: [] for kind in CALLS}, collections.Counter()
    distinct, samples, solved = collections.Counter(), 0, 0
    for task_id, demos, pairs in tasks:
        for grid, output in pairs:
            samples += 1
            for kind, c in zip(CALLS, (None, output)):
                if kind == CALLS[1] and output is None:
                    continue
                counts.kind = kind
                spent, ended, result = one_call(batt, (task_id, demos, grid, c, ''), timeout)
                seconds[kind].append(spent)
                endings[ended] += 1
                solved += result is not None and kind == CALLS[1] and any(
                    item[-1] == output for part in result for item in part)
            counts.sample_done(distinct)
    return seconds, endings, distinct, samples, solved


def share(part, whole):
    return round(part / whole, 4) if whole else 0.0


def kind_figures(counts, kind, seconds):
    calls, failures = counts.calls[kind], counts.failures[kind]
    total, runs = sum(calls.values()), max(1, len(seconds))
    return {
        'runs': len(seconds),
        'dsl_calls_per_run': round(total / runs, 1),
        'failing_share': share(sum(failures.values()), total),
        'exceptions': {name: share(n, total) for name, n in counts.errors[kind].most_common()},
        'handlers_per_run': round(sum(counts.handlers[kind].values()) / runs, 2),
        'handler_exceptions': dict(counts.handlers[kind].most_common()),
        'call_shares': {name: share(n, total) for name, n in calls.most_common(15)},
        'failing_functions': {name: share(n, total) for name, n in failures.most_common(10)},
        'counted_ms_median': round(1000 * statistics.median(seconds), 2) if seconds else None,
        'counted_ms_mean': round(1000 * statistics.fmean(seconds), 2) if seconds else None,
    }


def profile(path, dsl, data, tasks, step=1, timeout=30.0, watched=('objects', 'toindices', 'mostcolor_t')):
    with open(path) as file:
        source = file.read()
    tree = ast.parse(source, path)
    figures = static_figures(source, find_batt(tree))
    counts = Counts(tuple(watched))
    load_dsl(dsl, counts)
    batt = load_batt(tree, path, counts)['batt']
    signal.signal(signal.SIGALRM, on_alarm)
    chosen = [task for task, _ in zip(itertools.islice(load_tasks(data), 0, None, step), range(tasks))]
    seconds, endings, distinct, samples, solved = run_samples(batt, chosen, counts, timeout)
    figures.update({
        'sha256': hashlib.sha256(source.encode()).hexdigest()[:16],
        'tasks': len(chosen),
        'samples': samples,
        'calls_ended': dict(endings),
        'samples_solved': solved,
        'per_sample': {name: {'calls': round(counts.watched_calls[name] / max(1, samples), 1),
                              'distinct': round(distinct[name] / max(1, samples), 1)}
                       for name in counts.watched},
    })
    for kind in CALLS:
        figures[kind] = kind_figures(counts, kind, seconds[kind])
    return figures


def main():
    parser = argparse.ArgumentParser(description='Measure a batt file under CPython.')
    parser.add_argument('file')
    parser.add_argument('--dsl', required=True, help='folder of dsl.py, constants.py, safe_dsl.py')
    parser.add_argument('--data', required=True, help='ARC data: a folder or a JSON file')
    parser.add_argument('--tasks', type=int, default=40, help='the first N tasks')
    parser.add_argument('--step', type=int, default=1, help='only every N-th task')
    parser.add_argument('--timeout', type=float, default=30.0, help='seconds a call')
    parser.add_argument('--watch', default='objects,toindices,mostcolor_t',
                        help='functions whose repeated calls are counted')
    options = parser.parse_args()
    figures = profile(options.file, options.dsl, options.data, options.tasks,
                      options.step, options.timeout, options.watch.split(','))
    json.dump(figures, sys.stdout, indent=2)
    print()


if __name__ == '__main__':
    main()
