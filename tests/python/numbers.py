"""Integers at the edges of a machine word, and floats."""


def test_large():
    a = 2 ** 59
    return a, a - 1 + a, -a - a, a * 1, -(a - 1), a // 3, a % 1000, -a // 7, a == float(a), hash_order(a)


def hash_order(a):
    return tuple({a, a + 1, -a, 1 - a, a // 2, 2 ** 31, 2 ** 32})


def test_power():
    return 3 ** 20, (-1) ** 101, 2 ** 0, 10 ** 3, 2 ** 0.5, 4 ** -2, True ** 5, 0.5 ** 2


def test_zero_power():
    return 0 ** -1


def test_modulo_signs():
    return [(a % b, a // b) for a in (-9, -1, 0, 1, 9) for b in (-4, -1, 1, 4)]


def test_float_mixed():
    return 1 + 0.5, 3 * 2.0, 7 // 2.0, -7 % 2.5, 1 == 1.0, 0.1 + 0.2, 1e3, int(1e3), 5 / 5


def test_float_zero():
    return 1.0 / 0


def test_comparing():
    return 1 < 1.5 < 2, 2 ** 53 == 2.0 ** 53, 2 ** 53 + 1 == 2.0 ** 53, -0.0 == 0, min(0, 0.0), max(1, True), [True, 1].index(1)


def test_literals():
    return 0x1f, 0b101, 0o17, 1_000_000, .5, 5., 1e-3


def test_shift():
    return 1 << 40, 5 >> 1, -1 >> 10, 0 << 100


def test_negative_shift():
    return 1 << -1


def test_bool_results():
    return True + 0, -True, ~False, True * 3, True / 2, int(False), abs(True), True // True


def test_sum_floats():
    return sum((0.1, 0.2, 0.3)), sum((1, 0.5, True)), sum(x / 10 for x in range(4))


def test_slices_of_ranges():
    return [range(*ends)[start:stop:step] for ends in ((9,), (2, 20, 3), (20, 2, -4), (0,), (5, 5, -1))
            for start in (None, -3, 2, 50) for stop in (None, -50, -1, 4) for step in (None, 2, -1, -3)]


def test_ends_of_ranges():
    r = range(2, 20, 3)[1:4]
    return r.start, r.stop, r.step, range(7).stop, r == range(5, 12, 3)
