#!/usr/bin/env python3
"""Fuzz the native kernels against the source they stand for: python3 tests/kernels.py [BATTC] [--seed N] [--count N] [--dsl DIR]

Makes files of functions that call what the kernels stand for, on grids and patches as in tasks and on all
kinds of other values, and that look at the results' order in ways that depend on how sets came about. Every value has
to be the same with and without kernels, in type and order, and the same as CPython's where that repeats itself.
"""

import argparse
import json
import os
import random
import re
import subprocess
import sys
import time

import support
from fuzz import grids, typed
from fuzz.compare import hangs_on_addresses
from support import ROOT, TESTS, Folder, Report, read_lines, short

TESTS_PER_FILE, STEPS_PER_TEST = 150, 8
LARGE_SHARE, UNMADE_SHARE = 0.001, 0.004  # of steps
LIMITS = ['--memory', '1000', '--timeout', '20']
PYTHON_SECONDS = 200  # some calls would take it hours

# What the arguments of functions are; those of other kernels are tried with anything.
ARGUMENTS = {
    'index': ['grid', 'loc'], 'cellwise': ['grid', 'grid', 'colour'], 'dneighbors': ['loc'], 'ineighbors': ['loc'],
    'neighbors': ['loc'], 'asindices': ['grid'], 'f_ofcolor': ['grid', 'colour'], 'toindices': ['patch'],
    'mostcolor_t': ['grid'], 'shift': ['patch', 'loc'], 'objects': ['grid', 'flag', 'flag', 'flag'],
    'objects_t': ['grid', 'flag', 'flag', 'flag'], 'fill': ['grid', 'colour', 'painted'], 'paint': ['grid', 'painted'], 'underpaint': ['grid', 'painted'],
    'p_g': ['grid'], 'palette_t': ['grid'], 'partition': ['grid'], 'fgpartition': ['grid'], 'asobject': ['grid'],
    'merge': ['objects'], 'sizefilter': ['objects', 'colour'], 'colorfilter': ['objects', 'colour'],
    'vfrontier': ['loc'], 'hfrontier': ['loc'], 'recolor_i': ['colour', 'patch'], 'recolor_o': ['colour', 'patch'],
    'toindices_o': ['patch'], 'hmirror_t': ['grid'], 'vmirror_t': ['grid'], 'dmirror_t': ['grid'], 'cmirror_t': ['grid'],
    'rot90': ['grid'], 'rot180': ['grid'], 'rot270': ['grid'], 'hupscale': ['grid', 'factor'], 'vupscale': ['grid', 'factor'],
    'upscale_t': ['grid', 'factor'], 'downscale': ['grid', 'factor'], 'hconcat': ['grid', 'grid'], 'vconcat': ['grid', 'grid'],
    'crop': ['grid', 'loc', 'loc'], 'subgrid': ['patch', 'grid'], 'compress': ['grid'], 'frontiers': ['grid'],
    'replace': ['grid', 'colour', 'colour'], 'switch': ['grid', 'colour', 'colour'], 'canvas': ['colour', 'loc'],
    'normalize': ['patch'], 'center': ['patch'], 'shape_f': ['patch'], 'height_f': ['patch'], 'width_f': ['patch'],
    'backdrop': ['patch'], 'delta': ['patch'], 'box': ['patch'], 'inbox': ['patch'], 'outbox': ['patch'],
    'connect': ['loc', 'loc'], 'toobject': ['patch', 'grid'], 'get_nth_t': ['grid', 'rank'], 'get_nth_f': ['objects', 'rank'],
    'color': ['patch'], 'difference': ['patch', 'patch'], 'difference_tuple': ['grid', 'grid'], 'product': ['patch', 'objects'],
    'get_color_rank_t': ['grid', 'rank'], 'get_color_rank_f': ['patch', 'rank'], 'leastcolor_t': ['grid'],
    'leastcolor_f': ['patch'], 'hperiod': ['patch'], 'vperiod': ['patch'], 'occurrences': ['grid', 'patch'],
    'contained': ['loc', 'patch'], 'first': ['patch'], 'last': ['patch'], 'totuple': ['patch'], 'insert': ['loc', 'patch'],
    'intersection': ['patch', 'patch'], 'remove': ['loc', 'patch'], 'colorcount': ['piece', 'colour'], 'manhattan': ['patch', 'patch'],
    'compose': ['closure', 'closure'], 'chain': ['closure', 'closure', 'closure'], 'fork': ['binary', 'closure', 'closure'],
    'matcher': ['closure', 'colour'], 'rbind': ['binary', 'any'], 'lbind': ['binary', 'any'],
    **{name: ['closure', 'members'] for name in ('apply', 'mapply', 'apply_t', 'mapply_t')},
    **{name: ['binary', 'members', 'members'] for name in ('papply', 'mpapply', 'prapply')}, 'rapply': ['closures', 'any'],
    **{name: ['patch'] for name in ('hline', 'vline')}, **{name: ['patch', 'patch'] for name in ('adjacent', 'hmatching', 'vmatching')},
    **{name: ['grid'] for name in ('height_t', 'width_t')}, **{name: ['grid', 'choice'] for name in ('o_g', 'mir_rot_t')},
    **{name: ['patch'] for name in ('height_i', 'width_i', 'hline_i', 'vline_i', 'height_o', 'width_o', 'hline_o', 'vline_o', 'palette_f', 'numcolors_f')},
    **{name: ['patch', 'choice'] for name in ('corner', 'col_row')}, 'combine_f': ['patch', 'patch'],
    'bordering': ['patch', 'grid'], 'shoot': ['loc', 'loc'], 'pair': ['grid', 'grid'],
    **{name: ['members', 'closure'] for name in ('sfilter', 'sfilter_t', 'sfilter_f', 'order', 'mfilter', 'argmax', 'argmin', 'valmax', 'valmin', 'extract')},
    **{name: ['members', 'closure', 'rank'] for name in ('get_arg_rank', 'get_arg_rank_t', 'get_arg_rank_f', 'get_val_rank')},
    'first_t': ['grid'], 'last_t': ['grid'], 'toij': ['loc'], 'colorcount_f': ['patch', 'colour'],
    'even': ['colour'], 'positive': ['colour'], 'greater': ['colour', 'colour'],
    **{name: ['loc'] for name in ('invert', 'double', 'halve', 'increment', 'decrement', 'crement', 'sign')},
    'upscale_f': ['patch', 'factor'], 'combine': ['patch', 'patch'], 'recolor': ['colour', 'patch'], 'underfill': ['grid', 'colour', 'painted'],
    'mostcolor': ['piece'], 'leastcolor': ['piece'], 'palette': ['piece'], 'height': ['piece'], 'width': ['piece'], 'shape': ['piece'],
    'hmirror': ['piece'], 'vmirror': ['piece'], 'dmirror': ['piece'], 'cmirror': ['piece'], 'upscale': ['piece', 'factor'],
    **{side + kind: ['patch'] for side in ('ulcorner', 'urcorner', 'llcorner', 'lrcorner', 'uppermost', 'lowermost', 'leftmost', 'rightmost')
       for kind in ('', '_i', '_o')},
}
RESULTS = {'cellwise': 'grid', 'fill': 'grid', 'paint': 'grid', 'dneighbors': 'patch', 'ineighbors': 'patch',
           'neighbors': 'patch', 'asindices': 'patch', 'f_ofcolor': 'patch', 'toindices': 'patch', 'shift': 'patch',
           'mostcolor_t': 'colour', 'index': 'colour', 'objects': 'objects', 'objects_t': 'objects', 'partition': 'objects',
           'fgpartition': 'objects', 'asobject': 'patch', 'merge': 'patch', 'sizefilter': 'objects',
           'colorfilter': 'objects', 'vfrontier': 'patch', 'hfrontier': 'patch', 'recolor_i': 'patch',
           'recolor_o': 'patch', 'toindices_o': 'patch', 'toobject': 'patch', 'normalize': 'patch', 'backdrop': 'patch',
           'delta': 'patch', 'box': 'patch', 'inbox': 'patch', 'outbox': 'patch', 'connect': 'patch', 'upscale_f': 'patch',
           'difference': 'patch', 'combine': 'patch', 'occurrences': 'patch', 'frontiers': 'objects', 'leastcolor_t': 'colour',
           'recolor': 'patch', 'underfill': 'grid', 'underpaint': 'grid', 'mostcolor': 'colour', 'leastcolor': 'colour', 'height': 'colour',
           'hmirror': 'piece', 'vmirror': 'piece', 'dmirror': 'piece', 'cmirror': 'piece', 'upscale': 'piece', 'shape': 'loc', 'get_color_rank_t': 'colour', 'get_color_rank_f': 'colour', 'color': 'colour', 'hperiod': 'colour', 'height_f': 'colour',
           **{name: 'grid' for name in ('hmirror_t', 'vmirror_t', 'dmirror_t', 'cmirror_t', 'rot90', 'rot180', 'rot270',
                                        'hupscale', 'vupscale', 'upscale_t', 'downscale', 'hconcat', 'vconcat', 'crop',
                                        'subgrid', 'compress', 'replace', 'switch', 'canvas')},
           **{name: 'closure' for name in ('compose', 'chain', 'fork', 'matcher', 'rbind', 'lbind')},
           'mapply': 'patch', 'sfilter': 'members', 'sfilter_t': 'members', 'sfilter_f': 'members', 'order': 'members', 'apply_t': 'members', 'colorcount_f': 'colour', 'toij': 'loc', 'o_g': 'objects', 'mir_rot_t': 'grid', 'combine_f': 'patch', 'corner': 'loc', 'apply': 'members', 'insert': 'patch', 'intersection': 'patch', 'remove': 'patch', 'first': 'loc', 'colorcount': 'colour',
           **{name: 'loc' for name in ('invert', 'double', 'increment', 'decrement', 'sign', 'urcorner', 'llcorner', 'center', 'shape_f')}}
