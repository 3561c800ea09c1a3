/* verify_compare.c - one call: each name's value, how the call ended, the returned lists.
 *
 * A difference counts once for every name, but is reported only where it starts: at an op whose
 * operands agree. What the two CPython processes do not agree about, and what depends on it, is left
 * out; so is what depends on the order of a set that CPython takes from addresses. */
#include "verify.h"

#include "../runtime/host/result.h"
#include "interp.h"

#include <stdlib.h>
#include <string.h>

enum { MAX_REPORTS = 5 };
enum { MAX_ARGS = 64 };

typedef enum { SLOT_SAME, SLOT_DIFFERS, SLOT_LEFT_OUT } SlotState;

static const Program *program_of(const Verify *v) { return v->x->program; }

/* ---- marks of battc's values ---- */

/* Of the kind that CPython's is. */
static Mark mark_value(Verify *v, Value value, Mark theirs) {
  Vm *vm = v->x->vm;
  v->text.len = 0;
  if (!(theirs & MARK_PICKLED))
    return verify_value_text(&v->text, vm, value) ? verify_mark(v->text.data, v->text.len) : MARK_TOO_DEEP;
  switch (verify_pickle(&v->text, vm, value)) {
    case PICKLE_DONE: return verify_mark(v->text.data, v->text.len) | MARK_PICKLED;
    case PICKLE_NOT_PLAIN: return MARK_PICKLED;
    default: return MARK_TOO_DEEP;
  }
}

/* ---- states ---- */

static SlotState worse(SlotState a, SlotState b) { return a > b ? a : b; }

static SlotState operand_state(const Verify *v, Operand o) {
  return o == OPERAND_COPY || o < 0 ? SLOT_SAME : (SlotState)v->slot_state[o];
}

static SlotState call_state(const Verify *v, const ProgramCall *call) {
  SlotState state = operand_state(v, call->callee);
  for (uint32_t i = 0; i < call->nargs; i++)
    state = worse(state, operand_state(v, program_of(v)->operands[call->args + i]));
  return state;
}

static SlotState inputs_state(const Verify *v, const ProgramOp *op) {
  SlotState state = call_state(v, &op->call);
  return op->mask ? worse(state, call_state(v, &op->fallback)) : state;
}

static Value operand_value(const Verify *v, Operand o) {
  return o >= 0 ? v->x->values[o] : program_of(v)->consts[~o];
}

/* Whether computing the op once more meets a hash that is an address. */
static bool call_meets_addresses(const Verify *v, const ProgramCall *call) {
  Value args[MAX_ARGS], names[MAX_ARGS];
  Vm *vm = v->x->vm;
  const Operand *operands = program_of(v)->operands;
  if (call->callee == OPERAND_COPY || call->nargs > MAX_ARGS) return false;
  Value callee = operand_value(v, call->callee);
  bool ready = callee && callee != OPERAND_NAME_ERROR;
  for (uint32_t i = 0; i < call->nargs; i++) {
    args[i] = operand_value(v, operands[call->args + i]);
    ready = ready && args[i] && args[i] != OPERAND_NAME_ERROR;
    if (args[i] && value_unordered(vm, args[i])) return true;
  }
  for (uint32_t i = 0; i < call->nkw; i++) names[i] = operand_value(v, operands[call->kwnames + i]);
  if (!ready) return false;
  struct Memo *memo = vm->memo;
  vm->memo = NULL; /* what is remembered would not be computed */
  vm->steps = 0;
  vm->unordered = false;
  vm_call_kw(vm, callee, args, call->nargs, names, call->nkw);
  vm->memo = memo;
  return vm->unordered;
}

static bool depends_on_addresses(const Verify *v, const ProgramOp *op, uint32_t slot) {
  if (v->x->values[slot] && value_unordered(v->x->vm, v->x->values[slot])) return true;
  return call_meets_addresses(v, &op->call) || (op->mask && call_meets_addresses(v, &op->fallback));
}

