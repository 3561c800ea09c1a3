"""Functions of random operations on sets: what this writes is compiled, and run by Python too."""

import random
import sys

SIZES = (0, 1, 3, 4, 5, 6, 8, 12, 18, 19, 20, 25, 40, 60, 77, 80, 100, 150, 310)


class Frozen(tuple):
    """Items of a frozenset. (A display of constants is made in other ways by other versions of Python.)"""

    def __repr__(self):
        return f'frozenset({tuple(self)!r})'


def keys(rnd, n):
    """The text of a tuple of n keys of one kind."""
    kind = rnd.choice(('int', 'cell', 'pair', 'set', 'mixed'))

    def one():
        if kind == 'int':
            return rnd.choice((rnd.randrange(-5, 60), rnd.randrange(2000), 1 << 40, (1 << 40) + 32, 64, 128, -1, -2))
        if kind == 'cell':
            return rnd.randrange(10), (rnd.randrange(30), rnd.randrange(30))
        if kind == 'pair':
            return rnd.randrange(-2, 31), rnd.randrange(-2, 31)
        if kind == 'set':
            return Frozen((rnd.randrange(9), rnd.randrange(9)) for _ in range(rnd.randrange(1, 6)))
        return rnd.choice((True, 0.5, float(rnd.randrange(40)), rnd.randrange(40), (1, rnd.randrange(9) + 0.5)))
    return '(' + ''.join(f'{one()!r}, ' for _ in range(n)) + ')'


def statement(rnd, name, names, every):
    """Lines that give `name` a set made of others; `every`: by operations too whose tables no order of insertion may give."""
    size, a, b = rnd.choice(SIZES), rnd.choice(names or ['?']), rnd.choice(names or ['?'])
    forms = [f'{name} = frozenset({keys(rnd, size)})']
    if names:
        forms += [f'{name} = {a} {op} {b}' for op in '|&-'] + [
            f'{name} = {a} - frozenset(tuple({b})[:{rnd.randrange(1, 8)}])',
            f'{name} = frozenset(set({a}))',
            f'{name} = frozenset({{x for x in {a}}})',
            f'{name} = frozenset(list({a}) + list({b}))',
            f'{name} = {a}.union({b}, {keys(rnd, size)})',
            f'{name} = {a}.difference(list({b})[::2])',
            f'{name} = type({a})(x for x in {b})',
            f'{name} = set({a})\n    for x in list({name})[::{rnd.randrange(1, 4)}]:\n        {name}.discard(x)',
            f'{name} = set({a})\n    for x in {keys(rnd, size)}:\n        {name}.add(x)']
    if names and every:
        forms += [
            f'{name} = {a} ^ {b}',
            f'{name} = set({a}) ^ {b}',
            f'{name} = set({a})\n    {name} ^= set(list({b})[::2])',
            f'{name} = set({a})\n    for x in list({name}):\n        {name}.discard(x)\n        {name}.add((x, 1))']
    return rnd.choice(forms)


def function(rnd, number, every):
    """A function that makes sets one of another and returns all of them."""
    lines, names = [f'def case_{number}{"_every" * every}():'], []
    for i in range(rnd.randrange(3, 14)):
        lines.append('    ' + statement(rnd, f's{i}', names, every))
        names.append(f's{i}')
    return '\n'.join(lines + [f'    return ({", ".join(names)},)', '', '', ''])


def program(seed, count):
    """The text of a program of `count` functions."""
    rnd = random.Random(seed)
    return ''.join(function(rnd, i, i % 3 == 0) for i in range(count))


if __name__ == '__main__':
    sys.stdout.write(program(int(sys.argv[1]), int(sys.argv[2])))
