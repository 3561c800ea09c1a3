"""What fuzzing found: each function here once had another result than CPython's."""

POINTS = frozenset({(0, 1), (1, 0), (2, 2), (7, 3)})


def test_constant_set_is_made_twice():
    return POINTS, {(0, 1), (1, 0), (2, 2), (7, 3)}


def test_text_of_formatted_strings():
    h = False
    return type(h).__name__ + f'{h}-', f'v{(1, 2)}{{}}' 'x{}', f"{'a'}", f'{h}' f'{1}\t', f'{frozenset()}', {f'a{1}': 2}


def test_inner_name_of_comprehension_is_unbound():
    b = range(1)
    return [0 for h in zip(b) for d in d]


def test_inner_name_of_generator_is_unbound():
    b = range(1)
    return tuple((0 for h in zip(b) for d in d))


def test_inner_name_stays_for_the_next_turn():
    return [d for h in range(3) for d in (range(2) if h == 0 else (d,))]


def test_free_name_in_generator_is_unbound():
    for () in type(())((b for a in [0, 0, 0])):
        pass
    b = 0


def test_free_name_in_comprehension_is_unbound():
    try:
        [late for i in range(2)]
    except UnboundLocalError:
        return 'local'
    except NameError:
        return 'free'
    late = 1


def test_line_of_instance_that_no_handler_takes():
    g = []
    try:
        raise LookupError()
    except KeyError:
        g.append(1)


def test_line_of_instance_raised_twice():
    try:
        raise LookupError()
    except LookupError as error:
        raise error


def test_attribute_comes_before_unbound_arguments():
    h = 4
    h.pop(a, b)


def test_attribute_comes_before_unbound_local():
    h = frozenset()
    b = h.append(b)


def test_else_of_for_did_not_bind():
    for e in (1,):
        break
    else:
        y = 1
    return y


def test_else_of_while_did_not_bind():
    while True:
        break
    else:
        y = 1
    return y


def test_else_of_loop_that_ends():
    for e in (1, 2):
        if e == 3:
            break
        z = e
    else:
        return z, 'else'
    return z


def test_else_of_loop_that_breaks():
    for e in (1, 2):
        if e == 2:
            break
    else:
        return 'else'
    return e


def test_keys_are_hashed_after_all_values():
    {[1]: 1, (1,).index(2): 2}


def test_keys_before_a_spread_dict():
    {[1]: 2, nothing: 1, **{}}


def test_keys_after_a_spread_dict():
    {**{}, [1]: 2, nothing: 1}


def test_many_keys_are_hashed_at_once():
    return {0: 0, 1: 0, 2: 0, 3: 0, 4: 0, 5: 0, 6: 0, 7: 0, 8: 0, 9: 0, 10: 0, 11: 0, 12: 0, 13: 0, 14: 0, [1]: 1, nothing: 2}


def test_dict_of_many():
    return {0: 0, 1: 0, 2: 0, 3: 0, 4: 0, 5: 0, 6: 0, 7: 0, 8: 0, 9: 0, 10: 0, 11: 0, 12: 0, 13: 0, 14: 0, 15: 1, 0: 2, 17: 1, **{1: 5}, 2: 6}


def test_items_before_a_star_are_hashed_together():
    {[1], nothing, *(1, 2)}


def test_keyword_comes_twice():
    (lambda **k: k)(**{'a': 1}, **{'a': 2})


def test_keyword_and_mapping():
    (lambda **k: k)(a=1, **{'a': nothing})


def test_keywords_merge_at_the_end():
    return (lambda **k: k)(c=3, **{'a': 1}, b=2, **{'d': 4})


def test_empty_text_is_hashed_as_zero():
    return list({'', 0}), list({0, ''}), list({8, '', 16, 0}), hash('')


def test_pop_from_an_empty_dict():
    return {}.pop({1}, 2), {}.pop([], None)


def test_pop_from_an_empty_dict_without_default():
    {}.pop([])


def test_pop_of_what_has_no_hash():
    {1: 2}.pop([], 3)


def test_lines_that_could_be_one_assignment():
    g = d = 2
    x = g, (1, 2)
    [c, e] = g, d
    y = x, (3)  # a comment
    (a, b) = y, x
    if d: z = 1, (2)
    (z) = 5
    w = {1: 2}, (4) 
    [u] = w[1:]
    o, t = g, {1: lambda p: (p, d)}
    [v] = [t[1](2)]
    ifs, q = w, (lambda: 4)
    (q, *r) = q(), *w
    return x, c, e, a, b, y, z, u, o, v, ifs, q, r
