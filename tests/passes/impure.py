# options:
"""A function that changes what outlives a call: every op runs at each call."""

calls = []


def note(x):
    calls.append(x)
    return len(calls)


def batt(task_id, S, I, C, log_path):
    s = []
    o = []
    t1 = note(1)
    t2 = len(())
    o.append((1, False, 'a', t1))
    return o, s


# ir: t1 = note(1)  @call
# ir: t2 = len(())  @call
# ir: after 2: o.append((1, False, 'a', t1))
# ir: return o, s
