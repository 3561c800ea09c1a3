/* kernel_key.c - which native kernel stands in front of which DSL function.
 *
 * The key of a function is a hash of its normalised tree (no places, comments, docstrings or
 * annotations) and of what every global name in it means: functions by their own keys with guard and
 * default, builtins by name, other values by structure. Two functions with one key compute the same.
 *
 * Needs every module executed. */
#include "lower.h"

#include "builtin.h"
#include "kernel.h"
#include "object.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct {
  uint64_t key;
  uint32_t kernel;
} known_keys[] = {
#define X(kernel, key) {key, KERNEL_##kernel},
#include "kernel_keys.h"
#undef X
    {0, KERNEL_none}};

/* Functions that return closures: their own kernels, and those of closures with 1, 2 and 3 parameters. */
static const struct {
  uint64_t key;
  uint16_t own, kernels[3];
} known_makers[] = {
#define MAKER(key, own, one, two, three) {key, KERNEL_##own, {KERNEL_##one, KERNEL_##two, KERNEL_##three}},
#include "maker_keys.h"
#undef MAKER
};

static const char *const kernel_names[] = {
    "",
#define X(name, nargs) #name,
    KERNEL_LIST(X)
#undef X
};

typedef struct {
  Compiler *c;
  Module *m;
  uint32_t stack[64]; /* functions whose keys are being made: recursion is by distance */
  uint32_t depth;
  uint64_t h;
} Key;

static void add(Key *k, uint64_t word) {
  k->h = (k->h ^ word) * 0x9E3779B97F4A7C15u;
  k->h ^= k->h >> 32;
}

static void add_text(Key *k, const char *s) {
  for (; *s; s++) add(k, (unsigned char)*s);
  add(k, 0x1000);
}

static void add_function(Key *k, uint32_t fid);

static void add_value(Key *k, Value v) {
  Vm *vm = k->c->vm;
  add(k, kind_of(v));
  switch (kind_of(v)) {
  case KIND_FUNC: add_function(k, as_func(vm, v)->fid); break;
  case KIND_GUARD: {
    uint32_t fid = as_func(vm, as_guard(vm, v)->func)->fid;
    Value safe = k->c->image->functions[fid].safe_default;
    if (safe) add_value(k, safe);
    else add(k, 0x2000);
    add_function(k, fid);
    break;
  }
  case KIND_TUPLE:
    add(k, as_tuple(vm, v)->len);
    for (uint32_t i = 0; i < as_tuple(vm, v)->len; i++) add_value(k, as_tuple(vm, v)->items[i]);
    break;
  case KIND_FROZENSET: case KIND_SET: {
    uint32_t pos = 0;
    Value item;
    while (set_next(vm, v, &pos, &item)) add_value(k, item);
    break;
  }
  case KIND_STR: add_text(k, as_str(vm, v)->bytes); break;
  case KIND_FLOAT: add(k, (uint64_t)hash_double(as_float(vm, v)->value == as_float(vm, v)->value ? as_float(vm, v)->value : 0.5)); break;
  case KIND_INT: case KIND_BOOL: case KIND_TYPE: case KIND_BUILTIN: case KIND_MODULE: case KIND_NONE:
    add(k, v);
    break;
  default: add(k, payload_of(v)); /* not comparable between programs: no known key will match */
  }
}

static bool is_local(const Scope *s, const char *name) {
  for (; s && s->kind != SCOPE_MODULE; s = s->parent) {
    const Var *v = scope_var(s, name);
    if (v) return !v->declared_global;
  }
  return false;
}

static void add_name(Key *k, const Scope *s, const char *name) {
  add_text(k, name);
  if (is_local(s, name)) return;
  uint32_t slot = global_slot(k->c, k->m, name);
  Value v = *slot_value(k->c, slot);
  add(k, k->c->slots[slot].stored);
  if (v) add_value(k, v);
}

static void add_node(Key *k, const Scope *s, const Node *n);

static void add_list(Key *k, const Scope *s, const NodeList *list) {
  add(k, list->len);
  for (uint32_t i = 0; i < list->len; i++) {
    const Node *n = list->items[i];
    bool docstring = n && n->kind == N_EXPR && n->a->kind == N_STR;
    if (n && !docstring) add_node(k, s, n);
    else add(k, 0x3000);
  }
}

