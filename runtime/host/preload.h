/* preload.h - data read by a thread of its own while the program is compiled. */
#ifndef BATTC_PRELOAD_H
#define BATTC_PRELOAD_H

#include "data.h"
#include "options.h"

/* The data that the options name. */
DataQuery preload_query(const RunnerOptions *options);

typedef struct Preload Preload;
/* Options stay as they are until preload_end. NULL: they name no data, or there is no thread. */
Preload *preload_start(const RunnerOptions *options);
/* Waits, and gives the data to an empty set; false: there is none, and data_load has to say why. */
bool preload_take(Preload *p, DataSet *to);
void preload_end(Preload *p);

#endif
