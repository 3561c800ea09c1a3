# error: 3:5: unterminated string literal
# error: 5:5: unterminated triple-quoted string literal
x = 'abc
y = 1
z = """abc
