# error: 6:9: a lambda needs parentheses after 'not'
# error: 7:11: a lambda needs parentheses beside 'and'
# error: 8:7: expected parentheses around what is unpacked
# error: 9:8: expected parentheses around what is unpacked
# error: 12:22: a lambda needs parentheses in a comprehension's condition
a = not lambda: 1
b = c and lambda: 1
d = [*a or b]
e = {**a if b else c}
f(*a or b, **c or d)
g = (lambda: 1) if (lambda: 2) else lambda: 3
h = [x for x in y if lambda: 1]
