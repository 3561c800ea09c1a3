/* emit_function.c - a function's instructions as C.
 *
 * Each instruction is one line by the table below: the macros of templates/functions.c and the helpers
 * of ops.h. What differs between two units with the same function (places of constants, numbers of
 * names, globals and inner functions) is read from the frame's function at run time, so that the C
 * text depends on nothing but what emit_function_key hashes. */
#include "emit.h"

#include <stdlib.h>
#include <string.h>

/* %n number of the instruction; %A %B %C %D an operand: r[..] or k[..]; %a .. %e its number; %J the
 * jump to label d. An instruction that may run frames is entered again behind it. */
static const char *const texts[OP_COUNT] = {
    [OP_MOVE] = "%A = %B;",
    [OP_CHECK_LOCAL] = "if (UNLIKELY(!%A)) RAISE(%n, raise_error(vm, ERR_UnboundLocalError));",
    [OP_CHECK_FREE] = "if (UNLIKELY(!%A)) RAISE(%n, raise_error(vm, ERR_NameError));",
    [OP_DELETE] = "%A = V_UNBOUND;",
    [OP_LOAD_GLOBAL] = "SET(%n, %A, load_global(vm, CODE(%n).d));",
    [OP_STORE_GLOBAL] = "globals_of(vm)[CODE(%n).d] = %A;",
    [OP_MAKE_CELL] = "SET(%n, %A, op_make_cell(vm, %A));",
    [OP_LOAD_CELL] = "%A = as_cell(vm, %B)->value;",
    [OP_STORE_CELL] = "op_store_cell(vm, %A, %B);",
    [OP_ADD] = "SET(%n, %A, op_add(vm, %B, %C));",
    [OP_SUB] = "SET(%n, %A, op_sub(vm, %B, %C));",
    [OP_MUL] = "SET(%n, %A, op_mul(vm, %B, %C));",
    [OP_TRUEDIV] = "SET(%n, %A, value_arith(vm, OP_TRUEDIV, %B, %C));",
    [OP_FLOORDIV] = "SET(%n, %A, op_floordiv(vm, %B, %C));",
    [OP_MOD] = "SET(%n, %A, op_mod(vm, %B, %C));",
    [OP_POW] = "SET(%n, %A, value_arith(vm, OP_POW, %B, %C));",
    [OP_BITAND] = "SET(%n, %A, value_arith(vm, OP_BITAND, %B, %C));",
    [OP_BITOR] = "SET(%n, %A, value_arith(vm, OP_BITOR, %B, %C));",
    [OP_BITXOR] = "SET(%n, %A, value_arith(vm, OP_BITXOR, %B, %C));",
    [OP_LSHIFT] = "SET(%n, %A, value_arith(vm, OP_LSHIFT, %B, %C));",
    [OP_RSHIFT] = "SET(%n, %A, value_arith(vm, OP_RSHIFT, %B, %C));",
    [OP_IADD] = "IADD(%n, %a, %B, %C);",
    [OP_ISUB] = "SET(%n, %A, op_isub(vm, %B, %C));",
    [OP_IMUL] = "SET(%n, %A, value_arith_inplace(vm, OP_IMUL, %B, %C));",
    [OP_IAND] = "SET(%n, %A, value_arith_inplace(vm, OP_IAND, %B, %C));",
    [OP_IOR] = "SET(%n, %A, value_arith_inplace(vm, OP_IOR, %B, %C));",
    [OP_IXOR] = "SET(%n, %A, value_arith_inplace(vm, OP_IXOR, %B, %C));",
    [OP_NEG] = "SET(%n, %A, op_neg(vm, %B));",
    [OP_POS] = "SET(%n, %A, value_unary(vm, OP_POS, %B));",
    [OP_BITNOT] = "SET(%n, %A, value_unary(vm, OP_BITNOT, %B));",
    [OP_NOT] = "SET_BOOL(%n, %A, op_not(vm, %B));",
    [OP_EQ] = "SET_BOOL(%n, %A, op_compare(vm, OP_EQ, %B, %C));",
    [OP_NE] = "SET_BOOL(%n, %A, op_compare(vm, OP_NE, %B, %C));",
    [OP_LT] = "SET_BOOL(%n, %A, op_compare(vm, OP_LT, %B, %C));",
    [OP_LE] = "SET_BOOL(%n, %A, op_compare(vm, OP_LE, %B, %C));",
    [OP_GT] = "SET_BOOL(%n, %A, op_compare(vm, OP_GT, %B, %C));",
    [OP_GE] = "SET_BOOL(%n, %A, op_compare(vm, OP_GE, %B, %C));",
    [OP_IN] = "STEP(%n, op_in(vm, %a, %B, %C, false));",
    [OP_NOT_IN] = "STEP(%n, op_in(vm, %a, %B, %C, true));",
    [OP_IS] = "%A = v_bool(op_is(vm, %B, %C));",
    [OP_IS_NOT] = "%A = v_bool(!op_is(vm, %B, %C));",
    [OP_JUMP] = "%J",
    [OP_JUMP_IF] = "IF(%n, %A) %J",
    [OP_JUMP_IFNOT] = "IF_NOT(%n, %A) %J",
    [OP_BUILD_TUPLE] = "SET(%n, %A, op_build_tuple(vm, r + %d, %c));",
    [OP_BUILD_LIST] = "SET(%n, %A, op_build_list(vm, r + %d, %c));",
    [OP_BUILD_SET] = "SET(%n, %A, op_build_set(vm, r + %d, %c));",
    [OP_BUILD_DICT] = "SET(%n, %A, op_build_dict(vm, r + %d, %c));",
    [OP_BUILD_SLICE] = "SET(%n, %A, op_build_slice(vm, r + %d));",
    [OP_BUILD_STR] = "SET(%n, %A, op_build_str(vm, r + %d, %c, (StrUse)%b));",
    [OP_LIST_APPEND] = "DO(%n, op_list_append(vm, %A, %B));",
    [OP_SET_ADD] = "DO(%n, set_add(vm, %A, %B));",
    [OP_DICT_SET] = "DO(%n, dict_set(vm, %A, %B, %C));",
    [OP_LIST_EXTEND] = "STEP(%n, op_list_extend(vm, %A, %B));",
    [OP_SET_UPDATE] = "STEP(%n, op_set_update(vm, %A, %B));",
    [OP_DICT_UPDATE] = "DO(%n, op_dict_update(vm, %A, %B, %c));",
    [OP_LIST_TO_TUPLE] = "SET(%n, %A, list_to_tuple(vm, %B));",
    [OP_GET_ITER] = "SET(%n, %A, op_get_iter(vm, %B));",
    [OP_FOR_ITER] = "NEXT_OR(%n, %a, %B) %J",
    [OP_UNPACK] = "UNPACK(%n, %a, %B, %c);",
    [OP_UNPACK_STAR] = "STEP(%n, op_unpack_star_any(vm, %a, %B, %c, %d));",
    [OP_GETITEM] = "SET(%n, %A, op_getitem(vm, %B, %C));",
    [OP_SETITEM] = "DO(%n, value_setitem(vm, %A, %B, %C));",
    [OP_DELITEM] = "DO(%n, value_delitem(vm, %A, %B));",
    [OP_GETATTR] = "SET(%n, %A, value_getattr(vm, %B, NAME(CODE(%n).d)));",
    [OP_CHECK_ATTR] = "DO(%n, op_check_attr(vm, %A, NAME(CODE(%n).d)));",
    [OP_SETATTR] = "DO(%n, op_setattr(vm, %A, NAME(CODE(%n).d), %B));",
    [OP_CALL] = "STEP(%n, call_positional(vm, %a, %B, r + %d, %c));",
    [OP_CALL_KW] = "STEP(%n, call_keywords(vm, %a, %B, r + %d, %c, %K));",
    [OP_CALL_EX] = "STEP(%n, call_spread(vm, %a, %B, %C, %D));",
    [OP_CALL_METHOD] = "STEP(%n, call_method(vm, %a, %B, NAME(CODE(%n).e), r + %d, %c));",
    [OP_MAKE_FUNC] = "SET(%n, %A, op_make_func(vm, r, (uint32_t)CODE(%n).e, r + %d, %c));",
    [OP_GENEXPR] = "SET(%n, %A, new_genexpr(vm, r, (uint32_t)CODE(%n).e, %B));",
    [OP_RETURN] = "RETURN(%A);",
    [OP_YIELD] = "YIELD(%n, %A);",
    [OP_RAISE] = "RAISE(%n, op_raise(vm, %A));",
    [OP_RERAISE] = "RAISE(%n, op_raise(vm, %A));",
    [OP_MATCH_ERROR] = "%A = v_bool(op_match_error(vm, %B, f->fn->masks[%d]));",
    [OP_MATCH_CLASS] = "SET_BOOL(%n, %A, op_match_class(vm, %B, %C));",
    [OP_ENTER_GEN] = "DO(%n, enter_genexpr(vm, 1 + %d));",
    [OP_LEAVE_GEN] = "leave_genexpr(vm, 1 + %d);",
    [OP_UNSUPPORTED] = "RAISE(%n, raise_limit(vm, LIMIT_UNSUPPORTED));",
};

