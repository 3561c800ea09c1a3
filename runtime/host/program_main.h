/* program_main.h - the main function of programs that battc makes, from the data in their text. */
#ifndef BATTC_PROGRAM_MAIN_H
#define BATTC_PROGRAM_MAIN_H

#include "../program.h"

typedef struct {
  Program *programs;
  uint32_t nprograms;
  Image *image;
  const uint64_t *constants; /* words first .. top - 1 of the arena; those below are made by vm_init_values */
  uint32_t first, top;
} ProgramImage;

/* The options and the summary of `battc run`; an exit code. */
int program_main(int argc, char **argv, const ProgramImage *p);

#endif
