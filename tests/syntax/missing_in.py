# error: 2:7: expected 'in' after 'x', saw 'of'
for x of y:
    pass
