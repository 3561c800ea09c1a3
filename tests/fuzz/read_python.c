/* read_python.c - any bytes as a program: parsed, lowered, checked, printed and emitted as C. */
#include "reader.h"

#include "battc.h"

#include <string.h>

static void print_all(Unit *unit) {
  char *text = NULL;
  size_t len = 0;
  FILE *out = open_memstream(&text, &len);
  if (!out) abort();
  ir_print(out, unit);
  emit_c(out, unit);
  fclose(out);
  free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  const char *include[] = {"tests/fuzz/tiny"};
  bool entries = size && data[0] == '#'; /* a comment first: functions in place of batt */
  CompileOptions options = {.file = reader_file("program.py", data, size), .include = include, .ninclude = 1,
                            .bundled_dsl = "dsl", .entry = entries ? "*" : NULL};
  Unit *unit = compile_file(&options);
  if (unit && !ir_check(unit)) abort();
  if (unit) print_all(unit);
  if (unit) unit_free(unit);
  unlink(options.file);
  return 0;
}
