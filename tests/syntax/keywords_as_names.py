# error: 2:3: expected an expression after '.', saw 'class'
x.class = 1
y = lambda
