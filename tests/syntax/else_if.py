# error: 4:6: expected ':' after 'else', saw 'if'
if x:
    pass
else if y:
    pass
