/* profile_report.c - a profile's tables for a terminal, and as JSON. */
#include "profile_report.h"

#include <stdlib.h>
#include <string.h>

#include "../object.h"
#include "source_lines.h"

enum { LISTED_OPS = 25, LISTED_FUNCTIONS = 40, OP_WIDTH = 60 };

/* ---- order ---- */

typedef struct {
  uint64_t ns, calls;
  uint32_t number;
} Ranked;

static int by_cost(const void *a, const void *b) {
  const Ranked *x = (const Ranked *)a, *y = (const Ranked *)b;
  if (x->ns != y->ns) return x->ns < y->ns ? 1 : -1;
  if (x->calls != y->calls) return x->calls < y->calls ? 1 : -1;
  return x->number < y->number ? -1 : x->number > y->number;
}

static uint32_t *ranked_numbers(Ranked *rows, uint32_t n) {
  qsort(rows, n, sizeof *rows, by_cost);
  uint32_t *numbers = (uint32_t *)host_alloc((n + 1) * sizeof *numbers);
  for (uint32_t i = 0; i < n; i++) numbers[i] = rows[i].number;
  free(rows);
  return numbers;
}

uint32_t *profile_sort_ops(const Profile *p, uint32_t *n) {
  *n = p->first_op[p->nprograms];
  Ranked *rows = (Ranked *)host_alloc((*n + 1) * sizeof *rows);
  for (uint32_t i = 0; i < *n; i++) rows[i] = (Ranked){p->ops[i].ns, 0, i};
  return ranked_numbers(rows, *n);
}

uint32_t *profile_sort_functions(const Profile *p, uint32_t *n) {
  Ranked *rows = (Ranked *)host_alloc((p->image->nfunctions + 1) * sizeof *rows);
  *n = 0;
  for (uint32_t i = 0; i < p->image->nfunctions; i++) {
    const FunctionProfile *f = &p->functions[i];
    if (f->counts.calls || f->counts.shared || f->total_ns) rows[(*n)++] = (Ranked){f->self_ns, f->counts.calls, i};
  }
  return ranked_numbers(rows, *n);
}

/* ---- parts ---- */

uint32_t profile_program_of(const Profile *p, uint32_t op) {
  uint32_t low = 0, high = p->nprograms; /* first_op[low] <= op < first_op[high] */
  while (high - low > 1) {
    uint32_t middle = low + (high - low) / 2;
    if (p->first_op[middle] <= op) low = middle;
    else high = middle;
  }
  return low;
}

const ProgramOp *profile_op(const Profile *p, uint32_t op) {
  uint32_t program = profile_program_of(p, op);
  return &p->programs[program].ops[op - p->first_op[program]];
}

void profile_op_name(Buffer *b, const Profile *p, uint32_t op) {
  const Program *program = &p->programs[profile_program_of(p, op)];
  const ProgramOp *o = profile_op(p, op);
  for (uint32_t i = 0; i < o->ndst; i++) {
    Value name = program->slot_names[o->dst + i];
    if (i) buffer_text(b, ", ");
    if (name) buffer_text(b, as_str(p->vm, name)->bytes);
    else buffer_format(b, "%%%u", o->dst + i);
  }
}

uint64_t profile_saved_ns(const FunctionProfile *f) {
  return f->counts.calls ? (uint64_t)((double)f->total_ns / (double)f->counts.calls * (double)f->counts.shared) : 0;
}

static const char *error_text(int error) { return error < ERR_COUNT ? error_name((uint32_t)error) : "limit"; }

void profile_errors(Buffer *b, const uint32_t *errors, int most) {
  uint32_t below = UINT32_MAX;
  int last = -1;
  for (int listed = 0; listed < most; listed++) {
    int next = -1;
    for (int e = 0; e < PROFILE_ERRORS; e++) {
      bool later = errors[e] < below || (errors[e] == below && e > last);
      if (errors[e] && later && (next < 0 || errors[e] > errors[next])) next = e;
    }
    if (next < 0) return;
    buffer_format(b, "%s%s %u", listed ? ", " : "", error_text(next), errors[next]);
    below = errors[next];
    last = next;
  }
}

