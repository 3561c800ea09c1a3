/* test_builtin.c - builtin functions, types and methods, and attributes. */
#include "literal.h"

static const CallRow functions[] = {
  {"max", "((3, 1, 2),)", "{}", "3"}, {"max", "(3, 1, 2)", "{}", "3"}, {"max", "((),)", "{}", "!ValueError"},
  {"max", "((),)", "{'default': 5}", "5"}, {"max", "(1, 2)", "{'default': 5}", "!TypeError"},
  {"max", "()", "{}", "!TypeError"}, {"max", "(5,)", "{}", "!TypeError"},
  {"max", "((1, True, 1.0),)", "{}", "1"}, {"max", "((1, 'a'),)", "{}", "!TypeError"},
  {"max", "(((2, 1), (1, 9), (2, 0)),)", "{}", "(2, 1)"},
  {"max", "(('ccc', 'a', 'bb'),)", "{'key': len}", "'ccc'"},
  {"max", "(('cc', 'aa', 'b'),)", "{'key': len}", "'cc'"}, {"max", "(-3, 2)", "{'key': abs}", "-3"},
  {"max", "((1, 2),)", "{'key': 5}", "!TypeError"}, {"max", "((),)", "{'key': 5, 'default': 0}", "0"},
  {"max", "((3, 1),)", "{'key': None}", "3"}, {"max", "((3, 1),)", "{'foo': None}", "!TypeError"},
  {"max", "((nan, 1.5),)", "{}", "nan"}, {"max", "((1.5, nan),)", "{}", "1.5"},
  {"max", "(zip((1, 3, 2), (4, 5, 6)),)", "{'key': max}", "(2, 6)"},
  {"max", "(set([frozenset([1]), frozenset([2])]),)", "{'key': len}", "frozenset({2})"},
  {"min", "((3, 1, 2),)", "{}", "1"}, {"min", "(3, 1, 2)", "{}", "1"}, {"min", "((),)", "{}", "!ValueError"},
  {"min", "((),)", "{'default': 5}", "5"}, {"min", "(1, 2)", "{'default': 5}", "!TypeError"},
  {"min", "()", "{}", "!TypeError"}, {"min", "(5,)", "{}", "!TypeError"},
  {"min", "((1, True, 1.0),)", "{}", "1"}, {"min", "((1, 'a'),)", "{}", "!TypeError"},
  {"min", "(((2, 1), (1, 9), (2, 0)),)", "{}", "(1, 9)"},
  {"min", "(('ccc', 'a', 'bb'),)", "{'key': len}", "'a'"},
  {"min", "(('cc', 'aa', 'b'),)", "{'key': len}", "'b'"}, {"min", "(-3, 2)", "{'key': abs}", "2"},
  {"min", "((1, 2),)", "{'key': 5}", "!TypeError"}, {"min", "((),)", "{'key': 5, 'default': 0}", "0"},
  {"min", "((3, 1),)", "{'key': None}", "1"}, {"min", "((3, 1),)", "{'foo': None}", "!TypeError"},
  {"min", "((nan, 1.5),)", "{}", "nan"}, {"min", "((1.5, nan),)", "{}", "1.5"},
  {"min", "(zip((1, 3, 2), (4, 5, 6)),)", "{'key': max}", "(1, 4)"},
  {"min", "(set([frozenset([1]), frozenset([2])]),)", "{'key': len}", "frozenset({2})"},
  {"sorted", "((3, 1, 2),)", "{}", "[1, 2, 3]"}, {"sorted", "((3, 1, 2),)", "{'reverse': True}", "[3, 2, 1]"},
  {"sorted", "(('bb', 'a', 'cc', 'd'),)", "{'key': len}", "['a', 'd', 'bb', 'cc']"},
  {"sorted", "(('bb', 'a', 'cc', 'd'),)", "{'key': len, 'reverse': 1}", "['bb', 'cc', 'a', 'd']"},
  {"sorted", "((1, None),)", "{}", "!TypeError"}, {"sorted", "((2, 1),)", "{'reverse': None}", "!TypeError"},
  {"sorted", "((2, 1),)", "{'key': None}", "[1, 2]"}, {"sorted", "((2, 1), abs)", "{}", "!TypeError"},
  {"sorted", "()", "{}", "!TypeError"}, {"sorted", "(5,)", "{}", "!TypeError"},
  {"sorted", "((),)", "{'key': 5}", "[]"}, {"sorted", "((1, 2),)", "{'key': 5}", "!TypeError"},
  {"sorted", "({3: 0, 1: 0},)", "{}", "[1, 3]"}, {"sorted", "('hello',)", "{}", "['e', 'h', 'l', 'l', 'o']"},
  {"sorted", "(((1, 2), (1,), (0, 5)),)", "{'key': sum}", "[(1,), (1, 2), (0, 5)]"},
  {"sorted", "(set([5, 3, 9]),)", "{}", "[3, 5, 9]"}, {"sum", "((1, 2, 3),)", "{}", "6"},
  {"sum", "((True, True),)", "{}", "2"}, {"sum", "((1, 2.5),)", "{}", "3.5"},
  {"sum", "(((1, 2), (3,)), ())", "{}", "(1, 2, 3)"},
  {"sum", "(((1, 2), (3,)),)", "{'start': (0,)}", "(0, 1, 2, 3)"},
  {"sum", "([[1], [2]], [])", "{}", "[1, 2]"}, {"sum", "(('a',), '')", "{}", "!TypeError"},
  {"sum", "(('a',),)", "{}", "!TypeError"}, {"sum", "((), None)", "{}", "None"},
  {"sum", "((1152921504606846975, 1),)", "{}", "!limit integer"}, {"sum", "(5,)", "{}", "!TypeError"},
  {"sum", "(set([1, 2]), 10)", "{}", "13"}, {"sum", "(((1,), 2), ())", "{}", "!TypeError"},
  {"all", "((),)", "{}", "True"}, {"all", "((1, 0),)", "{}", "False"}, {"all", "((1, 2),)", "{}", "True"},
  {"all", "((0, ()),)", "{}", "False"}, {"all", "(5,)", "{}", "!TypeError"},
  {"all", "()", "{}", "!TypeError"}, {"all", "('',)", "{}", "True"}, {"any", "((),)", "{}", "False"},
  {"any", "((1, 0),)", "{}", "True"}, {"any", "((1, 2),)", "{}", "True"},
  {"any", "((0, ()),)", "{}", "False"}, {"any", "(5,)", "{}", "!TypeError"},
  {"any", "()", "{}", "!TypeError"}, {"any", "('',)", "{}", "False"}, {"tuple", "()", "{}", "()"},
  {"tuple", "((3, 1, 3),)", "{}", "(3, 1, 3)"}, {"tuple", "([1],)", "{}", "(1,)"},
  {"tuple", "(range(3),)", "{}", "(0, 1, 2)"}, {"tuple", "(set([9, 1]),)", "{}", "(9, 1)"},
  {"tuple", "({1: 2},)", "{}", "(1,)"}, {"tuple", "(5,)", "{}", "!TypeError"},
  {"tuple", "(((), []),)", "{}", "((), [])"}, {"tuple", "((), ())", "{}", "!TypeError"},
  {"list", "()", "{}", "[]"}, {"list", "((3, 1, 3),)", "{}", "[3, 1, 3]"}, {"list", "([1],)", "{}", "[1]"},
  {"list", "(range(3),)", "{}", "[0, 1, 2]"}, {"list", "(set([9, 1]),)", "{}", "[9, 1]"},
  {"list", "({1: 2},)", "{}", "[1]"}, {"list", "(5,)", "{}", "!TypeError"},
  {"list", "(((), []),)", "{}", "[(), []]"}, {"list", "((), ())", "{}", "!TypeError"},
  {"set", "()", "{}", "set()"}, {"set", "((3, 1, 3),)", "{}", "{1, 3}"}, {"set", "([1],)", "{}", "{1}"},
  {"set", "(range(3),)", "{}", "{0, 1, 2}"}, {"set", "(set([9, 1]),)", "{}", "{9, 1}"},
  {"set", "({1: 2},)", "{}", "{1}"}, {"set", "(5,)", "{}", "!TypeError"},
  {"set", "(((), []),)", "{}", "!TypeError"}, {"set", "((), ())", "{}", "!TypeError"},
  {"frozenset", "()", "{}", "frozenset()"}, {"frozenset", "((3, 1, 3),)", "{}", "frozenset({1, 3})"},
  {"frozenset", "([1],)", "{}", "frozenset({1})"}, {"frozenset", "(range(3),)", "{}", "frozenset({0, 1, 2})"},
  {"frozenset", "(set([9, 1]),)", "{}", "frozenset({9, 1})"},
  {"frozenset", "({1: 2},)", "{}", "frozenset({1})"}, {"frozenset", "(5,)", "{}", "!TypeError"},
  {"frozenset", "(((), []),)", "{}", "!TypeError"}, {"frozenset", "((), ())", "{}", "!TypeError"},
  {"dict", "()", "{}", "{}"}, {"dict", "()", "{'a': 1}", "{'a': 1}"},
  {"dict", "(((1, 2), [3, 4]),)", "{}", "{1: 2, 3: 4}"}, {"dict", "(('ab',),)", "{}", "{'a': 'b'}"},
  {"dict", "(((1, 2, 3),),)", "{}", "!ValueError"}, {"dict", "((1,),)", "{}", "!TypeError"},
  {"dict", "({1: 2},)", "{'a': 1}", "{1: 2, 'a': 1}"}, {"dict", "((('a', 1),),)", "{'a': 2}", "{'a': 2}"},
  {"dict", "(zip((1, 2), (3, 4)),)", "{}", "{1: 3, 2: 4}"}, {"dict", "((([], 1),),)", "{}", "!TypeError"},
  {"dict", "(1, 2)", "{}", "!TypeError"}, {"dict", "(set([(1, 2)]),)", "{}", "{1: 2}"},
  {"isinstance", "(1, int)", "{}", "True"}, {"isinstance", "(True, int)", "{}", "True"},
  {"isinstance", "(1, bool)", "{}", "False"}, {"isinstance", "(1, (str, int))", "{}", "True"},
  {"isinstance", "(1, (str, (int,)))", "{}", "True"}, {"isinstance", "((), tuple)", "{}", "True"},
  {"isinstance", "(set(), frozenset)", "{}", "False"}, {"isinstance", "(1, 5)", "{}", "!TypeError"},
  {"isinstance", "(1, ())", "{}", "False"}, {"isinstance", "(None, object)", "{}", "True"},
  {"isinstance", "(1, (int, 5))", "{}", "True"}, {"isinstance", "(1, (5, int))", "{}", "!TypeError"},
  {"isinstance", "(int, type)", "{}", "True"}, {"isinstance", "(len, type)", "{}", "False"},
  {"isinstance", "(zip, type)", "{}", "True"}, {"isinstance", "(Counter((1,)), dict)", "{}", "True"},
  {"isinstance", "(Counter((1,)), Counter)", "{}", "True"}, {"isinstance", "({}, Counter)", "{}", "False"},
  {"isinstance", "(ValueError(1), Exception)", "{}", "True"},
  {"isinstance", "(ValueError(1), LookupError)", "{}", "False"}, {"isinstance", "(1,)", "{}", "!TypeError"},
  {"issubclass", "(bool, int)", "{}", "True"}, {"issubclass", "(int, bool)", "{}", "False"},
  {"issubclass", "(int, object)", "{}", "True"}, {"issubclass", "(KeyError, LookupError)", "{}", "True"},
  {"issubclass", "(KeyError, (int, Exception))", "{}", "True"},
  {"issubclass", "(1, int)", "{}", "!TypeError"}, {"issubclass", "(int, 1)", "{}", "!TypeError"},
  {"callable", "(len,)", "{}", "True"}, {"callable", "(int,)", "{}", "True"},
  {"callable", "(ValueError,)", "{}", "True"}, {"callable", "(5,)", "{}", "False"},
  {"callable", "()", "{}", "!TypeError"}, {"hash", "(5,)", "{}", "5"}, {"hash", "(-1,)", "{}", "-2"},
  {"hash", "(1.5,)", "{}", "!limit integer"}, {"hash", "([],)", "{}", "!TypeError"},
  {"hash", "(True,)", "{}", "1"}, {"print", "(1, 2)", "{'sep': '', 'end': None}", "None"},
  {"print", "()", "{'foo': 1}", "!TypeError"}, {"print", "(1,)", "{'sep': 3}", "!TypeError"},
  {"repr", "((1,),)", "{}", "'(1,)'"}, {"str", "(1.5,)", "{}", "'1.5'"}, {"str", "('a',)", "{}", "'a'"},
  {"str", "()", "{}", "''"}, {"str", "((1, 'a', None, [True]),)", "{}", "\"(1, 'a', None, [True])\""},
  {"repr", "('it',)", "{}", "\"'it'\""}, {"str", "({1: 2},)", "{}", "'{1: 2}'"},
  {"str", "(frozenset([2, 1]),)", "{}", "'frozenset({1, 2})'"}, {"type", "(1, 2)", "{}", "!TypeError"},
};