/* ---- one value ---- */

/* True the first time. */
static bool first_report(Verify *v, uint32_t op) {
  uint64_t n = v->op_base[v->call->program] + op;
  if (v->nreports == MAX_REPORTS || v->reported[n / 64] >> (n % 64) & 1) return false;
  v->reported[n / 64] |= (uint64_t)1 << (n % 64);
  v->nreports++;
  return true;
}

static void count_limit(Verify *v, uint32_t op, Value limit) {
  if (!v->counts.limits++) {
    v->counts.limit_program = v->call->program;
    v->counts.limit_op = op;
    v->counts.limit = limit;
  }
}

static SlotState compare_slot(Verify *v, uint32_t op, uint32_t slot, uint32_t name, Mark theirs) {
  const ProgramOp *o = &program_of(v)->ops[op];
  if (is_kind(v->x->values[slot], KIND_LIMIT)) {
    count_limit(v, op, v->x->values[slot]);
    return SLOT_LEFT_OUT;
  }
  Mark mine = v->x->values[slot] ? mark_value(v, v->x->values[slot], theirs) : 0;
  if (mine == MARK_TOO_DEEP || theirs == MARK_TOO_DEEP) {
    v->counts.deep++;
    return SLOT_LEFT_OUT;
  }
  SlotState inputs = mine == theirs ? SLOT_SAME : inputs_state(v, o);
  if (inputs == SLOT_LEFT_OUT || (mine != theirs && inputs == SLOT_SAME && depends_on_addresses(v, o, slot))) {
    v->counts.repeatless++;
    return SLOT_LEFT_OUT;
  }
  v->counts.values++;
  if (mine == theirs) return SLOT_SAME;
  v->counts.mismatches++;
  if (inputs == SLOT_SAME && first_report(v, op)) {
    v->text.len = 0;
    if (mine) verify_value_text(&v->text, v->x->vm, v->x->values[slot]);
    else buffer_text(&v->text, "nothing: the name is not bound");
    report_op(v, op, v->plan->names[v->plan->first_name[v->call->program] + name], v->text.data, v->text.len);
  }
  return SLOT_DIFFERS;
}

/* ---- all names ---- */

static uint32_t name_number(const Verify *v, uint32_t slot) { return v->plan->slot_name[v->call->program][slot]; }

/* Ops in order: which slot holds each name at the end. Names bound by the op that ended the call are not. */
static void find_names(Verify *v) {
  const Program *p = program_of(v);
  uint32_t n = v->outcome.error == ERR_COUNT ? p->nops : v->outcome.nops ? v->outcome.nops - 1 : 0;
  memset(v->name_slot, 0, (plan_names(v->plan, v->call->program) + 1) * sizeof *v->name_slot);
  for (uint32_t i = 0; i < n; i++)
    for (uint32_t slot = p->ops[i].dst; slot < p->ops[i].dst + p->ops[i].ndst; slot++) {
      uint32_t k = name_number(v, slot);
      if (k == NO_NAME) continue;
      v->name_slot[k] = slot;
      v->name_op[k] = i;
    }
}

/* In the order of ops, so that an op's operands are judged before it. */
static void compare_names(Verify *v, const PythonAnswer answers[2]) {
  const Program *p = program_of(v);
  for (uint32_t i = 0; i < p->nops; i++)
    for (uint32_t slot = p->ops[i].dst; slot < p->ops[i].dst + p->ops[i].ndst; slot++) {
      uint32_t k = name_number(v, slot);
      if (k == NO_NAME || v->name_slot[k] != slot || v->name_op[k] != i) { /* a temporary, or bound again later */
        v->slot_state[slot] = (uint8_t)inputs_state(v, &p->ops[i]);
        continue;
      }
      Mark theirs = answers[0].names[k];
      if (theirs != answers[1].names[k]) {
        v->counts.repeatless++;
        v->slot_state[slot] = SLOT_LEFT_OUT;
      } else {
        v->slot_state[slot] = (uint8_t)compare_slot(v, i, slot, k, theirs);
      }
    }
}

