"""The smallest program that still shows something: `reduce(text, shows)`.

Works on the syntax tree: statements are left out, blocks take the place of what holds them, expressions become one
of their parts or a small constant, for as long as `shows(text)` stays true.
"""

import ast
import copy
import time
import warnings

SMALL = ('0', '()', '1')
BODIES = ('body', 'orelse', 'finalbody', 'handlers')


def parse(text):
    with warnings.catch_warnings():
        warnings.simplefilter('ignore')
        tree = ast.parse(text)
        compile(text, 'reduced', 'exec')
    return tree


def blocks(tree):
    """(node, field) of every list of statements, outer ones first."""
    return [(node, field) for node in ast.walk(tree) for field in BODIES
            if isinstance(getattr(node, field, None), list) and getattr(node, field)]


def fields(tree):
    """(node, field, index or None) of every expression."""
    places = []
    for node in ast.walk(tree):
        for field, value in ast.iter_fields(node):
            if isinstance(value, ast.expr):
                places.append((node, field, None))
            elif isinstance(value, list):
                places += [(node, field, k) for k, item in enumerate(value) if isinstance(item, ast.expr)]
    return places


def put(node, field, index, value):
    if index is None:
        setattr(node, field, value)
    else:
        getattr(node, field)[index] = value


def expression_at(node, field, index):
    value = getattr(node, field, None)
    if index is None:
        return value
    return value[index] if isinstance(value, list) and index < len(value) else None


class Reducer:
    """The text so far, and how much effort is left."""

    def __init__(self, text, shows, seconds):
        self.text, self.shows, self.until = text, shows, time.monotonic() + seconds
        self.tried = set()

    def attempt(self, tree):
        """Keep a changed tree if it still shows the thing."""
        try:
            text = ast.unparse(ast.fix_missing_locations(tree))
            parse(text)
        except (SyntaxError, ValueError, AttributeError, TypeError, RecursionError):
            return False
        if text == self.text or text in self.tried or time.monotonic() > self.until:
            return False
        self.tried.add(text)
        if len(text) > len(self.text) + 20 or not self.shows(text):
            return False
        self.text = text
        return True

    def changed(self, change):
        """A copy of the tree with one change."""
        tree = parse(self.text)
        return tree if change(tree) else None

    def statements(self):
        """Leave statements out, in large pieces and then one by one."""
        any_change = False
        number = 0
        while number < len(blocks(parse(self.text))) and time.monotonic() < self.until:
            size = max(1, self.length(number) // 2)
            while size:
                at = 0
                while at < self.length(number):
                    if self.attempt(self.without(number, at, size)):
                        any_change = True
                    else:
                        at += size
                size //= 2
            number += 1
        return any_change

    def length(self, number):
        found = blocks(parse(self.text))
        return len(getattr(*found[number])) if number < len(found) else 0

    def without(self, number, at, size):
        tree = parse(self.text)
        node, field = blocks(tree)[number]
        del getattr(node, field)[at:at + size]
        if not getattr(node, field) and field == 'body' and not isinstance(node, ast.Module):
            node.body = [ast.Pass()]
        return tree

    def unwrap(self):
        """Put the statements of a block where its statement is."""
        any_change, number = False, 0
        while number < len(blocks(parse(self.text))):
            for at in range(self.length(number)):
                for inner in BODIES[:3]:
                    tree = parse(self.text)
                    node, field = blocks(tree)[number]
                    statements = getattr(node, field)
                    body = getattr(statements[at], inner, None) if at < len(statements) else None
                    if isinstance(body, list) and body and not isinstance(statements[at], ast.FunctionDef):
                        statements[at:at + 1] = body
                        any_change |= self.attempt(tree)
            number += 1
        return any_change

    def expressions(self):
        """Make expressions smaller: a part in place of the whole, or a constant; elements left out."""
        any_change, number = False, 0
        while number < len(fields(parse(self.text))) and time.monotonic() < self.until:
            if not self.smaller(number):
                number += 1
            else:
                any_change = True
        return any_change

    def smaller(self, number):
        tree = parse(self.text)
        place = fields(tree)[number]
        whole = expression_at(*place)
        if isinstance(whole, (ast.Name, ast.Constant)) and ast.unparse(whole) in SMALL:
            return False
        parts = [node for node in ast.walk(whole) if isinstance(node, ast.expr) and node is not whole]
        for new in [*[ast.parse(text, mode='eval').body for text in SMALL], *parts[:12]]:
            put(*place, new)
            if self.attempt(copy.deepcopy(tree)):
                return True
        put(*place, whole)
        if place[2] is not None:
            del getattr(place[0], place[1])[place[2]]
            return self.attempt(tree)
        return False

    def run(self):
        while time.monotonic() < self.until:
            if not (self.statements() | self.unwrap() | self.expressions()):
                break
        return self.text


def reduce(text, shows, seconds=60):
    """The text, made smaller for some seconds; `shows` must hold for it."""
    return Reducer(text, shows, seconds).run()