static void add_node(Key *k, const Scope *s, const Node *n) {
  add(k, n->kind);
  add(k, n->op);
  if (n->scope) s = n->scope;
  if (n->kind == N_NAME) add_name(k, s, n->name);
  else if (n->name) add_text(k, n->name);
  if (n->kind == N_COMPARE)
    for (uint32_t i = 0; i + 1 < n->list.len; i++) add(k, n->ops[i]);
  if (n->kind == N_IMPORT || n->kind == N_FROM) add(k, 0x6000000 + k->stack[k->depth - 1]); /* no known key has one */
  if (n->kind == N_FLOAT) add(k, (uint64_t)hash_double(n->fval));
  add(k, (uint64_t)n->ival);
  if (n->a) add_node(k, s, n->a);
  if (n->b && n->kind != N_DEF && n->kind != N_PARAM) add_node(k, s, n->b);
  if (n->c && n->kind != N_ANNASSIGN) add_node(k, s, n->c);
  add_list(k, s, &n->list);
  add_list(k, s, &n->list2);
  add_list(k, s, &n->list3);
  add_list(k, s, &n->list4);
}

static void add_function(Key *k, uint32_t fid) {
  for (uint32_t i = 0; i < k->depth; i++)
    if (k->stack[i] == fid) {
      add(k, 0x4000 + k->depth - i);
      return;
    }
  FunctionSource *src = &k->c->sources[fid];
  if (k->depth == 64 || !src->annotated) {
    add(k, 0x5000000 + fid);
    return;
  }
  if (!src->scope) src->scope = scope_analyse(k->c, src->module, src->node, src->module->scope);
  Module *outer = k->m;
  const Node *def = k->c->sources[fid].node;
  k->m = k->c->sources[fid].module;
  k->stack[k->depth++] = fid;
  add_list(k, def->scope, &def->a->list);
  add_list(k, def->scope, &def->list);
  k->depth--;
  k->m = outer;
}

uint64_t kernel_key(Compiler *c, uint32_t fid) {
  Key k = {.c = c, .h = 0x62617474};
  add_function(&k, fid);
  return k.h;
}

/* A kernel's name is the function's, up to __; the original DSL has the functions of grids without the _t. */
static bool has_name(uint32_t kernel, const char *function) {
  const char *name = kernel_names[kernel];
  size_t n = strlen(function);
  return !strncmp(name, function, n) && (!name[n] || !strncmp(name + n, "__", 2) || !strcmp(name + n, "_t"));
}

/* -Rmissed: a function of a name for which there are kernels, but not for what it means. */
static void tell_missed(const FunctionSource *src, const char *name, uint64_t key) {
  uint32_t versions = 0;
  for (uint32_t i = 0; known_keys[i].key; i++) versions += has_name(known_keys[i].kernel, name);
  if (!versions) return;
  const Node *def = src->annotated;
  diag_at(DIAG_NOTE, src->module->source, def->line, def->col,
          "'%s' runs as compiled source: it is none of the %u version%s with a kernel (key 0x%016llx) [-Rmissed]", name, versions,
          versions == 1 ? "" : "s", (unsigned long long)key);
}

/* What it makes are the functions whose closures it returns: each is known by its parameters. */
static void select_made(Compiler *c, Function *maker, uint16_t own, const uint16_t *kernels) {
  if (own) maker->kernel = own;
  for (uint32_t i = 0; i < maker->ncode; i++) {
    if (maker->code[i].op != OP_MAKE_FUNC) continue;
    uint32_t fid = (uint32_t)maker->code[i].e, n = c->image->functions[fid].nparams;
    if (n >= 1 && n <= 3) c->sources[fid].kernel = kernels[n - 1];
  }
}

void kernel_select(Compiler *c, uint32_t fid) {
  const CompileOptions *o = c->options;
  if (c->sources[fid].kernel) c->image->functions[fid].kernel = c->sources[fid].kernel;
  if (o->no_kernels || !c->sources[fid].annotated || c->sources[fid].module->scope == NULL) return;
  uint64_t key = kernel_key(c, fid);
  Function *g = &c->image->functions[fid];
  for (uint32_t i = 0; known_keys[i].key; i++)
    if (known_keys[i].key == key && kernel_nargs(known_keys[i].kernel) == g->nparams) g->kernel = (uint16_t)known_keys[i].kernel;
  for (uint32_t i = 0; i < sizeof known_makers / sizeof *known_makers; i++)
    if (known_makers[i].key == key) select_made(c, g, known_makers[i].own, known_makers[i].kernels);
  if (kernel_is_cheap(g->kernel)) g->flags |= FN_CHEAP;
  if (kernel_is_maker(g->kernel)) g->flags |= FN_MAKER;
  if (o->tell_missed && !g->kernel && strcmp(g->module, "prelude")) tell_missed(&c->sources[fid], g->name, key);
  if (getenv("BATTC_KEYS")) fprintf(stderr, "%-20s 0x%016llx %s\n", g->name, (unsigned long long)key, g->file);
}
