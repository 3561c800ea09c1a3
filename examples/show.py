#!/usr/bin/env python3
"""Show the grids of solved tasks in colour: python3 examples/show.py results.jsonl --data FOLDER

Reads the lines that `battc run --out` writes and the folder of tasks, one JSON file each. For every task that some
candidate solved its first test sample is shown: the input and, beside it, the candidate's grid.
"""

import argparse
import json
import os
import sys

# Background of the colours 0 to 9 in the terminal's palette of 256.
PALETTE = (16, 33, 160, 34, 220, 244, 163, 208, 45, 88)


def paint(cell):
    """A cell, two columns wide."""
    if os.environ.get('NO_COLOR'):
        return f'{cell} '
    return f'\033[48;5;{PALETTE[cell]}m  \033[0m'


def rows_beside(left, right):
    """Lines with two grids, and the arrow between them."""
    height = max(len(left), len(right))
    for i in range(height):
        first = ''.join(map(paint, left[i])) if i < len(left) else '  ' * len(left[0])
        second = ''.join(map(paint, right[i])) if i < len(right) else ''
        arrow = '  ->  ' if i == (height - 1) // 2 else '      '
        yield '    ' + first + arrow + second


def read_tasks(folder):
    """Tasks by id."""
    tasks = {}
    for name in sorted(os.listdir(folder)):
        if name.endswith('.json'):
            with open(os.path.join(folder, name), encoding='utf-8') as file:
                tasks[name[:-5]] = json.load(file)
    return tasks


def candidates(line):
    """(name, value) of what a line's call gave."""
    if 'value' in line:
        return [(line['entry'], line['value'])]
    return [(f'candidate {number} ({item[-2]})', item[-1]) for number, item in enumerate(line.get('o', []))]


def solvers(lines, task):
    """Names of the candidates whose value is the expected output of every sample."""
    right = None
    for line in lines:
        sample = task['train' if line['set'] == 'demo' else 'test'][line['index']]
        if 'output' not in sample:
            continue
        names = [name for name, value in candidates(line) if value == sample['output']]
        right = names if right is None else [name for name in right if name in names]
    return right or []


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('results')
    parser.add_argument('--data', required=True, help='folder with one JSON file per task')
    options = parser.parse_args()
    tasks = read_tasks(options.data)
    lines = {task: [] for task in tasks}
    with open(options.results, encoding='utf-8') as file:
        for text in file:
            line = json.loads(text)
            if line['call'] == 'first' and line['task'] in lines:
                lines[line['task']].append(line)
    for task, content in tasks.items():
        names = solvers(lines[task], content)
        print(f"{task}: {'solved by ' + ', '.join(names) if names else 'not solved'}")
        if names:
            line = next(line for line in lines[task] if line['set'] == 'test')
            grid = dict(candidates(line))[names[0]]
            print('\n'.join(rows_beside(content['test'][line['index']]['input'], grid)))
    return 0


if __name__ == '__main__':
    sys.exit(main())