# Of one argument and of two, what closures are made of: all of these DSLs have them.
UNARY = ['identity', 'first', 'last', 'totuple', 'flip', 'even', 'positive', 'invert', 'double', 'increment', 'sign', 'toindices', 'normalize',
         'ulcorner', 'uppermost', 'leftmost', 'center', 'delta', 'outbox', 'initset', 'neighbors', 'maximum', 'color', 'asindices', 'toivec', 'int']
BINARY = ['equality', 'greater', 'contained', 'both', 'either', 'intersection', 'difference', 'combine', 'insert', 'remove', 'shift', 'manhattan',
          'toobject', 'rbind', 'compose']
# Where a DSL has the function under another name.
ALIASES = {'f_ofcolor': 'ofcolor'}
OFTEN = ['objects', 'objects', 'objects', 'objects_t', 'f_ofcolor', 'ofcolor', 'asindices', 'mostcolor_t', 'asobject', 'toobject']
LISTED_AS = {alias: name for name, alias in ALIASES.items()}

HEADER = '''from dsl import *

ERRORS = (TypeError, ValueError, IndexError, KeyError, AttributeError, ZeroDivisionError, OverflowError, UnboundLocalError)


def pick(values, k):
    if not isinstance(values, (tuple, list, set, frozenset)) or len(values) == 0:
        return values
    return tuple(values)[k % len(values)]


def is_near(v):
    if isinstance(v, (tuple, list, set, frozenset)):
        return len(v) <= 2000 and all(is_near(item) for item in v)
    return not isinstance(v, int) or -50 <= v <= 60


def near(v):
    return v if is_near(v) else 3


def lists(v):
    """A grid as it comes out of JSON."""
    return [list(row) if isinstance(row, tuple) else row for row in v] if isinstance(v, tuple) else v


def twin(v):
    """What equals it, in other types."""
    if isinstance(v, tuple):
        return tuple(twin(item) for item in v)
    return v if not isinstance(v, int) else bool(v) if v in (0, 1) else float(v)


def orders(a, b):
    if isinstance(a, frozenset) and isinstance(b, frozenset):
        return a | b, b | a, a - b, a & b, a ^ b, frozenset(set(a) | {(0, 0), (1, 2)}), frozenset([*a, *b])
    if isinstance(a, frozenset):
        s = set(a)
        s.add((0, 7))
        s |= {(3, 3, 3), (3, (3, 3))}
        return s, frozenset(s), a - frozenset([(0, 0), (1, 1)]), tuple(a), frozenset(tuple(a)), a == frozenset(tuple(a))
    if isinstance(a, tuple) and isinstance(b, tuple):
        return a == b, a + b
    return None


def big(h, w, m, p, q):
    return tuple(tuple((i * i * p + j * j * q + i * j) % m % 5 if (i * q + j * p + i * j) % m < 3 else 0 for j in range(w)) for i in range(h))


def relation(a, b):
    if not isinstance(a, frozenset) or not isinstance(b, frozenset):
        return a == b, b != a, len({a, b}), (a,) == (b,), b in (a,)
    return a == b, b != a, len(frozenset([a, b])), a <= b, a > b, a.isdisjoint(b), (a,) == (b,), b in (a,), a | b == b, a & b == b, a - b
'''


