/* attr_names.h - what dir() of CPython 3.11's types lists, without what every object has: hasattr() looks
 * here, and a name that is here but has no value in this runtime is a limit, not an AttributeError.
 * Words separated by spaces. */
#ifndef BATTC_ATTR_NAMES_H
#define BATTC_ATTR_NAMES_H

#define INT_NAMES \
  "__abs__ __add__ __and__ __bool__ __ceil__ __divmod__ __float__ __floor__ __floordiv__ " \
  "__getnewargs__ __index__ __int__ __invert__ __lshift__ __mod__ __mul__ __neg__ __or__ " \
  "__pos__ __pow__ __radd__ __rand__ __rdivmod__ __rfloordiv__ __rlshift__ __rmod__ " \
  "__rmul__ __ror__ __round__ __rpow__ __rrshift__ __rshift__ __rsub__ __rtruediv__ " \
  "__rxor__ __sub__ __truediv__ __trunc__ __xor__ as_integer_ratio bit_count bit_length " \
  "conjugate denominator from_bytes imag numerator real to_bytes"
#define FLOAT_NAMES \
  "__abs__ __add__ __bool__ __ceil__ __divmod__ __float__ __floor__ __floordiv__ " \
  "__getformat__ __getnewargs__ __int__ __mod__ __mul__ __neg__ __pos__ __pow__ __radd__ " \
  "__rdivmod__ __rfloordiv__ __rmod__ __rmul__ __round__ __rpow__ __rsub__ __rtruediv__ " \
  "__sub__ __truediv__ __trunc__ as_integer_ratio conjugate fromhex hex imag is_integer " \
  "real"
#define STR_NAMES \
  "__add__ __contains__ __getitem__ __getnewargs__ __iter__ __len__ __mod__ __mul__ " \
  "__rmod__ __rmul__ capitalize casefold center count encode endswith expandtabs find " \
  "format format_map index isalnum isalpha isascii isdecimal isdigit isidentifier islower " \
  "isnumeric isprintable isspace istitle isupper join ljust lower lstrip maketrans " \
  "partition removeprefix removesuffix replace rfind rindex rjust rpartition rsplit rstrip " \
  "split splitlines startswith strip swapcase title translate upper zfill"
#define TUPLE_NAMES \
  "__add__ __class_getitem__ __contains__ __getitem__ __getnewargs__ __iter__ __len__ " \
  "__mul__ __rmul__ count index"
#define LIST_NAMES \
  "__add__ __class_getitem__ __contains__ __delitem__ __getitem__ __iadd__ __imul__ " \
  "__iter__ __len__ __mul__ __reversed__ __rmul__ __setitem__ append clear copy count " \
  "extend index insert pop remove reverse sort"
#define SET_NAMES \
  "__and__ __class_getitem__ __contains__ __iand__ __ior__ __isub__ __iter__ __ixor__ " \
  "__len__ __or__ __rand__ __ror__ __rsub__ __rxor__ __sub__ __xor__ add clear copy " \
  "difference difference_update discard intersection intersection_update isdisjoint " \
  "issubset issuperset pop remove symmetric_difference symmetric_difference_update union " \
  "update"
#define FROZENSET_NAMES \
  "__and__ __class_getitem__ __contains__ __iter__ __len__ __or__ __rand__ __ror__ __rsub__ " \
  "__rxor__ __sub__ __xor__ copy difference intersection isdisjoint issubset issuperset " \
  "symmetric_difference union"
#define DICT_NAMES \
  "__class_getitem__ __contains__ __delitem__ __getitem__ __ior__ __iter__ __len__ __or__ " \
  "__reversed__ __ror__ __setitem__ clear copy fromkeys get items keys pop popitem " \
  "setdefault update values"
#define COUNTER_NAMES \
  "__add__ __and__ __dict__ __iadd__ __iand__ __isub__ __missing__ __module__ __neg__ " \
  "__pos__ __sub__ __weakref__ _keep_positive elements most_common subtract total"
#define RANGE_NAMES \
  "__bool__ __contains__ __getitem__ __iter__ __len__ __reversed__ count index start step " \
  "stop"
#define SLICE_NAMES \
  "indices start step stop"
#define FUNC_NAMES \
  "__annotations__ __builtins__ __call__ __closure__ __code__ __defaults__ __dict__ __get__ " \
  "__globals__ __kwdefaults__ __module__ __name__ __qualname__"
#define BUILTIN_NAMES \
  "__call__ __module__ __name__ __qualname__ __self__ __text_signature__"
#define TYPE_NAMES \
  "__abstractmethods__ __annotations__ __base__ __bases__ __basicsize__ __call__ __dict__ " \
  "__dictoffset__ __flags__ __instancecheck__ __itemsize__ __module__ __mro__ __name__ " \
  "__or__ __prepare__ __qualname__ __ror__ __subclasscheck__ __subclasses__ " \
  "__text_signature__ __weakrefoffset__ mro"
#define GEN_NAMES \
  "__del__ __iter__ __name__ __next__ __qualname__ close gi_code gi_frame gi_running " \
  "gi_suspended gi_yieldfrom send throw"
#define CODE_NAMES \
  "_co_code_adaptive _varname_from_oparg co_argcount co_cellvars co_code co_consts " \
  "co_exceptiontable co_filename co_firstlineno co_flags co_freevars co_kwonlyargcount " \
  "co_lines co_linetable co_lnotab co_name co_names co_nlocals co_positions " \
  "co_posonlyargcount co_qualname co_stacksize co_varnames replace"
#define ERROR_NAMES \
  "__cause__ __context__ __dict__ __setstate__ __suppress_context__ __traceback__ add_note " \
  "args with_traceback"
#define VIEW_NAMES \
  "__and__ __contains__ __iter__ __len__ __or__ __rand__ __reversed__ __ror__ __rsub__ " \
  "__rxor__ __sub__ __xor__ isdisjoint mapping"

/* What every object has. */
#define OBJECT_NAMES \
  "__class__ __delattr__ __dir__ __doc__ __eq__ __format__ __ge__ __getattribute__ " \
  "__getstate__ __gt__ __hash__ __init__ __init_subclass__ __le__ __lt__ __ne__ __new__ " \
  "__reduce__ __reduce_ex__ __repr__ __setattr__ __sizeof__ __str__ __subclasshook__"

#endif
