# error: 3:1: an assignment expression needs parentheses here
# error: 5:5: an assignment expression needs parentheses here
x := 1
y = (z := 2)
f(a=b := 1)
lambda: (x := 1)
