/* parse.h - private to parse*.c: the concrete tree in a flat form, and the state of one file's parse.
 *
 *   parse.c          the passes in order; the list of errors; making nodes
 *   parse_scan.c     lines and brackets: what Python's tokenizer refuses
 *   parse_tree.c     tree-sitter -> flat tree
 *   parse_error.c    what is wrong where the grammar refuses; parse_line.c  in one logical line
 *   parse_expr.c     expressions                 parse_literal.c  numbers and strings
 *   parse_param.c    parameters, annotations     parse_stmt.c     statements
 *   parse_check.c    targets, parameters, arguments */
#ifndef BATTC_PARSE_H
#define BATTC_PARSE_H

#include "ast.h"
#include "opcode.h"

#include <string.h>

/* X(symbol, its name in the grammar, named). Everything else in the grammar is CST_OTHER. */
#define CST_SYMBOLS(X)                                                                             \
  X(IDENTIFIER, "identifier", 1) X(INTEGER, "integer", 1) X(FLOAT, "float", 1)                     \
  X(TRUE, "true", 1) X(FALSE, "false", 1) X(NONE, "none", 1) X(ELLIPSIS, "ellipsis", 1)            \
  X(STRING, "string", 1) X(CONCATENATED, "concatenated_string", 1)                                 \
  X(INTERPOLATION, "interpolation", 1) X(FORMAT_EXPRESSION, "format_expression", 1)                \
  X(FORMAT_SPECIFIER, "format_specifier", 1) X(TYPE_CONVERSION, "type_conversion", 1)              \
  /* left-recursive: the first child is an operand of the same class; see parse_expr.c */          \
  X(BINARY, "binary_operator", 1) X(BOOLEAN, "boolean_operator", 1)                                \
  X(COMPARISON, "comparison_operator", 1) X(ATTRIBUTE, "attribute", 1)                             \
  X(SUBSCRIPT, "subscript", 1) X(CALL, "call", 1) X(CONDITIONAL, "conditional_expression", 1)      \
  X(UNARY, "unary_operator", 1) X(NOT_OPERATOR, "not_operator", 1) X(AWAIT, "await", 1)            \
  X(LAMBDA, "lambda", 1) X(NAMED_EXPRESSION, "named_expression", 1) X(YIELD, "yield", 1)           \
  X(AS_PATTERN, "as_pattern", 1) X(AS_TARGET, "as_pattern_target", 1)                              \
  X(PARENTHESIZED, "parenthesized_expression", 1) X(TUPLE, "tuple", 1) X(LIST, "list", 1)          \
  X(SET, "set", 1) X(DICTIONARY, "dictionary", 1) X(PAIR, "pair", 1)                               \
  X(LIST_COMPREHENSION, "list_comprehension", 1) X(SET_COMPREHENSION, "set_comprehension", 1)      \
  X(DICT_COMPREHENSION, "dictionary_comprehension", 1)                                             \
  X(GENERATOR, "generator_expression", 1) X(FOR_IN, "for_in_clause", 1)                            \
  X(IF_CLAUSE, "if_clause", 1) X(SLICE, "slice", 1) X(ARGUMENTS, "argument_list", 1)               \
  X(KEYWORD_ARGUMENT, "keyword_argument", 1) X(LIST_SPLAT, "list_splat", 1)                        \
  X(DICT_SPLAT, "dictionary_splat", 1) X(LIST_SPLAT_PATTERN, "list_splat_pattern", 1)              \
  X(DICT_SPLAT_PATTERN, "dictionary_splat_pattern", 1) X(TUPLE_PATTERN, "tuple_pattern", 1)        \
  X(LIST_PATTERN, "list_pattern", 1) X(PATTERN_LIST, "pattern_list", 1)                            \
  X(EXPRESSION_LIST, "expression_list", 1) X(PARAMETERS, "parameters", 1)                          \
  X(LAMBDA_PARAMETERS, "lambda_parameters", 1) X(DEFAULT_PARAMETER, "default_parameter", 1)        \
  X(TYPED_PARAMETER, "typed_parameter", 1)                                                         \
  X(TYPED_DEFAULT_PARAMETER, "typed_default_parameter", 1)                                         \
  X(POSITIONAL_SEPARATOR, "positional_separator", 1) X(KEYWORD_SEPARATOR, "keyword_separator", 1)  \
  X(TYPE, "type", 1) X(GENERIC_TYPE, "generic_type", 1) X(TYPE_PARAMETER, "type_parameter", 1)     \
  X(UNION_TYPE, "union_type", 1) X(MEMBER_TYPE, "member_type", 1)                                  \
  X(CONSTRAINED_TYPE, "constrained_type", 1) X(SPLAT_TYPE, "splat_type", 1)                        \
  X(ASSIGNMENT, "assignment", 1) X(AUGMENTED, "augmented_assignment", 1)                           \
  X(RELATIVE_IMPORT, "relative_import", 1) X(IMPORT_PREFIX, "import_prefix", 1)                    \
  X(DOTTED_NAME, "dotted_name", 1) X(ALIASED_IMPORT, "aliased_import", 1)                          \
  X(WILDCARD, "wildcard_import", 1) X(WITH_CLAUSE, "with_clause", 1) X(WITH_ITEM, "with_item", 1)  \
  X(CASE_PATTERN, "case_pattern", 1) X(CLASS_PATTERN, "class_pattern", 1)                          \
  X(SPLAT_PATTERN, "splat_pattern", 1) X(KEYWORD_PATTERN, "keyword_pattern", 1)                    \
  X(BLOCK, "block", 1) X(MODULE, "module", 1) X(COMMENT, "comment", 1)                             \
  X(LINE_CONTINUATION, "line_continuation", 1)                                                     \
  /* what may start a logical line, EXPRESSION_STATEMENT to DECORATOR */                           \
  X(EXPRESSION_STATEMENT, "expression_statement", 1) X(RETURN, "return_statement", 1)              \
  X(PASS, "pass_statement", 1) X(BREAK, "break_statement", 1) X(CONTINUE, "continue_statement", 1) \
  X(DELETE, "delete_statement", 1) X(ASSERT, "assert_statement", 1) X(RAISE, "raise_statement", 1) \
  X(GLOBAL, "global_statement", 1) X(NONLOCAL, "nonlocal_statement", 1)                            \
  X(IMPORT, "import_statement", 1) X(FROM, "import_from_statement", 1)                             \
  X(FUTURE, "future_import_statement", 1) X(IF, "if_statement", 1) X(ELIF, "elif_clause", 1)       \
  X(ELSE, "else_clause", 1) X(FOR, "for_statement", 1) X(WHILE, "while_statement", 1)              \
  X(TRY, "try_statement", 1) X(EXCEPT, "except_clause", 1)                                         \
  X(EXCEPT_GROUP, "except_group_clause", 1) X(FINALLY, "finally_clause", 1)                        \
  X(WITH, "with_statement", 1) X(MATCH, "match_statement", 1) X(CASE, "case_clause", 1)            \
  X(DEF, "function_definition", 1) X(CLASS, "class_definition", 1)                                 \
  X(DECORATED, "decorated_definition", 1) X(DECORATOR, "decorator", 1)                             \
  /* tokens */                                                                                     \
  X(T_COMMA, ",", 0) X(T_COLON, ":", 0) X(T_SEMICOLON, ";", 0) X(T_ASSIGN, "=", 0)                 \
  X(T_OPEN, "(", 0) X(T_CLOSE, ")", 0) X(T_OPEN_SQUARE, "[", 0) X(T_CLOSE_SQUARE, "]", 0)          \
  X(T_OPEN_BRACE, "{", 0) X(T_CLOSE_BRACE, "}", 0) X(T_AS, "as", 0) X(T_FROM, "from", 0)           \
  X(T_ASYNC, "async", 0) X(T_ARROW, "->", 0) X(T_AND, "and", 0) X(T_IF, "if", 0) X(T_IN, "in", 0)  \
  X(T_ADD, "+", 0) X(T_SUB, "-", 0) X(T_MUL, "*", 0) X(T_TRUEDIV, "/", 0) X(T_FLOORDIV, "//", 0)   \
  X(T_MOD, "%", 0) X(T_POW, "**", 0) X(T_BITAND, "&", 0) X(T_BITOR, "|", 0) X(T_BITXOR, "^", 0)    \
  X(T_LSHIFT, "<<", 0) X(T_RSHIFT, ">>", 0) X(T_MATMUL, "@", 0) X(T_BITNOT, "~", 0)                \
  X(T_IADD, "+=", 0) X(T_ISUB, "-=", 0) X(T_IMUL, "*=", 0) X(T_ITRUEDIV, "/=", 0)                  \
  X(T_IFLOORDIV, "//=", 0) X(T_IMOD, "%=", 0) X(T_IPOW, "**=", 0) X(T_IAND, "&=", 0)               \
  X(T_IOR, "|=", 0) X(T_IXOR, "^=", 0) X(T_ILSHIFT, "<<=", 0) X(T_IRSHIFT, ">>=", 0)               \
  X(T_IMATMUL, "@=", 0) X(T_LT, "<", 0) X(T_LE, "<=", 0) X(T_EQ, "==", 0) X(T_NE, "!=", 0)         \
  X(T_GE, ">=", 0) X(T_GT, ">", 0) X(T_OLD_NE, "<>", 0) X(T_NOT_IN, "not in", 0) X(T_IS, "is", 0)  \
  X(T_IS_NOT, "is not", 0)

