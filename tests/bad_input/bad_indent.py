def batt(task_id, S, I, C, log_path):
    o = []
      o.append((0, True, 'x', I))
    return o, []
