"""Imported inside functions only."""
LAZY = frozenset({3, 1, 2})


def twice(n):
    return n + n
