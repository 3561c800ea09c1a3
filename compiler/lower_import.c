/* lower_import.c - imports inside functions, and attributes of modules.
 *
 * The module is loaded when the final code of a function that imports it is made, so what nothing reaches is not
 * loaded. Its names are then constants, as those of other modules are. */
#include "lower_fn.h"

#include <string.h>

/* A name that CPython would not find: the exception, and no value. */
static void raise_class(Fn *f, ErrorClass error) {
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
    else raise_class(f, ERR_ImportError);
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
  else if (found == MODULE_MISSING) raise_class(f, ERR_ModuleNotFoundError);
  else if (n->kind == N_FROM) import_member(f, n, alias, module);
  else import_value(f, n, alias, module_value(f->c, module));
}

Module *module_of_name(Fn *f, const Node *n, bool *surely) {
  Compiler *c = f->c;
  Module *m = NULL;
  if (!c->final || n->kind != N_NAME) return NULL;
  const Var *v = local_of(f, n->name);
  *surely = !v || v->binds == 1;
  if (v) return v->module && module_at_run_time(c, v->module, &m) == MODULE_FOUND ? m : NULL;
  int slot = find_slot(c, f->m, n->name);
  if (slot < 0 || c->slots[slot].stored) return NULL;
  Value module = *slot_value(c, (uint32_t)slot);
  bool user = is_kind(module, KIND_MODULE) && payload_of(module) >= MODULE_USER;
  return user ? c->modules[payload_of(module) - MODULE_USER] : NULL;
}

/* The attribute of a module: its global, or the exception where it has none. Dunder names that no statement binds
 * are left to run time, as is what only a function of the module binds. */
static bool module_global(Fn *f, const Module *m, const char *name, int dst) {
  int slot = find_slot(f->c, m, name);
  const GlobalSlot *s = slot < 0 ? NULL : &f->c->slots[slot];
  if (s && s->bound) emit(f, OP_MOVE, dst, load_slot(f, (uint32_t)slot), 0, 0, 0);
  else if (strncmp(name, "__", 2) && !(s && s->stored)) raise_class(f, ERR_AttributeError);
  else return false;
  return true;
}

bool module_attribute(Fn *f, const Node *n, int dst) {
  bool surely;
  Module *m = module_of_name(f, n->a, &surely);
  if (!m) return false;
  int name = (int)name_id(f->c, n->name), is = temp(f);
  Opnd object = load_name(f, n->a);
  uint32_t other = 0;
  if (!surely) {
    emit(f, OP_IS, is, object, constant(f, module_value(f->c, m)), 0, 0);
    other = emit_jump(f, OP_JUMP_IFNOT, is);
  }
  if (!module_global(f, m, n->name, dst)) emit(f, OP_GETATTR, dst, object, 0, name, 0);
  if (surely) return true;
  uint32_t done = emit_jump(f, OP_JUMP, 0);
  patch(f, other);
  emit(f, OP_GETATTR, dst, object, 0, name, 0);
  patch(f, done);
  return true;
}

void import_statement(Fn *f, const Node *n) {
  for (uint32_t i = 0; i < n->list.len; i++) import_alias(f, n, n->list.items[i]);
}
