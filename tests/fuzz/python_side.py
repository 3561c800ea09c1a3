"""CPython's results of a file's `test_*` functions, a line of JSON each: python3 python_side.py FILE.py [FOLDER ...]

A program of its own: calls come from its top level, as deep in the stack as battc takes them to be. The file is
executed anew for each function, and a function that takes too long has no line.
"""

import dis
import json
import os
import resource
import signal
import sys

PATIENCE, MEMORY, MOST_TEXT = 2.0, 2 << 30, 1 << 20

sys.path[:0] = [os.path.dirname(os.path.abspath(sys.argv[1])), *sys.argv[2:]]
sys.path.append(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from support import encode  # noqa: E402

out = os.fdopen(os.dup(1), 'w')
os.dup2(2, 1)
resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


class TooLong(BaseException):
    pass


def too_long(*_):
    raise TooLong


def fresh(code):
    """The file's functions, after executing it."""
    names = {'__name__': os.path.basename(sys.argv[1])[:-3], '__file__': sys.argv[1]}
    exec(code, names)
    return {name: value for name, value in names.items() if name.startswith('test_')}


def line_of(error):
    """Where it was raised, in the file or in a module that stands in one of the folders."""
    line, place = 0, error.__traceback__.tb_next
    while place:
        if os.path.dirname(os.path.abspath(place.tb_frame.f_code.co_filename)) in sys.path[:len(sys.argv) - 1]:
            line = line_at(place, error)
        place = place.tb_next
    return line


def line_at(place, error):
    """Of code that has run for a while CPython makes two instructions one, and names the line of the first where the
    second finds a name unbound; that hangs on how often it ran."""
    if isinstance(error, UnboundLocalError) and not place.tb_next:
        found = iter(dis.get_instructions(place.tb_frame.f_code))
        first = next(instruction for instruction in found if instruction.offset == place.tb_lasti)
        second = next(found, first)
        if second.opname == 'LOAD_FAST' and first.opname in ('STORE_FAST', 'LOAD_FAST', 'LOAD_CONST') and f"'{first.argval}'" not in str(error):
            return second.positions.lineno
    return place.tb_lineno


signal.signal(signal.SIGALRM, too_long)
with open(sys.argv[1], encoding='utf-8') as file:
    code = compile(file.read(), sys.argv[1], 'exec')
for name in fresh(code):
    function = fresh(code)[name]
    signal.setitimer(signal.ITIMER_REAL, PATIENCE, 0.05)   # again, where a bare except takes the first
    try:
        result = function()
    except Exception as error:
        ended = {'error': type(error).__name__, 'line': line_of(error)}
    except TooLong:
        signal.setitimer(signal.ITIMER_REAL, 0)
        continue
    else:
        try:
            ended = {'value': encode(result)}
        except (TooLong, RecursionError):
            signal.setitimer(signal.ITIMER_REAL, 0)
            continue
    signal.setitimer(signal.ITIMER_REAL, 0)
    text = json.dumps({'entry': name, **ended})
    if len(text) < MOST_TEXT:
        print(text, file=out)
