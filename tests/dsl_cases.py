#!/usr/bin/env python3
"""Run the DSL's cases: python3 tests/dsl_cases.py [--dsl DIR] [--spec DSL.md] [CASES.jsonl]

Each case compares a result in value, in type and in the iteration order of its frozensets.
With the specification at hand, the signature, the annotations and the safe default of every
function are checked against it as well.
"""

import argparse
import inspect
import json
import math
import os
import random
import re
import sys

HERE = os.path.dirname(os.path.abspath(__file__))


def decode(data, names):
    """The Python value of an encoded one."""
    if isinstance(data, list):
        return tuple(decode(item, names) for item in data)
    if isinstance(data, dict):
        if 'frozenset' in data:
            return frozenset_in_order([decode(item, names) for item in data['frozenset']])
        if 'float' in data:
            text = data['float']
            return math.nan if text == 'nan' else float(text)
        return eval(data['fn'], names)
    return data


FILLS = (frozenset, lambda elements: frozenset(set(elements)))


def frozenset_in_order(items):
    """A frozenset that iterates in the order of the items."""
    fill, inserted = insertion_order(items)
    return fill([items[k] for k in inserted])


def insertion_order(items):
    """Which of FILLS, and the positions of the items in an order of insertion, that give a frozenset in their order.

    Filled in that order it may iterate otherwise: of two elements that want the same slot,
    the one inserted later can end up in front. An element that comes out elsewhere then
    changes places in the order of insertion, mostly with the one found instead, again and
    again. A set copied from a set can have a table of another size, so both kinds are tried.
    If all fails, the set is filled in order.
    """
    in_order = list(range(len(items)))
    for fill in FILLS:
        choice = random.Random(1)
        inserted = list(in_order)
        for attempt in range(1000):
            result = fill([items[k] for k in inserted])
            wrong = [(k, found) for k, found in enumerate(result) if items[k] != found]
            if len(result) != len(items):
                return frozenset, in_order
            if not wrong:
                return fill, inserted
            k, found = wrong[0] if attempt % 3 else choice.choice(wrong)
            a, b = inserted.index(k), inserted.index(items.index(found))
            if attempt % 5 == 4:
                b = choice.randrange(len(items))
            inserted[a], inserted[b] = inserted[b], inserted[a]
    return frozenset, in_order


def mismatch(value, data):
    """'' if the value is the encoded one, else the kind of difference."""
    if isinstance(data, list):
        if type(value) is not tuple or len(value) != len(data):
            return 'value'
        return worst(mismatch(item, part) for item, part in zip(value, data))
    if isinstance(data, dict):
        if 'frozenset' in data:
            return frozenset_mismatch(value, data['frozenset'])
        if 'float' in data:
            return '' if type(value) is float and repr(value) == data['float'] else 'value'
        return '' if getattr(value, '__name__', None) == data['fn'] else 'value'
    if type(value) is not type(data):
        return 'type' if value == data else 'value'
    return '' if value == data else 'value'


def frozenset_mismatch(value, items):
    """As `mismatch`, for a frozenset listed in iteration order."""
    if type(value) is not frozenset or len(value) != len(items):
        return 'value'
    in_order = worst(mismatch(item, part) for item, part in zip(value, items))
    if not in_order:
        return ''
    left = list(value)
    kinds = ['order']
    for part in items:
        found = [(mismatch(item, part), k) for k, item in enumerate(left)]
        kind, k = min(found, key=lambda pair: RANK[pair[0]])
        if kind == 'value':
            return 'value'
        kinds.append(kind)
        del left[k]
    return worst(kinds)


RANK = {'': 0, 'order': 1, 'type': 2, 'value': 3}


def worst(kinds):
    """The most serious of some differences."""
    return max(kinds, key=RANK.get, default='')


def short(value, width=300):
    """A value's text, cut."""
    text = value if isinstance(value, str) else repr(value)
    return text if len(text) <= width else text[:width] + '...'


class Report:
    """Counts of passed and failed checks; failures are printed as they come."""

    def __init__(self):
        self.passed = 0
        self.failed = 0

    def check(self, message):
        """Count a check that passed if the message is empty."""
        if message:
            self.failed += 1
            print('FAIL', message)
        else:
            self.passed += 1