static const CallRow methods[] = {
  {".count", "((1, 2, 1, True), 1)", "{}", "3"}, {".count", "((1, 2, 1, True),)", "{}", "!TypeError"},
  {".index", "((1, 2, 1, True), 2)", "{}", "1"}, {".index", "((1, 2, 1, True), 9)", "{}", "!ValueError"},
  {".index", "((1, 2, 1, True), 1, 1)", "{}", "2"}, {".index", "((1, 2, 1, True), 1, -3, -1)", "{}", "2"},
  {".index", "((1, 2, 1, True), 1, 9, 99)", "{}", "!ValueError"},
  {".index", "((1, 2, 1, True), 1, None)", "{}", "!TypeError"},
  {".append", "((1, 2, 1, True), 5)", "{}", "!AttributeError"}, {".count", "([1, 2, 1, True], 1)", "{}", "3"},
  {".count", "([1, 2, 1, True],)", "{}", "!TypeError"}, {".index", "([1, 2, 1, True], 2)", "{}", "1"},
  {".index", "([1, 2, 1, True], 9)", "{}", "!ValueError"}, {".index", "([1, 2, 1, True], 1, 1)", "{}", "2"},
  {".index", "([1, 2, 1, True], 1, -3, -1)", "{}", "2"},
  {".index", "([1, 2, 1, True], 1, 9, 99)", "{}", "!ValueError"},
  {".index", "([1, 2, 1, True], 1, None)", "{}", "!TypeError"},
  {".append", "([1, 2, 1, True], 5)", "{}", "[1, 2, 1, True, 5]"},
  {".append", "([3, 1, 2],)", "{}", "!TypeError"}, {".append", "([3, 1, 2], 4)", "{}", "[3, 1, 2, 4]"},
  {".extend", "([3, 1, 2], (5, 6))", "{}", "[3, 1, 2, 5, 6]"},
  {".extend", "([3, 1, 2], 5)", "{}", "!TypeError"}, {".pop", "([3, 1, 2],)", "{}", "2"},
  {".pop", "([3, 1, 2], 0)", "{}", "3"}, {".pop", "([3, 1, 2], -3)", "{}", "3"},
  {".pop", "([3, 1, 2], 3)", "{}", "!IndexError"}, {".pop", "([3, 1, 2], 1.0)", "{}", "!TypeError"},
  {".sort", "([3, 1, 2],)", "{}", "[1, 2, 3]"}, {".sort", "([3, 1, 2],)", "{'reverse': True}", "[3, 2, 1]"},
  {".sort", "([3, 1, 2],)", "{'key': abs}", "[1, 2, 3]"}, {".sort", "([3, 1, 2], abs)", "{}", "!TypeError"},
  {".insert", "([3, 1, 2], 0, 9)", "{}", "[9, 3, 1, 2]"},
  {".insert", "([3, 1, 2], -1, 9)", "{}", "[3, 1, 9, 2]"},
  {".insert", "([3, 1, 2], 99, 9)", "{}", "[3, 1, 2, 9]"},
  {".insert", "([3, 1, 2], -99, 9)", "{}", "[9, 3, 1, 2]"}, {".insert", "([3, 1, 2], 1)", "{}", "!TypeError"},
  {".remove", "([3, 1, 2], 1)", "{}", "[3, 2]"}, {".remove", "([3, 1, 2], 7)", "{}", "!ValueError"},
  {".reverse", "([3, 1, 2],)", "{}", "[2, 1, 3]"}, {".copy", "([3, 1, 2],)", "{}", "[3, 1, 2]"},
  {".foo", "([3, 1, 2],)", "{}", "!AttributeError"}, {".pop", "([],)", "{}", "!IndexError"},
  {".insert", "([], 1, 2)", "{}", "[2]"}, {".add", "(set([1, 2, 3]), 4)", "{}", "{1, 2, 3, 4}"},
  {".add", "(set([1, 2, 3]), [])", "{}", "!TypeError"}, {".discard", "(set([1, 2, 3]), 2)", "{}", "{1, 3}"},
  {".discard", "(set([1, 2, 3]), 9)", "{}", "{1, 2, 3}"}, {".remove", "(set([1, 2, 3]), 2)", "{}", "{1, 3}"},
  {".remove", "(set([1, 2, 3]), 9)", "{}", "!KeyError"},
  {".update", "(set([1, 2, 3]), (4, 5), [6])", "{}", "{1, 2, 3, 4, 5, 6}"},
  {".update", "(set([1, 2, 3]),)", "{}", "{1, 2, 3}"}, {".update", "(set([1, 2, 3]), 5)", "{}", "!TypeError"},
  {".union", "(set([1, 2, 3]), (4, 5), set([6]))", "{}", "{1, 2, 3, 4, 5, 6}"},
  {".union", "(set([1, 2, 3]),)", "{}", "{1, 2, 3}"}, {".union", "(set([1, 2, 3]), 5)", "{}", "!TypeError"},
  {".intersection", "(set([1, 2, 3]), (3, 2, 9))", "{}", "{2, 3}"},
  {".intersection", "(set([1, 2, 3]), set([2, 9]), (2,))", "{}", "{2}"},
  {".intersection", "(set([1, 2, 3]),)", "{}", "{1, 2, 3}"},
  {".difference", "(set([1, 2, 3]), (3,))", "{}", "{1, 2}"},
  {".difference", "(set([1, 2, 3]), set([1]), {2: 0})", "{}", "{3}"},
  {".difference", "(set([1, 2, 3]), [[]])", "{}", "!TypeError"},
  {".issubset", "(set([1, 2, 3]), (1, 2, 3, 4))", "{}", "True"},
  {".issubset", "(set([1, 2, 3]), [[]])", "{}", "!TypeError"},
  {".issubset", "(set([1, 2, 3]), (1, 2))", "{}", "False"},
  {".issuperset", "(set([1, 2, 3]), (1, 2))", "{}", "True"},
  {".issuperset", "(set([1, 2, 3]), (9, []))", "{}", "False"},
  {".issuperset", "(set([1, 2, 3]), ([], 9))", "{}", "!TypeError"},
  {".isdisjoint", "(set([1, 2, 3]), (4, 5))", "{}", "True"},
  {".isdisjoint", "(set([1, 2, 3]), (1, []))", "{}", "False"},
  {".isdisjoint", "(set([1, 2, 3]),)", "{}", "!TypeError"}, {".copy", "(set([1, 2, 3]),)", "{}", "{1, 2, 3}"},
  {".copy", "(set([1, 2, 3]), 1)", "{}", "!TypeError"},
  {".count", "(set([1, 2, 3]), 1)", "{}", "!AttributeError"},
  {".add", "(frozenset([1, 2, 3]), 4)", "{}", "!AttributeError"},
  {".add", "(frozenset([1, 2, 3]), [])", "{}", "!AttributeError"},
  {".discard", "(frozenset([1, 2, 3]), 2)", "{}", "!AttributeError"},
  {".discard", "(frozenset([1, 2, 3]), 9)", "{}", "!AttributeError"},
  {".remove", "(frozenset([1, 2, 3]), 2)", "{}", "!AttributeError"},
  {".remove", "(frozenset([1, 2, 3]), 9)", "{}", "!AttributeError"},
  {".update", "(frozenset([1, 2, 3]), (4, 5), [6])", "{}", "!AttributeError"},
  {".update", "(frozenset([1, 2, 3]),)", "{}", "!AttributeError"},
  {".update", "(frozenset([1, 2, 3]), 5)", "{}", "!AttributeError"},
  {".union", "(frozenset([1, 2, 3]), (4, 5), set([6]))", "{}", "frozenset({1, 2, 3, 4, 5, 6})"},
  {".union", "(frozenset([1, 2, 3]),)", "{}", "frozenset({1, 2, 3})"},
  {".union", "(frozenset([1, 2, 3]), 5)", "{}", "!TypeError"},
  {".intersection", "(frozenset([1, 2, 3]), (3, 2, 9))", "{}", "frozenset({2, 3})"},
  {".intersection", "(frozenset([1, 2, 3]), set([2, 9]), (2,))", "{}", "frozenset({2})"},
  {".intersection", "(frozenset([1, 2, 3]),)", "{}", "frozenset({1, 2, 3})"},
  {".difference", "(frozenset([1, 2, 3]), (3,))", "{}", "frozenset({1, 2})"},
  {".difference", "(frozenset([1, 2, 3]), set([1]), {2: 0})", "{}", "frozenset({3})"},
  {".difference", "(frozenset([1, 2, 3]), [[]])", "{}", "!TypeError"},
  {".issubset", "(frozenset([1, 2, 3]), (1, 2, 3, 4))", "{}", "True"},
  {".issubset", "(frozenset([1, 2, 3]), [[]])", "{}", "!TypeError"},
  {".issubset", "(frozenset([1, 2, 3]), (1, 2))", "{}", "False"},
  {".issuperset", "(frozenset([1, 2, 3]), (1, 2))", "{}", "True"},
  {".issuperset", "(frozenset([1, 2, 3]), (9, []))", "{}", "False"},
  {".issuperset", "(frozenset([1, 2, 3]), ([], 9))", "{}", "!TypeError"},
  {".isdisjoint", "(frozenset([1, 2, 3]), (4, 5))", "{}", "True"},
  {".isdisjoint", "(frozenset([1, 2, 3]), (1, []))", "{}", "False"},
  {".isdisjoint", "(frozenset([1, 2, 3]),)", "{}", "!TypeError"},
  {".copy", "(frozenset([1, 2, 3]),)", "{}", "frozenset({1, 2, 3})"},
  {".copy", "(frozenset([1, 2, 3]), 1)", "{}", "!TypeError"},
  {".count", "(frozenset([1, 2, 3]), 1)", "{}", "!AttributeError"},
  {".discard", "(set([frozenset([1])]), set([1]))", "{}", "set()"},
  {".remove", "(set([frozenset([1])]), set([2]))", "{}", "!KeyError"},
  {".intersection", "(set([1]), [set()])", "{}", "!TypeError"}, {".get", "({1: 2, 3: 4}, 1)", "{}", "2"},
  {".get", "({1: 2, 3: 4}, 9, 5)", "{}", "5"}, {".get", "({1: 2, 3: 4}, [])", "{}", "!TypeError"},
  {".get", "({1: 2, 3: 4},)", "{}", "!TypeError"}, {".keys", "({1: 2, 3: 4},)", "{}", "[1, 3]"},
  {".values", "({1: 2, 3: 4},)", "{}", "[2, 4]"}, {".items", "({1: 2, 3: 4},)", "{}", "[(1, 2), (3, 4)]"},
  {".items", "({1: 2, 3: 4}, 1)", "{}", "!TypeError"},
  {".update", "({1: 2, 3: 4}, {3: 9, 5: 6})", "{}", "{1: 2, 3: 9, 5: 6}"},
  {".update", "({1: 2, 3: 4}, ((7, 8),))", "{}", "{1: 2, 3: 4, 7: 8}"},
  {".update", "({1: 2, 3: 4}, 5)", "{}", "!TypeError"},
  {".update", "({1: 2, 3: 4}, ((1, 2, 3),))", "{}", "!ValueError"},
  {".update", "({1: 2, 3: 4},)", "{'a': 1}", "{1: 2, 3: 4, 'a': 1}"},
  {".setdefault", "({1: 2, 3: 4}, 1)", "{}", "2"}, {".setdefault", "({1: 2, 3: 4}, 9, 7)", "{}", "7"},
  {".pop", "({1: 2, 3: 4}, 1)", "{}", "2"}, {".pop", "({1: 2, 3: 4}, 9)", "{}", "!KeyError"},
  {".pop", "({1: 2, 3: 4}, 9, 5)", "{}", "5"}, {".most_common", "({1: 2, 3: 4},)", "{}", "!AttributeError"},
  {".most_common", "(Counter('abca'),)", "{}", "[('a', 2), ('b', 1), ('c', 1)]"},
  {".most_common", "(Counter('abca'), 1)", "{}", "[('a', 2)]"},
  {".most_common", "(Counter('abca'),)", "{'n': 2}", "[('a', 2), ('b', 1)]"},
  {".most_common", "(Counter('ab'), -1)", "{}", "[]"},
  {".most_common", "(Counter('ab'), 'x')", "{}", "!TypeError"}, {".get", "(Counter('aab'), 'a')", "{}", "2"},
};