/* ---- how the call ended ---- */

static bool same_end(const PythonAnswer *a, const PythonAnswer *b) {
  if (a->kind != b->kind) return false;
  return a->kind != PY_RAISED || (a->line == b->line && !strcmp(a->error, b->error));
}

static uint32_t last_op(const Verify *v) { return program_of(v)->nops; }

/* Differences in what a call gives as a whole are reported once for each program. */
static void result_mismatch(Verify *v, const char *title, uint32_t line, const char *what, const char *mine,
                            size_t len) {
  v->counts.mismatches++;
  if (first_report(v, last_op(v))) report_result(v, title, line, what, mine, len);
}

/* True: both ended the same way. */
static bool compare_end(Verify *v, const PythonAnswer *a) {
  const CallOutcome *o = &v->outcome;
  Buffer b = {0};
  bool raised = o->error != ERR_COUNT;
  const char *mine = raised ? error_name(o->error) : NULL;
  bool line_shown = !program_of(v)->whole; /* else battc tells the line that raised, wherever it is */
  if (raised && a->kind == PY_RAISED && !strcmp(mine, a->error) && (!line_shown || o->line == a->line)) return true;
  if (!raised && a->kind != PY_RAISED) return true;
  if (raised) buffer_format(&b, "%s in line %u", mine, o->line);
  else buffer_text(&b, "a result");
  result_mismatch(v, "the call ends otherwise", raised ? o->line : a->line, "w", b.data, b.len);
  buffer_free(&b);
  return false;
}

/* ---- the returned lists ---- */

/* The values of an item; *state: worst of them. */
static void output_values(Verify *v, const ProgramOutput *out, Value *values, SlotState *state) {
  const Operand *items = program_of(v)->operands + out->items;
  *state = SLOT_SAME;
  for (uint32_t i = 0; i < out->nitems; i++) {
    values[i] = operand_value(v, items[i]);
    *state = worse(*state, operand_state(v, items[i]));
    if (is_kind(values[i], KIND_LIMIT)) *state = SLOT_LEFT_OUT;
  }
}

static void value_text(Verify *v, Value value) {
  v->text.len = 0;
  verify_value_text(&v->text, v->x->vm, value);
}

static void tuple_text(Verify *v, const Value *values, uint32_t n) {
  v->text.len = 0;
  buffer_char(&v->text, '(');
  for (uint32_t i = 0; i < n; i++) {
    if (i) buffer_text(&v->text, ", ");
    verify_value_text(&v->text, v->x->vm, values[i]);
  }
  buffer_text(&v->text, n == 1 ? ",)" : ")");
}

static void item_mismatch(Verify *v, uint32_t list, uint32_t item, uint32_t line) {
  char title[64], what[48];
  snprintf(title, sizeof title, "item %u of returned list %u", item, list + 1);
  snprintf(what, sizeof what, "r %u %u", list, item);
  result_mismatch(v, title, line, what, v->text.data, v->text.len);
}

static void count_mismatch(Verify *v, uint32_t list, uint32_t mine, uint32_t theirs) {
  char title[96];
  snprintf(title, sizeof title, "returned list %u has %u items in CPython, %u in battc", list + 1, theirs, mine);
  result_mismatch(v, title, 0, "w", "", 0);
}

/* Where an answer is read: the next item of each list. */
typedef struct {
  const Mark *next[2];
  uint32_t left[2];
} Cursor;

static Cursor cursor_at(const PythonAnswer *a) {
  const Mark *second = a->items;
  for (uint32_t i = 0; i < a->n[0]; i++) second += item_marks(*second);
  return (Cursor){{a->items, second}, {a->n[0], a->n[1]}};
}

