# module.py - the part of a compiled module that is Python; module.c runs it in the module's namespace.
# There are _programs, names of the compiled functions, _key, of this compilation, and _module, the module itself.

class Limit:
    """A value that could not be computed: `kind` is 'steps', 'memory', 'time', 'integer' or 'unsupported'."""
    __slots__ = ('kind',)
    _known = {}

    def __new__(cls, kind):
        if kind not in cls._known:
            cls._known[kind] = object.__new__(cls)
            cls._known[kind].kind = kind
        return cls._known[kind]

    def __repr__(self):
        return '<limit: %s>' % self.kind

    def __reduce__(self):
        return Limit, (self.kind,)


class LimitError(RuntimeError):
    """A call that a limit ended as a whole; its arguments are the limit's kind and the place."""

    def __str__(self):
        return 'limit %s: %s' % self.args if len(self.args) == 2 else RuntimeError.__str__(self)

    @property
    def kind(self):
        return self.args[0]


class Function:
    """A compiled function as a value, with copies of what it has captured. Can be called, copied and pickled."""
    __slots__ = ('_code', '_own', '_captured', '__name__', '__weakref__')
    _call, _compilation = _call_function, _key  # what stands in the namespace after a reload is another's

    def __init__(self, code, own, name):
        self._code, self._own, self._captured, self.__name__ = code, own, (), name

    def __call__(self, *args, **keywords):
        return self._call(self, args, keywords)

    def __setstate__(self, captured):
        self._captured = captured

    def __reduce__(self):
        return _function, (self._compilation, self._code, self._own, self.__name__), self._captured or None

    def __repr__(self):
        return '<compiled function %s>' % self.__name__


class Generator:
    """A generator as the compiled code left it, with copies of what is in its variables. Items are computed when they are asked
    for, some at once. Can be copied and pickled."""
    __slots__ = ('_code', '_place', '_captured', '_items', '_asked', '_given', '_error', '__name__', '__weakref__')
    _take, _compilation = _take, _key

    def __init__(self, code, place, name):
        self._code, self._place, self._captured, self.__name__ = code, place, (), name
        self._items, self._asked, self._given, self._error = (), 0, 0, None

    def __iter__(self):
        return self

    def __next__(self):
        if self._given == self._asked:  # all items that are known, and there may be more
            asked = self._asked * 8 or 64
            self._items, self._error = self._take(self, asked)
            self._asked = asked
        if self._given < len(self._items):
            self._given += 1
            return self._items[self._given - 1]
        error, self._error = self._error, None
        raise error or StopIteration

    def close(self):
        self._items, self._asked, self._given, self._error = (), 1, 0, None

    def __setstate__(self, state):
        self._captured, given = state
        while self._given < given:
            next(self)

    def __reduce__(self):
        if self._asked == 1:
            return iter, ((),)
        return _generator, (self._compilation, self._code, self._place, self.__name__), (self._captured, self._given)

    def __repr__(self):
        return '<compiled generator %s>' % self.__name__


_ITERATORS = frozenset(map(type, (iter(()), iter([]), iter({0}), iter({}), iter({}.values()), iter({}.items()), iter(range(1)), iter(''),
                                  reversed(()), reversed([]), zip(), enumerate(()), __import__('itertools').product())))


def _own_function(code, name, _known={}):
    """A function without captured values, the same each time."""
    if code not in _known:
        _known[code] = Function(code, 1, name)
    return _known[code]


def _function(key, code, own, name):
    """A function that comes back from pickle."""
    if key != _key:
        raise ValueError('%s: pickled by another compilation of its module' % name)
    return _own_function(code, name) if own else Function(code, own, name)


def _generator(key, code, place, name):
    """A generator that comes back from pickle."""
    if key != _key:
        raise ValueError('%s: pickled by another compilation of its module' % name)
    return Generator(code, place, name)


def limits(steps=0, memory=0, timeout=-1):
    """Limits from now on: of steps for one op, of megabytes for one thread, of seconds for one call (0: none)."""
    _set_limits(int(steps), int(memory), int(timeout * 1000))


def call_batch(name, calls, jobs=0):
    """The results of many calls of a compiled function, in order. Each call is a tuple of its arguments. They run on
    `jobs` threads (0: one for each processor) at the same time. Where a call raises, its exception is the result."""
    return _batch(name, calls, jobs, _frames())


def _groups(calls):
    """Numbers of calls that belong to one sample, so that what they have in common is computed once."""
    groups = []
    for i, arguments in enumerate(calls):
        last = calls[i - 1] if i else ()
        if last[1:3] and len(last) == len(arguments) and last[1] is arguments[1] and last[2:3] and last[2] is arguments[2]:
            groups[-1].append(i)
        else:
            groups.append([i])
    return groups


def _batch(name, calls, jobs, frames):
    import os
    import threading
    number = _programs.index(name)
    calls = [tuple(arguments) for arguments in calls]
    results, waiting, stopped = [None] * len(calls), iter(_groups(calls)), []

    def work():
        for group in waiting:
            for i in group:
                if stopped:
                    return
                try:
                    results[i] = _call(number, frames, results, calls[i])
                except BaseException as error:
                    results[i] = error

    jobs = max(1, min(jobs or len(os.sched_getaffinity(0)), len(calls)))
    threads = [threading.Thread(target=work, daemon=True) for _ in range(jobs)]
    try:
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    except BaseException:
        stopped.append(True)
        _stop(results)
        for thread in threads:
            if thread.ident is not None:
                thread.join()
        raise
    return results


if 'batt' in _programs:
    def batt_batch(calls, jobs=0):
        """call_batch('batt', calls, jobs)"""
        return _batch('batt', calls, jobs, _frames())


class _Module(type(__import__('sys'))):
    """The module's type. importlib.reload() sets __spec__ before it does, with an extension module, nothing: what lies in
    the file now is loaded here. (PyInit looks whether the file is still the one that it came from.)"""

    def __setattr__(self, name, value):
        reloading = name == '__spec__' and value is not None and value is not self.__spec__
        super().__setattr__(name, value)
        if reloading:
            new = value.loader.create_module(value)
            value.loader.exec_module(new)
            self.__dict__.update((k, v) for k, v in new.__dict__.items() if k not in _OWN)

    def __reduce__(self):
        """For cloudpickle, which sends modules that functions use by name, and knows but the common type."""
        return __import__('importlib').import_module, (self.__name__,)


_OWN = ('__name__', '__spec__', '__loader__', '__file__', '__package__', '__cached__')
_module.__class__ = _Module  # which need not be in sys.modules
del _module
