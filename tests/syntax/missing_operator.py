# error: 3:9: expected ',' or an operator after 'a', saw 'b'
# error: 4:7: expected an operator or the end of the statement after 'a', saw 'b'
x = f(a b)
y = a b
