#!/usr/bin/env python3
"""Write a batt file: candidate solvers with their common calls shared, and differs that score each of them.

    python3 bench/generate.py --dsl DIR --seed N [--candidates 32] [--ops N] [--variant standard] -o FILE.py

The same arguments give the same bytes. The DSL is read, not run: functions, annotations and constants
from dsl.py and constants.py. Candidates are grown backwards from a grid: an idiom (see idioms.py) or any DSL function
of the wanted type, then its arguments the same way, within a number of ops. All candidates then advance in turn, one
op a round, as the users' generator lets them; equal calls get the same variable, and each finished candidate is
followed by its differs. On the way every name is mutated with a small probability, so that wrong types, wrong
arities and calls of things that are no functions occur as they do in real files.

Variants: `standard` (= `five`), `three`, `exception` and `bare` are the handlers in use; `vectorized` has none, and
fewer of the mutations that would end it; `mixed` has all of them in one file, together with every other form of
statement and argument that is met in practice.
"""

import argparse
import ast
import collections
import functools
import hashlib
import os
import random
import re
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import idioms  # noqa: E402

PARAMETERS = ('S', 'I', 'C')
HANDLERS = {
    'five': 'except (TypeError, AttributeError, ValueError, IndexError, KeyError):',
    'three': 'except (TypeError, AttributeError, ValueError):',
    'exception': 'except Exception:',
    'bare': 'except:',
}
VARIANTS = ('standard', *HANDLERS, 'vectorized', 'mixed')

OPS_PER_SOLVER = 23.0   # a candidate's own ops on average, before sharing
REUSE = 0.30            # a hole takes a value that the candidate already has
LENGTH = 0.7            # how strongly a large budget prefers long idioms
LEAF = 0.25             # a function-valued hole takes a plain name
SLIP = 0.55             # after a shared call, later users name the newest variable instead
CALLEE_BIAS = 1.0       # a mutated DSL name at the callee becomes a variable rather than another function


# --- the DSL --------------------------------------------------------------------------------------

Signature = collections.namedtuple('Signature', 'parameters returns')


def annotation_text(node):
    if node is None:
        return 'Any'
    if isinstance(node, ast.Constant):
        return str(node.value)
    return ast.unparse(node)


def read_tree(path):
    with open(path) as file:
        return ast.parse(file.read(), path)


def signature_of(node):
    parameters = [(arg.arg, annotation_text(arg.annotation)) for arg in node.args.args]
    return Signature(parameters, annotation_text(node.returns))


class Dsl:
    """Names of a DSL folder: functions with signatures, constants by name, the modules that hold them."""

    def __init__(self, folder):
        self.functions, self.constants = {}, {}
        self.modules = [name for name in ('dsl', 'constants') if os.path.exists(os.path.join(folder, name + '.py'))]
        for module in self.modules:
            for node in read_tree(os.path.join(folder, module + '.py')).body:
                self.read(node)
        self.safe = os.path.exists(os.path.join(folder, 'safe_dsl.py'))

    def read(self, node):
        if isinstance(node, ast.FunctionDef) and not node.name.startswith('_'):
            self.functions[node.name] = signature_of(node)
        elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            self.bind(node.targets[0].id, node.value)

    def bind(self, name, node):
        if isinstance(node, ast.Name) and node.id in self.functions:
            self.functions[name] = self.functions[node.id]
        try:
            value = ast.literal_eval(node)
        except ValueError:
            return
        if isinstance(value, (int, tuple)):
            self.constants[name] = value

    def knows(self, name):
        return name in self.functions or name in self.constants or name in PARAMETERS


# --- idioms ---------------------------------------------------------------------------------------

class Idiom:
    """One piece of code with holes; `cost` counts its own ops, `total` those of the cheapest fillings too."""

    def __init__(self, text, weight):
        self.weight = weight
        code = '\n'.join(part.strip() for part in re.sub(r'@(\w+)', r'hole_\1', text).split(';'))
        self.body = ast.parse(code).body
        nodes = [node for statement in self.body for node in ast.walk(statement)]
        names = [node for node in nodes if isinstance(node, ast.Name)]
        bound = {node.id for node in names if isinstance(node.ctx, ast.Store)}
        self.holes = [node.id[5:] for node in names if node.id.startswith('hole_')]
        self.names = {node.id for node in names} - bound - {'hole_' + hole for hole in self.holes} - {'X'}
        self.cost = sum(isinstance(node, ast.Call) for node in nodes)
        self.total = None

    def fits(self, dsl):
        return all(dsl.knows(name) for name in self.names)


