# error: 4:14: expected ':' after '1', saw end of line
# error: 6:15: expected ':' after 'x', saw end of line
def f(x):
    if x == 1
        return 2
    for a in x
        pass
    return 3
