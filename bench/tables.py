"""The benchmark's tables, from what bench.py measured or saved: python3 bench/tables.py SAVED.json"""

import json
import statistics
import sys

PHASES = ('parse', 'compile', 'load', 'calls', 'write', 'total', 'cpu')
LISTED = 8


def values(entry, figure):
    """The figure of every run that has it."""
    return [run[figure] for run in entry['runs'] if figure in run]


def middle(entry, figure):
    """The median of the runs, None without any."""
    found = values(entry, figure)
    return statistics.median(found) if found else None


def cell(number, width, digits):
    """A number, or a dash for None."""
    return f'{number:{width}.{digits}f}' if number is not None else f"{'-':>{width}}"


def spread(entry, figure, scale):
    """Least to greatest."""
    found = values(entry, figure)
    return f'{min(found) * scale:.3f} to {max(found) * scale:.3f}' if len(found) > 1 else ''


def times(python, entry, figures):
    """How many times as long Python takes for the figures together."""
    slow, fast = sum(middle(python, figure) for figure in figures), sum(middle(entry, figure) for figure in figures)
    return slow / fast if fast > 0 else None


def calls_table(result):
    """Milliseconds a sample, with ratios to memoised CPython."""
    engines, scale = result['engines'], 1e3 / max(1, result['samples'])
    python = engines.get('cpython')
    print('\nmilliseconds a sample       first    second      both   (least to greatest)       '
          + ('times as fast: first   second     both' if python else ''))
    for name, entry in engines.items():
        one_thread = name != 'all'
        first, second = (middle(entry, figure) * scale if one_thread else None for figure in ('first', 'second'))
        line = f"{entry['label']:20} {cell(first, 12, 3)} {cell(second, 9, 3)} {cell(middle(entry, 'calls') * scale, 9, 3)}   {spread(entry, 'calls', scale):24}"
        if python and name != 'cpython':
            ratios = [times(python, entry, [figure]) if one_thread else None for figure in ('first', 'second')]
            line += f"  {cell(ratios[0], 18, 1)} {cell(ratios[1], 8, 1)} {cell(times(python, entry, ['calls']), 8, 1)}"
        print(line.rstrip())
    pypy = engines.get('pypy')
    if pypy:
        print(f"PyPy's first pass, still cold: {middle(pypy, 'cold') * scale:.3f} ms a sample")


def plain_note(result):
    """What the look-up of type hints costs CPython."""
    plain = result.get('plain')
    if not plain:
        return
    slow, fast = plain['plain'], plain['cpython']
    print(f"CPython as it is takes {slow['first'] / fast['first']:.1f} times as long as memoised for first calls and "
          f"{slow['second'] / fast['second']:.1f} for second ones, on {slow['tasks']} of the tasks" if fast['second'] else '')


def phases_table(result):
    """Seconds by phase, whole processes, and memory."""
    print('\nseconds                 parse   compile      load     calls     write     total processor  times as fast   peak MB')
    python = result['engines'].get('cpython')
    for name, entry in result['engines'].items():
        ratio = times(python, entry, ['total']) if python and name != 'cpython' else None
        print(f"{entry['label']:18} " + ' '.join(cell(middle(entry, phase), 9, 4 if phase != 'calls' else 3) for phase in PHASES)
              + f" {cell(ratio, 14, 1)} {middle(entry, 'memory_mb'):9.0f}")


def break_even(result):
    """After how many samples compiled C has repaid its compile."""
    engines, samples = result['engines'], max(1, result['samples'])
    base = engines.get('bytecode')
    for name in ('library', 'emitted'):
        entry = engines.get(name)
        if not base or not entry:
            continue
        gain = (middle(base, 'cpu') - middle(entry, 'cpu')) / samples
        noise = max(values(base, 'cpu')) - min(values(base, 'cpu'))
        what = f"{entry['label']}: compiled in {entry['build']:.1f} s, {gain * 1e6:+.1f} us a sample saved"
        if gain * samples <= noise:
            print(f'{what}, less than the spread of the runs: not repaid')
        else:
            print(f"{what}: repaid after {entry['build'] / gain:,.0f} samples on one thread")


def tasks_table(result):
    """The tasks that take battc longest, and all the others together."""
    if 'by_task' not in result:
        return
    python, battc = result['by_task']['cpython'], result['by_task']['bytecode']
    worst = sorted(battc, key=battc.get, reverse=True)[:LISTED]
    rest = [task for task in battc if task not in worst and task in python]
    print('\ntask         CPython ms   battc ms   times as fast')
    for name, tasks in [*((task, [task]) for task in worst if task in python), (f'{len(rest)} others', rest)]:
        slow, fast = (sum(one[task] for task in tasks) * 1e3 for one in (python, battc))
        print(f'{name:12} {slow:10.1f} {fast:10.1f} {slow / fast if fast else 0:15.1f}')


def show_program(result):
    """All tables of one program."""
    runs = ', '.join(f"{len(entry['runs'])} of {entry['label']}" for entry in result['engines'].values())
    print(f"\n== {result['name']}: {result['lines']} lines, {result['tasks']} tasks, {result['samples']} samples\n   runs: {runs}")
    calls_table(result)
    plain_note(result)
    phases_table(result)
    break_even(result)
    tasks_table(result)


def sizes_table(sized):
    """How cost grows with the program."""
    if not sized:
        return
    print('\n== by size (one thread; ms a sample for both calls)\n'
          '    ops    lines   parse+compile s   us an op   CPython ms   battc ms   ns an op and call   times as fast   peak MB')
    for result in sized:
        battc, python = result['engines'].get('bytecode'), result['engines'].get('cpython')
        if not battc:
            continue
        scale = 1e3 / result['samples']
        compiled = middle(battc, 'parse') + middle(battc, 'compile')
        ops = int(result['name'].split('_')[1])
        ratio = times(python, battc, ['calls']) if python else None
        print(f"{ops:7} {result['lines']:8} {compiled:17.4f} {compiled / ops * 1e6:10.2f} "
              f"{cell(middle(python, 'calls') * scale if python else None, 12, 3)} {middle(battc, 'calls') * scale:10.4f} "
              f"{middle(battc, 'calls') / middle(battc, 'ops') * 1e9:19.1f} {cell(ratio, 15, 1)} {middle(battc, 'memory_mb'):9.0f}")


def show(result):
    """Everything."""
    about = result['machine']
    print(f"{about['cpu']}, {about['cores']} cores (load {about['load']:.1f} at the start); Python {about['python']}; "
          f"PyPy {about['pypy'] or 'none'}; {about['battc']} at {about['commit']}; {about['cc']}")
    for program in result['programs']:
        if not program['sized']:
            show_program(program)
    sizes_table([program for program in result['programs'] if program['sized']])


if __name__ == '__main__':
    with open(sys.argv[1], encoding='utf-8') as saved:
        show(json.load(saved))
