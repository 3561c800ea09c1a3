def _get_safe_default(func):
    if any(t in type_str for t in ['Callable']):
        return lambda x: 7
    return ()
