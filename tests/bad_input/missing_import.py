from no_such_module import *


def batt(task_id, S, I, C, log_path):
    return [], []
