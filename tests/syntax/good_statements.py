from __future__ import annotations
from . import a
from .. b import (c as d, e,)
import a.b.c as d, e
def f(a, /, b: int = 1, *c: *d, e, f=2, **g) -> Tuple[int, ...]:
    global h; h = 1
    x, *y = a[0], b.c = z = 1, 2
    x: Dict[str, int] | None = None
    try: pass
    except (A, B) as e: raise
    except: raise X from None
    else: pass
    finally: return
@decorated(1)
@x.y
class A(B, metaclass=C): pass
while x:
    if y: continue
    elif z: break
    else: pass
else:
    del x, (y, z), a[0]
for i, (j, *k) in a, *b: assert i, j
with a as b, (c): pass
with (a as b, c as d,): pass
match = case = print
match match:
    case [1, x, *_]: pass
    case {'a': A(b=1)} if c: pass
async def g():
    async with a: await b
    async for c in d: yield
x = 1; y = 2;
x += yield_
if (n := 10) > 5: pass
