# error: 6:5: unindent does not match any outer indentation level
# error: 9:1: expected an indented block after 'def' on line 8
# error: 12:5: unexpected indent
def f():
        a = 1
    b = 2

def g():
return 1

x = 1
    y = 2
