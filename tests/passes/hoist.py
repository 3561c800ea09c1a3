# options: -fno-known -fno-dead
"""Binding times, by what an op depends on; its handler counts too."""


def same(x, y=0):
    return x


def batt(task_id, S, I, C, log_path):
    s = []
    o = []
    t1 = same(1)
    t2 = same(t1, y=task_id)
    t3 = same(S)
    t4 = same(t3, I)
    t5 = same(C, t4)
    try:
        t6 = same(t1)
    except TypeError:
        t6 = same(t5)
    t7 = same(log_path)
    t8 = t4
    t9, t10 = same(t4)
    o.append((1, False, 'a', t5 == t10))
    return o, s


# ir: t1 = same(1)  @program
# ir: t2 = same(t1, y=task_id)  @task
# ir: t3 = same(S)  @task
# ir: t4 = same(t3, I)  @sample
# ir: t5 = same(C, t4)  @call
# ir: t6 = same(t1) catch TypeError else same(t5)  @call
# ir: t7 = same(log_path)  @program
# ir: t8 = t4  @sample
# ir: t9, t10 = same(t4)  @sample
# ir: %15 = <op>(t5, t10)  @call
# ir: after 10: o.append((1, False, 'a', %15))
# ir: return o, s