START_TEST(test_functions) { CHECK_CALLS(functions); }
END_TEST

START_TEST(test_methods) { CHECK_CALLS(methods); }
END_TEST

/* ---- attributes: which of these names hasattr() finds ---- */

static const char *const names[] = {
  "__len__", "__iter__", "__getitem__", "__contains__", "__call__", "__next__", "__hash__",
  "__name__", "__code__", "__class__", "__reversed__", "__index__", "__float__", "__add__",
  "__or__", "__lt__", "__bool__", "__dict__", "__module__", "__wrapped__", "_original_argcount",
  "count", "index", "append", "add", "union", "keys", "most_common", "real", "start", "value",
  "args", "foo",
};

static const struct { const char *object, *names; } attributes[] = {
  {"None",
    "__hash__ __class__ __lt__ __bool__"},
  {"True",
    "__hash__ __class__ __index__ __float__ __add__ __or__ __lt__ __bool__ real"},
  {"5",
    "__hash__ __class__ __index__ __float__ __add__ __or__ __lt__ __bool__ real"},
  {"1.5",
    "__hash__ __class__ __float__ __add__ __lt__ __bool__ real"},
  {"'a'",
    "__len__ __iter__ __getitem__ __contains__ __hash__ __class__ __add__ __lt__ count index"},
  {"()",
    "__len__ __iter__ __getitem__ __contains__ __hash__ __class__ __add__ __lt__ count index"},
  {"[]",
    "__len__ __iter__ __getitem__ __contains__ __hash__ __class__ __reversed__ __add__ __lt__ "
    "count index append"},
  {"set()",
    "__len__ __iter__ __contains__ __hash__ __class__ __or__ __lt__ add union"},
  {"frozenset()",
    "__len__ __iter__ __contains__ __hash__ __class__ __or__ __lt__ union"},
  {"{}",
    "__len__ __iter__ __getitem__ __contains__ __hash__ __class__ __reversed__ __or__ __lt__ "
    "keys"},
  {"range(3)",
    "__len__ __iter__ __getitem__ __contains__ __hash__ __class__ __reversed__ __lt__ "
    "__bool__ count index start"},
  {"slice(1)",
    "__hash__ __class__ __lt__ start"},
  {"len",
    "__call__ __hash__ __name__ __class__ __lt__ __module__"},
  {"int",
    "__call__ __hash__ __name__ __class__ __index__ __float__ __add__ __or__ __lt__ __bool__ "
    "__dict__ __module__ real"},
  {"ValueError",
    "__call__ __hash__ __name__ __class__ __or__ __lt__ __dict__ __module__ args"},
  {"ValueError(1)",
    "__hash__ __class__ __lt__ __dict__ args"},
  {"StopIteration(1)",
    "__hash__ __class__ __lt__ __dict__ value args"},
  {"iter(())",
    "__iter__ __next__ __hash__ __class__ __lt__"},
  {"zip()",
    "__iter__ __next__ __hash__ __class__ __lt__"},
  {"enumerate(())",
    "__iter__ __next__ __hash__ __class__ __lt__"},
  {"iter(set())",
    "__iter__ __next__ __hash__ __class__ __lt__"},
  {"Counter('a')",
    "__len__ __iter__ __getitem__ __contains__ __hash__ __class__ __reversed__ __add__ __or__ "
    "__lt__ __dict__ __module__ keys most_common"},
  {"zip",
    "__iter__ __call__ __next__ __hash__ __name__ __class__ __or__ __lt__ __dict__ __module__"},
};

