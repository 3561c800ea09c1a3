# error: 5:5: leading zeros in decimal integer literals are not permitted; use an 0o prefix for octal integers
# error: 6:5: invalid integer literal '10L'
# error: 7:7: expected '!=', saw '<>'
# error: 10:8: multiple exception types must be parenthesized
x = 0777
y = 10L
z = 1 <> 2
try:
    pass
except A, B:
    pass