def parse_idioms(dsl):
    """(idioms by type, leaf names by type) that the DSL at hand can express."""
    by_type, leaves = collections.defaultdict(list), {}
    table = idioms.IDIOMS if 'o_g' in dsl.functions else idioms.IDIOMS + idioms.ORIGINAL
    for line in filter(None, table.splitlines()):
        head, text = line.split(': ', 1)
        kind, weight = head.split()
        if weight == 'leaf':
            leaves[kind] = [name for name in text.split() if name in dsl.functions]
            continue
        idiom = Idiom(text, float(weight))
        if idiom.fits(dsl):
            by_type[kind].append(idiom)
    return by_type, leaves


def hole_for(annotation):
    return idioms.HOLES.get(annotation, annotation)


RESULTS = {
    'Any': ('Object', 'Integer'), 'Container': ('Objects',), 'Tuple': ('Tuple', 'Grid'), 'Numerical': ('Integer', 'IJ'),
    'FrozenSet': ('Objects', 'Indices'), 'Patch': ('Object', 'Indices'), 'Samples': ('Samples',),
}


def functions_by_type(dsl, known):
    """Every function whose annotations say enough becomes an idiom of its return type."""
    by_type = collections.defaultdict(list)
    for name, signature in dsl.functions.items():
        holes = [hole_for(annotation) for _, annotation in signature.parameters]
        if name == 'power' or not holes or not all(hole in known for hole in holes):
            continue
        result = hole_for(signature.returns)
        arguments = ', '.join('S' if hole == 'Samples' else '@' + hole for hole in holes)
        for kind in RESULTS.get(signature.returns, (result,)):
            by_type[kind].append(Idiom(f'{name}({arguments})', 1.0))
    return by_type


def constant_choices(dsl):
    """Names and weights of the constants that may fill a hole of each type."""
    choices = {}
    for kind, text in idioms.CONSTANTS.items():
        parts = [word.partition('*') for word in text.split()]
        kept = [(name, float(weight or 1)) for name, _, weight in parts if name in dsl.constants]
        if kept:
            choices[kind] = tuple(zip(*kept))
    return choices


class Grammar:
    """What can fill a hole of each type, and how many ops that takes at least."""

    def __init__(self, dsl):
        self.constants = constant_choices(dsl)
        self.idioms, self.leaves = parse_idioms(dsl)
        free = {'Grid', 'Samples', *self.constants, *(kind for kind, names in self.leaves.items() if names)}
        self.known = free | set(self.idioms) | set(idioms.UNIONS)
        self.functions = functions_by_type(dsl, self.known)
        self.minimum = dict.fromkeys(free, 0)
        self.settle()
        self.unions = {kind: [member for member in members if member in self.minimum]
                       for kind, members in idioms.UNIONS.items()}

    def settle(self):
        """Fixed point of the least costs; what can never be filled is dropped."""
        changed = True
        while changed:
            changed = False
            for kind, members in idioms.UNIONS.items():
                changed |= self.lower(kind, [self.minimum.get(member) for member in members])
            for table in (self.idioms, self.functions):
                for kind, entries in table.items():
                    changed |= self.lower(kind, [self.total(entry) for entry in entries])
        for table in (self.idioms, self.functions):
            for kind, entries in table.items():
                table[kind] = [entry for entry in entries if self.total(entry) is not None]

    def total(self, idiom):
        least = [self.minimum.get(hole) for hole in idiom.holes]
        idiom.total = None if None in least else idiom.cost + sum(least)
        return idiom.total

    def appetite(self, kind):
        """How much of the ops to spend a hole asks for: functions most, constants hardly any."""
        if kind in self.constants:
            return idioms.COMPUTED.get(kind, 0)
        return idioms.APPETITE.get(kind, 1.8 if kind in self.leaves else 1.0)

    def lower(self, kind, costs):
        costs = [cost for cost in costs if cost is not None]
        if not costs or min(costs) >= self.minimum.get(kind, 1 << 30):
            return False
        self.minimum[kind] = min(costs)
        return True


# --- candidates -----------------------------------------------------------------------------------

