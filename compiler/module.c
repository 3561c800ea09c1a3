/* module.c - imports, and module level executed at compile time.
 *
 * Modules are found as Python finds them: the folder of the program, each -I folder, the DSL that
 * battc carries; last, battc's stand-ins. A statement that meets a limit, or is outside the subset, poisons the names
 * that it binds: using one is that limit, or `unsupported`; not using it costs nothing. */
#include "lower.h"

#include "builtin.h"
#include "interp.h"
#include "object.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

typedef enum { DONE, SKIPPED, IMPORT_ERROR } Outcome;

static Outcome execute_list(Compiler *c, Module *m, const NodeList *list, bool in_try);
static Module *find_module(Compiler *c, const char *name, bool standin_only);

/* ---- binding ---- */

typedef struct {
  Compiler *c;
  Module *m;
  LimitKind limit; /* of poison */
} Ctx;

static void poison_name(void *ctx, const char *name, const Node *value) {
  Ctx *x = ctx;
  (void)value;
  uint32_t slot = global_slot(x->c, x->m, name);
  if (!x->c->slots[slot].bound || *slot_value(x->c, slot) == V_UNBOUND) bind_slot(x->c, slot, v_poison(x->limit));
}

static void poison(Compiler *c, Module *m, Node *n, LimitKind limit) {
  Ctx x = {c, m, limit};
  Node *one[] = {n};
  NodeList list = {one, 1};
  collect_bound(&list, poison_name, &x);
}

static void bind_name(Compiler *c, Module *m, const char *name, Value v, const Node *value) {
  uint32_t slot = global_slot(c, m, name);
  bind_slot(c, slot, v);
  c->slots[slot].value_node = value;
  c->slots[slot].value_module = m;
  c->slots[slot].origin = NULL;
}

static void bind_like(Compiler *c, Module *m, const char *name, uint32_t from) {
  uint32_t slot = global_slot(c, m, name);
  bind_slot(c, slot, *slot_value(c, from));
  c->slots[slot].value_node = c->slots[from].value_node;
  c->slots[slot].value_module = c->slots[from].value_module;
  c->slots[slot].origin = c->slots[from].origin;
}

/* ---- running statements ---- */

static bool has_call(const Function *g) {
  for (uint32_t i = 0; i < g->ncode; i++)
    if (g->code[i].op >= OP_CALL && g->code[i].op <= OP_CALL_METHOD) return true;
  return false;
}

/* 0: it raised, met a limit (vm->error), or is outside the subset. */
static Value run_thunk(Compiler *c, Module *m, Node *n) {
  c->vm->error = ERR_COUNT;
  uint32_t fid = new_thunk(c, m, n);
  if (!lower_function(c, fid)) return 0;
  if (c->image->functions[fid].flags & FN_UNSUPPORTED) return 0;
  if (has_call(&c->image->functions[fid]))
    for (uint32_t i = 0; i < fid; i++)
      if (!lower_function(c, i)) return 0;
  c->vm->steps = 0;
  return vm_call(c->vm, new_func_value(c, fid), NULL, 0);
}

static bool is_call_to(const Node *n, const char *name) {
  return n->kind == N_CALL && n->a->kind == N_NAME && !strcmp(n->a->name, name);
}

/* logging.getLogger(...): an object whose methods do nothing. */
static bool is_logger_call(Compiler *c, Module *m, const Node *n) {
  if (n->kind != N_CALL || n->a->kind != N_ATTRIBUTE || n->a->a->kind != N_NAME) return false;
  int slot = find_slot(c, m, n->a->a->name);
  return slot >= 0 && *slot_value(c, (uint32_t)slot) == SPECIAL(KIND_MODULE, 5) && !strcmp(n->a->name, "getLogger");
}

static void record_value_node(void *ctx, const char *name, const Node *value) {
  Ctx *x = ctx;
  uint32_t slot = global_slot(x->c, x->m, name);
  x->c->slots[slot].value_node = value;
  x->c->slots[slot].value_module = x->m;
  x->c->slots[slot].origin = NULL;
}

