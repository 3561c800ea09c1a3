"""The CPython side of `battc verify`: calls the user's program and tells what every name holds.

Started as `python -c THIS FILE FOLDER... STANDINS`. Reads a line of JSON (functions, names, time-out), then
requests, a line each, on standard input:

    T {"id": ..., "demo": [[input, output], ...], "test": [[input, output or null], ...]}
    C function sample second            one call; sample -1: a function without parameters
    X function sample second what       the same call again, one text of it in full: `n NAME` a name,
                                        `r LIST ITEM` an item of a returned list, `w` the whole result

Every answer has its length before it. A call's is: how it ended, line, two counts, then a mark (CRC-32
and length of a value's text or pickle) for each name, 0 for an unbound one; then the marks of the returned items, for a tuple TUPLE + length and
those of its items.

Recursion depth shows in results, so calls are made by the top level of this file: a name's value is
computed with two Python frames below it, this one and the program's function.
"""
import array
import ast
import binascii
import collections
import gc
import importlib
import importlib.abc
import importlib.machinery
import importlib.util
import inspect
import itertools
import json
import os
import pickle
import signal
import struct
import sys
import textwrap
import traceback
import types

FILE, FOLDERS, STANDINS = sys.argv[1], sys.argv[2:-1], sys.argv[-1]
RETURNED_LISTS, RETURNED_OTHER, RAISED, LATE = range(4)
TOO_DEEP = 0x3fffffff << 32
TUPLE = 1 << 62
PICKLED = 1 << 63
SHALLOW = 400  # frames; even if each cost two levels, the look-ups below would not overflow there


# ---- texts: the same for a value here and in battc ----

def callable_text(value):
    """A function's name: what it would do cannot be compared."""
    return '<%s>' % getattr(value, '__name__', type(value).__name__)


def joined(values):
    """Texts of all values, with commas."""
    return ', '.join(map(slow_text, values))


def pairs(items):
    """Texts of a dict's entries."""
    return ', '.join([slow_text(key) + ': ' + slow_text(value) for key, value in items])


# ---- iterators: what they have left, told by a copy ----

def is_plain(iterator, known):
    """Whether it goes over containers, without running the program; `known` are those that were asked before."""
    kind = type(iterator)
    if kind in OVER_ITERATORS and id(iterator) not in known:
        known.add(id(iterator))
        return all(is_plain(part, known) for part in iterator.__reduce__()[1] if hasattr(part, '__next__'))
    return kind in OVER_CONTAINERS or kind in OVER_ITERATORS


def copied(iterator, known):
    """A copy that shares with it nothing that a step changes; `known` are copies by the identity of what they are of."""
    if id(iterator) not in known:
        try:
            function, arguments, *state = iterator.__reduce__()
        except RuntimeError:
            return iterator  # its set or dict was changed: it gives this again and again
        except TypeError:
            raise ValueError('this Python does not say where it is')
        known[id(iterator)] = copy = function(*[copied(part, known) if hasattr(part, '__next__') else part for part in arguments])
        if state:
            copy.__setstate__(state[0])
    return known[id(iterator)]


def left_of(iterator):
    """Text of what an iterator has left, or of the exception that waits in it."""
    try:
        left = list(itertools.islice(copied(iterator, {}), MOST_LEFT + 1))
    except RuntimeError:
        return 'iterator(RuntimeError)'
    return 'iterator(' + joined(left[:MOST_LEFT]) + (', ...)' if len(left) > MOST_LEFT else ')')


MOST_LEFT = 1000
OVER_ITERATORS = {zip, enumerate}
OVER_CONTAINERS = {itertools.product, reversed, *(type(iter(x)) for x in ((), [], set(), '', range(0), range(1 << 70), {}, {}.values(), {}.items())),
                   *(type(reversed(x)) for x in ([], {}, {}.values(), {}.items()))}


# ---- texts ----