typedef enum {
  CST_OTHER,
  CST_ERROR,
#define X(symbol, name, named) CST_##symbol,
  CST_SYMBOLS(X)
#undef X
      CST_COUNT
} CstSymbol;

enum { CST_MISSING = 1 };

/* The concrete tree in preorder, comments left out: the first child of node i is i + 1 if i + 1 <
 * cst[i].next, and the sibling after node k is cst[k].next if that is below its parent's next. */
typedef struct {
  uint8_t symbol; /* CstSymbol */
  uint8_t flags;
  uint16_t ts_symbol;
  uint32_t start, end; /* bytes */
  uint32_t row;        /* from 0 */
  uint32_t next;
} Cst;

typedef struct {
  uint32_t line, col, order;
  const char *message;
} SyntaxError;

/* A byte that the grammar gets to see in another one's place. */
typedef struct {
  uint32_t at;
  char byte;
} Disguise;

/* A logical line: bytes of its first and behind its last token. */
typedef struct {
  uint32_t start, end;
  uint32_t indent; /* bytes before start on its line */
  uint32_t depth;  /* of indentation */
} LogicalLine;

typedef enum { IN_MODULE, IN_CLASS, IN_DEF, IN_LAMBDA } FunctionContext;

typedef struct {
  Source *src;
  const char *text;
  Cst *cst;
  uint32_t ncst;
  uint32_t last_statement; /* parse_tree.c: the module's last child so far */
  SyntaxError *errors;
  uint32_t nerrors, cap_errors;
  Disguise *disguises;
  uint32_t ndisguises, cap_disguises;
  LogicalLine *lines;
  uint32_t nlines, cap_lines;
  uint32_t depth;           /* of nested constructs, against MAX_NESTING */
  bool too_deep;
  Node **stack;             /* lists being built */
  uint32_t top, cap_stack;
  FunctionContext function;
  const NodeList *params;   /* of the def whose body this is, or NULL */
  bool in_loop, in_async, in_comprehension;
  bool after_future;        /* something else than a docstring or an import from __future__ came */
} Parser;

