# error: 3:13: expected 'in' after 'x', saw ']'
# error: 4:19: expected 'in' after 'y', saw '}'
c = [x for x]
d = {x: 1 for x, y}
