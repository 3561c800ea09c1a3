# error: 4:5: f-string: single '}' is not allowed
# error: 5:5: f-string: empty expression not allowed
# error: 6:5: f-string: expected '}'
a = f'}'
b = f'{}'
c = f'{a'
d = f'{{}}'
