from dsl import no_such_function


def batt(task_id, S, I, C, log_path):
    return [], []
