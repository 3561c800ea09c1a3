/* why_trace.c - the exceptions of one op, from where they are raised to where they end. */
#include "why.h"

#include "interp.h"

#include <stdlib.h>
#include <string.h>

/* Functions that Python has no frame for have no place of their own. */
static bool has_place(const Function *fn) { return fn->line && fn->file[0] != '<'; }

static void note_places(WhyError *e, const Vm *vm) {
  e->places = (WhyPlace *)host_alloc((vm->nframes + 1) * sizeof *e->places);
  e->nplaces = 0;
  for (uint32_t i = 0; i < vm->nframes; i++) {
    const Frame *f = &vm->frames[i];
    if (has_place(f->fn)) e->places[e->nplaces++] = (WhyPlace){f->fn, f->fn->code[f->pc].line};
  }
}

static bool same_error(const WhyError *a, const WhyError *b) {
  if (a->cls != b->cls || a->end != b->end || a->by != b->by || a->below != b->below || a->nplaces != b->nplaces) return false;
  if (!a->nplaces) return true;
  const WhyPlace *x = &a->places[a->nplaces - 1], *y = &b->places[b->nplaces - 1];
  return x->fn == y->fn && x->line == y->line;
}

static void close_error(WhyTrace *t, WhyEnd end, const Function *by, uint32_t below) {
  WhyError *e = &t->current;
  e->end = end;
  e->by = by;
  e->below = below;
  t->open = false;
  for (uint32_t i = 0; i < t->nerrors; i++)
    if (same_error(&t->errors[i], e)) {
      t->errors[i].count++;
      free(e->places);
      return;
    }
  if (t->nerrors == WHY_ERRORS) {
    t->dropped++;
    free(e->places);
  } else {
    t->errors[t->nerrors++] = *e;
  }
}

static void open_error(WhyTrace *t, const Vm *vm) {
  t->current = (WhyError){.cls = vm->error, .count = 1};
  note_places(&t->current, vm);
  t->open = true;
  t->at = vm->nframes;
}

/* One that goes on is seen again with fewer frames each time. */
static void see_raised(WhyTrace *t, const Vm *vm) {
  if (t->open && vm->nframes < t->at) t->at = vm->nframes;
  else {
    if (t->open) close_error(t, END_CAUGHT, NULL, vm->nframes);
    open_error(t, vm);
  }
}

/* What became of one that a handler had. True: it was raised again, and this event was that. */
static bool leave_handler(WhyTrace *t, const Vm *vm, WatchEvent event) {
  bool again = event == WATCH_RAISED && vm->error_line && !vm->error_fn && vm->nframes == t->at;
  if (!again) close_error(t, END_CAUGHT, t->caught, t->at);
  t->caught = NULL;
  return again;
}

static void on_event(VmWatch *watch, const Vm *vm, WatchEvent event, Value guard) {
  WhyTrace *t = (WhyTrace *)watch;
  if (vm->op != t->op || (t->caught && leave_handler(t, vm, event))) return;
  if (event == WATCH_RAISED) {
    see_raised(t, vm);
    return;
  }
  if (!t->open) open_error(t, vm); /* the callee could not be called */
  if (event == WATCH_CAUGHT) {
    t->caught = vm_frame(vm)->fn;
    t->at = vm->nframes;
  } else {
    const Func *func = (const Func *)heap_of(vm, as_guard(vm, guard)->func);
    close_error(t, END_GUARD, &vm->image->functions[func->fid], vm->nframes);
  }
}

void why_trace_begin(WhyTrace *t, uint32_t op) {
  memset(t, 0, sizeof *t);
  t->watch.event = on_event;
  t->op = op;
}

void why_trace_finish(WhyTrace *t) {
  if (t->open) close_error(t, t->caught ? END_CAUGHT : END_LEFT, t->caught, t->caught ? t->at : 0);
  t->caught = NULL;
}

void why_trace_clear(WhyTrace *t) {
  if (t->open) free(t->current.places);
  for (uint32_t i = 0; i < t->nerrors; i++) free(t->errors[i].places);
  why_trace_begin(t, t->op);
}