def run_case(case, names):
    """'' if the case passes, else a message."""
    try:
        args = [decode(arg, names) for arg in case['a']]
        value = names[case['f']](*args)
        if 'then' in case:
            value = value(*[decode(arg, names) for arg in case['then']])
    except Exception as error:
        value = error
    kind = mismatch(value, case['r'])
    if not kind:
        return ''
    call = case['f'] + short(json.dumps(case['a']))
    if 'then' in case:
        call += ' then ' + short(json.dumps(case['then']))
    return f"{kind}: {call}\n     got  {short(value)}\n     want {short(json.dumps(case['r']))}"


def check_signatures(text, dsl, report):
    """Signature and annotations of each function that the specification lists."""
    listed = re.findall(r'^- `(\w+)\((.*?)\)(?: -> (\w+))?` \[(.*?)\]', text, re.M)
    for name, parameters, result, _ in listed:
        function = getattr(dsl, name, None)
        if function is None:
            report.check(f'{name}: missing')
            continue
        hints = {}
        plain = []
        for parameter in parameters.split(', '):
            match = re.fullmatch(r'(\w+)(?:: (\w+))?(?:=(\w+))?', parameter)
            if match[2]:
                hints[match[1]] = match[2]
            plain.append((match[1], match[3]))
        if result:
            hints['return'] = result
        found = [(p.name, None if p.default is p.empty else p.default.__name__)
                 for p in inspect.signature(function).parameters.values()]
        same = list(function.__annotations__.items()) == list(hints.items()) and found == plain
        report.check('' if same else f'{name}: signature {inspect.signature(function)}')
        if name != 'make_all_dsl_safe':
            guarded = hasattr(function, '__wrapped__')
            same = guarded and function._original_argcount == len(plain)
            report.check('' if same else f'{name}: not guarded as expected')
    names = {name for name, value in vars(dsl).items()
             if inspect.isfunction(value) and not name.startswith('_')}
    extra = sorted(names ^ {name for name, *_ in listed})
    report.check(f'public functions differ: {extra}' if extra else '')


def check_defaults(text, dsl, default_of, report):
    """Observed safe default of each function."""
    kinds = {'`frozenset()`': frozenset(), '`()`': (), '`0`': 0, '`False`': False}
    seen = 0
    for kind, count, names in re.findall(r'^- (.+?) \((\d+)\): (\w+(?: \w+)+)$', text, re.M):
        names = names.split()
        seen += len(names)
        report.check('' if len(names) == int(count) else f'{kind}: {len(names)} names')
        for name in names:
            value = default_of(getattr(dsl, name, None))
            if kind in kinds:
                same = type(value) is type(kinds[kind]) and value == kinds[kind]
            else:
                same = callable(value) and value(1, 2, key=3) == ()
            report.check('' if same else f'{name}: default {value!r}, not {kind}')
    report.check('' if seen == 293 else f'{seen} defaults listed')


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('--dsl', default=os.path.join(HERE, os.pardir, 'dsl'))
    parser.add_argument('--spec', help='the specification, default: dsl.md beside the cases')
    parser.add_argument('cases', nargs='?',
                        default=os.path.join(HERE, os.pardir, os.pardir, 'shared', 'spec', 'dsl_cases.jsonl'))
    options = parser.parse_args()

    if not os.path.exists(options.cases):
        print(f'skipped: no cases at {options.cases}')
        print('0 passed, 0 failed, 1 skipped')
        return 0

    sys.path.insert(0, os.path.abspath(options.dsl))
    import constants
    import dsl
    import safe_dsl

    names = {**vars(constants), **vars(dsl)}
    report = Report()
    with open(options.cases, encoding='utf-8') as lines:
        for line in lines:
            if line.strip():
                report.check(run_case(json.loads(line), names))
    cases = report.passed + report.failed
    print(f'cases: {cases}, {report.failed} failed')

    spec = options.spec or os.path.join(os.path.dirname(options.cases), 'dsl.md')
    if os.path.exists(spec):
        with open(spec, encoding='utf-8') as file:
            text = file.read()
        check_signatures(text, dsl, report)
        check_defaults(text, dsl, safe_dsl._get_safe_default, report)
    elif options.spec:
        report.check(f'no specification at {spec}')

    print(f'{report.passed} passed, {report.failed} failed')
    return 1 if report.failed else 0


if __name__ == '__main__':
    sys.exit(main())
