/* stats.c - what a run counted: the summary and stats.json. */
#include "stats.h"

#include <string.h>
#include <sys/resource.h>

#include "file.h"
#include "profile_report.h"

enum { MAX_LISTED = 40 };

static const char *const LEFT_NAMES[] = {"a limit", "the size of a value", "the size of results", "the size of inputs",
                                         "being the last at work"};
static const char *const LIMIT_NAMES[] = {"steps", "memory", "time", "integer", "unsupported"};

void stats_merge(RunStats *into, const RunStats *from) {
  into->tasks += from->tasks;
  into->samples += from->samples;
  into->calls += from->calls;
  into->ops += from->ops;
  into->limited += from->limited;
  into->run_once += from->run_once;
  into->first_seconds += from->first_seconds;
  into->second_seconds += from->second_seconds;
  into->line_seconds += from->line_seconds;
  for (int i = 0; i < ERR_COUNT; i++) into->ended[i] += from->ended[i];
  for (int i = 0; i < 5; i++) into->limits.by_kind[i] += from->limits.by_kind[i];
}

uint64_t stats_limits(const RunStats *s) {
  uint64_t n = s->limited;
  for (int i = 0; i < 5; i++) n += s->limits.by_kind[i];
  return n;
}

static uint64_t ended_calls(const RunStats *s) {
  uint64_t n = 0;
  for (int i = 0; i < ERR_COUNT; i++) n += s->ended[i];
  return n;
}

static long peak_kb(void) {
  struct rusage usage;
  return getrusage(RUSAGE_SELF, &usage) == 0 ? usage.ru_maxrss : 0;
}

static const char *plural(uint64_t n) { return n == 1 ? "" : "s"; }

/* Text from data and programs, fit for a terminal. */
static void print_text(FILE *to, const char *text) {
  Buffer b = {0};
  buffer_printable(&b, text, strlen(text));
  fwrite(b.data, 1, b.len, to);
  buffer_free(&b);
}

/* ---- summary ---- */

static void print_counts(FILE *to, const RunReport *r) {
  const RunStats *s = r->stats;
  double seconds = r->run > 1e-9 ? r->run : 1e-9;
  fprintf(to, "%llu task%s, %llu sample%s, %llu call%s, %llu op%s in %.3f s (%.2f million ops/s, %u thread%s, %s)%s\n",
          (unsigned long long)s->tasks, plural(s->tasks), (unsigned long long)s->samples, plural(s->samples),
          (unsigned long long)s->calls, plural(s->calls), (unsigned long long)s->ops, plural(s->ops), r->run,
          (double)s->ops / seconds * 1e-6, r->threads, plural(r->threads), r->device, r->interrupted ? ", interrupted" : "");
  fprintf(to, "time: parse %.3f, compile %.3f, load %.3f, run %.3f, write %.3f, total %.3f s\n",
          r->options->parse_seconds, r->options->compile_seconds, r->load, r->run, r->write, r->total);
}

static void print_devices(FILE *to, const DeviceCounts *d) {
  uint64_t left = 0;
  for (int i = 0; i < LEFT_REASONS; i++) left += d->left[i];
  fprintf(to, "device: %llu samples, %.3f s in kernels; %llu left to the CPU", (unsigned long long)d->items, d->kernel_seconds,
          (unsigned long long)left);
  for (int i = 0; i < LEFT_REASONS; i++)
    if (d->left[i]) fprintf(to, ", %llu by %s", (unsigned long long)d->left[i], LEFT_NAMES[i]);
  fputc('\n', to);
}

