#include "values.h"

START_TEST(offsets_are_never_zero_and_aligned) {
  uint32_t a = arena_alloc(vm, 1), b = arena_alloc(vm, 9), c = arena_alloc(vm, 8);
  ck_assert_uint_ne(a, 0);
  ck_assert_uint_eq(b, a + 1);
  ck_assert_uint_eq(c, b + 2);
  ck_assert_uint_eq((uintptr_t)arena_at(vm, a) % 8, 0);
}
END_TEST

START_TEST(the_end_is_a_memory_limit) {
  uint32_t left = vm->limit - vm->top;
  ck_assert_uint_ne(arena_alloc(vm, (size_t)left * 8), 0);
  ck_assert_uint_eq(arena_alloc(vm, 8), 0);
  ck_assert_uint_eq(vm->error, ERR_LIMIT + LIMIT_MEMORY);
  ck_assert_uint_eq(arena_alloc(vm, SIZE_MAX - 8), 0);
  ck_assert_uint_eq(new_set(vm, KIND_SET), 0);
  ck_assert_uint_eq(new_list(vm, 1), 0);
  ck_assert_uint_eq(new_dict(vm), 0);
  ck_assert_uint_eq(new_tuple(vm, 1), 0);
}
END_TEST

START_TEST(a_mark_drops_what_came_after) {
  uint32_t mark = vm_mark(vm);
  uint32_t a = arena_alloc(vm, 64);
  vm_reset(vm, mark);
  ck_assert_uint_eq(arena_alloc(vm, 64), a);
}
END_TEST

START_TEST(singletons) {
  ck_assert_uint_eq(new_tuple(vm, 0), image.empty_tuple);
  ck_assert(as_float(vm, image.nan)->value != as_float(vm, image.nan)->value);
  ck_assert(as_float(vm, image.inf)->value > 1e308);
  ck_assert_uint_eq(as_set(vm, image.empty_frozenset)->used, 0);
}
END_TEST

START_TEST(a_new_machine_is_idle) {
  ck_assert_uint_eq(vm->depth_limit, 1000);
  ck_assert_uint_ge(vm->max_frames, 2 * vm->depth_limit);
  ck_assert_uint_eq(vm->nframes, 0);
  ck_assert_uint_eq(vm->depth, 0);
  vm_free(NULL);
}
END_TEST

START_TEST(error_masks_hold_subclasses) {
  ErrorMask lookup = error_mask(ERR_LookupError);
  ck_assert(lookup >> ERR_IndexError & 1);
  ck_assert(lookup >> ERR_KeyError & 1);
  ck_assert(!(lookup >> ERR_TypeError & 1));
  ErrorMask all = error_mask(ERR_Exception);
  ck_assert(all >> ERR_UnboundLocalError & 1);
  ck_assert(all >> ERR_RecursionError & 1);
  ck_assert(!(all >> ERR_KeyboardInterrupt & 1));
  ck_assert_uint_eq(error_mask(ERR_BaseException), ((ErrorMask)1 << ERR_COUNT) - 1);
  ck_assert_uint_eq(error_mask(ERR_KeyError), (ErrorMask)1 << ERR_KeyError);
}
END_TEST

START_TEST(error_names) {
  ck_assert_str_eq(error_name(ERR_ZeroDivisionError), "ZeroDivisionError");
  ck_assert_str_eq(error_name(ERR_LIMIT + LIMIT_STEPS), "limit steps");
  ck_assert_int_eq(error_by_name("StopIteration"), ERR_StopIteration);
  ck_assert_int_eq(error_by_name("IOError"), ERR_OSError);
  ck_assert_int_eq(error_by_name("Type"), -1);
  ck_assert_int_eq(error_by_name(""), -1);
}
END_TEST

START_TEST(raising_forgets_the_last_error) {
  vm->error_line = 7;
  vm->error_value = V_NONE;
  ck_assert_int_eq(raise_int(vm, ERR_KeyError), -1);
  ck_assert_uint_eq(vm->error, ERR_KeyError);
  ck_assert_uint_eq(vm->error_line, 0);
  ck_assert_uint_eq(vm->error_value, 0);
  ck_assert(!raise_false(vm, ERR_RecursionError));
  ck_assert_uint_eq(vm->error, ERR_RecursionError);
}
END_TEST

int main(void) {
  const TTest *tests[] = {offsets_are_never_zero_and_aligned, the_end_is_a_memory_limit,
                          a_mark_drops_what_came_after, singletons, a_new_machine_is_idle,
                          error_masks_hold_subclasses, error_names, raising_forgets_the_last_error};
  return RUN("arena", tests);
}
