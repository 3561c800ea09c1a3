"""Statements over several lines: the line of an exception is the one that CPython gives."""

NOTHING = None


def fails(*args, **kwargs):
    return args[9]


def test_value_below():
    a = \
        ()[0]
    return a


def test_call_below():
    a = \
        NOTHING(
            1,
            2)
    return a


def test_argument_below():
    return len(
        (1, 2),
        *()
    ) + len(
        5
    )


def test_name_below():
    return max(
        1,
        missing_name)


def test_unbound_below():
    if NOTHING:
        x = 1
    return max(
        1,
        x)


def test_unpacking():
    a, b = \
        (1, 2, 3)
    return a, b


def test_binary_right():
    return (1
            + (2
               + ()))


def test_binary_left():
    return (() +
            1 +
            2)


def test_binary_last():
    return (1 +
            2 +
            ())


def test_compare():
    return (1
            < 2
            < ())


def test_compare_first():
    return (()
            < 1
            < 2)


def test_subscript():
    return (1,
            2)[
                7
            ]


def test_attribute():
    return (5
            .nothing)


def test_attribute_chain():
    x = (5,)
    return (x
            .count
            .nothing)


def test_method():
    return ((1, 2)
            .index(
                3))


def test_method_missing():
    return ((1, 2)
            .nothing(
                3))


def test_method_keyword():
    x = [3, 1, ()]
    return (x
            .sort(
                reverse=True))


def test_keyword_call():
    return sorted(
        (1, ()),
        reverse=
        True)


def test_display():
    return {1,
            2,
            []}


def test_dict_display():
    return {1: 2,
            []:
            3}


def test_condition():
    return (1
            if ()
            [0]
            else 2)


def test_boolean():
    return (0
            or ()[
                1]
            or 3)


def test_comprehension():
    return [x
            for x in
            (1, 2)
            if x >
            ()]


def test_comprehension_iterable():
    return [x
            for x in
            5]


def test_comprehension_second():
    return [y
            for x in (1, 2)
            for y in
            x]


def test_generator():
    return tuple(
        x
        [0]
        for x in
        (1, 2))


def test_generator_iterable():
    return tuple(
        x
        for x in
        5)


def test_lambda():
    f = lambda x: (
        x
        [0])
    return f(
        1)


def test_for():
    for x in \
            5:
        pass


def test_for_target():
    for x, \
            y in \
            ((1, 2),
             3):
        pass


def test_if():
    if (1 and
            ()[0]):
        return 1


def test_while():
    while (0 or
           ()[0]):
        pass


def test_assert():
    assert (
        1 ==
        2)


def test_assert_message():
    assert \
        (1 ==
         2), (
            'no')


def test_augmented():
    x = 1
    x += \
        ()
    return x


def test_augmented_item():
    x = (1, 2)
    x[
        0
    ] += \
        1
    return x


def test_store_item():
    x = (1, 2)
    x[
        0
    ] = \
        1


def test_slice():
    return (1, 2)[
        0:
        ():
        1]


def test_star_call():
    return max(
        1,
        *
        5)


def test_double_star_call():
    return fails(
        1,
        **
        5)


def test_fstring():
    return (f'{1}'
            f'{()[0]}')


def test_unary():
    return (
        -
        ())


def test_not_in():
    return (1
            not in
            5)


def test_nested_call():
    return fails(
        1,
        fails(
            2))


def test_raise():
    raise \
        ValueError(
            1)


def test_unpack_star():
    a, *b, \
        c = \
        (1,)
    return a, b, c


def test_return_chain():
    return (sorted)(
        (1, 2),
        key=
        5)


def test_default():
    def f(a=
          ()[0]):
        return a
    return f()


def test_nested_default():
    f = lambda a, \
        b=(
            ()[0]): a
    return f()


def test_generator_argument():
    return sum(
        x
        for x in (1, 2, ())
        if
        x
        + 1)


def test_max_key():
    return max(
        (1, 2),
        key=lambda x:
        x[0])


def test_walrus():
    return (y :=
            ()[0])


def test_set_comprehension():
    return {[
        x]
        for x in (1, 2)}


def test_dict_comprehension():
    return {
        [x]:
        x
        for x in (1, 2)}