#define CST_CHILDREN(p, parent, k) \
  for (uint32_t k = (parent) + 1; k < (p)->cst[parent].next; k = (p)->cst[k].next)

/* Printf-style arguments for "%.*s" of a node's text, cut to a sensible length. */
#define CST_TEXT(p, i) \
  (int)((p)->cst[i].end - (p)->cst[i].start > 60 ? 60 : (p)->cst[i].end - (p)->cst[i].start), \
      (p)->text + (p)->cst[i].start

/* ---- parse.c ---- */
void *parse_memory(void *p); /* p, or the end of the process when NULL */
void syntax_error_at(Parser *p, uint32_t line, uint32_t col, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));
void syntax_error(Parser *p, uint32_t i, const char *fmt, ...) __attribute__((format(printf, 3, 4))); /* at node i */
void node_error(Parser *p, const Node *n, const char *fmt, ...) __attribute__((format(printf, 3, 4)));
/* Lists: note the top, push, take what is above. */
void push_node(Parser *p, Node *n);
NodeList take_nodes(Parser *p, uint32_t from);
Node *new_node(Parser *p, NodeKind kind, uint32_t i); /* at the place of i */
Node *unsupported(Parser *p, uint32_t i, const char *what);
const char *cst_name(Parser *p, uint32_t i);          /* text of an identifier, checked not to be a keyword */
/* False, once with an error, when nesting is too deep. leave_nesting after true only. */
bool enter_nesting(Parser *p, uint32_t i);
static inline void leave_nesting(Parser *p) { p->depth--; }

