def batt(I, C):
    return [], []
