
/* ---- the program: options and summary of `battc run` ---- */
#include "host/program_main.h"

int main(int argc, char **argv) {
  const ProgramImage p = {programs, PROGRAMS, &image, constants, IMAGE_FIRST, IMAGE_TOP};
  return program_main(argc, argv, &p);
}
