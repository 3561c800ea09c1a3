/* opcode.h - the instructions of a function: what the IR prints, the interpreter runs, and the
 * C and CUDA emitters translate.
 *
 * Operands a, b, c: a register r[x] where x >= 0, or a constant of the function k[~x] where x < 0
 * (destinations are always registers). d, e: as said. Every instruction that can fail transfers to
 * the innermost handler of its function that covers its index, else the frame ends.
 * `args at d` means registers r[d], r[d+1], ... */
#ifndef BATTC_OPCODE_H
#define BATTC_OPCODE_H

#include "value.h"

/* X(opcode, operand pattern, meaning). Pattern letters, for printer and checker: per operand a b c d e
 *   D register written, R register or constant read, r register read (and written: in place),
 *   A first of c argument registers, L label (instruction index), F function id, G global slot,
 *   N name (index in vm names), K constant index, n a number, E error mask index, '-' unused. */
#define OPCODE_LIST(X)                                                                             \
  X(MOVE, "DR---", "a = b")                                                                        \
  X(CHECK_LOCAL, "R--N-", "UnboundLocalError unless a is bound; d its name")                       \
  X(CHECK_FREE, "R--N-", "NameError unless a is bound (free variable)")                            \
  X(DELETE, "D----", "a becomes unbound")                                                          \
  X(LOAD_GLOBAL, "D--GN", "a = global d; NameError if unbound, its limit if poisoned")             \
  X(STORE_GLOBAL, "R--G-", "global d = a")                                                         \
  X(MAKE_CELL, "r----", "a = a cell holding what a held (maybe unbound)")                          \
  X(LOAD_CELL, "DR---", "a = contents of cell b (maybe unbound)")                                  \
  X(STORE_CELL, "rR---", "cell a holds b")                                                         \
  X(ADD, "DRR--", "a = b + c")                                                                     \
  X(SUB, "DRR--", "a = b - c")                                                                     \
  X(MUL, "DRR--", "a = b * c")                                                                     \
  X(TRUEDIV, "DRR--", "a = b / c")                                                                 \
  X(FLOORDIV, "DRR--", "a = b // c")                                                               \
  X(MOD, "DRR--", "a = b % c")                                                                     \
  X(POW, "DRR--", "a = b ** c")                                                                    \
  X(BITAND, "DRR--", "a = b & c")                                                                  \
  X(BITOR, "DRR--", "a = b | c")                                                                   \
  X(BITXOR, "DRR--", "a = b ^ c")                                                                  \
  X(LSHIFT, "DRR--", "a = b << c")                                                                 \
  X(RSHIFT, "DRR--", "a = b >> c")                                                                 \
  X(IADD, "DRR--", "a = (b += c): lists extend in place")                                          \
  X(ISUB, "DRR--", "a = (b -= c): sets in place")                                                  \
  X(IMUL, "DRR--", "a = (b *= c)")                                                                 \
  X(IAND, "DRR--", "a = (b &= c): sets in place")                                                  \
  X(IOR, "DRR--", "a = (b |= c): sets and dicts in place")                                         \
  X(IXOR, "DRR--", "a = (b ^= c): sets in place")                                                  \
  X(NEG, "DR---", "a = -b")                                                                        \
  X(POS, "DR---", "a = +b")                                                                        \
  X(BITNOT, "DR---", "a = ~b")                                                                     \
  X(NOT, "DR---", "a = not b")                                                                     \
  X(EQ, "DRR--", "a = b == c")                                                                     \
  X(NE, "DRR--", "a = b != c")                                                                     \
  X(LT, "DRR--", "a = b < c")                                                                      \
  X(LE, "DRR--", "a = b <= c")                                                                     \
  X(GT, "DRR--", "a = b > c")                                                                      \
  X(GE, "DRR--", "a = b >= c")                                                                     \
  X(IN, "DRR--", "a = b in c")                                                                     \
  X(NOT_IN, "DRR--", "a = b not in c")                                                             \
  X(IS, "DRR--", "a = b is c")                                                                     \
  X(IS_NOT, "DRR--", "a = b is not c")                                                             \
  X(JUMP, "---L-", "goto d")                                                                       \
  X(JUMP_IF, "R--L-", "if a is true: goto d")                                                      \
  X(JUMP_IFNOT, "R--L-", "if a is false: goto d")                                                  \
  X(BUILD_TUPLE, "D-nA-", "a = tuple of c args at d")                                              \
  X(BUILD_LIST, "D-nA-", "a = list of c args at d")                                                \
  X(BUILD_SET, "D-nA-", "a = set of c args at d, added in order")                                  \
  X(BUILD_DICT, "D-nA-", "a = dict of c/2 key, value pairs at d")                                  \
  X(BUILD_SLICE, "D--A-", "a = slice(r[d], r[d+1], r[d+2])")                                       \
  X(BUILD_STR, "DnnA-", "a = an f-string of c parts at d; b: StrUse")     \
  X(LIST_APPEND, "rR---", "list a appends b")                                                      \
  X(SET_ADD, "rR---", "set a adds b")                                                              \
  X(DICT_SET, "rRR--", "dict a[b] = c")                                                            \
  X(LIST_EXTEND, "rR---", "list a extends by iterable b (lazy ones run frames)")                   \
  X(SET_UPDATE, "rR---", "set a updates from iterable b (set display's merge)")                    \
  X(DICT_UPDATE, "rRn--", "dict a updates from mapping b; c 1: TypeError where both have a key")     \
  X(LIST_TO_TUPLE, "DR---", "a = tuple of list b")                                                 \
  X(GET_ITER, "DR---", "a = iter(b)")                                                              \
  X(FOR_ITER, "Dr-L-", "a = next of iterator b; exhausted: goto d")                                \
  X(UNPACK, "DRn--", "a, a+1, .. (c registers) = b")                                               \
  X(UNPACK_STAR, "DRnn-", "like UNPACK of at least c values; register a+d takes the list of the rest") \
  X(GETITEM, "DRR--", "a = b[c]")                                                                  \
  X(SETITEM, "RRR--", "a[b] = c")                                                                  \
  X(DELITEM, "RR---", "del a[b]")                                                                  \
  X(GETATTR, "DR-N-", "a = b.name d")                                                              \
  X(CHECK_ATTR, "R--N-", "AttributeError unless a has attribute d")                                \
  X(SETATTR, "RR-N-", "a.name d = b")                                                              \
  X(CALL, "DRnA-", "a = b(c args at d)")                                                           \
  X(CALL_KW, "DRnAK", "as CALL; the last len(k[e]) of the c args are keywords named by tuple k[e]")\
  X(CALL_EX, "DRRR-", "a = b(*c, **d): c a tuple, d a dict register or constant None")             \
  X(CALL_METHOD, "DRnAN", "a = b.name e(c args at d)")                                             \
  X(MAKE_FUNC, "D-nAF", "a = closure of function e with c defaults at d; cells by its capture list") \
  X(GENEXPR, "DR--F", "a = generator of function e over iterator b; cells by its capture list")    \
  X(RETURN, "R----", "return a")                                                                   \
  X(YIELD, "R----", "generator yields a")                                                          \
  X(RAISE, "R----", "raise a (class or instance)")                                                 \
  X(RERAISE, "R----", "raise exception instance a again, keeping its line")                        \
  X(MATCH_ERROR, "DR-E-", "a = exception instance b is caught by mask masks[d]")                   \
  X(MATCH_CLASS, "DRR--", "a = exception instance b is caught by class or tuple of classes c")     \
  X(ENTER_GEN, "---n-", "an inlined generator expression starts: 1 + d Python frames deeper")      \
  X(LEAVE_GEN, "---n-", "it ends; d as at its start")                                              \
  X(UNSUPPORTED, "-----", "limit unsupported: a construct outside the subset")

typedef enum {
#define X(op, pattern, meaning) OP_##op,
  OPCODE_LIST(X)
#undef X
      OP_COUNT
} Opcode;

/* What is made of the parts of an f-string: text; text that nobody looks at, as it is only shown; nothing, as some of the text is not known; of
 * one part its str(), repr() or ascii(). */
typedef enum { STR_READ, STR_UNREAD, STR_UNKNOWN, STR_OF_STR, STR_OF_REPR, STR_OF_ASCII } StrUse;

typedef struct {
  uint16_t op;
  int16_t a, b, c;
  int32_t d, e;
  uint32_t line;
} Instr;

#endif