static const Mark *take_item(Cursor *c, uint32_t list) {
  const Mark *item = c->next[list];
  if (!c->left[list]) return NULL;
  c->left[list]--;
  c->next[list] += item_marks(*item);
  return item;
}

typedef enum { ITEM_SAME, ITEM_DIFFERS, ITEM_LEFT_OUT } ItemState;

static ItemState compare_marks(Verify *v, const Value *values, uint32_t n, const Mark *theirs) {
  for (uint32_t i = 0; i < n; i++) {
    Mark mine = mark_value(v, values[i], theirs[i]);
    if (mine == MARK_TOO_DEEP || theirs[i] == MARK_TOO_DEEP) return ITEM_LEFT_OUT;
    if (mine != theirs[i]) return ITEM_DIFFERS;
  }
  return ITEM_SAME;
}

/* A tuple of n values beside what both processes say of it; NULL: nothing. */
static ItemState compare_tuple(Verify *v, const Value *values, uint32_t n, const Mark *first, const Mark *second) {
  if (!first || !second || *first != *second || memcmp(first, second, item_marks(*first) * sizeof *first)) return ITEM_LEFT_OUT;
  return *first == (MARK_TUPLE | n) ? compare_marks(v, values, n, first + 1) : ITEM_DIFFERS;
}

static ItemState compare_item(Verify *v, Value value, const Mark *first, const Mark *second) {
  if (is_tuple(value)) {
    const Tuple *t = as_tuple(v->x->vm, value);
    return compare_tuple(v, t->items, t->len, first, second);
  }
  if (!first || !second || *first != *second) return ITEM_LEFT_OUT;
  return is_item_tuple(*first) ? ITEM_DIFFERS : compare_marks(v, &value, 1, first);
}

static void compare_output(Verify *v, const ProgramOutput *out, uint32_t item, const Mark *first, const Mark *second) {
  Value *values = (Value *)host_alloc((out->nitems + 1) * sizeof *values);
  SlotState state;
  output_values(v, out, values, &state);
  ItemState same = state != SLOT_SAME ? ITEM_LEFT_OUT
                   : out->bare        ? compare_item(v, values[0], first, second)
                                      : compare_tuple(v, values, out->nitems, first, second);
  if (same == ITEM_DIFFERS) {
    if (out->bare) value_text(v, values[0]);
    else tuple_text(v, values, out->nitems);
    item_mismatch(v, out->list, item, out->line);
  }
  free(values);
}

static void compare_outputs(Verify *v, const PythonAnswer answers[2]) {
  const Program *p = program_of(v);
  Cursor one = cursor_at(&answers[0]), two = cursor_at(&answers[1]);
  uint32_t n[2] = {0, 0};
  for (uint32_t i = 0; i < p->noutputs; i++) {
    const ProgramOutput *out = &p->outputs[i];
    const Mark *first = take_item(&one, out->list), *second = take_item(&two, out->list);
    compare_output(v, out, n[out->list]++, first, second);
  }
  for (uint32_t list = 0; list < 2; list++)
    if (n[list] != answers[0].n[list]) count_mismatch(v, list, n[list], answers[0].n[list]);
}

/* Lists of a function that was called as a whole. */
static void compare_whole_lists(Verify *v, const PythonAnswer answers[2]) {
  const Vm *vm = v->x->vm;
  Cursor one = cursor_at(&answers[0]), two = cursor_at(&answers[1]);
  Value lists[2];
  if (!result_is_lists(vm, v->outcome.result, &lists[0], &lists[1])) {
    value_text(v, v->outcome.result);
    result_mismatch(v, "the result", 0, "w", v->text.data, v->text.len);
    return;
  }
  for (uint32_t list = 0; list < 2; list++) {
    const List *l = as_list(vm, lists[list]);
    for (uint32_t i = 0; i < l->len; i++) {
      const Mark *first = take_item(&one, list), *second = take_item(&two, list);
      ItemState same = compare_item(v, list_items(vm, l)[i], first, second);
      v->counts.values += same != ITEM_LEFT_OUT;
      if (same != ITEM_DIFFERS) continue;
      value_text(v, list_items(vm, l)[i]);
      item_mismatch(v, list, i, 0);
    }
    if (l->len != answers[0].n[list]) count_mismatch(v, list, l->len, answers[0].n[list]);
  }
}

