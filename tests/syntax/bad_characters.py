# error: 6:7: unexpected character '?'
# error: 7:5: unexpected character '$'
# error: 8:5: unexpected character '`'
# error: 8:7: unexpected character '`'
# error: 9:6: invalid non-printable character U+00A0
x = 1 ? 2
y = $a
z = `a`
w = 1 + 2
