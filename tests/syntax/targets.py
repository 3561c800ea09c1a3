# error: 5:1: cannot assign to function call here, perhaps you meant '=='?
# error: 6:1: cannot assign to literal
# error: 7:1: cannot assign to expression here, perhaps you meant '=='?
# error: 8:1: cannot assign to a constant's name
f() = 1
1 = x
a + b = c
None = 1