def slow_text(value):
    """Text of any value, where its repr() would hold an address or lose the order."""
    kind = type(value)
    if kind in PLAIN:
        return ascii(value)
    if kind is tuple:
        return '(' + joined(value) + (',)' if len(value) == 1 else ')')
    if kind is list:
        return '[' + joined(value) + ']'
    if kind is frozenset:
        return 'frozenset({' + joined(value) + '})' if value else 'frozenset()'
    if kind is set:
        return '{' + joined(value) + '}' if value else 'set()'
    if isinstance(value, collections.Counter):
        return 'Counter{' + pairs(value.items()) + '}'
    if isinstance(value, dict):
        return '{' + pairs(value.items()) + '}'
    if isinstance(value, VIEWS):
        return kind.__name__ + '([' + joined(value) + '])'
    if isinstance(value, BaseException):
        return '<%s>' % kind.__name__
    if hasattr(value, '__next__'):
        return left_of(value) if is_plain(value, set()) else '<iterator>'
    return callable_text(value) if callable(value) else '<%s>' % kind.__name__


VIEWS = (type({}.keys()), type({}.values()), type({}.items()))
PLAIN = {int, bool, type(None), str, float, range, slice}
FAST = PLAIN | {tuple, list, set, frozenset, dict}


def text_of(value):
    """Text of a value; None when it is nested too deeply for one."""
    try:
        if type(value) in FAST:
            text = ascii(value)
            if '<' not in text and 'Counter(' not in text:
                return text
        return slow_text(value)
    except (RecursionError, MemoryError, ValueError):
        return None


# ---- pickles: cheaper than texts, for most values ----

class NotPlain(Exception):
    """Something that is no container, int, bool, None, string or float."""


class PlainPickler(pickle.Pickler):
    """Pickles containers of plain values, equal ones to equal bytes."""

    def reducer_override(self, value):
        raise NotPlain


class Pickled:
    """Takes what was pickled."""
    parts = []
    write = parts.append


def new_dump():
    """The method of a new pickler that does not note which objects are one."""
    pickler = PlainPickler(Pickled, 4)
    pickler.fast = True
    return pickler.dump


def pickle_of(value):
    """The pickle of a value, if it is plain; else None. Floats begin with a G; not every nan has the same bits."""
    global dump
    try:
        dump(value)
        data = b''.join(Pickled.parts)
    except (NotPlain, RecursionError, MemoryError, ValueError, KeyError):  # KeyError: a list of fifty frozensets
        data = None
    Pickled.parts.clear()
    if data is None or FROZENSET in data:
        dump = new_dump()  # a fast pickler takes a frozenset for a part of those it met before
    return data if data is None or b'G' not in data else data.replace(MINUS_NAN, NAN)


NAN, MINUS_NAN = b'G\x7f\xf8' + bytes(6), b'G\xff\xf8' + bytes(6)
FROZENSET = b'\x91'
CONTAINERS = {tuple, list, set, frozenset, dict}
dump = new_dump()


def mark_of(value):
    """CRC-32 and length of the pickle or the text in one number."""
    kind = type(value)
    if kind in CONTAINERS and (kind is not tuple or len(value) > 2 or value and type(value[0]) is not int):
        data = pickle_of(value)
        if data is not None:
            return PICKLED | binascii.crc32(data) | len(data) << 32
    text = text_of(value)
    if text is None:
        return TOO_DEEP
    return binascii.crc32(text.encode()) | len(text) << 32


COMMON = {id(value): mark_of(value) for value in (*range(-5, 257), True, False, None)}  # objects that always live


def marks_of(values, known):
    """Marks of values that stay alive meanwhile; known: those by identity."""
    marks = []
    for value in values:
        mark = known.get(id(value))
        if mark is None:
            mark = known[id(value)] = mark_of(value)
        marks.append(mark)
    return marks


# ---- the user's modules ----

class Stub(type):
    """What a missing package is said to hold: called with a value, it gives that value."""

    def __call__(cls, value=None, *args, **kwargs):
        return value


