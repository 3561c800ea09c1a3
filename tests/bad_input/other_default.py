from other_defaults import _get_safe_default


def batt(task_id, S, I, C, log_path):
    t1 = _get_safe_default(batt)
    return [(1, True, 'x', t1)], []
