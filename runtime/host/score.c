/* score.c - which candidate solved which task. */
#include "score.h"

#include <stdlib.h>
#include <string.h>

#include "../object.h"
#include "buffer.h"
#include "result.h"

enum { NAME_ITEM = 2, MAX_NAME = 200 };

void board_free(Board *b) {
  for (uint32_t i = 0; i < b->ncandidates; i++) free(b->candidates[i].name);
  free(b->candidates);
  free(b->solves);
  free(b->hits);
  memset(b, 0, sizeof *b);
}

static Candidate *candidate_at(Board *b, uint32_t i) {
  while (b->ncandidates <= i) {
    b->candidates = (Candidate *)host_grow(b->candidates, b->ncandidates, &b->candidates_cap, sizeof *b->candidates);
    b->hits = (uint32_t *)host_grow(b->hits, b->ncandidates, &b->hits_cap, sizeof *b->hits);
    memset(&b->candidates[b->ncandidates], 0, sizeof *b->candidates);
    b->hits[b->ncandidates++] = 0;
  }
  return &b->candidates[i];
}

static void name_candidate(Candidate *c, const char *name, size_t len) {
  if (c->name || !len) return;
  if (len > MAX_NAME) len = MAX_NAME;
  c->name = (char *)host_alloc(len + 1);
  memcpy(c->name, name, len);
  c->name[len] = '\0';
}

void board_begin_task(Board *b) {
  if (b->ncandidates) memset(b->hits, 0, b->ncandidates * sizeof *b->hits);
}

/* The item of candidate i: its last value against the expected one. */
static void score_item(Board *b, Vm *vm, const Value *items, uint32_t n, uint32_t i, Value expected) {
  if (n == 0) return;
  Candidate *c = candidate_at(b, i);
  if (n > NAME_ITEM + 1 && is_kind(items[NAME_ITEM], KIND_STR))
    name_candidate(c, as_str(vm, items[NAME_ITEM])->bytes, as_str(vm, items[NAME_ITEM])->len);
  Value v = items[n - 1];
  if (!v || is_kind(v, KIND_LIMIT) || value_eq(vm, v, expected) != 1) return;
  b->hits[i]++;
  c->matched++;
}

static void score_outputs(Board *b, const Execution *x, Value expected) {
  const Program *p = x->program;
  uint32_t position = 0;
  for (uint32_t i = 0; i < p->noutputs; i++) {
    if (p->outputs[i].list != 0) continue;
    Value items[NAME_ITEM + 2];
    uint32_t n = p->outputs[i].nitems, kept = n < NAME_ITEM + 2 ? n : NAME_ITEM + 2;
    for (uint32_t k = 0; k < kept; k++) {
      Operand o = p->operands[p->outputs[i].items + (k + 1 == kept ? n - 1 : k)];
      items[k] = o >= 0 ? x->values[o] : p->consts[~o];
    }
    score_item(b, x->vm, items, kept, position++, expected);
  }
}

static void score_list(Board *b, Vm *vm, Value first, Value expected) {
  const List *list = as_list(vm, first);
  for (uint32_t i = 0; i < list->len; i++) {
    Value item = list_items(vm, list)[i];
    if (!is_tuple(item)) score_item(b, vm, &item, 1, i, expected);
    else score_item(b, vm, as_tuple(vm, item)->items, tuple_head(vm, item)->len, i, expected);
  }
}

void board_call(Board *b, const Execution *x, const CallOutcome *outcome, Value expected, uint32_t number) {
  Value first, second;
  const Program *p = x->program;
  if (p->is_entry) name_candidate(candidate_at(b, number), p->entry, strlen(p->entry));
  if (outcome->error != ERR_COUNT) return;
  if (p->is_entry) score_item(b, x->vm, &outcome->result, 1, number, expected);
  else if (!p->whole) score_outputs(b, x, expected);
  else if (result_is_lists(x->vm, outcome->result, &first, &second)) score_list(b, x->vm, first, expected);
}

static void add_solve(Board *b, uint32_t candidate, uint32_t unit) {
  b->solves = (Solve *)host_grow(b->solves, b->nsolves, &b->solves_cap, sizeof *b->solves);
  b->solves[b->nsolves++] = (Solve){.unit = unit, .candidate = candidate};
  b->candidates[candidate].solved++;
}

void board_pass(Board *b, const Program *program, uint32_t number, uint32_t unit) {
  name_candidate(candidate_at(b, number), program->entry, strlen(program->entry));
  add_solve(b, number, unit);
}

void board_end_task(Board *b, const Task *task, uint32_t unit) {
  uint32_t expected = 0;
  for (uint32_t i = 0; i < task_samples(task); i++) expected += task->samples[i].output.h != 0;
  for (uint32_t i = 0; expected && i < b->ncandidates; i++)
    if (b->hits[i] == expected) add_solve(b, i, unit);
}

void board_add_hits(Board *into, const Board *from) {
  for (uint32_t i = 0; i < from->ncandidates; i++) {
    candidate_at(into, i);
    into->hits[i] += from->hits[i];
  }
}

void board_merge(Board *into, const Board *from) {
  for (uint32_t i = 0; i < from->ncandidates; i++) {
    const Candidate *c = &from->candidates[i];
    Candidate *d = candidate_at(into, i);
    if (c->name) name_candidate(d, c->name, strlen(c->name));
    d->matched += c->matched;
  }
  for (uint32_t i = 0; i < from->nsolves; i++) add_solve(into, from->solves[i].candidate, from->solves[i].unit);
}

static int compare_solves(const void *a, const void *b) {
  const Solve *x = (const Solve *)a, *y = (const Solve *)b;
  if (x->unit != y->unit) return x->unit < y->unit ? -1 : 1;
  return x->candidate < y->candidate ? -1 : x->candidate > y->candidate;
}

void board_sort(Board *b) {
  if (b->nsolves) qsort(b->solves, b->nsolves, sizeof *b->solves, compare_solves);
}
