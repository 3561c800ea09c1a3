/* memo.h - run-time sharing: immutable values interned by exact structure, pure calls remembered.
 *
 * Exact structure: type for type (True is not 1), floats and functions by identity, sets by their tables (equal sets
 * with other histories iterate differently, so they are not the same). Two canonical values are the
 * same word exactly when nothing in a program could tell them apart but `is`, and `&` of a set with
 * itself: those raise vm->identity_doubt, and the op is made again without sharing (execute.c). A call of a function on
 * canonical arguments then is a key of a few words.
 *
 * Both tables are open addressing with a log of insertions: memo_reset takes the newest ones out again,
 * in reverse, together with the arena that their values live in. */
#ifndef BATTC_MEMO_H
#define BATTC_MEMO_H

#include "builtin.h"
#include "vm.h"

typedef struct Memo Memo;

enum { MEMO_MAX_ARGS = 6 };

/* What is known about the calls of one function: whether remembering them pays. */
typedef struct {
  uint32_t calls, hits; /* since the last decision */
  uint64_t steps;       /* of the calls that were run */
  uint32_t pause;       /* calls to let pass unremembered */
} MemoStat;

/* Host. Owned by the caller; vm->memo points to it. NULL: no memory. */
Memo *memo_new(uint32_t nfunctions);
void memo_free(Memo *memo);

typedef struct {
  uint32_t values, calls, keys;
} MemoMark;

/* A level: what is interned from here on is younger, and goes with memo_reset(mark). Values of
 * lower levels are not made to refer to younger ones. */
MemoMark memo_mark(const Memo *memo);
void memo_reset(Memo *memo, MemoMark mark);
void memo_set_floor(Memo *memo, uint32_t arena_mark);

/* The canonical word of v, or 0: v is mutable or holds something mutable. No exception is raised. */
FN Value memo_canonical(Vm *vm, Value v);

typedef enum { MEMO_HIT, MEMO_MISS, MEMO_SKIP } MemoStatus;

/* Looks the call of `callee` (KIND_FUNC or KIND_GUARD of function fid) up. HIT: *value is the result.
 * MISS: run it with args[0..nargs), now canonical, and give the result to memo_fill with *entry.
 * SKIP: run it as if nothing were; args are as they were. */
FN MemoStatus memo_find(Vm *vm, Value callee, uint32_t fid, const Value *given, uint32_t nargs, Value *args,
                        Value *value, uint32_t *entry);
/* The result of a remembered call, which used `steps` steps and reached `need` Python frames above its
 * caller. Gives the canonical result, or v itself where it cannot be shared. */
FN Value memo_fill(Vm *vm, uint32_t entry, Value v, uint64_t steps, uint32_t need);

typedef struct {
  uint64_t calls, hits, interned;
} MemoCounts;
MemoCounts memo_counts(const Memo *memo);

#endif
