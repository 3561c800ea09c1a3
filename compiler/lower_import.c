/* lower_import.c - imports inside functions.
 *
 * The module is loaded when the final code of a function that imports it is made, so what nothing reaches is not
 * loaded. Its names are then constants, as those of other modules are. */
#include "lower_fn.h"

#include <string.h>

/* A name that CPython would not find: the exception, and no value. */
static void import_fails(Fn *f, ErrorClass error) {
  emit(f, OP_RAISE, constant(f, v_type(TYPE_ERROR_BASE + error)), 0, 0, 0, 0);
}

static void import_value(Fn *f, const Node *n, const Node *alias, Value v) {
  Opnd from = constant(f, v);
  if (n->kind == N_FROM) {
    int t = temp(f);
    emit(f, OP_GETATTR, t, from, 0, (int)name_id(f->c, alias->name), 0);
    from = t;
  }
  store_name(f, n, alias->name2 ? alias->name2 : alias->name, from);
}

/* One name of a module that has a source. */
static void import_member(Fn *f, const Node *n, const Node *alias, Module *from) {
  Compiler *c = f->c;
  int slot = module_member(c, from, alias->name);
  if (slot < 0) {
    if (from->is_standin) emit_unsupported(f, n, "importing a name that battc's stand-in lacks");
    else import_fails(f, ERR_ImportError);
    return;
  }
  store_name(f, n, alias->name2 ? alias->name2 : alias->name, load_slot(f, (uint32_t)slot));
}

static void import_alias(Fn *f, const Node *n, const Node *alias) {
  static const char *const natives[] = {"", "math", "itertools", "collections"};
  const char *name = n->kind == N_FROM ? n->name : alias->name;
  for (uint32_t k = 1; k < sizeof natives / sizeof *natives; k++)
    if (!strcmp(name, natives[k])) {
      import_value(f, n, alias, SPECIAL(KIND_MODULE, k));
      return;
    }
  Module *module = NULL;
  bool plain = f->c->final && !n->ival && !strchr(name, '.');
  ModuleSearch found = plain ? module_at_run_time(f->c, name, &module) : MODULE_FOREIGN;
  if (found == MODULE_FOREIGN) emit_unsupported(f, n, "importing this module inside a function");
  else if (found == MODULE_MISSING) import_fails(f, ERR_ModuleNotFoundError);
  else if (n->kind == N_FROM) import_member(f, n, alias, module);
  else import_value(f, n, alias, module_value(f->c, module));
}

void import_statement(Fn *f, const Node *n) {
  for (uint32_t i = 0; i < n->list.len; i++) import_alias(f, n, n->list.items[i]);
}
