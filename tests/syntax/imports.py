# error: 4:14: expected a name after 'import', saw end of line
# error: 5:14: expected a name after 'as', saw end of line
# error: 6:17: expected a name after ',', saw end of line
from x import
import a.b as
from . import a,