enum {
  MOST_INSTRUCTIONS = 4000, /* of one C function: compilers take more than linear time */
  LABEL_JUMP = 1,           /* the label is jumped to */
  LABEL_ENTRY = 2           /* the function may be entered there */
};

bool emit_wanted(const Function *f) {
  return f->ncode <= MOST_INSTRUCTIONS && f->code[0].op != OP_UNSUPPORTED;
}

/* ---- places where control comes in ---- */

static bool may_run_frames(uint32_t op) {
  switch (op) {
  case OP_IADD: case OP_IN: case OP_NOT_IN: case OP_LIST_EXTEND: case OP_SET_UPDATE: case OP_FOR_ITER: case OP_UNPACK:
  case OP_UNPACK_STAR: case OP_CALL: case OP_CALL_KW: case OP_CALL_EX: case OP_CALL_METHOD: case OP_YIELD: return true;
  default: return false;
  }
}

/* A byte of LABEL_ flags for each instruction; the caller frees. */
static uint8_t *find_labels(const Function *f) {
  uint8_t *labels = ir_alloc((size_t)f->ncode + 1, 1);
  for (uint32_t i = 0; i < f->ncode; i++) {
    const Instr *in = &f->code[i];
    if (opcode_pattern(in->op)[3] == 'L') labels[in->d] |= LABEL_JUMP;
    if (in->op == OP_FOR_ITER) labels[in->d] |= LABEL_ENTRY;
    if (may_run_frames(in->op)) labels[i + 1] |= LABEL_ENTRY;
  }
  for (uint32_t i = 0; i < f->nhandlers; i++)
    if (f->handlers[i].kind == HANDLER_EXCEPT) labels[f->handlers[i].target] |= LABEL_ENTRY;
  return labels;
}

