/* prelude_text.c - runtime/prelude.py as bytes in the binary. */
__asm__(".pushsection .rodata\n"
        ".globl prelude_text, prelude_text_end\n"
        "prelude_text:\n"
        ".incbin \"runtime/prelude.py\"\n"
        "prelude_text_end:\n"
        ".byte 0\n"
        ".popsection\n");
extern const char prelude_text[];
