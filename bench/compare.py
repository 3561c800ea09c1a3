#!/usr/bin/env python3
"""What moved between two saved runs of the benchmark: python3 bench/compare.py OLD.json NEW.json [--least PERCENT] [--all]

Every figure of every engine and program that both runs have is compared by its repeats, with the exact Mann-Whitney test
(ties included), so nothing is assumed of how times are spread. The probabilities of all figures together are held to a
false discovery rate of 5 % (Benjamini and Hochberg). How far a figure moved is the median of all quotients of a new and an
old repeat, with the interval of at least 95 % that belongs to the same test. Moves of less than --least percent (2 by default) are
left out even where they are certain, and so are times under a millisecond. Five repeats on each side can show a move (p = 0.008), three cannot (p = 0.1).

What the test cannot know is whether the machine itself was the same: two runs at two times differ by whatever else was
running then. CPython's figures, which no change to battc moves, show that.
"""

import argparse
import collections
import itertools
import json
import math
import statistics
import sys

FIGURES = ('first', 'second', 'calls', 'total', 'cpu', 'parse', 'compile', 'load', 'write', 'memory_mb')
RATE = 0.05
LEAST_SECONDS = 1e-3
ABOUT = ('cpu', 'cores', 'python', 'cc', 'system')


# ---- statistics ----

def doubled_ranks(values):
    """Twice the rank of each value among all, ties with their mean rank: whole numbers."""
    order = sorted(range(len(values)), key=values.__getitem__)
    ranks, at = [0] * len(values), 0
    while at < len(order):
        end = at
        while end < len(order) and values[order[end]] == values[order[at]]:
            end += 1
        for k in order[at:end]:
            ranks[k] = at + end + 1
        at = end
    return ranks


def rank_sums(ranks, n):
    """{sum: number of ways} of the ranks of n of the values: each of these ways is as likely as another where nothing moved."""
    ways = [collections.Counter() for _ in range(n + 1)]
    ways[0][0] = 1
    for rank in ranks:
        for k in range(n, 0, -1):
            for total, count in ways[k - 1].items():
                ways[k][total + rank] += count
    return ways[n]


def mann_whitney(old, new):
    """The two-sided probability that samples of one distribution lie at least so far apart in rank, exactly."""
    ranks = doubled_ranks([*old, *new])
    middle = len(old) * (len(old) + len(new) + 1)  # of the doubled rank sum of old
    apart = abs(sum(ranks[:len(old)]) - middle)
    ways = rank_sums(ranks, len(old))
    return sum(count for total, count in ways.items() if abs(total - middle) >= apart) / math.comb(len(ranks), len(old))


def quotients(old, new):
    """All quotients of a new and an old value, sorted."""
    return sorted(b / a for a, b in itertools.product(old, new))


def interval(old, new, level=0.95):
    """Where the quotient of new to old lies, with at least the level's probability; (0, inf) where there are too few values."""
    sorted_quotients = quotients(old, new)
    n, m = len(old), len(new)
    ways = rank_sums(range(2, 2 * (n + m) + 2, 2), n)
    least = n * (n + 1)
    below, outside = 0, 0
    for k in range(n * m + 1):  # U = k: so many of the pairs lie on the other side
        below += ways[least + 2 * k]
        if below / math.comb(n + m, n) > (1 - level) / 2:
            break
        outside = k + 1
    if not outside:
        return 0.0, math.inf
    return sorted_quotients[outside - 1], sorted_quotients[-outside]


def discoveries(probabilities, rate=RATE):
    """Which of the probabilities are small enough for a false discovery rate: Benjamini and Hochberg's step up."""
    order = sorted(range(len(probabilities)), key=probabilities.__getitem__)
    last = max((k for k, at in enumerate(order, 1) if probabilities[at] <= rate * k / len(order)), default=0)
    chosen = set(order[:last])
    return [k in chosen for k in range(len(probabilities))]


