/* device_run.c - see device_run.h. */
#include "device_run.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../kernels/location_set.h"
#include "buffer.h"
#include "flat.h"
#include "worker.h"

enum {
  DEVICE_FRAMES = 6000,         /* of Python, and those that it does not count */
  DEVICE_STACK = 1 << 17,       /* registers */
  DEVICE_RANKS = 1 << 15,       /* of large grids */
  LEAST_ARENA = 12 << 20,       /* bytes of a warp's values */
  MOST_ARENA = 64 << 20,
  ROOM = 256 << 20,             /* bytes of results, where the device has eight times that */
  LEAST_ROOM = 1 << 20,
  ITEM_ROOM = 1 << 20            /* bytes of results of an item; who needs more takes from those who need less */
};

/* ---- what goes to the device once ---- */

/* Programs made from .cu files: what Function.native and Program.native_ops are on the device (cuda/fused.h). */
extern void *battc_own_function(uint32_t fid) __attribute__((weak));
extern void *battc_own_ops(uint32_t program) __attribute__((weak));

static void *native_function(const DeviceRun *r, uint32_t fid) {
  const DeviceCode *code = r->device->code;
  if (code) return (void *)(size_t)code->functions[fid];
  return battc_own_function ? battc_own_function(fid) : NULL;
}

static void *native_ops(const DeviceRun *r, const Program *p, uint32_t number) {
  if (r->device->code) return (void *)(size_t)(p->nops ? number + 1 : 0);
  return battc_own_ops ? battc_own_ops(number) : NULL;
}

/* The pointer at `at` is one already. */
static void put_word(Flat *f, size_t at, void *word) { memcpy(f->bytes + at, &word, sizeof word); }

static void put_function(const DeviceRun *r, Flat *f, size_t at, const Function *fn) {
  size_t name_len = strlen(fn->name) + 1;
  flat_part(f, at + offsetof(Function, name), fn->name, name_len);
  memset(f->bytes + at + offsetof(Function, module), 0, sizeof(char *));
  memset(f->bytes + at + offsetof(Function, file), 0, sizeof(char *));
  put_word(f, at + offsetof(Function, native), native_function(r, fn->fid));
  flat_part(f, at + offsetof(Function, code), fn->code, fn->ncode * sizeof *fn->code);
  flat_part(f, at + offsetof(Function, consts), fn->consts, fn->nconsts * sizeof *fn->consts);
  flat_part(f, at + offsetof(Function, handlers), fn->handlers, fn->nhandlers * sizeof *fn->handlers);
  flat_part(f, at + offsetof(Function, captures), fn->captures, fn->nfree * sizeof *fn->captures);
  flat_part(f, at + offsetof(Function, param_names), fn->param_names,
            ((size_t)fn->nparams + fn->nkwonly) * sizeof *fn->param_names);
  flat_part(f, at + offsetof(Function, masks), fn->masks, fn->nmasks * sizeof *fn->masks);
}

/* `at` is where the copy of the image lies, as in all that follows. */
static void put_image(const DeviceRun *r, Flat *f, size_t at) {
  const Image *image = &r->shared.image;
  size_t functions = flat_part(f, at + offsetof(Image, functions), image->functions, image->nfunctions * sizeof *image->functions);
  for (uint32_t i = 0; i < image->nfunctions; i++) put_function(r, f, functions + i * sizeof(Function), &image->functions[i]);
  flat_part(f, at + offsetof(Image, names), image->names, image->nnames * sizeof *image->names);
  flat_part(f, at + offsetof(Image, global_names), image->global_names, image->nglobals * sizeof *image->global_names);
}

static void put_program(const DeviceRun *r, Flat *f, size_t at, const Program *p, uint32_t number) {
  memset(f->bytes + at + offsetof(Program, file), 0, sizeof(char *));
  memset(f->bytes + at + offsetof(Program, entry), 0, sizeof(char *));
  put_word(f, at + offsetof(Program, native_ops), native_ops(r, p, number));
  flat_part(f, at + offsetof(Program, ops), p->ops, p->nops * sizeof *p->ops);
  flat_part(f, at + offsetof(Program, operands), p->operands, p->noperands * sizeof *p->operands);
  flat_part(f, at + offsetof(Program, consts), p->consts, p->nconsts * sizeof *p->consts);
  flat_part(f, at + offsetof(Program, slot_names), NULL, 0);
  flat_part(f, at + offsetof(Program, outputs), NULL, 0);
}

