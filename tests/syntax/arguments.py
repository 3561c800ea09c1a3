# error: 5:8: positional argument follows keyword argument
# error: 6:8: positional argument follows keyword argument unpacking
# error: 7:8: iterable argument unpacking follows keyword argument unpacking
# error: 8:8: keyword argument repeated: a
f(a=1, b)
f(**a, b)
f(**a, *b)
f(a=1, a=2)
