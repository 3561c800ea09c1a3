/* batch.c - see batch.h. */
#include "batch.h"

#include "../interp.h"
#include "../kernels/location_set.h"
#include "../object.h"

/* ---- a warp's slab ---- */

static FN void place_tables(WarpState *w, uint8_t *slab, const WarpLayout *l) {
  Execution *x = &w->x;
  x->values = (Value *)(slab + l->values);
  x->unshared = (Value *)(slab + l->unshared);
  x->known = slab + l->known;
  x->wanted = slab + l->wanted;
  x->errors = (uint32_t *)(slab + l->errors);
  x->uncaught = slab + l->uncaught;
  x->lines = (uint32_t *)(slab + l->lines);
  x->given = (KnownValue *)(slab + l->given);
  x->op_ticks = l->op_ticks ? (uint64_t *)(slab + l->op_ticks) : NULL;
}

static FN void place_machine(WarpState *w, uint8_t *slab, const Shared *shared) {
  const WarpLayout *l = &shared->layout;
  Vm *vm = &w->vm;
  vm->base = slab + l->arena;
  vm->limit = l->arena_limit;
  vm->rooms_top = vm->rooms_end = l->arena_end;
  vm->latest_room = 0;
  vm->image = &shared->image;
  vm->frames = (Frame *)(slab + l->frames);
  vm->max_frames = l->max_frames;
  vm->stack = (Value *)(slab + l->stack);
  vm->stack_size = l->stack_size;
  vm->workspace = (struct Workspace *)(slab + l->workspace);
  vm->workspace->large_shapes.room = l->ranks;
  vm->warp = &w->warp;
  workspace_lanes(vm);
  vm->max_steps = shared->max_steps;
  if (vm->memo) memo_at(vm, slab + l->memo);
}

/* Words copied or zeroed by all lanes. */
static FN void copy_words(uint64_t *to, const uint64_t *from, uint64_t bytes, uint32_t lane) {
  for (uint64_t i = lane; i < bytes / 8; i += WARP_LANES) to[i] = from[i];
}
static FN void zero_words(uint64_t *to, uint64_t bytes, uint32_t lane) {
  for (uint64_t i = lane; i < bytes / 8; i += WARP_LANES) to[i] = 0;
}

/* The state of an image that no program has touched. Every lane calls it. */
static FN void copy_image(uint8_t *slab, const Shared *shared, uint32_t lane) {
  const WarpLayout *l = &shared->layout;
  copy_words((uint64_t *)(slab + l->arena), (const uint64_t *)(shared->first_state + l->copied), l->arena_copied, lane);
}

/* ---- programs ---- */

static FN void load_program(WarpState *w, uint32_t number) {
  const Shared *shared = w->shared;
  const BatchProgram *p = &shared->programs[number];
  Execution *x = &w->x;
  Vm *vm = &w->vm;
  x->program = &p->program;
  x->vm = vm;
  x->order = p->order;
  x->steps = NULL;
  x->op_of_slot = p->op_of_slot;
  for (int i = 0; i < 6; i++) x->first[i] = p->first[i];
  vm_reset(vm, shared->image_top);
  vm->floor = shared->image_top;
  if (vm->memo) memo_reset(vm, shared->image_memo);
  x->snapshot = NULL;
  x->odd = x->in_order = false;
  if (shared->image.impure)
    copy_bytes(&w->warp, vm->base, shared->first_state + shared->layout.copied, (size_t)shared->image_top * 8);
  for (uint32_t i = 0; i < p->program.nops; i++) x->known[i] = x->uncaught[i] = 0, x->errors[i] = ERR_COUNT;
  for (uint32_t i = 0; x->op_ticks && i < p->program.nops; i++) x->op_ticks[i] = 0;
  exec_start(x);
  /* Ops of such an image are all of the call, so that the image is what every sample starts with. */
  if (shared->image.impure) x->snapshot = shared->first_state + shared->layout.copied;
  w->program = number + 1;
}

/* ---- results ---- */

static FN bool leave(ItemResult *r, uint32_t why) {
  r->state = ITEM_LEFT;
  r->why = why;
  return false;
}

static FN void note_failure(const Execution *x, ItemResult *r) {
  for (uint32_t i = 0; i < x->program->nops && !r->failed_op; i++)
    if (x->errors[i] != ERR_COUNT) r->failed_op = i + 1, r->failed_error = x->errors[i];
}

/* The values that are wanted in a row at the top of the arena. */
static FN Value *gather_wanted(WarpState *w, const CallOutcome *out, uint32_t *n) {
  const BatchProgram *p = &w->shared->programs[w->program - 1];
  *n = p->program.whole ? 1 : p->nwanted;
  uint32_t offset = arena_alloc(&w->vm, (*n + 1) * sizeof(Value));
  if (!offset) return NULL;
  Value *row = (Value *)arena_at(&w->vm, offset);
  if (p->program.whole) row[0] = out->result;
  for (uint32_t i = 0; !p->program.whole && i < *n; i++) row[i] = w->x.values[p->wanted[i]];
  return row;
}

