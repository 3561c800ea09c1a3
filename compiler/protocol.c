/* protocol.c - the safe-default protocol, read from the user's own safe_dsl.py.
 *
 * What is read: the chain of `any(t in type_str for t in [...])` tests of _get_safe_default with the
 * value that each returns, and the fallbacks. A function's default is computed once, here, from the
 * text that str() would give for its evaluated return annotation. */
#include "lower.h"

#include "object.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_RULES = 16, MAX_TEXT = 2000 };

typedef struct {
  const Node *words; /* LIST, TUPLE or SET of STR; or one STR */
  Value value;
  bool callable;     /* a fresh function each time */
} Rule;

struct SafeProtocol {
  Module *module;
  Rule rules[MAX_RULES];
  uint32_t nrules;
  Rule none;  /* no return annotation */
  Rule other; /* nothing matched */
  Rule error; /* an annotation that does not evaluate */
};

/* ---- reading safe_dsl.py ---- */

static bool expected(Compiler *c, const Module *m, const Node *at, const char *what) {
  diag_error(m->source, at->line, at->col, "_get_safe_default: expected %s", what);
  c->error = true;
  return false;
}

/* Does it take any arguments and return (), as the function that stands for it does (safe_callable of runtime/prelude.py)? */
static bool gives_empty_tuple(const Node *function) {
  const NodeList *params = &function->a->list, *body = &function->list;
  if (params->len != 2 || params->items[0]->ival != PARAM_VARARGS || params->items[1]->ival != PARAM_VARKW) return false;
  const Node *value = function->b;
  if (function->kind == N_DEF) {
    for (uint32_t i = 0; i + 1 < body->len; i++)
      if (body->items[i]->kind != N_EXPR) return false;
    const Node *last = body->items[body->len - 1];
    value = last->kind == N_RETURN ? last->a : NULL;
  }
  return value && value->kind == N_TUPLE && !value->list.len;
}

/* The function that is returned: a lambda, or one that the body defines. */
static const Node *returned_function(const NodeList *body, const Node *e) {
  if (e->kind == N_LAMBDA) return e;
  for (uint32_t i = 0; e->kind == N_NAME && i < body->len; i++)
    if (body->items[i]->kind == N_DEF && !strcmp(body->items[i]->name, e->name)) return body->items[i];
  return NULL;
}

/* The value of a return statement, in a body that may define the function it returns. */
static bool read_return(Compiler *c, Module *m, const NodeList *body, const Node *at, Rule *rule) {
  const Node *ret = body->len ? body->items[body->len - 1] : NULL;
  if (!ret || ret->kind != N_RETURN) return expected(c, m, at, "a branch that ends with a return");
  const Node *e = ret->a;
  Vm *vm = c->vm;
  rule->callable = false;
  rule->value = e ? constant_of(c, m, m->scope, e) : V_NONE;
  if (rule->value) return true;
  if (e->kind == N_CALL && e->a->kind == N_NAME && !e->list.len) {
    if (!strcmp(e->a->name, "frozenset")) rule->value = new_set(vm, KIND_FROZENSET);
    else if (!strcmp(e->a->name, "tuple")) rule->value = new_tuple(vm, 0);
    else if (!strcmp(e->a->name, "int")) rule->value = v_int(0);
    else if (!strcmp(e->a->name, "bool")) rule->value = V_FALSE;
    if (rule->value) return true;
  }
  const Node *function = returned_function(body, e);
  if (!function) return expected(c, m, e, "a constant, an empty container or a function as default");
  if (!gives_empty_tuple(function)) return expected(c, m, e, "a function of (*args, **kwargs) that returns ()");
  rule->callable = true;
  c->image->functions[c->image->safe_callable].name = function->kind == N_DEF ? function->name : "<lambda>";
  return true;
}

/* `any(t in type_str for t in [..])` or `'Word' in type_str`. */
static const Node *read_words(const Node *test) {
  if (test->kind == N_CALL && test->a->kind == N_NAME && !strcmp(test->a->name, "any") && test->list.len == 1 &&
      test->list.items[0]->kind == N_GENEXP) {
    const Node *words = test->list.items[0]->list.items[0]->b;
    return words->kind == N_LIST || words->kind == N_TUPLE || words->kind == N_SET ? words : NULL;
  }
  if (test->kind == N_COMPARE && test->list.len == 2 && test->ops[0] == OP_IN && test->list.items[0]->kind == N_STR)
    return test->list.items[0];
  return NULL;
}

static bool is_none_test(const Node *test) {
  return test->kind == N_COMPARE && test->list.len == 2 && (test->ops[0] == OP_IS || test->ops[0] == OP_EQ) &&
         test->list.items[1]->kind == N_NONE;
}

