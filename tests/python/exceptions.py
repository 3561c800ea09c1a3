"""try/except: which handler takes what, and what is left after it."""


def kind(function, *args):
    try:
        return function(*args)
    except IndexError:
        return 'index'
    except (TypeError, ValueError):
        return 'type or value'
    except KeyError:
        return 'key'
    except Exception:
        return 'other'


def test_handlers():
    return [kind(lambda: ()[0]), kind(lambda: 1 + ''), kind(lambda: int('x')), kind(lambda: {}[0]), kind(lambda: 1 // 0),
            kind(lambda: nothing), kind(lambda: ().nothing), kind(lambda: next(iter(()))), kind(lambda: 'fine')]


def test_subclasses():
    out = []
    for function in (lambda: ()[0], lambda: {}[0], lambda: 1 // 0, lambda: [].remove(1) if False else None):
        try:
            out.append(function())
        except LookupError:
            out.append('lookup')
        except ArithmeticError:
            out.append('arithmetic')
    return out


def test_bare():
    try:
        return undefined
    except:
        return 'caught'


def test_else_and_order():
    out = []
    for divisor in (1, 0):
        try:
            out.append(4 // divisor)
        except ZeroDivisionError:
            out.append('zero')
        else:
            out.append('else')
    return out


def test_no_handler_fits():
    try:
        return {}['x']
    except (IndexError, TypeError):
        return 'wrong'


def test_raised_in_handler():
    try:
        return ()[0]
    except IndexError:
        return {}['y']


def test_nested():
    out = []
    try:
        try:
            out.append({}[1])
        except IndexError:
            out.append('inner')
        out.append('not reached')
    except KeyError:
        out.append('outer')
    return out


def test_through_calls():
    def low():
        return (1, 2)[7]

    def middle():
        try:
            return low()
        except KeyError:
            return 'wrong'
    try:
        return middle()
    except IndexError:
        return 'right'


def test_in_loop():
    out = []
    for x in (1, 'a', None, (2,), 0):
        try:
            out.append(10 // x)
        except TypeError:
            continue
        except ZeroDivisionError:
            break
    return out


def test_partial_assignment():
    a = b = 'old'
    try:
        a, b = 1, ()[0]
    except IndexError:
        pass
    xs = []
    try:
        for x in (1, 2, 'x', 3):
            xs.append(x + 1)
    except TypeError:
        pass
    return a, b, xs, x


def test_value_of_handler_name():
    try:
        1 // 0
    except ZeroDivisionError as error:
        kind = type(error).__name__
    return kind


def test_handler_name_is_gone():
    try:
        1 // 0
    except ZeroDivisionError as error:
        pass
    return error


def test_finally():
    out = []
    try:
        out.append(1)
    finally:
        out.append(2)
    return out


def test_safe_op():
    s = []
    for f in (lambda: (1, 2)[0], lambda: (1, 2)['a'], lambda: None.x, lambda: {}[3]):
        try:
            t = f()
        except (TypeError, AttributeError, ValueError, IndexError, KeyError):
            t = ()
        s.append(t)
    return s


def test_recursion_is_caught():
    def forever(n):
        return forever(n + 1)
    try:
        return forever(0)
    except Exception:
        return 'caught'
