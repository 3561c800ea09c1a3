/* result.c - JSON lines: values and calls. */
#include "result.h"

#include <math.h>
#include <string.h>

#include "../builtin.h"
#include "../object.h"

enum { MAX_DEPTH = 1000 };
static const size_t MAX_VALUE_BYTES = (size_t)64 << 20;

/* ---- values ---- */

/* A value being written. What does not fit stops it: `stopped` is a LimitKind + 1. */
typedef struct {
  Buffer *b;
  const Vm *vm;
  size_t start;
  uint32_t depth;
  uint32_t stopped;
  LimitCounts *limits;
} ValueWriter;

static void write_value(ValueWriter *w, Value v);

static const char *limit_text(uint32_t kind) {
  switch (kind) {
    case LIMIT_STEPS: return "steps";
    case LIMIT_MEMORY: return "memory";
    case LIMIT_TIME: return "time";
    case LIMIT_INTEGER: return "integer";
    default: return "unsupported";
  }
}

static void write_limit(Buffer *b, uint32_t kind, LimitCounts *limits) {
  buffer_format(b, "{\"limit\":\"%s\"}", limit_text(kind));
  limits->by_kind[kind <= LIMIT_UNSUPPORTED ? kind : LIMIT_UNSUPPORTED]++;
}

/* Rows and cells: ints of one or two digits, written without a look at the room for each. false: others. */
static bool write_small_ints(Buffer *b, const Value *items, uint32_t n) {
  for (uint32_t i = 0; i < n; i++)
    if (!is_int(items[i]) || items[i] - v_int(0) > v_int(99) - v_int(0)) return false;
  buffer_reserve(b, 3 * (size_t)n + 2);
  char *to = b->data + b->len;
  *to++ = '[';
  for (uint32_t i = 0; i < n; i++) {
    uint32_t u = (uint32_t)int_of(items[i]);
    if (i) *to++ = ',';
    if (u > 9) *to++ = (char)('0' + u / 10);
    *to++ = (char)('0' + u % 10);
  }
  *to++ = ']';
  b->len = (size_t)(to - b->data);
  return true;
}

static void write_items(ValueWriter *w, const Value *items, uint32_t n) {
  if (write_small_ints(w->b, items, n)) return;
  buffer_char(w->b, '[');
  for (uint32_t i = 0; i < n && !w->stopped; i++) {
    if (i) buffer_char(w->b, ',');
    write_value(w, items[i]);
  }
  buffer_char(w->b, ']');
}

static void write_set(ValueWriter *w, Value v) {
  uint32_t pos = 0, n = 0;
  Value key;
  buffer_text(w->b, is_kind(v, KIND_SET) ? "{\"set\":[" : "{\"frozenset\":[");
  while (!w->stopped && set_next(w->vm, v, &pos, &key)) {
    if (n++) buffer_char(w->b, ',');
    write_value(w, key);
  }
  buffer_text(w->b, "]}");
}

static void write_dict(ValueWriter *w, Value v) {
  uint32_t pos = 0, n = 0;
  Value item[2];
  buffer_text(w->b, "{\"dict\":[");
  while (!w->stopped && dict_next(w->vm, v, &pos, &item[0], &item[1])) {
    if (n++) buffer_char(w->b, ',');
    write_items(w, item, 2);
  }
  buffer_text(w->b, "]}");
}

static void write_float(Buffer *b, double d) {
  buffer_text(b, "{\"float\":");
  if (isnan(d)) buffer_text(b, "\"nan\"");
  else if (isinf(d)) buffer_text(b, d < 0 ? "\"-inf\"" : "\"inf\"");
  else buffer_float_repr(b, d);
  buffer_char(b, '}');
}

static const char *const KIND_NAMES[] = {
#define X(kind, name) name,
    KIND_LIST(X)
#undef X
};
static const char *const BUILTIN_NAMES[] = {
#define X(id, name) name,
    BUILTIN_LIST(X)
#undef X
};
static const char *const METHOD_NAMES[] = {
#define X(id, kind, name) name,
    METHOD_LIST(X)
#undef X
};

