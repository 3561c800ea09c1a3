"""Texts of values: what f-strings, str(), repr(), ascii() and format() make, and how near to the recursion limit they can."""

PAIRS = (1, (2, 3))
FIVE = 5
TEXT = 'ab'


def recurse(n, f):
    return recurse(n - 1, f) if n else f()


def levels(f):
    """How many calls near the limit have room for f."""
    done = 0
    for n in range(980, 1000):
        try:
            recurse(n, f)
        except RecursionError:
            break
        done += 1
    return done


def test_levels():
    return [levels(f) for f in (
        lambda: f'{PAIRS!r}',
        lambda: f'{PAIRS!a}',
        lambda: f'{PAIRS!s}',
        lambda: f'{PAIRS}',
        lambda: f'{FIVE!r}',
        lambda: f'{FIVE:5}',
        lambda: f'{TEXT:5}',
        lambda: format(FIVE, '5'),
        lambda: format(PAIRS),
        lambda: format(TEXT),
        lambda: ascii(PAIRS),
        lambda: repr(PAIRS),
        lambda: f'{TEXT!r:>5}',
        lambda: f'{TEXT}{TEXT}',
        lambda: f'{FIVE}',
        lambda: str(PAIRS),
        lambda: f'{2.5}',
        lambda: f'{None}',
        lambda: f'{PAIRS=}',
        lambda: repr(FIVE),
        lambda: ascii(FIVE),
        lambda: format(2.5),
        lambda: print(f'{PAIRS}'),
        lambda: f'{frozenset({1})}',
        lambda: f'{[PAIRS]}',
        lambda: str(TEXT),
        lambda: str(FIVE),
        lambda: f'{range(5)}',
        lambda: repr({1: (2,)}),
        lambda: repr({(2,)}),
        lambda: repr(slice(1, (2,))),
        lambda: repr(range(5)),
        lambda: f'{True}',
        lambda: f'{True:d}',
        lambda: f'{TEXT!s}',
        lambda: f'{FIVE!s:>{FIVE}}',
        lambda: repr(TEXT),
        lambda: repr(frozenset()),
        lambda: f'{int}',
        lambda: f'{()}',
        lambda: str(*(FIVE,)),
        lambda: repr(*(FIVE,)),
        lambda: format(*(FIVE, '5')),
        lambda: ascii(*(PAIRS,)),
        lambda: format(*(TEXT,)),
        lambda: list(map(repr, (FIVE, PAIRS))),
        lambda: str(),
        lambda: format(2.5, '.1f'),
    )]


def test_fields():
    x, s = 4, 'é✅a\x07'
    return (f'{x:>{x}}', f'{x!r:>10}', f'{x = }', f'{x=:04d}', f'{s!a}', f'{x!s:*^7}', f'{3.14159:.{x}f}', f'{1234567:,}', f'{x:=5}', f'{"a":<3}|',
            f'{s[:3]!r}', f'{ x + 1 = !s}', f'{x}{{}}{x:}', rf'\d{x:>3}', f'''{x =
!r}''', f'{x:{"<"}{x + 1}}|', f'{(lambda y: y)(x):03}')


def test_format_raises_after_the_value():
    return [raised(f) for f in (lambda: f'{1 // 0:{None}}', lambda: f'{1:{1 // 0}}', lambda: f'{None:5}', lambda: f'{1:{(1, 2)}}', lambda: f'{1:5s}',
                                lambda: format(1, 5), lambda: format(), lambda: ascii(1, 2), lambda: f'{"a":=5}', lambda: f'{-1:c}')]


def raised(f):
    try:
        return f()
    except Exception as error:
        return type(error).__name__


def test_only_shown():
    try:
        return 1 // 0
    except ZeroDivisionError as error:
        print(f'{error}', f'{error!r} of {error!s}', error)
        return 5


def test_shown_and_raises():
    print(f'{1:5s}')
