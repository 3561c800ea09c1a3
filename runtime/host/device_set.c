/* device_set.c - see device_set.h. */
#include "device_set.h"

#include <stdio.h>
#include <string.h>

#include "buffer.h"
#include "cuda_api.h"
#include "exit.h"

enum { EMULATED_WARPS = 6, EMULATED_SEED = 1 };

/* auto: an op takes about half a microsecond on the CPU, opening a device some tenths of a second, and a device is worth a few cores
 * (docs/gpu.md); so only long runs come to it. */
static const double OP_SECONDS = 0.5e-6, LEAST_SECONDS = 10;

static void add(DeviceSet *set, Device *d) {
  size_t len = strlen(set->names);
  snprintf(set->names + len, sizeof set->names - len, "%s%s", set->n ? ", " : "", d->name);
  set->devices[set->n++] = d;
  set->opened++;
}

static bool open_numbers(DeviceSet *set, const RunnerOptions *o, char *why, size_t size) {
  uint32_t n = o->nnumbers ? o->nnumbers : 1;
  for (uint32_t i = 0; i < n; i++) {
    Device *d = device_open_cuda(o->nnumbers ? o->numbers[i] : 0, o->code, why, size);
    if (!d) return false;
    add(set, d);
  }
  return true;
}

void device_close(Device *d) {
  d->kind->release(d, d->data_at);
  d->kind->close(d);
}

void devices_close(DeviceSet *set) {
  for (uint32_t i = 0; i < set->n; i++) device_close(set->devices[i]);
  memset(set, 0, sizeof *set);
}

void devices_leave(DeviceSet *set, const RunnerOptions *o) {
  if (!o->kept_devices || set->lost) {
    devices_close(set);
    return;
  }
  for (uint32_t i = 0; i < set->n; i++) set->devices[i]->kernel_seconds = set->devices[i]->copy_seconds = 0;
  *o->kept_devices = *set;
}

static int open_strictly(DeviceSet *set, const RunnerOptions *o) {
  char why[300] = "";
  set->alone = true;
  if (o->timeout > 0) snprintf(why, sizeof why, "--timeout is kept on the CPU only");
  else if (o->profile_html || o->trace) snprintf(why, sizeof why, "pages and traces are of the CPU only");
  else if (open_numbers(set, o, why, sizeof why)) return EXIT_OK;
  devices_close(set);
  host_error("--device cuda: %s", why);
  return EXIT_NO_CUDA;
}

/* Devices work beside the threads where there is enough to do. */
static void open_likely(DeviceSet *set, const RunnerOptions *o, double calls, double ops, uint32_t threads) {
  double seconds = calls * ops * OP_SECONDS / (threads ? threads : 1);
  if (o->timeout > 0 || o->profile || o->profile_html || o->trace || o->jobs || !cuda_likely()) return;
  if (seconds < LEAST_SECONDS) {
    fprintf(stderr, "device: the CPU alone, about %.1f s of work are less than a GPU needs to pay\n", seconds);
    return;
  }
  char why[300];
  uint32_t n = cuda_devices();
  for (uint32_t i = 0; i < n && i < MOST_DEVICES; i++) {
    Device *d = device_open_cuda(i, o->code, why, sizeof why);
    if (d) add(set, d);
    else fprintf(stderr, "device: the CPU alone, %s\n", why);
  }
}

/* With the kernel of this program. One that fails is closed with the others, and all are opened anew. */
static bool take_kept(DeviceSet *set, DeviceSet *kept, const DeviceCode *code) {
  if (!kept || !kept->n) return false;
  for (uint32_t i = 0; i < kept->n; i++) {
    Device *d = kept->devices[i];
    if ((!code && !d->code) || d->kind->load(d, code)) continue;
    devices_close(kept);
    return false;
  }
  *set = *kept;
  set->opened = 0;
  memset(kept, 0, sizeof *kept);
  return true;
}

int devices_open(DeviceSet *set, const RunnerOptions *o, double calls, double ops, uint32_t threads) {
  memset(set, 0, sizeof *set);
  if (take_kept(set, o->kept_devices, o->code)) return EXIT_OK;
  if (o->device == DEVICE_CUDA) return open_strictly(set, o);
  if (o->device == DEVICE_AUTO) open_likely(set, o, calls, ops, threads);
  if (o->device == DEVICE_EMULATED) {
    uint32_t warps = o->nnumbers > 0 && o->numbers[0] ? o->numbers[0] : EMULATED_WARPS;
    add(set, device_open_emulated(warps < 64 ? warps : 64, o->nnumbers > 1 ? o->numbers[1] : EMULATED_SEED));
    set->devices[0]->last_part = o->nnumbers > 2 ? o->numbers[2] : 0;
    set->alone = !o->jobs; /* with --jobs it works beside threads, as a GPU by auto does */
  }
  return EXIT_OK;
}