static void print_troubles(FILE *to, const RunStats *s) {
  uint64_t ended = ended_calls(s);
  if (ended) {
    fprintf(to, "%llu call%s ended by an exception:", (unsigned long long)ended, plural(ended));
    for (int i = 0; i < ERR_COUNT; i++)
      if (s->ended[i]) fprintf(to, " %s %llu", error_name((uint32_t)i), (unsigned long long)s->ended[i]);
    fputc('\n', to);
  }
  if (!stats_limits(s)) return;
  fprintf(to, "%llu call%s with limit values:", (unsigned long long)s->limited, plural(s->limited));
  for (int i = 0; i < 5; i++)
    if (s->limits.by_kind[i]) fprintf(to, " %s %llu", LIMIT_NAMES[i], (unsigned long long)s->limits.by_kind[i]);
  fputc('\n', to);
}

static void print_candidate(FILE *to, const RunReport *r, uint32_t i) {
  const char *name = r->board->candidates[i].name;
  if (!r->entries) fprintf(to, "o[%u]%s", i, name ? " " : "");
  if (name) print_text(to, name);
}

/* Candidates that solved the task of solves[from..to), on one line. */
static void print_solved(FILE *to, const RunReport *r, uint32_t from, uint32_t end) {
  fputs("  ", to);
  print_text(to, r->units[r->board->solves[from].unit].task->id);
  fputs(" by ", to);
  for (uint32_t i = from; i < end && i < from + 4; i++) {
    if (i > from) fputs(", ", to);
    print_candidate(to, r, r->board->solves[i].candidate);
  }
  if (end > from + 4) fprintf(to, " and %u more", end - from - 4);
  fputc('\n', to);
}

/* First solve of the next unit. */
static uint32_t next_unit(const Board *b, uint32_t i) {
  uint32_t unit = b->solves[i].unit;
  while (i < b->nsolves && b->solves[i].unit == unit) i++;
  return i;
}

static uint32_t count_solved(const RunReport *r) {
  uint32_t n = 0;
  for (uint32_t i = 0; i < r->board->nsolves; i = next_unit(r->board, i))
    n += r->units[r->board->solves[i].unit].task != NULL;
  return n;
}

static void print_solves(FILE *to, const RunReport *r) {
  const Board *b = r->board;
  uint32_t solved = count_solved(r), listed = 0;
  uint64_t tasks = r->stats->tasks;
  if (tasks)
    fprintf(to, "solved %u of %llu task%s%s\n", solved, (unsigned long long)tasks, plural(tasks), solved ? ":" : "");
  for (uint32_t i = 0, end; i < b->nsolves; i = end) {
    end = next_unit(b, i);
    if (r->units[b->solves[i].unit].task && listed++ < MAX_LISTED) print_solved(to, r, i, end);
  }
  if (listed > MAX_LISTED) fprintf(to, "  and %u more\n", listed - MAX_LISTED);
}

static uint32_t count_passed(const RunReport *r) {
  uint32_t n = 0;
  for (uint32_t i = 0; i < r->board->nsolves; i++) n += r->units[r->board->solves[i].unit].task == NULL;
  return n;
}

static void print_scores(FILE *to, const RunReport *r) {
  for (uint32_t i = 0; i < r->board->ncandidates; i++) {
    const Candidate *c = &r->board->candidates[i];
    if (!c->matched && !c->solved && !c->name) continue;
    fprintf(to, "  %8llu output%s matched, %u solved: ", (unsigned long long)c->matched, plural(c->matched), c->solved);
    print_candidate(to, r, i);
    fputc('\n', to);
  }
}

void report_print(FILE *to, const RunReport *r) {
  print_counts(to, r);
  if (r->devices) print_devices(to, r->devices);
  print_troubles(to, r->stats);
  if (r->stats->run_once)
    fprintf(to, "%u of %llu function%s without parameters passed\n", count_passed(r),
            (unsigned long long)r->stats->run_once, plural(r->stats->run_once));
  print_solves(to, r);
  if (r->options->scores) print_scores(to, r);
  if (r->options->profile) profile_print(to, r->profile);
  if (r->device_profile) profile_print(to, r->device_profile);
}

/* ---- stats.json ---- */

