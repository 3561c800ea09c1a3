/* scope.c - who binds which name: Python's rules for local, enclosing and global names.
 *
 * Needs a tree. Leaves a Scope at every DEF, LAMBDA and comprehension, and NODE_INLINE at generator
 * expressions whose consumer is a builtin known to take every item at once or stop early itself.
 * Other passes must not change the names of the tree afterwards. */
#include "lower.h"

#include <string.h>

typedef struct {
  Compiler *c;
  Module *m;
} Ctx;

static void visit(Ctx *x, Scope *s, Node *n);
static void visit_list(Ctx *x, Scope *s, const NodeList *list) {
  for (uint32_t i = 0; i < list->len; i++)
    if (list->items[i]) visit(x, s, list->items[i]);
}

Var *scope_var(const Scope *s, const char *name) {
  if (s->index) {
    for (uint32_t i = hash_text(name) & s->index_mask; s->index[i]; i = (i + 1) & s->index_mask)
      if (!strcmp(s->index[i]->name, name)) return s->index[i];
    return NULL;
  }
  for (Var *v = s->vars; v; v = v->next)
    if (!strcmp(v->name, name)) return v;
  return NULL;
}

static void index_add(Scope *s, Var *v) {
  uint32_t i = hash_text(v->name) & s->index_mask;
  while (s->index[i]) i = (i + 1) & s->index_mask;
  s->index[i] = v;
}

/* From 16 variables on they are found by hash; the index is made anew at every power of two. */
static void count_var(Ctx *x, Scope *s, Var *v) {
  s->nvars++;
  if (s->nvars < 16) return;
  if (s->nvars & (s->nvars - 1)) {
    index_add(s, v);
    return;
  }
  s->index_mask = s->nvars * 4 - 1;
  s->index = pool_alloc(x->c->pool, (s->index_mask + 1) * sizeof *s->index);
  for (Var *old = s->vars; old; old = old->next) index_add(s, old);
}

static Var *declare(Ctx *x, Scope *s, const char *name) {
  if (s->kind == SCOPE_MODULE) return NULL;
  Var *v = scope_var(s, name);
  if (!v) {
    v = pool_alloc(x->c->pool, sizeof *v);
    v->name = name;
    v->reg = -1;
    v->next = s->vars;
    s->vars = v;
    count_var(x, s, v);
  }
  v->binds++;
  return v;
}

static Scope *new_scope(Ctx *x, ScopeKind kind, Node *node, Scope *parent) {
  Scope *s = pool_alloc(x->c->pool, sizeof *s);
  s->kind = kind;
  s->node = node;
  s->parent = parent;
  return s;
}

static void declare_target(Ctx *x, Scope *s, const Node *n) {
  if (n->kind == N_NAME) declare(x, s, n->name);
  else if (n->kind == N_TUPLE || n->kind == N_LIST)
    for (uint32_t i = 0; i < n->list.len; i++) declare_target(x, s, n->list.items[i]);
  else if (n->kind == N_STAR) declare_target(x, s, n->a);
}

/* Walrus targets bind in the enclosing function, also out of comprehensions. */
static void declare_walrus(Ctx *x, Scope *s, const Node *n) {
  if (!n || n->kind == N_LAMBDA || n->kind == N_DEF) return;
  if (n->kind == N_NAMEDEXPR) declare_target(x, s, n->a);
  declare_walrus(x, s, n->a);
  declare_walrus(x, s, n->b);
  declare_walrus(x, s, n->c);
  const NodeList *lists[] = {&n->list, &n->list2, &n->list3, &n->list4};
  for (int k = 0; k < 4; k++)
    for (uint32_t i = 0; i < lists[k]->len; i++) declare_walrus(x, s, lists[k]->items[i]);
}

static bool has_body(const Node *n) {
  return n->kind == N_FOR || n->kind == N_WHILE || n->kind == N_IF || n->kind == N_TRY || n->kind == N_HANDLER;
}

static void declare_body(Ctx *x, Scope *s, const NodeList *body);

static void declare_import(Ctx *x, Scope *s, const Node *n) {
  for (uint32_t i = 0; i < n->list.len; i++) {
    const Node *alias = n->list.items[i];
    const char *dot = strchr(alias->name, '.');
    Var *v;
    if (alias->name2) v = declare(x, s, alias->name2);
    else if (dot) v = declare(x, s, pool_strdup(x->c->pool, alias->name, (size_t)(dot - alias->name)));
    else v = declare(x, s, alias->name);
    if (v && !dot && !v->module && n->kind == N_IMPORT) v->module = alias->name;
  }
}

static void declare_names(Ctx *x, Scope *s, const Node *n) {
  for (uint32_t i = 0; i < n->list.len; i++) {
    Var *v = declare(x, s, n->list.items[i]->name);
    if (!v) continue;
    v->binds--;
    if (n->kind == N_GLOBAL) v->declared_global = true;
    else v->declared_nonlocal = true;
  }
}

static void mark_deleted(const Scope *s, const char *name) {
  Var *v = name ? scope_var(s, name) : NULL;
  if (v) v->deleted = true;
}