static bool read_chain(Compiler *c, Module *m, struct SafeProtocol *p, const Node *n) {
  while (n) {
    const Node *words = read_words(n->a);
    if (is_none_test(n->a)) {
      if (!read_return(c, m, &n->list, n, &p->none)) return false;
    } else if (words && p->nrules < MAX_RULES) {
      Rule *rule = &p->rules[p->nrules++];
      rule->words = words;
      if (!read_return(c, m, &n->list, n, rule)) return false;
    } else {
      return expected(c, m, n->a, "a test of the form any(t in type_str for t in [...])");
    }
    if (!n->list2.len) return true;
    if (n->list2.len > 1 || n->list2.items[0]->kind != N_IF) return read_return(c, m, &n->list2, n, &p->other);
    n = n->list2.items[0];
  }
  return true;
}

static bool read_body(Compiler *c, Module *m, struct SafeProtocol *p, const NodeList *body, bool top) {
  for (uint32_t i = 0; i < body->len; i++) {
    const Node *n = body->items[i];
    if (n->kind == N_IF) {
      if (!read_chain(c, m, p, n)) return false;
    } else if (n->kind == N_TRY) {
      if (!read_body(c, m, p, &n->list, false)) return false;
      if (n->list2.len != 1) return expected(c, m, n, "one handler");
      if (!read_return(c, m, &n->list2.items[0]->list, n->list2.items[0], &p->error)) return false;
    } else if (n->kind == N_RETURN) {
      NodeList rest = {body->items + i, 1};
      if (!read_return(c, m, &rest, n, top ? &p->error : &p->other)) return false;
    } else if (n->kind != N_EXPR && n->kind != N_ASSIGN && n->kind != N_DEF && n->kind != N_FROM && n->kind != N_IMPORT) {
      return expected(c, m, n, "assignments, one chain of tests, and returns");
    }
  }
  return true;
}

bool protocol_read(Compiler *c, Module *m) {
  const NodeList *body = &m->source->module_node->list;
  for (uint32_t i = 0; i < body->len; i++) {
    const Node *n = body->items[i];
    if (n->kind != N_DEF || strcmp(n->name, "_get_safe_default")) continue;
    struct SafeProtocol *p = pool_alloc(c->pool, sizeof *p);
    p->module = m;
    p->none.value = p->other.value = p->error.value = c->image->empty_tuple;
    m->is_safe_dsl = true;
    if (!read_body(c, m, p, &n->list, true)) return false;
    c->protocol = p;
    c->image->guard_fallback = p->none.value;
    return true;
  }
  return true;
}

/* ---- the text of a type ---- */

typedef struct {
  char s[MAX_TEXT];
  size_t len;
} Text;

static void put(Text *t, const char *s) {
  size_t n = strlen(s);
  if (t->len + n + 1 > sizeof t->s) n = sizeof t->s - 1 - t->len;
  memcpy(t->s + t->len, s, n);
  t->len += n;
  t->s[t->len] = 0;
}

static bool type_text(Compiler *c, Module *m, const Node *n, bool inner, int depth, Text *out);

static void class_text(const char *name, bool inner, Text *out) {
  if (!inner) put(out, "<class '");
  put(out, name);
  if (!inner) put(out, "'>");
}

static bool value_text(Compiler *c, Value v, bool inner, Text *out) {
  char number[32];
  switch (kind_of(v)) {
  case KIND_TYPE: {
    uint32_t k = payload_of(v);
    static const char *const names[] = {
#define X(kind, name) name,
        KIND_LIST(X)
#undef X
    };
    class_text(k >= TYPE_ERROR_BASE ? error_name(k - TYPE_ERROR_BASE) : names[k], inner, out);
    return true;
  }
  case KIND_INT:
    snprintf(number, sizeof number, "%lld", (long long)int_of(v));
    put(out, number);
    return true;
  case KIND_BOOL: put(out, is_true(v) ? "True" : "False"); return true;
  case KIND_FUNC: case KIND_GUARD: {
    Value f = is_kind(v, KIND_GUARD) ? as_guard(c->vm, v)->func : v;
    put(out, "<function ");
    put(out, c->image->functions[as_func(c->vm, f)->fid].name);
    put(out, " at 0x7f>");
    return true;
  }
  default: return false;
  }
}

static bool name_text(Compiler *c, Module *m, const Node *n, bool inner, int depth, Text *out) {
  uint32_t slot = global_slot(c, m, n->name);
  const GlobalSlot *s = &c->slots[slot];
  if (s->origin) {
    put(out, s->origin);
    return true;
  }
  Value v = *slot_value(c, slot);
  if (!is_poison(v) && value_text(c, v, inner, out)) return true;
  if (s->bound && s->value_node) return type_text(c, s->value_module, s->value_node, inner, depth + 1, out);
  return false;
}

static bool args_text(Compiler *c, Module *m, const NodeList *list, const char *open, const char *close, int depth,
                      Text *out) {
  put(out, open);
  for (uint32_t i = 0; i < list->len; i++) {
    if (i) put(out, ", ");
    if (!type_text(c, m, list->items[i], true, depth + 1, out)) return false;
  }
  put(out, close);
  return true;
}