# What makes something as large as the numbers in the arguments: those are kept small.
GROWING = {'canvas', 'connect', 'backdrop', 'delta', 'box', 'inbox', 'outbox', 'hupscale', 'vupscale', 'upscale_t', 'upscale',
           'upscale_f', 'hperiod', 'vperiod', 'occurrences', 'product', 'hconcat', 'vconcat', 'shoot'}
GROWING_INSIDE = re.compile(r'\b(?:delta|outbox)\b')  # of those that closures are made of

# ---- values, as Python text ----

class Written(str):
    """An expression that stands as it is."""
    __repr__ = str.__str__


class Values:
    """Texts of random values. Grids become constants of the file. Cells are (i, j, colour), or nested: (colour, (i, j))."""

    def __init__(self, rng, nested):
        self.rng, self.nested = rng, nested
        self.constants = []

    def side(self):
        """Mostly as in tasks; beyond 30 kernels work in other ways, beyond 64 with several words a row."""
        r = self.rng
        if r.random() < 0.04:
            return r.randint(31, 80)
        return r.choice([1, 1, 2, 3, r.randint(1, 10), r.randint(1, 12), r.randint(5, 20), r.randint(10, 30), 30, r.randint(28, 34)])

    def common_colour(self):
        return self.rng.choice([0, 0, 0, 1, 1, 2, 3, self.rng.randrange(10)])

    def rectangles(self, h, w):
        r = self.rng
        rows = [[self.common_colour()] * w for _ in range(h)]
        for _ in range(r.randint(0, 9)):
            i, j, c = r.randrange(h), r.randrange(w), self.common_colour()
            for y in range(i, min(h, i + r.randint(1, h))):
                for x in range(j, min(w, j + r.randint(1, w))):
                    rows[y][x] = c
        return rows

    def rows(self):
        """A grid like those of tasks: one colour, rectangles, stripes, or noise, more or less."""
        r = self.rng
        if r.random() < 0.15:
            return grids.grid(r)
        h, w = self.side(), self.side()
        colours = [self.common_colour() for _ in range(r.randint(1, 4))] if r.random() < 0.8 else list(range(10))
        kind = r.randrange(6)
        if kind == 0:
            return [[colours[0]] * w for _ in range(h)]
        if kind <= 2:
            return self.rectangles(h, w)
        if kind == 3:
            p, q = r.randint(0, 4), r.randint(0, 4)
            return [[colours[(i * p // 3 + j * q // 3) % len(colours)] for j in range(w)] for i in range(h)]
        share = r.random()
        return [[colours[0] if r.random() < share else r.choice(colours) for _ in range(w)] for _ in range(h)]

    def constant(self, text):
        self.constants.append(text)
        return f'G{len(self.constants) - 1}'

    def grid(self):
        r = self.rng
        if self.constants and r.random() < 0.5:
            return f'G{r.randrange(len(self.constants))}'
        rows = self.rows()
        if r.random() < 0.12:
            self.spoil(rows)
        return self.constant(repr(tuple(map(tuple, rows))))

    def spoil(self, rows):
        """Make it something else than a grid of colours."""
        r = self.rng
        i = r.randrange(len(rows))
        if r.random() < 0.3:
            rows[i] = rows[i][:r.randrange(len(rows[i]) + 1)]
        elif r.random() < 0.2:
            rows[i] = rows[i] + [1]
        elif rows[i]:
            mark = r.choice([True, False, -1, 10, 11, 2.0, 3.5, (1,), (), 10 ** 9, None, 'x', ((1, 2), 3), frozenset([1]), Written('-math.inf')])
            equal = r.choice([(mark, Written(f'twin({mark!r})')), (0, False, 0.0), (1, True, 1.0), ((0, 1), (False, True))])
            marks = (mark,) if r.random() < 0.7 else equal
            for _ in range(r.choice([1, 1, len(rows)])):
                rows[i][r.randrange(len(rows[i]))] = r.choice(marks)
                i = r.randrange(len(rows))

    def coordinate(self):
        r = self.rng
        choices = [r.randint(0, 9), r.randint(0, 29), r.randint(0, 29), r.randint(-2, 31), r.randint(-2, 31)]
        if r.random() < 0.03:
            choices = [1000, -1000, 999999, 1000001, -10 ** 7, 10 ** 15, 2 ** 59, True, 2.0, 1.5]
        return r.choice(choices)

    def loc(self):
        return repr((self.coordinate(), self.coordinate()))

    def colour(self):
        r = self.rng
        if r.random() < 0.8:
            return str(self.common_colour())
        return r.choice(['True', 'False', '-1', '10', '3.0', '0.5', '-0.0', 'None', '()', '(1, 2)', "'x'", 'frozenset()', 'math.inf',
                         'identity', '10 ** 12', 'int', '[1]'])

    def factor(self):
        return str(self.rng.choice([1, 2, 2, 3, 3, 4, 0, -1, True])) if self.rng.random() < 0.95 else self.colour()

    def rank(self):
        return str(self.rng.choice([0, 0, 1, 2, -1, -1, -2, self.rng.randint(-30, 30)])) if self.rng.random() < 0.95 else self.colour()

    def choice(self):
        """For functions that choose by a number."""
        return str(self.rng.choice([0, 1, 2, 3, self.rng.randrange(8)])) if self.rng.random() < 0.9 else self.colour()

    def flag(self):
        return self.rng.choice(['True', 'False']) if self.rng.random() < 0.97 else self.rng.choice(['0', '1', 'None', '()'])

    def spots(self, n):
        """On a line, in a block, close together, or anywhere; some close ones far out, some there twice."""
        r = self.rng
        kind = r.random()
        if kind < 0.12:
            i, j, di, dj = self.coordinate(), self.coordinate(), r.choice([-1, 0, 1, 1]), r.choice([-1, 0, 1, 1])
            return [(i + k * di, j + k * dj) for k in range(n)]
        if kind < 0.35:
            i, j, w = self.coordinate(), self.coordinate(), r.choice([5, 5, r.randint(1, 12), r.randint(1, 70)])
            return [(i + k // w, j + k % w) for k in range(n)]
        if kind < 0.55:
            i, j, h, w = r.choice([0, 0, r.randint(-40, 60), 1000]), r.choice([0, r.randint(-40, 90)]), r.randint(1, 12), r.randint(1, 12)
            return [(i + r.randrange(h), j + r.randrange(w)) for _ in range(n)]
        return [(self.coordinate(), self.coordinate()) for _ in range(n)]

    def cells(self):
        """Members of a patch."""
        r = self.rng
        n, width = r.choice([0, 1, 1, 2, 3, 4, 5, 6, 8, 12, r.randint(1, 40), r.randint(1, 150)]), r.choice([2, 3, 3])
        spots = self.spots(n)
        many = r.random() < 0.5
        c, nested = self.common_colour(), self.nested != (r.random() < 0.02)  # at times cells of the other DSLs
        cells = [spot if width == 2 else self.cell(spot, r.randrange(10) if many else c, nested) for spot in spots]
        if cells and r.random() < 0.06:
            cells[r.randrange(n)] = r.choice([(1, 2), (1, 2, 3), (1,), (), (1, 2, 3, 4), 5, (True, 1), (1, 2, -1), (2.0, 1), None, 'ab',
                                              (1, 2, None), (1, (2, 3)), (11, (2, 3)), (True, (2, 3)), (1, (2, 3, 4)), (1, (2, 3.0))])
        return cells

    @staticmethod
    def cell(spot, colour, nested):
        return (colour, spot) if nested else (*spot, colour)

    def made_patch(self):
        """What functions make of a grid: sets whose tables are still to be made."""
        r, grid = self.rng, self.grid()
        objects = f'objects({grid}, {self.flag()}, {self.flag()}, {self.flag()})'
        text = r.choice([f'asobject({grid})', f'asobject({grid})', f'asindices({grid})', f'pick(partition({grid}), {r.randrange(9)})',
                         f'pick({objects}, {r.randrange(50)})', f'pick({objects}, {r.randrange(50)})', f'merge({objects})'])
        if r.random() < 0.25:
            text = f'shift({text}, {(r.randint(-40, 60), r.choice([0, 0, r.randint(-40, 90)]))})'
        elif r.random() < 0.08:  # a union of copies, most of which add nothing
            text = f'merge(frozenset(shift({text}, (i, j)) for i in range({r.randint(1, 6)}) for j in range({r.randint(-5, 0)}, {r.randint(1, 6)})))'
        return f'toindices({text})' if r.random() < 0.2 else text

    def patch(self):
        r = self.rng
        if r.random() < 0.3:
            return self.made_patch()
        text = repr(self.cells())
        makers = ['frozenset({})', 'frozenset({})', 'frozenset({})', 'frozenset(set({}))', 'frozenset(tuple({})[::-1])',
                  '(frozenset({0}) - frozenset(tuple({0})[::3]))', '(frozenset({0}) - frozenset(tuple({0})[1::9]))',  # the latter: slots of keys taken out
                  '(frozenset({0}) | frozenset(tuple({0})[:3]))']
        if r.random() < 0.08:
            makers = ['tuple({})', 'set({})', 'list({})', 'frozenset([frozenset({})])']
        return r.choice(makers).format(text)

    def painted(self):
        """What grids are painted with: a patch, at times a tuple, whose later cells cover earlier ones."""
        r = self.rng
        if r.random() < 0.75:
            return self.patch()
        parts = [f'tuple({r.choice([self.cells, self.cells, self.patch])()})' for _ in range(r.choice([1, 1, 2]))]
        return ' + '.join(parts)

    def piece(self):
        return self.rng.choice([self.grid, self.patch, self.patch])()

    def objects(self):
        r = self.rng
        patches = ', '.join(self.patch() for _ in range(r.randint(0, 5)))
        return r.choice(['frozenset([{}])', 'frozenset([{}])', 'tuple([{}])']).format(patches)

    def members(self):
        return self.rng.choice([self.objects, self.objects, self.patch, self.grid])()

    def closure(self):
        r = self.rng
        kind = r.randrange(12)
        if kind < 5:
            return r.choice(UNARY)
        if kind < 7:
            return f'rbind({self.binary()}, {r.choice([self.loc, self.colour, self.patch])()})'
        if kind < 9:
            return f'lbind({self.binary()}, {r.choice([self.loc, self.colour, self.patch])()})'
        if kind == 9:
            return f'fork({self.binary()}, {self.closure()}, {self.closure()})'
        if kind == 10:
            return f'matcher({self.closure()}, {self.colour()})'
        text = r.choice(['compose({}, {})', 'chain({}, {}, {})', 'lbind(apply, {})', 'rbind(sfilter, {})', 'lbind(mapply, {})',
                         'rbind(argmax, {})', 'rbind(valmin, {})', 'rbind(extract, {})'])
        return text.format(*[self.closure() for _ in range(text.count('{}'))])

    def closures(self):
        return f"({''.join(self.closure() + ', ' for _ in range(self.rng.randint(0, 4)))})"

    def binary(self):
        return self.rng.choice(BINARY)

    def odd(self):
        r = self.rng
        return r.choice(['None', '()', '((),)', '((), ())', 'frozenset()', 'set()', '[]', '[[0, 1], [1, 0]]', '0', '-1', 'True', '2.5', "'abc'",
                         "''", '{}', '((1, 2), (3,))', '(1, 2, 3)', '(1, 2)', '((1, 2), (3, 4))', '((True, False), (False, True))',
                         '((None, None),)', '(((1, 2), (3, 4)), ((5, 6), (7, 8)))', 'frozenset([frozenset()])', '10 ** 15', '-math.inf',
                         'identity', '(1,)', 'range(3)', '([1, 2], [3, 4])', 'frozenset([1, 2, 3])', '(0, 0, 0)', '((1.0, 2.0),)', '()', 'frozenset()',
                         'frozenset([()])', 'frozenset([(1,)])', 'frozenset([(1, 2, 3, 4)])', '((1, 2, 3), (4, 5, 6))', '(5, 6, 7, 8)', '(2, 1.5, 3)',
                         '(frozenset([1, 2, 3]),)', '(frozenset([(0, 0)]), frozenset())', 'frozenset([(0, 0), ()])', 'math.inf'])


# ---- functions ----

class Test:
    """A function of steps; each may use the results of earlier ones."""

    def __init__(self, rng, values, functions, closures):
        self.rng, self.values, self.functions, self.closures = rng, values, functions, closures
        self.kinds, self.growing = [], set()
        self.odd_share = rng.choice([0.03, 0.03, 0.05, 0.3])
        self.steps = [self.step() for _ in range(STEPS_PER_TEST)]

    def earlier(self, kind):
        """An earlier result of a kind, or one of its members; None without one."""
        r = self.rng
        of_kind = [f'v{k}' for k, known in enumerate(self.kinds) if known == kind]
        if kind == 'patch':
            of_kind += [f'pick(v{k}, {r.randrange(50)})' for k, known in enumerate(self.kinds) if known == 'objects']
        if kind == 'painted':
            of_kind += [text.format(k) for k, known in enumerate(self.kinds) if known == 'patch' for text in ('v{}', 'v{}', 'totuple(v{})')]
        if kind == 'piece':
            of_kind += [f'v{k}' for k, known in enumerate(self.kinds) if known in ('grid', 'patch')]
        if kind == 'patch' and r.random() < 0.1:
            of_kind += [f'v{k}' for k, known in enumerate(self.kinds) if known == 'grid']
        if kind == 'loc':
            of_kind += [text.format(k, r.randrange(50)) for k, known in enumerate(self.kinds) if known == 'patch'
                        for text in ('pick(v{}, {})', 'pick(v{}, {})', 'twin(pick(v{}, {}))')]
        return r.choice(of_kind) if of_kind else None

    def grows(self, text):
        """Whether a step calls, or makes a closure of, what grows with its numbers."""
        return bool(GROWING_INSIDE.search(text)) or any(int(k) in self.growing for k in re.findall(r'\bv(\d+)\b', text))

    def argument(self, kind):
        r = self.rng
        if r.random() < self.odd_share or kind == 'any' and r.random() < 0.3:
            return self.values.odd()
        if kind == 'any':
            kind = r.choice(['grid', 'patch', 'objects', 'loc', 'colour'])
        if kind == 'patch' and r.random() < 0.06:
            return self.values.loc()
        before = self.earlier(kind) if r.random() < 0.5 else None
        text = before or getattr(self.values, kind)()
        return f'lists({text})' if kind == 'grid' and r.random() < 0.04 else text

    def large(self, cells, h):
        """A grid of about so many cells in h rows."""
        r = self.rng
        return f'big({h}, {cells // h + r.randint(-1, 12)}, {r.choice([2, 3, 7, 29, 97, 500])}, {r.randrange(1, 9)}, {r.randrange(1, 9)})'

    def of_large_grid(self):
        """Objects of one that is larger than what objects have memory for beforehand."""
        grid = self.large(16384, self.rng.randint(100, 200))
        return f'objects({grid}, {self.values.flag()}, {self.values.flag()}, {self.values.flag()})'

    def unmade_grid(self):
        """What functions make of one so large that its rows are made when they are looked at."""
        grid, c = self.large(4096, self.rng.randint(3, 200)), self.rng.randrange(4)
        return self.rng.choice([f'replace({grid}, {c}, 5)', f'rot90({grid})', f'crop({grid}, (0, 0), (64, 64))', f'hconcat({grid}, {grid})', f'canvas({c}, (64, 64))'])

    def relative(self, patch):
        """Almost the same patch, or one that is the same."""
        r = self.rng
        moved = f'shift({patch}, {r.choice([(0, 1), (0, -1), (1, 0), (0, 0), (0, 64), (3, -2)])})'
        coloured = [f'{name}({r.randrange(4)}, {patch})' for name in ('recolor', 'recolor_i', 'recolor_o') if name in self.functions]
        return r.choice([moved, moved, f'shift({moved}, (0, -1))', f'frozenset(tuple({patch}))', f'frozenset(map(twin, {patch}))', f'{patch} - frozenset(tuple({patch})[-1:])',
                         f'merge(frozenset([{patch}, {moved}]))', f'toindices({patch})', *coloured])

    def look_up(self, patch):
        """A cell, or what equals it in other types, in a patch whose table nobody has asked for."""
        r = self.rng
        c, location = r.randrange(3), f'pick(toindices({patch}), {r.randrange(50)})'
        colour = r.choice([str(c), str(float(c)), str(c == 1), str(r.randrange(3))])
        cell = f'({colour}, {location})' if self.values.nested else f'(*{location}, {colour})'
        name = r.choice([name for name in ('recolor', 'recolor_i', 'recolor_o') if name in self.functions])
        return f'{r.choice([cell, cell, location])} in {name}({c}, {patch})'

    def related_grid(self, grid):
        """Almost the same grid, or one that is the same."""
        h, w = f'len({grid})', f'len({grid}[0])'
        return self.rng.choice([f'crop({grid}, (0, 0), ({h}, {w} - 1))', f'crop({grid}, (0, 0), ({h} - 1, {w}))', f'replace({grid}, {self.rng.randrange(4)}, 4)',
                                f'rot90(rot270({grid}))', f'{grid}[:-1] + {grid}[:1]', f'tuple(row[:] for row in {grid})'])

    def step(self):
        r, n = self.rng, len(self.kinds)
        call = self.closures.call(self.earlier('objects')) if r.random() < 0.2 else None
        if call:
            self.kinds.append(call[1])
            if self.grows(call[0]):
                self.growing.add(n)
            return call[0]
        sets = [k for k, kind in enumerate(self.kinds) if kind in ('patch', 'objects')]
        if sets and r.random() < 0.3:
            self.kinds.append('other')
            a, b = r.choice(sets), r.choice(sets)
            if r.random() < 0.25:
                return f'relation(v{a}, {self.relative(f"v{a}")})'
            if r.random() < 0.1:
                return self.look_up(f'v{a}')
            closures = [f'v{k}(near({self.argument("any")}))' for k, kind in enumerate(self.kinds) if kind == 'closure']
            if closures and r.random() < 0.5:
                return r.choice(closures)
            return r.choice([f'orders(v{a}, v{b})', f'orders(v{a}, 0)', f'orders(pick(v{a}, {b}), pick(v{b}, {a + 3}))',
                             f'first(v{a})', f'last(v{a})', f'totuple(v{a})'])
        grids = [k for k, kind in enumerate(self.kinds) if kind == 'grid']
        if grids and r.random() < 0.05:
            self.kinds.append('other')
            grid = f'v{r.choice(grids)}'
            return f'relation({grid}, {self.related_grid(grid)})'
        if r.random() < UNMADE_SHARE:
            if r.random() < 0.25 and 'canvas' in self.functions:
                self.kinds.append('other')
                return f'relation(canvas({r.choice([0, 0, 1])}, (64, {r.choice([64, 65])})), canvas(0, ({r.choice([64, 64, 65])}, 65)))'
            self.kinds.append('grid')
            return self.unmade_grid()
        if r.random() < LARGE_SHARE and 'objects' in self.functions:
            self.kinds.append('objects')
            return self.of_large_grid()
        names = [name for name in OFTEN if name in self.functions] if r.random() < 0.3 else []
        name = r.choice(names or list(self.functions))
        kinds = ARGUMENTS.get(name) or ARGUMENTS.get(LISTED_AS.get(name)) or ['any'] * self.functions[name]
        arguments = [self.argument(kind) for kind in kinds]
        if name in GROWING or self.grows(' '.join(arguments)):
            arguments = [text if kind in ('closure', 'closures', 'binary') else f'near({text})' for kind, text in zip(kinds, arguments)]
        text = f"{name}({', '.join(arguments)})"
        if self.grows(text):
            self.growing.add(n)
        self.kinds.append(RESULTS.get(LISTED_AS.get(name, name), 'other'))
        return text

    def text(self, k):
        lines = [f'def test_{k}():']
        for n, step in enumerate(self.steps):
            lines += ['    try:', f'        v{n} = {step}', '    except ERRORS:', f"        v{n} = 'raised'"]
        names = ', '.join(f'v{n}' for n in range(len(self.steps)))
        return '\n'.join([*lines, f'    return {names}'])


def kernel_functions(folder):
    """Functions that kernels stand for and the DSL has, with their number of parameters."""
    with open(os.path.join(ROOT, 'runtime', 'kernel.h')) as file:
        listed = [(name.split('__')[0], n) for name, n in re.findall(r'\bX\((\w+), (\d+)\)', file.read())]
    with open(os.path.join(folder, 'dsl.py')) as file:
        source = file.read()
    here = set(re.findall(r'^def (\w+)\(', source, re.M))
    return {name if name in here else ALIASES.get(name): int(n) for name, n in listed if name in here or ALIASES.get(name) in here}


def has_nested_cells(folder):
    with open(os.path.join(folder, 'dsl.py')) as file:
        return '(v, (i, j))' in file.read()


def names_of(folder):
    with open(os.path.join(folder, 'dsl.py')) as file:
        return set(re.findall(r'^(?:def )?(\w+)(?:\(| = )', file.read(), re.M))


def make_file(rng, functions, dsl):
    """A file's text, and its tests."""
    values = Values(rng, has_nested_cells(dsl))
    traces = rng.random() < 0.4
    closures = typed.Typed(rng, values, names_of(dsl), traces)
    tests = [Test(rng, values, functions, closures) for _ in range(TESTS_PER_FILE)]
    constants = [f'G{k} = {text}' for k, text in enumerate(values.constants)]
    texts = [test.text(k) for k, test in enumerate(tests)]
    return '\n\n'.join([HEADER + (typed.TRACES if traces else typed.HELPERS), '\n'.join(constants), *texts]) + '\n', tests


# ---- results ----

# Runs as a program of its own.
PYTHON_SIDE = '''
import importlib, json, os, sys
sys.path[:0] = [os.path.dirname(sys.argv[1]), sys.argv[2], sys.argv[3]]
from support import encode
out = os.fdopen(os.dup(1), 'w')
os.dup2(2, 1)
module = importlib.import_module(os.path.basename(sys.argv[1])[:-3])
for k in range(int(sys.argv[4])):
    print(json.dumps(encode(getattr(module, f'test_{k}')())), file=out)
'''


def python_values(path, dsl, count):
    command = [sys.executable, '-B', '-W', 'ignore', '-c', PYTHON_SIDE, path, dsl, TESTS, str(count)]
    try:
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, timeout=PYTHON_SECONDS).stdout
    except subprocess.TimeoutExpired:
        done = ''
    return [json.loads(line) for line in done.splitlines()]


def battc_values(path, dsl, out, options):
    """The lines' values by test; all that a crash leaves."""
    done = support.battc('run', path, '-I', dsl, '--entry', 'test_*', '--out', out, *LIMITS, *options)
    lines = {line['entry']: line.get('value', line.get('error')) for line in read_lines(out)}
    return lines, f'exit code {done.returncode} {short(done.stderr)}'


def repeats(value, top=True):
    """Whether CPython's value hangs on no address: nothing in it holds None, text, nan or a function."""
    if isinstance(value, list):
        return all(repeats(item, False) for item in value)
    if isinstance(value, dict):
        if 'callable' in value or 'limit' in value or value.get('float') == 'nan':
            return False
        return all(repeats(item, False) for item in value.values() if isinstance(item, list))
    if isinstance(value, str):
        return top and value == 'raised'  # of its letters, which functions take as well, sets may be made
    return top or value is not None


def addressless(test):
    """Whether no argument could make a set's order hang on addresses."""
    text = ' '.join(test.steps)
    constants = [test.values.constants[int(k)] for k in re.findall(r'\bG(\d+)', text)]
    return not re.search(r"None|'|identity|\bint\b|nan", ' '.join([text, *constants]))


def check_file(number, rng, functions, dsl, python, report):
    text, tests = make_file(rng, functions, dsl)
    with Folder() as folder:
        path = folder.write('cases.py', text)
        extra = ['-fno-sharing'] if rng.random() < 0.5 else []
        with_kernels, said = battc_values(path, dsl, folder.at('kernels.jsonl'), [])
        without, also = battc_values(path, dsl, folder.at('source.jsonl'), ['-fno-kernels', *extra])
        wanted = python_values(path, dsl, len(tests)) if python else []
    report.check(f'file {number}: all tests run', len(without) == len(with_kernels) == len(tests), f'{said}; {also}')
    for k, test in enumerate(tests):
        name, plain = f'file {number} test_{k}', without.get(f'test_{k}')
        limited = any(isinstance(value, str) and value.startswith('limit') for value in (plain, with_kernels.get(f'test_{k}')))
        if not limited:
            check_steps(name, test, with_kernels.get(f'test_{k}'), plain, report)
        if k < len(wanted) and not limited and addressless(test) and all(map(repeats, wanted[k])):
            check_steps(name + ', CPython', test, plain, wanted[k], report)


def check_steps(name, test, got, want, report):
    """Compare step by step; after a difference, or an order that hangs on where a nan lies, the rest follows from it."""
    if not (isinstance(got, list) and isinstance(want, list) and len(got) == len(want)):
        report.equal(name, got, want)
        return
    for n, (a, b) in enumerate(zip(got, want)):
        if a != b and (hangs_on_addresses(a) or hangs_on_addresses(b)):
            return
        if not report.check(f'{name} v{n}', a == b and repr(a) == repr(b), f'{short(test.steps[n])}\n     got  {short(repr(a))}\n     want {short(repr(b))}'):
            return


def check_taken(dsl, functions, report):
    """Kernels have to stand for all of them: else nothing is compared."""
    with Folder() as folder:
        path = folder.write('names.py', f"from dsl import *\n\n\ndef test_all():\n    return len(({', '.join(sorted(functions))},))\n")
        done = support.battc('run', path, '-I', dsl, '--entry', 'test_all', '-Rmissed')
    missed = re.findall(r"'(\w+)' runs as compiled source", done.stdout + done.stderr)
    report.equal(f'functions of {dsl} without kernels', (done.returncode, missed), (0, []))


def unguarded(folder, dsl):
    """A DSL without its guards: the same keys, so the same kernels, for what calls no other function, but exceptions come out."""
    for name in os.listdir(dsl):
        if name.endswith('.py'):
            text = support.read(os.path.join(dsl, name)).decode()
            folder.write(f'unguarded/{name}', re.sub(r'^make_all_dsl_safe\(.*\n', '', text, flags=re.M))
    return folder.at('unguarded')


def check_dsl(folder, options, count, report):
    """Check its functions until there are so many checks in all."""
    functions, number, start = kernel_functions(folder), 0, time.monotonic()
    report.check('the DSL has functions that kernels stand for', functions)
    while functions and report.passed + report.failed < count and time.monotonic() - start < options.seconds:
        rng = random.Random(f'{options.seed} {number}')
        check_file(number, rng, functions, folder, number % 3 == 0, report)
        number += 1


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('battc', nargs='?', default=support.BATTC)
    parser.add_argument('--seed', type=int, default=1)
    parser.add_argument('--count', type=int, default=1000 if support.QUICK else 6000, help='values to compare, at least')
    parser.add_argument('--dsl', help="folder of a DSL (default: battc's, with its guards and without, and tests/nested)")
    parser.add_argument('--unguarded', action='store_true', help='without its guards')
    parser.add_argument('--seconds', type=float, default=float('inf'), help='stop after this time even if fewer were compared')
    options = parser.parse_args()
    support.BATTC = os.path.abspath(options.battc)
    report = Report()
    own = os.path.join(ROOT, 'dsl')
    with Folder() as folder:
        if options.dsl:
            dsl = os.path.abspath(options.dsl)
            check_dsl(unguarded(folder, dsl) if options.unguarded else dsl, options, options.count, report)
        else:
            parts = [own, unguarded(folder, own), os.path.join(TESTS, 'nested')]
            for number, name in enumerate(parts, 1):
                if number != 2:  # functions that call others have another key there
                    check_taken(name, kernel_functions(name), report)
                check_dsl(name, options, options.count * number // len(parts), report)
    report.finish()


if __name__ == '__main__':
    main()
