"""What builtins do when that runs frames: when an iterable is a generator or a key is a Python function.

Natives never call back. They plan a call of the function here that has their name (PRELUDE_LIST of
builtin.h), and its value is the call's value. These functions are no Python frames to the programs that
reach them: they count for no recursion limit. StopIteration leaves the generators here as it is, since
it comes out of a function that CPython's iterator in C would have called.

Inside, every name is the builtin: `tuple` here is the type. An absent argument is a marker that only
__missing__ may see. `for x in it: break` takes exactly one item of an iterator.
"""


# The safe default of the callable kind. It stands first: function id 0 is "none" in Image.prelude, and no
# plan ever names this one.
def safe_callable(*args, **kwargs):
    return ()


# ---- containers from iterables: item by item, so that errors come in Python's order ----

def list(iterable):
    items = []
    for item in iterable:
        items.append(item)
    return items


def tuple(iterable):
    items = []
    for item in iterable:
        items.append(item)
    return __list_tuple__(items)


def set(iterable):
    items = set()
    for item in iterable:
        items.add(item)
    return items


def frozenset(iterable):
    items = set()
    for item in iterable:
        items.add(item)
    return __freeze__(items)


# `named` holds keyword arguments, or nothing.
def dict(pairs, named):
    result = {}
    for pair in pairs:
        key, value = pair
        result[key] = value
    result.update(named)
    return result


def Counter(iterable):
    from collections import Counter as new_counter
    counts = new_counter()
    for item in iterable:
        counts[item] = counts.get(item, 0) + 1
    return counts


# ---- changing containers ----

# For `target += iterable` and list displays; extend is for the method.
def list_extend(target, iterable):
    for item in iterable:
        target.append(item)


def extend(target, iterable):
    for item in iterable:
        target.append(item)


def set_update(target, iterable):
    for item in iterable:
        target.add(item)


def update_all(target, iterables):
    for iterable in iterables:
        target.update(iterable)


def dict_update(target, pairs):
    for pair in pairs:
        key, value = pair
        target[key] = value


# ---- sets and lazy iterables ----

def union(self, others):
    result = set(self)
    for other in others:
        result.update(other)
    if isinstance(self, frozenset):
        return __freeze__(result)
    return result


# `item in {}` refuses what has no hash, a set too, as these methods do and `in` of a set does not.
def intersection(self, others):
    result = self
    for other in others:
        if __lazy__(other):
            common = set()
            for item in other:
                item in {}
                if item in result:
                    common.add(item)
                    if len(common) >= len(result):
                        break
            if isinstance(self, frozenset):
                common = __freeze__(common)
            result = common
        else:
            result = result.intersection(other)
    return result


def difference(self, others):
    parts = []
    for other in others:
        if __lazy__(other):
            items = []
            for item in other:
                item in {}
                items.append(item)
            parts.append(items)
        else:
            parts.append(other)
    return self.difference(*parts)


def issubset(self, other):
    return self.issubset(set(other))


def issuperset(self, other):
    for item in other:
        item in {}
        if item not in self:
            return False
    return True


def isdisjoint(self, other):
    for item in other:
        item in {}
        if item in self:
            return False
    return True


# ---- questions about all items ----

def sum(iterable, start):
    total = start
    for item in iterable:
        total = total + item
    return total


def all(iterable):
    for item in iterable:
        if not item:
            return False
    return True


def any(iterable):
    for item in iterable:
        if item:
            return True
    return False


# Identity counts as equality, as in a tuple.
def contains(iterable, value):
    for item in iterable:
        if item in (value,):
            return True
    return False


# An empty iterable without a default: max(()) raises what there is to raise.
def max(iterable, key, default):
    empty = True
    best = best_key = None
    for item in iterable:
        if __missing__(key):
            item_key = item
        else:
            item_key = key(item)
        if empty:
            empty = False
            best = item
            best_key = item_key
        elif item_key > best_key:
            best = item
            best_key = item_key
    if not empty:
        return best
    if __missing__(default):
        return max(())
    return default


def min(iterable, key, default):
    empty = True
    best = best_key = None
    for item in iterable:
        if __missing__(key):
            item_key = item
        else:
            item_key = key(item)
        if empty:
            empty = False
            best = item
            best_key = item_key
        elif item_key < best_key:
            best = item
            best_key = item_key
    if not empty:
        return best
    if __missing__(default):
        return min(())
    return default


# ---- sorting: every key first, in order ----

def sorted(iterable, key, reverse):
    values = list(iterable)
    if __missing__(key):
        __sort__(values, values, reverse)
        return values
    keys = []
    for value in values:
        keys.append(key(value))
    __sort__(keys, values, reverse)
    return values


def list_sort(values, key, reverse):
    keys = []
    for value in values:
        keys.append(key(value))
    __sort__(keys, values, reverse)


# ---- iterators ----

def next(iterator, default):
    for item in iterator:
        return item
    if __missing__(default):
        return __stop__()
    return default


def zip(iterators):
    while True:
        row = []
        for iterator in iterators:
            for item in iterator:
                row.append(item)
                break
            else:
                return
        yield __list_tuple__(row)


def enumerate(iterable, start):
    number = start
    for item in iterable:
        yield number, item
        number = number + 1


# Over one iterator, or over several: then `iterator` is absent and `parts` holds them.
def map(function, iterator, parts):
    if __missing__(iterator):
        for row in zip(*parts):
            yield function(*row)
    else:
        for item in iterator:
            yield function(item)


def filter(function, iterator):
    for item in iterator:
        if function is None:
            keep = item
        else:
            keep = function(item)
        if keep:
            yield item


def product(iterables, repeat):
    from itertools import product as native_product
    pools = []
    for iterable in iterables:
        pools.append(tuple(iterable))
    return native_product(*pools, repeat=repeat)


# The first items of an iterator, one more than wanted where there is one: enough for the caller to see
# whether their number is right.
def unpack(iterable, wanted):
    items = []
    for item in iterable:
        items.append(item)
        if len(items) > wanted:
            break
    return items


# The next items of an iterator, put behind those in a list, until it has `count`: those that came before an exception stay there.
def take(items, iterable, count):
    for item in iterable:
        items.append(item)
        if len(items) == count:
            break


# ---- a stand-in: apply, first, second, mapply and p_g are the DSL's ----

def batch_process(samples):
    inputs = apply(first, samples)
    outputs = apply(second, samples)
    return inputs, outputs, mapply(p_g, inputs), mapply(p_g, outputs)