static double seconds(uint64_t ns) { return (double)ns * 1e-9; }
static double share(const Profile *p, uint64_t ns) { return p->total_ns ? 100 * (double)ns / (double)p->total_ns : 0; }

/* ---- tables ---- */

static void print_phases(FILE *to, const Profile *p) {
  for (int i = 0; i < PHASE_COUNT; i++)
    fprintf(to, "  %9.4f s %5.1f %%  %s\n", seconds(p->phase_ns[i]), share(p, p->phase_ns[i]), profile_phase_text((ProfilePhase)i));
}

/* The line of an op; its names where there is no text. */
static void op_text(Buffer *b, const Profile *p, uint32_t op, const SourceLines *source) {
  source_line_text(b, source, profile_op(p, op)->line, OP_WIDTH);
  if (!b->len) profile_op_name(b, p, op);
}

static void print_ops(FILE *to, const Profile *p) {
  uint32_t n, *order = profile_sort_ops(p, &n);
  SourceLines source = source_lines(p->programs[0].file);
  fprintf(to, "%sby op (%u of %u):\n    seconds   share      calls   line  op, and what its calls raised\n", p->device ? "in kernels " : "", n < LISTED_OPS ? n : LISTED_OPS, n);
  for (uint32_t i = 0; i < n && i < LISTED_OPS; i++) {
    const OpProfile *o = &p->ops[order[i]];
    Buffer text = {0}, errors = {0};
    op_text(&text, p, order[i], &source);
    profile_errors(&errors, o->errors, 3);
    if (errors.len) buffer_format(&text, "  %.*s", (int)errors.len, errors.data);
    buffer_free(&errors);
    fprintf(to, "  %9.4f %5.1f %% ", seconds(o->ns), share(p, o->ns));
    if (p->device) fprintf(to, "%10s", "");
    else fprintf(to, "%10llu", (unsigned long long)o->calls);
    fprintf(to, " %6u  %.*s\n", profile_op(p, order[i])->line, (int)text.len, text.data);
    buffer_free(&text);
  }
  source_lines_free(&source);
  free(order);
}

static const char *kernel_use(const Profile *p, uint32_t fid) {
  const FunctionCounts *c = &p->functions[fid].counts;
  if (!p->image->functions[fid].kernel) return "";
  return c->kernel == c->calls ? "  kernel" : c->kernel ? "  kernel in part" : "  kernel never";
}

static void print_function(FILE *to, const Profile *p, uint32_t fid) {
  const FunctionProfile *f = &p->functions[fid];
  const Function *fn = &p->image->functions[fid];
  Buffer name = {0};
  buffer_printable(&name, fn->module, strlen(fn->module));
  buffer_char(&name, '.');
  buffer_printable(&name, fn->name, strlen(fn->name));
  fprintf(to, "  %9.4f %5.1f %% %9.4f %10llu %10llu %10llu %9.4f  %.*s:%u%s\n", seconds(f->self_ns), share(p, f->self_ns),
          seconds(f->total_ns), (unsigned long long)f->counts.calls, (unsigned long long)f->counts.kernel,
          (unsigned long long)f->counts.shared, seconds(profile_saved_ns(f)), (int)name.len, name.data, fn->line,
          kernel_use(p, fid));
  buffer_free(&name);
}

static void print_functions(FILE *to, const Profile *p) {
  uint32_t n, *order = profile_sort_functions(p, &n);
  fprintf(to, "by function (%u of %u):\n       self   share     total      calls  by kernel     shared     saved  function\n",
          n < LISTED_FUNCTIONS ? n : LISTED_FUNCTIONS, n);
  for (uint32_t i = 0; i < n && i < LISTED_FUNCTIONS; i++) print_function(to, p, order[i]);
  fprintf(to, "  %9.4f %5.1f %%                                                       (looking up what is shared)\n",
          seconds(p->sharing_ns), share(p, p->sharing_ns));
  fprintf(to, "  %9.4f %5.1f %%                                                       (ops, outside functions)\n",
          seconds(p->outside_ns), share(p, p->outside_ns));
  free(order);
}

