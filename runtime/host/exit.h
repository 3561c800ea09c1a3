/* exit.h - exit codes of battc and of the programs that it makes. */
#ifndef BATTC_EXIT_H
#define BATTC_EXIT_H

enum {
  EXIT_OK = 0,        /* Python exceptions in calls are results, not failures */
  EXIT_DIFFER = 1,    /* verify: answers differ */
  EXIT_USAGE = 2,     /* bad option */
  EXIT_INPUT = 3,     /* program or data unreadable or uncompilable */
  EXIT_LIMIT = 4,     /* some value is a limit value */
  EXIT_OUTPUT = 5,    /* output not writable */
  EXIT_NO_CUDA = 6,   /* --device cuda without a usable device */
  EXIT_INTERNAL = 70,
  EXIT_INTERRUPTED = 130
};

#endif
