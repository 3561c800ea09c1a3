# error: 5:5: truncated \x escape in string
# error: 6:5: truncated \u escape in string
# error: 7:5: bytes can only contain ASCII literal characters
# error: 8:5: illegal Unicode character in \U escape
a = '\x4'
b = '\u12'
c = b'é'
d = '\U00110000'
