# error: 3:4: expected an expression after '=', saw end of line
# error: 7:7: expected a name after 'import', saw end of line
x = 
print(1)
y = [1,
  2]
import
a