class Chain:
    """Ops of one candidate. An op is (callee, arguments); an int names the value of an earlier op."""

    def __init__(self, rng, grammar, generic):
        self.rng, self.grammar, self.generic = rng, grammar, generic
        self.ops, self.index, self.values = [], {}, collections.defaultdict(list)

    def call(self, callee, arguments):
        op = (callee, tuple(arguments))
        if op not in self.index:
            self.index[op] = len(self.ops)
            self.ops.append(op)
        return self.index[op]

    def run(self, body, fill, names=None):
        """Lay down a piece of code; its value."""
        names, value = dict(names or {}), None
        for statement in body:
            value = self.expression(statement.value, fill, names)
            if isinstance(statement, ast.Assign):
                names[statement.targets[0].id] = value
        return value

    def expression(self, node, fill, names):
        if isinstance(node, ast.Name):
            if node.id.startswith('hole_'):
                return fill(node.id[5:])
            return names.get(node.id, node.id)
        callee = self.expression(node.func, fill, names)
        return self.call(callee, [self.expression(argument, fill, names) for argument in node.args])

    def fill(self, kind, budget):
        """A value of the type, in about `budget` ops."""
        rng, grammar = self.rng, self.grammar
        if kind in grammar.unions:
            kind = rng.choice(grammar.unions[kind])
        if kind == 'Samples':
            return 'S'
        if kind in grammar.constants and not (budget >= 1 and grammar.idioms.get(kind)
                                              and rng.random() < idioms.COMPUTED.get(kind, 0)):
            return rng.choices(*grammar.constants[kind])[0]
        if kind == 'Grid' and budget < 1:
            return 'I' if not self.values['Grid'] or rng.random() < 0.8 else rng.choice(self.values['Grid'])
        if self.values[kind] and rng.random() < (REUSE if budget < 4 else REUSE / 4):
            return rng.choice(self.values[kind][-4:])
        growable = grammar.idioms.get(kind) or grammar.functions.get(kind)
        if grammar.leaves.get(kind) and (budget < 1 or not growable or rng.random() < LEAF / max(1, budget - 1)):
            return rng.choice(grammar.leaves[kind])
        return self.grow(kind, budget)

    def grow(self, kind, budget):
        idiom = self.choose(kind, budget)
        shares = [self.rng.random() * self.grammar.appetite(hole) for hole in idiom.holes]
        spare, whole = max(0, budget - idiom.total), sum(shares) or 1.0
        budgets = collections.deque(self.grammar.minimum[hole] + round(spare * share / whole)
                                    for hole, share in zip(idiom.holes, shares))
        value = self.run(idiom.body, lambda hole: self.fill(hole, budgets.popleft()))
        if isinstance(value, int):
            self.values[kind].append(value)
        return value

    def choose(self, kind, budget):
        entries = self.grammar.idioms.get(kind, [])
        plain = self.grammar.functions.get(kind, [])
        if plain and (not entries or self.rng.random() < self.generic):
            entries = plain
        fitting = [entry for entry in entries if entry.total <= budget]
        if not fitting:
            least = min(entry.total for entry in entries)
            fitting = [entry for entry in entries if entry.total == least]
        weights = [entry.weight * min(entry.total, budget / 2) ** LENGTH if budget > 2 else entry.weight
                   for entry in fitting]
        return self.rng.choices(fitting, weights)[0]


def candidate(rng, grammar, size, generic):
    """Ops of one solver; the last one is its answer, a grid."""
    chain = Chain(rng, grammar, generic)
    answer = chain.grow('Grid', size)
    while not isinstance(answer, int):
        answer = chain.grow('Grid', size)
    return chain.ops[:answer + 1]


Differ = collections.namedtuple('Differ', 'name body')


def parse_differs(dsl):
    differs = []
    for text in re.split(r'^\S.*:$', idioms.DIFFERS, flags=re.M)[1:]:
        for alternative in text.split('\n  | '):
            idiom = Idiom(alternative, 1.0)
            if idiom.fits(dsl):
                digest = hashlib.md5(alternative.encode()).hexdigest()
                differs.append(Differ('differ_' + digest, idiom.body))
                break
    return differs


# --- mutation -------------------------------------------------------------------------------------

