"""Imported inside functions only; imports back, and calls at module level what is imported inside too."""


def through(n):
    from imports import helper
    from lazy_one import twice
    return helper(twice(n))


def ten():
    from lazy_one import twice
    return twice(5)


later = 10
