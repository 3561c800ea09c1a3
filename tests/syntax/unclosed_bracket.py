# error: 4:11: expected ']' to close '[' at column 6, saw ')'
# error: 5:5: '{' was never closed
x = (1,
     [2, 3)
y = {
