return 1


def batt(task_id, S, I, C, log_path):
    return [], []
