"""CPython beside the containers of the runtime: python3 containers.py DRIVER [--seed N] [--count N] [--seconds N]

Makes random sequences of operations on sets, frozensets, tuples, lists and dicts, carries them out
here and in DRIVER (unit/container_driver.c), and compares the outcome of every operation: values
with their iteration order, hashes, exception classes, and of sets the whole table (counts, mask and
the column of hashes, read from the memory of this CPython, which must be a 64-bit 3.11).

Some sequences are carried out with run-time sharing, and some start from what DSL functions make of grids,
whose kernels leave the tables of sets to be made when they are looked at.
"""
import argparse
import collections
import ctypes
import gc
import operator
import os
import random
import struct
import subprocess
import sys
import time
import zlib

sys.path.append(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "dsl"))
import dsl  # noqa: E402

SHOWN = 40
MOST_VARIABLES = 200  # the driver has 256
MOST_SAID_AGAIN = 5  # items of a literal
SHARED = 0.3  # of the random sequences
BATCH = 500
WORD = ctypes.sizeof(ctypes.c_ssize_t)
HEADER = 2 * WORD  # reference count and type
SetFields = ctypes.c_ssize_t * 4  # fill, used, mask, table

COMPARISONS = {"<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
               "==": operator.eq, "!=": operator.ne}
BINARY = {"|": operator.or_, "&": operator.and_, "-": operator.sub, "^": operator.xor}
INPLACE = {"|": operator.ior, "&": operator.iand, "-": operator.isub, "^": operator.ixor}
KINDS = {"f": frozenset, "s": set}


# ---- showing, as the driver does ----

def show(v):
    t = type(v)
    if t is int:
        return str(v)
    if t is tuple:
        return "(" + "".join([show(x) + " " for x in v]) + ")"
    if t is frozenset or t is set:
        keys = "".join([show(x) + " " for x in v]) if len(v) <= SHOWN else ""
        return ("S{" if t is set else "F{") + keys + "}"
    if t is bool:
        return "T" if v else "F"
    if t is float:
        return "f%016x" % struct.unpack("<Q", struct.pack("<d", v))
    if t is list:
        return "[" + "".join([show(x) + " " for x in v]) + "]"
    if v is None:
        return "N"
    if t is range:
        return "?"
    return "D{" + "".join([show(k) + ":" + show(x) + " " for k, x in v.items()]) + "}"


def table(s):
    fill, used, mask, address = SetFields.from_address(id(s) + HEADER)
    memory = (ctypes.c_char * ((mask + 1) * 2 * WORD)).from_address(address)
    hashes = memoryview(memory).cast("B").cast("q")[1::2]
    return f" {used} {fill} {mask} {zlib.crc32(hashes.tobytes())}"


def whole(v):
    return show(v) + table(v) if isinstance(v, (set, frozenset)) else show(v)


def without_table(v):
    if not isinstance(v, (set, frozenset)):
        return "?" if isinstance(v, (tuple, list)) else show(v)
    fill, used, mask, _ = SetFields.from_address(id(v) + HEADER)
    return f"{used} {fill} {mask}"


# ---- literals ----

def literal(v):
    t = type(v)
    if t is int:
        return f"i{v}"
    if t is Var:
        return f"v{v.number}"
    if t is bool:
        return f"b{int(v)}"
    if t is float:
        return "f%016x" % struct.unpack("<Q", struct.pack("<d", v))
    if v is None:
        return "n"
    if t is range:
        return f"r i{v.start} i{v.stop} i{v.step}"
    return " ".join([f"{'t' if t is tuple else 'l'}{len(v)}"] + [literal(x) for x in v])


class Var:
    """A variable inside a literal."""

    def __init__(self, number):
        self.number = number


def resolve(v, variables):
    t = type(v)
    if t is Var:
        return variables[v.number]
    if t is tuple or t is list:
        return t([resolve(x, variables) for x in v])
    return v


# ---- operations: (line of the protocol, function of the variables that gives the line expected) ----

class NothingToPick(Exception):
    """No variable of the wanted type yet: the operation is left out."""


