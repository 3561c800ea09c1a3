"""What shadowed.py imports; its names stand before the builtins."""
any = 'any is text here'


def min(values):
    return ('min', *values)


def _private():
    return 0
