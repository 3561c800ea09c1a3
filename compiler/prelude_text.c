/* prelude_text.c - runtime/prelude.py as bytes in the binary. */
__asm__(".section .rodata\n"
        ".globl prelude_text, prelude_text_end\n"
        "prelude_text:\n"
        ".incbin \"runtime/prelude.py\"\n"
        "prelude_text_end:\n"
        ".byte 0\n"
        ".section .text\n"
        ".section .note.GNU-stack,\"\",@progbits\n");
extern const char prelude_text[];