class Mutator:
    """Replaces names by others of the same sort, or by the wrong sort, with a small probability; a tame one leaves
    callees what they are, for files without handlers, which end at the first call of something else."""

    def __init__(self, rng, dsl, rate, tame):
        self.rng, self.dsl, self.rate, self.tame = rng, dsl, rate, tame
        self.by_arity = collections.defaultdict(list)
        for name, signature in dsl.functions.items():
            self.by_arity[len(signature.parameters)].append(name)
        self.sorts = collections.defaultdict(list)
        for name, value in dsl.constants.items():
            self.sorts[self.sort(name, value)].append(name)

    @staticmethod
    def sort(name, value):
        if isinstance(value, tuple):
            return 'pair'
        letter = re.fullmatch(r'([A-Z])\d+', name)
        return letter[1] if letter else type(value).__name__

    def name(self, old, newest, variable, is_callee):
        if self.rng.random() >= self.rate:
            return old
        if isinstance(old, int) and not (is_callee and self.tame):
            return self.any_variable(newest, variable, old)
        if is_callee and not self.tame and self.rng.random() < CALLEE_BIAS:
            return self.any_variable(newest, variable, old)
        if old in self.dsl.functions:
            return self.rng.choice(self.by_arity[len(self.dsl.functions[old].parameters)])
        if old in self.dsl.constants:
            return self.constant(self.sorts[self.sort(old, self.dsl.constants[old])], old)
        return old

    def constant(self, names, old):
        """One of the names, but none that `from dsl import *` leaves out."""
        chosen = self.rng.choice(names)
        return old if chosen.startswith('_') else chosen

    def any_variable(self, newest, variable, old):
        """Mostly another variable, newer ones more often; at times a constant."""
        if isinstance(old, int) and self.rng.random() < 0.35:
            return self.constant(self.sorts['pair'] + self.sorts['int'], old)
        if newest < 1:
            return old
        return variable(1 + int(newest * self.rng.random() ** 0.5 * 0.999))


# --- text -----------------------------------------------------------------------------------------

class Plain:
    """Ops and results in the one form of a variant."""

    prefix = 't'

    def __init__(self, dsl, rng, handler):
        self.dsl, self.rng, self.handler = dsl, rng, handler

    def call(self, callee, arguments):
        return f'{callee}({", ".join(arguments)})'

    def handler_of(self, callee, is_plain):
        return self.handler

    def op(self, target, callee, arguments):
        value = self.call(callee, arguments)
        handler = self.handler_of(callee, value == Plain.call(self, callee, arguments))
        if handler is None:
            return [f'    {target} = {value}']
        default = f'_get_safe_default({callee})' if self.dsl.safe else '()'
        return ['    try:', f'        {target} = {value}', f'    {handler}', f'        {target} = {default}']

    def score(self, number, task, differ, target):
        return f"    s.append(({number}, '{task}', '{differ}', {target}))"

    def answer(self, number, mutated, task, target):
        return f"    o.append(({number}, {mutated}, '{task}', {target}))"

    def note(self, old, new):
        return [f'    # mutated: {old} -> {new}']

    def head(self):
        return []

    def last(self):
        return '    return o, s'


