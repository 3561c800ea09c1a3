"""Names that are not bound where they are looked at, in ops with and without handlers."""
from dsl import *
from constants import *
from safe_dsl import _get_safe_default

STEPS = frozenset({(0, 1), (1, 0), (2, 2), (7, 3)})


def last_of(rows):
    for row in rows:
        break
    else:
        found = row
    return found


def pairs_of(rows):
    return tuple((i, j) for i in rows for j in j)


def text_of(x):
    return f'{x}: {len(x)}'


def batt(task_id, S, I, C, log_path):
    s = []
    o = []
    try:
        t1 = last_of(I)
    except (NameError, TypeError):
        t1 = _get_safe_default(p_g)
    try:
        t2 = pairs_of(I)
    except (NameError, TypeError):
        t2 = text_of(I)
    t3 = first(STEPS)
    try:
        t4 = I.append(t5)
    except AttributeError:
        t4 = shift(STEPS, t3)
    t5 = merge((STEPS, t4))
    o.append((1, True, 'names', t2))
    s.append((1, 'None', 'differ', t5))
    return o, s