static Outcome run_statement(Compiler *c, Module *m, Node *n) {
  Ctx x = {c, m, LIMIT_UNSUPPORTED};
  Node *one[] = {n};
  NodeList list = {one, 1};
  collect_bound(&list, record_value_node, &x);
  if (run_thunk(c, m, n)) return DONE;
  poison(c, m, n, is_limit_error(c->vm->error) ? (LimitKind)(c->vm->error - ERR_LIMIT) : LIMIT_UNSUPPORTED);
  return SKIPPED;
}

static Outcome assign(Compiler *c, Module *m, Node *n) {
  const Node *target = n->list.items[0];
  if (n->list.len == 1 && target->kind == N_NAME) {
    Value v = constant_of(c, m, m->scope, n->b);
    if (!v && is_logger_call(c, m, n->b)) v = c->logger;
    if (v) {
      bind_name(c, m, target->name, v, n->b);
      return DONE;
    }
  }
  return run_statement(c, m, n);
}

/* Inside the prelude every name means the builtin, so its functions are bound under names that no
 * source can spell. */
static const char *own_name(Compiler *c, const Module *m, const char *name) {
  if (strcmp(m->name, "prelude")) return name;
  char hidden[80];
  snprintf(hidden, sizeof hidden, ".%s", name);
  return pool_strdup(c->pool, hidden, strlen(hidden));
}

static Outcome define(Compiler *c, Module *m, Node *n) {
  const char *decorator = NULL;
  if (n->list2.len) {
    const Node *d = n->list2.items[0];
    if (n->list2.len == 1 && d->kind == N_NAME && !strcmp(d->name, "safe_dsl")) decorator = d->name;
    else {
      poison(c, m, n, LIMIT_UNSUPPORTED);
      return SKIPPED;
    }
  }
  bool defaults = false;
  for (uint32_t i = 0; i < n->a->list.len; i++) defaults |= n->a->list.items[i]->a != NULL;
  if (defaults) {
    NodeList none = n->list2;
    n->list2.len = 0;
    Outcome done = run_statement(c, m, n);
    n->list2 = none;
    if (done != DONE) return done;
  } else {
    uint32_t fid = new_function(c, m, n, NULL, n->name);
    bind_name(c, m, own_name(c, m, n->name), new_func_value(c, fid), n);
  }
  if (m->is_safe_dsl && !strcmp(n->name, "_get_safe_default"))
    bind_name(c, m, n->name, SPECIAL(KIND_BUILTIN, BUILTIN_get_safe_default), n);
  if (decorator && !protocol_guard_name(c, m, n->name)) c->error = true;
  return DONE;
}

/* ---- imports ---- */

static const char *const native_modules[] = {"", "math", "itertools", "collections", "sys", "logging", "typing"};
enum { NNATIVE = sizeof native_modules / sizeof *native_modules };

/* Modules of Python's library, and those around it that DSL files name. battc has none of them. */
static bool is_known_foreign(const char *name) {
  static const char *const known[] = {
      "abc", "argparse", "ast", "asyncio", "bisect", "concurrent", "copy", "csv", "dataclasses", "datetime", "dill",
      "enum", "functools", "gc", "glob", "hashlib", "heapq", "importlib", "inspect", "io", "json", "matplotlib",
      "multiprocessing", "networkx", "pprint", "cProfile", "pstats", "decimal", "fractions", "bz2", "gzip", "zlib", "struct", "base64", "calendar", "cmath", "code", "codecs", "configparser", "ctypes", "difflib", "dis", "doctest", "email", "errno", "faulthandler", "fcntl", "fnmatch", "getopt", "getpass", "html", "http", "keyword", "linecache", "locale", "marshal", "mmap", "numbers", "optparse", "pdb", "pkgutil", "posixpath", "profile", "runpy", "sched", "secrets", "select", "selectors", "shelve", "shlex", "site", "sqlite3", "ssl", "stat", "symtable", "sysconfig", "tarfile", "telnetlib", "termios", "token", "tokenize", "tracemalloc", "unicodedata", "unittest", "urllib", "venv", "weakref", "xml", "zipfile", "zoneinfo", "atexit", "array", "PIL", "sklearn", "scipy", "seaborn", "rich", "requests", "yaml", "numpy", "operator", "os", "pandas", "pathlib", "pickle", "platform", "psutil",
      "queue", "random", "re", "resource", "shutil", "signal", "socket", "statistics", "string", "subprocess",
      "tempfile", "textwrap", "threading", "time", "timeit", "tqdm", "traceback", "types", "uuid", "warnings",
      "loky", "joblib", "contextlib", "builtins", "numba", "torch", "tabulate", "__future__", "typing_extensions"};
  size_t len = strcspn(name, ".");
  for (size_t i = 0; i < sizeof known / sizeof *known; i++)
    if (strlen(known[i]) == len && !strncmp(known[i], name, len)) return true;
  return false;
}

