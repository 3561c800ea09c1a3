# error: 3:1: missing parentheses in call to 'print': did you mean print(...)?
# error: 4:1: missing parentheses in call to 'exec': did you mean exec(...)?
print 'hello'
exec 'x = 1'
x = 0777
y = 10L
if a <> b:
    pass
