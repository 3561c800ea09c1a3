# error: 3:7: expected a name, saw keyword 'async'
# error: 4:1: expected a name, saw keyword 'async'
x = f(async=1)
async = 1