static int native_module(const char *name) {
  for (int i = 1; i < NNATIVE; i++)
    if (!strcmp(native_modules[i], name)) return i;
  return -1;
}

static Value native_member(Compiler *c, int module, const char *name) {
  if (module == 2 && !strcmp(name, "product")) return SPECIAL(KIND_BUILTIN, BUILTIN_product);
  if (module == 3 && !strcmp(name, "Counter")) return SPECIAL(KIND_BUILTIN, BUILTIN_Counter);
  if (module == 1 && !strcmp(name, "nan")) return c->image->nan;
  if (module == 1 && !strcmp(name, "inf")) return c->image->inf;
  return v_poison(LIMIT_UNSUPPORTED);
}

static void import_native(Compiler *c, Module *m, const Node *n, int module) {
  for (uint32_t i = 0; i < n->list.len; i++) {
    const Node *alias = n->list.items[i];
    const char *as = alias->name2 ? alias->name2 : alias->name;
    bind_name(c, m, as, native_member(c, module, alias->name), NULL);
    if (module != 6) continue;
    char origin[300];
    snprintf(origin, sizeof origin, "typing.%.200s", alias->name);
    c->slots[global_slot(c, m, as)].origin = pool_strdup(c->pool, origin, strlen(origin));
  }
}

static void import_all(Compiler *c, Module *m, const Module *from) {
  uint32_t n = c->nslots;
  for (uint32_t i = 0; i < n; i++)
    if (c->slots[i].module == from && c->slots[i].bound && c->slots[i].name[0] != '_')
      bind_like(c, m, c->slots[i].name, i);
}

int module_member(Compiler *c, const Module *m, const char *name) {
  int slot = find_slot(c, m, name);
  if (slot >= 0 && c->slots[slot].bound) return slot;
  const Module *standin = m->is_standin ? NULL : find_module(c, m->name, true);
  slot = standin ? find_slot(c, standin, name) : -1;
  return slot >= 0 && c->slots[slot].bound ? slot : -1;
}

static Outcome import_names(Compiler *c, Module *m, const Node *n, Module *from, bool in_try) {
  for (uint32_t i = 0; i < n->list.len; i++) {
    const Node *alias = n->list.items[i];
    const char *as = alias->name2 ? alias->name2 : alias->name;
    int slot = module_member(c, from, alias->name);
    if (slot >= 0) {
      if (!from->is_standin && c->slots[slot].module != from)
        diag_warning(m->source, alias->line, alias->col, "module '%s' has no '%s': battc's stand-in is used", n->name,
                     alias->name);
      bind_like(c, m, as, (uint32_t)slot);
    } else if (in_try) {
      return IMPORT_ERROR;
    } else if (from->is_standin) {
      diag_warning(m->source, alias->line, alias->col, "battc's stand-in for '%s' has no '%s'", n->name, alias->name);
      bind_name(c, m, as, v_poison(LIMIT_UNSUPPORTED), NULL);
    } else {
      diag_error(m->source, alias->line, alias->col, "cannot import name '%s' from '%s'%s", alias->name, n->name,
                 from->loading ? " (it is only partly loaded here: the modules import each other)" : "");
      c->error = true;
    }
  }
  return DONE;
}