static void declare_statement(Ctx *x, Scope *s, const Node *n) {
  if (n->kind == N_DEF || n->kind == N_CLASS) {
    declare(x, s, n->name);
    return;
  }
  if (!has_body(n)) declare_walrus(x, s, n);
  else declare_walrus(x, s, n->a), declare_walrus(x, s, n->b);
  switch (n->kind) {
  case N_ASSIGN:
    for (uint32_t i = 0; i < n->list.len; i++) declare_target(x, s, n->list.items[i]);
    break;
  case N_AUGASSIGN: case N_ANNASSIGN: case N_FOR: declare_target(x, s, n->a); break;
  case N_DELETE:
    for (uint32_t i = 0; i < n->list.len; i++) {
      declare_target(x, s, n->list.items[i]);
      mark_deleted(s, n->list.items[i]->name);
    }
    break;
  case N_GLOBAL: case N_NONLOCAL: declare_names(x, s, n); break;
  case N_IMPORT: case N_FROM: declare_import(x, s, n); break;
  case N_HANDLER:
    if (n->name) declare(x, s, n->name);
    mark_deleted(s, n->name);
    break;
  default: break;
  }
  if (has_body(n)) {
    declare_body(x, s, &n->list);
    declare_body(x, s, &n->list2);
    declare_body(x, s, &n->list3);
    declare_body(x, s, &n->list4);
  }
}

static void declare_body(Ctx *x, Scope *s, const NodeList *body) {
  for (uint32_t i = 0; i < body->len; i++)
    if (body->items[i]) declare_statement(x, s, body->items[i]);
}

static void add_free(Ctx *x, Scope *f, const char *name, Var *v) {
  for (FreeVar *p = f->free; p; p = p->next)
    if (p->var == v) return;
  FreeVar *p = pool_alloc(x->c->pool, sizeof *p);
  p->name = name;
  p->var = v;
  if (f->free_last) f->free_last->next = p;
  else f->free = p;
  f->free_last = p;
  f->nfree++;
}

/* The variable that the name means, NULL: a global. */
static Var *use(Ctx *x, Scope *s, const char *name) {
  Scope *t = s;
  Var *v = NULL;
  for (; t && t->kind != SCOPE_MODULE; t = t->parent) {
    v = scope_var(t, name);
    if (v && v->declared_nonlocal) v = NULL;
    if (v) break;
  }
  if (!v || v->declared_global) return NULL;
  for (Scope *u = s; u != t; u = u->parent)
    if (u->kind == SCOPE_FUNCTION) {
      v->captured = true;
      add_free(x, u, name, v);
    }
  return v;
}

bool is_plain_builtin(Compiler *c, Module *m, const Scope *s, const Node *n, const char *name) {
  if (n->kind != N_NAME || strcmp(n->name, name)) return false;
  for (; s && s->kind != SCOPE_MODULE; s = s->parent)
    if (scope_var(s, name)) return false;
  int slot = find_slot(c, m, name);
  if (slot >= 0 && c->slots[slot].bound) return false;
  for (uint32_t i = 0; i < m->nbound; i++)
    if (!strcmp(m->bound[i], name)) return false;
  return true;
}

/* Consumers whose code runs the generator expression in place; see lower_call.c. */
static bool consumes_inline(Ctx *x, Scope *s, const Node *call) {
  const NodeList *args = &call->list;
  const Node *f = call->a;
  if (!args->len || args->items[0]->kind != N_GENEXP) return false;
  if (f->kind == N_CALL)
    return args->len == 1 && f->list.len == 1 && f->list.items[0]->kind != N_STAR &&
           f->list.items[0]->kind != N_KEYWORD && is_plain_builtin(x->c, x->m, s, f->a, "type");
  static const char *const one[] = {"tuple", "list", "set", "frozenset", "sum", "any", "all"};
  for (size_t i = 0; i < sizeof one / sizeof *one; i++)
    if (is_plain_builtin(x->c, x->m, s, f, one[i])) return args->len == 1;
  if (is_plain_builtin(x->c, x->m, s, f, "next"))
    return args->len == 1 ||
           (args->len == 2 && args->items[1]->kind != N_STAR && args->items[1]->kind != N_KEYWORD);
  if (is_plain_builtin(x->c, x->m, s, f, "max") || is_plain_builtin(x->c, x->m, s, f, "min"))
    return args->len == 1 ||
           (args->len == 2 && args->items[1]->kind == N_KEYWORD && !strcmp(args->items[1]->name, "default"));
  return false;
}

static void visit_params(Ctx *x, Scope *outer, Scope *inner, const Node *params) {
  for (uint32_t i = 0; i < params->list.len; i++) {
    Node *p = params->list.items[i];
    if (p->a) visit(x, outer, p->a);
    if (p->name) declare(x, inner, p->name)->is_param = true;
  }
}

