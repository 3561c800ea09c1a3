# error: 3:6: unmatched ')'
# error: 4:7: expected ')' to close '(' at column 5, saw ']'
x = 1)
y = (1]
