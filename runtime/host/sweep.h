/* sweep.h - memory of values that no op needs any more goes back to the system while a sample runs, between ops and, where these go
 * over many items (held.h), within them.
 *
 * The arena only grows until its sample ends, and the ops of a large program may make gigabytes there, nearly all of it for a
 * few ops. Values stay where they are: pages on which there is nothing that can still be reached are dropped, and what is
 * interned or remembered of dropped values is forgotten. No value changes by it, nor does what counts against --memory. */
#ifndef BATTC_HOST_SWEEP_H
#define BATTC_HOST_SWEEP_H

#include "../program.h"

/* From here on x is swept each time that it has made so many bytes more; `kept`, where it is not 0, and what the program
 * returns are taken to be needed. Who looks at other values of ops after a call must not ask for it. */
void sweep_start(Execution *x, size_t every);

#endif
