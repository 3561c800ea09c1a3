"""Stands for batch processing on a GPU: the same values, computed one by one."""
from dsl import *


def batch_process_samples_gpu(S):
    """Inputs, outputs, and the colours of each side."""
    a = apply(first, S)
    b = apply(second, S)
    return a, b, mapply(p_g, a), mapply(p_g, b)