class Sequence:
    """Operations made one by one, each carried out at once."""

    def __init__(self, rng, shared=False):
        self.rng = rng
        self.variables = []
        self.lines = []
        self.expected = []
        self.shared = shared

    def of(self, *types):
        return [i for i, v in enumerate(self.variables) if type(v) in types]

    def pick(self, *types):
        found = self.of(*types)
        if not found:
            raise NothingToPick
        return self.rng.choice(found)

    def text(self):
        """As the driver reads it."""
        return "\n".join([*["share"] * self.shared, *self.lines, "end\n"])

    def new(self, line, make, whole=whole):
        """An operation whose value becomes a new variable; `{}` in line is its number."""
        self.lines.append(line.replace("{}", str(len(self.variables)), 1))
        try:
            value = make()
        except Exception as e:
            self.expected.append(type(e).__name__)
            self.variables.append(None)  # the driver leaves the variable unbound: not used again
            return None
        self.variables.append(value)
        self.expected.append(whole(value))
        return len(self.variables) - 1

    def act(self, line, act, shown=None):
        """An operation that changes variable `shown`, or that answers."""
        self.lines.append(line)
        try:
            answer = act()
        except Exception as e:
            self.expected.append(type(e).__name__)
            return
        if shown is not None:
            self.expected.append(whole(self.variables[shown]))
        elif isinstance(answer, bool):
            self.expected.append(str(int(answer)))
        elif type(answer) is int:
            self.expected.append(str(answer))
        else:
            self.expected.append(whole(answer))

    def put(self, value):
        """A literal, which may hold Var."""
        if isinstance(value, (tuple, list)) and len(value) > MOST_SAID_AGAIN:
            return self.put_quietly(value)
        return self.new(f"lit {{}} {literal(value)}", lambda: resolve(value, self.variables))

    def put_list(self, values):
        """A list of any length."""
        a = self.put(values[:2000])
        for start in range(2000, len(values), 2000):
            more = self.put(values[start:start + 2000])
            self.lines.append(f"quiet extend {a} {more}")
            self.variables[a].extend(self.variables[more])
            self.expected.append(without_table(self.variables[a]))
        return a

    def put_quietly(self, value):
        """A literal that is not shown: nothing new would be seen, and tables of sets in it need not be made."""
        return self.new(f"quiet lit {{}} {literal(value)}", lambda: resolve(value, self.variables), without_table)

    def identity(self, a, b):
        """Whether two are one object. With sharing that is mostly not asked, as all is then made again without."""
        if not self.shared or self.rng.random() < 0.1:
            self.act(f"is {a} {b}", lambda: self.variables[a] is self.variables[b])

    def show(self, number):
        """What it is now."""
        self.act(f"show {number}", lambda: None, number)


FLOATS = [0.0, -0.0, 1.0, -1.0, 0.5, 2.5, 1e300, -1e-300, 5e-324, float("inf"), float("-inf"),
          float(2**53), float(2**60), 123456.75, 1e18, 3.0, -7.0]
TOP = 2**60 - 1


def collider(rng):
    """Ints that meet in a table: equal low bits."""
    return rng.choice((-1, 1)) * (rng.randrange(4) + (rng.randrange(40) << rng.choice((3, 5, 7, 10, 20, 40, 50))))


SCALARS = [
    lambda r: r.randrange(12),
    lambda r: r.randrange(-6, 30),
    collider,
    lambda r: r.randint(-TOP, TOP),
    lambda r: r.choice((True, False, -1, -2, 0, 1, TOP, -TOP, 2**53, 2**53 + 1)),
    lambda r: r.choice(FLOATS),
]
TUPLES = [
    lambda r: (r.randrange(10), r.randrange(10)),
    lambda r: (r.randrange(-3, 31), r.randrange(-3, 31)),
    lambda r: (r.randrange(10), (r.randrange(30), r.randrange(30))),
    lambda r: tuple(r.randrange(3) for _ in range(r.randrange(4))),
    lambda r: (r.choice((1, True, 1.0)), r.choice((0, False, -0.0))),
    lambda r: (r.choice(FLOATS), collider(r)),
]


def maker(seq):
    """A source of elements in the style of this sequence."""
    rng = seq.rng
    style = rng.randrange(4)
    if style == 0:
        one = rng.choice(SCALARS)
    elif style == 1:
        one = rng.choice(TUPLES)
    else:
        choices = SCALARS + TUPLES

        def one(r):
            frozen = seq.of(frozenset)
            if style == 3 and frozen and r.random() < 0.4:
                var = Var(r.choice(frozen))
                return var if r.random() < 0.7 else (var, r.randrange(3))
            return r.choice(choices)(r)
    return lambda: one(rng)


def size(rng):
    return rng.choice((0, 1, 2, 3, 4, 5, 6, 8, 12, 13, 18, 19, 20, 30, 60, 80)) if rng.random() < 0.4 else rng.randrange(12)


def make_source(seq, element):
    """A tuple, list or range to fill sets from."""
    rng = seq.rng
    if rng.random() < 0.15:
        start = rng.randrange(-20, 20)
        return seq.put(range(start, start + rng.randrange(-5, 90), rng.choice((1, 2, 3, -1, 8, 32))))
    items = [element() for _ in range(size(rng))]
    if rng.random() < 0.03:
        items.insert(rng.randrange(len(items) + 1), [])  # unhashable: how far is it read?
    return seq.put(tuple(items) if rng.random() < 0.5 else items)


