# error: 4:1: 'else' without an 'if', a loop or an 'except' before it
# error: 9:1: expected 'except' or 'finally' after the 'try' block of line 7
# error: 13:1: 'except' without a 'try' before it
else:
    pass

try:
    x = 1
y = 2

if x:
    pass
except E:
    pass
