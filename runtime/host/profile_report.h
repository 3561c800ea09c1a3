/* profile_report.h - a profile as tables, as JSON, and as a page that shows the program. */
#ifndef BATTC_PROFILE_REPORT_H
#define BATTC_PROFILE_REPORT_H

#include "profile.h"

/* Numbers of ops (Profile.ops), and of functions that were called or seen, by falling time, then in
 * order. The caller frees. */
uint32_t *profile_sort_ops(const Profile *p, uint32_t *n);
uint32_t *profile_sort_functions(const Profile *p, uint32_t *n);

uint32_t profile_program_of(const Profile *p, uint32_t op); /* number of the program that an op is of */
const ProgramOp *profile_op(const Profile *p, uint32_t op);
void profile_op_name(Buffer *b, const Profile *p, uint32_t op); /* "t7", "t4, t5" */
uint64_t profile_saved_ns(const FunctionProfile *f); /* estimated: what the shared calls would have cost */
/* "TypeError 12, limit 3", the most frequent first, at most `most` of them; nothing where there are none. */
void profile_errors(Buffer *b, const uint32_t *errors, int most);

void profile_print(FILE *to, const Profile *p);
void profile_json_ops(Buffer *b, const Profile *p); /* a list of objects */
void profile_json(Buffer *b, const Profile *p); /* one object */
bool profile_html_write(const char *path, const Profile *p); /* false after a message */

#endif