/* Slots that outputs read, each once; without lines only the outputs that are scored. */
static uint32_t wanted_slots(const Program *p, bool lines, uint32_t *wanted) {
  uint8_t *seen = (uint8_t *)memset(host_alloc(p->nslots + 1), 0, p->nslots + 1);
  uint32_t n = 0;
  for (uint32_t i = 0; i < p->noutputs; i++) {
    if (!lines && p->outputs[i].list) continue;
    for (uint32_t k = 0; k < p->outputs[i].nitems || (p->outputs[i].bare && !k); k++) {
      Operand o = p->operands[p->outputs[i].items + k];
      if (o < 0 || seen[o]) continue;
      seen[o] = 1;
      wanted[n++] = (uint32_t)o;
    }
  }
  free(seen);
  return n;
}

static void put_programs(DeviceRun *r, Flat *f, size_t at) {
  Shared *s = &r->shared;
  size_t programs = flat_part(f, at + offsetof(Shared, programs), s->programs, s->nprograms * sizeof *s->programs);
  for (uint32_t i = 0; i < s->nprograms; i++) {
    const BatchProgram *p = &s->programs[i];
    size_t here = programs + i * sizeof *p;
    put_program(r, f, here + offsetof(BatchProgram, program), &p->program, i);
    flat_part(f, here + offsetof(BatchProgram, order), p->order, p->first[5] * sizeof *p->order);
    flat_part(f, here + offsetof(BatchProgram, op_of_slot), p->op_of_slot, (p->program.nslots + 1) * sizeof *p->op_of_slot);
    flat_part(f, here + offsetof(BatchProgram, wanted), p->wanted, p->nwanted * sizeof *p->wanted);
  }
}

/* ---- a warp's slab ---- */

static uint64_t place(uint64_t *size, uint64_t bytes) {
  uint64_t at = (*size + 63) / 64 * 64;
  *size = at + bytes;
  return at;
}

static void lay_out(DeviceRun *r, uint64_t arena) {
  WarpLayout *l = &r->shared.layout;
  uint64_t slots = 0, ops = 0, size = sizeof(WarpState);
  for (uint32_t i = 0; i < r->shared.nprograms; i++) {
    if (r->programs[i].nslots >= slots) slots = r->programs[i].nslots + 1;
    if (r->programs[i].nops >= ops) ops = r->programs[i].nops + 1;
  }
  l->memo = place(&size, r->vm->memo ? memo_fixed_size(r->vm->memo) : 0);
  l->workspace = place(&size, workspace_size(0));
  l->copied = (size + 63) / 64 * 64;
  place(&size, DEVICE_RANKS * sizeof(uint32_t));
  l->ranks = DEVICE_RANKS;
  l->values = place(&size, slots * sizeof(Value));
  l->unshared = place(&size, slots * sizeof(Value));
  l->op_ticks = r->shared.nticks ? place(&size, ops * sizeof(uint64_t)) : 0;
  l->known = place(&size, ops);
  l->wanted = place(&size, ops);
  l->errors = place(&size, ops * sizeof(uint32_t));
  l->uncaught = place(&size, ops);
  l->lines = place(&size, ops * sizeof(uint32_t));
  l->given = place(&size, ops * sizeof(KnownValue));
  l->max_frames = DEVICE_FRAMES;
  l->stack_size = DEVICE_STACK;
  l->frames = place(&size, DEVICE_FRAMES * sizeof(Frame));
  l->stack = place(&size, DEVICE_STACK * sizeof(Value));
  l->arena = place(&size, arena);
  l->arena_copied = (uint64_t)r->shared.image_top * 8;
  l->arena_end = (uint32_t)(arena / 8);
  l->arena_limit = l->arena_end / 4 * 3;
  l->size = (size + 255) / 256 * 256;
}