class Mixed(Plain):
    """Every form in use, chosen anew for each op."""

    def __init__(self, dsl, rng):
        super().__init__(dsl, rng, None)
        self.prefix = rng.choice(['x', 'v_', 'value', 'T'])
        self.swapped = rng.random() < 0.5

    def chance(self, probability):
        return self.rng.random() < probability

    def handler_of(self, callee, is_plain):
        if is_plain and callee in self.dsl.functions and self.dsl.safe and self.chance(0.3):
            return None     # the guard of the DSL function keeps the file going
        kinds = list(HANDLERS) if is_plain else ['five', 'exception', 'bare']   # `three` lets an IndexError out
        return HANDLERS[self.rng.choice(kinds)]

    def call(self, callee, arguments):
        signature = self.dsl.functions.get(callee)
        if callee in ('get_nth_t', 'first', 'get_nth_f') and self.chance(0.08):
            return f'{arguments[0]}[{arguments[1] if len(arguments) > 1 else 0}]'
        if callee == 'astuple' and self.chance(0.2):
            return self.rng.choice(['({})', '[{}]']).format(', '.join(arguments))
        arguments = [self.argument(argument) for argument in arguments]
        if signature and len(signature.parameters) == len(arguments) and self.chance(0.1):
            first = self.rng.randrange(len(arguments))
            names = [name for name, _ in signature.parameters]
            arguments[first:] = [f'{name}={value}' for name, value in zip(names[first:], arguments[first:])]
        if signature and self.chance(0.01):
            return f'(lambda *rest: {callee}(*rest))({", ".join(arguments)})'
        return super().call(callee, arguments)

    def argument(self, text):
        if text in self.dsl.constants and self.chance(0.15):
            return repr(self.dsl.constants[text])
        if text in self.dsl.functions and len(self.dsl.functions[text].parameters) == 1 and self.chance(0.15):
            return f'lambda x: {text}(x)'
        if text == 'I' and self.chance(0.03):
            return self.rng.choice(['S[0][0]', 'S[-1][1]', 'I[::-1]'])
        if text.startswith(self.prefix) and self.chance(0.02):
            return self.rng.choice(['[*{}]', '[{0}, {0}]', '({0},)']).format(text)
        return text

    def op(self, target, callee, arguments):
        remark = [f'    # {target}: {callee} of {len(arguments)}'] if self.chance(0.1) else []
        return remark + super().op(target, callee, arguments)

    def score(self, number, task, differ, target):
        if self.chance(0.05):
            return f"    s.append(('{differ}', {target}))"
        return super().score(number, task, differ, target)

    def answer(self, number, mutated, task, target):
        if self.chance(0.1):
            return f"    o.append(({number}, {mutated}, False, '{task}', {target}))"
        return super().answer(number, mutated, task, target)

    def head(self):
        return ['    """Candidates and their scores.', '', '    Written by a program."""']

    def last(self):
        return '    return s, o' if self.swapped else '    return o, s'


# --- the file -------------------------------------------------------------------------------------

class Progress:
    """How far one candidate has been written: its ops so far and the variables that they got."""

    def __init__(self, task, ops):
        self.task, self.ops, self.variables = task, ops, []

    def done(self):
        return len(self.variables) == len(self.ops)


class Writer:
    """Numbers ops, shares equal calls, mutates, and collects the lines of the file."""

    def __init__(self, rng, style, mutator, slip):
        self.rng, self.style, self.mutator, self.slip = rng, style, mutator, slip
        self.lines, self.number, self.shared = [], 0, {}

    def variable(self, number):
        return f'{self.style.prefix}{number}'

    def resolve(self, name, variables):
        return variables[name] if isinstance(name, int) else name

    def write(self, op, variables, mutate):
        """Write one op unless an equal call has been written; its variable's number and whether it mutated."""
        key = tuple(self.resolve(name, variables) for name in (op[0], *op[1]))
        if key in self.shared:
            return self.shared[key], False
        written = list(key)
        if mutate:
            written = [new if new != name else text for name, text, new in self.mutations(op, key)]
        self.number += 1
        self.shared[key] = self.number
        for old, new in zip(key, written):
            if old != new:
                self.lines += self.style.note(old, new)
        self.lines += self.style.op(self.variable(self.number), written[0], written[1:])
        return self.number, written != list(key)

    def mutations(self, op, key):
        for position, (name, text) in enumerate(zip((op[0], *op[1]), key)):
            yield name, text, self.mutator.name(name, self.number, self.variable, position == 0)

    def differ(self, differ, task, grid, mutate):
        chain = Chain(self.rng, None, 0)
        chain.run(differ.body, None, {'X': grid})
        variables = []
        for op in chain.ops:
            number, _ = self.write(op, variables, mutate)
            variables.append(self.variable(number))
        self.lines.append(self.style.score(number, task, differ.name, variables[-1]))

    def advance(self, progress):
        """Write the next op of a candidate; its number and whether it mutated."""
        before = self.number
        number, mutated = self.write(progress.ops[len(progress.variables)], progress.variables, True)
        slipped = number <= before and not progress_ends(progress) and self.rng.random() < self.slip
        progress.variables.append(self.variable(self.number if slipped else number))
        return number, mutated

    def candidates(self, all_progress, differs):
        waiting = list(all_progress)
        while waiting:
            for progress in waiting:
                number, mutated = self.advance(progress)
                if progress.done():
                    target = self.variable(number)
                    self.lines.append(self.style.answer(number, mutated, progress.task, target))
                    for differ in differs:
                        self.differ(differ, progress.task, target, False)
            waiting = [progress for progress in waiting if not progress.done()]

    def batch_call(self):
        """The four values that old files take from one call on all samples."""
        a, b, c, d = (self.variable(self.number + step) for step in range(1, 5))
        calls = (('apply', 'first', 'S'), ('apply', 'second', 'S'), ('mapply', 'p_g', a), ('mapply', 'p_g', b))
        for call in calls:
            self.number += 1
            self.shared[call] = self.number
        self.lines.append(f'    {a}, {b}, {c}, {d} = batch_process_samples_gpu(S)')