START_TEST(test_hasattr) {
  for (size_t i = 0; i < sizeof attributes / sizeof *attributes; i++) {
    char found[600] = "";
    for (size_t k = 0; k < sizeof names / sizeof *names; k++) {
      int has = value_hasattr(vm, literal_of(attributes[i].object), text_value(names[k]));
      ck_assert_int_ge(has, 0);
      if (has) strcat(strcat(found, *found ? " " : ""), names[k]);
    }
    ck_assert_msg(!strcmp(found, attributes[i].names), "%s: %s", attributes[i].object, found);
  }
}
END_TEST

static const char *attr_text(const char *object, const char *name) {
  return result_text(value_getattr(vm, literal_of(object), text_value(name)));
}

START_TEST(test_getattr) {
  ck_assert_str_eq(attr_text("len", "__name__"), "'len'");
  ck_assert_str_eq(attr_text("frozenset", "__name__"), "'frozenset'");
  ck_assert_str_eq(attr_text("KeyError", "__name__"), "'KeyError'");
  ck_assert_str_eq(attr_text("()", "__name__"), "!AttributeError");
  ck_assert_str_eq(attr_text("5", "foo"), "!AttributeError");
  ck_assert_str_eq(attr_text("'a'", "upper"), "!limit unsupported"); /* exists, but not here */
  ck_assert_str_eq(attr_text("{}", "most_common"), "!AttributeError");
  ck_assert_str_eq(attr_text("StopIteration(7)", "value"), "7");
  ck_assert_str_eq(attr_text("range(2, 5)", "start"), "2");
  ck_assert(value_getattr(vm, v_int(1), text_value("__class__")) == v_type(KIND_INT));
  Value math = SPECIAL(KIND_MODULE, MODULE_MATH);
  ck_assert(value_getattr(vm, math, text_value("nan")) == image.nan);
  ck_assert(value_getattr(vm, math, text_value("inf")) == image.inf);
  ck_assert_str_eq(result_text(value_getattr(vm, math, text_value("sqrt"))), "!limit unsupported");
}
END_TEST