/* Slabs for as many warps as there is room for, in up to three quarters of the device's memory. */
static bool make_slabs(DeviceRun *r) {
  uint64_t memory = r->device->memory / 4 * 3, image = (uint64_t)r->shared.image_top * 8;
  r->warps = r->device->warps;
  lay_out(r, LEAST_ARENA + image);
  uint64_t each = r->warps ? memory / r->warps / 256 * 256 : 0, fixed = r->shared.layout.size - LEAST_ARENA;
  if (each > fixed + LEAST_ARENA) lay_out(r, (each - fixed < MOST_ARENA ? each - fixed : MOST_ARENA) + image);
  while (r->warps > 1 && r->warps * r->shared.layout.size > memory) r->warps -= (r->warps + 7) / 8;
  /* The allocation may fail where others use the device: with fewer warps it may not. */
  while (r->warps && !(r->slabs_at = r->device->kind->alloc(r->device, r->warps * r->shared.layout.size))) r->warps /= 2;
  return r->slabs_at != 0;
}

/* The beginning of every slab: the machine as exec_prepare left it, its memo, then its arena. */
static bool put_first_state(DeviceRun *r, Flat *f, size_t at) {
  const WarpLayout *l = &r->shared.layout;
  size_t state = flat_put(f, NULL, l->copied + l->arena_copied);
  WarpState *w = (WarpState *)(f->bytes + state);
  w->vm = *r->vm;
  w->vm.interrupt = NULL;
  w->vm.deadline_ns = 0;
  w->x.ngiven = 0;
  if (r->vm->memo && !memo_fixed(f->bytes + state + l->memo, r->vm->memo)) {
    snprintf(r->device->error, sizeof r->device->error, "the program has too many constants to share");
    return false;
  }
  memcpy(f->bytes + state + l->workspace, workspace_of(r->vm), workspace_size(0));
  memcpy(f->bytes + state + l->copied, r->vm->base, l->arena_copied);
  flat_point(f, at + offsetof(Shared, first_state), state);
  return true;
}

/* The block goes to the device; its address, 0: none. */
static uint64_t send(Device *d, Flat *f) {
  uint64_t at = d->kind->alloc(d, f->len);
  if (!at) return 0;
  flat_settle(f, at);
  bool ok = d->kind->write(d, QUEUE_COPY, at, f->bytes, f->len) && d->kind->wait(d, QUEUE_COPY);
  return ok ? at : 0;
}

static bool send_shared(DeviceRun *r) {
  Flat f = {0};
  size_t at = flat_put(&f, &r->shared, sizeof r->shared);
  put_image(r, &f, at + offsetof(Shared, image));
  put_programs(r, &f, at);
  if (put_first_state(r, &f, at)) r->shared_at = send(r->device, &f);
  flat_free(&f);
  return r->shared_at != 0;
}

/* ---- life ---- */

static bool prepare(DeviceRun *r, const Vm *proto, uint32_t image_top, const Image *image) {
  r->vm = vm_new((size_t)1 << 30);
  if (!r->vm || image_top >= r->vm->limit) return false;
  memcpy(r->vm->base, proto->base, (size_t)image_top * 8);
  r->vm->top = image_top;
  r->vm->image = image;
  for (uint32_t i = 0; i < r->shared.nprograms; i++) {
    r->x[i] = exec_prepare(&r->programs[i], r->vm);
    if (!r->x[i]) return false;
  }
  r->shared.image_top = vm_mark(r->vm);
  r->shared.import_base = vm_mark(r->vm);
  if (r->vm->memo) r->shared.image_memo = memo_mark(r->vm->memo);
  return true;
}

static void list_programs(DeviceRun *r, bool lines) {
  Shared *s = &r->shared;
  s->programs = (BatchProgram *)memset(host_alloc(s->nprograms * sizeof *s->programs), 0, s->nprograms * sizeof *s->programs);
  for (uint32_t i = 0; i < s->nprograms; i++) {
    BatchProgram *p = &s->programs[i];
    p->program = r->programs[i];
    p->order = r->x[i]->order;
    p->op_of_slot = r->x[i]->op_of_slot;
    memcpy(p->first, r->x[i]->first, sizeof p->first);
    p->wanted = (uint32_t *)host_alloc((p->program.nslots + 1) * sizeof *p->wanted);
    p->nwanted = wanted_slots(&p->program, lines, p->wanted);
    p->second = program_has_second_call(&p->program);
    p->first_op = s->nticks;
    s->nticks += p->program.nops;
  }
}

/* Where warps add up the time of ops; zeros. */
static bool make_ticks(DeviceRun *r) {
  const DeviceKind *k = r->device->kind;
  size_t bytes = ++r->shared.nticks * sizeof(uint64_t);
  r->ticks = (uint64_t *)k->pinned(r->device, bytes);
  memset(r->ticks, 0, bytes);
  r->shared.ticks = (uint64_t *)(uintptr_t)k->alloc(r->device, bytes);
  return r->shared.ticks && k->write(r->device, QUEUE_COPY, (uint64_t)(uintptr_t)r->shared.ticks, r->ticks, bytes);
}

