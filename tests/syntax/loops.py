# error: 5:9: 'break' outside loop
# error: 7:5: 'continue' not properly in loop
for x in y:
    def f():
        break
else:
    continue