def make_set(seq, element):
    rng = seq.rng
    source = make_source(seq, element)
    kind = rng.choice("fs")
    if rng.random() < 0.7:
        return seq.new(f"from {{}} {kind} {source}", lambda: KINDS[kind](seq.variables[source]))
    keys = [seq.put(element()) for _ in range(rng.randrange(1, 10))]

    def fill():
        made = {seq.variables[keys[0]]}
        for k in keys[1:]:
            made.add(seq.variables[k])
        return made
    return seq.new(f"display {{}} s {len(keys)} " + " ".join(map(str, keys)), fill)


def element_or_unhashable(seq, element):
    """Mostly an element; at times one that is in the set already, or a list or set."""
    rng = seq.rng
    p = rng.random()
    unhashable = seq.of(set, list)
    if p < 0.03 and unhashable:  # no range: a short one hashes by the address of None
        return Var(rng.choice(unhashable))
    return element()


def some_key(seq, number, element):
    """A key for discarding: often one that is there (a scalar or tuple of them)."""
    value = seq.variables[number]
    if seq.rng.random() < 0.7 and value:
        for key in value:
            if type(key) in (int, float, bool) and seq.rng.random() < 0.3:
                return key
            if type(key) is tuple and all(type(x) in (int, float, bool) for x in key) and seq.rng.random() < 0.3:
                return key
    return element_or_unhashable(seq, element)


def op_make(seq, element):
    make_set(seq, element)


def op_from(seq, element):
    a = seq.pick(set, frozenset, tuple, list, dict, range, collections.Counter)
    kind = seq.rng.choice("fs")
    v = seq.variables
    n = seq.new(f"from {{}} {kind} {a}", lambda: KINDS[kind](v[a]))
    if n is not None:
        seq.identity(n, a)


def op_comprehension(seq, element):
    """A set filled from another in its order, which is what a comprehension over it does."""
    a = seq.pick(set, frozenset)
    if len(seq.variables[a]) > 1000:
        return
    v = seq.variables
    listed = seq.put([])
    seq.act(f"extend {listed} {a}", lambda: v[listed].extend(v[a]), listed)
    seq.new(f"from {{}} s {listed}", lambda: {x for x in v[a]})


def op_binary(seq, element):
    a, b = seq.pick(set, frozenset), seq.pick(set, frozenset)
    if seq.rng.random() < 0.04:
        b = seq.rng.randrange(len(seq.variables))
        if seq.variables[b] is None or isinstance(seq.variables[b], dict):
            return
    sign = seq.rng.choice("|&-^")
    v = seq.variables
    seq.new(f"bin {{}} {sign} {a} {b}", lambda: BINARY[sign](v[a], v[b]))


def op_inplace(seq, element):
    a, b = seq.pick(set, frozenset), seq.pick(set, frozenset)
    sign = seq.rng.choice("|&-^")
    v = seq.variables
    n = seq.new(f"inp {{}} {sign} {a} {b}", lambda: INPLACE[sign](v[a], v[b]))
    if n is not None:
        seq.identity(n, a)


def op_copy(seq, element):
    a = seq.pick(set, frozenset)
    v = seq.variables
    seq.new(f"copy {{}} {a}", lambda: v[a].union())


def op_add(seq, element):
    a = seq.pick(set)
    v = seq.variables
    for _ in range(seq.rng.choice((1, 2, 4, 9))):
        key = element_or_unhashable(seq, element)
        seq.act(f"add {a} {literal(key)}", lambda: v[a].add(resolve(key, v)), a)


def op_discard(seq, element):
    a = seq.pick(set)
    v = seq.variables
    for _ in range(seq.rng.choice((1, 2, 4, 9))):
        key = some_key(seq, a, element)
        seq.act(f"discard {a} {literal(key)}", lambda: v[a].discard(resolve(key, v)), a)


def op_churn(seq, element):
    """Adding and deleting by turns: deleted slots are used again."""
    a = seq.pick(set)
    if seq.rng.random() < 0.5:
        return
    v = seq.variables
    pool = [element() for _ in range(12)]
    for _ in range(30):
        key = seq.rng.choice(pool)
        if seq.rng.random() < 0.5:
            seq.act(f"add {a} {literal(key)}", lambda: v[a].add(resolve(key, v)), a)
        else:
            seq.act(f"discard {a} {literal(key)}", lambda: v[a].discard(resolve(key, v)), a)


def op_update(seq, element):
    a, b = seq.pick(set), seq.pick(set, frozenset, tuple, list, range, dict, collections.Counter)
    v = seq.variables
    seq.act(f"update {a} {b}", lambda: v[a].update(v[b]), a)


def op_method(seq, element):
    a = seq.pick(set, frozenset)
    others = [seq.pick(set, frozenset, tuple, list, range, dict, collections.Counter)
              for _ in range(seq.rng.choice((0, 1, 1, 2, 3)))]
    name, method = seq.rng.choice((("union", "union"), ("inter", "intersection"), ("diff", "difference")))
    v = seq.variables
    seq.new(f"{name} {{}} {a} {len(others)} " + " ".join(map(str, others)),
            lambda: getattr(v[a], method)(*[v[o] for o in others]))


