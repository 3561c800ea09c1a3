# error: 6:4: expected an expression after '=', saw end of line
# error: 7:8: expected an expression after '+', saw end of line
# error: 8:11: expected an expression after '*', saw ')'
# error: 9:8: expected an expression after ',', saw ','
# error: 10:3: expected an expression after '(', saw ','
a = 
b = 1 +
c = (1, * )
d = [1,, 2]
f(,)