class StubFinder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Empty packages in place of missing ones that DSL modules import and that no result depends on."""

    names = {'numpy', 'tqdm', 'dill', 'pandas', 'matplotlib', 'psutil', 'joblib', 'loky', 'torch', 'PIL', 'scipy',
             'sklearn', 'networkx', 'seaborn', 'rich', 'yaml', 'requests', 'tabulate', 'numba'}

    def find_spec(self, name, path=None, target=None):
        if name.partition('.')[0] in self.names:
            return importlib.machinery.ModuleSpec(name, self, is_package=True)
        return None

    def create_module(self, spec):
        return None

    def exec_module(self, module):
        def member(name):
            if name.startswith('__'):
                raise AttributeError(name)
            return Stub(name, (), {})
        module.__getattr__ = member


def load_standin(name):
    """battc's own module of this name."""
    path = os.path.join(STANDINS, name + '.py')
    spec = importlib.util.spec_from_file_location('battc_standin_' + name, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def provide_standin(name, members):
    """Before `from name import members`: what the user's module lacks comes from battc's."""
    try:
        module = importlib.import_module(name)
    except Exception:
        module = sys.modules[name] = load_standin(name)
    for member in members:
        if member != '*' and not hasattr(module, member):
            setattr(module, member, getattr(load_standin(name), member))


def with_standins(body):
    """Statements of the program with calls of provide_standin where it imports such a module."""
    result = []
    for node in body:
        if isinstance(node, ast.ImportFrom) and os.path.exists(os.path.join(STANDINS, '%s.py' % node.module)):
            members = tuple(alias.name for alias in node.names)
            call = ast.parse('__battc_standin__(%r, %r)' % (node.module, members)).body[0]
            result.append(ast.increment_lineno(call, node.lineno - 1))
        result.append(node)
    return result


SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


def hand_out(node):
    """`return x` becomes `return locals(), x`."""
    value = node.value or ast.Constant(None)
    call = ast.Call(ast.Name('__battc_locals__', ast.Load()), [], [])
    node.value = ast.Tuple([call, value], ast.Load())
    for new in (node.value, call, call.func, value):
        if not hasattr(new, 'lineno'):
            ast.copy_location(new, node)


def hand_out_at_returns(statements):
    """Changes the returns among statements, not those of functions inside."""
    for node in statements:
        if isinstance(node, ast.Return):
            hand_out(node)
        elif not isinstance(node, SCOPES):
            for part in ('body', 'orelse', 'finalbody', 'handlers', 'cases'):
                hand_out_at_returns(getattr(node, part, ()))


def hand_out_locals(function):
    """Changes the tree of a function so that it returns its locals beside its result."""
    function.body.append(ast.copy_location(ast.Return(None), function.body[-1]))
    hand_out_at_returns(function.body)


class Entry:
    """A function to call, and the names of its parameters."""

    def __init__(self, function, node, names):
        self.function = function
        self.code = getattr(inspect.unwrap(function), '__code__', None)
        known = {'task_id', 'S', 'I', 'C', 'log_path'}
        self.parameters = [a.arg for a in node.args.args if a.arg in known]
        self.names = names
        self.hands_out = names is not None


def load_program(config):
    """Runs the program's file as a module, its functions changed in memory only."""
    with open(FILE, 'rb') as file:
        tree = ast.parse(file.read(), FILE)
    wanted = {entry['name']: entry for entry in config['entries']}
    defs = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name in wanted}
    for name, node in defs.items():
        if wanted[name]['names'] is not None:
            hand_out_locals(node)
    tree.body = with_standins(tree.body)
    name = os.path.splitext(os.path.basename(FILE))[0]
    module = types.ModuleType(name)
    module.__file__ = FILE
    module.__battc_locals__ = locals
    module.__battc_standin__ = provide_standin
    sys.modules[name] = module
    exec(compile(tree, FILE, 'exec', dont_inherit=True), module.__dict__)
    return [Entry(getattr(module, entry['name']), defs[entry['name']], entry['names']) for entry in config['entries']]


# ---- annotations: looked up for every default, so remembered ----

def remembered(look_up):
    """look_up with a memory for functions that are not made anew by each call."""
    known = {}

    def hints(function):
        if type(function) is not types.FunctionType or '<locals>' in function.__qualname__:
            return look_up(function)
        if function not in known:
            known[function] = look_up(function)
        return known[function]
    return hints


