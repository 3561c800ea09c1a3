def batt(task_id, S, I, C, log_path):
    s = []
    o = []
    t1 = = 3
    t2 = (1, 2
    t3 = 4 5
    return o, s