const char *result_type_name(uint32_t type) {
  if (type >= TYPE_ERROR_BASE) return error_name(type - TYPE_ERROR_BASE);
  return type < KIND_COUNT ? KIND_NAMES[type] : "type";
}

const char *result_callable_name(const Vm *vm, Value v) {
  switch (kind_of(v)) {
    case KIND_TYPE: return result_type_name(payload_of(v));
    case KIND_BUILTIN: return payload_of(v) < BUILTIN_COUNT ? BUILTIN_NAMES[payload_of(v)] : "builtin";
    case KIND_METHOD: return METHOD_NAMES[as_method(vm, v)->method];
    case KIND_GUARD: return result_callable_name(vm, as_guard(vm, v)->func);
    case KIND_FUNC: return vm->image->functions[as_func(vm, v)->fid].name;
    default: return NULL;
  }
}

static void write_other(ValueWriter *w, Value v) {
  const char *name = result_callable_name(w->vm, v);
  buffer_text(w->b, name ? "{\"callable\":" : "{\"object\":");
  if (!name) name = is_kind(v, KIND_ERROR) ? error_name(as_error(w->vm, v)->cls) : KIND_NAMES[kind_of(v)];
  buffer_json_string(w->b, name, strlen(name));
  buffer_char(w->b, '}');
}

static void write_atom_or_other(ValueWriter *w, Value v) {
  const Str *s;
  switch (kind_of(v)) {
    case KIND_UNBOUND:
    case KIND_NONE: buffer_text(w->b, "null"); break;
    case KIND_BOOL: buffer_text(w->b, is_true(v) ? "true" : "false"); break;
    case KIND_STR:
      s = as_str(w->vm, v);
      buffer_json_string(w->b, s->bytes, s->len);
      break;
    case KIND_FLOAT: write_float(w->b, as_float(w->vm, v)->value); break;
    case KIND_LIMIT: write_limit(w->b, payload_of(v), w->limits); break;
    default: write_other(w, v);
  }
}

static void write_container(ValueWriter *w, Value v) {
  const List *list;
  switch (kind_of(v)) {
    case KIND_TUPLE: write_items(w, as_tuple(w->vm, v)->items, tuple_head(w->vm, v)->len); break;
    case KIND_LIST:
      list = as_list(w->vm, v);
      buffer_text(w->b, "{\"list\":");
      write_items(w, list_items(w->vm, list), list->len);
      buffer_char(w->b, '}');
      break;
    case KIND_DICT: write_dict(w, v); break;
    default: write_set(w, v);
  }
}

static bool is_container(Value v) {
  return is_tuple(v) || is_anyset(v) || is_kind(v, KIND_LIST) || is_kind(v, KIND_DICT);
}

static void write_value(ValueWriter *w, Value v) {
  if (is_int(v)) {
    buffer_int(w->b, int_of(v));
    return;
  }
  if (!is_container(v)) {
    write_atom_or_other(w, v);
    return;
  }
  if (w->depth == MAX_DEPTH) w->stopped = LIMIT_UNSUPPORTED + 1;
  else if (w->b->len - w->start > MAX_VALUE_BYTES) w->stopped = LIMIT_MEMORY + 1;
  if (w->stopped) return;
  w->depth++;
  write_container(w, v);
  w->depth--;
}

void result_value(Buffer *b, const Vm *vm, Value v, LimitCounts *limits) {
  LimitCounts inner = *limits;
  ValueWriter w = {.b = b, .vm = vm, .start = b->len, .limits = &inner};
  write_value(&w, v);
  if (w.stopped) {
    b->len = w.start;
    write_limit(b, w.stopped - 1, limits);
  } else {
    *limits = inner;
  }
}

/* ---- calls ---- */

static Value operand_value(const Execution *x, Operand operand) {
  return operand >= 0 ? x->values[operand] : x->program->consts[~operand];
}

