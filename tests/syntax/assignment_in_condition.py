# error: 3:6: unexpected '=', perhaps you meant '==' or ':='?
# error: 5:6: expression cannot contain assignment, perhaps you meant '=='?
if x = 1:
    pass
f(a.b=1)
