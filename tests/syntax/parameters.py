# error: 8:10: duplicate argument 'a' in function definition
# error: 9:12: non-default argument follows default argument
# error: 10:7: named parameters must follow bare '*'
# error: 11:12: only one '*' is allowed in a parameter list
# error: 12:12: arguments cannot follow var-keyword argument
# error: 14:12: name 'a' is parameter and global
# error: 15:12: expected a parameter's name, saw '(a, b)'
def f(a, a): pass
def g(a=1, b): pass
def h(*, **k): pass
def i(*a, *b): pass
def j(**k, a): pass
def k(a):
    global a
l = lambda (a, b): a
