def batt(task_id, S, I, C, log_path, more):
    return [], []