static Outcome import_missing(Compiler *c, Module *m, Node *n, const Node *at, const char *name, bool in_try) {
  if (is_known_foreign(name)) {
    poison(c, m, n, LIMIT_UNSUPPORTED);
    return DONE;
  }
  if (in_try || !strncmp(name, "cupy", 4)) return IMPORT_ERROR;
  diag_error(m->source, at->line, at->col, "no module named '%s' in the program's folder or on the -I path", name);
  c->error = true;
  return SKIPPED;
}

static Outcome import_from(Compiler *c, Module *m, Node *n, bool in_try) {
  int native = native_module(n->name);
  if (native > 0 && n->list.len) {
    import_native(c, m, n, native);
    return DONE;
  }
  Module *from = find_module(c, n->name, false);
  if (c->error) return SKIPPED;
  if (!from) return import_missing(c, m, n, n, n->name, in_try);
  if (n->list.len) return import_names(c, m, n, from, in_try);
  import_all(c, m, from);
  return DONE;
}

Value module_value(const Compiler *c, const Module *m) {
  uint32_t k = 0;
  while (c->modules[k] != m) k++;
  return SPECIAL(KIND_MODULE, MODULE_USER + k);
}

static Outcome import_modules(Compiler *c, Module *m, Node *n, bool in_try) {
  for (uint32_t i = 0; i < n->list.len; i++) {
    Node *alias = n->list.items[i];
    int native = native_module(alias->name);
    size_t head = strcspn(alias->name, ".");
    const char *as = alias->name2 ? alias->name2 : pool_strdup(c->pool, alias->name, head);
    if (native > 0) {
      bind_name(c, m, as, SPECIAL(KIND_MODULE, native), NULL);
      continue;
    }
    Module *file = is_known_foreign(alias->name) ? NULL : find_module(c, alias->name, false);
    if (c->error) return SKIPPED;
    if (!file) {
      Outcome missing = import_missing(c, m, n, alias, alias->name, in_try);
      if (missing != DONE) return missing;
    }
    bind_name(c, m, as, file && !strchr(alias->name, '.') ? module_value(c, file) : v_poison(LIMIT_UNSUPPORTED), NULL);
  }
  return DONE;
}

/* ---- compound statements at module level ---- */

static bool handles_import_error(const Node *h) {
  if (!h->a) return true;
  static const char *const names[] = {"ImportError", "ModuleNotFoundError", "Exception", "BaseException"};
  const Node *const *types = h->a->kind == N_TUPLE ? (const Node *const *)h->a->list.items : (const Node *const *)&h->a;
  uint32_t n = h->a->kind == N_TUPLE ? h->a->list.len : 1;
  for (uint32_t i = 0; i < n; i++)
    for (size_t k = 0; k < sizeof names / sizeof *names; k++)
      if (types[i]->kind == N_NAME && !strcmp(types[i]->name, names[k])) return true;
  return false;
}

static Outcome try_statement(Compiler *c, Module *m, Node *n, bool in_try) {
  Outcome done = execute_list(c, m, &n->list, true);
  if (done == IMPORT_ERROR) {
    for (uint32_t i = 0; i < n->list2.len; i++)
      if (handles_import_error(n->list2.items[i])) {
        Outcome handled = execute_list(c, m, &n->list2.items[i]->list, in_try);
        execute_list(c, m, &n->list4, in_try);
        return handled;
      }
    return IMPORT_ERROR;
  }
  execute_list(c, m, &n->list3, in_try);
  execute_list(c, m, &n->list4, in_try);
  return DONE;
}

static Outcome if_statement(Compiler *c, Module *m, Node *n, bool in_try) {
  Value v = constant_of(c, m, m->scope, n->a);
  if (!v) v = run_thunk(c, m, n->a);
  if (!v) {
    poison(c, m, n, LIMIT_UNSUPPORTED);
    return SKIPPED;
  }
  return execute_list(c, m, value_truth(c->vm, v) == 1 ? &n->list : &n->list2, in_try);
}

static bool is_guard_call(const Node *n) {
  if (!is_call_to(n, "make_all_dsl_safe") || n->list.len != 1) return false;
  const Node *arg = n->list.items[0]; /* sys.modules[__name__] */
  return arg->kind == N_SUBSCRIPT && arg->a->kind == N_ATTRIBUTE && !strcmp(arg->a->name, "modules") &&
         arg->b->kind == N_NAME && !strcmp(arg->b->name, "__name__");
}

