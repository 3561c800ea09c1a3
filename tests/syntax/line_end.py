# error: 4:4: expected an expression after '=', saw end of line
# error: 6:7: unexpected character after line continuation character
# error: 6:9: expected an operator or the end of the statement after '1', saw '2'
x = \

y = 1 \ 2