START_TEST(test_unbound_method) {
  Value f = value_getattr(vm, v_type(KIND_SET), text_value("union")), args = literal_of("(set([1]), (2,))"), v;
  CallArgs call = {as_tuple(vm, args)->items, 2, 0, NULL};
  PreludeCall plan;
  ck_assert(method_call(vm, as_method(vm, f)->method, as_method(vm, f)->self, &call, &v, &plan) == CALL_DONE);
  ck_assert_str_eq(result_text(v), "{1, 2}");
  call.args++;
  ck_assert(method_call(vm, as_method(vm, f)->method, as_method(vm, f)->self, &call, &v, &plan) == CALL_ERROR);
}
END_TEST

/* ---- functions, guards and the safe-default protocol ---- */

static Function functions_table[3];

static Value function_value(uint32_t fid) {
  uint32_t at = arena_alloc(vm, sizeof(Func));
  Func *f = arena_at(vm, at);
  f->fid = fid;
  f->ncells = f->ndefaults = 0;
  return HEAP(KIND_FUNC, at);
}

static Value guard_value(Value func, const char *name) {
  uint32_t at = arena_alloc(vm, sizeof(Guard));
  Guard *g = arena_at(vm, at);
  g->func = func;
  g->name = text_value(name);
  return HEAP(KIND_GUARD, at);
}

