# error: 2:1: invalid syntax at 'for 1 in x:'
for 1 in x:
    pass