static bool subscript_text(Compiler *c, Module *m, const Node *n, bool inner, int depth, Text *out) {
  Node *index = n->b;
  NodeList one = {&index, 1};
  const NodeList *args = n->b->kind == N_TUPLE ? &n->b->list : &one;
  Text base = {{0}, 0};
  if (!type_text(c, m, n->a, true, depth + 1, &base)) return false;
  if (!strcmp(base.s, "typing.Union") && args->len == 1) return type_text(c, m, args->items[0], inner, depth + 1, out);
  put(out, base.s);
  return args_text(c, m, args, "[", "]", depth, out);
}

static bool quoted_text(Compiler *c, Module *m, const Node *n, bool inner, int depth, Text *out) {
  Source *source = source_from_text("<annotation>", n->name, (size_t)n->ival);
  if (!source) return false;
  bool ok = parse_source(source) && source->module_node->list.len == 1 &&
            source->module_node->list.items[0]->kind == N_EXPR &&
            type_text(c, m, source->module_node->list.items[0]->a, inner, depth + 1, out);
  source_free(source);
  return ok;
}

/* Appends what str() of the evaluated annotation gives; false: it does not evaluate. */
static bool type_text(Compiler *c, Module *m, const Node *n, bool inner, int depth, Text *out) {
  if (depth > 50) return false;
  switch (n->kind) {
  case N_NAME: return name_text(c, m, n, inner, depth, out);
  case N_SUBSCRIPT: return subscript_text(c, m, n, inner, depth, out);
  case N_STR: return quoted_text(c, m, n, inner, depth, out);
  case N_ATTRIBUTE:
    if (n->a->kind != N_NAME || strcmp(n->a->name, "typing")) return false;
    put(out, "typing.");
    put(out, n->name);
    return true;
  case N_ELLIPSIS: put(out, "..."); return true;
  case N_NONE: class_text("NoneType", inner, out); return true;
  case N_LIST: return args_text(c, m, &n->list, "[", "]", depth, out);
  case N_BINARY:
    if (n->op != OP_BITOR || !type_text(c, m, n->a, true, depth + 1, out)) return false;
    put(out, " | ");
    return type_text(c, m, n->b, true, depth + 1, out);
  case N_INT: case N_TRUE: case N_FALSE: return value_text(c, constant_of(c, m, m->scope, n), inner, out);
  default: return false;
  }
}

/* ---- defaults ---- */

static bool words_match(const Node *words, const char *text) {
  if (words->kind == N_STR) return strstr(text, words->name) != NULL;
  for (uint32_t i = 0; i < words->list.len; i++)
    if (words->list.items[i]->kind == N_STR && strstr(text, words->list.items[i]->name)) return true;
  return false;
}

static const Rule *find_rule(Compiler *c, Module *m, const Node *def) {
  const struct SafeProtocol *p = c->protocol;
  Text text = {{0}, 0};
  for (uint32_t i = 0; i < def->a->list.len; i++) {
    const Node *annotation = def->a->list.items[i]->b;
    text.len = 0;
    if (annotation && !type_text(c, m, annotation, false, 0, &text)) return &p->error;
  }
  if (!def->b) return &p->none;
  text.len = 0;
  text.s[0] = 0;
  if (!type_text(c, m, def->b, false, 0, &text)) return &p->error;
  for (uint32_t i = 0; i < p->nrules; i++)
    if (words_match(p->rules[i].words, text.s)) return &p->rules[i];
  return &p->other;
}

void protocol_default(Compiler *c, uint32_t fid) {
  if (!c->protocol) return;
  const FunctionSource *src = &c->sources[fid];
  const Rule *rule = src->annotated ? find_rule(c, src->module, src->annotated) : &c->protocol->none;
  c->image->functions[fid].safe_default = rule->callable ? V_UNBOUND : rule->value;
}

/* ---- guards ---- */

static bool guard_slot(Compiler *c, uint32_t slot) {
  Value v = *slot_value(c, slot);
  uint32_t off = arena_alloc(c->vm, sizeof(Guard));
  if (!off) return false;
  Guard *g = arena_at(c->vm, off);
  g->func = v;
  g->name = intern_name(c, c->image->functions[as_func(c->vm, v)->fid].name);
  *slot_value(c, slot) = HEAP(KIND_GUARD, off);
  return true;
}

bool protocol_guard_name(Compiler *c, Module *m, const char *name) {
  uint32_t slot = global_slot(c, m, name);
  return !is_kind(*slot_value(c, slot), KIND_FUNC) || guard_slot(c, slot);
}

bool protocol_guard_module(Compiler *c, Module *m, const Node *at) {
  if (!c->protocol) {
    diag_error(m->source, at->line, at->col, "make_all_dsl_safe without a module that defines _get_safe_default");
    return false;
  }
  uint32_t n = c->nslots;
  for (uint32_t i = 0; i < n; i++) {
    const GlobalSlot *s = &c->slots[i];
    Value v = *slot_value(c, i);
    if (s->module != m || !s->bound || s->name[0] == '_' || !is_kind(v, KIND_FUNC)) continue;
    if (c->image->functions[as_func(c->vm, v)->fid].module != m->name) continue;
    if (!guard_slot(c, i)) return false;
  }
  return true;
}
