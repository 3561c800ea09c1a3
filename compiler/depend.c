/* depend.c - make rules: which files an output was made from. */
#include "battc.h"

#include "../runtime/host/file.h"

#include <stdlib.h>
#include <string.h>

/* As make reads names: spaces, # and backslashes before them escaped, $ doubled. */
static void put_name(Buffer *b, const char *name) {
  for (; *name; name++) {
    if (*name == ' ' || *name == '\t' || *name == '#' || (*name == '\\' && strchr(" \t#", name[1]))) buffer_char(b, '\\');
    if (*name == '$') buffer_char(b, '$');
    buffer_char(b, *name);
  }
}

static bool is_file(const Source *s) { return s->path[0] != '<'; }

/* `OUT: FILE..`, and a rule without commands for each imported file, so that one that has gone is no error. */
static void put_rule(Buffer *b, const char *output, const Unit *unit) {
  put_name(b, output);
  buffer_text(b, ": ");
  put_name(b, unit->main_source->path);
  for (uint32_t i = 0; i < unit->nmodules; i++) {
    if (!is_file(unit->modules[i])) continue;
    buffer_text(b, " \\\n  ");
    put_name(b, unit->modules[i]->path);
  }
  buffer_char(b, '\n');
  for (uint32_t i = 0; i < unit->nmodules; i++) {
    if (!is_file(unit->modules[i])) continue;
    buffer_char(b, '\n');
    put_name(b, unit->modules[i]->path);
    buffer_text(b, ":\n");
  }
}

bool write_dependencies(const char *path, const char *output, const Unit *unit) {
  Buffer rule = {0}, beside = {0};
  OutFile file;
  if (!path) {
    buffer_text(&beside, output);
    buffer_bytes(&beside, ".d", sizeof ".d");
    path = beside.data;
  }
  put_rule(&rule, output, unit);
  bool ok = out_open(&file, path);
  if (ok) ok = out_write(&file, rule.data, rule.len) && out_commit(&file);
  buffer_free(&rule);
  buffer_free(&beside);
  return ok;
}
