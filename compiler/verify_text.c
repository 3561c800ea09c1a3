/* verify_text.c - templates/verify.py as bytes in the binary. */
__asm__(".pushsection .rodata\n"
        ".globl verify_text\n"
        "verify_text:\n"
        ".incbin \"templates/verify.py\"\n"
        ".byte 0\n"
        ".popsection\n");
extern const char verify_text[];