def op_relation(seq, element):
    v = seq.variables
    a, b = seq.pick(set, frozenset), seq.pick(set, frozenset)
    for sign in COMPARISONS:
        seq.act(f"cmp {sign} {a} {b}", lambda: COMPARISONS[sign](v[a], v[b]))
    c = seq.pick(set, frozenset, tuple, list, dict)
    seq.act(f"disjoint {a} {c}", lambda: v[a].isdisjoint(v[c]))


def op_compare_any(seq, element):
    v = seq.variables
    values = [i for i, x in enumerate(v) if x is not None]
    a, b = seq.rng.choice(values), seq.rng.choice(values)
    sign = seq.rng.choice(list(COMPARISONS))
    seq.act(f"cmp {sign} {a} {b}", lambda: COMPARISONS[sign](v[a], v[b]))


def op_contains(seq, element):
    a = seq.pick(set, frozenset, tuple, list, dict, range)
    v = seq.variables
    key = element_or_unhashable(seq, element)
    seq.act(f"in {a} {literal(key)}", lambda: resolve(key, v) in v[a])


def op_hash(seq, element):
    values = [i for i, x in enumerate(seq.variables)  # short ranges hash by the address of None
              if x is not None and not (type(x) is range and len(x) < 2)]
    a = seq.rng.choice(values)
    seq.act(f"hash {a}", lambda: hash(seq.variables[a]))


def op_sort(seq, element):
    a = seq.pick(set, frozenset, tuple, list)
    reverse = seq.rng.randrange(2)
    v = seq.variables
    seq.new(f"sort {{}} {a} {reverse}", lambda: sorted(v[a], reverse=bool(reverse)))


def op_extreme(seq, element):
    """max and min of what may have only a partial order, or ties."""
    a = seq.pick(set, frozenset, tuple, list)
    v = seq.variables
    name = seq.rng.choice(("max", "min"))
    seq.new(f"{name} {{}} {a}", lambda: (max if name == "max" else min)(v[a]))


def op_generator(seq, element):
    """type(a)(generator): an element at a time into a new table."""
    keys = [seq.put(element()) for _ in range(seq.rng.randrange(1, 20))]
    v = seq.variables
    kind = seq.rng.choice("fs")
    seq.new(f"display {{}} {kind} {len(keys)} " + " ".join(map(str, keys)), lambda: KINDS[kind](v[k] for k in keys))


def delete(d, key):
    try:
        del d[key]
    except KeyError:
        return False
    return True


def op_dict(seq, element):
    v = seq.variables
    if not seq.of(dict) or seq.rng.random() < 0.3:
        seq.new("dict {}", dict)
    d = seq.pick(dict)
    for _ in range(seq.rng.choice((1, 5, 12))):
        key, value = element_or_unhashable(seq, element), seq.rng.randrange(5)
        if seq.rng.random() < 0.7:
            seq.act(f"dset {d} {literal(key)} i{value}", lambda: v[d].__setitem__(resolve(key, v), value), d)
        else:
            seq.act(f"ddel {d} {literal(key)}", lambda: delete(v[d], resolve(key, v)))
    other = seq.pick(dict)
    seq.act(f"dupdate {d} {other}", lambda: v[d].update(v[other]), d)


def op_counter(seq, element):
    a = seq.pick(set, frozenset, tuple, list, range, dict, collections.Counter)
    v = seq.variables
    c = seq.new(f"counter {{}} {a}", lambda: collections.Counter(v[a]))
    if c is not None:
        n = seq.rng.choice((None, 0, 1, 2, 5, 100, -1, True))
        seq.new(f"most {{}} {c} {literal(n)}", lambda: v[c].most_common(n))


def op_tuple(seq, element):
    v = seq.variables
    a, b = seq.pick(tuple), seq.pick(tuple, list)
    seq.new(f"concat {{}} {a} {b}", lambda: v[a] + v[b])
    times = seq.rng.choice((-1, 0, 1, 2, 3))
    n = seq.new(f"repeat {{}} {a} {times}", lambda: v[a] * times)
    seq.identity(n, a)
    parts = [seq.rng.choice((None, 0, 1, 2, -1, -3, 5, -20, 20, TOP, -TOP)) for _ in range(2)]
    parts.append(seq.rng.choice((None, 1, -1, 2, -2, 7, 0, True)))
    n = seq.new(f"slice {{}} {a} " + " ".join(literal(p) for p in parts), lambda: v[a][slice(*parts)])
    if n is not None:
        seq.identity(n, a)


OPERATIONS = [op_make, op_from, op_comprehension, op_binary, op_binary, op_binary, op_inplace, op_inplace,
              op_copy, op_add, op_add, op_discard, op_discard, op_churn, op_update, op_method, op_relation,
              op_compare_any, op_contains, op_hash, op_sort, op_extreme, op_generator, op_dict, op_counter, op_tuple]


