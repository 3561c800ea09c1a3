"""Calls of closures, and of functions that call them for each item, on arguments of the types that they want, as text.

What would make something as large as the numbers, or takes each of one patch with each of another, is left out: there is no bound to
what closures hand on.
"""

# What functions of a DSL take and give: a type by letter. i int, b bool, l location, p patch (a frozenset of locations or cells),
# g grid, s frozenset of patches, t tuple of patches. Some give now and then another: a bool among ints, an empty set.
SIGNATURES = {
    'p p': 'toindices normalize delta outbox backdrop box inbox hmirror vmirror dmirror cmirror identity',
    'p l': 'ulcorner urcorner llcorner lrcorner center shape shape_f first last',
    'p i': 'size uppermost lowermost leftmost rightmost height width height_f width_f color hperiod vperiod',
    'g p': 'asindices asobject', 'g g': 'hmirror vmirror rot90 rot180 hmirror_t vmirror_t dmirror_t cmirror_t compress identity',
    'g i': 'mostcolor leastcolor mostcolor_t leastcolor_t height width height_t width_t size', 'g s': 'partition fgpartition frontiers',
    'g l': 'first last shape shape_t', 's p': 'merge first last', 't p': 'first last', 's i': 'size', 't i': 'size', 's t': 'totuple',
    'i i': 'double halve increment decrement crement invert sign identity', 'l l': 'double halve increment decrement crement invert sign identity',
    'i b': 'even positive', 'b b': 'flip identity', 'i l': 'toivec tojvec', 'l p': 'neighbors dneighbors ineighbors vfrontier hfrontier initset',
    'l i': 'first last maximum minimum', 'p s': 'initset',
    'pp p': 'intersection difference combine', 'pl p': 'shift', 'lp p': 'insert remove', 'lp b': 'contained',
    'ps b': 'contained', 'ip p': 'recolor recolor_i recolor_o', 'si s': 'sizefilter colorfilter', 'ii b': 'equality greater', 'pp b': 'equality',
    'll b': 'equality', 'gg b': 'equality', 'bb b': 'both either equality', 'ii i': 'add subtract multiply', 'll l': 'add subtract',
    'li l': 'add', 'ii l': 'astuple', 'll p': 'connect', 'pg p': 'toobject', 'pg g': 'subgrid', 'gp g': 'paint underpaint',
    'gi p': 'f_ofcolor ofcolor', 'gp s': 'occurrences', 'ss s': 'combine difference intersection',
    'bi i': 'both either', 'ib i': 'both either', 'pb i': 'both', 'gip g': 'fill underfill', 'gii g': 'replace switch', 'bpp p': 'branch', 'bii i': 'branch', 'gll g': 'crop',
}
TYPES = 'iblpgst'
OVER_ITEMS = ('apply', 'mapply', 'sfilter', 'mfilter', 'argmax', 'argmin', 'valmax', 'valmin', 'extract', 'order', 'sfilter_f', 'sfilter_t', 'apply_t', 'mapply_t',
              'get_arg_rank', 'get_arg_rank_f', 'get_arg_rank_t', 'get_val_rank')

# Closures for which no kernels stand: those that change what they captured, so that nothing is shared in the whole file, and others.
TRACES = '''

def counting(seen):
    def count(q):
        seen.append(q)
        return len(seen)
    return count


def raising(f, most):
    seen = []

    def g(q):
        seen.append(q)
        if len(seen) > most:
            raise ValueError
        return f(q)
    return g
'''
HELPERS = '''

def picky(f, error):
    def g(q):
        v = f(q)
        if v in (2, 3, (0, 0), True, frozenset()):
            raise error
        return v
    return g


def lazily(f):
    return lambda q: [v for v in (f(x) for x in (q, q))][-1]


def deeper(f, levels):
    return lambda q: f(q) if levels == 0 else deeper(f, levels - 1)(q)
'''