static inline uint32_t next_of(const Parser *p, uint32_t i) { return p->cst[i].next; }
static inline uint32_t two_after(const Parser *p, uint32_t i) { return next_of(p, next_of(p, i)); }
static inline uint32_t right_operand(const Parser *p, uint32_t i) { return two_after(p, i + 1); } /* the third child */
static inline uint32_t cst_child(const Parser *p, uint32_t i, CstSymbol symbol) { /* 0: none */
  CST_CHILDREN(p, i, k) if (p->cst[k].symbol == symbol) return k;
  return 0;
}

/* ---- parse_tree.c ---- */
/* Fills p->cst. False when the grammar refused something: then it is a mere list of nodes, errors among them. */
bool parse_tree(Parser *p);
const char *cst_symbol_name(const Cst *c); /* as in the grammar */

/* ---- parse_scan.c ---- */
void swap_disguises(Parser *p); /* puts them on, or takes them off */
void disguise(Parser *p, const char *at, char byte); /* one more */
/* Notes logical lines and disguises. False when the text is nested so deep that the parser must not see it. Sets
 * *unclosed_line to the first line from which on the grammar's errors follow from one reported here, or 0. */
bool scan_tokens(Parser *p, uint32_t *unclosed_line);

/* ---- parse_error.c ---- */
void check_logical_lines(Parser *p); /* of a tree without errors */
bool separate_lines(Parser *p);      /* where that has to find errors: true, lines are to be told apart by disguises now */
void report_grammar_errors(Parser *p, uint32_t unclosed_line);

/* ---- parse_line.c ---- */
/* Reports the first thing in logical line k that no Python statement has; false if there was one. */
bool check_line(Parser *p, uint32_t k);
void error_at_byte(Parser *p, uint32_t at, const char *fmt, ...) __attribute__((format(printf, 3, 4)));

/* ---- parse_expr.c ---- */
enum { ALLOW_WALRUS = 1, ALLOW_STAR = 2, ALLOW_YIELD = 4, /* without parentheses */
       ALLOW_SLICE = 8 };                                 /* in the brackets of an annotation */
Node *convert_expr(Parser *p, uint32_t i, int allow);
Node *convert_list_expr(Parser *p, uint32_t i, int allow); /* also `a, b` without parentheses */
void convert_arguments(Parser *p, uint32_t i);             /* pushes them */

/* ---- parse_param.c ---- */
Node *convert_type(Parser *p, uint32_t i);                 /* an annotation */
Node *convert_params(Parser *p, uint32_t i, uint32_t owner); /* i 0: none, at the place of owner */

/* ---- parse_literal.c ---- */
Node *convert_int(Parser *p, uint32_t i);
Node *convert_float(Parser *p, uint32_t i);
Node *convert_string(Parser *p, uint32_t i); /* string or concatenated_string */

/* ---- parse_stmt.c ---- */
Node *convert_module(Parser *p);

/* ---- parse_check.c ---- */
typedef enum { TARGET_ASSIGN, TARGET_FOR, TARGET_DELETE, TARGET_AUGMENTED, TARGET_ANNOTATED, TARGET_WITH } TargetUse;
void check_target(Parser *p, const Node *target, TargetUse use);
void check_params(Parser *p, const NodeList *params);
void check_call(Parser *p, const NodeList *args);
void check_declared(Parser *p, const NodeList *names, const NodeList *params, NodeKind kind); /* by GLOBAL, NONLOCAL */
bool is_keyword(const char *s, size_t len);

#endif