static Outcome expression(Compiler *c, Module *m, Node *n) {
  if (n->a->kind == N_STR) return DONE;
  if (is_call_to(n->a, "make_all_dsl_safe")) {
    if (!is_guard_call(n->a)) {
      diag_error(m->source, n->line, n->col, "expected make_all_dsl_safe(sys.modules[__name__])");
      c->error = true;
    } else if (!protocol_guard_module(c, m, n)) {
      c->error = true;
    }
    return DONE;
  }
  return run_thunk(c, m, n) ? DONE : SKIPPED;
}

static Outcome execute(Compiler *c, Module *m, Node *n, bool in_try) {
  switch (n->kind) {
  case N_EXPR: return expression(c, m, n);
  case N_ASSIGN: return assign(c, m, n);
  case N_DEF: return define(c, m, n);
  case N_IMPORT: return import_modules(c, m, n, in_try);
  case N_FROM: return import_from(c, m, n, in_try);
  case N_TRY: return try_statement(c, m, n, in_try);
  case N_IF: return if_statement(c, m, n, in_try);
  case N_PASS: case N_GLOBAL: return DONE;
  case N_FOR: case N_WHILE: case N_AUGASSIGN: case N_ANNASSIGN: case N_ASSERT: case N_DELETE:
    return run_statement(c, m, n);
  default:
    poison(c, m, n, LIMIT_UNSUPPORTED);
    return SKIPPED;
  }
}

static Outcome execute_list(Compiler *c, Module *m, const NodeList *list, bool in_try) {
  for (uint32_t i = 0; i < list->len && !c->error; i++) {
    Node *n = list->items[i];
    Outcome done = execute(c, m, n, in_try);
    if (done == IMPORT_ERROR) {
      if (in_try) return IMPORT_ERROR;
      diag_error(m->source, n->line, n->col, "this import fails: a module without a package for it on this machine");
      c->error = true;
    }
    if (done == SKIPPED && c->options->verbose && !c->error)
      diag_at(DIAG_NOTE, m->source, n->line, n->col, "statement skipped: outside the subset");
  }
  return DONE;
}

/* ---- modules ---- */

static void add_bound(void *ctx, const char *name, const Node *value) {
  Module *m = ctx;
  (void)value;
  if ((m->nbound & (m->nbound - 1)) == 0) {
    m->bound = realloc(m->bound, (m->nbound ? m->nbound * 2 : 1) * sizeof *m->bound);
    if (!m->bound) exit(EXIT_INTERNAL);
  }
  m->bound[m->nbound++] = name;
}

static Module *run_module(Compiler *c, Source *source, const char *name) {
  Module *m = pool_alloc(c->pool, sizeof *m);
  c->modules = realloc(c->modules, (c->nmodules + 1) * sizeof *c->modules);
  if (!c->modules) exit(EXIT_INTERNAL);
  c->modules[c->nmodules++] = m;
  m->name = source->module = pool_strdup(c->pool, name, strlen(name));
  m->source = source;
  if (!source->module_node && !parse_timed(c->unit, source)) {
    c->error = true;
    return m;
  }
  m->scope = pool_alloc(c->pool, sizeof *m->scope);
  m->scope->kind = SCOPE_MODULE;
  /* builtins that a module rebinds are few: remember only what could be one */
  if (strcmp(name, "prelude")) collect_bound(&source->module_node->list, add_bound, m);
  if (strcmp(name, "prelude")) collect_constant_sets(c, m);
  bind_name(c, m, "__name__", intern_name(c, name), NULL);
  m->loading = true;
  protocol_read(c, m);
  execute_list(c, m, &source->module_node->list, false);
  m->loading = false;
  return m;
}

static Module *loaded(Compiler *c, const char *name, bool standin) {
  for (uint32_t i = 0; i < c->nmodules; i++)
    if (!strcmp(c->modules[i]->name, name) && c->modules[i]->is_standin == standin) return c->modules[i];
  return NULL;
}