class Typed:
    """Texts of closures and of items, out of the names that a DSL has."""

    def __init__(self, rng, values, names, traces):
        self.rng, self.values, self.traces = rng, values, traces
        self.over_items = [name for name in OVER_ITEMS if name in names]
        self.by = {}
        for types, listed in SIGNATURES.items():
            here = [name for name in listed.split() if name in names]
            if here:
                takes, gives = types.split()
                self.by.setdefault((takes, gives), []).extend(here)

    # ---- values ----

    def value(self, kind):
        r, values = self.rng, self.values
        if kind == 'p' and r.random() < 0.3:
            return values.made_patch()
        if kind in 'st':
            patches = ', '.join(self.value('p') for _ in range(r.randint(1, 4)))
            return f'frozenset([{patches}])' if kind == 's' else f'({patches},)'
        made = {'i': lambda: str(r.choice([0, 1, 2, 3, r.randint(-4, 12)])), 'b': lambda: r.choice(['True', 'False']),
                'l': lambda: f'near({values.loc()})', 'p': lambda: f'near({values.patch()})', 'g': values.grid}
        return made[kind]()

    def wanted(self, kind):
        """For a comparison: at times equal to a value of the type, but of another."""
        others = {'i': ['True', 'False', '1.0', '2.0', '-0.0'], 'b': ['0', '1', '1.0'], 'p': ['frozenset()'], 'l': ['(0.0, 0)', '(True, 1)']}
        return self.rng.choice(others[kind]) if self.rng.random() < 0.5 else self.value(kind)

    # ---- functions ----

    def direct(self, takes, gives):
        return self.rng.choice(self.by[takes, gives]) if (takes, gives) in self.by else None

    def ways(self, takes, gives):
        """The functions of two parameters that a function of one type is made of: (types, gives)."""
        return [types for types, result in self.by if len(types) == 2 and result == gives and takes in types]

    def closure(self, takes, gives, depth=2):
        """A function of one argument; None where none is known."""
        r = self.rng
        form = r.randrange(10) if depth else 0
        text = None
        if form < 2:
            text = self.direct(takes, gives)
        elif form < 4:
            text = self.composed(takes, gives, depth)
        elif form < 6:
            text = self.bound(takes, gives)
        elif form < 9:
            text = self.forked(takes, gives, depth)
        elif gives == 'b':
            kind = r.choice('iiblp')
            inner = self.closure(takes, kind, depth - 1)
            text = inner and f'matcher({inner}, {self.wanted(kind)})'
        elif self.traces and gives == 'i' and r.random() < 0.3:
            text = 'counting([])'
        elif r.random() < 0.2 or not self.traces:
            inner = self.closure(takes, gives, depth - 1)
            text = inner and self.without_kernel(inner)
        return text or self.direct(takes, gives) or (self.composed(takes, gives, depth) if depth else None)

    def without_kernel(self, inner):
        r = self.rng
        if self.traces:
            return f'raising({inner}, {r.randint(0, 3)})'
        return r.choice([f'picky({inner}, {r.choice(["ValueError", "StopIteration", "KeyError"])})', f'lazily({inner})',
                         f'deeper({inner}, {r.choice([0, 1, 5, 40, 300])})'])

    def composed(self, takes, gives, depth):
        r = self.rng
        for _ in range(6):
            middle = r.choice(TYPES)
            inner, outer = self.closure(takes, middle, depth - 1), self.closure(middle, gives, depth - 1)
            if inner and outer:
                last = self.direct(gives, gives)
                return f'chain({last}, {outer}, {inner})' if last and r.random() < 0.3 else f'compose({outer}, {inner})'
        return None

    def bound(self, takes, gives):
        """One argument of a function of two or three is left."""
        r = self.rng
        found = [types for types, result in self.by if len(types) in (2, 3) and result == gives and takes in (types[0], types[-1])]
        if not found:
            return None
        types = r.choice(found)
        text = r.choice(self.by[types, gives])
        from_left = types[-1] == takes and (types[0] != takes or r.random() < 0.5)
        while len(types) > 1:
            first = from_left if len(types) == 2 or r.random() < 0.8 else not from_left
            if len(types) == 3 and (types[-1 if first else 0] != takes):
                first = from_left
            fixed = self.value(types[0] if first else types[-1])
            text = f'{"lbind" if first else "rbind"}({text}, {fixed})'
            types = types[1:] if first else types[:-1]
        return text if types == takes else None

    def forked(self, takes, gives, depth):
        r = self.rng
        found = [types for types, result in self.by if len(types) == 2 and result == gives]
        if not found:
            return None
        types = r.choice(found)
        parts = [self.closure(takes, kind, depth - 1) for kind in types]
        return f'fork({r.choice(self.by[types, gives])}, {parts[0]}, {parts[1]})' if all(parts) else None

    def binary(self):
        """(text, types) of a closure of two arguments."""
        r = self.rng
        types, gives = r.choice([key for key in self.by if len(key[0]) == 3])
        name = r.choice(self.by[types, gives])
        if r.random() < 0.5:
            return f'rbind({name}, {self.value(types[2])})', types[:2]
        return f'lbind({name}, {self.value(types[0])})', types[1:]

    # ---- cells that meet ----

    def coloured(self):
        """A patch of cells, the more of them with a table that is still to be made."""
        r = self.rng
        recolours = self.by.get(('ip', 'p'), [])
        if recolours and r.random() < 0.5:
            patch = r.choice([f'asindices({self.values.grid()})', self.values.made_patch(), self.value('p')])
            return f'{r.choice(recolours)}({r.randrange(4)}, {patch})'
        return r.choice([f'asobject({self.values.grid()})', self.values.made_patch()])

    def meeting(self):
        """Several in one, of which some may differ in colour alone."""
        r = self.rng
        parts = [self.coloured()]
        while len(parts) < 2 or r.random() < 0.3:
            parts.append(f'shift({parts[0]}, ({r.randint(-1, 1)}, {r.randint(-1, 1)}))' if r.random() < 0.3 else self.coloured())
        listed = ', '.join(parts)
        return r.choice([f'merge(frozenset([{listed}]))', f'merge(frozenset([{listed}]))', f'combine({parts[0]}, {parts[1]})', f'{parts[0]} | {parts[1]}'])

    # ---- calls ----

    def items(self, kind, earlier):
        """A container of values of a type."""
        r = self.rng
        if kind == 'p' and earlier and r.random() < 0.5:
            return f'near({earlier})'
        if kind == 'p' and r.random() < 0.4:
            return f'{r.choice(["partition", "fgpartition"])}({self.values.grid()})'
        if kind == 'l' and r.random() < 0.6:
            return self.value('p') if r.random() < 0.5 else f'asindices({self.values.grid()})'
        items = ', '.join(self.value(kind) for _ in range(r.choice([0, 1, 2, 3, 3, 4, 6])))
        return r.choice(['({},)', 'frozenset([{}])']).format(items).replace('(,)', '()')

    def call(self, earlier):
        """A function over items, or a closure called, and what kind of value it gives, as RESULTS of kernels.py has it."""
        r = self.rng
        takes = r.choice('ilpppg')
        if r.random() < 0.2:
            return self.meeting(), 'patch'
        if r.random() < 0.15:
            text, types = self.binary()
            return f'{text}({self.value(types[0])}, {self.value(types[1])})', 'other'
        name = r.choice(self.over_items)
        gives = r.choice('ps') if name.startswith('mapply') else 'b' if 'filter' in name or name == 'extract' else r.choice('iiiibl') \
            if not name.startswith('apply') else r.choice('iblp')
        if name.startswith(('mapply', 'mfilter')):
            takes = r.choice('lppg')
        function = self.closure(takes, gives)
        if not function:
            return None
        if r.random() < 0.2:
            return f'({function})({self.value(takes)})', 'other'
        items = self.items(takes, earlier)
        arguments = f'{function}, {items}' if 'apply' in name else f'{items}, {function}'
        if 'rank' in name:
            arguments += f', {r.randint(-3, 3)}'
        return f'{name}({arguments})', 'patch' if name in ('mapply', 'mfilter') else 'objects' if name == 'apply' and gives == 'p' else 'other'