bool device_run_ticks(DeviceRun *r) {
  const DeviceKind *k = r->device->kind;
  return r->ticks && k->read(r->device, QUEUE_RUN, r->ticks, (uint64_t)(uintptr_t)r->shared.ticks, r->shared.nticks * sizeof(uint64_t)) &&
         k->wait(r->device, QUEUE_RUN);
}

bool device_run_start(DeviceRun *r, Device *device, const Program *programs, uint32_t nprograms, const Image *image,
                      const Vm *proto, uint32_t image_top, uint64_t max_steps, bool both_calls, bool lines, bool ticks) {
  memset(r, 0, sizeof *r);
  r->device = device;
  r->programs = programs;
  r->shared.image = *image;
  r->shared.nprograms = nprograms;
  r->shared.max_steps = max_steps;
  r->shared.both_calls = both_calls;
  r->x = (Execution **)memset(host_alloc(nprograms * sizeof *r->x), 0, nprograms * sizeof *r->x);
  if (!prepare(r, proto, image_top, image)) {
    snprintf(device->error, sizeof device->error, "no memory for the program");
    return false;
  }
  list_programs(r, lines);
  if (!ticks) r->shared.nticks = 0;
  else if (!make_ticks(r)) return false;
  if (!make_slabs(r) || !send_shared(r)) return false;
  memo_free(r->vm->memo); /* the device's warps have it now; here values only come by */
  r->vm->memo = NULL;
  r->vm->worth = NULL;
  return true;
}

static void free_batch(DeviceRun *r, DeviceBatch *b) {
  const DeviceKind *k = r->device->kind;
  if (b->sent) k->unpin(r->device, b->sent);
  if (b->got) k->unpin(r->device, b->got);
  if (b->room) k->unpin(r->device, b->room);
  k->release(r->device, b->at);
}

void device_run_free(DeviceRun *r) {
  for (uint32_t i = 0; r->shared.programs && i < r->shared.nprograms; i++) free(r->shared.programs[i].wanted);
  for (uint32_t i = 0; r->x && i < r->shared.nprograms; i++) exec_free(r->x[i]);
  free(r->shared.programs);
  free(r->x);
  vm_free(r->vm);
  if (r->device) {
    for (int i = 0; i < DEVICE_BATCHES; i++) free_batch(r, &r->batches[i]);
    r->device->kind->release(r->device, (uint64_t)(uintptr_t)r->shared.ticks);
    if (r->ticks) r->device->kind->unpin(r->device, r->ticks);
    r->device->kind->release(r->device, r->slabs_at);
    r->device->kind->release(r->device, r->shared_at);
  }
  memset(r, 0, sizeof *r);
}

/* ---- batches ---- */

static void put_grid(Flat *f, size_t at, const Grid *g) {
  flat_part(f, at + offsetof(Grid, cells), g->cells, (size_t)g->h * g->w);
}

static void put_task(Flat *f, size_t at, const Task *t) {
  flat_part(f, at + offsetof(Task, id), t->id, strlen(t->id) + 1);
  size_t samples = flat_part(f, at + offsetof(Task, samples), t->samples, task_samples(t) * sizeof *t->samples);
  for (uint32_t i = 0; i < task_samples(t); i++) {
    put_grid(f, samples + i * sizeof(Sample) + offsetof(Sample, input), &t->samples[i].input);
    put_grid(f, samples + i * sizeof(Sample) + offsetof(Sample, output), &t->samples[i].output);
  }
}

/* One block, the array first. */
bool device_run_data(DeviceRun *r, const Task *tasks, uint32_t ntasks) {
  Device *d = r->device;
  r->tasks = tasks;
  if (!ntasks || (d->data_at && d->data_of == tasks)) return true;
  Flat f = {0};
  d->kind->release(d, d->data_at);
  size_t list = flat_put(&f, tasks, ntasks * sizeof *tasks);
  for (uint32_t i = 0; i < ntasks; i++) put_task(&f, list + i * sizeof *tasks, &tasks[i]);
  d->data_at = send(d, &f);
  d->data_of = tasks;
  r->sent_data = true;
  flat_free(&f);
  return d->data_at != 0;
}

