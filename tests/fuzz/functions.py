"""Random functions in the Python subset: `module(rng)` is the text of a file of them.

Expressions are made by kind (int, tuple, set, ...), and now and then of the wrong one, so that exceptions are as usual
as values. Every `test_*` function takes nothing and returns what it has in its variables, so that order, types and
state after an exception are seen. What CPython does not repeat is avoided where that is easy (no `is` of numbers, no
None in sets); two runs of CPython show the rest.
"""

import warnings

FUNCTIONS, HELPERS = 80, 10
WRONG_KIND = 0.025
KINDS = ('int', 'int', 'int', 'bool', 'str', 'tuple', 'tuple', 'list', 'set', 'frozenset', 'dict', 'pairs', 'func', 'any')
SEQUENCES = ('tuple', 'list', 'range', 'str')
ITERABLES = ('tuple', 'tuple', 'list', 'set', 'frozenset', 'range', 'dict', 'iterator')
ERRORS = ('TypeError', 'ValueError', 'IndexError', 'KeyError', 'AttributeError', 'ZeroDivisionError', 'UnboundLocalError', 'NameError',
          'StopIteration', 'RuntimeError', 'RecursionError', 'LookupError', 'ArithmeticError', 'Exception', 'AssertionError',
          'OverflowError')
NAMES = tuple('abcdefghxyz')

HEADER = '''import itertools
import math
from collections import Counter

G0 = 3
G1 = (1, 2, 3, 5, 8)
G2 = frozenset({(0, 1), (1, 0), (2, 2), (7, 3)})
G3 = [4, 4, 1]
counted = 0


def identity(x):
    return x


def compose(outer, inner):
    return lambda x: outer(inner(x))


def dive(n):
    return n if n == 0 else 1 + dive(n - 1)


def gen(xs, stop=4):
    """Yields, then raises nothing."""
    for i, x in enumerate(xs):
        if i >= stop:
            return
        yield x


def show(x):
    return type(x).__name__


def has_none(x):
    return x is None or isinstance(x, (tuple, frozenset)) and any(map(has_none, x))


def hash_of(x):
    """None is hashed by its address, which is the same in all processes where Python is not moved about."""
    return 0 if has_none(x) else hash(x)


def small(x):
    """A number for what may be in a set."""
    return sum(map(small, x)) % 7 if isinstance(x, (tuple, frozenset)) else int(x) % 7
'''


class Scope:
    """Names that a function's text may use, by kind; maybe not bound yet, or not any more."""

    def __init__(self, outer=None):
        self.names, self.outer = [], outer

    def of(self, kind):
        found = [name for name, known in self.names if known == kind or kind == 'any']
        return found + (self.outer.of(kind) if self.outer else [])

    def add(self, name, kind):
        self.names.append((name, kind))