static void make_functions(void) {
  static const char *const function_names[] = {"none", "size", "chain"};
  for (uint32_t i = 0; i < 3; i++) {
    functions_table[i].name = function_names[i];
    functions_table[i].module = "dsl";
    functions_table[i].fid = i;
    functions_table[i].nparams = (uint16_t)i;
  }
  functions_table[1].safe_default = v_int(0);
  functions_table[2].safe_default = V_UNBOUND;
  image.functions = functions_table;
  image.nfunctions = 3;
  image.guard_fallback = image.empty_tuple;
  image.safe_callable = 0;
}

START_TEST(test_guards) {
  make_functions();
  Value f = function_value(1), g = guard_value(f, "size_f");
  ck_assert_str_eq(result_text(value_getattr(vm, g, text_value("__name__"))), "'size'");
  ck_assert(value_getattr(vm, g, text_value("__wrapped__")) == f);
  ck_assert(value_getattr(vm, g, text_value("_original_argcount")) == v_int(1));
  ck_assert_int_eq(value_hasattr(vm, f, text_value("_original_argcount")), 0);
  Value code = value_getattr(vm, f, text_value("__code__"));
  ck_assert(value_getattr(vm, code, text_value("co_argcount")) == v_int(1));
  code = value_getattr(vm, g, text_value("__code__")); /* that of (*args, **kwargs) */
  ck_assert(value_getattr(vm, code, text_value("co_argcount")) == v_int(0));
  ck_assert(type_of(vm, g) == v_type(KIND_FUNC));
}
END_TEST

