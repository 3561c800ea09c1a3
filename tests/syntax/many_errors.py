# error: 22:5: expected an expression after '=', saw '='
# error: 23:5: expected an expression after '=', saw '='
# error: 24:5: expected an expression after '=', saw '='
# error: 25:5: expected an expression after '=', saw '='
# error: 26:5: expected an expression after '=', saw '='
# error: 27:5: expected an expression after '=', saw '='
# error: 28:5: expected an expression after '=', saw '='
# error: 29:5: expected an expression after '=', saw '='
# error: 30:5: expected an expression after '=', saw '='
# error: 31:5: expected an expression after '=', saw '='
# error: 32:5: expected an expression after '=', saw '='
# error: 33:5: expected an expression after '=', saw '='
# error: 34:5: expected an expression after '=', saw '='
# error: 35:5: expected an expression after '=', saw '='
# error: 36:5: expected an expression after '=', saw '='
# error: 37:5: expected an expression after '=', saw '='
# error: 38:5: expected an expression after '=', saw '='
# error: 39:5: expected an expression after '=', saw '='
# error: 40:5: expected an expression after '=', saw '='
# error: 41:5: expected an expression after '=', saw '='
# note: 5 more syntax errors not shown
x = = 1
x = = 1
x = = 1
x = = 1
x = = 1
x = = 1
x = = 1
x = = 1
x = = 1
x = = 1
x = = 1
x = = 1
x = = 1
x = = 1
x = = 1
x = = 1
x = = 1
x = = 1
x = = 1
x = = 1
x = = 1
x = = 1
x = = 1
x = = 1
x = = 1
