"""Functions: binding of arguments, closures, late binding, recursion, attributes of functions."""



def plain(a, b=(1, 2), c=None):
    return a, b, c


def test_binding():
    return plain(1), plain(1, 2), plain(1, c=4), plain(c=1, a=2), plain(*(7, 8, 9)), plain(*[1], **{'c': 3})


def test_star_arguments():
    return (lambda *xs: xs)(1, *(2, 3), 4), (lambda a, *xs: (xs, a))(1), max(*[3, 9, 4])


def test_too_many():
    return plain(1, 2, 3, 4)


def test_too_few():
    return plain()


def test_unknown_keyword():
    return plain(1, d=4)


def test_twice():
    return plain(1, a=2)


def test_call_of_int():
    return (3)(1)


def test_call_of_none():
    x = None
    return x()


def test_closure():
    def counter(start):
        def step(by=1):
            return start + by
        return step
    one, ten = counter(1), counter(10)
    return one(), ten(5), one(by=2)


def test_late_binding():
    return [f() for f in [lambda: i for i in range(3)]], [f() for f in [lambda i=i: i for i in range(3)]]


def test_loop_variable_capture():
    functions = []
    for i in range(3):
        def get():
            return i
        functions.append(get)
    i = 'changed'
    return [f() for f in functions]


def test_closure_sees_later_value():
    def inner():
        return x
    x = 1
    a = inner()
    x = 2
    return a, inner()


def test_closure_before_binding():
    def inner():
        return later
    value = inner()
    later = 1
    return value


def test_recursion():
    def fib(n):
        return n if n < 2 else fib(n - 1) + fib(n - 2)
    return fib(15), is_even(40), is_even(41)


def is_even(n):
    return True if n == 0 else is_odd(n - 1)


def is_odd(n):
    return False if n == 0 else is_even(n - 1)


def down(n):
    return 0 if n == 0 else 1 + down(n - 1)


def deepest():
    n = 0
    while True:
        try:
            down(n)
        except RecursionError:
            return n
        n += 50


def test_recursion_limit():
    return down(900), deepest()


def test_recursion_error():
    return down(5000)


def test_recursion_depth():
    def dive(n):
        try:
            return dive(n + 1)
        except RecursionError:
            return n
    return dive(0)


def test_default_once():
    def grow(x, into=[]):
        into.append(x)
        return into
    return grow(1), grow(2), grow(3, []), grow(4)


def test_default_is_function():
    def take(x, key=len):
        return key(x)
    return take((1, 2)), take(-5, abs), take((3, 4), key=max)


def test_lambda():
    add = lambda a, b=10: a + b
    return add(1), add(1, 2), (lambda: None)(), (lambda x: lambda y: (x, y))(1)(2)


def test_higher_order():
    compose = lambda f, g: lambda x: f(g(x))
    twice = lambda f: compose(f, f)
    return twice(twice(lambda x: x * 2))(1), compose(len, tuple)(range(4))


def test_function_attributes():
    return plain.__name__, plain.__code__.co_argcount, hasattr(plain, '_original_argcount'), (lambda: 0).__name__


def test_missing_attribute():
    return plain.nothing


def test_method_of_int():
    return (3).append(1)


def test_method_value():
    x = [3, 1, 3]
    count = x.count
    x.append(3)
    return count(3), max(set(x), key=x.count), callable(count)


def test_default_names_later_global():
    return plain(LATER)


LATER = 'later'


def test_shadowed_builtin():
    len = lambda x: 'mine'
    return len(()), [max for max in (1, 2)], (lambda sum: sum)(5)


def sorted_by_hand(xs, key=None):
    out = []
    for x in xs:
        at = 0
        while at < len(out) and (key or (lambda v: v))(out[at]) <= (key or (lambda v: v))(x):
            at += 1
        out = out[:at] + [x] + out[at:]
    return out


def test_sort_by_hand():
    return sorted_by_hand([3, 1, 2]), sorted_by_hand(['bb', 'a', 'ccc'], key=lambda s: -len(s))


def test_parameters_by_place_alone():
    def f(a, b=2, /, c=3, **rest):
        return a, b, c, rest
    return f(1), f(1, a=5, b=6), f(1, 2, c=4, a=7), (lambda x, /: x)(5)


def test_parameter_by_place_alone_named():
    def f(a, /, b):
        return a, b
    return f(a=1, b=2)


def test_parameter_by_place_alone_missing():
    def f(a, /, **rest):
        return a, rest
    return f(a=1)
