/* library.h - the DSL library: functions of DSL modules as compiled C in a shared object, made once for a
 * DSL and used by every program that imports it. */
#ifndef BATTC_LIBRARY_H
#define BATTC_LIBRARY_H

#include "battc.h"

typedef enum { LIBRARY_AUTO, LIBRARY_BUILD, LIBRARY_OFF } LibraryMode;

/* Takes --library=auto|build|off out of argv. Returns the new argc, -1 on a bad value. */
int library_take_option(int argc, char **argv, LibraryMode *mode);
/* Builds the library of the modules that the unit's file imports. The unit must have been compiled with
 * CompileOptions.all_modules. Gives an exit code; the library's path goes to `path` (owned) if that is not NULL
 * and there is one: without imports there is none. */
int library_build(const Unit *unit, int jobs, bool show, char **path);
/* Uses the library for the unit's functions if there is one: true. It stays loaded. */
bool library_attach(Unit *unit);

#endif
