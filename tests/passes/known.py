# options: -fno-hoist -fno-dead
"""What is known when compiling, with C = None, and not at all."""


def head(rows):
    return rows[0]


def keep(rows, others):
    return tuple(row for row in rows if row not in others)


def bind(f, x):
    return lambda y: f(y, x)


def runaway(n):
    while n:
        n = n + 1


def pair(x):
    return [x, x]


def either(x, y):
    if x is None:
        return y
    return x == y


def below(rows, others):
    return rows + others


def batt(task_id, S, I, C, log_path):
    s = []
    o = []
    try:
        t1 = bind(keep, (1, 2))
    except TypeError:
        t1 = head
    try:
        t2 = head(C)
    except (TypeError, IndexError):
        t2 = ()
    try:
        t3 = keep(t2, I)
    except TypeError:
        t3 = None
    try:
        t4 = keep(I, t2)
    except TypeError:
        t4 = None
    try:
        t5 = t1(())
    except TypeError:
        t5 = None
    try:
        t6 = t1(I)
    except TypeError:
        t6 = None
    try:
        t7 = head(5)
    except TypeError:
        t7 = len(())
    try:
        t8 = head(5)
    except ValueError:
        t8 = None
    try:
        t9 = runaway(1)
    except TypeError:
        t9 = None
    try:
        t10 = pair(1)
    except TypeError:
        t10 = None
    try:
        t11 = either(C, 4)
    except TypeError:
        t11 = None
    try:
        t12 = either(I, 4)
    except TypeError:
        t12 = None
    try:
        t13 = either(log_path, t7)
    except TypeError:
        t13 = None
    try:
        t14 = bind(t1, S)
    except TypeError:
        t14 = None
    t15 = t13 + 1
    t16 = keep((), I)
    t17 = below(((1, 2), (3, 4)), ((5, 6),))
    o.append((1, False, 'a', t4))
    s.append((1, 'None', 'b', t11))
    return o, s


# ir: t1 = bind(keep, (1, 2)) catch TypeError else head  @constant: <lambda>
# ir: t2 = head(C) catch TypeError|IndexError else ()  @call, without C: () after TypeError
# ir: t3 = keep(t2, I) catch TypeError else None  @call, without C: ()
# ir: t4 = keep(I, t2) catch TypeError else None  @call
# ir: t5 = <lambda>(()) catch TypeError else None  @constant: ()
# ir: t6 = <lambda>(I) catch TypeError else None  @call
# ir: t7 = head(5) catch TypeError else len(())  @constant: 0 after TypeError
# ir: t8 = head(5) catch ValueError else None  @call
# ir: t9 = runaway(1) catch TypeError else None  @call
# ir: t10 = pair(1) catch TypeError else None  @call
# ir: t11 = either(C, 4) catch TypeError else None  @call, without C: 4
# ir: t12 = either(I, 4) catch TypeError else None  @call
# ir: t13 = either(log_path, 0) catch TypeError else None  @constant: 0
# ir: t14 = bind(<lambda>, S) catch TypeError else None  @call
# ir: t15 = <op>(0)  @constant: 1
# ir: t16 = keep((), I)  @constant: ()
# ir: t17 = below(((1, 2), (3, 4)), ((5, 6),))  @constant: ((1, 2), (3, 4), (5, 6))
# ir: after 17: o.append((1, False, 'a', t4))
# ir: after 17: s.append((1, 'None', 'b', t11))
# ir: return o, s