def random_sequence(rng):
    seq = Sequence(rng, rng.random() < SHARED)
    element = maker(seq)
    make_set(seq, element)
    make_set(seq, element)
    for _ in range(rng.randrange(2, 14)):
        if len(seq.variables) > MOST_VARIABLES:
            break
        try:
            rng.choice(OPERATIONS)(seq, element)
        except NothingToPick:
            pass
    return seq


# ---- sequences of one kind ----

def sorting(rng):
    """Partial orders, ties, runs: what comes out depends on the comparisons made."""
    seq = Sequence(rng)
    n = rng.choice((2, 5, 20, 31, 63, 64, 65, 100, 129, 200, 300, 500, 700, 1100))
    style = rng.randrange(7)
    if style == 0:  # frozensets by inclusion
        top = rng.choice((3, 4, 6))
        sets = []
        for _ in range(rng.choice((5, 20, 60))):
            source = seq.put([x for x in range(top) if rng.random() < 0.6])
            sets.append(seq.new(f"from {{}} f {source}", lambda: frozenset(seq.variables[source])))
        items = [Var(rng.choice(sets)) for _ in range(n)]
    elif style == 1:
        items = [rng.randrange(rng.choice((2, 10, 1000))) for _ in range(n)]
    elif style == 2:  # long runs, some falling
        items = []
        while len(items) < n:
            start, step = rng.randrange(1000), rng.choice((1, 1, 2, -1, -3, 0))
            items += [start + step * i for i in range(rng.choice((3, 20, 70, 150)))]
    elif style == 3:  # ties that show: equal numbers of different types
        items = [rng.choice((0, False, 0.0, -0.0, 1, True, 1.0, 2, 2.0)) for _ in range(n)]
    elif style == 4:
        items = [(rng.randrange(3), rng.choice((rng.randrange(5), float(rng.randrange(5))))) for _ in range(n)]
    elif style == 5:  # no order at all around nan
        few = rng.choice((3, 20))
        items = [float("nan") if rng.randrange(few) == 0 else rng.randrange(n) for _ in range(n)]
        for start in range(0, n, 80):
            items[start:start + 50] = sorted(items[start:start + 50], reverse=rng.random() < 0.5)
    else:  # rarely something that cannot be compared
        items = [rng.randrange(50) for _ in range(n)]
        if rng.random() < 0.5:
            items[rng.randrange(n)] = (1,)
    a = seq.put(items)
    v = seq.variables
    seq.new(f"max {{}} {a}", lambda: max(v[a]))
    seq.new(f"min {{}} {a}", lambda: min(v[a]))
    reverse = rng.randrange(2)
    seq.new(f"sort {{}} {a} {reverse}", lambda: sorted(v[a], reverse=bool(reverse)))
    values = seq.put(list(range(len(items))))

    def by_keys():  # the list after list.sort(key=...), also after a failure
        keys = iter(v[a])
        v[values].sort(key=lambda _: next(keys), reverse=bool(reverse))
    seq.act(f"sortby {a} {values} {reverse}", by_keys, values)
    if seq.expected[-1] == "TypeError":
        seq.new(f"sort {{}} {values} 0", lambda: sorted(v[values]))
    return seq


def growing(rng):
    """Tables through all sizes: the larger ones only double."""
    seq = Sequence(rng)
    v = seq.variables
    most = rng.choice((200,) * 4 + (2000,) * 4 + (10000, 10000, 60000, 150000))
    step = rng.choice((1, 1, 3, 7, 8, 64, 1 << 20))
    n = rng.randrange(most)
    a = seq.put(range(0, n * step, step))
    s = seq.new(f"from {{}} s {a}", lambda: set(v[a]))
    start = rng.randrange(n * step + 1)
    b = seq.put(range(start, start + rng.randrange(most) * step, step))
    t = seq.new(f"from {{}} f {b}", lambda: frozenset(v[b]))
    for sign in "|&-^":
        seq.new(f"bin {{}} {sign} {s} {t}", lambda: BINARY[sign](v[s], v[t]))
    n = seq.new(f"inp {{}} - {s} {t}", lambda: operator.isub(v[s], v[t]))
    seq.act(f"update {n} {b}", lambda: v[n].update(v[b]), n)
    seq.new(f"copy {{}} {n}", lambda: v[n].copy())
    f = seq.new(f"from {{}} f {n}", lambda: frozenset(v[n]))
    seq.act(f"hash {f}", lambda: hash(v[f]))
    return seq