def progress_ends(progress):
    return len(progress.variables) + 1 == len(progress.ops)


def sizes(rng, candidates, mean):
    """Most solvers are short, some are long."""
    return [max(2, round(rng.gammavariate(2.2, mean / 2.2))) for _ in range(candidates)]


def style_for(dsl, rng, variant):
    if variant == 'mixed':
        return Mixed(dsl, rng)
    return Plain(dsl, rng, HANDLERS.get('five' if variant == 'standard' else variant))


@functools.lru_cache(None)
def read_dsl(folder):
    dsl = Dsl(folder)
    return dsl, Grammar(dsl), parse_differs(dsl)


def imports(dsl, batch):
    lines = [f'from {module} import *' for module in dsl.modules]
    if dsl.safe:
        lines.append('from safe_dsl import _get_safe_default')
    if batch:
        lines.append('from batt_gpu import batch_process_samples_gpu')
    return lines


def write_file(options, mean, candidates):
    """The text of the file and its number of ops."""
    dsl, grammar, differs = read_dsl(options.dsl)
    rng = random.Random(options.seed)
    tame = options.variant == 'vectorized'
    slip = 0.0 if tame else options.slip
    style = style_for(dsl, rng, options.variant)
    writer = Writer(rng, style, Mutator(rng, dsl, options.mutation, tame), slip)
    solvers = [Progress(f'{rng.getrandbits(32):08x}', candidate(rng, grammar, size, options.generic))
               for size in sizes(rng, candidates, mean)]
    for differ in differs:
        writer.differ(differ, 'None', 'I', True)
    if options.batch:
        writer.batch_call()
    writer.candidates(solvers, differs)
    head = [f'# Generated by bench/generate.py, seed {options.seed}', '', *imports(dsl, options.batch), '', '',
            'def batt(task_id, S, I, C, log_path):', *style.head(), '    s = []', '    o = []']
    return '\n'.join([*head, *writer.lines, style.last(), '']), writer.number


def generate(options):
    """The text of a batt file; with --ops, of the best size among a few tries."""
    candidates, mean = options.candidates, OPS_PER_SOLVER
    if options.ops is None:
        return write_file(options, mean, candidates or 32)[0]
    candidates = candidates or max(1, round((options.ops - 39) / 45.5))   # 39 score the input itself
    best = None
    for _ in range(6):
        text, ops = write_file(options, mean, candidates)
        if best is None or abs(ops - options.ops) < abs(best[1] - options.ops):
            best = (text, ops)
        mean = max(2.0, mean + (options.ops - ops) / candidates)
    return best[0]


def parse_options(arguments=None):
    parser = argparse.ArgumentParser(description='Write a batt file.')
    parser.add_argument('--dsl', required=True, help='folder of dsl.py and constants.py')
    parser.add_argument('--seed', type=int, default=1)
    parser.add_argument('--candidates', type=int, help='solvers (default 32, or what --ops needs)')
    parser.add_argument('--ops', type=int, help='wanted number of ops, met within a few percent')
    parser.add_argument('--variant', choices=VARIANTS, default='standard')
    parser.add_argument('--mutation', type=float, default=0.01, help='probability that a name is mutated')
    parser.add_argument('--slip', type=float, default=SLIP, help='probability of a wrong name after a shared call')
    parser.add_argument('--generic', type=float, default=0.03,
                        help='share of steps that use any function of the right type; 1 reaches the whole DSL')
    parser.add_argument('--batch', action='store_true', help='take sample values from batch_process_samples_gpu(S)')
    parser.add_argument('-o', dest='output', default='-', help='file to write (default: standard output)')
    return parser.parse_args(arguments)


def main():
    options = parse_options()
    text = generate(options)
    if options.output == '-':
        sys.stdout.write(text)
    else:
        with open(options.output, 'w') as file:
            file.write(text)


if __name__ == '__main__':
    main()