void profile_print(FILE *to, const Profile *p) {
  if (p->device) {
    print_ops(to, p);
    return;
  }
  fprintf(to, "profile: %.4f s of processor time, looked at %u times\n", seconds(p->total_ns), p->nlooks);
  print_phases(to, p);
  if (p->first_op[p->nprograms]) print_ops(to, p);
  print_functions(to, p);
}

/* ---- JSON ---- */

static void json_name(Buffer *b, const char *key, const char *text) {
  buffer_format(b, "\"%s\": ", key);
  buffer_json_string(b, text, strlen(text));
}

static void json_op(Buffer *b, const Profile *p, uint32_t op) {
  const OpProfile *o = &p->ops[op];
  Buffer name = {0};
  profile_op_name(&name, p, op);
  buffer_char(&name, 0);
  buffer_text(b, "      {");
  json_name(b, "program", p->programs[profile_program_of(p, op)].entry);
  buffer_text(b, ", ");
  json_name(b, "op", name.data);
  buffer_format(b, ", \"line\": %u, \"seconds\": %.9f, \"calls\": %llu, \"errors\": {", profile_op(p, op)->line,
                seconds(o->ns), (unsigned long long)o->calls);
  for (int e = 0, n = 0; e < PROFILE_ERRORS; e++)
    if (o->errors[e]) buffer_format(b, "%s\"%s\": %u", n++ ? ", " : "", error_text(e), o->errors[e]);
  buffer_text(b, "}}");
  buffer_free(&name);
}

static void json_function(Buffer *b, const Profile *p, uint32_t fid) {
  const FunctionProfile *f = &p->functions[fid];
  const Function *fn = &p->image->functions[fid];
  buffer_text(b, "      {");
  json_name(b, "module", fn->module);
  buffer_text(b, ", ");
  json_name(b, "name", fn->name);
  buffer_format(b, ", \"line\": %u, \"native\": %s, \"self\": %.9f, \"total\": %.9f, \"calls\": %llu, \"kernel\": %llu, "
                "\"shared\": %llu, \"saved\": %.9f}", fn->line, fn->kernel ? "true" : "false", seconds(f->self_ns),
                seconds(f->total_ns), (unsigned long long)f->counts.calls, (unsigned long long)f->counts.kernel,
                (unsigned long long)f->counts.shared, seconds(profile_saved_ns(f)));
}

void profile_json_ops(Buffer *b, const Profile *p) {
  uint32_t nops = p->first_op[p->nprograms];
  buffer_char(b, '[');
  for (uint32_t i = 0; i < nops; i++) {
    buffer_text(b, i ? ",\n" : "\n");
    json_op(b, p, i);
  }
  buffer_char(b, ']');
}

void profile_json(Buffer *b, const Profile *p) {
  uint32_t nfunctions, *order = profile_sort_functions(p, &nfunctions);
  buffer_format(b, "{\n    \"seconds\": %.9f, \"looks\": %u, \"sharing\": %.9f, \"outside\": %.9f,\n    \"phases\": {",
                seconds(p->total_ns), p->nlooks, seconds(p->sharing_ns), seconds(p->outside_ns));
  for (int i = 0; i < PHASE_COUNT; i++)
    buffer_format(b, "%s\"%s\": %.9f", i ? ", " : "", profile_phase_text((ProfilePhase)i), seconds(p->phase_ns[i]));
  buffer_text(b, "},\n    \"ops\": ");
  profile_json_ops(b, p);
  buffer_text(b, ",\n    \"functions\": [");
  for (uint32_t i = 0; i < nfunctions; i++) {
    buffer_text(b, i ? ",\n" : "\n");
    json_function(b, p, order[i]);
  }
  buffer_text(b, "]}");
  free(order);
}