def distinct(rng, n):
    """n values that differ, in one of several styles: how they fall into a table."""
    style = rng.randrange(6)
    shift = rng.choice((3, 5, 7, 9, 11, 14, 20, 35))
    one = (lambda k: rng.randint(-TOP, TOP),                                # anywhere
           lambda k: -2 - k,                                                # negative, from where hashes differ
           lambda k: rng.choice((-1, 1)) * ((k // 8 << shift) + k % 8),     # meeting at the same slots
           lambda k: (k >> 5, k & 31),
           lambda k: (k % 10, (k // 10 % 40 - 5, k // 400 - 5)),
           lambda k: k + 0.5 if k & 1 else float(k << shift))[style]
    values = list(dict.fromkeys(one(k) for k in range(n)))
    if rng.random() < 0.5:
        rng.shuffle(values)
    return values


def grown(table, added):
    """Adds one by one; says where the table got another size."""
    fields = SetFields.from_address(id(table) + HEADER)
    said, mask = [], fields[2]
    for k, key in enumerate(added):
        table.add(key)
        if fields[2] != mask:
            mask = fields[2]
            said.append(f"{k}:{mask} ")
    return "".join(said)


def growing_one_by_one(rng):
    """Any keys, added one at a time up to 60,000; then deleted, copied and united with what was left out."""
    seq = Sequence(rng)
    v = seq.variables
    most = rng.choice((100,) * 5 + (1000,) * 5 + (4000, 9000, 20000, 60000))
    values = distinct(rng, rng.randrange(most))
    a = seq.put_list(values)
    s = seq.put([])
    s = seq.new(f"from {{}} s {s}", set)
    seq.lines.append(f"grow {s} {a}")
    seq.expected.append(grown(v[s], v[a]) + whole(v[s]))
    few = seq.put_list(rng.sample(values, rng.randrange(min(len(values), 5000) + 1)))
    f = seq.new(f"from {{}} f {few}", lambda: frozenset(v[few]))
    for key in rng.sample(values, min(len(values), 20)):
        seq.act(f"discard {s} {literal(key)}", lambda: v[s].discard(key), s)
    for sign in "|&-^":
        seq.new(f"bin {{}} {sign} {s} {f}", lambda: BINARY[sign](v[s], v[f]))
        seq.new(f"bin {{}} {sign} {f} {s}", lambda: BINARY[sign](v[f], v[s]))
    n = seq.new(f"inp {{}} - {s} {f}", lambda: operator.isub(v[s], v[f]))
    seq.act(f"update {n} {few}", lambda: v[n].update(v[few]), n)
    seq.new(f"from {{}} f {n}", lambda: frozenset(v[n]))
    return seq


# ---- what programs make of grids ----

def some_grid(rng):
    """Like those of tasks, some larger than tables of locations go."""
    h, w = (rng.choice((1, 2, 3, rng.randint(1, 12), rng.randint(1, 12), rng.randint(1, 30), rng.randint(1, 34))) for _ in range(2))
    colours = [0] + [rng.randrange(10) for _ in range(rng.randint(1, 3))]
    if rng.random() < 0.3:
        return tuple(tuple(colours[(i // 3 + j // 2) % len(colours)] for j in range(w)) for i in range(h))
    share = rng.random()
    return tuple(tuple(0 if rng.random() < share else rng.choice(colours) for _ in range(w)) for _ in range(h))


class Unmade:
    """A sequence of DSL calls whose sets are not looked at, among operations that look at some."""

    def __init__(self, rng):
        self.rng = rng
        self.seq = Sequence(rng, True)
        self.grids = [self.seq.put(some_grid(rng)) for _ in range(rng.randint(1, 2))]
        self.patches = {"locations": [], "cells": [], "cells of cells": []}  # cells of cells: tuples and frozensets of objects

    def value(self, number):
        return self.seq.variables[number]

    def kernel(self, name, *numbers, kind=None):
        """The call of a DSL function that has a kernel."""
        line = f"quiet kernel {{}} {name} {len(numbers)} {' '.join(map(str, numbers))}"
        return self.keep(self.seq.new(line, lambda: getattr(dsl, name)(*map(self.value, numbers)), without_table), kind)

    def keep(self, number, kind):
        value = None if number is None else self.value(number)
        if kind and isinstance(value, (frozenset, tuple)) and value:
            self.patches[kind].append(number)
        return number

    def any(self, *kinds):
        found = [(number, kind) for kind in kinds for number in self.patches[kind][-6:]]
        if not found:
            raise NothingToPick
        return self.rng.choice(found)

    # each of these is one step

    def of_grid(self):
        rng, put = self.rng, self.seq.put
        grid = rng.choice(self.grids)
        name = rng.choice(("f_ofcolor", "f_ofcolor", "asindices", "asobject", "objects", "objects", "partition", "fgpartition"))
        if name == "f_ofcolor":
            self.kernel(name, grid, put(rng.choice((0, 0, 1, rng.choice(rng.choice(self.value(grid)))))), kind="locations")
        elif name == "asindices":
            self.kernel(name, grid, kind="locations")
        elif name == "objects":
            self.kernel(name, grid, *[put(rng.random() < 0.5) for _ in range(3)], kind="cells of cells")
        else:
            self.kernel(name, grid, kind="cells" if name == "asobject" else "cells of cells")

    def of_patch(self):
        rng = self.rng
        number, kind = self.any("locations", "cells")
        name = rng.choice(("shift", "shift", "toindices", "recolour", "normalize", "backdrop", "box"))
        if name == "shift":
            to = self.seq.put((rng.randint(-4, 4), rng.randint(-4, 4)))
            self.kernel(name, number, to, kind=kind)
        elif name == "normalize":
            self.kernel(name, number, kind=kind)
        elif name == "recolour":
            name = "recolor_i" if kind == "locations" else "recolor_o"
            self.kernel(name, self.seq.put(rng.randrange(10)), number, kind="cells")
        else:
            self.kernel(name, number, kind="locations")

    def merge(self):
        number, _ = self.any("cells of cells")
        if isinstance(self.value(number), frozenset):
            self.kernel("merge", number, kind="cells")

    def gather(self):
        """Patches of one kind as the members of a tuple or frozenset."""
        _, kind = self.any("locations", "cells")
        chosen = tuple(Var(self.rng.choice(self.patches[kind])) for _ in range(self.rng.randint(1, 4)))
        outer = self.seq.put_quietly(chosen)
        if self.rng.random() < 0.7:
            outer = self.seq.new(f"quiet from {{}} f {outer}", lambda: frozenset(self.value(outer)), without_table)
        self.keep(outer, "cells of cells" if kind == "cells" else None)

    def filling(self, a, kind):
        """Literal keys that fill a copy of `a` as far as a table goes, or one more or less."""
        full = [(mask * 3 + 4) // 5 for mask in (7, 31, 127, 511)]
        wanted = [n + more - len(self.value(a)) for n in full for more in (-1, 0, 1)]
        wanted = [n for n in wanted if 0 < n < 100]
        if not wanted:
            raise NothingToPick
        n, i, j = self.rng.choice(wanted), self.rng.randrange(30), self.rng.randrange(30)
        at = [(i + k // 9, j + k % 9) for k in range(n)]
        keys = tuple(at) if kind == "locations" else tuple((x, y, self.rng.randrange(3)) for x, y in at)
        listed = self.seq.put_quietly(keys)
        return self.seq.new(f"quiet from {{}} f {listed}", lambda: frozenset(self.value(listed)), without_table)

    def combine(self):
        a, kind = self.any("locations", "cells")
        if self.rng.random() < 0.25:
            b, other = self.filling(a, kind), kind
        else:
            b, other = self.any(kind) if self.rng.random() < 0.9 else self.any("locations", "cells")
        if self.rng.random() < 0.3:
            return self.kernel(self.rng.choice(("combine", "difference")), a, b, kind=kind if kind == other else None)
        sign = self.rng.choice("|||&-^")
        made = self.seq.new(f"quiet bin {{}} {sign} {a} {b}", lambda: BINARY[sign](self.value(a), self.value(b)), without_table)
        return self.keep(made, kind if kind == other else None)

    def relatives(self):
        """A patch beside almost the same one."""
        a, kind = self.any("locations", "cells")
        seq, value = self.seq, self.value
        if self.rng.random() < 0.7:
            b = self.kernel("shift", a, seq.put(self.rng.choice(((0, 1), (1, 0), (0, -1), (0, 0), (0, 64), (0, 30)))), kind=kind)
        else:
            b = seq.new(f"quiet from {{}} s {a}", lambda: set(value(a)), without_table)
            if self.rng.random() < 0.5:
                copy = b
                b = seq.new(f"quiet from {{}} f {copy}", lambda: frozenset(value(copy)), without_table)
        for sign in self.rng.sample(list(COMPARISONS), 3):
            seq.act(f"cmp {sign} {a} {b}", lambda: COMPARISONS[sign](value(a), value(b)))
        seq.act(f"disjoint {a} {b}", lambda: value(a).isdisjoint(value(b)))

    def look(self):
        """What shows something of a set, or all of it."""
        a, kind = self.any("locations", "cells", "cells of cells")
        b, _ = self.any(kind)
        seq, value = self.seq, self.value
        form = self.rng.randrange(7)
        if form == 0:
            seq.act(f"hash {a}", lambda: hash(value(a)))
        elif form == 1:
            for sign in self.rng.sample(list(COMPARISONS), 2):
                seq.act(f"cmp {sign} {a} {b}", lambda: COMPARISONS[sign](value(a), value(b)))
        elif form == 2:
            n = self.rng.randrange(len(value(a)))
            if isinstance(value(a), frozenset) and kind == "cells of cells":
                self.keep(seq.new(f"quiet member {{}} {a} {n}", lambda: list(value(a))[n], without_table), "cells")
        elif form == 3:
            key = Var(self.any("cells")[0]) if kind == "cells of cells" else (self.rng.randrange(8), self.rng.randrange(8))
            seq.act(f"in {a} {literal(key)}", lambda: resolve(key, seq.variables) in value(a))
        elif form == 4 and isinstance(value(a), frozenset):
            seq.act(f"disjoint {a} {b}", lambda: value(a).isdisjoint(value(b)))
        elif form == 5 and len(value(a)) < 400:
            reverse = self.rng.randrange(2)
            seq.new(f"sort {{}} {a} {reverse}", lambda: sorted(value(a), reverse=bool(reverse)))
        elif form == 6 and len(value(a)) < 400:
            seq.new(f"max {{}} {a}", lambda: max(value(a)))

    def plain(self):
        """The operations of the other sequences."""
        op = self.rng.choice((op_binary, op_inplace, op_from, op_copy, op_add, op_update, op_method, op_comprehension))
        op(self.seq, lambda: (self.rng.randrange(12), self.rng.randrange(12)))

    STEPS = (of_grid, of_grid, of_patch, of_patch, of_patch, merge, gather, combine, combine, relatives, look, plain)

    def run(self):
        self.of_grid()
        for _ in range(self.rng.randrange(3, 14)):
            try:
                self.rng.choice(self.STEPS)(self)
            except NothingToPick:
                pass
        numbers = self.seq.of(set, frozenset)
        self.rng.shuffle(numbers)
        for number in numbers:
            self.seq.show(number)
        return self.seq


def cells(rng):
    """What the programs do most: sets of cells, their patches and objects."""
    seq = Sequence(rng)
    v = seq.variables
    h, w = rng.randrange(1, 31), rng.randrange(1, 31)
    made = []
    for _ in range(rng.randrange(2, 5)):
        density = rng.choice((0.05, 0.2, 0.5, 1.0))
        coloured = rng.random() < 0.5
        items = [(rng.randrange(10), (i, j)) if coloured else (i, j)
                 for i in range(h) for j in range(w) if rng.random() < density]
        a = seq.put(items)
        made.append(seq.new(f"from {{}} f {a}", lambda: frozenset(v[a])))
    for _ in range(rng.randrange(1, 8)):
        a, b = rng.choice(made), rng.choice(made)
        sign = rng.choice("|&-^")
        made.append(seq.new(f"bin {{}} {sign} {a} {b}", lambda: BINARY[sign](v[a], v[b])))
    outer = seq.put(tuple(Var(m) for m in made))
    f = seq.new(f"from {{}} f {outer}", lambda: frozenset(v[outer]))
    seq.act(f"hash {f}", lambda: hash(v[f]))
    a = rng.choice(made)
    seq.new(f"sort {{}} {a} 0", lambda: sorted(v[a]))
    return seq


def make_sequence(rng):
    p = rng.random()
    if p < 0.002:
        return growing(rng)
    if p < 0.008:
        return growing_one_by_one(rng)
    if p < 0.11:
        return sorting(rng)
    if p < 0.16:
        return cells(rng)
    if p < 0.35:
        return Unmade(rng).run()
    return random_sequence(rng)


# ---- running ----

def run_batch(driver, sequences):
    text = "".join([s.text() for s in sequences])
    done = subprocess.run([driver], input=text, capture_output=True, text=True)
    if done.returncode:
        sys.stderr.write(done.stderr[-4000:])
    outcomes = done.stdout.split("\nend\n")
    return outcomes + [""] * (len(sequences) - len(outcomes)), done.returncode


def report(number, seq, outcome):
    got = outcome.split("\n")
    for i, line in enumerate(seq.expected):
        other = got[i] if i < len(got) else "(nothing)"
        if line != other:
            print(f"sequence {number}, operation {i}: {seq.lines[i][:300]}")
            print(f"  python {line[:600]}\n  driver {other[:600]}")
            break


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("driver")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--first", type=int, default=0, help="number of the first sequence")
    parser.add_argument("--count", type=int, default=4000)
    parser.add_argument("--seconds", type=float, help="stop after this time even if fewer were made")
    args = parser.parse_args()
    if sys.implementation.name != "cpython" or sys.version_info[:2] != (3, 11):
        sys.exit("containers.py: needs CPython 3.11, whose tables it reads")
    passed = failed = 0
    start = time.monotonic()
    gc.disable()  # a third of the time
    end = args.first + args.count
    for first in range(args.first, end, BATCH):
        if args.seconds and time.monotonic() - start > args.seconds:
            break
        numbers = range(first, min(first + BATCH, end))
        sequences = [make_sequence(random.Random(f"{args.seed}/{n}")) for n in numbers]
        outcomes, code = run_batch(args.driver, sequences)
        for number, seq, outcome in zip(numbers, sequences, outcomes):
            if "\n".join(seq.expected) == outcome:
                passed += 1
            else:
                failed += 1
                if failed <= 5:
                    report(number, seq, outcome)
        if code:
            failed += 1
        del sequences, seq
        gc.collect()
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
