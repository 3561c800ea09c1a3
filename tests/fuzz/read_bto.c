/* read_bto.c - any bytes behind a right header as a .bto file; what passes the checks is run. */
#include "reader.h"

/* For the checksum and the header, which a fuzzer does not find. The key of the functions is computed, but is 0. */
#include "battc.h"
#define unit_key(unit) ((unit_key)(unit) * 0)
#include "../../compiler/bto.c"

#include "../../runtime/host/result.h"
#include "object.h"

enum { STEPS = 200000 };

static void look_at(Execution *x, const Program *p) {
  Buffer text = {0};
  LimitCounts limits = {{0}};
  for (uint32_t i = 0; i < p->nslots; i++)
    if (x->values[i]) result_value(&text, x->vm, x->values[i], &limits);
  buffer_free(&text);
}

static void run(Unit *unit) {
  Vm *vm = unit->vm;
  vm->max_steps = STEPS;
  Execution *x = exec_new(&unit->programs[0], vm);
  if (!x) return;
  exec_reset_to_program(x);
  exec_begin_task(x, new_str(vm, "id", 2), unit->image.empty_tuple);
  exec_reset_to_task(x);
  exec_begin_sample(x, unit->image.empty_tuple);
  CallOutcome outcome = exec_call(x, V_NONE);
  if (outcome.error == ERR_COUNT) look_at(x, &unit->programs[0]);
  exec_free(x);
}

static void give_header(char *data, size_t size) {
  BtoHeader h = {.format = BTO_FORMAT, .version = BATTC_VERSION, .numbers = numbers_key(), .size = size};
  memcpy(h.magic, bto_magic, sizeof h.magic);
  h.checksum = checksum(data + sizeof h, size - sizeof h);
  memcpy(data, &h, sizeof h);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  if (size < sizeof(BtoHeader)) return 0;
  Reader r = {.path = "fuzz.bto", .ok = true, .len = size};
  r.data = malloc(size);
  memcpy(r.data, data, size);
  give_header(r.data, size);
  Unit *unit = ir_alloc(1, sizeof *unit);
  unit->storage = r.data;
  if (read_unit(&r, unit)) run(unit);
  unit_free(unit);
  return 0;
}
