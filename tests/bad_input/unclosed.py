def batt(task_id, S, I, C, log_path):
    o = [(1, 'text
    return o, []
