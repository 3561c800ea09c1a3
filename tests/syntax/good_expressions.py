x = a & b ^ c & d | e
y = not a == b < c in d is not e not in f
z = lambda *a, k=1, **kw: (yield_ if a else -b ** -c)
w = x[1:2, ::3, ...][a, *b]
v = {**a, 'b': 1, **c} | {*d, e}
u = [x for x, in a if b if c for d in e]
t = f'{x!r:>{width}} {{}} {y = }' 'abc' "d"
s = (yy := 5, 0x_ff, 0o17, 0b1, 1_000, 1e5, .5, 1., 00)
r = a if b else c if d else e
q = (a.
b)
p = 1 if x else 2
print >>x, y
type(x).y = type(x)
