/* rerun.h - `battc run --watch`: the program again each time that its file is another. */
#ifndef BATTC_RERUN_H
#define BATTC_RERUN_H

#include <stdbool.h>

/* Waits until the file has changed since the last call for the same file, or the start, and is whole: its size and time have
 * stayed for a while. A file that is gone is waited for. */
typedef struct WatchedFile WatchedFile;
WatchedFile *watch_start(const char *path); /* owned; its state now counts as seen */
void watch_wait(WatchedFile *w);
void watch_free(WatchedFile *w);

#endif