typedef struct {
  uint64_t weight;
  uint32_t item;
} Weighed;

static int heavier(const void *a, const void *b) {
  const Weighed *x = (const Weighed *)a, *y = (const Weighed *)b;
  if (x->weight != y->weight) return x->weight > y->weight ? -1 : 1;
  return x->item < y->item ? -1 : 1;
}

/* Longest first: cells are what most of the time goes by. */
static void put_queue(Flat *f, size_t at, const Task *tasks, const BatchItem *items, uint32_t nitems) {
  Weighed *all = (Weighed *)host_alloc(nitems * sizeof *all);
  for (uint32_t i = 0; i < nitems; i++) {
    const Sample *s = &tasks[items[i].task].samples[items[i].sample];
    all[i] = (Weighed){(uint64_t)s->input.h * s->input.w + (uint64_t)s->output.h * s->output.w, i};
  }
  qsort(all, nitems, sizeof *all, heavier);
  size_t queue = flat_put(f, NULL, nitems * sizeof(uint32_t));
  for (uint32_t i = 0; i < nitems; i++) memcpy(f->bytes + queue + i * sizeof(uint32_t), &all[i].item, sizeof(uint32_t));
  flat_point(f, at + offsetof(Batch, queue), queue);
  free(all);
}

/* Batch and items: one transfer. Results and their room lie behind, in the same allocation. */
static void put_batch(const DeviceRun *r, Flat *f, const BatchItem *items, uint32_t nitems) {
  Batch b = {.nitems = nitems, .tasks = (Task *)(uintptr_t)r->device->data_at};
  size_t at = flat_put(f, &b, sizeof b);
  flat_part(f, at + offsetof(Batch, items), items, nitems * sizeof *items);
  put_queue(f, at, r->tasks, items, nitems);
}

/* Pinned memory that grows where it must. */
static void *keep_pinned(DeviceRun *r, void *kept, size_t *size, size_t wanted) {
  if (kept && wanted <= *size) return kept;
  if (kept) r->device->kind->unpin(r->device, kept);
  *size = wanted + wanted / 4;
  return r->device->kind->pinned(r->device, *size);
}

/* One allocation: the batch as it is sent, results, room. Where memory is short the room is smaller. */
static bool alloc_batch(DeviceRun *r, DeviceBatch *b, uint64_t fixed) {
  uint64_t room = (uint64_t)b->nitems * ITEM_ROOM, most = r->device->memory / 8;
  if (room < ROOM && most > room) room = most < ROOM ? most : ROOM;
  if (b->at && fixed + room <= b->asked && fixed + LEAST_ROOM <= b->size) return true;
  r->device->kind->release(r->device, b->at);
  b->at = 0;
  b->asked = fixed + room;
  while (room > LEAST_ROOM && !(b->at = r->device->kind->alloc(r->device, fixed + room))) room /= 2;
  if (!b->at) b->at = r->device->kind->alloc(r->device, fixed + (room = LEAST_ROOM));
  b->size = fixed + room;
  return b->at != 0;
}

static uint64_t rounded(uint64_t bytes) { return (bytes + 255) / 256 * 256; }

/* Memory of the batch: where its parts lie, on the device and here. */
static bool place_batch(DeviceRun *r, DeviceBatch *b, size_t sent, uint32_t nitems) {
  b->nitems = nitems;
  uint64_t fixed = rounded(sent) + rounded(nitems * sizeof(ItemResult));
  if (!alloc_batch(r, b, fixed)) return false;
  b->results_at = b->at + rounded(sent);
  b->room_at = b->at + fixed;
  b->units = (b->size - fixed) / 8;
  b->sent = (uint8_t *)keep_pinned(r, b->sent, &b->sent_size, sent);
  b->got = (Batch *)keep_pinned(r, b->got, &b->got_size, sizeof(Batch) + nitems * sizeof(ItemResult));
  return true;
}

/* False: an item that no warp has done; the order of copies and kernels went wrong. */
static bool all_done(DeviceRun *r, const BatchOutput *out, uint32_t nitems) {
  for (uint32_t i = 0; i < nitems; i++)
    if (out->results[i].state == ITEM_OPEN) {
      snprintf(r->device->error, sizeof r->device->error, "item %u of %u was not done", i, nitems);
      return false;
    }
  return true;
}