static void write_output(Buffer *b, const Execution *x, const ProgramOutput *out, LimitCounts *limits) {
  const Operand *items = x->program->operands + out->items;
  if (out->bare) {
    result_value(b, x->vm, operand_value(x, items[0]), limits);
    return;
  }
  buffer_char(b, '[');
  for (uint32_t i = 0; i < out->nitems; i++) {
    if (i) buffer_char(b, ',');
    result_value(b, x->vm, operand_value(x, items[i]), limits);
  }
  buffer_char(b, ']');
}

static void write_outputs(Buffer *b, const Execution *x, LimitCounts *limits) {
  const Program *p = x->program;
  for (uint32_t list = 0; list < 2; list++) {
    uint32_t n = 0;
    buffer_text(b, list ? ",\"s\":[" : ",\"o\":[");
    for (uint32_t i = 0; i < p->noutputs; i++) {
      if (p->outputs[i].list != list) continue;
      if (n++) buffer_char(b, ',');
      write_output(b, x, &p->outputs[i], limits);
    }
    buffer_char(b, ']');
  }
}

bool result_is_lists(const Vm *vm, Value result, Value *first, Value *second) {
  if (!is_tuple(result) || tuple_head(vm, result)->len != 2) return false;
  *first = as_tuple(vm, result)->items[0];
  *second = as_tuple(vm, result)->items[1];
  return is_kind(*first, KIND_LIST) && is_kind(*second, KIND_LIST);
}

static void write_list(Buffer *b, const Vm *vm, const char *name, Value v, LimitCounts *limits) {
  const List *list = as_list(vm, v);
  buffer_format(b, ",\"%s\":[", name);
  for (uint32_t i = 0; i < list->len; i++) {
    if (i) buffer_char(b, ',');
    result_value(b, vm, list_items(vm, list)[i], limits);
  }
  buffer_char(b, ']');
}

static void write_whole(Buffer *b, const Execution *x, Value result, LimitCounts *limits) {
  Value first, second;
  if (!x->program->is_entry && result_is_lists(x->vm, result, &first, &second)) {
    write_list(b, x->vm, "o", first, limits);
    write_list(b, x->vm, "s", second, limits);
    return;
  }
  buffer_text(b, ",\"value\":");
  result_value(b, x->vm, result, limits);
}

static const char *split_name(Split split) {
  return split == SPLIT_TRAINING ? "training" : split == SPLIT_EVALUATION ? "evaluation" : NULL;
}

static void write_place(Buffer *b, const Program *p, const CallPlace *place) {
  const Task *t = place->task;
  if (!t) {
    buffer_text(b, "{\"task\":null,\"split\":null,\"set\":null,\"index\":null,\"call\":\"first\"");
  } else {
    bool demo = place->sample < t->ndemo;
    const char *split = split_name(t->split);
    buffer_text(b, "{\"task\":");
    buffer_json_string(b, t->id, strlen(t->id));
    buffer_text(b, ",\"split\":");
    if (split) buffer_json_string(b, split, strlen(split));
    else buffer_text(b, "null");
    buffer_format(b, ",\"set\":\"%s\",\"index\":%u,\"call\":\"%s\"", demo ? "demo" : "test",
                  demo ? place->sample : place->sample - t->ndemo, place->second ? "second" : "first");
  }
  if (p->is_entry) {
    buffer_text(b, ",\"entry\":");
    buffer_json_string(b, p->entry, strlen(p->entry));
  }
}

void result_line(Buffer *b, const Execution *x, const CallPlace *place, const CallOutcome *outcome,
                 LimitCounts *limits) {
  write_place(b, x->program, place);
  if (outcome->error != ERR_COUNT)
    buffer_format(b, ",\"error\":\"%s\",\"line\":%u", error_name(outcome->error), outcome->line);
  else if (x->program->whole) write_whole(b, x, outcome->result, limits);
  else write_outputs(b, x, limits);
  buffer_text(b, "}\n");
}