static bool module_path(char *path, size_t size, const char *folder, const char *name) {
  if ((size_t)snprintf(path, size, "%s/%s.py", folder, name) >= size) return false;
  for (char *p = path + strlen(folder) + 1; *p && strcmp(p, ".py"); p++)
    if (*p == '.') *p = '/';
  return access(path, F_OK) == 0;
}

static Module *open_module(Compiler *c, const char *path, const char *name, bool standin) {
  Source *source = source_load(path);
  if (!source) {
    c->error = true;
    return NULL;
  }
  uint32_t at = c->nmodules;
  Module *m = run_module(c, source, name);
  c->modules[at]->is_standin = standin;
  return m;
}

static Module *find_module(Compiler *c, const char *name, bool standin_only) {
  char path[PATH_MAX], folder[PATH_MAX];
  Module *m = loaded(c, name, standin_only);
  if (!m && !standin_only) m = loaded(c, name, true);
  if (m) return m;
  if (!standin_only) {
    if (module_path(path, sizeof path, c->main_dir, name)) return open_module(c, path, name, false);
    for (uint32_t i = 0; i < c->options->ninclude; i++)
      if (module_path(path, sizeof path, c->options->include[i], name)) return open_module(c, path, name, false);
    if (module_path(path, sizeof path, c->options->bundled_dsl, name)) return open_module(c, path, name, false);
  }
  snprintf(folder, sizeof folder, "%.4000s/standins", c->options->bundled_dsl);
  if (!module_path(path, sizeof path, folder, name)) return NULL;
  if (!standin_only) diag_plain(DIAG_WARNING, "module '%s' not found: battc's stand-in is used", name);
  return open_module(c, path, name, true);
}

ModuleSearch module_at_run_time(Compiler *c, const char *name, Module **found) {
  if (is_known_foreign(name) || native_module(name) > 0) return MODULE_FOREIGN;
  bool final = c->final;
  uint32_t first = c->image->nfunctions;
  c->final = false; /* its own module level comes first */
  *found = find_module(c, name, false);
  c->final = final;
  for (uint32_t i = first; final && i < c->image->nfunctions; i++) protocol_default(c, i);
  return *found ? MODULE_FOUND : MODULE_MISSING;
}

Module *load_main_module(Compiler *c, Source *source) {
  char folder[PATH_MAX];
  snprintf(folder, sizeof folder, "%s", source->path);
  char *slash = strrchr(folder, '/');
  if (slash) *slash = 0;
  c->main_dir = slash ? pool_strdup(c->pool, folder[0] ? folder : "/", strlen(folder[0] ? folder : "/")) : ".";
  /* Users import their program, so its name is its file's. */
  const char *base = slash ? strrchr(source->path, '/') + 1 : source->path;
  size_t len = strlen(base);
  bool py = len > 3 && !strcmp(base + len - 3, ".py");
  return run_module(c, source, pool_strdup(c->pool, base, py ? len - 3 : len));
}

/* The prelude's text, put in by the assembler from runtime/prelude.py. */
extern const char prelude_text[], prelude_text_end[];

bool load_prelude(Compiler *c) {
  static const char *const names[] = {
#define X(id) #id,
      "", PRELUDE_LIST(X)
#undef X
  };
  Source *source = source_from_text("<prelude>", prelude_text, (size_t)(prelude_text_end - prelude_text));
  if (!source) return false;
  Node nowhere = {.kind = N_PASS};
  Module none = {.name = "", .source = source};
  uint32_t unused = new_function(c, &none, &nowhere, NULL, ""); /* number 0 means "none" */
  c->sources[unused].state = LOWERED_FINAL;
  Module *m = run_module(c, source, "prelude");
  if (c->error) return false;
  for (uint32_t i = 1; i < PRELUDE_COUNT; i++) {
    int slot = find_slot(c, m, own_name(c, m, names[i]));
    if (slot < 0 || !is_kind(*slot_value(c, (uint32_t)slot), KIND_FUNC)) continue;
    c->image->prelude[i] = as_func(c->vm, *slot_value(c, (uint32_t)slot))->fid;
  }
  c->image->safe_callable = c->image->prelude[PRELUDE_safe_callable];
  return true;
}