START_TEST(test_safe_defaults) {
  make_functions();
  ck_assert(safe_default_of(vm, guard_value(function_value(1), "size")) == v_int(0));
  ck_assert(safe_default_of(vm, function_value(1)) == v_int(0));
  ck_assert(safe_default_of(vm, v_int(5)) == image.empty_tuple);
  Value chain = function_value(2), a = safe_default_of(vm, chain), b = safe_default_of(vm, chain);
  ck_assert(is_kind(a, KIND_FUNC) && a != b && as_func(vm, a)->fid == 0);
}
END_TEST

/* ---- plans: what has to run frames is left to the prelude ---- */

static PreludeCall plan_of(const char *callee, const Value *args, uint32_t nargs, const char *kwname) {
  Value name = text_value(kwname ? kwname : ""), result;
  CallArgs call = {args, nargs - (kwname != NULL), kwname != NULL, &name};
  PreludeCall plan = {PRELUDE_none, 0, {0, 0, 0, 0}};
  CallStatus s = builtin_call(vm, literal_of(callee), &call, &result, &plan);
  ck_assert_msg(s == CALL_PRELUDE, "%s: no plan", callee);
  return plan;
}

static Value generator(void) {
  uint32_t at = arena_alloc(vm, sizeof(Gen));
  memset(arena_at(vm, at), 0, sizeof(Gen));
  return HEAP(KIND_GEN, at);
}

