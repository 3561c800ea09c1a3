/* diag.h - diagnostics in compiler style: `file:line:col: error: text`, the source line, a caret. */
#ifndef BATTC_DIAG_H
#define BATTC_DIAG_H

#include <stdbool.h>
#include <stdint.h>

struct Source;

typedef enum { DIAG_NOTE, DIAG_WARNING, DIAG_ERROR } DiagLevel;

/* line 0: no place in the file; src NULL: no file. Thread-safe. Non-printable bytes of input are
 * escaped; long lines are cut around the caret. */
void diag_at(DiagLevel level, const struct Source *src, uint32_t line, uint32_t col, const char *fmt, ...)
    __attribute__((format(printf, 5, 6)));
#define diag_error(...) diag_at(DIAG_ERROR, __VA_ARGS__)
#define diag_warning(...) diag_at(DIAG_WARNING, __VA_ARGS__)
/* `battc: error: text` without a place. */
void diag_plain(DiagLevel level, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
uint32_t diag_errors(void); /* so far; warnings count with -Werror */
void diag_forget(void);      /* none so far, from here on */
void diag_set_json(bool on);   /* -fdiagnostics-format=json: an array of objects as gcc's, printed by diag_finish */
void diag_set_werror(bool on);
void diag_finish(void);

#include "../runtime/host/exit.h"

#endif
