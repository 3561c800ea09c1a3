# error: 6:1: 'return' outside function
# error: 7:1: 'yield' outside function
# error: 8:1: 'break' outside loop
# error: 10:5: 'continue' not properly in loop
# error: 11:5: 'return' outside function
return 1
yield 2
break
class A:
    continue
    return 1
