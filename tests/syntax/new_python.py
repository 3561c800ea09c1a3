# error: 3:6: expected an operator or the end of the statement after 'type', saw 'X'
# error: 4:6: expected '(' after 'f', saw '['
type X = int
def f[T](x): pass