def remember_hints(function):
    """Puts a memory into a look-up function without a frame more: deep in the stack, where the look-up may
    itself overflow, it goes on as before."""
    node = ast.parse(textwrap.dedent(inspect.getsource(function))).body[0]
    name = '__battc_hints_%s__' % function.__name__
    memory = ast.parse('try:\n'
                       '    __battc_frame__(%d)\n'
                       'except ValueError:\n'
                       '    return %s(%s)\n'
                       'except Exception:\n'
                       '    pass\n' % (SHALLOW, name, node.args.args[0].arg)).body
    node.body[:0] = memory
    compiled = compile(ast.Module([node], []), inspect.getfile(function), 'exec', dont_inherit=True)
    code = [c for c in compiled.co_consts if isinstance(c, types.CodeType)][0]
    original = types.FunctionType(function.__code__, function.__globals__, function.__name__)
    function.__globals__[name] = remembered(original)
    function.__globals__['__battc_frame__'] = sys._getframe
    function.__code__ = code


def remember_all_hints():
    """The look-ups of the user's modules: functions of one argument named like get_type_hints."""
    folders = tuple(os.path.abspath(folder) for folder in sys.path[:len(FOLDERS) + 2])
    for module in list(sys.modules.values()):
        path = getattr(module, '__file__', None)
        if not path or os.path.dirname(os.path.abspath(path)) not in folders:
            continue
        for name, value in list(vars(module).items()):
            if type(value) is types.FunctionType and 'type_hints' in name and value.__module__ == module.__name__ \
                    and value.__code__.co_argcount == 1 and not value.__closure__:
                try:
                    remember_hints(value)
                except (OSError, SyntaxError, ValueError):
                    pass


# ---- calls ----

def other_addresses(count):
    """Objects that, while they live, keep those made later from the places they would have.

    Sets of functions or nan iterate in an order that depends on addresses, whose lower bits would be the
    same in every process that does the same. So one of two processes holds some.
    """
    return [(lambda: None, i + 0.5) for i in range(count)] if os.environ.get('PYTHONHASHSEED') == '2' else None


def grid(rows):
    """A grid as the program gets it."""
    return rows and tuple(map(tuple, rows))


class Task:
    """What the calls of a task are given."""

    def __init__(self, data):
        self.id = data['id']
        self.demo = tuple((grid(i), grid(o)) for i, o in data['demo'])
        self.pairs = self.demo + tuple((grid(i), grid(o)) for i, o in data['test'])

    def arguments(self, entry, sample, second):
        given = {'task_id': self.id, 'S': self.demo, 'log_path': None}
        given['I'], given['C'] = self.pairs[sample]
        if not second:
            given['C'] = None
        return [given[name] for name in entry.parameters]


class Outcome:
    """How a call ended, and the names then bound."""

    def __init__(self, entry, result, raised):
        self.names = {}
        self.result = result
        self.line = 0
        self.kind = RETURNED_OTHER
        if late:
            self.kind = LATE
            self.result = None
        elif raised is not None:
            self.kind = RAISED
            self.result = type(raised).__name__
            self.find_frame(entry, raised.__traceback__)
        elif entry.hands_out and type(result) is tuple:
            self.names, self.result = result
            if type(self.result) is tuple and len(self.result) == 2 and type(self.result[0]) is list \
                    and type(self.result[1]) is list:
                self.kind = RETURNED_LISTS

    def find_frame(self, entry, place):
        while place is not None:
            if place.tb_frame.f_code is entry.code:
                self.line = place.tb_lineno
                if entry.hands_out:
                    self.names = dict(place.tb_frame.f_locals)
                return
            place = place.tb_next

    def answer(self, entry):
        known = COMMON.copy()
        unbound = object()
        known[id(unbound)] = 0
        values = [self.names.get(name, unbound) for name in entry.names or ()]
        marks = array.array('Q', marks_of(values, known))
        if self.kind == RAISED:
            name = self.result.encode()
            return struct.pack('=IIII', self.kind, self.line, len(name), 0) + marks.tobytes() + name
        if self.kind == LATE:
            return struct.pack('=IIII', self.kind, 0, 0, 0) + marks.tobytes()
        if self.kind == RETURNED_OTHER:
            mark = mark_of(self.result)
            return struct.pack('=IIII', self.kind, 0, mark & 0xffffffff, mark >> 32) + marks.tobytes()
        first, second = self.result
        items = array.array('Q')
        for item in first + second:
            if type(item) is tuple:
                items.append(TUPLE | len(item))
                items.extend(marks_of(item, known))
            else:
                items.append(mark_of(item))
        return struct.pack('=IIII', self.kind, 0, len(first), len(second)) + marks.tobytes() + items.tobytes()

    def text(self, what):
        if what[0] == 'n':
            return text_of(self.names[what[1]]) if what[1] in self.names else 'nothing: the name is not bound'
        if self.kind == RAISED:
            return '%s in line %d' % (self.result, self.line)
        if what[0] == 'r' and self.kind == RETURNED_LISTS:
            items = self.result[int(what[1])]
            return text_of(items[int(what[2])]) if int(what[2]) < len(items) else 'nothing: the list is shorter'
        return text_of(self.result)


