# error: 8:1: 'tuple' is an illegal expression for augmented assignment
# error: 9:5: cannot delete function call
# error: 10:1: starred assignment target must be in a list or tuple
# error: 11:5: multiple starred expressions in assignment
# error: 12:1: only a name, attribute or subscript can be annotated, not a tuple
# error: 13:5: starred assignment target must be in a list or tuple
# error: 16:9: multiple starred expressions in assignment
(a, b) += 1
del f(), a
*a = b
*a, *b = c
(a, b): int = 1
for *x in y:
    pass
with a as (b, c), d as e.f: pass
[a, *b, *c] = d
