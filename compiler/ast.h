/* ast.h - syntax trees, after Python's own ast module. All nodes and lists of a file live in
 * its Source's tree, their strings in its pool, and go with it. */
#ifndef BATTC_AST_H
#define BATTC_AST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct Node Node;
typedef struct {
  Node **items;
  uint32_t len;
} NodeList;

/* X(kind, fields). Fields used beside kind, line, col: a b c (nodes), list.. list4, name, ival, fval, op */
#define NODE_LIST(X)                                                                               \
  /* expressions */                                                                                \
  X(NAME, "name")                                                                                  \
  X(INT, "ival; flag NODE_BIG when over 64 bits (name: its digits)")                               \
  X(FLOAT, "fval")                                                                                 \
  X(STR, "name, ival: bytes after escapes, and their count; adjacent literals joined")             \
  X(FSTRING, "list: its parts in order, STR between fields; ival 1: some of its text is not known")  \
  X(NONE, "") X(TRUE, "") X(FALSE, "") X(ELLIPSIS, "")                                             \
  X(TUPLE, "list: elements, STAR among them") X(LIST, "list") X(SET, "list")                       \
  X(DICT, "list: key, value alternating; key NULL for **value")                                    \
  X(LISTCOMP, "a element, list: COMPFOR") X(SETCOMP, "a, list") X(GENEXP, "a, list")               \
  X(DICTCOMP, "a key, b value, list: COMPFOR")                                                     \
  X(COMPFOR, "a target, b iterable, list: conditions")                                             \
  X(LAMBDA, "a PARAMS, b body")                                                                    \
  X(IFEXP, "a condition, b then, c else")                                                          \
  X(AND, "list: operands") X(OR, "list: operands") X(NOT, "a")                                     \
  X(UNARY, "op: OP_NEG OP_POS OP_BITNOT; a")                                                       \
  X(BINARY, "op: OP_ADD ..; a, b")                                                                 \
  X(COMPARE, "list: n+1 operands; ops: n of OP_EQ .. OP_IS_NOT")                                   \
  X(CALL, "a callee, list: arguments, STAR, KEYWORD, DOUBLESTAR among them")                       \
  X(STAR, "a") X(KEYWORD, "name, a") X(DOUBLESTAR, "a")                                            \
  X(SUBSCRIPT, "a value, b index (SLICE or expression)") X(SLICE, "a, b, c: start stop step or NULL") \
  X(ATTRIBUTE, "a value, name")                                                                    \
  X(NAMEDEXPR, "a NAME target, b value")                                                           \
  X(UNSUPPORTED, "name: what it is, outside the subset; list: what is in it, for the names there")  \
  /* statements */                                                                                 \
  X(EXPR, "a") X(ASSIGN, "list: targets, b value")                                                 \
  X(AUGASSIGN, "op: OP_IADD .. (OP_FLOORDIV and the like where no in-place form exists); a target, b value") \
  X(ANNASSIGN, "a target, b value or NULL, c annotation")                                          \
  X(FOR, "a target, b iterable, list body, list2 else") X(WHILE, "a, list body, list2 else")       \
  X(IF, "a, list body, list2 else (elif: one IF in it)")                                           \
  X(RETURN, "a or NULL") X(YIELD, "a or NULL; an expression") X(PASS, "") X(BREAK, "") X(CONTINUE, "") \
  X(DELETE, "list: targets") X(ASSERT, "a condition, b message or NULL")                           \
  X(GLOBAL, "list: NAME") X(NONLOCAL, "list: NAME") X(RAISE, "a or NULL, b cause or NULL")         \
  X(TRY, "list body, list2 HANDLERs, list3 else, list4 finally")                                   \
  X(HANDLER, "a type expression or NULL (bare), name or NULL, list body")                          \
  X(DEF, "name, a PARAMS, b return annotation or NULL, list body, list2 decorators")               \
  X(PARAMS, "list: PARAM")                                                                         \
  X(PARAM, "name, a default or NULL, b annotation or NULL, ival: ParamKind")                       \
  X(IMPORT, "list: ALIAS") X(FROM, "name: module, ival: leading dots, list: ALIAS; empty list: *") \
  X(ALIAS, "name (dotted), name2: as-name or NULL")                                                \
  X(CLASS, "name, list body, list2 decorators, list3 bases and keywords")                         \
  X(MODULE, "list body")                                                                            \
  /* an expression again: a field of FSTRING with a conversion or a format */                      \
  X(FORMATTED, "a value, b format or NULL, ival: r s a or 0")

typedef enum {
#define X(kind, fields) N_##kind,
  NODE_LIST(X)
#undef X
      N_COUNT
} NodeKind;

typedef enum { PARAM_POSITIONAL, PARAM_VARARGS, PARAM_KWONLY, PARAM_VARKW } ParamKind;

enum {
  NODE_BIG = 1,
  NODE_PAREN = 2,  /* was in parentheses */
  NODE_POSONLY = 8, /* a PARAM before `/` */
  NODE_UNREAD = 16, /* an FSTRING whose text nobody looks at, and its fields */
  NODE_INLINE = 4  /* scope.c: a generator expression that its consumer's code runs in place */
};

struct Node {
  uint8_t kind; /* NodeKind */
  uint8_t flags;
  uint16_t op;  /* Opcode */
  uint32_t line, col; /* from 1; col counts bytes */
  Node *a, *b, *c;
  NodeList list, list2, list3, list4;
  const char *name, *name2;
  uint16_t *ops;
  int64_t ival;
  double fval;
  struct Scope *scope; /* scope.c: of DEF, LAMBDA and comprehensions */
};

/* One file's text, and the pools of its tree and of what outlives that. */
typedef struct Source {
  const char *path;      /* as given or found; for messages */
  const char *module;    /* dotted module name */
  char *text;            /* NUL after the end */
  size_t len;
  uint32_t *line_starts; /* byte offsets; nlines entries */
  uint32_t nlines;
  struct Pool *pool, *tree;
  Node *module_node;     /* after parse_source without errors; NULL once the tree is dropped */
} Source;

/* source.c. NULL after a diagnostic: missing, a directory, unreadable, not UTF-8, NUL bytes. */
Source *source_load(const char *path);
Source *source_from_text(const char *path, const char *text, size_t len); /* text is copied */
void source_drop_tree(Source *s); /* what is compiled needs no nodes any more */
void source_free(Source *s);
void *pool_alloc(struct Pool *pool, size_t bytes); /* zeroed; ends the process with exit 70 when out of memory */
char *pool_strdup(struct Pool *pool, const char *s, size_t len);

/* parse.c. Reports every syntax error; false if any.
 * Nesting deeper than MAX_NESTING is an error. */
enum { MAX_NESTING = 500 };
bool parse_source(Source *s);

/* ast_print.c: --emit=ast, one node a line, indented: KIND line:col fields */
#include <stdio.h>
void ast_print(FILE *out, const Source *s);

#endif