# ---- two runs ----

Move = collections.namedtuple('Move', 'program engine figure old new quotient low high p moved')


def repeats(run):
    """{(program, engine, figure): the values of its repeats}."""
    found = {}
    for program in run['programs']:
        for engine, entry in program['engines'].items():
            for figure in FIGURES:
                values = [one[figure] for one in entry['runs'] if figure in one]
                if values and min(values) > 0:
                    found[program['name'], engine, figure] = values
    return found


def compare(old, new, least=2.0):
    """A Move for every figure that both runs have."""
    before, after = repeats(old), repeats(new)
    keys = [key for key in before if key in after and max(*before[key], *after[key]) >= LEAST_SECONDS]
    chances = [mann_whitney(before[key], after[key]) for key in keys]
    moves = []
    for key, p, certain in zip(keys, chances, discoveries(chances)):
        a, b = before[key], after[key]
        quotient = statistics.median(quotients(a, b))
        far = abs(quotient - 1) * 100 >= least
        moves.append(Move(*key, statistics.median(a), statistics.median(b), quotient, *interval(a, b), p, certain and far))
    return moves


def warnings(old, new):
    """Why the runs may not be comparable."""
    for name in ABOUT:
        if old['machine'].get(name) != new['machine'].get(name):
            yield f"{name} differs: {old['machine'].get(name)} and {new['machine'].get(name)}"
    programs = {program['name']: program for program in old['programs']}
    for program in new['programs']:
        other = programs.get(program['name'])
        if not other:
            yield f"{program['name']}: only in the new run"
        elif any(other[key] != program[key] for key in ('sha256', 'samples')):
            yield f"{program['name']} is another program or has other samples: its figures mean different work"
    for run, name in ((old, 'old'), (new, 'new')):
        fewest = min((len(entry['runs']) for program in run['programs'] for entry in program['engines'].values()), default=0)
        if fewest < 4:
            yield f'the {name} run has engines with {fewest} repeats: too few to show a move'
        if run['machine'].get('load', 0) > 1:
            yield f"the {name} run began with a load of {run['machine']['load']:.1f}"


def show(moves, everything):
    """A line for each figure that moved, or for all."""
    shown = [move for move in moves if everything or move.moved]
    width = max((len(move.engine) for move in shown), default=0)
    program = None
    for move in sorted(shown, key=lambda move: move.program):
        if move.program != program:
            program = move.program
            print(f"{program}:\n  {'':{width}}  figure            old        new   new/old   95 % interval        p")
        mark = ('slower' if move.quotient > 1 else 'faster') if move.moved else ''
        if move.moved and move.figure == 'memory_mb':
            mark = 'more' if move.quotient > 1 else 'less'
        print(f'  {move.engine:{width}}  {move.figure:10} {move.old:10.4f} {move.new:10.4f} {move.quotient:9.3f}   '
              f'{move.low:6.3f} to {move.high:6.3f}  {move.p:7.4f}  {mark}'.rstrip())
    moved = sum(move.moved for move in moves)
    print(f'{moved} of {len(moves)} figures moved')


def read_run(path):
    """A file that bench.py saved."""
    try:
        with open(path, encoding='utf-8') as text:
            run = json.load(text)
        if not isinstance(run, dict) or 'programs' not in run or 'machine' not in run:
            raise ValueError('no saved run of the benchmark')
        return run
    except (OSError, ValueError) as error:
        print(f'{path}: {error}', file=sys.stderr)
        sys.exit(2)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('old')
    parser.add_argument('new')
    parser.add_argument('--least', type=float, default=2.0, help='percent that a move has to have')
    parser.add_argument('--all', action='store_true', help='show what did not move, too')
    options = parser.parse_args()
    old, new = read_run(options.old), read_run(options.new)
    for warning in warnings(old, new):
        print('note: ' + warning)
    show(compare(old, new, options.least), options.all)


if __name__ == '__main__':
    main()
