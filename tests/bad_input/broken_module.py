from module_with_error import *


def batt(task_id, S, I, C, log_path):
    return [], []
