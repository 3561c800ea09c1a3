# error: 4:18: expected parentheses around the tuple that a comprehension iterates over
# error: 5:22: a lambda needs parentheses in a comprehension's condition
# error: 7:14: 'yield' inside a comprehension
a = [x for x in 1, 2]
b = [x for x in y if lambda: 1]
def f():
    return [(yield x) for x in y]
