/* memo.h - run-time sharing: immutable values interned by exact structure, pure calls remembered.
 *
 * Exact structure: type for type (True is not 1), floats and functions by identity, sets by their tables (equal sets
 * with other histories iterate differently, so they are not the same). Two canonical values are the
 * same word exactly when nothing in a program could tell them apart but `is`, and `&` of a set with
 * itself: those raise vm->identity_doubt, and the op is made again without sharing (execute.c). A call of a function on
 * canonical arguments then is a key of a few words.
 *
 * Both tables are open addressing with a log of insertions: memo_reset takes the newest ones out again,
 * together with the arena that their values live in. */
#ifndef BATTC_MEMO_H
#define BATTC_MEMO_H

#include "builtin.h"
#include "vm.h"

typedef struct Memo Memo;

enum { MEMO_MAX_ARGS = 5 };

/* Host. For the functions of vm's image, whose pairs and cells (cells.h) become canonical. Owned by the caller, who
 * sets vm->memo. NULL: no memory. */
Memo *memo_new(Vm *vm);
void memo_free(Memo *memo);

/* The same in memory of the caller's, so many bytes at a multiple of 64, which can be copied: memo_at makes it whole
 * where it lies. It does not grow; what finds no room is not shared. memo_fixed is host, false: m is too large. */
size_t memo_fixed_size(const Memo *m);
bool memo_fixed(void *memory, const Memo *m);
FN void memo_at(Vm *vm, void *memory); /* sets vm->memo */

typedef struct {
  uint32_t values, calls;
} MemoMark;

/* A level: what is interned from here on is younger, and goes with memo_reset(mark). Values of
 * lower levels are not made to refer to younger ones. */
FN MemoMark memo_mark(const Memo *memo);
FN void memo_reset(Vm *vm, MemoMark mark); /* vm->memo */

/* Forgets what is younger than the mark and has, or was remembered of, a value for which lives(of, v) says no. Calls that are being
 * run are among the first `numbered`, 0 if there are none; where there are, only so many of the others stay. Host. */
void memo_keep(Memo *memo, MemoMark mark, uint32_t numbered, bool (*lives)(const void *of, Value v), const void *of);
/* Gives memory back that much larger tables have taken. Host. */
void memo_trim(Memo *memo);

/* Can neither v nor what it holds change? Needs no memo. */
FN bool memo_may_share(const Vm *vm, Value v);
/* The canonical word of v, or 0: v is mutable or holds something mutable, or is nested too deep. No
 * exception is raised. */
FN Value memo_intern(Vm *vm, Value v);
FN_INLINE Value memo_canonical(Vm *vm, Value v) {
  if (!is_heap(v) || (is_tuple(v) && tuple_head(vm, v)->canon & CANON_INTERNED)) return v;
  if (is_kind(v, KIND_FROZENSET) && as_set(vm, v)->canon & CANON_INTERNED) return v;
  return is_kind(v, KIND_FUNC) && as_func(vm, v)->sharing == FUNC_SHARED ? v : memo_intern(vm, v);
}

enum { MEMO_HEADROOM = 20 }; /* frames below the recursion limit where depth may show in values */

typedef enum { MEMO_HIT, MEMO_MISS, MEMO_SKIP } MemoStatus;

/* A remembered call that is being run. */
typedef struct {
  uint32_t entry;   /* + 1; 0: the call is not remembered */
  uint64_t started; /* ticks, 0: not measured */
} MemoRun;

/* Looks the call of `callee` (KIND_FUNC or KIND_GUARD of function fid) up. HIT: *value is the result.
 * MISS: run it with args[0..nargs), now canonical, and give the result to memo_fill with *run.
 * SKIP: run it as if nothing were; args are as they were. */
FN MemoStatus memo_find(Vm *vm, Value callee, uint32_t fid, const Value *given, uint32_t nargs, Value *args,
                        Value *value, MemoRun *run);
/* The result of a remembered call, which reached `need` Python frames above its caller. Gives what
 * stands for the result from here on: the canonical value, or v itself. */
FN Value memo_fill(Vm *vm, MemoRun run, Value v, uint32_t need);

/* For a profile: of one function (in ops, and called by other functions), or of all. */
typedef struct {
  uint64_t hits, misses, skipped; /* skipped: calls that were not looked up */
} MemoCounts;
MemoCounts memo_counts(const Memo *memo);
MemoCounts memo_counts_of(const Memo *memo, uint32_t fid);
uint64_t memo_interned(const Memo *memo);

#endif
