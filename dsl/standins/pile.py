"""Stands for the two modules that batt files use together."""
from dsl import *
from constants import *