static void write_ended(Buffer *b, const RunStats *s) {
  uint32_t n = 0;
  buffer_text(b, "  \"ended_calls\": {");
  for (int i = 0; i < ERR_COUNT; i++)
    if (s->ended[i])
      buffer_format(b, "%s\"%s\": %llu", n++ ? ", " : "", error_name((uint32_t)i), (unsigned long long)s->ended[i]);
  buffer_text(b, "},\n  \"limits\": {");
  n = 0;
  for (int i = 0; i < 5; i++)
    if (s->limits.by_kind[i])
      buffer_format(b, "%s\"%s\": %llu", n++ ? ", " : "", LIMIT_NAMES[i], (unsigned long long)s->limits.by_kind[i]);
  buffer_text(b, "},\n");
}

static void write_devices(Buffer *b, const DeviceCounts *d) {
  buffer_format(b, "  \"device_samples\": %llu,\n  \"device_left\": [", (unsigned long long)d->items);
  for (int i = 0; i < LEFT_REASONS; i++) buffer_format(b, "%s%llu", i ? ", " : "", (unsigned long long)d->left[i]);
  buffer_format(b, "],\n  \"kernel_seconds\": %.6f,\n  \"device_opened\": %u,\n  \"device_data_sent\": %u,\n", d->kernel_seconds, d->opened,
                d->data_sent);
  if (d->items)
    buffer_format(b, "  \"device_item_seconds\": {\"mean\": %.6f, \"longest\": %.6f},\n", d->item_seconds / (double)d->items, d->longest_item);
  buffer_format(b, "  \"device_warps\": %u,\n  \"occupancy\": %.4f,\n  \"registers\": %u,\n  \"local_bytes\": %u,\n", d->warps, d->use.occupancy,
                d->use.registers, d->use.local_bytes);
}

bool report_write(const char *path, const RunReport *r) {
  const RunStats *s = r->stats;
  Buffer b = {0};
  buffer_format(&b, "{\n  \"tasks\": %llu,\n  \"samples\": %llu,\n  \"calls\": %llu,\n  \"ops\": %llu,\n",
                (unsigned long long)s->tasks, (unsigned long long)s->samples, (unsigned long long)s->calls,
                (unsigned long long)s->ops);
  buffer_format(&b, "  \"threads\": %u,\n  \"device\": ", r->threads);
  buffer_json_string(&b, r->device, strlen(r->device));
  buffer_text(&b, ",\n");
  if (r->devices) write_devices(&b, r->devices);
  buffer_format(&b, "  \"interrupted\": %s,\n  \"solved\": %u,\n", r->interrupted ? "true" : "false", count_solved(r));
  buffer_format(&b, "  \"run_once\": %llu,\n  \"passed\": %u,\n", (unsigned long long)s->run_once, count_passed(r));
  write_ended(&b, s);
  buffer_format(&b, "  \"limited_calls\": %llu,\n", (unsigned long long)s->limited);
  buffer_format(&b,
                "  \"phase\": {\"parse\": %.6f, \"compile\": %.6f, \"load\": %.6f, \"run\": %.6f, \"write\": %.6f, "
                "\"total\": %.6f},\n",
                r->options->parse_seconds, r->options->compile_seconds, r->load, r->run, r->write, r->total);
  buffer_format(&b, "  \"cpu_run\": {\"first\": %.6f, \"second\": %.6f},\n  \"peak_memory_kb\": %ld",
                s->first_seconds, s->second_seconds, peak_kb());
  if (r->profile) {
    buffer_text(&b, ",\n  \"profile\": ");
    profile_json(&b, r->profile);
  }
  if (r->device_profile) {
    buffer_text(&b, ",\n  \"device_ops\": ");
    profile_json_ops(&b, r->device_profile);
  }
  buffer_text(&b, "\n}\n");
  bool ok = file_write(path, &b);
  buffer_free(&b);
  return ok;
}