/* ---- instructions ---- */

static void put_operand(Buffer *b, int32_t x) {
  buffer_text(b, x >= 0 ? "r[" : "k[");
  buffer_int(b, x >= 0 ? x : ~x);
  buffer_char(b, ']');
}

static void put_jump(Buffer *b, const Instr *in, uint32_t n) {
  if ((uint32_t)in->d > n) buffer_format(b, "goto L%d;", in->d);
  else buffer_format(b, "BACK(%u, %u, L%d)", n, n - (uint32_t)in->d + 1, in->d);
}

static void put_instr(Buffer *b, const Instr *in, uint32_t n) {
  for (const char *t = texts[in->op]; *t; t++) {
    if (*t != '%') {
      buffer_char(b, *t);
      continue;
    }
    char what = *++t;
    if (what == 'n') buffer_int(b, n);
    else if (what == 'J') put_jump(b, in, n);
    else if (what == 'K') put_operand(b, in->e < 0 ? in->e : ~in->e);
    else if (what >= 'a') buffer_int(b, instr_operand(in, (uint32_t)(what - 'a')));
    else put_operand(b, instr_operand(in, (uint32_t)(what - 'A')));
  }
}

static void put_entries(Buffer *b, const Function *f, const uint8_t *labels) {
  buffer_text(b, "  switch (pc) {\n    case 0: break;\n");
  for (uint32_t i = 1; i < f->ncode; i++)
    if (labels[i] & LABEL_ENTRY) buffer_format(b, "    case %u: goto L%u;\n", i, i);
  buffer_text(b, "    default: RAISE(pc, raise_limit(vm, LIMIT_UNSUPPORTED));\n  }\n");
}

void emit_function_name(Buffer *b, const Function *f) {
  buffer_text(b, "f_");
  emit_identifier(b, f->name);
  buffer_format(b, "_%u", f->fid);
}

static void put_heading(Buffer *b, const Unit *unit, const Function *f) {
  const char *file = emit_base_name(f->file);
  buffer_text(b, "\n/* ");
  emit_comment(b, f->name, strlen(f->name));
  buffer_char(b, '(');
  for (uint32_t i = 0; i < named_params(f); i++) {
    const Str *name = as_str(unit->vm, f->param_names[i]);
    if (i) buffer_text(b, ", ");
    emit_comment(b, name->bytes, name->len);
  }
  buffer_text(b, "), ");
  emit_comment(b, file, strlen(file));
  buffer_format(b, ":%u */\n", f->line);
}

void emit_function(Buffer *b, const Unit *unit, const Function *f, const char *linkage) {
  uint8_t *labels = find_labels(f);
  uint32_t line = 0;
  put_heading(b, unit, f);
  buffer_format(b, "%sint ", linkage);
  emit_function_name(b, f);
  buffer_text(b, "(Vm *vm, Value *r, uint32_t pc) {\n  BEGIN;\n");
  put_entries(b, f, labels);
  for (uint32_t i = 0; i < f->ncode; i++) {
    if (f->code[i].line != line) buffer_format(b, "  /* line %u */\n", line = f->code[i].line);
    if (labels[i]) buffer_format(b, "L%u:\n", i);
    buffer_text(b, "  ");
    put_instr(b, &f->code[i], i);
    buffer_char(b, '\n');
  }
  buffer_text(b, "  END;\n}\n");
  free(labels);
}

/* ---- key ---- */

static uint64_t mix(uint64_t h, uint64_t word) {
  h = (h ^ word) * 0x9e3779b97f4a7c15u;
  return h ^ h >> 29;
}

static bool read_at_run_time(char pattern) { return pattern == 'F' || pattern == 'G' || pattern == 'N' || pattern == '-'; }

uint64_t emit_function_key(const Function *f) {
  uint64_t h = mix(0, f->ncode);
  for (uint32_t i = 0; i < f->ncode; i++) {
    const Instr *in = &f->code[i];
    const char *pattern = opcode_pattern(in->op);
    h = mix(h, in->op);
    for (uint32_t which = 0; which < 5; which++)
      if (!read_at_run_time(pattern[which])) h = mix(h, (uint32_t)instr_operand(in, which));
  }
  for (uint32_t i = 0; i < f->nhandlers; i++)
    if (f->handlers[i].kind == HANDLER_EXCEPT) h = mix(h, f->handlers[i].target);
  return h;
}