/* Copied in the rest of the arena first: how much it is shows when it is done. */
static FN bool send_values(WarpState *w, Batch *b, const CallOutcome *out, ItemResult *r, BatchCall *call) {
  Vm *vm = &w->vm;
  uint32_t n;
  const Value *row = gather_wanted(w, out, &n);
  uint32_t room = arena_alloc(vm, sizeof(Export));
  if (!row || !room) return leave(r, LEFT_OBJECT);
  Export *e = (Export *)arena_at(vm, room);
  e->vm = vm;
  e->keep = w->shared->image_top;
  e->base = w->shared->import_base;
  export_start(e, (uint64_t *)arena_at(vm, vm->top), vm->limit - vm->top);
  if (!export_values(e, row, n)) return leave(r, LEFT_OBJECT);
  call->units = e->used;
  call->at = counter_add(&b->room_used, e->used);
  if (call->at + e->used > b->room_units) return leave(r, LEFT_ROOM);
  copy_bytes(&w->warp, b->room + call->at, e->to, e->used * 8);
  return true;
}

static FN bool end_call(WarpState *w, Batch *b, const CallOutcome *out, ItemResult *r) {
  BatchCall *call = &r->calls[r->ncalls];
  if (exec_stopped(&w->x)) return leave(r, LEFT_LAST);
  if (out->limited || is_limit_error(out->error)) return leave(r, LEFT_LIMIT);
  if (!w->x.program->whole) note_failure(&w->x, r);
  call->error = out->error;
  call->line = out->line;
  call->nops = out->nops;
  call->at = call->units = 0;
  uint32_t mark = vm_mark(&w->vm);
  bool ok = out->error != ERR_COUNT || send_values(w, b, out, r, call);
  vm_reset(&w->vm, mark);
  r->ncalls += ok;
  return ok;
}

/* ---- one item ---- */

static FN bool run_calls(WarpState *w, Batch *b, const SampleValues *v, ItemResult *r) {
  Execution *x = &w->x;
  exec_begin_sample(x, v->input);
  CallOutcome first = exec_call(x, V_NONE);
  if (!end_call(w, b, &first, r)) return false;
  if (!w->shared->both_calls || !w->shared->programs[w->program - 1].second || !v->output) return true;
  CallOutcome second = exec_call(x, v->output);
  return end_call(w, b, &second, r);
}

static FN bool run_item(WarpState *w, Batch *b, const BatchItem *item, ItemResult *r) {
  const Task *task = &b->tasks[item->task];
  Execution *x = &w->x;
  Vm *vm = &w->vm;
  SampleValues v;
  if (w->program != item->program + 1) load_program(w, item->program);
  exec_reset_to_program(x);
  Value id = new_str(vm, task->id, text_len(task->id));
  Value samples = id ? samples_value(vm, task) : 0;
  if (!samples) return leave(r, LEFT_INPUT);
  exec_begin_task(x, id, samples);
  exec_reset_to_task(x);
  if (!sample_values(vm, task, samples, item->sample, &v)) return leave(r, LEFT_INPUT);
  return run_calls(w, b, &v, r);
}

/* What the item took, to the sums of all warps. */
static FN void add_ticks(WarpState *w, uint64_t ticks) {
  const Shared *shared = w->shared;
  const BatchProgram *p = &shared->programs[w->program - 1];
  for (uint32_t i = 0; i < p->program.nops; i++) {
    if (w->x.op_ticks[i]) counter_add(&shared->ticks[p->first_op + i], w->x.op_ticks[i]);
    w->x.op_ticks[i] = 0;
  }
  counter_add(&shared->ticks[shared->nticks - 1], ticks);
}

FN void batch_item(WarpState *w, Batch *b) {
  uint32_t item = b->queue[w->taken];
  ItemResult *r = &b->results[item];
  uint64_t from = tick_count();
  __builtin_memset(r, 0, sizeof *r); /* all of it goes out */
  r->warp = w->number;
  w->vm.interrupt = &b->last;
  if (run_item(w, b, &b->items[item], r)) r->state = ITEM_DONE;
  r->ticks = tick_count() - from;
  if (w->x.op_ticks) add_ticks(w, r->ticks);
}

/* ---- warps ---- */

static FN void start_warp(uint8_t *slab, const Shared *shared, uint32_t number, uint32_t lane) {
  const WarpLayout *l = &shared->layout;
  uint64_t kept = sizeof(Warp); /* of the lanes, which use it already */
  copy_words((uint64_t *)(slab + kept), (const uint64_t *)(shared->first_state + kept), l->copied - kept, lane);
  copy_image(slab, shared, lane);
  zero_words((uint64_t *)(slab + l->values), l->frames - l->values, lane);
  WarpState *w = (WarpState *)slab;
  warp_sync(&w->warp);
  if (lane) return;
  w->shared = shared;
  w->number = number;
  w->program = 0;
  place_tables(w, slab, l);
  place_machine(w, slab, shared);
}

FN void batch_warp(uint8_t *slab, const Shared *shared, Batch *b, uint32_t number, uint32_t lane) {
  WarpState *w = (WarpState *)slab;
  start_warp(slab, shared, number, lane);
  for (;;) {
    if (!lane) w->taken = counter_add(&b->taken, 1);
    warp_sync(&w->warp);
    if (w->taken >= b->nitems) break;
    if (lane) {
      warp_serve(&w->warp, lane);
    } else {
      batch_item(w, b);
      warp_end(&w->warp);
    }
  }
  if (!lane && b->last_at && w->taken >= b->last_at) *(volatile int *)&b->last = 1;
}
