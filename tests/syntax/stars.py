# error: 4:5: cannot use starred expression here
# error: 6:1: cannot use starred expression here
# error: 7:6: cannot use starred expression here
x = *a
print(*a)
*a
y = (*a)
return_ = [*a, *b]
