/* templates.c - the fixed text of emitted files, templates/, as bytes in the binary. */
#include "emit.h"

#define TEMPLATE(name)                                                                             \
  __asm__(".pushsection .rodata\n"                                                                 \
          ".globl template_" #name "\n"                                                            \
          "template_" #name ":\n"                                                                  \
          ".incbin \"templates/" #name ".c\"\n"                                                    \
          ".byte 0\n"                                                                              \
          ".popsection\n");

TEMPLATE(functions)
TEMPLATE(ops)
TEMPLATE(image)
TEMPLATE(main)
TEMPLATE(module)
TEMPLATE(cuda)
TEMPLATE(cuda_main)
