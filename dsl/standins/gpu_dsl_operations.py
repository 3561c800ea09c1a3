"""Stands for DSL operations on a GPU: the same values, computed one by one."""
from dsl import *


def batch_apply(function, containers):
    """`apply` over each container."""
    return [apply(function, container) for container in containers]


def batch_mapply(function, containers):
    """`mapply` over each container."""
    return [mapply(function, container) for container in containers]
