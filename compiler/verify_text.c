/* verify_text.c - templates/verify.py as bytes in the binary. */
__asm__(".section .rodata\n"
        ".globl verify_text\n"
        "verify_text:\n"
        ".incbin \"templates/verify.py\"\n"
        ".byte 0\n"
        ".section .text\n"
        ".section .note.GNU-stack,\"\",@progbits\n");
extern const char verify_text[];
