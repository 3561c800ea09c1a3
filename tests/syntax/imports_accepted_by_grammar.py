# error: 7:1: from __future__ imports must occur at the beginning of the file
# error: 8:1: from __future__ imports must occur at the beginning of the file
# error: 8:24: future feature magic is not defined
# error: 9:16: trailing comma not allowed without surrounding parentheses
# error: 11:5: import * only allowed at module level
x = 1
from __future__ import annotations
from __future__ import magic
from a import b,
def f():
    from a import *
