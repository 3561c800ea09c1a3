# error: 6:9: f-string: invalid conversion character: expected 's', 'r', or 'a'
# error: 7:12: cannot mix bytes and nonbytes literals
# error: 8:8: f-string: a lambda needs parentheses
# error: 9:13: f-string: expressions nested too deeply
# error: 10:8: f-string expression part cannot include a backslash
a = f'{x!z}'
c = f'{a}' b'x'
d = f'{lambda: 1}'
e = f'{a:{b:{c}}}'
f = f'{"\n"}'