static void visit_function(Ctx *x, Scope *s, Node *n) {
  Scope *f = n->scope = new_scope(x, SCOPE_FUNCTION, n, s);
  visit_params(x, s, f, n->a);
  if (n->kind == N_LAMBDA) {
    declare_walrus(x, f, n->b);
    visit(x, f, n->b);
    return;
  }
  visit_list(x, s, &n->list2);
  declare_body(x, f, &n->list);
  visit_list(x, f, &n->list);
}

static void visit_comprehension(Ctx *x, Scope *s, Node *n) {
  bool in_place = n->kind != N_GENEXP || (n->flags & NODE_INLINE);
  visit(x, s, n->list.items[0]->b);
  Scope *f = n->scope = new_scope(x, in_place ? SCOPE_INLINE : SCOPE_FUNCTION, n, s);
  for (uint32_t i = 0; i < n->list.len; i++) declare_target(x, f, n->list.items[i]->a);
  for (uint32_t i = 0; i < n->list.len; i++) {
    Node *clause = n->list.items[i];
    visit(x, f, clause->a);
    if (i) visit(x, f, clause->b);
    visit_list(x, f, &clause->list);
  }
  visit(x, f, n->a);
  if (n->b) visit(x, f, n->b);
}

static void visit_call(Ctx *x, Scope *s, Node *n) {
  if (consumes_inline(x, s, n)) n->list.items[0]->flags |= NODE_INLINE;
  visit(x, s, n->a);
  visit_list(x, s, &n->list);
}

static Scope *function_scope(Scope *s) {
  while (s->kind == SCOPE_INLINE) s = s->parent;
  return s;
}

static void visit(Ctx *x, Scope *s, Node *n) {
  switch (n->kind) {
  case N_NAME: use(x, s, n->name); return;
  case N_NONLOCAL:
    for (uint32_t i = 0; i < n->list.len; i++) {
      Var *v = use(x, s, n->list.items[i]->name);
      if (v) v->binds += 2; /* it may be rebound here */
    }
    return;
  case N_GLOBAL: case N_IMPORT: case N_FROM: case N_CLASS: return;
  case N_DEF:
    use(x, s, n->name);
    visit_function(x, s, n);
    return;
  case N_LAMBDA: visit_function(x, s, n); return;
  case N_GENEXP: case N_LISTCOMP: case N_SETCOMP: case N_DICTCOMP: visit_comprehension(x, s, n); return;
  case N_CALL: visit_call(x, s, n); return;
  case N_STAR:
    if (n->a->kind == N_GENEXP) n->a->flags |= NODE_INLINE;
    visit(x, s, n->a);
    return;
  case N_ANNASSIGN:
    visit(x, s, n->a);
    if (n->b) visit(x, s, n->b);
    return;
  case N_YIELD: function_scope(s)->has_yield = true; break;
  default: break;
  }
  if (n->a) visit(x, s, n->a);
  if (n->b) visit(x, s, n->b);
  if (n->c) visit(x, s, n->c);
  visit_list(x, s, &n->list);
  visit_list(x, s, &n->list2);
  visit_list(x, s, &n->list3);
  visit_list(x, s, &n->list4);
}

Scope *scope_analyse(Compiler *c, Module *m, Node *node, Scope *parent) {
  Ctx x = {c, m};
  visit(&x, parent, node);
  return node->scope;
}

static void collect_target(const Node *t, const Node *value, void (*bind)(void *, const char *, const Node *), void *ctx) {
  if (t->kind == N_NAME) bind(ctx, t->name, value);
  else if (t->kind == N_TUPLE || t->kind == N_LIST)
    for (uint32_t i = 0; i < t->list.len; i++) collect_target(t->list.items[i], NULL, bind, ctx);
  else if (t->kind == N_STAR) collect_target(t->a, NULL, bind, ctx);
}

/* Every name that statements bind, nested blocks included, functions not. */
void collect_bound(const NodeList *body, void (*bind)(void *ctx, const char *name, const Node *value), void *ctx) {
  for (uint32_t i = 0; i < body->len; i++) {
    const Node *n = body->items[i];
    if (!n) continue;
    if (n->kind == N_DEF || n->kind == N_CLASS) {
      bind(ctx, n->name, n);
      continue;
    }
    if (n->kind == N_ASSIGN)
      for (uint32_t t = 0; t < n->list.len; t++) collect_target(n->list.items[t], n->b, bind, ctx);
    if (n->kind == N_AUGASSIGN || n->kind == N_FOR) collect_target(n->a, NULL, bind, ctx);
    if (n->kind == N_ANNASSIGN && n->b) collect_target(n->a, n->b, bind, ctx);
    if (n->kind == N_HANDLER && n->name) bind(ctx, n->name, NULL);
    if (n->kind == N_IMPORT || n->kind == N_FROM)
      for (uint32_t k = 0; k < n->list.len; k++) {
        const Node *alias = n->list.items[k];
        bind(ctx, alias->name2 ? alias->name2 : alias->name, NULL);
      }
    if (has_body(n)) {
      collect_bound(&n->list, bind, ctx);
      collect_bound(&n->list2, bind, ctx);
      collect_bound(&n->list3, bind, ctx);
      collect_bound(&n->list4, bind, ctx);
    }
  }
}