static void count_items(DeviceRun *r, const BatchOutput *out, uint32_t nitems) {
  r->items += nitems;
  for (uint32_t i = 0; i < nitems; i++) {
    const ItemResult *item = &out->results[i];
    double seconds = (double)item->ticks * r->device->tick_seconds;
    r->item_seconds += seconds;
    if (seconds > r->longest_item) r->longest_item = seconds;
    if (item->state == ITEM_LEFT) r->left++, r->left_why[item->why < LEFT_REASONS ? item->why : LEFT_LIMIT]++;
  }
}

static uint32_t batch_warps(const DeviceRun *r, uint32_t nitems) { return nitems < r->warps ? nitems : r->warps; }

/* In by its own queue, through the kernel after the batch before it, and its results out again by its own. */
static bool start_batch(DeviceRun *r, DeviceBatch *b, DeviceQueue copies, size_t sent) {
  const DeviceKind *k = r->device->kind;
  Device *d = r->device;
  return k->write(d, copies, b->at, b->sent, sent) && k->after(d, QUEUE_RUN, copies) &&
         k->launch(d, r->shared_at, b->at, r->slabs_at, batch_warps(r, b->nitems)) && k->after(d, copies, QUEUE_RUN) &&
         k->read(d, copies, b->got, b->at, sizeof(Batch)) &&
         k->read(d, copies, b->got + 1, b->results_at, b->nitems * sizeof(ItemResult));
}

bool device_run_submit(DeviceRun *r, uint32_t number, const BatchItem *items, uint32_t nitems) {
  DeviceBatch *batch = &r->batches[number];
  Flat f = {0};
  put_batch(r, &f, items, nitems);
  bool ok = place_batch(r, batch, f.len, nitems);
  if (ok) {
    flat_settle(&f, batch->at);
    Batch *b = (Batch *)f.bytes;
    b->results = (ItemResult *)(uintptr_t)batch->results_at;
    b->room = (uint64_t *)(uintptr_t)batch->room_at;
    b->room_units = batch->units;
    uint32_t warps = batch_warps(r, nitems);
    uint32_t last = r->device->last_part ? warps / r->device->last_part : 0;
    if (last) b->last_at = nitems + warps - last - 1;
    memcpy(batch->sent, f.bytes, f.len);
    memset(batch->got, 0, sizeof(Batch) + nitems * sizeof(ItemResult));
    ok = start_batch(r, batch, (DeviceQueue)(QUEUE_COPY + number), f.len);
  }
  flat_free(&f);
  return ok;
}

bool device_run_collect(DeviceRun *r, uint32_t number, BatchOutput *out) {
  const DeviceKind *k = r->device->kind;
  DeviceBatch *b = &r->batches[number];
  DeviceQueue copies = (DeviceQueue)(QUEUE_COPY + number);
  if (!k->wait(r->device, copies)) return false;
  uint64_t used = b->got->room_used < b->units ? b->got->room_used : b->units;
  b->room = (uint64_t *)keep_pinned(r, b->room, &b->room_size, used * 8 + 8);
  if (!k->read(r->device, copies, b->room, b->room_at, used * 8) || !k->wait(r->device, copies)) return false;
  *out = (BatchOutput){(const ItemResult *)(b->got + 1), b->room};
  if (!all_done(r, out, b->nitems)) return false;
  count_items(r, out, b->nitems);
  return true;
}

CallOutcome device_run_take(DeviceRun *r, uint32_t program, const BatchOutput *out, const BatchCall *call) {
  Execution *x = r->x[program];
  const BatchProgram *p = &r->shared.programs[program];
  CallOutcome outcome = {call->error, call->line, call->nops, false, 0};
  vm_reset(r->vm, r->shared.import_base);
  if (call->units > r->vm->limit - r->vm->top) return (CallOutcome){ERR_LIMIT + LIMIT_MEMORY, 0, 0, true, 0};
  const Value *values = (const Value *)out->room + call->at;
  memcpy(r->vm->base + (size_t)r->vm->top * 8, values, call->units * 8);
  r->vm->top += (uint32_t)call->units;
  if (call->error != ERR_COUNT) return outcome;
  if (p->program.whole) outcome.result = values[0];
  else
    for (uint32_t i = 0; i < p->nwanted; i++) x->values[p->wanted[i]] = values[i];
  return outcome;
}