class Late(BaseException):
    """A call runs for longer than the time-out."""


def on_alarm(number, frame):
    """Ends the call; once more where the program caught that."""
    global late
    if running:
        late = True
        raise Late


def send(payload):
    """One answer."""
    answers.write(struct.pack('=I', len(payload)) + payload)
    answers.flush()


def failure(error):
    """An exception in a line, with the place in the user's files where it came from."""
    text = ''.join(traceback.format_exception_only(type(error), error)).strip().splitlines()[-1]
    place = error.__traceback__
    where = ''
    while place is not None:
        name = place.tb_frame.f_code.co_filename
        if not name.startswith('<'):
            where = '%s:%d: ' % (name, place.tb_lineno)
        place = place.tb_next
    return where + text


def start():
    """Loads the program; says how that went. None: it failed."""
    global timeout
    os.environ['EXPECT_GPU'] = '0'
    sys.modules['cupy'] = sys.modules['cupyx'] = None
    sys.meta_path.append(StubFinder())
    sys.path[:] = [os.path.dirname(FILE) or '.'] + FOLDERS + [STANDINS] + [p for p in sys.path if p]
    sys.argv[:] = [FILE]
    sys.dont_write_bytecode = True
    try:
        config = json.loads(requests.readline())
        entries = load_program(config)
        timeout = config['timeout']
        remember_all_hints()
        signal.signal(signal.SIGALRM, on_alarm)
    except BaseException as error:
        send(b'error ' + failure(error).encode('utf-8', 'replace'))
        return None
    send(b'ok ' + sys.version.split()[0].encode())
    gc.collect()
    gc.freeze()
    return entries


requests = os.fdopen(os.dup(0), 'rb')
answers = os.fdopen(os.dup(1), 'wb')
nowhere = os.open(os.devnull, os.O_RDWR)
os.dup2(nowhere, 0)
os.dup2(nowhere, 1)

held_first = other_addresses(7)
entries = start()
task = None
calls = 0
running = late = False
while entries:
    request = requests.readline().decode()
    if not request:
        break
    if request[0] == 'T':
        task = Task(json.loads(request[2:]))
        continue
    words = request.split()
    entry = entries[int(words[1])]
    function = entry.function
    arguments = task.arguments(entry, int(words[2]), words[3] == '1') if entry.parameters else []
    result = raised = None
    calls += 1
    held = other_addresses(calls * 5 % 23)
    late, running = False, timeout > 0
    try:
        if running:
            signal.setitimer(signal.ITIMER_REAL, timeout, timeout)
        if len(arguments) == 5:
            result = function(arguments[0], arguments[1], arguments[2], arguments[3], arguments[4])
        elif len(arguments) == 4:
            result = function(arguments[0], arguments[1], arguments[2], arguments[3])
        elif len(arguments) == 3:
            result = function(arguments[0], arguments[1], arguments[2])
        elif len(arguments) == 2:
            result = function(arguments[0], arguments[1])
        elif len(arguments) == 1:
            result = function(arguments[0])
        else:
            result = function()
    except BaseException as error:
        raised = error
    running = False
    outcome = Outcome(entry, result, raised)
    if words[0] == 'C':
        send(outcome.answer(entry))
    else:
        text = outcome.text(words[4:])
        send(b'a value nested too deeply to print' if text is None else text.encode())
    outcome = result = raised = None