class Writer:
    """One module's text."""

    def __init__(self, rng):
        self.rng, self.scope, self.lines, self.depth = rng, Scope(), [], 0
        self.helpers = []      # (name, number of parameters, whether there is a star)
        self.loop = self.in_function = self.in_comprehension = False
        self.indent = 0
        self.stores_global = rng.random() < 0.25   # nothing is shared then

    # ---- choosing ----

    def chance(self, p):
        return self.rng.random() < p

    def pick(self, *choices):
        return self.rng.choice(choices)

    def expr(self, kind, depth):
        """Text of an expression, mostly of the kind; safe to stand anywhere."""
        r = self.rng
        if self.chance(WRONG_KIND):
            kind = r.choice(KINDS)
        names = self.scope.of(kind)
        if names and self.chance(0.45 if depth > 0 else 0.75):
            return r.choice(names[-8:])
        if kind == 'any':
            kind = r.choice(KINDS[:-1])
        if depth <= 0:
            return self.leaf(kind)
        if self.chance(0.06):
            return self.general(kind, depth)
        return getattr(self, kind)(depth)

    def sub(self, kind, depth):
        return self.expr(kind, depth - 1)

    def general(self, kind, depth):
        """Forms that any kind can have."""
        sub = lambda: self.sub(kind, depth)
        form = self.rng.randrange(7)
        if form == 0:
            return f'({sub()} if {self.sub("bool", depth)} else {sub()})'
        if form == 1:
            return f'({sub()} {self.pick("and", "or")} {sub()})'
        if form == 2:
            return f'{self.sub("func", depth)}({sub()})'
        if form == 3:
            return f'({sub()}, {sub()})[{self.pick("0", "1", "-1", self.sub("int", depth - 1))}]'
        if form == 4:
            return f'{{{self.sub("int", depth)}: {sub()}, 1: {sub()}}}.get({self.sub("int", depth)}, {sub()})'
        if form == 5 and self.helpers:
            return self.call_helper(depth)
        name = self.pick(*NAMES)
        return f'(lambda {name}: {self.within(name, kind, kind, depth)})({sub()})'

    def within(self, name, bound, kind, depth):
        """An expression that sees one more name."""
        self.scope = Scope(self.scope)
        self.scope.add(name, bound)
        text = self.sub(kind, depth)
        self.scope = self.scope.outer
        return text

    def call_helper(self, depth):
        name, params, star = self.rng.choice(self.helpers)
        count = params + (self.rng.randrange(3) if star else 0)
        if self.chance(0.08):
            count = max(0, count + self.pick(-1, 1))
        args = [self.sub('any', depth) for _ in range(count)]
        if args and self.chance(0.15):
            args[-1] = f'*{self.sub("tuple", depth)}'
        elif args and self.chance(0.08):
            args[-1] = f'**{{"p{len(args) - 1}": {args[-1]}}}'
        elif args and self.chance(0.15):
            args[-1] = f'p{self.pick(len(args) - 1, len(args) - 1, 0)}={args[-1]}'
        return f'{name}({", ".join(args)})'

    # ---- leaves ----

    def leaf(self, kind):
        text = getattr(self, 'leaf_' + kind)()
        return f'({text})' if text[0].isdigit() else text   # an attribute may follow

    def leaf_int(self):
        r = self.rng
        return str(r.choice([0, 1, 2, 3, r.randrange(10), r.randrange(-9, 40), r.randrange(1000)])) if r.random() < 0.97 else \
            r.choice(['G0', '-1', '2 ** 31', '10 ** 12', '-(2 ** 40)', 'len(G1)', '0x7f', '1_000'])

    def leaf_bool(self):
        return self.pick('True', 'False')

    def leaf_none(self):
        return 'None'

    def leaf_float(self):
        return self.pick('0.5', '2.0', '-1.5', '3.25', '-0.0', 'math.inf', '1.0')

    def leaf_str(self):
        return self.pick("'a'", "''", "'abc'", "'b'", "'xyz'", "'aab'", '"q"')

    def leaf_tuple(self):
        return self.pick('()', 'G1', '(1,)', '(2, 0, 1)', '(3, 3, 1, 2)', '(0, 1)', '(5, -1, 5)')

    def leaf_list(self):
        return self.pick('[]', '[1]', '[2, 1]', 'list(G1)', '[0, 3, 3]')

    def constants(self):
        """A display of constants: CPython makes a set of three or more from a frozenset."""
        one = self.pick(lambda: self.pick(*range(-3, 12)), lambda: self.rng.randrange(-500, 500), lambda: self.rng.randrange(9) << self.pick(3, 5, 10),
                        lambda: (self.rng.randrange(4), self.rng.randrange(4)), lambda: self.pick(0, 1, 2.0, True, False, 1.0, -1, -2, 0.5, (1,), (1.0,)))
        return '{' + ', '.join(repr(one()) for _ in range(self.rng.randint(1, self.pick(4, 8, 24)))) + '}'

    def leaf_set(self):
        return self.constants() if self.chance(0.3) else self.pick('set()', '{1}', '{2, 9, 17}', '{8, 16, 24, 0}', 'set(G2)', '{(0, 1), (1, 0)}', 'set(range(6))')

    def leaf_frozenset(self):
        return f'frozenset({self.constants()})' if self.chance(0.2) else self.pick('frozenset()', 'G2', 'frozenset({3, 1, 35, 67})', 'frozenset(G1)', 'frozenset({frozenset({1}), frozenset()})')

    def leaf_dict(self):
        return self.pick('{}', '{1: 2}', "{'a': 1, 2: 'b'}", '{(0, 1): 3, 4: 5}', 'dict(a=1, b=2)')

    def leaf_pairs(self):
        return self.pick('((1, 2), (0, 3))', '((0, 0),)', '()', '((2, (1, 1)), (1, (0, 2)))', 'tuple(G2)')

    def leaf_range(self):
        return self.pick('range(4)', 'range(2, 9, 3)', 'range(5, 0, -1)', 'range(0)')

    def leaf_iterator(self):
        return self.pick('iter(G1)', 'gen(G1)', 'iter(())', '(i * 2 for i in G1)', 'reversed(G1)', 'zip(G1, G3)', 'iter({5, 6})')

    def leaf_func(self):
        return self.pick('identity', 'len', 'abs', '(lambda q: q)', '(lambda q: -q)', 'str', 'int', 'tuple', 'sorted', 'max', '(lambda q: q[0])',
                         'type', 'bool', 'G1.count', 'G1.index', '(lambda q: (q, q))', 'frozenset', '(lambda *q: q)', 'compose(len, str)',
                         'sum', '(lambda q, w=2: (w, q))', 'min', 'list', 'show')

    # ---- by kind ----

    def int(self, depth):
        r = self.rng
        sub = lambda kind='int': self.sub(kind, depth)
        form = r.randrange(20)
        if form < 4:
            return f'({sub()} {r.choice(["+", "-", "*", "+", "-"])} {sub()})'
        if form == 4:
            return f'({sub()} {r.choice(["//", "%", "//", "%", "&", "|", "^"])} {sub()})'
        if form == 5:
            return f'({r.choice(["-", "~", "+", "-"])}{sub()})'
        if form == 6:
            return f'{r.choice(["len", "sum", "max", "min"])}({sub(r.choice(["tuple", "list", "set", "frozenset", "range"]))})'
        if form == 7:
            return f'{sub(r.choice(["tuple", "list", "range"]))}[{sub()}]'
        if form == 8:
            return f'{sub(r.choice(["tuple", "list"]))}.{r.choice(["index", "count"])}({sub()})'
        if form == 9:
            return f'next(iter({sub(r.choice(ITERABLES))}), {sub()})'
        if form == 10:
            return f'{r.choice(["max", "min"])}({sub()}, {sub()}{r.choice(["", ", " + sub(), ", key=" + sub("func")])})'
        if form == 11:
            return f'{r.choice(["max", "min"])}({sub(r.choice(ITERABLES))}, {r.choice(["default=" + sub(), "key=" + sub("func")])})'
        if form == 12:
            return f'abs({sub()})'
        if form == 13:
            return f'int({sub(r.choice(["int", "bool", "str", "float"]))})'
        if form == 14:
            return f'sum(({self.comprehension("int", depth)}){r.choice(["", ", " + sub()])})'
        if form == 15:
            return f'hash_of({sub(r.choice(["int", "tuple", "frozenset", "bool"]))})'
        if form == 16:
            return f'divmod({sub()}, {sub()})[{self.pick(0, 1)}]'
        if form == 17:
            return f'({sub()} {r.choice(["<<", ">>", "**"])} {self.pick(0, 1, 2, 3, 5)})'
        if form == 18:
            return f'{sub("dict")}[{sub()}]'
        return f'dive({self.pick(3, 40, 900, 970, 985, 990, 991, 992, 993, 994, 995, 996, 998, 1005)})'

    def bool(self, depth):
        r = self.rng
        sub = lambda kind='int': self.sub(kind, depth)
        form = r.randrange(17)
        compare = ['<', '<=', '>', '>=', '==', '!=']
        if form < 3:
            return f'({sub()} {r.choice(compare)} {sub()})'
        if form == 3:
            return f'({sub()} {r.choice(compare)} {sub()} {r.choice(compare)} {sub()})'
        if form == 4:
            return f'({sub()} {r.choice(["in", "not in"])} {sub(r.choice(ITERABLES))})'
        if form == 5:
            return f'({sub("any")} {r.choice(["is", "is not"])} {r.choice(["None", "True"])})'
        if form == 6:
            return f'(not {sub("any")})'
        if form == 7:
            kind = r.choice(['set', 'frozenset', 'tuple', 'list', 'str', 'pairs'])
            return f'({sub(kind)} {r.choice(compare)} {sub(kind)})'
        if form == 8:
            return f'{r.choice(["any", "all"])}({self.comprehension("bool", depth)})'
        if form == 9:
            types = ['int', 'bool', 'str', 'tuple', 'list', 'set', 'frozenset', 'dict', '(int, tuple)', '(set, frozenset)']
            return f'isinstance({sub("any")}, {r.choice(types)})'
        if form == 10:
            method = r.choice(['issubset', 'issuperset', 'isdisjoint'])
            return f'{sub(r.choice(["set", "frozenset"]))}.{method}({sub(r.choice(ITERABLES))})'
        if form == 11:
            return f'bool({sub("any")})'
        if form == 12:
            return f'({sub("any")} == {sub("any")})'
        if form == 13:
            return f'({self.walrus(depth)} {r.choice(compare)} {sub()})'
        if form == 14:
            return f'(type({sub("any")}) {r.choice(["is", "==", "is not", "in"])} {r.choice(["type(" + sub("any") + ")", "int", "(int, bool)"])})'
        if form == 15:
            return f'hasattr({sub("any")}, {r.choice(["count", "add", "__code__", "keys", "__len__", "append"])!r})'
        return f'callable({sub("any")})'

    def walrus(self, depth):
        """A name bound on the way, where Python lets one be bound."""
        if not self.in_function or self.in_comprehension:
            return self.sub('int', depth)
        text = self.sub('int', depth)
        return f'({self.new_name("int")} := {text})'

    def float(self, depth):
        return f'({self.sub("int", depth)} {self.pick("/", "*", "+", "-")} {self.leaf_float()})'

    def none(self, depth):
        return self.pick('None', f'{self.sub("list", depth)}.append({self.sub("int", depth)})')

    def str(self, depth):
        sub = lambda kind='str': self.sub(kind, depth)
        form = self.rng.randrange(8)
        if form == 0:
            return f'({sub()} + {sub()})'
        if form == 1:
            return f'({sub()} * {self.pick(0, 1, 2, 3)})'
        if form == 2:
            return f'{sub()}[{self.index(depth)}]'
        if form == 3:
            return f"f'{self.pick('', 'v')}{{{self.quoted(sub(self.pick('int', 'tuple', 'bool')))}}}{self.pick('', '-', '{{}}')}'"
        if form == 4:
            return f'str({sub(self.pick("int", "tuple", "bool", "str"))})'
        if form == 5:
            return f'{self.pick("max", "min")}({sub()}, {sub()})'
        if form == 6:
            return f'type({sub("any")}).__name__'
        return self.leaf_str()

    @staticmethod
    def quoted(text):
        """For inside an f-string, where neither quotes nor colons may stand."""
        return text if not any(c in text for c in "'\"\\:!{}#\n=") else 'G0'

    def index(self, depth):
        """What may stand in a subscript: mostly a slice."""
        if self.chance(0.3):
            return self.sub('int', depth)
        part = lambda: self.pick('', '', '0', '1', '-1', '2', self.sub('int', depth - 1))
        step = self.pick('', '', '', ':-1', ':2', ':-2', ':' + part())
        return f'{part()}:{part()}{step}'

    def items(self, kind, depth, most=4):
        """Elements of a display, some with a star."""
        items = [self.sub(kind, depth) for _ in range(self.rng.randrange(most + 1))]
        if items and self.chance(0.12):
            items[self.rng.randrange(len(items))] = '*' + self.sub(self.pick(*ITERABLES), depth)
        return items

    def target(self, kind):
        """(text, names, kind of the items) of a loop's target."""
        if kind in ('pairs', 'product', 'dict_items', 'enumerate') and self.chance(0.9):
            a, b = self.rng.sample(NAMES, 2)
            return self.pick(f'{a}, {b}', f'({a}, {b})', f'[{a}, {b}]', f'{a}, *{b}' if self.chance(0.1) else f'{a}, {b}'), ((a, 'int'), (b, 'int'))
        name = self.pick(*NAMES)
        return name, ((name, 'pair' if kind in ('pairs', 'product') else 'int'),)

    def source(self, depth):
        """(text, kind) of what a loop goes over."""
        r = self.rng
        kind = r.choice(ITERABLES + ('pairs', 'pairs', 'product', 'dict_items', 'enumerate', 'str'))
        sub = lambda kind: self.sub(kind, depth)
        if kind == 'product':
            return f'itertools.product({sub(r.choice(SEQUENCES[:3]))}, {sub(r.choice(ITERABLES))})', kind
        if kind == 'dict_items':
            return sub('dict') + r.choice(['.items()', '.items()', '.values()', '.keys()']), kind
        if kind == 'enumerate':
            return f'enumerate({sub(r.choice(ITERABLES))}{r.choice(["", ", 2"])})', kind
        return sub(kind), kind

    def comprehension(self, kind, depth, form='{item} {clauses}', item=None):
        outer, self.in_comprehension = self.in_comprehension, True
        self.scope = Scope(self.scope)
        clauses = []
        for _ in range(1 if self.chance(0.8) else 2):
            text, source_kind = self.source(depth - 1)
            target, names = self.target(source_kind)
            clauses.append(f'for {target} in {text}')
            for name in names:
                self.scope.add(*name)
            if self.chance(0.3):
                clauses.append(f'if {self.sub("bool", depth - 1)}')
        item = item or '{}'
        text = item.format(*[self.sub(kind, depth - 1) for _ in range(item.count('{}'))])
        self.scope = self.scope.outer
        self.in_comprehension = outer
        return form.format(item=text, clauses=' '.join(clauses))

    def tuple(self, depth):
        r = self.rng
        sub = lambda kind='tuple': self.sub(kind, depth)
        form = r.randrange(15)
        if form < 3:
            items = self.items(r.choice(['int', 'int', 'any']), depth)
            return '(' + ''.join(item + ', ' for item in items) + ')'
        if form == 3:
            return f'({sub()} + {sub()})'
        if form == 4:
            return f'({sub()} * {self.pick(0, 1, 2, 3, -1)})'
        if form == 5:
            return f'{sub()}[{self.index(depth)}]'
        if form == 6:
            return f'tuple({self.comprehension("int", depth)})'
        if form == 7:
            return f'tuple({sub(r.choice(ITERABLES))})'
        if form == 8:
            return f'tuple(sorted({sub(r.choice(ITERABLES))}{self.sort_options(depth)}))'
        if form == 9:
            return f'tuple(map({sub("func")}, {sub(r.choice(ITERABLES))}))'
        if form == 10:
            return f'tuple({r.choice(["reversed", "reversed", "iter"])}({sub(r.choice(SEQUENCES))}))'
        if form == 11:
            return f'tuple(filter({r.choice(["None", sub("func")])}, {sub(r.choice(ITERABLES))}))'
        if form == 12:
            return f'type({sub()})({self.comprehension("int", depth)})'
        if form == 13:
            return f'divmod({sub("int")}, {sub("int")})'
        return f'tuple(sum({sub("pairs")}, ()))'

    def sort_options(self, depth):
        return self.pick('', ', reverse=True', f', key={self.sub("func", depth)}',
                         f', key={self.sub("func", depth)}, reverse={self.sub("bool", depth)}')

    def pairs(self, depth):
        sub = lambda kind: self.sub(kind, depth)
        form = self.rng.randrange(6)
        if form == 0:
            return f'tuple(zip({sub(self.pick(*ITERABLES))}, {sub(self.pick(*ITERABLES))}))'
        if form == 1:
            return f'tuple(enumerate({sub(self.pick(*ITERABLES))}))'
        if form == 2:
            return f'tuple({self.comprehension("int", depth, item="({}, {})")})'
        if form == 3:
            return f'tuple({sub("dict")}.items())'
        if form == 4:
            return f'Counter({sub(self.pick(*ITERABLES))}).most_common({self.pick("", "1", "2")})'
        return '(' + ''.join(f'({sub("int")}, {sub("int")}), ' for _ in range(self.rng.randrange(4))) + ')'

    def list(self, depth):
        sub = lambda kind='list': self.sub(kind, depth)
        form = self.rng.randrange(10)
        if form < 2:
            return f'[{", ".join(self.items(self.pick("int", "any"), depth))}]'
        if form < 4:
            return self.comprehension(self.pick('int', 'int', 'tuple'), depth, '[{item} {clauses}]')
        if form == 4:
            return f'sorted({sub(self.pick(*ITERABLES))}{self.sort_options(depth)})'
        if form == 5:
            return f'list({sub(self.pick(*ITERABLES))})'
        if form == 6:
            return f'({sub()} + {sub()})'
        if form == 7:
            return f'{sub()}[{self.index(depth)}]'
        if form == 8:
            return f'[{sub("func")}, {sub("func")}]' if self.chance(0.3) else f'[*{sub()}, {sub("int")}]'
        return f'({sub()} * {self.pick(0, 1, 2)})'

    def some_set(self, kind, depth):
        sub = lambda kind: self.sub(kind, depth)
        item = self.pick('int', 'int', 'tuple', 'pairs', 'frozenset', 'bool')
        form = self.rng.randrange(9)
        if form == 0:
            return f'{kind}({sub(self.pick(*ITERABLES))})'
        if form == 1:
            return f'{kind}({self.comprehension(item, depth)})'
        if form < 5:
            return f'({sub(kind)} {self.pick("|", "&", "-", "^")} {sub(self.pick("set", "frozenset"))})'
        if form == 5:
            others = [sub(self.pick(*ITERABLES)) for _ in range(self.rng.randrange(4))]
            return f'{sub(kind)}.{self.pick("union", "intersection", "difference")}({", ".join(others)})'
        if form == 6:
            return f'{sub(kind)}.copy()'
        if form == 7:
            return f'type({sub(kind)})({self.comprehension(item, depth)})'
        return None

    def set(self, depth):
        text = self.some_set('set', depth)
        if text and self.chance(0.7):
            return text
        if self.chance(0.5):
            return self.comprehension(self.pick('int', 'tuple'), depth, '{{{item} {clauses}}}')
        items = self.items(self.pick('int', 'int', 'tuple'), depth)
        return '{' + ', '.join(items) + '}' if items else 'set()'

    def frozenset(self, depth):
        return self.some_set('frozenset', depth) or f'frozenset({self.sub("set", depth)})'

    def dict(self, depth):
        sub = lambda kind: self.sub(kind, depth)
        form = self.rng.randrange(5)
        if form == 0:
            return self.comprehension('int', depth, '{{{item} {clauses}}}', '{}: {}')
        if form == 1:
            return f'({sub("dict")} | {sub("dict")})'
        if form == 2:
            return f'dict({sub(self.pick("pairs", "dict"))})'
        if form == 3 and self.chance(0.5):
            return f'{{**{sub("dict")}, {sub("int")}: {sub("any")}}}'
        return '{' + ', '.join(f'{sub(self.pick("int", "int", "tuple", "str"))}: {sub("any")}' for _ in range(self.rng.randrange(4))) + '}'

    def range(self, depth):
        return f'range({", ".join(self.sub("int", depth) for _ in range(self.pick(1, 2, 2, 3)))})[:6]'

    def iterator(self, depth):
        sub = lambda kind: self.sub(kind, depth)
        form = self.rng.randrange(6)
        if form == 0:
            return f'({self.comprehension("int", depth)})'
        if form == 1:
            return f'map({sub("func")}, {sub(self.pick(*ITERABLES))})'
        if form == 2:
            return f'zip({sub(self.pick(*ITERABLES))}, {sub(self.pick(*ITERABLES))})'
        if form == 3:
            return f'gen({sub(self.pick(*ITERABLES))}, {self.pick(1, 2, 9)})'
        if form == 4:
            return f'filter({sub("func")}, {sub(self.pick(*ITERABLES))})'
        return f'iter({sub(self.pick(*ITERABLES))})'

    def func(self, depth):
        form = self.rng.randrange(5)
        if form == 4:
            return f'{self.sub(self.pick("tuple", "list", "set", "dict"), depth)}.{self.pick("count", "index", "add", "get", "append", "union")}'
        if form == 0:
            return f'compose({self.sub("func", depth)}, {self.sub("func", depth)})'
        if form == 1 and self.helpers:
            return self.rng.choice(self.helpers)[0]
        a, b = self.rng.sample(NAMES, 2)
        params = self.pick(a, a, a, f'{a}, {b}=2', f'*{a}', f'{a}, *{b}', f'{a}, {b}={self.sub("int", depth)}', f'{a}, **{b}')
        kind = 'tuple' if params == f'*{a}' else 'int'
        return f'(lambda {params}: {self.within(a, kind, self.pick("int", "bool", "tuple"), depth)})'

    # ---- statements ----

    def line(self, text):
        self.lines.append('    ' * self.indent + text)

    def block(self, depth, most=3):
        self.indent += 1
        before = len(self.lines)
        for _ in range(self.rng.randint(1, most)):
            self.statement(depth)
        if len(self.lines) == before:
            self.line('pass')
        self.indent -= 1

    def new_name(self, kind):
        name = self.pick(*NAMES)
        self.scope.add(name, kind)
        return name

    def statement(self, depth):
        r = self.rng
        forms = [self.assign] * 8 + [self.augment] * 3 + [self.mutate] * 3 + [self.set_chain]
        if depth > 0:
            forms += [self.if_] * 3 + [self.for_] * 3 + [self.try_] * 3 + [self.while_, self.def_, self.def_]
        forms += [self.unpack, self.store, self.jump, self.jump, self.say, self.delete]
        r.choice(forms)(depth)

    def assign(self, depth):
        kind = self.rng.choice(KINDS)
        text = self.expr(kind, 3)
        if self.chance(0.04):
            text = f'({self.expr("int", 1)},\n{"    " * (self.indent + 2)}{text})'
            kind = 'tuple'
        if self.chance(0.05):
            self.line(f'{self.new_name(kind)} = {self.new_name(kind)} = {text}')
        else:
            self.line(f'{self.new_name(kind)} = {text}')

    def augment(self, depth):
        kind, sign = self.pick(('int', '+'), ('int', '-'), ('int', '*'), ('tuple', '+'), ('list', '+'), ('set', '|'), ('set', '&'), ('set', '-'),
                               ('frozenset', '|'), ('frozenset', '-'), ('str', '+'), ('int', '//'), ('set', '^'), ('dict', '|'), ('int', '%'))
        names = self.scope.of(kind)
        if not names:
            return self.assign(depth)
        other = self.pick(kind, kind, 'set' if 'set' in kind else kind, *ITERABLES[:2] if kind == 'list' else (kind,))
        self.line(f'{self.rng.choice(names)} {sign}= {self.expr(other, 2)}')

    def mutate(self, depth):
        kind = self.pick('list', 'set', 'dict', 'list')
        names = self.scope.of(kind)
        if not names:
            return self.assign(depth)
        name, e = self.rng.choice(names), lambda kind='int': self.expr(kind, 2)
        if kind == 'list':
            text = self.pick(f'append({e()})', f'append({e("any")})', f'extend({e(self.pick(*ITERABLES))})', f'sort(key={e("func")})', 'pop()',
                             f'insert({e()}, {e()})', f'remove({e()})', 'reverse()', f'pop({e()})', 'sort()')
        elif kind == 'set':
            text = self.pick(f'add({e()})', f'add({e("tuple")})', f'discard({e()})', f'remove({e()})', f'update({e(self.pick(*ITERABLES))})')
        else:
            text = self.pick(f'update({e("dict")})', f'setdefault({e()}, {e("any")})', f'pop({e()})', f'pop({e()}, {e()})')
        self.line(f'{name}.{text}' if self.chance(0.7) else f'{self.new_name("any")} = {name}.{text}')

    def delete(self, depth):
        names = self.scope.of('any') if self.in_function and self.chance(0.4) else []
        self.line(f'del {self.rng.choice(names)}' if names else f'{self.pick(*NAMES)} = {self.expr("any", 2)}')

    def store(self, depth):
        kind = self.pick('list', 'dict')
        names = self.scope.of(kind)
        if not names:
            return self.unpack(depth)
        sign = self.pick('=', '=', '+=')
        if kind == 'dict' and self.chance(0.2):
            return self.line(f'del {self.rng.choice(names)}[{self.expr("int", 1)}]')
        self.line(f'{self.rng.choice(names)}[{self.expr("int", 1)}] {sign} {self.expr("int", 2)}')

    def set_chain(self, depth):
        """Some sets, and operations on them that do not fail, one after the other."""
        names = self.rng.sample(NAMES, 3)
        for name in names:
            self.line(f'{name} = {self.new_set()}')
            self.scope.add(name, 'set')
        for _ in range(self.rng.randint(3, 10)):
            a, b, c = self.rng.choices(names, k=3)
            self.line(self.set_step().format(a=a, b=b, c=c))

    def new_set(self):
        n, m = self.pick(3, 8, 20, 60), self.pick(1, 3, 7, 16)
        return self.pick(self.constants(), f'frozenset({self.constants()})', f'{{q * {m} for q in range({n}) if q % 3}}',
                         f'frozenset((q, w) for q in range({m}) for w in range({self.pick(2, 5, 9)}))', f'frozenset(range({-m}, {n}, {self.pick(1, 2, 5)}))',
                         f'{{frozenset({{q, q + 1}}) for q in range({m})}}', f'set([(q % {m}, (q, -q)) for q in range({n})])')

    def set_step(self):
        key = self.pick('lambda q: small(q) % 3', 'lambda q: -small(q)', 'lambda q: frozenset({{small(q) & 3, small(q) & 6}})', 'small', 'lambda q: 0')
        order = self.pick('', ', reverse=True')
        return self.pick(
            '{a} = {b} | {c}', '{a} = {b} & {c}', '{a} = {b} - {c}', '{a} = {b} ^ {c}', '{a} |= {b}', '{a} &= {b}', '{a} -= {b}', '{a} ^= {b}',
            '{a} = {b}.union({c}, {a})', '{a} = {b}.union()', '{a} = frozenset({b})', '{a} = set({b})', '{a} = {b}.copy()',
            '{a} = type({b})(q for q in {c})', '{a} = type({a})(q for q in {b} if q not in {c})', '{a} = {{q for q in {b} for w in (1, 2)}}',
            '{a} = frozenset([*{b}, *{c}])', '{a} = {{*{b}, *{c}, 3}}', '{a} = frozenset({{frozenset({b}), frozenset({c})}})',
            '{a} = frozenset((q, small(q) & 3) for q in {b})', f'{{a}} = set(sorted({{b}}, key={key}{order})[:9])',
            f'{{a}} = {{b}} | {{{{max({{c}}, key={key}, default=0)}}}}', f'{{a}} = {{b}} - {{{{min({{c}}, key={key}, default=0)}}}}',
            '{a} = {b} - {c} | {a}', '{a} = set({b})\n' + '    ' * self.indent + f'{{a}}.add({self.pick("7", "(1, 1)", "-1", "True", "2.0")})')

    def unpack(self, depth):
        text = self.pick(lambda: self.expr('tuple', 2), lambda: f'{self.expr("int", 2)}, {self.expr("any", 2)}',
                         lambda: self.expr(self.pick(*ITERABLES), 2), lambda: self.expr('pairs', 2))()
        a, b, c = (self.new_name('int') for _ in range(3))
        target = self.pick(f'{a}, {b}', f'{a}, {b}', f'{a}, *{b}', f'({a}, {b}), {c}', f'*{a}, {b}', f'[{a}, {b}]', f'{a}, ({b}, *{c})')
        self.line(f'{target} = {text}')

    def if_(self, depth):
        self.line(f'if {self.expr("bool", 2)}:')
        self.block(depth - 1)
        if self.chance(0.3):
            self.line(f'elif {self.expr("bool", 2)}:')
            self.block(depth - 1)
        if self.chance(0.4):
            self.line('else:')
            self.block(depth - 1)

    def looped(self, depth):
        outer, self.loop = self.loop, True
        self.block(depth - 1)
        self.loop = outer
        if self.chance(0.2):
            self.line('else:')
            self.block(depth - 1)

    def for_(self, depth):
        text, kind = self.source(2)
        target, names = self.target(kind)
        self.line(f'for {target} in {text}:')
        for name in names:
            self.scope.add(*name)
        self.looped(depth)

    def while_(self, depth):
        count = f'n{self.rng.randrange(1000)}'
        self.line(f'{count} = 0')
        self.line(f'while {count} < {self.pick(2, 3, 5)}{self.pick("", " and " + self.expr("bool", 1))}:')
        self.indent += 1
        self.line(f'{count} += 1')
        self.indent -= 1
        self.looped(depth)

    def try_(self, depth):
        self.line('try:')
        self.block(depth - 1)
        if self.chance(0.08):
            self.line('finally:')
            return self.without_jumps(depth)
        for _ in range(self.pick(1, 1, 1, 2)):
            names = self.rng.sample(ERRORS, self.pick(1, 1, 2, 4))
            caught = names[0] if len(names) == 1 else f'({", ".join(names)})'
            if self.chance(0.15):
                self.line(f'except {caught} as error:')
                self.indent += 1
                self.line(f'{self.new_name("str")} = type(error).__name__')
                self.indent -= 1
                self.block(depth - 1, 2)
            else:
                self.line(f'except {caught}:')
                self.block(depth - 1, 2)
        if self.chance(0.2):
            self.line(self.pick('except Exception:', 'except:'))
            self.block(depth - 1, 2)
        if self.chance(0.2):
            self.line('else:')
            self.block(depth - 1, 2)

    def without_jumps(self, depth):
        outer, self.loop = self.loop, False
        self.block(0, 2)
        self.loop = outer

    def jump(self, depth):
        if self.loop and self.chance(0.6):
            self.line(f'if {self.expr("bool", 2)}:')
            self.indent += 1
            self.line(self.pick('break', 'continue'))
            self.indent -= 1
        elif self.chance(0.25):
            self.line(f'assert {self.expr("bool", 2)}{self.pick("", ", 1")}')
        elif self.chance(0.2):
            self.line(f'raise {self.pick(*ERRORS)}({self.pick("", "1")})' if self.chance(0.7) else f'raise {self.pick(*ERRORS)}')
        elif self.chance(0.3) and self.in_function:
            self.line(f'if {self.expr("bool", 2)}:')
            self.indent += 1
            self.line(f'return {self.expr("any", 2)}')
            self.indent -= 1
        else:
            self.assign(depth)

    def say(self, depth):
        """An expression for its effect."""
        self.line(self.pick(self.expr('any', 3), self.call_helper(2) if self.helpers else 'pass'))

    def parameters(self):
        """(text, names, whether there is a star) of a function. Defaults at module level must not raise."""
        count = self.rng.randrange(4)
        params = [f'p{k}' for k in range(count)]
        texts = list(params)
        if self.chance(0.3):
            for k in range(self.rng.randrange(count + 1), count):
                texts[k] = f'p{k}={self.expr("any", 1) if self.indent else self.leaf(self.pick(*KINDS[:-1]))}'
        star = self.chance(0.15)
        if star:
            texts.append('*rest')
            params.append('rest')
        return ', '.join(texts), params, star

    def def_(self, depth):
        name = f'f{self.rng.randrange(100)}'
        text, params, star = self.parameters()
        self.function(name, text, params, depth - 1, generator=self.chance(0.15))
        self.scope.add(name, 'func')

    def function(self, name, text, params, depth, generator=False):
        self.line(f'def {name}({text}):')
        outer = (self.scope, self.loop, self.in_function)
        self.scope, self.loop, self.in_function = Scope(self.scope), False, not generator
        if self.chance(0.7):
            self.bind_some()
        for param in params:
            self.scope.add(param, 'tuple' if param == 'rest' else self.pick('int', 'any', 'tuple'))
        if self.indent and self.chance(0.15):
            self.indent += 1
            self.line(f'nonlocal {self.pick(*NAMES)}')
            self.indent -= 1
        if self.stores_global and self.chance(0.2):
            self.indent += 1
            self.line('global counted')
            self.line('counted += 1')
            self.indent -= 1
        self.block(depth, 5)
        self.indent += 1
        if generator:
            self.line(f'yield {self.expr("any", 2)}')
            if self.chance(0.5):
                self.line(f'for i in {self.expr(self.pick(*ITERABLES), 2)}:')
                self.line('    yield i')
        else:
            names = sorted({name for name, _ in self.scope.names if not name.startswith('f')})
            self.line(f'return {self.pick(self.expr("any", 3), ", ".join(names[:4]) if len(names) > 1 else self.expr("any", 2))}')
        self.indent -= 1
        self.scope, self.loop, self.in_function = outer

    def module(self):
        self.lines.append(HEADER)
        for k in range(HELPERS):
            text, params, star = self.parameters()
            if self.compiles(lambda: self.function(f'helper_{k}', text, params, 1, generator=self.chance(0.1))):
                self.helpers.append((f'helper_{k}', len(params) - star, star))
        for k in range(FUNCTIONS):
            self.compiles(lambda: self.test(k))
        return '\n'.join(self.lines) + '\n'

    def compiles(self, write):
        """Write a function, unless CPython's compiler refuses it: names may turn out to be global too late, and such."""
        before = len(self.lines)
        write()
        try:
            with warnings.catch_warnings():
                warnings.simplefilter('ignore')
                compile('\n'.join(self.lines[before:]), 'function', 'exec')
        except SyntaxError:
            del self.lines[before:]
            return False
        self.lines += ['', '']
        return True

    def bind_some(self):
        self.indent += 1
        self.line(self.binding(3))
        self.indent -= 1

    def binding(self, count):
        """Simple values for some names, so that not everything ends with an unbound one."""
        names = self.rng.sample(NAMES, count)
        kinds = [self.pick(*KINDS[:-1]) for _ in names]
        text = f'{", ".join(names)} = {", ".join(map(self.leaf, kinds))}'
        for name, kind in zip(names, kinds):
            self.scope.add(name, kind)
        return text

    def test(self, k):
        """A function whose variables are all seen at its end."""
        self.line(f'def test_{k}():')
        self.scope, self.in_function = Scope(), True
        self.indent = 1
        for _ in range(self.pick(0, 1, 3, 3, 3)):
            self.line(self.binding(4))
        for _ in range(self.rng.randint(3, 8)):
            if self.chance(0.3):
                self.guarded()
            else:
                self.statement(3)
        names = sorted({name for name, _ in self.scope.names})
        for name in names if self.chance(0.8) else ():   # those that nothing bound on the way
            self.line(f'try:')
            self.line(f'    {name}')
            self.line(f'except UnboundLocalError:')
            self.line(f'    {name} = "unbound"')
        self.line(f'return {"".join(name + ", " for name in names)}counted')
        self.indent = 0
        self.scope, self.in_function = Scope(), False

    def guarded(self):
        """Statements that let the rest of the function go on."""
        self.line('try:')
        self.block(2)
        self.line('except Exception as error:')
        self.line(f'    {self.new_name("str")} = type(error).__name__')


def module(rng):
    """The text of a file with `test_*` functions."""
    return Writer(rng).module()