static void compare_value(Verify *v, const PythonAnswer answers[2]) {
  Mark mine = mark_value(v, v->outcome.result, answers[0].value);
  if (mine == MARK_TOO_DEEP || answers[0].value == MARK_TOO_DEEP) {
    v->counts.deep++;
  } else if (answers[0].value != answers[1].value ||
             (mine != answers[0].value && value_unordered(v->x->vm, v->outcome.result))) {
    v->counts.repeatless++;
  } else {
    v->counts.values++;
    if (mine == answers[0].value) return;
    value_text(v, v->outcome.result);
    result_mismatch(v, "the result", 0, "w", v->text.data, v->text.len);
  }
}

static void compare_whole(Verify *v, const PythonAnswer answers[2]) {
  if (answers[0].kind == PY_LISTS) compare_whole_lists(v, answers);
  else compare_value(v, answers);
}

/* ---- calls ---- */

static void compare_call(Verify *v, const PythonAnswer answers[2]) {
  const Program *p = program_of(v);
  if (answers[0].kind == PY_LATE || answers[1].kind == PY_LATE) {
    v->counts.late++;
    return;
  }
  if (!p->whole) {
    memset(v->slot_state, 0, p->nslots);
    find_names(v);
    compare_names(v, answers);
  }
  if (is_limit_error(v->outcome.error)) {
    count_limit(v, p->nops, v_limit((LimitKind)(v->outcome.error - ERR_LIMIT)));
  } else if (!same_end(&answers[0], &answers[1])) {
    v->counts.repeatless++;
  } else if (compare_end(v, &answers[0]) && answers[0].kind != PY_RAISED) {
    if (p->whole) compare_whole(v, answers);
    else if (answers[0].kind == PY_LISTS) compare_outputs(v, answers);
    else result_mismatch(v, "the result is no pair of lists in CPython", 0, "w", "", 0);
  }
}

void verify_call(Verify *v, const VerifyCall *call, const PythonAnswer answers[2]) {
  v->call = call;
  v->counts.calls++;
  compare_call(v, answers);
}

/* ---- life ---- */

static void *zeroed(size_t n, size_t size) {
  void *p = calloc(n + 1, size);
  if (!p) exit(EXIT_INTERNAL);
  return p;
}

void verify_begin(Verify *v, const VerifyPlan *plan, Python *python) {
  const Unit *unit = plan->unit;
  uint32_t nslots = 0, nnames = 0;
  uint64_t nops = 0;
  memset(v, 0, sizeof *v);
  v->plan = plan;
  v->python = python;
  v->op_base = (uint64_t *)zeroed(unit->nprograms, sizeof *v->op_base);
  for (uint32_t i = 0; i < unit->nprograms; i++) {
    v->op_base[i] = nops;
    nops += unit->programs[i].nops + 1;
    if (unit->programs[i].nslots > nslots) nslots = unit->programs[i].nslots;
    if (plan_names(plan, i) > nnames) nnames = plan_names(plan, i);
  }
  v->reported = (uint64_t *)zeroed(nops / 64 + 1, sizeof *v->reported);
  v->slot_state = (uint8_t *)zeroed(nslots, 1);
  v->name_slot = (uint32_t *)zeroed(nnames, sizeof *v->name_slot);
  v->name_op = (uint32_t *)zeroed(nnames, sizeof *v->name_op);
}

void verify_end(Verify *v) {
  free(v->op_base);
  free(v->reported);
  free(v->slot_state);
  free(v->name_slot);
  free(v->name_op);
  buffer_free(&v->text);
}