START_TEST(test_lazy_plans) {
  static const struct { const char *callee; PreludeId id; } rows[] = {
    {"tuple", PRELUDE_tuple}, {"list", PRELUDE_list}, {"set", PRELUDE_set}, {"frozenset", PRELUDE_frozenset},
    {"dict", PRELUDE_dict}, {"sum", PRELUDE_sum}, {"all", PRELUDE_all}, {"any", PRELUDE_any}, {"max", PRELUDE_max},
    {"min", PRELUDE_min}, {"sorted", PRELUDE_sorted}, {"zip", PRELUDE_zip}, {"enumerate", PRELUDE_enumerate},
    {"next", PRELUDE_next}, {"product", PRELUDE_product}, {"Counter", PRELUDE_Counter}};
  Value gen = generator();
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
    ck_assert_uint_eq(plan_of(rows[i].callee, &gen, 1, NULL).prelude, rows[i].id);
  ck_assert(call_value(literal_of("iter"), tuple_of(vm, &gen, 1)) == gen);
  ck_assert(!call_value(literal_of("len"), tuple_of(vm, &gen, 1)));
}
END_TEST

START_TEST(test_key_plans) {
  make_functions();
  Value args[2] = {literal_of("[3, 1]"), function_value(1)};
  PreludeCall plan = plan_of("max", args, 2, "key");
  ck_assert(plan.prelude == PRELUDE_max && plan.nargs == 3 && plan.args[1] == args[1] && plan.args[2] == V_MISSING);
  ck_assert_uint_eq(plan_of("sorted", args, 2, "key").prelude, PRELUDE_sorted);
  /* a native key that wants frames for one item: all is done again there */
  Value list = new_list(vm, 2), nested[2] = {list, literal_of("sum")};
  list_append(vm, list, literal_of("(1, 2)"));
  list_append(vm, list, generator());
  ck_assert_uint_eq(plan_of("max", nested, 2, "key").prelude, PRELUDE_max);
  ck_assert_uint_eq(plan_of("sorted", nested, 2, "key").prelude, PRELUDE_sorted);
}
END_TEST

/* map and filter take their iterators at once and do the rest later. */
START_TEST(test_map_plans) {
  Value args[3] = {literal_of("len"), literal_of("('a',)"), literal_of("(1, 2)")};
  PreludeCall plan = plan_of("map", args, 2, NULL);
  ck_assert(plan.prelude == PRELUDE_map && is_kind(plan.args[1], KIND_ITER) && plan.args[2] == V_MISSING);
  plan = plan_of("map", args, 3, NULL);
  ck_assert(plan.args[1] == V_MISSING && as_tuple(vm, plan.args[2])->len == 2);
  ck_assert_uint_eq(plan_of("filter", args, 2, NULL).prelude, PRELUDE_filter);
  ck_assert_str_eq(call_text("map", "(len, 5)", "{}"), "!TypeError");
  ck_assert_str_eq(call_text("map", "(len,)", "{}"), "!TypeError");
  ck_assert_str_eq(call_text("filter", "(len, 5)", "{}"), "!TypeError");
}
END_TEST

START_TEST(test_key_is_bound_method) {
  Value items = literal_of("(1, 2, 2, 3, 3, 3)"), args[2] = {items, value_getattr(vm, items, text_value("count"))};
  Value name = text_value("key"), v;
  CallArgs call = {args, 1, 1, &name};
  PreludeCall plan;
  ck_assert(builtin_call(vm, literal_of("max"), &call, &v, &plan) == CALL_DONE && v == v_int(3));
  ck_assert(builtin_call(vm, literal_of("min"), &call, &v, &plan) == CALL_DONE && v == v_int(1));
}
END_TEST

START_TEST(test_names) {
  Value type;
  ck_assert_int_eq(builtin_by_name("len"), BUILTIN_len);
  ck_assert_int_eq(builtin_by_name("nothing"), -1);
  ck_assert(type_by_name("frozenset", &type) && type == v_type(KIND_FROZENSET));
  ck_assert(type_by_name("KeyError", &type) && type == v_type(TYPE_ERROR_BASE + ERR_KeyError));
  ck_assert(!type_by_name("NoneType", &type));
}
END_TEST

int main(void) {
  literal_setup();
  Suite *s = suite_create("builtin");
  TCase *t = tcase_create("builtin");
  tcase_add_test(t, test_functions);
  tcase_add_test(t, test_methods);
  tcase_add_test(t, test_hasattr);
  tcase_add_test(t, test_getattr);
  tcase_add_test(t, test_unbound_method);
  tcase_add_test(t, test_guards);
  tcase_add_test(t, test_safe_defaults);
  tcase_add_test(t, test_lazy_plans);
  tcase_add_test(t, test_key_plans);
  tcase_add_test(t, test_map_plans);
  tcase_add_test(t, test_key_is_bound_method);
  tcase_add_test(t, test_names);
  suite_add_tcase(s, t);
  return run_suite(s);
}
